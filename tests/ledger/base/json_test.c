#include "ledger/base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* The check of a copy in a block of its own, so that a read beyond the text is seen. */
static enum err check(struct bytes text)
{
        uint8_t *copy = malloc(text.n + (text.n == 0));
        assert_non_null(copy);
        if (text.n > 0)
                memcpy(copy, text.at, text.n);
        enum err e = json_check(bytes_of(copy, text.n));
        free(copy);
        return e;
}

static const char *const accepted[] = {
    "0",
    "1",
    "-1",
    "9007199254740991",
    "-9007199254740991",
    "true",
    "false",
    "null",
    "\"\"",
    "\"a\"",
    "\"\\\"\\\\\"",
    "\"\\u0001\\u000a\\u001f\"",
    "\"/\x7f'\"",
    "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x8d\"",
    "[]",
    "{}",
    "[1,\"a\",[],{},null]",
    "{\"a\":1,\"b\":{\"a\":1},\"\":[{\"a\":1},{\"a\":1}]}",
    "{\"a\":1,\"A\":1,\"aa\":1,\"\\\\\":1,\"\\\"\":1}",
    "[[[[[[[[1]]]]]]]]",
    "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}",
    "{\"...\":\"a\",\"_sd\":[]}",
};

static const char *const refused[] = {
    /* nothing, and what is not JSON at all */
    "",
    " ",
    "x",
    "tru",
    "True",
    "truefalse",
    "nul",
    "NaN",
    "Infinity",
    "'a'",
    "{a:1}",
    "undefined",
    /* white space outside strings, a byte order mark, comments */
    " 1",
    "1 ",
    "[ ]",
    "[1, 2]",
    "{\"a\": 1}",
    "{\"a\" :1}",
    "{ \"a\":1}",
    "1\n",
    "\t1",
    "\r1",
    "[1\n]",
    "\xef\xbb\xbf[]",
    "[1/**/]",
    "\v1",
    /* trailing and missing bytes */
    "1,",
    "{}{}",
    "[]]",
    "[1",
    "[1,",
    "[1,]",
    "[,1]",
    "[,]",
    "{\"a\":1,}",
    "{,}",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\",1}",
    "{\"a\":1",
    "{\"a\":1]",
    "[1}",
    "[1 2]",
    "[1:2]",
    "{1:2}",
    "{\"a\":1\"b\":2}",
    "{null:1}",
    "\"",
    "\"a",
    "a\"",
    "\"\\",
    "\"\\\"",
    "]",
    "}",
    ":",
    /* numbers */
    "01",
    "00",
    "-0",
    "-",
    "--1",
    "+1",
    "-01",
    "1.0",
    "1.",
    ".1",
    "1e3",
    "1E3",
    "1e+3",
    "0x1",
    "1_000",
    "9007199254740992",
    "-9007199254740992",
    "18446744073709551616",
    "99999999999999999999999999",
    "-9223372036854775808",
    "0.1",
    "0e0",
    /* duplicates, at the top and below, first and last */
    "{\"a\":1,\"a\":1}",
    "{\"a\":1,\"b\":2,\"a\":3}",
    "[{\"a\":1,\"a\":2}]",
    "{\"\":1,\"\":2}",
    "{\"x\":{\"b\":1,\"a\":1,\"b\":1}}",
    "{\"\\\\\":1,\"\\\\\":1}",
    /* escapes that are not needed, or are spelt otherwise */
    "\"\\n\"",
    "\"\\t\"",
    "\"\\r\"",
    "\"\\b\"",
    "\"\\f\"",
    "\"\\/\"",
    "\"\\u0041\"",
    "\"\\u0022\"",
    "\"\\u005c\"",
    "\"\\u000A\"",
    "\"\\u001F\"",
    "\"\\u0020\"",
    "\"\\u007f\"",
    "\"\\u0000\"",
    "\"\\u00e9\"",
    "\"\\ud83d\\udd0d\"",
    "\"\\ud83d\"",
    "\"\\udd0d\"",
    "\"\\u\"",
    "\"\\u0\"",
    "\"\\u00\"",
    "\"\\u001\"",
    "\"\\u001g\"",
    "\"\\U0001\"",
    "\"\\x01\"",
    "\"\\a\"",
    "\"\\'\"",
    "\"\\u 001\"",
    /* controls as they are */
    "\"\n\"",
    "\"\t\"",
    "\"\x01\"",
    "\"\x1f\"",
    /* UTF-8: stray, overlong, surrogates, beyond the last character, cut off */
    "\"\x80\"",
    "\"\xbf\"",
    "\"\xff\"",
    "\"\xfe\"",
    "\"\xc3\"",
    "\"\xc3\x28\"",
    "\"\xc0\x80\"",
    "\"\xc0\xaf\"",
    "\"\xc1\xbf\"",
    "\"\xe0\x80\x80\"",
    "\"\xe0\x9f\xbf\"",
    "\"\xed\xa0\x80\"",
    "\"\xed\xbf\xbf\"",
    "\"\xed\xa0\xbd\xed\xb4\x8d\"",
    "\"\xf0\x80\x80\x80\"",
    "\"\xf0\x8f\xbf\xbf\"",
    "\"\xf4\x90\x80\x80\"",
    "\"\xf8\x88\x80\x80\x80\"",
    "\"\xe2\x82\"",
    "\"\xf0\x9f\x94\"",
    "{\"\xc3\":1}",
    /* depth 9 */
    "[[[[[[[[[1]]]]]]]]]",
    "[[[[[[[[[]]]]]]]]]",
    "[[[[[[[[{}]]]]]]]]",
    "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}",
};

static void test_accepted(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof accepted / sizeof accepted[0]; i++)
                if (check(bytes_text(accepted[i])))
                        fail_msg("refused: %s", accepted[i]);
}

static void test_refused(void **state)
{
        (void)state;
        assert_true(sizeof refused / sizeof refused[0] >= 40);
        for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
                if (check(bytes_text(refused[i])) != ERR_JSON)
                        fail_msg("accepted: %s", refused[i]);
        assert_int_equal(check(bytes_of("\"a\0b\"", 5)), ERR_JSON);
        assert_int_equal(check(bytes_of("1\0", 2)), ERR_JSON);
        assert_int_equal(check(bytes_of("\0", 1)), ERR_JSON);
        assert_int_equal(check(bytes_of("{\"a\0\":1}", 8)), ERR_JSON);
}

/* A whole with every construction: no prefix is a value, nothing may follow. */
static void test_prefixes_and_one_more(void **state)
{
        (void)state;
        static const char good[] =
            "{\"a\":[1,-2,true,false,null,\"\\u001f\\\\\xc3\xa9\"],\"b\":{\"c\":{}},\"d\":[]}?";
        for (size_t n = 0; n < sizeof good - 2; n++)
                assert_int_equal(check(bytes_of(good, n)), ERR_JSON);
        assert_int_equal(check(bytes_of(good, sizeof good - 2)), OK);
        for (int c = 0; c < 256; c++) {
                char more[sizeof good];
                memcpy(more, good, sizeof good);
                more[sizeof good - 2] = (char)c;
                assert_int_equal(check(bytes_of(more, sizeof good - 1)), ERR_JSON);
        }
}

/* An object of `count` members in no order; with `twice` the last has the name of one in the middle. */
static void object_put(struct buf *out, unsigned count, bool twice)
{
        buf_put_text(out, "{");
        for (unsigned i = 0; i < count; i++) {
                char name[8];
                unsigned v = twice && i == count - 1 ? i / 2 : i;
                (void)snprintf(name, sizeof name, "%u", v * 7919 % 1009);
                json_put_name(out, name);
                json_put_int(out, i);
        }
        buf_put_text(out, "}");
        assert_int_equal(buf_check(out), OK);
}

static void test_members_are_counted_and_compared(void **state)
{
        (void)state;
        struct buf b;
        buf_init(&b, 65536);
        for (unsigned count = 2; count <= JSON_MEMBERS_MAX; count++) {
                buf_reset(&b);
                object_put(&b, count, false);
                assert_int_equal(check(buf_bytes(&b)), OK);
                buf_reset(&b);
                object_put(&b, count, true);
                assert_int_equal(check(buf_bytes(&b)), ERR_JSON);
        }
        buf_reset(&b);
        object_put(&b, JSON_MEMBERS_MAX + 1, false);
        assert_int_equal(check(buf_bytes(&b)), ERR_JSON);
        buf_clear(&b);
}

static void test_long_arrays(void **state)
{
        (void)state;
        struct buf b;
        buf_init(&b, 65536);
        buf_put_text(&b, "[0");
        for (unsigned i = 0; i < 10000; i++)
                buf_put_text(&b, ",0");
        buf_put_text(&b, "]");
        assert_int_equal(check(buf_bytes(&b)), OK);
        struct bytes at = buf_bytes(&b), v;
        unsigned count = 0;
        for (bool done = false;; count++) {
                assert_int_equal(json_next_element(&at, &v, &done), OK);
                if (done)
                        break;
                assert_true(bytes_is(v, "0"));
        }
        assert_int_equal(count, 10001);
        buf_clear(&b);
}

static void test_takes(void **state)
{
        (void)state;
        struct bytes in = bytes_text("\"a\\\\\",-7,[1,{}]x"), out;
        int64_t v = 0;
        assert_int_equal(json_take_int(&in, &v), ERR_JSON);
        assert_int_equal(json_take_string(&in, &out), OK);
        assert_true(bytes_is(out, "a\\\\"));
        assert_int_equal(json_take_value(&in, &out), ERR_JSON);
        assert_int_equal(bytes_take_text(&in, ","), OK);
        assert_int_equal(json_take_string(&in, &out), ERR_JSON);
        assert_int_equal(json_take_int(&in, &v), OK);
        assert_int_equal(v, -7);
        assert_int_equal(bytes_take_text(&in, ","), OK);
        assert_int_equal(json_take_value(&in, &out), OK);
        assert_true(bytes_is(out, "[1,{}]") && bytes_is(in, "x"));
}

static void test_wholes_and_forms(void **state)
{
        (void)state;
        static const struct {
                const char *text;
                enum json_form form;
        } known[] = {
            {"\"a\"", JSON_IS_STRING}, {"1", JSON_IS_INT},     {"-1", JSON_IS_INT},   {"true", JSON_IS_TRUE},
            {"false", JSON_IS_FALSE},  {"null", JSON_IS_NULL}, {"[]", JSON_IS_ARRAY}, {"{}", JSON_IS_OBJECT},
        };
        enum json_form form;
        struct bytes s = bytes_text("kept");
        int64_t v = 99;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
                struct bytes text = bytes_text(known[i].text);
                assert_int_equal(json_form_of(text, &form), OK);
                assert_int_equal(form, known[i].form);
                assert_int_equal(json_whole_int(text, &v), form == JSON_IS_INT ? OK : ERR_JSON);
                if (form != JSON_IS_STRING)
                        assert_int_equal(json_whole_string(text, &s), ERR_JSON);
        }
        assert_int_equal(v, -1);
        assert_true(bytes_is(s, "kept"));
        assert_int_equal(json_whole_string(bytes_text("\"a\""), &s), OK);
        assert_true(bytes_is(s, "a"));
        assert_int_equal(json_whole_string(bytes_text("\"a\"x"), &s), ERR_JSON);
        assert_int_equal(json_whole_int(bytes_text("1x"), &v), ERR_JSON);
        assert_int_equal(json_whole_int(bytes_text("1.0"), &v), ERR_JSON);
        assert_int_equal(json_form_of(bytes_text(""), &form), ERR_JSON);
        assert_int_equal(json_form_of(bytes_text(" 1"), &form), ERR_JSON);
        assert_int_equal(json_form_of(bytes_text("x"), &form), ERR_JSON);
}

static void test_walk(void **state)
{
        (void)state;
        static const char *const names[] = {"a", "b\\\"", "c", ""};
        static const char *const values[] = {"1", "[2,\"],}\"]", "{\"d\":{\"a\":3}}", "\"x,y\""};
        struct bytes at = bytes_text("{\"a\":1,\"b\\\"\":[2,\"],}\"],\"c\":{\"d\":{\"a\":3}},\"\":\"x,y\"}"),
                     name, v;
        bool done = false;
        assert_int_equal(json_check(at), OK);
        for (size_t i = 0; i < 4; i++) {
                assert_int_equal(json_next_member(&at, &name, &v, &done), OK);
                assert_false(done);
                assert_true(bytes_is(name, names[i]) && bytes_is(v, values[i]));
        }
        assert_int_equal(json_next_member(&at, &name, &v, &done), OK);
        assert_true(done);
        for (size_t i = 0; i < 2; i++) {
                static const char *const empty[] = {"{}", "[]"};
                at = bytes_text(empty[i]);
                assert_int_equal(
                    i == 0 ? json_next_member(&at, &name, &v, &done) : json_next_element(&at, &v, &done), OK);
                assert_true(done);
        }
}

/* Things that json_check would not have let pass: an error, and never a read beyond. */
static void test_walk_of_what_was_not_checked(void **state)
{
        (void)state;
        static const char *const member[] = {"",         "1",         "[]",       "{",   "{\"a\"", "{\"a\":",
                                             "{\"a\":[", "{\"a\":\"", "{\"a\"1}", "{}x", "{,}",    "{1:2}"};
        static const char *const element[] = {"", "1", "{}", "[", "[,", "[\"", "[{", "[]x", "[,1]"};
        struct bytes name, v, at;
        bool done;
        for (size_t i = 0; i < sizeof member / sizeof member[0]; i++) {
                at = bytes_text(member[i]);
                assert_int_equal(json_next_member(&at, &name, &v, &done), ERR_JSON);
                assert_true(bytes_is(at, member[i]));
        }
        for (size_t i = 0; i < sizeof element / sizeof element[0]; i++) {
                at = bytes_text(element[i]);
                assert_int_equal(json_next_element(&at, &v, &done), ERR_JSON);
                assert_true(bytes_is(at, element[i]));
        }
}

static void test_member(void **state)
{
        (void)state;
        struct bytes object = bytes_text("{\"aa\":1,\"a\":{\"b\":2},\"c\\\\\":3}"), v = {0};
        assert_int_equal(json_member(object, "a", &v), OK);
        assert_true(bytes_is(v, "{\"b\":2}"));
        assert_int_equal(json_member(object, "c\\\\", &v), OK);
        assert_true(bytes_is(v, "3"));
        assert_int_equal(json_member(object, "b", &v), ERR_ABSENT);
        assert_int_equal(json_member(bytes_text("{}"), "a", &v), ERR_ABSENT);
        assert_int_equal(json_member(bytes_text("[]"), "a", &v), ERR_JSON);
        assert_int_equal(json_member(bytes_text("1"), "a", &v), ERR_JSON);
        assert_true(bytes_is(v, "3"));
}

static void test_unescape(void **state)
{
        (void)state;
        static const char *const bad[] = {"\\",      "a\\n",    "\\u",    "\\u0000",
                                          "\\u0041", "\\u000A", "x\\u00", "\\u001f\\"};
        struct buf b;
        buf_init(&b, 20);
        buf_put_text(&b, "<");
        assert_int_equal(json_unescape(bytes_text("a\\\"b\\\\\\u0001\\u000a\\u001fc"), &b), OK);
        assert_string_equal(buf_text(&b), "<a\"b\\\x01\n\x1f"
                                          "c");
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
                assert_int_equal(json_unescape(bytes_text(bad[i]), &b), ERR_JSON);
        assert_int_equal(json_unescape((struct bytes){0}, &b), OK);
        assert_int_equal(b.n, 9);
        assert_int_equal(json_unescape(bytes_text("0123456789\\\\0"), &b), ERR_TOO_LONG);
        assert_int_equal(b.n, 9);
        buf_clear(&b);
}

static void test_writers(void **state)
{
        (void)state;
        struct buf b;
        buf_init(&b, 200);
        buf_put_text(&b, "{");
        json_put_name(&b, "a\"");
        json_put_string(&b, bytes_text("q\"\\\x01\n\x1f\x7f/\xc3\xa9{"));
        json_put_name(&b, "n");
        json_put_int(&b, -JSON_INT_MAX);
        json_put_name(&b, "o");
        buf_put_text(&b, "{");
        json_put_name(&b, "z");
        json_put_int(&b, 0);
        buf_put_text(&b, "}}");
        assert_string_equal(
            buf_text(&b),
            "{\"a\\\"\":\"q\\\"\\\\\\u0001\\u000a\\u001f\x7f/\xc3\xa9{\",\"n\":-9007199254740991,"
            "\"o\":{\"z\":0}}");
        assert_int_equal(json_check(buf_bytes(&b)), OK);
        buf_clear(&b);
}

static void test_writers_refuse(void **state)
{
        (void)state;
        static const char *const bad[] = {"\xff", "a\xc3", "\xed\xa0\x80", "\xc0\x80"};
        struct buf b;
        buf_init(&b, 200);
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
                json_put_text(&b, bad[i]);
                assert_int_equal(buf_check(&b), ERR_UTF8);
                buf_reset(&b);
        }
        json_put_string(&b, bytes_of("a\0", 2));
        assert_int_equal(buf_check(&b), ERR_UTF8);
        buf_reset(&b);
        json_put_int(&b, (int64_t)JSON_INT_MAX + 1);
        assert_int_equal(buf_check(&b), ERR_JSON);
        buf_reset(&b);
        json_put_int(&b, INT64_MIN);
        assert_int_equal(buf_check(&b), ERR_JSON);
        buf_clear(&b);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_accepted),
            cmocka_unit_test(test_refused),
            cmocka_unit_test(test_prefixes_and_one_more),
            cmocka_unit_test(test_members_are_counted_and_compared),
            cmocka_unit_test(test_long_arrays),
            cmocka_unit_test(test_takes),
            cmocka_unit_test(test_wholes_and_forms),
            cmocka_unit_test(test_walk),
            cmocka_unit_test(test_walk_of_what_was_not_checked),
            cmocka_unit_test(test_member),
            cmocka_unit_test(test_unescape),
            cmocka_unit_test(test_writers),
            cmocka_unit_test(test_writers_refuse),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
