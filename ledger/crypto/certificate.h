/* certificate: self-signed holders of an ECDSA P-256 key, for TLS. A certificate proves nothing by itself:
 * identity is the SHA-256 of its SubjectPublicKeyInfo, compared with what the invite or the member entry
 * says. */
#ifndef LEDGER_CRYPTO_CERTIFICATE_H
#define LEDGER_CRYPTO_CERTIFICATE_H

#include "ledger/crypto/hash.h"
#include "ledger/crypto/secret.h"

/* A fresh key and a certificate for it, valid from a day before `now_us` to `days` after it. common_name: at
 * most 64 bytes. out_key_pem is unencrypted PKCS#8 in secret memory; the caller frees it. */
enum err certificate_make(const char *common_name, int64_t now_us, unsigned days,
                          struct buf *out_certificate_pem, struct secret *out_key_pem);
/* SHA-256 of the SubjectPublicKeyInfo of the first certificate in the PEM text. */
enum err certificate_key_hash(struct bytes certificate_pem, struct hash *out);
/* The same for a DER SubjectPublicKeyInfo. */
enum err spki_hash(struct bytes spki_der, struct hash *out);

#endif
