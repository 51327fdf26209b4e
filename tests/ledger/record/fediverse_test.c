#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/record/fediverse.h"

static void handles_are_split(void **state)
{
        struct bytes name, host;

        (void)state;
        assert_true(fediverse_handle(bytes_text("@a@b.example"), &name, &host) && bytes_is(name, "a") &&
                    bytes_is(host, "b.example"));
        assert_true(fediverse_handle(bytes_text("acct:a@b.example"), &name, &host) && bytes_is(name, "a"));
        assert_true(fediverse_handle(bytes_text("acct:@a@b.example"), &name, &host) && bytes_is(name, "a"));
        assert_false(fediverse_handle(bytes_text("a@b.example"), &name, &host));
        assert_false(fediverse_handle(bytes_text("@a"), &name, &host));
        assert_false(fediverse_handle(bytes_text("@@b"), &name, &host));
        assert_false(fediverse_handle(bytes_text(""), &name, &host));
        assert_false(fediverse_split(bytes_text("@b"), &name, &host));
}

static void names_have_few_characters(void **state)
{
        char name[FEDIVERSE_NAME_MAX + 2];

        (void)state;
        memset(name, 'a', sizeof name);
        assert_true(fediverse_is_name(bytes_of(name, FEDIVERSE_NAME_MAX)));
        assert_false(fediverse_is_name(bytes_of(name, FEDIVERSE_NAME_MAX + 1)));
        assert_true(fediverse_is_name(bytes_text("A.b_c-1")));
        assert_false(fediverse_is_name(bytes_text("a b")));
        assert_false(fediverse_is_name(bytes_text("a/b")));
        assert_false(fediverse_is_name(bytes_text("")));
}

static void pages_give_names(void **state)
{
        static const struct {
                const char *address, *name;
        } cases[] = {
            {"a.example/@b", "b"},
            {"a.example/@b/1234", "b"},
            {"a.example/web/@b", "b"},
            {"a.example/@b@c.example", "b@c.example"},
            {"a.example/users/b", "b"},
            {"a.example/users/b/outbox", "b"},
            {"a.example/users/12", ""},
            {"a.example/users/show", ""},
            {"a.example/users/b/photos", ""},
            {"a.example/users/b?page=2", ""},
            {"a.example/web/b", ""},
            {"a.example/@", ""},
            {"a.example/#/@b", ""},
            {"a.example", ""},
        };
        struct buf scratch;

        (void)state;
        buf_init(&scratch, ADDRESS_SCRATCH_MAX);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                struct address a;

                assert_int_equal(address_parse(bytes_text(cases[i].address), &scratch, &a), OK);
                if (!bytes_is(fediverse_path(&a), cases[i].name))
                        fail_msg("%s", cases[i].address);
        }
        buf_clear(&scratch);
}

static void hosts_are_known_or_likely(void **state)
{
        (void)state;
        assert_true(fediverse_lists("mastodon.social") && fediverse_likely("mastodon.social"));
        assert_true(!fediverse_lists("mastodonbooks.net") && fediverse_likely("mastodonbooks.net"));
        assert_true(!fediverse_lists("hostux.social") && fediverse_likely("hostux.social"));
        assert_false(fediverse_likely("social.example"));
        assert_false(fediverse_likely("notsocial"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(handles_are_split),
            cmocka_unit_test(names_have_few_characters),
            cmocka_unit_test(pages_give_names),
            cmocka_unit_test(hosts_are_known_or_likely),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
