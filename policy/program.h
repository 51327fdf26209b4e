/* program: the expressions of a pack as what is asked of an entry: for each kind that some rule is about, one
 * prepared SELECT of its rules, and of the lanes for looks, over bound variables. One a thread. */
#ifndef POLICY_PROGRAM_H
#define POLICY_PROGRAM_H

#include "policy/expression.h"

#define PROGRAM_LANES 2
#define ANSWERS_MAX   (PACK_RULES_MAX + PROGRAM_LANES)

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_BROKEN };

struct program;
enum err program_new(const struct pack *pack, struct program **out, struct why *why); /* borrows the pack */
void program_free(struct program *p);                                                 /* NULL allowed */
/* Which variable is which column for entries of that kind; NULL when nothing is asked about them. */
const struct slots *program_slots(const struct program *p, enum kind kind);
/* Fills out[] by rule, and after the rules for the lanes standard and authorised; what is not asked about the
 * kind is ANSWER_NO. `value` is by slot. When the one statement errs each expression is asked alone, and
 * those that err are ANSWER_BROKEN; the first of them is told in why. */
enum err program_ask(struct program *p, enum kind kind, const struct fact_value value[],
                     enum answer out[ANSWERS_MAX], struct why *why);
#endif
