/* Which readings ask for the logs, from the query's text alone. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "policy/logs.h"

static const struct {
        const char *class, *query;
        bool reads;
} rows[] = {
    {"list", "{}", false},
    {"list", "{\"kind\":\"consult\"}", true},
    {"list", "{\"kind\":\"disclose\",\"limit\":3}", true},
    {"list", "{\"kind\":\"erase\"}", true},
    {"list", "{\"kind\":\"enquiry.intent\"}", false},
    {"list", "{\"kind\":\"enquiry.intent\",\"all\":true}", false},
    {"list", "{\"kind\":\"\",\"all\":true}", true}, /* to the daemon an empty kind is none */
    {"list", "{\"kind\":\"\"}", false},
    {"list", "{\"kind\":\"rumour\"}", false},
    {"list", "{\"kind\":7}", false},
    {"list", "{\"all\":true}", true},
    {"list", "{\"all\":false}", false},
    {"list", "{\"all\":\"true\"}", false},
    {"list", "{\"logs\":true}", false},
    {"list", "{\"told\":true}", false},
    {"show", "{\"ref\":\"jb-17\"}", false},
    {"show", "{\"ref\":\"jb-17\",\"logs\":true}", true},
    {"show", "{\"ref\":\"jb-17\",\"kind\":\"consult\"}", false},
    {"operations", "{\"all\":true}", false},
    {"members", "{\"logs\":true}", false},
    {"content", "{\"from\":3}", false},
    {"list", "[\"consult\"]", false},
    {"list", "", false},
    {"list", "{\"kind\": \"consult\"}", false}, /* not in the strict form */
};

static void queries(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
                if (scene_reads_logs(bytes_text(rows[i].class), bytes_text(rows[i].query)) != rows[i].reads)
                        fail_msg("%s %s", rows[i].class, rows[i].query);
}

int main(void)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(queries)};
        return cmocka_run_group_tests(tests, NULL, NULL);
}
