#include "policy/authority.h"

#define HOURS_URGENT    72 /* RIPA s.43(3)(a) */
#define MONTHS_SOURCE   12 /* s.43(3)(b) */
#define MONTHS_WRITTEN  3  /* s.43(3)(c) */
#define MONTHS_JUVENILE 4  /* SI 2018/715: that it is shorter; the number was not read there */
#define HOURS_MAX       (366 * 24)

/* --- terms --- */

static int64_t number_of(const struct pack *pack, const char *name, int64_t max, int64_t otherwise)
{
        const struct parameter *p = pack_parameter_of_name(pack, name);
        return p && p->words.n == 0 && p->value > 0 && p->value <= max ? p->value : otherwise;
}

static unsigned months_named(const struct pack *pack, const char *name, unsigned otherwise)
{
        return (unsigned)number_of(pack, name, CALENDAR_MONTHS_MAX, otherwise);
}

static struct bytes list_named(const struct pack *pack, const char *name)
{
        const struct parameter *p = pack_parameter_of_name(pack, name);
        return p ? p->words : bytes_text("");
}

void authority_terms_of(const struct pack *pack, struct authority_terms *out)
{
        out->hours_urgent = number_of(pack, "hours_urgent", HOURS_MAX, HOURS_URGENT);
        out->months_written = months_named(pack, "months_written", MONTHS_WRITTEN);
        out->months_source = months_named(pack, "months_source", MONTHS_SOURCE);
        out->months_juvenile = months_named(pack, "months_juvenile", MONTHS_JUVENILE);
        out->ranks_written = list_named(pack, "ranks_written");
        out->ranks_urgent = list_named(pack, "ranks_urgent");
}

/* --- ranks --- */

void rank_plain(struct bytes rank, char *out, size_t out_size)
{
        size_t n = 0;
        bool between = false;
        if (out_size == 0)
                return;
        for (size_t i = 0; i < rank.n; i++) {
                uint8_t c = rank.at[i];
                if (c >= 'A' && c <= 'Z')
                        c |= 0x20;
                if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
                        between = n > 0;
                        continue;
                }
                if (n + between + 1 >= out_size)
                        break;
                if (between)
                        out[n++] = '-';
                out[n++] = (char)c;
                between = false;
        }
        out[n] = '\0';
}

static bool has_rank(struct bytes list, const char *rank)
{
        char plain[RANK_MAX];
        struct bytes value, text;
        bool done;
        if (list.n == 0)
                return false;
        while (!json_next_element(&list, &value, &done) && !done) {
                if (json_whole_string(value, &text))
                        continue;
                rank_plain(text, plain, sizeof plain);
                if (strcmp(plain, rank) == 0)
                        return true;
        }
        return false;
}

static bool acts_when_urgent_only(const char *rank, const struct authority_terms *terms)
{
        return rank[0] != '\0' && has_rank(terms->ranks_urgent, rank) &&
               !has_rank(terms->ranks_written, rank);
}

bool authority_is_urgent(const struct authority *a, const struct authority_terms *terms)
{
        return a->urgent_form || acts_when_urgent_only(a->rank, terms);
}

/* --- clocks --- */

static bool is_word(const struct word *w, const char *text)
{
        return w != NULL && strcmp(w->word, text) == 0;
}

static unsigned months_of(const struct authority *a, const struct authority_terms *terms)
{
        if (!is_word(a->type, "CHIS-conduct") && !is_word(a->type, "relevant-source"))
                return terms->months_written;
        return a->juvenile ? terms->months_juvenile : terms->months_source;
}

/* The end of a period that begins at from_us, or the one written on it, whichever comes first. */
static int64_t period_end(int64_t from_us, bool urgent, unsigned months, int64_t written_us,
                          const struct authority_terms *terms)
{
        const int64_t end_us =
            urgent ? from_us + terms->hours_urgent * MOMENT_HOUR_US : calendar_months_end(from_us, months);
        return written_us != 0 && written_us < end_us ? written_us : end_us;
}

int64_t authority_end(const struct authority *a, const struct authority_terms *terms)
{
        const unsigned months = months_of(a, terms);
        int64_t end_us =
            period_end(a->effective_us, authority_is_urgent(a, terms), months, a->written_end_us, terms);
        for (size_t i = 0; i < a->renewals_n; i++) {
                const struct renewal *r = &a->renewal[i];
                const bool urgent = r->urgent || acts_when_urgent_only(r->rank, terms);
                if (r->granted_us >= end_us)
                        break;
                const int64_t next_us = period_end(end_us, urgent, months, r->written_end_us, terms);
                end_us = next_us > end_us ? next_us : end_us; /* a renewal takes nothing away */
        }
        return end_us;
}

const char *authority_state_name(enum authority_state s)
{
        static const char *const names[AUTHORITY_STATE_COUNT] = {
            [AUTHORITY_NONE] = "none",           [AUTHORITY_UNREGISTERED] = "unregistered",
            [AUTHORITY_NOT_BEGUN] = "not-begun", [AUTHORITY_LIVE] = "live",
            [AUTHORITY_EXPIRED] = "expired",     [AUTHORITY_CANCELLED] = "cancelled"};
        return (unsigned)s < AUTHORITY_STATE_COUNT ? names[s] : "";
}

enum authority_state authority_state_at(const struct authority *a, const struct authority_terms *terms,
                                        int64_t at_us)
{
        if (a->cancelled_us != 0 && at_us >= a->cancelled_us)
                return AUTHORITY_CANCELLED;
        if (at_us < a->effective_us)
                return AUTHORITY_NOT_BEGUN;
        return at_us < authority_end(a, terms) ? AUTHORITY_LIVE : AUTHORITY_EXPIRED;
}

bool authority_review_overdue(const struct authority *a, int64_t at_us)
{
        for (size_t i = 0; i < a->dates_n; i++)
                if (at_us > a->date[i] && a->last_review_us < calendar_day_start(a->date[i]))
                        return true;
        return false;
}
