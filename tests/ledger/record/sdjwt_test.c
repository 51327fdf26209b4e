/* The verifier against its own vector files (schema/vectors/sdjwt, written with ENQUIRY_WRITE=1) and those of
 * RFC 9901. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "ledger/base/b64.h"
#include "ledger/crypto/random.h"
#include "ledger/record/sdjwt.h"
#include "tests/ledger/record/sdjwt_vectors.h"

#define VECTORS  TEST_ROOT "/schema/vectors/sdjwt/"
#define FILE_MAX 65536 /* bytes */

struct fixture {
        struct signing_key *key;
        struct signer signer;
};

static int open_fixture(void **state)
{
        static struct fixture f;
        uint8_t seed[SEED_LEN];
        for (size_t i = 0; i < SEED_LEN; i++)
                seed[i] = (uint8_t)i;
        assert_int_equal(crypto_setup(), OK);
        assert_int_equal(signing_key_new(bytes_of(seed, sizeof seed), &f.key), OK);
        f.signer = signing_key_signer(f.key);
        *state = &f;
        return 0;
}

static int close_fixture(void **state)
{
        signing_key_free(((struct fixture *)*state)->key);
        return 0;
}

/* The text with `@0` to `@7` replaced by digests. */
static void put_template(struct buf *out, const char *text, char digest[GIVEN_MAX][HASH_TEXT_LEN + 1])
{
        for (; *text != 0; text++)
                if (*text == '@')
                        buf_put_text(out, digest[*++text - '0']);
                else
                        buf_put_u8(out, (uint8_t)*text);
}

/* Sets bits that a canonical encoding leaves zero. The text must have some. */
static void loosen(struct buf *text, size_t from)
{
        static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        size_t spare = (text->n - from) % 4;
        assert_true(spare == 2 || spare == 3);
        const char *at = strchr(letters, text->at[text->n - 1]);
        assert_non_null(at);
        text->at[text->n - 1] = (uint8_t)at[1];
}

static void put_disclosure(struct buf *out, const char *given, char digest[GIVEN_MAX][HASH_TEXT_LEN + 1])
{
        struct buf json;
        size_t from = out->n;
        char how = given[0] == '=' || given[0] == '^' || given[0] == '0' ? *given++ : 0;
        buf_init(&json, FILE_MAX);
        put_template(&json, given, digest);
        for (size_t i = 0; how == '0' && i < json.n; i++)
                if (json.at[i] == '#')
                        json.at[i] = 0;
        b64u_put(out, buf_bytes(&json));
        if (how == '=')
                buf_put_text(out, "=");
        if (how == '^')
                loosen(out, from);
        assert_int_equal(buf_check(out), OK);
        buf_clear(&json);
}

static void put_jws(struct fixture *f, const char *header, struct bytes payload, enum tweak tweak,
                    struct buf *out)
{
        struct sig sig;
        b64u_put(out, bytes_text(header));
        buf_put_text(out, ".");
        b64u_put(out, payload);
        if (tweak == PAD_PAYLOAD)
                buf_put_text(out, "=");
        assert_int_equal(f->signer.sign(f->signer.self, buf_bytes(out), &sig), OK);
        if (tweak == OTHER_SIGNATURE)
                sig.b[0] ^= 1;
        if (tweak != TWO_PARTS) {
                buf_put_text(out, ".");
                size_t from = out->n;
                b64u_put(out, bytes_of(sig.b, sizeof sig.b));
                if (tweak == LOOSE_SIGNATURE)
                        loosen(out, from);
        }
        if (tweak == FOUR_PARTS)
                buf_put_text(out, ".AAAA");
        buf_put_text(out, "~");
}

static void make_token(struct fixture *f, const struct vector *v, struct buf *out)
{
        char digest[GIVEN_MAX][HASH_TEXT_LEN + 1] = {{0}};
        struct buf payload, text[GIVEN_MAX];
        struct hash h;
        size_t n = 0;
        for (; n < GIVEN_MAX && v->given[n] != NULL; n++) {
                buf_init(&text[n], FILE_MAX);
                put_disclosure(&text[n], v->given[n], digest);
                assert_int_equal(hash_of(buf_bytes(&text[n]), &h), OK);
                hash_text(&h, digest[n]);
        }
        buf_init(&payload, FILE_MAX);
        put_template(&payload, v->payload, digest);
        put_jws(f, v->header, buf_bytes(&payload), v->tweak, out);
        for (const char *s = v->sent; *s != 0; s++) {
                buf_put(out, buf_bytes(&text[*s - '0']));
                buf_put_text(out, "~");
        }
        if (v->tweak == NO_TILDE)
                out->n--;
        if (v->tweak == EMPTY_PART)
                buf_put_text(out, "~");
        if (v->tweak == KEY_BINDING)
                buf_put_text(out, "eyJhbGciOiJFZDI1NTE5IiwidHlwIjoia2Irand0In0.e30.AAAA");
        assert_int_equal(buf_check(out), OK);
        while (n > 0)
                buf_clear(&text[--n]);
        buf_clear(&payload);
}

static bool read_file(const char *path, struct buf *out)
{
        FILE *file = fopen(path, "rb");
        if (file == NULL)
                return false;
        uint8_t *room = buf_put_room(out, FILE_MAX);
        assert_non_null(room);
        size_t n = fread(room, 1, FILE_MAX, file);
        out->n -= FILE_MAX - n;
        assert_int_equal(fclose(file), 0);
        return true;
}

/* Compares with the file; ENQUIRY_WRITE=1 writes it instead. */
static void check_file(const char *name, const char *suffix, struct bytes expected)
{
        char path[512];
        struct buf found;
        (void)snprintf(path, sizeof path, VECTORS "%s%s", name, suffix);
        if (getenv("ENQUIRY_WRITE") != NULL) {
                FILE *file = fopen(path, "wb");
                assert_non_null(file);
                assert_int_equal(fwrite(expected.at, 1, expected.n, file), expected.n);
                assert_int_equal(fclose(file), 0);
        }
        buf_init(&found, FILE_MAX);
        if (!read_file(path, &found) || !bytes_equal(buf_bytes(&found), expected))
                fail_msg("%s is not what the test makes; ENQUIRY_WRITE=1 writes it", path);
        buf_clear(&found);
}

static const char *verify(struct bytes token, const struct public_key *key, enum sdjwt_json json,
                          struct buf *out)
{
        struct sdjwt_rules rules = {.key = key, .json = json};
        struct why why = {.code = OK};
        enum err e = sdjwt_verify(token, &rules, out, &why);
        assert_true(why.code == OK || why.code == e);
        return err_row(e)->code;
}

static void check_vector(struct fixture *f, const struct vector *v, enum sdjwt_json json, struct bytes token)
{
        struct buf out;
        bool taken = strcmp(v->code, "OK") == 0 || (json == SDJWT_ANY && strcmp(v->clause, "ours") == 0);
        buf_init(&out, FILE_MAX);
        buf_put_text(&out, "before");
        const char *code = verify(token, &f->signer.key, json, &out);
        if (strcmp(code, taken ? "OK" : v->code) != 0)
                fail_msg("%s: %s instead of %s", v->name, code, taken ? "OK" : v->code);
        if (taken)
                assert_string_equal(buf_text(&out) + strlen("before"), v->processed);
        else
                assert_string_equal(buf_text(&out), "before");
        buf_clear(&out);
}

static void each_vector_gets_its_verdict(void **state)
{
        struct buf csv;
        buf_init(&csv, FILE_MAX);
        buf_put_text(&csv, "file,verdict,code,clause\n");
        for (size_t i = 0; i < VECTORS_COUNT; i++) {
                const struct vector *v = &vectors[i];
                struct buf token;
                buf_init(&token, FILE_MAX);
                make_token(*state, v, &token);
                check_file(v->name, ".sdjwt", buf_bytes(&token));
                check_vector(*state, v, SDJWT_OURS, buf_bytes(&token));
                check_vector(*state, v, SDJWT_ANY, buf_bytes(&token));
                buf_put_format(&csv, "%s.sdjwt,%s,%s,%s\n", v->name,
                               strcmp(v->code, "OK") == 0 ? "accept" : "reject", v->code, v->clause);
                buf_clear(&token);
        }
        check_file("expected", ".csv", buf_bytes(&csv));
        buf_clear(&csv);
}

static const struct vector *vector_of(const char *name)
{
        for (size_t i = 0; i < VECTORS_COUNT; i++)
                if (strcmp(vectors[i].name, name) == 0)
                        return &vectors[i];
        fail_msg("no vector %s", name);
        return NULL;
}

/* A cut at a `~` leaves fewer disclosures, which is a presentation of its own; any other cut must be refused.
 */
static void every_prefix_is_refused(void **state)
{
        struct fixture *f = *state;
        struct buf token, out;
        size_t taken = 0;
        buf_init(&token, FILE_MAX);
        buf_init(&out, FILE_MAX);
        make_token(f, vector_of("full"), &token);
        for (size_t n = 0; n < token.n; n++) {
                const char *code = verify(bytes_of(token.at, n), &f->signer.key, SDJWT_OURS, &out);
                bool whole = n > 0 && token.at[n - 1] == '~';
                if ((strcmp(code, "OK") == 0) != whole)
                        fail_msg("%zu bytes of %zu: %s", n, token.n, code);
                taken += whole;
        }
        assert_int_equal(taken, 2);
        buf_put_text(&token, "~");
        assert_string_equal(verify(buf_bytes(&token), &f->signer.key, SDJWT_OURS, &out), "DSC-01");
        token.at[token.n - 1] = 'A';
        assert_string_equal(verify(buf_bytes(&token), &f->signer.key, SDJWT_OURS, &out), "STM-01");
        buf_clear(&token);
        buf_clear(&out);
}

static void every_flipped_bit_is_refused(void **state)
{
        static const char *const names[] = {"recursive", "array"};
        struct fixture *f = *state;
        for (size_t i = 0; i < 2; i++) {
                struct buf token, out;
                buf_init(&token, FILE_MAX);
                buf_init(&out, FILE_MAX);
                make_token(f, vector_of(names[i]), &token);
                for (size_t bit = 0; bit < 8 * token.n; bit++) {
                        token.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
                        if (strcmp(verify(buf_bytes(&token), &f->signer.key, SDJWT_ANY, &out), "OK") == 0)
                                fail_msg("%s: bit %zu of byte %zu", names[i], bit % 8, bit / 8);
                        token.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
                }
                assert_string_equal(verify(buf_bytes(&token), &f->signer.key, SDJWT_ANY, &out), "OK");
                buf_clear(&token);
                buf_clear(&out);
        }
}

static void the_type_is_compared(void **state)
{
        struct fixture *f = *state;
        struct sdjwt_rules rules = {.key = &f->signer.key, .typ = "example+sd-jwt"};
        struct buf token, out;
        buf_init(&token, FILE_MAX);
        buf_init(&out, FILE_MAX);
        make_token(f, vector_of("full"), &token);
        assert_int_equal(sdjwt_verify(buf_bytes(&token), &rules, &out, NULL), OK);
        rules.typ = "enquiry+sd-jwt";
        assert_int_equal(sdjwt_verify(buf_bytes(&token), &rules, &out, NULL), ERR_JWS);
        rules.typ = "example+sd-jwt";
        buf_reset(&token);
        make_token(f, vector_of("alg-hs256"), &token); /* has no typ */
        rules.key = NULL;
        assert_int_equal(sdjwt_verify(buf_bytes(&token), &rules, &out, NULL), ERR_JWS);
        rules.typ = NULL;
        assert_int_equal(sdjwt_verify(buf_bytes(&token), &rules, &out, NULL), OK);
        buf_clear(&token);
        buf_clear(&out);
}

static void another_key_is_refused(void **state)
{
        struct fixture *f = *state;
        uint8_t seed[SEED_LEN] = {1};
        struct signing_key *other;
        struct buf token, out;
        assert_int_equal(signing_key_new(bytes_of(seed, sizeof seed), &other), OK);
        struct public_key key = signing_key_signer(other).key;
        buf_init(&token, FILE_MAX);
        buf_init(&out, FILE_MAX);
        make_token(f, vector_of("full"), &token);
        assert_string_equal(verify(buf_bytes(&token), &key, SDJWT_OURS, &out), "STM-02");
        buf_clear(&token);
        buf_clear(&out);
        signing_key_free(other);
}

static void without_a_key_none_is_refused_still(void **state)
{
        static const struct {
                const char *name, *code;
        } rows[] = {{"alg-none", "STM-01"},    {"alg-none-capitals", "STM-01"},
                    {"alg-missing", "STM-01"}, {"signature-loose-bits", "STM-01"},
                    {"two-parts", "STM-01"},   {"four-parts", "STM-01"},
                    {"alg-hs256", "OK"},       {"bad-signature", "OK"}};
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct buf token, out;
                buf_init(&token, FILE_MAX);
                buf_init(&out, FILE_MAX);
                make_token(*state, vector_of(rows[i].name), &token);
                assert_string_equal(verify(buf_bytes(&token), NULL, SDJWT_OURS, &out), rows[i].code);
                buf_clear(&token);
                buf_clear(&out);
        }
}

/* Values of a payload, read as any JSON; NULL: refused. */
static const struct {
        const char *value, *written;
} values[] = {
    {" [ ] ", "[]"},
    {"{ \"b\" :\t1 ,\n\"a\":\r2}", "{\"b\":1,\"a\":2}"},
    {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\u0008\\u000c\\u000a\\u000d\\u0009\""},
    {"\"\\u00E9\\ud83d\\ude00\"", "\"\xc3\xa9\xf0\x9f\x98\x80\""},
    {"-0", "-0"},
    {"-1.50E+3", "-1.50E+3"},
    {"0.1e-2", "0.1e-2"},
    {"true", "true"},
    {"[null,false]", "[null,false]"},
    {"", NULL},
    {"01", NULL},
    {"-", NULL},
    {"+1", NULL},
    {"1.", NULL},
    {".5", NULL},
    {"1e", NULL},
    {"1e+", NULL},
    {"0x1", NULL},
    {"tru", NULL},
    {"True", NULL},
    {"[1,]", NULL},
    {"[,1]", NULL},
    {"[1 2]", NULL},
    {"{\"a\":1,}", NULL},
    {"{\"a\"}", NULL},
    {"{a:1}", NULL},
    {"{\"a\":1,\"\\u0061\":2}", NULL},
    {"'a'", NULL},
    {"\"a", NULL},
    {"\"\\", NULL},
    {"\"\\x\"", NULL},
    {"\"\\u12\"", NULL},
    {"\"\\u12g4\"", NULL},
    {"\"\\ud83d\"", NULL},
    {"\"\\ud83d\\u0041\"", NULL},
    {"\"\\ude00\\ud83d\"", NULL},
    {"\"\xed\xa0\x80\"", NULL},
    {"\"\xf4\x90\x80\x80\"", NULL},
    {"\"\x01\"", NULL},
    {"\"\t\"", NULL},
    {"[[[[[[[1]]]]]]]", "[[[[[[[1]]]]]]]"},
    {"[[[[[[[[1]]]]]]]]", NULL},
    {"1//", NULL},
};

static void any_json_is_read(void **state)
{
        struct fixture *f = *state;
        for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
                struct buf payload, token, out;
                buf_init(&payload, FILE_MAX);
                buf_init(&token, FILE_MAX);
                buf_init(&out, FILE_MAX);
                buf_put_format(&payload, "{\"v\":%s}", values[i].value);
                put_jws(f, HEADER, buf_bytes(&payload), AS_IT_IS, &token);
                const char *code = verify(buf_bytes(&token), &f->signer.key, SDJWT_ANY, &out);
                if (strcmp(code, values[i].written == NULL ? "FRM-03" : "OK") != 0)
                        fail_msg("%s: %s", values[i].value, code);
                buf_reset(&payload);
                if (values[i].written != NULL) {
                        buf_put_format(&payload, "{\"v\":%s}", values[i].written);
                        assert_string_equal(buf_text(&out), buf_text(&payload));
                }
                buf_clear(&payload);
                buf_clear(&token);
                buf_clear(&out);
        }
}

static void limits_hold(void **state)
{
        struct fixture *f = *state;
        struct buf token, out;
        buf_init(&token, SDJWT_MAX + 1);
        buf_init(&out, FILE_MAX);
        put_jws(f, HEADER, bytes_text("{}"), AS_IT_IS, &token);
        size_t jws = token.n;
        for (size_t i = 0; i <= SDJWT_DISCLOSURES_MAX; i++)
                buf_put_text(&token, "W10~");
        assert_string_equal(verify(buf_bytes(&token), &f->signer.key, SDJWT_OURS, &out), "FRM-02");
        token.n = jws + (size_t)4 * SDJWT_DISCLOSURES_MAX;
        assert_string_equal(verify(buf_bytes(&token), &f->signer.key, SDJWT_OURS, &out), "DSC-01");
        token.n = jws;
        uint8_t *room = buf_put_room(&token, SDJWT_MAX + 1 - jws);
        assert_non_null(room);
        memset(room, 'A', SDJWT_MAX + 1 - jws);
        token.at[SDJWT_MAX - 1] = '~';
        token.at[SDJWT_MAX] = '~';
        assert_string_equal(verify(bytes_of(token.at, SDJWT_MAX + 1), &f->signer.key, SDJWT_OURS, &out),
                            "FRM-02");
        /* four letters of three zero bytes at a time: canonical, but no JSON */
        assert_string_equal(verify(bytes_of(token.at, SDJWT_MAX - (SDJWT_MAX - 1 - jws) % 4), &f->signer.key,
                                   SDJWT_OURS, &out),
                            "STM-01");
        buf_clear(&token);
        buf_clear(&out);
}

/* Disclosures within disclosures: each alone is shallow, together they are bounded. */
static void deep_recursion_is_bounded(void **state)
{
        struct fixture *f = *state;
        for (size_t levels = 30; levels <= 40; levels += 10) {
                struct buf token, payload, json, text;
                char digest[HASH_TEXT_LEN + 1] = "";
                struct hash h;
                struct buf out;
                buf_init(&token, FILE_MAX);
                buf_init(&payload, FILE_MAX);
                buf_init(&json, FILE_MAX);
                buf_init(&text, FILE_MAX);
                buf_init(&out, FILE_MAX);
                for (size_t i = 0; i < levels; i++) {
                        size_t from = text.n;
                        buf_reset(&json);
                        buf_put_format(&json, "[\"salt%zu\",\"in\",{\"_sd\":[\"%s\"]}]", i, digest);
                        b64u_put(&text, buf_bytes(&json));
                        assert_int_equal(hash_of(buf_since(&text, from), &h), OK);
                        hash_text(&h, digest);
                        buf_put_text(&text, "~");
                }
                buf_put_format(&payload, "{\"_sd\":[\"%s\"]}", digest);
                put_jws(f, HEADER, buf_bytes(&payload), AS_IT_IS, &token);
                buf_put(&token, buf_bytes(&text));
                assert_string_equal(verify(buf_bytes(&token), &f->signer.key, SDJWT_OURS, &out),
                                    levels == 30 ? "OK" : "FRM-03");
                buf_clear(&token);
                buf_clear(&payload);
                buf_clear(&json);
                buf_clear(&text);
                buf_clear(&out);
        }
}

/* The next line of a CSV without quoting, as `count` fields. */
static bool next_row(char **at, size_t count, char *field[])
{
        if (**at == 0)
                return false;
        char *line = *at, *end = strchr(line, '\n');
        assert_non_null(end);
        *end = 0;
        *at = end + 1;
        for (size_t i = 0; i < count; i++) {
                field[i] = line;
                line = strchr(line, ',');
                assert_true((line == NULL) == (i + 1 == count));
                if (line != NULL)
                        *line++ = 0;
        }
        return true;
}

static void check_processed(const char *file, struct buf *out)
{
        char path[512];
        json_error_t error;
        (void)snprintf(path, sizeof path, VECTORS "rfc9901/%.*s.json", (int)(strlen(file) - strlen(".sdjwt")),
                       file);
        json_t *expected = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
        json_t *found = json_loads(buf_text(out), JSON_REJECT_DUPLICATES, &error);
        assert_non_null(expected);
        assert_non_null(found);
        if (!json_equal(expected, found))
                fail_msg("%s: %s", file, buf_text(out));
        json_decref(expected);
        json_decref(found);
}

static void rfc_vectors_are_verified(void **state)
{
        struct fixture *f = *state;
        struct buf csv;
        char *field[3];
        size_t n = 0;
        buf_init(&csv, 2 * FILE_MAX);
        assert_true(read_file(VECTORS "rfc9901/expected.csv", &csv));
        buf_put_u8(&csv, 0);
        char *at = (char *)csv.at;
        assert_true(next_row(&at, 3, field));
        for (; next_row(&at, 3, field); n++) {
                struct buf token, out;
                char path[512];
                buf_init(&token, FILE_MAX);
                buf_init(&out, FILE_MAX);
                (void)snprintf(path, sizeof path, VECTORS "rfc9901/%s", field[0]);
                assert_true(read_file(path, &token));
                const char *code =
                    verify(buf_bytes(&token), field[0][0] == '6' ? &f->signer.key : NULL, SDJWT_ANY, &out);
                if (strcmp(code, field[2]) != 0)
                        fail_msg("%s: %s instead of %s", field[0], code, field[2]);
                assert_string_equal(field[1], strcmp(code, "OK") == 0 ? "accept" : "reject");
                if (strcmp(code, "OK") == 0)
                        check_processed(field[0], &out);
                buf_clear(&token);
                buf_clear(&out);
        }
        assert_int_equal(n, 11);
        buf_clear(&csv);
}

static void rfc_digests_are_ours(void **state)
{
        struct buf csv;
        char *field[4], text[HASH_TEXT_LEN + 1];
        struct hash h;
        size_t n = 0;
        (void)state;
        buf_init(&csv, 2 * FILE_MAX);
        assert_true(read_file(VECTORS "rfc9901/disclosures.csv", &csv));
        buf_put_u8(&csv, 0);
        char *at = (char *)csv.at;
        assert_true(next_row(&at, 4, field));
        for (; next_row(&at, 4, field); n++) {
                assert_int_equal(hash_of(bytes_text(field[2]), &h), OK);
                hash_text(&h, text);
                assert_string_equal(text, field[3]);
        }
        assert_int_equal(n, 18);
        buf_clear(&csv);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(each_vector_gets_its_verdict),
            cmocka_unit_test(every_prefix_is_refused),
            cmocka_unit_test(every_flipped_bit_is_refused),
            cmocka_unit_test(the_type_is_compared),
            cmocka_unit_test(another_key_is_refused),
            cmocka_unit_test(without_a_key_none_is_refused_still),
            cmocka_unit_test(any_json_is_read),
            cmocka_unit_test(limits_hold),
            cmocka_unit_test(deep_recursion_is_bounded),
            cmocka_unit_test(rfc_vectors_are_verified),
            cmocka_unit_test(rfc_digests_are_ours),
        };
        return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
