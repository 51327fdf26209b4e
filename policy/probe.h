/* probe: whether an expression is one yes-or-no expression: it compiles alone, inside parentheses, and as a
 * condition (which no aggregate does), and over a set of probing values it gives nothing but NULL, 0 and 1.
 * The values are each column's own words and numbers, and the texts and numbers that stand in the expression.
 * Deterministic. */
#ifndef POLICY_PROBE_H
#define POLICY_PROBE_H

#include "policy/column.h"

struct probe;
enum err probe_new(struct parameters parameters, struct probe **out);            /* borrows the parameters */
void probe_free(struct probe *p);                                                /* NULL allowed */
enum err probe_check(struct probe *p, struct bytes expression, struct why *why); /* ERR_RULE */

#endif
