#include "daemon/connection.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>

#include "daemon/reply.h"

#define SEND_PACE   65536 /* bytes that have to leave in one body_timeout_s */
#define DRAIN_CHUNK 16384 /* bytes */
#define DRAIN_TURNS 16    /* chunks before the others have their turn */

enum state { HANDSHAKE, IDLE, HEAD, BODY, WAITING, SENDING, LINGERING };

struct connection {
        struct hall *hall;
        struct connection *next, *previous;
        int fd;
        SSL *ssl;
        struct bufferevent *stream;
        struct event *deadline;
        struct event *drain; /* LINGERING only */
        enum state state;
        struct tls_peer peer;
        struct http_head head;
        struct exchange *exchange; /* WAITING only */
        bool closing;              /* after the reply that is being sent */
        bool large;                /* counted in the hall */
        size_t left;               /* bytes of it, when the deadline was set */
};

void hall_check(struct hall *h)
{
        if (h->stopping && h->open == 0 && h->awaited == 0)
                (void)event_base_loopbreak(h->base);
}

struct connection *connection_next(const struct connection *c)
{
        return c->next;
}

/* Seconds that a connection may stay in the state; 0: as long as it likes. */
static unsigned limit_of(const struct connection *c, enum state state)
{
        const struct listener_config *config = c->hall->config;
        switch (state) {
        case HANDSHAKE: return config->handshake_timeout_s;
        case IDLE: return config->idle_timeout_s;
        case HEAD: return config->head_timeout_s;
        case BODY: return config->body_timeout_s;
        case SENDING: return config->body_timeout_s;
        case LINGERING: return CONNECTION_LINGER_S;
        case WAITING: break; /* whoever has the exchange bounds it */
        }
        return 0;
}

/* A body over body_max takes one of a few places until its answer is on the way: so many are in memory. */
static enum err take_place(struct connection *c)
{
        const struct listener_config *config = c->hall->config;
        if (c->head.length <= config->body_max)
                return OK;
        if (c->head.method != HTTP_PUT || c->head.length > config->put_max || !c->peer.has_key)
                return ERR_TOO_LONG;
        if (c->hall->large >= config->puts_max)
                return ERR_BUSY;
        c->hall->large++;
        c->large = true;
        return OK;
}

static void let_large_go(struct connection *c)
{
        if (c->large)
                c->hall->large--;
        c->large = false;
}

/* The deadline counts from here, whatever trickles in afterwards. */
static void enter(struct connection *c, enum state state)
{
        struct timeval limit = {.tv_sec = (time_t)limit_of(c, state)};
        if (state != BODY && state != WAITING)
                let_large_go(c);
        c->state = state;
        if (limit.tv_sec == 0)
                (void)event_del(c->deadline);
        else
                (void)event_add(c->deadline, &limit);
}

/* While one of its callbacks is due, the stream lives on for a moment: it must not watch a descriptor that by
 * then may be another connection's. */
static void close_stream(struct connection *c)
{
        if (c->stream == NULL)
                return;
        (void)bufferevent_disable(c->stream, EV_READ | EV_WRITE);
        bufferevent_free(c->stream);
        c->stream = NULL;
}

void connection_free(struct connection *c)
{
        struct hall *h = c->hall;
        if (c->exchange != NULL)
                exchange_forget(c->exchange);
        let_large_go(c);
        close_stream(c);
        if (c->drain != NULL)
                event_free(c->drain);
        if (c->deadline != NULL)
                event_free(c->deadline);
        SSL_free(c->ssl);
        (void)close(c->fd);
        if (c->next != NULL)
                c->next->previous = c->previous;
        if (c->previous != NULL)
                c->previous->next = c->next;
        else
                h->first = c->next;
        h->open--;
        atomic_store_explicit(&h->counts.open, h->open, memory_order_relaxed);
        free(c);
        hall_check(h);
}

static void on_drain(evutil_socket_t fd, short events, void *self)
{
        uint8_t chunk[DRAIN_CHUNK];
        (void)events;
        for (int turn = 0; turn < DRAIN_TURNS; turn++) {
                ssize_t n = recv(fd, chunk, sizeof chunk, 0);
                if (n > 0)
                        continue;
                if (n == 0 || (errno != EAGAIN && errno != EINTR))
                        connection_free(self);
                return;
        }
}

/* Closing a socket with unread bytes in it makes the kernel reset the connection, and the client never sees
 * the answer (or the alert) that went before: so this side only says that it is done, and throws away what
 * comes until the client closes. */
static void linger(struct connection *c, bool say_goodbye)
{
        close_stream(c);
        if (say_goodbye)
                (void)SSL_shutdown(c->ssl);
        ERR_clear_error();
        SSL_free(c->ssl);
        c->ssl = NULL;
        c->drain = event_new(c->hall->base, c->fd, EV_READ | EV_PERSIST, on_drain, c);
        if (c->drain == NULL || shutdown(c->fd, SHUT_WR) != 0 || event_add(c->drain, NULL) != 0) {
                connection_free(c);
                return;
        }
        enter(c, LINGERING);
}

static void free_body(const void *at, size_t n, void *self)
{
        struct buf *body = self;
        (void)at;
        (void)n;
        buf_clear(body);
        free(body);
}

/* Moves the reply's body to the stream without copying it. */
static bool put_body(struct evbuffer *out, struct reply *reply)
{
        if (reply->body.n == 0)
                return true;
        struct buf *body = malloc(sizeof *body);
        if (body == NULL)
                return false;
        *body = reply->body;
        if (evbuffer_add_reference(out, body->at, body->n, free_body, body) != 0) {
                free(body);
                return false;
        }
        buf_init(&reply->body, reply->body.max); /* given away */
        return true;
}

static void send_reply(struct connection *c, struct reply *reply)
{
        struct evbuffer *out = bufferevent_get_output(c->stream);
        struct buf head;
        if (!c->head.keep_alive || c->hall->stopping)
                c->closing = true;
        buf_init(&head, REPLY_HEAD_MAX);
        reply_head_put(&head, reply, c->closing);
        bool sent = !buf_check(&head) && evbuffer_add(out, head.at, head.n) == 0 && put_body(out, reply);
        buf_clear(&head);
        if (!sent) {
                connection_free(c);
                return;
        }
        c->left = evbuffer_get_length(out);
        enter(c, SENDING);
}

/* Answers what cannot become an exchange, and reads no further. */
static void refuse(struct connection *c, enum err e)
{
        struct evbuffer *in = bufferevent_get_input(c->stream);
        struct reply reply;
        atomic_fetch_add_explicit(&c->hall->counts.refused, 1, memory_order_relaxed);
        (void)bufferevent_disable(c->stream, EV_READ);
        (void)evbuffer_drain(in, evbuffer_get_length(in));
        c->closing = true;
        reply_of_problem(e, "", "", &reply);
        send_reply(c, &reply);
        buf_clear(&reply.body);
}

static void take_body(struct connection *c)
{
        struct hall *h = c->hall;
        struct evbuffer *in = bufferevent_get_input(c->stream);
        size_t length = (size_t)c->head.length;
        if (evbuffer_get_length(in) < length)
                return;
        struct exchange *x = exchange_new(h->mailbox, c, &c->head, c->peer.has_key ? &c->peer.key : NULL);
        if (x == NULL) {
                refuse(c, ERR_NO_MEMORY);
                return;
        }
        (void)evbuffer_remove(in, exchange_room(x), length);
        bufferevent_setwatermark(c->stream, EV_READ, 0, HTTP_HEAD_MAX);
        c->exchange = x;
        h->awaited++;
        atomic_fetch_add_explicit(&h->counts.requests, 1, memory_order_relaxed);
        enter(c, WAITING);
        h->config->on_request(h->config->self, x);
}

static void take_head(struct connection *c)
{
        static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
        struct evbuffer *in = bufferevent_get_input(c->stream);
        size_t n = evbuffer_get_length(in), used;
        if (n > HTTP_HEAD_MAX)
                n = HTTP_HEAD_MAX;
        if (n == 0)
                return;
        const uint8_t *at = evbuffer_pullup(in, (ssize_t)n);
        enum err e = at == NULL ? ERR_NO_MEMORY : http_head_take(bytes_of(at, n), &c->head, &used);
        if (e == ERR_ABSENT) {
                if (c->state == IDLE)
                        enter(c, HEAD);
                return;
        }
        if (!e)
                e = take_place(c);
        if (e) {
                refuse(c, e);
                return;
        }
        (void)evbuffer_drain(in, used);
        size_t length = (size_t)c->head.length;
        bufferevent_setwatermark(c->stream, EV_READ, length, length + HTTP_HEAD_MAX);
        if (c->head.expects_continue && length > 0 && evbuffer_get_length(in) == 0)
                (void)bufferevent_write(c->stream, go_on, sizeof go_on - 1);
        enter(c, BODY);
        take_body(c);
}

static void on_read(struct bufferevent *stream, void *self)
{
        struct connection *c = self;
        (void)stream;
        if (c->state == IDLE || c->state == HEAD)
                take_head(c);
        else if (c->state == BODY)
                take_body(c);
}

static void on_written(struct bufferevent *stream, void *self)
{
        struct connection *c = self;
        if (c->state != SENDING || evbuffer_get_length(bufferevent_get_output(stream)) > 0)
                return;
        if (c->closing || c->hall->stopping) {
                linger(c, true);
                return;
        }
        enter(c, IDLE);
        take_head(c); /* what was sent ahead of its turn */
}

static void on_event(struct bufferevent *stream, short events, void *self)
{
        struct connection *c = self;
        (void)stream;
        ERR_clear_error();
        if (events & BEV_EVENT_CONNECTED) {
                if (c->state == HANDSHAKE)
                        enter(c, IDLE);
                return;
        }
        if (c->state == HANDSHAKE) {
                atomic_fetch_add_explicit(&c->hall->counts.handshakes_failed, 1, memory_order_relaxed);
                linger(c, false);
                return;
        }
        connection_free(c);
}

static void on_deadline(evutil_socket_t fd, short events, void *self)
{
        struct connection *c = self;
        (void)fd;
        (void)events;
        switch (c->state) {
        case HANDSHAKE:
                atomic_fetch_add_explicit(&c->hall->counts.handshakes_failed, 1, memory_order_relaxed);
                connection_free(c);
                return;
        case IDLE: linger(c, true); return;
        case HEAD:
        case BODY: refuse(c, ERR_SLOW); return;
        case SENDING: {
                size_t left = evbuffer_get_length(bufferevent_get_output(c->stream));
                if (c->left - left < SEND_PACE) {
                        connection_free(c);
                        return;
                }
                c->left = left;
                enter(c, SENDING);
                return;
        }
        case WAITING:
        case LINGERING: connection_free(c); return;
        }
}

void connection_open(struct hall *h, int fd)
{
        int one = 1;
        struct connection *c = calloc(1, sizeof *c);
        if (c == NULL) {
                (void)close(fd);
                return;
        }
        c->hall = h;
        c->fd = fd;
        c->next = h->first;
        if (h->first != NULL)
                h->first->previous = c;
        h->first = c;
        h->open++;
        atomic_fetch_add_explicit(&h->counts.connections, 1, memory_order_relaxed);
        atomic_store_explicit(&h->counts.open, h->open, memory_order_relaxed);
        /* Otherwise a reply waits for the client's delayed acknowledgement of the last one. */
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        c->ssl = tls_accept(h->tls, &c->peer);
        c->deadline = evtimer_new(h->base, on_deadline, c);
        if (c->ssl != NULL && c->deadline != NULL)
                c->stream = bufferevent_openssl_socket_new(h->base, fd, c->ssl, BUFFEREVENT_SSL_ACCEPTING,
                                                           BEV_OPT_DEFER_CALLBACKS);
        if (c->stream == NULL) {
                connection_free(c);
                return;
        }
        bufferevent_setcb(c->stream, on_read, on_written, on_event, c);
        bufferevent_setwatermark(c->stream, EV_READ, 0, HTTP_HEAD_MAX);
        enter(c, HANDSHAKE);
        if (bufferevent_enable(c->stream, EV_READ | EV_WRITE) != 0)
                connection_free(c);
}

void connection_reply(struct hall *h, struct exchange *x)
{
        struct connection *c = exchange_connection(x);
        h->awaited--;
        if (c != NULL) {
                c->exchange = NULL;
                send_reply(c, exchange_answer(x));
        }
        exchange_free(x);
        hall_check(h);
}

void connection_stop(struct connection *c)
{
        switch (c->state) {
        case HANDSHAKE: connection_free(c); return;
        case IDLE:
                (void)SSL_shutdown(c->ssl);
                ERR_clear_error();
                connection_free(c);
                return;
        case HEAD:
        case BODY: refuse(c, ERR_STOPPING); return;
        case WAITING:
        case SENDING:
        case LINGERING: return;
        }
}
