#include "ledger/verify/verification.h"

#include <stdlib.h>

struct note_row {
        uint64_t size;
        struct hash root;
};

/* What the file says about the tree, met in order on the way along the entries. A row's own hash can be wrong in the leaf or in the
 * column beside it; which of the two, the next entry's `prev` tells, so each is held back until then. */
struct order {
        struct verification *v;
        struct tile_root *tiles;
        size_t tiles_n, tiles_size, tiles_met;
        struct note_row *notes;
        size_t notes_n, notes_size, notes_met;

        uint64_t next; /* seq expected */
        bool pending;
        struct hash computed, stored;
        bool pending_differs;
};

struct order *order_new(struct verification *v)
{
        struct order *o = calloc(1, sizeof *o);
        if (o != NULL)
                o->v = v;
        return o;
}

void order_free(struct order *o)
{
        if (o == NULL)
                return;
        free(o->tiles);
        free(o->notes);
        free(o);
}

static enum err grow(void **at, size_t n, size_t *size, size_t width)
{
        if (n < *size)
                return OK;
        size_t more = *size == 0 ? 256 : 2 * *size;
        void *fresh = realloc(*at, more * width);
        if (fresh == NULL)
                return ERR_NO_MEMORY;
        *at = fresh;
        *size = more;
        return OK;
}

static enum err take_tile(void *self, const struct tile_root *row)
{
        struct order *o = self;
        void *at = o->tiles;
        enum err e = grow(&at, o->tiles_n, &o->tiles_size, sizeof *o->tiles);
        if (e)
                return e;
        o->tiles = at;
        o->tiles[o->tiles_n++] = *row;
        return OK;
}

static enum err take_note(void *self, uint64_t size, struct bytes note)
{
        struct order *o = self;
        struct verification *v = o->v;
        struct checkpoint c;
        struct bytes text, signatures;
        void *at = o->notes;
        enum err e = grow(&at, o->notes_n, &o->notes_size, sizeof *o->notes);
        if (e)
                return e;
        o->notes = at;
        uint64_t named = size == 0 ? 0 : size - 1;
        if (note_split(note, &text, &signatures) || checkpoint_parse(text, &c) || c.size != size || c.extensions.n != 0) {
                verification_fault(v, named, CHECK_CHECKPOINT, "The checkpoint over %llu entries does not have the form of one.",
                                   (unsigned long long)size);
                return OK;
        }
        if (!v->log_known)
                return OK;
        if (!bytes_is(c.origin, v->log.name)) {
                verification_fault(v, named, CHECK_CHECKPOINT, "The checkpoint over %llu entries is of another origin.",
                                   (unsigned long long)size);
                return OK;
        }
        if (note_check(note, &v->log, NULL)) {
                verification_fault(v, named, CHECK_LOG_SIGNATURE,
                                   "The checkpoint over %llu entries does not carry the log key's signature.",
                                   (unsigned long long)size);
                return OK;
        }
        o->notes[o->notes_n++] = (struct note_row){.size = size, .root = c.root};
        return OK;
}

static int tile_order(const void *a, const void *b)
{
        const struct tile_root *x = a, *y = b;
        if (x->level != y->level)
                return x->level < y->level ? -1 : 1;
        return (x->index > y->index) - (x->index < y->index);
}

static int note_order(const void *a, const void *b)
{
        const struct note_row *x = a, *y = b;
        return (x->size > y->size) - (x->size < y->size);
}

enum err order_load(struct order *o, struct store *s)
{
        enum err e;
        if ((e = store_tile_roots(s, take_tile, o)) || (e = store_checkpoints(s, take_note, o)))
                return e;
        if (o->tiles_n > 0)
                qsort(o->tiles, o->tiles_n, sizeof *o->tiles, tile_order);
        if (o->notes_n > 0)
                qsort(o->notes, o->notes_n, sizeof *o->notes, note_order);
        return OK;
}

/* --- the tree --- */

static uint64_t width_of(unsigned level)
{
        uint64_t width = 1;
        for (unsigned i = 0; i < level; i++)
                width *= TREE_TILE;
        return width;
}

static void meet_tile(struct order *o, const struct tile_root *made)
{
        uint64_t from = made->index * width_of(made->level), to = from + width_of(made->level) - 1;
        const struct tile_root *kept =
            o->tiles_n == 0 ? NULL : bsearch(made, o->tiles, o->tiles_n, sizeof *o->tiles, tile_order);
        o->tiles_met += kept != NULL;
        if (kept == NULL)
                verification_fault(o->v, from, CHECK_TREE, "The root kept for entries %llu to %llu is missing.",
                                   (unsigned long long)from, (unsigned long long)to);
        else if (!hash_equal(&kept->hash, &made->hash))
                verification_fault(o->v, from, CHECK_TREE, "The root kept for entries %llu to %llu is not theirs.",
                                   (unsigned long long)from, (unsigned long long)to);
}

static enum err meet_notes(struct order *o)
{
        struct hash root;
        uint64_t size = tree_size(o->v->tree);
        enum err e;
        for (; o->notes_met < o->notes_n && o->notes[o->notes_met].size <= size; o->notes_met++) {
                const struct note_row *row = &o->notes[o->notes_met];
                if (row->size < size)
                        continue; /* the entries up to it were not all there */
                if ((e = tree_root(o->v->tree, &root)))
                        return e;
                if (!hash_equal(&root, &row->root))
                        verification_fault(o->v, size - 1, CHECK_CHECKPOINT,
                                           "The entries up to %llu are not those that were signed in the checkpoint over %llu.",
                                           (unsigned long long)(size - 1), (unsigned long long)size);
        }
        return OK;
}

static enum err extend(struct order *o, const struct hash *leaf)
{
        struct tile_root made[TREE_LEVELS_MAX];
        enum err e = tree_append(o->v->tree, leaf);
        if (e)
                return e;
        size_t n = tree_completed(o->v->tree, made);
        for (size_t i = 0; i < n; i++)
                meet_tile(o, &made[i]);
        return meet_notes(o);
}

/* The held-back entry goes into the tree; `prev` of the next one says which of its two hashes is right. */
static enum err settle(struct order *o, const struct hash *prev)
{
        if (!o->pending)
                return OK;
        o->pending = false;
        const struct hash *right = o->pending_differs && prev != NULL && hash_equal(prev, &o->stored) ? &o->stored : &o->computed;
        return extend(o, right);
}

/* The last entry has no successor: the newest checkpoint decides, else the bytes. */
static enum err settle_last(struct order *o)
{
        struct hash root;
        enum err e;
        if (!o->pending || !o->pending_differs || o->notes_n == 0 || o->notes[o->notes_n - 1].size != o->next)
                return settle(o, NULL);
        if ((e = tree_mark(o->v->tree)) || (e = tree_append(o->v->tree, &o->stored)) || (e = tree_root(o->v->tree, &root)) ||
            (e = tree_rewind(o->v->tree)))
                return e;
        bool stored_is_right = hash_equal(&root, &o->notes[o->notes_n - 1].root);
        return settle(o, stored_is_right ? &o->stored : NULL);
}

static void check_chain(struct order *o, const struct entry_work *w)
{
        struct verification *v = o->v;
        if (w->seq == 0) {
                if (!hash_is_zero(&w->leaf.prev))
                        verification_fault(v, 0, CHECK_CHAIN, "The first entry names one before it.");
                return;
        }
        if (o->pending && !hash_equal(&w->leaf.prev, &o->computed) && !hash_equal(&w->leaf.prev, &o->stored))
                verification_fault(v, w->seq, CHECK_CHAIN, "It does not name the hash of the entry before it.");
}

enum err order_entry(struct order *o, const struct entry_work *w)
{
        struct verification *v = o->v;
        enum err e;
        if (w->seq != o->next) {
                if ((e = settle(o, NULL)))
                        return e;
                verification_fault(v, o->next, CHECK_MISSING, "Entries %llu to %llu are missing.", (unsigned long long)o->next,
                                   (unsigned long long)(w->seq - 1));
                v->damaged = true;
        }
        bool readable = !w->leaf_error;
        if (!readable || w->leaf.seq != w->seq)
                verification_fault(v, w->seq, CHECK_LEAF, readable ? "It carries another number than its own."
                                                                   : "It does not have the form of a leaf.");
        if (!w->stored_ok || !hash_equal(&w->stored, &w->computed))
                verification_fault(v, w->seq, CHECK_HASH, "The hash kept beside it is not that of its bytes: one of them was changed.");
        if (readable)
                check_chain(o, w);
        if ((e = settle(o, readable ? &w->leaf.prev : NULL)))
                return e;
        if (readable) {
                if (w->seq > 0 && w->leaf.at_us <= v->last_at_us)
                        verification_fault(v, w->seq, CHECK_TIME, "Its time is not after that of the entry before it.");
                if (w->leaf.at_us > v->last_at_us)
                        v->last_at_us = w->leaf.at_us;
        }
        o->pending = true;
        o->computed = w->computed;
        o->stored = w->stored;
        o->pending_differs = w->stored_ok && !hash_equal(&w->stored, &w->computed);
        o->next = w->seq + 1;
        return OK;
}

enum err order_end(struct order *o)
{
        struct verification *v = o->v;
        enum err e;
        if ((e = settle_last(o)))
                return e;
        v->size = o->next;
        uint64_t newest = o->notes_n == 0 ? 0 : o->notes[o->notes_n - 1].size;
        if (tree_size(v->tree) == o->next && o->next > 0) {
                if ((e = tree_root(v->tree, &v->root)))
                        return e;
                v->has_root = true;
        }
        if (newest > o->next)
                verification_fault(v, o->next, CHECK_MISSING, "Entries %llu to %llu were signed for and are missing at the end.",
                                   (unsigned long long)o->next, (unsigned long long)(newest - 1));
        else if (newest < o->next && o->next > 0)
                verification_cannot_tell(v, newest, CHECK_COVERAGE, "No checkpoint in the file covers entries %llu to %llu.",
                                         (unsigned long long)newest, (unsigned long long)(o->next - 1));
        if (o->tiles_met < o->tiles_n)
                verification_fault(v, SEQ_NONE, CHECK_TREE, "%zu roots are kept for tiles that these entries do not have.",
                                   o->tiles_n - o->tiles_met);
        return OK;
}
