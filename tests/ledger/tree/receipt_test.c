#include "help.h"

#define HEAD "c2sp.org/tlog-proof@v1\n"
#define HASH "wk9iB1x27Hf2v1FZ5zLPGVKBT7G+oAfjPpKtm916/aA=\n"
#define NOTE "text\n\n\xe2\x80\x94 other.example AAAAAAA=\n"

static enum err parse_and_check(struct bytes text, const struct vkey *log, struct receipt *r,
                                struct checkpoint *c)
{
        enum err e = receipt_parse(text, r);

        return e ? e : receipt_check(r, log, c);
}

static void golden(void **state)
{
        const struct {
                const char *receipt, *note;
        } row[] = {{"logged.tlog-proof", "checkpoint.txt"}, {"witnessed.tlog-proof", "cosigned.txt"}};
        struct vkey log = help_vkey("log.vkey"), witness = help_vkey("witness.vkey");

        (void)state;
        for (size_t i = 0; i < 2; i++) {
                struct buf text = help_read(row[i].receipt), note = help_read(row[i].note), made;
                struct checkpoint c;
                struct receipt r;

                receipt_init(&r);
                assert_ok(parse_and_check(buf_bytes(&text), &log, &r, &c));
                assert_ok(receipt_check(&r, &log, NULL));
                assert_true(bytes_is(buf_bytes(&r.leaf), "300"));
                assert_int_equal(r.index, 300);
                assert_int_equal(r.proof.n, 10);
                assert_int_equal(c.size, 513);
                assert_true(bytes_equal(r.checkpoint, buf_bytes(&note)));
                assert_err(note_check(r.checkpoint, &witness, NULL), i ? OK : ERR_NOTE_KEY);
                buf_init(&made, RECEIPT_LEN_MAX);
                assert_ok(receipt_put(&made, buf_bytes(&r.leaf), r.index, &r.proof, r.checkpoint));
                assert_true(bytes_equal(buf_bytes(&made), buf_bytes(&text)));
                assert_err(receipt_check(&r, &witness, NULL), ERR_VKEY);
                buf_clear(&made);
                receipt_clear(&r);
                buf_clear(&note);
                buf_clear(&text);
        }
}

/* What the tree proves is what the golden receipt says. */
static void golden_from_the_tree(void **state)
{
        struct buf text = help_read("logged.tlog-proof"), note = help_read("checkpoint.txt"), made;
        struct source s = {.left = 0};
        struct tree *t = NULL;
        struct proof proof;

        (void)state;
        assert_ok(tree_new(source_of(&s), &t));
        for (uint64_t i = 0; i < 513; i++) {
                struct hash leaf = help_leaf(i);

                assert_ok(tree_append(t, &leaf));
        }
        assert_ok(tree_prove_inclusion(t, 300, 513, &proof));
        buf_init(&made, RECEIPT_LEN_MAX);
        assert_ok(receipt_put(&made, bytes_text("300"), 300, &proof, buf_bytes(&note)));
        assert_true(bytes_equal(buf_bytes(&made), buf_bytes(&text)));
        buf_clear(&made);
        buf_clear(&note);
        buf_clear(&text);
        tree_free(t);
}

static void prefixes_and_more(void **state)
{
        struct buf text = help_read("witnessed.tlog-proof"), logged = help_read("logged.tlog-proof");
        struct vkey log = help_vkey("log.vkey");
        size_t n = text.n;
        struct receipt r;

        (void)state;
        receipt_init(&r);
        buf_put_u8(&text, 0);
        /* without the witness's whole line it is the receipt that was given first */
        for (size_t prefix = 0; prefix < n; prefix++)
                assert_err(receipt_parse(bytes_of(text.at, prefix), &r),
                           prefix == logged.n ? OK : ERR_PROOF_FORM);
        for (unsigned c = 0; c < 256; c++) {
                text.at[n] = (uint8_t)c;
                assert_err(receipt_parse(buf_bytes(&text), &r), ERR_PROOF_FORM);
        }
        assert_int_equal(r.index, 300); /* of the one that was good; the bad ones left it alone */
        assert_ok(receipt_check(&r, &log, NULL));
        receipt_clear(&r);
        buf_clear(&logged);
        buf_clear(&text);
}

/* A receipt with the log's signature only: every flipped bit is refused. */
static void every_bit(void **state)
{
        struct buf text = help_read("logged.tlog-proof");
        struct vkey log = help_vkey("log.vkey");
        struct receipt r;

        (void)state;
        receipt_init(&r);
        for (size_t bit = 0; bit < 8 * text.n; bit++) {
                text.at[bit / 8] ^= (uint8_t)(1U << bit % 8);
                assert_int_not_equal(parse_and_check(buf_bytes(&text), &log, &r, NULL), OK);
                text.at[bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
        assert_ok(parse_and_check(buf_bytes(&text), &log, &r, NULL));
        receipt_clear(&r);
        buf_clear(&text);
}

/* A witness's line is the one part that receipt_check does not answer for: a flip there is refused, or says
 * the same of the same leaf and fails the witness's own check. */
static void every_bit_witnessed(void **state)
{
        struct buf text = help_read("witnessed.tlog-proof"), logged = help_read("logged.tlog-proof");
        struct vkey log = help_vkey("log.vkey"), witness = help_vkey("witness.vkey");
        struct checkpoint c, good;
        size_t accepted = 0;
        struct receipt r;

        (void)state;
        receipt_init(&r);
        assert_ok(parse_and_check(buf_bytes(&text), &log, &r, &good));
        for (size_t bit = 0; bit < 8 * text.n; bit++) {
                text.at[bit / 8] ^= (uint8_t)(1U << bit % 8);
                if (!parse_and_check(buf_bytes(&text), &log, &r, &c)) {
                        assert_in_range(bit / 8, logged.n, text.n - 1);
                        assert_true(bytes_is(buf_bytes(&r.leaf), "300"));
                        assert_int_equal(r.index, 300);
                        assert_int_equal(c.size, good.size);
                        assert_hash(&c.root, &good.root);
                        assert_int_not_equal(note_check(r.checkpoint, &witness, NULL), OK);
                        accepted++;
                }
                text.at[bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
        assert_in_range(accepted, 1, 8 * (text.n - logged.n));
        receipt_clear(&r);
        buf_clear(&logged);
        buf_clear(&text);
}

static const char *const no_receipts[] = {
    "",
    HEAD,
    "c2sp.org/tlog-proof@v2\nindex 0\n\n" NOTE,
    HEAD "index 0\n" NOTE,
    HEAD "index 0\n\n",
    HEAD "index 0\n\ntext\n",
    HEAD "index 0\n\n\n" NOTE "\n",
    HEAD "index 00\n\n" NOTE,
    HEAD "index -1\n\n" NOTE,
    HEAD "index\n\n" NOTE,
    HEAD "index 18446744073709551616\n\n" NOTE,
    HEAD "Index 0\n\n" NOTE,
    HEAD "extra \nindex 0\n\n" NOTE,
    HEAD "extra MzA\nindex 0\n\n" NOTE,
    HEAD "extra MzA= \nindex 0\n\n" NOTE,
    HEAD "extra MzAw\nextra MzAw\nindex 0\n\n" NOTE,
    HEAD "index 0\nextra MzAw\n\n" NOTE,
    HEAD "index 0\nindex 0\n\n" NOTE,
    HEAD "index 0\nMzAw\n\n" NOTE,
    HEAD "index 0\n " HASH "\n" NOTE,
    HEAD "index 0\r\n\r\n" NOTE,
    " " HEAD "index 0\n\n" NOTE,
};

static void refused_forms(void **state)
{
        struct receipt r;

        (void)state;
        receipt_init(&r);
        for (size_t i = 0; i < sizeof no_receipts / sizeof *no_receipts; i++)
                if (receipt_parse(bytes_text(no_receipts[i]), &r) != ERR_PROOF_FORM)
                        fail_msg("receipt %zu was taken", i);
        assert_ok(receipt_parse(bytes_text(HEAD "index 0\n" HASH "\n" NOTE), &r));
        assert_int_equal(r.proof.n, 1);
        assert_ok(receipt_parse(bytes_text(HEAD "extra MzAw\nindex 18446744073709551615\n\n" NOTE), &r));
        assert_int_equal(r.proof.n, 0);
        assert_true(r.index == UINT64_MAX);
        receipt_clear(&r);
        receipt_clear(&r);
}

static void limits(void **state)
{
        struct proof proof = {.n = PROOF_MAX + 1};
        struct receipt r;
        struct buf b;

        (void)state;
        receipt_init(&r);
        buf_init(&b, RECEIPT_LEN_MAX + 4);
        for (size_t n = PROOF_MAX; n <= PROOF_MAX + 1; n++) {
                buf_reset(&b);
                help_append(&b, HEAD "index 0\n");
                for (size_t i = 0; i < n; i++)
                        help_append(&b, HASH);
                help_append(&b, "\n" NOTE);
                assert_err(receipt_parse(buf_bytes(&b), &r), n == PROOF_MAX ? OK : ERR_PROOF_FORM);
        }
        buf_reset(&b);
        assert_err(receipt_put(&b, bytes_text("leaf"), 0, &proof, bytes_text(NOTE)), ERR_PROOF_FORM);
        assert_int_equal(b.n, 0);
        /* as long as can be, and one group of letters longer */
        for (size_t more = 0; more <= 4; more += 4) {
                const char *tail = "\nindex 0\n\n" NOTE;

                buf_reset(&b);
                help_append(&b, HEAD "extra ");
                while (b.n + strlen(tail) + 4 <= RECEIPT_LEN_MAX + more)
                        buf_put_text(&b, "AAAA");
                help_append(&b, tail);
                assert_int_equal(b.n > RECEIPT_LEN_MAX, more != 0);
                assert_err(receipt_parse(buf_bytes(&b), &r), more ? ERR_PROOF_FORM : OK);
        }
        buf_clear(&b);
        buf_init(&b, 60);
        proof.n = 0;
        assert_err(receipt_put(&b, bytes_text("leaf"), 0, &proof, bytes_text(NOTE)), ERR_TOO_LONG);
        buf_clear(&b);
        receipt_clear(&r);
}

static void wrong_parts(void **state)
{
        struct buf text = help_read("logged.tlog-proof");
        struct vkey log = help_vkey("log.vkey"), other = help_vkey("published/x-mod.vkey");
        struct receipt r;
        struct checkpoint c = {.size = 77};

        (void)state;
        receipt_init(&r);
        assert_ok(receipt_parse(buf_bytes(&text), &r));
        assert_err(receipt_check(&r, &other, &c), ERR_NOTE_KEY);
        r.index++;
        assert_err(receipt_check(&r, &log, &c), ERR_INCLUSION);
        r.index = 513;
        assert_err(receipt_check(&r, &log, &c), ERR_INCLUSION);
        r.index = 300;
        r.proof.n--;
        assert_err(receipt_check(&r, &log, &c), ERR_INCLUSION);
        r.proof.n++;
        r.leaf.at[0] ^= 1;
        assert_err(receipt_check(&r, &log, &c), ERR_INCLUSION);
        r.leaf.at[0] ^= 1;
        r.leaf.n--;
        assert_err(receipt_check(&r, &log, &c), ERR_INCLUSION);
        r.leaf.n = 0;
        assert_err(receipt_check(&r, &log, &c), ERR_PROOF_FORM);
        assert_int_equal(c.size, 77);
        r.leaf.n = 3;
        assert_ok(receipt_check(&r, &log, &c));
        receipt_clear(&r);
        buf_clear(&text);
}

/* C2SP lets the leaf be elsewhere: the receipt then parses, and the leaf is put in before the check. */
static void without_leaf(void **state)
{
        struct buf text = help_read("logged.tlog-proof"), b;
        struct vkey log = help_vkey("log.vkey");
        struct receipt r, bare;

        (void)state;
        receipt_init(&r);
        receipt_init(&bare);
        buf_init(&b, RECEIPT_LEN_MAX);
        assert_ok(receipt_parse(buf_bytes(&text), &r));
        assert_ok(receipt_put(&b, bytes_of(NULL, 0), r.index, &r.proof, r.checkpoint));
        assert_ok(receipt_parse(buf_bytes(&b), &bare));
        assert_int_equal(bare.leaf.n, 0);
        assert_err(receipt_check(&bare, &log, NULL), ERR_PROOF_FORM);
        help_append(&bare.leaf, "300");
        assert_ok(receipt_check(&bare, &log, NULL));
        receipt_clear(&bare);
        receipt_clear(&r);
        buf_clear(&b);
        buf_clear(&text);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(golden),
            cmocka_unit_test(golden_from_the_tree),
            cmocka_unit_test(prefixes_and_more),
            cmocka_unit_test(every_bit),
            cmocka_unit_test(every_bit_witnessed),
            cmocka_unit_test(refused_forms),
            cmocka_unit_test(limits),
            cmocka_unit_test(wrong_parts),
            cmocka_unit_test(without_leaf),
        };

        return cmocka_run_group_tests(tests, help_setup, NULL);
}
