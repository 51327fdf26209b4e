#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "client/csv.h"
#include "client/persona.h"

static const struct {
        const char *also, *field;
} names[] = {
    {"ref", "persona_ref"},      {"reference", "persona_ref"},       {"name", "persona_name"},
    {"assigned", "assigned_to"}, {"platforms", "persona_platforms"}, {"accounts", "persona_accounts"}};

void import_clear(struct import *in)
{
        for (size_t i = 0; i < in->n; i++) {
                values_clear(&in->row[i].values);
                free(in->row[i].ref);
        }
        free(in->row);
        *in = (struct import){0};
}

/* "Persona ref" and "persona-ref" are persona_ref. */
static const char *field_meant(const char *head, char out[64])
{
        size_t n = 0;
        for (; head[n] != '\0' && n < 63; n++)
                out[n] = head[n] == ' ' || head[n] == '-'   ? '_'
                         : head[n] >= 'A' && head[n] <= 'Z' ? (char)(head[n] - 'A' + 'a')
                                                            : head[n];
        out[n] = '\0';
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
                if (strcmp(out, names[i].also) == 0)
                        return names[i].field;
        return out;
}

static enum err read_all(const char *path, struct buf *out, struct why *why)
{
        char part[8192];
        size_t n;
        FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
        if (f == NULL)
                return why_set(why, errno == ENOENT ? ERR_ABSENT : ERR_IO, "%.200s", path);
        while ((n = fread(part, 1, sizeof part, f)) > 0)
                buf_put(out, bytes_of(part, n));
        const bool bad = ferror(f) != 0;
        if (f != stdin)
                (void)fclose(f);
        enum err e = bad ? ERR_IO : buf_check(out);
        return e ? why_set(why, e, "%.200s", path) : OK;
}

static enum err place(struct why *why, const struct import *in, unsigned line, enum err e,
                      const struct why *here)
{
        return why_set(why, e, "%s %u: %.180s", in->is_json ? "element" : "line", line,
                       here->detail[0] != '\0' ? here->detail : err_row(e)->sentence);
}

static enum err check_row(struct import_row *r, const struct import *in, struct why *why)
{
        struct body *body = calloc(1, sizeof *body);
        struct buf ref;
        enum err e = body == NULL ? ERR_NO_MEMORY : OK;
        buf_init(&ref, FIELD_VALUE_MAX);
        if (!e && !(e = values_text(&r->values, "persona_ref", &ref)) && ref.n == 0)
                e = why_set(why, ERR_FIELD_MISSING, "persona_ref");
        for (size_t i = 0; !e && i < in->n; i++)
                if (strcmp(in->row[i].ref, buf_text(&ref)) == 0)
                        e = why_set(why, ERR_PERSONA_TAKEN, "%.80s stands in the file already",
                                    buf_text(&ref));
        if (!e && !(e = compose_body(&r->values, body, why)) && (r->ref = strdup(buf_text(&ref))) == NULL)
                e = ERR_NO_MEMORY;
        buf_clear(&ref);
        free(body);
        return e;
}

/* Room for one more, which counts from import_keep on. */
static enum err fresh(struct import *in, unsigned line, struct import_row **out)
{
        if (in->n == IMPORT_MAX)
                return ERR_TOO_LONG;
        if ((in->n & (in->n - 1)) == 0) {
                struct import_row *grown = realloc(in->row, (in->n == 0 ? 1 : 2 * in->n) * sizeof *grown);
                if (grown == NULL)
                        return ERR_NO_MEMORY;
                in->row = grown;
        }
        *out = &in->row[in->n];
        **out = (struct import_row){.line = line};
        values_init(&(*out)->values, KIND_PERSONA);
        return OK;
}

static enum err keep(struct import *in, struct import_row *r, enum err e, const struct why *here,
                     struct why *why)
{
        struct why last = *here;
        if (!e && !(e = check_row(r, in, &last))) {
                in->n++;
                return OK;
        }
        e = place(why, in, r->line, e, &last);
        values_clear(&r->values);
        return e;
}

static enum err read_csv_row(struct import *in, const struct csv_row *head, const struct csv_row *cells,
                             struct why *why)
{
        struct import_row *r = NULL;
        struct why here = {0};
        char name[64];
        enum err e = fresh(in, cells->line, &r);
        if (e)
                return why_set(why, e, "line %u", cells->line);
        if (cells->n != head->n)
                e = why_set(&here, ERR_FORM, "%zu cells where the first row has %zu", cells->n, head->n);
        for (size_t i = 0; i < head->n && !e; i++)
                if (cells->cell[i][0] != '\0')
                        e = values_set_text(&r->values, field_meant(head->cell[i], name), cells->cell[i],
                                            ORIGIN_FILE, true, &here);
        return keep(in, r, e, &here, why);
}

static enum err read_csv(struct bytes text, struct import *in, struct why *why)
{
        struct csv csv;
        struct csv_row head, cells;
        char name[64];
        enum err e;
        csv_init(&csv, text);
        csv_row_init(&head);
        csv_row_init(&cells);
        e = csv_next(&csv, &head, why);
        if (e == ERR_ABSENT)
                e = why_set(why, ERR_FORM, "line 1: the names of the fields are expected");
        for (size_t i = 0; i < head.n && !e; i++) {
                const char *field = field_meant(head.cell[i], name);
                if (field_of_name(KIND_PERSONA, field, strlen(field)) == NULL)
                        e = why_set(why, ERR_FIELD_UNKNOWN, "line %u: %.60s, for persona", head.line,
                                    head.cell[i]);
        }
        while (!e && !(e = csv_next(&csv, &cells, why)))
                e = read_csv_row(in, &head, &cells, why);
        csv_row_clear(&head);
        csv_row_clear(&cells);
        return e == ERR_ABSENT ? OK : e;
}

static enum err read_object(struct import *in, unsigned at, const json_t *object, struct why *why)
{
        struct import_row *r = NULL;
        struct why here = {0};
        char name[64];
        enum err e = fresh(in, at, &r);
        if (e)
                return why_set(why, e, "element %u", at);
        if (!json_is_object(object))
                e = why_set(&here, ERR_FILE_FORM, "an object of fields is expected");
        for (void *member = json_object_iter((json_t *)(uintptr_t)object); member != NULL && !e;
             member = json_object_iter_next((json_t *)(uintptr_t)object, member))
                e = values_set_json(&r->values, field_meant(json_object_iter_key(member), name),
                                    json_object_iter_value(member), ORIGIN_FILE, true, &here);
        return keep(in, r, e, &here, why);
}

static enum err read_json(struct bytes text, struct import *in, struct why *why)
{
        json_error_t error = {0};
        json_t *list = json_loadb((const char *)text.at, text.n, JSON_REJECT_DUPLICATES, &error);
        enum err e = OK;
        if (list == NULL)
                e = why_set(why, ERR_FILE_FORM, "line %d: %.100s", error.line, error.text);
        for (size_t i = 0; i < json_array_size(list) && !e; i++)
                e = read_object(in, (unsigned)i + 1, json_array_get(list, i), why);
        json_decref(list);
        return e;
}

enum err import_read(const char *path, struct import *out, struct why *why)
{
        struct import in = {0};
        struct buf text;
        size_t at = 0;
        enum err e;
        buf_init(&text, IMPORT_TEXT_MAX);
        if (!(e = read_all(path, &text, why)) && !bytes_utf8_valid(buf_bytes(&text)))
                e = why_set(why, ERR_UTF8, "%.200s", path);
        while (!e && at < text.n && strchr(" \t\r\n", text.at[at]) != NULL)
                at++;
        in.is_json = !e && at < text.n && text.at[at] == '[';
        if (!e)
                e = (in.is_json ? read_json : read_csv)(buf_bytes(&text), &in, why);
        buf_wipe(&text);
        if (e)
                import_clear(&in);
        else
                *out = in;
        return e;
}
