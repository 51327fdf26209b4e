/* health: DIR/health.sock, mode 0600: whoever connects gets the daemon's counts as Prometheus text and the
 * end of the stream. Numbers of things only, never anything about a person. */
#ifndef DAEMON_HEALTH_H
#define DAEMON_HEALTH_H

#include "daemon/commit.h"
#include "daemon/listener.h"

#define HEALTH_SOCKET "health.sock"

struct health;
/* Starts the thread. Borrows all three until health_stop. */
enum err health_start(struct ledger *l, struct listener *listener, struct commit *commit, struct health **out,
                      struct why *why);
void health_stop(struct health *h); /* NULL allowed; removes the socket */

#endif
