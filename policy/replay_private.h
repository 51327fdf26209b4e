/* The entry at hand and what the entries before it left behind. Private to replay*.c. */
#ifndef POLICY_REPLAY_PRIVATE_H
#define POLICY_REPLAY_PRIVATE_H

#include "policy/authors.h"
#include "policy/gate.h"
#include "policy/past.h"
#include "policy/replay.h"
#include "policy/sightings.h"

/* What erased fields of earlier entries leave in the dark. */
struct replay_dark {
        uint32_t looks; /* whose account, time or result is gone: so many may be missing from a count */
        bool ties;      /* whom accounts belong to: anything may be missing */
        bool texts, registry, operations;
};

struct replay_entry {
        uint64_t seq;
        struct leaf leaf;
        struct statement statement;
        const struct roster_key *key;
        bool intact;               /* everything needed of it could be read, erased fields aside */
        bool erased;               /* some field of it, or of the intent that it fills up from, is erased */
        struct body body;          /* fields as they are left */
        struct past_entry *target; /* the entry that it is about; NULL */
        uint32_t target_number;
        bool has_target_body, target_erased;
        struct body target_body;

        int64_t done_us;
        bool is_look;     /* an activity that counts as one, or an intent */
        bool is_habitual; /* something was typed that is compared with what the author typed before */
        bool has_account, has_reference; /* a look at somebody; a person's reference is given */
        struct mark account, reference;
        uint32_t operation; /* MARK_NONE */
        struct sketch sketch;
        unsigned likeness;

        struct buf payload, values, target_values, texts; /* what the above borrow from */
};

struct replay {
        struct store *store;
        void (*each_finding)(void *self, const struct replay_finding *f);
        void *self;
        struct replay_report report;
        struct why *why;

        struct roster *roster;
        struct registry *registry;
        struct past *past;
        struct sightings *sightings;
        struct authors *authors;
        struct replay_dark dark;
        bool founded;
        bool damaged; /* an entry before could not be read: differences may be its doing */
        uint64_t doubts, first_doubt;

        struct pack *pack; /* in force, NULL when it could not be loaded */
        struct gate *gate;
        struct hash pack_tried;
        bool has_tried;

        struct facts facts;
        struct fold *fold;
        struct judgement *judgement;
        struct replay_entry *entry;
        struct buf because, kept, remade, scratch; /* reasons as stored, without what was shown, made again */
};

/* Errors of the machine end the run; others are what is wrong with the entry. */
static inline bool replay_of_machine(enum err e)
{
        return e == ERR_NO_MEMORY || e == ERR_IO || e == ERR_CRYPTO || e == ERR_BUSY || e == ERR_DB;
}
/* Tells a fault; where a damaged entry before may explain it, counts a doubt instead. */
void replay_tell(struct replay *r, enum replay_fault fault, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool replay_is_gone(const struct body *b, const char *name); /* the field was given and erased */
bool replay_look_is_gone(const struct body *b);              /* one on which the counts of looks rest */

/* replay_scene.c: what surrounded the entry; made from what is left behind by those before. */
enum err replay_look_around(struct replay *r); /* fills the lower half of r->entry */
enum err replay_scene(struct replay *r, struct scene *out);
/* The mark of the person's reference; one of white space alone is none. */
enum err replay_reference(struct replay_entry *x, const struct body *b, struct mark *out, bool *out_there);
/* replay_compare.c: what the ledger says about the entry against what the pack says. */
enum err replay_compare(struct replay *r, const struct facts *facts);
/* replay_apply.c: what the entry leaves behind. */
enum err replay_apply(struct replay *r);

#endif
