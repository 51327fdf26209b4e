/* secret: bytes that must not be swapped, dumped, copied about or left behind (sodium_malloc: guarded,
 * locked, zeroed when freed). Only the files that hold keys use it; ledger code signs through struct signer.
 */
#ifndef LEDGER_CRYPTO_SECRET_H
#define LEDGER_CRYPTO_SECRET_H

#include "ledger/base/bytes.h"

struct secret {
        uint8_t *at; /* owned */
        size_t n;
};

enum err secret_new(size_t n, struct secret *out); /* random content is not put there; zeroed */
enum err secret_of(struct bytes in, struct secret *out);
enum err secret_random(size_t n, struct secret *out);
void secret_free(struct secret *s); /* s may be empty; empties it */
static inline struct bytes secret_bytes(const struct secret *s)
{
        return bytes_of(s->at, s->n);
}
/* Constant-time. */
bool secret_equal(struct bytes a, struct bytes b);
/* Reads a whole file of exactly n bytes (n = 0: any length up to 64 KiB) straight into secret memory.
 * ERR_ABSENT, ERR_LOOSE when group or others may read it, ERR_IO, ERR_FORM for another length. */
enum err secret_read_file(const char *path, size_t n, struct secret *out);
/* Creates the file with mode 0600 (it must not exist: ERR_NOT_EMPTY), writes, syncs file and folder. */
enum err secret_write_file(const char *path, struct bytes in);

#endif
