#include <stdlib.h>

#include "tests/policy/given.h"

static char *text;
static struct pack *pack;
static struct gate *gate;

static int open_pack(void **state)
{
        struct why why = {OK, ""};
        if (given_setup(state))
                return 1;
        text = given_file(TEST_ROOT "/policy/uk-police.yaml");
        pack = given_pack(text);
        return gate_new(pack, &gate, &why) != OK;
}

static int close_pack(void **state)
{
        (void)state;
        gate_free(gate);
        pack_free(pack);
        test_free(text);
        return 0;
}

static void tell(void *self, const char *sentence)
{
        (void)self;
        print_error("%s\n", sentence);
}

static size_t failures(const struct pack *p, void (*teller)(void *, const char *))
{
        size_t cases = 0, failed = 0;
        assert_int_equal(pack_test(p, &cases, &failed, teller, NULL), OK);
        assert_true(cases >= 4 * pack_rules(p));
        return failed;
}

static void its_own_cases_pass(void **state)
{
        (void)state;
        assert_int_equal(failures(pack, tell), 0);
}

static void it_has_the_first_rules(void **state)
{
        static const struct {
                const char *id;
                enum effect effect;
                enum rule_kind kind;
        } rows[] = {
            {"L01", EFFECT_REFUSE, RULE_LAW},       {"L02", EFFECT_REFUSE, RULE_LAW},
            {"L02-W", EFFECT_WARN, RULE_GUIDANCE},  {"E03", EFFECT_REFUSE, RULE_GUIDANCE},
            {"P01", EFFECT_APPROVE, RULE_GUIDANCE}, {"D06", EFFECT_WARN, RULE_LOCAL},
            {"S01", EFFECT_REFUSE, RULE_GUIDANCE},
        };
        (void)state;
        assert_string_equal(pack_name(pack), "uk-police");
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                const struct rule *r = pack_rule_of_id(pack, rows[i].id);
                assert_non_null(r);
                assert_int_equal(r->effect, rows[i].effect);
                assert_int_equal(r->kind, rows[i].kind);
                assert_true(strlen(r->because) > 10);
                assert_true(strlen(r->advice) > 20);
        }
}

/* A copy of the pack in which one rule's expression is another. */
static char *with_rule(const char *id, const char *when)
{
        char *copy = test_calloc(1, PACK_TEXT_MAX + 1), mark[64];
        const char *rule, *from, *to;
        assert_true(snprintf(mark, sizeof mark, "- id: %s\n", id) > 0);
        assert_non_null(rule = strstr(text, mark));
        assert_non_null(from = strstr(rule, "    when:"));
        assert_non_null(to = strstr(from, "    effect:"));
        memcpy(copy, text, (size_t)(from - text));
        (void)strcat(copy, "    when: ");
        (void)strcat(copy, when);
        (void)strcat(copy, "\n");
        (void)strcat(copy, to);
        return copy;
}

static void no_rule_is_without_a_case_that_would_miss_it(void **state)
{
        static const char *const others[] = {"1", "0"};
        (void)state;
        for (size_t i = 0; i < pack_rules(pack); i++)
                for (size_t k = 0; k < 2; k++) {
                        char *copy = with_rule(pack_rule(pack, i)->id, others[k]);
                        struct pack *changed = given_pack(copy);
                        assert_true(failures(changed, NULL) >= 2);
                        pack_free(changed);
                        test_free(copy);
                }
}

static bool hit(const struct judgement *j, const char *id)
{
        for (size_t i = 0; i < j->hits_n; i++)
                if (strcmp(j->hit[i]->id, id) == 0)
                        return true;
        return false;
}

static void ask(const struct given *g, struct judgement *j)
{
        assert_int_equal(gate_ask(gate, &g->facts, j, NULL), OK);
        assert_false(j->broken);
}

static void the_quick_look_is_accepted(void **state)
{
        struct given g;
        struct judgement j;
        (void)state;
        given_init(&g, KIND_INTENT);
        given_quick_look(&g.body);
        given_fact(&g.facts, FACT_AUTHOR_TRAINING, 2);
        given_fact(&g.facts, FACT_OPERATION_KNOWN, 1);
        given_fact(&g.facts, FACT_OPERATION_OPEN, 1);
        given_fact(&g.facts, FACT_VIEWS_WINDOW, 1);
        ask(&g, &j);
        assert_int_equal(j.verdict, VERDICT_ACCEPTED);
        assert_int_equal(j.lane, LANE_QUICK);
        assert_true(j.has_lane);
        assert_int_equal(j.hits_n, 0);
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
                struct judgement j;
                given_init(&g, KIND_INTENT);
                given_quick_look(&g.body);
                given_field(&g.body, "subject_age_band", rows[i].band);
                ask(&g, &j);
                assert_int_equal(j.verdict, rows[i].waits ? VERDICT_WAITING : VERDICT_ACCEPTED);
                assert_int_equal(hit(&j, "P01"), rows[i].waits);
                assert_int_equal(j.lane, rows[i].waits ? LANE_STANDARD : LANE_QUICK);
                given_field(&g.body, "urgent", "\"life\"");
                ask(&g, &j);
                assert_int_equal(j.verdict, VERDICT_ACCEPTED);
                assert_int_equal(hit(&j, "P01"), rows[i].waits);
        }
}

static void a_personal_account_is_refused_even_when_urgent(void **state)
{
        struct given g;
        struct judgement j;
        (void)state;
        given_init(&g, KIND_INTENT);
        given_quick_look(&g.body);
        given_field(&g.body, "account_attribution", "\"personal\"");
        ask(&g, &j);
        assert_int_equal(j.verdict, VERDICT_REFUSED);
        assert_int_equal(j.hits_n, 1);
        assert_true(hit(&j, "E03"));
        given_field(&g.body, "urgent", "\"life\"");
        ask(&g, &j);
        assert_int_equal(j.verdict, VERDICT_REFUSED);
}

static void an_activity_takes_the_rest_from_its_intent(void **state)
{
        struct given intent, g;
        struct judgement j;
        (void)state;
        given_init(&intent, KIND_INTENT);
        given_quick_look(&intent.body);
        given_init(&g, KIND_ACTIVITY);
        given_field(&g.body, "result", "\"nothing-found\"");
        given_field(&g.body, "ended_at", "\"2026-11-23T10:04:00Z\"");
        ask(&g, &j);
        assert_int_equal(j.verdict, VERDICT_FLAGGED);
        assert_true(hit(&j, "L01") && hit(&j, "L02"));
        g.facts.intent = &intent.body;
        ask(&g, &j);
        assert_int_equal(j.verdict, VERDICT_ACCEPTED);
        assert_int_equal(j.hits_n, 0);
}

static void the_second_view_warns(void **state)
{
        struct given g;
        struct judgement j;
        (void)state;
        given_init(&g, KIND_INTENT);
        given_quick_look(&g.body);
        for (int64_t views = 0; views < 5; views++) {
                given_fact(&g.facts, FACT_VIEWS_WINDOW, views);
                ask(&g, &j);
                assert_int_equal(hit(&j, "D06"), views >= 2);
                assert_int_equal(j.verdict, VERDICT_ACCEPTED);
                assert_int_equal(j.lane, LANE_QUICK);
        }
}

static void lanes_follow_the_factors(void **state)
{
        static const struct {
                const char *field, *value;
                enum lane lane;
        } rows[] = {
            {"method", "\"manual\"", LANE_QUICK},
            {"method", "\"api\"", LANE_STANDARD},
            {"method", "\"scraper\"", LANE_STANDARD},
            {"engagement_level", "\"passive-view\"", LANE_QUICK},
            {"engagement_level", "\"request-or-closed-group\"", LANE_AUTHORISED},
            {"engagement_level", "\"message\"", LANE_AUTHORISED},
            {"engagement_level", "\"sustained-relationship\"", LANE_AUTHORISED},
            {"subject_age_band", "\"14-17\"", LANE_STANDARD},
        };
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct given g;
                struct judgement j;
                given_init(&g, KIND_INTENT);
                given_quick_look(&g.body);
                given_field(&g.body, rows[i].field, rows[i].value);
                ask(&g, &j);
                if (j.lane != rows[i].lane)
                        fail_msg("%s %s: lane %s", rows[i].field, rows[i].value, lane_names[j.lane]);
        }
}

static void only_a_decision_on_ones_own_is_refused(void **state)
{
        (void)state;
        for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
                struct given g;
                struct judgement j;
                if (kind == KIND_INTENT || kind == KIND_ACTIVITY)
                        continue;
                given_init(&g, (enum kind)kind);
                given_fact(&g.facts, FACT_AUTHOR_OWN, 1);
                ask(&g, &j);
                assert_false(j.has_lane);
                assert_int_equal(j.verdict, kind == KIND_DECISION ? VERDICT_REFUSED : VERDICT_ACCEPTED);
                given_fact(&g.facts, FACT_AUTHOR_OWN, 0);
                ask(&g, &j);
                assert_int_equal(j.verdict, VERDICT_ACCEPTED);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(its_own_cases_pass),
            cmocka_unit_test(it_has_the_first_rules),
            cmocka_unit_test(no_rule_is_without_a_case_that_would_miss_it),
            cmocka_unit_test(the_quick_look_is_accepted),
            cmocka_unit_test(a_child_waits_unless_urgent_or_missing),
            cmocka_unit_test(a_personal_account_is_refused_even_when_urgent),
            cmocka_unit_test(an_activity_takes_the_rest_from_its_intent),
            cmocka_unit_test(the_second_view_warns),
            cmocka_unit_test(lanes_follow_the_factors),
            cmocka_unit_test(only_a_decision_on_ones_own_is_refused),
        };
        return cmocka_run_group_tests(tests, open_pack, close_pack);
}
