#include <stdlib.h>

#include "policy/registry_inside.h"
#include "policy/words.h"

/* What an entry will do, with all that can fail done; what it makes is owned. */
struct plan {
        struct authority *authority;
        struct persona *persona;
        struct authority *changed;
        struct authority_change change;
        struct persona *assigned_to;
        char *assigned;
        struct persona *lapsed;
        int64_t lapsed_us;
};

static void plan_clear(struct plan *p)
{
        authority_free(p->authority);
        registry_persona_free(p->persona);
        free(p->assigned);
}

/* --- authorities --- */

static enum err plan_grant(const struct registry *r, const struct registry_entry *e, struct plan *p,
                           struct why *why)
{
        const struct authority *taken;
        enum err fault = authority_read(e->body, e->act, e->at_us, &p->authority, why);
        if (fault)
                return fault;
        p->authority->seq = e->seq;
        p->authority->st = e->st;
        memcpy(p->authority->author, e->author, sizeof p->authority->author);
        if (p->authority->determination) {
                p->authority->has_about = e->about != NULL;
                if (e->about != NULL)
                        p->authority->about = *e->about;
                return OK;
        }
        taken = registry_authority_of_ref(r, bytes_text(p->authority->ref));
        if (taken == NULL || (taken->cancelled_us != 0 && taken->cancelled_us <= e->at_us))
                return OK;
        return why_set(why, ERR_AUTHORITY_TAKEN, "%s", taken->ref);
}

static enum err plan_change(const struct registry *r, const struct registry_entry *e, struct plan *p,
                            struct why *why)
{
        p->changed = e->about ? registry_authority_to_change(r, e->about) : NULL;
        if (p->changed == NULL)
                return why_set(why, ERR_REF, "it names no authority that is registered");
        return authority_change_read(p->changed, e->body, e->act, e->at_us, &p->change, why);
}

static enum err plan_authority(const struct registry *r, const struct registry_entry *e, struct plan *p,
                               struct why *why)
{
        if (e->act == ACT_REGISTER || e->act == ACT_DETERMINE)
                return plan_grant(r, e, p, why);
        if (e->act == ACT_REVIEW || e->act == ACT_RENEW || e->act == ACT_CANCEL)
                return plan_change(r, e, p, why);
        return ERR_BUG;
}

/* --- personas --- */

/* The list as it stands in the entry; "[]" where there is none. */
static enum err read_assigned(const struct body *b, char **out, struct why *why)
{
        const struct body_field *f = body_find(b, "assigned_to");
        const struct bytes list = f && f->state == FIELD_PRESENT ? f->value : bytes_text("[]");
        struct words w;
        struct bytes text;
        bool done = false;
        char *copy = NULL;
        enum err e = words_init(&w, b, "assigned_to", why);
        while (e == OK && !done)
                e = words_next(&w, &text, &done);
        words_clear(&w);
        if (e)
                return e;
        copy = malloc(list.n + 1);
        if (copy == NULL)
                return ERR_NO_MEMORY;
        memcpy(copy, list.at, list.n);
        copy[list.n] = '\0';
        *out = copy;
        return OK;
}

static bool has_lapsed(const struct persona *p, int64_t at_us)
{
        return (p->lapsed_us != 0 && p->lapsed_us <= at_us) || (p->until_us != 0 && p->until_us <= at_us);
}

static enum err plan_new_persona(const struct registry *r, const struct registry_entry *e, struct plan *p,
                                 struct why *why)
{
        const struct persona *taken;
        struct persona *made = calloc(1, sizeof *made);
        enum err fault;
        if (made == NULL)
                return ERR_NO_MEMORY;
        p->persona = made;
        made->seq = e->seq;
        made->st = e->st;
        if ((fault = authority_read_text(e->body, "persona_ref", &made->ref)) ||
            (fault = read_assigned(e->body, &made->assigned, why)) ||
            (fault = authority_read_time(e->body, "effective_at", &made->from_us, why)) ||
            (fault = authority_read_time(e->body, "expires_at", &made->until_us, why)) ||
            (fault = authority_read_time(e->body, "cancelled_at", &made->lapsed_us, why)))
                return fault;
        taken = registry_persona_of_ref(r, bytes_text(made->ref));
        if (taken == NULL || has_lapsed(taken, e->at_us))
                return OK;
        return why_set(why, ERR_PERSONA_TAKEN, "%s", taken->ref);
}

static enum err plan_persona(const struct registry *r, const struct registry_entry *e, struct plan *p,
                             struct why *why)
{
        if (e->act == ACT_REGISTER)
                return plan_new_persona(r, e, p, why);
        if (e->act != ACT_ASSIGN && e->act != ACT_LAPSE)
                return ERR_BUG;
        struct persona *about = e->about ? registry_persona_to_change(r, e->about) : NULL;
        if (about == NULL)
                return why_set(why, ERR_REF, "it names no persona that is registered");
        if (e->act == ACT_ASSIGN) {
                p->assigned_to = about;
                return read_assigned(e->body, &p->assigned, why);
        }
        p->lapsed = about;
        p->lapsed_us = e->at_us;
        return authority_read_time(e->body, "cancelled_at", &p->lapsed_us, why);
}

/* --- taking --- */

static enum err plan_make(const struct registry *r, const struct registry_entry *e, struct plan *p,
                          struct why *why)
{
        memset(p, 0, sizeof *p);
        switch ((unsigned)e->kind) {
        case KIND_AUTHORITY: return plan_authority(r, e, p, why);
        case KIND_PERSONA: return plan_persona(r, e, p, why);
        default: return ERR_BUG;
        }
}

/* How many texts the subjects of a scope are kept as. */
static size_t forms_count(const struct buf *forms)
{
        size_t n = 0;
        for (size_t i = 0; i < forms->n; i++)
                n += forms->at[i] == '\0';
        return n;
}

/* Room for one pointer more. */
static enum err reserve(void **array, size_t n, size_t *size)
{
        if (n < *size)
                return OK;
        const size_t more = *size ? 2 * *size : 16;
        void *grown = realloc(*array, more * sizeof(void *));
        if (grown == NULL)
                return ERR_NO_MEMORY;
        *array = grown;
        *size = more;
        return OK;
}

static enum err registry_reserve(struct registry *r, const struct plan *p)
{
        void *authorities = r->authority, *personas = r->persona;
        enum err e = OK;
        if (p->authority != NULL) {
                e = reserve(&authorities, r->authorities_n, &r->authorities_size);
                r->authority = authorities;
                if (e == OK) /* itself, its reference or operation, what it is about, its subjects */
                        e = lookup_reserve(&r->authorities, 3 + forms_count(&p->authority->scope.subjects));
        }
        if (e == OK && p->persona != NULL) {
                e = reserve(&personas, r->personas_n, &r->personas_size);
                r->persona = personas;
                if (e == OK)
                        e = lookup_reserve(&r->personas, 2);
        }
        if (e == OK && p->changed != NULL)
                e = authority_change_reserve(p->changed, &p->change);
        return e;
}

static void put_authority(struct registry *r, struct authority *a)
{
        struct lookup *l = &r->authorities;
        const uint32_t item = (uint32_t)r->authorities_n;
        const struct buf *forms = &a->scope.subjects;
        r->authority[r->authorities_n++] = a;
        lookup_put(l, lookup_hash(KEY_ST, hash_bytes(&a->st)), item);
        if (!a->determination) {
                if (a->ref[0] != '\0')
                        lookup_put(l, lookup_hash(KEY_REF, bytes_text(a->ref)), item);
                return;
        }
        if (a->has_about)
                lookup_put(l, lookup_hash(KEY_TARGET, hash_bytes(&a->about)), item);
        for (size_t at = 0; at < forms->n;) {
                const struct bytes form = bytes_text((const char *)forms->at + at);
                lookup_put(l, lookup_hash(KEY_SUBJECT, form), item);
                at += form.n + 1;
        }
        if (registry_is_general(a))
                lookup_put(l, lookup_hash(KEY_OPERATION, bytes_text(a->operation)), item);
}

static void put_persona(struct registry *r, struct persona *p)
{
        const uint32_t item = (uint32_t)r->personas_n;
        r->persona[r->personas_n++] = p;
        lookup_put(&r->personas, lookup_hash(KEY_ST, hash_bytes(&p->st)), item);
        if (p->ref[0] != '\0')
                lookup_put(&r->personas, lookup_hash(KEY_REF, bytes_text(p->ref)), item);
}

static void plan_do(struct registry *r, struct plan *p)
{
        if (p->authority != NULL)
                put_authority(r, p->authority);
        if (p->persona != NULL)
                put_persona(r, p->persona);
        p->authority = NULL; /* given away */
        p->persona = NULL;   /* given away */
        if (p->changed != NULL)
                authority_change(p->changed, &p->change);
        if (p->assigned_to != NULL) {
                free(p->assigned_to->assigned);
                p->assigned_to->assigned = p->assigned;
                p->assigned = NULL; /* given away */
        }
        if (p->lapsed != NULL && (p->lapsed->lapsed_us == 0 || p->lapsed_us < p->lapsed->lapsed_us))
                p->lapsed->lapsed_us = p->lapsed_us;
}

enum err registry_check(const struct registry *r, const struct registry_entry *e, struct why *why)
{
        struct plan p;
        enum err fault = plan_make(r, e, &p, why);
        plan_clear(&p);
        return fault;
}

enum err registry_take(struct registry *r, const struct registry_entry *e, struct why *why)
{
        struct plan p;
        enum err fault = plan_make(r, e, &p, why);
        if (fault == OK)
                fault = registry_reserve(r, &p);
        if (fault == OK)
                plan_do(r, &p);
        plan_clear(&p);
        return fault;
}
