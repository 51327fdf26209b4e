#include "ledger/record/body.h"

#include "ledger/base/b64.h"
#include "ledger/record/layout.h"

/* What the disclosures are written in, one after the other. */
struct desk {
        struct buf value, json, text;
};

static void desk_init(struct desk *d)
{
        buf_init(&d->value, DISCLOSURE_JSON_MAX);
        buf_init(&d->json, DISCLOSURE_JSON_MAX);
        buf_init(&d->text, DISCLOSURE_MAX);
}

static void desk_clear(struct desk *d)
{
        buf_wipe(&d->value);
        buf_wipe(&d->json);
        buf_wipe(&d->text);
}

void body_init(struct body *b, enum kind kind)
{
        *b = (struct body){.kind = kind};
        random_fill(b->seed, sizeof b->seed);
        random_fill(&b->group_salt[0][0], sizeof b->group_salt);
        random_fill(&b->layout_salt[0][0], sizeof b->layout_salt);
}

enum err body_add(struct body *b, const struct field *field, char origin, struct bytes value)
{
        size_t at = b->n;
        uint8_t number = (uint8_t)field_number(field);

        if (!field_has_kind(field, b->kind))
                return ERR_FIELD_UNKNOWN;
        if (value.n > FIELD_VALUE_MAX || json_check(value) || disclosure_value_reserved(value))
                return ERR_FIELD_VALUE;
        if (!layout_letter_valid(origin) || b->n == BODY_FIELDS_MAX)
                return ERR_BUG;
        while (at > 0 && b->field[at - 1].number > number)
                at--;
        if (at > 0 && b->field[at - 1].number == number)
                return ERR_BUG;
        memmove(&b->field[at + 1], &b->field[at], (b->n - at) * sizeof b->field[0]);
        b->field[at] =
            (struct body_field){.number = number, .origin = origin, .state = FIELD_PRESENT, .value = value};
        random_fill(b->field[at].salt, SALT_LEN);
        b->n++;
        return OK;
}

const struct body_field *body_find(const struct body *b, const char *name)
{
        for (size_t i = 0; i < b->n; i++)
                if (strcmp(fields[b->field[i].number].name, name) == 0)
                        return &b->field[i];
        return NULL;
}

enum err body_text(const struct body *b, const char *name, struct buf *scratch, struct bytes *out)
{
        const struct body_field *f = body_find(b, name);
        struct bytes escaped;
        size_t from = scratch->n;
        enum err e;

        if (f == NULL || f->state != FIELD_PRESENT || json_whole_string(f->value, &escaped)) {
                *out = bytes_text("");
                return OK;
        }
        buf_reserve(scratch, scratch->max);
        if ((e = json_unescape(escaped, scratch)))
                return e;
        *out = buf_since(scratch, from);
        return OK;
}

static struct disclosure of_field(const struct body_field *f)
{
        struct disclosure d = {.name = bytes_text(fields[f->number].name), .value = f->value};

        memcpy(d.salt, f->salt, SALT_LEN);
        return d;
}

/* The base64url of one disclosure in desk->text, and its digest. */
static enum err write_one(struct desk *desk, const struct disclosure *d, struct hash *out_digest)
{
        enum err e;

        buf_reset(&desk->json);
        buf_reset(&desk->text);
        disclosure_put(&desk->json, d);
        if ((e = buf_check(&desk->json)))
                return e;
        return disclosure_digest(buf_bytes(&desk->json), &desk->text, out_digest);
}

/* One whose value is in desk->value. */
static enum err write_value(struct desk *desk, const uint8_t salt[SALT_LEN], const char *name,
                            struct hash *out_digest)
{
        struct disclosure d = {.name = bytes_text(name), .value = buf_bytes(&desk->value)};
        enum err e = buf_check(&desk->value);

        memcpy(d.salt, salt, SALT_LEN);
        return e ? e : write_one(desk, &d, out_digest);
}

static enum err write_layout_slot(const struct body *b, size_t slot, struct desk *desk,
                                  struct hash *out_digest)
{
        buf_reset(&desk->value);
        layout_value_put(b, slot, &desk->value);
        return write_value(desk, b->layout_salt[slot], layout_name(slot), out_digest);
}

static enum err write_layout(const struct body *b, struct desk *desk, struct hash *out_digest)
{
        struct hash digest[LAYOUT_SLOTS];
        enum err e;

        for (size_t slot = 0; slot < LAYOUT_SLOTS; slot++)
                if ((e = write_layout_slot(b, slot, desk, &digest[slot])))
                        return e;
        buf_reset(&desk->value);
        layout_sd_put(LAYOUT_SLOTS, digest, &desk->value);
        return write_value(desk, b->group_salt[GROUP_LAYOUT], group_name(GROUP_LAYOUT), out_digest);
}

static enum err write_group(const struct body *b, enum group g, size_t *at_field, struct desk *desk,
                            struct hash *out_digest)
{
        enum err e;

        buf_reset(&desk->value);
        if ((e = layout_group_put(b, g, at_field, &desk->value)))
                return e;
        return write_value(desk, b->group_salt[g], group_name(g), out_digest);
}

enum err body_digests(struct body *b, struct hash out_sd[GROUPS_ALL])
{
        struct hash sd[GROUPS_ALL];
        struct desk desk;
        size_t at = 0;
        enum err e = OK;

        desk_init(&desk);
        for (size_t i = 0; !e && i < b->n; i++) {
                struct disclosure d = of_field(&b->field[i]);
                if (b->field[i].state == FIELD_PRESENT)
                        e = write_one(&desk, &d, &b->field[i].digest);
        }
        for (unsigned g = 0; !e && g < GROUP_COUNT; g++)
                e = write_group(b, (enum group)g, &at, &desk, &sd[g]);
        if (!e)
                e = write_layout(b, &desk, &sd[GROUP_LAYOUT]);
        if (!e)
                memcpy(out_sd, sd, sizeof sd);
        desk_clear(&desk);
        return e;
}

static void put_field(const struct body_field *f, struct buf *json, struct buf *out)
{
        struct disclosure d = of_field(f);

        buf_reset(json);
        disclosure_put(json, &d);
        if (!out->failed)
                out->failed = buf_check(json);
        b64u_put(out, buf_bytes(json));
}

void body_field_put(const struct body_field *f, struct buf *out)
{
        struct buf json;

        buf_init(&json, DISCLOSURE_JSON_MAX);
        put_field(f, &json, out);
        buf_wipe(&json);
}

static void put_text(struct desk *desk, struct buf *out)
{
        buf_put(out, buf_bytes(&desk->text));
        buf_put_u8(out, '~');
}

static enum err put_layout(const struct body *b, struct desk *desk, struct buf *out)
{
        struct hash unused;
        enum err e;

        if ((e = write_layout(b, desk, &unused)))
                return e;
        put_text(desk, out);
        for (size_t slot = 0; slot < LAYOUT_SLOTS; slot++) {
                if ((e = write_layout_slot(b, slot, desk, &unused)))
                        return e;
                put_text(desk, out);
        }
        return OK;
}

/* The group, and its fields after it. */
static enum err put_group(const struct body *b, enum group g, size_t *at_field, struct desk *desk,
                          struct buf *out)
{
        size_t at = *at_field;
        struct hash unused;
        enum err e;

        if ((e = write_group(b, g, at_field, desk, &unused)))
                return e;
        put_text(desk, out);
        for (; at < *at_field; at++) {
                if (b->field[at].state != FIELD_PRESENT)
                        continue;
                put_field(&b->field[at], &desk->json, out);
                buf_put_u8(out, '~');
        }
        return OK;
}

enum err body_put(const struct body *b, struct buf *out)
{
        struct desk desk;
        size_t at = 0, from = out->n;
        enum err e;

        desk_init(&desk);
        e = put_layout(b, &desk, out);
        for (unsigned g = 0; !e && g < GROUP_COUNT; g++)
                e = put_group(b, (enum group)g, &at, &desk, out);
        if (!e)
                e = buf_check(out);
        if (e && out->n > from)
                out->n = from;
        desk_clear(&desk);
        return e;
}

enum err body_check(struct body *b, const struct statement *s)
{
        struct hash sd[GROUPS_ALL];
        enum err e;

        if ((e = body_digests(b, sd)))
                return e;
        for (size_t i = 0; i < GROUPS_ALL; i++) {
                size_t found = 0;
                for (size_t j = 0; j < GROUPS_ALL; j++)
                        found += hash_equal(&s->sd[i], &sd[j]);
                if (found != 1)
                        return ERR_LAYOUT;
        }
        return OK;
}

enum err body_check_fields(const struct body *b, struct why *why)
{
        uint32_t kind = 1u << b->kind;
        size_t at = 0;
        enum err e;

        for (size_t i = 0; i < fields_count; i++) {
                const struct body_field *f = at < b->n && b->field[at].number == i ? &b->field[at++] : NULL;
                bool empty = f == NULL || (f->state == FIELD_PRESENT && bytes_is(f->value, "\"\""));
                if (empty && (fields[i].required & kind))
                        return why_set(why, ERR_FIELD_MISSING, "%s", fields[i].name);
                if (f != NULL && f->state == FIELD_PRESENT && (e = field_check(&fields[i], f->value, why)))
                        return e;
        }
        return OK;
}

struct body_count body_counts(const struct body *b)
{
        struct body_count c = {0};
        size_t slots = 0;

        for (size_t i = 0; i < b->n; i++)
                c.missing += b->field[i].state == FIELD_MISSING;
        for (unsigned g = 0; g < GROUP_COUNT; g++)
                slots += layout_slots(b->kind, (enum group)g);
        c.present = b->n - c.missing;
        c.decoys = slots - b->n;
        return c;
}
