#include "policy/probe.h"
#include "policy/sandbox.h"
#include "tests/policy/given.h"

#include <stdlib.h>

#define ESCAPES_MIN  250 /* in the file: fewer means that it was not read */
#define EXPANDED_MAX (1u << 18)

static const struct names no_names = {NULL, 0, NULL, 0};

static size_t let_in; /* all of them are told, and then the test fails */

/* One line of the file. */
struct escape {
        unsigned line;
        bool computes;
        struct buf text; /* may hold anything */
};

static unsigned hex(char c)
{
        return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10;
}

/* A byte after `\`; the rest of the text. */
static const char *put_byte(struct buf *out, const char *at)
{
        switch (at[0]) {
        case '0': buf_put_u8(out, 0); return at + 1;
        case 'n': buf_put_u8(out, '\n'); return at + 1;
        case 'x': buf_put_u8(out, (uint8_t)(hex(at[1]) << 4 | hex(at[2]))); return at + 3;
        default: buf_put_u8(out, (uint8_t)at[0]); return at + 1;
        }
}

static const char *put_repeated(struct buf *out, const char *at)
{
        char *after = NULL;
        unsigned long times = strtoul(at, &after, 10);
        const char *from = after + 1, *to = strchr(from, '}');
        assert_non_null(to);
        for (unsigned long i = 0; i < times; i++)
                buf_put(out, bytes_of(from, (size_t)(to - from)));
        return to + 1;
}

static void expand(struct buf *out, const char *at)
{
        while (*at) {
                size_t digits = at[0] == '{' ? strspn(at + 1, "0123456789") : 0;
                if (at[0] == '\\')
                        at = put_byte(out, at + 1);
                else if (digits > 0 && at[1 + digits] == ':')
                        at = put_repeated(out, at + 1);
                else
                        buf_put_u8(out, (uint8_t)*at++);
        }
        assert_int_equal(buf_check(out), OK);
}

static void each_escape(void (*see)(void *self, const struct escape *e), void *self)
{
        char *all = given_file(TEST_ROOT "/tests/policy/escapes"), *rest = all, *line;
        unsigned number = 0;
        size_t n = 0;
        let_in = 0;
        while ((line = strsep(&rest, "\n")) != NULL) {
                struct escape escape = {.line = ++number};
                if (line[0] == '#' || line[0] == '\0')
                        continue;
                assert_true((line[0] == '-' || line[0] == 'c') && line[1] == ' ');
                escape.computes = line[0] == 'c';
                buf_init(&escape.text, EXPANDED_MAX);
                expand(&escape.text, line + 2);
                see(self, &escape);
                buf_clear(&escape.text);
                n++;
        }
        test_free(all);
        assert_true(n >= ESCAPES_MIN);
        assert_int_equal(let_in, 0);
}

static void ask_the_language(void *self, const struct escape *escape)
{
        struct why why = {OK, ""};
        if (probe_check(self, buf_bytes(&escape->text), &why) != ERR_RULE || why.detail[0] == '\0')
                let_in++, print_error("escapes, line %u: let in\n", escape->line);
}

static void the_language_refuses_them(void **state)
{
        struct probe *probe = NULL;
        (void)state;
        assert_int_equal(probe_new(no_names, &probe), OK);
        each_escape(ask_the_language, probe);
        probe_free(probe);
}

static bool refused(struct sandbox *s, const char *before, struct bytes text, const char *after)
{
        static const struct fact_value none[COLUMN_COUNT + 1];
        sqlite3_stmt *statement = NULL;
        struct buf sql;
        enum err e;
        buf_init(&sql, 2 * EXPANDED_MAX);
        buf_put_text(&sql, before);
        buf_put(&sql, text);
        buf_put_text(&sql, after);
        if (!(e = buf_check(&sql)) && !(e = sandbox_prepare(s, buf_bytes(&sql), &statement, NULL)) &&
            !(e = sandbox_bind(statement, none)))
                e = sandbox_run(s, statement, NULL);
        sqlite3_finalize(statement);
        buf_clear(&sql);
        assert_true(e == OK || e == ERR_RULE);
        return e == ERR_RULE;
}

/* As the expression stands in the gate's statement, and as a condition, without the reader before it. */
static void ask_sqlite(void *self, const struct escape *escape)
{
        struct bytes text = buf_bytes(&escape->text);
        bool no = refused(self, "SELECT (", text, "\n) IS TRUE") ||
                  refused(self, "SELECT 1 WHERE NOT (", text, "\n) OR 1");
        if (no == escape->computes)
                let_in++, print_error("escapes, line %u: %s\n", escape->line, no ? "refused" : "let in");
}

static void sqlite_refuses_them_by_itself(void **state)
{
        struct sandbox *s = NULL;
        (void)state;
        assert_int_equal(sandbox_new(&s), OK);
        each_escape(ask_sqlite, s);
        sandbox_free(s);
}

/* A text of YAML in which every byte can be said. */
static void put_quoted(struct buf *out, struct bytes text)
{
        buf_put_text(out, "\"");
        for (size_t i = 0; i < text.n; i++) {
                if (text.at[i] < ' ' || text.at[i] == 0x7f || text.at[i] == '"' || text.at[i] == '\\')
                        buf_put_format(out, "\\x%02x", text.at[i]);
                else
                        buf_put_u8(out, text.at[i]);
        }
        buf_put_text(out, "\"\n");
}

static const char rule[] = "- {id: R, title: t, effect: note, kind: law, because: b, advice: a, when: ";
static const char cases[] =
    "tests:\n- {rule: R, fires: yes}\n- {rule: R, fires: yes}\n- {rule: R, fires: no}\n"
    "- {rule: R, fires: no}\n";

/* Each place of a pack where an expression may stand; the expression is on line 5. */
static const struct {
        const char *before, *after;
} places[] = {
    {"name: n\nversion: 1\ntitle: t\nrules:\n- id: R\n  when: ",
     "  title: t\n  effect: note\n  kind: law\n  because: b\n  advice: a\n"},
    {"name: n\nversion: 1\ntitle: t\nlanes:\n  standard: ", "rules:\n@'1'}\n"},
    {"name: n\nversion: 1\ntitle: t\nterms:\n- name: x\n  title: t\n  when: ", "rules:\n@'1'}\n"},
};

static void put_after(struct buf *out, const char *after)
{
        const char *at = strchr(after, '@');
        buf_put(out, bytes_of(after, at ? (size_t)(at - after) : strlen(after)));
        if (at) {
                buf_put_text(out, rule);
                buf_put_text(out, at + 1);
        }
        buf_put_text(out, cases);
}

static void ask_a_pack(void *self, const struct escape *escape)
{
        (void)self;
        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
                struct why why = {OK, ""};
                struct pack *p = NULL;
                struct buf yaml;
                enum err e;
                unsigned line = 0;
                buf_init(&yaml, 4 * EXPANDED_MAX);
                buf_put_text(&yaml, places[i].before);
                put_quoted(&yaml, buf_bytes(&escape->text));
                put_after(&yaml, places[i].after);
                assert_int_equal(buf_check(&yaml), OK);
                e = pack_parse(buf_bytes(&yaml), NULL, &p, &why);
                if ((e != ERR_RULE && e != ERR_PACK) || p != NULL)
                        let_in++, print_error("escapes, line %u: let in, place %zu\n", escape->line, i);
                if (sscanf(why.detail, "line %u", &line) != 1 || line < 5 || line > 7)
                        let_in++,
                            print_error("escapes, line %u, place %zu: \"%s\"\n", escape->line, i, why.detail);
                pack_free(p);
                buf_clear(&yaml);
        }
}

static void a_pack_with_one_does_not_load(void **state)
{
        (void)state;
        each_escape(ask_a_pack, NULL);
}

/* The frames by themselves are good, or what stands above would prove nothing. */
static void a_pack_without_one_loads(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
                struct buf yaml;
                buf_init(&yaml, EXPANDED_MAX);
                buf_put_text(&yaml, places[i].before);
                put_quoted(&yaml, bytes_text("enquiry.f3 = 'it''s \"\\ so'"));
                put_after(&yaml, places[i].after);
                pack_free(given_pack(buf_text(&yaml)));
                buf_clear(&yaml);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(the_language_refuses_them),
            cmocka_unit_test(sqlite_refuses_them_by_itself),
            cmocka_unit_test(a_pack_with_one_does_not_load),
            cmocka_unit_test(a_pack_without_one_loads),
        };
        return cmocka_run_group_tests(tests, given_setup, NULL);
}
