#include "ledger/tree/edge.h"

#include <stdlib.h>

struct tree {
        struct tree_source source;
        struct edge *edge;
        uint64_t marked; /* leaves */
        struct tile_root completed[TREE_LEVELS_MAX];
        size_t n_completed;
};

enum err tree_leaf_hash(struct bytes leaf, struct hash *out)
{
        const uint8_t prefix = 0x00;
        struct bytes part[] = {bytes_of(&prefix, 1), leaf};

        return hash_of_parts(2, part, out);
}

enum err tree_node_hash(const struct hash *left, const struct hash *right, struct hash *out)
{
        uint8_t in[1 + 2 * HASH_LEN];

        in[0] = 0x01;
        memcpy(in + 1, left->b, HASH_LEN);
        memcpy(in + 1 + HASH_LEN, right->b, HASH_LEN);
        return hash_of(bytes_of(in, sizeof in), out);
}

enum err tree_empty_root(struct hash *out)
{
        return hash_of(bytes_of(NULL, 0), out);
}

static enum err wrap(struct tree_source source, struct edge *edge, struct tree **out)
{
        struct tree *t = calloc(1, sizeof *t);

        if (!t)
                return ERR_NO_MEMORY;
        t->source = source;
        t->edge = edge;
        t->marked = edge->size;
        *out = t;
        return OK;
}

enum err tree_new(struct tree_source source, struct tree **out)
{
        struct edge *edge = NULL;
        enum err e;

        if ((e = edge_new(&edge)))
                return e;
        if ((e = wrap(source, edge, out)))
                edge_free(edge);
        return e;
}

enum err tree_open(struct tree_source source, uint64_t size, struct tree **out)
{
        struct edge *edge = NULL;
        enum err e;

        if (size > TREE_SIZE_MAX)
                return ERR_RANGE;
        if ((e = edge_load(source, size, &edge)))
                return e;
        if ((e = wrap(source, edge, out)))
                edge_free(edge);
        return e;
}

void tree_free(struct tree *t)
{
        if (!t)
                return;
        edge_free(t->edge);
        free(t);
}

uint64_t tree_size(const struct tree *t)
{
        return t->edge->size;
}

enum err tree_append(struct tree *t, const struct hash *leaf_hash)
{
        if (t->edge->size == TREE_SIZE_MAX)
                return ERR_RANGE;
        return edge_append(t->edge, leaf_hash, t->completed, &t->n_completed);
}

size_t tree_completed(const struct tree *t, struct tile_root out[TREE_LEVELS_MAX])
{
        for (size_t i = 0; i < t->n_completed; i++)
                out[i] = t->completed[i];
        return t->n_completed;
}

enum err tree_mark(struct tree *t)
{
        t->marked = t->edge->size;
        return OK;
}

enum err tree_rewind(struct tree *t)
{
        struct edge *edge = NULL;
        enum err e;

        if (edge_reaches(t->edge, t->marked)) {
                t->edge->size = t->marked;
        } else {
                /* more leaves were appended than the edge is wide; the source has all up to the mark */
                if ((e = edge_load(t->source, t->marked, &edge)))
                        return e;
                edge_free(t->edge);
                t->edge = edge;
        }
        t->n_completed = 0;
        return OK;
}

/* Finds nodes in the edge or, for what lies to the left of it, in the tile read last. */
struct lookup {
        const struct tree *tree;
        struct tile *tile; /* owned; NULL: none was read */
        unsigned level;
        uint64_t index;
};

static enum err lookup_read(struct lookup *l, unsigned level, uint64_t index)
{
        const struct tree *t = l->tree;
        uint64_t left = edge_count(t->edge, level) - index * TREE_TILE;
        size_t count = left < TREE_TILE ? (size_t)left : TREE_TILE;
        struct hash at[TREE_TILE], root;
        bool whole;
        enum err e;

        if (!l->tile && !(l->tile = calloc(1, sizeof *l->tile)))
                return ERR_NO_MEMORY;
        if ((e = t->source.read(t->source.self, level, index * TREE_TILE, count, at)))
                return e;
        for (unsigned i = 0; i < count; i++)
                if ((e = tile_put(l->tile, i, &at[i], &whole, &root)))
                        return e;
        l->level = level;
        l->index = index;
        return OK;
}

/* The root of the 2^height leaves from index * 2^height on; all of them are in the tree. */
static enum err lookup_node(struct lookup *l, unsigned height, uint64_t index, struct hash *out)
{
        unsigned level = height / TILE_HEIGHT, inside = height % TILE_HEIGHT;
        uint64_t tile = index >> (TILE_HEIGHT - inside);
        uint64_t position = index & ((UINT64_C(1) << (TILE_HEIGHT - inside)) - 1);
        const struct tile *at = edge_tile(l->tree->edge, level, tile);
        enum err e;

        if (!at) {
                if ((!l->tile || l->level != level || l->index != tile) && (e = lookup_read(l, level, tile)))
                        return e;
                at = l->tile;
        }
        *out = *tile_node(at, inside, position);
        return OK;
}

/* The largest power of two that is not above n; n is not 0. */
static unsigned height_within(uint64_t n)
{
        unsigned height = 0;

        while (n >>= 1)
                height++;
        return height;
}

/* The perfect subtrees of the leaves [from, to); `from` is a multiple of the largest of them. */
static enum err lookup_frontier(struct lookup *l, uint64_t from, uint64_t to, struct frontier *out)
{
        enum err e;

        out->size = to - from;
        out->n = 0;
        while (from < to) {
                unsigned height = height_within(to - from);

                if ((e = lookup_node(l, height, from >> height, &out->node[out->n])))
                        return e;
                out->n++;
                from += UINT64_C(1) << height;
        }
        return OK;
}

static enum err lookup_root(struct lookup *l, uint64_t from, uint64_t to, struct hash *out)
{
        uint64_t n = to - from;
        struct frontier f;
        enum err e;

        if (n != 0 && (n & (n - 1)) == 0) {
                unsigned height = height_within(n);

                return lookup_node(l, height, from >> height, out);
        }
        if ((e = lookup_frontier(l, from, to, &f)))
                return e;
        return frontier_root(&f, out);
}

enum err tree_root_at(const struct tree *t, uint64_t size, struct hash *out)
{
        struct lookup l = {.tree = t};
        enum err e;

        if (size > tree_size(t))
                return ERR_RANGE;
        e = lookup_root(&l, 0, size, out);
        free(l.tile);
        return e;
}

enum err tree_root(const struct tree *t, struct hash *out)
{
        return tree_root_at(t, tree_size(t), out);
}

enum err tree_frontier_at(const struct tree *t, uint64_t size, struct frontier *out)
{
        struct lookup l = {.tree = t};
        struct frontier f;
        enum err e;

        if (size > tree_size(t))
                return ERR_RANGE;
        if (!(e = lookup_frontier(&l, 0, size, &f)))
                *out = f;
        free(l.tile);
        return e;
}

/* Proofs are found from the root down and told from the leaf up. */
static void turn_round(struct proof *p)
{
        for (size_t i = 0; i < p->n / 2; i++) {
                struct hash h = p->path[i];

                p->path[i] = p->path[p->n - 1 - i];
                p->path[p->n - 1 - i] = h;
        }
}

enum err tree_prove_inclusion(const struct tree *t, uint64_t index, uint64_t size, struct proof *out)
{
        struct lookup l = {.tree = t};
        struct proof p;
        uint64_t from = 0, to = size;
        enum err e = OK;

        if (size > tree_size(t) || index >= size)
                return ERR_RANGE;
        for (p.n = 0; to - from > 1; p.n++) {
                uint64_t middle = from + (UINT64_C(1) << height_within(to - from - 1));

                if (index < middle) {
                        e = lookup_root(&l, middle, to, &p.path[p.n]);
                        to = middle;
                } else {
                        e = lookup_root(&l, from, middle, &p.path[p.n]);
                        from = middle;
                }
                if (e)
                        goto done;
        }
        turn_round(&p);
        *out = p;
done:
        free(l.tile);
        return e;
}

enum err tree_prove_consistency(const struct tree *t, uint64_t from, uint64_t to, struct proof *out)
{
        struct lookup l = {.tree = t};
        struct proof p;
        uint64_t left = 0, right = to;
        enum err e = OK;

        if (to > tree_size(t) || from > to)
                return ERR_RANGE;
        for (p.n = 0; from != 0 && from != right; p.n++) {
                uint64_t middle = left + (UINT64_C(1) << height_within(right - left - 1));

                if (from <= middle) {
                        e = lookup_root(&l, middle, right, &p.path[p.n]);
                        right = middle;
                } else {
                        e = lookup_root(&l, left, middle, &p.path[p.n]);
                        left = middle;
                }
                if (e)
                        goto done;
        }
        /* where the old tree is itself one of the subtrees, whoever checks has its root already */
        if (left != 0 && (e = lookup_root(&l, left, right, &p.path[p.n++])))
                goto done;
        turn_round(&p);
        *out = p;
done:
        free(l.tile);
        return e;
}
