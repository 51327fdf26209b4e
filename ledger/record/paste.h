/* paste: what comes along when people copy an address out of a sentence, a message or a letter. Pure. */
#ifndef LEDGER_RECORD_PASTE_H
#define LEDGER_RECORD_PASTE_H

#include "ledger/base/bytes.h"

/* Without white space, invisible characters, quotation marks and brackets around it, and without the
 * punctuation of a sentence at its end. A bracket that belongs to the address stays:
 * `example.org/John_(actor)`. */
struct bytes paste_trim(struct bytes text);
/* Ends in an ellipsis: somebody's screen had no room for the rest. */
bool paste_is_cut(struct bytes text);

#endif
