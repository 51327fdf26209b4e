#include "ledger/crypto/seal.h"

#include <sodium.h>

#define TAG_MAX 32 /* bytes */

/* BLAKE2b with a key takes from 16 to 64 bytes of it. */
static bool key_fits(struct bytes key)
{
        return key.n >= crypto_generichash_KEYBYTES_MIN && key.n <= crypto_generichash_KEYBYTES_MAX;
}

enum err seal_subkey(struct bytes master, const char *purpose, struct secret *out)
{
        struct secret s = {0};
        struct bytes text = bytes_text(purpose);
        enum err e = key_fits(master) ? secret_new(SEAL_KEY_LEN, &s) : ERR_BUG;
        if (!e && crypto_generichash(s.at, s.n, text.at, text.n, master.at, master.n) != 0)
                e = ERR_CRYPTO;
        if (e) {
                secret_free(&s);
                return e;
        }
        *out = s;
        return OK;
}

enum err seal_tag(struct bytes key, size_t count, const struct bytes part[], uint8_t *out, size_t n)
{
        uint8_t tag[TAG_MAX];
        crypto_generichash_state state;
        if (n > sizeof tag || !key_fits(key))
                return ERR_BUG;
        bool good = crypto_generichash_init(&state, key.at, key.n, sizeof tag) == 0;
        for (size_t i = 0; good && i < count; i++)
                good = crypto_generichash_update(&state, part[i].at, part[i].n) == 0;
        good = good && crypto_generichash_final(&state, tag, sizeof tag) == 0;
        sodium_memzero(&state, sizeof state);
        if (!good)
                return ERR_CRYPTO;
        memcpy(out, tag, n);
        return OK;
}

/* A file may name other limits than pass_params_fresh does, but none that would stop the machine. */
#define PASSES_MAX     64
#define MEMORY_KIB_MAX (1024 * 1024)

void pass_params_fresh(struct pass_params *out, bool fast)
{
        randombytes_buf(out->salt, sizeof out->salt);
        out->passes = fast ? crypto_pwhash_argon2id_OPSLIMIT_MIN : 3;
        out->memory_kib = fast ? crypto_pwhash_argon2id_MEMLIMIT_MIN / 1024 : 64 * 1024;
}

enum err pass_key(struct bytes passphrase, const struct pass_params *params, struct secret *out)
{
        _Static_assert(PASS_SALT_LEN == crypto_pwhash_argon2id_SALTBYTES, "the salt that Argon2id takes");
        struct secret s = {0};
        if (params->passes < crypto_pwhash_argon2id_OPSLIMIT_MIN || params->passes > PASSES_MAX ||
            params->memory_kib < crypto_pwhash_argon2id_MEMLIMIT_MIN / 1024 ||
            params->memory_kib > MEMORY_KIB_MAX)
                return ERR_FORM;
        enum err e = secret_new(SEAL_KEY_LEN, &s);
        if (!e && crypto_pwhash_argon2id(s.at, s.n, passphrase.n > 0 ? (const char *)passphrase.at : "",
                                         passphrase.n, params->salt, params->passes,
                                         (size_t)params->memory_kib * 1024,
                                         crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0)
                e = ERR_NO_MEMORY;
        if (e) {
                secret_free(&s);
                return e;
        }
        *out = s;
        return OK;
}
