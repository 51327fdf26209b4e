#include "client/given_parts.h"

#include <stdio.h>
#include <string.h>

#include "ledger/record/subject.h"
#include "schema/platforms.h"

bool given_is_among(const char *word, const char *const list[])
{
        for (size_t i = 0; list != NULL && list[i] != NULL; i++)
                if (strcmp(word, list[i]) == 0)
                        return true;
        return false;
}

json_t *given_members(const json_t *o)
{
        const union {
                const json_t *given;
                json_t *same;
        } u = {.given = o};
        return u.same;
}

bool given_kind(const char *word, enum kind *out)
{
        char full[64];
        if (kind_of_name(word, strlen(word), out))
                return true;
        (void)snprintf(full, sizeof full, "enquiry.%.40s", word);
        return kind_of_name(full, strlen(full), out);
}

void given_ignore(struct given *g, const char *what, const char *name)
{
        char full[160];
        const json_t *there;
        size_t i;
        (void)snprintf(full, sizeof full, "%.60s.%.80s", what, name);
        json_array_foreach(g->ignored, i, there)
        {
                if (strcmp(json_string_value(there), full) == 0)
                        return;
        }
        (void)json_array_append_new(g->ignored, json_string(full));
}

static enum err set_now(const struct given *g, struct values *v, const char *name, char origin,
                        struct why *why)
{
        char at[MOMENT_TEXT_LEN + 1];
        moment_text(g->parts.now_us, at);
        return values_set_text(v, name, at, origin, false, why);
}

enum err given_set(struct given *g, struct values *v, const char *name, const json_t *value, char origin,
                   struct why *why)
{
        const struct field *f = field_of_name(v->kind, name, strlen(name));
        json_t *one;
        enum err e;
        if (json_is_null(value))
                return OK;
        if (f == NULL || !json_is_string(value))
                return values_set_json(v, name, value, origin, false, why);
        if (f->type == FIELD_TIME && strcmp(json_string_value(value), "now") == 0)
                return set_now(g, v, name, origin, why);
        if (f->type != FIELD_WORDS && f->type != FIELD_LIST)
                return values_set_json(v, name, value, origin, false, why);
        one = json_pack("[s]", json_string_value(value));
        e = one == NULL ? ERR_NO_MEMORY : values_set_json(v, name, one, origin, false, why);
        json_decref(one);
        return e;
}

/* The field that a name means; NULL: none. */
static const char *field_meant(const struct reading *r, enum kind kind, const char *name)
{
        for (size_t i = 0; r->other != NULL && r->other[i].name != NULL; i++)
                if (strcmp(r->other[i].name, name) == 0)
                        return r->other[i].field;
        return field_of_name(kind, name, strlen(name)) != NULL ? name : NULL;
}

enum err given_take(struct given *g, const struct reading *r, const json_t *o, struct values *v,
                    struct why *why)
{
        const char *name;
        json_t *value;
        json_object_foreach(given_members(o), name, value)
        {
                const char *field = field_meant(r, v->kind, name);
                enum err e;
                if (given_is_among(name, r->apart) || json_is_null(value))
                        continue;
                if (field == NULL)
                        given_ignore(g, r->what, name);
                else if ((e = given_set(g, v, field, value, r->origin, why)))
                        return e;
        }
        return OK;
}

enum err given_body(const struct values *v, struct body *out)
{
        body_init(out, v->kind);
        for (size_t number = 0; number < fields_count; number++)
                for (size_t i = 0; i < v->n; i++) {
                        const struct value *value = &v->at[i];
                        enum err e;
                        if (field_number(value->field) == number &&
                            (e = body_add(out, value->field, value->origin, bytes_text(value->json))))
                                return e;
                }
        return OK;
}

enum err given_time(const struct given *g, const json_t *o, const char *name, int64_t *out_us,
                    bool *out_there, struct why *why)
{
        const json_t *value = json_object_get(o, name);
        const char *text = json_string_value(value);
        *out_there = value != NULL && !json_is_null(value);
        if (!*out_there)
                return OK;
        if (text != NULL && strcmp(text, "now") == 0) {
                *out_us = g->parts.now_us;
                return OK;
        }
        if (text == NULL || moment_of_rfc3339(bytes_text(text), out_us))
                return why_set(why, ERR_TIME, "%s", name);
        return OK;
}

/* Written as the ledger writes subjects: a platform of the table, or one of its classes, and what follows. */
static bool is_canonical(const char *text)
{
        static const char *const classes[] = {"web", "fediverse", "ref", "term", NULL};
        char platform[SUBJECT_PLATFORM_MAX + 1];
        size_t n = strcspn(text, ":");
        if (text[n] == '\0' || n >= sizeof platform || strncmp(text + n, "://", 3) == 0)
                return false;
        memcpy(platform, text, n);
        platform[n] = '\0';
        for (size_t i = 0; i < platforms_count; i++)
                if (strcmp(platforms[i].name, platform) == 0)
                        return true;
        return given_is_among(platform, classes);
}

enum err given_subject(const char *text, char out[], size_t out_size)
{
        struct subject subject;
        enum err e = OK;
        if (!is_canonical(text)) {
                bool address =
                    strpbrk(text, "./@") != NULL && !subject_of_address(bytes_text(text), &subject);
                if (!address && (e = subject_of_reference(bytes_text(text), &subject)))
                        return e;
                text = subject.canonical;
        }
        return snprintf(out, out_size, "%s", text) < (int)out_size ? OK : ERR_TOO_LONG;
}

enum err given_wrong(struct why *why, enum err e, const struct why *inner, const char *what, size_t i)
{
        return why_set(why, e, "%s, %zu: %.180s", what, i + 1, inner->detail);
}

enum err given_field_text(struct given *g, enum given_text which, const char *name, const char **out)
{
        struct buf *text = &g->texts[which];
        enum err e;
        buf_reset(text);
        e = values_text(&g->values, name, text);
        if (!e && text->n == 0 && g->parts.kind == KIND_ACTIVITY)
                e = values_text(&g->target_values, name, text);
        *out = buf_text(text);
        return e ? e : buf_check(text);
}
