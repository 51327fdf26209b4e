/* A bit flipped anywhere in an entry's bytes, its hash, a checkpoint or a tile's root is found, and that
 * entry is named and no other. */
#include "tests/ledger/verify/founding.h"

#define LONG 1100 /* entries: more than a chunk of the verifier, and four whole tiles */

static struct verification *verify(struct founding *f)
{
        const struct verify_options options = {.log = &f->log, .threads = 2};
        struct verification *v = NULL;
        assert_ok(store_open(f->path, STORE_COPY, NULL, &f->store, NULL));
        assert_ok(verify_run(f->store, &options, &v, NULL));
        store_close(f->store);
        f->store = NULL;
        return v;
}

/* At least one fault, and all of them between `from` and `to`. */
static void expect_between(struct founding *f, uint64_t from, uint64_t to, const char *what, size_t at)
{
        struct verification *v = verify(f);
        if (verification_faults(v) == 0)
                fail_msg("%s, byte %zu: not found", what, at);
        for (size_t i = 0; i < verification_findings(v); i++) {
                const struct finding *one = verification_finding(v, i);
                if (!one->cannot_tell && (one->seq < from || one->seq > to))
                        fail_msg("%s, byte %zu: entry %lld is accused: %s", what, at, (long long)one->seq,
                                 one->sentence);
        }
        verification_free(v);
}

static void change(struct founding *f, const char *sql, uint64_t where, struct bytes value)
{
        char text[160];
        (void)snprintf(text, sizeof text, "%s = %llu", sql, (unsigned long long)where);
        founding_change(f, text, value, bytes_of(NULL, 0));
}

/* Flips a bit of every `step`th byte, each time another. */
static void flip_all(struct founding *f, const char *sql, uint64_t where, const struct buf *value,
                     size_t step, uint64_t from, uint64_t to)
{
        for (size_t at = 0; at < value->n; at += step) {
                value->at[at] ^= (uint8_t)(1u << (at / step % 8));
                change(f, sql, where, buf_bytes(value));
                expect_between(f, from, to, sql, at);
                value->at[at] ^= (uint8_t)(1u << (at / step % 8));
        }
        change(f, sql, where, buf_bytes(value));
}

static void test_leaf_bits(void **state)
{
        static const uint64_t seqs[] = {0, 1, 3, SOUND_INTENT, SOUND_POLICY_APPROVAL, SOUND_LAST};
        struct founding *f = founding_new();
        (void)state;
        founding_sound(f);
        founding_checkpoint(f);
        founding_close(f);
        for (size_t i = 0; i < sizeof seqs / sizeof seqs[0]; i++)
                flip_all(f, "UPDATE entry SET leaf = ?1 WHERE seq", seqs[i], &f->row[seqs[i]].leaf, 13,
                         seqs[i], seqs[i]);
        founding_free(f);
}

static void test_hash_bits(void **state)
{
        static const uint64_t seqs[] = {0, SOUND_INTENT, SOUND_LAST};
        struct founding *f = founding_new();
        (void)state;
        founding_sound(f);
        founding_checkpoint(f);
        founding_close(f);
        for (size_t i = 0; i < sizeof seqs / sizeof seqs[0]; i++) {
                struct buf hash;
                buf_init(&hash, HASH_LEN);
                buf_put(&hash, hash_bytes(&f->row[seqs[i]].hash));
                flip_all(f, "UPDATE entry SET hash = ?1 WHERE seq", seqs[i], &hash, 1, seqs[i], seqs[i]);
                buf_clear(&hash);
        }
        founding_free(f);
}

/* The entries that the checkpoint is the first to cover. */
static void test_checkpoint_bits(void **state)
{
        struct founding *f = founding_new();
        struct buf note;
        (void)state;
        buf_init(&note, NOTE_LEN_MAX);
        founding_sound(f);
        founding_checkpoint(f);
        founding_note(f, &note);
        founding_close(f);
        flip_all(f, "UPDATE checkpoint SET note = ?1 WHERE size", SOUND_SIZE, &note, 1, 20, SOUND_LAST);
        buf_clear(&note);
        founding_free(f);
}

/* --- a longer one --- */

static struct founding *founding_long(void)
{
        struct founding *f = founding_new();
        founding_sound(f);
        while (f->n < LONG) {
                const struct say say = {.who = f->n % 2 == 0 ? JO : SAM, .kind = KIND_INTENT};
                (void)founding_say(f, &say);
                if (f->n % 97 == 0)
                        founding_checkpoint(f);
        }
        founding_checkpoint(f);
        founding_close(f);
        return f;
}

static void expect_fault(struct founding *f, uint64_t seq, enum check check)
{
        struct verification *v = verify(f);
        bool found = false;
        for (size_t i = 0; i < verification_findings(v); i++) {
                const struct finding *one = verification_finding(v, i);
                found |= !one->cannot_tell && one->seq == seq && one->check == check;
                if (!one->cannot_tell && one->seq != seq)
                        fail_msg("entry %lld is accused: %s", (long long)one->seq, one->sentence);
        }
        if (!found)
                fail_msg("entry %lld: no fault of %s", (long long)seq, check_row(check)->name);
        verification_free(v);
}

static void test_tiles(void **state)
{
        struct founding *f = founding_long();
        struct verification *v = verify(f);
        struct hash root;
        struct buf kept;
        (void)state;
        assert_int_equal(verification_findings(v), 0);
        assert_int_equal(verification_size(v), LONG);
        verification_free(v);

        buf_init(&kept, HASH_LEN);
        assert_ok(tree_root_at(f->tree, TREE_TILE, &root));
        buf_put(&kept, hash_bytes(&root));
        flip_all(f, "UPDATE tile_root SET hash = ?1 WHERE level = 1 AND idx", 0, &kept, 5, 0, 0);
        founding_sql(f, "UPDATE tile_root SET hash = zeroblob(32) WHERE idx = 2");
        expect_fault(f, 512, CHECK_TREE);
        founding_sql(f, "DELETE FROM tile_root WHERE idx = 2");
        expect_fault(f, 512, CHECK_TREE);
        buf_clear(&kept);
        founding_free(f);
}

static void test_tile_extra(void **state)
{
        static const char *const extra[] = {
            "INSERT INTO tile_root VALUES(1, 4, zeroblob(32))",
            "INSERT INTO tile_root VALUES(2, 0, zeroblob(32))",
            "INSERT INTO tile_root VALUES(0, 0, zeroblob(32))",
            "INSERT INTO tile_root VALUES(900, -1, zeroblob(32))",
        };
        (void)state;
        struct founding *f = founding_long();
        for (size_t i = 0; i < sizeof extra / sizeof extra[0]; i++) {
                founding_sql(f, extra[i]);
                expect_fault(f, SEQ_NONE, CHECK_TREE);
                founding_sql(f, "DELETE FROM tile_root WHERE hash = zeroblob(32)");
        }
        founding_free(f);
}

/* Damage in the middle of a tile: the tile, later checkpoints and entries behind it stay good. */
static void test_damage_in_a_tile(void **state)
{
        static const uint64_t seqs[] = {255, 256, 300, 1022, 1023, 1024};
        (void)state;
        for (size_t i = 0; i < sizeof seqs / sizeof seqs[0]; i++) {
                struct founding *f = founding_long();
                struct buf *leaf = &f->row[seqs[i]].leaf;
                struct hash hash;
                char sql[100];
                leaf->at[leaf->n - 40] ^= 1;
                change(f, "UPDATE entry SET leaf = ?1 WHERE seq", seqs[i], buf_bytes(leaf));
                expect_fault(f, seqs[i], CHECK_HASH);
                assert_ok(tree_leaf_hash(buf_bytes(leaf), &hash));
                change(f, "UPDATE entry SET hash = ?1 WHERE seq", seqs[i], hash_bytes(&hash));
                expect_fault(f, seqs[i], CHECK_CHAIN);
                (void)snprintf(sql, sizeof sql, "DELETE FROM entry WHERE seq = %llu",
                               (unsigned long long)seqs[i]);
                founding_sql(f, sql);
                expect_fault(f, seqs[i], CHECK_MISSING);
                founding_free(f);
        }
}

/* Hundreds of entries behind a damaged one that enrolled their author: said once. */
static void test_no_flood(void **state)
{
        struct founding *f = founding_long();
        struct verification *v;
        (void)state;
        change(f, "UPDATE entry SET leaf = ?1 WHERE seq", 3, bytes_text("{}")); /* Jo's join */
        v = verify(f);
        assert_true(verification_faults(v) <= 3);
        assert_true(verification_findings(v) <= 8);
        for (size_t i = 0; i < verification_findings(v); i++)
                assert_true(verification_finding(v, i)->cannot_tell || verification_finding(v, i)->seq == 3);
        verification_free(v);
        founding_free(f);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_leaf_bits),       cmocka_unit_test(test_hash_bits),
            cmocka_unit_test(test_checkpoint_bits), cmocka_unit_test(test_tiles),
            cmocka_unit_test(test_tile_extra),      cmocka_unit_test(test_damage_in_a_tile),
            cmocka_unit_test(test_no_flood),
        };
        return cmocka_run_group_tests(tests, sample_setup, NULL);
}
