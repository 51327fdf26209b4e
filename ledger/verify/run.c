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

static void side_by_side(struct entry_work *work, size_t n, unsigned threads, void (*each)(struct entry_work *w))
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

static void decode(struct entry_work *w)
{
        w->why = (struct why){0};
        w->has_key = false;
        w->statement_error = OK;
        if (tree_leaf_hash(buf_bytes(&w->leaf_text), &w->computed))
                w->computed = (struct hash){{0}};
        w->leaf_error = leaf_decode(buf_bytes(&w->leaf_text), &w->leaf);
        buf_reset(&w->payload);
        if (!w->leaf_error)
                w->statement_error = statement_decode(w->leaf.statement, &w->payload, &w->statement, &w->why);
}

static void check_signature(struct entry_work *w)
{
        w->signature_error = w->has_key ? statement_check_signature(&w->statement, &w->key) : OK;
}

/* --- in order --- */

static enum err no_source(void *self, unsigned level, uint64_t index, size_t count, struct hash *out)
{
        (void)self;
        (void)level;
        (void)index;
        (void)count;
        (void)out;
        return ERR_ABSENT;
}

struct run {
        struct verification *v;
        struct store *store;
        struct order *order;
        struct entry_work *work;
        const struct verify_options *options;
        uint64_t expected;
};

static enum err judge_chunk(struct run *r, size_t n)
{
        struct verification *v = r->v;
        unsigned threads = r->options->threads == 0 ? 1 : r->options->threads;
        enum err e;
        if (threads > THREADS_MAX)
                threads = THREADS_MAX;
        side_by_side(r->work, n, threads, decode);
        for (size_t i = 0; i < n; i++)
                if ((e = order_entry(r->order, &r->work[i])) || (e = people_entry(v, &r->work[i])))
                        return e;
        side_by_side(r->work, n, threads, check_signature);
        for (size_t i = 0; i < n; i++) {
                struct entry_work *w = &r->work[i];
                if (w->signature_error)
                        verification_fault(v, w->seq, CHECK_AUTHOR, "The author's signature does not fit the statement.");
                if (r->options->content && (e = content_check(v, r->store, w)))
                        return e;
        }
        if (r->options->progress != NULL && n > 0)
                r->options->progress(r->options->self, r->work[n - 1].seq + 1, r->expected);
        return v->failed;
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

static enum err walk(struct run *r)
{
        struct store_scan *scan = NULL;
        struct store_row row;
        size_t n = 0;
        bool done = false;
        enum err e = store_scan_new(r->store, 0, INT64_MAX, &scan);
        while (!e && !(e = store_scan_next(scan, &row, &done)) && !done) {
                if ((e = take_row(&r->work[n++], &row)))
                        break;
                /* the log key is needed for the checkpoints, which are needed from the first entry on */
                if (n == CHUNK && !(e = judge_chunk(r, n)))
                        n = 0;
        }
        if (!e && n > 0)
                e = judge_chunk(r, n);
        store_scan_free(scan);
        return e;
}

/* Reads the first entry by itself, so that its key is known when the checkpoints are read. */
static enum err peek_genesis(struct run *r)
{
        struct entry_work *w = &r->work[0];
        struct vkey key;
        enum err e;
        buf_reset(&w->leaf_text);
        e = store_leaf(r->store, 0, &w->leaf_text);
        if (e == ERR_ABSENT)
                return OK;
        if (e)
                return e;
        decode(w);
        if (!r->v->log_given && !w->leaf_error && !w->statement_error && w->statement.kind == KIND_GENESIS &&
            !vkey_parse(w->statement.claims.vkey, &key)) {
                r->v->log = key;
                r->v->log_known = true;
        }
        return OK;
}

static enum err check_annex(void *self, const struct hash *hash, struct bytes text)
{
        struct verification *v = self;
        struct hash is;
        enum err e = hash_of(text, &is);
        char name[HASH_TEXT_LEN + 1];
        hash_text(hash, name);
        if (!e && !hash_equal(&is, hash))
                verification_fault(v, SEQ_NONE, CHECK_ANNEX, "The text kept as %s has another hash.", name);
        return e;
}

static enum err check_annexes(struct run *r)
{
        struct buf text;
        enum err e = store_annexes(r->store, check_annex, r->v);
        if (e)
                return e;
        buf_init(&text, ANNEX_MAX + 1);
        e = store_annex(r->store, roster_policy(r->v->roster), &text);
        if (e == ERR_ABSENT) {
                verification_fault(r->v, SEQ_NONE, CHECK_ANNEX, "The text of the policy in force is missing.");
                e = OK;
        }
        buf_clear(&text);
        return e;
}

static int finding_order(const void *a, const void *b)
{
        const struct finding *x = a, *y = b;
        if (x->seq != y->seq)
                return x->seq < y->seq ? -1 : 1;
        return (int)x->check - (int)y->check;
}

static enum err verify_all(struct run *r, struct why *why)
{
        struct verification *v = r->v;
        enum err e;
        if ((e = store_size(r->store, &r->expected)) || (e = peek_genesis(r)) || (e = order_load(r->order, r->store)) ||
            (e = walk(r)) || (e = order_end(r->order)) || (e = check_annexes(r)))
                return why_set(why, e, "while reading the entries");
        if (v->size == 0)
                verification_fault(v, 0, CHECK_GENESIS, "The ledger has no entries.");
        if (v->findings_n > 0)
                qsort(v->findings, v->findings_n, sizeof *v->findings, finding_order);
        return v->failed;
}

enum err verify_run(struct store *s, const struct verify_options *options, struct verification **out, struct why *why)
{
        struct verification *v = calloc(1, sizeof *v);
        struct run r = {.v = v, .store = s, .options = options};
        struct tree_source none = {.read = no_source};
        enum err e = v == NULL ? ERR_NO_MEMORY : OK;
        r.work = calloc(CHUNK, sizeof *r.work);
        if (e || r.work == NULL)
                goto done;
        for (size_t i = 0; i < CHUNK; i++) {
                buf_init(&r.work[i].leaf_text, LEAF_MAX);
                buf_init(&r.work[i].payload, 2 * JWS_MAX);
        }
        if (options->log != NULL) {
                v->log = *options->log;
                v->log_given = true;
                v->log_known = true;
        }
        v->roster = roster_new();
        v->waiting = waiting_new();
        r.order = order_new(v);
        if (v->roster == NULL || v->waiting == NULL || r.order == NULL)
                e = ERR_NO_MEMORY;
        if (!e && !(e = tree_new(none, &v->tree)))
                e = verify_all(&r, why);
done:
        if (r.work == NULL)
                e = ERR_NO_MEMORY;
        for (size_t i = 0; r.work != NULL && i < CHUNK; i++) {
                buf_clear(&r.work[i].leaf_text);
                buf_clear(&r.work[i].payload);
        }
        free(r.work);
        order_free(r.order);
        if (e)
                verification_free(v);
        else
                *out = v;
        return e;
}
