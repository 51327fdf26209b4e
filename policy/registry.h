/* registry: the authorities, determinations and personas that the entries so far have brought, and what
 * became of them. Made by taking the entries in order, so the daemon, the verifier's replay and `explain`
 * have the same one. Holds texts: memory of a process that may read content. Not thread-safe. */
#ifndef POLICY_REGISTRY_H
#define POLICY_REGISTRY_H

#include "policy/authority.h"

struct persona {
        uint64_t seq;
        struct hash st;
        char *ref; /* owned, never NULL */
        char
            *assigned; /* owned: JSON list of who may use it, "[]" for nobody; names, aliases or member ids */
        int64_t from_us, until_us; /* 0: not said */
        int64_t lapsed_us;         /* 0: not */
};

struct registry;
struct registry *registry_new(void); /* NULL: no memory */
void registry_free(struct registry *r);

/* One accepted entry of kind authority or persona. `about`: the registration that a review, a renewal, a
 * cancellation, an assignment, a lapse names, or the entry that a determination is about; NULL: none. at_us
 * stands in for the times that the fields leave out. On an error nothing has changed: ERR_REF (it names no
 * registration of its kind), ERR_AUTHORITY_TAKEN, ERR_PERSONA_TAKEN (the reference is taken by one that is
 * not cancelled or lapsed), ERR_FIELD_VALUE (also a determination that is entered as a grant),
 * ERR_NO_MEMORY. */
struct registry_entry {
        uint64_t seq;
        int64_t at_us;
        char author[MEMBER_ID_TEXT_LEN + 1]; /* the member's id; "": not known */
        struct hash st;
        enum kind kind;
        enum act act;
        const struct hash *about;
        const struct body *body;
};
/* The same checks, nothing taken: for an entry that is about to be appended. */
enum err registry_check(const struct registry *r, const struct registry_entry *e, struct why *why);
enum err registry_take(struct registry *r, const struct registry_entry *e, struct why *why);

/* In the order in which they were taken, determinations among them. */
size_t registry_authorities(const struct registry *r);
const struct authority *registry_authority_at(const struct registry *r, size_t i);
/* The newest of that reference, which may be written in upper or lower case; NULL. Determinations are not
 * among them. */
const struct authority *registry_authority_of_ref(const struct registry *r, struct bytes ref);
const struct authority *registry_authority_of_st(const struct registry *r, const struct hash *st);
/* What a look is at, for finding a determination. Texts may be empty. */
struct registry_look {
        int64_t at_us;
        const char *author;        /* the member's id; "": not known */
        const struct hash *target; /* the enquiry that it belongs to, or NULL */
        struct bytes subject, subject_ref, operation;
};
/* A determination in force at that time that is about the target, or names the subject, the person's
 * reference, or, naming neither entry nor subjects nor classes, the operation; NULL. One that is about an
 * entry or names subjects holds for nothing else; and none holds for whoever made it. */
const struct authority *registry_determination(const struct registry *r, const struct authority_terms *terms,
                                               const struct registry_look *look);
size_t registry_personas(const struct registry *r);
const struct persona *registry_persona_at(const struct registry *r, size_t i);
const struct persona *registry_persona_of_ref(const struct registry *r,
                                              struct bytes ref); /* the newest; NULL */
const struct persona *registry_persona_of_st(const struct registry *r, const struct hash *st);

#endif
