/* lines: where the parts of a pack's YAML stand, for sentences that name them, and the one thing about its
 * texts that libcyaml does not look at: control characters, which can only have come by an escape and which
 * would cut a text short or move a screen. Follows the text as far as it is YAML. Pure. */
#ifndef POLICY_LINES_H
#define POLICY_LINES_H

#include "ledger/base/bytes.h"

enum lines_list { LINES_PARAMETERS, LINES_TERMS, LINES_RULES, LINES_TESTS, LINES_LISTS };
#define LINES_AROUND_MAX 64 /* bytes, the final NUL included */

struct lines;
/* ERR_PACK for a control character other than a line break or a tab. */
enum err lines_new(struct bytes yaml, struct lines **out, struct why *why);
void lines_free(struct lines *l); /* NULL allowed */
/* Of a key at the top ("rules"), or in a mapping there ("lanes.standard"). From 1; 0: it is not there. */
unsigned lines_of_key(const struct lines *l, const char *key);
/* Of the i-th entry of a list. From 1; 0: it is not there. */
unsigned lines_of_entry(const struct lines *l, enum lines_list list, size_t i);
/* What the line belongs to, as a sentence goes on after it: ", rule V01", or "" outside the lists. */
void lines_around(const struct lines *l, unsigned line, char out[LINES_AROUND_MAX]);

#endif
