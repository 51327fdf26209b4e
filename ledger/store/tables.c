#include "ledger/store/tables.h"

#include <stdio.h>

#include "ledger/store/store.h"

#define APPLICATION_ID 0x454e5144 /* "ENQD" */

/* schema/ledger.sql without its comments. */
/* clang-format off */
static const char spine_sql[] =
        "CREATE TABLE entry (\n"
        "        seq INTEGER PRIMARY KEY,\n"
        "        leaf BLOB NOT NULL,\n"
        "        hash BLOB NOT NULL CHECK (length(hash) = 32)\n"
        ") STRICT;\n"
        "CREATE TABLE tile_root (\n"
        "        level INTEGER NOT NULL,\n"
        "        idx INTEGER NOT NULL,\n"
        "        hash BLOB NOT NULL CHECK (length(hash) = 32),\n"
        "        PRIMARY KEY (level, idx)\n"
        ") STRICT, WITHOUT ROWID;\n"
        "CREATE TABLE annex (\n"
        "        hash BLOB PRIMARY KEY NOT NULL CHECK (length(hash) = 32),\n"
        "        bytes BLOB NOT NULL\n"
        ") STRICT;\n"
        "CREATE TABLE checkpoint (\n"
        "        size INTEGER PRIMARY KEY,\n"
        "        note BLOB NOT NULL,\n"
        "        kept_at INTEGER\n"
        ") STRICT;\n"
        "CREATE INDEX checkpoint_kept ON checkpoint (kept_at);\n"
        "CREATE TABLE cosignature (\n"
        "        size INTEGER NOT NULL,\n"
        "        line TEXT NOT NULL,\n"
        "        PRIMARY KEY (size, line)\n"
        ") STRICT, WITHOUT ROWID;\n";

static const char guards_sql[] =
        "CREATE TRIGGER entry_append BEFORE INSERT ON entry\n"
        "WHEN NEW.seq IS NOT (SELECT ifnull(max(seq), -1) + 1 FROM entry)\n"
        "BEGIN SELECT RAISE(ABORT, 'entry: not the next seq'); END;\n"
        "CREATE TRIGGER entry_update BEFORE UPDATE ON entry\n"
        "BEGIN SELECT RAISE(ABORT, 'entry: append only'); END;\n"
        "CREATE TRIGGER entry_delete BEFORE DELETE ON entry\n"
        "BEGIN SELECT RAISE(ABORT, 'entry: append only'); END;\n"
        "CREATE TRIGGER tile_root_append BEFORE INSERT ON tile_root\n"
        "WHEN EXISTS (SELECT 1 FROM tile_root WHERE level = NEW.level AND idx = NEW.idx)\n"
        "BEGIN SELECT RAISE(ABORT, 'tile_root: append only'); END;\n"
        "CREATE TRIGGER tile_root_update BEFORE UPDATE ON tile_root\n"
        "BEGIN SELECT RAISE(ABORT, 'tile_root: append only'); END;\n"
        "CREATE TRIGGER tile_root_delete BEFORE DELETE ON tile_root\n"
        "BEGIN SELECT RAISE(ABORT, 'tile_root: append only'); END;\n"
        "CREATE TRIGGER annex_append BEFORE INSERT ON annex\n"
        "WHEN EXISTS (SELECT 1 FROM annex WHERE hash = NEW.hash OR rowid = NEW.rowid)\n"
        "BEGIN SELECT RAISE(ABORT, 'annex: append only'); END;\n"
        "CREATE TRIGGER annex_update BEFORE UPDATE ON annex\n"
        "BEGIN SELECT RAISE(ABORT, 'annex: append only'); END;\n"
        "CREATE TRIGGER annex_delete BEFORE DELETE ON annex\n"
        "BEGIN SELECT RAISE(ABORT, 'annex: append only'); END;\n";

static const char content_sql[] =
        "CREATE TABLE content (\n"
        "        seq INTEGER NOT NULL,\n"
        "        part INTEGER NOT NULL,\n"
        "        sealed BLOB NOT NULL,\n"
        "        PRIMARY KEY (seq, part)\n"
        ") STRICT, WITHOUT ROWID;\n"
        "CREATE TABLE content_key (\n"
        "        seq INTEGER PRIMARY KEY,\n"
        "        wrapped BLOB NOT NULL\n"
        ") STRICT;\n"
        "CREATE TABLE because (\n"
        "        seq INTEGER PRIMARY KEY,\n"
        "        sealed BLOB NOT NULL\n"
        ") STRICT;\n"
        "CREATE TABLE residue (\n"
        "        seq INTEGER PRIMARY KEY,\n"
        "        sealed BLOB NOT NULL\n"
        ") STRICT;\n"
        "CREATE TABLE subject_index (\n"
        "        tag BLOB NOT NULL,\n"
        "        at_us INTEGER NOT NULL,\n"
        "        seq INTEGER NOT NULL,\n"
        "        member INTEGER NOT NULL,\n"
        "        operation BLOB,\n"
        "        look INTEGER,\n"
        "        intended INTEGER NOT NULL,\n"
        "        captured INTEGER NOT NULL,\n"
        "        immediate INTEGER NOT NULL,\n"
        "        PRIMARY KEY (tag, at_us, seq)\n"
        ") STRICT, WITHOUT ROWID;\n"
        "CREATE TABLE tie (\n"
        "        tag BLOB NOT NULL,\n"
        "        place INTEGER NOT NULL,\n"
        "        other BLOB NOT NULL,\n"
        "        seq INTEGER NOT NULL,\n"
        "        same INTEGER NOT NULL,\n"
        "        PRIMARY KEY (tag, place)\n"
        ") STRICT, WITHOUT ROWID;\n"
        "CREATE UNIQUE INDEX tie_pair ON tie (tag, other);\n"
        "CREATE TABLE sketch (\n"
        "        member INTEGER NOT NULL,\n"
        "        seq INTEGER NOT NULL,\n"
        "        at_us INTEGER NOT NULL,\n"
        "        likeness INTEGER NOT NULL,\n"
        "        sealed BLOB NOT NULL,\n"
        "        PRIMARY KEY (member, seq)\n"
        ") STRICT, WITHOUT ROWID;\n"
        "CREATE TABLE told (\n"
        "        at_us INTEGER NOT NULL,\n"
        "        seq INTEGER NOT NULL,\n"
        "        rule TEXT NOT NULL,\n"
        "        roles INTEGER NOT NULL,\n"
        "        PRIMARY KEY (at_us, seq, rule)\n"
        ") STRICT, WITHOUT ROWID;\n"
        "CREATE TABLE statement_index (\n"
        "        st INTEGER NOT NULL,\n"
        "        seq INTEGER NOT NULL,\n"
        "        PRIMARY KEY (st, seq)\n"
        ") STRICT, WITHOUT ROWID;\n"
        "CREATE TABLE key_index (\n"
        "        key INTEGER NOT NULL,\n"
        "        n INTEGER NOT NULL,\n"
        "        seq INTEGER NOT NULL,\n"
        "        PRIMARY KEY (key, n)\n"
        ") STRICT, WITHOUT ROWID;\n"
        "CREATE TABLE item (\n"
        "        seq INTEGER PRIMARY KEY,\n"
        "        kind INTEGER NOT NULL,\n"
        "        act INTEGER NOT NULL,\n"
        "        verdict INTEGER NOT NULL,\n"
        "        lane INTEGER NOT NULL,\n"
        "        at_us INTEGER NOT NULL,\n"
        "        member INTEGER NOT NULL,\n"
        "        key INTEGER NOT NULL,\n"
        "        n INTEGER NOT NULL,\n"
        "        unit TEXT NOT NULL,\n"
        "        decided INTEGER NOT NULL,\n"
        "        decided_by INTEGER,\n"
        "        closed_by INTEGER,\n"
        "        target INTEGER,\n"
        "        operation BLOB,\n"
        "        subject BLOB,\n"
        "        urgent INTEGER NOT NULL\n"
        ") STRICT;\n"
        "CREATE INDEX item_waiting ON item (seq) WHERE decided = 1;\n"
        "CREATE INDEX item_open ON item (member, seq)\n"
        "WHERE closed_by IS NULL AND (kind = 6 OR kind = 3 AND act = 8);\n"
        "CREATE INDEX item_member ON item (member, seq);\n"
        "CREATE INDEX item_target ON item (target, seq) WHERE target IS NOT NULL;\n"
        "CREATE INDEX item_operation ON item (operation, seq) WHERE operation IS NOT NULL;\n"
        "CREATE INDEX item_named ON item (operation, seq) WHERE operation IS NOT NULL AND kind = 3;\n"
        "CREATE INDEX item_rare ON item (seq) WHERE kind NOT IN (6, 7, 16);\n"
        "CREATE INDEX item_intent ON item (member, at_us) WHERE kind = 6;\n"
        "CREATE INDEX item_late ON item (member, at_us)\n"
        "WHERE kind = 6 AND closed_by IS NULL AND verdict <> 2 AND (decided = 0 OR decided = 2);\n";
/* clang-format on */

static const struct {
        const char *name, *columns;
        bool content;
} readable[] = {
    {"entry", "seq,leaf,hash", false},
    {"tile_root", "level,idx,hash", false},
    {"annex", "hash,bytes", false},
    {"checkpoint", "size,note,kept_at", false},
    {"cosignature", "size,line", false},
    {"content", "seq,part,sealed", true},
    {"content_key", "seq,wrapped", true},
    {"because", "seq,sealed", true},
    {"residue", "seq,sealed", true},
    {"subject_index", "tag,at_us,seq,member,operation,look,intended,captured,immediate", true},
    {"tie", "tag,place,other,seq,same", true},
    {"sketch", "member,seq,at_us,likeness,sealed", true},
    {"told", "at_us,seq,rule,roles", true},
    {"statement_index", "st,seq", true},
    {"key_index", "key,n,seq", true},
    {"item",
     "seq,kind,act,verdict,lane,at_us,member,key,n,unit,decided,decided_by,closed_by,target,operation,"
     "subject,urgent",
     true},
};

static enum err make_all(sqlite3 *db, enum tables which)
{
        enum err e = database_run(db, spine_sql);
        if (e || which == TABLES_SPINE)
                return e;
        if ((e = database_run(db, guards_sql)))
                return e;
        return database_run(db, content_sql);
}

enum err tables_make(sqlite3 *db, enum tables which)
{
        char mark[96];
        enum err e;
        (void)snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %d",
                       APPLICATION_ID, STORE_FORMAT);
        if ((e = database_run(db, "BEGIN IMMEDIATE")) || (e = make_all(db, which)) ||
            (e = database_run(db, mark)))
                return e;
        return database_run(db, "COMMIT");
}

enum err tables_check_mark(sqlite3 *db)
{
        int64_t application = 0, version = 0;
        enum err e;
        if ((e = database_number(db, "PRAGMA application_id", &application)) ||
            (e = database_number(db, "PRAGMA user_version", &version)))
                return e;
        if (application != APPLICATION_ID || version < 1)
                return ERR_NOT_LEDGER;
        return version > STORE_FORMAT ? ERR_LEDGER_VERSION : OK;
}

/* Steps both; *out_same is false once they differ. */
static enum err compare_row(sqlite3_stmt *a, sqlite3_stmt *b, bool *out_same, bool *out_done)
{
        int ra = sqlite3_step(a), rb = sqlite3_step(b);
        enum err e;
        if ((e = database_error(sqlite3_db_handle(a), ra)) || (e = database_error(sqlite3_db_handle(b), rb)))
                return e;
        *out_same = ra == rb;
        *out_done = ra != SQLITE_ROW || rb != SQLITE_ROW;
        for (int i = 0; i < 3 && !*out_done && *out_same; i++) {
                const unsigned char *ta = sqlite3_column_text(a, i), *tb = sqlite3_column_text(b, i);
                *out_same =
                    ta == tb || (ta != NULL && tb != NULL && strcmp((const char *)ta, (const char *)tb) == 0);
        }
        return OK;
}

enum err tables_check_exact(sqlite3 *db, enum tables which)
{
        static const char sql[] = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name";
        sqlite3 *model = NULL;
        sqlite3_stmt *there = NULL, *wanted = NULL;
        bool same = true, finished = false;
        enum err e;

        int rc = sqlite3_open(":memory:", &model);
        if ((e = database_error(model, rc)) || (e = make_all(model, which)) ||
            (e = database_error(model, sqlite3_prepare_v2(model, sql, -1, &wanted, NULL))) ||
            (e = database_error(db, sqlite3_prepare_v2(db, sql, -1, &there, NULL))))
                goto done;
        while (same && !finished)
                if ((e = compare_row(there, wanted, &same, &finished)))
                        goto done;
        e = same ? OK : ERR_NOT_LEDGER;
done:
        (void)sqlite3_finalize(there);
        (void)sqlite3_finalize(wanted);
        (void)sqlite3_close(model);
        return e;
}

/* Row: whether it is a plain table, and its columns, a hidden or generated one with a `?` behind it. */
static enum err check_table(sqlite3 *db, const char *name, const char *columns, bool *out_there)
{
        static const char sql[] =
            "SELECT (SELECT count(*) FROM sqlite_schema WHERE lower(name) = ?1 AND type = 'table' AND "
            "rootpage > 0),"
            " (SELECT count(*) FROM sqlite_schema WHERE lower(name) = ?1),"
            " (SELECT group_concat(name || iif(hidden, '?', '')) FROM pragma_table_xinfo(?1))";
        sqlite3_stmt *statement = NULL;
        enum err e;

        if ((e = database_error(db, sqlite3_prepare_v2(db, sql, -1, &statement, NULL))) ||
            (e = database_error(db, sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC))))
                goto done;
        int rc = sqlite3_step(statement);
        if (rc != SQLITE_ROW) {
                e = rc == SQLITE_DONE ? ERR_NOT_LEDGER : database_error(db, rc);
                goto done;
        }
        const unsigned char *found = sqlite3_column_text(statement, 2);
        if (sqlite3_column_int(statement, 1) == 0)
                *out_there = false;
        else if (sqlite3_column_int(statement, 0) != 1 || found == NULL ||
                 strcmp((const char *)found, columns) != 0)
                e = ERR_NOT_LEDGER;
        else
                *out_there = true;
done:
        (void)sqlite3_finalize(statement);
        return e;
}

enum err tables_check_readable(sqlite3 *db, bool *out_content)
{
        size_t missing = 0, content = 0;
        for (size_t i = 0; i < sizeof readable / sizeof *readable; i++) {
                bool there = false;
                enum err e = check_table(db, readable[i].name, readable[i].columns, &there);
                if (e)
                        return e;
                if (!there && !readable[i].content)
                        return ERR_NOT_LEDGER;
                content += readable[i].content;
                missing += !there;
        }
        if (missing != 0 && missing != content)
                return ERR_NOT_LEDGER;
        *out_content = missing == 0;
        return OK;
}
