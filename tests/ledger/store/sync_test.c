/* A sync that fails: nothing may be acknowledged. The system's sync is replaced by one that can be told to
 * fail. */
#include <errno.h>

#include "tests/ledger/store/fixture.h"

static int failing;
static unsigned syncs;

static int sync_or_fail(int fd)
{
        syncs++;
        if (failing) {
                errno = EIO;
                return -1;
        }
        return fcntl(fd, F_GETFD) < 0 ? -1 : 0;
}

int fdatasync(int fd)
{
        return sync_or_fail(fd);
}

int fsync(int fd)
{
        return sync_or_fail(fd);
}

static void each_commit_syncs(void **state)
{
        struct fixture *f = *state;
        fixture_append(f, 1);
        for (int i = 0; i < 5; i++) {
                const unsigned before = syncs;
                fixture_append(f, 1);
                assert_true(syncs > before);
        }
}

static void a_failed_sync_is_told(void **state)
{
        struct fixture *f = *state;
        struct fixture_entry e;
        fixture_append(f, 2);
        fixture_entry_init(&e, 2);
        assert_int_equal(store_begin(f->store), OK);
        assert_int_equal(store_put_entry(f->store, &e.entry), OK);
        failing = 1;
        enum err result = store_commit(f->store);
        failing = 0;
        assert_int_equal(result, ERR_SYNC);
        assert_int_equal(fixture_size(f->store), 2);
        fixture_entry_clear(&e);
}

static void a_new_file_that_was_not_synced_is_removed(void **state)
{
        struct fixture *f = *state;
        char path[300];
        (void)snprintf(path, sizeof path, "%s/second.db", f->folder);
        failing = 1;
        enum err e = store_create(path);
        failing = 0;
        assert_int_equal(e, ERR_SYNC);
        assert_int_not_equal(access(path, F_OK), 0);
        assert_int_equal(store_create(path), OK);
}

static uint8_t content[1000000];

static void a_failed_sync_of_the_file_is_told(void **state)
{
        struct fixture *f = *state;
        for (uint64_t seq = 0; seq < 20; seq++) {
                struct fixture_entry e;
                fixture_entry_init(&e, seq);
                e.entry.content = bytes_of(content, sizeof content);
                assert_int_equal(store_begin(f->store), OK);
                assert_int_equal(store_put_entry(f->store, &e.entry), OK);
                assert_int_equal(store_commit(f->store), OK);
                fixture_entry_clear(&e);
        }
        failing = 1;
        enum err e = store_tidy(f->store);
        failing = 0;
        assert_int_equal(e, ERR_SYNC);
        assert_int_equal(store_tidy(f->store), OK);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
#define CASE(f) cmocka_unit_test_setup_teardown(f, fixture_up, fixture_down)
            CASE(each_commit_syncs),
            CASE(a_failed_sync_is_told),
            CASE(a_new_file_that_was_not_synced_is_removed),
            CASE(a_failed_sync_of_the_file_is_told),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
