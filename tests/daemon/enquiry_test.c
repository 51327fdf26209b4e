/* Enquiries, decisions and readings as the daemon judges them: what refers to what, who may decide and who
 * may read, and that no answer is given without an entry of its own. */
#include "tests/daemon/service.h"

#define OPERATION "OP-ALDER-1"

/* The digests of an intent's fields: what somebody who decides about it is shown. */
struct shown {
        size_t n;
        struct hash digest[BODY_FIELDS_MAX];
};

static struct entry enter_intent(struct cast *c, struct person *p, const char *subject, const char *age,
                                 struct shown *out)
{
        struct draft *d = draft_intent(&c->v, p, OPERATION, subject, age);
        assert_ok(body_digests(&d->b, d->s.sd));
        if (out != NULL)
                for (out->n = 0; out->n < d->b.n; out->n++)
                        out->digest[out->n] = d->b.field[out->n].digest;
        return draft_enter(&c->v, p, STATEMENTS, d, NULL);
}

static struct draft *draft_decision(struct cast *c, const struct person *p, const struct entry *target,
                                    enum verb verb, const struct shown *shown)
{
        struct draft *d = draft_new(&c->v, p, KIND_DECISION);
        struct hash digests[BODY_FIELDS_MAX];
        struct buf list;
        buf_init(&list, 16384);
        buf_put_text(&list, "[");
        for (size_t i = 0; i < shown->n; i++) {
                buf_put_text(&list, i > 0 ? ",\"" : "\"");
                hash_put(&list, &shown->digest[i]);
                buf_put_text(&list, "\"");
                digests[i] = shown->digest[i];
        }
        buf_put_text(&list, "]");
        d->s.claims.verb = verb;
        draft_ref(d, REL_TARGET, &target->st);
        draft_put(d, "shown", buf_text(&list));
        draft_text(d, "reason", "It safeguards the child");
        assert_ok(seen_hash(&target->leaf, shown->n, digests, &d->s.claims.seen));
        buf_clear(&list);
        return d;
}

static void statement_fails(struct cast *c, const struct person *p, struct draft *d, enum err e)
{
        draft_sign(d, p->key);
        draft_fails(&c->v, p, STATEMENTS, d, e);
}

static void consult_fails(struct cast *c, const struct person *p, const char *class, const char *query,
                          enum err e)
{
        struct draft *d = draft_consult(&c->v, p, class, query);
        draft_sign(d, p->key);
        draft_fails(&c->v, p, CONSULT, d, e);
}

static int begin(void **state)
{
        struct cast *c;
        int failed = cast_begin(state);
        c = *state;
        (void)draft_enter(&c->v, &c->sam, STATEMENTS, draft_operation(&c->v, &c->sam, OPERATION), NULL);
        return failed;
}

/* --- operations and what is under them --- */

static void operations_by_name(void **state)
{
        struct cast *c = *state;
        statement_fails(c, &c->jo, draft_operation(&c->v, &c->jo, OPERATION), ERR_OPERATION_TAKEN);
        statement_fails(c, &c->jo, draft_intent(&c->v, &c->jo, "OP-NOWHERE", "x:a", NULL), ERR_OPERATION);

        struct entry other =
            draft_enter(&c->v, &c->jane, STATEMENTS, draft_operation(&c->v, &c->jane, "OP-JANE"), NULL);
        struct draft *d = draft_new(&c->v, &c->jo, KIND_OPERATION);
        d->s.claims.act = ACT_CLOSE;
        draft_text(d, "operation", "OP-JANE");
        draft_ref(d, REL_OPERATION, &other.st);
        statement_fails(c, &c->jo, d, ERR_ROLE); /* neither opened by jo nor jo a supervisor */
        d = draft_new(&c->v, &c->jane, KIND_OPERATION);
        d->s.claims.act = ACT_CLOSE;
        draft_text(d, "operation", "OP-JANE");
        statement_fails(c, &c->jane, d, ERR_REF); /* names none */
        d = draft_new(&c->v, &c->jane, KIND_OPERATION);
        d->s.claims.act = ACT_CLOSE;
        draft_text(d, "operation", "OP-JANE");
        draft_ref(d, REL_OPERATION, &other.st);
        (void)draft_enter(&c->v, &c->jane, STATEMENTS, d, NULL);
        statement_fails(c, &c->jo, draft_intent(&c->v, &c->jo, "OP-JANE", "x:a", NULL), ERR_OPERATION);
        d = draft_new(&c->v, &c->jane, KIND_OPERATION);
        d->s.claims.act = ACT_CLOSE;
        draft_text(d, "operation", "OP-JANE");
        draft_ref(d, REL_OPERATION, &other.st);
        statement_fails(c, &c->jane, d, ERR_OPERATION); /* closed already */
        /* the name is free again */
        (void)draft_enter(&c->v, &c->jo, STATEMENTS, draft_operation(&c->v, &c->jo, "OP-JANE"), NULL);
}

static struct draft *draft_activity(struct cast *c, const struct person *p, const struct hash *intent)
{
        struct draft *d = draft_new(&c->v, p, KIND_ACTIVITY);
        draft_text(d, "result", "nothing-found");
        if (intent != NULL)
                draft_ref(d, REL_INTENT, intent);
        return d;
}

static void activities_and_what_they_close(void **state)
{
        struct cast *c = *state;
        struct entry jos = enter_intent(c, &c->jo, "x:closing", NULL, NULL);
        struct hash nothing = jos.st;
        json_t *own;
        char path[96];
        nothing.b[3] ^= 1;
        statement_fails(c, &c->jane, draft_activity(c, &c->jane, &jos.st), ERR_REF);
        statement_fails(c, &c->jo, draft_activity(c, &c->jo, &nothing), ERR_REF);
        struct entry operation =
            draft_enter(&c->v, &c->jo, STATEMENTS, draft_operation(&c->v, &c->jo, "OP-CLOSES"), NULL);
        statement_fails(c, &c->jo, draft_activity(c, &c->jo, &operation.st), ERR_REF); /* no enquiry */
        (void)draft_enter(&c->v, &c->jo, STATEMENTS, draft_activity(c, &c->jo, &jos.st), NULL);
        (void)snprintf(path, sizeof path, "/v1/own/%s", jos.ref);
        own = service_get(&c->v, &c->jo, path);
        assert_false(json_is_true(json_object_get(own, "open")));
        json_decref(own);
        service_get_fails(&c->v, &c->jane, path, ERR_ROLE);
}

/* --- decisions --- */

static void decisions_and_what_was_seen(void **state)
{
        struct cast *c = *state;
        struct shown shown, less, foreign;
        struct entry waiting = enter_intent(c, &c->jo, "x:child", "14-17", &shown);
        struct entry accepted = enter_intent(c, &c->jo, "x:adult", NULL, &foreign);
        struct draft *d;
        assert_int_equal(waiting.verdict, VERDICT_WAITING);
        assert_int_equal(accepted.verdict, VERDICT_ACCEPTED);

        d = draft_decision(c, &c->sam, &waiting, VERB_APPROVE, &shown);
        d->s.claims.seen.b[0] ^= 1;
        statement_fails(c, &c->sam, d, ERR_SEEN);
        less = shown; /* the list says less than the digest */
        less.n--;
        d = draft_decision(c, &c->sam, &waiting, VERB_APPROVE, &less);
        struct draft *whole = draft_decision(c, &c->sam, &waiting, VERB_APPROVE, &shown);
        d->s.claims.seen = whole->s.claims.seen;
        draft_free(whole);
        statement_fails(c, &c->sam, d, ERR_SEEN);
        statement_fails(c, &c->sam, draft_decision(c, &c->sam, &waiting, VERB_APPROVE, &foreign), ERR_SEEN);
        d = draft_new(&c->v, &c->sam, KIND_DECISION);
        d->s.claims.verb = VERB_APPROVE;
        draft_ref(d, REL_TARGET, &waiting.st);
        statement_fails(c, &c->sam, d, ERR_FIELD_MISSING);
        d = draft_decision(c, &c->sam, &waiting, VERB_APPROVE, &shown);
        d->s.refs_n = 0;
        statement_fails(c, &c->sam, d, ERR_REF);

        statement_fails(c, &c->jane, draft_decision(c, &c->jane, &waiting, VERB_APPROVE, &shown), ERR_ROLE);
        statement_fails(c, &c->una, draft_decision(c, &c->una, &waiting, VERB_APPROVE, &shown), ERR_ROLE);
        statement_fails(c, &c->ada, draft_decision(c, &c->ada, &waiting, VERB_APPROVE, &shown), ERR_ROLE);
        statement_fails(c, &c->sam, draft_decision(c, &c->sam, &accepted, VERB_APPROVE, &foreign),
                        ERR_DECIDED);

        (void)draft_enter(&c->v, &c->sam, STATEMENTS,
                          draft_decision(c, &c->sam, &waiting, VERB_ESCALATE, &shown), NULL);
        (void)draft_enter(&c->v, &c->sam, STATEMENTS,
                          draft_decision(c, &c->sam, &waiting, VERB_APPROVE, &less), NULL);
        statement_fails(c, &c->sam, draft_decision(c, &c->sam, &waiting, VERB_REFUSE, &shown), ERR_DECIDED);
}

/* Nobody decides their own: kept as a refused entry, and the entry goes on waiting. */
static void an_own_request(void **state)
{
        struct cast *c = *state;
        struct shown shown;
        struct entry own = enter_intent(c, &c->sam, "x:own", "10-13", &shown);
        struct entry decision = draft_enter(&c->v, &c->sam, STATEMENTS,
                                            draft_decision(c, &c->sam, &own, VERB_APPROVE, &shown), NULL);
        char path[96];
        assert_int_equal(own.verdict, VERDICT_WAITING);
        assert_int_equal(decision.verdict, VERDICT_REFUSED);
        (void)snprintf(path, sizeof path, "/v1/own/%s", own.ref);
        json_t *o = service_get(&c->v, &c->sam, path);
        assert_string_equal(json_string_value(json_object_get(o, "decided")), "waiting");
        json_decref(o);
}

/* South has no supervisor of its own, so north's sees it; then south gets one. */
static void an_entry_of_another_unit(void **state)
{
        struct cast *c = *state;
        struct shown shown;
        struct entry first = enter_intent(c, &c->jane, "x:south-1", "14-17", &shown);
        (void)draft_enter(&c->v, &c->sam, STATEMENTS,
                          draft_decision(c, &c->sam, &first, VERB_APPROVE, &shown), NULL);
        struct person sol;
        struct ticket t;
        ticket_new(&t);
        person_new(&sol);
        t.entry = draft_enter(&c->v, &c->ada, STATEMENTS,
                              draft_invite(&c->v, &c->ada, &t, ROLE_BIT(ROLE_SUPERVISOR), "south"), NULL);
        const struct shown none = {0};
        (void)draft_enter(&c->v, &c->una, STATEMENTS,
                          draft_decision(c, &c->una, &t.entry, VERB_APPROVE, &none), NULL);
        person_join(&c->v, &t, &sol, "sol");
        struct entry second = enter_intent(c, &c->jane, "x:south-2", "14-17", &shown);
        char query[96];
        (void)snprintf(query, sizeof query, "{\"ref\":\"%s\"}", second.ref);
        statement_fails(c, &c->sam, draft_decision(c, &c->sam, &second, VERB_APPROVE, &shown), ERR_ROLE);
        consult_fails(c, &c->sam, "show", query, ERR_ROLE);
        (void)draft_enter(&c->v, &sol, STATEMENTS, draft_decision(c, &sol, &second, VERB_RETURN, &shown),
                          NULL);
        person_clear(&sol);
        ticket_clear(&t);
}

static void amends(void **state)
{
        struct cast *c = *state;
        struct entry entry = enter_intent(c, &c->jo, "x:amended", NULL, NULL);
        for (int row = 0; row < 3; row++) {
                const struct person *p = row == 1 ? &c->jane : &c->jo;
                struct draft *d = draft_new(&c->v, p, KIND_AMEND);
                draft_text(d, "reason", "typed wrongly");
                draft_text(d, "amended_field", row == 0 ? "favourite_colour" : "objective");
                draft_text(d, "amended_value", "\"Which county\"");
                draft_ref(d, REL_AMENDS, &entry.st);
                if (row == 0)
                        statement_fails(c, p, d, ERR_FIELD_UNKNOWN);
                else if (row == 1)
                        statement_fails(c, p, d, ERR_ROLE);
                else
                        (void)draft_enter(&c->v, &c->jo, STATEMENTS, d, NULL);
        }
}

static void kinds_that_are_not_taken(void **state)
{
        struct cast *c = *state;
        struct entry entry = enter_intent(c, &c->jo, "x:held", NULL, NULL);
        struct draft *d = draft_new(&c->v, &c->sam, KIND_HOLD);
        d->s.claims.act = ACT_PLACE;
        d->s.claims.ground = bytes_text("cpia");
        draft_ref(d, REL_TARGET, &entry.st);
        draft_text(d, "reason", "a trial is coming");
        statement_fails(c, &c->sam, d, ERR_KIND);
}

/* --- reading --- */

static void a_consult_has_a_door_of_its_own(void **state)
{
        struct cast *c = *state;
        struct draft *d = draft_consult(&c->v, &c->jo, "list", "{}");
        statement_fails(c, &c->jo, d, ERR_KIND);
        d = draft_operation(&c->v, &c->jo, "OP-DOOR");
        draft_sign(d, c->jo.key);
        draft_fails(&c->v, &c->jo, CONSULT, d, ERR_KIND);
        consult_fails(c, &c->jo, "show", "{\"ref\":\"nobody-1\"}", ERR_REFERENCE);
        consult_fails(c, &c->jo, "show", "{\"ref\":\"999999\"}", ERR_REFERENCE);
        consult_fails(c, &c->jo, "show", "{}", ERR_REFERENCE);
        consult_fails(c, &c->jo, "show", "[]", ERR_FIELD_VALUE);
        consult_fails(c, &c->jo, "show", "{\"ref\": 1}", ERR_FIELD_VALUE);
        consult_fails(c, &c->jo, "list", "{\"kind\":\"enquiry.rumour\"}", ERR_KIND);
        consult_fails(c, &c->jo, "list", "{\"limit\":-1}", ERR_FIELD_VALUE);
        consult_fails(c, &c->jo, "content", "{}", ERR_ROLE);
        consult_fails(c, &c->jo, "statistics", "{}", ERR_FIELD_WORD);
}

static size_t entries_of(json_t *answer)
{
        size_t n = json_array_size(json_object_get(answer, "entries"));
        json_decref(answer);
        return n;
}

static void an_administrator_reads_no_record(void **state)
{
        struct cast *c = *state;
        struct entry entry = enter_intent(c, &c->jo, "x:private", NULL, NULL);
        char query[96];
        (void)snprintf(query, sizeof query, "{\"ref\":\"%s\"}", entry.ref);
        consult_fails(c, &c->ada, "show", query, ERR_ROLE);
        (void)snprintf(query, sizeof query, "{\"ref\":\"%llu\"}", (unsigned long long)entry.seq);
        consult_fails(c, &c->ada, "show", query, ERR_ROLE);
        consult_fails(c, &c->ada, "operations", "{}", ERR_ROLE);
        consult_fails(c, &c->ada, "content", "{}", ERR_ROLE);
        assert_int_equal(entries_of(service_consult(&c->v, &c->ada, "list", "{\"kind\":\"enquiry.intent\"}")),
                         0);
        struct draft *d = draft_consult(&c->v, &c->ada, "list", "{\"all\":true,\"limit\":100}");
        json_t *reply = NULL;
        draft_text(d, "log_purpose", "integrity"); /* with the logs among them */
        (void)draft_enter(&c->v, &c->ada, CONSULT, d, &reply);
        json_t *all = json_incref(json_object_get(reply, "answer"));
        json_decref(reply);
        const json_t *one;
        size_t i;
        assert_true(json_array_size(json_object_get(all, "entries")) > 5);
        json_array_foreach(json_object_get(all, "entries"), i, one)
        {
                const char *kind = json_string_value(json_object_get(one, "kind"));
                assert_true(strcmp(kind, "member") == 0 || strcmp(kind, "genesis") == 0 ||
                            strcmp(kind, "policy") == 0);
        }
        json_decref(all);
        (void)snprintf(query, sizeof query, "/v1/own/%s", entry.ref);
        service_get_fails(&c->v, &c->ada, query, ERR_ROLE);
}

/* What an investigator's list shows is the investigator's own, and operations and members. */
static void an_investigator_reads_the_own(void **state)
{
        struct cast *c = *state;
        struct entry jos = enter_intent(c, &c->jo, "x:jos", NULL, NULL);
        char query[96];
        (void)enter_intent(c, &c->jane, "x:janes", NULL, NULL);
        json_t *list =
            service_consult(&c->v, &c->jane, "list", "{\"kind\":\"enquiry.intent\",\"limit\":100}");
        const json_t *one;
        size_t i;
        assert_true(json_array_size(json_object_get(list, "entries")) > 0);
        json_array_foreach(json_object_get(list, "entries"), i, one)
            assert_memory_equal(json_string_value(json_object_get(one, "ref")), "jane-", 5);
        json_decref(list);
        (void)snprintf(query, sizeof query, "{\"ref\":\"%s\"}", jos.ref);
        consult_fails(c, &c->jane, "show", query, ERR_ROLE);
        /* the auditor may, the supervisor of the unit too */
        json_decref(service_consult(&c->v, &c->una, "show", query));
        json_decref(service_consult(&c->v, &c->sam, "show", query));
}

/* The entry says what was shown: its class, how many, and the digest of their leaf hashes. */
static void a_consult_says_what_was_shown(void **state)
{
        struct cast *c = *state;
        struct entry entry = enter_intent(c, &c->jo, "x:shown", NULL, NULL);
        json_t *reply = NULL;
        char query[96], shown[HASH_TEXT_LEN + 1];
        struct buf because;
        struct bytes value, facts, count, digest;
        struct hash hash;
        const struct bytes parts[] = {bytes_text("enquiry-shown-v1"), hash_bytes(&entry.leaf)};
        (void)snprintf(query, sizeof query, "{\"ref\":\"%s\"}", entry.ref);
        (void)draft_enter(&c->v, &c->jo, CONSULT, draft_consult(&c->v, &c->jo, "show", query), &reply);
        buf_init(&because, LEAF_MAX);
        assert_ok(b64u_decode(bytes_text(json_string_value(json_object_get(reply, "because"))), &because));
        assert_ok(because_value(buf_bytes(&because), &value));
        assert_ok(json_member(value, "facts", &facts));
        assert_ok(json_member(facts, "count", &count));
        assert_ok(json_member(facts, "shown", &digest));
        assert_true(bytes_is(count, "1"));
        assert_ok(hash_of_parts(2, parts, &hash));
        hash_text(&hash, shown);
        assert_int_equal(digest.n, HASH_TEXT_LEN + 2);
        assert_memory_equal(digest.at + 1, shown, HASH_TEXT_LEN);
        json_decref(reply);
        buf_clear(&because);
}

/* The same consult again has its receipt again, and not one record: what has been looked at since would be in
 * no entry. */
static void a_consult_sent_again_shows_nothing(void **state)
{
        struct cast *c = *state;
        struct draft *d = draft_consult(&c->v, &c->una, "list", "{\"kind\":\"enquiry.intent\"}");
        struct answer a;
        draft_sign(d, c->una.key);
        service_post(&c->v, &c->una, CONSULT, d, &a);
        assert_int_equal(a.status, 201);
        json_t *o = answer_object(&a);
        uint64_t seq = reply_check(&c->v, o, d->s.jws, NULL);
        assert_non_null(json_object_get(o, "answer"));
        json_decref(o);
        c->una.n = d->s.n;
        c->una.st = d->s.st;
        (void)enter_intent(c, &c->jo, "x:since-then", NULL, NULL);
        service_post(&c->v, &c->una, CONSULT, d, &a);
        assert_int_equal(a.status, 200);
        o = answer_object(&a);
        assert_int_equal(reply_check(&c->v, o, d->s.jws, NULL), seq);
        assert_null(json_object_get(o, "answer"));
        json_decref(o);
        draft_free(d);
}

/* Pages follow each other and leave nothing out, whatever the reader may not see in between. */
static void pages(void **state)
{
        struct cast *c = *state;
        size_t seen = 0;
        char query[128] = "{\"kind\":\"enquiry.intent\",\"limit\":2}";
        for (int i = 0; i < 5; i++) {
                (void)enter_intent(c, &c->jo, "x:page", NULL, NULL);
                (void)enter_intent(c, &c->jane, "x:page", NULL, NULL);
        }
        json_t *whole = service_consult(&c->v, &c->jo, "list", "{\"kind\":\"enquiry.intent\",\"limit\":100}");
        const json_t *all = json_object_get(whole, "entries");
        for (bool more = true; more;) {
                json_t *page = service_consult(&c->v, &c->jo, "list", query);
                const json_t *one;
                size_t i;
                json_array_foreach(json_object_get(page, "entries"), i, one)
                {
                        assert_string_equal(
                            json_string_value(json_object_get(one, "seq")),
                            json_string_value(json_object_get(json_array_get(all, seen), "seq")));
                        seen++;
                }
                const char *next = json_string_value(json_object_get(page, "next"));
                more = next != NULL;
                if (more)
                        (void)snprintf(query, sizeof query,
                                       "{\"kind\":\"enquiry.intent\",\"limit\":2,\"before\":%s}", next);
                json_decref(page);
        }
        assert_int_equal(seen, json_array_size(all));
        json_decref(whole);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(operations_by_name),
            cmocka_unit_test(activities_and_what_they_close),
            cmocka_unit_test(decisions_and_what_was_seen),
            cmocka_unit_test(an_own_request),
            cmocka_unit_test(an_entry_of_another_unit),
            cmocka_unit_test(amends),
            cmocka_unit_test(kinds_that_are_not_taken),
            cmocka_unit_test(a_consult_has_a_door_of_its_own),
            cmocka_unit_test(an_administrator_reads_no_record),
            cmocka_unit_test(an_investigator_reads_the_own),
            cmocka_unit_test(a_consult_says_what_was_shown),
            cmocka_unit_test(a_consult_sent_again_shows_nothing),
            cmocka_unit_test(pages),
        };
        return service_can_run() ? cmocka_run_group_tests(tests, begin, cast_end) : 0;
}
