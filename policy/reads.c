#include "policy/reads.h"

#include <stdlib.h>

#include "ledger/base/moment.h"
#include "policy/expression.h"

enum err reads_of_rule(const struct pack *pack, const struct rule *rule, uint16_t out[COLUMN_COUNT],
                       size_t *out_n)
{
        const struct names names = column_names(pack);
        struct slots *slots = calloc(1, sizeof *slots);
        struct buf sql;
        enum err e;
        if (slots == NULL)
                return ERR_NO_MEMORY;
        buf_init(&sql, EXPRESSION_EXPANDED_MAX);
        if (!(e = expression_translate(&names, bytes_text(rule->when), slots, &sql, NULL))) {
                for (unsigned column = 0; column < COLUMN_COUNT; column++)
                        if (slots->of[column] > 0)
                                out[slots->of[column] - 1] = (uint16_t)column;
                *out_n = slots->n;
        }
        buf_clear(&sql);
        free(slots);
        return e;
}

void reads_name_put(struct buf *out, const struct pack *pack, unsigned column)
{
        if (column >= COLUMN_PARAMETER)
                buf_put_format(out, "parameter.%s", pack_parameter(pack, column - COLUMN_PARAMETER)->name);
        else if (column >= COLUMN_FACT)
                buf_put_text(out, fact_name((enum fact)(column - COLUMN_FACT)));
        else if (column == COLUMN_KIND || column == COLUMN_AT)
                buf_put_text(out, column == COLUMN_KIND ? "enquiry.kind" : "enquiry.at");
        else
                buf_put_format(out, "enquiry.%s", fields[column - COLUMN_FIELD].name);
}

static void put_fact(struct buf *out, const struct fact_value *v)
{
        switch (v->type) {
        case FACT_INT: json_put_int(out, v->number); return;
        case FACT_TEXT: json_put_string(out, v->text); return;
        case FACT_NULL: buf_put_text(out, "null"); return;
        }
}

static void put_parameter(struct buf *out, const struct parameter *p)
{
        if (p->words.n > 0)
                buf_put(out, p->words);
        else
                json_put_int(out, p->value);
}

/* The entry's own field, else that of an activity's intent. */
static void put_field(struct buf *out, const struct facts *facts, const char *name)
{
        const struct body_field *f = facts->body ? body_find(facts->body, name) : NULL;
        if (f == NULL && facts->kind == KIND_ACTIVITY && facts->intent)
                f = body_find(facts->intent, name);
        if (f == NULL || f->state != FIELD_PRESENT)
                buf_put_text(out, "null");
        else
                buf_put(out, f->value);
}

void reads_value_put(struct buf *out, const struct pack *pack, const struct facts *facts, unsigned column)
{
        char at[MOMENT_TEXT_LEN + 1];
        if (column >= COLUMN_PARAMETER) {
                put_parameter(out, pack_parameter(pack, column - COLUMN_PARAMETER));
        } else if (column >= COLUMN_FACT) {
                put_fact(out, &facts->value[column - COLUMN_FACT]);
        } else if (column == COLUMN_KIND) {
                json_put_text(out, kind_name(facts->kind));
        } else if (column == COLUMN_AT) {
                moment_text(facts->at_us, at);
                json_put_text(out, at);
        } else {
                put_field(out, facts, fields[column - COLUMN_FIELD].name);
        }
}
