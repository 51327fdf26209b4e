#include "ledger/store/database.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "ledger/base/buf.h"

#define PATH_MAX_BYTES 4096
#define READER_WAIT_MS 5000

#define BIT(mode) (1u << (mode))
#define ALL       (BIT(DATABASE_WRITE) | BIT(DATABASE_EXPORT) | BIT(DATABASE_READ) | BIT(DATABASE_COPY))
#define WRITERS   (BIT(DATABASE_WRITE) | BIT(DATABASE_EXPORT))
#define READERS   (BIT(DATABASE_READ) | BIT(DATABASE_COPY))

/* None of these reads the file. */
static const struct setting {
        unsigned modes;
        const char *sql;
} settings[] = {
    {ALL, "PRAGMA trusted_schema = OFF"},
    {ALL, "PRAGMA mmap_size = 0"},
    {ALL, "PRAGMA temp_store = MEMORY"},
    {WRITERS, "PRAGMA cache_size = -8192"},
    {READERS, "PRAGMA cache_size = -2048"},
    {WRITERS, "PRAGMA recursive_triggers = ON"},
    {WRITERS, "PRAGMA secure_delete = ON"},
    {WRITERS, "PRAGMA synchronous = FULL"},
    {BIT(DATABASE_WRITE), "PRAGMA wal_autocheckpoint = 0"},
    {BIT(DATABASE_WRITE), "PRAGMA journal_size_limit = 33554432"},
    {READERS, "PRAGMA query_only = ON"},
    {BIT(DATABASE_COPY), "PRAGMA cell_size_check = ON"},
};

static enum err io_error(int system_errno)
{
        return system_errno == ENOSPC || system_errno == EDQUOT ? ERR_DISK_FULL : ERR_IO;
}

enum err database_error(sqlite3 *db, int rc)
{
        static const struct {
                int rc;
                enum err e;
        } rows[] = {
            {SQLITE_OK, OK},
            {SQLITE_ROW, OK},
            {SQLITE_DONE, OK},
            {SQLITE_IOERR_FSYNC, ERR_SYNC},
            {SQLITE_IOERR_DIR_FSYNC, ERR_SYNC},
            {SQLITE_IOERR_NOMEM, ERR_NO_MEMORY},
            {SQLITE_IOERR_SHORT_READ, ERR_NOT_LEDGER},
            {SQLITE_FULL, ERR_DISK_FULL},
            {SQLITE_NOMEM, ERR_NO_MEMORY},
            {SQLITE_BUSY, ERR_BUSY},
            {SQLITE_LOCKED, ERR_BUSY},
            {SQLITE_NOTADB, ERR_NOT_LEDGER},
            {SQLITE_CORRUPT, ERR_NOT_LEDGER},
            {SQLITE_TOOBIG, ERR_NOT_LEDGER},
            {SQLITE_CONSTRAINT, ERR_APPEND},
            {SQLITE_READONLY, ERR_IO},
            {SQLITE_PERM, ERR_IO},
            {SQLITE_AUTH, ERR_BUG},
            {SQLITE_MISUSE, ERR_BUG},
            {SQLITE_RANGE, ERR_BUG},
        };
        /* An exact code first, then the family that it belongs to. */
        for (int mask = -1;; mask = 0xff) {
                for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
                        if (rows[i].rc == (rc & mask))
                                return rows[i].e;
                if (mask == 0xff)
                        break;
        }
        if ((rc & 0xff) == SQLITE_IOERR)
                return io_error(db == NULL ? 0 : sqlite3_system_errno(db));
        if ((rc & 0xff) == SQLITE_CANTOPEN)
                return db != NULL && sqlite3_system_errno(db) == ENOENT ? ERR_ABSENT : ERR_IO;
        return ERR_DB;
}

enum err database_run(sqlite3 *db, const char *sql)
{
        return database_error(db, sqlite3_exec(db, sql, NULL, NULL, NULL));
}

enum err database_number(sqlite3 *db, const char *sql, int64_t *out)
{
        sqlite3_stmt *statement = NULL;
        int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
        enum err e = ERR_ABSENT;
        if (rc == SQLITE_OK)
                rc = sqlite3_step(statement);
        if (rc == SQLITE_ROW) {
                *out = sqlite3_column_int64(statement, 0);
                e = OK;
        } else if (rc != SQLITE_DONE) {
                e = database_error(db, rc);
        }
        (void)sqlite3_finalize(statement);
        return e;
}

static enum err text_is(sqlite3 *db, const char *sql, const char *expected, bool *out)
{
        sqlite3_stmt *statement = NULL;
        int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
        if (rc == SQLITE_OK)
                rc = sqlite3_step(statement);
        if (rc == SQLITE_ROW) {
                const unsigned char *text = sqlite3_column_text(statement, 0);
                *out = text != NULL && strcmp((const char *)text, expected) == 0;
        } else if (rc == SQLITE_DONE) {
                *out = false;
        }
        (void)sqlite3_finalize(statement);
        return database_error(db, rc);
}

/* A whole URI, whatever the path holds, since SQLITE_USE_URI may be compiled in. */
static void put_uri(struct buf *out, const char *path, const char *query)
{
        buf_put_text(out, "file:");
        for (const char *c = path; *c != 0; c++) {
                if (strchr("%?#", *c) != NULL)
                        buf_put_format(out, "%%%02x", (unsigned)(unsigned char)*c);
                else
                        buf_put(out, bytes_of(c, 1));
        }
        buf_put_text(out, query);
}

static bool has_wal(const char *path)
{
        char wal[PATH_MAX_BYTES];
        struct stat st;
        int n = snprintf(wal, sizeof wal, "%s-wal", path);
        return n > 0 && (size_t)n < sizeof wal && stat(wal, &st) == 0 && st.st_size > 0;
}

static enum err check_file(const char *path)
{
        struct stat st;
        if (stat(path, &st) != 0)
                return errno == ENOENT || errno == ENOTDIR ? ERR_ABSENT : ERR_IO;
        return S_ISREG(st.st_mode) ? OK : ERR_NOT_LEDGER;
}

static enum err configure(sqlite3 *db, enum database_mode mode)
{
        enum err e;
        int rc = sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        if (rc != SQLITE_OK)
                return database_error(db, rc);
        (void)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, DATABASE_VALUE_MAX);
        (void)sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
        if (BIT(mode) & READERS)
                rc = sqlite3_busy_timeout(db, READER_WAIT_MS);
        if (rc != SQLITE_OK)
                return database_error(db, rc);
        for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
                if ((settings[i].modes & BIT(mode)) && (e = database_run(db, settings[i].sql)))
                        return e;
        return OK;
}

enum err database_open(const char *path, enum database_mode mode, sqlite3 **out)
{
        const int common =
            SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
        int access = BIT(mode) & WRITERS ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
        sqlite3 *db = NULL;
        struct buf uri;
        enum err e;

        buf_init(&uri, 3 * PATH_MAX_BYTES);
        if ((e = check_file(path)))
                goto done;
        put_uri(&uri, path, mode == DATABASE_COPY && !has_wal(path) ? "?immutable=1" : "");
        const char *name = buf_text(&uri);
        if ((e = buf_check(&uri)))
                goto done;
        int rc = sqlite3_open_v2(name, &db, access | common, NULL);
        if ((e = database_error(db, rc)) || (e = configure(db, mode)))
                goto done;
        *out = db;
        db = NULL; /* given away */
done:
        (void)sqlite3_close(db);
        buf_clear(&uri);
        return e;
}

enum err database_set_page_size(sqlite3 *db)
{
        char sql[64];
        (void)snprintf(sql, sizeof sql, "PRAGMA page_size = %d", DATABASE_PAGE);
        return database_run(db, sql);
}

enum err database_settle(sqlite3 *db, enum database_mode mode)
{
        const bool live = mode == DATABASE_WRITE;
        bool as_asked = false;
        int64_t synchronous = 0;
        enum err e;
        if ((e = text_is(db, live ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode = DELETE",
                         live ? "wal" : "delete", &as_asked)) ||
            (e = database_number(db, "PRAGMA synchronous", &synchronous)))
                return e;
        return as_asked && synchronous == 2 ? OK : ERR_FULL_SYNC;
}
