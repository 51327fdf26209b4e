#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "policy/scene.h"

#define PACK                                                                                                 \
        "name: p\nversion: 1\ntitle: t\n"                                                                    \
        "parameters:\n  - {name: window_days, value: 14, title: w}\n"                                        \
        "  - {name: likeness_percent, value: 80, title: l}\n"                                                \
        "rules:\n  - {id: R, title: t, when: enquiry.f3 = 'yes', effect: note, kind: local, because: b, "    \
        "advice: a}\n"                                                                                       \
        "tests:\n"                                                                                           \
        "  - {rule: R, fires: yes, given: {f3: \"yes\"}}\n  - {rule: R, fires: yes, given: {f3: \"yes\"}}\n" \
        "  - {rule: R, fires: no, given: {f3: \"no\"}}\n  - {rule: R, fires: no, given: {f3: \"no\"}}\n"

struct stage {
        struct pack *pack;
        struct registry *registry;
        struct scene scene;
        struct facts facts;
        struct body body, intent;
};

static int64_t at(const char *text)
{
        int64_t us = 0;
        assert_int_equal(moment_of_rfc3339(bytes_text(text), &us), OK);
        return us;
}

static void put(struct body *b, const char *name, const char *json)
{
        const struct field *f = field_of_name(b->kind, name, strlen(name));
        if (f == NULL)
                fail_msg("%s is no field of %s", name, kind_name(b->kind));
        assert_int_equal(body_add(b, f, ORIGIN_TYPED, bytes_text(json)), OK);
}

static int begin(void **state)
{
        static struct stage s;
        memset(&s, 0, sizeof s);
        if (pack_parse(bytes_text(PACK), NULL, &s.pack, NULL) || (s.registry = registry_new()) == NULL)
                return -1;
        scene_init(&s.scene);
        s.scene.registry = s.registry;
        s.scene.body = &s.body;
        s.scene.at_us = at("2026-11-23T12:00:00Z");
        *state = &s;
        return 0;
}

static int end(void **state)
{
        struct stage *s = *state;
        scene_clear(&s->scene);
        registry_free(s->registry);
        pack_free(s->pack);
        return 0;
}

static void of_kind(struct stage *s, enum kind kind)
{
        body_init(&s->body, kind);
        s->scene.kind = kind;
        if (kind == KIND_ACTIVITY)
                body_init(&s->intent, KIND_INTENT);
}

static void judge(struct stage *s)
{
        buf_reset(&s->scene.texts);
        assert_int_equal(scene_facts(&s->scene, s->pack, &s->facts, NULL), OK);
}

#define assert_number(s, fact, n)                                                                            \
        do {                                                                                                 \
                assert_int_equal((s)->facts.value[fact].type, FACT_INT);                                     \
                assert_int_equal((s)->facts.value[fact].number, n);                                          \
        } while (0)
#define assert_text(s, fact, t)                                                                              \
        do {                                                                                                 \
                assert_int_equal((s)->facts.value[fact].type, FACT_TEXT);                                    \
                assert_true(bytes_is((s)->facts.value[fact].text, t));                                       \
        } while (0)
#define assert_unknown(s, fact) assert_int_equal((s)->facts.value[fact].type, FACT_NULL)

static void nothing_known_is_not_known(void **state)
{
        struct stage *s = *state;
        of_kind(s, KIND_INTENT);
        judge(s);
        assert_unknown(s, FACT_AUTHOR_TRAINING);
        assert_unknown(s, FACT_AUTHOR_ROLES);
        assert_unknown(s, FACT_AUTHOR_OWN);
        assert_unknown(s, FACT_OPERATION_KNOWN);
        assert_unknown(s, FACT_VIEWS_WINDOW);
        assert_unknown(s, FACT_ENTRY_LATE_S);
        assert_unknown(s, FACT_ENTRY_LIKENESS);
        assert_unknown(s, FACT_AUTHORITY_SUBJECT_IN_SCOPE);
        assert_number(s, FACT_AUTHORITY_CLAIMED, 0);
        assert_number(s, FACT_AUTHORITY_LIVE, 0);
        assert_number(s, FACT_AUTHORITY_DETERMINED, 0);
        assert_text(s, FACT_AUTHORITY_STATE, "none");
        assert_number(s, FACT_PERSONA_CLAIMED, 0);
        assert_text(s, FACT_PERSONA_STATE, "none");
}

static void the_author(void **state)
{
        struct stage *s = *state;
        of_kind(s, KIND_INTENT);
        s->scene.author.known = true;
        s->scene.author.roles = ROLE_BIT(ROLE_INVESTIGATOR) | ROLE_BIT(ROLE_SUPERVISOR);
        s->scene.author.training = 2;
        s->scene.author.unit = bytes_text("cid");
        s->scene.author.open_late = 3;
        s->scene.author.intents_m10 = 4;
        judge(s);
        assert_text(s, FACT_AUTHOR_ROLES, "investigator,supervisor");
        assert_number(s, FACT_AUTHOR_TRAINING, 2);
        assert_text(s, FACT_AUTHOR_UNIT, "cid");
        assert_number(s, FACT_AUTHOR_OPEN_LATE, 3);
        assert_number(s, FACT_AUTHOR_INTENTS_M10, 4);
}

static void views_come_from_the_fold(void **state)
{
        static const uint8_t alder[16] = {1};
        struct stage *s = *state;
        struct fold f;
        struct look one = {.at_us = s->scene.at_us - 15 * MOMENT_DAY_US, .member = 1, .captured = true};
        assert_int_equal(scene_window_days(s->pack), 14);
        of_kind(s, KIND_INTENT);
        fold_init(&f, s->scene.at_us, scene_window_days(s->pack), alder);
        fold_account(&f);
        fold_look(&f, &one);
        one.at_us += MOMENT_DAY_US;
        fold_look(&f, &one);
        fold_account(&f);
        scene_look(&s->scene, &one);
        fold_present(&f, &one);
        s->scene.views = &f;
        judge(s);
        assert_number(s, FACT_VIEWS_D7, 1);
        assert_number(s, FACT_VIEWS_WINDOW, 2);
        assert_number(s, FACT_VIEWS_D365, 3);
        assert_number(s, FACT_VIEWS_ACCOUNTS, 2);
        assert_number(s, FACT_VIEWS_SITTINGS, 1);
        assert_text(s, FACT_VIEWS_LAST_AT, "2026-11-09T12:00:00.000000Z");
}

/* --- when an activity counts --- */

static void an_activity_counts_when_it_was_done(void **state)
{
        struct stage *s = *state;
        const int64_t now = s->scene.at_us;
        of_kind(s, KIND_ACTIVITY);
        assert_true(scene_time(KIND_ACTIVITY, &s->body, now) == now);
        put(&s->body, "started_at", "\"2026-11-23T10:00:00Z\"");
        assert_true(scene_time(KIND_ACTIVITY, &s->body, now) == at("2026-11-23T10:00:00Z"));
        put(&s->body, "ended_at", "\"2026-11-23T10:30:00Z\"");
        assert_true(scene_time(KIND_ACTIVITY, &s->body, now) == at("2026-11-23T10:30:00Z"));
        put(&s->body, "event_at", "\"2026-11-23T08:30:00Z\"");
        judge(s);
        assert_number(s, FACT_ENTRY_LATE_S, 5400);
        assert_number(s, FACT_ENTRY_EVENT_S, 7200);
        /* nobody looks in the future */
        assert_true(scene_time(KIND_ACTIVITY, &s->body, at("2026-11-23T10:29:00Z")) ==
                    at("2026-11-23T10:29:00Z"));
        s->scene.at_us = at("2026-11-23T10:29:00Z");
        judge(s);
        assert_number(s, FACT_ENTRY_LATE_S, 0);
}

static void what_is_a_look(void **state)
{
        static const struct {
                const char *result;
                bool look;
        } rows[] = {{"\"nothing-found\"", true}, {"\"captured\"", true},    {"\"negative\"", true},
                    {"\"account-gone\"", true},  {"\"not-looked\"", false}, {"\"wrong-person\"", false}};
        struct stage *s = *state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct look look;
                of_kind(s, KIND_ACTIVITY);
                put(&s->body, "result", rows[i].result);
                assert_int_equal(scene_is_look(&s->body), rows[i].look);
                scene_look(&s->scene, &look);
                assert_int_equal(look.captured, i == 1);
        }
}

/* --- activity and intent --- */

static void an_activity_stays_within_its_intent(void **state)
{
        static const struct {
                const char *subject, *engagement;
                int other, more;
        } rows[] = {
            {NULL, NULL, 0, 0},
            {"\"facebook:jane.doe\"", "\"passive-view\"", 0, 0},
            {"\"facebook:john.roe\"", NULL, 1, 0},
            {NULL, "\"logged-in-passive\"", 0, 1},
            {NULL, "\"message\"", 0, 1},
        };
        struct stage *s = *state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                of_kind(s, KIND_ACTIVITY);
                put(&s->intent, "subject", "\"facebook:jane.doe\"");
                put(&s->intent, "engagement_level", "\"passive-view\"");
                if (rows[i].subject)
                        put(&s->body, "subject", rows[i].subject);
                if (rows[i].engagement)
                        put(&s->body, "engagement_level", rows[i].engagement);
                s->scene.target = &s->intent;
                s->scene.has_target = true;
                s->scene.intent_state = "approved";
                s->scene.approved = true;
                judge(s);
                assert_number(s, FACT_ENTRY_OTHER_SUBJECT, rows[i].other);
                assert_number(s, FACT_ENTRY_MORE_ENGAGEMENT, rows[i].more);
                assert_text(s, FACT_ENTRY_INTENT_STATE, "approved");
                assert_number(s, FACT_ENTRY_APPROVED, 1);
        }
}

static void captures_can_be_checked_afterwards(void **state)
{
        static const struct {
                const char *captures;
                int incomplete;
        } rows[] = {
            {NULL, 0},
            {"[]", 0},
            {"[{\"sha256\":\"ab\",\"url\":\"https://a.example/b\"}]", 0},
            {"[{\"sha256\":\"ab\",\"url\":\"\"},{\"url\":\"https://a.example/"
             "b\"},{\"sha256\":7,\"url\":\"u\"}]",
             3},
        };
        struct stage *s = *state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                of_kind(s, KIND_ACTIVITY);
                if (rows[i].captures)
                        put(&s->body, "captures", rows[i].captures);
                judge(s);
                assert_number(s, FACT_ENTRY_CAPTURES_INCOMPLETE, rows[i].incomplete);
        }
}

/* --- authority and persona --- */

static void grant(struct stage *s, const char *ref, const char *subject)
{
        static struct body b;
        static uint64_t seq;
        body_init(&b, KIND_AUTHORITY);
        put(&b, "authority_type", "\"DSA\"");
        if (ref)
                put(&b, "authority_ref", ref);
        put(&b, "scope_subjects", subject);
        put(&b, "granted_at", "\"2026-11-01T09:00:00Z\"");
        put(&b, "determination", "\"Looked at the factors\"");
        struct registry_entry e = {.seq = ++seq,
                                   .at_us = at("2026-11-01T09:00:00Z"),
                                   .kind = KIND_AUTHORITY,
                                   .act = ref ? ACT_REGISTER : ACT_DETERMINE,
                                   .body = &b};
        e.st.b[0] = (uint8_t)seq;
        assert_int_equal(registry_take(s->registry, &e, NULL), OK);
}

static void a_claimed_authority(void **state)
{
        struct stage *s = *state;
        grant(s, "\"DS/1\"", "[\"facebook:jane.doe\"]");
        of_kind(s, KIND_INTENT);
        put(&s->body, "authority_ref", "\"DS/1\"");
        put(&s->body, "subject", "\"facebook:jane.doe\"");
        judge(s);
        assert_number(s, FACT_AUTHORITY_CLAIMED, 1);
        assert_text(s, FACT_AUTHORITY_STATE, "live");
        assert_number(s, FACT_AUTHORITY_LIVE, 1);
        assert_text(s, FACT_AUTHORITY_TYPE, "DSA");
        assert_number(s, FACT_AUTHORITY_SUBJECT_IN_SCOPE, 1);
        of_kind(s, KIND_INTENT);
        put(&s->body, "authority_ref", "\"DS/2\"");
        judge(s);
        assert_text(s, FACT_AUTHORITY_STATE, "unregistered");
        assert_number(s, FACT_AUTHORITY_LIVE, 0);
        of_kind(s, KIND_INTENT); /* a type without the grant is a claim as well; saying that none is needed is
                                    none */
        put(&s->body, "authority_type", "\"CHIS-conduct\"");
        judge(s);
        assert_text(s, FACT_AUTHORITY_STATE, "unregistered");
        of_kind(s, KIND_INTENT);
        put(&s->body, "authority_type", "\"none-needed\"");
        judge(s);
        assert_text(s, FACT_AUTHORITY_STATE, "none");
}

/* What was done is judged by the time it was done, and by its intent's claim. */
static void an_activity_under_its_intents_authority(void **state)
{
        struct stage *s = *state;
        grant(s, "\"DS/1\"", "[\"facebook:jane.doe\"]");
        of_kind(s, KIND_ACTIVITY);
        put(&s->intent, "authority_ref", "\"DS/1\"");
        put(&s->body, "ended_at", "\"2027-01-31T23:59:59Z\"");
        s->scene.target = &s->intent;
        s->scene.has_target = true;
        s->scene.at_us = at("2027-02-03T09:00:00Z");
        judge(s);
        assert_text(s, FACT_AUTHORITY_STATE, "live");
        of_kind(s, KIND_ACTIVITY);
        put(&s->intent, "authority_ref", "\"DS/1\"");
        put(&s->body, "ended_at", "\"2027-02-01T00:00:00Z\"");
        judge(s);
        assert_text(s, FACT_AUTHORITY_STATE, "expired");
}

static void a_determination(void **state)
{
        struct stage *s = *state;
        grant(s, NULL, "[\"facebook:jane.doe\"]");
        of_kind(s, KIND_INTENT);
        put(&s->body, "subject", "\"facebook:jane.doe\"");
        judge(s);
        assert_number(s, FACT_AUTHORITY_DETERMINED, 1);
        assert_number(s, FACT_AUTHORITY_CLAIMED, 0);
        of_kind(s, KIND_INTENT);
        put(&s->body, "subject", "\"facebook:john.roe\"");
        judge(s);
        assert_number(s, FACT_AUTHORITY_DETERMINED, 0);
}

static void what_is_being_registered(void **state)
{
        struct stage *s = *state;
        of_kind(s, KIND_AUTHORITY);
        s->scene.act = ACT_REGISTER;
        put(&s->body, "authority_type", "\"DSA\"");
        put(&s->body, "authority_form", "\"urgent-oral\"");
        put(&s->body, "ao_rank", "\"Det. Insp\"");
        put(&s->body, "granted_at", "\"2026-11-23T09:00:00Z\"");
        judge(s);
        assert_text(s, FACT_ENTRY_ACT, "register");
        assert_text(s, FACT_AUTHORITY_RANK, "det-insp");
        assert_number(s, FACT_AUTHORITY_URGENT, 1);
        assert_int_equal(registry_authorities(s->registry), 0);
}

static void what_is_renewed_or_reviewed(void **state)
{
        struct stage *s = *state;
        grant(s, "\"DS/1\"", "[\"facebook:jane.doe\"]");
        of_kind(s, KIND_AUTHORITY);
        s->scene.about = registry_authority_at(s->registry, 0);
        s->scene.act = ACT_RENEW;
        s->scene.at_us = at("2027-02-01T08:00:00Z");
        put(&s->body, "granted_at", "\"2027-01-31T23:59:59Z\"");
        judge(s);
        assert_text(s, FACT_AUTHORITY_STATE, "live");
        of_kind(s, KIND_AUTHORITY);
        put(&s->body, "granted_at", "\"2027-02-01T00:00:00Z\"");
        judge(s);
        assert_text(s, FACT_AUTHORITY_STATE, "expired");
        of_kind(s, KIND_AUTHORITY);
        s->scene.act = ACT_REVIEW;
        judge(s);
        assert_number(s, FACT_ENTRY_LIKENESS, 0);
}

static void a_persona(void **state)
{
        static struct body b;
        struct stage *s = *state;
        struct registry_entry e = {
            .seq = 1, .at_us = 1, .kind = KIND_PERSONA, .act = ACT_REGISTER, .body = &b};
        body_init(&b, KIND_PERSONA);
        put(&b, "persona_ref", "\"P1\"");
        put(&b, "assigned_to", "[\"Ann Other\",\"JB\"]");
        put(&b, "expires_at", "\"2026-12-01T00:00:00Z\"");
        assert_int_equal(registry_take(s->registry, &e, NULL), OK);
        of_kind(s, KIND_INTENT);
        put(&s->body, "persona_ref", "\"P1\"");
        judge(s);
        assert_number(s, FACT_PERSONA_CLAIMED, 1);
        assert_text(s, FACT_PERSONA_STATE, "unassigned");
        s->scene.author.alias = "jb";
        judge(s);
        assert_text(s, FACT_PERSONA_STATE, "live");
        s->scene.at_us = at("2026-12-01T00:00:00Z");
        judge(s);
        assert_text(s, FACT_PERSONA_STATE, "lapsed");
        of_kind(s, KIND_INTENT);
        put(&s->body, "persona_ref", "\"P2\"");
        judge(s);
        assert_text(s, FACT_PERSONA_STATE, "unregistered");
        of_kind(s, KIND_POLICY);
        judge(s);
        assert_number(s, FACT_PERSONA_COUNT, 1);
}

static const char *longest(char out[4 * 300 + 3], int characters)
{
        size_t n = (size_t)snprintf(out, 2, "\"");
        for (int i = 0; i < characters; i++, n += 4)
                memcpy(out + n, "\xf0\x9f\x90\x9d", 4);
        memcpy(out + n, "\"", 2);
        return out;
}

/* A list of the longest, beside texts of the longest. */
static void a_persona_of_many(void **state)
{
        static char list[FIELD_VALUE_MAX + 1], subject[4 * 300 + 3], text[4 * 300 + 3];
        static struct body b;
        struct stage *s = *state;
        struct registry_entry e = {
            .seq = 1, .at_us = 1, .kind = KIND_PERSONA, .act = ACT_REGISTER, .body = &b};
        size_t n = (size_t)snprintf(list, sizeof list, "[\"jb\"");
        while (n + 120 < FIELD_VALUE_MAX)
                n += (size_t)snprintf(list + n, sizeof list - n, ",\"%0110zu\"", n);
        (void)snprintf(list + n, sizeof list - n, "]");
        (void)longest(subject, 300);
        (void)longest(text, 80);
        body_init(&b, KIND_PERSONA);
        put(&b, "persona_ref", text);
        put(&b, "assigned_to", list);
        assert_int_equal(registry_take(s->registry, &e, NULL), OK);
        of_kind(s, KIND_ACTIVITY);
        put(&s->body, "persona_ref", text);
        put(&s->body, "subject", subject);
        put(&s->body, "subject_ref", text);
        put(&s->body, "operation", text);
        put(&s->body, "authority_ref", text);
        put(&s->intent, "subject", subject);
        s->scene.target = &s->intent;
        s->scene.author.alias = "jb";
        judge(s);
        assert_text(s, FACT_PERSONA_STATE, "live");
}

/* --- the rest --- */

static void formulaic_texts_are_counted_with_this_one(void **state)
{
        struct stage *s = *state;
        of_kind(s, KIND_INTENT);
        s->scene.has_likeness = true;
        s->scene.likeness = 79;
        s->scene.alike_d7 = 2;
        judge(s);
        assert_number(s, FACT_ENTRY_LIKENESS, 79);
        assert_number(s, FACT_ENTRY_ALIKE_D7, 2);
        s->scene.likeness = 80;
        judge(s);
        assert_number(s, FACT_ENTRY_ALIKE_D7, 3);
}

static void what_an_entry_is_about(void **state)
{
        struct stage *s = *state;
        of_kind(s, KIND_AMEND);
        body_init(&s->intent, KIND_ACTIVITY);
        put(&s->intent, "result", "\"negative\"");
        put(&s->intent, "cpia_relevant", "\"yes\"");
        s->scene.target = &s->intent;
        s->scene.target_kind = KIND_ACTIVITY;
        s->scene.has_target = s->scene.held = true;
        judge(s);
        assert_text(s, FACT_ENTRY_TARGET_KIND, "enquiry.activity");
        assert_text(s, FACT_ENTRY_TARGET_RESULT, "negative");
        assert_text(s, FACT_ENTRY_TARGET_CPIA, "yes");
        assert_number(s, FACT_ENTRY_TARGET_HELD, 1);
        assert_unknown(s, FACT_AUTHOR_OWN);
        of_kind(s, KIND_DECISION);
        s->scene.own_target = true;
        judge(s);
        assert_number(s, FACT_AUTHOR_OWN, 1);
        of_kind(s, KIND_CONSULT);
        s->scene.reads_logs = true;
        judge(s);
        assert_number(s, FACT_ENTRY_READS_LOGS, 1);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
            TEST(nothing_known_is_not_known),
            TEST(the_author),
            TEST(views_come_from_the_fold),
            TEST(an_activity_counts_when_it_was_done),
            TEST(what_is_a_look),
            TEST(an_activity_stays_within_its_intent),
            TEST(captures_can_be_checked_afterwards),
            TEST(a_claimed_authority),
            TEST(an_activity_under_its_intents_authority),
            TEST(a_determination),
            TEST(what_is_being_registered),
            TEST(what_is_renewed_or_reviewed),
            TEST(a_persona),
            TEST(a_persona_of_many),
            TEST(formulaic_texts_are_counted_with_this_one),
            TEST(what_an_entry_is_about),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
