/* A list of personas: read whole and checked before anything is sent. */
#include "client/persona.h"
#include "tests/client/folder.h"

static void write_file(char path[64], const char *text)
{
        (void)snprintf(path, 64, "/tmp/import-XXXXXX");
        int fd = mkstemp(path);
        assert_true(fd >= 0);
        assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
        (void)close(fd);
}

static enum err read_text(const char *text, struct import *out, struct why *why)
{
        char path[64];
        write_file(path, text);
        enum err e = import_read(path, out, why);
        assert_int_equal(unlink(path), 0);
        return e;
}

static void expect(const struct import_row *r, const char *name, const char *json)
{
        const struct value *v = values_find(&r->values, name);
        if (v == NULL)
                fail_msg("%s is not there", name);
        assert_string_equal(v->json, json);
        assert_int_equal(v->origin, ORIGIN_FILE);
}

static void both_forms(void **state)
{
        static const char *const texts[] = {
            "Ref,Persona Name,assigned_to,persona-platforms\r\n"
            "WREN-1,Ann Other,jb;dh,facebook;x\r\n"
            "WREN-2,\"=cmd|'/c calc'!A1\",,\r\n",
            " [{\"ref\":\"WREN-1\",\"persona_name\":\"Ann "
            "Other\",\"assigned_to\":[\"jb\",\"dh\"],\"platforms\":[\"facebook\",\"x\"]},"
            "{\"persona_ref\":\"WREN-2\",\"name\":\"=cmd|'/c calc'!A1\"}]"};
        (void)state;
        for (size_t i = 0; i < 2; i++) {
                struct import in = {0};
                struct why why = {0};
                if (read_text(texts[i], &in, &why) != OK)
                        fail_msg("%s", why.detail);
                assert_int_equal(in.n, 2);
                assert_string_equal(in.row[0].ref, "WREN-1");
                expect(&in.row[0], "assigned_to", "[\"jb\",\"dh\"]");
                expect(&in.row[0], "persona_platforms", "[\"facebook\",\"x\"]");
                expect(&in.row[1], "persona_name", "\"=cmd|'/c calc'!A1\"");
                assert_null(values_find(&in.row[1].values, "assigned_to"));
                assert_int_equal(in.row[1].line, i == 0 ? 3 : 2);
                import_clear(&in);
        }
}

static void bad_rows(void **state)
{
        static const struct {
                const char *text;
                enum err code;
                const char *place;
        } rows[] = {
            {"", ERR_FORM, "line 1"},
            {"persona_ref,shoe_size\nW-1,9\n", ERR_FIELD_UNKNOWN, "shoe_size"},
            {"persona_ref,name\nW-1,a\nW-2\n", ERR_FORM, "line 3"},
            {"persona_ref,name\nW-1,a\n\n,b\n", ERR_FIELD_MISSING, "line 4"},
            {"persona_ref\nW-1\nW-2\nW-1\n", ERR_PERSONA_TAKEN, "line 4"},
            {"persona_ref,expires_at\nW-1,tomorrow\n", ERR_TIME, "line 2"},
            {"persona_ref,npcc_level\nW-1,high\n", ERR_FIELD_VALUE, "line 2"},
            {"persona_ref,name\nW-1,\"a\n", ERR_FORM, "line 2"},
            {"[{\"persona_ref\":\"W-1\"},3]", ERR_FILE_FORM, "element 2"},
            {"[{\"persona_ref\":\"W-1\"},\n{\"persona_ref\":}]", ERR_FILE_FORM, "line 2"},
            {"[{\"persona_ref\":\"W-1\",\"shoe\":1}]", ERR_FIELD_UNKNOWN, "element 1"},
        };
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct import in = {0};
                struct why why = {0};
                enum err e = read_text(rows[i].text, &in, &why);
                if (e != rows[i].code || strstr(why.detail, rows[i].place) == NULL)
                        fail_msg("%s: %s, %s", rows[i].text, err_row(e)->name, why.detail);
                assert_int_equal(in.n, 0);
        }
        struct import in = {0};
        struct why why = {0};
        assert_err(import_read("/nowhere/at/all.csv", &in, &why), ERR_ABSENT);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(both_forms),
            cmocka_unit_test(bad_rows),
        };
        return crypto_setup() ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
