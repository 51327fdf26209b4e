#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/ask.h"
#include "client/command.h"
#include "client/lanes.h"
#include "client/operation.h"
#include "ledger/record/subject.h"

#define OPEN_MAX_SHOWN 20

/* Answers, operation, sources: from what was said to a full set of values. */
static enum err complete(struct session *s, struct values *v, struct draft *d)
{
        struct buf name;
        json_t *operation = NULL;
        struct hash st;
        enum err e;
        buf_init(&name, 1024);
        if ((e = values_text(v, "operation", &name)))
                goto done;
        if (name.n == 0) {
                e = operation_in_use(s, &name);
                if (!e)
                        e = values_set_text(v, "operation", buf_text(&name), ORIGIN_DEFAULT, true, &s->why);
                if (e == ERR_OPERATION && v->kind == KIND_ACTIVITY)
                        e = OK; /* what was done is recorded, with or without one */
                if (e)
                        goto done;
        }
        if (name.n > 0 && !(e = operation_find(s, buf_text(&name), &st, &operation))) {
                d->statement.refs[d->statement.refs_n].rel = REL_OPERATION;
                d->statement.refs[d->statement.refs_n++].st = st;
        }
        if (e == ERR_OPERATION && v->kind == KIND_ACTIVITY)
                e = OK;
        if (!e)
                e = compose_fill(v, &s->id, operation, &s->why);
done:
        buf_clear(&name);
        json_decref(operation);
        return e;
}

static const char *plain_word(const struct values *v, const char *name, struct buf *scratch)
{
        buf_reset(scratch);
        return values_text(v, name, scratch) ? "" : buf_text(scratch);
}

/* The operation last used is taken as it stands, and shown. */
static enum err take_operation_in_use(struct session *s, struct values *v)
{
        struct buf name;
        enum err e;
        if (values_find(v, "operation") != NULL)
                return OK;
        buf_init(&name, 1024);
        e = memory_operation_in_use(s->memory, &name);
        if (e == ERR_ABSENT) {
                e = OK;
        } else if (!e) {
                (void)printf("Operation: %s (the last one used; --operation NAME for another)\n",
                             buf_text(&name));
                e = values_set_text(v, "operation", buf_text(&name), ORIGIN_DEFAULT, true, &s->why);
        }
        buf_clear(&name);
        return e;
}

/* One enquiry, from its values to its receipt. Prints it; the exit status in *out_status. */
static enum err log_one(struct session *s, struct values *v, const char *url, int *out_status)
{
        struct draft *d = calloc(1, sizeof *d);
        struct body *body = calloc(1, sizeof *body);
        struct outcome o = {0};
        struct buf subject;
        enum err e = d == NULL || body == NULL ? ERR_NO_MEMORY : OK;
        buf_init(&subject, 1024);
        if (e)
                goto done;
        if (url != NULL && (e = values_set_text(v, "url", url, ORIGIN_TYPED, true, &s->why)))
                goto done;
        if (command_interactive(s)) {
                if ((e = take_operation_in_use(s, v)) || (e = ask_values(v, LANE_QUICK, &s->why)) ||
                    (e = complete(s, v, d)) || (e = lanes_ask(s, v, LANE_QUICK)))
                        goto done;
                if (v->kind == KIND_INTENT && (e = ask_confirm(v, "justification", &s->why)))
                        goto done;
        } else if ((e = complete(s, v, d))) {
                goto done;
        }
        if ((e = compose_body(v, body, &s->why)))
                goto done;
        d->body = body;
        d->statement.kind = v->kind;
        d->subject = plain_word(v, "subject", &subject);
        if (!(e = submit(s, d, &o)))
                *out_status = command_outcome(s, &o, v->kind == KIND_INTENT ? "The enquiry" : "The look",
                                              lanes_extra(v, &o, json_pack("{ss}", "subject", d->subject)));
done:
        outcome_clear(&o);
        buf_clear(&subject);
        free(body);
        free(d);
        return e;
}

/* A copy for the next address: what was said, without what the last address gave. */
static enum err copy_values(const struct values *from, struct values *to, struct why *why)
{
        enum err e = OK;
        values_init(to, from->kind);
        for (size_t i = 0; i < from->n && !e; i++) {
                json_t *value = json_loads(from->at[i].json, JSON_DECODE_ANY, NULL);
                e = value == NULL
                        ? ERR_BUG
                        : values_set_json(to, from->at[i].field->name, value, from->at[i].origin, true, why);
                json_decref(value);
        }
        return e;
}

/* The words of several entries: the worst status stands for all. */
static int worse(int a, int b)
{
        static const int order[] = {EXIT_DONE, EXIT_WAITING, EXIT_QUEUED, EXIT_REFUSED};
        int rank_a = 4, rank_b = 4;
        for (int i = 0; i < 4; i++) {
                rank_a = order[i] == a ? i : rank_a;
                rank_b = order[i] == b ? i : rank_b;
        }
        return rank_a >= rank_b ? a : b;
}

static bool looked_given(int argc, char **argv)
{
        for (int i = 1; i < argc; i++)
                if (strcmp(argv[i], "--looked") == 0 || strncmp(argv[i], "--looked=", 9) == 0)
                        return true;
        return false;
}

int command_log(struct session *s, int argc, char **argv)
{
        struct values *given = calloc(1, sizeof *given), *one = calloc(1, sizeof *one);
        struct flags flags;
        struct args args;
        int status = EXIT_DONE;
        enum err e = given == NULL || one == NULL ? ERR_NO_MEMORY : OK;
        if (e)
                goto done;
        values_init(given, looked_given(argc, argv) ? KIND_ACTIVITY : KIND_INTENT);
        if ((e = flags_parse(s, argc, argv, given, &flags, &args)))
                goto done;
        if (flags.looked != NULL &&
            (e = values_set_text(given, "result", flags.looked, ORIGIN_TYPED, true, &s->why)))
                goto done;
        if (args.words_n == 0 && flags.from == NULL && values_find(given, "url") == NULL &&
            !command_interactive(s)) {
                e = why_set(&s->why, ERR_USE, "log takes an address, or --from FILE.json");
                goto done;
        }
        if ((e = session_open(s)))
                goto done;
        size_t n = args.words_n == 0 ? 1 : args.words_n;
        for (size_t i = 0; i < n && !e; i++) {
                int now = EXIT_DONE;
                if (!(e = copy_values(given, one, &s->why)))
                        e = log_one(s, one, args.words_n == 0 ? NULL : args.words[i], &now);
                status = worse(status, now);
                values_clear(one);
        }
done:
        if (given != NULL)
                values_clear(given);
        free(given);
        free(one);
        return e ? command_fail(s, e) : status;
}

/* --- done --- */

static enum err find_intent(struct session *s, const char *word, struct memory_row *out)
{
        struct bytes in = bytes_text(word), alias;
        uint64_t number;
        enum err e;
        if (!bytes_take_decimal(&in, &number) && in.n == 0) {
                e = memory_row_of_seq(s->memory, number, out);
        } else {
                in = bytes_text(word);
                if (bytes_take_until(&in, '-', &alias) || bytes_take_decimal(&in, &number) || in.n != 0 ||
                    !bytes_is(alias, s->id.alias))
                        return why_set(&s->why, ERR_REFERENCE, "%.60s", word);
                e = memory_row(s->memory, number, out);
        }
        if (e == ERR_ABSENT || (!e && out->kind != KIND_INTENT))
                return why_set(&s->why, ERR_REFERENCE, "%.60s is no enquiry of yours in this folder", word);
        return e;
}

/* The only open one; several are listed. */
static enum err only_open(struct session *s, struct memory_row *out)
{
        struct memory_row *rows = calloc(OPEN_MAX_SHOWN, sizeof *rows);
        size_t n = 0;
        enum err e = rows == NULL ? ERR_NO_MEMORY : memory_open_intents(s->memory, rows, OPEN_MAX_SHOWN, &n);
        if (!e && n == 1)
                *out = rows[0];
        if (!e && n > 1)
                for (size_t i = 0; i < n; i++)
                        (void)fprintf(stderr, "  %s-%llu  %s\n", s->id.alias, (unsigned long long)rows[i].n,
                                      rows[i].platform_account);
        free(rows);
        return e ? e : n == 0 ? ERR_NOTHING_OPEN : n > 1 ? ERR_SEVERAL_OPEN : OK;
}

static enum err send_done(struct session *s, struct values *v, const struct memory_row *intent,
                          int *out_status)
{
        struct draft *d = calloc(1, sizeof *d);
        struct body *body = calloc(1, sizeof *body);
        struct outcome o = {0};
        char ref[SHORT_REFERENCE_MAX];
        enum err e = d == NULL || body == NULL ? ERR_NO_MEMORY : OK;
        if (e || (e = compose_body(v, body, &s->why)))
                goto done;
        d->body = body;
        d->closes = intent->n;
        d->statement.kind = KIND_ACTIVITY;
        d->statement.refs_n = 1;
        d->statement.refs[0].rel = REL_INTENT;
        d->statement.refs[0].st = intent->st;
        (void)snprintf(ref, sizeof ref, "%s-%llu", s->id.alias, (unsigned long long)intent->n);
        if (!(e = submit(s, d, &o)))
                *out_status =
                    command_outcome(s, &o, "The look", lanes_extra(v, &o, json_pack("{ss}", "intent", ref)));
done:
        outcome_clear(&o);
        free(body);
        free(d);
        return e;
}

static enum err ask_by_lane(struct session *s, struct values *v, const struct memory_row *intent)
{
        enum lane lane = LANE_QUICK;
        enum err e = memory_lane(s->memory, intent->n, &lane);
        const struct value *result = values_find(v, "result");
        if (!e && result != NULL && strcmp(result->json, "\"not-looked\"") == 0)
                return OK;
        return e ? e : lanes_ask(s, v, lane);
}

static bool is_result(const char *word)
{
        const struct field *f = field_of_name(KIND_ACTIVITY, "result", 6);
        return vocabulary_word_meant(f->vocabulary, word, strlen(word)) != NULL;
}

int command_done(struct session *s, int argc, char **argv)
{
        struct values *v = calloc(1, sizeof *v);
        struct memory_row intent = {0};
        struct flags flags;
        struct args args;
        int status = EXIT_DONE;
        enum err e;
        if (v == NULL)
                return command_fail(s, ERR_NO_MEMORY);
        values_init(v, KIND_ACTIVITY);
        if ((e = flags_parse(s, argc, argv, v, &flags, &args)))
                goto done;
        const char *ref = args.words_n > 0 && !is_result(args.words[0]) ? args.words[0] : NULL;
        const char *result = args.words_n == (ref != NULL) + 1u ? args.words[args.words_n - 1] : NULL;
        if (args.words_n > 2 || (args.words_n == 2 && ref == NULL)) {
                e = why_set(&s->why, ERR_USE, "done [REF] RESULT");
                goto done;
        }
        if ((result != NULL && (e = values_set_text(v, "result", result, ORIGIN_TYPED, true, &s->why))) ||
            (e = session_open(s)) || (e = ref != NULL ? find_intent(s, ref, &intent) : only_open(s, &intent)))
                goto done;
        if (command_interactive(s) &&
            ((e = ask_values(v, LANE_QUICK, &s->why)) || (e = ask_by_lane(s, v, &intent))))
                goto done;
        e = send_done(s, v, &intent, &status);
done:
        values_clear(v);
        free(v);
        return e ? command_fail(s, e) : status;
}
