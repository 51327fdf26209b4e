#include "daemon/http.h"

#define METHOD_MAX 32 /* bytes */

/* What a header may be said once of. */
enum once { ONCE_HOST = 1, ONCE_LENGTH = 2, ONCE_MEDIA = 4, ONCE_EXPECT = 8 };

struct fields {
        struct http_head *head;
        unsigned seen; /* enum once */
};

static bool is_letter(uint8_t c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(uint8_t c)
{
        return c >= '0' && c <= '9';
}

static bool is_one_of(uint8_t c, const char *set)
{
        return c != 0 && strchr(set, c) != NULL;
}

/* RFC 9110 section 5.6.2. */
static bool is_token(struct bytes b)
{
        for (size_t i = 0; i < b.n; i++)
                if (!is_letter(b.at[i]) && !is_digit(b.at[i]) && !is_one_of(b.at[i], "!#$%&'*+-.^_`|~"))
                        return false;
        return b.n > 0;
}

static uint8_t lower(uint8_t c)
{
        return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

static bool is_word(struct bytes b, const char *lower_case)
{
        if (b.n != strlen(lower_case))
                return false;
        for (size_t i = 0; i < b.n; i++)
                if (lower(b.at[i]) != (uint8_t)lower_case[i])
                        return false;
        return true;
}

/* RFC 9110 section 5.6.3: optional white space is spaces and tabs. */
static struct bytes trim(struct bytes b)
{
        while (b.n > 0 && is_one_of(b.at[0], " \t")) {
                b.at++;
                b.n--;
        }
        while (b.n > 0 && is_one_of(b.at[b.n - 1], " \t"))
                b.n--;
        return b;
}

/* Finds the empty line. Every byte before it is printable ASCII, a tab, or part of a CRLF; what is not is
 * refused as soon as it has come. */
static enum err find_end(struct bytes in, size_t *out_end)
{
        size_t max = in.n < HTTP_HEAD_MAX ? in.n : HTTP_HEAD_MAX;
        for (size_t i = 0; i < max; i++) {
                uint8_t c = in.at[i];
                if (c == '\r') {
                        if (i + 1 == max)
                                break;
                        if (in.at[i + 1] != '\n')
                                return ERR_HTTP;
                        if (i >= 2 && in.at[i - 1] == '\n') {
                                *out_end = i + 2;
                                return OK;
                        }
                } else if (c == '\n') {
                        if (i == 0 || in.at[i - 1] != '\r')
                                return ERR_HTTP;
                } else if (c != '\t' && (c < 0x20 || c > 0x7e)) {
                        return ERR_HTTP;
                }
        }
        return in.n < HTTP_HEAD_MAX ? ERR_ABSENT : ERR_HEAD_TOO_LONG;
}

static enum err take_line(struct bytes *in, struct bytes *out)
{
        struct bytes line;
        if (bytes_take_until(in, '\n', &line) || line.n == 0)
                return ERR_HTTP;
        *out = bytes_of(line.at, line.n - 1); /* find_end saw to the CR */
        return OK;
}

/* RFC 3986 section 3.3, without percent-encoding; `extra` are the characters that only a query has. */
static bool is_target_text(struct bytes b, const char *extra)
{
        for (size_t i = 0; i < b.n; i++)
                if (!is_letter(b.at[i]) && !is_digit(b.at[i]) && !is_one_of(b.at[i], "-._~!$&'()*+,;=:@/") &&
                    !is_one_of(b.at[i], extra))
                        return false;
        return true;
}

/* A segment that is empty or only dots reads as another path to another program. */
static bool is_plain_path(struct bytes path)
{
        struct bytes segment, rest = path;
        if (path.n == 0 || path.at[0] != '/')
                return false;
        rest.at++;
        rest.n--;
        while (bytes_take_until(&rest, '/', &segment) == OK)
                if (segment.n == 0 || bytes_is(segment, ".") || bytes_is(segment, ".."))
                        return false;
        return !bytes_is(rest, ".") && !bytes_is(rest, "..");
}

static enum err read_target(struct bytes target, struct http_head *out)
{
        struct bytes path, query = target;
        if (bytes_take_until(&query, '?', &path)) {
                path = target;
                query = bytes_of("", 0);
        }
        if (!is_target_text(path, "") || !is_plain_path(path) || !is_target_text(query, "?"))
                return ERR_HTTP;
        if (bytes_to_text(path, out->path, sizeof out->path) ||
            bytes_to_text(query, out->query, sizeof out->query))
                return ERR_HEAD_TOO_LONG;
        return OK;
}

static enum err read_request_line(struct bytes line, struct http_head *out)
{
        static const struct {
                const char *name;
                enum http_method method;
        } known[] = {{"GET", HTTP_GET}, {"POST", HTTP_POST}, {"PUT", HTTP_PUT}};
        struct bytes method, target;
        if (bytes_take_until(&line, ' ', &method) || bytes_take_until(&line, ' ', &target) ||
            !bytes_is(line, "HTTP/1.1") || !is_token(method) || method.n > METHOD_MAX)
                return ERR_HTTP;
        out->method = HTTP_OTHER;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
                if (bytes_is(method, known[i].name))
                        out->method = known[i].method;
        enum err e = read_target(target, out);
        if (e)
                return e;
        /* Their answers are framed in another way, so that no route may see them. */
        return bytes_is(method, "HEAD") || bytes_is(method, "CONNECT") || bytes_is(method, "TRACE")
                   ? ERR_METHOD
                   : OK;
}

static enum err read_host(struct fields *f, struct bytes value)
{
        (void)f;
        for (size_t i = 0; i < value.n; i++)
                if (!is_letter(value.at[i]) && !is_digit(value.at[i]) && !is_one_of(value.at[i], "-._~:[]"))
                        return ERR_HTTP;
        return value.n > 0 ? OK : ERR_HTTP;
}

static enum err read_length(struct fields *f, struct bytes value)
{
        f->head->has_length = true;
        return bytes_take_decimal(&value, &f->head->length) || bytes_at_end(value) ? ERR_HTTP : OK;
}

static enum err read_transfer(struct fields *f, struct bytes value)
{
        (void)f;
        (void)value;
        return ERR_HTTP; /* RFC 9112 section 6.1 allows a server to know none of them */
}

static enum err read_connection(struct fields *f, struct bytes value)
{
        bool more = true;
        while (more) {
                struct bytes option;
                if (bytes_take_until(&value, ',', &option)) {
                        option = value;
                        more = false;
                }
                option = trim(option);
                if (option.n > 0 && !is_token(option))
                        return ERR_HTTP;
                if (is_word(option, "close"))
                        f->head->keep_alive = false;
        }
        return OK;
}

static enum err read_expect(struct fields *f, struct bytes value)
{
        f->head->expects_continue = true;
        return is_word(value, "100-continue") ? OK : ERR_HTTP;
}

/* The type without its parameters, in lower case. */
static enum err read_media(struct fields *f, struct bytes value)
{
        struct bytes media, type, rest = value;
        if (bytes_take_until(&rest, ';', &media))
                media = value;
        media = trim(media);
        rest = media;
        if (bytes_take_until(&rest, '/', &type) || !is_token(type) || !is_token(rest) ||
            bytes_to_text(media, f->head->media, sizeof f->head->media))
                return ERR_HTTP;
        for (char *c = f->head->media; *c != '\0'; c++)
                *c = (char)lower((uint8_t)*c);
        return OK;
}

static enum err read_field(struct fields *f, struct bytes line)
{
        static const struct {
                const char *name;
                unsigned once;
                enum err (*read)(struct fields *f, struct bytes value);
        } table[] = {
            {"host", ONCE_HOST, read_host},           {"content-length", ONCE_LENGTH, read_length},
            {"content-type", ONCE_MEDIA, read_media}, {"expect", ONCE_EXPECT, read_expect},
            {"connection", 0, read_connection},       {"transfer-encoding", 0, read_transfer},
        };
        struct bytes name;
        /* A folded line starts with white space, which no name has. */
        if (bytes_take_until(&line, ':', &name) || !is_token(name))
                return ERR_HTTP;
        for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
                if (!is_word(name, table[i].name))
                        continue;
                if (f->seen & table[i].once)
                        return ERR_HTTP;
                f->seen |= table[i].once;
                return table[i].read(f, trim(line));
        }
        return OK;
}

/* Which bodies there can be: a GET has none, POST and PUT say how long theirs is. */
static enum err check_length(const struct http_head *head)
{
        if (head->method == HTTP_GET && head->length > 0)
                return ERR_HTTP;
        if ((head->method == HTTP_POST || head->method == HTTP_PUT) && !head->has_length)
                return ERR_LENGTH;
        return OK;
}

enum err http_head_take(struct bytes in, struct http_head *out, size_t *out_used)
{
        struct http_head head = {.keep_alive = true};
        struct fields fields = {.head = &head};
        struct bytes line;
        size_t end;
        enum err e, of_line;
        if ((e = find_end(in, &end)))
                return e;
        struct bytes rest = bytes_of(in.at, end - 2);
        if ((e = take_line(&rest, &line)))
                return e;
        of_line = read_request_line(line, &head);
        if (of_line && of_line != ERR_METHOD)
                return of_line;
        while (rest.n > 0)
                if ((e = take_line(&rest, &line)) || (e = read_field(&fields, line)))
                        return e;
        if (!(fields.seen & ONCE_HOST))
                return ERR_HTTP;
        if (of_line)
                return of_line;
        if ((e = check_length(&head)))
                return e;
        *out = head;
        *out_used = end;
        return OK;
}
