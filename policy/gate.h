/* gate: the policy in force, asked about one entry. A pack is data (pack.h); an expression sees the fixed
 * views (facts.h) and nothing else. Deterministic: the same pack and facts give the same result, here, in the
 * client and in the verifier. DESIGN section 5. One gate a thread. */
#ifndef POLICY_GATE_H
#define POLICY_GATE_H

#include "ledger/record/leaf.h"
#include "ledger/record/roster.h"
#include "policy/facts.h"
#include "policy/fold.h"
#include "policy/pack.h"

#define HITS_MAX PACK_RULES_MAX

struct judgement {
        enum verdict verdict;
        enum lane lane;
        bool has_lane; /* intents and activities */
        size_t hits_n;
        const struct rule *hit[HITS_MAX]; /* in pack order */
        bool broken;                      /* a rule erred or ran out of steps: refused or flagged for that */
        const struct rule *broke;         /* the first that did; NULL when a lane's expression did */
        size_t erred_n;
        const struct rule *erred[HITS_MAX]; /* all that did, in pack order */
        struct why broke_why;               /* what it said, for the daemon's own log */
};

struct gate;
enum err gate_new(const struct pack *pack, struct gate **out, struct why *why); /* borrows the pack */
void gate_free(struct gate *g);
/* A broken rule is a judgement, not an error: errors are ERR_NO_MEMORY, ERR_TOO_LONG, ERR_JSON (a field is
 * not strict JSON). */
enum err gate_ask(struct gate *g, const struct facts *facts, struct judgement *out, struct why *why);
/* What gate_ask does last: lane and verdict of the hits in j, and of j->broken; `asked` is the lane that the
 * look itself asks for. For a replay where the fields are gone. */
void judgement_settle(struct judgement *j, const struct facts *facts, enum lane asked);
/* {"lane":...,"hits":[...],"facts":{...},"engine":"1"}, FORMAT.md section 5; a broken judgement ends with
 * "broken":"<id>". */
enum err judgement_put(struct buf *out, const struct judgement *j, const struct facts *facts);

#endif
