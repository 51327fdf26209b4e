#include "ledger/record/disclosure.h"

#include "ledger/base/b64.h"
#include "ledger/base/json.h"

void disclosure_put(struct buf *out, const struct disclosure *d)
{
        buf_put_text(out, "[\"");
        b64u_put(out, bytes_of(d->salt, SALT_LEN));
        buf_put_text(out, "\",\"");
        buf_put(out, d->name);
        buf_put_text(out, "\",");
        buf_put(out, d->value);
        buf_put_text(out, "]");
}

enum err disclosure_take(struct bytes json, struct disclosure *out)
{
        struct disclosure d;
        struct bytes salt;

        if (bytes_take_text(&json, "[\"") || bytes_take(&json, B64U_LEN(SALT_LEN), &salt) ||
            b64u_decode_exact(salt, d.salt, SALT_LEN) || bytes_take_text(&json, "\",") ||
            json_take_string(&json, &d.name) || memchr(d.name.at, '\\', d.name.n) ||
            bytes_take_text(&json, ",") || json_take_value(&json, &d.value) || bytes_take_text(&json, "]") ||
            bytes_at_end(json))
                return ERR_DISCLOSURE;
        *out = d;
        return OK;
}

enum err disclosure_digest(struct bytes json, struct buf *text, struct hash *out)
{
        size_t from = text->n;
        enum err e;

        if (json.n > DISCLOSURE_JSON_MAX)
                return ERR_TOO_LONG;
        b64u_put(text, json);
        if ((e = buf_check(text)))
                return e;
        return hash_of(buf_since(text, from), out);
}

bool disclosure_value_reserved(struct bytes value)
{
        struct bytes name = {0}, part;
        enum json_form form;
        bool done = false;

        if (json_form_of(value, &form) || (form != JSON_IS_OBJECT && form != JSON_IS_ARRAY))
                return false;
        for (;;) {
                enum err e = form == JSON_IS_OBJECT ? json_next_member(&value, &name, &part, &done)
                                                    : json_next_element(&value, &part, &done);
                if (e || done)
                        return false;
                if (bytes_is(name, "_sd") || bytes_is(name, "...") || disclosure_value_reserved(part))
                        return true;
        }
}
