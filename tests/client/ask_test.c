/* Where the answers end before the questions do, the command ends with a sentence and does not wait or guess.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "client/ask.h"

static void answers(const char *text)
{
        FILE *f = tmpfile();
        assert_non_null(f);
        assert_true(fputs(text, f) >= 0);
        rewind(f);
        stdin = f;
}

static void no_answer_at_all(void **state)
{
        struct values v;
        struct why why = {0};
        (void)state;
        answers("");
        values_init(&v, KIND_INTENT);
        assert_int_equal(ask_values(&v, LANE_QUICK, &why), ERR_NO_TERMINAL);
        assert_int_equal(v.n, 0);
        assert_true(why.detail[0] != '\0'); /* the field whose answer is missing */
        values_clear(&v);
        (void)fclose(stdin);
}

/* What was answered before stays answered. */
static void answers_that_end_early(void **state)
{
        struct values v;
        struct why why = {0};
        (void)state;
        answers("OP-ALDER-1\n");
        values_init(&v, KIND_OPERATION);
        assert_int_equal(ask_values(&v, LANE_QUICK, &why), ERR_NO_TERMINAL);
        assert_true(v.n > 0);
        values_clear(&v);
        (void)fclose(stdin);
}

static void a_text_that_nobody_confirms(void **state)
{
        struct values v;
        struct why why = {0};
        (void)state;
        answers("");
        values_init(&v, KIND_INTENT);
        assert_int_equal(
            values_set_text(&v, "justification", "To trace a wanted man", ORIGIN_OPERATION, true, &why), OK);
        assert_int_equal(ask_confirm(&v, "justification", &why), ERR_NO_TERMINAL);
        assert_int_equal(v.at[0].origin, ORIGIN_OPERATION); /* nobody's own assertion */
        values_clear(&v);
        (void)fclose(stdin);
}

static void expect(const struct values *v, const char *name, const char *json, char origin)
{
        const struct value *value = values_find(v, name);
        if (json == NULL) {
                assert_null(value);
                return;
        }
        if (value == NULL)
                fail_msg("%s is not there", name);
        assert_string_equal(value->json, json);
        assert_int_equal(value->origin, origin);
}

/* Questions of a higher lane: a default is the person's own once Enter has taken it, the rest may be left
 * out. */
static void a_higher_lane(void **state)
{
        struct values v;
        struct why why = {0};
        char text[2000] = "";
        size_t questions = 0;
        (void)state;
        values_init(&v, KIND_INTENT);
        assert_int_equal(values_set_text(&v, "method", "manual", ORIGIN_DEFAULT, true, &why), OK);
        assert_int_equal(values_set_text(&v, "covert", "yes", ORIGIN_DEFAULT, true, &why), OK);
        assert_int_equal(
            values_set_text(&v, "necessity", "As the operation says", ORIGIN_OPERATION, true, &why), OK);
        for (size_t i = 0; i < fields_count; i++)
                if (((fields[i].asked >> KIND_INTENT) & 1u) != 0 && fields[i].lane == LANE_STANDARD &&
                    strcmp(fields[i].name, "necessity") != 0) {
                        questions++;
                        /* one is said, with a key; the others are left */
                        (void)strcat(text, strcmp(fields[i].name, "covert") == 0            ? "no\n"
                                           : strcmp(fields[i].name, "subject_special") == 0 ? "1,2\n"
                                                                                            : "\n");
                }
        assert_true(questions > 5);
        answers(text);
        assert_int_equal(ask_lane(&v, LANE_QUICK, LANE_STANDARD, &why), OK);
        expect(&v, "method", "\"manual\"", ORIGIN_CONFIRMED);
        expect(&v, "covert", "\"no\"", ORIGIN_TYPED);
        expect(&v, "necessity", "\"As the operation says\"", ORIGIN_OPERATION);
        expect(&v, "collateral_risk", NULL, 0);
        expect(&v, "collateral_minimise", "[]", ORIGIN_TYPED);
        assert_non_null(strchr(values_find(&v, "subject_special")->json, ','));
        assert_int_equal(ask_lane(&v, LANE_STANDARD, LANE_STANDARD, &why), OK); /* nothing in between */
        values_clear(&v);
        (void)fclose(stdin);
}

static void a_warning(void **state)
{
        struct why why = {0};
        bool yes = true;
        (void)state;
        answers("n\ny\n");
        assert_int_equal(ask_acknowledge("Warning, D06: ...", &yes, &why), OK);
        assert_false(yes);
        assert_int_equal(ask_acknowledge("Warning, D06: ...", &yes, &why), OK);
        assert_true(yes);
        assert_int_equal(ask_acknowledge("Warning, D06: ...", &yes, &why), ERR_NO_TERMINAL);
        (void)fclose(stdin);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(no_answer_at_all),
            cmocka_unit_test(answers_that_end_early),
            cmocka_unit_test(a_text_that_nobody_confirms),
            cmocka_unit_test(a_higher_lane),
            cmocka_unit_test(a_warning),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
