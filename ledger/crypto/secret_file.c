#include "ledger/crypto/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define FILE_MAX (64 * 1024) /* bytes */

static enum err io_error(void)
{
        return errno == ENOSPC || errno == EDQUOT ? ERR_DISK_FULL : ERR_IO;
}

/* An access control list as Linux gives it (acl(5), linux/posix_acl_xattr.h): version, then entries,
 * little-endian. */
#define ACL_NAME "system.posix_acl_access"
enum { ACL_HEAD = 4, ACL_ENTRY = 8, ACL_ENTRIES_MAX = 32 };
enum { ACL_OWNER = 0x01, ACL_USER = 0x02, ACL_MASK = 0x10 };

static uint32_t little(const uint8_t *at, size_t n)
{
        uint32_t v = 0;
        for (size_t i = n; i-- > 0;)
                v = v << 8 | at[i];
        return v;
}

/* Whether somebody beside the owner and this process's user has any right, by the file's access control list.
 * With such a list the group bits of the mode are its mask: systemd gives a service its credentials so, and
 * they are not loose. */
static bool acl_is_loose(const uint8_t *acl, size_t n)
{
        for (size_t at = ACL_HEAD; at + ACL_ENTRY <= n; at += ACL_ENTRY) {
                uint32_t tag = little(acl + at, 2), rights = little(acl + at + 2, 2);
                bool own = tag == ACL_OWNER || (tag == ACL_USER && little(acl + at + 4, 4) == geteuid());
                if (tag != ACL_MASK && !own && rights != 0)
                        return true;
        }
        return false;
}

static enum err rights_check(int fd, const struct stat *s)
{
        uint8_t acl[ACL_HEAD + ACL_ENTRIES_MAX * ACL_ENTRY];
        if ((s->st_mode & (S_IRWXG | S_IRWXO)) == 0)
                return OK;
        ssize_t n = fgetxattr(fd, ACL_NAME, acl, sizeof acl);
        return n <= ACL_HEAD || acl_is_loose(acl, (size_t)n) ? ERR_LOOSE : OK;
}

/* n bytes and then the end. */
static enum err read_exact(int fd, uint8_t *at, size_t n)
{
        uint8_t beyond;
        while (n > 0) {
                ssize_t got = read(fd, at, n);
                if (got < 0 && errno == EINTR)
                        continue;
                if (got <= 0)
                        return got == 0 ? ERR_FORM : ERR_IO;
                at += got;
                n -= (size_t)got;
        }
        ssize_t more = read(fd, &beyond, 1);
        return more == 0 ? OK : more > 0 ? ERR_FORM : ERR_IO;
}

enum err secret_read_file(const char *path, size_t n, struct secret *out)
{
        struct secret s = {0};
        struct stat stat;
        enum err e;
        int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (fd < 0)
                return errno == ENOENT || errno == ENOTDIR ? ERR_ABSENT : ERR_IO;
        if (fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode)) {
                e = ERR_IO;
                goto done;
        }
        if ((e = rights_check(fd, &stat)))
                goto done;
        if (n == 0 ? stat.st_size > FILE_MAX : (uint64_t)stat.st_size != n) {
                e = ERR_FORM;
                goto done;
        }
        if ((e = secret_new((size_t)stat.st_size, &s)) || (e = read_exact(fd, s.at, s.n)))
                goto done;
        *out = s;
        s = (struct secret){0}; /* given away */
done:
        secret_free(&s);
        (void)close(fd); /* only read from */
        return e;
}

static enum err write_all(int fd, struct bytes in)
{
        while (in.n > 0) {
                ssize_t put = write(fd, in.at, in.n);
                if (put < 0 && errno == EINTR)
                        continue;
                if (put < 0)
                        return io_error();
                in = bytes_of(in.at + put, in.n - (size_t)put);
        }
        return fsync(fd) == 0 ? OK : io_error();
}

/* A new file's name is on disk only when its folder is. */
static enum err folder_sync(const char *path)
{
        char copy[PATH_MAX];
        enum err e = bytes_to_text(bytes_text(path), copy, sizeof copy);
        if (e)
                return e;
        int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
                return ERR_IO;
        e = fsync(fd) == 0 ? OK : io_error();
        (void)close(fd); /* only read from */
        return e;
}

enum err secret_write_file(const char *path, struct bytes in)
{
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
        if (fd < 0)
                return errno == EEXIST ? ERR_NOT_EMPTY : io_error();
        enum err e = write_all(fd, in);
        if (close(fd) != 0 && !e)
                e = io_error();
        if (!e)
                e = folder_sync(path);
        if (e)
                (void)unlink(path); /* what failed before is the error */
        return e;
}
