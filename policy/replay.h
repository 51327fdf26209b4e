/* replay: the ledger judged again, entry by entry, under the pack that was in force at each: does every
 * verdict, lane and list of hits follow from the pack and from what the ledger held then? Where content is
 * there the facts are made again from the entries before; after an ordered erasure what is left is compared,
 * and what cannot be told is said. Nothing derived is trusted: only leaves, fields, reasons and annexes are
 * read. One pass; some 250 bytes of memory an enquiry about an account of its own, 100 any other entry, 24 a
 * further look at an account, 11 KiB a member who types. That an entry names the pack in force, was signed,
 * and may follow the one before is the verifier's to say (ledger/verify). DESIGN section 5. */
#ifndef POLICY_REPLAY_H
#define POLICY_REPLAY_H

#include "ledger/store/store.h"
#include "policy/scene.h"

enum replay_fault {
        REPLAY_VERDICT,    /* the verdict does not follow from the hits, or not from the facts */
        REPLAY_HITS,       /* other rules speak than the ledger says */
        REPLAY_FACTS,      /* the ledger was told other facts than it held */
        REPLAY_PACK,       /* the pack in force is not there, or does not load */
        REPLAY_CANNOT_TELL /* a damaged entry before may be why; said once */
};
struct replay_finding {
        uint64_t seq;
        enum replay_fault fault;
        char sentence[200];
};
struct replay_report {
        uint64_t entries; /* judged by a pack */
        uint64_t whole;   /* facts made again and all the same */
        uint64_t partly;  /* content erased: only what is left was compared */
        uint64_t untold;  /* nothing could be told: no pack, no reasons, or of another engine */
        uint64_t faults;
};
/* Reads s from the first entry to the last; needs its content keys (ERR_SEALED). A finding an entry, mostly:
 * what follows from a false fact is not told again. Progress by `each_finding` and, where not NULL,
 * `progress`. Errors: those of the store, ERR_NO_MEMORY. */
enum err replay_run(struct store *s, void (*each_finding)(void *self, const struct replay_finding *f),
                    void (*progress)(void *self, uint64_t done, uint64_t size), void *self,
                    struct replay_report *out, struct why *why);

#endif
