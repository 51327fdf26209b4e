/* help: what the tests of this folder share: files, keys, a reference tree that is slow and plain, and a
 * source. */
#ifndef TESTS_LEDGER_TREE_HELP_H
#define TESTS_LEDGER_TREE_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ledger/base/b64.h"
#include "ledger/crypto/random.h"
#include "ledger/tree/receipt.h"

#define VECTORS TEST_ROOT "/schema/vectors/tree/"

static inline int help_setup(void **state)
{
        (void)state;
        return crypto_setup() != OK;
}

#define assert_ok(call)        assert_int_equal((call), OK)
#define assert_err(call, code) assert_int_equal((call), (code))

static inline void assert_hash(const struct hash *a, const struct hash *b)
{
        assert_memory_equal(a->b, b->b, HASH_LEN);
}

/* The whole of a file of the vectors; to be cleared. */
static inline struct buf help_read(const char *name)
{
        char path[512];
        struct buf b;
        FILE *f;
        uint8_t *room;
        long n;

        assert_in_range(snprintf(path, sizeof path, VECTORS "%s", name), 1, sizeof path - 1);
        f = fopen(path, "rb");
        if (!f)
                fail_msg("%s is not there", path);
        assert_int_equal(fseek(f, 0, SEEK_END), 0);
        n = ftell(f);
        assert_true(n > 0);
        rewind(f);
        buf_init(&b, 1 << 24);
        room = buf_put_room(&b, (size_t)n);
        assert_non_null(room);
        assert_int_equal(fread(room, 1, (size_t)n, f), n);
        assert_int_equal(fclose(f), 0);
        return b;
}

static inline struct vkey help_vkey(const char *name)
{
        struct buf b = help_read(name);
        struct bytes text = buf_bytes(&b);
        struct vkey v;

        text.n--; /* the line end */
        assert_ok(vkey_parse(text, &v));
        buf_clear(&b);
        return v;
}

/* The seeds of the vectors are one byte 32 times: 0x11 the log's, 0x22 the witness's. */
static inline struct signing_key *help_key(uint8_t byte)
{
        struct signing_key *k = NULL;
        uint8_t seed[SEED_LEN];

        memset(seed, byte, sizeof seed);
        assert_ok(signing_key_new(bytes_of(seed, sizeof seed), &k));
        return k;
}

static inline void help_append(struct buf *b, const char *text)
{
        buf_put_text(b, text);
        assert_ok(buf_check(b));
}

/* Leaf i of the vectors is the decimal of i. */
static inline struct hash help_leaf(uint64_t i)
{
        char text[24];
        struct hash h;

        assert_true(snprintf(text, sizeof text, "%llu", (unsigned long long)i) > 0);
        assert_ok(tree_leaf_hash(bytes_text(text), &h));
        return h;
}

/* RFC 6962 section 2.1, word for word, each subtree that is whole kept for the next time. */
struct reference {
        size_t max;           /* leaves */
        struct hash *row[32]; /* row[h][i] = root of the leaves [i*2^h, (i+1)*2^h) */
};

static inline void reference_init(struct reference *r, size_t max)
{
        r->max = max;
        for (size_t h = 0; h < 32; h++) {
                size_t n = max >> h;

                r->row[h] = n ? calloc(n, sizeof(struct hash)) : NULL;
                assert_true(n == 0 || r->row[h]);
                for (size_t i = 0; i < n; i++)
                        if (h == 0)
                                r->row[0][i] = help_leaf(i);
                        else
                                assert_ok(tree_node_hash(&r->row[h - 1][2 * i], &r->row[h - 1][2 * i + 1],
                                                         &r->row[h][i]));
        }
}

static inline void reference_clear(struct reference *r)
{
        for (size_t h = 0; h < 32; h++)
                free(r->row[h]);
}

static inline size_t reference_split(size_t n)
{
        size_t k = 1;

        while (2 * k < n)
                k *= 2;
        return k;
}

static inline struct hash reference_range(const struct reference *r, size_t from, size_t to)
{
        struct hash left, right, out;
        size_t n = to - from, k;

        if (n == 0) {
                assert_ok(tree_empty_root(&out));
                return out;
        }
        for (size_t h = 0; h < 32; h++)
                if (n == (size_t)1 << h)
                        return r->row[h][from >> h];
        k = reference_split(n);
        left = reference_range(r, from, from + k);
        right = reference_range(r, from + k, to);
        assert_ok(tree_node_hash(&left, &right, &out));
        return out;
}

/* RFC 6962 section 2.1.1. */
static inline void reference_inclusion(const struct reference *r, size_t index, size_t from, size_t to,
                                       struct proof *out)
{
        size_t k;

        if (to - from == 1) {
                out->n = 0;
                return;
        }
        k = from + reference_split(to - from);
        if (index < k) {
                reference_inclusion(r, index, from, k, out);
                out->path[out->n++] = reference_range(r, k, to);
        } else {
                reference_inclusion(r, index, k, to, out);
                out->path[out->n++] = reference_range(r, from, k);
        }
}

/* RFC 6962 section 2.1.2, SUBPROOF; `known` is its last argument. */
static inline void reference_consistency(const struct reference *r, size_t old, size_t from, size_t to,
                                         bool known, struct proof *out)
{
        size_t k;

        if (old == to) {
                out->n = 0;
                if (!known)
                        out->path[out->n++] = reference_range(r, from, to);
                return;
        }
        k = from + reference_split(to - from);
        if (old <= k) {
                reference_consistency(r, old, from, k, known, out);
                out->path[out->n++] = reference_range(r, k, to);
        } else {
                reference_consistency(r, old, k, to, false, out);
                out->path[out->n++] = reference_range(r, from, k);
        }
}

static inline void assert_proof(const struct proof *a, const struct proof *b)
{
        assert_int_equal(a->n, b->n);
        for (size_t i = 0; i < a->n; i++)
                assert_hash(&a->path[i], &b->path[i]);
}

/* A source over the reference, of the first `size` leaves. */
struct source {
        const struct reference *reference;
        uint64_t size;
        size_t reads;
        size_t left; /* reads until it fails with ERR_DB */
};

static inline enum err source_read(void *self, unsigned level, uint64_t index, size_t count, struct hash *out)
{
        struct source *s = self;

        s->reads++;
        if (s->left == 0)
                return ERR_DB;
        s->left--;
        assert_in_range(count, 1, TREE_TILE);
        assert_int_equal(index / TREE_TILE, (index + count - 1) / TREE_TILE);
        if (index + count > s->size >> (8 * level))
                return ERR_ABSENT;
        for (size_t i = 0; i < count; i++)
                out[i] = s->reference->row[8 * level][index + i];
        return OK;
}

static inline struct tree_source source_of(struct source *s)
{
        return (struct tree_source){.read = source_read, .self = s};
}

#endif
