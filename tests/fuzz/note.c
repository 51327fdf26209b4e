/* Signed notes, checkpoints, verifier keys, frontiers. */
#include "ledger/tree/note.h"
#include "ledger/tree/tree.h"
#include "tests/fuzz/fuzz.h"

static void check_text(struct bytes text)
{
        struct checkpoint c;
        struct buf again;
        char origin[NOTE_NAME_MAX + 1];
        if (checkpoint_parse(text, &c))
                return;
        if (c.extensions.n > 0 || bytes_to_text(c.origin, origin, sizeof origin))
                return;
        buf_init(&again, text.n + 1);
        checkpoint_put(&again, origin, c.size, &c.root);
        must(bytes_equal(buf_bytes(&again), text), "one text for one checkpoint");
        buf_clear(&again);
}

static void check_vkey(struct bytes in)
{
        struct vkey v;
        struct buf again;
        if (vkey_parse(in, &v))
                return;
        buf_init(&again, in.n + 1);
        vkey_put(&again, &v);
        must(bytes_equal(buf_bytes(&again), in), "one text for one key");
        buf_clear(&again);
}

static void check_frontier(struct bytes in)
{
        struct frontier f;
        struct hash root;
        struct buf again;
        struct bytes rest = in;
        if (frontier_take(&rest, &f))
                return;
        must(frontier_root(&f, &root) == OK, "a frontier has a root");
        buf_init(&again, in.n + 1);
        frontier_put(&again, &f);
        must(again.n + rest.n == in.n && memcmp(again.at, in.at, again.n) == 0,
             "one run of bytes for one frontier");
        buf_clear(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        static const struct public_key key = {{1}};
        struct bytes in = bytes_of(data, n), text, signatures;
        struct vkey log, witness;
        struct checkpoint c;
        uint64_t time;
        must(vkey_of("log.example/enquiries", NOTE_ED25519, &key, &log) == OK &&
                 vkey_of("witness.example", NOTE_COSIGNATURE, &key, &witness) == OK,
             "keys of the target");
        if (!note_split(in, &text, &signatures)) {
                must(text.n > 0 && text.at[text.n - 1] == '\n', "a note's text ends in LF");
                check_text(text);
        }
        must(note_check(in, &log, NULL) != OK, "nobody signed this");
        must(note_check(in, &witness, &time) != OK, "nobody cosigned this");
        must(checkpoint_open(in, &log, &c) != OK, "nobody signed this");
        check_text(in);
        check_vkey(in);
        check_frontier(in);
        return 0;
}
