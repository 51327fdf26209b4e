/* claims: the visible claims of a statement, by kind. FORMAT.md section 4 is the table; claims.c holds it as
 * data, and the same rows write and read. Nothing here is personal data: the spine alone must show who might
 * do what. */
#ifndef LEDGER_RECORD_CLAIMS_H
#define LEDGER_RECORD_CLAIMS_H

#include "ledger/crypto/sign.h"
#include "schema/fields.h"

#define MEMBER_ID_LEN      16
#define MEMBER_ID_TEXT_LEN 22
#define UNIT_MAX           40 /* bytes */
#define DIGESTS_MAX        300
#define TRAINING_MAX       5
#define ORIGIN_MAX         255                   /* bytes */
#define VKEY_TEXT_MAX      511                   /* bytes */
#define GROUND_MAX         40                    /* bytes */
#define SECONDS_MAX        INT64_C(253402300799) /* the last second of 9999: so that microseconds fit everywhere */

struct member_id {
        uint8_t b[MEMBER_ID_LEN];
};

enum role {
        ROLE_INVESTIGATOR,
        ROLE_SUPERVISOR,
        ROLE_AUTHORISING_OFFICER,
        ROLE_AUDITOR,
        ROLE_DISCLOSURE,
        ROLE_FOI,
        ROLE_DPO,
        ROLE_RECORDS,
        ROLE_ADMINISTRATOR,
        ROLE_COUNT
};
typedef uint16_t roles; /* bit 1u << enum role */
#define ROLE_BIT(r) ((roles)(1u << (r)))
const char *role_name(enum role r);
bool role_of_name(struct bytes name, enum role *out);

enum act {
        ACT_NONE,
        ACT_INVITE,
        ACT_JOIN,
        ACT_ROLE,
        ACT_MOVE,
        ACT_REKEY,
        ACT_REVOKE,
        ACT_ADOPT,
        ACT_OPEN,
        ACT_CLOSE,
        ACT_REGISTER,
        ACT_REVIEW,
        ACT_RENEW,
        ACT_CANCEL,
        ACT_DETERMINE,
        ACT_ASSIGN,
        ACT_LAPSE,
        ACT_PLACE,
        ACT_RELEASE,
        ACT_LIFT,
        ACT_ORDER,
        ACT_CONFIRM,
        ACT_LINK,
        ACT_UNLINK,
        ACT_PROFILE,
        ACT_ROTATE_LOG,
        ACT_ROTATE_SERVER,
        ACT_COUNT
};
enum verb {
        VERB_NONE,
        VERB_APPROVE,
        VERB_CONDITIONS,
        VERB_RETURN,
        VERB_REFUSE,
        VERB_ESCALATE,
        VERB_ERROR,
        VERB_NO_ERROR,
        VERB_CONTINUE,
        VERB_CANCEL,
        VERB_COUNT
};
enum purpose_word {
        PURPOSE_NONE,
        PURPOSE_OPERATIONAL,
        PURPOSE_SUPERVISION,
        PURPOSE_AUDIT,
        PURPOSE_CPIA,
        PURPOSE_FOI,
        PURPOSE_SUBJECT_ACCESS,
        PURPOSE_RETENTION,
        PURPOSE_COMPLAINT,
        PURPOSE_ADMINISTRATION,
        PURPOSE_COUNT
};
const char *act_name(enum act a);
bool act_of_name(struct bytes name, enum act *out);
const char *verb_name(enum verb v);
bool verb_of_name(struct bytes name, enum verb *out);
const char *purpose_name(enum purpose_word p);
bool purpose_of_name(struct bytes name, enum purpose_word *out);

/* Which members are meant depends on kind and act; the others are zero. Slices borrow from the text that was
 * taken (the statement's scratch), `digests` from the scratch. */
struct claims {
        enum act act;
        enum verb verb;
        enum purpose_word purpose;
        struct member_id member;
        struct public_key invite;
        int64_t expires; /* seconds since 1970 */
        struct public_key key;
        struct hash tls;
        struct sig pop;
        roles roles;
        struct bytes unit;
        unsigned training;
        struct hash policy, succeeds;
        struct bytes origin, vkey;
        struct hash server;
        struct hash seen, target, set;
        struct bytes ground; /* hold, restrict, erase */
        struct bytes grade;
        size_t digests_n;
        struct bytes digests; /* digests_n times 32 raw bytes, rising in the order of their b64u */
};

/* Appends `,"name":value` for each claim of (kind, act). ERR_CLAIM when one is out of range. */
enum err claims_put(struct buf *out, enum kind kind, const struct claims *c);
/* Takes exactly what claims_put writes. `scratch` receives the raw digests and is given room beforehand, so
 * that it does not move. ERR_CLAIM. */
enum err claims_take(struct bytes *in, enum kind kind, struct buf *scratch, struct claims *out);

void member_id_text(const struct member_id *id, char out[MEMBER_ID_TEXT_LEN + 1]);
enum err member_id_of_text(struct bytes text, struct member_id *out);
bool member_id_equal(const struct member_id *a, const struct member_id *b);
bool unit_valid(struct bytes unit);
bool ground_valid(struct bytes ground);
bool grade_valid(struct bytes grade);
/* 1 to max bytes of UTF-8 without white space, controls, `"` and `\`: nothing that JSON escapes. */
bool claim_text_valid(struct bytes text, size_t max);

#endif
