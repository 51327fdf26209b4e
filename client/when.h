/* when: times as people say them, in the legal time of the United Kingdom, by which the clocks of authorities
 * run. Pure. */
#ifndef CLIENT_WHEN_H
#define CLIENT_WHEN_H

#include "ledger/base/moment.h"

#define WHEN_MAX 64 /* bytes */

void when_day(int64_t at_us, char out[WHEN_MAX]);    /* "26 November 2026" */
void when_minute(int64_t at_us, char out[WHEN_MAX]); /* "26 November 2026 10:04" */
/* The first moment after a period: "with 30 November 2026 (23:59:59)" where it ends with a day, else "26
 * November 2026 10:04". */
void when_end(int64_t end_us, char out[WHEN_MAX]);
/* "12 days", "1 hour", "0 minutes": whole ones of the largest that fits; days from two on. */
void when_span(int64_t us, char out[WHEN_MAX]);
/* As signed records write it, without a fraction: "2026-11-26T10:04:00Z". */
void when_text(int64_t at_us, char out[WHEN_MAX]);

#endif
