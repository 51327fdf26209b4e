#include "ledger/crypto/seal.h"

#include <sodium.h>

/* The sealed box of the key, the stream's header, then the chunks: all of CHUNK plain bytes but the last,
 * which alone is marked final and has from 0 to CHUNK of them, so that one text has one number of chunks and
 * a cut shows. */
#define CHUNK     (64 * 1024) /* bytes */
#define BOX_LEN   (crypto_box_SEALBYTES + crypto_secretstream_xchacha20poly1305_KEYBYTES)
#define HEAD_LEN  (BOX_LEN + crypto_secretstream_xchacha20poly1305_HEADERBYTES)
#define CHUNK_ADD crypto_secretstream_xchacha20poly1305_ABYTES
#define FINAL     crypto_secretstream_xchacha20poly1305_TAG_FINAL
#define MORE      crypto_secretstream_xchacha20poly1305_TAG_MESSAGE

struct stream {
        crypto_secretstream_xchacha20poly1305_state s;
};

/* Writes BOX_LEN bytes and begins the stream. */
static enum err box_put(const struct public_key *to, struct stream *s, uint8_t *box, uint8_t *header)
{
        uint8_t x25519[crypto_box_PUBLICKEYBYTES], key[crypto_secretstream_xchacha20poly1305_KEYBYTES];
        if (crypto_sign_ed25519_pk_to_curve25519(x25519, to->b) != 0)
                return ERR_CRYPTO;
        crypto_secretstream_xchacha20poly1305_keygen(key);
        bool good = crypto_box_seal(box, key, sizeof key, x25519) == 0 &&
                    crypto_secretstream_xchacha20poly1305_init_push(&s->s, header, key) == 0;
        sodium_memzero(key, sizeof key);
        return good ? OK : ERR_CRYPTO;
}

enum err seal_to_member(const struct public_key *to, struct bytes plain, struct buf *out)
{
        size_t before = out->n, chunks = plain.n / CHUNK + (plain.n % CHUNK > 0 || plain.n == 0);
        if (plain.n > SIZE_MAX / 2)
                return ERR_TOO_LONG;
        uint8_t *at = buf_put_room(out, HEAD_LEN + plain.n + chunks * CHUNK_ADD);
        if (at == NULL)
                return buf_check(out);
        struct stream s;
        enum err e = box_put(to, &s, at, at + BOX_LEN);
        at += HEAD_LEN;
        for (; !e && chunks > 0; chunks--) {
                size_t n = plain.n < CHUNK ? plain.n : CHUNK;
                if (crypto_secretstream_xchacha20poly1305_push(&s.s, at, NULL, plain.at, n, NULL, 0,
                                                               chunks == 1 ? FINAL : MORE) != 0)
                        e = ERR_CRYPTO;
                at += n + CHUNK_ADD;
                if (n > 0)
                        plain = bytes_of(plain.at + n, plain.n - n);
        }
        sodium_memzero(&s, sizeof s);
        if (e)
                out->n = before;
        return e;
}

/* The X25519 pair of an Ed25519 seed. */
static enum err pair_of(struct bytes seed, uint8_t public_key[static crypto_box_PUBLICKEYBYTES],
                        struct secret *out)
{
        struct secret signing = {0}, s = {0};
        uint8_t ed25519[KEY_LEN];
        enum err e;
        if ((e = secret_new(crypto_sign_SECRETKEYBYTES, &signing)) ||
            (e = secret_new(crypto_box_SECRETKEYBYTES, &s)))
                goto done;
        if (crypto_sign_seed_keypair(ed25519, signing.at, seed.at) != 0 ||
            crypto_sign_ed25519_sk_to_curve25519(s.at, signing.at) != 0 ||
            crypto_scalarmult_base(public_key, s.at) != 0) {
                e = ERR_CRYPTO;
                goto done;
        }
        *out = s;
        s = (struct secret){0}; /* given away */
done:
        secret_free(&signing);
        secret_free(&s);
        return e;
}

/* Takes the box and the header, and begins the stream. */
static enum err box_take(struct bytes seed, struct bytes *in, struct stream *s)
{
        uint8_t x25519[crypto_box_PUBLICKEYBYTES], key[crypto_secretstream_xchacha20poly1305_KEYBYTES];
        struct secret pair = {0};
        struct bytes box, header;
        if (bytes_take(in, BOX_LEN, &box) || bytes_take(in, HEAD_LEN - BOX_LEN, &header))
                return ERR_SEALED;
        enum err e = pair_of(seed, x25519, &pair);
        if (!e && (crypto_box_seal_open(key, box.at, box.n, x25519, pair.at) != 0 ||
                   crypto_secretstream_xchacha20poly1305_init_pull(&s->s, header.at, key) != 0))
                e = ERR_SEALED;
        sodium_memzero(key, sizeof key);
        secret_free(&pair);
        return e;
}

static enum err chunk_take(struct stream *s, struct bytes *in, struct buf *out, bool *out_last)
{
        size_t n = in->n < CHUNK + CHUNK_ADD ? in->n : CHUNK + CHUNK_ADD;
        struct bytes chunk;
        uint8_t tag;
        if (n < CHUNK_ADD || bytes_take(in, n, &chunk))
                return ERR_SEALED;
        uint8_t *room = buf_put_room(out, n - CHUNK_ADD);
        if (room == NULL)
                return buf_check(out);
        if (crypto_secretstream_xchacha20poly1305_pull(&s->s, room, NULL, &tag, chunk.at, chunk.n, NULL, 0) !=
                0 ||
            tag != (in->n == 0 ? FINAL : MORE))
                return ERR_SEALED;
        *out_last = in->n == 0;
        return OK;
}

enum err seal_open_as_member(struct bytes seed, struct bytes sealed, struct buf *out)
{
        size_t before = out->n;
        bool last = false;
        struct stream s;
        if (seed.n != SEED_LEN)
                return ERR_BUG;
        enum err e = box_take(seed, &sealed, &s);
        while (!e && !last)
                e = chunk_take(&s, &sealed, out, &last);
        sodium_memzero(&s, sizeof s);
        if (!e || out->n == before)
                return e;
        sodium_memzero(out->at + before, out->n - before);
        out->n = before;
        return e;
}
