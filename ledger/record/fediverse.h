/* fediverse: the names of a network of many hosts that any of them shows: `@user@host`, `https://host/@user`,
 * `https://host/users/user`, `https://other/@user@host`. Pure. */
#ifndef LEDGER_RECORD_FEDIVERSE_H
#define LEDGER_RECORD_FEDIVERSE_H

#include "ledger/record/address.h"

#define FEDIVERSE_NAME_MAX 100 /* bytes */

/* Letters, digits and `_.-`, and not too many. */
bool fediverse_is_name(struct bytes name);
/* `@user@host` and `acct:user@host`; without either it would be an e-mail address. */
bool fediverse_handle(struct bytes text, struct bytes *out_name, struct bytes *out_host);
/* `user@host`. */
bool fediverse_split(struct bytes text, struct bytes *out_name, struct bytes *out_host);
/* The name, or `user@host`, in the path of a page that may be one of the fediverse; empty where there is
 * none. Borrowed from the address. */
struct bytes fediverse_path(const struct address *a);
/* A host of the fediverse by the list of schema/platforms; by that or by its name. */
bool fediverse_lists(const char *host);
bool fediverse_likely(const char *host);

#endif
