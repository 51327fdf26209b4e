/* fetch: entries asked of the ledger by a signed consult, opened and checked on this side. */
#ifndef CLIENT_FETCH_H
#define CLIENT_FETCH_H

#include "client/command.h"
#include "client/record.h"

/* The entry of a reference as the daemon shows it now. */
enum err fetch_entry(struct session *s, const char *ref, struct record *out);
/* Each record of an answer is given to `each`, oldest first; what is given is cleared afterwards. */
enum err fetch_each(struct session *s, const json_t *records,
                    enum err (*each)(void *self, const struct record *r, struct why *why), void *self);
/* All entries of a kind that the reader may see, whole, as a list of records newest first; the caller's. */
enum err fetch_whole(struct session *s, enum kind kind, json_t **out_records);

#endif
