/* What people hold against a ledger's file: receipts, checkpoints they believed, disclosures; and what the
 * reader of a file brings along: a verifier key, or none. */
#include "tests/ledger/verify/founding.h"

struct sight {
        struct founding *f;
        struct verification *v;
};

static void look(struct sight *s, const struct vkey *log)
{
        const struct verify_options options = {.log = log, .threads = 1};
        struct why why = {0};
        assert_ok(store_open(s->f->path, STORE_COPY, NULL, &s->f->store, &why));
        assert_ok(verify_run(s->f->store, &options, &s->v, &why));
}

static int set_up(void **state)
{
        struct sight *s = calloc(1, sizeof *s);
        assert_non_null(s);
        s->f = founding_new();
        founding_sound(s->f);
        founding_checkpoint(s->f);
        founding_close(s->f);
        *state = s;
        return 0;
}

static int tear_down(void **state)
{
        struct sight *s = *state;
        verification_free(s->v);
        founding_free(s->f);
        free(s);
        return 0;
}

/* The receipt for an entry in the tree of `size`, signed by `signer`. */
static void make_receipt(struct founding *f, uint64_t index, uint64_t size, enum author signer,
                         struct buf *out)
{
        struct proof proof;
        struct hash root;
        struct buf note;
        buf_init(&note, NOTE_LEN_MAX);
        assert_ok(tree_root_at(f->tree, size, &root));
        assert_ok(tree_prove_inclusion(f->tree, index, size, &proof));
        founding_checkpoint_at(f, size, &root, FOUNDING_ORIGIN, "", signer, &note);
        assert_ok(receipt_put(out, buf_bytes(&f->row[index].leaf), index, &proof, buf_bytes(&note)));
        assert_ok(buf_check(out));
        buf_clear(&note);
}

static void compare(struct sight *s, uint64_t index, uint64_t size, enum author signer)
{
        struct buf receipt;
        buf_init(&receipt, RECEIPT_LEN_MAX);
        make_receipt(s->f, index, size, signer, &receipt);
        assert_ok(verify_receipt(s->v, s->f->store, "the receipt", buf_bytes(&receipt)));
        buf_clear(&receipt);
}

static void believe(struct sight *s, uint64_t size, const struct hash *root, enum author signer)
{
        struct buf note;
        buf_init(&note, NOTE_LEN_MAX);
        founding_checkpoint_at(s->f, size, root, FOUNDING_ORIGIN, "", signer, &note);
        assert_ok(verify_believed(s->v, s->f->store, "the checkpoint", buf_bytes(&note)));
        buf_clear(&note);
}

static struct hash root_at(struct sight *s, uint64_t size)
{
        struct hash root;
        assert_ok(tree_root_at(s->f->tree, size, &root));
        return root;
}

/* Exactly one finding of that check and entry, and nothing else of the check. */
static void expect(const struct sight *s, enum check check, uint64_t seq, bool cannot_tell)
{
        size_t n = 0;
        for (size_t i = 0; i < verification_findings(s->v); i++) {
                const struct finding *at = verification_finding(s->v, i);
                if (at->check != check)
                        continue;
                n++;
                assert_int_equal(at->seq, seq);
                assert_int_equal(at->cannot_tell, cannot_tell);
        }
        assert_int_equal(n, 1);
}

static size_t count(const struct sight *s, enum check check)
{
        size_t n = 0;
        for (size_t i = 0; i < verification_findings(s->v); i++)
                n += verification_finding(s->v, i)->check == check;
        return n;
}

/* --- receipts --- */

static void test_receipts_agree(void **state)
{
        struct sight *s = *state;
        look(s, &s->f->log);
        for (uint64_t size = 1; size <= s->f->n; size++)
                for (uint64_t index = 0; index < size; index++)
                        compare(s, index, size, LOG);
        assert_int_equal(verification_findings(s->v), 0);
}

/* A hash column that was changed is one fault; the receipts of the other entries stay good. */
static void test_receipts_beside_damage(void **state)
{
        struct sight *s = *state;
        founding_sql(s->f, "UPDATE entry SET hash = zeroblob(32) WHERE seq = 9");
        look(s, &s->f->log);
        for (uint64_t index = 0; index < s->f->n; index++)
                compare(s, index, s->f->n, LOG);
        expect(s, CHECK_HASH, 9, false);
        assert_int_equal(verification_faults(s->v), 1);
}

static void test_receipts_beside_a_gap(void **state)
{
        struct sight *s = *state;
        founding_sql(s->f, "DELETE FROM entry WHERE seq = 9");
        look(s, &s->f->log);
        compare(s, 8, 24, LOG);
        compare(s, 10, 24, LOG);
        assert_int_equal(count(s, CHECK_RECEIPT), 0);
        compare(s, 9, 24, LOG);
        expect(s, CHECK_RECEIPT, 9, false);
}

/* Two entries gone: their hashes are not known, so nothing behind them can be compared, and nothing is
 * claimed. */
static void test_receipts_behind_missing_entries(void **state)
{
        struct sight *s = *state;
        founding_sql(s->f, "DELETE FROM entry WHERE seq IN (9, 10)");
        look(s, &s->f->log);
        compare(s, 3, 8, LOG);
        assert_int_equal(count(s, CHECK_RECEIPT), 0);
        compare(s, 12, 24, LOG);
        expect(s, CHECK_RECEIPT, 12, true);
}

static void test_receipt_of_a_changed_entry(void **state)
{
        struct sight *s = *state;
        founding_sql(
            s->f,
            "UPDATE entry SET leaf = CAST(replace(CAST(leaf AS TEXT), '\"accepted\"', '\"refused\"') AS BLOB)"
            " WHERE seq = 9");
        look(s, &s->f->log);
        compare(s, 9, 24, LOG);
        expect(s, CHECK_RECEIPT, 9, false);
        compare(s, 10, 24, LOG);
        expect(s, CHECK_RECEIPT, 9, false);
}

/* A whole other ledger of the same key: what was given for the first does not fit it. */
static void test_receipt_of_another_history(void **state)
{
        struct sight *s = *state, other = {.f = founding_new()};
        struct buf receipt;
        const struct say say = {.who = JO, .kind = KIND_INTENT, .verdict = VERDICT_WAITING};
        (void)founding_say(other.f, &say);
        founding_checkpoint(other.f);
        founding_close(other.f);
        look(&other, &s->f->log);
        buf_init(&receipt, RECEIPT_LEN_MAX);
        make_receipt(s->f, 8, 9, LOG, &receipt);
        assert_ok(verify_receipt(other.v, other.f->store, "the receipt", buf_bytes(&receipt)));
        assert_true(verification_faults(other.v) >= 1);
        for (size_t i = 0; i < verification_findings(other.v); i++)
                assert_int_equal(verification_finding(other.v, i)->seq, 8);
        buf_clear(&receipt);
        verification_free(other.v);
        founding_free(other.f);
}

static void test_receipt_of_a_longer_ledger(void **state)
{
        struct sight *s = *state;
        founding_sql(s->f, "DELETE FROM checkpoint WHERE size = 24");
        founding_sql(s->f, "DELETE FROM entry WHERE seq >= 20");
        look(s, &s->f->log);
        assert_int_equal(verification_findings(s->v), 0); /* by itself it looks whole */
        compare(s, 9, 24, LOG);
        expect(s, CHECK_RECEIPT, 20, false);
}

static void test_receipt_of_another_key(void **state)
{
        struct sight *s = *state;
        look(s, &s->f->log);
        compare(s, 9, 24, STRANGER);
        expect(s, CHECK_RECEIPT, SEQ_NONE, false);
}

static void test_no_receipt(void **state)
{
        struct sight *s = *state;
        look(s, &s->f->log);
        assert_ok(
            verify_receipt(s->v, s->f->store, "the receipt", bytes_text("c2sp.org/tlog-proof@v1\nno\n")));
        expect(s, CHECK_RECEIPT, SEQ_NONE, false);
}

static void test_receipt_cut_anywhere(void **state)
{
        struct sight *s = *state;
        struct buf receipt;
        look(s, &s->f->log);
        buf_init(&receipt, RECEIPT_LEN_MAX);
        make_receipt(s->f, 9, 24, LOG, &receipt);
        for (size_t n = 0; n < receipt.n; n += 11) {
                size_t before = verification_faults(s->v);
                assert_ok(verify_receipt(s->v, s->f->store, "the receipt", bytes_of(receipt.at, n)));
                assert_int_equal(verification_faults(s->v), before + 1);
        }
        buf_clear(&receipt);
}

/* --- checkpoints --- */

static void test_believed(void **state)
{
        struct sight *s = *state;
        look(s, &s->f->log);
        for (uint64_t size = 1; size <= s->f->n; size++) {
                struct hash root = root_at(s, size);
                believe(s, size, &root, LOG);
        }
        assert_int_equal(verification_findings(s->v), 0);
}

static void test_believed_another(void **state)
{
        struct sight *s = *state;
        struct hash root = root_at(s, 14);
        look(s, &s->f->log);
        root.b[7] ^= 1;
        believe(s, 14, &root, LOG);
        expect(s, CHECK_RECEIPT, 13, false);
}

static void test_believed_longer(void **state)
{
        struct sight *s = *state;
        struct hash root = root_at(s, 14);
        look(s, &s->f->log);
        believe(s, 500, &root, LOG);
        expect(s, CHECK_RECEIPT, 24, false);
}

static void test_believed_of_another_key(void **state)
{
        struct sight *s = *state;
        struct hash root = root_at(s, 14);
        look(s, &s->f->log);
        believe(s, 14, &root, STRANGER);
        expect(s, CHECK_RECEIPT, SEQ_NONE, false);
}

/* --- disclosures --- */

struct handed {
        struct buf disclosures, because;
};

/* An entry with fields, and what an auditor would be handed of it. */
static uint64_t hand(struct founding *f, struct handed *h)
{
        const struct say say = {.who = JO, .kind = KIND_INTENT, .fields = true};
        struct store *store = NULL;
        struct buf scratch;
        uint64_t seq = founding_say(f, &say);
        buf_init(&h->disclosures, SUBMISSION_MAX);
        buf_init(&h->because, LEAF_MAX);
        buf_init(&scratch, SUBMISSION_MAX);
        founding_checkpoint(f);
        founding_close(f);
        assert_ok(store_open(f->path, STORE_COPY, f->keys, &store, NULL));
        assert_ok(store_body(store, seq, KIND_INTENT, &scratch, f->body, NULL));
        assert_ok(body_put(f->body, &h->disclosures));
        assert_ok(store_because(store, seq, &h->because));
        store_close(store);
        buf_clear(&scratch);
        return seq;
}

static void test_disclosures(void **state)
{
        struct sight s = {.f = founding_new()};
        struct handed h;
        (void)state;
        uint64_t seq = hand(s.f, &h);
        look(&s, &s.f->log);
        assert_ok(verify_disclosures(s.v, s.f->store, seq, buf_bytes(&h.disclosures), buf_bytes(&h.because)));
        assert_int_equal(verification_findings(s.v), 0);
        h.disclosures.at[200] ^= 1;
        assert_ok(verify_disclosures(s.v, s.f->store, seq, buf_bytes(&h.disclosures), buf_bytes(&h.because)));
        expect(&s, CHECK_DISCLOSURE, seq, false);
        h.disclosures.at[200] ^= 1;
        h.because.at[10] ^= 1;
        assert_ok(verify_disclosures(s.v, s.f->store, seq, buf_bytes(&h.disclosures), buf_bytes(&h.because)));
        expect(&s, CHECK_BECAUSE, seq, false);
        h.because.at[10] ^= 1;
        assert_int_equal(verification_faults(s.v), 2);
        assert_ok(verify_disclosures(s.v, s.f->store, 900, buf_bytes(&h.disclosures), buf_bytes(&h.because)));
        assert_ok(verify_disclosures(s.v, s.f->store, 2, buf_bytes(&h.disclosures), buf_bytes(&h.because)));
        assert_int_equal(count(&s, CHECK_DISCLOSURE), 3);
        buf_clear(&h.disclosures);
        buf_clear(&h.because);
        verification_free(s.v);
        founding_free(s.f);
}

/* --- the reader's key --- */

static void test_without_a_key(void **state)
{
        struct sight *s = *state;
        look(s, NULL);
        assert_int_equal(verification_faults(s->v), 0);
        expect(s, CHECK_GENESIS, 0, true);
        assert_string_equal(verification_log(s->v)->name, FOUNDING_ORIGIN);
}

/* One sentence, and not one a checkpoint. */
static void test_with_another_key(void **state)
{
        struct sight *s = *state;
        struct public_key key = founding_public(s->f, STRANGER);
        struct vkey other;
        assert_ok(vkey_of(FOUNDING_ORIGIN, NOTE_ED25519, &key, &other));
        look(s, &other);
        assert_int_equal(verification_faults(s->v), 1);
        expect(s, CHECK_GENESIS, 0, false);
}

static void test_with_a_key_of_another_origin(void **state)
{
        struct sight *s = *state;
        struct public_key key = founding_public(s->f, LOG);
        struct vkey other;
        assert_ok(vkey_of("police.example/others", NOTE_ED25519, &key, &other));
        look(s, &other);
        assert_int_equal(verification_faults(s->v), 1);
        expect(s, CHECK_GENESIS, 0, false);
}

static void test_uncovered(void **state)
{
        struct sight *s = *state;
        founding_sql(s->f, "DELETE FROM checkpoint WHERE size > 20");
        look(s, &s->f->log);
        assert_int_equal(verification_faults(s->v), 0);
        expect(s, CHECK_COVERAGE, 20, true);
}

static void test_nothing_there(void **state)
{
        struct sight *s = *state;
        struct hash root;
        founding_sql(s->f, "DELETE FROM entry");
        founding_sql(s->f, "DELETE FROM checkpoint");
        look(s, &s->f->log);
        expect(s, CHECK_GENESIS, 0, false);
        assert_int_equal(verification_size(s->v), 0);
        assert_false(verification_root(s->v, &root));
}

static void test_said_absent(void **state)
{
        struct sight *s = *state;
        look(s, &s->f->log);
        assert_ok(verify_say_absent(s->v, CHECK_DISCLOSURE, "Nobody handed anything over."));
        expect(s, CHECK_DISCLOSURE, SEQ_NONE, true);
        assert_int_equal(verification_faults(s->v), 0);
}

/* Findings stay in order whatever was added last. */
static void test_sorted(void **state)
{
        struct sight *s = *state;
        founding_sql(s->f, "UPDATE entry SET hash = zeroblob(32) WHERE seq IN (5, 20)");
        look(s, &s->f->log);
        compare(s, 9, 24, STRANGER);
        assert_ok(verify_say_absent(s->v, CHECK_GENESIS, "x"));
        struct hash root = root_at(s, 14);
        root.b[0] ^= 1;
        believe(s, 14, &root, LOG);
        for (size_t i = 1; i < verification_findings(s->v); i++)
                assert_true(verification_finding(s->v, i - 1)->seq <= verification_finding(s->v, i)->seq);
        assert_int_equal(verification_findings(s->v), 5);
}

static void count_progress(void *self, uint64_t done, uint64_t size)
{
        uint64_t *last = self;
        assert_true(done > *last && done <= size);
        *last = done;
}

static void test_progress(void **state)
{
        struct sight *s = *state;
        uint64_t last = 0;
        const struct verify_options options = {.log = &s->f->log, .progress = count_progress, .self = &last};
        assert_ok(store_open(s->f->path, STORE_COPY, NULL, &s->f->store, NULL));
        assert_ok(verify_run(s->f->store, &options, &s->v, NULL));
        assert_int_equal(last, SOUND_SIZE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
            TEST(test_receipts_agree),
            TEST(test_receipts_beside_damage),
            TEST(test_receipts_beside_a_gap),
            TEST(test_receipts_behind_missing_entries),
            TEST(test_receipt_of_a_changed_entry),
            TEST(test_receipt_of_another_history),
            TEST(test_receipt_of_a_longer_ledger),
            TEST(test_receipt_of_another_key),
            TEST(test_no_receipt),
            TEST(test_receipt_cut_anywhere),
            TEST(test_believed),
            TEST(test_believed_another),
            TEST(test_believed_longer),
            TEST(test_believed_of_another_key),
            cmocka_unit_test(test_disclosures),
            TEST(test_without_a_key),
            TEST(test_with_another_key),
            TEST(test_with_a_key_of_another_origin),
            TEST(test_uncovered),
            TEST(test_nothing_there),
            TEST(test_said_absent),
            TEST(test_sorted),
            TEST(test_progress),
        };
        return cmocka_run_group_tests(tests, sample_setup, NULL);
}
