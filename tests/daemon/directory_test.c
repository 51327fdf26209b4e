/* Names and short names: what is one, which are taken, and that looking up gives what was put in, in whatever
 * order. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "daemon/directory.h"

#define MANY 500

#define assert_ok(call) assert_int_equal((call), OK)

static void put(struct directory *d, uint32_t key, uint32_t member, const char *alias, const char *name)
{
        assert_ok(directory_put(d, key, member, bytes_text(alias), bytes_text(name), bytes_text("")));
}

static void what_an_alias_is(void **state)
{
        static const char *const good[] = {"a", "jb", "jb2", "z99999999999999", "abcdefghijklmnop"};
        static const char *const bad[] = {
            "", "2jb", "JB", "j-b", "j b", "j.b", "\xc3\xa9", "abcdefghijklmnopq", "jb\n", "0"};
        (void)state;
        for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
                assert_true(alias_valid(bytes_text(good[i])));
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
                assert_false(alias_valid(bytes_text(bad[i])));
        assert_false(alias_valid(bytes_of("j\0b", 3)));
}

static void an_empty_directory(void **state)
{
        struct directory *d = directory_new();
        uint32_t key = 77;
        (void)state;
        assert_non_null(d);
        assert_false(directory_alias_taken(d, bytes_text("jb")));
        assert_false(directory_key_of_alias(d, bytes_text("jb"), &key));
        assert_int_equal(key, 77);
        assert_string_equal(directory_alias(d, 0), "");
        assert_string_equal(directory_name(d, 0), "");
        assert_string_equal(directory_alias(d, UINT32_MAX), "");
        assert_string_equal(directory_name(d, UINT32_MAX), "");
        directory_free(d);
        directory_free(NULL);
}

static void names_and_aliases(void **state)
{
        struct directory *d = directory_new();
        uint32_t key;
        (void)state;
        put(d, 5, 2, "jb", "Jo Bloggs");
        put(d, 1, 0, "ada", "Ada");
        assert_string_equal(directory_alias(d, 5), "jb");
        assert_string_equal(directory_name(d, 2), "Jo Bloggs");
        assert_string_equal(directory_alias(d, 4), "");
        assert_string_equal(directory_name(d, 1), "");
        assert_true(directory_key_of_alias(d, bytes_text("jb"), &key));
        assert_int_equal(key, 5);
        assert_false(directory_key_of_alias(d, bytes_text("j"), &key));
        assert_false(directory_key_of_alias(d, bytes_text("jb2"), &key));
        /* a new device: another key of the same member, under another short name */
        put(d, 9, 2, "jb2", "Jo Bloggs-Smith");
        assert_string_equal(directory_name(d, 2), "Jo Bloggs-Smith");
        assert_true(directory_key_of_alias(d, bytes_text("jb"), &key));
        assert_int_equal(key, 5);
        /* one that is taken stays where it is, and what is none is none */
        put(d, 10, 3, "jb", "Jane Bond");
        assert_true(directory_key_of_alias(d, bytes_text("jb"), &key));
        assert_int_equal(key, 5);
        assert_string_equal(directory_alias(d, 10), "");
        put(d, 11, 4, "J B", "Jim");
        assert_string_equal(directory_alias(d, 11), "");
        assert_string_equal(directory_name(d, 4), "Jim");
        put(d, 12, 4, "jim", "");
        assert_string_equal(directory_name(d, 4), "Jim");
        directory_free(d);
}

static void one_that_is_free(void **state)
{
        static const struct {
                const char *like, *wanted;
        } rows[] = {{"jb", "jb3"},
                    {"jb2", "jb3"},
                    {"jb77", "jb3"},
                    {"a", "a2"},
                    {"abcdefghijklmnop", "abcdefghij2"},
                    {"x1y9", "x1y2"}};
        struct directory *d = directory_new();
        char out[ALIAS_MAX + 1];
        (void)state;
        put(d, 0, 0, "jb", "");
        put(d, 1, 1, "jb2", "");
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                directory_alias_free(d, bytes_text(rows[i].like), out);
                assert_string_equal(out, rows[i].wanted);
                assert_true(alias_valid(bytes_text(out)));
                assert_false(directory_alias_taken(d, bytes_text(out)));
        }
        /* everybody with the same initials has one of their own */
        for (uint32_t key = 2; key < MANY; key++) {
                directory_alias_free(d, bytes_text("jb"), out);
                put(d, key, key, out, "J B");
                assert_string_equal(directory_alias(d, key), out);
        }
        directory_free(d);
}

static void in_any_order(void **state)
{
        const char *given = getenv("SEED");
        unsigned seed = given != NULL ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
        struct directory *d = directory_new();
        uint32_t order[MANY], key;
        char alias[ALIAS_MAX + 1];
        (void)state;
        (void)printf("SEED=%u\n", seed);
        srand(seed);
        for (uint32_t i = 0; i < MANY; i++)
                order[i] = i;
        for (uint32_t i = MANY - 1; i > 0; i--) {
                uint32_t k = (uint32_t)rand() % (i + 1), was = order[i];
                order[i] = order[k];
                order[k] = was;
        }
        for (uint32_t i = 0; i < MANY; i++) {
                (void)snprintf(alias, sizeof alias, "k%ux", order[i]);
                assert_false(directory_alias_taken(d, bytes_text(alias)));
                put(d, order[i], order[i], alias, alias);
        }
        for (uint32_t i = 0; i < MANY; i++) {
                (void)snprintf(alias, sizeof alias, "k%ux", i);
                assert_true(directory_key_of_alias(d, bytes_text(alias), &key));
                assert_int_equal(key, i);
                assert_string_equal(directory_name(d, i), alias);
        }
        directory_free(d);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(what_an_alias_is),  cmocka_unit_test(an_empty_directory),
            cmocka_unit_test(names_and_aliases), cmocka_unit_test(one_that_is_free),
            cmocka_unit_test(in_any_order),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
