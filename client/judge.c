#include "client/judge.h"

#include <stdlib.h>

#include "policy/scene.h"

static roles roles_of_text(const char *text)
{
        roles out = 0;
        while (*text != '\0') {
                size_t n = strcspn(text, ",");
                enum role role;
                if (role_of_name(bytes_of(text, n), &role))
                        out |= ROLE_BIT(role);
                text += n + (text[n] == ',');
        }
        return out;
}

/* What is seen from here only in part. */
static void forget(struct facts *facts)
{
        static const enum fact ledgers_own[] = {FACT_AUTHOR_OPEN_LATE, FACT_AUTHOR_INTENTS_M10,
                                                FACT_AUTHORITY_DETERMINED, FACT_ENTRY_INTENT_STATE,
                                                FACT_ENTRY_APPROVED};
        for (size_t i = 0; i < sizeof ledgers_own / sizeof ledgers_own[0]; i++)
                facts->value[ledgers_own[i]].type = FACT_NULL;
        if (facts->value[FACT_AUTHORITY_CLAIMED].number != 0)
                facts->value[FACT_AUTHORITY_STATE].type = facts->value[FACT_AUTHORITY_LIVE].type = FACT_NULL;
        if (facts->value[FACT_PERSONA_CLAIMED].number != 0)
                facts->value[FACT_PERSONA_STATE].type = FACT_NULL;
}

static enum err ask(const struct pack *pack, struct scene *scene, struct facts *facts, struct judgement *out,
                    struct why *why)
{
        struct gate *gate = NULL;
        enum err e;
        if ((e = scene_facts(scene, pack, facts, why)))
                return e;
        forget(facts);
        if (!(e = gate_new(pack, &gate, why)))
                e = gate_ask(gate, facts, out, why);
        gate_free(gate);
        return e;
}

enum err judge_values(const struct identity *id, const struct pack *pack, const struct values *v,
                      struct judgement *out, struct why *why)
{
        struct body *body = calloc(1, sizeof *body);
        struct facts *facts = calloc(1, sizeof *facts);
        struct scene *scene = calloc(1, sizeof *scene);
        enum err e = body == NULL || facts == NULL || scene == NULL ? ERR_NO_MEMORY : OK;
        if (e || (e = compose_known(v, body, why)))
                goto done;
        scene_init(scene);
        scene->kind = v->kind;
        scene->at_us = client_now_us();
        scene->body = body;
        scene->author.name = id->name;
        scene->author.alias = id->alias;
        member_id_text(&id->member, scene->author.id);
        scene->author.unit = bytes_text(id->unit);
        scene->author.roles = roles_of_text(id->roles);
        scene->author.training = id->training;
        scene->author.known = true;
        scene->operation.named = scene->operation.known = scene->operation.open =
            values_find(v, "operation") != NULL;
        e = ask(pack, scene, facts, out, why);
        scene_clear(scene);
done:
        free(scene);
        free(facts);
        free(body);
        return e;
}

const struct rule *judge_reason(const struct judgement *j)
{
        const enum effect effect = j->lane == LANE_AUTHORISED ? EFFECT_AUTHORISE : EFFECT_APPROVE;
        for (size_t i = 0; i < j->hits_n; i++)
                if (j->hit[i]->effect == effect)
                        return j->hit[i];
        return NULL;
}
