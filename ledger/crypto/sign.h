/* sign: Ed25519 (RFC 8032, libsodium) and the names of keys. */
#ifndef LEDGER_CRYPTO_SIGN_H
#define LEDGER_CRYPTO_SIGN_H

#include "ledger/crypto/hash.h"
#include "ledger/crypto/secret.h"

#define KEY_LEN  32
#define SEED_LEN 32
#define SIG_LEN  64

struct public_key {
        uint8_t b[KEY_LEN];
};
struct sig {
        uint8_t b[SIG_LEN];
};

/* Whoever can sign. Ledger code never sees the secret key. */
struct signer {
        enum err (*sign)(void *self, struct bytes message, struct sig *out);
        void *self;
        struct public_key key;
};

/* OK or ERR_SIGNATURE. */
enum err sign_check(const struct public_key *key, struct bytes message, const struct sig *sig);

/* A signer that holds its key in secret memory, made of a 32-byte seed (copied). */
struct signing_key;
enum err signing_key_new(struct bytes seed, struct signing_key **out);
void signing_key_free(struct signing_key *k);
struct signer signing_key_signer(struct signing_key *k); /* borrowed: valid while k lives */

/* RFC 7638 thumbprint of {"crv":"Ed25519","kty":"OKP","x":...}: the `kid`. */
enum err key_thumbprint(const struct public_key *key, struct hash *out);

#endif
