/* keeper_note: the note on disk, FORMAT.md section 10: two slots written in turn, so that a write which a
 * power cut tore leaves the one before. Allocates nothing: the keeper's process writes it under its filter.
 * Private to the keeper. */
#ifndef DAEMON_KEEPER_NOTE_H
#define DAEMON_KEEPER_NOTE_H

#include "ledger/crypto/hash.h"

#define KEEPER_SLOT_LEN 112
#define KEEPER_SLOTS    2

struct keeper_note {
        uint64_t count; /* of writes; it says which slot is the newer and where the next goes */
        uint64_t size;  /* leaves */
        struct hash root;
};

/* The newest valid slot. ERR_FORM: neither is, or the file has another length. ERR_IO. */
enum err keeper_note_read(int fd, struct keeper_note *out);
/* Writes the slot of note->count. Not synced. */
enum err keeper_note_write(int fd, const struct keeper_note *note);

#endif
