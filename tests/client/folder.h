/* folder: a person's folder with an identity in it, for the client's tests, and a log whose checkpoints it
 * can believe. */
#ifndef TESTS_CLIENT_FOLDER_H
#define TESTS_CLIENT_FOLDER_H

#include <dirent.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/session.h"
#include "ledger/crypto/certificate.h"

#define assert_ok(call)        assert_int_equal((call), OK)
#define assert_err(call, code) assert_int_equal((call), (code))

#define FOLDER_ORIGIN     "police.example/enquiries"
#define FOLDER_PASSPHRASE "correct horse battery"

struct folder {
        char path[300];
        struct session session; /* opened but for transport, unless a test does */
        struct signing_key *log;
};

static inline struct bytes passphrase(void)
{
        return bytes_text(FOLDER_PASSPHRASE);
}

static inline int folder_remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
        (void)st;
        (void)type;
        (void)ftw;
        return remove(path);
}

static inline void folder_make_path(char out[300])
{
        const char *base = getenv("TMPDIR");
        (void)snprintf(out, 300, "%.200s/client-XXXXXX", base != NULL ? base : "/tmp");
        assert_non_null(mkdtemp(out));
}

static inline void folder_remove(const char *path)
{
        assert_int_equal(nftw(path, folder_remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static inline struct signing_key *folder_key(uint8_t of)
{
        uint8_t seed[SEED_LEN];
        struct signing_key *key = NULL;
        memset(seed, of, sizeof seed);
        assert_ok(signing_key_new(bytes_of(seed, sizeof seed), &key));
        return key;
}

static inline void folder_identity(struct folder *f, struct identity *id)
{
        struct public_key log = signing_key_signer(f->log).key;
        struct buf vkey;
        struct vkey key;
        memset(id, 0, sizeof *id);
        buf_init(&vkey, 512);
        assert_ok(vkey_of(FOLDER_ORIGIN, NOTE_ED25519, &log, &key));
        vkey_put(&vkey, &key);
        (void)snprintf(id->vkey, sizeof id->vkey, "%s", buf_text(&vkey));
        buf_clear(&vkey);
        memset(id->genesis.b, 9, HASH_LEN);
        (void)snprintf(id->address, sizeof id->address, "127.0.0.1:1");
        (void)snprintf(id->origin, sizeof id->origin, "%s", FOLDER_ORIGIN);
        (void)snprintf(id->log, sizeof id->log, "%s#AAECAwQFBgcICQoLDA0ODw", FOLDER_ORIGIN);
        (void)snprintf(id->name, sizeof id->name, "Jo Bloggs \xc3\xa9");
        (void)snprintf(id->alias, sizeof id->alias, "jb");
        (void)snprintf(id->unit, sizeof id->unit, "north");
        (void)snprintf(id->roles, sizeof id->roles, "investigator,supervisor");
        id->training = 2;
}

/* Folder, keys, certificate, identity, own store. */
static inline int folder_up(void **state)
{
        struct folder *f = calloc(1, sizeof *f);
        struct session *s = &f->session;
        struct buf certificate;
        char path[HOME_PATH_MAX];
        assert_non_null(f);
        assert_ok(crypto_setup());
        assert_int_equal(setenv("ENQUIRY_TEST_KDF", "fast", 1), 0);
        folder_make_path(f->path);
        f->log = folder_key(1);
        assert_ok(home_open(f->path, &s->home));
        assert_ok(home_make(&s->home, &s->why));
        buf_init(&certificate, 65536);
        assert_ok(keystore_make("jb", client_now_us(), &s->keys, &certificate));
        assert_ok(keystore_write(&s->home, &s->keys, passphrase()));
        assert_ok(home_path(&s->home, HOME_TLS, path));
        assert_ok(file_write(path, buf_bytes(&certificate)));
        folder_identity(f, &s->id);
        s->id.key = signing_key_signer(s->keys.signing).key;
        assert_ok(identity_write(&s->home, &s->id));
        assert_ok(vkey_parse(bytes_text(s->id.vkey), &s->vkey));
        assert_ok(memory_open(&s->home, secret_bytes(&s->keys.store_key), &s->memory, &s->why));
        buf_clear(&certificate);
        *state = f;
        return 0;
}

static inline int folder_down(void **state)
{
        struct folder *f = *state;
        session_close(&f->session);
        signing_key_free(f->log);
        folder_remove(f->path);
        free(f);
        return 0;
}

/* How many files of the folder have a name that begins so. */
static inline size_t folder_count(const struct folder *f, const char *begin)
{
        DIR *d = opendir(f->path);
        struct dirent *entry;
        size_t n = 0;
        assert_non_null(d);
        while ((entry = readdir(d)) != NULL)
                n += strncmp(entry->d_name, begin, strlen(begin)) == 0;
        (void)closedir(d);
        return n;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_up, folder_down)

#endif
