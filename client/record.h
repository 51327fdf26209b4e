/* record: one entry as the daemon shows it, opened and checked on this side: the leaf, the statement, its
 * disclosures against the statement, the reasons against the leaf. */
#ifndef CLIENT_RECORD_H
#define CLIENT_RECORD_H

#include <jansson.h>

#include "ledger/tree/tree.h"
#include "ledger/record/leaf.h"

struct record {
        json_t *given;   /* what the daemon says beside it: ref, author, unit, decided; borrowed by nothing,
                            owned */
        json_t *fields;  /* {NAME: {"value","origin"}}; owned */
        json_t *because; /* the object, or NULL; owned */
        struct leaf leaf;
        struct hash leaf_hash, st;
        struct statement statement;
        struct body body;
        size_t shown_n;
        struct hash shown[BODY_FIELDS_MAX]; /* digests of the fields that are there */
        struct hash seen;
        struct buf leaf_text, payload, values;
};
/* ERR_ANSWER, or the fault that was found. */
enum err record_read(const json_t *from, struct record *out, struct why *why);
/* That it is the entry a reference names, as far as its own bytes tell: all digits are the seq, `jb-17` the
 * key's number. A daemon must not show one entry where another was asked for. ERR_ANSWER. */
enum err record_check_ref(const struct record *r, const char *ref, struct why *why);
void record_clear(struct record *r); /* may be used again */
/* {"seq","ref","kind","verdict","author","at","fields","because","seen",...} */
json_t *record_json(const struct record *r);
/* What people call the kind: "look" for enquiry.activity. The kind itself where they call it that. */
const char *record_kind_plain(const char *kind);
/* For a person. */
void record_print(const struct record *r);

#endif
