/* A policy pack in YAML: parsed or refused, and what is parsed makes a gate or says why not. */
#include "policy/gate.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        struct why why = {0};
        struct pack *pack = NULL;
        struct gate *gate = NULL;
        enum err e = pack_parse(bytes_of(data, n), NULL, &pack, &why);
        if (e) {
                must(why.code == e || why.code == OK, "the reason belongs to the refusal");
                return 0;
        }
        must(bytes_equal(pack_text(pack), bytes_of(data, n)), "a pack keeps its text");
        for (size_t i = 0; i < pack_rules(pack); i++)
                must(pack_rule_of_id(pack, pack_rule(pack, i)->id) == pack_rule(pack, i),
                     "a rule is found by its id");
        if (!gate_new(pack, &gate, &why))
                gate_free(gate);
        pack_free(pack);
        return 0;
}
