#include <stdio.h>
#include <stdlib.h>

#include "client/authority.h"
#include "client/text.h"
#include "client/when.h"

static json_t *field_json(const struct body *b, const char *name)
{
        const struct body_field *f = body_find(b, name);
        if (f == NULL || f->state != FIELD_PRESENT)
                return NULL;
        return json_loadb((const char *)f->value.at, f->value.n, JSON_DECODE_ANY, NULL);
}

static json_t *time_json(int64_t at_us)
{
        char text[WHEN_MAX];
        if (at_us == 0)
                return NULL;
        when_text(at_us, text);
        return json_string(text);
}

static int64_t begins(const struct authority *a)
{
        return a->effective_us > a->granted_us ? a->effective_us : a->granted_us;
}

/* The first date set for a review that none has met yet; 0: none. */
static int64_t next_review(const struct authority *a)
{
        int64_t next = 0;
        for (size_t i = 0; i < a->dates_n; i++)
                if (a->date[i] > a->last_review_us && (next == 0 || a->date[i] < next))
                        next = a->date[i];
        return next;
}

json_t *authority_state_json(const struct known *k, const struct authority *a, int64_t at_us)
{
        const enum authority_state state = authority_state_at(a, &k->terms, at_us);
        const int64_t end = authority_end(a, &k->terms);
        json_t *out =
            json_pack("{ss ss so*}", "authority_ref", a->ref, "state", authority_state_name(state), "ends_at",
                      time_json(a->cancelled_us != 0 && a->cancelled_us < end ? a->cancelled_us : end));
        if (state == AUTHORITY_LIVE)
                (void)json_object_set_new(out, "hours_left", json_integer((end - at_us) / MOMENT_HOUR_US));
        return out;
}

static json_t *scope_json(const struct authority *a)
{
        static const char *const parts[] = {"subjects",   "platforms", "tactics",
                                            "engagement", "classes",   "text"};
        json_t *out = json_object();
        for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
                char name[32];
                (void)snprintf(name, sizeof name, "scope_%s", parts[i]);
                json_t *value = field_json(a->terms, name);
                if (value != NULL)
                        (void)json_object_set_new(out, parts[i], value);
        }
        return out;
}

json_t *authority_json(const struct known *k, const struct authority *a, int64_t at_us)
{
        static const char *const copied[] = {"authority_type", "authority_form", "act_relied_on",
                                             "grounds",        "operation",      "ao_id",
                                             "ao_rank",        "review_dates",   "jp_order_ref"};
        const struct known_entry *entry = known_entry(k, a->seq);
        char seq[24];
        json_t *out = authority_state_json(k, a, at_us), *renewals = json_array();
        (void)snprintf(seq, sizeof seq, "%llu", (unsigned long long)a->seq);
        (void)json_object_set_new(out, "seq", json_string(seq));
        (void)json_object_set_new(out, "ref", json_string(entry != NULL ? entry->ref : seq));
        for (size_t i = 0; i < sizeof copied / sizeof copied[0]; i++) {
                json_t *value = field_json(a->terms, copied[i]);
                if (value != NULL)
                        (void)json_object_set_new(out, copied[i], value);
        }
        for (size_t i = 0; i < a->renewals_n; i++)
                (void)json_array_append_new(renewals, time_json(a->renewal[i].granted_us));
        (void)json_object_update_missing_new(
            out,
            json_pack("{so* so* so* so* so sI sb so sb}", "granted_at", time_json(a->granted_us),
                      "effective_at", time_json(begins(a)), "cancelled_at", time_json(a->cancelled_us),
                      "next_review", time_json(next_review(a)), "renewals", renewals, "reviews",
                      (json_int_t)a->reviews_n, "review_overdue", (int)authority_review_overdue(a, at_us),
                      "scope", scope_json(a), "urgent", (int)authority_is_urgent(a, &k->terms)));
        return out;
}

void authority_clock(const struct known *k, const struct authority *a, int64_t at_us,
                     char out[AUTHORITY_CLOCK_MAX])
{
        const int64_t end = authority_end(a, &k->terms);
        char when[WHEN_MAX], span[WHEN_MAX];
        switch (authority_state_at(a, &k->terms, at_us)) {
        case AUTHORITY_LIVE:
                when_end(end, when);
                when_span(end - at_us, span);
                (void)snprintf(out, AUTHORITY_CLOCK_MAX, "in force; ends %s, %s left", when, span);
                return;
        case AUTHORITY_NOT_BEGUN:
                when_minute(begins(a), when);
                (void)snprintf(out, AUTHORITY_CLOCK_MAX, "not yet in force; begins %s", when);
                return;
        case AUTHORITY_EXPIRED:
                when_end(end, when);
                (void)snprintf(out, AUTHORITY_CLOCK_MAX, "no longer in force; ended %s", when);
                return;
        case AUTHORITY_CANCELLED:
                when_minute(a->cancelled_us, when);
                (void)snprintf(out, AUTHORITY_CLOCK_MAX, "cancelled %s", when);
                return;
        case AUTHORITY_NONE:
        case AUTHORITY_UNREGISTERED:
        case AUTHORITY_STATE_COUNT: break;
        }
        (void)snprintf(out, AUTHORITY_CLOCK_MAX, "not registered");
}

/* A word in plain language, a list with its elements so; nothing where the field is not there. */
static void print_value(const struct field *f, const json_t *value)
{
        const json_t *part;
        size_t i;
        if (json_is_array(value)) {
                json_array_foreach(value, i, part)
                {
                        (void)printf("%s", i > 0 ? "; " : "");
                        print_value(f, part);
                }
                return;
        }
        const char *text = json_string_value(value);
        const struct word *w =
            text != NULL && f->vocabulary != NULL ? vocabulary_word(f->vocabulary, text, strlen(text)) : NULL;
        if (text != NULL)
                (void)printf("%s", w != NULL ? w->plain : text);
        else if (json_is_integer(value))
                (void)printf("%lld", (long long)json_integer_value(value));
}

static void print_field(const struct authority *a, const char *name, const char *label)
{
        json_t *value = field_json(a->terms, name);
        if (value != NULL) {
                (void)printf("  %-12s ", label);
                print_value(field_of_name(KIND_AUTHORITY, name, strlen(name)), value);
                (void)printf("\n");
        }
        json_decref(value);
}

static void print_granted(const struct authority *a)
{
        json_t *who = field_json(a->terms, "ao_id"), *rank = field_json(a->terms, "ao_rank");
        char when[WHEN_MAX];
        when_minute(a->granted_us, when);
        (void)printf("  %-12s %s", "granted", when);
        if (json_is_string(who))
                (void)printf(" by %s", json_string_value(who));
        if (json_is_string(rank))
                (void)printf(", %s", json_string_value(rank));
        (void)printf("\n");
        json_decref(who);
        json_decref(rank);
}

static void print_course(const struct authority *a, int64_t at_us)
{
        char when[WHEN_MAX];
        const int64_t next = next_review(a);
        for (size_t i = 0; i < a->renewals_n; i++) {
                when_minute(a->renewal[i].granted_us, when);
                (void)printf("  %-12s %s\n", "renewed", when);
        }
        if (a->last_review_us != 0) {
                when_minute(a->last_review_us, when);
                (void)printf("  %-12s %s, %zu in all\n", "reviewed", when, a->reviews_n);
        }
        if (next != 0 && a->cancelled_us == 0) {
                when_day(next, when);
                (void)printf("  %-12s %s%s\n", "next review", when,
                             authority_review_overdue(a, at_us) ? ": overdue" : "");
        }
}

void authority_print(const struct known *k, const struct authority *a, int64_t at_us)
{
        static const char *const rows[][2] = {
            {"authority_type", "kind"},      {"authority_form", "form"},       {"act_relied_on", "Act"},
            {"grounds", "grounds"},          {"operation", "operation"},       {"scope_subjects", "subjects"},
            {"scope_classes", "classes"},    {"scope_platforms", "platforms"}, {"scope_tactics", "tactics"},
            {"scope_engagement", "contact"}, {"scope_text", "in words"},       {"jp_order_ref", "JP order"}};
        const struct known_entry *entry = known_entry(k, a->seq);
        char clock[AUTHORITY_CLOCK_MAX];
        authority_clock(k, a, at_us, clock);
        (void)printf("%s (%s, entry %llu)\n  %s\n",
                     a->ref[0] != '\0' ? a->ref : "an authority without a reference",
                     entry != NULL ? entry->ref : "", (unsigned long long)a->seq, clock);
        print_granted(a);
        print_course(a, at_us);
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
                print_field(a, rows[i][0], rows[i][1]);
}

void authority_print_line(const struct known *k, const struct authority *a, int64_t at_us)
{
        const struct known_entry *entry = known_entry(k, a->seq);
        char clock[AUTHORITY_CLOCK_MAX];
        authority_clock(k, a, at_us, clock);
        (void)printf("%-24s %-8s %s%s\n", a->ref, entry != NULL ? entry->ref : "", clock,
                     authority_review_overdue(a, at_us) &&
                             authority_state_at(a, &k->terms, at_us) == AUTHORITY_LIVE
                         ? "; a review is overdue"
                         : "");
}
