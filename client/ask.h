/* ask: questions at a terminal, from the table of fields. One question a line; words are chosen by their
 * single key, by the word, or by the number; an empty answer takes what stands in brackets. */
#ifndef CLIENT_ASK_H
#define CLIENT_ASK_H

#include "client/compose.h"

/* Asks what the kind's prompt asks up to this lane and nobody has said yet: what the quick lane asks until it
 * is answered, lists and what lies above it with Enter for nothing. ERR_NO_TERMINAL at the end of input. */
enum err ask_values(struct values *v, enum lane lane, struct why *why);
/* The same for the lanes above one and up to another, also where only a default was put in: Enter takes it,
 * and it is the person's own from then on. */
enum err ask_lane(struct values *v, enum lane above, enum lane lane, struct why *why);
/* One field, until it is answered. */
enum err ask_one(struct values *v, const char *name, struct why *why);
/* Shows a warning; *out_yes: it was acknowledged by its key. */
enum err ask_acknowledge(const char *warning, bool *out_yes, struct why *why);
/* Shows a text and takes Enter for yes, another line for a better text. */
enum err ask_confirm(struct values *v, const char *name, struct why *why);

#endif
