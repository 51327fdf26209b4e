#include "client/given_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/logs.h"

static const char *const everywhere[] = {"kind", "author", "unit", "at", NULL};

/* What says more about an entry than its fields do, by kind. */
static const char *const *extras_of(enum kind kind)
{
        static const char *const activity[] = {"kind",   "author",       "unit",     "at",
                                               "intent", "intent_state", "approved", NULL};
        static const char *const persona[] = {"kind", "author", "unit", "at", "act", "persona", NULL};
        static const char *const about[] = {"kind", "author", "unit",   "at",   "act",
                                            "verb", "own",    "target", "held", NULL};
        static const char *const consult[] = {"kind",       "author",  "unit",  "at",
                                              "reads_logs", "purpose", "query", NULL};
        static const char *const act[] = {"kind", "author", "unit", "at", "act", NULL};
        switch (kind) {
        case KIND_ACTIVITY: return activity;
        case KIND_PERSONA: return persona;
        case KIND_DECISION:
        case KIND_REVIEW:
        case KIND_AMEND:
        case KIND_HOLD:
        case KIND_RESTRICT:
        case KIND_ERASE: return about;
        case KIND_CONSULT: return consult;
        case KIND_POLICY:
        case KIND_OPERATION:
        case KIND_COMBINE:
        case KIND_MEMBER: return act;
        case KIND_AUTHORITY: /* see given_authority_fields */
        case KIND_GENESIS:
        case KIND_INTENT:
        case KIND_DISCLOSE:
        case KIND_FINDING:
        case KIND_COUNT: break;
        }
        return everywhere;
}

/* As `log` does: the address, the purpose, the operation, the member, the table's defaults. */
static enum err complete(struct given *g, struct values *v, struct why *why)
{
        struct identity *nobody = calloc(1, sizeof *nobody);
        json_t *operation = NULL;
        enum err e = nobody == NULL ? ERR_NO_MEMORY : OK;
        if (e || (e = given_offer_member(g, v, why)) || (e = given_operation(g, v, &operation, why)) ||
            (e = compose_fill(v, nobody, operation, why)))
                goto done;
        if (v->kind == KIND_POLICY && pack_apd_ref(g->pack) != NULL)
                e = values_set_text(v, "apd_ref", pack_apd_ref(g->pack), ORIGIN_PACK, false, why);
done:
        json_decref(operation);
        free(nobody);
        return e;
}

/* --- an activity's intent, what a decision is about --- */

static enum err read_intent(struct given *g, const json_t *o, struct why *why)
{
        const struct reading r = {.what = "intent", .apart = everywhere, .origin = ORIGIN_FILE};
        enum err e;
        values_init(&g->target_values, KIND_INTENT);
        if ((e = given_take(g, &r, o, &g->target_values, why)) || (e = complete(g, &g->target_values, why)))
                return e;
        g->scene.target_kind = KIND_INTENT;
        return compose_known(&g->target_values, &g->target, why);
}

/* The event of the history that has this reference. */
static const json_t *event_of(const struct given *g, const char *reference)
{
        const json_t *event;
        size_t i;
        json_array_foreach(g->parts.history, i, event)
        {
                if (strcmp(text_of(event, "ref"), reference) == 0 ||
                    strcmp(text_of(event, "id"), reference) == 0)
                        return event;
        }
        return NULL;
}

static enum err intent_state(struct given *g, const json_t *intent, struct why *why)
{
        static const char *const states[] = {"accepted", "waiting", "approved", "returned",
                                             "refused",  "none",    NULL};
        const json_t *o = g->parts.enquiry;
        const char *said = text_of(o, "intent_state");
        g->scene.approved = json_is_true(json_object_get(o, "approved")) || strcmp(said, "approved") == 0;
        g->scene.intent_state = intent == NULL ? "none" : g->scene.approved ? "approved" : "accepted";
        if (said[0] == '\0')
                return OK;
        for (size_t i = 0; states[i] != NULL; i++)
                if (strcmp(states[i], said) == 0) {
                        g->scene.intent_state = states[i];
                        return OK;
                }
        return why_set(why, ERR_FIELD_WORD, "intent_state: %.60s", said);
}

static enum err read_activity(struct given *g, struct why *why)
{
        const json_t *intent = json_object_get(g->parts.enquiry, "intent");
        enum err e;
        if (json_is_null(intent) || json_is_false(intent))
                intent = NULL;
        if ((e = intent_state(g, intent, why)))
                return e;
        if (json_is_string(intent))
                intent = event_of(g, json_string_value(intent));
        else if (intent != NULL && !json_is_object(intent) && !json_is_true(intent))
                return why_set(why, ERR_FIELD_VALUE, "intent: an object of its fields, or its reference");
        if (!json_is_object(intent)) /* what it said counts as said here */
                return complete(g, &g->values, why);
        if ((e = read_intent(g, intent, why)) || (e = compose_subject(&g->values, why)))
                return e;
        g->scene.has_target = true;
        g->scene.target = &g->target;
        g->statement.refs_n = 1;
        g->statement.refs[0] = (struct ref){.rel = REL_INTENT, .st = g->st};
        return OK;
}

static enum err target_kind(const json_t *target, enum kind *out, struct why *why)
{
        const char *word = text_of(target, "kind");
        *out = KIND_ACTIVITY;
        if (word[0] != '\0' && !given_kind(word, out))
                return why_set(why, ERR_KIND, "target: %.60s", word);
        return OK;
}

static enum err read_target(struct given *g, struct why *why)
{
        static const char *const apart[] = {"kind", "author", "unit", "at", "verdict",
                                            "lane", "ref",    "id",   NULL};
        const struct reading r = {.what = "target", .apart = apart, .origin = ORIGIN_FILE};
        const json_t *o = g->parts.enquiry, *target = json_object_get(o, "target");
        const json_t *own = json_object_get(o, "own"), *held = json_object_get(o, "held");
        enum err e;
        g->scene.has_target = true;
        g->scene.held = json_is_true(held) || json_is_true(json_object_get(target, "held"));
        g->scene.own_target = json_is_true(own);
        g->says_own = json_is_boolean(own);
        if (json_is_string(target))
                target = event_of(g, json_string_value(target));
        if (target == NULL || json_is_null(target))
                return OK;
        if (!json_is_object(target))
                return why_set(why, ERR_FIELD_VALUE, "target: an object of its fields, or its reference");
        if (!g->says_own && text_of(target, "author")[0] != '\0' && g->author_n > 0) {
                g->says_own = true;
                g->scene.own_target = given_is_author(g, text_of(target, "author"));
        }
        if ((e = target_kind(target, &g->scene.target_kind, why)))
                return e;
        values_init(&g->target_values, g->scene.target_kind);
        if ((e = given_take(g, &r, target, &g->target_values, why)) ||
            (e = compose_known(&g->target_values, &g->target, why)))
                return e;
        g->scene.target = &g->target;
        return OK;
}

/* --- what the claims say --- */

static enum act usual_act(const struct given *g)
{
        static const enum act acts[KIND_COUNT] = {
            [KIND_POLICY] = ACT_ADOPT,       [KIND_OPERATION] = ACT_OPEN, [KIND_PERSONA] = ACT_REGISTER,
            [KIND_AUTHORITY] = ACT_REGISTER, [KIND_HOLD] = ACT_PLACE,     [KIND_RESTRICT] = ACT_PLACE,
            [KIND_ERASE] = ACT_ORDER,        [KIND_COMBINE] = ACT_LINK};
        const json_t *d = json_object_get(g->parts.enquiry, "determination");
        if (g->parts.kind == KIND_AUTHORITY && d != NULL && !json_is_null(d) && !json_is_false(d))
                return ACT_DETERMINE;
        return (unsigned)g->parts.kind < KIND_COUNT ? acts[g->parts.kind] : ACT_NONE;
}

static enum err read_words(struct given *g, struct why *why)
{
        const char *act = text_of(g->parts.enquiry, "act"), *verb = text_of(g->parts.enquiry, "verb");
        g->scene.act = usual_act(g);
        g->scene.verb = g->parts.kind == KIND_DECISION ? VERB_APPROVE : VERB_NONE;
        bool law = g->parts.kind == KIND_AUTHORITY && given_act_of_law(act);
        if (act[0] != '\0' && !law && !act_of_name(bytes_text(act), &g->scene.act))
                return why_set(why, ERR_FIELD_WORD, "act: %.60s", act);
        if (verb[0] != '\0' && !verb_of_name(bytes_text(verb), &g->scene.verb))
                return why_set(why, ERR_FIELD_WORD, "verb: %.60s", verb);
        g->statement.claims.act = g->scene.act;
        g->statement.claims.verb = g->scene.verb;
        return OK;
}

/* Whether a query reaches the entries that say who read, disclosed or erased what; without a class it may be
 * that of a list or of a show. */
static bool asks_for_logs(const char *class, const json_t *query)
{
        char *text = json_dumps(query, JSON_COMPACT);
        if (text == NULL)
                return false;
        const struct bytes q = bytes_text(text);
        const bool asks = class[0] != '\0' ? scene_reads_logs(bytes_text(class), q)
                                           : scene_reads_logs(bytes_text("list"), q) ||
                                                 scene_reads_logs(bytes_text("show"), q);
        free(text);
        return asks;
}

/* "reads_logs" says so, or is the query; else the query tells, as an object or as its text. */
static bool reads_logs(const json_t *o)
{
        const json_t *said = json_object_get(o, "reads_logs"), *query = json_object_get(o, "query");
        const char *class = text_of(o, "class");
        json_t *parsed;
        bool reads;
        if (json_is_boolean(said) || json_is_object(said))
                return json_is_true(said) || asks_for_logs(class, said);
        if (!json_is_string(query))
                return asks_for_logs(class, query);
        parsed = json_loads(json_string_value(query), 0, NULL);
        reads = asks_for_logs(class, parsed);
        json_decref(parsed);
        return reads;
}

static enum err read_consult(struct given *g, struct why *why)
{
        const json_t *query = json_object_get(g->parts.enquiry, "query");
        char *text = json_is_object(query) ? json_dumps(query, JSON_COMPACT) : NULL;
        enum err e = OK;
        g->scene.reads_logs = reads_logs(g->parts.enquiry);
        if (text != NULL)
                e = values_set_text(&g->values, "query", text, ORIGIN_FILE, true, why);
        else if (query != NULL)
                e = given_set(g, &g->values, "query", query, ORIGIN_FILE, why);
        free(text);
        return e ? e : complete(g, &g->values, why);
}

/* --- all kinds --- */

static enum err read_by_kind(struct given *g, struct why *why)
{
        switch (g->parts.kind) {
        case KIND_ACTIVITY: return read_activity(g, why);
        case KIND_CONSULT: return read_consult(g, why);
        case KIND_DECISION:
        case KIND_REVIEW:
        case KIND_AMEND:
        case KIND_HOLD:
        case KIND_RESTRICT:
        case KIND_ERASE: return read_target(g, why);
        case KIND_GENESIS:
        case KIND_MEMBER:
        case KIND_POLICY:
        case KIND_OPERATION:
        case KIND_AUTHORITY:
        case KIND_PERSONA:
        case KIND_INTENT:
        case KIND_COMBINE:
        case KIND_DISCLOSE:
        case KIND_FINDING:
        case KIND_COUNT: break;
        }
        return complete(g, &g->values, why);
}

enum err given_entry(struct given *g, struct why *why)
{
        const struct reading r = {
            .what = "enquiry", .apart = extras_of(g->parts.kind), .origin = ORIGIN_FILE};
        enum err e;
        if ((e = read_words(g, why)))
                return e;
        if (g->parts.kind == KIND_AUTHORITY)
                e = given_authority_fields(g, g->parts.enquiry, &g->values, why);
        else
                e = given_take(g, &r, g->parts.enquiry, &g->values, why);
        if (e || (e = read_by_kind(g, why)))
                return e;
        return compose_known(&g->values, &g->body, why);
}
