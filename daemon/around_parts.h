/* around_parts: what the files of around share. */
#ifndef DAEMON_AROUND_PARTS_H
#define DAEMON_AROUND_PARTS_H

#include "daemon/around.h"

static inline bool around_tag_is_zero(const uint8_t tag[STORE_TAG_LEN])
{
        static const uint8_t zero[STORE_TAG_LEN];
        return memcmp(tag, zero, STORE_TAG_LEN) == 0;
}
/* The entry that it names is read whole; absent or erased content is no error. */
enum err around_target_body(struct ledger *l, struct around *a, struct why *why);

/* Who the author is; around_author.c, as the next. */
void around_author(struct ledger *l, struct around *a);
/* What the author did of late: open and recent enquiries, and how alike what was typed is. */
enum err around_habits(struct ledger *l, struct around *a);

/* Whether the operation that it names is there and open; around_operation.c, as the next two. */
enum err around_operation(struct ledger *l, struct around *a);
/* Also that an enquiry names an open one, and that nobody opens one twice. */
enum err around_operation_check(struct ledger *l, struct around *a, struct why *why);
enum err around_operation_close(struct ledger *l, struct around *a, struct why *why);

/* The tags of operation, subject and reference; around_views.c, as the next three. */
enum err around_tags(struct ledger *l, struct around *a);
/* Looks at the person until the entry's time. Nothing where it names nobody. */
enum err around_views(struct ledger *l, struct around *a);
/* A combine: the entries it names, and what it ties or parts. */
enum err around_combine(struct ledger *l, struct around *a, struct why *why);
enum err around_tie(struct ledger *l, const struct around *a);

/* A decision, around_decision.c; a determination that settles. */
enum err around_decision(struct ledger *l, struct around *a, struct why *why);
enum err around_determination(struct around *a, struct why *why);

/* The reasons of a consult: the judgement, and beside the facts what was asked and shown; around_consult.c.
 */
enum err around_consult_load(struct job *j, struct around *a);
enum err around_consult_reasons(struct job *j, const struct around *a);

#endif
