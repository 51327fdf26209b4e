#include "help.h"

#define ROOT  "wk9iB1x27Hf2v1FZ5zLPGVKBT7G+oAfjPpKtm916/aA="
#define EMPTY "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

static void golden(void **state)
{
        struct buf note = help_read("checkpoint.txt"), made;
        struct vkey log = help_vkey("log.vkey");
        struct signing_key *key = help_key(0x11);
        struct checkpoint c;

        (void)state;
        assert_ok(checkpoint_open(buf_bytes(&note), &log, &c));
        assert_true(bytes_is(c.origin, "ledger.example.org/enquiries"));
        assert_int_equal(c.size, 513);
        assert_int_equal(c.extensions.n, 0);
        buf_init(&made, 4096);
        checkpoint_put(&made, log.name, c.size, &c.root);
        assert_ok(buf_check(&made));
        assert_int_equal(memcmp(made.at, note.at, made.n), 0);
        {
                struct buf signed_note;

                buf_init(&signed_note, 4096);
                assert_ok(note_sign(buf_bytes(&made), log.name, signing_key_signer(key), &signed_note));
                assert_true(bytes_equal(buf_bytes(&signed_note), buf_bytes(&note)));
                buf_clear(&signed_note);
        }
        buf_clear(&made);
        buf_clear(&note);
        signing_key_free(key);
}

static void cosigned_and_published(void **state)
{
        struct buf note = help_read("cosigned.txt");
        struct vkey log = help_vkey("log.vkey");
        struct checkpoint c;

        (void)state;
        assert_ok(checkpoint_open(buf_bytes(&note), &log, &c));
        assert_int_equal(c.size, 513);
        buf_clear(&note);
        note = help_read("published/arche2025h1.txt");
        log = help_vkey("published/arche2025h1.vkey");
        assert_ok(checkpoint_open(buf_bytes(&note), &log, &c));
        assert_int_equal(c.size, 1432088532);
        buf_clear(&note);
}

static void extensions(void **state)
{
        struct checkpoint c;

        (void)state;
        assert_ok(checkpoint_parse(bytes_text("o\n5\n" ROOT "\none\ntwo 2\n"), &c));
        assert_true(bytes_is(c.extensions, "one\ntwo 2\n"));
        assert_ok(checkpoint_parse(bytes_text("o\n0\n" EMPTY "\n"), &c));
        assert_ok(checkpoint_parse(
            bytes_text("an origin - 1193050959916656506\n18446744073709551615\n" ROOT "\n"), &c));
        assert_true(c.size == UINT64_MAX);
}

static const char *const no_checkpoints[] = {
    "",
    "\n",
    "o\n",
    "o\n5\n",
    "o\n5\n" ROOT,
    "\n5\n" ROOT "\n",
    "o\n\n" ROOT "\n",
    "o\n05\n" ROOT "\n",
    "o\n+5\n" ROOT "\n",
    "o\n-5\n" ROOT "\n",
    "o\n5 \n" ROOT "\n",
    "o\n 5\n" ROOT "\n",
    "o\n0x5\n" ROOT "\n",
    "o\n18446744073709551616\n" ROOT "\n",
    "o\n5\n\n",
    "o\n5\n" ROOT " \n",
    "o\n5\nwk9iB1x27Hf2v1FZ5zLPGVKBT7G+oAfjPpKtm916/aA\n",
    "o\n5\nwk9iB1x27Hf2v1FZ5zLPGVKBT7G+oAfjPpKtm916/aB=\n",
    "o\n5\nwk9iB1x27Hf2v1FZ5zLPGVKBT7G+oAfjPpKtm916/Q==\n",
    "o\n5\n" ROOT "\n\n",
    "o\n5\n" ROOT "\none\n\n",
    "o\n5\n" ROOT "\none",
    "o\n5\n" ROOT "\n\none\n",
    "o\n5\n" ROOT "\no\tne\n",
    "o\n5\n" ROOT "\n\xff\n",
    "\xff\n5\n" ROOT "\n",
    "o\r\n5\r\n" ROOT "\r\n",
    "o\n0\n" ROOT "\n", /* no leaves, and not the root of none */
};

static void refused_forms(void **state)
{
        struct checkpoint c = {.size = 77};
        struct buf b;

        (void)state;
        for (size_t i = 0; i < sizeof no_checkpoints / sizeof *no_checkpoints; i++)
                if (checkpoint_parse(bytes_text(no_checkpoints[i]), &c) != ERR_CHECKPOINT)
                        fail_msg("checkpoint %zu was taken", i);
        assert_int_equal(c.size, 77);
        buf_init(&b, 4096);
        for (size_t i = 0; i < NOTE_NAME_MAX + 1; i++)
                buf_put_u8(&b, 'o');
        help_append(&b, "\n5\n" ROOT "\n");
        assert_err(checkpoint_parse(buf_bytes(&b), &c), ERR_CHECKPOINT);
        assert_ok(checkpoint_parse(bytes_of(b.at + 1, b.n - 1), &c));
        buf_clear(&b);
}

/* Every text is written in one way: what parses after a change says something else, and is written back as it
 * is. */
static void every_change_of_the_text(void **state)
{
        struct buf note = help_read("checkpoint.txt"), back;
        struct bytes text, signatures;
        struct checkpoint c;

        (void)state;
        buf_init(&back, 4096);
        assert_ok(note_split(buf_bytes(&note), &text, &signatures));
        for (size_t n = 0; n < text.n; n++)
                assert_err(checkpoint_parse(bytes_of(text.at, n), &c), ERR_CHECKPOINT);
        for (size_t bit = 0; bit < 8 * text.n; bit++) {
                note.at[bit / 8] ^= (uint8_t)(1U << bit % 8);
                if (!checkpoint_parse(text, &c)) {
                        char origin[NOTE_NAME_MAX + 1];

                        assert_ok(bytes_to_text(c.origin, origin, sizeof origin));
                        buf_reset(&back);
                        checkpoint_put(&back, origin, c.size, &c.root);
                        buf_put(&back, c.extensions);
                        assert_true(bytes_equal(buf_bytes(&back), text));
                }
                note.at[bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
        for (unsigned byte = 0; byte < 256; byte++) {
                note.at[text.n] = (uint8_t)byte;
                assert_err(checkpoint_parse(bytes_of(text.at, text.n + 1), &c), ERR_CHECKPOINT);
        }
        buf_clear(&back);
        buf_clear(&note);
}

static void every_bit_signed(void **state)
{
        struct buf note = help_read("checkpoint.txt");
        struct vkey log = help_vkey("log.vkey");
        struct checkpoint c = {.size = 77};

        (void)state;
        for (size_t bit = 0; bit < 8 * note.n; bit++) {
                note.at[bit / 8] ^= (uint8_t)(1U << bit % 8);
                assert_int_not_equal(checkpoint_open(buf_bytes(&note), &log, &c), OK);
                note.at[bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
        for (size_t n = 0; n < note.n; n++)
                assert_int_not_equal(checkpoint_open(bytes_of(note.at, n), &log, &c), OK);
        assert_int_equal(c.size, 77);
        assert_ok(checkpoint_open(buf_bytes(&note), &log, &c));
        buf_clear(&note);
}

/* The log's key signs, under its name, what is not its own. */
static void of_another(void **state)
{
        struct vkey log = help_vkey("log.vkey"), witness = help_vkey("witness.vkey");
        struct signing_key *key = help_key(0x11);
        struct buf note = help_read("cosigned.txt"), b;
        struct checkpoint c;

        (void)state;
        buf_init(&b, 4096);
        assert_ok(note_sign(bytes_text("ledger.example.org/enquirie\n5\n" ROOT "\n"), log.name,
                            signing_key_signer(key), &b));
        assert_err(checkpoint_open(buf_bytes(&b), &log, &c), ERR_ORIGIN);
        buf_reset(&b);
        assert_ok(note_sign(bytes_text("text\n"), log.name, signing_key_signer(key), &b));
        assert_err(checkpoint_open(buf_bytes(&b), &log, &c), ERR_CHECKPOINT);
        /* a witness cannot stand for the log, not even one of the log's name */
        assert_err(checkpoint_open(buf_bytes(&note), &witness, &c), ERR_VKEY);
        assert_ok(vkey_of(log.name, NOTE_COSIGNATURE, &log.key, &witness));
        assert_err(checkpoint_open(buf_bytes(&note), &witness, &c), ERR_VKEY);
        log = help_vkey("published/x-mod.vkey");
        assert_err(checkpoint_open(buf_bytes(&note), &log, &c), ERR_NOTE_KEY);
        buf_clear(&b);
        buf_clear(&note);
        signing_key_free(key);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(golden),
            cmocka_unit_test(cosigned_and_published),
            cmocka_unit_test(extensions),
            cmocka_unit_test(refused_forms),
            cmocka_unit_test(every_change_of_the_text),
            cmocka_unit_test(every_bit_signed),
            cmocka_unit_test(of_another),
        };

        return cmocka_run_group_tests(tests, help_setup, NULL);
}
