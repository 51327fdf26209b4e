/* authority_inside: how registry.c makes authorities of entries, and changes them by later ones. Reading can
 * fail and changes nothing; changing cannot. */
#ifndef POLICY_AUTHORITY_INSIDE_H
#define POLICY_AUTHORITY_INSIDE_H

#include "policy/authority.h"

/* From a registration or determination. ERR_FIELD_VALUE, ERR_NO_MEMORY. The caller sets seq, st and about. */
enum err authority_read(const struct body *b, enum act act, int64_t at_us, struct authority **out,
                        struct why *why);
void authority_free(struct authority *a); /* NULL allowed */

/* What a review, a renewal or a cancellation says. */
struct authority_change {
        enum act act;
        int64_t at_us; /* when it was reviewed, renewed or cancelled */
        struct renewal renewal;
        struct authority_named named;
        bool dates_said;
        size_t dates_n;
        int64_t date[AUTHORITY_DATES_MAX];
};
/* ERR_FIELD_VALUE also when it has no room in `a`: too many renewals or dates. */
enum err authority_change_read(const struct authority *a, const struct body *b, enum act act, int64_t at_us,
                               struct authority_change *out, struct why *why);
/* Makes the room that the change takes; until then nothing is changed. ERR_NO_MEMORY. */
enum err authority_change_reserve(struct authority *a, const struct authority_change *change);
void authority_change(struct authority *a, const struct authority_change *change);

/* A field that is a time; *out_us stays as it is where there is none. ERR_FIELD_VALUE. */
enum err authority_read_time(const struct body *b, const char *name, int64_t *out_us, struct why *why);
/* A field that is a text, trimmed; "" where there is none. The caller frees. */
enum err authority_read_text(const struct body *b, const char *name, char **out);

#endif
