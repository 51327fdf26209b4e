/* queue: a bounded first-in first-out queue of pointers between threads. Safe from any thread. Nobody waits
 * to put: when it is full the caller says so to whoever asked. The queue never owns what is in it. */
#ifndef DAEMON_QUEUE_H
#define DAEMON_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

struct queue;
struct queue *queue_new(size_t max); /* items, at least 1; NULL: no memory */
/* NULL allowed. Nobody may wait in it any more. */
void queue_free(struct queue *q);

/* False when it is full or closed: the item stays the caller's. `item` is not NULL. */
bool queue_put(struct queue *q, void *item);
/* Waits for an item; NULL when the queue is closed and empty. */
void *queue_take(struct queue *q);
/* Waits for the first, then takes what is there, at most `max` (1 or more). 0 when the queue is closed and
 * empty. */
size_t queue_take_many(struct queue *q, size_t max, void *out[]);
/* The same, but waits at most `wait_ms`: 0 then, too. *out_closed: nothing is there and nothing will come. */
size_t queue_take_within(struct queue *q, unsigned wait_ms, size_t max, void *out[], bool *out_closed);

/* No more puts; what is in it can still be taken. May be called again. */
void queue_close(struct queue *q);
size_t queue_length(struct queue *q);

#endif
