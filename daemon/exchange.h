/* exchange: one request on its way from the loop's thread to whoever answers it, and back. Its memory belongs
 * to the loop until on_request has it, to the answerer until exchange_reply, then to the loop again; so the
 * connection may die meanwhile. Private to the listener. */
#ifndef DAEMON_EXCHANGE_H
#define DAEMON_EXCHANGE_H

#include "daemon/http.h"
#include "daemon/mailbox.h"

struct connection;

/* Holds the mailbox, to which the answer goes. `tls_key` may be NULL. NULL: no memory. */
struct exchange *exchange_new(struct mailbox *m, struct connection *c, const struct http_head *head,
                              const struct hash *tls_key);
void exchange_free(struct exchange *x);
/* Room for the head->length bytes of the body, to be filled before on_request. */
uint8_t *exchange_room(struct exchange *x);
struct exchange *exchange_of_letter(struct letter *letter);

/* The connection that asked; NULL when it has gone. The loop's thread only, as the next. */
struct connection *exchange_connection(const struct exchange *x);
void exchange_forget(struct exchange *x);
/* The answer of an exchange that came out of the mailbox. */
struct reply *exchange_answer(struct exchange *x);

#endif
