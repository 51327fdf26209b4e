/* listener_server: a listener in a thread, with routes that say what they were asked; for the tests of
 * everything that the listener is made of. */
#ifndef TESTS_DAEMON_LISTENER_SERVER_H
#define TESTS_DAEMON_LISTENER_SERVER_H

#include "tests/daemon/tls_client.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "daemon/listener.h"
#include "daemon/queue.h"
#include "ledger/crypto/certificate.h"
#include "ledger/crypto/random.h"

#define BODY_MAX 100000
#define MANY     200
#define BIG_BODY (8u << 20)

#define assert_ok(call) assert_int_equal((call), OK)

/* The certificates of everybody, made once. */
static struct buf server_pem, client_pem, stranger_pem;
static struct secret server_key, client_key_pem, stranger_key;
static struct hash known_key;

struct server {
        struct listener *listener;
        struct listener_config config;
        pthread_t thread, helper;
        struct queue *held;   /* what "/hold" asked: the test answers */
        struct queue *handed; /* what "/other" asked: another thread answers */
        enum err ended;
        bool stopped;
        atomic_uint asked; /* calls of knows_key */
};

static inline bool knows_key(void *self, const struct hash *tls_key)
{
        struct server *s = self;
        atomic_fetch_add(&s->asked, 1);
        return hash_equal(tls_key, &known_key);
}

__attribute__((format(printf, 3, 4))) static inline void reply_text(struct exchange *x, int status,
                                                                    const char *format, ...)
{
        char text[4096];
        va_list arguments;
        va_start(arguments, format);
        (void)vsnprintf(text, sizeof text, format, arguments);
        va_end(arguments);
        struct reply r = {.status = status, .media = "text/plain"};
        buf_init(&r.body, sizeof text);
        buf_put_text(&r.body, text);
        exchange_reply(x, &r);
        assert_int_equal(r.body.n, 0);
}

/* Everything that the listener says about a request. */
static inline void echo(struct exchange *x)
{
        static const char *const methods[] = {"GET", "POST", "PUT", "other"};
        char text[16] = "-";
        uint64_t number = 0;
        bool has_number = exchange_query_u64(x, "n", &number);
        bool has_text = exchange_query_text(x, "t", text, sizeof text);
        const struct hash *key = exchange_tls_key(x);
        struct bytes body = exchange_body(x);
        reply_text(x, 200, "%s %s [%s] [%s] n=%d/%llu t=%d/%s %s body=%zu/%.*s", methods[exchange_method(x)],
                   exchange_path(x), exchange_query(x), exchange_media(x), has_number,
                   (unsigned long long)number, has_text, text,
                   key == NULL                   ? "nobody"
                   : hash_equal(key, &known_key) ? "known"
                                                 : "other",
                   body.n, body.n > 20 ? 20 : (int)body.n, (const char *)body.at);
}

static inline void big(struct exchange *x, size_t n)
{
        struct reply r = {.status = 200, .media = "application/octet-stream", .immutable = true};
        buf_init(&r.body, n);
        uint8_t *room = buf_put_room(&r.body, n);
        for (size_t i = 0; room != NULL && i < n; i++)
                room[i] = (uint8_t)(i * 7 >> 3);
        exchange_reply(x, &r);
}

static inline void on_request(void *self, struct exchange *x)
{
        struct server *s = self;
        const char *path = exchange_path(x);
        if (strcmp(path, "/hold") == 0) {
                assert_true(queue_put(s->held, x));
        } else if (strcmp(path, "/other") == 0) {
                assert_true(queue_put(s->handed, x));
        } else if (strcmp(path, "/big") == 0) {
                big(x, BIG_BODY);
        } else if (strcmp(path, "/biggest") == 0) {
                big(x, LISTENER_REPLY_MAX);
        } else if (strcmp(path, "/too-big") == 0) {
                big(x, LISTENER_REPLY_MAX + 1);
        } else if (strcmp(path, "/failed") == 0) {
                struct reply r = {.status = 200, .media = "text/plain"};
                buf_init(&r.body, 3);
                buf_put_text(&r.body, "four");
                exchange_reply(x, &r);
        } else if (strcmp(path, "/busy") == 0) {
                exchange_problem(x, ERR_BUSY, "the queue", ",\"head\":{\"n\":\"17\"}");
        } else if (strcmp(path, "/empty") == 0) {
                struct reply r = {.status = 204};
                buf_init(&r.body, 0);
                exchange_reply(x, &r);
        } else {
                echo(x);
        }
}

static inline void mask_sigpipe(int how)
{
        sigset_t pipe;
        assert_int_equal(sigemptyset(&pipe), 0);
        assert_int_equal(sigaddset(&pipe, SIGPIPE), 0);
        assert_int_equal(pthread_sigmask(how, &pipe, NULL), 0);
}

static inline void *help(void *self)
{
        struct server *s = self;
        struct exchange *x;
        while ((x = queue_take(s->handed)) != NULL)
                echo(x);
        return NULL;
}

static inline void *run(void *self)
{
        struct server *s = self;
        mask_sigpipe(SIG_UNBLOCK); /* it is the listener's own business */
        s->ended = listener_run(s->listener);
        return NULL;
}

static inline void start(struct server *s)
{
        struct why why = {0};
        assert_ok(listener_new(&s->config, &s->listener, &why));
        assert_int_equal(pthread_create(&s->helper, NULL, help, s), 0);
        assert_int_equal(pthread_create(&s->thread, NULL, run, s), 0);
}

static inline void wait_for_end(struct server *s)
{
        assert_int_equal(pthread_join(s->thread, NULL), 0);
        assert_ok(s->ended);
        s->stopped = true;
}

static inline int set_up(void **state)
{
        struct server *s = calloc(1, sizeof *s);
        assert_non_null(s);
        s->held = queue_new(MANY);
        s->handed = queue_new(MANY);
        assert_non_null(s->held);
        assert_non_null(s->handed);
        s->config = (struct listener_config){.host = "127.0.0.1",
                                             .certificate_pem = buf_bytes(&server_pem),
                                             .key_pem = secret_bytes(&server_key),
                                             .connections_max = MANY,
                                             .handshakes_per_s = 1000,
                                             .body_max = BODY_MAX,
                                             .head_timeout_s = WAIT_S,
                                             .body_timeout_s = WAIT_S,
                                             .idle_timeout_s = WAIT_S,
                                             .handshake_timeout_s = WAIT_S,
                                             .knows_key = knows_key,
                                             .on_request = on_request,
                                             .self = s};
        *state = s;
        return 0;
}

static inline int tear_down(void **state)
{
        struct server *s = *state;
        if (s->listener != NULL) {
                if (!s->stopped) {
                        listener_stop(s->listener);
                        wait_for_end(s);
                }
                queue_close(s->handed);
                assert_int_equal(pthread_join(s->helper, NULL), 0);
                listener_free(s->listener);
        }
        assert_int_equal(queue_length(s->held), 0);
        queue_free(s->held);
        queue_free(s->handed);
        free(s);
        return 0;
}

static inline void open_anonymous(struct server *s, struct client *c)
{
        client_open(c, listener_port(s->listener), NULL, NULL);
}

static inline void open_with(struct server *s, struct client *c, const struct buf *certificate,
                             const struct secret *key)
{
        X509 *x = client_certificate(buf_bytes(certificate));
        EVP_PKEY *k = client_key(secret_bytes(key));
        client_open(c, listener_port(s->listener), x, k);
        X509_free(x);
        EVP_PKEY_free(k);
}

static inline void expect(struct client *c, int status, const char *body)
{
        struct answer a;
        assert_int_equal(client_read(c, &a), 0);
        assert_int_equal(a.status, status);
        if (body != NULL)
                assert_string_equal(buf_text(&a.body), body);
        buf_clear(&a.body);
}

/* A problem document with that code, after which the server closes. */
static inline void expect_refusal(struct client *c, enum err e)
{
        struct answer a;
        assert_int_equal(client_read(c, &a), 0);
        assert_int_equal(a.status, err_row(e)->http);
        assert_non_null(strstr(buf_text(&a.body), err_row(e)->code));
        assert_non_null(strstr(a.head, "\r\nConnection: close\r\n"));
        assert_non_null(strstr(a.head, "\r\nContent-Type: application/problem+json\r\n"));
        assert_true(client_at_end(c));
        buf_clear(&a.body);
}

static inline struct listener_counts counts_of(struct server *s)
{
        struct listener_counts counts;
        listener_counts(s->listener, &counts);
        return counts;
}

static inline void wait_for_open(struct server *s, uint64_t open)
{
        while (counts_of(s).open != open)
                (void)sched_yield();
}

static inline int64_t now_ms(void)
{
        struct timespec t;
        assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &t), 0);
        return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

#define NOBODY " nobody body=0/"
#define HOST   "Host: localhost\r\n"

static inline int make_keys(void **state)
{
        int64_t now = (int64_t)time(NULL) * 1000000;
        (void)state;
        mask_sigpipe(SIG_BLOCK);
        assert_ok(crypto_setup());
        buf_init(&server_pem, 4096);
        buf_init(&client_pem, 4096);
        buf_init(&stranger_pem, 4096);
        assert_ok(certificate_make("server", now, 2, &server_pem, &server_key));
        assert_ok(certificate_make("client", now, 2, &client_pem, &client_key_pem));
        assert_ok(certificate_make("stranger", now, 2, &stranger_pem, &stranger_key));
        assert_ok(certificate_key_hash(buf_bytes(&client_pem), &known_key));
        return 0;
}

static inline int free_keys(void **state)
{
        (void)state;
        buf_clear(&server_pem);
        buf_clear(&client_pem);
        buf_clear(&stranger_pem);
        secret_free(&server_key);
        secret_free(&client_key_pem);
        secret_free(&stranger_key);
        return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
