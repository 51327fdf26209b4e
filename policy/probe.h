/* probe: whether an expression is one yes-or-no expression: it compiles alone, inside parentheses, and as a
 * condition (which no aggregate does), and over a set of probing values it gives nothing but NULL, 0 and 1.
 * The values are each column's own words and numbers, and the texts and numbers that stand in the expression.
 * A term may be a number or a text; it has to compile and to err on none of them. Deterministic. */
#ifndef POLICY_PROBE_H
#define POLICY_PROBE_H

#include "policy/column.h"

struct probe;
enum err probe_new(struct names names, struct probe **out);                      /* borrows the names */
void probe_free(struct probe *p);                                                /* NULL allowed */
enum err probe_check(struct probe *p, struct bytes expression, struct why *why); /* ERR_RULE */
enum err probe_term(struct probe *p, size_t i, struct why *why);                 /* ERR_RULE */

#endif
