/* service: a founded ledger in a folder of its own, served by a child process that is `enquiryd run` itself,
 * and people who sign for themselves: what reaches the daemon is exactly what a test has made, right or
 * wrong. */
#ifndef TESTS_DAEMON_SERVICE_H
#define TESTS_DAEMON_SERVICE_H

#include "tests/daemon/tls_client.h"

#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "daemon/command.h"
#include "ledger/base/b64.h"
#include "ledger/crypto/certificate.h"
#include "ledger/record/invite.h"
#include "ledger/record/leaf.h"
#include "ledger/tree/receipt.h"

#define assert_ok(call) assert_int_equal((call), OK)

#define SDJWT      "application/sd-jwt"
#define STATEMENTS "/v1/statements"
#define CONSULT    "/v1/consult"
#define JOIN       "/v1/join"
#define VALUES_MAX 65536 /* bytes of the values of one draft */

struct service {
        char folder[64], data[80];
        pid_t pid;
        uint16_t port;
        char log[LOG_ID_MAX + 1];
        struct vkey vkey;
        struct invite invite; /* of the first administrator */
};

/* One who holds keys. `n` and `st` are the head of the key's chain. */
struct person {
        struct member_id id;
        struct signing_key *key;
        struct buf certificate;
        struct secret tls_key;
        struct hash tls;
        uint64_t n;
        struct hash st;
};

/* valgrind knows no seccomp, and a keeper without its filter does not start. */
static inline bool service_can_run(void)
{
        const char *preload = getenv("LD_PRELOAD");
        bool can = preload == NULL || strstr(preload, "vgpreload") == NULL;
        if (!can)
                (void)printf("skipped: no seccomp under valgrind\n");
        return can;
}

static inline int64_t service_now_s(void)
{
        return (int64_t)time(NULL);
}

/* --- the process --- */

/* Runs a word of enquiryd in a child; *out_fd is its standard output. */
static inline pid_t service_child(int (*command)(int, char **), int argc, char **argv, int *out_fd)
{
        int ends[2];
        assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
        (void)fflush(NULL);
        pid_t parent = getpid(), pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
                /* Whatever ends the test ends the daemon. */
                if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent ||
                    dup2(ends[1], STDOUT_FILENO) < 0)
                        _exit(EXIT_INTERNAL);
                exit(command(argc, argv));
        }
        (void)close(ends[1]);
        *out_fd = ends[0];
        return pid;
}

static inline int service_wait(pid_t pid)
{
        int status;
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status));
        return WEXITSTATUS(status);
}

/* Everything the child says until it has ended. */
static inline void service_hear(int fd, char *out, size_t size)
{
        size_t n = 0;
        ssize_t got;
        while (n + 1 < size && (got = read(fd, out + n, size - 1 - n)) > 0)
                n += (size_t)got;
        out[n] = '\0';
        (void)close(fd);
}

static inline void service_start(struct service *v)
{
        char run[] = "run", data[] = "--data";
        char *argv[] = {run, data, v->data, NULL};
        char line[128];
        unsigned port;
        int fd;
        v->pid = service_child(command_run, 3, argv, &fd);
        FILE *said = fdopen(fd, "r");
        assert_non_null(said);
        assert_non_null(fgets(line, sizeof line, said));
        assert_int_equal(sscanf(line, "ready 127.0.0.1:%u", &port), 1);
        v->port = (uint16_t)port;
        (void)fclose(said);
}

/* As an operator does it. The exit status. */
static inline int service_stop(struct service *v)
{
        assert_int_equal(kill(v->pid, SIGTERM), 0);
        pid_t pid = v->pid;
        v->pid = 0;
        return service_wait(pid);
}

/* `policy` NULL: the shipped pack. */
static inline void service_found_under(struct service *v, const char *origin, const char *policy)
{
        char init[] = "init", data[] = "--data", of[] = "--origin", name[64], said[16384];
        char by[] = "--policy", path[256];
        int fd;
        memset(v, 0, sizeof *v);
        assert_ok(crypto_setup());
        (void)snprintf(v->folder, sizeof v->folder, "/tmp/enquiry-service-XXXXXX");
        assert_non_null(mkdtemp(v->folder));
        (void)snprintf(v->data, sizeof v->data, "%s/d", v->folder);
        (void)snprintf(name, sizeof name, "%s", origin);
        (void)snprintf(path, sizeof path, "%s", policy == NULL ? "" : policy);
        char *argv[] = {init, data, v->data, of, name, policy == NULL ? NULL : by, path, NULL};
        pid_t pid = service_child(command_init, policy == NULL ? 5 : 7, argv, &fd);
        service_hear(fd, said, sizeof said);
        assert_int_equal(service_wait(pid), EXIT_DONE);
        json_t *o = json_loads(said, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(o);
        (void)snprintf(v->log, sizeof v->log, "%s", json_string_value(json_object_get(o, "log")));
        assert_ok(vkey_parse(bytes_text(json_string_value(json_object_get(o, "vkey"))), &v->vkey));
        assert_ok(invite_parse(bytes_text(json_string_value(json_object_get(o, "invite"))), &v->invite));
        json_decref(o);
        explicit_bzero(said, sizeof said);
}

static inline void service_found(struct service *v, const char *origin)
{
        service_found_under(v, origin, NULL);
}

static inline void service_remove(struct service *v)
{
        const char *const folders[] = {v->data, v->folder};
        if (v->pid != 0)
                (void)service_stop(v);
        for (size_t i = 0; i < 2; i++) {
                DIR *d = opendir(folders[i]);
                const struct dirent *entry;
                while (d != NULL && (entry = readdir(d)) != NULL)
                        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
                                (void)unlinkat(dirfd(d), entry->d_name, 0);
                if (d != NULL)
                        (void)closedir(d);
                (void)rmdir(folders[i]);
        }
        invite_clear(&v->invite);
}

/* --- requests --- */

static inline void service_open(const struct service *v, const struct person *p, struct client *c)
{
        X509 *certificate = p == NULL ? NULL : client_certificate(buf_bytes(&p->certificate));
        EVP_PKEY *key = p == NULL ? NULL : client_key(secret_bytes(&p->tls_key));
        client_open(c, v->port, certificate, key);
        X509_free(certificate);
        EVP_PKEY_free(key);
}

static inline void service_send(struct client *c, const char *method, const char *path, const char *media,
                                struct bytes body)
{
        struct buf head;
        buf_init(&head, 4096);
        buf_put_format(&head, "%s %s HTTP/1.1\r\nHost: ledger\r\n", method, path);
        if (media != NULL)
                buf_put_format(&head, "Content-Type: %s\r\n", media);
        if (strcmp(method, "GET") != 0)
                buf_put_format(&head, "Content-Length: %zu\r\n", body.n);
        buf_put_text(&head, "\r\n");
        assert_ok(buf_check(&head));
        assert_true(client_try(c, buf_bytes(&head)));
        (void)client_try(c, body); /* the daemon may have refused the head already */
        buf_clear(&head);
}

/* One request on a connection of its own. `p` NULL: without a certificate. */
static inline void service_ask(const struct service *v, const struct person *p, const char *method,
                               const char *path, const char *media, struct bytes body, struct answer *out)
{
        struct client c;
        service_open(v, p, &c);
        service_send(&c, method, path, media, body);
        assert_int_equal(client_read(&c, out), 0);
        client_close(&c);
}

static inline json_t *answer_object(struct answer *a)
{
        json_t *o = json_loadb((const char *)a->body.at, a->body.n, JSON_REJECT_DUPLICATES, NULL);
        assert_true(json_is_object(o));
        buf_clear(&a->body);
        return o;
}

/* The answer is the problem document of that error: status, code, sentence. Gives it for its further members.
 */
static inline json_t *answer_problem(struct answer *a, enum err e)
{
        const struct err_row *row = err_row(e);
        bool typed = strstr(a->head, "\r\nContent-Type: application/problem+json\r\n") != NULL;
        json_t *o = answer_object(a);
        assert_true(typed);
        assert_string_equal(json_string_value(json_object_get(o, "code")), row->code);
        assert_int_equal(a->status, row->http);
        assert_int_equal(json_integer_value(json_object_get(o, "status")), row->http);
        assert_string_equal(json_string_value(json_object_get(o, "title")), row->sentence);
        assert_string_equal(json_string_value(json_object_get(o, "type")), "about:blank");
        return o;
}

static inline void answer_is(struct answer *a, enum err e)
{
        json_decref(answer_problem(a, e));
}

static inline json_t *service_get(const struct service *v, const struct person *p, const char *path)
{
        struct answer a;
        service_ask(v, p, "GET", path, NULL, bytes_of(NULL, 0), &a);
        assert_int_equal(a.status, 200);
        return answer_object(&a);
}

static inline void service_get_fails(const struct service *v, const struct person *p, const char *path,
                                     enum err e)
{
        struct answer a;
        service_ask(v, p, "GET", path, NULL, bytes_of(NULL, 0), &a);
        answer_is(&a, e);
}

/* --- statements --- */

struct draft {
        struct statement s;
        struct body b;
        struct buf values;     /* what the body borrows; does not move */
        struct buf jws;        /* what the statement borrows */
        struct buf submission; /* what is sent */
};

static inline struct draft *draft_new(const struct service *v, const struct person *p, enum kind kind)
{
        struct draft *d = calloc(1, sizeof *d);
        assert_non_null(d);
        buf_init(&d->values, VALUES_MAX);
        buf_reserve(&d->values, VALUES_MAX);
        buf_init(&d->jws, 2 * JWS_MAX);
        buf_init(&d->submission, 4 * SUBMISSION_MAX);
        body_init(&d->b, kind);
        d->s.log = bytes_text(v->log);
        d->s.kind = kind;
        d->s.iat = service_now_s();
        uuid_make(d->s.iat * MOMENT_SECOND_US, d->s.jti);
        d->s.n = p == NULL ? 1 : p->n + 1;
        if (p != NULL)
                d->s.prev = p->st;
        return d;
}

static inline void draft_free(struct draft *d)
{
        if (d == NULL)
                return;
        buf_clear(&d->values);
        buf_clear(&d->jws);
        buf_clear(&d->submission);
        free(d);
}

/* A field by its JSON text. */
static inline void draft_put(struct draft *d, const char *name, const char *json)
{
        const struct field *field = field_of_name(d->b.kind, name, strlen(name));
        size_t from = d->values.n;
        assert_non_null(field);
        buf_put_text(&d->values, json);
        assert_ok(buf_check(&d->values));
        assert_ok(body_add(&d->b, field, ORIGIN_TYPED, buf_since(&d->values, from)));
}

static inline void draft_text(struct draft *d, const char *name, const char *text)
{
        const struct field *field = field_of_name(d->b.kind, name, strlen(name));
        size_t from = d->values.n;
        assert_non_null(field);
        json_put_text(&d->values, text);
        assert_ok(buf_check(&d->values));
        assert_ok(body_add(&d->b, field, ORIGIN_TYPED, buf_since(&d->values, from)));
}

static inline void draft_ref(struct draft *d, enum rel rel, const struct hash *st)
{
        d->s.refs[d->s.refs_n++] = (struct ref){.rel = rel, .st = *st};
}

/* Signs, and puts together what is sent. Twice gives the same bytes: Ed25519 has no chance in it. */
static inline void draft_sign(struct draft *d, struct signing_key *key)
{
        assert_ok(body_digests(&d->b, d->s.sd));
        buf_reset(&d->jws);
        buf_reset(&d->submission);
        assert_ok(statement_sign(&d->s, signing_key_signer(key), &d->jws));
        buf_put(&d->submission, d->s.jws);
        buf_put_text(&d->submission, "~");
        assert_ok(body_put(&d->b, &d->submission));
        assert_ok(buf_check(&d->submission));
}

static inline void service_post(const struct service *v, const struct person *p, const char *path,
                                const struct draft *d, struct answer *out)
{
        service_ask(v, p, "POST", path, SDJWT, buf_bytes(&d->submission), out);
}

/* Sends what was signed; it is refused with that error, and the key's head stays. Frees the draft. */
static inline void draft_fails(const struct service *v, const struct person *p, const char *path,
                               struct draft *d, enum err e)
{
        struct answer a;
        service_post(v, p, path, d, &a);
        answer_is(&a, e);
        draft_free(d);
}

/* The receipt of a reply proves, with the vkey alone, that the ledger holds this statement under the reply's
 * seq. */
static inline uint64_t reply_check(const struct service *v, const json_t *reply, struct bytes jws,
                                   struct hash *out_leaf)
{
        const char *text = json_string_value(json_object_get(reply, "receipt"));
        struct receipt *r = calloc(1, sizeof *r);
        struct leaf leaf;
        assert_non_null(r);
        assert_non_null(text);
        receipt_init(r);
        assert_ok(receipt_parse(bytes_text(text), r));
        assert_ok(receipt_check(r, &v->vkey, NULL));
        assert_ok(leaf_decode(buf_bytes(&r->leaf), &leaf));
        assert_true(bytes_equal(leaf.statement, jws));
        assert_int_equal(leaf.seq, r->index);
        assert_int_equal(leaf.seq, strtoull(json_string_value(json_object_get(reply, "seq")), NULL, 10));
        assert_string_equal(json_string_value(json_object_get(reply, "verdict")), verdict_name(leaf.verdict));
        if (out_leaf != NULL)
                assert_ok(tree_leaf_hash(buf_bytes(&r->leaf), out_leaf));
        uint64_t seq = leaf.seq;
        receipt_clear(r);
        free(r);
        return seq;
}

/* An entry as its author knows it afterwards. */
struct entry {
        uint64_t seq;
        char ref[64];
        enum verdict verdict;
        struct hash st, leaf;
};

/* Signs and sends; it becomes an entry, the key's head follows. *out_reply, where it is asked for, is the
 * whole answer. Frees the draft. */
static inline struct entry draft_enter(const struct service *v, struct person *p, const char *path,
                                       struct draft *d, json_t **out_reply)
{
        struct entry entry = {0};
        struct answer a;
        draft_sign(d, p->key);
        service_post(v, p, path, d, &a);
        if (a.status != 201)
                print_error("%.*s\n", (int)a.body.n, (const char *)a.body.at);
        assert_int_equal(a.status, 201);
        json_t *reply = answer_object(&a);
        entry.seq = reply_check(v, reply, d->s.jws, &entry.leaf);
        entry.st = d->s.st;
        (void)snprintf(entry.ref, sizeof entry.ref, "%s", json_string_value(json_object_get(reply, "ref")));
        assert_true(verdict_of_name(bytes_text(json_string_value(json_object_get(reply, "verdict"))),
                                    &entry.verdict));
        p->n = d->s.n;
        p->st = d->s.st;
        if (out_reply != NULL)
                *out_reply = reply;
        else
                json_decref(reply);
        draft_free(d);
        return entry;
}

/* --- people --- */

static inline void person_new(struct person *p)
{
        uint8_t seed[SEED_LEN];
        memset(p, 0, sizeof *p);
        random_fill(seed, sizeof seed);
        random_fill(p->id.b, sizeof p->id.b);
        assert_ok(signing_key_new(bytes_of(seed, sizeof seed), &p->key));
        buf_init(&p->certificate, 65536);
        assert_ok(
            certificate_make("test", service_now_s() * MOMENT_SECOND_US, 30, &p->certificate, &p->tls_key));
        assert_ok(certificate_key_hash(buf_bytes(&p->certificate), &p->tls));
}

static inline void person_clear(struct person *p)
{
        signing_key_free(p->key);
        buf_clear(&p->certificate);
        secret_free(&p->tls_key);
        memset(p, 0, sizeof *p);
}

/* What an invite hands over. */
struct ticket {
        struct signing_key *key;
        struct member_id member;
        struct entry entry;
};

static inline void ticket_new(struct ticket *t)
{
        uint8_t seed[SEED_LEN];
        memset(t, 0, sizeof *t);
        random_fill(seed, sizeof seed);
        random_fill(t->member.b, sizeof t->member.b);
        assert_ok(signing_key_new(bytes_of(seed, sizeof seed), &t->key));
}

static inline void ticket_clear(struct ticket *t)
{
        signing_key_free(t->key);
        t->key = NULL;
}

static inline struct draft *draft_invite(const struct service *v, const struct person *admin,
                                         const struct ticket *t, roles r, const char *unit)
{
        struct draft *d = draft_new(v, admin, KIND_MEMBER);
        d->s.claims.act = ACT_INVITE;
        d->s.claims.member = t->member;
        d->s.claims.invite = signing_key_signer(t->key).key;
        d->s.claims.expires = service_now_s() + 3600;
        d->s.claims.roles = r;
        d->s.claims.unit = bytes_text(unit);
        d->s.claims.training = 2;
        return d;
}

/* A join, not signed yet: `t` lets `p` in under that short name. */
static inline struct draft *draft_join(const struct service *v, const struct ticket *t,
                                       const struct person *p, const char *alias)
{
        struct draft *d = draft_new(v, NULL, KIND_MEMBER);
        struct signer own = signing_key_signer(p->key);
        struct public_key invite = signing_key_signer(t->key).key;
        struct buf message;
        buf_init(&message, 1024);
        pop_message_put(&message, d->s.log, &invite);
        d->s.claims.act = ACT_JOIN;
        d->s.claims.member = t->member;
        d->s.claims.key = own.key;
        d->s.claims.tls = p->tls;
        assert_ok(own.sign(own.self, buf_bytes(&message), &d->s.claims.pop));
        buf_clear(&message);
        draft_text(d, "name", "A Member");
        draft_text(d, "alias", alias);
        return d;
}

static inline void person_join(const struct service *v, const struct ticket *t, struct person *p,
                               const char *alias)
{
        struct draft *d = draft_join(v, t, p, alias);
        struct answer a;
        draft_sign(d, t->key);
        service_post(v, NULL, JOIN, d, &a);
        if (a.status != 201)
                print_error("%.*s\n", (int)a.body.n, (const char *)a.body.at);
        assert_int_equal(a.status, 201);
        json_t *reply = answer_object(&a);
        (void)reply_check(v, reply, d->s.jws, NULL);
        json_decref(reply);
        p->id = t->member;
        draft_free(d);
}

/* A new member with those roles, by an invite that needs nobody else. */
static inline void person_enrol(const struct service *v, struct person *admin, struct person *p, roles r,
                                const char *unit, const char *alias)
{
        struct ticket t;
        ticket_new(&t);
        person_new(p);
        assert_int_equal(draft_enter(v, admin, STATEMENTS, draft_invite(v, admin, &t, r, unit), NULL).verdict,
                         VERDICT_ACCEPTED);
        person_join(v, &t, p, alias);
        ticket_clear(&t);
}

static inline void person_first(struct service *v, struct person *p, const char *alias)
{
        struct ticket t = {.member = v->invite.member};
        person_new(p);
        assert_ok(signing_key_new(secret_bytes(&v->invite.seed), &t.key));
        person_join(v, &t, p, alias);
        ticket_clear(&t);
}

/* --- the people of the stories --- */

/* The auditor comes last: from then on grants need a second person. */
struct cast {
        struct service v;
        struct person ada;  /* administrator */
        struct person jo;   /* investigator, north */
        struct person jane; /* investigator, south */
        struct person sam;  /* supervisor, north */
        struct person una;  /* auditor */
};

static inline int cast_begin(void **state)
{
        struct cast *c = calloc(1, sizeof *c);
        assert_non_null(c);
        service_found(&c->v, "test.example/ledger");
        service_start(&c->v);
        person_first(&c->v, &c->ada, "ada");
        person_enrol(&c->v, &c->ada, &c->jo, ROLE_BIT(ROLE_INVESTIGATOR), "north", "jo");
        person_enrol(&c->v, &c->ada, &c->jane, ROLE_BIT(ROLE_INVESTIGATOR), "south", "jane");
        person_enrol(&c->v, &c->ada, &c->sam, ROLE_BIT(ROLE_SUPERVISOR), "north", "sam");
        person_enrol(&c->v, &c->ada, &c->una, ROLE_BIT(ROLE_AUDITOR), "audit", "una");
        *state = c;
        return 0;
}

/* The daemon ends as it should, under whatever sanitizer it was built with. */
static inline int cast_end(void **state)
{
        struct cast *c = *state;
        struct person *const people[] = {&c->ada, &c->jo, &c->jane, &c->sam, &c->una};
        int status = service_stop(&c->v);
        service_remove(&c->v);
        for (size_t i = 0; i < sizeof people / sizeof people[0]; i++)
                person_clear(people[i]);
        free(c);
        return status == EXIT_DONE ? 0 : -1;
}

/* A consult: its query is made in the strict form by the caller. */
static inline struct draft *draft_consult(const struct service *v, const struct person *p, const char *class,
                                          const char *query)
{
        struct draft *d = draft_new(v, p, KIND_CONSULT);
        d->s.claims.purpose = PURPOSE_OPERATIONAL;
        draft_text(d, "class", class);
        draft_text(d, "query", query);
        return d;
}

/* The answer of a consult that is allowed. */
static inline json_t *service_consult(const struct service *v, struct person *p, const char *class,
                                      const char *query)
{
        json_t *reply = NULL, *answer;
        (void)draft_enter(v, p, CONSULT, draft_consult(v, p, class, query), &reply);
        answer = json_incref(json_object_get(reply, "answer"));
        assert_true(json_is_object(answer));
        json_decref(reply);
        return answer;
}

static inline struct draft *draft_operation(const struct service *v, const struct person *p, const char *name)
{
        struct draft *d = draft_new(v, p, KIND_OPERATION);
        d->s.claims.act = ACT_OPEN;
        draft_text(d, "operation", name);
        return d;
}

/* A quick look at one account; `age` NULL or a word that makes it wait. */
static inline struct draft *draft_intent(const struct service *v, const struct person *p,
                                         const char *operation, const char *subject, const char *age)
{
        static const char *const fixed[][2] = {{"purpose_code", "trace-suspect"},
                                               {"art8_aim", "disorder-or-crime"},
                                               {"objective", "Which town does the holder say he lives in"},
                                               {"subject_category", "suspect"},
                                               {"private_info_likely", "yes"},
                                               {"f3", "no"},
                                               {"f5", "no"}};
        struct draft *d = draft_new(v, p, KIND_INTENT);
        for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
                draft_text(d, fixed[i][0], fixed[i][1]);
        draft_text(d, "operation", operation);
        draft_text(d, "subject", subject);
        if (age != NULL)
                draft_text(d, "subject_age_band", age);
        return d;
}

#endif
