#include "daemon/around.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/sight.h"

void around_init(struct around *a)
{
        memset(a, 0, sizeof *a);
        buf_init(&a->target_payload, 2 * JWS_MAX);
        buf_init(&a->target_leaf, LEAF_MAX + 1);
        buf_init(&a->target_values, SUBMISSION_MAX);
}

void around_clear(struct around *a)
{
        if (a == NULL)
                return;
        buf_clear(&a->target_payload);
        buf_clear(&a->target_leaf);
        buf_wipe(&a->target_values);
}

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
        return OK;
}

static enum err load_target_body(struct ledger *l, struct job *j, struct around *a)
{
        enum err e = store_body(l->store, a->target_item.seq, a->target_item.kind, &a->target_values,
                                &a->target_body, &j->why);
        a->has_target_body = !e;
        return e == ERR_ABSENT || e == ERR_ERASED ? OK : e;
}

/* The tag of a text field, zeros when the body has none. */
static enum err tag_of(struct ledger *l, struct job *j, const char *space, const char *name,
                       uint8_t out[STORE_TAG_LEN])
{
        struct bytes text;
        enum err e = body_text(&j->body, name, &j->text, &text);
        if (e || text.n == 0)
                return e;
        return store_tag(l->keys, space, text, out);
}

static void fact_number(struct around *a, enum fact f, int64_t n)
{
        a->facts.value[f] = (struct fact_value){.type = FACT_INT, .number = n};
}

static void fact_text(struct around *a, enum fact f, const char *text)
{
        a->facts.value[f] = (struct fact_value){.type = FACT_TEXT, .text = bytes_text(text)};
}

static bool tag_is_zero(const uint8_t tag[STORE_TAG_LEN])
{
        static const uint8_t zero[STORE_TAG_LEN];
        return memcmp(tag, zero, STORE_TAG_LEN) == 0;
}

static void author_facts(struct ledger *l, struct job *j, struct around *a)
{
        const struct roster_member *m = roster_member_at(l->roster, a->item.member);
        size_t n = 0;
        for (unsigned r = 0; r < ROLE_COUNT; r++)
                if (m->roles & ROLE_BIT(r))
                        n += (size_t)snprintf(a->roles + n, sizeof a->roles - n, "%s%s", n ? "," : "",
                                              role_name((enum role)r));
        fact_number(a, FACT_AUTHOR_TRAINING, m->training);
        fact_text(a, FACT_AUTHOR_UNIT, a->item.unit);
        fact_text(a, FACT_AUTHOR_ROLES, a->roles);
        if (j->statement.kind == KIND_DECISION && a->has_target)
                fact_number(a, FACT_AUTHOR_OWN, a->target_item.member == a->item.member);
}

/* The open operation of the name in the entry, if there is one. */
static enum err operation_facts(struct ledger *l, struct job *j, struct around *a)
{
        struct store_filter f = {
            .kinds = 1u << KIND_OPERATION, .before = SEQ_NONE, .operation = a->item.operation, .limit = 8};
        struct store_item found[8];
        size_t n = 0;
        enum err e;
        bool open = false;
        if (tag_is_zero(a->item.operation))
                return j->statement.kind == KIND_INTENT
                           ? why_set(&j->why, ERR_OPERATION, "no operation is named")
                           : OK;
        if ((e = store_items(l->store, &f, found, &n)))
                return e;
        for (size_t i = 0; i < n; i++)
                open |= found[i].act == ACT_OPEN && found[i].closed_by == SEQ_NONE;
        fact_number(a, FACT_OPERATION_KNOWN, n > 0);
        fact_number(a, FACT_OPERATION_OPEN, open);
        if (j->statement.kind == KIND_INTENT && !open)
                return why_set(&j->why, ERR_OPERATION,
                               n > 0 ? "the operation is closed" : "no operation has that name");
        if (j->statement.kind == KIND_OPERATION && j->statement.claims.act == ACT_OPEN && open)
                return ERR_OPERATION_TAKEN;
        return OK;
}

static void look_fold(struct fold *fold, const struct store_view *view)
{
        struct look look = {.at_us = view->at_us, .member = view->member};
        memcpy(look.operation, view->operation, sizeof look.operation);
        fold_look(fold, &look);
}

static enum err feed_view(void *self, const struct store_view *view)
{
        if (view->look && view->intended)
                look_fold(self, view);
        return OK;
}

/* Looks at the subject by everybody; this one counts itself. */
static enum err view_facts(struct ledger *l, struct around *a, int64_t at_us)
{
        struct fold *fold = calloc(1, sizeof *fold);
        enum err e;
        if (fold == NULL)
                return ERR_NO_MEMORY;
        fold_init(fold, at_us, 28, a->item.operation);
        fold_account(fold);
        e = store_views(l->store, a->item.subject, at_us - 365 * MOMENT_DAY_US, feed_view, fold);
        if (!e) {
                if (fold->last_at_us != 0) {
                        moment_text(fold->last_at_us, a->last_at);
                        fact_text(a, FACT_VIEWS_LAST_AT, a->last_at);
                }
                if (a->intended) {
                        struct look look = {.at_us = at_us, .member = a->item.member};
                        memcpy(look.operation, a->item.operation, sizeof look.operation);
                        fold_present(fold, &look);
                }
                fact_number(a, FACT_VIEWS_D7, fold->d7);
                fact_number(a, FACT_VIEWS_WINDOW, fold->window);
                fact_number(a, FACT_VIEWS_D365, fold->d365);
                fact_number(a, FACT_VIEWS_OFFICERS, fold->officers);
        }
        free(fold);
        return e;
}

static const char *state_of_intent(const struct store_item *intent)
{
        static const char *const decided[] = {[DECIDED_NOT_NEEDED] = "accepted",
                                              [DECIDED_WAITING] = "waiting",
                                              [DECIDED_APPROVED] = "approved",
                                              [DECIDED_RETURNED] = "returned",
                                              [DECIDED_REFUSED] = "refused"};
        return intent->verdict == VERDICT_REFUSED ? "refused" : decided[intent->decided];
}

static enum err activity_facts(struct ledger *l, struct job *j, struct around *a, int64_t at_us)
{
        struct bytes result, ended;
        int64_t ended_us;
        enum err e;
        fact_text(a, FACT_ENTRY_INTENT_STATE, "none");
        if (a->has_target) {
                if (a->target_item.kind != KIND_INTENT)
                        return why_set(&j->why, ERR_REF, "what it closes is not an enquiry");
                if (a->target_item.member != a->item.member)
                        return why_set(&j->why, ERR_REF, "the enquiry it closes is somebody else's");
                if ((e = load_target_body(l, j, a)))
                        return e;
                if (tag_is_zero(a->item.subject))
                        memcpy(a->item.subject, a->target_item.subject, STORE_TAG_LEN);
                if (tag_is_zero(a->item.operation))
                        memcpy(a->item.operation, a->target_item.operation, STORE_TAG_LEN);
                a->facts.intent = a->has_target_body ? &a->target_body : NULL;
                fact_text(a, FACT_ENTRY_INTENT_STATE, state_of_intent(&a->target_item));
                fact_number(a, FACT_ENTRY_APPROVED, a->target_item.decided == DECIDED_APPROVED);
        }
        if ((e = body_text(&j->body, "result", &j->text, &result)) ||
            (e = body_text(&j->body, "ended_at", &j->text, &ended)))
                return e;
        a->intended = !bytes_is(result, "not-looked") && !bytes_is(result, "wrong-person");
        if (ended.n > 0 && !moment_of_rfc3339(ended, &ended_us))
                fact_number(a, FACT_ENTRY_LATE_S, (at_us - ended_us) / MOMENT_SECOND_US);
        return OK;
}

/* The digests that the deciding person was shown are those of the entry, and `seen` is made of them. */
static enum err check_seen(struct ledger *l, struct job *j, struct around *a)
{
        const struct body_field *shown = body_find(&j->body, "shown");
        struct hash *digests = calloc(BODY_FIELDS_MAX, sizeof *digests), leaf, seen;
        struct bytes at, value;
        size_t n = 0;
        bool done;
        enum err e;
        if (digests == NULL)
                return ERR_NO_MEMORY;
        if (shown == NULL) {
                e = why_set(&j->why, ERR_FIELD_MISSING,
                            "shown: which fields of the entry were on the screen");
                goto done;
        }
        if ((e = load_target_body(l, j, a)))
                goto done;
        at = shown->value;
        while (!(e = json_next_element(&at, &value, &done)) && !done) {
                struct bytes text;
                bool found = false;
                if (n == BODY_FIELDS_MAX || json_whole_string(value, &text) ||
                    hash_of_text(text, &digests[n])) {
                        e = ERR_FIELD_VALUE;
                        goto done;
                }
                for (size_t i = 0; i < a->target_body.n && !found; i++)
                        found = hash_equal(&a->target_body.field[i].digest, &digests[n]);
                if (!found) {
                        e = why_set(&j->why, ERR_SEEN, "a field was shown that the entry does not have");
                        goto done;
                }
                n++;
        }
        if (e || (e = tree_leaf_hash(buf_bytes(&a->target_leaf), &leaf)) ||
            (e = seen_hash(&leaf, n, digests, &seen)))
                goto done;
        for (size_t i = 1; i < n && !e; i++) /* sorted by now */
                if (hash_equal(&digests[i - 1], &digests[i]))
                        e = why_set(&j->why, ERR_SEEN, "a field is listed twice");
        if (e)
                goto done;
        if (!hash_equal(&seen, &j->statement.claims.seen))
                e = ERR_SEEN;
done:
        free(digests);
        return e;
}

static enum err load_decision(struct ledger *l, struct job *j, struct around *a)
{
        const struct roster_member *m = roster_member_at(l->roster, a->item.member);
        struct reader reader = {.member = a->item.member, .roles = m->roles, .unit = a->item.unit};
        enum verb verb = j->statement.claims.verb;
        if (a->target_item.decided != DECIDED_WAITING)
                return ERR_DECIDED;
        if (!sight_decides(&reader, &a->target_item, sight_orphan(l->roster, a->target_item.unit)))
                return why_set(&j->why, ERR_ROLE,
                               "the entry belongs to another unit, or is not yours to decide");
        if (a->target_item.lane == LANE_AUTHORISED && (verb == VERB_APPROVE || verb == VERB_CONDITIONS) &&
            !(m->roles & ROLE_BIT(ROLE_AUTHORISING_OFFICER)))
                return why_set(&j->why, ERR_ROLE,
                               "the authorised lane needs an authorising officer; escalate it");
        a->settles = a->target_item.kind == KIND_MEMBER || a->target_item.kind == KIND_POLICY;
        return check_seen(l, j, a);
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
        return OK;
}

static enum err load_policy(struct ledger *l, struct job *j)
{
        struct buf text;
        struct pack *pack = NULL;
        enum err e;
        if (j->statement.claims.act != ACT_ADOPT)
                return why_set(&j->why, ERR_KIND,
                               "this version of the daemon does not change the ledger's keys yet");
        buf_init(&text, ANNEX_MAX + 1);
        e = store_annex(l->store, &j->statement.claims.policy, &text);
        if (e == ERR_ABSENT)
                e = why_set(&j->why, ERR_ANNEX, "send the pack's text first");
        if (!e)
                e = pack_parse(buf_bytes(&text), NULL, &pack, &j->why);
        pack_free(pack);
        buf_clear(&text);
        return e;
}

static enum err load_operation_close(struct ledger *l, struct job *j, struct around *a)
{
        const struct roster_member *m = roster_member_at(l->roster, a->item.member);
        if (a->target_item.kind != KIND_OPERATION || a->target_item.closed_by != SEQ_NONE)
                return ERR_OPERATION;
        if (a->target_item.member != a->item.member && !(m->roles & ROLE_BIT(ROLE_SUPERVISOR)))
                return why_set(&j->why, ERR_ROLE,
                               "an operation is closed by who opened it or by a supervisor");
        memcpy(a->item.operation, a->target_item.operation, STORE_TAG_LEN);
        return OK;
}

static enum err load_by_kind(struct ledger *l, struct job *j, struct around *a, int64_t at_us)
{
        enum err e = OK;
        switch (j->statement.kind) {
        case KIND_INTENT:
                a->intended = true;
                if ((e = operation_facts(l, j, a)))
                        return e;
                return view_facts(l, a, at_us);
        case KIND_ACTIVITY:
                if ((e = activity_facts(l, j, a, at_us)) || (e = operation_facts(l, j, a)))
                        return e;
                return tag_is_zero(a->item.subject) ? OK : view_facts(l, a, at_us);
        case KIND_DECISION: return load_decision(l, j, a);
        case KIND_AMEND: return load_amend(l, j, a);
        case KIND_OPERATION:
                return j->statement.claims.act == ACT_CLOSE ? load_operation_close(l, j, a)
                                                            : operation_facts(l, j, a);
        case KIND_POLICY: a->settles = true; return load_policy(l, j);
        case KIND_MEMBER: a->settles = true; return OK;
        case KIND_GENESIS: return ERR_KIND;
        case KIND_CONSULT:
                return j->because.n > 0 ? OK : why_set(&j->why, ERR_KIND, "a consult is sent to /v1/consult");
        case KIND_DISCLOSE: return OK;
        case KIND_AUTHORITY:
        case KIND_PERSONA:
        case KIND_REVIEW:
        case KIND_COMBINE:
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
        a->facts.kind = i->kind;
        a->facts.at_us = at_us;
        a->facts.body = &j->body;
        if ((e = tag_of(l, j, "operation", "operation", i->operation)) ||
            (e = tag_of(l, j, "subject", "subject", i->subject)) || (e = load_target(l, j, a)))
                return e;
        author_facts(l, j, a);
        return load_by_kind(l, j, a, at_us);
}

enum err around_judge(struct ledger *l, struct job *j, struct around *a, int64_t at_us)
{
        struct judgement *judgement = calloc(1, sizeof *judgement);
        const struct roster_key *key = roster_key_at(l->roster, j->key);
        enum err e = OK;
        (void)at_us;
        if (judgement == NULL)
                return ERR_NO_MEMORY;
        if (j->statement.kind == KIND_MEMBER || j->statement.kind == KIND_POLICY) {
                judgement->verdict =
                    roster_needs_second(l->roster, key, &j->statement) ? VERDICT_WAITING : VERDICT_ACCEPTED;
        } else if (j->statement.kind != KIND_CONSULT) {
                e = gate_ask(l->gate, &a->facts, judgement, &j->why);
        }
        if (e)
                goto done;
        if (j->statement.kind != KIND_CONSULT) {
                buf_reset(&j->because);
                if ((e = judgement_put(&j->because, judgement, &a->facts)))
                        goto done;
        }
        j->verdict = judgement->verdict;
        a->item.verdict = judgement->verdict;
        a->item.lane = judgement->lane;
        a->item.decided = judgement->verdict == VERDICT_WAITING ? DECIDED_WAITING : DECIDED_NOT_NEEDED;
done:
        free(judgement);
        return e;
}

enum err around_settle(struct ledger *l, struct job *j, struct around *a)
{
        static const enum decided of_verb[VERB_COUNT] = {[VERB_APPROVE] = DECIDED_APPROVED,
                                                         [VERB_CONDITIONS] = DECIDED_APPROVED,
                                                         [VERB_RETURN] = DECIDED_RETURNED,
                                                         [VERB_REFUSE] = DECIDED_REFUSED};
        if (j->verdict != VERDICT_ACCEPTED && j->verdict != VERDICT_FLAGGED)
                return OK;
        if (j->statement.kind == KIND_DECISION && of_verb[j->statement.claims.verb] != DECIDED_NOT_NEEDED)
                return store_set_decided(l->store, a->item.target, of_verb[j->statement.claims.verb], j->seq);
        bool closes = (j->statement.kind == KIND_ACTIVITY && a->has_target) ||
                      (j->statement.kind == KIND_OPERATION && j->statement.claims.act == ACT_CLOSE);
        if (closes && a->target_item.closed_by == SEQ_NONE)
                return store_set_closed(l->store, a->item.target, j->seq);
        return OK;
}
