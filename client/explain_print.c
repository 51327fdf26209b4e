#include "client/explain.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/policy.h"
#include "client/text.h"

static enum effect effect_of(const char *word)
{
        unsigned e = 0;
        while (e < EFFECT_COUNT && strcmp(effect_name((enum effect)e), word) != 0)
                e++;
        return (enum effect)e;
}

static enum rule_kind kind_of(const char *word)
{
        unsigned k = 0;
        while (k < RULE_KIND_COUNT && strcmp(rule_kind_name((enum rule_kind)k), word) != 0)
                k++;
        return (enum rule_kind)k;
}

static void print_facts(json_t *facts)
{
        json_t *value;
        const char *name, *between = "     Facts: ";
        json_object_foreach(facts, name, value)
        {
                char *text = json_is_string(value) || json_is_null(value)
                                 ? NULL
                                 : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
                (void)printf("%s%s = %s", between, name,
                             json_is_string(value) ? json_string_value(value)
                             : text != NULL        ? text
                                                   : "not known");
                free(text);
                between = ", ";
        }
        if (json_object_size(facts) > 0)
                (void)printf("\n");
}

static void print_rule(const json_t *rule)
{
        const json_t *said = json_object_get(rule, "said");
        const char *what = json_is_null(said)   ? "Erred"
                           : json_is_true(said) ? effect_words(effect_of(text_of(rule, "effect")))
                                                : "Said nothing";
        (void)printf("  %s, %s: %s.\n", what, text_of(rule, "id"), text_of(rule, "title"));
        print_facts(json_object_get(rule, "facts"));
        (void)printf("     %s: %s\n", rule_kind_words(kind_of(text_of(rule, "kind"))),
                     text_of(rule, "because"));
        if (!json_is_false(said))
                (void)printf("     Advice: %s\n", text_of(rule, "advice"));
}

static void print_silent(const json_t *rules)
{
        const char *between = "Asked, and said nothing: ";
        const json_t *rule;
        size_t i, n = 0;
        json_array_foreach(rules, i, rule)
        {
                if (!json_is_false(json_object_get(rule, "said")))
                        continue;
                (void)printf("%s%s", between, text_of(rule, "id"));
                between = ", ";
                n++;
        }
        (void)printf(n > 0 ? ".\n" : "No rule was asked and said nothing.\n");
}

void explain_print(const json_t *answer, bool whole)
{
        const char *verdict = text_of(answer, "verdict"), *lane = text_of(answer, "lane");
        const json_t *rules = json_object_get(answer, "rules"), *rule;
        size_t i;
        (void)printf("%c%s%s%s%s.\n", toupper((unsigned char)verdict[0]), verdict[0] ? verdict + 1 : "",
                     lane[0] ? ": " : "", lane, lane[0] ? " lane" : "");
        json_array_foreach(rules, i, rule)
        {
                if (whole || !json_is_false(json_object_get(rule, "said")))
                        print_rule(rule);
        }
        if (text_of(answer, "broken")[0] != '\0')
                (void)printf("  A rule erred: %s.\n", text_of(answer, "broken"));
        if (!whole)
                print_silent(rules);
}
