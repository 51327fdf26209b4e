#include "ledger/verify/verification.h"

#include <stdlib.h>

struct correction {
        uint64_t seq;
        struct hash right;
};
struct roots {
        struct hash *at;
        size_t n, size;
};
struct hashes {
        struct store *store;
        struct roots level[TREE_LEVELS_MAX]; /* [0] stays empty: the file has the leaf hashes */
        struct correction *corrections;
        size_t corrections_n, corrections_size;
};

struct hashes *hashes_new(void)
{
        return calloc(1, sizeof(struct hashes));
}

void hashes_free(struct hashes *h)
{
        if (h == NULL)
                return;
        for (size_t i = 0; i < TREE_LEVELS_MAX; i++)
                free(h->level[i].at);
        free(h->corrections);
        free(h);
}

void hashes_from(struct hashes *h, struct store *s)
{
        h->store = s;
}

enum err hashes_tile(struct hashes *h, const struct tile_root *made)
{
        struct roots *roots = &h->level[made->level];
        if (made->index != roots->n)
                return ERR_BUG;
        if (roots->n == roots->size) {
                size_t size = roots->size == 0 ? TREE_TILE : 2 * roots->size;
                struct hash *at = realloc(roots->at, size * sizeof *at);
                if (at == NULL)
                        return ERR_NO_MEMORY;
                roots->at = at;
                roots->size = size;
        }
        roots->at[roots->n++] = made->hash;
        return OK;
}

enum err hashes_correct(struct hashes *h, uint64_t seq, const struct hash *right)
{
        if (h->corrections_n == h->corrections_size) {
                size_t size = h->corrections_size == 0 ? 64 : 2 * h->corrections_size;
                struct correction *at = realloc(h->corrections, size * sizeof *at);
                if (at == NULL)
                        return ERR_NO_MEMORY;
                h->corrections = at;
                h->corrections_size = size;
        }
        h->corrections[h->corrections_n++] = (struct correction){.seq = seq, .right = *right};
        return OK;
}

/* The first correction at or after that seq. */
static size_t first_from(const struct hashes *h, uint64_t seq)
{
        size_t low = 0, high = h->corrections_n;
        while (low < high) {
                size_t middle = low + (high - low) / 2;
                if (h->corrections[middle].seq < seq)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

static enum err read_leaves(const struct hashes *h, uint64_t index, size_t count, struct hash *out)
{
        struct tree_source file = store_tree_source(h->store);
        size_t next = first_from(h, index);
        enum err e;
        for (size_t i = 0; i < count;) {
                bool more = next < h->corrections_n && h->corrections[next].seq < index + count;
                size_t run = more ? (size_t)(h->corrections[next].seq - index) - i : count - i;
                if (run > 0 && (e = file.read(file.self, 0, index + i, run, out + i)))
                        return e;
                i += run;
                if (more)
                        out[i++] = h->corrections[next++].right;
        }
        return OK;
}

static enum err read_hashes(void *self, unsigned level, uint64_t index, size_t count, struct hash *out)
{
        const struct hashes *h = self;
        if (level == 0)
                return h->store == NULL ? ERR_ABSENT : read_leaves(h, index, count, out);
        if (level >= TREE_LEVELS_MAX || index > h->level[level].n || count > h->level[level].n - index)
                return ERR_ABSENT;
        memcpy(out, h->level[level].at + index, count * sizeof *out);
        return OK;
}

struct tree_source hashes_source(struct hashes *h)
{
        return (struct tree_source){.read = read_hashes, .self = h};
}
