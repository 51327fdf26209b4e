#include <stdio.h>
#include <stdlib.h>

#include "policy/gate.h"
#include "policy/parts.h"

#define SENTENCE_MAX 400 /* bytes */

struct trial {
        const struct pack *pack;
        struct gate *gate;
        struct body body;
        struct facts facts;
        struct judgement judgement;
        void (*tell)(void *self, const char *sentence);
        void *self;
};

static bool said(const struct judgement *j, const struct rule *r)
{
        for (size_t i = 0; i < j->hits_n; i++)
                if (j->hit[i] == r)
                        return true;
        return false;
}

/* What came out otherwise; an empty text when all is as the case has it. */
static void differences(const struct trial *t, const struct pack_case *c, char out[SENTENCE_MAX])
{
        const struct judgement *j = &t->judgement;
        bool fired = said(j, pack_rule(t->pack, c->rule));
        out[0] = '\0';
        if (j->broken)
                (void)snprintf(out, SENTENCE_MAX, "a rule erred (%.200s)", j->broke_why.detail);
        else if (fired != c->fires)
                (void)snprintf(out, SENTENCE_MAX, "it %s, and should%s", fired ? "fired" : "did not fire",
                               c->fires ? "" : " not");
        else if (c->has_verdict && j->verdict != c->verdict)
                (void)snprintf(out, SENTENCE_MAX, "the verdict is %s, and should be %s",
                               verdict_name(j->verdict), verdict_name(c->verdict));
        else if (c->has_lane && (!j->has_lane || j->lane != c->lane))
                (void)snprintf(out, SENTENCE_MAX, "the lane is %s, and should be %s",
                               j->has_lane ? lane_names[j->lane] : "none", lane_names[c->lane]);
}

static enum err try_one(struct trial *t, size_t i, size_t *failed)
{
        const struct pack_case *c = &t->pack->cases[i];
        const struct rule *r = pack_rule(t->pack, c->rule);
        char what[SENTENCE_MAX], sentence[SENTENCE_MAX + 100];
        enum err e;
        case_facts(c, &t->body, &t->facts);
        if ((e = gate_ask(t->gate, &t->facts, &t->judgement, NULL)))
                return e;
        differences(t, c, what);
        if (what[0] == '\0')
                return OK;
        ++*failed;
        if (t->tell && snprintf(sentence, sizeof sentence, "Line %u, rule %s, case %zu: %s.", c->line, r->id,
                                i + 1, what) > 0)
                t->tell(t->self, sentence);
        return OK;
}

enum err pack_test(const struct pack *p, size_t *out_cases, size_t *out_failed,
                   void (*tell)(void *self, const char *sentence), void *self)
{
        struct trial *t = calloc(1, sizeof *t);
        size_t failed = 0;
        enum err e;
        if (t == NULL)
                return ERR_NO_MEMORY;
        if (p->base) /* the cases know its numbers */
                p = p->base;
        *t = (struct trial){.pack = p, .tell = tell, .self = self};
        e = gate_new(p, &t->gate, NULL);
        for (size_t i = 0; !e && i < p->cases_n; i++)
                e = try_one(t, i, &failed);
        if (!e) {
                *out_cases = p->cases_n;
                *out_failed = failed;
        }
        gate_free(t->gate);
        free(t);
        return e;
}
