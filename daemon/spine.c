#include "daemon/spine.h"

#include <stdlib.h>

#include "daemon/sight.h"
#include "ledger/base/b64.h"

#define TILE_MAX        (TREE_TILE * (LEAF_MAX + 2))
#define CHECKPOINTS_MAX 20000 /* of one answer */

static void finish(struct exchange *x, enum err e, struct buf *body, const char *media, bool immutable)
{
        struct reply reply = {.status = 200, .media = media, .immutable = immutable, .body = *body};
        if (!e)
                e = buf_check(body);
        if (e) {
                buf_clear(body);
                exchange_problem(x, e, "", "");
                return;
        }
        exchange_reply(x, &reply);
}

static uint64_t covered(struct ledger *l)
{
        (void)pthread_rwlock_rdlock(&l->lock);
        uint64_t size = l->size;
        (void)pthread_rwlock_unlock(&l->lock);
        return size;
}

/* The size and the signed note that belongs to it. */
static uint64_t newest(struct ledger *l, struct buf *out_note)
{
        (void)pthread_rwlock_rdlock(&l->lock);
        uint64_t size = l->size;
        buf_put(out_note, buf_bytes(&l->note));
        (void)pthread_rwlock_unlock(&l->lock);
        return size;
}

void spine_checkpoint(struct worker *w, struct exchange *x, const char *rest)
{
        struct buf note;
        (void)rest;
        buf_init(&note, NOTE_LEN_MAX);
        (void)newest(w->ledger, &note);
        finish(x, OK, &note, "text/plain; charset=utf-8", false);
}

/* A page of checkpoints: years of them are more than one answer holds. */
struct notes {
        struct buf *out;
        uint64_t from, limit, n;
        uint64_t next; /* size of the first that found no room; 0: all did */
};

static enum err put_note(void *self, uint64_t size, struct bytes note)
{
        struct notes *p = self;
        if (size < p->from || p->next != 0)
                return OK;
        if (p->n == p->limit || p->out->n + 2 * note.n > LISTENER_REPLY_MAX / 2) {
                p->next = size;
                return OK;
        }
        buf_put_text(p->out, p->n++ > 0 ? "," : "");
        json_put_string(p->out, note);
        return buf_check(p->out);
}

void spine_checkpoints(struct worker *w, struct exchange *x, const char *rest)
{
        struct buf out;
        struct notes p = {.out = &out, .limit = CHECKPOINTS_MAX};
        enum err e;
        (void)rest;
        (void)exchange_query_u64(x, "from", &p.from);
        if (exchange_query_u64(x, "limit", &p.limit) && (p.limit == 0 || p.limit > CHECKPOINTS_MAX))
                p.limit = CHECKPOINTS_MAX;
        buf_init(&out, LISTENER_REPLY_MAX);
        buf_put_text(&out, "{\"checkpoints\":[");
        e = store_checkpoints(w->store, put_note, &p);
        buf_put_text(&out, "]");
        if (p.next != 0)
                buf_put_format(&out, ",\"next\":\"%llu\"", (unsigned long long)p.next);
        buf_put_text(&out, "}\n");
        finish(x, e, &out, "application/json", false);
}

static enum err put_annex_hash(void *self, const struct hash *hash, struct bytes text)
{
        struct buf *out = self;
        (void)text;
        buf_put_text(out, out->n > 12 ? ",\"" : "\"");
        hash_put(out, hash);
        buf_put_text(out, "\"");
        return buf_check(out);
}

void spine_annexes(struct worker *w, struct exchange *x, const char *rest)
{
        struct buf out;
        enum err e;
        (void)rest;
        buf_init(&out, LISTENER_REPLY_MAX);
        buf_put_text(&out, "{\"annexes\":[");
        e = store_annexes(w->store, put_annex_hash, &out);
        buf_put_text(&out, "]}\n");
        finish(x, e, &out, "application/json", false);
}

void spine_annex(struct worker *w, struct exchange *x, const char *rest)
{
        struct hash hash;
        struct buf out;
        enum err e;
        buf_init(&out, ANNEX_MAX + 1);
        e = hash_of_text(bytes_text(rest), &hash);
        if (!e)
                e = store_annex(w->store, &hash, &out);
        finish(x, e, &out, "application/octet-stream", true);
}

void spine_consistency(struct worker *w, struct exchange *x, const char *rest)
{
        struct ledger *l = w->ledger;
        struct tree *tree = NULL;
        struct proof *proof = calloc(1, sizeof *proof);
        struct buf out, note;
        uint64_t from = 0, size;
        enum err e;
        (void)rest;
        buf_init(&out, 65536);
        buf_init(&note, NOTE_LEN_MAX);
        if (proof == NULL) {
                e = ERR_NO_MEMORY;
                goto done;
        }
        if (!exchange_query_u64(x, "from", &from)) {
                e = ERR_FORM;
                goto done;
        }
        size = newest(l, &note);
        if (from > size) {
                e = ERR_RANGE;
                goto done;
        }
        if ((e = tree_open(store_tree_source(w->store), size, &tree)) ||
            (e = tree_prove_consistency(tree, from, size, proof)))
                goto done;
        buf_put_format(&out, "{\"from\":\"%llu\",\"path\":[", (unsigned long long)from);
        for (size_t i = 0; i < proof->n; i++) {
                buf_put_text(&out, i ? ",\"" : "\"");
                b64_put(&out, hash_bytes(&proof->path[i]));
                buf_put_text(&out, "\"");
        }
        buf_put_text(&out, "],\"checkpoint\":");
        json_put_string(&out, buf_bytes(&note));
        buf_put_text(&out, "}\n");
done:
        tree_free(tree);
        free(proof);
        buf_clear(&note);
        finish(x, e, &out, "application/json", false);
}

/* The first entry is everybody's, one's own is one's own; the others are the spine, which is not for every
 * role. */
static enum err check_receipt(struct worker *w, struct exchange *x, uint64_t seq)
{
        struct ledger *l = w->ledger;
        const struct hash *tls = exchange_tls_key(x);
        struct store_item item;
        uint32_t member = 0;
        enum err e = OK;
        bool whole;
        (void)pthread_rwlock_rdlock(&l->lock);
        const struct roster_key *k = tls == NULL ? NULL : roster_key_of_tls(l->roster, tls);
        if (k == NULL)
                e = ERR_REVOKED;
        else
                member = k->member;
        whole = !e && sight_spine(roster_member_at(l->roster, member)->roles);
        (void)pthread_rwlock_unlock(&l->lock);
        if (e || whole || seq == 0)
                return e;
        e = store_item(w->store, seq, &item);
        return e ? e : item.member == member ? OK : ERR_ROLE;
}

void spine_receipt(struct worker *w, struct exchange *x, const char *rest)
{
        struct tree *tree = NULL;
        struct proof *proof = calloc(1, sizeof *proof);
        struct buf out, note, leaf;
        struct bytes in = bytes_text(rest);
        uint64_t seq, size;
        enum err e;
        buf_init(&out, RECEIPT_LEN_MAX);
        buf_init(&note, NOTE_LEN_MAX);
        buf_init(&leaf, LEAF_MAX + 1);
        if (proof == NULL) {
                e = ERR_NO_MEMORY;
                goto done;
        }
        if ((e = bytes_take_decimal(&in, &seq)) || (e = bytes_at_end(in)))
                goto done;
        size = newest(w->ledger, &note);
        if (seq >= size) {
                e = ERR_RANGE;
                goto done;
        }
        if ((e = check_receipt(w, x, seq)) || (e = store_leaf(w->store, seq, &leaf)) ||
            (e = tree_open(store_tree_source(w->store), size, &tree)) ||
            (e = tree_prove_inclusion(tree, seq, size, proof)) ||
            (e = receipt_put(&out, buf_bytes(&leaf), seq, proof, buf_bytes(&note))))
                goto done;
done:
        tree_free(tree);
        free(proof);
        buf_clear(&note);
        buf_clear(&leaf);
        finish(x, e, &out, "text/plain; charset=utf-8", false);
}

static enum err put_bundle(struct worker *w, uint64_t from, unsigned width, struct buf *out)
{
        struct store_scan *scan = NULL;
        struct store_row row;
        bool done = false;
        enum err e = store_scan_new(w->store, from, from + width, &scan);
        unsigned n = 0;
        while (!e && !(e = store_scan_next(scan, &row, &done)) && !done) {
                if (row.leaf.n > LEAF_MAX) {
                        e = ERR_LEAF;
                        break;
                }
                buf_put_u16(out, (uint16_t)row.leaf.n);
                buf_put(out, row.leaf);
                n++;
        }
        store_scan_free(scan);
        return e ? e : n == width ? OK : ERR_RANGE;
}

void spine_tile(struct worker *w, struct exchange *x, const char *rest)
{
        struct hash *hashes = calloc(TREE_TILE, sizeof *hashes);
        struct buf out;
        uint64_t index, have = covered(w->ledger);
        unsigned width;
        int level;
        enum err e;
        (void)rest;
        buf_init(&out, TILE_MAX);
        if (hashes == NULL) {
                e = ERR_NO_MEMORY;
                goto done;
        }
        if ((e = tile_path_parse(bytes_text(exchange_path(x) + 1), &level, &index, &width)))
                goto done;
        for (int i = 0; i < level; i++)
                have /= TREE_TILE;
        if (index > have / TREE_TILE || index * TREE_TILE + width > have) {
                e = ERR_RANGE;
                goto done;
        }
        if (level == TILE_LEVEL_ENTRIES) {
                e = put_bundle(w, index * TREE_TILE, width, &out);
                goto done;
        }
        struct tree_source source = store_tree_source(w->store);
        if ((e = source.read(source.self, (unsigned)level, index * TREE_TILE, width, hashes)))
                goto done;
        for (unsigned i = 0; i < width; i++)
                buf_put(&out, hash_bytes(&hashes[i]));
done:
        free(hashes);
        finish(x, e, &out, "application/octet-stream", true);
}
