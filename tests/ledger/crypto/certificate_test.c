#include "ledger/crypto/certificate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ui.h>
#include <openssl/x509v3.h>

#include "ledger/base/moment.h"
#include "ledger/crypto/random.h"

#define NOW_US    INT64_C(1795452981123456) /* 2026-11-23T16:56:21.123456Z */
#define DAYS      30U
#define LAST_DAYS (2932896U - 20780U) /* to 9999-12-31 */

static struct buf pem;
static struct secret key_pem;
static X509 *certificate;
static EVP_PKEY *private_key;

static int setup(void **state)
{
        (void)state;
        buf_init(&pem, 8192);
        if (crypto_setup() || certificate_make("ledger.example", NOW_US, DAYS, &pem, &key_pem))
                return -1;
        BIO *bio = BIO_new_mem_buf(pem.at, (int)pem.n);
        certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
        BIO_free(bio);
        bio = BIO_new_mem_buf(key_pem.at, (int)key_pem.n);
        private_key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
        BIO_free(bio);
        return certificate == NULL || private_key == NULL ? -1 : 0;
}

static int teardown(void **state)
{
        (void)state;
        buf_clear(&pem);
        secret_free(&key_pem);
        X509_free(certificate);
        EVP_PKEY_free(private_key);
        return 0;
}

static void test_names_and_version(void **state)
{
        (void)state;
        char text[100] = "";
        X509_NAME *subject = X509_get_subject_name(certificate);
        assert_int_equal(X509_get_version(certificate), X509_VERSION_3);
        assert_int_equal(X509_NAME_entry_count(subject), 1);
        assert_int_equal(X509_NAME_get_text_by_NID(subject, NID_commonName, text, sizeof text), 14);
        assert_string_equal(text, "ledger.example");
        assert_int_equal(X509_NAME_cmp(subject, X509_get_issuer_name(certificate)), 0);
}

static void test_key_and_signature(void **state)
{
        (void)state;
        char curve[40] = "";
        assert_int_equal(EVP_PKEY_get_group_name(private_key, curve, sizeof curve, NULL), 1);
        assert_string_equal(curve, "prime256v1");
        assert_int_equal(X509_check_private_key(certificate, private_key), 1);
        assert_int_equal(X509_verify(certificate, private_key), 1);
        assert_int_equal(X509_get_signature_nid(certificate), NID_ecdsa_with_SHA256);
        assert_memory_equal(key_pem.at, "-----BEGIN PRIVATE KEY-----\n", 28); /* PKCS#8, not encrypted */
}

static void test_times(void **state)
{
        (void)state;
        time_t from = (time_t)((NOW_US - MOMENT_DAY_US) / MOMENT_SECOND_US);
        time_t to = (time_t)((NOW_US + DAYS * MOMENT_DAY_US) / MOMENT_SECOND_US);
        assert_int_equal(ASN1_TIME_cmp_time_t(X509_get0_notBefore(certificate), from), 0);
        assert_int_equal(ASN1_TIME_cmp_time_t(X509_get0_notAfter(certificate), to), 0);
}

static void test_extensions(void **state)
{
        (void)state;
        int critical = -1;
        assert_int_equal(X509_get_ext_count(certificate), 1);
        BASIC_CONSTRAINTS *constraints =
            X509_get_ext_d2i(certificate, NID_basic_constraints, &critical, NULL);
        assert_non_null(constraints);
        assert_int_equal(constraints->ca, 0);
        assert_int_equal(critical, 1);
        BASIC_CONSTRAINTS_free(constraints);
        assert_int_equal(X509_check_ca(certificate), 0);
}

static void test_serial_and_key_are_fresh(void **state)
{
        (void)state;
        struct buf other;
        struct secret other_key = {0};
        struct hash a, b;
        buf_init(&other, 8192);
        assert_int_equal(certificate_make("ledger.example", NOW_US, DAYS, &other, &other_key), OK);
        assert_false(secret_equal(secret_bytes(&key_pem), secret_bytes(&other_key)));
        assert_int_equal(certificate_key_hash(buf_bytes(&pem), &a), OK);
        assert_int_equal(certificate_key_hash(buf_bytes(&other), &b), OK);
        assert_false(hash_equal(&a, &b));
        BIO *bio = BIO_new_mem_buf(other.at, (int)other.n);
        X509 *again = PEM_read_bio_X509(bio, NULL, NULL, NULL);
        assert_non_null(again);
        assert_int_equal(ASN1_STRING_length(X509_get_serialNumber(certificate)), 16);
        assert_int_equal(ASN1_STRING_type(X509_get_serialNumber(certificate)), V_ASN1_INTEGER);
        assert_int_not_equal(
            ASN1_INTEGER_cmp(X509_get_serialNumber(certificate), X509_get_serialNumber(again)), 0);
        X509_free(again);
        BIO_free(bio);
        secret_free(&other_key);
        buf_clear(&other);
}

static void test_key_hash(void **state)
{
        (void)state;
        uint8_t *der = NULL;
        struct hash a, b, c;
        int n = i2d_PUBKEY(private_key, &der);
        assert_true(n > 0);
        assert_int_equal(hash_of(bytes_of(der, (size_t)n), &a), OK);
        assert_int_equal(spki_hash(bytes_of(der, (size_t)n), &b), OK);
        OPENSSL_free(der);
        assert_int_equal(certificate_key_hash(buf_bytes(&pem), &c), OK);
        assert_true(hash_equal(&a, &b) && hash_equal(&a, &c));
        assert_int_equal(spki_hash((struct bytes){0}, &b), ERR_FORM);
}

/* A cut certificate is refused, a bent one refused or another; what is behind the first is not looked at. */
static void test_prefixes_and_flips(void **state)
{
        (void)state;
        struct hash h, want;
        struct buf bent;
        unsigned refused = 0, same = 0;
        assert_int_equal(certificate_key_hash(buf_bytes(&pem), &want), OK);
        for (size_t n = 0; n + 1 < pem.n; n++) { /* the last byte is a line feed, which may be missing */
                uint8_t *cut = malloc(n + 1);
                assert_non_null(cut);
                memcpy(cut, pem.at, n);
                assert_int_equal(certificate_key_hash(bytes_of(cut, n), &h), ERR_FORM);
                assert_int_equal(ERR_peek_error(), 0);
                free(cut);
        }
        buf_init(&bent, 8192);
        buf_put(&bent, buf_bytes(&pem));
        for (size_t i = 0; i < 8 * bent.n; i++) {
                bent.at[i / 8] ^= (uint8_t)(1U << i % 8);
                enum err e = certificate_key_hash(buf_bytes(&bent), &h);
                assert_true(e == OK || e == ERR_FORM);
                assert_int_equal(ERR_peek_error(), 0);
                refused += e == ERR_FORM;
                same += e == OK && hash_equal(&h, &want);
                bent.at[i / 8] ^= (uint8_t)(1U << i % 8);
        }
        assert_true(refused > 1000 && same < 8 * bent.n - refused);
        buf_put_text(&bent, "more");
        assert_int_equal(certificate_key_hash(buf_bytes(&bent), &h), OK);
        assert_true(hash_equal(&h, &want));
        buf_clear(&bent);
}

static unsigned questions;

static int question_count(UI *ui)
{
        (void)ui;
        questions++;
        return 0;
}

static void test_not_a_certificate(void **state)
{
        (void)state;
        static const char encrypted[] =
            "-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,"
            "00112233445566778899AABBCCDDEEFF\n\nAAAAAAAAAAAAAAAAAAAAAA==\n-----END CERTIFICATE-----\n";
        struct hash h = {{7}};
        UI_METHOD *terminal = UI_create_method("counts");
        assert_non_null(terminal);
        assert_int_equal(UI_method_set_opener(terminal, question_count), 0);
        UI_set_default_method(terminal);
        assert_int_equal(certificate_key_hash(secret_bytes(&key_pem), &h), ERR_FORM);
        assert_int_equal(certificate_key_hash(bytes_text("x"), &h), ERR_FORM);
        assert_int_equal(certificate_key_hash((struct bytes){0}, &h), ERR_FORM);
        assert_int_equal(certificate_key_hash(bytes_text(encrypted), &h), ERR_FORM);
        UI_set_default_method(UI_OpenSSL());
        UI_destroy_method(terminal);
        assert_int_equal(questions, 0); /* nobody is asked for a passphrase */
        assert_int_equal(h.b[0], 7);
        assert_int_equal(ERR_peek_error(), 0);
}

static void test_refused(void **state)
{
        (void)state;
        static const char name_64[] = "0123456789012345678901234567890123456789012345678901234567890123";
        static const char name_65[] = "01234567890123456789012345678901234567890123456789012345678901234";
        struct buf out, small;
        struct secret key = {0};
        buf_init(&out, 8192);
        buf_init(&small, 100);
        assert_int_equal(certificate_make(name_65, NOW_US, DAYS, &out, &key), ERR_TOO_LONG);
        assert_int_equal(certificate_make("", NOW_US, DAYS, &out, &key), ERR_FORM);
        assert_int_equal(certificate_make("\xff", NOW_US, DAYS, &out, &key), ERR_UTF8);
        assert_int_equal(certificate_make("a", 0, DAYS, &out, &key), ERR_FORM);
        assert_int_equal(certificate_make("a", NOW_US, UINT32_MAX, &out, &key), ERR_FORM);
        assert_int_equal(certificate_make("a", NOW_US, DAYS, &small, &key), ERR_TOO_LONG);
        assert_true(key.at == NULL && out.n == 0 && small.n == 0);
        assert_int_equal(ERR_peek_error(), 0);
        assert_int_equal(certificate_make(name_64, NOW_US, LAST_DAYS + 1, &out, &key), ERR_FORM);
        assert_int_equal(certificate_make(name_64, NOW_US, LAST_DAYS, &out, &key), OK);
        secret_free(&key);
        buf_clear(&out);
        buf_clear(&small);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_names_and_version),
            cmocka_unit_test(test_key_and_signature),
            cmocka_unit_test(test_times),
            cmocka_unit_test(test_extensions),
            cmocka_unit_test(test_serial_and_key_are_fresh),
            cmocka_unit_test(test_key_hash),
            cmocka_unit_test(test_prefixes_and_flips),
            cmocka_unit_test(test_not_a_certificate),
            cmocka_unit_test(test_refused),
        };
        return cmocka_run_group_tests(tests, setup, teardown);
}
