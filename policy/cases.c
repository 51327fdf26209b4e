#include <stdlib.h>

#include "policy/parts.h"

#define CASES_NEEDED 2 /* that fire, and as many that do not */

/* The first case is number 1. */
static enum err case_wrong(const struct pack *p, size_t number, const struct document_case *d,
                           const char *what, struct why *why)
{
        unsigned line = lines_of_entry(document_lines(p->file), LINES_TESTS, number - 1);
        if (d->rule == NULL || pack_rule_of_id(p, d->rule) == NULL)
                return why_set(why, ERR_PACK, "line %u, case %zu: it names no rule of the pack", line,
                               number);
        return why_set(why, ERR_PACK, "line %u, rule %s, case %zu: %s", line, d->rule, number, what);
}

/* What a case gives is a text; as a field it is written as its type has it. Lists are words parted by commas.
 */
static void put_list(struct buf *out, struct bytes text)
{
        struct bytes word;
        bool more = text.n > 0, first = true;
        buf_put_text(out, "[");
        while (more) {
                more = !bytes_take_until(&text, ',', &word);
                if (!more)
                        word = text;
                while (word.n > 0 && word.at[0] == ' ')
                        word = bytes_of(word.at + 1, word.n - 1);
                if (!first)
                        buf_put_text(out, ",");
                json_put_string(out, word);
                first = false;
        }
        buf_put_text(out, "]");
}

static void put_value(struct buf *out, const struct field *field, struct bytes text)
{
        switch (field->type) {
        case FIELD_TEXT:
        case FIELD_WORD:
        case FIELD_TIME: json_put_string(out, text); break;
        case FIELD_WORDS:
        case FIELD_LIST: put_list(out, text); break;
        case FIELD_INT:
        case FIELD_OBJECT:
        case FIELD_OBJECTS: buf_put(out, text); break;
        }
}

static size_t given_count(const struct document_case *d, unsigned from, unsigned to)
{
        size_t n = 0;
        for (unsigned i = from; d->given && i < to; i++)
                n += d->given[i] != NULL;
        return n;
}

static enum err read_field(struct pack_case *c, struct buf *values, const char *text, unsigned column,
                           struct why *why)
{
        const char *name = fields[column - COLUMN_FIELD].name;
        const struct field *field = field_of_name(c->kind, name, strlen(name));
        size_t from = values->n;
        enum err e;
        if (field == NULL)
                return why_set(why, ERR_PACK, "%s is no field of an %s", name, kind_name(c->kind));
        put_value(values, field, bytes_text(text));
        if ((e = buf_check(values)) || (e = field_check(field, buf_since(values, from), why)))
                return e;
        c->fields[c->fields_n].number = (uint8_t)field_number(field);
        c->fields[c->fields_n++].value = bytes_of(NULL, values->n - from);
        return OK;
}

/* By field number, as a body has them: rows of one name may stand elsewhere in the table for another kind. */
static int by_number(const void *a, const void *b)
{
        const uint8_t *x = a, *y = b; /* `number` is the first member */
        return (*x > *y) - (*x < *y);
}

static enum err read_fields(struct pack_case *c, struct buf *values, const struct document_case *d,
                            struct why *why)
{
        size_t n = given_count(d, COLUMN_FIELD, COLUMN_KIND), from = 0;
        enum err e;
        if (n == 0)
                return OK;
        if ((c->fields = calloc(n, sizeof *c->fields)) == NULL)
                return ERR_NO_MEMORY;
        for (unsigned i = COLUMN_FIELD; i < COLUMN_KIND; i++)
                if (d->given[i] != NULL && (e = read_field(c, values, d->given[i], i, why)))
                        return e;
        for (size_t i = 0; i < c->fields_n; i++) { /* the buffer moves no more */
                c->fields[i].value.at = values->at + from;
                from += c->fields[i].value.n;
        }
        qsort(c->fields, c->fields_n, sizeof *c->fields, by_number);
        return OK;
}

static enum err read_fact(struct fact_value *out, enum fact f, const char *text, struct why *why)
{
        struct bytes digits = bytes_text(text);
        uint64_t number;
        if (fact_type_of(f) == FACT_TEXT) {
                *out = (struct fact_value){.type = FACT_TEXT, .text = digits};
                return OK;
        }
        if (bytes_take_decimal(&digits, &number) || bytes_at_end(digits) || number > JSON_INT_MAX)
                return why_set(why, ERR_PACK, "%s is a whole number", fact_name(f));
        *out = (struct fact_value){.type = FACT_INT, .number = (int64_t)number};
        return OK;
}

static enum err read_given(struct pack_case *c, struct buf *values, const struct document_case *d,
                           struct why *why)
{
        enum err e = d->given ? read_fields(c, values, d, why) : OK;
        for (unsigned f = 0; d->given && !e && f < FACT_COUNT; f++)
                if (d->given[COLUMN_FACT + f] != NULL)
                        e = read_fact(&c->value[f], (enum fact)f, d->given[COLUMN_FACT + f], why);
        return e;
}

/* The words beside the given ones; NULL when they are good. */
static const char *read_words(struct pack_case *c, const struct document_case *d)
{
        enum verdict verdict;
        if (d->fires == NULL || (strcmp(d->fires, "yes") != 0 && strcmp(d->fires, "no") != 0))
                return "fires is yes or no";
        c->fires = d->fires[0] == 'y';
        c->kind = KIND_INTENT;
        if (d->kind && !kind_of_word(d->kind, &c->kind))
                return "there is no such kind";
        if (d->at && moment_of_rfc3339(bytes_text(d->at), &c->at_us))
                return "at is a time such as 2026-11-23T10:04:00Z";
        if (d->verdict) {
                if (!verdict_of_name(bytes_text(d->verdict), &verdict))
                        return "the verdict is accepted, waiting, refused or flagged";
                c->has_verdict = true;
                c->verdict = verdict;
        }
        if (d->lane) {
                unsigned lane = 0;
                while (lane < LANE_COUNT && strcmp(lane_names[lane], d->lane) != 0)
                        lane++;
                if (lane == LANE_COUNT)
                        return "the lane is quick, standard or authorised";
                c->has_lane = true;
                c->lane = (enum lane)lane;
        }
        return NULL;
}

static enum err read_case(struct pack *p, size_t number, const struct document_case *d, struct why *why)
{
        struct pack_case *c = &p->cases[number - 1];
        const struct rule *r = d->rule ? pack_rule_of_id(p, d->rule) : NULL;
        struct why inner = {OK, ""};
        const char *wrong;
        enum err e;
        buf_init(&p->values[number - 1], SUBMISSION_MAX);
        p->cases_n = number;
        if (r == NULL)
                return case_wrong(p, number, d, "", why);
        c->rule = (size_t)(r - p->rule);
        c->line = lines_of_entry(document_lines(p->file), LINES_TESTS, number - 1);
        if ((wrong = read_words(c, d)) != NULL)
                return case_wrong(p, number, d, wrong, why);
        e = read_given(c, &p->values[number - 1], d, &inner);
        if (e && e != ERR_NO_MEMORY)
                return case_wrong(p, number, d, inner.detail, why);
        return e;
}

static enum err check_enough(const struct pack *p, struct why *why)
{
        for (size_t i = 0; i < p->rules_n; i++) {
                size_t fire = 0, rest = 0;
                for (size_t k = 0; k < p->cases_n; k++)
                        if (p->cases[k].rule == i)
                                p->cases[k].fires ? fire++ : rest++;
                if (fire < CASES_NEEDED || rest < CASES_NEEDED)
                        return why_set(why, ERR_PACK,
                                       "line %u, rule %s: it has %zu cases that fire and %zu that do not, "
                                       "and needs two of each",
                                       p->rule[i].line, p->rule[i].id, fire, rest);
        }
        return OK;
}

enum err cases_read(struct pack *p, struct why *why)
{
        size_t n = p->document->tests_count;
        enum err e = OK;
        if (n > 0 && ((p->cases = calloc(n, sizeof *p->cases)) == NULL ||
                      (p->values = calloc(n, sizeof *p->values)) == NULL))
                return ERR_NO_MEMORY;
        for (size_t i = 0; !e && i < n; i++)
                e = read_case(p, i + 1, &p->document->tests[i], why);
        return e ? e : check_enough(p, why);
}

void cases_clear(struct pack *p)
{
        for (size_t i = 0; i < p->cases_n; i++) {
                free(p->cases[i].fields);
                buf_clear(&p->values[i]);
        }
        free(p->cases);
        free(p->values);
}

void case_facts(const struct pack_case *c, struct body *body, struct facts *facts)
{
        memset(body, 0, sizeof *body);
        memset(facts, 0, sizeof *facts);
        body->kind = c->kind;
        for (size_t i = 0; i < c->fields_n; i++)
                body->field[body->n++] = (struct body_field){.number = c->fields[i].number,
                                                             .origin = ORIGIN_TYPED,
                                                             .state = FIELD_PRESENT,
                                                             .value = c->fields[i].value};
        facts->kind = c->kind;
        facts->at_us = c->at_us;
        facts->body = body;
        memcpy(facts->value, c->value, sizeof facts->value);
}
