#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/command.h"
#include "client/compose.h"
#include "client/fetch.h"
#include "client/flags.h"

/* `shown` is the list of what was on the screen, `seen` its digest together with the entry's. */
static enum err put_shown(struct values *v, const struct record *r, struct why *why)
{
        json_t *list = json_array();
        for (size_t i = 0; i < r->shown_n; i++) {
                char text[HASH_TEXT_LEN + 1];
                hash_text(&r->shown[i], text);
                (void)json_array_append_new(list, json_string(text));
        }
        enum err e = values_set_json(v, "shown", list, ORIGIN_COMPUTED, true, why);
        json_decref(list);
        return e;
}

static enum err send_decision(struct session *s, struct values *v, const struct record *r, enum verb verb,
                              struct outcome *o)
{
        struct draft *d = calloc(1, sizeof *d);
        struct body *body = calloc(1, sizeof *body);
        enum err e = d == NULL || body == NULL ? ERR_NO_MEMORY : OK;
        if (e || (e = put_shown(v, r, &s->why)) || (e = compose_body(v, body, &s->why)))
                goto done;
        d->body = body;
        d->statement.kind = KIND_DECISION;
        d->statement.claims.verb = verb;
        d->statement.claims.seen = r->seen;
        d->statement.refs_n = 1;
        d->statement.refs[0].rel = REL_TARGET;
        d->statement.refs[0].st = r->st;
        e = submit(s, d, o);
done:
        free(body);
        free(d);
        return e;
}

/* A decision alone does not meet it; two things do. */
static void tell_ways_on(struct session *s, const char *ref)
{
        s->why = (struct why){0};
        (void)why_set(&s->why, ERR_UNDETERMINED,
                      "Register the grant with `enquiry authority register` and ask again under it "
                      "(--authority), or let an "
                      "authorising officer say why none is needed: `enquiry authority determine %.40s "
                      "--determination TEXT`",
                      ref);
}

int command_decide(struct session *s, int argc, char **argv)
{
        struct values *v = calloc(1, sizeof *v);
        struct record *r = calloc(1, sizeof *r);
        struct outcome o = {0};
        struct flags flags;
        struct args args;
        enum verb verb = VERB_NONE;
        int status = EXIT_INTERNAL;
        enum err e = v == NULL || r == NULL ? ERR_NO_MEMORY : OK;
        if (e)
                goto done;
        values_init(v, KIND_DECISION);
        if ((e = flags_parse(s, argc, argv, v, &flags, &args)))
                goto done;
        if (args.words_n != 2 || !verb_of_name(bytes_text(args.words[1]), &verb) || verb > VERB_ESCALATE) {
                e = why_set(&s->why, ERR_USE,
                            "decide REF approve|conditions|return|refuse|escalate --reason TEXT");
                goto done;
        }
        if (values_find(v, "reason") == NULL) {
                e = why_set(&s->why, ERR_USE, "--reason is needed");
                goto done;
        }
        if ((e = session_open(s)) || (e = fetch_entry(s, args.words[0], r)))
                goto done;
        if (flags.seen != NULL) {
                struct hash seen;
                if (hash_of_text(bytes_text(flags.seen), &seen) || !hash_equal(&seen, &r->seen)) {
                        e = ERR_SEEN;
                        goto done;
                }
        }
        if (!(e = send_decision(s, v, r, verb, &o)))
                status =
                    command_outcome(s, &o, "The decision",
                                    json_pack("{ss ss}", "target", args.words[0], "decision", args.words[1]));
        if (e == ERR_UNDETERMINED)
                tell_ways_on(s, args.words[0]);
done:
        outcome_clear(&o);
        if (r != NULL)
                record_clear(r);
        if (v != NULL)
                values_clear(v);
        free(r);
        free(v);
        return e ? command_fail(s, e) : status;
}

/* The new value as the field's JSON text, checked as the field itself would be. */
static enum err put_amended(struct values *v, const struct record *r, const char *name, const char *text,
                            struct why *why)
{
        struct values *probe = calloc(1, sizeof *probe);
        enum err e;
        if (probe == NULL)
                return ERR_NO_MEMORY;
        values_init(probe, r->statement.kind);
        if (!(e = values_set_text(probe, name, text, ORIGIN_TYPED, true, why)) &&
            !(e = values_set_text(v, "amended_field", name, ORIGIN_TYPED, true, why)))
                e = values_set_text(v, "amended_value", probe->at[0].json, ORIGIN_TYPED, true, why);
        values_clear(probe);
        free(probe);
        return e;
}

int command_amend(struct session *s, int argc, char **argv)
{
        struct values *v = calloc(1, sizeof *v);
        struct record *r = calloc(1, sizeof *r);
        struct draft *d = calloc(1, sizeof *d);
        struct body *body = calloc(1, sizeof *body);
        struct outcome o = {0};
        struct flags flags;
        struct args args;
        int status = EXIT_INTERNAL;
        enum err e = v == NULL || r == NULL || d == NULL || body == NULL ? ERR_NO_MEMORY : OK;
        if (e)
                goto done;
        values_init(v, KIND_AMEND);
        if ((e = flags_parse(s, argc, argv, v, &flags, &args)))
                goto done;
        if (args.words_n != 3 || values_find(v, "reason") == NULL) {
                e = why_set(&s->why, ERR_USE, "amend REF FIELD VALUE --reason TEXT");
                goto done;
        }
        if ((e = session_open(s)) || (e = fetch_entry(s, args.words[0], r)) ||
            (e = put_amended(v, r, args.words[1], args.words[2], &s->why)) ||
            (e = compose_body(v, body, &s->why)))
                goto done;
        d->body = body;
        d->statement.kind = KIND_AMEND;
        d->statement.refs_n = 1;
        d->statement.refs[0].rel = REL_AMENDS;
        d->statement.refs[0].st = r->st;
        if (!(e = submit(s, d, &o)))
                status = command_outcome(s, &o, "The amendment", json_pack("{ss}", "amends", args.words[0]));
done:
        outcome_clear(&o);
        if (r != NULL)
                record_clear(r);
        if (v != NULL)
                values_clear(v);
        free(body);
        free(d);
        free(r);
        free(v);
        return e ? command_fail(s, e) : status;
}
