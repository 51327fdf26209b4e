#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/record/paste.h"

static const struct {
        const char *pasted, *address;
} cases[] = {
    {"x.org/a", "x.org/a"},
    {" x.org/a\r\n", "x.org/a"},
    {"\tx.org/a\v\f", "x.org/a"},
    {"<\"x.org/a\">,\n", "x.org/a"},
    {"'x.org/a';", "x.org/a"},
    {"`x.org/a`", "x.org/a"},
    {"(x.org/a)", "x.org/a"},
    {"{x.org/a}", "x.org/a"},
    {"x.org/a)", "x.org/a"},
    {"x.org/(a)", "x.org/(a)"},
    {"(x.org/John_(actor))", "x.org/John_(actor)"},
    {"\xe2\x80\x9cx.org/a\xe2\x80\x9d", "x.org/a"},
    {"\xe2\x80\x98x.org/a\xe2\x80\x99", "x.org/a"},
    {"\xe2\x80\x9ex.org/a\xe2\x80\x9c", "x.org/a"},
    {"\xc2\xabx.org/a\xc2\xbb", "x.org/a"},
    {"\xe2\x80\xb9x.org/a\xe2\x80\xba", "x.org/a"},
    {"\xef\xbb\xbfx.org/a", "x.org/a"},
    {"\xc2\xa0x.org/a\xc2\xa0", "x.org/a"},
    {"\xe2\x80\x8bx.org/a\xe2\x80\x8b", "x.org/a"},
    {"\xe2\x80\xaax.org/a\xe2\x80\xac", "x.org/a"},
    {"\xe2\x81\xa8x.org/a\xe2\x81\xa9", "x.org/a"},
    {"\xe3\x80\x80x.org/a", "x.org/a"},
    {"[2001:db8::7]", "[2001:db8::7]"},
    {"x.org/\xc3\xa9", "x.org/\xc3\xa9"},
    {" \t\"' ", ""},
    {")", ""},
    {"x.org/a.", "x.org/a"},
    {"x.org/?a=b.", "x.org/?a=b"},
    {"(x.org/a).", "x.org/a"},
    {"x.org/a!", "x.org/a"},
    {"x.org/a:", "x.org/a"},
    {"x.org/#!", "x.org/#!"},
    {"x.org/a/..", "x.org/a/.."},
    {"x.org/a/.", "x.org/a/."},
    {"x.org/a...", "x.org/a..."},
    {"", ""},
};

static void what_surrounds_an_address_is_cut(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
                if (!bytes_is(paste_trim(bytes_text(cases[i].pasted)), cases[i].address))
                        fail_msg("%s", cases[i].pasted);
}

/* What is left of `x.org/jane.smith` may be another account. */
static void cut_addresses_are_known(void **state)
{
        (void)state;
        assert_true(paste_is_cut(bytes_text("x.org/ja...")) &&
                    paste_is_cut(bytes_text("x.org/ja\xe2\x80\xa6")));
        assert_false(paste_is_cut(bytes_text("x.org/ja..")) || paste_is_cut(bytes_text("")));
}

static void every_prefix_is_cut_within_itself(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                size_t n = strlen(cases[i].pasted);

                for (size_t length = 0; length <= n; length++) {
                        struct bytes in = bytes_of(cases[i].pasted, length), out = paste_trim(in);

                        assert_true(out.n <= length && out.at >= in.at && out.at + out.n <= in.at + length);
                }
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(what_surrounds_an_address_is_cut),
            cmocka_unit_test(cut_addresses_are_known),
            cmocka_unit_test(every_prefix_is_cut_within_itself),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
