/* Other people's SD-JWTs, both ways of reading JSON. Signatures are not checked here, so that everything
 * behind them is met. */
#include "ledger/record/sdjwt.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        struct buf ours, any;
        const struct sdjwt_rules strict = {.json = SDJWT_OURS}, lax = {.json = SDJWT_ANY};
        buf_init(&ours, SDJWT_MAX);
        buf_init(&any, SDJWT_MAX);
        enum err e = sdjwt_verify(bytes_of(data, n), &strict, &ours, NULL);
        enum err other = sdjwt_verify(bytes_of(data, n), &lax, &any, NULL);
        if (!e)
                must(json_check(buf_bytes(&ours)) == OK, "the processed payload is strict JSON");
        if (!e)
                must(other == OK, "what is strict is valid");
        if (other)
                must(any.n == 0, "nothing is appended on an error");
        buf_clear(&ours);
        buf_clear(&any);
        return 0;
}
