/* Every field of a kind as an option; what is typed wins over the file. */
#include "client/flags.h"
#include "tests/client/folder.h"

struct line {
        struct session session;
        struct values values;
        struct flags flags;
        struct args args;
};

static int set_up(void **state)
{
        struct line *l = calloc(1, sizeof *l);
        assert_non_null(l);
        assert_ok(crypto_setup());
        values_init(&l->values, KIND_INTENT);
        *state = l;
        return 0;
}

static int tear_down(void **state)
{
        struct line *l = *state;
        values_clear(&l->values);
        free(l);
        return 0;
}

static enum err parse(struct line *l, int argc, const char *const words[])
{
        char *argv[64] = {(char *)(uintptr_t) "log"};
        for (int i = 0; i < argc; i++)
                argv[i + 1] = (char *)(uintptr_t)words[i];
        return flags_parse(&l->session, argc + 1, argv, &l->values, &l->flags, &l->args);
}
#define PARSE(l, ...)                                                                                        \
        parse((l), (int)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *)),                      \
              (const char *[]){__VA_ARGS__})

static void expect(const struct line *l, const char *name, const char *json, char origin)
{
        const struct value *v = values_find(&l->values, name);
        if (v == NULL)
                fail_msg("%s is not there", name);
        assert_string_equal(v->json, json);
        assert_int_equal(v->origin, origin);
}

static void test_every_field(void **state)
{
        struct line *l = *state;
        for (unsigned kind = 0; kind < KIND_COUNT; kind++)
                for (size_t i = 0; i < fields_count; i++) {
                        char option[100];
                        const char *words[] = {option, "3"};
                        if (!field_has_kind(&fields[i], (enum kind)kind))
                                continue;
                        (void)snprintf(option, sizeof option, "--%s", fields[i].name);
                        for (char *at = option; *at != '\0'; at++)
                                *at = *at == '_' ? '-' : *at;
                        values_clear(&l->values);
                        values_init(&l->values, (enum kind)kind);
                        l->session.why = (struct why){0};
                        enum err e = parse(l, 2, words);
                        if (e == ERR_USE || e == ERR_FIELD_UNKNOWN)
                                fail_msg("%s of %s: %s", option, kind_name((enum kind)kind),
                                         l->session.why.detail);
                        if (fields[i].type == FIELD_TEXT || fields[i].type == FIELD_LIST)
                                assert_ok(e);
                }
}

static void test_short_forms(void **state)
{
        struct line *l = *state;
        assert_ok(PARSE(l, "--aim", "public-safety", "--basis", "common-law policing", "--purpose",
                        "trace-suspect"));
        expect(l, "art8_aim", "\"public-safety\"", ORIGIN_TYPED);
        expect(l, "lawful_basis", "\"common-law policing\"", ORIGIN_TYPED);
        expect(l, "purpose_code", "\"trace-suspect\"", ORIGIN_TYPED);
}

/* What is natural for a grant is another field for an enquiry. */
static void test_short_forms_by_kind(void **state)
{
        struct line *l = *state;
        assert_ok(PARSE(l, "--authority", "URN-1", "--persona", "WREN-2"));
        expect(l, "authority_ref", "\"URN-1\"", ORIGIN_TYPED);
        expect(l, "persona_ref", "\"WREN-2\"", ORIGIN_TYPED);
        values_clear(&l->values);
        values_init(&l->values, KIND_AUTHORITY);
        assert_ok(PARSE(l, "--type", "DSA", "--ref", "URN-1", "--form", "written", "--subject",
                        "https://x.com/a", "--subject", "x:b; x:c", "--ground", "crime-or-disorder", "--at",
                        "2026-11-23T10:04:00Z"));
        expect(l, "authority_type", "\"DSA\"", ORIGIN_TYPED);
        expect(l, "authority_ref", "\"URN-1\"", ORIGIN_TYPED);
        expect(l, "scope_subjects", "[\"https://x.com/a\",\"x:b\",\"x:c\"]", ORIGIN_TYPED);
        expect(l, "cancelled_at", "\"2026-11-23T10:04:00Z\"", ORIGIN_TYPED);
        values_clear(&l->values);
        values_init(&l->values, KIND_PERSONA);
        assert_ok(PARSE(l, "--ref", "WREN-2", "--assigned", "jb", "--assigned", "dh"));
        expect(l, "persona_ref", "\"WREN-2\"", ORIGIN_TYPED);
        expect(l, "assigned_to", "[\"jb\",\"dh\"]", ORIGIN_TYPED);
        values_clear(&l->values);
        values_init(&l->values, KIND_INTENT);
        assert_err(PARSE(l, "--type", "DSA"), ERR_USE);
}

/* Lists may be said in one option or in several. */
static void test_lists(void **state)
{
        struct line *l = *state;
        assert_ok(PARSE(l, "--acknowledge", "D06", "--acknowledge", "P08", "--alternatives", "pnc",
                        "--other-sources", "a, b; c"));
        expect(l, "acknowledged", "[\"D06\",\"P08\"]", ORIGIN_TYPED);
        expect(l, "other_sources", "[\"a, b\",\"c\"]", ORIGIN_TYPED);
        values_clear(&l->values);
        assert_err(PARSE(l, "--acknowledge", "D06", "--acknowledged", "P08"), ERR_USE);
}

static void test_common_options_and_words(void **state)
{
        struct line *l = *state;
        assert_ok(PARSE(l, "--json", "https://x.com/a", "--home", "/h", "--looked", "nothing-found",
                        "--f3=no", "x"));
        assert_true(l->session.json);
        assert_string_equal(l->session.home_given, "/h");
        assert_string_equal(l->flags.looked, "nothing-found");
        assert_int_equal(l->args.words_n, 2);
        assert_string_equal(l->args.words[1], "x");
        expect(l, "f3", "\"no\"", ORIGIN_TYPED);
        assert_int_equal(l->values.n, 1);
}

/* --reason is the reason of the urgency where something is urgent, whichever comes first. */
static void test_reason(void **state)
{
        struct line *l = *state;
        assert_ok(PARSE(l, "--reason", "Because"));
        expect(l, "reason", "\"Because\"", ORIGIN_TYPED);
        values_clear(&l->values);
        assert_ok(PARSE(l, "--reason", "He is armed", "--urgent", "life"));
        expect(l, "urgency_reason_applicant", "\"He is armed\"", ORIGIN_TYPED);
        assert_null(values_find(&l->values, "reason"));
}

static void test_file_below_what_is_typed(void **state)
{
        struct line *l = *state;
        char path[] = "/tmp/flags-XXXXXX";
        int fd = mkstemp(path);
        static const char text[] = "{\"objective\":\"in the file\",\"f3\":\"yes\",\"f5\":\"no\"}";
        assert_true(fd >= 0);
        assert_int_equal(write(fd, text, sizeof text - 1), sizeof text - 1);
        (void)close(fd);
        assert_ok(PARSE(l, "--from", path, "--objective", "typed", "--f3", "no"));
        assert_int_equal(unlink(path), 0);
        expect(l, "objective", "\"typed\"", ORIGIN_TYPED);
        expect(l, "f3", "\"no\"", ORIGIN_TYPED);
        expect(l, "f5", "\"no\"", ORIGIN_FILE);
        assert_err(PARSE(l, "--from", "/nowhere/at/all"), ERR_ABSENT);
}

static void test_refusals(void **state)
{
        static const struct {
                const char *words[4];
                enum err code;
                const char *place;
        } rows[] = {
            {{"--nonsense", "x"}, ERR_USE, "nonsense"},
            {{"--result", "nothing-found"}, ERR_USE, "result"}, /* of another kind */
            {{"--objective"}, ERR_USE, "objective"},
            {{"--objective", "a", "--objective", "b"}, ERR_USE, "twice"},
            {{"--aim", "public-safety", "--art8-aim", "rights-of-others"}, ERR_USE, "art8_aim"},
            {{"--purpose-code", "fishing"}, ERR_FIELD_WORD, "purpose_code"},
            {{"--npcc-level", "high"}, ERR_FIELD_VALUE, "npcc_level"},
        };
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct line *l = *state;
                int n = 0;
                while (n < 4 && rows[i].words[n] != NULL)
                        n++;
                values_clear(&l->values);
                l->session.why = (struct why){0};
                enum err e = parse(l, n, rows[i].words);
                if (e != rows[i].code || strstr(l->session.why.detail, rows[i].place) == NULL)
                        fail_msg("%s: %s, %s", rows[i].words[0], err_row(e)->name, l->session.why.detail);
        }
}

#define LINE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
            LINE(test_every_field),
            LINE(test_short_forms),
            LINE(test_short_forms_by_kind),
            LINE(test_lists),
            LINE(test_common_options_and_words),
            LINE(test_reason),
            LINE(test_file_below_what_is_typed),
            LINE(test_refusals),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
