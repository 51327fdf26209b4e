#include "daemon/commit.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "daemon/admit.h"
#include "daemon/answer.h"

#define QUIET_MS                                                                                             \
        1000 /* after this long without a batch the last checkpoint gets its row, the note its sync */
#define TIDY_EVERY 64 /* batches */

struct commit {
        struct ledger *ledger;
        struct queue *queue;
        void (*fatal)(void *self, enum err e);
        void *self;
        pthread_t thread;
        bool dead; /* nothing is acknowledged any more */
        unsigned since_tidy;
        int64_t synced_at_us;
        atomic_uint_fast64_t entries, batches, refused, failed;
};

static void die(struct commit *c, enum err e)
{
        if (!c->dead)
                c->fatal(c->self, e);
        c->dead = true;
}

/* The batch did not come about: everything is as before it. */
static void take_back(struct commit *c, struct job *jobs[], size_t n, const struct hash *head,
                      int64_t head_at_us)
{
        struct ledger *l = c->ledger;
        for (size_t i = n; i-- > 0;)
                admit_undo(l, jobs[i]);
        store_rollback(l->store);
        if (tree_rewind(l->tree))
                die(c, ERR_BUG);
        l->head = *head;
        l->head_at_us = head_at_us;
}

/* What the entry registers, renews or ends. It was checked at admission, and nothing has come between. */
static enum err enlist(struct ledger *l, const struct job *j)
{
        struct why why = {0};
        if ((j->statement.kind != KIND_AUTHORITY && j->statement.kind != KIND_PERSONA) ||
            j->verdict != VERDICT_ACCEPTED)
                return OK;
        const struct store_item item = {
            .seq = j->seq, .at_us = l->head_at_us, .member = roster_key_at(l->roster, j->key)->member};
        const struct registry_entry entry = ledger_registration(l, &j->statement, &j->body, &item);
        return registry_take(l->registry, &entry, &why);
}

/* After the commit: the keeper signs, the roster learns, readers see the new head. */
static enum err publish(struct commit *c, struct job *jobs[], size_t n)
{
        struct ledger *l = c->ledger;
        struct hash hashes[COMMIT_BATCH_MAX];
        struct buf note;
        size_t fresh = 0;
        enum err e;
        buf_init(&note, NOTE_LEN_MAX);
        for (size_t i = 0; i < n; i++)
                if (jobs[i]->appended)
                        hashes[fresh++] = jobs[i]->leaf_hash;
        e = keeper_extend(l->keeper, fresh, hashes, &note);
        (void)pthread_rwlock_wrlock(&l->lock);
        for (size_t i = 0; i < n && !e; i++) {
                struct job *j = jobs[i];
                if (!j->appended || !j->settles)
                        continue;
                struct why why = {0};
                struct hash before = *roster_policy(l->roster);
                /* admit moved the key's head; apply moves it to the same place */
                e = roster_apply(l->roster, j->seq, roster_key_at(l->roster, j->key), &j->statement,
                                 j->verdict);
                if (!e && j->statement.kind == KIND_MEMBER && j->statement.claims.act == ACT_JOIN)
                        e = ledger_learn_join(l, j->seq, l->store);
                if (!e && !hash_equal(&before, roster_policy(l->roster)) && ledger_load_pack(l, &why))
                        e = ERR_PACK; /* it was examined before it was admitted: cannot be */
                if (!e)
                        e = enlist(l, j);
        }
        if (!e) {
                struct buf old = l->note;
                l->note = note;
                note = old;
                l->size = tree_size(l->tree);
                l->note_stored = false;
        }
        (void)pthread_rwlock_unlock(&l->lock);
        buf_clear(&note);
        return e;
}

static enum err store_note(struct ledger *l)
{
        enum err e;
        if (l->note_stored || l->note.n == 0)
                return OK;
        e = store_put_checkpoint(l->store, l->size, buf_bytes(&l->note));
        return e;
}

/* One transaction. Returns how many of the jobs it dealt with (an entry that settles something about members
 * ends its batch, so that the next one is judged by the new roster). */
static size_t run_batch(struct commit *c, struct job *jobs[], size_t n)
{
        struct ledger *l = c->ledger;
        struct hash head = l->head;
        int64_t head_at_us = l->head_at_us;
        size_t used = 0, appended = 0;
        enum err e;

        if ((e = tree_mark(l->tree)) || (e = store_begin(l->store)))
                goto failed;
        while (used < n) {
                struct job *j = jobs[used];
                if ((e = admit(l, j)))
                        break;
                used++;
                appended += j->appended;
                if (j->settles)
                        break;
        }
        if (!e && appended > 0 && !(e = store_note(l)))
                e = store_commit(l->store);
        else if (!e)
                store_rollback(l->store);
failed:
        if (e) {
                used = used < n ? used + 1 : n;
                take_back(c, jobs, used, &head, head_at_us);
                for (size_t i = 0; i < used; i++)
                        if (!jobs[i]->error)
                                jobs[i]->error = e;
                if (e == ERR_SYNC || e == ERR_BUG)
                        die(c, e);
                return used;
        }
        if (appended > 0 && (e = publish(c, jobs, used))) {
                /* It is on disk, but no checkpoint covers it: no receipt may be given. */
                for (size_t i = 0; i < used; i++)
                        jobs[i]->error = ERR_KEEPER;
                die(c, e);
        }
        atomic_fetch_add(&c->batches, 1);
        return used;
}

static void reply(struct commit *c, struct job *j)
{
        if (j->error) {
                atomic_fetch_add(err_row(j->error)->http >= 500 ? &c->failed : &c->refused, 1);
                job_fail(j, j->error);
                return;
        }
        atomic_fetch_add(&c->entries, j->appended);
        answer_receipt(c->ledger, j);
}

/* The checkpoint's row after a second of quiet, the keeper's note each second. */
static void keep_house(struct commit *c, bool idle)
{
        struct ledger *l = c->ledger;
        int64_t now = clock_now_us();
        enum err e = OK;
        if (idle && !l->note_stored && l->note.n > 0) {
                if (!(e = store_begin(l->store)) && !(e = store_note(l)) &&
                    !(e = store_thin_checkpoints(l->store, now)) && !(e = store_commit(l->store)))
                        l->note_stored = true;
                else
                        store_rollback(l->store);
        }
        if (e != ERR_SYNC && (idle || ++c->since_tidy >= TIDY_EVERY)) {
                c->since_tidy = 0;
                e = store_tidy(l->store);
        }
        if (e == ERR_SYNC)
                die(c, e);
        if (now - c->synced_at_us >= MOMENT_SECOND_US || now < c->synced_at_us) {
                annexes_expire(l->annexes, now);
                c->synced_at_us = now;
                if (keeper_sync(l->keeper))
                        die(c, ERR_KEEPER);
        }
}

static void *run(void *self)
{
        struct commit *c = self;
        void *taken[COMMIT_BATCH_MAX];
        struct job *jobs[COMMIT_BATCH_MAX];
        for (;;) {
                bool closed;
                size_t n = queue_take_within(c->queue, QUIET_MS, COMMIT_BATCH_MAX, taken, &closed);
                if (n == 0 && closed)
                        break;
                for (size_t i = 0; i < n; i++)
                        jobs[i] = taken[i];
                for (size_t done = 0; done < n;) {
                        size_t used = 0;
                        if (c->dead) {
                                for (; done + used < n; used++)
                                        jobs[done + used]->error = ERR_STOPPING;
                        } else {
                                used = run_batch(c, jobs + done, n - done);
                        }
                        for (size_t i = 0; i < used; i++)
                                reply(c, jobs[done + i]);
                        done += used;
                }
                if (!c->dead)
                        keep_house(c, n == 0);
        }
        if (!c->dead)
                keep_house(c, true);
        return NULL;
}

enum err commit_start(struct ledger *l, struct queue *queue, void (*fatal)(void *self, enum err e),
                      void *self, struct commit **out)
{
        struct commit *c = calloc(1, sizeof *c);
        if (c == NULL)
                return ERR_NO_MEMORY;
        c->ledger = l;
        c->queue = queue;
        c->fatal = fatal;
        c->self = self;
        if (pthread_create(&c->thread, NULL, run, c) != 0) {
                free(c);
                return ERR_NO_MEMORY;
        }
        *out = c;
        return OK;
}

void commit_stop(struct commit *c)
{
        if (c == NULL)
                return;
        (void)pthread_join(c->thread, NULL);
        free(c);
}

void commit_counts(struct commit *c, struct commit_counts *out)
{
        *out = (struct commit_counts){.entries = atomic_load(&c->entries),
                                      .batches = atomic_load(&c->batches),
                                      .refused = atomic_load(&c->refused),
                                      .failed = atomic_load(&c->failed)};
}
