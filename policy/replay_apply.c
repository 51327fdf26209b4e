/* What an entry leaves behind for those after it. The counterpart of daemon/around.c and commit.c. */
#include "policy/replay_private.h"

#define SUBJECTS_MAX 32 /* that one combine ties */

/* --- members, policy --- */

static enum err apply_roster(struct replay *r)
{
        const struct replay_entry *x = r->entry;
        enum err e = roster_apply(r->roster, x->seq, x->key, &x->statement, x->leaf.verdict);
        if (e == ERR_BUG) /* it cannot take effect: the verifier says so */
                e = roster_apply(r->roster, x->seq, x->key, &x->statement, VERDICT_REFUSED);
        return e == ERR_BUG ? OK : e;
}

/* The key that a join brought is among the newest. */
static enum err apply_join(struct replay *r)
{
        struct replay_entry *x = r->entry;
        struct bytes name, alias, force;
        enum err e;
        if ((e = body_text(&x->body, "name", &x->texts, &name)) ||
            (e = body_text(&x->body, "alias", &x->texts, &alias)) ||
            (e = body_text(&x->body, "force", &x->texts, &force)))
                return e;
        r->dark.registry |= replay_is_gone(&x->body, "name") || replay_is_gone(&x->body, "alias") ||
                            replay_is_gone(&x->body, "force");
        for (uint32_t k = (uint32_t)roster_keys(r->roster); k-- > 0;) {
                const struct roster_key *key = roster_key_at(r->roster, k);
                if (key->kind == KEY_MEMBER && key->from_seq == x->seq)
                        return authors_name(r->authors, key->member, k, name, alias, force);
        }
        return OK;
}

/* --- looks and ties --- */

static bool any_gone(const struct body *b, const char *const names[], size_t n)
{
        for (size_t i = 0; i < n; i++)
                if (replay_is_gone(b, names[i]))
                        return true;
        return false;
}

bool replay_look_is_gone(const struct body *b)
{
        static const char *const names[] = {"subject",    "subject_ref", "operation",         "result",
                                            "started_at", "ended_at",    "immediate_response"};
        return any_gone(b, names, sizeof names / sizeof names[0]);
}

static enum err apply_sighting(struct replay *r)
{
        const struct replay_entry *x = r->entry;
        struct scene s;
        struct look look;
        if (x->statement.kind == KIND_ACTIVITY)
                r->dark.looks += replay_look_is_gone(&x->body) ||
                                 (x->has_target_body && replay_look_is_gone(&x->target_body));
        if (!x->has_account)
                return OK;
        scene_init(&s);
        s.kind = x->statement.kind;
        s.body = &x->body;
        s.target = x->has_target_body ? &x->target_body : NULL;
        s.at_us = x->leaf.at_us;
        scene_look(&s, &look);
        scene_clear(&s);
        const struct sighting one = {.at_us = x->done_us,
                                     .member = x->key->member,
                                     .operation = x->operation,
                                     .look = x->statement.kind == KIND_ACTIVITY,
                                     .intended = x->is_look,
                                     .captured = look.captured,
                                     .immediate = look.immediate};
        return sightings_put(r->sightings, &x->account, &one);
}

/* Whether the field was given, and whether it is gone, in the entry or where it fills up from. */
static bool given(const struct replay_entry *x, const char *name, bool *gone)
{
        const bool fills = x->statement.kind == KIND_ACTIVITY && x->has_target_body;
        *gone |= replay_is_gone(&x->body, name) || (fills && replay_is_gone(&x->target_body, name));
        return body_find(&x->body, name) != NULL || (fills && body_find(&x->target_body, name) != NULL);
}

static bool lost_tie(const struct replay_entry *x)
{
        bool gone = false;
        return given(x, "subject", &gone) && given(x, "subject_ref", &gone) && gone;
}

/* An account and the reference of a person in one entry belong together. */
static enum err tie_own(struct replay *r)
{
        const struct replay_entry *x = r->entry;
        r->dark.ties |= lost_tie(x);
        if (!x->has_account || !x->has_reference)
                return OK;
        return sightings_tie(r->sightings, &x->account, &x->reference, true);
}

static enum err next_subject(struct replay_entry *x, struct bytes *at, struct bytes *out, bool *done)
{
        struct bytes value, escaped;
        size_t from = x->texts.n;
        enum err e = json_next_element(at, &value, done);
        if (e || *done)
                return e;
        if ((e = json_whole_string(value, &escaped)) || (e = json_unescape(escaped, &x->texts)))
                return e;
        *out = buf_since(&x->texts, from);
        return OK;
}

static enum err tie_each(struct replay *r, const struct mark marks[], size_t n, bool same)
{
        enum err e = OK;
        for (size_t i = 0; i < n && !e; i++)
                for (size_t k = i + 1; k < n && !e; k++)
                        e = sightings_tie(r->sightings, &marks[i], &marks[k], same);
        return e;
}

/* All subjects and then the reference of the person, each with each. */
static enum err apply_combine(struct replay *r)
{
        struct replay_entry *x = r->entry;
        const struct body_field *list = body_find(&x->body, "subjects");
        struct bytes relation, text, at = bytes_text("[]");
        struct mark marks[SUBJECTS_MAX + 1];
        size_t n = 0;
        bool there, done = false;
        enum err e;
        r->dark.ties |= replay_is_gone(&x->body, "subjects") || replay_is_gone(&x->body, "subject_ref") ||
                        replay_is_gone(&x->body, "relation");
        if ((e = body_text(&x->body, "relation", &x->texts, &relation)))
                return e;
        const bool same = bytes_is(relation, "same-person") || bytes_is(relation, "same-account");
        if (!same && !bytes_is(relation, "not-same"))
                return OK;
        if (list != NULL && list->state == FIELD_PRESENT)
                at = list->value;
        while (!(e = next_subject(x, &at, &text, &done)) && !done && n < SUBJECTS_MAX)
                if ((e = mark_of_text(text, &marks[n++])))
                        return e;
        if (e || (e = replay_reference(x, &x->body, &marks[n], &there)))
                return e;
        return tie_each(r, marks, n + there, same);
}

/* --- what is decided and closed --- */

static enum err apply_intent(struct replay *r, uint32_t number)
{
        const struct replay_entry *x = r->entry;
        const uint32_t member = x->key->member;
        enum err e = authors_intent(r->authors, member, x->leaf.at_us);
        if (e || x->leaf.verdict != VERDICT_ACCEPTED)
                return e;
        return authors_open(r->authors, member, number, x->leaf.at_us);
}

static enum err decide(struct replay *r, enum decided decided)
{
        struct replay_entry *x = r->entry;
        struct past_entry *t = x->target;
        if (t == NULL || t->decided != DECIDED_WAITING)
                return OK;
        t->decided = (uint8_t)decided;
        if (t->kind == KIND_INTENT && decided == DECIDED_APPROVED && !t->closed)
                return authors_open(r->authors, t->member, x->target_number, t->at_us);
        return OK;
}

static void close_target(struct replay *r)
{
        struct replay_entry *x = r->entry;
        struct past_entry *t = x->target;
        if (t == NULL || t->closed)
                return;
        t->closed = true;
        if (t->kind == KIND_INTENT)
                authors_close(r->authors, t->member, x->target_number);
        if (t->kind == KIND_OPERATION && t->act == ACT_OPEN && t->operation != MARK_NONE) {
                struct past_operation *o = past_operation_at(r->past, t->operation);
                o->open -= o->open > 0;
        }
}

static enum err apply_decision(struct replay *r)
{
        static const enum decided of_verb[VERB_COUNT] = {[VERB_APPROVE] = DECIDED_APPROVED,
                                                         [VERB_CONDITIONS] = DECIDED_APPROVED,
                                                         [VERB_RETURN] = DECIDED_RETURNED,
                                                         [VERB_REFUSE] = DECIDED_REFUSED};
        const enum decided decided = of_verb[r->entry->statement.claims.verb];
        return decided == DECIDED_NOT_NEEDED ? OK : decide(r, decided);
}

static void apply_operation(struct replay *r)
{
        const struct replay_entry *x = r->entry;
        r->dark.operations |= replay_is_gone(&x->body, "operation");
        if (x->operation == MARK_NONE)
                return;
        struct past_operation *o = past_operation_at(r->past, x->operation);
        o->entries++;
        o->open += x->statement.claims.act == ACT_OPEN;
}

static const struct hash *about(const struct statement *s)
{
        if (s->claims.act == ACT_REGISTER)
                return NULL;
        if (s->kind == KIND_PERSONA)
                return statement_ref(s, REL_PERSONA);
        return statement_ref(s, s->claims.act == ACT_DETERMINE ? REL_TARGET : REL_AUTHORITY);
}

static enum err apply_registry(struct replay *r)
{
        struct replay_entry *x = r->entry;
        const bool determines = x->statement.claims.act == ACT_DETERMINE;
        struct registry_entry entry = {.seq = x->seq,
                                       .at_us = x->leaf.at_us,
                                       .st = x->statement.st,
                                       .kind = x->statement.kind,
                                       .act = x->statement.claims.act,
                                       .about = about(&x->statement),
                                       .body = &x->body};
        struct why why = {0};
        enum err e;
        member_id_text(&roster_member_at(r->roster, x->key->member)->id, entry.author);
        r->dark.registry |= x->erased;
        e = registry_take(r->registry, &entry, &why);
        if (!e && determines)
                return decide(r, DECIDED_APPROVED);
        if (e && !replay_of_machine(e)) {
                if (!r->dark.registry)
                        replay_tell(r, REPLAY_VERDICT, "It was accepted, and could not be: %s",
                                    err_row(e)->sentence);
                return OK;
        }
        return e;
}

static enum err apply_by_kind(struct replay *r, uint32_t number)
{
        struct replay_entry *x = r->entry;
        const bool stands = x->leaf.verdict == VERDICT_ACCEPTED || x->leaf.verdict == VERDICT_FLAGGED;
        switch (x->statement.kind) {
        case KIND_INTENT: return apply_intent(r, number);
        case KIND_ACTIVITY: close_target(r); return OK;
        case KIND_DECISION: return stands ? apply_decision(r) : OK;
        case KIND_OPERATION:
                apply_operation(r);
                if (stands && x->statement.claims.act == ACT_CLOSE)
                        close_target(r);
                return OK;
        case KIND_AUTHORITY:
        case KIND_PERSONA: return stands ? apply_registry(r) : OK;
        case KIND_COMBINE: return x->leaf.verdict != VERDICT_REFUSED ? apply_combine(r) : OK;
        case KIND_MEMBER: return stands && x->statement.claims.act == ACT_JOIN ? apply_join(r) : OK;
        case KIND_GENESIS:
        case KIND_POLICY:
        case KIND_REVIEW:
        case KIND_AMEND:
        case KIND_HOLD:
        case KIND_RESTRICT:
        case KIND_ERASE:
        case KIND_DISCLOSE:
        case KIND_CONSULT:
        case KIND_FINDING:
        case KIND_COUNT: break;
        }
        return OK;
}

static enum err apply_look(struct replay *r)
{
        static const char *const typed[] = {"justification", "necessity",       "prop_scale",
                                            "prop_least",    "prop_reasonable", "prop_alternatives"};
        struct replay_entry *x = r->entry;
        enum err e;
        if (x->statement.kind != KIND_INTENT && x->statement.kind != KIND_ACTIVITY)
                return OK;
        if ((e = apply_sighting(r)) || (x->leaf.verdict != VERDICT_REFUSED && (e = tie_own(r))))
                return e;
        r->dark.texts |= any_gone(&x->body, typed, sizeof typed / sizeof typed[0]);
        if (!x->is_habitual || x->leaf.verdict == VERDICT_REFUSED)
                return OK;
        return authors_typed(r->authors, x->key->member, x->leaf.at_us, &x->sketch, x->likeness);
}

enum err replay_apply(struct replay *r)
{
        struct replay_entry *x = r->entry;
        const struct past_entry one = {.seq = x->seq,
                                       .at_us = x->leaf.at_us,
                                       .member = x->key->member,
                                       .operation = x->operation,
                                       .kind = (uint8_t)x->statement.kind,
                                       .act = (uint8_t)x->statement.claims.act,
                                       .verdict = (uint8_t)x->leaf.verdict,
                                       .decided = x->leaf.verdict == VERDICT_WAITING ? DECIDED_WAITING
                                                                                     : DECIDED_NOT_NEEDED};
        uint32_t number;
        enum err e;
        if ((e = past_put(r->past, &x->statement.st, &one, &number)) || (e = apply_roster(r)) ||
            (e = apply_look(r)))
                return e;
        if (x->target != NULL)
                x->target = past_at(r->past, x->target_number); /* it may have moved */
        return apply_by_kind(r, number);
}
