#include "ledger/verify/verification.h"

#include <stdio.h>
#include <stdlib.h>

struct note_row {
        uint64_t size;
        struct hash root;
};

/* An entry that is not in the tree yet: what the ones after it say decides which hash is right. */
struct held {
        bool there;
        uint64_t seq;
        struct hash computed, stored;
        bool stored_ok, readable;
        struct hash prev; /* readable only, as the next */
        int64_t at_us;
};

/* What the file says about the tree, met in order on the way along the entries. Where an entry and the one
 * after it disagree, one more is waited for: if that one names the later of the two, the earlier was changed,
 * else the later. So the entry that was changed is named, and the tree goes on with the hash it had. */
struct order {
        struct verification *v;
        struct tile_root *tiles;
        size_t tiles_n, tiles_size, tiles_met;
        struct note_row *notes;
        size_t notes_n, notes_size, notes_met, notes_fit; /* below notes_fit: they fitted or are reported */

        uint64_t next;            /* seq expected */
        uint64_t good;            /* size of the last checkpoint that fitted */
        bool tree_ends;           /* hashes are missing: it cannot be continued */
        struct held before, last; /* `before` is there while it and `last` disagree */
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

/* --- what the file says --- */

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
        o->tiles = at;
        if (!e)
                o->tiles[o->tiles_n++] = *row;
        return e;
}

static enum err take_note(void *self, uint64_t size, struct bytes note)
{
        struct order *o = self;
        struct verification *v = o->v;
        struct checkpoint c;
        struct bytes text, signatures;
        void *at = o->notes;
        uint64_t named = size == 0 ? 0 : size - 1;
        unsigned long long over = size;
        enum err e = grow(&at, o->notes_n, &o->notes_size, sizeof *o->notes);
        o->notes = at;
        if (e || v->other_log)
                return e;
        if (note_split(note, &text, &signatures) || checkpoint_parse(text, &c))
                verification_fault(v, named, CHECK_CHECKPOINT,
                                   "What is kept over %llu entries is no checkpoint.", over);
        else if (c.size != size)
                verification_fault(v, named, CHECK_CHECKPOINT,
                                   "The checkpoint kept over %llu entries is one over %llu.", over,
                                   (unsigned long long)c.size);
        else if (c.extensions.n != 0)
                verification_fault(v, named, CHECK_CHECKPOINT,
                                   "The checkpoint over %llu entries has lines that this ledger never signs.",
                                   over);
        else if (!v->log_known)
                return OK;
        else if (!bytes_is(c.origin, v->log.name))
                verification_fault(v, named, CHECK_CHECKPOINT,
                                   "The checkpoint over %llu entries is of another origin.", over);
        else if (note_check(note, &v->log, NULL))
                verification_fault(v, named, CHECK_LOG_SIGNATURE,
                                   "The checkpoint over %llu entries does not carry the log key's signature.",
                                   over);
        else
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

static enum err meet_tile(struct order *o, const struct tile_root *made)
{
        uint64_t from = made->index * width_of(made->level), to = from + width_of(made->level) - 1;
        const struct tile_root *kept =
            o->tiles_n == 0 ? NULL : bsearch(made, o->tiles, o->tiles_n, sizeof *o->tiles, tile_order);
        o->tiles_met += kept != NULL;
        if (kept == NULL)
                verification_fault(o->v, from, CHECK_TREE,
                                   "The root kept for entries %llu to %llu is missing.",
                                   (unsigned long long)from, (unsigned long long)to);
        else if (!hash_equal(&kept->hash, &made->hash))
                verification_fault(o->v, from, CHECK_TREE,
                                   "The root kept for entries %llu to %llu is not theirs.",
                                   (unsigned long long)from, (unsigned long long)to);
        return hashes_tile(o->v->hashes, made);
}

/* A checkpoint fits: those between it and the last one that did contradict it. */
static void notes_agree(struct order *o, uint64_t size)
{
        for (; o->notes_fit < o->notes_met; o->notes_fit++) {
                uint64_t odd = o->notes[o->notes_fit].size;
                verification_fault(
                    o->v, odd - 1, CHECK_CHECKPOINT,
                    "The checkpoint over %llu entries was signed over others than the one over %llu, which "
                    "fits the file.",
                    (unsigned long long)odd, (unsigned long long)size);
        }
        o->good = size;
        if (o->v->suspect < size)
                o->v->suspect = SEQ_NONE;
}

/* None after it fits: the smallest range of entries in which something was changed. */
static void notes_disagree(struct order *o)
{
        size_t n = o->notes_met - o->notes_fit;
        if (n == 0)
                return;
        uint64_t first = o->notes[o->notes_fit].size;
        char more[64] = "";
        if (n > 1)
                (void)snprintf(more, sizeof more, ", nor with %zu later ones", n - 1);
        verification_fault(
            o->v, o->v->suspect != SEQ_NONE && o->v->suspect < first ? o->v->suspect : o->good,
            CHECK_CHECKPOINT, "Entries %llu to %llu do not agree with the signed checkpoint over %llu%s.",
            (unsigned long long)o->good, (unsigned long long)(first - 1), (unsigned long long)first, more);
}

static enum err meet_notes(struct order *o)
{
        struct hash root;
        uint64_t size = tree_size(o->v->tree);
        enum err e;
        while (o->notes_met < o->notes_n && o->notes[o->notes_met].size < size)
                o->notes_fit = ++o->notes_met; /* of size 0 only: it holds no root but the empty one */
        if (o->notes_met == o->notes_n || o->notes[o->notes_met].size != size)
                return OK;
        if ((e = tree_root(o->v->tree, &root)))
                return e;
        bool fits = hash_equal(&root, &o->notes[o->notes_met].root);
        if (fits) {
                notes_agree(o, size);
                o->notes_fit = o->notes_met + 1;
        }
        o->notes_met++;
        return OK;
}

/* Puts the next leaf hash into the tree; `column` is what the file has beside it, NULL for nothing. */
static enum err extend(struct order *o, const struct hash *right, const struct hash *column)
{
        struct tile_root made[TREE_LEVELS_MAX];
        enum err e;
        if (o->tree_ends)
                return OK;
        if ((column == NULL || !hash_equal(column, right)) &&
            (e = hashes_correct(o->v->hashes, tree_size(o->v->tree), right)))
                return e;
        if ((e = tree_append(o->v->tree, right)))
                return e;
        size_t n = tree_completed(o->v->tree, made);
        for (size_t i = 0; i < n; i++)
                if ((e = meet_tile(o, &made[i])))
                        return e;
        return meet_notes(o);
}

static enum err put(struct order *o, struct held *h, const struct hash *right)
{
        h->there = false;
        return extend(o, right, h->stored_ok ? &h->stored : NULL);
}

/* The root if these hashes came next. */
static enum err root_with(struct order *o, size_t n, const struct hash *const next[], struct hash *out)
{
        struct tree *t = o->v->tree;
        enum err e = tree_mark(t), back;
        for (size_t i = 0; i < n && !e; i++)
                e = tree_append(t, next[i]);
        if (!e)
                e = tree_root(t, out);
        back = tree_rewind(t);
        return e ? e : back;
}

/* Whether there is a checkpoint of the size that these hashes make, and whether it is over them. */
static enum err note_holds(struct order *o, size_t n, const struct hash *const next[], bool *out,
                           bool *out_there)
{
        const struct note_row wanted = {.size = tree_size(o->v->tree) + n};
        const struct note_row *row =
            o->notes_n == 0 ? NULL : bsearch(&wanted, o->notes, o->notes_n, sizeof wanted, note_order);
        struct hash root;
        enum err e;
        *out = false;
        *out_there = row != NULL && !o->tree_ends;
        if (!*out_there)
                return OK;
        if ((e = root_with(o, n, next, &root)))
                return e;
        *out = hash_equal(&root, &row->root);
        return OK;
}

/* --- the chain --- */

/* Both its neighbours name another, or a checkpoint does. */
static void changed(struct order *o, uint64_t seq)
{
        verification_fault(
            o->v, seq, CHECK_CHAIN,
            "It is not the entry that its neighbours name: it was changed together with its hash.");
        verification_suspect(o->v, seq);
}

/* The one after it, which others vouch for, names another. */
static void disowned(struct order *o, uint64_t seq)
{
        verification_fault(
            o->v, seq, CHECK_CHAIN,
            "The entry after it names another hash: it was changed together with the hash beside it.");
        verification_suspect(o->v, seq);
}

static bool names(const struct hash *prev, const struct held *h)
{
        return hash_equal(prev, &h->computed) || (h->stored_ok && hash_equal(prev, &h->stored));
}

static void check_time(struct order *o, const struct held *last, const struct held *next)
{
        bool sure =
            last->readable && next->readable && last->stored_ok && hash_equal(&last->stored, &last->computed);
        if (sure && next->at_us <= last->at_us)
                verification_fault(o->v, next->seq, CHECK_TIME,
                                   "Its time is not after that of the entry before it.");
}

/* The two that are held disagree; the next entry says which of them was changed, and what the other's hash
 * is. */
static enum err decide(struct order *o, const struct held *next, bool linked)
{
        struct held *a = &o->before, *b = &o->last;
        bool bytes_changed = linked && next->readable && !hash_equal(&next->prev, &b->computed);
        enum err e;
        if (!linked) {
                changed(o, b->seq);
                if ((e = put(o, a, &a->computed)))
                        return e;
                return put(o, b, &next->prev);
        }
        if (bytes_changed) /* the later one's, its hash still fits: what its bytes say of the earlier counts
                              for nothing */
                return put(o, a, &a->computed);
        disowned(o, a->seq);
        return put(o, a, &b->prev);
}

/* The next entry comes to those that are held. */
static enum err join(struct order *o, const struct held *next)
{
        bool linked = !next->readable || names(&next->prev, &o->last);
        enum err e;
        if (o->before.there && (e = decide(o, next, linked)))
                return e;
        if (o->last.there && !linked) {
                o->v->damaged = true; /* which of them, the one after will say */
                o->before = o->last;
        } else if (o->last.there) {
                check_time(o, &o->last, next);
                if ((e = put(o, &o->last, next->readable ? &next->prev : &o->last.computed)))
                        return e;
        }
        o->last = *next;
        return OK;
}

/* Which of the last two, who disagree, was changed: the checkpoints over them decide, else the earlier. */
static enum err later_changed(struct order *o, bool *out)
{
        const struct held *a = &o->before, *b = &o->last;
        const struct hash *const one[] = {&a->computed}, *const both[] = {&a->computed, &b->computed};
        const struct hash *const named[] = {&b->prev, &b->computed};
        bool is_one, is_both, is_named, there;
        enum err e;
        if ((e = note_holds(o, 1, one, &is_one, &there)) || (e = note_holds(o, 2, both, &is_both, &there)) ||
            (e = note_holds(o, 2, named, &is_named, &there)))
                return e;
        *out = is_one || is_both || (there && !is_named);
        return OK;
}

/* Nobody comes after the last ones: the checkpoint over them decides, else what is likelier. */
static enum err settle(struct order *o)
{
        struct held *a = &o->before, *b = &o->last;
        const struct hash *const stored[] = {&a->computed, &b->stored};
        const size_t from = a->there ? 0 : 1;
        bool later = false, holds = false, there;
        enum err e;
        if (!b->there)
                return OK;
        if (b->stored_ok && !hash_equal(&b->stored, &b->computed) &&
            (e = note_holds(o, 2 - from, stored + from, &holds, &there)))
                return e;
        if (holds) /* only the last one's bytes were changed */
                return a->there && (e = put(o, a, &a->computed)) ? e : put(o, b, &b->stored);
        if (a->there) {
                if ((e = later_changed(o, &later)))
                        return e;
                (later ? changed : disowned)(o, later ? b->seq : a->seq);
                if ((e = put(o, a, later ? &a->computed : &b->prev)))
                        return e;
        }
        return put(o, b, &b->computed);
}

/* One entry that is missing is still known by its hash, which the next one names; more than one end the tree.
 */
static enum err bridge(struct order *o, const struct held *next)
{
        uint64_t n = next->seq - o->next;
        enum err e;
        if ((e = settle(o)))
                return e;
        if (n == 1)
                verification_fault(o->v, o->next, CHECK_MISSING, "Entry %llu is missing.",
                                   (unsigned long long)o->next);
        else
                verification_fault(o->v, o->next, CHECK_MISSING, "Entries %llu to %llu are missing.",
                                   (unsigned long long)o->next, (unsigned long long)(next->seq - 1));
        verification_suspect(o->v, o->next);
        o->v->lost += n;
        if (n == 1 && next->readable)
                return extend(o, &next->prev, NULL);
        o->tree_ends = true;
        return OK;
}

enum err order_entry(struct order *o, const struct entry_work *w)
{
        struct verification *v = o->v;
        struct held next = {.there = true,
                            .seq = w->seq,
                            .computed = w->computed,
                            .stored = w->stored,
                            .stored_ok = w->stored_ok,
                            .readable = !w->leaf_error};
        enum err e;
        if (next.readable) {
                next.prev = w->leaf.prev;
                next.at_us = w->leaf.at_us;
        }
        if (w->seq != o->next && (e = bridge(o, &next)))
                return e;
        if (w->leaf_error)
                verification_fault(v, w->seq, CHECK_LEAF, "It does not have the form of a leaf.");
        else if (w->leaf.seq != w->seq)
                verification_fault(v, w->seq, CHECK_LEAF, "It carries the number %llu.",
                                   (unsigned long long)w->leaf.seq);
        if (w->leaf_error || w->leaf.seq != w->seq)
                verification_suspect(v, w->seq);
        if (!entry_intact(w)) {
                verification_fault(
                    v, w->seq, CHECK_HASH,
                    "The hash kept beside it is not that of its bytes: one of them was changed.");
                verification_suspect(v, w->seq);
        }
        if (w->seq == 0 && next.readable && !hash_is_zero(&next.prev))
                verification_fault(v, 0, CHECK_CHAIN, "The first entry names one before it.");
        o->next = w->seq + 1;
        if (o->last.there)
                return join(o, &next);
        o->last = next;
        return OK;
}

static void check_end(struct order *o)
{
        struct verification *v = o->v;
        uint64_t newest = o->notes_n == 0 ? 0 : o->notes[o->notes_n - 1].size;
        notes_disagree(o);
        if (newest > o->next)
                verification_fault(v, o->next, CHECK_MISSING,
                                   "Entries %llu to %llu were signed for and are missing at the end.",
                                   (unsigned long long)o->next, (unsigned long long)(newest - 1));
        else if (newest < o->next && o->next > 0)
                verification_cannot_tell(v, newest, CHECK_COVERAGE,
                                         "No checkpoint in the file covers entries %llu to %llu.",
                                         (unsigned long long)newest, (unsigned long long)(o->next - 1));
        if (o->tree_ends)
                verification_cannot_tell(
                    v, tree_size(v->tree), CHECK_TREE,
                    "Entries are missing: roots and checkpoints from here on cannot be compared.");
        else if (o->tiles_met < o->tiles_n)
                verification_fault(v, SEQ_NONE, CHECK_TREE,
                                   "%zu roots are kept for tiles that these entries do not have.",
                                   o->tiles_n - o->tiles_met);
}

enum err order_end(struct order *o)
{
        struct verification *v = o->v;
        enum err e;
        if ((e = settle(o)))
                return e;
        v->size = o->next;
        if (tree_size(v->tree) == o->next && o->next > 0) {
                if ((e = tree_root(v->tree, &v->root)))
                        return e;
                v->has_root = true;
        }
        check_end(o);
        return OK;
}
