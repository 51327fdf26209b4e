/* statement: what a person says, signed by that person. The visible part: header, claims, group digests,
 * signature. FORMAT.md section 2. The disclosures are `body`. Pure. */
#ifndef LEDGER_RECORD_STATEMENT_H
#define LEDGER_RECORD_STATEMENT_H

#include "ledger/crypto/random.h"
#include "ledger/record/claims.h"

#define JWS_MAX        24576  /* bytes */
#define SUBMISSION_MAX 131072 /* bytes */
#define REFS_MAX       64
#define NUMBER_MAX     INT64_MAX /* of `n` and of a leaf's seq: what SQLite can store */
#define LOG_ID_MAX     280       /* bytes of origin, # and 22 characters */
/* bytes of scratch that any statement can be decoded in; SUBMISSION_MAX is enough for one and its body
 * together */
#define STATEMENT_SCRATCH 32768

enum rel {
        REL_INTENT,
        REL_OPERATION,
        REL_TARGET,
        REL_ORDER,
        REL_AMENDS,
        REL_AUTHORITY,
        REL_PERSONA,
        REL_REPLACES,
        REL_WITH,
        REL_COUNT
};
struct ref {
        enum rel rel;
        struct hash st;
};

struct statement {
        struct bytes log; /* borrowed from scratch when decoded, from the caller when made */
        enum kind kind;
        uint8_t jti[UUID_LEN];
        int64_t iat; /* seconds since 1970 */
        uint64_t n;
        struct hash prev;
        size_t refs_n;
        struct ref refs[REFS_MAX];
        struct claims claims;
        struct hash sd[GROUPS_ALL]; /* by group when made; in the order of the text (sorted) when decoded */
        /* set by decode and by sign: */
        struct hash kid;
        struct hash st;
        struct bytes jws; /* borrowed: from the input (decode) or from the out buf (sign) */
        struct bytes signed_part;
        struct sig sig;
};

/* Sorts the references, checks what decode would refuse (ERR_CLAIM, ERR_KIND, ERR_DIGEST_TWICE), appends the
 * JWS to `out`, sets kid, st, jws (valid until the next put), signed_part, sig, and leaves the rest. */
enum err statement_sign(struct statement *s, struct signer signer, struct buf *out);
/* Strict: refuses anything that statement_sign would not write. Does not check the signature. `scratch`
 * (owned by the caller, max at least STATEMENT_SCRATCH) receives the decoded payload, which out's slices
 * borrow from; it is given its whole max at once, so that later puts do not move them. ERR_JWS, ERR_KIND,
 * ERR_CLAIM, ERR_SD_ALG, ERR_DIGEST_TWICE, ERR_TOO_LONG. */
enum err statement_decode(struct bytes jws, struct buf *scratch, struct statement *out, struct why *why);
/* Also that `kid` is the key's. ERR_SIGNATURE. */
enum err statement_check_signature(const struct statement *s, const struct public_key *key);
/* The statement's reference with that word, or NULL. */
const struct hash *statement_ref(const struct statement *s, enum rel rel);
const char *rel_name(enum rel r);

/* Splits a submission at the first `~`: the JWS and the disclosures ("D~D~...D~", may be empty). ERR_JWS if
 * the text does not end with `~`, ERR_TOO_LONG beyond SUBMISSION_MAX. */
enum err submission_split(struct bytes submission, struct bytes *out_jws, struct bytes *out_disclosures);

/* "origin#" and the first 16 bytes of the genesis leaf hash; genesis NULL: "origin#". */
void log_id_put(struct buf *out, struct bytes origin, const struct hash *genesis);

/* SHA-256("enquiry-pop-v1" ...) is not taken: the message itself is signed. Appends it. */
void pop_message_put(struct buf *out, struct bytes log, const struct public_key *invite);
/* `seen` and `set`: digests are sorted in place. FORMAT.md section 4. */
enum err seen_hash(const struct hash *leaf, size_t n, struct hash digests[], struct hash *out);
enum err release_set_hash(size_t n, struct hash digests[], struct hash *out);

#endif
