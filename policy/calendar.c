#include "policy/calendar.h"

#define SUMMER_US MOMENT_HOUR_US /* how far summer time is ahead */

/* What lies outside of the years that moment.h knows is taken for their first or last moment. */
static int64_t within(int64_t at_us)
{
        return at_us < 0 ? 0 : at_us > MOMENT_LAST_US ? MOMENT_LAST_US : at_us;
}

/* 01:00 UTC on the last Sunday of a month of 31 days. */
static int64_t change_us(unsigned year, unsigned month)
{
        const int64_t last = moment_days_of_date(&(struct moment_date){year, month, 31});
        const int64_t weekday = (last + 4) % 7; /* from Sunday; 1970-01-01 was a Thursday */
        return (last - weekday) * MOMENT_DAY_US + MOMENT_HOUR_US;
}

bool calendar_is_summer(int64_t at_us)
{
        const int64_t us = within(at_us);
        struct moment_date date;
        moment_date_of_days(us / MOMENT_DAY_US, &date);
        return us >= change_us(date.year, 3) && us < change_us(date.year, 10);
}

static int64_t legal_day(int64_t at_us)
{
        const int64_t us = within(at_us);
        return (us + (calendar_is_summer(us) ? SUMMER_US : 0)) / MOMENT_DAY_US;
}

/* The clocks never change at midnight, so that the hour before it in winter, or midnight itself in summer,
 * tells which time the day begins in. */
static int64_t start_of_day(int64_t day)
{
        const int64_t us = day * MOMENT_DAY_US;
        return calendar_is_summer(us - SUMMER_US) ? us - SUMMER_US : us;
}

int64_t calendar_day_start(int64_t at_us)
{
        return start_of_day(legal_day(at_us));
}

int64_t calendar_months_end(int64_t at_us, unsigned months)
{
        struct moment_date date;
        moment_date_of_days(legal_day(at_us), &date);
        const unsigned n = months < CALENDAR_MONTHS_MAX ? months : CALENDAR_MONTHS_MAX;
        const unsigned month = date.month - 1 + n;
        date.year += month / 12;
        date.month = month % 12 + 1;
        const unsigned last = moment_days_in_month(date.year, date.month);
        if (date.day <= last)
                return start_of_day(moment_days_of_date(&date));
        date.day = last;
        return start_of_day(moment_days_of_date(&date) + 1);
}
