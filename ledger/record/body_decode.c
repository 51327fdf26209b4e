/* The disclosures of a submission, in the order in which body_put writes them. */
#include "ledger/base/b64.h"
#include "ledger/record/body.h"
#include "ledger/record/layout.h"

struct walk {
        const struct statement *s;
        struct bytes rest;   /* what has not been taken */
        struct buf *scratch; /* owns the decoded texts */
        struct why *why;
};

/* What the next disclosure is to be: one of n digests, of which `due` have not come yet. */
struct wanted {
        const char *name;
        const struct hash *digest;
        size_t n, due;
};

/* Only after a failure: how many disclosures further on have one of the digests wanted. */
static size_t count_later(struct bytes rest, const struct wanted *wanted)
{
        struct bytes text;
        struct hash digest;
        size_t count = 0;

        while (!bytes_take_until(&rest, '~', &text) && !hash_of(text, &digest))
                for (size_t i = 0; i < wanted->n; i++)
                        count += hash_equal(&digest, &wanted->digest[i]);
        return count;
}

static enum err check_digest(const struct walk *w, struct bytes text, const struct wanted *wanted)
{
        struct hash digest;
        enum err e;

        if ((e = hash_of(text, &digest)))
                return e;
        for (size_t i = 0; i < wanted->n; i++)
                if (hash_equal(&digest, &wanted->digest[i]))
                        return OK;
        if (count_later(w->rest, wanted) >= wanted->due)
                return why_set(w->why, ERR_DISCLOSURE_EXTRA, "before %s", wanted->name);
        return why_set(w->why, ERR_DISCLOSURE_MISSING, "%s: another disclosure is at its place",
                       wanted->name);
}

static enum err take_one(struct walk *w, const struct wanted *wanted, struct disclosure *out)
{
        struct bytes text;
        size_t from = w->scratch->n;
        enum err e;

        if (w->rest.n == 0)
                return why_set(w->why, ERR_DISCLOSURE_MISSING, "%s", wanted->name);
        if (bytes_take_until(&w->rest, '~', &text))
                return why_set(w->why, ERR_DISCLOSURE, "the last disclosure does not end with ~");
        if (text.n > DISCLOSURE_MAX)
                return why_set(w->why, ERR_TOO_LONG, "a disclosure at the place of %s", wanted->name);
        if ((e = check_digest(w, text, wanted)))
                return e;
        if ((e = b64u_decode(text, w->scratch)))
                return why_set(w->why, e == ERR_BASE64 ? ERR_DISCLOSURE : e, "%s", wanted->name);
        if ((e = disclosure_take(buf_since(w->scratch, from), out)))
                return why_set(w->why, e, "%s", wanted->name);
        return OK;
}

/* A group, or the layout, which comes first. */
static enum err take_group(struct walk *w, unsigned g, size_t slots, struct hash out_slot[], struct body *out)
{
        const char *name = group_name(g);
        struct wanted wanted = {name, w->s->sd, GROUPS_ALL, g == GROUP_LAYOUT ? GROUPS_ALL : GROUP_COUNT - g};
        struct disclosure d = {0};
        enum err e;

        if ((e = take_one(w, &wanted, &d)))
                return e;
        if (!bytes_is(d.name, name) && count_later(w->rest, &wanted) >= wanted.due)
                return why_set(w->why, ERR_DISCLOSURE_EXTRA, "before %s", name);
        if (!bytes_is(d.name, name))
                return why_set(w->why, ERR_DISCLOSURE_MISSING, "%s: another group is at its place", name);
        memcpy(out->group_salt[g], d.salt, SALT_LEN);
        if ((e = layout_sd_take(d.value, slots, out_slot)))
                return why_set(w->why, e, "%s does not hold %zu digests", name, slots);
        return OK;
}

/* One slot of the layout; the first two fill the body from which all values are then made again. */
static enum err read_layout_slot(size_t slot, struct bytes value, struct body *out)
{
        struct bytes text;

        if (slot > LAYOUT_ORIGIN)
                return OK;
        if (json_whole_string(value, &text))
                return ERR_LAYOUT;
        if (slot == LAYOUT_ORIGIN)
                return layout_origin_take(text, out);
        return b64u_decode_exact(text, out->seed, SALT_LEN) ? ERR_LAYOUT : OK;
}

static enum err take_layout(struct walk *w, struct body *out)
{
        struct hash slot_digest[LAYOUT_SLOTS];
        struct disclosure d = {0};
        size_t from;
        enum err e;

        if ((e = take_group(w, GROUP_LAYOUT, LAYOUT_SLOTS, slot_digest, out)))
                return e;
        for (size_t slot = 0; slot < LAYOUT_SLOTS; slot++) {
                const char *name = layout_name(slot);
                if ((e = take_one(w, &(struct wanted){name, &slot_digest[slot], 1, 1}, &d)))
                        return e;
                if (!bytes_is(d.name, name) || read_layout_slot(slot, d.value, out))
                        return why_set(w->why, ERR_LAYOUT, "%s", name);
                memcpy(out->layout_salt[slot], d.salt, SALT_LEN);
                from = w->scratch->n;
                layout_value_put(out, slot, w->scratch);
                if ((e = buf_check(w->scratch)))
                        return e;
                if (!bytes_equal(d.value, buf_since(w->scratch, from)))
                        return why_set(w->why, ERR_LAYOUT, "%s is not what the letters say", name);
        }
        return OK;
}

static enum err take_field(struct walk *w, const struct hash *digest, struct body_field *out)
{
        const char *name = fields[out->number].name;
        struct disclosure d = {0};
        enum err e;

        if ((e = take_one(w, &(struct wanted){name, digest, 1, 1}, &d)))
                return e;
        if (bytes_is(d.name, "_sd") || bytes_is(d.name, "..."))
                return why_set(w->why, ERR_DISCLOSURE_NAME, "at the place of %s", name);
        if (!bytes_is(d.name, name))
                return why_set(w->why, ERR_FIELD_UNKNOWN, "another field is at the place of %s", name);
        if (d.value.n > FIELD_VALUE_MAX)
                return why_set(w->why, ERR_FIELD_VALUE, "%s is longer than %d bytes", name, FIELD_VALUE_MAX);
        if (disclosure_value_reserved(d.value))
                return why_set(w->why, ERR_DISCLOSURE_NAME, "inside of %s", name);
        memcpy(out->salt, d.salt, SALT_LEN);
        out->value = d.value;
        out->digest = *digest;
        return OK;
}

static enum err take_fields(struct walk *w, enum group g, size_t *at_field, struct body *out)
{
        struct hash slot_digest[SLOTS_MAX], decoy;
        size_t slots = layout_slots(out->kind, g);
        enum err e;

        if ((e = take_group(w, g, slots, slot_digest, out)))
                return e;
        for (size_t slot = 0; slot < slots; slot++) {
                size_t at = *at_field;
                if (layout_field_at(out, g, slot, at_field) != NULL)
                        e = take_field(w, &slot_digest[slot], &out->field[at]);
                else if (!(e = layout_decoy(out->seed, g, slot, &decoy)) &&
                         !hash_equal(&decoy, &slot_digest[slot]))
                        e = why_set(w->why, ERR_LAYOUT, "%s slot %zu is neither a field nor the decoy",
                                    group_name(g), slot);
                if (e)
                        return e;
        }
        return OK;
}

enum err body_decode(const struct statement *s, struct bytes disclosures, struct buf *scratch,
                     struct body *out, struct why *why)
{
        struct walk w = {.s = s, .rest = disclosures, .scratch = scratch, .why = why};
        struct body b = {.kind = s->kind};
        size_t at = 0, from = scratch->n;
        enum err e;

        buf_reserve(scratch, scratch->max);
        e = take_layout(&w, &b);
        for (unsigned g = 0; !e && g < GROUP_COUNT; g++)
                e = take_fields(&w, (enum group)g, &at, &b);
        if (!e && w.rest.n > 0)
                e = why_set(why, ERR_DISCLOSURE_EXTRA, "after the last one that is due");
        if (!e)
                *out = b;
        else if (scratch->n > from)
                scratch->n = from;
        return e;
}
