#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policy/fold.h"

#define NOW (INT64_C(20000) * MOMENT_DAY_US)

static const uint8_t none[16];
static const uint8_t alder[16] = {1};
static const uint8_t birch[16] = {2};

static void start(struct fold *f, int64_t now_us)
{
        fold_init(f, now_us, 28, alder);
        fold_account(f);
}

static void look(struct fold *f, int64_t at_us, uint32_t member, const uint8_t operation[16])
{
        struct look one = {.at_us = at_us, .member = member};
        memcpy(one.operation, operation, sizeof one.operation);
        fold_look(f, &one);
}

static void hours_are_anchored_at_the_first_look(void **state)
{
        struct fold f;
        (void)state;
        start(&f, NOW);
        look(&f, NOW - 20 * MOMENT_HOUR_US, 1, alder);
        look(&f, NOW - 15 * MOMENT_HOUR_US, 2, alder);
        look(&f, NOW - 12 * MOMENT_HOUR_US, 1, alder); /* 8 hours to the microsecond */
        assert_int_equal(f.d7, 1);
        look(&f, NOW - 12 * MOMENT_HOUR_US + 1, 1, alder);
        assert_int_equal(f.d7, 2);
        look(&f, NOW - 5 * MOMENT_HOUR_US, 3, alder); /* within 8 hours of the second view's first look */
        assert_int_equal(f.d7, 2);
        look(&f, NOW - 4 * MOMENT_HOUR_US + 2, 3, alder);
        assert_int_equal(f.d7, 3);
        assert_int_equal(f.window, 3);
        assert_int_equal(f.d365, 3);
        assert_int_equal(f.officers, 3);
        assert_true(f.last_at_us == NOW - 4 * MOMENT_HOUR_US + 2);
}

static void a_look_counts_itself(void **state)
{
        struct fold f;
        (void)state;
        start(&f, NOW);
        assert_int_equal(f.window, 0);
        assert_true(f.last_at_us == 0);
        look(&f, NOW, 7, alder);
        assert_int_equal(f.d7, 1);
        assert_int_equal(f.window, 1);
        assert_int_equal(f.d365, 1);
        assert_int_equal(f.officers, 1);
}

static void operations_are_told_apart(void **state)
{
        struct fold f;
        (void)state;
        start(&f, NOW);
        look(&f, NOW - 3, 1, alder);
        look(&f, NOW - 2, 1, birch);
        look(&f, NOW - 1, 1, alder);
        look(&f, NOW, 1, birch);
        assert_int_equal(f.window, 2);
        assert_int_equal(f.officers, 1);
}

static void looks_without_an_operation_each_count(void **state)
{
        struct fold f;
        (void)state;
        start(&f, NOW);
        look(&f, NOW - 1, 1, none);
        look(&f, NOW, 1, none);
        assert_int_equal(f.window, 2);
}

static void windows_end_to_the_microsecond(void **state)
{
        static const struct {
                int64_t days;
                uint32_t in7, in28, in365;
        } rows[] = {{7, 1, 1, 1}, {28, 0, 1, 1}, {365, 0, 0, 1}};
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct fold f;
                start(&f, NOW);
                look(&f, NOW - rows[i].days * MOMENT_DAY_US, 1, alder);
                assert_int_equal(f.d7, rows[i].in7);
                assert_int_equal(f.window, rows[i].in28);
                assert_int_equal(f.d365, rows[i].in365);
                start(&f, NOW);
                look(&f, NOW - rows[i].days * MOMENT_DAY_US - 1, 1, alder);
                assert_int_equal(f.d7, 0);
                assert_int_equal(f.window, rows[i].days < 28);
                assert_int_equal(f.d365, rows[i].days < 365);
                assert_int_equal(f.officers, rows[i].days < 28);
        }
}

static void many_operations_and_officers_do_not_overflow(void **state)
{
        struct fold f;
        (void)state;
        start(&f, NOW);
        for (uint32_t i = 0; i < 3 * FOLD_MAX; i++) {
                uint8_t operation[16] = {0};
                memcpy(operation, &(uint32_t){i + 1}, sizeof i);
                look(&f, NOW - 1000 + i, i, operation);
        }
        assert_int_equal(f.window, 3 * FOLD_MAX);
        assert_int_equal(f.anchors_n, FOLD_MAX);
        assert_int_equal(f.officers, FOLD_MAX);
        /* The first ones are still remembered, one that found no room counts again. */
        look(&f, NOW, 1, (const uint8_t[16]){1});
        assert_int_equal(f.window, 3 * FOLD_MAX);
        look(&f, NOW, 1, (const uint8_t[16]){FOLD_MAX + 1});
        assert_int_equal(f.window, 3 * FOLD_MAX + 1);
}

static void old_operations_make_room(void **state)
{
        struct fold f;
        (void)state;
        start(&f, NOW);
        for (uint32_t i = 0; i < 1000; i++) {
                uint8_t operation[16] = {0};
                memcpy(operation, &(uint32_t){i + 1}, sizeof i);
                look(&f, NOW - (1000 - i) * MOMENT_HOUR_US, 1, operation);
        }
        assert_true(f.anchors_n <= 9);
        assert_int_equal(f.d365, 1000);
        assert_int_equal(f.window, 28 * 24);
        assert_int_equal(f.d7, 7 * 24);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(hours_are_anchored_at_the_first_look),
            cmocka_unit_test(a_look_counts_itself),
            cmocka_unit_test(operations_are_told_apart),
            cmocka_unit_test(looks_without_an_operation_each_count),
            cmocka_unit_test(windows_end_to_the_microsecond),
            cmocka_unit_test(many_operations_and_officers_do_not_overflow),
            cmocka_unit_test(old_operations_make_room),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
