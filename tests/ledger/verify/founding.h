/* founding: a ledger for the verifier's tests: log key, administrator, investigator, supervisor, auditor, and
 * statements with any verdict, right or wrong. Written through ledger/store into a file of its own; damaged
 * afterwards by SQL. */
#ifndef TESTS_LEDGER_VERIFY_FOUNDING_H
#define TESTS_LEDGER_VERIFY_FOUNDING_H

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/crypto/seal.h"
#include "ledger/verify/verify.h"
#include "tests/ledger/record/sample.h"

#define FOUNDING_ORIGIN  "police.example/enquiries"
#define FOUNDING_AT_US   INT64_C(1795453200000000)
#define FOUNDING_STEP_US INT64_C(1000000)
#ifndef FOUNDING_ROWS
#define FOUNDING_ROWS 1400
#endif
#define FOUNDING_POLICY  "policy one"
#define FOUNDING_REASONS "{\"lane\":\"\",\"hits\":[],\"facts\":{},\"engine\":\"1\"}"

/* Everybody who signs. INVITE_*: the key of the invite of that person. */
enum author {
        LOG,
        ADMIN,
        JO,  /* investigator */
        SAM, /* supervisor */
        UNA, /* auditor */
        MAX, /* invited as supervisor by the sound ledger, with the auditor's approval */
        STRANGER,
        PEOPLE,
        INVITE = PEOPLE, /* INVITE + ADMIN and so on */
        AUTHORS = 2 * PEOPLE
};

struct author_key {
        struct signing_key *key;
        struct member_id member;
        uint64_t n; /* head of its chain */
        struct hash st;
};
struct founding_row {
        struct buf leaf;
        struct hash hash, st;
};
struct say;
struct founding {
        char folder[200], path[240];
        struct store_keys *keys;
        struct vkey log;
        char log_id[LOG_ID_MAX + 1];
        struct hash policy; /* in force */
        struct author_key author[AUTHORS];
        struct store *store; /* while it is being written */
        struct tree *tree;
        int64_t at_us;
        uint64_t n;
        struct founding_row row[FOUNDING_ROWS];
        struct body *body;
        const char *policy_text; /* of the genesis; NULL: FOUNDING_POLICY */
        /* NULL: the verdict is say.verdict, the reasons are FOUNDING_REASONS. Else sets leaf->verdict and
         * appends the reasons of the statement, whose fields are in f->body. */
        void (*judge)(struct founding *f, const struct say *say, const struct statement *s, struct leaf *leaf,
                      struct buf *reasons);
        void *self; /* of judge */
};

/* A field that somebody typed. */
struct founding_field {
        const char *name, *json; /* name NULL ends a list */
};

/* A statement and the leaf around it. What is left zero is as it should be. */
struct say {
        enum author who;
        enum kind kind;
        enum verdict verdict;
        struct claims claims;
        struct ref ref; /* st zero: none */
        /* what can be wrong with it */
        enum author signer; /* another key signs; 0: the author's own */
        int64_t n_more;     /* added to the number */
        bool prev_other, leaf_prev_other, log_other, policy_other, bad_signature;
        const char *because; /* kept instead of what the leaf commits to */
        int64_t at_more_us;
        int64_t seq_more;
        bool fields;                        /* with some fields */
        const struct founding_field *given; /* with these */
        const void *expected;               /* what judge wants to know about it */
        void (*spoil)(struct body *b);      /* what is kept of the fields; after the statement was signed */
        bool no_content, no_residue, no_because;
};

/* --- the file --- */

static inline enum err founding_read(void *self, unsigned level, uint64_t index, size_t count,
                                     struct hash *out)
{
        struct founding *f = self;
        if (level != 0 || index + count > f->n)
                return ERR_ABSENT;
        for (size_t i = 0; i < count; i++)
                out[i] = f->row[index + i].hash;
        return OK;
}

static inline void founding_checkpoint_at(struct founding *f, uint64_t size, const struct hash *root,
                                          const char *origin, const char *extension, enum author signer,
                                          struct buf *out)
{
        struct buf text;
        buf_init(&text, NOTE_LEN_MAX);
        checkpoint_put(&text, origin, size, root);
        buf_put_text(&text, extension);
        assert_ok(note_sign(buf_bytes(&text), origin, signing_key_signer(f->author[signer].key), out));
        assert_ok(buf_check(out));
        buf_clear(&text);
}

/* The log's checkpoint over what there is, into `out`. */
static inline void founding_note(struct founding *f, struct buf *out)
{
        struct hash root;
        assert_ok(tree_root(f->tree, &root));
        founding_checkpoint_at(f, f->n, &root, FOUNDING_ORIGIN, "", LOG, out);
}

static inline void founding_checkpoint(struct founding *f)
{
        struct buf note;
        buf_init(&note, NOTE_LEN_MAX);
        founding_note(f, &note);
        assert_ok(store_put_checkpoint(f->store, f->n, buf_bytes(&note)));
        buf_clear(&note);
}

static inline void founding_append(struct founding *f, const struct leaf *leaf, const struct statement *s,
                                   const struct say *say, struct bytes because)
{
        struct founding_row *row = &f->row[f->n];
        struct tile_root made[TREE_LEVELS_MAX];
        struct buf content, residue;
        assert_true(f->n < FOUNDING_ROWS);
        buf_init(&row->leaf, LEAF_MAX);
        buf_init(&content, SUBMISSION_MAX);
        buf_init(&residue, SUBMISSION_MAX);
        assert_ok(leaf_put(&row->leaf, leaf));
        assert_ok(tree_leaf_hash(buf_bytes(&row->leaf), &row->hash));
        row->st = s->st;
        assert_ok(tree_append(f->tree, &row->hash));
        if (say->spoil != NULL)
                say->spoil(f->body);
        body_put_content(f->body, &content);
        body_put_residue(f->body, &residue);
        struct store_entry entry = {.leaf = buf_bytes(&row->leaf), .hash = row->hash, .st = row->st};
        entry.content = say->no_content ? bytes_of(NULL, 0) : buf_bytes(&content);
        entry.residue = say->no_residue ? bytes_of(NULL, 0) : buf_bytes(&residue);
        entry.because = say->no_because ? bytes_of(NULL, 0) : because;
        entry.item = (struct store_item){.seq = f->n,
                                         .kind = s->kind,
                                         .at_us = leaf->at_us,
                                         .key = (uint32_t)say->who,
                                         .n = f->n + 1,
                                         .decided_by = SEQ_NONE,
                                         .closed_by = SEQ_NONE,
                                         .target = SEQ_NONE};
        assert_ok(store_put_entry(f->store, &entry));
        size_t n = tree_completed(f->tree, made);
        for (size_t i = 0; i < n; i++)
                assert_ok(store_put_tile_root(f->store, &made[i]));
        f->n++;
        buf_clear(&content);
        buf_clear(&residue);
}

/* --- saying something --- */

static inline void founding_sign(struct founding *f, const struct say *say, struct statement *s,
                                 struct buf *jws)
{
        struct author_key *author = &f->author[say->who];
        enum author signer = say->signer != 0 ? say->signer : say->who;
        s->log = bytes_text(say->log_other ? "police.example/enquiries#AAAAAAAAAAAAAAAAAAAAAA" : f->log_id);
        s->kind = say->kind;
        s->iat = f->at_us / MOMENT_SECOND_US;
        s->n = (uint64_t)((int64_t)(author->n + 1) + say->n_more);
        s->prev = author->st;
        s->prev.b[0] ^= say->prev_other;
        s->claims = say->claims;
        uuid_make(f->at_us, s->jti);
        if (!hash_is_zero(&say->ref.st)) {
                s->refs_n = 1;
                s->refs[0] = say->ref;
        }
        assert_ok(body_digests(f->body, s->sd));
        if (signer == say->who) {
                assert_ok(statement_sign(s, signing_key_signer(author->key), jws));
        } else { /* the author's name over another's signature */
                struct signer forged = signing_key_signer(f->author[signer].key);
                forged.key = signing_key_signer(author->key).key;
                assert_ok(statement_sign(s, forged, jws));
        }
}

static inline void founding_body(struct founding *f, const struct say *say, struct buf *values)
{
        sample_body(say->kind, say->fields ? SAMPLE_SOME : SAMPLE_NONE, values, f->body);
        for (const struct founding_field *g = say->given; g != NULL && g->name != NULL; g++) {
                const struct field *field = field_of_name(say->kind, g->name, strlen(g->name));
                assert_non_null(field);
                assert_ok(body_add(f->body, field, ORIGIN_TYPED, bytes_text(g->json)));
        }
}

/* Appends it; the entry's seq. */
static inline uint64_t founding_say(struct founding *f, const struct say *say)
{
        struct author_key *author = &f->author[say->who];
        struct statement *s = calloc(1, sizeof *s);
        struct buf jws, values, json, reasons;
        struct leaf leaf = {
            .seq = (uint64_t)((int64_t)f->n + say->seq_more), .verdict = say->verdict, .policy = f->policy};
        assert_non_null(s);
        buf_init(&jws, 2 * JWS_MAX);
        buf_init(&values, SUBMISSION_MAX);
        buf_init(&json, LEAF_MAX);
        buf_init(&reasons, LEAF_MAX);
        f->at_us += FOUNDING_STEP_US;
        founding_body(f, say, &values);
        founding_sign(f, say, s, &jws);
        leaf.at_us = f->at_us + say->at_more_us;
        if (f->n > 0)
                leaf.prev = f->row[f->n - 1].hash;
        leaf.prev.b[0] ^= say->leaf_prev_other;
        leaf.policy.b[0] ^= say->policy_other;
        if (f->judge != NULL && say->kind != KIND_GENESIS)
                f->judge(f, say, s, &leaf, &reasons);
        else
                buf_put_text(&reasons, FOUNDING_REASONS);
        assert_ok(because_make(buf_bytes(&reasons), &json, &leaf.because));
        leaf.statement = s->jws;
        founding_append(f, &leaf, s, say, say->because != NULL ? bytes_text(say->because) : buf_bytes(&json));
        author->n = s->n;
        author->st = s->st;
        buf_clear(&jws);
        buf_clear(&values);
        buf_clear(&json);
        buf_clear(&reasons);
        free(s);
        return f->n - 1;
}

/* Two calls' worth of one entry: author, kind, verdict. */
static inline uint64_t founding_entry(struct founding *f, enum author who, enum kind kind,
                                      enum verdict verdict)
{
        const struct say say = {.who = who, .kind = kind, .verdict = verdict, .fields = kind == KIND_INTENT};
        return founding_say(f, &say);
}

static inline struct public_key founding_public(struct founding *f, enum author who)
{
        return signing_key_signer(f->author[who].key).key;
}

static inline struct claims founding_claims(struct founding *f, enum act act, enum author about)
{
        struct claims c = {
            .act = act, .member = f->author[about].member, .invite = founding_public(f, INVITE + about)};
        c.expires = FOUNDING_AT_US / MOMENT_SECOND_US + 86400;
        c.unit = bytes_text("north");
        c.training = 2;
        c.roles = ROLE_BIT(ROLE_INVESTIGATOR);
        return c;
}

static inline uint64_t founding_invite(struct founding *f, enum author by, enum author about, enum role role,
                                       enum verdict verdict)
{
        struct say say = {.who = by, .kind = KIND_MEMBER, .verdict = verdict};
        say.claims = founding_claims(f, ACT_INVITE, about);
        say.claims.roles = ROLE_BIT(role);
        return founding_say(f, &say);
}

static inline struct claims founding_join_claims(struct founding *f, enum author about)
{
        struct buf message;
        struct claims c = {
            .act = ACT_JOIN, .member = f->author[about].member, .key = founding_public(f, about)};
        struct public_key invite = founding_public(f, INVITE + about);
        struct signer signer = signing_key_signer(f->author[about].key);
        buf_init(&message, 1024);
        pop_message_put(&message, bytes_text(f->log_id), &invite);
        assert_ok(signer.sign(signer.self, buf_bytes(&message), &c.pop));
        sample_fill("tls", about, c.tls.b, HASH_LEN);
        buf_clear(&message);
        return c;
}

static inline uint64_t founding_join(struct founding *f, enum author about)
{
        struct say say = {
            .who = INVITE + about, .kind = KIND_MEMBER, .claims = founding_join_claims(f, about)};
        return founding_say(f, &say);
}

static inline uint64_t founding_decide(struct founding *f, enum author who, enum verb verb, uint64_t target)
{
        struct say say = {.who = who, .kind = KIND_DECISION, .claims.verb = verb};
        say.ref = (struct ref){.rel = REL_TARGET, .st = f->row[target].st};
        sample_fill("seen", target, say.claims.seen.b, HASH_LEN);
        return founding_say(f, &say);
}

/* The pack's text is put there unless `keep_text` is false. */
static inline uint64_t founding_adopt(struct founding *f, const char *text, enum verdict verdict,
                                      bool keep_text)
{
        struct say say = {.who = ADMIN, .kind = KIND_POLICY, .verdict = verdict, .claims.act = ACT_ADOPT};
        assert_ok(hash_of(bytes_text(text), &say.claims.policy));
        if (keep_text)
                assert_ok(store_put_annex(f->store, &say.claims.policy, bytes_text(text)));
        return founding_say(f, &say);
}

/* --- the beginning --- */

static inline void founding_keys(struct founding *f)
{
        char label[32];
        for (unsigned i = 0; i < AUTHORS; i++) {
                (void)snprintf(label, sizeof label, "founding %u", i);
                f->author[i].key = sample_key(label);
                sample_fill("founding member", i % PEOPLE, f->author[i].member.b, MEMBER_ID_LEN);
        }
}

static inline void founding_genesis(struct founding *f)
{
        struct public_key log = founding_public(f, LOG);
        struct say say = {.who = LOG, .kind = KIND_GENESIS};
        struct buf text;
        buf_init(&text, 1024);
        assert_ok(vkey_of(FOUNDING_ORIGIN, NOTE_ED25519, &log, &f->log));
        vkey_put(&text, &f->log);
        const struct bytes policy = bytes_text(f->policy_text != NULL ? f->policy_text : FOUNDING_POLICY);
        assert_ok(hash_of(policy, &f->policy));
        assert_ok(store_put_annex(f->store, &f->policy, policy));
        (void)snprintf(f->log_id, sizeof f->log_id, "%s#", FOUNDING_ORIGIN);
        say.claims = founding_claims(f, ACT_NONE, ADMIN);
        say.claims.origin = bytes_text(FOUNDING_ORIGIN);
        say.claims.vkey = buf_bytes(&text);
        say.claims.policy = f->policy;
        (void)founding_say(f, &say);
        buf_clear(&text);
        buf_init(&text, LOG_ID_MAX);
        log_id_put(&text, bytes_text(FOUNDING_ORIGIN), &f->row[0].hash);
        (void)snprintf(f->log_id, sizeof f->log_id, "%s", buf_text(&text));
        buf_clear(&text);
}

static inline void founding_begin(struct founding *f)
{
        uint8_t key[SEAL_KEY_LEN];
        const char *base = getenv("TMPDIR");
        memset(key, 7, sizeof key);
        (void)snprintf(f->folder, sizeof f->folder, "%.150s/verify-XXXXXX", base != NULL ? base : "/tmp");
        assert_non_null(mkdtemp(f->folder));
        (void)snprintf(f->path, sizeof f->path, "%s/ledger.db", f->folder);
        assert_ok(store_keys_new(bytes_of(key, sizeof key), &f->keys));
        assert_ok(store_create(f->path));
        assert_ok(store_open(f->path, STORE_WRITE, f->keys, &f->store, NULL));
        assert_ok(store_begin(f->store));
        assert_ok(tree_new((struct tree_source){.read = founding_read, .self = f}, &f->tree));
        f->body = calloc(1, sizeof *f->body);
        assert_non_null(f->body);
        f->at_us = FOUNDING_AT_US;
        founding_keys(f);
}

/* seq 0 to 7: the four people; each is invited before there is a second person, so none waits. Then a
 * checkpoint. */
static inline void founding_people(struct founding *f)
{
        founding_begin(f);
        founding_genesis(f);
        (void)founding_join(f, ADMIN);
        static const enum role role[] = {
            [JO] = ROLE_INVESTIGATOR, [SAM] = ROLE_SUPERVISOR, [UNA] = ROLE_AUDITOR};
        for (enum author who = JO; who <= UNA; who++) {
                (void)founding_invite(f, ADMIN, who, role[who], VERDICT_ACCEPTED);
                (void)founding_join(f, who);
        }
        founding_checkpoint(f);
}

static inline struct founding *founding_new(void)
{
        struct founding *f = calloc(1, sizeof *f);
        assert_non_null(f);
        founding_people(f);
        return f;
}

/* What a ledger holds after a while: seq 8 to 23, all of it sound, with checkpoints over 8, 14, 20 and the
 * end. */
enum {
        SOUND_OPERATION = 8,
        SOUND_INTENT,
        SOUND_WAITING,
        SOUND_APPROVAL,
        SOUND_ACTIVITY,
        SOUND_CONSULT,
        SOUND_INVITE,
        SOUND_INVITE_APPROVAL,
        SOUND_JOIN,
        SOUND_POLICY,
        SOUND_POLICY_APPROVAL,
        SOUND_REFUSED,
        SOUND_FLAGGED,
        SOUND_STILL_WAITING,
        SOUND_AMEND,
        SOUND_LAST,
        SOUND_SIZE
};

static inline void founding_sound(struct founding *f)
{
        struct say say = {.who = JO, .kind = KIND_OPERATION, .claims.act = ACT_OPEN, .fields = true};
        (void)founding_say(f, &say);
        (void)founding_entry(f, JO, KIND_INTENT, VERDICT_ACCEPTED);
        (void)founding_entry(f, JO, KIND_INTENT, VERDICT_WAITING);
        (void)founding_decide(f, SAM, VERB_APPROVE, SOUND_WAITING);
        (void)founding_entry(f, JO, KIND_ACTIVITY, VERDICT_ACCEPTED);
        say = (struct say){.who = UNA, .kind = KIND_CONSULT, .claims.purpose = PURPOSE_AUDIT};
        (void)founding_say(f, &say);
        founding_checkpoint(f);
        (void)founding_invite(f, ADMIN, MAX, ROLE_SUPERVISOR, VERDICT_WAITING);
        (void)founding_decide(f, UNA, VERB_APPROVE, SOUND_INVITE);
        (void)founding_join(f, MAX);
        (void)founding_adopt(f, "policy two", VERDICT_WAITING, true);
        (void)founding_decide(f, UNA, VERB_APPROVE, SOUND_POLICY);
        assert_ok(hash_of(bytes_text("policy two"), &f->policy));
        (void)founding_entry(f, JO, KIND_INTENT, VERDICT_REFUSED);
        founding_checkpoint(f);
        (void)founding_entry(f, JO, KIND_ACTIVITY, VERDICT_FLAGGED);
        (void)founding_entry(f, JO, KIND_INTENT, VERDICT_WAITING);
        say = (struct say){.who = JO, .kind = KIND_AMEND, .fields = true};
        say.ref = (struct ref){.rel = REL_AMENDS, .st = f->row[SOUND_INTENT].st};
        (void)founding_say(f, &say);
        (void)founding_entry(f, JO, KIND_INTENT, VERDICT_ACCEPTED);
        assert_int_equal(f->n, SOUND_SIZE);
}

/* Ends the writing: what follows is reading or damage. */
static inline void founding_close(struct founding *f)
{
        assert_ok(store_commit(f->store));
        store_close(f->store);
        f->store = NULL;
}

static inline void founding_free(struct founding *f)
{
        static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
        char path[300];
        if (f->store != NULL)
                store_rollback(f->store);
        store_close(f->store);
        store_keys_free(f->keys);
        tree_free(f->tree);
        free(f->body);
        for (size_t i = 0; i < AUTHORS; i++)
                signing_key_free(f->author[i].key);
        for (size_t i = 0; i < f->n; i++)
                buf_clear(&f->row[i].leaf);
        for (size_t i = 0; i < 4; i++) {
                (void)snprintf(path, sizeof path, "%s%s", f->path, endings[i]);
                (void)unlink(path);
        }
        (void)rmdir(f->folder);
        free(f);
}

/* --- damage --- */

/* Somebody with the file and no regard for its guards. */
static inline sqlite3 *founding_open(struct founding *f)
{
        static const char *const guards[] = {"entry_append",     "entry_update",     "entry_delete",
                                             "tile_root_append", "tile_root_update", "tile_root_delete",
                                             "annex_append",     "annex_update",     "annex_delete"};
        sqlite3 *db = NULL;
        char sql[100];
        assert_int_equal(sqlite3_open_v2(f->path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, "PRAGMA synchronous=OFF", NULL, NULL, NULL), SQLITE_OK);
        for (size_t i = 0; i < sizeof guards / sizeof guards[0]; i++) {
                (void)snprintf(sql, sizeof sql, "DROP TRIGGER IF EXISTS %s", guards[i]);
                assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
        }
        return db;
}

/* Up to two blobs and any number of rows that change: at least one must. */
static inline void founding_change(struct founding *f, const char *sql, struct bytes a, struct bytes b)
{
        sqlite3 *db = founding_open(f);
        sqlite3_stmt *s = NULL;
        assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
        if (a.n > 0)
                assert_int_equal(sqlite3_bind_blob(s, 1, a.at, (int)a.n, SQLITE_TRANSIENT), SQLITE_OK);
        if (b.n > 0)
                assert_int_equal(sqlite3_bind_blob(s, 2, b.at, (int)b.n, SQLITE_TRANSIENT), SQLITE_OK);
        assert_int_equal(sqlite3_step(s), SQLITE_DONE);
        assert_true(sqlite3_changes(db) > 0);
        assert_int_equal(sqlite3_finalize(s), SQLITE_OK);
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static inline void founding_sql(struct founding *f, const char *sql)
{
        founding_change(f, sql, bytes_of(NULL, 0), bytes_of(NULL, 0));
}

#endif
