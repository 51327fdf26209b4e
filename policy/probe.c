#include "policy/probe.h"

#include <stdlib.h>

#include "policy/expression.h"
#include "policy/sandbox.h"

#define LITERALS_MAX 64  /* texts and numbers of one expression that are tried */
#define CHOICES_MAX  256 /* values of one column */
#define ROUNDS       300 /* runs with mixed values, after one for each place in the lists of choices */

struct choices {
        size_t n;
        struct fact_value at[CHOICES_MAX];
};

struct probe {
        struct sandbox *sandbox;
        struct names names;
        struct slots slots;
        bool any_value; /* it need not be yes or no */
        struct buf sql;
        struct buf lists; /* JSON texts of one word */
        size_t texts_n, numbers_n;
        struct bytes text[LITERALS_MAX];
        int64_t number[LITERALS_MAX];
        struct choices *choices; /* by slot */
};

enum err probe_new(struct names names, struct probe **out)
{
        struct probe *p = calloc(1, sizeof *p);
        enum err e = ERR_NO_MEMORY;
        if (p == NULL)
                return e;
        buf_init(&p->sql, 2 * EXPRESSION_EXPANDED_MAX);
        buf_init(&p->lists, 1u << 16);
        p->names = names;
        if ((p->choices = calloc(COLUMN_COUNT + 1, sizeof *p->choices)) == NULL ||
            (e = sandbox_new(&p->sandbox)))
                goto done;
        *out = p;
        p = NULL; /* given away */
done:
        probe_free(p);
        return e;
}

void probe_free(struct probe *p)
{
        if (p == NULL)
                return;
        sandbox_free(p->sandbox);
        buf_clear(&p->sql);
        buf_clear(&p->lists);
        free(p->choices);
        free(p);
}

static void add(struct choices *c, struct fact_value v)
{
        if (c->n < CHOICES_MAX)
                c->at[c->n++] = v;
}

static void add_text(struct choices *c, struct bytes text)
{
        add(c, (struct fact_value){.type = FACT_TEXT, .text = text});
}

static void add_number(struct choices *c, int64_t number)
{
        add(c, (struct fact_value){.type = FACT_INT, .number = number});
}

static void add_number_tried(struct probe *p, int64_t number)
{
        if (p->numbers_n < LITERALS_MAX)
                p->number[p->numbers_n++] = number;
}

static void add_text_tried(struct probe *p, struct bytes text)
{
        if (p->texts_n < LITERALS_MAX)
                p->text[p->texts_n++] = text;
}

/* Texts and numbers as they stand in the SQL that expression_translate has written, terms and all. */
static void collect_literals(struct probe *p, struct bytes in)
{
        struct bytes text;
        uint64_t number;
        bool in_name = false;
        while (in.n > 0) {
                uint8_t c = in.at[0];
                bool digit = c >= '0' && c <= '9';
                if (digit && !in_name && !bytes_take_decimal(&in, &number)) {
                        add_number_tried(p, (int64_t)number);
                        continue;
                }
                in_name = digit || c == '_' || c == '?' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
                in = bytes_of(in.at + 1, in.n - 1);
                if (c == '\'' && !bytes_take_until(&in, '\'', &text))
                        add_text_tried(p, text);
        }
}

/* What the columns are compared with may stand in a parameter. */
static void collect_parameters(struct probe *p)
{
        for (size_t i = 0; i < p->names.parameters_n; i++) {
                struct bytes words = p->names.parameter[i].words, word, text;
                bool done = false;
                if (p->slots.of[COLUMN_PARAMETER + i] == 0)
                        continue;
                if (words.n == 0)
                        add_number_tried(p, p->names.parameter[i].value);
                while (words.n > 0 && !json_next_element(&words, &word, &done) && !done)
                        if (!json_whole_string(word, &text))
                                add_text_tried(p, text);
        }
}

static void choose_numbers(const struct probe *p, struct choices *c)
{
        for (int64_t i = 0; i <= 3; i++)
                add_number(c, i);
        for (size_t i = 0; i < p->numbers_n; i++)
                for (int64_t by = -1; by <= 1; by++)
                        add_number(c, p->number[i] + by);
}

static void choose_texts(const struct probe *p, struct choices *c)
{
        add_text(c, bytes_text(""));
        add_text(c, bytes_text("x"));
        add_text(c, bytes_text("two words"));
        for (size_t i = 0; i < p->texts_n; i++)
                add_text(c, p->text[i]);
}

/* Room for the lists was made before, so that they stay where they are. */
static void choose_lists(struct probe *p, const struct field *field, struct choices *c)
{
        add_text(c, bytes_text("[]"));
        add_text(c, bytes_text("[\"x\"]"));
        for (size_t i = 0; field->vocabulary && i < field->vocabulary->count; i++) {
                size_t from = p->lists.n;
                if (p->lists.n + strlen(field->vocabulary->words[i].word) + 4 > p->lists.size)
                        return;
                buf_put_format(&p->lists, "[\"%s\"]", field->vocabulary->words[i].word);
                add_text(c, buf_since(&p->lists, from));
        }
}

static void choose_field(struct probe *p, const struct field *field, struct choices *c)
{
        switch (field->type) {
        case FIELD_INT: choose_numbers(p, c); break;
        case FIELD_TIME: add_text(c, bytes_text("2026-11-23T10:04:00Z")); break;
        case FIELD_WORD:
                for (size_t i = 0; field->vocabulary && i < field->vocabulary->count; i++)
                        add_text(c, bytes_text(field->vocabulary->words[i].word));
                break;
        case FIELD_TEXT: choose_texts(p, c); break;
        case FIELD_WORDS:
        case FIELD_LIST: choose_lists(p, field, c); break;
        case FIELD_OBJECT: add_text(c, bytes_text("{}")); break;
        case FIELD_OBJECTS: add_text(c, bytes_text("[{}]")); break;
        }
}

static void choose(struct probe *p, unsigned column, struct choices *c)
{
        c->n = 0;
        if (column >= COLUMN_PARAMETER) {
                const struct parameter *parameter = &p->names.parameter[column - COLUMN_PARAMETER];
                if (parameter->words.n > 0)
                        add_text(c, parameter->words);
                else
                        add_number(c, parameter->value);
                return;
        }
        add(c, (struct fact_value){.type = FACT_NULL});
        if (column == COLUMN_KIND)
                for (unsigned k = 0; k < KIND_COUNT; k++)
                        add_text(c, bytes_text(kind_name((enum kind)k)));
        else if (column == COLUMN_AT)
                add_text(c, bytes_text("2026-11-23T16:56:21.123456Z"));
        else if (column < COLUMN_KIND)
                choose_field(p, &fields[column - COLUMN_FIELD], c);
        else if (fact_type_of((enum fact)(column - COLUMN_FACT)) == FACT_INT)
                choose_numbers(p, c);
        else
                choose_texts(p, c);
}

static enum err compile(struct probe *p, const char *before, const char *after, struct bytes sql,
                        sqlite3_stmt **out, struct why *why)
{
        struct buf whole;
        enum err e;
        buf_init(&whole, SANDBOX_SQL_MAX);
        buf_put_text(&whole, before);
        buf_put(&whole, sql);
        buf_put_text(&whole, after);
        if (!(e = buf_check(&whole)))
                e = sandbox_prepare(p->sandbox, buf_bytes(&whole), out, why);
        buf_clear(&whole);
        return e;
}

/* Alone it must be one column; in the other places it must be an expression, and none over rows. */
static enum err check_places(struct probe *p, sqlite3_stmt **out, struct why *why)
{
        static const struct {
                const char *before, *after;
        } places[] = {{"SELECT (", ") IS TRUE"}, {"SELECT 1 WHERE (", ")"}};
        enum err e = compile(p, "SELECT ", "", buf_bytes(&p->sql), out, why);
        if (!e && sqlite3_column_count(*out) != 1)
                e = why_set(why, ERR_RULE, "it is not one expression");
        for (size_t i = 0; !e && i < sizeof places / sizeof places[0]; i++) {
                sqlite3_stmt *placed = NULL;
                e = compile(p, places[i].before, places[i].after, buf_bytes(&p->sql), &placed, why);
                sqlite3_finalize(placed);
        }
        return e;
}

static enum err check_said(sqlite3_stmt *statement, struct why *why)
{
        bool number = sqlite3_column_type(statement, 0) == SQLITE_INTEGER;
        int64_t said = sqlite3_column_int64(statement, 0);
        if (sqlite3_column_type(statement, 0) == SQLITE_NULL || (number && (said == 0 || said == 1)))
                return OK;
        return why_set(why, ERR_RULE, "it is not a yes-or-no expression: it can give '%.40s'",
                       (const char *)sqlite3_column_text(statement, 0));
}

static enum err run_once(struct probe *p, sqlite3_stmt *statement, const struct fact_value value[],
                         struct why *why)
{
        enum err e = sandbox_bind(statement, value);
        if (!e)
                e = sandbox_run(p->sandbox, statement, why);
        if (!e && !p->any_value)
                e = check_said(statement, why);
        sqlite3_reset(statement);
        return e;
}

/* First every column at the same place of its list, then mixed by a fixed sequence. */
static enum err run_all(struct probe *p, sqlite3_stmt *statement, struct why *why)
{
        struct fact_value value[COLUMN_COUNT + 1] = {{.type = FACT_NULL}};
        size_t longest = 1;
        uint32_t mix = 1;
        enum err e = OK;
        for (size_t s = 1; s <= p->slots.n; s++)
                if (p->choices[s].n > longest)
                        longest = p->choices[s].n;
        for (size_t round = 0; !e && round < longest + ROUNDS; round++) {
                for (size_t s = 1; s <= p->slots.n; s++) {
                        mix = mix * 1664525u + 1013904223u;
                        value[s] = p->choices[s].at[(round < longest ? round : mix >> 8) % p->choices[s].n];
                }
                e = run_once(p, statement, value, why);
        }
        return e;
}

static enum err begin(struct probe *p)
{
        memset(&p->slots, 0, sizeof p->slots);
        p->texts_n = p->numbers_n = 0;
        buf_reset(&p->sql);
        buf_reset(&p->lists);
        if (buf_put_room(&p->lists, p->lists.max) == NULL)
                return ERR_NO_MEMORY;
        buf_reset(&p->lists);
        return OK;
}

static enum err check(struct probe *p, const struct names *names, struct bytes expression, struct why *why)
{
        sqlite3_stmt *statement = NULL;
        enum err e = begin(p);
        if (e || (e = expression_translate(names, expression, &p->slots, &p->sql, why)) ||
            (e = check_places(p, &statement, why)))
                goto done;
        collect_literals(p, buf_bytes(&p->sql));
        collect_parameters(p);
        for (unsigned column = 0; column < COLUMN_COUNT; column++)
                if (p->slots.of[column] > 0)
                        choose(p, column, &p->choices[p->slots.of[column]]);
        e = run_all(p, statement, why);
done:
        sqlite3_finalize(statement);
        return e;
}

enum err probe_check(struct probe *p, struct bytes expression, struct why *why)
{
        p->any_value = false;
        return check(p, &p->names, expression, why);
}

enum err probe_term(struct probe *p, size_t i, struct why *why)
{
        struct names before = p->names;
        before.terms_n = i;
        p->any_value = true;
        return check(p, &before, bytes_text(p->names.term[i].when), why);
}
