/* operation: what an enquiry is made for. Opened once; its fields become the defaults of the enquiries under
 * it, kept sealed in the own store. */
#ifndef CLIENT_OPERATION_H
#define CLIENT_OPERATION_H

#include "client/command.h"
#include "client/flags.h"

/* The operation of that name: from the own store, else asked of the ledger and kept. *out_fields is an object
 * of field values (owned by the caller). ERR_OPERATION; ERR_AWAY when it is not known here and the daemon
 * cannot be reached. */
enum err operation_find(struct session *s, const char *name, struct hash *out_st, json_t **out_fields);
/* The operation last used or opened; ERR_OPERATION when there is none. */
enum err operation_in_use(struct session *s, struct buf *out_name);

#endif
