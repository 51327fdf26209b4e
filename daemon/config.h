/* config: DIR/enquiryd.yaml, and where things lie in the data folder. */
#ifndef DAEMON_CONFIG_H
#define DAEMON_CONFIG_H

#include <stdbool.h>

#include "ledger/base/err.h"

#define CONFIG_PATH_MAX 1024

struct config {
        char data[CONFIG_PATH_MAX];
        char origin[256];
        char host[256];
        uint16_t port;
        char key_file[CONFIG_PATH_MAX]; /* "" : the systemd credential, else DIR/wrap.key */
};

/* Writes DIR/enquiryd.yaml, mode 0600. */
enum err config_write(const struct config *c, struct why *why);
/* Reads it; refuses a folder or file that others may read (ERR_LOOSE). */
enum err config_read(const char *data, struct config *out, struct why *why);
/* "host:port" as given on a command line; [v6]:port too. ERR_CONFIG. */
enum err config_listen(const char *text, struct config *c, struct why *why);
/* data/name; ERR_TOO_LONG. */
enum err config_path(const struct config *c, const char *name, char out[CONFIG_PATH_MAX]);
/* The file key's path by the order of DESIGN section 3.4. *out_beside: it lies in the data folder itself. */
enum err config_key_path(const struct config *c, char out[CONFIG_PATH_MAX], bool *out_beside);

#define CONFIG_LEDGER "ledger.db"
#define CONFIG_NOTE   "keeper.note"
#define CONFIG_LOG    "log.key"
#define CONFIG_WRAP   "wrap.key"
#define CONFIG_TLS    "tls.pem"
#define CONFIG_TLSKEY "tls.key"
#define CONFIG_LOCK   "enquiryd.lock"

#endif
