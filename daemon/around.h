/* around: what surrounds a statement in the ledger: the entries it refers to, the operation, the views; from
 * these the facts for the gate, the verdict, and the row that lists show. Commit thread only. */
#ifndef DAEMON_AROUND_H
#define DAEMON_AROUND_H

#include "daemon/job.h"

struct around {
        struct store_item item; /* of the entry to be */
        bool intended;
        bool settles; /* touches the roster */

        /* the entry that a decision, an amend, an activity names */
        bool has_target;
        struct store_item target_item;
        struct statement target;
        const struct roster_key *target_key;
        struct buf target_payload;
        bool has_target_body;
        struct body target_body;
        struct buf target_leaf, target_values;

        struct facts facts;
        char roles[200], last_at[MOMENT_TEXT_LEN + 1]; /* what facts borrow from */
};

void around_init(struct around *a);
void around_clear(struct around *a); /* NULL allowed */
/* Reads what the statement refers to and fills item and facts. Errors are the statement's own (ERR_REF,
 * ERR_OPERATION, ERR_DECIDED, ERR_SEEN, ERR_ROLE ...). */
enum err around_load(struct ledger *l, struct job *j, struct around *a, int64_t at_us);
/* Asks the gate; sets j->verdict and j->because (the object's text). */
enum err around_judge(struct ledger *l, struct job *j, struct around *a, int64_t at_us);
/* What the entry changes about earlier ones: a decision, a closing. */
enum err around_settle(struct ledger *l, struct job *j, struct around *a);

#endif
