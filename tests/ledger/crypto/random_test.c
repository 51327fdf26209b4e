#include "ledger/crypto/random.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int setup(void **state)
{
        (void)state;
        return crypto_setup() ? -1 : 0;
}

static void test_setup_twice(void **state)
{
        (void)state;
        assert_int_equal(crypto_setup(), OK);
}

/* Every byte that was asked for is written, none beyond. With 64 tries a byte stays 0 by chance once in
 * 2^512. */
static void test_fill(void **state)
{
        (void)state;
        for (size_t n = 0; n <= 40; n++) {
                uint8_t seen[41] = {0};
                for (unsigned k = 0; k < 64; k++) {
                        uint8_t out[41] = {0};
                        random_fill(out, n);
                        for (size_t i = 0; i < sizeof out; i++)
                                seen[i] |= out[i];
                }
                for (size_t i = 0; i < sizeof seen; i++)
                        assert_int_equal(seen[i] != 0, i < n);
        }
}

static void test_below(void **state)
{
        (void)state;
        unsigned count[6] = {0};
        for (unsigned i = 0; i < 6000; i++) {
                uint32_t v = random_below(6);
                assert_true(v < 6);
                count[v]++;
        }
        for (size_t i = 0; i < 6; i++) /* 1000 each, standard deviation 29 */
                assert_in_range(count[i], 600, 1400);
        assert_int_equal(random_below(1), 0);
}

/* RFC 9562 appendix A.6. */
static void test_uuid_of_the_rfc(void **state)
{
        (void)state;
        static const char rfc[] = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";
        uint8_t id[UUID_LEN], made[UUID_LEN];
        char text[UUID_TEXT_LEN + 1];
        assert_int_equal(uuid_of_text(bytes_text(rfc), id), OK);
        uuid_text(id, text);
        assert_string_equal(text, rfc);
        uuid_make(INT64_C(1645557742000999), made); /* 2022-02-22T14:22:22.000999-05:00 */
        assert_memory_equal(made, id, 6);
}

static void test_uuid_make(void **state)
{
        (void)state;
        uint8_t all = 0, last[UUID_LEN] = {0};
        for (unsigned i = 0; i < 1000; i++) {
                uint8_t id[UUID_LEN], again[UUID_LEN];
                char text[UUID_TEXT_LEN + 1];
                uuid_make((int64_t)i * 1000, id);
                uuid_text(id, text);
                assert_int_equal(strlen(text), UUID_TEXT_LEN);
                assert_int_equal(uuid_of_text(bytes_text(text), again), OK);
                assert_memory_equal(id, again, UUID_LEN);
                assert_true(memcmp(last, id, UUID_LEN) < 0); /* a later millisecond sorts after */
                memcpy(last, id, UUID_LEN);
                all |= id[15];
        }
        assert_int_equal(all, 0xff);
        uuid_make(-1, last);
        assert_memory_equal(last, "\0\0\0\0\0\0", 6);
}

static void test_uuid_refused(void **state)
{
        (void)state;
        static const char *const bad[] = {
            "017F22E2-79B0-7CC3-98C4-DC0C0C07398F",  "017f22e2-79b0-4cc3-98c4-dc0c0c07398f",
            "017f22e2-79b0-8cc3-98c4-dc0c0c07398f",  "017f22e2-79b0-7cc3-c8c4-dc0c0c07398f",
            "017f22e2-79b0-7cc3-18c4-dc0c0c07398f",  "017f22e279b07cc398c4dc0c0c07398f",
            "{17f22e2-79b0-7cc3-98c4-dc0c0c07398}",  "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
            "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0", "017f22e2-79b07-cc3-98c4-dc0c0c07398f",
            "00000000-0000-0000-0000-000000000000",  "",
        };
        uint8_t id[UUID_LEN] = {7};
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
                assert_int_equal(uuid_of_text(bytes_text(bad[i]), id), ERR_FORM);
        for (size_t n = 0; n < UUID_TEXT_LEN; n++)
                assert_int_equal(uuid_of_text(bytes_of("017f22e2-79b0-7cc3-98c4-dc0c0c07398f", n), id),
                                 ERR_FORM);
        assert_int_equal(id[0], 7);
}

static void test_uuid_flips(void **state)
{
        (void)state;
        char text[] = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f", again[UUID_TEXT_LEN + 1];
        unsigned other = 0;
        for (size_t i = 0; i < 8 * (size_t)UUID_TEXT_LEN; i++) {
                uint8_t id[UUID_LEN];
                text[i / 8] = (char)(text[i / 8] ^ (1 << i % 8));
                if (!uuid_of_text(bytes_text(text), id)) {
                        uuid_text(id, again);
                        assert_string_equal(again, text);
                        other++;
                }
                text[i / 8] = (char)(text[i / 8] ^ (1 << i % 8));
        }
        assert_in_range(other, 20, 120);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_setup_twice), cmocka_unit_test(test_fill),
            cmocka_unit_test(test_below),       cmocka_unit_test(test_uuid_of_the_rfc),
            cmocka_unit_test(test_uuid_make),   cmocka_unit_test(test_uuid_refused),
            cmocka_unit_test(test_uuid_flips),
        };
        return cmocka_run_group_tests(tests, setup, NULL);
}
