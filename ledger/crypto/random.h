/* random: the only source of chance, libsodium's. crypto_setup must have been called. */
#ifndef LEDGER_CRYPTO_RANDOM_H
#define LEDGER_CRYPTO_RANDOM_H

#include "ledger/base/bytes.h"

/* sodium_init, once in a process and before anything else of this layer. */
enum err crypto_setup(void);
void random_fill(uint8_t *out, size_t n);
uint32_t random_below(uint32_t bound);

#define UUID_LEN      16
#define UUID_TEXT_LEN 36
/* RFC 9562 version 7: 48 bits of Unix milliseconds, the rest random. */
void uuid_make(int64_t at_us, uint8_t out[UUID_LEN]);
void uuid_text(const uint8_t id[UUID_LEN], char out[UUID_TEXT_LEN + 1]);
/* Lower case, version 7 and variant 10 only; ERR_FORM otherwise. */
enum err uuid_of_text(struct bytes text, uint8_t out[UUID_LEN]);

#endif
