#include "daemon/adopt.h"

#include <stdio.h>

static bool adopts(const struct job *j)
{
        return j->statement.kind == KIND_POLICY && j->statement.claims.act == ACT_ADOPT;
}

static bool may_adopt(struct ledger *l, const struct job *j)
{
        (void)pthread_rwlock_rdlock(&l->lock);
        const struct roster_key *key = roster_key_at(l->roster, j->key);
        bool may = key->kind == KEY_MEMBER && (roster_member_at(l->roster, key->member)->roles &
                                               roster_roles_for(KIND_POLICY, ACT_ADOPT)) != 0;
        (void)pthread_rwlock_unlock(&l->lock);
        return may;
}

/* The texts that a pack is made of, each noted in the job as it is asked for. */
struct noting {
        struct annex_source source;
        struct job *job;
};

static enum err note_text(void *self, const struct hash *hash, struct buf *out)
{
        struct noting *n = self;
        struct job *j = n->job;
        for (size_t i = 0; i < j->annexes_n; i++)
                if (hash_equal(&j->annex[i], hash))
                        return annex_source_text(&n->source, hash, out);
        if (j->annexes_n == JOB_ANNEXES_MAX)
                return ERR_TOO_LONG;
        j->annex[j->annexes_n++] = *hash;
        return annex_source_text(&n->source, hash, out);
}

static void tell_first(void *self, const char *sentence)
{
        struct why *why = self;
        if (why->code == OK)
                (void)why_set(why, ERR_PACK_TESTS, "%.190s", sentence);
}

static enum err run_cases(const struct pack *pack, struct why *why)
{
        struct why first = {0};
        size_t cases = 0, failed = 0;
        enum err e = pack_test(pack, &cases, &failed, tell_first, &first);
        if (e || failed == 0)
                return e;
        return why_set(why, ERR_PACK_TESTS, "%zu of %zu cases; the first: %.150s", failed, cases,
                       first.detail);
}

enum err adopt_examine(struct worker *w, struct job *j)
{
        struct noting noting = {
            .source = {.waiting = w->ledger->annexes, .store = w->store, .now_us = clock_now_us()}, .job = j};
        const struct pack_source source = {.text = note_text, .self = &noting};
        struct pack *pack = NULL;
        struct buf text;
        enum err e;
        if (!adopts(j) || !may_adopt(w->ledger, j))
                return OK;
        j->annexes_n = 0;
        buf_init(&text, ANNEX_MAX + 1);
        e = note_text(&noting, &j->statement.claims.policy, &text);
        if (e == ERR_ABSENT)
                e = why_set(&j->why, ERR_ANNEX, "send the pack's text first");
        if (!e && !(e = pack_parse(buf_bytes(&text), &source, &pack, &j->why)))
                e = run_cases(pack, &j->why);
        pack_free(pack);
        buf_clear(&text);
        return e;
}

enum err adopt_check(struct ledger *l, struct job *j)
{
        struct buf text;
        enum err e = OK;
        if (j->statement.claims.act != ACT_ADOPT)
                return why_set(&j->why, ERR_KIND,
                               "this version of the daemon does not change the ledger's keys yet");
        if (j->annexes_n == 0)
                return why_set(&j->why, ERR_ANNEX, "send the pack's text first");
        buf_init(&text, ANNEX_MAX + 1);
        for (size_t i = 0; i < j->annexes_n && !e; i++) {
                buf_reset(&text);
                if (!annexes_keep(l->annexes, &j->annex[i], clock_now_us()))
                        e = store_annex(l->store, &j->annex[i], &text);
        }
        buf_clear(&text);
        return e == ERR_ABSENT ? why_set(&j->why, ERR_ANNEX, "it waited too long; send the pack's text again")
                               : e;
}

enum err adopt_store(struct ledger *l, struct job *j)
{
        struct annex_source source = {.waiting = l->annexes, .store = l->store, .now_us = clock_now_us()};
        struct buf text;
        enum err e = OK;
        buf_init(&text, ANNEX_MAX + 1);
        for (size_t i = 0; i < j->annexes_n && !e; i++) {
                buf_reset(&text);
                if (!(e = annex_source_text(&source, &j->annex[i], &text)))
                        e = store_put_annex(l->store, &j->annex[i], buf_bytes(&text));
        }
        buf_clear(&text);
        return e;
}
