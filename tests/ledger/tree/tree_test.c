#include "help.h"

#define MAX 197000 /* leaves of the largest tree here */

static struct reference reference;
static const size_t around[] = {255, 256, 257, 258, 511, 512, 513};

static int setup(void **state)
{
        if (help_setup(state))
                return 1;
        reference_init(&reference, MAX);
        return 0;
}

static int teardown(void **state)
{
        (void)state;
        reference_clear(&reference);
        return 0;
}

/* Appends up to `size`, telling the source of each leaf, and compares what became whole. */
static void grow(struct tree *t, struct source *s, uint64_t size)
{
        while (tree_size(t) < size) {
                struct tile_root whole[TREE_LEVELS_MAX];
                uint64_t next = tree_size(t) + 1;
                size_t expected = 0;

                assert_ok(tree_append(t, &reference.row[0][next - 1]));
                while (next % (UINT64_C(1) << (8 * (expected + 1))) == 0)
                        expected++;
                assert_int_equal(tree_completed(t, whole), expected);
                for (unsigned i = 0; i < expected; i++) {
                        assert_int_equal(whole[i].level, i + 1);
                        assert_int_equal(whole[i].index, (next >> (8 * (i + 1))) - 1);
                        assert_hash(&whole[i].hash, &reference.row[8 * (i + 1)][whole[i].index]);
                }
                s->size = next;
        }
}

static struct tree *grown(struct source *s, uint64_t size)
{
        struct tree *t = NULL;

        *s = (struct source){.reference = &reference, .left = SIZE_MAX};
        assert_ok(tree_new(source_of(s), &t));
        grow(t, s, size);
        return t;
}

static void check_root(const struct tree *t, size_t size)
{
        struct hash expected = reference_range(&reference, 0, size), root;

        assert_ok(tree_root_at(t, size, &root));
        assert_hash(&root, &expected);
        if (size == tree_size(t)) {
                assert_ok(tree_root(t, &root));
                assert_hash(&root, &expected);
        }
}

static void check_inclusion(const struct tree *t, size_t index, size_t size)
{
        struct hash root = reference_range(&reference, 0, size);
        struct proof proof, expected;

        reference_inclusion(&reference, index, 0, size, &expected);
        assert_ok(tree_prove_inclusion(t, index, size, &proof));
        assert_proof(&proof, &expected);
        assert_ok(proof_check_inclusion(&proof, index, size, &reference.row[0][index], &root));
}

static void check_consistency(const struct tree *t, size_t from, size_t to)
{
        struct hash old = reference_range(&reference, 0, from), new = reference_range(&reference, 0, to);
        struct proof proof, expected = {.n = 0};

        if (from > 0)
                reference_consistency(&reference, from, 0, to, true, &expected);
        assert_ok(tree_prove_consistency(t, from, to, &proof));
        assert_proof(&proof, &expected);
        assert_ok(proof_check_consistency(&proof, from, &old, to, &new));
}

static void golden_roots(void **state)
{
        struct buf file = help_read("roots.txt");
        struct bytes in = buf_bytes(&file), hex;
        struct source s;
        struct tree *t = grown(&s, 65537);
        size_t n = 0;

        (void)state;
        for (; in.n > 0; n++) {
                struct hash expected, root;
                uint64_t size;

                assert_ok(bytes_take_text(&in, "root "));
                assert_ok(bytes_take_decimal(&in, &size));
                assert_ok(bytes_take_text(&in, " "));
                assert_ok(bytes_take_until(&in, '\n', &hex));
                assert_ok(hex_decode_exact(hex, expected.b, HASH_LEN));
                assert_ok(tree_root_at(t, size, &root));
                assert_hash(&root, &expected);
        }
        assert_int_equal(n, 84);
        tree_free(t);
        buf_clear(&file);
}

static void golden_proof(const struct tree *t, struct bytes line)
{
        bool inclusion = !bytes_take_text(&line, "inclusion ");
        struct proof proof, expected = {.n = 0};
        uint64_t first, size;
        struct bytes hex;

        if (!inclusion)
                assert_ok(bytes_take_text(&line, "consistency "));
        assert_ok(bytes_take_decimal(&line, &first));
        assert_ok(bytes_take_text(&line, " "));
        assert_ok(bytes_take_decimal(&line, &size));
        while (line.n > 0) {
                assert_ok(bytes_take_text(&line, " "));
                assert_ok(bytes_take(&line, 2 * HASH_LEN, &hex));
                assert_ok(hex_decode_exact(hex, expected.path[expected.n++].b, HASH_LEN));
        }
        if (inclusion)
                assert_ok(tree_prove_inclusion(t, first, size, &proof));
        else
                assert_ok(tree_prove_consistency(t, first, size, &proof));
        assert_proof(&proof, &expected);
}

static void golden_proofs(void **state)
{
        struct buf file = help_read("proofs.txt");
        struct bytes in = buf_bytes(&file), line;
        struct source s;
        struct tree *t = grown(&s, 65537);
        size_t n = 0;

        (void)state;
        for (; in.n > 0; n++) {
                assert_ok(bytes_take_until(&in, '\n', &line));
                golden_proof(t, line);
        }
        assert_int_equal(n, 16);
        tree_free(t);
        buf_clear(&file);
}

static void small_trees_whole(void **state)
{
        struct source s;

        (void)state;
        for (size_t tree = 0; tree <= 70; tree++) {
                struct tree *t = grown(&s, tree);

                for (size_t size = 0; size <= tree; size++) {
                        check_root(t, size);
                        if (tree != 70 && size != tree)
                                continue; /* older sizes of the largest only */
                        for (size_t i = 0; i < size; i++)
                                check_inclusion(t, i, size);
                        for (size_t from = 0; from <= size; from++)
                                check_consistency(t, from, size);
                }
                assert_int_equal(s.reads, 0);
                tree_free(t);
        }
}

static void around_a_tile(void **state)
{
        struct source s;

        (void)state;
        for (size_t n = 0; n < sizeof around / sizeof *around; n++) {
                size_t size = around[n];
                struct tree *t = grown(&s, size), *later = grown(&s, 2700);

                check_root(t, size);
                for (size_t i = 0; i < size; i++) {
                        check_inclusion(t, i, size);
                        check_inclusion(later, i, size);
                        check_consistency(t, i, size);
                        check_consistency(later, i + 1, size);
                }
                tree_free(t);
                tree_free(later);
        }
}

static void around_a_level(void **state)
{
        struct source s;
        struct tree *later = grown(&s, 65792);

        (void)state;
        for (size_t size = 65535; size <= 65537; size++) {
                struct source own;
                struct tree *t = grown(&own, size);

                check_root(t, size);
                check_root(later, size);
                for (size_t i = 0; i < size; i += i < 515 || i > 65000 ? 1 : 251) {
                        check_inclusion(t, i, size);
                        check_consistency(t, i + 1, size);
                }
                for (size_t i = 0; i < size; i += 997) {
                        check_inclusion(later, i, size);
                        check_consistency(later, i, size);
                }
                tree_free(t);
        }
        tree_free(later);
}

/* What the daemon does: prove every leaf of a batch at the new size. */
static void batch_asks_no_source(void **state)
{
        const size_t before[] = {0, 1, 255, 256, 257, 1000, 40000, 64512, 64513, 65535, 64600};
        struct source s;

        (void)state;
        for (size_t n = 0; n < sizeof before / sizeof *before; n++) {
                struct tree *t = grown(&s, before[n]);

                grow(t, &s, before[n] + 1024);
                s.left = 0;
                for (size_t i = before[n]; i < before[n] + 1024; i++)
                        check_inclusion(t, i, before[n] + 1024);
                check_consistency(t, before[n], before[n] + 1024);
                assert_int_equal(s.reads, 0);
                tree_free(t);
        }
}

static void older_leaf_reads_a_tile_a_level(void **state)
{
        struct source s;
        struct tree *t = grown(&s, 65537);
        struct proof proof;

        (void)state;
        for (uint64_t i = 0; i < 60000; i += 1009) {
                s.reads = 0;
                check_inclusion(t, i, 65537);
                assert_in_range(s.reads, 1, 2);
        }
        s.size = 100; /* what was put in later is not there */
        assert_err(tree_prove_inclusion(t, 300, 65537, &proof), ERR_ABSENT);
        tree_free(t);
}

/* Where two levels have to be read, and the tiles have the same index on both. */
static void three_tiles_of_a_level(void **state)
{
        const size_t size = 3 * 65536 + 300;
        struct source s = {.reference = &reference, .size = size, .left = SIZE_MAX};
        struct tree *t = NULL;

        (void)state;
        assert_ok(tree_open(source_of(&s), size, &t));
        check_root(t, size);
        for (size_t i = 0; i < 600; i += 7) {
                s.reads = 0;
                check_inclusion(t, i, size);
                assert_in_range(s.reads, 1, 2);
                check_consistency(t, i, size);
                check_inclusion(t, 300 * i + 9, size);
        }
        tree_free(t);
}

/* Whatever is asked about long ago: the source fails at each of its reads, and nothing is written. */
static void failing_source(void **state)
{
        struct source s;
        struct tree *t = grown(&s, 65537);

        (void)state;
        for (unsigned call = 0; call < 5; call++) {
                enum err e = ERR_DB;
                size_t left;

                for (left = 0; e && left < 9; left++) {
                        struct frontier f = {.n = 77};
                        struct proof proof = {.n = 77};
                        struct hash root = {{77}};

                        s.left = left;
                        e = call == 0   ? tree_prove_inclusion(t, 5, 65537, &proof)
                            : call == 1 ? tree_prove_inclusion(t, 513, 1300, &proof)
                            : call == 2 ? tree_prove_consistency(t, 33333, 65537, &proof)
                            : call == 3 ? tree_root_at(t, 33333, &root)
                                        : tree_frontier_at(t, 33333, &f);
                        if (e) {
                                assert_int_equal(e, ERR_DB);
                                assert_int_equal(proof.n, 77);
                                assert_int_equal(root.b[0], 77);
                                assert_int_equal(f.n, 77);
                        }
                }
                assert_int_equal(e, OK);
                assert_in_range(left, 2, 8); /* it was asked at least once */
        }
        tree_free(t);
}

static void ranges(void **state)
{
        struct source s;
        struct tree *t = grown(&s, 10);
        struct hash root = {{7}};
        struct proof proof = {.n = 77};
        struct frontier f = {.n = 77};

        (void)state;
        assert_err(tree_prove_inclusion(t, 10, 10, &proof), ERR_RANGE);
        assert_err(tree_prove_inclusion(t, 0, 0, &proof), ERR_RANGE);
        assert_err(tree_prove_inclusion(t, 0, 11, &proof), ERR_RANGE);
        assert_err(tree_prove_consistency(t, 5, 4, &proof), ERR_RANGE);
        assert_err(tree_prove_consistency(t, 5, 11, &proof), ERR_RANGE);
        assert_err(tree_root_at(t, 11, &root), ERR_RANGE);
        assert_err(tree_frontier_at(t, 11, &f), ERR_RANGE);
        assert_int_equal(proof.n, 77);
        assert_int_equal(root.b[0], 7);
        assert_int_equal(f.n, 77);
        tree_free(t);
        tree_free(NULL);
        assert_err(tree_open(source_of(&s), TREE_SIZE_MAX + 1, &t), ERR_RANGE);
}

/* An opened tree is the appended one: root, proofs without the source for recent leaves, and what it grows
 * into. */
static void check_open(size_t size)
{
        struct source s = {.reference = &reference, .size = size, .left = SIZE_MAX};
        struct tree *t = NULL;

        assert_ok(tree_open(source_of(&s), size, &t));
        assert_int_equal(tree_size(t), size);
        assert_in_range(s.reads, 0, 6);
        s.reads = 0;
        check_root(t, size);
        for (size_t back = 1; back <= 256 && back <= size; back += back < 4 ? 1 : 36)
                check_inclusion(t, size - back, size);
        assert_int_equal(s.reads, 0);
        if (size > 0) {
                check_inclusion(t, 0, size);
                check_consistency(t, size / 2, size);
        }
        grow(t, &s, size + 3);
        check_root(t, size + 3);
        check_inclusion(t, size, size + 3);
        tree_free(t);
}

static void open_at_every_size(void **state)
{
        (void)state;
        for (size_t size = 0; size <= 1100; size++)
                check_open(size);
        for (size_t size = 65530; size <= 65545; size++)
                check_open(size);
        check_open(65536 - 256);
        check_open(65536 + 256);
        check_open(65536 + 255);
        check_open(33333);
}

static void open_with_failing_source(void **state)
{
        size_t passed = 0;

        (void)state;
        for (size_t left = 0; left < 7; left++) {
                struct source s = {.reference = &reference, .size = 65536 + 700, .left = left};
                struct tree *t = NULL;
                enum err e = tree_open(source_of(&s), 65536 + 257, &t);

                if (e) {
                        assert_int_equal(e, ERR_DB);
                        assert_null(t);
                } else {
                        passed++;
                        tree_free(t);
                }
        }
        assert_int_equal(passed, 2); /* two tiles of leaves, two of the level above, one of the third */
        for (size_t size = 0; size < 300; size += 299) {
                struct source s = {.reference = &reference, .size = size, .left = SIZE_MAX};
                struct tree *t = NULL;

                assert_err(tree_open(source_of(&s), size + 1, &t), ERR_ABSENT);
                assert_null(t);
        }
}

static void rewind_batch(void **state)
{
        const size_t marks[] = {0, 1, 200, 255, 256, 257, 511, 512, 700, 65535, 65536};
        const size_t batches[] = {0, 1, 2, 255, 256, 257, 1024, 1791, 1792, 1793, 2048, 3000};
        const struct hash other = {{1, 2, 3}};

        (void)state;
        for (size_t m = 0; m < sizeof marks / sizeof *marks; m++)
                for (size_t b = 0; b < sizeof batches / sizeof *batches; b++) {
                        struct source s;
                        struct tree *t = grown(&s, marks[m]);
                        struct tile_root whole[TREE_LEVELS_MAX];
                        size_t after = marks[m] + 300 < MAX ? marks[m] + 264 : MAX;

                        assert_ok(tree_mark(t));
                        for (size_t i = 0; i < batches[b]; i++)
                                assert_ok(tree_append(t, &other));
                        assert_int_equal(tree_size(t), marks[m] + batches[b]);
                        s.reads = 0;
                        assert_ok(tree_rewind(t));
                        if (batches[b] <= 1792)
                                assert_int_equal(s.reads, 0);
                        assert_int_equal(tree_size(t), marks[m]);
                        assert_int_equal(tree_completed(t, whole), 0);
                        check_root(t, marks[m]);
                        grow(t, &s, after);
                        check_root(t, after);
                        for (size_t i = 0; i < after; i += 1 + after / 50)
                                check_inclusion(t, i, after);
                        check_consistency(t, marks[m], after);
                        assert_ok(tree_rewind(t)); /* the mark holds until the next */
                        check_root(t, marks[m]);
                        tree_free(t);
                }
}

static void rewind_without_mark(void **state)
{
        const struct hash other = {{1, 2, 3}};
        struct source s = {.reference = &reference, .size = 300, .left = SIZE_MAX};
        struct tree *t = NULL;

        (void)state;
        for (size_t size = 0; size <= 300; size += 300) {
                if (size == 0)
                        assert_ok(tree_new(source_of(&s), &t));
                else
                        assert_ok(tree_open(source_of(&s), size, &t));
                assert_ok(tree_append(t, &other));
                assert_ok(tree_rewind(t));
                assert_int_equal(tree_size(t), size);
                check_root(t, size);
                tree_free(t);
        }
}

static void rewind_with_failing_source(void **state)
{
        const struct hash other = {{1, 2, 3}};
        struct source s;
        struct tree *t = grown(&s, 300);

        (void)state;
        assert_ok(tree_mark(t));
        for (size_t i = 0; i < 3000; i++)
                assert_ok(tree_append(t, &other));
        s.left = 1;
        assert_err(tree_rewind(t), ERR_DB);
        assert_int_equal(tree_size(t), 3300);
        s.left = SIZE_MAX;
        assert_ok(tree_rewind(t));
        check_root(t, 300);
        tree_free(t);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(golden_roots),
            cmocka_unit_test(golden_proofs),
            cmocka_unit_test(small_trees_whole),
            cmocka_unit_test(around_a_tile),
            cmocka_unit_test(around_a_level),
            cmocka_unit_test(batch_asks_no_source),
            cmocka_unit_test(older_leaf_reads_a_tile_a_level),
            cmocka_unit_test(three_tiles_of_a_level),
            cmocka_unit_test(failing_source),
            cmocka_unit_test(ranges),
            cmocka_unit_test(open_at_every_size),
            cmocka_unit_test(open_with_failing_source),
            cmocka_unit_test(rewind_batch),
            cmocka_unit_test(rewind_without_mark),
            cmocka_unit_test(rewind_with_failing_source),
        };

        return cmocka_run_group_tests(tests, setup, teardown);
}
