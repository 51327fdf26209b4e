/* bench_views: what the commit thread pays for counting looks: a ledger with a million rows in its index of
 * subjects, 100 of them looks at one subject within a year, by 40 people in 10 operations; asked for and
 * folded inside a batch, as the daemon does. `bench_views FOLDER [ROWS]`. One JSON line; microseconds an ask,
 * each timed by itself: of the busy subject, and of one that was looked at once. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "ledger/store/store.h"
#include "policy/fold.h"

#define ROWS   1000000
#define BATCH  20000
#define LOOKS  100
#define ASKS   20000
#define DAY_US MOMENT_DAY_US

static const int64_t now_us = INT64_C(1790000000) * MOMENT_SECOND_US;

static double now_s(void)
{
        struct timespec t;
        (void)clock_gettime(CLOCK_MONOTONIC, &t);
        return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t next(uint64_t *state)
{
        *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        return *state >> 33;
}

/* Tags are spread as a keyed hash spreads them. */
static void tag_of(uint64_t n, uint8_t out[STORE_TAG_LEN])
{
        uint64_t state = n * UINT64_C(0x9e3779b97f4a7c15) + 1;
        for (size_t i = 0; i < STORE_TAG_LEN; i++)
                out[i] = (uint8_t)next(&state);
}

static enum err put_row(struct store *s, uint64_t seq, uint64_t rows, uint64_t *chance)
{
        struct buf leaf;
        char jws[64];
        bool busy = seq % (rows / LOOKS) == 0;
        (void)snprintf(jws, sizeof jws, "a.b.%llu", (unsigned long long)seq);
        const struct leaf l = {.seq = seq, .at_us = (int64_t)seq + 1, .statement = bytes_text(jws)};
        struct store_entry e = {.intended = true,
                                .done_us = now_us - (int64_t)(next(chance) % (365 * 24)) * MOMENT_HOUR_US};
        enum err err;
        e.item = (struct store_item){.seq = seq,
                                     .kind = KIND_ACTIVITY,
                                     .at_us = (int64_t)seq + 1,
                                     .n = seq + 1,
                                     .member = (uint32_t)(next(chance) % 40),
                                     .decided_by = SEQ_NONE,
                                     .closed_by = SEQ_NONE,
                                     .target = SEQ_NONE};
        tag_of(busy ? 0 : 1 + next(chance) % 300000, e.item.subject);
        tag_of(1000000 + next(chance) % 10, e.item.operation);
        buf_init(&leaf, LEAF_MAX);
        if (!(err = leaf_put(&leaf, &l)) && !(err = buf_check(&leaf)) &&
            !(err = tree_leaf_hash(buf_bytes(&leaf), &e.hash)) && !(err = hash_of(bytes_text(jws), &e.st))) {
                e.leaf = buf_bytes(&leaf);
                err = store_put_entry(s, &e);
        }
        buf_clear(&leaf);
        return err;
}

static enum err fill(struct store *s, uint64_t rows)
{
        uint64_t chance = 7;
        enum err e = OK;
        for (uint64_t seq = 0; seq < rows && !e;) {
                if ((e = store_begin(s)))
                        break;
                for (size_t i = 0; i < BATCH && seq < rows && !e; i++)
                        e = put_row(s, seq++, rows, &chance);
                if (!e && !(e = store_commit(s)))
                        e = store_tidy(s);
        }
        return e;
}

static enum err feed(void *self, const struct store_view *v)
{
        struct look look = {
            .at_us = v->at_us, .member = v->member, .captured = v->captured, .immediate = v->immediate};
        memcpy(look.operation, v->operation, sizeof look.operation);
        fold_look(self, &look);
        return OK;
}

static int order(const void *a, const void *b)
{
        double x = *(const double *)a, y = *(const double *)b;
        return x < y ? -1 : x > y;
}

/* As daemon/around_views.c does it, for an account without ties. */
static enum err ask(struct store *s, const uint8_t tag[STORE_TAG_LEN], struct fold *fold)
{
        static const uint8_t none[16];
        uint8_t tied[STORE_TIES_MAX][STORE_TAG_LEN];
        size_t n = 0;
        enum err e = store_tied(s, tag, tied, &n);
        fold_init(fold, now_us, 28, none);
        for (size_t i = 0; i < n && !e; i++) {
                fold_account(fold);
                e = store_views(s, tied[i], now_us - 365 * DAY_US, now_us, feed, fold);
        }
        return e;
}

static enum err measure(struct store *s, bool busy, const char *name, uint64_t *out_views)
{
        static double took[ASKS];
        struct fold fold;
        uint8_t tag[STORE_TAG_LEN];
        enum err e = OK;
        for (size_t i = 0; i < ASKS && !e; i++) {
                tag_of(busy ? 0 : 1 + i % 1000, tag);
                double began = now_s();
                e = ask(s, tag, &fold);
                took[i] = (now_s() - began) * 1e6;
        }
        *out_views = fold.d365;
        qsort(took, ASKS, sizeof took[0], order);
        (void)printf("\"%s_us\":%.1f,\"%s_p99_us\":%.1f,", name, took[ASKS / 2], name, took[ASKS * 99 / 100]);
        return e;
}

int main(int argc, char **argv)
{
        char path[1024];
        const uint8_t key[32] = {1};
        struct store_keys *keys = NULL;
        struct store *s = NULL;
        struct why why = {0};
        uint64_t rows = argc == 3 ? strtoull(argv[2], NULL, 10) : ROWS, views = 0;
        enum err e;
        if (argc < 2 || rows < LOOKS || crypto_setup()) {
                (void)fprintf(stderr, "usage: bench_views FOLDER [ROWS]\n");
                return EXIT_WRONG_USE;
        }
        (void)snprintf(path, sizeof path, "%s/views.db", argv[1]);
        if ((e = store_keys_new(bytes_of(key, sizeof key), &keys)) || (e = store_create(path)) ||
            (e = store_open(path, STORE_WRITE, keys, &s, &why)) || (e = fill(s, rows)))
                goto done;
        (void)printf("{\"rows\":%llu,", (unsigned long long)rows);
        if ((e = store_begin(s)) || (e = measure(s, true, "hundred_looks", &views)) ||
            (e = measure(s, false, "one_of_many", &(uint64_t){0})))
                goto done;
        (void)printf("\"views\":%llu}\n", (unsigned long long)views);
done:
        if (e)
                (void)fprintf(stderr, "bench_views: %s %s\n", err_row(e)->sentence, why.detail);
        store_close(s);
        store_keys_free(keys);
        (void)unlink(path);
        return e ? 1 : 0;
}
