/* bytes: a borrowed run of bytes, and the cursor that takes it apart once, in order, with nothing remaining.
 * Pure. Every take returns ERR_FORM and leaves the cursor where it was when the bytes are not there. */
#ifndef LEDGER_BASE_BYTES_H
#define LEDGER_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ledger/base/err.h"

struct bytes {
        const uint8_t *at; /* borrowed; may be NULL when n is 0 */
        size_t n;
};

static inline struct bytes bytes_of(const void *at, size_t n)
{
        return (struct bytes){.at = at, .n = n};
}

static inline struct bytes bytes_text(const char *text)
{
        return (struct bytes){.at = (const uint8_t *)text, .n = strlen(text)};
}

/* Not constant-time: for public bytes only. */
bool bytes_equal(struct bytes a, struct bytes b);
bool bytes_is(struct bytes a, const char *text);
/* Below, equal to or above 0, as memcmp, the shorter first. */
int bytes_order(struct bytes a, struct bytes b);

enum err bytes_take(struct bytes *in, size_t n, struct bytes *out);
enum err bytes_take_copy(struct bytes *in, size_t n, uint8_t *out);
enum err bytes_take_u8(struct bytes *in, uint8_t *out);
enum err bytes_take_u16(struct bytes *in, uint16_t *out); /* big-endian, as all here */
enum err bytes_take_u32(struct bytes *in, uint32_t *out);
enum err bytes_take_u64(struct bytes *in, uint64_t *out);
/* Exactly the given text. */
enum err bytes_take_text(struct bytes *in, const char *text);
/* Everything before the next `stop`, which is consumed and not part of *out. */
enum err bytes_take_until(struct bytes *in, uint8_t stop, struct bytes *out);
/* ASCII decimal: no sign, no leading zero ("0" itself allowed), at most UINT64_MAX. Takes all digits there
 * are. */
enum err bytes_take_decimal(struct bytes *in, uint64_t *out);
enum err bytes_at_end(struct bytes in);

/* Well-formed UTF-8 without NUL, overlong forms and surrogates. */
bool bytes_utf8_valid(struct bytes text);
/* Copies to a NUL-terminated string; ERR_TOO_LONG unless n + 1 <= size, ERR_UTF8 if a NUL is in it. */
enum err bytes_to_text(struct bytes in, char *out, size_t size);

#endif
