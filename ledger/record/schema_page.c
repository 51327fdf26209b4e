#include "ledger/record/schema_json.h"
#include "schema/fields.h"

/* A cell of a table. */
static void put_cell(struct buf *out, const char *text)
{
        buf_put_u8(out, ' ');
        for (; *text != '\0'; text++) {
                if (*text == '|')
                        buf_put_u8(out, '\\');
                buf_put_u8(out, (uint8_t)*text);
        }
        buf_put_text(out, " |");
}

static void put_type(struct buf *out, const struct field *f)
{
        buf_put_u8(out, ' ');
        switch (f->type) {
        case FIELD_TEXT: buf_put_format(out, "text up to %zu", f->max); break;
        case FIELD_WORD:
                buf_put_format(out, "one of [%s](#%s)", f->vocabulary->name, f->vocabulary->name);
                break;
        case FIELD_WORDS:
                buf_put_format(out, "any of [%s](#%s)", f->vocabulary->name, f->vocabulary->name);
                break;
        case FIELD_LIST: buf_put_format(out, "list of texts up to %zu", f->max); break;
        case FIELD_INT: buf_put_format(out, "0 to %zu", f->max); break;
        case FIELD_TIME: buf_put_text(out, "time"); break;
        case FIELD_OBJECT: buf_put_text(out, "object"); break;
        case FIELD_OBJECTS: buf_put_text(out, "list of objects"); break;
        }
        buf_put_text(out, " |");
}

static bool has_lanes(enum kind k)
{
        return k == KIND_INTENT || k == KIND_ACTIVITY;
}

static void put_asked(struct buf *out, const struct field *f, enum kind k)
{
        bool required = (f->required >> k) & 1u, asked = (f->asked >> k) & 1u;

        buf_put_text(out, required ? " needed" : "");
        buf_put_text(out, required && asked ? "," : "");
        if (asked && has_lanes(k))
                buf_put_format(out, " from the %s lane", lane_names[f->lane]);
        else if (asked)
                buf_put_text(out, " asked");
        buf_put_text(out, " |");
}

/* An operation takes nothing from an operation, a member entry nothing from a member entry. */
static bool has_source(const struct field *f, enum kind k)
{
        return f->source != ORIGIN_ABSENT && !(k == KIND_OPERATION && f->source == ORIGIN_OPERATION) &&
               !(k == KIND_MEMBER && f->source == ORIGIN_MEMBER);
}

static void put_source(struct buf *out, const struct field *f, enum kind k)
{
        buf_put_u8(out, ' ');
        if (has_source(f, k))
                buf_put_text(out, origin_name(f->source));
        if (has_source(f, k) && f->fallback != NULL)
                buf_put_format(out, f->source == ORIGIN_DEFAULT ? ": `%s`" : ", else `%s`", f->fallback);
        buf_put_text(out, " |");
}

static void put_group(struct buf *out, enum kind k, enum group g)
{
        const uint8_t *number;
        size_t n = field_slots(k, g, &number);

        if (n == 0)
                return;
        buf_put_format(out,
                       "\n### %s: %s\n\n"
                       "| slot | field | type | asked | source | meaning | basis |\n| --- | --- | --- | --- "
                       "| --- | --- | --- |\n",
                       kind_name(k), group_name((unsigned)g));
        for (size_t i = 0; i < n; i++) {
                const struct field *f = &fields[number[i]];

                buf_put_format(out, "| %zu | `%s` |", i, f->name);
                put_type(out, f);
                put_asked(out, f, k);
                put_source(out, f, k);
                put_cell(out, f->help);
                put_cell(out, f->basis);
                buf_put_u8(out, '\n');
        }
}

static void put_kind(struct buf *out, enum kind k)
{
        bool any = false;

        buf_put_format(out, "\n## %s\n", kind_name(k));
        for (unsigned g = 0; g < GROUP_COUNT; g++) {
                const uint8_t *number;

                any |= field_slots(k, (enum group)g, &number) > 0;
                put_group(out, k, (enum group)g);
        }
        if (!any)
                buf_put_text(out, "\nHas no fields: each of its groups is one decoy.\n");
}

static void put_vocabulary(struct buf *out, const struct vocabulary *v)
{
        buf_put_format(out, "\n### %s\n\n| word | meaning | key | also taken |\n| --- | --- | --- | --- |\n",
                       v->name);
        for (size_t i = 0; i < v->count; i++) {
                buf_put_format(out, "| `%s` |", v->words[i].word);
                put_cell(out, v->words[i].plain);
                buf_put_format(out, " %c |", v->words[i].key);
                put_cell(out, v->words[i].also);
                buf_put_u8(out, '\n');
        }
}

void schema_json_put_page(struct buf *out)
{
        buf_put_format(out,
                       "# Fields, version %d\n\n"
                       "Made from `schema/fields_*.def`; a test compares. Each kind's groups with their "
                       "slots in order, as FORMAT.md\n"
                       "section 3 needs them. `source` is where a value comes from when the person says "
                       "nothing; each value is recorded\n"
                       "with its origin, and a default is never shown as the author's own assertion. Words "
                       "are taken in upper and lower\n"
                       "case and in the other spellings listed; the record holds the word itself. What the "
                       "ledger computes (counts of\n"
                       "views, lateness, lane, rule hits) is no field: it stands in the entry's `because`.\n",
                       STATEMENT_VERSION);
        for (unsigned k = 0; k < KIND_COUNT; k++)
                put_kind(out, (enum kind)k);
        buf_put_text(out, "\n## Vocabularies\n");
        for (size_t i = 0; i < vocabularies_count; i++)
                put_vocabulary(out, vocabularies[i]);
        buf_put_text(out, "\n## What a purpose stands for\n\nThe purpose `other` settles nothing: the "
                          "operation or the author must.\n\n"
                          "| purpose_code | le_purpose | art8_aim |\n| --- | --- | --- |\n");
        for (size_t i = 0; i < purposes_count; i++)
                buf_put_format(out, "| `%s` | `%s` | `%s` |\n", purposes[i].purpose_code,
                               purposes[i].le_purpose, purposes[i].art8_aim);
}
