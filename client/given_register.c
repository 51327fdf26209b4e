#include "client/given_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- personas --- */

static const struct other_name persona_names[] = {
    {"ref", "persona_ref"},           {"name", "persona_name"},
    {"assigned", "assigned_to"},      {"platforms", "persona_platforms"},
    {"accounts", "persona_accounts"}, {NULL, NULL}};

/* *out_there: whether and when it lapsed. */
static enum err lapse_of(const struct given *g, const json_t *o, int64_t *out_us, bool *out_there,
                         struct why *why)
{
        static const char *const states[] = {"live", "active", "lapsed", NULL};
        const char *state = text_of(o, "state");
        enum err e;
        if (state[0] != '\0' && !given_is_among(state, states))
                return why_set(why, ERR_FIELD_WORD, "state: live or lapsed");
        if ((e = given_time(g, o, "lapsed_at", out_us, out_there, why)) || *out_there ||
            (e = given_time(g, o, "cancelled_at", out_us, out_there, why)) || *out_there)
                return e;
        *out_us = g->time_us;
        *out_there = strcmp(state, "lapsed") == 0;
        return OK;
}

static enum err take_persona(struct given *g, const json_t *o, struct why *why)
{
        static const char *const apart[] = {"kind", "at", "state", "lapsed_at", "cancelled_at", "act", NULL};
        const struct reading r = {
            .what = "personas", .apart = apart, .other = persona_names, .origin = ORIGIN_FILE};
        struct values *v = calloc(1, sizeof *v);
        struct hash st, later;
        int64_t lapsed_us = 0;
        bool lapsed = false;
        enum err e = v == NULL ? ERR_NO_MEMORY : OK;
        if (e)
                return e;
        values_init(v, KIND_PERSONA);
        if ((e = given_take(g, &r, o, v, why)) || (e = lapse_of(g, o, &lapsed_us, &lapsed, why)) ||
            (e = given_entry_take(g, KIND_PERSONA, ACT_REGISTER, NULL, v, g->time_us, &st, why)))
                goto done;
        values_clear(v);
        if (lapsed) {
                char at[MOMENT_TEXT_LEN + 1];
                moment_text(lapsed_us, at);
                if (!(e = values_set_text(v, "cancelled_at", at, ORIGIN_FILE, false, why)))
                        e = given_entry_take(g, KIND_PERSONA, ACT_LAPSE, &st, v, lapsed_us, &later, why);
        }
done:
        values_clear(v);
        free(v);
        return e;
}

/* --- the register --- */

static enum err take_list(struct given *g, const json_t *list, const char *what,
                          enum err (*one)(struct given *g, const json_t *o, struct why *why), struct why *why)
{
        const json_t *o;
        size_t i;
        json_array_foreach(list, i, o)
        {
                struct why inner = {OK, ""};
                enum err e = one(g, o, &inner);
                if (e)
                        return given_wrong(why, e, &inner, what, i);
        }
        return OK;
}

/* An authority that the entry claims, and that nobody gave, is what the entry says of it, and in force. */
static enum err take_own_claim(struct given *g, struct why *why)
{
        static const char *const copied[][2] = {{"authority_ref", "ref"},
                                                {"authority_type", "type"},
                                                {"authority_form", "form"},
                                                {"jp_order_ref", "jp_order_ref"},
                                                {"ripa_ground", "ground"}};
        json_t *made = json_object();
        struct hash st;
        enum err e = made == NULL ? ERR_NO_MEMORY : OK;
        for (size_t i = 0; !e && i < sizeof copied / sizeof copied[0]; i++) {
                const struct value *v = values_find(&g->values, copied[i][0]);
                if (v == NULL && g->parts.kind == KIND_ACTIVITY)
                        v = values_find(&g->target_values, copied[i][0]);
                if (v != NULL &&
                    json_object_set_new(made, copied[i][1], json_loads(v->json, JSON_DECODE_ANY, NULL)))
                        e = ERR_NO_MEMORY;
        }
        const char *type = text_of(made, "type");
        bool claims =
            text_of(made, "ref")[0] != '\0' || (type[0] != '\0' && strcmp(type, "none-needed") != 0);
        if (!e && claims && !(e = given_authority_take(g, made, &st, why)) &&
            strcmp(type, "determination") != 0)
                g->statement.refs[g->statement.refs_n++] = (struct ref){.rel = REL_AUTHORITY, .st = st};
        json_decref(made);
        return e;
}

/* What a renewal, review or cancellation is about. */
static enum err find_about(struct given *g, struct why *why)
{
        const json_t *o = g->parts.enquiry, *inner = json_object_get(o, "authority");
        struct hash st;
        enum err e;
        if (json_is_object(inner)) {
                if ((e = given_authority_take(g, inner, &st, why)))
                        return e;
                g->scene.about = registry_authority_of_st(g->registry, &st);
                return OK;
        }
        g->scene.about = given_authority_named(g, o);
        if (g->scene.about == NULL && g->parts.authorities != NULL)
                return why_set(why, ERR_REF, "authority: it names none that is registered");
        return OK;
}

enum err given_register(struct given *g, struct why *why)
{
        const bool look = g->parts.kind == KIND_INTENT || g->parts.kind == KIND_ACTIVITY;
        const bool later =
            g->parts.kind == KIND_AUTHORITY && g->scene.act != ACT_REGISTER && g->scene.act != ACT_DETERMINE;
        enum err e;
        if (look && g->statement.refs_n == 0)
                g->statement.refs[g->statement.refs_n++] = (struct ref){.rel = REL_INTENT, .st = g->st};
        if ((e = take_list(g, g->parts.authorities, "authorities", given_authority, why)) ||
            (e = take_list(g, g->parts.personas, "personas", take_persona, why)))
                return e;
        if (look && g->parts.authorities == NULL && (e = take_own_claim(g, why)))
                return e;
        return later ? find_about(g, why) : OK;
}
