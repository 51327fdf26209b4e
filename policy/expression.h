/* expression: the first of two walls around a rule. Reads the text of one expression by an allow-list of
 * words, functions and signs, and writes it as SQL in which every column has become a bound variable: what
 * leaves here names no table at all. The second wall is sandbox.h. Pure. */
#ifndef POLICY_EXPRESSION_H
#define POLICY_EXPRESSION_H

#include "policy/column.h"

#define EXPRESSION_MAX          32000 /* bytes */
#define EXPRESSION_EXPANDED_MAX 64000 /* bytes of its SQL, terms and all */

/* Which variable a column is bound to: numbered from 1 in order of first use, shared by the expressions of
 * one statement. */
struct slots {
        uint16_t of[COLUMN_COUNT]; /* 0: not used */
        uint16_t n;
};
/* Functions that read nothing but their arguments, lower case, NULL-terminated. sandbox.c lets in the same.
 */
extern const char *const expression_functions[];

/* Appends the SQL, in which a term stands as its own expression in parentheses, read by the same reader; a
 * term may use those before it. ERR_RULE with what is wrong in why. */
enum err expression_translate(const struct names *names, struct bytes text, struct slots *slots,
                              struct buf *out, struct why *why);

#endif
