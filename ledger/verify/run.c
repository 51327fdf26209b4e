#include "ledger/verify/verification.h"

#include <pthread.h>
#include <stdlib.h>

#define CHUNK       1024 /* entries that are worked on side by side */
#define THREADS_MAX 64

/* --- side by side --- */

struct share {
        struct entry_work *work;
        size_t n, first, step;
        void (*each)(struct entry_work *w);
};

static void *run_share(void *self)
{
        struct share *s = self;
        for (size_t i = s->first; i < s->n; i += s->step)
                s->each(&s->work[i]);
        return NULL;
}

static void side_by_side(struct entry_work *work, size_t n, unsigned threads,
                         void (*each)(struct entry_work *w))
{
        struct share shares[THREADS_MAX];
        pthread_t thread[THREADS_MAX];
        bool started[THREADS_MAX] = {false};
        for (unsigned t = 0; t < threads; t++) {
                shares[t] = (struct share){.work = work, .n = n, .first = t, .step = threads, .each = each};
                if (t > 0)
                        started[t] = pthread_create(&thread[t], NULL, run_share, &shares[t]) == 0;
        }
        (void)run_share(&shares[0]);
        for (unsigned t = 1; t < threads; t++)
                if (started[t])
                        (void)pthread_join(thread[t], NULL);
                else
                        (void)run_share(&shares[t]);
}

/* The key that a member or genesis statement brings into the ledger: a join the member's own, others an
 * invite's. Its name is its hash, so no trust is in it yet. */
static void decode_key(struct entry_work *w)
{
        static const struct public_key none;
        const struct claims *c = &w->statement.claims;
        w->brought = c->act == ACT_JOIN ? c->key : c->invite;
        w->brings = memcmp(&w->brought, &none, sizeof none) != 0 &&
                    key_thumbprint(&w->brought, &w->brought_kid) == OK;
}

static void decode(struct entry_work *w)
{
        w->why = (struct why){0};
        w->has_key = false;
        w->brings = false;
        w->signature_error = OK;
        w->statement_error = OK;
        if (tree_leaf_hash(buf_bytes(&w->leaf_text), &w->computed))
                w->computed = (struct hash){{0}};
        w->leaf_error = leaf_decode(buf_bytes(&w->leaf_text), &w->leaf);
        buf_reset(&w->payload);
        if (!w->leaf_error)
                w->statement_error = statement_decode(w->leaf.statement, &w->payload, &w->statement, &w->why);
        if (!w->leaf_error && !w->statement_error)
                decode_key(w);
}

static void check_signature(struct entry_work *w)
{
        w->signature_error = w->has_key ? statement_check_signature(&w->statement, &w->key) : OK;
}

/* --- in order --- */

struct run {
        struct verification *v;
        struct store *store;
        struct order *order;
        struct entry_work *work;
        const struct verify_options *options;
        uint64_t expected;
};

/* The genesis statement is signed by the key that its own claim names. */
static void find_log_key(struct entry_work *w)
{
        struct vkey log;
        if (vkey_parse(w->statement.claims.vkey, &log))
                return;
        w->has_key = true;
        w->key = log.key;
}

/* Keys of earlier chunks are in the roster; those that this chunk brings are looked for in it. */
static void find_key(const struct run *r, size_t i, const size_t bringers[], size_t bringers_n)
{
        struct entry_work *w = &r->work[i];
        const struct roster_key *known;
        if (w->leaf_error || w->statement_error)
                return;
        if (w->statement.kind == KIND_GENESIS) {
                find_log_key(w);
                return;
        }
        if ((known = roster_key_of_kid(r->v->roster, &w->statement.kid)) != NULL) {
                w->has_key = true;
                w->key = known->key;
                return;
        }
        for (size_t k = 0; k < bringers_n && !w->has_key; k++) {
                const struct entry_work *from = &r->work[bringers[k]];
                w->has_key = hash_equal(&from->brought_kid, &w->statement.kid);
                if (w->has_key)
                        w->key = from->brought;
        }
}

static void find_keys(const struct run *r, size_t n)
{
        size_t bringers[CHUNK], bringers_n = 0;
        for (size_t i = 0; i < n; i++) {
                if (r->work[i].brings)
                        bringers[bringers_n++] = i;
                find_key(r, i, bringers, bringers_n);
        }
}

static enum err judge_chunk(struct run *r, size_t n)
{
        unsigned threads = r->options->threads == 0 ? 1 : r->options->threads;
        enum err e;
        if (threads > THREADS_MAX)
                threads = THREADS_MAX;
        side_by_side(r->work, n, threads, decode);
        find_keys(r, n);
        side_by_side(r->work, n, threads, check_signature);
        for (size_t i = 0; i < n; i++) {
                struct entry_work *w = &r->work[i];
                if ((e = order_entry(r->order, w)) || (e = people_entry(r->v, w)) ||
                    (r->options->content && (e = content_check(r->v, r->store, w))))
                        return e;
        }
        if (r->options->progress != NULL && n > 0)
                r->options->progress(r->options->self, r->work[n - 1].seq + 1, r->expected);
        return r->v->failed;
}

static enum err take_row(struct entry_work *w, const struct store_row *row)
{
        w->seq = row->seq;
        w->stored_ok = row->hash.n == HASH_LEN;
        w->stored = (struct hash){{0}};
        if (w->stored_ok)
                memcpy(w->stored.b, row->hash.at, HASH_LEN);
        buf_reset(&w->leaf_text);
        buf_put(&w->leaf_text, row->leaf);
        if (buf_check(&w->leaf_text) == ERR_TOO_LONG)
                buf_reset(&w->leaf_text); /* no leaf is that long: its form is what is wrong */
        return buf_check(&w->leaf_text);
}

/* The scan is under way before tile roots and checkpoints are read: all of it is one state of the file, also
 * beside a daemon that goes on writing. */
static enum err walk(struct run *r)
{
        struct store_scan *scan = NULL;
        struct store_row row;
        size_t n = 0;
        bool done = false, loaded = false;
        enum err e = store_scan_new(r->store, 0, INT64_MAX, &scan);
        while (!e && !(e = store_scan_next(scan, &row, &done))) {
                if (!loaded && (e = order_load(r->order, r->store)))
                        break;
                loaded = true;
                if (done || (e = take_row(&r->work[n++], &row)))
                        break;
                if (n == CHUNK && !(e = judge_chunk(r, n)))
                        n = 0;
        }
        if (!e && n > 0)
                e = judge_chunk(r, n);
        store_scan_free(scan);
        return e;
}

/* --- the first entry, before all others --- */

static enum err peek(struct run *r, uint64_t seq, struct entry_work *w)
{
        enum err e;
        buf_reset(&w->leaf_text);
        e = store_leaf(r->store, seq, &w->leaf_text);
        if (e == ERR_ABSENT || e == ERR_TOO_LONG) {
                buf_reset(&w->leaf_text);
                e = OK;
        }
        decode(w);
        return e;
}

static void peek_log_key(struct verification *v, const struct entry_work *first)
{
        struct vkey key;
        if (first->leaf_error || first->statement_error || first->statement.kind != KIND_GENESIS ||
            vkey_parse(first->statement.claims.vkey, &key) || key.type != NOTE_ED25519)
                return;
        if (v->log_given) {
                v->other_log = v->log.id != key.id || memcmp(v->log.key.b, key.key.b, KEY_LEN) != 0 ||
                               strcmp(v->log.name, key.name) != 0;
        } else {
                v->log = key;
                v->log_known = true;
        }
}

/* Whether statements made for this ledger name that hash in their `log`. */
static bool is_log_of(struct bytes log, struct bytes origin, const struct hash *genesis)
{
        struct buf id;
        buf_init(&id, LOG_ID_MAX);
        log_id_put(&id, origin, genesis);
        bool is = buf_check(&id) == OK && bytes_equal(log, buf_bytes(&id));
        buf_clear(&id);
        return is;
}

/* The ledger's id has the hash of the first entry. Where that was damaged, the column beside it or the second
 * entry still has the hash it was founded with: the one that the second statement names. */
static enum err peek_genesis(struct run *r)
{
        struct entry_work *first = &r->work[0], *second = &r->work[1];
        struct verification *v = r->v;
        enum err e;
        if ((e = peek(r, 0, first)) || (e = peek(r, 1, second)))
                return e;
        peek_log_key(v, first);
        v->genesis = first->computed;
        if (first->leaf_error || first->statement_error || second->leaf_error || second->statement_error)
                return OK;
        struct bytes origin = first->statement.claims.origin, log = second->statement.log;
        if (!is_log_of(log, origin, &first->computed) && is_log_of(log, origin, &second->leaf.prev))
                v->genesis = second->leaf.prev;
        return OK;
}

static enum err verify_all(struct run *r, struct why *why)
{
        struct verification *v = r->v;
        enum err e;
        if ((e = store_size(r->store, &r->expected)) || (e = peek_genesis(r)) || (e = walk(r)) ||
            (e = order_end(r->order)) || (e = annex_check(v, r->store)))
                return why_set(why, e, "while reading the entries");
        if (v->size == 0)
                verification_fault(v, 0, CHECK_GENESIS, "The ledger has no entries.");
        erasures_check(v);
        verification_say_doubts(v);
        verification_sort(v);
        return v->failed;
}

static struct verification *verification_new(const struct vkey *log)
{
        struct verification *v = calloc(1, sizeof *v);
        if (v == NULL)
                return NULL;
        if (log != NULL) {
                v->log = *log;
                v->log_given = true;
                v->log_known = true;
        }
        v->suspect = SEQ_NONE;
        v->roster = roster_new();
        v->waiting = waiting_new();
        v->hashes = hashes_new();
        v->policies = policies_new();
        v->erasures = erasures_new();
        if (v->roster == NULL || v->waiting == NULL || v->hashes == NULL || v->policies == NULL ||
            v->erasures == NULL || tree_new(hashes_source(v->hashes), &v->tree)) {
                verification_free(v);
                return NULL;
        }
        return v;
}

static struct entry_work *work_new(void)
{
        struct entry_work *work = calloc(CHUNK, sizeof *work);
        for (size_t i = 0; work != NULL && i < CHUNK; i++) {
                buf_init(&work[i].leaf_text, LEAF_MAX);
                buf_init(&work[i].payload, 2 * JWS_MAX);
        }
        return work;
}

static void work_free(struct entry_work *work)
{
        for (size_t i = 0; work != NULL && i < CHUNK; i++) {
                buf_clear(&work[i].leaf_text);
                buf_clear(&work[i].payload);
        }
        free(work);
}

enum err verify_run(struct store *s, const struct verify_options *options, struct verification **out,
                    struct why *why)
{
        struct verification *v = verification_new(options->log);
        struct run r = {.v = v, .store = s, .options = options, .work = work_new()};
        enum err e = ERR_NO_MEMORY;
        if (v == NULL || r.work == NULL || (r.order = order_new(v)) == NULL)
                goto done;
        if ((e = verify_all(&r, why)))
                goto done;
        *out = v;
        v = NULL; /* given away */
done:
        work_free(r.work);
        order_free(r.order);
        verification_free(v);
        return e;
}
