/* What the store knows of people by tag alone: windows of looks, ties, sketches, digests; each against a
 * plain model or a hand-made case. */
#include "tests/ledger/store/fixture.h"

#define LOOKS 900

struct look {
        uint64_t seq;
        int64_t done_us;
        uint8_t subject, operation;
        uint32_t member;
        bool look, intended, captured, immediate;
};
static struct look model[LOOKS];
static uint64_t seed_in_force;

static uint32_t chance(uint32_t bound)
{
        seed_in_force = seed_in_force * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        return (uint32_t)(seed_in_force >> 33) % bound;
}

static void seed(void)
{
        const char *given = getenv("SEED");
        seed_in_force = given != NULL ? strtoull(given, NULL, 10) : random_below(UINT32_MAX);
        print_message("SEED=%llu\n", (unsigned long long)seed_in_force);
}

static void put_look(struct fixture *f, const struct look *l)
{
        struct fixture_entry e;
        fixture_entry_init(&e, l->seq);
        e.entry.item.kind = l->look ? KIND_ACTIVITY : KIND_INTENT;
        e.entry.item.member = l->member;
        memset(e.entry.item.subject, l->subject, STORE_TAG_LEN);
        memset(e.entry.item.operation, l->operation, STORE_TAG_LEN);
        e.entry.done_us = l->done_us;
        e.entry.intended = l->intended;
        e.entry.captured = l->captured;
        e.entry.immediate = l->immediate;
        assert_int_equal(store_put_entry(f->store, &e.entry), OK);
        fixture_entry_clear(&e);
}

struct seen {
        size_t n;
        struct store_view view[STORE_VIEWS_MAX];
        enum err stop;
};

static enum err see(void *self, const struct store_view *view)
{
        struct seen *seen = self;
        assert_true(seen->n < STORE_VIEWS_MAX);
        seen->view[seen->n++] = *view;
        return seen->stop;
}

/* The order in which views are given: when it was done, then seq. */
static int earlier(const void *a, const void *b)
{
        const struct look *x = a, *y = b;
        if (x->done_us != y->done_us)
                return x->done_us < y->done_us ? -1 : 1;
        return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static void expect_view(const struct store_view *v, const struct look *l)
{
        uint8_t operation[STORE_TAG_LEN];
        memset(operation, l->operation, sizeof operation);
        assert_int_equal(v->seq, l->seq);
        assert_int_equal(v->at_us, l->done_us);
        assert_int_equal(v->member, l->member);
        assert_int_equal(v->look, l->look);
        assert_int_equal(v->intended, l->intended);
        assert_int_equal(v->captured, l->captured);
        assert_int_equal(v->immediate, l->immediate);
        assert_memory_equal(v->operation, operation, STORE_TAG_LEN);
}

static void a_window_is_when_it_was_done(void **state)
{
        struct fixture *f = *state;
        static struct seen seen;
        seed();
        assert_int_equal(store_begin(f->store), OK);
        for (size_t i = 0; i < LOOKS; i++) {
                model[i] = (struct look){.seq = i,
                                         .done_us = chance(400), /* many at the same microsecond */
                                         .subject = (uint8_t)chance(4),
                                         .operation = (uint8_t)chance(3),
                                         .member = chance(3),
                                         .look = chance(2),
                                         .intended = chance(2),
                                         .captured = chance(2),
                                         .immediate = chance(2)};
                put_look(f, &model[i]);
        }
        assert_int_equal(store_commit(f->store), OK);
        qsort(model, LOOKS, sizeof model[0], earlier);
        for (int k = 0; k < 400; k++) {
                const uint8_t subject = (uint8_t)(1 + chance(4));
                const int64_t since = (int64_t)chance(420) - 10, until = since + (int64_t)chance(300) - 5;
                uint8_t tag[STORE_TAG_LEN];
                size_t expected = 0;
                memset(tag, subject, sizeof tag);
                seen.n = 0;
                assert_int_equal(store_views(f->store, tag, since, until, see, &seen), OK);
                for (size_t i = 0; i < LOOKS; i++)
                        if (model[i].subject == subject && model[i].done_us >= since &&
                            model[i].done_us <= until)
                                expect_view(&seen.view[expected++], &model[i]);
                assert_int_equal(seen.n, expected);
        }
}

static void the_newest_of_many(void **state)
{
        struct fixture *f = *state;
        static struct seen seen;
        uint8_t tag[STORE_TAG_LEN];
        memset(tag, 1, sizeof tag);
        assert_int_equal(store_begin(f->store), OK);
        for (uint64_t seq = 0; seq < STORE_VIEWS_MAX + 3; seq++) {
                const struct look l = {.seq = seq, .done_us = (int64_t)seq, .subject = 1, .look = true};
                put_look(f, &l);
        }
        assert_int_equal(store_commit(f->store), OK);
        assert_int_equal(store_views(f->store, tag, 0, INT64_MAX, see, &seen), OK);
        assert_int_equal(seen.n, STORE_VIEWS_MAX);
        for (size_t i = 0; i < seen.n; i++)
                assert_int_equal(seen.view[i].seq, i + 3);
        seen = (struct seen){.stop = ERR_FORM};
        assert_int_equal(store_views(f->store, tag, 0, INT64_MAX, see, &seen), ERR_FORM);
        assert_int_equal(seen.n, 1);
}

/* --- ties --- */

static void tag_of(int of, uint8_t out[STORE_TAG_LEN])
{
        memset(out, 0, STORE_TAG_LEN);
        out[0] = (uint8_t)(of >> 8);
        out[1] = (uint8_t)of;
        out[2] = 1;
}

static void tie(struct fixture *f, int a, int b, bool same, uint64_t seq)
{
        uint8_t x[STORE_TAG_LEN], y[STORE_TAG_LEN];
        tag_of(a, x);
        tag_of(b, y);
        assert_int_equal(store_put_tie(f->store, x, y, same, seq), OK);
}

/* `expected` ends with -1. */
static void expect_tied(struct fixture *f, int of, const int expected[])
{
        uint8_t tag[STORE_TAG_LEN], out[STORE_TIES_MAX][STORE_TAG_LEN];
        size_t n = 0, i = 0;
        tag_of(of, tag);
        assert_int_equal(store_tied(f->store, tag, out, &n), OK);
        for (; expected[i] >= 0; i++) {
                assert_true(i < n);
                tag_of(expected[i], tag);
                assert_memory_equal(out[i], tag, STORE_TAG_LEN);
        }
        assert_int_equal(n, i);
}

static void ties_go_both_ways_and_on(void **state)
{
        struct fixture *f = *state;
        assert_int_equal(store_begin(f->store), OK);
        expect_tied(f, 1, (const int[]){1, -1});
        tie(f, 1, 9, true, 5);
        tie(f, 9, 4, true, 6);
        tie(f, 1, 2, true, 7);
        tie(f, 2, 30, true, 8);
        tie(f, 1, 1, true, 8); /* itself: nothing */
        /* breadth first, in the order of naming and not of the tags */
        expect_tied(f, 1, (const int[]){1, 9, 2, 4, 30, -1});
        expect_tied(f, 30, (const int[]){30, 2, 1, 9, 4, -1});
        tie(f, 9, 1, false, 10);
        expect_tied(f, 1, (const int[]){1, 2, 30, -1});
        expect_tied(f, 9, (const int[]){9, 4, -1});
        tie(f, 1, 9, true, 11); /* the place stays */
        expect_tied(f, 1, (const int[]){1, 9, 2, 4, 30, -1});
        tie(f, 40, 41, false, 12); /* parted before they were ever tied */
        expect_tied(f, 40, (const int[]){40, -1});
        tie(f, 4, 30, true, 13); /* a ring */
        expect_tied(f, 1, (const int[]){1, 9, 2, 4, 30, -1});
        store_rollback(f->store);
        expect_tied(f, 1, (const int[]){1, -1});
}

static void ties_are_bounded(void **state)
{
        struct fixture *f = *state;
        uint8_t tag[STORE_TAG_LEN], out[STORE_TIES_MAX][STORE_TAG_LEN];
        size_t n = 0;
        assert_int_equal(store_begin(f->store), OK);
        for (int i = 1; i < 200; i++)
                tie(f, 0, i, true, (uint64_t)i);
        assert_int_equal(store_commit(f->store), OK);
        for (int from = 0; from < 2; from++) {
                tag_of(from, tag);
                assert_int_equal(store_tied(f->store, tag, out, &n), OK);
                assert_int_equal(n, STORE_TIES_MAX);
        }
        tag_of(63, tag); /* 1 itself, 0, then 2 to 63 */
        assert_memory_equal(out[STORE_TIES_MAX - 1], tag, 2);
        assert_int_equal(store_put_tie(f->store, out[0], out[1], true, 1), ERR_BUG); /* no batch */
}

/* --- sketches --- */

struct sketches {
        size_t n;
        struct {
                uint64_t seq;
                int64_t at_us;
                unsigned likeness;
                char text[32];
        } one[64];
};

static enum err see_sketch(void *self, const struct store_sketch *sketch)
{
        struct sketches *seen = self;
        seen->one[seen->n].seq = sketch->seq;
        seen->one[seen->n].at_us = sketch->at_us;
        seen->one[seen->n].likeness = sketch->likeness;
        return bytes_to_text(sketch->sketch, seen->one[seen->n++].text, sizeof seen->one[0].text);
}

static void put_sketch(struct fixture *f, uint64_t seq, uint32_t member, const char *text, unsigned likeness)
{
        struct fixture_entry e;
        fixture_entry_init(&e, seq);
        e.entry.item.member = member;
        e.entry.sketch = bytes_text(text);
        e.entry.likeness = likeness;
        assert_int_equal(store_put_entry(f->store, &e.entry), OK);
        fixture_entry_clear(&e);
}

static void sketches_newest_first(void **state)
{
        struct fixture *f = *state;
        struct sketches seen = {0};
        assert_int_equal(store_begin(f->store), OK);
        for (uint64_t seq = 0; seq < 30; seq++) {
                char text[32] = "";
                if (seq % 3 != 0)
                        (void)snprintf(text, sizeof text, "sketch %llu", (unsigned long long)seq);
                put_sketch(f, seq, seq % 2 == 0, text, (unsigned)seq);
        }
        assert_int_equal(store_commit(f->store), OK);
        assert_int_equal(store_sketches(f->store, 1, 4, see_sketch, &seen), OK);
        assert_int_equal(seen.n, 4);
        static const uint64_t expected[] = {28, 26, 22, 20};
        for (size_t i = 0; i < 4; i++) {
                char text[32];
                (void)snprintf(text, sizeof text, "sketch %llu", (unsigned long long)expected[i]);
                assert_int_equal(seen.one[i].seq, expected[i]);
                assert_int_equal(seen.one[i].at_us, expected[i] + 1);
                assert_int_equal(seen.one[i].likeness, expected[i]);
                assert_string_equal(seen.one[i].text, text);
        }
        seen.n = 0;
        assert_int_equal(store_sketches(f->store, 7, 20, see_sketch, &seen), OK);
        assert_int_equal(seen.n, 0);
}

/* No byte of it is in the file, and another key or another row's seal opens nothing. */
static void sketches_are_sealed(void **state)
{
        struct fixture *f = *state;
        struct sketches seen = {0};
        assert_int_equal(store_begin(f->store), OK);
        put_sketch(f, 0, 1, "first sketch in clear", 0);
        put_sketch(f, 1, 1, "other sketch in clear", 0);
        assert_int_equal(store_commit(f->store), OK);
        store_close(f->store);
        f->store = NULL;
        sqlite3 *db = fixture_raw(f->path);
        sqlite3_stmt *found = NULL;
        assert_int_equal(sqlite3_prepare_v2(db,
                                            "SELECT count(*) FROM sketch WHERE instr(sealed, 'clear') > 0",
                                            -1, &found, NULL),
                         SQLITE_OK);
        assert_int_equal(sqlite3_step(found), SQLITE_ROW);
        assert_int_equal(sqlite3_column_int(found, 0), 0);
        (void)sqlite3_finalize(found);
        fixture_run(db, "UPDATE sketch SET sealed = (SELECT sealed FROM sketch WHERE seq = 0) WHERE seq = 1");
        (void)sqlite3_close(db);
        assert_int_equal(store_open(f->path, STORE_WRITE, f->keys, &f->store, NULL), OK);
        assert_int_equal(store_sketches(f->store, 1, 1, see_sketch, &seen), ERR_SEALED);
        store_close(f->store);
        assert_int_equal(store_open(f->path, STORE_READ, NULL, &f->store, NULL), OK);
        assert_int_equal(store_sketches(f->store, 1, 1, see_sketch, &seen), ERR_SEALED);
        assert_int_equal(seen.n, 0);
}

/* --- digests --- */

struct told {
        size_t n;
        struct store_told one[32];
};

static enum err see_told(void *self, const struct store_told *told)
{
        struct told *seen = self;
        seen->one[seen->n++] = *told;
        return OK;
}

static void digests_by_role_and_time(void **state)
{
        struct fixture *f = *state;
        struct told seen = {0};
        fixture_append(f, 3);
        assert_int_equal(store_begin(f->store), OK);
        assert_int_equal(store_put_told(f->store, 0, 100, 2, "Q01-D"), OK);
        assert_int_equal(store_put_told(f->store, 1, 200, 8, "Q12"), OK);
        assert_int_equal(store_put_told(f->store, 1, 200, 2 | 8, "D11"), OK);
        assert_int_equal(store_put_told(f->store, 2, 300, 2, "Q01-D"), OK);
        assert_int_equal(store_put_told(f->store, 2, 300, 2, "a rule with far too long an id"), ERR_TOO_LONG);
        assert_int_equal(store_commit(f->store), OK);
        assert_int_equal(store_told(f->store, 2, 0, 10, see_told, &seen), OK);
        assert_int_equal(seen.n, 3);
        assert_int_equal(seen.one[0].seq, 2);
        assert_int_equal(seen.one[1].seq, 1);
        assert_string_equal(seen.one[1].rule, "D11");
        assert_int_equal(seen.one[2].seq, 0);
        seen.n = 0;
        assert_int_equal(store_told(f->store, 8, 200, 10, see_told, &seen), OK);
        assert_int_equal(seen.n, 2);
        assert_string_equal(seen.one[0].rule, "D11");
        assert_string_equal(seen.one[1].rule, "Q12");
        seen.n = 0;
        assert_int_equal(store_told(f->store, 2 | 8, 201, 1, see_told, &seen), OK);
        assert_int_equal(seen.n, 1);
        assert_int_equal(seen.one[0].seq, 2);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
#define CASE(f) cmocka_unit_test_setup_teardown(f, fixture_up, fixture_down)
            CASE(a_window_is_when_it_was_done), CASE(the_newest_of_many),
            CASE(ties_go_both_ways_and_on),     CASE(ties_are_bounded),
            CASE(sketches_newest_first),        CASE(sketches_are_sealed),
            CASE(digests_by_role_and_time),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
