#include "ledger/tree/tree.h"

#define LEVEL_MAX 63 /* C2SP tlog-tiles */

void tile_path_put(struct buf *out, int level, uint64_t index, unsigned width)
{
        unsigned group[7]; /* three digits each, the last first; 2^64 has twenty digits */
        size_t n = 0;

        if (out->failed)
                return;
        if (level < TILE_LEVEL_ENTRIES || level > LEVEL_MAX || width < 1 || width > TREE_TILE) {
                out->failed = ERR_BUG;
                return;
        }
        if (level == TILE_LEVEL_ENTRIES)
                buf_put_text(out, "tile/entries/");
        else
                buf_put_format(out, "tile/%d/", level);
        do {
                group[n++] = (unsigned)(index % 1000);
                index /= 1000;
        } while (index);
        while (n-- > 1)
                buf_put_format(out, "x%03u/", group[n]);
        buf_put_format(out, "%03u", group[0]);
        if (width < TREE_TILE)
                buf_put_format(out, ".p/%u", width);
}

static enum err take_level(struct bytes *in, int *out)
{
        uint64_t level;
        enum err e;

        if (!bytes_take_text(in, "entries/")) {
                *out = TILE_LEVEL_ENTRIES;
                return OK;
        }
        if ((e = bytes_take_decimal(in, &level)) || (e = bytes_take_text(in, "/")))
                return e;
        if (level > LEVEL_MAX)
                return ERR_FORM;
        *out = (int)level;
        return OK;
}

static enum err take_group(struct bytes *in, unsigned *out)
{
        struct bytes digits;
        unsigned group = 0;
        enum err e;

        if ((e = bytes_take(in, 3, &digits)))
                return e;
        for (size_t i = 0; i < 3; i++) {
                if (digits.at[i] < '0' || digits.at[i] > '9')
                        return ERR_FORM;
                group = group * 10 + (unsigned)(digits.at[i] - '0');
        }
        *out = group;
        return OK;
}

static enum err take_index(struct bytes *in, uint64_t *out)
{
        uint64_t index = 0;
        unsigned group;
        enum err e;

        for (bool more = true, first = true; more; first = false) {
                more = !bytes_take_text(in, "x");
                if ((e = take_group(in, &group)))
                        return e;
                if (more && first && group == 0) /* one way to write each index */
                        return ERR_FORM;
                if (index > (UINT64_MAX - group) / 1000)
                        return ERR_FORM;
                index = index * 1000 + group;
                if (more && (e = bytes_take_text(in, "/")))
                        return e;
        }
        *out = index;
        return OK;
}

static enum err take_width(struct bytes *in, unsigned *out)
{
        uint64_t width;
        enum err e;

        if (in->n == 0) {
                *out = TREE_TILE;
                return OK;
        }
        if ((e = bytes_take_text(in, ".p/")) || (e = bytes_take_decimal(in, &width)))
                return e;
        if (width < 1 || width >= TREE_TILE)
                return ERR_FORM;
        *out = (unsigned)width;
        return OK;
}

enum err tile_path_parse(struct bytes path, int *out_level, uint64_t *out_index, unsigned *out_width)
{
        int level;
        uint64_t index;
        unsigned width;
        enum err e;

        if ((e = bytes_take_text(&path, "tile/")) || (e = take_level(&path, &level)) ||
            (e = take_index(&path, &index)) || (e = take_width(&path, &width)) || (e = bytes_at_end(path)))
                return e;
        *out_level = level;
        *out_index = index;
        *out_width = width;
        return OK;
}
