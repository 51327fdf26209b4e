#include "daemon/queue.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#define MS_PER_S  1000
#define NS_PER_MS 1000000L
#define NS_PER_S  1000000000L

struct queue {
        pthread_mutex_t lock;
        pthread_cond_t filled;
        bool closed;
        size_t max, n, first;
        void *item[]; /* a ring of max */
};

struct queue *queue_new(size_t max)
{
        pthread_condattr_t attributes;
        if (max == 0 || max > (SIZE_MAX - sizeof(struct queue)) / sizeof(void *))
                return NULL;
        struct queue *q = calloc(1, sizeof *q + max * sizeof q->item[0]);
        if (q == NULL)
                return NULL;
        q->max = max;
        if (pthread_mutex_init(&q->lock, NULL) != 0)
                goto no_lock;
        if (pthread_condattr_init(&attributes) != 0)
                goto no_attributes;
        /* A wait must not grow or shrink when somebody sets the clock. */
        int failed = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) != 0 ||
                     pthread_cond_init(&q->filled, &attributes) != 0;
        (void)pthread_condattr_destroy(&attributes);
        if (!failed)
                return q;
no_attributes:
        (void)pthread_mutex_destroy(&q->lock);
no_lock:
        free(q);
        return NULL;
}

void queue_free(struct queue *q)
{
        if (q == NULL)
                return;
        (void)pthread_cond_destroy(&q->filled);
        (void)pthread_mutex_destroy(&q->lock);
        free(q);
}

bool queue_put(struct queue *q, void *item)
{
        (void)pthread_mutex_lock(&q->lock);
        bool room = !q->closed && q->n < q->max;
        if (room) {
                q->item[(q->first + q->n) % q->max] = item;
                q->n++;
                (void)pthread_cond_signal(&q->filled);
        }
        (void)pthread_mutex_unlock(&q->lock);
        return room;
}

/* The lock is held. */
static size_t take_there(struct queue *q, size_t max, void *out[])
{
        size_t taken = 0;
        for (; taken < max && q->n > 0; taken++, q->n--) {
                out[taken] = q->item[q->first];
                q->first = (q->first + 1) % q->max;
        }
        /* One signal stands for one item; whoever leaves some behind wakes the next. */
        if (q->n > 0)
                (void)pthread_cond_signal(&q->filled);
        return taken;
}

size_t queue_take_many(struct queue *q, size_t max, void *out[])
{
        (void)pthread_mutex_lock(&q->lock);
        while (q->n == 0 && !q->closed)
                (void)pthread_cond_wait(&q->filled, &q->lock);
        size_t taken = take_there(q, max, out);
        (void)pthread_mutex_unlock(&q->lock);
        return taken;
}

void *queue_take(struct queue *q)
{
        void *item;
        return queue_take_many(q, 1, &item) == 1 ? item : NULL;
}

static struct timespec after(unsigned wait_ms)
{
        struct timespec t;
        (void)clock_gettime(CLOCK_MONOTONIC, &t);
        t.tv_sec += (time_t)(wait_ms / MS_PER_S);
        t.tv_nsec += (long)(wait_ms % MS_PER_S) * NS_PER_MS;
        if (t.tv_nsec >= NS_PER_S) {
                t.tv_sec++;
                t.tv_nsec -= NS_PER_S;
        }
        return t;
}

size_t queue_take_within(struct queue *q, unsigned wait_ms, size_t max, void *out[], bool *out_closed)
{
        struct timespec until = after(wait_ms);
        int waited = 0;
        (void)pthread_mutex_lock(&q->lock);
        while (q->n == 0 && !q->closed && waited == 0)
                waited = pthread_cond_timedwait(&q->filled, &q->lock, &until);
        size_t taken = take_there(q, max, out);
        *out_closed = taken == 0 && q->closed;
        (void)pthread_mutex_unlock(&q->lock);
        return taken;
}

void queue_close(struct queue *q)
{
        (void)pthread_mutex_lock(&q->lock);
        q->closed = true;
        (void)pthread_cond_broadcast(&q->filled);
        (void)pthread_mutex_unlock(&q->lock);
}

size_t queue_length(struct queue *q)
{
        (void)pthread_mutex_lock(&q->lock);
        size_t n = q->n;
        (void)pthread_mutex_unlock(&q->lock);
        return n;
}
