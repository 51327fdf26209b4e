/* The disclosures of a submission, in the order in which body_put writes them. */
#include "ledger/base/b64.h"
#include "ledger/record/body.h"
#include "ledger/record/layout.h"

struct walk {
        struct bytes rest;   /* what has not been taken */
        struct buf *scratch; /* owns the decoded texts */
        struct why *why;
};

/* Only after a failure: whether one of the digests wanted is that of a disclosure further on. */
static bool comes_later(struct bytes rest, size_t n, const struct hash wanted[])
{
        struct bytes text;
        struct hash digest;

        while (!bytes_take_until(&rest, '~', &text)) {
                if (hash_of(text, &digest))
                        return false;
                for (size_t i = 0; i < n; i++)
                        if (hash_equal(&digest, &wanted[i]))
                                return true;
        }
        return false;
}

/* Takes the next disclosure, whose digest must be one of those wanted. */
static enum err take_one(struct walk *w, size_t n, const struct hash wanted[], const char *name,
                         struct disclosure *out)
{
        struct bytes text;
        struct hash digest;
        size_t i = 0, from = w->scratch->n;
        enum err e;

        if (w->rest.n == 0)
                return why_set(w->why, ERR_DISCLOSURE_MISSING, "%s", name);
        if (bytes_take_until(&w->rest, '~', &text))
                return why_set(w->why, ERR_DISCLOSURE, "the last disclosure does not end with ~");
        if (text.n > DISCLOSURE_MAX)
                return why_set(w->why, ERR_TOO_LONG, "a disclosure at the place of %s", name);
        if ((e = hash_of(text, &digest)))
                return e;
        while (i < n && !hash_equal(&digest, &wanted[i]))
                i++;
        if (i == n && comes_later(w->rest, n, wanted))
                return why_set(w->why, ERR_DISCLOSURE_EXTRA, "before %s", name);
        if (i == n)
                return why_set(w->why, ERR_DISCLOSURE_MISSING, "%s: another disclosure is at its place",
                               name);
        if ((e = b64u_decode(text, w->scratch)))
                return why_set(w->why, e == ERR_BASE64 ? ERR_DISCLOSURE : e, "%s", name);
        if ((e = disclosure_take(buf_since(w->scratch, from), out)))
                return why_set(w->why, e, "%s", name);
        return OK;
}

static enum err take_group(struct walk *w, const struct statement *s, unsigned g, size_t slots,
                           struct hash out_slot[], struct body *out)
{
        struct disclosure d;
        enum err e;

        if ((e = take_one(w, GROUPS_ALL, s->sd, group_name(g), &d)))
                return e;
        if (!bytes_is(d.name, group_name(g)))
                return why_set(w->why, ERR_DISCLOSURE_MISSING, "%s: another group is at its place",
                               group_name(g));
        memcpy(out->group_salt[g], d.salt, SALT_LEN);
        if ((e = layout_sd_take(d.value, slots, out_slot)))
                return why_set(w->why, e, "%s does not hold %zu digests", group_name(g), slots);
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

static enum err take_layout(struct walk *w, const struct statement *s, struct body *out)
{
        struct hash slot_digest[LAYOUT_SLOTS];
        struct disclosure d;
        size_t from;
        enum err e;

        if ((e = take_group(w, s, GROUP_LAYOUT, LAYOUT_SLOTS, slot_digest, out)))
                return e;
        for (size_t slot = 0; slot < LAYOUT_SLOTS; slot++) {
                const char *name = layout_name(slot);
                if ((e = take_one(w, 1, &slot_digest[slot], name, &d)))
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

static enum err take_field(struct walk *w, const struct hash *wanted, struct body_field *out)
{
        const char *name = fields[out->number].name;
        struct disclosure d;
        enum err e;

        if ((e = take_one(w, 1, wanted, name, &d)))
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
        out->digest = *wanted;
        return OK;
}

static enum err take_fields(struct walk *w, const struct statement *s, enum group g, size_t *at_field,
                            struct body *out)
{
        struct hash slot_digest[SLOTS_MAX], decoy;
        size_t slots = layout_slots(out->kind, g);
        enum err e;

        if ((e = take_group(w, s, g, slots, slot_digest, out)))
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
        struct walk w = {.rest = disclosures, .scratch = scratch, .why = why};
        struct body b = {.kind = s->kind};
        size_t at = 0, from = scratch->n;
        enum err e;

        buf_reserve(scratch, scratch->max);
        e = take_layout(&w, s, &b);
        for (unsigned g = 0; !e && g < GROUP_COUNT; g++)
                e = take_fields(&w, s, (enum group)g, &at, &b);
        if (!e && w.rest.n > 0)
                e = why_set(why, ERR_DISCLOSURE_EXTRA, "after the last one that is due");
        if (!e)
                *out = b;
        else if (scratch->n > from)
                scratch->n = from;
        return e;
}
