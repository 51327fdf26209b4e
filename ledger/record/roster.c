#include "ledger/record/roster_private.h"

#include <stdlib.h>

#define INDEX_FIRST 64 /* slots */

static enum err pool_reserve(struct pool *p)
{
        size_t block = p->n / POOL_BLOCK;
        if (block == POOL_BLOCKS)
                return ERR_NO_MEMORY;
        if (p->block[block] == NULL && (p->block[block] = calloc(POOL_BLOCK, p->element)) == NULL)
                return ERR_NO_MEMORY;
        return OK;
}

static void *pool_at(const struct pool *p, uint32_t number)
{
        return (char *)p->block[number / POOL_BLOCK] + number % POOL_BLOCK * p->element;
}

static uint32_t pool_add(struct pool *p, const void *element)
{
        uint32_t number = (uint32_t)p->n++;
        memcpy(pool_at(p, number), element, p->element);
        return number;
}

static void pool_free(struct pool *p)
{
        for (size_t i = 0; i < POOL_BLOCKS && p->block[i] != NULL; i++)
                free(p->block[i]);
}

struct member_slot *roster_member_slot(const struct roster *r, uint32_t number)
{
        return pool_at(&r->members, number);
}

struct key_slot *roster_key_slot(const struct roster *r, uint32_t number)
{
        return pool_at(&r->keys, number);
}

struct change *roster_change_slot(const struct roster *r, uint32_t number)
{
        return pool_at(&r->changes, number);
}

static size_t index_key_len(enum index_name name)
{
        return name == INDEX_MEMBER_ID ? MEMBER_ID_LEN : HASH_LEN;
}

static const uint8_t *index_key(const struct roster *r, enum index_name name, uint32_t number)
{
        switch (name) {
        case INDEX_MEMBER_ID: return roster_member_slot(r, number)->m.id.b;
        case INDEX_KID: return roster_key_slot(r, number)->k.kid.b;
        case INDEX_PUBLIC: return roster_key_slot(r, number)->k.key.b;
        case INDEX_TLS: return roster_key_slot(r, number)->k.tls.b;
        case INDEX_CHANGE:
        case INDEX_COUNT: break;
        }
        return roster_change_slot(r, number)->st.b;
}

/* The slot where the key is, or the empty one where it belongs. Keys are hashes or random already. */
static size_t index_place(const struct roster *r, enum index_name name, const uint8_t *key)
{
        const struct index *x = &r->index[name];
        uint64_t start;
        memcpy(&start, key, sizeof start);
        size_t at = (size_t)start & (x->size - 1);
        while (x->slot[at] != 0 && memcmp(index_key(r, name, x->slot[at] - 1), key, index_key_len(name)) != 0)
                at = (at + 1) & (x->size - 1);
        return at;
}

static enum err index_reserve(struct roster *r, enum index_name name)
{
        struct index *x = &r->index[name], old = *x;
        if (x->size >= 2 * (x->n + 1))
                return OK;
        size_t size = old.size == 0 ? INDEX_FIRST : 2 * old.size;
        uint32_t *slot = calloc(size, sizeof slot[0]);
        if (slot == NULL)
                return ERR_NO_MEMORY;
        x->slot = slot;
        x->size = size;
        for (size_t i = 0; i < old.size; i++)
                if (old.slot[i] != 0)
                        slot[index_place(r, name, index_key(r, name, old.slot[i] - 1))] = old.slot[i];
        free(old.slot);
        return OK;
}

static void index_add(struct roster *r, enum index_name name, uint32_t number)
{
        struct index *x = &r->index[name];
        size_t at = index_place(r, name, index_key(r, name, number));
        if (x->slot[at] != 0)
                return;
        x->slot[at] = number + 1;
        x->n++;
}

uint32_t roster_find(const struct roster *r, enum index_name name, const uint8_t *key)
{
        const struct index *x = &r->index[name];
        if (x->size == 0)
                return ROSTER_NONE;
        size_t at = index_place(r, name, key);
        return x->slot[at] == 0 ? ROSTER_NONE : x->slot[at] - 1;
}

struct roster *roster_new(void)
{
        struct roster *r = calloc(1, sizeof *r);
        if (r == NULL)
                return NULL;
        r->members.element = sizeof(struct member_slot);
        r->keys.element = sizeof(struct key_slot);
        r->changes.element = sizeof(struct change);
        return r;
}

void roster_free(struct roster *r)
{
        if (r == NULL)
                return;
        pool_free(&r->members);
        pool_free(&r->keys);
        pool_free(&r->changes);
        for (size_t i = 0; i < INDEX_COUNT; i++)
                free(r->index[i].slot);
        free(r);
}

enum err roster_reserve(struct roster *r)
{
        enum err e;
        if ((e = pool_reserve(&r->members)) || (e = pool_reserve(&r->keys)) ||
            (e = pool_reserve(&r->changes)))
                return e;
        for (enum index_name name = 0; name < INDEX_COUNT; name++)
                if ((e = index_reserve(r, name)))
                        return e;
        return OK;
}

uint32_t roster_add_member(struct roster *r, const struct member_id *id, uint64_t seq)
{
        struct member_slot slot = {.newest_key = ROSTER_NONE};
        slot.m.number = (uint32_t)r->members.n;
        slot.m.id = *id;
        slot.m.since_seq = seq;
        uint32_t number = pool_add(&r->members, &slot);
        index_add(r, INDEX_MEMBER_ID, number);
        return number;
}

uint32_t roster_add_key(struct roster *r, const struct roster_key *key)
{
        struct key_slot slot = {.k = *key, .older = ROSTER_NONE};
        slot.k.number = (uint32_t)r->keys.n;
        slot.k.until_seq = SEQ_NONE;
        if (key->kind != KEY_LOG)
                slot.older = roster_member_slot(r, key->member)->newest_key;
        uint32_t number = pool_add(&r->keys, &slot);
        if (key->kind != KEY_LOG)
                roster_member_slot(r, key->member)->newest_key = number;
        index_add(r, INDEX_KID, number);
        index_add(r, INDEX_PUBLIC, number);
        if (key->kind == KEY_MEMBER)
                index_add(r, INDEX_TLS, number);
        return number;
}

uint32_t roster_add_change(struct roster *r, const struct change *c)
{
        uint32_t number = pool_add(&r->changes, c);
        index_add(r, INDEX_CHANGE, number);
        return number;
}

bool roster_member_lives(const struct roster *r, uint32_t member)
{
        return !roster_member_slot(r, member)->m.revoked && roster_key_of_member(r, member) != NULL;
}

static void count(size_t *total, bool *counted, bool now)
{
        if (now && !*counted)
                (*total)++;
        else if (!now && *counted)
                (*total)--;
        *counted = now;
}

void roster_recount(struct roster *r, uint32_t member)
{
        struct member_slot *slot = roster_member_slot(r, member);
        bool lives = roster_member_lives(r, member);
        roles may = lives ? slot->m.roles : 0;
        count(&r->living_administrators, &slot->counts_administrator,
              (may & ROLE_BIT(ROLE_ADMINISTRATOR)) != 0);
        count(&r->living_deciders, &slot->counts_decider,
              (may & (ROLE_BIT(ROLE_ADMINISTRATOR) | ROLE_BIT(ROLE_AUDITOR))) != 0);
}

uint32_t roster_find_device(const struct roster *r, uint32_t member, const struct public_key *key)
{
        uint32_t number = roster_find(r, INDEX_PUBLIC, key->b);
        const struct roster_key *k = number == ROSTER_NONE ? NULL : &roster_key_slot(r, number)->k;
        bool is = k != NULL && k->kind == KEY_MEMBER && k->member == member && k->until_seq == SEQ_NONE;
        return is ? number : ROSTER_NONE;
}

bool roster_is_last_administrator(const struct roster *r, uint32_t member)
{
        return r->living_administrators == 1 && roster_member_slot(r, member)->counts_administrator;
}

size_t roster_members(const struct roster *r)
{
        return r->members.n;
}

const struct roster_member *roster_member_at(const struct roster *r, uint32_t number)
{
        return number < r->members.n ? &roster_member_slot(r, number)->m : NULL;
}

const struct roster_member *roster_member_of_id(const struct roster *r, const struct member_id *id)
{
        uint32_t number = roster_find(r, INDEX_MEMBER_ID, id->b);
        return number == ROSTER_NONE ? NULL : &roster_member_slot(r, number)->m;
}

size_t roster_keys(const struct roster *r)
{
        return r->keys.n;
}

const struct roster_key *roster_key_at(const struct roster *r, uint32_t number)
{
        return number < r->keys.n ? &roster_key_slot(r, number)->k : NULL;
}

const struct roster_key *roster_key_of_kid(const struct roster *r, const struct hash *kid)
{
        uint32_t number = roster_find(r, INDEX_KID, kid->b);
        return number == ROSTER_NONE ? NULL : &roster_key_slot(r, number)->k;
}

const struct roster_key *roster_key_of_tls(const struct roster *r, const struct hash *tls)
{
        uint32_t number = roster_find(r, INDEX_TLS, tls->b);
        const struct roster_key *k = number == ROSTER_NONE ? NULL : &roster_key_slot(r, number)->k;
        return k != NULL && k->until_seq == SEQ_NONE ? k : NULL;
}

const struct roster_key *roster_invite_of_key(const struct roster *r, const struct public_key *invite)
{
        uint32_t number = roster_find(r, INDEX_PUBLIC, invite->b);
        const struct roster_key *k = number == ROSTER_NONE ? NULL : &roster_key_slot(r, number)->k;
        return k != NULL && k->kind == KEY_INVITE ? k : NULL;
}

const struct roster_key *roster_key_of_member(const struct roster *r, uint32_t member)
{
        if (member >= r->members.n)
                return NULL;
        uint32_t number = roster_member_slot(r, member)->newest_key;
        while (number != ROSTER_NONE) {
                const struct key_slot *slot = roster_key_slot(r, number);
                if (slot->k.kind == KEY_MEMBER && slot->k.until_seq == SEQ_NONE)
                        return &slot->k;
                number = slot->older;
        }
        return NULL;
}

const struct hash *roster_policy(const struct roster *r)
{
        return &r->policy;
}

/* What was withdrawn meanwhile (the member revoked, the invite ended by another) waits no longer. */
struct change *roster_waiting_change(const struct roster *r, const struct hash *st)
{
        uint32_t number = roster_find(r, INDEX_CHANGE, st->b);
        struct change *c = number == ROSTER_NONE ? NULL : roster_change_slot(r, number);
        if (c == NULL || c->settled)
                return NULL;
        if (c->member != ROSTER_NONE && roster_member_slot(r, c->member)->m.revoked)
                return NULL;
        if (c->invite != ROSTER_NONE && roster_key_slot(r, c->invite)->k.until_seq != SEQ_NONE)
                return NULL;
        return c;
}

uint64_t roster_waiting(const struct roster *r, const struct hash *st)
{
        const struct change *c = roster_waiting_change(r, st);
        return c == NULL ? SEQ_NONE : c->seq;
}

bool roster_is_own(const struct roster_key *key, const struct roster_key *target_key)
{
        return key->kind != KEY_LOG && target_key->kind != KEY_LOG && key->member == target_key->member;
}
