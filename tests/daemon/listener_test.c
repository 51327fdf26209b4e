#include "tests/daemon/listener_server.h"

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

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_problem), TEST(test_other_thread),    TEST(test_died_meanwhile),
            TEST(test_stop_answers),        TEST(test_stop_is_bounded), TEST(test_stop_before_run),
            TEST(test_many_connections),    TEST(test_handshake_rate),  TEST(test_cannot_listen),
        };
        return cmocka_run_group_tests(tests, make_keys, free_keys);
}
