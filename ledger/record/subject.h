/* subject: the account that an address names, in one form whatever way it is written: `platform:account`.
 * Repeat views are counted by it. The platforms are data (schema/platforms); a site that is not in the table
 * falls back to `web:host/path`, a page of the fediverse to `fediverse:user@host`. What names no account (a
 * share link, a single post) is a class of its own: `platform:?path`, resolved false. Pure; asks no network.
 */
#ifndef LEDGER_RECORD_SUBJECT_H
#define LEDGER_RECORD_SUBJECT_H

#include "ledger/base/bytes.h"

#define SUBJECT_PLATFORM_MAX  31  /* bytes */
#define SUBJECT_ACCOUNT_MAX   255 /* bytes; a longer one is cut and ends with `~` and its SHA-256 */
#define SUBJECT_CANONICAL_MAX 299

struct subject {
        char platform[SUBJECT_PLATFORM_MAX + 1];
        char account[SUBJECT_ACCOUNT_MAX + 1];     /* with its name space: "id/100044", "in/j-smith" */
        char canonical[SUBJECT_CANONICAL_MAX + 1]; /* "platform:account" */
        char handle[SUBJECT_ACCOUNT_MAX + 1];      /* as displayed, case kept; "" where there is none */
        const char *target_kind;                   /* guesses: words of those vocabularies */
        const char *openness;
        bool listed;   /* the platform is in the table, or the fediverse for certain */
        bool resolved; /* false: names no account, or nobody can tell offline */
};

/* An address as people paste it: with or without scheme, or `@user@host`. ERR_ADDRESS, ERR_TOO_LONG. */
enum err subject_of_address(struct bytes address, struct subject *out);

/* What is looked at without an address: `ref:` and the person's reference, `term:` and the words searched
 * for, in small letters and with single spaces. ERR_ADDRESS when empty, ERR_UTF8. */
enum err subject_of_reference(struct bytes reference, struct subject *out);
enum err subject_of_term(struct bytes words, struct subject *out);

#endif
