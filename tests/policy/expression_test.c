#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "policy/expression.h"

static const struct parameter parameter = {.name = "second_view", .title = "t", .value = 2};
static const struct term terms[] = {
    {.name = "seen", .title = "t", .when = "views.window >= parameter.second_view"},
    {.name = "seen_twice", .title = "t", .when = "term.seen AND views.d7 IN (2)"},
};
static const struct names names = {.parameter = &parameter, .parameters_n = 1, .term = terms, .terms_n = 2};

static enum err translate(const char *text, struct buf *out, struct slots *slots, struct why *why)
{
        memset(slots, 0, sizeof *slots);
        *why = (struct why){OK, ""};
        buf_init(out, 4 * EXPRESSION_MAX);
        return expression_translate(&names, bytes_text(text), slots, out, why);
}

static void translates(void **state)
{
        static const struct {
                const char *text, *sql;
        } rows[] = {
            {"enquiry.f3 = 'yes'", "?1 = 'yes'"},
            {"enquiry.f3='a' OR enquiry.f5<>enquiry.f3", "?1='a' OR ?2<>?1"},
            {"views.window >= parameter.second_view", "?1 >= ?2"},
            {"enquiry.kind IN ('enquiry.intent')", "?1 IN (plain('enquiry.intent'))"},
            {"author.unit not in('a', lower('b', 'c')) OR views.d7 In  (1)",
             "?1 not in (plain('a'), lower('b', 'c')) OR ?2 In (plain(1))"},
            {"author.unit IN ((1), (author.own IN (2, 3)))", "?1 IN (plain((1)), (?2 IN (plain(2), 3)))"},
            {"has(author.roles, 'supervisor')", "has(?1, 'supervisor')"},
            {"author.unit = 'it''s -- ; /* */ ? \"'", "?1 = 'it''s -- ; /* */ ? \"'"},
            {"NOT\tauthor.own\nIS NULL", "NOT ?1 IS NULL"},
            {"views.d7 - -1 = 2", "?1 -  - 1 = 2"},
            {"views.d7 / 2 = 1", "?1 /  2 = 1"},
            {"CASE WHEN entry.late_s > 86400 THEN 1 ELSE 0 END", "CASE WHEN ?1 > 86400 THEN 1 ELSE 0 END"},
            {"coalesce (enquiry.covert, 'x') = 'x'", "coalesce (?1, 'x') = 'x'"},
            {"term.seen", "(?1 >= ?2)"},
            {"NOT term.seen_twice OR views.d7 = 1", "NOT ((?1 >= ?2) AND ?3 IN (plain(2))) OR ?3 = 1"},
            {"author.own IN (term.seen, 1)", "?1 IN (plain((?2 >= ?3)), 1)"},
            {"size(enquiry.sensitive_categories) > 1", "size(?1) > 1"},
            {"enquiry.objective LIKE '%caf\xc3\xa9%'", "?1 LIKE '%caf\xc3\xa9%'"},
        };
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct slots slots;
                struct buf out;
                struct why why;
                assert_int_equal(translate(rows[i].text, &out, &slots, &why), OK);
                assert_string_equal(buf_text(&out), rows[i].sql);
                buf_clear(&out);
        }
}

static void numbers_columns_by_first_use(void **state)
{
        struct slots slots;
        struct buf out;
        struct why why;
        unsigned column;
        (void)state;
        assert_int_equal(
            translate("views.window = 1 AND views.d7 = 2 AND views.window = 3", &out, &slots, &why), OK);
        assert_int_equal(slots.n, 2);
        assert_int_equal(slots.of[COLUMN_FACT + FACT_VIEWS_WINDOW], 1);
        assert_int_equal(slots.of[COLUMN_FACT + FACT_VIEWS_D7], 2);
        assert_int_equal(slots.of[COLUMN_FACT + FACT_VIEWS_D365], 0);
        assert_int_equal(
            column_of_name(&names, bytes_text("parameter"), bytes_text("second_view"), &column, NULL), OK);
        assert_int_equal(column, COLUMN_PARAMETER);
        buf_clear(&out);
}

static void every_column_has_a_place_of_its_own(void **state)
{
        bool taken[COLUMN_COUNT] = {false};
        unsigned column;
        (void)state;
        for (unsigned i = 0; i < fields_count; i++) {
                if (column_of_field(i) != COLUMN_FIELD + i)
                        continue;
                assert_int_equal(
                    column_of_name(&names, bytes_text("enquiry"), bytes_text(fields[i].name), &column, NULL),
                    OK);
                assert_int_equal(column, COLUMN_FIELD + i);
                assert_false(taken[column]);
                taken[column] = true;
        }
        for (unsigned f = 0; f < FACT_COUNT; f++) {
                struct bytes name = bytes_text(fact_name((enum fact)f)), view;
                assert_int_equal(bytes_take_until(&name, '.', &view), OK);
                assert_int_equal(column_of_name(&names, view, name, &column, NULL), OK);
                assert_int_equal(column, COLUMN_FACT + f);
                assert_int_not_equal(fact_type_of((enum fact)f), FACT_NULL);
        }
}

static void refuses(void **state)
{
        static const struct {
                const char *text, *says;
        } rows[] = {
            {"enquiry.f33 = 'yes'", "no column enquiry.f33"},
            {"f3 = 'yes'", "`f3`"},
            {"subject.name = 'x'", "no column subject.name"},
            {"parameter.third_view > 1", "no column parameter.third_view"},
            {"term.often", "no term often"},
            {"term.seen.twice", "`term`"},
            {"term. seen", "no term"},
            {"term", "`term`"},
            {"views. d28 > 1", "no column views."},
            {"views.window.x > 1", "`views`"},
            {"main.enquiry.f3 = 1", "`main`"},
            {"(views.window > 1", "not closed"},
            {"views.window > 1)", "closes"},
            {"views.window > 1) OR (1", "closes"},
            {"1, 2", "0x2c"},
            {"views.window > 1;", "0x3b"},
            {"1 -- x", "comments"},
            {"1 /* x */", "comments"},
            {"enquiry.f3 = \"yes\"", "0x22"},
            {"enquiry.f3 = `yes`", "0x60"},
            {"[f3] = 1", "0x5b"},
            {"enquiry.f3 = ?1", "0x3f"},
            {"enquiry.f3 = :x", "0x3a"},
            {"enquiry.f3 = @x", "0x40"},
            {"enquiry.f3 = $x", "0x24"},
            {"enquiry.f3 = 'yes", "not closed"},
            {"enquiry.f3 = 'yes''", "not closed"},
            {"1.5 > 1", "whole"},
            {"0x10 = 16", "whole"},
            {"1e3 = 1000", "whole"},
            {"9999999999999999 > 1", "whole"},
            {"x'41' = 'A'", "`x`"},
            {"coalesce = 1", "`coalesce`"},
            {"SELECT 1", "`SELECT`"},
            {"plain(1)", "`plain`"},
            {"views.window > 1 COLLATE nocase", "`COLLATE`"},
            {"views.window & 1", "0x26"},
            {"enquiry.f3 = '\x80'", "UTF-8"},
            {"\xc3\xa9 = 1", "0xc3"},
        };
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct slots slots;
                struct buf out;
                struct why why;
                assert_int_equal(translate(rows[i].text, &out, &slots, &why), ERR_RULE);
                if (strstr(why.detail, rows[i].says) == NULL)
                        fail_msg("%s: \"%s\" does not say \"%s\"", rows[i].text, why.detail, rows[i].says);
                buf_clear(&out);
        }
}

/* Each term twice the one before it: the words double, and the reader stops. */
static void terms_grow_to_a_limit(void **state)
{
        enum { TERMS = 30 };
        char name[TERMS][8], when[TERMS][40];
        struct term term[TERMS];
        struct names doubling = {.term = term, .terms_n = TERMS};
        struct slots slots = {0};
        struct why why = {OK, ""};
        struct buf out;
        (void)state;
        for (int i = 0; i < TERMS; i++) {
                (void)snprintf(name[i], sizeof name[i], "t%d", i);
                (void)snprintf(when[i], sizeof when[i], i ? "term.t%d OR term.t%d" : "views.d7 = 1", i - 1,
                               i - 1);
                term[i] = (struct term){.name = name[i], .when = when[i], .title = "t"};
        }
        buf_init(&out, 4 * EXPRESSION_EXPANDED_MAX);
        assert_int_equal(expression_translate(&doubling, bytes_text("term.t5"), &slots, &out, &why), OK);
        buf_reset(&out);
        assert_int_equal(expression_translate(&doubling, bytes_text("term.t29"), &slots, &out, &why),
                         ERR_RULE);
        assert_non_null(strstr(why.detail, "with its terms"));
        assert_true(out.n < EXPRESSION_EXPANDED_MAX + 1000);
        buf_clear(&out);
        /* A term sees those before it only; with that taken away it would see itself. */
        term[0].when = "term.t0";
        term[1].when = "term.t2";
        for (int i = 0; i < 2; i++) {
                why = (struct why){OK, ""};
                assert_int_equal(expression_translate(&doubling, bytes_text(i ? "term.t1" : "term.t0"),
                                                      &slots, &out, &why),
                                 ERR_RULE);
                assert_non_null(
                    strstr(why.detail, i ? "no term t2 stands before it" : "no term t0 stands before it"));
        }
        buf_clear(&out);
}

static void has_limits(void **state)
{
        char text[EXPRESSION_MAX + 2];
        struct slots slots;
        struct buf out;
        struct why why;
        (void)state;
        memset(text, ' ', sizeof text);
        text[EXPRESSION_MAX] = '\0';
        assert_int_equal(translate(text, &out, &slots, &why), OK);
        buf_clear(&out);
        memset(text, ' ', sizeof text);
        text[EXPRESSION_MAX + 1] = '\0';
        assert_int_equal(translate(text, &out, &slots, &why), ERR_RULE);
        buf_clear(&out);
        memset(text, '(', 32);
        memset(text + 32, ')', 32);
        text[64] = '\0';
        assert_int_equal(translate(text, &out, &slots, &why), OK);
        buf_clear(&out);
        memset(text, '(', 33);
        memset(text + 33, ')', 33);
        text[66] = '\0';
        assert_int_equal(translate(text, &out, &slots, &why), ERR_RULE);
        assert_non_null(strstr(why.detail, "deep"));
        buf_clear(&out);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(translates),
            cmocka_unit_test(numbers_columns_by_first_use),
            cmocka_unit_test(every_column_has_a_place_of_its_own),
            cmocka_unit_test(refuses),
            cmocka_unit_test(terms_grow_to_a_limit),
            cmocka_unit_test(has_limits),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
