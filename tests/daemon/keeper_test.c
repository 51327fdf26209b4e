#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/keeper.h"
#include "ledger/crypto/random.h"

#define ORIGIN   "ledger.example/test"
#define LEAVES   5000
#define SLOT_LEN 112
#define NOTE_LEN (2 * SLOT_LEN)

#define assert_ok(call) assert_int_equal((call), OK)

/* One ledger to be kept: a tree on the side says what the keeper must say. */
struct world {
        char folder[64], path[96];
        uint8_t seed[SEED_LEN];
        struct vkey vkey;
        struct tree *tree;
        struct hash *leaves;
        struct keeper *keeper;
        struct buf note;
};

static enum err no_source(void *self, unsigned level, uint64_t index, size_t count, struct hash *out)
{
        (void)self;
        (void)level;
        (void)index;
        (void)count;
        (void)out;
        return ERR_ABSENT;
}

static void make_leaf(uint64_t seq, struct hash *out)
{
        uint8_t text[8];
        for (int i = 0; i < 8; i++)
                text[i] = (uint8_t)(seq >> (8 * i));
        assert_ok(tree_leaf_hash(bytes_of(text, sizeof text), out));
}

static int set_up(void **state)
{
        struct world *w = calloc(1, sizeof *w);
        struct signing_key *key;
        assert_non_null(w);
        assert_ok(crypto_setup());
        strcpy(w->folder, "/tmp/keeper-test-XXXXXX");
        assert_non_null(mkdtemp(w->folder));
        (void)snprintf(w->path, sizeof w->path, "%s/keeper.note", w->folder);
        memset(w->seed, 7, sizeof w->seed);
        assert_ok(signing_key_new(bytes_of(w->seed, SEED_LEN), &key));
        struct signer signer = signing_key_signer(key);
        assert_ok(vkey_of(ORIGIN, NOTE_ED25519, &signer.key, &w->vkey));
        signing_key_free(key);
        w->leaves = calloc(LEAVES, sizeof *w->leaves);
        assert_non_null(w->leaves);
        for (uint64_t i = 0; i < LEAVES; i++)
                make_leaf(i, &w->leaves[i]);
        assert_ok(tree_new((struct tree_source){.read = no_source}, &w->tree));
        assert_ok(tree_append(w->tree, &w->leaves[0]));
        assert_ok(keeper_note_create(w->path, &w->leaves[0]));
        buf_init(&w->note, NOTE_LEN_MAX);
        *state = w;
        return 0;
}

static int tear_down(void **state)
{
        struct world *w = *state;
        keeper_stop(w->keeper);
        tree_free(w->tree);
        free(w->leaves);
        buf_clear(&w->note);
        assert_int_equal(unlink(w->path), 0);
        assert_int_equal(rmdir(w->folder), 0);
        free(w);
        return 0;
}

static enum err start(struct world *w, struct keeper **out)
{
        struct why why = {0};
        return keeper_start(w->path, ORIGIN, bytes_of(w->seed, SEED_LEN), out, &why);
}

static void stop(struct world *w)
{
        keeper_stop(w->keeper);
        w->keeper = NULL;
}

static void frontier_of(struct world *w, uint64_t size, struct frontier *out)
{
        frontier_init(out);
        for (uint64_t i = 0; i < size; i++)
                assert_ok(frontier_append(out, &w->leaves[i]));
}

static void adopt(struct world *w)
{
        struct frontier f;
        frontier_of(w, tree_size(w->tree), &f);
        assert_ok(keeper_adopt(w->keeper, &f));
}

static void start_adopted(struct world *w)
{
        assert_ok(start(w, &w->keeper));
        adopt(w);
}

/* The note in hand is the log's, and says what the tree on the side says. */
static void check_note(struct world *w)
{
        struct checkpoint c;
        struct hash root;
        assert_ok(note_check(buf_bytes(&w->note), &w->vkey, NULL));
        assert_ok(checkpoint_open(buf_bytes(&w->note), &w->vkey, &c));
        assert_ok(tree_root(w->tree, &root));
        assert_int_equal(c.size, tree_size(w->tree));
        assert_true(hash_equal(&c.root, &root));
        assert_true(bytes_is(c.origin, ORIGIN));
}

static void extend(struct world *w, size_t n)
{
        const struct hash *from = &w->leaves[tree_size(w->tree)];
        buf_reset(&w->note);
        assert_ok(keeper_extend(w->keeper, n, from, &w->note));
        for (size_t i = 0; i < n; i++)
                assert_ok(tree_append(w->tree, &from[i]));
        check_note(w);
}

static void check_state(struct world *w)
{
        struct hash root, said;
        uint64_t size;
        assert_ok(tree_root(w->tree, &root));
        assert_ok(keeper_state(w->keeper, &size, &said));
        assert_int_equal(size, tree_size(w->tree));
        assert_true(hash_equal(&said, &root));
}

static void read_note(const struct world *w, uint8_t out[NOTE_LEN])
{
        int fd = open(w->path, O_RDONLY);
        assert_true(fd >= 0);
        assert_int_equal(pread(fd, out, NOTE_LEN, 0), NOTE_LEN);
        assert_int_equal(close(fd), 0);
}

static void write_note(const struct world *w, const uint8_t *in, size_t n)
{
        int fd = open(w->path, O_WRONLY | O_TRUNC);
        assert_true(fd >= 0);
        assert_int_equal(write(fd, in, n), n);
        assert_int_equal(close(fd), 0);
}

/* The process that this one forked last, as the kernel lists it; -1: none. */
static pid_t child_of_ours(void)
{
        char path[64];
        int pid = -1;
        (void)snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
        FILE *f = fopen(path, "r");
        assert_non_null(f);
        while (fscanf(f, "%d", &pid) == 1)
                ;
        (void)fclose(f);
        return pid;
}

static void test_create(void **state)
{
        struct world *w = *state;
        struct stat st;
        uint8_t note[NOTE_LEN];
        assert_int_equal(keeper_note_create(w->path, &w->leaves[0]), ERR_NOT_EMPTY);
        assert_int_equal(keeper_note_create("/tmp/no such folder/note", &w->leaves[0]), ERR_IO);
        assert_int_equal(stat(w->path, &st), 0);
        assert_int_equal(st.st_size, NOTE_LEN);
        assert_int_equal(st.st_mode & 0777, 0600);
        /* FORMAT.md section 10, byte by byte */
        read_note(w, note);
        for (size_t slot = 0; slot < 2; slot++) {
                const uint8_t *at = note + slot * SLOT_LEN;
                static const uint8_t zeros[24];
                const uint8_t count_and_size[16] = {[7] = (uint8_t)slot, [15] = 1};
                struct hash sum;
                assert_memory_equal(at, "EQKN\0\0\0\0", 8);
                assert_memory_equal(at + 8, count_and_size, 16);
                assert_memory_equal(at + 24, w->leaves[0].b, HASH_LEN);
                assert_memory_equal(at + 56, zeros, sizeof zeros);
                assert_ok(hash_of(bytes_of(at, 80), &sum));
                assert_memory_equal(at + 80, sum.b, HASH_LEN);
        }
        assert_ok(start(w, &w->keeper));
        check_state(w);
}

static void test_extend(void **state)
{
        static const size_t batches[] = {1, 2, 1, 60, 256, 7, 512, 1, 4096};
        struct world *w = *state;
        start_adopted(w);
        for (size_t i = 0; tree_size(w->tree) < LEAVES; i++) {
                size_t left = LEAVES - (size_t)tree_size(w->tree), n = batches[i % 9];
                extend(w, n < left ? n : left);
                if (i % 3 == 0)
                        assert_ok(keeper_sync(w->keeper));
        }
        check_state(w);
        buf_reset(&w->note);
        assert_ok(keeper_sign_again(w->keeper, &w->note));
        check_note(w);
        stop(w);
        start_adopted(w);
        check_state(w);
}

/* Many small calls: an allocation that the warming up missed would meet the filter here. */
static void test_many_calls(void **state)
{
        struct world *w = *state;
        start_adopted(w);
        while (tree_size(w->tree) < LEAVES)
                extend(w, 1);
        assert_ok(keeper_sync(w->keeper));
        check_state(w);
}

static void test_limits(void **state)
{
        struct world *w = *state;
        struct buf small;
        start_adopted(w);
        buf_reset(&w->note);
        assert_int_equal(keeper_extend(w->keeper, 0, w->leaves, &w->note), ERR_BUG);
        assert_int_equal(keeper_extend(w->keeper, KEEPER_BATCH_MAX + 1, w->leaves, &w->note), ERR_BUG);
        assert_int_equal(w->note.n, 0);
        extend(w, KEEPER_BATCH_MAX);
        buf_init(&small, 40);
        assert_int_equal(keeper_sign_again(w->keeper, &small), ERR_TOO_LONG);
        buf_clear(&small);
}

static void test_refusals(void **state)
{
        struct world *w = *state;
        struct frontier f;
        assert_ok(start(w, &w->keeper));
        assert_int_equal(keeper_extend(w->keeper, 1, &w->leaves[1], &w->note), ERR_KEEPER);
        assert_int_equal(keeper_sign_again(w->keeper, &w->note), ERR_KEEPER);
        assert_int_equal(w->note.n, 0);

        frontier_of(w, 1, &f);
        f.node[0].b[3] ^= 0x10; /* another root */
        assert_int_equal(keeper_adopt(w->keeper, &f), ERR_KEEPER);
        frontier_of(w, 2, &f); /* another size */
        assert_int_equal(keeper_adopt(w->keeper, &f), ERR_KEEPER);
        frontier_init(&f);
        assert_int_equal(keeper_adopt(w->keeper, &f), ERR_KEEPER);
        assert_int_equal(keeper_extend(w->keeper, 1, &w->leaves[1], &w->note), ERR_KEEPER);

        adopt(w);
        frontier_of(w, 1, &f);
        assert_int_equal(keeper_adopt(w->keeper, &f), ERR_KEEPER); /* a second time */
        extend(w, 3);
        check_state(w);
}

/* A frontier whose size does not fit its nodes is no request at all: the child ends. */
static void test_malformed(void **state)
{
        struct world *w = *state;
        struct frontier f;
        assert_ok(start(w, &w->keeper));
        frontier_of(w, 1, &f);
        f.size = 3;
        assert_int_equal(keeper_adopt(w->keeper, &f), ERR_KEEPER);
        frontier_of(w, 1, &f);
        assert_int_equal(keeper_adopt(w->keeper, &f), ERR_KEEPER);
        assert_int_equal(keeper_sync(w->keeper), ERR_KEEPER);
}

static void test_killed(void **state)
{
        struct world *w = *state;
        struct hash root;
        uint64_t size;
        start_adopted(w);
        extend(w, 100);
        pid_t child = child_of_ours();
        assert_true(child > 0);
        assert_int_equal(kill(child, SIGKILL), 0);
        buf_reset(&w->note);
        /* One call may still find bytes on their way; none is answered. */
        assert_int_equal(keeper_extend(w->keeper, 1, &w->leaves[101], &w->note), ERR_KEEPER);
        assert_int_equal(keeper_state(w->keeper, &size, &root), ERR_KEEPER);
        assert_int_equal(keeper_sync(w->keeper), ERR_KEEPER);
        assert_int_equal(w->note.n, 0);
        stop(w);
        start_adopted(w);
        check_state(w);
        extend(w, 50);
}

/* Ctrl-C goes to the whole group; the keeper stays until the daemon has finished. */
static void test_signals_ignored(void **state)
{
        struct world *w = *state;
        start_adopted(w);
        pid_t child = child_of_ours();
        assert_int_equal(kill(child, SIGINT), 0);
        assert_int_equal(kill(child, SIGTERM), 0);
        extend(w, 5);
        stop(w);
        assert_int_equal(child_of_ours(), -1);
}

/* What /proc says about the child: the filter, no new privileges, and two descriptors only. */
static void test_confined(void **state)
{
        struct world *w = *state;
        char path[64], line[256];
        int filter = -1, privileges = -1;
        start_adopted(w);
        pid_t child = child_of_ours();
        (void)snprintf(path, sizeof path, "/proc/%d/status", (int)child);
        FILE *f = fopen(path, "r");
        assert_non_null(f);
        while (fgets(line, sizeof line, f) != NULL) {
                (void)sscanf(line, "Seccomp: %d", &filter);
                (void)sscanf(line, "NoNewPrivs: %d", &privileges);
        }
        (void)fclose(f);
        assert_int_equal(privileges, 1);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        assert_int_equal(filter, 0); /* these builds have none, see keeper_child.c */
#elif defined(__clang__)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
        assert_int_equal(filter, 0);
#else
        assert_int_equal(filter, 2);
#endif
#else
        assert_int_equal(filter, 2);
#endif
}

static void test_locked(void **state)
{
        struct world *w = *state;
        struct keeper *second = NULL;
        start_adopted(w);
        assert_int_equal(start(w, &second), ERR_LOCKED);
        assert_null(second);
        extend(w, 2);
        stop(w);
        start_adopted(w);
        check_state(w);
}

static void test_one_slot_damaged(void **state)
{
        struct world *w = *state;
        uint8_t note[NOTE_LEN], damaged[NOTE_LEN];
        struct hash root, said;
        uint64_t size;
        start_adopted(w);
        extend(w, 9); /* write 2, slot 0: size 10 */
        stop(w);
        read_note(w, note);
        for (size_t bit = 0; bit < SLOT_LEN * 8; bit += 37) {
                memcpy(damaged, note, NOTE_LEN);
                damaged[bit / 8] ^= (uint8_t)(1u << (bit % 8));
                write_note(w, damaged, NOTE_LEN);
                assert_ok(start(w, &w->keeper));
                assert_ok(keeper_state(w->keeper, &size, &said));
                assert_int_equal(size, 1); /* the other slot */
                assert_true(hash_equal(&said, &w->leaves[0]));
                stop(w);
        }
        memcpy(damaged, note, NOTE_LEN);
        damaged[SLOT_LEN + 30] ^= 1; /* the older slot: nothing is lost */
        write_note(w, damaged, NOTE_LEN);
        start_adopted(w);
        check_state(w);
        assert_ok(tree_root(w->tree, &root));
        extend(w, 1);
}

/* Every bit of the newer slot, the other being gone: nothing but the true note is ever read. */
static void test_both_slots_damaged(void **state)
{
        struct world *w = *state;
        uint8_t note[NOTE_LEN + 1] = {0};
        read_note(w, note);
        memset(note + SLOT_LEN, 0, SLOT_LEN);
        write_note(w, note, NOTE_LEN);
        assert_ok(start(w, &w->keeper));
        stop(w);
        for (size_t bit = 0; bit < SLOT_LEN * 8; bit++) {
                note[bit / 8] ^= (uint8_t)(1u << (bit % 8));
                write_note(w, note, NOTE_LEN);
                assert_int_equal(start(w, &w->keeper), ERR_FORM);
                note[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        }
        for (size_t n = 0; n < NOTE_LEN; n++) {
                write_note(w, note, n);
                assert_int_equal(start(w, &w->keeper), ERR_FORM);
        }
        write_note(w, note, NOTE_LEN + 1);
        assert_int_equal(start(w, &w->keeper), ERR_FORM);
}

static void test_start_refused(void **state)
{
        struct world *w = *state;
        struct keeper *k = NULL;
        struct why why = {0};
        assert_int_equal(keeper_start("/tmp/no such note", ORIGIN, bytes_of(w->seed, SEED_LEN), &k, &why),
                         ERR_ABSENT);
        assert_int_equal(why.code, ERR_ABSENT);
        assert_int_equal(keeper_start(w->path, "a b", bytes_of(w->seed, SEED_LEN), &k, NULL), ERR_ORIGIN);
        assert_int_equal(keeper_start(w->path, ORIGIN, bytes_of(w->seed, SEED_LEN - 1), &k, NULL), ERR_FORM);
        assert_null(k);
        keeper_stop(NULL);
}

int main(void)
{
        /* valgrind knows no seccomp, and a keeper without its filter does not start. */
        const char *preload = getenv("LD_PRELOAD");
        if (preload != NULL && strstr(preload, "vgpreload") != NULL) {
                (void)printf("skipped: no seccomp under valgrind\n");
                return 0;
        }
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        const struct CMUnitTest tests[] = {
            TEST(test_create),        TEST(test_extend),           TEST(test_many_calls),
            TEST(test_limits),        TEST(test_refusals),         TEST(test_malformed),
            TEST(test_killed),        TEST(test_signals_ignored),  TEST(test_confined),
            TEST(test_locked),        TEST(test_one_slot_damaged), TEST(test_both_slots_damaged),
            TEST(test_start_refused),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
