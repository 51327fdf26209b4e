/* command: the words of `enquiry`, one file each, and what they share. A command prints its answer on
 * standard output (one JSON object a line with --json), its complaint on standard error (one sentence and its
 * code), and gives the exit status. */
#ifndef CLIENT_COMMAND_H
#define CLIENT_COMMAND_H

#include <jansson.h>

#include "client/session.h"
#include "client/submit.h"
#include "ledger/base/args.h"

int command_agent(struct session *s, int argc, char **argv);
int command_amend(struct session *s, int argc, char **argv);
int command_authority(struct session *s, int argc, char **argv);
int command_combine(struct session *s, int argc, char **argv);
int command_decide(struct session *s, int argc, char **argv);
int command_digest(struct session *s, int argc, char **argv);
int command_done(struct session *s, int argc, char **argv);
int command_enrol(struct session *s, int argc, char **argv);
int command_export(struct session *s, int argc, char **argv);
int command_fields(struct session *s, int argc, char **argv);
int command_invite(struct session *s, int argc, char **argv);
int command_list(struct session *s, int argc, char **argv);
int command_log(struct session *s, int argc, char **argv);
int command_member(struct session *s, int argc, char **argv);
int command_members(struct session *s, int argc, char **argv);
int command_operation(struct session *s, int argc, char **argv);
int command_persona(struct session *s, int argc, char **argv);
int command_policy(struct session *s, int argc, char **argv);
int command_queue(struct session *s, int argc, char **argv);
int command_receipts(struct session *s, int argc, char **argv);
int command_send(struct session *s, int argc, char **argv);
int command_show(struct session *s, int argc, char **argv);
int command_subject(struct session *s, int argc, char **argv);
int command_verify(struct session *s, int argc, char **argv);
int command_whoami(struct session *s, int argc, char **argv);

/* args_parse with the options that every command has: --home, --json, --passphrase-file. */
enum err command_args(struct session *s, int argc, char **argv, const struct arg table[], struct args *out);
/* "enquiry: SENTENCE (CODE) detail" on standard error; the exit status of the error. */
int command_fail(struct session *s, enum err e);
/* One line of compact JSON on standard output; takes the object. */
void command_json(json_t *object);
/* Accepted or flagged 0, waiting 3, refused 4. */
int command_exit_of(const char *verdict);
/* What every signed entry prints: {"seq","ref","jti","verdict","lane","rules",...,"receipt"}, or
 * {"queued":true,...}; in words without --json. `extra` (may be NULL) is merged in and taken. The exit
 * status. */
int command_outcome(struct session *s, const struct outcome *o, const char *what, json_t *extra);
/* A terminal is there to ask at, and --json was not given. */
bool command_interactive(const struct session *s);

/* Asks the ledger with a signed consult. `query` is taken. *out_answer is owned by the caller. */
enum err consult(struct session *s, const char *class, json_t *query, json_t **out_answer);

#endif
