/* pack: a policy as data: rules, the numbers they use, and the cases that test them, in one YAML file.
 * Strict: what is unknown, doubled, missing or not one yes-or-no expression is refused, with line and rule.
 * Pure. docs/adr/0002-gate.md has the form. */
#ifndef POLICY_PACK_H
#define POLICY_PACK_H

#include "ledger/record/claims.h"
#include "schema/fields.h"

#define PACK_TEXT_MAX       (1u << 20) /* bytes: an annex */
#define PACK_RULES_MAX      128
#define PACK_PARAMETERS_MAX 64
#define PACK_CASES_MAX      4096
#define PACK_TERMS_MAX      64
#define PACK_WORDS_MAX      64 /* of a parameter that is a list */
#define PACK_ID_MAX         24 /* characters of a rule's id or the name of a parameter or term */

enum effect { EFFECT_REFUSE, EFFECT_AUTHORISE, EFFECT_APPROVE, EFFECT_WARN, EFFECT_NOTE, EFFECT_COUNT };
enum rule_kind { RULE_LAW, RULE_CODE, RULE_GUIDANCE, RULE_LOCAL, RULE_KIND_COUNT };
const char *effect_name(enum effect e);
const char *rule_kind_name(enum rule_kind k);

struct rule {
        const char *id, *title, *when, *because, *advice; /* because: the citation */
        enum effect effect;
        enum rule_kind kind;
        uint32_t kinds; /* bit 1u << enum kind: the entries it is asked about */
        roles tell;     /* who finds an entry that it spoke about in their digest; 0: nobody */
        unsigned line;  /* of the file that has it, from 1 */
};
/* A number that an organisation may set, or a list of words. */
struct parameter {
        const char *name, *title;
        int64_t value;
        struct bytes words; /* JSON list; empty: it is a number */
};
/* A part of an expression with a name, used as term.NAME by rules, lanes and later terms. */
struct term {
        const char *name, *title, *when;
};

struct pack;
/* Where the text comes from that an overlay lies over: appends it. ERR_ABSENT. */
struct pack_source {
        enum err (*text)(void *self, const struct hash *hash, struct buf *out);
        void *self;
};
/* YAML text; strict. ERR_PACK or ERR_RULE with "line 12, rule L02: ..." in why. The text is copied. An
 * overlay (it has `over`, the b64u hash of a pack's text) changes the parameters of that pack and may set
 * `apd_ref`; everything else is the pack's. `source` NULL: overlays are ERR_PACK. */
enum err pack_parse(struct bytes yaml, const struct pack_source *source, struct pack **out, struct why *why);
void pack_free(struct pack *p);
const struct hash *pack_hash(const struct pack *p); /* SHA-256 of the text */
struct bytes pack_text(const struct pack *p);
const char *pack_name(const struct pack *p);
const char *pack_version(const struct pack *p);
const char *pack_title(const struct pack *p);
/* The appropriate policy document that the organisation's pack names; NULL. */
const char *pack_apd_ref(const struct pack *p);
/* The hash of the text that an overlay lies over; NULL for a pack that stands alone. */
const struct hash *pack_over(const struct pack *p);
size_t pack_rules(const struct pack *p);
const struct rule *pack_rule(const struct pack *p, size_t i);
const struct rule *pack_rule_of_id(const struct pack *p, const char *id); /* NULL */
size_t pack_parameters(const struct pack *p);
const struct parameter *pack_parameter(const struct pack *p, size_t i);
const struct parameter *pack_parameter_of_name(const struct pack *p, const char *name); /* NULL */
size_t pack_terms(const struct pack *p);
const struct term *pack_term(const struct pack *p, size_t i);
/* The expression that puts an entry into the lane; NULL when the pack has none (always so for LANE_QUICK). */
const char *pack_lane(const struct pack *p, enum lane lane);
/* Runs the pack's own cases; those of the pack beneath an overlay, with that pack's own parameters, which the
 * cases are about. *out_failed is their number; each failure is told to `tell` in one sentence. */
enum err pack_test(const struct pack *p, size_t *out_cases, size_t *out_failed,
                   void (*tell)(void *self, const char *sentence), void *self);

#endif
