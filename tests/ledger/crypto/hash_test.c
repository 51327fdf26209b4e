#include "ledger/crypto/hash.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "ledger/base/b64.h"

/* FIPS 180-2, appendix B, and the empty message. */
static const struct {
        const char *text, *hex;
} vector[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};
#define MILLION_A "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

static void is_hex(const struct hash *h, const char *hex)
{
        uint8_t want[HASH_LEN];
        assert_int_equal(hex_decode_exact(bytes_text(hex), want, HASH_LEN), OK);
        assert_memory_equal(h->b, want, HASH_LEN);
}

static void test_vectors(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof vector / sizeof vector[0]; i++) {
                struct hash h;
                assert_int_equal(hash_of(bytes_text(vector[i].text), &h), OK);
                is_hex(&h, vector[i].hex);
        }
        struct hash h;
        assert_int_equal(hash_of((struct bytes){0}, &h), OK);
        is_hex(&h, vector[0].hex);
}

/* However the text is cut into parts. */
static void test_parts(void **state)
{
        (void)state;
        struct bytes whole = bytes_text(vector[2].text);
        struct hash h;
        for (size_t i = 0; i <= whole.n; i++)
                for (size_t k = i; k <= whole.n; k++) {
                        const struct bytes part[] = {bytes_of(whole.at, i), bytes_of(whole.at + i, k - i),
                                                     bytes_of(whole.at + k, whole.n - k)};
                        assert_int_equal(hash_of_parts(3, part, &h), OK);
                        is_hex(&h, vector[2].hex);
                }
        assert_int_equal(hash_of_parts(0, NULL, &h), OK);
        is_hex(&h, vector[0].hex);
}

static void test_stream(void **state)
{
        (void)state;
        uint8_t a[1000];
        struct hash h, again;
        struct hash_stream *s = hash_stream_new();
        assert_non_null(s);
        memset(a, 'a', sizeof a);
        for (unsigned i = 0; i < 1000; i++) {
                assert_int_equal(hash_stream_put(s, bytes_of(a, sizeof a)), OK);
                assert_int_equal(hash_of(bytes_text("between"), &again), OK); /* has a context of its own */
        }
        assert_int_equal(hash_stream_put(s, (struct bytes){0}), OK);
        assert_int_equal(hash_stream_done(s, &h), OK);
        is_hex(&h, MILLION_A);
        again = h;
        assert_int_equal(hash_stream_done(s, &again), ERR_CRYPTO);
        assert_int_equal(hash_stream_put(s, bytes_of(a, 1)), ERR_CRYPTO);
        assert_true(hash_equal(&again, &h));
        hash_stream_free(s);
        hash_stream_free(NULL);
}

static void *hash_many(void *out)
{
        struct hash *h = out;
        for (unsigned i = 0; i < 2000; i++)
                if (hash_of(hash_bytes(h), h))
                        return NULL;
        return out;
}

/* Several threads at once, each of which starts and ends with its own context, give what one gives. */
static void test_threads(void **state)
{
        (void)state;
        enum { THREADS = 8 };
        pthread_t thread[THREADS];
        struct hash want = {{1}}, h[THREADS];
        assert_non_null(hash_many(&want));
        for (size_t i = 0; i < THREADS; i++) {
                h[i] = (struct hash){{1}};
                assert_int_equal(pthread_create(&thread[i], NULL, hash_many, &h[i]), 0);
        }
        for (size_t i = 0; i < THREADS; i++) {
                void *result = NULL;
                assert_int_equal(pthread_join(thread[i], &result), 0);
                assert_ptr_equal(result, &h[i]);
                assert_true(hash_equal(&h[i], &want));
        }
}

static void test_equal_and_zero(void **state)
{
        (void)state;
        struct hash a = {{0}}, b = {{0}};
        assert_true(hash_equal(&a, &b) && hash_is_zero(&a));
        for (size_t i = 0; i < 8 * HASH_LEN; i++) {
                b.b[i / 8] = (uint8_t)(1U << i % 8);
                assert_false(hash_equal(&a, &b) || hash_is_zero(&b));
                b.b[i / 8] = 0;
        }
}

static void test_text(void **state)
{
        (void)state;
        static const char want[] = "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0";
        char text[HASH_TEXT_LEN + 1], bent[HASH_TEXT_LEN + 2] = "";
        struct hash h, again;
        struct buf b;
        assert_int_equal(hash_of(bytes_text("abc"), &h), OK);
        hash_text(&h, text);
        assert_string_equal(text, want);
        buf_init(&b, 100);
        hash_put(&b, &h);
        assert_string_equal(buf_text(&b), want);
        buf_clear(&b);
        assert_int_equal(hash_of_text(bytes_text(want), &again), OK);
        assert_true(hash_equal(&again, &h));
        for (size_t n = 0; n < HASH_TEXT_LEN; n++)
                assert_int_equal(hash_of_text(bytes_of(want, n), &again), ERR_BASE64);
        memcpy(bent, want, HASH_TEXT_LEN);
        bent[HASH_TEXT_LEN] = 'A';
        assert_int_equal(hash_of_text(bytes_of(bent, HASH_TEXT_LEN + 1), &again), ERR_BASE64);
        assert_true(hash_equal(&again, &h));
        for (size_t i = 0; i < 8 * (size_t)HASH_TEXT_LEN; i++) { /* refused, or another hash */
                bent[i / 8] = (char)(bent[i / 8] ^ (1 << i % 8));
                if (!hash_of_text(bytes_of(bent, HASH_TEXT_LEN), &again))
                        assert_false(hash_equal(&again, &h));
                bent[i / 8] = (char)(bent[i / 8] ^ (1 << i % 8));
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_vectors),        cmocka_unit_test(test_parts),
            cmocka_unit_test(test_stream),         cmocka_unit_test(test_threads),
            cmocka_unit_test(test_equal_and_zero), cmocka_unit_test(test_text),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
