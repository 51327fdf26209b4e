#include "ledger/base/b64.h"

static const char url_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char std_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char hex_digits[] = "0123456789abcdef";

/* The value of a letter plus one, so that 0, which the table has for all that is not named, is a foreign one.
 */
#define LETTERS                                                                                              \
        ['A'] = 1, ['B'] = 2, ['C'] = 3, ['D'] = 4, ['E'] = 5, ['F'] = 6, ['G'] = 7, ['H'] = 8, ['I'] = 9,   \
        ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16, ['Q'] = 17,      \
        ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24, ['Y'] = 25,      \
        ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32, ['g'] = 33,      \
        ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41,      \
        ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49,      \
        ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56, ['4'] = 57,      \
        ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62

static const uint8_t url_value[256] = {LETTERS, ['-'] = 63, ['_'] = 64};
static const uint8_t std_value[256] = {LETTERS, ['+'] = 63, ['/'] = 64};
static const uint8_t hex_value[256] = {
    ['0'] = 1, ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};

/* Writes B64U_LEN(in.n) letters; no padding, no NUL. */
static void encode(struct bytes in, const char *letters, uint8_t *out)
{
        size_t i = 0;
        for (; i + 3 <= in.n; i += 3) {
                uint32_t v = (uint32_t)in.at[i] << 16 | (uint32_t)in.at[i + 1] << 8 | in.at[i + 2];
                *out++ = (uint8_t)letters[v >> 18];
                *out++ = (uint8_t)letters[v >> 12 & 63];
                *out++ = (uint8_t)letters[v >> 6 & 63];
                *out++ = (uint8_t)letters[v & 63];
        }
        if (in.n - i == 1) {
                *out++ = (uint8_t)letters[in.at[i] >> 2];
                *out = (uint8_t)letters[(in.at[i] & 3) << 4];
        } else if (in.n - i == 2) {
                *out++ = (uint8_t)letters[in.at[i] >> 2];
                *out++ = (uint8_t)letters[(in.at[i] & 3) << 4 | in.at[i + 1] >> 4];
                *out = (uint8_t)letters[(in.at[i + 1] & 15) << 2];
        }
}

/* Letters without padding: none foreign, a length that occurs, no bit set beyond the last byte. */
static bool decodes(struct bytes text, const uint8_t value[256])
{
        bool foreign = false;
        for (size_t i = 0; i < text.n; i++)
                foreign |= value[text.at[i]] == 0;
        if (foreign || text.n % 4 == 1)
                return false;
        unsigned beyond = text.n % 4 == 2 ? 15 : text.n % 4 == 3 ? 3 : 0;
        return beyond == 0 || ((value[text.at[text.n - 1]] - 1U) & beyond) == 0;
}

/* Only for what `decodes`, so that nothing is written before an error is found. */
static void decode(struct bytes text, const uint8_t value[256], uint8_t *out)
{
        const uint8_t *at = text.at;
        size_t n = text.n;
        for (; n >= 4; n -= 4, at += 4) {
                uint32_t v = (value[at[0]] - 1U) << 18 | (value[at[1]] - 1U) << 12 |
                             (value[at[2]] - 1U) << 6 | (value[at[3]] - 1U);
                *out++ = (uint8_t)(v >> 16);
                *out++ = (uint8_t)(v >> 8);
                *out++ = (uint8_t)v;
        }
        if (n == 0)
                return;
        uint32_t v = (value[at[0]] - 1U) << 18 | (value[at[1]] - 1U) << 12;
        *out++ = (uint8_t)(v >> 16);
        if (n == 3)
                *out = (uint8_t)((v | (value[at[2]] - 1U) << 6) >> 8);
}

static size_t decoded_length(size_t letters)
{
        return letters / 4 * 3 + (letters % 4 == 0 ? 0 : letters % 4 - 1);
}

static enum err decode_to_buf(struct bytes letters, const uint8_t value[256], struct buf *out)
{
        if (!decodes(letters, value))
                return ERR_BASE64;
        uint8_t *room = buf_put_room(out, decoded_length(letters.n));
        if (room == NULL)
                return buf_check(out);
        decode(letters, value, room);
        return OK;
}

static enum err decode_exact(struct bytes letters, const uint8_t value[256], uint8_t *out, size_t n)
{
        if (decoded_length(letters.n) != n || !decodes(letters, value))
                return ERR_BASE64;
        decode(letters, value, out);
        return OK;
}

void b64u_put(struct buf *out, struct bytes in)
{
        uint8_t *room = in.n == 0 ? NULL : buf_put_room(out, B64U_LEN(in.n));
        if (room != NULL)
                encode(in, url_letters, room);
}

void b64u_text(struct bytes in, char *out)
{
        encode(in, url_letters, (uint8_t *)out);
        out[B64U_LEN(in.n)] = '\0';
}

enum err b64u_decode(struct bytes text, struct buf *out)
{
        return decode_to_buf(text, url_value, out);
}

enum err b64u_decode_exact(struct bytes text, uint8_t *out, size_t n)
{
        return decode_exact(text, url_value, out, n);
}

/* Takes the padding off; it must be what the length asks for. A third `=` stays and is foreign. */
static enum err unpad(struct bytes *text)
{
        if (text->n % 4 != 0)
                return ERR_BASE64;
        for (int i = 0; i < 2 && text->n > 0 && text->at[text->n - 1] == '='; i++)
                text->n--;
        return OK;
}

void b64_put(struct buf *out, struct bytes in)
{
        uint8_t *room = in.n == 0 ? NULL : buf_put_room(out, B64_LEN(in.n));
        if (room == NULL)
                return;
        encode(in, std_letters, room);
        for (size_t i = B64U_LEN(in.n); i < B64_LEN(in.n); i++)
                room[i] = '=';
}

enum err b64_decode(struct bytes text, struct buf *out)
{
        enum err e = unpad(&text);
        return e ? e : decode_to_buf(text, std_value, out);
}

enum err b64_decode_exact(struct bytes text, uint8_t *out, size_t n)
{
        enum err e = unpad(&text);
        return e ? e : decode_exact(text, std_value, out, n);
}

void hex_put(struct buf *out, struct bytes in)
{
        uint8_t *room = in.n == 0 ? NULL : buf_put_room(out, 2 * in.n);
        for (size_t i = 0; room != NULL && i < in.n; i++) {
                room[2 * i] = (uint8_t)hex_digits[in.at[i] >> 4];
                room[2 * i + 1] = (uint8_t)hex_digits[in.at[i] & 15];
        }
}

enum err hex_decode_exact(struct bytes text, uint8_t *out, size_t n)
{
        if (text.n != 2 * n)
                return ERR_FORM;
        for (size_t i = 0; i < text.n; i++)
                if (hex_value[text.at[i]] == 0)
                        return ERR_FORM;
        for (size_t i = 0; i < n; i++)
                out[i] =
                    (uint8_t)((hex_value[text.at[2 * i]] - 1U) << 4 | (hex_value[text.at[2 * i + 1]] - 1U));
        return OK;
}
