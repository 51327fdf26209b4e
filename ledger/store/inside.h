/* inside: what the files of the store share. */
#ifndef LEDGER_STORE_INSIDE_H
#define LEDGER_STORE_INSIDE_H

#include "ledger/crypto/seal.h"
#include "ledger/store/ask.h"
#include "ledger/store/guard.h"
#include "ledger/store/store.h"

#define INSIDE_LISTS 512 /* shapes of a filter, see list.c */

struct store {
        sqlite3 *db;
        enum database_mode mode;
        bool content;                  /* its tables are there */
        bool writing;                  /* checked and settled: it is ours to write to */
        const struct store_keys *keys; /* borrowed; may be NULL */
        struct guard guard;
        struct ask_kept kept;
        sqlite3_stmt *lists[INSIDE_LISTS];
        uint32_t wal_pages;       /* after the last commit */
        struct store_view *views; /* the newest of a range, before they are given oldest first; may be NULL */
        size_t views_room;
};

struct store_keys {
        struct secret wrap, residue, because, subject, likeness;
};

static inline struct ask inside_ask(struct store *s, enum ask_name name)
{
        return ask_open(s->db, &s->kept, name);
}
/* Several reads of one call see one state of the file. Nothing to do inside a batch. */
enum err inside_hold(struct store *s, bool *out_held);
void inside_let(struct store *s, bool held);
/* Whether a batch is open: after a failure SQLite may have ended it by itself, and what follows must not
 * commit alone. */
enum err inside_check_batch(struct store *s);
/* Seals and stores what stands beside an entry. content.c */
enum err inside_put_sealed(struct store *s, const struct store_entry *entry);
/* Seals and stores the sketch of what the author typed, if there is one. content.c */
enum err inside_put_sketch(struct store *s, const struct store_entry *entry, struct buf *sealed);
/* Stores the row of the subject, if the entry has one. views.c */
enum err inside_put_subject(struct store *s, const struct store_entry *entry);
/* Stores the index rows and the item. list.c */
enum err inside_put_found(struct store *s, const struct store_entry *entry);

#endif
