#include "sample.h"

static const struct vocabulary *some_vocabulary(void)
{
        assert_true(vocabularies_count > 0);
        assert_true(vocabularies[0]->count >= 2);
        return vocabularies[0];
}

static enum err check(enum field_type type, size_t max, const char *value)
{
        const struct field f = {.name = "f", .type = type, .max = max, .vocabulary = some_vocabulary()};
        struct why why = {0};
        enum err e = field_check(&f, bytes_text(value), &why);

        assert_int_equal(why.code, e);
        assert_int_equal(why.detail[0] != '\0', e != OK);
        return e;
}

static void texts(void **state)
{
        (void)state;
        assert_ok(check(FIELD_TEXT, 3, "\"\""));
        assert_ok(check(FIELD_TEXT, 3, "\"abc\""));
        assert_ok(check(FIELD_TEXT, 3, "\"   \""));
        assert_err(check(FIELD_TEXT, 3, "\"abcd\""), ERR_FIELD_VALUE);
        assert_ok(check(FIELD_TEXT, 3, "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x8e\""));
        assert_err(check(FIELD_TEXT, 2, "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x8e\""), ERR_FIELD_VALUE);
        assert_ok(check(FIELD_TEXT, 3, "\"\\\"\\\\\\u0001\""));
        assert_err(check(FIELD_TEXT, 2, "\"\\\"\\\\\\u0001\""), ERR_FIELD_VALUE);
        assert_err(check(FIELD_TEXT, 9, "\"\\n\""), ERR_FIELD_VALUE);
        assert_err(check(FIELD_TEXT, 9, "\"\xff\""), ERR_FIELD_VALUE);
        assert_err(check(FIELD_TEXT, 9, "1"), ERR_FIELD_VALUE);
        assert_err(check(FIELD_TEXT, 9, "null"), ERR_FIELD_VALUE);
        assert_err(check(FIELD_TEXT, 9, "\"a\" "), ERR_FIELD_VALUE);
        assert_err(check(FIELD_TEXT, 9, ""), ERR_FIELD_VALUE);
}

static void words(void **state)
{
        const char *one = some_vocabulary()->words[0].word, *two = some_vocabulary()->words[1].word;
        struct buf value;

        (void)state;
        buf_init(&value, 4096);
#define CHECK(type, error, ...)                                                                              \
        buf_reset(&value);                                                                                   \
        buf_put_format(&value, __VA_ARGS__);                                                                 \
        assert_err(check(type, 0, buf_text(&value)), error)
        CHECK(FIELD_WORD, OK, "\"%s\"", one);
        CHECK(FIELD_WORD, ERR_FIELD_WORD, "\"%sx\"", one);
        CHECK(FIELD_WORD, ERR_FIELD_WORD, "\"%s\"", "");
        CHECK(FIELD_WORD, ERR_FIELD_VALUE, "[\"%s\"]", one);
        CHECK(FIELD_WORDS, OK, "[%s]", "");
        CHECK(FIELD_WORDS, OK, "[\"%s\"]", one);
        CHECK(FIELD_WORDS, OK, "[\"%s\",\"%s\"]", two, one);
        CHECK(FIELD_WORDS, ERR_FIELD_VALUE, "[\"%s\",\"%s\",\"%s\"]", one, two, one);
        CHECK(FIELD_WORDS, ERR_FIELD_WORD, "[\"%s\",\"nowhere\"]", one);
        CHECK(FIELD_WORDS, ERR_FIELD_VALUE, "\"%s\"", one);
        CHECK(FIELD_WORDS, ERR_FIELD_VALUE, "[\"%s\", \"x\"]", one);
#undef CHECK
        buf_clear(&value);
}

static void others(void **state)
{
        (void)state;
        assert_ok(check(FIELD_LIST, 2, "[]"));
        assert_ok(check(FIELD_LIST, 2, "[\"ab\",\"ab\"]"));
        assert_err(check(FIELD_LIST, 2, "[\"abc\"]"), ERR_FIELD_VALUE);
        assert_err(check(FIELD_LIST, 2, "[1]"), ERR_FIELD_VALUE);
        assert_ok(check(FIELD_INT, 7, "0"));
        assert_ok(check(FIELD_INT, 7, "7"));
        assert_err(check(FIELD_INT, 7, "8"), ERR_FIELD_VALUE);
        assert_err(check(FIELD_INT, 7, "-1"), ERR_FIELD_VALUE);
        assert_err(check(FIELD_INT, 7, "1.0"), ERR_FIELD_VALUE);
        assert_err(check(FIELD_INT, 7, "\"1\""), ERR_FIELD_VALUE);
        assert_ok(check(FIELD_TIME, 0, "\"2026-11-23T10:04:00Z\""));
        assert_ok(check(FIELD_TIME, 0, "\"2026-11-23T10:04:00.25Z\""));
        assert_err(check(FIELD_TIME, 0, "\"2026-11-23\""), ERR_FIELD_VALUE);
        assert_err(check(FIELD_TIME, 0, "\"2026-11-23T10:04:00\""), ERR_FIELD_VALUE);
        assert_err(check(FIELD_TIME, 0, "\"2026-11-23T10:04:00z\""), ERR_FIELD_VALUE);
        assert_err(check(FIELD_TIME, 0, "\"2026-11-23 10:04:00Z\""), ERR_FIELD_VALUE);
        assert_err(check(FIELD_TIME, 0, "\"2026-11-23T10:04:00+00:00\""), ERR_FIELD_VALUE);
        assert_err(check(FIELD_TIME, 0, "\"2026-02-30T10:04:00Z\""), ERR_FIELD_VALUE);
        assert_err(check(FIELD_TIME, 0, "1795453200"), ERR_FIELD_VALUE);
        assert_ok(check(FIELD_OBJECT, 0, "{\"a\":[1]}"));
        assert_err(check(FIELD_OBJECT, 0, "[]"), ERR_FIELD_VALUE);
        assert_err(check(FIELD_OBJECT, 0, "{\"a\":1,\"a\":1}"), ERR_FIELD_VALUE);
        assert_ok(check(FIELD_OBJECTS, 0, "[{},{\"a\":1}]"));
        assert_err(check(FIELD_OBJECTS, 0, "[{},1]"), ERR_FIELD_VALUE);
        assert_err(check(FIELD_OBJECTS, 0, "{}"), ERR_FIELD_VALUE);
}

static void longest(void **state)
{
        static char value[FIELD_VALUE_MAX + 2];

        (void)state;
        memset(value, 'a', sizeof value);
        value[0] = value[FIELD_VALUE_MAX - 1] = '"';
        value[FIELD_VALUE_MAX] = '\0';
        assert_ok(check(FIELD_TEXT, FIELD_VALUE_MAX, value));
        value[FIELD_VALUE_MAX - 1] = 'a';
        value[FIELD_VALUE_MAX] = '"';
        value[FIELD_VALUE_MAX + 1] = '\0';
        assert_err(check(FIELD_TEXT, FIELD_VALUE_MAX, value), ERR_FIELD_VALUE);
}

/* Each kind: its required fields make it whole, and without any one of them it is refused, by name. */
static void required(void **state)
{
        static struct body b, less;
        struct buf values;
        size_t tried = 0;

        (void)state;
        buf_init(&values, SUBMISSION_MAX);
        for (unsigned k = 0; k < KIND_COUNT; k++) {
                buf_reset(&values);
                sample_body((enum kind)k, SAMPLE_REQUIRED, &values, &b);
                assert_ok(body_check_fields(&b, NULL));
                for (size_t i = 0; i < b.n; i++) {
                        struct why why = {0};
                        less = b;
                        if (fields[b.field[i].number].type == FIELD_TEXT) {
                                less.field[i].value = bytes_text("\"\"");
                                assert_err(body_check_fields(&less, NULL), ERR_FIELD_MISSING);
                                less = b;
                        }
                        memmove(&less.field[i], &less.field[i + 1], (--less.n - i) * sizeof less.field[0]);
                        assert_err(body_check_fields(&less, &why), ERR_FIELD_MISSING);
                        assert_string_equal(why.detail, fields[b.field[i].number].name);
                        less = b;
                        less.field[i].value = bytes_text("[[]]");
                        assert_err(body_check_fields(&less, NULL), ERR_FIELD_VALUE);
                        less.field[i].state = FIELD_MISSING; /* erased: there, but nobody can look */
                        assert_ok(body_check_fields(&less, NULL));
                        tried++;
                }
        }
        assert_true(tried > 0);
        buf_clear(&values);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(texts),   cmocka_unit_test(words),    cmocka_unit_test(others),
            cmocka_unit_test(longest), cmocka_unit_test(required),
        };
        return cmocka_run_group_tests(tests, sample_setup, NULL);
}
