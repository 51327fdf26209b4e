#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "daemon/http.h"

#define G "GET / HTTP/1.1\r\n"
#define P "POST /v1/statements HTTP/1.1\r\n"
#define H "Host: ledger.example\r\n"
#define E "\r\n"

/* A head with NULs in it has its length; the others end at the first. */
struct row {
        const char *head;
        enum err expected;
        size_t n;
};

static const struct row rows[] = {
    /* good */
    {G H E, OK, 0},
    {"GET /v1/checkpoint HTTP/1.1\r\nHost: 127.0.0.1:7443\r\n\r\n", OK, 0},
    {"GET / HTTP/1.1\r\nhOsT:[::1]:7443\r\n\r\n", OK, 0},
    {"GET /tile/0/x001/x234/067.p/12 HTTP/1.1\r\n" H E, OK, 0},
    {"GET /v1/entries?from=1&to=20 HTTP/1.1\r\n" H E, OK, 0},
    {"GET /v1/entries? HTTP/1.1\r\n" H E, OK, 0},
    {"GET /a/?q=a/b?c HTTP/1.1\r\n" H E, OK, 0},
    {"GET /a-b_c~d!$&'()*+,;=:@ HTTP/1.1\r\n" H E, OK, 0},
    {"GET /... HTTP/1.1\r\n" H E, OK, 0},
    {P H "Content-Length: 0\r\n\r\n", OK, 0},
    {P H "Content-Length: 18446744073709551615\r\n\r\n", OK, 0},
    {P H "content-LENGTH:\t 700 \t\r\nContent-Type: application/sd-jwt\r\n\r\n", OK, 0},
    {"PUT /v1/annex HTTP/1.1\r\n" H "Content-Length: 5\r\n\r\n", OK, 0},
    {P H "Content-Length: 5\r\nExpect: 100-Continue\r\n\r\n", OK, 0},
    {G H "Content-Length: 0\r\n\r\n", OK, 0},
    {G H "Connection: keep-alive\r\n\r\n", OK, 0},
    {G H "Connection: Keep-Alive, CLOSE\r\n\r\n", OK, 0},
    {G H "Connection: ,\r\n\r\n", OK, 0},
    {G H "X-Empty:\r\n\r\n", OK, 0},
    {G H "X-Tab:\ta\tb\t\r\n\r\n", OK, 0},
    {G H "Accept: a\r\nAccept: b\r\n\r\n", OK, 0},
    {"DELETE /v1/entries HTTP/1.1\r\n" H E, OK, 0},
    {"get / HTTP/1.1\r\n" H E, OK, 0},
    {"OPTIONS / HTTP/1.1\r\n" H E, OK, 0},

    /* not there yet */
    {"", ERR_ABSENT, 0},
    {"\r", ERR_ABSENT, 0},
    {"G", ERR_ABSENT, 0},
    {G H "\r", ERR_ABSENT, 0},
    {G H, ERR_ABSENT, 0},

    /* how long the body is, said in two ways or none */
    {P H "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5\r\ncontent-length: 5\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5, 5\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5 5\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: +5\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: -1\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 05\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 0x5\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5.0\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 1e3\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: \"5\"\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length:\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 18446744073709551616\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 99999999999999999999999\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: five\r\n\r\n", ERR_HTTP, 0},
    {G H "Content-Length: 5\r\n\r\n", ERR_HTTP, 0},
    {P H E, ERR_LENGTH, 0},
    {"PUT /v1/annex HTTP/1.1\r\n" H E, ERR_LENGTH, 0},
    {P H "Content_Length: 5\r\n\r\n", ERR_LENGTH, 0},

    /* Transfer-Encoding in every dress */
    {P H "Transfer-Encoding: chunked\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", ERR_HTTP, 0},
    {P H "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5\r\nTransfer-Encoding: identity\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5\r\ntransfer-encoding:\tCHUNKED\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5\r\nTransfer-Encoding: xchunked\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5\r\nTransfer-Encoding:\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5\r\nTransfer-Encoding : chunked\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5\r\n Transfer-Encoding: chunked\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5\r\nX: y\r\n\tTransfer-Encoding: chunked\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5\r\nX: y\nTransfer-Encoding: chunked\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5\r\nX: y\rTransfer-Encoding: chunked\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5\r\nTransfer-Encoding\x0b: chunked\r\n\r\n", ERR_HTTP, 0},
    {G H "Transfer-Encoding: chunked\r\n\r\n", ERR_HTTP, 0},

    /* white space and lines */
    {P H "Content-Length : 5\r\n\r\n", ERR_HTTP, 0},
    {P H " Content-Length: 5\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5\r\n 6\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length:\r\n 5\r\n\r\n", ERR_HTTP, 0},
    {"GET / HTTP/1.1\nHost: a\n\n", ERR_HTTP, 0},
    {"GET / HTTP/1.1\r\nHost: a\n\r\n", ERR_HTTP, 0},
    {"GET / HTTP/1.1\r\nHost: a\r\n\n", ERR_HTTP, 0},
    {"GET / HTTP/1.1\rHost: a\r\r", ERR_HTTP, 0},
    {"GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", ERR_HTTP, 0},
    {"\nGET / HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"\r\nGET / HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"\r\n\r\n", ERR_HTTP, 0},
    {" GET / HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET  / HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET /  HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET / HTTP/1.1 \r\n" H E, ERR_HTTP, 0},
    {"GET\t/\tHTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET / HTTP/1.1\r\n\tHost: a\r\n\r\n", ERR_HTTP, 0},

    /* bytes that have no place in a head */
    {"GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", ERR_HTTP, 35},
    {"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", ERR_HTTP, 28},
    {"\0", ERR_HTTP, 1},
    {G H "X: \x01\r\n\r\n", ERR_HTTP, 0},
    {G H "X: \x7f\r\n\r\n", ERR_HTTP, 0},
    {G H "X: \x1b[2J\r\n\r\n", ERR_HTTP, 0},
    {G H "X: \xc3\xa9\r\n\r\n", ERR_HTTP, 0},
    {G H "X\xff: a\r\n\r\n", ERR_HTTP, 0},
    {"\x16\x03\x01\x02\x00\x01", ERR_HTTP, 6},

    /* headers */
    {G E, ERR_HTTP, 0},
    {G H H E, ERR_HTTP, 0},
    {G "Host: a\r\nhost: b\r\n\r\n", ERR_HTTP, 0},
    {G "Host:\r\n\r\n", ERR_HTTP, 0},
    {G "Host: a b\r\n\r\n", ERR_HTTP, 0},
    {G "Host: a/b\r\n\r\n", ERR_HTTP, 0},
    {G "Host: user@a\r\n\r\n", ERR_HTTP, 0},
    {G "Host: a, b\r\n\r\n", ERR_HTTP, 0},
    {G H "no colon\r\n\r\n", ERR_HTTP, 0},
    {G H ": empty\r\n\r\n", ERR_HTTP, 0},
    {G H "a b: c\r\n\r\n", ERR_HTTP, 0},
    {G H "(a): c\r\n\r\n", ERR_HTTP, 0},
    {G H "Connection: clo se\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5\r\nExpect: 200-ok\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5\r\nExpect:\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5\r\nExpect: 100-continue\r\nExpect: 100-continue\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5\r\nContent-Type: a/b\r\nContent-Type: c/d\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5\r\nContent-Type:\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5\r\nContent-Type: text\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5\r\nContent-Type: a/b/c\r\n\r\n", ERR_HTTP, 0},
    {P H "Content-Length: 5\r\nContent-Type: /b\r\n\r\n", ERR_HTTP, 0},

    /* targets */
    {"GET http://ledger.example/ HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET //ledger.example/ HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET ledger.example HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET * HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"OPTIONS * HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET ?a=b HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET  HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET /%2e%2e/ HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET /a?b=%00 HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET /a#b HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET /a\\b HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET /a\"b HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET /a{b} HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET /../etc/passwd HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET /a/.. HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET /./a HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET /a/. HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET /a//b HTTP/1.1\r\n" H E, ERR_HTTP, 0},

    /* methods and versions */
    {"HEAD / HTTP/1.1\r\n" H E, ERR_METHOD, 0},
    {"TRACE / HTTP/1.1\r\n" H E, ERR_METHOD, 0},
    {"CONNECT /a HTTP/1.1\r\n" H E, ERR_METHOD, 0},
    {"CONNECT a:443 HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"HEAD / HTTP/1.1\r\n" E, ERR_HTTP, 0},
    {"G<T / HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG / HTTP/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET / HTTP/1.0\r\n" H E, ERR_HTTP, 0},
    {"GET / HTTP/2.0\r\n" H E, ERR_HTTP, 0},
    {"GET / HTTP/1.10\r\n" H E, ERR_HTTP, 0},
    {"GET / http/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET / HTTP/ 1.1\r\n" H E, ERR_HTTP, 0},
    {"GET / HTTPS/1.1\r\n" H E, ERR_HTTP, 0},
    {"GET /\r\n" H E, ERR_HTTP, 0},
    {"GET\r\n" H E, ERR_HTTP, 0},
    {"PRI * HTTP/2.0\r\n\r\n", ERR_HTTP, 0},
};
#define ROWS (sizeof rows / sizeof rows[0])

static struct bytes row_bytes(const struct row *r)
{
        return r->n > 0 ? bytes_of(r->head, r->n) : bytes_text(r->head);
}

/* A copy of exactly that many bytes on the heap, so that reading past them is seen. */
static enum err take(struct bytes in, struct http_head *out, size_t *out_used)
{
        uint8_t *copy = malloc(in.n > 0 ? in.n : 1);
        assert_non_null(copy);
        if (in.n > 0)
                memcpy(copy, in.at, in.n);
        enum err e = http_head_take(bytes_of(copy, in.n), out, out_used);
        free(copy);
        return e;
}

static void test_rows(void **state)
{
        (void)state;
        for (size_t i = 0; i < ROWS; i++) {
                struct http_head head, before;
                size_t used = 77;
                memset(&head, 0x5a, sizeof head);
                before = head;
                struct bytes in = row_bytes(&rows[i]);
                enum err e = take(in, &head, &used);
                if (e != rows[i].expected)
                        fail_msg("row %zu: %s instead of %s:\n%s", i, err_row(e)->name,
                                 err_row(rows[i].expected)->name, rows[i].head);
                assert_int_equal(used, e ? 77 : in.n);
                if (e)
                        assert_memory_equal(&head, &before, sizeof head);
        }
}

static void test_prefixes(void **state)
{
        (void)state;
        for (size_t i = 0; i < ROWS; i++) {
                struct bytes in = row_bytes(&rows[i]);
                struct http_head head;
                size_t used;
                if (rows[i].expected)
                        continue;
                for (size_t n = 0; n < in.n; n++)
                        assert_int_equal(take(bytes_of(in.at, n), &head, &used), ERR_ABSENT);
        }
}

/* What follows the head is not looked at, whatever it is. */
static void test_more(void **state)
{
        (void)state;
        for (size_t i = 0; i < ROWS; i++) {
                uint8_t longer[1024];
                struct bytes in = row_bytes(&rows[i]);
                struct http_head head;
                size_t used;
                if (rows[i].expected)
                        continue;
                assert_true(in.n < sizeof longer);
                memcpy(longer, in.at, in.n);
                for (unsigned c = 0; c < 256; c++) {
                        longer[in.n] = (uint8_t)c;
                        assert_int_equal(take(bytes_of(longer, in.n + 1), &head, &used), OK);
                        assert_int_equal(used, in.n);
                }
        }
}

/* Whatever is accepted of a damaged head is still within its own promises. */
static void check_promises(const struct http_head *head, size_t used, size_t n)
{
        assert_true(used <= n && used <= HTTP_HEAD_MAX);
        assert_int_equal(head->path[0], '/');
        assert_null(strpbrk(head->path, "%?# \\"));
        assert_null(strpbrk(head->query, "%# \\"));
        if (head->method == HTTP_GET)
                assert_int_equal(head->length, 0);
        if (head->method == HTTP_POST || head->method == HTTP_PUT)
                assert_true(head->has_length);
}

static void test_flips(void **state)
{
        size_t refused = 0;
        (void)state;
        for (size_t i = 0; i < ROWS; i++) {
                uint8_t flipped[1024];
                struct bytes in = row_bytes(&rows[i]);
                if (rows[i].expected)
                        continue;
                memcpy(flipped, in.at, in.n);
                for (size_t bit = 0; bit < in.n * 8; bit++) {
                        struct http_head head;
                        size_t used;
                        flipped[bit / 8] ^= (uint8_t)(1u << (bit % 8));
                        if (take(bytes_of(flipped, in.n), &head, &used) == OK)
                                check_promises(&head, used, in.n);
                        else
                                refused++;
                        flipped[bit / 8] ^= (uint8_t)(1u << (bit % 8));
                }
        }
        assert_true(refused > 1000);
}

static void test_what_is_read(void **state)
{
        static const char text[] =
            "POST /v1/statements?known=12&x=y HTTP/1.1\r\nHost: a:1\r\nContent-Length: 700\r\n"
            "Content-Type: Application/SD-JWT ; charset=utf-8\r\nExpect: 100-continue\r\n"
            "Connection: close\r\n\r\nbody";
        struct http_head head;
        size_t used;
        (void)state;
        assert_int_equal(take(bytes_text(text), &head, &used), OK);
        assert_int_equal(used, sizeof text - 1 - 4);
        assert_int_equal(head.method, HTTP_POST);
        assert_string_equal(head.path, "/v1/statements");
        assert_string_equal(head.query, "known=12&x=y");
        assert_string_equal(head.media, "application/sd-jwt");
        assert_true(head.has_length);
        assert_int_equal(head.length, 700);
        assert_true(head.expects_continue);
        assert_false(head.keep_alive);

        assert_int_equal(take(bytes_text("DELETE / HTTP/1.1\r\n" H E), &head, &used), OK);
        assert_int_equal(head.method, HTTP_OTHER);
        assert_string_equal(head.query, "");
        assert_string_equal(head.media, "");
        assert_false(head.has_length);
        assert_int_equal(head.length, 0);
        assert_false(head.expects_continue);
        assert_true(head.keep_alive);
}

/* A head of n bytes, filled up by a header. */
static void fill(uint8_t *out, size_t n)
{
        memset(out, 'a', n);
        memcpy(out, G H "X: ", sizeof G H "X: " - 1);
        memcpy(out + n - 4, "\r\n\r\n", 4);
}

static void test_limits(void **state)
{
        static uint8_t text[HTTP_HEAD_MAX + 2];
        struct http_head head;
        size_t used;
        (void)state;
        fill(text, HTTP_HEAD_MAX);
        assert_int_equal(take(bytes_of(text, HTTP_HEAD_MAX), &head, &used), OK);
        assert_int_equal(take(bytes_of(text, HTTP_HEAD_MAX - 1), &head, &used), ERR_ABSENT);
        fill(text, HTTP_HEAD_MAX + 1);
        assert_int_equal(take(bytes_of(text, HTTP_HEAD_MAX + 1), &head, &used), ERR_HEAD_TOO_LONG);
        assert_int_equal(take(bytes_of(text, HTTP_HEAD_MAX), &head, &used), ERR_HEAD_TOO_LONG);
        assert_int_equal(take(bytes_of(text, HTTP_HEAD_MAX - 1), &head, &used), ERR_ABSENT);

        for (int query = 0; query < 2; query++)
                for (size_t n = HTTP_PATH_MAX; n <= HTTP_PATH_MAX + 1; n++) {
                        char target[HTTP_PATH_MAX + 8], line[HTTP_PATH_MAX + 200];
                        memset(target, 'a', sizeof target);
                        target[0] = '/';
                        if (query)
                                target[1] = '?';
                        target[query ? n + 2 : n] = '\0';
                        (void)snprintf(line, sizeof line, "GET %s HTTP/1.1\r\n" H E, target);
                        assert_int_equal(take(bytes_text(line), &head, &used),
                                         n > HTTP_PATH_MAX ? ERR_HEAD_TOO_LONG : OK);
                }
        char line[400], media[200];
        for (size_t n = sizeof head.media - 1; n <= sizeof head.media; n++) {
                memset(media, 'a', sizeof media);
                media[3] = '/';
                media[n] = '\0';
                (void)snprintf(line, sizeof line, P H "Content-Length: 1\r\nContent-Type: %s\r\n\r\n", media);
                assert_int_equal(take(bytes_text(line), &head, &used),
                                 n == sizeof head.media ? ERR_HTTP : OK);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_rows),   cmocka_unit_test(test_prefixes),
            cmocka_unit_test(test_more),   cmocka_unit_test(test_flips),
            cmocka_unit_test(test_limits), cmocka_unit_test(test_what_is_read),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
