/* document: the YAML of a pack as it was written, before anything in it is judged: strict about keys, doubled
 * keys, aliases, control characters and a second document; every value is a text. Pure. */
#ifndef POLICY_DOCUMENT_H
#define POLICY_DOCUMENT_H

#include "policy/column.h"
#include "policy/lines.h"

/* What is not in the file is NULL; a list that is not there, or is empty, has the count 0. */
struct document_parameter {
        char *name, *value, *title;
        char **words;
        unsigned words_count;
};
struct document_term {
        char *name, *title, *when;
};
struct document_rule {
        char *id, *title, *when, *effect, *kind, *because, *advice;
        char **kinds, **tell;
        unsigned kinds_count, tell_count;
};
struct document_case {
        char *rule, *fires, *kind, *at, *verdict, *lane;
        char **given; /* NULL, or DOCUMENT_GIVEN values by column */
};
#define DOCUMENT_GIVEN COLUMN_PARAMETER /* fields and facts can be given, by column */

struct document {
        char *name, *version, *title, *over, *apd_ref;
        struct document_lanes {
                char *standard, *authorised;
        } lanes;
        struct document_parameter *parameters;
        unsigned parameters_count;
        struct document_term *terms;
        unsigned terms_count;
        struct document_rule *rules;
        unsigned rules_count;
        struct document_case *tests;
        unsigned tests_count;
};

struct document_file;
/* ERR_PACK with line and, where it is inside one, rule, term or parameter. */
enum err document_load(struct bytes yaml, struct document_file **out, struct why *why);
void document_free(struct document_file *f); /* NULL allowed */
const struct document *document_of(const struct document_file *f);
const struct lines *document_lines(const struct document_file *f);

#endif
