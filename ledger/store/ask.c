#include "ledger/store/ask.h"

#include "ledger/record/roster.h"
#include "ledger/store/item.h"

/* What comes from the spine is read NOT INDEXED: an index that somebody put into a copy is not part of the
 * ledger. */
static const char *const texts[ASK_COUNT] = {
    [ASK_BEGIN] = "BEGIN IMMEDIATE",
    [ASK_SNAPSHOT] = "BEGIN DEFERRED",
    [ASK_COMMIT] = "COMMIT",
    [ASK_ROLLBACK] = "ROLLBACK",
    [ASK_LAST_SEQ] = "SELECT max(seq) FROM entry NOT INDEXED",
    [ASK_LEAF] = "SELECT leaf FROM entry NOT INDEXED WHERE seq = ?1",
    [ASK_LEAF_HASHES] = "SELECT seq, hash FROM entry NOT INDEXED WHERE seq >= ?1 AND seq < ?2 ORDER BY seq",
    [ASK_TILE_HASHES] =
        "SELECT idx, hash FROM tile_root WHERE idx >= ?1 AND idx < ?2 AND level = ?3 ORDER BY idx",
    [ASK_TILE_ROOTS] = "SELECT level, idx, hash FROM tile_root ORDER BY level, idx",
    [ASK_CHECKPOINTS] = "SELECT size, note FROM checkpoint NOT INDEXED ORDER BY size",
    [ASK_LAST_CHECKPOINT] = "SELECT note FROM checkpoint NOT INDEXED ORDER BY size DESC LIMIT 1",
    [ASK_ANNEX] = "SELECT bytes FROM annex WHERE hash = ?1",
    [ASK_ANNEXES] = "SELECT hash, bytes FROM annex NOT INDEXED ORDER BY rowid",
    [ASK_CONTENT] = "SELECT content_key.wrapped, content.part, content.sealed"
                    " FROM content_key CROSS JOIN content ON content.seq = content_key.seq"
                    " WHERE content_key.seq = ?1 ORDER BY content.part",
    [ASK_RESIDUE] = "SELECT sealed FROM residue WHERE seq = ?1",
    [ASK_BECAUSE] = "SELECT sealed FROM because WHERE seq = ?1",
    [ASK_STATEMENT] = "SELECT seq FROM statement_index WHERE st = ?1 ORDER BY seq",
    [ASK_KEY_N] = "SELECT seq FROM key_index WHERE key = ?1 AND n = ?2",
    [ASK_ITEM] = "SELECT " ITEM_COLUMNS " FROM item WHERE seq = ?1",
    [ASK_ABOUT] = "SELECT " ITEM_COLUMNS " FROM item WHERE target = ?1 ORDER BY seq LIMIT ?2",
    [ASK_INTENTS_SINCE] = "SELECT count(*) FROM (SELECT 1 FROM item INDEXED BY item_intent"
                          " WHERE member = ?1 AND at_us >= ?2 AND kind = 6 LIMIT ?3)",
    [ASK_INTENTS_OPEN] = "SELECT count(*) FROM (SELECT 1 FROM item INDEXED BY item_late"
                         " WHERE member = ?1 AND at_us < ?2 AND kind = 6 AND closed_by IS NULL"
                         " AND verdict <> 2 AND (decided = 0 OR decided = 2) LIMIT ?3)",
    [ASK_VIEWS] = "SELECT seq, at_us, member, operation, look, intended, captured, immediate"
                  " FROM subject_index WHERE tag = ?1 AND at_us BETWEEN ?2 AND ?3 AND look IS NOT NULL"
                  " ORDER BY at_us DESC, seq DESC LIMIT ?4",
    [ASK_TIED] = "SELECT other FROM tie WHERE tag = ?1 AND same = 1 ORDER BY place LIMIT ?2",
    [ASK_TIE] = "SELECT seq FROM tie WHERE tag = ?1 AND other = ?2 AND same = 1",
    [ASK_SKETCHES] = "SELECT seq, at_us, likeness, sealed FROM sketch WHERE member = ?1"
                     " ORDER BY seq DESC LIMIT ?2",
    [ASK_TOLD] = "SELECT seq, rule FROM told WHERE at_us >= ?1 AND (roles & ?2) <> 0"
                 " ORDER BY at_us DESC, seq DESC, rule LIMIT ?3",
    [ASK_PUT_ENTRY] = "INSERT INTO entry (seq, leaf, hash) VALUES (?1, ?2, ?3)",
    [ASK_PUT_TILE_ROOT] = "INSERT INTO tile_root (level, idx, hash) VALUES (?1, ?2, ?3)",
    [ASK_PUT_CHECKPOINT] = "INSERT OR IGNORE INTO checkpoint (size, note) VALUES (?1, ?2)",
    [ASK_STAMP_CHECKPOINTS] = "UPDATE checkpoint SET kept_at = ?1 WHERE kept_at IS NULL",
    [ASK_THIN_CHECKPOINTS] =
        "DELETE FROM checkpoint WHERE kept_at >= ?1 AND kept_at < ?2"
        " AND size < (SELECT max(size) FROM checkpoint WHERE kept_at >= ?1 AND kept_at < ?2)"
        " AND NOT EXISTS (SELECT 1 FROM cosignature WHERE cosignature.size = checkpoint.size)",
    [ASK_PUT_ANNEX] = "INSERT INTO annex (hash, bytes) VALUES (?1, ?2)",
    [ASK_PUT_CONTENT] = "INSERT INTO content (seq, part, sealed) VALUES (?1, ?2, ?3)",
    [ASK_PUT_CONTENT_KEY] = "INSERT INTO content_key (seq, wrapped) VALUES (?1, ?2)",
    [ASK_PUT_RESIDUE] = "INSERT INTO residue (seq, sealed) VALUES (?1, ?2)",
    [ASK_PUT_BECAUSE] = "INSERT INTO because (seq, sealed) VALUES (?1, ?2)",
    [ASK_PUT_SUBJECT] = "INSERT INTO subject_index"
                        " (tag, at_us, seq, member, operation, look, intended, captured, immediate)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [ASK_PUT_TIE] = "INSERT INTO tie (tag, place, other, seq, same)"
                    " VALUES (?1, (SELECT ifnull(max(place), -1) + 1 FROM tie WHERE tag = ?1), ?2, ?3, ?4)"
                    " ON CONFLICT (tag, other) DO UPDATE SET seq = excluded.seq, same = excluded.same"
                    " WHERE same <> excluded.same",
    [ASK_PUT_SKETCH] =
        "INSERT INTO sketch (member, seq, at_us, likeness, sealed) VALUES (?1, ?2, ?3, ?4, ?5)",
    [ASK_PUT_TOLD] = "INSERT INTO told (at_us, seq, rule, roles) VALUES (?1, ?2, ?3, ?4)",
    [ASK_PUT_STATEMENT] = "INSERT INTO statement_index (st, seq) VALUES (?1, ?2)",
    [ASK_PUT_KEY_N] = "INSERT INTO key_index (key, n, seq) VALUES (?1, ?2, ?3)",
    [ASK_PUT_ITEM] = "INSERT INTO item (" ITEM_COLUMNS ")"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    [ASK_SET_DECIDED] = "UPDATE item SET decided = ?1, decided_by = ?2 WHERE seq = ?3",
    [ASK_SET_CLOSED] = "UPDATE item SET closed_by = ?1 WHERE seq = ?2",
};

void ask_clear(struct ask_kept *kept)
{
        for (size_t i = 0; i < ASK_COUNT; i++) {
                (void)sqlite3_finalize(kept->at[i]);
                kept->at[i] = NULL;
        }
}

struct ask ask_open_text(sqlite3 *db, sqlite3_stmt **slot, const char *sql)
{
        struct ask a = {.next = 1};
        if (*slot == NULL)
                a.failed = database_error(
                    db, sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, slot, NULL));
        a.at = *slot;
        return a;
}

struct ask ask_open(sqlite3 *db, struct ask_kept *kept, enum ask_name name)
{
        return ask_open_text(db, &kept->at[name], texts[name]);
}

static void note(struct ask *a, int rc)
{
        if (rc != SQLITE_OK)
                a->failed = database_error(sqlite3_db_handle(a->at), rc);
        a->next++;
}

void ask_put_int(struct ask *a, int64_t v)
{
        if (!a->failed)
                note(a, sqlite3_bind_int64(a->at, a->next, v));
}

void ask_put_u64(struct ask *a, uint64_t v)
{
        if (!a->failed && v > INT64_MAX)
                a->failed = ERR_TOO_LONG;
        ask_put_int(a, (int64_t)v);
}

void ask_put_seq(struct ask *a, uint64_t v)
{
        if (v == SEQ_NONE)
                ask_put_null(a);
        else
                ask_put_u64(a, v);
}

void ask_put_upto(struct ask *a, uint64_t v)
{
        ask_put_int(a, v > INT64_MAX ? INT64_MAX : (int64_t)v);
}

void ask_put_bytes(struct ask *a, struct bytes v)
{
        /* A NULL pointer would bind NULL. */
        if (!a->failed)
                note(a, sqlite3_bind_blob64(a->at, a->next, v.n == 0 ? "" : (const void *)v.at, v.n,
                                            SQLITE_STATIC));
}

void ask_put_text(struct ask *a, const char *v)
{
        if (!a->failed)
                note(a, sqlite3_bind_text(a->at, a->next, v, -1, SQLITE_STATIC));
}

void ask_put_null(struct ask *a)
{
        if (!a->failed)
                note(a, sqlite3_bind_null(a->at, a->next));
}

enum err ask_row(struct ask *a, bool *out_there)
{
        if (a->failed)
                return a->failed;
        int rc = sqlite3_step(a->at);
        if ((a->failed = database_error(sqlite3_db_handle(a->at), rc)))
                return a->failed;
        *out_there = rc == SQLITE_ROW;
        return OK;
}

enum err ask_run(struct ask *a)
{
        bool there = false;
        enum err e = ask_row(a, &there);
        return e == OK && there ? ERR_BUG : e;
}

void ask_close(struct ask *a)
{
        if (a->at != NULL) {
                (void)sqlite3_reset(a->at);
                (void)sqlite3_clear_bindings(a->at);
        }
        a->at = NULL;
}

struct bytes ask_bytes(const struct ask *a, int column)
{
        const void *at = sqlite3_column_blob(a->at, column);
        return bytes_of(at, at == NULL ? 0 : (size_t)sqlite3_column_bytes(a->at, column));
}

int64_t ask_int(const struct ask *a, int column)
{
        return sqlite3_column_int64(a->at, column);
}

bool ask_is_null(const struct ask *a, int column)
{
        return sqlite3_column_type(a->at, column) == SQLITE_NULL;
}
