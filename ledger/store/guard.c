#include "ledger/store/guard.h"

#include <string.h>

#include "ledger/store/database.h"

static bool is_one_of(const char *const *names, const char *name)
{
        for (; *names != NULL; names++)
                if (name != NULL && strcmp(*names, name) == 0)
                        return true;
        return false;
}

static bool may_insert(const char *table)
{
        static const char *const tables[] = {"entry",         "tile_root",       "annex",     "checkpoint",
                                             "content",       "content_key",     "because",   "residue",
                                             "subject_index", "statement_index", "key_index", "item",
                                             "tie",           "sketch",          "told",      NULL};
        return is_one_of(tables, table);
}

static bool may_update(const char *table, const char *column)
{
        static const char *const of_item[] = {"decided", "decided_by", "closed_by", NULL};
        static const char *const of_checkpoint[] = {"kept_at", NULL};
        static const char *const of_tie[] = {"seq", "same", NULL};
        if (strcmp(table, "item") == 0)
                return is_one_of(of_item, column);
        if (strcmp(table, "tie") == 0)
                return is_one_of(of_tie, column);
        return strcmp(table, "checkpoint") == 0 && is_one_of(of_checkpoint, column);
}

static int decide(void *self, int action, const char *a, const char *b, const char *database,
                  const char *trigger)
{
        static const char *const functions[] = {"count", "ifnull", "length", "max", NULL};
        const struct guard *g = self;
        bool allowed = false;
        (void)database;
        (void)trigger;
        switch (action) {
        case SQLITE_SELECT:
        case SQLITE_READ:
        case SQLITE_TRANSACTION: allowed = true; break;
        case SQLITE_FUNCTION: allowed = is_one_of(functions, b); break;
        case SQLITE_INSERT: allowed = may_insert(a); break;
        case SQLITE_UPDATE: allowed = may_update(a, b); break;
        case SQLITE_DELETE: allowed = g->thinning && strcmp(a, "checkpoint") == 0; break;
        case SQLITE_PRAGMA: allowed = g->limiting && strcmp(a, "max_page_count") == 0; break;
        default: break;
        }
        return allowed ? SQLITE_OK : SQLITE_DENY;
}

enum err guard_arm(sqlite3 *db, struct guard *g)
{
        return database_error(db, sqlite3_set_authorizer(db, decide, g));
}
