#include "ledger/base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/base/buf.h"

#define PAGE     TEST_ROOT "/docs/ERRORS.md"
#define PAGE_MAX (256 * 1024) /* bytes */

static void test_rows_are_whole(void **state)
{
        (void)state;
        for (unsigned i = 1; i < ERR_COUNT; i++) {
                const struct err_row *row = err_row((enum err)i);
                unsigned number = 0;
                char prefix[4] = "", again[8];
                assert_int_equal(sscanf(row->code, "%3[A-Z]-%2u", prefix, &number), 2);
                (void)snprintf(again, sizeof again, "%s-%02u", prefix, number % 100);
                assert_string_equal(row->code, again);
                assert_int_equal(strncmp(row->name, "ERR_", 4), 0);
                assert_in_range(row->http, 200, 599);
                size_t n = strlen(row->sentence);
                assert_true(n > 10 && row->sentence[n - 1] == '.');
                assert_int_equal(err_of_code(row->code), (enum err)i);
        }
}

static void test_codes_and_names_stand_once(void **state)
{
        (void)state;
        for (unsigned i = 0; i < ERR_COUNT; i++)
                for (unsigned k = 0; k < i; k++) {
                        assert_string_not_equal(err_row((enum err)i)->code, err_row((enum err)k)->code);
                        assert_string_not_equal(err_row((enum err)i)->name, err_row((enum err)k)->name);
                        assert_string_not_equal(err_row((enum err)i)->sentence,
                                                err_row((enum err)k)->sentence);
                }
}

static void test_exit_statuses_are_known(void **state)
{
        (void)state;
        static const int known[] = {EXIT_FAULT, EXIT_WRONG_USE, EXIT_WAITING, EXIT_REFUSED, EXIT_BAD_DATA,
                                    EXIT_AWAY,  EXIT_INTERNAL,  EXIT_QUEUED,  EXIT_DENIED};
        for (unsigned i = 1; i < ERR_COUNT; i++) {
                bool found = false;
                for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
                        found |= err_row((enum err)i)->exit == known[k];
                assert_true(found);
        }
}

static void test_ok_and_strangers(void **state)
{
        (void)state;
        assert_string_equal(err_row(OK)->code, "OK");
        assert_int_equal(err_row(OK)->http, 200);
        assert_int_equal(err_row(OK)->exit, EXIT_DONE);
        assert_string_equal(err_row(ERR_COUNT)->name, "ERR_BUG");
        assert_int_equal(err_of_code("SYS-99"), OK);
        assert_int_equal(err_of_code(""), OK);
        assert_int_equal(err_of_code("sys-01"), OK);
}

static void test_published_codes_stay(void **state)
{
        (void)state;
        assert_string_equal(err_row(ERR_NO_MEMORY)->code, "SYS-01");
        assert_string_equal(err_row(ERR_FORM)->code, "FRM-01");
        assert_string_equal(err_row(ERR_JWS)->code, "STM-01");
        assert_string_equal(err_row(ERR_NUMBER)->code, "CHN-01");
        assert_string_equal(err_row(ERR_CONSISTENCY)->code, "TRE-07");
}

static void test_why_keeps_the_first(void **state)
{
        (void)state;
        struct why why = {0};
        assert_int_equal(why_set(&why, ERR_FORM, "seq %d, byte %u", 42, 7U), ERR_FORM);
        assert_int_equal(why_set(&why, ERR_IO, "later"), ERR_IO);
        assert_int_equal(why.code, ERR_FORM);
        assert_string_equal(why.detail, "seq 42, byte 7");
        assert_int_equal(why_set(NULL, ERR_IO, "nobody asks"), ERR_IO);
}

/* Characters of one to four bytes, begun at every place, so that the end of the room falls on each of their
 * bytes. */
static void test_why_is_cut_between_characters(void **state)
{
        (void)state;
        static const char *const character[] = {"a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x94\x8d"};
        for (size_t c = 0; c < 4; c++)
                for (size_t shift = 0; shift < 4; shift++) {
                        char text[2 * WHY_DETAIL_MAX] = "";
                        memset(text, 'x', shift);
                        while (strlen(text) + 4 < sizeof text)
                                strcat(text, character[c]);
                        struct why why = {0};
                        assert_int_equal(why_set(&why, ERR_FORM, "%s", text), ERR_FORM);
                        size_t n = strlen(why.detail);
                        assert_true(bytes_utf8_valid(bytes_text(why.detail)));
                        assert_int_equal(strncmp(why.detail, text, n), 0);
                        assert_in_range(n, WHY_DETAIL_MAX - 1 - c, WHY_DETAIL_MAX - 1);
                }
}

static void page_put(struct buf *out)
{
        buf_put_text(out, "# Errors\n\n"
                          "Made from `ledger/base/err.def`. A code never changes its meaning and is never "
                          "used again. The daemon answers "
                          "with\nthe HTTP status and a problem document (RFC 9457) that holds the code; the "
                          "programs end with the exit "
                          "status.\n\n"
                          "| exit | meaning |\n| ---: | --- |\n");
        static const struct {
                int status;
                const char *meaning;
        } exits[] = {
            {EXIT_DONE, "accepted, or flagged"},
            {EXIT_FAULT, "an integrity fault was found"},
            {EXIT_WRONG_USE, "the words of the command are off"},
            {EXIT_WAITING, "kept; a decision or an authority is needed first"},
            {EXIT_REFUSED, "refused by the gate"},
            {EXIT_BAD_DATA, "what was given cannot be used"},
            {EXIT_AWAY, "the daemon is not reachable"},
            {EXIT_INTERNAL, "the program, its libraries or its machine failed"},
            {EXIT_QUEUED, "queued, or try again"},
            {EXIT_DENIED, "not allowed"},
        };
        for (size_t i = 0; i < sizeof exits / sizeof exits[0]; i++)
                buf_put_format(out, "| %d | %s |\n", exits[i].status, exits[i].meaning);
        buf_put_text(out, "\n| code | HTTP | exit | what it says |\n| --- | ---: | ---: | --- |\n");
        for (unsigned i = 1; i < ERR_COUNT; i++) {
                const struct err_row *row = err_row((enum err)i);
                buf_put_format(out, "| %s | %d | %d | %s |\n", row->code, row->http, row->exit,
                               row->sentence);
        }
}

static void page_read(struct buf *out)
{
        FILE *f = fopen(PAGE, "rb");
        if (f == NULL)
                return;
        uint8_t *room = buf_put_room(out, PAGE_MAX);
        assert_non_null(room);
        out->n = fread(room, 1, PAGE_MAX, f);
        assert_int_equal(fclose(f), 0);
}

static void page_write(const struct buf *page)
{
        FILE *f = fopen(PAGE, "wb");
        assert_non_null(f);
        assert_int_equal(fwrite(page->at, 1, page->n, f), page->n);
        assert_int_equal(fclose(f), 0);
}

static void test_page_is_what_the_table_gives(void **state)
{
        (void)state;
        struct buf want, have;
        buf_init(&want, PAGE_MAX);
        buf_init(&have, PAGE_MAX);
        page_put(&want);
        assert_int_equal(buf_check(&want), OK);
        const char *write = getenv("ENQUIRY_WRITE");
        if (write != NULL && strcmp(write, "1") == 0)
                page_write(&want);
        page_read(&have);
        bool same = bytes_equal(buf_bytes(&want), buf_bytes(&have));
        buf_clear(&want);
        buf_clear(&have);
        if (!same)
                fail_msg("docs/ERRORS.md is not what ledger/base/err.def gives: run this test with "
                         "ENQUIRY_WRITE=1");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_rows_are_whole),
            cmocka_unit_test(test_codes_and_names_stand_once),
            cmocka_unit_test(test_exit_statuses_are_known),
            cmocka_unit_test(test_ok_and_strangers),
            cmocka_unit_test(test_published_codes_stay),
            cmocka_unit_test(test_why_keeps_the_first),
            cmocka_unit_test(test_why_is_cut_between_characters),
            cmocka_unit_test(test_page_is_what_the_table_gives),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
