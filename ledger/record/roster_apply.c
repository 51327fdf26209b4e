#include "ledger/record/roster_private.h"

/* Ends the member's living keys and open invites, but for one (ROSTER_NONE: all). */
static void end_keys(struct roster *r, uint32_t member, uint32_t but, uint64_t seq)
{
        uint32_t number = roster_member_slot(r, member)->newest_key;
        while (number != ROSTER_NONE) {
                struct key_slot *slot = roster_key_slot(r, number);
                if (number != but && slot->k.until_seq == SEQ_NONE)
                        slot->k.until_seq = seq;
                number = slot->older;
        }
}

/* What a change does to its member once it is in force. */
static const struct effect {
        bool known, sets_roles, sets_unit, ends_keys, revokes;
} effects[ACT_COUNT] = {
    [ACT_INVITE] = {.known = true, .sets_roles = true, .sets_unit = true},
    [ACT_ROLE] = {.known = true, .sets_roles = true},
    [ACT_MOVE] = {.known = true, .sets_unit = true},
    [ACT_REKEY] = {.known = true, .ends_keys = true},
    [ACT_REVOKE] = {.known = true, .ends_keys = true, .revokes = true},
    [ACT_LINK] = {.known = true},
    [ACT_UNLINK] = {.known = true},
    [ACT_PROFILE] = {.known = true},
};

static void take_effect(struct roster *r, const struct change *c, uint64_t seq)
{
        if (c->kind == KIND_POLICY) {
                if (c->act == ACT_ADOPT)
                        r->policy = c->policy;
                return;
        }
        const struct effect *effect = &effects[c->act];
        struct roster_member *m = &roster_member_slot(r, c->member)->m;
        if (effect->sets_roles) {
                m->roles = c->roles;
                m->training = c->training;
        }
        if (effect->sets_unit)
                memcpy(m->unit, c->unit, sizeof m->unit);
        if (effect->ends_keys)
                end_keys(r, c->member, c->invite, seq);
        if (c->key != ROSTER_NONE)
                roster_key_slot(r, c->key)->k.until_seq = seq;
        if (effect->revokes)
                m->revoked = true;
        if (c->invite != ROSTER_NONE)
                roster_key_slot(r, c->invite)->k.waiting = false;
        roster_recount(r, c->member);
}

/* The member of a change, made when the change is an invite. */
static enum err member_of(struct roster *r, const struct statement *s, uint64_t seq, uint32_t *out)
{
        uint32_t known = roster_find(r, INDEX_MEMBER_ID, s->claims.member.b);
        if (s->claims.act == ACT_INVITE) {
                if (known != ROSTER_NONE)
                        return ERR_BUG;
                *out = roster_add_member(r, &s->claims.member, seq);
                return OK;
        }
        if (known == ROSTER_NONE || roster_member_slot(r, known)->m.revoked)
                return ERR_BUG;
        *out = known;
        return OK;
}

static bool brings_invite(const struct statement *s)
{
        return s->claims.act == ACT_INVITE || s->claims.act == ACT_REKEY || s->claims.act == ACT_LINK;
}

static uint32_t add_invite(struct roster *r, uint32_t member, const struct claims *c, const struct hash *kid,
                           uint64_t seq)
{
        struct roster_key key = {.kind = KEY_INVITE,
                                 .key = c->invite,
                                 .kid = *kid,
                                 .member = member,
                                 .waiting = true,
                                 .expires = c->expires,
                                 .from_seq = seq};
        return roster_add_key(r, &key);
}

static enum err change_of(struct roster *r, uint64_t seq, const struct statement *s, struct change *out)
{
        struct change c = {.st = s->st,
                           .seq = seq,
                           .kind = s->kind,
                           .act = s->claims.act,
                           .member = ROSTER_NONE,
                           .invite = ROSTER_NONE,
                           .key = ROSTER_NONE,
                           .roles = s->claims.roles,
                           .training = s->claims.training,
                           .policy = s->claims.policy};
        struct hash kid;
        enum err e;
        if (s->kind == KIND_MEMBER) {
                if (!effects[c.act].known || s->claims.unit.n > UNIT_MAX)
                        return ERR_BUG;
                if (brings_invite(s) && roster_find(r, INDEX_PUBLIC, s->claims.invite.b) != ROSTER_NONE)
                        return ERR_BUG;
                if (brings_invite(s) && (e = key_thumbprint(&s->claims.invite, &kid)))
                        return e;
                if ((e = member_of(r, s, seq, &c.member)))
                        return e;
                if (c.act == ACT_UNLINK &&
                    (c.key = roster_find_device(r, c.member, &s->claims.key)) == ROSTER_NONE)
                        return ERR_BUG;
                if (brings_invite(s))
                        c.invite = add_invite(r, c.member, &s->claims, &kid, seq);
                if (s->claims.unit.n > 0)
                        memcpy(c.unit, s->claims.unit.at, s->claims.unit.n);
        }
        *out = c;
        return OK;
}

/* The invite's key is spent by the join that it signs. */
static enum err apply_join(struct roster *r, uint64_t seq, uint32_t invite, const struct claims *c)
{
        struct key_slot *slot = roster_key_slot(r, invite);
        struct roster_key key = {.kind = KEY_MEMBER, .key = c->key, .tls = c->tls, .from_seq = seq};
        enum err e;
        if (slot->k.kind != KEY_INVITE || slot->k.waiting || slot->k.until_seq != SEQ_NONE ||
            roster_find(r, INDEX_PUBLIC, c->key.b) != ROSTER_NONE ||
            roster_find(r, INDEX_TLS, c->tls.b) != ROSTER_NONE)
                return ERR_BUG;
        if ((e = key_thumbprint(&c->key, &key.kid)))
                return e;
        key.member = slot->k.member;
        slot->k.used = true;
        slot->k.until_seq = seq;
        roster_add_key(r, &key);
        roster_recount(r, key.member);
        return OK;
}

static enum err apply_change(struct roster *r, uint64_t seq, const struct statement *s, enum verdict verdict)
{
        struct change c;
        enum err e = change_of(r, seq, s, &c);
        if (e)
                return e;
        if (verdict == VERDICT_ACCEPTED)
                take_effect(r, &c, seq);
        else
                roster_add_change(r, &c);
        return OK;
}

static void apply_decision(struct roster *r, uint64_t seq, const struct statement *s)
{
        const struct hash *target = statement_ref(s, REL_TARGET);
        struct change *c = target == NULL ? NULL : roster_waiting_change(r, target);
        enum verb verb = s->claims.verb;
        if (c == NULL || verb == VERB_ESCALATE)
                return;
        c->settled = true;
        if (verb == VERB_APPROVE || verb == VERB_CONDITIONS)
                take_effect(r, c, seq);
        else if (c->invite != ROSTER_NONE)
                roster_key_slot(r, c->invite)->k.until_seq = seq;
}

static enum err apply_effect(struct roster *r, uint64_t seq, uint32_t key, const struct statement *s,
                             enum verdict verdict)
{
        enum err e;
        if (s->kind == KIND_GENESIS)
                return ERR_BUG;
        if (s->kind == KIND_DECISION && verdict == VERDICT_ACCEPTED)
                apply_decision(r, seq, s);
        if (s->kind != KIND_MEMBER && s->kind != KIND_POLICY)
                return OK;
        if ((e = roster_reserve(r)))
                return e;
        if (s->kind == KIND_MEMBER && s->claims.act == ACT_JOIN)
                return verdict == VERDICT_ACCEPTED ? apply_join(r, seq, key, &s->claims) : ERR_BUG;
        return apply_change(r, seq, s, verdict);
}

enum err roster_apply(struct roster *r, uint64_t seq, const struct roster_key *key, const struct statement *s,
                      enum verdict verdict)
{
        enum err e;
        if ((verdict == VERDICT_ACCEPTED || verdict == VERDICT_WAITING) &&
            (e = apply_effect(r, seq, key->number, s, verdict)))
                return e;
        roster_advance(r, key, s->n, &s->st);
        return OK;
}

void roster_advance(struct roster *r, const struct roster_key *key, uint64_t n, const struct hash *st)
{
        struct roster_key *k = &roster_key_slot(r, key->number)->k;
        struct hash copy = *st; /* st may be the key's own */
        k->n = n;
        k->st = copy;
}

enum err roster_apply_genesis(struct roster *r, const struct statement *s, const struct public_key *log_key)
{
        struct roster_key log = {.kind = KEY_LOG, .key = *log_key, .n = s->n, .st = s->st};
        struct hash kid;
        enum err e;
        if (roster_keys(r) > 0 || s->kind != KIND_GENESIS)
                return ERR_BUG;
        if ((e = roster_reserve(r)) || (e = key_thumbprint(log_key, &log.kid)) ||
            (e = key_thumbprint(&s->claims.invite, &kid)))
                return e;
        roster_add_key(r, &log);
        uint32_t first = roster_add_member(r, &s->claims.member, 0);
        roster_member_slot(r, first)->m.roles = ROLE_BIT(ROLE_ADMINISTRATOR);
        uint32_t invite = add_invite(r, first, &s->claims, &kid, 0);
        roster_key_slot(r, invite)->k.waiting = false;
        r->policy = s->claims.policy;
        return OK;
}
