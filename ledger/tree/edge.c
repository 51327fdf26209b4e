#include "ledger/tree/edge.h"

#include <stdlib.h>

static size_t slot(unsigned level, uint64_t index)
{
        if (level == 0)
                return index % EDGE_LEAF_TILES;
        return EDGE_LEAF_TILES + EDGE_UPPER_TILES * (level - 1) + index % EDGE_UPPER_TILES;
}

enum err edge_new(struct edge **out)
{
        /* calloc, because the tiles of levels that a ledger never reaches then take no memory */
        struct edge *e = calloc(1, sizeof *e);

        if (!e)
                return ERR_NO_MEMORY;
        *out = e;
        return OK;
}

void edge_free(struct edge *e)
{
        free(e);
}

const struct tile *edge_tile(const struct edge *e, unsigned level, uint64_t index)
{
        size_t at = slot(level, index);

        return e->held[at] == index + 1 ? &e->tile[at] : NULL;
}

bool edge_reaches(const struct edge *e, uint64_t size)
{
        for (unsigned level = 0; level < TREE_LEVELS_MAX; level++) {
                uint64_t count = size >> (TILE_HEIGHT * level);

                if (count % TREE_TILE != 0 && !edge_tile(e, level, count / TREE_TILE))
                        return false;
        }
        return true;
}

static enum err put(struct edge *e, unsigned level, uint64_t index, const struct hash *h, bool *out_whole,
                    struct hash *out_root)
{
        uint64_t tile = index / TREE_TILE;
        size_t at = slot(level, tile);

        e->held[at] = tile + 1;
        return tile_put(&e->tile[at], (unsigned)(index % TREE_TILE), h, out_whole, out_root);
}

enum err edge_append(struct edge *e, const struct hash *leaf_hash, struct tile_root out[TREE_LEVELS_MAX],
                     size_t *out_n)
{
        struct hash at = *leaf_hash;
        uint64_t index = e->size;
        unsigned level = 0;
        enum err er;

        for (;;) {
                bool whole = false;

                if ((er = put(e, level, index, &at, &whole, &at)))
                        return er;
                if (!whole)
                        break;
                level++;
                index /= TREE_TILE;
                out[level - 1] = (struct tile_root){.level = level, .index = index, .hash = at};
        }
        e->size++;
        *out_n = level;
        return OK;
}

static enum err load_tile(struct edge *e, struct tree_source source, unsigned level, uint64_t tile,
                          size_t count)
{
        struct hash at[TREE_TILE], root;
        bool whole;
        enum err er;

        if ((er = source.read(source.self, level, tile * TREE_TILE, count, at)))
                return er;
        for (size_t i = 0; i < count; i++)
                if ((er = put(e, level, tile * TREE_TILE + i, &at[i], &whole, &root)))
                        return er;
        return OK;
}

enum err edge_load(struct tree_source source, uint64_t size, struct edge **out)
{
        struct edge *e = NULL;
        enum err er;

        if ((er = edge_new(&e)))
                return er;
        e->size = size;
        for (unsigned level = 0; level < TREE_LEVELS_MAX; level++) {
                uint64_t count = edge_count(e, level), last = count / TREE_TILE;

                if (last > 0 && (er = load_tile(e, source, level, last - 1, TREE_TILE)))
                        goto done;
                if (count % TREE_TILE && (er = load_tile(e, source, level, last, count % TREE_TILE)))
                        goto done;
        }
        *out = e;
        e = NULL; /* given away */
done:
        edge_free(e);
        return er;
}
