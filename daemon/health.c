#include "daemon/health.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define TEXT_MAX 4096 /* bytes */
#define RETRY_MS 1000

struct health {
        struct ledger *ledger;
        struct listener *listener;
        struct commit *commit;
        struct sockaddr_un address;
        int socket, wake;
        pthread_t thread;
        bool started;
};

static void put(struct buf *out, const char *name, const char *type, const char *help, uint64_t value)
{
        buf_put_format(out, "# HELP enquiryd_%s %s\n# TYPE enquiryd_%s %s\nenquiryd_%s %llu\n", name, help,
                       name, type, name, (unsigned long long)value);
}

static void put_counts(struct health *h, struct buf *out)
{
        struct listener_counts net;
        struct commit_counts done;
        listener_counts(h->listener, &net);
        commit_counts(h->commit, &done);
        (void)pthread_rwlock_rdlock(&h->ledger->lock);
        uint64_t size = h->ledger->size, members = roster_members(h->ledger->roster);
        (void)pthread_rwlock_unlock(&h->ledger->lock);
        put(out, "entries", "gauge", "Entries that a checkpoint covers.", size);
        put(out, "members", "gauge", "Members, whatever their state.", members);
        put(out, "appended_total", "counter", "Entries appended since the start.", done.entries);
        put(out, "batches_total", "counter", "Commits since the start.", done.batches);
        put(out, "refused_total", "counter", "Statements refused for form, signature or membership.",
            done.refused);
        put(out, "failed_total", "counter", "Statements that could not be kept.", done.failed);
        put(out, "connections_open", "gauge", "Connections open now.", net.open);
        put(out, "connections_total", "counter", "Connections accepted.", net.connections);
        put(out, "handshakes_failed_total", "counter", "TLS handshakes that failed.", net.handshakes_failed);
        put(out, "requests_total", "counter", "Requests read.", net.requests);
        put(out, "requests_refused_total", "counter", "Requests refused before a route saw them.",
            net.refused);
}

/* The text fits into the socket's buffer: whoever does not read it holds up nobody. */
static void serve_one(struct health *h)
{
        struct buf out;
        int fd = accept4(h->socket, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0) {
                /* no descriptor is free: not asked again at once */
                struct pollfd stop = {.fd = h->wake, .events = POLLIN};
                (void)poll(&stop, 1, RETRY_MS);
                return;
        }
        buf_init(&out, TEXT_MAX);
        put_counts(h, &out);
        if (!buf_check(&out))
                (void)send(fd, out.at, out.n, MSG_NOSIGNAL);
        buf_clear(&out);
        (void)close(fd);
}

static void *run(void *self)
{
        struct health *h = self;
        struct pollfd waits[2] = {{.fd = h->socket, .events = POLLIN}, {.fd = h->wake, .events = POLLIN}};
        for (;;) {
                int n = poll(waits, 2, -1);
                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0 || waits[1].revents != 0)
                        return NULL;
                if (waits[0].revents != 0)
                        serve_one(h);
        }
}

static enum err open_socket(struct health *h, struct why *why)
{
        char path[CONFIG_PATH_MAX];
        enum err e = config_path(&h->ledger->config, HEALTH_SOCKET, path);
        h->address.sun_family = AF_UNIX;
        if (e || (e = bytes_to_text(bytes_text(path), h->address.sun_path, sizeof h->address.sun_path)))
                return why_set(why, e, "the path of %s is too long for a socket", HEALTH_SOCKET);
        (void)unlink(path); /* left over from a daemon that was killed: this one holds the folder's lock */
        h->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        h->wake = eventfd(0, EFD_CLOEXEC);
        if (h->socket < 0 || h->wake < 0 ||
            bind(h->socket, (struct sockaddr *)&h->address, sizeof h->address) != 0 ||
            chmod(path, 0600) != 0 || listen(h->socket, 8) != 0)
                return why_set(why, ERR_LISTEN, "%.180s: %s", path, strerror(errno));
        return OK;
}

enum err health_start(struct ledger *l, struct listener *listener, struct commit *commit, struct health **out,
                      struct why *why)
{
        struct health *h = calloc(1, sizeof *h);
        enum err e;
        if (h == NULL)
                return ERR_NO_MEMORY;
        *h = (struct health){.ledger = l, .listener = listener, .commit = commit, .socket = -1, .wake = -1};
        if (!(e = open_socket(h, why))) {
                h->started = pthread_create(&h->thread, NULL, run, h) == 0;
                e = h->started ? OK : ERR_NO_MEMORY;
        }
        if (e)
                health_stop(h);
        else
                *out = h;
        return e;
}

void health_stop(struct health *h)
{
        const uint64_t one = 1;
        if (h == NULL)
                return;
        if (h->started && write(h->wake, &one, sizeof one) == sizeof one)
                (void)pthread_join(h->thread, NULL);
        if (h->socket >= 0) {
                (void)close(h->socket);
                (void)unlink(h->address.sun_path);
        }
        if (h->wake >= 0)
                (void)close(h->wake);
        free(h);
}
