/* query: what a reader asks with a signed consult: its class and query are fields of the statement. Run by a
 * worker before the entry is committed, so that the entry can say what was shown; sent only afterwards.
 * DESIGN section 6. */
#ifndef DAEMON_QUERY_H
#define DAEMON_QUERY_H

#include "daemon/worker.h"

/* Fills j->answer (`,"answer":{...}`), j->class, j->shown_n and j->shown. ERR_ROLE when the reader may not.
 */
enum err query_run(struct worker *w, struct job *j);
/* The digest of no record at all: what a refused consult was shown. */
enum err query_shown_nothing(struct hash *out);

#endif
