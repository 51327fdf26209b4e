/* agent: keeps the unlocked key while the person works, so that the passphrase is typed once. A process of
 * its own with a Unix socket in the person's folder (mode 0600, the same user only); ends after some time
 * without use, at `agent stop`, or when the folder goes. Protocol: one byte, K (give the key), S (stop); the
 * answer to K is the 32 bytes. */
#ifndef CLIENT_AGENT_H
#define CLIENT_AGENT_H

#include "client/home.h"

#define AGENT_IDLE_S_DEFAULT 28800 /* a shift */

/* The key if an agent runs for this home, else ERR_ABSENT. */
enum err agent_key(const struct home *h, struct secret *out);
/* Starts one in the background; returns in the caller once it answers. */
enum err agent_start(const struct home *h, const struct secret *key, unsigned idle_s, struct why *why);
enum err agent_stop(const struct home *h); /* ERR_ABSENT: none ran */

#endif
