/* What is parsed is written again the same. */
#include "ledger/tree/receipt.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        static const struct public_key key = {{1}};
        struct bytes in = bytes_of(data, n);
        struct receipt r;
        struct vkey log;
        struct buf again;
        receipt_init(&r);
        must(vkey_of("log.example/enquiries", NOTE_ED25519, &key, &log) == OK, "the target's key");
        if (!receipt_parse(in, &r)) {
                buf_init(&again, n + 1);
                must(receipt_put(&again, buf_bytes(&r.leaf), r.index, &r.proof, r.checkpoint) == OK,
                     "it can be written");
                /* An empty extra line is one of the forms that the C2SP allows and that we do not write. */
                if (r.leaf.n > 0)
                        must(bytes_equal(buf_bytes(&again), in), "one text for one receipt");
                must(receipt_check(&r, &log, NULL) != OK, "nobody signed this");
                buf_clear(&again);
        }
        receipt_clear(&r);
        return 0;
}
