/* sample: statements and bodies for tests, made of labels instead of chance, so that vectors come out the
 * same. */
#ifndef TESTS_LEDGER_RECORD_SAMPLE_H
#define TESTS_LEDGER_RECORD_SAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ledger/base/b64.h"
#include "ledger/record/leaf.h"

#define SAMPLE_ORIGIN "police.example/enquiries"
#define SAMPLE_LOG    SAMPLE_ORIGIN "#AAECAwQFBgcICQoLDA0ODw"
#define SAMPLE_IAT    INT64_C(1795453200) /* 2026-11-23T17:00:00Z */

#define assert_ok(call)        assert_int_equal((call), OK)
#define assert_err(call, code) assert_int_equal((call), (code))

static inline int sample_setup(void **state)
{
        (void)state;
        return crypto_setup() != OK;
}

/* Bytes that only the label and the index decide. */
static inline void sample_fill(const char *label, size_t index, uint8_t *out, size_t n)
{
        for (size_t at = 0; at < n; at += HASH_LEN) {
                uint8_t tail[] = {(uint8_t)(index >> 8), (uint8_t)index, (uint8_t)(at / HASH_LEN)};
                struct bytes part[] = {bytes_text("sample "), bytes_text(label), bytes_of(tail, sizeof tail)};
                struct hash h;
                assert_ok(hash_of_parts(3, part, &h));
                memcpy(out + at, h.b, n - at < HASH_LEN ? n - at : HASH_LEN);
        }
}

static inline struct signing_key *sample_key(const char *label)
{
        uint8_t seed[SEED_LEN];
        struct signing_key *key = NULL;

        sample_fill(label, 0, seed, sizeof seed);
        assert_ok(signing_key_new(bytes_of(seed, sizeof seed), &key));
        return key;
}

/* How much of the table a body is given. */
enum sample_extent { SAMPLE_NONE, SAMPLE_REQUIRED, SAMPLE_SOME, SAMPLE_ALL };

static inline bool sample_wants(const struct field *f, enum kind kind, enum sample_extent extent)
{
        bool required = (f->required | f->asked) >> kind & 1u;

        return extent == SAMPLE_ALL || (extent >= SAMPLE_REQUIRED && (f->required >> kind & 1u)) ||
               (extent == SAMPLE_SOME && (required || field_number(f) % 4 == 0));
}

static inline const char *sample_word(const struct field *f, size_t i)
{
        return f->vocabulary->words[(field_number(f) + i) % f->vocabulary->count].word;
}

/* Appends a value that field_check takes: every form of text, with what JSON escapes and beyond ASCII where
 * it fits. */
static inline void sample_value(const struct field *f, struct buf *out)
{
        static const char odd[] = "caf\xc3\xa9 \"q\" \\ \x01 \xf0\x9f\x94\x8e";
        const char *text = field_number(f) % 5 == 0 ? odd : f->prompt;

        if (f->max < strlen(text))
                text = "a";
        switch (f->type) {
        case FIELD_TEXT: json_put_text(out, text); return;
        case FIELD_WORD: json_put_text(out, sample_word(f, 0)); return;
        case FIELD_WORDS:
                buf_put_format(out, "[\"%s\",\"%s\"]", sample_word(f, 0), sample_word(f, 1));
                return;
        case FIELD_LIST: buf_put_text(out, "[\"one\",\"two\"]"); return;
        case FIELD_INT: buf_put_decimal(out, f->max < 3 ? f->max : 3); return;
        case FIELD_TIME: buf_put_text(out, "\"2026-11-23T10:04:00Z\""); return;
        case FIELD_OBJECT: buf_put_text(out, "{\"a\":1,\"b\":[true,null]}"); return;
        case FIELD_OBJECTS: buf_put_text(out, "[{\"a\":\"x\"},{\"a\":\"y\"}]"); return;
        }
        fail();
}

/* The values live in `values`, which must be empty and have SUBMISSION_MAX. */
static inline void sample_body(enum kind kind, enum sample_extent extent, struct buf *values, struct body *b)
{
        static const char letters[] = "tcfaompklxd";
        const char *name = kind_name(kind);

        body_init(b, kind);
        buf_reserve(values, values->max);
        for (size_t i = 0; i < fields_count; i++) {
                size_t from = values->n;
                if (!field_has_kind(&fields[i], kind) || !sample_wants(&fields[i], kind, extent))
                        continue;
                sample_value(&fields[i], values);
                assert_ok(
                    body_add(b, &fields[i], letters[i % (sizeof letters - 1)], buf_since(values, from)));
        }
        sample_fill(name, 1, b->seed, sizeof b->seed);
        sample_fill(name, 2, &b->group_salt[0][0], sizeof b->group_salt);
        sample_fill(name, 3, &b->layout_salt[0][0], sizeof b->layout_salt);
        for (size_t i = 0; i < b->n; i++)
                sample_fill(name, 256u + b->field[i].number, b->field[i].salt, SALT_LEN);
}

static inline int sample_digest_order(const void *a, const void *b)
{
        struct hash x, y;
        char x_text[HASH_TEXT_LEN + 1], y_text[HASH_TEXT_LEN + 1];

        memcpy(x.b, a, HASH_LEN);
        memcpy(y.b, b, HASH_LEN);
        hash_text(&x, x_text);
        hash_text(&y, y_text);
        return strcmp(x_text, y_text);
}

/* n digests in the order that a claim has them in. */
static inline void sample_digests(const char *name, size_t n, uint8_t *raw)
{
        for (size_t i = 0; i < n; i++)
                sample_fill(name, i, raw + i * HASH_LEN, HASH_LEN);
        qsort(raw, n, HASH_LEN, sample_digest_order);
}

/* All claims filled; which of them are written is the table's affair. `raw` lives with the caller. */
static inline struct claims sample_claims(enum act act, enum verb verb, uint8_t raw[3 * HASH_LEN])
{
        struct claims c = {.act = act,
                           .verb = verb,
                           .purpose = PURPOSE_SUPERVISION,
                           .expires = SAMPLE_IAT + 86400,
                           .roles = ROLE_BIT(ROLE_INVESTIGATOR) | ROLE_BIT(ROLE_SUPERVISOR),
                           .unit = bytes_text("CID.North_1-a"),
                           .training = 3,
                           .origin = bytes_text(SAMPLE_ORIGIN),
                           .vkey = bytes_text(SAMPLE_ORIGIN "+530d903a+AQIDBA=="),
                           .ground = bytes_text("retention-6y"),
                           .grade = bytes_text("amber"),
                           .digests_n = 3,
                           .digests = bytes_of(raw, (size_t)3 * HASH_LEN)};

        sample_digests("digests", 3, raw);
        sample_fill("member", 0, c.member.b, sizeof c.member.b);
        sample_fill("invite", 0, c.invite.b, sizeof c.invite.b);
        sample_fill("key", 0, c.key.b, sizeof c.key.b);
        sample_fill("tls", 0, c.tls.b, sizeof c.tls.b);
        sample_fill("pop", 0, c.pop.b, sizeof c.pop.b);
        sample_fill("policy", 0, c.policy.b, sizeof c.policy.b);
        sample_fill("succeeds", 0, c.succeeds.b, sizeof c.succeeds.b);
        sample_fill("server", 0, c.server.b, sizeof c.server.b);
        sample_fill("seen", 0, c.seen.b, sizeof c.seen.b);
        sample_fill("target", 0, c.target.b, sizeof c.target.b);
        sample_fill("set", 0, c.set.b, sizeof c.set.b);
        return c;
}

/* The acts and verbs of each kind, as FORMAT.md section 4 lists them. */
struct sample_case {
        enum kind kind;
        enum act act;
        enum verb verb;
};
static const struct sample_case sample_cases[] = {
    {KIND_GENESIS, ACT_NONE, VERB_NONE},         {KIND_CONSULT, ACT_NONE, VERB_NONE},
    {KIND_MEMBER, ACT_INVITE, VERB_NONE},        {KIND_MEMBER, ACT_JOIN, VERB_NONE},
    {KIND_MEMBER, ACT_ROLE, VERB_NONE},          {KIND_MEMBER, ACT_MOVE, VERB_NONE},
    {KIND_MEMBER, ACT_REKEY, VERB_NONE},         {KIND_MEMBER, ACT_REVOKE, VERB_NONE},
    {KIND_POLICY, ACT_ADOPT, VERB_NONE},         {KIND_OPERATION, ACT_OPEN, VERB_NONE},
    {KIND_OPERATION, ACT_CLOSE, VERB_NONE},      {KIND_AUTHORITY, ACT_REGISTER, VERB_NONE},
    {KIND_AUTHORITY, ACT_REVIEW, VERB_NONE},     {KIND_AUTHORITY, ACT_RENEW, VERB_NONE},
    {KIND_AUTHORITY, ACT_CANCEL, VERB_NONE},     {KIND_AUTHORITY, ACT_DETERMINE, VERB_NONE},
    {KIND_PERSONA, ACT_REGISTER, VERB_NONE},     {KIND_PERSONA, ACT_ASSIGN, VERB_NONE},
    {KIND_PERSONA, ACT_LAPSE, VERB_NONE},        {KIND_INTENT, ACT_NONE, VERB_NONE},
    {KIND_ACTIVITY, ACT_NONE, VERB_NONE},        {KIND_DECISION, ACT_NONE, VERB_APPROVE},
    {KIND_DECISION, ACT_NONE, VERB_CONDITIONS},  {KIND_DECISION, ACT_NONE, VERB_RETURN},
    {KIND_DECISION, ACT_NONE, VERB_REFUSE},      {KIND_DECISION, ACT_NONE, VERB_ESCALATE},
    {KIND_REVIEW, ACT_NONE, VERB_ERROR},         {KIND_REVIEW, ACT_NONE, VERB_NO_ERROR},
    {KIND_REVIEW, ACT_NONE, VERB_CONTINUE},      {KIND_REVIEW, ACT_NONE, VERB_CANCEL},
    {KIND_AMEND, ACT_NONE, VERB_NONE},           {KIND_COMBINE, ACT_NONE, VERB_NONE},
    {KIND_HOLD, ACT_PLACE, VERB_NONE},           {KIND_HOLD, ACT_RELEASE, VERB_NONE},
    {KIND_RESTRICT, ACT_PLACE, VERB_NONE},       {KIND_RESTRICT, ACT_LIFT, VERB_NONE},
    {KIND_ERASE, ACT_ORDER, VERB_NONE},          {KIND_ERASE, ACT_CONFIRM, VERB_NONE},
    {KIND_DISCLOSE, ACT_NONE, VERB_NONE},        {KIND_FINDING, ACT_NONE, VERB_NONE},
    {KIND_MEMBER, ACT_LINK, VERB_NONE},          {KIND_MEMBER, ACT_UNLINK, VERB_NONE},
    {KIND_MEMBER, ACT_PROFILE, VERB_NONE},       {KIND_POLICY, ACT_ROTATE_LOG, VERB_NONE},
    {KIND_POLICY, ACT_ROTATE_SERVER, VERB_NONE},
};
#define SAMPLE_CASES (sizeof sample_cases / sizeof sample_cases[0])

/* A statement with everything but the group digests. */
static inline struct statement sample_statement(const struct sample_case *at, uint8_t raw[3 * HASH_LEN])
{
        struct statement s = {.log = bytes_text(at->kind == KIND_GENESIS ? SAMPLE_ORIGIN "#" : SAMPLE_LOG),
                              .kind = at->kind,
                              .iat = SAMPLE_IAT,
                              .n = 17,
                              .claims = sample_claims(at->act, at->verb, raw),
                              .refs_n = 2};

        sample_fill("jti", at->kind, s.jti, sizeof s.jti);
        s.jti[6] = (uint8_t)(0x70 | (s.jti[6] & 0x0f));
        s.jti[8] = (uint8_t)(0x80 | (s.jti[8] & 0x3f));
        sample_fill("prev", at->kind, s.prev.b, sizeof s.prev.b);
        s.refs[0].rel = REL_OPERATION;
        s.refs[1].rel = REL_WITH;
        sample_fill("ref", 0, s.refs[0].st.b, HASH_LEN);
        sample_fill("ref", 1, s.refs[1].st.b, HASH_LEN);
        return s;
}

/* Appends JWS, `~` and all disclosures, signed by `key`. */
static inline void sample_submission(struct statement *s, struct body *b, struct signing_key *key,
                                     struct buf *out)
{
        size_t from = out->n;

        assert_ok(body_digests(b, s->sd));
        buf_reserve(out, out->max);
        assert_ok(statement_sign(s, signing_key_signer(key), out));
        buf_put_u8(out, '~');
        assert_ok(body_put(b, out));
        assert_ok(buf_check(out));
        s->jws = bytes_of(out->at + from, s->jws.n);
        s->signed_part = bytes_of(out->at + from, s->signed_part.n);
}

#endif
