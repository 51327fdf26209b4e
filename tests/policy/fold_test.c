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

static void hours_are_anchored_at_the_first_look(void **state)
{
        struct fold f;
        (void)state;
        fold_init(&f, NOW);
        fold_look(&f, NOW - 20 * MOMENT_HOUR_US, 1, alder);
        fold_look(&f, NOW - 15 * MOMENT_HOUR_US, 2, alder);
        fold_look(&f, NOW - 12 * MOMENT_HOUR_US, 1, alder); /* 8 hours to the microsecond */
        assert_int_equal(f.d7, 1);
        fold_look(&f, NOW - 12 * MOMENT_HOUR_US + 1, 1, alder);
        assert_int_equal(f.d7, 2);
        fold_look(&f, NOW - 5 * MOMENT_HOUR_US, 3,
                  alder); /* within 8 hours of the second view's first look */
        assert_int_equal(f.d7, 2);
        fold_look(&f, NOW - 4 * MOMENT_HOUR_US + 2, 3, alder);
        assert_int_equal(f.d7, 3);
        assert_int_equal(f.d28, 3);
        assert_int_equal(f.d365, 3);
        assert_int_equal(f.officers_d28, 3);
        assert_true(f.last_at_us == NOW - 4 * MOMENT_HOUR_US + 2);
}

static void a_look_counts_itself(void **state)
{
        struct fold f;
        (void)state;
        fold_init(&f, NOW);
        assert_int_equal(f.d28, 0);
        assert_true(f.last_at_us == 0);
        fold_look(&f, NOW, 7, alder);
        assert_int_equal(f.d7, 1);
        assert_int_equal(f.d28, 1);
        assert_int_equal(f.d365, 1);
        assert_int_equal(f.officers_d28, 1);
}

static void operations_are_told_apart(void **state)
{
        struct fold f;
        (void)state;
        fold_init(&f, NOW);
        fold_look(&f, NOW - 3, 1, alder);
        fold_look(&f, NOW - 2, 1, birch);
        fold_look(&f, NOW - 1, 1, alder);
        fold_look(&f, NOW, 1, birch);
        assert_int_equal(f.d28, 2);
        assert_int_equal(f.officers_d28, 1);
}

static void looks_without_an_operation_each_count(void **state)
{
        struct fold f;
        (void)state;
        fold_init(&f, NOW);
        fold_look(&f, NOW - 1, 1, none);
        fold_look(&f, NOW, 1, none);
        assert_int_equal(f.d28, 2);
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
                fold_init(&f, NOW);
                fold_look(&f, NOW - rows[i].days * MOMENT_DAY_US, 1, alder);
                assert_int_equal(f.d7, rows[i].in7);
                assert_int_equal(f.d28, rows[i].in28);
                assert_int_equal(f.d365, rows[i].in365);
                fold_init(&f, NOW);
                fold_look(&f, NOW - rows[i].days * MOMENT_DAY_US - 1, 1, alder);
                assert_int_equal(f.d7, 0);
                assert_int_equal(f.d28, rows[i].days < 28);
                assert_int_equal(f.d365, rows[i].days < 365);
                assert_int_equal(f.officers_d28, rows[i].days < 28);
        }
}

static void many_operations_and_officers_do_not_overflow(void **state)
{
        struct fold f;
        (void)state;
        fold_init(&f, NOW);
        for (uint32_t i = 0; i < 3 * FOLD_MAX; i++) {
                uint8_t operation[16] = {0};
                memcpy(operation, &(uint32_t){i + 1}, sizeof i);
                fold_look(&f, NOW - 1000 + i, i, operation);
        }
        assert_int_equal(f.d28, 3 * FOLD_MAX);
        assert_int_equal(f.anchors_n, FOLD_MAX);
        assert_int_equal(f.officers_d28, FOLD_MAX);
        /* The first ones are still remembered, one that found no room counts again. */
        fold_look(&f, NOW, 1, (const uint8_t[16]){1});
        assert_int_equal(f.d28, 3 * FOLD_MAX);
        fold_look(&f, NOW, 1, (const uint8_t[16]){FOLD_MAX + 1});
        assert_int_equal(f.d28, 3 * FOLD_MAX + 1);
}

static void old_operations_make_room(void **state)
{
        struct fold f;
        (void)state;
        fold_init(&f, NOW);
        for (uint32_t i = 0; i < 1000; i++) {
                uint8_t operation[16] = {0};
                memcpy(operation, &(uint32_t){i + 1}, sizeof i);
                fold_look(&f, NOW - (1000 - i) * MOMENT_HOUR_US, 1, operation);
        }
        assert_true(f.anchors_n <= 9);
        assert_int_equal(f.d365, 1000);
        assert_int_equal(f.d28, 28 * 24);
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
