#include "ledger/base/b64.h"
#include "ledger/base/json.h"
#include "ledger/record/claims.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define KIND(k)      (1u << KIND_##k)
#define ACT(a)       (1u << ACT_##a)
#define VERB(v)      (1u << VERB_##v)
#define ANY_ACT      0u

/* Which acts and verbs a kind has; 0: it has no such claim. */
static const uint32_t kind_acts[KIND_COUNT] = {
    [KIND_MEMBER] = ACT(INVITE) | ACT(JOIN) | ACT(ROLE) | ACT(MOVE) | ACT(REKEY) | ACT(REVOKE) | ACT(LINK) |
                    ACT(UNLINK) | ACT(PROFILE),
    [KIND_POLICY] = ACT(ADOPT) | ACT(ROTATE_LOG) | ACT(ROTATE_SERVER),
    [KIND_OPERATION] = ACT(OPEN) | ACT(CLOSE),
    [KIND_AUTHORITY] = ACT(REGISTER) | ACT(REVIEW) | ACT(RENEW) | ACT(CANCEL) | ACT(DETERMINE),
    [KIND_PERSONA] = ACT(REGISTER) | ACT(ASSIGN) | ACT(LAPSE),
    [KIND_HOLD] = ACT(PLACE) | ACT(RELEASE),
    [KIND_RESTRICT] = ACT(PLACE) | ACT(LIFT),
    [KIND_ERASE] = ACT(ORDER) | ACT(CONFIRM),
};
static const uint32_t kind_verbs[KIND_COUNT] = {
    [KIND_DECISION] = VERB(APPROVE) | VERB(CONDITIONS) | VERB(RETURN) | VERB(REFUSE) | VERB(ESCALATE),
    [KIND_REVIEW] = VERB(ERROR) | VERB(NO_ERROR) | VERB(CONTINUE) | VERB(CANCEL),
};

enum claim_type {
        CLAIM_ACT,
        CLAIM_VERB,
        CLAIM_PURPOSE,
        CLAIM_RAW,
        CLAIM_SECONDS,
        CLAIM_ROLES,
        CLAIM_UNIT,
        CLAIM_TRAINING,
        CLAIM_TEXT,
        CLAIM_GROUND,
        CLAIM_GRADE,
        CLAIM_DIGESTS
};

struct row {
        const char *name;
        enum claim_type type;
        size_t offset; /* in struct claims */
        size_t size;   /* CLAIM_RAW: bytes; CLAIM_TEXT: at most that many */
        uint32_t kinds;
        uint32_t acts; /* ANY_ACT, or those that have it */
};

#define AT(member)  offsetof(struct claims, member)
#define RAW(member) CLAIM_RAW, AT(member), sizeof((struct claims *)0)->member
#define ACT_KINDS                                                                                            \
        (KIND(MEMBER) | KIND(POLICY) | KIND(OPERATION) | KIND(AUTHORITY) | KIND(PERSONA) | KIND(HOLD) |      \
         KIND(RESTRICT) | KIND(ERASE))
#define WITH_INVITE_KEY (ACT(INVITE) | ACT(REKEY) | ACT(LINK))

/* In the order of the text, whatever the kind. FORMAT.md section 4. */
static const struct row rows[] = {
    {"act", CLAIM_ACT, AT(act), 0, ACT_KINDS, ANY_ACT},
    {"verb", CLAIM_VERB, AT(verb), 0, KIND(DECISION) | KIND(REVIEW), ANY_ACT},
    {"origin", CLAIM_TEXT, AT(origin), ORIGIN_MAX, KIND(GENESIS), ANY_ACT},
    {"vkey", CLAIM_TEXT, AT(vkey), VKEY_TEXT_MAX, KIND(GENESIS), ANY_ACT},
    {"vkey", CLAIM_TEXT, AT(vkey), VKEY_TEXT_MAX, KIND(POLICY), ACT(ROTATE_LOG)},
    {"server", RAW(server), KIND(GENESIS), ANY_ACT},
    {"server", RAW(server), KIND(POLICY), ACT(ROTATE_SERVER)},
    {"policy", RAW(policy), KIND(GENESIS), ANY_ACT},
    {"policy", RAW(policy), KIND(POLICY), ACT(ADOPT)},
    {"succeeds", RAW(succeeds), KIND(GENESIS), ANY_ACT},
    {"member", RAW(member), KIND(GENESIS) | KIND(MEMBER), ANY_ACT},
    {"invite", RAW(invite), KIND(GENESIS), ANY_ACT},
    {"invite", RAW(invite), KIND(MEMBER), WITH_INVITE_KEY},
    {"key", RAW(key), KIND(MEMBER), ACT(JOIN) | ACT(UNLINK)},
    {"tls", RAW(tls), KIND(MEMBER), ACT(JOIN)},
    {"pop", RAW(pop), KIND(MEMBER), ACT(JOIN)},
    {"expires", CLAIM_SECONDS, AT(expires), 0, KIND(GENESIS), ANY_ACT},
    {"expires", CLAIM_SECONDS, AT(expires), 0, KIND(MEMBER), WITH_INVITE_KEY},
    {"roles", CLAIM_ROLES, AT(roles), 0, KIND(MEMBER), ACT(INVITE) | ACT(ROLE)},
    {"unit", CLAIM_UNIT, AT(unit), 0, KIND(MEMBER), ACT(INVITE) | ACT(MOVE)},
    {"training", CLAIM_TRAINING, AT(training), 0, KIND(MEMBER), ACT(INVITE) | ACT(ROLE)},
    {"purpose", CLAIM_PURPOSE, AT(purpose), 0, KIND(DISCLOSE) | KIND(CONSULT), ANY_ACT},
    {"seen", RAW(seen), KIND(DECISION), ANY_ACT},
    {"target", RAW(target), KIND(DISCLOSE), ANY_ACT},
    {"set", RAW(set), KIND(DISCLOSE), ANY_ACT},
    {"ground", CLAIM_GROUND, AT(ground), 0, KIND(HOLD) | KIND(RESTRICT) | KIND(ERASE), ANY_ACT},
    {"digests", CLAIM_DIGESTS, AT(digests), 0, KIND(RESTRICT) | KIND(ERASE), ANY_ACT},
    {"grade", CLAIM_GRADE, AT(grade), 0, KIND(FINDING), ANY_ACT},
};

static bool row_applies(const struct row *row, enum kind kind, enum act act)
{
        return (row->kinds >> kind & 1u) && (row->acts == ANY_ACT || (row->acts >> act & 1u));
}

/* Whether a claim whose member is a slice may hold this text. */
static bool row_text_valid(const struct row *row, struct bytes text)
{
        if (row->type == CLAIM_UNIT)
                return unit_valid(text);
        if (row->type == CLAIM_GROUND)
                return ground_valid(text);
        if (row->type == CLAIM_GRADE)
                return grade_valid(text);
        return claim_text_valid(text, row->size);
}

static bool act_fits(enum kind kind, enum act act)
{
        return (unsigned)act < ACT_COUNT && (kind_acts[kind] >> act & 1u);
}

static bool verb_fits(enum kind kind, enum verb verb)
{
        return (unsigned)verb < VERB_COUNT && (kind_verbs[kind] >> verb & 1u);
}

static bool purpose_fits(enum purpose_word p)
{
        return p > PURPOSE_NONE && p < PURPOSE_COUNT;
}

static enum err put_quoted(struct buf *out, struct bytes text, bool valid)
{
        if (!valid)
                return ERR_CLAIM;
        buf_put_text(out, "\"");
        buf_put(out, text);
        buf_put_text(out, "\"");
        return OK;
}

static void put_raw(struct buf *out, struct bytes raw)
{
        buf_put_text(out, "\"");
        b64u_put(out, raw);
        buf_put_text(out, "\"");
}

static enum err put_roles(struct buf *out, roles set)
{
        const char *before = "[";

        if (set == 0 || set >> ROLE_COUNT)
                return ERR_CLAIM;
        for (unsigned r = 0; r < ROLE_COUNT; r++) {
                if (!(set & ROLE_BIT(r)))
                        continue;
                buf_put_format(out, "%s\"%s\"", before, role_name((enum role)r));
                before = ",";
        }
        buf_put_text(out, "]");
        return OK;
}

/* An erasure names what it erases; a restriction without digests is one of the whole entry. */
static bool count_fits(enum kind kind, size_t n)
{
        return n <= DIGESTS_MAX && (n > 0 || kind != KIND_ERASE);
}

static enum err put_digests(struct buf *out, enum kind kind, const struct claims *c)
{
        char last[HASH_TEXT_LEN + 1] = "", text[HASH_TEXT_LEN + 1];

        if (!count_fits(kind, c->digests_n) || c->digests.n != c->digests_n * HASH_LEN)
                return ERR_CLAIM;
        buf_put_text(out, "[");
        for (size_t i = 0; i < c->digests_n; i++) {
                b64u_text(bytes_of(c->digests.at + i * HASH_LEN, HASH_LEN), text);
                if (strcmp(last, text) >= 0)
                        return ERR_CLAIM;
                buf_put_format(out, "%s\"%s\"", i > 0 ? "," : "", text);
                memcpy(last, text, sizeof last);
        }
        buf_put_text(out, "]");
        return OK;
}

static enum err put_number(struct buf *out, int64_t v, int64_t max)
{
        if (v < 0 || v > max)
                return ERR_CLAIM;
        json_put_int(out, v);
        return OK;
}

static enum err put_row(struct buf *out, const struct row *row, enum kind kind, const struct claims *c)
{
        const void *at = (const char *)c + row->offset;
        const struct bytes *text = at;

        switch (row->type) {
        case CLAIM_ACT: return put_quoted(out, bytes_text(act_name(c->act)), act_fits(kind, c->act));
        case CLAIM_VERB: return put_quoted(out, bytes_text(verb_name(c->verb)), verb_fits(kind, c->verb));
        case CLAIM_PURPOSE:
                return put_quoted(out, bytes_text(purpose_name(c->purpose)), purpose_fits(c->purpose));
        case CLAIM_RAW: put_raw(out, bytes_of(at, row->size)); return OK;
        case CLAIM_SECONDS: return put_number(out, c->expires, SECONDS_MAX);
        case CLAIM_ROLES: return put_roles(out, c->roles);
        case CLAIM_TRAINING: return put_number(out, c->training, TRAINING_MAX);
        case CLAIM_UNIT:
        case CLAIM_TEXT:
        case CLAIM_GROUND:
        case CLAIM_GRADE: return put_quoted(out, *text, row_text_valid(row, *text));
        case CLAIM_DIGESTS: return put_digests(out, kind, c);
        }
        return ERR_BUG;
}

enum err claims_put(struct buf *out, enum kind kind, const struct claims *c)
{
        size_t from = out->n;
        enum err e = OK;

        if ((unsigned)kind >= KIND_COUNT || (unsigned)c->act >= ACT_COUNT)
                return ERR_CLAIM;
        for (size_t i = 0; !e && i < COUNT(rows); i++) {
                if (!row_applies(&rows[i], kind, c->act))
                        continue;
                buf_put_format(out, ",\"%s\":", rows[i].name);
                e = put_row(out, &rows[i], kind, c);
        }
        if (!e)
                e = buf_check(out);
        if (e && out->n > from)
                out->n = from;
        return e;
}

/* What stands between two quotation marks. */
static enum err take_quoted(struct bytes *in, struct bytes *out)
{
        enum err e = bytes_take_text(in, "\"");
        return e ? e : bytes_take_until(in, '"', out);
}

static enum err take_raw(struct bytes *in, uint8_t *out, size_t n)
{
        struct bytes text;
        enum err e = take_quoted(in, &text);
        return e ? e : b64u_decode_exact(text, out, n);
}

static enum err take_roles(struct bytes *in, roles *out)
{
        roles set = 0;
        int last = -1;
        enum err e;

        if ((e = bytes_take_text(in, "[")))
                return e;
        do {
                struct bytes name;
                enum role r = ROLE_COUNT;
                if ((e = take_quoted(in, &name)))
                        return e;
                if (!role_of_name(name, &r) || (int)r <= last)
                        return ERR_CLAIM;
                last = (int)r;
                set = (roles)(set | ROLE_BIT(r));
        } while (!bytes_take_text(in, ","));
        *out = set;
        return bytes_take_text(in, "]");
}

static enum err take_digests(struct bytes *in, enum kind kind, struct buf *scratch, struct claims *out)
{
        struct bytes last = bytes_of(NULL, 0), text;
        size_t from = scratch->n;
        enum err e;

        buf_reserve(scratch, scratch->max);
        if ((e = bytes_take_text(in, "[")))
                return e;
        if (!bytes_take_text(in, "]"))
                return count_fits(kind, 0) ? OK : ERR_CLAIM;
        do {
                uint8_t *room = buf_put_room(scratch, HASH_LEN);
                if (room == NULL)
                        return buf_check(scratch);
                if ((e = take_quoted(in, &text)) || (e = b64u_decode_exact(text, room, HASH_LEN)))
                        return e;
                if ((last.n > 0 && bytes_order(last, text) >= 0) || ++out->digests_n > DIGESTS_MAX)
                        return ERR_CLAIM;
                last = text;
        } while (!bytes_take_text(in, ","));
        out->digests = buf_since(scratch, from);
        return bytes_take_text(in, "]");
}

static enum err take_number(struct bytes *in, int64_t max, int64_t *out)
{
        int64_t v;
        enum err e = json_take_int(in, &v);
        if (e)
                return e;
        if (v < 0 || v > max)
                return ERR_CLAIM;
        *out = v;
        return OK;
}

static enum err take_training(struct bytes *in, unsigned *out)
{
        int64_t v;
        enum err e = take_number(in, TRAINING_MAX, &v);
        if (!e)
                *out = (unsigned)v;
        return e;
}

static enum err take_text(struct bytes *in, const struct row *row, struct bytes *out)
{
        enum err e = take_quoted(in, out);
        return e ? e : row_text_valid(row, *out) ? OK : ERR_CLAIM;
}

static enum err take_word(struct bytes *in, const struct row *row, enum kind kind, struct claims *out)
{
        struct bytes word;
        bool fits;
        enum err e = take_quoted(in, &word);

        if (e)
                return e;
        if (row->type == CLAIM_ACT)
                fits = act_of_name(word, &out->act) && act_fits(kind, out->act);
        else if (row->type == CLAIM_VERB)
                fits = verb_of_name(word, &out->verb) && verb_fits(kind, out->verb);
        else
                fits = purpose_of_name(word, &out->purpose);
        return fits ? OK : ERR_CLAIM;
}

static enum err take_row(struct bytes *in, const struct row *row, enum kind kind, struct buf *scratch,
                         struct claims *out)
{
        void *at = (char *)out + row->offset;

        switch (row->type) {
        case CLAIM_ACT:
        case CLAIM_VERB:
        case CLAIM_PURPOSE: return take_word(in, row, kind, out);
        case CLAIM_RAW: return take_raw(in, at, row->size);
        case CLAIM_SECONDS: return take_number(in, SECONDS_MAX, &out->expires);
        case CLAIM_ROLES: return take_roles(in, &out->roles);
        case CLAIM_TRAINING: return take_training(in, &out->training);
        case CLAIM_UNIT:
        case CLAIM_TEXT:
        case CLAIM_GROUND:
        case CLAIM_GRADE: return take_text(in, row, at);
        case CLAIM_DIGESTS: return take_digests(in, kind, scratch, out);
        }
        return ERR_BUG;
}

enum err claims_take(struct bytes *in, enum kind kind, struct buf *scratch, struct claims *out)
{
        struct bytes rest = *in;
        struct claims c = {0};

        if ((unsigned)kind >= KIND_COUNT)
                return ERR_CLAIM;
        for (size_t i = 0; i < COUNT(rows); i++) {
                if (!row_applies(&rows[i], kind, c.act))
                        continue;
                enum err e = OK;
                if (bytes_take_text(&rest, ",\"") || bytes_take_text(&rest, rows[i].name) ||
                    bytes_take_text(&rest, "\":") || (e = take_row(&rest, &rows[i], kind, scratch, &c)))
                        return e == ERR_NO_MEMORY || e == ERR_TOO_LONG ? e : ERR_CLAIM;
        }
        *in = rest;
        *out = c;
        return OK;
}
