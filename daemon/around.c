#include "daemon/around.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/adopt.h"
#include "daemon/around_parts.h"
#include "daemon/sight.h"

void around_init(struct around *a)
{
        memset(a, 0, sizeof *a);
        buf_init(&a->target_payload, 2 * JWS_MAX);
        buf_init(&a->target_leaf, LEAF_MAX + 1);
        buf_init(&a->target_values, SUBMISSION_MAX);
        scene_init(&a->scene);
}

void around_clear(struct around *a)
{
        if (a == NULL)
                return;
        scene_clear(&a->scene);
        buf_clear(&a->target_payload);
        buf_clear(&a->target_leaf);
        buf_wipe(&a->target_values);
}

/* --- the entry that it names --- */

/* The word under which a kind names the entry it is about. */
static const struct hash *main_reference(const struct statement *s)
{
        static const enum rel word[KIND_COUNT] = {
            [KIND_INTENT] = REL_COUNT,        [KIND_ACTIVITY] = REL_INTENT, [KIND_DECISION] = REL_TARGET,
            [KIND_REVIEW] = REL_TARGET,       [KIND_AMEND] = REL_AMENDS,    [KIND_HOLD] = REL_TARGET,
            [KIND_RESTRICT] = REL_TARGET,     [KIND_FINDING] = REL_TARGET,  [KIND_OPERATION] = REL_OPERATION,
            [KIND_GENESIS] = REL_COUNT,       [KIND_MEMBER] = REL_COUNT,    [KIND_POLICY] = REL_COUNT,
            [KIND_AUTHORITY] = REL_AUTHORITY, [KIND_PERSONA] = REL_PERSONA, [KIND_COMBINE] = REL_COUNT,
            [KIND_DISCLOSE] = REL_COUNT,      [KIND_CONSULT] = REL_COUNT,   [KIND_ERASE] = REL_TARGET,
        };
        if (s->kind == KIND_ERASE && s->claims.act == ACT_CONFIRM)
                return statement_ref(s, REL_ORDER);
        if (s->kind == KIND_AUTHORITY && s->claims.act == ACT_DETERMINE)
                return statement_ref(s, REL_TARGET);
        return word[s->kind] == REL_COUNT ? NULL : statement_ref(s, word[s->kind]);
}

static bool needs_target(const struct statement *s)
{
        switch (s->kind) {
        case KIND_DECISION:
        case KIND_REVIEW:
        case KIND_AMEND:
        case KIND_HOLD:
        case KIND_RESTRICT:
        case KIND_ERASE: return true;
        case KIND_OPERATION: return s->claims.act == ACT_CLOSE;
        case KIND_GENESIS:
        case KIND_MEMBER:
        case KIND_POLICY:
        case KIND_AUTHORITY:
        case KIND_PERSONA:
        case KIND_INTENT:
        case KIND_ACTIVITY:
        case KIND_COMBINE:
        case KIND_DISCLOSE:
        case KIND_CONSULT:
        case KIND_FINDING:
        case KIND_COUNT: break;
        }
        return false;
}

static enum err load_target(struct ledger *l, struct job *j, struct around *a)
{
        const struct hash *st = main_reference(&j->statement);
        struct leaf leaf;
        uint64_t seq;
        enum err e;
        a->item.target = SEQ_NONE;
        if (st == NULL)
                return needs_target(&j->statement) ? why_set(&j->why, ERR_REF, "it names no other entry")
                                                   : OK;
        e = store_find_statement(l->store, st, &seq);
        if (e == ERR_ABSENT)
                return why_set(&j->why, ERR_REF, "the entry it names is not in this ledger");
        if (e || (e = store_item(l->store, seq, &a->target_item)) ||
            (e = store_leaf(l->store, seq, &a->target_leaf)) ||
            (e = leaf_decode(buf_bytes(&a->target_leaf), &leaf)) ||
            (e = statement_decode(leaf.statement, &a->target_payload, &a->target, &j->why)))
                return e;
        a->target_key = roster_key_at(l->roster, a->target_item.key);
        a->has_target = true;
        a->item.target = seq;
        a->scene.has_target = true;
        a->scene.target_kind = a->target_item.kind;
        a->scene.own_target = a->target_item.member == a->item.member;
        return OK;
}

enum err around_target_body(struct ledger *l, struct around *a, struct why *why)
{
        enum err e = store_body(l->store, a->target_item.seq, a->target_item.kind, &a->target_values,
                                &a->target_body, why);
        a->has_target_body = !e;
        a->scene.target = e ? NULL : &a->target_body;
        return e == ERR_ABSENT || e == ERR_ERASED ? OK : e;
}

/* --- by kind --- */

static const char *state_of_intent(const struct store_item *intent)
{
        static const char *const decided[] = {[DECIDED_NOT_NEEDED] = "accepted",
                                              [DECIDED_WAITING] = "waiting",
                                              [DECIDED_APPROVED] = "approved",
                                              [DECIDED_RETURNED] = "returned",
                                              [DECIDED_REFUSED] = "refused"};
        return intent->verdict == VERDICT_REFUSED ? "refused" : decided[intent->decided];
}

static enum err load_activity(struct ledger *l, struct job *j, struct around *a)
{
        if (!a->has_target)
                return OK;
        if (a->target_item.kind != KIND_INTENT)
                return why_set(&j->why, ERR_REF, "what it closes is not an enquiry");
        if (a->target_item.member != a->item.member)
                return why_set(&j->why, ERR_REF, "the enquiry it closes is somebody else's");
        a->scene.intent_state = state_of_intent(&a->target_item);
        a->scene.approved = a->target_item.decided == DECIDED_APPROVED;
        return around_target_body(l, a, &j->why);
}

static enum err load_look(struct ledger *l, struct job *j, struct around *a)
{
        enum err e;
        if ((a->item.kind == KIND_ACTIVITY && (e = load_activity(l, j, a))) || (e = around_tags(l, a)) ||
            (e = around_operation_check(l, a, &j->why)) || (e = around_views(l, a)))
                return e;
        return around_habits(l, a);
}

/* What registers, or changes what is registered: the register's own checks come first, so that an entry that
 * is kept can also be taken. */
static enum err load_registration(struct ledger *l, struct job *j, struct around *a)
{
        const struct registry_entry entry = ledger_registration(l, a->statement, a->body, &a->item);
        enum err e;
        if (a->item.act == ACT_DETERMINE && (e = around_determination(a, &j->why)))
                return e;
        if ((e = registry_check(l->registry, &entry, &j->why)))
                return e;
        a->settles = true;
        if (a->item.kind == KIND_AUTHORITY && a->item.act != ACT_DETERMINE && entry.about != NULL)
                a->scene.about = registry_authority_of_st(l->registry, entry.about);
        return OK;
}

static enum err load_amend(struct ledger *l, struct job *j, struct around *a)
{
        const roles amenders = (roles)(ROLE_BIT(ROLE_SUPERVISOR) | ROLE_BIT(ROLE_AUTHORISING_OFFICER) |
                                       ROLE_BIT(ROLE_DPO) | ROLE_BIT(ROLE_RECORDS));
        const struct roster_member *m = roster_member_at(l->roster, a->item.member);
        struct reader reader = {.member = a->item.member, .roles = m->roles, .unit = a->item.unit};
        struct bytes name;
        enum err e;
        if (!sight_item(&reader, &a->target_item, sight_orphan(l->roster, a->target_item.unit)))
                return why_set(&j->why, ERR_ROLE, "the entry is not one that you may open");
        if (a->target_item.kind == KIND_MEMBER || a->target_item.kind == KIND_POLICY ||
            a->target_item.kind == KIND_GENESIS)
                return why_set(&j->why, ERR_REF,
                               "entries about members and policy are changed by further ones, not amended");
        if (a->target_item.member != a->item.member && !(m->roles & amenders))
                return why_set(&j->why, ERR_ROLE,
                               "an entry is amended by its author, a supervisor, dpo or records");
        if ((e = body_text(&j->body, "amended_field", &j->text, &name)))
                return e;
        if (field_of_name(a->target_item.kind, (const char *)name.at, name.n) == NULL)
                return why_set(&j->why, ERR_FIELD_UNKNOWN, "%.*s", (int)(name.n < 60 ? name.n : 60),
                               (const char *)name.at);
        return around_target_body(l, a, &j->why);
}

static enum err load_by_kind(struct ledger *l, struct job *j, struct around *a)
{
        enum err e;
        switch (j->statement.kind) {
        case KIND_INTENT:
        case KIND_ACTIVITY: return load_look(l, j, a);
        case KIND_DECISION: return around_decision(l, a, &j->why);
        case KIND_AMEND: return load_amend(l, j, a);
        case KIND_OPERATION:
                if ((e = around_tags(l, a)))
                        return e;
                return a->item.act == ACT_CLOSE ? around_operation_close(l, a, &j->why)
                                                : around_operation_check(l, a, &j->why);
        case KIND_AUTHORITY:
        case KIND_PERSONA: return (e = around_tags(l, a)) ? e : load_registration(l, j, a);
        case KIND_COMBINE: return around_combine(l, a, &j->why);
        case KIND_POLICY: a->settles = true; return adopt_check(l, j);
        case KIND_MEMBER: a->settles = true; return OK;
        case KIND_CONSULT: return (e = around_tags(l, a)) ? e : around_consult_load(j, a);
        case KIND_DISCLOSE: return around_tags(l, a);
        case KIND_GENESIS: return ERR_KIND;
        case KIND_REVIEW:
        case KIND_HOLD:
        case KIND_RESTRICT:
        case KIND_ERASE:
        case KIND_FINDING:
        case KIND_COUNT: break;
        }
        return why_set(&j->why, ERR_KIND, "this version of the daemon does not take this kind yet");
}

enum err around_load(struct ledger *l, struct job *j, struct around *a, int64_t at_us)
{
        const struct roster_key *key = roster_key_at(l->roster, j->key);
        const struct roster_member *member = roster_member_at(l->roster, key->member);
        struct store_item *i = &a->item;
        enum err e;
        a->statement = &j->statement;
        a->body = &j->body;
        a->done_us = at_us;
        *i = (struct store_item){.seq = j->seq,
                                 .kind = j->statement.kind,
                                 .act = j->statement.claims.act,
                                 .at_us = at_us,
                                 .member = key->member,
                                 .key = key->number,
                                 .n = j->statement.n,
                                 .decided_by = SEQ_NONE,
                                 .closed_by = SEQ_NONE,
                                 .target = SEQ_NONE,
                                 .urgent = body_find(&j->body, "urgent") != NULL};
        memcpy(i->unit, member->unit, sizeof i->unit);
        a->scene.kind = i->kind;
        a->scene.act = i->act;
        a->scene.verb = j->statement.claims.verb;
        a->scene.at_us = at_us;
        a->scene.body = a->body;
        a->scene.statement = a->statement;
        a->scene.registry = l->registry;
        around_author(l, a);
        if ((e = load_target(l, j, a)))
                return e;
        return load_by_kind(l, j, a);
}

/* --- the verdict --- */

/* A pack that is wrong in itself is its keeper's business, at once. */
static void report_broken(const struct around *a)
{
        const struct judgement *g = &a->judgement;
        if (g->broken)
                (void)fprintf(stderr,
                              "enquiryd: entry %llu: %s%s of the policy in force cannot be asked: %s\n",
                              (unsigned long long)a->item.seq, g->broke != NULL ? "rule " : "a lane",
                              g->broke != NULL ? g->broke->id : "", g->broke_why.detail);
}

static enum err ask(struct ledger *l, struct job *j, struct around *a)
{
        const struct roster_key *key = roster_key_at(l->roster, j->key);
        const enum kind kind = j->statement.kind;
        enum err e;
        if ((e = scene_facts(&a->scene, l->pack, &a->facts, &j->why)))
                return e;
        if (kind != KIND_MEMBER && (e = gate_ask(l->gate, &a->facts, &a->judgement, &j->why)))
                return e;
        report_broken(a);
        if ((kind == KIND_MEMBER || kind == KIND_POLICY) && a->judgement.verdict != VERDICT_REFUSED)
                a->judgement.verdict =
                    roster_needs_second(l->roster, key, &j->statement) ? VERDICT_WAITING : VERDICT_ACCEPTED;
        return OK;
}

enum err around_judge(struct ledger *l, struct job *j, struct around *a)
{
        enum err e = ask(l, j, a);
        if (e)
                return e;
        j->verdict = a->item.verdict = a->judgement.verdict;
        a->item.lane = a->judgement.lane;
        a->item.decided = j->verdict == VERDICT_WAITING ? DECIDED_WAITING : DECIDED_NOT_NEEDED;
        buf_reset(&j->because);
        return j->statement.kind == KIND_CONSULT ? around_consult_reasons(j, a)
                                                 : judgement_put(&j->because, &a->judgement, &a->facts);
}

/* --- what follows --- */

static enum err put_told(struct ledger *l, const struct around *a)
{
        enum err e = OK;
        for (size_t i = 0; i < a->judgement.hits_n && !e; i++) {
                const struct rule *rule = a->judgement.hit[i];
                if (rule->tell != 0)
                        e = store_put_told(l->store, a->item.seq, a->item.at_us, rule->tell, rule->id);
        }
        return e;
}

static enum err settle_target(struct ledger *l, struct job *j, struct around *a)
{
        static const enum decided of_verb[VERB_COUNT] = {[VERB_APPROVE] = DECIDED_APPROVED,
                                                         [VERB_CONDITIONS] = DECIDED_APPROVED,
                                                         [VERB_RETURN] = DECIDED_RETURNED,
                                                         [VERB_REFUSE] = DECIDED_REFUSED};
        const enum kind kind = j->statement.kind;
        enum decided decided = kind == KIND_DECISION ? of_verb[j->statement.claims.verb] : DECIDED_NOT_NEEDED;
        if (kind == KIND_AUTHORITY && j->statement.claims.act == ACT_DETERMINE && a->has_target)
                decided = DECIDED_APPROVED;
        if (decided != DECIDED_NOT_NEEDED)
                return store_set_decided(l->store, a->item.target, decided, j->seq);
        bool closes = (kind == KIND_ACTIVITY && a->has_target) ||
                      (kind == KIND_OPERATION && j->statement.claims.act == ACT_CLOSE);
        if (closes && a->target_item.closed_by == SEQ_NONE)
                return store_set_closed(l->store, a->item.target, j->seq);
        return OK;
}

enum err around_settle(struct ledger *l, struct job *j, struct around *a)
{
        enum err e;
        if ((e = put_told(l, a)) || (j->statement.kind == KIND_POLICY && (e = adopt_store(l, j))))
                return e;
        if (j->verdict != VERDICT_REFUSED && (e = around_tie(l, a)))
                return e;
        if (j->verdict != VERDICT_ACCEPTED && j->verdict != VERDICT_FLAGGED)
                return OK;
        return settle_target(l, j, a);
}
