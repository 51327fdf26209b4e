#include "tests/daemon/tls_client.h"

#include <poll.h>
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

static bool knows_key(void *self, const struct hash *tls_key)
{
        struct server *s = self;
        atomic_fetch_add(&s->asked, 1);
        return hash_equal(tls_key, &known_key);
}

__attribute__((format(printf, 3, 4))) static void reply_text(struct exchange *x, int status,
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
static void echo(struct exchange *x)
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

static void big(struct exchange *x, size_t n)
{
        struct reply r = {.status = 200, .media = "application/octet-stream", .immutable = true};
        buf_init(&r.body, n);
        uint8_t *room = buf_put_room(&r.body, n);
        for (size_t i = 0; room != NULL && i < n; i++)
                room[i] = (uint8_t)(i * 7 >> 3);
        exchange_reply(x, &r);
}

static void on_request(void *self, struct exchange *x)
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

static void mask_sigpipe(int how)
{
        sigset_t pipe;
        assert_int_equal(sigemptyset(&pipe), 0);
        assert_int_equal(sigaddset(&pipe, SIGPIPE), 0);
        assert_int_equal(pthread_sigmask(how, &pipe, NULL), 0);
}

static void *help(void *self)
{
        struct server *s = self;
        struct exchange *x;
        while ((x = queue_take(s->handed)) != NULL)
                echo(x);
        return NULL;
}

static void *run(void *self)
{
        struct server *s = self;
        mask_sigpipe(SIG_UNBLOCK); /* it is the listener's own business */
        s->ended = listener_run(s->listener);
        return NULL;
}

static void start(struct server *s)
{
        struct why why = {0};
        assert_ok(listener_new(&s->config, &s->listener, &why));
        assert_int_equal(pthread_create(&s->helper, NULL, help, s), 0);
        assert_int_equal(pthread_create(&s->thread, NULL, run, s), 0);
}

static void wait_for_end(struct server *s)
{
        assert_int_equal(pthread_join(s->thread, NULL), 0);
        assert_ok(s->ended);
        s->stopped = true;
}

static int set_up(void **state)
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

static int tear_down(void **state)
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

static void open_anonymous(struct server *s, struct client *c)
{
        client_open(c, listener_port(s->listener), NULL, NULL);
}

static void open_with(struct server *s, struct client *c, const struct buf *certificate,
                      const struct secret *key)
{
        X509 *x = client_certificate(buf_bytes(certificate));
        EVP_PKEY *k = client_key(secret_bytes(key));
        client_open(c, listener_port(s->listener), x, k);
        X509_free(x);
        EVP_PKEY_free(k);
}

static void expect(struct client *c, int status, const char *body)
{
        struct answer a;
        assert_int_equal(client_read(c, &a), 0);
        assert_int_equal(a.status, status);
        if (body != NULL)
                assert_string_equal(buf_text(&a.body), body);
        buf_clear(&a.body);
}

/* A problem document with that code, after which the server closes. */
static void expect_refusal(struct client *c, enum err e)
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

static struct listener_counts counts_of(struct server *s)
{
        struct listener_counts counts;
        listener_counts(s->listener, &counts);
        return counts;
}

static void wait_for_open(struct server *s, uint64_t open)
{
        while (counts_of(s).open != open)
                (void)sched_yield();
}

static int64_t now_ms(void)
{
        struct timespec t;
        assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &t), 0);
        return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

#define NOBODY " nobody body=0/"
#define HOST   "Host: localhost\r\n"

static void test_request_and_reply(void **state)
{
        struct server *s = *state;
        struct client c;
        struct answer a;
        start(s);
        open_anonymous(s, &c);
        client_send(&c, "GET /a HTTP/1.1\r\n" HOST "\r\n");
        expect(&c, 200, "GET /a [] [] n=0/0 t=0/-" NOBODY);
        client_send(&c, "POST /a/b?n=12&t=xy&z HTTP/1.1\r\n" HOST
                        "Content-Type: Text/Plain; charset=utf-8\r\nContent-Length: 5\r\n\r\nhello");
        expect(&c, 200, "POST /a/b [n=12&t=xy&z] [text/plain] n=1/12 t=1/xy nobody body=5/hello");
        client_send(&c, "PUT /a?n=012&t=0123456789abcdef HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n");
        expect(&c, 200, "PUT /a [n=012&t=0123456789abcdef] [] n=0/0 t=0/-" NOBODY);
        client_send(&c, "GET /a?n=1&n=1&t= HTTP/1.1\r\n" HOST "\r\n");
        expect(&c, 200, "GET /a [n=1&n=1&t=] [] n=0/0 t=1/" NOBODY);
        client_send(&c, "GET /a?nn=1&n&n=18446744073709551616 HTTP/1.1\r\n" HOST "\r\n");
        expect(&c, 200, "GET /a [nn=1&n&n=18446744073709551616] [] n=0/0 t=0/-" NOBODY);
        client_send(&c, "DELETE /a HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
        assert_int_equal(client_read(&c, &a), 0);
        assert_string_equal(a.head, "HTTP/1.1 200 OK\r\nContent-Length: 41\r\nContent-Type: text/plain\r\n"
                                    "Cache-Control: no-store\r\nConnection: close\r\n\r\n");
        assert_string_equal(buf_text(&a.body), "other /a [] [] n=0/0 t=0/-" NOBODY);
        assert_true(client_at_end(&c));
        buf_clear(&a.body);
        client_close(&c);
        wait_for_open(s, 0);
        struct listener_counts counts = counts_of(s);
        assert_int_equal(counts.connections, 1);
        assert_int_equal(counts.requests, 6);
        assert_int_equal(counts.refused, 0);
        assert_int_equal(counts.handshakes_failed, 0);
        assert_int_equal(atomic_load(&s->asked), 0);
}

static void test_replies(void **state)
{
        struct server *s = *state;
        struct client c;
        struct answer a;
        start(s);
        open_anonymous(s, &c);
        client_send(&c, "GET /busy HTTP/1.1\r\n" HOST "\r\n");
        assert_int_equal(client_read(&c, &a), 0);
        assert_int_equal(a.status, 503);
        assert_non_null(strstr(a.head, "HTTP/1.1 503 Service Unavailable\r\n"));
        assert_non_null(strstr(a.head, "\r\nRetry-After: 2\r\n"));
        assert_non_null(strstr(a.head, "\r\nCache-Control: no-store\r\n"));
        assert_null(strstr(a.head, "Connection"));
        assert_string_equal(buf_text(&a.body),
                            "{\"type\":\"about:blank\",\"title\":\"The daemon is busy; try again in a few "
                            "seconds.\",\"status\":503,\"code\":\"SYS-08\",\"detail\":\"the queue\","
                            "\"head\":{\"n\":\"17\"}}");
        buf_clear(&a.body);
        client_send(&c, "GET /empty HTTP/1.1\r\n" HOST "\r\n");
        assert_int_equal(client_read(&c, &a), 0);
        assert_string_equal(
            a.head, "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nCache-Control: no-store\r\n\r\n");
        client_send(&c, "GET /failed HTTP/1.1\r\n" HOST "\r\n");
        expect(&c, 500, NULL);
        client_send(&c, "GET /too-big HTTP/1.1\r\n" HOST "\r\n");
        expect(&c, 500, NULL);
        client_send(&c, "GET /big HTTP/1.1\r\n" HOST "\r\n");
        assert_int_equal(client_read(&c, &a), 0);
        assert_int_equal(a.status, 200);
        assert_non_null(strstr(a.head, "\r\nCache-Control: public, max-age=31536000, immutable\r\n"));
        assert_int_equal(a.body.n, BIG_BODY);
        for (size_t i = 0; i < BIG_BODY; i++)
                if (a.body.at[i] != (uint8_t)(i * 7 >> 3))
                        fail_msg("byte %zu", i);
        buf_clear(&a.body);
        client_close(&c);
}

static void test_problem(void **state)
{
        struct buf b;
        (void)state;
        buf_init(&b, 1000);
        problem_put(&b, ERR_NUMBER, "", "");
        assert_string_equal(buf_text(&b),
                            "{\"type\":\"about:blank\",\"title\":\"The number does not follow this key's "
                            "last entry; the ledger's head for the key is in the "
                            "answer.\",\"status\":409,\"code\":\"CHN-01\"}");
        buf_reset(&b);
        problem_put(&b, ERR_FORM, "a \"b\"\n", "");
        assert_non_null(strstr(buf_text(&b), ",\"detail\":\"a \\\"b\\\"\\u000a\"}"));
        buf_reset(&b);
        problem_put(&b, ERR_FORM, "cut \xc3", NULL); /* no valid UTF-8: left out */
        assert_ok(buf_check(&b));
        assert_null(strstr(buf_text(&b), "detail"));
        buf_clear(&b);
}

static void test_certificates(void **state)
{
        struct server *s = *state;
        struct client c;
        start(s);
        open_with(s, &c, &client_pem, &client_key_pem);
        for (int i = 0; i < 3; i++) {
                client_send(&c, "GET / HTTP/1.1\r\n" HOST "\r\n");
                expect(&c, 200, "GET / [] [] n=0/0 t=0/- known body=0/");
        }
        assert_string_equal(SSL_get_version(c.ssl), "TLSv1.3");
        client_close(&c);
        assert_int_equal(atomic_load(&s->asked), 1);
}

/* The client learns of it by an alert, which a reset would have swallowed. */
static void test_stranger_refused(void **state)
{
        struct server *s = *state;
        struct client c;
        char one;
        start(s);
        open_with(s, &c, &stranger_pem, &stranger_key);
        (void)client_try(&c, bytes_text("GET / HTTP/1.1\r\n" HOST "\r\n"));
        assert_true(SSL_read(c.ssl, &one, 1) <= 0);
        assert_true(ERR_GET_REASON(ERR_peek_error()) > SSL_AD_REASON_OFFSET);
        client_close(&c);
        wait_for_open(s, 0);
        assert_int_equal(counts_of(s).handshakes_failed, 1);
        assert_int_equal(counts_of(s).requests, 0);
        assert_int_equal(atomic_load(&s->asked), 1);
}

/* Keys of other kinds are nobody's, whatever the roster would say; a client that holds back the certificate
 * is anonymous. */
static void test_other_kinds_of_key(void **state)
{
        struct server *s = *state;
        EVP_PKEY *keys[] = {EVP_EC_gen("P-384"), EVP_RSA_gen(2048), EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")};
        start(s);
        for (size_t i = 0; i < 3; i++) {
                struct client c;
                struct answer a;
                assert_non_null(keys[i]);
                X509 *x = client_certificate_for(keys[i]);
                client_open(&c, listener_port(s->listener), x, keys[i]);
                (void)client_try(&c, bytes_text("GET / HTTP/1.1\r\n" HOST "\r\n"));
                (void)client_read(&c, &a);
                if (a.status != 0)
                        assert_non_null(strstr(buf_text(&a.body), "nobody"));
                buf_clear(&a.body);
                client_close(&c);
                X509_free(x);
        }
        for (size_t i = 0; i < 3; i++)
                EVP_PKEY_free(keys[i]);
        assert_int_equal(atomic_load(&s->asked), 0);
}

static void test_tls12_refused(void **state)
{
        struct server *s = *state;
        struct client c;
        start(s);
        client_prepare(&c, listener_port(s->listener), NULL, NULL);
        assert_int_equal(SSL_set_max_proto_version(c.ssl, TLS1_2_VERSION), 1);
        assert_true(SSL_connect(c.ssl) <= 0);
        assert_int_equal(ERR_GET_REASON(ERR_peek_error()), SSL_R_TLSV1_ALERT_PROTOCOL_VERSION);
        client_close(&c);
        wait_for_open(s, 0);
        assert_int_equal(counts_of(s).handshakes_failed, 1);
}

static void test_no_tickets(void **state)
{
        struct server *s = *state;
        struct client c;
        start(s);
        open_anonymous(s, &c);
        client_send(&c, "GET / HTTP/1.1\r\n" HOST "\r\n");
        expect(&c, 200, NULL);
        assert_false(SSL_SESSION_is_resumable(SSL_get0_session(c.ssl)));
        client_close(&c);
}

static void test_pipelining(void **state)
{
        struct server *s = *state;
        struct client c;
        struct buf all;
        start(s);
        open_anonymous(s, &c);
        buf_init(&all, 1 << 20);
        for (int i = 0; i < 100; i++)
                buf_put_format(&all, "POST /other?n=%d HTTP/1.1\r\n" HOST "Content-Length: %d\r\n\r\n%.*s", i,
                               i % 7, i % 7, "abcdefg");
        assert_ok(buf_check(&all));
        assert_true(client_try(&c, buf_bytes(&all)));
        buf_clear(&all);
        for (int i = 0; i < 100; i++) {
                char expected[200];
                (void)snprintf(expected, sizeof expected,
                               "POST /other [n=%d] [] n=1/%d t=0/- nobody body=%d/%.*s", i, i, i % 7, i % 7,
                               "abcdefg");
                expect(&c, 200, expected);
        }
        client_close(&c);
}

/* One request at a time: what is sent ahead waits until the reply has left. */
static void test_one_at_a_time(void **state)
{
        struct server *s = *state;
        struct client c;
        start(s);
        open_anonymous(s, &c);
        client_send(&c, "GET /hold HTTP/1.1\r\n" HOST "\r\nGET /hold HTTP/1.1\r\n" HOST "\r\n");
        struct exchange *first = queue_take(s->held);
        assert_int_equal(counts_of(s).requests, 1);
        reply_text(first, 200, "first");
        expect(&c, 200, "first");
        struct exchange *second = queue_take(s->held);
        reply_text(second, 201, "second");
        expect(&c, 201, "second");
        client_close(&c);
}

static void test_byte_by_byte(void **state)
{
        static const char text[] = "POST /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello";
        struct server *s = *state;
        struct client c;
        start(s);
        open_anonymous(s, &c);
        for (size_t i = 0; i < sizeof text - 1; i++)
                assert_true(client_try(&c, bytes_of(text + i, 1)));
        expect(&c, 200, "POST /a [] [] n=0/0 t=0/- nobody body=5/hello");
        client_close(&c);
}

static void test_bad_requests(void **state)
{
        static const struct {
                const char *head;
                enum err expected;
        } rows[] = {
            {"GET / HTTP/1.0\r\n" HOST "\r\n", ERR_HTTP},
            {"GET / HTTP/1.1\r\n\r\n", ERR_HTTP},
            {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ERR_HTTP},
            {"POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", ERR_HTTP},
            {"HEAD / HTTP/1.1\r\n" HOST "\r\n", ERR_METHOD},
            {"POST / HTTP/1.1\r\n" HOST "\r\n", ERR_LENGTH},
            {"POST / HTTP/1.1\r\n" HOST "Content-Length: 100001\r\n\r\n", ERR_TOO_LONG},
            {"POST / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551615\r\n\r\n", ERR_TOO_LONG},
        };
        struct server *s = *state;
        struct client c;
        start(s);
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                open_anonymous(s, &c);
                client_send(&c, rows[i].head);
                expect_refusal(&c, rows[i].expected);
                client_close(&c);
        }
        char line[102];
        memset(line, 'a', sizeof line);
        memcpy(line + 98, "\r\n", 3);
        line[1] = ':';
        open_anonymous(s, &c);
        client_send(&c, "GET / HTTP/1.1\r\n" HOST);
        for (size_t sent = 0; sent < HTTP_HEAD_MAX; sent += 100)
                client_send(&c, line);
        expect_refusal(&c, ERR_HEAD_TOO_LONG);
        client_close(&c);
        wait_for_open(s, 0);
        assert_int_equal(counts_of(s).refused, sizeof rows / sizeof rows[0] + 1);
        assert_int_equal(counts_of(s).requests, 0);
}

/* The client reads only after it has sent everything; the answer must still be there. */
static void test_oversized_body(void **state)
{
        struct server *s = *state;
        struct client c;
        uint8_t *body = calloc(1, BIG_BODY);
        assert_non_null(body);
        start(s);
        open_anonymous(s, &c);
        client_send(&c, "POST / HTTP/1.1\r\n" HOST "Content-Length: 8388608\r\n\r\n");
        assert_true(client_try(&c, bytes_of(body, BIG_BODY)));
        expect_refusal(&c, ERR_TOO_LONG);
        client_close(&c);
        free(body);
}

static void test_largest_body(void **state)
{
        struct server *s = *state;
        struct client c;
        uint8_t *body = calloc(1, BODY_MAX);
        assert_non_null(body);
        start(s);
        open_anonymous(s, &c);
        for (int i = 0; i < 2; i++) {
                client_send(&c, "POST / HTTP/1.1\r\n" HOST "Content-Length: 100000\r\n\r\n");
                assert_true(client_try(&c, bytes_of(body, BODY_MAX)));
                struct answer a;
                assert_int_equal(client_read(&c, &a), 0);
                assert_int_equal(a.status, 200);
                assert_non_null(strstr(buf_text(&a.body), "body=100000/"));
                buf_clear(&a.body);
        }
        client_close(&c);
        free(body);
}

static void test_expect_continue(void **state)
{
        struct server *s = *state;
        struct client c;
        struct answer a;
        char go_on[26] = "";
        start(s);
        open_anonymous(s, &c);
        client_send(&c, "POST / HTTP/1.1\r\n" HOST "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
        for (size_t n = 0; n < 25; n++)
                assert_int_equal(SSL_read(c.ssl, go_on + n, 1), 1);
        assert_string_equal(go_on, "HTTP/1.1 100 Continue\r\n\r\n");
        client_send(&c, "ok");
        expect(&c, 200, "POST / [] [] n=0/0 t=0/- nobody body=2/ok");
        /* Nobody is told to go on with what is too long. */
        client_send(&c, "POST / HTTP/1.1\r\n" HOST "Content-Length: 100001\r\nExpect: 100-continue\r\n\r\n");
        assert_int_equal(client_read(&c, &a), 0);
        assert_int_equal(a.status, 413);
        buf_clear(&a.body);
        client_close(&c);
}

/* Sends a byte now and then until an answer comes; its end is an absolute one. */
static void trickle(struct client *c, const char *start_with)
{
        int64_t begun = now_ms();
        client_send(c, start_with);
        for (;;) {
                struct pollfd p = {.fd = c->fd, .events = POLLIN};
                assert_true(now_ms() - begun < WAIT_S * 1000);
                if (poll(&p, 1, 100) > 0)
                        break;
                (void)client_try(c, bytes_text("a"));
        }
        assert_true(now_ms() - begun >= 900);
}

static void test_slow_clients(void **state)
{
        struct server *s = *state;
        struct client c;
        s->config.head_timeout_s = 1;
        s->config.body_timeout_s = 1;
        start(s);
        open_anonymous(s, &c);
        trickle(&c, "GET /");
        expect_refusal(&c, ERR_SLOW);
        client_close(&c);
        open_anonymous(s, &c);
        trickle(&c, "POST / HTTP/1.1\r\n" HOST "Content-Length: 50000\r\n\r\n");
        expect_refusal(&c, ERR_SLOW);
        client_close(&c);
        wait_for_open(s, 0);
        assert_int_equal(counts_of(s).refused, 2);
}

static void test_idle_clients(void **state)
{
        struct server *s = *state;
        struct client c, held;
        s->config.idle_timeout_s = 1;
        s->config.head_timeout_s = 1;
        start(s);
        /* Who waits for an answer is not idle. */
        open_anonymous(s, &held);
        client_send(&held, "GET /hold HTTP/1.1\r\n" HOST "\r\n");
        struct exchange *x = queue_take(s->held);
        open_anonymous(s, &c);
        assert_true(client_at_end(&c)); /* never asked */
        client_close(&c);
        open_anonymous(s, &c);
        client_send(&c, "GET / HTTP/1.1\r\n" HOST "\r\n");
        expect(&c, 200, NULL);
        assert_true(client_at_end(&c)); /* asked once */
        client_close(&c);
        reply_text(x, 200, "late");
        expect(&held, 200, "late");
        client_close(&held);
        wait_for_open(s, 0);
        assert_int_equal(counts_of(s).refused, 0);
}

static void test_silent_handshake(void **state)
{
        struct server *s = *state;
        char one;
        s->config.handshake_timeout_s = 1;
        start(s);
        int fd = client_socket(listener_port(s->listener));
        assert_true(fd >= 0);
        assert_int_equal(recv(fd, &one, 1, 0), 0);
        (void)close(fd);
        assert_int_equal(counts_of(s).handshakes_failed, 1);
        /* What is not TLS at all. */
        fd = client_socket(listener_port(s->listener));
        assert_int_equal(send(fd, "GET / HTTP/1.1\r\n\r\n", 18, MSG_NOSIGNAL), 18);
        while (recv(fd, &one, 1, 0) > 0)
                ;
        (void)close(fd);
        wait_for_open(s, 0);
        assert_int_equal(counts_of(s).handshakes_failed, 2);
}

/* Who does not read the answer does not hold the connection for ever either. */
static void test_slow_reader(void **state)
{
        struct server *s = *state;
        struct client c;
        s->config.body_timeout_s = 1;
        start(s);
        open_anonymous(s, &c);
        client_send(&c, "GET /biggest HTTP/1.1\r\n" HOST "\r\n");
        wait_for_open(s, 0);
        client_close(&c);
}

static void test_other_thread(void **state)
{
        struct server *s = *state;
        struct client c[8];
        start(s);
        for (size_t i = 0; i < 8; i++)
                open_anonymous(s, &c[i]);
        for (int round = 0; round < 20; round++) {
                for (size_t i = 0; i < 8; i++)
                        client_send(&c[i], "GET /other HTTP/1.1\r\n" HOST "\r\n");
                for (size_t i = 0; i < 8; i++)
                        expect(&c[i], 200, "GET /other [] [] n=0/0 t=0/-" NOBODY);
        }
        for (size_t i = 0; i < 8; i++)
                client_close(&c[i]);
}

static void test_died_meanwhile(void **state)
{
        struct server *s = *state;
        struct client c;
        start(s);
        for (int i = 0; i < 10; i++) {
                open_anonymous(s, &c);
                client_send(&c, "GET /hold HTTP/1.1\r\n" HOST "\r\n");
                struct exchange *x = queue_take(s->held);
                if (i % 2 == 0) /* without a goodbye */
                        (void)shutdown(c.fd, SHUT_RDWR);
                else
                        (void)SSL_shutdown(c.ssl);
                client_close(&c);
                wait_for_open(s, 0);
                assert_string_equal(exchange_path(x), "/hold");
                reply_text(x, 200, "to nobody");
        }
        open_anonymous(s, &c);
        client_send(&c, "GET / HTTP/1.1\r\n" HOST "\r\n");
        expect(&c, 200, NULL);
        client_close(&c);
}

static void test_stop_answers(void **state)
{
        struct server *s = *state;
        struct client waiting, idle, half_head, half_body;
        struct answer a;
        start(s);
        open_anonymous(s, &idle);
        client_send(&idle, "GET / HTTP/1.1\r\n" HOST "\r\n");
        expect(&idle, 200, NULL);
        open_anonymous(s, &half_head);
        client_send(&half_head, "GET / HT");
        open_anonymous(s, &half_body);
        client_send(&half_body,
                    "POST / HTTP/1.1\r\n" HOST "Content-Length: 9\r\nExpect: 100-continue\r\n\r\n");
        char go_on[25];
        for (size_t n = 0; n < sizeof go_on; n++) /* so it has been read */
                assert_int_equal(SSL_read(half_body.ssl, go_on + n, 1), 1);
        open_anonymous(s, &waiting);
        client_send(&waiting, "GET /hold HTTP/1.1\r\n" HOST "\r\nGET / HTTP/1.1\r\n" HOST "\r\n");
        struct exchange *x = queue_take(s->held);
        listener_stop(s->listener);
        expect_refusal(&half_head, ERR_STOPPING);
        expect_refusal(&half_body, ERR_STOPPING);
        assert_true(client_at_end(&idle));
        assert_int_equal(client_socket(listener_port(s->listener)), -1);
        assert_false(s->stopped);
        reply_text(x, 201, "kept");
        assert_int_equal(client_read(&waiting, &a), 0);
        assert_int_equal(a.status, 201);
        assert_string_equal(buf_text(&a.body), "kept");
        assert_non_null(strstr(a.head, "\r\nConnection: close\r\n"));
        assert_true(client_at_end(&waiting)); /* the second request was not taken */
        buf_clear(&a.body);
        client_close(&waiting);
        client_close(&idle);
        client_close(&half_head);
        client_close(&half_body);
        wait_for_end(s);
        assert_int_equal(counts_of(s).open, 0);
        assert_int_equal(counts_of(s).requests, 2);
}

/* An answer that never comes holds the stop for ten seconds and no longer; when it comes after all, nobody is
 * hurt. */
static void test_stop_is_bounded(void **state)
{
        struct server *s = *state;
        struct client c;
        int64_t begun;
        start(s);
        open_anonymous(s, &c);
        client_send(&c, "GET /hold HTTP/1.1\r\n" HOST "\r\nGET /hold HTTP/1.1\r\n" HOST "\r\n");
        struct exchange *x = queue_take(s->held);
        begun = now_ms();
        listener_stop(s->listener);
        wait_for_end(s);
        assert_in_range(now_ms() - begun, 9000, 15000);
        queue_close(s->handed);
        assert_int_equal(pthread_join(s->helper, NULL), 0);
        listener_free(s->listener);
        s->listener = NULL;
        assert_string_equal(exchange_path(x), "/hold");
        reply_text(x, 200, "too late");
        client_close(&c);
}

static void test_stop_before_run(void **state)
{
        struct server *s = *state;
        struct why why = {0};
        assert_ok(listener_new(&s->config, &s->listener, &why));
        listener_stop(s->listener);
        assert_ok(listener_run(s->listener));
        listener_free(s->listener);
        s->listener = NULL;
}

static void test_many_connections(void **state)
{
        static struct client c[MANY];
        struct server *s = *state;
        char one;
        start(s);
        for (size_t i = 0; i < MANY; i++)
                open_anonymous(s, &c[i]);
        assert_int_equal(counts_of(s).open, MANY);
        for (size_t i = 0; i < MANY; i++)
                client_send(&c[i], "GET /other HTTP/1.1\r\n" HOST "\r\n");
        for (size_t i = MANY; i-- > 0;)
                expect(&c[i], 200, "GET /other [] [] n=0/0 t=0/-" NOBODY);
        /* One more is closed at once. */
        int fd = client_socket(listener_port(s->listener));
        assert_true(fd >= 0);
        assert_int_equal(recv(fd, &one, 1, 0), 0);
        (void)close(fd);
        assert_int_equal(counts_of(s).refused, 1);
        for (size_t i = 0; i < MANY; i++)
                client_close(&c[i]);
        wait_for_open(s, 0);
        open_anonymous(s, &c[0]);
        client_send(&c[0], "GET / HTTP/1.1\r\n" HOST "\r\n");
        expect(&c[0], 200, NULL);
        client_close(&c[0]);
}

/* Ten a second, the first ten at once: the last of fifteen waits half a second, and nobody is turned away. */
static void test_handshake_rate(void **state)
{
        struct server *s = *state;
        struct client c[15];
        s->config.handshakes_per_s = 10;
        start(s);
        int64_t begun = now_ms();
        for (size_t i = 0; i < 15; i++)
                open_anonymous(s, &c[i]);
        assert_true(now_ms() - begun >= 300);
        assert_int_equal(counts_of(s).connections, 15);
        assert_int_equal(counts_of(s).refused, 0);
        for (size_t i = 0; i < 15; i++)
                client_close(&c[i]);
}

static void test_cannot_listen(void **state)
{
        struct server *s = *state;
        struct listener *second = NULL;
        struct why why = {0};
        start(s);
        struct listener_config config = s->config;
        config.port = listener_port(s->listener);
        assert_int_equal(listener_new(&config, &second, &why), ERR_LISTEN);
        assert_int_equal(why.code, ERR_LISTEN);
        assert_non_null(strstr(why.detail, "127.0.0.1"));
        config.host = "no such host.invalid";
        assert_int_equal(listener_new(&config, &second, NULL), ERR_LISTEN);
        config = s->config;
        config.key_pem = secret_bytes(&stranger_key); /* not the certificate's */
        assert_int_equal(listener_new(&config, &second, NULL), ERR_FORM);
        config.key_pem = bytes_text("");
        assert_int_equal(listener_new(&config, &second, NULL), ERR_FORM);
        config = s->config;
        config.handshakes_per_s = 0;
        assert_int_equal(listener_new(&config, &second, NULL), ERR_BUG);
        assert_null(second);
        listener_free(NULL);
}

static int make_keys(void **state)
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

static int free_keys(void **state)
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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        const struct CMUnitTest tests[] = {
            TEST(test_request_and_reply), TEST(test_replies),          cmocka_unit_test(test_problem),
            TEST(test_certificates),      TEST(test_stranger_refused), TEST(test_other_kinds_of_key),
            TEST(test_tls12_refused),     TEST(test_no_tickets),       TEST(test_pipelining),
            TEST(test_one_at_a_time),     TEST(test_byte_by_byte),     TEST(test_bad_requests),
            TEST(test_oversized_body),    TEST(test_largest_body),     TEST(test_expect_continue),
            TEST(test_slow_clients),      TEST(test_idle_clients),     TEST(test_silent_handshake),
            TEST(test_slow_reader),       TEST(test_other_thread),     TEST(test_died_meanwhile),
            TEST(test_stop_answers),      TEST(test_stop_is_bounded),  TEST(test_stop_before_run),
            TEST(test_many_connections),  TEST(test_handshake_rate),   TEST(test_cannot_listen),
        };
        return cmocka_run_group_tests(tests, make_keys, free_keys);
}
