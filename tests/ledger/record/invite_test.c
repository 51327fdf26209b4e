#include "ledger/record/invite.h"

#include "sample.h"

static struct invite sample_invite(void)
{
        struct invite in = {
            .address = "ledger.police.example:8443", .origin = SAMPLE_ORIGIN, .expires = SAMPLE_IAT};

        strcpy(in.vkey, SAMPLE_ORIGIN "+530d903a+AQIDBA==");
        sample_fill("genesis", 0, in.genesis.b, HASH_LEN);
        sample_fill("server", 0, in.server.b, HASH_LEN);
        sample_fill("member", 0, in.member.b, MEMBER_ID_LEN);
        assert_ok(secret_new(SEED_LEN, &in.seed));
        sample_fill("seed", 0, in.seed.at, SEED_LEN);
        return in;
}

static void same(const struct invite *a, const struct invite *b)
{
        assert_string_equal(a->address, b->address);
        assert_string_equal(a->origin, b->origin);
        assert_string_equal(a->vkey, b->vkey);
        assert_true(hash_equal(&a->genesis, &b->genesis));
        assert_true(hash_equal(&a->server, &b->server));
        assert_true(member_id_equal(&a->member, &b->member));
        assert_true(secret_equal(secret_bytes(&a->seed), secret_bytes(&b->seed)));
        assert_int_equal(a->expires, b->expires);
}

static void round_trip(void **state)
{
        struct invite in = sample_invite(), back;
        struct buf text, pasted;

        (void)state;
        buf_init(&text, INVITE_MAX);
        buf_init(&pasted, INVITE_MAX);
        assert_ok(invite_put(&text, &in));
        assert_memory_equal(text.at, INVITE_PREFIX, sizeof INVITE_PREFIX - 1);
        assert_ok(invite_parse(buf_bytes(&text), &back));
        same(&in, &back);
        invite_clear(&back);
        assert_null(back.seed.at);
        buf_put_text(&pasted, " \t\r\n");
        buf_put(&pasted, buf_bytes(&text));
        buf_put_text(&pasted, "\n\n ");
        assert_ok(invite_parse(buf_bytes(&pasted), &back));
        same(&in, &back);
        invite_clear(&back);
        invite_clear(&in);
        buf_clear(&text);
        buf_clear(&pasted);
}

static void payload(void **state)
{
        struct invite in = sample_invite();
        struct buf text, json;

        (void)state;
        buf_init(&text, INVITE_MAX);
        buf_init(&json, INVITE_MAX);
        memset(in.genesis.b, 0, HASH_LEN);
        memset(in.server.b, 0, HASH_LEN);
        memset(in.member.b, 0, MEMBER_ID_LEN);
        memset(in.seed.at, 0, SEED_LEN);
        strcpy(in.vkey, "v+1+k");
        assert_ok(invite_put(&text, &in));
        assert_ok(b64u_decode(
            bytes_of(text.at + sizeof INVITE_PREFIX - 1, text.n - (sizeof INVITE_PREFIX - 1)), &json));
#define ZEROS "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        assert_string_equal(buf_text(&json),
                            "{\"address\":\"ledger.police.example:8443\",\"origin\":\"" SAMPLE_ORIGIN
                            "\",\"genesis\":\"" ZEROS "\",\"vkey\":\"v+1+k\",\"server\":\"" ZEROS
                            "\",\"member\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"seed\":\"" ZEROS
                            "\",\"expires\":1795453200}");
        invite_clear(&in);
        buf_clear(&text);
        buf_clear(&json);
}

static void strict(void **state)
{
        struct invite in = sample_invite(), back;
        struct buf text, again;

        (void)state;
        buf_init(&text, INVITE_MAX);
        buf_init(&again, INVITE_MAX);
        assert_ok(invite_put(&text, &in));
        for (size_t n = 0; n < text.n; n++)
                assert_err(invite_parse(bytes_of(text.at, n), &back), ERR_INVITE_FORM);
        for (size_t bit = 0; bit < text.n * 8; bit++) {
                text.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
                buf_reset(&again);
                if (!invite_parse(buf_bytes(&text), &back)) { /* another seed is an invite too */
                        assert_ok(invite_put(&again, &back));
                        assert_int_equal(again.n, text.n);
                        assert_memory_equal(again.at, text.at, text.n);
                        invite_clear(&back);
                }
                text.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        buf_put_u8(&text, 'A');
        assert_err(invite_parse(buf_bytes(&text), &back), ERR_INVITE_FORM);
        invite_clear(&in);
        buf_clear(&text);
        buf_clear(&again);
}

static void refuse(const struct invite *in)
{
        struct buf out;

        buf_init(&out, INVITE_MAX);
        assert_err(invite_put(&out, in), ERR_INVITE_FORM);
        assert_int_equal(out.n, 0);
        buf_clear(&out);
}

static void out_of_range(void **state)
{
        static const char *const address[] = {"",      "host",       ":8443",   "host:",    "host:0",
                                              "a b:1", "host:65536", "host:08", "host:80x", "host:-1"};
        static const char *const good[] = {"host:1", "[::1]:8443", "127.0.0.1:65535"};
        struct invite in = sample_invite();
        struct buf out;

        (void)state;
        for (size_t i = 0; i < sizeof address / sizeof address[0]; i++) {
                strcpy(in.address, address[i]);
                refuse(&in);
        }
        buf_init(&out, INVITE_MAX);
        for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
                strcpy(in.address, good[i]);
                assert_ok(invite_put(&out, &in));
        }
        buf_clear(&out);
        strcpy(in.origin, "a b");
        refuse(&in);
        strcpy(in.origin, SAMPLE_ORIGIN);
        in.vkey[0] = '\0';
        refuse(&in);
        strcpy(in.vkey, "v");
        in.expires = -1;
        refuse(&in);
        in.expires = 1;
        in.seed.n--;
        refuse(&in);
        in.seed.n++;
        invite_clear(&in);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(round_trip),
            cmocka_unit_test(payload),
            cmocka_unit_test(strict),
            cmocka_unit_test(out_of_range),
        };
        return cmocka_run_group_tests(tests, sample_setup, NULL);
}
