#include "client/home.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define IDENTITY_MAX 65536 /* bytes */

static enum err put_path(char out[HOME_PATH_MAX], const char *folder, const char *rest)
{
        int n = snprintf(out, HOME_PATH_MAX, "%s%s", folder, rest);
        return n < 0 || n >= HOME_PATH_MAX ? ERR_TOO_LONG : OK;
}

enum err home_open(const char *given, struct home *out)
{
        const char *from = given != NULL ? given : getenv("ENQUIRY_HOME");
        out->lock_fd = -1;
        /* absolute: the agent works from another folder, and receipts are named to scripts */
        if (from != NULL && from[0] != '/') {
                char here[HOME_PATH_MAX / 2], rest[HOME_PATH_MAX / 2];
                int n = snprintf(rest, sizeof rest, "/%s", from);
                if (n < 0 || (size_t)n >= sizeof rest || getcwd(here, sizeof here) == NULL)
                        return ERR_TOO_LONG;
                return put_path(out->path, here, rest);
        }
        if (from != NULL)
                return put_path(out->path, from, "");
        if ((from = getenv("XDG_DATA_HOME")) != NULL)
                return put_path(out->path, from, "/enquiry");
        if ((from = getenv("HOME")) != NULL)
                return put_path(out->path, from, "/.local/share/enquiry");
        return ERR_HOME;
}

enum err home_path(const struct home *h, const char *name, char out[HOME_PATH_MAX])
{
        int n = snprintf(out, HOME_PATH_MAX, "%s/%s", h->path, name);
        return n < 0 || n >= HOME_PATH_MAX ? ERR_TOO_LONG : OK;
}

/* Each folder of the path that is not there yet. */
static enum err make_folders(const char *path)
{
        char part[HOME_PATH_MAX];
        enum err e = put_path(part, path, "");
        for (char *at = part + 1; !e && *at != '\0'; at++)
                if (*at == '/') {
                        *at = '\0';
                        if (mkdir(part, 0700) != 0 && errno != EEXIST)
                                return ERR_IO;
                        *at = '/';
                }
        if (!e && mkdir(part, 0700) != 0 && errno != EEXIST)
                return ERR_IO;
        return e;
}

enum err home_check_private(const struct home *h, struct why *why)
{
        struct stat st;
        if (stat(h->path, &st) != 0)
                return why_set(why, ERR_HOME, "%.200s", h->path);
        if ((st.st_mode & 077) != 0)
                return why_set(why, ERR_LOOSE, "%.150s has mode %o; chmod go-rwx", h->path,
                               (unsigned)(st.st_mode & 07777));
        return OK;
}

enum err home_make(struct home *h, struct why *why)
{
        char path[HOME_PATH_MAX];
        enum err e;
        if ((e = make_folders(h->path)))
                return why_set(why, e, "%.150s: %s", h->path, strerror(errno));
        if ((e = home_check_private(h, why)) || (e = home_path(h, HOME_IDENTITY, path)))
                return e;
        if (access(path, F_OK) == 0)
                return why_set(why, ERR_HOME_TAKEN, "%.200s", h->path);
        if ((e = home_path(h, HOME_RECEIPTS, path)))
                return e;
        return mkdir(path, 0700) != 0 && errno != EEXIST ? why_set(why, ERR_IO, "%.200s", path) : OK;
}

enum err home_lock(struct home *h, struct why *why)
{
        char path[HOME_PATH_MAX];
        enum err e = home_path(h, "lock", path);
        if (e || h->lock_fd >= 0)
                return e;
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0)
                return why_set(why, errno == ENOENT ? ERR_HOME : ERR_IO, "%.180s: %s", path, strerror(errno));
        while (flock(fd, LOCK_EX) != 0)
                if (errno != EINTR) {
                        (void)close(fd);
                        return why_set(why, ERR_LOCKED, "%.200s", h->path);
                }
        h->lock_fd = fd;
        return OK;
}

void home_unlock(struct home *h)
{
        if (h->lock_fd >= 0) {
                (void)flock(h->lock_fd, LOCK_UN); /* a child may hold the descriptor as well */
                (void)close(h->lock_fd);
        }
        h->lock_fd = -1;
}

enum err file_read(const char *path, size_t max, struct buf *out)
{
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        uint8_t part[8192];
        ssize_t n;
        if (fd < 0)
                return errno == ENOENT || errno == ENOTDIR ? ERR_ABSENT : ERR_IO;
        while ((n = read(fd, part, sizeof part)) != 0) {
                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0 || out->n + (size_t)n > max) {
                        (void)close(fd);
                        return n < 0 ? ERR_IO : ERR_TOO_LONG;
                }
                buf_put(out, bytes_of(part, (size_t)n));
        }
        (void)close(fd);
        return buf_check(out);
}

static enum err write_all(int fd, struct bytes in)
{
        while (in.n > 0) {
                ssize_t n = write(fd, in.at, in.n);
                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return errno == ENOSPC ? ERR_DISK_FULL : ERR_IO;
                in.at += n;
                in.n -= (size_t)n;
        }
        return fsync(fd) == 0 ? OK : ERR_SYNC;
}

static enum err sync_folder_of(const char *path)
{
        char folder[HOME_PATH_MAX];
        enum err e = put_path(folder, path, "");
        if (e)
                return e;
        char *slash = strrchr(folder, '/');
        if (slash == NULL)
                (void)snprintf(folder, sizeof folder, ".");
        else
                slash[slash == folder ? 1 : 0] = '\0';
        int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
                return ERR_IO;
        e = fsync(fd) == 0 ? OK : ERR_SYNC;
        (void)close(fd);
        return e;
}

enum err file_write(const char *path, struct bytes in)
{
        char temporary[HOME_PATH_MAX];
        enum err e = put_path(temporary, path, ".new");
        if (e)
                return e;
        int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (fd < 0)
                return ERR_IO;
        e = write_all(fd, in);
        if (close(fd) != 0 && !e)
                e = ERR_IO;
        if (!e && rename(temporary, path) != 0)
                e = ERR_IO;
        if (e) {
                (void)unlink(temporary);
                return e;
        }
        return sync_folder_of(path);
}

/* --- identity.json --- */

static json_t *text_of_hash(const struct hash *h)
{
        char text[HASH_TEXT_LEN + 1];
        hash_text(h, text);
        return json_string(text);
}

enum err identity_write(const struct home *h, const struct identity *id)
{
        char path[HOME_PATH_MAX], member[MEMBER_ID_TEXT_LEN + 1];
        struct hash key;
        enum err e = home_path(h, HOME_IDENTITY, path);
        if (e)
                return e;
        member_id_text(&id->member, member);
        memcpy(key.b, id->key.b, sizeof key.b);
        json_t *o = json_pack(
            "{si ss ss ss so ss so ss so ss ss ss ss si ss ss ss ss ss}", "v", 1, "address", id->address,
            "origin", id->origin, "log", id->log, "genesis", text_of_hash(&id->genesis), "vkey", id->vkey,
            "server", text_of_hash(&id->server), "member", member, "key", text_of_hash(&key), "name",
            id->name, "alias", id->alias, "unit", id->unit, "roles", id->roles, "training", (int)id->training,
            "rank", id->rank, "agency", id->agency, "jurisdiction", id->jurisdiction, "device_class",
            id->device_class, "account_attribution", id->account_attribution);
        char *text = o == NULL ? NULL : json_dumps(o, JSON_INDENT(1));
        json_decref(o);
        if (text == NULL)
                return ERR_NO_MEMORY;
        e = file_write(path, bytes_text(text));
        free(text);
        return e;
}

static bool get_text(const json_t *o, const char *name, char *out, size_t size)
{
        const char *text = json_string_value(json_object_get(o, name));
        int n = text == NULL ? -1 : snprintf(out, size, "%s", text);
        return n >= 0 && (size_t)n < size;
}

static bool get_hash(const json_t *o, const char *name, struct hash *out)
{
        const char *text = json_string_value(json_object_get(o, name));
        return text != NULL && hash_of_text(bytes_text(text), out) == OK;
}

enum err identity_read(const struct home *h, struct identity *out, struct why *why)
{
        char path[HOME_PATH_MAX], member[64];
        struct buf text;
        struct identity id = {0};
        struct hash key;
        json_t *o = NULL;
        enum err e;
        buf_init(&text, IDENTITY_MAX);
        if ((e = home_path(h, HOME_IDENTITY, path)))
                goto done;
        if ((e = file_read(path, IDENTITY_MAX, &text))) {
                e = e == ERR_ABSENT ? why_set(why, ERR_HOME, "%.200s", h->path) : e;
                goto done;
        }
        o = json_loadb((const char *)text.at, text.n, JSON_REJECT_DUPLICATES, NULL);
        id.training = (unsigned)json_integer_value(json_object_get(o, "training"));
        if (!get_text(o, "address", id.address, sizeof id.address) ||
            !get_text(o, "origin", id.origin, sizeof id.origin) ||
            !get_text(o, "log", id.log, sizeof id.log) || !get_hash(o, "genesis", &id.genesis) ||
            !get_text(o, "vkey", id.vkey, sizeof id.vkey) || !get_hash(o, "server", &id.server) ||
            !get_text(o, "member", member, sizeof member) ||
            member_id_of_text(bytes_text(member), &id.member) || !get_hash(o, "key", &key) ||
            !get_text(o, "name", id.name, sizeof id.name) ||
            !get_text(o, "alias", id.alias, sizeof id.alias) ||
            !get_text(o, "unit", id.unit, sizeof id.unit) ||
            !get_text(o, "roles", id.roles, sizeof id.roles) ||
            !get_text(o, "rank", id.rank, sizeof id.rank) ||
            !get_text(o, "agency", id.agency, sizeof id.agency) ||
            !get_text(o, "jurisdiction", id.jurisdiction, sizeof id.jurisdiction) ||
            !get_text(o, "device_class", id.device_class, sizeof id.device_class) ||
            !get_text(o, "account_attribution", id.account_attribution, sizeof id.account_attribution)) {
                e = why_set(why, ERR_CONFIG, "%.200s", path);
                goto done;
        }
        memcpy(id.key.b, key.b, sizeof id.key.b);
        *out = id;
done:
        json_decref(o);
        buf_clear(&text);
        return e;
}
