#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "policy/calendar.h"

#define PROPERTY_RUNS 20000

static int64_t at(const char *text)
{
        int64_t us = 0;
        if (moment_of_rfc3339(bytes_text(text), &us))
                fail_msg("%s is no time", text);
        return us;
}

static void is_at(int64_t us, const char *text)
{
        char have[MOMENT_TEXT_LEN + 1], want[MOMENT_TEXT_LEN + 1];
        moment_text(us, have);
        moment_text(at(text), want);
        assert_string_equal(have, want);
}

static void summer_begins_and_ends_at_one(void **state)
{
        static const struct {
                const char *begins, *ends;
        } years[] = {{"2024-03-31T01:00:00Z", "2024-10-27T01:00:00Z"},
                     {"2025-03-30T01:00:00Z", "2025-10-26T01:00:00Z"},
                     {"2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"},
                     {"2027-03-28T01:00:00Z", "2027-10-31T01:00:00Z"},
                     {"2028-03-26T01:00:00Z", "2028-10-29T01:00:00Z"},
                     {"2030-03-31T01:00:00Z", "2030-10-27T01:00:00Z"}};
        (void)state;
        for (size_t i = 0; i < sizeof years / sizeof years[0]; i++) {
                assert_false(calendar_is_summer(at(years[i].begins) - 1));
                assert_true(calendar_is_summer(at(years[i].begins)));
                assert_true(calendar_is_summer(at(years[i].ends) - 1));
                assert_false(calendar_is_summer(at(years[i].ends)));
        }
}

static void a_day_begins_at_legal_midnight(void **state)
{
        static const struct {
                const char *moment, *start;
        } rows[] = {
            {"2026-01-15T00:00:00Z", "2026-01-15T00:00:00Z"},
            {"2026-01-15T23:59:59.999999Z", "2026-01-15T00:00:00Z"},
            {"2026-07-15T22:59:59.999999Z", "2026-07-14T23:00:00Z"},
            {"2026-07-15T23:00:00Z", "2026-07-15T23:00:00Z"},
            {"2026-03-29T00:59:59.999999Z", "2026-03-29T00:00:00Z"}, /* 23 hours long */
            {"2026-03-29T22:59:59.999999Z", "2026-03-29T00:00:00Z"},
            {"2026-03-29T23:00:00Z", "2026-03-29T23:00:00Z"},
            {"2026-10-24T22:59:59.999999Z", "2026-10-23T23:00:00Z"},
            {"2026-10-24T23:00:00Z", "2026-10-24T23:00:00Z"}, /* 25 hours long */
            {"2026-10-25T23:59:59.999999Z", "2026-10-24T23:00:00Z"},
            {"2026-10-26T00:00:00Z", "2026-10-26T00:00:00Z"},
            {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
        };
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
                is_at(calendar_day_start(at(rows[i].moment)), rows[i].start);
}

static void months_run_by_the_corresponding_date(void **state)
{
        static const struct {
                const char *from;
                unsigned months;
                const char *end;
        } rows[] = {
            {"2026-09-01T09:30:00Z", 3, "2026-12-01"},
            {"2026-08-31T23:00:00Z", 3, "2026-12-01"},           /* 00:00 on 1 September by summer time */
            {"2026-08-31T22:59:59.999999Z", 3, "2026-12-01"},    /* 31 August: no 31 November */
            {"2026-08-30T12:00:00Z", 3, "2026-11-30"},           /* ends with 29 November */
            {"2026-09-01T22:59:59.999999Z", 3, "2026-12-01"},    /* the last microsecond of 1 September */
            {"2026-09-01T23:00:00Z", 3, "2026-12-02"},           /* the first of the 2nd */
            {"2026-11-30T12:00:00Z", 3, "2027-03-01"},           /* ends with 28 February */
            {"2027-11-30T12:00:00Z", 3, "2028-03-01"},           /* ends with 29 February */
            {"2026-11-29T12:00:00Z", 3, "2027-03-01"},           /* no 29 February 2027 */
            {"2027-11-29T12:00:00Z", 3, "2028-02-29"},           /* ends with 28 February */
            {"2026-11-28T12:00:00Z", 3, "2027-02-28"},           /* ends with the 27th */
            {"2028-02-29T12:00:00Z", 12, "2029-03-01"},          /* ends with 28 February 2029 */
            {"2028-02-28T12:00:00Z", 12, "2029-02-28"},          /* ends with 27 February 2029 */
            {"2027-03-01T12:00:00Z", 12, "2028-03-01"},          /* ends with 29 February 2028 */
            {"2026-12-31T12:00:00Z", 3, "2027-03-30T23:00:00Z"}, /* 31 March 2027, a day of summer time */
            {"2026-01-31T12:00:00Z", 1, "2026-03-01"},
            {"2026-10-31T12:00:00Z", 4, "2027-03-01"},
            {"2026-02-01T12:00:00Z", 3, "2026-04-30T23:00:00Z"}, /* winter to summer: 1 May */
            {"2026-06-15T12:00:00Z", 12, "2027-06-14T23:00:00Z"},
            {"2026-05-10T12:00:00Z", 0, "2026-05-09T23:00:00Z"},
        };
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
                is_at(calendar_months_end(at(rows[i].from), rows[i].months), rows[i].end);
}

static void ends_on_the_days_of_the_changes(void **state)
{
        (void)state;
        is_at(calendar_months_end(at("2025-12-29T12:00:00Z"), 3), "2026-03-29T00:00:00Z");
        is_at(calendar_months_end(at("2025-12-30T12:00:00Z"), 3), "2026-03-29T23:00:00Z");
        is_at(calendar_months_end(at("2026-07-25T12:00:00Z"), 3), "2026-10-24T23:00:00Z");
        is_at(calendar_months_end(at("2026-07-26T12:00:00Z"), 3), "2026-10-26T00:00:00Z");
}

static void what_lies_outside_is_bounded(void **state)
{
        (void)state;
        is_at(calendar_day_start(INT64_MIN), "1970-01-01");
        assert_true(calendar_day_start(INT64_MAX) == at("9999-12-31"));
        assert_true(calendar_months_end(INT64_MAX, UINT32_MAX) ==
                    calendar_months_end(MOMENT_LAST_US, CALENDAR_MONTHS_MAX));
        assert_false(calendar_is_summer(INT64_MIN));
}

/* xorshift64: the same numbers everywhere from one seed. */
static uint64_t next(uint64_t *x)
{
        *x ^= *x << 13;
        *x ^= *x >> 7;
        *x ^= *x << 17;
        return *x;
}

static void any_period_ends_at_midnight(void **state)
{
        const char *given = getenv("ENQUIRY_SEED");
        uint64_t x = given ? strtoull(given, NULL, 10) : UINT64_C(20260901);
        (void)state;
        print_message("seed %llu (ENQUIRY_SEED takes another)\n", (unsigned long long)x);
        x = x ? x : 1;
        for (unsigned i = 0; i < PROPERTY_RUNS; i++) {
                const int64_t from_us = (int64_t)(next(&x) % (uint64_t)(100 * 366 * MOMENT_DAY_US));
                const unsigned months = (unsigned)(1 + next(&x) % 12);
                const int64_t end_us = calendar_months_end(from_us, months);
                const int64_t hours = (end_us - calendar_day_start(from_us)) / MOMENT_HOUR_US;
                const int64_t day_us = end_us + (calendar_is_summer(end_us) ? MOMENT_HOUR_US : 0);
                assert_true(day_us % MOMENT_DAY_US == 0);
                assert_true(calendar_day_start(end_us) == end_us);
                assert_true(calendar_day_start(end_us - 1) < end_us);
                assert_true(hours + 1 >= (int64_t)months * 28 * 24);
                assert_true(hours - 1 <= ((int64_t)months * 31 + 1) * 24);
                assert_true(calendar_months_end(calendar_day_start(from_us), months) == end_us);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(summer_begins_and_ends_at_one),
            cmocka_unit_test(a_day_begins_at_legal_midnight),
            cmocka_unit_test(months_run_by_the_corresponding_date),
            cmocka_unit_test(ends_on_the_days_of_the_changes),
            cmocka_unit_test(what_lies_outside_is_bounded),
            cmocka_unit_test(any_period_ends_at_midnight),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
