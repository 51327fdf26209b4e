#include "sample.h"

#define JWS "eyJh.eyJi.c2ln"

static struct leaf sample_leaf(void)
{
        struct leaf leaf = {.seq = 42,
                            .at_us = INT64_C(1795453041123456),
                            .verdict = VERDICT_WAITING,
                            .statement = bytes_text(JWS)};

        leaf.prev.b[0] = 1;
        leaf.policy.b[0] = 2;
        leaf.because.b[0] = 3;
        return leaf;
}

static void text_of_leaf(void **state)
{
        struct leaf leaf = sample_leaf(), back;
        struct buf out;

        (void)state;
        buf_init(&out, LEAF_MAX);
        assert_ok(leaf_put(&out, &leaf));
        assert_string_equal(
            buf_text(&out),
            "{\"v\":1,\"seq\":\"42\",\"at\":\"2026-11-23T16:57:21.123456Z\","
            "\"prev\":\"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"verdict\":\"waiting\","
            "\"policy\":\"AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","
            "\"because\":\"AwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"statement\":\"" JWS "\"}");
        assert_ok(leaf_decode(buf_bytes(&out), &back));
        assert_int_equal(back.seq, 42);
        assert_int_equal(back.at_us, leaf.at_us);
        assert_int_equal(back.verdict, VERDICT_WAITING);
        assert_true(hash_equal(&back.prev, &leaf.prev));
        assert_true(hash_equal(&back.policy, &leaf.policy));
        assert_true(hash_equal(&back.because, &leaf.because));
        assert_true(bytes_is(back.statement, JWS));
        buf_clear(&out);
}

/* A bit turned may give another good leaf (another hash); writing it must then give just those bytes. */
static void strict(void **state)
{
        struct leaf leaf = sample_leaf(), back = {.seq = 77};
        struct buf out, again;

        (void)state;
        buf_init(&out, LEAF_MAX + 1);
        buf_init(&again, LEAF_MAX);
        assert_ok(leaf_put(&out, &leaf));
        for (size_t n = 0; n < out.n; n++)
                assert_err(leaf_decode(bytes_of(out.at, n), &back), ERR_LEAF);
        assert_int_equal(back.seq, 77);
        for (size_t bit = 0; bit < out.n * 8; bit++) {
                out.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
                buf_reset(&again);
                if (!leaf_decode(buf_bytes(&out), &back)) {
                        assert_ok(leaf_put(&again, &back));
                        assert_int_equal(again.n, out.n);
                        assert_memory_equal(again.at, out.at, out.n);
                }
                out.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        buf_put_u8(&out, '\n');
        assert_err(leaf_decode(buf_bytes(&out), &back), ERR_LEAF);
        buf_clear(&out);
        buf_clear(&again);
}

static void out_of_range(void **state)
{
        struct leaf leaf;
        struct buf out, jws;

        (void)state;
        buf_init(&out, LEAF_MAX);
        buf_init(&jws, 2 * JWS_MAX);
#define REFUSE(change)                                                                                       \
        leaf = sample_leaf();                                                                                \
        change;                                                                                              \
        assert_err(leaf_put(&out, &leaf), ERR_LEAF);                                                         \
        assert_int_equal(out.n, 0)
        REFUSE(leaf.verdict = VERDICT_COUNT);
        REFUSE(leaf.seq = (uint64_t)NUMBER_MAX + 1);
        REFUSE(leaf.at_us = -1);
        REFUSE(leaf.at_us = (SECONDS_MAX + 1) * MOMENT_SECOND_US);
        REFUSE(leaf.statement = bytes_text(""));
        REFUSE(leaf.statement = bytes_text("a.b"));
        REFUSE(leaf.statement = bytes_text("a.b.c.d"));
        REFUSE(leaf.statement = bytes_text("a.b.c\",\"x\":\""));
        REFUSE(leaf.statement = bytes_text("a.b.c~d~"));
        buf_put_text(&jws, "a.b.");
        while (jws.n < JWS_MAX)
                buf_put_u8(&jws, 'c');
        leaf = sample_leaf();
        leaf.statement = buf_bytes(&jws);
        assert_ok(leaf_put(&out, &leaf));
        buf_reset(&out);
        buf_put_u8(&jws, 'c');
        REFUSE(leaf.statement = buf_bytes(&jws));
#undef REFUSE
        buf_clear(&out);
        buf_clear(&jws);
}

static void verdicts(void **state)
{
        enum verdict v;

        (void)state;
        for (unsigned i = 0; i < VERDICT_COUNT; i++) {
                assert_true(verdict_of_name(bytes_text(verdict_name((enum verdict)i)), &v));
                assert_int_equal(v, i);
        }
        assert_false(verdict_of_name(bytes_text("approved"), &v));
        assert_string_equal(verdict_name(VERDICT_COUNT), "");
}

static void because(void **state)
{
        static const char value[] = "{\"lane\":\"quick\",\"hits\":[],\"facts\":{},\"engine\":\"1\"}";
        struct buf json, again, text;
        struct hash digest, same, wanted;
        struct bytes out;

        (void)state;
        buf_init(&json, DISCLOSURE_MAX);
        buf_init(&again, DISCLOSURE_MAX);
        buf_init(&text, DISCLOSURE_MAX);
        assert_ok(because_make(bytes_text(value), &json, &digest));
        assert_ok(because_value(buf_bytes(&json), &out));
        assert_true(bytes_is(out, value));
        assert_ok(because_digest(buf_bytes(&json), &same));
        assert_true(hash_equal(&digest, &same));
        b64u_put(&text, buf_bytes(&json));
        assert_ok(hash_of(buf_bytes(&text), &wanted));
        assert_true(hash_equal(&digest, &wanted));
        assert_ok(because_make(bytes_text(value), &again, &same));
        assert_false(hash_equal(&digest, &same)); /* a salt of its own */

        for (size_t n = 0; n < json.n; n++)
                assert_err(because_value(bytes_of(json.at, n), &out), ERR_BECAUSE);
        for (size_t bit = 0; bit < json.n * 8; bit++) {
                json.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
                if (!because_digest(buf_bytes(&json), &same))
                        assert_false(hash_equal(&digest, &same));
                json.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        buf_put_u8(&json, ' ');
        assert_err(because_value(buf_bytes(&json), &out), ERR_BECAUSE);
        buf_clear(&json);
        buf_clear(&again);
        buf_clear(&text);
}

static void because_refused(void **state)
{
        static const char *const value[] = {
            "[]", "1", "\"text\"", "{\"a\": 1}", "{\"a\":1,\"a\":2}", "{\"_sd\":[]}", ""};
        struct buf json;
        struct hash digest;
        struct bytes out;

        (void)state;
        buf_init(&json, 2 * DISCLOSURE_MAX);
        for (size_t i = 0; i < sizeof value / sizeof value[0]; i++) {
                assert_err(because_make(bytes_text(value[i]), &json, &digest), ERR_BECAUSE);
                assert_int_equal(json.n, 0);
        }
        assert_err(because_value(bytes_text("[\"AAECAwQFBgcICQoLDA0ODw\",\"reasons\",{}]"), &out),
                   ERR_BECAUSE);
        assert_ok(because_value(bytes_text("[\"AAECAwQFBgcICQoLDA0ODw\",\"because\",{}]"), &out));
        buf_put_text(&json, "{\"a\":\"");
        while (json.n < DISCLOSURE_JSON_MAX)
                buf_put_u8(&json, 'a');
        buf_put_text(&json, "\"}");
        struct buf made;
        buf_init(&made, 2 * DISCLOSURE_MAX);
        assert_err(because_make(buf_bytes(&json), &made, &digest), ERR_BECAUSE);
        buf_clear(&made);
        buf_clear(&json);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(text_of_leaf), cmocka_unit_test(strict),  cmocka_unit_test(out_of_range),
            cmocka_unit_test(verdicts),     cmocka_unit_test(because), cmocka_unit_test(because_refused),
        };
        return cmocka_run_group_tests(tests, sample_setup, NULL);
}
