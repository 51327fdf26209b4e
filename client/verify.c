#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/bundle.h"
#include "client/command.h"
#include "client/receipts.h"
#include "client/record.h"
#include "ledger/crypto/seal.h"
#include "policy/replay_verify.h"

static void show_progress(void *self, uint64_t done, uint64_t size)
{
        (void)self;
        (void)fprintf(stderr, "\r%llu of %llu entries", (unsigned long long)done, (unsigned long long)size);
        if (done >= size)
                (void)fprintf(stderr, "\r%*s\r", 48, "");
}

/* --- one receipt --- */

static int verify_one_receipt(struct session *s, const char *path, const struct vkey *key)
{
        struct receipt *r = calloc(1, sizeof *r);
        struct statement *st = calloc(1, sizeof *st);
        struct buf text, scratch;
        struct checkpoint c;
        struct leaf leaf;
        enum err e = r == NULL || st == NULL ? ERR_NO_MEMORY : OK;
        buf_init(&text, RECEIPT_LEN_MAX);
        buf_init(&scratch, 2 * JWS_MAX);
        if (r != NULL)
                receipt_init(r);
        if (e || (e = file_read(path, RECEIPT_LEN_MAX, &text))) {
                e = why_set(&s->why, e, "%.200s", path);
                goto done;
        }
        if ((e = receipt_parse(buf_bytes(&text), r)) || (e = receipt_check(r, key, &c)) ||
            (e = leaf_decode(buf_bytes(&r->leaf), &leaf)) ||
            (e = statement_decode(leaf.statement, &scratch, st, &s->why)))
                goto done;
        char at[MOMENT_TEXT_LEN + 1], root[HASH_TEXT_LEN + 1], seq[24], size[24];
        moment_text(leaf.at_us, at);
        hash_text(&c.root, root);
        (void)snprintf(seq, sizeof seq, "%llu", (unsigned long long)leaf.seq);
        (void)snprintf(size, sizeof size, "%llu", (unsigned long long)c.size);
        if (leaf.seq != r->index) {
                e = why_set(&s->why, ERR_INCLUSION, "the entry carries another number");
                goto done;
        }
        if (s->json)
                command_json(
                    json_pack("{sb ss ss ss ss ss ss s[] s[{ss ss}]}", "ok", 1, "seq", seq, "verdict",
                              verdict_name(leaf.verdict), "kind", kind_name(st->kind), "at", at, "size", size,
                              "root", root, "faults", "cannot_tell", "check", "author", "sentence",
                              "The author's key is in the member entries, which a receipt does not carry."));
        else
                (void)printf("The receipt is valid: entry %s (%s, %s) of %s is in the ledger of %s entries, "
                             "acknowledged at %s.\n"
                             "Who signed the statement cannot be told from a receipt alone.\n",
                             seq, record_kind_plain(kind_name(st->kind)), verdict_name(leaf.verdict),
                             key->name, size, at);
done:
        if (r != NULL)
                receipt_clear(r);
        free(r);
        free(st);
        buf_clear(&text);
        buf_clear(&scratch);
        if (e && s->json && err_row(e)->exit != EXIT_INTERNAL)
                command_json(json_pack("{sb s[{sn ss ss ss}] s[]}", "ok", 0, "faults", "seq", "code",
                                       err_row(e)->code, "check", "receipt", "sentence", err_row(e)->sentence,
                                       "cannot_tell"));
        if (!e)
                return EXIT_DONE;
        int status = command_fail(s, e);
        bool about_receipt = e == ERR_INCLUSION || e == ERR_NOTE_SIGNATURE || e == ERR_NOTE_KEY ||
                             e == ERR_PROOF_FORM || e == ERR_LEAF || e == ERR_JWS || e == ERR_CLAIM ||
                             e == ERR_NOTE || e == ERR_CHECKPOINT || e == ERR_ORIGIN;
        return about_receipt ? EXIT_FAULT : status;
}

/* --- a whole ledger --- */

struct own {
        struct verification *v;
        struct store *store;
        size_t n;
};

static enum err compare_receipt(void *self, const char *name, const char *path, struct bytes text)
{
        struct own *o = self;
        (void)path;
        o->n++;
        return verify_receipt(o->v, o->store, name, text);
}

/* What this person's folder remembers, if it belongs to the same ledger. */
static enum err compare_memory(struct session *s, struct verification *v, struct store *store,
                               bool identified)
{
        struct own own = {.v = v, .store = store};
        struct buf note;
        char path[HOME_PATH_MAX];
        enum err e;
        if (!identified || strcmp(s->id.origin, verification_log(v)->name) != 0)
                return verify_say_absent(v, CHECK_RECEIPT,
                                         "No receipts of this ledger were at hand to compare.");
        if ((e = receipts_each(&s->home, compare_receipt, &own)))
                return e;
        buf_init(&note, NOTE_LEN_MAX);
        if (!(e = home_path(&s->home, HOME_CHECKPOINT, path)) && !(e = file_read(path, NOTE_LEN_MAX, &note)))
                e = verify_believed(v, store, "the checkpoint you last believed", buf_bytes(&note));
        buf_clear(&note);
        return e == ERR_ABSENT ? OK : e;
}

static json_t *finding_json(const struct finding *f)
{
        char seq[24];
        (void)snprintf(seq, sizeof seq, "%llu", (unsigned long long)f->seq);
        json_t *o = json_pack("{ss ss ss}", "code", check_row(f->check)->code, "check",
                              check_row(f->check)->name, "sentence", f->sentence);
        (void)json_object_set_new(o, "seq", f->seq == SEQ_NONE ? json_null() : json_string(seq));
        return o;
}

struct wanted {
        const char *path, *content, *key_file; /* the last two NULL: not given */
        const struct vkey *vkey;               /* NULL: not given */
        bool strict, identified;
};

static void put_finding(const struct session *s, const struct finding *f, json_t *faults, json_t *unknown)
{
        char entry[40] = "";
        if (s->json) {
                (void)json_array_append_new(f->cannot_tell ? unknown : faults, finding_json(f));
                return;
        }
        if (f->seq != SEQ_NONE)
                (void)snprintf(entry, sizeof entry, " entry %llu,", (unsigned long long)f->seq);
        (void)printf("%s%s %s: %s\n", f->cannot_tell ? "Cannot tell," : "FAULT,", entry,
                     check_row(f->check)->code, f->sentence);
}

static json_t *replay_json(const struct replay_report *r)
{
        return json_pack("{sI sI sI sI}", "judged", (json_int_t)(r->entries - r->untold), "partly",
                         (json_int_t)r->partly, "untold", (json_int_t)r->untold, "faults",
                         (json_int_t)r->faults);
}

/* `replayed` NULL: the verdicts were not judged again. */
static int report(struct session *s, const struct verification *v, const struct replay_report *replayed,
                  bool strict)
{
        json_t *faults = json_array(), *unknown = json_array();
        struct hash root;
        char size[24], text[HASH_TEXT_LEN + 1] = "", verdicts[REPLAY_SENTENCE_MAX];
        size_t n = verification_findings(v), bad = verification_faults(v);
        bool ok = bad == 0 && (!strict || n == 0);
        (void)snprintf(size, sizeof size, "%llu", (unsigned long long)verification_size(v));
        if (verification_root(v, &root))
                hash_text(&root, text);
        for (size_t i = 0; i < n; i++)
                put_finding(s, verification_finding(v, i), faults, unknown);
        if (s->json) {
                json_t *o = json_pack("{sb ss ss so so}", "ok", ok, "size", size, "root", text, "faults",
                                      faults, "cannot_tell", unknown);
                if (replayed != NULL)
                        (void)json_object_set_new(o, "verdicts", replay_json(replayed));
                command_json(o);
                return ok ? EXIT_DONE : EXIT_FAULT;
        }
        (void)printf("%s%s entries of %s, root %s: %zu fault%s, %zu thing%s that cannot be told.\n",
                     bad == 0 ? "Sound: " : "", size, verification_log(v)->name, text, bad,
                     bad == 1 ? "" : "s", n - bad, n - bad == 1 ? "" : "s");
        if (replayed != NULL) {
                replay_sentence(replayed, verdicts);
                (void)printf("%s.\n", verdicts);
        }
        json_decref(faults);
        json_decref(unknown);
        return ok ? EXIT_DONE : EXIT_FAULT;
}

static unsigned cores(void)
{
        long n = sysconf(_SC_NPROCESSORS_ONLN);
        return n < 1 ? 1 : n > 64 ? 64 : (unsigned)n;
}

/* The file key that goes with a copy of the whole ledger. */
static enum err open_keys(struct session *s, const char *path, struct store_keys **out)
{
        struct secret key = {0};
        enum err e = secret_read_file(path, SEAL_KEY_LEN, &key);
        if (e)
                return why_set(&s->why, e, "the file key %.180s", path);
        e = store_keys_new(secret_bytes(&key), out);
        secret_free(&key);
        return e;
}

static enum err check_content(struct session *s, const struct wanted *w, struct verification *v,
                              struct store *store)
{
        if (w->content != NULL)
                return bundle_verify(s, w->content, v, store);
        if (w->key_file != NULL && store_has_content(store))
                return OK;
        return verify_say_absent(v, CHECK_DISCLOSURE,
                                 "The fields and reasons are not at hand (or sealed): disclosures and "
                                 "accounting were not checked.");
}

static int verify_file(struct session *s, const struct wanted *w)
{
        struct verify_options options = {.log = w->vkey, .threads = cores()};
        struct replay_report replayed;
        struct verification *v = NULL;
        struct store_keys *keys = NULL;
        struct store *store = NULL;
        int status = EXIT_INTERNAL;
        enum err e;
        if (!s->json && isatty(STDERR_FILENO))
                options.progress = show_progress;
        if ((w->key_file != NULL && (e = open_keys(s, w->key_file, &keys))) ||
            (e = store_open(w->path, STORE_COPY, keys, &store, &s->why)))
                goto done;
        options.content = keys != NULL && store_has_content(store);
        if ((e = verify_run(store, &options, &v, &s->why)) ||
            (e = compare_memory(s, v, store, w->identified)) || (e = check_content(s, w, v, store)) ||
            (keys != NULL && (e = replay_verify(v, store, options.progress, &replayed, &s->why))))
                goto done;
        status = report(s, v, keys != NULL ? &replayed : NULL, w->strict);
done:
        verification_free(v);
        store_close(store);
        store_keys_free(keys);
        return e ? command_fail(s, e) : status;
}

int command_verify(struct session *s, int argc, char **argv)
{
        const char *vkey_text = NULL, *receipt = NULL;
        struct wanted w = {0};
        const struct arg table[] = {
            {.name = "vkey", .text = &vkey_text},    {.name = "receipt", .text = &receipt},
            {.name = "content", .text = &w.content}, {.name = "key-file", .text = &w.key_file},
            {.name = "strict", .flag = &w.strict},   {.name = NULL}};
        struct args args;
        struct vkey key;
        bool have_key = vkey_text != NULL;
        enum err e;
        if ((e = command_args(s, argc, argv, table, &args)))
                return command_fail(s, e);
        /* An identity is a help, not a need: an inspector has none. */
        bool identified = session_identify(s) == OK;
        s->why = (struct why){0};
        have_key = vkey_text != NULL;
        if (have_key && (e = vkey_parse(bytes_text(vkey_text), &key)))
                return command_fail(s, why_set(&s->why, e, "%.150s", vkey_text));
        if (!have_key && identified) {
                key = s->vkey;
                have_key = true;
        }
        if (receipt != NULL && args.words_n == 0) {
                if (!have_key)
                        return command_fail(s, why_set(&s->why, ERR_USE, "a receipt is checked with --vkey"));
                return verify_one_receipt(s, receipt, &key);
        }
        if (receipt != NULL || args.words_n != 1)
                return command_fail(
                    s, why_set(&s->why, ERR_USE, "verify FILE.db, or verify --receipt FILE --vkey V"));
        w.path = args.words[0];
        w.vkey = have_key ? &key : NULL;
        w.identified = identified;
        return verify_file(s, &w);
}
