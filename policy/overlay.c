#include "policy/parts.h"

static unsigned line_of(const struct pack *p, size_t i)
{
        return lines_of_entry(document_lines(p->file), LINES_PARAMETERS, i);
}

/* The rules and what tests them are the pack's; who wants others writes a pack. */
static enum err check_keys(const struct pack *p, struct why *why)
{
        static const char *const keys[] = {"rules", "terms", "lanes", "tests"};
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
                unsigned line = lines_of_key(document_lines(p->file), keys[i]);
                if (line > 0)
                        return why_set(why, ERR_PACK, "line %u: an overlay has no %s", line, keys[i]);
        }
        return OK;
}

static struct parameter *named(struct pack *p, const char *name)
{
        for (size_t i = 0; i < p->parameters_n; i++)
                if (strcmp(p->parameter[i].name, name) == 0)
                        return &p->parameter[i];
        return NULL;
}

static enum err change(struct pack *p, size_t i, struct why *why)
{
        const struct document_parameter *d = &p->document->parameters[i];
        struct parameter *parameter = part_blank(d->name) ? NULL : named(p, d->name), changed;
        enum err e;
        if (parameter == NULL)
                return why_set(why, ERR_PACK, "line %u: the pack beneath has no parameter %.24s",
                               line_of(p, i), d->name ? d->name : "");
        for (size_t k = 0; k < i; k++)
                if (strcmp(p->document->parameters[k].name, d->name) == 0)
                        return why_set(why, ERR_PACK, "line %u, parameter %s: it stands there twice",
                                       line_of(p, i), d->name);
        changed = (struct parameter){.name = parameter->name, .title = parameter->title};
        if (!part_blank(d->title))
                changed.title = d->title;
        if ((e = part_value(p, d, line_of(p, i), &changed, why)))
                return e;
        if ((changed.words.n > 0) != (parameter->words.n > 0))
                return why_set(why, ERR_PACK, "line %u, parameter %s: in the pack beneath it is %s",
                               line_of(p, i), d->name,
                               parameter->words.n > 0 ? "a list of words" : "a number");
        *parameter = changed;
        return OK;
}

enum err overlay_read(struct pack *p, struct why *why)
{
        const struct pack *base = p->base;
        enum err e = check_keys(p, why);
        memcpy(p->rule, base->rule, sizeof p->rule);
        memcpy(p->parameter, base->parameter, sizeof p->parameter);
        memcpy(p->term, base->term, sizeof p->term);
        memcpy(p->lane, base->lane, sizeof p->lane);
        p->rules_n = base->rules_n;
        p->parameters_n = base->parameters_n;
        p->terms_n = base->terms_n;
        if (p->apd_ref == NULL)
                p->apd_ref = base->apd_ref;
        for (size_t i = 0; !e && i < p->document->parameters_count; i++)
                e = change(p, i, why);
        return e;
}
