/* What is sealed beside an entry. */
#include "tests/ledger/store/fixture.h"

static void gives_back_each_part(void **state)
{
        struct fixture *f = *state;
        struct fixture_entry e;
        struct buf out;
        buf_init(&out, 4096);
        fixture_append(f, 3);
        fixture_entry_init(&e, 1);
        buf_put_text(&out, "before ");
        assert_int_equal(store_content(f->store, 1, &out), OK); /* appended */
        assert_true(bytes_is(buf_bytes(&out), "before plain text of the content of 1"));
        buf_reset(&out);
        assert_int_equal(store_residue(f->store, 1, &out), OK);
        assert_true(bytes_is(buf_bytes(&out), e.residue));
        buf_reset(&out);
        assert_int_equal(store_because(f->store, 1, &out), OK);
        assert_true(bytes_is(buf_bytes(&out), e.because));
        buf_reset(&out);
        assert_int_equal(store_content(f->store, 3, &out), ERR_ABSENT);
        assert_int_equal(store_residue(f->store, 3, &out), ERR_ABSENT);
        assert_int_equal(store_because(f->store, SEQ_NONE, &out), ERR_ABSENT);
        assert_int_equal(out.n, 0);
        fixture_entry_clear(&e);
        buf_clear(&out);
}

/* Lengths about the limits of a part. */
static void cuts_long_content_into_parts(void **state)
{
        struct fixture *f = *state;
        static const size_t lengths[] = {0,
                                         1,
                                         STORE_PART_MAX - 1,
                                         STORE_PART_MAX,
                                         STORE_PART_MAX + 1,
                                         2 * STORE_PART_MAX,
                                         7 * STORE_PART_MAX + 123,
                                         131072};
        static uint8_t content[131072];
        struct buf out;
        buf_init(&out, sizeof content);
        random_fill(content, sizeof content);
        assert_int_equal(store_begin(f->store), OK);
        for (uint64_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
                struct fixture_entry e;
                fixture_entry_init(&e, i);
                e.entry.content = bytes_of(content, lengths[i]);
                e.entry.residue = e.entry.because = e.entry.content;
                assert_int_equal(store_put_entry(f->store, &e.entry), OK);
                fixture_entry_clear(&e);
        }
        assert_int_equal(store_commit(f->store), OK);
        for (uint64_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
                const enum err expected = lengths[i] == 0 ? ERR_ABSENT : OK;
                enum err (*const calls[])(struct store *, uint64_t,
                                          struct buf *) = {store_content, store_residue, store_because};
                for (size_t c = 0; c < 3; c++) {
                        buf_reset(&out);
                        assert_int_equal(calls[c](f->store, i, &out), expected);
                        assert_true(bytes_equal(buf_bytes(&out), bytes_of(content, lengths[i])));
                }
        }
        store_close(f->store);
        f->store = NULL;
        sqlite3 *db = fixture_raw(f->path);
        sqlite3_stmt *longest = NULL;
        assert_int_equal(
            sqlite3_prepare_v2(db, "SELECT max(length(sealed)), count(*) FROM content", -1, &longest, NULL),
            SQLITE_OK);
        assert_int_equal(sqlite3_step(longest), SQLITE_ROW);
        assert_int_equal(sqlite3_column_int(longest, 0), STORE_PART_MAX + 16);
        assert_int_equal(sqlite3_column_int(longest, 1), 1 + 1 + 1 + 2 + 2 + 8 + 69);
        (void)sqlite3_finalize(longest);
        (void)sqlite3_close(db);
        buf_clear(&out);
}

static void needs_the_key(void **state)
{
        struct fixture *f = *state;
        struct store_keys *other = fixture_keys(8);
        struct store *s = NULL;
        struct buf out;
        struct fixture_entry e;
        buf_init(&out, 4096);
        fixture_append(f, 1);
        assert_int_equal(store_open(f->path, STORE_READ, other, &s, NULL), OK);
        assert_int_equal(store_content(s, 0, &out), ERR_SEALED);
        assert_int_equal(store_residue(s, 0, &out), ERR_SEALED);
        assert_int_equal(store_because(s, 0, &out), ERR_SEALED);
        store_close(s);
        s = NULL;
        assert_int_equal(store_open(f->path, STORE_READ, NULL, &s, NULL), OK);
        assert_true(store_has_content(s));
        assert_int_equal(store_content(s, 0, &out), ERR_SEALED);
        assert_int_equal(store_residue(s, 0, &out), ERR_SEALED);
        assert_int_equal(store_because(s, 0, &out), ERR_SEALED);
        assert_int_equal(out.n, 0);
        assert_int_equal(store_leaf(s, 0, &out), OK);
        store_close(s);
        s = NULL;
        fixture_entry_init(&e, 1);
        store_close(f->store);
        f->store = NULL;
        assert_int_equal(store_open(f->path, STORE_WRITE, NULL, &s, NULL), OK);
        assert_int_equal(store_begin(s), OK);
        assert_int_equal(store_put_entry(s, &e.entry), ERR_SEALED);
        store_close(s);
        store_keys_free(other);
        fixture_entry_clear(&e);
        buf_clear(&out);
}

/* A sealed row opens in its own place only. */
static void refuses_rows_that_were_moved(void **state)
{
        struct fixture *f = *state;
        static const struct {
                const char *sql;
                enum err content, residue, because; /* of entry 0 */
        } cases[] = {
            {"UPDATE content SET sealed = (SELECT sealed FROM content WHERE seq = 1)", ERR_SEALED, OK, OK},
            {"UPDATE content_key SET wrapped = (SELECT wrapped FROM content_key WHERE seq = 1)", ERR_SEALED,
             OK, OK},
            {"UPDATE content SET sealed = (SELECT c.sealed FROM content c WHERE c.seq = 1),"
             " part = 0; UPDATE content_key SET wrapped = (SELECT wrapped FROM content_key WHERE seq = 1)",
             ERR_SEALED, OK, OK},
            {"UPDATE content SET part = 1 WHERE seq = 0", ERR_SEALED, OK, OK},
            {"UPDATE content SET sealed = x'' WHERE seq = 0", ERR_SEALED, OK, OK},
            {"UPDATE content_key SET wrapped = zeroblob(1000) WHERE seq = 0", ERR_SEALED, OK, OK},
            {"DELETE FROM content_key", ERR_ABSENT, OK, OK},
            {"DELETE FROM content", ERR_ABSENT, OK, OK},
            {"UPDATE residue SET sealed = (SELECT sealed FROM residue WHERE seq = 1)", OK, ERR_SEALED, OK},
            {"UPDATE residue SET sealed = (SELECT sealed FROM because WHERE seq = 0)", OK, ERR_SEALED, OK},
            {"DELETE FROM residue", OK, ERR_ABSENT, OK},
            {"UPDATE because SET sealed = (SELECT sealed FROM because WHERE seq = 1)", OK, OK, ERR_SEALED},
            {"DELETE FROM because", OK, OK, ERR_ABSENT},
        };
        char path[300];
        fixture_append(f, 2);
        store_close(f->store);
        f->store = NULL;
        (void)snprintf(path, sizeof path, "%s/copy.db", f->folder);
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                struct store *s = NULL;
                struct buf out;
                buf_init(&out, 4096);
                fixture_copy_file(f->path, path);
                sqlite3 *db = fixture_raw(path);
                fixture_run(db, cases[i].sql);
                (void)sqlite3_close(db);
                assert_int_equal(store_open(path, STORE_COPY, f->keys, &s, NULL), OK);
                assert_int_equal(store_content(s, 0, &out), cases[i].content);
                assert_int_equal(store_residue(s, 0, &out), cases[i].residue);
                assert_int_equal(store_because(s, 0, &out), cases[i].because);
                store_close(s);
                buf_clear(&out);
        }
}

struct search {
        const char *word;
        size_t files, found;
};

static void look_for(void *self, const char *path)
{
        struct search *search = self;
        FILE *in = fopen(path, "rb");
        assert_non_null(in);
        struct stat st;
        assert_int_equal(fstat(fileno(in), &st), 0);
        char *text = malloc((size_t)st.st_size + 1);
        assert_non_null(text);
        size_t n = fread(text, 1, (size_t)st.st_size, in);
        search->files++;
        search->found += memmem(text, n, search->word, strlen(search->word)) != NULL;
        free(text);
        (void)fclose(in);
}

static void no_plain_text_is_in_any_file(void **state)
{
        struct fixture *f = *state;
        static const char *const sealed[] = {"plain text of the", "the content of", "the residue of",
                                             "the because of"};
        fixture_append(f, 20);
        for (int closed = 0; closed < 2; closed++) {
                for (size_t i = 0; i < sizeof sealed / sizeof *sealed; i++) {
                        struct search search = {.word = sealed[i]};
                        fixture_files(f->folder, look_for, &search);
                        assert_int_equal(search.found, 0);
                        assert_true(search.files >= (closed ? 1 : 2)); /* the log as well */
                }
                struct search control = {.word = "eyJ7.eyJ7"};
                fixture_files(f->folder, look_for, &control);
                assert_int_equal(control.found, 1);
                store_close(f->store);
                f->store = NULL;
        }
}

static void tags_depend_on_key_space_and_text(void **state)
{
        struct fixture *f = *state;
        struct store_keys *other = fixture_keys(8), *same = fixture_keys(7);
        uint8_t a[STORE_TAG_LEN], b[STORE_TAG_LEN];
        assert_int_equal(store_tag(f->keys, "subject", bytes_text("facebook:jo"), a), OK);
        assert_int_equal(store_tag(same, "subject", bytes_text("facebook:jo"), b), OK);
        assert_memory_equal(a, b, STORE_TAG_LEN);
        assert_int_equal(store_tag(other, "subject", bytes_text("facebook:jo"), b), OK);
        assert_memory_not_equal(a, b, STORE_TAG_LEN);
        assert_int_equal(store_tag(f->keys, "operation", bytes_text("facebook:jo"), b), OK);
        assert_memory_not_equal(a, b, STORE_TAG_LEN);
        assert_int_equal(store_tag(f->keys, "subject", bytes_text("facebook:jp"), b), OK);
        assert_memory_not_equal(a, b, STORE_TAG_LEN);
        store_keys_free(other);
        store_keys_free(same);
}

static void put_body(struct fixture *f, uint64_t seq, struct body *body, bool erased)
{
        struct fixture_entry e;
        struct buf content, residue;
        buf_init(&content, SUBMISSION_MAX);
        buf_init(&residue, 8192);
        fixture_entry_init(&e, seq);
        body_put_content(body, &content);
        body_put_residue(body, &residue);
        e.entry.content = erased ? bytes_of(NULL, 0) : buf_bytes(&content);
        e.entry.residue = buf_bytes(&residue);
        assert_int_equal(store_begin(f->store), OK);
        assert_int_equal(store_put_entry(f->store, &e.entry), OK);
        assert_int_equal(store_commit(f->store), OK);
        fixture_entry_clear(&e);
        buf_clear(&content);
        buf_clear(&residue);
}

static void makes_the_body_again(void **state)
{
        struct fixture *f = *state;
        struct body *body = calloc(1, sizeof *body), *again = calloc(1, sizeof *again);
        struct hash sd[GROUPS_ALL], sd_again[GROUPS_ALL];
        struct buf scratch;
        struct why why = {0};
        assert_non_null(body);
        assert_non_null(again);
        buf_init(&scratch, SUBMISSION_MAX);
        body_init(body, KIND_INTENT);
        assert_int_equal(body_add(body, field_of_name(KIND_INTENT, "objective", 9), ORIGIN_TYPED,
                                  bytes_text("\"find the van\"")),
                         OK);
        assert_int_equal(body_digests(body, sd), OK);
        put_body(f, 0, body, false);
        put_body(f, 1, body, true);
        fixture_append(f, 1); /* its residue is none */
        assert_int_equal(store_body(f->store, 0, KIND_INTENT, &scratch, again, NULL), OK);
        assert_non_null(body_find(again, "objective"));
        assert_true(bytes_is(body_find(again, "objective")->value, "\"find the van\""));
        assert_int_equal(body_digests(again, sd_again), OK);
        assert_memory_equal(sd, sd_again, sizeof sd);
        buf_reset(&scratch);
        assert_int_equal(store_body(f->store, 1, KIND_INTENT, &scratch, again, &why), ERR_UNEXPLAINED);
        assert_int_equal(why.code, ERR_UNEXPLAINED);
        assert_int_not_equal(store_body(f->store, 2, KIND_INTENT, &scratch, again, NULL), OK);
        assert_int_equal(store_body(f->store, 3, KIND_INTENT, &scratch, again, NULL), ERR_ABSENT);
        assert_int_equal(scratch.n, 0);
        /* No read transaction was left open: the writer may begin. */
        assert_int_equal(store_begin(f->store), OK);
        buf_clear(&scratch);
        free(body);
        free(again);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
#define CASE(f) cmocka_unit_test_setup_teardown(f, fixture_up, fixture_down)
            CASE(gives_back_each_part),
            CASE(cuts_long_content_into_parts),
            CASE(needs_the_key),
            CASE(refuses_rows_that_were_moved),
            CASE(no_plain_text_is_in_any_file),
            CASE(tags_depend_on_key_space_and_text),
            CASE(makes_the_body_again),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
