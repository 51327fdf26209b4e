/* connection: one client, from the accepted socket to the closed one: handshake, then request and reply by
 * turns, one request at a time. Everything here runs on the loop's thread. Private to the listener. */
#ifndef DAEMON_CONNECTION_H
#define DAEMON_CONNECTION_H

#include <stdatomic.h>

#include <event2/event.h>

#include "daemon/exchange.h"
#include "daemon/tls.h"

#define CONNECTION_LINGER_S                                                                                  \
        2 /* how long what the client still sends is thrown away, so that it can read its answer */

/* What the connections of one listener share. */
struct hall {
        struct event_base *base;
        const struct listener_config *config;
        struct tls *tls;
        struct mailbox *mailbox;
        struct connection *first;
        size_t open;    /* connections */
        size_t awaited; /* exchanges that somebody is to answer */
        size_t large;   /* connections whose body is over body_max */
        bool stopping;
        struct { /* read by any thread */
                atomic_uint_fast64_t connections, handshakes_failed, requests, refused, open;
        } counts;
};

/* Takes the accepted socket, which does not block; closes it when there is no memory. */
void connection_open(struct hall *h, int fd);
/* Sends the answer if the connection still lives; frees the exchange. */
void connection_reply(struct hall *h, struct exchange *x);
/* The hall is stopping: ends what is idle, refuses what is half sent, leaves what is being answered. */
void connection_stop(struct connection *c);
struct connection *connection_next(const struct connection *c);
void connection_free(struct connection *c);
/* Ends the loop of a hall that is stopping once nobody is left in it. */
void hall_check(struct hall *h);

#endif
