#include "policy/column.h"

static enum err field_column(struct bytes name, unsigned *out)
{
        if (bytes_is(name, "kind")) {
                *out = COLUMN_KIND;
                return OK;
        }
        if (bytes_is(name, "at")) {
                *out = COLUMN_AT;
                return OK;
        }
        for (unsigned i = 0; i < fields_count; i++)
                if (bytes_is(name, fields[i].name)) {
                        *out = COLUMN_FIELD + i;
                        return OK;
                }
        return ERR_RULE;
}

struct names column_names(const struct pack *pack)
{
        return (struct names){.parameter = pack_parameter(pack, 0),
                              .parameters_n = pack_parameters(pack),
                              .term = pack_term(pack, 0),
                              .terms_n = pack_terms(pack)};
}

static enum err parameter_column(const struct names *names, struct bytes name, unsigned *out)
{
        for (unsigned i = 0; i < names->parameters_n; i++)
                if (bytes_is(name, names->parameter[i].name)) {
                        *out = COLUMN_PARAMETER + i;
                        return OK;
                }
        return ERR_RULE;
}

static enum err fact_column(struct bytes view, struct bytes name, unsigned *out)
{
        for (unsigned f = 0; f < FACT_COUNT; f++) {
                struct bytes full = bytes_text(fact_name((enum fact)f)), first;
                if (!bytes_take_until(&full, '.', &first) && bytes_equal(first, view) &&
                    bytes_equal(full, name)) {
                        *out = COLUMN_FACT + f;
                        return OK;
                }
        }
        return ERR_RULE;
}

enum err column_of_name(const struct names *names, struct bytes view, struct bytes name, unsigned *out,
                        struct why *why)
{
        enum err e;
        if (bytes_is(view, "enquiry"))
                e = field_column(name, out);
        else if (bytes_is(view, "parameter"))
                e = parameter_column(names, name, out);
        else
                e = fact_column(view, name, out);
        return e ? why_set(why, e, "there is no column %.*s.%.*s", (int)(view.n < 40 ? view.n : 40),
                           (const char *)view.at, (int)(name.n < 60 ? name.n : 60), (const char *)name.at)
                 : OK;
}

unsigned column_of_field(unsigned field_number)
{
        for (unsigned i = 0; i < field_number; i++)
                if (strcmp(fields[i].name, fields[field_number].name) == 0)
                        return COLUMN_FIELD + i;
        return COLUMN_FIELD + field_number;
}
