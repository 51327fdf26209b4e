#include "help.h"

static struct reference reference;

static int setup(void **state)
{
        if (help_setup(state))
                return 1;
        reference_init(&reference, 600);
        return 0;
}

static int teardown(void **state)
{
        (void)state;
        reference_clear(&reference);
        return 0;
}

/* The hashes that stand in a line after spaces. */
static struct proof take_path(struct bytes line)
{
        struct proof p = {.n = 0};

        while (line.n > 0) {
                struct bytes hex;

                assert_ok(bytes_take_text(&line, " "));
                assert_ok(bytes_take(&line, 2 * HASH_LEN, &hex));
                assert_ok(hex_decode_exact(hex, p.path[p.n++].b, HASH_LEN));
        }
        return p;
}

static struct hash take_hash(struct bytes hex)
{
        struct hash h;

        assert_ok(hex_decode_exact(hex, h.b, HASH_LEN));
        return h;
}

struct published {
        struct hash leaf[8], root[9];
        size_t leaves, roots, inclusions, consistencies;
};

static void leaf_line(struct published *p, struct bytes line)
{
        struct bytes input;
        uint8_t leaf[64];
        struct hash h;

        assert_ok(bytes_take_until(&line, ' ', &input));
        if (bytes_is(input, "-"))
                input.n = 0;
        assert_ok(hex_decode_exact(input, leaf, input.n / 2));
        assert_ok(tree_leaf_hash(bytes_of(leaf, input.n / 2), &p->leaf[p->leaves]));
        h = take_hash(line);
        assert_hash(&h, &p->leaf[p->leaves++]);
}

static void pair_line(struct published *p, const struct tree *t, struct bytes line, bool inclusion)
{
        uint64_t first, size;
        struct proof expected, proof;

        assert_ok(bytes_take_decimal(&line, &first));
        assert_ok(bytes_take_text(&line, " "));
        assert_ok(bytes_take_decimal(&line, &size));
        expected = take_path(line);
        if (inclusion) {
                assert_ok(tree_prove_inclusion(t, first, size, &proof));
                assert_ok(proof_check_inclusion(&expected, first, size, &p->leaf[first], &p->root[size]));
                p->inclusions++;
        } else {
                assert_ok(tree_prove_consistency(t, first, size, &proof));
                assert_ok(proof_check_consistency(&expected, first, &p->root[first], size, &p->root[size]));
                p->consistencies++;
        }
        assert_proof(&proof, &expected);
}

static void root_line(struct published *p, struct tree *t, struct bytes line)
{
        struct hash root;
        uint64_t size;

        assert_ok(bytes_take_decimal(&line, &size));
        assert_ok(bytes_take_text(&line, " "));
        assert_int_equal(size, p->roots);
        if (size > 0)
                assert_ok(tree_append(t, &p->leaf[size - 1]));
        assert_ok(tree_root(t, &root));
        p->root[size] = take_hash(line);
        assert_hash(&root, &p->root[size]);
        p->roots++;
}

static void published_tree(void **state)
{
        struct buf file = help_read("published/rfc6962.txt");
        struct bytes in = buf_bytes(&file), line;
        struct source s = {.left = 0};
        struct tree *t = NULL;
        struct published p = {.leaves = 0};

        (void)state;
        assert_ok(tree_new(source_of(&s), &t));
        while (in.n > 0) {
                assert_ok(bytes_take_until(&in, '\n', &line));
                if (!bytes_take_text(&line, "leaf "))
                        leaf_line(&p, line);
                else if (!bytes_take_text(&line, "root "))
                        root_line(&p, t, line);
                else if (!bytes_take_text(&line, "inclusion "))
                        pair_line(&p, t, line, true);
                else if (!bytes_take_text(&line, "consistency "))
                        pair_line(&p, t, line, false);
                else
                        fail_msg("a line of another kind");
        }
        assert_int_equal(p.leaves, 8);
        assert_int_equal(p.roots, 9);
        assert_int_equal(p.inclusions, 5);
        assert_int_equal(p.consistencies, 5);
        tree_free(t);
        buf_clear(&file);
}

static struct hash flipped(const struct hash *h, size_t bit)
{
        struct hash out = *h;

        out.b[bit / 8 % HASH_LEN] ^= (uint8_t)(1U << bit % 8);
        return out;
}

/* Takes hash i out, or doubles it. */
static struct proof without(const struct proof *p, size_t i)
{
        struct proof out = *p;

        memmove(&out.path[i], &out.path[i + 1], (p->n - i - 1) * sizeof *out.path);
        out.n--;
        return out;
}

static struct proof doubled(const struct proof *p, size_t i)
{
        struct proof out = *p;

        memmove(&out.path[i + 1], &out.path[i], (p->n - i) * sizeof *out.path);
        out.n++;
        return out;
}

static void refuse_inclusion(const struct proof *p, size_t index, size_t size, const struct hash *leaf,
                             const struct hash *root)
{
        assert_err(proof_check_inclusion(p, index, size, leaf, root), ERR_INCLUSION);
}

static void tamper_inclusion(size_t index, size_t size)
{
        const struct hash *leaf = &reference.row[0][index];
        struct hash root = reference_range(&reference, 0, size), other = flipped(&root, index);
        struct proof p, bad;

        reference_inclusion(&reference, index, 0, size, &p);
        assert_ok(proof_check_inclusion(&p, index, size, leaf, &root));
        refuse_inclusion(&p, index, size, leaf, &other);
        other = flipped(leaf, size);
        refuse_inclusion(&p, index, size, &other, &root);
        for (size_t i = 0; i < size + 3; i++)
                if (i != index)
                        refuse_inclusion(&p, i, size, leaf, &root);
        for (size_t i = 0; i < p.n; i++) {
                bad = p;
                bad.path[i] = flipped(&p.path[i], index + 7 * size);
                refuse_inclusion(&bad, index, size, leaf, &root);
                bad = without(&p, i);
                refuse_inclusion(&bad, index, size, leaf, &root);
                bad = doubled(&p, i);
                refuse_inclusion(&bad, index, size, leaf, &root);
                if (i + 1 < p.n) {
                        bad = p;
                        bad.path[i] = p.path[i + 1];
                        bad.path[i + 1] = p.path[i];
                        refuse_inclusion(&bad, index, size, leaf, &root);
                }
        }
        bad = p;
        bad.path[bad.n++] = root;
        refuse_inclusion(&bad, index, size, leaf, &root);
        refuse_inclusion(&p, index, 0, leaf, &root);
}

static void tampered_inclusion(void **state)
{
        (void)state;
        for (size_t size = 1; size <= 70; size++)
                for (size_t index = 0; index < size; index++)
                        tamper_inclusion(index, size);
        for (size_t size = 255; size <= 258; size++)
                for (size_t index = 0; index < size; index += index < 250 ? 31 : 1)
                        tamper_inclusion(index, size);
}

static void leaf_is_no_node(void **state)
{
        struct hash root = reference_range(&reference, 0, 2), leaf = root;
        struct proof p = {.n = 0};

        (void)state;
        assert_ok(proof_check_inclusion(&p, 0, 1, &leaf, &root));
        refuse_inclusion(&p, 0, 2, &leaf, &root);
        refuse_inclusion(&p, 1, 2, &leaf, &root);
        p.n = PROOF_MAX + 1;
        refuse_inclusion(&p, 0, 1, &leaf, &root);
        refuse_inclusion(&p, 0, UINT64_MAX, &leaf, &root);
        /* a tree of one leaf needs no hash, though this one would give the root */
        p.n = 1;
        p.path[0] = reference.row[0][0];
        refuse_inclusion(&p, 0, 1, &reference.row[0][1], &root);
        assert_ok(proof_check_inclusion(&p, 1, 2, &reference.row[0][1], &root));
}

static void refuse_consistency(const struct proof *p, size_t from, const struct hash *old, size_t to,
                               const struct hash *new)
{
        assert_err(proof_check_consistency(p, from, old, to, new), ERR_CONSISTENCY);
}

static void tamper_consistency(size_t from, size_t to)
{
        struct hash old = reference_range(&reference, 0, from), new = reference_range(&reference, 0, to);
        struct hash other;
        struct proof p, bad;

        reference_consistency(&reference, from, 0, to, true, &p);
        assert_ok(proof_check_consistency(&p, from, &old, to, &new));
        other = flipped(&old, to);
        refuse_consistency(&p, from, &other, to, &new);
        other = flipped(&new, from);
        refuse_consistency(&p, from, &old, to, &other);
        refuse_consistency(&p, to + 1, &old, to, &new);
        for (size_t i = 0; i < p.n; i++) {
                bad = p;
                bad.path[i] = flipped(&p.path[i], from + 7 * to);
                refuse_consistency(&bad, from, &old, to, &new);
                bad = without(&p, i);
                refuse_consistency(&bad, from, &old, to, &new);
                bad = doubled(&p, i);
                refuse_consistency(&bad, from, &old, to, &new);
        }
        bad = p;
        bad.path[bad.n++] = new;
        refuse_consistency(&bad, from, &old, to, &new);
        memmove(&bad.path[1], &p.path[0], p.n * sizeof *p.path); /* the old root told once more */
        bad.path[0] = old;
        refuse_consistency(&bad, from, &old, to, &new);
        for (size_t i = 1; i < to; i++) /* the roots are right, but of other sizes */
                if (i != from) {
                        other = reference_range(&reference, 0, i);
                        refuse_consistency(&p, i, &other, to, &new);
                }
}

static void tampered_consistency(void **state)
{
        (void)state;
        for (size_t to = 2; to <= 70; to++)
                for (size_t from = 1; from < to; from++)
                        tamper_consistency(from, to);
        for (size_t to = 255; to <= 258; to++)
                for (size_t from = 1; from < to; from += from < 250 ? 21 : 1)
                        tamper_consistency(from, to);
}

static void empty_consistency(void **state)
{
        struct hash root = reference_range(&reference, 0, 6), other = flipped(&root, 3), none = {{0}};
        struct proof p = {.n = 0};

        (void)state;
        assert_ok(proof_check_consistency(&p, 0, &none, 6, &root));
        assert_ok(proof_check_consistency(&p, 0, &none, 0, &none));
        assert_ok(proof_check_consistency(&p, 6, &root, 6, &root));
        refuse_consistency(&p, 6, &other, 6, &root);
        refuse_consistency(&p, 5, &root, 6, &root);
        refuse_consistency(&p, 4, &root, 6, &root);
        refuse_consistency(&p, 7, &root, 6, &root);
        refuse_consistency(&p, 8, &root, 6, &root);
        p.path[p.n++] = root;
        refuse_consistency(&p, 0, &none, 6, &root);
        refuse_consistency(&p, 6, &root, 6, &root);
        p.n = PROOF_MAX + 1;
        refuse_consistency(&p, 5, &root, 6, &root);
        refuse_consistency(&p, 3, &root, UINT64_MAX, &root);
}

/* A hash too many that would give both roots: the size says that the climb is over. */
static void surplus_consistency(void **state)
{
        struct hash two = reference_range(&reference, 0, 2), four = reference_range(&reference, 0, 4), out;
        struct proof p = {.n = 3};

        (void)state;
        /* from 3 to 4: the third leaf, the fourth, the first two; here with one more on the left of all */
        p.path[0] = reference.row[0][2];
        p.path[1] = reference.row[0][3];
        p.path[2] = two;
        assert_ok(tree_node_hash(&two, &reference.row[0][2], &out));
        assert_ok(proof_check_consistency(&p, 3, &out, 4, &four));
        p.path[p.n++] = two;
        assert_ok(tree_node_hash(&two, &out, &out));
        assert_ok(tree_node_hash(&two, &four, &four));
        refuse_consistency(&p, 3, &out, 4, &four);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(published_tree),    cmocka_unit_test(tampered_inclusion),
            cmocka_unit_test(leaf_is_no_node),   cmocka_unit_test(tampered_consistency),
            cmocka_unit_test(empty_consistency), cmocka_unit_test(surplus_consistency),
        };

        return cmocka_run_group_tests(tests, setup, teardown);
}
