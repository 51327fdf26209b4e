#include "ledger/crypto/sign.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "ledger/base/b64.h"
#include "ledger/crypto/random.h"

/* RFC 8032 section 7.1, tests 1 to 3. */
static const struct {
        const char *seed, *key, *message, *sig;
} vector[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f"
     "0595bbe24655141438e7a10"
     "0b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2ea"
     "eb4302aeeb00d291612bb0c"
     "00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e"
     "9716ed28dc027beceea1ec4"
     "0a"},
};

static void hex(const char *text, uint8_t *out, size_t n)
{
        assert_int_equal(hex_decode_exact(bytes_text(text), out, n), OK);
}

static int setup(void **state)
{
        (void)state;
        return crypto_setup() ? -1 : 0;
}

static void test_rfc8032(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof vector / sizeof vector[0]; i++) {
                uint8_t seed[SEED_LEN], message[2];
                struct public_key key;
                struct sig want, sig;
                struct signing_key *k = NULL;
                struct bytes text = bytes_of(message, strlen(vector[i].message) / 2);
                hex(vector[i].seed, seed, SEED_LEN);
                hex(vector[i].key, key.b, KEY_LEN);
                hex(vector[i].message, message, text.n);
                hex(vector[i].sig, want.b, SIG_LEN);
                assert_int_equal(signing_key_new(bytes_of(seed, SEED_LEN), &k), OK);
                memset(seed, 0, sizeof seed); /* it was copied */
                struct signer signer = signing_key_signer(k);
                assert_memory_equal(signer.key.b, key.b, KEY_LEN);
                assert_int_equal(signer.sign(signer.self, text, &sig), OK);
                assert_memory_equal(sig.b, want.b, SIG_LEN);
                assert_int_equal(sign_check(&key, text, &sig), OK);
                signing_key_free(k);
        }
}

static void test_every_bit_flipped(void **state)
{
        (void)state;
        struct public_key key;
        struct sig sig;
        uint8_t message[3];
        hex(vector[2].key, key.b, KEY_LEN);
        hex(vector[2].message, message, 2);
        hex(vector[2].sig, sig.b, SIG_LEN);
        struct bytes text = bytes_of(message, 2);
        for (size_t i = 0; i < 8 * SIG_LEN; i++) {
                sig.b[i / 8] ^= (uint8_t)(1U << i % 8);
                assert_int_equal(sign_check(&key, text, &sig), ERR_SIGNATURE);
                sig.b[i / 8] ^= (uint8_t)(1U << i % 8);
        }
        for (size_t i = 0; i < 8 * KEY_LEN; i++) {
                key.b[i / 8] ^= (uint8_t)(1U << i % 8);
                assert_int_equal(sign_check(&key, text, &sig), ERR_SIGNATURE);
                key.b[i / 8] ^= (uint8_t)(1U << i % 8);
        }
        for (size_t i = 0; i < 16; i++) {
                message[i / 8] ^= (uint8_t)(1U << i % 8);
                assert_int_equal(sign_check(&key, text, &sig), ERR_SIGNATURE);
                message[i / 8] ^= (uint8_t)(1U << i % 8);
        }
        message[2] = 0;
        assert_int_equal(sign_check(&key, bytes_of(message, 3), &sig), ERR_SIGNATURE);
        assert_int_equal(sign_check(&key, bytes_of(message, 1), &sig), ERR_SIGNATURE);
        assert_int_equal(sign_check(&key, (struct bytes){0}, &sig), ERR_SIGNATURE);
        assert_int_equal(sign_check(&key, text, &sig), OK);
}

/* RFC 8032 section 5.1.7: S is below L, so that nobody can make a second signature out of a good one. */
static void test_malleable(void **state)
{
        (void)state;
        uint8_t order[32];
        struct public_key key;
        struct sig sig;
        hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", order, 32);
        hex(vector[0].key, key.b, KEY_LEN);
        hex(vector[0].sig, sig.b, SIG_LEN);
        assert_int_equal(sign_check(&key, (struct bytes){0}, &sig), OK);
        unsigned carry = 0;
        for (size_t i = 0; i < 32; i++) {
                carry += (unsigned)sig.b[32 + i] + order[i];
                sig.b[32 + i] = (uint8_t)(carry & 0xff);
                carry >>= 8;
        }
        assert_int_equal(carry, 0);
        assert_int_equal(sign_check(&key, (struct bytes){0}, &sig), ERR_SIGNATURE);
}

/* With the neutral element as key, R neutral and S zero, the equation holds for every message. */
static void test_key_of_small_order(void **state)
{
        (void)state;
        struct public_key key = {{1}};
        struct sig sig = {{1}};
        assert_int_equal(sign_check(&key, bytes_text("anything"), &sig), ERR_SIGNATURE);
        key.b[0] = 0;
        assert_int_equal(sign_check(&key, bytes_text("anything"), &sig), ERR_SIGNATURE);
}

/* RFC 8037 appendix A: key, thumbprint, and a signature over a JWS. */
static void test_rfc8037(void **state)
{
        (void)state;
        static const char jws[] = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        struct public_key key;
        struct sig sig, want;
        struct hash thumbprint;
        struct signing_key *k = NULL;
        uint8_t seed[SEED_LEN];
        char text[HASH_TEXT_LEN + 1];
        assert_int_equal(
            b64u_decode_exact(bytes_text("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"), seed, SEED_LEN), OK);
        assert_int_equal(
            b64u_decode_exact(bytes_text("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"), key.b, KEY_LEN), OK);
        assert_int_equal(
            b64u_decode_exact(
                bytes_text("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_"
                           "MuM0KAg"),
                want.b, SIG_LEN),
            OK);
        assert_int_equal(key_thumbprint(&key, &thumbprint), OK);
        hash_text(&thumbprint, text);
        assert_string_equal(text, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assert_int_equal(signing_key_new(bytes_of(seed, SEED_LEN), &k), OK);
        struct signer signer = signing_key_signer(k);
        assert_int_equal(signer.sign(signer.self, bytes_text(jws), &sig), OK);
        assert_memory_equal(sig.b, want.b, SIG_LEN);
        signing_key_free(k);
}

static void test_seed_length(void **state)
{
        (void)state;
        uint8_t seed[SEED_LEN + 1] = {0};
        struct signing_key *k = NULL;
        for (size_t n = 0; n < SEED_LEN; n++)
                assert_int_equal(signing_key_new(bytes_of(seed, n), &k), ERR_FORM);
        assert_int_equal(signing_key_new(bytes_of(seed, SEED_LEN + 1), &k), ERR_FORM);
        assert_null(k);
        signing_key_free(NULL);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_rfc8032),   cmocka_unit_test(test_every_bit_flipped),
            cmocka_unit_test(test_malleable), cmocka_unit_test(test_key_of_small_order),
            cmocka_unit_test(test_rfc8037),   cmocka_unit_test(test_seed_length),
        };
        return cmocka_run_group_tests(tests, setup, NULL);
}
