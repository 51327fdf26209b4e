/* note: C2SP signed-note and tlog-checkpoint, with Ed25519 signatures (type 0x01) and timestamped
 * cosignatures (type 0x04). A note is text, an empty line, and signature lines. Pure. */
#ifndef LEDGER_TREE_NOTE_H
#define LEDGER_TREE_NOTE_H

#include "ledger/crypto/sign.h"

#define NOTE_NAME_MAX       255   /* bytes of a key name or origin */
#define NOTE_LEN_MAX        65536 /* bytes of a note */
#define NOTE_SIGNATURES_MAX 100
#define NOTE_ED25519        0x01
#define NOTE_COSIGNATURE    0x04

/* A verifier key: name+hex8(id)+base64(type || key). */
struct vkey {
        char name[NOTE_NAME_MAX + 1];
        uint32_t id;
        uint8_t type; /* NOTE_ED25519 or NOTE_COSIGNATURE */
        struct public_key key;
};
enum err vkey_of(const char *name, uint8_t type, const struct public_key *key,
                 struct vkey *out);                       /* ERR_VKEY */
enum err vkey_parse(struct bytes text, struct vkey *out); /* recomputes the id; ERR_VKEY */
void vkey_put(struct buf *out, const struct vkey *v);
/* An origin that can be used: 1 to NOTE_NAME_MAX bytes of UTF-8, no white space, `+`, `#`, `"`, `\`,
 * controls. */
bool origin_valid(struct bytes origin);

/* Splits at the last empty line and checks the shape of every signature line, of whatever type; *out_text
 * ends in LF. ERR_NOTE, ERR_NO_MEMORY. */
enum err note_split(struct bytes note, struct bytes *out_text, struct bytes *out_signatures);
/* OK when a signature by exactly this (name, id) is there and fits. ERR_NOTE_KEY: none is there;
 * ERR_NOTE_SIGNATURE: it does not fit, or it is there more than once and one does not. For NOTE_COSIGNATURE
 * *out_time is set (POSIX seconds, the latest if there are several); out_time may be NULL. */
enum err note_check(struct bytes note, const struct vkey *key, uint64_t *out_time);
/* Appends text, an empty line and the signature line of `signer` under `name`. The text is UTF-8, ends in LF
 * and has no other control below U+0020, else ERR_NOTE; ERR_VKEY for a name that cannot be; what the signer
 * returns. */
enum err note_sign(struct bytes text, const char *name, struct signer signer, struct buf *out);
/* Appends one signature line only: type NOTE_ED25519 over the text. */
enum err note_signature_put(const char *name, const struct public_key *key, const struct sig *sig,
                            struct buf *out);
/* A witness's line over the checkpoint text (else ERR_CHECKPOINT) at `time`, 1 to INT64_MAX (else ERR_TIME).
 */
enum err note_cosign(struct bytes text, const char *name, struct signer signer, uint64_t time,
                     struct buf *out);

struct checkpoint {
        struct bytes origin; /* borrowed from the text */
        uint64_t size;
        struct hash root;
        struct bytes extensions; /* lines after the third; empty for ours */
};
void checkpoint_put(struct buf *out, const char *origin, uint64_t size, const struct hash *root);
enum err checkpoint_parse(struct bytes text,
                          struct checkpoint *out); /* ERR_CHECKPOINT; of size 0: the empty root only */
/* Splits, checks the log's signature (`log` is of type NOTE_ED25519, else ERR_VKEY) and that the origin is
 * the key's name (ERR_ORIGIN). Other signatures on the note are looked at for their shape only. */
enum err checkpoint_open(struct bytes note, const struct vkey *log, struct checkpoint *out);

#endif
