/* invite: the text that an administrator hands to a newcomer. FORMAT.md section 9. */
#ifndef LEDGER_RECORD_INVITE_H
#define LEDGER_RECORD_INVITE_H

#include "ledger/record/statement.h"

#define INVITE_PREFIX "enquiry-invite1."
#define INVITE_MAX    4096 /* bytes of the text */
#define ADDRESS_MAX   255  /* bytes */

struct invite {
        char address[ADDRESS_MAX + 1]; /* host:port */
        char origin[ORIGIN_MAX + 1];
        struct hash genesis; /* leaf hash of seq 0 */
        char vkey[VKEY_TEXT_MAX + 1];
        struct hash server; /* SPKI hash of the server's TLS key */
        struct member_id member;
        struct secret seed; /* SEED_LEN; the invite key */
        int64_t expires;
};
enum err invite_put(struct buf *out, const struct invite *in);
/* ERR_INVITE_FORM. White space at the ends is forgiven (it is pasted). */
enum err invite_parse(struct bytes text, struct invite *out);
void invite_clear(struct invite *in);

#endif
