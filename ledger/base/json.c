#include "ledger/base/json.h"

static enum err take_any(struct bytes *in, unsigned depth, struct bytes *out);

static bool at_byte(struct bytes in, char c)
{
        return in.n > 0 && in.at[0] == (uint8_t)c;
}

static bool take_byte(struct bytes *in, char c)
{
        if (!at_byte(*in, c))
                return false;
        *in = bytes_of(in->at + 1, in->n - 1);
        return true;
}

/* The escape that begins at the `\` of `in`: its length and the byte it stands for; 0 if it is none of those
 * allowed. */
static size_t escape_length(struct bytes in, uint8_t *out)
{
        if (in.n >= 2 && (in.at[1] == '"' || in.at[1] == '\\')) {
                *out = in.at[1];
                return 2;
        }
        if (in.n < 6 || memcmp(in.at, "\\u00", 4) != 0 || (in.at[4] != '0' && in.at[4] != '1'))
                return 0;
        uint8_t low = in.at[5];
        if (low >= '0' && low <= '9')
                low = (uint8_t)(low - '0');
        else if (low >= 'a' && low <= 'f')
                low = (uint8_t)(low - 'a' + 10);
        else
                return 0;
        *out = (uint8_t)((in.at[4] - '0') << 4 | low);
        return *out == 0 ? 0 : 6;
}

enum err json_take_string(struct bytes *in, struct bytes *out)
{
        if (!at_byte(*in, '"'))
                return ERR_JSON;
        const uint8_t *at = in->at;
        uint8_t high = 0, unused;
        size_t i = 1;
        while (i < in->n && at[i] != '"') {
                size_t step = 1;
                if (at[i] == '\\')
                        step = escape_length(bytes_of(at + i, in->n - i), &unused);
                else if (at[i] < 0x20)
                        step = 0;
                if (step == 0)
                        return ERR_JSON;
                high |= at[i];
                i += step;
        }
        if (i >= in->n || (high & 0x80 && !bytes_utf8_valid(bytes_of(at + 1, i - 1))))
                return ERR_JSON;
        *out = bytes_of(at + 1, i - 1);
        *in = bytes_of(at + i + 1, in->n - i - 1);
        return OK;
}

enum err json_take_int(struct bytes *in, int64_t *out)
{
        struct bytes rest = *in;
        uint64_t v;
        bool minus = take_byte(&rest, '-');
        if (bytes_take_decimal(&rest, &v) || v > JSON_INT_MAX || (minus && v == 0))
                return ERR_JSON;
        *out = minus ? -(int64_t)v : (int64_t)v;
        *in = rest;
        return OK;
}

static enum err take_array(struct bytes *in, unsigned depth)
{
        struct bytes element;
        if (depth > JSON_DEPTH_MAX || !take_byte(in, '['))
                return ERR_JSON;
        if (take_byte(in, ']'))
                return OK;
        do {
                enum err e = take_any(in, depth, &element);
                if (e)
                        return e;
        } while (take_byte(in, ','));
        return take_byte(in, ']') ? OK : ERR_JSON;
}

/* Any total order does for finding duplicates; by length first is the quickest. */
static int name_order(struct bytes a, struct bytes b)
{
        if (a.n != b.n)
                return a.n < b.n ? -1 : 1;
        return bytes_order(a, b);
}

/* Puts the name at its place among those seen; ERR_JSON if it is there or there is no room. */
static enum err name_add(struct bytes seen[JSON_MEMBERS_MAX], size_t *count, struct bytes name)
{
        size_t from = 0, to = *count;
        if (to == JSON_MEMBERS_MAX)
                return ERR_JSON;
        while (from < to) {
                size_t middle = from + (to - from) / 2;
                int order = name_order(name, seen[middle]);
                if (order == 0)
                        return ERR_JSON;
                if (order < 0)
                        to = middle;
                else
                        from = middle + 1;
        }
        memmove(&seen[from + 1], &seen[from], (*count - from) * sizeof seen[0]);
        seen[from] = name;
        (*count)++;
        return OK;
}

static enum err take_object(struct bytes *in, unsigned depth)
{
        struct bytes seen[JSON_MEMBERS_MAX], name, value;
        size_t count = 0;
        if (depth > JSON_DEPTH_MAX || !take_byte(in, '{'))
                return ERR_JSON;
        if (take_byte(in, '}'))
                return OK;
        do {
                enum err e;
                if ((e = json_take_string(in, &name)) || (e = name_add(seen, &count, name)))
                        return e;
                if (!take_byte(in, ':'))
                        return ERR_JSON;
                if ((e = take_any(in, depth, &value)))
                        return e;
        } while (take_byte(in, ','));
        return take_byte(in, '}') ? OK : ERR_JSON;
}

enum err json_form_of(struct bytes value, enum json_form *out)
{
        if (value.n == 0)
                return ERR_JSON;
        switch (value.at[0]) {
        case '"': *out = JSON_IS_STRING; return OK;
        case '{': *out = JSON_IS_OBJECT; return OK;
        case '[': *out = JSON_IS_ARRAY; return OK;
        case 't': *out = JSON_IS_TRUE; return OK;
        case 'f': *out = JSON_IS_FALSE; return OK;
        case 'n': *out = JSON_IS_NULL; return OK;
        default: break;
        }
        if (value.at[0] != '-' && (value.at[0] < '0' || value.at[0] > '9'))
                return ERR_JSON;
        *out = JSON_IS_INT;
        return OK;
}

static enum err take_word(struct bytes *in, const char *word)
{
        return bytes_take_text(in, word) ? ERR_JSON : OK;
}

/* One value; `depth` is that of the container it stands in, 0 outside. */
static enum err take_any(struct bytes *in, unsigned depth, struct bytes *out)
{
        struct bytes rest = *in, text;
        enum json_form type;
        int64_t number;
        enum err e = json_form_of(rest, &type);
        if (e)
                return e;
        switch (type) {
        case JSON_IS_STRING: e = json_take_string(&rest, &text); break;
        case JSON_IS_INT: e = json_take_int(&rest, &number); break;
        case JSON_IS_TRUE: e = take_word(&rest, "true"); break;
        case JSON_IS_FALSE: e = take_word(&rest, "false"); break;
        case JSON_IS_NULL: e = take_word(&rest, "null"); break;
        case JSON_IS_ARRAY: e = take_array(&rest, depth + 1); break;
        case JSON_IS_OBJECT: e = take_object(&rest, depth + 1); break;
        }
        if (e)
                return e;
        *out = bytes_of(in->at, in->n - rest.n);
        *in = rest;
        return OK;
}

enum err json_take_value(struct bytes *in, struct bytes *out)
{
        return take_any(in, 0, out);
}

enum err json_check(struct bytes value)
{
        struct bytes whole;
        enum err e = take_any(&value, 0, &whole);
        return e ? e : value.n > 0 ? ERR_JSON : OK;
}

enum err json_whole_string(struct bytes value, struct bytes *out_escaped)
{
        struct bytes escaped;
        enum err e = json_take_string(&value, &escaped);
        if (e || value.n > 0)
                return ERR_JSON;
        *out_escaped = escaped;
        return OK;
}

enum err json_whole_int(struct bytes value, int64_t *out)
{
        int64_t v;
        enum err e = json_take_int(&value, &v);
        if (e || value.n > 0)
                return ERR_JSON;
        *out = v;
        return OK;
}

enum err json_unescape(struct bytes escaped, struct buf *out)
{
        size_t before = out->n;
        while (escaped.n > 0) {
                const uint8_t *slash = memchr(escaped.at, '\\', escaped.n);
                size_t plain = slash ? (size_t)(slash - escaped.at) : escaped.n;
                buf_put(out, bytes_of(escaped.at, plain));
                escaped = bytes_of(escaped.at + plain, escaped.n - plain);
                if (escaped.n == 0)
                        break;
                uint8_t byte;
                size_t n = escape_length(escaped, &byte);
                if (n == 0) {
                        out->n = before;
                        return ERR_JSON;
                }
                buf_put_u8(out, byte);
                escaped = bytes_of(escaped.at + n, escaped.n - n);
        }
        if (buf_check(out))
                out->n = before;
        return buf_check(out);
}

/* The end of a value that has been checked: the first comma or closing bracket that is not inside it. */
static enum err skip_value(struct bytes *in, struct bytes *out)
{
        struct bytes rest = *in, unused;
        size_t depth = 0;
        while (rest.n > 0 && (depth > 0 || !strchr(",]}", rest.at[0]))) {
                if (at_byte(rest, '"')) {
                        enum err e = json_take_string(&rest, &unused);
                        if (e)
                                return e;
                        continue;
                }
                if (at_byte(rest, '{') || at_byte(rest, '['))
                        depth++;
                else if (at_byte(rest, '}') || at_byte(rest, ']'))
                        depth--;
                rest = bytes_of(rest.at + 1, rest.n - 1);
        }
        if (depth > 0 || rest.n == in->n)
                return ERR_JSON;
        *out = bytes_of(in->at, in->n - rest.n);
        *in = rest;
        return OK;
}

/* Steps over what stands before the next member or element, or over the closing bracket, which must be the
 * last byte: then *out_done. */
static enum err walk_step(struct bytes *at, char open, char close, bool *out_done)
{
        struct bytes rest = *at;
        bool first = take_byte(&rest, open);
        bool done = take_byte(&rest, close);
        if (done ? rest.n > 0 : !first && !take_byte(&rest, ','))
                return ERR_JSON;
        *at = rest;
        *out_done = done;
        return OK;
}

enum err json_next_member(struct bytes *at, struct bytes *out_name, struct bytes *out_value, bool *out_done)
{
        struct bytes rest = *at, name, value;
        bool done;
        enum err e = walk_step(&rest, '{', '}', &done);
        if (!e && !done) {
                if ((e = json_take_string(&rest, &name)))
                        return e;
                if (!take_byte(&rest, ':'))
                        return ERR_JSON;
                if ((e = skip_value(&rest, &value)))
                        return e;
                *out_name = name;
                *out_value = value;
        }
        if (e)
                return e;
        *at = rest;
        *out_done = done;
        return OK;
}

enum err json_next_element(struct bytes *at, struct bytes *out_value, bool *out_done)
{
        struct bytes rest = *at, value;
        bool done;
        enum err e = walk_step(&rest, '[', ']', &done);
        if (!e && !done && !(e = skip_value(&rest, &value)))
                *out_value = value;
        if (e)
                return e;
        *at = rest;
        *out_done = done;
        return OK;
}

enum err json_member(struct bytes object, const char *name, struct bytes *out_value)
{
        struct bytes found, value, wanted = bytes_text(name);
        bool done;
        enum err e;
        while (!(e = json_next_member(&object, &found, &value, &done)) && !done) {
                if (!bytes_equal(found, wanted))
                        continue;
                *out_value = value;
                return OK;
        }
        return e ? e : ERR_ABSENT;
}
