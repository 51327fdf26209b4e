/* flags: every field of a kind as an option: `--purpose-code trace-suspect`, and the short forms that the
 * commands promise. */
#ifndef CLIENT_FLAGS_H
#define CLIENT_FLAGS_H

#include "client/command.h"
#include "client/compose.h"

struct flags {
        const char *from;   /* --from FILE.json */
        const char *looked; /* --looked RESULT */
        const char *seen;   /* --seen DIGEST */
};
/* Reads options and FILE.json into the values: what is typed wins over the file. */
enum err flags_parse(struct session *s, int argc, char **argv, struct values *v, struct flags *out,
                     struct args *args);

#endif
