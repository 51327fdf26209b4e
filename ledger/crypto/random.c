#include "ledger/crypto/random.h"

#include <sodium.h>

#include "ledger/base/b64.h"

enum err crypto_setup(void)
{
        return sodium_init() < 0 ? ERR_CRYPTO : OK;
}

void random_fill(uint8_t *out, size_t n)
{
        if (n > 0)
                randombytes_buf(out, n);
}

uint32_t random_below(uint32_t bound)
{
        return randombytes_uniform(bound);
}

void uuid_make(int64_t at_us, uint8_t out[UUID_LEN])
{
        uint64_t ms = at_us < 0 ? 0 : (uint64_t)at_us / 1000;
        random_fill(out, UUID_LEN);
        for (size_t i = 6; i-- > 0; ms >>= 8)
                out[i] = (uint8_t)(ms & 0xff);
        out[6] = (uint8_t)(0x70 | (out[6] & 0x0f));
        out[8] = (uint8_t)(0x80 | (out[8] & 0x3f));
}

/* How many bytes stand between the dashes. */
static const size_t groups[] = {4, 2, 2, 2, 6};
#define GROUPS (sizeof groups / sizeof groups[0])

void uuid_text(const uint8_t id[UUID_LEN], char out[UUID_TEXT_LEN + 1])
{
        static const char digits[] = "0123456789abcdef";
        for (size_t g = 0; g < GROUPS; g++) {
                if (g > 0)
                        *out++ = '-';
                for (size_t i = 0; i < groups[g]; i++, id++) {
                        *out++ = digits[*id >> 4];
                        *out++ = digits[*id & 15];
                }
        }
        *out = '\0';
}

enum err uuid_of_text(struct bytes text, uint8_t out[UUID_LEN])
{
        uint8_t id[UUID_LEN], *at = id;
        for (size_t g = 0; g < GROUPS; g++) {
                struct bytes digits;
                if ((g > 0 && bytes_take_text(&text, "-")) || bytes_take(&text, 2 * groups[g], &digits) ||
                    hex_decode_exact(digits, at, groups[g]))
                        return ERR_FORM;
                at += groups[g];
        }
        if (bytes_at_end(text) || id[6] >> 4 != 7 || id[8] >> 6 != 2)
                return ERR_FORM;
        memcpy(out, id, UUID_LEN);
        return OK;
}
