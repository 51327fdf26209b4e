#include "ledger/verify/verification.h"

#include <stdlib.h>

/* Found by the first bytes of the statement hash: open addressing over indexes + 1. */
struct waiting {
        struct waiter *at;
        size_t n, size;
        uint32_t *slot;
        size_t slots; /* a power of two, at least twice n */
};

struct waiting *waiting_new(void)
{
        return calloc(1, sizeof(struct waiting));
}

void waiting_free(struct waiting *w)
{
        if (w == NULL)
                return;
        free(w->at);
        free(w->slot);
        free(w);
}

static size_t start_of(const struct hash *st, size_t slots)
{
        size_t h = 0;
        memcpy(&h, st->b, sizeof h);
        return h & (slots - 1);
}

struct waiter *waiting_find(const struct waiting *w, const struct hash *st)
{
        if (w->slots == 0)
                return NULL;
        for (size_t i = start_of(st, w->slots); w->slot[i] != 0; i = (i + 1) & (w->slots - 1))
                if (hash_equal(&w->at[w->slot[i] - 1].st, st))
                        return &w->at[w->slot[i] - 1];
        return NULL;
}

static void place(struct waiting *w, size_t number)
{
        size_t i = start_of(&w->at[number].st, w->slots);
        while (w->slot[i] != 0)
                i = (i + 1) & (w->slots - 1);
        w->slot[i] = (uint32_t)number + 1;
}

static enum err grow(struct waiting *w)
{
        size_t size = w->size == 0 ? 64 : 2 * w->size;
        struct waiter *at = realloc(w->at, size * sizeof *at);
        if (at == NULL)
                return ERR_NO_MEMORY;
        w->at = at;
        uint32_t *slot = calloc(4 * size, sizeof *slot);
        if (slot == NULL)
                return ERR_NO_MEMORY;
        free(w->slot);
        w->slot = slot;
        w->slots = 4 * size;
        w->size = size;
        for (size_t i = 0; i < w->n; i++)
                place(w, i);
        return OK;
}

enum err waiting_add(struct waiting *w, const struct waiter *one)
{
        enum err e;
        if (w->n == w->size && (e = grow(w)))
                return e;
        w->at[w->n] = *one;
        place(w, w->n++);
        return OK;
}
