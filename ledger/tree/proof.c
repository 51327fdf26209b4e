#include "ledger/tree/tree.h"

/* Climbs from one leaf to the root of a tree: `at` is the node's index in its row, `last` that of the row's
 * last. */
struct climb {
        uint64_t at, last;
};

/* Whether the next hash of the proof stands to the left; goes up past the rows in which the node has no
 * sibling. */
static bool climb_left(struct climb *c)
{
        bool left = (c->at & 1) || c->at == c->last;

        if (left)
                while ((c->at & 1) == 0 && c->at != 0) {
                        c->at >>= 1;
                        c->last >>= 1;
                }
        c->at >>= 1;
        c->last >>= 1;
        return left;
}

enum err proof_check_inclusion(const struct proof *p, uint64_t index, uint64_t size, const struct hash *leaf,
                               const struct hash *root)
{
        struct climb c = {.at = index, .last = size - 1};
        struct hash at = *leaf;
        enum err e;

        if (index >= size)
                return ERR_INCLUSION;
        /* a size has 64 bits: the climb is over before the path's room is */
        for (size_t i = 0; i < p->n; i++) {
                if (c.last == 0)
                        return ERR_INCLUSION;
                if (climb_left(&c))
                        e = tree_node_hash(&p->path[i], &at, &at);
                else
                        e = tree_node_hash(&at, &p->path[i], &at);
                if (e)
                        return e;
        }
        return c.last == 0 && hash_equal(&at, root) ? OK : ERR_INCLUSION;
}

/* The same for 0 < from < to. */
static enum err check_longer(const struct proof *p, uint64_t from, const struct hash *from_root, uint64_t to,
                             const struct hash *to_root)
{
        struct climb c = {.at = from - 1, .last = to - 1};
        struct hash old, new;
        size_t i = 0;
        enum err e;

        /* a whole old tree is a node of the new one: its root stands for the first hash, which the proof
         * leaves out */
        if ((from & (from - 1)) == 0)
                old = *from_root;
        else if (p->n > 0)
                old = p->path[i++];
        else
                return ERR_CONSISTENCY;
        new = old;
        for (; c.at & 1; c.at >>= 1)
                c.last >>= 1;
        for (; i < p->n; i++) {
                if (c.last == 0)
                        return ERR_CONSISTENCY;
                if (climb_left(&c)) {
                        if ((e = tree_node_hash(&p->path[i], &old, &old)) ||
                            (e = tree_node_hash(&p->path[i], &new, &new)))
                                return e;
                } else if ((e = tree_node_hash(&new, &p->path[i], &new))) {
                        return e;
                }
        }
        return c.last == 0 && hash_equal(&old, from_root) && hash_equal(&new, to_root) ? OK : ERR_CONSISTENCY;
}

enum err proof_check_consistency(const struct proof *p, uint64_t from, const struct hash *from_root,
                                 uint64_t to, const struct hash *to_root)
{
        if (from > to || p->n > PROOF_MAX)
                return ERR_CONSISTENCY;
        if (from == 0)
                return p->n == 0 ? OK : ERR_CONSISTENCY;
        if (from == to)
                return p->n == 0 && hash_equal(from_root, to_root) ? OK : ERR_CONSISTENCY;
        return check_longer(p, from, from_root, to, to_root);
}
