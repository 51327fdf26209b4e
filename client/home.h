/* home: a person's folder: who they are in which ledger, and where the client's files lie. Mode 0700; locked
 * from the numbering of a statement to its reply, so that two commands never give the same number. */
#ifndef CLIENT_HOME_H
#define CLIENT_HOME_H

#include "ledger/record/invite.h"

#define HOME_PATH_MAX 1024

/* What `enrol` writes to identity.json; no secrets. */
struct identity {
        char address[ADDRESS_MAX + 1];
        char origin[256];
        char log[LOG_ID_MAX + 1];
        struct hash genesis;
        char vkey[512];
        struct hash server;
        struct member_id member;
        struct public_key key;
        char name[512];
        char alias[32];
        char unit[UNIT_MAX + 1];
        char roles[200]; /* "investigator,supervisor" */
        unsigned training;
        /* defaults of the member for an enquiry; "" : the table's */
        char rank[32], agency[32], jurisdiction[32], device_class[32], account_attribution[32];
};

struct home {
        char path[HOME_PATH_MAX];
        int lock_fd; /* -1: not locked */
};

/* --home DIR, else $ENQUIRY_HOME, else $XDG_DATA_HOME/enquiry, else ~/.local/share/enquiry. */
enum err home_open(const char *given, struct home *out);
enum err home_make(struct home *h,
                   struct why *why); /* creates the folder; ERR_HOME_TAKEN if an identity is in it */
enum err home_path(const struct home *h, const char *name, char out[HOME_PATH_MAX]);
enum err home_lock(struct home *h, struct why *why); /* waits */
void home_unlock(struct home *h);
enum err home_check_private(const struct home *h, struct why *why); /* ERR_LOOSE */

enum err identity_write(const struct home *h, const struct identity *id);
enum err identity_read(const struct home *h, struct identity *out, struct why *why); /* ERR_HOME */

/* Whole small files. Writing is atomic and synced, mode 0600. */
enum err file_read(const char *path, size_t max, struct buf *out);
enum err file_write(const char *path, struct bytes in);

#define HOME_IDENTITY   "identity.json"
#define HOME_KEYS       "keys.sealed"
#define HOME_TLS        "tls.pem"
#define HOME_DB         "client.db"
#define HOME_CHECKPOINT "checkpoint"
#define HOME_AGENT      "agent.sock"
#define HOME_RECEIPTS   "receipts"
#define HOME_JOIN       "join.pending" /* a join that was signed and whose answer has not been seen */

#endif
