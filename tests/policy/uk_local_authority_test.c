#include "tests/policy/shipped.h"

static struct shipped council;

static int open_pack(void **state)
{
        if (given_setup(state))
                return 1;
        shipped_open(&council, TEST_ROOT "/policy/uk-local-authority.yaml");
        return 0;
}

static int close_pack(void **state)
{
        (void)state;
        shipped_close(&council);
        return 0;
}

static void its_own_cases_pass(void **state)
{
        (void)state;
        assert_string_equal(pack_name(council.pack), "uk-local-authority");
        assert_int_equal(shipped_failures(council.pack, shipped_tell), 0);
        shipped_is_honest(council.pack);
}

static void a_look(struct given *g)
{
        given_init(g, KIND_INTENT);
        given_quick_look(&g->body);
        given_field(&g->body, "agency", "\"local-authority\"");
        given_fact(&g->facts, FACT_VIEWS_WINDOW, 1);
}

static void a_first_look_goes_ahead_a_second_waits_a_third_needs_more(void **state)
{
        static const struct {
                int64_t views;
                enum verdict verdict;
                enum lane lane;
        } rows[] = {{1, VERDICT_ACCEPTED, LANE_QUICK},
                    {2, VERDICT_WAITING, LANE_STANDARD},
                    {3, VERDICT_WAITING, LANE_AUTHORISED}};
        struct given g;
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                a_look(&g);
                given_fact(&g.facts, FACT_VIEWS_WINDOW, rows[i].views);
                shipped_ask(&council, &g);
                assert_int_equal(council.judgement.verdict, rows[i].verdict);
                assert_int_equal(council.judgement.lane, rows[i].lane);
        }
        a_look(&g);
        given_field(&g.body, "target_kind", "\"organisation\"");
        given_fact(&g.facts, FACT_VIEWS_WINDOW, 20);
        shipped_ask(&council, &g);
        assert_int_equal(council.judgement.verdict, VERDICT_ACCEPTED);
}

static void a_look_under_a_grant(struct given *g, const char *type)
{
        a_look(g);
        given_field(&g->body, "planned_repeat", "\"yes\"");
        shipped_authority(g, type);
        given_fact(&g->facts, FACT_VIEWS_WINDOW, 5);
}

static void a_grant_counts_once_a_justice_approved_it(void **state)
{
        struct given g;
        (void)state;
        a_look_under_a_grant(&g, "JP-approved-DSA");
        given_field(&g.body, "offence_max_months", "24");
        given_fact(&g.facts, FACT_AUTHORITY_JP_ORDER, 0);
        shipped_ask(&council, &g);
        assert_int_equal(council.judgement.verdict, VERDICT_REFUSED);
        assert_true(shipped_hit(&council, "L08"));
        given_fact(&g.facts, FACT_AUTHORITY_JP_ORDER, 1);
        shipped_ask(&council, &g);
        assert_int_equal(council.judgement.verdict, VERDICT_ACCEPTED);
        shipped_text(&g, FACT_AUTHORITY_FORM, "urgent-oral");
        shipped_ask(&council, &g);
        assert_int_equal(council.judgement.verdict, VERDICT_REFUSED);
        assert_true(shipped_hit(&council, "L09"));
}

static void the_offence_decides_which_way_is_open(void **state)
{
        static const struct {
                const char *months, *listed, *type;
                enum verdict verdict;
        } rows[] = {
            {"5", NULL, "JP-approved-DSA", VERDICT_REFUSED},
            {"6", NULL, "JP-approved-DSA", VERDICT_ACCEPTED},
            {"5", "\"yes\"", "JP-approved-DSA", VERDICT_ACCEPTED},
            {"5", NULL, "non-RIPA-approval", VERDICT_ACCEPTED},
            {"6", NULL, "non-RIPA-approval", VERDICT_WAITING},
            {"5", "\"yes\"", "non-RIPA-approval", VERDICT_WAITING},
        };
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct given g;
                a_look_under_a_grant(&g, rows[i].type);
                given_field(&g.body, "offence_max_months", rows[i].months);
                if (rows[i].listed)
                        given_field(&g.body, "offence_listed", rows[i].listed);
                given_fact(&g.facts, FACT_AUTHORITY_JP_ORDER, 1);
                shipped_ask(&council, &g);
                if (council.judgement.verdict != rows[i].verdict)
                        fail_msg("%s months, %s: %s", rows[i].months, rows[i].type,
                                 verdict_name(council.judgement.verdict));
        }
}

static void one_ground_is_open(void **state)
{
        const struct field *ground = field_of_name(KIND_INTENT, "ripa_ground", strlen("ripa_ground"));
        (void)state;
        for (size_t i = 0; i < ground->vocabulary->count; i++) {
                const char *word = ground->vocabulary->words[i].word;
                struct given g;
                char json[64];
                assert_true(snprintf(json, sizeof json, "\"%s\"", word) > 0);
                a_look(&g);
                given_field(&g.body, "ripa_ground", json);
                shipped_ask(&council, &g);
                assert_int_equal(council.judgement.verdict,
                                 strcmp(word, "crime-or-disorder") == 0 ? VERDICT_ACCEPTED : VERDICT_REFUSED);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(its_own_cases_pass),
            cmocka_unit_test(a_first_look_goes_ahead_a_second_waits_a_third_needs_more),
            cmocka_unit_test(a_grant_counts_once_a_justice_approved_it),
            cmocka_unit_test(the_offence_decides_which_way_is_open),
            cmocka_unit_test(one_ground_is_open),
        };
        return cmocka_run_group_tests(tests, open_pack, close_pack);
}
