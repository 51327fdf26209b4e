#include "client/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "ledger/crypto/seal.h"

#define CLIENT_WAIT_MS 2000
#define LOOK_MS        2000 /* how often it looks whether its folder is still there */

static enum err address_of(const struct home *h, struct sockaddr_un *out)
{
        char path[HOME_PATH_MAX];
        enum err e = home_path(h, HOME_AGENT, path);
        if (e)
                return e;
        *out = (struct sockaddr_un){.sun_family = AF_UNIX};
        return bytes_to_text(bytes_text(path), out->sun_path, sizeof out->sun_path);
}

static bool same_user(int fd)
{
        struct ucred who;
        socklen_t n = sizeof who;
        return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) == 0 && who.uid == getuid();
}

static bool ready(int fd, short events)
{
        struct pollfd p = {.fd = fd, .events = events};
        int n;
        do
                n = poll(&p, 1, CLIENT_WAIT_MS);
        while (n < 0 && errno == EINTR);
        return n == 1;
}

static enum err ask(const struct home *h, char word, struct secret *out)
{
        struct sockaddr_un at;
        size_t got = 0;
        enum err e = address_of(h, &at);
        if (e)
                return e == ERR_TOO_LONG ? ERR_ABSENT : e; /* such a folder can have no agent */
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0)
                return ERR_IO;
        if (connect(fd, (struct sockaddr *)&at, sizeof at) != 0 || !same_user(fd) ||
            send(fd, &word, 1, MSG_NOSIGNAL) != 1) {
                e = ERR_ABSENT;
                goto done;
        }
        if (out == NULL)
                goto done;
        if ((e = secret_new(SEAL_KEY_LEN, out)))
                goto done;
        while (got < SEAL_KEY_LEN && ready(fd, POLLIN)) {
                ssize_t n = recv(fd, out->at + got, SEAL_KEY_LEN - got, 0);
                if (n <= 0)
                        break;
                got += (size_t)n;
        }
        if (got != SEAL_KEY_LEN) {
                secret_free(out);
                e = ERR_ABSENT;
        }
done:
        (void)close(fd);
        return e;
}

enum err agent_key(const struct home *h, struct secret *out)
{
        return ask(h, 'K', out);
}

enum err agent_stop(const struct home *h)
{
        return ask(h, 'S', NULL);
}

/* One visitor at a time. False: it was told to stop. */
static bool serve_one(int listener, const struct secret *key)
{
        char word = 0;
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0)
                return true;
        if (same_user(fd) && ready(fd, POLLIN) && recv(fd, &word, 1, 0) == 1 && word == 'K')
                (void)send(fd, key->at, key->n, MSG_NOSIGNAL);
        (void)close(fd);
        return word != 'S';
}

static int64_t now_ms(void)
{
        struct timespec now;
        /* The time that a machine sleeps counts as unused. */
        return clock_gettime(CLOCK_BOOTTIME, &now) == 0 ? (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000
                                                        : 0;
}

/* The path may have gone with its folder, or be a later agent's by now. */
static bool is_own(const char *path, const struct stat *own)
{
        struct stat st;
        return stat(path, &st) == 0 && st.st_ino == own->st_ino && st.st_dev == own->st_dev;
}

static void serve(int listener, const struct secret *key, const char *path, unsigned idle_s)
{
        struct stat own;
        int64_t end_ms = now_ms() + (int64_t)idle_s * 1000;
        if (stat(path, &own) != 0)
                return;
        for (;;) {
                struct pollfd p = {.fd = listener, .events = POLLIN};
                int64_t left_ms = end_ms - now_ms();
                int n = poll(&p, 1, left_ms < 0 ? 0 : left_ms < LOOK_MS ? (int)left_ms : LOOK_MS);
                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0 || !is_own(path, &own) || (n == 0 && now_ms() >= end_ms))
                        break;
                if (n > 0 && !serve_one(listener, key))
                        break;
                if (n > 0)
                        end_ms = now_ms() + (int64_t)idle_s * 1000;
        }
        if (is_own(path, &own))
                (void)unlink(path);
}

static void become_daemon(void)
{
        (void)setsid();
        (void)prctl(PR_SET_DUMPABLE, 0);
        (void)signal(SIGHUP, SIG_IGN);
        int null = open("/dev/null", O_RDWR | O_CLOEXEC);
        for (int fd = 0; fd < 3 && null >= 0; fd++)
                (void)dup2(null, fd);
        if (chdir("/") != 0)
                _exit(1);
}

enum err agent_start(const struct home *h, const struct secret *key, unsigned idle_s, struct why *why)
{
        struct sockaddr_un at;
        enum err e = address_of(h, &at);
        if (e)
                return why_set(why, e, "the folder's path is too long for a socket");
        (void)unlink(at.sun_path);
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0)
                return ERR_IO;
        mode_t mask = umask(0177);
        bool bound = bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(fd, 16) == 0;
        (void)umask(mask);
        if (!bound) {
                (void)close(fd);
                return why_set(why, ERR_IO, "%.100s: %s", at.sun_path, strerror(errno));
        }
        pid_t child = fork();
        if (child < 0) {
                (void)close(fd);
                return ERR_NO_MEMORY;
        }
        if (child == 0) {
                become_daemon();
                serve(fd, key, at.sun_path, idle_s);
                _exit(0);
        }
        (void)close(fd); /* it listens already: who connects now waits for the child's accept */
        return OK;
}
