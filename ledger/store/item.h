/* item: rows of the table `item` to and from struct store_item. */
#ifndef LEDGER_STORE_ITEM_H
#define LEDGER_STORE_ITEM_H

#include "ledger/store/ask.h"
#include "ledger/store/store.h"

#define ITEM_COLUMNS                                                                                         \
        "seq, kind, act, verdict, lane, at_us, member, key, n, unit, decided, decided_by, closed_by, "       \
        "target, operation,"                                                                                 \
        " subject, urgent"

/* The columns of the row at hand, which start with ITEM_COLUMNS. ERR_NOT_LEDGER if one is out of its range.
 */
enum err item_take(const struct ask *a, struct store_item *out);
void item_put(struct ask *a, const struct store_item *item);
/* A tag as a parameter: zeros are NULL. */
void item_put_tag(struct ask *a, const uint8_t tag[STORE_TAG_LEN]);
/* NULL is zeros; ERR_NOT_LEDGER for another length. */
enum err item_take_tag(const struct ask *a, int column, uint8_t out[STORE_TAG_LEN]);

#endif
