#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/bundle.h"
#include "client/command.h"
#include "client/receipts.h"
#include "client/record.h"
#include "ledger/verify/verify.h"

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

static int report(struct session *s, const struct verification *v, bool strict)
{
        json_t *faults = json_array(), *unknown = json_array();
        struct hash root;
        char size[24], text[HASH_TEXT_LEN + 1] = "";
        size_t n = verification_findings(v), bad = verification_faults(v);
        bool ok = bad == 0 && (!strict || n == 0);
        (void)snprintf(size, sizeof size, "%llu", (unsigned long long)verification_size(v));
        if (verification_root(v, &root))
                hash_text(&root, text);
        for (size_t i = 0; i < n; i++) {
                const struct finding *f = verification_finding(v, i);
                if (s->json)
                        (void)json_array_append_new(f->cannot_tell ? unknown : faults, finding_json(f));
                else if (f->seq == SEQ_NONE)
                        (void)printf("%s %s: %s\n", f->cannot_tell ? "Cannot tell," : "FAULT,",
                                     check_row(f->check)->code, f->sentence);
                else
                        (void)printf("%s entry %llu, %s: %s\n", f->cannot_tell ? "Cannot tell," : "FAULT,",
                                     (unsigned long long)f->seq, check_row(f->check)->code, f->sentence);
        }
        if (s->json) {
                command_json(json_pack("{sb ss ss so so}", "ok", ok, "size", size, "root", text, "faults",
                                       faults, "cannot_tell", unknown));
        } else {
                (void)printf("%s%s entries of %s, root %s: %zu fault%s, %zu thing%s that cannot be told.\n",
                             bad == 0 ? "Sound: " : "", size, verification_log(v)->name, text, bad,
                             bad == 1 ? "" : "s", n - bad, n - bad == 1 ? "" : "s");
                json_decref(faults);
                json_decref(unknown);
        }
        return ok ? EXIT_DONE : EXIT_FAULT;
}

static unsigned cores(void)
{
        long n = sysconf(_SC_NPROCESSORS_ONLN);
        return n < 1 ? 1 : n > 64 ? 64 : (unsigned)n;
}

static int verify_file(struct session *s, const char *path, const struct vkey *key, const char *content,
                       bool strict, bool identified)
{
        struct verify_options options = {.log = key, .threads = cores()};
        struct verification *v = NULL;
        struct store *store = NULL;
        int status = EXIT_INTERNAL;
        enum err e;
        if (!s->json && isatty(STDERR_FILENO))
                options.progress = show_progress;
        if ((e = store_open(path, STORE_COPY, NULL, &store, &s->why)) ||
            (e = verify_run(store, &options, &v, &s->why)) || (e = compare_memory(s, v, store, identified)))
                goto done;
        if (content != NULL)
                e = bundle_verify(s, content, v, store);
        else
                e = verify_say_absent(v, CHECK_DISCLOSURE,
                                      "The fields and reasons are not at hand (or sealed): disclosures and "
                                      "accounting were not checked.");
        if (e)
                goto done;
        status = report(s, v, strict);
done:
        verification_free(v);
        store_close(store);
        return e ? command_fail(s, e) : status;
}

int command_verify(struct session *s, int argc, char **argv)
{
        const char *vkey_text = NULL, *receipt = NULL, *content = NULL;
        bool strict = false;
        const struct arg table[] = {{.name = "vkey", .text = &vkey_text},
                                    {.name = "receipt", .text = &receipt},
                                    {.name = "content", .text = &content},
                                    {.name = "strict", .flag = &strict},
                                    {.name = NULL}};
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
        return verify_file(s, args.words[0], have_key ? &key : NULL, content, strict, identified);
}
