#include "ledger/base/b64.h"
#include "ledger/tree/note.h"
#include "ledger/tree/tree.h"

void checkpoint_put(struct buf *out, const char *origin, uint64_t size, const struct hash *root)
{
        buf_put_text(out, origin);
        buf_put_text(out, "\n");
        buf_put_decimal(out, size);
        buf_put_text(out, "\n");
        b64_put(out, hash_bytes(root));
        buf_put_text(out, "\n");
}

static bool line_valid(struct bytes line)
{
        if (line.n == 0 || !bytes_utf8_valid(line))
                return false;
        for (size_t i = 0; i < line.n; i++)
                if (line.at[i] < 0x20)
                        return false;
        return true;
}

enum err checkpoint_parse(struct bytes text, struct checkpoint *out)
{
        struct checkpoint c;
        struct bytes root, rest, line;
        struct hash empty;
        enum err e;

        if (bytes_take_until(&text, '\n', &c.origin) || !line_valid(c.origin) || c.origin.n > NOTE_NAME_MAX ||
            bytes_take_decimal(&text, &c.size) || bytes_take_text(&text, "\n") ||
            bytes_take_until(&text, '\n', &root) || b64_decode_exact(root, c.root.b, HASH_LEN))
                return ERR_CHECKPOINT;
        c.extensions = text;
        for (rest = text; rest.n > 0;)
                if (bytes_take_until(&rest, '\n', &line) || !line_valid(line))
                        return ERR_CHECKPOINT;
        if (c.size == 0) {
                if ((e = tree_empty_root(&empty)))
                        return e;
                if (!hash_equal(&c.root, &empty))
                        return ERR_CHECKPOINT;
        }
        *out = c;
        return OK;
}

enum err checkpoint_open(struct bytes note, const struct vkey *log, struct checkpoint *out)
{
        struct bytes text, signatures;
        struct checkpoint c;
        enum err e;

        if (log->type != NOTE_ED25519)
                return ERR_VKEY;
        if ((e = note_check(note, log, NULL)) || (e = note_split(note, &text, &signatures)) ||
            (e = checkpoint_parse(text, &c)))
                return e;
        if (!bytes_is(c.origin, log->name))
                return ERR_ORIGIN;
        *out = c;
        return OK;
}
