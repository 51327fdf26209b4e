/* What is sealed: content, residue, because. FORMAT.md section 10. */
#include <stdlib.h>

#include "ledger/crypto/random.h"
#include "ledger/store/inside.h"

#define CONTEXT_MAX 64 /* bytes */
#define SEALED_MAX  DATABASE_VALUE_MAX

enum err store_keys_new(struct bytes file_key, struct store_keys **out)
{
        struct store_keys *k = calloc(1, sizeof *k);
        enum err e = k == NULL ? ERR_NO_MEMORY : OK;
        if (e || (e = seal_subkey(file_key, "wrap", &k->wrap)) ||
            (e = seal_subkey(file_key, "residue", &k->residue)) ||
            (e = seal_subkey(file_key, "because", &k->because)) ||
            (e = seal_subkey(file_key, "subject", &k->subject)) ||
            (e = seal_subkey(file_key, "likeness", &k->likeness)))
                goto done;
        *out = k;
        k = NULL; /* given away */
done:
        store_keys_free(k);
        return e;
}

void store_keys_free(struct store_keys *k)
{
        if (k == NULL)
                return;
        secret_free(&k->wrap);
        secret_free(&k->residue);
        secret_free(&k->because);
        secret_free(&k->subject);
        secret_free(&k->likeness);
        free(k);
}

enum err store_tag(const struct store_keys *k, const char *space, struct bytes text,
                   uint8_t out[STORE_TAG_LEN])
{
        const struct bytes parts[] = {bytes_text(space), bytes_text(":"), text};
        return seal_tag(secret_bytes(&k->subject), sizeof parts / sizeof *parts, parts, out, STORE_TAG_LEN);
}

/* The context a row is sealed in: no row can stand in for another's. */
struct context {
        uint8_t at[CONTEXT_MAX];
        size_t n;
};

static void context_put(struct context *c, uint64_t v, size_t width)
{
        for (size_t i = width; i-- > 0;)
                c->at[c->n++] = (uint8_t)(v >> (8 * i));
}

static struct context context_of(const char *space, uint64_t seq)
{
        struct context c = {.n = strlen(space)};
        memcpy(c.at, space, c.n);
        context_put(&c, seq, 8);
        return c;
}

static struct bytes context_bytes(const struct context *c)
{
        return bytes_of(c->at, c->n);
}

/* The two that are sealed in one piece. */
static const struct piece {
        const char *space;
        enum ask_name get, put;
} pieces[] = {
    {"enquiry-residue-v1", ASK_RESIDUE, ASK_PUT_RESIDUE},
    {"enquiry-because-v1", ASK_BECAUSE, ASK_PUT_BECAUSE},
};
enum { RESIDUE, BECAUSE };

static struct bytes piece_key(const struct store_keys *k, int which)
{
        return secret_bytes(which == RESIDUE ? &k->residue : &k->because);
}

static enum err check_can_open(const struct store *s, uint64_t seq)
{
        if (s->keys == NULL)
                return ERR_SEALED;
        return s->content && seq <= INT64_MAX ? OK : ERR_ABSENT;
}

static enum err open_piece(struct store *s, uint64_t seq, int which, struct buf *out)
{
        enum err e;
        bool there = false;
        if ((e = check_can_open(s, seq)))
                return e;
        struct context context = context_of(pieces[which].space, seq);
        struct ask a = inside_ask(s, pieces[which].get);
        ask_put_u64(&a, seq);
        e = ask_row(&a, &there);
        if (!e)
                e = there
                        ? seal_open(piece_key(s->keys, which), context_bytes(&context), ask_bytes(&a, 0), out)
                        : ERR_ABSENT;
        ask_close(&a);
        return e;
}

enum err store_residue(struct store *s, uint64_t seq, struct buf *out)
{
        return open_piece(s, seq, RESIDUE, out);
}

enum err store_because(struct store *s, uint64_t seq, struct buf *out)
{
        return open_piece(s, seq, BECAUSE, out);
}

static enum err open_part(const struct ask *a, uint64_t seq, uint64_t part, struct bytes key, struct buf *out)
{
        struct context context = context_of("enquiry-content-v1", seq);
        context_put(&context, part, 2);
        if (ask_int(a, 1) != (int64_t)part)
                return ERR_SEALED; /* one is missing */
        return seal_open_numbered(key, part, context_bytes(&context), ask_bytes(a, 2), out);
}

static enum err open_parts(const struct store *s, struct ask *a, uint64_t seq, struct buf *out)
{
        struct context context = context_of("enquiry-key-v1", seq);
        struct buf key;
        bool there = false;
        uint64_t part = 0;
        enum err e;

        buf_init(&key, SEALED_MAX);
        while (!(e = ask_row(a, &there)) && there) {
                if (part == 0 && (e = seal_open(secret_bytes(&s->keys->wrap), context_bytes(&context),
                                                ask_bytes(a, 0), &key)))
                        break;
                if (key.n != SEAL_KEY_LEN)
                        e = ERR_SEALED;
                else
                        e = open_part(a, seq, part, buf_bytes(&key), out);
                if (e)
                        break;
                part++;
        }
        if (!e && part == 0)
                e = ERR_ABSENT;
        buf_wipe(&key);
        return e;
}

/* Forgets what was appended since out->n was `from`. */
static void take_back(struct buf *out, size_t from)
{
        if (out->n > from)
                explicit_bzero(out->at + from, out->n - from);
        out->n = from;
}

enum err store_content(struct store *s, uint64_t seq, struct buf *out)
{
        const size_t from = out->n;
        enum err e;
        if ((e = check_can_open(s, seq)))
                return e;
        struct ask a = inside_ask(s, ASK_CONTENT);
        ask_put_u64(&a, seq);
        e = open_parts(s, &a, seq, out);
        ask_close(&a);
        if (e)
                take_back(out, from);
        return e;
}

enum err store_fields(struct store *s, uint64_t seq, enum kind kind, struct buf *scratch, struct body *out,
                      struct why *why)
{
        const size_t from = scratch->n;
        struct buf residue;
        bool held = false;
        enum err e;

        buf_init(&residue, SEALED_MAX);
        if ((e = inside_hold(s, &held)))
                goto done;
        e = store_content(s, seq, scratch);
        if (!e || e == ERR_ABSENT) /* absent: no field was given, or all were erased; the residue knows */
                e = store_residue(s, seq, &residue);
        inside_let(s, held);
        if (!e)
                e = body_take(kind, buf_since(scratch, from), buf_bytes(&residue), out, why);
done:
        if (e)
                take_back(scratch, from);
        buf_wipe(&residue);
        return e;
}

enum err store_body(struct store *s, uint64_t seq, enum kind kind, struct buf *scratch, struct body *out,
                    struct why *why)
{
        struct hash unused[GROUPS_ALL];
        enum err e = store_fields(s, seq, kind, scratch, out, why);
        return e ? e : body_digests(out, unused);
}

static enum err put_blob(struct store *s, enum ask_name name, uint64_t seq, struct bytes sealed)
{
        struct ask a = inside_ask(s, name);
        ask_put_u64(&a, seq);
        ask_put_bytes(&a, sealed);
        enum err e = ask_run(&a);
        ask_close(&a);
        return e;
}

static enum err put_part(struct store *s, uint64_t seq, uint64_t part, struct bytes sealed)
{
        struct ask a = inside_ask(s, ASK_PUT_CONTENT);
        ask_put_u64(&a, seq);
        ask_put_u64(&a, part);
        ask_put_bytes(&a, sealed);
        enum err e = ask_run(&a);
        ask_close(&a);
        return e;
}

static enum err put_piece(struct store *s, uint64_t seq, int which, struct bytes plain, struct buf *sealed)
{
        struct context context = context_of(pieces[which].space, seq);
        enum err e;
        if (plain.n == 0)
                return OK;
        buf_reset(sealed);
        if ((e = seal_put(piece_key(s->keys, which), context_bytes(&context), plain, sealed)))
                return e;
        return put_blob(s, pieces[which].put, seq, buf_bytes(sealed));
}

static enum err put_parts(struct store *s, uint64_t seq, struct bytes key, struct bytes plain,
                          struct buf *sealed)
{
        enum err e;
        for (uint64_t part = 0; plain.n > 0; part++) {
                struct context context = context_of("enquiry-content-v1", seq);
                struct bytes piece;
                context_put(&context, part, 2);
                buf_reset(sealed);
                if (part > UINT16_MAX)
                        return ERR_TOO_LONG;
                if ((e = bytes_take(&plain, plain.n < STORE_PART_MAX ? plain.n : STORE_PART_MAX, &piece)) ||
                    (e = seal_put_numbered(key, part, context_bytes(&context), piece, sealed)) ||
                    (e = put_part(s, seq, part, buf_bytes(sealed))))
                        return e;
        }
        return OK;
}

static enum err put_content(struct store *s, uint64_t seq, struct bytes plain, struct buf *sealed)
{
        struct context context = context_of("enquiry-key-v1", seq);
        uint8_t key[SEAL_KEY_LEN];
        enum err e;
        if (plain.n == 0)
                return OK;
        random_fill(key, sizeof key);
        buf_reset(sealed);
        if ((e = seal_put(secret_bytes(&s->keys->wrap), context_bytes(&context), bytes_of(key, sizeof key),
                          sealed)) ||
            (e = put_blob(s, ASK_PUT_CONTENT_KEY, seq, buf_bytes(sealed))))
                goto done;
        e = put_parts(s, seq, bytes_of(key, sizeof key), plain, sealed);
done:
        explicit_bzero(key, sizeof key);
        return e;
}

#define SKETCH_SPACE "enquiry-likeness-v1"

enum err inside_put_sketch(struct store *s, const struct store_entry *entry, struct buf *sealed)
{
        const struct store_item *i = &entry->item;
        struct context context = context_of(SKETCH_SPACE, i->seq);
        enum err e;
        if (entry->sketch.n == 0)
                return OK;
        if (entry->sketch.n > STORE_SKETCH_MAX || entry->likeness > 100)
                return ERR_BUG;
        buf_reset(sealed);
        if ((e = seal_put(secret_bytes(&s->keys->likeness), context_bytes(&context), entry->sketch, sealed)))
                return e;
        struct ask a = inside_ask(s, ASK_PUT_SKETCH);
        ask_put_int(&a, i->member);
        ask_put_u64(&a, i->seq);
        ask_put_int(&a, i->at_us);
        ask_put_int(&a, entry->likeness);
        ask_put_bytes(&a, buf_bytes(sealed));
        e = ask_run(&a);
        ask_close(&a);
        return e;
}

static enum err open_sketch(const struct store *s, const struct ask *a, struct buf *plain,
                            struct store_sketch *out)
{
        struct context context = context_of(SKETCH_SPACE, (uint64_t)ask_int(a, 0));
        enum err e;
        buf_reset(plain);
        if ((e = seal_open(secret_bytes(&s->keys->likeness), context_bytes(&context), ask_bytes(a, 3),
                           plain)))
                return e;
        *out = (struct store_sketch){.seq = (uint64_t)ask_int(a, 0),
                                     .at_us = ask_int(a, 1),
                                     .likeness = (unsigned)ask_int(a, 2),
                                     .sketch = buf_bytes(plain)};
        return OK;
}

enum err store_sketches(struct store *s, uint32_t member, size_t limit,
                        enum err (*each)(void *self, const struct store_sketch *sketch), void *self)
{
        struct store_sketch sketch;
        struct buf plain;
        bool there = false;
        enum err e = OK;
        if (!s->content)
                return OK;
        if (s->keys == NULL)
                return ERR_SEALED;
        buf_init(&plain, STORE_SKETCH_MAX);
        struct ask a = inside_ask(s, ASK_SKETCHES);
        ask_put_int(&a, member);
        ask_put_upto(&a, limit);
        while (!e && !(e = ask_row(&a, &there)) && there)
                if (!(e = open_sketch(s, &a, &plain, &sketch)))
                        e = each(self, &sketch);
        ask_close(&a);
        buf_wipe(&plain);
        return e;
}

enum err inside_put_sealed(struct store *s, const struct store_entry *entry)
{
        const uint64_t seq = entry->item.seq;
        struct buf sealed;
        enum err e;
        if (s->keys == NULL)
                return ERR_SEALED;
        buf_init(&sealed, SEALED_MAX);
        if ((e = put_content(s, seq, entry->content, &sealed)) ||
            (e = put_piece(s, seq, RESIDUE, entry->residue, &sealed)) ||
            (e = put_piece(s, seq, BECAUSE, entry->because, &sealed)) ||
            (e = inside_put_sketch(s, entry, &sealed)))
                goto done;
done:
        buf_clear(&sealed);
        return e;
}
