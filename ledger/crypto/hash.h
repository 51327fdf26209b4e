/* hash: SHA-256 by OpenSSL EVP, the digest fetched once and one context a thread. Safe from any thread.
 * All return OK or ERR_CRYPTO. */
#ifndef LEDGER_CRYPTO_HASH_H
#define LEDGER_CRYPTO_HASH_H

#include "ledger/base/buf.h"

#define HASH_LEN      32
#define HASH_TEXT_LEN 43 /* base64url characters */

struct hash {
        uint8_t b[HASH_LEN];
};

static inline struct bytes hash_bytes(const struct hash *h)
{
        return bytes_of(h->b, HASH_LEN);
}

enum err hash_of(struct bytes in, struct hash *out);
/* Of the parts put together. */
enum err hash_of_parts(size_t count, const struct bytes part[], struct hash *out);

/* For what does not fit into memory at once. new/free; hash_stream_done may be called once. */
struct hash_stream;
struct hash_stream *hash_stream_new(void); /* NULL: no memory */
void hash_stream_free(struct hash_stream *s);
enum err hash_stream_put(struct hash_stream *s, struct bytes in);
enum err hash_stream_done(struct hash_stream *s, struct hash *out);

bool hash_equal(const struct hash *a, const struct hash *b); /* public hashes; not constant-time */
bool hash_is_zero(const struct hash *h);
/* 43 base64url characters. */
void hash_put(struct buf *out, const struct hash *h);
void hash_text(const struct hash *h, char out[HASH_TEXT_LEN + 1]);
enum err hash_of_text(struct bytes text, struct hash *out);

#endif
