/* The client's own store: statements in their order, what waits, what was refused, what is open, operations.
 */
#include <sqlite3.h>

#include "tests/client/folder.h"

static struct hash hash_number(uint64_t n)
{
        struct hash h = {{0}};
        for (size_t i = 0; i < 8; i++)
                h.b[i] = (uint8_t)(n >> (8 * i));
        return h;
}

static void add(struct memory *m, enum kind kind, uint64_t n, uint64_t closes, const char *subject)
{
        struct memory_row row = {
            .n = n, .kind = kind, .st = hash_number(n), .made_at_us = (int64_t)n * 10, .closes = closes};
        char jws[40], disclosures[40];
        (void)snprintf(row.platform_account, sizeof row.platform_account, "%s", subject);
        (void)snprintf(jws, sizeof jws, "jws %llu", (unsigned long long)n);
        (void)snprintf(disclosures, sizeof disclosures, "secret text %llu", (unsigned long long)n);
        assert_ok(memory_add(m, &row, bytes_text(jws), bytes_text(disclosures)));
}

static struct memory *memory_of(void **state)
{
        struct folder *f = *state;
        return f->session.memory;
}

static void expect_texts(struct memory *m, uint64_t n, const char *jws, const char *disclosures)
{
        struct buf a, b;
        buf_init(&a, 100);
        buf_init(&b, 100);
        assert_ok(memory_texts(m, n, &a, &b));
        assert_string_equal(buf_text(&a), jws);
        assert_string_equal(buf_text(&b), disclosures);
        buf_clear(&a);
        buf_clear(&b);
}

static uint64_t first_waiting(struct memory *m)
{
        struct memory_row row;
        enum err e = memory_first_waiting(m, &row);
        if (e == ERR_ABSENT)
                return 0;
        assert_ok(e);
        return row.n;
}

static uint64_t waiting(struct memory *m)
{
        uint64_t n;
        assert_ok(memory_count_waiting(m, &n));
        return n;
}

static void test_empty(void **state)
{
        struct memory *m = memory_of(state);
        struct hash st = hash_number(3);
        struct memory_row row;
        struct buf name;
        uint64_t n = 9;
        size_t open = 9;
        assert_ok(memory_head(m, &n, &st));
        assert_int_equal(n, 0);
        assert_true(hash_is_zero(&st));
        assert_int_equal(first_waiting(m), 0);
        assert_int_equal(waiting(m), 0);
        assert_err(memory_row(m, 1, &row), ERR_ABSENT);
        assert_err(memory_row_of_seq(m, 1, &row), ERR_ABSENT);
        assert_err(memory_row_of_st(m, &st, &row), ERR_ABSENT);
        assert_ok(memory_open_intents(m, &row, 1, &open));
        assert_int_equal(open, 0);
        buf_init(&name, 100);
        assert_err(memory_operation_in_use(m, &name), ERR_ABSENT);
        assert_err(memory_operation(m, "OP", &st, &name), ERR_ABSENT);
        assert_err(memory_texts(m, 1, &name, &name), ERR_ABSENT);
}

static void test_order(void **state)
{
        struct memory *m = memory_of(state);
        struct memory_row row;
        struct hash st, second = hash_number(2);
        uint64_t n;
        for (uint64_t i = 1; i <= 5; i++)
                add(m, KIND_INTENT, i, 0, "x:somebody");
        assert_ok(memory_head(m, &n, &st));
        assert_int_equal(n, 5);
        assert_true(st.b[0] == 5);
        assert_int_equal(waiting(m), 5);
        for (uint64_t i = 1; i <= 5; i++) {
                assert_int_equal(first_waiting(m), i);
                assert_ok(memory_accept(m, i, 100 + i, VERDICT_FLAGGED, false));
        }
        assert_int_equal(first_waiting(m), 0);
        assert_int_equal(waiting(m), 0);
        assert_ok(memory_row_of_seq(m, 103, &row));
        assert_int_equal(row.n, 3);
        assert_int_equal(row.kind, KIND_INTENT);
        assert_int_equal(row.state, MEMORY_ACCEPTED);
        assert_int_equal(row.verdict, VERDICT_FLAGGED);
        assert_int_equal(row.made_at_us, 30);
        assert_string_equal(row.platform_account, "x:somebody");
        assert_ok(memory_row_of_st(m, &second, &row));
        assert_int_equal(row.n, 2);
        assert_ok(memory_head(m, &n, &st));
        assert_int_equal(n, 5);
}

static void test_same_number_or_statement_twice(void **state)
{
        struct memory *m = memory_of(state);
        struct memory_row row = {.n = 1, .kind = KIND_INTENT, .st = hash_number(77)};
        add(m, KIND_INTENT, 1, 0, "");
        assert_err(memory_add(m, &row, bytes_text("x"), bytes_text("")), ERR_DB);
        row.n = 2;
        row.st = hash_number(1);
        assert_err(memory_add(m, &row, bytes_text("x"), bytes_text("")), ERR_DB);
        assert_int_equal(waiting(m), 1);
        expect_texts(m, 1, "jws 1", "secret text 1");
}

/* The texts are dropped with the receipt, unless they are needed again. */
static void test_accept(void **state)
{
        struct memory *m = memory_of(state);
        add(m, KIND_INTENT, 1, 0, "");
        add(m, KIND_OPERATION, 2, 0, "");
        expect_texts(m, 1, "jws 1", "secret text 1");
        assert_ok(memory_accept(m, 1, 7, VERDICT_ACCEPTED, false));
        assert_ok(memory_accept(m, 2, 8, VERDICT_ACCEPTED, true));
        expect_texts(m, 1, "jws 1", "");
        expect_texts(m, 2, "jws 2", "secret text 2");
}

static void replace(struct memory *m, uint64_t from, uint64_t to, uint64_t st)
{
        struct hash h = hash_number(st);
        assert_ok(memory_replace(m, from, to, &h, bytes_text("jws anew")));
}

static void test_refuse_and_replace(void **state)
{
        struct memory *m = memory_of(state);
        struct memory_row row;
        struct hash st;
        uint64_t n;
        add(m, KIND_INTENT, 1, 0, "");
        assert_ok(memory_accept(m, 1, 5, VERDICT_ACCEPTED, false));
        add(m, KIND_INTENT, 2, 0, "");
        add(m, KIND_INTENT, 3, 0, "x:b");
        add(m, KIND_ACTIVITY, 4, 3, "");
        assert_ok(memory_refuse(m, 2, "DAT-04", bytes_text("jws 2")));
        assert_err(memory_row(m, 2, &row), ERR_ABSENT);
        assert_int_equal(first_waiting(m), 3);
        replace(m, 3, 2, 33);
        replace(m, 4, 3, 44);
        expect_texts(m, 2, "jws anew", "secret text 3");
        expect_texts(m, 3, "jws anew", "secret text 4");
        assert_ok(memory_row(m, 3, &row));
        assert_int_equal(row.closes, 2);
        assert_int_equal(row.kind, KIND_ACTIVITY);
        assert_ok(memory_head(m, &n, &st));
        assert_int_equal(n, 3);
        assert_int_equal(st.b[0], 44);
}

/* What has its receipt is neither taken out nor replaced. */
static void test_accepted_stays(void **state)
{
        struct memory *m = memory_of(state);
        struct memory_row row;
        add(m, KIND_INTENT, 1, 0, "");
        assert_ok(memory_accept(m, 1, 5, VERDICT_ACCEPTED, false));
        assert_ok(memory_refuse(m, 1, "DAT-04", bytes_text("x")));
        replace(m, 1, 9, 99);
        assert_ok(memory_row(m, 1, &row));
        assert_int_equal(row.state, MEMORY_ACCEPTED);
        expect_texts(m, 1, "jws 1", "");
}

/* The number of a refused intent is given again: its activity does not close whoever gets it. */
static void test_refused_intent_with_its_activity(void **state)
{
        struct memory *m = memory_of(state);
        struct memory_row rows[4];
        size_t n = 0;
        add(m, KIND_INTENT, 1, 0, "x:gone");
        add(m, KIND_INTENT, 2, 0, "x:open");
        add(m, KIND_ACTIVITY, 3, 1, "");
        assert_ok(memory_refuse(m, 1, "DAT-04", bytes_text("jws 1")));
        replace(m, 2, 1, 22);
        replace(m, 3, 2, 33);
        assert_ok(memory_open_intents(m, rows, 4, &n));
        assert_int_equal(n, 1);
        assert_string_equal(rows[0].platform_account, "x:open");
        assert_ok(memory_row(m, 2, &rows[0]));
        assert_int_equal(rows[0].closes, 0);
}

static void test_open_intents(void **state)
{
        struct memory *m = memory_of(state);
        struct memory_row rows[3];
        size_t n = 0;
        add(m, KIND_INTENT, 1, 0, "x:done");
        add(m, KIND_INTENT, 2, 0, "x:waits");
        add(m, KIND_INTENT, 3, 0, "x:refused");
        add(m, KIND_ACTIVITY, 4, 1, "");
        add(m, KIND_CONSULT, 5, 0, "");
        add(m, KIND_INTENT, 6, 0, "x:queued");
        assert_ok(memory_accept(m, 1, 1, VERDICT_ACCEPTED, false));
        assert_ok(memory_accept(m, 2, 2, VERDICT_WAITING, false));
        assert_ok(memory_accept(m, 3, 3, VERDICT_REFUSED, false));
        assert_ok(memory_open_intents(m, rows, 3, &n));
        assert_int_equal(n, 2);
        assert_string_equal(rows[0].platform_account, "x:queued"); /* the newest first */
        assert_string_equal(rows[1].platform_account, "x:waits");
        assert_ok(memory_open_intents(m, rows, 1, &n));
        assert_int_equal(n, 1);
        assert_string_equal(rows[0].platform_account, "x:queued");
}

static void test_rollback(void **state)
{
        struct memory *m = memory_of(state);
        struct memory_row row;
        add(m, KIND_INTENT, 1, 0, "");
        assert_ok(memory_begin(m));
        assert_ok(memory_refuse(m, 1, "DAT-04", bytes_text("x")));
        add(m, KIND_INTENT, 2, 0, "");
        assert_ok(memory_end(m, false));
        assert_ok(memory_row(m, 1, &row));
        assert_err(memory_row(m, 2, &row), ERR_ABSENT);
        assert_ok(memory_begin(m));
        assert_ok(memory_refuse(m, 1, "DAT-04", bytes_text("x")));
        assert_ok(memory_end(m, true));
        assert_err(memory_row(m, 1, &row), ERR_ABSENT);
}

/* --- operations --- */

static void test_operations(void **state)
{
        struct memory *m = memory_of(state);
        struct hash a = hash_number(1), b = hash_number(2), st;
        struct buf text;
        buf_init(&text, 1000);
        assert_ok(memory_put_operation(m, "OP-ALDER-1", &a, bytes_text("{\"a\":1}"), true));
        assert_ok(memory_put_operation(m, "OP-BEECH-2", &b, bytes_text("{\"b\":2}"), false));
        assert_ok(memory_operation(m, "OP-ALDER-1", &st, &text));
        assert_true(hash_equal(&st, &a));
        assert_string_equal(buf_text(&text), "{\"a\":1}");
        buf_reset(&text);
        assert_ok(memory_operation_in_use(m, &text));
        assert_string_equal(buf_text(&text), "OP-ALDER-1");
        buf_reset(&text);
        assert_ok(memory_put_operation(m, "OP-BEECH-2", &b, bytes_text("{\"b\":3}"), true));
        assert_ok(memory_operation_in_use(m, &text)); /* one at a time */
        assert_string_equal(buf_text(&text), "OP-BEECH-2");
        buf_reset(&text);
        assert_ok(memory_operation(m, "OP-BEECH-2", &st, &text));
        assert_string_equal(buf_text(&text), "{\"b\":3}");
        buf_reset(&text);
        assert_err(memory_operation(m, "op-beech-2", &st, &text), ERR_ABSENT);
        assert_ok(memory_drop_operation(m, "OP-BEECH-2"));
        assert_err(memory_operation(m, "OP-BEECH-2", &st, &text), ERR_ABSENT);
        assert_err(memory_operation_in_use(m, &text), ERR_ABSENT);
        buf_clear(&text);
}

/* An operation that is opened in the outbox is known by the hash that it ends up with. */
static void test_operation_follows_its_statement(void **state)
{
        struct memory *m = memory_of(state);
        struct hash st = hash_number(2);
        struct buf text;
        buf_init(&text, 1000);
        add(m, KIND_INTENT, 1, 0, "");
        add(m, KIND_OPERATION, 2, 0, "");
        assert_ok(memory_put_operation(m, "OP", &st, bytes_text("{}"), true));
        assert_ok(memory_refuse(m, 1, "DAT-04", bytes_text("x")));
        replace(m, 2, 1, 22);
        assert_ok(memory_operation(m, "OP", &st, &text));
        assert_int_equal(st.b[0], 22);
        assert_ok(memory_refuse(m, 1, "DAT-04", bytes_text("x")));
        assert_err(memory_operation(m, "OP", &st, &text), ERR_ABSENT);
        buf_clear(&text);
}

/* --- at rest --- */

static void reopen(struct folder *f)
{
        memory_close(f->session.memory);
        f->session.memory = NULL;
        assert_ok(memory_open(&f->session.home, secret_bytes(&f->session.keys.store_key), &f->session.memory,
                              NULL));
}

static void test_sealed(void **state)
{
        static const char *const personal[] = {"secret text", "somebody", "OP-ALDER", "justification"};
        struct folder *f = *state;
        struct memory *m = f->session.memory;
        struct hash st = hash_number(9);
        struct stat info;
        struct buf file;
        char path[HOME_PATH_MAX];
        add(m, KIND_INTENT, 1, 0, "x:somebody");
        assert_ok(memory_put_operation(m, "OP-ALDER-1", &st, bytes_text("{\"justification\":\"x\"}"), true));
        assert_ok(home_path(&f->session.home, HOME_DB, path));
        assert_int_equal(stat(path, &info), 0);
        assert_int_equal(info.st_mode & 07777, 0600);
        buf_init(&file, 1u << 20);
        assert_ok(file_read(path, 1u << 20, &file));
        for (size_t i = 0; i < sizeof personal / sizeof personal[0]; i++)
                assert_null(memmem(file.at, file.n, personal[i], strlen(personal[i])));
        assert_non_null(memmem(file.at, file.n, "jws 1", 5)); /* the search would find it */
        buf_clear(&file);
        reopen(f);
        expect_texts(f->session.memory, 1, "jws 1", "secret text 1");
}

static void test_other_store_key(void **state)
{
        struct folder *f = *state;
        struct secret key = {0};
        struct memory *other = NULL;
        struct memory_row row;
        struct buf a, b;
        add(f->session.memory, KIND_INTENT, 1, 0, "x:somebody");
        assert_ok(secret_random(SEAL_KEY_LEN, &key));
        assert_ok(memory_open(&f->session.home, secret_bytes(&key), &other, NULL));
        buf_init(&a, 100);
        buf_init(&b, 100);
        assert_err(memory_texts(other, 1, &a, &b), ERR_SEALED);
        assert_err(memory_row(other, 1, &row), ERR_SEALED);
        buf_clear(&a);
        buf_clear(&b);
        memory_close(other);
        secret_free(&key);
}

static void test_file_that_is_no_store(void **state)
{
        struct folder *f = *state;
        struct memory *other = NULL;
        struct why why = {0};
        char path[HOME_PATH_MAX];
        memory_close(f->session.memory);
        f->session.memory = NULL;
        assert_ok(home_path(&f->session.home, HOME_DB, path));
        assert_ok(file_write(path, bytes_text("this is not a database, it is only called one by its name")));
        assert_err(memory_open(&f->session.home, secret_bytes(&f->session.keys.store_key), &other, &why),
                   ERR_DB);
        assert_non_null(strstr(why.detail, "client.db"));
        assert_null(other);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            TEST(test_empty),
            TEST(test_order),
            TEST(test_same_number_or_statement_twice),
            TEST(test_accept),
            TEST(test_refuse_and_replace),
            TEST(test_accepted_stays),
            TEST(test_refused_intent_with_its_activity),
            TEST(test_open_intents),
            TEST(test_rollback),
            TEST(test_operations),
            TEST(test_operation_follows_its_statement),
            TEST(test_sealed),
            TEST(test_other_store_key),
            TEST(test_file_that_is_no_store),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
