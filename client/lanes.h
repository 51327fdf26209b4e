/* lanes: which questions an enquiry or a look is asked. The lane is the policy's: before sending it is judged
 * with the policy that the folder keeps, afterwards it is what the ledger says. */
#ifndef CLIENT_LANES_H
#define CLIENT_LANES_H

#include "client/command.h"
#include "client/compose.h"

/* At a terminal, after the quick questions: asks those of the lane, says in one line why it is that lane, and
 * has warnings acknowledged. `floor`: the lane of the enquiry that a look closes, LANE_QUICK else; what such
 * a look leaves out is not known here, so its warnings are left to the ledger. Without a kept policy only
 * `floor` counts. */
enum err lanes_ask(struct session *s, struct values *v, enum lane floor);
/* Adds "missing" to what a command prints: what the lane in the answer asks for and nobody said. Takes and
 * gives back `extra`. */
json_t *lanes_extra(const struct values *v, const struct outcome *o, json_t *extra);

#endif
