#include "client/flags.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SIZE 64

/* Other names for fields. */
static const struct {
        const char *option, *field;
} short_forms[] = {{"aim", "art8_aim"},
                   {"basis", "lawful_basis"},
                   {"conflict", "conflict_declared"},
                   {"purpose", "purpose_code"}};
#define SHORT_FORMS (sizeof short_forms / sizeof short_forms[0])

struct option {
        char name[NAME_SIZE];
        const char *field, *text;
};

static size_t options_of(enum kind kind, struct option out[])
{
        size_t n = 0;
        for (size_t i = 0; i < fields_count; i++) {
                if (!field_has_kind(&fields[i], kind))
                        continue;
                (void)snprintf(out[n].name, NAME_SIZE, "%s", fields[i].name);
                for (char *at = out[n].name; *at != '\0'; at++)
                        if (*at == '_')
                                *at = '-';
                out[n++].field = fields[i].name;
        }
        for (size_t i = 0; i < SHORT_FORMS; i++)
                if (field_of_name(kind, short_forms[i].field, strlen(short_forms[i].field)) != NULL) {
                        (void)snprintf(out[n].name, NAME_SIZE, "%s", short_forms[i].option);
                        out[n++].field = short_forms[i].field;
                }
        return n;
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
                table[rows++] = (struct arg){.name = options[i].name, .text = &options[i].text};
        table[rows++] = (struct arg){.name = "from", .text = &out->from};
        table[rows++] = (struct arg){.name = "looked", .text = &out->looked};
        table[rows++] = (struct arg){.name = "seen", .text = &out->seen};
        if ((e = command_args(s, argc, argv, table, args)))
                goto done;
        for (int reasons = 0; reasons < 2; reasons++) /* last: what a reason is for depends on the others */
                for (size_t i = 0; i < n && !e; i++)
                        if (options[i].text != NULL &&
                            (strcmp(options[i].field, "reason") == 0) == (reasons == 1))
                                e = set_typed(s, v, field_meant(v, &options[i]), options[i].text);
        if (!e && out->from != NULL)
                e = values_read_file(v, out->from, &s->why);
done:
        free(options);
        free(table);
        return e;
}
