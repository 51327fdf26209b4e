#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "schema/fields.h"

#define LOOK ((1u << KIND_INTENT) | (1u << KIND_ACTIVITY))

static const struct field *named(enum kind k, const char *name)
{
        const struct field *f = field_of_name(k, name, strlen(name));

        if (f == NULL)
                fail_msg("%s has no field %s", kind_name(k), name);
        return f;
}

static void the_rows_are_sound(void **state)
{
        (void)state;
        assert_true(fields_count <= 255);
        for (size_t i = 0; i < fields_count; i++) {
                const struct field *f = &fields[i];
                bool words = f->type == FIELD_WORD || f->type == FIELD_WORDS;
                bool sized = f->type == FIELD_TEXT || f->type == FIELD_LIST || f->type == FIELD_INT;

                if (f->kinds == 0 || (f->kinds >> KIND_COUNT) != 0 || (f->required & ~f->kinds) != 0 ||
                    (f->asked & ~f->kinds) != 0)
                        fail_msg("%s: kinds", f->name);
                if (words != (f->vocabulary != NULL) || sized != (f->max > 0) ||
                    f->max > (f->type == FIELD_INT ? 100000 : 2500))
                        fail_msg("%s: type and limits", f->name);
                if (strcmp(origin_name(f->source), "unknown") == 0)
                        fail_msg("%s: source", f->name);
                if (f->source == ORIGIN_DEFAULT && f->fallback == NULL)
                        fail_msg("%s: a default that is none", f->name);
                if (f->prompt[0] == '\0' || f->help[0] == '\0' || f->help[strlen(f->help) - 1] != '.')
                        fail_msg("%s: prompt and help", f->name);
                if (strchr(f->prompt, '?') != NULL || strchr(f->help, '`') != NULL)
                        fail_msg("%s: marks in prompt or help", f->name);
        }
}

/* Names are columns of the gate's views and members of JSON objects, so one name is one row. */
static void names_are_unique_and_plain(void **state)
{
        static const char *const taken[] = {
            "at",     "kind",  "act",    "verb", "member", "key",    "tls",     "pop",
            "roles",  "unit",  "policy", "seen", "target", "set",    "digests", "purpose",
            "ground", "grade", "origin", "vkey", "server", "invite", "expires", "v",
            "log",    "jti",   "iat",    "n",    "prev",   "refs",   "_sd",     "succeeds"};

        (void)state;
        for (size_t i = 0; i < fields_count; i++) {
                size_t n = strlen(fields[i].name);

                assert_int_equal(strspn(fields[i].name, "abcdefghijklmnopqrstuvwxyz0123456789_"), n);
                assert_true(n <= 32);
                for (size_t j = 0; j < i; j++)
                        assert_string_not_equal(fields[i].name, fields[j].name);
                for (size_t j = 0; j < sizeof taken / sizeof taken[0]; j++)
                        assert_string_not_equal(fields[i].name, taken[j]);
        }
}

static void fallbacks_are_values_of_their_field(void **state)
{
        (void)state;
        for (size_t i = 0; i < fields_count; i++) {
                const struct field *f = &fields[i];

                if (f->fallback == NULL)
                        continue;
                if (f->type == FIELD_WORD) {
                        size_t n = strlen(f->fallback);

                        assert_true(n > 2 && f->fallback[0] == '"' && f->fallback[n - 1] == '"');
                        assert_true(vocabulary_has(f->vocabulary, f->fallback + 1, n - 2));
                } else {
                        assert_int_equal(f->type, FIELD_INT);
                        assert_int_equal(strspn(f->fallback, "0123456789"), strlen(f->fallback));
                }
        }
}

static void vocabularies_are_sound(void **state)
{
        (void)state;
        for (size_t i = 0; i < vocabularies_count; i++) {
                const struct vocabulary *v = vocabularies[i];

                assert_true(v->count >= 2);
                for (size_t j = 0; j < v->count; j++) {
                        const struct word *w = &v->words[j];

                        if (w->word[0] == '\0' || strpbrk(w->word, " \"\\\t") != NULL || w->plain[0] == '\0')
                                fail_msg("%s: %s", v->name, w->word);
                        if (!((w->key >= 'a' && w->key <= 'z') || (w->key >= '0' && w->key <= '9')))
                                fail_msg("%s: key of %s", v->name, w->word);
                        for (size_t k = 0; k < j; k++) {
                                if (v->words[k].key == w->key || strcmp(v->words[k].word, w->word) == 0 ||
                                    strcmp(v->words[k].plain, w->plain) == 0)
                                        fail_msg("%s: %s and %s", v->name, v->words[k].word, w->word);
                        }
                        assert_ptr_equal(vocabulary_word(v, w->word, strlen(w->word)), w);
                        assert_ptr_equal(vocabulary_word_meant(v, w->word, strlen(w->word)), w);
                }
        }
}

/* No spelling may mean two words: each leads back to the word it stands beside. */
static void other_spellings_lead_to_one_word(void **state)
{
        (void)state;
        for (size_t i = 0; i < vocabularies_count; i++) {
                for (size_t j = 0; j < vocabularies[i]->count; j++) {
                        const struct word *w = &vocabularies[i]->words[j];

                        for (const char *at = w->also; *at != '\0';) {
                                size_t n = strcspn(at, " ");

                                assert_true(n > 0);
                                if (vocabulary_word_meant(vocabularies[i], at, n) != w)
                                        fail_msg("%s: %.*s", vocabularies[i]->name, (int)n, at);
                                at += n + (at[n] == ' ');
                        }
                }
        }
}

static const struct vocabulary *vocabulary_of(const char *field)
{
        return named(KIND_ACTIVITY, field)->vocabulary;
}

static void words_are_read_as_people_write_them(void **state)
{
        static const struct {
                const char *field, *said, *word;
        } cases[] = {
            {"art8_aim", "A8.DC", "disorder-or-crime"},
            {"art8_aim", "a8.dc", "disorder-or-crime"},
            {"engagement_level", "E4", "message"},
            {"f3", "true", "yes"},
            {"f3", "NO", "no"},
            {"purpose_code", "bail-recall", "bail/recall"},
            {"le_purpose", "non-LE", "non-le"},
            {"ripa_ground", "R28.b", "crime-or-disorder"},
            {"ripa_ground", "S6.a", "scotland-crime-or-disorder"},
            {"f3", "", NULL},
            {"f3", "maybe", NULL},
            {"f3", "ye", NULL},
            {"f3", "yes ", NULL},
            {"art8_aim", "A8", NULL},
            {"art8_aim", "A8.DC DC", NULL},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const struct word *w = vocabulary_word_meant(vocabulary_of(cases[i].field), cases[i].said,
                                                             strlen(cases[i].said));

                if (cases[i].word == NULL ? w != NULL : w == NULL || strcmp(w->word, cases[i].word) != 0)
                        fail_msg("%s: %s", cases[i].field, cases[i].said);
        }
        assert_null(vocabulary_word(vocabulary_of("art8_aim"), "A8.DC", 5));
        assert_false(vocabulary_has(vocabulary_of("f3"), "YES", 3));
        assert_false(vocabulary_has(vocabulary_of("f3"), "yess", 4));
}

static void slots_are_the_rows_in_order(void **state)
{
        (void)state;
        for (unsigned k = 0; k < KIND_COUNT; k++) {
                size_t all = 0, rows = 0;

                for (unsigned g = 0; g < GROUP_COUNT; g++) {
                        const uint8_t *number;
                        size_t n = field_slots((enum kind)k, (enum group)g, &number);

                        assert_true(n <= SLOTS_MAX);
                        for (size_t i = 0; i < n; i++) {
                                assert_int_equal(fields[number[i]].group, g);
                                assert_true(field_has_kind(&fields[number[i]], (enum kind)k));
                                assert_true(i == 0 || number[i - 1] < number[i]);
                        }
                        all += n;
                }
                for (size_t i = 0; i < fields_count; i++)
                        rows += field_has_kind(&fields[i], (enum kind)k);
                assert_int_equal(all, rows); /* none fell off a full group */
                assert_true(all <= 160);
        }
}

static void a_kind_out_of_range_has_no_slots(void **state)
{
        const uint8_t *number = (const uint8_t *)"";

        (void)state;
        assert_int_equal(field_slots(KIND_COUNT, GROUP_WHO, &number), 0);
        assert_null(number);
        assert_int_equal(field_slots(KIND_INTENT, GROUP_LAYOUT, &number), 0);
}

static void a_look_has_eight_authority_slots(void **state)
{
        static const char *const expected[] = {"authority_type",
                                               "authority_ref",
                                               "authority_form",
                                               "immediate_response",
                                               "immediate_response_reason",
                                               "urgent",
                                               "urgency_reason_applicant",
                                               "jp_order_ref"};

        (void)state;
        for (unsigned k = KIND_INTENT; k <= KIND_ACTIVITY; k++) {
                const uint8_t *number;

                assert_int_equal(field_slots((enum kind)k, GROUP_AUTHORITY, &number), 8);
                for (size_t i = 0; i < 8; i++)
                        assert_string_equal(fields[number[i]].name, expected[i]);
        }
}

static void a_look_without_intent_can_say_all_of_it(void **state)
{
        (void)state;
        for (size_t i = 0; i < fields_count; i++)
                if (field_has_kind(&fields[i], KIND_INTENT))
                        assert_true(field_has_kind(&fields[i], KIND_ACTIVITY));
}

static void genesis_has_no_field_and_the_others_a_reason(void **state)
{
        (void)state;
        for (size_t i = 0; i < fields_count; i++)
                assert_false(field_has_kind(&fields[i], KIND_GENESIS));
        for (unsigned k = KIND_GENESIS + 1; k < KIND_COUNT; k++)
                assert_int_equal(named((enum kind)k, "reason")->group, GROUP_RESULT);
}

static void assert_names(enum kind k, bool asked, const char *expected)
{
        char list[1000] = "";

        for (size_t i = 0; i < fields_count; i++) {
                const struct field *f = &fields[i];

                if (asked ? ((f->asked >> k) & 1u) && f->lane == LANE_QUICK : (f->required >> k) & 1u) {
                        strcat(list, f->name);
                        strcat(list, " ");
                }
        }
        assert_string_equal(list, expected);
}

static void what_is_asked_and_required(void **state)
{
        (void)state;
        assert_names(
            KIND_INTENT, true,
            "operation purpose_code objective justification url subject_category f3 f5 private_info_likely ");
        assert_names(KIND_ACTIVITY, true, "result ");
        assert_names(KIND_INTENT, false, "operation subject subject_category f3 f5 private_info_likely ");
        assert_names(KIND_ACTIVITY, false, "result ");
        assert_names(KIND_MEMBER, false, "");
        assert_names(KIND_CONSULT, false, "class ");
}

static void the_quick_lane_rests_on_sources(void **state)
{
        static const struct {
                const char *field;
                char source;
                const char *fallback;
        } cases[] = {
            {"platform", ORIGIN_ADDRESS, NULL},
            {"target_kind", ORIGIN_ADDRESS, NULL},
            {"le_purpose", ORIGIN_PURPOSE, NULL},
            {"art8_aim", ORIGIN_PURPOSE, NULL},
            {"lawful_basis", ORIGIN_OPERATION, NULL},
            {"retention_group", ORIGIN_OPERATION, NULL},
            {"npcc_level", ORIGIN_MEMBER, "1"},
            {"device_class", ORIGIN_MEMBER, "\"corporate\""},
            {"account_attribution", ORIGIN_MEMBER, "\"corporate-overt\""},
            {"engagement_level", ORIGIN_DEFAULT, "\"passive-view\""},
            {"method", ORIGIN_DEFAULT, "\"manual\""},
            {"subject_age_band", ORIGIN_DEFAULT, "\"unknown\""},
            {"covert", ORIGIN_DEFAULT, "\"yes\""},
            {"apd_ref", ORIGIN_PACK, NULL},
            {"f1", ORIGIN_COMPUTED, NULL},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const struct field *f = named(KIND_INTENT, cases[i].field);

                assert_int_equal(f->source, cases[i].source);
                if (cases[i].fallback == NULL)
                        assert_null(f->fallback);
                else
                        assert_string_equal(f->fallback, cases[i].fallback);
        }
        assert_string_equal(field_member_name(named(KIND_INTENT, "applicant_rank")), "rank");
        assert_string_equal(field_member_name(named(KIND_INTENT, "device_class")), "device_class");
}

/* What a look takes from operation or member must be there to be taken. */
static void sources_hold_what_is_taken_from_them(void **state)
{
        (void)state;
        for (size_t i = 0; i < fields_count; i++) {
                const struct field *f = &fields[i];
                const char *there = field_member_name(f);

                if ((f->kinds & LOOK) == 0)
                        continue;
                if (f->source == ORIGIN_OPERATION)
                        assert_true(field_has_kind(f, KIND_OPERATION));
                if (f->source == ORIGIN_MEMBER && strcmp(there, "unit") != 0)
                        named(KIND_MEMBER, there);
        }
}

static void names_of_kinds_groups_origins(void **state)
{
        enum kind k;

        (void)state;
        for (unsigned i = 0; i < KIND_COUNT; i++) {
                assert_true(kind_of_name(kind_name((enum kind)i), strlen(kind_name((enum kind)i)), &k));
                assert_int_equal(k, i);
        }
        assert_false(kind_of_name("enquiry", 7, &k));
        assert_false(kind_of_name("", 0, &k));
        assert_string_equal(kind_name(KIND_ACTIVITY), "enquiry.activity");
        assert_string_equal(kind_name(KIND_COUNT), "unknown");
        assert_string_equal(group_name(GROUP_WHO), "who");
        assert_string_equal(group_name(GROUP_LAYOUT), "layout");
        assert_string_equal(group_name(GROUPS_ALL), "unknown");
        assert_string_equal(origin_name('o'), "operation");
        assert_string_equal(origin_name('?'), "unknown");
        assert_null(field_of_name(KIND_INTENT, "result", 6));
        assert_null(field_of_name(KIND_GENESIS, "reason", 6));
        assert_null(field_of_name(KIND_INTENT, "ur", 2));
        assert_int_equal(field_number(&fields[7]), 7);
        for (unsigned i = 0; i < LANE_COUNT; i++)
                assert_true(strlen(lane_names[i]) > 4);
}

static void each_purpose_but_other_settles_aim_and_purpose(void **state)
{
        const struct vocabulary *codes = vocabulary_of("purpose_code");

        (void)state;
        assert_int_equal(purposes_count + 1, codes->count);
        for (size_t i = 0; i < codes->count; i++) {
                const char *code = codes->words[i].word;
                const struct purpose *p = purpose_of(code, strlen(code));

                if (strcmp(code, "other") == 0) {
                        assert_null(p);
                        continue;
                }
                assert_non_null(p);
                assert_true(
                    vocabulary_has(vocabulary_of("le_purpose"), p->le_purpose, strlen(p->le_purpose)));
                assert_true(vocabulary_has(vocabulary_of("art8_aim"), p->art8_aim, strlen(p->art8_aim)));
        }
        assert_null(purpose_of("trace", 5));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(the_rows_are_sound),
            cmocka_unit_test(names_are_unique_and_plain),
            cmocka_unit_test(fallbacks_are_values_of_their_field),
            cmocka_unit_test(vocabularies_are_sound),
            cmocka_unit_test(other_spellings_lead_to_one_word),
            cmocka_unit_test(words_are_read_as_people_write_them),
            cmocka_unit_test(slots_are_the_rows_in_order),
            cmocka_unit_test(a_kind_out_of_range_has_no_slots),
            cmocka_unit_test(a_look_has_eight_authority_slots),
            cmocka_unit_test(a_look_without_intent_can_say_all_of_it),
            cmocka_unit_test(genesis_has_no_field_and_the_others_a_reason),
            cmocka_unit_test(what_is_asked_and_required),
            cmocka_unit_test(the_quick_lane_rests_on_sources),
            cmocka_unit_test(sources_hold_what_is_taken_from_them),
            cmocka_unit_test(names_of_kinds_groups_origins),
            cmocka_unit_test(each_purpose_but_other_settles_aim_and_purpose),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
