#include "policy/pack.h"

#include <stdlib.h>

#include "ledger/base/b64.h"
#include "policy/parts.h"

static enum err read_head(const struct document *d, struct why *why)
{
        if (part_blank(d->name) || part_blank(d->version) || part_blank(d->title))
                return why_set(why, ERR_PACK, "line 1: name, version and title are needed");
        if (d->apd_ref != NULL && part_blank(d->apd_ref))
                return why_set(why, ERR_PACK, "line 1: apd_ref is empty");
        return OK;
}

/* Room for the lists of all parameters, made once, so that they stay where they are. */
static enum err make_words_room(struct pack *p)
{
        size_t room = 1;
        for (unsigned i = 0; i < p->document->parameters_count; i++) {
                const struct document_parameter *d = &p->document->parameters[i];
                room += 2;
                for (unsigned k = 0; k < d->words_count; k++)
                        room += strlen(d->words[k]) + 3;
        }
        buf_init(&p->words, room);
        buf_reserve(&p->words, room);
        return buf_check(&p->words);
}

static enum err read_base(struct pack *p, const struct pack_source *source, struct why *why)
{
        struct hash over;
        struct why inner = {OK, ""};
        struct buf text;
        enum err e;
        unsigned line = lines_of_key(document_lines(p->file), "over");
        if (source == NULL)
                return why_set(why, ERR_PACK, "line %u: an overlay has no place here, only a whole pack",
                               line);
        if (b64u_decode_exact(bytes_text(p->document->over), over.b, HASH_LEN))
                return why_set(why, ERR_PACK, "line %u: over is the SHA-256 of a pack's text, in base64url",
                               line);
        buf_init(&text, PACK_TEXT_MAX);
        if ((e = source->text(source->self, &over, &text)) == ERR_ABSENT)
                e = why_set(why, ERR_PACK, "line %u: the pack %.43s is not at hand", line, p->document->over);
        if (!e && !(e = buf_check(&text)) && !(e = pack_parse(buf_bytes(&text), NULL, &p->base, &inner)) &&
            !hash_equal(pack_hash(p->base), &over))
                e = why_set(why, ERR_PACK, "line %u: the text of the pack beneath is not what over says",
                            line);
        buf_clear(&text);
        return inner.code ? why_set(why, inner.code, "the pack beneath, %.200s", inner.detail) : e;
}

static enum err read_all(struct pack *p, const struct pack_source *source, struct why *why)
{
        enum err e;
        p->document = document_of(p->file);
        p->apd_ref = p->document->apd_ref;
        if ((e = read_head(p->document, why)) || (e = make_words_room(p)))
                return e;
        if (p->document->over != NULL) {
                if ((e = read_base(p, source, why)) || (e = overlay_read(p, why)))
                        return e;
        } else if ((e = parts_read(p, why))) {
                return e;
        }
        if ((e = parts_check(p, why)))
                return e;
        return p->base ? OK : cases_read(p, why);
}

/* A line break is never part of another character, so the lines can be looked at one by one. */
static unsigned line_of_bad_text(struct bytes yaml)
{
        struct bytes line;
        unsigned number = 1;
        while (!bytes_take_until(&yaml, '\n', &line) && bytes_utf8_valid(line))
                number++;
        return number;
}

enum err pack_parse(struct bytes yaml, const struct pack_source *source, struct pack **out, struct why *why)
{
        struct pack *p = NULL;
        enum err e;
        if (yaml.n > PACK_TEXT_MAX)
                return why_set(why, ERR_PACK, "a pack has at most %u bytes", PACK_TEXT_MAX);
        if (yaml.n == 0)
                return why_set(why, ERR_PACK, "line 1: the file is empty");
        if (!bytes_utf8_valid(yaml))
                return why_set(why, ERR_PACK, "line %u: it is not valid UTF-8", line_of_bad_text(yaml));
        if ((p = calloc(1, sizeof *p)) == NULL)
                return ERR_NO_MEMORY;
        buf_init(&p->text, PACK_TEXT_MAX);
        buf_put(&p->text, yaml);
        if ((e = buf_check(&p->text)) || (e = hash_of(yaml, &p->hash)) ||
            (e = document_load(yaml, &p->file, why)) || (e = read_all(p, source, why)))
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
        pack_free(p->base);
        document_free(p->file);
        buf_clear(&p->words);
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

const char *pack_apd_ref(const struct pack *p)
{
        return p->apd_ref;
}

const struct hash *pack_over(const struct pack *p)
{
        return p->base ? pack_hash(p->base) : NULL;
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

size_t pack_terms(const struct pack *p)
{
        return p->terms_n;
}

const struct term *pack_term(const struct pack *p, size_t i)
{
        return i < p->terms_n ? &p->term[i] : NULL;
}

const char *pack_lane(const struct pack *p, enum lane lane)
{
        return lane < LANE_COUNT ? p->lane[lane] : NULL;
}
