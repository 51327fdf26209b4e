/* Texts that wait for an entry: for how long, how many, and whose. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "daemon/annex.h"
#include "ledger/crypto/random.h"

#define assert_ok(call) assert_int_equal((call), OK)

static struct hash put(struct annexes *a, uint32_t member, const char *text, int64_t now_us)
{
        struct hash hash;
        assert_ok(annexes_put(a, (struct annex_sender){member, true}, bytes_text(text), now_us, &hash));
        return hash;
}

static enum err state_of(struct annexes *a, const struct hash *hash, int64_t now_us, const char *expected)
{
        struct buf out;
        buf_init(&out, ANNEX_MAX);
        enum err e = annexes_text(a, hash, now_us, &out);
        if (!e)
                assert_true(bytes_is(buf_bytes(&out), expected));
        buf_clear(&out);
        return e;
}

static void ten_minutes(void **state)
{
        struct annexes *a = annexes_new();
        (void)state;
        assert_non_null(a);
        struct hash one = put(a, 1, "one", 1000), two = put(a, 1, "two", 2000);
        assert_ok(state_of(a, &one, 1000 + ANNEX_WAIT_US - 1, "one"));
        assert_int_equal(state_of(a, &one, 1000 + ANNEX_WAIT_US, "one"), ERR_ABSENT);
        assert_ok(state_of(a, &two, 1000 + ANNEX_WAIT_US, "two"));
        assert_true(annexes_keep(a, &two, 2000 + ANNEX_WAIT_US - 1)); /* and anew */
        assert_ok(state_of(a, &two, 2000 + ANNEX_WAIT_US, "two"));
        assert_false(annexes_keep(a, &one, 3000 + ANNEX_WAIT_US));
        (void)put(a, 2, "two", 4000 + ANNEX_WAIT_US); /* sent again, by whomever */
        assert_ok(state_of(a, &two, 3999 + 2 * ANNEX_WAIT_US, "two"));
        annexes_expire(a, 4000 + 2 * ANNEX_WAIT_US);
        assert_int_equal(state_of(a, &two, 0, "two"), ERR_ABSENT);
        annexes_free(a);
        annexes_free(NULL);
}

static void a_few_a_member(void **state)
{
        struct annexes *a = annexes_new();
        char text[32];
        struct hash hash;
        (void)state;
        assert_non_null(a);
        for (unsigned member = 0; member < ANNEX_WAITING_MAX / ANNEX_MEMBER_MAX; member++) {
                for (unsigned i = 0; i < ANNEX_MEMBER_MAX; i++) {
                        (void)snprintf(text, sizeof text, "%u of %u", i, member);
                        (void)put(a, member, text, 10 * (member + 1));
                }
                assert_int_equal(
                    annexes_put(a, (struct annex_sender){member, true}, bytes_text("more"), 10, &hash),
                    ERR_RATE);
                (void)put(a, member, text, 10 * (member + 1)); /* there already */
        }
        assert_int_equal(annexes_put(a, (struct annex_sender){99, true}, bytes_text("more"), 10, &hash),
                         ERR_BUSY);
        (void)put(a, 99, "more", ANNEX_WAIT_US + 10); /* the first member's have gone */
        assert_int_equal(annexes_put(a, (struct annex_sender){5, true}, bytes_of(NULL, 0), 10, &hash),
                         ERR_FORM);
        assert_int_equal(annexes_put(a, (struct annex_sender){5, true}, bytes_text("\xff"), 10, &hash),
                         ERR_UTF8);
        assert_int_equal(annexes_put(a, (struct annex_sender){5, true},
                                     bytes_of((const uint8_t *)text, (size_t)ANNEX_MAX + 1), 10, &hash),
                         ERR_TOO_LONG);
        annexes_free(a);
}

/* However many members send texts that nobody is going to name: the policy finds a place. */
static void places_are_kept_for_a_policy(void **state)
{
        struct annexes *a = annexes_new();
        char text[32];
        struct hash hash;
        (void)state;
        assert_non_null(a);
        for (uint32_t i = 0; i < ANNEX_OTHERS_MAX; i++) {
                (void)snprintf(text, sizeof text, "%u", i);
                assert_ok(annexes_put(a, (struct annex_sender){i, false}, bytes_text(text), 10, &hash));
        }
        assert_int_equal(annexes_put(a, (struct annex_sender){99, false}, bytes_text("more"), 10, &hash),
                         ERR_BUSY);
        assert_ok(annexes_put(a, (struct annex_sender){99, false}, bytes_text(text), 10, &hash)); /* there */
        assert_ok(annexes_put(a, (struct annex_sender){100, true}, bytes_text("a policy"), 10, &hash));
        annexes_free(a);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(ten_minutes),
            cmocka_unit_test(a_few_a_member),
            cmocka_unit_test(places_are_kept_for_a_policy),
        };
        if (crypto_setup())
                return 1;
        return cmocka_run_group_tests(tests, NULL, NULL);
}
