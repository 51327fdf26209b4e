#include "ledger/crypto/certificate.h"

#include <limits.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "ledger/base/moment.h"
#include "ledger/crypto/random.h"

#define COMMON_NAME_MAX 64 /* bytes */
#define SERIAL_LEN      16
#define LAST_DAY        2932896 /* 9999-12-31, the last that a certificate can write; days since 1970 */

/* OpenSSL keeps its errors in a queue of the thread, where a TLS call would take them for its own. */
static enum err failed(enum err e)
{
        ERR_clear_error();
        return e;
}

static bool serial_set(X509 *certificate)
{
        uint8_t serial[SERIAL_LEN];
        random_fill(serial, sizeof serial);
        serial[0] = (uint8_t)((serial[0] & 0x7f) | 0x40); /* positive, and always of the same length */
        BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);
        bool good = number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
        BN_free(number);
        return good;
}

static bool times_set(X509 *certificate, int64_t now_us, unsigned days)
{
        time_t from = (time_t)((now_us - MOMENT_DAY_US) / MOMENT_SECOND_US);
        time_t to = (time_t)(now_us / MOMENT_SECOND_US + (int64_t)days * (MOMENT_DAY_US / MOMENT_SECOND_US));
        return ASN1_TIME_set(X509_getm_notBefore(certificate), from) != NULL &&
               ASN1_TIME_set(X509_getm_notAfter(certificate), to) != NULL;
}

static bool name_set(X509 *certificate, struct bytes common_name)
{
        X509_NAME *name = X509_get_subject_name(certificate);
        return X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, common_name.at,
                                          (int)common_name.n, -1, 0) == 1 &&
               X509_set_issuer_name(certificate, name) == 1;
}

static bool no_authority_set(X509 *certificate)
{
        BASIC_CONSTRAINTS *constraints = BASIC_CONSTRAINTS_new();
        if (constraints == NULL)
                return false;
        constraints->ca = 0;
        bool good =
            X509_add1_ext_i2d(certificate, NID_basic_constraints, constraints, 1, X509V3_ADD_DEFAULT) == 1;
        BASIC_CONSTRAINTS_free(constraints);
        return good;
}

/* What a BIO holds, which stays the BIO's. */
static struct bytes held(BIO *bio)
{
        char *at = NULL;
        long n = BIO_get_mem_data(bio, &at);
        return bytes_of(at, n > 0 ? (size_t)n : 0);
}

static enum err certificate_write(X509 *certificate, struct buf *out)
{
        BIO *bio = BIO_new(BIO_s_mem());
        enum err e = ERR_CRYPTO;
        if (bio != NULL && PEM_write_bio_X509(bio, certificate) == 1) {
                buf_put(out, held(bio));
                e = buf_check(out);
        }
        BIO_free(bio);
        return e;
}

static enum err key_write(EVP_PKEY *key, struct secret *out)
{
        BIO *bio = BIO_new(BIO_s_secmem()); /* zeroed when freed */
        enum err e = ERR_CRYPTO;
        if (bio != NULL && PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1)
                e = secret_of(held(bio), out);
        BIO_free(bio);
        return e;
}

enum err certificate_make(const char *common_name, int64_t now_us, unsigned days,
                          struct buf *out_certificate_pem, struct secret *out_key_pem)
{
        struct bytes name = bytes_text(common_name);
        struct secret key_pem = {0};
        if (name.n > COMMON_NAME_MAX)
                return ERR_TOO_LONG;
        if (name.n == 0 || now_us < MOMENT_DAY_US || now_us / MOMENT_DAY_US + (int64_t)days > LAST_DAY)
                return ERR_FORM;
        if (!bytes_utf8_valid(name))
                return ERR_UTF8;
        EVP_PKEY *key = EVP_EC_gen("P-256");
        X509 *certificate = X509_new();
        enum err e = ERR_CRYPTO;
        if (key == NULL || certificate == NULL || X509_set_version(certificate, X509_VERSION_3) != 1 ||
            !serial_set(certificate) || !times_set(certificate, now_us, days) ||
            !name_set(certificate, name) || X509_set_pubkey(certificate, key) != 1 ||
            !no_authority_set(certificate) || X509_sign(certificate, key, EVP_sha256()) == 0)
                goto done;
        if ((e = key_write(key, &key_pem)) || (e = certificate_write(certificate, out_certificate_pem)))
                goto done;
        *out_key_pem = key_pem;
        key_pem = (struct secret){0}; /* given away */
done:
        secret_free(&key_pem);
        X509_free(certificate);
        EVP_PKEY_free(key);
        return e ? failed(e) : OK;
}

/* Without it OpenSSL would ask at the terminal for the passphrase of a PEM block that says it is encrypted.
 */
static int no_passphrase(char *out, int size, int for_writing, void *self)
{
        (void)out, (void)size, (void)for_writing, (void)self;
        return -1;
}

enum err certificate_key_hash(struct bytes certificate_pem, struct hash *out)
{
        uint8_t *der = NULL;
        X509 *certificate = NULL;
        enum err e = ERR_FORM;
        if (certificate_pem.n == 0 || certificate_pem.n > INT_MAX)
                return ERR_FORM;
        BIO *bio = BIO_new_mem_buf(certificate_pem.at, (int)certificate_pem.n);
        if (bio == NULL)
                return failed(ERR_NO_MEMORY);
        certificate = PEM_read_bio_X509(bio, NULL, no_passphrase, NULL);
        if (certificate != NULL) {
                int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
                e = n > 0 ? spki_hash(bytes_of(der, (size_t)n), out) : ERR_CRYPTO;
        }
        OPENSSL_free(der);
        X509_free(certificate);
        BIO_free(bio);
        return e ? failed(e) : OK;
}

enum err spki_hash(struct bytes spki_der, struct hash *out)
{
        return spki_der.n == 0 ? ERR_FORM : hash_of(spki_der, out);
}
