/* worker: the threads between the event loop and the commit thread. Each has a read-only store handle of its
 * own, runs the handlers of the routes, and decodes and verifies statements before they are queued for
 * commit. */
#ifndef DAEMON_WORKER_H
#define DAEMON_WORKER_H

#include "daemon/job.h"
#include "daemon/queue.h"

struct worker {
        struct ledger *ledger;
        struct store *store;    /* STORE_READ, this thread's */
        struct queue *requests; /* struct exchange * */
        struct queue *commits;  /* struct job * */
};

struct workers;
/* Starts n threads that take exchanges from `requests` until it is closed and empty. */
enum err workers_start(struct ledger *l, size_t n, struct queue *requests, struct queue *commits,
                       struct workers **out, struct why *why);
void workers_stop(struct workers *w); /* after queue_close(requests): waits for them */

/* Hands a decoded job on, or answers that the daemon is busy. */
void worker_commit(struct worker *w, struct job *j);

#endif
