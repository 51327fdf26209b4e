/* bench_commit: the commit path alone, without network: statements are decoded beforehand, then admitted,
 * stored, hashed into the tree, synced and signed for by the keeper in batches, as the commit thread does.
 * Also what a worker does for one statement. `bench_commit DIR FILE BATCH`: a data folder whose daemon is
 * stopped, and the submissions of bench_load sign. One JSON line; microseconds an entry. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/admit.h"
#include "daemon/commit.h"

#define FILE_MAX (1u << 30) /* bytes */

struct bench {
        struct config config;
        struct ledger ledger;
        struct buf text;
        size_t n;
        struct bytes *submission;
        struct job **job;
        double decode_s, signature_s, admit_s, commit_s, keeper_s;
};

static double now_s(void)
{
        struct timespec t;
        (void)clock_gettime(CLOCK_MONOTONIC, &t);
        return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum err read_submissions(struct bench *b, const char *path)
{
        char part[65536];
        size_t got;
        enum err e;
        FILE *f = fopen(path, "rbe");
        if (f == NULL)
                return ERR_ABSENT;
        buf_init(&b->text, FILE_MAX);
        while ((got = fread(part, 1, sizeof part, f)) > 0)
                buf_put(&b->text, bytes_of(part, got));
        (void)fclose(f);
        if ((e = buf_check(&b->text)))
                return e;
        for (int pass = 0; pass < 2; pass++) {
                struct bytes in = buf_bytes(&b->text), one;
                size_t n = 0;
                uint32_t length;
                for (; in.n > 0; n++) {
                        if ((e = bytes_take_u32(&in, &length)) || (e = bytes_take(&in, length, &one)))
                                return e;
                        if (pass == 1)
                                b->submission[n] = one;
                }
                if (pass == 0 && (b->submission = calloc(n + 1, sizeof *b->submission)) == NULL)
                        return ERR_NO_MEMORY;
                b->n = n;
        }
        return b->n > 0 ? OK : ERR_FORM;
}

static enum err open_ledger(struct bench *b, const char *data, struct why *why)
{
        char path[CONFIG_PATH_MAX], note[CONFIG_PATH_MAX];
        struct secret seed = {0};
        struct keeper *keeper = NULL;
        enum err e;
        if ((e = config_read(data, &b->config, why)) || (e = config_path(&b->config, CONFIG_LOG, path)) ||
            (e = config_path(&b->config, CONFIG_NOTE, note)) || (e = secret_read_file(path, SEED_LEN, &seed)))
                return e;
        e = keeper_start(note, b->config.origin, secret_bytes(&seed), &keeper, why);
        secret_free(&seed);
        if (e)
                return e;
        if ((e = ledger_open(&b->config, &b->ledger, why))) {
                keeper_stop(keeper);
                return e;
        }
        return ledger_join_keeper(&b->ledger, keeper, why);
}

/* What a worker does for one statement, without the connection's part of it. */
static enum err decode(struct bench *b, struct bytes submission, struct job **out)
{
        struct job *j = job_new(NULL);
        struct bytes jws, disclosures;
        enum err e;
        if (j == NULL)
                return ERR_NO_MEMORY;
        *out = j;
        if ((e = submission_split(submission, &jws, &disclosures)) ||
            (e = statement_decode(jws, &j->payload, &j->statement, &j->why)))
                return e;
        const struct roster_key *key = roster_key_of_kid(b->ledger.roster, &j->statement.kid);
        if (key == NULL)
                return ERR_NOT_ENROLLED;
        j->key = key->number;
        double began = now_s();
        e = statement_check_signature(&j->statement, &key->key);
        b->signature_s += now_s() - began;
        if (e || (e = body_decode(&j->statement, disclosures, &j->values, &j->body, &j->why)))
                return e;
        return body_check_fields(&j->body, &j->why);
}

static enum err run_batch(struct bench *b, size_t first, size_t n)
{
        struct ledger *l = &b->ledger;
        struct hash hashes[COMMIT_BATCH_MAX];
        struct buf note;
        enum err e;
        double began = now_s();
        if ((e = tree_mark(l->tree)) || (e = store_begin(l->store)))
                return e;
        for (size_t i = 0; i < n; i++) {
                struct job *j = b->job[first + i];
                if ((e = admit(l, j)))
                        return e;
                if (j->error || !j->appended) {
                        (void)fprintf(stderr, "bench_commit: %s %s\n", err_row(j->error)->sentence,
                                      j->why.detail);
                        return j->error ? j->error : ERR_NUMBER;
                }
                hashes[i] = j->leaf_hash;
        }
        double admitted = now_s();
        if ((e = store_put_checkpoint(l->store, l->size, buf_bytes(&l->note))) ||
            (e = store_commit(l->store)))
                return e;
        double committed = now_s();
        buf_init(&note, NOTE_LEN_MAX);
        e = keeper_extend(l->keeper, n, hashes, &note);
        buf_clear(&l->note);
        l->note = note;
        l->size = tree_size(l->tree);
        b->admit_s += admitted - began;
        b->commit_s += committed - admitted;
        b->keeper_s += now_s() - committed;
        return e ? e : store_tidy(l->store);
}

static enum err run(struct bench *b, size_t batch)
{
        enum err e = OK;
        double began = now_s();
        b->job = calloc(b->n, sizeof(struct job *));
        if (b->job == NULL)
                return ERR_NO_MEMORY;
        for (size_t i = 0; i < b->n && !e; i++)
                e = decode(b, b->submission[i], &b->job[i]);
        b->decode_s = now_s() - began;
        began = now_s();
        for (size_t i = 0; i < b->n && !e; i += batch)
                e = run_batch(b, i, b->n - i < batch ? b->n - i : batch);
        double took = now_s() - began, us = 1e6 / (double)b->n;
        if (!e)
                (void)printf("{\"entries\":%zu,\"batch\":%zu,\"rate\":%.0f,\"admit_us\":%.1f,\"commit_us\":%."
                             "1f,\"keeper_us\":%.1f,"
                             "\"decode_us\":%.1f,\"signature_us\":%.1f}\n",
                             b->n, batch, (double)b->n / took, b->admit_s * us, b->commit_s * us,
                             b->keeper_s * us, b->decode_s * us, b->signature_s * us);
        return e;
}

int main(int argc, char **argv)
{
        struct bench *b = calloc(1, sizeof *b);
        struct why why = {0};
        enum err e = b == NULL ? ERR_NO_MEMORY : crypto_setup();
        unsigned long batch = argc == 4 ? strtoul(argv[3], NULL, 10) : 0;
        if (batch < 1 || batch > COMMIT_BATCH_MAX) {
                (void)fprintf(stderr, "usage: bench_commit DIR FILE BATCH (1 to %d)\n", COMMIT_BATCH_MAX);
                free(b);
                return EXIT_WRONG_USE;
        }
        if (!e && !(e = open_ledger(b, argv[1], &why)) && !(e = read_submissions(b, argv[2])))
                e = run(b, batch);
        if (e)
                (void)fprintf(stderr, "bench_commit: %s %s\n", err_row(e)->sentence, why.detail);
        for (size_t i = 0; b != NULL && b->job != NULL && i < b->n; i++)
                job_free(b->job[i]);
        if (b != NULL) {
                if (b->ledger.path[0] != '\0')
                        ledger_close(&b->ledger);
                free(b->job);
                free(b->submission);
                buf_clear(&b->text);
        }
        free(b);
        return e ? 1 : 0;
}
