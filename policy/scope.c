#include "policy/scope.h"

#include <stdlib.h>

#include "policy/spelling.h"
#include "policy/words.h"

#define ENTRY_TEXTS_MAX (8 * FIELD_VALUE_MAX) /* bytes: the texts of an entry that scopes look at */

void scope_init(struct scope *s)
{
        memset(s, 0, sizeof *s);
        buf_init(&s->subjects, SCOPE_FORMS_MAX);
        buf_init(&s->platforms, SCOPE_FORMS_MAX);
}

void scope_clear(struct scope *s)
{
        buf_wipe(&s->subjects);
        buf_wipe(&s->platforms);
}

/* --- reading --- */

/* The place of the word that a text means in the vocabulary of a look's field, + 1; 0: it means none. */
static unsigned place_of(const char *name, struct bytes text)
{
        const struct field *f = field_of_name(KIND_INTENT, name, strlen(name));
        const struct word *word =
            f && f->vocabulary && text.n > 0 ? spelling_of_word(f->vocabulary, text) : NULL;
        return word ? (unsigned)(word - f->vocabulary->words) + 1 : 0;
}

/* The same as a bit; no bit for no word. */
static uint32_t bit_of(const char *name, struct bytes text)
{
        const unsigned place = place_of(name, text);
        return place > 0 && place <= 32 ? UINT32_C(1) << (place - 1) : 0;
}

static void put_form(struct buf *out, struct bytes form)
{
        buf_put(out, form);
        buf_put_u8(out, '\0');
}

static bool is_prefix(struct bytes text, const char *prefix, struct bytes *out_rest)
{
        const size_t n = strlen(prefix);
        if (text.n <= n || !words_same(bytes_of(text.at, n), bytes_text(prefix)))
                return false;
        *out_rest = bytes_of(text.at + n, text.n - n);
        return true;
}

static enum err put_account(struct buf *out, struct bytes text, bool *out_done)
{
        char *account = malloc(text.n + SPELLING_MAX);
        if (account == NULL)
                return ERR_NO_MEMORY;
        *out_done = spelling_of_account(text, account);
        if (*out_done)
                put_form(out, bytes_text(account));
        free(account);
        return OK;
}

/* The form of the text, if it has one: what is malformed stands for itself only. */
static enum err put_subject(struct buf *out, enum err e, const struct subject *s)
{
        if (e == OK)
                put_form(out, bytes_text(s->canonical));
        return e == ERR_NO_MEMORY || e == ERR_CRYPTO ? e : OK;
}

/* A text may be meant as a reference and as an address: it is kept as each. */
static enum err read_subject(struct buf *out, struct bytes text)
{
        struct subject s;
        struct bytes rest;
        bool done = false;
        enum err e;
        put_form(out, text);
        if (is_prefix(text, "ref:", &rest))
                return put_subject(out, subject_of_reference(rest, &s), &s);
        if (is_prefix(text, "term:", &rest))
                return put_subject(out, subject_of_term(rest, &s), &s);
        if ((e = put_account(out, text, &done)) || (e = put_subject(out, subject_of_reference(text, &s), &s)))
                return e;
        if (is_prefix(text, "web:", &rest) || !done)
                return put_subject(out, subject_of_address(done ? rest : text, &s), &s);
        return OK;
}

static enum err read_platform(struct buf *out, struct bytes text)
{
        char name[SPELLING_MAX];
        bool listed;
        enum err e = spelling_of_platform(&listed, text, name);
        put_form(out, e ? text : bytes_text(name));
        return e == ERR_NO_MEMORY ? e : OK;
}

static enum err read_list(struct buf *out, const struct body *b, const char *name,
                          enum err (*read)(struct buf *out, struct bytes text), struct why *why)
{
        struct words w;
        struct bytes text;
        bool done = false;
        enum err e = words_init(&w, b, name, why);
        while (e == OK && (e = words_next(&w, &text, &done)) == OK && !done)
                e = read(out, text);
        words_clear(&w);
        return e ? e : buf_check(out);
}

static enum err read_words(const struct body *b, const char *name, const char *of, bool *out_said,
                           uint32_t *out_bits, struct why *why)
{
        struct words w;
        struct bytes text;
        bool done = false;
        enum err e = words_init(&w, b, name, why);
        while (e == OK && (e = words_next(&w, &text, &done)) == OK && !done) {
                *out_said = true;
                *out_bits |= bit_of(of, text);
        }
        words_clear(&w);
        return e;
}

static enum err read_engagement(const struct body *b, const char *name, unsigned *out_place)
{
        struct buf scratch;
        struct bytes text;
        buf_init(&scratch, FIELD_VALUE_MAX);
        enum err e = words_of_field(b, name, &scratch, &text);
        *out_place = e == OK ? place_of("engagement_level", text) : 0;
        buf_wipe(&scratch);
        return e;
}

enum err scope_read(struct scope *s, const struct body *b, struct why *why)
{
        enum err e;
        if ((e = read_list(&s->subjects, b, "scope_subjects", read_subject, why)) ||
            (e = read_list(&s->platforms, b, "scope_platforms", read_platform, why)) ||
            (e = read_words(b, "scope_classes", "subject_category", &s->classes_said, &s->classes, why)) ||
            (e = read_words(b, "scope_tactics", "method", &s->tactics_said, &s->tactics, why)))
                return e;
        return read_engagement(b, "scope_engagement", &s->engagement);
}

/* --- asking --- */

static bool has_form(const struct buf *forms, struct bytes text)
{
        for (size_t at = 0; at < forms->n;) {
                const size_t n = strlen((const char *)forms->at + at);
                if (n == text.n && memcmp(forms->at + at, text.at, n) == 0)
                        return true;
                at += n + 1;
        }
        return false;
}

bool scope_names(const struct scope *s, struct bytes text)
{
        return text.n > 0 && has_form(&s->subjects, text);
}

enum err scope_reference(struct bytes subject_ref, struct subject *out)
{
        struct bytes rest = subject_ref;
        return subject_of_reference(is_prefix(subject_ref, "ref:", &rest) ? rest : subject_ref, out);
}

/* A field of the entry: its own, else its intent's. */
static enum err text_of(const struct body *body, const struct body *intent, const char *name,
                        struct buf *scratch, struct bytes *out)
{
        const bool own = body != NULL && body_find(body, name) != NULL;
        return words_of_field(own ? body : intent, name, scratch, out);
}

static enum scope_answer answer(bool inside)
{
        return inside ? SCOPE_INSIDE : SCOPE_OUTSIDE;
}

static enum err ask_subject(const struct scope *s, const struct body *body, const struct body *intent,
                            struct buf *scratch, enum scope_answer *out)
{
        struct bytes subject, ref, category;
        struct subject canonical;
        enum err e;
        *out = SCOPE_SILENT;
        if (s->subjects.n == 0 && !s->classes_said)
                return OK;
        if ((e = text_of(body, intent, "subject", scratch, &subject)) ||
            (e = text_of(body, intent, "subject_ref", scratch, &ref)) ||
            (e = text_of(body, intent, "subject_category", scratch, &category)))
                return e;
        if (subject.n == 0 && ref.n == 0 && category.n == 0)
                return OK;
        bool inside = scope_names(s, subject) || scope_names(s, ref) ||
                      (s->classes & bit_of("subject_category", category)) != 0;
        if (!inside && ref.n > 0 && s->subjects.n > 0) {
                e = scope_reference(ref, &canonical);
                inside = e == OK && scope_names(s, bytes_text(canonical.canonical));
        }
        *out = answer(inside);
        return e == ERR_NO_MEMORY || e == ERR_CRYPTO ? e : OK;
}

/* What a subject says about its platform; nothing where it names a person or a search. */
static struct bytes platform_of(struct bytes subject)
{
        const uint8_t *colon = subject.n > 0 ? memchr(subject.at, ':', subject.n) : NULL;
        const struct bytes name = bytes_of(subject.at, colon ? (size_t)(colon - subject.at) : 0);
        return bytes_is(name, "ref") || bytes_is(name, "term") ? bytes_text("") : name;
}

/* The host of `web:host/path` and `fediverse:user@host`; empty in any other subject. */
static struct bytes host_of(struct bytes subject)
{
        struct bytes rest;
        const uint8_t *at;
        if (is_prefix(subject, "web:", &rest))
                return bytes_of(rest.at,
                                (at = memchr(rest.at, '/', rest.n)) ? (size_t)(at - rest.at) : rest.n);
        if (is_prefix(subject, "fediverse:", &rest) && (at = memchr(rest.at, '@', rest.n)))
                return bytes_of(at + 1, rest.n - (size_t)(at + 1 - rest.at));
        return bytes_text("");
}

static enum err ask_platform(const struct scope *s, const struct body *body, const struct body *intent,
                             struct buf *scratch, enum scope_answer *out)
{
        struct bytes platform, subject;
        char name[SPELLING_MAX];
        bool listed;
        enum err e;
        *out = SCOPE_SILENT;
        if (s->platforms.n == 0)
                return OK;
        if ((e = text_of(body, intent, "platform", scratch, &platform)) ||
            (e = text_of(body, intent, "subject", scratch, &subject)))
                return e;
        const struct bytes host = host_of(subject);
        platform = platform.n > 0 ? platform : platform_of(subject);
        if (platform.n == 0)
                return OK;
        bool inside = has_form(&s->platforms, platform) || (host.n > 0 && has_form(&s->platforms, host));
        if (!inside) {
                e = spelling_of_platform(&listed, platform, name);
                inside = e == OK && has_form(&s->platforms, bytes_text(name));
        }
        *out = answer(inside);
        return e == ERR_NO_MEMORY ? e : OK;
}

static enum err ask_tactic(const struct scope *s, const struct body *body, const struct body *intent,
                           struct buf *scratch, enum scope_answer *out)
{
        struct bytes method;
        enum err e;
        *out = SCOPE_SILENT;
        if (!s->tactics_said)
                return OK;
        if ((e = text_of(body, intent, "method", scratch, &method)) || method.n == 0)
                return e;
        *out = answer((s->tactics & bit_of("method", method)) != 0);
        return OK;
}

static enum err ask_engagement(const struct scope *s, const struct body *body, const struct body *intent,
                               enum scope_answer *out)
{
        const bool own = body != NULL && body_find(body, "engagement_level") != NULL;
        unsigned place = 0;
        enum err e;
        *out = SCOPE_SILENT;
        if (s->engagement == 0 || (!own && intent == NULL))
                return OK;
        if ((e = read_engagement(own ? body : intent, "engagement_level", &place)))
                return e;
        if (place != 0)
                *out = answer(place <= s->engagement);
        return OK;
}

enum err scope_ask(const struct scope *s, const struct body *body, const struct body *intent,
                   enum scope_answer out[SCOPE_PARTS])
{
        struct buf scratch;
        enum err e;
        buf_init(&scratch, ENTRY_TEXTS_MAX);
        if (!(e = ask_subject(s, body, intent, &scratch, &out[SCOPE_SUBJECT])) &&
            !(e = ask_platform(s, body, intent, &scratch, &out[SCOPE_PLATFORM])) &&
            !(e = ask_tactic(s, body, intent, &scratch, &out[SCOPE_TACTIC])))
                e = ask_engagement(s, body, intent, &out[SCOPE_ENGAGEMENT]);
        buf_wipe(&scratch);
        return e;
}
