/* The strict cursor: what it accepts is a whole value, and a string is written again as it was read. */
#include "ledger/base/json.h"
#include "tests/fuzz/fuzz.h"

static void check_string(struct bytes value)
{
        struct bytes escaped;
        struct buf text, again;
        if (json_whole_string(value, &escaped))
                return;
        buf_init(&text, value.n + 1);
        buf_init(&again, value.n + 1);
        must(json_unescape(escaped, &text) == OK, "a checked string can be unescaped");
        must(bytes_utf8_valid(buf_bytes(&text)), "a string is UTF-8 without NUL");
        json_put_string(&again, buf_bytes(&text));
        must(bytes_equal(buf_bytes(&again), value), "a string is written as it was read");
        buf_clear(&text);
        buf_clear(&again);
}

static void walk(struct bytes value, unsigned depth)
{
        enum json_form form;
        struct bytes at = value, name, part;
        bool done = false;
        int64_t n;
        must(depth <= JSON_DEPTH_MAX + 1, "depth is bounded");
        must(json_form_of(value, &form) == OK, "a checked value has a form");
        if (form == JSON_IS_STRING)
                check_string(value);
        if (form == JSON_IS_INT)
                must(json_whole_int(value, &n) == OK && n <= JSON_INT_MAX && n >= -JSON_INT_MAX,
                     "numbers are within 2^53");
        while (form == JSON_IS_OBJECT || form == JSON_IS_ARRAY) {
                enum err e = form == JSON_IS_OBJECT ? json_next_member(&at, &name, &part, &done)
                                                    : json_next_element(&at, &part, &done);
                must(e == OK, "a checked object can be walked");
                if (done)
                        return;
                walk(part, depth + 1);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        struct bytes in = bytes_of(data, n), rest = in, value;
        struct buf text;
        if (!json_check(in))
                walk(in, 1);
        if (!json_take_value(&rest, &value))
                must(value.n + rest.n == n && json_check(value) == OK, "what is taken is a value");
        buf_init(&text, n + 1);
        if (!json_unescape(in, &text))
                must(text.n <= n, "unescaping does not grow");
        buf_clear(&text);
        return 0;
}
