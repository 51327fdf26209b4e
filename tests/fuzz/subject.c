/* Any address that people paste: a subject within its limits, the same again, or a refusal. */
#include "ledger/record/subject.h"
#include "tests/fuzz/fuzz.h"

static void check(const struct subject *s)
{
        size_t platform = strlen(s->platform);
        must(platform > 0 && platform <= SUBJECT_PLATFORM_MAX, "a subject has a platform");
        must(strncmp(s->canonical, s->platform, platform) == 0 && s->canonical[platform] == ':',
             "platform:account");
        must(strlen(s->canonical) <= SUBJECT_CANONICAL_MAX && strlen(s->account) <= SUBJECT_ACCOUNT_MAX &&
                 strlen(s->handle) <= SUBJECT_ACCOUNT_MAX,
             "limits");
        must(bytes_utf8_valid(bytes_text(s->canonical)), "a subject is UTF-8");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        struct subject s, again;
        struct bytes in = bytes_of(data, n);
        if (!subject_of_address(in, &s)) {
                check(&s);
                must(subject_of_address(in, &again) == OK && strcmp(s.canonical, again.canonical) == 0,
                     "the same again");
        }
        if (!subject_of_reference(in, &s))
                check(&s);
        if (!subject_of_term(in, &s))
                check(&s);
        return 0;
}
