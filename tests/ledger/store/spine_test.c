/* The spine: scans, the tree's source, checkpoints, annexes, exports. */
#include "tests/ledger/store/fixture.h"

static uint64_t scan_all(struct store *s, uint64_t from, uint64_t to)
{
        struct store_scan *scan = NULL;
        struct store_row row;
        bool done = false;
        uint64_t n = 0;
        assert_int_equal(store_scan_new(s, from, to, &scan), OK);
        for (;;) {
                struct hash hash;
                assert_int_equal(store_scan_next(scan, &row, &done), OK);
                if (done)
                        break;
                assert_int_equal(row.seq, from + n);
                assert_int_equal(tree_leaf_hash(row.leaf, &hash), OK);
                assert_true(bytes_equal(row.hash, hash_bytes(&hash)));
                n++;
        }
        store_scan_free(scan);
        return n;
}

static void scans_a_range(void **state)
{
        struct fixture *f = *state;
        fixture_append(f, 10);
        assert_int_equal(scan_all(f->store, 0, 10), 10);
        assert_int_equal(scan_all(f->store, 3, 7), 4);
        assert_int_equal(scan_all(f->store, 8, SEQ_NONE), 2);
        assert_int_equal(scan_all(f->store, 10, 20), 0);
        assert_int_equal(scan_all(f->store, 7, 3), 0);
        assert_int_equal(scan_all(f->store, SEQ_NONE, SEQ_NONE), 0);
}

static void scans_are_independent(void **state)
{
        struct fixture *f = *state;
        struct store_scan *a = NULL, *b = NULL;
        struct store_row row;
        bool done = false;
        fixture_append(f, 4);
        assert_int_equal(store_scan_new(f->store, 0, 4, &a), OK);
        assert_int_equal(store_scan_next(a, &row, &done), OK);
        assert_int_equal(store_scan_new(f->store, 2, 4, &b), OK);
        assert_int_equal(store_scan_next(b, &row, &done), OK);
        assert_int_equal(row.seq, 2);
        assert_int_equal(store_scan_next(a, &row, &done), OK);
        assert_int_equal(row.seq, 1);
        store_scan_free(a);
        store_close(f->store); /* a scan that outlives the store may still be freed */
        f->store = NULL;
        store_scan_free(b);
        store_scan_free(NULL);
}

static void has_no_leaf_beyond_the_end(void **state)
{
        struct fixture *f = *state;
        struct buf leaf;
        buf_init(&leaf, LEAF_MAX);
        fixture_append(f, 1);
        assert_int_equal(store_leaf(f->store, 1, &leaf), ERR_ABSENT);
        assert_int_equal(store_leaf(f->store, SEQ_NONE, &leaf), ERR_ABSENT);
        assert_int_equal(leaf.n, 0);
}

static void feeds_the_tree(void **state)
{
        struct fixture *f = *state;
        struct tree_source source = store_tree_source(f->store);
        struct tile_root row = {.level = 1};
        struct hash out[TREE_TILE];
        fixture_append(f, 300);
        assert_int_equal(store_begin(f->store), OK);
        for (row.index = 0; row.index < 5; row.index++) {
                memset(row.hash.b, (int)row.index + 1, HASH_LEN);
                assert_int_equal(store_put_tile_root(f->store, &row), OK);
        }
        row.level = 2;
        row.index = 0;
        assert_int_equal(store_put_tile_root(f->store, &row), OK);
        assert_int_equal(store_commit(f->store), OK);

        assert_int_equal(source.read(source.self, 0, 0, 256, out), OK);
        for (uint64_t seq = 0; seq < 256; seq++) {
                struct fixture_entry e;
                fixture_entry_init(&e, seq);
                assert_true(hash_equal(&out[seq], &e.entry.hash));
                fixture_entry_clear(&e);
        }
        assert_int_equal(source.read(source.self, 0, 299, 1, out), OK);
        assert_int_equal(source.read(source.self, 0, 299, 2, out), ERR_ABSENT);
        assert_int_equal(source.read(source.self, 0, 300, 1, out), ERR_ABSENT);
        assert_int_equal(source.read(source.self, 1, 1, 3, out), OK);
        for (int i = 0; i < 3; i++)
                assert_int_equal(out[i].b[0], i + 2);
        assert_int_equal(source.read(source.self, 1, 3, 3, out), ERR_ABSENT);
        assert_int_equal(source.read(source.self, 2, 0, 1, out), OK);
        assert_int_equal(source.read(source.self, 3, 0, 1, out), ERR_ABSENT);
}

struct seen {
        size_t n;
        uint64_t sizes[64];
        char notes[64][32];
        enum err stop;
};

static enum err see_tile_root(void *self, const struct tile_root *row)
{
        struct seen *seen = self;
        assert_true(seen->n < 64);
        seen->sizes[seen->n++] = row->level * 1000 + row->index;
        return seen->stop;
}

static void lists_tile_roots_in_order(void **state)
{
        struct fixture *f = *state;
        static const struct tile_root rows[] = {
            {.level = 2, .index = 0}, {.level = 1, .index = 3}, {.level = 1, .index = 1}};
        struct seen seen = {0};
        assert_int_equal(store_begin(f->store), OK);
        for (size_t i = 0; i < 3; i++)
                assert_int_equal(store_put_tile_root(f->store, &rows[i]), OK);
        assert_int_equal(store_put_tile_root(f->store, &rows[0]), ERR_APPEND);
        store_rollback(f->store);
        assert_int_equal(store_begin(f->store), OK);
        for (size_t i = 0; i < 3; i++)
                assert_int_equal(store_put_tile_root(f->store, &rows[i]), OK);
        assert_int_equal(store_commit(f->store), OK);
        assert_int_equal(store_tile_roots(f->store, see_tile_root, &seen), OK);
        assert_int_equal(seen.n, 3);
        assert_int_equal(seen.sizes[0], 1001);
        assert_int_equal(seen.sizes[1], 1003);
        assert_int_equal(seen.sizes[2], 2000);
        seen = (struct seen){.stop = ERR_FORM};
        assert_int_equal(store_tile_roots(f->store, see_tile_root, &seen), ERR_FORM);
        assert_int_equal(seen.n, 1);
}

static enum err see_checkpoint(void *self, uint64_t size, struct bytes note)
{
        struct seen *seen = self;
        assert_true(seen->n < 64);
        assert_int_equal(bytes_to_text(note, seen->notes[seen->n], sizeof seen->notes[0]), OK);
        seen->sizes[seen->n++] = size;
        return OK;
}

static void put_checkpoint(struct fixture *f, uint64_t size)
{
        char note[32];
        (void)snprintf(note, sizeof note, "note %llu", (unsigned long long)size);
        assert_int_equal(store_put_checkpoint(f->store, size, bytes_text(note)), OK);
}

static void keeps_the_last_checkpoint(void **state)
{
        struct fixture *f = *state;
        struct buf note;
        buf_init(&note, 4096);
        assert_int_equal(store_last_checkpoint(f->store, &note), ERR_ABSENT);
        assert_int_equal(store_begin(f->store), OK);
        put_checkpoint(f, 9);
        put_checkpoint(f, 10);
        put_checkpoint(f, 2);
        assert_int_equal(store_put_checkpoint(f->store, 10, bytes_text("signed again")), OK);
        assert_int_equal(store_commit(f->store), OK);
        assert_int_equal(store_last_checkpoint(f->store, &note), OK);
        assert_true(bytes_is(buf_bytes(&note), "note 10"));
        buf_clear(&note);
}

static void expect_sizes(struct fixture *f, size_t n, const uint64_t sizes[])
{
        struct seen seen = {0};
        assert_int_equal(store_checkpoints(f->store, see_checkpoint, &seen), OK);
        assert_int_equal(seen.n, n);
        for (size_t i = 0; i < n; i++) {
                char note[32];
                (void)snprintf(note, sizeof note, "note %llu", (unsigned long long)sizes[i]);
                assert_int_equal(seen.sizes[i], sizes[i]);
                assert_string_equal(seen.notes[i], note);
        }
}

static void thin(struct fixture *f, int64_t second)
{
        assert_int_equal(store_thin_checkpoints(f->store, second * MOMENT_SECOND_US), OK);
}

static void thins_checkpoints_to_one_a_minute(void **state)
{
        struct fixture *f = *state;
        assert_int_equal(store_begin(f->store), OK);
        for (uint64_t size = 1; size <= 3; size++)
                put_checkpoint(f, size);
        thin(f, 61);
        expect_sizes(f, 1, (const uint64_t[]){3});
        put_checkpoint(f, 4);
        thin(f, 119);
        expect_sizes(f, 1, (const uint64_t[]){4});
        put_checkpoint(f, 5);
        put_checkpoint(f, 6);
        thin(f, 120);
        expect_sizes(f, 2, (const uint64_t[]){4, 6});
        thin(f, 4000);
        expect_sizes(f, 2, (const uint64_t[]){4, 6});
        put_checkpoint(f, 7);
        thin(f, 60); /* the clock was put back */
        expect_sizes(f, 2, (const uint64_t[]){6, 7});
        assert_int_equal(store_thin_checkpoints(f->store, -1), ERR_BUG);
        assert_int_equal(store_commit(f->store), OK);
}

static void keeps_what_was_cosigned(void **state)
{
        struct fixture *f = *state;
        assert_int_equal(store_begin(f->store), OK);
        for (uint64_t size = 1; size <= 4; size++)
                put_checkpoint(f, size);
        assert_int_equal(store_commit(f->store), OK);
        store_close(f->store);
        f->store = NULL;
        sqlite3 *db = fixture_raw(f->path);
        fixture_run(db, "INSERT INTO cosignature VALUES (2, 'a line')");
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
        assert_int_equal(store_open(f->path, STORE_WRITE, f->keys, &f->store, NULL), OK);
        assert_int_equal(store_begin(f->store), OK);
        thin(f, 1);
        assert_int_equal(store_commit(f->store), OK);
        expect_sizes(f, 2, (const uint64_t[]){2, 4});
}

static enum err see_annex(void *self, const struct hash *hash, struct bytes text)
{
        struct seen *seen = self;
        struct hash found;
        assert_int_equal(hash_of(text, &found), OK);
        assert_true(hash_equal(&found, hash));
        seen->n++;
        return OK;
}

static void keeps_annexes(void **state)
{
        struct fixture *f = *state;
        static uint8_t large[ANNEX_MAX + 1];
        struct bytes texts[] = {bytes_text("rules: []"), bytes_of("", 0), bytes_of(large, ANNEX_MAX)};
        struct hash hash;
        struct seen seen = {0};
        struct buf out;
        buf_init(&out, ANNEX_MAX);
        assert_int_equal(store_begin(f->store), OK);
        for (size_t i = 0; i < 3; i++) {
                assert_int_equal(hash_of(texts[i], &hash), OK);
                assert_int_equal(store_annex(f->store, &hash, &out), ERR_ABSENT);
                assert_int_equal(store_put_annex(f->store, &hash, texts[i]), OK);
                assert_int_equal(store_put_annex(f->store, &hash, texts[i]), OK); /* again */
        }
        assert_int_equal(store_put_annex(f->store, &hash, bytes_of(large, sizeof large)), ERR_TOO_LONG);
        assert_int_equal(store_commit(f->store), OK);
        for (size_t i = 0; i < 3; i++) {
                buf_reset(&out);
                assert_int_equal(hash_of(texts[i], &hash), OK);
                assert_int_equal(store_annex(f->store, &hash, &out), OK);
                assert_true(bytes_equal(buf_bytes(&out), texts[i]));
        }
        assert_int_equal(store_annexes(f->store, see_annex, &seen), OK);
        assert_int_equal(seen.n, 3);
        buf_clear(&out);
}

static void exports_a_spine(void **state)
{
        struct fixture *f = *state;
        char path[300];
        struct store *out = NULL;
        struct store_scan *scan = NULL;
        struct store_row row;
        struct hash hash;
        struct buf text;
        bool done = false;
        buf_init(&text, LEAF_MAX);
        fixture_append(f, 7);
        (void)snprintf(path, sizeof path, "%s/export.db", f->folder);
        assert_int_equal(store_create_spine(path), OK);
        assert_int_equal(store_create_spine(path), ERR_NOT_EMPTY);
        assert_int_equal(store_open_export(f->path, &out), ERR_NOT_LEDGER); /* the live one is none */
        assert_int_equal(store_open_export(path, &out), OK);
        assert_false(store_has_content(out));
        assert_int_equal(store_begin(out), OK);
        assert_int_equal(store_scan_new(f->store, 0, 7, &scan), OK);
        while (store_scan_next(scan, &row, &done) == OK && !done) {
                memcpy(hash.b, row.hash.at, HASH_LEN);
                assert_int_equal(store_put_spine_row(out, row.seq, row.leaf, &hash), OK);
        }
        store_scan_free(scan);
        assert_int_equal(store_put_spine_row(out, 3, bytes_text("x"), &hash), ERR_APPEND);
        assert_int_equal(store_put_checkpoint(out, 7, bytes_text("note 7")), OK);
        assert_int_equal(hash_of(bytes_text("pack"), &hash), OK);
        assert_int_equal(store_put_annex(out, &hash, bytes_text("pack")), OK);
        struct fixture_entry e;
        fixture_entry_init(&e, 7);
        assert_int_equal(store_put_entry(out, &e.entry), ERR_BUG);
        fixture_entry_clear(&e);
        assert_int_equal(store_commit(out), OK);
        assert_int_equal(store_tidy(out), OK);
        store_close(out);

        out = NULL;
        assert_int_equal(store_open(path, STORE_READ, NULL, &out, NULL), ERR_NOT_LEDGER);
        assert_int_equal(chmod(path, 0400), 0);
        assert_int_equal(store_open(path, STORE_COPY, NULL, &out, NULL), OK);
        assert_false(store_has_content(out));
        assert_int_equal(scan_all(out, 0, SEQ_NONE), 7);
        assert_int_equal(store_annex(out, &hash, &text), OK);
        assert_true(bytes_is(buf_bytes(&text), "pack"));
        assert_int_equal(store_content(out, 0, &text), ERR_SEALED);
        store_close(out);
        assert_int_equal(store_open(path, STORE_COPY, f->keys, &out, NULL), OK);
        struct store_item item;
        struct store_filter all = {.before = SEQ_NONE, .limit = 1};
        size_t n = 1;
        uint64_t seq;
        assert_int_equal(store_content(out, 0, &text), ERR_ABSENT);
        assert_int_equal(store_residue(out, 0, &text), ERR_ABSENT);
        assert_int_equal(store_because(out, 0, &text), ERR_ABSENT);
        assert_int_equal(store_item(out, 0, &item), ERR_ABSENT);
        assert_int_equal(store_find_statement(out, &hash, &seq), ERR_ABSENT);
        assert_int_equal(store_find_key_n(out, 0, 1, &seq), ERR_ABSENT);
        assert_int_equal(store_items(out, &all, &item, &n), OK);
        assert_int_equal(n, 0);
        assert_int_equal(store_begin(out), ERR_BUG);
        store_close(out);
        buf_clear(&text);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
#define CASE(f) cmocka_unit_test_setup_teardown(f, fixture_up, fixture_down)
            CASE(scans_a_range),
            CASE(scans_are_independent),
            CASE(has_no_leaf_beyond_the_end),
            CASE(feeds_the_tree),
            CASE(lists_tile_roots_in_order),
            CASE(keeps_the_last_checkpoint),
            CASE(thins_checkpoints_to_one_a_minute),
            CASE(keeps_what_was_cosigned),
            CASE(keeps_annexes),
            CASE(exports_a_spine),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
