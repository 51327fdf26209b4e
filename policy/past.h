/* past: the entries so far, as much of each as a later one that names it needs, and the operations they
 * opened. Entries have numbers in the order in which they were put. About 60 bytes an entry. */
#ifndef POLICY_PAST_H
#define POLICY_PAST_H

#include "ledger/store/store.h"
#include "policy/marks.h"

struct past_entry {
        uint64_t seq;
        int64_t at_us;
        uint32_t member;
        uint32_t operation;                  /* number of its operation's name; MARK_NONE */
        uint8_t kind, act, verdict, decided; /* enum kind, act, verdict, decided */
        bool closed;
};
struct past_operation {
        uint32_t entries; /* of kind operation with that name */
        uint32_t open;    /* openings that nobody closed */
};

struct past;
struct past *past_new(void); /* NULL: no memory */
void past_free(struct past *p);
enum err past_put(struct past *p, const struct hash *st, const struct past_entry *one, uint32_t *out_number);
struct past_entry *past_of_st(struct past *p, const struct hash *st, uint32_t *out_number); /* NULL */
struct past_entry *past_at(struct past *p, uint32_t number); /* until the next past_put */
/* The number of an operation's name; a new one if it is new. */
enum err past_operation(struct past *p, struct bytes name, uint32_t *out_number);
struct past_operation *past_operation_at(struct past *p, uint32_t number);

#endif
