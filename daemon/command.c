#include "daemon/command.h"

#include <stdio.h>

int command_fail(enum err e, const struct why *why)
{
        const struct err_row *row = err_row(e);
        if (why != NULL && why->code == e && why->detail[0] != '\0')
                (void)fprintf(stderr, "enquiryd: %s (%s) %s\n", row->sentence, row->code, why->detail);
        else
                (void)fprintf(stderr, "enquiryd: %s (%s)\n", row->sentence, row->code);
        return row->exit;
}
