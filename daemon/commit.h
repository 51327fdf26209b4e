/* commit: the one thread that appends. It takes what has gathered in the queue while the last batch was being
 * synced, admits it in order in one transaction with one sync, hands the new leaves to the keeper, and only
 * then answers. DESIGN section 6. */
#ifndef DAEMON_COMMIT_H
#define DAEMON_COMMIT_H

#include "daemon/job.h"
#include "daemon/queue.h"

#define COMMIT_BATCH_MAX 256 /* jobs */

struct commit;
/* Starts the thread. `fatal` is called, once, from it when nothing may be acknowledged any more (a sync
 * failed, the keeper is gone); it is to stop the daemon. */
enum err commit_start(struct ledger *l, struct queue *queue, void (*fatal)(void *self, enum err e),
                      void *self, struct commit **out);
/* After queue_close: answers everything that was in the queue, then ends the thread. */
void commit_stop(struct commit *c);

struct commit_counts {
        uint64_t entries, batches, refused, failed;
};
void commit_counts(struct commit *c, struct commit_counts *out);

#endif
