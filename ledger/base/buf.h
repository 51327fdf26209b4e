/* buf: an owned, growing run of bytes with a maximum from the start. Puts are sticky: after the first failure
 * (too long, no memory) the rest do nothing, and buf_check says what happened, so a writer checks once at its
 * end. */
#ifndef LEDGER_BASE_BUF_H
#define LEDGER_BASE_BUF_H

#include "ledger/base/bytes.h"

struct buf {
        uint8_t *at;
        size_t n, size, max; /* bytes; n <= size <= max */
        size_t peak;         /* the most bytes ever put into this memory: what a wipe has to zero */
        enum err failed;
};

void buf_init(struct buf *b, size_t max);
void buf_clear(struct buf *b); /* frees; the buf may be used again, with the same max */
void buf_wipe(struct buf *b);  /* zeroes what was held, then clears: for content and secrets in passing */
void buf_reset(struct buf *b); /* n = 0, failure forgotten, memory kept */
enum err buf_check(const struct buf *b);

void buf_put(struct buf *b, struct bytes in);
void buf_put_text(struct buf *b, const char *text);
void buf_put_u8(struct buf *b, uint8_t v);
void buf_put_u16(struct buf *b, uint16_t v); /* big-endian, as all here */
void buf_put_u32(struct buf *b, uint32_t v);
void buf_put_u64(struct buf *b, uint64_t v);
void buf_put_decimal(struct buf *b, uint64_t v);
void buf_put_format(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Memory for n bytes in all, so that puts up to there move nothing. */
void buf_reserve(struct buf *b, size_t n);
/* n bytes of room at the end, to be filled by the caller; NULL after a failure. Counted in b->n at once. */
uint8_t *buf_put_room(struct buf *b, size_t n);

static inline struct bytes buf_bytes(const struct buf *b)
{
        return bytes_of(b->at, b->n);
}
/* What was put since b->n was `from`. Valid until the next put. */
static inline struct bytes buf_since(const struct buf *b, size_t from)
{
        return bytes_of(b->at ? b->at + from : NULL, b->n - from);
}
/* NUL-terminates (the NUL is not counted) and gives the text, or "" after a failure. */
const char *buf_text(struct buf *b);

#endif
