#include "policy/gate.h"

#include <stdlib.h>

#include "policy/program.h"

#define SCRATCH_MAX ((size_t)2 * SUBMISSION_MAX) /* bytes: what two bodies can hold unescaped */

struct gate {
        const struct pack *pack;
        struct program *program;
        uint16_t column_of_field[256];
        const struct slots *slots;                 /* of the kind that is being asked about */
        struct fact_value value[COLUMN_COUNT + 1]; /* by slot */
        struct buf scratch; /* its room is made once, so that what points into it stays */
        char at[MOMENT_TEXT_LEN + 1];
};

enum err gate_new(const struct pack *pack, struct gate **out, struct why *why)
{
        struct gate *g = calloc(1, sizeof *g);
        enum err e;
        if (g == NULL)
                return ERR_NO_MEMORY;
        g->pack = pack;
        buf_init(&g->scratch, SCRATCH_MAX);
        if (buf_put_room(&g->scratch, SCRATCH_MAX) == NULL) {
                e = ERR_NO_MEMORY;
                goto done;
        }
        if ((e = program_new(pack, &g->program, why)))
                goto done;
        for (unsigned i = 0; i < fields_count; i++)
                g->column_of_field[i] = (uint16_t)column_of_field(i);
        *out = g;
        g = NULL; /* given away */
done:
        gate_free(g);
        return e;
}

void gate_free(struct gate *g)
{
        if (g == NULL)
                return;
        program_free(g->program);
        buf_clear(&g->scratch);
        free(g);
}

static void set(struct gate *g, unsigned column, struct fact_value v)
{
        uint16_t slot = g->slots->of[column];
        if (slot > 0)
                g->value[slot] = v;
}

static enum err text_of_json(struct gate *g, struct bytes json, struct fact_value *out)
{
        size_t from = g->scratch.n;
        struct bytes text;
        enum err e = json_whole_string(json, &text);
        if (!e && text.n > 0 && memchr(text.at, '\\', text.n) != NULL) {
                if ((e = json_unescape(text, &g->scratch)))
                        return e;
                text = buf_since(&g->scratch, from);
        }
        if (!e)
                *out = (struct fact_value){.type = FACT_TEXT, .text = text};
        return e;
}

/* Words and texts are text, numbers numbers, the rest its JSON text. */
static enum err value_of_json(struct gate *g, struct bytes json, struct fact_value *out)
{
        enum json_form form;
        int64_t number;
        enum err e = json_form_of(json, &form);
        if (e)
                return e;
        switch (form) {
        case JSON_IS_STRING: return text_of_json(g, json, out);
        case JSON_IS_INT:
                if (!(e = json_whole_int(json, &number)))
                        *out = (struct fact_value){.type = FACT_INT, .number = number};
                return e;
        case JSON_IS_TRUE:
        case JSON_IS_FALSE:
                *out = (struct fact_value){.type = FACT_INT, .number = form == JSON_IS_TRUE};
                return OK;
        case JSON_IS_NULL: *out = (struct fact_value){.type = FACT_NULL}; return OK;
        case JSON_IS_ARRAY:
        case JSON_IS_OBJECT: *out = (struct fact_value){.type = FACT_TEXT, .text = json}; return OK;
        }
        return ERR_JSON;
}

static enum err set_fields(struct gate *g, const struct body *body)
{
        for (size_t i = 0; body && i < body->n; i++) {
                const struct body_field *f = &body->field[i];
                uint16_t slot = g->slots->of[g->column_of_field[f->number]];
                enum err e;
                if (slot == 0)
                        continue;
                g->value[slot] = (struct fact_value){.type = FACT_NULL};
                if (f->state == FIELD_PRESENT && (e = value_of_json(g, f->value, &g->value[slot])))
                        return e;
        }
        return OK;
}

static struct fact_value value_of_parameter(const struct parameter *p)
{
        if (p->words.n > 0)
                return (struct fact_value){.type = FACT_TEXT, .text = p->words};
        return (struct fact_value){.type = FACT_INT, .number = p->value};
}

static enum err set_all(struct gate *g, const struct facts *facts)
{
        enum err e;
        memset(g->value, 0, (g->slots->n + (size_t)1) * sizeof g->value[0]);
        buf_reset(&g->scratch);
        moment_text(facts->at_us, g->at);
        set(g, COLUMN_KIND,
            (struct fact_value){.type = FACT_TEXT, .text = bytes_text(kind_name(facts->kind))});
        set(g, COLUMN_AT, (struct fact_value){.type = FACT_TEXT, .text = bytes_of(g->at, MOMENT_TEXT_LEN)});
        for (unsigned f = 0; f < FACT_COUNT; f++)
                set(g, COLUMN_FACT + f, facts->value[f]);
        for (unsigned i = 0; i < pack_parameters(g->pack); i++)
                set(g, COLUMN_PARAMETER + i, value_of_parameter(pack_parameter(g->pack, i)));
        if (facts->kind == KIND_ACTIVITY && (e = set_fields(g, facts->intent)))
                return e;
        return set_fields(g, facts->body);
}

static bool urgent(const struct facts *facts)
{
        if (facts->body && body_find(facts->body, "urgent"))
                return true;
        return facts->kind == KIND_ACTIVITY && facts->intent && body_find(facts->intent, "urgent");
}

static void collect_hits(const struct gate *g, const enum answer answers[], struct judgement *j)
{
        for (size_t i = 0; i < pack_rules(g->pack); i++) {
                if (answers[i] == ANSWER_YES)
                        j->hit[j->hits_n++] = pack_rule(g->pack, i);
                if (answers[i] == ANSWER_BROKEN)
                        j->erred[j->erred_n++] = pack_rule(g->pack, i);
        }
        j->broken = j->erred_n > 0;
        j->broke = j->broken ? j->erred[0] : NULL;
}

/* A lane that erred counts as holding: what is not known falls to the stricter side. */
static enum lane lane_of_pack(const struct gate *g, const enum answer answers[], struct judgement *j)
{
        const enum answer *lanes = answers + pack_rules(g->pack);
        j->broken |= lanes[0] == ANSWER_BROKEN || lanes[1] == ANSWER_BROKEN;
        if (lanes[1] != ANSWER_NO)
                return LANE_AUTHORISED;
        return lanes[0] != ANSWER_NO ? LANE_STANDARD : LANE_QUICK;
}

static bool hit_with(const struct judgement *j, enum effect effect, bool is_urgent)
{
        for (size_t i = 0; i < j->hits_n; i++)
                if (j->hit[i]->effect == effect && !(is_urgent && j->hit[i]->kind == RULE_LOCAL))
                        return true;
        return false;
}

static enum verdict verdict_of_intent(const struct judgement *j, bool is_urgent)
{
        if (j->broken || hit_with(j, EFFECT_REFUSE, is_urgent))
                return VERDICT_REFUSED;
        if (!is_urgent && (hit_with(j, EFFECT_AUTHORISE, false) || hit_with(j, EFFECT_APPROVE, false)))
                return VERDICT_WAITING;
        return VERDICT_ACCEPTED;
}

/* What was done is always accepted, and put before a person where a rule was broken. `asked` is the lane that
 * the look itself asks for: an approve rule alone takes nothing out of the quick lane here, or the quick lane
 * would excuse nothing. */
static enum verdict verdict_of_activity(const struct judgement *j, const struct facts *facts, enum lane asked,
                                        bool is_urgent)
{
        const struct fact_value *approved = &facts->value[FACT_ENTRY_APPROVED];
        bool decided = approved->type == FACT_INT && approved->number != 0;
        if (j->broken || hit_with(j, EFFECT_REFUSE, false) || hit_with(j, EFFECT_AUTHORISE, false))
                return VERDICT_FLAGGED;
        if (hit_with(j, EFFECT_APPROVE, false) && asked != LANE_QUICK && !decided && !is_urgent)
                return VERDICT_FLAGGED;
        return VERDICT_ACCEPTED;
}

void judgement_settle(struct judgement *j, const struct facts *facts, enum lane asked)
{
        bool is_urgent;
        j->has_lane = facts->kind == KIND_INTENT || facts->kind == KIND_ACTIVITY;
        if (!j->has_lane) {
                j->verdict =
                    j->broken || hit_with(j, EFFECT_REFUSE, false) ? VERDICT_REFUSED : VERDICT_ACCEPTED;
                return;
        }
        is_urgent = urgent(facts);
        j->lane = asked;
        if (j->lane == LANE_QUICK && hit_with(j, EFFECT_APPROVE, false))
                j->lane = LANE_STANDARD;
        if (hit_with(j, EFFECT_AUTHORISE, false))
                j->lane = LANE_AUTHORISED;
        j->verdict = facts->kind == KIND_INTENT ? verdict_of_intent(j, is_urgent)
                                                : verdict_of_activity(j, facts, asked, is_urgent);
}

static void judge(const struct gate *g, const struct facts *facts, const enum answer answers[],
                  struct judgement *j)
{
        bool look = facts->kind == KIND_INTENT || facts->kind == KIND_ACTIVITY;
        collect_hits(g, answers, j);
        judgement_settle(j, facts, look ? lane_of_pack(g, answers, j) : LANE_QUICK);
}

enum err gate_ask(struct gate *g, const struct facts *facts, struct judgement *out, struct why *why)
{
        enum answer answers[ANSWERS_MAX];
        struct why broke = {OK, ""};
        enum err e;
        g->slots = program_slots(g->program, facts->kind);
        if (g->slots != NULL && (e = set_all(g, facts)))
                return why_set(why, e, "a field of the entry could not be read");
        if ((e = program_ask(g->program, facts->kind, g->value, answers, &broke)))
                return why_set(why, e, "the rules could not be asked");
        memset(out, 0, sizeof *out);
        out->broke_why = broke;
        judge(g, facts, answers, out);
        return OK;
}
