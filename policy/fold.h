/* fold: views counted as DESIGN section 5 has it: looks of one operation at one subject within 8 hours of the
 * first of them, by whomever, are one view, at the time of that first; a look without an operation (zeros) is
 * a view. Windows of days end now and reach back n times 24 hours, the last microsecond included. Feed oldest
 * first, then read. Pure. */
#ifndef POLICY_FOLD_H
#define POLICY_FOLD_H

#include "ledger/base/moment.h"

#define FOLD_WINDOW_US (8 * MOMENT_HOUR_US)
#define FOLD_MAX                                                                                             \
        64 /* operations remembered within 8 hours: beyond that each look counts; officers told apart */

struct fold {
        int64_t now_us;
        uint32_t d7, d28, d365, officers_d28;
        int64_t last_at_us; /* of the last look; 0: none */
        size_t anchors_n;
        struct {
                uint8_t operation[16];
                int64_t at_us;
        } anchor[FOLD_MAX];
        uint32_t officer[FOLD_MAX];
        size_t officer_n;
};

void fold_init(struct fold *f, int64_t now_us);
void fold_look(struct fold *f, int64_t at_us, uint32_t member, const uint8_t operation[16]);

#endif
