/* sdjwt: a strict verifier of any SD-JWT by RFC 9901 section 7.1, not only of ours: released copies,
 * published vectors. Order of disclosures is free here. Pure. */
#ifndef LEDGER_RECORD_SDJWT_H
#define LEDGER_RECORD_SDJWT_H

#include "ledger/crypto/sign.h"
#include "ledger/base/json.h"

#define SDJWT_MAX             262144 /* bytes of a presentation */
#define SDJWT_DISCLOSURES_MAX 1024

/* How strictly JSON is read: ours (canonical) or any valid JSON (white space, escapes, numbers), as other
 * issuers write. Duplicate members, bad UTF-8, depth are refused in both. */
enum sdjwt_json { SDJWT_OURS, SDJWT_ANY };

struct sdjwt_rules {
        const struct public_key
            *key; /* NULL: the signature is not checked (vectors signed with other algorithms) */
        enum sdjwt_json json;
        const char *typ; /* expected header typ, or NULL */
};
/* On OK appends the processed payload (disclosed claims in place, `_sd`, `...`, `_sd_alg` removed) as JSON
 * text. Errors by the clause that failed: ERR_JWS, ERR_SIGNATURE, ERR_SD_ALG, ERR_DISCLOSURE,
 * ERR_DISCLOSURE_NAME, ERR_DIGEST_TWICE, ERR_DISCLOSURE_EXTRA (unreferenced or sent twice), ERR_JSON,
 * ERR_TOO_LONG. A key-binding JWT at the end is refused (ERR_JWS). `exp`, `nbf` and who the issuer is are the
 * caller's to judge. */
enum err sdjwt_verify(struct bytes presentation, const struct sdjwt_rules *rules, struct buf *out_payload,
                      struct why *why);

#endif
