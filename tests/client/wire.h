/* wire: a daemon of the test's own making behind the real listener: keeps its own small ledger, gives real
 * receipts, and does wrong what a test tells it to. */
#ifndef TESTS_CLIENT_WIRE_H
#define TESTS_CLIENT_WIRE_H

#include <pthread.h>
#include <signal.h>

#include "client/submit.h"
#include "daemon/listener.h"
#include "ledger/base/b64.h"
#include "tests/client/folder.h"

#define WIRE_ENTRIES 64
#define WIRE_REASONS "{\"lane\":\"quick\",\"hits\":[],\"facts\":{},\"engine\":\"1\"}"

/* What is wrong with the answer to the next statement. */
enum wrong {
        WRONG_NOTHING,
        WRONG_REFUSED,    /* for form, 422 */
        WRONG_BUSY,       /* 503 */
        WRONG_LOST,       /* taken in, and the answer is an error */
        WRONG_OTHER_LEAF, /* the receipt is for the entry before */
        WRONG_VERDICT,    /* beside the receipt another verdict */
        WRONG_BECAUSE,    /* other reasons */
        WRONG_LOG_KEY,    /* signed by somebody else */
        WRONG_NO_PROOF,   /* nothing about what the client knows */
        WRONG_FORK,       /* a proof of another history */
        WRONG_NO_JSON,
        WRONG_NO_RECEIPT,
};

struct wire_entry {
        struct hash leaf_hash, st, kid;
        struct statement statement;
        struct buf leaf, jws, scratch;
};
struct wire {
        struct folder *f;
        struct listener *listener;
        pthread_t thread;
        struct buf certificate;
        struct secret key;
        pthread_mutex_t lock;
        /* under the lock */
        struct tree *tree;
        struct signing_key *stranger;
        uint64_t n;
        struct wire_entry entry[WIRE_ENTRIES];
        enum wrong wrong[WIRE_ENTRIES]; /* of the asks to come */
        size_t asks, bad_bodies;
        uint64_t head_n; /* of the client's key */
        struct hash head_st;
};

static inline enum err wire_read(void *self, unsigned level, uint64_t index, size_t count, struct hash *out)
{
        struct wire *w = self;
        if (level != 0 || index + count > w->n)
                return ERR_ABSENT;
        for (size_t i = 0; i < count; i++)
                out[i] = w->entry[index + i].leaf_hash;
        return OK;
}

/* Takes a statement in as the next entry; nothing is judged. */
static inline void wire_take(struct wire *w, struct bytes jws)
{
        struct wire_entry *x = &w->entry[w->n];
        struct leaf leaf = {
            .seq = w->n, .at_us = INT64_C(1795453200000000) + (int64_t)w->n, .statement = jws};
        struct buf json;
        assert_true(w->n < WIRE_ENTRIES);
        buf_init(&json, LEAF_MAX);
        buf_init(&x->leaf, LEAF_MAX);
        buf_init(&x->jws, JWS_MAX);
        buf_init(&x->scratch, 2 * JWS_MAX);
        buf_put(&x->jws, jws);
        assert_ok(statement_decode(buf_bytes(&x->jws), &x->scratch, &x->statement, NULL));
        if (w->n > 0)
                leaf.prev = w->entry[w->n - 1].leaf_hash;
        /* the salt is a fixed one, so that the reasons can be said again */
        buf_put_text(&json, "[\"AAAAAAAAAAAAAAAAAAAAAA\",\"because\"," WIRE_REASONS "]");
        assert_ok(because_digest(buf_bytes(&json), &leaf.because));
        assert_ok(leaf_put(&x->leaf, &leaf));
        assert_ok(tree_leaf_hash(buf_bytes(&x->leaf), &x->leaf_hash));
        assert_ok(tree_append(w->tree, &x->leaf_hash));
        x->st = x->statement.st;
        w->head_n = x->statement.n;
        w->head_st = x->st;
        w->n++;
        buf_clear(&json);
}

static inline void wire_put_proof(struct wire *w, uint64_t known, bool fork, struct buf *out)
{
        struct proof proof = {0};
        if (known > 0 && known < w->n)
                assert_ok(tree_prove_consistency(w->tree, known, w->n, &proof));
        if (fork && proof.n > 0)
                proof.path[0].b[0] ^= 1;
        buf_put_format(out, ",\"consistency\":{\"from\":\"%llu\",\"path\":[", (unsigned long long)known);
        for (size_t i = 0; i < proof.n; i++) {
                buf_put_text(out, i > 0 ? ",\"" : "\"");
                b64_put(out, hash_bytes(&proof.path[i]));
                buf_put_text(out, "\"");
        }
        buf_put_text(out, "]}");
}

static inline void wire_put_receipt(struct wire *w, uint64_t seq, struct signing_key *key, struct buf *out)
{
        struct proof proof;
        struct hash root;
        struct buf text, note;
        buf_init(&text, NOTE_LEN_MAX);
        buf_init(&note, NOTE_LEN_MAX);
        assert_ok(tree_root(w->tree, &root));
        assert_ok(tree_prove_inclusion(w->tree, seq, w->n, &proof));
        checkpoint_put(&text, FOLDER_ORIGIN, w->n, &root);
        assert_ok(note_sign(buf_bytes(&text), FOLDER_ORIGIN, signing_key_signer(key), &note));
        assert_ok(receipt_put(out, buf_bytes(&w->entry[seq].leaf), seq, &proof, buf_bytes(&note)));
        buf_clear(&text);
        buf_clear(&note);
}

static inline void wire_answer(struct wire *w, struct exchange *x, uint64_t seq, enum wrong wrong)
{
        struct reply r = {.status = 200, .media = "application/json"};
        struct buf receipt, because;
        uint64_t known = 0;
        (void)exchange_query_u64(x, "known", &known);
        buf_init(&r.body, 1u << 20);
        buf_init(&receipt, RECEIPT_LEN_MAX);
        buf_init(&because, 4096);
        wire_put_receipt(w, wrong == WRONG_OTHER_LEAF ? seq - 1 : seq,
                         wrong == WRONG_LOG_KEY ? w->stranger : w->f->log, &receipt);
        buf_put_text(&because, "[\"AAAAAAAAAAAAAAAAAAAAAA\",\"because\"," WIRE_REASONS "]");
        because.at[30] ^= wrong == WRONG_BECAUSE;
        buf_put_format(&r.body, "{\"seq\":\"%llu\",\"verdict\":\"%s\"", (unsigned long long)seq,
                       wrong == WRONG_VERDICT ? "waiting" : "accepted");
        if (wrong != WRONG_NO_RECEIPT) {
                buf_put_text(&r.body, ",\"receipt\":");
                json_put_string(&r.body, buf_bytes(&receipt));
        }
        buf_put_text(&r.body, ",\"because\":\"");
        b64u_put(&r.body, buf_bytes(&because));
        buf_put_text(&r.body, "\"");
        if (wrong != WRONG_NO_PROOF)
                wire_put_proof(w, known, wrong == WRONG_FORK, &r.body);
        buf_put_text(&r.body, wrong == WRONG_NO_JSON ? "" : "}");
        assert_ok(buf_check(&r.body));
        exchange_reply(x, &r);
        buf_clear(&receipt);
        buf_clear(&because);
}

static inline void wire_conflict(struct wire *w, struct exchange *x, enum err e)
{
        char st[HASH_TEXT_LEN + 1], members[200];
        hash_text(&w->head_st, st);
        (void)snprintf(members, sizeof members, ",\"head\":{\"n\":\"%llu\",\"st\":\"%s\"}",
                       (unsigned long long)w->head_n, st);
        exchange_problem(x, e, "", members);
}

/* The disclosures are those of the statement. */
static inline bool wire_body_fits(const struct statement *s, struct bytes disclosures)
{
        struct body *body = calloc(1, sizeof *body);
        struct buf scratch;
        assert_non_null(body);
        buf_init(&scratch, SUBMISSION_MAX);
        bool fits = body_decode(s, disclosures, &scratch, body, NULL) == OK;
        buf_clear(&scratch);
        free(body);
        return fits;
}

static inline void wire_judge(struct wire *w, struct exchange *x, struct bytes jws, const struct statement *s)
{
        enum wrong wrong = w->wrong[w->asks++ % WIRE_ENTRIES];
        for (uint64_t i = 0; i < w->n; i++)
                if (hash_equal(&w->entry[i].st, &s->st)) {
                        wire_answer(w, x, i, wrong);
                        return;
                }
        if (wrong == WRONG_BUSY) {
                exchange_problem(x, ERR_BUSY, "", "");
        } else if (s->n <= w->head_n) {
                wire_conflict(w, x, ERR_OTHER_BODY);
        } else if (s->n != w->head_n + 1 || !hash_equal(&s->prev, &w->head_st)) {
                wire_conflict(w, x, ERR_NUMBER);
        } else if (wrong == WRONG_REFUSED) {
                exchange_problem(x, ERR_FIELD_VALUE, "objective", "");
        } else {
                wire_take(w, jws);
                if (wrong == WRONG_LOST)
                        exchange_problem(x, ERR_IO, "", "");
                else
                        wire_answer(w, x, w->n - 1, wrong);
        }
}

static inline void wire_on_request(void *self, struct exchange *x)
{
        struct wire *w = self;
        struct statement *s = calloc(1, sizeof *s);
        struct bytes jws, disclosures;
        struct buf scratch;
        buf_init(&scratch, 2 * JWS_MAX);
        assert_int_equal(pthread_mutex_lock(&w->lock), 0);
        if (s == NULL || submission_split(exchange_body(x), &jws, &disclosures) ||
            statement_decode(jws, &scratch, s, NULL) || statement_check_signature(s, &w->f->session.id.key) ||
            !wire_body_fits(s, disclosures)) {
                w->bad_bodies++;
                exchange_problem(x, ERR_JWS, "", "");
        } else {
                wire_judge(w, x, jws, s);
        }
        assert_int_equal(pthread_mutex_unlock(&w->lock), 0);
        buf_clear(&scratch);
        free(s);
}

static inline bool wire_knows(void *self, const struct hash *key)
{
        (void)self;
        (void)key;
        return true;
}

static inline void *wire_run(void *self)
{
        struct wire *w = self;
        return listener_run(w->listener) == OK ? NULL : self;
}

static inline void wire_start(struct wire *w)
{
        struct session *s = &w->f->session;
        const struct listener_config config = {.host = "127.0.0.1",
                                               .certificate_pem = buf_bytes(&w->certificate),
                                               .key_pem = secret_bytes(&w->key),
                                               .connections_max = 20,
                                               .handshakes_per_s = 1000,
                                               .body_max = SUBMISSION_MAX + 1000,
                                               .head_timeout_s = 20,
                                               .body_timeout_s = 20,
                                               .idle_timeout_s = 20,
                                               .handshake_timeout_s = 20,
                                               .knows_key = wire_knows,
                                               .on_request = wire_on_request,
                                               .self = w};
        struct buf own;
        char path[HOME_PATH_MAX];
        assert_ok(listener_new(&config, &w->listener, NULL));
        assert_int_equal(pthread_create(&w->thread, NULL, wire_run, w), 0);
        (void)snprintf(s->id.address, sizeof s->id.address, "127.0.0.1:%u",
                       (unsigned)listener_port(w->listener));
        assert_ok(certificate_key_hash(buf_bytes(&w->certificate), &s->id.server));
        buf_init(&own, 65536);
        assert_ok(home_path(&s->home, HOME_TLS, path));
        assert_ok(file_read(path, 65536, &own));
        transport_free(s->transport);
        assert_ok(transport_new(s->id.address, &s->id.server, buf_bytes(&own), secret_bytes(&s->keys.tls_key),
                                &s->transport));
        buf_clear(&own);
}

static inline void wire_stop(struct wire *w)
{
        void *failed = NULL;
        if (w->listener == NULL)
                return;
        listener_stop(w->listener);
        assert_int_equal(pthread_join(w->thread, &failed), 0);
        assert_null(failed);
        listener_free(w->listener);
        w->listener = NULL;
}

/* Entries 0 to 2 are somebody else's, so that proofs have something to prove. */
static inline int wire_up(void **state)
{
        struct wire *w = calloc(1, sizeof *w);
        struct signing_key *other;
        struct body *body = calloc(1, sizeof *body);
        void *folder = NULL;
        assert_non_null(w);
        assert_non_null(body);
        (void)signal(SIGPIPE, SIG_IGN);
        assert_int_equal(folder_up(&folder), 0);
        w->f = folder;
        other = folder_key(5);
        w->stranger = folder_key(6);
        assert_int_equal(pthread_mutex_init(&w->lock, NULL), 0);
        assert_ok(tree_new((struct tree_source){.read = wire_read, .self = w}, &w->tree));
        for (uint64_t i = 0; i < 3; i++) {
                struct statement s = {
                    .log = bytes_text(w->f->session.id.log), .kind = KIND_INTENT, .n = i + 1};
                struct buf jws;
                buf_init(&jws, JWS_MAX);
                uuid_make((int64_t)i, s.jti);
                body_init(body, KIND_INTENT);
                assert_ok(body_digests(body, s.sd));
                assert_ok(statement_sign(&s, signing_key_signer(other), &jws));
                wire_take(w, s.jws);
                buf_clear(&jws);
        }
        w->head_n = 0;
        w->head_st = (struct hash){{0}};
        buf_init(&w->certificate, 65536);
        assert_ok(certificate_make("daemon", client_now_us(), 2, &w->certificate, &w->key));
        wire_start(w);
        signing_key_free(other);
        free(body);
        *state = w;
        return 0;
}

static inline int wire_down(void **state)
{
        struct wire *w = *state;
        void *folder = w->f;
        wire_stop(w);
        assert_int_equal(w->bad_bodies, 0);
        for (uint64_t i = 0; i < w->n; i++) {
                buf_clear(&w->entry[i].leaf);
                buf_clear(&w->entry[i].jws);
                buf_clear(&w->entry[i].scratch);
        }
        tree_free(w->tree);
        signing_key_free(w->stranger);
        buf_clear(&w->certificate);
        secret_free(&w->key);
        (void)pthread_mutex_destroy(&w->lock);
        assert_int_equal(folder_down(&folder), 0);
        free(w);
        return 0;
}

#define WIRE(name) cmocka_unit_test_setup_teardown(name, wire_up, wire_down)

#endif
