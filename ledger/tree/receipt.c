#include "ledger/base/b64.h"
#include "ledger/tree/receipt.h"

#define HEAD "c2sp.org/tlog-proof@v1\n"

void receipt_init(struct receipt *r)
{
        r->index = 0;
        r->proof.n = 0;
        r->checkpoint = bytes_of(NULL, 0);
        buf_init(&r->leaf, RECEIPT_LEN_MAX);
}

void receipt_clear(struct receipt *r)
{
        buf_clear(&r->leaf);
        receipt_init(r);
}

enum err receipt_put(struct buf *out, struct bytes leaf, uint64_t index, const struct proof *proof,
                     struct bytes note)
{
        if (proof->n > PROOF_MAX)
                return ERR_PROOF_FORM;
        buf_put_text(out, HEAD);
        if (leaf.n > 0) {
                buf_put_text(out, "extra ");
                b64_put(out, leaf);
                buf_put_text(out, "\n");
        }
        buf_put_text(out, "index ");
        buf_put_decimal(out, index);
        buf_put_text(out, "\n");
        for (size_t i = 0; i < proof->n; i++) {
                b64_put(out, hash_bytes(&proof->path[i]));
                buf_put_text(out, "\n");
        }
        buf_put_text(out, "\n");
        buf_put(out, note);
        return buf_check(out);
}

static enum err take_leaf(struct bytes *in, struct buf *out)
{
        struct bytes text;
        enum err e;

        if (bytes_take_text(in, "extra "))
                return OK;
        if (bytes_take_until(in, '\n', &text) || text.n == 0)
                return ERR_PROOF_FORM;
        e = b64_decode(text, out);
        return e && e != ERR_NO_MEMORY ? ERR_PROOF_FORM : e;
}

/* The hashes, up to and with the empty line. */
static enum err take_path(struct bytes *in, struct proof *out)
{
        struct bytes line;

        for (out->n = 0;; out->n++) {
                if (bytes_take_until(in, '\n', &line))
                        return ERR_PROOF_FORM;
                if (line.n == 0)
                        return OK;
                if (out->n == PROOF_MAX || b64_decode_exact(line, out->path[out->n].b, HASH_LEN))
                        return ERR_PROOF_FORM;
        }
}

enum err receipt_parse(struct bytes text, struct receipt *out)
{
        struct bytes note_text, signatures;
        struct receipt r;
        enum err e;

        receipt_init(&r);
        if (text.n > RECEIPT_LEN_MAX || bytes_take_text(&text, HEAD)) {
                e = ERR_PROOF_FORM;
                goto done;
        }
        if ((e = take_leaf(&text, &r.leaf)))
                goto done;
        if (bytes_take_text(&text, "index ") || bytes_take_decimal(&text, &r.index) ||
            bytes_take_text(&text, "\n")) {
                e = ERR_PROOF_FORM;
                goto done;
        }
        if ((e = take_path(&text, &r.proof)))
                goto done;
        if ((e = note_split(text, &note_text, &signatures))) {
                e = e == ERR_NOTE ? ERR_PROOF_FORM : e;
                goto done;
        }
        r.checkpoint = text;
        receipt_clear(out);
        *out = r;
        receipt_init(&r); /* given away */
done:
        receipt_clear(&r);
        return e;
}

enum err receipt_check(const struct receipt *r, const struct vkey *log, struct checkpoint *out)
{
        struct checkpoint c;
        struct hash leaf;
        enum err e;

        if (r->leaf.n == 0)
                return ERR_PROOF_FORM;
        if ((e = checkpoint_open(r->checkpoint, log, &c)) ||
            (e = tree_leaf_hash(buf_bytes(&r->leaf), &leaf)) ||
            (e = proof_check_inclusion(&r->proof, r->index, c.size, &leaf, &c.root)))
                return e;
        if (out)
                *out = c;
        return OK;
}
