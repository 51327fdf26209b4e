/* args: the words of a command line, by a table. Pure: nothing is printed. */
#ifndef LEDGER_BASE_ARGS_H
#define LEDGER_BASE_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "ledger/base/err.h"

/* `--name VALUE` or `--name=VALUE` sets *text; a row with `flag` instead takes no value. A row with `list`
 * may be given up to list_max times. */
struct arg {
        const char *name; /* "data", without dashes */
        const char **text;
        bool *flag;
        const char **list;
        size_t list_max;
        size_t *list_n;
};

#define ARGS_WORDS_MAX 4096
struct args {
        size_t words_n;
        const char *words[ARGS_WORDS_MAX]; /* what is no option, in order */
};
/* argv[0] is not looked at. "--" ends the options; a single "-" is a word. The table ends with name NULL.
 * ERR_USE with the word in why: unknown, without its value, given twice. */
enum err args_parse(int argc, char **argv, const struct arg table[], struct args *out, struct why *why);

#endif
