/* around: what surrounds a statement in the ledger: the entries it refers to, the operation, the views, what
 * its author did of late; from these the scene that the gate looks at, the verdict, and the rows that are
 * kept beside the entry. Commit thread only. */
#ifndef DAEMON_AROUND_H
#define DAEMON_AROUND_H

#include "daemon/job.h"
#include "policy/scene.h"

#define COMBINE_SUBJECTS_MAX 32 /* of one entry: each is tied to each */

struct around {
        const struct statement *statement; /* borrowed, as the next */
        const struct body *body;
        struct store_item item; /* of the entry to be */
        bool intended, captured, immediate;
        int64_t done_us; /* when it was done */
        bool settles;    /* touches roster, policy or register: ends its batch */

        /* the entry that it names first */
        bool has_target;
        struct store_item target_item;
        struct statement target;
        const struct roster_key *target_key;
        struct buf target_payload;
        bool has_target_body;
        struct body target_body;
        struct buf target_leaf, target_values;

        struct scene scene;
        struct fold fold;
        struct facts facts;
        struct judgement judgement;

        /* what is kept beside it */
        uint8_t reference[STORE_TAG_LEN]; /* tag of the person's reference; zeros: none */
        bool ties, same;                  /* a combine's subjects belong together, or do not */
        size_t subjects_n;
        uint8_t subject[COMBINE_SUBJECTS_MAX + 1][STORE_TAG_LEN];
        size_t sketch_n; /* 0: nothing was typed */
        uint8_t sketch[SKETCH_LEN];
};

void around_init(struct around *a);
void around_clear(struct around *a); /* NULL allowed */
/* Reads what the statement refers to and fills item and scene. Errors are the statement's own (ERR_REF,
 * ERR_OPERATION, ERR_DECIDED, ERR_SEEN, ERR_ROLE, ERR_UNDETERMINED ...). */
enum err around_load(struct ledger *l, struct job *j, struct around *a, int64_t at_us);
/* Asks the gate; sets j->verdict and j->because (the object's text). */
enum err around_judge(struct ledger *l, struct job *j, struct around *a);
/* What the entry changes about earlier ones, ties together, and puts into digests. */
enum err around_settle(struct ledger *l, struct job *j, struct around *a);

#endif
