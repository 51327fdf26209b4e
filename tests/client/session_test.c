/* What a folder believes about the ledger, and how it is opened. */
#include "tests/client/folder.h"

#define LEAVES 40

struct ledger {
        struct hash leaf[LEAVES];
        struct tree *tree;
};

static enum err read_leaf(void *self, unsigned level, uint64_t index, size_t count, struct hash *out)
{
        struct ledger *l = self;
        if (level != 0 || index + count > LEAVES)
                return ERR_ABSENT;
        memcpy(out, &l->leaf[index], count * sizeof *out);
        return OK;
}

/* Two ledgers of one log that part after `same` entries. */
static void ledger_make(struct ledger *l, uint8_t of, size_t same)
{
        memset(l, 0, sizeof *l);
        assert_ok(tree_new((struct tree_source){.read = read_leaf, .self = l}, &l->tree));
        for (size_t i = 0; i < LEAVES; i++) {
                uint8_t text[2] = {(uint8_t)i, i < same ? 0 : of};
                assert_ok(tree_leaf_hash(bytes_of(text, sizeof text), &l->leaf[i]));
                assert_ok(tree_append(l->tree, &l->leaf[i]));
        }
}

static void put_note(struct folder *f, const struct ledger *l, uint64_t size, struct signing_key *key,
                     struct buf *out)
{
        struct hash root;
        struct buf text;
        buf_init(&text, NOTE_LEN_MAX);
        buf_init(out, NOTE_LEN_MAX);
        assert_ok(tree_root_at(l->tree, size, &root));
        checkpoint_put(&text, f->session.id.origin, size, &root);
        assert_ok(note_sign(buf_bytes(&text), f->session.id.origin, signing_key_signer(key), out));
        buf_clear(&text);
}

/* Believes the checkpoint over `size` with the proof from `from`. */
static enum err believe(struct folder *f, const struct ledger *l, uint64_t from, uint64_t size)
{
        struct proof proof = {0};
        struct buf note;
        f->session.why = (struct why){0};
        if (from > 0)
                assert_ok(tree_prove_consistency(l->tree, from, size, &proof));
        put_note(f, l, size, f->log, &note);
        enum err e = session_believe(&f->session, buf_bytes(&note), &proof, from);
        buf_clear(&note);
        return e;
}

static void expect_believed(struct folder *f, const struct ledger *l, uint64_t size)
{
        struct hash root, own;
        uint64_t n = 77;
        assert_ok(session_believed(&f->session, &n, &root));
        assert_int_equal(n, size);
        if (size == 0)
                return;
        assert_ok(tree_root_at(l->tree, size, &own));
        assert_true(hash_equal(&root, &own));
}

/* One file of evidence, with both checkpoints in it, and what was believed is believed still. */
static void expect_evidence(struct folder *f, const struct ledger *l, uint64_t believed, size_t files)
{
        assert_int_equal(folder_count(f, "fork-"), files);
        assert_non_null(strstr(f->session.why.detail, "fork-"));
        const char *path = strchr(f->session.why.detail, '/');
        struct buf text, note;
        assert_non_null(path);
        buf_init(&text, 200000);
        assert_ok(file_read(path, 200000, &text));
        put_note(f, l, believed, f->log, &note);
        assert_non_null(strstr(buf_text(&text), buf_text(&note)));
        assert_non_null(strstr(strstr(buf_text(&text), FOLDER_ORIGIN) + 1, "\n" FOLDER_ORIGIN "\n"));
        buf_clear(&text);
        buf_clear(&note);
        expect_believed(f, l, believed);
}

static void test_first_and_onwards(void **state)
{
        struct folder *f = *state;
        struct ledger l;
        ledger_make(&l, 1, 0);
        expect_believed(f, &l, 0);
        assert_ok(believe(f, &l, 0, 3));
        expect_believed(f, &l, 3);
        assert_ok(believe(f, &l, 3, 9));
        assert_ok(believe(f, &l, 9, 9));
        assert_ok(believe(f, &l, 0, 9)); /* the same again needs no proof */
        assert_ok(believe(f, &l, 9, LEAVES));
        expect_believed(f, &l, LEAVES);
        assert_int_equal(folder_count(f, "fork-"), 0);
        tree_free(l.tree);
}

static void test_shorter(void **state)
{
        struct folder *f = *state;
        struct ledger l;
        ledger_make(&l, 1, 0);
        assert_ok(believe(f, &l, 0, 20));
        assert_err(believe(f, &l, 0, 19), ERR_CONSISTENCY);
        expect_evidence(f, &l, 20, 1);
        assert_err(believe(f, &l, 0, 1), ERR_CONSISTENCY);
        expect_evidence(f, &l, 20, 2);
        tree_free(l.tree);
}

static void test_other_root_at_the_same_size(void **state)
{
        struct folder *f = *state;
        struct ledger l, other;
        ledger_make(&l, 1, 0);
        ledger_make(&other, 2, 10);
        assert_ok(believe(f, &l, 0, 20));
        assert_err(believe(f, &other, 0, 20), ERR_CONSISTENCY);
        expect_evidence(f, &l, 20, 1);
        tree_free(l.tree);
        tree_free(other.tree);
}

static void test_another_history(void **state)
{
        struct folder *f = *state;
        struct ledger l, other;
        ledger_make(&l, 1, 10);
        ledger_make(&other, 2, 10);
        assert_ok(believe(f, &l, 0, 10));
        assert_ok(believe(f, &other, 10, 15)); /* so far they are one */
        assert_err(believe(f, &l, 15, 30), ERR_CONSISTENCY);
        expect_evidence(f, &other, 15, 1);
        tree_free(l.tree);
        tree_free(other.tree);
}

static void test_proof_of_nothing(void **state)
{
        struct folder *f = *state;
        struct ledger l;
        struct proof proof = {0};
        struct buf note;
        ledger_make(&l, 1, 0);
        assert_ok(believe(f, &l, 0, 20));
        put_note(f, &l, 30, f->log, &note);
        assert_err(session_believe(&f->session, buf_bytes(&note), &proof, 20), ERR_CONSISTENCY);
        expect_evidence(f, &l, 20, 1);
        buf_clear(&note);
        tree_free(l.tree);
}

/* Every bit of a proof counts. */
static void test_proof_flipped(void **state)
{
        struct folder *f = *state;
        struct ledger l;
        struct proof proof;
        struct buf note;
        ledger_make(&l, 1, 0);
        assert_ok(believe(f, &l, 0, 21));
        assert_ok(tree_prove_consistency(l.tree, 21, 37, &proof));
        put_note(f, &l, 37, f->log, &note);
        assert_true(proof.n > 2);
        for (size_t i = 0; i < proof.n; i++) {
                proof.path[i].b[i] ^= 4;
                assert_err(session_believe(&f->session, buf_bytes(&note), &proof, 21), ERR_CONSISTENCY);
                expect_believed(f, &l, 21);
                proof.path[i].b[i] ^= 4;
        }
        assert_ok(session_believe(&f->session, buf_bytes(&note), &proof, 21));
        buf_clear(&note);
        tree_free(l.tree);
}

/* A daemon that leaves the proof out proves nothing either way: no evidence, and nothing is believed. */
static void test_no_proof(void **state)
{
        struct folder *f = *state;
        struct ledger l;
        ledger_make(&l, 1, 0);
        assert_ok(believe(f, &l, 0, 20));
        assert_err(believe(f, &l, 0, 30), ERR_ANSWER);
        assert_err(believe(f, &l, 10, 30), ERR_ANSWER);
        expect_believed(f, &l, 20);
        assert_int_equal(folder_count(f, "fork-"), 0);
        tree_free(l.tree);
}

static void test_signed_by_another(void **state)
{
        struct folder *f = *state;
        struct signing_key *key = folder_key(2);
        struct proof none = {0};
        struct ledger l;
        struct buf note;
        ledger_make(&l, 1, 0);
        put_note(f, &l, 20, key, &note);
        assert_err(session_believe(&f->session, buf_bytes(&note), &none, 0), ERR_NOTE_KEY);
        buf_clear(&note);
        put_note(f, &l, 20, f->log, &note);
        note.at[note.n - 10] ^= 1;
        assert_int_not_equal(session_believe(&f->session, buf_bytes(&note), &none, 0), OK);
        expect_believed(f, &l, 0);
        buf_clear(&note);
        signing_key_free(key);
        tree_free(l.tree);
}

/* What is believed is checked when it is read: somebody may have put another there. */
static void test_checkpoint_file_changed(void **state)
{
        struct folder *f = *state;
        struct ledger l;
        struct hash root;
        uint64_t size;
        char path[HOME_PATH_MAX];
        ledger_make(&l, 1, 0);
        assert_ok(believe(f, &l, 0, 20));
        assert_ok(home_path(&f->session.home, HOME_CHECKPOINT, path));
        assert_ok(file_write(path, bytes_text("nothing of the kind")));
        assert_int_not_equal(session_believed(&f->session, &size, &root), OK);
        assert_int_not_equal(believe(f, &l, 20, 30), OK);
        tree_free(l.tree);
}

/* --- opening --- */

static struct session open_like(struct folder *f, const char *file)
{
        return (struct session){.home_given = f->path, .passphrase_file = file};
}

static void put_passphrase(struct folder *f, const char *text, char path[HOME_PATH_MAX])
{
        assert_ok(home_path(&f->session.home, "passphrase", path));
        assert_ok(file_write(path, bytes_text(text)));
}

static void test_open(void **state)
{
        static const char *const endings[] = {"", "\n", "\r\n"};
        struct folder *f = *state;
        char path[HOME_PATH_MAX], text[100];
        for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
                (void)snprintf(text, sizeof text, FOLDER_PASSPHRASE "%s", endings[i]);
                put_passphrase(f, text, path);
                struct session s = open_like(f, path);
                assert_ok(session_open(&s));
                assert_string_equal(s.id.alias, "jb");
                assert_non_null(s.memory);
                assert_non_null(s.transport);
                session_close(&s);
                session_close(&s);
        }
}

static void test_open_wrongly(void **state)
{
        static const struct {
                const char *text;
                enum err code;
        } rows[] = {{"another", ERR_PASSPHRASE}, {"\n", ERR_PASSPHRASE_NEEDED}, {"", ERR_PASSPHRASE_NEEDED}};
        struct folder *f = *state;
        char path[HOME_PATH_MAX];
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                put_passphrase(f, rows[i].text, path);
                struct session s = open_like(f, path);
                assert_err(session_open(&s), rows[i].code);
                assert_null(s.memory);
                session_close(&s);
        }
        struct session s = open_like(f, "/nowhere/at/all");
        assert_err(session_open(&s), ERR_ABSENT);
        assert_non_null(strstr(s.why.detail, "/nowhere/at/all"));
        session_close(&s);
}

static void test_roles(void **state)
{
        struct folder *f = *state;
        struct session *s = &f->session;
        assert_true(session_has_role(s, "investigator"));
        assert_true(session_has_role(s, "supervisor"));
        assert_false(session_has_role(s, "super"));
        assert_false(session_has_role(s, "visor"));
        assert_false(session_has_role(s, "auditor"));
        (void)snprintf(s->id.roles, sizeof s->id.roles, "authorising-officer");
        assert_false(session_has_role(s, "officer"));
        assert_true(session_has_role(s, "authorising-officer"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            TEST(test_first_and_onwards),
            TEST(test_shorter),
            TEST(test_other_root_at_the_same_size),
            TEST(test_another_history),
            TEST(test_proof_of_nothing),
            TEST(test_proof_flipped),
            TEST(test_no_proof),
            TEST(test_signed_by_another),
            TEST(test_checkpoint_file_changed),
            TEST(test_open),
            TEST(test_open_wrongly),
            TEST(test_roles),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
