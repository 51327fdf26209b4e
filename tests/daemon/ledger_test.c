/* What the daemon does with statements, sent to it by people who sign for themselves: chains, disclosures,
 * signatures, who may say what. Everything here goes through TLS, a worker and the commit thread. */
#include "tests/daemon/service.h"

/* --- numbers --- */

static void expect_head(struct answer *a, enum err e, const struct person *p)
{
        char n[24], st[HASH_TEXT_LEN + 1];
        json_t *o = answer_problem(a, e);
        const json_t *head = json_object_get(o, "head");
        (void)snprintf(n, sizeof n, "%llu", (unsigned long long)p->n);
        hash_text(&p->st, st);
        assert_string_equal(json_string_value(json_object_get(head, "n")), n);
        assert_string_equal(json_string_value(json_object_get(head, "st")), st);
        json_decref(o);
}

static void a_number_that_does_not_follow(void **state)
{
        struct cast *c = *state;
        static const struct {
                int64_t off;
                bool other_prev;
        } rows[] = {{1, false}, {7, false}, {0, true}, {INT64_C(1) << 40, false}};
        struct answer a;
        (void)draft_enter(&c->v, &c->jo, STATEMENTS, draft_operation(&c->v, &c->jo, "OP-NUMBERS"), NULL);
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct draft *d = draft_operation(&c->v, &c->jo, "OP-NUMBERS-2");
                d->s.n += (uint64_t)rows[i].off;
                if (rows[i].other_prev)
                        d->s.prev.b[31] ^= 1;
                draft_sign(d, c->jo.key);
                service_post(&c->v, &c->jo, STATEMENTS, d, &a);
                expect_head(&a, ERR_NUMBER, &c->jo);
                draft_free(d);
        }
}

static void the_same_number_with_another_body(void **state)
{
        struct cast *c = *state;
        struct answer a;
        struct person before = c->jo;
        (void)draft_enter(&c->v, &c->jo, STATEMENTS, draft_operation(&c->v, &c->jo, "OP-BODY"), NULL);
        struct draft *d = draft_operation(&c->v, &before, "OP-BODY-OTHER");
        draft_sign(d, c->jo.key);
        service_post(&c->v, &c->jo, STATEMENTS, d, &a);
        expect_head(&a, ERR_OTHER_BODY, &c->jo);
        draft_free(d);
}

/* The same JWS again, its body changed or gone: the first receipt, and nothing more is kept. */
static void a_repeat_is_answered_with_the_first_receipt(void **state)
{
        struct cast *c = *state;
        struct draft *d = draft_operation(&c->v, &c->jo, "OP-REPEAT");
        struct hash first, leaf;
        struct answer a;
        json_t *reply;
        draft_sign(d, c->jo.key);
        service_post(&c->v, &c->jo, STATEMENTS, d, &a);
        assert_int_equal(a.status, 201);
        reply = answer_object(&a);
        uint64_t seq = reply_check(&c->v, reply, d->s.jws, &first);
        json_decref(reply);
        for (int i = 0; i < 3; i++) {
                service_post(&c->v, &c->jo, STATEMENTS, d, &a);
                assert_int_equal(a.status, 200);
                reply = answer_object(&a);
                assert_int_equal(reply_check(&c->v, reply, d->s.jws, &leaf), seq);
                assert_true(hash_equal(&leaf, &first));
                json_decref(reply);
        }
        c->jo.n = d->s.n;
        c->jo.st = d->s.st;
        draft_free(d);
        uint64_t next =
            draft_enter(&c->v, &c->jo, STATEMENTS, draft_operation(&c->v, &c->jo, "OP-REPEAT-2"), NULL).seq;
        assert_int_equal(next, seq + 1);
}

/* --- disclosures --- */

/* Where the i-th disclosure of a submission stands, counted from 0; its length without the `~`. */
static struct bytes disclosure_at(const struct draft *d, size_t i)
{
        struct bytes rest = buf_bytes(&d->submission), one;
        assert_ok(bytes_take_until(&rest, '~', &one));
        for (;; i--) {
                assert_ok(bytes_take_until(&rest, '~', &one));
                if (i == 0)
                        return one;
        }
}

static size_t disclosures_of(const struct draft *d)
{
        size_t n = 0;
        for (size_t i = 0; i < d->submission.n; i++)
                n += d->submission.at[i] == '~';
        return n - 1;
}

/* The submission with the i-th disclosure given `times` times (0: left out), and `text` in its place where
 * that is given. */
static void change_disclosure(struct draft *d, size_t i, unsigned times, const struct buf *text)
{
        struct bytes at = disclosure_at(d, i);
        size_t from = (size_t)(at.at - d->submission.at);
        struct buf out;
        buf_init(&out, d->submission.max);
        buf_put(&out, bytes_of(d->submission.at, from));
        for (unsigned k = 0; k < times; k++) {
                buf_put(&out, text != NULL ? buf_bytes(text) : at);
                buf_put_text(&out, "~");
        }
        buf_put(&out, bytes_of(at.at + at.n + 1, d->submission.n - from - at.n - 1));
        assert_ok(buf_check(&out));
        buf_clear(&d->submission);
        d->submission = out;
}

static struct draft *signed_operation(struct cast *c)
{
        struct draft *d = draft_operation(&c->v, &c->jo, "OP-DISCLOSED");
        draft_text(d, "title", "Alder");
        draft_sign(d, c->jo.key);
        return d;
}

static void a_disclosure_too_few_or_twice(void **state)
{
        struct cast *c = *state;
        struct draft *d = signed_operation(c);
        size_t n = disclosures_of(d);
        assert_true(n > 18);
        draft_free(d);
        for (size_t i = 0; i < n; i++) {
                d = signed_operation(c);
                change_disclosure(d, i, 0, NULL);
                draft_fails(&c->v, &c->jo, STATEMENTS, d, ERR_DISCLOSURE_MISSING);
                d = signed_operation(c);
                change_disclosure(d, i, 2, NULL);
                draft_fails(&c->v, &c->jo, STATEMENTS, d, ERR_DISCLOSURE_EXTRA);
        }
}

static void put_disclosure(struct buf *out, const char *name, const char *value)
{
        struct disclosure x = {.name = bytes_text(name), .value = bytes_text(value)};
        struct buf json;
        buf_init(&json, DISCLOSURE_JSON_MAX);
        random_fill(x.salt, sizeof x.salt);
        disclosure_put(&json, &x);
        b64u_put(out, buf_bytes(&json));
        assert_ok(buf_check(out));
        buf_clear(&json);
}

static void a_disclosure_too_many(void **state)
{
        struct cast *c = *state;
        struct draft *d = signed_operation(c);
        put_disclosure(&d->submission, "crime_ref", "\"20/1\"");
        buf_put_text(&d->submission, "~");
        draft_fails(&c->v, &c->jo, STATEMENTS, d, ERR_DISCLOSURE_EXTRA);
}

static void a_disclosure_that_was_altered(void **state)
{
        struct cast *c = *state;
        struct draft *d = signed_operation(c);
        size_t n = disclosures_of(d);
        draft_free(d);
        for (size_t i = 0; i < n; i++) {
                struct buf other;
                d = signed_operation(c);
                struct bytes at = disclosure_at(d, i);
                buf_init(&other, DISCLOSURE_MAX);
                buf_put(&other, at);
                other.at[4] = other.at[4] == 'A' ? 'B' : 'A'; /* in the salt */
                change_disclosure(d, i, 1, &other);
                draft_fails(&c->v, &c->jo, STATEMENTS, d, ERR_DISCLOSURE_MISSING);
                buf_clear(&other);
        }
}

/* The group is made again with another digest in the place of a decoy, and that is signed: the layout gives
 * it away. */
static void a_decoy_that_was_replaced(void **state)
{
        struct cast *c = *state;
        struct draft *d = draft_new(&c->v, &c->jo, KIND_OPERATION);
        struct buf json, text;
        size_t at = 0;
        d->s.claims.act = ACT_OPEN;
        draft_text(d, "operation", "OP-DECOY");
        draft_sign(d, c->jo.key);
        buf_init(&json, DISCLOSURE_JSON_MAX);
        buf_init(&text, DISCLOSURE_MAX);
        while (json.n == 0 || strstr(buf_text(&json), "\",\"result\",{\"_sd\":[\"") == NULL) {
                buf_reset(&json);
                assert_ok(b64u_decode(disclosure_at(d, at++), &json));
        }
        char *digest = strstr((char *)json.at, "\"_sd\":[\"") + strlen("\"_sd\":[\"");
        digest[0] = digest[0] == 'A' ? 'B' : 'A';
        b64u_put(&text, buf_bytes(&json));
        assert_ok(hash_of(buf_bytes(&text), &d->s.sd[GROUP_RESULT]));
        struct buf disclosures;
        buf_init(&disclosures, SUBMISSION_MAX);
        change_disclosure(d, at - 1, 1, &text);
        buf_put(&disclosures, bytes_of(d->submission.at + d->s.jws.n, d->submission.n - d->s.jws.n));
        buf_reset(&d->jws);
        buf_reset(&d->submission);
        assert_ok(statement_sign(&d->s, signing_key_signer(c->jo.key), &d->jws));
        buf_put(&d->submission, d->s.jws);
        buf_put(&d->submission, buf_bytes(&disclosures));
        draft_fails(&c->v, &c->jo, STATEMENTS, d, ERR_LAYOUT);
        buf_clear(&disclosures);
        buf_clear(&json);
        buf_clear(&text);
}

static void send_text(struct cast *c, const char *text, enum err e)
{
        struct answer a;
        service_ask(&c->v, &c->jo, "POST", STATEMENTS, SDJWT, bytes_text(text), &a);
        answer_is(&a, e);
}

static void bytes_that_are_no_submission(void **state)
{
        struct cast *c = *state;
        send_text(c, "", ERR_JWS);
        send_text(c, "~", ERR_JWS);
        send_text(c, "a.b.c~", ERR_JWS);
        send_text(c, "{\"v\":1}", ERR_JWS);
        struct draft *d = signed_operation(c);
        d->submission.n--; /* without the last ~ */
        draft_fails(&c->v, &c->jo, STATEMENTS, d, ERR_JWS);
        d = signed_operation(c);
        change_disclosure(d, 3, 1, &(struct buf){.at = (uint8_t[]){'!', '!'}, .n = 2, .size = 2, .max = 2});
        draft_fails(&c->v, &c->jo, STATEMENTS, d, ERR_DISCLOSURE_MISSING);
}

static void fields_of_the_wrong_form(void **state)
{
        struct cast *c = *state;
        struct draft *d = draft_new(&c->v, &c->jo, KIND_OPERATION);
        d->s.claims.act = ACT_OPEN;
        draft_sign(d, c->jo.key);
        draft_fails(&c->v, &c->jo, STATEMENTS, d, ERR_FIELD_MISSING);
        d = draft_operation(&c->v, &c->jo, "OP-FIELDS");
        draft_text(d, "agency", "circus");
        draft_sign(d, c->jo.key);
        draft_fails(&c->v, &c->jo, STATEMENTS, d, ERR_FIELD_WORD);
        d = draft_operation(&c->v, &c->jo, "OP-FIELDS");
        draft_put(d, "title", "17");
        draft_sign(d, c->jo.key);
        draft_fails(&c->v, &c->jo, STATEMENTS, d, ERR_FIELD_VALUE);
}

/* --- whose statement --- */

static void a_statement_of_another_ledger(void **state)
{
        struct cast *c = *state;
        static const char *const logs[] = {"other.example/ledger#AAAAAAAAAAAAAAAAAAAAAA",
                                           "test.example/ledger#AAAAAAAAAAAAAAAAAAAAAA",
                                           "test.example/ledger#"};
        for (size_t i = 0; i < sizeof logs / sizeof logs[0]; i++) {
                struct draft *d = draft_operation(&c->v, &c->jo, "OP-LOG");
                d->s.log = bytes_text(logs[i]);
                draft_sign(d, c->jo.key);
                draft_fails(&c->v, &c->jo, STATEMENTS, d, ERR_OTHER_LOG);
        }
}

static void a_signature_that_does_not_fit(void **state)
{
        struct cast *c = *state;
        struct draft *d = signed_operation(c);
        uint8_t *last = memchr(d->submission.at, '~', d->submission.n);
        assert_non_null(last);
        last[-40] = last[-40] == 'A' ? 'B' : 'A';
        draft_fails(&c->v, &c->jo, STATEMENTS, d, ERR_SIGNATURE);
        /* Signed by somebody else under jo's key id: the header of one, the signature of the other. */
        d = signed_operation(c);
        struct draft *other = draft_operation(&c->v, &c->jo, "OP-OTHER");
        draft_sign(other, c->jane.key);
        uint8_t *end = memchr(other->submission.at, '~', other->submission.n);
        last = memchr(d->submission.at, '~', d->submission.n);
        memcpy(last - 86, end - 86, 86);
        draft_free(other);
        draft_fails(&c->v, &c->jo, STATEMENTS, d, ERR_SIGNATURE);
}

static void a_key_that_is_not_enrolled(void **state)
{
        struct cast *c = *state;
        struct person stranger;
        person_new(&stranger);
        struct draft *d = draft_operation(&c->v, NULL, "OP-STRANGER");
        draft_sign(d, stranger.key);
        draft_fails(&c->v, &c->jo, STATEMENTS, d, ERR_NOT_ENROLLED);
        /* and a certificate that nobody knows does not come in at all */
        struct client client;
        X509 *certificate = client_certificate(buf_bytes(&stranger.certificate));
        EVP_PKEY *key = client_key(secret_bytes(&stranger.tls_key));
        char one;
        client_prepare(&client, c->v.port, certificate, key);
        bool in = SSL_connect(client.ssl) == 1; /* TLS 1.3: the client is done before the server has judged */
        assert_true(!in || SSL_read(client.ssl, &one, 1) <= 0);
        client_close(&client);
        X509_free(certificate);
        EVP_PKEY_free(key);
        person_clear(&stranger);
}

static void a_statement_over_another_members_connection(void **state)
{
        struct cast *c = *state;
        struct draft *d = draft_operation(&c->v, &c->jo, "OP-OVER");
        draft_sign(d, c->jo.key);
        draft_fails(&c->v, &c->jane, STATEMENTS, d, ERR_OTHER_KEY);
        d = draft_operation(&c->v, &c->jo, "OP-OVER");
        draft_sign(d, c->jo.key);
        draft_fails(&c->v, NULL, STATEMENTS, d, ERR_NO_CERTIFICATE);
        /* join takes requests without a certificate, but not everybody's statements */
        d = draft_operation(&c->v, &c->jo, "OP-OVER");
        draft_sign(d, c->jo.key);
        draft_fails(&c->v, NULL, JOIN, d, ERR_NO_CERTIFICATE);
}

/* Revoked while the connection is open: the next request on it is refused, and so is a new connection. */
static void a_member_who_was_revoked(void **state)
{
        struct cast *c = *state;
        struct person gone;
        struct client client;
        struct answer a;
        person_enrol(&c->v, &c->ada, &gone, ROLE_BIT(ROLE_INVESTIGATOR), "north", "gone");
        service_open(&c->v, &gone, &client);
        service_send(&client, "GET", "/v1/whoami", NULL, bytes_of(NULL, 0));
        (void)client_read(&client, &a);
        assert_int_equal(a.status, 200);
        buf_clear(&a.body);
        struct draft *d = draft_new(&c->v, &c->ada, KIND_MEMBER);
        d->s.claims.act = ACT_REVOKE;
        d->s.claims.member = gone.id;
        (void)draft_enter(&c->v, &c->ada, STATEMENTS, d, NULL);
        d = draft_operation(&c->v, &gone, "OP-GONE");
        draft_sign(d, gone.key);
        service_send(&client, "POST", STATEMENTS, SDJWT, buf_bytes(&d->submission));
        (void)client_read(&client, &a);
        answer_is(&a, ERR_REVOKED);
        draft_free(d);
        client_close(&client);
        person_clear(&gone);
}

/* --- members --- */

static const char *invite_state(struct cast *c, const struct ticket *t, char out[32])
{
        struct public_key key = signing_key_signer(t->key).key;
        char path[128], text[64];
        b64u_text(bytes_of(key.b, sizeof key.b), text);
        (void)snprintf(path, sizeof path, "/v1/invites/%s", text);
        json_t *o = service_get(&c->v, NULL, path);
        (void)snprintf(out, 32, "%s", json_string_value(json_object_get(o, "state")));
        json_decref(o);
        return out;
}

static void enter_invite(struct cast *c, struct ticket *t, roles r, enum verdict verdict)
{
        ticket_new(t);
        t->entry = draft_enter(&c->v, &c->ada, STATEMENTS, draft_invite(&c->v, &c->ada, t, r, "north"), NULL);
        assert_int_equal(t->entry.verdict, verdict);
}

static void join_fails(struct cast *c, const struct ticket *t, struct draft *d, enum err e)
{
        draft_sign(d, t->key);
        draft_fails(&c->v, NULL, JOIN, d, e);
}

static void an_invite_that_is_late(void **state)
{
        struct cast *c = *state;
        struct ticket t;
        struct person p;
        char text[32];
        ticket_new(&t);
        person_new(&p);
        struct draft *d = draft_invite(&c->v, &c->ada, &t, ROLE_BIT(ROLE_INVESTIGATOR), "north");
        d->s.claims.expires = service_now_s() - 2;
        (void)draft_enter(&c->v, &c->ada, STATEMENTS, d, NULL);
        assert_string_equal(invite_state(c, &t, text), "expired");
        join_fails(c, &t, draft_join(&c->v, &t, &p, "late"), ERR_INVITE_LATE);
        person_clear(&p);
        ticket_clear(&t);
}

static void an_invite_and_its_join(void **state)
{
        struct cast *c = *state;
        struct ticket t;
        struct person p, other;
        struct draft *d;
        struct answer a;
        char text[32];
        enter_invite(c, &t, ROLE_BIT(ROLE_INVESTIGATOR), VERDICT_ACCEPTED);
        person_new(&p);
        person_new(&other);
        assert_string_equal(invite_state(c, &t, text), "active");

        d = draft_join(&c->v, &t, &p, "nina");
        d->s.claims.pop.b[7] ^= 1;
        join_fails(c, &t, d, ERR_POSSESSION);
        d = draft_join(&c->v, &t, &p, "nina"); /* another key signed for itself */
        d->s.claims.key = signing_key_signer(other.key).key;
        join_fails(c, &t, d, ERR_POSSESSION);
        d = draft_join(&c->v, &t, &p, "nina");
        d->s.claims.member.b[0] ^= 1;
        join_fails(c, &t, d, ERR_CLAIM);
        d = draft_join(&c->v, &t, &p, "nina"); /* jo's TLS key */
        d->s.claims.tls = c->jo.tls;
        join_fails(c, &t, d, ERR_CLAIM);
        join_fails(c, &t, draft_join(&c->v, &t, &p, "Nina!"), ERR_FIELD_VALUE);
        struct draft *not_a_join = draft_operation(&c->v, NULL, "OP-INVITE");
        join_fails(c, &t, not_a_join, ERR_ROLE);

        d = draft_join(&c->v, &t, &p, "jo");
        draft_sign(d, t.key);
        service_post(&c->v, NULL, JOIN, d, &a);
        json_t *o = answer_problem(&a, ERR_ALIAS_TAKEN);
        assert_string_equal(json_string_value(json_object_get(o, "free")), "jo2");
        draft_free(d);

        /* the free one is taken up; the same join again is answered, another is not */
        d = draft_join(&c->v, &t, &p, json_string_value(json_object_get(o, "free")));
        json_decref(o);
        draft_sign(d, t.key);
        service_post(&c->v, NULL, JOIN, d, &a);
        assert_int_equal(a.status, 201);
        o = answer_object(&a);
        uint64_t seq = reply_check(&c->v, o, d->s.jws, NULL);
        json_decref(o);
        service_post(&c->v, NULL, JOIN, d, &a);
        assert_int_equal(a.status, 200);
        o = answer_object(&a);
        assert_int_equal(reply_check(&c->v, o, d->s.jws, NULL), seq);
        json_decref(o);
        draft_free(d);
        assert_string_equal(invite_state(c, &t, text), "used");
        d = draft_join(&c->v, &t, &other, "second");
        draft_sign(d, t.key);
        service_post(&c->v, NULL, JOIN, d, &a);
        answer_is(&a, ERR_OTHER_BODY); /* number 1 of the invite's key */
        draft_free(d);
        d = draft_join(&c->v, &t, &other, "second");
        assert_ok(hash_of_text(bytes_text("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), &d->s.prev));
        d->s.n = 2;
        join_fails(c, &t, d, ERR_NUMBER);
        person_clear(&p);
        person_clear(&other);
        ticket_clear(&t);
}

/* Number 2 of the invite's key, following the join: the number is right, the invite is spent. */
static void an_invite_used_twice(void **state)
{
        struct cast *c = *state;
        struct ticket t;
        struct person p, other;
        struct answer a;
        enter_invite(c, &t, ROLE_BIT(ROLE_INVESTIGATOR), VERDICT_ACCEPTED);
        person_new(&p);
        person_new(&other);
        struct draft *d = draft_join(&c->v, &t, &p, "twice");
        draft_sign(d, t.key);
        service_post(&c->v, NULL, JOIN, d, &a);
        assert_int_equal(a.status, 201);
        buf_clear(&a.body);
        struct draft *again = draft_join(&c->v, &t, &other, "again");
        again->s.n = 2;
        again->s.prev = d->s.st;
        draft_free(d);
        join_fails(c, &t, again, ERR_INVITE_USED);
        person_clear(&p);
        person_clear(&other);
        ticket_clear(&t);
}

static void an_invite_that_nobody_made(void **state)
{
        struct cast *c = *state;
        struct ticket t;
        struct person p;
        char text[32];
        ticket_new(&t);
        person_new(&p);
        assert_string_equal(invite_state(c, &t, text), "unknown");
        join_fails(c, &t, draft_join(&c->v, &t, &p, "nobody"), ERR_INVITE_UNKNOWN);
        person_clear(&p);
        ticket_clear(&t);
}

/* A decision on a member entry: it has no fields to be shown. */
static struct draft *draft_decision(struct cast *c, const struct person *p, const struct entry *target,
                                    enum verb verb)
{
        struct draft *d = draft_new(&c->v, p, KIND_DECISION);
        d->s.claims.verb = verb;
        draft_ref(d, REL_TARGET, &target->st);
        draft_put(d, "shown", "[]");
        assert_ok(seen_hash(&target->leaf, 0, NULL, &d->s.claims.seen));
        return d;
}

static void a_grant_that_needs_a_second_person(void **state)
{
        struct cast *c = *state;
        struct ticket yes, no;
        struct person p;
        struct draft *d;
        char text[32];
        person_new(&p);
        enter_invite(c, &yes, ROLE_BIT(ROLE_SUPERVISOR), VERDICT_WAITING);
        enter_invite(c, &no, ROLE_BIT(ROLE_SUPERVISOR), VERDICT_WAITING);
        assert_string_equal(invite_state(c, &yes, text), "waiting");
        join_fails(c, &yes, draft_join(&c->v, &yes, &p, "sol"), ERR_INVITE_WAITING);

        d = draft_decision(c, &c->ada, &yes.entry, VERB_APPROVE);
        draft_sign(d, c->ada.key);
        draft_fails(&c->v, &c->ada, STATEMENTS, d, ERR_OWN);
        d = draft_decision(c, &c->sam, &yes.entry, VERB_APPROVE); /* supervisors decide enquiries */
        draft_sign(d, c->sam.key);
        draft_fails(&c->v, &c->sam, STATEMENTS, d, ERR_ROLE);

        (void)draft_enter(&c->v, &c->una, STATEMENTS, draft_decision(c, &c->una, &yes.entry, VERB_APPROVE),
                          NULL);
        (void)draft_enter(&c->v, &c->una, STATEMENTS, draft_decision(c, &c->una, &no.entry, VERB_REFUSE),
                          NULL);
        d = draft_decision(c, &c->una, &yes.entry, VERB_REFUSE);
        draft_sign(d, c->una.key);
        draft_fails(&c->v, &c->una, STATEMENTS, d, ERR_DECIDED);
        assert_string_equal(invite_state(c, &yes, text), "active");
        assert_string_equal(invite_state(c, &no, text), "refused");
        join_fails(c, &no, draft_join(&c->v, &no, &p, "sol"), ERR_INVITE_REFUSED);
        person_join(&c->v, &yes, &p, "sol");
        person_clear(&p);
        ticket_clear(&yes);
        ticket_clear(&no);
}

static void member_fails(struct cast *c, struct draft *d, enum err e)
{
        draft_sign(d, c->ada.key);
        draft_fails(&c->v, &c->ada, STATEMENTS, d, e);
}

static void changes_that_cannot_be(void **state)
{
        struct cast *c = *state;
        struct ticket t;
        ticket_new(&t);
        member_fails(
            c,
            draft_invite(&c->v, &c->ada, &t, ROLE_BIT(ROLE_ADMINISTRATOR) | ROLE_BIT(ROLE_AUDITOR), "north"),
            ERR_ROLES_EXCLUDE);
        struct draft *d = draft_new(&c->v, &c->ada, KIND_MEMBER);
        d->s.claims.act = ACT_REVOKE;
        d->s.claims.member = t.member;
        member_fails(c, d, ERR_MEMBER);
        d = draft_new(&c->v, &c->ada, KIND_MEMBER);
        d->s.claims.act = ACT_REVOKE; /* the only administrator */
        d->s.claims.member = c->ada.id;
        member_fails(c, d, ERR_ROLE);
        d = draft_invite(&c->v, &c->jo, &t, ROLE_BIT(ROLE_INVESTIGATOR), "north"); /* not jo's to make */
        draft_sign(d, c->jo.key);
        draft_fails(&c->v, &c->jo, STATEMENTS, d, ERR_ROLE);
        d = draft_new(&c->v, &c->ada, KIND_POLICY);
        d->s.claims.act = ACT_ADOPT;
        d->s.claims.policy = c->jo.tls; /* no text has that hash */
        member_fails(c, d, ERR_ANNEX);
        ticket_clear(&t);
}

/* Stopped and started again: what was acknowledged is there, and the numbers go on where they were. */
static void a_restart(void **state)
{
        struct cast *c = *state;
        struct draft *d = draft_operation(&c->v, &c->jo, "OP-RESTART");
        struct answer a;
        draft_sign(d, c->jo.key);
        service_post(&c->v, &c->jo, STATEMENTS, d, &a);
        assert_int_equal(a.status, 201);
        json_t *o = answer_object(&a);
        uint64_t seq = reply_check(&c->v, o, d->s.jws, NULL);
        json_decref(o);
        assert_int_equal(service_stop(&c->v), EXIT_DONE);
        service_start(&c->v);
        service_post(&c->v, &c->jo, STATEMENTS, d, &a);
        assert_int_equal(a.status, 200);
        o = answer_object(&a);
        assert_int_equal(reply_check(&c->v, o, d->s.jws, NULL), seq);
        json_decref(o);
        c->jo.n = d->s.n;
        c->jo.st = d->s.st;
        draft_free(d);
        (void)draft_enter(&c->v, &c->jo, STATEMENTS, draft_operation(&c->v, &c->jo, "OP-RESTART-2"), NULL);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(a_number_that_does_not_follow),
            cmocka_unit_test(the_same_number_with_another_body),
            cmocka_unit_test(a_repeat_is_answered_with_the_first_receipt),
            cmocka_unit_test(a_disclosure_too_few_or_twice),
            cmocka_unit_test(a_disclosure_too_many),
            cmocka_unit_test(a_disclosure_that_was_altered),
            cmocka_unit_test(a_decoy_that_was_replaced),
            cmocka_unit_test(bytes_that_are_no_submission),
            cmocka_unit_test(fields_of_the_wrong_form),
            cmocka_unit_test(a_statement_of_another_ledger),
            cmocka_unit_test(a_signature_that_does_not_fit),
            cmocka_unit_test(a_key_that_is_not_enrolled),
            cmocka_unit_test(a_statement_over_another_members_connection),
            cmocka_unit_test(a_member_who_was_revoked),
            cmocka_unit_test(an_invite_that_is_late),
            cmocka_unit_test(an_invite_and_its_join),
            cmocka_unit_test(an_invite_used_twice),
            cmocka_unit_test(an_invite_that_nobody_made),
            cmocka_unit_test(a_grant_that_needs_a_second_person),
            cmocka_unit_test(changes_that_cannot_be),
            cmocka_unit_test(a_restart),
        };
        return service_can_run() ? cmocka_run_group_tests(tests, cast_begin, cast_end) : 0;
}
