#include "policy/document.h"

#include <cyaml/cyaml.h>
#include <stdio.h>
#include <stdlib.h>

#include "policy/expression.h"

/* The schema is data made at run time, because a case may give any column. */
struct document_file {
        struct document *document; /* libcyaml's */
        struct lines *lines;
        cyaml_schema_field_t given[DOCUMENT_GIVEN + 1];
        cyaml_schema_field_t test[8], top[11];
        cyaml_schema_value_t test_value, top_value;
};

#define WORD_MAX 80 /* bytes: of a list */
#define MAYBE_TEXT(key, type, member, max)                                                                   \
        CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, 0, max)
#define MAYBE_LIST(key, type, member, entry, max)                                                            \
        CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, entry, 0, max)

static const cyaml_schema_value_t word = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, WORD_MAX)};
static const cyaml_schema_field_t parameter_fields[] = {
    MAYBE_TEXT("name", struct document_parameter, name, 200),
    MAYBE_TEXT("value", struct document_parameter, value, 40),
    MAYBE_LIST("words", struct document_parameter, words, &word, PACK_WORDS_MAX),
    MAYBE_TEXT("title", struct document_parameter, title, 400),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t parameter = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct document_parameter, parameter_fields)};
static const cyaml_schema_field_t term_fields[] = {
    MAYBE_TEXT("name", struct document_term, name, 200),
    MAYBE_TEXT("title", struct document_term, title, 400),
    MAYBE_TEXT("when", struct document_term, when, EXPRESSION_MAX),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t term = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct document_term, term_fields)};
static const cyaml_schema_field_t lane_fields[] = {
    MAYBE_TEXT("standard", struct document_lanes, standard, EXPRESSION_MAX),
    MAYBE_TEXT("authorised", struct document_lanes, authorised, EXPRESSION_MAX),
    CYAML_FIELD_END,
};
static const cyaml_schema_field_t rule_fields[] = {
    MAYBE_TEXT("id", struct document_rule, id, 200),
    MAYBE_TEXT("title", struct document_rule, title, 400),
    MAYBE_TEXT("when", struct document_rule, when, EXPRESSION_MAX),
    MAYBE_TEXT("effect", struct document_rule, effect, 40),
    MAYBE_TEXT("kind", struct document_rule, kind, 40),
    MAYBE_TEXT("because", struct document_rule, because, 1000),
    MAYBE_TEXT("advice", struct document_rule, advice, 1000),
    MAYBE_LIST("kinds", struct document_rule, kinds, &word, KIND_COUNT),
    MAYBE_LIST("tell", struct document_rule, tell, &word, ROLE_COUNT),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t rule = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct document_rule, rule_fields)};

static cyaml_schema_field_t given_field(const char *key, unsigned column)
{
        return (cyaml_schema_field_t){
            .key = key,
            .data_offset = (uint32_t)(column * sizeof(char *)),
            .value = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, char, 0, FIELD_VALUE_MAX)},
        };
}

static void make_given(struct document_file *f)
{
        size_t n = 0;
        for (unsigned i = 0; i < fields_count; i++)
                if (column_of_field(i) == COLUMN_FIELD + i)
                        f->given[n++] = given_field(fields[i].name, COLUMN_FIELD + i);
        for (unsigned i = 0; i < FACT_COUNT; i++)
                f->given[n++] = given_field(fact_name((enum fact)i), COLUMN_FACT + i);
        f->given[n] = (cyaml_schema_field_t)CYAML_FIELD_END;
}

static void make_schema(struct document_file *f)
{
        const cyaml_schema_field_t test[] = {
            MAYBE_TEXT("rule", struct document_case, rule, 200),
            MAYBE_TEXT("fires", struct document_case, fires, 40),
            MAYBE_TEXT("kind", struct document_case, kind, 40),
            MAYBE_TEXT("at", struct document_case, at, 40),
            MAYBE_TEXT("verdict", struct document_case, verdict, 40),
            MAYBE_TEXT("lane", struct document_case, lane, 40),
            {.key = "given",
             .data_offset = offsetof(struct document_case, given),
             .value = {.type = CYAML_MAPPING,
                       .flags = CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
                       .data_size = DOCUMENT_GIVEN * sizeof(char *),
                       .mapping = {.fields = f->given}}},
            CYAML_FIELD_END,
        };
        const cyaml_schema_field_t top[] = {
            MAYBE_TEXT("name", struct document, name, 200),
            MAYBE_TEXT("version", struct document, version, 40),
            MAYBE_TEXT("title", struct document, title, 400),
            MAYBE_TEXT("over", struct document, over, 200),
            MAYBE_TEXT("apd_ref", struct document, apd_ref, 400),
            MAYBE_LIST("parameters", struct document, parameters, &parameter, PACK_PARAMETERS_MAX),
            MAYBE_LIST("terms", struct document, terms, &term, PACK_TERMS_MAX),
            CYAML_FIELD_MAPPING("lanes", CYAML_FLAG_OPTIONAL, struct document, lanes, lane_fields),
            MAYBE_LIST("rules", struct document, rules, &rule, PACK_RULES_MAX),
            MAYBE_LIST("tests", struct document, tests, &f->test_value, PACK_CASES_MAX),
            CYAML_FIELD_END,
        };
        _Static_assert(sizeof test == sizeof f->test && sizeof top == sizeof f->top, "the schema's rows");
        make_given(f);
        memcpy(f->test, test, sizeof test);
        f->test_value =
            (cyaml_schema_value_t){CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct document_case, f->test)};
        memcpy(f->top, top, sizeof top);
        f->top_value =
            (cyaml_schema_value_t){CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct document, f->top)};
}

/* What libcyaml says while it loads: the first sentence, and the first line number of its backtrace. */
struct complaint {
        char sentence[160];
        unsigned line;
};

__attribute__((format(printf, 3, 0))) static void listen(cyaml_log_t level, void *self, const char *format,
                                                         va_list arguments)
{
        struct complaint *c = self;
        char text[256];
        const char *said = text, *line;
        if (level < CYAML_LOG_WARNING || vsnprintf(text, sizeof text, format, arguments) < 0)
                return;
        if (strncmp(said, "Load: ", 6) == 0)
                said += 6;
        if (c->line == 0 && (line = strstr(said, "(line: ")) != NULL)
                c->line = (unsigned)strtoul(line + 7, NULL, 10);
        if (c->sentence[0] != '\0' || strncmp(said, "Backtrace", 9) == 0 || said[0] == ' ')
                return;
        (void)snprintf(c->sentence, sizeof c->sentence, "%.*s", (int)strcspn(said, "\n"), said);
}

/* One line of the file without indentation and the signs that open an entry; false at the end. */
static bool next_line(struct bytes *in, struct bytes *out)
{
        if (in->n == 0)
                return false;
        if (bytes_take_until(in, '\n', out)) {
                *out = *in;
                *in = bytes_of(in->at + in->n, 0);
        }
        while (out->n > 0 && (out->at[0] == ' ' || out->at[0] == '-' || out->at[0] == '{'))
                *out = bytes_of(out->at + 1, out->n - 1);
        return true;
}

/* libcyaml names the line on which the mapping begins; an unknown key stands at or after it. */
static unsigned line_of_key(struct bytes yaml, unsigned from, const char *key)
{
        struct bytes line, start;
        for (unsigned number = 1; next_line(&yaml, &line); number++)
                if (number >= from && !bytes_take(&line, strlen(key), &start) && bytes_is(start, key) &&
                    line.n > 0 && line.at[0] == ':')
                        return number;
        return from;
}

/* libyaml has a sentence for every mistake in the text, and none for want of memory. */
static bool no_memory(cyaml_err_t result, const char *said)
{
        return result == CYAML_ERR_OOM || result == CYAML_ERR_LIBYAML_PARSER_INIT ||
               (result == CYAML_ERR_LIBYAML_PARSER && strstr(said, "(null)") != NULL);
}

static enum err complain(struct bytes yaml, const struct lines *lines, const struct complaint *c,
                         cyaml_err_t result, struct why *why)
{
        static const char unknown[] = "Unexpected key: ";
        const char *said = c->sentence[0] != '\0' ? c->sentence : cyaml_strerror(result);
        char around[LINES_AROUND_MAX];
        unsigned line = c->line;
        if (no_memory(result, said))
                return ERR_NO_MEMORY;
        if (strncmp(said, unknown, sizeof unknown - 1) == 0)
                line = line_of_key(yaml, line, said + sizeof unknown - 1);
        lines_around(lines, line, around);
        return why_set(why, ERR_PACK, "line %u%s: %s", line, around, said);
}

enum err document_load(struct bytes yaml, struct document_file **out, struct why *why)
{
        struct complaint c = {{0}, 0};
        const cyaml_config_t config = {.log_fn = listen,
                                       .log_ctx = &c,
                                       .log_level = CYAML_LOG_WARNING,
                                       .mem_fn = cyaml_mem,
                                       .flags = CYAML_CFG_NO_ALIAS};
        struct document_file *f = calloc(1, sizeof *f);
        cyaml_data_t *data = NULL;
        cyaml_err_t result;
        enum err e = OK;
        if (f == NULL)
                return ERR_NO_MEMORY;
        make_schema(f);
        if ((e = lines_new(yaml, &f->lines, why)))
                goto done;
        result = cyaml_load_data(yaml.at, yaml.n, &config, &f->top_value, &data, NULL);
        f->document = data;
        /* A warning is a second document, which would otherwise be left out in silence. */
        if (result != CYAML_OK || c.sentence[0] != '\0')
                e = complain(yaml, f->lines, &c, result, why);
        else if (f->document == NULL)
                e = why_set(why, ERR_PACK, "line 1: the file is empty");
        if (!e) {
                *out = f;
                f = NULL; /* given away */
        }
done:
        document_free(f);
        return e;
}

void document_free(struct document_file *f)
{
        static const cyaml_config_t config = {.mem_fn = cyaml_mem};
        if (f == NULL)
                return;
        /* An error here could only mean that the schema above is wrong, which every parse would show first.
         */
        (void)cyaml_free(&config, &f->top_value, f->document, 0);
        lines_free(f->lines);
        free(f);
}

const struct document *document_of(const struct document_file *f)
{
        return f->document;
}

const struct lines *document_lines(const struct document_file *f)
{
        return f->lines;
}
