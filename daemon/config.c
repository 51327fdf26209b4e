#include "daemon/config.h"

#include <cyaml/cyaml.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/base/json.h"
#include "ledger/crypto/secret.h"

#define CONFIG_FILE     "enquiryd.yaml"
#define CONFIG_FILE_MAX 65536

struct file {
        char *origin;
        char *listen;
        char *key_file;
};

static const cyaml_schema_field_t file_fields[] = {
    CYAML_FIELD_STRING_PTR("origin", CYAML_FLAG_POINTER, struct file, origin, 1, 255),
    CYAML_FIELD_STRING_PTR("listen", CYAML_FLAG_POINTER, struct file, listen, 1, 300),
    CYAML_FIELD_STRING_PTR("key_file", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct file, key_file, 1,
                           CONFIG_PATH_MAX - 1),
    CYAML_FIELD_END};

static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file, file_fields),
};

__attribute__((format(printf, 3, 0))) static void complain(cyaml_log_t level, void *context,
                                                           const char *format, va_list arguments)
{
        (void)level;
        char line[WHY_DETAIL_MAX];
        (void)vsnprintf(line, sizeof line, format, arguments);
        line[strcspn(line, "\n")] = '\0';
        (void)why_set(context, ERR_CONFIG, CONFIG_FILE ": %s", line);
}

static cyaml_config_t reader(struct why *why)
{
        return (cyaml_config_t){
            .log_fn = complain, .log_ctx = why, .mem_fn = cyaml_mem, .log_level = CYAML_LOG_ERROR};
}

enum err config_path(const struct config *c, const char *name, char out[CONFIG_PATH_MAX])
{
        int n = snprintf(out, CONFIG_PATH_MAX, "%s/%s", c->data, name);
        return n < 0 || n >= CONFIG_PATH_MAX ? ERR_TOO_LONG : OK;
}

enum err config_key_path(const struct config *c, char out[CONFIG_PATH_MAX], bool *out_beside)
{
        const char *credentials = getenv("CREDENTIALS_DIRECTORY");
        char path[CONFIG_PATH_MAX];
        *out_beside = false;
        if (c->key_file[0] != '\0') {
                int n = snprintf(out, CONFIG_PATH_MAX, "%s", c->key_file);
                return n < 0 || n >= CONFIG_PATH_MAX ? ERR_TOO_LONG : OK;
        }
        if (credentials != NULL) {
                int n = snprintf(path, sizeof path, "%s/enquiry", credentials);
                if (n > 0 && n < (int)sizeof path && access(path, R_OK) == 0) {
                        memcpy(out, path, (size_t)n + 1);
                        return OK;
                }
        }
        *out_beside = true;
        return config_path(c, CONFIG_WRAP, out);
}

enum err config_listen(const char *text, struct config *c, struct why *why)
{
        const char *colon = strrchr(text, ':');
        if (colon == NULL || colon == text)
                return why_set(why, ERR_CONFIG, "the address to listen on is ADDRESS:PORT, not %.100s", text);
        const char *host = text;
        size_t n = (size_t)(colon - text);
        if (host[0] == '[' && host[n - 1] == ']') {
                host++;
                n -= 2;
        }
        struct bytes digits = bytes_text(colon + 1);
        uint64_t port;
        if (bytes_take_decimal(&digits, &port) || digits.n > 0 || port > UINT16_MAX || n == 0 ||
            n >= sizeof c->host)
                return why_set(why, ERR_CONFIG, "the address to listen on is ADDRESS:PORT, not %.100s", text);
        memcpy(c->host, host, n);
        c->host[n] = '\0';
        c->port = (uint16_t)port;
        return OK;
}

enum err config_write(const struct config *c, struct why *why)
{
        char path[CONFIG_PATH_MAX];
        struct buf text;
        enum err e;
        buf_init(&text, CONFIG_FILE_MAX);
        bool v6 = strchr(c->host, ':') != NULL;
        buf_put_text(&text, "# enquiryd: read at start. Unknown words are refused.\n");
        /* JSON's strings are YAML's double-quoted ones. */
        buf_put_text(&text, "origin: ");
        json_put_text(&text, c->origin);
        buf_put_format(&text, "\nlisten: \"%s%s%s:%u\"\n", v6 ? "[" : "", c->host, v6 ? "]" : "",
                       (unsigned)c->port);
        if (c->key_file[0] != '\0') {
                buf_put_text(&text, "key_file: ");
                json_put_text(&text, c->key_file);
                buf_put_text(&text, "\n");
        }
        if ((e = buf_check(&text)) || (e = config_path(c, CONFIG_FILE, path)))
                goto done;
        if ((e = secret_write_file(path, buf_bytes(&text))))
                e = why_set(why, e, "%s", path);
done:
        buf_clear(&text);
        return e;
}

/* Secrets lie in the folder: nobody else may look in. */
static enum err private_to_us(const char *path, struct why *why)
{
        struct stat st;
        if (stat(path, &st) != 0)
                return why_set(why, errno == ENOENT ? ERR_ABSENT : ERR_IO, "%.180s: %s", path,
                               strerror(errno));
        if ((st.st_mode & 077) != 0)
                return why_set(why, ERR_LOOSE, "%.150s has mode %o; chmod go-rwx", path,
                               (unsigned)(st.st_mode & 07777));
        return OK;
}

enum err config_read(const char *data, struct config *out, struct why *why)
{
        struct config c = {0};
        struct file *file = NULL;
        struct secret text = {0};
        char path[CONFIG_PATH_MAX];
        cyaml_config_t yaml = reader(why);
        enum err e;

        int n = snprintf(c.data, sizeof c.data, "%s", data);
        if (n < 0 || n >= CONFIG_PATH_MAX)
                return why_set(why, ERR_TOO_LONG, "the path of the data folder");
        if ((e = private_to_us(c.data, why)) || (e = config_path(&c, CONFIG_FILE, path)) ||
            (e = private_to_us(path, why)))
                goto done;
        if ((e = secret_read_file(path, 0, &text))) {
                e = why_set(why, e, "%.200s", path);
                goto done;
        }
        if (cyaml_load_data(text.at, text.n, &yaml, &file_schema, (cyaml_data_t **)&file, NULL) != CYAML_OK) {
                e = why_set(why, ERR_CONFIG, "%.200s", path);
                goto done;
        }
        if (file == NULL) { /* libcyaml takes an empty document for an absent one */
                e = why_set(why, ERR_CONFIG, "%.200s is empty", path);
                goto done;
        }
        if ((e = config_listen(file->listen, &c, why)))
                goto done;
        (void)snprintf(c.origin, sizeof c.origin, "%s", file->origin);
        if (file->key_file != NULL)
                (void)snprintf(c.key_file, sizeof c.key_file, "%s", file->key_file);
        *out = c;
done:
        if (file != NULL)
                (void)cyaml_free(&yaml, &file_schema, file, 0);
        secret_free(&text);
        return e;
}
