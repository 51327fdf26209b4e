/* The verifier against ledgers that somebody damaged, or that their keeper wrote wrongly. Each case says
 * which entry must be named, with which code; no other entry may be accused, whatever else is found at that
 * one. */
#include "tests/ledger/verify/founding.h"

struct damage {
        const char *name;
        void (*say)(struct founding *f);    /* what the ledger took in after the sound entries */
        void (*change)(struct founding *f); /* what was done to the file */
        uint64_t seq;
        enum check check;
        uint64_t also; /* another entry that may, and must, be named; 0: none */
};

#define FIRST_NEW SOUND_SIZE

static struct bytes nothing(void)
{
        return bytes_of(NULL, 0);
}

static void change_row(struct founding *f, uint64_t seq, struct bytes leaf, const struct hash *hash)
{
        char sql[100];
        (void)snprintf(sql, sizeof sql, "UPDATE entry SET leaf = ?1, hash = ?2 WHERE seq = %llu",
                       (unsigned long long)seq);
        founding_change(f, sql, leaf, hash_bytes(hash));
}

/* One row with other bytes; with the hash of those, or the one it had. */
static void put_leaf(struct founding *f, uint64_t seq, struct bytes leaf, bool with_hash)
{
        struct hash hash = f->row[seq].hash;
        if (with_hash)
                assert_ok(tree_leaf_hash(leaf, &hash));
        change_row(f, seq, leaf, &hash);
}

/* The leaf with the first `from` in it replaced by `to`. */
static void edit_leaf(struct founding *f, uint64_t seq, const char *from, const char *to, bool with_hash)
{
        struct buf *leaf = &f->row[seq].leaf, fresh;
        const char *text = buf_text(leaf), *at = strstr(text, from);
        assert_non_null(at);
        buf_init(&fresh, 2 * LEAF_MAX);
        buf_put(&fresh, bytes_of(text, (size_t)(at - text)));
        buf_put_text(&fresh, to);
        buf_put_text(&fresh, at + strlen(from));
        assert_ok(buf_check(&fresh));
        put_leaf(f, seq, buf_bytes(&fresh), with_hash);
        buf_clear(&fresh);
}

/* A letter of the author's signature: the form stays good. */
static void edit_signature(struct founding *f, uint64_t seq, bool with_hash)
{
        struct buf *leaf = &f->row[seq].leaf;
        size_t at = leaf->n - 40;
        char old = (char)leaf->at[at];
        leaf->at[at] = old == 'A' ? 'B' : 'A';
        put_leaf(f, seq, buf_bytes(leaf), with_hash);
        leaf->at[at] = (uint8_t)old;
}

/* Whoever holds the log key writes a leaf anew and everything after it: a forged history that hangs together.
 */
static void rewrite_from(struct founding *f, uint64_t seq, const char *from, const char *to,
                         struct tree **out)
{
        struct tile_root made[TREE_LEVELS_MAX];
        struct hash prev = {{0}};
        assert_ok(tree_new((struct tree_source){.read = founding_read, .self = f}, out));
        for (uint64_t i = 0; i < f->n; i++) {
                struct leaf leaf;
                struct buf fresh;
                struct hash hash;
                buf_init(&fresh, LEAF_MAX);
                if (i == seq)
                        edit_leaf(f, i, from, to, true);
                if (i < seq) {
                        hash = f->row[i].hash;
                } else {
                        assert_ok(leaf_decode(buf_bytes(&f->row[i].leaf), &leaf));
                        leaf.prev = prev;
                        if (i == seq)
                                leaf.verdict = VERDICT_REFUSED;
                        assert_ok(leaf_put(&fresh, &leaf));
                        assert_ok(tree_leaf_hash(buf_bytes(&fresh), &hash));
                        change_row(f, i, buf_bytes(&fresh), &hash);
                }
                assert_ok(tree_append(*out, &hash));
                assert_int_equal(tree_completed(*out, made), 0);
                prev = hash;
                buf_clear(&fresh);
        }
}

/* --- rows --- */

static void first_missing(struct founding *f)
{
        founding_sql(f, "DELETE FROM entry WHERE seq = 0");
}
static void middle_missing(struct founding *f)
{
        founding_sql(f, "DELETE FROM entry WHERE seq = 9");
}
static void several_missing(struct founding *f)
{
        founding_sql(f, "DELETE FROM entry WHERE seq BETWEEN 9 AND 11");
}
static void join_missing(struct founding *f)
{
        founding_sql(f, "DELETE FROM entry WHERE seq = 3");
}
static void last_missing(struct founding *f)
{
        founding_sql(f, "DELETE FROM entry WHERE seq = (SELECT max(seq) FROM entry)");
}
static void truncated(struct founding *f)
{
        founding_sql(f, "DELETE FROM entry WHERE seq >= 20");
}
static void swapped(struct founding *f)
{
        change_row(f, 9, buf_bytes(&f->row[10].leaf), &f->row[10].hash);
        change_row(f, 10, buf_bytes(&f->row[9].leaf), &f->row[9].hash);
}
static void duplicated(struct founding *f)
{
        change_row(f, 10, buf_bytes(&f->row[9].leaf), &f->row[9].hash);
}
static void repeated_at_end(struct founding *f)
{
        founding_sql(f, "INSERT INTO entry SELECT 24, leaf, hash FROM entry WHERE seq = 9");
}
static void far_row(struct founding *f)
{
        founding_sql(f, "INSERT INTO entry SELECT 1000000, leaf, hash FROM entry WHERE seq = 9");
}
static void leaf_edited(struct founding *f)
{
        edit_signature(f, SOUND_INTENT, false);
}
static void leaf_edited_with_hash(struct founding *f)
{
        edit_signature(f, SOUND_INTENT, true);
}
static void verdict_edited(struct founding *f)
{
        edit_leaf(f, SOUND_WAITING, "\"waiting\"", "\"accepted\"", false);
}
static void verdict_edited_with_hash(struct founding *f)
{
        edit_leaf(f, SOUND_WAITING, "\"waiting\"", "\"accepted\"", true);
}
static void last_signature(struct founding *f)
{
        edit_signature(f, SOUND_LAST, true);
}
static void last_verdict(struct founding *f)
{
        edit_leaf(f, SOUND_LAST, "\"accepted\"", "\"refused\"", true);
}
static void last_but_one_with_hash(struct founding *f)
{
        edit_leaf(f, SOUND_LAST - 1, "\"accepted\"", "\"refused\"", true);
}
static void last_is_no_leaf(struct founding *f)
{
        edit_leaf(f, SOUND_LAST, "\"prev\":\"", "\"before\":\"", true);
}
static void hash_edited(struct founding *f)
{
        founding_sql(f, "UPDATE entry SET hash = zeroblob(32) WHERE seq = 9");
}
static void last_hash_edited(struct founding *f)
{
        founding_sql(f, "UPDATE entry SET hash = zeroblob(32) WHERE seq = 23");
}
static void last_leaf_edited(struct founding *f)
{
        edit_signature(f, SOUND_LAST, false);
}
static void hash_shortened(struct founding *f)
{
        sqlite3 *db = founding_open(f);
        assert_int_equal(sqlite3_exec(db,
                                      "PRAGMA ignore_check_constraints = ON;"
                                      "UPDATE entry SET hash = zeroblob(7) WHERE seq = 9",
                                      NULL, NULL, NULL),
                         SQLITE_OK);
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
}
static void no_leaf(struct founding *f)
{
        put_leaf(f, SOUND_INTENT, bytes_text("not a leaf"), false);
}
static void no_leaf_with_hash(struct founding *f)
{
        put_leaf(f, SOUND_INTENT, bytes_text("not a leaf"), true);
}
static void leaf_too_long(struct founding *f)
{
        founding_sql(f, "UPDATE entry SET leaf = zeroblob(200000) WHERE seq = 9");
}
static void leaf_empty(struct founding *f)
{
        founding_sql(f, "UPDATE entry SET leaf = zeroblob(0) WHERE seq = 9");
}
static void edit_prev(struct founding *f, uint64_t seq, bool with_hash)
{
        struct buf *leaf = &f->row[seq].leaf;
        char *at = strstr((char *)(uintptr_t)buf_text(leaf), "\"prev\":\"");
        assert_non_null(at);
        at[8] = at[8] == 'A' ? 'B' : 'A';
        put_leaf(f, seq, buf_bytes(leaf), with_hash);
}
static void prev_edited(struct founding *f)
{
        edit_prev(f, SOUND_INTENT, false);
}
static void prev_edited_with_hash(struct founding *f)
{
        edit_prev(f, SOUND_INTENT, true);
}
static void last_prev_edited(struct founding *f)
{
        edit_prev(f, SOUND_LAST, false);
}
static void last_prev_edited_with_hash(struct founding *f)
{
        edit_prev(f, SOUND_LAST, true);
}
static void at_backwards(struct founding *f)
{
        edit_leaf(f, SOUND_INTENT, "\"at\":\"2026", "\"at\":\"2001", false);
}
static void at_far_ahead(struct founding *f)
{
        edit_leaf(f, SOUND_INTENT, "\"at\":\"2026", "\"at\":\"2999", false);
}
static void at_far_ahead_with_hash(struct founding *f)
{
        edit_leaf(f, SOUND_INTENT, "\"at\":\"2026", "\"at\":\"2999", true);
}
static void statement_unreadable(struct founding *f)
{
        edit_leaf(f, SOUND_INTENT, "\"statement\":\"e", "\"statement\":\"f", true);
}
static void genesis_edited(struct founding *f)
{
        edit_signature(f, 0, false);
}
static void genesis_edited_with_hash(struct founding *f)
{
        edit_signature(f, 0, true);
}
static void genesis_unreadable(struct founding *f)
{
        put_leaf(f, 0, bytes_text("{}"), false);
}
static void genesis_is_another_kind(struct founding *f)
{
        change_row(f, 0, buf_bytes(&f->row[9].leaf), &f->row[9].hash);
}
static void join_unreadable(struct founding *f)
{
        put_leaf(f, 3, bytes_text("{}"), false);
}
static void join_signature(struct founding *f)
{
        edit_signature(f, 3, false);
}
static void role_grant_edited(struct founding *f)
{
        edit_signature(f, SOUND_INVITE_APPROVAL, false);
}
static void policy_edited(struct founding *f)
{
        edit_signature(f, SOUND_POLICY_APPROVAL, false);
}

/* --- a rewritten history: who holds the log key can do it, the checkpoints that were kept convict --- */

static void rewritten(struct founding *f)
{
        struct tree *tree = NULL;
        rewrite_from(f, SOUND_INTENT, "\"accepted\"", "\"refused\"", &tree);
        tree_free(tree);
}
static void rewritten_and_signed(struct founding *f)
{
        struct tree *tree = NULL;
        struct hash root;
        struct buf note;
        buf_init(&note, NOTE_LEN_MAX);
        rewrite_from(f, SOUND_INTENT, "\"accepted\"", "\"refused\"", &tree);
        assert_ok(tree_root(tree, &root));
        founding_checkpoint_at(f, f->n, &root, FOUNDING_ORIGIN, "", LOG, &note);
        founding_change(f, "UPDATE checkpoint SET note = ?1 WHERE size = 24", buf_bytes(&note), nothing());
        buf_clear(&note);
        tree_free(tree);
}

/* --- checkpoints --- */

static void change_note(struct founding *f, uint64_t row, uint64_t size, const struct hash *root,
                        const char *origin, const char *extension, enum author signer)
{
        struct buf note;
        char sql[100];
        buf_init(&note, NOTE_LEN_MAX);
        founding_checkpoint_at(f, size, root, origin, extension, signer, &note);
        (void)snprintf(sql, sizeof sql, "UPDATE checkpoint SET note = ?1 WHERE size = %llu",
                       (unsigned long long)row);
        founding_change(f, sql, buf_bytes(&note), nothing());
        buf_clear(&note);
}
static struct hash root_at(struct founding *f, uint64_t size)
{
        struct hash root;
        assert_ok(tree_root_at(f->tree, size, &root));
        return root;
}
static void other_root(struct founding *f)
{
        struct hash root = root_at(f, 14);
        root.b[0] ^= 1;
        change_note(f, 14, 14, &root, FOUNDING_ORIGIN, "", LOG);
}
static void newest_other_root(struct founding *f)
{
        struct hash root = root_at(f, 24);
        root.b[31] ^= 1;
        change_note(f, 24, 24, &root, FOUNDING_ORIGIN, "", LOG);
}
static void other_size(struct founding *f)
{
        struct hash root = root_at(f, 15);
        change_note(f, 14, 15, &root, FOUNDING_ORIGIN, "", LOG);
}
static void other_origin(struct founding *f)
{
        struct hash root = root_at(f, 14);
        change_note(f, 14, 14, &root, "police.example/others", "", LOG);
}
static void extension_lines(struct founding *f)
{
        struct hash root = root_at(f, 14);
        change_note(f, 14, 14, &root, FOUNDING_ORIGIN, "more\n", LOG);
}
static void signed_by_another(struct founding *f)
{
        struct hash root = root_at(f, 14);
        change_note(f, 14, 14, &root, FOUNDING_ORIGIN, "", STRANGER);
}
static void note_signature(struct founding *f)
{
        struct hash root = root_at(f, 14);
        struct buf note;
        buf_init(&note, NOTE_LEN_MAX);
        founding_checkpoint_at(f, 14, &root, FOUNDING_ORIGIN, "", LOG, &note);
        note.at[note.n - 20] = note.at[note.n - 20] == 'A' ? 'B' : 'A';
        founding_change(f, "UPDATE checkpoint SET note = ?1 WHERE size = 14", buf_bytes(&note), nothing());
        buf_clear(&note);
}
static void no_note(struct founding *f)
{
        founding_sql(f, "UPDATE checkpoint SET note = x'00ff' WHERE size = 14");
}

/* --- texts by hash --- */

static void annex_edited(struct founding *f)
{
        founding_sql(
            f,
            "UPDATE annex SET bytes = CAST('policy six' AS BLOB) WHERE bytes = CAST('policy two' AS BLOB)");
}
static void annex_missing(struct founding *f)
{
        founding_sql(f, "DELETE FROM annex WHERE bytes = CAST('policy two' AS BLOB)");
}
static void first_annex_missing(struct founding *f)
{
        founding_sql(f, "DELETE FROM annex WHERE bytes = CAST('policy one' AS BLOB)");
}

/* --- what is kept beside entries --- */

static void content_edited(struct founding *f)
{
        founding_sql(f, "UPDATE content SET sealed = zeroblob(length(sealed)) WHERE seq = 9 AND part = 0");
}
static void content_deleted(struct founding *f)
{
        founding_sql(f, "DELETE FROM content WHERE seq = 9");
}
static void content_of_another(struct founding *f)
{
        founding_sql(f, "UPDATE content SET sealed = (SELECT sealed FROM content WHERE seq = 10 AND part = 0)"
                        " WHERE seq = 9 AND part = 0");
}
static void content_key_deleted(struct founding *f)
{
        founding_sql(f, "DELETE FROM content_key WHERE seq = 9");
}
static void residue_deleted(struct founding *f)
{
        founding_sql(f, "DELETE FROM residue WHERE seq = 9");
}
static void residue_edited(struct founding *f)
{
        founding_sql(f, "UPDATE residue SET sealed = zeroblob(length(sealed)) WHERE seq = 9");
}
static void because_deleted(struct founding *f)
{
        founding_sql(f, "DELETE FROM because WHERE seq = 9");
}
static void because_edited(struct founding *f)
{
        founding_sql(f, "UPDATE because SET sealed = zeroblob(length(sealed)) WHERE seq = 9");
}
static void because_of_another(struct founding *f)
{
        founding_sql(f,
                     "UPDATE because SET sealed = (SELECT sealed FROM because WHERE seq = 10) WHERE seq = 9");
}

/* --- entries that a ledger should not have taken in --- */

static void say_one(struct founding *f, struct say say)
{
        (void)founding_say(f, &say);
        (void)founding_entry(f, JO, KIND_INTENT, VERDICT_ACCEPTED); /* life goes on */
        (void)founding_entry(f, JO, KIND_INTENT, VERDICT_ACCEPTED);
}
#define INTENT .who = JO, .kind = KIND_INTENT

static void of_another_log(struct founding *f)
{
        (void)founding_say(f, &(struct say){INTENT, .log_other = true});
}
static void signed_by_a_stranger(struct founding *f)
{
        (void)founding_say(f, &(struct say){INTENT, .signer = STRANGER});
}
static void forged_and_goes_on(struct founding *f)
{
        struct author_key head = f->author[JO];
        (void)founding_say(f, &(struct say){INTENT, .signer = STRANGER});
        f->author[JO] = head; /* Jo never knew */
        (void)founding_entry(f, JO, KIND_INTENT, VERDICT_ACCEPTED);
}
static void number_gap(struct founding *f)
{
        say_one(f, (struct say){INTENT, .n_more = 1});
}
static void number_again(struct founding *f)
{
        say_one(f, (struct say){INTENT, .n_more = -1});
}
static void prev_other(struct founding *f)
{
        say_one(f, (struct say){INTENT, .prev_other = true});
}
static void never_enrolled(struct founding *f)
{
        say_one(f, (struct say){.who = STRANGER, .kind = KIND_INTENT});
}
static void waiting_member(struct founding *f)
{
        (void)founding_invite(f, ADMIN, STRANGER, ROLE_SUPERVISOR, VERDICT_WAITING);
        (void)founding_join(f, STRANGER);
}
static void revoked(struct founding *f)
{
        struct say say = {.who = ADMIN, .kind = KIND_MEMBER, .claims = founding_claims(f, ACT_REVOKE, JO)};
        (void)founding_say(f, &say);
        (void)founding_entry(f, JO, KIND_INTENT, VERDICT_ACCEPTED);
}
static void log_key_speaks(struct founding *f)
{
        (void)founding_entry(f, LOG, KIND_INTENT, VERDICT_ACCEPTED);
}
static void invite_key_speaks(struct founding *f)
{
        (void)founding_invite(f, ADMIN, STRANGER, ROLE_INVESTIGATOR, VERDICT_ACCEPTED);
        (void)founding_entry(f, INVITE + STRANGER, KIND_INTENT, VERDICT_ACCEPTED);
}
static void invite_twice(struct founding *f)
{
        struct say say = {
            .who = INVITE + JO, .kind = KIND_MEMBER, .claims = founding_join_claims(f, STRANGER)};
        say.claims.member = f->author[JO].member;
        (void)founding_say(f, &say);
}
static void invite_late(struct founding *f)
{
        (void)founding_invite(f, ADMIN, STRANGER, ROLE_INVESTIGATOR, VERDICT_ACCEPTED);
        f->at_us += 2 * MOMENT_DAY_US;
        (void)founding_join(f, STRANGER);
}
static void no_possession(struct founding *f)
{
        struct say say = {.who = INVITE + STRANGER, .kind = KIND_MEMBER};
        (void)founding_invite(f, ADMIN, STRANGER, ROLE_INVESTIGATOR, VERDICT_ACCEPTED);
        say.claims = founding_join_claims(f, STRANGER);
        say.claims.pop.b[5] ^= 1;
        (void)founding_say(f, &say);
}
static void administrator_asks(struct founding *f)
{
        (void)founding_entry(f, ADMIN, KIND_INTENT, VERDICT_ACCEPTED);
}
static void investigator_decides(struct founding *f)
{
        (void)founding_decide(f, JO, VERB_APPROVE, founding_entry(f, SAM, KIND_INTENT, VERDICT_WAITING));
}
static void supervisor_invites(struct founding *f)
{
        (void)founding_invite(f, SAM, STRANGER, ROLE_INVESTIGATOR, VERDICT_ACCEPTED);
}
static void role_lost(struct founding *f)
{
        struct say say = {.who = ADMIN, .kind = KIND_MEMBER, .claims = founding_claims(f, ACT_ROLE, SAM)};
        (void)founding_say(f, &say);
        (void)founding_decide(f, SAM, VERB_APPROVE, SOUND_STILL_WAITING);
}
static void role_gained_too_late(struct founding *f)
{
        struct say say = {.who = ADMIN, .kind = KIND_MEMBER, .verdict = VERDICT_WAITING};
        say.claims = founding_claims(f, ACT_ROLE, JO);
        say.claims.roles = ROLE_BIT(ROLE_INVESTIGATOR) | ROLE_BIT(ROLE_SUPERVISOR);
        uint64_t waits = founding_entry(f, SAM, KIND_INTENT, VERDICT_WAITING);
        uint64_t grant = founding_say(f, &say);
        (void)founding_decide(f, JO, VERB_APPROVE, waits);
        (void)founding_decide(f, UNA, VERB_APPROVE, grant);
}
static void administrator_with_a_second_role(struct founding *f)
{
        struct say say = {.who = ADMIN, .kind = KIND_MEMBER, .verdict = VERDICT_WAITING};
        say.claims = founding_claims(f, ACT_ROLE, JO);
        say.claims.roles = ROLE_BIT(ROLE_INVESTIGATOR) | ROLE_BIT(ROLE_ADMINISTRATOR);
        (void)founding_say(f, &say);
}
static void grant_alone(struct founding *f)
{
        (void)founding_invite(f, ADMIN, STRANGER, ROLE_SUPERVISOR, VERDICT_ACCEPTED);
}
static void needless_wait(struct founding *f)
{
        (void)founding_invite(f, ADMIN, STRANGER, ROLE_INVESTIGATOR, VERDICT_WAITING);
}
static void policy_alone(struct founding *f)
{
        (void)founding_adopt(f, "policy three", VERDICT_ACCEPTED, true);
        assert_ok(hash_of(bytes_text("policy three"), &f->policy));
        (void)founding_entry(f, JO, KIND_INTENT, VERDICT_ACCEPTED);
}
static void grant_decided_by_its_author(struct founding *f)
{
        (void)founding_decide(f, ADMIN, VERB_APPROVE,
                              founding_invite(f, ADMIN, STRANGER, ROLE_FOI, VERDICT_WAITING));
}
static void grant_decided_by_who_gains(struct founding *f)
{
        struct say say = {.who = ADMIN, .kind = KIND_MEMBER, .verdict = VERDICT_WAITING};
        say.claims = founding_claims(f, ACT_ROLE, UNA);
        say.claims.roles = ROLE_BIT(ROLE_AUDITOR) | ROLE_BIT(ROLE_DPO);
        (void)founding_decide(f, UNA, VERB_APPROVE, founding_say(f, &say));
}
static void own_decided(struct founding *f)
{
        (void)founding_decide(f, SAM, VERB_APPROVE, founding_entry(f, SAM, KIND_INTENT, VERDICT_WAITING));
}
static void determine(struct founding *f, enum author who, uint64_t target)
{
        struct say say = {.who = who, .kind = KIND_AUTHORITY, .claims.act = ACT_DETERMINE, .fields = true};
        say.ref = (struct ref){.rel = REL_TARGET, .st = f->row[target].st};
        (void)founding_say(f, &say);
}
static void make_authorising(struct founding *f, enum author who)
{
        struct say say = {.who = ADMIN, .kind = KIND_MEMBER, .verdict = VERDICT_WAITING};
        say.claims = founding_claims(f, ACT_ROLE, who);
        say.claims.roles = ROLE_BIT(ROLE_INVESTIGATOR) | ROLE_BIT(ROLE_AUTHORISING_OFFICER);
        (void)founding_decide(f, UNA, VERB_APPROVE, founding_say(f, &say));
}
static void determined_by_a_supervisor(struct founding *f)
{
        determine(f, SAM, SOUND_STILL_WAITING);
}
static void determined_by_its_author(struct founding *f)
{
        make_authorising(f, JO);
        determine(f, JO, SOUND_STILL_WAITING);
}
/* FIRST_NEW and the two after it are in order: what a determination settles is decided. */
static void decided_after_a_determination(struct founding *f)
{
        make_authorising(f, MAX);
        determine(f, MAX, SOUND_STILL_WAITING);
        (void)founding_decide(f, SAM, VERB_APPROVE, SOUND_STILL_WAITING);
}
static void determined_after_a_decision(struct founding *f)
{
        make_authorising(f, MAX);
        determine(f, MAX, SOUND_WAITING);
}
static void decided_what_did_not_wait(struct founding *f)
{
        (void)founding_decide(f, SAM, VERB_APPROVE, SOUND_INTENT);
}
static void decided_nothing(struct founding *f)
{
        (void)founding_say(f, &(struct say){.who = SAM, .kind = KIND_DECISION, .claims.verb = VERB_APPROVE});
}
static void decided_twice(struct founding *f)
{
        (void)founding_decide(f, SAM, VERB_REFUSE, SOUND_WAITING);
}
static void grant_decided_twice(struct founding *f)
{
        (void)founding_decide(f, UNA, VERB_REFUSE, SOUND_INVITE);
}
static void consult_waits(struct founding *f)
{
        (void)founding_say(f, &(struct say){.who = UNA,
                                            .kind = KIND_CONSULT,
                                            .verdict = VERDICT_WAITING,
                                            .claims.purpose = PURPOSE_AUDIT});
}
static void activity_refused(struct founding *f)
{
        (void)founding_entry(f, JO, KIND_ACTIVITY, VERDICT_REFUSED);
}
static void intent_flagged(struct founding *f)
{
        (void)founding_entry(f, JO, KIND_INTENT, VERDICT_FLAGGED);
}
static void member_refused(struct founding *f)
{
        (void)founding_invite(f, ADMIN, STRANGER, ROLE_INVESTIGATOR, VERDICT_REFUSED);
}
static void policy_other(struct founding *f)
{
        say_one(f, (struct say){INTENT, .policy_other = true});
}
static void policy_without_text(struct founding *f)
{
        (void)founding_adopt(f, "policy four", VERDICT_WAITING, false);
}
static void time_stands_still(struct founding *f)
{
        say_one(f, (struct say){INTENT, .at_more_us = -FOUNDING_STEP_US});
}
static void time_goes_back(struct founding *f)
{
        say_one(f, (struct say){INTENT, .at_more_us = -100 * FOUNDING_STEP_US});
}
static void wrong_seq(struct founding *f)
{
        (void)founding_say(f, &(struct say){INTENT, .seq_more = 1});
}
static void wrong_prev(struct founding *f)
{
        say_one(f, (struct say){INTENT, .leaf_prev_other = true});
}
static void second_genesis(struct founding *f)
{
        struct buf vkey;
        struct say say = {.who = LOG, .kind = KIND_GENESIS, .claims = founding_claims(f, ACT_NONE, STRANGER)};
        buf_init(&vkey, 1024);
        vkey_put(&vkey, &f->log);
        say.claims.origin = bytes_text(FOUNDING_ORIGIN);
        say.claims.vkey = buf_bytes(&vkey);
        say.claims.policy = f->policy;
        (void)founding_say(f, &say);
        buf_clear(&vkey);
}

static void another_value(struct body *b)
{
        for (size_t i = 0; i < b->n; i++)
                if (fields[b->field[i].number].type == FIELD_TEXT) {
                        b->field[i].value = bytes_text("\"something else\"");
                        return;
                }
        fail();
}
static void another_seed(struct body *b)
{
        b->seed[0] ^= 1;
}
static void another_salt(struct body *b)
{
        b->field[0].salt[0] ^= 1;
}
static void another_origin(struct body *b)
{
        b->field[0].origin = b->field[0].origin == ORIGIN_TYPED ? ORIGIN_FILE : ORIGIN_TYPED;
}
static void erased_silently(struct body *b)
{
        b->field[0].state = FIELD_MISSING;
}
static void one_field_less(struct body *b)
{
        b->n--;
}
#define WITH_FIELDS INTENT, .fields = true

static void field_altered(struct founding *f)
{
        (void)founding_say(f, &(struct say){WITH_FIELDS, .spoil = another_value});
}
static void decoys_broken(struct founding *f)
{
        (void)founding_say(f, &(struct say){WITH_FIELDS, .spoil = another_seed});
}
static void salt_altered(struct founding *f)
{
        (void)founding_say(f, &(struct say){WITH_FIELDS, .spoil = another_salt});
}
static void origin_altered(struct founding *f)
{
        (void)founding_say(f, &(struct say){WITH_FIELDS, .spoil = another_origin});
}
static void field_erased_without_order(struct founding *f)
{
        (void)founding_say(f, &(struct say){WITH_FIELDS, .spoil = erased_silently});
}
static void field_forgotten(struct founding *f)
{
        (void)founding_say(f, &(struct say){WITH_FIELDS, .spoil = one_field_less});
}
static void content_never_kept(struct founding *f)
{
        (void)founding_say(f, &(struct say){WITH_FIELDS, .no_content = true});
}
static void residue_never_kept(struct founding *f)
{
        (void)founding_say(f, &(struct say){WITH_FIELDS, .no_residue = true});
}
static void because_never_kept(struct founding *f)
{
        (void)founding_say(f, &(struct say){INTENT, .no_because = true});
}
static void because_altered(struct founding *f)
{
        (void)founding_say(
            f, &(struct say){INTENT,
                             .because = "[\"AAAAAAAAAAAAAAAAAAAAAA\",\"because\"," FOUNDING_REASONS "]"});
}

/* --- the table --- */

static const struct damage damages[] = {
    {"the first entry is missing", NULL, first_missing, 0, CHECK_MISSING, 0},
    {"an entry is missing", NULL, middle_missing, 9, CHECK_MISSING, 0},
    {"three entries are missing", NULL, several_missing, 9, CHECK_MISSING, 0},
    {"a member's join is missing", NULL, join_missing, 3, CHECK_MISSING, 0},
    {"the last entry is missing", NULL, last_missing, 23, CHECK_MISSING, 0},
    {"the ledger is cut off, the checkpoints are not", NULL, truncated, 20, CHECK_MISSING, 0},
    {"two entries changed places", NULL, swapped, 9, CHECK_LEAF, 10},
    {"an entry stands in the next one's place", NULL, duplicated, 10, CHECK_LEAF, 0},
    {"an entry is repeated at the end", NULL, repeated_at_end, 24, CHECK_LEAF, 0},
    {"a row far beyond the end", NULL, far_row, 24, CHECK_MISSING, 1000000},
    {"a signature edited in the leaf", NULL, leaf_edited, 9, CHECK_HASH, 0},
    {"a signature edited in the leaf, and the hash", NULL, leaf_edited_with_hash, 9, CHECK_CHAIN, 0},
    {"a verdict edited", NULL, verdict_edited, 10, CHECK_HASH, 0},
    {"a verdict edited, and the hash", NULL, verdict_edited_with_hash, 10, CHECK_CHAIN, 0},
    {"the last signature edited, and its hash", NULL, last_signature, 23, CHECK_AUTHOR, 0},
    {"the last verdict edited, and its hash", NULL, last_verdict, 20, CHECK_CHECKPOINT, 0},
    {"the last but one edited, and its hash", NULL, last_but_one_with_hash, 22, CHECK_CHAIN, 0},
    {"the last is no leaf any more", NULL, last_is_no_leaf, 23, CHECK_LEAF, 0},
    {"the last prev edited", NULL, last_prev_edited, 23, CHECK_HASH, 0},
    {"the last prev edited, and the hash", NULL, last_prev_edited_with_hash, 23, CHECK_CHAIN, 0},
    {"a hash edited", NULL, hash_edited, 9, CHECK_HASH, 0},
    {"the last hash edited", NULL, last_hash_edited, 23, CHECK_HASH, 0},
    {"the last leaf edited", NULL, last_leaf_edited, 23, CHECK_HASH, 0},
    {"a hash cut off", NULL, hash_shortened, 9, CHECK_HASH, 0},
    {"a leaf that is none", NULL, no_leaf, 9, CHECK_LEAF, 0},
    {"a leaf that is none, with its hash", NULL, no_leaf_with_hash, 9, CHECK_LEAF, 0},
    {"a leaf longer than any", NULL, leaf_too_long, 9, CHECK_LEAF, 0},
    {"a leaf of nothing", NULL, leaf_empty, 9, CHECK_LEAF, 0},
    {"a prev edited", NULL, prev_edited, 9, CHECK_HASH, 0},
    {"a prev edited, and the hash", NULL, prev_edited_with_hash, 9, CHECK_CHAIN, 0},
    {"a time moved back", NULL, at_backwards, 9, CHECK_HASH, 0},
    {"a time moved on", NULL, at_far_ahead, 9, CHECK_HASH, 0},
    {"a time moved on, and the hash", NULL, at_far_ahead_with_hash, 9, CHECK_CHAIN, 0},
    {"a statement that is none", NULL, statement_unreadable, 9, CHECK_STATEMENT, 0},
    {"genesis edited", NULL, genesis_edited, 0, CHECK_AUTHOR, 0},
    {"genesis edited, and its hash", NULL, genesis_edited_with_hash, 0, CHECK_CHAIN, 0},
    {"genesis unreadable", NULL, genesis_unreadable, 0, CHECK_GENESIS, 0},
    {"another entry in the place of genesis", NULL, genesis_is_another_kind, 0, CHECK_GENESIS, 0},
    {"a member's join unreadable", NULL, join_unreadable, 3, CHECK_LEAF, 0},
    {"the signature of a member's join", NULL, join_signature, 3, CHECK_AUTHOR, 0},
    {"the signature of a grant's approval", NULL, role_grant_edited, 15, CHECK_AUTHOR, 0},
    {"the signature of a policy's approval", NULL, policy_edited, 18, CHECK_AUTHOR, 0},

    {"rewritten by the log key's holder", NULL, rewritten, 8, CHECK_CHECKPOINT, 0},
    {"rewritten and signed anew", NULL, rewritten_and_signed, 13, CHECK_CHECKPOINT, 19},

    {"a checkpoint of another root", NULL, other_root, 13, CHECK_CHECKPOINT, 0},
    {"the newest checkpoint of another root", NULL, newest_other_root, 20, CHECK_CHECKPOINT, 0},
    {"a checkpoint of another size", NULL, other_size, 13, CHECK_CHECKPOINT, 0},
    {"a checkpoint of another origin", NULL, other_origin, 13, CHECK_CHECKPOINT, 0},
    {"a checkpoint with further lines", NULL, extension_lines, 13, CHECK_CHECKPOINT, 0},
    {"a checkpoint signed by another key", NULL, signed_by_another, 13, CHECK_LOG_SIGNATURE, 0},
    {"a checkpoint's signature edited", NULL, note_signature, 13, CHECK_LOG_SIGNATURE, 0},
    {"a checkpoint that is none", NULL, no_note, 13, CHECK_CHECKPOINT, 0},

    {"a policy's text edited", NULL, annex_edited, SEQ_NONE, CHECK_ANNEX, 0},
    {"a policy's text missing", NULL, annex_missing, SOUND_POLICY, CHECK_ANNEX, 0},
    {"the first policy's text missing", NULL, first_annex_missing, 0, CHECK_ANNEX, 0},
    {"a policy adopted without its text", policy_without_text, NULL, FIRST_NEW, CHECK_ANNEX, 0},

    {"content edited", NULL, content_edited, 9, CHECK_DISCLOSURE, 0},
    {"content deleted", NULL, content_deleted, 9, CHECK_ACCOUNTING, 0},
    {"another entry's content", NULL, content_of_another, 9, CHECK_DISCLOSURE, 0},
    {"the key of the content deleted", NULL, content_key_deleted, 9, CHECK_ACCOUNTING, 0},
    {"residue deleted", NULL, residue_deleted, 9, CHECK_ACCOUNTING, 0},
    {"residue edited", NULL, residue_edited, 9, CHECK_DISCLOSURE, 0},
    {"reasons deleted", NULL, because_deleted, 9, CHECK_BECAUSE, 0},
    {"reasons edited", NULL, because_edited, 9, CHECK_BECAUSE, 0},
    {"another entry's reasons", NULL, because_of_another, 9, CHECK_BECAUSE, 0},
    {"a field altered before it was sealed", field_altered, NULL, FIRST_NEW, CHECK_DISCLOSURE, 0},
    {"decoys that are none", decoys_broken, NULL, FIRST_NEW, CHECK_DISCLOSURE, 0},
    {"another salt", salt_altered, NULL, FIRST_NEW, CHECK_DISCLOSURE, 0},
    {"another origin of a field", origin_altered, NULL, FIRST_NEW, CHECK_DISCLOSURE, 0},
    {"a field erased without an order", field_erased_without_order, NULL, FIRST_NEW, CHECK_ACCOUNTING, 0},
    {"a field forgotten altogether", field_forgotten, NULL, FIRST_NEW, CHECK_DISCLOSURE, 0},
    {"content never kept", content_never_kept, NULL, FIRST_NEW, CHECK_ACCOUNTING, 0},
    {"residue never kept", residue_never_kept, NULL, FIRST_NEW, CHECK_ACCOUNTING, 0},
    {"reasons never kept", because_never_kept, NULL, FIRST_NEW, CHECK_BECAUSE, 0},
    {"reasons altered", because_altered, NULL, FIRST_NEW, CHECK_BECAUSE, 0},

    {"a statement of another log", of_another_log, NULL, FIRST_NEW, CHECK_LOG, 0},
    {"a stranger's signature", signed_by_a_stranger, NULL, FIRST_NEW, CHECK_AUTHOR, 0},
    {"a forged statement, and the author goes on", forged_and_goes_on, NULL, FIRST_NEW, CHECK_AUTHOR, 0},
    {"a number left out", number_gap, NULL, FIRST_NEW, CHECK_KEY_CHAIN, 0},
    {"a number given again", number_again, NULL, FIRST_NEW, CHECK_KEY_CHAIN, 0},
    {"a predecessor that is none", prev_other, NULL, FIRST_NEW, CHECK_KEY_CHAIN, 0},
    {"a key never enrolled", never_enrolled, NULL, FIRST_NEW, CHECK_MEMBER, 0},
    {"a join before its invite was approved", waiting_member, NULL, FIRST_NEW + 1, CHECK_MEMBER, 0},
    {"a revoked key", revoked, NULL, FIRST_NEW + 1, CHECK_MEMBER, 0},
    {"an invite used twice", invite_twice, NULL, FIRST_NEW, CHECK_MEMBER, 0},
    {"an invite used late", invite_late, NULL, FIRST_NEW + 1, CHECK_MEMBER, 0},
    {"a join without proof of possession", no_possession, NULL, FIRST_NEW + 1, CHECK_MEMBER, 0},
    {"the log key says more than genesis", log_key_speaks, NULL, FIRST_NEW, CHECK_ROLE, 0},
    {"an invite's key says more than the join", invite_key_speaks, NULL, FIRST_NEW + 1, CHECK_ROLE, 0},
    {"an administrator asks", administrator_asks, NULL, FIRST_NEW, CHECK_ROLE, 0},
    {"an investigator decides", investigator_decides, NULL, FIRST_NEW + 1, CHECK_ROLE, 0},
    {"a supervisor invites", supervisor_invites, NULL, FIRST_NEW, CHECK_ROLE, 0},
    {"a role that was lost", role_lost, NULL, FIRST_NEW + 1, CHECK_ROLE, 0},
    {"a role that was not there yet", role_gained_too_late, NULL, FIRST_NEW + 2, CHECK_ROLE, 0},
    {"an administrator with another role", administrator_with_a_second_role, NULL, FIRST_NEW, CHECK_ROLE, 0},
    {"a grant without a second person", grant_alone, NULL, FIRST_NEW, CHECK_SECOND_PERSON, 0},
    {"a wait for nobody", needless_wait, NULL, FIRST_NEW, CHECK_SECOND_PERSON, 0},
    {"a policy without a second person", policy_alone, NULL, FIRST_NEW, CHECK_SECOND_PERSON, 0},
    {"a grant decided by its author", grant_decided_by_its_author, NULL, FIRST_NEW + 1, CHECK_OWN, 0},
    {"a grant decided by who gains", grant_decided_by_who_gains, NULL, FIRST_NEW + 1, CHECK_OWN, 0},
    {"an enquiry decided by its author", own_decided, NULL, FIRST_NEW + 1, CHECK_OWN, 0},
    {"a decision where none waited", decided_what_did_not_wait, NULL, FIRST_NEW, CHECK_DECISION, 0},
    {"a decision about nothing", decided_nothing, NULL, FIRST_NEW, CHECK_DECISION, 0},
    {"a determination by a supervisor", determined_by_a_supervisor, NULL, FIRST_NEW, CHECK_ROLE, 0},
    {"a determination by the enquiry's author", determined_by_its_author, NULL, FIRST_NEW + 2, CHECK_OWN, 0},
    {"a decision after a determination", decided_after_a_determination, NULL, FIRST_NEW + 3, CHECK_DECISION,
     0},
    {"a determination after a decision", determined_after_a_decision, NULL, FIRST_NEW + 2, CHECK_DECISION, 0},
    {"a decision after a decision", decided_twice, NULL, FIRST_NEW, CHECK_DECISION, 0},
    {"a grant decided twice", grant_decided_twice, NULL, FIRST_NEW, CHECK_DECISION, 0},
    {"a consult that waits", consult_waits, NULL, FIRST_NEW, CHECK_VERDICT, 0},
    {"an activity that was refused", activity_refused, NULL, FIRST_NEW, CHECK_VERDICT, 0},
    {"an intent that is flagged", intent_flagged, NULL, FIRST_NEW, CHECK_VERDICT, 0},
    {"a member entry that was refused", member_refused, NULL, FIRST_NEW, CHECK_VERDICT, 0},
    {"a policy that is not in force", policy_other, NULL, FIRST_NEW, CHECK_POLICY, 0},
    {"time stands still", time_stands_still, NULL, FIRST_NEW, CHECK_TIME, 0},
    {"time goes back", time_goes_back, NULL, FIRST_NEW, CHECK_TIME, 0},
    {"the number of another entry", wrong_seq, NULL, FIRST_NEW, CHECK_LEAF, 0},
    {"an entry that names none before it", wrong_prev, NULL, FIRST_NEW - 1, CHECK_CHAIN, 0},
    {"a second genesis", second_genesis, NULL, FIRST_NEW, CHECK_VERDICT, 0},
};
#define DAMAGES (sizeof damages / sizeof damages[0])

/* --- running --- */

static struct verification *verify(struct founding *f, const struct vkey *log, unsigned threads)
{
        const struct verify_options options = {.log = log, .threads = threads, .content = true};
        struct verification *v = NULL;
        struct why why = {0};
        assert_ok(store_open(f->path, STORE_COPY, f->keys, &f->store, &why));
        assert_ok(verify_run(f->store, &options, &v, &why));
        return v;
}

static void print_findings(const struct verification *v)
{
        for (size_t i = 0; i < verification_findings(v); i++) {
                const struct finding *at = verification_finding(v, i);
                print_message("    %s %lld %s: %s\n", at->cannot_tell ? "cannot tell" : "fault",
                              (long long)at->seq, check_row(at->check)->name, at->sentence);
        }
}

/* The fault is there; nothing is said about entries that have no part in it; what cannot be told is short. */
static bool as_expected(const struct verification *v, const struct damage *d)
{
        bool found = false, also = d->also == 0, foreign = false;
        size_t unknown = 0;
        for (size_t i = 0; i < verification_findings(v); i++) {
                const struct finding *at = verification_finding(v, i);
                unknown += at->cannot_tell;
                if (at->cannot_tell)
                        continue;
                found |= at->seq == d->seq && at->check == d->check;
                also |= at->seq == d->also;
                foreign |= at->seq != d->seq && (d->also == 0 || at->seq != d->also);
        }
        return found && also && !foreign && unknown <= 6 && verification_faults(v) <= 8;
}

static void test_damages(void **state)
{
        size_t wrong = 0;
        (void)state;
        for (size_t i = 0; i < DAMAGES; i++) {
                const struct damage *d = &damages[i];
                struct founding *f = founding_new();
                founding_sound(f);
                if (d->say != NULL)
                        d->say(f);
                founding_checkpoint(f);
                founding_close(f);
                if (d->change != NULL)
                        d->change(f);
                struct verification *v = verify(f, &f->log, 1);
                if (!as_expected(v, d)) {
                        print_message("%s: expected entry %lld, %s\n", d->name, (long long)d->seq,
                                      check_row(d->check)->name);
                        print_findings(v);
                        wrong++;
                }
                verification_free(v);
                founding_free(f);
        }
        assert_int_equal(wrong, 0);
}

/* Each row of the verifier's table but those that are tested by themselves has a case that makes it fail. */
static void test_every_check_has_a_case(void **state)
{
        /* the last four: tests/policy/replay_test.c */
        static const enum check elsewhere[] = {CHECK_TREE,  CHECK_COVERAGE,  CHECK_RECEIPT, CHECK_FACTS,
                                               CHECK_RULES, CHECK_JUDGEMENT, CHECK_PACK};
        bool has[CHECK_COUNT] = {false};
        (void)state;
        for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++)
                has[elsewhere[i]] = true;
        for (size_t i = 0; i < DAMAGES; i++)
                has[damages[i].check] = true;
        for (enum check c = 0; c < CHECK_COUNT; c++)
                if (!has[c])
                        fail_msg("no case for %s", check_row(c)->name);
        assert_true(DAMAGES >= 40);
}

/* --- sound ledgers --- */

static void expect_sound(struct founding *f, unsigned threads)
{
        struct verification *v = verify(f, &f->log, threads);
        struct hash root;
        if (verification_findings(v) > 0)
                print_findings(v);
        assert_int_equal(verification_findings(v), 0);
        assert_int_equal(verification_size(v), f->n);
        assert_true(verification_root(v, &root));
        struct hash own = root_at(f, f->n);
        assert_true(hash_equal(&root, &own));
        assert_string_equal(verification_log_id(v), f->log_id);
        verification_free(v);
}

static void test_sound(void **state)
{
        (void)state;
        for (unsigned threads = 0; threads < 4; threads++) {
                struct founding *f = founding_new();
                founding_sound(f);
                founding_checkpoint(f);
                founding_close(f);
                expect_sound(f, threads);
                founding_free(f);
        }
}

static void test_founded_only(void **state)
{
        struct founding *f = founding_new();
        (void)state;
        founding_close(f);
        expect_sound(f, 1);
        founding_free(f);
}

/* An own decision that the gate refused, an escalation before the decision, a change of role, a revocation.
 */
static void test_sound_but_unusual(void **state)
{
        struct founding *f = founding_new();
        (void)state;
        founding_sound(f);
        uint64_t own = founding_entry(f, SAM, KIND_INTENT, VERDICT_WAITING);
        struct say say = {
            .who = SAM, .kind = KIND_DECISION, .verdict = VERDICT_REFUSED, .claims.verb = VERB_APPROVE};
        say.ref = (struct ref){.rel = REL_TARGET, .st = f->row[own].st};
        (void)founding_say(f, &say);
        (void)founding_decide(f, MAX, VERB_ESCALATE, own);
        (void)founding_decide(f, MAX, VERB_RETURN, own);
        say = (struct say){.who = ADMIN, .kind = KIND_MEMBER, .claims = founding_claims(f, ACT_ROLE, SAM)};
        (void)founding_say(f, &say);
        (void)founding_entry(f, SAM, KIND_INTENT, VERDICT_ACCEPTED);
        say.claims = founding_claims(f, ACT_REVOKE, JO);
        (void)founding_say(f, &say);
        founding_checkpoint(f);
        founding_close(f);
        expect_sound(f, 2);
        founding_free(f);
}

static void test_erased_by_order(void **state)
{
        struct founding *f = founding_new();
        struct hash digest;
        (void)state;
        (void)founding_invite(f, ADMIN, STRANGER, ROLE_RECORDS, VERDICT_WAITING);
        (void)founding_decide(f, UNA, VERB_APPROVE, f->n - 1);
        (void)founding_join(f, STRANGER);
        (void)founding_say(f, &(struct say){WITH_FIELDS, .spoil = erased_silently});
        digest = f->body->field[0].digest;
        struct say order = {.who = STRANGER, .kind = KIND_ERASE};
        order.ref = (struct ref){.rel = REL_ORDER, .st = f->row[f->n - 1].st};
        order.claims = (struct claims){.act = ACT_CONFIRM, .ground = bytes_text("retention"), .digests_n = 1};
        order.claims.digests = hash_bytes(&digest);
        (void)founding_say(f, &order);
        founding_checkpoint(f);
        founding_close(f);
        expect_sound(f, 1);
        founding_free(f);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_sound),
            cmocka_unit_test(test_founded_only),
            cmocka_unit_test(test_sound_but_unusual),
            cmocka_unit_test(test_erased_by_order),
            cmocka_unit_test(test_damages),
            cmocka_unit_test(test_every_check_has_a_case),
        };
        return cmocka_run_group_tests(tests, sample_setup, NULL);
}
