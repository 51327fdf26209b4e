#include "ledger/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct bytes text(const char *t)
{
        return bytes_text(t);
}

static void test_equal_and_order(void **state)
{
        (void)state;
        struct bytes none = {0};
        assert_true(bytes_equal(none, text("")));
        assert_true(bytes_equal(text("ab"), text("ab")));
        assert_false(bytes_equal(text("ab"), text("ac")));
        assert_false(bytes_equal(text("ab"), text("abc")));
        assert_true(bytes_is(text("ab"), "ab"));
        assert_false(bytes_is(bytes_of("ab", 3), "ab"));
        assert_true(bytes_order(text("ab"), text("ab")) == 0);
        assert_true(bytes_order(text("ab"), text("abc")) < 0);
        assert_true(bytes_order(text("b"), text("abc")) > 0);
        assert_true(bytes_order(text("\xff"), text("a")) > 0);
        assert_true(bytes_order(none, text("a")) < 0);
        assert_true(bytes_order(none, none) == 0);
}

static void test_take(void **state)
{
        (void)state;
        struct bytes in = text("abcd"), out = {0};
        uint8_t copy[2];
        assert_int_equal(bytes_take(&in, 5, &out), ERR_FORM);
        assert_null(out.at);
        assert_int_equal(bytes_take(&in, 1, &out), OK);
        assert_true(bytes_is(out, "a") && bytes_is(in, "bcd"));
        assert_int_equal(bytes_take_copy(&in, 2, copy), OK);
        assert_memory_equal(copy, "bc", 2);
        assert_int_equal(bytes_take_copy(&in, 2, copy), ERR_FORM);
        assert_true(bytes_is(in, "d"));
        assert_int_equal(bytes_at_end(in), ERR_FORM);
        assert_int_equal(bytes_take(&in, 1, &out), OK);
        assert_int_equal(bytes_at_end(in), OK);
        struct bytes none = {0};
        assert_int_equal(bytes_take(&none, 0, &out), OK);
        assert_int_equal(out.n, 0);
        assert_int_equal(bytes_take(&none, SIZE_MAX, &out), ERR_FORM);
}

static void test_numbers(void **state)
{
        (void)state;
        static const uint8_t at[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,
                                     0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0xfe, 0xff};
        struct bytes in = bytes_of(at, sizeof at);
        uint8_t u8;
        uint16_t u16;
        uint32_t u32;
        uint64_t u64;
        assert_int_equal(bytes_take_u8(&in, &u8), OK);
        assert_int_equal(u8, 0x01);
        assert_int_equal(bytes_take_u16(&in, &u16), OK);
        assert_int_equal(u16, 0x0203);
        assert_int_equal(bytes_take_u32(&in, &u32), OK);
        assert_int_equal(u32, 0x04050607);
        assert_int_equal(bytes_take_u64(&in, &u64), OK);
        assert_true(u64 == UINT64_C(0x08090a0b0c0dfeff));
        assert_int_equal(bytes_at_end(in), OK);
}

/* One byte less than each number needs: refused, nothing written, nothing taken. */
static void test_numbers_cut_short(void **state)
{
        (void)state;
        static const uint8_t at[8] = {1, 1, 1, 1, 1, 1, 1, 1};
        uint8_t u8 = 7;
        uint16_t u16 = 7;
        uint32_t u32 = 7;
        uint64_t u64 = 7;
        for (size_t n = 0; n < 8; n++) {
                struct bytes in = bytes_of(at, n);
                if (n < 1)
                        assert_int_equal(bytes_take_u8(&in, &u8), ERR_FORM);
                if (n < 2)
                        assert_int_equal(bytes_take_u16(&in, &u16), ERR_FORM);
                if (n < 4)
                        assert_int_equal(bytes_take_u32(&in, &u32), ERR_FORM);
                assert_int_equal(bytes_take_u64(&in, &u64), ERR_FORM);
                assert_true(in.at == at && in.n == n);
        }
        assert_true(u8 == 7 && u16 == 7 && u32 == 7 && u64 == 7);
}

static void test_take_text(void **state)
{
        (void)state;
        struct bytes in = text("enquiry-x");
        for (size_t n = 0; n < 8; n++) {
                struct bytes cut = bytes_of(in.at, n);
                assert_int_equal(bytes_take_text(&cut, "enquiry-"), ERR_FORM);
                assert_int_equal(cut.n, n);
        }
        assert_int_equal(bytes_take_text(&in, "Enquiry-"), ERR_FORM);
        assert_int_equal(bytes_take_text(&in, ""), OK);
        assert_int_equal(bytes_take_text(&in, "enquiry-"), OK);
        assert_true(bytes_is(in, "x"));
        struct bytes none = {0};
        assert_int_equal(bytes_take_text(&none, ""), OK);
        assert_int_equal(bytes_take_text(&none, "x"), ERR_FORM);
}

static void test_take_until(void **state)
{
        (void)state;
        struct bytes in = text("ab~~c"), out = {0};
        assert_int_equal(bytes_take_until(&in, '~', &out), OK);
        assert_true(bytes_is(out, "ab") && bytes_is(in, "~c"));
        assert_int_equal(bytes_take_until(&in, '~', &out), OK);
        assert_true(out.n == 0 && bytes_is(in, "c"));
        assert_int_equal(bytes_take_until(&in, '~', &out), ERR_FORM);
        assert_true(out.n == 0 && bytes_is(in, "c"));
        struct bytes none = {0};
        assert_int_equal(bytes_take_until(&none, '~', &out), ERR_FORM);
}

static void test_decimal(void **state)
{
        (void)state;
        static const struct {
                const char *in;
                uint64_t v;
                const char *rest;
        } good[] = {
            {"0", 0, ""},     {"0x", 0, "x"},   {"7", 7, ""},
            {"10,", 10, ","}, {"42-", 42, "-"}, {"18446744073709551615", UINT64_MAX, ""},
        };
        for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
                struct bytes in = text(good[i].in);
                uint64_t v = 1;
                assert_int_equal(bytes_take_decimal(&in, &v), OK);
                assert_true(v == good[i].v && bytes_is(in, good[i].rest));
        }
        static const char *const bad[] = {"",
                                          "-1",
                                          "+1",
                                          " 1",
                                          "00",
                                          "01",
                                          "x",
                                          "18446744073709551616",
                                          "99999999999999999999",
                                          "184467440737095516150"};
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
                struct bytes in = text(bad[i]);
                uint64_t v = 1;
                assert_int_equal(bytes_take_decimal(&in, &v), ERR_FORM);
                assert_true(v == 1 && bytes_is(in, bad[i]));
        }
}

/* What RFC 3629 says, told the other way round: decode with no check at all, encode again, and compare. */
static bool is_character(const uint8_t *at, size_t n)
{
        static const uint8_t lead_mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07},
                             lead_mark[] = {0, 0, 0xc0, 0xe0, 0xf0};
        static const uint32_t least[] = {0, 1, 0x80, 0x800, 0x10000};
        uint32_t v = at[0] & lead_mask[n];
        if ((at[0] & ~lead_mask[n] & 0xff) != lead_mark[n])
                return false;
        for (size_t i = 1; i < n; i++) {
                if (at[i] >> 6 != 2)
                        return false;
                v = v << 6 | (at[i] & 0x3f);
        }
        return v >= least[n] && v <= 0x10ffff && (v < 0xd800 || v > 0xdfff);
}

/* Split into characters in any way. */
static bool is_text(const uint8_t *at, size_t n)
{
        if (n == 0)
                return true;
        for (size_t first = 1; first <= n && first <= 4; first++)
                if (is_character(at, first) && is_text(at + first, n - first))
                        return true;
        return false;
}

static void utf8_agrees(const uint8_t *at, size_t n)
{
        if (bytes_utf8_valid(bytes_of(at, n)) != is_text(at, n))
                fail_msg("%zu bytes from %02x %02x %02x %02x", n, at[0], at[1], at[2], at[3]);
}

static void test_utf8_all_short_texts(void **state)
{
        (void)state;
        static const uint8_t edge[] = {0x00, 0x01, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
        uint8_t at[4] = {0};
        for (unsigned a = 0; a < 256; a++)
                for (unsigned b = 0; b < 256; b++) {
                        at[0] = (uint8_t)a, at[1] = (uint8_t)b;
                        utf8_agrees(at, 1);
                        utf8_agrees(at, 2);
                        for (size_t c = 0; c < sizeof edge; c++) {
                                at[2] = edge[c];
                                utf8_agrees(at, 3);
                                for (size_t d = 0; d < sizeof edge; d++) {
                                        at[3] = edge[d];
                                        utf8_agrees(at, 4);
                                }
                        }
                }
}

/* At every place of a text long enough for any run of eight: a NUL, a stray byte, a whole character, one cut
 * off. */
static void test_utf8_at_every_place(void **state)
{
        (void)state;
        for (size_t n = 4; n <= 40; n++) {
                uint8_t *at = malloc(n); /* its own block, so that a read beyond it is seen */
                assert_non_null(at);
                for (size_t i = 0; i < n; i++) {
                        memset(at, 'a', n);
                        assert_true(bytes_utf8_valid(bytes_of(at, n)));
                        at[i] = 0;
                        assert_false(bytes_utf8_valid(bytes_of(at, n)));
                        at[i] = 0x80;
                        assert_false(bytes_utf8_valid(bytes_of(at, n)));
                        memset(at, 'a', n);
                        memcpy(at + i, "\xf0\x9f\x94\x8d", n - i < 4 ? n - i : 4);
                        assert_int_equal(bytes_utf8_valid(bytes_of(at, n)), i + 4 <= n);
                }
                free(at);
        }
        assert_true(bytes_utf8_valid((struct bytes){0}));
}

static void test_to_text(void **state)
{
        (void)state;
        char out[4] = "???";
        assert_int_equal(bytes_to_text(text("abcd"), out, sizeof out), ERR_TOO_LONG);
        assert_int_equal(bytes_to_text(bytes_of("a\0b", 3), out, sizeof out), ERR_UTF8);
        assert_int_equal(bytes_to_text(text(""), out, 0), ERR_TOO_LONG);
        assert_string_equal(out, "???");
        assert_int_equal(bytes_to_text(text("abc"), out, sizeof out), OK);
        assert_string_equal(out, "abc");
        assert_int_equal(bytes_to_text((struct bytes){0}, out, 1), OK);
        assert_string_equal(out, "");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_equal_and_order),
            cmocka_unit_test(test_take),
            cmocka_unit_test(test_numbers),
            cmocka_unit_test(test_numbers_cut_short),
            cmocka_unit_test(test_take_text),
            cmocka_unit_test(test_take_until),
            cmocka_unit_test(test_decimal),
            cmocka_unit_test(test_utf8_all_short_texts),
            cmocka_unit_test(test_utf8_at_every_place),
            cmocka_unit_test(test_to_text),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
