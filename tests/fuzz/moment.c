/* Times as people write them; the program's own form is the only one it reads back exactly. */
#include "ledger/base/moment.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        struct bytes in = bytes_of(data, n);
        char text[MOMENT_TEXT_LEN + 1];
        int64_t at_us, again_us;
        if (!moment_of_text(in, &at_us)) {
                moment_text(at_us, text);
                must(bytes_is(in, text), "one text for one moment");
                must(moment_of_rfc3339(in, &again_us) == OK && again_us == at_us, "our form is RFC 3339");
        }
        if (!moment_of_rfc3339(in, &at_us) && at_us >= 0) {
                moment_text(at_us, text);
                must(moment_of_text(bytes_text(text), &again_us) == OK && again_us == at_us,
                     "a moment keeps its value");
        }
        return 0;
}
