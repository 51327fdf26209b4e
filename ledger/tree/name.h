/* name: what can stand as the name of a key. For this layer's own files. Pure. */
#ifndef LEDGER_TREE_NAME_H
#define LEDGER_TREE_NAME_H

#include "ledger/base/bytes.h"

/* C2SP signed-note: 1 to NOTE_NAME_MAX bytes of UTF-8 without Unicode white space, `+` and C0 controls. */
bool name_valid(struct bytes name);

#endif
