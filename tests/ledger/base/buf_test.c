#include "ledger/base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* AddressSanitizer stops at a request that malloc answers with NULL, unless told otherwise. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
        return "allocator_may_return_null=1";
}

static void test_puts_follow_each_other(void **state)
{
        (void)state;
        static const uint8_t want[] = "ab\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"
                                      "18446744073709551615,0,seq 42";
        struct buf b;
        buf_init(&b, 100);
        buf_put(&b, bytes_of("a", 1));
        buf_put(&b, (struct bytes){0});
        buf_put_text(&b, "b");
        buf_put_u8(&b, 0x01);
        buf_put_u16(&b, 0x0203);
        buf_put_u32(&b, 0x04050607);
        buf_put_u64(&b, UINT64_C(0x08090a0b0c0d0e0f));
        size_t from = b.n;
        buf_put_decimal(&b, UINT64_MAX);
        buf_put_text(&b, ",");
        buf_put_decimal(&b, 0);
        buf_put_format(&b, ",%s %d", "seq", 42);
        assert_int_equal(buf_check(&b), OK);
        assert_int_equal(b.n, sizeof want - 1);
        assert_memory_equal(b.at, want, b.n);
        assert_true(bytes_is(buf_since(&b, from), "18446744073709551615,0,seq 42"));
        buf_clear(&b);
        assert_null(b.at);
        assert_int_equal(b.max, 100);
}

/* Every max from 0 to 300: exactly that many bytes go in, and the first that does not spoils the rest. */
static void test_max_is_exact(void **state)
{
        (void)state;
        for (size_t max = 0; max <= 300; max++) {
                struct buf b;
                buf_init(&b, max);
                for (size_t i = 0; i < max; i++)
                        buf_put_u8(&b, (uint8_t)i);
                assert_int_equal(buf_check(&b), OK);
                assert_int_equal(b.n, max);
                assert_true(b.size <= max);
                assert_int_equal(strlen(buf_text(&b)), 0);
                assert_int_equal(buf_check(&b), OK);
                buf_put_u8(&b, 0);
                assert_int_equal(buf_check(&b), ERR_TOO_LONG);
                buf_put(&b, (struct bytes){0});
                assert_null(buf_put_room(&b, 0));
                assert_string_equal(buf_text(&b), "");
                assert_int_equal(b.n, max);
                for (size_t i = 0; i < max; i++)
                        assert_int_equal(b.at[i], (uint8_t)i);
                buf_clear(&b);
        }
}

static void test_failure_is_sticky_until_reset(void **state)
{
        (void)state;
        struct buf b;
        buf_init(&b, 4);
        buf_put_text(&b, "abc");
        buf_put_text(&b, "de");
        buf_put_text(&b, "f");
        assert_int_equal(buf_check(&b), ERR_TOO_LONG);
        assert_true(bytes_is(buf_bytes(&b), "abc"));
        buf_reset(&b);
        assert_int_equal(buf_check(&b), OK);
        buf_put_text(&b, "wxyz");
        assert_string_equal(buf_text(&b), "wxyz");
        buf_wipe(&b);
        assert_int_equal(b.n, 0);
        buf_put_format(&b, "%d", 12345);
        assert_int_equal(buf_check(&b), ERR_TOO_LONG);
        buf_clear(&b);
        assert_int_equal(buf_check(&b), OK);
}

static void test_room(void **state)
{
        (void)state;
        struct buf b;
        buf_init(&b, 8);
        uint8_t *room = buf_put_room(&b, 8);
        assert_non_null(room);
        memcpy(room, "12345678", 8);
        assert_string_equal(buf_text(&b), "12345678");
        assert_non_null(buf_put_room(&b, 0));
        assert_null(buf_put_room(&b, SIZE_MAX));
        assert_int_equal(buf_check(&b), ERR_TOO_LONG);
        buf_clear(&b);
}

static void test_reserve_moves_nothing(void **state)
{
        (void)state;
        struct buf b;
        buf_init(&b, 5000);
        buf_reserve(&b, 5000);
        assert_int_equal(buf_check(&b), OK);
        const uint8_t *at = b.at;
        for (unsigned i = 0; i < 5000; i++)
                buf_put_u8(&b, 'x');
        assert_int_equal(strlen(buf_text(&b)), 5000);
        assert_ptr_equal(b.at, at);
        buf_reserve(&b, 5001);
        assert_int_equal(buf_check(&b), ERR_TOO_LONG);
        buf_clear(&b);
}

/* What a wipe has to zero: everything that was ever put there, taken back or not, and nothing that never was.
 */
static void test_peak_is_the_most_that_was_held(void **state)
{
        (void)state;
        struct buf b;
        buf_init(&b, 5000);
        buf_reserve(&b, 5000);
        assert_int_equal(b.peak, 0);
        for (unsigned i = 0; i < 1000; i++)
                buf_put_u8(&b, 'x');
        buf_reset(&b);
        buf_put_text(&b, "abc");
        assert_int_equal(b.peak, 1000);
        b.n = 1;
        assert_int_equal(b.peak, 1000);
        buf_wipe(&b);
        assert_int_equal(b.peak, 0);
        buf_put_text(&b, "abc");
        assert_int_equal(b.peak, 3);
        assert_non_null(
            buf_put_room(&b, 2000)); /* moved: only what was kept is in the new memory, and it is counted */
        assert_int_equal(b.peak, 2003);
        buf_clear(&b);
        assert_int_equal(b.peak, 0);
}

static void test_format_of_any_length(void **state)
{
        (void)state;
        char long_text[3001];
        memset(long_text, 'y', sizeof long_text - 1);
        long_text[sizeof long_text - 1] = '\0';
        struct buf b;
        buf_init(&b, 3002);
        buf_put_format(&b, "<%s>", long_text);
        assert_int_equal(buf_check(&b), OK);
        assert_int_equal(b.n, 3002);
        assert_true(b.at[0] == '<' && b.at[3001] == '>');
        buf_clear(&b);
}

static void test_no_memory(void **state)
{
        (void)state;
        struct buf b;
        buf_init(&b, SIZE_MAX);
        buf_put_text(&b, "kept");
        assert_null(buf_put_room(&b, SIZE_MAX / 2));
        assert_int_equal(buf_check(&b), ERR_NO_MEMORY);
        assert_true(bytes_is(buf_bytes(&b), "kept"));
        buf_reset(&b);
        assert_null(buf_put_room(&b, SIZE_MAX));
        assert_int_equal(buf_check(&b), ERR_NO_MEMORY);
        buf_clear(&b);
        buf_reserve(&b, SIZE_MAX);
        assert_int_equal(buf_check(&b), ERR_NO_MEMORY);
        buf_clear(&b);
}

static void test_empty(void **state)
{
        (void)state;
        struct buf b;
        buf_init(&b, 10);
        assert_int_equal(buf_bytes(&b).n, 0);
        assert_int_equal(buf_since(&b, 0).n, 0);
        assert_string_equal(buf_text(&b), "");
        assert_int_equal(buf_check(&b), OK);
        buf_clear(&b);
        buf_wipe(&b);
        buf_clear(&b);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_puts_follow_each_other),
            cmocka_unit_test(test_max_is_exact),
            cmocka_unit_test(test_failure_is_sticky_until_reset),
            cmocka_unit_test(test_room),
            cmocka_unit_test(test_reserve_moves_nothing),
            cmocka_unit_test(test_peak_is_the_most_that_was_held),
            cmocka_unit_test(test_format_of_any_length),
            cmocka_unit_test(test_no_memory),
            cmocka_unit_test(test_empty),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
