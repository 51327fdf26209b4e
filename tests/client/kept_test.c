/* The policy in force, kept by its hash: what was changed on disk is not believed, and advice says no more
 * than is known. */
#include "client/judge.h"
#include "client/kept.h"
#include "tests/client/folder.h"

static const char text[] =
    "name: small\nversion: \"1\"\ntitle: A test\n"
    "lanes: {standard: \"enquiry.f3 = 'yes'\"}\n"
    "rules:\n"
    "  - {id: X01, title: Claimed, when: authority.state = 'unregistered', effect: authorise, kind: local, "
    "because: A test, advice: Nothing.}\n"
    "  - {id: X02, title: Life, when: \"enquiry.f5 = 'yes'\", effect: approve, kind: local, because: A test, "
    "advice: Nothing.}\n"
    "tests:\n"
    "  - {rule: X01, fires: yes, given: {authority.state: unregistered}}\n"
    "  - {rule: X01, fires: yes, given: {authority.state: unregistered, f3: \"no\"}}\n"
    "  - {rule: X01, fires: no, given: {authority.state: live}}\n"
    "  - {rule: X01, fires: no, given: {authority.state: none}}\n"
    "  - {rule: X02, fires: yes, given: {f5: \"yes\"}}\n"
    "  - {rule: X02, fires: yes, given: {f5: \"yes\", f3: \"no\"}}\n"
    "  - {rule: X02, fires: no, given: {f5: \"no\"}}\n"
    "  - {rule: X02, fires: no, given: {f3: \"no\"}}\n";

static struct hash hash_of_text_here(void)
{
        struct hash h;
        assert_ok(hash_of(bytes_text(text), &h));
        return h;
}

static void nothing_is_kept(void **state)
{
        struct folder *f = *state;
        struct pack *pack = NULL;
        struct hash h;
        assert_err(kept_hash(&f->session.home, &h), ERR_ABSENT);
        assert_err(kept_in_force(&f->session, false, &pack), ERR_ABSENT);
        h = hash_of_text_here();
        assert_ok(kept_note(&f->session.home, &h));
        assert_err(kept_in_force(&f->session, false, &pack), ERR_ABSENT); /* noted, never fetched */
        assert_null(pack);
}

static void kept_and_changed(void **state)
{
        struct folder *f = *state;
        struct hash h = hash_of_text_here(), noted;
        char path[HOME_PATH_MAX], name[100], hash[HASH_TEXT_LEN + 1];
        struct pack *pack = NULL;
        assert_ok(kept_keep(&f->session.home, &h, bytes_text(text)));
        assert_ok(kept_hash(&f->session.home, &noted));
        assert_true(hash_equal(&noted, &h));
        assert_ok(kept_in_force(&f->session, false, &pack));
        assert_string_equal(pack_name(pack), "small");
        pack_free(pack);
        pack = NULL;
        hash_text(&h, hash);
        (void)snprintf(name, sizeof name, "policy-%s.yaml", hash);
        assert_ok(home_path(&f->session.home, name, path));
        assert_ok(file_write(path, bytes_text("name: another\n")));
        assert_err(kept_in_force(&f->session, false, &pack), ERR_ABSENT);
        assert_ok(home_path(&f->session.home, HOME_POLICY, path));
        assert_ok(file_write(path, bytes_text("not a hash")));
        assert_err(kept_hash(&f->session.home, &noted), ERR_ABSENT);
        assert_ok(kept_note(&f->session.home, &h)); /* a broken note is noted again */
        assert_ok(kept_hash(&f->session.home, &noted));
}

static void judged(const struct folder *f, const struct pack *pack, const char *const said[], enum lane lane,
                   const char *reason)
{
        struct values v;
        struct judgement *j = calloc(1, sizeof *j);
        struct why why = {0};
        assert_non_null(j);
        values_init(&v, KIND_INTENT);
        for (size_t i = 0; said[i] != NULL; i += 2)
                assert_ok(values_set_text(&v, said[i], said[i + 1], ORIGIN_TYPED, true, &why));
        assert_ok(judge_values(&f->session.id, pack, &v, j, &why));
        assert_int_equal(j->lane, lane);
        if (reason == NULL)
                assert_null(judge_reason(j));
        else
                assert_string_equal(judge_reason(j)->id, reason);
        values_clear(&v);
        free(j);
}

static void advice(void **state)
{
        struct folder *f = *state;
        struct pack *pack = NULL;
        assert_ok(pack_parse(bytes_text(text), NULL, &pack, NULL));
        judged(f, pack, (const char *const[]){"f3", "no", "f5", "no", NULL}, LANE_QUICK, NULL);
        judged(f, pack, (const char *const[]){"f3", "yes", "f5", "no", NULL}, LANE_STANDARD, NULL);
        judged(f, pack, (const char *const[]){"f5", "yes", NULL}, LANE_STANDARD, "X02");
        /* whether it is registered only the ledger knows */
        judged(f, pack, (const char *const[]){"authority_ref", "URN-1", "authority_type", "DSA", NULL},
               LANE_QUICK, NULL);
        pack_free(pack);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test_setup_teardown(nothing_is_kept, folder_up, folder_down),
            cmocka_unit_test_setup_teardown(kept_and_changed, folder_up, folder_down),
            cmocka_unit_test_setup_teardown(advice, folder_up, folder_down),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
