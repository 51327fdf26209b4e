/* Any address that people paste: a subject within its limits, the same again, or a refusal. */
#include "ledger/base/buf.h"
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
        must((strcmp(s->platform, "ref") == 0 || strcmp(s->platform, "term") == 0) ||
                 s->resolved == (s->account[0] != '?'),
             "what is no account begins so");
        must(!s->listed || strcmp(s->platform, "web") != 0, "the web is not listed");
}

/* What people put around an address changes nothing. */
static void check_pasted(struct bytes in, const struct subject *s)
{
        struct subject pasted;
        struct buf text;
        buf_init(&text, in.n + 8);
        buf_put_text(&text, " <");
        buf_put(&text, in);
        buf_put_text(&text, ">,\r\n");
        must(buf_check(&text) == OK && subject_of_address(buf_bytes(&text), &pasted) == OK &&
                 strcmp(s->canonical, pasted.canonical) == 0,
             "the same when pasted");
        buf_clear(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        struct subject s, again;
        struct bytes in = bytes_of(data, n);
        if (!subject_of_address(in, &s)) {
                check(&s);
                must(subject_of_address(in, &again) == OK && strcmp(s.canonical, again.canonical) == 0,
                     "the same again");
                check_pasted(in, &s);
        }
        if (!subject_of_reference(in, &s))
                check(&s);
        if (!subject_of_term(in, &s))
                check(&s);
        return 0;
}
