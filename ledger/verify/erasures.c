#include "ledger/verify/verification.h"

#include <stdlib.h>

struct missing {
        uint64_t seq;
        const char *field;         /* of the table of fields */
        struct hash digest, group; /* an order names either */
};
struct erasures {
        struct missing *missing;
        size_t missing_n, missing_size;
        struct hash *ordered;
        size_t ordered_n, ordered_size;
};

struct erasures *erasures_new(void)
{
        return calloc(1, sizeof(struct erasures));
}

void erasures_free(struct erasures *x)
{
        if (x == NULL)
                return;
        free(x->missing);
        free(x->ordered);
        free(x);
}

enum err erasures_missing(struct erasures *x, uint64_t seq, const char *field, const struct hash *digest,
                          const struct hash *group)
{
        if (x->missing_n == x->missing_size) {
                size_t size = x->missing_size == 0 ? 64 : 2 * x->missing_size;
                struct missing *at = realloc(x->missing, size * sizeof *at);
                if (at == NULL)
                        return ERR_NO_MEMORY;
                x->missing = at;
                x->missing_size = size;
        }
        x->missing[x->missing_n++] =
            (struct missing){.seq = seq, .field = field, .digest = *digest, .group = *group};
        return OK;
}

enum err erasures_order(struct erasures *x, size_t n, struct bytes digests)
{
        if (x->ordered_n + n > x->ordered_size) {
                size_t size = 2 * (x->ordered_n + n);
                struct hash *at = realloc(x->ordered, size * sizeof *at);
                if (at == NULL)
                        return ERR_NO_MEMORY;
                x->ordered = at;
                x->ordered_size = size;
        }
        if (n > 0)
                memcpy(x->ordered + x->ordered_n, digests.at, n * HASH_LEN);
        x->ordered_n += n;
        return OK;
}

static int order_of(const void *a, const void *b)
{
        return memcmp(a, b, HASH_LEN);
}

static bool is_ordered(const struct erasures *x, const struct hash *digest)
{
        return x->ordered_n > 0 &&
               bsearch(digest, x->ordered, x->ordered_n, sizeof *digest, order_of) != NULL;
}

void erasures_check(struct verification *v)
{
        struct erasures *x = v->erasures;
        if (x->ordered_n > 0)
                qsort(x->ordered, x->ordered_n, sizeof *x->ordered, order_of);
        for (size_t i = 0; i < x->missing_n; i++)
                if (!is_ordered(x, &x->missing[i].digest) && !is_ordered(x, &x->missing[i].group))
                        verification_accuse(v, x->missing[i].seq, CHECK_ACCOUNTING,
                                            "The field %s was erased and no confirmed order says so.",
                                            x->missing[i].field);
}
