/* words: the texts of a field that is a list of texts, one after the other. Pure. */
#ifndef POLICY_WORDS_H
#define POLICY_WORDS_H

#include "ledger/record/body.h"

struct words {
        struct bytes at;
        struct buf text;
        const char *name; /* borrowed */
        struct why *why;  /* borrowed; may be NULL */
};

/* The list is empty where the body has no such field, or it was erased. ERR_FIELD_VALUE, naming it, when it
 * is not a list. words_clear also after an error. */
enum err words_init(struct words *w, const struct body *b, const char *name, struct why *why);
void words_clear(struct words *w);
/* The next text, unescaped, without white space around it; empty ones are passed over. It lasts until the
 * next call. *out_done: there was none left. ERR_FIELD_VALUE when an element is no text. */
enum err words_next(struct words *w, struct bytes *out, bool *out_done);

/* A text without white space around it. */
struct bytes words_trim(struct bytes text);
/* Equal but for upper and lower case (ASCII). */
bool words_same(struct bytes a, struct bytes b);
/* The unescaped text of a string field, trimmed; empty when there is none. Borrowed from the body or, where
 * something was escaped, from scratch, which is given its whole max at once. */
enum err words_of_field(const struct body *b, const char *name, struct buf *scratch, struct bytes *out);

#endif
