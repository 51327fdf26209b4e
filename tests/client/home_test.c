/* The person's folder: where it is, who may read it, who works in it, what is kept in it. */
#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>

#include "tests/client/folder.h"

static void test_place(void **state)
{
        struct folder *f = *state;
        struct home h;
        char path[HOME_PATH_MAX], here[HOME_PATH_MAX / 2];
        assert_ok(home_open("/a/b", &h));
        assert_string_equal(h.path, "/a/b");
        assert_int_equal(h.lock_fd, -1);
        assert_ok(home_path(&h, HOME_KEYS, path));
        assert_string_equal(path, "/a/b/keys.sealed");

        assert_int_equal(setenv("ENQUIRY_HOME", f->path, 1), 0);
        assert_ok(home_open(NULL, &h));
        assert_string_equal(h.path, f->path);
        assert_int_equal(unsetenv("ENQUIRY_HOME"), 0);

        assert_int_equal(setenv("XDG_DATA_HOME", "/x", 1), 0);
        assert_ok(home_open(NULL, &h));
        assert_string_equal(h.path, "/x/enquiry");
        assert_int_equal(unsetenv("XDG_DATA_HOME"), 0);
        assert_int_equal(setenv("HOME", "/h", 1), 0);
        assert_ok(home_open(NULL, &h));
        assert_string_equal(h.path, "/h/.local/share/enquiry");

        assert_non_null(getcwd(here, sizeof here));
        assert_ok(home_open("relative", &h));
        (void)snprintf(path, sizeof path, "%s/relative", here);
        assert_string_equal(h.path, path);
}

static void test_path_too_long(void **state)
{
        struct home h;
        char path[HOME_PATH_MAX + 10], out[HOME_PATH_MAX];
        (void)state;
        memset(path, 'a', sizeof path);
        path[0] = '/';
        path[sizeof path - 1] = '\0';
        assert_err(home_open(path, &h), ERR_TOO_LONG);
        path[HOME_PATH_MAX - 2] = '\0';
        assert_ok(home_open(path, &h));
        assert_err(home_path(&h, HOME_KEYS, out), ERR_TOO_LONG);
}

static void test_made_private(void **state)
{
        struct folder *f = *state;
        struct home h;
        struct why why = {0};
        struct stat st;
        char path[400];
        (void)snprintf(path, sizeof path, "%s/one/two/three", f->path);
        assert_ok(home_open(path, &h));
        assert_ok(home_make(&h, &why));
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0700);
        assert_ok(home_make(&h, &why)); /* still nobody's */
        assert_ok(identity_write(&h, &f->session.id));
        assert_err(home_make(&h, &why), ERR_HOME_TAKEN);
}

static void test_loose_folder(void **state)
{
        static const mode_t loose[] = {0701, 0710, 0740, 0702, 0755, 0777};
        struct folder *f = *state;
        for (size_t i = 0; i < sizeof loose / sizeof loose[0]; i++) {
                struct why why = {0};
                struct session other = {.home_given = f->path};
                assert_int_equal(chmod(f->path, loose[i]), 0);
                assert_err(home_check_private(&f->session.home, &why), ERR_LOOSE);
                assert_non_null(strstr(why.detail, "chmod"));
                assert_err(session_identify(&other), ERR_LOOSE);
        }
        assert_int_equal(chmod(f->path, 0700), 0);
        assert_ok(home_check_private(&f->session.home, NULL));
}

static void test_no_folder(void **state)
{
        struct session s = {.home_given = "/nowhere/at/all"};
        (void)state;
        assert_err(session_identify(&s), ERR_HOME);
        assert_string_equal(s.why.detail, "/nowhere/at/all");
        assert_err(home_lock(&s.home, &s.why), ERR_HOME);
}

static bool locked_by_another(const char *path)
{
        int fd = open(path, O_RDWR | O_CLOEXEC);
        assert_true(fd >= 0);
        bool taken = flock(fd, LOCK_EX | LOCK_NB) != 0;
        (void)close(fd);
        return taken;
}

static void test_lock(void **state)
{
        struct folder *f = *state;
        struct home *h = &f->session.home;
        char path[HOME_PATH_MAX], byte = 0;
        int pipe_fd[2], status;
        assert_ok(home_lock(h, NULL));
        assert_ok(home_lock(h, NULL)); /* it is ours already */
        assert_ok(home_path(h, "lock", path));
        assert_true(locked_by_another(path));

        assert_int_equal(pipe(pipe_fd), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
                struct home own;
                bool good = home_open(f->path, &own) == OK && write(pipe_fd[1], "w", 1) == 1 &&
                            home_lock(&own, NULL) == OK;
                _exit(good && write(pipe_fd[1], "l", 1) == 1 ? 0 : 1);
        }
        assert_int_equal(read(pipe_fd[0], &byte, 1), 1);
        assert_int_equal(byte, 'w');
        int flags = fcntl(pipe_fd[0], F_GETFL);
        assert_int_equal(fcntl(pipe_fd[0], F_SETFL, flags | O_NONBLOCK), 0);
        assert_int_equal(read(pipe_fd[0], &byte, 1),
                         -1); /* it waits, or has not come to it: never has it the lock */
        assert_int_equal(fcntl(pipe_fd[0], F_SETFL, flags), 0);
        home_unlock(h);
        assert_int_equal(read(pipe_fd[0], &byte, 1), 1);
        assert_int_equal(byte, 'l');
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        assert_false(locked_by_another(path)); /* the lock dies with its process */
        home_unlock(h);
        (void)close(pipe_fd[0]);
        (void)close(pipe_fd[1]);
}

/* --- identity --- */

static void test_identity(void **state)
{
        struct folder *f = *state;
        struct identity out;
        memset(&out, 7, sizeof out);
        assert_ok(identity_read(&f->session.home, &out, NULL));
        assert_memory_equal(&out, &f->session.id, sizeof out);
}

static void test_identity_damaged(void **state)
{
        static const char *const names[] = {"address",
                                            "origin",
                                            "log",
                                            "genesis",
                                            "vkey",
                                            "server",
                                            "member",
                                            "key",
                                            "name",
                                            "alias",
                                            "unit",
                                            "roles",
                                            "rank",
                                            "agency",
                                            "device_class",
                                            "jurisdiction",
                                            "account_attribution"};
        struct folder *f = *state;
        struct identity out;
        struct buf text;
        char path[HOME_PATH_MAX];
        assert_ok(home_path(&f->session.home, HOME_IDENTITY, path));
        buf_init(&text, 65536);
        assert_ok(file_read(path, 65536, &text));
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
                char quoted[64];
                struct why why = {0};
                (void)snprintf(quoted, sizeof quoted, "\"%s\"", names[i]);
                char *at = strstr((char *)(uintptr_t)buf_text(&text), quoted);
                assert_non_null(at);
                at[1] ^= 1;
                assert_ok(file_write(path, buf_bytes(&text)));
                assert_err(identity_read(&f->session.home, &out, &why), ERR_CONFIG);
                at[1] ^= 1;
        }
        for (size_t n = 0; n < text.n; n += 17) {
                assert_ok(file_write(path, bytes_of(text.at, n)));
                assert_err(identity_read(&f->session.home, &out, NULL), ERR_CONFIG);
        }
        assert_int_equal(unlink(path), 0);
        assert_err(identity_read(&f->session.home, &out, NULL), ERR_HOME);
        buf_clear(&text);
}

/* --- files --- */

static void test_file_is_whole_or_as_before(void **state)
{
        struct folder *f = *state;
        struct stat st;
        struct buf text;
        char path[HOME_PATH_MAX], fresh[HOME_PATH_MAX + 8];
        assert_ok(home_path(&f->session.home, "some.file", path));
        buf_init(&text, 100);
        assert_err(file_read(path, 100, &text), ERR_ABSENT);
        assert_ok(file_write(path, bytes_text("first")));
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
        (void)snprintf(fresh, sizeof fresh, "%s.new", path);
        assert_int_equal(mkdir(fresh, 0700), 0); /* in the way of the next one */
        assert_err(file_write(path, bytes_text("second")), ERR_IO);
        assert_ok(file_read(path, 100, &text));
        assert_string_equal(buf_text(&text), "first");
        assert_int_equal(rmdir(fresh), 0);
        assert_ok(file_write(path, bytes_text("")));
        buf_reset(&text);
        assert_ok(file_read(path, 0, &text));
        assert_int_equal(text.n, 0);
        assert_ok(file_write(path, bytes_text("12345")));
        assert_err(file_read(path, 4, &text), ERR_TOO_LONG);
        assert_int_equal(access(fresh, F_OK), -1);
        buf_clear(&text);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            TEST(test_place),        TEST(test_path_too_long),    TEST(test_made_private),
            TEST(test_loose_folder), TEST(test_no_folder),        TEST(test_lock),
            TEST(test_identity),     TEST(test_identity_damaged), TEST(test_file_is_whole_or_as_before),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
