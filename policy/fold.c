#include "policy/fold.h"

#include <string.h>

void fold_init(struct fold *f, int64_t now_us)
{
        memset(f, 0, sizeof *f);
        f->now_us = now_us;
}

static void forget_old_anchors(struct fold *f, int64_t at_us)
{
        size_t kept = 0;
        for (size_t i = 0; i < f->anchors_n; i++)
                if (at_us - f->anchor[i].at_us <= FOLD_WINDOW_US)
                        f->anchor[kept++] = f->anchor[i];
        f->anchors_n = kept;
}

/* Whether the look starts a view; if it does, later looks of its operation are measured from it. */
static bool starts_view(struct fold *f, int64_t at_us, const uint8_t operation[16])
{
        static const uint8_t none[16];
        forget_old_anchors(f, at_us);
        if (memcmp(operation, none, sizeof none) == 0)
                return true;
        for (size_t i = 0; i < f->anchors_n; i++)
                if (memcmp(f->anchor[i].operation, operation, sizeof f->anchor[i].operation) == 0)
                        return false;
        if (f->anchors_n < FOLD_MAX) {
                memcpy(f->anchor[f->anchors_n].operation, operation, sizeof f->anchor[0].operation);
                f->anchor[f->anchors_n++].at_us = at_us;
        }
        return true;
}

static void count_officer(struct fold *f, uint32_t member)
{
        for (size_t i = 0; i < f->officer_n; i++)
                if (f->officer[i] == member)
                        return;
        if (f->officer_n == FOLD_MAX)
                return;
        f->officer[f->officer_n++] = member;
        f->officers_d28 = (uint32_t)f->officer_n;
}

void fold_look(struct fold *f, int64_t at_us, uint32_t member, const uint8_t operation[16])
{
        int64_t age_us = f->now_us - at_us;
        if (starts_view(f, at_us, operation)) {
                f->d7 += age_us <= 7 * MOMENT_DAY_US;
                f->d28 += age_us <= 28 * MOMENT_DAY_US;
                f->d365 += age_us <= 365 * MOMENT_DAY_US;
        }
        if (age_us <= 28 * MOMENT_DAY_US)
                count_officer(f, member);
        f->last_at_us = at_us;
}
