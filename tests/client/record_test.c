/* An entry as the daemon shows it: what its own bytes say must be what was asked for. */
#include "client/record.h"
#include "tests/client/folder.h"

static void test_reference(void **state)
{
        static const struct {
                const char *ref;
                enum err code;
        } rows[] = {
            {"5", OK},
            {"jb-17", OK},
            {"x-17", OK},
            {"6", ERR_ANSWER},
            {"17", ERR_ANSWER},
            {"jb-5", ERR_ANSWER},
            {"", ERR_REFERENCE},
            {"jb", ERR_REFERENCE},
            {"jb-", ERR_REFERENCE},
            {"jb-17x", ERR_REFERENCE},
            {"05", ERR_REFERENCE},
            {"-5", ERR_ANSWER},
            {"5 ", ERR_REFERENCE},
        };
        struct record *r = calloc(1, sizeof *r);
        (void)state;
        assert_non_null(r);
        r->leaf.seq = 5;
        r->statement.n = 17;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                enum err e = record_check_ref(r, rows[i].ref, NULL);
                if (e != rows[i].code)
                        fail_msg("%s: %s", rows[i].ref, err_row(e)->name);
        }
        free(r);
}

static void test_clear_twice(void **state)
{
        struct record *r = calloc(1, sizeof *r);
        json_t *none = json_object();
        (void)state;
        assert_non_null(r);
        assert_int_not_equal(record_read(none, r, NULL), OK);
        record_clear(r);
        record_clear(r);
        json_decref(none);
        free(r);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_reference),
            cmocka_unit_test(test_clear_twice),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
