/* transport: HTTPS to the daemon by libcurl: TLS 1.3, our certificate, the server's key pinned to what the
 * invite said. */
#ifndef CLIENT_TRANSPORT_H
#define CLIENT_TRANSPORT_H

#include "client/home.h"
#include "client/keystore.h"

struct transport;
/* certificate and keys may be NULL for the routes that need none (join, the state of an invite). Borrows
 * nothing. */
enum err transport_new(const char *address, const struct hash *server, struct bytes certificate_pem,
                       struct bytes key_pem, struct transport **out);
void transport_free(struct transport *t);

struct response {
        int status;
        struct buf body;
        bool sent; /* false: no connection was made, the daemon cannot have seen the request */
};
void response_init(struct response *r);
void response_clear(struct response *r);
/* OK when there was an answer, whatever its status. ERR_AWAY, ERR_SERVER_KEY, ERR_REVOKED (our certificate is
 * not let in), ERR_TOO_LONG. media NULL: GET. */
enum err transport_send(struct transport *t, const char *path, const char *media, struct bytes body,
                        struct response *out, struct why *why);
/* The same as a PUT; media is said. */
enum err transport_put(struct transport *t, const char *path, const char *media, struct bytes body,
                       struct response *out, struct why *why);
/* The error that a problem document names, its detail in why; ERR_ANSWER for anything else that is no
 * success. OK for 2xx. */
enum err response_error(const struct response *r, struct why *why);

#endif
