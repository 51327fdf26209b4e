/* judge: advice before a statement is signed: the policy this folder keeps, asked about what is known here.
 * What only the ledger knows (earlier looks, registers, other people's entries) counts as not known, so
 * advice never says more than the ledger will, and may say less. */
#ifndef CLIENT_JUDGE_H
#define CLIENT_JUDGE_H

#include "client/compose.h"
#include "policy/gate.h"

/* `out`'s rules are the pack's. An intent or an activity. */
enum err judge_values(const struct identity *id, const struct pack *pack, const struct values *v,
                      struct judgement *out, struct why *why);
/* The first hit that puts it into its lane: an authorise rule for the authorised lane, an approve rule else;
 * NULL where the look itself does. */
const struct rule *judge_reason(const struct judgement *j);

#endif
