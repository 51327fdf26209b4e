#include "tests/bench/wire.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ledger/crypto/certificate.h"

#define ANSWER_MAX (4u << 20) /* bytes */
#define PEM_MAX    65536      /* bytes */

SSL_CTX *wire_context(const struct session *s)
{
        char path[HOME_PATH_MAX];
        struct buf pem;
        BIO *certificate_bio = NULL, *key_bio = NULL;
        X509 *certificate = NULL;
        EVP_PKEY *key = NULL;
        SSL_CTX *c = SSL_CTX_new(TLS_client_method());
        bool ok = false;
        buf_init(&pem, PEM_MAX);
        if (c == NULL || home_path(&s->home, HOME_TLS, path) || file_read(path, PEM_MAX, &pem))
                goto done;
        certificate_bio = BIO_new_mem_buf(pem.at, (int)pem.n);
        key_bio = BIO_new_mem_buf(s->keys.tls_key.at, (int)s->keys.tls_key.n);
        if (certificate_bio == NULL || key_bio == NULL)
                goto done;
        certificate = PEM_read_bio_X509(certificate_bio, NULL, NULL, NULL);
        key = PEM_read_bio_PrivateKey(key_bio, NULL, NULL, NULL);
        ok = certificate != NULL && key != NULL && SSL_CTX_use_certificate(c, certificate) == 1 &&
             SSL_CTX_use_PrivateKey(c, key) == 1 && SSL_CTX_set_min_proto_version(c, TLS1_3_VERSION) == 1;
        (void)SSL_CTX_set_mode(c, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
done:
        X509_free(certificate);
        EVP_PKEY_free(key);
        BIO_free(certificate_bio);
        BIO_free(key_bio);
        buf_clear(&pem);
        if (!ok) {
                SSL_CTX_free(c);
                return NULL;
        }
        return c;
}

static int connect_to(const char *address)
{
        char host[ADDRESS_MAX + 1];
        const char *colon = strrchr(address, ':');
        struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
        int fd = -1, one = 1;
        if (colon == NULL)
                return -1;
        (void)snprintf(host, sizeof host, "%.*s", (int)(colon - address), address);
        if (getaddrinfo(host, colon + 1, &hints, &found) != 0)
                return -1;
        fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd >= 0 && (connect(fd, found->ai_addr, found->ai_addrlen) != 0 ||
                        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) != 0 ||
                        fcntl(fd, F_SETFL, O_NONBLOCK) != 0)) {
                (void)close(fd);
                fd = -1;
        }
        freeaddrinfo(found);
        return fd;
}

enum err wire_open(SSL_CTX *context, const struct session *s, struct wire *out)
{
        *out = (struct wire){.fd = -1};
        buf_init(&out->out, SUBMISSION_MAX + 4096);
        buf_init(&out->in, ANSWER_MAX);
        out->fd = connect_to(s->id.address);
        if (out->fd < 0)
                return ERR_AWAY;
        out->ssl = SSL_new(context);
        if (out->ssl == NULL || SSL_set_fd(out->ssl, out->fd) != 1)
                return ERR_CRYPTO;
        SSL_set_connect_state(out->ssl);
        return OK;
}

void wire_close(struct wire *w)
{
        SSL_free(w->ssl);
        if (w->fd >= 0)
                (void)close(w->fd);
        buf_clear(&w->out);
        buf_clear(&w->in);
        *w = (struct wire){.fd = -1};
}

/* Whether to come back when the socket is ready. */
static bool waits(struct wire *w, int result)
{
        int error = SSL_get_error(w->ssl, result);
        w->wants_write = error == SSL_ERROR_WANT_WRITE;
        return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

static enum err check_server(struct wire *w, const struct session *s)
{
        unsigned char *der = NULL;
        struct hash hash;
        X509 *certificate = SSL_get0_peer_certificate(w->ssl);
        int n = certificate == NULL ? 0 : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
        enum err e = n <= 0 ? ERR_CRYPTO : spki_hash(bytes_of(der, (size_t)n), &hash);
        OPENSSL_free(der);
        return e ? e : hash_equal(&hash, &s->id.server) ? OK : ERR_SERVER_KEY;
}

enum err wire_shake(struct wire *w, const struct session *s, bool *out_done)
{
        ERR_clear_error();
        int result = SSL_do_handshake(w->ssl);
        *out_done = result == 1;
        if (result != 1)
                return waits(w, result) ? OK : ERR_AWAY;
        w->shaken = true;
        return check_server(w, s);
}

void wire_post(struct wire *w, uint64_t known, struct bytes submission)
{
        buf_reset(&w->out);
        buf_reset(&w->in);
        buf_put_format(
            &w->out,
            "POST /v1/statements?known=%llu HTTP/1.1\r\nHost: bench\r\nContent-Type: application/sd-jwt\r\n"
            "Content-Length: %zu\r\n\r\n",
            (unsigned long long)known, submission.n);
        buf_put(&w->out, submission);
        w->sent = 0;
        w->status = 0;
}

/* Whether the whole answer is there. */
static enum err parse(struct wire *w, bool *out_done)
{
        const char *text = buf_text(&w->in), *end = strstr(text, "\r\n\r\n"),
                   *length = strcasestr(text, "\r\ncontent-length:");
        *out_done = false;
        if (end == NULL)
                return OK;
        if (length == NULL || length > end || sscanf(text, "HTTP/1.1 %d", &w->status) != 1)
                return ERR_ANSWER;
        size_t n = strtoul(length + sizeof "\r\ncontent-length:" - 1, NULL, 10),
               head = (size_t)(end - text) + 4;
        if (w->in.n < head + n)
                return OK;
        w->answer = bytes_of(w->in.at + head, n);
        *out_done = true;
        return w->in.n == head + n ? OK : ERR_ANSWER;
}

enum err wire_go_on(struct wire *w, bool *out_done)
{
        uint8_t part[16384];
        enum err e;
        int n;
        *out_done = false;
        ERR_clear_error();
        while (w->sent < w->out.n) {
                n = SSL_write(w->ssl, w->out.at + w->sent, (int)(w->out.n - w->sent));
                if (n <= 0)
                        return waits(w, n) ? OK : ERR_AWAY;
                w->sent += (size_t)n;
        }
        while ((n = SSL_read(w->ssl, part, sizeof part)) > 0) {
                buf_put(&w->in, bytes_of(part, (size_t)n));
                if ((e = buf_check(&w->in)) || (e = parse(w, out_done)) || *out_done)
                        return e;
        }
        return waits(w, n) ? OK : ERR_AWAY;
}
