#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/command.h"
#include "ledger/record/schema_json.h"
#include "ledger/record/subject.h"

static const char *type_name(enum field_type t)
{
        static const char *const names[] = {
            [FIELD_TEXT] = "text",     [FIELD_WORD] = "word",      [FIELD_WORDS] = "words",
            [FIELD_LIST] = "list",     [FIELD_INT] = "number",     [FIELD_TIME] = "time",
            [FIELD_OBJECT] = "object", [FIELD_OBJECTS] = "objects"};
        return names[t];
}

static json_t *field_json(const struct field *f, enum kind k)
{
        json_t *words = json_array();
        for (size_t i = 0; f->vocabulary != NULL && i < f->vocabulary->count; i++)
                (void)json_array_append_new(words, json_pack("{ss ss}", "word", f->vocabulary->words[i].word,
                                                             "plain", f->vocabulary->words[i].plain));
        return json_pack("{ss ss ss sI so sb sb ss ss ss ss ss}", "name", f->name, "group",
                         group_name(f->group), "type", type_name(f->type), "max", (json_int_t)f->max, "words",
                         words, "required", (int)((f->required >> k) & 1u), "asked",
                         (int)((f->asked >> k) & 1u), "lane", lane_names[f->lane], "source",
                         origin_name(f->source), "prompt", f->prompt, "help", f->help, "basis", f->basis);
}

static void print_field(const struct field *f, enum kind k)
{
        bool required = (f->required >> k) & 1u;
        (void)printf("%s%s (%s, %s)\n    %s\n", f->name, required ? ", needed" : "", type_name(f->type),
                     group_name(f->group), f->help);
        for (size_t i = 0; f->vocabulary != NULL && i < f->vocabulary->count; i++)
                (void)printf("    %-26s %s\n", f->vocabulary->words[i].word, f->vocabulary->words[i].plain);
}

static enum err print_schema(void)
{
        struct buf out;
        enum err e;
        buf_init(&out, SCHEMA_JSON_MAX);
        schema_json_put(&out);
        if (!(e = buf_check(&out)))
                (void)fwrite(out.at, 1, out.n, stdout);
        buf_clear(&out);
        return e;
}

/* The fields of a kind; without a kind, of what is asked most: an enquiry. */
int command_fields(struct session *s, int argc, char **argv)
{
        bool schema = false;
        const struct arg table[] = {{.name = "schema", .flag = &schema}, {.name = NULL}};
        struct args args;
        enum kind k = KIND_INTENT;
        json_t *list;
        enum err e;
        if ((e = command_args(s, argc, argv, table, &args)))
                return command_fail(s, e);
        if (schema)
                return (e = print_schema()) ? command_fail(s, e) : EXIT_DONE;
        if (args.words_n > 1)
                return command_fail(s, why_set(&s->why, ERR_USE, "fields [KIND] [--schema]"));
        if (args.words_n == 1) {
                char name[64];
                (void)snprintf(name, sizeof name, "enquiry.%.40s", args.words[0]);
                if (!kind_of_name(args.words[0], strlen(args.words[0]), &k) &&
                    !kind_of_name(name, strlen(name), &k))
                        return command_fail(s, why_set(&s->why, ERR_KIND, "%.60s", args.words[0]));
        }
        list = json_array();
        for (size_t i = 0; i < fields_count; i++) {
                if (!field_has_kind(&fields[i], k))
                        continue;
                if (s->json)
                        (void)json_array_append_new(list, field_json(&fields[i], k));
                else
                        print_field(&fields[i], k);
        }
        if (s->json)
                command_json(json_pack("{ss so}", "kind", kind_name(k), "fields", list));
        else
                json_decref(list);
        return EXIT_DONE;
}

int command_subject(struct session *s, int argc, char **argv)
{
        const struct arg table[] = {{.name = NULL}};
        struct args args;
        struct subject *one = calloc(1, sizeof *one);
        int status = EXIT_DONE;
        enum err e = one == NULL ? ERR_NO_MEMORY : command_args(s, argc, argv, table, &args);
        if (!e && args.words_n == 0)
                e = why_set(&s->why, ERR_USE, "subject ADDRESS...");
        for (size_t i = 0; !e && i < args.words_n; i++) {
                struct why why = {0};
                enum err bad = subject_of_address(bytes_text(args.words[i]), one);
                if (bad) {
                        (void)why_set(&why, bad, "%.150s", args.words[i]);
                        s->why = why;
                        status = command_fail(s, bad);
                } else if (s->json) {
                        command_json(json_pack("{ss ss ss ss sb sb}", "address", args.words[i], "platform",
                                               one->platform, "account", one->account, "subject",
                                               one->canonical, "listed", one->listed, "resolved",
                                               one->resolved));
                } else {
                        (void)printf("%s\n    %s%s%s\n", args.words[i], one->canonical,
                                     one->listed ? "" : "  (site not in the table)",
                                     one->resolved ? "" : "  (names no account)");
                }
        }
        free(one);
        return e ? command_fail(s, e) : status;
}
