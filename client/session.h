/* session: one run of the client: the person's folder, keys, own store, and the way to the daemon. */
#ifndef CLIENT_SESSION_H
#define CLIENT_SESSION_H

#include "client/home.h"
#include "client/keystore.h"
#include "client/memory.h"
#include "client/transport.h"
#include "ledger/tree/receipt.h"

struct session {
        const char *home_given, *passphrase_file; /* from the command line; may be NULL */
        bool json;
        const char *log_purpose; /* of this run's readings, where logs are read; NULL: not said */
        struct why why;

        struct home home;
        struct identity id;
        struct vkey vkey;
        struct keystore keys;
        struct memory *memory;
        struct transport *transport;
};

/* Folder and identity only. */
enum err session_identify(struct session *s);
/* Everything: asks the agent, the passphrase file or the terminal for the key. */
enum err session_open(struct session *s);
void session_close(struct session *s);

/* The passphrase from the file given, else typed (twice if fresh). ERR_PASSPHRASE_NEEDED without either. */
enum err session_passphrase(struct session *s, bool fresh, struct secret *out);
bool session_has_role(const struct session *s, const char *role);

/* The checkpoint that this folder believes: size 0 and no root before the first. */
enum err session_believed(struct session *s, uint64_t *out_size, struct hash *out_root);
/* Believes a newer one after checking the proof; a contradiction is kept as evidence and is ERR_CONSISTENCY.
 */
enum err session_believe(struct session *s, struct bytes note, const struct proof *proof,
                         uint64_t proof_from);

int64_t client_now_us(void);

#endif
