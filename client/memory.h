/* memory: the client's own store, client.db (SQLite, synchronous=FULL): every statement of this key in its
 * order, whether it has its receipt, and what is needed again (operations in use). Texts are sealed under the
 * keystore's store key; after a receipt the disclosures of a statement are deleted, but those of operations
 * in use. */
#ifndef CLIENT_MEMORY_H
#define CLIENT_MEMORY_H

#include "client/home.h"
#include "ledger/record/leaf.h"

struct memory;
enum err memory_open(const struct home *h, struct bytes store_key, struct memory **out, struct why *why);
void memory_close(struct memory *m);

enum memory_state { MEMORY_SIGNED, MEMORY_ACCEPTED };
struct memory_row {
        uint64_t n;
        enum kind kind;
        struct hash st;
        enum memory_state state;
        bool consults; /* goes to /v1/consult */
        uint64_t seq;  /* accepted */
        enum verdict verdict;
        int64_t made_at_us;
        uint64_t closes;            /* n of the intent that this activity closes, 0: none */
        char platform_account[300]; /* of an intent: what was looked at, for `done` to name; opened from its
                                       seal */
};
/* The head of the chain: number and hash of the last statement, 0 and zeros before the first. */
enum err memory_head(struct memory *m, uint64_t *out_n, struct hash *out_st);
/* Adds a signed statement; on disk when it returns. disclosures and subject are sealed. */
enum err memory_add(struct memory *m, const struct memory_row *row, struct bytes jws,
                    struct bytes disclosures);
enum err memory_row(struct memory *m, uint64_t n, struct memory_row *out); /* ERR_ABSENT */
enum err memory_row_of_st(struct memory *m, const struct hash *st, struct memory_row *out);
enum err memory_row_of_seq(struct memory *m, uint64_t seq, struct memory_row *out);
enum err memory_texts(struct memory *m, uint64_t n, struct buf *out_jws, struct buf *out_disclosures);
/* The first that has no receipt, n ascending; ERR_ABSENT: none. */
enum err memory_first_waiting(struct memory *m, struct memory_row *out);
enum err memory_count_waiting(struct memory *m, uint64_t *out);
/* It has its receipt: disclosures are dropped unless keep. */
enum err memory_accept(struct memory *m, uint64_t n, uint64_t seq, enum verdict verdict, bool keep);
/* The lane in which the ledger put an intent of ours; quick where it never said. */
enum err memory_put_lane(struct memory *m, uint64_t n, enum lane lane);
enum err memory_lane(struct memory *m, uint64_t n, enum lane *out);
/* Takes out one that was refused for form and was never an entry; what closed it closes nothing now, and the
 * operation that it opened is forgotten. */
enum err memory_refuse(struct memory *m, uint64_t n, const char *code, struct bytes jws);
/* One that waits gets another number, hash and signature; what closes it and the operation kept for it
 * follow. */
enum err memory_replace(struct memory *m, uint64_t old_n, uint64_t n, const struct hash *st,
                        struct bytes jws);
/* Intents without an activity of ours, newest first; *out_n at most max. */
enum err memory_open_intents(struct memory *m, struct memory_row *out, size_t max, size_t *out_n);
enum err memory_begin(struct memory *m);
enum err memory_end(struct memory *m, bool keep);

/* Operations: by name; fields is a JSON object of field name to value text. */
enum err memory_put_operation(struct memory *m, const char *name, const struct hash *st, struct bytes texts,
                              bool in_use);
enum err memory_operation(struct memory *m, const char *name, struct hash *out_st,
                          struct buf *out_fields);                        /* ERR_ABSENT */
enum err memory_operation_in_use(struct memory *m, struct buf *out_name); /* ERR_ABSENT: none */
enum err memory_drop_operation(struct memory *m, const char *name);

#endif
