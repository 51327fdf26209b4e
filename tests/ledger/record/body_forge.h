/* body_forge: a second, plain encoder of a body's disclosures, written from FORMAT.md section 3, which can
 * make one mistake of a kind and hash everything above it again, so that only the rule that forbids it can
 * refuse the result. */
#ifndef TESTS_LEDGER_RECORD_BODY_FORGE_H
#define TESTS_LEDGER_RECORD_BODY_FORGE_H

#include "sample.h"

enum forge_fault {
        FORGE_NONE,
        FORGE_DECOY,       /* a decoy replaced by another digest */
        FORGE_DECOY_FIELD, /* a field in a slot whose letter is `-`, its disclosure not sent */
        FORGE_SLOT_MORE,   /* groups with a slot too many */
        FORGE_SLOT_LESS,
        FORGE_SLOT_TWICE,  /* a digest twice in a group */
        FORGE_SD_MEMBER,   /* a group's object with another member */
        FORGE_GROUP_NAME,  /* a group of another name */
        FORGE_LAYOUT_NAME, /* a layout slot of another name */
        FORGE_SEED_SHORT,
        FORGE_SEED_OTHER,
        FORGE_LETTER_ABSENT,  /* `-` for a field that is there */
        FORGE_LETTER_PRESENT, /* a letter for one that is not */
        FORGE_LETTER_UNKNOWN,
        FORGE_LETTERS_SHORT,
        FORGE_LETTERS_LONG,
        FORGE_TOTAL, /* one too many */
        FORGE_N_WHO,
        FORGE_N_RESULT,
        FORGE_N_TEXT,     /* a count as a string */
        FORGE_FIELD_KIND, /* a field of another kind */
        FORGE_FIELD_SD,   /* a field named _sd */
        FORGE_FIELD_DOTS,
        FORGE_VALUE_SPACE, /* white space inside a value */
        FORGE_VALUE_TWICE, /* a member twice */
        FORGE_VALUE_SD,    /* `_sd` inside a value */
        FORGE_VALUE_LONG,
        FORGE_FOUR_ELEMENTS,
        FORGE_SALT_SHORT,
        FORGE_COUNT
};

struct forge {
        const struct body *b;
        enum forge_fault fault;
        struct hash field[BODY_FIELDS_MAX]; /* digests */
        struct buf value;
};

/* Appends one disclosure and `~`; the digest is that of what is appended. */
static inline void forge_one(struct buf *out, const uint8_t *salt, size_t salt_n, const char *name,
                             struct bytes value, const char *more, struct hash *digest)
{
        struct buf json;
        size_t from = out->n;

        buf_init(&json, 1 << 16);
        buf_put_text(&json, "[\"");
        b64u_put(&json, bytes_of(salt, salt_n));
        buf_put_format(&json, "\",\"%s\",", name);
        buf_put(&json, value);
        buf_put_format(&json, "%s]", more);
        b64u_put(out, buf_bytes(&json));
        assert_ok(hash_of(buf_since(out, from), digest));
        buf_put_u8(out, '~');
        buf_clear(&json);
}

static inline void forge_field(struct forge *f, size_t i, struct buf *out)
{
        const struct body_field *field = &f->b->field[i];
        enum forge_fault fault = i == 0 ? f->fault : FORGE_NONE;
        const char *name = fault == FORGE_FIELD_KIND   ? "gossip"
                           : fault == FORGE_FIELD_SD   ? "_sd"
                           : fault == FORGE_FIELD_DOTS ? "..."
                                                       : fields[field->number].name;
        struct bytes value = fault == FORGE_VALUE_SPACE   ? bytes_text("[1, 2]")
                             : fault == FORGE_VALUE_TWICE ? bytes_text("{\"a\":1,\"a\":2}")
                             : fault == FORGE_VALUE_SD    ? bytes_text("[{\"a\":{\"_sd\":[]}}]")
                                                          : field->value;

        buf_reset(&f->value);
        if (fault == FORGE_VALUE_LONG) {
                buf_put_u8(&f->value, '"');
                while (f->value.n < FIELD_VALUE_MAX)
                        buf_put_u8(&f->value, 'a');
                buf_put_u8(&f->value, '"');
                value = buf_bytes(&f->value);
        }
        forge_one(out, field->salt, fault == FORGE_SALT_SHORT ? SALT_LEN - 1 : SALT_LEN, name, value,
                  fault == FORGE_FOUR_ELEMENTS ? ",1" : "", &f->field[i]);
}

static inline void forge_decoy(const struct forge *f, unsigned g, size_t slot, struct hash *out)
{
        uint8_t last = (uint8_t)slot;
        struct bytes part[] = {bytes_text("enquiry-decoy-v1"), bytes_of(f->b->seed, SALT_LEN),
                               bytes_text(group_name(g)), bytes_of(&last, 1)};

        assert_ok(hash_of_parts(4, part, out));
        if (f->fault == FORGE_DECOY && g == GROUP_WHY)
                out->b[31] ^= 1;
        if (f->fault == FORGE_DECOY_FIELD && g == GROUP_WHY) {
                struct buf text;
                buf_init(&text, 1 << 10);
                forge_one(&text, f->b->seed, SALT_LEN, "why", bytes_text("1"), "", out);
                buf_clear(&text);
        }
}

static inline void forge_digest_put(struct buf *out, bool first, const struct hash *h)
{
        char text[HASH_TEXT_LEN + 1];

        hash_text(h, text);
        buf_put_format(out, "%s\"%s\"", first ? "" : ",", text);
}

static inline size_t forge_numbers(const struct forge *f, unsigned g, const uint8_t **out)
{
        return field_slots(f->b->kind, (enum group)g, out);
}

/* The group's disclosure, its fields after it. */
static inline void forge_group(struct forge *f, unsigned g, size_t *at, struct hash *sd, struct buf *out)
{
        const uint8_t *number;
        size_t n = forge_numbers(f, g, &number), first = *at;
        struct buf value;
        struct hash digest = {{0}};

        buf_init(&value, 1 << 16);
        buf_put_text(&value, "{\"_sd\":[");
        for (size_t slot = 0; slot < (n > 0 ? n : 1); slot++) {
                struct hash before = digest;
                if (slot < n && *at < f->b->n && f->b->field[*at].number == number[slot])
                        digest = f->field[(*at)++];
                else
                        forge_decoy(f, g, slot, &digest);
                if (f->fault == FORGE_SLOT_TWICE && g == GROUP_WHY && slot == n - 1)
                        digest = before;
                if (f->fault != FORGE_SLOT_LESS || g != GROUP_WHY || slot != n - 1)
                        forge_digest_put(&value, slot == 0, &digest);
        }
        if (f->fault == FORGE_SLOT_MORE && g == GROUP_WHY)
                forge_digest_put(&value, false, &sd[0]);
        buf_put_text(&value, f->fault == FORGE_SD_MEMBER && g == GROUP_WHY ? "],\"a\":1}" : "]}");
        forge_one(out, f->b->group_salt[g], SALT_LEN,
                  f->fault == FORGE_GROUP_NAME && g == GROUP_WHY ? "wherefore" : group_name(g),
                  buf_bytes(&value), "", &sd[g]);
        for (; first < *at; first++)
                forge_field(f, first, out);
        buf_clear(&value);
}

static inline void forge_letters(const struct forge *f, struct buf *out)
{
        size_t at = 0;
        bool once = false;

        for (unsigned g = 0; g < GROUP_COUNT; g++) {
                const uint8_t *number;
                size_t n = forge_numbers(f, g, &number);
                if (g > 0)
                        buf_put_u8(out, '.');
                for (size_t slot = 0; slot < (n > 0 ? n : 1); slot++) {
                        bool there = slot < n && at < f->b->n && f->b->field[at].number == number[slot];
                        char letter = there ? f->b->field[at++].origin : '-';
                        if (there && !once && f->fault == FORGE_LETTER_ABSENT)
                                letter = '-', once = true;
                        else if (there && !once && f->fault == FORGE_LETTER_UNKNOWN)
                                letter = 'z', once = true;
                        else if (!there && !once && f->fault == FORGE_LETTER_PRESENT)
                                letter = 't', once = true;
                        buf_put_u8(out, (uint8_t)letter);
                }
        }
        if (f->fault == FORGE_LETTERS_SHORT)
                out->n--;
        if (f->fault == FORGE_LETTERS_LONG)
                buf_put_u8(out, '-');
}

static inline void forge_layout_value(const struct forge *f, size_t slot, struct buf *out)
{
        size_t n = 0;

        if (slot == 0) {
                uint8_t seed[SALT_LEN];
                memcpy(seed, f->b->seed, SALT_LEN);
                seed[0] ^= f->fault == FORGE_SEED_OTHER;
                buf_put_u8(out, '"');
                b64u_put(out, bytes_of(seed, f->fault == FORGE_SEED_SHORT ? SALT_LEN - 1 : SALT_LEN));
                buf_put_u8(out, '"');
        } else if (slot == 1) {
                buf_put_u8(out, '"');
                forge_letters(f, out);
                buf_put_u8(out, '"');
        } else if (slot == 2) {
                buf_put_decimal(out, f->b->n + (f->fault == FORGE_TOTAL));
        } else {
                for (size_t i = 0; i < f->b->n; i++)
                        n += fields[f->b->field[i].number].group == slot - 3;
                n += f->fault == FORGE_N_WHO && slot == 3;
                n += f->fault == FORGE_N_RESULT && slot == 9;
                buf_put_format(out, f->fault == FORGE_N_TEXT && slot == 5 ? "\"%zu\"" : "%zu", n);
        }
}

static inline void forge_layout(const struct forge *f, struct hash *sd, struct buf *out)
{
        static const char *const name[] = {"seed",        "origin",    "total",       "n_who", "n_why",
                                           "n_authority", "n_subject", "n_intrusion", "n_how", "n_result"};
        struct buf slots, value, head;
        struct hash digest;

        buf_init(&slots, 1 << 16);
        buf_init(&value, 1 << 12);
        buf_init(&head, 1 << 12);
        buf_put_text(&head, "{\"_sd\":[");
        for (size_t i = 0; i < LAYOUT_SLOTS; i++) {
                buf_reset(&value);
                forge_layout_value(f, i, &value);
                forge_one(&slots, f->b->layout_salt[i], SALT_LEN,
                          f->fault == FORGE_LAYOUT_NAME && i == 4 ? "n_whom" : name[i], buf_bytes(&value), "",
                          &digest);
                forge_digest_put(&head, i == 0, &digest);
        }
        buf_put_text(&head, "]}");
        forge_one(out, f->b->group_salt[GROUP_LAYOUT], SALT_LEN, "layout", buf_bytes(&head), "", sd);
        buf_put(out, buf_bytes(&slots));
        buf_clear(&slots);
        buf_clear(&value);
        buf_clear(&head);
}

/* Appends all disclosures; b->n is at least 1, and the group `why` has a decoy. */
static inline void forge_body(const struct body *b, enum forge_fault fault, struct hash sd[GROUPS_ALL],
                              struct buf *out)
{
        static struct forge f;
        struct buf unused;
        size_t at = 0;

        f = (struct forge){.b = b, .fault = fault};
        buf_init(&f.value, 1 << 16);
        buf_init(&unused, 1 << 20);
        for (size_t i = 0; i < b->n; i++)
                forge_field(&f, i, &unused);
        forge_layout(&f, &sd[GROUP_LAYOUT], out);
        for (unsigned g = 0; g < GROUP_COUNT; g++)
                forge_group(&f, g, &at, sd, out);
        assert_ok(buf_check(out));
        buf_clear(&unused);
        buf_clear(&f.value);
}

#endif
