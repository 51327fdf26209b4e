#include "policy/fold.h"

#include <string.h>

static bool same_operation(const uint8_t a[16], const uint8_t b[16])
{
        return memcmp(a, b, 16) == 0;
}

static bool no_operation(const uint8_t operation[16])
{
        static const uint8_t none[16];
        return same_operation(operation, none);
}

void fold_init(struct fold *f, int64_t now_us, unsigned window_days, const uint8_t operation[16])
{
        memset(f, 0, sizeof *f);
        f->now_us = now_us;
        f->window_days = window_days;
        memcpy(f->operation, operation, sizeof f->operation);
}

void fold_account(struct fold *f)
{
        f->account_counted = false;
        f->anchors_n = 0;
}

static void forget_old_anchors(struct fold *f, int64_t at_us)
{
        size_t kept = 0;
        for (size_t i = 0; i < f->anchors_n; i++)
                if (at_us - f->anchor[i].at_us <= FOLD_WINDOW_US)
                        f->anchor[kept++] = f->anchor[i];
        f->anchors_n = kept;
}

/* Whether the look starts a view; *out_sitting: whether it is the first capture of its view. Later looks of
 * the operation are measured from the look that started the view. */
static bool starts_view(struct fold *f, const struct look *look, bool *out_sitting)
{
        forget_old_anchors(f, look->at_us);
        *out_sitting = look->captured;
        if (no_operation(look->operation))
                return true;
        for (size_t i = 0; i < f->anchors_n; i++)
                if (same_operation(f->anchor[i].operation, look->operation)) {
                        *out_sitting = look->captured && !f->anchor[i].captured;
                        f->anchor[i].captured |= look->captured;
                        return false;
                }
        if (f->anchors_n < FOLD_MAX) {
                memcpy(f->anchor[f->anchors_n].operation, look->operation, sizeof look->operation);
                f->anchor[f->anchors_n].captured = look->captured;
                f->anchor[f->anchors_n++].at_us = look->at_us;
        }
        return true;
}

static void count_officer(uint32_t seen[FOLD_MAX], uint32_t *n, uint32_t member)
{
        for (size_t i = 0; i < *n; i++)
                if (seen[i] == member)
                        return;
        if (*n < FOLD_MAX)
                seen[(*n)++] = member;
}

static void count(struct fold *f, const struct look *look)
{
        const int64_t age_us = f->now_us - look->at_us;
        const bool within = age_us <= (int64_t)f->window_days * MOMENT_DAY_US;
        bool sitting;
        if (starts_view(f, look, &sitting)) {
                f->d7 += age_us <= 7 * MOMENT_DAY_US;
                f->window += within;
                f->d365 += age_us <= 365 * MOMENT_DAY_US;
        }
        if (!within)
                return;
        f->sittings += sitting;
        f->immediate += look->immediate;
        f->accounts += !f->account_counted;
        f->account_counted = true;
        count_officer(f->officer, &f->officers, look->member);
        if (!no_operation(f->operation) && same_operation(f->operation, look->operation))
                count_officer(f->operation_officer, &f->operation_officers, look->member);
}

void fold_look(struct fold *f, const struct look *look)
{
        count(f, look);
        if (look->at_us > f->last_at_us)
                f->last_at_us = look->at_us;
}

void fold_present(struct fold *f, const struct look *look)
{
        count(f, look);
}
