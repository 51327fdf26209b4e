#include "client/policy.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool is_yaml(const char *name)
{
        size_t n = strlen(name);
        return n > 5 && strcmp(name + n - 5, ".yaml") == 0;
}

/* Appends the text of the first pack in the folder that has the hash. What cannot be read is passed over: it
 * is some other file. */
static enum err find_in(const char *folder, const struct hash *hash, struct buf *out)
{
        DIR *d = opendir(folder);
        struct dirent *entry;
        enum err e = ERR_ABSENT;
        if (d == NULL)
                return ERR_ABSENT;
        while (e == ERR_ABSENT && (entry = readdir(d)) != NULL) {
                char path[HOME_PATH_MAX];
                struct buf text;
                struct hash found;
                if (!is_yaml(entry->d_name) ||
                    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >= (int)sizeof path)
                        continue;
                buf_init(&text, PACK_TEXT_MAX);
                if (!file_read(path, PACK_TEXT_MAX, &text) && !hash_of(buf_bytes(&text), &found) &&
                    hash_equal(&found, hash)) {
                        buf_put(out, buf_bytes(&text));
                        e = buf_check(out);
                }
                buf_clear(&text);
        }
        (void)closedir(d);
        return e;
}

/* The folder of a path, "." where it names none. */
static bool folder_of(const char *path, char out[HOME_PATH_MAX])
{
        const char *slash = strrchr(path, '/');
        int n = slash == NULL ? 1 : slash == path ? 1 : (int)(slash - path);
        return snprintf(out, HOME_PATH_MAX, "%.*s", n, slash == NULL ? "." : path) < HOME_PATH_MAX;
}

static bool share_folder(char out[HOME_PATH_MAX])
{
        char program[HOME_PATH_MAX], folder[HOME_PATH_MAX];
        ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
        if (n <= 0)
                return false;
        program[n] = '\0';
        return folder_of(program, folder) &&
               snprintf(out, HOME_PATH_MAX, "%.900s/../share/enquiry/policy", folder) < HOME_PATH_MAX;
}

static enum err find_text(void *self, const struct hash *hash, struct buf *out)
{
        const struct policy_place *p = self;
        char folder[HOME_PATH_MAX];
        enum err e = folder_of(p->path, folder) ? find_in(folder, hash, out) : ERR_ABSENT;
        if (e == ERR_ABSENT && share_folder(folder))
                e = find_in(folder, hash, out);
        return e;
}

void policy_place_init(struct policy_place *p, const char *path)
{
        p->path = path;
        p->source = (struct pack_source){.text = find_text, .self = p};
}

enum err policy_load(const char *path, struct pack **out, struct why *why)
{
        struct policy_place place;
        struct buf text;
        enum err e;
        policy_place_init(&place, path);
        buf_init(&text, PACK_TEXT_MAX);
        if ((e = file_read(path, PACK_TEXT_MAX, &text)))
                e = why_set(why, e, "%.200s", path);
        else
                e = pack_parse(buf_bytes(&text), &place.source, out, why);
        buf_clear(&text);
        return e;
}

enum err policy_base(const char *path, const struct pack *pack, struct pack **out, struct why *why)
{
        struct policy_place place;
        struct buf text;
        enum err e;
        *out = NULL;
        if (pack_over(pack) == NULL)
                return OK;
        policy_place_init(&place, path);
        buf_init(&text, PACK_TEXT_MAX);
        if (!(e = find_text(&place, pack_over(pack), &text)))
                e = pack_parse(buf_bytes(&text), &place.source, out, why);
        buf_clear(&text);
        return e;
}

json_t *policy_head(const struct pack *pack)
{
        char hash[HASH_TEXT_LEN + 1];
        hash_text(pack_hash(pack), hash);
        return json_pack("{ss ss ss ss}", "name", pack_name(pack), "version", pack_version(pack), "title",
                         pack_title(pack), "hash", hash);
}
