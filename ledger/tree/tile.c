#include "ledger/tree/tile.h"

enum err tile_put(struct tile *t, unsigned position, const struct hash *h, bool *out_whole,
                  struct hash *out_root)
{
        struct hash at = *h;
        unsigned height = 0;
        enum err e;

        t->node[position] = at;
        while (position & 1) {
                if ((e = tree_node_hash(tile_node(t, height, position - 1), &at, &at)))
                        return e;
                position >>= 1;
                height++;
                if (height == TILE_HEIGHT)
                        break;
                t->node[512 - (512U >> height) + position] = at;
        }
        *out_whole = height == TILE_HEIGHT;
        if (*out_whole)
                *out_root = at;
        return OK;
}
