/* pack: a policy as data: rules, the numbers they use, and the cases that test them, in one YAML file.
 * Strict: what is unknown, doubled, missing or not one yes-or-no expression is refused, with line and rule.
 * Pure. docs/adr/0002-gate.md has the form. */
#ifndef POLICY_PACK_H
#define POLICY_PACK_H

#include "ledger/crypto/hash.h"
#include "schema/fields.h"

#define PACK_TEXT_MAX       (1u << 20) /* bytes: an annex */
#define PACK_RULES_MAX      128
#define PACK_PARAMETERS_MAX 64
#define PACK_CASES_MAX      4096
#define PACK_ID_MAX         24 /* characters of a rule's id or a parameter's name */

enum effect { EFFECT_REFUSE, EFFECT_AUTHORISE, EFFECT_APPROVE, EFFECT_WARN, EFFECT_NOTE, EFFECT_COUNT };
enum rule_kind { RULE_LAW, RULE_CODE, RULE_GUIDANCE, RULE_LOCAL, RULE_KIND_COUNT };
const char *effect_name(enum effect e);
const char *rule_kind_name(enum rule_kind k);

struct rule {
        const char *id, *title, *when, *because, *advice; /* because: the citation */
        enum effect effect;
        enum rule_kind kind;
        uint32_t kinds; /* bit 1u << enum kind: the entries it is asked about */
        unsigned line;  /* of the file, from 1 */
};
struct parameter {
        const char *name, *title;
        int64_t value;
};

struct pack;
/* YAML text; strict. ERR_PACK or ERR_RULE with "line 12, rule L02: ..." in why. The text is copied. */
enum err pack_parse(struct bytes yaml, struct pack **out, struct why *why);
void pack_free(struct pack *p);
const struct hash *pack_hash(const struct pack *p); /* SHA-256 of the text */
struct bytes pack_text(const struct pack *p);
const char *pack_name(const struct pack *p);
const char *pack_version(const struct pack *p);
const char *pack_title(const struct pack *p);
size_t pack_rules(const struct pack *p);
const struct rule *pack_rule(const struct pack *p, size_t i);
const struct rule *pack_rule_of_id(const struct pack *p, const char *id); /* NULL */
size_t pack_parameters(const struct pack *p);
const struct parameter *pack_parameter(const struct pack *p, size_t i);
/* The expression that puts an entry into the lane; NULL when the pack has none (always so for LANE_QUICK). */
const char *pack_lane(const struct pack *p, enum lane lane);
/* Runs the pack's own cases. *out_failed is their number; each failure is told to `tell` in one sentence. */
enum err pack_test(const struct pack *p, size_t *out_cases, size_t *out_failed,
                   void (*tell)(void *self, const char *sentence), void *self);

#endif
