/* likeness: how much of one typed text stands in another, by shingles of words (IPCO 2018 11.26: formulaic
 * text). A sketch is 64 minima of hashed shingles, so that recent texts are compared without keeping them in
 * clear: stored sealed. Letters' case, punctuation and numbers do not count. Pure and the same everywhere. */
#ifndef POLICY_LIKENESS_H
#define POLICY_LIKENESS_H

#include "ledger/record/body.h"

#define SKETCH_SIZE    64
#define SKETCH_LEN     (SKETCH_SIZE * 4) /* bytes at rest, numbers big-endian */
#define SHINGLE_WORDS  3
#define SKETCH_RECENT  20 /* of the author's sketches that a new one is compared with */

struct sketch {
        bool empty; /* too little text to compare: fewer than 8 words */
        uint32_t minimum[SKETCH_SIZE];
};
void sketch_of_text(struct bytes text, struct sketch *out);
/* Of what the author typed (origin typed or file) in necessity and the prop_ fields; texts that came from the
 * operation are meant to repeat. Of an authority entry, `review_text`. */
enum err sketch_of_body(const struct body *b, struct sketch *out);
/* Percent, 0 to 100: an estimate of the shingles shared over the shingles in both. 0 when either is empty. */
unsigned sketch_likeness(const struct sketch *a, const struct sketch *b);
void sketch_put(const struct sketch *s, uint8_t out[SKETCH_LEN]);
void sketch_take(const uint8_t in[SKETCH_LEN], struct sketch *out);

#endif
