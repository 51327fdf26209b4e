#include "client/given_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "policy/spelling.h"

#define NUMBER_DIGITS 9

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

/* "none", "no" or false, alone or as a list's only word, where the vocabulary has no such word: nothing is
 * said. */
static bool says_nothing(const struct field *f, const json_t *value)
{
        if (json_array_size(value) == 1)
                value = json_array_get(value, 0);
        const char *text = json_is_false(value) ? "no" : json_string_value(value);
        return f->vocabulary != NULL && text != NULL &&
               (strcasecmp(text, "none") == 0 || strcasecmp(text, "no") == 0) &&
               spelling_of_word(f->vocabulary, bytes_text(text)) == NULL;
}

/* "2" for 2. */
static json_t *as_number(const char *text)
{
        const size_t n = strspn(text, "0123456789");
        return n > 0 && n <= NUMBER_DIGITS && text[n] == '\0' ? json_integer(strtoll(text, NULL, 10)) : NULL;
}

/* The furthest of several words: a scope that lists the contact it allows. */
static json_t *as_furthest(const struct field *f, const json_t *list)
{
        const struct word *furthest = NULL;
        const json_t *one;
        size_t i;
        json_array_foreach(list, i, one)
        {
                const char *text = json_string_value(one);
                const struct word *w = text ? spelling_of_word(f->vocabulary, bytes_text(text)) : NULL;
                if (w == NULL)
                        return NULL;
                furthest = furthest == NULL || w > furthest ? w : furthest;
        }
        return furthest == NULL ? NULL : json_string(furthest->word);
}

/* What people write, in the type that the field has; a new reference; NULL: it is that already, or nothing
 * that the field could hold. */
static json_t *as_typed(const struct field *f, const json_t *value)
{
        const char *text = json_string_value(value);
        if (f->type == FIELD_INT && text != NULL)
                return as_number(text);
        if ((f->type == FIELD_WORDS || f->type == FIELD_LIST) && text != NULL)
                return json_pack("[s]", text);
        if (f->type == FIELD_WORD && strcmp(f->name, "scope_engagement") == 0)
                return as_furthest(f, value);
        return NULL;
}

enum err given_set(struct given *g, struct values *v, const char *name, const json_t *value, char origin,
                   struct why *why)
{
        const struct field *f = field_of_name(v->kind, name, strlen(name));
        json_t *typed;
        enum err e;
        if (json_is_null(value) || (f != NULL && says_nothing(f, value)))
                return OK;
        if (f == NULL)
                return values_set_json(v, name, value, origin, false, why);
        if (f->type == FIELD_TIME && json_is_string(value) && strcmp(json_string_value(value), "now") == 0)
                return set_now(g, v, name, origin, why);
        typed = as_typed(f, value);
        e = values_set_json(v, name, typed != NULL ? typed : value, origin, false, why);
        json_decref(typed);
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

const char *given_operation_name(const json_t *o)
{
        static const char *const names[] = {"operation", "name", "ref"};
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
                if (text_of(o, names[i])[0] != '\0')
                        return text_of(o, names[i]);
        return json_is_object(json_object_get(o, "fields"))
                   ? text_of(json_object_get(o, "fields"), "operation")
                   : "";
}

/* An operation that is told of as an object is named by it. */
static enum err set_member(struct given *g, struct values *v, const char *field, const json_t *value,
                           char origin, struct why *why)
{
        if (!json_is_object(value) || strcmp(field, "operation") != 0)
                return given_set(g, v, field, value, origin, why);
        const char *name = given_operation_name(value);
        return name[0] == '\0' ? OK : values_set_text(v, field, name, origin, false, why);
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
                else if ((e = set_member(g, v, field, value, r->origin, why)))
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
