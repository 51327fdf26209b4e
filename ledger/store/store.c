/* Opening, creating, closing. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/store/inside.h"
#include "ledger/store/tables.h"

static enum err make_file(const char *path)
{
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0)
                return errno == EEXIST ? ERR_NOT_EMPTY : errno == ENOENT ? ERR_ABSENT : ERR_IO;
        return close(fd) == 0 ? OK : ERR_IO;
}

/* The name must outlive a power cut as well as the bytes. */
static enum err sync_folder(const char *path)
{
        const char *slash = strrchr(path, '/');
        struct buf folder;
        enum err e;
        int fd = -1;

        buf_init(&folder, 4096);
        if (slash == NULL)
                buf_put_text(&folder, ".");
        else
                buf_put(&folder, bytes_of(path, (size_t)(slash - path) + 1));
        const char *name = buf_text(&folder);
        if ((e = buf_check(&folder)))
                goto done;
        fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
                e = ERR_IO;
        else if (fsync(fd) != 0)
                e = ERR_SYNC;
done:
        if (fd >= 0 && close(fd) != 0 && !e)
                e = ERR_IO;
        buf_clear(&folder);
        return e;
}

static enum err create(const char *path, enum database_mode mode, enum tables which)
{
        sqlite3 *db = NULL;
        enum err e = make_file(path);
        if (e)
                return e;
        if ((e = database_open(path, mode, &db)) || (e = database_set_page_size(db)) ||
            (e = database_settle(db, mode)) || (e = tables_make(db, which)))
                goto done;
done:
        if (sqlite3_close(db) != SQLITE_OK && !e)
                e = ERR_BUG;
        if (!e)
                e = sync_folder(path);
        if (e)
                (void)unlink(path);
        return e;
}

enum err store_create(const char *path)
{
        return create(path, DATABASE_WRITE, TABLES_ALL);
}

enum err store_create_spine(const char *path)
{
        return create(path, DATABASE_EXPORT, TABLES_SPINE);
}

static enum err check_rights(const char *path)
{
        struct stat st;
        if (stat(path, &st) != 0)
                return errno == ENOENT ? ERR_ABSENT : ERR_IO;
        return st.st_mode & 077 ? ERR_LOOSE : OK;
}

static enum err check_tables(struct store *s)
{
        enum err e = tables_check_mark(s->db);
        if (e)
                return e;
        if (s->mode == DATABASE_COPY)
                return tables_check_readable(s->db, &s->content);
        s->content = s->mode != DATABASE_EXPORT;
        return tables_check_exact(s->db, s->content ? TABLES_ALL : TABLES_SPINE);
}

static int count_pages(void *self, sqlite3 *db, const char *name, int pages)
{
        struct store *s = self;
        (void)db;
        (void)name;
        s->wal_pages = pages < 0 ? 0 : (uint32_t)pages;
        return SQLITE_OK;
}

/* Closing moves a write-ahead log into its file, which must not happen to a file that is none of ours. */
static enum err leave_untouched(struct store *s, int on)
{
        return database_error(s->db, sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on, NULL));
}

static enum err make_writer(struct store *s)
{
        enum err e = database_settle(s->db, s->mode);
        if (e)
                return e;
        (void)sqlite3_wal_hook(s->db, count_pages, s);
        if ((e = leave_untouched(s, 0)) || (e = guard_arm(s->db, &s->guard)))
                return e;
        s->writing = true;
        return OK;
}

static enum err open_file(const char *path, enum database_mode mode, const struct store_keys *keys,
                          struct store **out)
{
        struct store *s = calloc(1, sizeof *s);
        enum err e = s == NULL ? ERR_NO_MEMORY : OK;
        if (e)
                return e;
        s->mode = mode;
        s->keys = keys;
        if ((mode == DATABASE_WRITE && (e = check_rights(path))) || (e = database_open(path, mode, &s->db)) ||
            (e = leave_untouched(s, 1)) || (e = check_tables(s)))
                goto done;
        if ((mode == DATABASE_WRITE || mode == DATABASE_EXPORT) && (e = make_writer(s)))
                goto done;
        *out = s;
        s = NULL; /* given away */
done:
        store_close(s);
        /* Of a file that was just opened SQLite's plain error says that it cannot make sense of it. */
        return e == ERR_DB ? ERR_NOT_LEDGER : e;
}

enum err store_open(const char *path, enum store_mode mode, const struct store_keys *keys, struct store **out,
                    struct why *why)
{
        static const enum database_mode modes[] = {
            [STORE_WRITE] = DATABASE_WRITE, [STORE_READ] = DATABASE_READ, [STORE_COPY] = DATABASE_COPY};
        enum err e = open_file(path, modes[mode], keys, out);
        return e ? why_set(why, e, "%s", path) : OK;
}

enum err store_open_export(const char *path, struct store **out)
{
        return open_file(path, DATABASE_EXPORT, NULL, out);
}

void store_close(struct store *s)
{
        if (s == NULL)
                return;
        store_rollback(s);
        ask_clear(&s->kept);
        for (size_t i = 0; i < INSIDE_LISTS; i++)
                (void)sqlite3_finalize(s->lists[i]);
        free(s->views);
        if (s->writing && s->mode == DATABASE_WRITE)
                (void)sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
        (void)sqlite3_close_v2(s->db); /* v2: a scan may be freed later */
        free(s);
}

enum err store_limit_pages(struct store *s, uint32_t pages)
{
        char sql[64];
        int64_t now_in_force = 0;
        enum err e;
        (void)snprintf(sql, sizeof sql, "PRAGMA max_page_count = %u", (unsigned)pages);
        s->guard.limiting = true;
        e = database_number(s->db, sql, &now_in_force);
        s->guard.limiting = false;
        return e;
}

bool store_has_content(struct store *s)
{
        return s->content;
}
