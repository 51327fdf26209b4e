#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/whom.h"

static void each_text_means_one_subject(void **state)
{
        static const struct {
                const char *text, *subject;
        } rows[] = {{"https://m.facebook.com/Lee.Hart.4?fbclid=x", "facebook:leehart4"},
                    {"facebook.com/lee.hart.4", "facebook:leehart4"},
                    {"facebook:lee.hart.4", "facebook:leehart4"},
                    {"Facebook:@Lee.Hart.4", "facebook:leehart4"},
                    {"facebook:leehart4", "facebook:leehart4"},
                    {"facebook:id/100044556677889", "facebook:id/100044556677889"},
                    {"facebook:100044556677889", "facebook:id/100044556677889"},
                    {"twitter:Jack", "x:jack"},
                    {"youtube:@Estate", "youtube:estate"},
                    {"youtube:name/estate", "youtube:name/estate"},
                    {"linkedin:mo-khan", "linkedin:in/mo-khan"},
                    {"linkedin:in/mo-khan", "linkedin:in/mo-khan"},
                    {"tumblr:foo", "tumblr:foo"},
                    {"facebook:?share/AbC", "facebook:?share/AbC"},
                    {"@jo@mastodon.social", "fediverse:jo@mastodon.social"},
                    {"fediverse:jo@mastodon.social", "fediverse:jo@mastodon.social"},
                    {"web:example.org/~jo", "web:example.org/~jo"},
                    {"ref:N 123", "ref:n 123"},
                    {"term:  Two   Words", "term:two words"},
                    {"N 123", "ref:n 123"},
                    {"Exhibit: 4", "ref:exhibit: 4"}};
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                char out[SUBJECT_CANONICAL_MAX + 1] = "";
                if (whom_of_text(rows[i].text, out) || strcmp(out, rows[i].subject) != 0)
                        fail_msg("%s: %s, not %s", rows[i].text, out, rows[i].subject);
        }
}

static void a_handle_needs_its_platform(void **state)
{
        static const struct {
                const char *platform, *account, *subject;
        } rows[] = {{"instagram", "@kelly_p", "instagram:kelly_p"},
                    {"Instagram", "kelly_p", "instagram:kelly_p"},
                    {"twitter", "@Jack", "x:jack"},
                    {"youtube", "@estate", "youtube:estate"},
                    {"tiktok", "@poppy", "tiktok:poppy"},
                    {"linkedin", "mo-khan", "linkedin:in/mo-khan"},
                    {"snapchat", "jayden.k", "snapchat:jayden.k"},
                    {"reddit", "cardking", "reddit:cardking"},
                    {"vk", "id5512345", "vk:id5512345"},
                    {"www.instagram.com", "@kelly_p", "instagram:kelly_p"}};
        char out[SUBJECT_CANONICAL_MAX + 1];
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
                if (whom_of_account(rows[i].platform, rows[i].account, out) ||
                    strcmp(out, rows[i].subject) != 0)
                        fail_msg("%s %s: %s", rows[i].platform, rows[i].account, out);
        assert_int_equal(whom_of_account("nowhere", "@kelly_p", out), ERR_ADDRESS);
        assert_int_equal(whom_of_account("instagram", "@", out), ERR_ADDRESS);
        assert_int_equal(whom_of_account("instagram", "", out), ERR_ADDRESS);
        assert_int_equal(whom_of_text("", out), ERR_ADDRESS);
        assert_true(whom_is_handle("@kelly_p") && whom_is_handle("@lee.hart.4"));
        assert_false(whom_is_handle("@jo@mastodon.social") || whom_is_handle("@") ||
                     whom_is_handle("kelly_p") || whom_is_handle("@x/photos"));
}

static unsigned column_checked(const char *address, unsigned *wrong)
{
        char again[SUBJECT_CANONICAL_MAX + 1] = "";
        struct subject s;
        if (subject_of_address(bytes_text(address), &s))
                return 0;
        if (whom_of_text(s.canonical, again) || strcmp(again, s.canonical) != 0) {
                print_error("%s: %s became %s\n", address, s.canonical, again);
                (*wrong)++;
        }
        return 1;
}

/* What the ledger writes means itself, whatever site it is of. */
static void a_subject_means_itself(void **state)
{
        const char *name = getenv("ENQUIRY_PROFILE_URLS");
        FILE *f = fopen(name != NULL ? name : TEST_ROOT "/../shared/data/profile-urls.tsv", "r");
        char line[4096];
        unsigned n = 0, wrong = 0;
        (void)state;
        if (f == NULL)
                skip();
        while (fgets(line, sizeof line, f) != NULL) {
                char *rest = line;
                line[strcspn(line, "\n")] = '\0';
                for (unsigned column = 0; line[0] != '#' && rest != NULL; column++) {
                        char *end = strchr(rest, '\t');
                        if (end != NULL)
                                *end++ = '\0';
                        if (column >= 2)
                                n += column_checked(rest, &wrong);
                        rest = end;
                }
        }
        (void)fclose(f);
        assert_true(n > 600);
        assert_int_equal(wrong, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(each_text_means_one_subject),
                                           cmocka_unit_test(a_handle_needs_its_platform),
                                           cmocka_unit_test(a_subject_means_itself)};
        return cmocka_run_group_tests(tests, NULL, NULL);
}
