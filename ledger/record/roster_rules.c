#include "ledger/record/roster_private.h"

#define INVESTIGATOR  ROLE_BIT(ROLE_INVESTIGATOR)
#define SUPERVISOR    ROLE_BIT(ROLE_SUPERVISOR)
#define AUTHORISING   ROLE_BIT(ROLE_AUTHORISING_OFFICER)
#define AUDITOR       ROLE_BIT(ROLE_AUDITOR)
#define DISCLOSURE    ROLE_BIT(ROLE_DISCLOSURE)
#define FOI           ROLE_BIT(ROLE_FOI)
#define DPO           ROLE_BIT(ROLE_DPO)
#define RECORDS       ROLE_BIT(ROLE_RECORDS)
#define ADMINISTRATOR ROLE_BIT(ROLE_ADMINISTRATOR)
#define EVERYBODY     (ROLE_BIT(ROLE_COUNT) - 1)

/* Who decides depends on what: enquiries and the like, or members and the policy. */
#define DECIDES_ENQUIRIES (SUPERVISOR | AUTHORISING)
#define DECIDES_MEMBERS   (ADMINISTRATOR | AUDITOR)

/* The first row that fits; ACT_NONE fits every act. What has no row nobody may sign: genesis, which is seq 0
 * only, and join, which the invite's key signs. */
static const struct may {
        enum kind kind;
        enum act act;
        unsigned roles;
} table[] = {
    {KIND_MEMBER, ACT_INVITE, ADMINISTRATOR},
    {KIND_MEMBER, ACT_ROLE, ADMINISTRATOR},
    {KIND_MEMBER, ACT_MOVE, ADMINISTRATOR},
    {KIND_MEMBER, ACT_REKEY, ADMINISTRATOR},
    {KIND_MEMBER, ACT_REVOKE, ADMINISTRATOR},
    {KIND_MEMBER, ACT_LINK, ADMINISTRATOR},
    {KIND_MEMBER, ACT_UNLINK, EVERYBODY},
    {KIND_MEMBER, ACT_PROFILE, EVERYBODY},
    {KIND_POLICY, ACT_NONE, ADMINISTRATOR},
    {KIND_OPERATION, ACT_NONE, INVESTIGATOR | SUPERVISOR},
    {KIND_AUTHORITY, ACT_REGISTER, INVESTIGATOR | SUPERVISOR | AUTHORISING},
    {KIND_AUTHORITY, ACT_DETERMINE, AUTHORISING},
    {KIND_AUTHORITY, ACT_NONE, SUPERVISOR | AUTHORISING},
    {KIND_PERSONA, ACT_NONE, SUPERVISOR | AUTHORISING},
    {KIND_INTENT, ACT_NONE, INVESTIGATOR | SUPERVISOR | AUTHORISING},
    {KIND_ACTIVITY, ACT_NONE, INVESTIGATOR | SUPERVISOR | AUTHORISING},
    {KIND_DECISION, ACT_NONE, DECIDES_ENQUIRIES | DECIDES_MEMBERS},
    {KIND_REVIEW, ACT_NONE, SUPERVISOR | AUTHORISING | AUDITOR | DPO | RECORDS},
    {KIND_AMEND, ACT_NONE, EVERYBODY & ~(ADMINISTRATOR | FOI)},
    {KIND_COMBINE, ACT_NONE, INVESTIGATOR | SUPERVISOR},
    {KIND_HOLD, ACT_NONE, DISCLOSURE | DPO | RECORDS | SUPERVISOR},
    {KIND_RESTRICT, ACT_NONE, DISCLOSURE | DPO | RECORDS | SUPERVISOR},
    {KIND_ERASE, ACT_NONE, RECORDS | DPO},
    {KIND_DISCLOSE, ACT_NONE, DISCLOSURE | FOI | DPO | AUDITOR | RECORDS},
    {KIND_CONSULT, ACT_NONE, EVERYBODY},
    {KIND_FINDING, ACT_NONE, AUDITOR},
};

roles roster_roles_for(enum kind kind, enum act act)
{
        for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
                if (table[i].kind == kind && (table[i].act == act || table[i].act == ACT_NONE))
                        return (roles)table[i].roles;
        return 0;
}

enum err roster_check_follows(const struct roster *r, const struct roster_key *key, const struct statement *s)
{
        const struct roster_key *k = &roster_key_slot(r, key->number)->k;
        return s->n == k->n + 1 && hash_equal(&s->prev, &k->st) ? OK : ERR_NUMBER;
}

/* expires * 1,000,000 < at_us without the product, which might not fit. */
static bool is_late(int64_t expires, int64_t at_us)
{
        return expires < at_us / MOMENT_SECOND_US ||
               (expires == at_us / MOMENT_SECOND_US && at_us % MOMENT_SECOND_US > 0);
}

static enum err check_invite_state(const struct roster_key *key, int64_t at_us, struct why *why)
{
        if (key->used)
                return why_set(why, ERR_INVITE_USED, "in entry %llu", (unsigned long long)key->until_seq);
        if (key->until_seq != SEQ_NONE)
                return why_set(why, ERR_INVITE_REFUSED, "in entry %llu", (unsigned long long)key->until_seq);
        if (is_late(key->expires, at_us))
                return ERR_INVITE_LATE;
        return key->waiting ? ERR_INVITE_WAITING : OK;
}

static enum err check_possession(const struct roster_key *invite, const struct statement *s)
{
        struct buf message;
        enum err e;
        buf_init(&message, LOG_ID_MAX + 128);
        pop_message_put(&message, s->log, &invite->key);
        if (!(e = buf_check(&message)))
                e = sign_check(&s->claims.key, buf_bytes(&message), &s->claims.pop);
        buf_clear(&message);
        return e == ERR_SIGNATURE ? ERR_POSSESSION : e;
}

static enum err check_join(const struct roster *r, const struct roster_key *key, const struct statement *s,
                           int64_t at_us, struct why *why)
{
        enum err e;
        if (s->kind != KIND_MEMBER || s->claims.act != ACT_JOIN)
                return why_set(why, ERR_ROLE, "an invite's key signs a join and nothing else");
        if ((e = check_invite_state(key, at_us, why)))
                return e;
        if (!member_id_equal(&s->claims.member, &roster_member_slot(r, key->member)->m.id))
                return why_set(why, ERR_CLAIM, "the invite is for another member");
        if (roster_find(r, INDEX_PUBLIC, s->claims.key.b) != ROSTER_NONE)
                return why_set(why, ERR_CLAIM, "the key is known already");
        if (roster_find(r, INDEX_TLS, s->claims.tls.b) != ROSTER_NONE)
                return why_set(why, ERR_CLAIM, "the TLS key is known already");
        return check_possession(key, s);
}

static enum err check_roles(const struct claims *c, struct why *why)
{
        if (c->roles == 0)
                return why_set(why, ERR_CLAIM, "a member has at least one role");
        if (c->roles & ADMINISTRATOR && c->roles != ADMINISTRATOR)
                return ERR_ROLES_EXCLUDE;
        return OK;
}

static enum err check_invite(const struct roster *r, const struct claims *c, struct why *why)
{
        if (roster_find(r, INDEX_MEMBER_ID, c->member.b) != ROSTER_NONE)
                return why_set(why, ERR_CLAIM, "the member is known already");
        return check_roles(c, why);
}

/* Whether the member has another living key beside the newest one. */
static bool has_two_keys(const struct roster *r, uint32_t member)
{
        uint32_t number = roster_member_slot(r, member)->newest_key;
        size_t living = 0;
        for (; number != ROSTER_NONE; number = roster_key_slot(r, number)->older)
                living += roster_key_slot(r, number)->k.kind == KEY_MEMBER &&
                          roster_key_slot(r, number)->k.until_seq == SEQ_NONE;
        return living > 1;
}

/* That the change leaves somebody who can change members at all. A rekey ends the keys before the new one is
 * there, and its invite may never be used. */
static enum err check_last_administrator(const struct roster *r, uint32_t member, enum act act, roles to,
                                         struct why *why)
{
        bool loses = act == ACT_REVOKE || act == ACT_REKEY || (act == ACT_ROLE && !(to & ADMINISTRATOR)) ||
                     (act == ACT_UNLINK && !has_two_keys(r, member));
        if (loses && roster_is_last_administrator(r, member))
                return why_set(why, ERR_ROLE, "the only administrator cannot go: invite another one first");
        return OK;
}

/* What members may sign about themselves, and about nobody else. */
static bool may_be_own(enum act act)
{
        return act == ACT_UNLINK || act == ACT_PROFILE;
}

static enum err check_existing(const struct roster *r, const struct claims *c, struct why *why)
{
        uint32_t number = roster_find(r, INDEX_MEMBER_ID, c->member.b);
        const struct roster_member *m = roster_member_at(r, number);
        enum err e;
        if (m == NULL)
                return ERR_MEMBER;
        if (m->revoked)
                return why_set(why, ERR_MEMBER, "the member has been revoked");
        if (m->roles == 0 && c->act != ACT_REVOKE)
                return why_set(why, ERR_MEMBER, "the member's invite is not in force");
        if (c->act == ACT_ROLE && (e = check_roles(c, why)))
                return e;
        if (c->act == ACT_UNLINK && roster_find_device(r, number, &c->key) == ROSTER_NONE)
                return why_set(why, ERR_CLAIM, "the member has no such key");
        return check_last_administrator(r, number, c->act, c->roles, why);
}

static enum err check_member(const struct roster *r, const struct roster_key *key, const struct claims *c,
                             struct why *why)
{
        bool brings = c->act == ACT_INVITE || c->act == ACT_REKEY || c->act == ACT_LINK;
        const struct roster_member *by = &roster_member_slot(r, key->member)->m;
        if (may_be_own(c->act) && !(by->roles & ADMINISTRATOR) && !member_id_equal(&c->member, &by->id))
                return why_set(why, ERR_ROLE, "it is about another member");
        if (brings && roster_find(r, INDEX_PUBLIC, c->invite.b) != ROSTER_NONE)
                return why_set(why, ERR_CLAIM, "the invite's key is known already");
        return c->act == ACT_INVITE ? check_invite(r, c, why) : check_existing(r, c, why);
}

/* A second person: an administrator or auditor who neither made the entry nor is the member concerned. */
static enum err check_second(const struct roster *r, const struct roster_key *key, const struct statement *s,
                             const struct statement *target, const struct roster_key *target_key,
                             struct why *why)
{
        const struct roster_member *m = &roster_member_slot(r, key->member)->m;
        const struct change *c;
        if (!(m->roles & DECIDES_MEMBERS))
                return why_set(why, ERR_ROLE, "administrators and auditors decide this");
        if (target_key != NULL && roster_is_own(key, target_key))
                return why_set(why, ERR_OWN, "you made the entry");
        if (target->kind == KIND_MEMBER && member_id_equal(&target->claims.member, &m->id))
                return why_set(why, ERR_OWN, "the entry is about you");
        c = roster_waiting_change(r, &target->st);
        if (c == NULL)
                return ERR_DECIDED;
        if (c->kind == KIND_MEMBER && (s->claims.verb == VERB_APPROVE || s->claims.verb == VERB_CONDITIONS))
                return check_last_administrator(r, c->member, c->act, c->roles, why);
        return OK;
}

static enum err check_decision(const struct roster *r, const struct roster_key *key,
                               const struct statement *s, const struct statement *target,
                               const struct roster_key *target_key, struct why *why)
{
        if (target == NULL)
                return why_set(why, ERR_REF, "a decision names its target");
        if (target->kind == KIND_MEMBER || target->kind == KIND_POLICY)
                return check_second(r, key, s, target, target_key, why);
        if (!(roster_member_slot(r, key->member)->m.roles & DECIDES_ENQUIRIES))
                return why_set(why, ERR_ROLE, "supervisors and authorising officers decide this");
        return OK;
}

enum err roster_check_may(const struct roster *r, const struct roster_key *key, const struct statement *s,
                          int64_t at_us, const struct statement *target, const struct roster_key *target_key,
                          struct why *why)
{
        key = &roster_key_slot(r, key->number)->k;
        if (key->kind == KEY_LOG)
                return why_set(why, ERR_ROLE, "the log's key signs the first entry and nothing else");
        if (key->kind == KEY_INVITE)
                return check_join(r, key, s, at_us, why);
        if (key->until_seq != SEQ_NONE)
                return why_set(why, ERR_REVOKED, "in entry %llu", (unsigned long long)key->until_seq);
        if (!(roster_member_slot(r, key->member)->m.roles & roster_roles_for(s->kind, s->claims.act)))
                return ERR_ROLE;
        if (s->kind == KIND_MEMBER)
                return check_member(r, key, &s->claims, why);
        if (s->kind == KIND_DECISION)
                return check_decision(r, key, s, target, target_key, why);
        return OK;
}

/* A second person is there when anybody but the author could decide. */
static bool has_second(const struct roster *r, const struct roster_key *key)
{
        size_t own = key->kind != KEY_LOG && roster_member_slot(r, key->member)->counts_decider ? 1 : 0;
        return r->living_deciders > own;
}

bool roster_needs_second(const struct roster *r, const struct roster_key *key, const struct statement *s)
{
        const struct claims *c = &s->claims;
        const struct roster_member *m;
        unsigned grants = 0;
        if (!has_second(r, key))
                return false;
        if (s->kind == KIND_POLICY)
                return true;
        if (s->kind != KIND_MEMBER ||
            (c->act != ACT_INVITE && c->act != ACT_ROLE && c->act != ACT_REKEY && c->act != ACT_LINK))
                return false;
        m = roster_member_of_id(r, &c->member);
        grants = c->roles;
        if (c->act == ACT_ROLE && m != NULL)
                grants &= ~(unsigned)m->roles;
        if (c->act == ACT_REKEY || c->act == ACT_LINK)
                grants = m == NULL ? 0 : m->roles;
        return (grants & ~(unsigned)INVESTIGATOR) != 0;
}
