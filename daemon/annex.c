#include "daemon/annex.h"

#include <pthread.h>
#include <stdlib.h>

struct waiting {
        uint8_t *text; /* NULL: the place is free */
        size_t n;
        struct annex_sender from;
        int64_t until_us;
        struct hash hash;
};
struct annexes {
        pthread_mutex_t lock;
        struct waiting at[ANNEX_WAITING_MAX];
};

struct annexes *annexes_new(void)
{
        struct annexes *a = calloc(1, sizeof *a);
        if (a != NULL && pthread_mutex_init(&a->lock, NULL) != 0) {
                free(a);
                return NULL;
        }
        return a;
}

static void forget(struct waiting *w)
{
        free(w->text);
        *w = (struct waiting){0};
}

void annexes_free(struct annexes *a)
{
        if (a == NULL)
                return;
        for (size_t i = 0; i < ANNEX_WAITING_MAX; i++)
                forget(&a->at[i]);
        (void)pthread_mutex_destroy(&a->lock);
        free(a);
}

static void expire(struct annexes *a, int64_t now_us)
{
        for (size_t i = 0; i < ANNEX_WAITING_MAX; i++)
                if (a->at[i].text != NULL && a->at[i].until_us <= now_us)
                        forget(&a->at[i]);
}

void annexes_expire(struct annexes *a, int64_t now_us)
{
        (void)pthread_mutex_lock(&a->lock);
        expire(a, now_us);
        (void)pthread_mutex_unlock(&a->lock);
}

static struct waiting *find(struct annexes *a, const struct hash *hash)
{
        for (size_t i = 0; i < ANNEX_WAITING_MAX; i++)
                if (a->at[i].text != NULL && hash_equal(&a->at[i].hash, hash))
                        return &a->at[i];
        return NULL;
}

static enum err put(struct annexes *a, struct annex_sender from, struct bytes text, int64_t now_us,
                    const struct hash *hash)
{
        struct waiting *w = find(a, hash);
        size_t own = 0, others = 0;
        if (w != NULL) {
                w->until_us = now_us + ANNEX_WAIT_US;
                return OK;
        }
        for (size_t i = 0; i < ANNEX_WAITING_MAX; i++) {
                if (a->at[i].text == NULL) {
                        w = w == NULL ? &a->at[i] : w;
                        continue;
                }
                own += a->at[i].from.member == from.member;
                others += !a->at[i].from.adopts;
        }
        if (own >= ANNEX_MEMBER_MAX)
                return ERR_RATE;
        if (w == NULL || (!from.adopts && others >= ANNEX_OTHERS_MAX))
                return ERR_BUSY;
        uint8_t *copy = malloc(text.n);
        if (copy == NULL)
                return ERR_NO_MEMORY;
        memcpy(copy, text.at, text.n);
        *w = (struct waiting){
            .text = copy, .n = text.n, .from = from, .until_us = now_us + ANNEX_WAIT_US, .hash = *hash};
        return OK;
}

enum err annexes_put(struct annexes *a, struct annex_sender from, struct bytes text, int64_t now_us,
                     struct hash *out)
{
        struct hash hash;
        enum err e;
        if (text.n == 0)
                return ERR_FORM;
        if (text.n > ANNEX_MAX)
                return ERR_TOO_LONG;
        if (!bytes_utf8_valid(text))
                return ERR_UTF8;
        if ((e = hash_of(text, &hash)))
                return e;
        (void)pthread_mutex_lock(&a->lock);
        expire(a, now_us);
        e = put(a, from, text, now_us, &hash);
        (void)pthread_mutex_unlock(&a->lock);
        if (!e)
                *out = hash;
        return e;
}

enum err annexes_text(struct annexes *a, const struct hash *hash, int64_t now_us, struct buf *out)
{
        enum err e = ERR_ABSENT;
        (void)pthread_mutex_lock(&a->lock);
        expire(a, now_us);
        const struct waiting *w = find(a, hash);
        if (w != NULL) {
                buf_put(out, bytes_of(w->text, w->n));
                e = buf_check(out);
        }
        (void)pthread_mutex_unlock(&a->lock);
        return e;
}

bool annexes_keep(struct annexes *a, const struct hash *hash, int64_t now_us)
{
        (void)pthread_mutex_lock(&a->lock);
        expire(a, now_us);
        struct waiting *w = find(a, hash);
        if (w != NULL)
                w->until_us = now_us + ANNEX_WAIT_US;
        (void)pthread_mutex_unlock(&a->lock);
        return w != NULL;
}

enum err annex_source_text(void *self, const struct hash *hash, struct buf *out)
{
        const struct annex_source *s = self;
        enum err e = ERR_ABSENT;
        if (s->waiting != NULL)
                e = annexes_text(s->waiting, hash, s->now_us, out);
        return e == ERR_ABSENT ? store_annex(s->store, hash, out) : e;
}
