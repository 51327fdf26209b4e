#include "ledger/tree/tree.h"

void frontier_init(struct frontier *f)
{
        *f = (struct frontier){0};
}

enum err frontier_append(struct frontier *f, const struct hash *leaf_hash)
{
        struct hash at = *leaf_hash;
        size_t n = f->n;
        enum err e;

        if (f->size >= TREE_SIZE_MAX)
                return ERR_RANGE;
        for (uint64_t rest = f->size; rest & 1; rest >>= 1)
                if ((e = tree_node_hash(&f->node[--n], &at, &at)))
                        return e;
        f->node[n] = at;
        f->n = n + 1;
        f->size++;
        return OK;
}

enum err frontier_root(const struct frontier *f, struct hash *out)
{
        struct hash at;
        enum err e;

        if (f->n == 0)
                return tree_empty_root(out);
        at = f->node[f->n - 1];
        for (size_t i = f->n - 1; i-- > 0;)
                if ((e = tree_node_hash(&f->node[i], &at, &at)))
                        return e;
        *out = at;
        return OK;
}

void frontier_put(struct buf *out, const struct frontier *f)
{
        buf_put_u64(out, f->size);
        for (size_t i = 0; i < f->n; i++)
                buf_put(out, hash_bytes(&f->node[i]));
}

enum err frontier_take(struct bytes *in, struct frontier *out)
{
        struct bytes at = *in;
        struct frontier f;
        enum err e;

        frontier_init(&f);
        if ((e = bytes_take_u64(&at, &f.size)))
                return e;
        if (f.size > TREE_SIZE_MAX)
                return ERR_FORM;
        for (uint64_t rest = f.size; rest; rest &= rest - 1)
                if ((e = bytes_take_copy(&at, HASH_LEN, f.node[f.n++].b)))
                        return e;
        *in = at;
        *out = f;
        return OK;
}
