/* answer: the replies of the daemon as JSON: receipts, records, lists. */
#ifndef DAEMON_ANSWER_H
#define DAEMON_ANSWER_H

#include "daemon/job.h"

/* 201 (new) or 200 (there already) with the receipt:
 * {"seq","ref","verdict","lane","rules","receipt","because","consistency"} and, for a consult that is new,
 * "answer". Commit thread only. Frees the job. */
void answer_receipt(struct ledger *l, struct job *j);
/* "roles":[...] */
void answer_roles(roles r, struct buf *out);
const char *decided_name(enum decided d);
/* One entry as a list shows it: an object. `subject` and `operation` come from the content. */
enum err answer_item(struct ledger *l, struct store *store, const struct store_item *item, int64_t now_us,
                     struct buf *out);
/* One entry with everything: {"seq","ref","kind","leaf","disclosures","because","author":{...},"decided"}. */
enum err answer_record(struct ledger *l, struct store *store, const struct store_item *item, struct buf *out);

#endif
