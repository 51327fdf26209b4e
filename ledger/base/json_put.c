#include "ledger/base/json.h"

static void put_fail(struct buf *out, enum err e)
{
        if (!out->failed)
                out->failed = e;
}

void json_put_string(struct buf *out, struct bytes text)
{
        if (!bytes_utf8_valid(text)) {
                put_fail(out, ERR_UTF8);
                return;
        }
        buf_put_u8(out, '"');
        size_t from = 0;
        for (size_t i = 0; i < text.n; i++) {
                uint8_t c = text.at[i];
                if (c >= 0x20 && c != '"' && c != '\\')
                        continue;
                buf_put(out, bytes_of(text.at + from, i - from));
                from = i + 1;
                if (c < 0x20) {
                        const uint8_t escape[] = {'\\',
                                                  'u',
                                                  '0',
                                                  '0',
                                                  (uint8_t)('0' + (c >> 4)),
                                                  (uint8_t) "0123456789abcdef"[c & 15]};
                        buf_put(out, bytes_of(escape, sizeof escape));
                } else {
                        buf_put_u8(out, '\\');
                        buf_put_u8(out, c);
                }
        }
        if (from < text.n)
                buf_put(out, bytes_of(text.at + from, text.n - from));
        buf_put_u8(out, '"');
}

void json_put_text(struct buf *out, const char *text)
{
        json_put_string(out, bytes_text(text));
}

void json_put_int(struct buf *out, int64_t v)
{
        if (v > JSON_INT_MAX || v < -JSON_INT_MAX) {
                put_fail(out, ERR_JSON);
                return;
        }
        if (v < 0)
                buf_put_u8(out, '-');
        buf_put_decimal(out, (uint64_t)(v < 0 ? -v : v));
}

void json_put_name(struct buf *out, const char *name)
{
        if (out->n > 0 && out->at[out->n - 1] != '{')
                buf_put_u8(out, ',');
        json_put_text(out, name);
        buf_put_u8(out, ':');
}
