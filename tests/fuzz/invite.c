/* What is parsed is written again the same, but for white space around it. */
#include "ledger/record/invite.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        struct bytes in = bytes_of(data, n);
        struct invite i = {0};
        struct buf again;
        if (invite_parse(in, &i))
                return 0;
        buf_init(&again, n + 1);
        must(invite_put(&again, &i) == OK && again.n <= n, "it can be written");
        bool found = false;
        for (size_t from = 0; from + again.n <= n && !found; from++)
                found = memcmp(in.at + from, again.at, again.n) == 0;
        must(found, "one text for one invite");
        buf_wipe(&again);
        invite_clear(&i);
        return 0;
}
