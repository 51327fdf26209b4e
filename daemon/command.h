/* command: the words of enquiryd. Each prints its answer on standard output, its complaint (one sentence and
 * a code) on standard error, and gives the exit status. */
#ifndef DAEMON_COMMAND_H
#define DAEMON_COMMAND_H

#include "ledger/base/err.h"

int command_init(int argc, char **argv);
int command_run(int argc, char **argv);
int command_check(int argc, char **argv);

/* "enquiryd: SENTENCE (CODE) detail" on standard error; the exit status of the error. */
int command_fail(enum err e, const struct why *why);

#endif
