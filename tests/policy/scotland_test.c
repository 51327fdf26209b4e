#include "tests/policy/shipped.h"

static struct shipped scots;

static int open_pack(void **state)
{
        if (given_setup(state))
                return 1;
        shipped_open(&scots, TEST_ROOT "/policy/scotland.yaml");
        return 0;
}

static int close_pack(void **state)
{
        (void)state;
        shipped_close(&scots);
        return 0;
}

static void its_own_cases_pass(void **state)
{
        (void)state;
        assert_string_equal(pack_name(scots.pack), "scotland");
        assert_int_equal(shipped_failures(scots.pack, shipped_tell), 0);
        shipped_is_honest(scots.pack);
}

static enum verdict with_ground(const char *word, const char *jurisdiction)
{
        struct given g;
        char json[64];
        assert_true(snprintf(json, sizeof json, "\"%s\"", word) > 0);
        given_init(&g, KIND_INTENT);
        given_quick_look(&g.body);
        given_field(&g.body, "ripa_ground", json);
        given_field(&g.body, "jurisdiction", jurisdiction);
        given_fact(&g.facts, FACT_VIEWS_WINDOW, 1);
        shipped_ask(&scots, &g);
        assert_int_equal(shipped_hit(&scots, "L04"), scots.judgement.verdict == VERDICT_REFUSED);
        return scots.judgement.verdict;
}

static void three_grounds_are_open_and_those_of_the_other_act_are_refused(void **state)
{
        const struct field *ground = field_of_name(KIND_INTENT, "ripa_ground", strlen("ripa_ground"));
        size_t open = 0;
        (void)state;
        for (size_t i = 0; i < ground->vocabulary->count; i++) {
                const char *word = ground->vocabulary->words[i].word;
                bool of_scotland = strncmp(word, "scotland-", 9) == 0;
                enum verdict verdict = with_ground(word, "\"SCT\"");
                assert_int_equal(verdict, of_scotland ? VERDICT_ACCEPTED : VERDICT_REFUSED);
                open += verdict == VERDICT_ACCEPTED;
                assert_int_equal(with_ground(word, "\"UK-reserved\""),
                                 of_scotland ? VERDICT_REFUSED : VERDICT_ACCEPTED);
        }
        assert_int_equal(open, 3);
}

static void the_clocks_are_those_of_the_rest_of_the_kingdom(void **state)
{
        struct authority_terms terms;
        (void)state;
        authority_terms_of(scots.pack, &terms);
        assert_int_equal(terms.hours_urgent, 72);
        assert_int_equal(terms.months_written, 3);
        assert_int_equal(terms.months_source, 12);
        assert_true(terms.ranks_written.n > 0 && terms.ranks_urgent.n > 0);
}

static void a_grant_of_the_other_act_is_refused(void **state)
{
        struct given g;
        (void)state;
        given_init(&g, KIND_INTENT);
        given_quick_look(&g.body);
        shipped_authority(&g, "DSA");
        shipped_text(&g, FACT_AUTHORITY_ACT, "RIPA");
        shipped_ask(&scots, &g);
        assert_int_equal(scots.judgement.verdict, VERDICT_REFUSED);
        assert_true(shipped_hit(&scots, "L06"));
        shipped_text(&g, FACT_AUTHORITY_ACT, "RIPSA");
        shipped_ask(&scots, &g);
        assert_int_equal(scots.judgement.verdict, VERDICT_ACCEPTED);
        assert_int_equal(scots.judgement.lane, LANE_AUTHORISED);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(its_own_cases_pass),
            cmocka_unit_test(three_grounds_are_open_and_those_of_the_other_act_are_refused),
            cmocka_unit_test(the_clocks_are_those_of_the_rest_of_the_kingdom),
            cmocka_unit_test(a_grant_of_the_other_act_is_refused),
        };
        return cmocka_run_group_tests(tests, open_pack, close_pack);
}
