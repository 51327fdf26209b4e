#include "client/ties.h"

#include <jansson.h>
#include <stdlib.h>

struct pair {
        size_t a, b;
        bool same;
};
struct ties {
        json_t *numbers; /* by name */
        size_t pairs_n, pairs_room, found_room;
        struct pair *pair; /* owned */
        bool *found;       /* owned; by number */
};

struct ties *ties_new(void)
{
        struct ties *t = calloc(1, sizeof *t);
        if (t == NULL || (t->numbers = json_object()) == NULL) {
                free(t);
                return NULL;
        }
        return t;
}

void ties_free(struct ties *t)
{
        if (t == NULL)
                return;
        json_decref(t->numbers);
        free(t->pair);
        free(t->found);
        free(t);
}

static enum err grow(void **at, size_t *room, size_t n, size_t each)
{
        void *more;
        if (n < *room)
                return OK;
        size_t wanted = *room == 0 ? 64 : 2 * *room;
        if ((more = realloc(*at, wanted * each)) == NULL)
                return ERR_NO_MEMORY;
        *at = more;
        *room = wanted;
        return OK;
}

enum err ties_name(struct ties *t, const char *name, size_t *out)
{
        const json_t *there = json_object_get(t->numbers, name);
        void *found = t->found;
        *out = there != NULL ? (size_t)json_integer_value(there) : ties_count(t);
        if (there != NULL)
                return OK;
        if (grow(&found, &t->found_room, *out, sizeof t->found[0]))
                return ERR_NO_MEMORY;
        t->found = found;
        t->found[*out] = false;
        return json_object_set_new(t->numbers, name, json_integer((json_int_t)*out)) ? ERR_NO_MEMORY : OK;
}

size_t ties_count(const struct ties *t)
{
        return json_object_size(t->numbers);
}

enum err ties_put(struct ties *t, const char *a, const char *b, bool same)
{
        struct pair p = {.same = same};
        void *pairs = t->pair;
        enum err e;
        if ((e = ties_name(t, a, &p.a)) || (e = ties_name(t, b, &p.b)) || p.a == p.b)
                return e;
        for (size_t i = 0; i < t->pairs_n; i++)
                if ((t->pair[i].a == p.a && t->pair[i].b == p.b) ||
                    (t->pair[i].a == p.b && t->pair[i].b == p.a)) {
                        t->pair[i].same = same;
                        return OK;
                }
        if (grow(&pairs, &t->pairs_room, t->pairs_n, sizeof t->pair[0]))
                return ERR_NO_MEMORY;
        t->pair = pairs;
        t->pair[t->pairs_n++] = p;
        return OK;
}

void ties_find(struct ties *t, size_t from)
{
        bool more = true;
        for (size_t i = 0; i < ties_count(t); i++)
                t->found[i] = i == from;
        while (more) {
                more = false;
                for (size_t i = 0; i < t->pairs_n; i++) {
                        const struct pair *p = &t->pair[i];
                        if (p->same && t->found[p->a] != t->found[p->b])
                                more = t->found[p->a] = t->found[p->b] = true;
                }
        }
}

bool ties_found(const struct ties *t, size_t name)
{
        return name < ties_count(t) && t->found[name];
}
