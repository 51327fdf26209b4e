#include "ledger/record/address.h"

#include <stdlib.h>

#include <curl/curl.h>

#include "ledger/record/paste.h"
#include "schema/platforms.h"

static bool is_one_of(uint8_t c, const char *set)
{
        return c != '\0' && strchr(set, c) != NULL;
}

static bool is_digit(uint8_t c)
{
        return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static uint8_t lower(uint8_t c)
{
        return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

/* The length of `word:` at the beginning, unless what follows is a port. 0: there is no scheme. */
static size_t scheme_length(struct bytes text)
{
        size_t n = 0, after;

        if (text.n == 0 || !is_letter(text.at[0]))
                return 0;
        while (n < text.n && (is_letter(text.at[n]) || is_digit(text.at[n]) || is_one_of(text.at[n], "+-.")))
                n++;
        if (n == text.n || text.at[n] != ':')
                return 0;
        for (after = n + 1; after < text.n && is_digit(text.at[after]); after++)
                ;
        if (after > n + 1 && (after == text.n || is_one_of(text.at[after], "/?#")))
                return 0;
        return n + 1;
}

static bool starts_with(struct bytes text, const char *with)
{
        size_t n = strlen(with);

        if (text.n < n)
                return false;
        for (size_t i = 0; i < n; i++)
                if (lower(text.at[i]) != (uint8_t)with[i])
                        return false;
        return true;
}

static size_t span_to(struct bytes text, const char *stops)
{
        size_t n = 0;

        while (n < text.n && !is_one_of(text.at[n], stops))
                n++;
        return n;
}

/* Numbers and dots that are not the four numbers of a host's address: `020 7946 0000` written together. */
static bool is_telephone(struct bytes host)
{
        size_t dots = 0, digits = 0;

        for (size_t i = 0; i < host.n; i++) {
                dots += host.at[i] == '.';
                digits += is_digit(host.at[i]);
        }
        return dots + digits == host.n && dots != 3 && !(dots == 4 && host.at[host.n - 1] == '.');
}

/* Browsers end the host at a backslash, other programs do not: with an `@` after it they would go to
 * different hosts. Without `http:` a name before an `@` makes an e-mail address. */
static enum err check_host(struct bytes rest, bool scheme)
{
        struct bytes browser = bytes_of(rest.at, span_to(rest, "/\\?#"));
        struct bytes strict = bytes_of(rest.at, span_to(rest, "/?#"));
        bool name = span_to(strict, "@") < strict.n;

        if (name && (!scheme || browser.n < strict.n))
                return ERR_ADDRESS;
        if (!scheme && is_telephone(bytes_of(browser.at, span_to(browser, ":"))))
                return ERR_ADDRESS;
        return OK;
}

/* Appends the address with `https://` in front whatever it had and, as browsers do, slashes for backslashes;
 * NUL-terminated. */
static enum err put_whole(struct bytes text, struct buf *out)
{
        size_t scheme = scheme_length(text), query;
        enum err e;

        for (size_t i = 0; i < text.n; i++)
                if (text.at[i] <= ' ' || text.at[i] == 0x7f)
                        return ERR_ADDRESS;
        if (scheme > 0 && !starts_with(text, "http:") && !starts_with(text, "https:"))
                return ERR_ADDRESS;
        text = bytes_of(text.at + scheme, text.n - scheme);
        while (text.n > 0 && is_one_of(text.at[0], "/\\"))
                text = bytes_of(text.at + 1, text.n - 1);
        if ((e = check_host(text, scheme > 0)))
                return e;
        query = span_to(text, "?#");
        buf_put_text(out, "https://");
        for (size_t i = 0; i < text.n; i++)
                buf_put_u8(out, i < query && text.at[i] == '\\' ? '/' : text.at[i]);
        buf_put_u8(out, 0);
        return buf_check(out);
}

static bool is_plain(uint8_t c, const char *also)
{
        return c >= 0x80 || is_letter(c) || is_digit(c) || is_one_of(c, "-._~!$()*,:@;") ||
               is_one_of(c, also);
}

static int hex_value(uint8_t c)
{
        if (is_digit(c))
                return c - '0';
        c = lower(c);
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Takes one byte, percent-encoded or not. */
static uint8_t take_byte(struct bytes *in, bool *out_encoded)
{
        uint8_t c = in->at[0];
        size_t n = 1;

        *out_encoded = false;
        if (c == '%' && in->n >= 3 && hex_value(in->at[1]) >= 0 && hex_value(in->at[2]) >= 0) {
                c = (uint8_t)(hex_value(in->at[1]) * 16 + hex_value(in->at[2]));
                *out_encoded = true;
                n = 3;
        }
        *in = bytes_of(in->at + n, in->n - n);
        return c;
}

static void put_encoded(struct buf *out, uint8_t c)
{
        static const char digit[] = "0123456789ABCDEF";

        buf_put_u8(out, '%');
        buf_put_u8(out, (uint8_t)digit[c >> 4]);
        buf_put_u8(out, (uint8_t)digit[c & 15]);
}

static struct bytes put_piece_as(struct bytes in, const char *also, bool keep_high, struct buf *out)
{
        size_t from = out->n;

        while (in.n > 0) {
                bool encoded;
                uint8_t c = take_byte(&in, &encoded);

                if (!encoded && c == '+' && !is_one_of('+', also))
                        c = ' '; /* a query's way to write it */
                if (is_plain(c, also) && (keep_high || c < 0x80))
                        buf_put_u8(out, c);
                else
                        put_encoded(out, c);
        }
        return buf_since(out, from);
}

/* A segment or the part of a parameter in its one form. Bytes that are no UTF-8 stay encoded. */
static struct bytes put_piece(struct bytes in, const char *also, struct buf *out)
{
        size_t from = out->n;
        struct bytes piece = put_piece_as(in, also, true, out);

        if (bytes_utf8_valid(piece))
                return piece;
        out->n = from;
        return put_piece_as(in, also, false, out);
}

static struct bytes take_up_to(struct bytes *in, uint8_t stop)
{
        const uint8_t *at = in->n > 0 ? memchr(in->at, stop, in->n) : NULL;
        struct bytes piece = bytes_of(in->at, at != NULL ? (size_t)(at - in->at) : in->n);

        *in = at != NULL ? bytes_of(at + 1, in->n - piece.n - 1) : bytes_text("");
        return piece;
}

static enum err add_segments(struct bytes path, size_t floor, struct buf *scratch, struct address *a)
{
        while (path.n > 0) {
                struct bytes segment = put_piece(take_up_to(&path, '/'), "&=+", scratch);

                if (segment.n == 0 || bytes_is(segment, "."))
                        continue;
                if (bytes_is(segment, "..")) {
                        if (a->segments_n > floor)
                                a->segments_n--;
                        continue;
                }
                if (a->segments_n == ADDRESS_SEGMENTS_MAX)
                        return ERR_TOO_LONG;
                a->segment[a->segments_n++] = segment;
        }
        return OK;
}

/* A sentence's full stop after a pasted address. */
static void drop_last_dots(struct address *a)
{
        while (a->segments_n > 0) {
                struct bytes *last = &a->segment[a->segments_n - 1];

                while (last->n > 0 && last->at[last->n - 1] == '.')
                        last->n--;
                if (last->n > 0)
                        return;
                a->segments_n--;
        }
}

static bool is_word(struct bytes text, const char *const *list)
{
        for (; *list != NULL; list++)
                if (text.n == strlen(*list) && starts_with(text, *list))
                        return true;
        return false;
}

static bool is_tracking(struct bytes name, struct bytes value)
{
        if (is_word(name, source_parameters) && is_word(value, source_words))
                return true;
        for (const char *const *t = tracking_parameters; *t != NULL; t++) {
                size_t n = strlen(*t);
                bool all = (*t)[n - 1] == '*';
                size_t i = 0;

                n -= all;
                while (i < n && i < name.n && lower(name.at[i]) == (uint8_t)(*t)[i])
                        i++;
                if (i == n && (all || name.n == n))
                        return true;
        }
        return false;
}

static int parameter_order(const void *a, const void *b)
{
        const struct address_parameter *p = a, *q = b;
        int order = bytes_order(p->name, q->name);

        return order != 0 ? order : bytes_order(p->value, q->value);
}

static enum err add_parameters(struct bytes query, struct buf *scratch, struct address *a)
{
        while (query.n > 0) {
                struct bytes value = take_up_to(&query, '&');
                struct bytes name = put_piece(take_up_to(&value, '='), "/?", scratch);

                if (name.n == 0 || is_tracking(name, value))
                        continue;
                if (a->parameters_n == ADDRESS_PARAMETERS_MAX)
                        return ERR_TOO_LONG;
                a->parameter[a->parameters_n++] =
                    (struct address_parameter){.name = name, .value = put_piece(value, "/?=", scratch)};
        }
        return OK;
}

/* `#/user/name` and `#!/name` are pages of sites that build them in the browser, and so is what follows the
 * bare host with a slash in it; anything else is a place on the page. A browser's own `:~:` is never a page.
 */
static bool is_page(struct bytes *fragment, bool bare)
{
        bool bang = fragment->n > 0 && fragment->at[0] == '!';
        struct bytes rest = bytes_of(fragment->at + bang, fragment->n - bang);

        if (rest.n == 0 || starts_with(rest, ":~:"))
                return false;
        if (rest.at[0] != '/' && !(bare && span_to(rest, "/") < rest.n))
                return false;
        *fragment = rest;
        return true;
}

static enum err add_fragment(struct bytes fragment, struct buf *scratch, struct address *a)
{
        struct bytes path;
        enum err e;

        if (!is_page(&fragment, a->segments_n == 0)) {
                a->fragment = put_piece(fragment, "&=+/?", scratch);
                return OK;
        }
        a->fragment_at = a->segments_n;
        path = take_up_to(&fragment, '?');
        if ((e = add_segments(path, a->fragment_at, scratch, a)))
                return e;
        return add_parameters(fragment, scratch, a);
}

void address_decode(struct bytes text, struct buf *out)
{
        while (text.n > 0) {
                bool encoded;

                buf_put_u8(out, take_byte(&text, &encoded));
        }
}

static enum err part(CURLU *url, CURLUPart which, char **out)
{
        CURLUcode code = curl_url_get(url, which, out, 0);

        if (code == CURLUE_OUT_OF_MEMORY)
                return ERR_NO_MEMORY;
        if (code != CURLUE_OK)
                *out = NULL;
        return OK;
}

static struct bytes part_bytes(const char *text)
{
        return text != NULL ? bytes_text(text) : bytes_text("");
}

/* The port, 0 for the usual ones, in 1 to 5 digits that libcurl has checked. */
static unsigned port_of(const char *text)
{
        unsigned port = 0;

        for (; text != NULL && *text != '\0'; text++)
                port = port * 10 + (unsigned)(*text - '0');
        return port == 80 || port == 443 ? 0 : port;
}

static enum err take_apart(CURLU *url, struct buf *scratch, struct address *a)
{
        char *host = NULL, *port = NULL, *path = NULL, *query = NULL, *fragment = NULL;
        enum err e;

        if ((e = part(url, CURLUPART_HOST, &host)) || (e = part(url, CURLUPART_PORT, &port)) ||
            (e = part(url, CURLUPART_PATH, &path)) || (e = part(url, CURLUPART_QUERY, &query)) ||
            (e = part(url, CURLUPART_FRAGMENT, &fragment)))
                goto done;
        if ((e = host_to_ascii(part_bytes(host), a->host)) ||
            (e = add_segments(part_bytes(path), 0, scratch, a)) ||
            (e = add_parameters(part_bytes(query), scratch, a)) ||
            (e = add_fragment(part_bytes(fragment), scratch, a)))
                goto done;
        a->port = port_of(port);
        qsort(a->parameter, a->parameters_n, sizeof a->parameter[0], parameter_order);
        drop_last_dots(a);
        if (a->fragment_at >= a->segments_n)
                a->fragment_at = ADDRESS_NO_FRAGMENT;
        e = buf_check(scratch);
done:
        curl_free(fragment);
        curl_free(query);
        curl_free(path);
        curl_free(port);
        curl_free(host);
        return e;
}

enum err address_parse(struct bytes text, struct buf *scratch, struct address *out)
{
        struct address a = {.fragment_at = ADDRESS_NO_FRAGMENT};
        CURLU *url = NULL;
        CURLUcode code;
        enum err e;

        text = paste_trim(text);
        if (text.n > ADDRESS_MAX)
                return ERR_TOO_LONG;
        if (!bytes_utf8_valid(text) || paste_is_cut(text))
                return ERR_ADDRESS;
        buf_reset(scratch);
        if ((e = put_whole(text, scratch)))
                return e;
        url = curl_url();
        if (url == NULL)
                return ERR_NO_MEMORY;
        code = curl_url_set(url, CURLUPART_URL, (const char *)scratch->at, CURLU_PATH_AS_IS);
        if (code != CURLUE_OK) {
                e = code == CURLUE_OUT_OF_MEMORY ? ERR_NO_MEMORY : ERR_ADDRESS;
                goto done;
        }
        /* Room for every byte encoded from the start, so that no slice moves. */
        buf_reset(scratch);
        if (buf_put_room(scratch, ADDRESS_SCRATCH_MAX) == NULL) {
                e = buf_check(scratch);
                goto done;
        }
        buf_reset(scratch);
        if ((e = take_apart(url, scratch, &a)))
                goto done;
        *out = a;
done:
        curl_url_cleanup(url);
        return e;
}
