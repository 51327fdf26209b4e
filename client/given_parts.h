/* given_parts: what a given scene is made of, for the given_*.c files. */
#ifndef CLIENT_GIVEN_PARTS_H
#define CLIENT_GIVEN_PARTS_H

#include "client/compose.h"
#include "client/given.h"
#include "client/text.h"

#define GIVEN_NAMES_MAX 4 /* by which the author is known */

struct given {
        const struct pack *pack;
        struct given_parts parts;
        int64_t time_us; /* when the entry counts */
        json_t *ignored; /* owned */

        struct values values, target_values;
        struct body body, target;
        struct statement statement;
        struct hash st; /* of the entry, or of an activity's intent: what a determination may be about */
        bool says_own, knows_training, knows_roles;

        const char *author[GIVEN_NAMES_MAX];
        size_t author_n;

        struct registry *registry;
        uint64_t entries; /* that it took */
        struct fold fold;
        struct scene scene;
        struct buf texts[4]; /* see given_field_text */
};

/* --- given_fields.c --- */

/* How the members of one object are read: fields of the values' kind by name; `other` names stand for fields;
 * `apart` are read by somebody else; the rest is ignored, and said so. Lists end with NULL. */
struct other_name {
        const char *name, *field;
};
struct reading {
        const char *what; /* "history": before the name of what is ignored */
        const char *const *apart;
        const struct other_name *other;
        char origin;
};
enum err given_take(struct given *g, const struct reading *r, const json_t *o, struct values *v,
                    struct why *why);
/* One field, as given_take sets it: a text where a list is wanted is a list of one. */
enum err given_set(struct given *g, struct values *v, const char *name, const json_t *value, char origin,
                   struct why *why);
/* The same object, for jansson's loops, which ask for one that could be changed. */
json_t *given_members(const json_t *o);
/* The name of the operation that an object tells of; "". */
const char *given_operation_name(const json_t *o);
void given_ignore(struct given *g, const char *what, const char *name);
/* A time; *out_there false where it is absent. `now` is one. */
enum err given_time(const struct given *g, const json_t *o, const char *name, int64_t *out_us,
                    bool *out_there, struct why *why);
/* "history, 3: WHAT": where in a list something was wrong. */
enum err given_wrong(struct why *why, enum err e, const struct why *inner, const char *what, size_t i);
bool given_is_among(const char *word, const char *const list[]); /* NULL-terminated; list may be NULL */
/* The text of a string field, kept in one of g->texts until g is gone; "" when absent. */
enum given_text { TEXT_SUBJECT, TEXT_SUBJECT_REF, TEXT_OPERATION, TEXT_REFERENCE };
enum err given_field_text(struct given *g, enum given_text which, const char *name, const char **out);

/* --- the others, in the order in which they are called --- */

/* given_author.c: the author, what the membership gives to the entry, the operation. */
enum err given_author(struct given *g, struct why *why);
enum err given_offer_member(struct given *g, struct values *v, struct why *why);
/* *out_fields: what the operation gives, as compose_fill takes it; NULL: nothing. */
enum err given_operation(struct given *g, struct values *v, json_t **out_fields, struct why *why);
/* Whether a text names the author. */
bool given_is_author(const struct given *g, const char *text);
/* given_entry.c: values and bodies of the entry and of what it is about. */
enum err given_entry(struct given *g, struct why *why);
/* given_authority.c: authorities and what became of them. */
/* The fields of an authority under any of their names, its scope among them. */
enum err given_authority_fields(struct given *g, const json_t *o, struct values *v, struct why *why);
/* An item of the list: an authority or determination, or a renewal, review or cancellation by itself. */
enum err given_authority(struct given *g, const json_t *o, struct why *why);
/* An authority or determination; *out_st is what it is called by. */
enum err given_authority_take(struct given *g, const json_t *o, struct hash *out_st, struct why *why);
/* The one that an object refers to; NULL. */
const struct authority *given_authority_named(const struct given *g, const json_t *o);
bool given_act_of_law(const char *word); /* "RIPA" */
/* Puts one entry with these values into the register. */
enum err given_entry_take(struct given *g, enum kind kind, enum act act, const struct hash *about,
                          const struct values *v, int64_t at_us, struct hash *out_st, struct why *why);
/* given_register.c: all that is registered, and what the entry claims of it. */
enum err given_register(struct given *g, struct why *why);
/* given_history.c: views, likeness, the author's open intents. */
enum err given_history(struct given *g, struct why *why);

#endif
