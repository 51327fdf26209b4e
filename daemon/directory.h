/* directory: the names behind the numbers of the roster: a member's name and force and a key's short name
 * (alias). Personal data, so it is no part of the roster; made from the content of the join entries. Guarded
 * by the ledger's lock. */
#ifndef DAEMON_DIRECTORY_H
#define DAEMON_DIRECTORY_H

#include "ledger/record/body.h"
#include "ledger/record/roster.h"

#define ALIAS_MAX      16 /* bytes: lower-case letters and digits, a letter first */
#define NAME_MAX_BYTES 400

struct directory;
struct directory *directory_new(void);
void directory_free(struct directory *d);
bool alias_valid(struct bytes alias);
bool directory_alias_taken(const struct directory *d, struct bytes alias);
/* A free alias like the one given: jb, jb2, jb3 ... */
void directory_alias_free(const struct directory *d, struct bytes like, char out[ALIAS_MAX + 1]);
/* From an applied join: the body's name, alias and force for the key and its member. */
enum err directory_put(struct directory *d, uint32_t key, uint32_t member, struct bytes alias,
                       struct bytes name, struct bytes force);
const char *directory_alias(const struct directory *d, uint32_t key);    /* "" : none */
const char *directory_name(const struct directory *d, uint32_t member);  /* "" : none */
const char *directory_force(const struct directory *d, uint32_t member); /* "" : none */
/* The key with that alias; false if there is none. */
bool directory_key_of_alias(const struct directory *d, struct bytes alias, uint32_t *out_key);

#endif
