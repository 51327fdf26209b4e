/* seal: XChaCha20-Poly1305 (libsodium) and keyed tags. Sealed bytes are nonce (24), ciphertext, tag (16)
 * unless the caller gives the nonce, which is allowed only under a key used for one message a nonce. */
#ifndef LEDGER_CRYPTO_SEAL_H
#define LEDGER_CRYPTO_SEAL_H

#include "ledger/crypto/hash.h"
#include "ledger/crypto/secret.h"
#include "ledger/crypto/sign.h"

#define SEAL_KEY_LEN   32
#define SEAL_NONCE_LEN 24
#define SEAL_TAG_LEN   16
#define SEAL_OVERHEAD  (SEAL_NONCE_LEN + SEAL_TAG_LEN)

/* Random nonce. Appends to out. `context` is authenticated and not stored. */
enum err seal_put(struct bytes key, struct bytes context, struct bytes plain, struct buf *out);
/* ERR_SEALED if key, context or bytes are others. Appends the plain text. */
enum err seal_open(struct bytes key, struct bytes context, struct bytes sealed, struct buf *out);
/* The same with the nonce given and not stored: ciphertext and tag only. The nonce is 16 zero bytes and the
 * number in 8, big-endian. */
enum err seal_put_numbered(struct bytes key, uint64_t number, struct bytes context, struct bytes plain,
                           struct buf *out);
enum err seal_open_numbered(struct bytes key, uint64_t number, struct bytes context, struct bytes sealed,
                            struct buf *out);

/* A key of its own for each purpose: BLAKE2b keyed with `master` over `purpose`; 32 bytes. */
enum err seal_subkey(struct bytes master, const char *purpose, struct secret *out);
/* Keyed BLAKE2b over the parts put together: a tag that says nothing without the key. The first n of 32
 * bytes. */
enum err seal_tag(struct bytes key, size_t count, const struct bytes part[], uint8_t *out, size_t n);

/* For a person's passphrase: Argon2id, limits stored with the salt. */
#define PASS_SALT_LEN 16
struct pass_params {
        uint8_t salt[PASS_SALT_LEN];
        uint32_t passes; /* opslimit */
        uint32_t memory_kib;
};
/* Fresh salt; moderate limits (about 0.2 s), or small ones for tests when ENQUIRY_TEST_KDF=fast is in force.
 */
void pass_params_fresh(struct pass_params *out, bool fast);
enum err pass_key(struct bytes passphrase, const struct pass_params *params, struct secret *out);

/* To the holder of an Ed25519 key, who needs nothing but it: the X25519 sealed box of a random key, then the
 * text in chunks (secretstream): box (80 bytes), stream header (24), chunks of 65,536 bytes and 17 more each,
 * the last of which alone is marked final and may be shorter. Anonymous: the sender is proved by the ledger
 * entry that names the digest. */
enum err seal_to_member(const struct public_key *to, struct bytes plain, struct buf *out);
enum err seal_open_as_member(struct bytes seed, struct bytes sealed, struct buf *out);

#endif
