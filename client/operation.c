#include "client/operation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/compose.h"
#include "client/record.h"

#define FIELDS_TEXT_MAX 65536

static enum err parse_fields(const struct buf *text, json_t **out)
{
        *out = json_loadb((const char *)text->at, text->n, JSON_REJECT_DUPLICATES, NULL);
        return *out == NULL ? ERR_DB : OK;
}

static enum err keep(struct session *s, const char *name, const struct hash *st, const json_t *fields_object,
                     bool in_use)
{
        char *text = json_dumps(fields_object, JSON_COMPACT);
        enum err e = text == NULL ? ERR_NO_MEMORY
                                  : memory_put_operation(s->memory, name, st, bytes_text(text), in_use);
        free(text);
        return e;
}

/* The values of a record's fields, without their origins. */
static json_t *plain_fields(const struct record *r)
{
        json_t *out = json_object();
        const char *name;
        json_t *value;
        json_object_foreach(r->fields, name, value)(void)
            json_object_set(out, name, json_object_get(value, "value"));
        return out;
}

static enum err ask_ledger(struct session *s, const char *name, struct hash *out_st, json_t **out_fields)
{
        json_t *answer = NULL;
        struct record *r = calloc(1, sizeof *r);
        enum err e;
        if (r == NULL)
                return ERR_NO_MEMORY;
        if ((e = consult(s, "operations", json_pack("{ss}", "name", name), &answer)))
                goto done;
        const json_t *record = json_array_get(json_object_get(answer, "records"), 0);
        if (record == NULL) {
                e = why_set(&s->why, ERR_OPERATION, "%.100s", name);
                goto done;
        }
        if ((e = record_read(record, r, &s->why)))
                goto done;
        *out_st = r->st;
        *out_fields = plain_fields(r);
        e = keep(s, name, out_st, *out_fields, false);
done:
        record_clear(r);
        free(r);
        json_decref(answer);
        return e;
}

enum err operation_find(struct session *s, const char *name, struct hash *out_st, json_t **out_fields)
{
        struct buf text;
        enum err e;
        buf_init(&text, FIELDS_TEXT_MAX);
        *out_fields = NULL;
        e = memory_operation(s->memory, name, out_st, &text);
        if (!e)
                e = parse_fields(&text, out_fields);
        else if (e == ERR_ABSENT)
                e = ask_ledger(s, name, out_st, out_fields);
        buf_wipe(&text);
        return e;
}

enum err operation_in_use(struct session *s, struct buf *out_name)
{
        enum err e = memory_operation_in_use(s->memory, out_name);
        return e == ERR_ABSENT
                   ? why_set(&s->why, ERR_OPERATION, "name one, or `enquiry operation use NAME` first")
                   : e;
}

/* --- the command --- */

static int open_one(struct session *s, struct values *v, const char *name)
{
        struct draft *d = calloc(1, sizeof *d);
        struct body *body = calloc(1, sizeof *body);
        struct outcome o = {0};
        json_t *kept = json_object();
        enum err e;
        int status = EXIT_INTERNAL;
        if (d == NULL || body == NULL) {
                e = ERR_NO_MEMORY;
                goto done;
        }
        if ((e = values_set_text(v, "operation", name, ORIGIN_TYPED, true, &s->why)) ||
            (e = session_open(s)) || (e = compose_fill(v, &s->id, NULL, &s->why)) ||
            (e = compose_body(v, body, &s->why)))
                goto done;
        d->body = body;
        d->statement.kind = KIND_OPERATION;
        d->statement.claims.act = ACT_OPEN;
        if ((e = submit(s, d, &o)))
                goto done;
        for (size_t i = 0; i < v->n; i++)
                (void)json_object_set_new(kept, v->at[i].field->name,
                                          json_loads(v->at[i].json, JSON_DECODE_ANY, NULL));
        if ((e = keep(s, name, &o.st, kept, true)))
                goto done;
        status = command_outcome(s, &o, "The operation", json_pack("{ss}", "operation", name));
done:
        json_decref(kept);
        outcome_clear(&o);
        free(body);
        free(d);
        return e ? command_fail(s, e) : status;
}

static int use(struct session *s, const char *name)
{
        struct hash st;
        json_t *found = NULL;
        enum err e;
        if ((e = session_open(s)) || (e = operation_find(s, name, &st, &found)) ||
            (e = keep(s, name, &st, found, true))) {
                json_decref(found);
                return command_fail(s, e);
        }
        json_decref(found);
        if (s->json)
                command_json(json_pack("{ss sb}", "operation", name, "in_use", 1));
        else
                (void)printf("Enquiries are for %s from now on.\n", name);
        return EXIT_DONE;
}

static int show_one(struct session *s, const char *name)
{
        struct hash st;
        json_t *found = NULL, *value;
        const char *field;
        struct buf in_use;
        enum err e;
        buf_init(&in_use, 1024);
        if ((e = session_open(s)) || (name == NULL && (e = operation_in_use(s, &in_use))) ||
            (e = operation_find(s, name != NULL ? name : buf_text(&in_use), &st, &found))) {
                buf_clear(&in_use);
                return command_fail(s, e);
        }
        if (s->json) {
                command_json(json_pack("{ss sO}", "operation", name != NULL ? name : buf_text(&in_use),
                                       "fields", found));
        } else {
                (void)printf("%s\n", name != NULL ? name : buf_text(&in_use));
                json_object_foreach(found, field, value)
                {
                        char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
                        (void)printf("  %-24s %s\n", field, text != NULL ? text : "");
                        free(text);
                }
        }
        buf_clear(&in_use);
        json_decref(found);
        return EXIT_DONE;
}

static int close_one(struct session *s, struct values *v, const char *name)
{
        struct draft *d = calloc(1, sizeof *d);
        struct body *body = calloc(1, sizeof *body);
        struct outcome o = {0};
        json_t *found = NULL;
        enum err e;
        int status = EXIT_INTERNAL;
        if (d == NULL || body == NULL) {
                e = ERR_NO_MEMORY;
                goto done;
        }
        d->body = body;
        d->statement.kind = KIND_OPERATION;
        d->statement.claims.act = ACT_CLOSE;
        d->statement.refs_n = 1;
        d->statement.refs[0].rel = REL_OPERATION;
        if ((e = values_set_text(v, "operation", name, ORIGIN_TYPED, true, &s->why)) ||
            (e = session_open(s)) || (e = operation_find(s, name, &d->statement.refs[0].st, &found)) ||
            (e = compose_body(v, body, &s->why)) || (e = submit(s, d, &o)) ||
            (e = memory_drop_operation(s->memory, name)))
                goto done;
        status = command_outcome(s, &o, "The closing", json_pack("{ss}", "operation", name));
done:
        json_decref(found);
        outcome_clear(&o);
        free(body);
        free(d);
        return e ? command_fail(s, e) : status;
}

int command_operation(struct session *s, int argc, char **argv)
{
        struct values v;
        struct flags flags;
        struct args args;
        enum err e;
        int status = EXIT_INTERNAL;
        values_init(&v, KIND_OPERATION);
        if (!(e = flags_parse(s, argc, argv, &v, &flags, &args)))
                e = args.words_n < 1 || args.words_n > 2
                        ? why_set(&s->why, ERR_USE, "operation open|use|show|close NAME")
                        : OK;
        if (!e) {
                const char *word = args.words[0], *name = args.words_n == 2 ? args.words[1] : NULL;
                if (strcmp(word, "show") == 0)
                        status = show_one(s, name);
                else if (name != NULL && strcmp(word, "open") == 0)
                        status = open_one(s, &v, name);
                else if (name != NULL && strcmp(word, "use") == 0)
                        status = use(s, name);
                else if (name != NULL && strcmp(word, "close") == 0)
                        status = close_one(s, &v, name);
                else
                        e = why_set(&s->why, ERR_USE, "operation open|use|show|close NAME");
        }
        values_clear(&v);
        return e ? command_fail(s, e) : status;
}
