/* Damaged copies: whatever a byte was turned into, nothing crashes, and no sealed text comes out changed. */
#include "tests/ledger/store/fixture.h"

#define ENTRIES 12
#define STRIDE  193 /* bytes between flips; the header of the file is flipped bit by bit */

static enum err count_annex(void *self, const struct hash *hash, struct bytes text)
{
        *(size_t *)self += text.n + hash->b[0];
        return OK;
}

static enum err count_row(void *self, const struct tile_root *row)
{
        *(size_t *)self += row->index;
        return OK;
}

static enum err count_note(void *self, uint64_t size, struct bytes note)
{
        *(size_t *)self += size + note.n;
        return OK;
}

static enum err count_view(void *self, const struct store_view *view)
{
        *(size_t *)self += view->seq;
        return OK;
}

/* What a reader may answer about a damaged file. */
static enum err expect_one_of(enum err e)
{
        static const enum err answers[] = {OK,         ERR_NOT_LEDGER, ERR_LEDGER_VERSION,
                                           ERR_ABSENT, ERR_SEALED,     ERR_DB,
                                           ERR_LEAF,   ERR_IO,         ERR_TOO_LONG};
        for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
                if (answers[i] == e)
                        return e;
        fail_msg("unexpected: %s", err_row(e)->name);
        return e;
}

static enum err scan(struct store *s, size_t *out_bytes)
{
        struct store_scan *scan = NULL;
        struct store_row row;
        bool done = false;
        enum err e = store_scan_new(s, 0, SEQ_NONE, &scan);
        while (!e && !(e = store_scan_next(scan, &row, &done)) && !done) {
                /* every byte is read, so that a length that lies is seen */
                for (size_t i = 0; i < row.leaf.n; i++)
                        *out_bytes += row.leaf.at[i];
                for (size_t i = 0; i < row.hash.n; i++)
                        *out_bytes += row.hash.at[i];
        }
        store_scan_free(scan);
        return e;
}

/* 1 if something was noticed. */
static int read_sealed(struct store *s, uint64_t seq)
{
        struct fixture_entry e;
        struct buf out;
        int noticed = 0;
        fixture_entry_init(&e, seq);
        enum err (*const calls[])(struct store *, uint64_t, struct buf *) = {store_content, store_residue,
                                                                             store_because, store_leaf};
        for (size_t i = 0; i < 4; i++) {
                const char *const plain[] = {e.content, e.residue, e.because};
                buf_init(&out, ANNEX_MAX);
                enum err result = expect_one_of(calls[i](s, seq, &out));
                if (result)
                        noticed = 1;
                else if (i < 3)
                        assert_true(bytes_is(buf_bytes(&out), plain[i]));
                else
                        noticed |= !bytes_equal(buf_bytes(&out), e.entry.leaf);
                buf_clear(&out);
        }
        fixture_entry_clear(&e);
        return noticed;
}

static int read_all(struct fixture *f, const char *path)
{
        static struct store_item items[STORE_PAGE_MAX];
        const struct store_filter all = {.before = SEQ_NONE, .limit = STORE_PAGE_MAX};
        const struct store_filter waiting = {.waiting = true, .oldest_first = true, .limit = STORE_PAGE_MAX};
        const uint8_t tag[STORE_TAG_LEN] = {1};
        struct hash hashes[ENTRIES];
        struct store *s = NULL;
        size_t n = 0, sum = 0;
        uint64_t size = 0, seq = 0;
        int noticed = 0;
        if (expect_one_of(store_open(path, STORE_COPY, f->keys, &s, NULL)))
                return 1;
        struct tree_source source = store_tree_source(s);
        noticed |= expect_one_of(store_size(s, &size)) != OK || size != ENTRIES;
        noticed |= expect_one_of(scan(s, &sum)) != OK;
        noticed |= expect_one_of(source.read(source.self, 0, 0, ENTRIES, hashes)) != OK;
        noticed |= expect_one_of(source.read(source.self, 1, 0, 1, hashes)) != OK;
        noticed |= expect_one_of(store_tile_roots(s, count_row, &sum)) != OK;
        noticed |= expect_one_of(store_checkpoints(s, count_note, &sum)) != OK;
        noticed |= expect_one_of(store_annexes(s, count_annex, &sum)) != OK;
        noticed |= expect_one_of(store_items(s, &all, items, &n)) != OK || n != ENTRIES;
        noticed |= expect_one_of(store_items(s, &waiting, items, &n)) != OK;
        noticed |= expect_one_of(store_items_about(s, 0, items, STORE_PAGE_MAX, &n)) != OK;
        noticed |= expect_one_of(store_views(s, tag, 0, INT64_MAX, count_view, &sum)) != OK;
        for (uint64_t i = 0; i < ENTRIES; i++) {
                struct fixture_entry e;
                noticed |= read_sealed(s, i);
                fixture_entry_init(&e, i);
                noticed |= expect_one_of(store_find_statement(s, &e.entry.st, &seq)) != OK;
                noticed |= expect_one_of(store_find_key_n(s, 0, i + 1, &seq)) != OK;
                fixture_entry_clear(&e);
        }
        store_close(s);
        return noticed;
}

static void fill(struct fixture *f)
{
        const struct tile_root row = {.level = 1};
        struct hash hash;
        fixture_append(f, ENTRIES);
        assert_int_equal(hash_of(bytes_text("pack"), &hash), OK);
        assert_int_equal(store_begin(f->store), OK);
        assert_int_equal(store_put_tile_root(f->store, &row), OK);
        assert_int_equal(store_put_annex(f->store, &hash, bytes_text("pack")), OK);
        assert_int_equal(store_put_checkpoint(f->store, ENTRIES, bytes_text("note")), OK);
        assert_int_equal(store_commit(f->store), OK);
        store_close(f->store);
        f->store = NULL;
}

static void flip(int fd, off_t at, uint8_t mask)
{
        uint8_t byte;
        assert_int_equal(pread(fd, &byte, 1, at), 1);
        byte ^= mask;
        assert_int_equal(pwrite(fd, &byte, 1, at), 1);
}

static void no_flipped_byte_crashes_a_reader(void **state)
{
        struct fixture *f = *state;
        char path[300];
        struct stat st;
        size_t flips = 0, noticed = 0;
        fill(f);
        (void)snprintf(path, sizeof path, "%s/copy.db", f->folder);
        fixture_copy_file(f->path, path);
        assert_int_equal(read_all(f, path), 0);
        int fd = open(path, O_RDWR | O_CLOEXEC);
        assert_true(fd >= 0);
        assert_int_equal(fstat(fd, &st), 0);
        for (off_t at = 0; at < st.st_size; at += at < 110 ? 1 : STRIDE)
                for (int bit = 0; bit < 8; bit++) {
                        if (at >= 110 && bit != at % 8)
                                continue;
                        flip(fd, at, (uint8_t)(1u << bit));
                        noticed += (size_t)read_all(f, path);
                        flip(fd, at, (uint8_t)(1u << bit));
                        flips++;
                }
        assert_int_equal(read_all(f, path), 0); /* all were put back */
        print_message("%zu of %zu flips noticed (most fall on empty space)\n", noticed, flips);
        assert_true(noticed > 100 && noticed < flips);
        (void)close(fd);
}

/* The first 64 bytes of each page tell SQLite where everything else is: each of them, turned over whole. */
static void no_page_head_crashes_a_reader(void **state)
{
        struct fixture *f = *state;
        static const uint8_t masks[] = {0xff, 0x80, 0x01};
        char path[300];
        struct stat st;
        size_t noticed = 0;
        fill(f);
        (void)snprintf(path, sizeof path, "%s/copy.db", f->folder);
        fixture_copy_file(f->path, path);
        int fd = open(path, O_RDWR | O_CLOEXEC);
        assert_true(fd >= 0);
        assert_int_equal(fstat(fd, &st), 0);
        for (off_t page = 0; page < st.st_size; page += 16384)
                for (off_t at = page; at < page + 24; at++)
                        for (size_t m = 0; m < sizeof masks; m++) {
                                flip(fd, at, masks[m]);
                                noticed += (size_t)read_all(f, path);
                                flip(fd, at, masks[m]);
                        }
        assert_true(noticed > 50);
        assert_int_equal(read_all(f, path), 0);
        (void)close(fd);
}

static void no_cut_crashes_a_reader(void **state)
{
        struct fixture *f = *state;
        char path[300];
        struct stat st;
        fill(f);
        assert_int_equal(stat(f->path, &st), 0);
        (void)snprintf(path, sizeof path, "%s/copy.db", f->folder);
        for (off_t n = 0; n < st.st_size; n += n < 200 ? 7 : 4093) {
                fixture_copy_file(f->path, path);
                assert_int_equal(truncate(path, n), 0);
                const int noticed = read_all(f, path);
                if (n <= st.st_size - 16384) /* the last page may be an empty one */
                        assert_int_equal(noticed, 1);
        }
        fixture_copy_file(f->path, path);
        assert_int_equal(truncate(path, st.st_size + 1), 0);
        (void)read_all(f, path); /* one byte more is no page */
}

/* Somebody who rewrites the table can put any type into it. */
static void delivers_rows_of_odd_types(void **state)
{
        struct fixture *f = *state;
        static const struct {
                uint64_t seq;
                size_t leaf, hash;
        } expected[] = {{0, 0, 0}, {1, 4, 3}, {2, 2, 0}, {3, 1, 31}, {4, 1, 33}, {6, 3, 32}};
        char path[300];
        struct store *s = NULL;
        struct store_scan *scan = NULL;
        struct store_row row;
        struct hash hash;
        bool done = false;
        size_t n = 0;
        (void)snprintf(path, sizeof path, "%s/odd.db", f->folder);
        assert_int_equal(store_create_spine(path), OK);
        sqlite3 *db = fixture_raw(path);
        fixture_run(db,
                    "DROP TABLE entry; CREATE TABLE entry (seq INTEGER PRIMARY KEY, leaf, hash);"
                    "DROP TABLE tile_root; CREATE TABLE tile_root (level, idx, hash);"
                    "INSERT INTO entry VALUES (-3, x'00', zeroblob(32)), (0, NULL, NULL), (1, 'text', "
                    "'abc'), (2, 42, x''),"
                    "(3, x'01', zeroblob(31)), (4, x'01', zeroblob(33)), (6, 1.5, randomblob(32));"
                    "INSERT INTO tile_root VALUES (1, 0, x'0102'), (-1, 1, NULL), (99999999999, 'x', 'y')");
        (void)sqlite3_close(db);
        assert_int_equal(store_open(path, STORE_COPY, NULL, &s, NULL), OK);
        assert_int_equal(store_scan_new(s, 0, SEQ_NONE, &scan), OK);
        for (;; n++) {
                assert_int_equal(store_scan_next(scan, &row, &done), OK);
                if (done)
                        break;
                assert_true(n < sizeof expected / sizeof *expected);
                assert_int_equal(row.seq, expected[n].seq);
                assert_int_equal(row.leaf.n, expected[n].leaf);
                assert_int_equal(row.hash.n, expected[n].hash);
        }
        assert_int_equal(n, sizeof expected / sizeof *expected);
        store_scan_free(scan);
        struct tree_source source = store_tree_source(s);
        assert_int_equal(source.read(source.self, 0, 3, 1, &hash), OK);
        assert_true(hash_is_zero(&hash));
        assert_int_equal(source.read(source.self, 0, 4, 3, &hash), ERR_ABSENT); /* 5 is not there */
        assert_int_equal(source.read(source.self, 1, 0, 1, &hash), OK);
        assert_true(hash_is_zero(&hash));
        size_t sum = 0;
        assert_int_equal(store_tile_roots(s, count_row, &sum), OK);
        assert_int_equal(fixture_size(s), 7);
        store_close(s);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
#define CASE(f) cmocka_unit_test_setup_teardown(f, fixture_up, fixture_down)
            CASE(no_flipped_byte_crashes_a_reader),
            CASE(no_page_head_crashes_a_reader),
            CASE(no_cut_crashes_a_reader),
            CASE(delivers_rows_of_odd_types),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
