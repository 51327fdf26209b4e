/* database: one SQLite connection with the settings that the ledger needs, and SQLite's errors as ours. */
#ifndef LEDGER_STORE_DATABASE_H
#define LEDGER_STORE_DATABASE_H

#include <sqlite3.h>

#include "ledger/base/bytes.h"

#define DATABASE_PAGE      16384   /* bytes */
#define DATABASE_VALUE_MAX 2097152 /* bytes of one value or row; over ANNEX_MAX */

enum database_mode {
        DATABASE_WRITE,  /* the live file: WAL, each commit synced */
        DATABASE_EXPORT, /* an export being written: one file, rollback journal */
        DATABASE_READ,   /* beside a writer */
        DATABASE_COPY    /* never written; without a -wal beside it not even locked */
};

/* Opens the file, which must be there. ERR_ABSENT, ERR_NOT_LEDGER (no SQLite file), ERR_IO, ERR_NO_MEMORY. */
enum err database_open(const char *path, enum database_mode mode, sqlite3 **out);
/* Of a file without pages yet. */
enum err database_set_page_size(sqlite3 *db);
/* Journal and sync as the mode promises, read back: ERR_FULL_SYNC. */
enum err database_settle(sqlite3 *db, enum database_mode mode);

/* A result code of SQLite, and what the system said last on this connection. */
enum err database_error(sqlite3 *db, int rc);
/* Any number of statements without results. */
enum err database_run(sqlite3 *db, const char *sql);
/* First column of the first row; ERR_ABSENT if there is none. */
enum err database_number(sqlite3 *db, const char *sql, int64_t *out);

#endif
