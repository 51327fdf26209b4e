#include "client/given_events.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- one event --- */

static enum err number_of(const struct given *g, struct history *h, const json_t *o, uint32_t *out)
{
        const char *author = text_of(o, "author");
        json_t *there = json_object_get(h->members, author);
        *out = OWN;
        if (author[0] == '\0' || given_is_author(g, author))
                return OK;
        if (there == NULL) {
                there = json_integer((json_int_t)json_object_size(h->members) + 1);
                if (json_object_set_new(h->members, author, there))
                        return ERR_NO_MEMORY;
        }
        *out = (uint32_t)json_integer_value(there);
        return OK;
}

enum err given_operation_tag(const char *name, uint8_t out[16])
{
        struct hash hash;
        enum err e;
        memset(out, 0, 16);
        if (name[0] == '\0')
                return OK;
        if (!(e = hash_of(bytes_text(name), &hash)))
                memcpy(out, hash.b, 16);
        return e;
}

static bool truth(const json_t *o, const char *name)
{
        const json_t *v = json_object_get(o, name);
        return json_is_true(v) || json_integer_value(v) > 0 || json_array_size(v) > 0 ||
               strcmp(text_of(o, name), "yes") == 0;
}

static enum err read_kind(const json_t *o, enum kind *out, struct why *why)
{
        const char *word = text_of(o, "kind");
        *out = KIND_ACTIVITY;
        if (word[0] != '\0' && !given_kind(word, out))
                return why_set(why, ERR_KIND, "kind: %.60s", word);
        return OK;
}

static enum err read_times(const struct given *g, struct event *v, struct why *why)
{
        static const char *const names[] = {"at", "ended_at", "started_at"};
        bool there = false;
        enum err e = OK;
        for (size_t i = 0; i < sizeof names / sizeof names[0] && !there && !e; i++)
                e = given_time(g, v->o, names[i], &v->at_us, &there, why);
        if (!e && !there)
                e = why_set(why, ERR_TIME, "at: each event says when it was");
        return e;
}

/* The canonical text of a field; owned by the caller. */
static enum err canonical(const struct values *v, const char *name,
                          enum err (*of)(const char *text, char out[SUBJECT_CANONICAL_MAX + 1]), char **out)
{
        char made[SUBJECT_CANONICAL_MAX + 1] = "";
        struct buf text;
        enum err e;
        buf_init(&text, FIELD_VALUE_MAX);
        if (!(e = values_text(v, name, &text)) && text.n > 0)
                e = of(buf_text(&text), made);
        buf_wipe(&text);
        if (e)
                return e;
        *out = strdup(made);
        return *out == NULL ? ERR_NO_MEMORY : OK;
}

enum err given_reference(const char *text, char out[SUBJECT_CANONICAL_MAX + 1])
{
        struct subject subject;
        enum err e = subject_of_reference(bytes_text(text), &subject);
        return e ? e : bytes_to_text(bytes_text(subject.canonical), out, SUBJECT_CANONICAL_MAX + 1);
}

static enum err read_subject(struct history *h, struct event *v, struct why *why)
{
        enum err e = v->kind == KIND_COMBINE ? OK : compose_subject(&h->values, why);
        if (e || (e = canonical(&h->values, "subject", whom_of_text, &v->subject)))
                return e;
        return canonical(&h->values, "subject_ref", given_reference, &v->person);
}

/* Lists, and texts in their place, say that something was captured; the rest are objects as fields have them.
 */
static bool captures_is_field(const json_t *o)
{
        const json_t *list = json_object_get(o, "captures"), *one = json_array_get(list, 0);
        return json_is_array(list) && (one == NULL || json_is_object(one));
}

static enum err read_fields(struct given *g, struct history *h, struct event *v, struct why *why)
{
        static const char *const plain[] = {"kind",     "at",     "author", "unit",     "ref",       "id",
                                            "verdict",  "state",  "lane",   "captured", "immediate", "intent",
                                            "decision", "closed", "seq",    NULL};
        static const char *const counted[] = {
            "kind",     "at",        "author", "unit",     "ref",    "id",  "verdict",  "state", "lane",
            "captured", "immediate", "intent", "decision", "closed", "seq", "captures", NULL};
        const struct reading r = {
            .what = "history", .apart = captures_is_field(v->o) ? plain : counted, .origin = ORIGIN_FILE};
        enum err e;
        values_init(&h->values, v->kind);
        if ((e = given_take(g, &r, v->o, &h->values, why)) || (e = read_subject(h, v, why)))
                return e;
        return compose_known(&h->values, &h->body, why);
}

/* "verdict" of an intent, or its "state" after a decision. */
static bool was_let_through(const json_t *o)
{
        const char *state = text_of(o, text_of(o, "state")[0] != '\0' ? "state" : "verdict");
        return state[0] == '\0' || strcmp(state, "accepted") == 0 || strcmp(state, "approved") == 0;
}

static enum err read_look(struct history *h, struct event *v)
{
        const struct value *operation = values_find(&h->values, "operation");
        struct scene scene = {.kind = v->kind, .at_us = v->at_us, .body = &h->body};
        struct buf name;
        enum err e;
        scene_look(&scene, &v->look);
        v->time_us = v->look.at_us;
        v->look.member = v->member;
        v->look.captured |= truth(v->o, "captured") || truth(v->o, "captures");
        v->look.immediate |= truth(v->o, "immediate");
        v->counts = v->kind == KIND_ACTIVITY && scene_is_look(&h->body) && v->subject[0] != '\0';
        if (operation == NULL)
                return OK;
        buf_init(&name, FIELD_VALUE_MAX);
        if (!(e = values_text(&h->values, "operation", &name)))
                e = given_operation_tag(buf_text(&name), v->look.operation);
        buf_clear(&name);
        return e;
}

/* What a combine entry says of its accounts, each with each. Records of one matter, and an account that
 * several people share, tie nobody. */
static enum err read_relation(const struct history *h, struct event *v)
{
        const struct value *relation = values_find(&h->values, "relation");
        const char *word = relation == NULL ? "\"same-person\"" : relation->json;
        v->parts = strcmp(word, "\"not-same\"") == 0 || strcmp(text_of(v->o, "act"), "unlink") == 0;
        v->ties = v->parts || strcmp(word, "\"same-person\"") == 0 || strcmp(word, "\"same-account\"") == 0;
        return OK;
}

static enum err combine(struct ties *t, const struct event *v)
{
        const json_t *list = json_object_get(v->o, "subjects"), *one, *other;
        char a[SUBJECT_CANONICAL_MAX + 1], b[SUBJECT_CANONICAL_MAX + 1];
        size_t i, k;
        enum err e = OK;
        json_array_foreach(list, i, one)
        {
                if ((e = whom_of_text(json_string_value(one), a)) ||
                    (v->person[0] != '\0' && (e = ties_put(t, a, v->person, !v->parts))))
                        return e;
                json_array_foreach(list, k, other)
                {
                        if (k > i && ((e = whom_of_text(json_string_value(other), b)) ||
                                      (e = ties_put(t, a, b, !v->parts))))
                                return e;
                }
        }
        return e;
}

/* In order of time, up to the entry: the last word holds. */
static enum err tie_all(const struct given *g, struct history *h)
{
        enum err e = OK;
        for (size_t i = 0; i < h->n && !e; i++) {
                struct event *v = &h->at[i];
                const bool before = v->time_us <= g->time_us;
                if (v->kind == KIND_COMBINE && v->ties && before)
                        e = combine(h->ties, v);
                if (!given_is_enquiry(v->kind) || v->subject[0] == '\0')
                        continue;
                if (!(e = ties_name(h->ties, v->subject, &v->account)) && v->person[0] != '\0' && before)
                        e = ties_put(h->ties, v->subject, v->person, true);
        }
        return e;
}

static enum err read_event(struct given *g, struct history *h, struct event *v, struct why *why)
{
        enum err e;
        if ((e = read_kind(v->o, &v->kind, why)) || (e = read_times(g, v, why)) ||
            (e = number_of(g, h, v->o, &v->member)))
                return e;
        v->time_us = v->at_us;
        if (!given_is_enquiry(v->kind) && v->kind != KIND_COMBINE)
                return OK; /* neither counted nor tied */
        if ((e = read_fields(g, h, v, why)))
                return e;
        if (v->kind == KIND_COMBINE)
                return read_relation(h, v);
        if ((e = read_look(h, v)))
                return e;
        v->let_through = was_let_through(v->o);
        v->answered = truth(v->o, "closed");
        return sketch_of_body(&h->body, &v->sketch);
}

static int by_time(const void *a, const void *b)
{
        const struct event *x = a, *y = b;
        if (x->time_us != y->time_us)
                return x->time_us < y->time_us ? -1 : 1;
        return (x->place > y->place) - (x->place < y->place);
}

enum err given_events(struct given *g, struct history *h, struct why *why)
{
        const json_t *o;
        size_t i;
        enum err e;
        json_array_foreach(g->parts.history, i, o)
        {
                struct why inner = {OK, ""};
                struct event *v = &h->at[h->n++];
                *v = (struct event){.place = i, .o = o};
                e = read_event(g, h, v, &inner);
                values_clear(&h->values);
                if (e)
                        return given_wrong(why, e, &inner, "history", i);
        }
        qsort(h->at, h->n, sizeof h->at[0], by_time);
        return tie_all(g, h);
}
