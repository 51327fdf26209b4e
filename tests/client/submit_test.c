/* The way of a statement out of the folder: numbers, chain, outbox, receipts, and a daemon that does all
 * manner of wrong. */
#include "tests/client/wire.h"

#define FIRST 3 /* seq of the first entry that is ours */

/* The asks from now on, in order; then all is well. */
static void script(struct wire *w, size_t n, const enum wrong wrongs[])
{
        memset(w->wrong, 0, sizeof w->wrong);
        for (size_t i = 0; i < n; i++)
                w->wrong[(w->asks + i) % WIRE_ENTRIES] = wrongs[i];
}
#define SCRIPT(w, ...)                                                                                       \
        script((w), sizeof((const enum wrong[]){__VA_ARGS__}) / sizeof(enum wrong),                          \
               (const enum wrong[]){__VA_ARGS__})

struct said {
        enum kind kind;
        enum act act;
        const struct hash *about; /* of an activity: the intent */
        uint64_t closes;
        const char *subject;
        bool consult;
};

static enum err say(struct wire *w, const struct said *what, struct outcome *out)
{
        struct session *s = &w->f->session;
        struct draft *d = calloc(1, sizeof *d);
        struct body *body = calloc(1, sizeof *body);
        assert_non_null(d);
        assert_non_null(body);
        s->why = (struct why){0};
        body_init(body, what->kind);
        d->body = body;
        d->subject = what->subject;
        d->closes = what->closes;
        d->statement.kind = what->kind;
        d->statement.claims.act = what->act;
        if (what->consult)
                d->statement.claims.purpose = PURPOSE_OPERATIONAL;
        if (what->about != NULL) {
                d->statement.refs_n = 1;
                d->statement.refs[0] = (struct ref){.rel = REL_INTENT, .st = *what->about};
        }
        enum err e = what->consult ? submit_consult(s, d, out) : submit(s, d, out);
        free(body);
        free(d);
        return e;
}

static enum err say_intent(struct wire *w, struct outcome *out)
{
        return say(w, &(struct said){.kind = KIND_INTENT, .subject = "x:somebody"}, out);
}

/* An intent whose answer is expected to be so. */
static void expect_say(struct wire *w, enum err e)
{
        struct outcome o;
        assert_err(say_intent(w, &o), e);
        outcome_clear(&o);
}

static void expect_queued(struct wire *w, const struct said *what, struct outcome *out)
{
        assert_ok(say(w, what, out));
        assert_true(out->queued);
        assert_null(out->reply);
}

static struct memory_row row(struct wire *w, uint64_t n)
{
        struct memory_row out;
        assert_ok(memory_row(w->f->session.memory, n, &out));
        return out;
}

static uint64_t waiting(struct wire *w)
{
        uint64_t n;
        assert_ok(memory_count_waiting(w->f->session.memory, &n));
        return n;
}

static uint64_t flush(struct wire *w, enum err e)
{
        uint64_t sent = 99;
        w->f->session.why = (struct why){0};
        assert_err(submit_flush(&w->f->session, &sent), e);
        return sent;
}

/* Ours in the ledger, from its first: numbered from 1, chained, and the folder knows each as the ledger has
 * it. */
static void expect_ledger(struct wire *w, uint64_t n)
{
        struct hash prev = {{0}};
        assert_int_equal(w->n, FIRST + n);
        for (uint64_t i = 1; i <= n; i++) {
                const struct wire_entry *x = &w->entry[FIRST + i - 1];
                struct memory_row r = row(w, i);
                assert_int_equal(x->statement.n, i);
                assert_true(hash_equal(&x->statement.prev, &prev));
                assert_true(hash_equal(&r.st, &x->st));
                assert_int_equal(r.state, MEMORY_ACCEPTED);
                assert_int_equal(r.seq, FIRST + i - 1);
                prev = x->st;
        }
        assert_int_equal(waiting(w), 0);
}

/* --- well --- */

static void test_accepted(void **state)
{
        struct wire *w = *state;
        struct outcome o;
        struct buf jws, disclosures;
        struct hash root;
        uint64_t size;
        assert_ok(say_intent(w, &o));
        assert_false(o.queued);
        assert_int_equal(o.n, 1);
        assert_string_equal(o.ref, "jb-1");
        assert_int_equal(strlen(o.jti), UUID_TEXT_LEN);
        assert_true(hash_equal(&o.st, &w->entry[FIRST].st));
        assert_non_null(o.reply);
        assert_int_equal(access(o.receipt, F_OK), 0);
        assert_non_null(strstr(o.receipt, "/receipts/jb-1.tlog-proof"));
        outcome_clear(&o);
        expect_ledger(w, 1);
        assert_ok(session_believed(&w->f->session, &size, &root));
        assert_int_equal(size, FIRST + 1);
        buf_init(&jws, JWS_MAX);
        buf_init(&disclosures, SUBMISSION_MAX);
        assert_ok(memory_texts(w->f->session.memory, 1, &jws, &disclosures));
        assert_true(bytes_equal(buf_bytes(&jws), buf_bytes(&w->entry[FIRST].jws)));
        assert_int_equal(disclosures.n, 0);
        buf_clear(&jws);
        buf_clear(&disclosures);
}

static void test_one_after_another(void **state)
{
        struct wire *w = *state;
        for (int i = 0; i < 5; i++)
                expect_say(w, OK);
        expect_ledger(w, 5);
}

static void test_two_keys_in_the_ledger(void **state)
{
        struct wire *w = *state;
        expect_say(w, OK);
        struct outcome o;
        assert_ok(say(w, &(struct said){.kind = KIND_CONSULT, .consult = true}, &o));
        outcome_clear(&o);
        expect_say(w, OK);
        expect_ledger(w, 3);
}

/* --- away --- */

static void test_away_and_back(void **state)
{
        struct wire *w = *state;
        struct outcome o;
        expect_say(w, OK);
        wire_stop(w);
        for (uint64_t i = 2; i < 5; i++) {
                expect_queued(w, &(struct said){.kind = KIND_INTENT}, &o);
                assert_int_equal(o.n, i);
        }
        assert_int_equal(waiting(w), 3);
        assert_int_equal(flush(w, ERR_AWAY), 0);
        wire_start(w);
        assert_int_equal(flush(w, OK), 3);
        expect_ledger(w, 4);
        assert_int_equal(flush(w, OK), 0);
}

static void test_outbox_goes_first(void **state)
{
        struct wire *w = *state;
        struct outcome o;
        SCRIPT(w, WRONG_BUSY, WRONG_BUSY);
        expect_queued(w, &(struct said){.kind = KIND_INTENT}, &o);
        expect_queued(w, &(struct said){.kind = KIND_INTENT}, &o);
        expect_say(w, OK);
        expect_ledger(w, 3);
}

/* The answer is lost: the same statement again is the same entry. */
static void test_answer_lost(void **state)
{
        struct wire *w = *state;
        struct outcome o;
        SCRIPT(w, WRONG_LOST);
        expect_queued(w, &(struct said){.kind = KIND_INTENT}, &o);
        assert_int_equal(w->n, FIRST + 1);
        assert_int_equal(flush(w, OK), 1);
        expect_ledger(w, 1);
}

/* A question is not worth keeping: its number is the next statement's. */
static void test_question_is_not_queued(void **state)
{
        struct wire *w = *state;
        struct outcome o;
        SCRIPT(w, WRONG_BUSY);
        assert_err(say(w, &(struct said){.kind = KIND_CONSULT, .consult = true}, &o), ERR_BUSY);
        assert_int_equal(waiting(w), 0);
        wire_stop(w);
        assert_err(say(w, &(struct said){.kind = KIND_CONSULT, .consult = true}, &o), ERR_AWAY);
        assert_int_equal(waiting(w), 0);
        wire_start(w);
        expect_say(w, OK);
        expect_ledger(w, 1);
}

static void test_another_server(void **state)
{
        struct wire *w = *state;
        struct outcome o;
        wire_stop(w);
        buf_reset(&w->certificate);
        secret_free(&w->key);
        struct hash pinned = w->f->session.id.server;
        assert_ok(certificate_make("daemon", client_now_us(), 2, &w->certificate, &w->key));
        wire_start(w);
        transport_free(w->f->session.transport);
        w->f->session.transport = NULL;
        assert_ok(transport_new(w->f->session.id.address, &pinned, bytes_of(NULL, 0), bytes_of(NULL, 0),
                                &w->f->session.transport));
        assert_err(say_intent(w, &o), ERR_SERVER_KEY);
        assert_int_equal(w->asks, 0); /* nothing was sent */
        outcome_clear(&o);
}

/* --- refused for form --- */

static void test_refused(void **state)
{
        struct wire *w = *state;
        SCRIPT(w, WRONG_REFUSED);
        expect_say(w, ERR_FIELD_VALUE);
        assert_string_equal(w->f->session.why.detail, "objective");
        assert_int_equal(waiting(w), 0);
        expect_say(w, OK);
        expect_ledger(w, 1);
}

/* The outbox holds intent A, its activity, intent B, its activity; A is refused. The others are signed again
 * with the numbers that are free now, B's activity refers to B as it is now, and A's, which was done, to
 * nothing. */
static void test_first_of_an_outbox_refused(void **state)
{
        struct wire *w = *state;
        struct memory *m = w->f->session.memory;
        struct memory_row open[2];
        struct outcome a, b, done;
        struct hash operation;
        size_t n = 0;
        SCRIPT(w, WRONG_BUSY, WRONG_BUSY, WRONG_BUSY, WRONG_BUSY, WRONG_BUSY);
        expect_queued(w, &(struct said){.kind = KIND_INTENT, .subject = "x:a"}, &a);
        expect_queued(w, &(struct said){.kind = KIND_ACTIVITY, .about = &a.st, .closes = 1}, &done);
        expect_queued(w, &(struct said){.kind = KIND_INTENT, .subject = "x:b"}, &b);
        expect_queued(w, &(struct said){.kind = KIND_ACTIVITY, .about = &b.st, .closes = 3}, &done);
        expect_queued(w, &(struct said){.kind = KIND_OPERATION, .act = ACT_OPEN}, &done);
        assert_ok(memory_put_operation(m, "OP", &done.st, bytes_text("{}"), true));

        SCRIPT(w, WRONG_REFUSED);
        assert_int_equal(flush(w, OK), 4);
        expect_ledger(w, 4);
        const struct statement *s0 = &w->entry[FIRST].statement, *s1 = &w->entry[FIRST + 1].statement,
                               *s2 = &w->entry[FIRST + 2].statement, *s3 = &w->entry[FIRST + 3].statement;
        assert_int_equal(s0->kind, KIND_ACTIVITY);
        assert_int_equal(s0->refs_n, 0);
        assert_int_equal(s1->kind, KIND_INTENT);
        assert_int_equal(s2->kind, KIND_ACTIVITY);
        assert_int_equal(s2->refs_n, 1);
        assert_true(hash_equal(&s2->refs[0].st, &s1->st));
        assert_int_equal(s3->kind, KIND_OPERATION);

        assert_int_equal(row(w, 1).closes, 0);
        assert_int_equal(row(w, 3).closes, 2);
        assert_string_equal(row(w, 2).platform_account, "x:b");
        assert_ok(memory_open_intents(m, open, 2, &n));
        assert_int_equal(n, 0);
        struct buf text;
        buf_init(&text, 100);
        assert_ok(memory_operation(m, "OP", &operation, &text));
        assert_true(hash_equal(&operation, &s3->st));
        buf_clear(&text);
}

/* The jti and what was said stay; only number and predecessor are others. */
static void test_signed_again_is_the_same(void **state)
{
        struct wire *w = *state;
        struct outcome first, second;
        char jti[UUID_TEXT_LEN + 1];
        SCRIPT(w, WRONG_BUSY, WRONG_BUSY);
        expect_queued(w, &(struct said){.kind = KIND_INTENT}, &first);
        expect_queued(w, &(struct said){.kind = KIND_INTENT, .subject = "x:second"}, &second);
        SCRIPT(w, WRONG_REFUSED);
        assert_int_equal(flush(w, OK), 1);
        uuid_text(w->entry[FIRST].statement.jti, jti);
        assert_string_equal(jti, second.jti);
        assert_string_equal(row(w, 1).platform_account, "x:second");
}

/* Ours is behind one that is refused: it gets its number, and the outcome says which it is now. */
static void test_own_behind_a_refused_one(void **state)
{
        struct wire *w = *state;
        struct outcome o;
        SCRIPT(w, WRONG_BUSY);
        expect_queued(w, &(struct said){.kind = KIND_INTENT}, &o);
        SCRIPT(w, WRONG_REFUSED);
        assert_ok(say_intent(w, &o));
        assert_false(o.queued);
        assert_int_equal(o.n, 1);
        assert_string_equal(o.ref, "jb-1");
        assert_true(hash_equal(&o.st, &w->entry[FIRST].st));
        assert_non_null(strstr(o.receipt, "jb-1.tlog-proof"));
        outcome_clear(&o);
        expect_ledger(w, 1);
}

static void test_all_of_an_outbox_refused(void **state)
{
        struct wire *w = *state;
        struct outcome o;
        SCRIPT(w, WRONG_BUSY, WRONG_BUSY, WRONG_BUSY);
        for (int i = 0; i < 3; i++)
                expect_queued(w, &(struct said){.kind = KIND_INTENT}, &o);
        SCRIPT(w, WRONG_REFUSED, WRONG_REFUSED, WRONG_REFUSED);
        assert_int_equal(flush(w, OK), 0);
        expect_ledger(w, 0);
        expect_say(w, OK);
        expect_ledger(w, 1);
}

/* A refusal in the middle, then the daemon goes: what is left waits under its new numbers. */
static void test_refused_and_then_away(void **state)
{
        struct wire *w = *state;
        struct outcome o;
        SCRIPT(w, WRONG_BUSY, WRONG_BUSY, WRONG_BUSY);
        for (int i = 0; i < 3; i++)
                expect_queued(w, &(struct said){.kind = KIND_INTENT}, &o);
        SCRIPT(w, WRONG_REFUSED, WRONG_BUSY);
        assert_int_equal(flush(w, ERR_BUSY), 0);
        assert_int_equal(waiting(w), 2);
        assert_int_equal(row(w, 1).state, MEMORY_SIGNED);
        assert_int_equal(flush(w, OK), 2);
        expect_ledger(w, 2);
}

/* --- the ledger's head for our key is another --- */

/* Somebody used a copy of the folder: the ledger is ahead. */
static void other_folder_says(struct wire *w, uint64_t n)
{
        for (uint64_t i = 0; i < n; i++) {
                struct statement s = {.log = bytes_text(w->f->session.id.log), .kind = KIND_INTENT};
                struct body *body = calloc(1, sizeof *body);
                struct buf jws;
                assert_non_null(body);
                buf_init(&jws, JWS_MAX);
                s.n = w->head_n + 1;
                s.prev = w->head_st;
                uuid_make(client_now_us(), s.jti);
                body_init(body, KIND_INTENT);
                assert_ok(body_digests(body, s.sd));
                assert_ok(statement_sign(&s, signing_key_signer(w->f->session.keys.signing), &jws));
                wire_take(w, s.jws);
                buf_clear(&jws);
                free(body);
        }
}

static void test_ledger_is_ahead(void **state)
{
        struct wire *w = *state;
        struct outcome o;
        expect_say(w, OK);
        other_folder_says(w, 2);
        assert_ok(say_intent(w, &o));
        assert_int_equal(o.n, 4);
        assert_true(hash_equal(&o.st, &w->head_st));
        assert_string_equal(o.ref, "jb-4");
        assert_int_equal(w->head_n, 4);
        assert_int_equal(folder_count(w->f, "head-"), 1);
        outcome_clear(&o);
        assert_ok(say_intent(w, &o));
        assert_int_equal(o.n, 5);
        outcome_clear(&o);
        assert_int_equal(waiting(w), 0);
}

/* Statements that wait refer to each other: they follow. */
static void test_ledger_is_ahead_of_an_outbox(void **state)
{
        struct wire *w = *state;
        struct outcome intent, done;
        SCRIPT(w, WRONG_BUSY, WRONG_BUSY);
        expect_queued(w, &(struct said){.kind = KIND_INTENT}, &intent);
        expect_queued(w, &(struct said){.kind = KIND_ACTIVITY, .about = &intent.st, .closes = 1}, &done);
        other_folder_says(w, 3);
        assert_int_equal(flush(w, OK), 2);
        assert_int_equal(w->head_n, 5);
        const struct statement *a = &w->entry[w->n - 2].statement, *b = &w->entry[w->n - 1].statement;
        assert_true(hash_equal(&b->refs[0].st, &a->st));
        assert_int_equal(row(w, 5).closes, 4);
}

/* The ledger has forgotten what we hold receipts for: evidence, and nothing is signed after it. */
static void test_ledger_is_behind(void **state)
{
        struct wire *w = *state;
        struct outcome o;
        expect_say(w, OK);
        expect_say(w, OK);
        w->head_n = 1;
        w->head_st = w->entry[FIRST].st;
        assert_err(say_intent(w, &o), ERR_CONSISTENCY);
        assert_non_null(strstr(w->f->session.why.detail, "only up to 1"));
        assert_int_equal(folder_count(w->f, "head-"), 1);
        assert_int_equal(w->n, FIRST + 2);
        assert_int_equal(row(w, 3).state, MEMORY_SIGNED);
        outcome_clear(&o);
}

/* Or it has another statement in the place of one. */
static void test_ledger_has_another(void **state)
{
        struct wire *w = *state;
        struct outcome o;
        expect_say(w, OK);
        w->head_st.b[0] ^= 1;
        assert_err(say_intent(w, &o), ERR_CONSISTENCY);
        assert_non_null(strstr(w->f->session.why.detail, "jb-1"));
        assert_int_equal(folder_count(w->f, "head-"), 1);
        assert_int_equal(w->n, FIRST + 1);
        outcome_clear(&o);
}

/* --- receipts that are none --- */

static void test_bad_receipts(void **state)
{
        static const struct {
                enum wrong wrong;
                enum err code;
        } rows[] = {
            {WRONG_OTHER_LEAF, ERR_ANSWER}, {WRONG_VERDICT, ERR_ANSWER},    {WRONG_BECAUSE, ERR_BECAUSE},
            {WRONG_LOG_KEY, ERR_NOTE_KEY},  {WRONG_NO_PROOF, ERR_ANSWER},   {WRONG_FORK, ERR_CONSISTENCY},
            {WRONG_NO_JSON, ERR_ANSWER},    {WRONG_NO_RECEIPT, ERR_ANSWER},
        };
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct wire *w = *state;
                struct outcome o;
                expect_say(w, OK);
                uint64_t before = w->n;
                SCRIPT(w, rows[i].wrong);
                enum err e = say_intent(w, &o);
                if (e != rows[i].code)
                        fail_msg("case %zu: %s, %s", i, err_row(e)->name, w->f->session.why.detail);
                assert_null(o.reply);
                assert_int_equal(w->n, before + 1);
                assert_int_equal(waiting(w), 1); /* it may be an entry: asked again */
                assert_int_equal(access(o.receipt, F_OK), -1);
                assert_int_equal(flush(w, OK), 1);
                expect_ledger(w, 2 * i + 2);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            WIRE(test_accepted),
            WIRE(test_one_after_another),
            WIRE(test_two_keys_in_the_ledger),
            WIRE(test_away_and_back),
            WIRE(test_outbox_goes_first),
            WIRE(test_answer_lost),
            WIRE(test_question_is_not_queued),
            WIRE(test_another_server),
            WIRE(test_refused),
            WIRE(test_first_of_an_outbox_refused),
            WIRE(test_signed_again_is_the_same),
            WIRE(test_own_behind_a_refused_one),
            WIRE(test_all_of_an_outbox_refused),
            WIRE(test_refused_and_then_away),
            WIRE(test_ledger_is_ahead),
            WIRE(test_ledger_is_ahead_of_an_outbox),
            WIRE(test_ledger_is_behind),
            WIRE(test_ledger_has_another),
            WIRE(test_bad_receipts),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
