#include "ledger/store/item.h"

enum column {
        SEQ,
        KIND,
        ACT,
        VERDICT,
        LANE,
        AT_US,
        MEMBER,
        KEY,
        N,
        UNIT,
        DECIDED,
        DECIDED_BY,
        CLOSED_BY,
        TARGET,
        OPERATION,
        SUBJECT,
        URGENT
};

void item_put_tag(struct ask *a, const uint8_t tag[STORE_TAG_LEN])
{
        static const uint8_t none[STORE_TAG_LEN];
        if (memcmp(tag, none, STORE_TAG_LEN) == 0)
                ask_put_null(a);
        else
                ask_put_bytes(a, bytes_of(tag, STORE_TAG_LEN));
}

enum err item_take_tag(const struct ask *a, int column, uint8_t out[STORE_TAG_LEN])
{
        struct bytes tag = ask_bytes(a, column);
        if (ask_is_null(a, column)) {
                memset(out, 0, STORE_TAG_LEN);
                return OK;
        }
        if (tag.n != STORE_TAG_LEN)
                return ERR_NOT_LEDGER;
        memcpy(out, tag.at, STORE_TAG_LEN);
        return OK;
}

void item_put(struct ask *a, const struct store_item *i)
{
        ask_put_u64(a, i->seq);
        ask_put_int(a, i->kind);
        ask_put_int(a, i->act);
        ask_put_int(a, i->verdict);
        ask_put_int(a, i->lane);
        ask_put_int(a, i->at_us);
        ask_put_int(a, i->member);
        ask_put_int(a, i->key);
        ask_put_u64(a, i->n);
        ask_put_text(a, i->unit);
        ask_put_int(a, i->decided);
        ask_put_seq(a, i->decided_by);
        ask_put_seq(a, i->closed_by);
        ask_put_seq(a, i->target);
        item_put_tag(a, i->operation);
        item_put_tag(a, i->subject);
        ask_put_int(a, i->urgent);
}

/* The number below `count`, or `count` itself, which no caller takes. */
static int64_t below(const struct ask *a, int column, int64_t count, bool *bad)
{
        int64_t v = ask_int(a, column);
        *bad |= v < 0 || v >= count;
        return *bad ? 0 : v;
}

static uint64_t take_seq(const struct ask *a, int column, bool *bad)
{
        return ask_is_null(a, column) ? SEQ_NONE : (uint64_t)below(a, column, INT64_MAX, bad);
}

enum err item_take(const struct ask *a, struct store_item *out)
{
        struct store_item i = {0};
        bool bad = false;
        enum err e;
        i.seq = (uint64_t)below(a, SEQ, INT64_MAX, &bad);
        i.kind = (enum kind)below(a, KIND, KIND_COUNT, &bad);
        i.act = (enum act)below(a, ACT, ACT_COUNT, &bad);
        i.verdict = (enum verdict)below(a, VERDICT, VERDICT_COUNT, &bad);
        i.lane = (enum lane)below(a, LANE, LANE_COUNT + 1, &bad); /* LANE_COUNT: lanes do not apply */
        i.at_us = ask_int(a, AT_US);
        i.member = (uint32_t)below(a, MEMBER, INT64_C(1) << 32, &bad);
        i.key = (uint32_t)below(a, KEY, INT64_C(1) << 32, &bad);
        i.n = (uint64_t)below(a, N, INT64_MAX, &bad);
        i.decided = (enum decided)below(a, DECIDED, DECIDED_REFUSED + 1, &bad);
        i.decided_by = take_seq(a, DECIDED_BY, &bad);
        i.closed_by = take_seq(a, CLOSED_BY, &bad);
        i.target = take_seq(a, TARGET, &bad);
        i.urgent = below(a, URGENT, 2, &bad) == 1;
        if (bad || bytes_to_text(ask_bytes(a, UNIT), i.unit, sizeof i.unit))
                return ERR_NOT_LEDGER;
        if ((e = item_take_tag(a, OPERATION, i.operation)) || (e = item_take_tag(a, SUBJECT, i.subject)))
                return e;
        *out = i;
        return OK;
}
