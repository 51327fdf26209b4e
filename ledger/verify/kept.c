/* What people hold: receipts, checkpoints they believed, disclosures they were handed. */
#include "ledger/verify/verification.h"

#include <stdlib.h>

/* Whether a checkpoint somebody holds is one of these entries. `at` is the entry to name if it is not. */
static enum err compare_checkpoint(struct verification *v, const char *name, const struct checkpoint *c,
                                   uint64_t at)
{
        struct hash root;
        enum err e;
        if (c->size > v->size) {
                verification_fault(v, v->size, CHECK_RECEIPT,
                                   "%.60s is for %llu entries; this ledger has only %llu.", name,
                                   (unsigned long long)c->size, (unsigned long long)v->size);
                return OK;
        }
        if (c->size > tree_size(v->tree)) {
                verification_cannot_tell(v, at, CHECK_RECEIPT,
                                         "%.60s cannot be compared: entries are missing.", name);
                return OK;
        }
        if ((e = tree_root_at(v->tree, c->size, &root)))
                return e;
        if (!hash_equal(&root, &c->root))
                verification_fault(v, at, CHECK_RECEIPT,
                                   "%.60s was signed over other entries than the first %llu of this ledger.",
                                   name, (unsigned long long)c->size);
        return OK;
}

enum err verify_believed(struct verification *v, struct store *s, const char *name, struct bytes note)
{
        struct checkpoint c;
        enum err e = OK;
        hashes_from(v->hashes, s);
        if (checkpoint_open(note, &v->log, &c))
                verification_fault(v, SEQ_NONE, CHECK_RECEIPT, "%.60s is not signed by this ledger's key.",
                                   name);
        else
                e = compare_checkpoint(v, name, &c, c.size == 0 ? 0 : c.size - 1);
        hashes_from(v->hashes, NULL);
        verification_sort(v);
        return e ? e : v->failed;
}

static enum err compare_receipt(struct verification *v, struct store *s, const char *name,
                                const struct receipt *r)
{
        struct checkpoint c;
        struct buf leaf;
        enum err e = OK;
        buf_init(&leaf, LEAF_MAX + 1);
        if (receipt_check(r, &v->log, &c)) {
                verification_fault(v, SEQ_NONE, CHECK_RECEIPT, "%.60s is not a receipt of this ledger's key.",
                                   name);
                goto done;
        }
        e = r->index < v->size ? store_leaf(s, r->index, &leaf) : ERR_ABSENT;
        if (e && e != ERR_ABSENT && e != ERR_TOO_LONG)
                goto done;
        if (e || !bytes_equal(buf_bytes(&leaf), buf_bytes(&r->leaf)))
                verification_fault(v, r->index, CHECK_RECEIPT,
                                   "%.60s proves another entry here than the ledger holds.", name);
        e = compare_checkpoint(v, name, &c, r->index);
done:
        buf_clear(&leaf);
        return e;
}

enum err verify_receipt(struct verification *v, struct store *s, const char *name, struct bytes text)
{
        struct receipt *r = calloc(1, sizeof *r);
        enum err e;
        if (r == NULL)
                return ERR_NO_MEMORY;
        receipt_init(r);
        hashes_from(v->hashes, s);
        e = receipt_parse(text, r);
        if (!e)
                e = compare_receipt(v, s, name, r);
        else if (e != ERR_NO_MEMORY) {
                verification_fault(v, SEQ_NONE, CHECK_RECEIPT, "%.60s does not have the form of a receipt.",
                                   name);
                e = OK;
        }
        hashes_from(v->hashes, NULL);
        receipt_clear(r);
        free(r);
        verification_sort(v);
        return e ? e : v->failed;
}

static enum err read_statement(struct store *s, uint64_t seq, struct buf *text, struct leaf *leaf,
                               struct buf *scratch, struct statement *out)
{
        struct why why = {0};
        enum err e;
        if ((e = store_leaf(s, seq, text)) || (e = leaf_decode(buf_bytes(text), leaf)))
                return e;
        return statement_decode(leaf->statement, scratch, out, &why);
}

static void compare_disclosures(struct verification *v, const struct statement *s, uint64_t seq,
                                struct bytes disclosures, struct buf *values, struct body *body)
{
        struct why why = {0};
        if (body_decode(s, disclosures, values, body, &why))
                verification_fault(
                    v, seq, CHECK_DISCLOSURE,
                    "The fields handed over are not those that the statement commits to. %.80s", why.detail);
}

enum err verify_disclosures(struct verification *v, struct store *s, uint64_t seq, struct bytes disclosures,
                            struct bytes because)
{
        struct body *body = calloc(1, sizeof *body);
        struct statement *statement = calloc(1, sizeof *statement);
        struct buf text, scratch, values;
        struct leaf leaf;
        struct hash digest;
        enum err e = body == NULL || statement == NULL ? ERR_NO_MEMORY : OK;
        buf_init(&text, LEAF_MAX + 1);
        buf_init(&scratch, 2 * JWS_MAX);
        buf_init(&values, SUBMISSION_MAX);
        if (e || (e = read_statement(s, seq, &text, &leaf, &scratch, statement)) == ERR_NO_MEMORY)
                goto done;
        if (e) {
                verification_fault(v, seq, CHECK_DISCLOSURE,
                                   "Fields were handed over for an entry that is not there or not readable.");
                e = OK;
                goto done;
        }
        compare_disclosures(v, statement, seq, disclosures, &values, body);
        if (because_digest(because, &digest) || !hash_equal(&digest, &leaf.because))
                verification_fault(v, seq, CHECK_BECAUSE,
                                   "The reasons handed over are not those that the entry commits to.");
done:
        buf_clear(&text);
        buf_clear(&scratch);
        buf_wipe(&values);
        free(statement);
        free(body);
        verification_sort(v);
        return e ? e : v->failed;
}

enum err verify_say_absent(struct verification *v, enum check check, const char *sentence)
{
        verification_cannot_tell(v, SEQ_NONE, check, "%s", sentence);
        verification_sort(v);
        return v->failed;
}

enum err verify_add(struct verification *v, uint64_t seq, enum check check, bool cannot_tell,
                    const char *sentence)
{
        if (cannot_tell)
                verification_cannot_tell(v, seq, check, "%s", sentence);
        else
                verification_fault(v, seq, check, "%s", sentence);
        return v->failed;
}

void verify_sort(struct verification *v)
{
        verification_sort(v);
}
