#include "ledger/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST_SIZE 256 /* bytes */

void buf_init(struct buf *b, size_t max)
{
        *b = (struct buf){.max = max};
}

void buf_clear(struct buf *b)
{
        free(b->at);
        *b = (struct buf){.max = b->max};
}

void buf_wipe(struct buf *b)
{
        if (b->at != NULL)
                explicit_bzero(b->at, b->peak);
        buf_clear(b);
}

void buf_reset(struct buf *b)
{
        b->n = 0;
        b->failed = OK;
}

enum err buf_check(const struct buf *b)
{
        return b->failed;
}

static void fail(struct buf *b, enum err e)
{
        if (!b->failed)
                b->failed = e;
}

/* Memory for `size` bytes and one more for the NUL of buf_text. Not by realloc, which would leave a copy
 * behind where buf_wipe does not reach. */
static void grow(struct buf *b, size_t size)
{
        uint8_t *at = size < SIZE_MAX ? malloc(size + 1) : NULL;
        if (at == NULL) {
                fail(b, ERR_NO_MEMORY);
                return;
        }
        if (b->at != NULL) {
                memcpy(at, b->at, b->n);
                explicit_bzero(b->at, b->peak);
                free(b->at);
        }
        b->at = at;
        b->size = size;
        b->peak = b->n;
}

void buf_reserve(struct buf *b, size_t n)
{
        if (n > b->max)
                fail(b, ERR_TOO_LONG);
        if (!b->failed && (b->at == NULL || n > b->size))
                grow(b, n);
}

uint8_t *buf_put_room(struct buf *b, size_t n)
{
        if (n > b->max - b->n)
                fail(b, ERR_TOO_LONG);
        if (!b->failed && (b->at == NULL || n > b->size - b->n)) {
                size_t size = b->size > b->max / 2 ? b->max : 2 * b->size;
                if (size < FIRST_SIZE)
                        size = b->max < FIRST_SIZE ? b->max : FIRST_SIZE;
                grow(b, size < b->n + n ? b->n + n : size);
        }
        if (b->failed)
                return NULL;
        b->n += n;
        if (b->peak < b->n)
                b->peak = b->n;
        return b->at + (b->n - n);
}

void buf_put(struct buf *b, struct bytes in)
{
        uint8_t *room = in.n == 0 ? NULL : buf_put_room(b, in.n);
        if (room != NULL)
                memcpy(room, in.at, in.n);
}

void buf_put_text(struct buf *b, const char *text)
{
        buf_put(b, bytes_text(text));
}

static void put_number(struct buf *b, uint64_t v, size_t width)
{
        uint8_t *room = buf_put_room(b, width);
        if (room == NULL)
                return;
        for (size_t i = width; i-- > 0; v >>= 8)
                room[i] = (uint8_t)(v & 0xff);
}

void buf_put_u8(struct buf *b, uint8_t v)
{
        put_number(b, v, 1);
}

void buf_put_u16(struct buf *b, uint16_t v)
{
        put_number(b, v, 2);
}

void buf_put_u32(struct buf *b, uint32_t v)
{
        put_number(b, v, 4);
}

void buf_put_u64(struct buf *b, uint64_t v)
{
        put_number(b, v, 8);
}

void buf_put_decimal(struct buf *b, uint64_t v)
{
        char digits[20]; /* of UINT64_MAX */
        size_t at = sizeof digits;
        do {
                digits[--at] = (char)('0' + v % 10);
                v /= 10;
        } while (v > 0);
        buf_put(b, bytes_of(digits + at, sizeof digits - at));
}

void buf_put_format(struct buf *b, const char *format, ...)
{
        va_list arguments, again;
        va_start(arguments, format);
        va_copy(again, arguments);
        int n = vsnprintf(NULL, 0, format, arguments);
        uint8_t *room = NULL;
        if (n < 0)
                fail(b, ERR_BUG);
        else
                room = buf_put_room(b, (size_t)n);
        if (room != NULL)
                (void)vsnprintf((char *)room, (size_t)n + 1, format, again);
        va_end(again);
        va_end(arguments);
}

const char *buf_text(struct buf *b)
{
        if (buf_put_room(b, 0) == NULL)
                return "";
        b->at[b->n] = '\0';
        return (const char *)b->at;
}
