/* verify: everything that can be checked about a ledger's file, as an ordered table of named checks, each
 * with a code that never changes. Trusts nothing but the verifier key (and not even that: without one it says
 * so). Never stops at the first fault; names the entry, or the smallest range of entries, and what is wrong
 * with it, and accuses no other: what a damaged entry might explain elsewhere is said once, as something that
 * cannot be told. Uses all cores. DESIGN section 7. */
#ifndef LEDGER_VERIFY_VERIFY_H
#define LEDGER_VERIFY_VERIFY_H

#include "ledger/store/store.h"
#include "ledger/tree/receipt.h"

enum check {
        CHECK_GENESIS,
        CHECK_MISSING,
        CHECK_LEAF,
        CHECK_HASH,
        CHECK_CHAIN,
        CHECK_TIME,
        CHECK_TREE,
        CHECK_CHECKPOINT,
        CHECK_LOG_SIGNATURE,
        CHECK_COVERAGE,
        CHECK_STATEMENT,
        CHECK_LOG,
        CHECK_AUTHOR,
        CHECK_KEY_CHAIN,
        CHECK_MEMBER,
        CHECK_ROLE,
        CHECK_SECOND_PERSON,
        CHECK_OWN,
        CHECK_DECISION,
        CHECK_VERDICT,
        CHECK_POLICY,
        CHECK_ANNEX,
        CHECK_DISCLOSURE,
        CHECK_ACCOUNTING,
        CHECK_BECAUSE,
        CHECK_RECEIPT,
        CHECK_FACTS, /* this one and the next three: what a replay finds (policy/replay.h) */
        CHECK_RULES,
        CHECK_JUDGEMENT,
        CHECK_PACK,
        CHECK_COUNT
};
struct check_row {
        const char *name;     /* "chain" */
        const char *code;     /* "VER-05": never changes */
        const char *sentence; /* what it holds when all is well */
};
const struct check_row *check_row(enum check c);

struct finding {
        uint64_t seq; /* SEQ_NONE: the ledger as a whole */
        enum check check;
        bool cannot_tell; /* not a fault: what would be needed is not at hand */
        char sentence[200];
};

struct verify_options {
        const struct vkey *log; /* NULL: taken from the first entry, and said so */
        unsigned threads;       /* 0: one */
        bool content; /* the store was opened with its keys: fields and reasons are checked as well */
        /* Called now and then from the verifying thread; may be NULL. */
        void (*progress)(void *self, uint64_t done, uint64_t size);
        void *self;
};

struct verification;
/* Goes over the whole file. An error is one of the file (not a ledger) or of the machine; faults are
 * findings. */
enum err verify_run(struct store *s, const struct verify_options *options, struct verification **out,
                    struct why *why);
void verification_free(struct verification *v);

uint64_t verification_size(const struct verification *v);
/* The root over the entries as they are; false when there is none. */
bool verification_root(const struct verification *v, struct hash *out);
const struct vkey *verification_log(const struct verification *v); /* the key that was used */
/* The id of the ledger, "origin#..." ; "" when seq 0 could not be read. */
const char *verification_log_id(const struct verification *v);
/* Sorted by seq, then check. */
size_t verification_findings(const struct verification *v);
const struct finding *verification_finding(const struct verification *v, size_t i);
size_t verification_faults(const struct verification *v);

/* Afterwards: a receipt that somebody kept, against this file. Adds findings. `name` is what to call it. */
enum err verify_receipt(struct verification *v, struct store *s, const char *name, struct bytes receipt);
/* A checkpoint that somebody believed. */
enum err verify_believed(struct verification *v, struct store *s, const char *name, struct bytes note);
/* One entry's disclosures and reasons as an auditor was given them (export --content): checks them against
 * the file's entry. */
enum err verify_disclosures(struct verification *v, struct store *s, uint64_t seq, struct bytes disclosures,
                            struct bytes because);
/* What others found about an entry: a finding beside the verifier's own. verify_sort when all are there. */
enum err verify_add(struct verification *v, uint64_t seq, enum check check, bool cannot_tell,
                    const char *sentence);
void verify_sort(struct verification *v);
/* Says once that nobody showed receipts, or content. */
enum err verify_say_absent(struct verification *v, enum check check, const char *sentence);

#endif
