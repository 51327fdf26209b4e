/* The routes as a client sees them: what each answers, to whom, and what is refused before a handler runs. */
#include "tests/daemon/service.h"

static void ask_fails(struct cast *c, const struct person *p, const char *method, const char *path,
                      const char *media, struct bytes body, enum err e)
{
        struct answer a;
        service_ask(&c->v, p, method, path, media, body, &a);
        answer_is(&a, e);
}

static void routes_that_are_none(void **state)
{
        struct cast *c = *state;
        static const char *const paths[] = {"/",
                                            "/v1",
                                            "/v1/statement",
                                            "/v1/statements/",
                                            "/v1/statements/1",
                                            "/v1/own/",
                                            "/v2/whoami",
                                            "/V1/whoami",
                                            "/tile/",
                                            "/checkpoint/",
                                            "/checkpoints",
                                            "/v1/invites/"};
        const struct bytes none = bytes_of(NULL, 0);
        for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
                ask_fails(c, &c->una, "GET", paths[i], NULL, none, ERR_ROUTE);
                ask_fails(c, NULL, "GET", paths[i], NULL, none, ERR_ROUTE);
        }
}

static void methods_and_media(void **state)
{
        struct cast *c = *state;
        const struct bytes none = bytes_of(NULL, 0), text = bytes_text("x~");
        ask_fails(c, &c->jo, "GET", STATEMENTS, NULL, none, ERR_METHOD);
        ask_fails(c, &c->jo, "PUT", STATEMENTS, SDJWT, text, ERR_METHOD);
        ask_fails(c, &c->jo, "DELETE", STATEMENTS, NULL, none, ERR_METHOD);
        ask_fails(c, &c->jo, "POST", "/v1/whoami", NULL, none, ERR_METHOD);
        ask_fails(c, &c->una, "POST", "/tile/0/000", NULL, none, ERR_METHOD);
        static const char *const media[] = {NULL, "application/json", "text/plain",
                                            "application/sd-jwt+json"};
        for (size_t i = 0; i < sizeof media / sizeof media[0]; i++) {
                ask_fails(c, &c->jo, "POST", STATEMENTS, media[i], text, ERR_MEDIA);
                ask_fails(c, &c->jo, "POST", CONSULT, media[i], text, ERR_MEDIA);
                ask_fails(c, NULL, "POST", JOIN, media[i], text, ERR_MEDIA);
        }
        ask_fails(c, &c->jo, "POST", STATEMENTS, "Application/SD-JWT; charset=utf-8", text, ERR_JWS);
}

/* One byte beyond the limit is refused by its Content-Length; at the limit it is read. */
static void a_body_that_is_too_long(void **state)
{
        struct cast *c = *state;
        struct buf body;
        buf_init(&body, SUBMISSION_MAX + 1);
        uint8_t *room = buf_put_room(&body, SUBMISSION_MAX + 1);
        assert_non_null(room);
        memset(room, 'a', SUBMISSION_MAX + 1);
        ask_fails(c, &c->jo, "POST", STATEMENTS, SDJWT, buf_bytes(&body), ERR_TOO_LONG);
        ask_fails(c, &c->jo, "POST", STATEMENTS, SDJWT, bytes_of(body.at, SUBMISSION_MAX), ERR_JWS);
        room[SUBMISSION_MAX - 1] = '~';
        ask_fails(c, &c->jo, "POST", STATEMENTS, SDJWT, bytes_of(body.at, SUBMISSION_MAX), ERR_TOO_LONG);
        buf_clear(&body);
}

static void what_is_no_http(void **state)
{
        struct cast *c = *state;
        static const struct {
                const char *text;
                enum err e;
        } rows[] = {
            {"POST /v1/statements HTTP/1.1\r\nHost: l\r\nContent-Type: " SDJWT "\r\n\r\n", ERR_LENGTH},
            {"GET /v1/whoami HTTP/1.0\r\nHost: l\r\n\r\n", ERR_HTTP},
            {"GET /v1/%77hoami HTTP/1.1\r\nHost: l\r\n\r\n", ERR_HTTP},
            {"GET /v1/whoami HTTP/1.1\r\nHost: l\r\nContent-Length: 1\r\n\r\nx", ERR_HTTP}};
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct client client;
                struct answer a;
                service_open(&c->v, &c->jo, &client);
                client_send(&client, rows[i].text);
                (void)client_read(&client, &a);
                answer_is(&a, rows[i].e);
                client_close(&client);
        }
}

static void who_may_ask(void **state)
{
        struct cast *c = *state;
        static const char *const members[] = {
            "/v1/whoami",     "/v1/own/jo-1",
            "/v1/policy",     "/v1/consistency?from=1",
            "/v1/receipts/0", "/v1/annex/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "/checkpoint"};
        static const char *const spine[] = {"/v1/checkpoints", "/v1/annexes", "/tile/0/000.p/1",
                                            "/tile/entries/000.p/1", "/v1/receipts/1"};
        for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
                service_get_fails(&c->v, NULL, members[i], ERR_NO_CERTIFICATE);
        for (size_t i = 0; i < sizeof spine / sizeof spine[0]; i++) {
                struct answer a;
                const struct person *const may[] = {&c->ada, &c->sam, &c->una};
                service_get_fails(&c->v, NULL, spine[i], ERR_NO_CERTIFICATE);
                service_get_fails(&c->v, &c->jo, spine[i], ERR_ROLE);
                for (size_t k = 0; k < sizeof may / sizeof may[0]; k++) {
                        service_ask(&c->v, may[k], "GET", spine[i], NULL, bytes_of(NULL, 0), &a);
                        assert_int_equal(a.status, 200);
                        assert_true(a.body.n > 0);
                        buf_clear(&a.body);
                }
        }
}

static void whoami(void **state)
{
        struct cast *c = *state;
        struct person *const people[] = {&c->ada, &c->jo, &c->sam};
        static const char *const aliases[] = {"ada", "jo", "sam"}, *const units[] = {"", "north", "north"};
        for (size_t i = 0; i < 3; i++) {
                json_t *o = service_get(&c->v, people[i], "/v1/whoami");
                char id[MEMBER_ID_TEXT_LEN + 1], st[HASH_TEXT_LEN + 1], n[24];
                member_id_text(&people[i]->id, id);
                hash_text(&people[i]->st, st);
                (void)snprintf(n, sizeof n, "%llu", (unsigned long long)people[i]->n);
                assert_string_equal(json_string_value(json_object_get(o, "member")), id);
                assert_string_equal(json_string_value(json_object_get(o, "name")), "A Member");
                assert_string_equal(json_string_value(json_object_get(o, "alias")), aliases[i]);
                assert_string_equal(json_string_value(json_object_get(o, "unit")), units[i]);
                assert_string_equal(json_string_value(json_object_get(json_object_get(o, "head"), "n")), n);
                assert_string_equal(json_string_value(json_object_get(json_object_get(o, "head"), "st")), st);
                json_decref(o);
        }
}

static uint64_t size_of_ledger(struct cast *c)
{
        struct answer a;
        struct checkpoint checkpoint;
        service_ask(&c->v, &c->jo, "GET", "/checkpoint", NULL, bytes_of(NULL, 0), &a);
        assert_int_equal(a.status, 200);
        assert_ok(checkpoint_open(buf_bytes(&a.body), &c->v.vkey, &checkpoint));
        uint64_t size = checkpoint.size;
        buf_clear(&a.body);
        return size;
}

static void receipts(void **state)
{
        struct cast *c = *state;
        struct entry own =
            draft_enter(&c->v, &c->jo, STATEMENTS, draft_operation(&c->v, &c->jo, "OP-RECEIPT"), NULL);
        char path[64];
        struct answer a;
        struct receipt r;
        struct hash leaf;
        (void)snprintf(path, sizeof path, "/v1/receipts/%llu", (unsigned long long)own.seq);
        service_ask(&c->v, &c->jo, "GET", path, NULL, bytes_of(NULL, 0), &a);
        assert_int_equal(a.status, 200);
        receipt_init(&r);
        assert_ok(receipt_parse(buf_bytes(&a.body), &r));
        assert_ok(receipt_check(&r, &c->v.vkey, NULL));
        assert_ok(tree_leaf_hash(buf_bytes(&r.leaf), &leaf));
        assert_true(hash_equal(&leaf, &own.leaf));
        receipt_clear(&r);
        buf_clear(&a.body);
        service_get_fails(&c->v, &c->jane, path, ERR_ROLE);
        service_ask(&c->v, &c->una, "GET", path, NULL, bytes_of(NULL, 0), &a);
        assert_int_equal(a.status, 200);
        buf_clear(&a.body);
        (void)snprintf(path, sizeof path, "/v1/receipts/%llu", (unsigned long long)size_of_ledger(c));
        service_get_fails(&c->v, &c->una, path, ERR_RANGE);
        service_get_fails(&c->v, &c->una, "/v1/receipts/18446744073709551615", ERR_RANGE);
        service_get_fails(&c->v, &c->una, "/v1/receipts/18446744073709551616", ERR_FORM);
        service_get_fails(&c->v, &c->una, "/v1/receipts/jo-1", ERR_FORM);
        service_get_fails(&c->v, &c->una, "/v1/receipts/01", ERR_FORM);
}

static void consistency(void **state)
{
        struct cast *c = *state;
        uint64_t before = size_of_ledger(c);
        char path[64];
        (void)draft_enter(&c->v, &c->jo, STATEMENTS, draft_operation(&c->v, &c->jo, "OP-CONSISTENT"), NULL);
        (void)snprintf(path, sizeof path, "/v1/consistency?from=%llu", (unsigned long long)before);
        json_t *o = service_get(&c->v, &c->jo, path);
        struct checkpoint now;
        assert_ok(checkpoint_open(bytes_text(json_string_value(json_object_get(o, "checkpoint"))), &c->v.vkey,
                                  &now));
        assert_int_equal(now.size, before + 1);
        assert_true(json_array_size(json_object_get(o, "path")) > 0);
        json_decref(o);
        (void)snprintf(path, sizeof path, "/v1/consistency?from=%llu", (unsigned long long)before + 2);
        service_get_fails(&c->v, &c->jo, path, ERR_RANGE);
        o = service_get(&c->v, &c->jo,
                        "/v1/consistency?from=0"); /* the empty tree is the beginning of every other */
        assert_int_equal(json_array_size(json_object_get(o, "path")), 0);
        json_decref(o);
        service_get_fails(&c->v, &c->jo, "/v1/consistency", ERR_FORM);
        service_get_fails(&c->v, &c->jo, "/v1/consistency?from=x", ERR_FORM);
        service_get_fails(&c->v, &c->jo, "/v1/consistency?from=1&from=2", ERR_FORM);
}

/* The whole ledger as a reader without the database gets it: the bundles' leaves have the hashes of the
 * tiles. */
static void tiles(void **state)
{
        struct cast *c = *state;
        uint64_t size = size_of_ledger(c);
        char path[64];
        struct answer hashes, entries;
        struct bytes in, leaf, wanted;
        assert_in_range(size, 2, 255);
        (void)snprintf(path, sizeof path, "/tile/0/000.p/%llu", (unsigned long long)size);
        service_ask(&c->v, &c->una, "GET", path, NULL, bytes_of(NULL, 0), &hashes);
        (void)snprintf(path, sizeof path, "/tile/entries/000.p/%llu", (unsigned long long)size);
        service_ask(&c->v, &c->una, "GET", path, NULL, bytes_of(NULL, 0), &entries);
        assert_int_equal(hashes.status, 200);
        assert_int_equal(entries.status, 200);
        assert_int_equal(hashes.body.n, size * HASH_LEN);
        assert_non_null(strstr(entries.head, "immutable"));
        in = buf_bytes(&entries.body);
        for (uint64_t seq = 0; seq < size; seq++) {
                struct hash hash;
                uint16_t n;
                assert_ok(bytes_take_u16(&in, &n));
                assert_ok(bytes_take(&in, n, &leaf));
                assert_ok(tree_leaf_hash(leaf, &hash));
                wanted = bytes_of(hashes.body.at + seq * HASH_LEN, HASH_LEN);
                assert_true(bytes_equal(hash_bytes(&hash), wanted));
        }
        assert_int_equal(in.n, 0);
        buf_clear(&hashes.body);
        buf_clear(&entries.body);
        static const struct {
                const char *path;
                enum err e;
        } rows[] = {{"/tile/0/000", ERR_RANGE},
                    {"/tile/1/000", ERR_RANGE},
                    {"/tile/entries/001", ERR_RANGE},
                    {"/tile/0/000.p/255", ERR_RANGE},
                    {"/tile/63/000.p/1", ERR_RANGE},
                    {"/tile/64/000", ERR_FORM},
                    {"/tile/0/0", ERR_FORM},
                    {"/tile/0/000.p/0", ERR_FORM},
                    {"/tile/0/000.p/256", ERR_FORM},
                    {"/tile/0/x000/000", ERR_FORM},
                    {"/tile/entries/x", ERR_FORM},
                    {"/tile/0/x999/x999/x999/x999/x999/x999/999", ERR_FORM},
                    {"/tile/0/x999/x999/x999/x999/999", ERR_RANGE}};
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
                service_get_fails(&c->v, &c->una, rows[i].path, rows[i].e);
}

static void public_texts(void **state)
{
        struct cast *c = *state;
        json_t *o = service_get(&c->v, &c->una, "/v1/annexes");
        const json_t *list = json_object_get(o, "annexes");
        char path[96], text[HASH_TEXT_LEN + 1];
        struct answer annex, policy;
        struct hash hash;
        assert_int_equal(json_array_size(list), 1);
        (void)snprintf(path, sizeof path, "/v1/annex/%s", json_string_value(json_array_get(list, 0)));
        service_ask(&c->v, &c->jo, "GET", path, NULL, bytes_of(NULL, 0), &annex);
        service_ask(&c->v, &c->jo, "GET", "/v1/policy", NULL, bytes_of(NULL, 0), &policy);
        assert_int_equal(annex.status, 200);
        assert_int_equal(policy.status, 200);
        assert_true(bytes_equal(buf_bytes(&annex.body), buf_bytes(&policy.body)));
        assert_ok(hash_of(buf_bytes(&annex.body), &hash));
        hash_text(&hash, text);
        assert_string_equal(text, json_string_value(json_array_get(list, 0)));
        buf_clear(&annex.body);
        buf_clear(&policy.body);
        json_decref(o);
        service_get_fails(&c->v, &c->jo, "/v1/annex/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", ERR_ABSENT);
        service_get_fails(&c->v, &c->jo, "/v1/annex/AAA", ERR_BASE64);
        service_get_fails(&c->v, NULL, "/v1/invites/AAA", ERR_FORM);
}

/* Kept checkpoints are signed, of sizes that rise, and come page by page. They are thinned meanwhile, so that
 * none of them can be waited for by name. */
static void checkpoints(void **state)
{
        struct cast *c = *state;
        uint64_t last = 0;
        char path[64] = "/v1/checkpoints?limit=1";
        for (int i = 0; i < 3; i++)
                (void)draft_enter(&c->v, &c->jo, STATEMENTS,
                                  draft_operation(&c->v, &c->jo,
                                                  i == 0   ? "OP-A"
                                                  : i == 1 ? "OP-B"
                                                           : "OP-C"),
                                  NULL);
        for (bool more = true; more;) {
                json_t *o = service_get(&c->v, &c->una, path);
                const json_t *list = json_object_get(o, "checkpoints");
                const char *next = json_string_value(json_object_get(o, "next"));
                struct checkpoint checkpoint;
                more = next != NULL;
                assert_true(json_array_size(list) == 1 || (json_array_size(list) == 0 && last > 0 && !more));
                if (json_array_size(list) == 1) {
                        assert_ok(checkpoint_open(bytes_text(json_string_value(json_array_get(list, 0))),
                                                  &c->v.vkey, &checkpoint));
                        assert_true(checkpoint.size > last);
                        last = checkpoint.size;
                }
                if (more) {
                        assert_true(strtoull(next, NULL, 10) > last);
                        (void)snprintf(path, sizeof path, "/v1/checkpoints?limit=1&from=%s", next);
                }
                json_decref(o);
        }
        assert_in_range(last, 1, size_of_ledger(c));
        (void)snprintf(path, sizeof path, "/v1/checkpoints?from=%llu",
                       (unsigned long long)size_of_ledger(c) + 1);
        json_t *o = service_get(&c->v, &c->una, path);
        assert_int_equal(json_array_size(json_object_get(o, "checkpoints")), 0);
        json_decref(o);
}

static void own_entries(void **state)
{
        struct cast *c = *state;
        struct entry entry =
            draft_enter(&c->v, &c->jo, STATEMENTS, draft_operation(&c->v, &c->jo, "OP-OWN"), NULL);
        char path[96], seq[24];
        (void)snprintf(seq, sizeof seq, "%llu", (unsigned long long)entry.seq);
        for (int by_seq = 0; by_seq < 2; by_seq++) {
                (void)snprintf(path, sizeof path, "/v1/own/%s", by_seq ? seq : entry.ref);
                json_t *o = service_get(&c->v, &c->jo, path);
                assert_string_equal(json_string_value(json_object_get(o, "seq")), seq);
                assert_string_equal(json_string_value(json_object_get(o, "kind")), "operation");
                assert_string_equal(json_string_value(json_object_get(o, "verdict")), "accepted");
                assert_string_equal(json_string_value(json_object_get(o, "decided")), "not-needed");
                assert_true(json_is_true(json_object_get(o, "open")));
                json_decref(o);
                service_get_fails(&c->v, &c->jane, path, ERR_ROLE);
        }
        static const char *const none[] = {"jo-0",
                                           "jo-99999",
                                           "nobody-1",
                                           "jo-",
                                           "-1",
                                           "jo-1-1",
                                           "18446744073709551615",
                                           "jo-18446744073709551616",
                                           "jo"};
        for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
                (void)snprintf(path, sizeof path, "/v1/own/%s", none[i]);
                service_get_fails(&c->v, &c->jo, path, ERR_REFERENCE);
        }
}

/* The proof from what the client believed comes with the receipt, unless it believes more than there is. */
static void known(void **state)
{
        struct cast *c = *state;
        uint64_t size = size_of_ledger(c);
        char path[64];
        json_t *reply = NULL;
        (void)snprintf(path, sizeof path, STATEMENTS "?known=%llu", (unsigned long long)size);
        (void)draft_enter(&c->v, &c->jo, path, draft_operation(&c->v, &c->jo, "OP-KNOWN"), &reply);
        assert_int_equal(
            strtoull(json_string_value(json_object_get(json_object_get(reply, "consistency"), "from")), NULL,
                     10),
            size);
        json_decref(reply);
        (void)draft_enter(&c->v, &c->jo, STATEMENTS "?known=18446744073709551615",
                          draft_operation(&c->v, &c->jo, "OP-KNOWN-2"), &reply);
        assert_null(json_object_get(reply, "consistency"));
        json_decref(reply);
}

/* A second daemon on the same folder is turned away, and the first goes on. */
static void a_second_daemon(void **state)
{
        struct cast *c = *state;
        char run[] = "run", data[] = "--data", said[64];
        char *argv[] = {run, data, c->v.data, NULL};
        int fd;
        pid_t pid = service_child(command_run, 3, argv, &fd);
        service_hear(fd, said, sizeof said);
        assert_int_equal(service_wait(pid), err_row(ERR_LOCKED)->exit);
        assert_string_equal(said, "");
        json_decref(service_get(&c->v, &c->jo, "/v1/whoami"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(routes_that_are_none),
            cmocka_unit_test(methods_and_media),
            cmocka_unit_test(a_body_that_is_too_long),
            cmocka_unit_test(what_is_no_http),
            cmocka_unit_test(who_may_ask),
            cmocka_unit_test(whoami),
            cmocka_unit_test(receipts),
            cmocka_unit_test(consistency),
            cmocka_unit_test(tiles),
            cmocka_unit_test(public_texts),
            cmocka_unit_test(checkpoints),
            cmocka_unit_test(own_entries),
            cmocka_unit_test(known),
            cmocka_unit_test(a_second_daemon),
        };
        return service_can_run() ? cmocka_run_group_tests(tests, cast_begin, cast_end) : 0;
}
