#include "ledger/record/leaf.h"

#include "ledger/base/b64.h"

static const char *const verdict_names[VERDICT_COUNT] = {"accepted", "waiting", "refused", "flagged"};

const char *verdict_name(enum verdict v)
{
        return (unsigned)v < VERDICT_COUNT ? verdict_names[v] : "";
}

bool verdict_of_name(struct bytes name, enum verdict *out)
{
        for (unsigned v = 0; v < VERDICT_COUNT; v++) {
                if (bytes_is(name, verdict_names[v])) {
                        *out = (enum verdict)v;
                        return true;
                }
        }
        return false;
}

/* The form of a JWS, so that no other text can stand in the leaf; what it says is not looked at. */
static bool jws_like(struct bytes text)
{
        size_t dots = 0;

        if (text.n == 0 || text.n > JWS_MAX)
                return false;
        for (size_t i = 0; i < text.n; i++) {
                uint8_t c = text.at[i];
                bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                              c == '-' || c == '_';
                dots += c == '.';
                if (!letter && c != '.')
                        return false;
        }
        return dots == 2;
}

static bool valid(const struct leaf *leaf)
{
        return leaf->seq <= NUMBER_MAX && leaf->at_us >= 0 && leaf->at_us / MOMENT_SECOND_US <= SECONDS_MAX &&
               (unsigned)leaf->verdict < VERDICT_COUNT && jws_like(leaf->statement);
}

enum err leaf_put(struct buf *out, const struct leaf *leaf)
{
        char at[MOMENT_TEXT_LEN + 1];

        if (!valid(leaf))
                return ERR_LEAF;
        moment_text(leaf->at_us, at);
        buf_put_text(out, "{\"v\":1,\"seq\":\"");
        buf_put_decimal(out, leaf->seq);
        buf_put_format(out, "\",\"at\":\"%s\",\"prev\":\"", at);
        hash_put(out, &leaf->prev);
        buf_put_format(out, "\",\"verdict\":\"%s\",\"policy\":\"", verdict_name(leaf->verdict));
        hash_put(out, &leaf->policy);
        buf_put_text(out, "\",\"because\":\"");
        hash_put(out, &leaf->because);
        buf_put_text(out, "\",\"statement\":\"");
        buf_put(out, leaf->statement);
        buf_put_text(out, "\"}");
        return buf_check(out);
}

static enum err take_hash(struct bytes *in, struct hash *out)
{
        struct bytes text;
        enum err e = bytes_take(in, HASH_TEXT_LEN, &text);
        return e ? e : hash_of_text(text, out);
}

enum err leaf_decode(struct bytes in, struct leaf *out)
{
        struct leaf leaf;
        struct bytes at, verdict;

        if (in.n > LEAF_MAX || bytes_take_text(&in, "{\"v\":1,\"seq\":\"") ||
            bytes_take_decimal(&in, &leaf.seq) || bytes_take_text(&in, "\",\"at\":\"") ||
            bytes_take(&in, MOMENT_TEXT_LEN, &at) || moment_of_text(at, &leaf.at_us) ||
            bytes_take_text(&in, "\",\"prev\":\"") || take_hash(&in, &leaf.prev) ||
            bytes_take_text(&in, "\",\"verdict\":\"") || bytes_take_until(&in, '"', &verdict) ||
            !verdict_of_name(verdict, &leaf.verdict) || bytes_take_text(&in, ",\"policy\":\"") ||
            take_hash(&in, &leaf.policy) || bytes_take_text(&in, "\",\"because\":\"") ||
            take_hash(&in, &leaf.because) || bytes_take_text(&in, "\",\"statement\":\"") ||
            bytes_take_until(&in, '"', &leaf.statement) || bytes_take_text(&in, "}") || bytes_at_end(in) ||
            !valid(&leaf))
                return ERR_LEAF;
        *out = leaf;
        return OK;
}

/* `["salt","because",{...}]`, and nothing else. */
static enum err take_because(struct bytes json, struct bytes *out_value)
{
        enum json_form form;
        struct disclosure d;

        if (json.n > DISCLOSURE_JSON_MAX || disclosure_take(json, &d) || !bytes_is(d.name, "because") ||
            json_form_of(d.value, &form) || form != JSON_IS_OBJECT || disclosure_value_reserved(d.value))
                return ERR_BECAUSE;
        *out_value = d.value;
        return OK;
}

enum err because_value(struct bytes json, struct bytes *out_value)
{
        return take_because(json, out_value);
}

enum err because_digest(struct bytes json, struct hash *out)
{
        struct buf text;
        struct bytes value;
        enum err e;

        buf_init(&text, DISCLOSURE_MAX);
        e = take_because(json, &value);
        if (!e)
                e = disclosure_digest(json, &text, out);
        buf_wipe(&text);
        return e;
}

enum err because_make(struct bytes value, struct buf *out_json, struct hash *out_digest)
{
        struct disclosure d = {.name = bytes_text("because"), .value = value};
        size_t from = out_json->n;
        enum err e;

        random_fill(d.salt, SALT_LEN);
        disclosure_put(out_json, &d);
        e = buf_check(out_json);
        if (!e)
                e = because_digest(buf_since(out_json, from), out_digest);
        if (e && out_json->n > from)
                out_json->n = from;
        return e;
}
