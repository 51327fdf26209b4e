#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/record/host.h"

/* The names of RFC 3492 section 7.1 and of everyday use; NULL: refused. */
static const struct {
        const char *host, *ascii;
} cases[] = {
    {"example.org", "example.org"},
    {"EXAMPLE.Org.", "example.org"},
    {"a_b.example.org", "a_b.example.org"},
    {"bücher.example", "xn--bcher-kva.example"},
    {"BÜCHER.example", "xn--bcher-kva.example"},
    {"münchen-ost.de", "xn--mnchen-ost-9db.de"},
    {"ليهمابتكلموشعربي؟.example", "xn--egbpdaj6bu4bxfgehfvwxn.example"},
    {"他们为什么不说中文.example", "xn--ihqwcrb4cv8a8dqg056pqjye.example"},
    {"почемужеонинеговорятпорусски.example", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l.example"},
    {"ПРЕЗИДЕНТ.example", "xn--d1abbgf6aiiy.example"},
    {"παράδειγμα.example", "xn--hxajbheg2az3al.example"},
    {"ｅｘａｍｐｌｅ。org", "example.org"},
    {"žluťoučký.example", "xn--luouk-uva4it5a4g.example"},
    {"ŽLUŤOUČKÝ.example", "xn--luouk-uva4it5a4g.example"},
    {"192.0.2.7", "192.0.2.7"},
    {"[2001:DB8::7]", "[2001:db8::7]"},
    {"face\u00adbook\u200b.com", "facebook.com"},
    {"\ufefffacebook.com", "facebook.com"},
    {"face\u200ebook.com", NULL},
    {"face\u202ebook.com", NULL},
    {"face\u200dbook.com", NULL},
    {"face\u3000book.com", NULL},
    {"face\u00a0book.com", NULL},
    {"face\uff0fbook.com", NULL},
    {"\u200b.com", NULL},
    {"f\u0430cebook.com", "xn--fcebook-2fg.com"},
    {"", NULL},
    {".", NULL},
    {"example", NULL},
    {"example.", NULL},
    {".example.org", NULL},
    {"example..org", NULL},
    {"example.org..", NULL},
    {"exa mple.org", NULL},
    {"exa/mple.org", NULL},
    {"exa@mple.org", NULL},
    {"\xff.example", NULL},
    {"192.0.2", NULL},
    {"192.0.2.256", NULL},
    {"192.0.02.1", NULL},
    {"192.0.2.1.1", NULL},
    {"example.7", NULL},
    {"[2001:db8::7/x]", NULL},
};

static void each_host_has_its_form(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                char out[HOST_MAX + 1] = "";
                enum err e = host_to_ascii(bytes_text(cases[i].host), out);

                if (cases[i].ascii == NULL ? e != ERR_ADDRESS || out[0] != '\0'
                                           : e != OK || strcmp(out, cases[i].ascii) != 0)
                        fail_msg("%s: %s %s", cases[i].host, err_row(e)->name, out);
        }
}

static void the_form_is_its_own(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                char out[HOST_MAX + 1] = "";

                if (cases[i].ascii == NULL)
                        continue;
                assert_int_equal(host_to_ascii(bytes_text(cases[i].ascii), out), OK);
                assert_string_equal(out, cases[i].ascii);
        }
}

static void labels_and_names_have_limits(void **state)
{
        char host[400], out[HOST_MAX + 1];

        (void)state;
        memset(host, 'a', sizeof host);
        memcpy(host + LABEL_MAX, ".org", 5);
        assert_int_equal(host_to_ascii(bytes_text(host), out), OK);
        memset(host, 'a', sizeof host);
        memcpy(host + LABEL_MAX + 1, ".org", 5);
        assert_int_equal(host_to_ascii(bytes_text(host), out), ERR_ADDRESS);
        memset(host, 'a', sizeof host);
        for (size_t i = 1; i < sizeof host; i += 2)
                host[i] = '.';
        assert_int_equal(host_to_ascii(bytes_of(host, HOST_MAX), out), OK);
        assert_int_equal(strlen(out), HOST_MAX);
        assert_int_equal(host_to_ascii(bytes_of(host, HOST_MAX + 2), out), ERR_ADDRESS);
        for (size_t i = 0; i + 4 <= 4 * 60; i += 4)
                memcpy(host + i, "\xf0\x9f\x98\x80", 4); /* each a large number in punycode */
        memcpy(host + 4 * 60, ".org", 5);
        assert_int_equal(host_to_ascii(bytes_text(host), out), ERR_ADDRESS);
}

/* Any prefix and any flipped bit: a name in the form, or a refusal. */
static void check_any(struct bytes host)
{
        char out[HOST_MAX + 1] = "", again[HOST_MAX + 1] = "";
        enum err e = host_to_ascii(host, out);

        assert_true(e == OK || (e == ERR_ADDRESS && out[0] == '\0'));
        if (e != OK)
                return;
        assert_int_equal(strspn(out, "abcdefghijklmnopqrstuvwxyz0123456789-_.:[]"), strlen(out));
        assert_int_equal(host_to_ascii(bytes_text(out), again), OK);
        assert_string_equal(again, out);
}

static void prefixes_and_flips_are_answered(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                size_t n = strlen(cases[i].host);
                char copy[200];

                for (size_t length = 0; length <= n; length++)
                        check_any(bytes_of(cases[i].host, length));
                for (size_t bit = 0; bit < 8 * n; bit++) {
                        memcpy(copy, cases[i].host, n);
                        copy[bit / 8] = (char)((unsigned char)copy[bit / 8] ^ (1u << bit % 8));
                        check_any(bytes_of(copy, n));
                }
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(each_host_has_its_form),
            cmocka_unit_test(the_form_is_its_own),
            cmocka_unit_test(labels_and_names_have_limits),
            cmocka_unit_test(prefixes_and_flips_are_answered),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
