#include "daemon/listener.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "daemon/connection.h"

#define STOP_MAX_S       10 /* how long a stop waits for answers */
#define ACCEPTS_A_TURN   64
#define SECOND_US        UINT64_C(1000000)
#define NO_DESCRIPTOR_US UINT64_C(100000) /* pause when the system has none left */

struct listener {
        struct listener_config config;
        struct hall hall;
        int fd;
        uint16_t port;
        struct event *accepting, *pause, *mail, *stop_late;
        uint64_t paid_until_us; /* handshakes are paid for up to here: a token bucket of one second */
        atomic_bool stop;
};

static uint64_t now_us(void)
{
        struct timespec t;
        (void)clock_gettime(CLOCK_MONOTONIC, &t);
        return (uint64_t)t.tv_sec * SECOND_US + (uint64_t)t.tv_nsec / 1000;
}

static uint64_t handshake_price_us(const struct listener *l)
{
        return SECOND_US / l->config.handshakes_per_s;
}

/* Microseconds until a handshake may begin; 0: now. */
static uint64_t handshake_wait_us(struct listener *l)
{
        uint64_t now = now_us(), next;
        if (l->paid_until_us + SECOND_US < now)
                l->paid_until_us = now - SECOND_US;
        next = l->paid_until_us + handshake_price_us(l);
        return next > now ? next - now : 0;
}

/* Those who come meanwhile wait in the kernel's backlog, which is bounded. */
static void pause_accepting(struct listener *l, uint64_t us)
{
        struct timeval wait = {.tv_sec = (time_t)(us / SECOND_US), .tv_usec = (suseconds_t)(us % SECOND_US)};
        (void)event_del(l->accepting);
        (void)event_add(l->pause, &wait);
}

static void on_pause_over(evutil_socket_t fd, short events, void *self)
{
        struct listener *l = self;
        (void)fd;
        (void)events;
        if (!l->hall.stopping)
                (void)event_add(l->accepting, NULL);
}

static void on_accept(evutil_socket_t fd, short events, void *self)
{
        struct listener *l = self;
        (void)events;
        for (int turn = 0; turn < ACCEPTS_A_TURN; turn++) {
                bool full = l->hall.open >= l->config.connections_max;
                uint64_t wait = full ? 0 : handshake_wait_us(l);
                if (wait > 0) {
                        pause_accepting(l, wait);
                        return;
                }
                int client = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
                if (client < 0) {
                        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
                                pause_accepting(l, NO_DESCRIPTOR_US);
                        return;
                }
                if (full) {
                        atomic_fetch_add_explicit(&l->hall.counts.refused, 1, memory_order_relaxed);
                        (void)close(client);
                } else {
                        l->paid_until_us += handshake_price_us(l);
                        connection_open(&l->hall, client);
                }
        }
}

static void on_stop_late(evutil_socket_t fd, short events, void *self)
{
        struct listener *l = self;
        (void)fd;
        (void)events;
        (void)event_base_loopbreak(l->hall.base);
}

static void begin_stop(struct listener *l)
{
        struct timeval late = {.tv_sec = STOP_MAX_S};
        l->hall.stopping = true;
        (void)event_del(l->accepting);
        (void)event_del(l->pause);
        (void)close(l->fd);
        l->fd = -1;
        (void)event_add(l->stop_late, &late);
        for (struct connection *c = l->hall.first, *next; c != NULL; c = next) {
                next = connection_next(c);
                connection_stop(c);
        }
        hall_check(&l->hall);
}

static void on_mail(evutil_socket_t fd, short events, void *self)
{
        struct listener *l = self;
        (void)fd;
        (void)events;
        struct letter *letter = mailbox_take(l->hall.mailbox);
        while (letter != NULL) {
                struct exchange *x = exchange_of_letter(letter);
                letter = letter->next;
                connection_reply(&l->hall, x);
        }
        if (atomic_load(&l->stop) && !l->hall.stopping)
                begin_stop(l);
}

static enum err read_port(struct listener *l)
{
        union {
                struct sockaddr any;
                struct sockaddr_in v4;
                struct sockaddr_in6 v6;
        } address = {.v6 = {0}};
        socklen_t n = sizeof address;
        if (getsockname(l->fd, &address.any, &n) != 0)
                return ERR_IO;
        l->port = ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port);
        return OK;
}

static int bind_one(const struct addrinfo *a)
{
        int one = 1;
        int fd = socket(a->ai_family, a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, a->ai_protocol);
        if (fd < 0)
                return -1;
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        if (bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0)
                return fd;
        int failed = errno;
        (void)close(fd);
        errno = failed;
        return -1;
}

static enum err bind_address(struct listener *l, struct why *why)
{
        const struct addrinfo hints = {
            .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_family = AF_UNSPEC};
        struct addrinfo *all = NULL;
        char port[8];
        (void)snprintf(port, sizeof port, "%u", (unsigned)l->config.port);
        int failed = getaddrinfo(l->config.host, port, &hints, &all);
        if (failed)
                return why_set(why, ERR_LISTEN, "%s port %s: %s", l->config.host, port, gai_strerror(failed));
        for (const struct addrinfo *a = all; a != NULL && l->fd < 0; a = a->ai_next)
                l->fd = bind_one(a);
        failed = errno;
        freeaddrinfo(all);
        if (l->fd < 0)
                return why_set(why, ERR_LISTEN, "%s port %s: %s", l->config.host, port, strerror(failed));
        return read_port(l);
}

static enum err make_base(struct hall *h)
{
        struct event_config *config = event_config_new();
        if (config == NULL)
                return ERR_NO_MEMORY;
        /* One thread; the others come in through the mailbox. */
        if (event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK | EVENT_BASE_FLAG_IGNORE_ENV) == 0)
                h->base = event_base_new_with_config(config);
        event_config_free(config);
        h->mailbox = mailbox_new();
        return h->base != NULL && h->mailbox != NULL ? OK : ERR_NO_MEMORY;
}

static enum err make_events(struct listener *l)
{
        struct event_base *base = l->hall.base;
        l->accepting = event_new(base, l->fd, EV_READ | EV_PERSIST, on_accept, l);
        l->mail = event_new(base, mailbox_fd(l->hall.mailbox), EV_READ | EV_PERSIST, on_mail, l);
        l->pause = evtimer_new(base, on_pause_over, l);
        l->stop_late = evtimer_new(base, on_stop_late, l);
        if (l->accepting == NULL || l->mail == NULL || l->pause == NULL || l->stop_late == NULL ||
            event_add(l->accepting, NULL) != 0 || event_add(l->mail, NULL) != 0)
                return ERR_NO_MEMORY;
        return OK;
}

enum err listener_new(const struct listener_config *config, struct listener **out, struct why *why)
{
        struct listener *l = calloc(1, sizeof *l);
        enum err e;
        if (l == NULL)
                return ERR_NO_MEMORY;
        l->fd = -1;
        l->config = *config;
        if (l->config.handshakes_per_s < 1 || l->config.handshakes_per_s > SECOND_US) {
                e = why_set(why, ERR_BUG, "handshakes a second: 1 to %llu", (unsigned long long)SECOND_US);
                goto done;
        }
        l->hall.config = &l->config;
        if ((e = tls_new(&l->config, &l->hall.tls, why)) || (e = bind_address(l, why)) ||
            (e = make_base(&l->hall)) || (e = make_events(l)))
                goto done;
        *out = l;
        l = NULL; /* given away */
done:
        listener_free(l);
        return e;
}

uint16_t listener_port(const struct listener *l)
{
        return l->port;
}

enum err listener_run(struct listener *l)
{
        static const struct timespec at_once;
        sigset_t pipe, before;
        /* OpenSSL writes to sockets that may be gone; without this the process would end. */
        if (sigemptyset(&pipe) != 0 || sigaddset(&pipe, SIGPIPE) != 0 ||
            pthread_sigmask(SIG_BLOCK, &pipe, &before) != 0)
                return ERR_BUG;
        int failed = event_base_dispatch(l->hall.base);
        while (sigtimedwait(&pipe, NULL, &at_once) > 0)
                ;
        (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
        return failed < 0 ? ERR_IO : OK;
}

void listener_stop(struct listener *l)
{
        atomic_store(&l->stop, true);
        mailbox_wake(l->hall.mailbox);
}

static void free_event(struct event *e)
{
        if (e != NULL)
                event_free(e);
}

void listener_free(struct listener *l)
{
        if (l == NULL)
                return;
        struct hall *h = &l->hall;
        while (h->first != NULL)
                connection_free(h->first);
        if (h->mailbox != NULL) {
                mailbox_close(h->mailbox);
                struct letter *letter = mailbox_take(h->mailbox);
                while (letter != NULL) {
                        struct exchange *x = exchange_of_letter(letter);
                        letter = letter->next;
                        exchange_free(x);
                }
        }
        free_event(l->accepting);
        free_event(l->mail);
        free_event(l->pause);
        free_event(l->stop_late);
        if (h->base != NULL) {
                /* A stream that was freed while one of its callbacks was due goes only when that has had its
                 * turn. */
                while (event_base_get_num_events(h->base, EVENT_BASE_COUNT_ACTIVE) > 0 &&
                       event_base_loop(h->base, EVLOOP_NONBLOCK) == 0)
                        ;
                event_base_free(h->base);
        }
        mailbox_release(h->mailbox);
        tls_free(h->tls);
        if (l->fd >= 0)
                (void)close(l->fd);
        free(l);
}

void listener_counts(const struct listener *l, struct listener_counts *out)
{
        *out = (struct listener_counts){
            .connections = atomic_load_explicit(&l->hall.counts.connections, memory_order_relaxed),
            .handshakes_failed =
                atomic_load_explicit(&l->hall.counts.handshakes_failed, memory_order_relaxed),
            .requests = atomic_load_explicit(&l->hall.counts.requests, memory_order_relaxed),
            .refused = atomic_load_explicit(&l->hall.counts.refused, memory_order_relaxed),
            .open = atomic_load_explicit(&l->hall.counts.open, memory_order_relaxed),
        };
}
