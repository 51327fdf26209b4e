#include "client/given_parts.h"

#include <stdlib.h>
#include <string.h>

#define GIVEN_TEXT_MAX FIELD_VALUE_MAX

static enum err check_form(const struct given_parts *p, struct why *why)
{
        const struct {
                const char *name;
                const json_t *value;
                bool list;
        } rows[] = {{"the enquiry", p->enquiry, false},        {"the operation", p->operation, false},
                    {"the member", p->member, false},          {"the history", p->history, true},
                    {"the authorities", p->authorities, true}, {"the personas", p->personas, true}};
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                const json_t *item;
                size_t k;
                if (rows[i].value == NULL)
                        continue;
                if (rows[i].list ? !json_is_array(rows[i].value) : !json_is_object(rows[i].value))
                        return why_set(why, ERR_FILE_FORM, "%s: %s is wanted", rows[i].name,
                                       rows[i].list ? "a list of objects" : "an object");
                json_array_foreach(rows[i].value, k, item)
                {
                        if (!json_is_object(item))
                                return why_set(why, ERR_FILE_FORM, "%s, %zu: an object is wanted",
                                               rows[i].name, k + 1);
                }
        }
        return p->enquiry == NULL ? why_set(why, ERR_FILE_FORM, "there is no enquiry") : OK;
}

static enum err fill(struct given *g, struct why *why)
{
        enum err e;
        if ((e = check_form(&g->parts, why)) || (e = hash_of(bytes_text("the entry"), &g->st)) ||
            (e = given_author(g, why)) || (e = given_entry(g, why)))
                return e;
        g->scene.kind = g->parts.kind;
        g->scene.at_us = g->parts.now_us;
        g->scene.body = &g->body;
        g->scene.statement = &g->statement;
        g->time_us = scene_time(g->parts.kind, &g->body, g->parts.now_us);
        if ((e = given_register(g, why)))
                return e;
        g->scene.registry = g->registry;
        return given_history(g, why);
}

enum err given_new(const struct pack *pack, const struct given_parts *parts, struct given **out,
                   struct why *why)
{
        struct given *g = calloc(1, sizeof *g);
        enum err e = ERR_NO_MEMORY;
        if (g == NULL)
                return ERR_NO_MEMORY;
        g->pack = pack;
        g->parts = *parts;
        values_init(&g->values, parts->kind);
        values_init(&g->target_values, KIND_INTENT);
        scene_init(&g->scene);
        for (size_t i = 0; i < sizeof g->texts / sizeof g->texts[0]; i++)
                buf_init(&g->texts[i], GIVEN_TEXT_MAX);
        g->statement.kind = parts->kind;
        g->ignored = json_array();
        g->registry = registry_new();
        if (g->ignored == NULL || g->registry == NULL || (e = fill(g, why)))
                goto done;
        *out = g;
        g = NULL; /* given away */
done:
        given_free(g);
        return e;
}

void given_free(struct given *g)
{
        if (g == NULL)
                return;
        values_clear(&g->values);
        values_clear(&g->target_values);
        scene_clear(&g->scene);
        for (size_t i = 0; i < sizeof g->texts / sizeof g->texts[0]; i++)
                buf_wipe(&g->texts[i]);
        json_decref(g->ignored);
        registry_free(g->registry);
        free(g);
}

const json_t *given_ignored(const struct given *g)
{
        return g->ignored;
}

/* --- facts: what nobody gave is not held against anybody --- */

static void forget(struct facts *f, enum fact which)
{
        f->value[which] = (struct fact_value){.type = FACT_NULL};
}

/* The level that the entry needs counts as the level that the author has. */
static void own_level(const struct given *g, struct facts *f)
{
        const struct value *level = values_find(&g->values, "npcc_level");
        if (level == NULL && g->parts.kind == KIND_ACTIVITY)
                level = values_find(&g->target_values, "npcc_level");
        forget(f, FACT_AUTHOR_TRAINING);
        if (level != NULL)
                f->value[FACT_AUTHOR_TRAINING] =
                    (struct fact_value){.type = FACT_INT, .number = strtoll(level->json, NULL, 10)};
}

static void own_persona(const struct given *g, struct facts *f)
{
        struct fact_value *state = &f->value[FACT_PERSONA_STATE];
        const char *unknown = g->parts.personas == NULL ? "unregistered"
                              : g->author_n == 0        ? "unassigned"
                                                        : "";
        if (state->type == FACT_TEXT && bytes_is(state->text, unknown))
                state->text = bytes_text("live");
        if (g->parts.personas == NULL)
                forget(f, FACT_PERSONA_COUNT);
}

enum err given_facts(struct given *g, struct facts *out, struct why *why)
{
        enum err e = scene_facts(&g->scene, g->pack, out, why);
        if (e)
                return e;
        if (!g->knows_training)
                own_level(g, out);
        if (!g->knows_roles)
                forget(out, FACT_AUTHOR_ROLES);
        if (!g->says_own)
                forget(out, FACT_AUTHOR_OWN);
        own_persona(g, out);
        return OK;
}
