#include "policy/lookup.h"

#include <stdlib.h>

void lookup_clear(struct lookup *l)
{
        free(l->node);
        free(l->head);
        memset(l, 0, sizeof *l);
}

/* FNV-1a, and its halves folded together, as the low bits choose the place. */
uint64_t lookup_hash(char sort, struct bytes key)
{
        const uint64_t prime = UINT64_C(0x100000001b3);
        uint64_t h = (UINT64_C(0xcbf29ce484222325) ^ (uint8_t)sort) * prime;
        for (size_t i = 0; i < key.n; i++) {
                const uint8_t c = key.at[i];
                h = (h ^ (c >= 'A' && c <= 'Z' ? c | 0x20u : c)) * prime;
        }
        return h ^ h >> 32;
}

/* The place of a hash among the heads: where it is, or the free one where it belongs. */
static size_t place_of(const struct lookup *l, const uint32_t *head, size_t size, uint64_t hash)
{
        size_t at = hash & (size - 1);
        while (head[at] != LOOKUP_END && l->node[head[at]].hash != hash)
                at = (at + 1) & (size - 1);
        return at;
}

static enum err reserve_nodes(struct lookup *l, size_t n)
{
        if (n <= l->nodes_size)
                return OK;
        if (n >= LOOKUP_END)
                return ERR_NO_MEMORY;
        const size_t size = n > 2 * l->nodes_size ? n : 2 * l->nodes_size;
        struct lookup_node *more = realloc(l->node, size * sizeof *more);
        if (more == NULL)
                return ERR_NO_MEMORY;
        l->node = more;
        l->nodes_size = size;
        return OK;
}

/* At most half of the places are taken. */
static enum err reserve_heads(struct lookup *l, size_t n)
{
        size_t size = l->heads_size ? l->heads_size : 64;
        while (size < 2 * n)
                size *= 2;
        if (size == l->heads_size)
                return OK;
        uint32_t *head = malloc(size * sizeof *head);
        if (head == NULL)
                return ERR_NO_MEMORY;
        memset(head, 0xff, size * sizeof *head);
        for (size_t i = 0; i < l->heads_size; i++)
                if (l->head[i] != LOOKUP_END)
                        head[place_of(l, head, size, l->node[l->head[i]].hash)] = l->head[i];
        free(l->head);
        l->head = head;
        l->heads_size = size;
        return OK;
}

enum err lookup_reserve(struct lookup *l, size_t more)
{
        enum err e = reserve_nodes(l, l->nodes_n + more);
        return e ? e : reserve_heads(l, l->heads_n + more);
}

void lookup_put(struct lookup *l, uint64_t hash, uint32_t item)
{
        const size_t at = place_of(l, l->head, l->heads_size, hash);
        l->heads_n += l->head[at] == LOOKUP_END;
        l->node[l->nodes_n] = (struct lookup_node){.hash = hash, .item = item, .next = l->head[at]};
        l->head[at] = (uint32_t)l->nodes_n++;
}

uint32_t lookup_first(const struct lookup *l, uint64_t hash)
{
        return l->heads_size ? l->head[place_of(l, l->head, l->heads_size, hash)] : LOOKUP_END;
}

uint32_t lookup_next(const struct lookup *l, uint32_t at)
{
        return l->node[at].next;
}
