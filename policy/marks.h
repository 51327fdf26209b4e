/* marks: things told apart by a text or a hash, numbered from 0 in the order in which they were first met.
 * Keeps 128 bits of SHA-256 of each and not the text. */
#ifndef POLICY_MARKS_H
#define POLICY_MARKS_H

#include "ledger/crypto/hash.h"

#define MARK_LEN  16
#define MARK_NONE UINT32_MAX

struct mark {
        uint8_t b[MARK_LEN];
};
struct marks {
        struct mark *at; /* owned; by number */
        uint32_t *slot;  /* owned; numbers + 1, open addressing */
        uint32_t n, size, slots;
};

void marks_init(struct marks *m);
void marks_clear(struct marks *m);
enum err mark_of_text(struct bytes text, struct mark *out);
struct mark mark_of_hash(const struct hash *h);
uint32_t marks_find(const struct marks *m, const struct mark *mark); /* MARK_NONE */
/* Its number, a new one if it is new. ERR_NO_MEMORY, ERR_TOO_LONG (2^31 things). */
enum err marks_put(struct marks *m, const struct mark *mark, uint32_t *out);

/* Room for one more element of a growing array: *at has `n` elements of `width` bytes and room for *size. */
enum err marks_grow(void **at, uint32_t n, uint32_t *size, size_t width);

#endif
