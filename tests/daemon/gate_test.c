/* The gate in the daemon: authorities and their clocks, determinations, personas, looks counted over
 * everybody and every account, packs on their way into force, readings that are refused. Under a pack of its
 * own. */
#include "tests/daemon/service.h"

#include <pthread.h>

#include "daemon/annex.h"
#include "policy/scene.h"

#define OPERATION "OP-ALDER-1"
#define PACK      TEST_ROOT "/tests/daemon/gate_pack.yaml"
#define ANNEX     "/v1/annex"
#define BYTES     "application/octet-stream"

struct stage {
        struct cast cast;
        struct person olga; /* authorising officer, north */
};

static int begin(void **state)
{
        struct stage *s = calloc(1, sizeof *s);
        struct cast *c;
        assert_non_null(s);
        c = &s->cast;
        service_found_under(&c->v, "test.example/gate", PACK);
        service_start(&c->v);
        person_first(&c->v, &c->ada, "ada");
        person_enrol(&c->v, &c->ada, &c->jo, ROLE_BIT(ROLE_INVESTIGATOR), "north", "jo");
        person_enrol(&c->v, &c->ada, &c->jane, ROLE_BIT(ROLE_INVESTIGATOR), "south", "jane");
        person_enrol(&c->v, &c->ada, &c->sam, ROLE_BIT(ROLE_SUPERVISOR), "north", "sam");
        person_enrol(&c->v, &c->ada, &s->olga, ROLE_BIT(ROLE_AUTHORISING_OFFICER), "north", "olga");
        person_enrol(&c->v, &c->ada, &c->una, ROLE_BIT(ROLE_AUDITOR), "audit", "una");
        (void)draft_enter(&c->v, &c->sam, STATEMENTS, draft_operation(&c->v, &c->sam, OPERATION), NULL);
        *state = s;
        return 0;
}

/* What has been entered verifies, whatever it was. */
static int check(struct service *v)
{
        char word[] = "check", data[] = "--data", said[16384];
        char *argv[] = {word, data, v->data, NULL};
        int fd, status;
        pid_t pid = service_child(command_check, 3, argv, &fd);
        service_hear(fd, said, sizeof said);
        status = service_wait(pid);
        if (status != EXIT_DONE)
                print_error("%s\n", said);
        return status;
}

static int end(void **state)
{
        struct stage *s = *state;
        struct cast *c = &s->cast;
        struct person *const people[] = {&c->ada, &c->jo, &c->jane, &c->sam, &c->una, &s->olga};
        int status = service_stop(&c->v);
        int checked = check(&c->v);
        service_remove(&c->v);
        for (size_t i = 0; i < sizeof people / sizeof people[0]; i++)
                person_clear(people[i]);
        free(s);
        return status == EXIT_DONE && checked == EXIT_DONE ? 0 : -1;
}

static void fails(struct cast *c, const struct person *p, struct draft *d, enum err e)
{
        draft_sign(d, p->key);
        draft_fails(&c->v, p, STATEMENTS, d, e);
}

static bool has_rule(const json_t *reply, const char *id)
{
        const json_t *rule;
        size_t i;
        json_array_foreach(json_object_get(reply, "rules"), i,
                           rule) if (strcmp(json_string_value(json_object_get(rule, "id")), id) ==
                                     0) return true;
        return false;
}

/* Enters it; the verdict is that, and the rule (NULL: any) is, or is not, among those that spoke. */
static struct entry enter(struct cast *c, struct person *p, struct draft *d, enum verdict verdict,
                          const char *rule, bool spoke)
{
        json_t *reply = NULL;
        struct entry entry = draft_enter(&c->v, p, STATEMENTS, d, &reply);
        if (entry.verdict != verdict)
                print_error("%s\n", json_dumps(json_object_get(reply, "rules"), 0));
        assert_int_equal(entry.verdict, verdict);
        if (rule != NULL)
                assert_int_equal(has_rule(reply, rule), spoke);
        json_decref(reply);
        return entry;
}

static void draft_time(struct draft *d, const char *name, int64_t days_from_now)
{
        char at[MOMENT_TEXT_LEN + 1];
        moment_text((service_now_s() + days_from_now * 86400) * MOMENT_SECOND_US, at);
        draft_text(d, name, at);
}

/* A look that was just taken. */
static struct draft *draft_look(struct cast *c, const struct person *p, const char *subject, const char *ref)
{
        struct draft *d = draft_new(&c->v, p, KIND_ACTIVITY);
        draft_text(d, "subject", subject);
        if (ref != NULL)
                draft_text(d, "subject_ref", ref);
        draft_text(d, "result", "nothing-found");
        draft_time(d, "ended_at", 0);
        return d;
}

static struct draft *draft_ask(struct cast *c, const struct person *p, const char *subject)
{
        return draft_intent(&c->v, p, OPERATION, subject, NULL);
}

/* A fact that the gate was given, from the reply's reasons; -1: it was not known. */
static int64_t fact_of(const json_t *reply, const char *name)
{
        struct buf because;
        struct bytes value, facts, fact;
        int64_t n = -1;
        buf_init(&because, LEAF_MAX);
        assert_ok(b64u_decode(bytes_text(json_string_value(json_object_get(reply, "because"))), &because));
        assert_ok(because_value(buf_bytes(&because), &value));
        assert_ok(json_member(value, "facts", &facts));
        if (!json_member(facts, name, &fact))
                assert_ok(json_whole_int(fact, &n));
        buf_clear(&because);
        return n;
}

static int64_t fact_after(struct cast *c, struct person *p, struct draft *d, const char *name)
{
        json_t *reply = NULL;
        (void)draft_enter(&c->v, p, STATEMENTS, d, &reply);
        int64_t n = fact_of(reply, name);
        json_decref(reply);
        return n;
}

/* --- authorities --- */

static struct draft *draft_authority(struct cast *c, const struct person *p, enum act act, const char *ref)
{
        struct draft *d = draft_new(&c->v, p, KIND_AUTHORITY);
        d->s.claims.act = act;
        draft_text(d, "authority_ref", ref);
        return d;
}

static struct entry register_grant(struct cast *c, struct person *p, const char *ref, int64_t days_from_now)
{
        struct draft *d = draft_authority(c, p, ACT_REGISTER, ref);
        draft_text(d, "authority_type", "DSA");
        draft_text(d, "authority_form", "written");
        draft_time(d, "granted_at", days_from_now);
        return enter(c, p, d, VERDICT_ACCEPTED, NULL, false);
}

static struct draft *draft_claim(struct cast *c, const struct person *p, const char *ref)
{
        struct draft *d = draft_ask(c, p, "x:claimed");
        draft_text(d, "authority_type", "DSA");
        draft_text(d, "authority_ref", ref);
        return d;
}

static void an_authority_and_its_clock(void **state)
{
        struct stage *s = *state;
        struct cast *c = &s->cast;
        struct draft *d;
        (void)enter(c, &c->jo, draft_claim(c, &c->jo, "URN-1"), VERDICT_REFUSED, "A01", true);
        struct entry grant = register_grant(c, &c->jo, "URN-1", -10);
        (void)register_grant(c, &c->sam, "URN-OLD", -120);
        (void)enter(c, &c->jo, draft_claim(c, &c->jo, "URN-1"), VERDICT_ACCEPTED, "A01", false);
        (void)enter(c, &c->jane, draft_claim(c, &c->jane, "URN-OLD"), VERDICT_REFUSED, "A01", true);
        fails(c, &c->jo, draft_authority(c, &c->jo, ACT_REGISTER, "URN-1"), ERR_AUTHORITY_TAKEN);

        /* what the register holds outlives the process */
        assert_int_equal(service_stop(&c->v), EXIT_DONE);
        service_start(&c->v);
        (void)enter(c, &c->jo, draft_claim(c, &c->jo, "URN-1"), VERDICT_ACCEPTED, "A01", false);

        d = draft_authority(c, &c->jo, ACT_CANCEL, "URN-1");
        draft_ref(d, REL_AUTHORITY, &grant.st);
        fails(c, &c->jo, d, ERR_ROLE);
        d = draft_authority(c, &c->sam, ACT_CANCEL, "URN-1"); /* names none */
        fails(c, &c->sam, d, ERR_REF);
        d = draft_authority(c, &c->sam, ACT_CANCEL, "URN-1");
        draft_ref(d, REL_AUTHORITY, &grant.st);
        (void)enter(c, &c->sam, d, VERDICT_ACCEPTED, NULL, false);
        (void)enter(c, &c->jo, draft_claim(c, &c->jo, "URN-1"), VERDICT_REFUSED, "A01", true);
}

/* Who works under an authority opens it by its reference; the register of another unit is not read through.
 */
static void a_register_is_not_read_through(void **state)
{
        static const char whole[] = "{\"kind\":\"authority\",\"whole\":true}";
        struct stage *s = *state;
        struct cast *c = &s->cast;
        (void)register_grant(c, &c->jo, "URN-NORTH", -1);
        json_t *o = service_consult(&c->v, &c->jane, "list", whole);
        assert_int_equal(json_array_size(json_object_get(o, "records")), 0);
        json_decref(o);
        o = service_consult(&c->v, &c->jane, "show", "{\"authority\":\"URN-NORTH\"}");
        assert_int_equal(json_array_size(json_object_get(o, "records")), 1);
        json_decref(o);
        struct person *const readers[] = {&c->jo, &s->olga, &c->una};
        for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
                o = service_consult(&c->v, readers[i], "list", whole);
                assert_true(json_array_size(json_object_get(o, "records")) > 0);
                json_decref(o);
        }
}

/* A renewal that comes too late is on record, and renews nothing. */
static void too_late_a_renewal(void **state)
{
        struct stage *s = *state;
        struct cast *c = &s->cast;
        struct entry grant = register_grant(c, &c->sam, "URN-2", -200);
        struct draft *d = draft_authority(c, &s->olga, ACT_RENEW, "URN-2");
        draft_ref(d, REL_AUTHORITY, &grant.st);
        draft_time(d, "granted_at", 0);
        (void)enter(c, &s->olga, d, VERDICT_REFUSED, "A08", true);
        (void)enter(c, &c->jo, draft_claim(c, &c->jo, "URN-2"), VERDICT_REFUSED, "A01", true);
}

/* --- determinations --- */

static void look_twice(struct cast *c, struct person *p, const char *subject)
{
        for (int i = 0; i < 2; i++)
                (void)draft_enter(&c->v, p, STATEMENTS, draft_look(c, p, subject, NULL), NULL);
}

struct asked {
        struct entry entry;
        size_t n;
        struct hash digest[BODY_FIELDS_MAX];
};

static struct asked ask_waiting(struct cast *c, struct person *p, const char *subject)
{
        struct asked asked = {.n = 0};
        struct draft *d = draft_ask(c, p, subject);
        assert_ok(body_digests(&d->b, d->s.sd));
        for (; asked.n < d->b.n; asked.n++)
                asked.digest[asked.n] = d->b.field[asked.n].digest;
        asked.entry = enter(c, p, d, VERDICT_WAITING, "D08", true);
        return asked;
}

static struct draft *draft_decision(struct cast *c, const struct person *p, const struct asked *asked,
                                    enum verb verb)
{
        struct draft *d = draft_new(&c->v, p, KIND_DECISION);
        struct hash digests[BODY_FIELDS_MAX];
        struct buf list;
        buf_init(&list, 16384);
        buf_put_text(&list, "[");
        for (size_t i = 0; i < asked->n; i++) {
                buf_put_text(&list, i > 0 ? ",\"" : "\"");
                hash_put(&list, &asked->digest[i]);
                buf_put_text(&list, "\"");
                digests[i] = asked->digest[i];
        }
        buf_put_text(&list, "]");
        d->s.claims.verb = verb;
        draft_ref(d, REL_TARGET, &asked->entry.st);
        draft_put(d, "shown", buf_text(&list));
        draft_text(d, "reason", "A reason");
        assert_ok(seen_hash(&asked->entry.leaf, asked->n, digests, &d->s.claims.seen));
        buf_clear(&list);
        return d;
}

static struct draft *draft_determination(struct cast *c, const struct person *p, const struct entry *target,
                                         const char *text)
{
        struct draft *d = draft_new(&c->v, p, KIND_AUTHORITY);
        d->s.claims.act = ACT_DETERMINE;
        if (text != NULL)
                draft_text(d, "determination", text);
        if (target != NULL)
                draft_ref(d, REL_TARGET, &target->st);
        return d;
}

static void decided_is(struct cast *c, const struct person *p, const struct entry *e, const char *word)
{
        char path[96];
        (void)snprintf(path, sizeof path, "/v1/own/%s", e->ref);
        json_t *o = service_get(&c->v, p, path);
        assert_string_equal(json_string_value(json_object_get(o, "decided")), word);
        json_decref(o);
}

static void a_determination_settles(void **state)
{
        struct stage *s = *state;
        struct cast *c = &s->cast;
        static const char text[] = "One look at a public page, no private information is sought";
        look_twice(c, &c->jo, "x:determined");
        struct asked asked = ask_waiting(c, &c->jo, "x:determined");
        fails(c, &c->sam, draft_decision(c, &c->sam, &asked, VERB_APPROVE), ERR_UNDETERMINED);
        fails(c, &s->olga, draft_decision(c, &s->olga, &asked, VERB_CONDITIONS), ERR_UNDETERMINED);
        fails(c, &c->sam, draft_determination(c, &c->sam, &asked.entry, text), ERR_ROLE);
        fails(c, &s->olga, draft_determination(c, &s->olga, &asked.entry, NULL), ERR_FIELD_MISSING);
        fails(c, &s->olga, draft_determination(c, &s->olga, &asked.entry, ""), ERR_FIELD_MISSING);
        fails(c, &s->olga, draft_determination(c, &s->olga, &asked.entry, "   "), ERR_FIELD_MISSING);
        struct asked own = ask_waiting(c, &s->olga, "x:determined");
        fails(c, &s->olga, draft_determination(c, &s->olga, &own.entry, text), ERR_OWN);
        (void)enter(c, &s->olga, draft_determination(c, &s->olga, &asked.entry, text), VERDICT_ACCEPTED, NULL,
                    false);
        decided_is(c, &c->jo, &asked.entry, "approved");
        fails(c, &s->olga, draft_determination(c, &s->olga, &asked.entry, text), ERR_DECIDED);
        fails(c, &c->sam, draft_decision(c, &c->sam, &asked, VERB_REFUSE), ERR_DECIDED);
        decided_is(c, &s->olga, &own.entry, "waiting");

        /* what was let through by a determination is no breach when it is done */
        struct draft *d = draft_new(&c->v, &c->jo, KIND_ACTIVITY);
        draft_ref(d, REL_INTENT, &asked.entry.st);
        draft_text(d, "result", "nothing-found");
        json_t *reply = NULL;
        (void)draft_enter(&c->v, &c->jo, STATEMENTS, d, &reply);
        assert_int_equal(fact_of(reply, "entry.approved"), 1);
        json_decref(reply);
}

/* Nobody lifts a rule for the own look: neither by registering a determination, nor as the officer who makes
 * it. */
static void nobody_determines_for_the_own_look(void **state)
{
        struct stage *s = *state;
        struct cast *c = &s->cast;
        look_twice(c, &c->jo, "x:mine");
        struct draft *d = draft_authority(c, &c->jo, ACT_REGISTER, "URN-SELF");
        draft_text(d, "authority_type", "determination");
        draft_put(d, "scope_subjects", "[\"x:mine\"]");
        fails(c, &c->jo, d, ERR_FIELD_VALUE);
        (void)ask_waiting(c, &c->jo, "x:mine");
        d = draft_determination(c, &s->olga, NULL, "The page of a shop");
        draft_put(d, "scope_subjects", "[\"x:mine\"]");
        (void)enter(c, &s->olga, d, VERDICT_ACCEPTED, NULL, false);
        (void)ask_waiting(c, &s->olga, "x:mine");
        (void)enter(c, &c->jo, draft_ask(c, &c->jo, "x:mine"), VERDICT_ACCEPTED, "D08", false);
        /* and so it is after a start */
        assert_int_equal(service_stop(&c->v), EXIT_DONE);
        service_start(&c->v);
        (void)ask_waiting(c, &s->olga, "x:mine");
        (void)enter(c, &c->jo, draft_ask(c, &c->jo, "x:mine"), VERDICT_ACCEPTED, "D08", false);
}

/* Refusing needs no authority; and where one has come meanwhile the decision is a supervisor's again. */
static void a_decision_asks_again(void **state)
{
        struct stage *s = *state;
        struct cast *c = &s->cast;
        look_twice(c, &c->jo, "x:again");
        struct asked first = ask_waiting(c, &c->jo, "x:again");
        struct asked second = ask_waiting(c, &c->jo, "x:again");
        (void)enter(c, &c->sam, draft_decision(c, &c->sam, &first, VERB_REFUSE), VERDICT_ACCEPTED, NULL,
                    false);
        fails(c, &c->sam, draft_decision(c, &c->sam, &second, VERB_APPROVE), ERR_UNDETERMINED);
        struct draft *d = draft_determination(c, &s->olga, NULL, "A shop's page, and the shop is asked");
        draft_put(d, "scope_subjects", "[\"x:again\"]");
        (void)enter(c, &s->olga, d, VERDICT_ACCEPTED, NULL, false);
        (void)enter(c, &c->sam, draft_decision(c, &c->sam, &second, VERB_APPROVE), VERDICT_ACCEPTED, NULL,
                    false);
}

/* --- personas --- */

static struct draft *draft_persona_use(struct cast *c, const struct person *p, const char *ref)
{
        struct draft *d = draft_ask(c, p, "x:persona");
        draft_text(d, "persona_ref", ref);
        return d;
}

static void personas(void **state)
{
        struct stage *s = *state;
        struct cast *c = &s->cast;
        (void)enter(c, &c->jo, draft_persona_use(c, &c->jo, "P-7"), VERDICT_REFUSED, "E04", true);
        struct draft *d = draft_new(&c->v, &c->sam, KIND_PERSONA);
        d->s.claims.act = ACT_REGISTER;
        draft_text(d, "persona_ref", "P-7");
        draft_text(d, "persona_name", "Robin Marsh");
        draft_put(d, "assigned_to", "[\"jo\"]");
        struct entry persona = enter(c, &c->sam, d, VERDICT_ACCEPTED, NULL, false);
        (void)enter(c, &c->jo, draft_persona_use(c, &c->jo, "P-7"), VERDICT_ACCEPTED, "E04", false);
        (void)enter(c, &c->jane, draft_persona_use(c, &c->jane, "P-7"), VERDICT_REFUSED, "E04", true);
        d = draft_new(&c->v, &c->sam, KIND_PERSONA);
        d->s.claims.act = ACT_REGISTER;
        draft_text(d, "persona_ref", "P-7");
        fails(c, &c->sam, d, ERR_PERSONA_TAKEN);
        d = draft_new(&c->v, &c->sam, KIND_PERSONA);
        d->s.claims.act = ACT_LAPSE;
        draft_ref(d, REL_PERSONA, &persona.st);
        (void)enter(c, &c->sam, d, VERDICT_ACCEPTED, NULL, false);
        (void)enter(c, &c->jo, draft_persona_use(c, &c->jo, "P-7"), VERDICT_REFUSED, "E04", true);
}

/* --- views --- */

static void views_over_everybody(void **state)
{
        struct stage *s = *state;
        struct cast *c = &s->cast;
        assert_int_equal(fact_after(c, &c->jo, draft_look(c, &c->jo, "x:seen", NULL), "views.window"), 1);
        assert_int_equal(fact_after(c, &c->jane, draft_ask(c, &c->jane, "x:seen"), "views.window"), 2);
        assert_int_equal(fact_after(c, &c->jane, draft_ask(c, &c->jane, "x:seen"), "views.officers"), 2);
        /* an enquiry without a look is no view; a look at somebody else is none either */
        struct draft *d = draft_new(&c->v, &c->jane, KIND_ACTIVITY);
        draft_text(d, "subject", "x:seen");
        draft_text(d, "result", "wrong-person");
        assert_int_equal(fact_after(c, &c->jane, d, "views.window"), 1);
        assert_int_equal(fact_after(c, &c->sam, draft_ask(c, &c->sam, "x:seen"), "views.window"), 2);
        /* done long ago and reported now: it counts when it was done */
        d = draft_new(&c->v, &c->jane, KIND_ACTIVITY);
        draft_text(d, "subject", "x:seen");
        draft_text(d, "result", "captured");
        draft_time(d, "ended_at", -100);
        assert_int_equal(fact_after(c, &c->jane, d, "views.window"), 1);
        json_t *reply = NULL;
        (void)draft_enter(&c->v, &c->sam, STATEMENTS, draft_ask(c, &c->sam, "x:seen"), &reply);
        assert_int_equal(fact_of(reply, "views.window"), 2);
        assert_int_equal(fact_of(reply, "views.d365"), 3);
        assert_int_equal(fact_of(reply, "views.sittings"), 0);
        json_decref(reply);
}

static void accounts_of_one_person(void **state)
{
        struct stage *s = *state;
        struct cast *c = &s->cast;
        (void)enter(c, &c->jo, draft_look(c, &c->jo, "x:left", "Nominal  12"), VERDICT_ACCEPTED, NULL, false);
        /* the tie that the entry itself brings counts for it */
        json_t *reply = NULL;
        (void)draft_enter(&c->v, &c->jane, STATEMENTS, draft_look(c, &c->jane, "x:right", "nominal 12"),
                          &reply);
        assert_int_equal(fact_of(reply, "views.window"), 2);
        assert_int_equal(fact_of(reply, "views.accounts"), 2);
        assert_true(has_rule(reply, "D10"));
        json_decref(reply);
        /* from then on without saying so, and by the reference alone */
        assert_int_equal(fact_after(c, &c->jo, draft_ask(c, &c->jo, "x:left"), "views.window"), 3);
        struct draft *d = draft_new(&c->v, &c->jo, KIND_ACTIVITY);
        draft_text(d, "subject_ref", "NOMINAL 12");
        draft_text(d, "result", "nothing-found");
        assert_int_equal(fact_after(c, &c->jo, d, "views.window"), 3);
        assert_int_equal(fact_after(c, &c->jo, draft_ask(c, &c->jo, "x:right"), "views.window"), 4);
}

/* What is refused ties nothing. */
static void a_refused_entry_ties_nothing(void **state)
{
        struct stage *s = *state;
        struct cast *c = &s->cast;
        (void)enter(c, &c->jo, draft_look(c, &c->jo, "x:one", "nominal 90"), VERDICT_ACCEPTED, NULL, false);
        struct draft *d = draft_ask(c, &c->jo, "x:two");
        draft_text(d, "subject_ref", "nominal 90");
        draft_text(d, "persona_ref", "nobody");
        (void)enter(c, &c->jo, d, VERDICT_REFUSED, NULL, false);
        assert_int_equal(fact_after(c, &c->jo, draft_ask(c, &c->jo, "x:two"), "views.window"), 1);
}

static struct draft *draft_combine(struct cast *c, const struct person *p, const struct hash *with,
                                   const char *relation, const char *subjects)
{
        struct draft *d = draft_new(&c->v, p, KIND_COMBINE);
        draft_ref(d, REL_WITH, with);
        draft_text(d, "relation", relation);
        draft_put(d, "subjects", subjects);
        draft_text(d, "reason", "The same photograph on both");
        return d;
}

static void combined_and_parted(void **state)
{
        struct stage *s = *state;
        struct cast *c = &s->cast;
        struct entry a =
            enter(c, &c->jo, draft_look(c, &c->jo, "x:ann", NULL), VERDICT_ACCEPTED, NULL, false);
        struct entry b =
            enter(c, &c->jane, draft_look(c, &c->jane, "x:beth", NULL), VERDICT_ACCEPTED, NULL, false);
        static const char both[] = "[\"x:ann\",\"x:beth\"]";
        fails(c, &c->jane, draft_combine(c, &c->jane, &a.st, "same-person", both),
              ERR_ROLE); /* not hers to open */
        fails(c, &c->jo, draft_combine(c, &c->jo, &a.st, "same-person", "[\"x:ann\"]"), ERR_FIELD_MISSING);
        struct draft *d = draft_combine(c, &c->jo, &a.st, "same-person", both);
        d->s.refs_n = 0;
        fails(c, &c->jo, d, ERR_REF);
        assert_int_equal(fact_after(c, &c->jo, draft_ask(c, &c->jo, "x:ann"), "views.window"), 2);
        (void)enter(c, &c->jo, draft_combine(c, &c->jo, &a.st, "same-matter", both), VERDICT_ACCEPTED, NULL,
                    false);
        assert_int_equal(fact_after(c, &c->jo, draft_ask(c, &c->jo, "x:ann"), "views.window"), 2);
        (void)enter(c, &c->jo, draft_combine(c, &c->jo, &a.st, "same-person", both), VERDICT_ACCEPTED, NULL,
                    false);
        assert_int_equal(fact_after(c, &c->jo, draft_ask(c, &c->jo, "x:ann"), "views.window"), 3);
        assert_int_equal(fact_after(c, &c->jo, draft_ask(c, &c->jo, "x:beth"), "views.accounts"), 2);
        fails(c, &c->jane, draft_combine(c, &c->jane, &b.st, "not-same", both), ERR_ROLE); /* not her tie */
        (void)enter(c, &c->jo, draft_combine(c, &c->jo, &a.st, "not-same", both), VERDICT_ACCEPTED, NULL,
                    false);
        (void)enter(c, &c->jo, draft_combine(c, &c->jo, &a.st, "same-person", both), VERDICT_ACCEPTED, NULL,
                    false);
        assert_int_equal(fact_after(c, &c->jo, draft_ask(c, &c->jo, "x:beth"), "views.accounts"), 2);
        (void)enter(c, &c->sam, draft_combine(c, &c->sam, &a.st, "not-same", both), VERDICT_ACCEPTED, NULL,
                    false);
        assert_int_equal(fact_after(c, &c->jo, draft_ask(c, &c->jo, "x:ann"), "views.window"), 2);
        struct buf many;
        buf_init(&many, 4096);
        for (int i = 0; i < 33; i++)
                buf_put_format(&many, "%s\"x:m%d\"", i == 0 ? "[" : ",", i);
        buf_put_text(&many, "]");
        fails(c, &c->jo, draft_combine(c, &c->jo, &a.st, "same-person", buf_text(&many)), ERR_FIELD_VALUE);
        buf_clear(&many);
}

/* Two looks that arrive at once: one of them is the third, whoever wins. */
struct racer {
        const struct service *v;
        const struct person *person;
        struct draft *draft;
        struct answer answer;
};

static void *race(void *self)
{
        struct racer *r = self;
        service_post(r->v, r->person, STATEMENTS, r->draft, &r->answer);
        return NULL;
}

static void not_both_are_the_last_allowed(void **state)
{
        struct stage *s = *state;
        struct cast *c = &s->cast;
        for (int round = 0; round < 5; round++) {
                char subject[32];
                struct racer racer[2] = {{.person = &c->jo}, {.person = &c->jane}};
                struct person *people[2] = {&c->jo, &c->jane};
                pthread_t thread[2];
                int64_t window[2];
                (void)snprintf(subject, sizeof subject, "x:race-%d", round);
                (void)enter(c, &c->sam, draft_look(c, &c->sam, subject, NULL), VERDICT_ACCEPTED, NULL, false);
                for (int i = 0; i < 2; i++) {
                        racer[i].v = &c->v;
                        racer[i].draft = draft_look(c, people[i], subject, NULL);
                        draft_sign(racer[i].draft, people[i]->key);
                }
                for (int i = 0; i < 2; i++)
                        assert_int_equal(pthread_create(&thread[i], NULL, race, &racer[i]), 0);
                int flagged = 0;
                for (int i = 0; i < 2; i++) {
                        assert_int_equal(pthread_join(thread[i], NULL), 0);
                        assert_int_equal(racer[i].answer.status, 201);
                        json_t *reply = answer_object(&racer[i].answer);
                        flagged +=
                            strcmp(json_string_value(json_object_get(reply, "verdict")), "flagged") == 0;
                        window[i] = fact_of(reply, "views.window");
                        json_decref(reply);
                        people[i]->n = racer[i].draft->s.n;
                        people[i]->st = racer[i].draft->s.st;
                        draft_free(racer[i].draft);
                }
                assert_int_equal(flagged, 1);
                assert_int_equal(window[0] + window[1], 5);
        }
}

/* --- habits --- */

static struct draft *draft_typed(struct cast *c, const struct person *p, const char *subject,
                                 const char *text)
{
        struct draft *d = draft_ask(c, p, subject);
        draft_text(d, "necessity", text);
        return d;
}

static size_t told_to(struct cast *c, struct person *p, const char *query, const char *rule)
{
        json_t *answer = service_consult(&c->v, p, "list", query);
        const json_t *entries = json_object_get(answer, "entries"), *one;
        size_t n = json_array_size(entries), i;
        json_array_foreach(entries, i, one)
        {
                const json_t *told = json_object_get(one, "told");
                assert_int_equal(json_array_size(told), 1);
                assert_string_equal(json_string_value(json_array_get(told, 0)), rule);
        }
        json_decref(answer);
        return n;
}

static void formulaic_texts_are_told(void **state)
{
        struct stage *s = *state;
        struct cast *c = &s->cast;
        static const char text[] =
            "It is necessary to look at the profile of the suspect in order to prevent and "
            "detect crime and no less intrusive means would do";
        static const char other[] =
            "His sister told us on Friday that he had moved to the coast; the page may name "
            "the town where he is now working as a cook";
        json_t *reply = NULL;
        (void)draft_enter(&c->v, &c->jo, STATEMENTS, draft_typed(c, &c->jo, "x:t1", text), &reply);
        assert_int_equal(fact_of(reply, "entry.likeness"), 0);
        assert_int_equal(fact_of(reply, "entry.alike_d7"), 0);
        json_decref(reply);
        (void)enter(c, &c->jo, draft_typed(c, &c->jo, "x:t2", text), VERDICT_ACCEPTED, "Q01-D", false);
        (void)enter(c, &c->jo, draft_typed(c, &c->jo, "x:t3", other), VERDICT_ACCEPTED, "Q01-D", false);
        assert_int_equal(fact_after(c, &c->jane, draft_typed(c, &c->jane, "x:t4", text), "entry.likeness"),
                         0);
        (void)enter(c, &c->jo, draft_typed(c, &c->jo, "x:t4", text), VERDICT_ACCEPTED, "Q01-D", true);
        (void)enter(c, &c->jo, draft_typed(c, &c->jo, "x:t5", text), VERDICT_ACCEPTED, "Q01-D", true);
        assert_int_equal(told_to(c, &c->sam, "{\"told\":true,\"days\":7}", "Q01-D"), 2);
        assert_int_equal(told_to(c, &c->sam, "{\"told\":true,\"limit\":1}", "Q01-D"), 1);
        assert_int_equal(told_to(c, &c->sam, "{\"told\":true,\"days\":0}", "Q01-D"), 0);
        assert_int_equal(told_to(c, &c->jo, "{\"told\":true}", "Q01-D"), 0);
        json_t *page = service_consult(&c->v, &c->sam, "list", "{\"told\":true,\"limit\":1}");
        char query[96];
        (void)snprintf(query, sizeof query, "{\"told\":true,\"limit\":1,\"before\":%s}",
                       json_string_value(json_object_get(page, "next")));
        json_decref(page);
        page = service_consult(&c->v, &c->sam, "list", query);
        assert_int_equal(json_array_size(json_object_get(page, "entries")), 1);
        assert_null(json_object_get(page, "next"));
        json_decref(page);
        struct draft *d = draft_consult(&c->v, &c->sam, "list", "{\"told\":true,\"days\":367}");
        draft_sign(d, c->sam.key);
        draft_fails(&c->v, &c->sam, CONSULT, d, ERR_FIELD_VALUE);
}

static void enquiries_of_ten_minutes(void **state)
{
        struct stage *s = *state;
        struct cast *c = &s->cast;
        int64_t before = fact_after(c, &s->olga, draft_ask(c, &s->olga, "x:bulk"), "author.intents_m10");
        for (int64_t i = 1; before + i < 14; i++) {
                json_t *reply = NULL;
                (void)draft_enter(&c->v, &s->olga, STATEMENTS, draft_ask(c, &s->olga, "x:bulk"), &reply);
                assert_int_equal(fact_of(reply, "author.intents_m10"), before + i);
                assert_int_equal(fact_of(reply, "author.open_late"), 0);
                assert_int_equal(has_rule(reply, "Q03"), before + i >= 12);
                json_decref(reply);
        }
}

/* --- readings --- */

static void a_reading_that_is_refused(void **state)
{
        struct stage *s = *state;
        struct cast *c = &s->cast;
        static const char query[] = "{\"kind\":\"consult\"}";
        struct draft *d = draft_consult(&c->v, &c->una, "list", query);
        struct answer a;
        char ref[64], show[128];
        draft_sign(d, c->una.key);
        service_post(&c->v, &c->una, CONSULT, d, &a);
        json_t *o = answer_problem(&a, ERR_REFUSED);
        (void)reply_check(&c->v, o, d->s.jws, NULL);
        assert_string_equal(json_string_value(json_object_get(o, "verdict")), "refused");
        assert_null(json_object_get(o, "answer"));
        assert_true(has_rule(o, "S04"));
        assert_int_equal(fact_of(o, "count"), 0);
        assert_int_equal(fact_of(o, "entry.reads_logs"), 1);
        json_decref(o);
        service_post(&c->v, &c->una, CONSULT, d, &a); /* the same again, the same answer */
        o = answer_problem(&a, ERR_REFUSED);
        (void)snprintf(ref, sizeof ref, "%s", json_string_value(json_object_get(o, "ref")));
        json_decref(o);
        c->una.n = d->s.n;
        c->una.st = d->s.st;
        draft_free(d);

        d = draft_consult(&c->v, &c->una, "list", query);
        draft_text(d, "log_purpose", "lawfulness");
        (void)draft_enter(&c->v, &c->una, CONSULT, d, &o);
        assert_true(json_array_size(json_object_get(json_object_get(o, "answer"), "entries")) > 0);
        assert_int_equal(fact_of(o, "count"),
                         (int64_t)json_array_size(json_object_get(json_object_get(o, "answer"), "entries")));
        json_decref(o);
        /* nor by a kind that is none */
        d = draft_consult(&c->v, &c->una, "list", "{\"kind\":\"\",\"all\":true}");
        draft_sign(d, c->una.key);
        service_post(&c->v, &c->una, CONSULT, d, &a);
        o = answer_problem(&a, ERR_REFUSED);
        assert_true(has_rule(o, "S04"));
        json_decref(o);
        c->una.n = d->s.n;
        c->una.st = d->s.st;
        draft_free(d);
        /* a log is opened by somebody who says that it is one */
        (void)snprintf(show, sizeof show, "{\"ref\":\"%s\"}", ref);
        d = draft_consult(&c->v, &c->una, "show", show);
        draft_sign(d, c->una.key);
        draft_fails(&c->v, &c->una, CONSULT, d, ERR_FIELD_VALUE);
        (void)snprintf(show, sizeof show, "{\"ref\":\"%s\",\"logs\":true}", ref);
        d = draft_consult(&c->v, &c->una, "show", show);
        draft_text(d, "log_purpose", "integrity");
        (void)draft_enter(&c->v, &c->una, CONSULT, d, NULL);
        json_decref(service_consult(&c->v, &c->una, "list", "{}"));
}

/* --- packs --- */

static void put_annex(struct cast *c, const struct person *p, struct bytes text, struct hash *out)
{
        struct answer a;
        service_ask(&c->v, p, "PUT", ANNEX, BYTES, text, &a);
        assert_int_equal(a.status, 200);
        json_t *o = answer_object(&a);
        assert_ok(hash_of_text(bytes_text(json_string_value(json_object_get(o, "hash"))), out));
        json_decref(o);
}

static void annex_fails(struct cast *c, const struct person *p, struct bytes text, enum err e)
{
        struct answer a;
        service_ask(&c->v, p, "PUT", ANNEX, BYTES, text, &a);
        answer_is(&a, e);
}

static void read_pack(struct buf *out)
{
        char part[4096];
        size_t n;
        FILE *f = fopen(PACK, "rbe");
        assert_non_null(f);
        buf_init(out, PACK_TEXT_MAX);
        while ((n = fread(part, 1, sizeof part, f)) > 0)
                buf_put(out, bytes_of(part, n));
        (void)fclose(f);
        assert_ok(buf_check(out));
}

/* The text with the first `from` replaced. */
static void changed(const struct buf *pack, const char *from, const char *to, struct buf *out)
{
        const char *text = (const char *)pack->at;
        const char *at = memmem(text, pack->n, from, strlen(from));
        assert_non_null(at);
        size_t head = (size_t)(at - text);
        buf_init(out, PACK_TEXT_MAX);
        buf_put(out, bytes_of(text, head));
        buf_put_text(out, to);
        buf_put(out, bytes_of(at + strlen(from), pack->n - head - strlen(from)));
        assert_ok(buf_check(out));
}

static struct draft *draft_adopt(struct cast *c, const struct hash *policy, const char *apd_ref)
{
        struct draft *d = draft_new(&c->v, &c->ada, KIND_POLICY);
        d->s.claims.act = ACT_ADOPT;
        d->s.claims.policy = *policy;
        if (apd_ref != NULL)
                draft_text(d, "apd_ref", apd_ref);
        return d;
}

static void policy_is(struct cast *c, const struct hash *policy)
{
        char text[HASH_TEXT_LEN + 1];
        json_t *o = service_get(&c->v, &c->jo, "/v1/whoami");
        hash_text(policy, text);
        assert_string_equal(json_string_value(json_object_get(o, "policy")), text);
        json_decref(o);
}

/* The second person's decision; nothing of the entry was shown but its visible part. */
static void second(struct cast *c, const struct entry *entry)
{
        const struct asked asked = {.entry = *entry};
        (void)enter(c, &c->una, draft_decision(c, &c->una, &asked, VERB_APPROVE), VERDICT_ACCEPTED, NULL,
                    false);
}

/* An investigator's is refused for the role before anything is looked at. */
static void adopt_fails_for(struct cast *c, const struct hash *policy)
{
        struct draft *d = draft_new(&c->v, &c->jo, KIND_POLICY);
        d->s.claims.act = ACT_ADOPT;
        d->s.claims.policy = *policy;
        fails(c, &c->jo, d, ERR_ROLE);
}

static void packs_come_into_force(void **state)
{
        struct stage *s = *state;
        struct cast *c = &s->cast;
        struct buf pack, other;
        struct hash now, next, base;
        char text[HASH_TEXT_LEN + 1], path[96];
        read_pack(&pack);
        assert_ok(hash_of(buf_bytes(&pack), &now));
        base = now;
        policy_is(c, &now);

        next = now;
        next.b[0] ^= 1;
        fails(c, &c->ada, draft_adopt(c, &next, "APD"), ERR_ANNEX);
        changed(&pack, "effect: refuse", "effect: forbid", &other);
        put_annex(c, &c->ada, buf_bytes(&other), &next);
        fails(c, &c->ada, draft_adopt(c, &next, "APD"), ERR_PACK);
        buf_clear(&other);
        changed(&pack, "views.accounts >= 2", "views.accounts >= nobody.knows", &other);
        put_annex(c, &c->ada, buf_bytes(&other), &next);
        fails(c, &c->ada, draft_adopt(c, &next, "APD"), ERR_RULE);
        buf_clear(&other);
        changed(&pack, "views.accounts >= 2", "views.accounts >= 9", &other);
        put_annex(c, &c->ada, buf_bytes(&other), &next);
        fails(c, &c->ada, draft_adopt(c, &next, "APD"), ERR_PACK_TESTS);
        policy_is(c, &now);
        buf_clear(&other);

        changed(&pack, "version: \"1\"", "version: \"2\"", &other);
        put_annex(c, &c->jo, buf_bytes(&other), &next); /* who sends it is nobody's business */
        adopt_fails_for(c, &next);
        (void)enter(c, &c->ada, draft_adopt(c, &next, NULL), VERDICT_REFUSED, "P06", true);
        policy_is(c, &now);
        /* named by an entry, so in the file: every member reads it */
        hash_text(&next, text);
        (void)snprintf(path, sizeof path, "%s/%s", ANNEX, text);
        struct answer a;
        service_ask(&c->v, &c->jo, "GET", path, NULL, bytes_of(NULL, 0), &a);
        assert_int_equal(a.status, 200);
        assert_true(bytes_equal(buf_bytes(&a.body), buf_bytes(&other)));
        buf_clear(&a.body);
        struct entry adopted = enter(c, &c->ada, draft_adopt(c, &next, "APD"), VERDICT_WAITING, NULL, false);
        policy_is(c, &now);
        second(c, &adopted);
        policy_is(c, &next);
        buf_clear(&other);

        /* an overlay of it: the base is an annex as well */
        buf_init(&other, 4096);
        hash_text(&base, text);
        buf_put_format(&other,
                       "name: gate-test-here\nversion: \"1\"\ntitle: Ours\nover: %s\nparameters:\n"
                       "  - name: third_view\n    value: 5\n",
                       text);
        put_annex(c, &c->ada, buf_bytes(&other), &now);
        adopted = enter(c, &c->ada, draft_adopt(c, &now, "APD"), VERDICT_WAITING, NULL, false);
        second(c, &adopted);
        policy_is(c, &now);
        look_twice(c, &c->jo, "x:overlaid");
        (void)enter(c, &c->jo, draft_ask(c, &c->jo, "x:overlaid"), VERDICT_ACCEPTED, "D08", false);
        assert_int_equal(service_stop(&c->v), EXIT_DONE);
        service_start(&c->v);
        policy_is(c, &now);
        buf_clear(&other);
        buf_clear(&pack);
}

static void annexes_are_bounded(void **state)
{
        struct stage *s = *state;
        struct cast *c = &s->cast;
        struct buf big;
        struct hash hash;
        buf_init(&big, ANNEX_MAX + 16);
        for (size_t i = 0; i < ANNEX_MAX / 16; i++)
                buf_put_text(&big, "0123456789abcdef");
        put_annex(c, &c->jane, buf_bytes(&big), &hash);
        put_annex(c, &c->jane, buf_bytes(&big), &hash); /* the same again takes no place */
        buf_put_text(&big, "x");
        annex_fails(c, &c->jane, buf_bytes(&big), ERR_TOO_LONG);
        buf_clear(&big);
        annex_fails(c, &c->jane, bytes_of(NULL, 0), ERR_FORM);
        annex_fails(c, &c->jane, bytes_text("\xc3("), ERR_UTF8);
        put_annex(c, &c->jane, bytes_text("two"), &hash);
        put_annex(c, &c->jane, bytes_text("three"), &hash);
        put_annex(c, &c->jane, bytes_text("four"), &hash);
        annex_fails(c, &c->jane, bytes_text("five"), ERR_RATE);
        annex_fails(c, NULL, bytes_text("no certificate"), ERR_NO_CERTIFICATE);
        char text[HASH_TEXT_LEN + 1], path[96];
        hash_text(&hash, text);
        (void)snprintf(path, sizeof path, "%s/%s", ANNEX, text);
        service_get_fails(&c->v, &c->jane, path, ERR_ABSENT); /* not in the ledger yet */
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(an_authority_and_its_clock),
            cmocka_unit_test(a_register_is_not_read_through),
            cmocka_unit_test(too_late_a_renewal),
            cmocka_unit_test(a_determination_settles),
            cmocka_unit_test(nobody_determines_for_the_own_look),
            cmocka_unit_test(a_decision_asks_again),
            cmocka_unit_test(personas),
            cmocka_unit_test(views_over_everybody),
            cmocka_unit_test(accounts_of_one_person),
            cmocka_unit_test(a_refused_entry_ties_nothing),
            cmocka_unit_test(combined_and_parted),
            cmocka_unit_test(not_both_are_the_last_allowed),
            cmocka_unit_test(formulaic_texts_are_told),
            cmocka_unit_test(enquiries_of_ten_minutes),
            cmocka_unit_test(a_reading_that_is_refused),
            cmocka_unit_test(annexes_are_bounded),
            cmocka_unit_test(packs_come_into_force),
        };
        return service_can_run() ? cmocka_run_group_tests(tests, begin, end) : 0;
}
