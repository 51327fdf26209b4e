#include "ledger/record/sdjwt.h"

#include <stdlib.h>

#include "ledger/base/b64.h"
#include "ledger/record/sdjwt_tree.h"

#define DEPTH_MAX 32 /* containers in containers, once disclosures are in place */

struct disclosure {
        struct bytes text;              /* b64u, borrowed from the presentation */
        char digest[HASH_TEXT_LEN + 1]; /* of text */
        struct sdjwt_node *array;       /* [salt, name, value] or [salt, value] */
        bool used;
};

struct verifier {
        const struct sdjwt_rules *rules;
        struct why *why;
        struct sdjwt_tree tree;
        struct buf scratch; /* the part that is being decoded */
        struct bytes jws;
        struct disclosure *disclosure; /* sorted by digest once they are all read */
        size_t disclosures;
        struct bytes *embedded; /* every digest met, decoys included; borrowed from the tree */
        size_t embedded_n, embedded_size;
};

static bool is_text(const struct sdjwt_node *node, const char *text)
{
        return node != NULL && node->type == JSON_IS_STRING && bytes_is(node->text, text);
}

/* One part that is the b64u of JSON. */
static enum err read_part(struct verifier *v, struct bytes part, enum err bad_base64, struct sdjwt_node **out)
{
        enum err e;
        buf_reset(&v->scratch);
        e = b64u_decode(part, &v->scratch);
        if (e == ERR_NO_MEMORY || e == ERR_TOO_LONG)
                return e;
        if (e)
                return why_set(v->why, bad_base64, "not canonical base64url");
        if (v->rules->json == SDJWT_OURS && (e = json_check(buf_bytes(&v->scratch))))
                return why_set(v->why, e, "not the JSON of a signed record");
        if ((e = sdjwt_tree_read(&v->tree, buf_bytes(&v->scratch), out)))
                return why_set(v->why, e, "not JSON that can be relied on");
        return OK;
}

/* RFC 9901 section 4: JWT~D1~...~Dn~. What follows the last `~` would be a key-binding JWT. */
static enum err split(struct verifier *v, struct bytes in)
{
        size_t n = 0;
        enum err e;
        if (in.n > SDJWT_MAX)
                return why_set(v->why, ERR_TOO_LONG, "a presentation has at most %d bytes", SDJWT_MAX);
        if (in.n == 0 || in.at[in.n - 1] != '~')
                return why_set(v->why, ERR_JWS, "no `~` at the end: cut off, or with a key-binding JWT");
        if ((e = bytes_take_until(&in, '~', &v->jws)))
                return ERR_JWS;
        for (size_t i = 0; i < in.n; i++)
                n += in.at[i] == '~';
        if (n > SDJWT_DISCLOSURES_MAX)
                return why_set(v->why, ERR_TOO_LONG, "more than %d disclosures", SDJWT_DISCLOSURES_MAX);
        if (n > 0 && (v->disclosure = calloc(n, sizeof v->disclosure[0])) == NULL)
                return ERR_NO_MEMORY;
        for (v->disclosures = 0; v->disclosures < n; v->disclosures++)
                if ((e = bytes_take_until(&in, '~', &v->disclosure[v->disclosures].text)))
                        return ERR_JWS;
        return OK;
}

/* The algorithm is the key's; the header may only agree with it. RFC 8725 section 3.1, RFC 9864. */
static enum err check_header(struct verifier *v, struct bytes part)
{
        struct sdjwt_node *header, *alg;
        enum err e = read_part(v, part, ERR_JWS, &header);
        if (e)
                return e;
        if (header->type != JSON_IS_OBJECT)
                return why_set(v->why, ERR_JWS, "the header is not an object");
        alg = sdjwt_tree_member(header, "alg");
        if (alg == NULL || alg->type != JSON_IS_STRING || alg->text.n == 0)
                return why_set(v->why, ERR_JWS, "the header names no algorithm");
        if (alg->text.n == 4 && strncasecmp((const char *)alg->text.at, "none", 4) == 0)
                return why_set(v->why, ERR_JWS, "alg none is not taken");
        if (v->rules->key != NULL && !is_text(alg, "Ed25519") && !is_text(alg, "EdDSA"))
                return why_set(v->why, ERR_JWS, "the algorithm in the header is not that of the key");
        if (sdjwt_tree_member(header, "crit") != NULL)
                return why_set(v->why, ERR_JWS, "the header has critical members");
        if (v->rules->typ != NULL && !is_text(sdjwt_tree_member(header, "typ"), v->rules->typ))
                return why_set(v->why, ERR_JWS, "the header's typ is not %.60s", v->rules->typ);
        return OK;
}

static enum err check_signature(struct verifier *v, struct bytes signed_part, struct bytes part)
{
        struct sig sig;
        enum err e;
        if (v->rules->key != NULL) {
                if (b64u_decode_exact(part, sig.b, sizeof sig.b))
                        return why_set(v->why, ERR_JWS,
                                       "the signature is not canonical base64url of 64 bytes");
                return sign_check(v->rules->key, signed_part, &sig);
        }
        buf_reset(&v->scratch);
        e = b64u_decode(part, &v->scratch);
        if (e == ERR_NO_MEMORY || e == ERR_TOO_LONG)
                return e;
        return e || part.n == 0 ? why_set(v->why, ERR_JWS, "the signature is not canonical base64url") : OK;
}

static enum err read_jws(struct verifier *v, struct sdjwt_node **out_payload)
{
        struct bytes in = v->jws, header, payload, signed_part;
        enum err e;
        if (bytes_take_until(&in, '.', &header) || bytes_take_until(&in, '.', &payload))
                return why_set(v->why, ERR_JWS, "a JWS has three parts");
        signed_part = bytes_of(v->jws.at, header.n + 1 + payload.n);
        if ((e = check_header(v, header)) || (e = check_signature(v, signed_part, in)) ||
            (e = read_part(v, payload, ERR_JWS, out_payload)))
                return e;
        if ((*out_payload)->type != JSON_IS_OBJECT)
                return why_set(v->why, ERR_JWS, "the payload is not an object");
        return OK;
}

/* RFC 9901 section 4.1.1. */
static enum err take_sd_alg(struct verifier *v, struct sdjwt_node *payload)
{
        const struct sdjwt_node *alg = sdjwt_tree_member(payload, "_sd_alg");
        if (alg == NULL)
                return OK;
        if (!is_text(alg, "sha-256"))
                return why_set(v->why, ERR_SD_ALG, "only sha-256 is taken");
        sdjwt_tree_remove(payload, alg);
        return OK;
}

static int disclosure_order(const void *a, const void *b)
{
        return strcmp(((const struct disclosure *)a)->digest, ((const struct disclosure *)b)->digest);
}

/* RFC 9901 section 7.1, 3.1: whether [salt, name, value] or [salt, value] fits shows where the digest is met.
 */
static enum err read_disclosures(struct verifier *v)
{
        for (size_t i = 0; i < v->disclosures; i++) {
                struct disclosure *d = &v->disclosure[i];
                struct hash digest;
                enum err e;
                if (d->text.n == 0)
                        return why_set(v->why, ERR_DISCLOSURE, "disclosure %zu is empty", i + 1);
                if ((e = read_part(v, d->text, ERR_DISCLOSURE, &d->array)) || (e = hash_of(d->text, &digest)))
                        return e;
                if (d->array->type != JSON_IS_ARRAY || d->array->count < 2 || d->array->count > 3 ||
                    d->array->child->type != JSON_IS_STRING)
                        return why_set(v->why, ERR_DISCLOSURE,
                                       "disclosure %zu is not an array that begins with a salt", i + 1);
                hash_text(&digest, d->digest);
        }
        if (v->disclosures > 1)
                qsort(v->disclosure, v->disclosures, sizeof v->disclosure[0], disclosure_order);
        return OK;
}

/* Notes a digest that stands in the payload or in a disclosed value; *out is its disclosure or NULL. */
static enum err meet_digest(struct verifier *v, struct bytes digest, struct disclosure **out)
{
        struct disclosure key = {.used = false};
        struct disclosure *found = NULL;
        if (v->embedded_n == v->embedded_size) {
                size_t size = v->embedded_size == 0 ? 64 : 2 * v->embedded_size;
                struct bytes *more = reallocarray(v->embedded, size, sizeof more[0]);
                if (more == NULL)
                        return ERR_NO_MEMORY;
                v->embedded = more;
                v->embedded_size = size;
        }
        v->embedded[v->embedded_n++] = digest;
        if (v->disclosures > 0 && digest.n == HASH_TEXT_LEN) {
                memcpy(key.digest, digest.at, HASH_TEXT_LEN);
                found = bsearch(&key, v->disclosure, v->disclosures, sizeof key, disclosure_order);
        }
        if (found != NULL && found->used)
                return why_set(v->why, ERR_DIGEST_TWICE, "%s", found->digest);
        if (found != NULL)
                found->used = true;
        *out = found;
        return OK;
}

static bool is_reserved(struct bytes name)
{
        return bytes_is(name, "_sd") || bytes_is(name, "...") || bytes_is(name, "_sd_alg");
}

static enum err process(struct verifier *v, struct sdjwt_node *node, unsigned depth);

/* RFC 9901 section 7.1, 3.3.2. */
static enum err insert_claim(struct verifier *v, struct sdjwt_node *object, const struct disclosure *d)
{
        const struct sdjwt_node *name = d->array->child->next;
        struct sdjwt_node *value = name->next;
        int shown = name->text.n < 60 ? (int)name->text.n : 60;
        if (value == NULL || name->type != JSON_IS_STRING)
                return why_set(v->why, ERR_DISCLOSURE, "a claim's disclosure is [salt, name, value]");
        if (is_reserved(name->text))
                return why_set(v->why, ERR_DISCLOSURE_NAME, "the name %.*s is reserved", shown,
                               (const char *)name->text.at);
        if (sdjwt_tree_named(object, name->text) != NULL)
                return why_set(v->why, ERR_DISCLOSURE_NAME, "%.*s is there already", shown,
                               (const char *)name->text.at);
        value->name = name->text;
        sdjwt_tree_append(object, value);
        return OK;
}

static enum err process_sd(struct verifier *v, struct sdjwt_node *object)
{
        const struct sdjwt_node *sd = sdjwt_tree_member(object, "_sd");
        enum err e;
        if (sd == NULL)
                return OK;
        if (sd->type != JSON_IS_ARRAY)
                return why_set(v->why, ERR_DISCLOSURE_NAME, "_sd is not an array of digests");
        sdjwt_tree_remove(object, sd);
        for (const struct sdjwt_node *c = sd->child; c != NULL; c = c->next) {
                struct disclosure *d = NULL;
                if (c->type != JSON_IS_STRING)
                        return why_set(v->why, ERR_DISCLOSURE_NAME, "_sd is not an array of digests");
                if ((e = meet_digest(v, c->text, &d)) || (d != NULL && (e = insert_claim(v, object, d))))
                        return e;
        }
        return OK;
}

static enum err process_object(struct verifier *v, struct sdjwt_node *object, unsigned depth)
{
        enum err e;
        if (sdjwt_tree_member(object, "...") != NULL)
                return why_set(v->why, ERR_DISCLOSURE_NAME, "`...` stands alone, in an array, with a digest");
        if (sdjwt_tree_member(object, "_sd_alg") != NULL)
                return why_set(v->why, ERR_SD_ALG, "_sd_alg stands at the top only");
        if ((e = process_sd(v, object)))
                return e;
        for (struct sdjwt_node *c = object->child; c != NULL; c = c->next)
                if ((e = process(v, c, depth)))
                        return e;
        return OK;
}

/* RFC 9901 section 7.1, 3.3.3 and 3.4: the element becomes the value, or goes. */
static enum err process_array(struct verifier *v, struct sdjwt_node *array, unsigned depth)
{
        struct sdjwt_node *next, *all = array->child, **end = &array->child;
        array->child = NULL;
        array->count = 0;
        for (struct sdjwt_node *c = all; c != NULL; c = next) {
                const struct sdjwt_node *dots =
                    c->type == JSON_IS_OBJECT ? sdjwt_tree_member(c, "...") : NULL;
                enum err e;
                next = c->next;
                if (dots != NULL && c->count == 1 && dots->type == JSON_IS_STRING) {
                        struct disclosure *d = NULL;
                        if ((e = meet_digest(v, dots->text, &d)))
                                return e;
                        if (d == NULL)
                                continue;
                        if (d->array->count != 2)
                                return why_set(v->why, ERR_DISCLOSURE,
                                               "an element's disclosure is [salt, value]");
                        c = d->array->child->next;
                }
                if ((e = process(v, c, depth)))
                        return e;
                c->next = NULL;
                *end = c;
                end = &c->next;
                array->count++;
        }
        return OK;
}

static enum err process(struct verifier *v, struct sdjwt_node *node, unsigned depth)
{
        if (node->type != JSON_IS_OBJECT && node->type != JSON_IS_ARRAY)
                return OK;
        if (depth == DEPTH_MAX)
                return why_set(v->why, ERR_JSON, "nested too deep");
        return node->type == JSON_IS_OBJECT ? process_object(v, node, depth + 1)
                                            : process_array(v, node, depth + 1);
}

static int digest_order(const void *a, const void *b)
{
        return bytes_order(*(const struct bytes *)a, *(const struct bytes *)b);
}

/* RFC 9901 section 7.1, 4 and 5. */
static enum err check_all_used(struct verifier *v)
{
        if (v->embedded_n > 1)
                qsort(v->embedded, v->embedded_n, sizeof v->embedded[0], digest_order);
        for (size_t i = 1; i < v->embedded_n; i++)
                if (bytes_equal(v->embedded[i - 1], v->embedded[i]))
                        return why_set(v->why, ERR_DIGEST_TWICE, "%.*s",
                                       v->embedded[i].n < 60 ? (int)v->embedded[i].n : 60,
                                       (const char *)v->embedded[i].at);
        for (size_t i = 0; i < v->disclosures; i++)
                if (!v->disclosure[i].used)
                        return why_set(v->why, ERR_DISCLOSURE_EXTRA,
                                       "%s is referred to by nothing, or was sent twice",
                                       v->disclosure[i].digest);
        return OK;
}

enum err sdjwt_verify(struct bytes presentation, const struct sdjwt_rules *rules, struct buf *out_payload,
                      struct why *why)
{
        struct verifier v = {.rules = rules, .why = why};
        struct sdjwt_node *payload;
        enum err e;
        sdjwt_tree_init(&v.tree);
        buf_init(&v.scratch, SDJWT_MAX);
        if ((e = split(&v, presentation)) || (e = read_jws(&v, &payload)) || (e = take_sd_alg(&v, payload)) ||
            (e = read_disclosures(&v)) || (e = process(&v, payload, 0)) || (e = check_all_used(&v)))
                goto done;
        e = sdjwt_tree_put(out_payload, payload);
done:
        sdjwt_tree_clear(&v.tree);
        buf_wipe(&v.scratch);
        free(v.disclosure);
        free(v.embedded);
        return e;
}
