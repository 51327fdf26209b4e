#include "client/lanes.h"

#include <stdio.h>
#include <stdlib.h>

#include "client/ask.h"
#include "client/judge.h"
#include "client/kept.h"
#include "client/text.h"

static void say_why(enum lane lane, const struct judgement *j)
{
        static const char *const names[] = {"Quick", "Standard", "Authorised"};
        const struct rule *rule = j != NULL ? judge_reason(j) : NULL;
        if (j == NULL)
                (void)printf("%s lane, as the enquiry was.\n", names[lane]);
        else if (rule != NULL)
                (void)printf("%s lane, because of %s: %s.\n", names[lane], rule->id, rule->title);
        else
                (void)printf("%s lane, because of what you said about this look.\n", names[lane]);
}

static bool acknowledged(const struct values *v, const char *id)
{
        const struct value *there = values_find(v, "acknowledged");
        char quoted[PACK_ID_MAX + 3];
        (void)snprintf(quoted, sizeof quoted, "\"%s\"", id);
        return there != NULL && strstr(there->json, quoted) != NULL;
}

static enum err acknowledge(struct values *v, const char *id, struct why *why)
{
        const struct value *there = values_find(v, "acknowledged");
        json_t *list = there != NULL ? json_loads(there->json, 0, NULL) : json_array();
        (void)json_array_append_new(list, json_string(id));
        enum err e = values_set_json(v, "acknowledged", list, ORIGIN_TYPED, true, why);
        json_decref(list);
        return e;
}

static enum err warn(struct values *v, const struct judgement *j, struct why *why)
{
        enum err e = OK;
        for (size_t i = 0; i < j->hits_n && !e; i++) {
                const struct rule *r = j->hit[i];
                struct buf text;
                bool yes = false;
                if (r->effect != EFFECT_WARN || acknowledged(v, r->id))
                        continue;
                buf_init(&text, 8192);
                buf_put_format(&text, "Warning, %s: %s.\n  %s", r->id, r->title, r->advice);
                if (!(e = buf_check(&text)) && !(e = ask_acknowledge(buf_text(&text), &yes, why)) && yes)
                        e = acknowledge(v, r->id, why);
                buf_clear(&text);
        }
        return e;
}

/* Answers can lead to a higher lane, whose questions come then. */
static enum err by_policy(struct session *s, const struct pack *pack, struct values *v, enum lane asked,
                          bool whole)
{
        struct judgement *j = calloc(1, sizeof *j);
        enum err e = j == NULL ? ERR_NO_MEMORY : judge_values(&s->id, pack, v, j, &s->why);
        while (!e && j->lane > asked) {
                say_why(j->lane, j);
                if ((e = ask_lane(v, asked, j->lane, &s->why)))
                        break;
                asked = j->lane;
                e = judge_values(&s->id, pack, v, j, &s->why);
        }
        if (!e && whole)
                e = warn(v, j, &s->why);
        free(j);
        return e;
}

enum err lanes_ask(struct session *s, struct values *v, enum lane floor)
{
        struct pack *pack = NULL;
        enum err e = OK;
        if (floor > LANE_QUICK) {
                say_why(floor, NULL);
                e = ask_lane(v, LANE_QUICK, floor, &s->why);
        }
        if (e)
                return e;
        if (kept_in_force(s, true, &pack)) {
                s->why = (struct why){0};
                return OK;
        }
        e = by_policy(s, pack, v, floor, v->kind == KIND_INTENT || values_find(v, "operation") != NULL);
        pack_free(pack);
        return e;
}

static enum lane lane_of(const struct outcome *o)
{
        for (unsigned lane = LANE_COUNT; lane-- > LANE_QUICK + 1u;)
                if (!o->queued && strcmp(text_of(o->reply, "lane"), lane_names[lane]) == 0)
                        return (enum lane)lane;
        return LANE_QUICK;
}

/* There is nothing to tell of a look that was not taken, or of a request that was refused. */
static bool wants_more(const struct values *v, const struct outcome *o)
{
        const struct value *result = values_find(v, "result");
        return lane_of(o) > LANE_QUICK && strcmp(text_of(o->reply, "verdict"), "refused") != 0 &&
               (result == NULL || strcmp(result->json, "\"not-looked\"") != 0);
}

/* Under an authority nobody says why none is needed; without one its particulars are nobody's to say. */
static bool has_place(const struct values *v, const struct field *f)
{
        const bool claimed = values_find(v, "authority_ref") != NULL;
        if (strcmp(f->name, "lane_claim_reason") == 0)
                return !claimed;
        return claimed || (f->group != GROUP_AUTHORITY && strcmp(f->name, "ripa_ground") != 0);
}

json_t *lanes_extra(const struct values *v, const struct outcome *o, json_t *extra)
{
        json_t *missing = json_array();
        for (size_t i = 0; wants_more(v, o) && i < fields_count; i++)
                if (((fields[i].asked >> v->kind) & 1u) != 0 && fields[i].lane <= lane_of(o) &&
                    fields[i].type != FIELD_OBJECTS && has_place(v, &fields[i]) &&
                    values_find(v, fields[i].name) == NULL)
                        (void)json_array_append_new(missing, json_string(fields[i].name));
        if (json_array_size(missing) > 0)
                (void)json_object_set(extra, "missing", missing);
        json_decref(missing);
        return extra;
}
