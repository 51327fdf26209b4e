/* bench_bounds: what this machine can do at best, so that figures can be told as shares of it.
 *   verify FILE.db   Ed25519 checks a second by libsodium over the statements of that ledger, on one thread
 * and on all sync FOLDER      fdatasyncs a second of a small append there One JSON line each. */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ledger/store/store.h"

#define STATEMENTS_MAX 4096
#define THREADS_MAX    64
#define SYNCS          400
#define PART           4096 /* bytes of an append */

static double now_s(void)
{
        struct timespec t;
        (void)clock_gettime(CLOCK_MONOTONIC, &t);
        return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int fail(enum err e, const char *what)
{
        (void)fprintf(stderr, "bench_bounds: %s: %s\n", what, err_row(e)->sentence);
        return 1;
}

/* --- verify --- */

struct checks {
        size_t n;
        struct buf text;
        struct bytes message[STATEMENTS_MAX];
        struct sig sig[STATEMENTS_MAX];
        struct public_key key;
        double rate;
        atomic_bool bad;
};

/* The part of a JWS that is signed: all before the last dot. */
static struct bytes signed_part(struct bytes jws)
{
        while (jws.n > 0 && jws.at[jws.n - 1] != '.')
                jws.n--;
        return bytes_of(jws.at, jws.n > 0 ? jws.n - 1 : 0);
}

static enum err load(const char *path, struct checks *c)
{
        size_t at[STATEMENTS_MAX + 1] = {0};
        struct store *store = NULL;
        struct store_scan *scan = NULL;
        struct store_row row;
        struct secret seed = {0};
        struct signing_key *key = NULL;
        struct leaf leaf;
        bool done = false;
        enum err e;
        buf_init(&c->text, (size_t)STATEMENTS_MAX * JWS_MAX);
        if ((e = store_open(path, STORE_COPY, NULL, &store, NULL)) ||
            (e = store_scan_new(store, 0, STATEMENTS_MAX, &scan)) || (e = secret_random(SEED_LEN, &seed)) ||
            (e = signing_key_new(secret_bytes(&seed), &key)))
                goto done;
        while (!(e = store_scan_next(scan, &row, &done)) && !done) {
                if ((e = leaf_decode(row.leaf, &leaf)))
                        goto done;
                buf_put(&c->text, signed_part(leaf.statement));
                at[++c->n] = c->text.n;
        }
        if (e || (e = buf_check(&c->text)))
                goto done;
        struct signer signer = signing_key_signer(key);
        c->key = signer.key;
        for (size_t i = 0; i < c->n && !e; i++) {
                c->message[i] = bytes_of(c->text.at + at[i], at[i + 1] - at[i]);
                e = signer.sign(signer.self, c->message[i], &c->sig[i]);
        }
done:
        signing_key_free(key);
        secret_free(&seed);
        store_scan_free(scan);
        store_close(store);
        return e ? e : c->n == 0 ? ERR_NOT_LEDGER : OK;
}

static void *check_all(void *self)
{
        struct checks *c = self;
        for (size_t i = 0; i < c->n; i++)
                if (sign_check(&c->key, c->message[i], &c->sig[i]))
                        atomic_store(&c->bad, true);
        return NULL;
}

static double rate_of(struct checks *c, size_t threads)
{
        pthread_t thread[THREADS_MAX];
        size_t started = 0;
        double began = now_s();
        for (; started < threads; started++)
                if (pthread_create(&thread[started], NULL, check_all, c) != 0)
                        break;
        for (size_t i = 0; i < started; i++)
                (void)pthread_join(thread[i], NULL);
        return (double)(c->n * started) / (now_s() - began);
}

static int verify(const char *path)
{
        long cores = sysconf(_SC_NPROCESSORS_ONLN);
        struct checks *c = calloc(1, sizeof *c);
        enum err e = c == NULL ? ERR_NO_MEMORY : load(path, c);
        if (!e) {
                size_t threads = cores < 1 ? 1 : cores > THREADS_MAX ? THREADS_MAX : (size_t)cores;
                double one = rate_of(c, 1), all = rate_of(c, threads);
                (void)printf("{\"one\":%.0f,\"all\":%.0f,\"threads\":%zu,\"statement_bytes\":%.0f}\n", one,
                             all, threads, (double)c->text.n / (double)c->n);
                e = atomic_load(&c->bad) ? ERR_SIGNATURE : OK;
        }
        if (c != NULL)
                buf_clear(&c->text);
        free(c);
        return e ? fail(e, path) : 0;
}

/* --- sync --- */

static int order(const void *a, const void *b)
{
        double x = *(const double *)a, y = *(const double *)b;
        return x < y ? -1 : x > y;
}

static int sync_rate(const char *folder)
{
        char path[1024];
        static const uint8_t part[PART];
        double took[SYNCS], began = now_s();
        (void)snprintf(path, sizeof path, "%s/sync.bench", folder);
        int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (fd < 0)
                return fail(ERR_IO, path);
        enum err e = OK;
        for (size_t i = 0; i < SYNCS && !e; i++) {
                double one = now_s();
                e = write(fd, part, sizeof part) == (ssize_t)sizeof part && fdatasync(fd) == 0 ? OK : ERR_IO;
                took[i] = now_s() - one;
        }
        double all = now_s() - began;
        (void)close(fd);
        (void)unlink(path);
        if (e)
                return fail(e, path);
        qsort(took, SYNCS, sizeof took[0], order);
        (void)printf("{\"rate\":%.0f,\"p50_us\":%.0f}\n", SYNCS / all, took[SYNCS / 2] * 1e6);
        return 0;
}

int main(int argc, char **argv)
{
        if (argc != 3 || crypto_setup() || (strcmp(argv[1], "verify") != 0 && strcmp(argv[1], "sync") != 0)) {
                (void)fprintf(stderr, "usage: bench_bounds verify FILE.db | sync FOLDER\n");
                return EXIT_WRONG_USE;
        }
        return strcmp(argv[1], "verify") == 0 ? verify(argv[2]) : sync_rate(argv[2]);
}
