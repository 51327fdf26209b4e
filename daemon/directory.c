#include "daemon/directory.h"

#include <stdio.h>
#include <stdlib.h>

struct key_name {
        char alias[ALIAS_MAX + 1];
};

struct directory {
        struct key_name *keys; /* by roster number of the key */
        size_t keys_n;
        struct member_name {
                char *name, *force; /* NULL: none */
        } * names;                  /* by roster number of the member */
        size_t names_n;
        uint32_t *sorted; /* key numbers with an alias, in the order of the alias */
        size_t sorted_n, sorted_size;
};

struct directory *directory_new(void)
{
        return calloc(1, sizeof(struct directory));
}

void directory_free(struct directory *d)
{
        if (d == NULL)
                return;
        for (size_t i = 0; i < d->names_n; i++) {
                free(d->names[i].name);
                free(d->names[i].force);
        }
        free(d->names);
        free(d->keys);
        free(d->sorted);
        free(d);
}

bool alias_valid(struct bytes alias)
{
        if (alias.n == 0 || alias.n > ALIAS_MAX)
                return false;
        for (size_t i = 0; i < alias.n; i++) {
                bool letter = alias.at[i] >= 'a' && alias.at[i] <= 'z';
                bool digit = alias.at[i] >= '0' && alias.at[i] <= '9';
                if (!letter && (i == 0 || !digit))
                        return false;
        }
        return true;
}

/* Where the alias stands, or would stand, in the sorted list. */
static size_t place(const struct directory *d, struct bytes alias, bool *out_found)
{
        size_t low = 0, high = d->sorted_n;
        *out_found = false;
        while (low < high) {
                size_t middle = low + (high - low) / 2;
                int order = bytes_order(bytes_text(d->keys[d->sorted[middle]].alias), alias);
                if (order == 0) {
                        *out_found = true;
                        return middle;
                }
                if (order < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

bool directory_alias_taken(const struct directory *d, struct bytes alias)
{
        bool found;
        (void)place(d, alias, &found);
        return found;
}

bool directory_key_of_alias(const struct directory *d, struct bytes alias, uint32_t *out_key)
{
        bool found;
        size_t at = place(d, alias, &found);
        if (found)
                *out_key = d->sorted[at];
        return found;
}

void directory_alias_free(const struct directory *d, struct bytes like, char out[ALIAS_MAX + 1])
{
        size_t stem = like.n;
        while (stem > 1 && like.at[stem - 1] >= '0' && like.at[stem - 1] <= '9')
                stem--;
        if (stem > ALIAS_MAX - 6)
                stem = ALIAS_MAX - 6;
        for (unsigned number = 2;; number++) {
                (void)snprintf(out, ALIAS_MAX + 1, "%.*s%u", (int)stem, (const char *)like.at, number);
                if (!directory_alias_taken(d, bytes_text(out)))
                        return;
        }
}

static enum err grow(void **array, size_t *n, size_t need, size_t width)
{
        if (need <= *n)
                return OK;
        size_t size = need + need / 2 + 16;
        uint8_t *at = realloc(*array, size * width);
        if (at == NULL)
                return ERR_NO_MEMORY;
        memset(at + *n * width, 0, (size - *n) * width);
        *array = at;
        *n = size;
        return OK;
}

/* What is not said now stays as it was said before. */
static enum err keep_text(char **at, struct bytes text)
{
        if (text.n == 0)
                return OK;
        char *copy = calloc(1, text.n + 1);
        if (copy == NULL)
                return ERR_NO_MEMORY;
        memcpy(copy, text.at, text.n);
        free(*at);
        *at = copy;
        return OK;
}

enum err directory_put(struct directory *d, uint32_t key, uint32_t member, struct bytes alias,
                       struct bytes name, struct bytes force)
{
        enum err e;
        bool found;
        void *at;
        at = d->keys;
        if ((e = grow(&at, &d->keys_n, (size_t)key + 1, sizeof *d->keys)))
                return e;
        d->keys = at;
        at = d->names;
        if ((e = grow(&at, &d->names_n, (size_t)member + 1, sizeof *d->names)))
                return e;
        d->names = at;
        at = d->sorted;
        if ((e = grow(&at, &d->sorted_size, d->sorted_n + 1, sizeof *d->sorted)))
                return e;
        d->sorted = at;
        if ((e = keep_text(&d->names[member].name, name)) || (e = keep_text(&d->names[member].force, force)))
                return e;
        if (!alias_valid(alias))
                return OK;
        size_t where = place(d, alias, &found);
        if (found)
                return OK;
        if ((e = bytes_to_text(alias, d->keys[key].alias, sizeof d->keys[key].alias)))
                return e;
        memmove(d->sorted + where + 1, d->sorted + where, (d->sorted_n - where) * sizeof *d->sorted);
        d->sorted[where] = key;
        d->sorted_n++;
        return OK;
}

const char *directory_alias(const struct directory *d, uint32_t key)
{
        return key < d->keys_n ? d->keys[key].alias : "";
}

const char *directory_name(const struct directory *d, uint32_t member)
{
        return member < d->names_n && d->names[member].name != NULL ? d->names[member].name : "";
}

const char *directory_force(const struct directory *d, uint32_t member)
{
        return member < d->names_n && d->names[member].force != NULL ? d->names[member].force : "";
}
