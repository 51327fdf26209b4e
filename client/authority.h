/* authority: one grant as people read it: in force or not, until when, what it covers; from the entries that
 * were signed, by the clocks of policy/authority.h. */
#ifndef CLIENT_AUTHORITY_H
#define CLIENT_AUTHORITY_H

#include "client/known.h"

/* {"authority_ref","state","ends_at","hours_left"} as of at_us; without an end where it never held. */
json_t *authority_state_json(const struct known *k, const struct authority *a, int64_t at_us);
/* The same with its terms, scope, renewals and reviews. */
json_t *authority_json(const struct known *k, const struct authority *a, int64_t at_us);
/* "in force; ends with 30 November 2026 (23:59:59), 12 days left" and the like; at most AUTHORITY_CLOCK_MAX
 * bytes. */
#define AUTHORITY_CLOCK_MAX 200
void authority_clock(const struct known *k, const struct authority *a, int64_t at_us,
                     char out[AUTHORITY_CLOCK_MAX]);
void authority_print(const struct known *k, const struct authority *a, int64_t at_us);
/* One line of a list. */
void authority_print_line(const struct known *k, const struct authority *a, int64_t at_us);

#endif
