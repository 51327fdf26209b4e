/* The secrets at rest. */
#include "tests/client/folder.h"

static void read_keys(struct folder *f, struct buf *out, char path[HOME_PATH_MAX])
{
        assert_ok(home_path(&f->session.home, HOME_KEYS, path));
        buf_init(out, 65536);
        assert_ok(file_read(path, 65536, out));
}

static void test_again(void **state)
{
        struct folder *f = *state;
        struct secret key = {0};
        struct keystore k = {0};
        assert_ok(keystore_unlock(&f->session.home, passphrase(), &key));
        assert_ok(keystore_open(&f->session.home, secret_bytes(&key), &k));
        assert_true(secret_equal(secret_bytes(&k.seed), secret_bytes(&f->session.keys.seed)));
        assert_true(secret_equal(secret_bytes(&k.store_key), secret_bytes(&f->session.keys.store_key)));
        assert_true(secret_equal(secret_bytes(&k.tls_key), secret_bytes(&f->session.keys.tls_key)));
        struct public_key a = signing_key_signer(k.signing).key,
                          b = signing_key_signer(f->session.keys.signing).key;
        assert_memory_equal(&a, &b, sizeof a);
        keystore_clear(&k);
        secret_free(&key);
}

static void test_wrong_passphrase(void **state)
{
        static const char *const wrong[] = {"", "correct horse batter", "correct horse battery ",
                                            "Correct horse battery"};
        struct folder *f = *state;
        struct secret key = {0};
        for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
                assert_err(keystore_unlock(&f->session.home, bytes_text(wrong[i]), &key), ERR_PASSPHRASE);
                assert_null(key.at);
        }
}

static void test_wrong_key(void **state)
{
        struct folder *f = *state;
        struct secret key = {0};
        struct keystore k = {0};
        assert_ok(secret_random(SEAL_KEY_LEN, &key));
        assert_err(keystore_open(&f->session.home, secret_bytes(&key), &k), ERR_PASSPHRASE);
        assert_null(k.signing);
        assert_null(k.seed.at);
        secret_free(&key);
}

static void test_no_file(void **state)
{
        struct folder *f = *state;
        struct secret key = {0};
        char path[HOME_PATH_MAX];
        assert_ok(home_path(&f->session.home, HOME_KEYS, path));
        assert_int_equal(unlink(path), 0);
        assert_err(keystore_unlock(&f->session.home, passphrase(), &key), ERR_HOME);
}

/* What is cut off never opens. */
static void test_truncated(void **state)
{
        struct folder *f = *state;
        struct secret key = {0};
        struct buf text;
        char path[HOME_PATH_MAX];
        read_keys(f, &text, path);
        for (size_t n = 0; n < text.n; n += n < 80 ? 1 : 23) {
                assert_ok(file_write(path, bytes_of(text.at, n)));
                enum err e = keystore_unlock(&f->session.home, passphrase(), &key);
                assert_true(e == ERR_FORM || e == ERR_PASSPHRASE);
                assert_null(key.at);
        }
        buf_put_u8(&text, 0);
        assert_ok(file_write(path, buf_bytes(&text)));
        assert_err(keystore_unlock(&f->session.home, passphrase(), &key), ERR_PASSPHRASE);
        buf_clear(&text);
}

/* Nor does what is changed: neither the salt and the costs in front nor the sealed bytes; nor does it take
 * for ever. The costs' low bits are left out here: they are valid costs of more than a test should bear. */
static void test_flipped(void **state)
{
        static const size_t costs = 6 + PASS_SALT_LEN;
        struct folder *f = *state;
        struct secret key = {0};
        struct buf text;
        char path[HOME_PATH_MAX];
        read_keys(f, &text, path);
        for (size_t i = 0; i < text.n; i += i < 80 ? 1 : 17) {
                if (i == costs + 3 || i == costs + 5 || i == costs + 6 || i == costs + 7)
                        continue;
                for (unsigned bit = 0; bit < 8; bit += 7) {
                        text.at[i] ^= (uint8_t)(1u << bit);
                        assert_ok(file_write(path, buf_bytes(&text)));
                        enum err e = keystore_unlock(&f->session.home, passphrase(), &key);
                        if (e != ERR_PASSPHRASE && e != ERR_FORM)
                                fail_msg("byte %zu: %s", i, err_row(e)->name);
                        assert_null(key.at);
                        text.at[i] ^= (uint8_t)(1u << bit);
                }
        }
        buf_clear(&text);
}

/* With the key that an agent keeps nothing but the file's own sealed part counts. */
static void test_flipped_under_the_key(void **state)
{
        struct folder *f = *state;
        struct secret key = {0};
        struct keystore k = {0};
        struct buf text;
        char path[HOME_PATH_MAX];
        assert_ok(keystore_unlock(&f->session.home, passphrase(), &key));
        read_keys(f, &text, path);
        for (size_t i = 6 + PASS_SALT_LEN + 8; i < text.n; i += 7) {
                text.at[i] ^= 1;
                assert_ok(file_write(path, buf_bytes(&text)));
                assert_err(keystore_open(&f->session.home, secret_bytes(&key), &k), ERR_PASSPHRASE);
                text.at[i] ^= 1;
        }
        assert_ok(file_write(path, buf_bytes(&text)));
        assert_ok(keystore_open(&f->session.home, secret_bytes(&key), &k));
        keystore_clear(&k);
        secret_free(&key);
        buf_clear(&text);
}

/* A passphrase that is changed leaves the keys what they are. */
static void test_another_passphrase(void **state)
{
        struct folder *f = *state;
        struct secret key = {0};
        struct keystore k = {0};
        assert_ok(keystore_write(&f->session.home, &f->session.keys, bytes_text("another one")));
        assert_err(keystore_unlock(&f->session.home, passphrase(), &key), ERR_PASSPHRASE);
        assert_ok(keystore_unlock(&f->session.home, bytes_text("another one"), &key));
        assert_ok(keystore_open(&f->session.home, secret_bytes(&key), &k));
        assert_true(secret_equal(secret_bytes(&k.seed), secret_bytes(&f->session.keys.seed)));
        keystore_clear(&k);
        secret_free(&key);
}

/* Neither the passphrase nor a secret stands in any file of the folder. */
static void test_nothing_in_the_clear(void **state)
{
        struct folder *f = *state;
        struct buf text;
        char path[HOME_PATH_MAX];
        read_keys(f, &text, path);
        const struct bytes secrets[] = {secret_bytes(&f->session.keys.seed),
                                        secret_bytes(&f->session.keys.store_key), passphrase(),
                                        bytes_text("PRIVATE KEY")};
        for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
                assert_null(memmem(text.at, text.n, secrets[i].at, secrets[i].n));
        buf_clear(&text);
}

static void test_fresh_each_time(void **state)
{
        struct folder *f = *state;
        struct keystore k = {0};
        struct buf certificate, own;
        struct hash a, b;
        char path[HOME_PATH_MAX];
        buf_init(&certificate, 65536);
        buf_init(&own, 65536);
        assert_ok(keystore_make("jb", client_now_us(), &k, &certificate));
        assert_false(secret_equal(secret_bytes(&k.seed), secret_bytes(&f->session.keys.seed)));
        assert_false(secret_equal(secret_bytes(&k.store_key), secret_bytes(&f->session.keys.store_key)));
        assert_ok(home_path(&f->session.home, HOME_TLS, path));
        assert_ok(file_read(path, 65536, &own));
        assert_ok(certificate_key_hash(buf_bytes(&certificate), &a));
        assert_ok(certificate_key_hash(buf_bytes(&own), &b));
        assert_false(hash_equal(&a, &b));
        keystore_clear(&k);
        keystore_clear(&k); /* twice does no harm */
        buf_clear(&certificate);
        buf_clear(&own);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            TEST(test_again),
            TEST(test_wrong_passphrase),
            TEST(test_wrong_key),
            TEST(test_no_file),
            TEST(test_truncated),
            TEST(test_flipped),
            TEST(test_flipped_under_the_key),
            TEST(test_another_passphrase),
            TEST(test_nothing_in_the_clear),
            TEST(test_fresh_each_time),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
