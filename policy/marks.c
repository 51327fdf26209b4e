#include "policy/marks.h"

#include <stdlib.h>

#define NUMBERS_MAX (1u << 31)

void marks_init(struct marks *m)
{
        *m = (struct marks){0};
}

void marks_clear(struct marks *m)
{
        free(m->at);
        free(m->slot);
        marks_init(m);
}

enum err mark_of_text(struct bytes text, struct mark *out)
{
        struct hash h;
        enum err e = hash_of(text, &h);
        if (!e)
                *out = mark_of_hash(&h);
        return e;
}

struct mark mark_of_hash(const struct hash *h)
{
        struct mark mark;
        memcpy(mark.b, h->b, MARK_LEN);
        return mark;
}

static uint32_t start_of(const struct marks *m, const struct mark *mark)
{
        uint32_t h;
        memcpy(&h, mark->b, sizeof h);
        return h & (m->slots - 1);
}

static uint32_t slot_of(const struct marks *m, const struct mark *mark)
{
        uint32_t i = start_of(m, mark);
        while (m->slot[i] != 0 && memcmp(m->at[m->slot[i] - 1].b, mark->b, MARK_LEN) != 0)
                i = (i + 1) & (m->slots - 1);
        return i;
}

uint32_t marks_find(const struct marks *m, const struct mark *mark)
{
        if (m->slots == 0)
                return MARK_NONE;
        uint32_t number = m->slot[slot_of(m, mark)];
        return number == 0 ? MARK_NONE : number - 1;
}

enum err marks_grow(void **at, uint32_t n, uint32_t *size, size_t width)
{
        if (n < *size)
                return OK;
        if (n >= NUMBERS_MAX / 2)
                return ERR_TOO_LONG;
        uint32_t wanted = *size == 0 ? 2 : 2 * *size;
        void *grown = realloc(*at, wanted * width);
        if (grown == NULL)
                return ERR_NO_MEMORY;
        *at = grown;
        *size = wanted;
        return OK;
}

/* At most half full. */
static enum err widen(struct marks *m)
{
        uint32_t slots = m->slots == 0 ? 64 : 2 * m->slots;
        uint32_t *slot;
        if (2 * (m->n + 1) <= m->slots)
                return OK;
        slot = calloc(slots, sizeof *slot);
        if (slot == NULL)
                return ERR_NO_MEMORY;
        free(m->slot);
        m->slot = slot;
        m->slots = slots;
        for (uint32_t i = 0; i < m->n; i++)
                m->slot[slot_of(m, &m->at[i])] = i + 1;
        return OK;
}

enum err marks_put(struct marks *m, const struct mark *mark, uint32_t *out)
{
        void *at = m->at;
        enum err e;
        if ((*out = marks_find(m, mark)) != MARK_NONE)
                return OK;
        e = marks_grow(&at, m->n, &m->size, sizeof *m->at);
        m->at = at;
        if (e || (e = widen(m)))
                return e;
        m->slot[slot_of(m, mark)] = m->n + 1;
        m->at[m->n] = *mark;
        *out = m->n++;
        return OK;
}
