#include "client/policy.h"

#include <stdio.h>
#include <string.h>

static const struct {
        const char *word;
        int (*run)(struct session *s, int argc, char **argv);
} words[] = {
    {"adopt", policy_adopt},     {"check", policy_check}, {"diff", policy_diff},
    {"explain", policy_explain}, {"show", policy_show},   {"test", policy_test},
};

int command_policy(struct session *s, int argc, char **argv)
{
        for (size_t i = 0; argc > 1 && i < sizeof words / sizeof words[0]; i++)
                if (strcmp(argv[1], words[i].word) == 0)
                        return words[i].run(s, argc - 1, argv + 1);
        return command_fail(s, why_set(&s->why, ERR_USE, "policy show|check|test|diff|explain ..."));
}

enum err policy_args(struct session *s, int argc, char **argv, const struct arg table[], size_t least,
                     size_t most, const char *use, struct args *out)
{
        enum err e = command_args(s, argc, argv, table, out);
        if (!e && (out->words_n < least || out->words_n > most))
                e = why_set(&s->why, ERR_USE, "policy %s", use);
        return e;
}

/* --- check --- */

static void print_checked(const struct pack *p)
{
        struct buf value;
        buf_init(&value, PACK_TEXT_MAX);
        (void)printf("%s %s loads: %s\n", pack_name(p), pack_version(p), pack_title(p));
        for (size_t i = 0; i < pack_rules(p); i++) {
                const struct rule *r = pack_rule(p, i);
                (void)printf("  %-8s %-9s %-8s %s\n", r->id, effect_name(r->effect), rule_kind_name(r->kind),
                             r->title);
        }
        for (size_t i = 0; i < pack_parameters(p); i++) {
                buf_reset(&value);
                policy_value_put(&value, pack_parameter(p, i));
                (void)printf("  %s = %s\n", pack_parameter(p, i)->name, buf_text(&value));
        }
        (void)printf("%zu rules, %zu parameters.\n", pack_rules(p), pack_parameters(p));
        buf_clear(&value);
}

static json_t *checked_json(const struct pack *p)
{
        json_t *out = policy_head(p), *rules = json_array(), *parameters = json_object();
        for (size_t i = 0; i < pack_rules(p); i++)
                (void)json_array_append_new(rules, json_string(pack_rule(p, i)->id));
        for (size_t i = 0; i < pack_parameters(p); i++)
                (void)json_object_set_new(parameters, pack_parameter(p, i)->name,
                                          policy_value(pack_parameter(p, i)));
        (void)json_object_set_new(out, "rules", rules);
        (void)json_object_set_new(out, "parameters", parameters);
        return out;
}

int policy_check(struct session *s, int argc, char **argv)
{
        const struct arg table[] = {{.name = NULL}};
        struct args args;
        struct pack *p = NULL;
        enum err e = policy_args(s, argc, argv, table, 1, 1, "check FILE", &args);
        if (e || (e = policy_load(args.words[0], &p, &s->why)))
                return command_fail(s, e);
        if (s->json)
                command_json(checked_json(p));
        else
                print_checked(p);
        pack_free(p);
        return EXIT_DONE;
}

/* --- test --- */

struct failures {
        json_t *list; /* NULL: printed at once */
};

static void tell_failure(void *self, const char *sentence)
{
        const struct failures *f = self;
        if (f->list != NULL)
                (void)json_array_append_new(f->list, json_string(sentence));
        else
                (void)printf("%s\n", sentence);
}

int policy_test(struct session *s, int argc, char **argv)
{
        const struct arg table[] = {{.name = NULL}};
        struct args args;
        struct failures failures = {NULL};
        struct pack *p = NULL;
        size_t cases = 0, failed = 0;
        enum err e = policy_args(s, argc, argv, table, 1, 1, "test FILE", &args);
        if (e || (e = policy_load(args.words[0], &p, &s->why)))
                return command_fail(s, e);
        failures.list = s->json ? json_array() : NULL;
        if ((e = pack_test(p, &cases, &failed, tell_failure, &failures)))
                json_decref(failures.list);
        else if (s->json)
                command_json(json_pack("{sI sI so}", "rules", (json_int_t)pack_rules(p), "cases",
                                       (json_int_t)cases, "failed", failures.list));
        else
                (void)printf("%zu rules, %zu cases, %zu failed.\n", pack_rules(p), cases, failed);
        pack_free(p);
        if (e)
                return command_fail(s, e);
        return failed > 0 ? EXIT_FAULT : EXIT_DONE;
}
