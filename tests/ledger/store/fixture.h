/* fixture: a ledger file in a folder of its own, and entries to fill it. */
#ifndef TESTS_LEDGER_STORE_FIXTURE_H
#define TESTS_LEDGER_STORE_FIXTURE_H

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "ledger/crypto/random.h"
#include "ledger/store/store.h"

struct fixture {
        char folder[256], path[300];
        struct store_keys *keys;
        struct store *store; /* STORE_WRITE */
};

static inline struct store_keys *fixture_keys(uint8_t of)
{
        uint8_t key[32];
        struct store_keys *keys = NULL;
        memset(key, of, sizeof key);
        assert_int_equal(store_keys_new(bytes_of(key, sizeof key), &keys), OK);
        return keys;
}

static inline void fixture_folder(char out[256])
{
        const char *base = getenv("TMPDIR");
        (void)snprintf(out, 256, "%.200s/store-XXXXXX", base != NULL ? base : "/tmp");
        assert_non_null(mkdtemp(out));
}

static inline int fixture_up(void **state)
{
        struct fixture *f = calloc(1, sizeof *f);
        assert_non_null(f);
        assert_int_equal(crypto_setup(), OK);
        fixture_folder(f->folder);
        (void)snprintf(f->path, sizeof f->path, "%s/ledger.db", f->folder);
        f->keys = fixture_keys(7);
        assert_int_equal(store_create(f->path), OK);
        assert_int_equal(store_open(f->path, STORE_WRITE, f->keys, &f->store, NULL), OK);
        *state = f;
        return 0;
}

/* Calls `each` with the path of every file of a folder. */
static inline void fixture_files(const char *folder, void (*each)(void *self, const char *path), void *self)
{
        DIR *d = opendir(folder);
        struct dirent *entry;
        assert_non_null(d);
        while ((entry = readdir(d)) != NULL) {
                char path[600];
                (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
                if (entry->d_name[0] != '.')
                        each(self, path);
        }
        (void)closedir(d);
}

static inline void fixture_remove(void *self, const char *path)
{
        (void)self;
        (void)unlink(path);
}

static inline int fixture_down(void **state)
{
        struct fixture *f = *state;
        store_close(f->store);
        store_keys_free(f->keys);
        fixture_files(f->folder, fixture_remove, NULL);
        (void)rmdir(f->folder);
        free(f);
        return 0;
}

static inline void fixture_reopen(struct fixture *f)
{
        store_close(f->store);
        f->store = NULL;
        assert_int_equal(store_open(f->path, STORE_WRITE, f->keys, &f->store, NULL), OK);
}

/* An entry whose parts can be told from its seq. free with fixture_entry_clear. */
struct fixture_entry {
        struct store_entry entry;
        struct buf leaf;
        char statement[96], content[64], residue[64], because[64];
};

static inline void fixture_entry_init(struct fixture_entry *e, uint64_t seq)
{
        unsigned long long n = seq;
        memset(e, 0, sizeof *e);
        buf_init(&e->leaf, LEAF_MAX);
        (void)snprintf(e->statement, sizeof e->statement, "eyJ%llu.eyJ%llu.c2ln%llu", n, n, n);
        (void)snprintf(e->content, sizeof e->content, "plain text of the content of %llu", n);
        (void)snprintf(e->residue, sizeof e->residue, "plain text of the residue of %llu", n);
        (void)snprintf(e->because, sizeof e->because, "plain text of the because of %llu", n);
        const struct leaf leaf = {
            .seq = seq, .at_us = (int64_t)seq + 1, .statement = bytes_text(e->statement)};
        assert_int_equal(leaf_put(&e->leaf, &leaf), OK);
        e->entry.leaf = buf_bytes(&e->leaf);
        assert_int_equal(tree_leaf_hash(e->entry.leaf, &e->entry.hash), OK);
        assert_int_equal(hash_of(bytes_text(e->statement), &e->entry.st), OK);
        e->entry.content = bytes_text(e->content);
        e->entry.residue = bytes_text(e->residue);
        e->entry.because = bytes_text(e->because);
        e->entry.item = (struct store_item){.seq = seq,
                                            .kind = KIND_INTENT,
                                            .at_us = (int64_t)seq + 1,
                                            .n = seq + 1,
                                            .unit = "unit-1",
                                            .decided_by = SEQ_NONE,
                                            .closed_by = SEQ_NONE,
                                            .target = SEQ_NONE};
}

static inline void fixture_entry_clear(struct fixture_entry *e)
{
        buf_clear(&e->leaf);
}

/* Appends `count` entries in one batch. */
static inline void fixture_append(struct fixture *f, uint64_t count)
{
        uint64_t size = 0;
        assert_int_equal(store_size(f->store, &size), OK);
        assert_int_equal(store_begin(f->store), OK);
        for (uint64_t seq = size; seq < size + count; seq++) {
                struct fixture_entry e;
                fixture_entry_init(&e, seq);
                assert_int_equal(store_put_entry(f->store, &e.entry), OK);
                fixture_entry_clear(&e);
        }
        assert_int_equal(store_commit(f->store), OK);
}

static inline uint64_t fixture_size(struct store *s)
{
        uint64_t size = 0;
        assert_int_equal(store_size(s, &size), OK);
        return size;
}

static inline void fixture_copy_file(const char *from, const char *to)
{
        static uint8_t block[65536];
        FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
        size_t n;
        assert_non_null(in);
        assert_non_null(out);
        while ((n = fread(block, 1, sizeof block, in)) > 0)
                assert_int_equal(fwrite(block, 1, n, out), n);
        (void)fclose(in);
        assert_int_equal(fclose(out), 0);
}

/* A connection of somebody else's, with none of the store's settings. */
static inline sqlite3 *fixture_raw(const char *path)
{
        sqlite3 *db = NULL;
        assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
        return db;
}

static inline void fixture_run(sqlite3 *db, const char *sql)
{
        int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
        if (rc != SQLITE_OK)
                fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

#endif
