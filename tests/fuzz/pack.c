/* A policy pack or overlay in YAML: parsed or refused, and what is parsed makes a gate that answers every
 * kind of entry, and whose own cases can be run. The overlay's first line of `over` names the pack below. */
#include "policy/gate.h"
#include "tests/fuzz/fuzz.h"

static const char base[] =
    "name: b\nversion: 1\ntitle: t\n"
    "parameters:\n- {name: n, value: 3, title: t}\n- {name: w, words: [a, b], title: t}\n"
    "terms: [{name: m, title: t, when: views.window > parameter.n}]\n"
    "rules:\n- {id: R, title: t, when: \"term.m OR has(parameter.w, enquiry.f3)\", effect: warn, kind: law, "
    "because: b, advice: a}\n"
    "tests:\n- {rule: R, fires: yes, given: {views.window: 4}}\n- {rule: R, fires: yes, given: "
    "{views.window: 5}}\n"
    "- {rule: R, fires: no}\n- {rule: R, fires: no, given: {f3: 'no'}}\n";

static enum err take_base(void *self, const struct hash *hash, struct buf *out)
{
        (void)self;
        (void)hash; /* whatever is asked for: the reader has to compare */
        buf_put_text(out, base);
        return buf_check(out);
}

static void ask_all_kinds(struct gate *gate)
{
        struct judgement judgement;
        struct body body;
        for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
                struct facts facts = {.kind = (enum kind)kind, .body = &body};
                body_init(&body, (enum kind)kind);
                must(gate_ask(gate, &facts, &judgement, NULL) == OK, "a gate answers");
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        const struct pack_source source = {.text = take_base};
        struct why why = {0};
        struct pack *pack = NULL;
        struct gate *gate = NULL;
        size_t cases, failed;
        enum err e = pack_parse(bytes_of(data, n), &source, &pack, &why);
        if (e) {
                must(why.code == e || e == ERR_NO_MEMORY, "the reason belongs to the refusal");
                must(e == ERR_PACK || e == ERR_RULE || e == ERR_NO_MEMORY, "it is refused for what it is");
                return 0;
        }
        must(bytes_equal(pack_text(pack), bytes_of(data, n)), "a pack keeps its text");
        for (size_t i = 0; i < pack_rules(pack); i++)
                must(pack_rule_of_id(pack, pack_rule(pack, i)->id) == pack_rule(pack, i),
                     "a rule is found by its id");
        must(gate_new(pack, &gate, &why) == OK, "what loads makes a gate");
        ask_all_kinds(gate);
        must(pack_test(pack, &cases, &failed, NULL, NULL) == OK && failed <= cases, "its cases can be run");
        gate_free(gate);
        pack_free(pack);
        return 0;
}
