#include "policy/pack.h"

#include <stdlib.h>

#include "policy/parts.h"
#include "policy/probe.h"
#include "policy/program.h"

static const char *const effect_names[EFFECT_COUNT] = {"refuse", "authorise", "approve", "warn", "note"};
static const char *const rule_kind_names[RULE_KIND_COUNT] = {"law", "code", "guidance", "local"};

const char *effect_name(enum effect e)
{
        return e < EFFECT_COUNT ? effect_names[e] : "";
}

const char *rule_kind_name(enum rule_kind k)
{
        return k < RULE_KIND_COUNT ? rule_kind_names[k] : "";
}

/* Where a word stands in a list; `count` when it does not. */
static unsigned place_of(const char *const names[], unsigned count, const char *word)
{
        unsigned i = 0;
        while (i < count && strcmp(names[i], word) != 0)
                i++;
        return i;
}

static bool blank(const char *text)
{
        return text == NULL || text[strspn(text, " \t\r\n")] == '\0';
}

static bool name_valid(const char *name, const char *letters)
{
        return !blank(name) && strlen(name) <= PACK_ID_MAX && name[strspn(name, letters)] == '\0';
}

static enum err read_head(const struct document *d, struct why *why)
{
        if (blank(d->name) || blank(d->version) || blank(d->title))
                return why_set(why, ERR_PACK, "line 1: name, version and title are needed");
        if (d->rules_count == 0)
                return why_set(why, ERR_PACK, "line 1: the pack has no rules");
        return OK;
}

static enum err read_parameter(struct pack *p, const struct document_parameter *d, struct why *why)
{
        static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
        struct bytes digits = bytes_text(d->value ? d->value : "");
        uint64_t value;
        if (!name_valid(d->name, letters) || blank(d->title))
                return why_set(
                    why, ERR_PACK,
                    "parameters: each has a name of small letters, digits and _, a value and a title");
        if (bytes_take_decimal(&digits, &value) || bytes_at_end(digits) || value > JSON_INT_MAX)
                return why_set(why, ERR_PACK, "parameter %s: the value is a whole number", d->name);
        for (size_t i = 0; i < p->parameters_n; i++)
                if (strcmp(p->parameter[i].name, d->name) == 0)
                        return why_set(why, ERR_PACK, "parameter %s stands there twice", d->name);
        p->parameter[p->parameters_n++] =
            (struct parameter){.name = d->name, .title = d->title, .value = (int64_t)value};
        return OK;
}

bool kind_of_word(const char *word, enum kind *out)
{
        static const char prefix[] = "enquiry.";
        char full[64];
        size_t n = strlen(word);
        if (kind_of_name(word, n, out))
                return true;
        if (n + sizeof prefix > sizeof full)
                return false;
        memcpy(full, prefix, sizeof prefix - 1);
        memcpy(full + sizeof prefix - 1, word, n);
        return kind_of_name(full, n + sizeof prefix - 1, out);
}

static enum err read_kinds(const struct document_rule *d, struct rule *r, struct why *why)
{
        enum kind kind;
        r->kinds = 1u << KIND_INTENT | 1u << KIND_ACTIVITY;
        if (d->kinds_count > 0)
                r->kinds = 0;
        for (unsigned i = 0; i < d->kinds_count; i++) {
                if (!kind_of_word(d->kinds[i], &kind))
                        return why_set(why, ERR_PACK, "line %u, rule %s: there is no kind %s", r->line, r->id,
                                       d->kinds[i]);
                r->kinds |= 1u << kind;
        }
        return OK;
}

/* The first key that is needed and not there. */
static const char *lacking(const struct document_rule *d)
{
        const struct {
                const char *key, *text;
        } needed[] = {{"title", d->title}, {"when", d->when},       {"effect", d->effect},
                      {"kind", d->kind},   {"because", d->because}, {"advice", d->advice}};
        for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
                if (blank(needed[i].text))
                        return needed[i].key;
        return NULL;
}

static enum err read_rule(struct pack *p, const struct document_rule *d, struct why *why)
{
        static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-";
        struct rule r = {
            .id = d->id, .title = d->title, .when = d->when, .because = d->because, .advice = d->advice};
        const char *key;
        enum err e;
        if (!name_valid(d->id, letters))
                return why_set(why, ERR_PACK,
                               "rule %zu of the file: an id of letters, digits, - and . is needed",
                               p->rules_n + 1);
        r.line = document_rule_line(buf_bytes(&p->text), d->id);
        if ((key = lacking(d)) != NULL)
                return why_set(why, ERR_PACK, "line %u, rule %s: %s is missing", r.line, r.id, key);
        if (pack_rule_of_id(p, r.id) != NULL)
                return why_set(why, ERR_PACK, "line %u, rule %s: the id stands there twice", r.line, r.id);
        r.effect = (enum effect)place_of(effect_names, EFFECT_COUNT, d->effect);
        if (r.effect == EFFECT_COUNT)
                return why_set(why, ERR_PACK,
                               "line %u, rule %s: the effect is refuse, authorise, approve, warn or note",
                               r.line, r.id);
        r.kind = (enum rule_kind)place_of(rule_kind_names, RULE_KIND_COUNT, d->kind);
        if (r.kind == RULE_KIND_COUNT)
                return why_set(why, ERR_PACK, "line %u, rule %s: the kind is law, code, guidance or local",
                               r.line, r.id);
        if (r.kind == RULE_LOCAL && r.effect == EFFECT_REFUSE)
                return why_set(why, ERR_PACK,
                               "line %u, rule %s: a local rule never refuses; let it authorise or approve",
                               r.line, r.id);
        if ((e = read_kinds(d, &r, why)))
                return e;
        p->rule[p->rules_n++] = r;
        return OK;
}

static enum err check_expressions(const struct pack *p, struct why *why)
{
        struct probe *probe = NULL;
        struct why inner = {OK, ""};
        enum err e = probe_new(pack_names(p), &probe);
        for (size_t i = 0; !e && i < p->rules_n; i++)
                if ((e = probe_check(probe, bytes_text(p->rule[i].when), &inner)) == ERR_RULE)
                        e = why_set(why, ERR_RULE, "line %u, rule %s: %.180s", p->rule[i].line, p->rule[i].id,
                                    inner.detail);
        for (unsigned lane = 0; !e && lane < LANE_COUNT; lane++)
                if (pack_lane(p, (enum lane)lane) != NULL &&
                    (e = probe_check(probe, bytes_text(pack_lane(p, (enum lane)lane)), &inner)) == ERR_RULE)
                        e = why_set(why, ERR_RULE, "lanes, %s: %.180s", lane_names[lane], inner.detail);
        probe_free(probe);
        return e;
}

/* All expressions together must make one statement, as the gate will want it. */
static enum err check_program(const struct pack *p, struct why *why)
{
        struct program *program = NULL;
        enum err e = program_new(p, &program, why);
        program_free(program);
        return e;
}

static enum err read_all(struct pack *p, struct why *why)
{
        const struct document *d = p->document;
        enum err e = read_head(d, why);
        for (unsigned i = 0; !e && i < d->parameters_count; i++)
                e = read_parameter(p, &d->parameters[i], why);
        for (unsigned i = 0; !e && i < d->rules_count; i++)
                e = read_rule(p, &d->rules[i], why);
        if (e || (e = check_expressions(p, why)) || (e = check_program(p, why)) || (e = cases_read(p, why)))
                return e;
        return OK;
}

enum err pack_parse(struct bytes yaml, const struct pack_source *source, struct pack **out, struct why *why)
{
        struct pack *p = NULL;
        enum err e;
        (void)source;
        if (yaml.n > PACK_TEXT_MAX)
                return why_set(why, ERR_PACK, "a pack has at most %u bytes", PACK_TEXT_MAX);
        if (yaml.n == 0)
                return why_set(why, ERR_PACK, "line 1: the file is empty");
        if (!bytes_utf8_valid(yaml))
                return why_set(why, ERR_PACK, "the file is not valid UTF-8");
        if ((p = calloc(1, sizeof *p)) == NULL)
                return ERR_NO_MEMORY;
        buf_init(&p->text, PACK_TEXT_MAX);
        buf_put(&p->text, yaml);
        if ((e = buf_check(&p->text)) || (e = hash_of(yaml, &p->hash)) ||
            (e = document_load(yaml, &p->file, why)))
                goto done;
        p->document = document_of(p->file);
        if ((e = read_all(p, why)))
                goto done;
        *out = p;
        p = NULL; /* given away */
done:
        pack_free(p);
        return e;
}

void pack_free(struct pack *p)
{
        if (p == NULL)
                return;
        cases_clear(p);
        document_free(p->file);
        buf_clear(&p->text);
        free(p);
}

const struct hash *pack_hash(const struct pack *p)
{
        return &p->hash;
}

struct bytes pack_text(const struct pack *p)
{
        return buf_bytes(&p->text);
}

const char *pack_name(const struct pack *p)
{
        return p->document->name;
}

const char *pack_version(const struct pack *p)
{
        return p->document->version;
}

const char *pack_title(const struct pack *p)
{
        return p->document->title;
}

size_t pack_rules(const struct pack *p)
{
        return p->rules_n;
}

const struct rule *pack_rule(const struct pack *p, size_t i)
{
        return i < p->rules_n ? &p->rule[i] : NULL;
}

const struct rule *pack_rule_of_id(const struct pack *p, const char *id)
{
        for (size_t i = 0; i < p->rules_n; i++)
                if (strcmp(p->rule[i].id, id) == 0)
                        return &p->rule[i];
        return NULL;
}

size_t pack_parameters(const struct pack *p)
{
        return p->parameters_n;
}

const struct parameter *pack_parameter_of_name(const struct pack *p, const char *name)
{
        for (size_t i = 0; i < p->parameters_n; i++)
                if (strcmp(p->parameter[i].name, name) == 0)
                        return &p->parameter[i];
        return NULL;
}

const struct parameter *pack_parameter(const struct pack *p, size_t i)
{
        return i < p->parameters_n ? &p->parameter[i] : NULL;
}

const char *pack_lane(const struct pack *p, enum lane lane)
{
        switch (lane) {
        case LANE_STANDARD: return p->document->lanes.standard;
        case LANE_AUTHORISED: return p->document->lanes.authorised;
        case LANE_QUICK:
        case LANE_COUNT: break;
        }
        return NULL;
}
