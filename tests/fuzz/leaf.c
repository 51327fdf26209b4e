/* What is decoded is written again the same; so with the reasons. */
#include "ledger/record/leaf.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        struct bytes in = bytes_of(data, n), value;
        struct leaf leaf;
        struct buf again;
        struct hash digest;
        if (!leaf_decode(in, &leaf)) {
                buf_init(&again, LEAF_MAX);
                must(leaf_put(&again, &leaf) == OK && bytes_equal(buf_bytes(&again), in),
                     "one text for one leaf");
                buf_clear(&again);
        }
        if (!because_value(in, &value))
                must(json_check(value) == OK && because_digest(in, &digest) == OK, "reasons are an object");
        return 0;
}
