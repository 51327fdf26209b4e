#include "client/csv.h"

void csv_init(struct csv *c, struct bytes text)
{
        static const uint8_t mark[] = {0xef, 0xbb, 0xbf};
        *c = (struct csv){.in = text, .line = 1};
        if (text.n >= sizeof mark && memcmp(text.at, mark, sizeof mark) == 0)
                c->in = bytes_of(text.at + sizeof mark, text.n - sizeof mark);
}

void csv_row_init(struct csv_row *r)
{
        *r = (struct csv_row){0};
        buf_init(&r->text, CSV_ROW_MAX);
}

void csv_row_clear(struct csv_row *r)
{
        buf_clear(&r->text);
}

static int peek(const struct csv *c)
{
        return c->in.n > 0 ? c->in.at[0] : -1;
}

static uint8_t take(struct csv *c)
{
        const uint8_t byte = c->in.at[0];
        c->in = bytes_of(c->in.at + 1, c->in.n - 1);
        c->line += byte == '\n';
        return byte;
}

/* A line end: LF, CRLF, or the CR alone of old machines. */
static bool take_line_end(struct csv *c)
{
        if (peek(c) == '\r') {
                (void)take(c);
                if (peek(c) == '\n')
                        (void)take(c);
                else
                        c->line++;
                return true;
        }
        if (peek(c) != '\n')
                return false;
        (void)take(c);
        return true;
}

static enum err take_quoted(struct csv *c, struct buf *out, struct why *why)
{
        const unsigned from = c->line;
        (void)take(c);
        for (;;) {
                if (c->in.n == 0)
                        return why_set(why, ERR_FORM, "line %u: a quotation mark is not closed", from);
                uint8_t byte = take(c);
                if (byte == '"' && peek(c) != '"')
                        break;
                if (byte == '"')
                        (void)take(c);
                buf_put_u8(out, byte);
        }
        const int next = peek(c);
        return next == -1 || next == ',' || next == '\r' || next == '\n'
                   ? OK
                   : why_set(why, ERR_FORM, "line %u: text after a closing quotation mark", c->line);
}

static enum err take_cell(struct csv *c, struct buf *out, struct why *why)
{
        if (peek(c) == '"')
                return take_quoted(c, out, why);
        for (int next = peek(c); next != -1 && next != ',' && next != '\r' && next != '\n'; next = peek(c)) {
                if (next == '"')
                        return why_set(why, ERR_FORM, "line %u: a quotation mark within a cell", c->line);
                buf_put_u8(out, take(c));
        }
        return OK;
}

static enum err take_cells(struct csv *c, struct csv_row *out, size_t starts[CSV_CELLS_MAX], struct why *why)
{
        enum err e;
        for (;;) {
                if (out->n == CSV_CELLS_MAX)
                        return why_set(why, ERR_FORM, "line %u: more than %d cells", out->line,
                                       CSV_CELLS_MAX);
                starts[out->n++] = out->text.n;
                const size_t from = out->text.n;
                if ((e = take_cell(c, &out->text, why)))
                        return e;
                if (!bytes_utf8_valid(buf_since(&out->text, from)))
                        return why_set(why, ERR_UTF8, "line %u", out->line);
                buf_put_u8(&out->text, 0);
                if (peek(c) != ',')
                        break;
                (void)take(c);
        }
        (void)take_line_end(c);
        return OK;
}

enum err csv_next(struct csv *c, struct csv_row *out, struct why *why)
{
        size_t starts[CSV_CELLS_MAX];
        enum err e;
        buf_reset(&out->text);
        out->n = 0;
        while (take_line_end(c)) {
        }
        if (c->in.n == 0)
                return ERR_ABSENT;
        out->line = c->line;
        if ((e = take_cells(c, out, starts, why)))
                return e;
        if ((e = buf_check(&out->text)))
                return why_set(why, e, "line %u", out->line);
        for (size_t i = 0; i < out->n; i++)
                out->cell[i] = (const char *)out->text.at + starts[i];
        return OK;
}
