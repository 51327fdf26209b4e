/* disclosure: one salted, named value, `["salt","name",value]`; digests are over its base64url. FORMAT.md
 * section 3. Pure. */
#ifndef LEDGER_RECORD_DISCLOSURE_H
#define LEDGER_RECORD_DISCLOSURE_H

#include "ledger/crypto/hash.h"

#define SALT_LEN            16
#define DISCLOSURE_MAX      16384                    /* bytes of b64u */
#define DISCLOSURE_JSON_MAX (DISCLOSURE_MAX / 4 * 3) /* bytes of the JSON text in it */

struct disclosure {
        uint8_t salt[SALT_LEN];
        struct bytes name;  /* no character that JSON escapes */
        struct bytes value; /* JSON text in the strict form */
};

/* Appends the JSON text. */
void disclosure_put(struct buf *out, const struct disclosure *d);
/* Takes exactly what disclosure_put writes, and checks the value throughout. *out borrows from json.
 * ERR_DISCLOSURE. */
enum err disclosure_take(struct bytes json, struct disclosure *out);
/* Appends the JSON text's base64url to `text`; the digest is over what was appended. ERR_TOO_LONG. */
enum err disclosure_digest(struct bytes json, struct buf *text, struct hash *out);
/* Whether a value, checked before, has a member named `_sd` or `...` at any depth: other people's software
 * would take it for digests. RFC 9901 section 4.1. */
bool disclosure_value_reserved(struct bytes value);

#endif
