/* compose: from what a person said to a full set of fields: each value with its origin. What they leave out
 * comes from the address, the purpose, the operation, the member, the table's defaults, in that order;
 * nothing is ever shown as theirs that is not. */
#ifndef CLIENT_COMPOSE_H
#define CLIENT_COMPOSE_H

#include <jansson.h>

#include "client/session.h"

struct value {
        const struct field *field;
        char origin;
        char *json; /* strict JSON text; owned */
};
struct values {
        enum kind kind;
        size_t n;
        struct value at[BODY_FIELDS_MAX];
};

void values_init(struct values *v, enum kind kind);
void values_clear(struct values *v);
const struct value *values_find(const struct values *v, const char *name);
/* Sets a field from text as typed: words and text as they are, words separated by commas,
 * texts of a list by semicolons, numbers, times ("now" is one). Replaces nothing that
 * is there unless `replace`. ERR_FIELD_UNKNOWN, ERR_FIELD_WORD, ERR_FIELD_VALUE with the field's name in why.
 */
enum err values_set_text(struct values *v, const char *name, const char *text, char origin, bool replace,
                         struct why *why);
enum err values_set_json(struct values *v, const char *name, const json_t *value, char origin, bool replace,
                         struct why *why);
/* A JSON object of fields, from FILE ("-" : standard input). ERR_FILE_FORM. */
enum err values_read_file(struct values *v, const char *path, struct why *why);
/* The unescaped text of a string value; "" when absent. */
enum err values_text(const struct values *v, const char *name, struct buf *out);

/* Fills in what the sources know. `operation` is the operation's fields as a JSON object, or NULL. */
enum err compose_fill(struct values *v, const struct identity *id, const json_t *operation, struct why *why);
/* Subject, platform, handle and what else an address tells, from `url`, which may be the `@handle` of the
 * platform; without one the subject as it was said, in its one form, or from platform and handle,
 * `subject_ref` or `query_text`. Also part of compose_fill. */
enum err compose_subject(struct values *v, struct why *why);
/* The first field that the kind always needs and that is not there; NULL: none. */
const struct field *compose_missing(const struct values *v);
/* A body of the values that there are, which it borrows; not what is signed. */
enum err compose_known(const struct values *v, struct body *out, struct why *why);
/* The same, with every field that the kind always needs: ERR_FIELD_MISSING. */
enum err compose_body(const struct values *v, struct body *out, struct why *why);

#endif
