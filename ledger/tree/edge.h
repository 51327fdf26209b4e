/* edge: the right edge of a tree in memory: of level 0 the last eight tiles, so that the leaves of a whole
 * batch are among them, of each other level the last two. A tile lies in the slot that its index names, so
 * that taking leaves back changes nothing but the size. For this layer's own files. Pure but for the source.
 */
#ifndef LEDGER_TREE_EDGE_H
#define LEDGER_TREE_EDGE_H

#include "ledger/tree/tile.h"

#define EDGE_LEAF_TILES  8 /* of level 0; a power of two, so are the next */
#define EDGE_UPPER_TILES 2 /* of each other level */
#define EDGE_SLOTS       (EDGE_LEAF_TILES + EDGE_UPPER_TILES * (TREE_LEVELS_MAX - 1))

struct edge {
        uint64_t size;             /* leaves */
        uint64_t held[EDGE_SLOTS]; /* index of the tile in the slot, plus one; 0: none */
        struct tile tile[EDGE_SLOTS];
};

/* Empty. ERR_NO_MEMORY. edge_free takes NULL. */
enum err edge_new(struct edge **out);
void edge_free(struct edge *e);
/* The edge of a tree of `size` leaves, read from the source: of each level the last tile and the one before.
 */
enum err edge_load(struct tree_source source, uint64_t size, struct edge **out);

/* Hashes that a tree of this size has at a level. */
static inline uint64_t edge_count(const struct edge *e, unsigned level)
{
        return e->size >> (TILE_HEIGHT * level);
}

/* The tile, or NULL if it is not held. */
const struct tile *edge_tile(const struct edge *e, unsigned level, uint64_t index);
/* Whether every tile that the next append may write to is still held for a tree of `size` leaves. */
bool edge_reaches(const struct edge *e, uint64_t size);
/* ERR_CRYPTO, and the edge is as before. The roots of the tiles that became whole go to out, *out_n of them.
 */
enum err edge_append(struct edge *e, const struct hash *leaf_hash, struct tile_root out[TREE_LEVELS_MAX],
                     size_t *out_n);

#endif
