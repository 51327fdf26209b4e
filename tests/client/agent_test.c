/* The agent: a process of its own that keeps the unlocked key for its owner, and ends when it should. */
#include <poll.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "client/agent.h"
#include "tests/client/folder.h"

#define WAIT_MS 20000

/* Waits until the socket of the folder has gone. */
static void wait_until_gone(const struct folder *f)
{
        char path[400];
        int watch = inotify_init1(IN_CLOEXEC);
        assert_true(watch >= 0);
        assert_true(inotify_add_watch(watch, f->path, IN_DELETE) >= 0);
        (void)snprintf(path, sizeof path, "%s/" HOME_AGENT, f->path);
        while (access(path, F_OK) == 0) {
                struct pollfd p = {.fd = watch, .events = POLLIN};
                char events[4096];
                assert_int_equal(poll(&p, 1, WAIT_MS), 1);
                assert_true(read(watch, events, sizeof events) > 0);
        }
        (void)close(watch);
}

static struct secret unlocked(struct folder *f)
{
        struct secret key = {0};
        assert_ok(keystore_unlock(&f->session.home, passphrase(), &key));
        return key;
}

static void test_none(void **state)
{
        struct folder *f = *state;
        struct secret key = {0};
        assert_err(agent_key(&f->session.home, &key), ERR_ABSENT);
        assert_null(key.at);
        assert_err(agent_stop(&f->session.home), ERR_ABSENT);
}

static void test_start_key_stop(void **state)
{
        struct folder *f = *state;
        struct secret key = unlocked(f), got = {0};
        struct stat st;
        char path[HOME_PATH_MAX];
        assert_ok(agent_start(&f->session.home, &key, 60, NULL));
        assert_ok(home_path(&f->session.home, HOME_AGENT, path));
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
        for (size_t i = 0; i < 5; i++) {
                assert_ok(agent_key(&f->session.home, &got));
                assert_true(secret_equal(secret_bytes(&key), secret_bytes(&got)));
                secret_free(&got);
        }
        assert_ok(agent_stop(&f->session.home));
        wait_until_gone(f);
        assert_err(agent_key(&f->session.home, &got), ERR_ABSENT);
        secret_free(&key);
}

/* A session opens with it, and without a passphrase. */
static void test_session(void **state)
{
        struct folder *f = *state;
        struct secret key = unlocked(f);
        struct session s = {.home_given = f->path};
        assert_ok(agent_start(&f->session.home, &key, 60, NULL));
        assert_ok(session_open(&s));
        session_close(&s);
        assert_ok(agent_stop(&f->session.home));
        wait_until_gone(f);
        secret_free(&key);
}

static int visit(const struct folder *f)
{
        struct sockaddr_un at = {.sun_family = AF_UNIX};
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_true(fd >= 0);
        char text[400];
        (void)snprintf(text, sizeof text, "%s/" HOME_AGENT, f->path);
        assert_ok(bytes_to_text(bytes_text(text), at.sun_path, sizeof at.sun_path));
        assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
        return fd;
}

/* Other words get nothing; a visitor who goes without a word, or says too much, stops nobody. */
static void test_strange_visitors(void **state)
{
        static const char words[] = {'k', 's', 'X', '\0', '\n'};
        struct folder *f = *state;
        struct secret key = unlocked(f), got = {0};
        char byte;
        assert_ok(agent_start(&f->session.home, &key, 60, NULL));
        for (size_t i = 0; i < sizeof words; i++) {
                int fd = visit(f);
                assert_int_equal(send(fd, &words[i], 1, MSG_NOSIGNAL), 1);
                assert_int_equal(recv(fd, &byte, 1, 0), 0);
                (void)close(fd);
        }
        (void)close(visit(f));
        int fd = visit(f);
        assert_int_equal(send(fd, "XKKKK", 5, MSG_NOSIGNAL), 5);
        assert_true(recv(fd, &byte, 1, 0) <= 0);
        (void)close(fd);
        assert_ok(agent_key(&f->session.home, &got));
        secret_free(&got);
        assert_ok(agent_stop(&f->session.home));
        wait_until_gone(f);
        secret_free(&key);
}

static void test_ends_by_itself(void **state)
{
        struct folder *f = *state;
        struct secret key = unlocked(f), got = {0};
        assert_ok(agent_start(&f->session.home, &key, 1, NULL));
        wait_until_gone(f);
        assert_err(agent_key(&f->session.home, &got), ERR_ABSENT);
        secret_free(&key);
}

/* A socket that a dead agent left behind is in nobody's way. */
static void test_left_behind(void **state)
{
        struct folder *f = *state;
        struct secret key = unlocked(f), got = {0};
        char path[HOME_PATH_MAX];
        assert_ok(home_path(&f->session.home, HOME_AGENT, path));
        assert_ok(file_write(path, bytes_text("")));
        assert_err(agent_key(&f->session.home, &got), ERR_ABSENT);
        assert_ok(agent_start(&f->session.home, &key, 60, NULL));
        assert_ok(agent_key(&f->session.home, &got));
        secret_free(&got);
        assert_ok(agent_stop(&f->session.home));
        wait_until_gone(f);
        secret_free(&key);
}

static void test_path_too_long_for_a_socket(void **state)
{
        struct folder *f = *state;
        struct secret key = unlocked(f), got = {0};
        struct why why = {0};
        struct home h;
        char path[420];
        (void)snprintf(path, sizeof path, "%s/%0100d", f->path, 1);
        assert_ok(home_open(path, &h));
        assert_ok(home_make(&h, &why));
        assert_err(agent_start(&h, &key, 60, &why), ERR_TOO_LONG);
        assert_err(agent_key(&h, &got), ERR_ABSENT);
        assert_err(agent_stop(&h), ERR_ABSENT);
        secret_free(&key);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            TEST(test_none),
            TEST(test_start_key_stop),
            TEST(test_session),
            TEST(test_strange_visitors),
            TEST(test_ends_by_itself),
            TEST(test_left_behind),
            TEST(test_path_too_long_for_a_socket),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
