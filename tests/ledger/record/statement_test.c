#include "sample.h"

struct opened {
        struct buf scratch;
        struct statement s;
};

static void opened_init(struct opened *o)
{
        buf_init(&o->scratch, SUBMISSION_MAX);
        memset(&o->s, 0x5a, sizeof o->s);
}

static enum err open_jws(struct opened *o, struct bytes jws)
{
        buf_reset(&o->scratch);
        return statement_decode(jws, &o->scratch, &o->s, NULL);
}

/* A JWS of the case, in `out`, which is empty. */
static void make(const struct sample_case *at, struct signing_key *key, struct statement *s,
                 uint8_t raw[3 * HASH_LEN], struct buf *out)
{
        buf_init(out, JWS_MAX);
        *s = sample_statement(at, raw);
        sample_fill("sd", at->kind, s->sd[0].b, sizeof s->sd);
        assert_ok(statement_sign(s, signing_key_signer(key), out));
}

static int hash_order(const void *a, const void *b)
{
        char x[HASH_TEXT_LEN + 1], y[HASH_TEXT_LEN + 1];

        hash_text(a, x);
        hash_text(b, y);
        return strcmp(x, y);
}

static void same(const struct statement *a, const struct statement *b)
{
        struct hash sorted[GROUPS_ALL];

        assert_true(bytes_equal(a->log, b->log));
        assert_int_equal(a->kind, b->kind);
        assert_memory_equal(a->jti, b->jti, UUID_LEN);
        assert_int_equal(a->iat, b->iat);
        assert_int_equal(a->n, b->n);
        assert_true(hash_equal(&a->prev, &b->prev));
        assert_int_equal(a->refs_n, b->refs_n);
        for (size_t i = 0; i < a->refs_n; i++) {
                assert_int_equal(a->refs[i].rel, b->refs[i].rel);
                assert_true(hash_equal(&a->refs[i].st, &b->refs[i].st));
        }
        memcpy(sorted, a->sd, sizeof sorted);
        qsort(sorted, GROUPS_ALL, sizeof sorted[0], hash_order);
        assert_memory_equal(sorted, b->sd, sizeof sorted);
        assert_true(hash_equal(&a->kid, &b->kid));
        assert_true(hash_equal(&a->st, &b->st));
        assert_true(bytes_equal(a->jws, b->jws));
        assert_true(bytes_equal(a->signed_part, b->signed_part));
        assert_memory_equal(a->sig.b, b->sig.b, SIG_LEN);
}

static void round_trip(void **state)
{
        struct signing_key *key = sample_key("author"), *other = sample_key("other");
        struct public_key public = signing_key_signer(key).key, foreign = signing_key_signer(other).key;

        (void)state;
        for (size_t i = 0; i < SAMPLE_CASES; i++) {
                uint8_t raw[3 * HASH_LEN];
                struct statement made;
                struct buf jws;
                struct opened o;
                make(&sample_cases[i], key, &made, raw, &jws);
                opened_init(&o);
                assert_ok(open_jws(&o, buf_bytes(&jws)));
                same(&made, &o.s);
                assert_int_equal(o.s.claims.act, sample_cases[i].act);
                assert_ok(statement_check_signature(&o.s, &public));
                assert_err(statement_check_signature(&o.s, &foreign), ERR_SIGNATURE);
                assert_ok(statement_check_signature(&made, &public));
                buf_clear(&jws);
                buf_clear(&o.scratch);
        }
        signing_key_free(key);
        signing_key_free(other);
}

/* The payload as FORMAT.md section 2 lists it, letter by letter. */
static void text_of_payload(void **state)
{
        struct signing_key *key = sample_key("author");
        struct statement s = {.log = bytes_text("a#b"), .kind = KIND_CONSULT, .iat = 5, .n = 1};
        struct buf jws, payload;
        struct bytes in, header, text;

        (void)state;
        s.claims.purpose = PURPOSE_FOI;
        s.jti[6] = 0x70;
        s.jti[8] = 0x80;
        for (size_t g = 0; g < GROUPS_ALL; g++)
                s.sd[g].b[0] = (uint8_t)(0xff - g * 0x20);
        buf_init(&jws, JWS_MAX);
        buf_init(&payload, JWS_MAX);
        assert_ok(statement_sign(&s, signing_key_signer(key), &jws));
        in = buf_bytes(&jws);
        assert_ok(bytes_take_until(&in, '.', &header));
        assert_ok(bytes_take_until(&in, '.', &text));
        assert_ok(b64u_decode(text, &payload));
        assert_string_equal(
            buf_text(&payload),
            "{\"v\":1,\"log\":\"a#b\",\"kind\":\"consult\",\"jti\":\"00000000-0000-7000-8000-000000000000\","
            "\"iat\":5,"
            "\"n\":\"1\",\"prev\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"refs\":[],\"purpose\":"
            "\"foi\","
            "\"_sd_alg\":\"sha-256\",\"_sd\":[\"3wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","
            "\"HwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"PwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","
            "\"XwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"_wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","
            "\"fwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"nwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","
            "\"vwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"]}");
        buf_reset(&payload);
        assert_ok(b64u_decode(header, &payload));
        char kid[HASH_TEXT_LEN + 1], wanted[256];
        hash_text(&s.kid, kid);
        assert_in_range(snprintf(wanted, sizeof wanted,
                                 "{\"alg\":\"Ed25519\",\"typ\":\"enquiry+sd-jwt\",\"kid\":\"%s\"}", kid),
                        1, sizeof wanted);
        assert_string_equal(buf_text(&payload), wanted);
        buf_clear(&jws);
        buf_clear(&payload);
        signing_key_free(key);
}

static void strict(void **state)
{
        static const size_t chosen[] = {0, 1, 3, 21, 36}; /* genesis, consult, join, decision, erase */
        struct signing_key *key = sample_key("author");
        struct public_key public = signing_key_signer(key).key;
        struct opened o;

        (void)state;
        opened_init(&o);
        for (size_t i = 0; i < sizeof chosen / sizeof chosen[0]; i++) {
                uint8_t raw[3 * HASH_LEN];
                struct statement made;
                struct buf jws;
                make(&sample_cases[chosen[i]], key, &made, raw, &jws);
                struct bytes whole = bytes_of(jws.at, jws.n);
                for (size_t n = 0; n < whole.n; n++)
                        if (open_jws(&o, bytes_of(whole.at, n)) == OK)
                                fail_msg("a prefix of %zu bytes was taken", n);
                for (size_t bit = 0; bit < whole.n * 8; bit++) {
                        jws.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
                        if (open_jws(&o, whole) == OK && statement_check_signature(&o.s, &public) == OK)
                                fail_msg("bit %zu turned was taken", bit);
                        jws.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
                }
                assert_ok(open_jws(&o, whole));
                buf_put_u8(&jws, 'A');
                assert_err(open_jws(&o, buf_bytes(&jws)), ERR_JWS);
                buf_clear(&jws);
        }
        buf_clear(&o.scratch);
        signing_key_free(key);
}

/* Header and payload of one's own, signed well: only the form can refuse them. */
static enum err open_text(struct opened *o, struct signing_key *key, const char *header, const char *payload)
{
        struct buf jws;
        struct signer signer = signing_key_signer(key);
        struct sig sig;
        enum err e;

        buf_init(&jws, 1 << 20);
        b64u_put(&jws, bytes_text(header));
        buf_put_u8(&jws, '.');
        b64u_put(&jws, bytes_text(payload));
        assert_ok(signer.sign(signer.self, buf_bytes(&jws), &sig));
        buf_put_u8(&jws, '.');
        b64u_put(&jws, bytes_of(sig.b, SIG_LEN));
        e = open_jws(o, buf_bytes(&jws));
        buf_clear(&jws);
        return e;
}

#define D(c) "\"" c "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\""
#define PREV "\"prev\":" D("A")
#define HEAD                                                                                                 \
        "{\"v\":1,\"log\":\"a#b\",\"kind\":\"consult\",\"jti\":\"00000000-0000-7000-8000-000000000000\","    \
        "\"iat\":5,\"n\":\"1\"," PREV
#define SD                                                                                                   \
        "\"_sd\":[" D("A") "," D("B") "," D("C") "," D("D") "," D("E") "," D("F") "," D("G") "," D("H") "]}"
#define TAIL     ",\"_sd_alg\":\"sha-256\"," SD
#define REF(w)   "{\"rel\":\"" w "\",\"st\":" D("A") "}"
#define OTHER(w) "{\"rel\":\"" w "\",\"st\":" D("B") "}"
#define GOOD     HEAD ",\"refs\":[],\"purpose\":\"foi\"" TAIL

static void refused_texts(void **state)
{
        static const struct {
                const char *payload;
                enum err e;
        } row[] = {
            {GOOD, OK},
            {HEAD ",\"refs\":[" REF("intent") "," REF("with") "],\"purpose\":\"foi\"" TAIL, OK},
            {HEAD ",\"refs\":[" REF("with") "," REF("intent") "],\"purpose\":\"foi\"" TAIL, ERR_CLAIM},
            {HEAD ",\"refs\":[" REF("with") "," REF("with") "],\"purpose\":\"foi\"" TAIL, ERR_CLAIM},
            {HEAD ",\"refs\":[" REF("with") "," OTHER("with") "],\"purpose\":\"foi\"" TAIL, OK},
            {HEAD ",\"refs\":[" OTHER("with") "," REF("with") "],\"purpose\":\"foi\"" TAIL, ERR_CLAIM},
            {HEAD ",\"refs\":[" REF("target") "," OTHER("target") "],\"purpose\":\"foi\"" TAIL, ERR_CLAIM},
            {HEAD ",\"refs\":[" REF("within") "],\"purpose\":\"foi\"" TAIL, ERR_JWS},
            {HEAD ",\"refs\":[" REF("with") ",],\"purpose\":\"foi\"" TAIL, ERR_JWS},
            {HEAD ",\"refs\":[],\"purpose\":\"foi\",\"purpose\":\"foi\"" TAIL, ERR_JWS},
            {HEAD ",\"refs\":[]" TAIL, ERR_CLAIM},
            {HEAD ",\"purpose\":\"foi\",\"refs\":[]" TAIL, ERR_JWS},
            {HEAD ",\"refs\":[],\"purpose\":\"foi\",\"seq\":1" TAIL, ERR_JWS},
            {GOOD " ", ERR_JWS},
            {" " GOOD, ERR_JWS},
            {"{\"v\":2,\"log\":\"a#b\"", ERR_JWS},
            {"{\"v\":1,\"log\":\"a "
             "b\",\"kind\":\"consult\",\"jti\":\"00000000-0000-7000-8000-000000000000\",\"iat\":5,"
             "\"n\":\"1\"," PREV ",\"refs\":[],\"purpose\":\"foi\"" TAIL,
             ERR_CLAIM},
            {"{\"v\":1,\"log\":\"a#b\",\"kind\":\"gossip\",\"jti\":\"00000000-0000-7000-8000-000000000000\","
             "\"iat\":5,"
             "\"n\":\"1\"," PREV ",\"refs\":[],\"purpose\":\"foi\"" TAIL,
             ERR_KIND},
            {"{\"v\":1,\"log\":\"a#b\",\"kind\":\"consult\",\"jti\":\"00000000-0000-4000-8000-000000000000\","
             "\"iat\":5,"
             "\"n\":\"1\"," PREV ",\"refs\":[],\"purpose\":\"foi\"" TAIL,
             ERR_JWS},
            {"{\"v\":1,\"log\":\"a#b\",\"kind\":\"consult\",\"jti\":\"00000000-0000-7000-8000-000000000000\","
             "\"iat\":-5,"
             "\"n\":\"1\"," PREV ",\"refs\":[],\"purpose\":\"foi\"" TAIL,
             ERR_CLAIM},
            {"{\"v\":1,\"log\":\"a#b\",\"kind\":\"consult\",\"jti\":\"00000000-0000-7000-8000-000000000000\","
             "\"iat\":253402300800,"
             "\"n\":\"1\"," PREV ",\"refs\":[],\"purpose\":\"foi\"" TAIL,
             ERR_CLAIM},
            {"{\"v\":1,\"log\":\"a#b\",\"kind\":\"consult\",\"jti\":\"00000000-0000-7000-8000-000000000000\","
             "\"iat\":5.0,"
             "\"n\":\"1\"," PREV ",\"refs\":[],\"purpose\":\"foi\"" TAIL,
             ERR_JWS},
            {"{\"v\":1,\"log\":\"a#b\",\"kind\":\"consult\",\"jti\":\"00000000-0000-7000-8000-000000000000\","
             "\"iat\":5,"
             "\"n\":\"0\"," PREV ",\"refs\":[],\"purpose\":\"foi\"" TAIL,
             ERR_CLAIM},
            {"{\"v\":1,\"log\":\"a#b\",\"kind\":\"consult\",\"jti\":\"00000000-0000-7000-8000-000000000000\","
             "\"iat\":5,"
             "\"n\":\"01\"," PREV ",\"refs\":[],\"purpose\":\"foi\"" TAIL,
             ERR_JWS},
            {"{\"v\":1,\"log\":\"a#b\",\"kind\":\"consult\",\"jti\":\"00000000-0000-7000-8000-000000000000\","
             "\"iat\":5,"
             "\"n\":\"9223372036854775808\"," PREV ",\"refs\":[],\"purpose\":\"foi\"" TAIL,
             ERR_CLAIM},
            {"{\"v\":1,\"log\":\"a#b\",\"kind\":\"consult\",\"jti\":\"00000000-0000-7000-8000-000000000000\","
             "\"iat\":5,"
             "\"n\":1," PREV ",\"refs\":[],\"purpose\":\"foi\"" TAIL,
             ERR_JWS},
            {HEAD ",\"refs\":[],\"purpose\":\"foi\",\"_sd_alg\":\"sha-512\"," SD, ERR_SD_ALG},
            {HEAD ",\"refs\":[],\"purpose\":\"foi\"," SD, ERR_JWS},
            {HEAD ",\"refs\":[],\"purpose\":\"foi\",\"_sd_alg\":\"sha-256\",\"_sd\":[" D("A") "," D(
                 "B") "," D("C") "," D("D") "," D("E") "," D("F") "," D("H") "," D("G") "]}",
             ERR_JWS},
            {HEAD ",\"refs\":[],\"purpose\":\"foi\",\"_sd_alg\":\"sha-256\",\"_sd\":[" D("A") "," D(
                 "B") "," D("C") "," D("D") "," D("E") "," D("F") "," D("G") "," D("G") "]}",
             ERR_DIGEST_TWICE},
            {HEAD ",\"refs\":[],\"purpose\":\"foi\",\"_sd_alg\":\"sha-256\",\"_sd\":[" D("A") "," D(
                 "B") "," D("C") "," D("D") "," D("E") "," D("F") "," D("G") "]}",
             ERR_JWS},
            {HEAD ",\"refs\":[],\"purpose\":\"foi\",\"_sd_alg\":\"sha-256\",\"_sd\":[" D("A") "," D(
                 "B") "," D("C") "," D("D") "," D("E") "," D("F") "," D("G") "," D("H") "," D("I") "]}",
             ERR_JWS},
            {"", ERR_JWS},
        };
        struct signing_key *key = sample_key("author");
        struct public_key public = signing_key_signer(key).key;
        struct hash kid;
        char kid_text[HASH_TEXT_LEN + 1], header[256];
        struct opened o;

        (void)state;
        opened_init(&o);
        assert_ok(key_thumbprint(&public, &kid));
        hash_text(&kid, kid_text);
        (void)snprintf(header, sizeof header,
                       "{\"alg\":\"Ed25519\",\"typ\":\"enquiry+sd-jwt\",\"kid\":\"%s\"}", kid_text);
        for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
                enum err e = open_text(&o, key, header, row[i].payload);
                if (e != row[i].e)
                        fail_msg("row %zu: %s", i, err_row(e)->name);
        }
        static const char *const headers[] = {
            "{\"alg\":\"EdDSA\",\"typ\":\"enquiry+sd-jwt\",\"kid\":\"%s\"}",
            "{\"alg\":\"none\",\"typ\":\"enquiry+sd-jwt\",\"kid\":\"%s\"}",
            "{\"alg\":\"Ed25519\",\"typ\":\"sd-jwt\",\"kid\":\"%s\"}",
            "{\"typ\":\"enquiry+sd-jwt\",\"alg\":\"Ed25519\",\"kid\":\"%s\"}",
            "{\"alg\":\"Ed25519\",\"typ\":\"enquiry+sd-jwt\",\"kid\":\"%s\",\"crit\":[]}",
            "{\"alg\":\"Ed25519\",\"typ\":\"enquiry+sd-jwt\", \"kid\":\"%s\"}",
        };
        for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
                struct buf text;
                const char *at = strstr(headers[i], "%s");
                buf_init(&text, 512);
                buf_put(&text, bytes_of(headers[i], (size_t)(at - headers[i])));
                buf_put_text(&text, kid_text);
                buf_put_text(&text, at + 2);
                assert_err(open_text(&o, key, buf_text(&text), GOOD), ERR_JWS);
                buf_clear(&text);
        }
        buf_clear(&o.scratch);
        signing_key_free(key);
}

static void refused_to_sign(void **state)
{
        struct signing_key *key = sample_key("author");
        uint8_t raw[3 * HASH_LEN];
        struct statement good = sample_statement(&sample_cases[1], raw), s;
        struct buf out;

        (void)state;
        sample_fill("sd", 0, good.sd[0].b, sizeof good.sd);
        buf_init(&out, JWS_MAX + 1);
        buf_put_u8(&out, 'x');
#define REFUSE(error, change)                                                                                \
        s = good;                                                                                            \
        change;                                                                                              \
        assert_err(statement_sign(&s, signing_key_signer(key), &out), error);                                \
        assert_int_equal(out.n, 1);                                                                          \
        assert_true(hash_is_zero(&s.st))
        REFUSE(ERR_KIND, s.kind = KIND_COUNT);
        REFUSE(ERR_CLAIM, s.n = 0);
        REFUSE(ERR_CLAIM, s.n = (uint64_t)NUMBER_MAX + 1);
        REFUSE(ERR_CLAIM, s.iat = -1);
        REFUSE(ERR_CLAIM, s.iat = SECONDS_MAX + 1);
        REFUSE(ERR_CLAIM, s.log = bytes_text("a\"b"));
        REFUSE(ERR_CLAIM, s.jti[6] = 0x40);
        REFUSE(ERR_CLAIM, s.jti[8] = 0xc0);
        REFUSE(ERR_CLAIM, s.refs_n = REFS_MAX + 1);
        REFUSE(ERR_CLAIM, s.refs[1].rel = REL_COUNT);
        REFUSE(ERR_CLAIM, s.claims.purpose = PURPOSE_NONE);
        REFUSE(ERR_DIGEST_TWICE, s.sd[3] = s.sd[6]);
#undef REFUSE
        s = good;
        assert_ok(statement_sign(&s, signing_key_signer(key), &out));
        assert_false(hash_is_zero(&s.st));
        buf_clear(&out);
        signing_key_free(key);
}

/* The largest there can be. */
static void largest(void **state)
{
        static uint8_t raw[DIGESTS_MAX * HASH_LEN];
        struct signing_key *key = sample_key("author");
        const struct sample_case at = {KIND_ERASE, ACT_ORDER, VERB_NONE};
        uint8_t few[3 * HASH_LEN];
        struct statement s = sample_statement(&at, few);
        struct opened o;
        struct buf out;

        (void)state;
        opened_init(&o);
        sample_digests("many", DIGESTS_MAX, raw);
        sample_fill("sd", 0, s.sd[0].b, sizeof s.sd);
        s.claims.digests = bytes_of(raw, sizeof raw);
        s.claims.digests_n = DIGESTS_MAX;
        buf_init(&out, 2 * JWS_MAX);
        assert_ok(statement_sign(&s, signing_key_signer(key), &out));
        buf_clear(&o.scratch);
        buf_init(&o.scratch, STATEMENT_SCRATCH);
        assert_ok(open_jws(&o, s.jws));
        assert_int_equal(o.s.claims.digests_n, DIGESTS_MAX);
        assert_memory_equal(o.s.claims.digests.at, raw, sizeof raw);
        assert_true(bytes_equal(o.s.claims.ground, bytes_text("retention-6y")));
        s.refs_n = REFS_MAX;
        for (size_t i = 0; i < REFS_MAX; i++) {
                s.refs[i].rel = REL_WITH;
                sample_fill("ref", i, s.refs[i].st.b, HASH_LEN);
        }
        buf_reset(&out);
        assert_err(statement_sign(&s, signing_key_signer(key), &out), ERR_TOO_LONG);
        s.claims.digests_n -= 20; /* both lists at once do not fit into the JWS */
        s.claims.digests.n -= (size_t)20 * HASH_LEN;
        assert_ok(statement_sign(&s, signing_key_signer(key), &out));
        assert_ok(open_jws(&o, s.jws));
        assert_int_equal(o.s.refs_n, REFS_MAX);
        buf_reset(&out);
        for (size_t i = 0; i <= JWS_MAX; i++)
                buf_put_u8(&out, 'A');
        assert_err(open_jws(&o, buf_bytes(&out)), ERR_TOO_LONG);
        buf_clear(&out);
        buf_clear(&o.scratch);
        signing_key_free(key);
}

static void splits(void **state)
{
        static char text[SUBMISSION_MAX + 2];
        struct bytes jws = bytes_text("unchanged"), disclosures;

        (void)state;
        assert_err(submission_split(bytes_text(""), &jws, &disclosures), ERR_JWS);
        assert_err(submission_split(bytes_text("a.b.c"), &jws, &disclosures), ERR_JWS);
        assert_err(submission_split(bytes_text("a.b.c~d"), &jws, &disclosures), ERR_JWS);
        assert_true(bytes_is(jws, "unchanged"));
        assert_ok(submission_split(bytes_text("a.b.c~"), &jws, &disclosures));
        assert_true(bytes_is(jws, "a.b.c"));
        assert_int_equal(disclosures.n, 0);
        assert_ok(submission_split(bytes_text("a.b.c~d~e~"), &jws, &disclosures));
        assert_true(bytes_is(disclosures, "d~e~"));
        memset(text, '~', sizeof text);
        assert_ok(submission_split(bytes_of(text, SUBMISSION_MAX), &jws, &disclosures));
        assert_err(submission_split(bytes_of(text, SUBMISSION_MAX + 1), &jws, &disclosures), ERR_TOO_LONG);
}

static void made_messages(void **state)
{
        struct hash leaf = {{0}}, digest[3] = {{{3}}, {{1}}, {{2}}}, made, wanted;
        struct public_key invite = {{9}};
        struct buf text;

        (void)state;
        for (uint8_t i = 0; i < 16; i++)
                leaf.b[i] = i;
        buf_init(&text, 1024);
        log_id_put(&text, bytes_text(SAMPLE_ORIGIN), &leaf);
        assert_string_equal(buf_text(&text), SAMPLE_LOG);
        buf_reset(&text);
        log_id_put(&text, bytes_text(SAMPLE_ORIGIN), NULL);
        assert_string_equal(buf_text(&text), SAMPLE_ORIGIN "#");
        buf_reset(&text);
        pop_message_put(&text, bytes_text("log"), &invite);
        assert_int_equal(text.n, 14 + 3 + KEY_LEN);
        assert_memory_equal(text.at, "enquiry-pop-v1log\x09", 18);

        /* sorted by raw bytes, whatever their order was */
        buf_reset(&text);
        buf_put_text(&text, "enquiry-seen-v1");
        buf_put(&text, hash_bytes(&leaf));
        for (uint8_t i = 1; i <= 3; i++) {
                struct hash h = {{i}};
                buf_put(&text, hash_bytes(&h));
        }
        assert_ok(hash_of(buf_bytes(&text), &wanted));
        assert_ok(seen_hash(&leaf, 3, digest, &made));
        assert_true(hash_equal(&made, &wanted));
        assert_int_equal(digest[0].b[0], 1);
        assert_ok(hash_of(bytes_text("enquiry-release-v1"), &wanted));
        assert_ok(release_set_hash(0, NULL, &made));
        assert_true(hash_equal(&made, &wanted));
        buf_clear(&text);
}

/* They are put in order when signed, so that one set of references has one text. */
static void references_are_sorted(void **state)
{
        uint8_t raw[3 * HASH_LEN];
        struct signing_key *key = sample_key("author");
        struct statement s = sample_statement(&sample_cases[1], raw);
        struct buf one, other;

        (void)state;
        sample_fill("sd", 0, s.sd[0].b, sizeof s.sd);
        s.refs_n = 3;
        s.refs[2] = (struct ref){.rel = REL_INTENT, .st = s.prev};
        buf_init(&one, JWS_MAX);
        buf_init(&other, JWS_MAX);
        assert_ok(statement_sign(&s, signing_key_signer(key), &one));
        assert_int_equal(s.refs[0].rel, REL_INTENT);
        assert_int_equal(s.refs[1].rel, REL_OPERATION);
        struct ref last = s.refs[2];
        s.refs[2] = s.refs[0];
        s.refs[0] = last;
        assert_ok(statement_sign(&s, signing_key_signer(key), &other));
        assert_true(bytes_equal(buf_bytes(&one), buf_bytes(&other)));
        s.refs[2] = s.refs[1];
        assert_err(statement_sign(&s, signing_key_signer(key), &other), ERR_CLAIM);
        buf_clear(&one);
        buf_clear(&other);
        signing_key_free(key);
}

static void references(void **state)
{
        uint8_t raw[3 * HASH_LEN];
        struct statement s = sample_statement(&sample_cases[1], raw);

        (void)state;
        assert_ptr_equal(statement_ref(&s, REL_WITH), &s.refs[1].st);
        assert_null(statement_ref(&s, REL_TARGET));
        assert_string_equal(rel_name(REL_AMENDS), "amends");
        assert_string_equal(rel_name(REL_COUNT), "");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(round_trip),      cmocka_unit_test(text_of_payload),
            cmocka_unit_test(strict),          cmocka_unit_test(refused_texts),
            cmocka_unit_test(refused_to_sign), cmocka_unit_test(largest),
            cmocka_unit_test(splits),          cmocka_unit_test(made_messages),
            cmocka_unit_test(references),      cmocka_unit_test(references_are_sorted),
        };
        return cmocka_run_group_tests(tests, sample_setup, NULL);
}
