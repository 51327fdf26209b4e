/* Canonical only: what decodes is what encoding gives. */
#include "ledger/base/b64.h"
#include "tests/fuzz/fuzz.h"

static void check(struct bytes in, enum err (*decode)(struct bytes, struct buf *),
                  void (*put)(struct buf *, struct bytes), enum err (*exact)(struct bytes, uint8_t *, size_t))
{
        struct buf plain, again;
        uint8_t whole[64];
        buf_init(&plain, in.n + 3);
        buf_init(&again, 2 * in.n + 8);
        if (decode(in, &plain)) {
                must(plain.n == 0, "nothing is appended on an error");
                for (size_t n = 0; n <= sizeof whole; n++)
                        must(exact(in, whole, n) != OK, "both ways of decoding agree");
        } else {
                put(&again, buf_bytes(&plain));
                must(bytes_equal(buf_bytes(&again), in), "one text for one run of bytes");
                if (plain.n <= sizeof whole)
                        must(exact(in, whole, plain.n) == OK &&
                                 (plain.n == 0 || memcmp(whole, plain.at, plain.n) == 0),
                             "both ways of decoding agree");
        }
        buf_clear(&plain);
        buf_clear(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        struct bytes in = bytes_of(data, n);
        uint8_t half[64];
        struct buf again;
        check(in, b64u_decode, b64u_put, b64u_decode_exact);
        check(in, b64_decode, b64_put, b64_decode_exact);
        if (n % 2 == 0 && n / 2 <= sizeof half && !hex_decode_exact(in, half, n / 2)) {
                buf_init(&again, n + 1);
                hex_put(&again, bytes_of(half, n / 2));
                must(bytes_equal(buf_bytes(&again), in), "one text for one run of bytes");
                buf_clear(&again);
        }
        return 0;
}
