#include "ledger/crypto/seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "ledger/base/b64.h"
#include "ledger/crypto/random.h"

static const uint8_t key_bytes[SEAL_KEY_LEN] = {1, 2, 3, 4, 5, 6, 7, 8}, other_key_bytes[SEAL_KEY_LEN] = {9};

static struct bytes key(void)
{
        return bytes_of(key_bytes, SEAL_KEY_LEN);
}

static struct bytes other_key(void)
{
        return bytes_of(other_key_bytes, SEAL_KEY_LEN);
}

static int setup(void **state)
{
        (void)state;
        return crypto_setup() ? -1 : 0;
}

static void hex(const char *text, uint8_t *out, size_t n)
{
        assert_int_equal(hex_decode_exact(bytes_text(text), out, n), OK);
}

/* draft-irtf-cfrg-xchacha-03, appendix A.3.1. */
static void test_vector(void **state)
{
        (void)state;
        static const char plain[] = "Ladies and Gentlemen of the class of '99: If I could offer you only one "
                                    "tip for the future, sunscreen "
                                    "would be it.";
        static const char nonce_and_sealed[] =
            "404142434445464748494a4b4c4d4e4f5051525354555657"
            "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39"
            "ae64c6708c54c216cb96b72e1213b452"
            "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13"
            "b52ec0875924c1c7987947deafd8780a"
            "cf49";
        uint8_t k[SEAL_KEY_LEN], context[12], sealed[SEAL_OVERHEAD + sizeof plain - 1];
        struct buf b;
        hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f", k, sizeof k);
        hex("50515253c0c1c2c3c4c5c6c7", context, sizeof context);
        hex(nonce_and_sealed, sealed, sizeof sealed);
        buf_init(&b, 200);
        assert_int_equal(
            seal_open(bytes_of(k, sizeof k), bytes_of(context, 12), bytes_of(sealed, sizeof sealed), &b), OK);
        assert_string_equal(buf_text(&b), plain);
        buf_clear(&b);
}

static void test_put_and_open(void **state)
{
        (void)state;
        uint8_t plain[100];
        struct buf sealed, again, opened;
        buf_init(&sealed, 1000);
        buf_init(&again, 1000);
        buf_init(&opened, 1000);
        for (size_t n = 0; n <= sizeof plain; n++) {
                memset(plain, (int)n, sizeof plain);
                buf_reset(&sealed);
                buf_reset(&again);
                buf_reset(&opened);
                buf_put_text(&sealed, "<");
                buf_put_text(&opened, ">");
                assert_int_equal(seal_put(key(), bytes_text("seq"), bytes_of(plain, n), &sealed), OK);
                assert_int_equal(sealed.n, 1 + n + SEAL_OVERHEAD);
                assert_int_equal(seal_put(key(), bytes_text("seq"), bytes_of(plain, n), &again), OK);
                assert_memory_not_equal(sealed.at + 1, again.at, SEAL_NONCE_LEN);
                assert_int_equal(seal_open(key(), bytes_text("seq"), buf_since(&sealed, 1), &opened), OK);
                assert_int_equal(opened.n, 1 + n);
                assert_memory_equal(opened.at + 1, plain, n);
        }
        buf_clear(&sealed);
        buf_clear(&again);
        buf_clear(&opened);
}

typedef enum err open_function(struct bytes sealed, struct buf *out);

static enum err open_plainly(struct bytes sealed, struct buf *out)
{
        return seal_open(key(), bytes_text("seq 42"), sealed, out);
}

static enum err open_numbered(struct bytes sealed, struct buf *out)
{
        return seal_open_numbered(key(), 7, bytes_text("seq 42"), sealed, out);
}

static enum err open_as_member(struct bytes sealed, struct buf *out)
{
        return seal_open_as_member(key(), sealed, out);
}

/* Every prefix, one byte more and every flipped bit are refused, and leave nothing behind. */
static void only_whole(struct buf *sealed, open_function *open, const char *plain)
{
        struct buf out;
        buf_init(&out, 1000);
        buf_put_text(&out, "<");
        for (size_t n = 0; n < sealed->n; n++) {
                uint8_t *cut = malloc(n + 1);
                assert_non_null(cut);
                memcpy(cut, sealed->at, n);
                assert_int_equal(open(bytes_of(cut, n), &out), ERR_SEALED);
                free(cut);
        }
        for (size_t i = 0; i < 8 * sealed->n; i++) {
                sealed->at[i / 8] ^= (uint8_t)(1U << i % 8);
                assert_int_equal(open(buf_bytes(sealed), &out), ERR_SEALED);
                sealed->at[i / 8] ^= (uint8_t)(1U << i % 8);
        }
        buf_put_u8(sealed, 0);
        assert_int_equal(open(buf_bytes(sealed), &out), ERR_SEALED);
        sealed->n--;
        assert_true(bytes_is(buf_bytes(&out), "<"));
        assert_int_equal(open(buf_bytes(sealed), &out), OK);
        assert_true(bytes_is(buf_since(&out, 1), plain));
        buf_clear(&out);
}

static void test_nothing_may_be_changed(void **state)
{
        (void)state;
        struct public_key to;
        struct signing_key *k = NULL;
        struct buf b;
        buf_init(&b, 1000);
        assert_int_equal(seal_put(key(), bytes_text("seq 42"), bytes_text("plain text"), &b), OK);
        only_whole(&b, open_plainly, "plain text");
        buf_reset(&b);
        assert_int_equal(seal_put_numbered(key(), 7, bytes_text("seq 42"), bytes_text("plain text"), &b), OK);
        only_whole(&b, open_numbered, "plain text");
        buf_reset(&b);
        assert_int_equal(signing_key_new(key(), &k), OK);
        to = signing_key_signer(k).key;
        signing_key_free(k);
        assert_int_equal(seal_to_member(&to, bytes_text("plain"), &b), OK);
        only_whole(&b, open_as_member, "plain");
        buf_clear(&b);
}

static void test_other_key_or_context(void **state)
{
        (void)state;
        struct buf sealed, out;
        buf_init(&sealed, 200);
        buf_init(&out, 200);
        assert_int_equal(seal_put(key(), bytes_text("seq 42"), bytes_text("plain"), &sealed), OK);
        assert_int_equal(seal_open(other_key(), bytes_text("seq 42"), buf_bytes(&sealed), &out), ERR_SEALED);
        assert_int_equal(seal_open(key(), bytes_text("seq 43"), buf_bytes(&sealed), &out), ERR_SEALED);
        assert_int_equal(seal_open(key(), (struct bytes){0}, buf_bytes(&sealed), &out), ERR_SEALED);
        buf_reset(&sealed);
        assert_int_equal(seal_put_numbered(key(), 1, bytes_text("c"), bytes_text("plain"), &sealed), OK);
        assert_int_equal(seal_open_numbered(other_key(), 1, bytes_text("c"), buf_bytes(&sealed), &out),
                         ERR_SEALED);
        assert_int_equal(seal_open_numbered(key(), 2, bytes_text("c"), buf_bytes(&sealed), &out), ERR_SEALED);
        assert_int_equal(
            seal_open_numbered(key(), UINT64_C(1) << 56, bytes_text("c"), buf_bytes(&sealed), &out),
            ERR_SEALED);
        assert_int_equal(seal_open_numbered(key(), 1, bytes_text("d"), buf_bytes(&sealed), &out), ERR_SEALED);
        assert_int_equal(out.n, 0);
        buf_clear(&sealed);
        buf_clear(&out);
}

/* The nonce of a number is 16 zero bytes and 8 of the number, big-endian: seal_open reads it so. */
static void test_numbered_nonce(void **state)
{
        (void)state;
        static const uint64_t number[] = {0, 1, 255, 256, UINT64_C(0x0102030405060708), UINT64_MAX};
        struct buf b, out;
        buf_init(&b, 200);
        buf_init(&out, 200);
        for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) {
                buf_reset(&b);
                buf_reset(&out);
                buf_put_u64(&b, 0);
                buf_put_u64(&b, 0);
                buf_put_u64(&b, number[i]);
                assert_int_equal(seal_put_numbered(key(), number[i], bytes_text("c"), bytes_text("part"), &b),
                                 OK);
                assert_int_equal(b.n, 4 + SEAL_OVERHEAD);
                assert_int_equal(seal_open(key(), bytes_text("c"), buf_bytes(&b), &out), OK);
                assert_true(bytes_is(buf_bytes(&out), "part"));
        }
        buf_clear(&b);
        buf_clear(&out);
}

static void test_wrong_use(void **state)
{
        (void)state;
        struct buf b;
        struct secret s = {0};
        uint8_t tag[33];
        buf_init(&b, 20);
        assert_int_equal(seal_put(bytes_of(key_bytes, 31), bytes_text(""), bytes_text("p"), &b), ERR_BUG);
        assert_int_equal(seal_open(bytes_of(key_bytes, 31), bytes_text(""), bytes_text("p"), &b), ERR_BUG);
        assert_int_equal(seal_put_numbered(bytes_of(key_bytes, 31), 1, bytes_text(""), bytes_text("p"), &b),
                         ERR_BUG);
        assert_int_equal(seal_open_numbered(bytes_of(key_bytes, 31), 1, bytes_text(""), bytes_text("p"), &b),
                         ERR_BUG);
        assert_int_equal(seal_open_as_member(bytes_of(key_bytes, 31), bytes_text("p"), &b), ERR_BUG);
        assert_int_equal(seal_subkey(bytes_of(key_bytes, 15), "p", &s), ERR_BUG);
        assert_int_equal(seal_tag(bytes_of(key_bytes, 15), 0, NULL, tag, 16), ERR_BUG);
        assert_int_equal(seal_tag(key(), 0, NULL, tag, 33), ERR_BUG);
        assert_null(s.at);
        assert_int_equal(seal_put(key(), bytes_text(""), bytes_text("p"), &b), ERR_TOO_LONG);
        assert_int_equal(b.n, 0);
        buf_clear(&b);
}

/* OpenSSL's own keyed BLAKE2b, of 32 bytes. */
static void blake2b(struct bytes mac_key, struct bytes text, uint8_t out[static 32])
{
        size_t want = 32, n = 0;
        OSSL_PARAM parameter[] = {OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &want),
                                  OSSL_PARAM_construct_end()};
        EVP_MAC *mac = EVP_MAC_fetch(NULL, "BLAKE2BMAC", NULL);
        EVP_MAC_CTX *context = EVP_MAC_CTX_new(mac);
        assert_int_equal(EVP_MAC_init(context, mac_key.at, mac_key.n, parameter), 1);
        assert_int_equal(EVP_MAC_update(context, text.at, text.n), 1);
        assert_int_equal(EVP_MAC_final(context, out, &n, 32), 1);
        assert_int_equal(n, 32);
        EVP_MAC_CTX_free(context);
        EVP_MAC_free(mac);
}

static void test_subkey_and_tag(void **state)
{
        (void)state;
        struct secret wrap = {0}, again = {0}, residue = {0};
        uint8_t want[32], tag[32];
        const struct bytes part[] = {bytes_text("subject:"), bytes_text(""), bytes_text("x:somebody")};
        assert_int_equal(seal_subkey(key(), "wrap", &wrap), OK);
        assert_int_equal(seal_subkey(key(), "wrap", &again), OK);
        assert_int_equal(seal_subkey(key(), "residue", &residue), OK);
        assert_int_equal(wrap.n, SEAL_KEY_LEN);
        blake2b(key(), bytes_text("wrap"), want);
        assert_memory_equal(wrap.at, want, 32);
        assert_true(secret_equal(secret_bytes(&wrap), secret_bytes(&again)));
        assert_false(secret_equal(secret_bytes(&wrap), secret_bytes(&residue)));
        blake2b(key(), bytes_text("subject:x:somebody"), want);
        for (size_t n = 0; n <= 32; n++) {
                memset(tag, 0, sizeof tag);
                assert_int_equal(seal_tag(key(), 3, part, tag, n), OK);
                assert_memory_equal(tag, want, n);
                for (size_t i = n; i < 32; i++)
                        assert_int_equal(tag[i], 0);
        }
        assert_int_equal(seal_tag(other_key(), 3, part, tag, 32), OK);
        assert_memory_not_equal(tag, want, 32);
        secret_free(&wrap);
        secret_free(&again);
        secret_free(&residue);
}

/* Made with the reference implementation, libargon2: argon2id, version 1.3, one lane, 32 bytes. */
static void test_argon2id(void **state)
{
        (void)state;
        static const struct {
                uint32_t passes, memory_kib;
                const char *key;
        } made[] = {
            {1, 8, "d17ea6341ca93da6079ea2f64dc4aa31dd1aaf9caa67fb42ac4afd0714706f26"},
            {3, 1024, "590d7ddd37a1ed86417a3614be47c9f782828a38902390018d39bb6556fee029"},
        };
        struct pass_params p = {.salt = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}};
        for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
                struct secret s = {0};
                uint8_t want[32];
                hex(made[i].key, want, 32);
                p.passes = made[i].passes;
                p.memory_kib = made[i].memory_kib;
                assert_int_equal(pass_key(bytes_text("correct horse battery staple"), &p, &s), OK);
                assert_int_equal(s.n, SEAL_KEY_LEN);
                assert_memory_equal(s.at, want, 32);
                secret_free(&s);
                assert_int_equal(pass_key(bytes_text("correct horse battery stapl"), &p, &s), OK);
                assert_memory_not_equal(s.at, want, 32);
                secret_free(&s);
                assert_int_equal(pass_key((struct bytes){0}, &p, &s), OK);
                secret_free(&s);
        }
}

static void test_pass_params(void **state)
{
        (void)state;
        static const struct pass_params bad[] = {
            {.passes = 0, .memory_kib = 64},          {.passes = 65, .memory_kib = 64},
            {.passes = UINT32_MAX, .memory_kib = 64}, {.passes = 1, .memory_kib = 7},
            {.passes = 1, .memory_kib = 0},           {.passes = 1, .memory_kib = 1024 * 1024 + 1},
            {.passes = 1, .memory_kib = UINT32_MAX}};
        struct pass_params slow, fast;
        struct secret s = {0};
        pass_params_fresh(&slow, false);
        pass_params_fresh(&fast, true);
        assert_true(slow.passes == 3 && slow.memory_kib == 64 * 1024);
        assert_true(fast.passes == 1 && fast.memory_kib == 8);
        assert_memory_not_equal(slow.salt, fast.salt, PASS_SALT_LEN);
        assert_int_equal(pass_key(bytes_text("p"), &slow, &s), OK);
        secret_free(&s);
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
                assert_int_equal(pass_key(bytes_text("p"), &bad[i], &s), ERR_FORM);
        assert_null(s.at);
}

#define CHUNK    65536 /* bytes, as seal.h says */
#define HEAD_LEN (80 + 24)

static struct public_key member_key(struct bytes seed)
{
        struct signing_key *k = NULL;
        assert_int_equal(signing_key_new(seed, &k), OK);
        struct public_key to = signing_key_signer(k).key;
        signing_key_free(k);
        return to;
}

static void test_to_member(void **state)
{
        (void)state;
        static const size_t length[] = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5};
        static const size_t chunks[] = {1, 1, 1, 1, 2, 2, 4};
        struct public_key to = member_key(key());
        uint8_t *plain = malloc(4 * CHUNK);
        assert_non_null(plain);
        random_fill(plain, 4 * CHUNK);
        for (size_t i = 0; i < sizeof length / sizeof length[0]; i++) {
                struct buf sealed, out;
                buf_init(&sealed, 5 * CHUNK);
                buf_init(&out, 5 * CHUNK);
                assert_int_equal(seal_to_member(&to, bytes_of(plain, length[i]), &sealed), OK);
                assert_int_equal(sealed.n, HEAD_LEN + length[i] + 17 * chunks[i]);
                assert_int_equal(seal_open_as_member(other_key(), buf_bytes(&sealed), &out), ERR_SEALED);
                assert_int_equal(seal_open_as_member(key(), buf_bytes(&sealed), &out), OK);
                assert_int_equal(out.n, length[i]);
                if (length[i] > 0)
                        assert_memory_equal(out.at, plain, length[i]);
                buf_clear(&sealed);
                buf_clear(&out);
        }
        free(plain);
}

/* Chunks left out, exchanged or put twice, each of them whole. */
static void test_to_member_chunks(void **state)
{
        (void)state;
        enum { SEALED = CHUNK + 17 };
        static const struct {
                size_t n, order[4];
        } bad[] = {{0, {0}}, {1, {0}},       {2, {0, 1}},       {2, {0, 2}},
                   {1, {2}}, {3, {1, 0, 2}}, {4, {0, 1, 1, 2}}, {4, {0, 1, 2, 2}}};
        struct public_key to = member_key(key());
        struct buf sealed, bent, out;
        uint8_t *plain = calloc(3, CHUNK);
        assert_non_null(plain);
        buf_init(&sealed, 5 * SEALED);
        buf_init(&bent, 5 * SEALED);
        buf_init(&out, 5 * SEALED);
        assert_int_equal(seal_to_member(&to, bytes_of(plain, 3 * (size_t)CHUNK), &sealed), OK);
        assert_int_equal(sealed.n, HEAD_LEN + 3 * SEALED);
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
                buf_reset(&bent);
                buf_put(&bent, bytes_of(sealed.at, HEAD_LEN));
                for (size_t k = 0; k < bad[i].n; k++)
                        buf_put(&bent, bytes_of(sealed.at + HEAD_LEN + bad[i].order[k] * SEALED, SEALED));
                assert_int_equal(buf_check(&bent), OK);
                assert_int_equal(seal_open_as_member(key(), buf_bytes(&bent), &out), ERR_SEALED);
                assert_int_equal(out.n, 0);
        }
        buf_clear(&sealed);
        buf_clear(&bent);
        buf_clear(&out);
        free(plain);
}

static void test_to_member_limits(void **state)
{
        (void)state;
        struct public_key to = member_key(key()), none = {{1}};
        struct buf sealed, out;
        buf_init(&sealed, HEAD_LEN + 17 + 5);
        buf_init(&out, 4);
        assert_int_equal(seal_to_member(&none, bytes_text("plain"), &sealed), ERR_CRYPTO);
        assert_int_equal(sealed.n, 0);
        assert_int_equal(seal_to_member(&to, bytes_text("plain"), &sealed), OK);
        assert_int_equal(seal_open_as_member(key(), buf_bytes(&sealed), &out), ERR_TOO_LONG);
        assert_int_equal(out.n, 0);
        buf_reset(&sealed);
        assert_int_equal(seal_to_member(&to, bytes_text("plain!"), &sealed), ERR_TOO_LONG);
        assert_int_equal(sealed.n, 0);
        buf_clear(&sealed);
        buf_clear(&out);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_vector),
            cmocka_unit_test(test_put_and_open),
            cmocka_unit_test(test_nothing_may_be_changed),
            cmocka_unit_test(test_other_key_or_context),
            cmocka_unit_test(test_numbered_nonce),
            cmocka_unit_test(test_wrong_use),
            cmocka_unit_test(test_subkey_and_tag),
            cmocka_unit_test(test_argon2id),
            cmocka_unit_test(test_pass_params),
            cmocka_unit_test(test_to_member),
            cmocka_unit_test(test_to_member_chunks),
            cmocka_unit_test(test_to_member_limits),
        };
        return cmocka_run_group_tests(tests, setup, NULL);
}
