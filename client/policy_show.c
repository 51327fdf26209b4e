#include "client/kept.h"
#include "client/policy.h"
#include "client/text.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *effect_words(enum effect e)
{
        switch (e) {
        case EFFECT_REFUSE: return "Refuses";
        case EFFECT_AUTHORISE: return "Needs an authority";
        case EFFECT_APPROVE: return "Needs approval";
        case EFFECT_WARN: return "Warns";
        case EFFECT_NOTE: return "Notes";
        case EFFECT_COUNT: break;
        }
        return "";
}

const char *rule_kind_words(enum rule_kind k)
{
        switch (k) {
        case RULE_LAW: return "Law";
        case RULE_CODE: return "Code of practice";
        case RULE_GUIDANCE: return "Guidance";
        case RULE_LOCAL: return "Local rule, not law";
        case RULE_KIND_COUNT: break;
        }
        return "";
}

json_t *policy_value(const struct parameter *p)
{
        if (p->words.n == 0)
                return json_integer(p->value);
        return json_loadb((const char *)p->words.at, p->words.n, 0, NULL);
}

void policy_value_put(struct buf *out, const struct parameter *p)
{
        json_t *value = policy_value(p);
        const json_t *word;
        size_t i;
        if (json_is_integer(value))
                buf_put_format(out, "%lld", (long long)json_integer_value(value));
        json_array_foreach(value, i, word)
        {
                buf_put_format(out, "%s%s", i > 0 ? ", " : "", json_string_value(word));
        }
        json_decref(value);
}

static json_t *kinds_json(const struct rule *r)
{
        json_t *out = json_array();
        for (unsigned k = 0; k < KIND_COUNT; k++)
                if ((r->kinds >> k) & 1u)
                        (void)json_array_append_new(out, json_string(kind_name((enum kind)k)));
        return out;
}

static json_t *roles_json(roles set)
{
        json_t *out = set == 0 ? NULL : json_array();
        for (unsigned k = 0; k < ROLE_COUNT; k++)
                if (set & ROLE_BIT(k))
                        (void)json_array_append_new(out, json_string(role_name((enum role)k)));
        return out;
}

json_t *policy_rule(const struct rule *r)
{
        return json_pack("{ss ss ss ss so ss ss ss so*}", "id", r->id, "title", r->title, "effect",
                         effect_name(r->effect), "kind", rule_kind_name(r->kind), "kinds", kinds_json(r),
                         "because", r->because, "advice", r->advice, "when", r->when, "tell",
                         roles_json(r->tell));
}

/* What an overlay sets otherwise than the pack that it lies over. */
static json_t *changes_json(const struct pack *p, const struct pack *base)
{
        json_t *out = json_array();
        for (size_t i = 0; i < pack_parameters(p); i++) {
                const struct parameter *now = pack_parameter(p, i),
                                       *before = pack_parameter_of_name(base, now->name);
                json_t *value = policy_value(now), *old = before ? policy_value(before) : NULL;
                if (!json_equal(value, old))
                        (void)json_array_append_new(
                            out, json_pack("{ss sO* sO}", "name", now->name, "old", old, "new", value));
                json_decref(value);
                json_decref(old);
        }
        return out;
}

static json_t *parameters_json(const struct pack *p)
{
        json_t *out = json_array();
        for (size_t i = 0; i < pack_parameters(p); i++) {
                const struct parameter *a = pack_parameter(p, i);
                (void)json_array_append_new(out, json_pack("{ss so ss}", "name", a->name, "value",
                                                           policy_value(a), "title", a->title));
        }
        return out;
}

static json_t *terms_json(const struct pack *p)
{
        json_t *out = json_array();
        for (size_t i = 0; i < pack_terms(p); i++) {
                const struct term *t = pack_term(p, i);
                (void)json_array_append_new(out, json_pack("{ss ss ss}", "name", t->name, "title",
                                                           t->title ? t->title : "", "when", t->when));
        }
        return out;
}

static json_t *lanes_json(const struct pack *p)
{
        json_t *out = json_object();
        for (unsigned lane = LANE_STANDARD; lane < LANE_COUNT; lane++)
                if (pack_lane(p, (enum lane)lane) != NULL)
                        (void)json_object_set_new(out, lane_names[lane],
                                                  json_string(pack_lane(p, (enum lane)lane)));
        return out;
}

static json_t *pack_json(const struct pack *p, const struct pack *base, const struct rule *only)
{
        json_t *out = policy_head(p), *rules = json_array();
        for (size_t i = 0; i < pack_rules(p); i++)
                if (only == NULL || only == pack_rule(p, i))
                        (void)json_array_append_new(rules, policy_rule(pack_rule(p, i)));
        (void)json_object_set_new(out, "rules", rules);
        (void)json_object_set_new(out, "parameters", parameters_json(p));
        (void)json_object_set_new(out, "terms", terms_json(p));
        (void)json_object_set_new(out, "lanes", lanes_json(p));
        if (pack_apd_ref(p) != NULL)
                (void)json_object_set_new(out, "apd_ref", json_string(pack_apd_ref(p)));
        if (base != NULL) {
                (void)json_object_set_new(out, "over", policy_head(base));
                (void)json_object_set_new(out, "changes", changes_json(p, base));
        }
        return out;
}

static void print_rule(const struct rule *r)
{
        (void)printf("%s  %s\n", r->id, r->title);
        (void)printf("    %s. %s: %s\n", effect_words(r->effect), rule_kind_words(r->kind), r->because);
        (void)printf("    Asked about:");
        for (unsigned k = 0, n = 0; k < KIND_COUNT; k++)
                if ((r->kinds >> k) & 1u)
                        (void)printf("%s %s", n++ > 0 ? "," : "", kind_name((enum kind)k));
        (void)printf("\n    Advice: %s\n    When: %s\n", r->advice, r->when);
        for (unsigned k = 0, n = 0; k < ROLE_COUNT; k++)
                if (r->tell & ROLE_BIT(k))
                        (void)printf("%s %s", n++ > 0 ? "," : "    Told:", role_name((enum role)k));
        (void)printf(r->tell ? "\n\n" : "\n");
}

static void print_numbers(const struct pack *p, const struct pack *base)
{
        struct buf text;
        buf_init(&text, PACK_TEXT_MAX);
        for (size_t i = 0; i < pack_parameters(p); i++) {
                const struct parameter *a = pack_parameter(p, i),
                                       *before = base ? pack_parameter_of_name(base, a->name) : NULL;
                buf_reset(&text);
                policy_value_put(&text, a);
                if (before != NULL && (before->value != a->value || !bytes_equal(before->words, a->words))) {
                        buf_put_text(&text, " (in the pack beneath: ");
                        policy_value_put(&text, before);
                        buf_put_text(&text, ")");
                }
                (void)printf("parameter.%s = %s\n    %s\n", a->name, buf_text(&text), a->title);
        }
        for (size_t i = 0; i < pack_terms(p); i++)
                (void)printf("term.%s\n    %s\n    When: %s\n", pack_term(p, i)->name,
                             pack_term(p, i)->title ? pack_term(p, i)->title : "", pack_term(p, i)->when);
        for (unsigned lane = LANE_STANDARD; lane < LANE_COUNT; lane++)
                if (pack_lane(p, (enum lane)lane) != NULL)
                        (void)printf("%s lane\n    When: %s\n", lane_names[lane],
                                     pack_lane(p, (enum lane)lane));
        buf_clear(&text);
}

static void print_pack(const struct pack *p, const struct pack *base)
{
        char hash[HASH_TEXT_LEN + 1];
        hash_text(pack_hash(p), hash);
        (void)printf("%s %s: %s\nSHA-256 %s\n", pack_name(p), pack_version(p), pack_title(p), hash);
        if (base != NULL)
                (void)printf("Lies over %s %s and changes its parameters only.\n", pack_name(base),
                             pack_version(base));
        if (pack_apd_ref(p) != NULL)
                (void)printf("Appropriate policy document: %s\n", pack_apd_ref(p));
        (void)printf("\n");
        for (size_t i = 0; i < pack_rules(p); i++)
                print_rule(pack_rule(p, i));
        print_numbers(p, base);
}

static enum err show_pack(struct session *s, const struct pack *p, const struct pack *base, const char *id)
{
        const struct rule *only = NULL;
        if (id != NULL && (only = pack_rule_of_id(p, id)) == NULL)
                return why_set(&s->why, ERR_ABSENT, "the pack has no rule %.60s", id);
        if (s->json)
                command_json(pack_json(p, base, only));
        else if (only != NULL)
                print_rule(only);
        else
                print_pack(p, base);
        return OK;
}

static enum err show_file(struct session *s, const char *path, const char *id)
{
        struct pack *p = NULL, *base = NULL;
        enum err e;
        if (!(e = policy_load(path, &p, &s->why)) && !(e = policy_base(path, p, &base, &s->why)))
                e = show_pack(s, p, base, id);
        pack_free(base);
        pack_free(p);
        return e;
}

static enum err show_in_force(struct session *s, const char *id)
{
        struct pack *p = NULL, *base = NULL;
        enum err e;
        if (!(e = policy_in_force(s, &p)) &&
            (pack_over(p) == NULL || !(e = kept_pack(s, pack_over(p), true, &base))))
                e = show_pack(s, p, base, id);
        pack_free(base);
        pack_free(p);
        return e;
}

/* A word that is no file is a rule of the policy in force. */
int policy_show(struct session *s, int argc, char **argv)
{
        const struct arg table[] = {{.name = NULL}};
        struct args args;
        enum err e = policy_args(s, argc, argv, table, 0, 2, "show [FILE] [RULE]", &args);
        const char *first = !e && args.words_n > 0 ? args.words[0] : NULL;
        const bool is_rule =
            first != NULL && args.words_n == 1 && strpbrk(first, "./") == NULL && access(first, F_OK) != 0;
        if (!e && (first == NULL || is_rule))
                e = show_in_force(s, first);
        else if (!e)
                e = show_file(s, first, args.words_n == 2 ? args.words[1] : NULL);
        return e ? command_fail(s, e) : EXIT_DONE;
}
