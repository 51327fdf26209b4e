#include "ledger/record/host.h"

#include <stdint.h>

/* RFC 3492 section 5. */
enum { BASE = 36, TMIN = 1, TMAX = 26, SKEW = 38, DAMP = 700, INITIAL_BIAS = 72, INITIAL_N = 128 };

#define HOST_TEXT_MAX (4u * HOST_MAX) /* bytes before conversion */

struct label {
        uint32_t point[LABEL_MAX + 1];
        size_t n;
        bool ascii;
};

/* One scalar value of well-formed UTF-8. */
static uint32_t take_point(struct bytes *in)
{
        uint8_t first = in->at[0];
        size_t more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
        uint32_t point = more == 0 ? first : first & (0x3fu >> more);

        for (size_t i = 1; i <= more; i++)
                point = point << 6 | (in->at[i] & 0x3fu);
        in->at += more + 1;
        in->n -= more + 1;
        return point;
}

static bool within(uint32_t point, uint32_t first, uint32_t last)
{
        return point >= first && point <= last;
}

/* The small letter and the ASCII form, as far as one step of arithmetic goes. */
static uint32_t fold_point(uint32_t point)
{
        if (within(point, 0xff01, 0xff5e))
                point -= 0xff01 - 0x21;
        if (point == 0x3002 || point == 0xff0e || point == 0xff61)
                return '.';
        if (within(point, 'A', 'Z') || (within(point, 0xc0, 0xde) && point != 0xd7) ||
            within(point, 0x391, 0x3ab) || within(point, 0x410, 0x42f))
                return point + 0x20;
        if (within(point, 0x400, 0x40f))
                return point + 0x50;
        if (within(point, 0x100, 0x137) && point != 0x130 && point != 0x131)
                return point | 1;
        if ((within(point, 0x139, 0x148) || within(point, 0x179, 0x17e)) && point % 2 == 1)
                return point + 1;
        if (within(point, 0x14a, 0x177))
                return point | 1;
        return point;
}

static uint32_t adapt(uint32_t delta, uint32_t points, bool first)
{
        uint32_t k = 0;

        delta = first ? delta / DAMP : delta / 2;
        delta += delta / points;
        while (delta > (BASE - TMIN) * TMAX / 2) {
                delta /= BASE - TMIN;
                k += BASE;
        }
        return k + (BASE - TMIN + 1) * delta / (delta + SKEW);
}

struct text {
        char *at;
        size_t n;
};

static enum err put(struct text *out, char c)
{
        if (out->n == HOST_MAX)
                return ERR_ADDRESS;
        out->at[out->n++] = c;
        return OK;
}

static enum err put_number(struct text *out, uint32_t q, uint32_t bias)
{
        enum err e;

        for (uint32_t k = BASE;; k += BASE) {
                uint32_t t = k <= bias ? TMIN : k >= bias + TMAX ? TMAX : k - bias;
                uint32_t digit = q < t ? q : t + (q - t) % (BASE - t);

                if ((e = put(out, (char)(digit < 26 ? 'a' + digit : '0' + (digit - 26)))))
                        return e;
                if (q < t)
                        return OK;
                q = (q - t) / (BASE - t);
        }
}

static uint32_t least_from(const struct label *l, uint32_t n)
{
        uint32_t least = UINT32_MAX;

        for (size_t i = 0; i < l->n; i++)
                if (l->point[i] >= n && l->point[i] < least)
                        least = l->point[i];
        return least;
}

/* RFC 3492 section 6.3. A label has at most LABEL_MAX points below 2^21, so delta stays below 2^27. */
static enum err put_punycode(struct text *out, const struct label *l)
{
        uint32_t n = INITIAL_N, delta = 0, bias = INITIAL_BIAS, done = 0, basic;
        enum err e;

        for (const char *at = "xn--"; *at != '\0'; at++)
                if ((e = put(out, *at)))
                        return e;
        for (size_t i = 0; i < l->n; i++) {
                if (l->point[i] < INITIAL_N) {
                        if ((e = put(out, (char)l->point[i])))
                                return e;
                        done++;
                }
        }
        basic = done;
        if (basic > 0 && (e = put(out, '-')))
                return e;
        while (done < l->n) {
                uint32_t m = least_from(l, n);

                delta += (m - n) * (done + 1);
                n = m;
                for (size_t i = 0; i < l->n; i++) {
                        if (l->point[i] < n)
                                delta++;
                        if (l->point[i] != n)
                                continue;
                        if ((e = put_number(out, delta, bias)))
                                return e;
                        bias = adapt(delta, done + 1, done == basic);
                        delta = 0;
                        done++;
                }
                delta++;
                n++;
        }
        return OK;
}

/* Read past by UTS 46: soft hyphen, zero width space, word joiner, variation selectors, byte order mark. */
static bool is_ignored(uint32_t c)
{
        return c == 0xad || c == 0x200b || c == 0x2060 || within(c, 0xfe00, 0xfe0f) || c == 0xfeff;
}

/* Refused by UTS 46: controls, white space, marks that turn the direction of writing or join letters. */
static bool is_refused(uint32_t c)
{
        return within(c, 0x80, 0xa0) || c == 0x1680 || within(c, 0x2000, 0x200f) ||
               within(c, 0x2028, 0x202f) || within(c, 0x205f, 0x206f) || c == 0x3000 ||
               within(c, 0xe000, 0xf8ff) || within(c, 0xfff0, 0xffff);
}

static bool host_letter(uint32_t c)
{
        return within(c, 'a', 'z') || within(c, '0', '9') || c == '-' || c == '_' ||
               (c >= INITIAL_N && !is_refused(c));
}

static enum err put_label(struct text *out, const struct label *l)
{
        size_t from = out->n;
        enum err e = OK;

        if (l->n == 0)
                return ERR_ADDRESS;
        if (!l->ascii)
                e = put_punycode(out, l);
        else
                for (size_t i = 0; i < l->n && e == OK; i++)
                        e = put(out, (char)l->point[i]);
        if (e != OK)
                return e;
        return out->n - from > LABEL_MAX ? ERR_ADDRESS : OK;
}

/* Takes up to the next dot, which is consumed. */
static enum err take_label(struct bytes *in, struct label *out, bool *out_dot)
{
        out->n = 0;
        out->ascii = true;
        *out_dot = false;
        while (in->n > 0) {
                uint32_t point = fold_point(take_point(in));

                if (is_ignored(point))
                        continue;
                if (point == '.') {
                        *out_dot = true;
                        return OK;
                }
                if (!host_letter(point) || out->n == LABEL_MAX)
                        return ERR_ADDRESS;
                if (point >= INITIAL_N)
                        out->ascii = false;
                out->point[out->n++] = point;
        }
        return OK;
}

static enum err bracketed(struct bytes host, struct text *out)
{
        enum err e;

        for (size_t i = 0; i < host.n; i++) {
                uint32_t c = fold_point(host.at[i]);

                if (!(within(c, '0', '9') || within(c, 'a', 'f') || c == ':' || c == '.' || c == '[' ||
                      c == ']'))
                        return ERR_ADDRESS;
                if ((e = put(out, (char)c)))
                        return e;
        }
        return OK;
}

static bool is_octet(const char *at, size_t n)
{
        return n >= 1 && n <= 3 && strspn(at, "0123456789") >= n && (n == 1 || at[0] != '0') &&
               (n < 3 || memcmp(at, "255", 3) <= 0);
}

/* A name that ends in a number is an IPv4 address, in four numbers, or nothing. */
static bool ends_well(const char *host)
{
        const char *last = strrchr(host, '.') + 1;
        size_t octets = 0;

        if (strspn(last, "0123456789") != strlen(last))
                return true;
        for (size_t n; *host != '\0'; host += n + (host[n] == '.'), octets++) {
                n = strcspn(host, ".");
                if (!is_octet(host, n))
                        return false;
        }
        return octets == 4;
}

static enum err labels(struct bytes host, struct text *out)
{
        size_t count = 0;
        bool dot = true;
        enum err e;

        while (host.n > 0) {
                struct label l;

                if (count > 0 && (e = put(out, '.')))
                        return e;
                if ((e = take_label(&host, &l, &dot)) || (e = put_label(out, &l)))
                        return e;
                count++;
        }
        out->at[out->n] = '\0';
        return count >= 2 && ends_well(out->at) ? OK : ERR_ADDRESS;
}

enum err host_to_ascii(struct bytes host, char out[HOST_MAX + 1])
{
        char at[HOST_MAX + 1] = "";
        struct text text = {.at = at};
        enum err e;

        if (host.n == 0 || host.n > HOST_TEXT_MAX || !bytes_utf8_valid(host))
                return ERR_ADDRESS;
        e = host.at[0] == '[' ? bracketed(host, &text) : labels(host, &text);
        if (e != OK)
                return e;
        at[text.n] = '\0';
        memcpy(out, at, text.n + 1);
        return OK;
}
