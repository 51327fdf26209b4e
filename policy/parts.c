#include "policy/parts.h"

#include <stdio.h>

#include "policy/probe.h"
#include "policy/program.h"

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789_"
#define ID_LETTERS   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-"

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

bool part_blank(const char *text)
{
        return text == NULL || text[strspn(text, " \t\r\n")] == '\0';
}

static bool name_valid(const char *name, const char *letters)
{
        return !part_blank(name) && strlen(name) <= PACK_ID_MAX && name[strspn(name, letters)] == '\0';
}

static unsigned line_of(const struct pack *p, enum lines_list list, size_t i)
{
        return lines_of_entry(document_lines(p->file), list, i);
}

/* The words of a list stand in JSON as they are, so that has() can compare them. */
static const char *word_wrong(char *const words[], unsigned i)
{
        if (part_blank(words[i]) || words[i][0] == ' ')
                return "a word is empty, or begins with a space";
        if (strpbrk(words[i], "\"\\\n\t") != NULL)
                return "a word holds a quotation mark, a backslash or a line break";
        for (unsigned k = 0; k < i; k++)
                if (strcmp(words[k], words[i]) == 0)
                        return "a word stands there twice";
        return NULL;
}

static const char *put_words(struct pack *p, const struct document_parameter *d, struct parameter *out)
{
        size_t from = p->words.n;
        buf_put_text(&p->words, "[");
        for (unsigned i = 0; i < d->words_count; i++) {
                const char *wrong = word_wrong(d->words, i);
                if (wrong)
                        return wrong;
                if (i > 0)
                        buf_put_text(&p->words, ",");
                json_put_text(&p->words, d->words[i]);
        }
        buf_put_text(&p->words, "]");
        if (buf_check(&p->words))
                return "the lists of words are too long together";
        out->words = buf_since(&p->words, from);
        return NULL;
}

static const char *put_number(const struct document_parameter *d, struct parameter *out)
{
        struct bytes digits = bytes_text(d->value);
        uint64_t value;
        if (bytes_take_decimal(&digits, &value) || bytes_at_end(digits) || value > JSON_INT_MAX)
                return "the value is a whole number";
        out->value = (int64_t)value;
        return NULL;
}

enum err part_value(struct pack *p, const struct document_parameter *d, unsigned line, struct parameter *out,
                    struct why *why)
{
        const char *wrong = "it has either a value, a whole number, or words, a list";
        if (d->value != NULL && d->words_count == 0)
                wrong = put_number(d, out);
        else if (d->value == NULL && d->words_count > 0)
                wrong = put_words(p, d, out);
        return wrong ? why_set(why, ERR_PACK, "line %u, parameter %s: %s", line, out->name, wrong) : OK;
}

static enum err read_parameter(struct pack *p, const struct document_parameter *d, struct why *why)
{
        unsigned line = line_of(p, LINES_PARAMETERS, p->parameters_n);
        struct parameter parameter = {.name = d->name, .title = d->title};
        enum err e;
        if (!name_valid(d->name, NAME_LETTERS))
                return why_set(why, ERR_PACK,
                               "line %u: a parameter has a name of small letters, digits and _", line);
        if (part_blank(d->title))
                return why_set(why, ERR_PACK, "line %u, parameter %s: title is missing", line, d->name);
        if (pack_parameter_of_name(p, d->name) != NULL)
                return why_set(why, ERR_PACK, "line %u, parameter %s: it stands there twice", line, d->name);
        if ((e = part_value(p, d, line, &parameter, why)))
                return e;
        p->parameter[p->parameters_n++] = parameter;
        return OK;
}

static enum err read_term(struct pack *p, const struct document_term *d, struct why *why)
{
        unsigned line = line_of(p, LINES_TERMS, p->terms_n);
        if (!name_valid(d->name, NAME_LETTERS))
                return why_set(why, ERR_PACK, "line %u: a term has a name of small letters, digits and _",
                               line);
        if (part_blank(d->title) || part_blank(d->when))
                return why_set(why, ERR_PACK, "line %u, term %s: %s is missing", line, d->name,
                               part_blank(d->title) ? "title" : "when");
        for (size_t i = 0; i < p->terms_n; i++)
                if (strcmp(p->term[i].name, d->name) == 0)
                        return why_set(why, ERR_PACK, "line %u, term %s: it stands there twice", line,
                                       d->name);
        p->term[p->terms_n++] = (struct term){.name = d->name, .title = d->title, .when = d->when};
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

static enum err read_tell(const struct document_rule *d, struct rule *r, struct why *why)
{
        enum role role;
        for (unsigned i = 0; i < d->tell_count; i++) {
                if (!role_of_name(bytes_text(d->tell[i]), &role))
                        return why_set(why, ERR_PACK, "line %u, rule %s: there is no role %s to tell",
                                       r->line, r->id, d->tell[i]);
                r->tell |= ROLE_BIT(role);
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
                if (part_blank(needed[i].text))
                        return needed[i].key;
        return NULL;
}

/* What is wrong with effect and kind; NULL when they are good. */
static const char *read_words(const struct document_rule *d, struct rule *r)
{
        r->effect = (enum effect)place_of(effect_names, EFFECT_COUNT, d->effect);
        r->kind = (enum rule_kind)place_of(rule_kind_names, RULE_KIND_COUNT, d->kind);
        if (r->effect == EFFECT_COUNT)
                return "the effect is refuse, authorise, approve, warn or note";
        if (r->kind == RULE_KIND_COUNT)
                return "the kind is law, code, guidance or local";
        if (r->kind == RULE_LOCAL && r->effect == EFFECT_REFUSE)
                return "a local rule never refuses; let it authorise or approve";
        return NULL;
}

static enum err read_rule(struct pack *p, const struct document_rule *d, struct why *why)
{
        struct rule r = {
            .id = d->id, .title = d->title, .when = d->when, .because = d->because, .advice = d->advice};
        const char *wrong;
        enum err e;
        r.line = line_of(p, LINES_RULES, p->rules_n);
        if (!name_valid(d->id, ID_LETTERS))
                return why_set(why, ERR_PACK, "line %u: a rule has an id of letters, digits, - and .",
                               r.line);
        if ((wrong = lacking(d)) != NULL)
                return why_set(why, ERR_PACK, "line %u, rule %s: %s is missing", r.line, r.id, wrong);
        if (pack_rule_of_id(p, r.id) != NULL)
                return why_set(why, ERR_PACK, "line %u, rule %s: the id stands there twice", r.line, r.id);
        if ((wrong = read_words(d, &r)) != NULL)
                return why_set(why, ERR_PACK, "line %u, rule %s: %s", r.line, r.id, wrong);
        if ((e = read_kinds(d, &r, why)) || (e = read_tell(d, &r, why)))
                return e;
        p->rule[p->rules_n++] = r;
        return OK;
}

enum err parts_read(struct pack *p, struct why *why)
{
        const struct document *d = p->document;
        enum err e = OK;
        if (d->rules_count == 0)
                return why_set(why, ERR_PACK, "line 1: the pack has no rules");
        p->lane[LANE_STANDARD] = d->lanes.standard;
        p->lane[LANE_AUTHORISED] = d->lanes.authorised;
        for (unsigned i = 0; !e && i < d->parameters_count; i++)
                e = read_parameter(p, &d->parameters[i], why);
        for (unsigned i = 0; !e && i < d->terms_count; i++)
                e = read_term(p, &d->terms[i], why);
        for (unsigned i = 0; !e && i < d->rules_count; i++)
                e = read_rule(p, &d->rules[i], why);
        return e;
}

/* One expression of the pack, and what it is called in a sentence. */
struct place {
        unsigned line;
        const char *called, *name;
};

static enum err tell_place(const struct pack *p, const struct place *at, const struct why *inner,
                           struct why *why)
{
        return why_set(why, ERR_RULE, "%sline %u, %s %s: %.160s", p->base ? "the pack beneath, " : "",
                       at->line, at->called, at->name, inner->detail);
}

static enum err check_terms(const struct pack *p, const struct lines *lines, struct probe *probe,
                            struct why *why)
{
        enum err e = OK;
        for (size_t i = 0; !e && i < p->terms_n; i++) {
                struct why inner = {OK, ""};
                if ((e = probe_term(probe, i, &inner)) == ERR_RULE)
                        e = tell_place(
                            p,
                            &(struct place){lines_of_entry(lines, LINES_TERMS, i), "term", p->term[i].name},
                            &inner, why);
        }
        return e;
}

static enum err check_rules(const struct pack *p, struct probe *probe, struct why *why)
{
        enum err e = OK;
        for (size_t i = 0; !e && i < p->rules_n; i++) {
                struct why inner = {OK, ""};
                if ((e = probe_check(probe, bytes_text(p->rule[i].when), &inner)) == ERR_RULE)
                        e = tell_place(p, &(struct place){p->rule[i].line, "rule", p->rule[i].id}, &inner,
                                       why);
        }
        return e;
}

static enum err check_lanes(const struct pack *p, const struct lines *lines, struct probe *probe,
                            struct why *why)
{
        enum err e = OK;
        for (unsigned lane = 0; !e && lane < LANE_COUNT; lane++) {
                struct why inner = {OK, ""};
                char key[32];
                if (p->lane[lane] == NULL)
                        continue;
                (void)snprintf(key, sizeof key, "lanes.%s", lane_names[lane]);
                if ((e = probe_check(probe, bytes_text(p->lane[lane]), &inner)) == ERR_RULE)
                        e = tell_place(p, &(struct place){lines_of_key(lines, key), "lane", lane_names[lane]},
                                       &inner, why);
        }
        return e;
}

enum err parts_check(const struct pack *p, struct why *why)
{
        const struct lines *lines = document_lines(p->base ? p->base->file : p->file);
        struct probe *probe = NULL;
        struct program *program = NULL;
        enum err e = probe_new(column_names(p), &probe);
        if (e || (e = check_terms(p, lines, probe, why)) || (e = check_rules(p, probe, why)) ||
            (e = check_lanes(p, lines, probe, why)) || (e = program_new(p, &program, why)))
                goto done;
done:
        program_free(program);
        probe_free(probe);
        return e;
}
