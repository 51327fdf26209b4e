/* registry_inside: what registry.c (looking up) and registry_take.c (taking entries) share. */
#ifndef POLICY_REGISTRY_INSIDE_H
#define POLICY_REGISTRY_INSIDE_H

#include "policy/authority_inside.h"
#include "policy/lookup.h"
#include "policy/registry.h"

/* Sorts of keys. A determination has those of what it is about, never that of a reference. */
#define KEY_ST        's'
#define KEY_REF       'r'
#define KEY_TARGET    't'
#define KEY_SUBJECT   'p'
#define KEY_OPERATION 'o'

struct registry {
        struct authority **authority; /* owned, and what they point to */
        struct persona **persona;     /* owned, and what they point to */
        size_t authorities_n, authorities_size, personas_n, personas_size;
        struct lookup authorities, personas;
};

/* Whether it is a determination for a whole operation. */
bool registry_is_general(const struct authority *a);
struct authority *registry_authority_to_change(const struct registry *r, const struct hash *st); /* NULL */
struct persona *registry_persona_to_change(const struct registry *r, const struct hash *st);     /* NULL */
void registry_persona_free(struct persona *p); /* NULL allowed */

#endif
