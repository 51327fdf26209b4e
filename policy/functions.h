/* functions: what the expression language adds to SQLite's own functions. Pure; has and says_only
 * are NULL where an argument is.
 *
 *      has(list, word)         1 when the list (a JSON array, or words parted by commas) has the word, else 0
 *      size(list)              how many elements the list, a JSON array, has; 0 for NULL
 *      says_only(text, words)  1 when each word of the text, articles and the like apart, is one of
 *                              the words, and there is one; else 0
 *      plain(x)                x: no word of the language, see expression.c */
#ifndef POLICY_FUNCTIONS_H
#define POLICY_FUNCTIONS_H

#include <sqlite3.h>

#include "ledger/base/err.h"

enum err functions_register(sqlite3 *db); /* ERR_DB, ERR_NO_MEMORY */

#endif
