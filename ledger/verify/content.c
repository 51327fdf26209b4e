#include "ledger/verify/verification.h"

#include <stdlib.h>

/* Errors of the machine end the run; the others are what is wrong with the entry. */
static bool of_machine(enum err e)
{
        return e == ERR_NO_MEMORY || e == ERR_IO || e == ERR_CRYPTO || e == ERR_BUSY;
}

/* Fields whose text is gone and whose digest is kept: a confirmed order must say so, see erasures.c. */
static enum err note_missing(struct verification *v, uint64_t seq, struct body *body)
{
        struct hash group[GROUPS_ALL];
        enum err e = body_digests(body, group);
        for (size_t i = 0; i < body->n && !e; i++) {
                const struct body_field *f = &body->field[i];
                if (f->state == FIELD_MISSING)
                        e = erasures_missing(v->erasures, seq, fields[f->number].name, &f->digest,
                                             &group[fields[f->number].group]);
        }
        return e;
}

/* The fields make the statement's digests. */
static enum err check_body(struct verification *v, struct store *s, const struct entry_work *w)
{
        struct body *body = calloc(1, sizeof *body);
        struct buf scratch;
        struct why why = {0};
        enum err e = body == NULL ? ERR_NO_MEMORY : OK;
        buf_init(&scratch, SUBMISSION_MAX);
        if (e || of_machine(e = store_body(s, w->seq, w->statement.kind, &scratch, body, &why)))
                goto done;
        if (!e && !(e = body_check(body, &w->statement))) {
                e = note_missing(v, w->seq, body);
                goto done;
        }
        if (e == ERR_ABSENT || e == ERR_UNEXPLAINED)
                verification_fault(v, w->seq, CHECK_ACCOUNTING,
                                   "A field is gone and no order explains it. %.100s", why.detail);
        else if (e == ERR_SEALED)
                verification_fault(v, w->seq, CHECK_DISCLOSURE,
                                   "What is kept of its fields cannot be opened: it was changed.");
        else
                verification_fault(v, w->seq, CHECK_DISCLOSURE,
                                   "The fields kept are not those that the statement commits to. %.80s",
                                   why.detail);
        e = OK;
done:
        buf_wipe(&scratch);
        free(body);
        return e;
}

static enum err check_because(struct verification *v, struct store *s, const struct entry_work *w)
{
        struct buf json;
        struct hash digest;
        enum err e;
        buf_init(&json, LEAF_MAX + 1);
        if (of_machine(e = store_because(s, w->seq, &json)))
                goto done;
        if (e == ERR_ABSENT)
                verification_fault(v, w->seq, CHECK_BECAUSE, "The reasons of the verdict are gone.");
        else if (e)
                verification_fault(v, w->seq, CHECK_BECAUSE,
                                   "The reasons of the verdict cannot be opened: they were changed.");
        else if (because_digest(buf_bytes(&json), &digest) || !hash_equal(&digest, &w->leaf.because))
                verification_fault(v, w->seq, CHECK_BECAUSE,
                                   "The reasons kept are not those that the entry commits to.");
        e = OK;
done:
        buf_wipe(&json);
        return e;
}

enum err content_check(struct verification *v, struct store *s, const struct entry_work *w)
{
        enum err e;
        if (w->leaf_error || w->statement_error || w->leaf.seq != w->seq)
                return OK;
        if ((e = check_body(v, s, w)))
                return e;
        return check_because(v, s, w);
}
