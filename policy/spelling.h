/* spelling: what people write in the scope of an authority, as the tables have it: "Twitter" or
 * "www.twitter.com" is x, "suspects" is suspect. No guesses: what the tables do not have is nothing. Pure. */
#ifndef POLICY_SPELLING_H
#define POLICY_SPELLING_H

#include "ledger/base/bytes.h"
#include "ledger/record/host.h"
#include "schema/fields.h"

#define SPELLING_MAX (HOST_MAX + 8) /* bytes, the NUL included */

/* The name of a platform as subjects have it, or, for a site that the table does not have, its host and port.
 * ERR_ADDRESS: neither. ERR_NO_MEMORY. */
enum err spelling_of_platform(bool *out_listed, struct bytes text, char out[SPELLING_MAX]);
/* `platform:account` with any spelling of the platform and with the account's letters as the platform tells
 * them apart. `out` has room for text.n + SPELLING_MAX bytes. False: the part before the colon is no
 * platform. */
bool spelling_of_account(struct bytes text, char *out);
/* The word that a text means, by the word itself, its other spellings, its plain text, or the plural of
 * these. NULL: none. */
const struct word *spelling_of_word(const struct vocabulary *v, struct bytes text);

#endif
