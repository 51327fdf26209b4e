/* known: authorities and personas as the ledger shows them to this reader: their entries become a registry
 * here, so that states and clocks are computed from what people signed and not taken on trust. */
#ifndef CLIENT_KNOWN_H
#define CLIENT_KNOWN_H

#include "client/command.h"
#include "client/record.h"
#include "policy/registry.h"

struct known_entry {
        uint64_t seq;
        char ref[SHORT_REFERENCE_MAX];
        char author[128];
        json_t *fields; /* {NAME: {"value","origin"}}; owned */
};
struct known {
        struct registry *registry;
        struct pack *pack; /* whose numbers the clocks run by; NULL: the Act's */
        struct authority_terms terms;
        size_t n;
        struct known_entry *entry; /* in the order of the ledger */
};
/* With the pack in force that this folder keeps. */
enum err known_init(struct known *k, struct session *s);
void known_clear(struct known *k);
/* One record; what is not in force (refused, waiting), or cannot be read any more, is left out. */
enum err known_take(struct known *k, const struct record *r, struct why *why);
/* All of a kind that the reader may see. */
enum err known_all(struct session *s, enum kind kind, struct known *k);
/* The registration that REF means, with what was done about it since: by the authority's or persona's own
 * reference, a short reference, or a seq. *out_seq is the registration's. ERR_REFERENCE. */
enum err known_one(struct session *s, enum kind kind, const char *ref, struct known *k, uint64_t *out_seq);
const struct known_entry *known_entry(const struct known *k, uint64_t seq);   /* NULL */
const struct authority *known_authority(const struct known *k, uint64_t seq); /* NULL */
const struct persona *known_persona(const struct known *k, uint64_t seq);     /* NULL */

#endif
