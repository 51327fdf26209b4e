/* ties: names that belong together, as accounts of one person and the person's reference do. Two names are
 * tied or parted; of several about the same two the last holds; what is tied through others belongs together
 * as well. Pure. */
#ifndef CLIENT_TIES_H
#define CLIENT_TIES_H

#include "ledger/base/bytes.h"

struct ties;
struct ties *ties_new(void);    /* NULL: no memory */
void ties_free(struct ties *t); /* NULL allowed */
/* The number of a name, from 0 in the order in which they were first asked for. */
enum err ties_name(struct ties *t, const char *name, size_t *out);
size_t ties_count(const struct ties *t);
enum err ties_put(struct ties *t, const char *a, const char *b, bool same);
/* Finds all that belong to this one; ties_found asks about them until the next search. */
void ties_find(struct ties *t, size_t from);
bool ties_found(const struct ties *t, size_t name);

#endif
