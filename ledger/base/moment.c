#include "ledger/base/moment.h"

struct parts {
        struct moment_date date;
        unsigned hour, minute, second, micros;
};

/* A year is counted from March, so that the leap day is its last, and 400 of them have always the same number
 * of days. */
int64_t moment_days_of_date(const struct moment_date *date)
{
        int64_t y = (int64_t)date->year - (date->month <= 2);
        int64_t month_from_march = (date->month + 9) % 12;
        int64_t day_of_year = (153 * month_from_march + 2) / 5 + date->day - 1;
        return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
}

void moment_date_of_days(int64_t days, struct moment_date *out)
{
        int64_t z = days + 719468;
        int64_t era = z / 146097, day_of_era = z % 146097;
        int64_t year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
        int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        int64_t month_from_march = (5 * day_of_year + 2) / 153;
        out->day = (unsigned)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
        out->month = (unsigned)((month_from_march + 2) % 12 + 1);
        out->year = (unsigned)(era * 400 + year_of_era + (out->month <= 2));
}

static char *digits_put(char *at, unsigned v, size_t n, char after)
{
        for (size_t i = n; i > 0; i--, v /= 10)
                at[i - 1] = (char)('0' + v % 10);
        at[n] = after;
        return at + n + 1;
}

void moment_text(int64_t at_us, char out[MOMENT_TEXT_LEN + 1])
{
        int64_t us = at_us < 0 ? 0 : at_us > MOMENT_LAST_US ? MOMENT_LAST_US : at_us;
        struct moment_date date;
        moment_date_of_days(us / MOMENT_DAY_US, &date);
        unsigned second = (unsigned)(us % MOMENT_DAY_US / MOMENT_SECOND_US);
        char *at = digits_put(out, date.year, 4, '-');
        at = digits_put(at, date.month, 2, '-');
        at = digits_put(at, date.day, 2, 'T');
        at = digits_put(at, second / 3600, 2, ':');
        at = digits_put(at, second / 60 % 60, 2, ':');
        at = digits_put(at, second % 60, 2, '.');
        at = digits_put(at, (unsigned)(us % MOMENT_SECOND_US), 6, 'Z');
        *at = '\0';
}

static enum err take_digits(struct bytes *in, size_t n, unsigned *out)
{
        struct bytes rest = *in, part;
        if (bytes_take(&rest, n, &part))
                return ERR_TIME;
        unsigned v = 0;
        for (size_t i = 0; i < n; i++) {
                if (part.at[i] < '0' || part.at[i] > '9')
                        return ERR_TIME;
                v = v * 10 + (part.at[i] - (unsigned)'0');
        }
        *in = rest;
        *out = v;
        return OK;
}

/* One byte out of `allowed`. */
static enum err take_one(struct bytes *in, const char *allowed, char *out)
{
        if (in->n == 0 || in->at[0] == '\0' || !strchr(allowed, in->at[0]))
                return ERR_TIME;
        *out = (char)in->at[0];
        *in = bytes_of(in->at + 1, in->n - 1);
        return OK;
}

unsigned moment_days_in_month(unsigned year, unsigned month)
{
        static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return days[month - 1] + (month == 2 && leap);
}

static enum err take_date(struct bytes *in, struct parts *p)
{
        char c;
        enum err e;
        if ((e = take_digits(in, 4, &p->date.year)) || (e = take_one(in, "-", &c)) ||
            (e = take_digits(in, 2, &p->date.month)) || (e = take_one(in, "-", &c)) ||
            (e = take_digits(in, 2, &p->date.day)))
                return e;
        if (p->date.month < 1 || p->date.month > 12 || p->date.day < 1 ||
            p->date.day > moment_days_in_month(p->date.year, p->date.month))
                return ERR_TIME;
        return OK;
}

static enum err take_time(struct bytes *in, struct parts *p)
{
        char c;
        enum err e;
        if ((e = take_digits(in, 2, &p->hour)) || (e = take_one(in, ":", &c)) ||
            (e = take_digits(in, 2, &p->minute)) || (e = take_one(in, ":", &c)) ||
            (e = take_digits(in, 2, &p->second)))
                return e;
        return p->hour > 23 || p->minute > 59 || p->second > 59 ? ERR_TIME : OK;
}

/* Nothing, or a point and 1 to 9 digits, of which the first six count. */
static enum err take_decimals(struct bytes *in, unsigned *out_micros)
{
        char c;
        *out_micros = 0;
        if (take_one(in, ".", &c))
                return OK;
        unsigned unit = 100000, digit;
        size_t n = 0;
        for (; !take_digits(in, 1, &digit); n++, unit /= 10)
                *out_micros += digit * unit;
        return n >= 1 && n <= 9 ? OK : ERR_TIME;
}

/* Z, or the offset that is to be taken away. */
static enum err take_zone(struct bytes *in, int64_t *out_offset_us)
{
        char sign, c;
        unsigned hour = 0, minute = 0;
        enum err e;
        if ((e = take_one(in, "Zz+-", &sign)))
                return e;
        if (sign == '+' || sign == '-')
                if ((e = take_digits(in, 2, &hour)) || (e = take_one(in, ":", &c)) ||
                    (e = take_digits(in, 2, &minute)))
                        return e;
        if (hour > 23 || minute > 59)
                return ERR_TIME;
        int64_t offset_us = (int64_t)(hour * 60 + minute) * 60 * MOMENT_SECOND_US;
        *out_offset_us = sign == '-' ? -offset_us : offset_us;
        return OK;
}

static enum err moment_of_parts(const struct parts *p, int64_t offset_us, int64_t *out_us)
{
        int64_t second = (int64_t)p->hour * 3600 + p->minute * 60 + p->second;
        int64_t us =
            moment_days_of_date(&p->date) * MOMENT_DAY_US + second * MOMENT_SECOND_US + p->micros - offset_us;
        if (us < 0 || us > MOMENT_LAST_US)
                return ERR_TIME;
        *out_us = us;
        return OK;
}

enum err moment_of_text(struct bytes text, int64_t *out_us)
{
        struct parts p = {0};
        char c;
        enum err e;
        if ((e = take_date(&text, &p)) || (e = take_one(&text, "T", &c)) || (e = take_time(&text, &p)) ||
            (e = take_one(&text, ".", &c)) || (e = take_digits(&text, 6, &p.micros)) ||
            (e = take_one(&text, "Z", &c)))
                return e;
        return text.n > 0 ? ERR_TIME : moment_of_parts(&p, 0, out_us);
}

enum err moment_of_rfc3339(struct bytes text, int64_t *out_us)
{
        struct parts p = {0};
        int64_t offset_us = 0;
        char c;
        enum err e;
        if ((e = take_date(&text, &p)))
                return e;
        if (text.n == 0)
                return moment_of_parts(&p, 0, out_us);
        if ((e = take_one(&text, "Tt ", &c)) || (e = take_time(&text, &p)) ||
            (e = take_decimals(&text, &p.micros)) || (e = take_zone(&text, &offset_us)))
                return e;
        return text.n > 0 ? ERR_TIME : moment_of_parts(&p, offset_us, out_us);
}
