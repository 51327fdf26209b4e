#include "ledger/record/claims.h"

#include "sample.h"

static void put(struct buf *out, const struct sample_case *at)
{
        uint8_t raw[3 * HASH_LEN];
        struct claims c = sample_claims(at->act, at->verb, raw);

        buf_init(out, 1 << 16);
        assert_ok(claims_put(out, at->kind, &c));
}

/* The text must end in `;`: a number ends only where something else begins. */
static enum err take(enum kind kind, struct bytes text, struct claims *out)
{
        struct buf scratch;
        enum err e;

        buf_init(&scratch, 1 << 16);
        e = claims_take(&text, kind, &scratch, out);
        if (!e && (bytes_take_text(&text, ";") || text.n > 0))
                e = ERR_FORM;
        out->digests = bytes_of(NULL, 0); /* gone with the scratch */
        buf_clear(&scratch);
        return e;
}

/* Written, taken, written again: the same text, so that no claim is lost on the way. */
static void round_trip(void **state)
{
        (void)state;
        for (size_t i = 0; i < SAMPLE_CASES; i++) {
                const struct sample_case *at = &sample_cases[i];
                struct buf text, again, scratch;
                struct claims c;
                put(&text, at);
                buf_init(&again, 1 << 16);
                buf_init(&scratch, 1 << 16);
                struct bytes in = buf_bytes(&text);
                assert_ok(claims_take(&in, at->kind, &scratch, &c));
                assert_int_equal(in.n, 0);
                assert_int_equal(c.act, at->act);
                assert_int_equal(c.verb, at->verb);
                assert_ok(claims_put(&again, at->kind, &c));
                assert_int_equal(again.n, text.n);
                assert_true(text.n == 0 || memcmp(again.at, text.at, text.n) == 0);
                buf_clear(&text);
                buf_clear(&again);
                buf_clear(&scratch);
        }
}

/* The texts, so that names and order are held to FORMAT.md and not only to ourselves. */
static void texts(void **state)
{
        static const struct {
                struct sample_case at;
                const char *members; /* in order */
        } row[] = {
            {{KIND_GENESIS, ACT_NONE, VERB_NONE}, "origin vkey server policy succeeds member invite expires"},
            {{KIND_MEMBER, ACT_INVITE, VERB_NONE}, "act member invite expires roles unit training"},
            {{KIND_MEMBER, ACT_JOIN, VERB_NONE}, "act member key tls pop"},
            {{KIND_MEMBER, ACT_ROLE, VERB_NONE}, "act member roles training"},
            {{KIND_MEMBER, ACT_MOVE, VERB_NONE}, "act member unit"},
            {{KIND_MEMBER, ACT_REKEY, VERB_NONE}, "act member invite expires"},
            {{KIND_MEMBER, ACT_REVOKE, VERB_NONE}, "act member"},
            {{KIND_MEMBER, ACT_LINK, VERB_NONE}, "act member invite expires"},
            {{KIND_MEMBER, ACT_UNLINK, VERB_NONE}, "act member key"},
            {{KIND_MEMBER, ACT_PROFILE, VERB_NONE}, "act member"},
            {{KIND_POLICY, ACT_ADOPT, VERB_NONE}, "act policy"},
            {{KIND_POLICY, ACT_ROTATE_LOG, VERB_NONE}, "act vkey"},
            {{KIND_POLICY, ACT_ROTATE_SERVER, VERB_NONE}, "act server"},
            {{KIND_OPERATION, ACT_OPEN, VERB_NONE}, "act"},
            {{KIND_AUTHORITY, ACT_REGISTER, VERB_NONE}, "act"},
            {{KIND_PERSONA, ACT_LAPSE, VERB_NONE}, "act"},
            {{KIND_INTENT, ACT_NONE, VERB_NONE}, ""},
            {{KIND_ACTIVITY, ACT_NONE, VERB_NONE}, ""},
            {{KIND_DECISION, ACT_NONE, VERB_REFUSE}, "verb seen"},
            {{KIND_REVIEW, ACT_NONE, VERB_ERROR}, "verb"},
            {{KIND_AMEND, ACT_NONE, VERB_NONE}, ""},
            {{KIND_COMBINE, ACT_NONE, VERB_NONE}, ""},
            {{KIND_HOLD, ACT_PLACE, VERB_NONE}, "act ground"},
            {{KIND_RESTRICT, ACT_LIFT, VERB_NONE}, "act ground digests"},
            {{KIND_ERASE, ACT_ORDER, VERB_NONE}, "act ground digests"},
            {{KIND_DISCLOSE, ACT_NONE, VERB_NONE}, "purpose target set"},
            {{KIND_CONSULT, ACT_NONE, VERB_NONE}, "purpose"},
            {{KIND_FINDING, ACT_NONE, VERB_NONE}, "grade"},
        };

        (void)state;
        for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
                struct buf text, object, names;
                bool done;
                put(&text, &row[i].at);
                buf_init(&object, 1 << 16);
                buf_init(&names, 1 << 10);
                buf_put_u8(&object, '{');
                if (text.n > 0)
                        buf_put(&object, bytes_of(text.at + 1, text.n - 1));
                buf_put_u8(&object, '}');
                assert_ok(json_check(buf_bytes(&object)));
                struct bytes at = buf_bytes(&object), name, value;
                while (!json_next_member(&at, &name, &value, &done) && !done) {
                        if (names.n > 0)
                                buf_put_u8(&names, ' ');
                        buf_put(&names, name);
                }
                assert_string_equal(buf_text(&names), row[i].members);
                buf_clear(&text);
                buf_clear(&object);
                buf_clear(&names);
        }
}

/* A flip may give another text that is good (another digest, another word); then writing it gives just that
 * text. */
static void strict(void **state)
{
        (void)state;
        for (size_t i = 0; i < SAMPLE_CASES; i++) {
                const struct sample_case *at = &sample_cases[i];
                struct buf text, again, scratch;
                struct claims c;
                put(&text, at);
                buf_init(&again, 1 << 16);
                buf_init(&scratch, 1 << 16);
                buf_put_u8(&text, ';');
                for (size_t n = 0; n < text.n; n++)
                        if (take(at->kind, bytes_of(text.at, n), &c) == OK)
                                fail_msg("case %zu: a prefix of %zu bytes was taken", i, n);
                for (size_t bit = 0; bit < text.n * 8; bit++) {
                        text.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
                        struct bytes in = buf_bytes(&text);
                        buf_reset(&scratch);
                        buf_reset(&again);
                        if (!claims_take(&in, at->kind, &scratch, &c)) {
                                assert_ok(claims_put(&again, at->kind, &c));
                                assert_int_equal(again.n, text.n - in.n);
                                assert_memory_equal(again.at, text.at, again.n);
                        }
                        text.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
                }
                buf_put_u8(&text, ' ');
                assert_err(take(at->kind, buf_bytes(&text), &c), ERR_FORM);
                buf_clear(&text);
                buf_clear(&again);
                buf_clear(&scratch);
        }
}

static void refused_texts(void **state)
{
        static const struct {
                enum kind kind;
                const char *text;
        } row[] = {
            {KIND_OPERATION, ",\"act\":\"place\""},
            {KIND_OPERATION, ",\"act\":\"\""},
            {KIND_OPERATION, ", \"act\":\"open\""},
            {KIND_OPERATION, ",\"act\": \"open\""},
            {KIND_OPERATION, ",\"verb\":\"open\""},
            {KIND_REVIEW, ",\"verb\":\"approve\""},
            {KIND_CONSULT, ",\"purpose\":\"curiosity\""},
            {KIND_CONSULT, ",\"purpose\":\"\""},
            {KIND_FINDING, ",\"grade\":\"blue\""},
            {KIND_HOLD, ",\"act\":\"place\",\"ground\":\"\""},
            {KIND_HOLD, ",\"act\":\"place\",\"ground\":\"Upper\""},
            {KIND_HOLD, ",\"act\":\"place\",\"ground\":\"two words\""},
            {KIND_HOLD, ",\"act\":\"place\",\"ground\":\"a1234567890123456789012345678901234567890\""},
            {KIND_MEMBER,
             ",\"act\":\"role\",\"member\":\"AAECAwQFBgcICQoLDA0ODw\",\"roles\":[],\"training\":1"},
            {KIND_MEMBER, ",\"act\":\"role\",\"member\":\"AAECAwQFBgcICQoLDA0ODw\",\"roles\":[\"foi\","
                          "\"foi\"],\"training\":1"},
            {KIND_MEMBER, ",\"act\":\"role\",\"member\":\"AAECAwQFBgcICQoLDA0ODw\",\"roles\":[\"dpo\","
                          "\"foi\"],\"training\":1"},
            {KIND_MEMBER,
             ",\"act\":\"role\",\"member\":\"AAECAwQFBgcICQoLDA0ODw\",\"roles\":[\"king\"],\"training\":1"},
            {KIND_MEMBER,
             ",\"act\":\"role\",\"member\":\"AAECAwQFBgcICQoLDA0ODw\",\"roles\":[\"foi\"],\"training\":6"},
            {KIND_MEMBER,
             ",\"act\":\"role\",\"member\":\"AAECAwQFBgcICQoLDA0ODw\",\"roles\":[\"foi\"],\"training\":-1"},
            {KIND_MEMBER,
             ",\"act\":\"role\",\"member\":\"AAECAwQFBgcICQoLDA0ODw\",\"roles\":[\"foi\"],\"training\":01"},
            {KIND_MEMBER,
             ",\"act\":\"role\",\"member\":\"AAECAwQFBgcICQoLDA0ODx\",\"roles\":[\"foi\"],\"training\":1"},
            {KIND_MEMBER, ",\"act\":\"move\",\"member\":\"AAECAwQFBgcICQoLDA0ODw\",\"unit\":\"a b\""},
            {KIND_MEMBER, ",\"act\":\"move\",\"member\":\"AAECAwQFBgcICQoLDA0ODw\",\"unit\":\"\""},
            {KIND_MEMBER, ",\"act\":\"move\",\"unit\":\"a\",\"member\":\"AAECAwQFBgcICQoLDA0ODw\""},
        };

        (void)state;
        for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
                struct claims c = {.training = 77};
                if (take(row[i].kind, bytes_text(row[i].text), &c) != ERR_CLAIM)
                        fail_msg("taken: %s", row[i].text);
                assert_int_equal(c.training, 77);
        }
}

static void refuse_put(enum kind kind, const struct claims *c)
{
        struct buf out;

        buf_init(&out, 1 << 16);
        buf_put_u8(&out, 'x');
        assert_err(claims_put(&out, kind, c), ERR_CLAIM);
        assert_int_equal(out.n, 1);
        buf_clear(&out);
}

static void out_of_range(void **state)
{
        uint8_t raw[3 * HASH_LEN];
        struct claims c;
        char unit[UNIT_MAX + 2];

        (void)state;
#define REFUSE(kind, act, verb, change)                                                                      \
        c = sample_claims(act, verb, raw);                                                                   \
        change;                                                                                              \
        refuse_put(kind, &c)
        memset(unit, 'a', sizeof unit);
        REFUSE(KIND_MEMBER, ACT_INVITE, VERB_NONE, c.roles = 0);
        REFUSE(KIND_MEMBER, ACT_INVITE, VERB_NONE, c.roles = 1u << ROLE_COUNT);
        REFUSE(KIND_MEMBER, ACT_INVITE, VERB_NONE, c.training = TRAINING_MAX + 1);
        REFUSE(KIND_MEMBER, ACT_INVITE, VERB_NONE, c.expires = -1);
        REFUSE(KIND_MEMBER, ACT_INVITE, VERB_NONE, c.expires = SECONDS_MAX + 1);
        REFUSE(KIND_MEMBER, ACT_INVITE, VERB_NONE, c.unit = bytes_of(unit, UNIT_MAX + 1));
        REFUSE(KIND_MEMBER, ACT_NONE, VERB_NONE, (void)c);
        REFUSE(KIND_MEMBER, ACT_OPEN, VERB_NONE, (void)c);
        REFUSE(KIND_MEMBER, ACT_COUNT, VERB_NONE, (void)c);
        REFUSE(KIND_DECISION, ACT_NONE, VERB_ERROR, (void)c);
        REFUSE(KIND_DECISION, ACT_NONE, VERB_COUNT, (void)c);
        REFUSE(KIND_CONSULT, ACT_NONE, VERB_NONE, c.purpose = PURPOSE_NONE);
        REFUSE(KIND_CONSULT, ACT_NONE, VERB_NONE, c.purpose = PURPOSE_COUNT);
        REFUSE(KIND_FINDING, ACT_NONE, VERB_NONE, c.grade = bytes_text("reddish"));
        REFUSE(KIND_ERASE, ACT_ORDER, VERB_NONE, c.digests_n = 4);
        REFUSE(KIND_ERASE, ACT_ORDER, VERB_NONE, c.digests_n = DIGESTS_MAX + 1);
        REFUSE(KIND_ERASE, ACT_CONFIRM, VERB_NONE, (c.digests_n = 0, c.digests.n = 0));
        REFUSE(KIND_ERASE, ACT_ORDER, VERB_NONE, memcpy(raw + HASH_LEN, raw, HASH_LEN)); /* twice */
        REFUSE(KIND_RESTRICT, ACT_PLACE, VERB_NONE,
               memset(raw + (size_t)2 * HASH_LEN, 0, HASH_LEN)); /* order */
        REFUSE(KIND_GENESIS, ACT_NONE, VERB_NONE, c.origin = bytes_text("a b"));
        REFUSE(KIND_GENESIS, ACT_NONE, VERB_NONE, c.origin = bytes_text("a\"b"));
        REFUSE(KIND_GENESIS, ACT_NONE, VERB_NONE, c.origin = bytes_text(""));
        REFUSE(KIND_GENESIS, ACT_NONE, VERB_NONE, c.vkey = bytes_text("a\\b"));
        REFUSE(KIND_COUNT, ACT_NONE, VERB_NONE, (void)c);
#undef REFUSE
}

static void many_digests(void **state)
{
        static uint8_t raw[(DIGESTS_MAX + 1) * HASH_LEN];
        struct buf text, scratch;
        struct claims c = {.act = ACT_ORDER, .ground = bytes_text("g"), .digests_n = DIGESTS_MAX}, taken;

        (void)state;
        sample_digests("many", DIGESTS_MAX, raw);
        c.digests = bytes_of(raw, (size_t)DIGESTS_MAX * HASH_LEN);
        buf_init(&text, 1 << 16);
        buf_init(&scratch, (size_t)DIGESTS_MAX * HASH_LEN);
        assert_ok(claims_put(&text, KIND_ERASE, &c));
        struct bytes in = buf_bytes(&text);
        assert_ok(claims_take(&in, KIND_ERASE, &scratch, &taken));
        assert_int_equal(taken.digests_n, DIGESTS_MAX);
        assert_memory_equal(taken.digests.at, raw, (size_t)DIGESTS_MAX * HASH_LEN);
        /* one more, written by hand */
        text.n--;
        buf_put_text(&text, ",\"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzw\"]");
        assert_err(take(KIND_ERASE, buf_bytes(&text), &taken), ERR_CLAIM);
        /* none at all restricts the whole entry, and erases nothing */
        assert_ok(
            take(KIND_RESTRICT, bytes_text(",\"act\":\"place\",\"ground\":\"g\",\"digests\":[];"), &taken));
        assert_int_equal(taken.digests_n, 0);
        assert_err(
            take(KIND_ERASE, bytes_text(",\"act\":\"order\",\"ground\":\"g\",\"digests\":[];"), &taken),
            ERR_CLAIM);
        buf_clear(&text);
        buf_clear(&scratch);
}

#define A43 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define B43 "BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

/* One set of digests has one text. */
static void digests_rise(void **state)
{
        static const struct {
                const char *digests;
                enum err e;
        } row[] = {
            {"[\"" A43 "\",\"" B43 "\"]", OK},
            {"[\"" B43 "\",\"" A43 "\"]", ERR_CLAIM},
            {"[\"" A43 "\",\"" A43 "\"]", ERR_CLAIM},
        };

        (void)state;
        for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
                struct claims taken;
                struct buf text;
                buf_init(&text, 1024);
                buf_put_format(&text, ",\"act\":\"confirm\",\"ground\":\"g\",\"digests\":%s;",
                               row[i].digests);
                assert_int_equal(take(KIND_ERASE, buf_bytes(&text), &taken), row[i].e);
                buf_clear(&text);
        }
}

static void words(void **state)
{
        enum role r;
        enum act a;
        enum verb v;
        enum purpose_word p;

        (void)state;
        for (unsigned i = 0; i < ROLE_COUNT; i++) {
                assert_true(role_of_name(bytes_text(role_name((enum role)i)), &r));
                assert_int_equal(r, i);
        }
        for (unsigned i = 1; i < ACT_COUNT; i++) {
                assert_true(act_of_name(bytes_text(act_name((enum act)i)), &a));
                assert_int_equal(a, i);
        }
        for (unsigned i = 1; i < VERB_COUNT; i++) {
                assert_true(verb_of_name(bytes_text(verb_name((enum verb)i)), &v));
                assert_int_equal(v, i);
        }
        for (unsigned i = 1; i < PURPOSE_COUNT; i++) {
                assert_true(purpose_of_name(bytes_text(purpose_name((enum purpose_word)i)), &p));
                assert_int_equal(p, i);
        }
        assert_false(role_of_name(bytes_text("Auditor"), &r));
        assert_false(act_of_name(bytes_text(""), &a));
        assert_false(verb_of_name(bytes_text("approv"), &v));
        assert_false(purpose_of_name(bytes_text("none"), &p));
        assert_string_equal(role_name(ROLE_COUNT), "");
        assert_string_equal(act_name(ACT_COUNT), "");
}

static void member_ids(void **state)
{
        struct member_id id, back;
        char text[MEMBER_ID_TEXT_LEN + 1];

        (void)state;
        sample_fill("id", 1, id.b, sizeof id.b);
        member_id_text(&id, text);
        assert_int_equal(strlen(text), MEMBER_ID_TEXT_LEN);
        assert_ok(member_id_of_text(bytes_text(text), &back));
        assert_true(member_id_equal(&id, &back));
        back.b[15] ^= 1;
        assert_false(member_id_equal(&id, &back));
        assert_err(member_id_of_text(bytes_of(text, MEMBER_ID_TEXT_LEN - 1), &back), ERR_BASE64);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(round_trip),    cmocka_unit_test(texts),        cmocka_unit_test(strict),
            cmocka_unit_test(refused_texts), cmocka_unit_test(out_of_range), cmocka_unit_test(many_digests),
            cmocka_unit_test(words),         cmocka_unit_test(member_ids),   cmocka_unit_test(digests_rise),
        };
        return cmocka_run_group_tests(tests, sample_setup, NULL);
}
