#include "client/policy.h"
#include "client/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A pack as a person compares it: {"rules":{ID:{...}},"parameters":{NAME:{...}},"terms":...,"lanes":...}. */
static json_t *by_name(const struct pack *p)
{
        json_t *rules = json_object(), *parameters = json_object(), *terms = json_object(),
               *lanes = json_object();
        for (size_t i = 0; i < pack_rules(p); i++)
                (void)json_object_set_new(rules, pack_rule(p, i)->id, policy_rule(pack_rule(p, i)));
        for (size_t i = 0; i < pack_parameters(p); i++) {
                const struct parameter *a = pack_parameter(p, i);
                (void)json_object_set_new(parameters, a->name,
                                          json_pack("{so ss}", "value", policy_value(a), "title", a->title));
        }
        for (size_t i = 0; i < pack_terms(p); i++) {
                const struct term *t = pack_term(p, i);
                (void)json_object_set_new(
                    terms, t->name, json_pack("{ss ss}", "title", t->title ? t->title : "", "when", t->when));
        }
        for (unsigned lane = LANE_STANDARD; lane < LANE_COUNT; lane++)
                if (pack_lane(p, (enum lane)lane) != NULL)
                        (void)json_object_set_new(lanes, lane_names[lane],
                                                  json_pack("{ss}", "when", pack_lane(p, (enum lane)lane)));
        return json_pack("{so so so so}", "rules", rules, "parameters", parameters, "terms", terms, "lanes",
                         lanes);
}

/* {"name","keys":{KEY:{"old","new"}}}: the keys that differ; NULL: none. */
static json_t *keys_changed(const char *name, json_t *old, json_t *new)
{
        json_t *keys = json_object(), *both = json_copy(old), *value;
        const char *key;
        (void)json_object_update(both, new);
        json_object_foreach(both, key, value)
        {
                json_t *before = json_object_get(old, key), *after = json_object_get(new, key);
                if (!json_equal(before, after))
                        (void)json_object_set_new(keys, key,
                                                  json_pack("{sO? sO?}", "old", before, "new", after));
        }
        json_decref(both);
        if (json_object_size(keys) == 0) {
                json_decref(keys);
                return NULL;
        }
        return json_pack("{ss so}", "name", name, "keys", keys);
}

/* {"added":[...],"removed":[...],"changed":[...]}. */
static json_t *compare(json_t *old, json_t *new)
{
        json_t *added = json_array(), *removed = json_array(), *changed = json_array(), *value;
        const char *name;
        json_object_foreach(old, name, value)
        {
                json_t *now = json_object_get(new, name), *keys;
                if (now == NULL)
                        (void)json_array_append_new(removed, json_string(name));
                else if ((keys = keys_changed(name, value, now)) != NULL)
                        (void)json_array_append_new(changed, keys);
        }
        json_object_foreach(new, name, value)
        {
                if (json_object_get(old, name) == NULL)
                        (void)json_array_append_new(added, json_string(name));
        }
        return json_pack("{so so so}", "added", added, "removed", removed, "changed", changed);
}

static enum err count_cases(const struct pack *p, json_int_t *out)
{
        size_t cases = 0, failed = 0;
        enum err e = pack_test(p, &cases, &failed, NULL, NULL);
        *out = (json_int_t)cases;
        return e;
}

enum err policy_changes(const struct pack *old, const struct pack *new, json_t **out)
{
        static const char *const parts[] = {"rules", "parameters", "terms", "lanes"};
        json_int_t before = 0, after = 0;
        json_t *a, *b, *all;
        enum err e;
        if ((e = count_cases(old, &before)) || (e = count_cases(new, &after)))
                return e;
        a = by_name(old);
        b = by_name(new);
        all = json_pack("{so so s{sI sI}}", "old", policy_head(old), "new", policy_head(new), "cases", "old",
                        before, "new", after);
        for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
                (void)json_object_set_new(
                    all, parts[i], compare(json_object_get(a, parts[i]), json_object_get(b, parts[i])));
        json_decref(a);
        json_decref(b);
        *out = all;
        return all == NULL ? ERR_NO_MEMORY : OK;
}

/* --- in words --- */

static void print_value(const char *before, const json_t *value)
{
        char *text = json_is_string(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY);
        (void)printf("%s%s\n", before,
                     json_is_string(value) ? json_string_value(value)
                     : text != NULL        ? text
                                           : "nothing");
        free(text);
}

static size_t print_names(const json_t *list, const char *what, const char *one, json_t *titles)
{
        const json_t *name;
        size_t i;
        json_array_foreach(list, i, name)
        {
                (void)printf("%s %s %s: %s\n", what, one, json_string_value(name),
                             text_of(json_object_get(titles, json_string_value(name)), "title"));
        }
        return i;
}

static size_t print_changed(const json_t *list, const char *one)
{
        const json_t *item;
        json_t *keys, *pair;
        const char *key;
        size_t i;
        json_array_foreach(list, i, item)
        {
                (void)printf("Changed %s %s\n", one, text_of(item, "name"));
                keys = json_object_get(item, "keys");
                json_object_foreach(keys, key, pair)
                {
                        (void)printf("  %s\n", key);
                        print_value("    was: ", json_object_get(pair, "old"));
                        print_value("    is:  ", json_object_get(pair, "new"));
                }
        }
        return i;
}

void policy_print_changes(const json_t *changes, const struct pack *old, const struct pack *new)
{
        static const char *const parts[][2] = {
            {"rules", "rule"}, {"parameters", "parameter"}, {"terms", "term"}, {"lanes", "lane"}};
        json_t *a = by_name(old), *b = by_name(new);
        const json_t *cases = json_object_get(changes, "cases");
        size_t n = 0;
        (void)printf("%s %s, then %s %s\n", pack_name(old), pack_version(old), pack_name(new),
                     pack_version(new));
        for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
                const json_t *part = json_object_get(changes, parts[i][0]);
                n += print_names(json_object_get(part, "added"), "New", parts[i][1],
                                 json_object_get(b, parts[i][0]));
                n += print_names(json_object_get(part, "removed"), "Gone:", parts[i][1],
                                 json_object_get(a, parts[i][0]));
                n += print_changed(json_object_get(part, "changed"), parts[i][1]);
        }
        (void)printf("%zu differences; cases: %lld, then %lld.\n", n,
                     (long long)json_integer_value(json_object_get(cases, "old")),
                     (long long)json_integer_value(json_object_get(cases, "new")));
        json_decref(a);
        json_decref(b);
}

int policy_diff(struct session *s, int argc, char **argv)
{
        const struct arg table[] = {{.name = NULL}};
        struct args args;
        struct pack *old = NULL, *new = NULL;
        json_t *all = NULL;
        enum err e = policy_args(s, argc, argv, table, 2, 2, "diff OLD NEW", &args);
        if (e || (e = policy_load(args.words[0], &old, &s->why)) ||
            (e = policy_load(args.words[1], &new, &s->why)) || (e = policy_changes(old, new, &all)))
                goto done;
        if (s->json) {
                command_json(all);
                all = NULL; /* given away */
        } else {
                policy_print_changes(all, old, new);
        }
done:
        json_decref(all);
        pack_free(old);
        pack_free(new);
        return e ? command_fail(s, e) : EXIT_DONE;
}
