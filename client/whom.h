/* whom: the account or person that a text means, in the one form in which looks are counted: an address,
 * `platform:account` in any spelling, `@handle` of a platform that is said apart, `@user@host`, "ref:..." and
 * "term:..."; any other text is a person's reference. Pure. */
#ifndef CLIENT_WHOM_H
#define CLIENT_WHOM_H

#include "ledger/record/subject.h"

/* "@name", and not "@user@host". */
bool whom_is_handle(const char *text);
/* The account of a platform, with or without the @ before it. ERR_ADDRESS: no such platform, or no account.
 */
enum err whom_of_account(const char *platform, const char *account, char out[SUBJECT_CANONICAL_MAX + 1]);
/* ERR_ADDRESS when it is empty, ERR_UTF8. */
enum err whom_of_text(const char *text, char out[SUBJECT_CANONICAL_MAX + 1]);

#endif
