#include "client/keystore.h"

#include <stdlib.h>

#include "ledger/crypto/certificate.h"

#define MAGIC            "EQKS1\n"
#define CERTIFICATE_DAYS 3650
#define KEYS_MAX         65536 /* bytes */

enum err keystore_make(const char *common_name, int64_t now_us, struct keystore *out,
                       struct buf *out_certificate)
{
        struct keystore k = {0};
        enum err e;
        if ((e = secret_random(SEED_LEN, &k.seed)) ||
            (e = signing_key_new(secret_bytes(&k.seed), &k.signing)) ||
            (e = secret_random(SEAL_KEY_LEN, &k.store_key)) ||
            (e = certificate_make(common_name, now_us, CERTIFICATE_DAYS, out_certificate, &k.tls_key)))
                keystore_clear(&k);
        else
                *out = k;
        return e;
}

void keystore_clear(struct keystore *k)
{
        signing_key_free(k->signing);
        secret_free(&k->seed);
        secret_free(&k->store_key);
        secret_free(&k->tls_key);
        *k = (struct keystore){0};
}

/* "EQKS1\n", salt (16), passes (4), memory in KiB (4), then the sealed seed (32), store key (32), TLS key. */
enum err keystore_write(const struct home *h, const struct keystore *k, struct bytes passphrase)
{
        const char *fast = getenv("ENQUIRY_TEST_KDF");
        struct pass_params params;
        struct secret key = {0};
        struct buf plain, out;
        char path[HOME_PATH_MAX];
        enum err e;
        buf_init(&plain, KEYS_MAX);
        buf_init(&out, KEYS_MAX);
        buf_reserve(&plain, KEYS_MAX); /* never moved, so that no copy is left behind */
        pass_params_fresh(&params, fast != NULL && strcmp(fast, "fast") == 0);
        if ((e = home_path(h, HOME_KEYS, path)) || (e = pass_key(passphrase, &params, &key)))
                goto done;
        buf_put(&plain, secret_bytes(&k->seed));
        buf_put(&plain, secret_bytes(&k->store_key));
        buf_put(&plain, secret_bytes(&k->tls_key));
        buf_put_text(&out, MAGIC);
        buf_put(&out, bytes_of(params.salt, sizeof params.salt));
        buf_put_u32(&out, params.passes);
        buf_put_u32(&out, params.memory_kib);
        if ((e = buf_check(&plain)) ||
            (e = seal_put(secret_bytes(&key), bytes_text(MAGIC), buf_bytes(&plain), &out)) ||
            (e = buf_check(&out)))
                goto done;
        e = file_write(path, buf_bytes(&out));
done:
        secret_free(&key);
        buf_wipe(&plain);
        buf_clear(&out);
        return e;
}

static enum err read_sealed(const struct home *h, struct buf *text, struct pass_params *params,
                            struct bytes *sealed)
{
        char path[HOME_PATH_MAX];
        struct bytes in;
        enum err e;
        if ((e = home_path(h, HOME_KEYS, path)))
                return e;
        if ((e = file_read(path, KEYS_MAX, text)))
                return e == ERR_ABSENT ? ERR_HOME : e;
        in = buf_bytes(text);
        if ((e = bytes_take_text(&in, MAGIC)) || (e = bytes_take_copy(&in, PASS_SALT_LEN, params->salt)) ||
            (e = bytes_take_u32(&in, &params->passes)) || (e = bytes_take_u32(&in, &params->memory_kib)))
                return e;
        *sealed = in;
        return OK;
}

static enum err open_sealed(struct bytes key, struct bytes sealed, struct buf *plain)
{
        buf_reserve(plain, KEYS_MAX);
        return seal_open(key, bytes_text(MAGIC), sealed, plain);
}

enum err keystore_unlock(const struct home *h, struct bytes passphrase, struct secret *out_key)
{
        struct pass_params params;
        struct secret key = {0};
        struct buf text, plain;
        struct bytes sealed;
        enum err e;
        buf_init(&text, KEYS_MAX);
        buf_init(&plain, KEYS_MAX);
        if ((e = read_sealed(h, &text, &params, &sealed)) || (e = pass_key(passphrase, &params, &key)))
                goto done;
        if ((e = open_sealed(secret_bytes(&key), sealed, &plain))) {
                e = e == ERR_SEALED ? ERR_PASSPHRASE : e;
                goto done;
        }
        *out_key = key;
        key = (struct secret){0}; /* given away */
done:
        secret_free(&key);
        buf_clear(&text);
        buf_wipe(&plain);
        return e;
}

enum err keystore_open(const struct home *h, struct bytes unlocked_key, struct keystore *out)
{
        struct pass_params params;
        struct keystore k = {0};
        struct buf text, plain;
        struct bytes sealed, in, seed, store_key;
        enum err e;
        buf_init(&text, KEYS_MAX);
        buf_init(&plain, KEYS_MAX);
        if ((e = read_sealed(h, &text, &params, &sealed)))
                goto done;
        if ((e = open_sealed(unlocked_key, sealed, &plain))) {
                e = e == ERR_SEALED ? ERR_PASSPHRASE : e;
                goto done;
        }
        in = buf_bytes(&plain);
        if ((e = bytes_take(&in, SEED_LEN, &seed)) || (e = bytes_take(&in, SEAL_KEY_LEN, &store_key)) ||
            (e = secret_of(seed, &k.seed)) || (e = secret_of(store_key, &k.store_key)) ||
            (e = secret_of(in, &k.tls_key)) || (e = signing_key_new(seed, &k.signing)))
                goto done;
        *out = k;
        k = (struct keystore){0}; /* given away */
done:
        keystore_clear(&k);
        buf_clear(&text);
        buf_wipe(&plain);
        return e;
}
