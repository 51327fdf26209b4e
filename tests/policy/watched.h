/* watched: a ledger with an entry of each kind, judged as an honest daemon judges them: who was seen how
 * often is written here by hand, entry by entry, and not counted by the code under test. One entry can be
 * judged by a daemon that lies about it; all of it is signed and hangs together. */
#ifndef TESTS_POLICY_WATCHED_H
#define TESTS_POLICY_WATCHED_H

#include "policy/gate.h"
#include "policy/replay.h"
#include "policy/scene.h"
#include "tests/ledger/verify/founding.h"

#define WATCHED_RULE(id, kinds, when, effect)                                                                \
        "  - {id: " id ", title: t, kinds: [" kinds "], when: \"" when "\", effect: " effect                 \
        ", kind: code, because: b, advice: a}\n"
#define WATCHED_CASES(id)                                                                                    \
        "  - {rule: " id ", fires: yes}\n  - {rule: " id ", fires: yes}\n  - {rule: " id                     \
        ", fires: no}\n  - {rule: " id ", fires: no}\n"
#define LOOKS "intent, activity"

static const char watched_pack[] =
    "name: one\nversion: 1\ntitle: The first\n"
    "lanes:\n  standard: enquiry.f3 = 'yes'\n  authorised: enquiry.engagement_level = 'message'\n"
    "rules:\n" WATCHED_RULE("V2", LOOKS, "views.window >= 2", "warn")
        WATCHED_RULE("V3", LOOKS, "views.window >= 3", "approve")
            WATCHED_RULE("T1", LOOKS, "entry.likeness >= 90", "warn")
                WATCHED_RULE("U1", LOOKS, "persona.state = 'unregistered'", "refuse")
                    WATCHED_RULE("O1", LOOKS, "author.open_late >= 1", "note")
                        WATCHED_RULE("L1", LOOKS, "authority.live = 1", "note")
                            WATCHED_RULE("C1", "consult", "entry.reads_logs = 1", "note")
                                WATCHED_RULE("A1", "authority", "authority.type = 'DSA'",
                                             "note") "tests:\n" WATCHED_CASES("V2") WATCHED_CASES("V3")
                                    WATCHED_CASES("T1") WATCHED_CASES("U1") WATCHED_CASES("O1")
                                        WATCHED_CASES("L1") WATCHED_CASES("C1") WATCHED_CASES("A1");
static const char watched_second[] =
    "name: two\nversion: 1\ntitle: The second\n"
    "lanes:\n  standard: enquiry.f3 = 'yes'\n  authorised: enquiry.engagement_level = 'message'\n"
    "rules:\n" WATCHED_RULE("N1", LOOKS, "views.window >= 1", "note")
        WATCHED_RULE("O1", LOOKS, "author.open_late >= 1", "warn") "tests:\n" WATCHED_CASES("N1")
            WATCHED_CASES("O1");

/* The entries, by seq. */
enum {
        AT_HERON = 8,
        AT_INTENT,
        AT_ACTIVITY,
        AT_AGAIN,
        AT_OSPREY,
        AT_SECOND_OFFICER,
        AT_COMBINE,
        AT_THIRD,
        AT_APPROVAL,
        AT_CAPTURED,
        AT_AUTHORITY,
        AT_CLAIMED,
        AT_UNREGISTERED,
        AT_CONSULT,
        AT_TYPED,
        AT_TYPED_AGAIN,
        AT_ADOPT,
        AT_ADOPTED,
        AT_NEW_PACK,
        AT_LATE,
        AT_CLOSE,
        AT_AMEND,
        WATCHED_SIZE
};

/* What an honest daemon knows about one entry. */
struct known {
        unsigned window, d7, officers, operation_officers, accounts, sittings, immediate;
        uint64_t last; /* seq of the look before; 0: none */
        bool viewed;
        unsigned operations, open; /* of its operation's name */
        unsigned open_late;
        uint64_t target; /* seq; 0: none */
        const char *intent_state;
        bool approved;
        bool typed;
        unsigned likeness, alike;
        bool reads_logs;
};

struct watched;
struct lie {
        uint64_t seq;
        void (*facts)(struct facts *facts);                                /* before the rules are asked */
        void (*judgement)(struct watched *w, struct judgement *judgement); /* afterwards */
        const char *from, *to;                                             /* in the text of the reasons */
        uint64_t lost;                /* of what entry fields are lost; 0: of the one that is lied about */
        void (*kept)(struct body *b); /* what is left of its fields */
        bool last;                    /* what comes after it would follow from the lie */
};
struct watched {
        struct founding *f;
        struct pack *pack[2];
        struct gate *gate[2];
        struct registry *registry;
        struct lie lie;
        unsigned intents[PEOPLE]; /* of ten minutes */
        struct fold fold;
        struct facts facts;
        struct judgement judgement;
};

/* --- judging --- */

static inline void watched_author(const struct founding *f, const struct say *say, struct scene *s)
{
        static const roles held[PEOPLE] = {[ADMIN] = ROLE_BIT(ROLE_ADMINISTRATOR),
                                           [JO] = ROLE_BIT(ROLE_INVESTIGATOR),
                                           [SAM] = ROLE_BIT(ROLE_SUPERVISOR),
                                           [UNA] = ROLE_BIT(ROLE_AUDITOR),
                                           [MAX] = ROLE_BIT(ROLE_SUPERVISOR)};
        const unsigned who = say->who % PEOPLE;
        s->author.known = true;
        s->author.roles = held[who];
        s->author.training = who == ADMIN ? 0 : 2;
        s->author.unit = bytes_text(who == ADMIN ? "" : "north");
        member_id_text(&f->author[who].member, s->author.id);
}

static inline void watched_views(struct watched *w, const struct known *k, struct scene *s)
{
        if (!k->viewed)
                return;
        w->fold = (struct fold){.window = k->window,
                                .d7 = k->d7,
                                .d365 = k->window,
                                .officers = k->officers,
                                .operation_officers = k->operation_officers,
                                .accounts = k->accounts,
                                .sittings = k->sittings,
                                .immediate = k->immediate};
        if (k->last != 0)
                w->fold.last_at_us = FOUNDING_AT_US + (int64_t)(k->last + 1) * FOUNDING_STEP_US;
        s->views = &w->fold;
}

static inline void watched_scene(struct watched *w, const struct say *say, const struct known *k,
                                 const struct statement *st, struct scene *s)
{
        s->kind = st->kind;
        s->act = st->claims.act;
        s->verb = st->claims.verb;
        s->at_us = w->f->at_us;
        s->body = w->f->body;
        s->statement = st;
        watched_author(w->f, say, s);
        s->author.intents_m10 = w->intents[say->who % PEOPLE];
        s->author.open_late = k->open_late;
        s->operation.named = st->kind == KIND_INTENT || st->kind == KIND_ACTIVITY ||
                             (st->kind == KIND_OPERATION && st->claims.act == ACT_OPEN);
        s->operation.known = k->operations > 0;
        s->operation.open = k->open > 0;
        watched_views(w, k, s);
        s->has_target = k->target != 0;
        s->target_kind = k->target == AT_ADOPT   ? KIND_POLICY
                         : k->target == AT_HERON ? KIND_OPERATION
                                                 : KIND_INTENT;
        s->intent_state = k->intent_state != NULL ? k->intent_state : "none";
        s->approved = k->approved;
        s->has_likeness = k->typed;
        s->likeness = k->likeness;
        s->alike_d7 = k->alike;
        s->reads_logs = k->reads_logs;
        s->registry = w->registry;
}

/* `from` in the text becomes `to`. */
static inline void watched_replace(struct buf *text, const char *from, const char *to)
{
        struct buf out;
        const char *at = strstr(buf_text(text), from);
        assert_non_null(at);
        buf_init(&out, LEAF_MAX);
        buf_put(&out, bytes_of(text->at, (size_t)(at - (const char *)text->at)));
        buf_put_text(&out, to);
        buf_put_text(&out, at + strlen(from));
        buf_reset(text);
        buf_put(text, buf_bytes(&out));
        buf_clear(&out);
}

static inline void watched_ask(struct watched *w, const struct say *say, bool lies)
{
        const int number = hash_equal(&w->f->policy, pack_hash(w->pack[0])) ? 0 : 1;
        if (lies && w->lie.facts != NULL)
                w->lie.facts(&w->facts);
        memset(&w->judgement, 0, sizeof w->judgement);
        if (say->kind != KIND_MEMBER)
                assert_ok(gate_ask(w->gate[number], &w->facts, &w->judgement, NULL));
        if (say->kind == KIND_MEMBER || say->kind == KIND_POLICY)
                w->judgement.verdict = say->verdict;
        if (lies && w->lie.judgement != NULL)
                w->lie.judgement(w, &w->judgement);
}

static inline void watched_judge(struct founding *f, const struct say *say, const struct statement *st,
                                 struct leaf *leaf, struct buf *reasons)
{
        static const struct known nothing;
        struct watched *w = f->self;
        const struct known *k = say->expected != NULL ? say->expected : &nothing;
        const bool lies = w->lie.seq == f->n && f->n > 0;
        const int number = hash_equal(&f->policy, pack_hash(w->pack[0])) ? 0 : 1;
        struct scene s;
        struct body *target = NULL;
        scene_init(&s);
        if (say->kind == KIND_INTENT)
                w->intents[say->who]++;
        watched_scene(w, say, k, st, &s);
        if (say->kind == KIND_ACTIVITY && k->target != 0) {
                target = calloc(1, sizeof *target);
                assert_non_null(target);
                body_init(target, KIND_INTENT);
                s.target = target;
        }
        assert_ok(scene_facts(&s, w->pack[number], &w->facts, NULL));
        watched_ask(w, say, lies);
        leaf->verdict = w->judgement.verdict;
        assert_ok(judgement_put(reasons, &w->judgement, &w->facts));
        if (say->kind == KIND_CONSULT)
                watched_replace(reasons, "\"entry.reads_logs\"",
                                "\"class\":\"list\",\"count\":3,\"entry.reads_logs\"");
        if (lies && w->lie.from != NULL)
                watched_replace(reasons, w->lie.from, w->lie.to);
        scene_clear(&s);
        free(target);
}

/* --- the entries --- */

#define OPERATION(name)                                                                                      \
        {                                                                                                    \
                "operation", "\"" name "\""                                                                  \
        }
#define SUBJECT(name)                                                                                        \
        {                                                                                                    \
                "subject", "\"" name "\""                                                                    \
        }
#define FIELDS(...)                                                                                          \
        (const struct founding_field[])                                                                      \
        {                                                                                                    \
                __VA_ARGS__,                                                                                 \
                {                                                                                            \
                        NULL, NULL                                                                           \
                }                                                                                            \
        }
#define KNOWN(...) (&(const struct known){__VA_ARGS__})
#define TYPED_TEXT                                                                                           \
        "\"He posted where he was on the day of the robbery and only his own page can show which town it "   \
        "was.\""

static inline bool watched_say(struct watched *w, struct say say)
{
        struct founding *f = w->f;
        const bool lies = w->lie.seq == f->n;
        if (w->lie.lost != 0 ? w->lie.lost == f->n : lies)
                say.spoil = w->lie.kept;
        (void)founding_say(f, &say);
        return !(lies && w->lie.last);
}

static inline struct ref watched_ref(const struct watched *w, enum rel rel, uint64_t seq)
{
        return (struct ref){.rel = rel, .st = w->f->row[seq].st};
}

#define SAY(...)                                                                                             \
        if (!watched_say(w, (struct say){__VA_ARGS__}))                                                      \
        return

/* One page, looked at under two operations by two people. */
static inline void watched_looks(struct watched *w)
{
        SAY(.who = JO, .kind = KIND_OPERATION, .claims.act = ACT_OPEN, .given = FIELDS(OPERATION("Heron")));
        SAY(.who = JO, .kind = KIND_INTENT, .given = FIELDS(OPERATION("Heron"), SUBJECT("x:a")),
            .expected = KNOWN(.viewed = true, .window = 1, .d7 = 1, .officers = 1, .operation_officers = 1,
                              .accounts = 1, .operations = 1, .open = 1));
        SAY(.who = JO, .kind = KIND_ACTIVITY, .given = FIELDS({"result", "\"nothing-found\""}),
            .ref = watched_ref(w, REL_INTENT, AT_INTENT),
            .expected = KNOWN(.viewed = true, .window = 1, .d7 = 1, .officers = 1, .operation_officers = 1,
                              .accounts = 1, .operations = 1, .open = 1, .target = AT_INTENT,
                              .intent_state = "accepted"));
        SAY(.who = JO, .kind = KIND_INTENT, .given = FIELDS(OPERATION("Heron"), SUBJECT("x:a")),
            .expected = KNOWN(.viewed = true, .window = 1, .d7 = 1, .officers = 1, .operation_officers = 1,
                              .accounts = 1, .operations = 1, .open = 1, .last = AT_ACTIVITY));
        SAY(.who = SAM, .kind = KIND_OPERATION, .claims.act = ACT_OPEN, .given = FIELDS(OPERATION("Osprey")));
        SAY(.who = SAM, .kind = KIND_ACTIVITY,
            .given = FIELDS({"result", "\"nothing-found\""}, OPERATION("Osprey"), SUBJECT("x:a"),
                            {"immediate_response", "\"yes\""}),
            .expected =
                KNOWN(.viewed = true, .window = 2, .d7 = 2, .officers = 2, .operation_officers = 1,
                      .accounts = 1, .immediate = 1, .operations = 1, .open = 1, .last = AT_ACTIVITY));
}

/* A second account of the same person: the third view waits for a decision. */
static inline void watched_accounts(struct watched *w)
{
        SAY(.who = JO, .kind = KIND_COMBINE,
            .given = FIELDS({"subjects", "[\"x:a\",\"y:b\"]"}, {"relation", "\"same-person\""}));
        SAY(.who = JO, .kind = KIND_INTENT, .given = FIELDS(OPERATION("Heron"), SUBJECT("y:b")),
            .expected =
                KNOWN(.viewed = true, .window = 3, .d7 = 3, .officers = 2, .operation_officers = 1,
                      .accounts = 2, .immediate = 1, .operations = 1, .open = 1, .last = AT_SECOND_OFFICER));
        SAY(.who = SAM, .kind = KIND_DECISION, .claims.verb = VERB_APPROVE,
            .ref = watched_ref(w, REL_TARGET, AT_THIRD), .expected = KNOWN(.target = AT_THIRD));
        SAY(.who = JO, .kind = KIND_ACTIVITY, .given = FIELDS({"result", "\"captured\""}),
            .ref = watched_ref(w, REL_INTENT, AT_THIRD),
            .expected = KNOWN(.viewed = true, .window = 3, .d7 = 3, .officers = 2, .operation_officers = 1,
                              .accounts = 2, .immediate = 1, .sittings = 1, .operations = 1, .open = 1,
                              .last = AT_SECOND_OFFICER, .target = AT_THIRD, .intent_state = "approved",
                              .approved = true));
}

/* As the daemon has it, which read the fields before any of them was erased. */
static inline void watched_register(struct watched *w)
{
        for (size_t i = 0; i < w->f->body->n; i++)
                w->f->body->field[i].state = FIELD_PRESENT;
        const struct registry_entry entry = {.seq = AT_AUTHORITY,
                                             .at_us = w->f->at_us,
                                             .st = w->f->row[AT_AUTHORITY].st,
                                             .kind = KIND_AUTHORITY,
                                             .act = ACT_REGISTER,
                                             .body = w->f->body};
        assert_ok(registry_take(w->registry, &entry, NULL));
}

static inline void watched_registers(struct watched *w)
{
        SAY(.who = SAM, .kind = KIND_AUTHORITY, .claims.act = ACT_REGISTER,
            .given = FIELDS({"authority_type", "\"DSA\""}, {"authority_ref", "\"A-1\""},
                            {"authority_form", "\"written\""}, {"granted_at", "\"2026-11-23T10:00:00Z\""}));
        watched_register(w);
        SAY(.who = JO, .kind = KIND_INTENT,
            .given = FIELDS(OPERATION("Heron"), SUBJECT("y:b"), {"authority_ref", "\"A-1\""}),
            .expected = KNOWN(.viewed = true, .window = 3, .d7 = 3, .officers = 2, .operation_officers = 1,
                              .accounts = 2, .immediate = 1, .sittings = 1, .operations = 1, .open = 1,
                              .last = AT_CAPTURED));
        SAY(.who = JO, .kind = KIND_INTENT,
            .given = FIELDS(OPERATION("Heron"), SUBJECT("z:c"), {"persona_ref", "\"P-9\""}),
            .expected = KNOWN(.viewed = true, .window = 1, .d7 = 1, .officers = 1, .operation_officers = 1,
                              .accounts = 1, .operations = 1, .open = 1));
        SAY(.who = UNA, .kind = KIND_CONSULT, .claims.purpose = PURPOSE_AUDIT,
            .given = FIELDS({"class", "\"list\""}, {"query", "\"{\\\"kind\\\":\\\"consult\\\"}\""}),
            .expected = KNOWN(.reads_logs = true));
}

static inline void watched_texts(struct watched *w)
{
        SAY(.who = JO, .kind = KIND_INTENT,
            .given = FIELDS(OPERATION("Heron"), SUBJECT("z:d"), {"necessity", TYPED_TEXT}),
            .expected = KNOWN(.viewed = true, .window = 1, .d7 = 1, .officers = 1, .operation_officers = 1,
                              .accounts = 1, .operations = 1, .open = 1, .typed = true));
        SAY(.who = JO, .kind = KIND_INTENT,
            .given = FIELDS(OPERATION("Heron"), SUBJECT("z:e"), {"necessity", TYPED_TEXT}),
            .expected = KNOWN(.viewed = true, .window = 1, .d7 = 1, .officers = 1, .operation_officers = 1,
                              .accounts = 1, .operations = 1, .open = 1, .typed = true, .likeness = 100));
}

static inline void watched_adopts(struct watched *w)
{
        struct say adopt = {
            .who = ADMIN, .kind = KIND_POLICY, .verdict = VERDICT_WAITING, .claims.act = ACT_ADOPT};
        assert_ok(hash_of(bytes_text(watched_second), &adopt.claims.policy));
        assert_ok(store_put_annex(w->f->store, &adopt.claims.policy, bytes_text(watched_second)));
        if (!watched_say(w, adopt))
                return;
        SAY(.who = UNA, .kind = KIND_DECISION, .claims.verb = VERB_APPROVE,
            .ref = watched_ref(w, REL_TARGET, AT_ADOPT), .expected = KNOWN(.target = AT_ADOPT));
        w->f->policy = adopt.claims.policy;
        SAY(.who = JO, .kind = KIND_INTENT, .given = FIELDS(OPERATION("Heron"), SUBJECT("z:f")),
            .expected = KNOWN(.viewed = true, .window = 1, .d7 = 1, .officers = 1, .operation_officers = 1,
                              .accounts = 1, .operations = 1, .open = 1));
        /* A day and an hour later: AT_AGAIN, both typed ones and AT_NEW_PACK were let through and nothing
         * came. */
        w->f->at_us += 25 * MOMENT_HOUR_US;
        w->intents[JO] = 0;
        SAY(.who = JO, .kind = KIND_INTENT, .given = FIELDS(OPERATION("Heron"), SUBJECT("z:f")),
            .expected = KNOWN(.viewed = true, .window = 1, .d7 = 1, .officers = 1, .operation_officers = 1,
                              .accounts = 1, .operations = 1, .open = 1, .open_late = 4));
        SAY(.who = JO, .kind = KIND_OPERATION, .claims.act = ACT_CLOSE,
            .ref = watched_ref(w, REL_OPERATION, AT_HERON), .expected = KNOWN(.target = AT_HERON));
        SAY(.who = JO, .kind = KIND_AMEND, .given = FIELDS({"reason", "\"a slip\""}),
            .ref = watched_ref(w, REL_AMENDS, AT_INTENT), .expected = KNOWN(.target = AT_INTENT));
}

static inline void watched_write(struct watched *w)
{
        void (*const part[])(struct watched * w) = {watched_looks, watched_accounts, watched_registers,
                                                    watched_texts, watched_adopts};
        founding_people(w->f);
        for (size_t i = 0; i < sizeof part / sizeof part[0]; i++) {
                part[i](w);
                if (w->lie.last && w->f->n > w->lie.seq)
                        break;
        }
        founding_checkpoint(w->f);
        founding_close(w->f);
}

/* --- the beginning and the end --- */

static inline void watched_load(struct watched *w, int number, const char *text)
{
        struct why why = {OK, ""};
        if (pack_parse(bytes_text(text), NULL, &w->pack[number], &why) ||
            gate_new(w->pack[number], &w->gate[number], &why))
                fail_msg("%s", why.detail);
}

static inline struct watched *watched_new(const struct lie *lie)
{
        struct watched *w = calloc(1, sizeof *w);
        assert_non_null(w);
        w->f = calloc(1, sizeof *w->f);
        w->registry = registry_new();
        assert_non_null(w->f);
        assert_non_null(w->registry);
        watched_load(w, 0, watched_pack);
        watched_load(w, 1, watched_second);
        if (lie != NULL)
                w->lie = *lie;
        w->f->policy_text = watched_pack;
        w->f->judge = watched_judge;
        w->f->self = w;
        watched_write(w);
        return w;
}

static inline void watched_free(struct watched *w)
{
        for (int i = 0; i < 2; i++) {
                gate_free(w->gate[i]);
                pack_free(w->pack[i]);
        }
        registry_free(w->registry);
        founding_free(w->f);
        free(w);
}

#endif
