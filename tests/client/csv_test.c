/* Rows as RFC 4180 has them, and what is refused with its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "client/csv.h"

#define assert_ok(call)        assert_int_equal((call), OK)
#define assert_err(call, code) assert_int_equal((call), (code))

/* All cells of a text, `|` between them and a line end after each row, its line before it. */
static enum err joined(struct bytes text, struct buf *out, struct why *why)
{
        struct csv csv;
        struct csv_row row;
        enum err e;
        csv_init(&csv, text);
        csv_row_init(&row);
        while (!(e = csv_next(&csv, &row, why))) {
                buf_put_format(out, "%u:", row.line);
                for (size_t i = 0; i < row.n; i++)
                        buf_put_format(out, "%s%s", i > 0 ? "|" : "", row.cell[i]);
                buf_put_text(out, "\n");
        }
        csv_row_clear(&row);
        return e == ERR_ABSENT ? OK : e;
}

static void rows_and_cells(void **state)
{
        static const struct {
                const char *text, *want;
        } rows[] = {
            {"", ""},
            {"\n\r\n\n", ""},
            {"a,b\n", "1:a|b\n"},
            {"a,b", "1:a|b\n"},
            {"\xef\xbb\xbf"
             "a,b\r\nc,d\r\n",
             "1:a|b\n2:c|d\n"},
            {"a\rb\r", "1:a\n2:b\n"},
            {",,\n", "1:||\n"},
            {"a,\n\n\nb,\n", "1:a|\n4:b|\n"},
            {"\"a,b\",\"say \"\"hi\"\"\"\n", "1:a,b|say \"hi\"\n"},
            {"\"two\nlines\",x\ny,z\n", "1:two\nlines|x\n3:y|z\n"},
            {"\"\",\"\"\n", "1:|\n"},
            {"=1+1,-2,@SUM(A1),+x\n",
             "1:=1+1|-2|@SUM(A1)|+x\n"}, /* text, whatever a spreadsheet makes of it */
            {" a , b \n", "1: a | b \n"},
        };
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct buf out;
                struct why why = {0};
                buf_init(&out, 4096);
                assert_ok(joined(bytes_text(rows[i].text), &out, &why));
                assert_string_equal(buf_text(&out), rows[i].want);
                buf_clear(&out);
        }
}

static void refusals(void **state)
{
        static const struct {
                const char *text;
                enum err code;
                const char *place;
        } rows[] = {
            {"a,b\nc,\"d\n", ERR_FORM, "line 2"}, {"a\n\"b\"c\n", ERR_FORM, "line 2"},
            {"a\nb\nc\"d\n", ERR_FORM, "line 3"}, {"a\n\xff\n", ERR_UTF8, "line 2"},
            {"\"\n\n\"x", ERR_FORM, "line 3"},
        };
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct buf out;
                struct why why = {0};
                buf_init(&out, 4096);
                assert_err(joined(bytes_text(rows[i].text), &out, &why), rows[i].code);
                if (strstr(why.detail, rows[i].place) == NULL)
                        fail_msg("%s: %s", rows[i].text, why.detail);
                buf_clear(&out);
        }
}

static void limits(void **state)
{
        struct buf text, out;
        struct why why = {0};
        (void)state;
        buf_init(&text, 2 * CSV_ROW_MAX);
        buf_init(&out, 4 * CSV_ROW_MAX);
        for (int i = 1; i < CSV_CELLS_MAX; i++)
                buf_put_text(&text, ",");
        assert_ok(joined(buf_bytes(&text), &out, &why));
        buf_put_text(&text, ",");
        assert_err(joined(buf_bytes(&text), &out, &why), ERR_FORM);
        buf_reset(&text);
        for (int i = 0; i <= CSV_ROW_MAX; i++)
                buf_put_text(&text, "x");
        why = (struct why){0};
        assert_err(joined(buf_bytes(&text), &out, &why), ERR_TOO_LONG);
        buf_clear(&text);
        buf_clear(&out);
}

/* Every prefix of a good text, and every bit flipped: rows or a refusal, and nothing read beyond the end
 * (ASan). */
static void prefixes_and_flips(void **state)
{
        static const char good[] = "ref,name\r\n\"W-1\",\"Ann \"\"A\"\"\nB\"\r\nW-2,\xc3\xa9,x\r\n";
        (void)state;
        for (size_t n = 0; n <= sizeof good - 1; n++)
                for (size_t bit = 0; bit <= 8 * n; bit++) {
                        uint8_t *copy = malloc(n + 1);
                        struct buf out;
                        struct why why = {0};
                        assert_non_null(copy);
                        memcpy(copy, good, n);
                        if (bit < 8 * n)
                                copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
                        buf_init(&out, 65536);
                        uint8_t *exact = malloc(n > 0 ? n : 1);
                        assert_non_null(exact);
                        memcpy(exact, copy, n);
                        enum err e = joined(bytes_of(exact, n), &out, &why);
                        assert_true(e == OK || e == ERR_FORM || e == ERR_UTF8);
                        free(exact);
                        free(copy);
                        buf_clear(&out);
                }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(rows_and_cells),
            cmocka_unit_test(refusals),
            cmocka_unit_test(limits),
            cmocka_unit_test(prefixes_and_flips),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
