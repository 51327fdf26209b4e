/* kept: the policy in force as this folder last saw it: each receipt names its hash, the text is fetched
 * once, checked by the hash and kept, so that what is asked and shown does not hang on the daemon. DESIGN
 * section 7. */
#ifndef CLIENT_KEPT_H
#define CLIENT_KEPT_H

#include "client/session.h"
#include "policy/pack.h"

#define HOME_POLICY "policy" /* the hash; the text is policy-HASH.yaml */

/* A receipt named it as the one in force. */
enum err kept_note(const struct home *h, const struct hash *policy);
/* The hash that was noted last; ERR_ABSENT before the first receipt. */
enum err kept_hash(const struct home *h, struct hash *out);
/* The text of that hash: from the folder, else, where `ask`, from the daemon, and kept. ERR_ABSENT, ERR_ANNEX
 * (what came has another hash), ERR_AWAY. */
enum err kept_text(struct session *s, const struct hash *policy, bool ask, struct buf *out);
/* Keeps a text under its hash, which is the one in force. */
enum err kept_keep(const struct home *h, const struct hash *policy, struct bytes text);
/* The pack of that hash with what it lies over. */
enum err kept_pack(struct session *s, const struct hash *policy, bool ask, struct pack **out);
/* The pack in force as far as this folder knows; ERR_ABSENT where it knows none. */
enum err kept_in_force(struct session *s, bool ask, struct pack **out);

#endif
