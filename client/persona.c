#include "client/persona.h"

#include <stdio.h>
#include <stdlib.h>

#include "client/ask.h"
#include "client/flags.h"
#include "client/text.h"
#include "client/when.h"

#define USE_PERSONA "persona register | import FILE | assign REF WHO... | lapse REF | show REF | list"

enum err persona_submit(struct session *s, struct values *v, enum act act, const struct hash *about,
                        struct outcome *out)
{
        struct draft *d = calloc(1, sizeof *d);
        struct body *body = calloc(1, sizeof *body);
        enum err e = d == NULL || body == NULL ? ERR_NO_MEMORY : OK;
        if (e || (e = compose_body(v, body, &s->why)))
                goto done;
        d->body = body;
        d->statement.kind = KIND_PERSONA;
        d->statement.claims.act = act;
        if (about != NULL) {
                d->statement.refs_n = 1;
                d->statement.refs[0] = (struct ref){.rel = REL_PERSONA, .st = *about};
        }
        e = submit(s, d, out);
done:
        free(body);
        free(d);
        return e;
}

/* --- what the register says --- */

static const char *state_of(const struct persona *p, int64_t at_us)
{
        if ((p->lapsed_us != 0 && p->lapsed_us <= at_us) || (p->until_us != 0 && p->until_us <= at_us))
                return "lapsed";
        if (at_us < p->from_us || strcmp(p->assigned, "[]") == 0)
                return "unassigned";
        return "live";
}

static json_t *time_json(int64_t at_us)
{
        char text[WHEN_MAX];
        if (at_us == 0)
                return NULL;
        when_text(at_us, text);
        return json_string(text);
}

static json_t *persona_json(const struct known *k, const struct persona *p, int64_t at_us)
{
        const struct known_entry *entry = known_entry(k, p->seq);
        char seq[24];
        (void)snprintf(seq, sizeof seq, "%llu", (unsigned long long)p->seq);
        json_t *out =
            json_pack("{ss ss ss ss so* so* so* so*}", "persona_ref", p->ref, "state", state_of(p, at_us),
                      "seq", seq, "ref", entry != NULL ? entry->ref : seq, "assigned_to",
                      json_loads(p->assigned, 0, NULL), "effective_at", time_json(p->from_us), "expires_at",
                      time_json(p->until_us), "lapsed_at", time_json(p->lapsed_us));
        static const char *const copied[] = {"persona_name", "persona_platforms", "persona_accounts",
                                             "npcc_level"};
        for (size_t i = 0; entry != NULL && i < sizeof copied / sizeof copied[0]; i++)
                (void)json_object_set(out, copied[i],
                                      json_object_get(json_object_get(entry->fields, copied[i]), "value"));
        return out;
}

static void print_list(const char *label, const json_t *list)
{
        const json_t *part;
        size_t i;
        if (json_array_size(list) == 0)
                return;
        (void)printf("  %-12s ", label);
        json_array_foreach(list, i, part)(void) printf("%s%s", i > 0 ? "; " : "", json_string_value(part));
        (void)printf("\n");
}

static void print_persona(const struct known *k, const struct persona *p, int64_t at_us, bool whole)
{
        json_t *o = persona_json(k, p, at_us);
        char when[WHEN_MAX];
        if (!whole) {
                char *assigned = json_dumps(json_object_get(o, "assigned_to"), JSON_COMPACT);
                (void)printf("%-20s %-8s %-10s %s\n", p->ref, text_of(o, "ref"), text_of(o, "state"),
                             assigned != NULL && strcmp(assigned, "[]") != 0 ? assigned : "");
                free(assigned);
                json_decref(o);
                return;
        }
        (void)printf("%s (%s, entry %s): %s\n", p->ref, text_of(o, "ref"), text_of(o, "seq"),
                     text_of(o, "state"));
        if (text_of(o, "persona_name")[0] != '\0')
                (void)printf("  %-12s %s\n", "name", text_of(o, "persona_name"));
        print_list("assigned to", json_object_get(o, "assigned_to"));
        print_list("platforms", json_object_get(o, "persona_platforms"));
        print_list("accounts", json_object_get(o, "persona_accounts"));
        if (p->until_us != 0) {
                when_minute(p->until_us, when);
                (void)printf("  %-12s %s\n", "until", when);
        }
        if (p->lapsed_us != 0) {
                when_minute(p->lapsed_us, when);
                (void)printf("  %-12s %s\n", "lapsed", when);
        }
        json_decref(o);
}

static enum err show(struct session *s, const char *ref)
{
        struct known k = {0};
        uint64_t seq;
        enum err e = known_one(s, KIND_PERSONA, ref, &k, &seq);
        const struct persona *p = e ? NULL : known_persona(&k, seq);
        if (p != NULL && s->json)
                command_json(persona_json(&k, p, client_now_us()));
        else if (p != NULL)
                print_persona(&k, p, client_now_us(), true);
        else if (!e)
                e = ERR_REFERENCE;
        known_clear(&k);
        return e;
}

static enum err list(struct session *s)
{
        const int64_t now = client_now_us();
        json_t *all = json_array();
        struct known k = {0};
        enum err e = known_all(s, KIND_PERSONA, &k);
        const size_t n = e ? 0 : registry_personas(k.registry);
        for (size_t i = n; i-- > 0;)
                if (s->json)
                        (void)json_array_append_new(
                            all, persona_json(&k, registry_persona_at(k.registry, i), now));
                else
                        print_persona(&k, registry_persona_at(k.registry, i), now, false);
        if (!e && s->json)
                command_json(json_pack("{sO}", "personas", all));
        else if (!e && n == 0)
                (void)printf("Nothing.\n");
        json_decref(all);
        known_clear(&k);
        return e;
}

/* --- one entry --- */

static enum err need_reference(struct session *s, struct values *v)
{
        enum err e = OK;
        if (values_find(v, "persona_ref") == NULL)
                e = command_interactive(s) ? ask_one(v, "persona_ref", &s->why)
                                           : why_set(&s->why, ERR_FIELD_MISSING, "persona_ref: --ref REF");
        return !e && command_interactive(s) ? ask_values(v, LANE_AUTHORISED, &s->why) : e;
}

/* `persona assign WREN-2 jb dh`: who stands after the reference. */
static enum err take_assignees(struct session *s, struct values *v, const struct args *args)
{
        json_t *list = json_array();
        enum err e = OK;
        for (size_t i = 1; i < args->words_n; i++)
                (void)json_array_append_new(list, json_string(args->words[i]));
        if (json_array_size(list) > 0)
                e = values_set_json(v, "assigned_to", list, ORIGIN_TYPED, true, &s->why);
        else if (values_find(v, "assigned_to") == NULL)
                e = why_set(&s->why, ERR_USE, "persona assign REF WHO...");
        json_decref(list);
        return e;
}

static enum err run_step(struct session *s, enum act act, struct values *v, const struct args *args,
                         int *out_status)
{
        static const char *const what[] = {
            [ACT_REGISTER] = "The persona", [ACT_ASSIGN] = "The assignment", [ACT_LAPSE] = "The lapse"};
        struct outcome o = {0};
        struct known k = {0};
        const struct persona *p = NULL;
        struct buf ref;
        uint64_t seq = 0;
        enum err e;
        buf_init(&ref, FIELD_VALUE_MAX);
        if ((e = session_open(s)) || (act == ACT_REGISTER && ((e = need_reference(s, v)) ||
                                                              (e = values_text(v, "persona_ref", &ref)))))
                goto done;
        if (act != ACT_REGISTER) {
                if ((e = known_one(s, KIND_PERSONA, args->words[0], &k, &seq)))
                        goto done;
                if ((p = known_persona(&k, seq)) == NULL) {
                        e = ERR_REFERENCE;
                        goto done;
                }
                buf_put_text(&ref, p->ref);
        }
        if (!(e = persona_submit(s, v, act, p != NULL ? &p->st : NULL, &o)))
                *out_status =
                    command_outcome(s, &o, what[act], json_pack("{ss}", "persona_ref", buf_text(&ref)));
done:
        outcome_clear(&o);
        known_clear(&k);
        buf_clear(&ref);
        return e;
}

static int step(struct session *s, enum act act, int argc, char **argv)
{
        struct values *v = calloc(1, sizeof *v);
        struct flags flags;
        struct args args;
        int status = EXIT_INTERNAL;
        enum err e = v == NULL ? ERR_NO_MEMORY : OK;
        if (e)
                return command_fail(s, e);
        values_init(v, KIND_PERSONA);
        if (!(e = flags_parse(s, argc, argv, v, &flags, &args))) {
                const bool fits = act == ACT_REGISTER ? args.words_n == 0
                                  : act == ACT_LAPSE  ? args.words_n == 1
                                                      : args.words_n >= 1;
                if (!fits)
                        e = why_set(&s->why, ERR_USE, USE_PERSONA);
                else if (act != ACT_ASSIGN || !(e = take_assignees(s, v, &args)))
                        e = run_step(s, act, v, &args, &status);
        }
        values_clear(v);
        free(v);
        return e ? command_fail(s, e) : status;
}

/* --- a list of them --- */

struct import_run {
        size_t done;
        int status;
        json_t *entries, *skipped;
};

static enum err import_one(struct session *s, struct import_row *row, struct import_run *run)
{
        struct outcome o = {0};
        enum err e = persona_submit(s, &row->values, ACT_REGISTER, NULL, &o);
        if (e == ERR_PERSONA_TAKEN) {
                s->why = (struct why){0};
                (void)json_array_append_new(run->skipped, json_string(row->ref));
                return OK;
        }
        if (e)
                return e;
        const char *verdict = o.queued ? "queued" : text_of(o.reply, "verdict");
        (void)json_array_append_new(
            run->entries, json_pack("{ss ss ss}", "persona_ref", row->ref, "ref", o.ref, "verdict", verdict));
        run->done++;
        if (o.queued)
                run->status = EXIT_QUEUED;
        else if (strcmp(verdict, "accepted") != 0)
                run->status = command_exit_of(verdict);
        outcome_clear(&o);
        return OK;
}

static enum err import_rows(struct session *s, struct import *in, const struct known *k,
                            struct import_run *run, unsigned *out_line)
{
        enum err e = OK;
        for (size_t i = 0; i < in->n && !e && (run->status == EXIT_DONE || run->status == EXIT_QUEUED); i++) {
                const struct persona *there =
                    registry_persona_of_ref(k->registry, bytes_text(in->row[i].ref));
                *out_line = in->row[i].line;
                if (there != NULL && there->lapsed_us == 0)
                        (void)json_array_append_new(run->skipped, json_string(in->row[i].ref));
                else
                        e = import_one(s, &in->row[i], run);
        }
        return e;
}

static void print_import(struct session *s, const struct import *in, const struct import_run *run)
{
        const json_t *ref;
        size_t i;
        if (s->json) {
                command_json(json_pack("{sI sO sO sI}", "imported", (json_int_t)run->done, "skipped",
                                       run->skipped, "entries", run->entries, "rows", (json_int_t)in->n));
                return;
        }
        json_array_foreach(run->skipped, i, ref)(void)
            printf("%s is registered already; left as it is.\n", json_string_value(ref));
        (void)printf("%zu of %zu personas registered%s.\n", run->done, in->n,
                     run->status == EXIT_QUEUED ? "; some wait in the outbox" : "");
}

static int persona_import(struct session *s, int argc, char **argv)
{
        const struct arg table[] = {{.name = NULL}};
        struct import in = {0};
        struct import_run run = {.status = EXIT_DONE, .entries = json_array(), .skipped = json_array()};
        struct known k = {0};
        struct args args;
        unsigned line = 0;
        enum err e;
        if (!(e = command_args(s, argc, argv, table, &args)) && args.words_n != 1)
                e = why_set(&s->why, ERR_USE, "persona import FILE.csv|FILE.json");
        if (!e && !(e = import_read(args.words[0], &in, &s->why)) && !(e = session_open(s)) &&
            !(e = known_all(s, KIND_PERSONA, &k))) {
                e = import_rows(s, &in, &k, &run, &line);
                print_import(s, &in, &run);
                if (e || run.status == EXIT_REFUSED)
                        (void)fprintf(
                            stderr,
                            "enquiry: It stopped at %s %u; what stands before it is done, and is left alone "
                            "when you import the file again.\n",
                            in.is_json ? "element" : "line", line);
        }
        known_clear(&k);
        import_clear(&in);
        json_decref(run.entries);
        json_decref(run.skipped);
        return e ? command_fail(s, e) : run.status;
}

int command_persona(struct session *s, int argc, char **argv)
{
        const char *word = argc > 1 ? argv[1] : "";
        const struct arg table[] = {{.name = NULL}};
        struct args args;
        enum err e;
        if (strcmp(word, "register") == 0)
                return step(s, ACT_REGISTER, argc - 1, argv + 1);
        if (strcmp(word, "assign") == 0)
                return step(s, ACT_ASSIGN, argc - 1, argv + 1);
        if (strcmp(word, "lapse") == 0)
                return step(s, ACT_LAPSE, argc - 1, argv + 1);
        if (strcmp(word, "import") == 0)
                return persona_import(s, argc - 1, argv + 1);
        if ((e = command_args(s, argc, argv, table, &args)))
                return command_fail(s, e);
        const bool shows = args.words_n == 2 && strcmp(args.words[0], "show") == 0;
        const bool lists = args.words_n == 1 && strcmp(args.words[0], "list") == 0;
        if (!shows && !lists)
                return command_fail(s, why_set(&s->why, ERR_USE, USE_PERSONA));
        if (!(e = session_open(s)))
                e = lists ? list(s) : show(s, args.words[1]);
        return e ? command_fail(s, e) : EXIT_DONE;
}
