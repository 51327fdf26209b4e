#include "daemon/sight.h"

#define ALL         ((roles)((1u << ROLE_COUNT) - 1))
#define ROLE2(a, b) ((roles)(ROLE_BIT(a) | ROLE_BIT(b)))
#define EVERYTHING  ((roles)(ROLE2(ROLE_AUDITOR, ROLE_DISCLOSURE) | ROLE2(ROLE_DPO, ROLE_RECORDS)))
#define MEMBERSHIP  ((1u << KIND_MEMBER) | (1u << KIND_POLICY) | (1u << KIND_GENESIS))

/* DESIGN section 3 of the notes on fields: "Roles and what each may open". */
static const struct {
        const char *name;
        roles may;
} classes[CLASS_COUNT] = {
    [CLASS_SHOW] = {"show", ALL &(roles)~ROLE_BIT(ROLE_FOI)},
    [CLASS_LIST] = {"list", ALL &(roles)~ROLE_BIT(ROLE_FOI)},
    [CLASS_QUEUE] = {"queue", ROLE2(ROLE_SUPERVISOR, ROLE_AUTHORISING_OFFICER) |
                                  ROLE2(ROLE_AUDITOR, ROLE_ADMINISTRATOR) | ROLE_BIT(ROLE_INVESTIGATOR)},
    [CLASS_OPERATIONS] = {"operations", ALL &(roles)~ROLE2(ROLE_FOI, ROLE_ADMINISTRATOR)},
    [CLASS_MEMBERS] = {"members", ALL},
    [CLASS_CONTENT] = {"content", ROLE2(ROLE_AUDITOR, ROLE_DISCLOSURE) | ROLE2(ROLE_DPO, ROLE_RECORDS)},
};

const char *class_name(enum class c)
{
        return classes[c].name;
}

bool class_of_name(struct bytes name, enum class *out)
{
        for (unsigned c = 0; c < CLASS_COUNT; c++)
                if (bytes_is(name, classes[c].name)) {
                        *out = (enum class)c;
                        return true;
                }
        return false;
}

bool sight_class(const struct reader *r, enum class c)
{
        return (r->roles & classes[c].may) != 0;
}

static bool is_membership(enum kind kind)
{
        return (MEMBERSHIP >> kind) & 1u;
}

static bool supervises(const struct reader *r, const struct store_item *item, bool orphan_unit)
{
        return (r->roles & ROLE_BIT(ROLE_SUPERVISOR)) != 0 &&
               (orphan_unit || bytes_equal(bytes_text(item->unit), bytes_text(r->unit)));
}

bool sight_item(const struct reader *r, const struct store_item *item, bool orphan_unit)
{
        if (r->roles == 0 || r->roles == ROLE_BIT(ROLE_FOI))
                return false;
        if (is_membership(item->kind))
                return true; /* who may do what is in the spine already */
        if (r->roles & ROLE_BIT(ROLE_ADMINISTRATOR))
                return false;
        if (item->member == r->member || (r->roles & EVERYTHING) != 0)
                return true;
        /* who works under an authority, or with a persona, has to see how far it reaches */
        if (item->kind == KIND_OPERATION || item->kind == KIND_AUTHORITY || item->kind == KIND_PERSONA)
                return true;
        if ((r->roles & ROLE_BIT(ROLE_AUTHORISING_OFFICER)) != 0 &&
            (item->lane == LANE_AUTHORISED || item->decided != DECIDED_NOT_NEEDED))
                return true;
        return supervises(r, item, orphan_unit);
}

bool sight_lists(const struct reader *r, const struct store_item *item, bool orphan_unit)
{
        const roles whole = EVERYTHING | ROLE2(ROLE_SUPERVISOR, ROLE_AUTHORISING_OFFICER);
        if (!sight_item(r, item, orphan_unit))
                return false;
        if (item->kind != KIND_AUTHORITY && item->kind != KIND_PERSONA)
                return true;
        return item->member == r->member || (r->roles & whole) != 0 ||
               bytes_equal(bytes_text(item->unit), bytes_text(r->unit));
}

bool sight_decides(const struct reader *r, const struct store_item *item, bool orphan_unit)
{
        if (is_membership(item->kind))
                return (r->roles & ROLE2(ROLE_AUDITOR, ROLE_ADMINISTRATOR)) != 0;
        if (r->roles & ROLE_BIT(ROLE_AUTHORISING_OFFICER))
                return true;
        /* What another role lets them see is not theirs to decide. */
        return supervises(r, item, orphan_unit) ||
               ((r->roles & ROLE_BIT(ROLE_SUPERVISOR)) != 0 && item->member == r->member);
}

bool sight_spine(roles r)
{
        const roles may = ROLE2(ROLE_AUDITOR, ROLE_DISCLOSURE) | ROLE2(ROLE_DPO, ROLE_RECORDS) |
                          ROLE2(ROLE_ADMINISTRATOR, ROLE_SUPERVISOR) | ROLE_BIT(ROLE_AUTHORISING_OFFICER);
        return (r & may) != 0;
}

bool sight_orphan(const struct roster *r, const char *unit)
{
        for (uint32_t i = 0; i < roster_members(r); i++) {
                const struct roster_member *m = roster_member_at(r, i);
                if (!m->revoked && (m->roles & ROLE_BIT(ROLE_SUPERVISOR)) != 0 &&
                    strcmp(m->unit, unit) == 0 && roster_key_of_member(r, i) != NULL)
                        return false;
        }
        return true;
}
