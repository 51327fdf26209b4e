/* The tables that are made are those of schema/ledger.sql, and a file that has others is refused. */
#include "tests/ledger/store/fixture.h"

static char *read_text(const char *path)
{
        static char text[65536];
        FILE *in = fopen(path, "rb");
        assert_non_null(in);
        size_t n = fread(text, 1, sizeof text - 1, in);
        (void)fclose(in);
        assert_true(n > 1000 && n < sizeof text - 1);
        text[n] = 0;
        return text;
}

static sqlite3 *model(void)
{
        sqlite3 *db = fixture_raw(":memory:");
        fixture_run(db, read_text(TEST_ROOT "/schema/ledger.sql"));
        return db;
}

static sqlite3_stmt *rows_of(sqlite3 *db, const char *sql)
{
        sqlite3_stmt *statement = NULL;
        assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
        return statement;
}

/* Compares and counts. */
static size_t expect_same(sqlite3 *a, sqlite3 *b, const char *sql)
{
        sqlite3_stmt *there = rows_of(a, sql), *wanted = rows_of(b, sql);
        size_t n = 0;
        int rc;
        while ((rc = sqlite3_step(wanted)) == SQLITE_ROW) {
                assert_int_equal(sqlite3_step(there), SQLITE_ROW);
                assert_string_equal((const char *)sqlite3_column_text(there, 0),
                                    (const char *)sqlite3_column_text(wanted, 0));
                n++;
        }
        assert_int_equal(rc, SQLITE_DONE);
        assert_int_equal(sqlite3_step(there), SQLITE_DONE);
        (void)sqlite3_finalize(there);
        (void)sqlite3_finalize(wanted);
        return n;
}

static void a_ledger_is_made_of_the_file_s_statements(void **state)
{
        struct fixture *f = *state;
        store_close(f->store);
        f->store = NULL;
        sqlite3 *wanted = model(), *there = fixture_raw(f->path);
        assert_true(expect_same(there, wanted,
                                "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name") > 25);
        assert_int_equal(expect_same(there, wanted, "SELECT application_id FROM pragma_application_id"), 1);
        assert_int_equal(expect_same(there, wanted, "SELECT user_version FROM pragma_user_version"), 1);
        sqlite3_stmt *settings =
            rows_of(there, "SELECT page_size, (SELECT journal_mode FROM pragma_journal_mode),"
                           " (SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND"
                           " sql NOT LIKE '%STRICT%') FROM pragma_page_size");
        assert_int_equal(sqlite3_step(settings), SQLITE_ROW);
        assert_int_equal(sqlite3_column_int(settings, 0), 16384);
        assert_string_equal((const char *)sqlite3_column_text(settings, 1), "wal");
        assert_int_equal(sqlite3_column_int(settings, 2), 0);
        (void)sqlite3_finalize(settings);
        (void)sqlite3_close(there);
        (void)sqlite3_close(wanted);
}

static void an_export_has_the_spine_only(void **state)
{
        struct fixture *f = *state;
        char path[300];
        (void)snprintf(path, sizeof path, "%s/export.db", f->folder);
        assert_int_equal(store_create_spine(path), OK);
        sqlite3 *wanted = model(), *there = fixture_raw(path);
        assert_int_equal(
            expect_same(
                there, wanted,
                "SELECT sql FROM sqlite_schema WHERE type IN ('table', 'index') AND sql IS NOT NULL AND"
                " tbl_name IN ('entry', 'tile_root', 'annex', 'checkpoint', 'cosignature') ORDER BY name"),
            6);
        assert_int_equal(
            expect_same(there, wanted, "SELECT sql FROM sqlite_schema WHERE type = 'table' AND 0"), 0);
        fixture_run(
            wanted,
            "DROP TABLE content; DROP TABLE content_key; DROP TABLE because; DROP TABLE residue;"
            "DROP TABLE subject_index; DROP TABLE statement_index; DROP TABLE key_index; DROP TABLE item;"
            "DROP TABLE tie; DROP TABLE sketch; DROP TABLE told;"
            "DROP TRIGGER entry_append; DROP TRIGGER entry_update; DROP TRIGGER entry_delete;"
            "DROP TRIGGER tile_root_append; DROP TRIGGER tile_root_update; DROP TRIGGER tile_root_delete;"
            "DROP TRIGGER annex_append; DROP TRIGGER annex_update; DROP TRIGGER annex_delete;");
        assert_int_equal(expect_same(there, wanted, "SELECT name FROM sqlite_schema ORDER BY name"), 7);
        (void)sqlite3_close(there);
        (void)sqlite3_close(wanted);
}

static enum err open_after(struct fixture *f, enum store_mode mode, const char *sql)
{
        char path[300];
        struct store *s = NULL;
        (void)snprintf(path, sizeof path, "%s/changed.db", f->folder);
        (void)unlink(path);
        assert_int_equal(store_create(path), OK);
        sqlite3 *db = fixture_raw(path);
        fixture_run(db, sql);
        (void)sqlite3_close(db);
        enum err e = store_open(path, mode, f->keys, &s, NULL);
        store_close(s);
        return e;
}

static void the_writer_wants_the_tables_exactly(void **state)
{
        static const char *const changes[] = {
            "DROP TRIGGER entry_update",
            "DROP INDEX item_open",
            "CREATE TABLE more (a)",
            "CREATE TRIGGER more AFTER INSERT ON item BEGIN DELETE FROM item; END",
            "DROP TABLE item",
            "ALTER TABLE item ADD COLUMN more INTEGER",
            "DROP TRIGGER annex_delete; CREATE TRIGGER annex_delete DELETE ON annex BEGIN SELECT 1; END",
        };
        assert_int_equal(open_after(*state, STORE_WRITE, "SELECT 1"), OK);
        for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
                assert_int_equal(open_after(*state, STORE_WRITE, changes[i]), ERR_NOT_LEDGER);
                assert_int_equal(open_after(*state, STORE_READ, changes[i]), ERR_NOT_LEDGER);
        }
}

static void a_copy_needs_plain_tables(void **state)
{
        static const struct {
                const char *sql;
                enum err expected;
        } cases[] = {
            {"SELECT 1", OK},
            {"DROP TRIGGER entry_update; DROP INDEX item_open; CREATE TABLE more (a)", OK},
            {"DROP TABLE entry", ERR_NOT_LEDGER},
            {"DROP TABLE content", ERR_NOT_LEDGER},
            {"DROP TABLE item; DROP TABLE residue", ERR_NOT_LEDGER},
            {"DROP TABLE entry; CREATE TABLE entry (seq, leaf, hash)", OK},
            {"DROP TABLE entry; CREATE TABLE entry (seq, hash, leaf)", ERR_NOT_LEDGER},
            {"DROP TABLE entry; CREATE TABLE entry (seq, leaf)", ERR_NOT_LEDGER},
            {"DROP TABLE entry; CREATE VIEW entry AS SELECT 0 AS seq, x'' AS leaf, x'' AS hash",
             ERR_NOT_LEDGER},
            {"DROP TABLE entry; CREATE VIEW ENTRY AS WITH RECURSIVE r(seq) AS (SELECT 0 UNION ALL SELECT seq "
             "+ 1 FROM r)"
             " SELECT seq, x'' AS leaf, x'' AS hash FROM r",
             ERR_NOT_LEDGER},
            {"DROP TABLE entry; CREATE TABLE entry (seq, leaf AS (zeroblob(1000000000)), hash)",
             ERR_NOT_LEDGER},
            {"DROP TABLE entry; CREATE VIRTUAL TABLE entry USING fts5(seq, leaf, hash)", ERR_NOT_LEDGER},
        };
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                enum err e = open_after(*state, STORE_COPY, cases[i].sql);
                if (e != cases[i].expected)
                        fail_msg("%s: %s", cases[i].sql, err_row(e)->name);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
#define CASE(f) cmocka_unit_test_setup_teardown(f, fixture_up, fixture_down)
            CASE(a_ledger_is_made_of_the_file_s_statements),
            CASE(an_export_has_the_spine_only),
            CASE(the_writer_wants_the_tables_exactly),
            CASE(a_copy_needs_plain_tables),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
