/* moment: points in time as microseconds since 1970 (UTC, no leap seconds), and their text. Pure: reads no
 * clock. */
#ifndef LEDGER_BASE_MOMENT_H
#define LEDGER_BASE_MOMENT_H

#include "ledger/base/bytes.h"

#define MOMENT_TEXT_LEN  27 /* "2026-11-23T16:56:21.123456Z" */
#define MOMENT_SECOND_US INT64_C(1000000)
#define MOMENT_HOUR_US   (INT64_C(3600) * MOMENT_SECOND_US)
#define MOMENT_DAY_US    (INT64_C(24) * MOMENT_HOUR_US)
#define MOMENT_LAST_US   INT64_C(253402300799999999) /* 9999-12-31T23:59:59.999999Z */

/* Always six decimals and Z; years 1970 to 9999, and what lies outside as the first or last moment of them.
 */
void moment_text(int64_t at_us, char out[MOMENT_TEXT_LEN + 1]);
/* Exactly the form that moment_text writes; ERR_TIME otherwise. */
enum err moment_of_text(struct bytes text, int64_t *out_us);
/* RFC 3339 as people and programs write it: date, T or space, time, optional decimals, Z or offset; also a
 * bare date (midnight UTC). ERR_TIME otherwise. */
enum err moment_of_rfc3339(struct bytes text, int64_t *out_us);

/* A day of the Gregorian calendar, and its number: days since 1970-01-01, 0 or more. */
struct moment_date {
        unsigned year, month, day; /* month and day from 1 */
};
int64_t moment_days_of_date(const struct moment_date *date);
void moment_date_of_days(int64_t days, struct moment_date *out);
unsigned moment_days_in_month(unsigned year, unsigned month);

#endif
