#include "policy/scope.h"
#include "policy/spelling.h"
#include "schema/platforms.h"
#include "tests/policy/granted.h"

static void read_scope(struct scope *s, const struct granted_field with[])
{
        struct body b;
        struct why why = {OK, ""};
        granted_body(&b, KIND_AUTHORITY, with);
        scope_init(s);
        if (scope_read(s, &b, &why) != OK)
                fail_msg("not read: %s", why.detail);
}

static enum scope_answer asked(const struct scope *s, enum scope_part part, const struct granted_field with[])
{
        enum scope_answer out[SCOPE_PARTS];
        struct body b;
        granted_body(&b, KIND_INTENT, with);
        assert_int_equal(scope_ask(s, &b, NULL, out), OK);
        return out[part];
}

static const char *json(const char *text)
{
        static char out[2][400];
        static unsigned which;
        char *here = out[which++ % 2];
        snprintf(here, sizeof out[0], "\"%s\"", text);
        return here;
}

static enum scope_answer subject_asked(const struct scope *s, const char *subject)
{
        return asked(s, SCOPE_SUBJECT, FIELDS({"subject", json(subject)}));
}

static enum scope_answer ref_asked(const struct scope *s, const char *ref)
{
        return asked(s, SCOPE_SUBJECT, FIELDS({"subject", "\"x:somebody\""}, {"subject_ref", json(ref)}));
}

static void subjects_in_any_form(void **state)
{
        static const struct {
                const char *written, *subject;
                bool inside;
        } rows[] = {
            {"https://www.facebook.com/j.smith", "facebook:jsmith", true},
            {"facebook.com/JSmith?fbclid=1", "facebook:jsmith", true},
            {"facebook:jsmith", "facebook:jsmith", true},
            {"Facebook:J.Smith", "facebook:jsmith", true},
            {"livejournal:Jane_Doe", "livejournal:jane-doe", true},
            {"facebook:jsmith", "facebook:jsmith2", false},
            {"facebook:id/100044", "facebook:id/100044", true},
            {"facebook:id/100044", "facebook:100044", false},
            {"x:@Jack", "x:jack", true},
            {"twitter:jack", "x:jack", true},
            {"https://twitter.com/jack", "x:jack", true},
            {"twitter:jack", "instagram:jack", false},
            {"LinkedIn:in/J-Smith", "linkedin:in/j-smith", true},
            {"youtube:channel/UCabc", "youtube:channel/UCabc", true},
            {"youtube:channel/UCabc", "youtube:channel/ucabc", false},
            {"@Ann@Mastodon.Social", "fediverse:ann@mastodon.social", true},
            {"fediverse:Ann@mastodon.social", "fediverse:ann@mastodon.social", true},
            {"https://forum.example.org/u/7", "web:forum.example.org/u/7", true},
            {"web:www.forum.example.org/u/7", "web:forum.example.org/u/7", true},
            {"https://forum.example.org/u/7", "web:forum.example.org/u/8", false},
            {"ref:NOM/17", "ref:nom/17", true},
            {"NOM/17", "ref:nom/17", true},
            {"term:Red  Van", "term:red van", true},
            {"ref:NOM/17", "ref:nom/18", false},
            {"  x:jack  ", "x:jack", true},
            {"nonsense \\\\ here", "nonsense \\\\ here", true}, /* malformed: itself only */
            {"nonsense \\\\ here", "web:nonsense", false},
            {"http://", "x:jack", false},
            {"say \\\"hello\\\"", "ref:say \\\"hello\\\"", true},
        };
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                char list[400];
                struct scope s;
                snprintf(list, sizeof list, "[\"x:other\",\"%s\"]", rows[i].written);
                read_scope(&s, FIELDS({"scope_subjects", list}));
                if (subject_asked(&s, rows[i].subject) != (rows[i].inside ? SCOPE_INSIDE : SCOPE_OUTSIDE))
                        fail_msg("%s against %s", rows[i].written, rows[i].subject);
                scope_clear(&s);
        }
}

static void people_by_reference(void **state)
{
        struct scope s;
        (void)state;
        read_scope(&s, FIELDS({"scope_subjects", "[\"NOM/17\",\"ref:nom/18\"]"}));
        assert_int_equal(ref_asked(&s, "NOM/17"), SCOPE_INSIDE);
        assert_int_equal(ref_asked(&s, "nom/17"), SCOPE_INSIDE);
        assert_int_equal(ref_asked(&s, "NOM/18"), SCOPE_INSIDE);
        assert_int_equal(ref_asked(&s, "ref:NOM/18"), SCOPE_INSIDE);
        assert_int_equal(ref_asked(&s, "NOM/1"), SCOPE_OUTSIDE);
        scope_clear(&s);
}

static void classes_by_the_words_of_the_vocabulary(void **state)
{
        static const struct {
                const char *class, *category;
                bool inside;
        } rows[] = {{"suspect", "suspect", true},
                    {"Suspects", "suspect", true},
                    {"SUSPECTS", "victim", false},
                    {"witnesses", "witness", true},
                    {"Missing person", "missing", true},
                    {"missing persons", "missing", true},
                    {"missing people", "missing", true},
                    {"members of the public", "public", true},
                    {"Children at risk", "child-at-risk", true},
                    {"child-at-risk", "child-at-risk", true},
                    {"associates", "associate", true},
                    {"associates of the suspect", "associate", false},
                    {"suspected persons", "suspect", false},
                    {"susp", "suspect", false},
                    {"organisations", "organisation", true}};
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                char list[100];
                struct scope s;
                snprintf(list, sizeof list, "[\"%s\"]", rows[i].class);
                read_scope(&s, FIELDS({"scope_classes", list}));
                if (asked(&s, SCOPE_SUBJECT,
                          FIELDS({"subject", "\"x:jack\""}, {"subject_category", json(rows[i].category)})) !=
                    (rows[i].inside ? SCOPE_INSIDE : SCOPE_OUTSIDE))
                        fail_msg("%s against %s", rows[i].class, rows[i].category);
                scope_clear(&s);
        }
}

static void subjects_or_classes(void **state)
{
        struct scope s;
        (void)state;
        read_scope(&s, FIELDS({"scope_subjects", "[\"x:jack\"]"}, {"scope_classes", "[\"suspects\"]"}));
        assert_int_equal(subject_asked(&s, "x:jack"), SCOPE_INSIDE);
        assert_int_equal(
            asked(&s, SCOPE_SUBJECT, FIELDS({"subject", "\"x:jill\""}, {"subject_category", "\"suspect\""})),
            SCOPE_INSIDE);
        assert_int_equal(
            asked(&s, SCOPE_SUBJECT, FIELDS({"subject", "\"x:jill\""}, {"subject_category", "\"witness\""})),
            SCOPE_OUTSIDE);
        scope_clear(&s);
}

static void platforms_in_any_spelling(void **state)
{
        static const struct {
                const char *written, *platform, *subject;
                bool inside;
        } rows[] = {
            {"x", "x", "x:jack", true},
            {"Twitter", "x", "x:jack", true},
            {"twitter.com", "x", "x:jack", true},
            {"https://www.twitter.com/", "x", "x:jack", true},
            {"X", "x", "x:jack", true},
            {"Facebook", "facebook", "facebook:jack", true},
            {"m.facebook.com", "facebook", "facebook:jack", true},
            {"facebook", "instagram", "instagram:jack", false},
            {"Mastodon", "fediverse", "fediverse:ann@mas.to", true},
            {"mastodon.social", "fediverse", "fediverse:ann@mastodon.social", true},
            {"mastodon.social", "fediverse", "fediverse:ann@mas.to", false},
            {"web", "web", "web:forum.example.org/u/7", true},
            {"forum.example.org", "web", "web:forum.example.org/u/7", true},
            {"https://www.forum.example.org", "web", "web:forum.example.org/u/7", true},
            {"example.org", "web", "web:forum.example.org/u/7", false},
            {"forum.example.org:8080", "web", "web:forum.example.org/u/7", false},
            {"forum.example.org:8080", "web", "web:forum.example.org:8080/u/7", true},
            {"forum.example.org", "web", "web:forum.example.org", true},
            {"face", "facebook", "facebook:jack", false},
            {"Some network", "x", "x:jack", false},
        };
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                char list[100];
                struct scope s;
                snprintf(list, sizeof list, "[\"%s\"]", rows[i].written);
                read_scope(&s, FIELDS({"scope_platforms", list}));
                const enum scope_answer want = rows[i].inside ? SCOPE_INSIDE : SCOPE_OUTSIDE;
                if (asked(&s, SCOPE_PLATFORM,
                          FIELDS({"platform", json(rows[i].platform)}, {"subject", json(rows[i].subject)})) !=
                        want ||
                    asked(&s, SCOPE_PLATFORM, FIELDS({"subject", json(rows[i].subject)})) != want)
                        fail_msg("%s against %s", rows[i].written, rows[i].subject);
                scope_clear(&s);
        }
}

static void an_entrys_platform_in_any_spelling(void **state)
{
        struct scope s;
        (void)state;
        read_scope(&s, FIELDS({"scope_platforms", "[\"x\"]"}));
        assert_int_equal(asked(&s, SCOPE_PLATFORM, FIELDS({"platform", "\"Twitter\""})), SCOPE_INSIDE);
        assert_int_equal(asked(&s, SCOPE_PLATFORM, FIELDS({"platform", "\"twitter.com\""})), SCOPE_INSIDE);
        assert_int_equal(asked(&s, SCOPE_PLATFORM, FIELDS({"platform", "\"Myspace\""})), SCOPE_OUTSIDE);
        scope_clear(&s);
}

static void tactics_by_method(void **state)
{
        struct scope s;
        (void)state;
        read_scope(&s, FIELDS({"scope_tactics", "[\"Manual\",\"monitor\",\"Scraper\"]"}));
        assert_int_equal(asked(&s, SCOPE_TACTIC, FIELDS({"method", "\"manual\""})), SCOPE_INSIDE);
        assert_int_equal(asked(&s, SCOPE_TACTIC, FIELDS({"method", "\"alert\""})), SCOPE_INSIDE);
        assert_int_equal(asked(&s, SCOPE_TACTIC, FIELDS({"method", "\"scraper\""})), SCOPE_INSIDE);
        assert_int_equal(asked(&s, SCOPE_TACTIC, FIELDS({"method", "\"api\""})), SCOPE_OUTSIDE);
        assert_int_equal(asked(&s, SCOPE_TACTIC, FIELDS({"subject", "\"x:jack\""})), SCOPE_SILENT);
        scope_clear(&s);
        read_scope(&s, FIELDS({"scope_tactics", "[\"standing outside the house\"]"}));
        assert_int_equal(asked(&s, SCOPE_TACTIC, FIELDS({"method", "\"manual\""})), SCOPE_OUTSIDE);
        scope_clear(&s);
}

static void contact_up_to_the_furthest(void **state)
{
        static const char *const ladder[] = {"passive-view",     "logged-in-passive",
                                             "follow-like-join", "request-or-closed-group",
                                             "message",          "sustained-relationship"};
        enum { STEPS = sizeof ladder / sizeof ladder[0] };
        (void)state;
        for (size_t i = 0; i < STEPS; i++) {
                struct scope s;
                read_scope(&s, FIELDS({"scope_engagement", json(ladder[i])}));
                for (size_t k = 0; k < STEPS; k++)
                        assert_int_equal(
                            asked(&s, SCOPE_ENGAGEMENT, FIELDS({"engagement_level", json(ladder[k])})),
                            k <= i ? SCOPE_INSIDE : SCOPE_OUTSIDE);
                assert_int_equal(asked(&s, SCOPE_ENGAGEMENT, FIELDS({"method", "\"manual\""})), SCOPE_SILENT);
                scope_clear(&s);
        }
}

static void silence_is_not_an_answer(void **state)
{
        const struct granted_field *const scopes[] = {
            FIELDS({NULL, NULL}),
            FIELDS({"scope_subjects", "[]"}, {"scope_platforms", "[\"\"]"}, {"scope_tactics", "[\" \"]"},
                   {"scope_classes", "[]"}),
        };
        (void)state;
        for (size_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++) {
                struct scope s;
                read_scope(&s, scopes[i]);
                for (enum scope_part part = SCOPE_SUBJECT; part < SCOPE_PARTS; part++)
                        assert_int_equal(
                            asked(&s, part,
                                  FIELDS({"subject", "\"x:jack\""}, {"platform", "\"x\""},
                                         {"method", "\"manual\""}, {"engagement_level", "\"message\""})),
                            SCOPE_SILENT);
                scope_clear(&s);
        }
        struct scope s; /* nor is an entry that says nothing outside */
        read_scope(&s, FIELDS({"scope_subjects", "[\"x:jack\"]"}, {"scope_platforms", "[\"x\"]"},
                              {"scope_tactics", "[\"manual\"]"}, {"scope_engagement", "\"message\""}));
        for (enum scope_part part = SCOPE_SUBJECT; part < SCOPE_PARTS; part++)
                assert_int_equal(asked(&s, part, FIELDS({"objective", "\"where\""})), SCOPE_SILENT);
        assert_int_equal(asked(&s, SCOPE_PLATFORM, FIELDS({"subject", "\"term:red van\""})), SCOPE_SILENT);
        scope_clear(&s);
}

static void every_name_of_the_table_is_a_spelling(void **state)
{
        char name[SPELLING_MAX], whole[100];
        bool listed;
        (void)state;
        for (size_t i = 0; i < platforms_count; i++) {
                assert_int_equal(spelling_of_platform(&listed, bytes_text(platforms[i].name), name), OK);
                assert_string_equal(name, platforms[i].name);
                for (const char *const *h = platforms[i].hosts; *h != NULL; h++) {
                        if (strchr(*h, '*'))
                                continue;
                        snprintf(whole, sizeof whole, "https://www.%s/", *h);
                        if (spelling_of_platform(&listed, bytes_text(whole), name) != OK || !listed)
                                fail_msg("%s is no platform", whole);
                        if (strcmp(name, platforms[i].name) != 0)
                                fail_msg("%s is %s", whole, name);
                }
        }
        assert_int_equal(spelling_of_platform(&listed, bytes_text("nothing like it"), name), ERR_ADDRESS);
        assert_int_equal(spelling_of_platform(&listed, bytes_text(""), name), ERR_ADDRESS);
}

static void a_list_of_the_most_and_longest_fits(void **state)
{
        static char list[FIELD_VALUE_MAX + 1];
        static const char *const pieces[] = {"a", "\xc3\xbc", "\xf0\x9f\x98\x80", "x:\xc3\xbc",
                                             "forum.example.org/\xf0\x9f\x98\x80\xf0\x9f\x98\x80"};
        (void)state;
        for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
                struct scope s;
                size_t n = 1;
                list[0] = '[';
                while (n + strlen(pieces[i]) + 4 < FIELD_VALUE_MAX)
                        n += (size_t)snprintf(list + n, sizeof list - n, "%s\"%s\"", n > 1 ? "," : "",
                                              pieces[i]);
                snprintf(list + n, sizeof list - n, "]");
                read_scope(&s, FIELDS({"scope_subjects", list}));
                assert_true(scope_names(&s, bytes_text(pieces[i])));
                scope_clear(&s);
        }
}

static void lists_of_other_things_are_refused(void **state)
{
        static const char *const bad[] = {"\"x:jack\"", "[1]", "[[\"x:jack\"]]", "{}", "[null]"};
        static const char *const names[] = {"scope_subjects", "scope_platforms", "scope_tactics",
                                            "scope_classes"};
        (void)state;
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
                for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
                        struct why why = {OK, ""};
                        struct scope s;
                        struct body b;
                        granted_body(&b, KIND_AUTHORITY, FIELDS({names[i], bad[k]}));
                        scope_init(&s);
                        assert_int_equal(scope_read(&s, &b, &why), ERR_FIELD_VALUE);
                        assert_non_null(strstr(why.detail, names[i]));
                        scope_clear(&s);
                }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(subjects_in_any_form),
            cmocka_unit_test(people_by_reference),
            cmocka_unit_test(classes_by_the_words_of_the_vocabulary),
            cmocka_unit_test(subjects_or_classes),
            cmocka_unit_test(platforms_in_any_spelling),
            cmocka_unit_test(an_entrys_platform_in_any_spelling),
            cmocka_unit_test(tactics_by_method),
            cmocka_unit_test(contact_up_to_the_furthest),
            cmocka_unit_test(silence_is_not_an_answer),
            cmocka_unit_test(every_name_of_the_table_is_a_spelling),
            cmocka_unit_test(a_list_of_the_most_and_longest_fits),
            cmocka_unit_test(lists_of_other_things_are_refused),
        };
        return cmocka_run_group_tests(tests, given_setup, NULL);
}
