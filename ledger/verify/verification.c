#include "ledger/verify/verification.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const struct check_row rows[CHECK_COUNT] = {
    [CHECK_GENESIS] = {"genesis", "VER-01",
                       "The first entry is a genesis statement of this origin, signed by the log key."},
    [CHECK_MISSING] = {"missing", "VER-02", "Entries are numbered from 0 without a gap."},
    [CHECK_LEAF] = {"leaf", "VER-03", "Each entry has the form of a leaf and its own number."},
    [CHECK_HASH] = {"hash", "VER-04", "The hash kept beside each entry is that of its bytes."},
    [CHECK_CHAIN] = {"chain", "VER-05", "Each entry names the hash of the one before it."},
    [CHECK_TIME] = {"time", "VER-06", "The times of the entries rise."},
    [CHECK_TREE] = {"tree", "VER-07", "The roots kept for whole tiles are those of the entries."},
    [CHECK_CHECKPOINT] = {"checkpoint", "VER-08", "Each checkpoint has the size and root of the entries."},
    [CHECK_LOG_SIGNATURE] = {"log-signature", "VER-09", "Each checkpoint is signed by the log key."},
    [CHECK_COVERAGE] = {"coverage", "VER-10", "A checkpoint covers every entry."},
    [CHECK_STATEMENT] = {"statement", "VER-11", "Each entry holds a statement in the strict form."},
    [CHECK_LOG] = {"log", "VER-12", "Each statement was made for this ledger."},
    [CHECK_AUTHOR] = {"author", "VER-13", "Each statement is signed by the key it names."},
    [CHECK_KEY_CHAIN] = {"key-chain", "VER-14",
                         "Each key's statements are numbered and chained without a gap."},
    [CHECK_MEMBER] = {"member", "VER-15", "Each key was enrolled, and not revoked, at its entry."},
    [CHECK_ROLE] = {"role", "VER-16", "Each author held a role that may say this, at that entry."},
    [CHECK_SECOND_PERSON] = {"second-person", "VER-17", "What needs a second person waited for one."},
    [CHECK_OWN] = {"own", "VER-18", "Nobody decided their own."},
    [CHECK_DECISION] = {"decision", "VER-19", "Each decision is about an entry that waited."},
    [CHECK_VERDICT] = {"verdict", "VER-20", "Each verdict is one that its kind of entry can have."},
    [CHECK_POLICY] = {"policy", "VER-21", "Each entry names the policy in force."},
    [CHECK_ANNEX] = {"annex", "VER-22",
                     "Each text kept by hash has that hash, and none that is named is missing."},
    [CHECK_DISCLOSURE] = {"disclosure", "VER-23", "The fields kept are those that the statement commits to."},
    [CHECK_ACCOUNTING] = {"accounting", "VER-24", "Every digest is a field, a decoy, or erased by order."},
    [CHECK_BECAUSE] = {"because", "VER-25", "The reasons kept are those that the entry commits to."},
    [CHECK_RECEIPT] = {"receipt", "VER-26",
                       "The receipts and checkpoints that people hold agree with the entries."},
    [CHECK_FACTS] = {"facts", "VER-27",
                     "The facts that the rules were given are those that the ledger held."},
    [CHECK_RULES] =
        {"rules", "VER-28",
         "The rules that spoke about an entry are those of the pack in force that speak on its facts."},
    [CHECK_JUDGEMENT] = {"judgement", "VER-29", "Each verdict and lane follows from the rules that spoke."},
    [CHECK_PACK] = {"pack", "VER-30", "Each pack that was in force is kept and loads."},
};

const struct check_row *check_row(enum check c)
{
        return &rows[c];
}

__attribute__((format(printf, 5, 0))) static void add(struct verification *v, uint64_t seq, enum check check,
                                                      bool cannot_tell, const char *format, va_list arguments)
{
        if (v->findings_n == v->findings_size) {
                size_t size = v->findings_size == 0 ? 64 : 2 * v->findings_size;
                struct finding *at = realloc(v->findings, size * sizeof *at);
                if (at == NULL) {
                        v->failed = ERR_NO_MEMORY;
                        return;
                }
                v->findings = at;
                v->findings_size = size;
        }
        struct finding *f = &v->findings[v->findings_n++];
        *f = (struct finding){.seq = seq, .check = check, .cannot_tell = cannot_tell};
        (void)vsnprintf(f->sentence, sizeof f->sentence, format, arguments);
        v->faults += !cannot_tell;
}

void verification_fault(struct verification *v, uint64_t seq, enum check check, const char *format, ...)
{
        va_list arguments;
        va_start(arguments, format);
        add(v, seq, check, false, format, arguments);
        va_end(arguments);
}

void verification_cannot_tell(struct verification *v, uint64_t seq, enum check check, const char *format, ...)
{
        va_list arguments;
        va_start(arguments, format);
        add(v, seq, check, true, format, arguments);
        va_end(arguments);
}

void verification_suspect(struct verification *v, uint64_t seq)
{
        v->damaged = true;
        if (seq < v->suspect)
                v->suspect = seq;
}

void verification_doubt(struct verification *v, uint64_t seq, enum check check)
{
        struct doubt *d = &v->doubts[check];
        if (d->n++ == 0)
                d->first = seq;
}

void verification_accuse(struct verification *v, uint64_t seq, enum check check, const char *format, ...)
{
        va_list arguments;
        if (v->damaged) {
                verification_doubt(v, seq, check);
                return;
        }
        va_start(arguments, format);
        add(v, seq, check, false, format, arguments);
        va_end(arguments);
}

void verification_say_doubts(struct verification *v)
{
        for (enum check c = 0; c < CHECK_COUNT; c++)
                if (v->doubts[c].n > 0)
                        verification_cannot_tell(
                            v, v->doubts[c].first, c,
                            "%llu entries from here on do not fit this check; the damaged entries may "
                            "be the reason.",
                            (unsigned long long)v->doubts[c].n);
}

static int finding_order(const void *a, const void *b)
{
        const struct finding *x = a, *y = b;
        if (x->seq != y->seq)
                return x->seq < y->seq ? -1 : 1;
        if (x->check != y->check)
                return x->check < y->check ? -1 : 1;
        return strcmp(x->sentence, y->sentence);
}

void verification_sort(struct verification *v)
{
        if (v->findings_n > 0)
                qsort(v->findings, v->findings_n, sizeof *v->findings, finding_order);
}

void verification_free(struct verification *v)
{
        if (v == NULL)
                return;
        free(v->findings);
        roster_free(v->roster);
        tree_free(v->tree);
        hashes_free(v->hashes);
        waiting_free(v->waiting);
        policies_free(v->policies);
        erasures_free(v->erasures);
        free(v);
}

uint64_t verification_size(const struct verification *v)
{
        return v->size;
}

bool verification_root(const struct verification *v, struct hash *out)
{
        if (v->has_root)
                *out = v->root;
        return v->has_root;
}

const struct vkey *verification_log(const struct verification *v)
{
        return &v->log;
}

const char *verification_log_id(const struct verification *v)
{
        return v->log_id;
}

size_t verification_findings(const struct verification *v)
{
        return v->findings_n;
}

const struct finding *verification_finding(const struct verification *v, size_t i)
{
        return &v->findings[i];
}

size_t verification_faults(const struct verification *v)
{
        return v->faults;
}
