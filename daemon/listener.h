/* listener: TLS 1.3 and strict HTTP/1.1 on one event loop. It knows bytes, limits and key hashes; it knows no
 * routes. A whole request becomes an exchange, handed to on_request on the loop's thread; whoever has the
 * exchange answers it once, from any thread. Bounded everywhere: connections, handshakes a second, heads,
 * bodies, time. DESIGN section 6. */
#ifndef DAEMON_LISTENER_H
#define DAEMON_LISTENER_H

#include "ledger/crypto/hash.h"
#include "ledger/crypto/secret.h"

#define HTTP_HEAD_MAX      8192 /* bytes of request line and headers */
#define HTTP_PATH_MAX      1024
#define LISTENER_REPLY_MAX (32u << 20) /* bytes of a reply's body */

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_OTHER };

/* One request whose answer is awaited. Opaque to all but listener. */
struct exchange;
enum http_method exchange_method(const struct exchange *x);
const char *
exchange_path(const struct exchange *x); /* "/v1/statements": without query; percent-encoding is refused */
const char *exchange_query(const struct exchange *x); /* "known=12" or "" */
/* The decimal value of a query parameter; false if it is not there (or is no number). */
bool exchange_query_u64(const struct exchange *x, const char *name, uint64_t *out);
bool exchange_query_text(const struct exchange *x, const char *name, char *out, size_t size);
const char *
exchange_media(const struct exchange *x); /* Content-Type without parameters, lower case; "" : none */
struct bytes exchange_body(const struct exchange *x);
/* NULL when the connection came without a client certificate. */
const struct hash *exchange_tls_key(const struct exchange *x);

struct reply {
        int status;
        const char *media;      /* static text: "application/json" */
        unsigned retry_after_s; /* 0: none */
        bool immutable;         /* may be cached for ever */
        struct buf body;        /* moved to the listener */
};
/* Answers and ends the exchange. Thread-safe. The reply's body is taken (emptied). */
void exchange_reply(struct exchange *x, struct reply *reply);
/* An RFC 9457 problem document. `members` is "" or further members such as ,"head":{...}. */
void exchange_problem(struct exchange *x, enum err e, const char *detail, const char *members);
void problem_put(struct buf *out, enum err e, const char *detail, const char *members);

struct listener_config {
        const char *host; /* numeric address or name */
        uint16_t port;    /* 0: chosen by the system */
        struct bytes certificate_pem, key_pem;
        size_t connections_max;
        size_t handshakes_per_s;
        size_t body_max; /* bytes */
        size_t put_max;  /* bytes of what a PUT brings; 0: as the others */
        size_t puts_max; /* PUTs over body_max that may be under way at once; ERR_BUSY beyond. 0: none */
        unsigned head_timeout_s, body_timeout_s, idle_timeout_s, handshake_timeout_s;
        /* Called in the handshake with the SPKI hash of a client certificate: whether it may come in. Any
         * thread-safe look-up. */
        bool (*knows_key)(void *self, const struct hash *tls_key);
        void (*on_request)(void *self, struct exchange *x);
        void *self;
};
struct listener;
/* Binds and listens; ERR_LISTEN with the address in why. */
enum err listener_new(const struct listener_config *config, struct listener **out, struct why *why);
uint16_t listener_port(const struct listener *l);
/* Runs the loop until listener_stop; then takes no new connections or requests, waits until every open
 * exchange is answered and its bytes have left (at most 10 s), and returns. */
enum err listener_run(struct listener *l);
/* From any thread or a signal handler. */
void listener_stop(struct listener *l);
void listener_free(struct listener *l);

struct listener_counts {
        uint64_t connections, handshakes_failed, requests, refused, open;
};
void listener_counts(const struct listener *l, struct listener_counts *out);

#endif
