/* program: all expressions of a pack in one prepared SELECT of bound variables, in the order of the rules and
 * then the lanes standard and authorised. One a thread. */
#ifndef POLICY_PROGRAM_H
#define POLICY_PROGRAM_H

#include "policy/expression.h"

#define PROGRAM_LANES 2
#define ANSWERS_MAX   (PACK_RULES_MAX + PROGRAM_LANES)

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_BROKEN };

struct program;
enum err program_new(const struct pack *pack, struct program **out, struct why *why); /* borrows the pack */
void program_free(struct program *p);                                                 /* NULL allowed */
const struct slots *program_slots(const struct program *p);
/* Fills out[] for each rule that has the kind and for the lanes; `value` is by slot. When the one statement
 * errs each expression is asked alone, and those that err are ANSWER_BROKEN; the first of them is told in
 * why. */
enum err program_ask(struct program *p, enum kind kind, const struct fact_value value[],
                     enum answer out[ANSWERS_MAX], struct why *why);
#endif
