/* tls: TLS 1.3 for the listener. No CA: a client certificate is a holder of a key, and the key's hash is
 * asked of the roster in the handshake. No resumption, so that the identity always comes from this handshake.
 * Private to the listener. */
#ifndef DAEMON_TLS_H
#define DAEMON_TLS_H

#include <openssl/ssl.h>

#include "daemon/listener.h"

struct tls;
/* Reads certificate and key out of the configuration, which must outlive it. ERR_FORM, ERR_CRYPTO. */
enum err tls_new(const struct listener_config *config, struct tls **out, struct why *why);
void tls_free(struct tls *t);

/* Who is at the other end, once the handshake is done. */
struct tls_peer {
        bool has_key;
        struct hash key; /* SHA-256 of the SubjectPublicKeyInfo */
};
/* An SSL that waits for a client; *peer is filled in the handshake and outlives it. NULL: no memory. Freed by
 * SSL_free. */
SSL *tls_accept(struct tls *t, struct tls_peer *peer);

#endif
