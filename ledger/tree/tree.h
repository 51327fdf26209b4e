/* tree: the RFC 6962 Merkle tree over the leaf hashes, as C2SP tlog-tiles cuts it: the hash at (level L,
 * index i) is the root of the leaves [i*256^L, (i+1)*256^L). The right edge (the last eight tiles of leaves,
 * so that a batch of 1,024 is within it, and the last two of each other level) is held in memory; everything
 * to the left of it is asked of a source. Memory: some 200 KiB, whatever the size. Pure but for the source.
 * One thread at a time. */
#ifndef LEDGER_TREE_TREE_H
#define LEDGER_TREE_TREE_H

#include "ledger/crypto/hash.h"

#define TREE_TILE       256                 /* hashes of a full tile */
#define TREE_LEVELS_MAX 8                   /* 256^8 leaves */
#define TREE_SIZE_MAX   (UINT64_C(1) << 62) /* leaves */
#define PROOF_MAX       64                  /* hashes of a proof */

/* Of 0x00 || leaf, of 0x01 || left || right, of nothing. OK or ERR_CRYPTO. */
enum err tree_leaf_hash(struct bytes leaf, struct hash *out);
enum err tree_node_hash(const struct hash *left, const struct hash *right, struct hash *out);
enum err tree_empty_root(struct hash *out);

/* Gives the `count` (1 to 256) hashes at `level` from `index` on; they lie in one tile, and were all put into
 * the tree before. ERR_ABSENT if it has none of these. */
struct tree_source {
        enum err (*read)(void *self, unsigned level, uint64_t index, size_t count, struct hash *out);
        void *self;
};

struct tree;
/* Empty; the source is used by proofs (and by a rewind of many leaves) only. */
enum err tree_new(struct tree_source source, struct tree **out);
void tree_free(struct tree *t);
/* A tree of `size` leaves whose hashes the source already has (daemon start): reads only the right edge.
 * ERR_RANGE above TREE_SIZE_MAX, and what the source returns. */
enum err tree_open(struct tree_source source, uint64_t size, struct tree **out);
uint64_t tree_size(const struct tree *t);
/* ERR_RANGE, ERR_CRYPTO: the tree is as before. */
enum err tree_append(struct tree *t, const struct hash *leaf_hash);
enum err tree_root(const struct tree *t, struct hash *out);
/* Roots of whole tiles that the last append completed: level 1 and up, lowest first; for the table tile_root.
 * At most TREE_LEVELS_MAX. */
struct tile_root {
        unsigned level;
        uint64_t index;
        struct hash hash;
};
size_t tree_completed(const struct tree *t, struct tile_root out[TREE_LEVELS_MAX]);
/* Takes back the leaves that were appended since tree_mark (one batch that did not commit), or since the tree
 * was made. Reads the source only if more than 1,792 were. */
enum err tree_mark(struct tree *t);
enum err tree_rewind(struct tree *t);

struct proof {
        size_t n;
        struct hash path[PROOF_MAX];
};
/* Inclusion of leaf `index` in the tree of the first `size` leaves (index < size <= tree_size, else
 * ERR_RANGE). At the present size nothing is asked of the source for the last 256 leaves, nor for the last
 * 1,792 as far as they were appended since the tree was made or opened; a rewind shortens this by the leaves
 * taken back. */
enum err tree_prove_inclusion(const struct tree *t, uint64_t index, uint64_t size, struct proof *out);
enum err tree_prove_consistency(const struct tree *t, uint64_t from, uint64_t to, struct proof *out);
/* Root of the first `size` leaves. */
enum err tree_root_at(const struct tree *t, uint64_t size, struct hash *out);

/* OK, ERR_INCLUSION, ERR_CONSISTENCY. RFC 9162 sections 2.1.3.2 and 2.1.4.2; an old size of 0 takes an empty
 * proof, and from_root is not looked at. */
enum err proof_check_inclusion(const struct proof *p, uint64_t index, uint64_t size, const struct hash *leaf,
                               const struct hash *root);
enum err proof_check_consistency(const struct proof *p, uint64_t from, const struct hash *from_root,
                                 uint64_t to, const struct hash *to_root);

/* The frontier: the perfect subtrees of a tree, largest first. Enough to extend it and to know its root; what
 * the keeper holds. n = number of one bits of size. */
struct frontier {
        uint64_t size;
        size_t n;
        struct hash node[64];
};
void frontier_init(struct frontier *f);
enum err frontier_append(struct frontier *f, const struct hash *leaf_hash);
enum err frontier_root(const struct frontier *f, struct hash *out);
enum err tree_frontier_at(const struct tree *t, uint64_t size, struct frontier *out);
void frontier_put(struct buf *out, const struct frontier *f);   /* u64 size, then the nodes */
enum err frontier_take(struct bytes *in, struct frontier *out); /* ERR_FORM */

/* C2SP tlog-tiles paths: "tile/0/x001/x234/067", "tile/entries/273.p/112" under the prefix. width 256: a full
 * tile. level -1 stands for entries. A width of 0 or above 256 or a level that is none fails the buf with
 * ERR_BUG. Parsing: ERR_FORM; each tile has one path. */
#define TILE_LEVEL_ENTRIES (-1)
void tile_path_put(struct buf *out, int level, uint64_t index, unsigned width);
enum err tile_path_parse(struct bytes path, int *out_level, uint64_t *out_index, unsigned *out_width);

#endif
