/* sightings: who looked at which account and when, and which accounts belong to one person, as the entries so
 * far have it; the same answers in the same order as ledger/store's subject_index and tie give, in memory and
 * made of the entries alone. Accounts are known by mark. 24 bytes a sighting. */
#ifndef POLICY_SIGHTINGS_H
#define POLICY_SIGHTINGS_H

#include "ledger/store/store.h"
#include "policy/fold.h"
#include "policy/marks.h"

struct sighting {
        int64_t at_us; /* when it was done (scene.h) */
        uint32_t member;
        uint32_t operation;                       /* number; MARK_NONE: none */
        bool look, intended, captured, immediate; /* as in struct store_view */
};

struct sightings;
struct sightings *sightings_new(void); /* NULL: no memory */
void sightings_free(struct sightings *s);
enum err sightings_put(struct sightings *s, const struct mark *account, const struct sighting *one);
/* Ties two accounts, or references of persons, or parts them; of several about the same two the last holds.
 */
enum err sightings_tie(struct sightings *s, const struct mark *a, const struct mark *b, bool same);
/* Feeds the looks until now, of 365 days or the fold's window if that is longer, at all accounts tied to this
 * one and then to `reference` (NULL: none is given), this one last. */
void sightings_fold(const struct sightings *s, const struct mark *account, const struct mark *reference,
                    struct fold *fold);
/* How a look and a fold name an operation. */
void sightings_operation(uint32_t operation, uint8_t out[16]);

#endif
