/* authors: what the entries so far say about each member as an author: names, enquiries still open, what was
 * typed lately. Members and keys by their numbers in the roster. Holds names: memory of a process that may
 * read content. About 11 KiB for a member who types. */
#ifndef POLICY_AUTHORS_H
#define POLICY_AUTHORS_H

#include "policy/likeness.h"
#include "policy/marks.h"

#define AUTHORS_LATE_MAX   20 /* FACT_AUTHOR_OPEN_LATE counts up to this */
#define AUTHORS_RECENT_MAX 50 /* FACT_AUTHOR_INTENTS_M10 likewise */

struct authors;
struct authors *authors_new(void); /* NULL: no memory */
void authors_free(struct authors *a);

/* From an applied join; empty texts change nothing. */
enum err authors_name(struct authors *a, uint32_t member, uint32_t key, struct bytes name, struct bytes alias,
                      struct bytes force);
const char *authors_name_of(const struct authors *a, uint32_t member); /* "": not known; so the next two */
const char *authors_force_of(const struct authors *a, uint32_t member);
const char *authors_alias_of(const struct authors *a, uint32_t key);

/* An intent was made; one that was let through, `entry` being its number; and is closed. */
enum err authors_intent(struct authors *a, uint32_t member, int64_t at_us);
enum err authors_open(struct authors *a, uint32_t member, uint32_t entry, int64_t at_us);
void authors_close(struct authors *a, uint32_t member, uint32_t entry);
unsigned authors_open_before(const struct authors *a, uint32_t member, int64_t before_us);
unsigned authors_intents_since(const struct authors *a, uint32_t member, int64_t since_us);

/* What was typed: kept are the last SKETCH_RECENT. */
enum err authors_typed(struct authors *a, uint32_t member, int64_t at_us, const struct sketch *sketch,
                       unsigned likeness);
/* The largest likeness with those; how many of them, since since_us, had a likeness of at least `percent`. */
unsigned authors_likeness(const struct authors *a, uint32_t member, const struct sketch *sketch);
unsigned authors_alike(const struct authors *a, uint32_t member, int64_t since_us, unsigned percent);

#endif
