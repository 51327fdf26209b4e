/* fold: views counted as DESIGN section 5 has it: looks of one operation at one account within 8 hours of the
 * first of them, by whomever, are one view, at the time of that first; a look without an operation (zeros) is
 * a view. Windows of days end now and reach back n times 24 hours, the last microsecond included. Fed account
 * by account, each oldest first, then read. Pure. */
#ifndef POLICY_FOLD_H
#define POLICY_FOLD_H

#include "ledger/base/moment.h"

#define FOLD_WINDOW_US (8 * MOMENT_HOUR_US)
#define FOLD_MAX                                                                                             \
        64 /* operations remembered within 8 hours: beyond that each look counts; officers told apart */

struct look {
        int64_t at_us; /* when it was done */
        uint32_t member;
        uint8_t operation[16]; /* tag; zeros: none */
        bool captured, immediate;
};
struct fold {
        int64_t now_us;
        unsigned window_days;
        uint8_t operation[16];     /* of the entry that is judged */
        uint32_t d7, window, d365; /* views */
        uint32_t officers, operation_officers, accounts, sittings, immediate; /* in the window */
        int64_t last_at_us; /* of the newest look but the present one; 0: none */
        /* of the present account */
        bool account_counted;
        size_t anchors_n;
        struct {
                uint8_t operation[16];
                int64_t at_us;
                bool captured; /* counted as a sitting */
        } anchor[FOLD_MAX];
        uint32_t officer[FOLD_MAX], operation_officer[FOLD_MAX];
};

void fold_init(struct fold *f, int64_t now_us, unsigned window_days, const uint8_t operation[16]);
/* The looks that follow are at another account of the person. Also before the first. */
void fold_account(struct fold *f);
void fold_look(struct fold *f, const struct look *look);
/* The look that is judged: after all others, of the account begun last; it does not move last_at_us. */
void fold_present(struct fold *f, const struct look *look);

#endif
