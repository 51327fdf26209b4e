#include <stdio.h>
#include <stdlib.h>

#include "client/command.h"
#include "client/kept.h"
#include "client/text.h"

#define DAYS_MAX 366

/* {"days","told":[{"rule","title","author","count","refs":[newest first]}]}: by author and rule, the group
 * with the newest entry first. */
static json_t *group_of(json_t *groups, const char *rule, const char *author)
{
        json_t *group;
        size_t i;
        json_array_foreach(groups, i, group) if (strcmp(text_of(group, "rule"), rule) == 0 &&
                                                 strcmp(text_of(group, "author"), author) == 0) return group;
        group = json_pack("{ss ss so}", "rule", rule, "author", author, "refs", json_array());
        (void)json_array_append_new(groups, group);
        return group;
}

static json_t *group_entries(const json_t *entries)
{
        json_t *groups = json_array();
        const json_t *entry, *rule;
        size_t i, k;
        json_array_foreach(entries, i, entry)
        {
                json_array_foreach(json_object_get(entry, "told"), k, rule)
                {
                        json_t *group = group_of(groups, json_string_value(rule), text_of(entry, "author"));
                        (void)json_array_append(json_object_get(group, "refs"),
                                                json_object_get(entry, "ref"));
                }
        }
        return groups;
}

/* What the rule says, where this folder has the policy. */
static void name_rules(json_t *groups, const struct pack *pack)
{
        json_t *group;
        size_t i;
        json_array_foreach(groups, i, group)
        {
                const struct rule *rule = pack == NULL ? NULL : pack_rule_of_id(pack, text_of(group, "rule"));
                (void)json_object_set_new(
                    group, "count",
                    json_integer((json_int_t)json_array_size(json_object_get(group, "refs"))));
                if (rule != NULL) {
                        (void)json_object_set_new(group, "title", json_string(rule->title));
                        (void)json_object_set_new(group, "advice", json_string(rule->advice));
                }
        }
}

static void print_groups(const json_t *groups, unsigned days)
{
        const json_t *group, *ref;
        size_t i, k;
        json_array_foreach(groups, i, group)
        {
                const long long n = json_integer_value(json_object_get(group, "count"));
                (void)printf("%lld %s by %s in %u day%s: %s%s%s\n ", n, n == 1 ? "entry" : "entries",
                             text_of(group, "author"), days, days == 1 ? "" : "s", text_of(group, "rule"),
                             text_of(group, "title")[0] != '\0' ? ", " : "", text_of(group, "title"));
                json_array_foreach(json_object_get(group, "refs"), k, ref)(void)
                    printf(" %s", json_string_value(ref));
                (void)printf("\n");
                if (text_of(group, "advice")[0] != '\0')
                        (void)printf("  %s\n", text_of(group, "advice"));
        }
        if (json_array_size(groups) == 0)
                (void)printf("Nothing was put before you in %u day%s.\n", days, days == 1 ? "" : "s");
}

static enum err all_told(struct session *s, unsigned days, json_t **out)
{
        json_t *entries = json_array(),
               *query = json_pack("{sb si si}", "told", 1, "days", (int)days, "limit", 100);
        enum err e = OK;
        for (bool more = true; more && !e;) {
                json_t *answer = NULL;
                if ((e = consult(s, "list", json_deep_copy(query), &answer)))
                        break;
                const char *next = json_string_value(json_object_get(answer, "next"));
                (void)json_array_extend(entries, json_object_get(answer, "entries"));
                if ((more = next != NULL))
                        (void)json_object_set_new(query, "before", json_integer(strtoll(next, NULL, 10)));
                json_decref(answer);
        }
        json_decref(query);
        if (e)
                json_decref(entries);
        else
                *out = entries;
        return e;
}

int command_digest(struct session *s, int argc, char **argv)
{
        const char *text = NULL;
        const struct arg table[] = {{.name = "days", .text = &text}, {.name = NULL}};
        struct args args;
        struct pack *pack = NULL;
        json_t *entries = NULL;
        uint64_t days = 0;
        enum err e = command_args(s, argc, argv, table, &args);
        struct bytes in = bytes_text(text != NULL ? text : "7");
        if (!e && (bytes_take_decimal(&in, &days) || in.n != 0 || days == 0 || days > DAYS_MAX ||
                   args.words_n != 0))
                e = why_set(&s->why, ERR_USE, "digest [--days N], 1 to %d", DAYS_MAX);
        if (e || (e = session_open(s)) || (e = all_told(s, (unsigned)days, &entries)))
                return command_fail(s, e);
        if (kept_in_force(s, true, &pack)) {
                s->why = (struct why){0};
                pack = NULL;
        }
        json_t *groups = group_entries(entries);
        name_rules(groups, pack);
        if (s->json)
                command_json(json_pack("{sI sO}", "days", (json_int_t)days, "told", groups));
        else
                print_groups(groups, (unsigned)days);
        json_decref(groups);
        json_decref(entries);
        pack_free(pack);
        return EXIT_DONE;
}
