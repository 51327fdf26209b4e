#include "ledger/crypto/seal.h"

#include <sodium.h>

static enum err seal_with(struct bytes key, const uint8_t nonce[static SEAL_NONCE_LEN], struct bytes context,
                          struct bytes plain, uint8_t *out)
{
        return crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL, plain.at, plain.n, context.at, context.n,
                                                          NULL, nonce, key.at) == 0
                   ? OK
                   : ERR_CRYPTO;
}

/* Appends the plain text; sealed is ciphertext and tag. */
static enum err open_with(struct bytes key, const uint8_t nonce[static SEAL_NONCE_LEN], struct bytes context,
                          struct bytes sealed, struct buf *out)
{
        if (sealed.n < SEAL_TAG_LEN)
                return ERR_SEALED;
        size_t n = sealed.n - SEAL_TAG_LEN;
        uint8_t *room = buf_put_room(out, n);
        if (room == NULL)
                return buf_check(out);
        if (crypto_aead_xchacha20poly1305_ietf_decrypt(room, NULL, NULL, sealed.at, sealed.n, context.at,
                                                       context.n, nonce, key.at) == 0)
                return OK;
        out->n -= n;
        return ERR_SEALED;
}

enum err seal_put(struct bytes key, struct bytes context, struct bytes plain, struct buf *out)
{
        if (key.n != SEAL_KEY_LEN)
                return ERR_BUG;
        size_t before = out->n;
        uint8_t *room =
            plain.n > SIZE_MAX - SEAL_OVERHEAD ? NULL : buf_put_room(out, plain.n + SEAL_OVERHEAD);
        if (room == NULL)
                return buf_check(out) ? buf_check(out) : ERR_TOO_LONG;
        randombytes_buf(room, SEAL_NONCE_LEN);
        enum err e = seal_with(key, room, context, plain, room + SEAL_NONCE_LEN);
        if (e)
                out->n = before;
        return e;
}

enum err seal_open(struct bytes key, struct bytes context, struct bytes sealed, struct buf *out)
{
        uint8_t nonce[SEAL_NONCE_LEN];
        if (key.n != SEAL_KEY_LEN)
                return ERR_BUG;
        if (bytes_take_copy(&sealed, sizeof nonce, nonce))
                return ERR_SEALED;
        return open_with(key, nonce, context, sealed, out);
}

static void nonce_of(uint64_t number, uint8_t nonce[static SEAL_NONCE_LEN])
{
        memset(nonce, 0, SEAL_NONCE_LEN);
        for (size_t i = SEAL_NONCE_LEN; number > 0; number >>= 8)
                nonce[--i] = (uint8_t)(number & 0xff);
}

enum err seal_put_numbered(struct bytes key, uint64_t number, struct bytes context, struct bytes plain,
                           struct buf *out)
{
        uint8_t nonce[SEAL_NONCE_LEN];
        if (key.n != SEAL_KEY_LEN)
                return ERR_BUG;
        nonce_of(number, nonce);
        size_t before = out->n;
        uint8_t *room = plain.n > SIZE_MAX - SEAL_TAG_LEN ? NULL : buf_put_room(out, plain.n + SEAL_TAG_LEN);
        if (room == NULL)
                return buf_check(out) ? buf_check(out) : ERR_TOO_LONG;
        enum err e = seal_with(key, nonce, context, plain, room);
        if (e)
                out->n = before;
        return e;
}

enum err seal_open_numbered(struct bytes key, uint64_t number, struct bytes context, struct bytes sealed,
                            struct buf *out)
{
        uint8_t nonce[SEAL_NONCE_LEN];
        if (key.n != SEAL_KEY_LEN)
                return ERR_BUG;
        nonce_of(number, nonce);
        return open_with(key, nonce, context, sealed, out);
}
