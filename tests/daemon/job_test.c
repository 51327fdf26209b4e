/* A job from the bytes of a request to its statement, and from an error to its answer; without listener,
 * database or threads. Who signs over whose connection is decided here. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "daemon/exchange.h"
#include "daemon/job.h"

#define LOG   "test.example/ledger#AAAAAAAAAAAAAAAAAAAAAA"
#define FLIPS 4000

#define assert_ok(call) assert_int_equal((call), OK)

/* A ledger that holds who its members are and nothing else, and one invite: its join is the statement of
 * these tests. */
struct room {
        struct ledger ledger;
        struct mailbox *mailbox;
        struct signing_key *log, *invite, *own, *stranger;
        struct statement s;
        struct body b;
        struct buf jws, submission;
};

static struct signing_key *key_of(uint8_t what)
{
        uint8_t seed[SEED_LEN] = {what};
        struct signing_key *k;
        assert_ok(signing_key_new(bytes_of(seed, sizeof seed), &k));
        return k;
}

static void sign(struct room *r, struct signing_key *key)
{
        assert_ok(body_digests(&r->b, r->s.sd));
        buf_reset(&r->jws);
        buf_reset(&r->submission);
        assert_ok(statement_sign(&r->s, signing_key_signer(key), &r->jws));
        buf_put(&r->submission, r->s.jws);
        buf_put_text(&r->submission, "~");
        assert_ok(body_put(&r->b, &r->submission));
        assert_ok(buf_check(&r->submission));
}

/* The first member's join, signed by the invite. */
static void make_join(struct room *r)
{
        static const char *const fields_of_join[][2] = {{"name", "\"Ada\""}, {"alias", "\"ada\""}};
        r->s = (struct statement){.log = bytes_text(LOG), .kind = KIND_MEMBER, .iat = 1790000000, .n = 1};
        uuid_make(1790000000 * MOMENT_SECOND_US, r->s.jti);
        r->s.claims = (struct claims){
            .act = ACT_JOIN, .member = {{7}}, .key = signing_key_signer(r->own).key, .tls = {{5}}};
        body_init(&r->b, KIND_MEMBER);
        for (size_t i = 0; i < 2; i++)
                assert_ok(body_add(
                    &r->b, field_of_name(KIND_MEMBER, fields_of_join[i][0], strlen(fields_of_join[i][0])),
                    ORIGIN_TYPED, bytes_text(fields_of_join[i][1])));
        sign(r, r->invite);
}

static int set_up(void **state)
{
        struct room *r = calloc(1, sizeof *r);
        struct statement genesis = {.kind = KIND_GENESIS, .n = 1};
        assert_non_null(r);
        assert_int_equal(pthread_rwlock_init(&r->ledger.lock, NULL), 0);
        (void)snprintf(r->ledger.log_id, sizeof r->ledger.log_id, "%s", LOG);
        r->ledger.roster = roster_new();
        r->mailbox = mailbox_new();
        assert_non_null(r->ledger.roster);
        assert_non_null(r->mailbox);
        buf_init(&r->jws, 2 * JWS_MAX);
        buf_init(&r->submission, SUBMISSION_MAX);
        r->log = key_of(1);
        r->invite = key_of(2);
        r->own = key_of(3);
        r->stranger = key_of(4);
        struct public_key log = signing_key_signer(r->log).key;
        genesis.claims.member = (struct member_id){{7}};
        genesis.claims.invite = signing_key_signer(r->invite).key;
        assert_ok(roster_apply_genesis(r->ledger.roster, &genesis, &log));
        make_join(r);
        *state = r;
        return 0;
}

static int tear_down(void **state)
{
        struct room *r = *state;
        struct signing_key *const keys[] = {r->log, r->invite, r->own, r->stranger};
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
                signing_key_free(keys[i]);
        roster_free(r->ledger.roster);
        mailbox_release(r->mailbox);
        buf_clear(&r->jws);
        buf_clear(&r->submission);
        (void)pthread_rwlock_destroy(&r->ledger.lock);
        free(r);
        return 0;
}

static struct job *job_of(struct room *r, struct bytes body, const struct hash *tls)
{
        struct http_head head = {.method = HTTP_POST, .length = body.n};
        struct exchange *x = exchange_new(r->mailbox, NULL, &head, tls);
        assert_non_null(x);
        if (body.n > 0)
                memcpy(exchange_room(x), body.at, body.n);
        struct job *j = job_new(x);
        assert_non_null(j);
        return j;
}

static void drop(struct job *j)
{
        exchange_free(j->exchange);
        job_free(j);
}

static enum err decode(struct room *r, struct bytes body, const struct hash *tls)
{
        struct job *j = job_of(r, body, tls);
        enum err e = job_decode(j, &r->ledger);
        drop(j);
        return e;
}

static void joined(struct room *r)
{
        const struct roster_key *invite = roster_key_of_kid(r->ledger.roster, &r->s.kid);
        assert_non_null(invite);
        assert_ok(roster_apply(r->ledger.roster, 1, invite, &r->s, VERDICT_ACCEPTED));
}

static void a_good_join(void **state)
{
        struct room *r = *state;
        struct job *j = job_of(r, buf_bytes(&r->submission), NULL);
        struct bytes name;
        assert_ok(job_decode(j, &r->ledger));
        assert_int_equal(j->statement.kind, KIND_MEMBER);
        assert_int_equal(roster_key_at(r->ledger.roster, j->key)->kind, KEY_INVITE);
        assert_ok(body_text(&j->body, "name", &j->text, &name));
        assert_true(bytes_is(name, "Ada"));
        drop(j);
        job_free(NULL);
}

/* Every prefix, a byte more, and single bits flipped: none of them is taken. */
static void bytes_that_are_not_it(void **state)
{
        struct room *r = *state;
        const char *given = getenv("SEED");
        unsigned seed = given != NULL ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
        struct bytes whole = buf_bytes(&r->submission);
        (void)printf("SEED=%u\n", seed);
        srand(seed);
        for (size_t n = 0; n < whole.n; n++)
                assert_true(decode(r, bytes_of(whole.at, n), NULL) != OK);
        for (int i = 0; i < FLIPS; i++) {
                size_t at = (size_t)rand() % whole.n;
                uint8_t bit = (uint8_t)(1u << (rand() % 8));
                r->submission.at[at] ^= bit;
                enum err e = decode(r, whole, NULL);
                if (e == OK)
                        print_error("taken with byte %zu changed by %02x\n", at, bit);
                assert_true(e != OK);
                r->submission.at[at] ^= bit;
        }
        assert_ok(decode(r, whole, NULL));
        buf_put_text(&r->submission, "~");
        assert_int_equal(decode(r, buf_bytes(&r->submission), NULL), ERR_DISCLOSURE_EXTRA);
        buf_put_text(&r->submission, "x");
        assert_int_equal(decode(r, buf_bytes(&r->submission), NULL), ERR_JWS);
}

static void who_signs(void **state)
{
        struct room *r = *state;
        struct hash tls = {{5}}, other = {{6}};
        /* an invite's key signs a join, with or without a certificate */
        assert_ok(decode(r, buf_bytes(&r->submission), NULL));
        sign(r, r->stranger);
        assert_int_equal(decode(r, buf_bytes(&r->submission), NULL), ERR_INVITE_UNKNOWN);
        sign(r, r->log);
        assert_int_equal(decode(r, buf_bytes(&r->submission), NULL), ERR_ROLE);
        make_join(r);
        joined(r);
        assert_ok(decode(r, buf_bytes(&r->submission), NULL)); /* sent again: the commit thread knows it */

        /* anything else: a member's key over that member's connection */
        r->s.kind = KIND_OPERATION;
        r->s.claims = (struct claims){.act = ACT_OPEN};
        body_init(&r->b, KIND_OPERATION);
        assert_ok(body_add(&r->b, field_of_name(KIND_OPERATION, "operation", 9), ORIGIN_TYPED,
                           bytes_text("\"OP\"")));
        static const struct {
                char key;
                int tls; /* 0: none, 5: the member's, 6: nobody's */
                enum err e;
        } rows[] = {{'i', 0, ERR_ROLE},
                    {'i', 5, ERR_ROLE},
                    {'l', 5, ERR_ROLE},
                    {'s', 0, ERR_NOT_ENROLLED},
                    {'s', 5, ERR_NOT_ENROLLED},
                    {'o', 6, ERR_REVOKED},
                    {'o', 5, OK},
                    {'s', 6, ERR_NOT_ENROLLED},
                    {'o', 0, ERR_NO_CERTIFICATE}};
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                sign(r, rows[i].key == 'i'   ? r->invite
                        : rows[i].key == 'l' ? r->log
                        : rows[i].key == 's' ? r->stranger
                                             : r->own);
                assert_int_equal(decode(r, buf_bytes(&r->submission),
                                        rows[i].tls == 0   ? NULL
                                        : rows[i].tls == 5 ? &tls
                                                           : &other),
                                 rows[i].e);
        }
        r->s.log = bytes_text("other.example/ledger#AAAAAAAAAAAAAAAAAAAAAA");
        sign(r, r->own);
        assert_int_equal(decode(r, buf_bytes(&r->submission), &tls), ERR_OTHER_LOG);
}

/* The answer of the only letter in the box. */
static json_t *answer_of(struct room *r, int *out_status)
{
        struct letter *letter = mailbox_take(r->mailbox);
        assert_non_null(letter);
        assert_null(letter->next);
        struct exchange *x = exchange_of_letter(letter);
        const struct reply *reply = exchange_answer(x);
        *out_status = reply->status;
        assert_string_equal(reply->media, "application/problem+json");
        json_t *o = json_loadb((const char *)reply->body.at, reply->body.n, JSON_REJECT_DUPLICATES, NULL);
        assert_true(json_is_object(o));
        exchange_free(x);
        return o;
}

/* Each error as its problem document, with the members that some have. */
static void each_error(void **state)
{
        struct room *r = *state;
        for (int e = 1; e < ERR_COUNT; e++) {
                const struct err_row *row = err_row((enum err)e);
                struct job *j = job_of(r, bytes_text("x"), NULL);
                bool chain = e == ERR_NUMBER || e == ERR_OTHER_BODY;
                int status;
                j->head_n = 17;
                j->head_st = (struct hash){{0}};
                (void)snprintf(j->free_alias, sizeof j->free_alias, "jb2");
                job_fail(j, (enum err)e);
                json_t *o = answer_of(r, &status);
                assert_int_equal(status, row->http);
                assert_string_equal(json_string_value(json_object_get(o, "code")), row->code);
                assert_null(json_object_get(o, "detail"));
                const json_t *head = json_object_get(o, "head");
                assert_int_equal(head != NULL, chain);
                if (chain) {
                        assert_string_equal(json_string_value(json_object_get(head, "n")), "17");
                        assert_string_equal(json_string_value(json_object_get(head, "st")),
                                            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
                }
                assert_int_equal(json_object_get(o, "free") != NULL, e == ERR_ALIAS_TAKEN);
                json_decref(o);
        }
}

/* What was found on the way belongs to the error it was found for, and to no other. */
static void details(void **state)
{
        struct room *r = *state;
        int status;
        struct job *j = job_of(r, bytes_text("x"), NULL);
        assert_int_equal(why_set(&j->why, ERR_ROLE, "said \"%s\"", "so"), ERR_ROLE);
        job_fail(j, ERR_ROLE);
        json_t *o = answer_of(r, &status);
        assert_string_equal(json_string_value(json_object_get(o, "detail")), "said \"so\"");
        json_decref(o);
        j = job_of(r, bytes_text("x"), NULL);
        assert_int_equal(why_set(&j->why, ERR_ROLE, "said so"), ERR_ROLE);
        job_fail(j, ERR_BUSY);
        o = answer_of(r, &status);
        assert_null(json_object_get(o, "detail"));
        assert_int_equal(status, 503);
        json_decref(o);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test_setup_teardown(a_good_join, set_up, tear_down),
            cmocka_unit_test_setup_teardown(bytes_that_are_not_it, set_up, tear_down),
            cmocka_unit_test_setup_teardown(who_signs, set_up, tear_down),
            cmocka_unit_test_setup_teardown(each_error, set_up, tear_down),
            cmocka_unit_test_setup_teardown(details, set_up, tear_down),
        };
        if (crypto_setup() != OK)
                return 1;
        return cmocka_run_group_tests(tests, NULL, NULL);
}
