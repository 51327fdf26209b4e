#include "tests/policy/shipped.h"

static struct shipped police;

static int open_pack(void **state)
{
        if (given_setup(state))
                return 1;
        shipped_open(&police, TEST_ROOT "/policy/uk-police.yaml");
        return 0;
}

static int close_pack(void **state)
{
        (void)state;
        shipped_close(&police);
        return 0;
}

static void its_own_cases_pass(void **state)
{
        (void)state;
        assert_string_equal(pack_name(police.pack), "uk-police");
        assert_int_equal(shipped_failures(police.pack, shipped_tell), 0);
        shipped_is_honest(police.pack);
}

/* The rules that a force cannot do without, and how each acts. */
static void it_has_the_rules_and_their_effects(void **state)
{
        static const struct {
                const char *id;
                enum effect effect;
        } rows[] = {
            {"L01", EFFECT_REFUSE},      {"L02", EFFECT_REFUSE},    {"L02-W", EFFECT_WARN},
            {"L03", EFFECT_APPROVE},     {"L03-M", EFFECT_NOTE},    {"L04", EFFECT_REFUSE},
            {"L09", EFFECT_REFUSE},      {"L10", EFFECT_APPROVE},   {"D01", EFFECT_AUTHORISE},
            {"D01-R", EFFECT_NOTE},      {"D02", EFFECT_APPROVE},   {"D03", EFFECT_WARN},
            {"D04", EFFECT_APPROVE},     {"D05", EFFECT_AUTHORISE}, {"D05-W", EFFECT_APPROVE},
            {"D06", EFFECT_WARN},        {"D07", EFFECT_APPROVE},   {"D08", EFFECT_AUTHORISE},
            {"D08-W", EFFECT_APPROVE},   {"D09", EFFECT_APPROVE},   {"D12", EFFECT_AUTHORISE},
            {"D13", EFFECT_AUTHORISE},   {"D16", EFFECT_NOTE},      {"A01", EFFECT_REFUSE},
            {"A02", EFFECT_REFUSE},      {"A03", EFFECT_REFUSE},    {"A04", EFFECT_REFUSE},
            {"A08", EFFECT_REFUSE},      {"A10", EFFECT_REFUSE},    {"A11", EFFECT_AUTHORISE},
            {"A12", EFFECT_AUTHORISE},   {"A13", EFFECT_REFUSE},    {"E01", EFFECT_REFUSE},
            {"E01-A", EFFECT_AUTHORISE}, {"E03", EFFECT_REFUSE},    {"E04", EFFECT_REFUSE},
            {"E06", EFFECT_REFUSE},      {"E06-W", EFFECT_WARN},    {"P01", EFFECT_APPROVE},
            {"P01-M", EFFECT_NOTE},      {"P05", EFFECT_APPROVE},   {"P06", EFFECT_WARN},
            {"P10", EFFECT_REFUSE},      {"Q01", EFFECT_WARN},      {"Q04", EFFECT_NOTE},
            {"Q08", EFFECT_REFUSE},      {"S01", EFFECT_REFUSE},    {"S04", EFFECT_REFUSE},
            {"S10", EFFECT_REFUSE},
        };
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                const struct rule *r = pack_rule_of_id(police.pack, rows[i].id);
                assert_non_null(r);
                assert_int_equal(r->effect, rows[i].effect);
        }
}

/* A copy of the pack in which one number is another; NULL where there would be none from 0 up. */
static char *with_number(const struct parameter *p, int64_t value)
{
        char *copy, mark[80];
        const char *at, *from, *to;
        if (value < 0)
                return NULL;
        copy = test_calloc(1, PACK_TEXT_MAX + 1);
        assert_true(snprintf(mark, sizeof mark, "  - name: %s\n    value: ", p->name) > 0);
        assert_non_null(at = strstr(police.text, mark));
        from = at + strlen(mark);
        assert_non_null(to = strchr(from, '\n'));
        assert_true(snprintf(copy, PACK_TEXT_MAX, "%.*s%lld%s", (int)(from - police.text), police.text,
                             (long long)value, to) > 0);
        return copy;
}

/* Counted in the program, and tested there. */
static bool is_counted_elsewhere(const char *name)
{
        return strcmp(name, "window_days") == 0 || strcmp(name, "hours_urgent") == 0 ||
               strncmp(name, "months_", 7) == 0;
}

static void one_more_or_less_of_any_number_fails_a_case(void **state)
{
        size_t tried = 0;
        (void)state;
        for (size_t i = 0; i < pack_parameters(police.pack); i++) {
                const struct parameter *p = pack_parameter(police.pack, i);
                for (int by = -1; by <= 1 && p->words.n == 0 && !is_counted_elsewhere(p->name); by += 2) {
                        char *text = with_number(p, p->value + by);
                        struct pack *changed = given_pack(text);
                        if (shipped_failures(changed, NULL) == 0)
                                fail_msg("no case stands at the edge of %s", p->name);
                        tried++;
                        pack_free(changed);
                        test_free(text);
                }
        }
        assert_true(tried >= 40);
}

static void quick_look(struct given *g)
{
        given_init(g, KIND_INTENT);
        given_quick_look(&g->body);
        given_fact(&g->facts, FACT_AUTHOR_TRAINING, 2);
        given_fact(&g->facts, FACT_OPERATION_KNOWN, 1);
        given_fact(&g->facts, FACT_OPERATION_OPEN, 1);
        given_fact(&g->facts, FACT_AUTHORITY_CLAIMED, 0);
        given_fact(&g->facts, FACT_AUTHORITY_LIVE, 0);
        given_fact(&g->facts, FACT_AUTHORITY_DETERMINED, 0);
        shipped_text(g, FACT_AUTHORITY_STATE, "none");
        given_fact(&g->facts, FACT_VIEWS_WINDOW, 1);
        given_fact(&g->facts, FACT_VIEWS_D7, 1);
        given_fact(&g->facts, FACT_VIEWS_D365, 1);
}

static void the_quick_look_is_accepted_and_only_noted(void **state)
{
        struct given g;
        (void)state;
        quick_look(&g);
        shipped_ask(&police, &g);
        assert_int_equal(police.judgement.verdict, VERDICT_ACCEPTED);
        assert_int_equal(police.judgement.lane, LANE_QUICK);
        assert_int_equal(police.judgement.hits_n, 1);
        assert_true(shipped_hit(&police, "D01-R"));
}

static void looks_go_from_a_word_to_an_authority(void **state)
{
        static const struct {
                int64_t views;
                enum verdict verdict;
                bool d06, d07, d08, d01;
        } rows[] = {{1, VERDICT_ACCEPTED, false, false, false, false},
                    {2, VERDICT_ACCEPTED, true, false, false, false},
                    {3, VERDICT_WAITING, true, true, false, true},
                    {4, VERDICT_WAITING, true, true, true, true},
                    {40, VERDICT_WAITING, true, true, true, true}};
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct given g;
                quick_look(&g);
                given_fact(&g.facts, FACT_VIEWS_WINDOW, rows[i].views);
                shipped_ask(&police, &g);
                assert_int_equal(police.judgement.verdict, rows[i].verdict);
                assert_int_equal(shipped_hit(&police, "D06"), rows[i].d06);
                assert_int_equal(shipped_hit(&police, "D07"), rows[i].d07);
                assert_int_equal(shipped_hit(&police, "D08"), rows[i].d08);
                assert_int_equal(shipped_hit(&police, "D01"), rows[i].d01);
                given_field(&g.body, "urgent", "\"life\"");
                shipped_ask(&police, &g);
                assert_int_equal(police.judgement.verdict, VERDICT_ACCEPTED);
        }
}

static void an_authority_meets_what_asks_for_one(void **state)
{
        static const char *const types[] = {"DSA", "CHIS-conduct", "relevant-source"};
        struct given g;
        (void)state;
        for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
                quick_look(&g);
                given_field(&g.body, "planned_repeat", "\"yes\"");
                given_fact(&g.facts, FACT_VIEWS_WINDOW, 9);
                shipped_ask(&police, &g);
                assert_int_equal(police.judgement.verdict, VERDICT_WAITING);
                shipped_authority(&g, types[i]);
                shipped_ask(&police, &g);
                assert_int_equal(police.judgement.verdict, VERDICT_ACCEPTED);
                assert_int_equal(police.judgement.lane, LANE_AUTHORISED);
                assert_int_equal(police.judgement.hits_n, 0);
                given_fact(&g.facts, FACT_AUTHORITY_LIVE, 0);
                shipped_text(&g, FACT_AUTHORITY_STATE, "expired");
                shipped_ask(&police, &g);
                assert_int_equal(police.judgement.verdict, VERDICT_REFUSED);
        }
}

static void a_child_waits_unless_urgent_or_missing(void **state)
{
        static const struct {
                const char *band;
                bool waits;
        } rows[] = {{"\"under-10\"", true},
                    {"\"10-13\"", true},
                    {"\"14-17\"", true},
                    {"\"adult\"", false},
                    {"\"unknown\"", false}};
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct given g;
                quick_look(&g);
                given_field(&g.body, "subject_age_band", rows[i].band);
                shipped_ask(&police, &g);
                assert_int_equal(police.judgement.verdict,
                                 rows[i].waits ? VERDICT_WAITING : VERDICT_ACCEPTED);
                assert_int_equal(shipped_hit(&police, "P01"), rows[i].waits);
                assert_int_equal(police.judgement.lane, rows[i].waits ? LANE_STANDARD : LANE_QUICK);
                given_field(&g.body, "urgent", "\"life\"");
                shipped_ask(&police, &g);
                assert_int_equal(police.judgement.verdict, VERDICT_ACCEPTED);
        }
}

static void a_personal_account_is_refused_even_when_urgent(void **state)
{
        struct given g;
        (void)state;
        quick_look(&g);
        given_field(&g.body, "account_attribution", "\"personal\"");
        shipped_ask(&police, &g);
        assert_int_equal(police.judgement.verdict, VERDICT_REFUSED);
        assert_true(shipped_hit(&police, "E03"));
        given_field(&g.body, "urgent", "\"life\"");
        shipped_ask(&police, &g);
        assert_int_equal(police.judgement.verdict, VERDICT_REFUSED);
}

static void an_activity_takes_the_rest_from_its_intent(void **state)
{
        struct given intent, g;
        (void)state;
        quick_look(&intent);
        given_init(&g, KIND_ACTIVITY);
        given_field(&g.body, "result", "\"nothing-found\"");
        given_field(&g.body, "ended_at", "\"2026-11-23T10:04:00Z\"");
        shipped_ask(&police, &g);
        assert_int_equal(police.judgement.verdict, VERDICT_FLAGGED);
        assert_true(shipped_hit(&police, "L01") && shipped_hit(&police, "L02"));
        g.facts.intent = &intent.body;
        shipped_ask(&police, &g);
        assert_int_equal(police.judgement.verdict, VERDICT_ACCEPTED);
        assert_int_equal(police.judgement.lane, LANE_QUICK);
}

/* What somebody finds out only by looking, and says, is no fault of the look. */
static void what_is_found_in_a_quick_look_is_not_flagged(void **state)
{
        static const struct {
                const char *field, *value;
        } rows[] = {{"sensitive_categories", "[\"health\"]"},
                    {"f4", "\"yes\""},
                    {"f8_recorded", "\"yes\""},
                    {"third_parties_count", "\"10+\""},
                    {"openness", "\"group-open\""},
                    {"minutes_active", "25"},
                    {"pages_viewed", "40"},
                    {"useful", "\"no\""}};
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct given intent, g;
                quick_look(&intent);
                given_init(&g, KIND_ACTIVITY);
                given_field(&g.body, "result", "\"captured\"");
                given_field(&g.body, "collateral_minimise", "[\"crop\"]");
                given_field(&g.body, rows[i].field, rows[i].value);
                given_fact(&g.facts, FACT_VIEWS_WINDOW, 1);
                given_fact(&g.facts, FACT_VIEWS_SITTINGS, 1);
                shipped_text(&g, FACT_ENTRY_INTENT_STATE, "accepted");
                g.facts.intent = &intent.body;
                shipped_ask(&police, &g);
                if (police.judgement.verdict != VERDICT_ACCEPTED)
                        fail_msg("%s %s is flagged", rows[i].field, rows[i].value);
        }
}

static void lanes_follow_what_is_asked_for(void **state)
{
        static const struct {
                const char *field, *value;
                enum lane lane;
        } rows[] = {
            {"method", "\"manual\"", LANE_QUICK},
            {"method", "\"extension\"", LANE_QUICK},
            {"method", "\"api\"", LANE_STANDARD},
            {"method", "\"scraper\"", LANE_STANDARD},
            {"f6", "\"yes\"", LANE_STANDARD},
            {"subject_age_band", "\"14-17\"", LANE_STANDARD},
            {"engagement_level", "\"passive-view\"", LANE_QUICK},
            {"engagement_level", "\"logged-in-passive\"", LANE_QUICK},
            {"engagement_level", "\"follow-like-join\"", LANE_STANDARD},
            {"engagement_level", "\"request-or-closed-group\"", LANE_AUTHORISED},
            {"engagement_level", "\"message\"", LANE_AUTHORISED},
            {"engagement_level", "\"sustained-relationship\"", LANE_AUTHORISED},
        };
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct given g;
                quick_look(&g);
                given_field(&g.body, rows[i].field, rows[i].value);
                shipped_ask(&police, &g);
                if (police.judgement.lane != rows[i].lane)
                        fail_msg("%s %s: lane %s", rows[i].field, rows[i].value,
                                 lane_names[police.judgement.lane]);
        }
}

static void ranks_are_told_apart(void **state)
{
        static const struct {
                const char *rank;
                bool urgent, refused;
        } rows[] = {
            {"superintendent", false, false},
            {"t-det-supt", false, false},
            {"acting-superintendent", false, false},
            {"chief-constable", false, false},
            {"inspector", true, false},
            {"t-dci", true, false},
            {"sergeant", false, true},
            {"acting-sergeant", true, true},
            {"", false, true},
        };
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct given g;
                quick_look(&g);
                shipped_authority(&g, "DSA");
                shipped_text(&g, FACT_AUTHORITY_RANK, rows[i].rank);
                given_fact(&g.facts, FACT_AUTHORITY_URGENT, rows[i].urgent);
                shipped_ask(&police, &g);
                assert_int_equal(shipped_hit(&police, "A13"), rows[i].refused);
                assert_int_equal(police.judgement.verdict,
                                 rows[i].refused ? VERDICT_REFUSED : VERDICT_ACCEPTED);
        }
}

static void other_entries_are_refused_by_their_own_rules_only(void **state)
{
        (void)state;
        for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
                const bool decides = kind == KIND_DECISION || kind == KIND_REVIEW;
                struct given g;
                if (kind == KIND_INTENT || kind == KIND_ACTIVITY)
                        continue;
                given_init(&g, (enum kind)kind);
                given_fact(&g.facts, FACT_AUTHOR_OWN, 1);
                shipped_ask(&police, &g);
                assert_false(police.judgement.has_lane);
                assert_int_equal(police.judgement.verdict, decides ? VERDICT_REFUSED : VERDICT_ACCEPTED);
                given_fact(&g.facts, FACT_AUTHOR_OWN, 0);
                shipped_ask(&police, &g);
                assert_int_equal(police.judgement.verdict, VERDICT_ACCEPTED);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(its_own_cases_pass),
            cmocka_unit_test(it_has_the_rules_and_their_effects),
            cmocka_unit_test(one_more_or_less_of_any_number_fails_a_case),
            cmocka_unit_test(the_quick_look_is_accepted_and_only_noted),
            cmocka_unit_test(looks_go_from_a_word_to_an_authority),
            cmocka_unit_test(an_authority_meets_what_asks_for_one),
            cmocka_unit_test(a_child_waits_unless_urgent_or_missing),
            cmocka_unit_test(a_personal_account_is_refused_even_when_urgent),
            cmocka_unit_test(an_activity_takes_the_rest_from_its_intent),
            cmocka_unit_test(what_is_found_in_a_quick_look_is_not_flagged),
            cmocka_unit_test(lanes_follow_what_is_asked_for),
            cmocka_unit_test(ranks_are_told_apart),
            cmocka_unit_test(other_entries_are_refused_by_their_own_rules_only),
        };
        return cmocka_run_group_tests(tests, open_pack, close_pack);
}
