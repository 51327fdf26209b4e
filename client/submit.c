#include "client/submit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/kept.h"
#include "client/text.h"
#include "ledger/base/b64.h"

#define SDJWT     "application/sd-jwt"
#define PATH_LONG 128

void outcome_clear(struct outcome *o)
{
        json_decref(o->reply);
        o->reply = NULL;
}

/* --- the receipt --- */

static enum err read_consistency(const json_t *reply, struct proof *out, uint64_t *out_from)
{
        const json_t *o = json_object_get(reply, "consistency");
        const char *from = json_string_value(json_object_get(o, "from"));
        const json_t *path = json_object_get(o, "path"), *part;
        size_t i;
        out->n = 0;
        *out_from = 0;
        if (o == NULL)
                return OK;
        struct bytes in = bytes_text(from != NULL ? from : "");
        if (bytes_take_decimal(&in, out_from) || in.n != 0 || json_array_size(path) > PROOF_MAX)
                return ERR_ANSWER;
        json_array_foreach(path, i, part)
        {
                const char *text = json_string_value(part);
                if (text == NULL || b64_decode_exact(bytes_text(text), out->path[i].b, HASH_LEN))
                        return ERR_ANSWER;
                out->n++;
        }
        return OK;
}

/* The reasons that the daemon gives are those the leaf commits to. */
static enum err check_because(const json_t *reply, const struct leaf *leaf)
{
        const char *text = json_string_value(json_object_get(reply, "because"));
        struct buf json;
        struct hash digest;
        enum err e;
        buf_init(&json, LEAF_MAX);
        if (text == NULL)
                e = ERR_ANSWER;
        else if (!(e = b64u_decode(bytes_text(text), &json)) &&
                 !(e = because_digest(buf_bytes(&json), &digest)) && !hash_equal(&digest, &leaf->because))
                e = ERR_BECAUSE;
        buf_clear(&json);
        return e;
}

enum err submit_check_reply(struct session *s, const json_t *reply, struct bytes jws, const char *ref,
                            char path[HOME_PATH_MAX], struct leaf *out_leaf, struct buf *leaf_text)
{
        const char *text = json_string_value(json_object_get(reply, "receipt"));
        const char *verdict = json_string_value(json_object_get(reply, "verdict"));
        char name[SHORT_REFERENCE_MAX + 32];
        struct receipt *r = calloc(1, sizeof *r);
        struct proof *proof = calloc(1, sizeof *proof);
        struct leaf leaf;
        uint64_t from;
        enum err e;
        if (r == NULL || proof == NULL) {
                free(r);
                free(proof);
                return ERR_NO_MEMORY;
        }
        receipt_init(r);
        if (text == NULL || verdict == NULL) {
                e = why_set(&s->why, ERR_ANSWER, "no receipt in it");
                goto done;
        }
        if ((e = receipt_parse(bytes_text(text), r)) || (e = receipt_check(r, &s->vkey, NULL)))
                goto done;
        buf_reset(leaf_text);
        buf_put(leaf_text, buf_bytes(&r->leaf));
        if ((e = buf_check(leaf_text)) || (e = leaf_decode(buf_bytes(leaf_text), &leaf)))
                goto done;
        if (!bytes_equal(leaf.statement, jws) || leaf.seq != r->index ||
            !bytes_is(bytes_text(verdict_name(leaf.verdict)), verdict)) {
                e = why_set(&s->why, ERR_ANSWER, "the receipt is for another statement or verdict");
                goto done;
        }
        if ((e = check_because(reply, &leaf)) || (e = read_consistency(reply, proof, &from)) ||
            (e = session_believe(s, r->checkpoint, proof, from)))
                goto done;
        (void)snprintf(name, sizeof name, HOME_RECEIPTS "/%s.tlog-proof", ref);
        if ((e = home_path(&s->home, name, path)) || (e = file_write(path, bytes_text(text))) ||
            (e = kept_note(&s->home, &leaf.policy)))
                goto done;
        *out_leaf = leaf;
done:
        receipt_clear(r);
        free(r);
        free(proof);
        return e;
}

/* --- numbering and signing --- */

static void reference_of(const struct session *s, uint64_t n, char out[SHORT_REFERENCE_MAX])
{
        (void)snprintf(out, SHORT_REFERENCE_MAX, "%s-%llu", s->id.alias, (unsigned long long)n);
}

static enum err sign_draft(struct session *s, struct draft *d, bool consults, struct outcome *out)
{
        struct statement *st = &d->statement;
        struct memory_row row = {
            .kind = st->kind, .consults = consults, .made_at_us = client_now_us(), .closes = d->closes};
        struct buf jws, disclosures;
        enum err e;
        buf_init(&jws, 2 * JWS_MAX);
        buf_init(&disclosures, SUBMISSION_MAX);
        if ((e = memory_head(s->memory, &st->n, &st->prev)))
                goto done;
        st->n++;
        st->log = bytes_text(s->id.log);
        uuid_make(row.made_at_us, st->jti);
        st->iat = row.made_at_us / 1000000;
        if ((e = body_digests(d->body, st->sd)) || (e = body_put(d->body, &disclosures)) ||
            (e = buf_check(&disclosures)) ||
            (e = statement_sign(st, signing_key_signer(s->keys.signing), &jws)))
                goto done;
        row.n = st->n;
        row.st = st->st;
        if (d->subject != NULL)
                (void)snprintf(row.platform_account, sizeof row.platform_account, "%s", d->subject);
        if ((e = memory_add(s->memory, &row, st->jws, buf_bytes(&disclosures))))
                goto done;
        out->n = row.n;
        out->st = row.st;
        reference_of(s, row.n, out->ref);
        uuid_text(st->jti, out->jti);
done:
        buf_clear(&jws);
        buf_wipe(&disclosures);
        return e;
}

/* What became of statements that others refer to: new hashes for old ones, and one that is no entry and never
 * will be. */
struct moved {
        struct hash *old_st, *new_st;
        size_t n;
        const struct hash *gone; /* NULL: none */
};

/* References follow. One to a statement that was refused is taken out: what was done is recorded with or
 * without it. */
static void follow(struct statement *st, const struct moved *moved)
{
        size_t kept = 0;
        for (size_t i = 0; i < st->refs_n; i++) {
                struct ref ref = st->refs[i];
                for (size_t k = 0; k < moved->n; k++)
                        if (hash_equal(&st->refs[i].st, &moved->old_st[k]))
                                ref.st = moved->new_st[k];
                if (moved->gone == NULL || !hash_equal(&ref.st, moved->gone))
                        st->refs[kept++] = ref;
        }
        st->refs_n = kept;
}

/* Signs one waiting statement again with another number and predecessor. */
static enum err sign_again(struct session *s, const struct memory_row *row, uint64_t n,
                           const struct hash *prev, const struct moved *moved, struct hash *out_st)
{
        struct statement *st = calloc(1, sizeof *st);
        struct buf jws, disclosures, scratch, fresh;
        enum err e;
        if (st == NULL)
                return ERR_NO_MEMORY;
        buf_init(&jws, 2 * JWS_MAX);
        buf_init(&disclosures, SUBMISSION_MAX);
        buf_init(&scratch, 2 * JWS_MAX);
        buf_init(&fresh, 2 * JWS_MAX);
        if ((e = memory_texts(s->memory, row->n, &jws, &disclosures)) ||
            (e = statement_decode(buf_bytes(&jws), &scratch, st, &s->why)))
                goto done;
        st->n = n;
        st->prev = *prev;
        follow(st, moved);
        if ((e = statement_sign(st, signing_key_signer(s->keys.signing), &fresh)))
                goto done;
        *out_st = st->st;
        e = memory_replace(s->memory, row->n, n, &st->st, st->jws);
done:
        buf_clear(&jws);
        buf_wipe(&disclosures);
        buf_clear(&scratch);
        buf_clear(&fresh);
        free(st);
        return e;
}

/* The waiting rows, in order; *out_n says how many. */
static enum err waiting_rows(struct session *s, uint64_t head, struct memory_row *rows, size_t max,
                             size_t *out_n)
{
        struct memory_row row;
        size_t n = 0;
        enum err e = memory_first_waiting(s->memory, &row);
        *out_n = 0;
        if (e)
                return e == ERR_ABSENT ? OK : e;
        for (uint64_t k = row.n; k <= head && n < max; k++) {
                e = memory_row(s->memory, k, &row);
                if (e && e != ERR_ABSENT)
                        return e;
                if (!e && row.state == MEMORY_SIGNED)
                        rows[n++] = row;
        }
        *out_n = n;
        return OK;
}

/* The waiting statements follow (after, prev) from now on. Numbers are the primary key, so they first go out
 * of each other's way. */
static enum err renumber(struct session *s, uint64_t after, const struct hash *prev, const struct hash *gone)
{
        struct memory_row *rows = NULL;
        struct moved moved = {.gone = gone}, none = {0};
        struct hash last;
        uint64_t head, waiting;
        size_t n = 0;
        enum err e;
        if ((e = memory_head(s->memory, &head, &last)) || (e = memory_count_waiting(s->memory, &waiting)))
                return e;
        rows = calloc(waiting + 1, sizeof *rows);
        moved.old_st = calloc(waiting + 1, sizeof *moved.old_st);
        moved.new_st = calloc(waiting + 1, sizeof *moved.new_st);
        if (rows == NULL || moved.old_st == NULL || moved.new_st == NULL) {
                e = ERR_NO_MEMORY;
                goto done;
        }
        if ((e = waiting_rows(s, head, rows, waiting, &n)))
                goto done;
        uint64_t far = (head > after ? head : after) + waiting + 1;
        for (size_t i = 0; i < n && !e; i++) {
                moved.old_st[i] = rows[i].st;
                e = sign_again(s, &rows[i], far + i, prev, &none, &moved.new_st[i]);
                rows[i].n = far + i;
        }
        last = *prev;
        for (; moved.n < n && !e; moved.n++) {
                e = sign_again(s, &rows[moved.n], after + 1 + moved.n, &last, &moved, &moved.new_st[moved.n]);
                last = moved.new_st[moved.n];
        }
done:
        free(rows);
        free(moved.old_st);
        free(moved.new_st);
        return e;
}

/* --- sending --- */

enum sent { SENT_KEPT, SENT_REFUSED, SENT_LATER };

static enum err read_head(const struct response *r, uint64_t *out_n, struct hash *out_st)
{
        json_t *o = json_loadb((const char *)r->body.at, r->body.n, JSON_REJECT_DUPLICATES, NULL);
        const json_t *head = json_object_get(o, "head");
        const char *n = json_string_value(json_object_get(head, "n")),
                   *st = json_string_value(json_object_get(head, "st"));
        enum err e = ERR_ANSWER;
        if (n != NULL && st != NULL) {
                struct bytes in = bytes_text(n);
                if (!bytes_take_decimal(&in, out_n) && in.n == 0 && !hash_of_text(bytes_text(st), out_st))
                        e = OK;
        }
        json_decref(o);
        return e;
}

static enum err keep_answer(struct session *s, const char *what, struct bytes text)
{
        char path[HOME_PATH_MAX], name[64];
        enum err e;
        (void)snprintf(name, sizeof name, "%s-%lld.json", what, (long long)client_now_us());
        if ((e = home_path(&s->home, name, path)))
                return e;
        return file_write(path, text);
}

/* Whether we hold a receipt for another statement under that number of our key. */
static bool contradicts(struct session *s, uint64_t n, const struct hash *st)
{
        struct memory_row kept;
        return memory_row(s->memory, n, &kept) == OK && kept.state == MEMORY_ACCEPTED &&
               !hash_equal(&kept.st, st);
}

/* The daemon's head for our key is not ours. Ahead of us: another copy of this folder was used, and we follow
 * it. Behind what we have receipts for: entries were lost or dropped, and that is evidence. */
static enum err settle_head(struct session *s, const struct memory_row *row, const struct response *r)
{
        uint64_t n;
        struct hash st;
        enum err e;
        s->why = (struct why){0}; /* the conflict is settled here; what else is wrong says so itself */
        if ((e = keep_answer(s, "head", buf_bytes(&r->body))) || (e = read_head(r, &n, &st)))
                return e;
        if (n + 1 < row->n)
                return why_set(&s->why, ERR_CONSISTENCY,
                               "the ledger knows this key's entries only up to %llu, this folder has "
                               "receipts up to %llu",
                               (unsigned long long)n, (unsigned long long)(row->n - 1));
        if (contradicts(s, n, &st))
                return why_set(
                    &s->why, ERR_CONSISTENCY,
                    "the ledger has another statement as %s-%llu than this folder has a receipt for",
                    s->id.alias, (unsigned long long)n);
        (void)fprintf(stderr,
                      "enquiry: This key was used from another folder: the ledger's head for it is %s-%llu. "
                      "What waits here is signed "
                      "again after it; the ledger's answer is kept in %s. (CHN-01)\n",
                      s->id.alias, (unsigned long long)n, s->home.path);
        if ((e = memory_begin(s->memory)))
                return e;
        e = renumber(s, n, &st, NULL);
        enum err end = memory_end(s->memory, !e);
        return e ? e : end;
}

static enum err drop(struct session *s, const struct memory_row *row, enum err refusal, struct bytes jws)
{
        struct hash prev = {{0}};
        struct memory_row before;
        enum err e = memory_begin(s->memory), end;
        if (e)
                return e;
        if (row->n > 1 && !(e = memory_row(s->memory, row->n - 1, &before)))
                prev = before.st;
        if (e == ERR_ABSENT)
                e = OK;
        if (!e && !(e = memory_refuse(s->memory, row->n, err_row(refusal)->code, jws)))
                e = renumber(s, row->n - 1, &prev, &row->st);
        end = memory_end(s->memory, !e);
        return e ? e : end;
}

static enum lane lane_of(const json_t *reply)
{
        for (unsigned lane = LANE_COUNT; lane-- > LANE_QUICK + 1u;)
                if (strcmp(text_of(reply, "lane"), lane_names[lane]) == 0)
                        return (enum lane)lane;
        return LANE_QUICK;
}

static enum err accept(struct session *s, const struct memory_row *row, struct bytes jws,
                       const struct response *r, struct outcome *out)
{
        struct buf leaf_text;
        struct leaf leaf;
        char ref[SHORT_REFERENCE_MAX], path[HOME_PATH_MAX];
        json_t *reply = json_loadb((const char *)r->body.at, r->body.n, JSON_REJECT_DUPLICATES, NULL);
        enum err e;
        buf_init(&leaf_text, LEAF_MAX + 1);
        reference_of(s, row->n, ref);
        e = reply == NULL ? ERR_ANSWER : submit_check_reply(s, reply, jws, ref, path, &leaf, &leaf_text);
        if (!e)
                e = memory_accept(s->memory, row->n, leaf.seq, leaf.verdict, row->kind == KIND_OPERATION);
        if (!e && row->kind == KIND_INTENT)
                e = memory_put_lane(s->memory, row->n, lane_of(reply));
        if (!e && out != NULL) {
                (void)memcpy(out->receipt, path, sizeof out->receipt);
                out->reply = reply;
                reply = NULL; /* given away */
        }
        json_decref(reply);
        buf_clear(&leaf_text);
        return e;
}

static enum err post(struct session *s, const struct memory_row *row, const struct buf *text,
                     struct response *r)
{
        char path[PATH_LONG];
        uint64_t size;
        struct hash root;
        enum err e = session_believed(s, &size, &root);
        if (e)
                return e;
        (void)snprintf(path, sizeof path, "%s?known=%llu", row->consults ? "/v1/consult" : "/v1/statements",
                       (unsigned long long)size);
        return transport_send(s->transport, path, SDJWT, buf_bytes(text), r, &s->why);
}

/* Sends one; says what became of it. *out_refusal is why, where it is SENT_REFUSED or SENT_LATER. */
static enum err send_one(struct session *s, const struct memory_row *row, enum sent *out_sent,
                         enum err *out_refusal, struct outcome *out)
{
        struct buf jws, text;
        struct response r;
        enum err e, refusal = OK;
        response_init(&r);
        buf_init(&jws, 2 * JWS_MAX);
        buf_init(&text, SUBMISSION_MAX + 2 * JWS_MAX);
        struct buf disclosures;
        buf_init(&disclosures, SUBMISSION_MAX);
        if ((e = memory_texts(s->memory, row->n, &jws, &disclosures)))
                goto done;
        buf_put(&text, buf_bytes(&jws));
        buf_put_text(&text, "~");
        buf_put(&text, buf_bytes(&disclosures));
        if ((e = buf_check(&text)))
                goto done;
        refusal = post(s, row, &text, &r);
        if (refusal == ERR_SERVER_KEY || refusal == ERR_REVOKED) {
                *out_sent = SENT_LATER;
        } else if (refusal) {
                *out_sent = SENT_LATER;
                /* An unsent consult is not worth keeping; one whose answer was lost may be an entry. */
                if (row->consults && !r.sent)
                        e = drop(s, row, refusal, buf_bytes(&jws));
        } else if (!(refusal = response_error(&r, &s->why)) || refusal == ERR_REFUSED) {
                *out_sent = SENT_KEPT; /* a reading that was refused is on record, and has its number */
                e = accept(s, row, buf_bytes(&jws), &r, out);
        } else if (refusal == ERR_NUMBER || refusal == ERR_OTHER_BODY) {
                *out_sent = SENT_LATER;
                e = settle_head(s, row, &r);
        } else if (r.status >= 500 || r.status == 408 || r.status == 429) {
                *out_sent = SENT_LATER;
                if (row->consults)
                        e = drop(s, row, refusal, buf_bytes(&jws));
        } else {
                *out_sent = SENT_REFUSED;
                e = drop(s, row, refusal, buf_bytes(&jws));
        }
done:
        *out_refusal = refusal;
        response_clear(&r);
        buf_clear(&jws);
        buf_wipe(&disclosures);
        buf_wipe(&text);
        return e;
}

/* Everything that waits, in order, up to and including our own statement. */
static enum err send_all(struct session *s, struct hash *own, struct outcome *out, enum sent *out_sent,
                         enum err *out_refusal, uint64_t *out_count)
{
        struct memory_row row;
        unsigned renumbered = 0;
        enum err e;
        *out_sent = SENT_KEPT;
        *out_refusal = OK;
        while (!(e = memory_first_waiting(s->memory, &row))) {
                bool mine = own != NULL && row.n == out->n;
                s->why = (struct why){0};
                if ((e = send_one(s, &row, out_sent, out_refusal, mine ? out : NULL)))
                        return e;
                if (*out_sent == SENT_KEPT)
                        ++*out_count;
                if (mine && *out_sent != SENT_LATER)
                        return OK;
                if (*out_sent == SENT_REFUSED) {
                        (void)fprintf(stderr, "enquiry: %s-%llu in the outbox: %s (%s)\n", s->id.alias,
                                      (unsigned long long)row.n, err_row(*out_refusal)->sentence,
                                      err_row(*out_refusal)->code);
                        if (own != NULL)
                                out->n--;
                        continue;
                }
                if (*out_sent == SENT_LATER) {
                        uint64_t n;
                        struct hash st;
                        bool numbers = *out_refusal == ERR_NUMBER || *out_refusal == ERR_OTHER_BODY;
                        /* our own is the last of them */
                        if ((e = memory_head(s->memory, &n, &st)))
                                return e;
                        if (own != NULL && (numbers || !mine))
                                out->n = n;
                        if (!numbers || ++renumbered > 3)
                                return OK;
                }
        }
        return e == ERR_ABSENT ? OK : e;
}

/* A question behind a statement that could not be sent was never asked, and is not worth keeping. It is the
 * last one: nothing has to be numbered again. */
static enum err forget_unasked(struct session *s, uint64_t n, enum err refusal)
{
        struct memory_row first, row;
        struct buf jws, disclosures;
        enum err e, end;
        buf_init(&jws, 2 * JWS_MAX);
        buf_init(&disclosures, SUBMISSION_MAX);
        if ((e = memory_first_waiting(s->memory, &first)) || first.n == n ||
            (e = memory_row(s->memory, n, &row)) || !row.consults || row.state != MEMORY_SIGNED ||
            (e = memory_texts(s->memory, n, &jws, &disclosures)) || (e = memory_begin(s->memory)))
                goto done;
        e = memory_refuse(s->memory, n, err_row(refusal)->code, buf_bytes(&jws));
        end = memory_end(s->memory, !e);
        e = e ? e : end;
done:
        buf_clear(&jws);
        buf_wipe(&disclosures);
        return e == ERR_ABSENT ? OK : e;
}

static enum err submit_any(struct session *s, struct draft *d, bool consults, struct outcome *out)
{
        enum sent sent = SENT_LATER;
        enum err e, refusal = OK;
        uint64_t count = 0;
        struct memory_row own;
        *out = (struct outcome){0};
        if ((e = home_lock(&s->home, &s->why)) || (e = sign_draft(s, d, consults, out)) ||
            (e = send_all(s, &out->st, out, &sent, &refusal, &count)) ||
            (consults && sent == SENT_LATER && (e = forget_unasked(s, out->n, refusal))))
                goto done;
        reference_of(s, out->n, out->ref);
        if (memory_row(s->memory, out->n, &own) == OK)
                out->st = own.st; /* it may have been signed again on the way */
        if (sent == SENT_LATER && !consults && refusal != ERR_SERVER_KEY && refusal != ERR_REVOKED)
                out->queued = true;
        else if (sent != SENT_KEPT || refusal == ERR_REFUSED)
                e = refusal;
done:
        home_unlock(&s->home);
        return e;
}

enum err submit(struct session *s, struct draft *d, struct outcome *out)
{
        return submit_any(s, d, false, out);
}

enum err submit_consult(struct session *s, struct draft *d, struct outcome *out)
{
        return submit_any(s, d, true, out);
}

enum err submit_flush(struct session *s, uint64_t *out_sent)
{
        struct outcome none = {0};
        enum sent sent = SENT_LATER;
        enum err e, refusal = OK;
        *out_sent = 0;
        if ((e = home_lock(&s->home, &s->why)))
                return e;
        e = send_all(s, NULL, &none, &sent, &refusal, out_sent);
        home_unlock(&s->home);
        return e ? e : sent == SENT_LATER ? refusal : OK;
}
