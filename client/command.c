#include "client/command.h"
#include "client/compose.h"
#include "client/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARGS_MAX 200

enum err command_args(struct session *s, int argc, char **argv, const struct arg table[], struct args *out)
{
        struct arg *all = calloc(ARGS_MAX, sizeof *all);
        size_t n = 0;
        enum err e;
        if (all == NULL)
                return ERR_NO_MEMORY;
        all[n++] = (struct arg){.name = "home", .text = &s->home_given};
        all[n++] = (struct arg){.name = "passphrase-file", .text = &s->passphrase_file};
        all[n++] = (struct arg){.name = "json", .flag = &s->json};
        for (const struct arg *a = table; a->name != NULL && n < ARGS_MAX - 1; a++)
                all[n++] = *a;
        e = args_parse(argc, argv, all, out, &s->why);
        free(all);
        return e;
}

int command_fail(struct session *s, enum err e)
{
        const struct err_row *row = err_row(e);
        bool detail = s->why.code == e && s->why.detail[0] != '\0';
        (void)fflush(stdout);
        (void)fprintf(stderr, "enquiry: %s (%s)%s%s\n", row->sentence, row->code, detail ? " " : "",
                      detail ? s->why.detail : "");
        return row->exit;
}

void command_json(json_t *object)
{
        char *text = object == NULL ? NULL : json_dumps(object, JSON_COMPACT);
        if (text != NULL)
                (void)puts(text);
        free(text);
        json_decref(object);
}

int command_exit_of(const char *verdict)
{
        if (verdict == NULL)
                return EXIT_INTERNAL;
        if (strcmp(verdict, "waiting") == 0)
                return EXIT_WAITING;
        return strcmp(verdict, "refused") == 0 ? EXIT_REFUSED : EXIT_DONE;
}

bool command_interactive(const struct session *s)
{
        return !s->json && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* What a rule's effect came to, in this verdict: what is done already is not stopped any more, and what goes
 * ahead needs nothing. */
static const char *effect_plain(const char *effect, const char *verdict)
{
        static const struct {
                const char *effect, *plain;
        } rows[] = {
            {"refuse", "Refused"}, {"authorise", "Needs an authority"}, {"approve", "Needs approval"}};
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                if (strcmp(rows[i].effect, effect) != 0)
                        continue;
                if (strcmp(verdict, "flagged") == 0)
                        return "Against the rule";
                return strcmp(verdict, "accepted") == 0 ? "Noted" : rows[i].plain;
        }
        return strcmp(effect, "warn") == 0 ? "Warning" : "Note";
}

static void print_rules(const json_t *reply, const char *verdict)
{
        const json_t *rule;
        size_t i;
        json_array_foreach(json_object_get(reply, "rules"), i, rule)
        {
                const char *plain = effect_plain(text_of(rule, "effect"), verdict);
                (void)printf("  %s, %s: %s.\n", plain, text_of(rule, "id"), text_of(rule, "title"));
                if (strcmp(plain, "Noted") != 0)
                        (void)printf("     %s\n", text_of(rule, "advice"));
                (void)printf("     Source: %s\n", text_of(rule, "because"));
        }
}

/* What it is about, after its reference. */
static void print_about(const json_t *extra)
{
        static const struct {
                const char *name, *before;
        } rows[] = {{"subject", ""},       {"intent", "closes "}, {"amends", "of "}, {"operation", ""},
                    {"authority_ref", ""}, {"persona_ref", ""},   {"name", ""}};
        if (text_of(extra, "decision")[0] != '\0')
                (void)printf(" (%s %s)", text_of(extra, "decision"), text_of(extra, "target"));
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
                if (text_of(extra, rows[i].name)[0] != '\0')
                        (void)printf(" (%s%s)", rows[i].before, text_of(extra, rows[i].name));
}

/* What the lane asks for and was not said. */
static void print_missing(const json_t *extra, const char *ref)
{
        const json_t *missing = json_object_get(extra, "missing"), *name;
        size_t i;
        json_array_foreach(missing, i, name)(void) printf(
            "%s%s", i == 0 ? "  Not said yet, and asked in this lane: " : ", ", json_string_value(name));
        if (json_array_size(missing) > 0)
                (void)printf(".\n  Say it with `enquiry amend %s FIELD VALUE --reason TEXT`.\n", ref);
}

static void print_outcome(const struct outcome *o, const char *what, const json_t *extra)
{
        const char *verdict = text_of(o->reply, "verdict"), *lane = text_of(o->reply, "lane");
        (void)printf("%s %s", what, o->ref);
        print_about(extra);
        if (o->queued) {
                (void)printf(
                    " is signed and waits in the outbox: the daemon cannot be reached. Not yet judged.\n");
                return;
        }
        (void)printf(" is %s: %s%sentry %s.\n", verdict, lane, lane[0] ? " lane, " : "",
                     text_of(o->reply, "seq"));
        print_rules(o->reply, verdict);
        if (strcmp(verdict, "waiting") == 0)
                (void)printf("  Do not start before it is decided.\n");
        if (strcmp(verdict, "refused") == 0)
                (void)printf("  You were told not to, and why. The request and this answer are kept.\n");
        if (strcmp(verdict, "flagged") == 0)
                (void)printf(
                    "  It is kept, and put before a person: only a review says whether it was an error.\n");
        print_missing(extra, o->ref);
        (void)printf("  Receipt: %s\n", o->receipt);
}

int command_outcome(struct session *s, const struct outcome *o, const char *what, json_t *extra)
{
        if (!s->json) {
                print_outcome(o, what, extra);
                json_decref(extra);
        } else if (o->queued) {
                json_t *out = json_pack("{sb ss ss}", "queued", 1, "ref", o->ref, "jti", o->jti);
                (void)json_object_update_missing(out, extra);
                json_decref(extra);
                command_json(out);
        } else {
                json_t *out =
                    json_pack("{sO ss ss sO sO* sO* ss}", "seq", json_object_get(o->reply, "seq"), "ref",
                              o->ref, "jti", o->jti, "verdict", json_object_get(o->reply, "verdict"), "lane",
                              json_object_get(o->reply, "lane"), "rules", json_object_get(o->reply, "rules"),
                              "receipt", o->receipt);
                (void)json_object_update_missing(out, extra);
                json_decref(extra);
                command_json(out);
        }
        return o->queued ? EXIT_QUEUED : command_exit_of(text_of(o->reply, "verdict"));
}

/* --- consult --- */

static enum purpose_word purpose_for(const struct session *s, const char *class)
{
        static const struct {
                const char *role;
                enum purpose_word purpose;
        } rows[] = {{"auditor", PURPOSE_AUDIT},     {"disclosure", PURPOSE_CPIA},
                    {"foi", PURPOSE_FOI},           {"dpo", PURPOSE_SUBJECT_ACCESS},
                    {"records", PURPOSE_RETENTION}, {"administrator", PURPOSE_ADMINISTRATION}};
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
                if (session_has_role(s, rows[i].role))
                        return rows[i].purpose;
        if (strcmp(class, "queue") == 0)
                return PURPOSE_SUPERVISION;
        return PURPOSE_OPERATIONAL;
}

/* Which rule refused a reading, and what it advises. */
static void tell_refused(struct session *s, const json_t *reply)
{
        const json_t *rule = json_array_get(json_object_get(reply, "rules"), 0);
        s->why = (struct why){0};
        (void)why_set(&s->why, ERR_REFUSED, "%.24s: %.160s%s", text_of(rule, "id"), text_of(rule, "advice"),
                      s->log_purpose == NULL ? " (--log-purpose)" : "");
}

/* For which of the four purposes of DPA 2018 s.62(4) logs are read; only where they are. */
static enum err add_log_purpose(struct session *s, struct values *v, struct body *body)
{
        enum err e;
        if (s->log_purpose == NULL)
                return OK;
        if ((e = values_set_text(v, "log_purpose", s->log_purpose, ORIGIN_TYPED, true, &s->why)))
                return e;
        return body_add(body, v->at[0].field, ORIGIN_TYPED, bytes_text(v->at[0].json));
}

enum err consult(struct session *s, const char *class, json_t *query, json_t **out_answer)
{
        struct draft *d = calloc(1, sizeof *d);
        struct body *body = calloc(1, sizeof *body);
        struct values *purpose = calloc(1, sizeof *purpose);
        struct outcome o = {0};
        struct buf class_json, query_json;
        char *text = query == NULL ? NULL : json_dumps(query, JSON_COMPACT | JSON_PRESERVE_ORDER);
        enum err e;
        buf_init(&class_json, 64);
        buf_init(&query_json, FIELD_VALUE_MAX);
        if (d == NULL || body == NULL || purpose == NULL || text == NULL) {
                e = ERR_NO_MEMORY;
                goto done;
        }
        json_put_text(&class_json, class);
        json_put_text(&query_json, text);
        values_init(purpose, KIND_CONSULT);
        body_init(body, KIND_CONSULT);
        d->body = body;
        d->statement.kind = KIND_CONSULT;
        d->statement.claims.purpose = purpose_for(s, class);
        if ((e = body_add(body, field_of_name(KIND_CONSULT, "class", 5), ORIGIN_COMPUTED,
                          buf_bytes(&class_json))) ||
            (e = body_add(body, field_of_name(KIND_CONSULT, "query", 5), ORIGIN_COMPUTED,
                          buf_bytes(&query_json))) ||
            (e = add_log_purpose(s, purpose, body)) || (e = submit_consult(s, d, &o))) {
                if (e == ERR_REFUSED)
                        tell_refused(s, o.reply);
                goto done;
        }
        *out_answer = json_incref(json_object_get(o.reply, "answer"));
        if (*out_answer == NULL)
                e = why_set(&s->why, ERR_ANSWER, "a receipt without an answer");
done:
        outcome_clear(&o);
        buf_clear(&class_json);
        buf_wipe(&query_json);
        json_decref(query);
        free(text);
        if (purpose != NULL)
                values_clear(purpose);
        free(purpose);
        free(body);
        free(d);
        return e;
}
