/* layout: the shape of a body: which slot holds which field, which hold decoys, and the ten slots that say
 * so. FORMAT.md section 3. Pure. */
#ifndef LEDGER_RECORD_LAYOUT_H
#define LEDGER_RECORD_LAYOUT_H

#include "ledger/record/body.h"

enum { LAYOUT_SEED, LAYOUT_ORIGIN, LAYOUT_TOTAL, LAYOUT_COUNTS /* n_who and so on, one a group */ };

/* "seed", "origin", "total", "n_who" ... "n_result". */
const char *layout_name(size_t slot);
/* The value of a layout slot as JSON text, appended. */
void layout_value_put(const struct body *b, size_t slot, struct buf *out);
/* The letters as they stand in the slot `origin`, without quotation marks, appended. */
void layout_origin_put(const struct body *b, struct buf *out);
/* Makes the list of fields of that text: number and origin letter of each, state FIELD_PRESENT, nothing else.
 * ERR_LAYOUT. */
enum err layout_origin_take(struct bytes text, struct body *out);

/* A letter that a present field may have. */
bool layout_letter_valid(char letter);
/* How many slots a group has: at least one. */
size_t layout_slots(enum kind kind, enum group g);
enum err layout_decoy(const uint8_t seed[SALT_LEN], enum group g, size_t slot, struct hash *out);

/* Walks the slots of a group, the fields beside them. Start with *at_field = 0 for the first group and keep
 * it. The field of the slot, or NULL: a decoy. */
const struct body_field *layout_field_at(const struct body *b, enum group g, size_t slot, size_t *at_field);

/* `{"_sd":[...]}` of a group from the digests of its fields, appended; *at_field as above. */
enum err layout_group_put(const struct body *b, enum group g, size_t *at_field, struct buf *out);
/* The same for any digests. */
void layout_sd_put(size_t n, const struct hash digest[], struct buf *out);
/* Takes what layout_sd_put writes: exactly n digests. ERR_LAYOUT. */
enum err layout_sd_take(struct bytes value, size_t n, struct hash out[]);

#endif
