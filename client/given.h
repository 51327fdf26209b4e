/* given: what a person gives to `policy explain`, made into the scene that the gate judges: the entry
 * completed as `log` would complete it, the author and the operation, earlier looks folded into views, a
 * register of authorities and personas. What is not given counts as said in the entry itself: its operation
 * is open, its authority and persona are registered and live, its author has the training that the entry
 * needs. Reads no file and no clock. docs/man/enquiry.1 has the names that are taken. */
#ifndef CLIENT_GIVEN_H
#define CLIENT_GIVEN_H

#include <jansson.h>

#include "policy/scene.h"

struct given_parts {
        const json_t *enquiry;                          /* object */
        const json_t *operation, *member;               /* objects; NULL: not given */
        const json_t *history, *authorities, *personas; /* lists of objects; NULL: not given */
        enum kind kind;
        int64_t now_us; /* of the entry */
};
struct given;
/* Borrows pack and parts. ERR_FILE_FORM, ERR_FIELD_WORD, ERR_FIELD_VALUE, ERR_TIME, ERR_ADDRESS, ERR_KIND and
 * what a registry says, with the name of the field in why. */
enum err given_new(const struct pack *pack, const struct given_parts *parts, struct given **out,
                   struct why *why);
void given_free(struct given *g); /* NULL allowed */
/* *out borrows from g. */
enum err given_facts(struct given *g, struct facts *out, struct why *why);
/* The names that nothing read: "enquiry.colour". Borrowed. */
const json_t *given_ignored(const struct given *g);
/* "intent" or "enquiry.intent". */
bool given_kind(const char *word, enum kind *out);

#endif
