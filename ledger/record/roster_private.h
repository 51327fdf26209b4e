/* roster_private: what roster.c (look-ups), roster_apply.c (effects) and roster_rules.c (who may) share. */
#ifndef LEDGER_RECORD_ROSTER_PRIVATE_H
#define LEDGER_RECORD_ROSTER_PRIVATE_H

#include "ledger/record/roster.h"

#define ROSTER_NONE UINT32_MAX

/* What hangs on each member beside the public part. */
struct member_slot {
        struct roster_member m;
        uint32_t newest_key;       /* of this member, ROSTER_NONE: none */
        bool counts_administrator; /* in living_administrators */
        bool counts_decider;       /* in living_deciders */
};
struct key_slot {
        struct roster_key k;
        uint32_t older; /* the key of the same member before this one */
};

/* An effect, now or when it is decided. */
struct change {
        struct hash st; /* of the entry that asks for it */
        uint64_t seq;
        enum kind kind;
        enum act act;
        uint32_t member; /* ROSTER_NONE for policy */
        uint32_t invite; /* key number: invite, rekey and link, else ROSTER_NONE */
        uint32_t key;    /* key number: unlink, else ROSTER_NONE */
        roles roles;
        unsigned training;
        char unit[UNIT_MAX + 1];
        struct hash policy;
        bool settled; /* decided: no longer waiting */
};

/* Elements of one size in blocks that never move. */
#define POOL_BLOCK  1024 /* elements */
#define POOL_BLOCKS 4096
struct pool {
        size_t element; /* bytes */
        size_t n;
        void *block[POOL_BLOCKS];
};

/* Open addressing over numbers; what a number's key bytes are, the owner says. Entries are never removed. */
struct index {
        uint32_t *slot; /* number + 1, 0: empty */
        size_t size;    /* a power of two, at least twice n */
        size_t n;
};
enum index_name { INDEX_MEMBER_ID, INDEX_KID, INDEX_PUBLIC, INDEX_TLS, INDEX_CHANGE, INDEX_COUNT };

struct roster {
        struct pool members, keys, changes; /* member_slot, key_slot, change (those that waited) */
        struct index index[INDEX_COUNT];
        size_t living_administrators, living_deciders;
        struct hash policy;
};

struct member_slot *roster_member_slot(const struct roster *r, uint32_t number); /* number must be there */
struct key_slot *roster_key_slot(const struct roster *r, uint32_t number);
struct change *roster_change_slot(const struct roster *r, uint32_t number);

/* The number under those key bytes, ROSTER_NONE if there is none. */
uint32_t roster_find(const struct roster *r, enum index_name name, const uint8_t *key);
/* Room for one more of each, so that what follows cannot fail half-way. ERR_NO_MEMORY. */
enum err roster_reserve(struct roster *r);
/* All three after roster_reserve; they give the new number. A key that is in an index already stays there. */
uint32_t roster_add_member(struct roster *r, const struct member_id *id, uint64_t seq);
uint32_t roster_add_key(struct roster *r, const struct roster_key *key);
uint32_t roster_add_change(struct roster *r, const struct change *c);
/* Counts the member anew, after roles, keys or revocation have changed. */
void roster_recount(struct roster *r, uint32_t member);

/* The waiting change with that statement hash that can still take effect; NULL. */
struct change *roster_waiting_change(const struct roster *r, const struct hash *st);
/* Whether the member could sign something now: joined, not revoked. */
bool roster_member_lives(const struct roster *r, uint32_t member);
/* The number of the member's living key; ROSTER_NONE if it is none. */
uint32_t roster_find_device(const struct roster *r, uint32_t member, const struct public_key *key);
/* Whether the roster would be without a living administrator after the member loses the role or is revoked.
 */
bool roster_is_last_administrator(const struct roster *r, uint32_t member);

#endif
