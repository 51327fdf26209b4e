/* receipt: C2SP tlog-proof with the leaf in `extra`: one file and the log's verifier key show, offline, that
 * the ledger acknowledged the entry. */
#ifndef LEDGER_TREE_RECEIPT_H
#define LEDGER_TREE_RECEIPT_H

#include "ledger/tree/note.h"
#include "ledger/tree/tree.h"

#define RECEIPT_LEN_MAX 196608 /* bytes */

struct receipt {
        struct buf leaf; /* decoded `extra`; empty when there is none */
        uint64_t index;
        struct proof proof;
        struct bytes checkpoint; /* the signed note, borrowed from the text */
};
void receipt_init(struct receipt *r);
void receipt_clear(struct receipt *r);
/* leaf may be empty: then no extra line. ERR_PROOF_FORM for a proof of over PROOF_MAX hashes. */
enum err receipt_put(struct buf *out, struct bytes leaf, uint64_t index, const struct proof *proof,
                     struct bytes note);
/* ERR_PROOF_FORM, ERR_NO_MEMORY. `out` was initialised; what it held is cleared. */
enum err receipt_parse(struct bytes text, struct receipt *out);
/* Log signature, origin, leaf hash, inclusion. *out (may be NULL) borrows from the receipt's text.
 * ERR_PROOF_FORM without a leaf. Every byte is covered but the signature lines of others than the log: a
 * witness's is for note_check. */
enum err receipt_check(const struct receipt *r, const struct vkey *log, struct checkpoint *out);

#endif
