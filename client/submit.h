/* submit: the way of a statement out of this folder: numbered, signed, on our disk, sent, its receipt checked
 * and kept. Without the daemon it stays in the outbox and goes with the next command. DESIGN sections 3.1
 * and 7. */
#ifndef CLIENT_SUBMIT_H
#define CLIENT_SUBMIT_H

#include <jansson.h>

#include "client/session.h"

#define SHORT_REFERENCE_MAX 64

struct draft {
        struct statement statement; /* kind, refs and claims are set; the rest is filled in */
        struct body *body;
        const char *subject; /* of an intent: platform:account, kept sealed until it is closed */
        uint64_t closes;     /* of an activity: n of our intent; 0: none */
};
struct outcome {
        bool queued; /* signed, in the outbox */
        uint64_t n;
        struct hash st;
        char ref[SHORT_REFERENCE_MAX];
        char jti[UUID_TEXT_LEN + 1];
        char receipt[HOME_PATH_MAX];
        json_t *reply; /* the daemon's receipt object; owned; NULL when queued */
};
void outcome_clear(struct outcome *o);

/* Signs and sends, the outbox first. ERR_AWAY and the like become queued = true and OK; a refusal is the
 * refusal's error and the statement is no entry. */
enum err submit(struct session *s, struct draft *d, struct outcome *out);
/* A reader's signed consult; the answer is inside out->reply ("answer"). Never queued: ERR_AWAY. */
enum err submit_consult(struct session *s, struct draft *d, struct outcome *out);
/* Sends what waits; *out_sent have their receipt now. OK also when nothing waited. */
enum err submit_flush(struct session *s, uint64_t *out_sent);

/* Checks a receipt object against the statement it is for, believes its checkpoint, writes the receipt file.
 * Used by enrol as well. `path` gets the file's path. */
enum err submit_check_reply(struct session *s, const json_t *reply, struct bytes jws, const char *ref,
                            char path[HOME_PATH_MAX], struct leaf *out_leaf, struct buf *leaf_text);

#endif
