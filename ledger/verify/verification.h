/* verification: the findings of one run, and the state that runs along the entries. Private to this folder.
 */
#ifndef LEDGER_VERIFY_VERIFICATION_H
#define LEDGER_VERIFY_VERIFICATION_H

#include "ledger/verify/verify.h"

/* What cannot be told of some entries because damaged ones might explain it: said once a check. */
struct doubt {
        uint64_t n, first; /* entries; the first one's seq */
};

struct verification {
        struct vkey log;
        bool log_given, log_known;
        bool other_log; /* founded with another key than the one given: its checkpoints are that key's affair
                         */
        struct hash genesis; /* leaf hash of seq 0, as the ledger's id has it */
        char log_id[LOG_ID_MAX + 1];
        uint64_t size;
        struct hash root;
        bool has_root;
        struct finding *findings;
        size_t findings_n, findings_size;
        size_t faults;
        enum err failed; /* no memory for a finding */

        /* along the entries */
        struct roster *roster;
        bool founded; /* the first entry could be read: the roster stands on it */
        struct tree *tree;
        struct hashes *hashes;
        struct waiting *waiting;
        struct policies *policies;
        struct erasures *erasures;
        uint64_t lost; /* statements that were not taken in and might explain gaps in their keys' numbers */
        bool damaged;  /* an entry before this one is not what it was */
        uint64_t suspect; /* the first damaged entry since the last checkpoint that fitted; SEQ_NONE */
        struct doubt doubts[CHECK_COUNT];
};

/* That entry is not what it was. */
void verification_suspect(struct verification *v, uint64_t seq);
/* Records a fault, or that something cannot be told. */
void verification_fault(struct verification *v, uint64_t seq, enum check check, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void verification_cannot_tell(struct verification *v, uint64_t seq, enum check check, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* A fault that a damaged entry before might explain: in a ledger without damage a fault, else a doubt. */
void verification_accuse(struct verification *v, uint64_t seq, enum check check, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void verification_doubt(struct verification *v, uint64_t seq, enum check check);
/* Turns the doubts into findings, at the end. */
void verification_say_doubts(struct verification *v);
/* By seq, then check. */
void verification_sort(struct verification *v);

/* One entry between the stages: decoded side by side, its signature checked side by side, judged in order. */
struct entry_work {
        uint64_t seq;
        struct buf leaf_text, payload;
        struct hash stored, computed;
        bool stored_ok; /* the hash column holds 32 bytes */
        enum err leaf_error, statement_error;
        struct leaf leaf;
        struct statement statement;
        struct why why;
        bool brings; /* a key that later statements may be signed with */
        struct public_key brought;
        struct hash brought_kid;
        bool has_key; /* the key that the statement names is known, enrolled or not */
        struct public_key key;
        enum err signature_error;
};
/* The row's two halves agree. */
static inline bool entry_intact(const struct entry_work *w)
{
        return w->stored_ok && hash_equal(&w->stored, &w->computed);
}

/* --- hashes.c: the leaf hashes and tile roots that were found right, so that proofs about any size can be
 * made afterwards, whatever the file's own columns say --- */
struct hashes;
struct hashes *hashes_new(void);
void hashes_free(struct hashes *h);
void hashes_from(struct hashes *h, struct store *s); /* borrows s until the next call */
enum err hashes_tile(struct hashes *h, const struct tile_root *made);
/* The column of that row is wrong or missing; seqs rise. */
enum err hashes_correct(struct hashes *h, uint64_t seq, const struct hash *right);
struct tree_source hashes_source(struct hashes *h);

/* --- order.c: hashes, chain, tree, time --- */
struct order;
struct order *order_new(struct verification *v);
void order_free(struct order *o);
/* Tile roots and checkpoints of the file, to be met on the way. */
enum err order_load(struct order *o, struct store *s);
enum err order_entry(struct order *o, const struct entry_work *w);
enum err order_end(struct order *o);

/* --- people.c: authors, key chains, members, roles, decisions, verdicts, policy --- */
enum err people_entry(struct verification *v, const struct entry_work *w);

/* --- waiting.c: entries that wait for a decision, as much of each as a decision on it needs --- */
struct waiter {
        struct hash st;
        struct member_id member; /* of the claims */
        enum kind kind;
        enum act act;
        uint32_t key; /* the author's */
        bool decided;
};
struct waiting;
struct waiting *waiting_new(void);
void waiting_free(struct waiting *w);
/* NULL: none. Valid until the next waiting_add. */
struct waiter *waiting_find(const struct waiting *w, const struct hash *st);
enum err waiting_add(struct waiting *w, const struct waiter *one);

/* --- annex.c: texts by hash, and the policies that entries name --- */
struct policies;
struct policies *policies_new(void);
void policies_free(struct policies *p);
enum err policies_name(struct policies *p, const struct hash *hash, uint64_t seq);
enum err annex_check(struct verification *v, struct store *s);

/* --- content.c: what is kept beside an entry, when the keys are at hand --- */
enum err content_check(struct verification *v, struct store *s, const struct entry_work *w);

/* --- erasures.c: what is missing from the content, and the orders that say so --- */
struct erasures;
struct erasures *erasures_new(void);
void erasures_free(struct erasures *x);
enum err erasures_missing(struct erasures *x, uint64_t seq, const char *field, const struct hash *digest,
                          const struct hash *group);
/* The digests that a confirmed order names: n times 32 bytes. */
enum err erasures_order(struct erasures *x, size_t n, struct bytes digests);
void erasures_check(struct verification *v);

#endif
