#include "client/given_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HAPPENINGS_MAX 128 /* renewals, reviews and the end of one authority */

/* --- one object --- */

static const struct other_name authority_names[] = {{"ref", "authority_ref"},
                                                    {"reference", "authority_ref"},
                                                    {"type", "authority_type"},
                                                    {"form", "authority_form"},
                                                    {"rank", "ao_rank"},
                                                    {"ao", "ao_id"},
                                                    {"granted_by", "ao_id"},
                                                    {"granted", "granted_at"},
                                                    {"effective", "effective_at"},
                                                    {"expires", "expires_at"},
                                                    {"ground", "grounds"},
                                                    {"ripa_ground", "grounds"},
                                                    {"subjects", "scope_subjects"},
                                                    {"platforms", "scope_platforms"},
                                                    {"tactics", "scope_tactics"},
                                                    {"engagement", "scope_engagement"},
                                                    {"classes", "scope_classes"},
                                                    {"text", "scope_text"},
                                                    {NULL, NULL}};
/* Of an authority that is told of, what became of it is read apart; an entry about one says it by its fields.
 */
static const char *const apart_told[] = {
    "kind",      "author",    "unit",        "at",           "act",           "scope", "renewals", "reviews",
    "authority", "cancelled", "reviewed_at", "cancelled_at", "determination", "state", NULL};
static const char *const apart_said[] = {"kind",  "author",    "unit",          "at", "act",
                                         "scope", "authority", "determination", NULL};

bool given_act_of_law(const char *word)
{
        const struct field *f = field_of_name(KIND_AUTHORITY, "act_relied_on", strlen("act_relied_on"));
        return f != NULL && vocabulary_word_meant(f->vocabulary, word, strlen(word)) != NULL;
}

enum err given_authority_fields(struct given *g, const json_t *o, struct values *v, struct why *why)
{
        const bool entry = o == g->parts.enquiry;
        const struct reading r = {.what = entry ? "enquiry" : "authorities",
                                  .apart = entry ? apart_said : apart_told,
                                  .other = authority_names,
                                  .origin = ORIGIN_FILE};
        const json_t *scope = json_object_get(o, "scope"), *said = json_object_get(o, "determination");
        enum err e;
        if ((e = given_take(g, &r, o, v, why)))
                return e;
        if (json_is_object(scope) && (e = given_take(g, &r, scope, v, why)))
                return e;
        if (json_is_string(scope) && (e = given_set(g, v, "scope_text", scope, ORIGIN_FILE, why)))
                return e;
        if (given_act_of_law(text_of(o, "act")) &&
            (e = given_set(g, v, "act_relied_on", json_object_get(o, "act"), ORIGIN_FILE, why)))
                return e;
        return json_is_string(said) ? given_set(g, v, "determination", said, ORIGIN_FILE, why) : OK;
}

/* Takes one entry with these values. *out_st is what it is called by. */
enum err given_entry_take(struct given *g, enum kind kind, enum act act, const struct hash *about,
                          const struct values *v, int64_t at_us, struct hash *out_st, struct why *why)
{
        struct body *body = calloc(1, sizeof *body);
        struct registry_entry entry = {
            .seq = g->entries, .at_us = at_us, .kind = kind, .act = act, .about = about, .body = body};
        enum err e = body == NULL ? ERR_NO_MEMORY : compose_known(v, body, why);
        if (!e && !(e = hash_of(bytes_of(&g->entries, sizeof g->entries), &entry.st)) &&
            !(e = registry_take(g->registry, &entry, why))) {
                g->entries++;
                *out_st = entry.st;
        }
        free(body);
        return e;
}

/* --- what became of it --- */

struct happening {
        int64_t at_us;
        size_t order;
        enum act act;
        const json_t *o; /* an object, or NULL */
};
struct happenings {
        size_t n;
        struct happening at[HAPPENINGS_MAX];
};

static const char *time_name(enum act act)
{
        return act == ACT_RENEW ? "granted_at" : act == ACT_REVIEW ? "reviewed_at" : "cancelled_at";
}

static enum err happening_time(const struct given *g, const json_t *o, const char *name, int64_t *out_us,
                               struct why *why)
{
        bool there;
        enum err e = given_time(g, o, name, out_us, &there, why);
        if (!e && !there)
                e = given_time(g, o, "at", out_us, &there, why);
        if (!e && !there)
                *out_us = g->time_us;
        return e;
}

static enum err add_happening(const struct given *g, struct happenings *all, enum act act, const json_t *o,
                              const char *name, struct why *why)
{
        struct happening *h = &all->at[all->n];
        if (all->n == HAPPENINGS_MAX)
                return why_set(why, ERR_TOO_LONG, "%s: at most %d", name, HAPPENINGS_MAX);
        *h = (struct happening){.order = all->n, .act = act, .o = o};
        all->n++;
        return happening_time(g, o, name, &h->at_us, why);
}

/* One member that is a time, an object, or a list of either. */
static enum err add_member(struct given *g, struct happenings *all, enum act act, const json_t *value,
                           const char *name, json_t *kept, struct why *why)
{
        const json_t *one;
        size_t i;
        enum err e;
        if (value == NULL || json_is_null(value) || json_is_false(value))
                return OK;
        json_array_foreach(value, i, one)
        {
                if ((e = add_member(g, all, act, one, name, kept, why)))
                        return e;
        }
        if (json_is_array(value))
                return OK;
        if (json_is_object(value))
                return add_happening(g, all, act, value, time_name(act), why);
        if (!json_is_string(value) && !json_is_true(value))
                return why_set(why, ERR_FIELD_VALUE, "%s: a time, an object, or a list of them", name);
        json_t *made = json_is_true(value) ? json_object() : json_pack("{sO}", time_name(act), value);
        if (made == NULL || json_array_append_new(kept, made))
                return ERR_NO_MEMORY;
        return add_happening(g, all, act, made, time_name(act), why);
}

static int by_time(const void *a, const void *b)
{
        const struct happening *x = a, *y = b;
        if (x->at_us != y->at_us)
                return x->at_us < y->at_us ? -1 : 1;
        return (x->order > y->order) - (x->order < y->order);
}

/* The values that one happening says. */
static enum err happening_values(struct given *g, const struct happening *h, struct values *v,
                                 struct why *why)
{
        const json_t *time = json_object_get(h->o, time_name(h->act));
        enum err e;
        values_init(v, KIND_AUTHORITY);
        if ((e = given_authority_fields(g, h->o, v, why)))
                return e;
        return time == NULL ? OK : given_set(g, v, time_name(h->act), time, ORIGIN_FILE, why);
}

static enum err take_happenings(struct given *g, struct happenings *all, const struct hash *about,
                                struct why *why)
{
        struct values *v = calloc(1, sizeof *v);
        struct hash st;
        enum err e = v == NULL ? ERR_NO_MEMORY : OK;
        qsort(all->at, all->n, sizeof all->at[0], by_time);
        for (size_t i = 0; i < all->n && !e; i++) {
                if (!(e = happening_values(g, &all->at[i], v, why)))
                        e = given_entry_take(g, KIND_AUTHORITY, all->at[i].act, about, v, all->at[i].at_us,
                                             &st, why);
                values_clear(v);
        }
        free(v);
        return e;
}

/* Whether it runs is for the clocks to say; that it was cancelled may be said without a time. */
static enum err add_state(struct given *g, struct happenings *all, const json_t *o, json_t *kept,
                          struct why *why)
{
        const char *state = text_of(o, "state");
        unsigned s = 0;
        if (state[0] == '\0' || strcmp(state, "active") == 0)
                return OK;
        while (s < AUTHORITY_STATE_COUNT &&
               strcasecmp(state, authority_state_name((enum authority_state)s)) != 0)
                s++;
        if (s == AUTHORITY_STATE_COUNT)
                return why_set(why, ERR_FIELD_WORD, "state: %.60s", state);
        if (s != AUTHORITY_CANCELLED || json_object_get(o, "cancelled") || json_object_get(o, "cancelled_at"))
                return OK;
        return add_member(g, all, ACT_CANCEL, json_true(), "state", kept, why);
}

static enum err take_later(struct given *g, const json_t *o, const struct hash *about, struct why *why)
{
        static const struct {
                const char *name;
                enum act act;
        } rows[] = {{"renewals", ACT_RENEW},
                    {"reviews", ACT_REVIEW},
                    {"reviewed_at", ACT_REVIEW},
                    {"cancelled", ACT_CANCEL},
                    {"cancelled_at", ACT_CANCEL}};
        struct happenings *all = calloc(1, sizeof *all);
        json_t *kept = json_array();
        enum err e = all == NULL || kept == NULL ? ERR_NO_MEMORY : OK;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0] && !e; i++)
                if (rows[i].act != ACT_CANCEL || strcmp(rows[i].name, "cancelled") != 0 ||
                    json_object_get(o, "cancelled_at") == NULL)
                        e = add_member(g, all, rows[i].act, json_object_get(o, rows[i].name), rows[i].name,
                                       kept, why);
        if (!e && !(e = add_state(g, all, o, kept, why)))
                e = take_happenings(g, all, about, why);
        json_decref(kept);
        free(all);
        return e;
}

/* --- authorities --- */

static bool is_determination(const json_t *o, const struct values *v)
{
        const struct value *type = values_find(v, "authority_type");
        const json_t *said = json_object_get(o, "determination");
        return json_is_true(said) || json_is_string(said) || strcmp(text_of(o, "act"), "determine") == 0 ||
               (type != NULL && strcmp(type->json, "\"determination\"") == 0);
}

/* When it was registered: nothing is known but the grant. */
static enum err registered_at(const struct given *g, const json_t *o, int64_t *out_us, struct why *why)
{
        static const char *const names[] = {"granted_at", "granted", "effective_at", "effective", "at"};
        bool there = false;
        enum err e = OK;
        *out_us = g->time_us;
        for (size_t i = 0; i < sizeof names / sizeof names[0] && !there && !e; i++)
                e = given_time(g, o, names[i], out_us, &there, why);
        return e;
}

enum err given_authority_take(struct given *g, const json_t *o, struct hash *out_st, struct why *why)
{
        struct values *v = calloc(1, sizeof *v);
        int64_t at_us;
        enum err e = v == NULL ? ERR_NO_MEMORY : OK;
        if (e)
                return e;
        values_init(v, KIND_AUTHORITY);
        if ((e = given_authority_fields(g, o, v, why)) || (e = registered_at(g, o, &at_us, why)))
                goto done;
        bool determines = is_determination(o, v);
        /* one that names nothing is about the entry that is asked about */
        bool names = values_find(v, "scope_subjects") != NULL || values_find(v, "scope_classes") != NULL ||
                     values_find(v, "operation") != NULL;
        if ((e = given_entry_take(g, KIND_AUTHORITY, determines ? ACT_DETERMINE : ACT_REGISTER,
                                  determines && !names ? &g->st : NULL, v, at_us, out_st, why)))
                goto done;
        e = take_later(g, o, out_st, why);
done:
        values_clear(v);
        free(v);
        return e;
}

/* A renewal, review or cancellation that stands by itself in the list. */
static bool stands_alone(const json_t *o, enum act *out)
{
        const char *act = text_of(o, "act");
        return act[0] != '\0' && act_of_name(bytes_text(act), out) &&
               (*out == ACT_RENEW || *out == ACT_REVIEW || *out == ACT_CANCEL);
}

const struct authority *given_authority_named(const struct given *g, const json_t *o)
{
        static const char *const names[] = {"authority", "authority_ref", "ref"};
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
                if (text_of(o, names[i])[0] != '\0')
                        return registry_authority_of_ref(g->registry, bytes_text(text_of(o, names[i])));
        return NULL;
}

enum err given_authority(struct given *g, const json_t *o, struct why *why)
{
        struct happenings *one;
        struct hash st;
        enum act act;
        enum err e;
        if (!stands_alone(o, &act))
                return given_authority_take(g, o, &st, why);
        const struct authority *a = given_authority_named(g, o);
        if (a == NULL)
                return why_set(why, ERR_REF, "authority: it names none of those before it");
        if ((one = calloc(1, sizeof *one)) == NULL)
                return ERR_NO_MEMORY;
        st = a->st;
        if (!(e = add_happening(g, one, act, o, time_name(act), why)))
                e = take_happenings(g, one, &st, why);
        free(one);
        return e;
}
