/* Stories told to a roster: each says, checks and applies entries as the daemon does, then plays them again
 * into a fresh roster, which must be the same. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "ledger/crypto/random.h"
#include "ledger/record/roster.h"

#define LOG         "ledger.example/e#c2l4dGVlbiBieXRlcyEh"
#define ENTRIES_MAX 64
#define EXPIRES     1800000000 /* seconds */
#define IN_TIME     (INT64_C(1790000000) * MOMENT_SECOND_US)

#define INVESTIGATOR  ROLE_BIT(ROLE_INVESTIGATOR)
#define SUPERVISOR    ROLE_BIT(ROLE_SUPERVISOR)
#define OFFICER       ROLE_BIT(ROLE_AUTHORISING_OFFICER)
#define AUDITOR       ROLE_BIT(ROLE_AUDITOR)
#define ADMINISTRATOR ROLE_BIT(ROLE_ADMINISTRATOR)

/* People of the stories; ANN is the first administrator. */
enum person { ANN, BEN, CAT, DAN, EVE, PEOPLE };

struct entry {
        uint64_t seq;
        uint32_t key;
        struct statement s;
        enum verdict verdict;
};
struct story {
        struct roster *r;
        struct statement genesis;
        struct public_key log;
        int64_t at_us;
        struct why why;
        unsigned invites[PEOPLE]; /* how many invites each has had: the next ones have other keys */
        size_t n;
        struct entry entry[ENTRIES_MAX]; /* entry[i] has seq i + 1 */
};

static struct signing_key *key_of(enum person p, unsigned generation, uint8_t what)
{
        uint8_t seed[SEED_LEN] = {(uint8_t)(p + 1), (uint8_t)(generation + 1), what};
        struct signing_key *k;
        assert_int_equal(signing_key_new(bytes_of(seed, sizeof seed), &k), OK);
        return k;
}

static struct public_key public_of(enum person p, unsigned generation, uint8_t what)
{
        struct signing_key *k = key_of(p, generation, what);
        struct public_key key = signing_key_signer(k).key;
        signing_key_free(k);
        return key;
}
#define INVITE_KEY 'i'
#define OWN_KEY    'k'
#define LOG_KEY    'l'

static struct member_id id_of(enum person p)
{
        struct member_id id = {{0x40, (uint8_t)p}};
        return id;
}

static struct hash hash_like(uint8_t what, unsigned number)
{
        uint8_t text[3] = {what, (uint8_t)number, (uint8_t)(number >> 8)};
        struct hash h;
        assert_int_equal(hash_of(bytes_of(text, sizeof text), &h), OK);
        return h;
}

static struct statement blank(enum kind kind, enum act act)
{
        struct statement s;
        memset(&s, 0, sizeof s);
        s.log = bytes_text(LOG);
        s.kind = kind;
        s.claims.act = act;
        return s;
}

static struct story *begin(void)
{
        struct story *t = calloc(1, sizeof *t);
        assert_non_null(t);
        assert_int_equal(crypto_setup(), OK);
        t->at_us = IN_TIME;
        t->log = public_of(ANN, 0, LOG_KEY);
        t->genesis = blank(KIND_GENESIS, ACT_NONE);
        t->genesis.n = 1;
        t->genesis.st = hash_like('g', 0);
        t->genesis.claims.member = id_of(ANN);
        t->genesis.claims.invite = public_of(ANN, 0, INVITE_KEY);
        t->genesis.claims.expires = EXPIRES;
        t->genesis.claims.policy = hash_like('p', 0);
        t->invites[ANN] = 1;
        t->r = roster_new();
        assert_non_null(t->r);
        assert_int_equal(roster_apply_genesis(t->r, &t->genesis, &t->log), OK);
        return t;
}

static void check_same_member(const struct roster_member *a, const struct roster_member *b)
{
        assert_int_equal(a->number, b->number);
        assert_memory_equal(a->id.b, b->id.b, sizeof a->id.b);
        assert_int_equal(a->roles, b->roles);
        assert_int_equal(a->training, b->training);
        assert_string_equal(a->unit, b->unit);
        assert_int_equal(a->revoked, b->revoked);
        assert_int_equal(a->since_seq, b->since_seq);
}

static void check_same_key(const struct roster_key *a, const struct roster_key *b)
{
        assert_int_equal(a->number, b->number);
        assert_int_equal(a->kind, b->kind);
        assert_memory_equal(a->key.b, b->key.b, KEY_LEN);
        assert_memory_equal(a->kid.b, b->kid.b, HASH_LEN);
        assert_memory_equal(a->tls.b, b->tls.b, HASH_LEN);
        assert_int_equal(a->member, b->member);
        assert_int_equal(a->waiting, b->waiting);
        assert_int_equal(a->used, b->used);
        assert_int_equal(a->expires, b->expires);
        assert_int_equal(a->from_seq, b->from_seq);
        assert_true(a->until_seq == b->until_seq);
        assert_int_equal(a->n, b->n);
        assert_memory_equal(a->st.b, b->st.b, HASH_LEN);
}

/* Plays all entries into a fresh roster and compares. */
static void end(struct story *t)
{
        struct roster *again = roster_new();
        assert_non_null(again);
        assert_int_equal(roster_apply_genesis(again, &t->genesis, &t->log), OK);
        for (size_t i = 0; i < t->n; i++) {
                const struct entry *x = &t->entry[i];
                const struct roster_key *key = roster_key_at(again, x->key);
                assert_int_equal(roster_apply(again, x->seq, key, &x->s, x->verdict), OK);
        }
        assert_int_equal(roster_members(t->r), roster_members(again));
        assert_int_equal(roster_keys(t->r), roster_keys(again));
        for (uint32_t i = 0; i < roster_members(again); i++)
                check_same_member(roster_member_at(t->r, i), roster_member_at(again, i));
        for (uint32_t i = 0; i < roster_keys(again); i++)
                check_same_key(roster_key_at(t->r, i), roster_key_at(again, i));
        assert_true(hash_equal(roster_policy(t->r), roster_policy(again)));
        for (size_t i = 0; i < t->n; i++)
                assert_true(roster_waiting(t->r, &t->entry[i].s.st) ==
                            roster_waiting(again, &t->entry[i].s.st));
        roster_free(again);
        roster_free(t->r);
        free(t);
}

static const struct roster_member *member(const struct story *t, enum person p)
{
        struct member_id id = id_of(p);
        return roster_member_of_id(t->r, &id);
}

/* The newest key of a person, also when it has ended. */
static const struct roster_key *own_key(const struct story *t, enum person p)
{
        const struct roster_key *found = NULL;
        for (uint32_t i = 0; i < roster_keys(t->r); i++) {
                const struct roster_key *k = roster_key_at(t->r, i);
                if (k->kind == KEY_MEMBER && k->member == member(t, p)->number)
                        found = k;
        }
        assert_non_null(found);
        return found;
}

static const struct roster_key *invite_key(const struct story *t, enum person p)
{
        struct public_key key = public_of(p, t->invites[p] - 1, INVITE_KEY);
        const struct roster_key *k = roster_invite_of_key(t->r, &key);
        assert_non_null(k);
        return k;
}

static void follow(const struct story *t, const struct roster_key *key, struct statement *s)
{
        s->kid = key->kid;
        s->n = key->n + 1;
        s->prev = key->st;
        s->st = hash_like('s', (unsigned)t->n);
}

static enum err may(struct story *t, const struct roster_key *key, const struct statement *s,
                    const struct entry *target)
{
        memset(&t->why, 0, sizeof t->why);
        return roster_check_may(t->r, key, s, t->at_us, target == NULL ? NULL : &target->s,
                                target == NULL ? NULL : roster_key_at(t->r, target->key), &t->why);
}

/* Checks, then applies with the verdict that the rule of the second person gives. */
static enum err say(struct story *t, const struct roster_key *key, struct statement *s,
                    const struct entry *target)
{
        struct entry *x = &t->entry[t->n];
        enum err e;
        assert_true(t->n < ENTRIES_MAX);
        follow(t, key, s);
        if ((e = roster_check_follows(t->r, key, s)) || (e = may(t, key, s, target)))
                return e;
        x->verdict = roster_needs_second(t->r, key, s) ? VERDICT_WAITING : VERDICT_ACCEPTED;
        x->seq = ++t->n;
        x->key = key->number;
        x->s = *s;
        return roster_apply(t->r, x->seq, key, s, x->verdict);
}

static const struct entry *last(const struct story *t)
{
        return &t->entry[t->n - 1];
}

static struct statement invite_of(struct story *t, enum person who, roles set)
{
        struct statement s = blank(KIND_MEMBER, ACT_INVITE);
        s.claims.member = id_of(who);
        s.claims.invite = public_of(who, t->invites[who], INVITE_KEY);
        s.claims.expires = EXPIRES;
        s.claims.roles = set;
        s.claims.unit = bytes_text("north.1");
        s.claims.training = 3;
        return s;
}

static enum err invite(struct story *t, enum person by, enum person who, roles set)
{
        struct statement s = invite_of(t, who, set);
        enum err e = say(t, own_key(t, by), &s, NULL);
        if (!e)
                t->invites[who]++;
        return e;
}

static enum err change(struct story *t, enum person by, enum act act, enum person who, roles set)
{
        struct statement s = invite_of(t, who, set);
        s.claims.act = act;
        if (act == ACT_MOVE)
                s.claims.unit = bytes_text("south");
        enum err e = say(t, own_key(t, by), &s, NULL);
        if (!e && (act == ACT_REKEY || act == ACT_LINK))
                t->invites[who]++;
        return e;
}

static struct statement join_of(struct story *t, enum person who)
{
        struct statement s = blank(KIND_MEMBER, ACT_JOIN);
        unsigned generation = t->invites[who] - 1;
        struct public_key invited = public_of(who, generation, INVITE_KEY);
        struct signing_key *k = key_of(who, generation, OWN_KEY);
        struct signer signer = signing_key_signer(k);
        struct buf message;
        buf_init(&message, 1024);
        pop_message_put(&message, s.log, &invited);
        assert_int_equal(signer.sign(signer.self, buf_bytes(&message), &s.claims.pop), OK);
        s.claims.member = id_of(who);
        s.claims.key = signer.key;
        s.claims.tls = hash_like('t', (unsigned)who * 16 + generation);
        buf_clear(&message);
        signing_key_free(k);
        return s;
}

static enum err join(struct story *t, enum person who)
{
        struct statement s = join_of(t, who);
        return say(t, invite_key(t, who), &s, NULL);
}

static enum err decide(struct story *t, enum person by, size_t seq, enum verb verb)
{
        struct statement s = blank(KIND_DECISION, ACT_NONE);
        const struct entry *target = &t->entry[seq - 1];
        s.claims.verb = verb;
        s.refs_n = 1;
        s.refs[0] = (struct ref){.rel = REL_TARGET, .st = target->s.st};
        return say(t, own_key(t, by), &s, target);
}

static enum err adopt(struct story *t, enum person by, unsigned number)
{
        struct statement s = blank(KIND_POLICY, ACT_ADOPT);
        s.claims.policy = hash_like('p', number);
        return say(t, own_key(t, by), &s, NULL);
}

static void join_first(struct story *t)
{
        assert_int_equal(join(t, ANN), OK);
}

/* Invites, lets ANN's colleague approve if that is needed, and joins. */
static void enrol(struct story *t, enum person who, roles set, enum person second)
{
        assert_int_equal(invite(t, ANN, who, set), OK);
        if (last(t)->verdict == VERDICT_WAITING)
                assert_int_equal(decide(t, second, t->n, VERB_APPROVE), OK);
        assert_int_equal(join(t, who), OK);
}

static void genesis_brings_log_key_and_first_invite(void **state)
{
        struct story *t = begin();
        const struct roster_key *log = roster_key_at(t->r, 0), *first = roster_key_at(t->r, 1);
        struct statement s = blank(KIND_CONSULT, ACT_NONE);
        struct hash kid;
        (void)state;
        assert_int_equal(roster_keys(t->r), 2);
        assert_int_equal(roster_members(t->r), 1);
        assert_null(roster_key_at(t->r, 2));
        assert_null(roster_member_at(t->r, 1));
        assert_int_equal(log->kind, KEY_LOG);
        assert_int_equal(log->n, 1);
        assert_true(hash_equal(&log->st, &t->genesis.st));
        assert_int_equal(key_thumbprint(&t->log, &kid), OK);
        assert_ptr_equal(roster_key_of_kid(t->r, &kid), log);
        assert_null(roster_invite_of_key(t->r, &t->log));
        assert_int_equal(first->kind, KEY_INVITE);
        assert_false(first->waiting || first->used);
        assert_int_equal(first->expires, EXPIRES);
        assert_ptr_equal(roster_invite_of_key(t->r, &first->key), first);
        assert_int_equal(member(t, ANN)->roles, ADMINISTRATOR);
        assert_int_equal(member(t, ANN)->training, 0);
        assert_string_equal(member(t, ANN)->unit, "");
        assert_null(roster_key_of_member(t->r, 0));
        assert_null(roster_key_of_member(t->r, 1));
        assert_true(hash_equal(roster_policy(t->r), &t->genesis.claims.policy));
        assert_int_equal(may(t, log, &s, NULL), ERR_ROLE);
        assert_int_equal(may(t, log, &t->genesis, NULL), ERR_ROLE);
        assert_int_equal(roster_apply_genesis(t->r, &t->genesis, &t->log), ERR_BUG);
        join_first(t);
        assert_int_equal(may(t, own_key(t, ANN), &t->genesis, NULL), ERR_ROLE);
        assert_int_equal(roster_apply(t->r, 9, own_key(t, ANN), &t->genesis, VERDICT_ACCEPTED), ERR_BUG);
        end(t);
}

static void a_join_brings_the_members_key(void **state)
{
        struct story *t = begin();
        const struct roster_key *k;
        struct hash tls = hash_like('t', 0), unknown = hash_like('t', 200);
        (void)state;
        join_first(t);
        k = roster_key_of_member(t->r, 0);
        assert_non_null(k);
        assert_int_equal(k->number, 2);
        assert_int_equal(k->kind, KEY_MEMBER);
        assert_int_equal(k->from_seq, 1);
        assert_true(k->until_seq == SEQ_NONE);
        assert_int_equal(k->n, 0);
        assert_ptr_equal(roster_key_of_kid(t->r, &k->kid), k);
        assert_ptr_equal(roster_key_of_tls(t->r, &tls), k);
        assert_null(roster_key_of_tls(t->r, &unknown));
        assert_null(roster_invite_of_key(t->r, &k->key));
        assert_true(invite_key(t, ANN)->used);
        assert_int_equal(invite_key(t, ANN)->until_seq, 1);
        assert_int_equal(invite_key(t, ANN)->n, 1);
        assert_int_equal(join(t, ANN), ERR_INVITE_USED);
        end(t);
}

static void an_invites_key_joins_and_nothing_else(void **state)
{
        struct story *t = begin();
        (void)state;
        for (enum kind kind = 0; kind < KIND_COUNT; kind++)
                for (enum act act = 0; act < ACT_COUNT; act++) {
                        struct statement s = blank(kind, act);
                        if (kind != KIND_MEMBER || act != ACT_JOIN)
                                assert_int_equal(may(t, roster_key_at(t->r, 1), &s, NULL), ERR_ROLE);
                }
        join_first(t);
        struct statement s = join_of(t, ANN);
        assert_int_equal(may(t, own_key(t, ANN), &s, NULL), ERR_ROLE);
        end(t);
}

static void an_invite_is_used_in_time(void **state)
{
        struct story *t = begin();
        (void)state;
        t->at_us = EXPIRES * MOMENT_SECOND_US + 1;
        assert_int_equal(join(t, ANN), ERR_INVITE_LATE);
        t->at_us = (EXPIRES + 1) * MOMENT_SECOND_US;
        assert_int_equal(join(t, ANN), ERR_INVITE_LATE);
        t->at_us = EXPIRES * MOMENT_SECOND_US;
        assert_int_equal(join(t, ANN), OK);
        end(t);
}

static void an_invite_that_never_expires_does_not_overflow(void **state)
{
        struct story *t = begin();
        struct statement s;
        (void)state;
        join_first(t);
        s = invite_of(t, BEN, INVESTIGATOR);
        s.claims.expires = JSON_INT_MAX;
        assert_int_equal(say(t, own_key(t, ANN), &s, NULL), OK);
        t->invites[BEN]++;
        assert_int_equal(join(t, BEN), OK);
        end(t);
}

static void a_join_proves_possession(void **state)
{
        struct story *t = begin();
        struct statement s = join_of(t, ANN), other;
        (void)state;
        s.claims.pop.b[7] ^= 1;
        assert_int_equal(say(t, invite_key(t, ANN), &s, NULL), ERR_POSSESSION);
        s = join_of(t, ANN);
        s.log = bytes_text("ledger.example/e#YW5vdGhlciBsZWRnZXIh");
        assert_int_equal(say(t, invite_key(t, ANN), &s, NULL), ERR_POSSESSION);
        s = join_of(t, ANN);
        t->invites[BEN] = 1;
        other = join_of(t, BEN); /* made for another invite */
        s.claims.key = other.claims.key;
        s.claims.pop = other.claims.pop;
        assert_int_equal(say(t, invite_key(t, ANN), &s, NULL), ERR_POSSESSION);
        s.claims.key = join_of(t, ANN).claims.key;
        assert_int_equal(say(t, invite_key(t, ANN), &s, NULL), ERR_POSSESSION);
        assert_int_equal(t->n, 0);
        join_first(t);
        end(t);
}

static void a_join_names_its_member_and_new_keys(void **state)
{
        struct story *t = begin();
        struct statement s;
        (void)state;
        join_first(t);
        assert_int_equal(invite(t, ANN, BEN, INVESTIGATOR), OK);
        s = join_of(t, BEN);
        s.claims.member = id_of(ANN);
        assert_int_equal(say(t, invite_key(t, BEN), &s, NULL), ERR_CLAIM);
        s = join_of(t, BEN);
        s.claims.key = own_key(t, ANN)->key;
        assert_int_equal(say(t, invite_key(t, BEN), &s, NULL), ERR_CLAIM);
        s.claims.key = t->log;
        assert_int_equal(say(t, invite_key(t, BEN), &s, NULL), ERR_CLAIM);
        s.claims.key = invite_key(t, BEN)->key;
        assert_int_equal(say(t, invite_key(t, BEN), &s, NULL), ERR_CLAIM);
        s = join_of(t, BEN);
        s.claims.tls = own_key(t, ANN)->tls;
        assert_int_equal(say(t, invite_key(t, BEN), &s, NULL), ERR_CLAIM);
        assert_int_equal(join(t, BEN), OK);
        end(t);
}

/* DESIGN section 4 and FORMAT.md section 4: who may sign what, written out a second time. */
static const struct {
        const char *kind, *acts, *who; /* acts "": any; roles by first letters, see role_letters */
} who_may[] = {
    {"genesis", "", ""},
    {"member", "invite role move rekey revoke link", "m"},
    {"member", "join", ""},
    {"policy", "adopt rotate-log rotate-server", "m"},
    {"operation", "open close", "is"},
    {"authority", "register", "iso"},
    {"authority", "review renew cancel", "so"},
    {"authority", "determine", "o"},
    {"persona", "register assign lapse", "so"},
    {"enquiry.intent", "", "iso"},
    {"enquiry.activity", "", "iso"},
    {"decision", "", "soam"},
    {"review", "", "soapr"},
    {"amend", "", "isoadpr"},
    {"combine", "", "is"},
    {"hold", "place release", "dprs"},
    {"restrict", "place lift", "dprs"},
    {"erase", "order confirm", "rp"},
    {"disclose", "", "dfpar"},
    {"consult", "", "isoadfprm"},
    {"finding", "", "a"},
};
static const char role_letters[ROLE_COUNT + 1] = "isoadfprm";

static roles roles_of(const char *letters)
{
        unsigned set = 0;
        for (; *letters != 0; letters++)
                set |= 1u << (strchr(role_letters, *letters) - role_letters);
        return (roles)set;
}

/* That a person with that one role may sign, or may not for the role. */
static void check_role(struct story *t, enum role role, enum kind kind, enum act act, bool expected)
{
        struct statement s = blank(kind, act);
        struct entry target = {.key = own_key(t, ANN)->number, .s = blank(KIND_INTENT, ACT_NONE)};
        const struct roster_key *key = own_key(t, role == ROLE_ADMINISTRATOR ? ANN : BEN);
        if (kind == KIND_DECISION && (role == ROLE_ADMINISTRATOR || role == ROLE_AUDITOR))
                expected = false; /* of an enquiry; their own decisions have stories below */
        enum err e = may(t, key, &s, &target);
        if (expected != (e != ERR_ROLE))
                fail_msg("%s, act %d, %s: %s", kind_name(kind), (int)act, role_name(role), err_row(e)->code);
}

static void each_role_signs_its_kinds(void **state)
{
        size_t rows = 0;
        (void)state;
        for (enum role role = 0; role < ROLE_COUNT; role++) {
                struct story *t = begin();
                join_first(t);
                enrol(t, BEN, role == ROLE_ADMINISTRATOR ? INVESTIGATOR : ROLE_BIT(role), ANN);
                for (size_t i = 0; i < sizeof who_may / sizeof who_may[0]; i++) {
                        char acts[64], *rest = acts;
                        enum kind kind;
                        assert_true(kind_of_name(who_may[i].kind, strlen(who_may[i].kind), &kind));
                        (void)snprintf(acts, sizeof acts, "%s", who_may[i].acts);
                        const char *word = strtok_r(acts, " ", &rest);
                        do {
                                enum act act = ACT_NONE;
                                assert_true(word == NULL || act_of_name(bytes_text(word), &act));
                                assert_int_equal(roster_roles_for(kind, act), roles_of(who_may[i].who));
                                check_role(t, role, kind, act,
                                           (roles_of(who_may[i].who) & ROLE_BIT(role)) != 0);
                                rows++;
                        } while (word != NULL && (word = strtok_r(NULL, " ", &rest)) != NULL);
                }
                end(t);
        }
        assert_int_equal(rows, 36 * ROLE_COUNT);
}

static void one_administrator_needs_nobody(void **state)
{
        struct story *t = begin();
        struct hash old;
        (void)state;
        join_first(t);
        old = *roster_policy(t->r);
        assert_int_equal(adopt(t, ANN, 1), OK);
        assert_false(hash_equal(roster_policy(t->r), &old));
        assert_int_equal(invite(t, ANN, BEN, SUPERVISOR | OFFICER), OK);
        assert_int_equal(last(t)->verdict, VERDICT_ACCEPTED);
        assert_int_equal(member(t, BEN)->roles, SUPERVISOR | OFFICER);
        assert_int_equal(member(t, BEN)->training, 3);
        assert_string_equal(member(t, BEN)->unit, "north.1");
        assert_int_equal(join(t, BEN), OK);
        /* an administrator who has not joined is nobody yet */
        assert_int_equal(invite(t, ANN, CAT, ADMINISTRATOR), OK);
        assert_int_equal(invite(t, ANN, DAN, SUPERVISOR), OK);
        assert_int_equal(last(t)->verdict, VERDICT_ACCEPTED);
        assert_int_equal(join(t, CAT), OK);
        assert_int_equal(invite(t, ANN, EVE, SUPERVISOR), OK);
        assert_int_equal(last(t)->verdict, VERDICT_WAITING);
        end(t);
}

static void an_investigator_needs_nobody(void **state)
{
        struct story *t = begin();
        (void)state;
        join_first(t);
        enrol(t, BEN, AUDITOR, ANN);
        assert_int_equal(invite(t, ANN, CAT, INVESTIGATOR), OK);
        assert_int_equal(last(t)->verdict, VERDICT_ACCEPTED);
        assert_int_equal(invite(t, ANN, DAN, INVESTIGATOR | SUPERVISOR), OK);
        assert_int_equal(last(t)->verdict, VERDICT_WAITING);
        assert_int_equal(decide(t, BEN, t->n, VERB_APPROVE), OK);
        /* taking a role away is no grant, nor is training or a move */
        assert_int_equal(change(t, ANN, ACT_ROLE, DAN, SUPERVISOR), OK);
        assert_int_equal(last(t)->verdict, VERDICT_ACCEPTED);
        assert_int_equal(change(t, ANN, ACT_MOVE, DAN, 0), OK);
        assert_int_equal(last(t)->verdict, VERDICT_ACCEPTED);
        assert_string_equal(member(t, DAN)->unit, "south");
        assert_int_equal(member(t, DAN)->roles, SUPERVISOR);
        assert_int_equal(change(t, ANN, ACT_ROLE, DAN, SUPERVISOR | OFFICER), OK);
        assert_int_equal(last(t)->verdict, VERDICT_WAITING);
        assert_int_equal(member(t, DAN)->roles, SUPERVISOR);
        end(t);
}

/* The second person is an administrator, or an auditor. */
static void grants_wait_for(roles second)
{
        struct story *t = begin();
        size_t grant;
        join_first(t);
        enrol(t, BEN, second, ANN);
        assert_int_equal(invite(t, ANN, CAT, SUPERVISOR), OK);
        grant = t->n;
        assert_int_equal(last(t)->verdict, VERDICT_WAITING);
        assert_true(roster_waiting(t->r, &last(t)->s.st) == grant);
        assert_true(invite_key(t, CAT)->waiting);
        assert_int_equal(member(t, CAT)->roles, 0);
        assert_int_equal(join(t, CAT), ERR_INVITE_WAITING);
        assert_int_equal(decide(t, ANN, grant, VERB_APPROVE), ERR_OWN);
        assert_int_equal(decide(t, BEN, grant, VERB_ESCALATE), OK);
        assert_int_equal(join(t, CAT), ERR_INVITE_WAITING);
        assert_int_equal(decide(t, BEN, grant, VERB_CONDITIONS), OK);
        assert_true(roster_waiting(t->r, &t->entry[grant - 1].s.st) == SEQ_NONE);
        assert_int_equal(member(t, CAT)->roles, SUPERVISOR);
        assert_string_equal(member(t, CAT)->unit, "north.1");
        assert_int_equal(join(t, CAT), OK);
        assert_int_equal(decide(t, BEN, grant, VERB_APPROVE), ERR_DECIDED);
        end(t);
}

static void grants_wait_for_an_administrator_or_auditor(void **state)
{
        (void)state;
        grants_wait_for(ADMINISTRATOR);
        grants_wait_for(AUDITOR);
}

static void only_administrators_and_auditors_are_second(void **state)
{
        struct story *t = begin();
        size_t grant;
        (void)state;
        join_first(t);
        enrol(t, BEN, SUPERVISOR | OFFICER, ANN);
        enrol(t, CAT, AUDITOR, ANN);
        assert_int_equal(invite(t, ANN, DAN, SUPERVISOR), OK);
        grant = t->n;
        assert_int_equal(decide(t, BEN, grant, VERB_APPROVE), ERR_ROLE);
        assert_int_equal(decide(t, CAT, grant, VERB_APPROVE), OK);
        end(t);
}

static void a_refused_invite_is_dropped(void **state)
{
        static const enum verb verbs[] = {VERB_REFUSE, VERB_RETURN};
        (void)state;
        for (size_t i = 0; i < 2; i++) {
                struct story *t = begin();
                join_first(t);
                enrol(t, BEN, AUDITOR, ANN);
                assert_int_equal(invite(t, ANN, CAT, SUPERVISOR), OK);
                assert_int_equal(decide(t, BEN, t->n, verbs[i]), OK);
                assert_int_equal(join(t, CAT), ERR_INVITE_REFUSED);
                assert_int_equal(member(t, CAT)->roles, 0);
                assert_int_equal(decide(t, BEN, t->n - 1, VERB_APPROVE), ERR_DECIDED);
                assert_int_equal(change(t, ANN, ACT_ROLE, CAT, INVESTIGATOR), ERR_MEMBER);
                assert_int_equal(change(t, ANN, ACT_REKEY, CAT, 0), ERR_MEMBER);
                assert_int_equal(invite(t, ANN, CAT, SUPERVISOR), ERR_CLAIM);
                end(t);
        }
}

static void a_waiting_member_cannot_be_changed_round_the_second_person(void **state)
{
        struct story *t = begin();
        (void)state;
        join_first(t);
        enrol(t, BEN, AUDITOR, ANN);
        assert_int_equal(invite(t, ANN, CAT, SUPERVISOR), OK);
        assert_int_equal(change(t, ANN, ACT_ROLE, CAT, INVESTIGATOR), ERR_MEMBER);
        assert_int_equal(change(t, ANN, ACT_MOVE, CAT, 0), ERR_MEMBER);
        assert_int_equal(change(t, ANN, ACT_REKEY, CAT, 0), ERR_MEMBER);
        /* but withdrawn */
        assert_int_equal(change(t, ANN, ACT_REVOKE, CAT, 0), OK);
        assert_int_equal(decide(t, BEN, t->n - 1, VERB_APPROVE), ERR_DECIDED);
        assert_int_equal(join(t, CAT), ERR_INVITE_REFUSED);
        end(t);
}

static void nobody_decides_about_themselves(void **state)
{
        struct story *t = begin();
        size_t grant;
        (void)state;
        join_first(t);
        enrol(t, BEN, AUDITOR, ANN);
        enrol(t, CAT, ADMINISTRATOR, BEN);
        assert_int_equal(change(t, ANN, ACT_ROLE, BEN, AUDITOR | SUPERVISOR), OK);
        grant = t->n;
        assert_int_equal(decide(t, BEN, grant, VERB_APPROVE), ERR_OWN);
        assert_int_equal(decide(t, ANN, grant, VERB_APPROVE), ERR_OWN);
        assert_int_equal(member(t, BEN)->roles, AUDITOR);
        assert_int_equal(decide(t, CAT, grant, VERB_APPROVE), OK);
        assert_int_equal(member(t, BEN)->roles, AUDITOR | SUPERVISOR);
        end(t);
}

static void policy_waits_for_the_second_person(void **state)
{
        struct story *t = begin();
        struct hash old, fresh = hash_like('p', 7);
        size_t first;
        (void)state;
        join_first(t);
        enrol(t, BEN, AUDITOR, ANN);
        old = *roster_policy(t->r);
        assert_int_equal(adopt(t, ANN, 6), OK);
        first = t->n;
        assert_int_equal(adopt(t, ANN, 7), OK);
        assert_int_equal(last(t)->verdict, VERDICT_WAITING);
        assert_true(hash_equal(roster_policy(t->r), &old));
        assert_int_equal(decide(t, ANN, t->n, VERB_APPROVE), ERR_OWN);
        assert_int_equal(decide(t, BEN, first, VERB_REFUSE), OK);
        assert_int_equal(decide(t, BEN, first + 1, VERB_APPROVE), OK);
        assert_true(hash_equal(roster_policy(t->r), &fresh));
        assert_int_equal(decide(t, BEN, first, VERB_APPROVE), ERR_DECIDED);
        end(t);
}

static void what_never_waited_is_not_decided(void **state)
{
        struct story *t = begin();
        struct statement s = blank(KIND_DECISION, ACT_NONE);
        (void)state;
        join_first(t);
        enrol(t, BEN, AUDITOR, ANN);
        assert_int_equal(invite(t, ANN, CAT, INVESTIGATOR), OK);
        assert_int_equal(decide(t, BEN, t->n, VERB_REFUSE), ERR_DECIDED);
        assert_int_equal(say(t, own_key(t, BEN), &s, NULL), ERR_REF);
        end(t);
}

static void rekey_of_an_investigator_takes_effect_at_once(void **state)
{
        struct story *t = begin();
        const struct roster_key *old;
        (void)state;
        join_first(t);
        enrol(t, BEN, AUDITOR, ANN);
        enrol(t, CAT, INVESTIGATOR, BEN);
        old = own_key(t, CAT);
        struct hash tls = old->tls;
        assert_int_equal(change(t, ANN, ACT_REKEY, CAT, 0), OK);
        assert_int_equal(last(t)->verdict, VERDICT_ACCEPTED);
        assert_int_equal(old->until_seq, t->n);
        assert_null(roster_key_of_tls(t->r, &tls));
        assert_null(roster_key_of_member(t->r, member(t, CAT)->number));
        struct statement s = blank(KIND_INTENT, ACT_NONE);
        assert_int_equal(say(t, old, &s, NULL), ERR_REVOKED);
        /* another before it was used ends the first */
        const struct roster_key *unused = invite_key(t, CAT);
        assert_int_equal(change(t, ANN, ACT_REKEY, CAT, 0), OK);
        assert_int_equal(unused->until_seq, t->n);
        s = join_of(t, CAT);
        assert_int_equal(may(t, unused, &s, NULL), ERR_INVITE_REFUSED);
        assert_int_equal(join(t, CAT), OK);
        assert_ptr_equal(roster_key_of_member(t->r, member(t, CAT)->number), own_key(t, CAT));
        assert_int_equal(own_key(t, CAT)->member, old->member);
        assert_int_equal(member(t, CAT)->roles, INVESTIGATOR);
        end(t);
}

static void rekey_of_others_waits(void **state)
{
        struct story *t = begin();
        const struct roster_key *old;
        struct statement s = blank(KIND_INTENT, ACT_NONE);
        size_t asked;
        (void)state;
        join_first(t);
        enrol(t, BEN, AUDITOR, ANN);
        enrol(t, CAT, SUPERVISOR, BEN);
        old = own_key(t, CAT);
        assert_int_equal(change(t, ANN, ACT_REKEY, CAT, 0), OK);
        asked = t->n;
        assert_int_equal(last(t)->verdict, VERDICT_WAITING);
        assert_true(old->until_seq == SEQ_NONE);
        assert_int_equal(join(t, CAT), ERR_INVITE_WAITING);
        assert_int_equal(say(t, old, &s, NULL), OK);
        assert_int_equal(decide(t, ANN, asked, VERB_APPROVE), ERR_OWN);
        assert_int_equal(decide(t, BEN, asked, VERB_APPROVE), OK);
        assert_int_equal(old->until_seq, t->n);
        assert_int_equal(say(t, old, &s, NULL), ERR_REVOKED);
        assert_int_equal(join(t, CAT), OK);
        /* refused: the old key stays */
        old = own_key(t, CAT);
        assert_int_equal(change(t, ANN, ACT_REKEY, CAT, 0), OK);
        assert_int_equal(decide(t, BEN, t->n, VERB_REFUSE), OK);
        assert_int_equal(join(t, CAT), ERR_INVITE_REFUSED);
        assert_int_equal(say(t, old, &s, NULL), OK);
        end(t);
}

static void a_rekey_overtaken_by_another_waits_no_longer(void **state)
{
        struct story *t = begin();
        size_t asked;
        (void)state;
        join_first(t);
        enrol(t, BEN, AUDITOR, ANN);
        enrol(t, CAT, SUPERVISOR, BEN);
        assert_int_equal(change(t, ANN, ACT_REKEY, CAT, 0), OK);
        asked = t->n;
        assert_int_equal(change(t, ANN, ACT_REKEY, CAT, 0), OK);
        assert_int_equal(decide(t, BEN, asked + 1, VERB_APPROVE), OK);
        assert_int_equal(decide(t, BEN, asked, VERB_APPROVE), ERR_DECIDED);
        assert_int_equal(join(t, CAT), OK);
        end(t);
}

static void revocation_ends_keys_and_invites(void **state)
{
        struct story *t = begin();
        struct statement s = blank(KIND_CONSULT, ACT_NONE);
        (void)state;
        join_first(t);
        enrol(t, BEN, INVESTIGATOR, ANN);
        assert_int_equal(invite(t, ANN, CAT, INVESTIGATOR), OK);
        struct hash tls = own_key(t, BEN)->tls;
        assert_non_null(roster_key_of_tls(t->r, &tls));
        assert_int_equal(change(t, ANN, ACT_REVOKE, BEN, 0), OK);
        assert_true(member(t, BEN)->revoked);
        assert_null(roster_key_of_tls(t->r, &tls));
        assert_int_equal(say(t, own_key(t, BEN), &s, NULL), ERR_REVOKED);
        assert_int_equal(change(t, ANN, ACT_REVOKE, CAT, 0), OK);
        assert_int_equal(join(t, CAT), ERR_INVITE_REFUSED);
        assert_int_equal(change(t, ANN, ACT_REVOKE, BEN, 0), ERR_MEMBER);
        assert_int_equal(change(t, ANN, ACT_ROLE, BEN, INVESTIGATOR), ERR_MEMBER);
        assert_int_equal(change(t, ANN, ACT_MOVE, BEN, 0), ERR_MEMBER);
        assert_int_equal(change(t, ANN, ACT_REKEY, BEN, 0), ERR_MEMBER);
        end(t);
}

static void revocation_drops_what_waits(void **state)
{
        struct story *t = begin();
        size_t grant;
        (void)state;
        join_first(t);
        enrol(t, BEN, AUDITOR, ANN);
        enrol(t, CAT, INVESTIGATOR, BEN);
        assert_int_equal(change(t, ANN, ACT_ROLE, CAT, SUPERVISOR), OK);
        grant = t->n;
        assert_int_equal(change(t, ANN, ACT_REVOKE, CAT, 0), OK);
        assert_true(roster_waiting(t->r, &t->entry[grant - 1].s.st) == SEQ_NONE);
        assert_int_equal(decide(t, BEN, grant, VERB_APPROVE), ERR_DECIDED);
        end(t);
}

static void a_revoked_second_person_counts_no_more(void **state)
{
        struct story *t = begin();
        (void)state;
        join_first(t);
        enrol(t, BEN, AUDITOR, ANN);
        assert_int_equal(change(t, ANN, ACT_REVOKE, BEN, 0), OK);
        assert_int_equal(invite(t, ANN, CAT, SUPERVISOR), OK);
        assert_int_equal(last(t)->verdict, VERDICT_ACCEPTED);
        end(t);
}

static void the_last_administrator_stays(void **state)
{
        struct story *t = begin();
        (void)state;
        join_first(t);
        assert_int_equal(change(t, ANN, ACT_REVOKE, ANN, 0), ERR_ROLE);
        assert_string_not_equal(t->why.detail, "");
        assert_int_equal(change(t, ANN, ACT_ROLE, ANN, INVESTIGATOR), ERR_ROLE);
        assert_string_not_equal(t->why.detail, "");
        assert_int_equal(change(t, ANN, ACT_ROLE, ANN, ADMINISTRATOR), OK);
        /* one who has not joined is no successor */
        assert_int_equal(invite(t, ANN, BEN, ADMINISTRATOR), OK);
        assert_int_equal(change(t, ANN, ACT_REVOKE, ANN, 0), ERR_ROLE);
        assert_int_equal(join(t, BEN), OK);
        assert_int_equal(change(t, ANN, ACT_ROLE, ANN, INVESTIGATOR), OK);
        assert_int_equal(last(t)->verdict, VERDICT_ACCEPTED);
        assert_int_equal(change(t, BEN, ACT_REVOKE, BEN, 0), ERR_ROLE);
        /* a rekey ends the keys before there is another: its invite may run out unused */
        assert_int_equal(change(t, BEN, ACT_REKEY, BEN, 0), ERR_ROLE);
        end(t);
}

static const struct roster_key *key_of_public(const struct story *t, const struct public_key *key)
{
        struct hash kid;
        assert_int_equal(key_thumbprint(key, &kid), OK);
        assert_non_null(roster_key_of_kid(t->r, &kid));
        return roster_key_of_kid(t->r, &kid);
}

static enum err unlink_key(struct story *t, enum person by, enum person who, const struct public_key *key)
{
        struct statement s = blank(KIND_MEMBER, ACT_UNLINK);
        s.claims.member = id_of(who);
        s.claims.key = *key;
        return say(t, own_key(t, by), &s, NULL);
}

static void a_second_device_is_linked_and_unlinked(void **state)
{
        struct story *t = begin();
        struct public_key first, second;
        (void)state;
        join_first(t);
        enrol(t, CAT, INVESTIGATOR, ANN);
        first = own_key(t, CAT)->key;
        assert_int_equal(change(t, CAT, ACT_LINK, CAT, 0), ERR_ROLE);
        assert_int_equal(change(t, ANN, ACT_LINK, CAT, 0), OK);
        assert_int_equal(last(t)->verdict, VERDICT_ACCEPTED);
        assert_int_equal(join(t, CAT), OK);
        second = own_key(t, CAT)->key;
        assert_memory_not_equal(&first, &second, sizeof first);
        assert_int_equal(key_of_public(t, &first)->until_seq, SEQ_NONE);
        /* nobody else's, by nobody else */
        enrol(t, BEN, SUPERVISOR, ANN);
        assert_int_equal(unlink_key(t, BEN, CAT, &first), ERR_ROLE);
        assert_int_equal(unlink_key(t, CAT, CAT, &own_key(t, BEN)->key), ERR_CLAIM);
        assert_int_equal(unlink_key(t, CAT, CAT, &first), OK);
        assert_int_equal(key_of_public(t, &first)->until_seq, t->n);
        assert_int_equal(unlink_key(t, CAT, CAT, &first), ERR_CLAIM);
        assert_int_equal(own_key(t, CAT)->until_seq, SEQ_NONE);
        end(t);
}

static void the_only_administrators_only_key_stays(void **state)
{
        struct story *t = begin();
        struct public_key first;
        (void)state;
        join_first(t);
        first = own_key(t, ANN)->key;
        assert_int_equal(unlink_key(t, ANN, ANN, &first), ERR_ROLE);
        assert_int_equal(change(t, ANN, ACT_LINK, ANN, 0), OK);
        assert_int_equal(unlink_key(t, ANN, ANN, &first), ERR_ROLE); /* not joined yet */
        assert_int_equal(join(t, ANN), OK);
        assert_int_equal(unlink_key(t, ANN, ANN, &first), OK);
        assert_int_equal(unlink_key(t, ANN, ANN, &own_key(t, ANN)->key), ERR_ROLE);
        end(t);
}

static void a_linked_device_of_others_waits(void **state)
{
        struct story *t = begin();
        (void)state;
        join_first(t);
        enrol(t, BEN, AUDITOR, ANN);
        enrol(t, CAT, SUPERVISOR, BEN);
        assert_int_equal(change(t, ANN, ACT_LINK, CAT, 0), OK);
        assert_int_equal(last(t)->verdict, VERDICT_WAITING);
        assert_int_equal(join(t, CAT), ERR_INVITE_WAITING);
        assert_int_equal(decide(t, BEN, t->n, VERB_APPROVE), OK);
        assert_int_equal(join(t, CAT), OK);
        end(t);
}

static void a_profile_is_ones_own_or_the_administrators(void **state)
{
        struct story *t = begin();
        struct roster_member before;
        (void)state;
        join_first(t);
        enrol(t, BEN, SUPERVISOR, ANN);
        enrol(t, CAT, INVESTIGATOR, ANN);
        before = *member(t, CAT);
        assert_int_equal(change(t, CAT, ACT_PROFILE, CAT, 0), OK);
        assert_int_equal(change(t, ANN, ACT_PROFILE, CAT, 0), OK);
        assert_int_equal(last(t)->verdict, VERDICT_ACCEPTED);
        assert_int_equal(change(t, BEN, ACT_PROFILE, CAT, 0), ERR_ROLE);
        check_same_member(&before, member(t, CAT));
        end(t);
}

static void rotations_leave_the_policy(void **state)
{
        struct story *t = begin();
        struct statement s = blank(KIND_POLICY, ACT_ROTATE_SERVER);
        struct hash before;
        (void)state;
        join_first(t);
        before = *roster_policy(t->r);
        s.claims.server = hash_like('s', 9);
        s.claims.policy = hash_like('p', 9);
        assert_int_equal(say(t, own_key(t, ANN), &s, NULL), OK);
        assert_true(hash_equal(&before, roster_policy(t->r)));
        end(t);
}

static void a_decision_does_not_take_the_last_administrator(void **state)
{
        struct story *t = begin();
        size_t grant;
        (void)state;
        join_first(t);
        enrol(t, BEN, ADMINISTRATOR, ANN);
        enrol(t, CAT, AUDITOR, BEN);
        assert_int_equal(change(t, ANN, ACT_ROLE, BEN, SUPERVISOR), OK);
        grant = t->n;
        assert_int_equal(last(t)->verdict, VERDICT_WAITING);
        assert_int_equal(change(t, BEN, ACT_REVOKE, ANN, 0), OK);
        assert_int_equal(decide(t, CAT, grant, VERB_APPROVE), ERR_ROLE);
        assert_int_equal(decide(t, CAT, grant, VERB_REFUSE), OK);
        assert_int_equal(member(t, BEN)->roles, ADMINISTRATOR);
        end(t);
}

static void claims_about_members_are_checked(void **state)
{
        struct story *t = begin();
        struct statement s;
        (void)state;
        join_first(t);
        enrol(t, BEN, INVESTIGATOR, ANN);
        assert_int_equal(invite(t, ANN, CAT, ADMINISTRATOR | AUDITOR), ERR_ROLES_EXCLUDE);
        assert_int_equal(invite(t, ANN, CAT, 0), ERR_CLAIM);
        assert_int_equal(invite(t, ANN, BEN, INVESTIGATOR), ERR_CLAIM);
        s = invite_of(t, CAT, INVESTIGATOR);
        s.claims.invite = invite_key(t, BEN)->key;
        assert_int_equal(say(t, own_key(t, ANN), &s, NULL), ERR_CLAIM);
        s.claims.invite = own_key(t, BEN)->key;
        assert_int_equal(say(t, own_key(t, ANN), &s, NULL), ERR_CLAIM);
        s.claims.invite = t->log;
        assert_int_equal(say(t, own_key(t, ANN), &s, NULL), ERR_CLAIM);
        s = invite_of(t, BEN, 0);
        s.claims.act = ACT_REKEY;
        s.claims.invite = own_key(t, ANN)->key;
        assert_int_equal(say(t, own_key(t, ANN), &s, NULL), ERR_CLAIM);
        assert_int_equal(change(t, ANN, ACT_ROLE, BEN, ADMINISTRATOR | INVESTIGATOR), ERR_ROLES_EXCLUDE);
        assert_int_equal(change(t, ANN, ACT_ROLE, BEN, 0), ERR_CLAIM);
        assert_int_equal(change(t, ANN, ACT_ROLE, EVE, INVESTIGATOR), ERR_MEMBER);
        assert_int_equal(change(t, ANN, ACT_MOVE, EVE, 0), ERR_MEMBER);
        assert_int_equal(change(t, ANN, ACT_REKEY, EVE, 0), ERR_MEMBER);
        assert_int_equal(change(t, ANN, ACT_REVOKE, EVE, 0), ERR_MEMBER);
        assert_int_equal(change(t, BEN, ACT_REVOKE, ANN, 0), ERR_ROLE);
        end(t);
}

/* The gate refuses these with a recorded verdict, so the roster lets them pass and says whose they are. */
static void own_decisions_on_enquiries_are_the_gates(void **state)
{
        struct story *t = begin();
        struct statement s = blank(KIND_INTENT, ACT_NONE);
        size_t intent;
        (void)state;
        join_first(t);
        enrol(t, BEN, SUPERVISOR, ANN);
        enrol(t, CAT, SUPERVISOR, ANN);
        assert_int_equal(say(t, own_key(t, BEN), &s, NULL), OK);
        intent = t->n;
        assert_int_equal(decide(t, BEN, intent, VERB_APPROVE), OK);
        assert_true(roster_is_own(own_key(t, BEN), roster_key_at(t->r, t->entry[intent - 1].key)));
        assert_int_equal(decide(t, CAT, intent, VERB_APPROVE), OK);
        assert_false(roster_is_own(own_key(t, CAT), own_key(t, BEN)));
        assert_int_equal(decide(t, ANN, intent, VERB_APPROVE), ERR_ROLE);
        /* the log's key is nobody's, though its number stands beside that of the first member */
        assert_false(roster_is_own(own_key(t, ANN), roster_key_at(t->r, 0)));
        assert_true(roster_is_own(own_key(t, ANN), invite_key(t, ANN)));
        end(t);
}

static void each_key_has_a_chain(void **state)
{
        struct story *t = begin();
        struct statement s = blank(KIND_CONSULT, ACT_NONE);
        const struct roster_key *key;
        struct hash before;
        (void)state;
        join_first(t);
        key = own_key(t, ANN);
        follow(t, key, &s);
        assert_int_equal(s.n, 1);
        assert_true(hash_is_zero(&s.prev));
        assert_int_equal(roster_check_follows(t->r, key, &s), OK);
        s.n = 2;
        assert_int_equal(roster_check_follows(t->r, key, &s), ERR_NUMBER);
        s.n = 0;
        assert_int_equal(roster_check_follows(t->r, key, &s), ERR_NUMBER);
        s.n = 1;
        s.prev.b[31] = 1;
        assert_int_equal(roster_check_follows(t->r, key, &s), ERR_NUMBER);
        assert_int_equal(say(t, key, &s, NULL), OK);
        assert_int_equal(key->n, 1);
        before = key->st;
        assert_true(hash_equal(&before, &s.st));
        follow(t, key, &s);
        roster_advance(t->r, key, s.n, &s.st);
        assert_int_equal(key->n, 2);
        assert_int_equal(roster_check_follows(t->r, key, &s), ERR_NUMBER);
        roster_advance(t->r, key, 1, &before);
        assert_int_equal(roster_check_follows(t->r, key, &s), OK);
        end(t);
}

static void a_refused_entry_only_moves_the_head(void **state)
{
        static const enum verdict verdicts[] = {VERDICT_REFUSED, VERDICT_FLAGGED};
        struct story *t = begin();
        (void)state;
        join_first(t);
        for (size_t i = 0; i < 2; i++) {
                struct statement s = invite_of(t, BEN, INVESTIGATOR);
                follow(t, own_key(t, ANN), &s);
                assert_int_equal(roster_apply(t->r, 2 + i, own_key(t, ANN), &s, verdicts[i]), OK);
                assert_int_equal(own_key(t, ANN)->n, 1 + i);
                assert_null(member(t, BEN));
                t->entry[t->n++] = (struct entry){
                    .seq = 2 + i, .key = own_key(t, ANN)->number, .s = s, .verdict = verdicts[i]};
        }
        end(t);
}

static void a_decision_not_accepted_settles_nothing(void **state)
{
        struct story *t = begin();
        struct statement s = blank(KIND_DECISION, ACT_NONE);
        (void)state;
        join_first(t);
        enrol(t, BEN, AUDITOR, ANN);
        assert_int_equal(invite(t, ANN, CAT, SUPERVISOR), OK);
        s.claims.verb = VERB_APPROVE;
        s.refs_n = 1;
        s.refs[0] = (struct ref){.rel = REL_TARGET, .st = last(t)->s.st};
        for (size_t i = 0; i < 2; i++) {
                enum verdict verdict = i == 0 ? VERDICT_REFUSED : VERDICT_WAITING;
                struct entry *x = &t->entry[t->n];
                follow(t, own_key(t, BEN), &s);
                *x = (struct entry){
                    .seq = t->n + 1, .key = own_key(t, BEN)->number, .s = s, .verdict = verdict};
                assert_int_equal(roster_apply(t->r, ++t->n, own_key(t, BEN), &s, verdict), OK);
                assert_int_equal(join(t, CAT), ERR_INVITE_WAITING);
        }
        end(t);
}

/* What a forged ledger might hold as accepted: an error, and nothing has changed. */
static void what_cannot_take_effect_is_an_error(void **state)
{
        struct story *t = begin();
        struct statement forged[7];
        const struct roster_key *key;
        (void)state;
        join_first(t);
        enrol(t, BEN, INVESTIGATOR, ANN);
        assert_int_equal(invite(t, ANN, CAT, INVESTIGATOR), OK);
        key = own_key(t, ANN);
        forged[0] = invite_of(t, BEN, INVESTIGATOR); /* known id */
        forged[1] = invite_of(t, DAN, INVESTIGATOR);
        forged[1].claims.invite = key->key;
        forged[2] = invite_of(t, EVE, INVESTIGATOR);
        forged[2].claims.act = ACT_ROLE;
        forged[3] = forged[2];
        forged[3].claims.act = ACT_REKEY;
        forged[4] = join_of(t, CAT); /* by a key that is no invite */
        forged[5] = invite_of(t, DAN, INVESTIGATOR);
        forged[5].claims.act = ACT_OPEN;
        forged[6] = t->genesis;
        for (size_t i = 0; i < 7; i++) {
                follow(t, key, &forged[i]);
                assert_int_equal(roster_apply(t->r, 50 + i, key, &forged[i], VERDICT_ACCEPTED), ERR_BUG);
        }
        struct statement s = join_of(t, CAT);
        s.claims.tls = key->tls;
        follow(t, invite_key(t, CAT), &s);
        assert_int_equal(roster_apply(t->r, 60, invite_key(t, CAT), &s, VERDICT_ACCEPTED), ERR_BUG);
        s = join_of(t, CAT);
        assert_int_equal(roster_apply(t->r, 60, invite_key(t, CAT), &s, VERDICT_WAITING), ERR_BUG);
        assert_int_equal(join(t, CAT), OK);
        end(t); /* compares with a roster that never saw them */
}

static void crowd_claims(uint32_t i, struct statement *s)
{
        struct hash h;
        assert_int_equal(hash_of(bytes_of(&i, sizeof i), &h), OK);
        memcpy(s->claims.member.b, h.b, MEMBER_ID_LEN);
        memcpy(s->claims.invite.b, h.b, KEY_LEN);
        s->claims.key = s->claims.invite;
        s->claims.key.b[KEY_LEN - 1] ^= 0x55;
        s->claims.tls = h;
        s->claims.tls.b[HASH_LEN - 1] ^= 0xaa;
}

static void a_crowd_is_found_again(void **state)
{
        enum { CROWD = 6000 };
        struct story *t = begin();
        const struct roster_key *first;
        struct statement s;
        (void)state;
        join_first(t);
        first = own_key(t, ANN);
        const struct roster_member *first_member = member(t, ANN);
        for (uint32_t i = 0; i < CROWD; i++) {
                s = blank(KIND_MEMBER, ACT_INVITE);
                s.claims.roles = INVESTIGATOR;
                crowd_claims(i, &s);
                assert_int_equal(roster_apply(t->r, 2 + 2 * (uint64_t)i, first, &s, VERDICT_ACCEPTED), OK);
                s.claims.act = ACT_JOIN;
                assert_int_equal(roster_apply(t->r, 3 + 2 * (uint64_t)i,
                                              roster_invite_of_key(t->r, &s.claims.invite), &s,
                                              VERDICT_ACCEPTED),
                                 OK);
        }
        assert_int_equal(roster_members(t->r), CROWD + 1);
        assert_int_equal(roster_keys(t->r), 3 + 2 * CROWD);
        for (uint32_t i = 0; i < CROWD; i++) {
                const struct roster_key *key, *invited;
                crowd_claims(i, &s);
                key = roster_key_of_tls(t->r, &s.claims.tls);
                invited = roster_invite_of_key(t->r, &s.claims.invite);
                assert_non_null(key);
                assert_non_null(invited);
                assert_int_equal(roster_member_of_id(t->r, &s.claims.member)->number, i + 1);
                assert_int_equal(key->number, 4 + 2 * i);
                assert_int_equal(invited->number, 3 + 2 * i);
                assert_ptr_equal(roster_key_of_kid(t->r, &key->kid), key);
                assert_ptr_equal(roster_key_of_member(t->r, i + 1), key);
        }
        assert_ptr_equal(own_key(t, ANN), first);
        assert_ptr_equal(member(t, ANN), first_member);
        roster_free(t->r);
        free(t);
}

static void an_empty_roster_finds_nobody(void **state)
{
        struct roster *r = roster_new();
        struct hash h = hash_like('x', 1);
        struct member_id id = id_of(ANN);
        struct public_key key = public_of(ANN, 0, OWN_KEY);
        (void)state;
        assert_non_null(r);
        assert_null(roster_key_of_kid(r, &h));
        assert_null(roster_key_of_tls(r, &h));
        assert_null(roster_member_of_id(r, &id));
        assert_null(roster_invite_of_key(r, &key));
        assert_null(roster_member_at(r, 0));
        assert_null(roster_key_at(r, 0));
        assert_true(roster_waiting(r, &h) == SEQ_NONE);
        roster_free(r);
        roster_free(NULL);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(genesis_brings_log_key_and_first_invite),
            cmocka_unit_test(a_join_brings_the_members_key),
            cmocka_unit_test(an_invites_key_joins_and_nothing_else),
            cmocka_unit_test(an_invite_is_used_in_time),
            cmocka_unit_test(an_invite_that_never_expires_does_not_overflow),
            cmocka_unit_test(a_join_proves_possession),
            cmocka_unit_test(a_join_names_its_member_and_new_keys),
            cmocka_unit_test(each_role_signs_its_kinds),
            cmocka_unit_test(one_administrator_needs_nobody),
            cmocka_unit_test(an_investigator_needs_nobody),
            cmocka_unit_test(grants_wait_for_an_administrator_or_auditor),
            cmocka_unit_test(only_administrators_and_auditors_are_second),
            cmocka_unit_test(a_refused_invite_is_dropped),
            cmocka_unit_test(a_waiting_member_cannot_be_changed_round_the_second_person),
            cmocka_unit_test(nobody_decides_about_themselves),
            cmocka_unit_test(policy_waits_for_the_second_person),
            cmocka_unit_test(what_never_waited_is_not_decided),
            cmocka_unit_test(rekey_of_an_investigator_takes_effect_at_once),
            cmocka_unit_test(rekey_of_others_waits),
            cmocka_unit_test(a_rekey_overtaken_by_another_waits_no_longer),
            cmocka_unit_test(revocation_ends_keys_and_invites),
            cmocka_unit_test(revocation_drops_what_waits),
            cmocka_unit_test(a_revoked_second_person_counts_no_more),
            cmocka_unit_test(the_last_administrator_stays),
            cmocka_unit_test(a_second_device_is_linked_and_unlinked),
            cmocka_unit_test(the_only_administrators_only_key_stays),
            cmocka_unit_test(a_linked_device_of_others_waits),
            cmocka_unit_test(a_profile_is_ones_own_or_the_administrators),
            cmocka_unit_test(rotations_leave_the_policy),
            cmocka_unit_test(a_decision_does_not_take_the_last_administrator),
            cmocka_unit_test(claims_about_members_are_checked),
            cmocka_unit_test(own_decisions_on_enquiries_are_the_gates),
            cmocka_unit_test(each_key_has_a_chain),
            cmocka_unit_test(a_refused_entry_only_moves_the_head),
            cmocka_unit_test(a_decision_not_accepted_settles_nothing),
            cmocka_unit_test(what_cannot_take_effect_is_an_error),
            cmocka_unit_test(a_crowd_is_found_again),
            cmocka_unit_test(an_empty_roster_finds_nobody),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
