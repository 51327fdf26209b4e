#include "tests/daemon/listener_server.h"

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

int main(void)
{
        const struct CMUnitTest tests[] = {
            TEST(test_certificates),  TEST(test_stranger_refused), TEST(test_other_kinds_of_key),
            TEST(test_tls12_refused), TEST(test_no_tickets),       TEST(test_silent_handshake),
        };
        return cmocka_run_group_tests(tests, make_keys, free_keys);
}
