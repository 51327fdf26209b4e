/* The body at rest: content, which can be erased, and the residue, which cannot. FORMAT.md section 10. */
#include "ledger/record/body.h"
#include "ledger/record/layout.h"

#define RESIDUE_VERSION 1

void body_put_content(const struct body *b, struct buf *out)
{
        for (size_t i = 0; i < b->n; i++) {
                const struct body_field *f = &b->field[i];
                if (f->state != FIELD_PRESENT)
                        continue;
                buf_put_u8(out, f->number);
                buf_put(out, bytes_of(f->salt, SALT_LEN));
                buf_put_u16(out, (uint16_t)f->value.n);
                buf_put(out, f->value);
        }
}

void body_put_residue(const struct body *b, struct buf *out)
{
        struct buf letters;

        buf_init(&letters, ORIGIN_TEXT_MAX);
        layout_origin_put(b, &letters);
        if (!out->failed)
                out->failed = buf_check(&letters);
        buf_put_u8(out, RESIDUE_VERSION);
        buf_put(out, bytes_of(b->seed, sizeof b->seed));
        buf_put(out, bytes_of(b->group_salt, sizeof b->group_salt));
        buf_put(out, bytes_of(b->layout_salt, sizeof b->layout_salt));
        buf_put_u16(out, (uint16_t)letters.n);
        buf_put(out, buf_bytes(&letters));
        buf_put_u8(out, (uint8_t)body_counts(b).missing);
        for (size_t i = 0; i < b->n; i++) {
                if (b->field[i].state != FIELD_MISSING)
                        continue;
                buf_put_u8(out, b->field[i].number);
                buf_put(out, hash_bytes(&b->field[i].digest));
        }
        buf_clear(&letters);
}

static enum err take_head(struct bytes *in, struct body *out)
{
        struct bytes letters;
        uint8_t version;
        uint16_t n;
        enum err e;

        if ((e = bytes_take_u8(in, &version)) || (e = version == RESIDUE_VERSION ? OK : ERR_FORM) ||
            (e = bytes_take_copy(in, sizeof out->seed, out->seed)) ||
            (e = bytes_take_copy(in, sizeof out->group_salt, &out->group_salt[0][0])) ||
            (e = bytes_take_copy(in, sizeof out->layout_salt, &out->layout_salt[0][0])) ||
            (e = bytes_take_u16(in, &n)) || (e = bytes_take(in, n, &letters)))
                return e;
        return layout_origin_take(letters, out);
}

static bool next_is(struct bytes in, uint8_t number)
{
        return in.n > 0 && in.at[0] == number;
}

static enum err take_content(struct bytes *in, struct body_field *out)
{
        uint8_t number;
        uint16_t n;
        enum err e;

        if ((e = bytes_take_u8(in, &number)) || (e = bytes_take_copy(in, SALT_LEN, out->salt)) ||
            (e = bytes_take_u16(in, &n)) || (e = bytes_take(in, n, &out->value)))
                return e;
        return n > FIELD_VALUE_MAX || json_check(out->value) ? ERR_FORM : OK;
}

static enum err take_erased(struct bytes *in, struct body_field *out)
{
        uint8_t number;
        enum err e = bytes_take_u8(in, &number);

        out->state = FIELD_MISSING;
        return e ? e : bytes_take_copy(in, HASH_LEN, out->digest.b);
}

/* Both lists rise as the fields do, so each field's entry is next in one of them or in none. */
static enum err take_fields(struct bytes content, struct bytes erased, struct body *out, struct why *why)
{
        for (size_t i = 0; i < out->n; i++) {
                struct body_field *f = &out->field[i];
                enum err e;
                if (next_is(content, f->number))
                        e = take_content(&content, f);
                else if (next_is(erased, f->number))
                        e = take_erased(&erased, f);
                else
                        e = why_set(why, ERR_UNEXPLAINED, "%s", fields[f->number].name);
                if (e)
                        return e;
        }
        return content.n > 0 || erased.n > 0 ? ERR_FORM : OK;
}

enum err body_take(enum kind kind, struct bytes content, struct bytes residue, struct body *out,
                   struct why *why)
{
        struct body b = {.kind = kind};
        uint8_t count;
        enum err e;

        if ((e = take_head(&residue, &b)) || (e = bytes_take_u8(&residue, &count)) ||
            (e = residue.n == count * (1u + HASH_LEN) ? OK : ERR_FORM) ||
            (e = take_fields(content, residue, &b, why)))
                return why_set(why, e, "the entry's content at rest");
        *out = b;
        return OK;
}
