#include <stdlib.h>

#include "client/ask.h"
#include "client/command.h"
#include "client/fetch.h"
#include "client/flags.h"
#include "client/text.h"
#include "ledger/record/subject.h"

#define USE_COMBINE "combine ADDRESS|REF ADDRESS|REF... --relation R [--subject-ref P] --reason TEXT"

/* What is tied together: subjects in canonical form, and entries about them. */
struct tie {
        struct values values;
        struct draft draft;
        struct body body;
        struct record record;
        struct subject subject;
        json_t *subjects;
};

static enum err add_subject(struct tie *t, const char *canonical)
{
        const json_t *there;
        size_t i;
        json_array_foreach(t->subjects, i,
                           there) if (strcmp(json_string_value(there), canonical) == 0) return OK;
        return json_array_append_new(t->subjects, json_string(canonical)) == 0 ? OK : ERR_NO_MEMORY;
}

static enum err add_entry(struct session *s, struct tie *t, const struct hash *st)
{
        struct statement *out = &t->draft.statement;
        for (size_t i = 0; i < out->refs_n; i++)
                if (hash_equal(&out->refs[i].st, st))
                        return OK;
        if (out->refs_n == REFS_MAX)
                return why_set(&s->why, ERR_TOO_LONG, "at most %d entries", REFS_MAX);
        out->refs[out->refs_n++] = (struct ref){.rel = REL_WITH, .st = *st};
        return OK;
}

static bool is_reference(const char *word)
{
        struct bytes in = bytes_text(word), alias;
        uint64_t number;
        if (!bytes_take_decimal(&in, &number) && in.n == 0)
                return true;
        in = bytes_text(word);
        if (bytes_take_until(&in, '-', &alias) || alias.n == 0 || bytes_take_decimal(&in, &number) ||
            in.n != 0)
                return false;
        for (size_t i = 0; i < alias.n; i++)
                if (strchr(".:/@", alias.at[i]) != NULL)
                        return false;
        return true;
}

/* An entry stands for the subject that it is about. */
static enum err take_reference(struct session *s, struct tie *t, const char *ref)
{
        enum err e = fetch_entry(s, ref, &t->record);
        if (!e) {
                const char *subject = text_of(json_object_get(t->record.fields, "subject"), "value");
                if (subject[0] == '\0')
                        e = why_set(&s->why, ERR_REFERENCE, "%.60s is about no account or person", ref);
                else if (!(e = add_subject(t, subject)))
                        e = add_entry(s, t, &t->record.st);
        }
        record_clear(&t->record);
        return e;
}

static enum err take_address(struct session *s, struct tie *t, const char *address)
{
        enum err e = subject_of_address(bytes_text(address), &t->subject);
        return e ? why_set(&s->why, e, "%.150s", address) : add_subject(t, t->subject.canonical);
}

/* The format wants an entry that it rests on; of addresses alone the newest one of the author's own about any
 * of them. */
static enum err find_own(struct session *s, struct tie *t)
{
        const json_t *subject;
        size_t i;
        enum err e = OK;
        json_array_foreach(t->subjects, i, subject)
        {
                json_t *answer = NULL;
                if ((e = consult(s, "list",
                                 json_pack("{si sb ss}", "limit", 1, "mine", 1, "subject",
                                           json_string_value(subject)),
                                 &answer)))
                        return e;
                const char *ref = text_of(json_array_get(json_object_get(answer, "entries"), 0), "ref");
                if (ref[0] != '\0' && !(e = fetch_entry(s, ref, &t->record)))
                        e = add_entry(s, t, &t->record.st);
                if (ref[0] != '\0')
                        record_clear(&t->record);
                json_decref(answer);
                if (e || t->draft.statement.refs_n > 0)
                        return e;
        }
        return why_set(&s->why, ERR_REFERENCE,
                       "none of your own entries is about these; name one that is, by its reference, beside "
                       "the addresses");
}

static enum err fill(struct session *s, struct tie *t, const struct args *args)
{
        enum err e = OK;
        for (size_t i = 0; i < args->words_n && !e; i++)
                e = is_reference(args->words[i]) ? take_reference(s, t, args->words[i])
                                                 : take_address(s, t, args->words[i]);
        const bool alone = json_array_size(t->subjects) < 2 && values_find(&t->values, "subject_ref") == NULL;
        if (!e && alone)
                e = why_set(&s->why, ERR_USE, "two different accounts, or one with --subject-ref");
        if (!e && t->draft.statement.refs_n == 0)
                e = find_own(s, t);
        return e ? e : values_set_json(&t->values, "subjects", t->subjects, ORIGIN_COMPUTED, true, &s->why);
}

static enum err run(struct session *s, struct tie *t, const struct args *args, int *out_status)
{
        struct outcome o = {0};
        enum err e = session_open(s);
        if (!e && command_interactive(s))
                e = ask_values(&t->values, LANE_QUICK, &s->why);
        if (!e && values_find(&t->values, "relation") == NULL)
                e = why_set(&s->why, ERR_FIELD_MISSING,
                            "relation: --relation same-person, not-same and so on");
        if (e || (e = fill(s, t, args)) || (e = compose_body(&t->values, &t->body, &s->why)))
                return e;
        t->draft.body = &t->body;
        t->draft.statement.kind = KIND_COMBINE;
        if (!(e = submit(s, &t->draft, &o)))
                *out_status =
                    command_outcome(s, &o, "The combination", json_pack("{sO}", "subjects", t->subjects));
        outcome_clear(&o);
        return e;
}

int command_combine(struct session *s, int argc, char **argv)
{
        struct tie *t = calloc(1, sizeof *t);
        struct flags flags;
        struct args args;
        int status = EXIT_INTERNAL;
        enum err e = t == NULL ? ERR_NO_MEMORY : OK;
        if (e)
                return command_fail(s, e);
        values_init(&t->values, KIND_COMBINE);
        t->subjects = json_array();
        if (!(e = flags_parse(s, argc, argv, &t->values, &flags, &args)) && args.words_n == 0)
                e = why_set(&s->why, ERR_USE, USE_COMBINE);
        if (!e)
                e = run(s, t, &args, &status);
        values_clear(&t->values);
        json_decref(t->subjects);
        free(t);
        return e ? command_fail(s, e) : status;
}
