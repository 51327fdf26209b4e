#include "ledger/verify/verification.h"

/* --- the first entry --- */

static enum err set_log_id(struct verification *v, struct bytes origin)
{
        struct buf id;
        enum err e;
        buf_init(&id, LOG_ID_MAX);
        log_id_put(&id, origin, &v->genesis);
        if (!(e = buf_check(&id)))
                e = bytes_to_text(buf_bytes(&id), v->log_id, sizeof v->log_id);
        buf_clear(&id);
        return e;
}

static enum err check_own_log(struct verification *v, const struct statement *s)
{
        struct buf id;
        enum err e;
        buf_init(&id, LOG_ID_MAX);
        log_id_put(&id, s->claims.origin, NULL);
        if (!(e = buf_check(&id)) && !bytes_equal(s->log, buf_bytes(&id)))
                verification_fault(v, 0, CHECK_GENESIS,
                                   "The genesis statement names another origin as its ledger.");
        buf_clear(&id);
        return e;
}

/* The log's key, as the first entry has it and as the reader gave it. */
static bool check_log_key(struct verification *v, const struct statement *s, struct vkey *out)
{
        if (vkey_parse(s->claims.vkey, out) || out->type != NOTE_ED25519 ||
            !bytes_is(s->claims.origin, out->name) || !origin_valid(s->claims.origin)) {
                verification_fault(v, 0, CHECK_GENESIS,
                                   "The first entry's verifier key is not one for its origin.");
                return false;
        }
        if (v->other_log)
                verification_fault(
                    v, 0, CHECK_GENESIS,
                    "The ledger was founded with another log key than the one you gave; its checkpoints were "
                    "not looked at.");
        if (!v->log_given)
                verification_cannot_tell(
                    v, 0, CHECK_GENESIS,
                    "No verifier key was given: the one in the first entry is taken at its word (--vkey).");
        return true;
}

static enum err judge_genesis(struct verification *v, const struct entry_work *w)
{
        const struct statement *s = &w->statement;
        struct vkey key;
        enum err e;
        if (w->leaf_error || w->statement_error || s->kind != KIND_GENESIS) {
                verification_fault(v, 0, CHECK_GENESIS, "The first entry is no genesis statement.");
                return OK;
        }
        if (!check_log_key(v, s, &key))
                return OK;
        if ((e = check_own_log(v, s)) || (e = set_log_id(v, s->claims.origin)))
                return e;
        if (!w->has_key || memcmp(w->key.b, key.key.b, KEY_LEN) != 0 || w->signature_error)
                verification_fault(v, 0, CHECK_AUTHOR, "The first entry is not signed by the log key.");
        if (s->n != 1 || !hash_is_zero(&s->prev))
                verification_fault(v, 0, CHECK_KEY_CHAIN, "It is not the log key's number 1.");
        if (w->leaf.verdict != VERDICT_ACCEPTED)
                verification_fault(v, 0, CHECK_VERDICT, "A genesis entry is accepted.");
        if (!hash_equal(&w->leaf.policy, &s->claims.policy))
                verification_fault(v, 0, CHECK_POLICY, "It names another policy than its statement.");
        if ((e = policies_name(v->policies, &s->claims.policy, 0)) ||
            (e = roster_apply_genesis(v->roster, s, &key.key)))
                return e;
        v->founded = true;
        return OK;
}

/* --- the entries after it --- */

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

/* A key's next statement has its next number and names its last one. A gap that lost entries can explain is
 * theirs. */
static void check_key_chain(struct verification *v, const struct roster_key *key, const struct entry_work *w)
{
        const struct statement *s = &w->statement;
        uint64_t expected = key->n + 1;
        if (roster_check_follows(v->roster, key, s) == OK)
                return;
        if (s->n > expected && s->n - expected <= v->lost)
                v->lost -= s->n - expected;
        else if (s->n == expected)
                verification_fault(v, w->seq, CHECK_KEY_CHAIN,
                                   "It is the key's number %llu and does not name the key's entry before it.",
                                   (unsigned long long)s->n);
        else
                verification_fault(v, w->seq, CHECK_KEY_CHAIN,
                                   "It has the number %llu; this key's next is %llu.",
                                   (unsigned long long)s->n, (unsigned long long)expected);
}

#define ACCEPTED (1u << VERDICT_ACCEPTED)
#define WAITING  (1u << VERDICT_WAITING)
#define REFUSED  (1u << VERDICT_REFUSED)
#define FLAGGED  (1u << VERDICT_FLAGGED)

/* The verdicts that an entry of a kind can have. */
static const unsigned verdicts[KIND_COUNT] = {
    [KIND_MEMBER] = ACCEPTED | WAITING,
    [KIND_POLICY] = ACCEPTED | WAITING | REFUSED,
    [KIND_OPERATION] = ACCEPTED | REFUSED,
    [KIND_AUTHORITY] = ACCEPTED | WAITING | REFUSED,
    [KIND_PERSONA] = ACCEPTED | WAITING | REFUSED,
    [KIND_INTENT] = ACCEPTED | WAITING | REFUSED,
    [KIND_ACTIVITY] = ACCEPTED | FLAGGED,
    [KIND_DECISION] = ACCEPTED | REFUSED,
    [KIND_REVIEW] = ACCEPTED | REFUSED,
    [KIND_AMEND] = ACCEPTED | REFUSED,
    [KIND_COMBINE] = ACCEPTED | WAITING | REFUSED,
    [KIND_HOLD] = ACCEPTED | WAITING | REFUSED,
    [KIND_RESTRICT] = ACCEPTED | WAITING | REFUSED,
    [KIND_ERASE] = ACCEPTED | WAITING | REFUSED,
    [KIND_DISCLOSE] = ACCEPTED | WAITING | REFUSED,
    [KIND_CONSULT] = ACCEPTED | REFUSED,
    [KIND_FINDING] = ACCEPTED | REFUSED,
};

static void check_verdict(struct verification *v, const struct roster_key *key, const struct entry_work *w)
{
        const struct statement *s = &w->statement;
        enum verdict verdict = w->leaf.verdict;
        if (!(verdicts[s->kind] >> verdict & 1u)) {
                verification_fault(v, w->seq, CHECK_VERDICT, "An entry of this kind is never `%s`.",
                                   verdict_name(verdict));
                return;
        }
        if ((s->kind != KIND_MEMBER && s->kind != KIND_POLICY) || verdict == VERDICT_REFUSED)
                return;
        bool needs = roster_needs_second(v->roster, key, s);
        if (needs && verdict != VERDICT_WAITING)
                verification_accuse(v, w->seq, CHECK_SECOND_PERSON,
                                    "It took effect without the second person that it needs.");
        else if (!needs && verdict == VERDICT_WAITING)
                verification_accuse(v, w->seq, CHECK_SECOND_PERSON,
                                    "It waits for a second person although it needs none.");
}

static void check_policy(struct verification *v, const struct entry_work *w)
{
        if (!hash_equal(&w->leaf.policy, roster_policy(v->roster)))
                verification_accuse(v, w->seq, CHECK_POLICY,
                                    "It names another policy than the one in force.");
}

/* Whether the author may say this now. A decision's target is known by what was kept of it. */
static void check_may(struct verification *v, const struct roster_key *key, const struct entry_work *w,
                      const struct waiter *target)
{
        const struct roster_key *target_key = target == NULL ? NULL : roster_key_at(v->roster, target->key);
        struct statement about = {0};
        struct why why = {0};
        if (target != NULL) {
                about.kind = target->kind;
                about.claims.act = target->act;
                about.claims.member = target->member;
                about.st = target->st;
        }
        enum err e = roster_check_may(v->roster, key, &w->statement, w->leaf.at_us,
                                      target == NULL ? NULL : &about, target_key, &why);
        bool own = e == ERR_OWN || (w->statement.kind == KIND_DECISION && target != NULL &&
                                    w->leaf.verdict == VERDICT_ACCEPTED && roster_is_own(key, target_key));
        if (own)
                verification_fault(v, w->seq, CHECK_OWN, "%s", err_row(ERR_OWN)->sentence);
        else if (e == ERR_POSSESSION)
                verification_fault(v, w->seq, CHECK_MEMBER, "%s", err_row(e)->sentence);
        /* a decision about nothing, or about what was decided, is check_decision's */
        else if (e && e != ERR_DECIDED && (w->statement.kind != KIND_DECISION || target != NULL))
                verification_accuse(v, w->seq, check_of(e), "%s%s%s", err_row(e)->sentence,
                                    why.detail[0] ? " " : "", why.detail);
}

static void check_decision(struct verification *v, const struct entry_work *w, struct waiter *target)
{
        const struct statement *s = &w->statement;
        if (target == NULL) {
                verification_accuse(v, w->seq, CHECK_DECISION,
                                    "It decides an entry that does not wait for a decision.");
                return;
        }
        if (target->decided)
                verification_accuse(v, w->seq, CHECK_DECISION,
                                    "It decides an entry that was decided before.");
        if (w->leaf.verdict == VERDICT_ACCEPTED)
                target->decided |= s->claims.verb != VERB_ESCALATE;
}

/* A determination about an entry that waits settles it as a decision does. */
static bool determines(const struct statement *s)
{
        return s->kind == KIND_AUTHORITY && s->claims.act == ACT_DETERMINE;
}

static void check_determination(struct verification *v, const struct roster_key *key,
                                const struct entry_work *w, struct waiter *target)
{
        if (w->leaf.verdict != VERDICT_ACCEPTED || target->kind != KIND_INTENT)
                return;
        if (roster_is_own(key, roster_key_at(v->roster, target->key)))
                verification_fault(v, w->seq, CHECK_OWN, "%s", err_row(ERR_OWN)->sentence);
        if (target->decided)
                verification_accuse(v, w->seq, CHECK_DECISION,
                                    "It settles an entry that was decided before.");
        target->decided = true;
}

static enum err remember(struct verification *v, const struct roster_key *key, const struct entry_work *w)
{
        const struct statement *s = &w->statement;
        struct waiter one = {.st = s->st,
                             .member = s->claims.member,
                             .kind = s->kind,
                             .act = s->claims.act,
                             .key = key->number};
        enum err e;
        if (w->leaf.verdict == VERDICT_WAITING && (e = waiting_add(v->waiting, &one)))
                return e;
        if (s->kind == KIND_POLICY && s->claims.act == ACT_ADOPT &&
            (e = policies_name(v->policies, &s->claims.policy, w->seq)))
                return e;
        if (s->kind == KIND_ERASE && s->claims.act == ACT_CONFIRM && w->leaf.verdict == VERDICT_ACCEPTED)
                return erasures_order(v->erasures, s->claims.digests_n, s->claims.digests);
        return OK;
}

static enum err judge(struct verification *v, const struct roster_key *key, const struct entry_work *w)
{
        const struct statement *s = &w->statement;
        struct waiter *target = NULL;
        const struct hash *names = statement_ref(s, REL_TARGET);
        enum err e;
        check_key_chain(v, key, w);
        if ((s->kind == KIND_DECISION || determines(s)) && names != NULL)
                target = waiting_find(v->waiting, names);
        check_may(v, key, w, target);
        if (s->kind == KIND_DECISION)
                check_decision(v, w, target);
        else if (target != NULL)
                check_determination(v, key, w, target);
        check_verdict(v, key, w);
        check_policy(v, w);
        if ((e = remember(v, key, w)))
                return e;
        /* An entry that cannot take effect takes none here either; its key's chain goes on. */
        e = roster_apply(v->roster, w->seq, key, s, w->leaf.verdict);
        if (e == ERR_BUG)
                e = roster_apply(v->roster, w->seq, key, s, VERDICT_REFUSED);
        return e == ERR_BUG ? OK : e;
}

/* A statement that cannot be taken in: it may explain a gap further on. */
static void lose(struct verification *v, uint64_t seq)
{
        v->lost++;
        verification_suspect(v, seq);
}

static enum err judge_entry(struct verification *v, const struct entry_work *w)
{
        const struct roster_key *key;
        if (w->leaf_error || w->leaf.seq != w->seq) {
                lose(v, w->seq); /* order.c has said so */
                return OK;
        }
        if (w->statement_error) {
                verification_fault(v, w->seq, CHECK_STATEMENT,
                                   "Its statement is not in the strict form: %.120s",
                                   w->why.detail[0] ? w->why.detail : err_row(w->statement_error)->sentence);
                lose(v, w->seq);
                return OK;
        }
        if (v->log_id[0] != '\0' && !bytes_is(w->statement.log, v->log_id)) {
                verification_fault(v, w->seq, CHECK_LOG, "Its statement was made for the ledger %.*s.",
                                   (int)(w->statement.log.n < 80 ? w->statement.log.n : 80),
                                   (const char *)w->statement.log.at);
                lose(v, w->seq);
                return OK;
        }
        key = roster_key_of_kid(v->roster, &w->statement.kid);
        if (key == NULL) {
                verification_accuse(v, w->seq, CHECK_MEMBER, "Its author's key was never enrolled.");
                v->lost++; /* whose it was before its key's name was changed, if it was */
                return OK;
        }
        if (w->signature_error) {
                verification_fault(v, w->seq, CHECK_AUTHOR,
                                   "The author's signature does not fit the statement.");
                lose(v, w->seq);
                return OK;
        }
        return judge(v, key, w);
}

enum err people_entry(struct verification *v, const struct entry_work *w)
{
        if (w->seq == 0)
                return judge_genesis(v, w);
        if (!v->founded) {
                verification_doubt(v, w->seq, CHECK_MEMBER);
                return OK;
        }
        return judge_entry(v, w);
}
