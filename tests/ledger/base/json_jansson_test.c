/* The cursor against jansson: what the cursor accepts, jansson accepts, and both read the same. Chance comes
 * from a seed that is printed; ENQUIRY_SEED sets it. */
#include "ledger/base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#define TEXT_MAX 65536 /* bytes */

static uint64_t chance;

static unsigned below(unsigned bound)
{
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        return (unsigned)((chance >> 20) % bound);
}

static bool same_string(struct bytes escaped, const char *text, size_t n)
{
        struct buf b;
        buf_init(&b, TEXT_MAX);
        bool same = !json_unescape(escaped, &b) && bytes_equal(buf_bytes(&b), bytes_of(text, n));
        buf_clear(&b);
        return same;
}

static bool same(struct bytes value, const json_t *other);

static bool same_array(struct bytes value, const json_t *other)
{
        struct bytes v;
        bool done = false;
        for (size_t i = 0;; i++) {
                if (json_next_element(&value, &v, &done))
                        return false;
                if (done)
                        return i == json_array_size(other);
                if (!same(v, json_array_get(other, i)))
                        return false;
        }
}

static bool same_object(struct bytes value, const json_t *other)
{
        struct bytes name, v, found;
        struct buf key;
        bool done = false;
        for (size_t i = 0;; i++) {
                struct bytes whole = value;
                if (json_next_member(&value, &name, &v, &done))
                        return false;
                if (done)
                        return i == json_object_size(other);
                buf_init(&key, TEXT_MAX);
                bool good = !json_unescape(name, &key) && same(v, json_object_get(other, buf_text(&key)));
                buf_clear(&key);
                buf_init(&key, TEXT_MAX);
                buf_put(&key, name);
                if (i == 0)
                        good = good && !json_member(whole, buf_text(&key), &found) && bytes_equal(found, v);
                buf_clear(&key);
                if (!good)
                        return false;
        }
}

static bool same(struct bytes value, const json_t *other)
{
        enum json_form form;
        struct bytes text;
        int64_t v;
        if (json_form_of(value, &form))
                return false;
        switch (form) {
        case JSON_IS_STRING:
                return json_is_string(other) && !json_whole_string(value, &text) &&
                       same_string(text, json_string_value(other), json_string_length(other));
        case JSON_IS_INT:
                return json_is_integer(other) && !json_whole_int(value, &v) && v == json_integer_value(other);
        case JSON_IS_TRUE: return json_is_true(other);
        case JSON_IS_FALSE: return json_is_false(other);
        case JSON_IS_NULL: return json_is_null(other);
        case JSON_IS_ARRAY: return json_is_array(other) && same_array(value, other);
        case JSON_IS_OBJECT: return json_is_object(other) && same_object(value, other);
        }
        return false;
}

/* Whether the cursor accepts; fails if jansson then does not, or reads something else. */
static bool agrees(struct bytes text)
{
        uint8_t *copy = malloc(text.n + 1); /* its own block, so that a read beyond it is seen */
        assert_non_null(copy);
        memcpy(copy, text.at, text.n);
        copy = realloc(copy, text.n + (text.n == 0));
        assert_non_null(copy);
        struct bytes own = bytes_of(copy, text.n);
        bool accepted = json_check(own) == OK;
        if (accepted) {
                json_t *other =
                    json_loadb((const char *)text.at, text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
                if (other == NULL || !same(own, other))
                        fail_msg("%s: %.*s", other == NULL ? "jansson refuses" : "jansson reads otherwise",
                                 (int)text.n, (const char *)text.at);
                json_decref(other);
        }
        free(copy);
        return accepted;
}

static void text_put(struct buf *out)
{
        static const char *const piece[] = {"a",
                                            "\"",
                                            "\\",
                                            "\n",
                                            "\x01",
                                            "\x1f",
                                            "\x7f",
                                            "/",
                                            "{",
                                            ",",
                                            "\xc3\xa9",
                                            "\xe2\x82\xac",
                                            "\xf0\x9f\x94\x8d",
                                            "u0041",
                                            "_sd",
                                            "..."};
        struct buf text;
        buf_init(&text, 200);
        for (unsigned n = below(8); n > 0; n--)
                buf_put_text(&text, piece[below(sizeof piece / sizeof piece[0])]);
        json_put_string(out, buf_bytes(&text));
        buf_clear(&text);
}

static void value_put(struct buf *out, unsigned depth)
{
        static const char *const word[] = {"true", "false", "null"};
        static const int64_t number[] = {0, 1, -1, 7, 1790000000, JSON_INT_MAX, -JSON_INT_MAX};
        char name[16];
        unsigned n = below(5);
        switch (below(depth < 5 ? 5 : 3)) {
        case 0: buf_put_text(out, word[below(3)]); break;
        case 1: json_put_int(out, number[below(7)]); break;
        case 2: text_put(out); break;
        case 3:
                buf_put_text(out, "[");
                for (unsigned i = 0; i < n; i++) {
                        if (i > 0)
                                buf_put_text(out, ",");
                        value_put(out, depth + 1);
                }
                buf_put_text(out, "]");
                break;
        default:
                buf_put_text(out, "{");
                for (unsigned i = 0; i < n; i++) {
                        (void)snprintf(name, sizeof name, "%s%u", i % 2 ? "x" : "", i);
                        json_put_name(out, name);
                        value_put(out, depth + 1);
                }
                buf_put_text(out, "}");
        }
}

/* Changes, puts in or takes out a byte or two, by the letters that JSON is made of. */
static void bend(struct buf *b)
{
        static const char letters[] = "{}[]\",:\\u0019-+.eE tfnaA/\n\x01\x80\xc3\xff";
        for (unsigned n = 1 + below(2); n > 0 && b->n > 0; n--) {
                unsigned at = below((unsigned)b->n);
                uint8_t c = (uint8_t)letters[below(sizeof letters)];
                switch (below(4)) {
                case 0: b->at[at] = c; break;
                case 1: b->at[at] ^= (uint8_t)(1U << below(8)); break;
                case 2: memmove(b->at + at, b->at + at + 1, --b->n - at); break;
                default:
                        buf_put_u8(b, 0);
                        memmove(b->at + at + 1, b->at + at, b->n - 1 - at);
                        b->at[at] = c;
                }
        }
}

static void test_random_values(void **state)
{
        (void)state;
        unsigned accepted = 0, refused = 0;
        struct buf good, bent;
        buf_init(&good, TEXT_MAX);
        buf_init(&bent, TEXT_MAX);
        for (unsigned i = 0; i < 4000; i++) {
                buf_reset(&good);
                value_put(&good, 0);
                assert_int_equal(buf_check(&good), OK);
                assert_true(agrees(buf_bytes(&good)));
                for (unsigned k = 0; k < 10; k++) {
                        buf_reset(&bent);
                        buf_put(&bent, buf_bytes(&good));
                        bend(&bent);
                        if (bent.n > 0 && agrees(buf_bytes(&bent)))
                                accepted++;
                        else
                                refused++;
                }
        }
        buf_clear(&good);
        buf_clear(&bent);
        assert_true(accepted > 1000 && refused > 10000);
}

static void test_every_bit_flipped(void **state)
{
        (void)state;
        static const char *const good[] = {
            "{\"v\":1,\"log\":\"ledger.example#AAAAAAAAAAAAAAAAAAAAAA\",\"kind\":\"enquiry.intent\",\"iat\":"
            "1790000000,\"n\":\"17\","
            "\"refs\":[{\"rel\":\"intent\",\"st\":\"x\"}],\"_sd_alg\":\"sha-256\",\"_sd\":[]}",
            "[\"2GLC42sKQveCfGfryNRN9w\",\"objective\",\"\\\"q\\\" \\\\ \\u000a \xc3\xa9 \xf0\x9f\x94\x8d\"]",
            "{\"a\":[1,-2,true,false,null,\"\\u001f\"],\"b\":{\"c\":{\"d\":{}}},\"e\":9007199254740991}",
        };
        for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
                struct buf b;
                buf_init(&b, TEXT_MAX);
                buf_put_text(&b, good[i]);
                unsigned accepted = 0;
                for (size_t k = 0; k < 8 * b.n; k++) {
                        b.at[k / 8] ^= (uint8_t)(1U << k % 8);
                        accepted += agrees(buf_bytes(&b));
                        b.at[k / 8] ^= (uint8_t)(1U << k % 8);
                }
                assert_true(agrees(buf_bytes(&b)));
                assert_true(accepted > 10 && accepted < 8 * b.n);
                buf_clear(&b);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_random_values),
            cmocka_unit_test(test_every_bit_flipped),
        };
        const char *seed = getenv("ENQUIRY_SEED");
        chance = seed != NULL ? strtoull(seed, NULL, 10) : 20261123;
        if (chance == 0)
                chance = 1;
        printf("ENQUIRY_SEED=%llu\n", (unsigned long long)chance);
        return cmocka_run_group_tests(tests, NULL, NULL);
}
