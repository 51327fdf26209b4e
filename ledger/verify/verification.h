/* verification: the findings of one run, and the state that runs along the entries. Private to this folder. */
#ifndef LEDGER_VERIFY_VERIFICATION_H
#define LEDGER_VERIFY_VERIFICATION_H

#include "ledger/verify/verify.h"

struct waiting; /* entries that wait for a decision */

struct verification {
        struct vkey log;
        bool log_given, log_known;
        char log_id[LOG_ID_MAX + 1];
        struct hash genesis;
        uint64_t size;
        struct hash root;
        bool has_root;
        struct finding *findings;
        size_t findings_n, findings_size;
        size_t faults;
        enum err failed; /* no memory for a finding */

        /* along the entries */
        struct roster *roster;
        struct tree *tree;
        struct waiting *waiting;
        int64_t last_at_us;
        bool damaged; /* an entry before this one could not be read */
};

/* Records a fault, or that something cannot be told. */
void verification_fault(struct verification *v, uint64_t seq, enum check check, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void verification_cannot_tell(struct verification *v, uint64_t seq, enum check check, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* One entry between the stages: decoded side by side, judged in order, its signature checked side by side. */
struct entry_work {
        uint64_t seq;
        struct buf leaf_text, payload;
        struct hash stored, computed;
        bool stored_ok;      /* the hash column holds 32 bytes */
        enum err leaf_error, statement_error;
        struct leaf leaf;
        struct statement statement;
        struct why why;
        bool has_key;        /* the author's key is known: the signature can be checked */
        struct public_key key;
        enum err signature_error;
};

/* --- order.c: hashes, chain, tree, time --- */
struct order;
struct order *order_new(struct verification *v);
void order_free(struct order *o);
/* Tile roots and checkpoints of the file, to be met on the way. */
enum err order_load(struct order *o, struct store *s);
enum err order_entry(struct order *o, const struct entry_work *w);
enum err order_end(struct order *o);

/* --- people.c: authors, key chains, members, roles, decisions, verdicts, policy --- */
enum err people_genesis(struct verification *v, struct entry_work *w);
enum err people_entry(struct verification *v, struct entry_work *w);

struct waiting *waiting_new(void);
void waiting_free(struct waiting *w);

/* --- content.c --- */
enum err content_check(struct verification *v, struct store *s, const struct entry_work *w);

#endif
