#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/command.h"
#include "daemon/ledger.h"
#include "ledger/base/args.h"
#include "ledger/crypto/seal.h"
#include "policy/replay_verify.h"

static unsigned cores(void)
{
        long n = sysconf(_SC_NPROCESSORS_ONLN);
        return n < 1 ? 1 : n > 64 ? 64 : (unsigned)n;
}

static enum err open_keys(const struct config *c, struct store_keys **out, bool *out_beside, struct why *why)
{
        char path[CONFIG_PATH_MAX];
        struct secret key = {0};
        enum err e = config_key_path(c, path, out_beside);
        if (e)
                return e;
        if ((e = secret_read_file(path, SEAL_KEY_LEN, &key)))
                return why_set(why, e, "the file key %.180s", path);
        e = store_keys_new(secret_bytes(&key), out);
        secret_free(&key);
        return e;
}

/* The verifier key that belongs to our own log key: the first entry is not taken at its word. */
static enum err own_vkey(const struct config *c, struct vkey *out, struct why *why)
{
        char path[CONFIG_PATH_MAX];
        struct secret seed = {0};
        struct signing_key *key = NULL;
        enum err e = config_path(c, CONFIG_LOG, path);
        if (e)
                return e;
        if ((e = secret_read_file(path, SEED_LEN, &seed)))
                return why_set(why, e, "%.200s", path);
        if (!(e = signing_key_new(secret_bytes(&seed), &key))) {
                struct signer signer = signing_key_signer(key);
                e = vkey_of(c->origin, NOTE_ED25519, &signer.key, out);
        }
        signing_key_free(key);
        secret_free(&seed);
        return e;
}

static void print_findings(const struct verification *v, const struct replay_report *report)
{
        char verdicts[REPLAY_SENTENCE_MAX];
        for (size_t i = 0; i < verification_findings(v); i++) {
                const struct finding *f = verification_finding(v, i);
                if (f->seq == SEQ_NONE)
                        (void)printf("%s %s: %s\n", f->cannot_tell ? "Cannot tell," : "FAULT,",
                                     check_row(f->check)->code, f->sentence);
                else
                        (void)printf("%s entry %llu, %s: %s\n", f->cannot_tell ? "Cannot tell," : "FAULT,",
                                     (unsigned long long)f->seq, check_row(f->check)->code, f->sentence);
        }
        (void)printf("%llu entries, %zu fault%s.\n", (unsigned long long)verification_size(v),
                     verification_faults(v), verification_faults(v) == 1 ? "" : "s");
        if (report == NULL)
                return;
        replay_sentence(report, verdicts);
        (void)printf("%s.\n", verdicts);
}

static void print_remarks(bool key_beside)
{
        if (key_beside)
                (void)printf("remark: the file key lies in the data folder: a copy of the folder is a copy "
                             "of the texts (--key-file).\n");
        (void)printf("remark: no witness elsewhere cosigns this ledger: a rewritten history shows only "
                     "against receipts and checkpoints "
                     "that clients and auditors kept.\n");
}

int command_check(int argc, char **argv)
{
        const char *data = NULL;
        bool quick = false;
        const struct arg table[] = {
            {.name = "data", .text = &data}, {.name = "quick", .flag = &quick}, {.name = NULL}};
        struct verify_options options = {.threads = cores(), .content = true};
        struct verification *v = NULL;
        struct store_keys *keys = NULL;
        struct store *store = NULL;
        struct replay_report report;
        struct config config;
        struct vkey vkey;
        struct args args;
        struct why why = {0};
        char path[CONFIG_PATH_MAX];
        bool beside = false;
        int status = EXIT_DONE;
        enum err e;
        if ((e = args_parse(argc, argv, table, &args, &why)))
                goto done;
        if (data == NULL || args.words_n > 0) {
                e = why_set(&why, ERR_USE, "check needs --data DIR");
                goto done;
        }
        options.log = &vkey;
        if ((e = config_read(data, &config, &why)) || (e = own_vkey(&config, &vkey, &why)) ||
            (e = open_keys(&config, &keys, &beside, &why)) ||
            (e = config_path(&config, CONFIG_LEDGER, path)) ||
            (e = store_open(path, STORE_READ, keys, &store, &why)) ||
            (e = verify_run(store, &options, &v, &why)) ||
            (!quick && (e = replay_verify(v, store, NULL, &report, &why))))
                goto done;
        print_findings(v, quick ? NULL : &report);
        print_remarks(beside);
        status = verification_faults(v) > 0 ? EXIT_FAULT : EXIT_DONE;
done:
        verification_free(v);
        store_close(store);
        store_keys_free(keys);
        return e ? command_fail(e, &why) : status;
}
