/* ask: the statements that the store keeps prepared, and one way to use them: open, put the parameters in
 * order, step, close. Puts are sticky, as a buf's are: the step reports the first that failed. */
#ifndef LEDGER_STORE_ASK_H
#define LEDGER_STORE_ASK_H

#include "ledger/store/database.h"

enum ask_name {
        ASK_BEGIN,
        ASK_SNAPSHOT,
        ASK_COMMIT,
        ASK_ROLLBACK,
        ASK_LAST_SEQ,
        ASK_LEAF,
        ASK_LEAF_HASHES,
        ASK_TILE_HASHES,
        ASK_TILE_ROOTS,
        ASK_CHECKPOINTS,
        ASK_LAST_CHECKPOINT,
        ASK_ANNEX,
        ASK_ANNEXES,
        ASK_CONTENT,
        ASK_RESIDUE,
        ASK_BECAUSE,
        ASK_STATEMENT,
        ASK_KEY_N,
        ASK_ITEM,
        ASK_ABOUT,
        ASK_INTENTS_SINCE,
        ASK_INTENTS_OPEN,
        ASK_VIEWS,
        ASK_TIED,
        ASK_TIE,
        ASK_SKETCHES,
        ASK_TOLD,
        ASK_PUT_ENTRY,
        ASK_PUT_TILE_ROOT,
        ASK_PUT_CHECKPOINT,
        ASK_STAMP_CHECKPOINTS,
        ASK_THIN_CHECKPOINTS,
        ASK_PUT_ANNEX,
        ASK_PUT_CONTENT,
        ASK_PUT_CONTENT_KEY,
        ASK_PUT_RESIDUE,
        ASK_PUT_BECAUSE,
        ASK_PUT_SUBJECT,
        ASK_PUT_TIE,
        ASK_PUT_SKETCH,
        ASK_PUT_TOLD,
        ASK_PUT_STATEMENT,
        ASK_PUT_KEY_N,
        ASK_PUT_ITEM,
        ASK_SET_DECIDED,
        ASK_SET_CLOSED,
        ASK_COUNT
};

/* Statements by name, made when first asked; the owner of the connection owns them. */
struct ask_kept {
        sqlite3_stmt *at[ASK_COUNT];
};
void ask_clear(struct ask_kept *kept);

struct ask {
        sqlite3_stmt *at; /* borrowed */
        int next;         /* parameter, from 1 */
        enum err failed;
};
struct ask ask_open(sqlite3 *db, struct ask_kept *kept, enum ask_name name);
/* Any statement, kept in *slot. */
struct ask ask_open_text(sqlite3 *db, sqlite3_stmt **slot, const char *sql);
void ask_put_int(struct ask *a, int64_t v);
void ask_put_u64(struct ask *a, uint64_t v);       /* ERR_TOO_LONG over INT64_MAX */
void ask_put_seq(struct ask *a, uint64_t v);       /* SEQ_NONE: NULL */
void ask_put_upto(struct ask *a, uint64_t v);      /* a limit: INT64_MAX stands for all above it */
void ask_put_bytes(struct ask *a, struct bytes v); /* borrowed until ask_close; empty is an empty blob */
void ask_put_text(struct ask *a, const char *v);   /* borrowed until ask_close */
void ask_put_null(struct ask *a);
/* The next row, in columns. */
enum err ask_row(struct ask *a, bool *out_there);
/* For statements without rows. */
enum err ask_run(struct ask *a);
void ask_close(struct ask *a);

/* Columns of the row at hand: any type as bytes, valid until the next step. */
struct bytes ask_bytes(const struct ask *a, int column);
int64_t ask_int(const struct ask *a, int column);
bool ask_is_null(const struct ask *a, int column);

#endif
