#include "client/explain.h"
#include "client/policy.h"
#include "client/text.h"

#include <stdio.h>
#include <string.h>

#define EXPLAIN_FILE_MAX (64u << 20) /* bytes of one of its files: a long history */

struct options {
        const char *pack, *from, *kind, *now, *history, *authorities, *personas, *member, *operation, *rule;
};
/* What the files hold. */
struct loaded {
        json_t *enquiry, *history, *authorities, *personas, *member, *operation;
};

static enum err load(const char *path, json_t **out, struct why *why)
{
        struct buf text;
        json_error_t error = {0};
        enum err e;
        if (path == NULL)
                return OK;
        buf_init(&text, EXPLAIN_FILE_MAX);
        if ((e = file_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path, EXPLAIN_FILE_MAX, &text)))
                e = why_set(why, e, "%.200s", path);
        else if (!bytes_utf8_valid(buf_bytes(&text)))
                e = why_set(why, ERR_UTF8, "%.200s", path);
        else if ((*out = json_loadb((const char *)text.at, text.n, JSON_REJECT_DUPLICATES, &error)) == NULL)
                e = why_set(why, ERR_FILE_FORM, "%.80s, line %d: %.100s", path, error.line, error.text);
        buf_wipe(&text);
        return e;
}

static enum err load_all(const struct options *o, struct loaded *l, struct why *why)
{
        const struct {
                const char *path;
                json_t **out;
        } rows[] = {{o->from, &l->enquiry},      {o->history, &l->history}, {o->authorities, &l->authorities},
                    {o->personas, &l->personas}, {o->member, &l->member},   {o->operation, &l->operation}};
        enum err e = OK;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0] && !e; i++)
                e = load(rows[i].path, rows[i].out, why);
        return e;
}

static void loaded_clear(struct loaded *l)
{
        json_decref(l->enquiry);
        json_decref(l->history);
        json_decref(l->authorities);
        json_decref(l->personas);
        json_decref(l->member);
        json_decref(l->operation);
}

/* --kind and --now, else what FILE says of itself, else an intent, and the clock. */
static enum err settle(const struct options *o, struct given_parts *p, struct why *why)
{
        const char *kind = o->kind != NULL ? o->kind : text_of(p->enquiry, "kind");
        const char *now = o->now != NULL ? o->now : text_of(p->enquiry, "at");
        p->kind = KIND_INTENT;
        p->now_us = client_now_us();
        if (kind[0] != '\0' && (!given_kind(kind, &p->kind) || p->kind == KIND_GENESIS))
                return why_set(why, ERR_KIND, "%.60s", kind);
        if (now[0] != '\0' && strcmp(now, "now") != 0 && moment_of_rfc3339(bytes_text(now), &p->now_us))
                return why_set(why, ERR_TIME, "%s: %.60s", o->now != NULL ? "--now" : "at", now);
        return OK;
}

static void tell_ignored(const json_t *answer)
{
        const json_t *list = json_object_get(answer, "ignored"), *name;
        size_t i;
        if (json_array_size(list) == 0)
                return;
        (void)fprintf(stderr, "enquiry: nothing reads");
        json_array_foreach(list, i, name)
        {
                (void)fprintf(stderr, "%s %s", i > 0 ? "," : "", json_string_value(name));
        }
        (void)fprintf(stderr, ".\n");
}

static enum err run(struct session *s, const struct options *o)
{
        struct loaded l = {.enquiry = NULL};
        struct pack *pack = NULL;
        json_t *answer = NULL;
        enum err e;
        if ((e = policy_load(o->pack, &pack, &s->why)) || (e = load_all(o, &l, &s->why)))
                goto done;
        struct given_parts parts = {.enquiry = l.enquiry,
                                    .operation = l.operation,
                                    .member = l.member,
                                    .history = l.history,
                                    .authorities = l.authorities,
                                    .personas = l.personas};
        if ((e = settle(o, &parts, &s->why)) || (e = explain(pack, &parts, o->rule, &answer, &s->why)))
                goto done;
        if (s->json) {
                command_json(answer);
                answer = NULL; /* given away */
        } else {
                tell_ignored(answer);
                explain_print(answer, o->rule != NULL);
        }
done:
        json_decref(answer);
        loaded_clear(&l);
        pack_free(pack);
        return e;
}

int policy_explain(struct session *s, int argc, char **argv)
{
        static const char use[] = "explain --pack FILE --from ENQUIRY.json";
        struct options o = {.pack = NULL};
        const struct arg table[] = {{.name = "pack", .text = &o.pack},
                                    {.name = "from", .text = &o.from},
                                    {.name = "kind", .text = &o.kind},
                                    {.name = "now", .text = &o.now},
                                    {.name = "history", .text = &o.history},
                                    {.name = "authorities", .text = &o.authorities},
                                    {.name = "personas", .text = &o.personas},
                                    {.name = "member", .text = &o.member},
                                    {.name = "operation", .text = &o.operation},
                                    {.name = "rule", .text = &o.rule},
                                    {.name = NULL}};
        struct args args;
        enum err e = policy_args(s, argc, argv, table, 0, 0, use, &args);
        if (!e && (o.pack == NULL || o.from == NULL))
                e = why_set(&s->why, ERR_USE, "policy %s", use);
        if (!e)
                e = run(s, &o);
        return e ? command_fail(s, e) : EXIT_DONE;
}
