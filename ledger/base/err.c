#include "ledger/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct err_row rows[ERR_COUNT] = {
    [OK] = {"OK", "OK", 200, EXIT_DONE, "All is well."},
#define ERR(name, code, http, exit, sentence) [name] = {#name, code, http, exit, sentence},
#include "ledger/base/err.def"
#undef ERR
};

const struct err_row *err_row(enum err e)
{
        return (unsigned)e < ERR_COUNT ? &rows[e] : &rows[ERR_BUG];
}

enum err err_of_code(const char *code)
{
        for (unsigned i = 1; i < ERR_COUNT; i++)
                if (strcmp(rows[i].code, code) == 0)
                        return (enum err)i;
        return OK;
}

/* Cuts off the character that the end of the room went through: the detail is UTF-8, and shown in JSON. */
static void trim(char *text)
{
        size_t n = strlen(text), lead = n;
        while (lead > 0 && ((unsigned char)text[lead - 1] & 0xc0) == 0x80)
                lead--;
        if (lead == 0)
                return;
        unsigned char c = (unsigned char)text[lead - 1];
        size_t more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;
        if (n - lead < more)
                text[lead - 1] = '\0';
}

enum err why_set(struct why *why, enum err e, const char *format, ...)
{
        va_list arguments;
        if (why == NULL || why->code != OK)
                return e;
        why->code = e;
        va_start(arguments, format);
        int n = vsnprintf(why->detail, sizeof why->detail, format, arguments);
        va_end(arguments);
        if (n < 0)
                why->detail[0] = '\0';
        else if ((size_t)n >= sizeof why->detail)
                trim(why->detail);
        return e;
}
