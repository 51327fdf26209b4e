/* keeper_child: what runs in the keeper's process. Private to the keeper.
 *
 * The two processes speak over a stream socket. A request is an operation (1 byte), the length of what
 * follows (4, big-endian), and that; an answer is a status (1: enum keeper_status), a length (4) and that.
 * Whoever cannot read the other gives up: the child ends, and the parent never speaks to it again.
 *
 *   request         follows                        answer, when done
 *   (none; once)                                   public key (32): the child is ready
 *   KEEPER_STATE    -                              size (8), root (32) as the note says
 *   KEEPER_ADOPT    frontier (frontier_put)        -
 *   KEEPER_EXTEND   leaf hashes (1 to 4096 x 32)   size (8), root (32), signature (64) of the checkpoint
 *   KEEPER_SIGN     -                              the same, of the present size
 *   KEEPER_SYNC     -                              -
 *
 * EXTEND and SIGN are refused before ADOPT, ADOPT after the first, and a frontier that is not that of the
 * note. */
#ifndef DAEMON_KEEPER_CHILD_H
#define DAEMON_KEEPER_CHILD_H

#include "daemon/keeper_note.h"
#include "ledger/crypto/sign.h"

enum keeper_op {
        KEEPER_STATE = 's',
        KEEPER_ADOPT = 'a',
        KEEPER_EXTEND = 'e',
        KEEPER_SIGN = 'g',
        KEEPER_SYNC = 'y'
};
enum keeper_status { KEEPER_DONE = 0, KEEPER_REFUSED = 1 };

#define KEEPER_HEAD_LEN   5
#define KEEPER_STATE_LEN  (8 + HASH_LEN)
#define KEEPER_SIGNED_LEN (KEEPER_STATE_LEN + SIG_LEN)

/* Serves until the socket ends; gives the exit status of the process. The caller is the child just forked,
 * and ends with it at once: nothing but the two descriptors is open any more. */
int keeper_child_run(int socket, int note_fd, const struct keeper_note *note, const char *origin,
                     struct bytes seed);

#endif
