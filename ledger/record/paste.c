#include "ledger/record/paste.h"

/* Space of other widths, and characters without a shape, as word processors and telephones put them in:
 * U+2000 to U+200F, U+2028 to U+202F, U+205F to U+2069, U+3000, U+FEFF. */
static bool is_wide_blank(const uint8_t *at)
{
        if (at[0] == 0xe2 && at[1] == 0x80)
                return (at[2] >= 0x80 && at[2] <= 0x8f) || (at[2] >= 0xa8 && at[2] <= 0xaf);
        if (at[0] == 0xe2 && at[1] == 0x81)
                return at[2] >= 0x9f && at[2] <= 0xa9;
        return (at[0] == 0xe3 && at[1] == 0x80 && at[2] == 0x80) ||
               (at[0] == 0xef && at[1] == 0xbb && at[2] == 0xbf);
}

static bool is_blank(uint8_t c)
{
        return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t blank_at_start(struct bytes text)
{
        if (text.n >= 1 && is_blank(text.at[0]))
                return 1;
        if (text.n >= 2 && text.at[0] == 0xc2 && text.at[1] == 0xa0)
                return 2;
        return text.n >= 3 && is_wide_blank(text.at) ? 3 : 0;
}

static size_t blank_at_end(struct bytes text)
{
        if (text.n >= 1 && is_blank(text.at[text.n - 1]))
                return 1;
        if (text.n >= 2 && text.at[text.n - 2] == 0xc2 && text.at[text.n - 1] == 0xa0)
                return 2;
        return text.n >= 3 && is_wide_blank(text.at + text.n - 3) ? 3 : 0;
}

static const char *const openers[] = {"<",
                                      "\"",
                                      "'",
                                      "`",
                                      "(",
                                      "{",
                                      "\xe2\x80\x9c", /* double quotation marks */
                                      "\xe2\x80\x9d",
                                      "\xe2\x80\x9e",
                                      "\xe2\x80\x98", /* single ones */
                                      "\xe2\x80\x99",
                                      "\xc2\xab", /* guillemets */
                                      "\xe2\x80\xb9",
                                      NULL};
static const char *const closers[] = {">",
                                      "\"",
                                      "'",
                                      "`",
                                      ",",
                                      ";",
                                      "\xe2\x80\x9c",
                                      "\xe2\x80\x9d",
                                      "\xe2\x80\x98",
                                      "\xe2\x80\x99",
                                      "\xc2\xbb",
                                      "\xe2\x80\xba",
                                      NULL};

static size_t at_start(struct bytes text, const char *const *list)
{
        for (; *list != NULL; list++) {
                size_t n = strlen(*list);

                if (text.n >= n && memcmp(text.at, *list, n) == 0)
                        return n;
        }
        return 0;
}

static size_t at_end(struct bytes text, const char *const *list)
{
        for (; *list != NULL; list++) {
                size_t n = strlen(*list);

                if (text.n >= n && memcmp(text.at + text.n - n, *list, n) == 0)
                        return n;
        }
        return 0;
}

static size_t count(struct bytes text, uint8_t c)
{
        size_t n = 0;

        for (size_t i = 0; i < text.n; i++)
                n += text.at[i] == c;
        return n;
}

/* A closing bracket whose opening one is not in the address. */
static size_t stray_bracket(struct bytes text)
{
        uint8_t last = text.n > 0 ? text.at[text.n - 1] : 0;

        if (last == ')')
                return count(text, ')') > count(text, '(');
        if (last == '}')
                return count(text, '}') > count(text, '{');
        return 0;
}

/* The end of a sentence; `..`, `/.` and `#!` are an address's own. */
static size_t full_stop(struct bytes text)
{
        uint8_t last = text.n > 1 ? text.at[text.n - 1] : 0, before = text.n > 1 ? text.at[text.n - 2] : 0;

        if (last == '!')
                return before != '#';
        return (last == '.' || last == ':') && before != '.' && before != '/';
}

bool paste_is_cut(struct bytes text)
{
        static const char *const ellipses[] = {"...", "\xe2\x80\xa6", NULL};

        return at_end(text, ellipses) > 0;
}

struct bytes paste_trim(struct bytes text)
{
        size_t n;

        while ((n = blank_at_start(text)) > 0 || (n = at_start(text, openers)) > 0)
                text = bytes_of(text.at + n, text.n - n);
        while ((n = blank_at_end(text)) > 0 || (n = at_end(text, closers)) > 0 ||
               (n = stray_bracket(text)) > 0 || (n = full_stop(text)) > 0)
                text.n -= n;
        return text;
}
