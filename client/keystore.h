/* keystore: the person's secrets at rest (keys.sealed): Ed25519 seed, TLS key, the key of the client's own
 * store. Sealed under an Argon2id key of the passphrase. With agent.c the only file of the client that holds
 * keys. */
#ifndef CLIENT_KEYSTORE_H
#define CLIENT_KEYSTORE_H

#include "client/home.h"
#include "ledger/crypto/seal.h"

struct keystore {
        struct signing_key *signing;
        struct secret seed;
        struct secret store_key; /* seals outbox and operations at rest */
        struct secret tls_key;   /* PEM */
};
/* Fresh keys; the certificate's PEM is appended to out_certificate. */
enum err keystore_make(const char *common_name, int64_t now_us, struct keystore *out,
                       struct buf *out_certificate);
enum err keystore_write(const struct home *h, const struct keystore *k, struct bytes passphrase);
/* The key that the passphrase makes (what the agent keeps). ERR_PASSPHRASE when it does not open the file. */
enum err keystore_unlock(const struct home *h, struct bytes passphrase, struct secret *out_key);
enum err keystore_open(const struct home *h, struct bytes unlocked_key, struct keystore *out);
void keystore_clear(struct keystore *k);

#endif
