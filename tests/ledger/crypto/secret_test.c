#include "ledger/crypto/secret.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "ledger/crypto/random.h"

static char folder[64], file[96];

static int setup(void **state)
{
        (void)state;
        (void)snprintf(folder, sizeof folder, "/tmp/enquiry-secret-XXXXXX");
        if (crypto_setup() || mkdtemp(folder) == NULL)
                return -1;
        (void)snprintf(file, sizeof file, "%s/key", folder);
        return 0;
}

static int teardown(void **state)
{
        (void)state;
        return rmdir(folder); /* every test leaves it empty */
}

static void test_memory(void **state)
{
        (void)state;
        struct secret a = {0}, b = {0};
        uint8_t any = 0;
        assert_int_equal(secret_new(100, &a), OK);
        assert_int_equal(a.n, 100);
        for (size_t i = 0; i < a.n; i++)
                any |= a.at[i];
        assert_int_equal(any, 0);
        secret_free(&a);
        assert_true(a.at == NULL && a.n == 0);
        secret_free(&a);
        assert_int_equal(secret_of(bytes_text("seed"), &a), OK);
        assert_true(bytes_is(secret_bytes(&a), "seed"));
        assert_int_equal(secret_random(32, &b), OK);
        for (size_t i = 0; i < b.n; i++)
                any |= b.at[i];
        assert_int_not_equal(any, 0); /* 0 by chance once in 2^256 */
        secret_free(&a);
        secret_free(&b);
        assert_int_equal(secret_of((struct bytes){0}, &a), OK);
        assert_int_equal(a.n, 0);
        secret_free(&a);
}

static void test_equal(void **state)
{
        (void)state;
        assert_true(secret_equal(bytes_text("abc"), bytes_text("abc")));
        assert_true(secret_equal((struct bytes){0}, bytes_text("")));
        assert_false(secret_equal(bytes_text("abc"), bytes_text("abd")));
        assert_false(secret_equal(bytes_text("abc"), bytes_text("xbc")));
        assert_false(secret_equal(bytes_text("abc"), bytes_text("abcd")));
        assert_false(secret_equal(bytes_text("abc"), (struct bytes){0}));
}

static void test_write_and_read(void **state)
{
        (void)state;
        struct secret s = {0};
        struct stat stat_now;
        mode_t before = umask(0);
        enum err e = secret_write_file(file, bytes_text("0123456789"));
        (void)umask(before);
        assert_int_equal(e, OK);
        assert_int_equal(stat(file, &stat_now), 0);
        assert_int_equal(stat_now.st_mode & 07777, 0600);
        assert_int_equal(secret_write_file(file, bytes_text("other")), ERR_NOT_EMPTY);
        assert_int_equal(secret_read_file(file, 10, &s), OK);
        assert_true(bytes_is(secret_bytes(&s), "0123456789"));
        secret_free(&s);
        assert_int_equal(secret_read_file(file, 0, &s), OK);
        assert_true(bytes_is(secret_bytes(&s), "0123456789"));
        secret_free(&s);
        assert_int_equal(secret_read_file(file, 9, &s), ERR_FORM);
        assert_int_equal(secret_read_file(file, 11, &s), ERR_FORM);
        assert_null(s.at);
        assert_int_equal(unlink(file), 0);
}

static void test_any_length_up_to_the_limit(void **state)
{
        (void)state;
        static uint8_t at[64 * 1024 + 1];
        static const size_t length[] = {0, 1, 64 * 1024, 64 * 1024 + 1};
        memset(at, 'k', sizeof at);
        for (size_t i = 0; i < sizeof length / sizeof length[0]; i++) {
                struct secret s = {0};
                assert_int_equal(secret_write_file(file, bytes_of(at, length[i])), OK);
                assert_int_equal(secret_read_file(file, 0, &s), length[i] < sizeof at ? OK : ERR_FORM);
                assert_int_equal(s.n, length[i] < sizeof at ? length[i] : 0);
                if (s.n > 0)
                        assert_memory_equal(s.at, at, s.n);
                secret_free(&s);
                assert_int_equal(unlink(file), 0);
        }
}

static void test_loose(void **state)
{
        (void)state;
        static const mode_t loose[] = {0640, 0604, 0660, 0644, 0620, 0602, 0610, 0601, 0777};
        static const mode_t tight[] = {0600, 0400, 0700};
        struct secret s = {0};
        assert_int_equal(secret_write_file(file, bytes_text("k")), OK);
        for (size_t i = 0; i < sizeof loose / sizeof loose[0]; i++) {
                assert_int_equal(chmod(file, loose[i]), 0);
                assert_int_equal(secret_read_file(file, 1, &s), ERR_LOOSE);
        }
        for (size_t i = 0; i < sizeof tight / sizeof tight[0]; i++) {
                assert_int_equal(chmod(file, tight[i]), 0);
                assert_int_equal(secret_read_file(file, 1, &s), OK);
                secret_free(&s);
        }
        assert_int_equal(unlink(file), 0);
}

#define NOBODY_IN_PARTICULAR 0xffffffff

/* Version 2, then {tag, rights, id}: owner 1, user 2, owning group 4, group 8, mask 16, others 32. */
static bool acl_set(const uint32_t entry[][3], size_t n)
{
        uint8_t acl[4 + 8 * 8] = {2};
        for (size_t i = 0; i < n; i++) {
                uint8_t *at = acl + 4 + 8 * i;
                at[0] = (uint8_t)entry[i][0];
                at[2] = (uint8_t)entry[i][1];
                for (size_t k = 0; k < 4; k++)
                        at[4 + k] = (uint8_t)(entry[i][2] >> 8 * k);
        }
        return setxattr(file, "system.posix_acl_access", acl, 4 + 8 * n, 0) == 0;
}

/* The form in which systemd gives a service its credentials: mode 0440 by the mask, but nobody else may read.
 */
static void test_access_control_list(void **state)
{
        (void)state;
        const uint32_t nobody = NOBODY_IN_PARTICULAR, self = geteuid();
        const uint32_t good[][3] = {
            {1, 4, nobody}, {2, 4, self}, {4, 0, nobody}, {16, 4, nobody}, {32, 0, nobody}};
        const uint32_t another[][3] = {
            {1, 4, nobody}, {2, 4, self + 1}, {4, 0, nobody}, {16, 4, nobody}, {32, 0, nobody}};
        const uint32_t writer[][3] = {
            {1, 4, nobody}, {2, 2, self + 1}, {4, 0, nobody}, {16, 6, nobody}, {32, 0, nobody}};
        const uint32_t others[][3] = {
            {1, 4, nobody}, {2, 4, self}, {4, 0, nobody}, {16, 4, nobody}, {32, 4, nobody}};
        const uint32_t owning_group[][3] = {
            {1, 4, nobody}, {2, 4, self}, {4, 4, nobody}, {16, 4, nobody}, {32, 0, nobody}};
        const uint32_t group[][3] = {
            {1, 4, nobody}, {4, 0, nobody}, {8, 4, 12345}, {16, 4, nobody}, {32, 0, nobody}};
        struct secret s = {0};
        assert_int_equal(secret_write_file(file, bytes_text("k")), OK);
        if (!acl_set(good, 5)) {
                int why = errno;
                assert_int_equal(unlink(file), 0);
                assert_int_equal(why, EOPNOTSUPP);
                skip(); /* this file system has none */
        }
        assert_int_equal(secret_read_file(file, 1, &s), OK);
        secret_free(&s);
        assert_true(acl_set(another, 5));
        assert_int_equal(secret_read_file(file, 1, &s), ERR_LOOSE);
        assert_true(acl_set(writer, 5));
        assert_int_equal(secret_read_file(file, 1, &s), ERR_LOOSE);
        assert_true(acl_set(others, 5));
        assert_int_equal(secret_read_file(file, 1, &s), ERR_LOOSE);
        assert_true(acl_set(owning_group, 5));
        assert_int_equal(secret_read_file(file, 1, &s), ERR_LOOSE);
        assert_true(acl_set(group, 5));
        assert_int_equal(secret_read_file(file, 1, &s), ERR_LOOSE);
        assert_int_equal(unlink(file), 0);
}

static void test_absent_and_odd(void **state)
{
        (void)state;
        struct secret s = {0};
        char below[128];
        assert_int_equal(secret_read_file(file, 0, &s), ERR_ABSENT);
        (void)snprintf(below, sizeof below, "%s/none/key", folder);
        assert_int_equal(secret_read_file(below, 0, &s), ERR_ABSENT);
        assert_int_equal(secret_write_file(below, bytes_text("k")), ERR_IO);
        assert_int_equal(secret_read_file(folder, 0, &s), ERR_IO);
        assert_int_equal(secret_write_file(folder, bytes_text("k")), ERR_NOT_EMPTY);
        assert_int_equal(mkfifo(file, 0600), 0);
        assert_int_equal(secret_read_file(file, 0, &s), ERR_IO); /* and does not wait for a writer */
        assert_int_equal(unlink(file), 0);
        assert_null(s.at);
}

static void test_path_without_a_folder(void **state)
{
        (void)state;
        char before[4096];
        struct secret s = {0};
        assert_non_null(getcwd(before, sizeof before));
        assert_int_equal(chdir(folder), 0);
        enum err written = secret_write_file("key", bytes_text("k"));
        enum err read = secret_read_file("key", 1, &s);
        assert_int_equal(chdir(before), 0);
        assert_int_equal(written, OK);
        assert_int_equal(read, OK);
        secret_free(&s);
        assert_int_equal(unlink(file), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_memory),         cmocka_unit_test(test_equal),
            cmocka_unit_test(test_write_and_read), cmocka_unit_test(test_any_length_up_to_the_limit),
            cmocka_unit_test(test_loose),          cmocka_unit_test(test_access_control_list),
            cmocka_unit_test(test_absent_and_odd), cmocka_unit_test(test_path_without_a_folder),
        };
        return cmocka_run_group_tests(tests, setup, teardown);
}
