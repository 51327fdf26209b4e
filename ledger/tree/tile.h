/* tile: the 256 hashes of one tile and the binary nodes over them, whole ones only. For this layer's own
 * files. Pure. */
#ifndef LEDGER_TREE_TILE_H
#define LEDGER_TREE_TILE_H

#include "ledger/tree/tree.h"

#define TILE_HEIGHT                                                                                          \
        8 /* 2^8 hashes; the node of this height is the tile's root and belongs to the next level */
#define TILE_NODES 510 /* 256 + 128 + ... + 2 */

struct tile {
        struct hash node[TILE_NODES];
};

/* The node over the 2^height hashes from position * 2^height on; height below TILE_HEIGHT. */
static inline const struct hash *tile_node(const struct tile *t, unsigned height, uint64_t position)
{
        return &t->node[512 - (512U >> height) + position];
}

/* Puts the hash at `position`, the ones before it being there, and every node that this completes. *out_whole
 * says whether that was the last one; then *out_root is the root. OK or ERR_CRYPTO. */
enum err tile_put(struct tile *t, unsigned position, const struct hash *h, bool *out_whole,
                  struct hash *out_root);

#endif
