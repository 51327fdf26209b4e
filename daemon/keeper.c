#include "daemon/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "daemon/keeper_child.h"
#include "ledger/crypto/random.h"

#define LOCK_TRIES  200 /* two seconds: the keeper of a daemon that was killed still syncs its note */
#define LOCK_NAP_NS 10000000L

struct keeper {
        pid_t pid;
        int socket; /* -1: it does not answer any more */
        char origin[NOTE_NAME_MAX + 1];
        struct public_key key;
};

/* After this nobody speaks to the child again; it finds its socket closed and ends. */
static enum err give_up(struct keeper *k)
{
        if (k->socket >= 0)
                (void)close(k->socket);
        k->socket = -1;
        return ERR_KEEPER;
}

static bool send_all(int fd, struct bytes in)
{
        while (in.n > 0) {
                ssize_t n = send(fd, in.at, in.n, MSG_NOSIGNAL);
                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0)
                        return false;
                in.at += n;
                in.n -= (size_t)n;
        }
        return true;
}

static bool receive_all(int fd, uint8_t *out, size_t n)
{
        while (n > 0) {
                ssize_t got = recv(fd, out, n, 0);
                if (got < 0 && errno == EINTR)
                        continue;
                if (got <= 0)
                        return false;
                out += got;
                n -= (size_t)got;
        }
        return true;
}

/* Waits for an answer with n bytes. ERR_KEEPER: refused, or gone. */
static enum err receive(struct keeper *k, uint8_t *out, size_t n)
{
        uint8_t head[KEEPER_HEAD_LEN];
        struct bytes in = bytes_of(head, sizeof head);
        uint8_t status;
        uint32_t length;
        if (k->socket < 0 || !receive_all(k->socket, head, sizeof head) || bytes_take_u8(&in, &status) ||
            bytes_take_u32(&in, &length))
                return give_up(k);
        if (status == KEEPER_REFUSED && length == 0)
                return ERR_KEEPER;
        if (status != KEEPER_DONE || length != n || !receive_all(k->socket, out, n))
                return give_up(k);
        return OK;
}

static enum err ask(struct keeper *k, enum keeper_op op, struct bytes in, uint8_t *out, size_t n)
{
        uint8_t head[KEEPER_HEAD_LEN] = {(uint8_t)op, (uint8_t)(in.n >> 24), (uint8_t)(in.n >> 16),
                                         (uint8_t)(in.n >> 8), (uint8_t)in.n};
        if (k->socket < 0 || !send_all(k->socket, bytes_of(head, sizeof head)) || !send_all(k->socket, in))
                return give_up(k);
        return receive(k, out, n);
}

static enum err lock_note(int fd)
{
        const struct timespec nap = {.tv_nsec = LOCK_NAP_NS};
        for (int i = 0; i < LOCK_TRIES; i++) {
                if (flock(fd, LOCK_EX | LOCK_NB) == 0)
                        return OK;
                if (errno != EWOULDBLOCK && errno != EINTR)
                        return ERR_IO;
                (void)nanosleep(&nap, NULL);
        }
        return ERR_LOCKED;
}

static enum err open_note(const char *path, int *out_fd, struct keeper_note *out)
{
        int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0)
                return errno == ENOENT ? ERR_ABSENT : ERR_IO;
        enum err e;
        if ((e = lock_note(fd)) || (e = keeper_note_read(fd, out))) {
                (void)close(fd);
                return e;
        }
        *out_fd = fd;
        return OK;
}

/* The child keeps the note's descriptor, and with it the lock: it lasts as long as the child. */
static enum err fork_child(struct keeper *k, int note_fd, const struct keeper_note *note, struct bytes seed)
{
        int pair[2];
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
                return ERR_IO;
        k->pid = fork();
        if (k->pid == 0)
                _exit(keeper_child_run(pair[1], note_fd, note, k->origin, seed));
        (void)close(pair[1]);
        k->socket = pair[0];
        return k->pid < 0 ? ERR_NO_MEMORY : receive(k, k->key.b, KEY_LEN);
}

enum err keeper_start(const char *note_path, const char *origin, struct bytes seed, struct keeper **out,
                      struct why *why)
{
        struct keeper *k = NULL;
        struct keeper_note note;
        int note_fd = -1;
        enum err e;
        if (!origin_valid(bytes_text(origin)))
                return why_set(why, ERR_ORIGIN, "%.200s", origin);
        if (seed.n != SEED_LEN)
                return why_set(why, ERR_FORM, "the key of the log");
        if ((e = crypto_setup()))
                return e;
        if ((e = open_note(note_path, &note_fd, &note)))
                return why_set(why, e, "%.200s", note_path);
        if ((k = calloc(1, sizeof *k)) == NULL) {
                e = ERR_NO_MEMORY;
                goto done;
        }
        k->socket = -1;
        k->pid = -1;
        if ((e = bytes_to_text(bytes_text(origin), k->origin, sizeof k->origin)))
                goto done;
        if ((e = fork_child(k, note_fd, &note, seed))) {
                e = why_set(why, e, "the keeper did not start");
                goto done;
        }
        *out = k;
        k = NULL; /* given away */
done:
        (void)close(note_fd);
        keeper_stop(k);
        return e;
}

enum err keeper_state(struct keeper *k, uint64_t *out_size, struct hash *out_root)
{
        uint8_t state[KEEPER_STATE_LEN];
        struct bytes in = bytes_of(state, sizeof state);
        enum err e = ask(k, KEEPER_STATE, bytes_of(NULL, 0), state, sizeof state);
        if (e)
                return e;
        if ((e = bytes_take_u64(&in, out_size)) || (e = bytes_take_copy(&in, HASH_LEN, out_root->b)))
                return e;
        return OK;
}

enum err keeper_adopt(struct keeper *k, const struct frontier *frontier)
{
        struct buf b;
        enum err e;
        buf_init(&b, sizeof *frontier);
        frontier_put(&b, frontier);
        if (!(e = buf_check(&b)))
                e = ask(k, KEEPER_ADOPT, buf_bytes(&b), NULL, 0);
        buf_clear(&b);
        return e;
}

/* Asks for a signature and appends the note that it makes. */
static enum err ask_note(struct keeper *k, enum keeper_op op, struct bytes in, struct buf *out)
{
        uint8_t answer[KEEPER_SIGNED_LEN];
        struct bytes at = bytes_of(answer, sizeof answer);
        struct hash root;
        struct sig sig;
        uint64_t size;
        enum err e;
        if ((e = ask(k, op, in, answer, sizeof answer)) || (e = bytes_take_u64(&at, &size)) ||
            (e = bytes_take_copy(&at, HASH_LEN, root.b)) || (e = bytes_take_copy(&at, SIG_LEN, sig.b)))
                return e;
        checkpoint_put(out, k->origin, size, &root);
        buf_put_text(out, "\n");
        if ((e = note_signature_put(k->origin, &k->key, &sig, out)))
                return e;
        return buf_check(out);
}

enum err keeper_extend(struct keeper *k, size_t n, const struct hash *leaf_hash, struct buf *out_note)
{
        if (n < 1 || n > KEEPER_BATCH_MAX)
                return ERR_BUG;
        return ask_note(k, KEEPER_EXTEND, bytes_of(leaf_hash, n * sizeof *leaf_hash), out_note);
}

enum err keeper_sign_again(struct keeper *k, struct buf *out_note)
{
        return ask_note(k, KEEPER_SIGN, bytes_of(NULL, 0), out_note);
}

enum err keeper_sync(struct keeper *k)
{
        return ask(k, KEEPER_SYNC, bytes_of(NULL, 0), NULL, 0);
}

/* The child syncs when it finds its socket closed. */
void keeper_stop(struct keeper *k)
{
        if (k == NULL)
                return;
        (void)give_up(k);
        while (k->pid > 0 && waitpid(k->pid, NULL, 0) < 0 && errno == EINTR)
                ;
        free(k);
}
