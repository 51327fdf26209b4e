/* lookup: numbers found by a hash of their key, the newest first. Several may have one key, or one hash: who
 * looks compares. Nothing is ever taken out. */
#ifndef POLICY_LOOKUP_H
#define POLICY_LOOKUP_H

#include "ledger/base/bytes.h"

#define LOOKUP_END UINT32_MAX

struct lookup {
        struct lookup_node {
                uint64_t hash;
                uint32_t item, next; /* next: a node with the same hash, or LOOKUP_END */
        } * node;                    /* owned */
        uint32_t *head; /* owned: the newest node of a hash, LOOKUP_END where the place is free */
        size_t nodes_n, nodes_size, heads_n, heads_size; /* heads_size: a power of two, or 0 */
};

void lookup_clear(struct lookup *l); /* one of zeros is an empty one */
/* Room for `more` puts, which then cannot fail. ERR_NO_MEMORY. */
enum err lookup_reserve(struct lookup *l, size_t more);
void lookup_put(struct lookup *l, uint64_t hash, uint32_t item);
/* The newest node of a hash, and the one before it; LOOKUP_END. The item is l->node[at].item. */
uint32_t lookup_first(const struct lookup *l, uint64_t hash);
uint32_t lookup_next(const struct lookup *l, uint32_t at);
/* Of a key of one sort; the same in upper and lower case (ASCII). */
uint64_t lookup_hash(char sort, struct bytes key);

#endif
