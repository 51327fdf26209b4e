#include "ledger/record/statement.h"

#include <stdlib.h>

#include "ledger/base/b64.h"
#include "ledger/base/json.h"

#define HEADER_START "{\"alg\":\"Ed25519\",\"typ\":\"enquiry+sd-jwt\",\"kid\":\""
#define HEADER_END   "\"}"
#define HEADER_LEN   (sizeof HEADER_START - 1 + HASH_TEXT_LEN + sizeof HEADER_END - 1)
#define ID_BYTES     16 /* of the genesis leaf hash, in the ledger's id */

static const char *const rel_names[REL_COUNT] = {"intent",    "operation", "target",   "order", "amends",
                                                 "authority", "persona",   "replaces", "with"};

const char *rel_name(enum rel r)
{
        return (unsigned)r < REL_COUNT ? rel_names[r] : "";
}

static bool rel_of_name(struct bytes name, enum rel *out)
{
        for (unsigned r = 0; r < REL_COUNT; r++) {
                if (bytes_is(name, rel_names[r])) {
                        *out = (enum rel)r;
                        return true;
                }
        }
        return false;
}

const struct hash *statement_ref(const struct statement *s, enum rel rel)
{
        for (size_t i = 0; i < s->refs_n; i++)
                if (s->refs[i].rel == rel)
                        return &s->refs[i].st;
        return NULL;
}

/* By word in the order of the table, then by the ASCII of the hash; 0: the same reference. */
static int ref_order(const void *a, const void *b)
{
        const struct ref *x = a, *y = b;
        char x_text[HASH_TEXT_LEN + 1], y_text[HASH_TEXT_LEN + 1];

        if (x->rel != y->rel)
                return x->rel < y->rel ? -1 : 1;
        hash_text(&x->st, x_text);
        hash_text(&y->st, y_text);
        return strcmp(x_text, y_text);
}

/* In order, none twice, and one of a word unless it is one of those of which there may be several. */
static bool refs_in_order(const struct statement *s)
{
        const unsigned several = 1u << REL_AUTHORITY | 1u << REL_PERSONA | 1u << REL_WITH;

        for (size_t i = 1; i < s->refs_n; i++) {
                const struct ref *last = &s->refs[i - 1], *ref = &s->refs[i];
                if (ref_order(last, ref) >= 0 || (last->rel == ref->rel && !(several >> ref->rel & 1u)))
                        return false;
        }
        return true;
}

/* What the members that are not claims must be, before they are written. */
static enum err check_members(const struct statement *s)
{
        if ((unsigned)s->kind >= KIND_COUNT)
                return ERR_KIND;
        if (!claim_text_valid(s->log, LOG_ID_MAX) || s->iat < 0 || s->iat > SECONDS_MAX || s->n < 1 ||
            s->n > NUMBER_MAX || s->refs_n > REFS_MAX || s->jti[6] >> 4 != 7 || s->jti[8] >> 6 != 2)
                return ERR_CLAIM;
        for (size_t i = 0; i < s->refs_n; i++)
                if ((unsigned)s->refs[i].rel >= REL_COUNT)
                        return ERR_CLAIM;
        return refs_in_order(s) ? OK : ERR_CLAIM;
}

static int text_order(const void *a, const void *b)
{
        return memcmp(a, b, HASH_TEXT_LEN);
}

/* By ASCII, which is not the order of the raw bytes. */
static enum err put_sd(struct buf *out, const struct hash sd[GROUPS_ALL])
{
        char text[GROUPS_ALL][HASH_TEXT_LEN + 1];

        for (size_t g = 0; g < GROUPS_ALL; g++)
                hash_text(&sd[g], text[g]);
        qsort(text, GROUPS_ALL, sizeof text[0], text_order);
        for (size_t g = 0; g < GROUPS_ALL; g++) {
                if (g > 0 && text_order(text[g - 1], text[g]) == 0)
                        return ERR_DIGEST_TWICE;
                buf_put_format(out, "%s\"%s\"", g > 0 ? "," : "", text[g]);
        }
        return OK;
}

static enum err put_payload(struct buf *out, const struct statement *s)
{
        char jti[UUID_TEXT_LEN + 1], digest[HASH_TEXT_LEN + 1];
        enum err e;

        if ((e = check_members(s)))
                return e;
        uuid_text(s->jti, jti);
        hash_text(&s->prev, digest);
        buf_put_format(out, "{\"v\":%d,\"log\":", STATEMENT_VERSION);
        json_put_string(out, s->log);
        buf_put_format(out, ",\"kind\":\"%s\",\"jti\":\"%s\",\"iat\":", kind_name(s->kind), jti);
        json_put_int(out, s->iat);
        buf_put_text(out, ",\"n\":\"");
        buf_put_decimal(out, s->n);
        buf_put_format(out, "\",\"prev\":\"%s\",\"refs\":[", digest);
        for (size_t i = 0; i < s->refs_n; i++) {
                hash_text(&s->refs[i].st, digest);
                buf_put_format(out, "%s{\"rel\":\"%s\",\"st\":\"%s\"}", i > 0 ? "," : "",
                               rel_name(s->refs[i].rel), digest);
        }
        buf_put_text(out, "]");
        if ((e = claims_put(out, s->kind, &s->claims)))
                return e;
        buf_put_text(out, ",\"_sd_alg\":\"sha-256\",\"_sd\":[");
        if ((e = put_sd(out, s->sd)))
                return e;
        buf_put_text(out, "]}");
        return buf_check(out);
}

static enum err put_signed_part(struct buf *out, const struct statement *s, const struct hash *kid)
{
        struct buf payload;
        char header[HEADER_LEN + 1], kid_text[HASH_TEXT_LEN + 1];
        enum err e;

        buf_init(&payload, JWS_MAX);
        if ((e = put_payload(&payload, s)))
                goto done;
        hash_text(kid, kid_text);
        memcpy(header, HEADER_START, sizeof HEADER_START);
        memcpy(header + sizeof HEADER_START - 1, kid_text, HASH_TEXT_LEN);
        memcpy(header + HEADER_LEN - (sizeof HEADER_END - 1), HEADER_END, sizeof HEADER_END);
        b64u_put(out, bytes_of(header, HEADER_LEN));
        buf_put_text(out, ".");
        b64u_put(out, buf_bytes(&payload));
        e = buf_check(out);
done:
        buf_clear(&payload);
        return e;
}

enum err statement_sign(struct statement *s, struct signer signer, struct buf *out)
{
        size_t from = out->n, part;
        struct hash kid, st;
        struct sig sig;
        enum err e;

        if (s->refs_n > 0 && s->refs_n <= REFS_MAX)
                qsort(s->refs, s->refs_n, sizeof s->refs[0], ref_order);
        if ((e = key_thumbprint(&signer.key, &kid)) || (e = put_signed_part(out, s, &kid)))
                goto done;
        part = out->n - from;
        if ((e = signer.sign(signer.self, buf_since(out, from), &sig)))
                goto done;
        buf_put_text(out, ".");
        b64u_put(out, bytes_of(sig.b, SIG_LEN));
        if ((e = buf_check(out)) || (e = out->n - from > JWS_MAX ? ERR_TOO_LONG : OK) ||
            (e = hash_of(buf_since(out, from), &st)))
                goto done;
        s->kid = kid;
        s->st = st;
        s->sig = sig;
        s->jws = buf_since(out, from);
        s->signed_part = bytes_of(s->jws.at, part);
done:
        if (e && out->n > from)
                out->n = from;
        return e;
}

static enum err take_hash(struct bytes *in, struct hash *out)
{
        struct bytes text;
        enum err e = bytes_take(in, HASH_TEXT_LEN, &text);
        return e ? e : hash_of_text(text, out);
}

static enum err take_kind(struct bytes *in, enum kind *out, struct why *why)
{
        struct bytes name;

        if (bytes_take_until(in, '"', &name))
                return ERR_JWS;
        if (!kind_of_name((const char *)name.at, name.n, out))
                return why_set(why, ERR_KIND, "the kind is none that this version knows");
        return OK;
}

static enum err take_refs(struct bytes *in, struct statement *s)
{
        enum err e;

        if (!bytes_take_text(in, "]"))
                return OK;
        do {
                struct bytes rel;
                struct ref *ref = &s->refs[s->refs_n];
                if (s->refs_n == REFS_MAX)
                        return ERR_TOO_LONG;
                if ((e = bytes_take_text(in, "{\"rel\":\"")) || (e = bytes_take_until(in, '"', &rel)) ||
                    (e = rel_of_name(rel, &ref->rel) ? OK : ERR_FORM) ||
                    (e = bytes_take_text(in, ",\"st\":\"")) || (e = take_hash(in, &ref->st)) ||
                    (e = bytes_take_text(in, "\"}")))
                        return e;
                s->refs_n++;
        } while (!bytes_take_text(in, ","));
        return bytes_take_text(in, "]");
}

static enum err take_sd(struct bytes *in, struct statement *s)
{
        const uint8_t *last = NULL;
        enum err e;

        for (size_t g = 0; g < GROUPS_ALL; g++) {
                if ((e = bytes_take_text(in, g > 0 ? ",\"" : "\"")))
                        return e;
                const uint8_t *text = in->at;
                if ((e = take_hash(in, &s->sd[g])) || (e = bytes_take_text(in, "\"")))
                        return e;
                int order = last == NULL ? -1 : text_order(last, text);
                if (order >= 0)
                        return order == 0 ? ERR_DIGEST_TWICE : ERR_FORM;
                last = text;
        }
        return OK;
}

/* The members up to the claims. */
static enum err take_members(struct bytes *in, struct statement *s, struct why *why)
{
        struct bytes jti;
        enum err e;

        if ((e = bytes_take_text(in, "{\"v\":1,\"log\":\"")) || (e = bytes_take_until(in, '"', &s->log)) ||
            (e = bytes_take_text(in, ",\"kind\":\"")) || (e = take_kind(in, &s->kind, why)) ||
            (e = bytes_take_text(in, ",\"jti\":\"")) || (e = bytes_take(in, UUID_TEXT_LEN, &jti)) ||
            (e = uuid_of_text(jti, s->jti)) || (e = bytes_take_text(in, "\",\"iat\":")) ||
            (e = json_take_int(in, &s->iat)) || (e = bytes_take_text(in, ",\"n\":\"")) ||
            (e = bytes_take_decimal(in, &s->n)) || (e = bytes_take_text(in, "\",\"prev\":\"")) ||
            (e = take_hash(in, &s->prev)) || (e = bytes_take_text(in, "\",\"refs\":[")) ||
            (e = take_refs(in, s)))
                return e;
        return check_members(s);
}

static enum err take_payload(struct bytes in, struct buf *scratch, struct statement *s, struct why *why)
{
        enum err e;

        if ((e = take_members(&in, s, why)))
                return e;
        if ((e = claims_take(&in, s->kind, scratch, &s->claims)))
                return why_set(why, e, "a visible claim of %s is missing, out of place or out of range",
                               kind_name(s->kind));
        if ((e = bytes_take_text(&in, ",\"_sd_alg\":\"")))
                return e;
        if (bytes_take_text(&in, "sha-256\",\"_sd\":["))
                return ERR_SD_ALG;
        if ((e = take_sd(&in, s)) || (e = bytes_take_text(&in, "]}")) || (e = bytes_at_end(in)))
                return e;
        return OK;
}

static enum err take_header(struct bytes text, struct hash *out_kid)
{
        uint8_t header[HEADER_LEN];
        struct bytes in = bytes_of(header, HEADER_LEN);
        enum err e;

        if ((e = b64u_decode_exact(text, header, HEADER_LEN)) || (e = bytes_take_text(&in, HEADER_START)) ||
            (e = take_hash(&in, out_kid)) || (e = bytes_take_text(&in, HEADER_END)))
                return e;
        return bytes_at_end(in);
}

/* The errors that say more than that the form is wrong; all others are ERR_JWS. */
static enum err as_jws(enum err e)
{
        static const enum err kept[] = {OK,           ERR_KIND,         ERR_CLAIM,     ERR_SD_ALG,
                                        ERR_TOO_LONG, ERR_DIGEST_TWICE, ERR_NO_MEMORY, ERR_CRYPTO};
        for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
                if (e == kept[i])
                        return e;
        return ERR_JWS;
}

static enum err decode(struct bytes jws, struct buf *scratch, struct statement *s, struct why *why)
{
        struct bytes header, payload, rest = jws;
        size_t from = scratch->n;
        enum err e;

        buf_reserve(scratch, scratch->max);
        if ((e = bytes_take_until(&rest, '.', &header)) || (e = take_header(header, &s->kid)) ||
            (e = bytes_take_until(&rest, '.', &payload)) ||
            (e = b64u_decode_exact(rest, s->sig.b, SIG_LEN)) || (e = b64u_decode(payload, scratch)) ||
            (e = take_payload(buf_since(scratch, from), scratch, s, why)))
                return e;
        s->jws = jws;
        s->signed_part = bytes_of(jws.at, header.n + 1 + payload.n);
        return hash_of(jws, &s->st);
}

enum err statement_decode(struct bytes jws, struct buf *scratch, struct statement *out, struct why *why)
{
        struct statement s = {0};
        size_t from = scratch->n;
        enum err e = jws.n > JWS_MAX ? ERR_TOO_LONG : decode(jws, scratch, &s, why);

        if (e) {
                if (scratch->n > from)
                        scratch->n = from;
                return why_set(why, as_jws(e), "the statement's form");
        }
        *out = s;
        return OK;
}

enum err statement_check_signature(const struct statement *s, const struct public_key *key)
{
        struct hash kid;
        enum err e;

        if ((e = key_thumbprint(key, &kid)))
                return e;
        if (!hash_equal(&kid, &s->kid))
                return ERR_SIGNATURE;
        return sign_check(key, s->signed_part, &s->sig);
}

enum err submission_split(struct bytes submission, struct bytes *out_jws, struct bytes *out_disclosures)
{
        struct bytes jws;

        if (submission.n > SUBMISSION_MAX)
                return ERR_TOO_LONG;
        if (submission.n == 0 || submission.at[submission.n - 1] != '~' ||
            bytes_take_until(&submission, '~', &jws))
                return ERR_JWS;
        *out_jws = jws;
        *out_disclosures = submission;
        return OK;
}

void log_id_put(struct buf *out, struct bytes origin, const struct hash *genesis)
{
        buf_put(out, origin);
        buf_put_text(out, "#");
        if (genesis != NULL)
                b64u_put(out, bytes_of(genesis->b, ID_BYTES));
}

void pop_message_put(struct buf *out, struct bytes log, const struct public_key *invite)
{
        buf_put_text(out, "enquiry-pop-v1");
        buf_put(out, log);
        buf_put(out, bytes_of(invite->b, KEY_LEN));
}

static int hash_order(const void *a, const void *b)
{
        return memcmp(a, b, HASH_LEN);
}

static enum err set_hash(const char *label, struct bytes first, size_t n, struct hash digests[],
                         struct hash *out)
{
        struct bytes part[] = {bytes_text(label), first, bytes_of(digests, n * sizeof digests[0])};

        if (n > 0)
                qsort(digests, n, sizeof digests[0], hash_order);
        return hash_of_parts(3, part, out);
}

enum err seen_hash(const struct hash *leaf, size_t n, struct hash digests[], struct hash *out)
{
        return set_hash("enquiry-seen-v1", hash_bytes(leaf), n, digests, out);
}

enum err release_set_hash(size_t n, struct hash digests[], struct hash *out)
{
        return set_hash("enquiry-release-v1", bytes_of(NULL, 0), n, digests, out);
}
