#include "ledger/verify/verification.h"

#include <stdlib.h>

struct named {
        struct hash hash;
        uint64_t seq; /* of the first entry that names it */
};
struct policies {
        struct named *at;
        size_t n, size;
};

struct policies *policies_new(void)
{
        return calloc(1, sizeof(struct policies));
}

void policies_free(struct policies *p)
{
        if (p == NULL)
                return;
        free(p->at);
        free(p);
}

enum err policies_name(struct policies *p, const struct hash *hash, uint64_t seq)
{
        for (size_t i = 0; i < p->n; i++)
                if (hash_equal(&p->at[i].hash, hash))
                        return OK;
        if (p->n == p->size) {
                size_t size = p->size == 0 ? 16 : 2 * p->size;
                struct named *at = realloc(p->at, size * sizeof *at);
                if (at == NULL)
                        return ERR_NO_MEMORY;
                p->at = at;
                p->size = size;
        }
        p->at[p->n++] = (struct named){.hash = *hash, .seq = seq};
        return OK;
}

static enum err check_text(void *self, const struct hash *hash, struct bytes text)
{
        struct verification *v = self;
        struct hash is;
        enum err e = hash_of(text, &is);
        char name[HASH_TEXT_LEN + 1];
        hash_text(hash, name);
        if (!e && !hash_equal(&is, hash))
                verification_fault(v, SEQ_NONE, CHECK_ANNEX, "The text kept as %s has another hash.", name);
        return e;
}

/* Only whether it is there: check_text has looked at it. */
static enum err check_named(struct verification *v, struct store *s, const struct named *named)
{
        struct buf text;
        char name[HASH_TEXT_LEN + 1];
        enum err e;
        buf_init(&text, ANNEX_MAX + 1);
        e = store_annex(s, &named->hash, &text);
        if (e == ERR_ABSENT) {
                hash_text(&named->hash, name);
                verification_fault(v, named->seq, CHECK_ANNEX,
                                   "The text of the policy %s, which it names, is missing.", name);
        }
        buf_clear(&text);
        return e == ERR_ABSENT || e == ERR_TOO_LONG ? OK : e;
}

enum err annex_check(struct verification *v, struct store *s)
{
        enum err e = store_annexes(s, check_text, v);
        for (size_t i = 0; i < v->policies->n && !e; i++)
                e = check_named(v, s, &v->policies->at[i]);
        return e;
}
