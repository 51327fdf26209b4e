/* Opening, creating, batches, limits. */
#include "tests/ledger/store/fixture.h"

static void creates_a_private_file_once(void **state)
{
        struct fixture *f = *state;
        struct stat st;
        assert_int_equal(stat(f->path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
        assert_int_equal(store_create(f->path), ERR_NOT_EMPTY);
        assert_int_equal(fixture_size(f->store), 0);
        assert_true(store_has_content(f->store));
}

static void keeps_what_was_committed(void **state)
{
        struct fixture *f = *state;
        fixture_append(f, 3);
        fixture_append(f, 2);
        fixture_reopen(f);
        assert_int_equal(fixture_size(f->store), 5);
        for (uint64_t seq = 0; seq < 5; seq++) {
                struct fixture_entry e;
                struct buf leaf, content;
                buf_init(&leaf, LEAF_MAX);
                buf_init(&content, LEAF_MAX);
                fixture_entry_init(&e, seq);
                assert_int_equal(store_leaf(f->store, seq, &leaf), OK);
                assert_true(bytes_equal(buf_bytes(&leaf), e.entry.leaf));
                assert_int_equal(store_content(f->store, seq, &content), OK);
                assert_true(bytes_equal(buf_bytes(&content), e.entry.content));
                fixture_entry_clear(&e);
                buf_clear(&leaf);
                buf_clear(&content);
        }
}

static void leaves_nothing_beside_the_file(void **state)
{
        struct fixture *f = *state;
        char wal[320];
        struct stat st;
        (void)snprintf(wal, sizeof wal, "%s-wal", f->path);
        fixture_append(f, 1);
        assert_int_equal(stat(wal, &st), 0);
        store_close(f->store);
        f->store = NULL;
        assert_int_not_equal(stat(wal, &st), 0);
}

static void forgets_what_was_rolled_back(void **state)
{
        struct fixture *f = *state;
        struct fixture_entry e;
        fixture_entry_init(&e, 0);
        assert_int_equal(store_begin(f->store), OK);
        assert_int_equal(store_put_entry(f->store, &e.entry), OK);
        assert_int_equal(fixture_size(f->store), 1);
        store_rollback(f->store);
        assert_int_equal(fixture_size(f->store), 0);
        store_rollback(f->store); /* nothing to do */
        assert_int_equal(store_begin(f->store), OK);
        assert_int_equal(store_put_entry(f->store, &e.entry), OK);
        fixture_reopen(f); /* closing rolls back as well */
        assert_int_equal(fixture_size(f->store), 0);
        fixture_entry_clear(&e);
}

static void writes_only_in_a_batch(void **state)
{
        struct fixture *f = *state;
        struct fixture_entry e;
        const struct tile_root row = {.level = 1};
        struct hash hash = {0};
        fixture_entry_init(&e, 0);
        assert_int_equal(store_put_entry(f->store, &e.entry), ERR_BUG);
        assert_int_equal(store_put_tile_root(f->store, &row), ERR_BUG);
        assert_int_equal(store_put_annex(f->store, &hash, bytes_text("x")), ERR_BUG);
        assert_int_equal(store_put_checkpoint(f->store, 1, bytes_text("x")), ERR_BUG);
        assert_int_equal(store_thin_checkpoints(f->store, 1), ERR_BUG);
        assert_int_equal(store_set_closed(f->store, 0, 1), ERR_BUG);
        assert_int_equal(store_set_decided(f->store, 0, DECIDED_APPROVED, 1), ERR_BUG);
        assert_int_equal(store_commit(f->store), ERR_BUG);
        assert_int_equal(store_begin(f->store), OK);
        assert_int_equal(store_begin(f->store), ERR_BUG);
        assert_int_equal(store_put_spine_row(f->store, 0, bytes_text("x"), &hash), ERR_BUG);
        store_rollback(f->store);
        fixture_entry_clear(&e);
}

static void takes_only_the_next_entry(void **state)
{
        struct fixture *f = *state;
        static const uint64_t wrong[] = {0, 1, 3, 1000, UINT64_C(1) << 40};
        struct fixture_entry e;
        fixture_append(f, 2);
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
                fixture_entry_init(&e, wrong[i]);
                e.entry.item.n = 99;
                assert_int_equal(store_begin(f->store), OK);
                assert_int_equal(store_put_entry(f->store, &e.entry), ERR_APPEND);
                store_rollback(f->store);
                fixture_entry_clear(&e);
        }
        assert_int_equal(fixture_size(f->store), 2);
}

static void shows_readers_what_was_committed(void **state)
{
        struct fixture *f = *state;
        struct fixture_entry e;
        struct store *reader = NULL;
        struct buf content;
        buf_init(&content, 4096);
        assert_int_equal(store_open(f->path, STORE_READ, f->keys, &reader, NULL), OK);
        fixture_entry_init(&e, 0);
        assert_int_equal(store_begin(f->store), OK);
        assert_int_equal(store_put_entry(f->store, &e.entry), OK);
        assert_int_equal(fixture_size(reader), 0);
        assert_int_equal(store_commit(f->store), OK);
        assert_int_equal(fixture_size(reader), 1);
        assert_int_equal(store_content(reader, 0, &content), OK);
        assert_int_equal(store_begin(reader), ERR_BUG);
        assert_int_equal(store_put_entry(reader, &e.entry), ERR_BUG);
        assert_int_equal(store_tidy(reader), OK);
        buf_clear(&content);
        store_close(reader);
        fixture_entry_clear(&e);
}

static void refuses_a_second_writer(void **state)
{
        struct fixture *f = *state;
        struct store *second = NULL;
        assert_int_equal(store_open(f->path, STORE_WRITE, f->keys, &second, NULL), OK);
        assert_int_equal(store_begin(f->store), OK);
        assert_int_equal(store_begin(second), ERR_BUSY);
        store_rollback(f->store);
        store_close(second);
}

static void reads_a_copy_with_its_log(void **state)
{
        struct fixture *f = *state;
        char folder[256], copy[300], from[320], to[320];
        struct store *s = NULL;
        fixture_folder(folder);
        (void)snprintf(copy, sizeof copy, "%s/co%%py?#.db", folder); /* a path is not a URI */
        fixture_reopen(f);
        fixture_append(f, 4);
        fixture_copy_file(f->path, copy);
        assert_int_equal(store_open(copy, STORE_COPY, f->keys, &s, NULL), OK);
        assert_int_equal(fixture_size(s), 0); /* all is in the log still */
        store_close(s);
        (void)snprintf(from, sizeof from, "%s-wal", f->path);
        (void)snprintf(to, sizeof to, "%s-wal", copy);
        fixture_copy_file(from, to);
        s = NULL;
        assert_int_equal(store_open(copy, STORE_COPY, f->keys, &s, NULL), OK);
        assert_int_equal(fixture_size(s), 4);
        store_close(s);
        fixture_files(folder, fixture_remove, NULL);
        (void)rmdir(folder);
}

static void refuses_what_is_no_ledger(void **state)
{
        struct fixture *f = *state;
        static const struct {
                const char *sql;
                enum err expected;
        } cases[] = {
            {NULL, ERR_NOT_LEDGER}, /* an empty file */
            {"CREATE TABLE t (a)", ERR_NOT_LEDGER},
            {"PRAGMA application_id = 0x454e5144; PRAGMA user_version = 1", ERR_NOT_LEDGER},
            {"PRAGMA application_id = 0x454e5144; PRAGMA user_version = 2", ERR_LEDGER_VERSION},
            {"PRAGMA application_id = 0x454e5144; CREATE TABLE t (a)", ERR_NOT_LEDGER},
            {"PRAGMA application_id = 1; PRAGMA user_version = 1", ERR_NOT_LEDGER},
        };
        char path[300];
        struct store *s = NULL;
        struct why why = {0};
        (void)snprintf(path, sizeof path, "%s/other.db", f->folder);
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                FILE *empty = fopen(path, "wb");
                assert_non_null(empty);
                (void)fclose(empty);
                assert_int_equal(chmod(path, 0600), 0);
                if (cases[i].sql != NULL) {
                        sqlite3 *db = fixture_raw(path);
                        fixture_run(db, cases[i].sql);
                        (void)sqlite3_close(db);
                }
                for (int mode = STORE_WRITE; mode <= STORE_COPY; mode++)
                        assert_int_equal(store_open(path, (enum store_mode)mode, NULL, &s, NULL),
                                         cases[i].expected);
                assert_int_equal(store_open_export(path, &s), cases[i].expected);
        }
        FILE *text = fopen(path, "wb");
        assert_non_null(text);
        for (int i = 0; i < 2000; i++)
                (void)fputs("a file of words\n", text);
        (void)fclose(text);
        for (int mode = STORE_WRITE; mode <= STORE_COPY; mode++)
                assert_int_equal(store_open(path, (enum store_mode)mode, NULL, &s, NULL), ERR_NOT_LEDGER);
        assert_int_equal(store_open(f->folder, STORE_COPY, NULL, &s, NULL), ERR_NOT_LEDGER);
        (void)unlink(path);
        assert_int_equal(store_open(path, STORE_READ, NULL, &s, &why), ERR_ABSENT);
        assert_int_equal(why.code, ERR_ABSENT);
        assert_null(s);
}

static void leaves_a_file_of_others_untouched(void **state)
{
        struct fixture *f = *state;
        char path[300], wal[320], copy[320];
        struct store *s = NULL;
        struct stat before, after;
        (void)snprintf(path, sizeof path, "%s/other.db", f->folder);
        (void)snprintf(copy, sizeof copy, "%s/copy.db", f->folder);
        sqlite3 *db = fixture_raw(path);
        fixture_run(db, "PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1)");
        (void)snprintf(wal, sizeof wal, "%s-wal", path);
        fixture_copy_file(path, copy);
        assert_int_equal(chmod(copy, 0600), 0);
        char copied_wal[340];
        (void)snprintf(copied_wal, sizeof copied_wal, "%s-wal", copy);
        fixture_copy_file(wal, copied_wal);
        (void)sqlite3_close(db);
        assert_int_equal(stat(copied_wal, &before), 0);
        assert_int_equal(store_open(copy, STORE_WRITE, NULL, &s, NULL), ERR_NOT_LEDGER);
        assert_int_equal(stat(copied_wal, &after), 0);
        assert_int_equal(before.st_size, after.st_size);
        assert_true(after.st_size > 0);
}

static void refuses_loose_rights(void **state)
{
        struct fixture *f = *state;
        static const mode_t loose[] = {0640, 0604, 0660, 0601, 0644};
        struct store *s = NULL;
        store_close(f->store);
        f->store = NULL;
        for (size_t i = 0; i < sizeof loose / sizeof *loose; i++) {
                assert_int_equal(chmod(f->path, loose[i]), 0);
                assert_int_equal(store_open(f->path, STORE_WRITE, f->keys, &s, NULL), ERR_LOOSE);
        }
        assert_int_equal(store_open(f->path, STORE_COPY, f->keys, &s, NULL), OK);
        store_close(s);
}

/* Without shared memory there is no write-ahead log, and SQLite quietly goes on with another journal. */
static void demands_the_journal_that_it_asked_for(void **state)
{
        struct fixture *f = *state;
        char path[300];
        sqlite3_vfs *usual = sqlite3_vfs_find(NULL), *simple = sqlite3_vfs_find("unix-dotfile");
        assert_non_null(simple);
        (void)snprintf(path, sizeof path, "%s/second.db", f->folder);
        assert_int_equal(sqlite3_vfs_register(simple, 1), SQLITE_OK);
        enum err e = store_create(path);
        assert_int_equal(sqlite3_vfs_register(usual, 1), SQLITE_OK);
        assert_int_equal(e, ERR_FULL_SYNC);
        assert_int_not_equal(access(path, F_OK), 0);
}

static enum err put_large(struct store *s, uint64_t seq, size_t n)
{
        static uint8_t content[1000000];
        struct fixture_entry e;
        random_fill(content, n);
        fixture_entry_init(&e, seq);
        e.entry.content = bytes_of(content, n);
        enum err result = store_put_entry(s, &e.entry);
        fixture_entry_clear(&e);
        return result;
}

static void survives_a_full_disk(void **state)
{
        struct fixture *f = *state;
        fixture_append(f, 2);
        assert_int_equal(store_limit_pages(f->store, 1), OK); /* that is: no more than there is */
        assert_int_equal(store_begin(f->store), OK);
        assert_int_equal(put_large(f->store, 2, 200000), ERR_DISK_FULL);
        store_rollback(f->store);
        assert_int_equal(fixture_size(f->store), 2);
        assert_int_equal(store_limit_pages(f->store, 1000000), OK);
        assert_int_equal(store_begin(f->store), OK);
        assert_int_equal(put_large(f->store, 2, 200000), OK);
        assert_int_equal(store_commit(f->store), OK);
        fixture_reopen(f);
        assert_int_equal(fixture_size(f->store), 3);
}

static int64_t file_size(const char *path)
{
        struct stat st;
        assert_int_equal(stat(path, &st), 0);
        return st.st_size;
}

static void moves_a_long_log_into_the_file(void **state)
{
        struct fixture *f = *state;
        char wal[320];
        (void)snprintf(wal, sizeof wal, "%s-wal", f->path);
        for (uint64_t seq = 0; seq < 20; seq++) {
                assert_int_equal(store_begin(f->store), OK);
                assert_int_equal(put_large(f->store, seq, 1000000), OK);
                assert_int_equal(store_commit(f->store), OK);
        }
        assert_true(file_size(f->path) < 1000000);
        const int64_t grown = file_size(wal);
        assert_true(grown > 16 * 1048576);
        assert_int_equal(store_tidy(f->store), OK);
        assert_true(file_size(f->path) > 16 * 1048576);
        assert_int_equal(store_begin(f->store), OK);
        assert_int_equal(put_large(f->store, 20, 1000000), OK);
        assert_int_equal(store_commit(f->store), OK);
        assert_true(file_size(wal) <= grown); /* it starts over */
        assert_int_equal(fixture_size(f->store), 21);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
#define CASE(f) cmocka_unit_test_setup_teardown(f, fixture_up, fixture_down)
            CASE(creates_a_private_file_once),
            CASE(keeps_what_was_committed),
            CASE(leaves_nothing_beside_the_file),
            CASE(forgets_what_was_rolled_back),
            CASE(writes_only_in_a_batch),
            CASE(takes_only_the_next_entry),
            CASE(shows_readers_what_was_committed),
            CASE(refuses_a_second_writer),
            CASE(reads_a_copy_with_its_log),
            CASE(refuses_what_is_no_ledger),
            CASE(leaves_a_file_of_others_untouched),
            CASE(refuses_loose_rights),
            CASE(demands_the_journal_that_it_asked_for),
            CASE(survives_a_full_disk),
            CASE(moves_a_long_log_into_the_file),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
