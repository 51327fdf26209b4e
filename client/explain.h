/* explain: what the rules of a pack say to one enquiry, and why. Reads no file and no clock. */
#ifndef CLIENT_EXPLAIN_H
#define CLIENT_EXPLAIN_H

#include "client/given.h"
#include "policy/pack.h"

/* *out: {"kind","lane","verdict","rules":[{"id","said","effect","kind","title","facts","because","advice"}],
 * "facts","ignored"}: all rules that are asked about the kind, in pack order, with what each read; said is
 * null for a rule that erred, which is then told in "broken". `only`: the one rule; NULL: all. Errors of
 * given_new; ERR_ABSENT: no such rule, or it is not asked about this kind. */
enum err explain(const struct pack *pack, const struct given_parts *parts, const char *only, json_t **out,
                 struct why *why);
/* The same in words, on standard output; `whole`: rules that said nothing as well. */
void explain_print(const json_t *answer, bool whole);

#endif
