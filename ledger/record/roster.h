/* roster: who is a member, with which keys, roles and unit, at this point of the ledger. Made by applying the
 * entries in order, from the visible claims alone; so the daemon and the verifier share it, and the spine
 * alone decides who might do what. Holds no names. Not thread-safe: the daemon guards it. Members and keys
 * stay where they are while the roster lives; their contents change with roster_apply and roster_advance.
 * DESIGN section 4. */
#ifndef LEDGER_RECORD_ROSTER_H
#define LEDGER_RECORD_ROSTER_H

#include "ledger/record/leaf.h"

#define SEQ_NONE UINT64_MAX

struct roster_member {
        uint32_t number; /* order of the invite; stable */
        struct member_id id;
        roles roles; /* 0 until the invite is in force */
        unsigned training;
        char unit[UNIT_MAX + 1];
        bool revoked;
        uint64_t since_seq; /* of the invite */
};
enum key_kind { KEY_LOG, KEY_INVITE, KEY_MEMBER };
struct roster_key {
        uint32_t number; /* order of appearance; stable: key_index uses it */
        enum key_kind kind;
        struct public_key key;
        struct hash kid;
        struct hash tls;    /* KEY_MEMBER only */
        uint32_t member;    /* number; meaningless for KEY_LOG */
        bool waiting;       /* KEY_INVITE: a second person's decision is needed first */
        bool used;          /* KEY_INVITE */
        int64_t expires;    /* KEY_INVITE, seconds since 1970 */
        uint64_t from_seq;  /* entry that brought it */
        uint64_t until_seq; /* entry that ended it, SEQ_NONE while it lives */
        uint64_t n;         /* head of its chain: number and hash of its last entry */
        struct hash st;
};

struct roster;
struct roster *roster_new(void); /* NULL: no memory */
void roster_free(struct roster *r);

size_t roster_members(const struct roster *r);
const struct roster_member *roster_member_at(const struct roster *r, uint32_t number);
const struct roster_member *roster_member_of_id(const struct roster *r, const struct member_id *id);
size_t roster_keys(const struct roster *r);
const struct roster_key *roster_key_at(const struct roster *r, uint32_t number);
const struct roster_key *roster_key_of_kid(const struct roster *r, const struct hash *kid);
/* The living member key whose TLS key has that hash; NULL. */
const struct roster_key *roster_key_of_tls(const struct roster *r, const struct hash *tls);
const struct roster_key *roster_invite_of_key(const struct roster *r, const struct public_key *invite);
/* The member's newest living key; NULL. */
const struct roster_key *roster_key_of_member(const struct roster *r, uint32_t member);

/* Whether the head of the key's chain lets this statement follow. OK, ERR_NUMBER. (Equal numbers are the
 * caller's to compare with the stored entry: ERR_NUMBER here.) */
enum err roster_check_follows(const struct roster *r, const struct roster_key *key,
                              const struct statement *s);
/* Whether this member, now, may sign this statement: key alive, role of the kind and act, invite unused and
 * in time (at_us), proof of possession, the member it names exists, administrator excludes the others,
 * nobody's own. `target` is the statement that a decision's `target` names, else NULL. Facts of content are
 * not looked at.
 * ERR_REVOKED, ERR_ROLE, ERR_MEMBER, ERR_CLAIM, ERR_ROLES_EXCLUDE, ERR_INVITE_USED, ERR_INVITE_REFUSED,
 * ERR_INVITE_LATE, ERR_INVITE_WAITING, ERR_POSSESSION, ERR_REF (a decision without target), ERR_DECIDED (a
 * member or policy entry that does not wait), ERR_OWN (the decider made that entry or is the member
 * concerned). An own decision on any other entry passes here: the gate refuses it with a recorded verdict,
 * see roster_is_own. */
enum err roster_check_may(const struct roster *r, const struct roster_key *key, const struct statement *s,
                          int64_t at_us, const struct statement *target, const struct roster_key *target_key,
                          struct why *why);
/* Whether the statement needs a second person before it takes effect (its verdict is then `waiting`): grants
 * of any role but investigator, rekey and link of somebody who holds such a role, and policy, once another
 * living administrator or auditor is there. */
bool roster_needs_second(const struct roster *r, const struct roster_key *key, const struct statement *s);

/* Whether both keys are of one member: nobody decides their own. */
bool roster_is_own(const struct roster_key *key, const struct roster_key *target_key);

/* Applies an entry: advances the key's head; takes effect for member and policy when accepted; keeps waiting
 * ones until their decision. A refused entry only advances the head. On an error nothing has changed:
 * ERR_NO_MEMORY, ERR_CRYPTO, ERR_BUG (the entry cannot take effect: roster_check_may would have refused it; a
 * verifier that has named the fault goes on by applying it as refused). */
enum err roster_apply(struct roster *r, uint64_t seq, const struct roster_key *key, const struct statement *s,
                      enum verdict verdict);
/* Starts with the genesis statement (seq 0): log key, first invite, policy. The roster must be empty
 * (ERR_BUG). */
enum err roster_apply_genesis(struct roster *r, const struct statement *s, const struct public_key *log_key);
/* Moves only the head of the key's chain (a batch before it commits), and puts it back. */
void roster_advance(struct roster *r, const struct roster_key *key, uint64_t n, const struct hash *st);

/* The pack in force. */
const struct hash *roster_policy(const struct roster *r);
/* The seq of the waiting member or policy entry with that statement hash; SEQ_NONE when it is not waiting. */
uint64_t roster_waiting(const struct roster *r, const struct hash *st);
/* Roles that may sign (kind, act); for a decision the union over targets. */
roles roster_roles_for(enum kind kind, enum act act);

#endif
