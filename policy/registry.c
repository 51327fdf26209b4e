#include <stdlib.h>

#include "policy/registry_inside.h"
#include "policy/words.h"

struct registry *registry_new(void)
{
        return calloc(1, sizeof(struct registry));
}

void registry_persona_free(struct persona *p)
{
        if (p == NULL)
                return;
        free(p->ref);
        free(p->assigned);
        free(p);
}

void registry_free(struct registry *r)
{
        if (r == NULL)
                return;
        for (size_t i = 0; i < r->authorities_n; i++)
                authority_free(r->authority[i]);
        for (size_t i = 0; i < r->personas_n; i++)
                registry_persona_free(r->persona[i]);
        free(r->authority);
        free(r->persona);
        lookup_clear(&r->authorities);
        lookup_clear(&r->personas);
        free(r);
}

/* --- authorities --- */

size_t registry_authorities(const struct registry *r)
{
        return r->authorities_n;
}

const struct authority *registry_authority_at(const struct registry *r, size_t i)
{
        return i < r->authorities_n ? r->authority[i] : NULL;
}

const struct authority *registry_authority_of_ref(const struct registry *r, struct bytes ref)
{
        const struct lookup *l = &r->authorities;
        ref = words_trim(ref);
        if (ref.n == 0)
                return NULL;
        for (uint32_t at = lookup_first(l, lookup_hash(KEY_REF, ref)); at != LOOKUP_END;
             at = lookup_next(l, at)) {
                const struct authority *a = r->authority[l->node[at].item];
                if (!a->determination && words_same(ref, bytes_text(a->ref)))
                        return a;
        }
        return NULL;
}

struct authority *registry_authority_to_change(const struct registry *r, const struct hash *st)
{
        const struct lookup *l = &r->authorities;
        for (uint32_t at = lookup_first(l, lookup_hash(KEY_ST, hash_bytes(st))); at != LOOKUP_END;
             at = lookup_next(l, at))
                if (hash_equal(&r->authority[l->node[at].item]->st, st))
                        return r->authority[l->node[at].item];
        return NULL;
}

const struct authority *registry_authority_of_st(const struct registry *r, const struct hash *st)
{
        return registry_authority_to_change(r, st);
}

/* --- determinations --- */

bool registry_is_general(const struct authority *a)
{
        return a->determination && !a->has_about && a->scope.subjects.n == 0 && !a->scope.classes_said &&
               a->operation[0] != '\0';
}

static bool is_about(const struct authority *a, char sort, struct bytes key)
{
        if (!a->determination)
                return false;
        switch (sort) {
        case KEY_TARGET: return a->has_about && bytes_equal(hash_bytes(&a->about), key);
        case KEY_SUBJECT: return scope_names(&a->scope, key);
        case KEY_OPERATION: return registry_is_general(a) && words_same(bytes_text(a->operation), key);
        default: return false;
        }
}

static bool is_own(const struct authority *a, const struct registry_look *look)
{
        return look->author[0] != '\0' && strcmp(a->author, look->author) == 0;
}

static const struct authority *determination_of(const struct registry *r, const struct authority_terms *terms,
                                                const struct registry_look *look, char sort, struct bytes key)
{
        const struct lookup *l = &r->authorities;
        if (key.n == 0)
                return NULL;
        for (uint32_t at = lookup_first(l, lookup_hash(sort, key)); at != LOOKUP_END;
             at = lookup_next(l, at)) {
                const struct authority *a = r->authority[l->node[at].item];
                if (is_about(a, sort, key) && !is_own(a, look) &&
                    authority_state_at(a, terms, look->at_us) == AUTHORITY_LIVE)
                        return a;
        }
        return NULL;
}

static const struct authority *determination_of_person(const struct registry *r,
                                                       const struct authority_terms *terms,
                                                       const struct registry_look *look)
{
        const struct bytes ref = words_trim(look->subject_ref);
        struct subject canonical;
        const struct authority *a = determination_of(r, terms, look, KEY_SUBJECT, ref);
        if (a != NULL || ref.n == 0 || scope_reference(ref, &canonical))
                return a;
        return determination_of(r, terms, look, KEY_SUBJECT, bytes_text(canonical.canonical));
}

const struct authority *registry_determination(const struct registry *r, const struct authority_terms *terms,
                                               const struct registry_look *look)
{
        const struct bytes entry = look->target ? hash_bytes(look->target) : bytes_text("");
        const struct authority *a = determination_of(r, terms, look, KEY_TARGET, entry);
        a = a ? a : determination_of(r, terms, look, KEY_SUBJECT, look->subject);
        a = a ? a : determination_of_person(r, terms, look);
        return a ? a : determination_of(r, terms, look, KEY_OPERATION, words_trim(look->operation));
}

/* --- personas --- */

size_t registry_personas(const struct registry *r)
{
        return r->personas_n;
}

const struct persona *registry_persona_at(const struct registry *r, size_t i)
{
        return i < r->personas_n ? r->persona[i] : NULL;
}

const struct persona *registry_persona_of_ref(const struct registry *r, struct bytes ref)
{
        const struct lookup *l = &r->personas;
        ref = words_trim(ref);
        if (ref.n == 0)
                return NULL;
        for (uint32_t at = lookup_first(l, lookup_hash(KEY_REF, ref)); at != LOOKUP_END;
             at = lookup_next(l, at))
                if (words_same(ref, bytes_text(r->persona[l->node[at].item]->ref)))
                        return r->persona[l->node[at].item];
        return NULL;
}

struct persona *registry_persona_to_change(const struct registry *r, const struct hash *st)
{
        const struct lookup *l = &r->personas;
        for (uint32_t at = lookup_first(l, lookup_hash(KEY_ST, hash_bytes(st))); at != LOOKUP_END;
             at = lookup_next(l, at))
                if (hash_equal(&r->persona[l->node[at].item]->st, st))
                        return r->persona[l->node[at].item];
        return NULL;
}

const struct persona *registry_persona_of_st(const struct registry *r, const struct hash *st)
{
        return registry_persona_to_change(r, st);
}
