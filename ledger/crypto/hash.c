#include "ledger/crypto/hash.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>

#include "ledger/base/b64.h"

/* Fetched once in a process, because a fetch costs more than a short hash does; never freed. */
static EVP_MD *sha256;
static pthread_key_t context_key;
static bool key_made;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Thread_local EVP_MD_CTX *thread_context;

/* At the end of a thread. */
static void context_free(void *context)
{
        thread_context = NULL;
        EVP_MD_CTX_free(context);
}

static void setup(void)
{
        sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
        key_made = pthread_key_create(&context_key, context_free) == 0;
}

static const EVP_MD *digest(void)
{
        return pthread_once(&once, setup) == 0 ? sha256 : NULL;
}

static EVP_MD_CTX *context(void)
{
        if (thread_context != NULL)
                return thread_context;
        if (digest() == NULL || !key_made)
                return NULL;
        EVP_MD_CTX *fresh = EVP_MD_CTX_new();
        if (fresh != NULL && pthread_setspecific(context_key, fresh) == 0)
                return thread_context = fresh;
        EVP_MD_CTX_free(fresh);
        return NULL;
}

/* OpenSSL keeps its errors in a queue of the thread, where a TLS call would take them for its own. */
static enum err failed(void)
{
        ERR_clear_error();
        return ERR_CRYPTO;
}

static enum err digest_done(EVP_MD_CTX *c, struct hash *out)
{
        struct hash h;
        unsigned n = 0;
        if (EVP_DigestFinal_ex(c, h.b, &n) != 1 || n != HASH_LEN)
                return failed();
        *out = h;
        return OK;
}

enum err hash_of_parts(size_t count, const struct bytes part[], struct hash *out)
{
        EVP_MD_CTX *c = context();
        if (c == NULL || EVP_DigestInit_ex2(c, sha256, NULL) != 1)
                return failed();
        for (size_t i = 0; i < count; i++)
                if (part[i].n > 0 && EVP_DigestUpdate(c, part[i].at, part[i].n) != 1)
                        return failed();
        return digest_done(c, out);
}

enum err hash_of(struct bytes in, struct hash *out)
{
        return hash_of_parts(1, &in, out);
}

struct hash_stream {
        EVP_MD_CTX *context;
        bool done;
};

struct hash_stream *hash_stream_new(void)
{
        struct hash_stream *s = calloc(1, sizeof *s);
        if (s == NULL)
                return NULL;
        s->context = EVP_MD_CTX_new();
        if (s->context != NULL && digest() != NULL && EVP_DigestInit_ex2(s->context, sha256, NULL) == 1)
                return s;
        (void)failed();
        hash_stream_free(s);
        return NULL;
}

void hash_stream_free(struct hash_stream *s)
{
        if (s == NULL)
                return;
        EVP_MD_CTX_free(s->context);
        free(s);
}

enum err hash_stream_put(struct hash_stream *s, struct bytes in)
{
        if (s->done)
                return ERR_CRYPTO;
        return in.n == 0 || EVP_DigestUpdate(s->context, in.at, in.n) == 1 ? OK : failed();
}

enum err hash_stream_done(struct hash_stream *s, struct hash *out)
{
        if (s->done)
                return ERR_CRYPTO;
        s->done = true;
        return digest_done(s->context, out);
}

bool hash_equal(const struct hash *a, const struct hash *b)
{
        return memcmp(a->b, b->b, HASH_LEN) == 0;
}

bool hash_is_zero(const struct hash *h)
{
        static const struct hash zero;
        return hash_equal(h, &zero);
}

void hash_put(struct buf *out, const struct hash *h)
{
        b64u_put(out, hash_bytes(h));
}

void hash_text(const struct hash *h, char out[HASH_TEXT_LEN + 1])
{
        b64u_text(hash_bytes(h), out);
}

enum err hash_of_text(struct bytes text, struct hash *out)
{
        return b64u_decode_exact(text, out->b, HASH_LEN);
}
