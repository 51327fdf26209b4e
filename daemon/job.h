/* job: one statement on its way from a request to its receipt. A worker fills the upper part, the commit
 * thread the lower; whoever finishes it answers the exchange and frees it. */
#ifndef DAEMON_JOB_H
#define DAEMON_JOB_H

#include "daemon/ledger.h"
#include "daemon/listener.h"

#define JOB_TEXT_MAX    16384 /* bytes */
#define JOB_ANNEXES_MAX 2     /* a pack and the one it lies over */
struct job {
        struct exchange *exchange;
        uint64_t known; /* size of the checkpoint that the client believes; 0: none */

        /* the worker's: decoded and its signature checked */
        struct statement statement;
        struct body body;
        struct buf payload, values; /* what the two above borrow from */
        struct buf text;   /* unescaped texts; JOB_TEXT_MAX reserved, so that what borrows from it stays */
        uint32_t key;      /* roster number of the signing key */
        struct buf answer; /* consult: `,"answer":{...}` to be sent once the entry is committed */
        const char *class; /* consult that came by its own door: what it asked; else NULL */
        uint64_t shown_n;  /* consult: how many records it was shown, and their digest */
        struct hash shown;
        size_t annexes_n; /* policy: the texts that it needs, itself first */
        struct hash annex[JOB_ANNEXES_MAX];

        /* the commit thread's */
        enum err error;
        struct why why;
        bool appended; /* a new entry */
        bool repeated; /* the same statement was there already */
        bool settles;  /* touches the roster: ends its batch */
        uint64_t seq;
        enum verdict verdict;
        struct hash leaf_hash;
        struct buf because, leaf;
        uint64_t old_n; /* the key's head before, to take back */
        struct hash old_st;
        char free_alias[ALIAS_MAX + 1];
        struct hash head_st; /* for 409 */
        uint64_t head_n;
};

struct job *job_new(struct exchange *x); /* NULL: no memory */
void job_free(struct job *j);
/* Decodes the exchange's body as a submission of this ledger and checks the author's signature against a key
 * that is enrolled and alive, and belongs to the connection's member (join: to an invite, without a
 * certificate). */
enum err job_decode(struct job *j, struct ledger *l);
/* Answers with the problem document of j->error. */
void job_fail(struct job *j, enum err e);

#endif
