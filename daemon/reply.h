/* reply: what goes back, as bytes: the head of a response, and problem documents (RFC 9457). Pure. Private to
 * the listener; struct reply and problem_put are in listener.h. */
#ifndef DAEMON_REPLY_H
#define DAEMON_REPLY_H

#include "daemon/listener.h"

#define REPLY_HEAD_MAX 512 /* bytes */

/* Status line and headers with the empty line. `closing`: nothing more is taken on this connection. */
void reply_head_put(struct buf *out, const struct reply *reply, bool closing);
/* A problem document with its status. Its body is empty when there is no memory for it. */
void reply_of_problem(enum err e, const char *detail, const char *members, struct reply *out);

#endif
