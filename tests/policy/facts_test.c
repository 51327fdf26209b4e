#include "tests/policy/given.h"

/* With every fact known, the object has them all, and each name comes after the one before it. */
static void every_fact_has_its_place(void **state)
{
        struct facts facts = {.kind = KIND_INTENT};
        struct bytes at, name, value, last = bytes_of(NULL, 0);
        struct buf text;
        size_t n = 0;
        bool done = false;
        (void)state;
        for (unsigned f = 0; f < FACT_COUNT; f++)
                facts.value[f] = (struct fact_value){
                    .type = fact_type_of((enum fact)f), .number = (int64_t)f, .text = bytes_text("known")};
        buf_init(&text, LEAF_MAX);
        facts_put(&text, &facts);
        assert_int_equal(buf_check(&text), OK);
        assert_int_equal(json_check(buf_bytes(&text)), OK);
        at = buf_bytes(&text);
        while (!json_next_member(&at, &name, &value, &done) && !done) {
                assert_true(last.n == 0 || bytes_order(last, name) < 0);
                last = name;
                n++;
        }
        assert_int_equal(n, FACT_COUNT);
        for (unsigned f = 0; f < FACT_COUNT; f++)
                assert_int_equal(json_member(buf_bytes(&text), fact_name((enum fact)f), &value), OK);
        buf_clear(&text);
}

static void what_is_not_known_is_left_out(void **state)
{
        struct facts facts = {.kind = KIND_INTENT};
        struct buf text;
        (void)state;
        facts.value[FACT_VIEWS_WINDOW] = (struct fact_value){.type = FACT_INT, .number = 0};
        buf_init(&text, LEAF_MAX);
        facts_put(&text, &facts);
        assert_string_equal(buf_text(&text), "{\"views.window\":0}");
        buf_clear(&text);
        assert_string_equal(fact_name(FACT_COUNT), "");
        assert_int_equal(fact_type_of(FACT_COUNT), FACT_NULL);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(every_fact_has_its_place),
            cmocka_unit_test(what_is_not_known_is_left_out),
        };
        return cmocka_run_group_tests(tests, given_setup, NULL);
}
