#include "client/flags.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SIZE 64
#define GIVEN_MAX 32 /* times that the option of a list may be given */

#define GRANT (1u << KIND_AUTHORITY)
#define MASK  (1u << KIND_PERSONA)
#define ANY   (~0u)

/* Other names for fields, of the kinds where they are natural. */
static const struct {
        const char *option, *field;
        uint32_t kinds;
} short_forms[] = {{"acknowledge", "acknowledged", ANY},
                   {"act", "act_relied_on", GRANT},
                   {"aim", "art8_aim", ANY},
                   {"assigned", "assigned_to", MASK},
                   {"at", "cancelled_at", GRANT | MASK},
                   {"authority", "authority_ref", ANY & ~GRANT},
                   {"basis", "lawful_basis", ANY},
                   {"class", "scope_classes", GRANT},
                   {"conflict", "conflict_declared", ANY},
                   {"engagement", "scope_engagement", GRANT},
                   {"form", "authority_form", GRANT},
                   {"ground", "grounds", GRANT},
                   {"persona", "persona_ref", ANY & ~MASK},
                   {"platform", "scope_platforms", GRANT},
                   {"purpose", "purpose_code", ANY},
                   {"ref", "authority_ref", GRANT},
                   {"ref", "persona_ref", MASK},
                   {"review-date", "review_dates", GRANT},
                   {"subject", "scope_subjects", GRANT},
                   {"tactic", "scope_tactics", GRANT},
                   {"text", "review_text", GRANT},
                   {"type", "authority_type", GRANT}};
#define SHORT_FORMS (sizeof short_forms / sizeof short_forms[0])

struct option {
        char name[NAME_SIZE];
        const char *field, *text;
        const char *given[GIVEN_MAX]; /* of a list: may be said again and again */
        size_t given_n;
        bool is_list;
};

static void put_option(struct option *out, const char *name, const struct field *field)
{
        (void)snprintf(out->name, NAME_SIZE, "%s", name);
        for (char *at = out->name; *at != '\0'; at++)
                if (*at == '_')
                        *at = '-';
        out->field = field->name;
        out->is_list = field->type == FIELD_LIST || field->type == FIELD_WORDS;
}

static size_t options_of(enum kind kind, struct option out[])
{
        size_t n = 0;
        for (size_t i = 0; i < fields_count; i++)
                if (field_has_kind(&fields[i], kind))
                        put_option(&out[n++], fields[i].name, &fields[i]);
        for (size_t i = 0; i < SHORT_FORMS; i++) {
                const char *name = short_forms[i].field;
                const struct field *f = field_of_name(kind, name, strlen(name));
                if (f != NULL && ((short_forms[i].kinds >> kind) & 1u) != 0)
                        put_option(&out[n++], short_forms[i].option, f);
        }
        return n;
}

static struct arg row_of(struct option *o)
{
        if (o->is_list)
                return (struct arg){
                    .name = o->name, .list = o->given, .list_max = GIVEN_MAX, .list_n = &o->given_n};
        return (struct arg){.name = o->name, .text = &o->text};
}

/* --reason is the urgency's where the kind has no reason of its own to give, as `log --urgent life --reason
 * TEXT` has. */
static const char *field_meant(const struct values *v, const struct option *o)
{
        if (strcmp(o->field, "reason") == 0 && values_find(v, "urgent") != NULL &&
            field_of_name(v->kind, "urgency_reason_applicant", strlen("urgency_reason_applicant")) != NULL)
                return "urgency_reason_applicant";
        return o->field;
}

/* Two options can be names of one field. */
static enum err set_typed(struct session *s, struct values *v, const char *field, const char *text)
{
        const struct value *there = values_find(v, field);
        if (there != NULL && there->origin == ORIGIN_TYPED)
                return why_set(&s->why, ERR_USE, "%s is given twice", field);
        return values_set_text(v, field, text, ORIGIN_TYPED, true, &s->why);
}

/* What was said in several options is one list. */
static enum err set_list(struct session *s, struct values *v, const struct option *o)
{
        const bool words = field_of_name(v->kind, o->field, strlen(o->field))->type == FIELD_WORDS;
        struct buf all;
        enum err e;
        buf_init(&all, FIELD_VALUE_MAX);
        for (size_t i = 0; i < o->given_n; i++) {
                buf_put_text(&all, i == 0 ? "" : words ? "," : ";");
                buf_put_text(&all, o->given[i]);
        }
        e = buf_check(&all);
        e = e ? why_set(&s->why, e, "%s", o->field) : set_typed(s, v, o->field, buf_text(&all));
        buf_clear(&all);
        return e;
}

static enum err set_option(struct session *s, struct values *v, const struct option *o)
{
        if (o->given_n > 0)
                return set_list(s, v, o);
        return o->text != NULL ? set_typed(s, v, field_meant(v, o), o->text) : OK;
}

enum err flags_parse(struct session *s, int argc, char **argv, struct values *v, struct flags *out,
                     struct args *args)
{
        struct option *options = calloc(fields_count + SHORT_FORMS, sizeof *options);
        struct arg *table = calloc(fields_count + SHORT_FORMS + 4, sizeof *table);
        size_t n, rows = 0;
        enum err e = options == NULL || table == NULL ? ERR_NO_MEMORY : OK;
        *out = (struct flags){0};
        if (e)
                goto done;
        n = options_of(v->kind, options);
        for (size_t i = 0; i < n; i++)
                table[rows++] = row_of(&options[i]);
        table[rows++] = (struct arg){.name = "from", .text = &out->from};
        table[rows++] = (struct arg){.name = "looked", .text = &out->looked};
        table[rows++] = (struct arg){.name = "seen", .text = &out->seen};
        if ((e = command_args(s, argc, argv, table, args)))
                goto done;
        for (int reasons = 0; reasons < 2; reasons++) /* last: what a reason is for depends on the others */
                for (size_t i = 0; i < n && !e; i++)
                        if ((strcmp(options[i].field, "reason") == 0) == (reasons == 1))
                                e = set_option(s, v, &options[i]);
        if (!e && out->from != NULL)
                e = values_read_file(v, out->from, &s->why);
done:
        free(options);
        free(table);
        return e;
}
