#include "ledger/base/b64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

typedef void put_function(struct buf *out, struct bytes in);
typedef enum err decode_function(struct bytes text, struct buf *out);
typedef enum err exact_function(struct bytes text, uint8_t *out, size_t n);

static const struct code {
        put_function *put;
        decode_function *decode;
        exact_function *exact;
} url = {b64u_put, b64u_decode, b64u_decode_exact}, padded = {b64_put, b64_decode, b64_decode_exact};

/* RFC 4648 section 10, and letters 62 and 63. */
static const struct {
        const char *plain, *url, *padded;
} vector[] = {
    {"", "", ""},
    {"f", "Zg", "Zg=="},
    {"fo", "Zm8", "Zm8="},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg", "Zm9vYg=="},
    {"fooba", "Zm9vYmE", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
    {"\xfb\xff\xbf", "-_-_", "+/+/"},
};

static void vector_holds(const struct code *code, const char *plain, const char *text)
{
        struct buf b;
        uint8_t exact[16];
        size_t n = strlen(plain);
        buf_init(&b, 100);
        code->put(&b, bytes_text(plain));
        assert_string_equal(buf_text(&b), text);
        buf_reset(&b);
        buf_put_text(&b, "<");
        assert_int_equal(code->decode(bytes_text(text), &b), OK);
        assert_int_equal(b.n, n + 1);
        assert_memory_equal(b.at + 1, plain, n);
        assert_int_equal(code->exact(bytes_text(text), exact, n), OK);
        assert_memory_equal(exact, plain, n);
        assert_int_equal(code->exact(bytes_text(text), exact, n + 1), ERR_BASE64);
        if (n > 0)
                assert_int_equal(code->exact(bytes_text(text), exact, n - 1), ERR_BASE64);
        buf_clear(&b);
}

static void test_vectors(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof vector / sizeof vector[0]; i++) {
                char text[16];
                vector_holds(&url, vector[i].plain, vector[i].url);
                vector_holds(&padded, vector[i].plain, vector[i].padded);
                b64u_text(bytes_text(vector[i].plain), text);
                assert_string_equal(text, vector[i].url);
        }
}

/* One spelling for each value: what decodes is what encoding gives; what does not leaves nothing behind. */
static bool canonical(const struct code *code, struct bytes text)
{
        static const uint8_t untouched[64] = {0};
        struct buf plain, again;
        uint8_t exact[64] = {0};
        buf_init(&plain, 200);
        buf_init(&again, 200);
        buf_put_text(&plain, "kept");
        enum err e = code->decode(text, &plain);
        size_t n = plain.n - 4;
        if (e) {
                assert_int_equal(e, ERR_BASE64);
                assert_int_equal(n, 0);
                assert_int_equal(buf_check(&plain), OK);
                for (size_t k = 0; k < 8; k++)
                        assert_int_equal(code->exact(text, exact, k), ERR_BASE64);
                assert_memory_equal(exact, untouched, sizeof exact);
        } else {
                code->put(&again, buf_since(&plain, 4));
                assert_true(bytes_equal(buf_bytes(&again), text));
                assert_int_equal(code->exact(text, exact, n), OK);
                assert_memory_equal(exact, plain.at + 4, n);
        }
        buf_clear(&plain);
        buf_clear(&again);
        return !e;
}

/* All texts of two bytes, alone and after one or two good letters: 64 * 4 and 64 * 64 * 16 good ones, and so
 * on. */
static void test_one_spelling(void **state)
{
        (void)state;
        static const struct {
                const struct code *code;
                size_t letters;
                unsigned good;
        } run[] = {{&url, 2, 64 * 4},
                   {&url, 3, 64 * 16},
                   {&url, 4, 64 * 64},
                   {&padded, 2, 0},
                   {&padded, 4, 64 * 64 + 16 + 1}};
        for (size_t r = 0; r < sizeof run / sizeof run[0]; r++) {
                unsigned good = 0;
                uint8_t text[4] = "AA";
                for (unsigned v = 0; v < 65536; v++) {
                        text[run[r].letters - 2] = (uint8_t)(v >> 8);
                        text[run[r].letters - 1] = (uint8_t)(v & 0xff);
                        good += canonical(run[r].code, bytes_of(text, run[r].letters));
                }
                assert_int_equal(good, run[r].good);
        }
}

static void bent(const struct code *code, size_t n)
{
        uint8_t plain[40];
        struct buf b;
        for (size_t i = 0; i < n; i++)
                plain[i] = (uint8_t)(i * 37 + 11);
        buf_init(&b, 100);
        code->put(&b, bytes_of(plain, n));
        buf_put_u8(&b, 'A');
        for (size_t k = 0; k < b.n; k++) { /* every prefix, its own block, so that a read beyond it is seen */
                uint8_t *cut = malloc(k + 1);
                assert_non_null(cut);
                memcpy(cut, b.at, k);
                (void)canonical(code, bytes_of(cut, k));
                free(cut);
        }
        (void)canonical(code, buf_bytes(&b)); /* one more */
        b.n--;
        for (size_t i = 0; i < 8 * b.n; i++) {
                b.at[i / 8] ^= (uint8_t)(1U << i % 8);
                (void)canonical(code, buf_bytes(&b));
                b.at[i / 8] ^= (uint8_t)(1U << i % 8);
        }
        assert_true(canonical(code, buf_bytes(&b)));
        buf_clear(&b);
}

static void test_prefixes_and_flips(void **state)
{
        (void)state;
        for (size_t n = 0; n <= 40; n++) {
                bent(&url, n);
                bent(&padded, n);
        }
}

static void test_refused(void **state)
{
        (void)state;
        static const char *const bad_url[] = {
            "A", "AB==", "Zg==", "Zh", "Zm9", "Zm9=", " Zm8", "Zm8 ", "Zm\n8", "+/+/", "====", "="};
        static const char *const bad_padded[] = {
            "Zg",   "Zg=",  "Zm8",  "Zh==", "Zm9=",     "Zg===", "=",        "==",    "====",
            "Z===", "Zg=a", "Z=g=", "-_-_", "Zg==Zg==", "Zm9v=", "Zm9v====", "Zm9v\n"};
        for (size_t i = 0; i < sizeof bad_url / sizeof bad_url[0]; i++)
                assert_false(canonical(&url, bytes_text(bad_url[i])));
        for (size_t i = 0; i < sizeof bad_padded / sizeof bad_padded[0]; i++)
                assert_false(canonical(&padded, bytes_text(bad_padded[i])));
}

static void test_too_long_for_the_buf(void **state)
{
        (void)state;
        struct buf b;
        buf_init(&b, 2);
        assert_int_equal(b64u_decode(bytes_text("Zm9v"), &b), ERR_TOO_LONG);
        assert_int_equal(b.n, 0);
        buf_reset(&b);
        b64_put(&b, bytes_text("f"));
        assert_int_equal(buf_check(&b), ERR_TOO_LONG);
        buf_clear(&b);
}

static void test_hex(void **state)
{
        (void)state;
        static const uint8_t plain[] = {0x00, 0x01, 0x9a, 0xbc, 0xde, 0xff};
        static const char text[] = "00019abcdeff";
        uint8_t out[6] = {0};
        struct buf b;
        buf_init(&b, 100);
        hex_put(&b, bytes_of(plain, sizeof plain));
        assert_string_equal(buf_text(&b), text);
        buf_clear(&b);
        for (size_t n = 0; n < sizeof text - 1; n++)
                assert_int_equal(hex_decode_exact(bytes_of(text, n), out, 6), ERR_FORM);
        assert_int_equal(hex_decode_exact(bytes_of("00019abcdeff0", 13), out, 6), ERR_FORM);
        assert_int_equal(hex_decode_exact(bytes_text("00019abcdefF"), out, 6), ERR_FORM);
        assert_int_equal(hex_decode_exact(bytes_text("00019abcdef "), out, 6), ERR_FORM);
        assert_memory_equal(out, "\0\0\0\0\0\0", 6);
        assert_int_equal(hex_decode_exact(bytes_text(text), out, 6), OK);
        assert_memory_equal(out, plain, 6);
        unsigned good = 0;
        for (unsigned v = 0; v < 65536; v++) {
                const uint8_t two[] = {(uint8_t)(v >> 8), (uint8_t)(v & 0xff)};
                good += !hex_decode_exact(bytes_of(two, 2), out, 1);
        }
        assert_int_equal(good, 256);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_vectors),
            cmocka_unit_test(test_one_spelling),
            cmocka_unit_test(test_prefixes_and_flips),
            cmocka_unit_test(test_refused),
            cmocka_unit_test(test_too_long_for_the_buf),
            cmocka_unit_test(test_hex),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
