#include <stdlib.h>

#include "policy/authority_inside.h"
#include "policy/words.h"

#define DATE_TEXT_LEN   10                       /* "2026-11-23" */
#define CLOCKS_APART_US (300 * MOMENT_SECOND_US) /* by how much a person's clock may be ahead of ours */

/* --- fields --- */

enum err authority_read_time(const struct body *b, const char *name, int64_t *out_us, struct why *why)
{
        const struct body_field *f = body_find(b, name);
        struct bytes text;
        int64_t at_us;
        if (f == NULL || f->state != FIELD_PRESENT)
                return OK;
        if (json_whole_string(f->value, &text) || moment_of_rfc3339(text, &at_us))
                return why_set(why, ERR_FIELD_VALUE, "%s is a time such as 2026-11-23T10:04:00Z", name);
        *out_us = at_us > 0 ? at_us : 1; /* 0 stands for none */
        return OK;
}

enum err authority_read_text(const struct body *b, const char *name, char **out)
{
        struct buf scratch;
        struct bytes text;
        char *copy = NULL;
        enum err e;
        buf_init(&scratch, FIELD_VALUE_MAX);
        if ((e = words_of_field(b, name, &scratch, &text)))
                goto done;
        copy = malloc(text.n + 1);
        if (copy == NULL) {
                e = ERR_NO_MEMORY;
                goto done;
        }
        if ((e = bytes_to_text(text, copy, text.n + 1)))
                goto done;
        *out = copy;
        copy = NULL; /* given away */
done:
        free(copy);
        buf_wipe(&scratch);
        return e;
}

/* In the form of a rank, at most size - 1 characters of it. */
static enum err read_plain(const struct body *b, const char *name, char *out, size_t size)
{
        char *text = NULL;
        enum err e = authority_read_text(b, name, &text);
        if (e == OK)
                rank_plain(bytes_text(text), out, size);
        free(text);
        return e;
}

static enum err read_plain_owned(const struct body *b, const char *name, size_t size, char **out)
{
        char *plain = malloc(size);
        enum err e = plain ? read_plain(b, name, plain, size) : ERR_NO_MEMORY;
        if (e == OK)
                *out = plain;
        else
                free(plain);
        return e;
}

/* The word of a field as its vocabulary has it; NULL where there is none. */
static const struct word *word_of(const struct body *b, const char *name)
{
        const struct body_field *f = body_find(b, name);
        const struct vocabulary *v = f ? fields[f->number].vocabulary : NULL;
        struct bytes text;
        if (v == NULL || f->state != FIELD_PRESENT || json_whole_string(f->value, &text))
                return NULL;
        return vocabulary_word_meant(v, (const char *)text.at, text.n);
}

static bool word_is(const struct body *b, const char *name, const char *word)
{
        const struct word *w = word_of(b, name);
        return w != NULL && strcmp(w->word, word) == 0;
}

/* What has happened has happened: a review of next year would silence the dates set for it until then. */
static enum err check_past(int64_t at_us, const char *name, int64_t entered_us, struct why *why)
{
        return at_us <= entered_us || at_us - entered_us <= CLOCKS_APART_US
                   ? OK
                   : why_set(why, ERR_FIELD_VALUE, "%s lies in the future", name);
}

/* A text that is there and not empty. */
static bool is_said(const struct body *b, const char *name)
{
        const struct body_field *f = body_find(b, name);
        struct bytes text;
        return f && f->state == FIELD_PRESENT && !json_whole_string(f->value, &text) &&
               words_trim(text).n > 0;
}

static bool is_urgent_form(const struct body *b)
{
        return word_is(b, "authority_form", "urgent-oral") || word_is(b, "authority_form", "urgent-rank");
}

/* An end written as the last minute of a day is meant as the end of that day. */
static enum err read_end(const struct body *b, int64_t *out_us, struct why *why)
{
        const int64_t minute_us = 60 * MOMENT_SECOND_US;
        enum err e = authority_read_time(b, "expires_at", out_us, why);
        if (e == OK && *out_us != 0 && calendar_day_start(*out_us + minute_us) != calendar_day_start(*out_us))
                *out_us = calendar_day_start(*out_us + minute_us);
        return e;
}

static void read_named(const struct body *b, struct authority_named *out)
{
        const struct body_field *days = body_find(b, "cumulative_days");
        out->collaboration |= is_said(b, "collaboration_ref");
        out->chief_officer |= is_said(b, "chief_officer_approval");
        out->jp_order |= is_said(b, "jp_order_ref");
        out->long_term |= is_said(b, "long_term_approval_ref");
        if (days && days->state == FIELD_PRESENT && json_whole_int(days->value, &out->cumulative_days))
                out->cumulative_days = -1;
}

/* --- dates set for review --- */

/* The last microsecond of a plain date by legal time; the moment itself of anything longer. */
static enum err date_of(struct bytes text, int64_t *out_us)
{
        int64_t at_us;
        if (moment_of_rfc3339(text, &at_us))
                return ERR_FIELD_VALUE;
        if (text.n == DATE_TEXT_LEN) /* the next day's noon is in the next day by any time */
                at_us = calendar_day_start(at_us + 36 * MOMENT_HOUR_US) - 1;
        *out_us = at_us;
        return OK;
}

static enum err read_dates(const struct body *b, int64_t out[AUTHORITY_DATES_MAX], size_t *out_n,
                           struct why *why)
{
        struct words w;
        struct bytes text;
        bool done = false;
        enum err e = words_init(&w, b, "review_dates", why);
        *out_n = 0;
        while (e == OK && (e = words_next(&w, &text, &done)) == OK && !done) {
                if (*out_n == AUTHORITY_DATES_MAX)
                        e = why_set(why, ERR_FIELD_VALUE, "review_dates has at most %d dates",
                                    AUTHORITY_DATES_MAX);
                else if ((e = date_of(text, &out[*out_n])))
                        e = why_set(why, e, "review_dates: \"%.*s\" is neither a date nor a time",
                                    (int)(text.n < 40 ? text.n : 40), (const char *)text.at);
                else
                        (*out_n)++;
        }
        words_clear(&w);
        return e;
}

/* --- a registration --- */

/* The fields of the entry, their values in memory of their own. A registry keeps every grant there ever was,
 * so the body ends with its last field. */
static enum err copy_terms(struct authority *a, const struct body *b)
{
        const size_t size = offsetof(struct body, field) + b->n * sizeof b->field[0];
        size_t n = 0;
        enum err e;
        for (size_t i = 0; i < b->n; i++)
                n += b->field[i].value.n;
        a->terms = malloc(size);
        if (a->terms == NULL)
                return ERR_NO_MEMORY;
        buf_init(&a->values, n > 0 ? n : 1);
        buf_reserve(&a->values, n);
        memcpy(a->terms, b, size);
        for (size_t i = 0; i < b->n; i++) {
                const size_t from = a->values.n;
                buf_put(&a->values, b->field[i].value);
                if ((e = buf_check(&a->values)))
                        return e;
                a->terms->field[i].value = buf_since(&a->values, from);
        }
        return OK;
}

static enum err read_times(struct authority *a, int64_t at_us, struct why *why)
{
        int64_t approved_us = 0;
        enum err e;
        if ((e = authority_read_time(a->terms, "granted_at", &a->granted_us, why)) ||
            (e = authority_read_time(a->terms, "effective_at", &a->effective_us, why)) ||
            (e = authority_read_time(a->terms, "jp_approved_at", &approved_us, why)) ||
            (e = authority_read_time(a->terms, "cancelled_at", &a->cancelled_us, why)) ||
            (e = authority_read_time(a->terms, "reviewed_at", &a->last_review_us, why)) ||
            (e = check_past(a->last_review_us, "reviewed_at", at_us, why)) ||
            (e = read_end(a->terms, &a->written_end_us, why)))
                return e;
        a->reviews_n = a->last_review_us != 0;
        if (a->effective_us == 0)
                a->effective_us = a->granted_us ? a->granted_us : at_us;
        if (approved_us > a->effective_us)
                a->effective_us = approved_us;
        return read_dates(a->terms, a->date, &a->dates_n, why);
}

static void read_words(struct authority *a, enum act act)
{
        const struct word *direct = word_of(a->terms, "ao_direct_involvement");
        a->type = word_of(a->terms, "authority_type");
        a->form = word_of(a->terms, "authority_form");
        a->act = word_of(a->terms, "act_relied_on");
        a->determination = act == ACT_DETERMINE;
        a->juvenile = word_is(a->terms, "juvenile_source", "yes");
        a->urgent_form = is_urgent_form(a->terms);
        if (direct != NULL)
                a->direct = strcmp(direct->word, "yes") == 0 ? AUTHORITY_DIRECT_YES : AUTHORITY_DIRECT_NO;
}

enum err authority_read(const struct body *b, enum act act, int64_t at_us, struct authority **out,
                        struct why *why)
{
        struct authority *a;
        enum err e;
        if (act == ACT_REGISTER && word_is(b, "authority_type", "determination"))
                return why_set(why, ERR_FIELD_VALUE,
                               "authority_type: a determination is an authorising officer's own statement, "
                               "and is entered as one");
        if ((a = calloc(1, sizeof *a)) == NULL)
                return ERR_NO_MEMORY;
        scope_init(&a->scope);
        a->named.cumulative_days = -1;
        if ((e = copy_terms(a, b)) || (e = authority_read_text(b, "authority_ref", &a->ref)) ||
            (e = authority_read_text(b, "operation", &a->operation)) ||
            (e = read_plain_owned(b, "ao_rank", RANK_MAX, &a->rank)) ||
            (e = read_plain_owned(b, "ao_force", FORCE_MAX, &a->force)) || (e = read_times(a, at_us, why)) ||
            (e = scope_read(&a->scope, b, why))) {
                authority_free(a);
                return e;
        }
        read_words(a, act);
        read_named(b, &a->named);
        *out = a;
        return OK;
}

void authority_free(struct authority *a)
{
        if (a == NULL)
                return;
        buf_wipe(&a->values);
        scope_clear(&a->scope);
        free(a->terms);
        free(a->renewal);
        free(a->ref);
        free(a->operation);
        free(a->rank);
        free(a->force);
        free(a);
}

/* --- what comes after it --- */

/* The dates that stay: not met by a review, and, where the change sets others, not still to come. */
static size_t dates_kept(const struct authority *a, const struct authority_change *change,
                         int64_t out[AUTHORITY_DATES_MAX])
{
        int64_t review_us = a->last_review_us;
        size_t n = 0;
        if (change->act == ACT_REVIEW && change->at_us > review_us)
                review_us = change->at_us;
        for (size_t i = 0; i < a->dates_n; i++) {
                const bool met = review_us >= calendar_day_start(a->date[i]);
                const bool replaced = change->dates_said && a->date[i] > change->at_us;
                if (!met && !replaced)
                        out[n++] = a->date[i];
        }
        return n;
}

enum err authority_change_read(const struct authority *a, const struct body *b, enum act act, int64_t at_us,
                               struct authority_change *out, struct why *why)
{
        const char *const when = act == ACT_REVIEW  ? "reviewed_at"
                                 : act == ACT_RENEW ? "granted_at"
                                                    : "cancelled_at";
        int64_t kept[AUTHORITY_DATES_MAX];
        enum err e;
        *out = (struct authority_change){.act = act, .at_us = at_us, .named = a->named};
        if ((e = authority_read_time(b, when, &out->at_us, why)) || act == ACT_CANCEL ||
            (e = check_past(out->at_us, when, at_us, why)))
                return e;
        if ((e = read_dates(b, out->date, &out->dates_n, why)))
                return e;
        out->dates_said = out->dates_n > 0;
        if (dates_kept(a, out, kept) + out->dates_n > AUTHORITY_DATES_MAX)
                return why_set(why, ERR_FIELD_VALUE, "more than %d dates are set for review",
                               AUTHORITY_DATES_MAX);
        if (act == ACT_REVIEW)
                return OK;
        if (a->renewals_n == AUTHORITY_RENEWALS_MAX)
                return why_set(why, ERR_FIELD_VALUE, "it was renewed %d times already",
                               AUTHORITY_RENEWALS_MAX);
        read_named(b, &out->named);
        out->renewal.granted_us = out->at_us;
        out->renewal.urgent = is_urgent_form(b);
        if ((e = read_end(b, &out->renewal.written_end_us, why)))
                return e;
        return read_plain(b, "ao_rank", out->renewal.rank, sizeof out->renewal.rank);
}

enum err authority_change_reserve(struct authority *a, const struct authority_change *change)
{
        if (change->act != ACT_RENEW)
                return OK;
        struct renewal *grown = realloc(a->renewal, (a->renewals_n + 1) * sizeof *grown);
        if (grown == NULL)
                return ERR_NO_MEMORY;
        a->renewal = grown;
        return OK;
}

static void add_renewal(struct authority *a, const struct renewal *renewal)
{
        size_t at = a->renewals_n++;
        for (; at > 0 && a->renewal[at - 1].granted_us > renewal->granted_us; at--)
                a->renewal[at] = a->renewal[at - 1];
        a->renewal[at] = *renewal;
}

void authority_change(struct authority *a, const struct authority_change *change)
{
        int64_t kept[AUTHORITY_DATES_MAX];
        if (change->act == ACT_CANCEL) {
                if (a->cancelled_us == 0 || change->at_us < a->cancelled_us)
                        a->cancelled_us = change->at_us;
                return;
        }
        const size_t n = dates_kept(a, change, kept);
        memcpy(a->date, kept, n * sizeof kept[0]);
        memcpy(a->date + n, change->date, change->dates_n * sizeof kept[0]);
        a->dates_n = n + change->dates_n;
        if (change->act == ACT_RENEW) {
                a->named = change->named;
                add_renewal(a, &change->renewal);
                return;
        }
        a->reviews_n++;
        if (change->at_us > a->last_review_us)
                a->last_review_us = change->at_us;
}
