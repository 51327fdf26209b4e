/* sdjwt_vectors: the rows that the files of schema/vectors/sdjwt are made of, for sdjwt_test.c. */
#ifndef TESTS_LEDGER_RECORD_SDJWT_VECTORS_H
#define TESTS_LEDGER_RECORD_SDJWT_VECTORS_H

#define GIVEN_MAX  8 /* disclosures of one case */
#define HEADER     "{\"alg\":\"Ed25519\",\"typ\":\"example+sd-jwt\"}"
#define SD(digest) "{\"seq\":42,\"_sd_alg\":\"sha-256\",\"_sd\":[\"" digest "\"]}"

/* What is done to a finished token. */
enum tweak {
        AS_IT_IS,
        OTHER_SIGNATURE,
        NO_TILDE,
        KEY_BINDING,
        PAD_PAYLOAD,
        LOOSE_SIGNATURE,
        TWO_PARTS,
        FOUR_PARTS,
        EMPTY_PART
};

/* A digit after `@` in a JSON text stands for the digest of that disclosure, which is above or, in a
 * disclosure, before it. A disclosure that begins with `=` is padded, with `^` given loose trailing bits; `#`
 * in one that begins with `0` becomes a NUL byte. `sent`: which disclosures go out, in that order. */
struct vector {
        const char *name;
        const char *code; /* of the error; "OK" */
        const char *clause;
        const char *header, *payload;
        const char *given[GIVEN_MAX];
        const char *sent;
        enum tweak tweak;
        const char *processed; /* NULL unless OK */
};

#define CLAIM_0 "[\"c2FsdHNhbHRzYWx0c2EwMA\",\"place\",\"Leeds\"]"
#define CLAIM_1 "[\"c2FsdHNhbHRzYWx0c2EwMQ\",\"count\",7]"
#define VALUE_0 "[\"c2FsdHNhbHRzYWx0c2EwMg\",\"first\"]"
#define VALUE_1 "[\"c2FsdHNhbHRzYWx0c2EwMw\",{\"deep\":true}]"
#define DECOY   "ZGVjb3kgZGVjb3kgZGVjb3kgZGVjb3kgZGVjb3kgISE"
#define INNER   "[\"c2FsdHNhbHRzYWx0c2EwNA\",\"where\",{\"_sd\":[\"@0\",\"" DECOY "\"]}]"
#define TWO     "{\"seq\":42,\"_sd_alg\":\"sha-256\",\"_sd\":[\"@0\",\"@1\"]}"
#define ARRAY                                                                                                \
        "{\"list\":[\"open\",{\"...\":\"@0\"},{\"...\":\"@1\"},{\"...\":\"" DECOY                            \
        "\"}],\"_sd_alg\":\"sha-256\"}"

/* A row a line. */
/* clang-format off */
static const struct vector vectors[] = {
    /* accepted */
    {"full", "OK", "7.1", HEADER, TWO, {CLAIM_0, CLAIM_1}, "01", AS_IT_IS, "{\"seq\":42,\"place\":\"Leeds\",\"count\":7}"},
    {"full-other-order", "OK", "7.1", HEADER, TWO, {CLAIM_0, CLAIM_1}, "10", AS_IT_IS, "{\"seq\":42,\"place\":\"Leeds\",\"count\":7}"},
    {"none-disclosed", "OK", "7.1", HEADER, TWO, {CLAIM_0, CLAIM_1}, "", AS_IT_IS, "{\"seq\":42}"},
    {"subset", "OK", "7.1", HEADER, TWO, {CLAIM_0, CLAIM_1}, "1", AS_IT_IS, "{\"seq\":42,\"count\":7}"},
    {"alg-eddsa", "OK", "RFC 8037", "{\"alg\":\"EdDSA\",\"typ\":\"example+sd-jwt\"}", TWO, {CLAIM_0, CLAIM_1}, "0", AS_IT_IS, "{\"seq\":42,\"place\":\"Leeds\"}"},
    {"no-sd-alg", "OK", "4.1.1", HEADER, "{\"_sd\":[\"@0\"]}", {CLAIM_0}, "0", AS_IT_IS, "{\"place\":\"Leeds\"}"},
    {"no-digests", "OK", "4", HEADER, "{\"seq\":42}", {NULL}, "", AS_IT_IS, "{\"seq\":42}"},
    {"empty-sd", "OK", "7.1", HEADER, "{\"a\":{\"_sd\":[]}}", {NULL}, "", AS_IT_IS, "{\"a\":{}}"},
    {"decoys", "OK", "4.2.5", HEADER, "{\"_sd\":[\"" DECOY "\",\"@0\"]}", {CLAIM_0}, "0", AS_IT_IS, "{\"place\":\"Leeds\"}"},
    {"array", "OK", "4.2.2", HEADER, ARRAY, {VALUE_0, VALUE_1}, "10", AS_IT_IS, "{\"list\":[\"open\",\"first\",{\"deep\":true}]}"},
    {"array-subset", "OK", "4.2.2", HEADER, ARRAY, {VALUE_0, VALUE_1}, "1", AS_IT_IS, "{\"list\":[\"open\",{\"deep\":true}]}"},
    {"array-none", "OK", "4.2.2", HEADER, ARRAY, {VALUE_0, VALUE_1}, "", AS_IT_IS, "{\"list\":[\"open\"]}"},
    {"array-in-array", "OK", "4.2.6", HEADER, "{\"list\":[{\"...\":\"@1\"}]}", {VALUE_0, "[\"c2FsdHNhbHRzYWx0c2EwNQ\",[{\"...\":\"@0\"},1]]"}, "01", AS_IT_IS, "{\"list\":[[\"first\",1]]}"},
    {"nested", "OK", "6.2", HEADER, "{\"in\":{\"_sd\":[\"@0\"],\"kept\":1},\"_sd\":[\"@1\"]}", {CLAIM_0, CLAIM_1}, "01", AS_IT_IS, "{\"in\":{\"kept\":1,\"place\":\"Leeds\"},\"count\":7}"},
    {"recursive", "OK", "4.2.6", HEADER, SD("@1"), {CLAIM_0, INNER}, "01", AS_IT_IS, "{\"seq\":42,\"where\":{\"place\":\"Leeds\"}}"},
    {"recursive-outer-only", "OK", "4.2.6", HEADER, SD("@1"), {CLAIM_0, INNER}, "1", AS_IT_IS, "{\"seq\":42,\"where\":{}}"},
    {"same-name-elsewhere", "OK", "7.1", HEADER, "{\"place\":\"York\",\"in\":{\"_sd\":[\"@0\"]}}", {CLAIM_0}, "0", AS_IT_IS, "{\"place\":\"York\",\"in\":{\"place\":\"Leeds\"}}"},

    /* the token */
    {"bad-signature", "STM-02", "7.1 2.2", HEADER, TWO, {CLAIM_0, CLAIM_1}, "01", OTHER_SIGNATURE, NULL},
    {"missing-final-tilde", "STM-01", "4", HEADER, TWO, {CLAIM_0, CLAIM_1}, "01", NO_TILDE, NULL},
    {"key-binding-jwt", "STM-01", "7.2", HEADER, TWO, {CLAIM_0, CLAIM_1}, "01", KEY_BINDING, NULL},
    {"alg-none", "STM-01", "7.1 2.1", "{\"alg\":\"none\"}", TWO, {CLAIM_0, CLAIM_1}, "01", AS_IT_IS, NULL},
    {"alg-none-capitals", "STM-01", "7.1 2.1", "{\"alg\":\"nOnE\"}", TWO, {CLAIM_0, CLAIM_1}, "01", AS_IT_IS, NULL},
    {"alg-hs256", "STM-01", "7.1 2.1", "{\"alg\":\"HS256\"}", TWO, {CLAIM_0, CLAIM_1}, "01", AS_IT_IS, NULL},
    {"alg-es256-with-ed25519-key", "STM-01", "7.1 2.1", "{\"alg\":\"ES256\"}", TWO, {CLAIM_0, CLAIM_1}, "01", AS_IT_IS, NULL},
    {"alg-missing", "STM-01", "RFC 7515 4.1.1", "{\"typ\":\"example+sd-jwt\"}", TWO, {CLAIM_0, CLAIM_1}, "01", AS_IT_IS, NULL},
    {"alg-number", "STM-01", "RFC 7515 4.1.1", "{\"alg\":1}", TWO, {CLAIM_0, CLAIM_1}, "01", AS_IT_IS, NULL},
    {"crit", "STM-01", "RFC 7515 4.1.11", "{\"alg\":\"Ed25519\",\"b64\":false,\"crit\":[\"b64\"]}", TWO, {CLAIM_0}, "", AS_IT_IS, NULL},
    {"header-array", "STM-01", "RFC 7515 4", "[]", TWO, {CLAIM_0, CLAIM_1}, "01", AS_IT_IS, NULL},
    {"payload-array", "STM-01", "RFC 7519 3", HEADER, "[1]", {NULL}, "", AS_IT_IS, NULL},
    {"payload-padded", "STM-01", "RFC 7515 2", HEADER, SD("@0"), {CLAIM_0}, "0", PAD_PAYLOAD, NULL},
    {"signature-loose-bits", "STM-01", "RFC 4648 3.5", HEADER, SD("@0"), {CLAIM_0}, "0", LOOSE_SIGNATURE, NULL},
    {"two-parts", "STM-01", "RFC 7515 7.1", HEADER, SD("@0"), {CLAIM_0}, "0", TWO_PARTS, NULL},
    {"four-parts", "STM-01", "RFC 7515 7.1", HEADER, SD("@0"), {CLAIM_0}, "0", FOUR_PARTS, NULL},
    {"header-duplicate-member", "FRM-03", "RFC 7515 4", "{\"alg\":\"none\",\"alg\":\"Ed25519\"}", TWO, {CLAIM_0}, "", AS_IT_IS, NULL},
    {"payload-duplicate-member", "FRM-03", "RFC 7519 4", HEADER, "{\"seq\":42,\"seq\":99}", {NULL}, "", AS_IT_IS, NULL},
    {"payload-duplicate-sd", "FRM-03", "RFC 7519 4", HEADER, "{\"_sd\":[],\"_sd\":[\"@0\"]}", {CLAIM_0}, "0", AS_IT_IS, NULL},
    {"payload-two-values", "FRM-03", "RFC 8259 2", HEADER, "{\"seq\":42}{}", {NULL}, "", AS_IT_IS, NULL},
    {"payload-nul-escaped", "FRM-03", "hygiene", HEADER, "{\"a\":\"\\u0000\"}", {NULL}, "", AS_IT_IS, NULL},
    {"payload-lone-surrogate", "FRM-03", "hygiene", HEADER, "{\"a\":\"\\ud800\"}", {NULL}, "", AS_IT_IS, NULL},
    {"payload-not-utf8", "FRM-03", "RFC 8259 8.1", HEADER, "{\"a\":\"\xc0\xaf\"}", {NULL}, "", AS_IT_IS, NULL},
    {"payload-too-deep", "FRM-03", "hygiene", HEADER, "{\"a\":[[[[[[[[1]]]]]]]]}", {NULL}, "", AS_IT_IS, NULL},
    {"payload-nan", "FRM-03", "RFC 8259 6", HEADER, "{\"a\":NaN}", {NULL}, "", AS_IT_IS, NULL},

    /* disclosures */
    {"unreferenced-disclosure", "DSC-03", "7.1 5", HEADER, SD("@0"), {CLAIM_0, CLAIM_1}, "01", AS_IT_IS, NULL},
    {"same-disclosure-twice", "DSC-03", "4", HEADER, TWO, {CLAIM_0, CLAIM_1}, "010", AS_IT_IS, NULL},
    {"orphan-inner", "DSC-03", "7.1 5", HEADER, SD("@1"), {CLAIM_0, INNER}, "0", AS_IT_IS, NULL},
    {"orphan-in-array", "DSC-03", "7.1 5", HEADER, "{\"list\":[{\"...\":\"@1\"}]}", {VALUE_0, "[\"c2FsdHNhbHRzYWx0c2EwNQ\",[{\"...\":\"@0\"}]]"}, "0", AS_IT_IS, NULL},
    {"digest-longer", "DSC-03", "7.1 5", HEADER, "{\"_sd\":[\"@0A\"]}", {CLAIM_0}, "0", AS_IT_IS, NULL},
    {"digest-repeated", "DSC-05", "7.1 4", HEADER, "{\"_sd\":[\"@0\",\"@0\"]}", {CLAIM_0}, "0", AS_IT_IS, NULL},
    {"digest-repeated-undisclosed", "DSC-05", "7.1 4", HEADER, "{\"_sd\":[\"@0\",\"@0\"]}", {CLAIM_0}, "", AS_IT_IS, NULL},
    {"digest-repeated-nested", "DSC-05", "7.1 4", HEADER, "{\"a\":{\"_sd\":[\"@0\"]},\"b\":{\"c\":{\"_sd\":[\"@0\"]}}}", {CLAIM_0}, "0", AS_IT_IS, NULL},
    {"digest-repeated-in-array", "DSC-05", "7.1 4", HEADER, "{\"a\":[{\"...\":\"@0\"},{\"...\":\"@0\"}]}", {VALUE_0}, "", AS_IT_IS, NULL},
    {"digest-repeated-in-disclosure", "DSC-05", "7.1 4", HEADER, "{\"_sd\":[\"@0\",\"@1\"]}", {CLAIM_0, INNER}, "01", AS_IT_IS, NULL},
    {"decoy-repeated", "DSC-05", "7.1 4", HEADER, "{\"_sd\":[\"" DECOY "\"],\"a\":[{\"...\":\"" DECOY "\"}]}", {NULL}, "", AS_IT_IS, NULL},
    {"name-collides", "DSC-04", "7.1 3.3.2.3", HEADER, SD("@0"), {"[\"c2FsdHNhbHRzYWx0c2EwNg\",\"seq\",99]"}, "0", AS_IT_IS, NULL},
    {"name-collides-nested", "DSC-04", "7.1 3.3.2.3", HEADER, "{\"in\":{\"place\":\"York\",\"_sd\":[\"@0\"]}}", {CLAIM_0}, "0", AS_IT_IS, NULL},
    {"name-collides-in-disclosure", "DSC-04", "7.1 3.3.2.3", HEADER, SD("@1"), {CLAIM_0, "[\"c2FsdHNhbHRzYWx0c2EwNA\",\"where\",{\"place\":\"York\",\"_sd\":[\"@0\"]}]"}, "01", AS_IT_IS, NULL},
    {"name-disclosed-twice", "DSC-04", "7.1 3.3.2.3", HEADER, TWO, {CLAIM_0, "[\"c2FsdHNhbHRzYWx0c2EwNw\",\"place\",\"York\"]"}, "01", AS_IT_IS, NULL},
    {"name-sd", "DSC-04", "7.1 3.3.2.2", HEADER, SD("@0"), {"[\"c2FsdHNhbHRzYWx0c2EwOA\",\"_sd\",[]]"}, "0", AS_IT_IS, NULL},
    {"name-dots", "DSC-04", "7.1 3.3.2.2", HEADER, SD("@0"), {"[\"c2FsdHNhbHRzYWx0c2EwOA\",\"...\",\"x\"]"}, "0", AS_IT_IS, NULL},
    {"name-sd-alg", "DSC-04", "4.1.1", HEADER, "{\"_sd\":[\"@0\"]}", {"[\"c2FsdHNhbHRzYWx0c2EwOA\",\"_sd_alg\",\"md5\"]"}, "0", AS_IT_IS, NULL},
    {"name-number", "DSC-01", "4.2.1", HEADER, SD("@0"), {"[\"c2FsdHNhbHRzYWx0c2EwOA\",1,\"x\"]"}, "0", AS_IT_IS, NULL},
    {"sd-not-array", "DSC-04", "4.1", HEADER, "{\"_sd\":\"@0\"}", {CLAIM_0}, "", AS_IT_IS, NULL},
    {"sd-of-numbers", "DSC-04", "4.1", HEADER, "{\"_sd\":[1]}", {NULL}, "", AS_IT_IS, NULL},
    {"dots-with-second-member", "DSC-04", "4.2.4.2", HEADER, "{\"a\":[{\"...\":\"@0\",\"b\":1}]}", {VALUE_0}, "", AS_IT_IS, NULL},
    {"dots-outside-array", "DSC-04", "4.1", HEADER, "{\"a\":{\"...\":\"@0\"}}", {VALUE_0}, "", AS_IT_IS, NULL},
    {"dots-at-the-top", "DSC-04", "4.1", HEADER, "{\"...\":\"@0\"}", {VALUE_0}, "", AS_IT_IS, NULL},
    {"dots-number", "DSC-04", "4.2.4.2", HEADER, "{\"a\":[{\"...\":1}]}", {NULL}, "", AS_IT_IS, NULL},
    {"dots-in-disclosure", "DSC-04", "4.1", HEADER, SD("@0"), {"[\"c2FsdHNhbHRzYWx0c2EwOQ\",\"a\",{\"...\":\"x\"}]"}, "0", AS_IT_IS, NULL},
    {"sd-alg-md5", "DSC-07", "4.1.1", HEADER, "{\"_sd_alg\":\"md5\",\"_sd\":[\"@0\"]}", {CLAIM_0}, "0", AS_IT_IS, NULL},
    {"sd-alg-capitals", "DSC-07", "4.1.1", HEADER, "{\"_sd_alg\":\"SHA-256\",\"_sd\":[\"@0\"]}", {CLAIM_0}, "0", AS_IT_IS, NULL},
    {"sd-alg-null", "DSC-07", "4.1.1", HEADER, "{\"_sd_alg\":null,\"_sd\":[\"@0\"]}", {CLAIM_0}, "0", AS_IT_IS, NULL},
    {"sd-alg-nested", "DSC-07", "4.1.1", HEADER, "{\"a\":{\"_sd_alg\":\"sha-256\"}}", {NULL}, "", AS_IT_IS, NULL},
    {"two-elements-under-sd", "DSC-01", "7.1 3.3.2.1", HEADER, SD("@0"), {VALUE_0}, "0", AS_IT_IS, NULL},
    {"three-elements-in-array", "DSC-01", "7.1 3.3.3.1", HEADER, "{\"a\":[{\"...\":\"@0\"}]}", {CLAIM_0}, "0", AS_IT_IS, NULL},
    {"one-element", "DSC-01", "4.2", HEADER, SD("@0"), {"[\"c2FsdHNhbHRzYWx0c2EwOA\"]"}, "0", AS_IT_IS, NULL},
    {"four-elements", "DSC-01", "4.2", HEADER, SD("@0"), {"[\"c2FsdHNhbHRzYWx0c2EwOA\",\"a\",1,2]"}, "0", AS_IT_IS, NULL},
    {"disclosure-object", "DSC-01", "4.2", HEADER, SD("@0"), {"{\"salt\":\"a\",\"place\":\"Leeds\"}"}, "0", AS_IT_IS, NULL},
    {"salt-number", "DSC-01", "4.2.1", HEADER, SD("@0"), {"[1,\"place\",\"Leeds\"]"}, "0", AS_IT_IS, NULL},
    {"disclosure-padded", "DSC-01", "RFC 7515 2", HEADER, SD("@0"), {"=[\"c2FsdHNhbHRzYWx0c2EwMA\",\"place\",\"York\"]"}, "0", AS_IT_IS, NULL},
    {"disclosure-loose-bits", "DSC-01", "RFC 4648 3.5", HEADER, SD("@0"), {"^[\"c2FsdHNhbHRzYWx0c2EwMA\",\"place\",\"York\"]"}, "0", AS_IT_IS, NULL},
    {"disclosure-empty", "DSC-01", "4", HEADER, SD("@0"), {CLAIM_0}, "0", EMPTY_PART, NULL},
    {"disclosure-not-json", "FRM-03", "4.2.1", HEADER, SD("@0"), {"[\"c2FsdHNhbHRzYWx0c2EwMA\",\"place\",Leeds]"}, "0", AS_IT_IS, NULL},
    {"disclosure-trailing-bytes", "FRM-03", "4.2.1", HEADER, SD("@0"), {CLAIM_0 "[]"}, "0", AS_IT_IS, NULL},
    {"disclosure-duplicate-member", "FRM-03", "hygiene", HEADER, SD("@0"), {"[\"c2FsdHNhbHRzYWx0c2EwMA\",\"place\",{\"a\":1,\"a\":2}]"}, "0", AS_IT_IS, NULL},
    {"disclosure-nul-byte", "FRM-03", "hygiene", HEADER, SD("@0"), {"0[\"c2FsdHNhbHRzYWx0c2EwMA\",\"place\",\"Le#ds\"]"}, "0", AS_IT_IS, NULL},
    {"disclosure-nul-escaped", "FRM-03", "hygiene", HEADER, SD("@0"), {"[\"c2FsdHNhbHRzYWx0c2EwMA\",\"pl\\u0000ace\",1]"}, "0", AS_IT_IS, NULL},

    /* valid JSON, but not in the one form that our own records have: accepted with SDJWT_ANY */
    {"ours-white-space", "FRM-03", "ours", HEADER, "{\"seq\": 42}", {NULL}, "", AS_IT_IS, "{\"seq\":42}"},
    {"ours-fraction", "FRM-03", "ours", HEADER, "{\"seq\":4.2e1}", {NULL}, "", AS_IT_IS, "{\"seq\":4.2e1}"},
    {"ours-large-integer", "FRM-03", "ours", HEADER, "{\"seq\":9007199254740992}", {NULL}, "", AS_IT_IS, "{\"seq\":9007199254740992}"},
    {"ours-escaped-solidus", "FRM-03", "ours", HEADER, "{\"a\":\"\\/\"}", {NULL}, "", AS_IT_IS, "{\"a\":\"/\"}"},
    {"ours-escaped-letter", "FRM-03", "ours", HEADER, "{\"\\u0061\":\"\\u00e9\"}", {NULL}, "", AS_IT_IS, "{\"a\":\"\xc3\xa9\"}"},
    {"ours-disclosure-white-space", "FRM-03", "ours", HEADER, SD("@0"), {"[\"c2FsdHNhbHRzYWx0c2EwMA\", \"place\", \"Leeds\"]"}, "0", AS_IT_IS, "{\"seq\":42,\"place\":\"Leeds\"}"},
};
/* clang-format on */
#define VECTORS_COUNT (sizeof vectors / sizeof vectors[0])

#endif
