/* Every role against every class of reading and every kind of entry. The tables here are written out by hand:
 * they are the promise, daemon/sight.c is what keeps it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "daemon/sight.h"

#define ME    7u
#define OTHER 8u

/* show list queue operations members content */
static const struct {
        enum role role;
        const char *classes;
} asks[] = {
    {ROLE_INVESTIGATOR, "yyyyy-"}, {ROLE_SUPERVISOR, "yyyyy-"}, {ROLE_AUTHORISING_OFFICER, "yyyyy-"},
    {ROLE_AUDITOR, "yyyyyy"},      {ROLE_DISCLOSURE, "yy-yyy"}, {ROLE_FOI, "----y-"},
    {ROLE_DPO, "yy-yyy"},          {ROLE_RECORDS, "yy-yyy"},    {ROLE_ADMINISTRATOR, "yyy-y-"},
};

/* How an entry stands to its reader. */
enum relation { OWN, SAME_UNIT, OTHER_UNIT, ORPHANED, AUTHORISED, WAITING, RELATIONS };

/* The columns are the relations in their order: of an enquiry and all that belongs to it, of an operation, of
 * a member or policy entry. */
static const struct {
        enum role role;
        const char *record, *operation, *membership;
} sees[] = {
    {ROLE_INVESTIGATOR, "y-----", "yyyyyy", "yyyyyy"},
    {ROLE_SUPERVISOR, "yy-y--", "yyyyyy", "yyyyyy"},
    {ROLE_AUTHORISING_OFFICER, "y---yy", "yyyyyy", "yyyyyy"},
    {ROLE_AUDITOR, "yyyyyy", "yyyyyy", "yyyyyy"},
    {ROLE_DISCLOSURE, "yyyyyy", "yyyyyy", "yyyyyy"},
    {ROLE_FOI, "------", "------", "------"},
    {ROLE_DPO, "yyyyyy", "yyyyyy", "yyyyyy"},
    {ROLE_RECORDS, "yyyyyy", "yyyyyy", "yyyyyy"},
    {ROLE_ADMINISTRATOR, "------", "------", "yyyyyy"},
};

/* Who decides: of an enquiry, of a member or policy entry. */
static const struct {
        enum role role;
        const char *record, *membership;
} decides[] = {
    {ROLE_INVESTIGATOR, "------", "------"},
    {ROLE_SUPERVISOR, "yy-y--", "------"},
    {ROLE_AUTHORISING_OFFICER, "yyyyyy", "------"},
    {ROLE_AUDITOR, "------", "yyyyyy"},
    {ROLE_DISCLOSURE, "------", "------"},
    {ROLE_FOI, "------", "------"},
    {ROLE_DPO, "------", "------"},
    {ROLE_RECORDS, "------", "------"},
    {ROLE_ADMINISTRATOR, "------", "yyyyyy"},
};

/* Who may read the spine as a whole. */
static const char spine[] = "-yyyy-yyy";

_Static_assert(sizeof asks / sizeof asks[0] == ROLE_COUNT, "a row for each role");
_Static_assert(sizeof sees / sizeof sees[0] == ROLE_COUNT, "a row for each role");
_Static_assert(sizeof decides / sizeof decides[0] == ROLE_COUNT, "a row for each role");
_Static_assert(sizeof spine == ROLE_COUNT + 1, "a letter for each role");
_Static_assert(CLASS_COUNT == 6, "the columns of asks");

static struct reader reader_of(roles r)
{
        return (struct reader){.member = ME, .roles = r, .unit = "north"};
}

static struct store_item item_of(enum kind kind, enum relation relation, bool *out_orphan)
{
        struct store_item item = {
            .kind = kind, .member = relation == OWN ? ME : OTHER, .decided = DECIDED_NOT_NEEDED};
        (void)snprintf(item.unit, sizeof item.unit, "%s",
                       relation == OWN || relation == SAME_UNIT ? "north" : "south");
        if (relation == AUTHORISED)
                item.lane = LANE_AUTHORISED;
        if (relation == WAITING)
                item.decided = DECIDED_WAITING;
        *out_orphan = relation == ORPHANED;
        return item;
}

static bool is_membership(enum kind kind)
{
        return kind == KIND_MEMBER || kind == KIND_POLICY || kind == KIND_GENESIS;
}

/* What enquiries are made for and under: everybody who works has to see it. */
static bool is_open_to_all(enum kind kind)
{
        return kind == KIND_OPERATION || kind == KIND_AUTHORITY || kind == KIND_PERSONA;
}

static bool sees_it(roles r, enum kind kind, enum relation relation)
{
        struct reader reader = reader_of(r);
        bool orphan;
        struct store_item item = item_of(kind, relation, &orphan);
        return sight_item(&reader, &item, orphan);
}

static bool decides_it(roles r, enum kind kind, enum relation relation)
{
        struct reader reader = reader_of(r);
        bool orphan;
        struct store_item item = item_of(kind, relation, &orphan);
        return sight_decides(&reader, &item, orphan);
}

static void check(const char *what, enum role role, enum kind kind, enum relation relation, bool is,
                  char wanted)
{
        if (is != (wanted == 'y'))
                print_error("%s: %s, %s, relation %d: %d\n", what, role_name(role), kind_name(kind),
                            (int)relation, is);
        assert_int_equal(is, wanted == 'y');
}

static void classes(void **state)
{
        static const char *const names[] = {"show", "list", "queue", "operations", "members", "content"};
        (void)state;
        for (unsigned c = 0; c < CLASS_COUNT; c++) {
                enum class found;
                assert_string_equal(class_name((enum class)c), names[c]);
                assert_true(class_of_name(bytes_text(names[c]), &found));
                assert_int_equal(found, c);
                for (size_t i = 0; i < ROLE_COUNT; i++) {
                        struct reader reader = reader_of(ROLE_BIT(asks[i].role));
                        bool may = sight_class(&reader, (enum class)c);
                        if (may != (asks[i].classes[c] == 'y'))
                                print_error("%s asks for %s: %d\n", role_name(asks[i].role), names[c], may);
                        assert_int_equal(may, asks[i].classes[c] == 'y');
                }
                struct reader nobody = reader_of(0);
                assert_false(sight_class(&nobody, (enum class)c));
        }
        enum class found;
        assert_false(class_of_name(bytes_text("shows"), &found));
        assert_false(class_of_name(bytes_text(""), &found));
}

static void entries(void **state)
{
        (void)state;
        for (size_t i = 0; i < ROLE_COUNT; i++)
                for (unsigned k = 0; k < KIND_COUNT; k++)
                        for (unsigned relation = 0; relation < RELATIONS; relation++) {
                                const char *row = is_membership((enum kind)k)    ? sees[i].membership
                                                  : is_open_to_all((enum kind)k) ? sees[i].operation
                                                                                 : sees[i].record;
                                check("sees", sees[i].role, (enum kind)k, (enum relation)relation,
                                      sees_it(ROLE_BIT(sees[i].role), (enum kind)k, (enum relation)relation),
                                      row[relation]);
                        }
}

/* The register of another unit is opened by who knows what to ask for, and not read through. */
static void lists(void **state)
{
        const roles whole =
            (roles) ~(ROLE_BIT(ROLE_INVESTIGATOR) | ROLE_BIT(ROLE_FOI) | ROLE_BIT(ROLE_ADMINISTRATOR));
        (void)state;
        for (unsigned role = 0; role < ROLE_COUNT; role++)
                for (unsigned k = 0; k < KIND_COUNT; k++)
                        for (unsigned relation = 0; relation < RELATIONS; relation++) {
                                const enum kind kind = (enum kind)k;
                                const struct reader reader = reader_of(ROLE_BIT(role));
                                bool orphan;
                                const struct store_item item =
                                    item_of(kind, (enum relation)relation, &orphan);
                                const bool registered = kind == KIND_AUTHORITY || kind == KIND_PERSONA;
                                const bool near = relation == OWN || relation == SAME_UNIT;
                                bool wanted = sight_item(&reader, &item, orphan);
                                if (registered && !near)
                                        wanted = wanted && (ROLE_BIT(role) & whole) != 0;
                                check("lists", (enum role)role, kind, (enum relation)relation,
                                      sight_lists(&reader, &item, orphan), wanted ? 'y' : '-');
                        }
}

static void decisions(void **state)
{
        (void)state;
        for (size_t i = 0; i < ROLE_COUNT; i++)
                for (unsigned k = 0; k < KIND_COUNT; k++)
                        for (unsigned relation = 0; relation < RELATIONS; relation++)
                                if (k != KIND_OPERATION)
                                        check("decides", decides[i].role, (enum kind)k,
                                              (enum relation)relation,
                                              decides_it(ROLE_BIT(decides[i].role), (enum kind)k,
                                                         (enum relation)relation),
                                              is_membership((enum kind)k) ? decides[i].membership[relation]
                                                                          : decides[i].record[relation]);
}

/* Whoever holds two roles may do what either may, and no more; no role at all sees nothing. */
static void roles_add_up(void **state)
{
        (void)state;
        for (unsigned a = 0; a < ROLE_ADMINISTRATOR; a++)
                for (unsigned b = 0; b < a; b++)
                        for (unsigned k = 0; k < KIND_COUNT; k++)
                                for (unsigned relation = 0; relation < RELATIONS; relation++) {
                                        enum kind kind = (enum kind)k;
                                        enum relation r = (enum relation)relation;
                                        roles both = ROLE_BIT(a) | ROLE_BIT(b);
                                        check("sees with another role", (enum role)a, kind, r,
                                              sees_it(both, kind, r),
                                              sees_it(ROLE_BIT(a), kind, r) || sees_it(ROLE_BIT(b), kind, r)
                                                  ? 'y'
                                                  : '-');
                                        check("decides with another role", (enum role)a, kind, r,
                                              decides_it(both, kind, r),
                                              decides_it(ROLE_BIT(a), kind, r) ||
                                                      decides_it(ROLE_BIT(b), kind, r)
                                                  ? 'y'
                                                  : '-');
                                        assert_false(sees_it(0, kind, r));
                                        assert_false(decides_it(0, kind, r));
                                }
}

static void the_spine(void **state)
{
        (void)state;
        for (unsigned r = 0; r < ROLE_COUNT; r++)
                assert_int_equal(sight_spine(ROLE_BIT(r)), spine[r] == 'y');
        assert_false(sight_spine(0));
}

/* A unit is covered by a living supervisor who has joined, and by nobody else. */
static void orphaned_units(void **state)
{
        struct roster *r = roster_new();
        struct statement genesis = {.kind = KIND_GENESIS, .n = 1};
        struct public_key log = {{1}};
        (void)state;
        assert_non_null(r);
        assert_true(sight_orphan(r, "north"));
        genesis.claims.invite = (struct public_key){{2}};
        assert_int_equal(roster_apply_genesis(r, &genesis, &log), OK);
        assert_true(sight_orphan(r, "north"));

        struct statement invite = {.kind = KIND_MEMBER, .n = 1};
        invite.claims = (struct claims){.act = ACT_INVITE,
                                        .member = {{9}},
                                        .invite = {{3}},
                                        .roles = ROLE_BIT(ROLE_SUPERVISOR),
                                        .unit = bytes_text("north")};
        const struct roster_key *first = roster_invite_of_key(r, &genesis.claims.invite);
        assert_non_null(first);
        assert_int_equal(roster_apply(r, 1, first, &invite, VERDICT_ACCEPTED), OK);
        assert_true(sight_orphan(r, "north")); /* invited, not joined */

        struct statement join = {.kind = KIND_MEMBER, .n = 1};
        join.claims = (struct claims){.act = ACT_JOIN, .member = {{9}}, .key = {{4}}, .tls = {{5}}};
        assert_int_equal(
            roster_apply(r, 2, roster_invite_of_key(r, &invite.claims.invite), &join, VERDICT_ACCEPTED), OK);
        assert_false(sight_orphan(r, "north"));
        assert_true(sight_orphan(r, "south"));

        struct statement revoke = {.kind = KIND_MEMBER, .n = 2};
        revoke.claims = (struct claims){.act = ACT_REVOKE, .member = {{9}}};
        assert_int_equal(roster_apply(r, 3, first, &revoke, VERDICT_ACCEPTED), OK);
        assert_true(sight_orphan(r, "north"));
        roster_free(r);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(classes),        cmocka_unit_test(entries),      cmocka_unit_test(lists),
            cmocka_unit_test(decisions),      cmocka_unit_test(roles_add_up), cmocka_unit_test(the_spine),
            cmocka_unit_test(orphaned_units),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
