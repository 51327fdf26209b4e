/* crowd: people enrolled by the programs themselves, each in a folder of their own (DIR/0, DIR/1, ...), who
 * sign enquiries beforehand so that signing is not measured. The operation is the one that person 0 opened.
 */
#ifndef TESTS_BENCH_CROWD_H
#define TESTS_BENCH_CROWD_H

#include <jansson.h>

#include "client/session.h"

#define CROWD_MAX 256

struct person {
        struct session session;
        uint64_t n; /* of this key's last statement */
        struct hash prev;
};
struct crowd {
        size_t n;
        struct person *at;
        const char *operation; /* its name */
        struct hash operation_st;
        json_t *operation_fields;
        uint64_t chance; /* state of the generator: prints its seed, takes one */
};
/* Everything in *out is freed by crowd_close, also after an error. */
enum err crowd_open(const char *folder, size_t n, const char *passphrase_file, const char *operation,
                    uint64_t seed, struct crowd *out, struct why *why);
void crowd_close(struct crowd *c);

/* The next intent of that person, signed, as a submission; appended. Quick lane: a trained officer's first
 * look at some account on a well-known platform. */
enum err crowd_intent(struct crowd *c, size_t person, struct buf *out, struct why *why);

#endif
