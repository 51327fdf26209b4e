/* tables: the statements of schema/ledger.sql, and whether a file has what they make. Knows SQLite, not the
 * store. */
#ifndef LEDGER_STORE_TABLES_H
#define LEDGER_STORE_TABLES_H

#include "ledger/store/database.h"

enum tables { TABLES_ALL, TABLES_SPINE /* an export: no triggers, no content */ };

/* Makes the tables and marks the file as a ledger, in one transaction. */
enum err tables_make(sqlite3 *db, enum tables which);
/* The mark: ERR_NOT_LEDGER, ERR_LEDGER_VERSION. */
enum err tables_check_mark(sqlite3 *db);
/* Every statement of the schema is there as it was written, triggers included, and nothing else.
 * ERR_NOT_LEDGER. */
enum err tables_check_exact(sqlite3 *db, enum tables which);
/* For files that others may have had in their hands: the tables are plain tables with the columns that are
 * read, so that no view, virtual table or generated column runs anything. *out_content: those of the content
 * are there too. */
enum err tables_check_readable(sqlite3 *db, bool *out_content);

#endif
