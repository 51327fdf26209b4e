/* replay_verify: a replay's findings among those of the verifier, and what is said of it in one line. */
#ifndef POLICY_REPLAY_VERIFY_H
#define POLICY_REPLAY_VERIFY_H

#include "ledger/verify/verify.h"
#include "policy/replay.h"

/* replay_run over s, whose keys are at hand, into v as VER-27 to VER-30. Keys that open nothing are a
 * finding, not an error. */
enum err replay_verify(struct verification *v, struct store *s,
                       void (*progress)(void *self, uint64_t done, uint64_t size), struct replay_report *out,
                       struct why *why);
/* "verdicts: 1,234 judged again, all follow; 3 only in part (erased)" */
#define REPLAY_SENTENCE_MAX 200 /* bytes */
void replay_sentence(const struct replay_report *report, char out[REPLAY_SENTENCE_MAX]);

#endif
