/* What surrounded an entry when it was judged. The counterpart of daemon/around.c. */
#include "ledger/record/subject.h"
#include "policy/logs.h"
#include "policy/replay_private.h"

bool replay_is_gone(const struct body *b, const char *name)
{
        const struct body_field *f = body_find(b, name);
        return f != NULL && f->state != FIELD_PRESENT;
}

/* --- the entry that it is about --- */

static const struct hash *main_reference(const struct statement *s)
{
        switch (s->kind) {
        case KIND_ACTIVITY: return statement_ref(s, REL_INTENT);
        case KIND_AMEND: return statement_ref(s, REL_AMENDS);
        case KIND_OPERATION: return statement_ref(s, REL_OPERATION);
        case KIND_AUTHORITY:
                return statement_ref(s, s->claims.act == ACT_DETERMINE ? REL_TARGET : REL_AUTHORITY);
        case KIND_PERSONA: return statement_ref(s, REL_PERSONA);
        case KIND_ERASE: return statement_ref(s, s->claims.act == ACT_CONFIRM ? REL_ORDER : REL_TARGET);
        case KIND_DECISION:
        case KIND_REVIEW:
        case KIND_HOLD:
        case KIND_RESTRICT:
        case KIND_FINDING: return statement_ref(s, REL_TARGET);
        case KIND_GENESIS:
        case KIND_MEMBER:
        case KIND_POLICY:
        case KIND_INTENT:
        case KIND_COMBINE:
        case KIND_DISCLOSE:
        case KIND_CONSULT:
        case KIND_COUNT: break;
        }
        return NULL;
}

static bool any_gone(const struct body *b)
{
        for (size_t i = 0; i < b->n; i++)
                if (b->field[i].state != FIELD_PRESENT)
                        return true;
        return false;
}

static bool reads_target(enum kind kind)
{
        return kind == KIND_ACTIVITY || kind == KIND_DECISION || kind == KIND_AMEND;
}

static enum err load_target(struct replay *r)
{
        struct replay_entry *x = r->entry;
        const struct hash *st = main_reference(&x->statement);
        enum err e;
        x->target = NULL;
        x->target_number = MARK_NONE;
        x->has_target_body = x->target_erased = false;
        if (st == NULL || (x->target = past_of_st(r->past, st, &x->target_number)) == NULL ||
            !reads_target(x->statement.kind))
                return OK;
        buf_reset(&x->target_values);
        e = store_fields(r->store, x->target->seq, (enum kind)x->target->kind, &x->target_values,
                         &x->target_body, NULL);
        if (e && !replay_of_machine(e)) {
                r->damaged = true;
                return OK;
        }
        x->has_target_body = !e;
        x->target_erased = !e && any_gone(&x->target_body);
        x->erased |= x->target_erased && x->statement.kind == KIND_ACTIVITY;
        return e;
}

/* --- whom, and under which operation --- */

enum err replay_reference(struct replay_entry *x, const struct body *b, struct mark *out, bool *out_there)
{
        struct subject person;
        struct bytes reference;
        enum err e = body_text(b, "subject_ref", &x->texts, &reference);
        *out_there = false;
        if (e || reference.n == 0)
                return e;
        e = subject_of_reference(reference, &person);
        *out_there = !e;
        return e ? OK : mark_of_text(bytes_text(person.canonical), out);
}

static enum err subject_of(struct replay_entry *x, const struct body *b)
{
        struct bytes subject;
        enum err e = body_text(b, "subject", &x->texts, &subject);
        if (e || subject.n == 0)
                return e;
        x->has_account = true;
        return mark_of_text(subject, &x->account);
}

static void account_of_reference(struct replay_entry *x, const struct mark *reference)
{
        x->has_account = true;
        x->account = *reference;
}

/* An activity fills up from its intent; where no account is named the person's reference stands for one. */
static enum err find_person(struct replay_entry *x)
{
        struct mark meant;
        bool has_meant;
        enum err e;
        if ((e = subject_of(x, &x->body)) ||
            (e = replay_reference(x, &x->body, &x->reference, &x->has_reference)))
                return e;
        if (x->statement.kind == KIND_ACTIVITY && x->has_target_body) {
                if ((e = replay_reference(x, &x->target_body, &meant, &has_meant)) ||
                    (!x->has_account && (e = subject_of(x, &x->target_body))))
                        return e;
                if (!x->has_account && has_meant)
                        account_of_reference(x, &meant);
                if (!x->has_reference && has_meant) {
                        x->has_reference = true;
                        x->reference = meant;
                }
        }
        if (!x->has_account && x->has_reference)
                account_of_reference(x, &x->reference);
        return OK;
}

static enum err find_operation(struct replay *r)
{
        struct replay_entry *x = r->entry;
        struct bytes name;
        enum err e = body_text(&x->body, "operation", &x->texts, &name);
        if (e)
                return e;
        if (name.n > 0)
                return past_operation(r->past, name, &x->operation);
        if (x->target != NULL && (x->statement.kind == KIND_ACTIVITY || x->statement.kind == KIND_OPERATION))
                x->operation = x->target->operation;
        return OK;
}

enum err replay_look_around(struct replay *r)
{
        struct replay_entry *x = r->entry;
        const enum kind kind = x->statement.kind;
        enum err e;
        buf_reset(&x->texts);
        buf_reserve(&x->texts, x->texts.max);
        x->erased = any_gone(&x->body);
        x->has_account = x->has_reference = x->is_habitual = false;
        x->operation = MARK_NONE;
        x->likeness = 0;
        x->done_us = scene_time(kind, &x->body, x->leaf.at_us);
        x->is_look = kind == KIND_INTENT || (kind == KIND_ACTIVITY && scene_is_look(&x->body));
        if ((e = load_target(r)) || (e = find_operation(r)) || (kind != KIND_INTENT && kind != KIND_ACTIVITY))
                return e;
        if ((e = find_person(x)) || (e = sketch_of_body(&x->body, &x->sketch)))
                return e;
        /* an activity under an enquiry says again what the enquiry said: that is no habit */
        x->is_habitual = !sketch_empty(&x->sketch) && (kind == KIND_INTENT || x->target == NULL);
        if (x->is_habitual)
                x->likeness = authors_likeness(r->authors, x->key->member, &x->sketch);
        return OK;
}

/* --- the scene --- */

static void set_author(struct replay *r, struct scene *s)
{
        const struct replay_entry *x = r->entry;
        const struct roster_member *m = roster_member_at(r->roster, x->key->member);
        s->author.name = authors_name_of(r->authors, m->number);
        s->author.alias = authors_alias_of(r->authors, x->key->number);
        s->author.unit = bytes_text(m->unit);
        s->author.force = bytes_text(authors_force_of(r->authors, m->number));
        s->author.roles = m->roles;
        s->author.training = m->training;
        s->author.known = true;
        member_id_text(&m->id, s->author.id);
        if (s->kind != KIND_INTENT)
                return;
        s->author.open_late = authors_open_before(r->authors, m->number, s->at_us - 24 * MOMENT_HOUR_US);
        s->author.intents_m10 =
            authors_intents_since(r->authors, m->number, s->at_us - 10 * 60 * MOMENT_SECOND_US) + 1;
        if (s->author.intents_m10 > AUTHORS_RECENT_MAX)
                s->author.intents_m10 = AUTHORS_RECENT_MAX;
}

static void set_operation(struct replay *r, struct scene *s)
{
        const struct replay_entry *x = r->entry;
        if (x->operation == MARK_NONE)
                return;
        const struct past_operation *o = past_operation_at(r->past, x->operation);
        s->operation.named = true;
        s->operation.known = o->entries > 0;
        s->operation.open = o->open > 0;
}

static void set_views(struct replay *r, struct scene *s)
{
        const struct replay_entry *x = r->entry;
        uint8_t operation[16];
        struct look own;
        if (!x->has_account)
                return;
        sightings_operation(x->operation, operation);
        fold_init(r->fold, x->done_us, scene_window_days(r->pack), operation);
        sightings_fold(r->sightings, &x->account, x->has_reference ? &x->reference : NULL, r->fold);
        if (x->is_look) {
                scene_look(s, &own);
                own.member = x->key->member;
                memcpy(own.operation, operation, sizeof operation);
                fold_present(r->fold, &own);
        }
        s->views = r->fold;
}

static const char *state_of_intent(const struct past_entry *intent)
{
        static const char *const decided[] = {[DECIDED_NOT_NEEDED] = "accepted",
                                              [DECIDED_WAITING] = "waiting",
                                              [DECIDED_APPROVED] = "approved",
                                              [DECIDED_RETURNED] = "returned",
                                              [DECIDED_REFUSED] = "refused"};
        return intent->verdict == VERDICT_REFUSED ? "refused" : decided[intent->decided];
}

static void set_target(struct replay *r, struct scene *s)
{
        const struct replay_entry *x = r->entry;
        if (x->target == NULL)
                return;
        s->has_target = true;
        s->target_kind = (enum kind)x->target->kind;
        s->target = x->has_target_body ? &x->target_body : NULL;
        s->own_target = x->target->member == x->key->member;
        if (s->kind == KIND_ACTIVITY) {
                s->intent_state = state_of_intent(x->target);
                s->approved = x->target->decided == DECIDED_APPROVED;
        }
}

static void set_about(struct replay *r, struct scene *s)
{
        const struct hash *st = statement_ref(&r->entry->statement, REL_AUTHORITY);
        if (s->kind == KIND_AUTHORITY && s->act != ACT_REGISTER && s->act != ACT_DETERMINE && st != NULL)
                s->about = registry_authority_of_st(r->registry, st);
}

static void set_likeness(struct replay *r, struct scene *s)
{
        const struct replay_entry *x = r->entry;
        if (!x->is_habitual)
                return;
        s->has_likeness = true;
        s->likeness = x->likeness;
        s->alike_d7 = authors_alike(r->authors, x->key->member, s->at_us - 7 * MOMENT_DAY_US,
                                    scene_likeness_percent(r->pack));
}

static enum err set_reading(struct replay *r, struct scene *s)
{
        struct replay_entry *x = r->entry;
        struct bytes class, query;
        enum err e;
        if ((e = body_text(&x->body, "class", &x->texts, &class)) ||
            (e = body_text(&x->body, "query", &x->texts, &query)))
                return e;
        s->reads_logs = scene_reads_logs(class, query);
        return OK;
}

enum err replay_scene(struct replay *r, struct scene *s)
{
        struct replay_entry *x = r->entry;
        s->kind = x->statement.kind;
        s->act = x->statement.claims.act;
        s->verb = x->statement.claims.verb;
        s->at_us = x->leaf.at_us;
        s->body = &x->body;
        s->statement = &x->statement;
        s->registry = r->registry;
        set_author(r, s);
        set_target(r, s);
        set_about(r, s);
        if (s->kind == KIND_CONSULT)
                return set_reading(r, s);
        if (s->kind == KIND_OPERATION && s->act != ACT_CLOSE)
                set_operation(r, s);
        if (s->kind == KIND_INTENT || s->kind == KIND_ACTIVITY) {
                set_operation(r, s);
                set_views(r, s);
                set_likeness(r, s);
        }
        return OK;
}
