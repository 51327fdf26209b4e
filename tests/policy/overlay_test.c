#include "ledger/base/b64.h"
#include "tests/policy/given.h"

static const char base[] =
    "name: base\nversion: 1\ntitle: A whole pack\napd_ref: theirs\n"
    "parameters:\n"
    "  - {name: most, value: 3, title: Most views}\n"
    "  - {name: ranks, words: [inspector], title: Ranks}\n"
    "terms:\n"
    "  - {name: many, title: t, when: views.window > parameter.most}\n"
    "lanes: {standard: views.window > 1}\n"
    "rules:\n"
    "  - {id: V01, title: t, when: term.many, effect: approve, kind: local, because: b, advice: a}\n"
    "  - {id: R01, title: t, when: \"NOT has(parameter.ranks, authority.rank)\", effect: refuse, kind: law, "
    "because: b, advice: a}\n"
    "tests:\n"
    "  - {rule: V01, fires: yes, given: {views.window: 4}, verdict: waiting}\n"
    "  - {rule: V01, fires: yes, given: {views.window: 5}, lane: standard}\n"
    "  - {rule: V01, fires: no, given: {views.window: 3}}\n"
    "  - {rule: V01, fires: no}\n"
    "  - {rule: R01, fires: yes, given: {authority.rank: sergeant}}\n"
    "  - {rule: R01, fires: yes, given: {authority.rank: x}}\n"
    "  - {rule: R01, fires: no, given: {authority.rank: inspector}}\n"
    "  - {rule: R01, fires: no}\n";

#define HEAD "name: ours\nversion: 7\ntitle: Our numbers\n"
#define OVER "over: @\n"

/* The texts that are at hand, by hash. */
struct shelf {
        const char *text[4];
        const char *lie; /* given whatever is asked for */
        enum err fails;
};

static enum err take(void *self, const struct hash *hash, struct buf *out)
{
        const struct shelf *shelf = self;
        if (shelf->fails)
                return shelf->fails;
        for (size_t i = 0; shelf->text[i]; i++) {
                struct hash own;
                assert_int_equal(hash_of(bytes_text(shelf->text[i]), &own), OK);
                if (!hash_equal(&own, hash) && !shelf->lie)
                        continue;
                buf_put_text(out, shelf->lie ? shelf->lie : shelf->text[i]);
                return OK;
        }
        return ERR_ABSENT;
}

/* The text with the hash of `beneath` where it has an @; for test_free. */
static char *overlay(const char *text, const char *beneath)
{
        char *out = test_calloc(1, strlen(text) + HASH_TEXT_LEN + 1);
        const char *at = strchr(text, '@');
        struct hash hash;
        assert_int_equal(hash_of(bytes_text(beneath), &hash), OK);
        if (at == NULL)
                return strcpy(out, text);
        memcpy(out, text, (size_t)(at - text));
        hash_text(&hash, out + (at - text));
        return strcat(out, at + 1);
}

static enum err parse(const char *text, const struct shelf *shelf, struct pack **out, struct why *why)
{
        struct shelf own = *shelf;
        const struct pack_source source = {.text = take, .self = &own};
        *why = (struct why){OK, ""};
        *out = NULL;
        return pack_parse(bytes_text(text), &source, out, why);
}

static const struct shelf has_base = {.text = {base}};

static enum verdict judged(const struct pack *p, int64_t views, const char *rank)
{
        struct gate *gate = NULL;
        struct given g;
        struct judgement j;
        assert_int_equal(gate_new(p, &gate, NULL), OK);
        given_init(&g, KIND_INTENT);
        given_fact(&g.facts, FACT_VIEWS_WINDOW, views);
        g.facts.value[FACT_AUTHORITY_RANK] = (struct fact_value){.type = FACT_TEXT, .text = bytes_text(rank)};
        assert_int_equal(gate_ask(gate, &g.facts, &j, NULL), OK);
        gate_free(gate);
        return j.verdict;
}

static void an_overlay_changes_numbers_and_lists(void **state)
{
        char *text = overlay(HEAD OVER "apd_ref: ours\n"
                                       "parameters:\n"
                                       "  - {name: ranks, words: [head of service, mayor]}\n"
                                       "  - {name: most, value: 9, title: Ours}\n",
                             base);
        struct pack *p, *beneath = given_pack(base);
        struct why why;
        struct hash own;
        size_t cases, failed;
        (void)state;
        if (parse(text, &has_base, &p, &why) != OK)
                fail_msg("%s", why.detail);
        assert_string_equal(pack_name(p), "ours");
        assert_string_equal(pack_version(p), "7");
        assert_string_equal(pack_title(p), "Our numbers");
        assert_string_equal(pack_apd_ref(p), "ours");
        assert_true(bytes_is(pack_text(p), text));
        assert_int_equal(hash_of(bytes_text(text), &own), OK);
        assert_true(hash_equal(pack_hash(p), &own));
        assert_true(hash_equal(pack_over(p), pack_hash(beneath)));
        assert_int_equal(pack_parameter_of_name(p, "most")->value, 9);
        assert_string_equal(pack_parameter_of_name(p, "most")->title, "Ours");
        assert_string_equal(pack_parameter_of_name(p, "ranks")->title, "Ranks");
        assert_true(bytes_is(pack_parameter_of_name(p, "ranks")->words, "[\"head of service\",\"mayor\"]"));
        assert_int_equal(pack_rules(p), 2);
        assert_int_equal(pack_rule_of_id(p, "V01")->line, 12);
        assert_string_equal(pack_term(p, 0)->name, "many");
        assert_string_equal(pack_lane(p, LANE_STANDARD), "views.window > 1");
        assert_int_equal(judged(beneath, 4, "inspector"), VERDICT_WAITING);
        assert_int_equal(judged(p, 4, "mayor"), VERDICT_ACCEPTED);
        assert_int_equal(judged(p, 10, "mayor"), VERDICT_WAITING);
        assert_int_equal(judged(p, 4, "inspector"), VERDICT_REFUSED);
        /* The cases are about the numbers of the pack beneath, and are asked with them. */
        assert_int_equal(pack_test(p, &cases, &failed, NULL, NULL), OK);
        assert_int_equal(cases, 8);
        assert_int_equal(failed, 0);
        pack_free(beneath);
        pack_free(p);
        test_free(text);
}

static void an_overlay_may_change_nothing(void **state)
{
        char *text = overlay(HEAD OVER, base);
        struct pack *p;
        struct why why;
        (void)state;
        assert_int_equal(parse(text, &has_base, &p, &why), OK);
        assert_string_equal(pack_apd_ref(p), "theirs");
        assert_int_equal(judged(p, 4, "inspector"), VERDICT_WAITING);
        pack_free(p);
        test_free(text);
}

static const struct {
        const char *text;
        struct shelf shelf;
        enum err e;
        const char *says;
} faults[] = {
    {OVER "name: ours\nversion: 7\n", {{base}, NULL, OK}, ERR_PACK, "name, version and title"},
    {HEAD "over: nothing\n", {{base}, NULL, OK}, ERR_PACK, "line 4: over is the SHA-256"},
    {HEAD "over: ''\n", {{base}, NULL, OK}, ERR_PACK, "line 4: over is the SHA-256"},
    {HEAD OVER, {{NULL}, NULL, OK}, ERR_PACK, "is not at hand"},
    {HEAD OVER, {{base}, NULL, ERR_NO_MEMORY}, ERR_NO_MEMORY, ""},
    {HEAD OVER, {{base}, "name: other\n", OK}, ERR_PACK, "the pack beneath, line 1: "},
    {HEAD OVER "rules: []\n", {{base}, NULL, OK}, ERR_PACK, "line 5: an overlay has no rules"},
    {HEAD OVER "rules:\n", {{base}, NULL, OK}, ERR_PACK, "line 5"},
    {HEAD "terms: []\n" OVER, {{base}, NULL, OK}, ERR_PACK, "line 4: an overlay has no terms"},
    {HEAD OVER "lanes: {standard: '1'}\n", {{base}, NULL, OK}, ERR_PACK, "line 5: an overlay has no lanes"},
    {HEAD OVER "tests: []\n", {{base}, NULL, OK}, ERR_PACK, "line 5: an overlay has no tests"},
    {HEAD OVER "extra: 1\n", {{base}, NULL, OK}, ERR_PACK, "line 5: Unexpected key: extra"},
    {HEAD OVER "parameters:\n- {name: least, value: 3}\n",
     {{base}, NULL, OK},
     ERR_PACK,
     "line 6: the pack beneath has no parameter least"},
    {HEAD OVER "parameters:\n- {value: 3}\n",
     {{base}, NULL, OK},
     ERR_PACK,
     "line 6: the pack beneath has no"},
    {HEAD OVER "parameters:\n- {name: most, value: 3}\n- {name: most, value: 3}\n",
     {{base}, NULL, OK},
     ERR_PACK,
     "line 7, parameter most: it stands there twice"},
    {HEAD OVER "parameters:\n- {name: most, words: [a]}\n",
     {{base}, NULL, OK},
     ERR_PACK,
     "line 6, parameter most: in the pack beneath it is a number"},
    {HEAD OVER "parameters:\n- {name: ranks, value: 3}\n",
     {{base}, NULL, OK},
     ERR_PACK,
     "line 6, parameter ranks: in the pack beneath it is a list"},
    {HEAD OVER "parameters:\n- {name: most}\n",
     {{base}, NULL, OK},
     ERR_PACK,
     "line 6, parameter most: it has either"},
    {HEAD OVER "parameters:\n- {name: most, value: -1}\n",
     {{base}, NULL, OK},
     ERR_PACK,
     "line 6, parameter most: the value is"},
};

static void faults_are_named(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
                char *text = overlay(faults[i].text, base);
                struct pack *p;
                struct why why;
                enum err e = parse(text, &faults[i].shelf, &p, &why);
                if (e != faults[i].e || strstr(why.detail, faults[i].says) == NULL)
                        fail_msg("%zu: %s \"%s\"", i, err_row(e)->name, why.detail);
                assert_null(p);
                test_free(text);
        }
}

static void the_text_beneath_must_be_the_one(void **state)
{
        static const char other[] =
            "name: o\nversion: 1\ntitle: t\nrules:\n- {id: R, title: t, when: '0', effect: note, kind: law, "
            "because: b, advice: a}\ntests:\n- {rule: R, fires: yes}\n- {rule: R, fires: yes}\n"
            "- {rule: R, fires: no}\n- {rule: R, fires: no}\n";
        const struct shelf lying = {.text = {base}, .lie = other};
        char *text = overlay(HEAD OVER, base);
        struct pack *p;
        struct why why;
        (void)state;
        assert_int_equal(parse(text, &lying, &p, &why), ERR_PACK);
        assert_non_null(strstr(why.detail, "line 4: the text of the pack beneath is not"));
        /* Without a source there is nothing it could lie over. */
        why = (struct why){OK, ""};
        assert_int_equal(pack_parse(bytes_text(text), NULL, &p, &why), ERR_PACK);
        assert_non_null(strstr(why.detail, "line 4: an overlay has no place here"));
        test_free(text);
}

static void an_overlay_lies_over_a_whole_pack(void **state)
{
        char *first = overlay(HEAD OVER, base), *second = overlay(HEAD OVER, first);
        const struct shelf both = {.text = {base, first}};
        struct pack *p;
        struct why why;
        (void)state;
        assert_int_equal(parse(first, &both, &p, &why), OK);
        pack_free(p);
        assert_int_equal(parse(second, &both, &p, &why), ERR_PACK);
        assert_non_null(strstr(why.detail, "the pack beneath, line 4: an overlay has no place here"));
        test_free(second);
        test_free(first);
}

/* With another list the rule would say more than yes or no, which only the numbers of the overlay show. */
static void the_rules_are_checked_with_the_new_numbers(void **state)
{
        static const char weak[] =
            "name: o\nversion: 1\ntitle: t\nparameters:\n- {name: n, value: 1, title: t}\nrules:\n"
            "- {id: R, title: t, when: views.d7 = parameter.n, effect: note, kind: law, because: b, advice: "
            "a}\n"
            "- {id: S, title: t, when: \"iif(views.d7 > 0, parameter.n, 0)\", effect: note, kind: law, "
            "because: "
            "b, advice: a}\ntests:\n- {rule: R, fires: yes}\n- {rule: R, fires: yes}\n"
            "- {rule: R, fires: no}\n- {rule: R, fires: no}\n- {rule: S, fires: yes}\n- {rule: S, fires: "
            "yes}\n"
            "- {rule: S, fires: no}\n- {rule: S, fires: no}\n";
        const struct shelf shelf = {.text = {weak}};
        char *text = overlay(HEAD OVER "parameters: [{name: n, value: 2}]\n", weak);
        struct pack *p;
        struct why why;
        (void)state;
        assert_int_equal(parse(text, &shelf, &p, &why), ERR_RULE);
        if (strstr(why.detail, "the pack beneath, line 8, rule S: it is not a yes-or-no") == NULL)
                fail_msg("%s", why.detail);
        test_free(text);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(an_overlay_changes_numbers_and_lists),
            cmocka_unit_test(an_overlay_may_change_nothing),
            cmocka_unit_test(faults_are_named),
            cmocka_unit_test(the_text_beneath_must_be_the_one),
            cmocka_unit_test(an_overlay_lies_over_a_whole_pack),
            cmocka_unit_test(the_rules_are_checked_with_the_new_numbers),
        };
        return cmocka_run_group_tests(tests, given_setup, NULL);
}
