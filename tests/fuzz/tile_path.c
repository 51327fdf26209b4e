/* Each tile has one path. */
#include "ledger/tree/tree.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        struct bytes in = bytes_of(data, n);
        struct buf again;
        uint64_t index;
        unsigned width;
        int level;
        if (tile_path_parse(in, &level, &index, &width))
                return 0;
        buf_init(&again, n + 1);
        tile_path_put(&again, level, index, width);
        must(bytes_equal(buf_bytes(&again), in), "one path for one tile");
        buf_clear(&again);
        return 0;
}
