/* What must be refused: by the triggers, whatever connection asks, and by the authorizer of the writing
 * connection. */
#include "ledger/store/guard.h"
#include "tests/ledger/store/fixture.h"

static void fill(struct fixture *f)
{
        const struct tile_root row = {.level = 1};
        struct hash hash;
        fixture_append(f, 3);
        assert_int_equal(hash_of(bytes_text("pack"), &hash), OK);
        assert_int_equal(store_begin(f->store), OK);
        assert_int_equal(store_put_tile_root(f->store, &row), OK);
        assert_int_equal(store_put_annex(f->store, &hash, bytes_text("pack")), OK);
        assert_int_equal(store_put_checkpoint(f->store, 3, bytes_text("note")), OK);
        assert_int_equal(store_commit(f->store), OK);
        store_close(f->store);
        f->store = NULL;
}

/* Each would change or remove what is there, or leave a gap. */
static const char *const attacks[] = {
    "UPDATE entry SET leaf = x'00' WHERE seq = 1",
    "UPDATE entry SET seq = 9 WHERE seq = 2",
    "UPDATE OR REPLACE entry SET seq = 1 WHERE seq = 2",
    "UPDATE OR IGNORE entry SET hash = zeroblob(32) WHERE seq = 2",
    "DELETE FROM entry",
    "DELETE FROM entry WHERE seq = 2",
    "INSERT INTO entry VALUES (1, x'00', zeroblob(32))",
    "INSERT OR REPLACE INTO entry VALUES (1, x'00', zeroblob(32))",
    "REPLACE INTO entry VALUES (2, x'00', zeroblob(32))",
    "INSERT INTO entry VALUES (2, x'00', zeroblob(32)) ON CONFLICT DO UPDATE SET leaf = x'00'",
    "INSERT INTO entry VALUES (4, x'00', zeroblob(32))",
    "INSERT INTO entry VALUES (-1, x'00', zeroblob(32))",
    "INSERT INTO entry VALUES (NULL, x'00', zeroblob(32))",
    "INSERT INTO entry (leaf, hash) VALUES (x'00', zeroblob(32))",
    "INSERT INTO entry VALUES (3, x'00', zeroblob(31))",
    "INSERT INTO entry VALUES (3, NULL, zeroblob(32))",
    "INSERT INTO entry VALUES (3, 'text', zeroblob(32))",
    "UPDATE tile_root SET hash = zeroblob(32)",
    "DELETE FROM tile_root",
    "REPLACE INTO tile_root VALUES (1, 0, zeroblob(32))",
    "UPDATE annex SET bytes = x'00'",
    "DELETE FROM annex",
    "REPLACE INTO annex SELECT hash, x'00' FROM annex",
    "REPLACE INTO annex (rowid, hash, bytes) VALUES (1, zeroblob(32), x'00')",
};

static void triggers_hold_on_any_connection(void **state)
{
        struct fixture *f = *state;
        static const char *const settings[] = {"PRAGMA recursive_triggers = OFF",
                                               "PRAGMA recursive_triggers = ON", "PRAGMA foreign_keys = ON"};
        fill(f);
        for (size_t s = 0; s < sizeof settings / sizeof *settings; s++) {
                sqlite3 *db = fixture_raw(f->path);
                fixture_run(db, settings[s]);
                for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++)
                        if ((sqlite3_exec(db, attacks[i], NULL, NULL, NULL) & 0xff) != SQLITE_CONSTRAINT)
                                fail_msg("%s: %s", attacks[i], sqlite3_errmsg(db));
                assert_int_equal(sqlite3_total_changes(db), 0);
                fixture_run(db, "INSERT INTO entry VALUES (3, x'00', zeroblob(32))");
                fixture_run(db, "DROP TRIGGER entry_delete; DELETE FROM entry WHERE seq = 3");
                fixture_run(db, "CREATE TRIGGER entry_delete BEFORE DELETE ON entry\n"
                                "BEGIN SELECT RAISE(ABORT, 'entry: append only'); END");
                (void)sqlite3_close(db);
        }
        assert_int_equal(store_open(f->path, STORE_WRITE, f->keys, &f->store, NULL), OK);
        assert_int_equal(fixture_size(f->store), 3);
}

static int code_of(sqlite3 *db, const char *sql)
{
        sqlite3_stmt *statement = NULL;
        int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
        (void)sqlite3_finalize(statement);
        return rc;
}

static void the_authorizer_denies_all_but_the_store_s_own(void **state)
{
        struct fixture *f = *state;
        static const char *const more[] = {
            "DROP TABLE entry",
            "DROP TRIGGER entry_update",
            "DROP INDEX item_open",
            "ALTER TABLE entry RENAME TO old",
            "ALTER TABLE entry ADD COLUMN x",
            "ATTACH ':memory:' AS other",
            "DETACH other",
            "CREATE TABLE t (a)",
            "CREATE TEMP TABLE entry (a)",
            "CREATE TEMP TRIGGER t BEFORE INSERT ON entry BEGIN SELECT 1; END",
            "CREATE VIEW v AS SELECT 1",
            "CREATE VIRTUAL TABLE v USING fts5(a)",
            "CREATE INDEX i ON entry (hash)",
            "REINDEX item",
            "ANALYZE",
            "SAVEPOINT s",
            "PRAGMA synchronous = OFF",
            "PRAGMA journal_mode = OFF",
            "PRAGMA recursive_triggers = OFF",
            "PRAGMA writable_schema = ON",
            "PRAGMA max_page_count = 1",
            "DELETE FROM checkpoint",
            "UPDATE checkpoint SET note = x'00'",
            "DELETE FROM cosignature",
            "UPDATE cosignature SET size = 1",
            "DELETE FROM content",
            "UPDATE item SET kind = 1",
            "DELETE FROM item",
            "INSERT INTO sqlite_schema VALUES ('table', 'x', 'x', 0, '')",
            "SELECT load_extension('x')",
            "SELECT writefile('x', 'y')",
            "WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) SELECT i FROM r",
        };
        static const char *const own[] = {
            "INSERT INTO entry VALUES (3, x'00', x'00')",
            "UPDATE item SET decided = 2, decided_by = 1 WHERE seq = 0",
            "UPDATE item SET closed_by = 1 WHERE seq = 0",
            "UPDATE checkpoint SET kept_at = 1",
            "SELECT max(seq) FROM entry",
            "BEGIN IMMEDIATE",
        };
        struct guard guard = {0};
        fill(f);
        sqlite3 *db = fixture_raw(f->path);
        for (size_t i = 0; i < sizeof own / sizeof *own; i++)
                assert_int_equal(code_of(db, own[i]), SQLITE_OK);
        assert_int_equal(guard_arm(db, &guard), OK);
        for (size_t i = 0; i < sizeof more / sizeof *more; i++)
                if (code_of(db, more[i]) == SQLITE_OK)
                        fail_msg("allowed: %s", more[i]);
        for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
                const bool inserts =
                    strncmp(attacks[i], "INSERT", 6) == 0 || strncmp(attacks[i], "REPLACE", 7) == 0;
                if (!inserts && code_of(db, attacks[i]) == SQLITE_OK)
                        fail_msg("allowed: %s", attacks[i]);
        }
        for (size_t i = 0; i < sizeof own / sizeof *own; i++)
                if (code_of(db, own[i]) != SQLITE_OK)
                        fail_msg("denied: %s", own[i]);
        guard.thinning = true;
        assert_int_equal(code_of(db, "DELETE FROM checkpoint"), SQLITE_OK);
        assert_int_equal(code_of(db, "DELETE FROM cosignature"), SQLITE_AUTH);
        assert_int_equal(code_of(db, "DELETE FROM entry"), SQLITE_AUTH);
        (void)sqlite3_close(db);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test_setup_teardown(triggers_hold_on_any_connection, fixture_up, fixture_down),
            cmocka_unit_test_setup_teardown(the_authorizer_denies_all_but_the_store_s_own, fixture_up,
                                            fixture_down),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
