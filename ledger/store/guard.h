/* guard: what the writing connection may do at all, by SQLite's authorizer. Second to the triggers: it holds
 * even where a statement of the program is wrong, and covers DROP, ALTER and ATTACH, which no trigger sees.
 */
#ifndef LEDGER_STORE_GUARD_H
#define LEDGER_STORE_GUARD_H

#include <sqlite3.h>
#include <stdbool.h>

#include "ledger/base/err.h"

struct guard {
        bool thinning; /* rows of checkpoint may be deleted now */
        bool limiting; /* max_page_count may be set now */
};
/* In force until the connection is closed; g must live as long. */
enum err guard_arm(sqlite3 *db, struct guard *g);

#endif
