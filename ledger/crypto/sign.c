#include "ledger/crypto/sign.h"

#include <sodium.h>
#include <stdlib.h>

#include "ledger/base/b64.h"

enum err sign_check(const struct public_key *key, struct bytes message, const struct sig *sig)
{
        return crypto_sign_verify_detached(sig->b, message.at, message.n, key->b) == 0 ? OK : ERR_SIGNATURE;
}

struct signing_key {
        struct secret secret; /* libsodium's form: seed and public key */
        struct public_key key;
};

enum err signing_key_new(struct bytes seed, struct signing_key **out)
{
        if (seed.n != SEED_LEN)
                return ERR_FORM;
        struct signing_key *k = calloc(1, sizeof *k);
        if (k == NULL)
                return ERR_NO_MEMORY;
        enum err e = secret_new(crypto_sign_SECRETKEYBYTES, &k->secret);
        if (!e && crypto_sign_seed_keypair(k->key.b, k->secret.at, seed.at) != 0)
                e = ERR_CRYPTO;
        if (e) {
                signing_key_free(k);
                return e;
        }
        *out = k;
        return OK;
}

void signing_key_free(struct signing_key *k)
{
        if (k == NULL)
                return;
        secret_free(&k->secret);
        free(k);
}

static enum err sign(void *self, struct bytes message, struct sig *out)
{
        const struct signing_key *k = self;
        struct sig sig;
        if (crypto_sign_detached(sig.b, NULL, message.at, message.n, k->secret.at) != 0)
                return ERR_CRYPTO;
        *out = sig;
        return OK;
}

struct signer signing_key_signer(struct signing_key *k)
{
        return (struct signer){.sign = sign, .self = k, .key = k->key};
}

enum err key_thumbprint(const struct public_key *key, struct hash *out)
{
        char x[B64U_LEN(KEY_LEN) + 1];
        b64u_text(bytes_of(key->b, KEY_LEN), x);
        const struct bytes part[] = {
            bytes_text("{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\""),
            bytes_text(x),
            bytes_text("\"}"),
        };
        return hash_of_parts(sizeof part / sizeof part[0], part, out);
}
