/* bundle: content handed to an auditor: fields and reasons of entries, sealed to one member's key. Lines of
 * JSON
 * {"seq","disclosures","because"}, then sealed as a whole (seal_to_member). The disclose entry that names its
 * digests is in the ledger. */
#ifndef CLIENT_BUNDLE_H
#define CLIENT_BUNDLE_H

#include "client/command.h"
#include "ledger/verify/verify.h"

#define BUNDLE_MAX (256u << 20) /* bytes */

/* Opens FILE with our key and checks each line against the ledger's entry; says which entries it does not
 * hold. */
enum err bundle_verify(struct session *s, const char *path, struct verification *v, struct store *store);

#endif
