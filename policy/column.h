/* column: the names that an expression may use: "enquiry.f3", "views.window", "parameter.second_view". Every
 * column has a fixed number, so that a set of them is an array. Pure. */
#ifndef POLICY_COLUMN_H
#define POLICY_COLUMN_H

#include "policy/facts.h"
#include "policy/pack.h"

enum {
        COLUMN_FIELD = 0, /* + the number of the first row with that name */
        COLUMN_KIND = 256,
        COLUMN_AT,
        COLUMN_FACT, /* + enum fact */
        COLUMN_PARAMETER = COLUMN_FACT + FACT_COUNT,
        COLUMN_COUNT = COLUMN_PARAMETER + PACK_PARAMETERS_MAX
};

/* What a pack names: its parameters and terms, in order. */
struct names {
        const struct parameter *parameter; /* borrowed, as are the terms */
        size_t parameters_n;
        const struct term *term;
        size_t terms_n;
};
struct names column_names(const struct pack *pack);
/* ERR_RULE, naming it in why, when there is no such column. */
enum err column_of_name(const struct names *names, struct bytes view, struct bytes name, unsigned *out,
                        struct why *why);
/* The column of a field: rows of one name share it. */
unsigned column_of_field(unsigned field_number);

#endif
