#include "policy/authors.h"

#include <stdlib.h>

struct typed {
        int64_t at_us;
        unsigned likeness;
        struct sketch sketch;
};
struct open_intent {
        int64_t at_us;
        uint32_t entry;
};
struct author {
        char *name, *force;       /* owned; NULL: not known */
        struct open_intent *open; /* owned; the oldest first */
        uint32_t open_n, open_size;
        int64_t intent_at_us[AUTHORS_RECENT_MAX]; /* a ring */
        uint32_t intents;                         /* ever */
        struct typed *typed;                      /* owned; a ring of SKETCH_RECENT; NULL: nothing yet */
        uint32_t typed_n;                         /* ever */
};
struct authors {
        struct author *at; /* owned; by number of the member */
        char **alias;      /* owned; by number of the key */
        uint32_t n, keys_n;
};

struct authors *authors_new(void)
{
        return calloc(1, sizeof(struct authors));
}

void authors_free(struct authors *a)
{
        if (a == NULL)
                return;
        for (uint32_t i = 0; i < a->n; i++) {
                free(a->at[i].name);
                free(a->at[i].force);
                free(a->at[i].open);
                free(a->at[i].typed);
        }
        for (uint32_t i = 0; i < a->keys_n; i++)
                free(a->alias[i]);
        free(a->at);
        free(a->alias);
        free(a);
}

/* An array with an element `number`, new ones zero. */
static enum err reach(void **at, uint32_t *n, uint32_t number, size_t width)
{
        if (number < *n)
                return OK;
        if (number >= UINT32_MAX / 2)
                return ERR_TOO_LONG;
        uint32_t wanted = number + number / 2 + 16;
        uint8_t *grown = realloc(*at, wanted * width);
        if (grown == NULL)
                return ERR_NO_MEMORY;
        memset(grown + *n * width, 0, (wanted - *n) * width);
        *at = grown;
        *n = wanted;
        return OK;
}

static enum err author_of(struct authors *a, uint32_t member, struct author **out)
{
        void *at = a->at;
        enum err e = reach(&at, &a->n, member, sizeof *a->at);
        a->at = at;
        if (!e)
                *out = &a->at[member];
        return e;
}

static const struct author *known(const struct authors *a, uint32_t member)
{
        static const struct author nobody;
        return member < a->n ? &a->at[member] : &nobody;
}

/* --- names --- */

static enum err keep(char **out, struct bytes text)
{
        char *copy;
        if (text.n == 0)
                return OK;
        if ((copy = calloc(1, text.n + 1)) == NULL)
                return ERR_NO_MEMORY;
        memcpy(copy, text.at, text.n);
        free(*out);
        *out = copy;
        return OK;
}

enum err authors_name(struct authors *a, uint32_t member, uint32_t key, struct bytes name, struct bytes alias,
                      struct bytes force)
{
        struct author *author;
        void *at = a->alias;
        enum err e = reach(&at, &a->keys_n, key, sizeof *a->alias);
        a->alias = at;
        if (e || (e = author_of(a, member, &author)) || (e = keep(&author->name, name)) ||
            (e = keep(&author->force, force)))
                return e;
        return keep(&a->alias[key], alias);
}

const char *authors_name_of(const struct authors *a, uint32_t member)
{
        const char *name = known(a, member)->name;
        return name ? name : "";
}

const char *authors_force_of(const struct authors *a, uint32_t member)
{
        const char *force = known(a, member)->force;
        return force ? force : "";
}

const char *authors_alias_of(const struct authors *a, uint32_t key)
{
        return key < a->keys_n && a->alias[key] ? a->alias[key] : "";
}

/* --- intents --- */

enum err authors_intent(struct authors *a, uint32_t member, int64_t at_us)
{
        struct author *author;
        enum err e = author_of(a, member, &author);
        if (!e)
                author->intent_at_us[author->intents++ % AUTHORS_RECENT_MAX] = at_us;
        return e;
}

unsigned authors_intents_since(const struct authors *a, uint32_t member, int64_t since_us)
{
        const struct author *author = known(a, member);
        unsigned n = 0;
        for (uint32_t i = 0; i < author->intents && i < AUTHORS_RECENT_MAX; i++)
                n += author->intent_at_us[i] >= since_us;
        return n;
}

enum err authors_open(struct authors *a, uint32_t member, uint32_t entry, int64_t at_us)
{
        struct author *author;
        void *at;
        enum err e = author_of(a, member, &author);
        if (e)
                return e;
        at = author->open;
        e = marks_grow(&at, author->open_n, &author->open_size, sizeof *author->open);
        author->open = at;
        if (e)
                return e;
        uint32_t place = author->open_n++;
        for (; place > 0 && author->open[place - 1].at_us > at_us; place--)
                author->open[place] = author->open[place - 1];
        author->open[place] = (struct open_intent){.at_us = at_us, .entry = entry};
        return OK;
}

/* The newest is closed most often. */
void authors_close(struct authors *a, uint32_t member, uint32_t entry)
{
        struct author *author = member < a->n ? &a->at[member] : NULL;
        for (uint32_t i = author ? author->open_n : 0; i-- > 0;)
                if (author->open[i].entry == entry) {
                        memmove(author->open + i, author->open + i + 1,
                                (author->open_n - i - 1) * sizeof *author->open);
                        author->open_n--;
                        return;
                }
}

unsigned authors_open_before(const struct authors *a, uint32_t member, int64_t before_us)
{
        const struct author *author = known(a, member);
        unsigned n = 0;
        while (n < author->open_n && n < AUTHORS_LATE_MAX && author->open[n].at_us < before_us)
                n++;
        return n;
}

/* --- what was typed --- */

enum err authors_typed(struct authors *a, uint32_t member, int64_t at_us, const struct sketch *sketch,
                       unsigned likeness)
{
        struct author *author;
        enum err e = author_of(a, member, &author);
        if (e)
                return e;
        if (author->typed == NULL && (author->typed = calloc(SKETCH_RECENT, sizeof *author->typed)) == NULL)
                return ERR_NO_MEMORY;
        author->typed[author->typed_n++ % SKETCH_RECENT] =
            (struct typed){.at_us = at_us, .likeness = likeness, .sketch = *sketch};
        return OK;
}

static uint32_t kept(const struct author *author)
{
        return author->typed_n < SKETCH_RECENT ? author->typed_n : SKETCH_RECENT;
}

unsigned authors_likeness(const struct authors *a, uint32_t member, const struct sketch *sketch)
{
        const struct author *author = known(a, member);
        unsigned most = 0;
        for (uint32_t i = 0; i < kept(author); i++) {
                unsigned likeness = sketch_likeness(sketch, &author->typed[i].sketch);
                most = likeness > most ? likeness : most;
        }
        return most;
}

unsigned authors_alike(const struct authors *a, uint32_t member, int64_t since_us, unsigned percent)
{
        const struct author *author = known(a, member);
        unsigned n = 0;
        for (uint32_t i = 0; i < kept(author); i++)
                n += author->typed[i].at_us >= since_us && author->typed[i].likeness >= percent;
        return n;
}
