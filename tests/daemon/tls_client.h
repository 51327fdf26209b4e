/* tls_client: a blocking HTTP client over TLS, as plain as can be, for the tests of the listener. Every wait
 * ends after WAIT_S, so that a test fails and does not hang. */
#ifndef TESTS_DAEMON_TLS_CLIENT_H
#define TESTS_DAEMON_TLS_CLIENT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "ledger/base/buf.h"

#define WAIT_S     20
#define ANSWER_MAX (64u << 20)

struct client {
        int fd;
        SSL_CTX *context;
        SSL *ssl;
};

struct answer {
        int status; /* 0: the server closed instead */
        char head[1024];
        struct buf body;
};

static inline int client_socket(uint16_t port)
{
        const struct timeval wait = {.tv_sec = WAIT_S};
        const struct sockaddr_in to = {
            .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_true(fd >= 0);
        assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait), 0);
        assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait), 0);
        if (connect(fd, (const struct sockaddr *)&to, sizeof to) == 0)
                return fd;
        (void)close(fd);
        return -1;
}

/* A client that has not shaken hands. `certificate` and `key` may be NULL. */
static inline void client_prepare(struct client *c, uint16_t port, X509 *certificate, EVP_PKEY *key)
{
        c->fd = client_socket(port);
        assert_true(c->fd >= 0);
        c->context = SSL_CTX_new(TLS_client_method());
        assert_non_null(c->context);
        if (certificate != NULL) {
                assert_int_equal(SSL_CTX_use_certificate(c->context, certificate), 1);
                assert_int_equal(SSL_CTX_use_PrivateKey(c->context, key), 1);
        }
        c->ssl = SSL_new(c->context);
        assert_non_null(c->ssl);
        assert_int_equal(SSL_set_fd(c->ssl, c->fd), 1);
}

static inline void client_open(struct client *c, uint16_t port, X509 *certificate, EVP_PKEY *key)
{
        client_prepare(c, port, certificate, key);
        assert_int_equal(SSL_connect(c->ssl), 1);
}

static inline void client_close(struct client *c)
{
        SSL_free(c->ssl);
        SSL_CTX_free(c->context);
        (void)close(c->fd);
        ERR_clear_error();
}

/* False when the server takes no more. */
static inline bool client_try(struct client *c, struct bytes in)
{
        while (in.n > 0) {
                int n = SSL_write(c->ssl, in.at, in.n > 16384 ? 16384 : (int)in.n);
                if (n <= 0)
                        return false;
                in.at += n;
                in.n -= (size_t)n;
        }
        return true;
}

static inline void client_send(struct client *c, const char *text)
{
        assert_true(client_try(c, bytes_text(text)));
}

/* One answer: an interim one is skipped and counted. */
static inline int client_read(struct client *c, struct answer *a)
{
        int interim = 0;
        size_t n = 0, length;
        buf_init(&a->body, ANSWER_MAX);
        a->status = 0;
        for (a->head[0] = '\0'; strstr(a->head, "\r\n\r\n") == NULL; a->head[n] = '\0') {
                assert_true(n + 1 < sizeof a->head);
                if (SSL_read(c->ssl, a->head + n, 1) != 1) {
                        assert_int_equal(n, 0); /* nothing, or a whole head */
                        return interim;
                }
                a->head[++n] = '\0';
                if (strcmp(a->head, "HTTP/1.1 100 Continue\r\n\r") == 0) {
                        interim++;
                        n = 0;
                }
        }
        assert_int_equal(sscanf(a->head, "HTTP/1.1 %d", &a->status), 1);
        const char *line = strstr(a->head, "\r\nContent-Length: ");
        assert_non_null(line);
        assert_int_equal(sscanf(line + 18, "%zu", &length), 1);
        uint8_t *room = length > 0 ? buf_put_room(&a->body, length) : NULL;
        for (size_t got = 0; got < length;) {
                size_t left = length - got;
                int r = SSL_read(c->ssl, room + got, left > 65536 ? 65536 : (int)left);
                assert_true(r > 0);
                got += (size_t)r;
        }
        return interim;
}

/* True when the server said goodbye properly and nothing else came. */
static inline bool client_at_end(struct client *c)
{
        char one;
        int n = SSL_read(c->ssl, &one, 1);
        return n == 0 && SSL_get_error(c->ssl, n) == SSL_ERROR_ZERO_RETURN;
}

static inline X509 *client_certificate(struct bytes pem)
{
        BIO *bio = BIO_new_mem_buf(pem.at, (int)pem.n);
        X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
        BIO_free(bio);
        assert_non_null(certificate);
        return certificate;
}

static inline EVP_PKEY *client_key(struct bytes pem)
{
        BIO *bio = BIO_new_mem_buf(pem.at, (int)pem.n);
        EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
        BIO_free(bio);
        assert_non_null(key);
        return key;
}

/* A self-signed holder of any key. */
static inline X509 *client_certificate_for(EVP_PKEY *key)
{
        X509 *x = X509_new();
        assert_non_null(x);
        assert_int_equal(X509_set_version(x, X509_VERSION_3), 1);
        assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(x), 1), 1);
        assert_non_null(X509_gmtime_adj(X509_getm_notBefore(x), -60));
        assert_non_null(X509_gmtime_adj(X509_getm_notAfter(x), 3600));
        assert_int_equal(X509_set_pubkey(x, key), 1);
        assert_true(X509_sign(x, key, EVP_PKEY_is_a(key, "ED25519") ? NULL : EVP_sha256()) > 0);
        return x;
}

#endif
