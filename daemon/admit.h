/* admit: what happens to one statement inside a batch: does it follow its key's chain, may this member say
 * it, what does the policy say; then its leaf. Commit thread only, in commit order, inside the batch's
 * transaction. */
#ifndef DAEMON_ADMIT_H
#define DAEMON_ADMIT_H

#include "daemon/job.h"

/* Either appends the entry (j->appended), or finds it there already (j->repeated), or says why not (j->error;
 * nothing is changed). An error is returned only when the batch as a whole must be given up. */
enum err admit(struct ledger *l, struct job *j);
/* Takes back what admit changed outside the transaction. */
void admit_undo(struct ledger *l, struct job *j);

#endif
