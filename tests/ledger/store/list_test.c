/* Finding: every filter against a plain model of it, on random entries. */
#include "tests/ledger/store/fixture.h"

#define ENTRIES 600
#define FILTERS 3000

static struct store_item model[ENTRIES];

static uint64_t seed_in_force;

/* Seeded, so that a failure can be had again: SEED=n. */
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

static void random_tag(uint8_t out[STORE_TAG_LEN], uint32_t of)
{
        uint32_t which = chance(of + 1);
        memset(out, (int)which, STORE_TAG_LEN); /* 0: none */
}

static struct store_item random_item(uint64_t seq)
{
        static const enum kind kinds[] = {KIND_INTENT,  KIND_INTENT,    KIND_ACTIVITY, KIND_CONSULT,
                                          KIND_MEMBER,  KIND_OPERATION, KIND_DECISION, KIND_OPERATION,
                                          KIND_FINDING, KIND_GENESIS};
        struct store_item i = {.seq = seq,
                               .kind = kinds[chance(10)],
                               .verdict = (enum verdict)chance(VERDICT_COUNT),
                               .lane = (enum lane)chance(LANE_COUNT + 1),
                               .at_us = (int64_t)seq * 10 + 1,
                               .member = chance(4),
                               .key = chance(2) ? 1 : UINT32_MAX,
                               .n = seq + 1,
                               .decided = (enum decided)chance(DECIDED_REFUSED + 1),
                               .decided_by = chance(2) ? SEQ_NONE : seq + 1,
                               .closed_by = chance(2) ? SEQ_NONE : seq + 2,
                               .target = seq == 0 || chance(2) ? SEQ_NONE : chance((uint32_t)seq),
                               .urgent = chance(2)};
        if (i.kind == KIND_OPERATION)
                i.act = chance(2) ? ACT_OPEN : ACT_CLOSE;
        (void)snprintf(i.unit, sizeof i.unit, "unit-%u", chance(3));
        random_tag(i.operation, 3);
        random_tag(i.subject, 5);
        return i;
}

static void expect_item(const struct store_item *a, const struct store_item *b)
{
        assert_int_equal(a->seq, b->seq);
        assert_int_equal(a->kind, b->kind);
        assert_int_equal(a->act, b->act);
        assert_int_equal(a->verdict, b->verdict);
        assert_int_equal(a->lane, b->lane);
        assert_int_equal(a->at_us, b->at_us);
        assert_int_equal(a->member, b->member);
        assert_int_equal(a->key, b->key);
        assert_int_equal(a->n, b->n);
        assert_string_equal(a->unit, b->unit);
        assert_int_equal(a->decided, b->decided);
        assert_int_equal(a->decided_by, b->decided_by);
        assert_int_equal(a->closed_by, b->closed_by);
        assert_int_equal(a->target, b->target);
        assert_memory_equal(a->operation, b->operation, STORE_TAG_LEN);
        assert_memory_equal(a->subject, b->subject, STORE_TAG_LEN);
        assert_int_equal(a->urgent, b->urgent);
}

static int fill(void **state)
{
        struct fixture *f;
        (void)fixture_up(state);
        f = *state;
        seed();
        assert_int_equal(store_begin(f->store), OK);
        for (uint64_t seq = 0; seq < ENTRIES; seq++) {
                struct fixture_entry e;
                fixture_entry_init(&e, seq);
                model[seq] = random_item(seq);
                e.entry.item = model[seq];
                e.entry.done_us = model[seq].at_us;
                assert_int_equal(store_put_entry(f->store, &e.entry), OK);
                fixture_entry_clear(&e);
        }
        assert_int_equal(store_commit(f->store), OK);
        return 0;
}

static void gives_items_back(void **state)
{
        struct fixture *f = *state;
        struct store_item item;
        for (uint64_t seq = 0; seq < ENTRIES; seq++) {
                assert_int_equal(store_item(f->store, seq, &item), OK);
                expect_item(&item, &model[seq]);
        }
        assert_int_equal(store_item(f->store, ENTRIES, &item), ERR_ABSENT);
        assert_int_equal(store_item(f->store, SEQ_NONE, &item), ERR_ABSENT);
}

static bool fits(const struct store_filter *f, const struct store_item *i)
{
        const bool may_be_open = i->kind == KIND_INTENT || (i->kind == KIND_OPERATION && i->act == ACT_OPEN);
        if (f->oldest_first ? f->before != SEQ_NONE && i->seq < f->before : i->seq >= f->before)
                return false;
        return (f->kinds == 0 || (f->kinds >> i->kind & 1)) &&
               (!f->waiting || i->decided == DECIDED_WAITING) &&
               (!f->open || (may_be_open && i->closed_by == SEQ_NONE)) &&
               (!f->by_member || i->member == f->member) &&
               (f->unit == NULL || strcmp(f->unit, i->unit) == 0) &&
               (f->operation == NULL || memcmp(f->operation, i->operation, STORE_TAG_LEN) == 0) &&
               (f->subject == NULL || memcmp(f->subject, i->subject, STORE_TAG_LEN) == 0);
}

static void expect_filter(struct fixture *f, const struct store_filter *filter)
{
        static struct store_item out[STORE_PAGE_MAX];
        size_t n = 0, expected = 0;
        assert_int_equal(store_items(f->store, filter, out, &n), OK);
        for (size_t k = 0; k < ENTRIES && expected < filter->limit; k++) {
                const struct store_item *i = &model[filter->oldest_first ? k : ENTRIES - 1 - k];
                if (!fits(filter, i))
                        continue;
                assert_true(expected < n);
                expect_item(&out[expected++], i);
        }
        assert_int_equal(n, expected);
}

static void lists_what_the_filter_says(void **state)
{
        static const char *const units[] = {"unit-0", "unit-1", "unit-2", "unit-"};
        static const uint32_t kinds[] = {0,
                                         1u << KIND_OPERATION,
                                         1u << KIND_INTENT,
                                         1u << KIND_MEMBER | 1u << KIND_FINDING,
                                         ~(1u << KIND_CONSULT),
                                         1u << KIND_OPERATION | 1u << KIND_INTENT,
                                         1u << KIND_GENESIS};
        for (int k = 0; k < FILTERS; k++) {
                uint8_t operation[STORE_TAG_LEN], subject[STORE_TAG_LEN];
                memset(operation, (int)chance(3) + 1, sizeof operation);
                memset(subject, (int)chance(6) + 1, sizeof subject);
                struct store_filter f = {.kinds = kinds[chance(7)],
                                         .waiting = chance(4) == 0,
                                         .open = chance(3) == 0,
                                         .by_member = chance(3) == 0,
                                         .member = chance(5),
                                         .unit = chance(4) == 0 ? units[chance(4)] : NULL,
                                         .before = chance(3) == 0 ? SEQ_NONE : chance(ENTRIES + 10),
                                         .operation = chance(3) == 0 ? operation : NULL,
                                         .subject = chance(3) == 0 ? subject : NULL,
                                         .oldest_first = chance(2),
                                         .limit = chance(STORE_PAGE_MAX + 1)};
                expect_filter(*state, &f);
        }
}

/* Each shape of filter once, so that no statement of a rare shape is wrong. */
static void knows_every_shape_of_filter(void **state)
{
        uint8_t tag[STORE_TAG_LEN];
        memset(tag, 2, sizeof tag);
        static const uint32_t kinds[] = {0, 1u << KIND_OPERATION, 1u << KIND_MEMBER};
        for (unsigned bits = 0; bits < 128; bits++)
                for (size_t k = 0; k < 3; k++) {
                        const struct store_filter f = {.kinds = kinds[k],
                                                       .waiting = bits & 1,
                                                       .open = bits & 2,
                                                       .by_member = bits & 4,
                                                       .member = 1,
                                                       .unit = bits & 8 ? "unit-1" : NULL,
                                                       .before = SEQ_NONE,
                                                       .operation = bits & 16 ? tag : NULL,
                                                       .subject = bits & 32 ? tag : NULL,
                                                       .oldest_first = bits & 64,
                                                       .limit = STORE_PAGE_MAX};
                        expect_filter(*state, &f);
                }
        const struct store_filter too_many = {.limit = STORE_PAGE_MAX + 1};
        struct fixture *f = *state;
        size_t n = 0;
        assert_int_equal(store_items(f->store, &too_many, NULL, &n), ERR_TOO_LONG);
}

static void lists_what_is_about_an_entry(void **state)
{
        struct fixture *f = *state;
        static struct store_item out[ENTRIES];
        for (uint64_t seq = 0; seq < ENTRIES; seq++) {
                size_t n = 0, expected = 0;
                assert_int_equal(store_items_about(f->store, seq, out, ENTRIES, &n), OK);
                for (size_t i = 0; i < ENTRIES; i++)
                        if (model[i].target == seq)
                                expect_item(&out[expected++], &model[i]);
                assert_int_equal(n, expected);
                if (n > 1) {
                        assert_int_equal(store_items_about(f->store, seq, out, 1, &n), OK);
                        assert_int_equal(n, 1);
                }
        }
}

static void counts_a_member_s_intents(void **state)
{
        struct fixture *f = *state;
        for (uint32_t member = 0; member < 5; member++)
                for (int64_t at = -5; at < ENTRIES * 10 + 10; at += 487)
                        for (size_t limit = 0; limit < 90; limit += 7) {
                                size_t since = 0, open = 0, n = 77;
                                for (size_t i = 0; i < ENTRIES; i++) {
                                        const struct store_item *m = &model[i];
                                        if (m->kind != KIND_INTENT || m->member != member)
                                                continue;
                                        since += m->at_us >= at;
                                        open += m->at_us < at && m->closed_by == SEQ_NONE &&
                                                m->verdict != VERDICT_REFUSED &&
                                                (m->decided == DECIDED_NOT_NEEDED ||
                                                 m->decided == DECIDED_APPROVED);
                                }
                                assert_int_equal(store_intents_since(f->store, member, at, limit, &n), OK);
                                assert_int_equal(n, since < limit ? since : limit);
                                assert_int_equal(store_intents_open(f->store, member, at, limit, &n), OK);
                                assert_int_equal(n, open < limit ? open : limit);
                        }
}

static void decides_and_closes(void **state)
{
        struct fixture *f = *state;
        struct store_item item;
        assert_int_equal(store_begin(f->store), OK);
        for (uint64_t seq = 0; seq < ENTRIES; seq += 3) {
                model[seq].decided = DECIDED_WAITING;
                model[seq].decided_by = SEQ_NONE;
                assert_int_equal(store_set_decided(f->store, seq, DECIDED_WAITING, SEQ_NONE), OK);
        }
        for (uint64_t seq = 0; seq < ENTRIES; seq += 6) {
                model[seq].decided = DECIDED_APPROVED;
                model[seq].decided_by = model[seq].closed_by = 599;
                assert_int_equal(store_set_decided(f->store, seq, DECIDED_APPROVED, 599), OK);
                assert_int_equal(store_set_closed(f->store, seq, 599), OK);
        }
        assert_int_equal(store_set_decided(f->store, ENTRIES, DECIDED_APPROVED, 1), ERR_ABSENT);
        assert_int_equal(store_set_closed(f->store, ENTRIES, 1), ERR_ABSENT);
        assert_int_equal(store_set_closed(f->store, SEQ_NONE, 1), ERR_ABSENT);
        assert_int_equal(store_commit(f->store), OK);
        for (uint64_t seq = 0; seq < ENTRIES; seq++) {
                assert_int_equal(store_item(f->store, seq, &item), OK);
                expect_item(&item, &model[seq]);
        }
        counts_a_member_s_intents(state);
        lists_what_the_filter_says(state);
}

static void finds_by_statement_and_by_key(void **state)
{
        struct fixture *f = *state;
        for (uint64_t seq = 0; seq < ENTRIES; seq++) {
                struct fixture_entry e;
                uint64_t found = SEQ_NONE;
                fixture_entry_init(&e, seq);
                assert_int_equal(store_find_statement(f->store, &e.entry.st, &found), OK);
                assert_int_equal(found, seq);
                e.entry.st.b[HASH_LEN - 1] ^= 1; /* the same in the index */
                assert_int_equal(store_find_statement(f->store, &e.entry.st, &found), ERR_ABSENT);
                found = SEQ_NONE;
                assert_int_equal(store_find_key_n(f->store, model[seq].key, model[seq].n, &found), OK);
                assert_int_equal(found, seq);
                assert_int_equal(store_find_key_n(f->store, 2, model[seq].n, &found), ERR_ABSENT);
                fixture_entry_clear(&e);
        }
        uint64_t found;
        assert_int_equal(store_find_key_n(f->store, 1, SEQ_NONE, &found), ERR_ABSENT);
}

/* Two statements whose hashes start alike: the leaf settles it. */
static void tells_statements_of_one_index_row_apart(void **state)
{
        struct fixture *f = *state;
        struct fixture_entry first, second;
        uint64_t found = SEQ_NONE;
        fixture_entry_init(&second, ENTRIES + 1);
        fixture_entry_init(&first, ENTRIES);
        struct hash own = first.entry.st;
        memcpy(first.entry.st.b, second.entry.st.b, 8);
        first.entry.item.key = second.entry.item.key = 7;
        assert_int_equal(store_begin(f->store), OK);
        assert_int_equal(store_put_entry(f->store, &first.entry), OK);
        assert_int_equal(store_put_entry(f->store, &second.entry), OK);
        assert_int_equal(store_find_statement(f->store, &second.entry.st, &found), OK);
        assert_int_equal(found, ENTRIES + 1);
        assert_int_equal(store_find_statement(f->store, &own, &found), ERR_ABSENT);
        store_rollback(f->store);
        fixture_entry_clear(&first);
        fixture_entry_clear(&second);
}

static void a_key_s_number_is_taken_once(void **state)
{
        struct fixture *f = *state;
        struct fixture_entry e;
        fixture_entry_init(&e, ENTRIES);
        e.entry.item.key = model[5].key;
        e.entry.item.n = model[5].n;
        assert_int_equal(store_begin(f->store), OK);
        assert_int_equal(store_put_entry(f->store, &e.entry), ERR_APPEND);
        store_rollback(f->store);
        fixture_entry_clear(&e);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
#define CASE(f) cmocka_unit_test_setup_teardown(f, fill, fixture_down)
            CASE(gives_items_back),
            CASE(lists_what_the_filter_says),
            CASE(knows_every_shape_of_filter),
            CASE(lists_what_is_about_an_entry),
            CASE(counts_a_member_s_intents),
            CASE(decides_and_closes),
            CASE(finds_by_statement_and_by_key),
            CASE(tells_statements_of_one_index_row_apart),
            CASE(a_key_s_number_is_taken_once),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
