/* keeper: the process that alone holds the log key. Forked before any thread; under a seccomp list; its only
 * file is the inherited descriptor of its note (FORMAT.md section 10). It extends its own frontier by the
 * leaf hashes it is handed, writes (size, root) to its note, and signs; it signs nothing that does not extend
 * what it signed before. DESIGN section 4. */
#ifndef DAEMON_KEEPER_H
#define DAEMON_KEEPER_H

#include "ledger/crypto/secret.h"
#include "ledger/tree/note.h"
#include "ledger/tree/tree.h"

#define KEEPER_BATCH_MAX 4096 /* leaf hashes of one call */

/* A new note file (mode 0600, must not exist) that says: size 1, root = genesis leaf hash. */
enum err keeper_note_create(const char *path, const struct hash *genesis);

struct keeper;
/* Forks. `seed` (32 bytes) is copied into the child's secret memory and may be freed by the caller
 * afterwards. Takes a lock on the note (ERR_LOCKED: another keeper still has it after two seconds). ERR_FORM:
 * the note is damaged in both slots. */
enum err keeper_start(const char *note_path, const char *origin, struct bytes seed, struct keeper **out,
                      struct why *why);
/* What the note says. */
enum err keeper_state(struct keeper *k, uint64_t *out_size, struct hash *out_root);
/* Gives it the frontier at the size of its note; it must fold to the note's root (ERR_KEEPER otherwise).
 * First call. */
enum err keeper_adopt(struct keeper *k, const struct frontier *frontier);
/* Extends by n (1 to KEEPER_BATCH_MAX) leaf hashes and appends the signed checkpoint of the new size. */
enum err keeper_extend(struct keeper *k, size_t n, const struct hash *leaf_hash, struct buf *out_note);
/* Signs the present size again (at start). */
enum err keeper_sign_again(struct keeper *k, struct buf *out_note);
/* The note on disk; each second, before each witness request, at stop. */
enum err keeper_sync(struct keeper *k);
/* Syncs, ends the child and waits for it. */
void keeper_stop(struct keeper *k);

#endif
