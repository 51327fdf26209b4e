/* Transactions, and the write-ahead log. */
#include "ledger/store/inside.h"

#define WAL_LIMIT (16 * 1048576 / DATABASE_PAGE) /* pages, before it is moved into the file */

static enum err run(struct store *s, enum ask_name name)
{
        struct ask a = inside_ask(s, name);
        enum err e = ask_run(&a);
        ask_close(&a);
        return e;
}

enum err inside_hold(struct store *s, bool *out_held)
{
        enum err e;
        if (!sqlite3_get_autocommit(s->db)) {
                *out_held = false;
                return OK;
        }
        if ((e = run(s, ASK_SNAPSHOT)))
                return e;
        *out_held = true;
        return OK;
}

void inside_let(struct store *s, bool held)
{
        if (held)
                store_rollback(s); /* nothing was written */
}

enum err inside_check_batch(struct store *s)
{
        return s->writing && !sqlite3_get_autocommit(s->db) ? OK : ERR_BUG;
}

enum err store_begin(struct store *s)
{
        return s->writing && sqlite3_get_autocommit(s->db) ? run(s, ASK_BEGIN) : ERR_BUG;
}

enum err store_commit(struct store *s)
{
        enum err e;
        if ((e = inside_check_batch(s)))
                return e;
        if ((e = run(s, ASK_COMMIT)))
                store_rollback(s);
        return e;
}

void store_rollback(struct store *s)
{
        if (s->db == NULL || sqlite3_get_autocommit(s->db))
                return;
        /* A rollback that fails has ended the transaction all the same, or the next begin says so. */
        enum err e = run(s, ASK_ROLLBACK);
        (void)e;
}

enum err store_tidy(struct store *s)
{
        if (s->mode != DATABASE_WRITE || s->wal_pages <= WAL_LIMIT)
                return OK;
        enum err e = database_error(
            s->db, sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL));
        return e == ERR_BUSY ? OK : e;
}
