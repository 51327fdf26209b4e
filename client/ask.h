/* ask: questions at a terminal, from the table of fields. One question a line; words are chosen by their
 * single key, by the word, or by the number; an empty answer takes what stands in brackets. */
#ifndef CLIENT_ASK_H
#define CLIENT_ASK_H

#include "client/compose.h"

/* Asks what the kind's prompt asks in this lane and nobody has said yet. ERR_NO_TERMINAL at the end of input.
 */
enum err ask_values(struct values *v, enum lane lane, struct why *why);
/* Shows a text and takes Enter for yes, another line for a better text. */
enum err ask_confirm(struct values *v, const char *name, struct why *why);

#endif
