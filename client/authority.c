#include "client/authority.h"

#include <stdio.h>
#include <stdlib.h>

#include "client/ask.h"
#include "client/fetch.h"
#include "client/flags.h"
#include "client/operation.h"
#include "client/text.h"

#define USE_AUTHORITY                                                                                        \
        "authority register | review REF | renew REF | cancel REF | determine [REF] | show REF | list"

/* One statement about an authority on its way. */
struct step {
        enum act act;
        struct values values;
        struct flags flags;
        struct args args; /* words after the act's */
        const char *ref;  /* NULL: none was given */
        struct known known;
        struct draft draft;
        struct body body;
};

static const struct verb_row {
        const char *word;
        enum act act;
        const char *what;
        const char *asked[4]; /* at a terminal; of a registration what the table says */
} acts[] = {
    {"register", ACT_REGISTER, "The authority", {NULL}},
    {"review", ACT_REVIEW, "The review", {"review_text", NULL}},
    {"renew", ACT_RENEW, "The renewal", {"granted_at", "ao_id", "ao_rank", NULL}},
    {"cancel", ACT_CANCEL, "The cancellation", {"reason", NULL}},
    {"determine", ACT_DETERMINE, "The determination", {"determination", NULL}},
};

static bool value_is(const struct values *v, const char *name, const char *word)
{
        const struct value *value = values_find(v, name);
        return value != NULL && strlen(value->json) == strlen(word) + 2 &&
               memcmp(value->json + 1, word, strlen(word)) == 0;
}

/* What this step cannot do without: the question is asked where somebody can answer it. */
static enum err need(struct session *s, struct values *v, const char *name, const char *why_needed)
{
        const struct field *f = field_of_name(v->kind, name, strlen(name));
        if (values_find(v, name) != NULL)
                return OK;
        if (command_interactive(s))
                return ask_one(v, name, &s->why);
        return why_set(&s->why, ERR_FIELD_MISSING, "%s: %s%s%s", name, f->prompt,
                       why_needed[0] != '\0' ? ", " : "", why_needed);
}

/* By word of mouth both say in writing why it was urgent (IPCO annual report 2019 12.24). */
static enum err need_narratives(struct session *s, struct values *v)
{
        static const char *const both[] = {"urgency_reason_applicant", "urgency_reason_ao"};
        enum err e = OK;
        if (!value_is(v, "authority_form", "urgent-oral"))
                return OK;
        for (size_t i = 0; i < 2 && !e; i++)
                e = need(s, v, both[i], "which an urgent oral grant needs of both");
        return e;
}

static enum err fill_registration(struct session *s, struct step *t)
{
        static const char *const needed[] = {"authority_type", "authority_ref", "authority_form"};
        struct values *v = &t->values;
        struct buf name;
        struct hash st;
        json_t *operation = NULL;
        enum err e = OK;
        buf_init(&name, 1024);
        for (size_t i = 0; i < 3 && !e; i++)
                e = need(s, v, needed[i], "");
        if (!e && !(e = need_narratives(s, v)) && command_interactive(s))
                e = ask_values(v, LANE_AUTHORISED, &s->why);
        if (!e && !(e = values_text(v, "operation", &name)) && name.n > 0)
                e = operation_find(s, buf_text(&name), &st, &operation);
        if (!e)
                e = compose_fill(v, &s->id, operation, &s->why);
        buf_clear(&name);
        json_decref(operation);
        return e;
}

/* What a determination is about: an entry that waits, a subject, or an operation. */
static enum err fill_determination(struct session *s, struct step *t)
{
        struct record *r = NULL;
        enum err e = need(s, &t->values, "determination", "");
        if (e)
                return e;
        if (t->ref == NULL)
                return values_find(&t->values, "scope_subjects") != NULL ||
                               values_find(&t->values, "operation") != NULL
                           ? OK
                           : why_set(&s->why, ERR_USE,
                                     "authority determine REF, or --subject S, or --operation O");
        if ((r = calloc(1, sizeof *r)) == NULL)
                return ERR_NO_MEMORY;
        if (!(e = fetch_entry(s, t->ref, r))) {
                t->draft.statement.refs_n = 1;
                t->draft.statement.refs[0] = (struct ref){.rel = REL_TARGET, .st = r->st};
        }
        record_clear(r);
        free(r);
        return e;
}

static enum err fill_follow_up(struct session *s, struct step *t, const struct verb_row *row,
                               uint64_t *out_seq)
{
        const struct authority *a;
        enum err e = t->ref == NULL ? why_set(&s->why, ERR_USE, "authority %s REF", row->word) : OK;
        for (size_t i = 0; !e && row->asked[i] != NULL; i++)
                if (i == 0 || command_interactive(s))
                        e = need(s, &t->values, row->asked[i], "");
        if (e || (e = known_one(s, KIND_AUTHORITY, t->ref, &t->known, out_seq)))
                return e;
        if ((a = known_authority(&t->known, *out_seq)) == NULL)
                return why_set(&s->why, ERR_REFERENCE, "%.80s is a determination, no authority", t->ref);
        t->draft.statement.refs_n = 1;
        t->draft.statement.refs[0] = (struct ref){.rel = REL_AUTHORITY, .st = a->st};
        return OK;
}

/* How it stands once this entry is in the ledger; NULL where that cannot be said. */
static const struct authority *afterwards(struct step *t, const struct outcome *o, uint64_t seq)
{
        const char *text = text_of(o->reply, "seq");
        struct bytes in = bytes_text(text);
        uint64_t own = 0;
        if (o->queued || t->act == ACT_DETERMINE || t->known.registry == NULL ||
            bytes_take_decimal(&in, &own))
                return NULL;
        const struct registry_entry entry = {.seq = own,
                                             .at_us = client_now_us(),
                                             .st = o->st,
                                             .kind = KIND_AUTHORITY,
                                             .act = t->act,
                                             .about = t->act == ACT_REGISTER ? NULL
                                                                             : &t->draft.statement.refs[0].st,
                                             .body = &t->body};
        if (strcmp(text_of(o->reply, "verdict"), "accepted") == 0 &&
            registry_take(t->known.registry, &entry, NULL) != OK)
                return NULL;
        return known_authority(&t->known, t->act == ACT_REGISTER ? own : seq);
}

static int print_step(struct session *s, struct step *t, const struct verb_row *row, const struct outcome *o,
                      uint64_t seq)
{
        const struct authority *a = afterwards(t, o, seq);
        const int64_t now = client_now_us(); /* what took effect at once has done so by now */
        char clock[AUTHORITY_CLOCK_MAX];
        json_t *extra = a != NULL ? authority_state_json(&t->known, a, now) : json_object();
        if (t->act == ACT_DETERMINE && t->ref != NULL)
                (void)json_object_set_new(extra, "target", json_string(t->ref));
        int status = command_outcome(s, o, row->what, extra);
        if (a != NULL && !s->json) {
                authority_clock(&t->known, a, now, clock);
                (void)printf("  %s is %s.\n", a->ref, clock);
        }
        return status;
}

static enum err run_step(struct session *s, struct step *t, const struct verb_row *row, int *out_status)
{
        struct outcome o = {0};
        uint64_t seq = 0;
        enum err e;
        if ((e = session_open(s)))
                return e;
        if (t->act == ACT_REGISTER) {
                if (!(e = fill_registration(s, t)))
                        e = known_init(&t->known, s);
        } else if (t->act == ACT_DETERMINE) {
                e = fill_determination(s, t);
        } else {
                e = fill_follow_up(s, t, row, &seq);
        }
        if (e || (e = compose_body(&t->values, &t->body, &s->why)))
                return e;
        t->draft.body = &t->body;
        t->draft.statement.kind = KIND_AUTHORITY;
        t->draft.statement.claims.act = t->act;
        if (!(e = submit(s, &t->draft, &o)))
                *out_status = print_step(s, t, row, &o, seq);
        outcome_clear(&o);
        return e;
}

static int step(struct session *s, const struct verb_row *row, int argc, char **argv)
{
        struct step *t = calloc(1, sizeof *t);
        int status = EXIT_INTERNAL;
        enum err e = t == NULL ? ERR_NO_MEMORY : OK;
        if (e)
                return command_fail(s, e);
        t->act = row->act;
        values_init(&t->values, KIND_AUTHORITY);
        if (!(e = flags_parse(s, argc, argv, &t->values, &t->flags, &t->args))) {
                t->ref = t->args.words_n == 1 ? t->args.words[0] : NULL;
                if (t->args.words_n > 1 || (t->ref != NULL && t->act == ACT_REGISTER))
                        e = why_set(&s->why, ERR_USE, USE_AUTHORITY);
                else
                        e = run_step(s, t, row, &status);
        }
        known_clear(&t->known);
        values_clear(&t->values);
        free(t);
        return e ? command_fail(s, e) : status;
}

static enum err show(struct session *s, const char *ref)
{
        struct known k = {0};
        uint64_t seq;
        enum err e = known_one(s, KIND_AUTHORITY, ref, &k, &seq);
        if (!e) {
                const struct authority *a = known_authority(&k, seq);
                if (a == NULL)
                        e = why_set(&s->why, ERR_REFERENCE, "%.80s is a determination; `enquiry show` has it",
                                    ref);
                else if (s->json)
                        command_json(authority_json(&k, a, client_now_us()));
                else
                        authority_print(&k, a, client_now_us());
        }
        known_clear(&k);
        return e;
}

static enum err list(struct session *s)
{
        const int64_t now = client_now_us();
        json_t *all = json_array();
        struct known k = {0};
        enum err e = known_all(s, KIND_AUTHORITY, &k);
        const size_t n = e ? 0 : registry_authorities(k.registry);
        for (size_t i = n; i-- > 0;) /* newest first */
                if (s->json)
                        (void)json_array_append_new(
                            all, authority_json(&k, registry_authority_at(k.registry, i), now));
                else
                        authority_print_line(&k, registry_authority_at(k.registry, i), now);
        if (!e && s->json)
                command_json(json_pack("{sO}", "authorities", all));
        else if (!e && n == 0)
                (void)printf("Nothing.\n");
        json_decref(all);
        known_clear(&k);
        return e;
}

int command_authority(struct session *s, int argc, char **argv)
{
        const char *word = argc > 1 ? argv[1] : "";
        const struct arg table[] = {{.name = NULL}};
        struct args args;
        enum err e;
        for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
                if (strcmp(word, acts[i].word) == 0)
                        return step(s, &acts[i], argc - 1, argv + 1);
        if ((e = command_args(s, argc, argv, table, &args)))
                return command_fail(s, e);
        const bool shows = args.words_n >= 1 && strcmp(args.words[0], "show") == 0;
        const bool lists = args.words_n == 1 && (shows || strcmp(args.words[0], "list") == 0);
        if (!lists && !(shows && args.words_n == 2))
                return command_fail(s, why_set(&s->why, ERR_USE, USE_AUTHORITY));
        if (!(e = session_open(s)))
                e = lists ? list(s) : show(s, args.words[1]);
        return e ? command_fail(s, e) : EXIT_DONE;
}
