#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policy/probe.h"
#include "policy/sandbox.h"

static const struct names no_names = {NULL, 0, NULL, 0};

static enum err prepare(struct sandbox *s, const char *before, const char *text, const char *after,
                        sqlite3_stmt **out)
{
        struct buf sql;
        enum err e;
        buf_init(&sql, 1u << 20);
        buf_put_text(&sql, before);
        buf_put_text(&sql, text);
        buf_put_text(&sql, after);
        e = sandbox_prepare(s, buf_bytes(&sql), out, NULL);
        buf_clear(&sql);
        return e;
}

static void whole_statements_are_refused(void **state)
{
        static const char *const statements[] = {
            "PRAGMA user_version",
            "PRAGMA writable_schema = 1",
            "ATTACH ':memory:' AS other",
            "ATTACH '/tmp/never' AS other",
            "DETACH main",
            "CREATE TABLE t (x)",
            "CREATE TEMP TABLE t (x)",
            "CREATE VIRTUAL TABLE t USING fts5(x)",
            "CREATE VIEW v AS SELECT 1",
            "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END",
            "INSERT INTO sqlite_master VALUES (1, 2, 3, 4, 5)",
            "UPDATE sqlite_master SET sql = ''",
            "DELETE FROM sqlite_master",
            "DROP TABLE sqlite_master",
            "BEGIN",
            "COMMIT",
            "SAVEPOINT x",
            "VACUUM INTO '/tmp/never'",
            "VACUUM",
            "ANALYZE",
            "REINDEX",
            "SELECT 1; SELECT 2",
            "",
            " ",
            "-- nothing",
        };
        struct sandbox *s = NULL;
        (void)state;
        assert_int_equal(sandbox_new(&s), OK);
        for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
                sqlite3_stmt *statement = NULL;
                if (prepare(s, statements[i], "", "", &statement) != ERR_RULE)
                        fail_msg("let in: %s", statements[i]);
                sqlite3_finalize(statement);
        }
        sandbox_free(s);
}

static int64_t value_of(struct sandbox *s, const char *expression, const struct fact_value value[],
                        enum err *out)
{
        sqlite3_stmt *statement = NULL;
        struct why why = {OK, ""};
        int64_t said = -1;
        assert_int_equal(prepare(s, "SELECT ", expression, "", &statement), OK);
        assert_int_equal(sandbox_bind(statement, value), OK);
        *out = sandbox_run(s, statement, &why);
        if (!*out)
                said = sqlite3_column_type(statement, 0) == SQLITE_NULL ? -2
                                                                        : sqlite3_column_int64(statement, 0);
        sqlite3_finalize(statement);
        return said;
}

static void functions_say_what_they_should(void **state)
{
        static const struct {
                const char *expression;
                int64_t says; /* -2: NULL */
        } rows[] = {
            {"has('[\"health\",\"religion\"]', 'religion')", 1},
            {"has('[\"health\",\"religion\"]', 'heal')", 0},
            {"has('[]', 'x')", 0},
            {"has('investigator,supervisor', 'supervisor')", 1},
            {"has('investigator,supervisor', 'visor')", 0},
            {"has('supervisor', 'supervisor')", 1},
            {"has('', 'x')", 0},
            {"has(NULL, 'x')", -2},
            {"has('[]', NULL)", -2},
            {"size('[]')", 0},
            {"size('[\"health\",\"religion\"]')", 2},
            {"size('[[1,2],{\"a\":1},3]')", 3},
            {"size(NULL)", 0},
            {"says_only('Trace a suspect', 'trace-suspect')", 1},
            {"says_only('trace THE suspect.', 'trace-suspect')", 1},
            {"says_only('Trace a suspect to Hull', 'trace-suspect')", 0},
            {"says_only('Trac', 'trace-suspect')", 0},
            {"says_only('the of', 'trace-suspect')", 0},
            {"says_only('', 'trace-suspect')", 0},
            {"says_only('caf\xc3\xa9', 'trace caf\xc3\xa9')", 1},
            {"says_only(NULL, 'x')", -2},
            {"substr('abc', 2, 1) = 'b'", 1},
            {"iif(1 > 2, 'a', 'b') = 'b'", 1},
            {"max(1, 2, 3)", 3},
        };
        struct sandbox *s = NULL;
        enum err e;
        (void)state;
        assert_int_equal(sandbox_new(&s), OK);
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                int64_t said = value_of(s, rows[i].expression, NULL, &e);
                assert_int_equal(e, OK);
                if (said != rows[i].says)
                        fail_msg("%s says %lld", rows[i].expression, (long long)said);
        }
        sandbox_free(s);
}

static void values_are_bound_as_they_are(void **state)
{
        struct fact_value v[4] = {
            {.type = FACT_NULL}, {.type = FACT_NULL}, {.type = FACT_INT, .number = -7}, {.type = FACT_TEXT}};
        struct sandbox *s = NULL;
        enum err e;
        (void)state;
        assert_int_equal(sandbox_new(&s), OK);
        assert_int_equal(value_of(s, "?1 IS NULL AND ?2 = -7 AND ?3 = '' AND ?3 IS NOT NULL", v, &e), 1);
        v[3].text = bytes_text("caf\xc3\xa9");
        assert_int_equal(value_of(s, "length(?3)", v, &e), 4);
        sandbox_free(s);
}

static void runs_are_bounded(void **state)
{
        struct fact_value v[2] = {{.type = FACT_NULL}, {.type = FACT_INT, .number = 1}};
        char *text = test_malloc(60000);
        struct sandbox *s = NULL;
        struct buf list;
        enum err e;
        (void)state;
        buf_init(&list, 1u << 16);
        assert_int_equal(sandbox_new(&s), OK);
        buf_put_text(&list, "?1 IN (1");
        for (int i = 2; i < 1000; i++)
                buf_put_format(&list, ",%d", i);
        assert_int_equal(value_of(s, "?1 IN (1,2,3,4)", v, &e), 1);
        buf_put_text(&list, ")");
        assert_int_equal(value_of(s, buf_text(&list), v, &e), 1);
        buf_reset(&list);
        buf_put_text(&list, "?1 IN (1");
        for (int i = 2; i < 8000; i++)
                buf_put_format(&list, ",%d", i);
        buf_put_text(&list, ")");
        value_of(s, buf_text(&list), v, &e);
        assert_int_equal(e, ERR_RULE);
        memset(text, 'a', 60000);
        v[1] = (struct fact_value){.type = FACT_TEXT, .text = bytes_of(text, 40000)};
        value_of(s, "length(?1 || ?1) > 1", v, &e);
        assert_int_equal(e, ERR_RULE);
        value_of(s, "'a' LIKE ?1", v, &e);
        assert_int_equal(e, ERR_RULE);
        value_of(s, "has('[', 'x')", v, &e);
        assert_int_equal(e, ERR_RULE);
        value_of(s, "has(1, 'x')", v, &e);
        assert_int_equal(e, ERR_RULE);
        static const char *const no_lists[] = {"size('')",   "size('a,b')",  "size('[')",
                                               "size('{}')", "size('[1,]')", "size(3)"};
        for (size_t i = 0; i < sizeof no_lists / sizeof no_lists[0]; i++) {
                value_of(s, no_lists[i], v, &e);
                assert_int_equal(e, ERR_RULE);
        }
        /* and the sandbox is whole afterwards */
        assert_int_equal(value_of(s, "length(?1)", v, &e), 40000);
        buf_clear(&list);
        sandbox_free(s);
        test_free(text);
}

static void a_value_too_long_is_an_error(void **state)
{
        char *text = test_calloc(1, SANDBOX_VALUE_MAX + 1);
        struct fact_value v[2] = {{.type = FACT_NULL}, {.type = FACT_TEXT}};
        struct sandbox *s = NULL;
        sqlite3_stmt *statement = NULL;
        (void)state;
        memset(text, 'a', SANDBOX_VALUE_MAX + 1);
        v[1].text = bytes_of(text, SANDBOX_VALUE_MAX + 1);
        assert_int_equal(sandbox_new(&s), OK);
        assert_int_equal(prepare(s, "SELECT ?1", "", "", &statement), OK);
        assert_int_equal(sandbox_bind(statement, v), ERR_TOO_LONG);
        sqlite3_finalize(statement);
        sandbox_free(s);
        test_free(text);
}

static void a_statement_without_a_row_is_an_error(void **state)
{
        struct sandbox *s = NULL;
        sqlite3_stmt *statement = NULL;
        struct why why = {OK, ""};
        (void)state;
        assert_int_equal(sandbox_new(&s), OK);
        assert_int_equal(prepare(s, "SELECT 1 WHERE 0", "", "", &statement), OK);
        assert_int_equal(sandbox_run(s, statement, &why), ERR_RULE);
        sqlite3_finalize(statement);
        sandbox_free(s);
}

static void only_yes_or_no_is_an_expression(void **state)
{
        static const struct {
                const char *text;
                bool good;
        } rows[] = {
            {"enquiry.f3 = 'yes'", true},
            {"enquiry.f3 IS NULL", true},
            {"views.window > 3", true},
            {"NULL", true},
            {"TRUE", true},
            {"has(enquiry.sensitive_categories, 'health')", true},
            {"CASE WHEN views.d7 > 3 THEN 1 ELSE 0 END", true},
            {"iif(views.d7 > 3, enquiry.f3 = 'yes', 0)", true},
            {"enquiry.f3", false},
            {"enquiry.objective", false},
            {"enquiry.sensitive_categories", false},
            {"views.window", false},
            {"views.window + 0", false},
            {"enquiry.kind", false},
            {"enquiry.at", false},
            {"views.last_at", false},
            {"'yes'", false},
            {"2", false},
            {"-1", false},
            {"coalesce(enquiry.f3 = 'yes', 'never')", false},
            {"iif(views.window = 5031, 7, 0)", false},
            {"iif(enquiry.objective = 'a word of its own', 7, 0)", false},
            {"iif(enquiry.method = 'scraper', 7, 0)", false},
            {"length(enquiry.objective)", false},
            {"max(views.d7, views.window)", false},
        };
        struct probe *probe = NULL;
        (void)state;
        assert_int_equal(probe_new(no_names, &probe), OK);
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct why why = {OK, ""};
                enum err e = probe_check(probe, bytes_text(rows[i].text), &why);
                if (e != (rows[i].good ? OK : ERR_RULE))
                        fail_msg("%s: %s", rows[i].text, e ? why.detail : "let in");
        }
        probe_free(probe);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(whole_statements_are_refused),
            cmocka_unit_test(functions_say_what_they_should),
            cmocka_unit_test(values_are_bound_as_they_are),
            cmocka_unit_test(runs_are_bounded),
            cmocka_unit_test(a_value_too_long_is_an_error),
            cmocka_unit_test(a_statement_without_a_row_is_an_error),
            cmocka_unit_test(only_yes_or_no_is_an_expression),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
