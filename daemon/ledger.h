/* ledger: everything the threads of the daemon share, and the order in which it starts and stops. The commit
 * thread alone uses store, tree, keeper and gate; the others read what stands under `lock`. */
#ifndef DAEMON_LEDGER_H
#define DAEMON_LEDGER_H

#include <pthread.h>

#include "daemon/annex.h"
#include "daemon/config.h"
#include "daemon/directory.h"
#include "daemon/keeper.h"
#include "ledger/store/store.h"
#include "ledger/tree/receipt.h"
#include "policy/gate.h"
#include "policy/registry.h"

struct ledger {
        struct config config;
        char path[CONFIG_PATH_MAX]; /* of ledger.db */
        char log_id[LOG_ID_MAX + 1];
        struct vkey vkey;
        struct hash genesis;
        struct hash server;      /* SPKI hash of our TLS key */
        struct annexes *annexes; /* texts that wait for the entry that names them; has a lock of its own */
        struct store_keys *keys;

        pthread_rwlock_t lock; /* guards the next six: written by the commit thread between batches */
        struct roster *roster;
        struct directory *directory;
        struct pack *pack;
        struct registry *registry; /* of authorities and personas */
        uint64_t size;             /* entries that are committed and covered by `note` */
        struct buf note;           /* the newest checkpoint, signed */

        /* the commit thread's own */
        struct store *store;
        struct tree *tree;
        struct keeper *keeper;
        struct gate *gate;
        struct hash head; /* leaf hash of the last entry */
        int64_t head_at_us;
        bool note_stored; /* the newest checkpoint has its row */
        int lock_fd;
};

/* Everything but keeper and listener: reads keys, opens the file, replays the roster, loads the pack in
 * force. Holds a lock on the data folder (ERR_LOCKED: another daemon runs). */
enum err ledger_open(const struct config *config, struct ledger *out, struct why *why);
/* Brings keeper and database together (DESIGN section 4): extends the note or refuses, and signs the present
 * size. Takes the keeper, which was forked before. */
enum err ledger_join_keeper(struct ledger *l, struct keeper *keeper, struct why *why);
void ledger_close(struct ledger *l);

/* Loads the pack whose hash the roster says is in force; the old one stays when that fails. Caller holds the
 * lock for writing (or is alone). */
enum err ledger_load_pack(struct ledger *l, struct why *why);
/* Takes every authority and persona that is in force into the (empty) registry. Alone, at the start. */
enum err ledger_fill_registry(struct ledger *l, struct why *why);
/* The entry that one of kind authority or persona is about (policy/registry.h); NULL: none. */
const struct hash *ledger_about(const struct statement *s);
struct registry_entry ledger_registration(const struct ledger *l, const struct statement *s,
                                          const struct body *body, const struct store_item *item);
/* The name, alias and force of an applied join, into the directory. */
enum err ledger_learn_join(struct ledger *l, uint64_t seq, struct store *store);
/* The short reference of an entry ("jb-17"), or its seq where the key has no alias. Caller holds the lock. */
#define REFERENCE_MAX 48
void ledger_reference(const struct ledger *l, const struct store_item *item, char out[REFERENCE_MAX]);
/* seq of a reference, through the caller's own store handle. Takes the lock for reading. ERR_REFERENCE. */
enum err ledger_find(struct ledger *l, struct store *store, struct bytes reference, uint64_t *out_seq);

/* The clock of the daemon: microseconds since 1970. */
int64_t clock_now_us(void);

#endif
