/* bench_load: enquiries over mutual TLS, signed beforehand, one in flight on each connection. One thread and
 * epoll, so that little of the machine goes to the asking side; what it takes is reported, as the two share
 * the cores. drive  runs rounds at several numbers of connections and prints one JSON line a round hold opens
 * idle connections, says "holding N", and lets go at the end of standard input sign   writes submissions to a
 * file (length, bytes) for bench_commit */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "ledger/base/args.h"
#include "tests/bench/crowd.h"
#include "tests/bench/wire.h"

#define HOLD_MAX     4096
#define ROUNDS_MAX   64
#define WAIT_MS      60000 /* nothing at all for that long: the daemon hangs, and the run fails */
#define HOLD_AT_ONCE 64

struct options {
        const char *people, *passphrase, *operation, *seed, *connections, *requests, *rounds, *count, *out,
            *daemon, *members;
        bool paced; /* drive: waits for a line on standard input after each round */
};

static int fail(enum err e, const struct why *why)
{
        (void)fprintf(stderr, "bench_load: %s (%s) %s\n", err_row(e)->sentence, err_row(e)->code,
                      why->detail);
        return 1;
}

static uint64_t now_ns(void)
{
        struct timespec t;
        (void)clock_gettime(CLOCK_MONOTONIC, &t);
        return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

static uint64_t number(const char *text, uint64_t otherwise)
{
        return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

/* "1,16,64" */
static size_t numbers(const char *text, uint64_t out[ROUNDS_MAX])
{
        size_t n = 0;
        for (char *end; *text != '\0' && n < ROUNDS_MAX; text = *end == ',' ? end + 1 : end) {
                out[n++] = strtoull(text, &end, 10);
                if (end == text)
                        return 0;
        }
        return n;
}

/* User and system time of the processes "12,13", in microseconds. */
static uint64_t cpu_of(const char *pids)
{
        uint64_t pid[ROUNDS_MAX], sum = 0;
        size_t n = pids == NULL ? 0 : numbers(pids, pid);
        for (size_t i = 0; i < n; i++) {
                char path[64], text[1024] = "";
                unsigned long user = 0, system = 0;
                (void)snprintf(path, sizeof path, "/proc/%" PRIu64 "/stat", pid[i]);
                FILE *f = fopen(path, "re");
                if (f == NULL)
                        continue;
                if (fgets(text, sizeof text, f) != NULL && strrchr(text, ')') != NULL &&
                    sscanf(strrchr(text, ')') + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
                           &user, &system) == 2)
                        sum += (uint64_t)(user + system) * 1000000 / (uint64_t)sysconf(_SC_CLK_TCK);
                (void)fclose(f);
        }
        return sum;
}

static uint64_t own_cpu_us(void)
{
        struct rusage u;
        (void)getrusage(RUSAGE_SELF, &u);
        return (uint64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 +
               (uint64_t)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

/* --- connections --- */

struct line {
        struct wire wire;
        size_t person;
        uint32_t watched; /* events that epoll has been asked for; 0: not yet */
        size_t next, left;
        uint64_t began_ns, known;
};
struct desk {
        struct crowd *crowd;
        size_t n;
        struct line *lines;
        SSL_CTX **contexts; /* one a person */
        int epoll;
};

static enum err desk_watch(struct desk *d, struct line *l)
{
        uint32_t wanted = l->wire.wants_write ? EPOLLOUT : EPOLLIN;
        struct epoll_event event = {.events = wanted, .data.ptr = l};
        if (l->watched == wanted)
                return OK;
        int op = l->watched == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
        l->watched = wanted;
        return epoll_ctl(d->epoll, op, l->wire.fd, &event) == 0 ? OK : ERR_IO;
}

static const struct session *session_of(const struct desk *d, const struct line *l)
{
        return &d->crowd->at[l->person].session;
}

static enum err desk_open(struct desk *d, struct crowd *crowd, size_t n)
{
        enum err e = OK;
        *d = (struct desk){.crowd = crowd, .epoll = epoll_create1(EPOLL_CLOEXEC)};
        d->lines = calloc(n, sizeof *d->lines);
        d->contexts = calloc(crowd->n, sizeof *d->contexts);
        if (d->epoll < 0 || d->lines == NULL || d->contexts == NULL)
                return ERR_NO_MEMORY;
        for (size_t i = 0; i < crowd->n; i++)
                if ((d->contexts[i] = wire_context(&crowd->at[i].session)) == NULL)
                        return ERR_CRYPTO;
        /* Some at a time, so that none waits in the daemon's backlog until its handshake has timed out. */
        while (d->n < n && !e) {
                size_t first = d->n, shaken = 0;
                for (; d->n < n && d->n < first + HOLD_AT_ONCE && !e; d->n++) {
                        struct line *l = &d->lines[d->n];
                        l->person = d->n % crowd->n;
                        if (!(e = wire_open(d->contexts[l->person], session_of(d, l), &l->wire)))
                                e = wire_shake(&l->wire, session_of(d, l), &(bool){false});
                        if (!e)
                                e = desk_watch(d, l);
                }
                for (size_t i = first; i < d->n; i++)
                        shaken += d->lines[i].wire.shaken;
                while (shaken < d->n - first && !e) {
                        struct epoll_event event[HOLD_AT_ONCE];
                        int got = epoll_wait(d->epoll, event, HOLD_AT_ONCE, WAIT_MS);
                        if (got <= 0)
                                e = errno == EINTR && got < 0 ? OK : ERR_AWAY;
                        for (int i = 0; i < got && !e; i++) {
                                struct line *l = event[i].data.ptr;
                                bool done = false;
                                if (l->wire.shaken)
                                        continue;
                                if (!(e = wire_shake(&l->wire, session_of(d, l), &done)))
                                        e = desk_watch(d, l);
                                shaken += done;
                        }
                }
        }
        return e;
}

static void desk_close(struct desk *d)
{
        for (size_t i = 0; d->lines != NULL && i < d->n; i++)
                wire_close(&d->lines[i].wire);
        for (size_t i = 0; d->contexts != NULL && i < d->crowd->n; i++)
                SSL_CTX_free(d->contexts[i]);
        free(d->lines);
        free(d->contexts);
        if (d->epoll >= 0)
                (void)close(d->epoll);
}

/* --- a round --- */

struct round {
        size_t requests, done, accepted;
        struct bytes *submission; /* of line i: those at i, i + connections, ... */
        struct buf text;
        uint32_t *latency_us;
        int odd_status; /* of the last answer that was not 201 */
        char odd_answer[400];
};

static void round_clear(struct round *r)
{
        free(r->submission);
        free(r->latency_us);
        buf_clear(&r->text);
}

static enum err round_sign(struct round *r, struct crowd *crowd, size_t connections, size_t requests,
                           struct why *why)
{
        enum err e = OK;
        *r = (struct round){.requests = requests / connections * connections};
        size_t *at = calloc(r->requests + 1, sizeof *at);
        buf_init(&r->text, (r->requests + 1) * (size_t)24576);
        r->submission = calloc(r->requests, sizeof *r->submission);
        r->latency_us = calloc(r->requests, sizeof *r->latency_us);
        if (at == NULL || r->submission == NULL || r->latency_us == NULL)
                e = ERR_NO_MEMORY;
        for (size_t i = 0; i < r->requests && !e; i++) {
                struct buf one;
                buf_init(&one, SUBMISSION_MAX);
                e = crowd_intent(crowd, i % connections, &one, why);
                buf_put(&r->text, buf_bytes(&one));
                buf_clear(&one);
                at[i + 1] = r->text.n;
        }
        if (!e)
                e = buf_check(&r->text);
        for (size_t i = 0; i < r->requests && !e; i++)
                r->submission[i] = bytes_of(r->text.at + at[i], at[i + 1] - at[i]);
        free(at);
        return e;
}

static void post_next(struct round *r, struct line *l, size_t step)
{
        wire_post(&l->wire, l->known, r->submission[l->next]);
        l->began_ns = now_ns();
        l->next += step;
        l->left--;
}

/* {"seq":"123",... : from then on the checkpoint that this client believes covers it. */
static void take_answer(struct round *r, struct line *l)
{
        static const char head[] = "{\"seq\":\"";
        struct bytes in = l->wire.answer;
        uint64_t seq;
        r->latency_us[r->done++] = (uint32_t)((now_ns() - l->began_ns) / 1000);
        if (l->wire.status == 201 && !bytes_take_text(&in, head) && !bytes_take_decimal(&in, &seq)) {
                l->known = seq + 1;
                r->accepted++;
                return;
        }
        r->odd_status = l->wire.status;
        (void)snprintf(r->odd_answer, sizeof r->odd_answer, "%.*s", (int)(in.n < 399 ? in.n : 399),
                       (const char *)in.at);
}

static enum err push(struct desk *d, struct round *r, struct line *l)
{
        enum err e;
        bool done = false;
        while (!(e = wire_go_on(&l->wire, &done)) && done) {
                take_answer(r, l);
                if (l->left == 0)
                        return OK;
                post_next(r, l, d->n);
        }
        return e ? e : desk_watch(d, l);
}

static enum err round_run(struct desk *d, struct round *r)
{
        struct epoll_event event[CROWD_MAX];
        enum err e = OK;
        for (size_t i = 0; i < d->n && !e; i++) {
                struct line *l = &d->lines[i];
                l->next = i;
                l->left = r->requests / d->n;
                l->known = 0;
                post_next(r, l, d->n);
                e = push(d, r, l);
        }
        while (r->done < r->requests && !e) {
                int got = epoll_wait(d->epoll, event, CROWD_MAX, WAIT_MS);
                if (got == 0 || (got < 0 && errno != EINTR))
                        e = ERR_AWAY;
                for (int i = 0; i < got && !e; i++)
                        e = push(d, r, event[i].data.ptr);
        }
        return e;
}

static int order(const void *a, const void *b)
{
        uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
        return x < y ? -1 : x > y;
}

static void round_tell(const struct round *r, size_t connections, uint64_t took_ns, uint64_t own_us,
                       uint64_t daemon_us)
{
        size_t n = r->requests;
        qsort(r->latency_us, n, sizeof *r->latency_us, order);
        (void)printf("{\"connections\":%zu,\"requests\":%zu,\"accepted\":%zu,\"seconds\":%.3f,\"rate\":%.1f,"
                     "\"p50_us\":%" PRIu32 ",\"p99_us\":%" PRIu32 ",\"max_us\":%" PRIu32
                     ",\"loader_cpu_us\":%.1f,\"daemon_cpu_us\":%.1f,\"bytes\":%.0f}\n",
                     connections, n, r->accepted, (double)took_ns / 1e9, (double)n * 1e9 / (double)took_ns,
                     r->latency_us[n / 2], r->latency_us[n * 99 / 100], r->latency_us[n - 1],
                     (double)own_us / (double)n, (double)daemon_us / (double)n,
                     (double)r->text.n / (double)n);
        (void)fflush(stdout);
}

static enum err drive_round(struct crowd *crowd, size_t connections, size_t requests, const char *daemon,
                            struct why *why)
{
        struct round r = {0};
        struct desk d = {.epoll = -1};
        enum err e;
        if (connections < 1 || connections > crowd->n || requests < connections)
                return why_set(why, ERR_USE,
                               "connections: 1 to the number of members; requests: at least one each");
        if ((e = round_sign(&r, crowd, connections, requests, why)))
                goto done;
        d.crowd = crowd;
        if ((e = desk_open(&d, crowd, connections))) {
                e = why_set(why, e, "opening the connections");
                goto done;
        }
        uint64_t own = own_cpu_us(), theirs = cpu_of(daemon), began = now_ns();
        if ((e = round_run(&d, &r)))
                goto done;
        uint64_t took = now_ns() - began;
        round_tell(&r, connections, took, own_cpu_us() - own, cpu_of(daemon) - theirs);
        if (r.accepted != r.requests)
                e = why_set(why, ERR_ANSWER, "%zu of %zu were not accepted, such as %d: %.150s",
                            r.requests - r.accepted, r.requests, r.odd_status, r.odd_answer);
done:
        desk_close(&d);
        round_clear(&r);
        return e;
}

/* --- the words --- */

/* So that what we are compared with can run in between, and both meet the same machine. */
static bool go_on(void)
{
        char c = 0;
        while (c != '\n')
                if (read(STDIN_FILENO, &c, 1) != 1)
                        return false;
        return true;
}

static enum err open_crowd(const struct options *o, size_t members, struct crowd *out, struct why *why)
{
        uint64_t seed = number(o->seed, (uint64_t)client_now_us());
        (void)fprintf(stderr, "bench_load: seed %" PRIu64 "\n", seed);
        if (members < 1 || members > CROWD_MAX)
                return why_set(why, ERR_USE, "--members: 1 to %d", CROWD_MAX);
        return crowd_open(o->people, members, o->passphrase, o->operation, seed, out, why);
}

static enum err drive(const struct options *o, struct why *why)
{
        uint64_t connections[ROUNDS_MAX], requests[ROUNDS_MAX], rounds = number(o->rounds, 3), most = 1;
        struct crowd crowd = {0};
        if (o->connections == NULL || o->requests == NULL)
                return why_set(why, ERR_USE, "drive needs --connections and --requests");
        size_t n = numbers(o->connections, connections);
        if (n == 0 || numbers(o->requests, requests) != n)
                return why_set(why, ERR_USE, "as many --requests as --connections: 1,16,64");
        for (size_t i = 0; i < n; i++)
                most = connections[i] > most ? connections[i] : most;
        enum err e = open_crowd(o, (size_t)most, &crowd, why);
        for (uint64_t k = 0; k < rounds && !e; k++)
                for (size_t i = 0; i < n && !e; i++)
                        if (!(e = drive_round(&crowd, (size_t)connections[i], (size_t)requests[i], o->daemon,
                                              why)) &&
                            o->paced && !go_on())
                                e = why_set(why, ERR_IO, "nobody says to go on");
        crowd_close(&crowd);
        return e;
}

static enum err hold(const struct options *o, struct why *why)
{
        struct crowd crowd = {0};
        struct desk d = {.epoll = -1};
        uint64_t n = number(o->count, 1000);
        char c;
        enum err e;
        if (n < 1 || n > HOLD_MAX)
                return why_set(why, ERR_USE, "--count: 1 to %d", HOLD_MAX);
        if ((e = open_crowd(o, 1, &crowd, why)))
                goto done;
        d.crowd = &crowd;
        if ((e = desk_open(&d, &crowd, (size_t)n)))
                goto done;
        (void)printf("holding %zu\n", d.n);
        (void)fflush(stdout);
        while (read(STDIN_FILENO, &c, 1) > 0)
                continue;
        /* None of them may have been closed meanwhile: then less was held than said. */
        for (size_t i = 0; i < d.n && !e; i++)
                if (SSL_read(d.lines[i].wire.ssl, &c, 1) > 0 ||
                    SSL_get_error(d.lines[i].wire.ssl, -1) != SSL_ERROR_WANT_READ)
                        e = why_set(why, ERR_AWAY, "connection %zu was closed", i);
done:
        desk_close(&d);
        crowd_close(&crowd);
        return e;
}

static enum err sign(const struct options *o, struct why *why)
{
        struct crowd crowd = {0};
        struct buf one;
        size_t members = (size_t)number(o->members, 64), n = (size_t)number(o->count, 1000);
        FILE *f = o->out == NULL ? NULL : fopen(o->out, "wbe");
        enum err e;
        buf_init(&one, SUBMISSION_MAX);
        if (f == NULL)
                return why_set(why, ERR_USE, "sign needs --out FILE");
        e = open_crowd(o, members, &crowd, why);
        for (size_t i = 0; i < n && !e; i++) {
                buf_reset(&one);
                if ((e = crowd_intent(&crowd, i % members, &one, why)))
                        break;
                const uint8_t length[4] = {(uint8_t)(one.n >> 24), (uint8_t)(one.n >> 16),
                                           (uint8_t)(one.n >> 8), (uint8_t)one.n};
                if (fwrite(length, 1, sizeof length, f) != sizeof length ||
                    fwrite(one.at, 1, one.n, f) != one.n)
                        e = ERR_IO;
        }
        if (fclose(f) != 0 && !e)
                e = ERR_IO;
        buf_clear(&one);
        crowd_close(&crowd);
        return e;
}

static enum err rows(const struct options *o, struct why *why)
{
        uint8_t length[4], part[SUBMISSION_MAX];
        uint64_t count = number(o->count, 1000);
        FILE *f = o->out == NULL ? NULL : fopen(o->out, "rbe");
        enum err e = OK;
        if (f == NULL)
                return why_set(why, ERR_USE, "rows needs --out FILE, as sign wrote it");
        for (uint64_t i = 0; i < count && !e && fread(length, 1, sizeof length, f) == sizeof length; i++) {
                size_t n =
                    (size_t)length[0] << 24 | (size_t)length[1] << 16 | (size_t)length[2] << 8 | length[3];
                if (n > sizeof part || fread(part, 1, n, f) != n) {
                        e = ERR_FORM;
                        break;
                }
                (void)printf("%" PRIu64 "\t\\\\x", i);
                for (size_t k = 0; k < n; k++)
                        (void)printf("%02x", part[k]);
                (void)printf("\n");
        }
        (void)fclose(f);
        return e;
}

int main(int argc, char **argv)
{
        struct options o = {0};
        struct args args;
        struct why why = {0};
        const struct arg table[] = {{.name = "people", .text = &o.people},
                                    {.name = "passphrase-file", .text = &o.passphrase},
                                    {.name = "operation", .text = &o.operation},
                                    {.name = "seed", .text = &o.seed},
                                    {.name = "connections", .text = &o.connections},
                                    {.name = "requests", .text = &o.requests},
                                    {.name = "rounds", .text = &o.rounds},
                                    {.name = "count", .text = &o.count},
                                    {.name = "out", .text = &o.out},
                                    {.name = "daemon", .text = &o.daemon},
                                    {.name = "members", .text = &o.members},
                                    {.name = "paced", .flag = &o.paced},
                                    {.name = NULL}};
        static const struct {
                const char *word;
                enum err (*run)(const struct options *o, struct why *why);
        } words[] = {{"drive", drive}, {"hold", hold}, {"sign", sign}, {"rows", rows}};
        enum err e = crypto_setup();
        if (!e)
                e = args_parse(argc, argv, table, &args, &why);
        if (!e && (args.words_n != 1 || o.people == NULL || o.passphrase == NULL || o.operation == NULL))
                e = why_set(
                    &why, ERR_USE,
                    "bench_load drive|hold|sign|rows --people DIR --passphrase-file F --operation NAME ...");
        if (e)
                return fail(e, &why);
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
                if (strcmp(args.words[0], words[i].word) == 0) {
                        e = words[i].run(&o, &why);
                        return e ? fail(e, &why) : 0;
                }
        return fail(ERR_USE, &why);
}
