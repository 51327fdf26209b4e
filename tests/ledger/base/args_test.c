/* The words of a command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/base/args.h"

#define LIST_MAX 3

struct line {
        const char *data, *policy, *list[LIST_MAX];
        size_t list_n;
        bool json;
        struct args args;
        struct why why;
};

static enum err parse(struct line *l, int argc, const char *const words[])
{
        *l = (struct line){0};
        const struct arg table[] = {
            {.name = "data", .text = &l->data},
            {.name = "data-file", .text = &l->policy},
            {.name = "json", .flag = &l->json},
            {.name = "role", .list = l->list, .list_max = LIST_MAX, .list_n = &l->list_n},
            {.name = NULL}};
        char *argv[ARGS_WORDS_MAX + 2] = {(char *)(uintptr_t) "program"};
        for (int i = 0; i < argc; i++)
                argv[i + 1] = (char *)(uintptr_t)words[i];
        return args_parse(argc + 1, argv, table, &l->args, &l->why);
}
#define PARSE(l, ...)                                                                                        \
        parse((l), (int)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *)),                      \
              (const char *[]){__VA_ARGS__})

static void test_nothing(void **state)
{
        struct line l;
        (void)state;
        assert_int_equal(parse(&l, 0, NULL), OK);
        assert_int_equal(l.args.words_n, 0);
        assert_null(l.data);
}

static void test_options_and_words(void **state)
{
        struct line l;
        (void)state;
        assert_int_equal(PARSE(&l, "one", "--data", "D", "two", "--json", "--role=a", "--role", "b", "three"),
                         OK);
        assert_string_equal(l.data, "D");
        assert_true(l.json);
        assert_null(l.policy);
        assert_int_equal(l.list_n, 2);
        assert_string_equal(l.list[0], "a");
        assert_string_equal(l.list[1], "b");
        assert_int_equal(l.args.words_n, 3);
        assert_string_equal(l.args.words[0], "one");
        assert_string_equal(l.args.words[1], "two");
        assert_string_equal(l.args.words[2], "three");
}

static void test_values(void **state)
{
        struct line l;
        (void)state;
        assert_int_equal(PARSE(&l, "--data="), OK);
        assert_string_equal(l.data, "");
        assert_int_equal(PARSE(&l, "--data=a=b"), OK);
        assert_string_equal(l.data, "a=b");
        assert_int_equal(PARSE(&l, "--data", ""), OK);
        assert_string_equal(l.data, "");
        assert_int_equal(PARSE(&l, "--data", "--json"), OK); /* whatever stands there is the value */
        assert_string_equal(l.data, "--json");
        assert_false(l.json);
        assert_int_equal(PARSE(&l, "--data-file", "F"), OK); /* the longer name is another one */
        assert_null(l.data);
        assert_string_equal(l.policy, "F");
}

static void test_end_of_options(void **state)
{
        struct line l;
        (void)state;
        assert_int_equal(PARSE(&l, "--json", "--", "--data", "--", "-"), OK);
        assert_true(l.json);
        assert_null(l.data);
        assert_int_equal(l.args.words_n, 3);
        assert_string_equal(l.args.words[0], "--data");
        assert_string_equal(l.args.words[1], "--");
        assert_string_equal(l.args.words[2], "-");
}

static void test_a_dash_is_a_word(void **state)
{
        struct line l;
        (void)state;
        assert_int_equal(PARSE(&l, "-", ""), OK);
        assert_int_equal(l.args.words_n, 2);
        assert_string_equal(l.args.words[0], "-");
        assert_string_equal(l.args.words[1], "");
}

static void refused(struct line *l, enum err e, const char *word)
{
        assert_int_equal(e, ERR_USE);
        assert_int_equal(l->why.code, ERR_USE);
        assert_non_null(strstr(l->why.detail, word));
}

static void test_refusals(void **state)
{
        struct line l;
        (void)state;
        refused(&l, PARSE(&l, "--nonsense"), "--nonsense");
        refused(&l, PARSE(&l, "--dat", "x"), "--dat");
        refused(&l, PARSE(&l, "--data-", "x"), "--data-");
        refused(&l, PARSE(&l, "--=x"), "--=x");
        refused(&l, PARSE(&l, "-x"), "-x");
        refused(&l, PARSE(&l, "--data"), "needs a value");
        refused(&l, PARSE(&l, "--role"), "needs a value");
        refused(&l, PARSE(&l, "--json=yes"), "takes no value");
        refused(&l, PARSE(&l, "--data", "a", "--data", "b"), "twice");
        refused(&l, PARSE(&l, "--data=a", "--data=b"), "twice");
        refused(&l, PARSE(&l, "--role=a", "--role=b", "--role=c", "--role=d"), "too often");
}

static void test_as_many_words_as_fit(void **state)
{
        const char *words[ARGS_WORDS_MAX + 1];
        struct line l;
        (void)state;
        for (size_t i = 0; i <= ARGS_WORDS_MAX; i++)
                words[i] = "w";
        assert_int_equal(parse(&l, ARGS_WORDS_MAX, words), OK);
        assert_int_equal(l.args.words_n, ARGS_WORDS_MAX);
        refused(&l, parse(&l, ARGS_WORDS_MAX + 1, words), "too many");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_nothing),
            cmocka_unit_test(test_options_and_words),
            cmocka_unit_test(test_values),
            cmocka_unit_test(test_end_of_options),
            cmocka_unit_test(test_a_dash_is_a_word),
            cmocka_unit_test(test_refusals),
            cmocka_unit_test(test_as_many_words_as_fit),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
