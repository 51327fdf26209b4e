/* logs: whether a reading asks for the logs of consultation, disclosure and erasure, for which DPA 2018
 * s.62(4) has four purposes and no others. Pure; from the query's text alone, so that a replay says the same.
 */
#ifndef POLICY_LOGS_H
#define POLICY_LOGS_H

#include "ledger/base/json.h"
#include "schema/fields.h"

/* The kinds of entries that say who read, disclosed or erased what; bits 1u << enum kind. */
#define LOGS_KINDS (1u << KIND_CONSULT | 1u << KIND_DISCLOSE | 1u << KIND_ERASE)

/* A consult's class and its query, a JSON object. A `list` does that asks for one of those kinds or for all
 * kinds (an empty `kind` is none); a `show` that says itself ("logs":true) that it opens such an entry: the
 * daemon opens none without.
 */
bool scene_reads_logs(struct bytes class, struct bytes query);

#endif
