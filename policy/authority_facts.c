#include "policy/authority.h"

static void number(struct facts *out, enum fact f, int64_t n)
{
        out->value[f] = (struct fact_value){.type = FACT_INT, .number = n};
}

static void text(struct facts *out, enum fact f, struct bytes t)
{
        if (t.n > 0)
                out->value[f] = (struct fact_value){.type = FACT_TEXT, .text = t};
}

static void word(struct facts *out, enum fact f, const struct word *w)
{
        if (w != NULL)
                text(out, f, bytes_text(w->word));
}

static void clock_facts(const struct authority *a, const struct authority_terms *terms, int64_t at_us,
                        struct facts *out)
{
        const enum authority_state state = authority_state_at(a, terms, at_us);
        text(out, FACT_AUTHORITY_STATE, bytes_text(authority_state_name(state)));
        number(out, FACT_AUTHORITY_LIVE, state == AUTHORITY_LIVE);
        number(out, FACT_AUTHORITY_URGENT, authority_is_urgent(a, terms));
        number(out, FACT_AUTHORITY_REVIEW_OVERDUE, authority_review_overdue(a, at_us));
        number(out, FACT_AUTHORITY_REVIEWS, (int64_t)a->reviews_n);
        if (state != AUTHORITY_LIVE)
                return;
        int64_t end_us = authority_end(a, terms);
        if (a->cancelled_us != 0 && a->cancelled_us < end_us)
                end_us = a->cancelled_us;
        number(out, FACT_AUTHORITY_HOURS_LEFT, (end_us - at_us) / MOMENT_HOUR_US);
}

static struct bytes grounds_of(const struct authority *a)
{
        const struct body_field *f = body_find(a->terms, "grounds");
        return f && f->state == FIELD_PRESENT ? f->value : bytes_text("");
}

static void term_facts(const struct authority *a, struct facts *out)
{
        word(out, FACT_AUTHORITY_TYPE, a->type);
        word(out, FACT_AUTHORITY_FORM, a->form);
        word(out, FACT_AUTHORITY_ACT, a->act);
        text(out, FACT_AUTHORITY_GROUNDS, grounds_of(a));
        text(out, FACT_AUTHORITY_RANK, bytes_text(a->rank));
        number(out, FACT_AUTHORITY_COLLABORATION, a->named.collaboration);
        number(out, FACT_AUTHORITY_CHIEF_OFFICER, a->named.chief_officer);
        number(out, FACT_AUTHORITY_JP_ORDER, a->named.jp_order);
        number(out, FACT_AUTHORITY_LONG_TERM, a->named.long_term);
        if (a->named.cumulative_days >= 0)
                number(out, FACT_AUTHORITY_CUMULATIVE_DAYS, a->named.cumulative_days);
        if (a->direct != AUTHORITY_DIRECT_UNSAID)
                number(out, FACT_AUTHORITY_DIRECT, a->direct == AUTHORITY_DIRECT_YES);
}

static void force_fact(const struct authority *a, struct bytes force, struct facts *out)
{
        char plain[FORCE_MAX];
        rank_plain(force, plain, sizeof plain);
        if (plain[0] != '\0' && a->force[0] != '\0')
                number(out, FACT_AUTHORITY_SAME_FORCE, strcmp(plain, a->force) == 0);
}

static enum err scope_facts(const struct authority *a, struct facts *out)
{
        static const enum fact facts[SCOPE_PARTS] = {[SCOPE_SUBJECT] = FACT_AUTHORITY_SUBJECT_IN_SCOPE,
                                                     [SCOPE_PLATFORM] = FACT_AUTHORITY_PLATFORM_IN_SCOPE,
                                                     [SCOPE_TACTIC] = FACT_AUTHORITY_TACTIC_IN_SCOPE,
                                                     [SCOPE_ENGAGEMENT] = FACT_AUTHORITY_ENGAGEMENT_IN_SCOPE};
        enum scope_answer answer[SCOPE_PARTS];
        enum err e = scope_ask(&a->scope, out->body, out->intent, answer);
        for (unsigned part = 0; e == OK && part < SCOPE_PARTS; part++)
                if (answer[part] != SCOPE_SILENT)
                        number(out, facts[part], answer[part] == SCOPE_INSIDE);
        return e;
}

enum err authority_facts(const struct authority *a, const struct authority_terms *terms, int64_t at_us,
                         struct bytes force, struct facts *facts)
{
        clock_facts(a, terms, at_us, facts);
        term_facts(a, facts);
        force_fact(a, force, facts);
        return scope_facts(a, facts);
}
