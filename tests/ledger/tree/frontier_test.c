#include "help.h"

#define MAX 1100

static struct reference reference;

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

static void assert_frontier(const struct frontier *a, const struct frontier *b)
{
        assert_int_equal(a->size, b->size);
        assert_int_equal(a->n, b->n);
        for (size_t i = 0; i < a->n; i++)
                assert_hash(&a->node[i], &b->node[i]);
}

/* Against the tree at every size, and again as the tree remembers it later. */
static void follows_the_tree(void **state)
{
        static struct frontier kept[MAX + 1];
        struct source s = {.reference = &reference, .left = SIZE_MAX};
        struct tree *t = NULL;
        struct frontier f, of_tree;
        struct hash root, expected;

        (void)state;
        assert_ok(tree_new(source_of(&s), &t));
        frontier_init(&f);
        for (size_t size = 0; size <= MAX; size++) {
                if (size > 0) {
                        assert_ok(frontier_append(&f, &reference.row[0][size - 1]));
                        assert_ok(tree_append(t, &reference.row[0][size - 1]));
                        s.size = size;
                }
                expected = reference_range(&reference, 0, size);
                assert_ok(frontier_root(&f, &root));
                assert_hash(&root, &expected);
                assert_ok(tree_frontier_at(t, size, &of_tree));
                assert_frontier(&f, &of_tree);
                kept[size] = f;
        }
        for (size_t size = 0; size <= MAX; size++) {
                assert_ok(tree_frontier_at(t, size, &of_tree));
                assert_frontier(&kept[size], &of_tree);
        }
        tree_free(t);
}

static struct frontier of_size(size_t size)
{
        struct frontier f;

        frontier_init(&f);
        for (size_t i = 0; i < size; i++)
                assert_ok(frontier_append(&f, &reference.row[0][i]));
        return f;
}

static enum err take_whole(struct bytes in, struct frontier *out)
{
        enum err e = frontier_take(&in, out);

        return e ? e : bytes_at_end(in);
}

static void put_and_take(void **state)
{
        const size_t sizes[] = {0, 1, 2, 3, 511, 512, 513, 1023};

        (void)state;
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
                struct frontier f = of_size(sizes[i]), g;
                struct buf b;

                buf_init(&b, 4096);
                frontier_put(&b, &f);
                assert_ok(buf_check(&b));
                assert_int_equal(b.n, 8 + f.n * HASH_LEN);
                assert_ok(take_whole(buf_bytes(&b), &g));
                assert_frontier(&f, &g);
                for (size_t n = 0; n < b.n; n++) {
                        struct bytes in = bytes_of(b.at, n);

                        g.size = 77;
                        assert_err(frontier_take(&in, &g), ERR_FORM);
                        assert_int_equal(in.n, n); /* the cursor stays */
                        assert_int_equal(g.size, 77);
                }
                buf_put_u8(&b, 0);
                assert_err(take_whole(buf_bytes(&b), &g), ERR_FORM);
                buf_clear(&b);
        }
}

/* A flip in the size asks for another count of nodes; one in a node gives another root. */
static void every_bit(void **state)
{
        struct frontier f = of_size(70), g;
        struct hash root, other;
        struct buf b;

        (void)state;
        buf_init(&b, 4096);
        frontier_put(&b, &f);
        assert_ok(frontier_root(&f, &root));
        for (size_t bit = 0; bit < 8 * b.n; bit++) {
                b.at[bit / 8] ^= (uint8_t)(1U << bit % 8);
                if (bit < 64) {
                        assert_err(take_whole(buf_bytes(&b), &g), ERR_FORM);
                } else {
                        assert_ok(take_whole(buf_bytes(&b), &g));
                        assert_ok(frontier_root(&g, &other));
                        assert_false(hash_equal(&root, &other));
                }
                b.at[bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
        buf_clear(&b);
}

static void full(void **state)
{
        struct frontier f = {.size = TREE_SIZE_MAX, .n = 1};
        struct buf b;
        struct frontier g;

        (void)state;
        assert_err(frontier_append(&f, &reference.row[0][0]), ERR_RANGE);
        assert_int_equal(f.n, 1);
        buf_init(&b, 4096);
        frontier_put(&b, &f);
        assert_ok(take_whole(buf_bytes(&b), &g));
        b.at[0] = 0x80; /* above the limit, and still one node */
        assert_err(take_whole(buf_bytes(&b), &g), ERR_FORM);
        buf_clear(&b);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(follows_the_tree),
            cmocka_unit_test(put_and_take),
            cmocka_unit_test(every_bit),
            cmocka_unit_test(full),
        };

        return cmocka_run_group_tests(tests, setup, teardown);
}
