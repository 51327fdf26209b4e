/* annex: larger public texts that an entry is going to name, kept in memory until it does: ten minutes, a few
 * a member, bounded in all. Once an entry names one it is in the ledger's file. DESIGN section 3.2. Safe from
 * any thread; knows no clock. */
#ifndef DAEMON_ANNEX_H
#define DAEMON_ANNEX_H

#include "ledger/base/moment.h"
#include "ledger/store/store.h"
#include "policy/pack.h"

#define ANNEX_WAIT_US     (10 * 60 * MOMENT_SECOND_US)
#define ANNEX_WAITING_MAX 16 /* texts of everybody */
#define ANNEX_OTHERS_MAX  8  /* of those: of members who may not adopt a policy */
#define ANNEX_MEMBER_MAX  4  /* texts of one member */

struct annexes;
struct annexes *annexes_new(void);    /* NULL: no memory */
void annexes_free(struct annexes *a); /* NULL allowed */
struct annex_sender {
        uint32_t member;
        bool adopts; /* may adopt a policy: finds a place however many others have sent something */
};
/* Keeps a copy; one that waits already waits anew. ERR_TOO_LONG over ANNEX_MAX, ERR_UTF8, ERR_FORM when
 * empty, ERR_RATE when too many of the member's wait, ERR_BUSY when too many of everybody's do. */
enum err annexes_put(struct annexes *a, struct annex_sender from, struct bytes text, int64_t now_us,
                     struct hash *out);
/* Appended. ERR_ABSENT: none that is still waiting. */
enum err annexes_text(struct annexes *a, const struct hash *hash, int64_t now_us, struct buf *out);
/* Whether it waits; from now on it waits anew. */
bool annexes_keep(struct annexes *a, const struct hash *hash, int64_t now_us);
/* Forgets those whose time is over. */
void annexes_expire(struct annexes *a, int64_t now_us);

/* Where packs find the texts that they lie over: among those that wait, then in the store. */
struct annex_source {
        struct annexes *waiting; /* NULL: none */
        struct store *store;
        int64_t now_us;
};
enum err annex_source_text(void *self, const struct hash *hash, struct buf *out); /* ERR_ABSENT */

#endif
