/* adopt: a policy pack on its way into force. A worker loads it and runs its own cases, which takes time,
 * before the statement is queued; the commit thread then needs only the texts. */
#ifndef DAEMON_ADOPT_H
#define DAEMON_ADOPT_H

#include "daemon/worker.h"

/* For a `policy` statement that adopts, of somebody whose role may: that the pack and those it lies over are
 * at hand (ERR_ANNEX), load (ERR_PACK, ERR_RULE), and do what their cases say (ERR_PACK_TESTS); notes the
 * texts in the job. Other statements pass. Worker's thread. */
enum err adopt_examine(struct worker *w, struct job *j);
/* That the job's pack was examined and its texts are still at hand (ERR_ANNEX). Commit thread, as the next.
 */
enum err adopt_check(struct ledger *l, struct job *j);
/* The texts go into the file with the entry that names them. After adopt_check. */
enum err adopt_store(struct ledger *l, struct job *j);

#endif
