#include "help.h"

#define DASH      "\xe2\x80\x94 "
#define NOTE_TEXT "The first line of a note.\n\nA third, after an empty one: \xc3\xa9.\n"

/* A line of a type that nobody here knows: five bytes. */
#define OTHER_LINE DASH "other.example AAAAAAA=\n"

static void published(void **state)
{
        const struct {
                const char *note, *key;
                uint64_t time;
        } row[] = {
            {"published/signed-note.txt", "published/signed-note.vkey", 0},
            {"published/x-mod.txt", "published/x-mod.vkey", 0},
            {"published/arche2025h1.txt", "published/arche2025h1.vkey", 0},
            {"published/arche2025h1.txt", "published/remora.vkey", 0x6a122120},
            {"note.txt", "log.vkey", 0},
            {"checkpoint.txt", "log.vkey", 0},
            {"cosigned.txt", "log.vkey", 0},
            {"cosigned.txt", "witness.vkey", 1790000000},
        };

        (void)state;
        for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
                struct buf note = help_read(row[i].note);
                struct vkey key = help_vkey(row[i].key);
                uint64_t time = 77;

                assert_ok(note_check(buf_bytes(&note), &key, &time));
                assert_int_equal(time, row[i].time ? row[i].time : 77); /* untouched by a plain signature */
                assert_ok(note_check(buf_bytes(&note), &key, NULL));
                buf_clear(&note);
        }
}

static void no_such_key(void **state)
{
        struct buf note = help_read("published/arche2025h1.txt");
        struct vkey key = help_vkey("published/arche2025h1.vkey"), other = help_vkey("log.vkey");

        (void)state;
        assert_err(note_check(buf_bytes(&note), &other, NULL), ERR_NOTE_KEY);
        /* the name and the id are looked at as a pair, letter by letter */
        other = key;
        other.name[0] = 'A';
        assert_err(note_check(buf_bytes(&note), &other, NULL), ERR_NOTE_KEY);
        other = key;
        other.name[strlen(other.name) - 1] = '\0';
        assert_err(note_check(buf_bytes(&note), &other, NULL), ERR_NOTE_KEY);
        other = key;
        other.id ^= 1;
        assert_err(note_check(buf_bytes(&note), &other, NULL), ERR_NOTE_KEY);
        /* the right pair, the key another */
        other = key;
        other.key = help_vkey("log.vkey").key;
        assert_err(note_check(buf_bytes(&note), &other, NULL), ERR_NOTE_SIGNATURE);
        /* a plain signature is no cosignature, whatever its id */
        other = key;
        other.type = NOTE_COSIGNATURE;
        assert_err(note_check(buf_bytes(&note), &other, NULL), ERR_NOTE_SIGNATURE);
        /* the id of its RFC 6962 signature (type 0x05) */
        other = key;
        other.id = 0xcd333cb1;
        assert_err(note_check(buf_bytes(&note), &other, NULL), ERR_NOTE_SIGNATURE);
        buf_clear(&note);
}

static void split(void **state)
{
        struct buf note = help_read("note.txt");
        struct bytes text, signatures;

        (void)state;
        assert_ok(note_split(buf_bytes(&note), &text, &signatures));
        assert_true(bytes_is(text, NOTE_TEXT));
        assert_int_equal(text.n + 1 + signatures.n, note.n);
        assert_ok(bytes_take_text(&signatures, DASH "ledger.example.org/enquiries "));
        assert_ok(note_split(bytes_text("\n\n" OTHER_LINE), &text, &signatures));
        assert_true(bytes_is(text, "\n"));
        assert_true(bytes_is(signatures, OTHER_LINE));
        buf_clear(&note);
}

static const char *const no_notes[] = {
    "",
    "\n",
    "\n\n",
    "text\n",
    "text\n\n",
    "text\n\n\n",
    OTHER_LINE,
    "\n" OTHER_LINE,
    "text\n" OTHER_LINE,
    "text\n\ntext\n",
    "text\r\n\r\n" OTHER_LINE,
    "te\txt\n\n" OTHER_LINE,
    "te\x01xt\n\n" OTHER_LINE,
    "te\xffxt\n\n" OTHER_LINE,
    "text\n\n" OTHER_LINE "\n",
    "text\n\n" OTHER_LINE " ",
    "text\n\n" OTHER_LINE "text\n",
    "text\n\n- other.example AAAAAAA=\n",
    "text\n\n\xe2\x80\x93 other.example AAAAAAA=\n", /* an en dash */
    "text\n\n" DASH " AAAAAAA=\n",
    "text\n\n" DASH "other.example\n",
    "text\n\n" DASH "other.example \n",
    "text\n\n" DASH "other.example  AAAAAAA=\n",
    "text\n\n" DASH "other.example AAAAAAA= \n",
    "text\n\n" DASH "other.example AAAAAAA=",
    "text\n\n" DASH "other.example AAAAAAA\n",
    "text\n\n" DASH "other.example AAAAAAB=\n", /* bits after the last byte */
    "text\n\n" DASH "other.example AAAAAA==\n", /* an id and nothing else */
    "text\n\n" DASH "other.example AAAA-AA=\n",
    "text\n\n" DASH "oth+er AAAAAAA=\n",
    "text\n\n" DASH "oth\xc2\xa0"
    "er AAAAAAA=\n",
    "text\n\n" DASH "oth\xe3\x80\x80r AAAAAAA=\n",
};

static void refused_forms(void **state)
{
        struct bytes text = {.n = 77}, signatures = {.n = 77};

        (void)state;
        for (size_t i = 0; i < sizeof no_notes / sizeof *no_notes; i++)
                if (note_split(bytes_text(no_notes[i]), &text, &signatures) != ERR_NOTE)
                        fail_msg("note %zu was taken", i);
        assert_err(note_split(bytes_of("te\0xt\n\n" OTHER_LINE, 7 + strlen(OTHER_LINE)), &text, &signatures),
                   ERR_NOTE);
        assert_int_equal(text.n, 77);
        assert_int_equal(signatures.n, 77);
}

static void limits(void **state)
{
        struct buf b;
        struct bytes text, signatures;

        (void)state;
        buf_init(&b, NOTE_LEN_MAX + 1);
        help_append(&b, "text\n\n");
        for (size_t i = 0; i < NOTE_SIGNATURES_MAX; i++)
                help_append(&b, OTHER_LINE);
        assert_ok(note_split(buf_bytes(&b), &text, &signatures));
        help_append(&b, OTHER_LINE);
        assert_err(note_split(buf_bytes(&b), &text, &signatures), ERR_NOTE);
        buf_reset(&b);
        for (size_t n = NOTE_LEN_MAX - strlen("\n\n" OTHER_LINE); n > 0; n--)
                buf_put_u8(&b, 'x');
        help_append(&b, "\n\n" OTHER_LINE);
        assert_int_equal(b.n, NOTE_LEN_MAX);
        assert_ok(note_split(buf_bytes(&b), &text, &signatures));
        buf_reset(&b);
        for (size_t n = NOTE_LEN_MAX + 1 - strlen("\n\n" OTHER_LINE); n > 0; n--)
                buf_put_u8(&b, 'x');
        help_append(&b, "\n\n" OTHER_LINE);
        assert_err(note_split(buf_bytes(&b), &text, &signatures), ERR_NOTE);
        buf_clear(&b);
}

/* A note with one signature: nothing may be cut off, added or flipped. */
static void every_change(void **state)
{
        const struct {
                const char *note, *key;
        } row[] = {{"note.txt", "log.vkey"}, {"published/signed-note.txt", "published/signed-note.vkey"}};

        (void)state;
        for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
                struct buf b = help_read(row[i].note);
                struct vkey key = help_vkey(row[i].key);
                size_t n = b.n;

                for (size_t prefix = 0; prefix < n; prefix++)
                        assert_int_not_equal(note_check(bytes_of(b.at, prefix), &key, NULL), OK);
                for (size_t bit = 0; bit < 8 * n; bit++) {
                        b.at[bit / 8] ^= (uint8_t)(1U << bit % 8);
                        assert_int_not_equal(note_check(buf_bytes(&b), &key, NULL), OK);
                        b.at[bit / 8] ^= (uint8_t)(1U << bit % 8);
                }
                assert_ok(note_check(buf_bytes(&b), &key, NULL));
                buf_put_u8(&b, 0);
                for (unsigned c = 0; c < 256; c++) {
                        b.at[n] = (uint8_t)c;
                        assert_err(note_check(buf_bytes(&b), &key, NULL), ERR_NOTE);
                }
                buf_clear(&b);
        }
}

/* A cosigned one: a flip is refused for the log, for the witness, or for both; the lines cover each other
 * nowhere. */
static void every_bit_cosigned(void **state)
{
        struct buf b = help_read("cosigned.txt"), signed_only = help_read("checkpoint.txt");
        struct vkey log = help_vkey("log.vkey"), witness = help_vkey("witness.vkey");
        struct bytes text, signatures;
        size_t log_line, witness_line = signed_only.n;

        (void)state;
        assert_ok(note_split(buf_bytes(&signed_only), &text, &signatures));
        log_line = text.n + 1;
        for (size_t bit = 0; bit < 8 * b.n; bit++) {
                enum err by_log, by_witness;

                b.at[bit / 8] ^= (uint8_t)(1U << bit % 8);
                by_log = note_check(buf_bytes(&b), &log, NULL);
                by_witness = note_check(buf_bytes(&b), &witness, NULL);
                if (bit / 8 < log_line) {
                        assert_int_not_equal(by_log, OK);
                        assert_int_not_equal(by_witness, OK);
                } else if (bit / 8 < witness_line) {
                        assert_int_not_equal(by_log, OK);
                } else {
                        assert_int_not_equal(by_witness, OK);
                }
                b.at[bit / 8] ^= (uint8_t)(1U << bit % 8);
        }
        buf_clear(&b);
        buf_clear(&signed_only);
}

static void signed_as_the_golden_one(void **state)
{
        struct buf golden = help_read("note.txt"), made;
        struct signing_key *key = help_key(0x11);
        struct signer signer = signing_key_signer(key);
        struct vkey log = help_vkey("log.vkey");
        struct sig sig;

        (void)state;
        buf_init(&made, 4096);
        assert_ok(note_sign(bytes_text(NOTE_TEXT), log.name, signer, &made));
        assert_true(bytes_equal(buf_bytes(&made), buf_bytes(&golden)));
        /* the same from a signature made elsewhere */
        buf_reset(&made);
        help_append(&made, NOTE_TEXT "\n");
        assert_ok(signer.sign(signer.self, bytes_text(NOTE_TEXT), &sig));
        assert_ok(note_signature_put(log.name, &signer.key, &sig, &made));
        assert_true(bytes_equal(buf_bytes(&made), buf_bytes(&golden)));
        buf_clear(&made);
        buf_clear(&golden);
        signing_key_free(key);
}

static enum err sign_fails(void *self, struct bytes message, struct sig *out)
{
        (void)self;
        (void)message;
        (void)out;
        return ERR_KEEPER;
}

static void signing_refused(void **state)
{
        struct signing_key *key = help_key(0x11);
        struct signer signer = signing_key_signer(key), failing = signer;
        struct sig sig = {{0}};
        struct buf b;

        (void)state;
        failing.sign = sign_fails;
        buf_init(&b, 4096);
        assert_err(note_sign(bytes_text("no line end"), "a", signer, &b), ERR_NOTE);
        assert_err(note_sign(bytes_text(""), "a", signer, &b), ERR_NOTE);
        assert_err(note_sign(bytes_text("a\tb\n"), "a", signer, &b), ERR_NOTE);
        assert_err(note_sign(bytes_text("\xff\n"), "a", signer, &b), ERR_NOTE);
        assert_err(note_sign(bytes_text("text\n"), "a b", signer, &b), ERR_VKEY);
        assert_err(note_sign(bytes_text("text\n"), "a", failing, &b), ERR_KEEPER);
        assert_err(note_signature_put("a+b", &signer.key, &sig, &b), ERR_VKEY);
        assert_int_equal(b.n, 0);
        buf_clear(&b);
        buf_init(&b, 20);
        assert_err(note_sign(bytes_text("text\n"), "a", signer, &b), ERR_TOO_LONG);
        buf_clear(&b);
        signing_key_free(key);
}

static void cosigned_as_the_golden_one(void **state)
{
        struct buf golden = help_read("cosigned.txt"), made = help_read("checkpoint.txt");
        struct signing_key *key = help_key(0x22);
        struct vkey witness = help_vkey("witness.vkey");
        struct bytes text, signatures;

        (void)state;
        assert_ok(note_split(buf_bytes(&golden), &text, &signatures));
        assert_ok(note_cosign(text, witness.name, signing_key_signer(key), 1790000000, &made));
        assert_true(bytes_equal(buf_bytes(&made), buf_bytes(&golden)));
        buf_clear(&made);
        buf_clear(&golden);
        signing_key_free(key);
}

static void cosigned_twice(void **state)
{
        struct buf b = help_read("cosigned.txt");
        struct signing_key *key = help_key(0x22);
        struct signer signer = signing_key_signer(key);
        struct vkey witness = help_vkey("witness.vkey");
        struct bytes text, signatures;
        struct buf lines;
        uint64_t time = 0;
        size_t n = b.n;

        (void)state;
        assert_ok(note_split(buf_bytes(&b), &text, &signatures));
        buf_init(&lines, 4096);
        assert_ok(note_cosign(text, witness.name, signer, 1790000009, &lines));
        assert_ok(note_cosign(text, witness.name, signer, 1790000004, &lines));
        buf_put(&b, buf_bytes(&lines));
        assert_ok(note_check(buf_bytes(&b), &witness, &time));
        assert_int_equal(time, 1790000009);
        b.at[n + lines.n / 2 - 10] ^= 1; /* of the second, after the first was found good */
        time = 77;
        assert_err(note_check(buf_bytes(&b), &witness, &time), ERR_NOTE_SIGNATURE);
        assert_int_equal(time, 77);
        buf_clear(&lines);
        buf_clear(&b);
        signing_key_free(key);
}

static void cosigning_refused(void **state)
{
        struct buf note = help_read("checkpoint.txt"), b;
        struct signing_key *key = help_key(0x22);
        struct signer signer = signing_key_signer(key), failing = signer;
        struct bytes text, signatures;

        (void)state;
        failing.sign = sign_fails;
        buf_init(&b, 4096);
        assert_ok(note_split(buf_bytes(&note), &text, &signatures));
        assert_err(note_cosign(text, "w", signer, 0, &b), ERR_TIME);
        assert_err(note_cosign(text, "w", signer, (uint64_t)INT64_MAX + 1, &b), ERR_TIME);
        assert_err(note_cosign(text, "", signer, 1, &b), ERR_VKEY);
        assert_err(note_cosign(bytes_text("text\n"), "w", signer, 1, &b), ERR_CHECKPOINT);
        assert_err(note_cosign(text, "w", failing, 1, &b), ERR_KEEPER);
        assert_int_equal(b.n, 0);
        assert_ok(note_cosign(text, "w", signer, INT64_MAX, &b));
        buf_clear(&b);
        buf_clear(&note);
        signing_key_free(key);
}

/* A time that no POSIX clock will show is refused though the signature over it fits. */
static void cosigned_beyond_time(void **state)
{
        struct buf b = help_read("checkpoint.txt"), message, blob;
        struct signing_key *key = help_key(0x22);
        struct signer signer = signing_key_signer(key);
        struct vkey witness = help_vkey("witness.vkey");
        struct bytes text, signatures;
        struct sig sig;

        (void)state;
        for (unsigned above = 0; above < 2; above++) {
                uint64_t time = (uint64_t)INT64_MAX + above, found = 0;
                size_t n = b.n;

                buf_init(&message, 4096);
                buf_init(&blob, 4096);
                assert_ok(note_split(buf_bytes(&b), &text, &signatures));
                buf_put_text(&message, "cosignature/v1\ntime ");
                buf_put_decimal(&message, time);
                buf_put_text(&message, "\n");
                buf_put(&message, text);
                assert_ok(signer.sign(signer.self, buf_bytes(&message), &sig));
                buf_put_u32(&blob, witness.id);
                buf_put_u64(&blob, time);
                buf_put(&blob, bytes_of(sig.b, SIG_LEN));
                help_append(&b, DASH "witness.example.net/w1 ");
                b64_put(&b, buf_bytes(&blob));
                help_append(&b, "\n");
                assert_err(note_check(buf_bytes(&b), &witness, &found), above ? ERR_NOTE_SIGNATURE : OK);
                assert_true(found == (above ? 0 : INT64_MAX));
                b.n = n;
                buf_clear(&message);
                buf_clear(&blob);
        }
        buf_clear(&b);
        signing_key_free(key);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(published),
            cmocka_unit_test(no_such_key),
            cmocka_unit_test(split),
            cmocka_unit_test(refused_forms),
            cmocka_unit_test(limits),
            cmocka_unit_test(every_change),
            cmocka_unit_test(every_bit_cosigned),
            cmocka_unit_test(signed_as_the_golden_one),
            cmocka_unit_test(signing_refused),
            cmocka_unit_test(cosigned_as_the_golden_one),
            cmocka_unit_test(cosigned_twice),
            cmocka_unit_test(cosigning_refused),
            cmocka_unit_test(cosigned_beyond_time),
        };

        return cmocka_run_group_tests(tests, help_setup, NULL);
}
