/* wire: one mutual TLS connection that keeps one request in flight. Non-blocking; the owner polls. */
#ifndef TESTS_BENCH_WIRE_H
#define TESTS_BENCH_WIRE_H

#include <openssl/ssl.h>

#include "client/session.h"

struct wire {
        int fd;
        SSL *ssl;
        bool shaken; /* the handshake is done and the server's key is the one of the invite */
        struct buf out, in;
        size_t sent;
        bool wants_write;
        int status;          /* of the answer */
        struct bytes answer; /* its body, in `in` */
};

/* A context with that person's certificate. NULL: not to be had. */
SSL_CTX *wire_context(const struct session *s);
/* Connects (blocking for TCP only). */
enum err wire_open(SSL_CTX *context, const struct session *s, struct wire *out);
void wire_close(struct wire *w);

/* *out_done: nothing more is to be done before the next request. ERR_AWAY when the other side is gone,
 * ERR_SERVER_KEY. */
enum err wire_shake(struct wire *w, const struct session *s, bool *out_done);
/* Starts a POST of a submission; `known` as the client would send it. */
void wire_post(struct wire *w, uint64_t known, struct bytes submission);
enum err wire_go_on(struct wire *w, bool *out_done);

#endif
