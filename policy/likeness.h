/* likeness: how much of one typed text stands in another, by shingles of words (IPCO 2018 11.26: formulaic
 * text). A sketch is 128 minima of hashed shingles, so that recent texts are compared without keeping them in
 * clear: stored sealed. Letters' case, punctuation and numbers do not count. Pure and the same everywhere. */
#ifndef POLICY_LIKENESS_H
#define POLICY_LIKENESS_H

#include "ledger/record/body.h"

#define SKETCH_SIZE   128
#define SKETCH_LEN    (SKETCH_SIZE * 4) /* bytes at rest, numbers big-endian */
#define SHINGLE_WORDS 3
#define SKETCH_RECENT 20 /* of the author's sketches that a new one is compared with */

#define SKETCH_LEAST 6 /* shingles: with fewer a text is too short to compare */

struct sketch {
        size_t shingles; /* of the text */
        uint32_t minimum[SKETCH_SIZE];
};
static inline bool sketch_empty(const struct sketch *s)
{
        return s->shingles < SKETCH_LEAST;
}
void sketch_init(struct sketch *s);
/* Adds a text; no shingle spans two of them. */
void sketch_add(struct sketch *s, struct bytes text);
/* Of what the author of an intent or activity typed (origin typed or file) in justification, necessity and
 * the prop_ fields: texts that came from the operation are meant to repeat. Empty for other kinds. */
enum err sketch_of_body(const struct body *b, struct sketch *out);
/* Percent: how much the review of an authority says again what its registration says: the largest likeness of
 * `review_text` with any of the grant's texts. */
enum err review_likeness(const struct body *review, const struct body *grant, unsigned *out);
/* 0 to 100: an estimate of the shingles shared over the shingles in both. 0 when either is empty. */
unsigned sketch_likeness(const struct sketch *a, const struct sketch *b);
/* At rest; of a sketch that is not empty. */
void sketch_put(const struct sketch *s, uint8_t out[SKETCH_LEN]);
void sketch_take(const uint8_t in[SKETCH_LEN], struct sketch *out);

#endif
