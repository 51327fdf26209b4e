#include "policy/replay_verify.h"

#include <stdio.h>

struct findings {
        struct verification *v;
        void (*progress)(void *self, uint64_t done, uint64_t size);
        enum err e;
};

static void add(void *self, const struct replay_finding *f)
{
        static const enum check check[] = {[REPLAY_VERDICT] = CHECK_JUDGEMENT,
                                           [REPLAY_HITS] = CHECK_RULES,
                                           [REPLAY_FACTS] = CHECK_FACTS,
                                           [REPLAY_PACK] = CHECK_PACK,
                                           [REPLAY_CANNOT_TELL] = CHECK_JUDGEMENT};
        struct findings *all = self;
        if (!all->e)
                all->e =
                    verify_add(all->v, f->seq, check[f->fault], f->fault == REPLAY_CANNOT_TELL, f->sentence);
}

static void pass_on(void *self, uint64_t done, uint64_t size)
{
        const struct findings *all = self;
        all->progress(NULL, done, size);
}

enum err replay_verify(struct verification *v, struct store *s,
                       void (*progress)(void *self, uint64_t done, uint64_t size), struct replay_report *out,
                       struct why *why)
{
        struct findings all = {.v = v, .progress = progress};
        enum err e;
        *out = (struct replay_report){0};
        e = replay_run(s, add, progress ? pass_on : NULL, &all, out, why);
        if (e == ERR_SEALED) {
                if (why != NULL)
                        *why = (struct why){0};
                return verify_say_absent(
                    v, CHECK_JUDGEMENT,
                    "The reasons cannot be opened with these keys: verdicts were not judged "
                    "again.");
        }
        verify_sort(v);
        return e ? e : all.e;
}

/* 1234567 -> "1,234,567" */
static void grouped(uint64_t n, char out[32])
{
        char digits[24];
        int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n), at = 0;
        for (int i = 0; i < length; i++) {
                if (i > 0 && (length - i) % 3 == 0)
                        out[at++] = ',';
                out[at++] = digits[i];
        }
        out[at] = '\0';
}

void replay_sentence(const struct replay_report *r, char out[REPLAY_SENTENCE_MAX])
{
        char judged[32], part[32], faults[32], untold[32];
        int n;
        grouped(r->entries - r->untold, judged);
        grouped(r->partly, part);
        grouped(r->faults, faults);
        grouped(r->untold, untold);
        if (r->faults == 0)
                n = snprintf(out, REPLAY_SENTENCE_MAX, "verdicts: %s judged again, all follow", judged);
        else
                n = snprintf(out, REPLAY_SENTENCE_MAX, "verdicts: %s judged again, %s fault%s", judged,
                             faults, r->faults == 1 ? "" : "s");
        if (r->partly > 0 && n > 0)
                n += snprintf(out + n, (size_t)(REPLAY_SENTENCE_MAX - n), "; %s only in part (erased)", part);
        if (r->untold > 0 && n > 0)
                (void)snprintf(out + n, (size_t)(REPLAY_SENTENCE_MAX - n), "; %s not at all", untold);
}
