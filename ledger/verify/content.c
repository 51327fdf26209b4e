#include "ledger/verify/verification.h"

#include <stdlib.h>

/* What is kept beside an entry, when the keys are at hand: the fields make the statement's digests, the reasons the leaf's. */
static enum err check_body(struct verification *v, struct store *s, const struct entry_work *w)
{
        struct body *body = calloc(1, sizeof *body);
        struct buf scratch;
        struct why why = {0};
        enum err e;
        if (body == NULL)
                return ERR_NO_MEMORY;
        buf_init(&scratch, SUBMISSION_MAX);
        e = store_body(s, w->seq, w->statement.kind, &scratch, body, &why);
        if (!e)
                e = body_check(body, &w->statement);
        switch ((int)e) {
        case OK: break;
        case ERR_NO_MEMORY: goto done;
        case ERR_ABSENT:
        case ERR_UNEXPLAINED:
                verification_fault(v, w->seq, CHECK_ACCOUNTING, "A field is gone and no order explains it. %.100s", why.detail);
                break;
        case ERR_SEALED:
                verification_fault(v, w->seq, CHECK_DISCLOSURE, "What is kept of its fields cannot be opened: it was changed.");
                break;
        default:
                verification_fault(v, w->seq, CHECK_DISCLOSURE, "The fields kept are not those that the statement commits to. %.80s",
                                   why.detail);
                break;
        }
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
        e = store_because(s, w->seq, &json);
        if (e == ERR_ABSENT)
                verification_fault(v, w->seq, CHECK_BECAUSE, "The reasons of the verdict are gone.");
        else if (e == ERR_SEALED)
                verification_fault(v, w->seq, CHECK_BECAUSE, "The reasons of the verdict cannot be opened: they were changed.");
        else if (!e && (because_digest(buf_bytes(&json), &digest) || !hash_equal(&digest, &w->leaf.because)))
                verification_fault(v, w->seq, CHECK_BECAUSE, "The reasons kept are not those that the entry commits to.");
        buf_clear(&json);
        return e == ERR_NO_MEMORY ? e : OK;
}

enum err content_check(struct verification *v, struct store *s, const struct entry_work *w)
{
        enum err e;
        if (w->leaf_error || w->statement_error)
                return OK;
        if ((e = check_body(v, s, w)))
                return e;
        return check_because(v, s, w);
}

static enum err read_leaf(struct store *s, uint64_t seq, struct buf *text, struct leaf *out)
{
        enum err e = store_leaf(s, seq, text);
        return e ? e : leaf_decode(buf_bytes(text), out);
}

enum err verify_disclosures(struct verification *v, struct store *s, uint64_t seq, struct bytes disclosures, struct bytes because)
{
        struct body *body = calloc(1, sizeof *body);
        struct statement *statement = calloc(1, sizeof *statement);
        struct buf text, scratch, values;
        struct leaf leaf;
        struct hash digest;
        struct why why = {0};
        enum err e;
        buf_init(&text, LEAF_MAX + 1);
        buf_init(&scratch, 2 * JWS_MAX);
        buf_init(&values, SUBMISSION_MAX);
        if (body == NULL || statement == NULL) {
                e = ERR_NO_MEMORY;
                goto done;
        }
        e = read_leaf(s, seq, &text, &leaf);
        if (!e)
                e = statement_decode(leaf.statement, &scratch, statement, &why);
        if (e) {
                verification_fault(v, seq, CHECK_DISCLOSURE, "Fields were handed over for an entry that is not there or not readable.");
                e = e == ERR_NO_MEMORY ? e : OK;
                goto done;
        }
        if (body_decode(statement, disclosures, &values, body, &why))
                verification_fault(v, seq, CHECK_DISCLOSURE, "The fields handed over are not those that the statement commits to. %.80s",
                                   why.detail);
        if (because_digest(because, &digest) || !hash_equal(&digest, &leaf.because))
                verification_fault(v, seq, CHECK_BECAUSE, "The reasons handed over are not those that the entry commits to.");
done:
        buf_clear(&text);
        buf_clear(&scratch);
        buf_wipe(&values);
        free(statement);
        free(body);
        return e;
}

/* --- what people hold --- */

/* Whether a checkpoint somebody holds is one of these entries. */
static enum err compare_checkpoint(struct verification *v, struct store *s, const char *name, const struct checkpoint *c, uint64_t seq)
{
        struct hash root;
        struct tree *tree = NULL;
        enum err e;
        if (c->size > v->size) {
                verification_fault(v, v->size, CHECK_RECEIPT, "%.60s is for %llu entries; this ledger has only %llu.", name,
                                   (unsigned long long)c->size, (unsigned long long)v->size);
                return OK;
        }
        e = tree_open(store_tree_source(s), v->size, &tree);
        if (!e)
                e = tree_root_at(tree, c->size, &root);
        if (e == ERR_ABSENT) {
                verification_cannot_tell(v, seq, CHECK_RECEIPT, "%.60s cannot be compared: entries that it covers are missing.", name);
                e = OK;
                goto done;
        }
        if (e)
                goto done;
        if (!hash_equal(&root, &c->root))
                verification_fault(v, seq, CHECK_RECEIPT, "%.60s was signed over other entries than the first %llu of this ledger.", name,
                                   (unsigned long long)c->size);
done:
        tree_free(tree);
        return e;
}

enum err verify_believed(struct verification *v, struct store *s, const char *name, struct bytes note)
{
        struct checkpoint c;
        if (checkpoint_open(note, &v->log, &c)) {
                verification_fault(v, SEQ_NONE, CHECK_RECEIPT, "%.60s is not signed by this ledger's key.", name);
                return OK;
        }
        return compare_checkpoint(v, s, name, &c, c.size == 0 ? 0 : c.size - 1);
}

enum err verify_receipt(struct verification *v, struct store *s, const char *name, struct bytes text)
{
        struct receipt *r = calloc(1, sizeof *r);
        struct checkpoint c;
        struct buf leaf;
        enum err e = OK;
        buf_init(&leaf, LEAF_MAX + 1);
        if (r == NULL)
                return ERR_NO_MEMORY;
        receipt_init(r);
        if (receipt_parse(text, r) || receipt_check(r, &v->log, &c)) {
                verification_fault(v, SEQ_NONE, CHECK_RECEIPT, "%.60s is not a receipt of this ledger's key.", name);
                goto done;
        }
        e = r->index < v->size ? store_leaf(s, r->index, &leaf) : ERR_ABSENT;
        if (e && e != ERR_ABSENT)
                goto done;
        if (e == ERR_ABSENT)
                verification_fault(v, r->index, CHECK_RECEIPT, "%.60s proves an entry that this ledger does not hold.", name);
        else if (!bytes_equal(buf_bytes(&leaf), buf_bytes(&r->leaf)))
                verification_fault(v, r->index, CHECK_RECEIPT, "%.60s proves another entry here than the ledger holds.", name);
        e = compare_checkpoint(v, s, name, &c, r->index);
done:
        receipt_clear(r);
        free(r);
        buf_clear(&leaf);
        return e;
}

enum err verify_say_absent(struct verification *v, enum check check, const char *sentence)
{
        verification_cannot_tell(v, SEQ_NONE, check, "%s", sentence);
        return v->failed;
}
