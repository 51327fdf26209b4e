/* Scenarios of the work, each with the answer that somebody who does it would give:
 * tests/client/scenarios.json.
 * {"name","enquiry","now","verdict"} and, where they matter, {"pack","kind","lane","said","silent","history",
 * "authorities","personas","member","operation"}. */
#include "tests/client/explained.h"

#define PACKS_MAX 4

static struct {
        const char *path;
        struct pack *pack;
} packs[PACKS_MAX];

static struct pack *pack_at(const char *path)
{
        struct why why = {OK, ""};
        size_t i = 0;
        while (i < PACKS_MAX && packs[i].path != NULL && strcmp(packs[i].path, path) != 0)
                i++;
        assert_true(i < PACKS_MAX);
        if (packs[i].path == NULL) {
                if (policy_load(path, &packs[i].pack, &why))
                        fail_msg("%s: %s", path, why.detail);
                packs[i].path = path;
        }
        return packs[i].pack;
}

/* How many of the ids of `list` spoke otherwise than `wanted`. */
static unsigned otherwise(const char *name, const json_t *spoke, const json_t *list, bool wanted)
{
        unsigned n = 0;
        const json_t *id;
        size_t i;
        json_array_foreach(list, i, id)
        {
                if (explained_has(spoke, json_string_value(id)) == wanted)
                        continue;
                print_error("%s: %s %s\n", name, json_string_value(id), wanted ? "said nothing" : "spoke");
                n++;
        }
        return n;
}

static unsigned differs(const char *name, const json_t *answer, const json_t *scenario, const char *key)
{
        const char *want = text_of(scenario, key), *got = text_of(answer, key);
        if (want[0] == '\0' || strcmp(want, got) == 0)
                return 0;
        print_error("%s: the %s is %s, not %s\n", name, key, got, want);
        return 1;
}

static unsigned decide(json_t *scenario)
{
        const char *name = text_of(scenario, "name"), *path = text_of(scenario, "pack");
        json_t *answer = NULL, *spoke;
        struct why why = {OK, ""};
        unsigned n;
        (void)json_object_set_new(scenario, "bare", json_true());
        if (explained_run(pack_at(path[0] ? path : "policy/uk-police.yaml"), scenario, &answer, &why))
                fail_msg("%s: %s", name, why.detail);
        spoke = explained_ids(answer, JSON_TRUE);
        n = differs(name, answer, scenario, "verdict") + differs(name, answer, scenario, "lane") +
            otherwise(name, spoke, json_object_get(scenario, "said"), true) +
            otherwise(name, spoke, json_object_get(scenario, "silent"), false);
        if (json_array_size(json_object_get(answer, "ignored")) > 0) {
                print_error("%s: something in it was not read\n", name);
                n++;
        }
        json_decref(spoke);
        json_decref(answer);
        return n;
}

static void each_is_decided_as_by_somebody_who_does_the_work(void **state)
{
        json_error_t error;
        json_t *all =
                   json_load_file(TEST_ROOT "/tests/client/scenarios.json", JSON_REJECT_DUPLICATES, &error),
               *one;
        unsigned wrong = 0;
        size_t i;
        (void)state;
        if (all == NULL)
                fail_msg("line %d: %s", error.line, error.text);
        assert_true(json_array_size(all) > 100);
        json_array_foreach(all, i, one) wrong += decide(one);
        for (i = 0; i < PACKS_MAX; i++)
                pack_free(packs[i].pack);
        json_decref(all);
        assert_int_equal(wrong, 0);
}

static int setup(void **state)
{
        (void)state;
        return crypto_setup() != OK;
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(each_is_decided_as_by_somebody_who_does_the_work),
        };
        return cmocka_run_group_tests(tests, setup, NULL);
}
