#include "help.h"

static void refuse(const char *text)
{
        struct vkey v = {.id = 77};

        if (!vkey_parse(bytes_text(text), &v))
                fail_msg("%s was taken", text);
        assert_err(vkey_parse(bytes_text(text), &v), ERR_VKEY);
        assert_int_equal(v.id, 77);
}

static void round_trip(void **state)
{
        const struct {
                const char *file, *name;
                uint8_t type;
                uint32_t id;
        } row[] = {
            {"published/signed-note.vkey", "example.com/foo", NOTE_ED25519, 0x530d903a},
            {"published/x-mod.vkey", "PeterNeumann", NOTE_ED25519, 0xc74f20a3},
            {"published/arche2025h1.vkey", "arche2025h1.staging.ct.transparency.dev", NOTE_ED25519,
             0xba2f06c0},
            {"published/remora.vkey", "remora.n621.de", NOTE_COSIGNATURE, 0xda77ade7},
            {"log.vkey", "ledger.example.org/enquiries", NOTE_ED25519, 0xb2c52897},
            {"witness.vkey", "witness.example.net/w1", NOTE_COSIGNATURE, 0xb80dd80a},
        };

        (void)state;
        for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
                struct buf file = help_read(row[i].file), b;
                struct vkey v = help_vkey(row[i].file), made;

                assert_string_equal(v.name, row[i].name);
                assert_int_equal(v.type, row[i].type);
                assert_int_equal(v.id, row[i].id);
                assert_ok(vkey_of(v.name, v.type, &v.key, &made));
                assert_int_equal(made.id, v.id);
                buf_init(&b, 1024);
                vkey_put(&b, &made);
                help_append(&b, "\n");
                assert_true(bytes_equal(buf_bytes(&b), buf_bytes(&file)));
                buf_clear(&b);
                buf_clear(&file);
        }
}

static void same_key_of_two_types(void **state)
{
        struct vkey log = help_vkey("log.vkey"), other;

        (void)state;
        assert_ok(vkey_of(log.name, NOTE_COSIGNATURE, &log.key, &other));
        assert_int_not_equal(log.id, other.id);
}

/* No prefix, no further byte and no flipped bit is a verifier key: the id is over name, type and key. */
static void every_change(void **state)
{
        const char *const files[] = {"log.vkey", "witness.vkey", "published/signed-note.vkey"};

        (void)state;
        for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
                struct buf b = help_read(files[i]);
                size_t n = b.n - 1;
                struct vkey v;

                assert_ok(vkey_parse(bytes_of(b.at, n), &v));
                for (size_t prefix = 0; prefix < n; prefix++)
                        assert_err(vkey_parse(bytes_of(b.at, prefix), &v), ERR_VKEY);
                for (unsigned c = 0; c < 256; c++) {
                        b.at[n] = (uint8_t)c;
                        assert_err(vkey_parse(bytes_of(b.at, n + 1), &v), ERR_VKEY);
                }
                for (size_t bit = 0; bit < 8 * n; bit++) {
                        b.at[bit / 8] ^= (uint8_t)(1U << bit % 8);
                        assert_err(vkey_parse(bytes_of(b.at, n), &v), ERR_VKEY);
                        b.at[bit / 8] ^= (uint8_t)(1U << bit % 8);
                }
                buf_clear(&b);
        }
}

static void refused(void **state)
{
        (void)state;
        refuse("example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
        refuse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k=");
        refuse("example.com/foo+530d903a+");
        refuse("+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
        refuse("example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
        refuse("example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
        /* of x/mod's test: a key of another length and one of a type that there is not, their ids being right
         */
        refuse("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==");
        refuse("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
}

static const struct {
        const char *name;
        bool name_valid, origin_valid;
} names[] = {
    {"example.org/log", true, true},
    {"a", true, true},
    {"sch\xc3\xb6n.example", true, true},
    {"", false, false},
    {"a b", false, false},
    {"a+b", false, false},
    {"a\tb", false, false},
    {"a\nb", false, false},
    {"a\x01", false, false},
    {"a\x1f", false, false},
    {"a\x7f", true, false},
    {"a#b", true, false},
    {"a\"b", true, false},
    {"a\\b", true, false},
    {"a\xc2\x80", true, false}, /* U+0080, a control */
    {"a\xc2\x9f", true, false},
    {"a\xc2\x85z", false, false}, /* U+0085, a control that is white space too */
    {"a\xc2\xa0z", false, false}, /* U+00A0 */
    {"a\xc2\xa1z", true, true},
    {"a\xe1\x9a\x80z", false, false},
    {"a\xe2\x80\x80z", false, false},
    {"a\xe2\x80\x8az", false, false},
    {"a\xe2\x80\x8bz", true, true}, /* U+200B has no width and is not White_Space */
    {"a\xe2\x80\xa8z", false, false},
    {"a\xe2\x80\xa9z", false, false},
    {"a\xe2\x80\xafz", false, false},
    {"a\xe2\x81\x9fz", false, false},
    {"a\xe3\x80\x80", false, false},
    {"a\xe3\x80\x81", true, true},
    {"a\xe3\x80", false, false}, /* not UTF-8 */
    {"a\xc0\x80", false, false},
    {"a\xed\xa0\x80", false, false}, /* a surrogate */
};

static void name_rules(void **state)
{
        struct vkey log = help_vkey("log.vkey"), v;
        char longest[NOTE_NAME_MAX + 2];

        (void)state;
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
                enum err e = vkey_of(names[i].name, NOTE_ED25519, &log.key, &v);

                if (e != (names[i].name_valid ? OK : ERR_VKEY) ||
                    origin_valid(bytes_text(names[i].name)) != names[i].origin_valid)
                        fail_msg("name %zu", i);
        }
        assert_false(origin_valid(bytes_of("a\0b", 3)));
        memset(longest, 'x', sizeof longest);
        assert_true(origin_valid(bytes_of(longest, NOTE_NAME_MAX)));
        assert_false(origin_valid(bytes_of(longest, NOTE_NAME_MAX + 1)));
        longest[NOTE_NAME_MAX + 1] = '\0';
        assert_err(vkey_of(longest, NOTE_ED25519, &log.key, &v), ERR_VKEY);
        longest[NOTE_NAME_MAX] = '\0';
        assert_ok(vkey_of(longest, NOTE_ED25519, &log.key, &v));
        assert_string_equal(v.name, longest);
}

static void types(void **state)
{
        struct vkey log = help_vkey("log.vkey"), v;

        (void)state;
        for (unsigned type = 0; type < 256; type++)
                assert_err(vkey_of("a", (uint8_t)type, &log.key, &v),
                           type == NOTE_ED25519 || type == NOTE_COSIGNATURE ? OK : ERR_VKEY);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(round_trip),   cmocka_unit_test(same_key_of_two_types),
            cmocka_unit_test(every_change), cmocka_unit_test(refused),
            cmocka_unit_test(name_rules),   cmocka_unit_test(types),
        };

        return cmocka_run_group_tests(tests, help_setup, NULL);
}
