/* spine: reading the public part: checkpoint, tiles, proofs, annexes. No personal data, so no consult; C2SP
 * tlog-tiles. */
#ifndef DAEMON_SPINE_H
#define DAEMON_SPINE_H

#include "daemon/worker.h"

void spine_checkpoint(struct worker *w, struct exchange *x, const char *rest);
void spine_checkpoints(struct worker *w, struct exchange *x, const char *rest);
void spine_consistency(struct worker *w, struct exchange *x, const char *rest);
void spine_receipt(struct worker *w, struct exchange *x, const char *rest);
void spine_annex(struct worker *w, struct exchange *x, const char *rest);
void spine_annexes(struct worker *w, struct exchange *x, const char *rest);
void spine_tile(struct worker *w, struct exchange *x, const char *rest);

#endif
