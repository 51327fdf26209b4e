#include "ledger/base/bytes.h"

bool bytes_equal(struct bytes a, struct bytes b)
{
        return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

bool bytes_is(struct bytes a, const char *text)
{
        return bytes_equal(a, bytes_text(text));
}

int bytes_order(struct bytes a, struct bytes b)
{
        size_t n = a.n < b.n ? a.n : b.n;
        int order = n == 0 ? 0 : memcmp(a.at, b.at, n);
        if (order != 0)
                return order;
        return (a.n > b.n) - (a.n < b.n);
}

enum err bytes_take(struct bytes *in, size_t n, struct bytes *out)
{
        if (in->n < n)
                return ERR_FORM;
        *out = bytes_of(in->at, n);
        if (n > 0)
                in->at += n;
        in->n -= n;
        return OK;
}

enum err bytes_take_copy(struct bytes *in, size_t n, uint8_t *out)
{
        struct bytes part;
        enum err e = bytes_take(in, n, &part);
        if (!e && n > 0)
                memcpy(out, part.at, n);
        return e;
}

static enum err take_number(struct bytes *in, size_t width, uint64_t *out)
{
        struct bytes part;
        uint64_t v = 0;
        enum err e = bytes_take(in, width, &part);
        if (e)
                return e;
        for (size_t i = 0; i < width; i++)
                v = v << 8 | part.at[i];
        *out = v;
        return OK;
}

enum err bytes_take_u8(struct bytes *in, uint8_t *out)
{
        uint64_t v;
        enum err e = take_number(in, 1, &v);
        if (!e)
                *out = (uint8_t)v;
        return e;
}

enum err bytes_take_u16(struct bytes *in, uint16_t *out)
{
        uint64_t v;
        enum err e = take_number(in, 2, &v);
        if (!e)
                *out = (uint16_t)v;
        return e;
}

enum err bytes_take_u32(struct bytes *in, uint32_t *out)
{
        uint64_t v;
        enum err e = take_number(in, 4, &v);
        if (!e)
                *out = (uint32_t)v;
        return e;
}

enum err bytes_take_u64(struct bytes *in, uint64_t *out)
{
        return take_number(in, 8, out);
}

enum err bytes_take_text(struct bytes *in, const char *text)
{
        size_t n = strlen(text);
        if (in->n < n || (n > 0 && memcmp(in->at, text, n) != 0))
                return ERR_FORM;
        if (n > 0)
                in->at += n;
        in->n -= n;
        return OK;
}

enum err bytes_take_until(struct bytes *in, uint8_t stop, struct bytes *out)
{
        const uint8_t *end = in->n == 0 ? NULL : memchr(in->at, stop, in->n);
        if (end == NULL)
                return ERR_FORM;
        size_t n = (size_t)(end - in->at);
        *out = bytes_of(in->at, n);
        in->at += n + 1;
        in->n -= n + 1;
        return OK;
}

enum err bytes_take_decimal(struct bytes *in, uint64_t *out)
{
        uint64_t v = 0;
        size_t i = 0;
        for (; i < in->n && in->at[i] >= '0' && in->at[i] <= '9'; i++) {
                uint64_t digit = (uint64_t)(in->at[i] - '0');
                if (v > (UINT64_MAX - digit) / 10)
                        return ERR_FORM;
                v = v * 10 + digit;
        }
        if (i == 0 || (i > 1 && in->at[0] == '0'))
                return ERR_FORM;
        in->at += i;
        in->n -= i;
        *out = v;
        return OK;
}

enum err bytes_at_end(struct bytes in)
{
        return in.n == 0 ? OK : ERR_FORM;
}

/* How many bytes the well-formed sequence at `at` has (RFC 3629 section 4); 0: it is not well-formed. */
static size_t utf8_sequence(const uint8_t *at, size_t n)
{
        uint8_t lead = at[0], low = 0x80, high = 0xbf;
        size_t more;
        if (lead < 0x80)
                return lead == 0 ? 0 : 1;
        if (lead >= 0xc2 && lead <= 0xdf)
                more = 1;
        else if (lead >= 0xe0 && lead <= 0xef)
                more = 2;
        else if (lead >= 0xf0 && lead <= 0xf4)
                more = 3;
        else
                return 0;
        if (lead == 0xe0)
                low = 0xa0;
        else if (lead == 0xed)
                high = 0x9f;
        else if (lead == 0xf0)
                low = 0x90;
        else if (lead == 0xf4)
                high = 0x8f;
        if (n < more + 1 || at[1] < low || at[1] > high)
                return 0;
        for (size_t i = 2; i <= more; i++)
                if (at[i] < 0x80 || at[i] > 0xbf)
                        return 0;
        return more + 1;
}

/* How many of the bytes are ASCII without NUL, by eights: nearly all text here is. */
static size_t ascii_run(const uint8_t *at, size_t n)
{
        size_t i = 0;
        for (uint64_t eight; n - i >= sizeof eight; i += sizeof eight) {
                memcpy(&eight, at + i, sizeof eight);
                if (((eight | (eight - UINT64_C(0x0101010101010101))) & UINT64_C(0x8080808080808080)) != 0)
                        break;
        }
        return i;
}

bool bytes_utf8_valid(struct bytes text)
{
        size_t i = ascii_run(text.at, text.n);
        while (i < text.n) {
                size_t n = utf8_sequence(text.at + i, text.n - i);
                if (n == 0)
                        return false;
                i += n;
        }
        return true;
}

enum err bytes_to_text(struct bytes in, char *out, size_t size)
{
        if (in.n + 1 > size)
                return ERR_TOO_LONG;
        if (in.n > 0 && memchr(in.at, '\0', in.n) != NULL)
                return ERR_UTF8;
        if (in.n > 0)
                memcpy(out, in.at, in.n);
        out[in.n] = '\0';
        return OK;
}
