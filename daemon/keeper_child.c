#include "daemon/keeper_child.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "daemon/keeper.h"
#include "ledger/crypto/random.h"

/* The runtime of a sanitizer makes calls of its own that the filter would kill, and reports on descriptor 2:
 * those builds, and only those, run without the filter. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#define SOCKET_FD    0 /* where the two descriptors are put, so that the filter can name them */
#define NOTE_FD      1
#define FIRST_CLOSED (SANITIZED ? 3 : 2)
#define PARKED_FD    10

#define REQUEST_MAX  ((size_t)KEEPER_BATCH_MAX * HASH_LEN)
#define FRONTIER_MAX (8 + 64 * HASH_LEN)
#define TEXT_MAX     (NOTE_NAME_MAX + 128) /* bytes of a checkpoint */

/* Everything is allocated before the filter is in force. */
struct child {
        const char *origin;
        struct keeper_note note;
        struct frontier frontier;
        bool adopted, unsynced;
        struct signing_key *key;
        struct buf text; /* of the checkpoint being signed */
        uint8_t request[KEEPER_HEAD_LEN + REQUEST_MAX];
        uint8_t answer[KEEPER_HEAD_LEN + KEEPER_SIGNED_LEN];
};

static bool read_all(uint8_t *out, size_t n)
{
        while (n > 0) {
                ssize_t got = read(SOCKET_FD, out, n);
                if (got < 0 && errno == EINTR)
                        continue;
                if (got <= 0)
                        return false;
                out += got;
                n -= (size_t)got;
        }
        return true;
}

static bool write_all(const uint8_t *in, size_t n)
{
        while (n > 0) {
                ssize_t put = write(SOCKET_FD, in, n);
                if (put < 0 && errno == EINTR)
                        continue;
                if (put <= 0)
                        return false;
                in += put;
                n -= (size_t)put;
        }
        return true;
}

static void put_number(uint8_t *at, uint64_t v, size_t width)
{
        for (size_t i = width; i-- > 0; v >>= 8)
                at[i] = (uint8_t)(v & 0xff);
}

/* The n bytes that follow the head of the answer stand there already. */
static bool answer(struct child *c, enum keeper_status status, size_t n)
{
        c->answer[0] = (uint8_t)status;
        put_number(c->answer + 1, n, 4);
        return write_all(c->answer, KEEPER_HEAD_LEN + n);
}

static void put_state(struct child *c)
{
        uint8_t *at = c->answer + KEEPER_HEAD_LEN;
        put_number(at, c->note.size, 8);
        memcpy(at + 8, c->note.root.b, HASH_LEN);
}

static enum err sign_present(struct child *c)
{
        struct signer signer = signing_key_signer(c->key);
        struct sig sig;
        enum err e;
        buf_reset(&c->text);
        checkpoint_put(&c->text, c->origin, c->note.size, &c->note.root);
        if ((e = buf_check(&c->text)) || (e = signer.sign(signer.self, buf_bytes(&c->text), &sig)))
                return e;
        put_state(c);
        memcpy(c->answer + KEEPER_HEAD_LEN + KEEPER_STATE_LEN, sig.b, SIG_LEN);
        return OK;
}

static enum err sync_note(struct child *c)
{
        if (c->unsynced && fdatasync(NOTE_FD) != 0)
                return ERR_SYNC;
        c->unsynced = false;
        return OK;
}

/* One function an operation. ERR_KEEPER refuses and lives on; any other error ends the process. `in` has a
 * length that the table below allows. */

static enum err do_state(struct child *c, struct bytes in)
{
        (void)in;
        put_state(c);
        return OK;
}

static enum err do_adopt(struct child *c, struct bytes in)
{
        struct frontier f;
        struct hash root;
        enum err e;
        if ((e = frontier_take(&in, &f)) || (e = bytes_at_end(in)) || (e = frontier_root(&f, &root)))
                return e;
        if (c->adopted || f.size != c->note.size || !hash_equal(&root, &c->note.root))
                return ERR_KEEPER;
        c->frontier = f;
        c->adopted = true;
        return OK;
}

/* The note says the new size before there is a signature of it, and never the other way round. */
static enum err do_extend(struct child *c, struct bytes in)
{
        struct keeper_note next = {.count = c->note.count + 1};
        struct hash leaf;
        enum err e;
        if (!c->adopted)
                return ERR_KEEPER;
        while (in.n > 0)
                if ((e = bytes_take_copy(&in, HASH_LEN, leaf.b)) ||
                    (e = frontier_append(&c->frontier, &leaf)))
                        return e;
        next.size = c->frontier.size;
        if ((e = frontier_root(&c->frontier, &next.root)) || (e = keeper_note_write(NOTE_FD, &next)))
                return e;
        c->note = next;
        c->unsynced = true;
        return sign_present(c);
}

static enum err do_sign(struct child *c, struct bytes in)
{
        (void)in;
        return c->adopted ? sign_present(c) : ERR_KEEPER;
}

static enum err do_sync(struct child *c, struct bytes in)
{
        (void)in;
        return sync_note(c);
}

static const struct operation {
        uint8_t op;
        size_t least, most, step; /* bytes of the request */
        size_t answer_n;
        enum err (*run)(struct child *c, struct bytes in);
} operations[] = {
    {KEEPER_STATE, 0, 0, 1, KEEPER_STATE_LEN, do_state},
    {KEEPER_ADOPT, 8, FRONTIER_MAX, 8, 0, do_adopt},
    {KEEPER_EXTEND, HASH_LEN, REQUEST_MAX, HASH_LEN, KEEPER_SIGNED_LEN, do_extend},
    {KEEPER_SIGN, 0, 0, 1, KEEPER_SIGNED_LEN, do_sign},
    {KEEPER_SYNC, 0, 0, 1, 0, do_sync},
};

static const struct operation *operation_of(uint8_t op, size_t n)
{
        for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
                const struct operation *o = &operations[i];
                if (o->op == op && n >= o->least && n <= o->most && n % o->step == 0)
                        return o;
        }
        return NULL;
}

/* One request; false when there will be no more: the socket ended, or what came is not a request. */
static bool serve(struct child *c)
{
        uint32_t n;
        if (!read_all(c->request, KEEPER_HEAD_LEN))
                return false;
        struct bytes length = bytes_of(c->request + 1, 4);
        if (bytes_take_u32(&length, &n))
                return false;
        const struct operation *o = operation_of(c->request[0], n);
        uint8_t *rest = c->request + KEEPER_HEAD_LEN;
        if (o == NULL || !read_all(rest, n))
                return false;
        enum err e = o->run(c, bytes_of(rest, n));
        if (e == ERR_KEEPER)
                return answer(c, KEEPER_REFUSED, 0);
        return !e && answer(c, KEEPER_DONE, o->answer_n);
}

/* The two descriptors to their places; all others are closed, the standard ones too. */
static bool keep_two(int socket, int note_fd)
{
        int s = fcntl(socket, F_DUPFD, PARKED_FD), n = fcntl(note_fd, F_DUPFD, PARKED_FD);
        return s >= 0 && n >= 0 && dup2(s, SOCKET_FD) == SOCKET_FD && dup2(n, NOTE_FD) == NOTE_FD &&
               close_range(FIRST_CLOSED, ~0U, 0) == 0;
}

/* Who stops the daemon with a signal to the whole group does not stop the keeper before its last note is
 * written: it ends when the parent closes the socket, or dies. */
static bool harden(void)
{
        static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
        const struct rlimit none = {0};
        for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++)
                if (signal(ignored[i], SIG_IGN) == SIG_ERR)
                        return false;
        return prctl(PR_SET_NAME, "enquiry-keeper") == 0 && prctl(PR_SET_DUMPABLE, 0) == 0 &&
               prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && setrlimit(RLIMIT_CORE, &none) == 0;
}

/* The kernel reads a descriptor from the lower half of the register only. */
static bool allow_on(scmp_filter_ctx filter, int call, int fd)
{
        const struct scmp_arg_cmp on = {
            .arg = 0, .op = SCMP_CMP_MASKED_EQ, .datum_a = UINT32_MAX, .datum_b = (scmp_datum_t)fd};
        return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &on) == 0;
}

static bool filter_calls(void)
{
        static const int always[] = {SCMP_SYS(exit_group), SCMP_SYS(exit), SCMP_SYS(rt_sigreturn),
                                     SCMP_SYS(restart_syscall)};
        if (SANITIZED)
                return true;
        scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
        if (filter == NULL)
                return false;
        for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
                if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, always[i], 0) != 0)
                        return false;
        /* The filter's own memory is never freed: giving it back to the kernel would be a call too many. */
        return allow_on(filter, SCMP_SYS(read), SOCKET_FD) && allow_on(filter, SCMP_SYS(write), SOCKET_FD) &&
               allow_on(filter, SCMP_SYS(pwrite64), NOTE_FD) &&
               allow_on(filter, SCMP_SYS(fdatasync), NOTE_FD) && seccomp_load(filter) == 0;
}

/* Whatever allocates at its first use is used once here. */
static enum err warm_up(struct child *c)
{
        struct frontier f;
        struct hash zero = {{0}}, root;
        enum err e;
        frontier_init(&f);
        for (int i = 0; i < 3; i++)
                if ((e = frontier_append(&f, &zero)))
                        return e;
        if ((e = frontier_root(&f, &root)))
                return e;
        return sign_present(c);
}

static enum err prepare(struct child *c, struct bytes seed)
{
        enum err e;
        buf_init(&c->text, TEXT_MAX);
        buf_reserve(&c->text, TEXT_MAX);
        if ((e = buf_check(&c->text)) || (e = crypto_setup()) || (e = signing_key_new(seed, &c->key)) ||
            (e = warm_up(c)))
                return e;
        return OK;
}

int keeper_child_run(int socket, int note_fd, const struct keeper_note *note, const char *origin,
                     struct bytes seed)
{
        static struct child
            child; /* the process is this and nothing else; freed memory would be a call too many */
        struct child *c = &child;
        c->origin = origin;
        c->note = *note;
        if (!harden() || !keep_two(socket, note_fd) || prepare(c, seed) || !filter_calls())
                return EXIT_FAILURE;
        struct signer signer = signing_key_signer(c->key);
        memcpy(c->answer + KEEPER_HEAD_LEN, signer.key.b, KEY_LEN);
        if (!answer(c, KEEPER_DONE, KEY_LEN))
                return EXIT_FAILURE;
        while (serve(c))
                ;
        return sync_note(c) ? EXIT_FAILURE : EXIT_SUCCESS;
}
