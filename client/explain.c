#include "client/explain.h"

#include <stdlib.h>
#include <string.h>

#include "policy/gate.h"
#include "policy/reads.h"

#define VALUES_MAX (4u << 20) /* bytes: names and values of all columns */

struct explainer {
        const struct pack *pack;
        struct given *given;
        struct gate *gate;
        struct facts facts;
        struct judgement judgement;
        uint16_t column[COLUMN_COUNT];
        size_t columns_n;
};

static enum err add_value(const struct explainer *x, json_t *to, unsigned column)
{
        struct buf name, value;
        enum err e;
        buf_init(&name, 256);
        buf_init(&value, VALUES_MAX);
        reads_name_put(&name, x->pack, column);
        reads_value_put(&value, x->pack, &x->facts, column);
        if (!(e = buf_check(&value)) &&
            json_object_set_new(to, buf_text(&name),
                                json_loadb((const char *)value.at, value.n, JSON_DECODE_ANY, NULL)))
                e = ERR_NO_MEMORY;
        buf_clear(&name);
        buf_wipe(&value);
        return e;
}

static bool is_among(const struct rule *const list[], size_t n, const struct rule *r)
{
        for (size_t i = 0; i < n; i++)
                if (list[i] == r)
                        return true;
        return false;
}

static json_t *said(const struct judgement *j, const struct rule *r)
{
        if (is_among(j->erred, j->erred_n, r))
                return json_null();
        return json_boolean(is_among(j->hit, j->hits_n, r));
}

static enum err add_rule(struct explainer *x, const struct rule *r, json_t *rules)
{
        json_t *facts = json_object();
        enum err e = facts == NULL ? ERR_NO_MEMORY : reads_of_rule(x->pack, r, x->column, &x->columns_n);
        for (size_t i = 0; i < x->columns_n && !e; i++)
                e = add_value(x, facts, x->column[i]);
        if (!e &&
            json_array_append_new(
                rules, json_pack("{ss so ss ss ss sO ss ss}", "id", r->id, "said", said(&x->judgement, r),
                                 "effect", effect_name(r->effect), "kind", rule_kind_name(r->kind), "title",
                                 r->title, "facts", facts, "because", r->because, "advice", r->advice)))
                e = ERR_NO_MEMORY;
        json_decref(facts);
        return e;
}

static enum err add_rules(struct explainer *x, const char *only, json_t *rules, struct why *why)
{
        enum err e = OK;
        for (size_t i = 0; i < pack_rules(x->pack) && !e; i++) {
                const struct rule *r = pack_rule(x->pack, i);
                if (((r->kinds >> x->facts.kind) & 1u) && (only == NULL || strcmp(only, r->id) == 0))
                        e = add_rule(x, r, rules);
        }
        if (!e && only != NULL && json_array_size(rules) == 0)
                e = why_set(why, ERR_ABSENT, "no rule %.60s is asked about an entry of the kind %s", only,
                            kind_name(x->facts.kind));
        return e;
}

/* All that is known: the fields, the facts. */
static enum err add_facts(struct explainer *x, json_t *to)
{
        enum err e = OK;
        for (unsigned column = 0; column < COLUMN_PARAMETER && !e; column++) {
                if (column < COLUMN_KIND && (column >= fields_count || column_of_field(column) != column))
                        continue;
                e = add_value(x, to, column);
        }
        const char *name;
        json_t *value;
        void *next;
        json_object_foreach_safe(to, next, name, value)
        {
                if (json_is_null(value))
                        (void)json_object_del(to, name);
        }
        return e;
}

static enum err answer(struct explainer *x, const char *only, json_t **out, struct why *why)
{
        const struct judgement *j = &x->judgement;
        json_t *rules = json_array(), *facts = json_object();
        enum err e = rules == NULL || facts == NULL ? ERR_NO_MEMORY : OK;
        if (e || (e = add_rules(x, only, rules, why)) || (e = add_facts(x, facts)))
                goto done;
        *out = json_pack("{ss ss ss sO sO sO}", "kind", kind_name(x->facts.kind), "lane",
                         j->has_lane ? lane_names[j->lane] : "", "verdict", verdict_name(j->verdict), "rules",
                         rules, "facts", facts, "ignored", given_ignored(x->given));
        if (*out == NULL)
                e = ERR_NO_MEMORY;
        else if (j->broken)
                (void)json_object_set_new(*out, "broken", json_string(j->broke_why.detail));
done:
        json_decref(rules);
        json_decref(facts);
        return e;
}

enum err explain(const struct pack *pack, const struct given_parts *parts, const char *only, json_t **out,
                 struct why *why)
{
        struct explainer *x = calloc(1, sizeof *x);
        enum err e;
        if (x == NULL)
                return ERR_NO_MEMORY;
        x->pack = pack;
        if ((e = given_new(pack, parts, &x->given, why)) || (e = given_facts(x->given, &x->facts, why)) ||
            (e = gate_new(pack, &x->gate, why)) || (e = gate_ask(x->gate, &x->facts, &x->judgement, why)))
                goto done;
        e = answer(x, only, out, why);
done:
        gate_free(x->gate);
        given_free(x->given);
        free(x);
        return e;
}
