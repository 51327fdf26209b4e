#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "ledger/record/schema_json.h"
#include "schema/fields.h"

static void made(void (*put)(struct buf *), struct buf *out)
{
        buf_init(out, SCHEMA_JSON_MAX);
        put(out);
        assert_int_equal(buf_check(out), OK);
        assert_true(out->n > 1000);
}

/* ENQUIRY_WRITE=1 writes the file anew instead. */
static void compare(const char *path, void (*put)(struct buf *))
{
        bool write = getenv("ENQUIRY_WRITE") != NULL;
        struct buf b;
        FILE *f;

        made(put, &b);
        f = fopen(path, write ? "w" : "r");
        assert_non_null(f);
        if (write) {
                assert_int_equal(fwrite(b.at, 1, b.n, f), b.n);
        } else {
                char *there = malloc(SCHEMA_JSON_MAX);
                size_t n;

                assert_non_null(there);
                n = fread(there, 1, SCHEMA_JSON_MAX, f);
                if (n != b.n || memcmp(there, b.at, n) != 0)
                        print_error("%s is not what the table makes; run this test with ENQUIRY_WRITE=1\n",
                                    path);
                assert_int_equal(n, b.n);
                assert_memory_equal(there, b.at, n);
                free(there);
        }
        assert_int_equal(fclose(f), 0);
        buf_clear(&b);
}

static void the_schema_is_the_one_published(void **state)
{
        (void)state;
        compare(TEST_ROOT "/schema/enquiry.schema.json", schema_json_put);
}

static void the_page_is_the_one_published(void **state)
{
        (void)state;
        compare(TEST_ROOT "/schema/FIELDS.md", schema_json_put_page);
}

static json_t *schema(void)
{
        json_error_t error;
        struct buf b;
        json_t *root;

        made(schema_json_put, &b);
        root = json_loadb((const char *)b.at, b.n, JSON_REJECT_DUPLICATES, &error);
        if (root == NULL)
                fail_msg("line %d: %s", error.line, error.text);
        buf_clear(&b);
        return root;
}

static json_t *definition(json_t *root, const char *ref)
{
        assert_int_equal(strncmp(ref, "#/$defs/", 8), 0);
        return json_object_get(json_object_get(root, "$defs"), ref + 8);
}

static size_t check_refs(json_t *root, json_t *at)
{
        const char *name, *ref = json_string_value(json_object_get(at, "$ref"));
        size_t n = 0, i;
        json_t *child;

        if (ref != NULL) {
                if (definition(root, ref) == NULL)
                        fail_msg("%s leads nowhere", ref);
                n++;
        }
        json_object_foreach(at, name, child) n += check_refs(root, child);
        json_array_foreach(at, i, child) n += check_refs(root, child);
        return n;
}

static void every_reference_leads_somewhere(void **state)
{
        json_t *root = schema();

        (void)state;
        assert_true(check_refs(root, root) > fields_count);
        assert_int_equal(json_object_size(json_object_get(root, "$defs")),
                         KIND_COUNT + fields_count + vocabularies_count);
        json_decref(root);
}

static bool has_required(json_t *kind, json_t *file)
{
        json_t *name, *one;
        size_t i;
        bool any = json_object_get(kind, "anyOf") == NULL;

        json_array_foreach(json_object_get(kind, "required"), i,
                           name) if (json_object_get(file, json_string_value(name)) == NULL) return false;
        json_array_foreach(json_object_get(kind, "anyOf"), i, one) any |=
            json_object_get(file, json_string_value(json_array_get(json_object_get(one, "required"), 0))) !=
            NULL;
        return any;
}

/* The parts of draft 2020-12 that the schema of a word needs. */
static bool is_word(json_t *root, json_t *field, json_t *value)
{
        json_t *one, *vocabulary = definition(root, json_string_value(json_object_get(field, "$ref")));
        size_t i, n = 0;

        json_array_foreach(json_object_get(vocabulary, "oneOf"), i, one) n +=
            (size_t)json_equal(json_object_get(one, "const"), value);
        return n == 1;
}

static bool fits(json_t *root, const char *kind, const char *text)
{
        json_t *k = json_object_get(json_object_get(root, "$defs"), kind), *file = json_loads(text, 0, NULL),
               *value;
        const char *name;
        bool ok;

        assert_non_null(k);
        assert_non_null(file);
        ok = has_required(k, file);
        json_object_foreach(file, name, value)
        {
                json_t *property = json_object_get(json_object_get(k, "properties"), name), *field;

                if (property == NULL) {
                        ok = false;
                        continue;
                }
                field = definition(root, json_string_value(json_object_get(property, "$ref")));
                if (json_object_get(field, "$ref") != NULL && !is_word(root, field, value))
                        ok = false;
        }
        json_decref(file);
        return ok;
}

#define LOOK                                                                                                 \
        "\"url\":\"https://www.facebook.com/"                                                                \
        "westmidlandspolice\",\"purpose_code\":\"trace-suspect\",\"operation\":\"OP-ALDER-1\","              \
        "\"objective\":\"Which town does the account holder say he lives "                                   \
        "in\",\"private_info_likely\":\"yes\",\"f3\":\"no\","
static void the_published_examples_fit(void **state)
{
        json_t *root = schema();

        (void)state;
        assert_true(fits(root, "enquiry.intent", "{" LOOK "\"f5\":\"no\",\"subject_category\":\"suspect\"}"));
        assert_true(fits(root, "enquiry.activity",
                         "{\"result\":\"nothing-found\",\"ended_at\":\"2026-11-23T10:04:00Z\"}"));
        assert_true(fits(root, "enquiry.activity",
                         "{" LOOK
                         "\"f5\":\"no\",\"subject_category\":\"suspect\",\"result\":\"wrong-person\"}"));
        assert_false(
            fits(root, "enquiry.intent", "{" LOOK "\"f5\":\"maybe\",\"subject_category\":\"suspect\"}"));
        assert_false(fits(root, "enquiry.intent", "{" LOOK "\"subject_category\":\"suspect\"}"));
        assert_false(fits(root, "enquiry.intent",
                          "{" LOOK
                          "\"f5\":\"no\",\"subject_category\":\"suspect\",\"result\":\"captured\"}"));
        assert_false(fits(root, "enquiry.intent",
                          "{\"operation\":\"A\",\"private_info_likely\":\"no\",\"f3\":\"no\",\"f5\":\"no\","
                          "\"subject_category\":\"public\"}"));
        assert_false(fits(root, "enquiry.activity", "{\"ended_at\":\"2026-11-23T10:04:00Z\"}"));
        json_decref(root);
}

static void a_buf_too_small_says_so(void **state)
{
        void (*const put[])(struct buf *) = {schema_json_put, schema_json_put_page};
        struct buf b;

        (void)state;
        for (size_t i = 0; i < 2; i++) {
                buf_init(&b, 1000);
                put[i](&b);
                assert_int_equal(buf_check(&b), ERR_TOO_LONG);
                buf_clear(&b);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(the_schema_is_the_one_published),
            cmocka_unit_test(the_page_is_the_one_published),
            cmocka_unit_test(every_reference_leads_somewhere),
            cmocka_unit_test(the_published_examples_fit),
            cmocka_unit_test(a_buf_too_small_says_so),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
