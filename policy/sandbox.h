/* sandbox: the second wall around a rule: an in-memory SQLite connection whose authorizer knows one SELECT
 * without tables and a few pure functions, with low limits and a bound on steps. Whatever gets past
 * expression.h can still only compute. One sandbox a thread. */
#ifndef POLICY_SANDBOX_H
#define POLICY_SANDBOX_H

#include <sqlite3.h>

#include "policy/facts.h"

#define SANDBOX_STEPS_MAX 10000      /* virtual-machine steps of one run */
#define SANDBOX_VALUE_MAX (1u << 16) /* bytes of any value */
#define SANDBOX_SQL_MAX   (4u << 20) /* bytes: all that the expressions of PACK_TEXT_MAX can become */

struct sandbox;
enum err sandbox_new(struct sandbox **out);
void sandbox_free(struct sandbox *s); /* after its statements; NULL allowed */
/* One statement, nothing after it. ERR_RULE with SQLite's words in why. The caller finalizes *out. */
enum err sandbox_prepare(struct sandbox *s, struct bytes sql, sqlite3_stmt **out, struct why *why);
/* Binds value[1] to ?1 and so on, as far as the statement has variables. Texts are borrowed until the next
 * bind. */
enum err sandbox_bind(sqlite3_stmt *statement, const struct fact_value value[]);
/* Runs it to its one row. ERR_RULE when it errs, runs out of steps or has no row; the caller resets it. */
enum err sandbox_run(struct sandbox *s, sqlite3_stmt *statement, struct why *why);

#endif
