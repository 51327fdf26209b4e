#include "client/given_parts.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define ROLE_TEXT_MAX 40 /* bytes */

bool given_is_author(const struct given *g, const char *text)
{
        for (size_t i = 0; i < g->author_n; i++)
                if (strcasecmp(g->author[i], text) == 0)
                        return true;
        return false;
}

static void add_name(struct given *g, const char *text)
{
        if (text[0] != '\0' && g->author_n < GIVEN_NAMES_MAX && !given_is_author(g, text))
                g->author[g->author_n++] = text;
}

/* Where nobody says who the author is, and all earlier events have one, it is that one. */
static const char *only_author(const json_t *history)
{
        const char *only = "";
        const json_t *event;
        size_t i;
        json_array_foreach(history, i, event)
        {
                const char *author = text_of(event, "author");
                if (author[0] != '\0' && only[0] != '\0' && strcasecmp(author, only) != 0)
                        return "";
                only = author[0] != '\0' ? author : only;
        }
        return only;
}

/* "Authorising officer" for authorising-officer. */
static bool role_meant(const char *text, size_t n, enum role *out)
{
        char word[ROLE_TEXT_MAX];
        while (n > 0 && *text == ' ') {
                text++;
                n--;
        }
        while (n > 0 && text[n - 1] == ' ')
                n--;
        if (n == 0 || n >= sizeof word)
                return false;
        for (size_t i = 0; i < n; i++)
                word[i] = (char)(text[i] == ' ' ? '-' : tolower((unsigned char)text[i]));
        return role_of_name(bytes_of(word, n), out);
}

/* "investigator, supervisor" */
static enum err add_roles(struct given *g, const char *text, struct why *why)
{
        while (*text != '\0') {
                size_t n = strcspn(text, ",");
                enum role role;
                if (!role_meant(text, n, &role))
                        return why_set(why, ERR_FIELD_WORD, "role: %.*s", (int)(n < 60 ? n : 60), text);
                g->scene.author.roles |= ROLE_BIT(role);
                text += n + (text[n] != '\0');
        }
        g->knows_roles = true;
        return OK;
}

static enum err read_roles(struct given *g, const json_t *value, struct why *why)
{
        const json_t *word;
        size_t i;
        enum err e = OK;
        if (value == NULL || json_is_null(value))
                return OK;
        if (json_is_string(value))
                return add_roles(g, json_string_value(value), why);
        if (!json_is_array(value))
                return why_set(why, ERR_FIELD_VALUE, "role: a word or a list of words");
        json_array_foreach(value, i, word)
        {
                if (!json_is_string(word))
                        return why_set(why, ERR_FIELD_VALUE, "role: a word or a list of words");
                else if ((e = add_roles(g, json_string_value(word), why)))
                        return e;
        }
        return OK;
}

static enum err read_level(struct given *g, struct why *why)
{
        static const char *const names[] = {"training", "npcc_level"};
        for (size_t i = 0; i < sizeof names / sizeof names[0] && !g->knows_training; i++) {
                const json_t *level = json_object_get(g->parts.member, names[i]);
                if (level == NULL || json_is_null(level))
                        continue;
                const char *text = json_string_value(level);
                const bool digit = text != NULL && text[0] >= '0' && text[0] <= '9' && text[1] == '\0';
                const json_int_t n = digit ? text[0] - '0' : json_integer_value(level);
                if ((!digit && !json_is_integer(level)) || n < 0 || n > TRAINING_MAX)
                        return why_set(why, ERR_FIELD_VALUE, "%s: a level from 0 to %d", names[i],
                                       TRAINING_MAX);
                g->scene.author.training = (unsigned)n;
                g->knows_training = true;
        }
        return OK;
}

static void ignore_unknown(struct given *g)
{
        static const char *const own[] = {"id",       "member",     "role", "roles",
                                          "training", "npcc_level", "unit", NULL};
        const char *name;
        json_t *value;
        json_object_foreach(given_members(g->parts.member), name, value)
        {
                if (!given_is_among(name, own) && !json_is_null(value) &&
                    field_of_name(KIND_MEMBER, name, strlen(name)) == NULL)
                        given_ignore(g, "member", name);
        }
}

/* What the entry takes from the membership where it says nothing itself. The level of the research is the
 * entry's own. */
static enum err offer_fields(struct given *g, struct values *v, struct why *why)
{
        for (size_t i = 0; i < fields_count; i++) {
                const struct field *f = &fields[i];
                const json_t *value = json_object_get(g->parts.member, field_member_name(f));
                enum err e;
                if (value == NULL || !field_has_kind(f, v->kind) || f->source != ORIGIN_MEMBER ||
                    strcmp(f->name, "npcc_level") == 0)
                        continue;
                if ((e = given_set(g, v, f->name, value, ORIGIN_MEMBER, why)))
                        return e;
        }
        return OK;
}

enum err given_offer_member(struct given *g, struct values *v, struct why *why)
{
        return g->parts.member == NULL || v->kind == KIND_MEMBER ? OK : offer_fields(g, v, why);
}

static void read_names(struct given *g)
{
        const json_t *m = g->parts.member, *o = g->parts.enquiry;
        const char *id = text_of(m, text_of(m, "id")[0] != '\0' ? "id" : "member");
        const char *name = text_of(m, "name"), *alias = text_of(m, "alias"), *said = text_of(o, "author");
        add_name(g, id);
        add_name(g, name);
        add_name(g, alias);
        add_name(g, said);
        if (g->author_n == 0) {
                said = only_author(g->parts.history);
                add_name(g, said);
        }
        if (strlen(id) < sizeof g->scene.author.id)
                (void)snprintf(g->scene.author.id, sizeof g->scene.author.id, "%s", id);
        g->scene.author.name = name[0] != '\0' ? name : said;
        g->scene.author.alias = alias[0] != '\0' ? alias : id;
}

enum err given_author(struct given *g, struct why *why)
{
        const json_t *m = g->parts.member, *o = g->parts.enquiry;
        const char *unit = text_of(m, "unit"), *force = text_of(m, "force");
        const json_t *said = json_object_get(m, "roles");
        enum err e;
        read_names(g);
        if (unit[0] == '\0')
                unit = text_of(o, text_of(o, "unit")[0] != '\0' ? "unit" : "applicant_unit");
        if (force[0] == '\0')
                force = text_of(o, "force");
        g->scene.author.unit = bytes_text(unit);
        g->scene.author.force = bytes_text(force);
        g->scene.author.known = m != NULL;
        ignore_unknown(g);
        if ((e = read_roles(g, said != NULL ? said : json_object_get(m, "role"), why)))
                return e;
        return read_level(g, why);
}

/* --- operation --- */

/* The operation's fields as compose_fill takes them: lists as lists, nothing that is null. */
static json_t *plain_fields(struct given *g, const json_t *from)
{
        static const char *const own[] = {"operation", "name",   "fields",    "state",
                                          "open",      "closed", "closed_at", NULL};
        json_t *out = json_object(), *value;
        const char *name;
        json_object_foreach(given_members(from), name, value)
        {
                const struct field *f = field_of_name(KIND_OPERATION, name, strlen(name));
                if (f == NULL)
                        f = field_of_name(g->parts.kind, name, strlen(name));
                if (f == NULL && !given_is_among(name, own))
                        given_ignore(g, "operation", name);
                if (f == NULL || json_is_null(value))
                        continue;
                if (json_is_string(value) && (f->type == FIELD_WORDS || f->type == FIELD_LIST))
                        (void)json_object_set_new(out, name, json_pack("[O]", value));
                else
                        (void)json_object_set(out, name, value);
        }
        return out;
}

static enum err read_state(struct given *g, const json_t *o, struct why *why)
{
        const char *state = text_of(o, "state");
        int64_t closed_us = 0;
        bool there;
        enum err e = given_time(g, o, "closed_at", &closed_us, &there, why);
        if (e)
                return e;
        if (state[0] != '\0' && strcmp(state, "open") != 0 && strcmp(state, "closed") != 0)
                return why_set(why, ERR_FIELD_WORD, "state: open or closed");
        g->scene.operation.open =
            strcmp(state, "closed") != 0 && !json_is_false(json_object_get(o, "open")) &&
            !json_is_true(json_object_get(o, "closed")) && !(there && closed_us <= g->parts.now_us);
        return OK;
}

/* The operation of its own file, else what the entry itself tells of it. */
static const json_t *told_of(const struct given *g)
{
        const json_t *own = json_object_get(g->parts.enquiry, "operation");
        return g->parts.operation == NULL && json_is_object(own) ? own : g->parts.operation;
}

/* The operation of the file is the entry's where the entry names none or the same. */
enum err given_operation(struct given *g, struct values *v, json_t **out_fields, struct why *why)
{
        const json_t *o = told_of(g), *inner = json_object_get(o, "fields");
        const json_t *fields_of = json_is_object(inner) ? inner : o;
        const char *name = given_operation_name(o), *said;
        enum err e;
        *out_fields = NULL;
        if (field_of_name(v->kind, "operation", strlen("operation")) == NULL)
                return OK;
        if (name[0] != '\0' && values_find(v, "operation") == NULL &&
            (e = values_set_text(v, "operation", name, ORIGIN_OPERATION, false, why)))
                return e;
        buf_reset(&g->texts[TEXT_OPERATION]);
        if ((e = values_text(v, "operation", &g->texts[TEXT_OPERATION])))
                return e;
        said = buf_text(&g->texts[TEXT_OPERATION]);
        g->scene.operation.named = said[0] != '\0';
        g->scene.operation.known = g->scene.operation.open = g->scene.operation.named;
        if (o == NULL || said[0] == '\0')
                return OK;
        if (text_of(fields_of, "operation")[0] != '\0' && strcasecmp(name, said) != 0) {
                given_ignore(g, "operation", name); /* another one */
                return OK;
        }
        if ((e = read_state(g, o, why)))
                return e;
        *out_fields = plain_fields(g, fields_of);
        return *out_fields == NULL ? ERR_NO_MEMORY : OK;
}
