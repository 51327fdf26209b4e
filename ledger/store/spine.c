/* Entries, tile roots, annexes. */
#include <stdlib.h>

#include "ledger/store/inside.h"

/* A hash of another length can only come from a damaged file: it is read as zeros, and fits nothing. */
static void take_hash(const struct ask *a, int column, struct hash *out)
{
        struct bytes b = ask_bytes(a, column);
        *out = (struct hash){0};
        if (b.n == HASH_LEN)
                memcpy(out->b, b.at, HASH_LEN);
}

enum err store_size(struct store *s, uint64_t *out)
{
        struct ask a = inside_ask(s, ASK_LAST_SEQ);
        bool there = false;
        enum err e = ask_row(&a, &there);
        if (!e) {
                bool none = !there || ask_is_null(&a, 0) || ask_int(&a, 0) < 0;
                *out = none ? 0 : (uint64_t)ask_int(&a, 0) + 1;
        }
        ask_close(&a);
        return e;
}

struct store_scan {
        sqlite3_stmt *at; /* its own: several scans may be under way */
        struct ask ask;
};

enum err store_scan_new(struct store *s, uint64_t from, uint64_t to, struct store_scan **out)
{
        static const char sql[] =
            "SELECT seq, leaf, hash FROM entry NOT INDEXED WHERE seq >= ?1 AND seq < ?2 ORDER BY seq";
        struct store_scan *scan = calloc(1, sizeof *scan);
        if (scan == NULL)
                return ERR_NO_MEMORY;
        scan->ask = ask_open_text(s->db, &scan->at, sql);
        ask_put_upto(&scan->ask, from);
        ask_put_upto(&scan->ask, to);
        if (scan->ask.failed) {
                enum err e = scan->ask.failed;
                store_scan_free(scan);
                return e;
        }
        *out = scan;
        return OK;
}

enum err store_scan_next(struct store_scan *scan, struct store_row *out, bool *out_done)
{
        bool there = false;
        enum err e = ask_row(&scan->ask, &there);
        if (e)
                return e;
        if (there)
                *out = (struct store_row){.seq = (uint64_t)ask_int(&scan->ask, 0),
                                          .leaf = ask_bytes(&scan->ask, 1),
                                          .hash = ask_bytes(&scan->ask, 2)};
        *out_done = !there;
        return OK;
}

void store_scan_free(struct store_scan *scan)
{
        if (scan == NULL)
                return;
        ask_close(&scan->ask);
        (void)sqlite3_finalize(scan->at);
        free(scan);
}

/* The first column of the first row, appended; closes a. */
static enum err take_blob(struct ask *a, struct buf *out)
{
        bool there = false;
        enum err e = ask_row(a, &there);
        if (!e && !there)
                e = ERR_ABSENT;
        if (!e) {
                buf_put(out, ask_bytes(a, 0));
                e = buf_check(out);
        }
        ask_close(a);
        return e;
}

enum err store_leaf(struct store *s, uint64_t seq, struct buf *out)
{
        struct ask a = inside_ask(s, ASK_LEAF);
        if (seq > INT64_MAX) {
                ask_close(&a);
                return ERR_ABSENT;
        }
        ask_put_u64(&a, seq);
        return take_blob(&a, out);
}

static enum err read_tile(void *self, unsigned level, uint64_t index, size_t count, struct hash *out)
{
        struct ask a = inside_ask(self, level == 0 ? ASK_LEAF_HASHES : ASK_TILE_HASHES);
        bool there = true;
        size_t n = 0;
        enum err e = OK;
        ask_put_upto(&a, index);
        ask_put_upto(&a, index + count);
        if (level != 0)
                ask_put_int(&a, level);
        while (n < count && !(e = ask_row(&a, &there)) && there) {
                if ((uint64_t)ask_int(&a, 0) != index + n)
                        break;
                take_hash(&a, 1, &out[n++]);
        }
        ask_close(&a);
        return e ? e : n == count ? OK : ERR_ABSENT;
}

struct tree_source store_tree_source(struct store *s)
{
        return (struct tree_source){.read = read_tile, .self = s};
}

enum err store_tile_roots(struct store *s, enum err (*each)(void *self, const struct tile_root *row),
                          void *self)
{
        struct ask a = inside_ask(s, ASK_TILE_ROOTS);
        bool there = false;
        enum err e = OK;
        while (!e && !(e = ask_row(&a, &there)) && there) {
                int64_t level = ask_int(&a, 0);
                struct tile_root row = {.level =
                                            level < 0 || level > UINT16_MAX ? UINT16_MAX : (unsigned)level,
                                        .index = (uint64_t)ask_int(&a, 1)};
                take_hash(&a, 2, &row.hash);
                e = each(self, &row);
        }
        ask_close(&a);
        return e;
}

enum err store_annex(struct store *s, const struct hash *hash, struct buf *out)
{
        struct ask a = inside_ask(s, ASK_ANNEX);
        ask_put_bytes(&a, hash_bytes(hash));
        return take_blob(&a, out);
}

enum err store_annexes(struct store *s,
                       enum err (*each)(void *self, const struct hash *hash, struct bytes text), void *self)
{
        struct ask a = inside_ask(s, ASK_ANNEXES);
        bool there = false;
        enum err e = OK;
        while (!e && !(e = ask_row(&a, &there)) && there) {
                struct hash hash;
                take_hash(&a, 0, &hash);
                e = each(self, &hash, ask_bytes(&a, 1));
        }
        ask_close(&a);
        return e;
}

static enum err put_row(struct store *s, uint64_t seq, struct bytes leaf, const struct hash *hash)
{
        struct ask a = inside_ask(s, ASK_PUT_ENTRY);
        enum err e;
        ask_put_u64(&a, seq);
        ask_put_bytes(&a, leaf);
        ask_put_bytes(&a, hash_bytes(hash));
        e = ask_run(&a);
        ask_close(&a);
        return e;
}

enum err store_put_entry(struct store *s, const struct store_entry *entry)
{
        enum err e;
        if ((e = inside_check_batch(s)))
                return e;
        if (!s->content)
                return ERR_BUG;
        if (entry->leaf.n > LEAF_MAX)
                return ERR_TOO_LONG;
        if ((e = put_row(s, entry->item.seq, entry->leaf, &entry->hash)) || (e = inside_put_sealed(s, entry)))
                return e;
        return inside_put_found(s, entry);
}

enum err store_put_spine_row(struct store *s, uint64_t seq, struct bytes leaf, const struct hash *hash)
{
        enum err e;
        if ((e = inside_check_batch(s)))
                return e;
        /* The live ledger takes entries whole. */
        return s->content ? ERR_BUG : put_row(s, seq, leaf, hash);
}

enum err store_put_tile_root(struct store *s, const struct tile_root *row)
{
        enum err e;
        if ((e = inside_check_batch(s)))
                return e;
        struct ask a = inside_ask(s, ASK_PUT_TILE_ROOT);
        ask_put_int(&a, row->level);
        ask_put_u64(&a, row->index);
        ask_put_bytes(&a, hash_bytes(&row->hash));
        e = ask_run(&a);
        ask_close(&a);
        return e;
}

enum err store_put_annex(struct store *s, const struct hash *hash, struct bytes text)
{
        enum err e;
        bool there = false;
        if ((e = inside_check_batch(s)))
                return e;
        if (text.n > ANNEX_MAX)
                return ERR_TOO_LONG;
        struct ask known = inside_ask(s, ASK_ANNEX);
        ask_put_bytes(&known, hash_bytes(hash));
        e = ask_row(&known, &there);
        ask_close(&known);
        if (e || there)
                return e;
        struct ask a = inside_ask(s, ASK_PUT_ANNEX);
        ask_put_bytes(&a, hash_bytes(hash));
        ask_put_bytes(&a, text);
        e = ask_run(&a);
        ask_close(&a);
        return e;
}
