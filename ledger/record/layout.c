#include "ledger/record/layout.h"

#include "ledger/base/b64.h"

static const char letters[] = "tcfaompklxd";

static const char *const names[LAYOUT_SLOTS] = {"seed",  "origin",      "total",     "n_who",
                                                "n_why", "n_authority", "n_subject", "n_intrusion",
                                                "n_how", "n_result"};
_Static_assert(LAYOUT_COUNTS + GROUP_COUNT == LAYOUT_SLOTS, "a count a group");

const char *layout_name(size_t slot)
{
        return slot < LAYOUT_SLOTS ? names[slot] : "";
}

bool layout_letter_valid(char letter)
{
        return letter != '\0' && strchr(letters, letter) != NULL;
}

size_t layout_slots(enum kind kind, enum group g)
{
        const uint8_t *numbers;
        size_t n = field_slots(kind, g, &numbers);
        return n > 0 ? n : 1;
}

enum err layout_decoy(const uint8_t seed[SALT_LEN], enum group g, size_t slot, struct hash *out)
{
        uint8_t last = (uint8_t)slot;
        struct bytes part[] = {bytes_text("enquiry-decoy-v1"), bytes_of(seed, SALT_LEN),
                               bytes_text(group_name(g)), bytes_of(&last, 1)};
        return hash_of_parts(4, part, out);
}

const struct body_field *layout_field_at(const struct body *b, enum group g, size_t slot, size_t *at_field)
{
        const uint8_t *numbers;
        size_t n = field_slots(b->kind, g, &numbers);

        if (slot >= n || *at_field >= b->n || b->field[*at_field].number != numbers[slot])
                return NULL;
        return &b->field[(*at_field)++];
}

void layout_origin_put(const struct body *b, struct buf *out)
{
        size_t at = 0;

        for (unsigned g = 0; g < GROUP_COUNT; g++) {
                if (g > 0)
                        buf_put_u8(out, '.');
                for (size_t slot = 0; slot < layout_slots(b->kind, (enum group)g); slot++) {
                        const struct body_field *f = layout_field_at(b, (enum group)g, slot, &at);
                        buf_put_u8(out, (uint8_t)(f == NULL ? ORIGIN_ABSENT : f->origin));
                }
        }
}

/* The letters of one group. */
static enum err take_group(struct bytes *text, enum group g, struct body *out)
{
        const uint8_t *numbers;
        size_t n = field_slots(out->kind, g, &numbers);

        for (size_t slot = 0; slot < layout_slots(out->kind, g); slot++) {
                uint8_t letter;
                if (bytes_take_u8(text, &letter))
                        return ERR_LAYOUT;
                if (letter == ORIGIN_ABSENT)
                        continue;
                if (slot >= n || !layout_letter_valid((char)letter) || out->n == BODY_FIELDS_MAX)
                        return ERR_LAYOUT;
                out->field[out->n++] = (struct body_field){
                    .number = numbers[slot], .origin = (char)letter, .state = FIELD_PRESENT};
        }
        return OK;
}

enum err layout_origin_take(struct bytes text, struct body *out)
{
        out->n = 0;
        for (unsigned g = 0; g < GROUP_COUNT; g++) {
                enum err e;
                if (g > 0 && bytes_take_text(&text, "."))
                        return ERR_LAYOUT;
                if ((e = take_group(&text, (enum group)g, out)))
                        return e;
        }
        return text.n > 0 ? ERR_LAYOUT : OK;
}

static size_t fields_of_group(const struct body *b, unsigned g)
{
        size_t n = 0;

        for (size_t i = 0; i < b->n; i++)
                n += fields[b->field[i].number].group == g;
        return n;
}

void layout_value_put(const struct body *b, size_t slot, struct buf *out)
{
        switch (slot) {
        case LAYOUT_SEED:
                buf_put_u8(out, '"');
                b64u_put(out, bytes_of(b->seed, SALT_LEN));
                buf_put_u8(out, '"');
                return;
        case LAYOUT_ORIGIN:
                buf_put_u8(out, '"');
                layout_origin_put(b, out);
                buf_put_u8(out, '"');
                return;
        case LAYOUT_TOTAL: buf_put_decimal(out, b->n); return;
        default: buf_put_decimal(out, fields_of_group(b, (unsigned)(slot - LAYOUT_COUNTS)));
        }
}

void layout_sd_put(size_t n, const struct hash digest[], struct buf *out)
{
        buf_put_text(out, "{\"_sd\":[");
        for (size_t i = 0; i < n; i++) {
                buf_put_text(out, i > 0 ? ",\"" : "\"");
                hash_put(out, &digest[i]);
                buf_put_u8(out, '"');
        }
        buf_put_text(out, "]}");
}

enum err layout_sd_take(struct bytes value, size_t n, struct hash out[])
{
        struct bytes text;

        if (bytes_take_text(&value, "{\"_sd\":["))
                return ERR_LAYOUT;
        for (size_t i = 0; i < n; i++)
                if (bytes_take_text(&value, i > 0 ? ",\"" : "\"") ||
                    bytes_take(&value, HASH_TEXT_LEN, &text) || hash_of_text(text, &out[i]) ||
                    bytes_take_text(&value, "\""))
                        return ERR_LAYOUT;
        return bytes_take_text(&value, "]}") || value.n > 0 ? ERR_LAYOUT : OK;
}

enum err layout_group_put(const struct body *b, enum group g, size_t *at_field, struct buf *out)
{
        struct hash digest[SLOTS_MAX];
        size_t slots = layout_slots(b->kind, g);

        for (size_t slot = 0; slot < slots; slot++) {
                const struct body_field *f = layout_field_at(b, g, slot, at_field);
                enum err e = OK;
                if (f != NULL)
                        digest[slot] = f->digest;
                else
                        e = layout_decoy(b->seed, g, slot, &digest[slot]);
                if (e)
                        return e;
        }
        layout_sd_put(slots, digest, out);
        return OK;
}
