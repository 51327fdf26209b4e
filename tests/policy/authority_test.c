#include "tests/policy/granted.h"

#include <time.h>

#define NONE FIELDS({NULL, NULL})

static const struct authority_terms ranked = {
    .hours_urgent = 72,
    .months_written = 3,
    .months_source = 12,
    .months_juvenile = 4,
    .ranks_written = {(const uint8_t *)"[\"superintendent\",\"ch-supt\",\"T/Det Supt\"]", 40},
    .ranks_urgent = {(const uint8_t *)"[\"inspector\",\"superintendent\"]", 30}};

static const struct authority *first(const struct registry *r)
{
        return registry_authority_at(r, 0);
}

static enum authority_state state_at(const struct registry *r, int64_t at_us)
{
        return authority_state_at(first(r), &granted_terms, at_us);
}

/* In force until the microsecond before `end`, and no longer. */
static void ends(const struct registry *r, const char *end)
{
        is_at(authority_end(first(r), &granted_terms), end);
        assert_int_equal(state_at(r, at(end) - 1), AUTHORITY_LIVE);
        assert_int_equal(state_at(r, at(end)), AUTHORITY_EXPIRED);
}

static void lasts(const char *type, const char *form, const char *granted_at, const char *end)
{
        char type_json[40], form_json[40], at_json[40];
        snprintf(type_json, sizeof type_json, "\"%s\"", type);
        snprintf(form_json, sizeof form_json, "\"%s\"", form);
        snprintf(at_json, sizeof at_json, "\"%s\"", granted_at);
        struct registry *r =
            granted(granted_at, FIELDS({"authority_type", type_json}, {"authority_form", form_json},
                                       {"granted_at", at_json}));
        ends(r, end);
        assert_int_equal(state_at(r, at(granted_at)), AUTHORITY_LIVE);
        assert_int_equal(state_at(r, at(granted_at) - 1), AUTHORITY_NOT_BEGUN);
        registry_free(r);
}

static void urgent_grants_last_72_hours_by_the_clock(void **state)
{
        (void)state;
        lasts("DSA", "urgent-oral", "2026-06-01T10:15:30Z", "2026-06-04T10:15:30Z");
        lasts("DSA", "urgent-rank", "2026-06-01T10:15:30Z", "2026-06-04T10:15:30Z");
        lasts("CHIS-conduct", "urgent-oral", "2026-06-01T10:15:30Z", "2026-06-04T10:15:30Z");
        /* 72 hours pass, whatever the clocks on the wall do */
        lasts("DSA", "urgent-oral", "2026-03-28T00:30:00Z", "2026-03-31T00:30:00Z");
        lasts("DSA", "urgent-oral", "2026-10-24T00:30:00Z", "2026-10-27T00:30:00Z");
        lasts("DSA", "urgent-oral", "2028-02-27T12:00:00Z", "2028-03-01T12:00:00Z");
}

static void written_grants_last_months_by_the_day(void **state)
{
        (void)state;
        lasts("DSA", "written", "2026-09-01T08:00:00Z", "2026-12-01T00:00:00Z"); /* summer to winter */
        lasts("DSA", "written", "2026-09-01T22:59:59Z", "2026-12-01T00:00:00Z");
        lasts("DSA", "written", "2026-09-01T23:00:00Z", "2026-12-02T00:00:00Z");
        lasts("DSA", "written", "2026-02-01T08:00:00Z", "2026-04-30T23:00:00Z"); /* winter to summer */
        lasts("DSA", "written", "2026-11-30T08:00:00Z", "2027-03-01T00:00:00Z");
        lasts("DSA", "written", "2027-11-30T08:00:00Z", "2028-03-01T00:00:00Z");
        lasts("DSA", "written", "2026-08-31T08:00:00Z", "2026-12-01T00:00:00Z");
        lasts("JP-approved-DSA", "written", "2026-09-01T08:00:00Z", "2026-12-01T00:00:00Z");
        lasts("non-RIPA-approval", "written", "2026-09-01T08:00:00Z", "2026-12-01T00:00:00Z");
        lasts("CHIS-conduct", "written", "2028-02-29T08:00:00Z", "2029-03-01T00:00:00Z");
        lasts("relevant-source", "written", "2027-02-28T08:00:00Z", "2028-02-28T00:00:00Z");
}

static void a_young_source_has_months_of_its_own(void **state)
{
        (void)state;
        struct registry *r = granted("2026-09-01T08:00:00Z", FIELDS({"authority_type", "\"CHIS-conduct\""},
                                                                    {"authority_form", "\"written\""},
                                                                    {"juvenile_source", "\"yes\""}));
        ends(r, "2027-01-01T00:00:00Z");
        registry_free(r);
}

static void effect_begins_when_it_is_said_to(void **state)
{
        static const struct {
                struct granted_field fields[4];
                const char *begins, *ends;
        } rows[] = {
            {{{NULL, NULL}}, "2026-05-05T05:00:00Z", "2026-08-04T23:00:00Z"},
            {{{"granted_at", "\"2026-05-02T09:00:00Z\""}}, "2026-05-02T09:00:00Z", "2026-08-01T23:00:00Z"},
            {{{"granted_at", "\"2026-05-02T09:00:00Z\""}, {"effective_at", "\"2026-05-10T00:00:00Z\""}},
             "2026-05-10T00:00:00Z",
             "2026-08-09T23:00:00Z"},
            {{{"granted_at", "\"2026-05-02T09:00:00Z\""}, {"jp_approved_at", "\"2026-05-04T15:00:00Z\""}},
             "2026-05-04T15:00:00Z",
             "2026-08-03T23:00:00Z"},
            {{{"effective_at", "\"2026-05-10T00:00:00Z\""}, {"jp_approved_at", "\"2026-05-04T15:00:00Z\""}},
             "2026-05-10T00:00:00Z",
             "2026-08-09T23:00:00Z"},
        };
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct registry *r = granted("2026-05-05T05:00:00Z", rows[i].fields);
                assert_int_equal(state_at(r, at(rows[i].begins) - 1), AUTHORITY_NOT_BEGUN);
                assert_int_equal(state_at(r, at(rows[i].begins)), AUTHORITY_LIVE);
                ends(r, rows[i].ends);
                registry_free(r);
        }
}

static void a_written_end_counts_where_it_is_earlier(void **state)
{
        static const struct {
                const char *written, *end;
        } rows[] = {{"\"2026-10-15T12:00:00Z\"", "2026-10-15T12:00:00Z"},
                    {"\"2026-11-30T23:59:00Z\"", "2026-12-01T00:00:00Z"}, /* the last minute of a day */
                    {"\"2026-11-30T23:59:59Z\"", "2026-12-01T00:00:00Z"},
                    {"\"2026-10-15T22:59:00Z\"", "2026-10-15T23:00:00Z"}, /* by summer time */
                    {"\"2026-10-15T22:58:59Z\"", "2026-10-15T22:58:59Z"},
                    {"\"2026-10-15T23:00:00Z\"", "2026-10-15T23:00:00Z"},
                    {"\"2027-10-15T12:00:00Z\"", "2026-12-01T00:00:00Z"}};
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct registry *r = granted("2026-09-01T08:00:00Z", FIELDS({"expires_at", rows[i].written}));
                ends(r, rows[i].end);
                registry_free(r);
        }
}

/* --- renewals --- */

static void renewed(const char *renewed_at, const struct granted_field with[], const char *end)
{
        struct registry *r = granted(
            "2026-09-01T08:00:00Z", FIELDS({"authority_type", "\"DSA\""}, {"authority_form", "\"written\""}));
        granted_change(r, ACT_RENEW, renewed_at, with);
        ends(r, end);
        registry_free(r);
}

static void a_renewal_runs_from_the_end(void **state)
{
        (void)state;
        renewed("2026-09-02T08:00:00Z", NONE, "2027-03-01T00:00:00Z");
        renewed("2026-11-30T23:59:59.999999Z", NONE, "2027-03-01T00:00:00Z");
        renewed("2026-12-01T00:00:00Z", NONE, "2026-12-01T00:00:00Z"); /* nothing is left to renew */
        renewed("2027-01-01T00:00:00Z", NONE, "2026-12-01T00:00:00Z");
        /* the time that it says counts, not that of its entry */
        renewed("2026-12-05T00:00:00Z", FIELDS({"granted_at", "\"2026-11-30T10:00:00Z\""}),
                "2027-03-01T00:00:00Z");
        renewed("2026-11-20T00:00:00Z", FIELDS({"authority_form", "\"urgent-oral\""}),
                "2026-12-04T00:00:00Z");
        renewed("2026-11-20T00:00:00Z", FIELDS({"expires_at", "\"2027-01-10T12:00:00Z\""}),
                "2027-01-10T12:00:00Z");
        renewed("2026-11-20T00:00:00Z", FIELDS({"expires_at", "\"2026-10-10T12:00:00Z\""}),
                "2026-12-01T00:00:00Z"); /* takes nothing away */
}

static void renewals_follow_each_other_by_time(void **state)
{
        struct registry *r = granted("2026-09-01T08:00:00Z", FIELDS({"authority_form", "\"urgent-oral\""}));
        (void)state;
        ends(r, "2026-09-04T08:00:00Z");
        granted_change(r, ACT_RENEW, "2026-09-04T07:59:59.999999Z",
                       FIELDS({"authority_form", "\"written\""}));
        ends(r, "2026-12-04T00:00:00Z"); /* three months from 4 September */
        /* entered late, but made between the two */
        granted_change(
            r, ACT_RENEW, "2026-09-10T00:00:00Z",
            FIELDS({"granted_at", "\"2026-09-03T00:00:00Z\""}, {"authority_form", "\"urgent-oral\""}));
        ends(r, "2026-12-07T00:00:00Z"); /* 72 hours more, then three months from 7 September */
        registry_free(r);
}

static void many_renewals_are_bounded(void **state)
{
        struct registry *r = granted("2020-01-01T08:00:00Z", FIELDS({"authority_type", "\"DSA\""}));
        (void)state;
        for (int i = 0; i < AUTHORITY_RENEWALS_MAX; i++)
                granted_change(r, ACT_RENEW, "2020-03-01T00:00:00Z", NONE);
        is_at(authority_end(first(r), &granted_terms), "2036-04-01T00:00:00+01:00");
        assert_int_equal(granted_fault(r, &(struct granted_entry){200, 1, KIND_AUTHORITY, ACT_RENEW,
                                                                  "2020-03-02T00:00:00Z", NONE}),
                         ERR_FIELD_VALUE);
        registry_free(r);
}

static void cancelled_means_stopped(void **state)
{
        struct registry *r = granted("2026-09-01T08:00:00Z", FIELDS({"authority_type", "\"DSA\""}));
        (void)state;
        granted_change(r, ACT_CANCEL, "2026-09-20T10:00:00Z",
                       FIELDS({"cancelled_at", "\"2026-09-20T09:00:00.5Z\""}));
        assert_int_equal(state_at(r, at("2026-09-20T09:00:00.499999Z")), AUTHORITY_LIVE);
        assert_int_equal(state_at(r, at("2026-09-20T09:00:00.5Z")), AUTHORITY_CANCELLED);
        assert_int_equal(state_at(r, at("2027-09-20T09:00:00Z")), AUTHORITY_CANCELLED);
        /* what comes later changes nothing */
        granted_change(r, ACT_CANCEL, "2026-09-21T10:00:00Z", NONE);
        granted_change(r, ACT_RENEW, "2026-09-21T10:00:00Z", NONE);
        assert_int_equal(state_at(r, at("2026-09-20T09:00:00.5Z")), AUTHORITY_CANCELLED);
        granted_change(r, ACT_CANCEL, "2026-09-22T10:00:00Z",
                       FIELDS({"cancelled_at", "\"2026-09-19T00:00:00Z\""}));
        assert_int_equal(state_at(r, at("2026-09-19T00:00:00Z")), AUTHORITY_CANCELLED);
        registry_free(r);
}

/* --- ranks --- */

static void ranks_have_one_form(void **state)
{
        static const struct {
                const char *rank, *plain;
        } rows[] = {{"T/Det Supt", "t-det-supt"},
                    {"T/Det. Supt.", "t-det-supt"},
                    {"  (A) Superintendent  ", "a-superintendent"},
                    {"Grade 7", "grade-7"},
                    {"Chief\tInspector", "chief-inspector"},
                    {"", ""},
                    {"--", ""},
                    {"Pr\xc3\xa9"
                     "fet",
                     "pr-fet"}};
        char plain[RANK_MAX], small[5];
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                rank_plain(bytes_text(rows[i].rank), plain, sizeof plain);
                assert_string_equal(plain, rows[i].plain);
        }
        rank_plain(bytes_text("ab cd"), small, sizeof small);
        assert_string_equal(small, "ab-c");
        rank_plain(bytes_text("abcd e"), small, sizeof small);
        assert_string_equal(small, "abcd");
        rank_plain(bytes_text("abc d"), small, sizeof small);
        assert_string_equal(small, "abc");
}

static void who_acts_in_urgent_cases_only_grants_72_hours(void **state)
{
        static const struct {
                const char *rank;
                bool urgent;
        } rows[] = {{"\"Inspector\"", true},   {"\"Superintendent\"", false},
                    {"\"t det supt\"", false}, {"\"Constable\"", false},
                    {"\"\"", false},           {"\"INSPECTOR.\"", true}};
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct registry *r =
                    granted("2026-09-01T08:00:00Z",
                            FIELDS({"ao_rank", rows[i].rank}, {"authority_form", "\"written\""}));
                assert_int_equal(authority_is_urgent(first(r), &ranked), rows[i].urgent);
                assert_false(authority_is_urgent(first(r), &granted_terms));
                is_at(authority_end(first(r), &ranked),
                      rows[i].urgent ? "2026-09-04T08:00:00Z" : "2026-12-01T00:00:00Z");
                granted_change(r, ACT_RENEW, "2026-09-02T08:00:00Z", FIELDS({"ao_rank", "\"inspector\""}));
                is_at(authority_end(first(r), &ranked),
                      rows[i].urgent ? "2026-09-07T08:00:00Z" : "2026-12-04T00:00:00Z");
                registry_free(r);
        }
}

static void terms_come_from_the_pack(void **state)
{
        static const char *const yaml =
            "name: t\nversion: \"1\"\ntitle: t\nparameters:\n"
            "  - {name: hours_urgent, value: 48, title: x}\n"
            "  - {name: months_source, value: 6, title: x}\n"
            "  - {name: months_juvenile, value: 0, title: x}\n"
            "  - {name: ranks_urgent, words: [inspector], title: x}\n"
            "rules:\n  - id: R1\n    title: t\n    when: enquiry.f3 = 'yes'\n    effect: note\n    kind: "
            "local\n"
            "    because: b\n    advice: a\n"
            "tests:\n  - {rule: R1, fires: yes, given: {f3: yes}}\n"
            "  - {rule: R1, fires: yes, given: {f3: yes, f5: no}}\n"
            "  - {rule: R1, fires: no, given: {f3: no}}\n  - {rule: R1, fires: no, given: {f5: yes}}\n";
        struct authority_terms terms;
        struct pack *p = given_pack(yaml);
        (void)state;
        authority_terms_of(p, &terms);
        assert_int_equal(terms.hours_urgent, 48);
        assert_int_equal(terms.months_source, 6);
        assert_int_equal(terms.months_written, 3);
        assert_int_equal(terms.months_juvenile, 4); /* no months at all is no term */
        assert_int_equal(terms.ranks_written.n, 0);
        assert_true(bytes_is(terms.ranks_urgent, "[\"inspector\"]"));
        pack_free(p);
}

/* --- reviews --- */

static bool overdue(const struct registry *r, const char *when, int64_t and_us)
{
        return authority_review_overdue(first(r), at(when) + and_us);
}

static void a_review_is_due_by_the_end_of_its_day(void **state)
{
        struct registry *r = granted("2026-09-01T08:00:00Z",
                                     FIELDS({"review_dates", "[\"2026-09-28\",\"2026-10-28T15:00:00Z\"]"}));
        (void)state;
        assert_false(overdue(r, "2026-09-28T23:00:00Z", -1)); /* 23:59:59.999999 by summer time */
        assert_true(overdue(r, "2026-09-28T23:00:00Z", 0));
        granted_change(r, ACT_REVIEW, "2026-09-27T22:59:59.999999Z", NONE); /* the day before */
        assert_true(overdue(r, "2026-09-28T23:00:00Z", 0));
        granted_change(r, ACT_REVIEW, "2026-09-29T10:00:00Z",
                       FIELDS({"reviewed_at", "\"2026-09-27T23:00:00Z\""}));
        assert_false(overdue(r, "2026-10-28T15:00:00Z", 0));
        assert_true(overdue(r, "2026-10-28T15:00:00Z", 1));
        granted_change(r, ACT_REVIEW, "2026-11-02T10:00:00Z", NONE);
        assert_false(overdue(r, "2027-10-28T15:00:00Z", 1));
        assert_int_equal(first(r)->reviews_n, 3);
        registry_free(r);
}

static void a_review_sets_the_dates_to_come(void **state)
{
        struct registry *r =
            granted("2026-09-01T08:00:00Z", FIELDS({"review_dates", "[\"2026-09-28\",\"2026-10-28\"]"}));
        (void)state;
        granted_change(r, ACT_REVIEW, "2026-09-25T10:00:00Z", FIELDS({"review_dates", "[\"2026-11-05\"]"}));
        assert_int_equal(first(r)->dates_n, 1);
        assert_false(overdue(r, "2026-11-06T00:00:00Z", -1));
        assert_true(overdue(r, "2026-11-06T00:00:00Z", 0));
        registry_free(r);
        /* a renewal is no review: what was missed stays missed */
        r = granted("2026-09-01T08:00:00Z", FIELDS({"review_dates", "[\"2026-09-28\",\"2026-10-28\"]"}));
        granted_change(r, ACT_RENEW, "2026-10-01T10:00:00Z", FIELDS({"review_dates", "[\"2027-01-05\"]"}));
        assert_int_equal(first(r)->dates_n, 2);
        assert_true(overdue(r, "2026-10-02T00:00:00Z", 0));
        registry_free(r);
}

static void dates_are_dates(void **state)
{
        static const char *const bad[] = {"[\"soon\"]", "[\"2026-02-30\"]", "[\"2026-10\"]",
                                          "[\"2026-10-01\",\"1 October\"]", "[\"2026-10-01T10:00\"]"};
        struct registry *r = registry_new();
        char many[20 * (AUTHORITY_DATES_MAX + 1)] = "[";
        (void)state;
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
                assert_int_equal(granted_fault(r, &(struct granted_entry){1, 0, KIND_AUTHORITY, ACT_REGISTER,
                                                                          "2026-09-01T00:00:00Z",
                                                                          FIELDS({"review_dates", bad[i]})}),
                                 ERR_FIELD_VALUE);
        for (int i = 0; i <= AUTHORITY_DATES_MAX; i++)
                strcat(many, i ? ",\"2026-10-01\"" : "\"2026-10-01\"");
        strcat(many, "]");
        assert_int_equal(
            granted_fault(r, &(struct granted_entry){1, 0, KIND_AUTHORITY, ACT_REGISTER,
                                                     "2026-09-01T00:00:00Z", FIELDS({"review_dates", many})}),
            ERR_FIELD_VALUE);
        registry_free(r);
}

/* --- facts --- */

static void ask(const struct registry *r, const char *when, const char *force,
                const struct granted_field with[], struct given *g)
{
        given_init(g, KIND_INTENT);
        for (; with->name; with++)
                given_field(&g->body, with->name, with->json);
        assert_int_equal(authority_facts(first(r), &ranked, at(when), bytes_text(force), &g->facts), OK);
}

static void has_number(const struct given *g, enum fact f, int64_t n)
{
        if (g->facts.value[f].type != FACT_INT || g->facts.value[f].number != n)
                fail_msg("%s is %lld (type %d), not %lld", fact_name(f), (long long)g->facts.value[f].number,
                         (int)g->facts.value[f].type, (long long)n);
}

static void has_text(const struct given *g, enum fact f, const char *text)
{
        assert_int_equal(g->facts.value[f].type, FACT_TEXT);
        assert_true(bytes_is(g->facts.value[f].text, text));
}

static void is_unknown(const struct given *g, enum fact f)
{
        if (g->facts.value[f].type != FACT_NULL)
                fail_msg("%s is known", fact_name(f));
}

static void facts_are_the_grants(void **state)
{
        struct registry *r = granted(
            "2026-09-01T08:00:00Z",
            FIELDS({"authority_type", "\"relevant-source\""}, {"authority_form", "\"written\""},
                   {"act_relied_on", "\"RIPSA\""}, {"grounds", "[\"crime-or-disorder\",\"public-safety\"]"},
                   {"ao_rank", "\"T/Det Supt\""}, {"ao_force", "\"West Midlands Police\""},
                   {"ao_direct_involvement", "\"yes\""}, {"collaboration_ref", "\"COL-1\""},
                   {"chief_officer_approval", "\"ACC \\\"North\\\"\""}, {"jp_order_ref", "\"J/1\""},
                   {"cumulative_days", "340"}, {"long_term_approval_ref", "\"LT-2\""}));
        struct given g;
        (void)state;
        ask(r, "2026-09-01T08:00:00Z", "west midlands police", NONE, &g);
        has_text(&g, FACT_AUTHORITY_STATE, "live");
        has_number(&g, FACT_AUTHORITY_LIVE, 1);
        has_text(&g, FACT_AUTHORITY_TYPE, "relevant-source");
        has_text(&g, FACT_AUTHORITY_FORM, "written");
        has_text(&g, FACT_AUTHORITY_ACT, "RIPSA");
        has_text(&g, FACT_AUTHORITY_GROUNDS, "[\"crime-or-disorder\",\"public-safety\"]");
        has_text(&g, FACT_AUTHORITY_RANK, "t-det-supt");
        has_number(&g, FACT_AUTHORITY_URGENT, 0);
        has_number(&g, FACT_AUTHORITY_HOURS_LEFT, 365 * 24 - 9); /* from 09:00 to midnight by summer time */
        has_number(&g, FACT_AUTHORITY_REVIEW_OVERDUE, 0);
        has_number(&g, FACT_AUTHORITY_REVIEWS, 0);
        has_number(&g, FACT_AUTHORITY_SAME_FORCE, 1);
        has_number(&g, FACT_AUTHORITY_COLLABORATION, 1);
        has_number(&g, FACT_AUTHORITY_DIRECT, 1);
        has_number(&g, FACT_AUTHORITY_CHIEF_OFFICER, 1);
        has_number(&g, FACT_AUTHORITY_JP_ORDER, 1);
        has_number(&g, FACT_AUTHORITY_CUMULATIVE_DAYS, 340);
        has_number(&g, FACT_AUTHORITY_LONG_TERM, 1);
        is_unknown(&g, FACT_AUTHORITY_CLAIMED);
        is_unknown(&g, FACT_AUTHORITY_DETERMINED);
        for (enum fact f = FACT_AUTHORITY_SUBJECT_IN_SCOPE; f <= FACT_AUTHORITY_ENGAGEMENT_IN_SCOPE; f++)
                is_unknown(&g, f);
        ask(r, "2026-09-01T08:00:00Z", "Kent Police", NONE, &g);
        has_number(&g, FACT_AUTHORITY_SAME_FORCE, 0);
        ask(r, "2026-09-01T08:00:00Z", "", NONE, &g);
        is_unknown(&g, FACT_AUTHORITY_SAME_FORCE);
        registry_free(r);
}

static void what_a_grant_leaves_out_is_not_known(void **state)
{
        struct registry *r = granted("2026-09-01T08:00:00Z", NONE);
        struct given g;
        (void)state;
        ask(r, "2026-09-01T07:59:59Z", "Kent Police", NONE, &g);
        has_text(&g, FACT_AUTHORITY_STATE, "not-begun");
        has_number(&g, FACT_AUTHORITY_LIVE, 0);
        is_unknown(&g, FACT_AUTHORITY_HOURS_LEFT);
        is_unknown(&g, FACT_AUTHORITY_TYPE);
        is_unknown(&g, FACT_AUTHORITY_FORM);
        is_unknown(&g, FACT_AUTHORITY_ACT);
        is_unknown(&g, FACT_AUTHORITY_GROUNDS);
        is_unknown(&g, FACT_AUTHORITY_RANK);
        is_unknown(&g, FACT_AUTHORITY_SAME_FORCE);
        is_unknown(&g, FACT_AUTHORITY_DIRECT);
        is_unknown(&g, FACT_AUTHORITY_CUMULATIVE_DAYS);
        has_number(&g, FACT_AUTHORITY_COLLABORATION, 0);
        has_number(&g, FACT_AUTHORITY_JP_ORDER, 0);
        granted_change(r, ACT_RENEW, "2026-10-01T00:00:00Z",
                       FIELDS({"jp_order_ref", "\"J/2\""}, {"cumulative_days", "400"}));
        ask(r, "2027-02-28T23:00:00Z", "", NONE, &g);
        has_number(&g, FACT_AUTHORITY_JP_ORDER, 1);
        has_number(&g, FACT_AUTHORITY_CUMULATIVE_DAYS, 400);
        has_number(&g, FACT_AUTHORITY_HOURS_LEFT, 1);
        ask(r, "2027-02-28T23:00:00.000001Z", "", NONE, &g);
        has_number(&g, FACT_AUTHORITY_HOURS_LEFT, 0);
        ask(r, "2027-03-01T00:00:00Z", "", NONE, &g);
        has_text(&g, FACT_AUTHORITY_STATE, "expired");
        is_unknown(&g, FACT_AUTHORITY_HOURS_LEFT);
        registry_free(r);
}

static void an_activity_borrows_from_its_intent(void **state)
{
        struct registry *r =
            granted("2026-09-01T08:00:00Z",
                    FIELDS({"scope_subjects", "[\"https://x.com/jack\"]"}, {"scope_platforms", "[\"x\"]"},
                           {"scope_tactics", "[\"manual\"]"}, {"scope_engagement", "\"logged-in-passive\""}));
        struct given intent, activity;
        (void)state;
        given_init(&intent, KIND_INTENT);
        given_field(&intent.body, "subject", "\"x:jack\"");
        given_field(&intent.body, "platform", "\"x\"");
        given_field(&intent.body, "method", "\"manual\"");
        given_field(&intent.body, "engagement_level", "\"passive-view\"");
        given_init(&activity, KIND_ACTIVITY);
        given_field(&activity.body, "engagement_level", "\"message\"");
        activity.facts.intent = &intent.body;
        assert_int_equal(
            authority_facts(first(r), &ranked, at("2026-09-02T00:00:00Z"), bytes_text(""), &activity.facts),
            OK);
        has_number(&activity, FACT_AUTHORITY_SUBJECT_IN_SCOPE, 1);
        has_number(&activity, FACT_AUTHORITY_PLATFORM_IN_SCOPE, 1);
        has_number(&activity, FACT_AUTHORITY_TACTIC_IN_SCOPE, 1);
        has_number(&activity, FACT_AUTHORITY_ENGAGEMENT_IN_SCOPE, 0);
        registry_free(r);
}

static void facts_are_quick(void **state)
{
        enum { ROUNDS = 20000 };
        struct registry *r =
            granted("2026-09-01T08:00:00Z",
                    FIELDS({"scope_subjects", "[\"https://x.com/jack\",\"https://x.com/jill\"]"},
                           {"scope_platforms", "[\"x\"]"}, {"scope_tactics", "[\"manual\"]"}));
        struct timespec from, to;
        struct given g;
        (void)state;
        ask(r, "2026-09-02T00:00:00Z", "", FIELDS({"subject", "\"x:jill\""}, {"platform", "\"x\""}), &g);
        const int64_t when = at("2026-09-02T00:00:00Z");
        assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &from), 0);
        for (int i = 0; i < ROUNDS; i++)
                assert_int_equal(authority_facts(first(r), &ranked, when, bytes_text(""), &g.facts), OK);
        assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &to), 0);
        print_message("facts of one authority: %.0f ns\n",
                      ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) /
                          ROUNDS);
        registry_free(r);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(urgent_grants_last_72_hours_by_the_clock),
            cmocka_unit_test(written_grants_last_months_by_the_day),
            cmocka_unit_test(a_young_source_has_months_of_its_own),
            cmocka_unit_test(effect_begins_when_it_is_said_to),
            cmocka_unit_test(a_written_end_counts_where_it_is_earlier),
            cmocka_unit_test(a_renewal_runs_from_the_end),
            cmocka_unit_test(renewals_follow_each_other_by_time),
            cmocka_unit_test(many_renewals_are_bounded),
            cmocka_unit_test(cancelled_means_stopped),
            cmocka_unit_test(ranks_have_one_form),
            cmocka_unit_test(who_acts_in_urgent_cases_only_grants_72_hours),
            cmocka_unit_test(terms_come_from_the_pack),
            cmocka_unit_test(a_review_is_due_by_the_end_of_its_day),
            cmocka_unit_test(a_review_sets_the_dates_to_come),
            cmocka_unit_test(dates_are_dates),
            cmocka_unit_test(facts_are_the_grants),
            cmocka_unit_test(what_a_grant_leaves_out_is_not_known),
            cmocka_unit_test(an_activity_borrows_from_its_intent),
            cmocka_unit_test(facts_are_quick),
        };
        return cmocka_run_group_tests(tests, given_setup, NULL);
}
