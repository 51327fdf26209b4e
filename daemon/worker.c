#include "daemon/worker.h"

#include <stdlib.h>

#include "daemon/route.h"

struct thread {
        struct worker worker;
        pthread_t thread;
        bool started;
};

struct workers {
        size_t n;
        struct thread threads[];
};

static void *run(void *self)
{
        struct worker *w = self;
        struct exchange *x;
        while ((x = queue_take(w->requests)) != NULL)
                route_handle(w, x);
        return NULL;
}

enum err workers_start(struct ledger *l, size_t n, struct queue *requests, struct queue *commits,
                       struct workers **out, struct why *why)
{
        struct workers *w = calloc(1, sizeof *w + n * sizeof w->threads[0]);
        enum err e = OK;
        if (w == NULL)
                return ERR_NO_MEMORY;
        w->n = n;
        for (size_t i = 0; i < n && !e; i++) {
                struct thread *t = &w->threads[i];
                t->worker = (struct worker){.ledger = l, .requests = requests, .commits = commits};
                if ((e = store_open(l->path, STORE_READ, l->keys, &t->worker.store, why)))
                        break;
                if (pthread_create(&t->thread, NULL, run, &t->worker) != 0)
                        e = ERR_NO_MEMORY;
                else
                        t->started = true;
        }
        if (e) {
                queue_close(requests);
                workers_stop(w);
                return e;
        }
        *out = w;
        return OK;
}

void workers_stop(struct workers *w)
{
        if (w == NULL)
                return;
        for (size_t i = 0; i < w->n; i++) {
                if (w->threads[i].started)
                        (void)pthread_join(w->threads[i].thread, NULL);
                store_close(w->threads[i].worker.store);
        }
        free(w);
}

void worker_commit(struct worker *w, struct job *j)
{
        if (!queue_put(w->commits, j))
                job_fail(j, ERR_BUSY);
}
