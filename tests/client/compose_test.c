/* From what a person said to a full set of fields: each value and where it comes from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/compose.h"

#define assert_ok(call)        assert_int_equal((call), OK)
#define assert_err(call, code) assert_int_equal((call), (code))

static const char quick_look[] =
    "{\"url\":\"https://www.facebook.com/westmidlandspolice\",\"purpose_code\":\"trace-suspect\","
    "\"operation\":\"OP-ALDER-1\","
    "\"objective\":\"Which town does the account holder say he lives in\","
    "\"subject_category\":\"suspect\",\"private_info_likely\":\"yes\",\"f3\":\"no\",\"f5\":\"no\"}";

struct sight {
        struct values values;
        struct identity id;
        struct why why;
        json_t *operation;
};

static int set_up(void **state)
{
        struct sight *s = calloc(1, sizeof *s);
        assert_non_null(s);
        assert_ok(crypto_setup());
        values_init(&s->values, KIND_INTENT);
        (void)snprintf(s->id.name, sizeof s->id.name, "Jo Bloggs");
        (void)snprintf(s->id.unit, sizeof s->id.unit, "north");
        s->id.training = 2;
        s->operation =
            json_pack("{ss ss ss ss}", "operation", "OP-ALDER-1", "art8_aim", "public-safety", "lawful_basis",
                      "common-law policing", "justification", "Needed to trace a wanted man");
        assert_non_null(s->operation);
        *state = s;
        return 0;
}

static int tear_down(void **state)
{
        struct sight *s = *state;
        values_clear(&s->values);
        json_decref(s->operation);
        free(s);
        return 0;
}

/* As `--from FILE` reads it. */
static enum err read_text(struct sight *s, struct bytes text)
{
        char path[] = "/tmp/compose-XXXXXX";
        int fd = mkstemp(path);
        assert_true(fd >= 0);
        assert_int_equal(write(fd, text.at, text.n), text.n);
        assert_int_equal(close(fd), 0);
        enum err e = values_read_file(&s->values, path, &s->why);
        assert_int_equal(unlink(path), 0);
        return e;
}

struct row {
        const char *name, *json;
        char origin;
};

/* Exactly these, in whatever order. */
static void expect(const struct sight *s, const struct row rows[], size_t n)
{
        for (size_t i = 0; i < n; i++) {
                const struct value *v = values_find(&s->values, rows[i].name);
                if (v == NULL)
                        fail_msg("%s is missing", rows[i].name);
                if (strcmp(v->json, rows[i].json) != 0 || v->origin != rows[i].origin)
                        fail_msg("%s is %s, %s", rows[i].name, v->json, origin_name(v->origin));
        }
        for (size_t i = 0; i < s->values.n; i++) {
                size_t k = 0;
                while (k < n && strcmp(rows[k].name, s->values.at[i].field->name) != 0)
                        k++;
                if (k == n)
                        fail_msg("%s is there", s->values.at[i].field->name);
        }
}
#define EXPECT(s, ...)                                                                                       \
        do {                                                                                                 \
                static const struct row expected_rows[] = {__VA_ARGS__};                                     \
                expect((s), expected_rows, sizeof expected_rows / sizeof expected_rows[0]);                  \
        } while (0)

static void expect_one(const struct sight *s, const char *name, const char *json, char origin)
{
        const struct value *v = values_find(&s->values, name);
        assert_non_null(v);
        assert_string_equal(v->json, json);
        assert_int_equal(v->origin, origin);
}

static enum err typed(struct sight *s, const char *name, const char *text)
{
        return values_set_text(&s->values, name, text, ORIGIN_TYPED, true, &s->why);
}

static enum err fill(struct sight *s)
{
        return compose_fill(&s->values, &s->id, s->operation, &s->why);
}

/* --- where values come from --- */

static void test_quick_look(void **state)
{
        struct sight *s = *state;
        assert_ok(read_text(s, bytes_text(quick_look)));
        assert_ok(fill(s));
        EXPECT(s, {"url", "\"https://www.facebook.com/westmidlandspolice\"", ORIGIN_FILE},
               {"purpose_code", "\"trace-suspect\"", ORIGIN_FILE},
               {"operation", "\"OP-ALDER-1\"", ORIGIN_FILE},
               {"objective", "\"Which town does the account holder say he lives in\"", ORIGIN_FILE},
               {"subject_category", "\"suspect\"", ORIGIN_FILE},
               {"private_info_likely", "\"yes\"", ORIGIN_FILE}, {"f3", "\"no\"", ORIGIN_FILE},
               {"f5", "\"no\"", ORIGIN_FILE}, {"subject", "\"facebook:westmidlandspolice\"", ORIGIN_ADDRESS},
               {"platform", "\"facebook\"", ORIGIN_ADDRESS},
               {"handle", "\"westmidlandspolice\"", ORIGIN_ADDRESS},
               {"target_kind", "\"account\"", ORIGIN_ADDRESS},
               {"openness", "\"public-login\"", ORIGIN_ADDRESS}, {"le_purpose", "\"detect\"", ORIGIN_PURPOSE},
               {"art8_aim", "\"disorder-or-crime\"", ORIGIN_PURPOSE},
               {"applicant_unit", "\"north\"", ORIGIN_MEMBER},
               {"justification", "\"Needed to trace a wanted man\"", ORIGIN_OPERATION},
               {"lawful_basis", "\"common-law policing\"", ORIGIN_OPERATION},
               {"agency", "\"police\"", ORIGIN_DEFAULT}, {"jurisdiction", "\"EW\"", ORIGIN_DEFAULT},
               {"subject_age_band", "\"unknown\"", ORIGIN_DEFAULT}, {"covert", "\"yes\"", ORIGIN_DEFAULT},
               {"npcc_level", "1", ORIGIN_DEFAULT}, {"engagement_level", "\"passive-view\"", ORIGIN_DEFAULT},
               {"account_attribution", "\"corporate-overt\"", ORIGIN_DEFAULT},
               {"device_class", "\"corporate\"", ORIGIN_DEFAULT}, {"method", "\"manual\"", ORIGIN_DEFAULT},
               {"gsc", "\"OFFICIAL\"", ORIGIN_DEFAULT}, {"f1", "\"yes\"", ORIGIN_COMPUTED},
               {"f2", "\"yes\"", ORIGIN_COMPUTED});
        assert_null(compose_missing(&s->values));
}

/* The body says the same: a default is never shown as the author's own. */
static void test_quick_look_as_a_body(void **state)
{
        struct sight *s = *state;
        struct body *body = calloc(1, sizeof *body);
        struct hash sd[GROUPS_ALL];
        assert_non_null(body);
        assert_ok(read_text(s, bytes_text(quick_look)));
        assert_ok(fill(s));
        assert_ok(compose_body(&s->values, body, &s->why));
        assert_int_equal(body->n, s->values.n);
        for (size_t i = 0; i < body->n; i++) {
                const struct value *v = values_find(&s->values, fields[body->field[i].number].name);
                assert_non_null(v);
                assert_int_equal(body->field[i].origin, v->origin);
                assert_true(bytes_is(body->field[i].value, v->json));
                assert_true(i == 0 || body->field[i].number > body->field[i - 1].number);
        }
        assert_ok(body_digests(body, sd));
        assert_ok(body_check_fields(body, &s->why));
        free(body);
}

static void test_activity_under_an_intent(void **state)
{
        struct sight *s = *state;
        values_init(&s->values, KIND_ACTIVITY);
        assert_ok(
            read_text(s, bytes_text("{\"result\":\"nothing-found\",\"ended_at\":\"2026-11-23T10:04:00Z\"}")));
        EXPECT(s, {"result", "\"nothing-found\"", ORIGIN_FILE},
               {"ended_at", "\"2026-11-23T10:04:00Z\"", ORIGIN_FILE});
        assert_null(compose_missing(&s->values));
}

static void test_typed_before_file_before_operation(void **state)
{
        struct sight *s = *state;
        assert_ok(typed(s, "objective", "Is the shop open"));
        assert_ok(typed(s, "justification", "Mine"));
        assert_ok(read_text(
            s, bytes_text("{\"objective\":\"Who is it\",\"lawful_basis\":\"consent\",\"f3\":\"no\"}")));
        assert_ok(fill(s));
        expect_one(s, "objective", "\"Is the shop open\"", ORIGIN_TYPED);
        expect_one(s, "justification", "\"Mine\"", ORIGIN_TYPED);
        expect_one(s, "lawful_basis", "\"consent\"", ORIGIN_FILE);
        expect_one(s, "f3", "\"no\"", ORIGIN_FILE);
}

static void test_typed_before_address_and_purpose(void **state)
{
        struct sight *s = *state;
        assert_ok(typed(s, "url", "https://x.com/metpoliceuk"));
        assert_ok(typed(s, "openness", "group-open"));
        assert_ok(typed(s, "purpose_code", "trace-suspect"));
        assert_ok(typed(s, "art8_aim", "public-safety"));
        assert_ok(fill(s));
        expect_one(s, "openness", "\"group-open\"", ORIGIN_TYPED);
        expect_one(s, "art8_aim", "\"public-safety\"", ORIGIN_TYPED);
        expect_one(s, "le_purpose", "\"detect\"", ORIGIN_PURPOSE);
        expect_one(s, "subject", "\"x:metpoliceuk\"", ORIGIN_ADDRESS);
}

/* Without a purpose that settles it, the operation does. */
static void test_aim_of_the_operation(void **state)
{
        struct sight *s = *state;
        assert_ok(typed(s, "purpose_code", "other"));
        assert_ok(fill(s));
        expect_one(s, "art8_aim", "\"public-safety\"", ORIGIN_OPERATION);
        assert_null(values_find(&s->values, "le_purpose"));
}

static void test_member_before_default(void **state)
{
        struct sight *s = *state;
        (void)snprintf(s->id.rank, sizeof s->id.rank, "DC");
        (void)snprintf(s->id.agency, sizeof s->id.agency, "local-authority");
        (void)snprintf(s->id.account_attribution, sizeof s->id.account_attribution, "personal");
        assert_ok(fill(s));
        expect_one(s, "applicant_rank", "\"DC\"", ORIGIN_MEMBER);
        expect_one(s, "agency", "\"local-authority\"", ORIGIN_MEMBER);
        expect_one(s, "account_attribution", "\"personal\"", ORIGIN_MEMBER);
        expect_one(s, "device_class", "\"corporate\"", ORIGIN_DEFAULT);
}

static void test_without_an_operation(void **state)
{
        struct sight *s = *state;
        assert_ok(read_text(s, bytes_text(quick_look)));
        assert_ok(compose_fill(&s->values, &s->id, NULL, &s->why));
        assert_null(values_find(&s->values, "justification"));
        expect_one(s, "gsc", "\"OFFICIAL\"", ORIGIN_DEFAULT);
}

/* An operation takes nothing from itself, from purposes or from members but what the table's defaults say. */
static void test_an_operation_itself(void **state)
{
        struct sight *s = *state;
        values_init(&s->values, KIND_OPERATION);
        assert_ok(typed(s, "operation", "OP-ALDER-1"));
        assert_ok(fill(s));
        expect_one(s, "operation", "\"OP-ALDER-1\"", ORIGIN_TYPED);
        assert_null(values_find(&s->values, "art8_aim"));
        assert_null(values_find(&s->values, "justification"));
}

/* --- subjects without an address --- */

static void test_subject_of_a_reference(void **state)
{
        struct sight *s = *state;
        assert_ok(typed(s, "subject_ref", "  NOM 77/B "));
        assert_ok(typed(s, "query_text", "somebody"));
        assert_ok(fill(s));
        expect_one(s, "subject", "\"ref:nom 77/b\"", ORIGIN_COMPUTED);
        expect_one(s, "target_kind", "\"named-person\"", ORIGIN_COMPUTED);
        expect_one(s, "f1", "\"yes\"", ORIGIN_COMPUTED);
        assert_null(values_find(&s->values, "platform"));
}

static void test_subject_of_search_words(void **state)
{
        struct sight *s = *state;
        assert_ok(typed(s, "query_text", "Protest   SATURDAY square"));
        assert_ok(fill(s));
        expect_one(s, "subject", "\"term:protest saturday square\"", ORIGIN_COMPUTED);
        expect_one(s, "target_kind", "\"hashtag/term\"", ORIGIN_COMPUTED);
        assert_null(values_find(&s->values, "f1")); /* not aimed at a person */
}

static void test_address_before_reference(void **state)
{
        struct sight *s = *state;
        assert_ok(typed(s, "url", "https://x.com/metpoliceuk"));
        assert_ok(typed(s, "subject_ref", "NOM 77"));
        assert_ok(fill(s));
        expect_one(s, "subject", "\"x:metpoliceuk\"", ORIGIN_ADDRESS);
}

static void test_subject_said(void **state)
{
        struct sight *s = *state;
        assert_ok(typed(s, "subject", "x:somebody"));
        assert_ok(typed(s, "subject_ref", "NOM 77"));
        assert_ok(fill(s));
        expect_one(s, "subject", "\"x:somebody\"", ORIGIN_TYPED);
}

static void test_no_subject_at_all(void **state)
{
        struct sight *s = *state;
        assert_ok(typed(s, "operation", "OP-ALDER-1"));
        assert_ok(fill(s));
        assert_null(values_find(&s->values, "subject"));
        assert_non_null(compose_missing(&s->values));
}

static void test_reference_of_nothing(void **state)
{
        struct sight *s = *state;
        assert_ok(typed(s, "subject_ref", "   "));
        assert_err(fill(s), ERR_ADDRESS);
        assert_string_equal(s->why.detail, "subject_ref");
}

static void test_address_that_is_none(void **state)
{
        static const char *const bad[] = {"http://", "user@x.com/a", "ftp://x.com/a", "https://x.com/a b",
                                          "not an address"};
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
                struct sight *s = *state;
                s->why = (struct why){0};
                assert_ok(typed(s, "url", bad[i]));
                assert_err(fill(s), ERR_ADDRESS);
                assert_string_equal(s->why.detail, bad[i]);
        }
}

/* --- what people write --- */

static void test_spellings(void **state)
{
        static const struct {
                const char *name, *text, *json;
        } rows[] = {
            {"purpose_code", "Trace-Suspect", "\"trace-suspect\""},
            {"f3", "TRUE", "\"yes\""},
            {"f5", "false", "\"no\""},
            {"f6", "unknown", "\"unsure\""},
            {"npcc_level", "3", "3"},
            {"until_at", "", NULL},
            {"gsc_descriptors", "a, b; c", "[\"a, b\",\"c\"]"},
            {"collateral_minimise", "", "[]"},
        };
        struct sight *s = *state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                enum err e = typed(s, rows[i].name, rows[i].text);
                if (rows[i].json == NULL) {
                        assert_err(e, ERR_FIELD_UNKNOWN);
                        continue;
                }
                assert_ok(e);
                expect_one(s, rows[i].name, rows[i].json, ORIGIN_TYPED);
        }
}

static void test_lists_of_words(void **state)
{
        struct sight *s = *state;
        const struct field *f = field_of_name(KIND_INTENT, "alternatives", strlen("alternatives"));
        char text[200], json[200];
        const char *a = f->vocabulary->words[0].word, *b = f->vocabulary->words[1].word;
        (void)snprintf(text, sizeof text, "%s , %s", a, b);
        (void)snprintf(json, sizeof json, "[\"%s\",\"%s\"]", a, b);
        assert_ok(typed(s, "alternatives", text));
        expect_one(s, "alternatives", json, ORIGIN_TYPED);
        for (char *at = text; *at != '\0'; at++)
                *at = (char)(*at >= 'a' && *at <= 'z' ? *at - 32 : *at);
        assert_ok(typed(s, "alternatives", text));
        expect_one(s, "alternatives", json, ORIGIN_TYPED);
        (void)snprintf(text, sizeof text, "%s,nonsense", a);
        assert_err(typed(s, "alternatives", text), ERR_FIELD_WORD);
}

static void test_times(void **state)
{
        static const char *const same[] = {"2026-11-23T10:04:00Z", "2026-11-23 10:04:00Z",
                                           "2026-11-23T12:04:00+02:00"};
        struct sight *s = *state;
        values_init(&s->values, KIND_ACTIVITY);
        for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
                assert_ok(typed(s, "ended_at", same[i]));
                expect_one(s, "ended_at", "\"2026-11-23T10:04:00Z\"", ORIGIN_TYPED);
        }
        assert_ok(typed(s, "ended_at", "2026-11-23T10:04:00.5Z"));
        expect_one(s, "ended_at", "\"2026-11-23T10:04:00.500000Z\"", ORIGIN_TYPED);
        assert_ok(typed(s, "ended_at", "now"));
        assert_err(typed(s, "ended_at", "yesterday"), ERR_TIME);
        assert_string_equal(s->why.detail, "ended_at");
}

static void test_booleans(void **state)
{
        struct sight *s = *state;
        assert_ok(read_text(s, bytes_text("{\"f3\":true,\"f5\":false,\"notice_given\":false}")));
        EXPECT(s, {"f3", "\"yes\"", ORIGIN_FILE}, {"f5", "\"no\"", ORIGIN_FILE},
               {"notice_given", "\"no\"", ORIGIN_FILE});
}

static void test_files_with_everything(void **state)
{
        struct sight *s = *state;
        assert_ok(read_text(
            s, bytes_text("{\"npcc_level\":3,\"gsc_descriptors\":[\"a\",\"b\"],\"articles_engaged\":[],"
                          "\"linked_profiles\":[{\"platform\":\"x\",\"account\":\"y\",\"n\":[1,{\"z\":2}]}],"
                          "\"objective\":\"caf\\u00e9 \\\"q\\\" \\\\ \\ud83d\\udd0e\"}")));
        EXPECT(
            s, {"npcc_level", "3", ORIGIN_FILE}, {"gsc_descriptors", "[\"a\",\"b\"]", ORIGIN_FILE},
            {"articles_engaged", "[]", ORIGIN_FILE},
            {"linked_profiles", "[{\"platform\":\"x\",\"account\":\"y\",\"n\":[1,{\"z\":2}]}]", ORIGIN_FILE},
            {"objective", "\"caf\xc3\xa9 \\\"q\\\" \\\\ \xf0\x9f\x94\x8e\"", ORIGIN_FILE});
}

/* --- what is not taken: the error, and the place in its detail --- */

static void test_bad_files(void **state)
{
        static const struct {
                const char *text;
                enum err code;
                const char *place;
        } rows[] = {
            {"{\"no_such_field\":\"x\"}", ERR_FIELD_UNKNOWN, "no_such_field"},
            {"{\"result\":\"nothing-found\"}", ERR_FIELD_UNKNOWN, "result"},
            {"{\"purpose_code\":\"fishing\"}", ERR_FIELD_WORD, "purpose_code"},
            {"{\"purpose_code\":true}", ERR_FIELD_WORD, "purpose_code"},
            {"{\"purpose_code\":7}", ERR_FIELD_VALUE, "purpose_code"},
            {"{\"purpose_code\":[\"trace-suspect\"]}", ERR_FIELD_VALUE, "purpose_code"},
            {"{\"objective\":[\"a\"]}", ERR_FIELD_VALUE, "objective"},
            {"{\"objective\":7}", ERR_FIELD_VALUE, "objective"},
            {"{\"objective\":null}", ERR_FIELD_VALUE, "objective"},
            {"{\"objective\":true}", ERR_FIELD_VALUE, "objective"},
            {"{\"objective\":{}}", ERR_FIELD_VALUE, "objective"},
            {"{\"npcc_level\":\"two\"}", ERR_FIELD_VALUE, "npcc_level"},
            {"{\"npcc_level\":1.5}", ERR_FIELD_VALUE, "npcc_level"},
            {"{\"npcc_level\":-1}", ERR_FIELD_VALUE, "npcc_level"},
            {"{\"npcc_level\":6}", ERR_FIELD_VALUE, "npcc_level"},
            {"{\"alternatives\":[7]}", ERR_FIELD_VALUE, "alternatives"},
            {"{\"alternatives\":[\"nonsense\"]}", ERR_FIELD_WORD, "alternatives"},
            {"{\"alternatives\":\"nonsense\"}", ERR_FIELD_VALUE, "alternatives"},
            {"{\"linked_profiles\":[[[[[[[[[[]]]]]]]]]]}", ERR_FIELD_VALUE, "linked_profiles"},
            {"{\"training_expires_at\":\"soon\"}", ERR_TIME, "training_expires_at"},
            {"{\"f3\":\"no\",\"f3\":\"yes\"}", ERR_FILE_FORM, "duplicate"},
            {"{\"objective\":\"a\\u0000b\"}", ERR_FILE_FORM, "line 1"},
            {"{\"objective\":\"a\"} x", ERR_FILE_FORM, "line 1"},
            {"{\"objective\":\"a\"", ERR_FILE_FORM, "line 1"},
            {"{\n\n\"objective\" \"a\"}", ERR_FILE_FORM, "line 3"},
            {"[\"objective\"]", ERR_FILE_FORM, "no object"},
            {"", ERR_FILE_FORM, "line"},
            {"{\"objective\":\"\xff\"}", ERR_UTF8, "/tmp/"},
        };
        struct sight *s = *state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                s->why = (struct why){0};
                enum err e = read_text(s, bytes_text(rows[i].text));
                if (e != rows[i].code || strstr(s->why.detail, rows[i].place) == NULL)
                        fail_msg("%s: %s, %s", rows[i].text, err_row(e)->name, s->why.detail);
        }
}

static void test_too_long(void **state)
{
        struct sight *s = *state;
        char text[400];
        memset(text, 'a', sizeof text);
        text[280] = '\0';
        assert_ok(typed(s, "objective", text));
        text[280] = 'a';
        text[281] = '\0';
        assert_err(typed(s, "objective", text), ERR_FIELD_VALUE);
        assert_non_null(strstr(s->why.detail, "objective"));
}

static void test_file_too_long(void **state)
{
        struct sight *s = *state;
        struct buf text;
        buf_init(&text, 400000);
        buf_put_text(&text, "{\"objective\":\"");
        memset(buf_put_room(&text, 300000), 'a', 300000);
        buf_put_text(&text, "\"}");
        assert_err(read_text(s, buf_bytes(&text)), ERR_TOO_LONG);
        buf_clear(&text);
}

static void test_file_that_is_not_there(void **state)
{
        struct sight *s = *state;
        assert_err(values_read_file(&s->values, "/nowhere/at/all.json", &s->why), ERR_ABSENT);
        assert_string_equal(s->why.detail, "/nowhere/at/all.json");
}

/* A value that was refused leaves what was there. */
static void test_refused_value_changes_nothing(void **state)
{
        struct sight *s = *state;
        assert_ok(typed(s, "purpose_code", "trace-suspect"));
        assert_err(typed(s, "purpose_code", "fishing"), ERR_FIELD_WORD);
        EXPECT(s, {"purpose_code", "\"trace-suspect\"", ORIGIN_TYPED});
}

static void test_missing(void **state)
{
        struct sight *s = *state;
        struct body *body = calloc(1, sizeof *body);
        assert_non_null(body);
        assert_ok(typed(s, "operation", "OP-ALDER-1"));
        assert_ok(fill(s));
        assert_err(compose_body(&s->values, body, &s->why), ERR_FIELD_MISSING);
        assert_non_null(strstr(s->why.detail, compose_missing(&s->values)->name));
        free(body);
}

/* Other people's software would take it for digests. */
static void test_reserved_name(void **state)
{
        struct sight *s = *state;
        struct body *body = calloc(1, sizeof *body);
        assert_non_null(body);
        assert_ok(read_text(s, bytes_text(quick_look)));
        assert_ok(read_text(s, bytes_text("{\"linked_profiles\":[{\"_sd\":\"x\"}]}")));
        assert_ok(fill(s));
        assert_err(compose_body(&s->values, body, &s->why), ERR_FIELD_VALUE);
        assert_string_equal(s->why.detail, "linked_profiles");
        free(body);
}

static void test_text_of_values(void **state)
{
        struct sight *s = *state;
        struct buf text;
        buf_init(&text, 100);
        assert_ok(typed(s, "objective", "say \"hello\""));
        assert_ok(values_text(&s->values, "objective", &text));
        assert_string_equal(buf_text(&text), "say \"hello\"");
        buf_reset(&text);
        assert_ok(values_text(&s->values, "url", &text));
        assert_string_equal(buf_text(&text), "");
        buf_clear(&text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
            TEST(test_quick_look),
            TEST(test_quick_look_as_a_body),
            TEST(test_activity_under_an_intent),
            TEST(test_typed_before_file_before_operation),
            TEST(test_typed_before_address_and_purpose),
            TEST(test_aim_of_the_operation),
            TEST(test_member_before_default),
            TEST(test_without_an_operation),
            TEST(test_an_operation_itself),
            TEST(test_subject_of_a_reference),
            TEST(test_subject_of_search_words),
            TEST(test_address_before_reference),
            TEST(test_subject_said),
            TEST(test_no_subject_at_all),
            TEST(test_reference_of_nothing),
            TEST(test_address_that_is_none),
            TEST(test_spellings),
            TEST(test_lists_of_words),
            TEST(test_times),
            TEST(test_booleans),
            TEST(test_files_with_everything),
            TEST(test_bad_files),
            TEST(test_too_long),
            TEST(test_file_too_long),
            TEST(test_file_that_is_not_there),
            TEST(test_refused_value_changes_nothing),
            TEST(test_missing),
            TEST(test_reserved_name),
            TEST(test_text_of_values),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
