/* persona: the register of personas: one at a time, or taken over from a list that an organisation has
 * already. */
#ifndef CLIENT_PERSONA_H
#define CLIENT_PERSONA_H

#include "client/compose.h"
#include "client/known.h"

#define IMPORT_MAX      10000      /* personas of one file */
#define IMPORT_TEXT_MAX (8u << 20) /* bytes of it */

/* One persona of a file, read and checked. */
struct import_row {
        unsigned line; /* of the CSV; of a JSON list the place in it, from 1 */
        char *ref;     /* owned */
        struct values values;
};
struct import {
        size_t n;
        struct import_row *row; /* owned */
        bool is_json;
};
/* Reads all of it and checks each row, so that nothing is sent of a file that has a bad one: ERR_FIELD_...,
 * ERR_FORM, ERR_FILE_FORM with "line 3: ..." in `why`. A reference that stands twice is a bad row. */
enum err import_read(const char *path, struct import *out, struct why *why);
void import_clear(struct import *i);

/* One signed entry; refs of an assignment or a lapse are set. */
enum err persona_submit(struct session *s, struct values *v, enum act act, const struct hash *about,
                        struct outcome *out);

#endif
