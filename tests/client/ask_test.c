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

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(no_answer_at_all),
            cmocka_unit_test(answers_that_end_early),
            cmocka_unit_test(a_text_that_nobody_confirms),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
