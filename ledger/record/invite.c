#include "ledger/record/invite.h"

#include "ledger/base/b64.h"
#include "ledger/base/json.h"

/* host:port, the port a number from 1 to 65535. */
static bool address_valid(struct bytes address)
{
        size_t colon = address.n;
        uint64_t port;

        if (!claim_text_valid(address, ADDRESS_MAX))
                return false;
        while (colon > 0 && address.at[colon - 1] != ':')
                colon--;
        if (colon < 2)
                return false;
        struct bytes digits = bytes_of(address.at + colon, address.n - colon);
        return !bytes_take_decimal(&digits, &port) && digits.n == 0 && port >= 1 && port <= 65535;
}

static bool valid(const struct invite *in)
{
        return address_valid(bytes_text(in->address)) &&
               claim_text_valid(bytes_text(in->origin), ORIGIN_MAX) &&
               claim_text_valid(bytes_text(in->vkey), VKEY_TEXT_MAX) && in->seed.n == SEED_LEN &&
               in->expires >= 0 && in->expires <= SECONDS_MAX;
}

static void put_raw(struct buf *out, const char *name, struct bytes raw)
{
        json_put_name(out, name);
        buf_put_u8(out, '"');
        b64u_put(out, raw);
        buf_put_u8(out, '"');
}

static void put_text(struct buf *out, const char *name, const char *text)
{
        json_put_name(out, name);
        json_put_text(out, text);
}

enum err invite_put(struct buf *out, const struct invite *in)
{
        struct buf json;
        enum err e;

        if (!valid(in))
                return ERR_INVITE_FORM;
        buf_init(&json, INVITE_MAX);
        buf_put_u8(&json, '{');
        put_text(&json, "address", in->address);
        put_text(&json, "origin", in->origin);
        put_raw(&json, "genesis", hash_bytes(&in->genesis));
        put_text(&json, "vkey", in->vkey);
        put_raw(&json, "server", hash_bytes(&in->server));
        put_raw(&json, "member", bytes_of(in->member.b, MEMBER_ID_LEN));
        put_raw(&json, "seed", secret_bytes(&in->seed));
        json_put_name(&json, "expires");
        json_put_int(&json, in->expires);
        buf_put_u8(&json, '}');
        if ((e = buf_check(&json)))
                goto done;
        buf_put_text(out, INVITE_PREFIX);
        b64u_put(out, buf_bytes(&json));
        e = buf_check(out);
done:
        buf_wipe(&json);
        return e;
}

static enum err take_text(struct bytes *in, const char *before, char *out, size_t size)
{
        struct bytes text;

        if (bytes_take_text(in, before) || bytes_take_until(in, '"', &text) ||
            memchr(text.at, '\0', text.n) || bytes_to_text(text, out, size))
                return ERR_INVITE_FORM;
        return OK;
}

static enum err take_raw(struct bytes *in, const char *before, uint8_t *out, size_t n)
{
        struct bytes text;

        if (bytes_take_text(in, before) || bytes_take_until(in, '"', &text) ||
            b64u_decode_exact(text, out, n))
                return ERR_INVITE_FORM;
        return OK;
}

static enum err take_members(struct bytes in, struct invite *out)
{
        enum err e;

        if ((e = secret_new(SEED_LEN, &out->seed)))
                return e;
        if (take_text(&in, "{\"address\":\"", out->address, sizeof out->address) ||
            take_text(&in, ",\"origin\":\"", out->origin, sizeof out->origin) ||
            take_raw(&in, ",\"genesis\":\"", out->genesis.b, HASH_LEN) ||
            take_text(&in, ",\"vkey\":\"", out->vkey, sizeof out->vkey) ||
            take_raw(&in, ",\"server\":\"", out->server.b, HASH_LEN) ||
            take_raw(&in, ",\"member\":\"", out->member.b, MEMBER_ID_LEN) ||
            take_raw(&in, ",\"seed\":\"", out->seed.at, SEED_LEN) || bytes_take_text(&in, ",\"expires\":") ||
            json_take_int(&in, &out->expires) || bytes_take_text(&in, "}") || bytes_at_end(in) || !valid(out))
                return ERR_INVITE_FORM;
        return OK;
}

static bool blank(uint8_t c)
{
        return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct bytes trimmed(struct bytes text)
{
        while (text.n > 0 && blank(text.at[0]))
                text = bytes_of(text.at + 1, text.n - 1);
        while (text.n > 0 && blank(text.at[text.n - 1]))
                text.n--;
        return text;
}

enum err invite_parse(struct bytes text, struct invite *out)
{
        struct invite in = {0};
        struct buf json;
        enum err e = ERR_INVITE_FORM;

        buf_init(&json, INVITE_MAX);
        text = trimmed(text);
        if (text.n > INVITE_MAX || bytes_take_text(&text, INVITE_PREFIX))
                goto done;
        buf_reserve(&json, INVITE_MAX);
        if ((e = b64u_decode(text, &json))) {
                e = e == ERR_NO_MEMORY ? e : ERR_INVITE_FORM;
                goto done;
        }
        if ((e = take_members(buf_bytes(&json), &in)))
                goto done;
        *out = in;
        in.seed = (struct secret){0}; /* given away */
done:
        invite_clear(&in);
        buf_wipe(&json);
        return e;
}

void invite_clear(struct invite *in)
{
        secret_free(&in->seed);
        *in = (struct invite){0};
}
