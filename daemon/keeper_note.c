#include "daemon/keeper_note.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/keeper.h"

#define MAGIC      "EQKN"
#define MAGIC_LEN  4
#define ZEROS_LEN  24
#define HASHED_LEN (KEEPER_SLOT_LEN - HASH_LEN)

static uint8_t *put_u64(uint8_t *at, uint64_t v)
{
        for (int i = 0; i < 8; i++)
                at[i] = (uint8_t)(v >> (56 - 8 * i));
        return at + 8;
}

static enum err encode(const struct keeper_note *note, uint8_t out[KEEPER_SLOT_LEN])
{
        struct hash sum;
        memset(out, 0, KEEPER_SLOT_LEN);
        memcpy(out, MAGIC, MAGIC_LEN); /* without its NUL */
        uint8_t *at = put_u64(put_u64(out + 8, note->count), note->size);
        memcpy(at, note->root.b, HASH_LEN);
        enum err e = hash_of(bytes_of(out, HASHED_LEN), &sum);
        if (!e)
                memcpy(out + HASHED_LEN, sum.b, HASH_LEN);
        return e;
}

static enum err decode(struct bytes slot, struct keeper_note *out)
{
        static const uint8_t zeros[ZEROS_LEN];
        struct keeper_note note;
        struct hash sum, there;
        struct bytes nothing, in = slot;
        uint32_t zero;
        enum err e;
        if ((e = hash_of(bytes_of(slot.at, HASHED_LEN), &sum)) || (e = bytes_take_text(&in, MAGIC)) ||
            (e = bytes_take_u32(&in, &zero)) || (e = bytes_take_u64(&in, &note.count)) ||
            (e = bytes_take_u64(&in, &note.size)) || (e = bytes_take_copy(&in, HASH_LEN, note.root.b)) ||
            (e = bytes_take(&in, ZEROS_LEN, &nothing)) || (e = bytes_take_copy(&in, HASH_LEN, there.b)) ||
            (e = bytes_at_end(in)))
                return e;
        if (zero != 0 || !bytes_equal(nothing, bytes_of(zeros, ZEROS_LEN)) || !hash_equal(&sum, &there))
                return ERR_FORM;
        *out = note;
        return OK;
}

enum err keeper_note_read(int fd, struct keeper_note *out)
{
        uint8_t file[KEEPER_SLOTS * KEEPER_SLOT_LEN + 1]; /* one more: a longer file is not a note */
        bool found = false;
        ssize_t n = pread(fd, file, sizeof file, 0);
        if (n < 0)
                return ERR_IO;
        if ((size_t)n != sizeof file - 1)
                return ERR_FORM;
        for (size_t i = 0; i < KEEPER_SLOTS; i++) {
                struct keeper_note note;
                enum err e = decode(bytes_of(file + i * KEEPER_SLOT_LEN, KEEPER_SLOT_LEN), &note);
                if (e == ERR_CRYPTO)
                        return e;
                if (e || note.count % KEEPER_SLOTS != i || (found && note.count < out->count))
                        continue;
                *out = note;
                found = true;
        }
        return found ? OK : ERR_FORM;
}

enum err keeper_note_write(int fd, const struct keeper_note *note)
{
        uint8_t slot[KEEPER_SLOT_LEN];
        enum err e = encode(note, slot);
        if (e)
                return e;
        ssize_t n = pwrite(fd, slot, sizeof slot, (off_t)(note->count % KEEPER_SLOTS * KEEPER_SLOT_LEN));
        return n == (ssize_t)sizeof slot ? OK : ERR_IO;
}

static enum err sync_folder_of(const char *path)
{
        char folder[4096];
        const char *slash = strrchr(path, '/');
        size_t n = slash == NULL ? 0 : (size_t)(slash - path);
        if (slash == NULL)
                (void)bytes_to_text(bytes_text("."), folder, sizeof folder);
        else if (bytes_to_text(bytes_of(path, n > 0 ? n : 1), folder, sizeof folder))
                return ERR_TOO_LONG;
        int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
                return ERR_IO;
        int failed = fsync(fd);
        (void)close(fd);
        return failed ? ERR_IO : OK;
}

enum err keeper_note_create(const char *path, const struct hash *genesis)
{
        struct keeper_note note = {.size = 1, .root = *genesis};
        enum err e = OK;
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
                return errno == EEXIST ? ERR_NOT_EMPTY : ERR_IO;
        for (; note.count < KEEPER_SLOTS && !e; note.count++)
                e = keeper_note_write(fd, &note);
        if (!e && fsync(fd) != 0)
                e = ERR_IO;
        if (close(fd) != 0 && !e)
                e = ERR_IO;
        if (!e)
                e = sync_folder_of(path);
        if (e)
                (void)unlink(path);
        return e;
}
