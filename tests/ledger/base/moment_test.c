#include "ledger/base/moment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#define LAST_US INT64_C(253402300799999999)

static void test_known(void **state)
{
        (void)state;
        static const struct {
                int64_t us;
                const char *text;
        } known[] = {
            {0, "1970-01-01T00:00:00.000000Z"},
            {1, "1970-01-01T00:00:00.000001Z"},
            {INT64_C(951782400000000), "2000-02-29T00:00:00.000000Z"},
            {INT64_C(951868799999999), "2000-02-29T23:59:59.999999Z"},
            {INT64_C(951868800000000), "2000-03-01T00:00:00.000000Z"},
            {INT64_C(1795452981123456), "2026-11-23T16:56:21.123456Z"},
            {INT64_C(4107542400000000), "2100-03-01T00:00:00.000000Z"},
            {LAST_US, "9999-12-31T23:59:59.999999Z"},
        };
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
                char text[MOMENT_TEXT_LEN + 1];
                int64_t us = -1;
                moment_text(known[i].us, text);
                assert_string_equal(text, known[i].text);
                assert_int_equal(moment_of_text(bytes_text(text), &us), OK);
                assert_true(us == known[i].us);
        }
}

/* The C library's calendar, from 1970 to 9999 in steps that meet every day of the year and all times of day.
 */
static void test_calendar_agrees(void **state)
{
        (void)state;
        for (int64_t us = 0; us <= LAST_US; us += 3 * MOMENT_DAY_US + INT64_C(12345678901)) {
                time_t second = (time_t)(us / MOMENT_SECOND_US);
                struct tm tm;
                char want[40], text[MOMENT_TEXT_LEN + 1];
                int64_t again = -1;
                assert_non_null(gmtime_r(&second, &tm));
                size_t n = strftime(want, sizeof want, "%Y-%m-%dT%H:%M:%S", &tm);
                (void)snprintf(want + n, sizeof want - n, ".%06dZ", (int)(us % MOMENT_SECOND_US));
                moment_text(us, text);
                assert_string_equal(text, want);
                assert_int_equal(moment_of_text(bytes_text(text), &again), OK);
                assert_true(again == us);
        }
}

static void test_text_is_held_to_its_range(void **state)
{
        (void)state;
        char text[MOMENT_TEXT_LEN + 1];
        moment_text(-1, text);
        assert_string_equal(text, "1970-01-01T00:00:00.000000Z");
        moment_text(INT64_MIN, text);
        assert_string_equal(text, "1970-01-01T00:00:00.000000Z");
        moment_text(LAST_US + 1, text);
        assert_string_equal(text, "9999-12-31T23:59:59.999999Z");
        moment_text(INT64_MAX, text);
        assert_string_equal(text, "9999-12-31T23:59:59.999999Z");
}

static void refused(struct bytes text, bool by_rfc3339_too)
{
        int64_t us = 7;
        assert_int_equal(moment_of_text(text, &us), ERR_TIME);
        if (by_rfc3339_too)
                assert_int_equal(moment_of_rfc3339(text, &us), ERR_TIME);
        assert_true(us == 7);
}

static void test_no_such_time(void **state)
{
        (void)state;
        static const char *const text[] = {
            "2026-11-23T24:00:00.000000Z",     "2026-11-23T23:60:00.000000Z", "2026-11-23T23:59:60.000000Z",
            "2026-00-23T00:00:00.000000Z",     "2026-13-23T00:00:00.000000Z", "2026-11-00T00:00:00.000000Z",
            "2026-11-31T00:00:00.000000Z",     "2026-02-29T00:00:00.000000Z", "2100-02-29T00:00:00.000000Z",
            "2024-02-30T00:00:00.000000Z",     "2026-01-32T00:00:00.000000Z", "2026-04-31T00:00:00.000000Z",
            "2026-06-31T00:00:00.000000Z",     "2026-09-31T00:00:00.000000Z", "1969-12-31T23:59:59.999999Z",
            "0000-01-01T00:00:00.000000Z",     "2026-11-23T00:00:00.000000",  "2026-11-23T00:00:00.Z",
            "2026-11-23T00:00:00,000000Z",     "2026-11-23T0:00:00.000000Z",  "26-11-23T00:00:00.000000Z",
            "2026/11/23T00:00:00.000000Z",     "2026-11-23T00.00.00.000000Z", "+2026-11-23T00:00:00.00000Z",
            "2026-11-23T-1:00:00.000000Z",     "2026-11-23X00:00:00.000000Z", "",
            "2026-11-23T00:00:00.0000000000Z", "2026-11-23T00:00Z",
        };
        for (size_t i = 0; i < sizeof text / sizeof text[0]; i++)
                refused(bytes_text(text[i]), true);
}

static void test_only_the_written_form(void **state)
{
        (void)state;
        static const char *const text[] = {
            "2026-11-23T16:56:21Z",
            "2026-11-23T16:56:21.12345Z",
            "2026-11-23T16:56:21.1234567Z",
            "2026-11-23t16:56:21.123456Z",
            "2026-11-23 16:56:21.123456Z",
            "2026-11-23T16:56:21.123456z",
            "2026-11-23T16:56:21.123456+00:00",
            "2026-11-23",
        };
        for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
                int64_t us;
                refused(bytes_text(text[i]), false);
                assert_int_equal(moment_of_rfc3339(bytes_text(text[i]), &us), OK);
        }
}

/* Every prefix and one byte more are refused; a flipped bit gives another time that is written as it was
 * read, or none. */
static void test_prefixes_and_flips(void **state)
{
        (void)state;
        char text[] = "2024-02-29T16:56:21.123456Zx", again[MOMENT_TEXT_LEN + 1];
        unsigned other = 0;
        for (size_t n = 0; n <= sizeof text - 1; n++)
                if (n != MOMENT_TEXT_LEN)
                        refused(bytes_of(text, n), n != 10);
        for (size_t i = 0; i < 8 * (size_t)MOMENT_TEXT_LEN; i++) {
                int64_t us;
                text[i / 8] = (char)(text[i / 8] ^ (1 << i % 8));
                if (!moment_of_text(bytes_of(text, MOMENT_TEXT_LEN), &us)) {
                        moment_text(us, again);
                        assert_memory_equal(again, text, MOMENT_TEXT_LEN);
                        other++;
                }
                text[i / 8] = (char)(text[i / 8] ^ (1 << i % 8));
        }
        assert_in_range(other, 20, 60);
}

static void test_rfc3339(void **state)
{
        (void)state;
        static const struct {
                const char *text;
                const char *want;
        } good[] = {
            {"2026-11-23", "2026-11-23T00:00:00.000000Z"},
            {"2026-11-23T16:56:21Z", "2026-11-23T16:56:21.000000Z"},
            {"2026-11-23 16:56:21Z", "2026-11-23T16:56:21.000000Z"},
            {"2026-11-23t16:56:21z", "2026-11-23T16:56:21.000000Z"},
            {"2026-11-23T16:56:21.5Z", "2026-11-23T16:56:21.500000Z"},
            {"2026-11-23T16:56:21.123456789Z", "2026-11-23T16:56:21.123456Z"},
            {"2026-11-23T16:56:21+01:00", "2026-11-23T15:56:21.000000Z"},
            {"2026-11-23T16:56:21.25-05:30", "2026-11-23T22:26:21.250000Z"},
            {"2024-02-29T00:30:00+01:00", "2024-02-28T23:30:00.000000Z"},
            {"2023-12-31T23:59:59-00:01", "2024-01-01T00:00:59.000000Z"},
            {"1969-12-31T23:00:00-01:00", "1970-01-01T00:00:00.000000Z"},
            {"2026-11-23T16:56:21-00:00", "2026-11-23T16:56:21.000000Z"},
            {"2026-11-23T16:56:21+23:59", "2026-11-22T16:57:21.000000Z"},
        };
        for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
                char text[MOMENT_TEXT_LEN + 1];
                int64_t us;
                assert_int_equal(moment_of_rfc3339(bytes_text(good[i].text), &us), OK);
                moment_text(us, text);
                assert_string_equal(text, good[i].want);
        }
        static const char *const bad[] = {
            "2026-11-23T",
            "2026-11-23 ",
            "2026-11-23Z",
            "2026-11-23T16:56:21",
            "2026-11-23T16:56Z",
            "2026-11-23T16:56:21.Z",
            "2026-11-23T16:56:21+1",
            "2026-11-23T16:56:21+0100",
            "2026-11-23T16:56:21+24:00",
            "2026-11-23T16:56:21+01:60",
            "2026-11-23T16:56:21Z ",
            " 2026-11-23",
            "2026-11-23T16:56:21+01:00Z",
            "1970-01-01T00:59:59+01:00",
            "9999-12-31T23:59:59-00:01",
            "9999-12-31T23:59:59-23:59",
            "2026-11-23T16:56:21.1234567891Z",
            "23-11-2026",
            "2026-11-2",
            "0000-00-00",
        };
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
                refused(bytes_text(bad[i]), true);
        refused(bytes_of("2026-11-23\0", 11), true);
        refused(bytes_of("2026-11-23T16:56:21\0", 20), true);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_known),
            cmocka_unit_test(test_calendar_agrees),
            cmocka_unit_test(test_text_is_held_to_its_range),
            cmocka_unit_test(test_no_such_time),
            cmocka_unit_test(test_only_the_written_form),
            cmocka_unit_test(test_prefixes_and_flips),
            cmocka_unit_test(test_rfc3339),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
