#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "daemon/command.h"
#include "daemon/commit.h"
#include "daemon/health.h"
#include "daemon/route.h"
#include "ledger/base/args.h"

#define WORKERS             2
#define REQUESTS_MAX        1024
#define COMMITS_MAX         1024
#define CONNECTIONS_MAX     2048
#define HANDSHAKES_PER_S    400
#define PUTS_MAX            8
#define HEAD_TIMEOUT_S      10
#define BODY_TIMEOUT_S      20
#define IDLE_TIMEOUT_S      120
#define HANDSHAKE_TIMEOUT_S 10

/* The start list; the stop list below is its mirror. */
struct service {
        struct config config;
        struct ledger ledger;
        struct keeper *keeper;
        struct queue *requests, *commits;
        struct workers *workers;
        struct commit *commit;
        struct listener *listener;
        struct health *health;
        struct secret certificate, key;
        enum err fatal;
};

static struct listener *to_stop; /* for the signal handler only */

static void on_signal(int number)
{
        (void)number;
        if (to_stop != NULL)
                listener_stop(to_stop);
}

static bool knows_key(void *self, const struct hash *tls_key)
{
        struct service *s = self;
        (void)pthread_rwlock_rdlock(&s->ledger.lock);
        bool known = roster_key_of_tls(s->ledger.roster, tls_key) != NULL;
        (void)pthread_rwlock_unlock(&s->ledger.lock);
        return known;
}

static void on_request(void *self, struct exchange *x)
{
        struct service *s = self;
        if (!queue_put(s->requests, x))
                exchange_problem(x, ERR_BUSY, "", "");
}

static void on_fatal(void *self, enum err e)
{
        struct service *s = self;
        s->fatal = e;
        listener_stop(s->listener);
}

/* The keeper is forked first of all: no threads, no open database, and the seed leaves this process again. */
static enum err start_keeper(struct service *s, struct why *why)
{
        char path[CONFIG_PATH_MAX], note[CONFIG_PATH_MAX];
        struct secret seed = {0};
        enum err e;
        if ((e = config_path(&s->config, CONFIG_LOG, path)) ||
            (e = config_path(&s->config, CONFIG_NOTE, note)))
                return e;
        if ((e = secret_read_file(path, SEED_LEN, &seed)))
                return why_set(why, e, "%.200s", path);
        e = keeper_start(note, s->config.origin, secret_bytes(&seed), &s->keeper, why);
        secret_free(&seed);
        return e;
}

static enum err start_listener(struct service *s, struct why *why)
{
        char path[CONFIG_PATH_MAX];
        enum err e;
        if ((e = config_path(&s->config, CONFIG_TLS, path)) ||
            (e = secret_read_file(path, 0, &s->certificate)) ||
            (e = config_path(&s->config, CONFIG_TLSKEY, path)) || (e = secret_read_file(path, 0, &s->key)))
                return why_set(why, e, "%.200s", path);
        const struct listener_config config = {.host = s->config.host,
                                               .port = s->config.port,
                                               .certificate_pem = secret_bytes(&s->certificate),
                                               .key_pem = secret_bytes(&s->key),
                                               .connections_max = CONNECTIONS_MAX,
                                               .handshakes_per_s = HANDSHAKES_PER_S,
                                               .body_max = SUBMISSION_MAX,
                                               .put_max = ANNEX_MAX,
                                               .puts_max = PUTS_MAX,
                                               .head_timeout_s = HEAD_TIMEOUT_S,
                                               .body_timeout_s = BODY_TIMEOUT_S,
                                               .idle_timeout_s = IDLE_TIMEOUT_S,
                                               .handshake_timeout_s = HANDSHAKE_TIMEOUT_S,
                                               .knows_key = knows_key,
                                               .on_request = on_request,
                                               .self = s};
        return listener_new(&config, &s->listener, why);
}

/* Watching the daemon is no reason not to run it: a folder whose path is too long for a socket has none. */
static enum err start_health(struct service *s, struct why *why)
{
        struct why here = {0};
        enum err e = health_start(&s->ledger, s->listener, s->commit, &s->health, &here);
        if (e == ERR_TOO_LONG) {
                (void)fprintf(stderr, "enquiryd: no counts can be asked for: %s\n", here.detail);
                return OK;
        }
        return e ? why_set(why, e, "%s", here.detail) : OK;
}

static enum err start(struct service *s, struct why *why)
{
        enum err e;
        (void)prctl(PR_SET_DUMPABLE, 0);
        if ((e = start_keeper(s, why)) || (e = ledger_open(&s->config, &s->ledger, why)))
                return e;
        struct keeper *keeper = s->keeper;
        s->keeper = NULL; /* given away: ledger_close stops it */
        if ((e = ledger_join_keeper(&s->ledger, keeper, why)))
                return e;
        s->requests = queue_new(REQUESTS_MAX);
        s->commits = queue_new(COMMITS_MAX);
        if (s->requests == NULL || s->commits == NULL)
                return ERR_NO_MEMORY;
        if ((e = start_listener(s, why)) ||
            (e = commit_start(&s->ledger, s->commits, on_fatal, s, &s->commit)) ||
            (e = workers_start(&s->ledger, WORKERS, s->requests, s->commits, &s->workers, why)))
                return e;
        return start_health(s, why);
}

/* Requests in hand are answered: the listener waits for them, then workers and commit thread find their
 * queues closed. */
static void stop(struct service *s)
{
        health_stop(s->health);
        if (s->requests != NULL)
                queue_close(s->requests);
        workers_stop(s->workers);
        if (s->commits != NULL)
                queue_close(s->commits);
        commit_stop(s->commit);
        to_stop = NULL;
        listener_free(s->listener);
        queue_free(s->requests);
        queue_free(s->commits);
        if (s->ledger.path[0] != '\0')
                ledger_close(&s->ledger);
        if (s->keeper != NULL)
                keeper_stop(s->keeper);
        secret_free(&s->certificate);
        secret_free(&s->key);
}

static void catch_signals(void)
{
        struct sigaction action = {.sa_handler = on_signal};
        (void)sigaction(SIGTERM, &action, NULL);
        (void)sigaction(SIGINT, &action, NULL);
        action.sa_handler = SIG_IGN;
        (void)sigaction(SIGPIPE, &action, NULL);
}

int command_run(int argc, char **argv)
{
        const char *data = NULL;
        const struct arg table[] = {{.name = "data", .text = &data}, {.name = NULL}};
        struct service *s = calloc(1, sizeof *s);
        struct args args;
        struct why why = {0};
        enum err e;
        if (s == NULL)
                return command_fail(ERR_NO_MEMORY, NULL);
        if ((e = args_parse(argc, argv, table, &args, &why)))
                goto done;
        if (data == NULL || args.words_n > 0) {
                e = why_set(&why, ERR_USE, "run needs --data DIR");
                goto done;
        }
        if ((e = config_read(data, &s->config, &why)) || (e = start(s, &why)))
                goto done;
        to_stop = s->listener;
        catch_signals();
        bool v6 = strchr(s->config.host, ':') != NULL;
        (void)printf("ready %s%s%s:%u\n", v6 ? "[" : "", s->config.host, v6 ? "]" : "",
                     (unsigned)listener_port(s->listener));
        (void)fflush(stdout);
        (void)sd_notify(0, "READY=1");
        e = listener_run(s->listener);
        (void)sd_notify(0, "STOPPING=1");
        if (!e)
                e = s->fatal;
done:
        stop(s);
        free(s);
        return e ? command_fail(e, &why) : EXIT_DONE;
}
