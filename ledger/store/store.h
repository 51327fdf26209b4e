/* store: the ledger's file, FORMAT.md section 10. The only code that speaks SQL to it. One STORE_WRITE
 * handle, used by one thread, does every write and every checkpoint of the write-ahead log; readers open
 * STORE_READ, one a thread. What a second engine would have to offer is this header. */
#ifndef LEDGER_STORE_STORE_H
#define LEDGER_STORE_STORE_H

#include "ledger/record/roster.h"
#include "ledger/tree/tree.h"

#define STORE_FORMAT   1
#define STORE_TAG_LEN  16
#define STORE_PART_MAX 1900    /* bytes of content in a row, before sealing */
#define ANNEX_MAX      1048576 /* bytes */
#define STORE_PAGE_MAX 200     /* items of one listing */
#define STORE_RULE_MAX 24      /* bytes of a rule's id */

/* Subkeys of the file key; in secret memory. */
struct store_keys;
enum err store_keys_new(struct bytes file_key, struct store_keys **out);
void store_keys_free(struct store_keys *k);
/* The tag of a subject ("subject"; references of persons are subjects, `ref:...`) or operation name
 * ("operation"). */
enum err store_tag(const struct store_keys *k, const char *space, struct bytes text,
                   uint8_t out[STORE_TAG_LEN]);

enum store_mode {
        STORE_WRITE,
        STORE_READ, /* beside a running writer, read-only */
        STORE_COPY /* a file that nobody writes: an export, a backup, a damaged copy; immutable, never written
                    */
};
struct store;
/* A new, empty ledger file (mode 0600) with all tables. ERR_NOT_EMPTY if it exists. */
enum err store_create(const char *path);
/* A new file with the spine tables only and no triggers, for export; opened with store_open_export. */
enum err store_create_spine(const char *path);
/* keys NULL: spine only, every content call answers ERR_SEALED. ERR_ABSENT, ERR_NOT_LEDGER,
 * ERR_LEDGER_VERSION, ERR_FULL_SYNC, ERR_LOOSE (STORE_WRITE: group or others may read the file). A copy of a
 * live ledger with its -wal beside it is read with it; a spine without content tables opens as STORE_COPY. */
enum err store_open(const char *path, enum store_mode mode, const struct store_keys *keys, struct store **out,
                    struct why *why);
void store_close(struct store *s);
/* A hard cap on the file while it is open here, in pages of 16 KiB: what does not fit is ERR_DISK_FULL. A cap
 * below what is there already means what is there. */
enum err store_limit_pages(struct store *s, uint32_t pages);

/* How many entries there are. */
enum err store_size(struct store *s, uint64_t *out);

/* --- reading the spine --- */
struct store_row {
        uint64_t seq;
        struct bytes leaf; /* valid until the next call on the scan */
        struct bytes hash; /* 32 bytes, unless the file is damaged */
};
struct store_scan;
/* Rows from..to-1 in seq order; rows that are not there are not made up. */
enum err store_scan_new(struct store *s, uint64_t from, uint64_t to, struct store_scan **out);
enum err store_scan_next(struct store_scan *scan, struct store_row *out, bool *out_done);
void store_scan_free(struct store_scan *scan);
/* One entry's leaf, appended. ERR_ABSENT. */
enum err store_leaf(struct store *s, uint64_t seq, struct buf *out);
/* Leaf hashes and tile roots, for the tree. Borrows s. */
struct tree_source store_tree_source(struct store *s);
/* tile_root as stored, for the verifier: called for each row in order. */
enum err store_tile_roots(struct store *s, enum err (*each)(void *self, const struct tile_root *row),
                          void *self);
enum err store_checkpoints(struct store *s, enum err (*each)(void *self, uint64_t size, struct bytes note),
                           void *self);
/* The newest checkpoint note, appended. ERR_ABSENT. */
enum err store_last_checkpoint(struct store *s, struct buf *out);
enum err store_annex(struct store *s, const struct hash *hash, struct buf *out); /* ERR_ABSENT */
enum err store_annexes(struct store *s,
                       enum err (*each)(void *self, const struct hash *hash, struct bytes text), void *self);

/* --- what is kept beside an entry --- */
/* Whether content tables are there (false for a spine export). */
bool store_has_content(struct store *s);
/* Unsealed, appended. ERR_ABSENT: not there (no content, or an entry that has none); ERR_SEALED. */
enum err store_content(struct store *s, uint64_t seq, struct buf *out);
enum err store_residue(struct store *s, uint64_t seq, struct buf *out);
enum err store_because(struct store *s, uint64_t seq, struct buf *out);
/* Content, residue and the leaf's statement as a body; digests computed. scratch owns the values. */
enum err store_body(struct store *s, uint64_t seq, enum kind kind, struct buf *scratch, struct body *out,
                    struct why *why);
/* The same without the digests, for who reads values alone. */
enum err store_fields(struct store *s, uint64_t seq, enum kind kind, struct buf *scratch, struct body *out,
                      struct why *why);

/* --- finding --- */
enum err store_find_statement(struct store *s, const struct hash *st, uint64_t *out_seq); /* ERR_ABSENT */
enum err store_find_key_n(struct store *s, uint32_t key, uint64_t n, uint64_t *out_seq);  /* ERR_ABSENT */

/* What lists show and the gate asks about an entry; derived from spine and content, and made again from them.
 */
enum decided { DECIDED_NOT_NEEDED, DECIDED_WAITING, DECIDED_APPROVED, DECIDED_RETURNED, DECIDED_REFUSED };
struct store_item {
        uint64_t seq;
        enum kind kind;
        enum act act;
        enum verdict verdict;
        enum lane lane;
        int64_t at_us;
        uint32_t member, key;    /* roster numbers of the author */
        uint64_t n;              /* of the author's key */
        char unit[UNIT_MAX + 1]; /* the author's at that seq */
        enum decided decided;
        uint64_t decided_by; /* seq, SEQ_NONE */
        uint64_t closed_by;  /* intent: the first activity under it; operation: its close; SEQ_NONE */
        uint64_t target;     /* what it refers to first: intent, target, operation closed, amends; SEQ_NONE */
        uint8_t operation[STORE_TAG_LEN]; /* tag of the operation's name; zeros: none */
        uint8_t subject[STORE_TAG_LEN];   /* tag of the canonical subject; zeros: none */
        bool urgent;
};
struct store_filter {
        uint32_t kinds;     /* bits; 0: all */
        bool waiting, open; /* only those that wait; only intents and operations that nobody closed */
        bool by_member;
        uint32_t member;
        const char *unit;                   /* NULL: all */
        uint64_t before;                    /* seq below this; SEQ_NONE: from the newest */
        const uint8_t *operation, *subject; /* tags; NULL: all */
        bool oldest_first; /* then `before` is read as "from this seq on" (SEQ_NONE: from 0) */
        size_t limit;      /* at most STORE_PAGE_MAX */
};
enum err store_item(struct store *s, uint64_t seq, struct store_item *out); /* ERR_ABSENT */
enum err store_items(struct store *s, const struct store_filter *f, struct store_item *out, size_t *out_n);
/* Items whose target is seq (decisions, activities, amends of an entry), oldest first. */
enum err store_items_about(struct store *s, uint64_t seq, struct store_item *out, size_t limit,
                           size_t *out_n);
/* How many intents of a member stand in the ledger since since_us, refused ones too; and how many that were
 * let through before before_us no activity has closed. Counted up to `limit`. */
enum err store_intents_since(struct store *s, uint32_t member, int64_t since_us, size_t limit, size_t *out_n);
enum err store_intents_open(struct store *s, uint32_t member, int64_t before_us, size_t limit, size_t *out_n);
/* Looks and intents at a subject, done from since_us to until_us, oldest first (by the time, then by seq);
 * the newest STORE_VIEWS_MAX when there are more. `intended` says whether the entry counts towards the
 * subject (results not-looked and wrong-person do not). `each` does not ask for views of the same handle. */
#define STORE_VIEWS_MAX 4096
struct store_view {
        uint64_t seq;
        int64_t at_us; /* when it was done (policy/scene.h) */
        uint32_t member;
        uint8_t operation[STORE_TAG_LEN];
        bool look; /* an activity, not an intent */
        bool intended, captured, immediate;
};
enum err store_views(struct store *s, const uint8_t subject[STORE_TAG_LEN], int64_t since_us,
                     int64_t until_us, enum err (*each)(void *self, const struct store_view *view),
                     void *self);
/* Tags that are tied to this one, directly or through others, this one first: accounts, references of
 * persons. Breadth first, the neighbours of each in the order in which the two were first named together; at
 * most STORE_TIES_MAX. A tie that was parted again does not count. */
#define STORE_TIES_MAX 64
enum err store_tied(struct store *s, const uint8_t tag[STORE_TAG_LEN],
                    uint8_t out[STORE_TIES_MAX][STORE_TAG_LEN], size_t *out_n);
/* The entry that tied the two. ERR_ABSENT: they are not tied, or only through others. */
enum err store_tie(struct store *s, const uint8_t a[STORE_TAG_LEN], const uint8_t b[STORE_TAG_LEN],
                   uint64_t *out_seq);
/* The member's newest sketches of typed texts, newest first (policy/likeness.h; unsealed), with the likeness
 * that each had. ERR_SEALED. */
#define STORE_SKETCH_MAX 1024 /* bytes */
struct store_sketch {
        uint64_t seq;
        int64_t at_us;
        unsigned likeness;   /* percent */
        struct bytes sketch; /* valid during the call */
};
enum err store_sketches(struct store *s, uint32_t member, size_t limit,
                        enum err (*each)(void *self, const struct store_sketch *sketch), void *self);
/* Entries that a rule put into the digest of one of these roles (bits), since since_us, newest first. */
struct store_told {
        uint64_t seq;
        char rule[STORE_RULE_MAX + 1];
};
enum err store_told(struct store *s, roles to, int64_t since_us, size_t limit,
                    enum err (*each)(void *self, const struct store_told *told), void *self);

/* --- writing: one transaction a batch --- */
enum err store_begin(struct store *s);
struct store_entry {
        struct bytes leaf;
        struct hash hash; /* leaf hash */
        struct hash st;
        struct bytes content, residue, because; /* plain; sealed here, content under a fresh data key */
        struct store_item item;                 /* .seq is the entry's */
        /* of its view, when item.subject is set and kind is an intent or activity */
        bool intended, captured, immediate;
        int64_t done_us;     /* when it was done */
        struct bytes sketch; /* of what the author typed; empty: none */
        unsigned likeness;   /* percent, with a sketch */
};
/* ERR_APPEND unless seq is the next. */
enum err store_put_entry(struct store *s, const struct store_entry *entry);
enum err store_put_tile_root(struct store *s, const struct tile_root *row);
enum err store_put_checkpoint(struct store *s, uint64_t size, struct bytes note);
/* Thins checkpoints: keeps those cosigned, one a minute (by the at of their last entry is not known: by
 * insertion time given here), and the last. */
enum err store_thin_checkpoints(struct store *s, int64_t now_us);
enum err store_put_annex(struct store *s, const struct hash *hash, struct bytes text);
/* Ties two tags (of subjects, or of references of persons), or parts them again; of several about the same
 * two the last holds. Two that are one: nothing to do. */
enum err store_put_tie(struct store *s, const uint8_t a[STORE_TAG_LEN], const uint8_t b[STORE_TAG_LEN],
                       bool same, uint64_t seq);
/* Puts an entry into the digest of those roles. at_us is the entry's. */
enum err store_put_told(struct store *s, uint64_t seq, int64_t at_us, roles to, const char *rule);
/* A decision on, or a closing of, an earlier entry. */
enum err store_set_decided(struct store *s, uint64_t seq, enum decided decided, uint64_t by);
enum err store_set_closed(struct store *s, uint64_t seq, uint64_t by);
/* Returns after the sync. ERR_DISK_FULL: rolled back, may be tried again. ERR_SYNC: the process must stop. */
enum err store_commit(struct store *s);
void store_rollback(struct store *s);
/* Moves the write-ahead log into the file if it has grown over its limit (called between batches). */
enum err store_tidy(struct store *s);

/* Export: entries, tile roots, checkpoints, annexes copied in; for store_create_spine files. */
enum err store_open_export(const char *path, struct store **out);
enum err store_put_spine_row(struct store *s, uint64_t seq, struct bytes leaf, const struct hash *hash);

#endif
