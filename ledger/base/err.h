/* err: the one table of errors. A row is a C name, a public code that never changes, an HTTP status, an exit
 * status and one sentence that a person can act on. docs/ERRORS.md is made from it. */
#ifndef LEDGER_BASE_ERR_H
#define LEDGER_BASE_ERR_H

#include <stddef.h>
#include <stdint.h>

/* Exit statuses that scripts may rely on. */
enum exit_status {
        EXIT_DONE = 0,      /* accepted, or flagged */
        EXIT_FAULT = 1,     /* an integrity fault was found */
        EXIT_WRONG_USE = 2, /* the words of the command are off */
        EXIT_WAITING = 3,   /* kept; a decision or an authority is needed first */
        EXIT_REFUSED = 4,   /* refused by the gate */
        EXIT_BAD_DATA = 65,
        EXIT_AWAY = 69, /* the daemon is not reachable */
        EXIT_INTERNAL = 70,
        EXIT_QUEUED = 75, /* queued, or try again */
        EXIT_DENIED = 77,
};

/* clang honours the attribute on the type, so an unread error does not compile there; gcc knows it only on
 * functions. */
#if defined(__clang__)
#define ERR_MUST_BE_READ __attribute__((warn_unused_result))
#else
#define ERR_MUST_BE_READ
#endif

enum ERR_MUST_BE_READ err {
        OK = 0,
#define ERR(name, code, http, exit, sentence) name,
#include "ledger/base/err.def"
#undef ERR
        ERR_COUNT
};

struct err_row {
        const char *name;     /* ERR_NO_MEMORY */
        const char *code;     /* "SYS-01" */
        int http;             /* 503 */
        int exit;             /* enum exit_status */
        const char *sentence; /* ends with a full stop */
};

/* The row of an error; OK has code "OK", http 200, exit 0. Never NULL. */
const struct err_row *err_row(enum err e);
/* The error with that public code, or OK if there is none. */
enum err err_of_code(const char *code);

/* Where an error was found. One belongs to a request; it is filled once, by whoever saw the error first
 * (a later why_set leaves it alone). `detail` is UTF-8 and may name a field, a byte, a line, a seq. */
#define WHY_DETAIL_MAX 240 /* bytes, the final NUL included */
struct why {
        enum err code;
        char detail[WHY_DETAIL_MAX];
};

/* Records e and the printf-formatted detail unless one is recorded already; returns e. `why` may be NULL. */
enum err why_set(struct why *why, enum err e, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
