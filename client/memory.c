#include "client/memory.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ledger/crypto/seal.h"

#define NAME_TAG_LEN 16

struct memory {
        sqlite3 *db;
        struct secret key;
};

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS statement(n INTEGER PRIMARY KEY, kind TEXT NOT NULL, st BLOB NOT NULL "
    "UNIQUE, jws BLOB NOT NULL,"
    " disclosures BLOB, subject BLOB, state INTEGER NOT NULL, consults INTEGER NOT NULL, seq INTEGER, "
    "verdict INTEGER NOT NULL,"
    " made_at_us INTEGER NOT NULL, closes INTEGER NOT NULL) STRICT;"
    "CREATE INDEX IF NOT EXISTS statement_waiting ON statement(n) WHERE state = 0;"
    "CREATE TABLE IF NOT EXISTS refused(n INTEGER NOT NULL, code TEXT NOT NULL, jws BLOB NOT NULL) STRICT;"
    "CREATE TABLE IF NOT EXISTS operation(tag BLOB PRIMARY KEY, name BLOB NOT NULL, st BLOB NOT NULL, fields "
    "BLOB NOT NULL,"
    " in_use INTEGER NOT NULL) STRICT;"
    "CREATE TABLE IF NOT EXISTS lane(n INTEGER PRIMARY KEY, lane INTEGER NOT NULL) STRICT;";

static enum err db_error(struct memory *m)
{
        switch (sqlite3_errcode(m->db)) {
        case SQLITE_FULL: return ERR_DISK_FULL;
        case SQLITE_NOMEM: return ERR_NO_MEMORY;
        case SQLITE_BUSY: return ERR_LOCKED;
        default: return ERR_DB;
        }
}

static enum err run(struct memory *m, const char *sql)
{
        return sqlite3_exec(m->db, sql, NULL, NULL, NULL) == SQLITE_OK ? OK : db_error(m);
}

enum err memory_open(const struct home *h, struct bytes store_key, struct memory **out, struct why *why)
{
        char path[HOME_PATH_MAX];
        struct memory *m = calloc(1, sizeof *m);
        enum err e;
        if (m == NULL)
                return ERR_NO_MEMORY;
        if ((e = home_path(h, HOME_DB, path)) || (e = secret_of(store_key, &m->key)))
                goto done;
        mode_t mask = umask(0177);
        int rc = sqlite3_open_v2(path, &m->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
        (void)umask(mask);
        if (rc != SQLITE_OK) {
                e = why_set(why, ERR_DB, "%.200s", path);
                goto done;
        }
        (void)sqlite3_busy_timeout(m->db, 10000);
        if ((e = run(m, "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
                        "PRAGMA trusted_schema=OFF;")) ||
            (e = run(m, schema)))
                e = why_set(why, e, "%.100s: %.100s", path, sqlite3_errmsg(m->db));
done:
        if (e)
                memory_close(m);
        else
                *out = m;
        return e;
}

void memory_close(struct memory *m)
{
        if (m == NULL)
                return;
        (void)sqlite3_close(m->db);
        secret_free(&m->key);
        free(m);
}

enum err memory_begin(struct memory *m)
{
        return run(m, "BEGIN IMMEDIATE");
}

enum err memory_end(struct memory *m, bool keep)
{
        return run(m, keep ? "COMMIT" : "ROLLBACK");
}

static enum err prepare(struct memory *m, const char *sql, sqlite3_stmt **out)
{
        return sqlite3_prepare_v2(m->db, sql, -1, out, NULL) == SQLITE_OK ? OK : db_error(m);
}

static enum err done_with(struct memory *m, sqlite3_stmt *s)
{
        enum err e = sqlite3_step(s) == SQLITE_DONE ? OK : db_error(m);
        (void)sqlite3_finalize(s);
        return e;
}

static void bind_bytes(sqlite3_stmt *s, int i, struct bytes in)
{
        (void)sqlite3_bind_blob64(s, i, in.n == 0 ? "" : (const void *)in.at, in.n, SQLITE_TRANSIENT);
}

static struct bytes column_bytes(sqlite3_stmt *s, int i)
{
        const void *at = sqlite3_column_blob(s, i);
        return bytes_of(at, (size_t)sqlite3_column_bytes(s, i));
}

static enum err bind_sealed(struct memory *m, sqlite3_stmt *s, int i, struct bytes plain)
{
        struct buf sealed;
        enum err e;
        if (plain.n == 0)
                return OK;
        buf_init(&sealed, SUBMISSION_MAX + SEAL_OVERHEAD);
        e = seal_put(secret_bytes(&m->key), bytes_text("enquiry-client"), plain, &sealed);
        if (!e && !(e = buf_check(&sealed)))
                bind_bytes(s, i, buf_bytes(&sealed));
        buf_clear(&sealed);
        return e;
}

static enum err column_sealed(struct memory *m, sqlite3_stmt *s, int i, struct buf *out)
{
        struct bytes sealed = column_bytes(s, i);
        return sealed.n == 0 ? OK
                             : seal_open(secret_bytes(&m->key), bytes_text("enquiry-client"), sealed, out);
}

enum err memory_head(struct memory *m, uint64_t *out_n, struct hash *out_st)
{
        sqlite3_stmt *s = NULL;
        enum err e = prepare(m, "SELECT n, st FROM statement ORDER BY n DESC LIMIT 1", &s);
        *out_n = 0;
        *out_st = (struct hash){{0}};
        if (e)
                return e;
        if (sqlite3_step(s) == SQLITE_ROW) {
                struct bytes st = column_bytes(s, 1);
                *out_n = (uint64_t)sqlite3_column_int64(s, 0);
                if (st.n == HASH_LEN)
                        memcpy(out_st->b, st.at, HASH_LEN);
                else
                        e = ERR_DB;
        }
        (void)sqlite3_finalize(s);
        return e;
}

enum err memory_add(struct memory *m, const struct memory_row *row, struct bytes jws,
                    struct bytes disclosures)
{
        sqlite3_stmt *s = NULL;
        enum err e = prepare(m,
                             "INSERT INTO statement(n, kind, st, jws, disclosures, subject, state, consults, "
                             "verdict, made_at_us,"
                             " closes) VALUES(?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, 0, ?8, ?9)",
                             &s);
        if (e)
                return e;
        (void)sqlite3_bind_int64(s, 1, (sqlite3_int64)row->n);
        (void)sqlite3_bind_text(s, 2, kind_name(row->kind), -1, SQLITE_STATIC);
        bind_bytes(s, 3, hash_bytes(&row->st));
        bind_bytes(s, 4, jws);
        (void)sqlite3_bind_int(s, 7, row->consults);
        (void)sqlite3_bind_int64(s, 8, row->made_at_us);
        (void)sqlite3_bind_int64(s, 9, (sqlite3_int64)row->closes);
        if ((e = bind_sealed(m, s, 5, disclosures)) ||
            (e = bind_sealed(m, s, 6, bytes_text(row->platform_account)))) {
                (void)sqlite3_finalize(s);
                return e;
        }
        return done_with(m, s);
}

#define ROW_COLUMNS "n, kind, st, state, consults, ifnull(seq, 0), verdict, made_at_us, closes, subject"

static enum err read_row(struct memory *m, sqlite3_stmt *s, struct memory_row *out)
{
        struct memory_row row = {0};
        struct bytes kind = column_bytes(s, 1), st = column_bytes(s, 2);
        struct buf subject;
        enum err e;
        if (!kind_of_name((const char *)kind.at, kind.n, &row.kind) || st.n != HASH_LEN)
                return ERR_DB;
        row.n = (uint64_t)sqlite3_column_int64(s, 0);
        memcpy(row.st.b, st.at, HASH_LEN);
        row.state = sqlite3_column_int(s, 3) == 0 ? MEMORY_SIGNED : MEMORY_ACCEPTED;
        row.consults = sqlite3_column_int(s, 4) != 0;
        row.seq = (uint64_t)sqlite3_column_int64(s, 5);
        row.verdict = (enum verdict)sqlite3_column_int(s, 6);
        row.made_at_us = sqlite3_column_int64(s, 7);
        row.closes = (uint64_t)sqlite3_column_int64(s, 8);
        buf_init(&subject, sizeof row.platform_account - 1);
        e = column_sealed(m, s, 9, &subject);
        if (!e)
                e = bytes_to_text(buf_bytes(&subject), row.platform_account, sizeof row.platform_account);
        buf_wipe(&subject);
        if (!e)
                *out = row;
        return e;
}

static enum err one_row(struct memory *m, sqlite3_stmt *s, struct memory_row *out)
{
        int rc = sqlite3_step(s);
        enum err e = rc == SQLITE_ROW ? read_row(m, s, out) : rc == SQLITE_DONE ? ERR_ABSENT : db_error(m);
        (void)sqlite3_finalize(s);
        return e;
}

static enum err row_by_number(struct memory *m, const char *sql, uint64_t number, struct memory_row *out)
{
        sqlite3_stmt *s = NULL;
        enum err e = prepare(m, sql, &s);
        if (e)
                return e;
        (void)sqlite3_bind_int64(s, 1, (sqlite3_int64)number);
        return one_row(m, s, out);
}

enum err memory_row(struct memory *m, uint64_t n, struct memory_row *out)
{
        return row_by_number(m, "SELECT " ROW_COLUMNS " FROM statement WHERE n = ?1", n, out);
}

enum err memory_row_of_seq(struct memory *m, uint64_t seq, struct memory_row *out)
{
        return row_by_number(m, "SELECT " ROW_COLUMNS " FROM statement WHERE seq = ?1 AND state = 1", seq,
                             out);
}

enum err memory_row_of_st(struct memory *m, const struct hash *st, struct memory_row *out)
{
        sqlite3_stmt *s = NULL;
        enum err e = prepare(m, "SELECT " ROW_COLUMNS " FROM statement WHERE st = ?1", &s);
        if (e)
                return e;
        bind_bytes(s, 1, hash_bytes(st));
        return one_row(m, s, out);
}

enum err memory_first_waiting(struct memory *m, struct memory_row *out)
{
        return row_by_number(
            m, "SELECT " ROW_COLUMNS " FROM statement WHERE state = 0 AND n >= ?1 ORDER BY n LIMIT 1", 0,
            out);
}

enum err memory_count_waiting(struct memory *m, uint64_t *out)
{
        sqlite3_stmt *s = NULL;
        enum err e = prepare(m, "SELECT count(*) FROM statement WHERE state = 0", &s);
        if (e)
                return e;
        if (sqlite3_step(s) == SQLITE_ROW)
                *out = (uint64_t)sqlite3_column_int64(s, 0);
        else
                e = db_error(m);
        (void)sqlite3_finalize(s);
        return e;
}

enum err memory_texts(struct memory *m, uint64_t n, struct buf *out_jws, struct buf *out_disclosures)
{
        sqlite3_stmt *s = NULL;
        enum err e = prepare(m, "SELECT jws, disclosures FROM statement WHERE n = ?1", &s);
        if (e)
                return e;
        (void)sqlite3_bind_int64(s, 1, (sqlite3_int64)n);
        if (sqlite3_step(s) != SQLITE_ROW) {
                e = ERR_ABSENT;
        } else {
                buf_put(out_jws, column_bytes(s, 0));
                e = column_sealed(m, s, 1, out_disclosures);
        }
        (void)sqlite3_finalize(s);
        return e ? e : buf_check(out_jws);
}

enum err memory_accept(struct memory *m, uint64_t n, uint64_t seq, enum verdict verdict, bool keep)
{
        sqlite3_stmt *s = NULL;
        enum err e = prepare(m,
                             "UPDATE statement SET state = 1, seq = ?2, verdict = ?3,"
                             " disclosures = CASE WHEN ?4 THEN disclosures ELSE NULL END WHERE n = ?1",
                             &s);
        if (e)
                return e;
        (void)sqlite3_bind_int64(s, 1, (sqlite3_int64)n);
        (void)sqlite3_bind_int64(s, 2, (sqlite3_int64)seq);
        (void)sqlite3_bind_int(s, 3, (int)verdict);
        (void)sqlite3_bind_int(s, 4, keep);
        return done_with(m, s);
}

/* A statement over one number or two. */
static enum err numbers(struct memory *m, const char *sql, uint64_t one, uint64_t two)
{
        sqlite3_stmt *s = NULL;
        enum err e = prepare(m, sql, &s);
        if (e)
                return e;
        (void)sqlite3_bind_int64(s, 1, (sqlite3_int64)one);
        (void)sqlite3_bind_int64(s, 2, (sqlite3_int64)two);
        return done_with(m, s);
}

enum err memory_put_lane(struct memory *m, uint64_t n, enum lane lane)
{
        return numbers(m, "INSERT OR REPLACE INTO lane(n, lane) VALUES(?1, ?2)", n, (uint64_t)lane);
}

enum err memory_lane(struct memory *m, uint64_t n, enum lane *out)
{
        sqlite3_stmt *s = NULL;
        enum err e = prepare(m, "SELECT lane FROM lane WHERE n = ?1", &s);
        if (e)
                return e;
        (void)sqlite3_bind_int64(s, 1, (sqlite3_int64)n);
        int rc = sqlite3_step(s), lane = rc == SQLITE_ROW ? sqlite3_column_int(s, 0) : LANE_QUICK;
        if (rc != SQLITE_ROW && rc != SQLITE_DONE)
                e = db_error(m);
        else
                *out = lane > LANE_QUICK && lane < LANE_COUNT ? (enum lane)lane : LANE_QUICK;
        (void)sqlite3_finalize(s);
        return e;
}

enum err memory_refuse(struct memory *m, uint64_t n, const char *code, struct bytes jws)
{
        sqlite3_stmt *s = NULL;
        enum err e = prepare(m, "INSERT INTO refused(n, code, jws) VALUES(?1, ?2, ?3)", &s);
        if (e)
                return e;
        (void)sqlite3_bind_int64(s, 1, (sqlite3_int64)n);
        (void)sqlite3_bind_text(s, 2, code, -1, SQLITE_TRANSIENT);
        bind_bytes(s, 3, jws);
        if ((e = done_with(m, s)) ||
            (e = numbers(
                 m, "DELETE FROM operation WHERE st = (SELECT st FROM statement WHERE n = ?1 AND state = 0)",
                 n, 0)) ||
            (e = numbers(m, "DELETE FROM statement WHERE n = ?1 AND state = 0", n, 0)))
                return e;
        /* the number will be another statement's, which nobody has closed */
        return numbers(m, "UPDATE statement SET closes = ?2 WHERE closes = ?1", n, 0);
}

enum err memory_replace(struct memory *m, uint64_t old_n, uint64_t n, const struct hash *st, struct bytes jws)
{
        sqlite3_stmt *s = NULL;
        enum err e = prepare(
            m,
            "UPDATE operation SET st = ?2 WHERE st = (SELECT st FROM statement WHERE n = ?1 AND state = 0)",
            &s);
        if (e)
                return e;
        (void)sqlite3_bind_int64(s, 1, (sqlite3_int64)old_n);
        bind_bytes(s, 2, hash_bytes(st));
        if ((e = done_with(m, s)) ||
            (e = prepare(m, "UPDATE statement SET n = ?2, st = ?3, jws = ?4 WHERE n = ?1 AND state = 0", &s)))
                return e;
        (void)sqlite3_bind_int64(s, 1, (sqlite3_int64)old_n);
        (void)sqlite3_bind_int64(s, 2, (sqlite3_int64)n);
        bind_bytes(s, 3, hash_bytes(st));
        bind_bytes(s, 4, jws);
        if ((e = done_with(m, s)))
                return e;
        return numbers(m, "UPDATE statement SET closes = ?2 WHERE closes = ?1", old_n, n);
}

/* Refused ones are not open: there is nothing to close. */
enum err memory_open_intents(struct memory *m, struct memory_row *out, size_t max, size_t *out_n)
{
        sqlite3_stmt *s = NULL;
        size_t n = 0;
        int rc = SQLITE_DONE;
        enum err e =
            prepare(m,
                    "SELECT " ROW_COLUMNS " FROM statement i WHERE kind = 'enquiry.intent' AND verdict <> 2"
                    " AND NOT EXISTS (SELECT 1 FROM statement a WHERE a.closes = i.n) ORDER BY n DESC",
                    &s);
        while (!e && n < max && (rc = sqlite3_step(s)) == SQLITE_ROW)
                if (!(e = read_row(m, s, &out[n])))
                        n++;
        if (!e && rc != SQLITE_DONE && rc != SQLITE_ROW)
                e = db_error(m);
        (void)sqlite3_finalize(s);
        *out_n = n;
        return e;
}

static enum err name_tag(struct memory *m, const char *name, uint8_t out[NAME_TAG_LEN])
{
        const struct bytes part[2] = {bytes_text("operation:"), bytes_text(name)};
        return seal_tag(secret_bytes(&m->key), 2, part, out, NAME_TAG_LEN);
}

enum err memory_put_operation(struct memory *m, const char *name, const struct hash *st, struct bytes texts,
                              bool in_use)
{
        uint8_t tag[NAME_TAG_LEN];
        sqlite3_stmt *s = NULL;
        enum err e = name_tag(m, name, tag);
        if (e || (in_use && (e = run(m, "UPDATE operation SET in_use = 0"))))
                return e;
        if ((e = prepare(m,
                         "INSERT INTO operation(tag, name, st, fields, in_use) VALUES(?1, ?2, ?3, ?4, ?5)"
                         " ON CONFLICT(tag) DO UPDATE SET st = ?3, fields = ?4, in_use = max(in_use, ?5)",
                         &s)))
                return e;
        bind_bytes(s, 1, bytes_of(tag, sizeof tag));
        bind_bytes(s, 3, hash_bytes(st));
        (void)sqlite3_bind_int(s, 5, in_use);
        if ((e = bind_sealed(m, s, 2, bytes_text(name))) || (e = bind_sealed(m, s, 4, texts))) {
                (void)sqlite3_finalize(s);
                return e;
        }
        return done_with(m, s);
}

enum err memory_operation(struct memory *m, const char *name, struct hash *out_st, struct buf *out_fields)
{
        uint8_t tag[NAME_TAG_LEN];
        sqlite3_stmt *s = NULL;
        enum err e = name_tag(m, name, tag);
        if (e || (e = prepare(m, "SELECT st, fields FROM operation WHERE tag = ?1", &s)))
                return e;
        bind_bytes(s, 1, bytes_of(tag, sizeof tag));
        int rc = sqlite3_step(s);
        if (rc == SQLITE_ROW) {
                struct bytes st = column_bytes(s, 0);
                if (st.n == HASH_LEN)
                        memcpy(out_st->b, st.at, HASH_LEN);
                e = st.n == HASH_LEN ? column_sealed(m, s, 1, out_fields) : ERR_DB;
        } else {
                e = rc == SQLITE_DONE ? ERR_ABSENT : db_error(m);
        }
        (void)sqlite3_finalize(s);
        return e;
}

enum err memory_operation_in_use(struct memory *m, struct buf *out_name)
{
        sqlite3_stmt *s = NULL;
        enum err e = prepare(m, "SELECT name FROM operation WHERE in_use = 1 LIMIT 1", &s);
        if (e)
                return e;
        int rc = sqlite3_step(s);
        e = rc == SQLITE_ROW    ? column_sealed(m, s, 0, out_name)
            : rc == SQLITE_DONE ? ERR_ABSENT
                                : db_error(m);
        (void)sqlite3_finalize(s);
        return e;
}

enum err memory_drop_operation(struct memory *m, const char *name)
{
        uint8_t tag[NAME_TAG_LEN];
        sqlite3_stmt *s = NULL;
        enum err e = name_tag(m, name, tag);
        if (e || (e = prepare(m, "DELETE FROM operation WHERE tag = ?1", &s)))
                return e;
        bind_bytes(s, 1, bytes_of(tag, sizeof tag));
        return done_with(m, s);
}
