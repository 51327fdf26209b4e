/* calendar: days and months of the legal time of the United Kingdom (Summer Time Act 1972 as amended: an hour
 * ahead of UTC from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October), in
 * which the months of RIPA s.43 run. Times are microseconds since 1970, UTC. Pure. */
#ifndef POLICY_CALENDAR_H
#define POLICY_CALENDAR_H

#include "ledger/base/moment.h"

#define CALENDAR_MONTHS_MAX 1200 /* of one period; more count as so many */

bool calendar_is_summer(int64_t at_us);
/* 00:00 by legal time of the day that holds at_us. */
int64_t calendar_day_start(int64_t at_us);
/* The end of a period of n months that begins on the day of at_us: the 00:00 that follows its last day. Three
 * months from any hour of 1 September end with 30 November; where the month has no corresponding day the
 * period ends with the month's last one. */
int64_t calendar_months_end(int64_t at_us, unsigned months);

#endif
