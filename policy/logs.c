#include "policy/logs.h"

static bool is_true(struct bytes query, const char *name)
{
        struct bytes value;
        return !json_member(query, name, &value) && bytes_is(value, "true");
}

bool scene_reads_logs(struct bytes class, struct bytes query)
{
        struct bytes value, name;
        enum kind kind;
        if (json_check(query) || query.n == 0 || query.at[0] != '{')
                return false;
        if (bytes_is(class, "show"))
                return is_true(query, "logs");
        if (!bytes_is(class, "list"))
                return false;
        if (json_member(query, "kind", &value) || bytes_is(value, "\"\""))
                return is_true(query, "all");
        return !json_whole_string(value, &name) && kind_of_name((const char *)name.at, name.n, &kind) &&
               (LOGS_KINDS >> kind & 1u) != 0;
}
