#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/record/address.h"

static enum err parse(const char *text, struct buf *scratch, struct address *a)
{
        return address_parse(bytes_text(text), scratch, a);
}

static void an_address_is_taken_apart(void **state)
{
        struct buf scratch;
        struct address a;

        (void)state;
        buf_init(&scratch, ADDRESS_SCRATCH_MAX);
        assert_int_equal(
            parse("http://Example.ORG:8080/a//b%2fc/./%64?z=1&utm_source=x&a=%41+b#x", &scratch, &a), OK);
        assert_string_equal(a.host, "example.org");
        assert_int_equal(a.port, 8080);
        assert_int_equal(a.segments_n, 3);
        assert_true(bytes_is(a.segment[0], "a") && bytes_is(a.segment[1], "b%2Fc") &&
                    bytes_is(a.segment[2], "d"));
        assert_int_equal(a.fragment_at, ADDRESS_NO_FRAGMENT);
        assert_int_equal(a.parameters_n, 2);
        assert_true(bytes_is(a.parameter[0].name, "a") && bytes_is(a.parameter[0].value, "A%20b"));
        assert_true(bytes_is(a.parameter[1].name, "z") && bytes_is(a.parameter[1].value, "1"));
        assert_int_equal(parse("example.org#!/user/x", &scratch, &a), OK);
        assert_int_equal(a.fragment_at, 0);
        assert_int_equal(a.segments_n, 2);
        buf_clear(&scratch);
}

static void schemes_and_ports(void **state)
{
        static const struct {
                const char *text;
                enum err e;
                unsigned port;
        } cases[] = {
            {"example.org:443", OK, 0},
            {"example.org:8443/x", OK, 8443},
            {"https://example.org:80", OK, 0},
            {"example.org:0443", OK, 0},
            {"example.org:65536", ERR_ADDRESS, 0},
            {"example.org:port", ERR_ADDRESS, 0},
            {"HTTP:example.org", OK, 0},
            {"http:////example.org", OK, 0},
            {"gopher://example.org", ERR_ADDRESS, 0},
            {"data:text/html,x", ERR_ADDRESS, 0},
            {"https://user@example.org", OK, 0},
            {"https://:@example.org", OK, 0},
            {"https://a@b@example.org", ERR_ADDRESS, 0},
            {"https://x.com%2f@example.org", OK, 0},
            {"user@example.org", ERR_ADDRESS, 0},
            {"user@example.org/x", ERR_ADDRESS, 0},
            {"//user@example.org", ERR_ADDRESS, 0},
            {"https://example.org\\x", OK, 0},
            {"https:\\\\example.org\\x", OK, 0},
            {"https://evil.example\\@example.org", ERR_ADDRESS, 0},
            {"https://example.org/\\@evil.example", OK, 0},
            {"https://example.org#@evil.example", OK, 0},
            {"https://example.org?@evil.example", OK, 0},
            {"example.org/a...", ERR_ADDRESS, 0},
            {"2079460000", ERR_ADDRESS, 0},
            {"020.79460000", ERR_ADDRESS, 0},
            {"7700900123/x", ERR_ADDRESS, 0},
            {"https://example.org/a b", ERR_ADDRESS, 0},
            {"https://example.org/a\x7f", ERR_ADDRESS, 0},
        };
        struct buf scratch;

        (void)state;
        buf_init(&scratch, ADDRESS_SCRATCH_MAX);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                struct address a;
                enum err e = parse(cases[i].text, &scratch, &a);

                if (e != cases[i].e ||
                    (e == OK && (a.port != cases[i].port || strcmp(a.host, "example.org") != 0)))
                        fail_msg("%s: %s", cases[i].text, err_row(e)->name);
        }
        buf_clear(&scratch);
}

/* The most that fits, all of it percent-encoded, and one more. */
static void limits(void **state)
{
        char text[ADDRESS_MAX + 2] = "https://example.org/";
        struct buf scratch;
        struct address a;
        size_t from = strlen(text);

        (void)state;
        buf_init(&scratch, ADDRESS_SCRATCH_MAX);
        memset(text + from, '|', sizeof text - from);
        assert_int_equal(address_parse(bytes_of(text, ADDRESS_MAX), &scratch, &a), OK);
        assert_int_equal(a.segment[0].n, 3 * (ADDRESS_MAX - from));
        assert_int_equal(address_parse(bytes_of(text, ADDRESS_MAX + 1), &scratch, &a), ERR_TOO_LONG);
        text[from] = '?';
        for (size_t i = from + 1; i < ADDRESS_MAX; i++)
                text[i] = i % 2 ? 'a' : '&';
        assert_int_equal(address_parse(bytes_of(text, from + 1 + 2 * ADDRESS_PARAMETERS_MAX), &scratch, &a),
                         OK);
        assert_int_equal(a.parameters_n, ADDRESS_PARAMETERS_MAX);
        assert_int_equal(address_parse(bytes_of(text, from + 3 + 2 * ADDRESS_PARAMETERS_MAX), &scratch, &a),
                         ERR_TOO_LONG);
        for (size_t i = from; i < ADDRESS_MAX; i++)
                text[i] = i % 2 ? '/' : 'a';
        assert_int_equal(address_parse(bytes_of(text, from + 2 * ADDRESS_SEGMENTS_MAX), &scratch, &a), OK);
        assert_int_equal(a.segments_n, ADDRESS_SEGMENTS_MAX);
        assert_int_equal(address_parse(bytes_of(text, from + 1 + 2 * ADDRESS_SEGMENTS_MAX), &scratch, &a),
                         ERR_TOO_LONG);
        buf_clear(&scratch);
        buf_init(&scratch, 100);
        assert_int_equal(parse("example.org/x", &scratch, &a), ERR_TOO_LONG);
        buf_clear(&scratch);
}

static void percent_encoding_is_undone(void **state)
{
        struct buf out;

        (void)state;
        buf_init(&out, 100);
        address_decode(bytes_text("a%2Fb%20c%zz%4"), &out);
        assert_true(bytes_is(buf_bytes(&out), "a/b c%zz%4"));
        buf_clear(&out);
}

static void fragments_are_pages_or_places(void **state)
{
        static const struct {
                const char *text;
                size_t segments, parameters, fragment;
        } cases[] = {
            {"example.org/a#top", 1, 0, 3},        {"example.org/a#/b/c", 3, 0, 0},
            {"example.org/a#!/b?c=1", 2, 1, 0},    {"example.org/#p/b", 2, 0, 0},
            {"example.org/a#p/b", 1, 0, 3},        {"example.org/#:~:text=a/b", 0, 0, 11},
            {"example.org/#/b?utm_id=1", 1, 0, 0}, {"example.org/a#", 1, 0, 0},
            {"example.org/a#!", 1, 0, 1},
        };
        struct buf scratch;

        (void)state;
        buf_init(&scratch, ADDRESS_SCRATCH_MAX);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                struct address a;

                assert_int_equal(parse(cases[i].text, &scratch, &a), OK);
                if (a.segments_n != cases[i].segments || a.parameters_n != cases[i].parameters ||
                    a.fragment.n != cases[i].fragment)
                        fail_msg("%s", cases[i].text);
        }
        buf_clear(&scratch);
}

/* Words that say where somebody came from are left out, other values of the same parameters are not. */
static void sources_are_left_out(void **state)
{
        struct buf scratch;
        struct address a;

        (void)state;
        buf_init(&scratch, ADDRESS_SCRATCH_MAX);
        assert_int_equal(
            parse("example.org/a?ref=share&source=Twitter&via=app&si=x&FBCLID=y&hl=cy", &scratch, &a), OK);
        assert_int_equal(a.parameters_n, 1);
        assert_int_equal(parse("example.org/a?ref=12345&source=jane&via=", &scratch, &a), OK);
        assert_int_equal(a.parameters_n, 3);
        buf_clear(&scratch);
}

static void check_any(struct bytes text, struct buf *scratch)
{
        struct address a;
        enum err e = address_parse(text, scratch, &a);

        assert_true(e == OK || e == ERR_ADDRESS || e == ERR_TOO_LONG);
        for (size_t i = 0; e == OK && i < a.segments_n; i++) {
                assert_true(a.segment[i].n > 0 && bytes_utf8_valid(a.segment[i]));
                assert_null(memchr(a.segment[i].at, '/', a.segment[i].n));
        }
}

static void prefixes_and_flips_are_answered(void **state)
{
        static const char good[] = "https://www.example.org:8080/a/b%C3%A9/../c?x=1&y=%2F#!/d/e";
        size_t n = sizeof good - 1;
        char copy[sizeof good];
        struct buf scratch;

        (void)state;
        buf_init(&scratch, ADDRESS_SCRATCH_MAX);
        for (size_t length = 0; length <= n; length++)
                check_any(bytes_of(good, length), &scratch);
        for (size_t bit = 0; bit < 8 * n; bit++) {
                memcpy(copy, good, n);
                copy[bit / 8] = (char)((unsigned char)copy[bit / 8] ^ (1u << bit % 8));
                check_any(bytes_of(copy, n), &scratch);
        }
        buf_clear(&scratch);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(an_address_is_taken_apart),
            cmocka_unit_test(schemes_and_ports),
            cmocka_unit_test(limits),
            cmocka_unit_test(percent_encoding_is_undone),
            cmocka_unit_test(fragments_are_pages_or_places),
            cmocka_unit_test(sources_are_left_out),
            cmocka_unit_test(prefixes_and_flips_are_answered),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
