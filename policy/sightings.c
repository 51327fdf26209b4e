#include "policy/sightings.h"

#include <stdlib.h>

struct tie {
        uint32_t other;
        bool same;
};
struct account {
        struct sighting *sighting; /* owned; by at_us, those of one moment in the order of the entries */
        struct tie *tie;           /* owned; in the order in which the two were first named together */
        uint32_t sightings_n, sightings_size, ties_n, ties_size;
};
struct sightings {
        struct marks marks;
        struct account *account; /* owned; by number of the mark */
        uint32_t size;
};

struct sightings *sightings_new(void)
{
        return calloc(1, sizeof(struct sightings));
}

void sightings_free(struct sightings *s)
{
        if (s == NULL)
                return;
        for (uint32_t i = 0; i < s->marks.n; i++) {
                free(s->account[i].sighting);
                free(s->account[i].tie);
        }
        free(s->account);
        marks_clear(&s->marks);
        free(s);
}

static enum err account_of(struct sightings *s, const struct mark *mark, struct account **out)
{
        uint32_t n = s->marks.n, number;
        void *at = s->account;
        enum err e = marks_grow(&at, n, &s->size, sizeof *s->account);
        s->account = at;
        if (e || (e = marks_put(&s->marks, mark, &number)))
                return e;
        if (number == n)
                s->account[number] = (struct account){0};
        *out = &s->account[number];
        return OK;
}

/* How many are not later than at_us. */
static uint32_t until(const struct account *a, int64_t at_us)
{
        uint32_t low = 0, high = a->sightings_n;
        while (low < high) {
                uint32_t middle = low + (high - low) / 2;
                if (a->sighting[middle].at_us <= at_us)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

enum err sightings_put(struct sightings *s, const struct mark *mark, const struct sighting *one)
{
        struct account *a;
        void *at;
        uint32_t place;
        enum err e = account_of(s, mark, &a);
        if (e)
                return e;
        at = a->sighting;
        e = marks_grow(&at, a->sightings_n, &a->sightings_size, sizeof *a->sighting);
        a->sighting = at;
        if (e)
                return e;
        place = until(a, one->at_us);
        memmove(a->sighting + place + 1, a->sighting + place, (a->sightings_n - place) * sizeof *a->sighting);
        a->sighting[place] = *one;
        a->sightings_n++;
        return OK;
}

static enum err tie_one(struct sightings *s, const struct mark *from, const struct mark *to, bool same)
{
        struct account *a, *b;
        void *at;
        uint32_t other;
        enum err e;
        if ((e = account_of(s, to, &b)))
                return e;
        other = (uint32_t)(b - s->account);
        if ((e = account_of(s, from, &a)))
                return e;
        for (uint32_t i = 0; i < a->ties_n; i++)
                if (a->tie[i].other == other) {
                        a->tie[i].same = same;
                        return OK;
                }
        at = a->tie;
        e = marks_grow(&at, a->ties_n, &a->ties_size, sizeof *a->tie);
        a->tie = at;
        if (!e)
                a->tie[a->ties_n++] = (struct tie){.other = other, .same = same};
        return e;
}

enum err sightings_tie(struct sightings *s, const struct mark *a, const struct mark *b, bool same)
{
        enum err e;
        if (memcmp(a->b, b->b, MARK_LEN) == 0)
                return OK;
        e = tie_one(s, a, b, same);
        return e ? e : tie_one(s, b, a, same);
}

void sightings_operation(uint32_t operation, uint8_t out[16])
{
        memset(out, 0, 16);
        if (operation != MARK_NONE) {
                out[0] = 1;
                memcpy(out + 1, &operation, sizeof operation);
        }
}

/* Of more than the store gives, the newest. */
static void feed(const struct account *a, struct fold *fold)
{
        const int64_t days = fold->window_days > 365 ? fold->window_days : 365;
        uint32_t to = until(a, fold->now_us), from = until(a, fold->now_us - days * MOMENT_DAY_US - 1);
        if (to - from > STORE_VIEWS_MAX)
                from = to - STORE_VIEWS_MAX;
        fold_account(fold);
        for (uint32_t i = from; i < to; i++) {
                const struct sighting *one = &a->sighting[i];
                struct look look = {.at_us = one->at_us,
                                    .member = one->member,
                                    .captured = one->captured,
                                    .immediate = one->immediate};
                if (!one->look || !one->intended)
                        continue;
                sightings_operation(one->operation, look.operation);
                fold_look(fold, &look);
        }
}

static bool is_among(const uint32_t numbers[], size_t n, uint32_t number)
{
        for (size_t i = 0; i < n; i++)
                if (numbers[i] == number)
                        return true;
        return false;
}

struct circle {
        uint32_t number[STORE_TIES_MAX];
        size_t n;
};

static void circle_add(struct circle *c, uint32_t number)
{
        if (c->n < STORE_TIES_MAX && !is_among(c->number, c->n, number))
                c->number[c->n++] = number;
}

/* Breadth first, as store_tied: of each one's ties no more than fit. */
static void circle_of(const struct sightings *s, uint32_t first, struct circle *c)
{
        c->n = 0;
        circle_add(c, first);
        for (size_t i = 0; i < c->n && c->n < STORE_TIES_MAX; i++) {
                const struct account *a = &s->account[c->number[i]];
                size_t seen = 0;
                for (uint32_t k = 0; k < a->ties_n && seen < STORE_TIES_MAX; k++) {
                        if (!a->tie[k].same)
                                continue;
                        seen++;
                        circle_add(c, a->tie[k].other);
                }
        }
}

void sightings_fold(const struct sightings *s, const struct mark *account, const struct mark *reference,
                    struct fold *fold)
{
        const uint32_t own = marks_find(&s->marks, account);
        const uint32_t person = reference ? marks_find(&s->marks, reference) : MARK_NONE;
        struct circle all = {.n = 0}, more = {.n = 0};
        if (own != MARK_NONE)
                circle_of(s, own, &all);
        if (person != MARK_NONE && !is_among(all.number, all.n, person))
                circle_of(s, person, &more);
        for (size_t i = 0; i < more.n; i++)
                circle_add(&all, more.number[i]);
        for (size_t i = own != MARK_NONE; i < all.n; i++)
                feed(&s->account[all.number[i]], fold);
        if (own != MARK_NONE)
                feed(&s->account[own], fold);
        else
                fold_account(fold);
}
