#include "client/when.h"

#include <stdio.h>
#include <stdlib.h>

#include "policy/calendar.h"

static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};

struct legal {
        unsigned year, month, day, hour, minute;
};

static unsigned digits(const char *at, size_t n)
{
        unsigned v = 0;
        for (size_t i = 0; i < n; i++)
                v = v * 10 + (unsigned)(at[i] - '0');
        return v;
}

static struct legal legal_of(int64_t at_us)
{
        char text[MOMENT_TEXT_LEN + 1];
        moment_text(at_us + (calendar_is_summer(at_us) ? MOMENT_HOUR_US : 0), text);
        return (struct legal){.year = digits(text, 4),
                              .month = digits(text + 5, 2),
                              .day = digits(text + 8, 2),
                              .hour = digits(text + 11, 2),
                              .minute = digits(text + 14, 2)};
}

void when_day(int64_t at_us, char out[WHEN_MAX])
{
        struct legal l = legal_of(at_us);
        (void)snprintf(out, WHEN_MAX, "%u %s %u", l.day, months[l.month - 1], l.year);
}

void when_minute(int64_t at_us, char out[WHEN_MAX])
{
        struct legal l = legal_of(at_us);
        (void)snprintf(out, WHEN_MAX, "%u %s %u %02u:%02u", l.day, months[l.month - 1], l.year, l.hour,
                       l.minute);
}

void when_end(int64_t end_us, char out[WHEN_MAX])
{
        if (calendar_day_start(end_us) != end_us) {
                when_minute(end_us, out);
                return;
        }
        struct legal l = legal_of(end_us - 1);
        (void)snprintf(out, WHEN_MAX, "with %u %s %u (23:59:59)", l.day, months[l.month - 1], l.year);
}

void when_span(int64_t us, char out[WHEN_MAX])
{
        static const struct {
                int64_t unit_us, least;
                const char *name;
        } rows[] = {
            {MOMENT_DAY_US, 2, "day"}, {MOMENT_HOUR_US, 1, "hour"}, {60 * MOMENT_SECOND_US, 0, "minute"}};
        size_t i = 0;
        while (i < 2 && us < rows[i].least * rows[i].unit_us)
                i++;
        long long n = us > 0 ? (long long)(us / rows[i].unit_us) : 0;
        (void)snprintf(out, WHEN_MAX, "%lld %s%s", n, rows[i].name, n == 1 ? "" : "s");
}

void when_text(int64_t at_us, char out[WHEN_MAX])
{
        char text[MOMENT_TEXT_LEN + 1];
        moment_text(at_us, text);
        (void)snprintf(out, WHEN_MAX, "%.19sZ", text);
}
