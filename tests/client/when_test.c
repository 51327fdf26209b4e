/* Times in words, by legal time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "client/when.h"

static int64_t at(const char *text)
{
        int64_t us = 0;
        assert_int_equal(moment_of_rfc3339(bytes_text(text), &us), OK);
        return us;
}

static void days_and_minutes(void **state)
{
        static const struct {
                const char *at, *day, *minute, *end;
        } rows[] = {
            {"2026-11-26T10:04:59Z", "26 November 2026", "26 November 2026 10:04", "26 November 2026 10:04"},
            {"2026-07-01T09:30:00Z", "1 July 2026", "1 July 2026 10:30", "1 July 2026 10:30"},
            {"2026-12-01T00:00:00Z", "1 December 2026", "1 December 2026 00:00",
             "with 30 November 2026 (23:59:59)"},
            /* midnight of summer is 23:00 UTC of the day before */
            {"2026-07-31T23:00:00Z", "1 August 2026", "1 August 2026 00:00", "with 31 July 2026 (23:59:59)"},
            {"2026-08-01T00:00:00Z", "1 August 2026", "1 August 2026 01:00", "1 August 2026 01:00"},
            {"2028-03-01T00:00:00Z", "1 March 2028", "1 March 2028 00:00",
             "with 29 February 2028 (23:59:59)"},
            {"2026-10-25T00:59:59Z", "25 October 2026", "25 October 2026 01:59", "25 October 2026 01:59"},
            {"2026-10-25T01:00:00Z", "25 October 2026", "25 October 2026 01:00", "25 October 2026 01:00"},
        };
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                char text[WHEN_MAX];
                when_day(at(rows[i].at), text);
                assert_string_equal(text, rows[i].day);
                when_minute(at(rows[i].at), text);
                assert_string_equal(text, rows[i].minute);
                when_end(at(rows[i].at), text);
                assert_string_equal(text, rows[i].end);
        }
}

static void spans(void **state)
{
        static const struct {
                int64_t us;
                const char *want;
        } rows[] = {{0, "0 minutes"},
                    {-5, "0 minutes"},
                    {60 * MOMENT_SECOND_US, "1 minute"},
                    {MOMENT_HOUR_US - 1, "59 minutes"},
                    {MOMENT_HOUR_US, "1 hour"},
                    {2 * MOMENT_DAY_US - 1, "47 hours"},
                    {2 * MOMENT_DAY_US, "2 days"},
                    {72 * MOMENT_HOUR_US, "3 days"},
                    {90 * MOMENT_DAY_US + 5, "90 days"}};
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                char text[WHEN_MAX];
                when_span(rows[i].us, text);
                assert_string_equal(text, rows[i].want);
        }
}

static void signed_form(void **state)
{
        char text[WHEN_MAX];
        (void)state;
        when_text(at("2026-11-26T10:04:59.999999Z"), text);
        assert_string_equal(text, "2026-11-26T10:04:59Z");
}

int main(void)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(days_and_minutes), cmocka_unit_test(spans),
                                           cmocka_unit_test(signed_form)};
        return cmocka_run_group_tests(tests, NULL, NULL);
}
