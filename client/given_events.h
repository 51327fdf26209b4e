/* given_events: the history that was given, event by event, for the given_*.c files. */
#ifndef CLIENT_GIVEN_EVENTS_H
#define CLIENT_GIVEN_EVENTS_H

#include "client/given_parts.h"
#include "client/ties.h"
#include "client/whom.h"

#define OWN 0 /* the number of the entry's author; others are counted from 1 */

struct event {
        size_t place; /* in the file */
        int64_t at_us, time_us;
        enum kind kind;
        uint32_t member;
        const json_t *o;
        char *subject;  /* owned; canonical, "" where there is none */
        char *person;   /* owned; the canonical reference, "" where there is none */
        size_t account; /* its number among the ties */
        struct look look;
        struct sketch sketch;
        bool counts;                /* a look at somebody */
        bool let_through, answered; /* intents */
        bool ties, parts;           /* a combine entry */
};
struct history {
        size_t n;
        struct event *at;     /* owned; in order of time */
        json_t *members;      /* other authors, by their text */
        struct ties *ties;    /* owned */
        struct values values; /* of the event being read */
        struct body body;
};

static inline bool given_is_enquiry(enum kind k)
{
        return k == KIND_INTENT || k == KIND_ACTIVITY;
}
/* All events, in order of the time at which they count; accounts are tied as they were when the entry was
 * made. */
enum err given_events(struct given *g, struct history *h, struct why *why);
/* By which the fold tells operations apart; zeros: none. */
enum err given_operation_tag(const char *name, uint8_t out[16]);
/* The canonical form of a person's reference. */
enum err given_reference(const char *text, char out[SUBJECT_CANONICAL_MAX + 1]);

#endif
