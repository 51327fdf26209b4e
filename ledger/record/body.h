/* body: the disclosures of a statement: groups, slots, fields, layout. FORMAT.md section 3. Values are JSON
 * texts in the strict form. Pure but for chance (salts and seed of a new body). */
#ifndef LEDGER_RECORD_BODY_H
#define LEDGER_RECORD_BODY_H

#include "ledger/base/json.h"
#include "ledger/record/disclosure.h"
#include "ledger/record/statement.h"

#define LAYOUT_SLOTS    10
#define BODY_FIELDS_MAX 160   /* fields of one statement */
#define ORIGIN_TEXT_MAX 320   /* bytes of the layout's origin */
#define FIELD_VALUE_MAX 12000 /* bytes of one value */

enum field_state { FIELD_PRESENT, FIELD_MISSING /* digest known, text not at hand: erased or withheld */ };

struct body_field {
        uint8_t number; /* of schema/fields */
        char origin;    /* enum origin */
        enum field_state state;
        uint8_t salt[SALT_LEN];
        struct bytes value; /* JSON text, borrowed */
        struct hash digest;
};

struct body {
        enum kind kind;
        uint8_t seed[SALT_LEN];
        uint8_t group_salt[GROUPS_ALL][SALT_LEN];
        uint8_t layout_salt[LAYOUT_SLOTS][SALT_LEN];
        size_t n;
        struct body_field field[BODY_FIELDS_MAX]; /* in field number order */
};

/* Starts an empty body of a kind with fresh seed and group and layout salts. */
void body_init(struct body *b, enum kind kind);
/* Adds a field with a fresh salt. `value` is borrowed until the body is gone. ERR_FIELD_UNKNOWN,
 * ERR_FIELD_VALUE (too long, not strict JSON, a member named `_sd` or `...`), ERR_BUG if it is there already
 * or the origin is none. Does not check type and vocabulary: field_check does. */
enum err body_add(struct body *b, const struct field *field, char origin, struct bytes value);
const struct body_field *body_find(const struct body *b, const char *name); /* NULL: absent */
/* The unescaped text of a string field, "" when absent or no string; appended to scratch, which is given its
 * whole max at once so that earlier texts do not move. */
enum err body_text(const struct body *b, const char *name, struct buf *scratch, struct bytes *out);

/* Computes all digests: fills out_sd by group (unsorted; statement_sign sorts), and each field's digest. */
enum err body_digests(struct body *b, struct hash out_sd[GROUPS_ALL]);
/* Appends all disclosures in the order of a submission, each followed by `~`. Missing fields are left out.
 * Call after body_digests. */
enum err body_put(const struct body *b, struct buf *out);

/* Decodes the disclosures of a submission against the statement: order, digests, decoys, layout, counts;
 * nothing missing or added. `scratch` owns the values; it is given its whole max at once (SUBMISSION_MAX is
 * enough). ERR_DISCLOSURE..., ERR_LAYOUT, ERR_FIELD_UNKNOWN, ERR_FIELD_VALUE, with the field's name in `why`.
 */
enum err body_decode(const struct statement *s, struct bytes disclosures, struct buf *scratch,
                     struct body *out, struct why *why);

/* Type, vocabulary and length of one value. ERR_FIELD_VALUE or ERR_FIELD_WORD with a sentence in `why`. */
enum err field_check(const struct field *field, struct bytes value, struct why *why);
/* All fields of the body, and that the kind's required ones are there (ERR_FIELD_MISSING). */
enum err body_check_fields(const struct body *b, struct why *why);

/* At rest, FORMAT.md section 10 (before sealing). */
void body_put_content(const struct body *b, struct buf *out);
void body_put_residue(const struct body *b, struct buf *out);
/* From both; `content` may be empty when everything was erased: every slot with an origin letter and no
 * content entry must be in the residue's list of erased fields (ERR_UNEXPLAINED otherwise, naming the field).
 * Values borrow from content. Digests of what is there are not computed, which would be most of the work:
 * body_digests does. */
enum err body_take(enum kind kind, struct bytes content, struct bytes residue, struct body *out,
                   struct why *why);
/* That the body makes the groups of the statement: the eight digests are those of `_sd`. ERR_LAYOUT. */
enum err body_check(struct body *b, const struct statement *s);

/* Accounting of what is at hand, for people: present, missing (erased or withheld), decoys. */
struct body_count {
        size_t present, missing, decoys;
};
struct body_count body_counts(const struct body *b);
/* The disclosure text (b64u) of one present field, appended without `~`. */
void body_field_put(const struct body_field *f, struct buf *out);

#endif
