#include "ledger/verify/verification.h"

#include <stdlib.h>

/* An entry that waits, as much of it as a decision on it needs. */
struct waiter {
        struct statement statement; /* kind, act and member of its claims, st */
        uint32_t key;
        bool decided;
};

/* Found by the first bytes of the statement hash: open addressing over indexes + 1. */
struct waiting {
        struct waiter **at;
        size_t n, size;
        uint32_t *slot;
        size_t slots; /* a power of two, at least twice n */
};

struct waiting *waiting_new(void)
{
        return calloc(1, sizeof(struct waiting));
}

void waiting_free(struct waiting *w)
{
        if (w == NULL)
                return;
        for (size_t i = 0; i < w->n; i++)
                free(w->at[i]);
        free(w->at);
        free(w->slot);
        free(w);
}

static size_t start_of(const struct hash *st, size_t slots)
{
        size_t h = 0;
        memcpy(&h, st->b, sizeof h);
        return h & (slots - 1);
}

static struct waiter *waiting_find(const struct waiting *w, const struct hash *st)
{
        if (w->slots == 0)
                return NULL;
        for (size_t i = start_of(st, w->slots); w->slot[i] != 0; i = (i + 1) & (w->slots - 1))
                if (hash_equal(&w->at[w->slot[i] - 1]->statement.st, st))
                        return w->at[w->slot[i] - 1];
        return NULL;
}

static void place(struct waiting *w, size_t number)
{
        size_t i = start_of(&w->at[number]->statement.st, w->slots);
        while (w->slot[i] != 0)
                i = (i + 1) & (w->slots - 1);
        w->slot[i] = (uint32_t)number + 1;
}

static enum err waiting_grow(struct waiting *w)
{
        size_t size = w->size == 0 ? 64 : 2 * w->size;
        struct waiter **at = realloc(w->at, size * sizeof(struct waiter *));
        if (at == NULL)
                return ERR_NO_MEMORY;
        w->at = at;
        w->size = size;
        uint32_t *slot = calloc(4 * size, sizeof *slot);
        if (slot == NULL)
                return ERR_NO_MEMORY;
        free(w->slot);
        w->slot = slot;
        w->slots = 4 * size;
        for (size_t i = 0; i < w->n; i++)
                place(w, i);
        return OK;
}

static enum err waiting_add(struct waiting *w, const struct statement *s, uint32_t key)
{
        enum err e;
        if (w->n == w->size && (e = waiting_grow(w)))
                return e;
        struct waiter *one = calloc(1, sizeof *one);
        if (one == NULL)
                return ERR_NO_MEMORY;
        one->statement.kind = s->kind;
        one->statement.claims.act = s->claims.act;
        one->statement.claims.member = s->claims.member;
        one->statement.st = s->st;
        one->key = key;
        w->at[w->n] = one;
        place(w, w->n++);
        return OK;
}

enum err people_genesis(struct verification *v, struct entry_work *w)
{
        struct buf id;
        struct vkey key;
        enum err e;
        if (w->leaf_error || w->statement_error || w->statement.kind != KIND_GENESIS) {
                verification_fault(v, 0, CHECK_GENESIS, "The first entry is no genesis statement.");
                return OK;
        }
        const struct statement *s = &w->statement;
        if (vkey_parse(s->claims.vkey, &key) || key.type != NOTE_ED25519 || !bytes_is(s->claims.origin, key.name)) {
                verification_fault(v, 0, CHECK_GENESIS, "The first entry's verifier key is not one for its origin.");
                return OK;
        }
        if (v->log_given && (v->log.id != key.id || memcmp(v->log.key.b, key.key.b, KEY_LEN) != 0 ||
                             strcmp(v->log.name, key.name) != 0))
                verification_fault(v, 0, CHECK_GENESIS, "The ledger was founded with another log key than the one you gave.");
        if (!v->log_given) {
                v->log = key;
                verification_cannot_tell(v, 0, CHECK_GENESIS,
                                         "No verifier key was given: the one in the first entry is taken at its word (--vkey).");
        }
        v->log_known = true;
        v->genesis = w->computed;
        buf_init(&id, LOG_ID_MAX);
        log_id_put(&id, s->claims.origin, NULL);
        if (!bytes_equal(s->log, buf_bytes(&id)))
                verification_fault(v, 0, CHECK_GENESIS, "The genesis statement names another origin as its ledger.");
        buf_reset(&id);
        log_id_put(&id, s->claims.origin, &w->computed);
        if (!(e = buf_check(&id)))
                e = bytes_to_text(buf_bytes(&id), v->log_id, sizeof v->log_id);
        buf_clear(&id);
        if (e)
                return e;
        w->has_key = true;
        w->key = key.key;
        if (w->leaf.verdict != VERDICT_ACCEPTED)
                verification_fault(v, 0, CHECK_VERDICT, "A genesis entry is accepted.");
        if (!hash_equal(&w->leaf.policy, &s->claims.policy))
                verification_fault(v, 0, CHECK_POLICY, "It names another policy than its statement.");
        return roster_apply_genesis(v->roster, s, &key.key);
}

/* Which check a refusal of the roster belongs to. */
static enum check check_of(enum err e)
{
        switch ((int)e) {
        case ERR_REVOKED:
        case ERR_NOT_ENROLLED:
        case ERR_INVITE_USED:
        case ERR_INVITE_LATE:
        case ERR_INVITE_WAITING:
        case ERR_INVITE_UNKNOWN:
        case ERR_INVITE_REFUSED:
        case ERR_POSSESSION: return CHECK_MEMBER;
        case ERR_OWN: return CHECK_OWN;
        case ERR_DECIDED:
        case ERR_REF: return CHECK_DECISION;
        default: return CHECK_ROLE;
        }
}

/* A key's next statement has its next number and names its last one. After a damaged entry the chain is taken up where it is. */
static void check_key_chain(struct verification *v, const struct roster_key *key, const struct entry_work *w)
{
        const struct statement *s = &w->statement;
        if (roster_check_follows(v->roster, key, s) == OK)
                return;
        if (v->damaged && s->n > key->n)
                return;
        if (s->n == key->n + 1)
                verification_fault(v, w->seq, CHECK_KEY_CHAIN, "It is the key's number %llu and does not name the key's entry before it.",
                                   (unsigned long long)s->n);
        else
                verification_fault(v, w->seq, CHECK_KEY_CHAIN, "It has the number %llu; this key's next is %llu.",
                                   (unsigned long long)s->n, (unsigned long long)(key->n + 1));
}

static bool verdict_fits(enum kind kind, enum verdict verdict)
{
        switch (kind) {
        case KIND_ACTIVITY: return verdict == VERDICT_ACCEPTED || verdict == VERDICT_FLAGGED;
        case KIND_CONSULT:
        case KIND_GENESIS: return verdict == VERDICT_ACCEPTED;
        case KIND_MEMBER:
        case KIND_POLICY: return verdict == VERDICT_ACCEPTED || verdict == VERDICT_WAITING;
        case KIND_INTENT:
        case KIND_OPERATION:
        case KIND_AUTHORITY:
        case KIND_PERSONA:
        case KIND_DECISION:
        case KIND_REVIEW:
        case KIND_AMEND:
        case KIND_COMBINE:
        case KIND_HOLD:
        case KIND_RESTRICT:
        case KIND_ERASE:
        case KIND_DISCLOSE:
        case KIND_FINDING:
        case KIND_COUNT: break;
        }
        return verdict != VERDICT_FLAGGED;
}

static void check_second(struct verification *v, const struct roster_key *key, const struct entry_work *w)
{
        const struct statement *s = &w->statement;
        if (s->kind != KIND_MEMBER && s->kind != KIND_POLICY)
                return;
        bool needs = roster_needs_second(v->roster, key, s);
        if (needs && w->leaf.verdict != VERDICT_WAITING)
                verification_fault(v, w->seq, CHECK_SECOND_PERSON, "It took effect without the second person that it needs.");
        else if (!needs && w->leaf.verdict == VERDICT_WAITING)
                verification_fault(v, w->seq, CHECK_SECOND_PERSON, "It waits for a second person although it needs none.");
}

static void check_decision(struct verification *v, const struct roster_key *key, const struct entry_work *w, struct waiter *target)
{
        const struct statement *s = &w->statement;
        if (target == NULL) {
                if (v->damaged)
                        verification_cannot_tell(v, w->seq, CHECK_DECISION, "What it decides may be one of the damaged entries.");
                else
                        verification_fault(v, w->seq, CHECK_DECISION, "It decides an entry that does not wait for a decision.");
                return;
        }
        if (w->leaf.verdict != VERDICT_ACCEPTED)
                return;
        if (roster_is_own(key, roster_key_at(v->roster, target->key)))
                verification_fault(v, w->seq, CHECK_OWN, "Its author decided an entry of their own.");
        if (target->decided)
                verification_fault(v, w->seq, CHECK_DECISION, "It decides an entry that was decided before.");
        target->decided |= s->claims.verb != VERB_ESCALATE;
}

static enum err judge(struct verification *v, const struct roster_key *key, struct entry_work *w)
{
        const struct statement *s = &w->statement;
        struct waiter *target = NULL;
        const struct hash *names = statement_ref(s, REL_TARGET);
        enum err e;
        if (s->kind == KIND_DECISION && names != NULL)
                target = waiting_find(v->waiting, names);
        struct why why = {0};
        e = roster_check_may(v->roster, key, s, w->leaf.at_us, target != NULL ? &target->statement : NULL,
                             target != NULL ? roster_key_at(v->roster, target->key) : NULL, &why);
        bool told = s->kind == KIND_DECISION && target == NULL; /* check_decision says it better */
        if (e && !told)
                verification_fault(v, w->seq, check_of(e), "%s%s%s", err_row(e)->sentence, why.detail[0] ? " " : "", why.detail);
        if (s->kind == KIND_DECISION)
                check_decision(v, key, w, target);
        check_second(v, key, w);
        if (!verdict_fits(s->kind, w->leaf.verdict))
                verification_fault(v, w->seq, CHECK_VERDICT, "An entry of this kind is never `%s`.", verdict_name(w->leaf.verdict));
        if (!hash_equal(&w->leaf.policy, roster_policy(v->roster)))
                verification_fault(v, w->seq, CHECK_POLICY, "It names another policy than the one in force.");
        if (w->leaf.verdict == VERDICT_WAITING && (e = waiting_add(v->waiting, s, key->number)))
                return e;
        /* An entry that cannot take effect takes none here either; its key's chain goes on. */
        e = roster_apply(v->roster, w->seq, key, s, w->leaf.verdict);
        if (e == ERR_BUG)
                e = roster_apply(v->roster, w->seq, key, s, VERDICT_REFUSED);
        return e == ERR_BUG ? OK : e;
}

enum err people_entry(struct verification *v, struct entry_work *w)
{
        if (w->seq == 0)
                return people_genesis(v, w);
        if (w->leaf_error) {
                v->damaged = true;
                return OK;
        }
        if (w->statement_error) {
                verification_fault(v, w->seq, CHECK_STATEMENT, "Its statement is not in the strict form: %.120s",
                                   w->why.detail[0] ? w->why.detail : err_row(w->statement_error)->sentence);
                v->damaged = true;
                return OK;
        }
        if (v->log_id[0] != '\0' && !bytes_is(w->statement.log, v->log_id))
                verification_fault(v, w->seq, CHECK_LOG, "Its statement was made for the ledger %.*s.",
                                   (int)(w->statement.log.n < 80 ? w->statement.log.n : 80), (const char *)w->statement.log.at);
        const struct roster_key *key = roster_key_of_kid(v->roster, &w->statement.kid);
        if (key == NULL) {
                verification_fault(v, w->seq, CHECK_MEMBER, "Its author's key was never enrolled.");
                return OK;
        }
        w->has_key = true;
        w->key = key->key;
        check_key_chain(v, key, w);
        return judge(v, key, w);
}
