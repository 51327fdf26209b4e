/* receipts: the receipts that this folder keeps, one file each. */
#ifndef CLIENT_RECEIPTS_H
#define CLIENT_RECEIPTS_H

#include "client/home.h"

enum err receipts_each(const struct home *h,
                       enum err (*each)(void *self, const char *name, const char *path, struct bytes text),
                       void *self);

#endif
