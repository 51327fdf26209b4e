#include "client/compose.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/base/json.h"
#include "policy/calendar.h"
#include "policy/spelling.h"

#define FILE_MAX       262144 /* bytes of a FILE.json */
#define URGENCY_REASON "urgency_reason_applicant"
#define DAY_TEXT_LEN   10 /* bytes: "2026-11-30" */

void values_init(struct values *v, enum kind kind)
{
        memset(v, 0, sizeof *v);
        v->kind = kind;
}

void values_clear(struct values *v)
{
        for (size_t i = 0; i < v->n; i++) {
                explicit_bzero(v->at[i].json, strlen(v->at[i].json));
                free(v->at[i].json);
        }
        v->n = 0;
}

const struct value *values_find(const struct values *v, const char *name)
{
        for (size_t i = 0; i < v->n; i++)
                if (strcmp(v->at[i].field->name, name) == 0)
                        return &v->at[i];
        return NULL;
}

static enum err put_value(struct values *v, const struct field *field, struct bytes json, char origin,
                          bool replace, struct why *why)
{
        struct value *slot = NULL;
        enum err e;
        for (size_t i = 0; i < v->n; i++)
                if (v->at[i].field == field)
                        slot = &v->at[i];
        if (slot != NULL && !replace)
                return OK;
        if ((e = field_check(field, json, why)))
                return e;
        char *copy = calloc(1, json.n + 1);
        if (copy == NULL || (slot == NULL && v->n == BODY_FIELDS_MAX)) {
                free(copy);
                return ERR_NO_MEMORY;
        }
        memcpy(copy, json.at, json.n);
        if (slot == NULL)
                slot = &v->at[v->n++];
        else
                free(slot->json);
        *slot = (struct value){.field = field, .origin = origin, .json = copy};
        return OK;
}

static enum err find_field(const struct values *v, const char *name, const struct field **out,
                           struct why *why)
{
        *out = field_of_name(v->kind, name, strlen(name));
        if (*out == NULL)
                return why_set(why, ERR_FIELD_UNKNOWN, "%.60s, for %s", name, kind_name(v->kind));
        return OK;
}

/* --- typed text --- */

static struct bytes trimmed(struct bytes text)
{
        while (text.n > 0 && text.at[0] == ' ') {
                text.at++;
                text.n--;
        }
        while (text.n > 0 && text.at[text.n - 1] == ' ')
                text.n--;
        return text;
}

/* The word that people mean; the text itself where it is none, so that field_check can say so. */
static struct bytes spelled(const struct field *field, struct bytes text)
{
        const struct word *word =
            field->vocabulary == NULL ? NULL : spelling_of_word(field->vocabulary, text);
        return word != NULL ? bytes_text(word->word) : text;
}

static void put_list(struct buf *out, const struct field *field, const char *text, const char *stop)
{
        const char *between = "";
        buf_put_text(out, "[");
        while (*text != '\0') {
                size_t n = strcspn(text, stop);
                buf_put_text(out, between);
                json_put_string(out, spelled(field, trimmed(bytes_of(text, n))));
                between = ",";
                text += n + (text[n] != '\0');
        }
        buf_put_text(out, "]");
}

/* A day alone is its beginning, by legal time; as the end of something it is the day's own end. */
static int64_t moment_of_day(const struct field *field, int64_t at_us)
{
        const int64_t start_us = calendar_day_start(at_us);
        return strcmp(field->name, "expires_at") == 0 ? calendar_day_start(start_us + 30 * MOMENT_HOUR_US)
                                                      : start_us;
}

/* A time as people write it becomes UTC with Z. */
static enum err put_time(struct buf *out, const struct field *field, const char *text)
{
        char written[MOMENT_TEXT_LEN + 1];
        int64_t at_us;
        enum err e = OK;
        if (strcmp(text, "now") == 0)
                at_us = client_now_us() / 1000000 * 1000000;
        else
                e = moment_of_rfc3339(bytes_text(text), &at_us);
        if (e)
                return e;
        if (strlen(text) == DAY_TEXT_LEN)
                at_us = moment_of_day(field, at_us);
        moment_text(at_us, written);
        if (at_us % 1000000 == 0)
                (void)snprintf(written + 19, sizeof written - 19, "Z");
        json_put_text(out, written);
        return OK;
}

enum err values_set_text(struct values *v, const char *name, const char *text, char origin, bool replace,
                         struct why *why)
{
        const struct field *field;
        struct buf json;
        enum err e;
        buf_init(&json, FIELD_VALUE_MAX);
        if ((e = find_field(v, name, &field, why)))
                return e;
        switch (field->type) {
        case FIELD_TEXT: json_put_text(&json, text); break;
        case FIELD_WORD: json_put_string(&json, spelled(field, bytes_text(text))); break;
        case FIELD_WORDS: put_list(&json, field, text, ","); break;
        case FIELD_LIST: put_list(&json, field, text, ";"); break; /* sentences have commas of their own */
        case FIELD_TIME: e = put_time(&json, field, text); break;
        case FIELD_INT:
        case FIELD_OBJECT:
        case FIELD_OBJECTS: buf_put_text(&json, text); break;
        }
        if (!e)
                e = buf_check(&json);
        if (e)
                e = why_set(why, e, "%s", field->name);
        else
                e = put_value(v, field, buf_bytes(&json), origin, replace, why);
        buf_wipe(&json);
        return e;
}

/* --- files --- */

/* jansson's value in the strict form; null and fractions have no place in a field, nor have true and false
 * but as words. */
static enum err put_strict(struct buf *out, const json_t *value, unsigned depth)
{
        const char *name;
        const json_t *part;
        size_t i;
        enum err e = OK;
        if (depth > JSON_DEPTH_MAX)
                return ERR_FIELD_VALUE;
        switch (json_typeof(value)) {
        case JSON_STRING:
                json_put_string(out, bytes_of(json_string_value(value), json_string_length(value)));
                return buf_check(out);
        case JSON_INTEGER: json_put_int(out, json_integer_value(value)); return buf_check(out);
        case JSON_ARRAY:
                buf_put_text(out, "[");
                json_array_foreach(value, i, part)
                {
                        buf_put_text(out, i > 0 ? "," : "");
                        if ((e = put_strict(out, part, depth + 1)))
                                return e;
                }
                buf_put_text(out, "]");
                return buf_check(out);
        case JSON_OBJECT:
                buf_put_text(out, "{");
                for (void *at = json_object_iter((json_t *)(uintptr_t)value); at != NULL;
                     at = json_object_iter_next((json_t *)(uintptr_t)value, at)) {
                        name = json_object_iter_key(at);
                        json_put_name(out, name);
                        if ((e = put_strict(out, json_object_iter_value(at), depth + 1)))
                                return e;
                }
                buf_put_text(out, "}");
                return buf_check(out);
        case JSON_REAL:
        case JSON_TRUE:
        case JSON_FALSE:
        case JSON_NULL: break;
        }
        return ERR_FIELD_VALUE;
}

/* A list of words as people spell them. */
static enum err put_words(struct buf *out, const struct field *field, const json_t *list)
{
        const json_t *part;
        size_t i;
        buf_put_text(out, "[");
        json_array_foreach(list, i, part)
        {
                if (!json_is_string(part))
                        return ERR_FIELD_VALUE;
                buf_put_text(out, i > 0 ? "," : "");
                json_put_string(out,
                                spelled(field, bytes_of(json_string_value(part), json_string_length(part))));
        }
        buf_put_text(out, "]");
        return buf_check(out);
}

enum err values_set_json(struct values *v, const char *name, const json_t *value, char origin, bool replace,
                         struct why *why)
{
        const struct field *field;
        struct buf json;
        enum err e;
        if ((e = find_field(v, name, &field, why)))
                return e;
        if (json_is_string(value) && (field->type == FIELD_TIME || field->type == FIELD_WORD))
                return values_set_text(v, name, json_string_value(value), origin, replace, why);
        if (json_is_boolean(value) && field->type == FIELD_WORD)
                return values_set_text(v, name, json_is_true(value) ? "true" : "false", origin, replace, why);
        buf_init(&json, FIELD_VALUE_MAX);
        if (json_is_array(value) && field->type == FIELD_WORDS)
                e = put_words(&json, field, value);
        else
                e = put_strict(&json, value, 1);
        if (e)
                e = why_set(why, e,
                            e == ERR_TOO_LONG ? "%s" : "%s: a text, a whole number, a list or an object",
                            name);
        else
                e = put_value(v, field, buf_bytes(&json), origin, replace, why);
        buf_wipe(&json);
        return e;
}

static enum err read_all(const char *path, struct buf *out)
{
        char part[4096];
        size_t n;
        FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
        if (f == NULL)
                return errno == ENOENT ? ERR_ABSENT : ERR_IO;
        while ((n = fread(part, 1, sizeof part, f)) > 0)
                buf_put(out, bytes_of(part, n));
        bool bad = ferror(f) != 0;
        if (f != stdin)
                (void)fclose(f);
        return bad ? ERR_IO : buf_check(out);
}

enum err values_read_file(struct values *v, const char *path, struct why *why)
{
        struct buf text;
        json_error_t error = {0};
        json_t *o = NULL;
        enum err e;
        buf_init(&text, FILE_MAX);
        if ((e = read_all(path, &text))) {
                e = why_set(why, e, "%.200s", path);
                goto done;
        }
        if (!bytes_utf8_valid(buf_bytes(&text))) {
                e = why_set(why, ERR_UTF8, "%.200s", path);
                goto done;
        }
        o = json_loadb((const char *)text.at, text.n, JSON_REJECT_DUPLICATES, &error);
        if (!json_is_object(o)) {
                e = why_set(why, ERR_FILE_FORM, "%.80s, line %d: %.100s", path, error.line,
                            o == NULL ? error.text : "it is JSON, but no object");
                goto done;
        }
        for (void *at = json_object_iter(o); at != NULL && !e; at = json_object_iter_next(o, at))
                e = values_set_json(v, json_object_iter_key(at), json_object_iter_value(at), ORIGIN_FILE,
                                    false, why);
done:
        json_decref(o);
        buf_wipe(&text);
        return e;
}

enum err values_text(const struct values *v, const char *name, struct buf *out)
{
        const struct value *value = values_find(v, name);
        struct bytes escaped;
        enum err e;
        if (value == NULL)
                return OK;
        if ((e = json_whole_string(bytes_text(value->json), &escaped)))
                return e;
        return json_unescape(escaped, out);
}

/* --- sources --- */

/* Sets it from a source if the kind has the field and nobody said it yet. */
static enum err offer(struct values *v, const char *name, const char *text, char origin, struct why *why)
{
        if (text == NULL || text[0] == '\0' || field_of_name(v->kind, name, strlen(name)) == NULL)
                return OK;
        return values_set_text(v, name, text, origin, false, why);
}

static enum err from_purpose(struct values *v, struct why *why)
{
        struct buf code;
        enum err e;
        buf_init(&code, 256);
        if (!(e = values_text(v, "purpose_code", &code))) {
                const struct purpose *p = purpose_of((const char *)code.at, code.n);
                if (p != NULL && !(e = offer(v, "le_purpose", p->le_purpose, ORIGIN_PURPOSE, why)))
                        e = offer(v, "art8_aim", p->art8_aim, ORIGIN_PURPOSE, why);
        }
        buf_clear(&code);
        return e;
}

/* What the identity holds under the name that the table gives. */
static const char *member_text(const struct identity *id, const char *name, char training[8])
{
        (void)snprintf(training, 8, "%u", id->training);
        const struct {
                const char *name, *text;
        } rows[] = {{"name", id->name},
                    {"rank", id->rank},
                    {"unit", id->unit},
                    {"agency", id->agency},
                    {"jurisdiction", id->jurisdiction},
                    {"training", training},
                    {"device_class", id->device_class},
                    {"account_attribution", id->account_attribution}};
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
                if (strcmp(rows[i].name, name) == 0)
                        return rows[i].text;
        return "";
}

static enum err computed(struct values *v, struct why *why)
{
        const struct value *target = values_find(v, "target_kind"),
                           *private = values_find(v, "private_info_likely");
        enum err e = OK;
        if (target != NULL && strcmp(target->json, "\"place\"") != 0 &&
            strcmp(target->json, "\"event\"") != 0 && strcmp(target->json, "\"hashtag/term\"") != 0)
                e = offer(v, "f1", "yes", ORIGIN_COMPUTED, why);
        if (!e && private != NULL) {
                char word[16];
                (void)snprintf(word, sizeof word, "%.*s", (int)(strlen(private->json) - 2),
                               private->json + 1);
                e = offer(v, "f2", word, ORIGIN_COMPUTED, why);
        }
        return e;
}

/* One field that nobody has said yet, from where the table says it comes. */
static enum err from_table(struct values *v, const struct field *f, const struct identity *id,
                           const json_t *operation, struct why *why)
{
        const json_t *value = json_object_get(operation, f->name);
        char training[8];
        switch (f->source) {
        case ORIGIN_OPERATION:
        case ORIGIN_PURPOSE:
                if (v->kind == KIND_OPERATION)
                        return OK;
                if (value != NULL)
                        return values_set_json(v, f->name, value, ORIGIN_OPERATION, false, why);
                break;
        case ORIGIN_MEMBER: {
                if (v->kind == KIND_MEMBER)
                        return OK;
                const char *text = member_text(id, field_member_name(f), training);
                if (text[0] != '\0')
                        return values_set_text(v, f->name, text, ORIGIN_MEMBER, false, why);
                break;
        }
        default: break;
        }
        return f->fallback == NULL ? OK
                                   : put_value(v, f, bytes_text(f->fallback), ORIGIN_DEFAULT, false, why);
}

enum err compose_fill(struct values *v, const struct identity *id, const json_t *operation, struct why *why)
{
        enum err e;
        if ((e = compose_subject(v, why)) || (e = from_purpose(v, why)))
                return e;
        for (size_t i = 0; i < fields_count; i++)
                if (field_has_kind(&fields[i], v->kind) && values_find(v, fields[i].name) == NULL &&
                    (e = from_table(v, &fields[i], id, operation, why)))
                        return e;
        return computed(v, why);
}

/* Without a reason the gate would not count it as urgent, and whoever is in a hurry would wait. */
static bool urgency_unexplained(const struct values *v)
{
        const struct value *reason = values_find(v, URGENCY_REASON);
        return (v->kind == KIND_INTENT || v->kind == KIND_ACTIVITY) && values_find(v, "urgent") != NULL &&
               (reason == NULL || strspn(reason->json, "\" ") == strlen(reason->json));
}

const struct field *compose_missing(const struct values *v)
{
        for (size_t i = 0; i < fields_count; i++)
                if (((fields[i].required >> v->kind) & 1u) && values_find(v, fields[i].name) == NULL)
                        return &fields[i];
        return urgency_unexplained(v) ? field_of_name(v->kind, URGENCY_REASON, strlen(URGENCY_REASON)) : NULL;
}

enum err compose_body(const struct values *v, struct body *out, struct why *why)
{
        const struct field *missing = compose_missing(v);
        if (missing != NULL)
                return why_set(why, ERR_FIELD_MISSING, "%s: %.150s", missing->name, missing->prompt);
        return compose_known(v, out, why);
}

enum err compose_known(const struct values *v, struct body *out, struct why *why)
{
        enum err e;
        body_init(out, v->kind);
        for (size_t number = 0; number < fields_count; number++) {
                const struct value *value = NULL;
                for (size_t i = 0; i < v->n; i++)
                        if (field_number(v->at[i].field) == number)
                                value = &v->at[i];
                if (value != NULL &&
                    (e = body_add(out, value->field, value->origin, bytes_text(value->json))))
                        return why_set(why, e, "%s", value->field->name);
        }
        return OK;
}
