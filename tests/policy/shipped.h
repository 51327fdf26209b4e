/* shipped: a pack of this repository, loaded for a test, and what is asked of every one of them. */
#ifndef TESTS_POLICY_SHIPPED_H
#define TESTS_POLICY_SHIPPED_H

#include <stdlib.h>

#include "policy/authority.h"
#include "tests/policy/given.h"

struct shipped {
        char *text;
        struct pack *pack;
        struct gate *gate;
        struct judgement judgement;
};

static inline void shipped_open(struct shipped *s, const char *path)
{
        struct why why = {OK, ""};
        s->text = given_file(path);
        s->pack = given_pack(s->text);
        assert_int_equal(gate_new(s->pack, &s->gate, &why), OK);
}

static inline void shipped_close(struct shipped *s)
{
        gate_free(s->gate);
        pack_free(s->pack);
        test_free(s->text);
}

static inline void shipped_tell(void *self, const char *sentence)
{
        (void)self;
        print_error("%s\n", sentence);
}

static inline size_t shipped_failures(const struct pack *p, void (*tell)(void *, const char *))
{
        size_t cases = 0, failed = 0;
        assert_int_equal(pack_test(p, &cases, &failed, tell, NULL), OK);
        assert_true(cases >= 4 * pack_rules(p));
        return failed;
}

/* What was not read at its source is said so; the Acts of the United Kingdom below and the reports of the
 * Commissioner were read. */
static inline void shipped_is_honest(const struct pack *p)
{
        static const char *const unread[] = {
            "Code of Practice",    "College of Policing", "NPCC",         "article 7A", "s.32A",
            "Computer Misuse Act", "Children Act",        "RIP(S)A 2000,"};
        for (size_t i = 0; i < pack_rules(p); i++) {
                const struct rule *r = pack_rule(p, i);
                assert_false(r->kind == RULE_LOCAL && r->effect == EFFECT_REFUSE);
                assert_true(strlen(r->because) >= 5 && strlen(r->advice) > 20);
                /* How often somebody was looked at is counted by local numbers: no Act has one. */
                if (r->kind == RULE_LAW && strstr(r->when, "views."))
                        fail_msg("%s: a number of looks is called law", r->id);
                for (size_t k = 0; k < sizeof unread / sizeof unread[0]; k++)
                        if (strstr(r->because, unread[k]) && !strstr(r->because, "read at ") &&
                            !strstr(r->because, "not checked at ") && !strstr(r->because, "(2014)"))
                                fail_msg("%s: %s was not read at its source", r->id, unread[k]);
        }
}

static inline bool shipped_hit(const struct shipped *s, const char *id)
{
        assert_non_null(pack_rule_of_id(s->pack, id));
        for (size_t i = 0; i < s->judgement.hits_n; i++)
                if (strcmp(s->judgement.hit[i]->id, id) == 0)
                        return true;
        return false;
}

static inline void shipped_ask(struct shipped *s, const struct given *g)
{
        assert_int_equal(gate_ask(s->gate, &g->facts, &s->judgement, NULL), OK);
        assert_false(s->judgement.broken);
}

static inline void shipped_text(struct given *g, enum fact which, const char *text)
{
        g->facts.value[which] = (struct fact_value){.type = FACT_TEXT, .text = bytes_text(text)};
}

/* An authority of that type, relied on and in force. */
static inline void shipped_authority(struct given *g, const char *type)
{
        given_fact(&g->facts, FACT_AUTHORITY_CLAIMED, 1);
        given_fact(&g->facts, FACT_AUTHORITY_LIVE, 1);
        given_fact(&g->facts, FACT_AUTHORITY_URGENT, 0);
        given_fact(&g->facts, FACT_AUTHORITY_HOURS_LEFT, 1000);
        shipped_text(g, FACT_AUTHORITY_STATE, "live");
        shipped_text(g, FACT_AUTHORITY_TYPE, type);
}

#endif
