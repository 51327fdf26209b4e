/* sdjwt_tree: JSON as a tree that disclosures are grafted onto. Reads any valid JSON (RFC 8259) but duplicate
 * members, NUL, lone surrogates, invalid UTF-8 and what nests deeper than JSON_DEPTH_MAX; writes without
 * white space. Private to sdjwt. Pure. */
#ifndef LEDGER_RECORD_SDJWT_TREE_H
#define LEDGER_RECORD_SDJWT_TREE_H

#include "ledger/base/json.h"

struct sdjwt_node {
        enum json_form type;             /* JSON_IS_INT: any number */
        struct bytes name;               /* of a member of an object, unescaped */
        struct bytes text;               /* of a string, unescaped; of a number, as it was written */
        struct sdjwt_node *child, *next; /* of an array or object, in order */
        size_t count;                    /* of children */
};

/* Owns all nodes and their texts. */
struct sdjwt_tree {
        struct sdjwt_block *blocks;
};
void sdjwt_tree_init(struct sdjwt_tree *t);
void sdjwt_tree_clear(struct sdjwt_tree *t); /* wipes: the texts may be content */

/* Reads one whole value; nothing of `text` is borrowed. ERR_JSON, ERR_NO_MEMORY. */
enum err sdjwt_tree_read(struct sdjwt_tree *t, struct bytes text, struct sdjwt_node **out);
/* ERR_TOO_LONG, ERR_NO_MEMORY; nothing is appended then. Whoever grafts bounds the depth. */
enum err sdjwt_tree_put(struct buf *out, const struct sdjwt_node *node);

struct sdjwt_node *sdjwt_tree_member(const struct sdjwt_node *object, const char *name); /* NULL: none */
struct sdjwt_node *sdjwt_tree_named(const struct sdjwt_node *object, struct bytes name); /* NULL: none */
void sdjwt_tree_append(struct sdjwt_node *container, struct sdjwt_node *child);
/* Takes a child out; it must be there. */
void sdjwt_tree_remove(struct sdjwt_node *container, const struct sdjwt_node *child);

#endif
