/* csv: rows of RFC 4180: cells parted by commas, quoted where they hold commas, quotation marks or line ends.
 * What a cell says is text and never a formula. Pure. */
#ifndef CLIENT_CSV_H
#define CLIENT_CSV_H

#include "ledger/base/buf.h"

#define CSV_CELLS_MAX 64
#define CSV_ROW_MAX   65536 /* bytes of a row's cells */

struct csv {
        struct bytes in; /* what is left */
        unsigned line;   /* that it begins on, from 1 */
};
struct csv_row {
        unsigned line; /* that the row begins on */
        size_t n;
        const char *cell[CSV_CELLS_MAX]; /* borrowed from text */
        struct buf text;
};
/* A byte order mark is skipped. */
void csv_init(struct csv *c, struct bytes text);
void csv_row_init(struct csv_row *r);
void csv_row_clear(struct csv_row *r);
/* The next row; empty lines are passed over. ERR_ABSENT at the end; ERR_FORM (a quotation mark out of place
 * or not closed, too many cells), ERR_UTF8, ERR_TOO_LONG with the line in `why`. */
enum err csv_next(struct csv *c, struct csv_row *out, struct why *why);

#endif
