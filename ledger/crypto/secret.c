#include "ledger/crypto/secret.h"

#include <sodium.h>

enum err secret_new(size_t n, struct secret *out)
{
        uint8_t *at = sodium_malloc(n);
        if (at == NULL)
                return ERR_NO_MEMORY;
        sodium_memzero(at, n);
        *out = (struct secret){.at = at, .n = n};
        return OK;
}

enum err secret_of(struct bytes in, struct secret *out)
{
        enum err e = secret_new(in.n, out);
        if (!e && in.n > 0)
                memcpy(out->at, in.at, in.n);
        return e;
}

enum err secret_random(size_t n, struct secret *out)
{
        enum err e = secret_new(n, out);
        if (!e)
                randombytes_buf(out->at, n);
        return e;
}

void secret_free(struct secret *s)
{
        sodium_free(s->at);
        *s = (struct secret){0};
}

bool secret_equal(struct bytes a, struct bytes b)
{
        return a.n == b.n && (a.n == 0 || sodium_memcmp(a.at, b.at, a.n) == 0);
}
