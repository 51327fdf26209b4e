/* Bodies made of any fields, signed, and decoded again: digests cannot be guessed, so this is how the fuzzer
 * gets behind them. Input: kind (1), then for each field its number (1), length (2) and value. */
#include "ledger/record/body.h"
#include "tests/fuzz/fuzz.h"

static struct statement made, seen;
static struct body body, decoded;

static struct signer signer_of_target(void)
{
        static struct signing_key *key;
        static const uint8_t seed[SEED_LEN] = {7};
        if (key == NULL)
                must(signing_key_new(bytes_of(seed, sizeof seed), &key) == OK, "the target's key");
        return signing_key_signer(key);
}

static void fill(struct bytes in)
{
        uint8_t kind = 0, number;
        uint16_t length;
        struct bytes value;
        if (bytes_take_u8(&in, &kind))
                return;
        body_init(&body, (enum kind)(kind % KIND_COUNT));
        while (!bytes_take_u8(&in, &number) && !bytes_take_u16(&in, &length)) {
                if (bytes_take(&in, length < in.n ? length : in.n, &value))
                        return;
                const struct field *f = &fields[number % fields_count];
                enum err e = body_add(&body, f, ORIGIN_TYPED, value);
                if (!field_check(f, value, NULL) && field_has_kind(f, body.kind))
                        must(e == OK || body_find(&body, f->name) != NULL || e == ERR_FIELD_VALUE,
                             "a value of the table's can be added");
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        struct buf jws, text, payload, values;
        struct why why = {0};
        body = (struct body){.kind = KIND_INTENT};
        fill(bytes_of(data, n));
        if (n == 0)
                return 0;
        buf_init(&jws, 2 * JWS_MAX);
        buf_init(&text, SUBMISSION_MAX);
        buf_init(&payload, 2 * JWS_MAX);
        buf_init(&values, SUBMISSION_MAX);
        made = (struct statement){.log = bytes_text("log.example/enquiries#AAECAwQFBgcICQoLDA0ODw"),
                                  .kind = body.kind,
                                  .n = 1,
                                  .iat = 1795453200};
        uuid_make(1795453200000000, made.jti);
        if (body_digests(&body, made.sd) || body_put(&body, &text) || buf_check(&text))
                goto done;
        /* Of the kinds whose claims say nothing: the whole statement, not only its body. */
        const struct statement *as_read = &made;
        if (made.kind == KIND_INTENT || made.kind == KIND_ACTIVITY || made.kind == KIND_AMEND) {
                struct signer signer = signer_of_target();
                must(statement_sign(&made, signer, &jws) == OK, "it can be signed");
                must(statement_decode(made.jws, &payload, &seen, &why) == OK, "what was signed can be read");
                must(statement_check_signature(&seen, &signer.key) == OK, "and its signature fits");
                as_read = &seen;
        }
        must(body_decode(as_read, buf_bytes(&text), &values, &decoded, &why) == OK,
             "what was written can be read");
        must(decoded.n == body.n, "with all its fields");
        for (size_t i = 0; i < body.n; i++)
                must(bytes_equal(decoded.field[i].value, body.field[i].value), "and their values");
        if (body_check_fields(&decoded, &why))
                must(why.code != OK, "a field is refused with a reason");
done:
        buf_clear(&jws);
        buf_clear(&text);
        buf_clear(&payload);
        buf_clear(&values);
        return 0;
}
