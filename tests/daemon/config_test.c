/* DIR/enquiryd.yaml: what is written is what is read, and what others may read is not used. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/config.h"
#include "ledger/crypto/random.h"

#define assert_ok(call) assert_int_equal((call), OK)

struct folder {
        char path[64], file[96];
};

static int make_folder(void **state)
{
        struct folder *f = calloc(1, sizeof *f);
        assert_non_null(f);
        (void)snprintf(f->path, sizeof f->path, "/tmp/enquiry-config-XXXXXX");
        assert_non_null(mkdtemp(f->path));
        (void)snprintf(f->file, sizeof f->file, "%s/enquiryd.yaml", f->path);
        *state = f;
        return 0;
}

static int remove_folder(void **state)
{
        struct folder *f = *state;
        char name[96];
        (void)unlink(f->file);
        (void)snprintf(name, sizeof name, "%s/enquiry", f->path);
        (void)unlink(name);
        int failed = rmdir(f->path);
        free(f);
        return failed;
}

static void write_text(const char *path, const char *text, mode_t mode)
{
        (void)unlink(path);
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        assert_true(fd >= 0);
        assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
        assert_int_equal(fchmod(fd, mode), 0);
        assert_int_equal(close(fd), 0);
}

static void addresses(void **state)
{
        static const struct {
                const char *text, *host;
                unsigned port;
        } good[] = {{"127.0.0.1:8443", "127.0.0.1", 8443},
                    {"0.0.0.0:0", "0.0.0.0", 0},
                    {"[::1]:443", "::1", 443},
                    {"ledger.example:65535", "ledger.example", 65535}};
        static const char *const bad[] = {"",
                                          "8443",
                                          ":8443",
                                          "127.0.0.1",
                                          "127.0.0.1:",
                                          "host:65536",
                                          "host:-1",
                                          "host:+80",
                                          "host: 80",
                                          "host:80x",
                                          "host:0x50",
                                          "host:08",
                                          "[]:80",
                                          "host:99999999999999999999",
                                          "host:18446744073709551617"};
        (void)state;
        for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
                struct config c = {0};
                assert_ok(config_listen(good[i].text, &c, NULL));
                assert_string_equal(c.host, good[i].host);
                assert_int_equal(c.port, good[i].port);
        }
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
                struct config c = {0};
                struct why why = {0};
                if (config_listen(bad[i], &c, &why) != ERR_CONFIG)
                        print_error("\"%s\" was taken\n", bad[i]);
                assert_int_equal(config_listen(bad[i], &c, &why), ERR_CONFIG);
                assert_int_equal(why.code, ERR_CONFIG);
                assert_int_equal(c.port, 0);
        }
        char long_host[400];
        struct config c = {0};
        memset(long_host, 'a', sizeof long_host);
        (void)snprintf(long_host + 300, 10, ":80");
        assert_int_equal(config_listen(long_host, &c, NULL), ERR_CONFIG);
}

/* Names that mean something else to YAML come back as they were. */
static void written_and_read(void **state)
{
        static const char *const texts[] = {"force.example/enquiries",
                                            "*alias",
                                            "&anchor",
                                            "!tag",
                                            "@at",
                                            "%percent",
                                            "`tick",
                                            "[list",
                                            "{map",
                                            "- dash",
                                            "'quoted'",
                                            "yes",
                                            "null",
                                            "~",
                                            "17",
                                            "a:b",
                                            "-",
                                            "?",
                                            "|",
                                            ">",
                                            "\xc3\xa9t\xc3\xa9",
                                            "trailing:"};
        struct folder *f = *state;
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
                for (int with = 0; with < 2; with++) {
                        struct config c = {.port = 8443}, back;
                        struct why why = {0};
                        (void)snprintf(c.data, sizeof c.data, "%s", f->path);
                        (void)snprintf(c.origin, sizeof c.origin, "%s", texts[i]);
                        (void)snprintf(c.host, sizeof c.host, "%s", i % 2 ? "::1" : "127.0.0.1");
                        if (with)
                                (void)snprintf(c.key_file, sizeof c.key_file, "/keys/%s: \"a\\b\" # c",
                                               texts[i]);
                        (void)unlink(f->file);
                        assert_ok(config_write(&c, &why));
                        struct stat st;
                        assert_int_equal(stat(f->file, &st), 0);
                        assert_int_equal(st.st_mode & 07777, 0600);
                        if (config_read(f->path, &back, &why) != OK)
                                print_error("%s: %s\n", texts[i], why.detail);
                        assert_ok(config_read(f->path, &back, &why));
                        assert_string_equal(back.origin, c.origin);
                        assert_string_equal(back.host, c.host);
                        assert_int_equal(back.port, c.port);
                        assert_string_equal(back.key_file, c.key_file);
                        assert_string_equal(back.data, f->path);
                }
        struct config c = {.port = 1};
        (void)snprintf(c.data, sizeof c.data, "%s", f->path);
        assert_int_equal(config_write(&c, NULL), ERR_NOT_EMPTY); /* nothing is written over */
}

static void files_that_cannot_be_used(void **state)
{
        static const char *const texts[] = {"",
                                            "# nothing but a comment\n",
                                            "origin: a\n",
                                            "listen: \"127.0.0.1:1\"\n",
                                            "origin: a\nlisten: nowhere\n",
                                            "origin: a\nlisten: \"127.0.0.1:1\"\ncolour: red\n",
                                            "origin: [a]\nlisten: \"127.0.0.1:1\"\n",
                                            "origin: a\norigin: b\nlisten: \"127.0.0.1:1\"\n",
                                            "origin: \"a\nlisten",
                                            "- a\n"};
        struct folder *f = *state;
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
                struct config c = {.port = 7};
                struct why why = {0};
                write_text(f->file, texts[i], 0600);
                enum err e = config_read(f->path, &c, &why);
                if (e == OK)
                        print_error("taken: %s\n", texts[i]);
                assert_true(e == ERR_CONFIG || (texts[i][0] == '\0' && e == ERR_FORM));
                assert_int_equal(c.port, 7); /* nothing was written */
        }
}

static void what_others_may_read(void **state)
{
        static const char good[] = "origin: a\nlisten: \"127.0.0.1:1\"\n";
        struct folder *f = *state;
        struct config c;
        for (mode_t bit = 01; bit <= 040; bit <<= 1) {
                struct why why = {0};
                write_text(f->file, good, 0600 | bit);
                assert_int_equal(config_read(f->path, &c, &why), ERR_LOOSE);
                assert_non_null(strstr(why.detail, "chmod"));
                write_text(f->file, good, 0600);
                assert_int_equal(chmod(f->path, 0700 | bit), 0);
                assert_int_equal(config_read(f->path, &c, NULL), ERR_LOOSE);
                assert_int_equal(chmod(f->path, 0700), 0);
                assert_ok(config_read(f->path, &c, NULL));
        }
        assert_int_equal(unlink(f->file), 0);
        assert_int_equal(config_read(f->path, &c, NULL), ERR_ABSENT);
        assert_int_equal(config_read("/nonexistent-folder-of-a-test", &c, NULL), ERR_ABSENT);
}

/* --key-file, then the credential, then the folder itself. */
static void where_the_key_lies(void **state)
{
        struct folder *f = *state;
        struct config c = {0};
        char path[CONFIG_PATH_MAX], credential[96];
        bool beside;
        (void)snprintf(c.data, sizeof c.data, "/data");
        assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
        assert_ok(config_key_path(&c, path, &beside));
        assert_string_equal(path, "/data/wrap.key");
        assert_true(beside);
        assert_int_equal(setenv("CREDENTIALS_DIRECTORY", f->path, 1), 0);
        assert_ok(config_key_path(&c, path, &beside)); /* the folder is there, the credential is not */
        assert_string_equal(path, "/data/wrap.key");
        (void)snprintf(credential, sizeof credential, "%s/enquiry", f->path);
        write_text(credential, "secret", 0600);
        assert_ok(config_key_path(&c, path, &beside));
        assert_string_equal(path, credential);
        assert_false(beside);
        (void)snprintf(c.key_file, sizeof c.key_file, "/keys/k");
        assert_ok(config_key_path(&c, path, &beside));
        assert_string_equal(path, "/keys/k");
        assert_false(beside);
        assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
}

static void paths_that_are_too_long(void **state)
{
        struct config c = {0};
        char path[CONFIG_PATH_MAX], long_path[CONFIG_PATH_MAX + 1];
        (void)state;
        memset(c.data, 'd', sizeof c.data - 5);
        assert_ok(config_path(&c, "abc", path));
        assert_int_equal(config_path(&c, "abcd", path), ERR_TOO_LONG);
        memset(long_path, 'd', sizeof long_path - 1);
        long_path[sizeof long_path - 1] = '\0';
        assert_int_equal(config_read(long_path, &c, NULL), ERR_TOO_LONG);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(addresses),
            cmocka_unit_test_setup_teardown(written_and_read, make_folder, remove_folder),
            cmocka_unit_test_setup_teardown(files_that_cannot_be_used, make_folder, remove_folder),
            cmocka_unit_test_setup_teardown(what_others_may_read, make_folder, remove_folder),
            cmocka_unit_test_setup_teardown(where_the_key_lies, make_folder, remove_folder),
            cmocka_unit_test(paths_that_are_too_long),
        };
        if (crypto_setup() != OK)
                return 1;
        return cmocka_run_group_tests(tests, NULL, NULL);
}
