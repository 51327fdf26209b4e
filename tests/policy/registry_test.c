#include "tests/policy/granted.h"

#include <stdlib.h>
#include <time.h>

#define WHEN "2026-09-01T08:00:00Z"
#define NONE FIELDS({NULL, NULL})

static struct registry *empty(void)
{
        struct registry *r = registry_new();
        assert_non_null(r);
        return r;
}

static const struct authority *of_st(const struct registry *r, uint32_t st)
{
        const struct hash hash = granted_st(st);
        return registry_authority_of_st(r, &hash);
}

static const struct authority *of_ref(const struct registry *r, const char *ref)
{
        return registry_authority_of_ref(r, bytes_text(ref));
}

static void take(struct registry *r, uint32_t st, uint32_t about, enum act act, const char *when,
                 const struct granted_field with[])
{
        granted_take(r, &(struct granted_entry){st, about, KIND_AUTHORITY, act, when, with});
}

static enum err fault(struct registry *r, uint32_t st, uint32_t about, enum act act, const char *when,
                      const struct granted_field with[])
{
        return granted_fault(r, &(struct granted_entry){st, about, KIND_AUTHORITY, act, when, with});
}

/* A register keeps them all: what few have does not stand in each. */
_Static_assert(sizeof(struct authority) < 1024, "an authority");

/* --- authorities --- */

static void found_by_reference_and_by_statement(void **state)
{
        struct registry *r = empty();
        (void)state;
        assert_null(of_ref(r, "DSA/1"));
        assert_null(of_st(r, 1));
        take(r, 1, 0, ACT_REGISTER, WHEN,
             FIELDS({"authority_ref", "\" DSA/1 \""}, {"operation", "\"OP-ALDER\""}));
        take(r, 2, 0, ACT_REGISTER, WHEN, FIELDS({"authority_ref", "\"DSA \\\"B\\\"\""}));
        take(r, 3, 0, ACT_REGISTER, WHEN, NONE);
        take(r, 4, 0, ACT_REGISTER, WHEN, NONE); /* an empty reference is nobody's */
        assert_int_equal(registry_authorities(r), 4);
        assert_ptr_equal(of_ref(r, "DSA/1"), of_st(r, 1));
        assert_ptr_equal(of_ref(r, "dsa/1 "), of_st(r, 1));
        assert_ptr_equal(of_ref(r, "DSA \"B\""), of_st(r, 2));
        assert_null(of_ref(r, ""));
        assert_null(of_ref(r, "DSA"));
        assert_string_equal(of_st(r, 1)->ref, "DSA/1");
        assert_string_equal(of_st(r, 1)->operation, "OP-ALDER");
        assert_int_equal(of_st(r, 1)->seq, 1);
        assert_ptr_equal(registry_authority_at(r, 3), of_st(r, 4));
        assert_null(registry_authority_at(r, 4));
        assert_null(of_st(r, 9));
        registry_free(r);
        registry_free(NULL);
}

static void terms_are_kept(void **state)
{
        struct registry *r =
            granted(WHEN, FIELDS({"scope_text", "\"Ask at \\\"The Bell\\\"\""}, {"ao_id", "\"1\""}));
        const struct body_field *f = body_find(of_st(r, 1)->terms, "scope_text");
        (void)state;
        assert_int_equal(of_st(r, 1)->terms->kind, KIND_AUTHORITY);
        assert_int_equal(of_st(r, 1)->terms->n, 2);
        assert_non_null(f);
        assert_true(bytes_is(f->value, "\"Ask at \\\"The Bell\\\"\""));
        registry_free(r);
}

static void a_reference_is_taken_until_it_is_cancelled(void **state)
{
        static const struct granted_field with[] = {{"authority_ref", "\"DSA/1\""}, {NULL, NULL}};
        struct registry *r = empty();
        (void)state;
        take(r, 1, 0, ACT_REGISTER, WHEN, with);
        assert_int_equal(fault(r, 2, 0, ACT_REGISTER, WHEN, with), ERR_AUTHORITY_TAKEN);
        assert_int_equal(fault(r, 2, 0, ACT_REGISTER, WHEN, FIELDS({"authority_ref", "\"dsa/1\""})),
                         ERR_AUTHORITY_TAKEN);
        assert_int_equal(fault(r, 2, 0, ACT_REGISTER, "2030-09-01T08:00:00Z", with), ERR_AUTHORITY_TAKEN);
        take(r, 3, 1, ACT_CANCEL, "2026-09-02T08:00:00Z",
             FIELDS({"cancelled_at", "\"2026-09-05T08:00:00Z\""}));
        assert_int_equal(fault(r, 2, 0, ACT_REGISTER, "2026-09-05T07:59:59.999999Z", with),
                         ERR_AUTHORITY_TAKEN);
        take(r, 2, 0, ACT_REGISTER, "2026-09-05T08:00:00Z", with);
        assert_ptr_equal(of_ref(r, "DSA/1"), of_st(r, 2));
        assert_non_null(of_st(r, 1));
        registry_free(r);
}

static void what_comes_after_names_a_registration(void **state)
{
        static const enum act acts[] = {ACT_REVIEW, ACT_RENEW, ACT_CANCEL};
        struct registry *r = granted(WHEN, FIELDS({"authority_ref", "\"DSA/1\""}));
        (void)state;
        granted_take(r, &(struct granted_entry){5, 0, KIND_PERSONA, ACT_REGISTER, WHEN, NONE});
        take(r, 6, 1, ACT_REVIEW, WHEN, NONE);
        for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
                assert_int_equal(fault(r, 9, 0, acts[i], WHEN, NONE), ERR_REF);
                assert_int_equal(fault(r, 9, 7, acts[i], WHEN, NONE), ERR_REF); /* nothing */
                assert_int_equal(fault(r, 9, 5, acts[i], WHEN, NONE), ERR_REF); /* a persona */
                assert_int_equal(fault(r, 9, 6, acts[i], WHEN, NONE), ERR_REF); /* a review */
        }
        registry_free(r);
}

static void times_are_times(void **state)
{
        static const char *const registered[] = {"granted_at", "effective_at", "expires_at", "jp_approved_at",
                                                 "cancelled_at"};
        static const struct {
                enum act act;
                const char *name;
        } later[] = {{ACT_REVIEW, "reviewed_at"}, {ACT_REVIEW, "review_dates"}, {ACT_RENEW, "granted_at"},
                     {ACT_RENEW, "expires_at"},   {ACT_RENEW, "review_dates"},  {ACT_CANCEL, "cancelled_at"}};
        struct registry *r = granted(WHEN, NONE);
        (void)state;
        for (size_t i = 0; i < sizeof registered / sizeof registered[0]; i++)
                assert_int_equal(fault(r, 2, 0, ACT_REGISTER, WHEN, FIELDS({registered[i], "\"yesterday\""})),
                                 ERR_FIELD_VALUE);
        for (size_t i = 0; i < sizeof later / sizeof later[0]; i++) {
                assert_int_equal(fault(r, 2, 1, later[i].act, WHEN, FIELDS({later[i].name, "\"yesterday\""})),
                                 ERR_FIELD_VALUE);
                assert_int_equal(of_st(r, 1)->renewals_n + of_st(r, 1)->reviews_n + of_st(r, 1)->dates_n, 0);
                assert_true(of_st(r, 1)->cancelled_us == 0);
        }
        registry_free(r);
}

/* A review or renewal that is still to come has not been made. */
static void what_was_done_lies_behind(void **state)
{
        static const struct {
                enum act act;
                const char *name;
        } rows[] = {{ACT_REVIEW, "reviewed_at"}, {ACT_RENEW, "granted_at"}};
        static const char entered[] = "2026-09-01T08:00:00Z";
        struct registry *r = granted(entered, NONE);
        (void)state;
        assert_int_equal(
            fault(r, 2, 0, ACT_REGISTER, entered, FIELDS({"reviewed_at", "\"9999-12-31T00:00:00Z\""})),
            ERR_FIELD_VALUE);
        for (uint32_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                assert_int_equal(
                    fault(r, 2, 1, rows[i].act, entered, FIELDS({rows[i].name, "\"9999-12-31T00:00:00Z\""})),
                    ERR_FIELD_VALUE);
                assert_int_equal(fault(r, 2, 1, rows[i].act, entered,
                                       FIELDS({rows[i].name, "\"2026-09-01T08:05:00.000001Z\""})),
                                 ERR_FIELD_VALUE);
                take(r, 2 + i, 1, rows[i].act, entered, FIELDS({rows[i].name, "\"2026-09-01T08:05:00Z\""}));
        }
        registry_free(r);
}

static void checking_takes_nothing(void **state)
{
        struct registry *r = granted(WHEN, FIELDS({"authority_ref", "\"DSA/1\""}));
        struct why why = {OK, ""};
        (void)state;
        for (int i = 0; i < 3; i++) {
                assert_int_equal(granted_try(r,
                                             &(struct granted_entry){2, 0, KIND_AUTHORITY, ACT_REGISTER, WHEN,
                                                                     FIELDS({"authority_ref", "\"DSA/2\""})},
                                             true, &why),
                                 OK);
                assert_int_equal(
                    granted_try(r, &(struct granted_entry){3, 1, KIND_AUTHORITY, ACT_CANCEL, WHEN, NONE},
                                true, &why),
                    OK);
        }
        assert_int_equal(registry_authorities(r), 1);
        assert_null(of_ref(r, "DSA/2"));
        assert_true(of_st(r, 1)->cancelled_us == 0);
        registry_free(r);
}

static void other_kinds_and_acts_are_not_taken(void **state)
{
        struct registry *r = empty();
        (void)state;
        struct why why = {OK, ""};
        assert_int_equal(
            granted_try(r, &(struct granted_entry){1, 0, KIND_INTENT, ACT_NONE, WHEN, NONE}, false, &why),
            ERR_BUG);
        assert_int_equal(
            granted_try(r, &(struct granted_entry){1, 0, KIND_AUTHORITY, ACT_LAPSE, WHEN, NONE}, false, &why),
            ERR_BUG);
        assert_int_equal(
            granted_try(r, &(struct granted_entry){1, 0, KIND_PERSONA, ACT_CANCEL, WHEN, NONE}, false, &why),
            ERR_BUG);
        registry_free(r);
}

/* --- determinations --- */

static bool determined(const struct registry *r, const char *when, uint32_t target, const char *subject,
                       const char *ref, const char *operation)
{
        const struct hash st = granted_st(target);
        const struct registry_look look = {.at_us = at(when),
                                           .author = "",
                                           .target = target ? &st : NULL,
                                           .subject = bytes_text(subject),
                                           .subject_ref = bytes_text(ref),
                                           .operation = bytes_text(operation)};
        return registry_determination(r, &granted_terms, &look) != NULL;
}

static void a_determination_about_an_entry(void **state)
{
        struct registry *r = empty();
        (void)state;
        take(r, 1, 77, ACT_DETERMINE, WHEN,
             FIELDS({"operation", "\"OP-ALDER\""}, {"authority_ref", "\"DET/1\""}));
        assert_true(determined(r, WHEN, 77, "", "", ""));
        assert_false(determined(r, WHEN, 78, "", "", ""));
        assert_false(determined(r, WHEN, 0, "x:jack", "", "OP-ALDER")); /* it is about that one entry */
        assert_false(determined(r, "2026-09-01T07:59:59.999999Z", 77, "", "", ""));
        assert_true(determined(r, "2026-11-30T23:59:59.999999Z", 77, "", "", ""));
        assert_false(determined(r, "2026-12-01T00:00:00Z", 77, "", "", ""));
        assert_null(of_ref(r, "DET/1")); /* no authority */
        assert_non_null(of_st(r, 1));
        take(r, 2, 1, ACT_CANCEL, "2026-09-10T00:00:00Z", NONE);
        assert_false(determined(r, "2026-09-10T00:00:00Z", 77, "", "", ""));
        registry_free(r);
}

static void a_determination_about_people(void **state)
{
        struct registry *r = empty();
        (void)state;
        take(r, 1, 0, ACT_DETERMINE, WHEN,
             FIELDS({"operation", "\"OP-ALDER\""},
                    {"scope_subjects", "[\"https://twitter.com/Jack\",\"NOM/17\"]"}));
        assert_true(determined(r, WHEN, 0, "x:jack", "", ""));
        assert_true(determined(r, WHEN, 0, "x:other", "nom/17", ""));
        assert_true(determined(r, WHEN, 0, "x:other", " ref:NOM/17 ", ""));
        assert_true(determined(r, WHEN, 0, "ref:nom/17", "", ""));
        assert_false(determined(r, WHEN, 0, "x:other", "NOM/18", "OP-ALDER"));
        assert_false(determined(r, WHEN, 0, "", "", ""));
        registry_free(r);
}

static void a_determination_about_an_operation(void **state)
{
        struct registry *r = empty();
        (void)state;
        take(r, 1, 0, ACT_DETERMINE, WHEN,
             FIELDS({"operation", "\"OP-ALDER\""}, {"authority_type", "\"determination\""}));
        take(r, 2, 0, ACT_DETERMINE, WHEN,
             FIELDS({"operation", "\"OP-BIRCH\""}, {"scope_classes", "[\"victims\"]"}));
        take(r, 3, 0, ACT_DETERMINE, WHEN, NONE); /* about nothing */
        assert_true(determined(r, WHEN, 5, "x:jack", "", "OP-ALDER"));
        assert_true(determined(r, WHEN, 0, "", "", "op-alder"));
        assert_false(determined(r, WHEN, 0, "x:jack", "", "OP-BIRCH")); /* only for a class of people */
        assert_false(determined(r, WHEN, 0, "x:jack", "", ""));
        /* an authority for the operation is no determination */
        take(r, 4, 0, ACT_REGISTER, WHEN,
             FIELDS({"operation", "\"OP-CEDAR\""}, {"authority_type", "\"DSA\""}));
        assert_false(determined(r, WHEN, 0, "", "", "OP-CEDAR"));
        registry_free(r);
}

/* Who may register a grant may not determine: else an investigator could lift the rules for himself. */
static void a_determination_is_not_registered_as_a_grant(void **state)
{
        struct registry *r = empty();
        (void)state;
        assert_int_equal(
            fault(r, 1, 0, ACT_REGISTER, WHEN,
                  FIELDS({"authority_type", "\"determination\""}, {"scope_subjects", "[\"x:jack\"]"})),
            ERR_FIELD_VALUE);
        assert_false(determined(r, WHEN, 0, "x:jack", "", ""));
        registry_free(r);
}

static void a_determination_is_for_others(void **state)
{
        struct registry *r = empty();
        struct body b;
        struct registry_entry e = {.seq = 1,
                                   .at_us = at(WHEN),
                                   .author = "olga",
                                   .kind = KIND_AUTHORITY,
                                   .act = ACT_DETERMINE,
                                   .body = &b};
        struct registry_look look = {.at_us = at(WHEN),
                                     .author = "jo",
                                     .subject = bytes_text("x:jack"),
                                     .operation = bytes_text("OP")};
        (void)state;
        granted_body(&b, KIND_AUTHORITY, FIELDS({"scope_subjects", "[\"x:jack\"]"}));
        assert_int_equal(registry_take(r, &e, NULL), OK);
        assert_non_null(registry_determination(r, &granted_terms, &look));
        look.author = "olga";
        assert_null(registry_determination(r, &granted_terms, &look));
        /* another officer's, behind it, holds for her too */
        memcpy(e.author, "oscar", sizeof "oscar");
        e.seq = 2;
        e.st.b[0] = 2;
        assert_int_equal(registry_take(r, &e, NULL), OK);
        assert_int_equal(registry_determination(r, &granted_terms, &look)->seq, 2);
        registry_free(r);
}

static void a_live_determination_is_found_behind_others(void **state)
{
        struct registry *r = empty();
        (void)state;
        take(r, 1, 0, ACT_DETERMINE, WHEN, FIELDS({"operation", "\"OP-ALDER\""}));
        for (uint32_t i = 2; i < 40; i++)
                take(r, i, 0, ACT_DETERMINE, WHEN,
                     FIELDS({"operation", "\"OP-ALDER\""}, {"expires_at", "\"2026-09-01T09:00:00Z\""}));
        assert_true(determined(r, "2026-10-01T00:00:00Z", 0, "", "", "OP-ALDER"));
        take(r, 50, 1, ACT_CANCEL, "2026-09-10T00:00:00Z", NONE);
        assert_false(determined(r, "2026-10-01T00:00:00Z", 0, "", "", "OP-ALDER"));
        take(r, 51, 1, ACT_RENEW, "2026-09-09T00:00:00Z", NONE); /* cancelled stays cancelled */
        assert_false(determined(r, "2026-10-01T00:00:00Z", 0, "", "", "OP-ALDER"));
        registry_free(r);
}

/* --- personas --- */

static void persona(struct registry *r, uint32_t st, uint32_t about, enum act act, const char *when,
                    const struct granted_field with[])
{
        granted_take(r, &(struct granted_entry){st, about, KIND_PERSONA, act, when, with});
}

static enum err persona_fault(struct registry *r, uint32_t about, enum act act, const char *when,
                              const struct granted_field with[])
{
        return granted_fault(r, &(struct granted_entry){900, about, KIND_PERSONA, act, when, with});
}

static void a_persona_and_what_becomes_of_it(void **state)
{
        struct registry *r = empty();
        const struct hash st = granted_st(1);
        (void)state;
        persona(r, 1, 0, ACT_REGISTER, WHEN,
                FIELDS({"persona_ref", "\"P-7\""}, {"persona_name", "\"Kay \\\"K\\\" Marsh\""},
                       {"assigned_to", "[\"jb\",\"Ada \\\"L\\\"\"]"},
                       {"effective_at", "\"2026-09-02T00:00:00Z\""},
                       {"expires_at", "\"2027-09-02T00:00:00Z\""}));
        const struct persona *p = registry_persona_of_ref(r, bytes_text("p-7"));
        assert_non_null(p);
        assert_ptr_equal(p, registry_persona_of_st(r, &st));
        assert_ptr_equal(p, registry_persona_at(r, 0));
        assert_null(registry_persona_at(r, 1));
        assert_int_equal(registry_personas(r), 1);
        assert_string_equal(p->ref, "P-7");
        assert_string_equal(p->assigned, "[\"jb\",\"Ada \\\"L\\\"\"]");
        is_at(p->from_us, "2026-09-02T00:00:00Z");
        is_at(p->until_us, "2027-09-02T00:00:00Z");
        assert_true(p->lapsed_us == 0);
        persona(r, 2, 1, ACT_ASSIGN, WHEN, FIELDS({"assigned_to", "[\"sam\"]"}));
        assert_string_equal(p->assigned, "[\"sam\"]");
        persona(r, 3, 1, ACT_ASSIGN, WHEN, NONE);
        assert_string_equal(p->assigned, "[]");
        persona(r, 4, 1, ACT_LAPSE, "2026-10-01T00:00:00Z",
                FIELDS({"cancelled_at", "\"2026-09-30T00:00:00Z\""}));
        persona(r, 5, 1, ACT_LAPSE, "2026-10-02T00:00:00Z", NONE);
        is_at(p->lapsed_us, "2026-09-30T00:00:00Z");
        registry_free(r);
}

static void a_persona_is_taken_until_it_lapses(void **state)
{
        static const struct granted_field with[] = {{"persona_ref", "\"P-7\""}, {NULL, NULL}};
        struct registry *r = empty();
        (void)state;
        persona(r, 1, 0, ACT_REGISTER, WHEN, with);
        assert_int_equal(persona_fault(r, 0, ACT_REGISTER, WHEN, with), ERR_PERSONA_TAKEN);
        persona(r, 2, 1, ACT_LAPSE, "2026-09-02T00:00:00Z", NONE);
        assert_int_equal(persona_fault(r, 0, ACT_REGISTER, "2026-09-01T23:59:59.999999Z", with),
                         ERR_PERSONA_TAKEN);
        persona(r, 3, 0, ACT_REGISTER, "2026-09-02T00:00:00Z",
                FIELDS({"persona_ref", "\"P-7\""}, {"expires_at", "\"2026-10-02T00:00:00Z\""}));
        assert_int_equal(registry_persona_of_ref(r, bytes_text("P-7"))->seq, 3);
        assert_int_equal(persona_fault(r, 0, ACT_REGISTER, "2026-10-01T23:59:59.999999Z", with),
                         ERR_PERSONA_TAKEN);
        persona(r, 4, 0, ACT_REGISTER, "2026-10-02T00:00:00Z", with); /* its time is over */
        assert_int_equal(registry_personas(r), 3);
        registry_free(r);
}

static void personas_are_held_to_their_form(void **state)
{
        struct registry *r = granted(WHEN, NONE);
        (void)state;
        assert_int_equal(persona_fault(r, 0, ACT_ASSIGN, WHEN, NONE), ERR_REF);
        assert_int_equal(persona_fault(r, 1, ACT_LAPSE, WHEN, NONE), ERR_REF); /* an authority */
        assert_int_equal(persona_fault(r, 0, ACT_REGISTER, WHEN, FIELDS({"assigned_to", "\"jb\""})),
                         ERR_FIELD_VALUE);
        assert_int_equal(persona_fault(r, 0, ACT_REGISTER, WHEN, FIELDS({"assigned_to", "[7]"})),
                         ERR_FIELD_VALUE);
        assert_int_equal(persona_fault(r, 0, ACT_REGISTER, WHEN, FIELDS({"expires_at", "\"never\""})),
                         ERR_FIELD_VALUE);
        persona(r, 2, 0, ACT_REGISTER, WHEN, NONE);
        persona(r, 3, 0, ACT_REGISTER, WHEN, NONE); /* an empty reference is nobody's */
        assert_int_equal(persona_fault(r, 2, ACT_ASSIGN, WHEN, FIELDS({"assigned_to", "{}"})),
                         ERR_FIELD_VALUE);
        assert_int_equal(persona_fault(r, 2, ACT_LAPSE, WHEN, FIELDS({"cancelled_at", "\"now\""})),
                         ERR_FIELD_VALUE);
        assert_null(registry_persona_of_ref(r, bytes_text("")));
        registry_free(r);
}

/* What was erased is as if it had not been said, and nothing breaks on it. */
static void erased_fields_are_not_said(void **state)
{
        struct registry *r = empty();
        struct why why = {OK, ""};
        struct body b;
        (void)state;
        granted_body(&b, KIND_AUTHORITY,
                     FIELDS({"authority_ref", "\"DSA/1\""}, {"authority_type", "\"DSA\""},
                            {"ao_rank", "\"Supt\""}, {"scope_subjects", "[\"x:jack\"]"},
                            {"granted_at", "\"2026-01-01T00:00:00Z\""}, {"cumulative_days", "4"},
                            {"grounds", "[\"tax\"]"}));
        for (size_t i = 0; i < b.n; i++) {
                b.field[i].state = FIELD_MISSING;
                b.field[i].value = bytes_of(NULL, 0);
        }
        const struct registry_entry e = {.seq = 1,
                                         .at_us = at(WHEN),
                                         .st = granted_st(1),
                                         .kind = KIND_AUTHORITY,
                                         .act = ACT_REGISTER,
                                         .body = &b};
        assert_int_equal(registry_take(r, &e, &why), OK);
        const struct authority *a = of_st(r, 1);
        assert_string_equal(a->ref, "");
        assert_string_equal(a->rank, "");
        assert_null(a->type);
        assert_int_equal(a->scope.subjects.n, 0);
        assert_true(a->named.cumulative_days == -1);
        is_at(a->effective_us, WHEN);
        registry_free(r);
}

/* --- many --- */

static double seconds_now(void)
{
        struct timespec t;
        assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &t), 0);
        return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void thousands_are_looked_up_at_once(void **state)
{
        enum { MANY = 5000, LOOKS = 100000 };
        struct registry *r = empty();
        char ref[40], operation[40];
        (void)state;
        double from = seconds_now();
        for (uint32_t i = 1; i <= MANY; i++) {
                snprintf(ref, sizeof ref, "\"DSA/2026/%u\"", i);
                snprintf(operation, sizeof operation, "\"OP-%u\"", i);
                const bool grant = i % 2;
                take(r, i, 0, grant ? ACT_REGISTER : ACT_DETERMINE, WHEN,
                     FIELDS({grant ? "authority_ref" : "operation", grant ? ref : operation}));
        }
        print_message("taken, and checked before: %.1f us each\n", (seconds_now() - from) / MANY * 1e6);
        for (uint32_t i = 1; i <= MANY; i++) {
                snprintf(ref, sizeof ref, "DSA/2026/%u", i);
                snprintf(operation, sizeof operation, "OP-%u", i);
                assert_int_equal(of_st(r, i)->seq, i);
                if (i % 2)
                        assert_ptr_equal(of_ref(r, ref), of_st(r, i));
                else
                        assert_null(of_ref(r, ref));
                assert_int_equal(determined(r, WHEN, 0, "", "", operation), i % 2 == 0);
        }
        from = seconds_now();
        for (uint32_t i = 0; i < LOOKS; i++)
                assert_non_null(of_ref(r, "dsa/2026/2501"));
        print_message("by reference: %.0f ns\n", (seconds_now() - from) / LOOKS * 1e9);
        from = seconds_now();
        for (uint32_t i = 0; i < LOOKS; i++)
                assert_non_null(of_st(r, 2501));
        print_message("by statement: %.0f ns\n", (seconds_now() - from) / LOOKS * 1e9);
        const struct registry_look look = {.at_us = at(WHEN),
                                           .author = "",
                                           .subject = bytes_text("x:jack"),
                                           .subject_ref = bytes_text("NOM/17"),
                                           .operation = bytes_text("OP-1")};
        from = seconds_now();
        for (uint32_t i = 0; i < LOOKS; i++)
                assert_null(registry_determination(r, &granted_terms, &look));
        print_message("no determination: %.0f ns\n", (seconds_now() - from) / LOOKS * 1e9);
        registry_free(r);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(found_by_reference_and_by_statement),
            cmocka_unit_test(terms_are_kept),
            cmocka_unit_test(a_reference_is_taken_until_it_is_cancelled),
            cmocka_unit_test(what_comes_after_names_a_registration),
            cmocka_unit_test(times_are_times),
            cmocka_unit_test(what_was_done_lies_behind),
            cmocka_unit_test(checking_takes_nothing),
            cmocka_unit_test(other_kinds_and_acts_are_not_taken),
            cmocka_unit_test(a_determination_about_an_entry),
            cmocka_unit_test(a_determination_about_people),
            cmocka_unit_test(a_determination_about_an_operation),
            cmocka_unit_test(a_determination_is_not_registered_as_a_grant),
            cmocka_unit_test(a_determination_is_for_others),
            cmocka_unit_test(a_live_determination_is_found_behind_others),
            cmocka_unit_test(a_persona_and_what_becomes_of_it),
            cmocka_unit_test(a_persona_is_taken_until_it_lapses),
            cmocka_unit_test(personas_are_held_to_their_form),
            cmocka_unit_test(erased_fields_are_not_said),
            cmocka_unit_test(thousands_are_looked_up_at_once),
        };
        return cmocka_run_group_tests(tests, given_setup, NULL);
}
