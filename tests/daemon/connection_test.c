#include "tests/daemon/listener_server.h"

#include <poll.h>

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

/* A large PUT needs a certificate and one of a few places, which it holds until it has been answered. */
static void test_large_puts(void **state)
{
        struct server *s = *state;
        struct client c[3], nobody;
        struct buf body, request;
        s->config.put_max = 4 * BODY_MAX;
        s->config.puts_max = 2;
        start(s);
        buf_init(&body, 4 * BODY_MAX);
        buf_init(&request, 8 * BODY_MAX);
        uint8_t *room = buf_put_room(&body, 4 * BODY_MAX);
        assert_non_null(room);
        memset(room, 'a', 4 * BODY_MAX);
        buf_put_format(&request, "PUT /hold HTTP/1.1\r\n" HOST "Content-Length: %d\r\n\r\n", 4 * BODY_MAX);
        buf_put(&request, buf_bytes(&body));
        assert_ok(buf_check(&request));

        open_anonymous(s, &nobody);
        (void)client_try(&nobody, buf_bytes(&request));
        expect_refusal(&nobody, ERR_TOO_LONG);
        client_close(&nobody);
        for (int i = 0; i < 3; i++)
                open_with(s, &c[i], &client_pem, &client_key_pem);
        for (int i = 0; i < 2; i++)
                assert_true(client_try(&c[i], buf_bytes(&request)));
        struct exchange *first = queue_take(s->held), *second = queue_take(s->held);
        assert_int_equal(exchange_body(first).n, 4 * BODY_MAX);
        (void)client_try(&c[2], buf_bytes(&request));
        expect_refusal(&c[2], ERR_BUSY);
        client_close(&c[2]);
        reply_text(first, 200, "first");
        reply_text(second, 200, "second");
        expect(&c[0], 200, NULL);
        expect(&c[1], 200, NULL);
        /* the places are free again, on the same connection as well */
        assert_true(client_try(&c[0], buf_bytes(&request)));
        first = queue_take(s->held);
        client_close(&c[1]);
        reply_text(first, 200, "third");
        expect(&c[0], 200, "third");
        client_send(&c[0], "PUT /a HTTP/1.1\r\n" HOST "Content-Length: 999999\r\n\r\n");
        expect_refusal(&c[0], ERR_TOO_LONG);
        client_close(&c[0]);
        buf_clear(&body);
        buf_clear(&request);
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

int main(void)
{
        const struct CMUnitTest tests[] = {
            TEST(test_request_and_reply), TEST(test_replies),        TEST(test_pipelining),
            TEST(test_one_at_a_time),     TEST(test_large_puts),     TEST(test_byte_by_byte),
            TEST(test_bad_requests),      TEST(test_oversized_body), TEST(test_largest_body),
            TEST(test_expect_continue),   TEST(test_slow_clients),   TEST(test_idle_clients),
            TEST(test_slow_reader),
        };
        return cmocka_run_group_tests(tests, make_keys, free_keys);
}
