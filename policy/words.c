#include "policy/words.h"

enum err words_init(struct words *w, const struct body *b, const char *name, struct why *why)
{
        const struct body_field *f = body_find(b, name);
        enum json_form form;
        *w = (struct words){.at = bytes_text("[]"), .name = name, .why = why};
        buf_init(&w->text, FIELD_VALUE_MAX);
        if (f == NULL || f->state != FIELD_PRESENT)
                return OK;
        if (json_check(f->value) || json_form_of(f->value, &form) || form != JSON_IS_ARRAY)
                return why_set(why, ERR_FIELD_VALUE, "%s is a list", name);
        w->at = f->value;
        return OK;
}

void words_clear(struct words *w)
{
        buf_wipe(&w->text);
}

enum err words_next(struct words *w, struct bytes *out, bool *out_done)
{
        struct bytes value, escaped;
        bool done;
        enum err e;
        do {
                if ((e = json_next_element(&w->at, &value, &done)))
                        return e;
                if (done)
                        break;
                buf_reset(&w->text);
                if (json_whole_string(value, &escaped))
                        return why_set(w->why, ERR_FIELD_VALUE, "%s is a list of texts", w->name);
                if ((e = json_unescape(escaped, &w->text)))
                        return e;
                *out = words_trim(buf_bytes(&w->text));
        } while (out->n == 0);
        *out_done = done;
        return OK;
}

struct bytes words_trim(struct bytes text)
{
        while (text.n > 0 && text.at[0] <= ' ')
                text = bytes_of(text.at + 1, text.n - 1);
        while (text.n > 0 && text.at[text.n - 1] <= ' ')
                text.n--;
        return text;
}

static uint8_t small(uint8_t c)
{
        return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

bool words_same(struct bytes a, struct bytes b)
{
        if (a.n != b.n)
                return false;
        for (size_t i = 0; i < a.n; i++)
                if (small(a.at[i]) != small(b.at[i]))
                        return false;
        return true;
}

enum err words_of_field(const struct body *b, const char *name, struct buf *scratch, struct bytes *out)
{
        const struct body_field *f = b ? body_find(b, name) : NULL;
        struct bytes escaped;
        enum err e;
        *out = bytes_text("");
        if (f == NULL || f->state != FIELD_PRESENT || json_whole_string(f->value, &escaped))
                return OK;
        if (escaped.n > 0 && memchr(escaped.at, '\\', escaped.n)) {
                if ((e = body_text(b, name, scratch, &escaped)))
                        return e;
        }
        *out = words_trim(escaped);
        return OK;
}
