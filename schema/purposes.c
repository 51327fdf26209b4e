#include <string.h>

#include "schema/fields.h"

const struct purpose purposes[] = {
    {"trace-suspect", "detect", "disorder-or-crime"},
    {"trace-missing", "public-security", "rights-of-others"},
    {"identify-unknown", "investigate", "disorder-or-crime"},
    {"locate-witness", "investigate", "disorder-or-crime"},
    {"safeguard-child", "prevent", "rights-of-others"},
    {"safeguard-adult", "prevent", "health-or-morals"},
    {"threat-to-life", "prevent", "public-safety"},
    {"bail/recall", "penalty", "disorder-or-crime"},
    {"warrant", "prosecute", "disorder-or-crime"},
    {"event-safety", "public-security", "public-safety"},
    {"vetting", "non-le", "public-safety"},
    {"complaint", "non-le", "rights-of-others"},
    {"corporate", "non-le", "rights-of-others"},
    {"training-test", "non-le", "disorder-or-crime"},
};
const size_t purposes_count = sizeof purposes / sizeof purposes[0];

const struct purpose *purpose_of(const char *purpose_code, size_t n)
{
        for (size_t i = 0; i < purposes_count; i++)
                if (strlen(purposes[i].purpose_code) == n &&
                    memcmp(purposes[i].purpose_code, purpose_code, n) == 0)
                        return &purposes[i];
        return NULL;
}
