/* leaf: what the ledger says about a statement, FORMAT.md section 5. Pure. */
#ifndef LEDGER_RECORD_LEAF_H
#define LEDGER_RECORD_LEAF_H

#include "ledger/base/json.h"
#include "ledger/base/moment.h"
#include "ledger/record/body.h"

#define LEAF_MAX 65535 /* bytes: the entry length of tlog-tiles */

enum verdict { VERDICT_ACCEPTED, VERDICT_WAITING, VERDICT_REFUSED, VERDICT_FLAGGED, VERDICT_COUNT };
const char *verdict_name(enum verdict v);
bool verdict_of_name(struct bytes name, enum verdict *out);

struct leaf {
        uint64_t seq;
        int64_t at_us;
        struct hash prev;
        enum verdict verdict;
        struct hash policy;
        struct hash because;
        struct bytes statement; /* the JWS */
};
enum err leaf_put(struct buf *out, const struct leaf *leaf);
/* Strict; *out borrows from text. ERR_LEAF. */
enum err leaf_decode(struct bytes text, struct leaf *out);

/* because: the daemon's reasons. `value` is the object's JSON text. */
enum err because_make(struct bytes value, struct buf *out_json,
                      struct hash *out_digest); /* fresh salt; out_json is
                           ["salt","because",value], not b64u */
/* The digest of such a JSON text. */
enum err because_digest(struct bytes json, struct hash *out);
/* Checks the form and gives the object's text. ERR_BECAUSE. */
enum err because_value(struct bytes json, struct bytes *out_value);

#endif
