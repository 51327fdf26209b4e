/* The register of authorities and personas, kept in step with the entries. */
#include <stdio.h>
#include <stdlib.h>

#include "daemon/ledger.h"

#define SCRATCH_MAX (2 * JWS_MAX)

const struct hash *ledger_about(const struct statement *s)
{
        if (s->kind == KIND_PERSONA)
                return s->claims.act == ACT_REGISTER ? NULL : statement_ref(s, REL_PERSONA);
        if (s->kind != KIND_AUTHORITY || s->claims.act == ACT_REGISTER)
                return NULL;
        return statement_ref(s, s->claims.act == ACT_DETERMINE ? REL_TARGET : REL_AUTHORITY);
}

struct registry_entry ledger_registration(const struct ledger *l, const struct statement *s,
                                          const struct body *body, const struct store_item *item)
{
        struct registry_entry out = {.seq = item->seq,
                                     .at_us = item->at_us,
                                     .st = s->st,
                                     .kind = s->kind,
                                     .act = s->claims.act,
                                     .about = ledger_about(s),
                                     .body = body};
        member_id_text(&roster_member_at(l->roster, item->member)->id, out.author);
        return out;
}

/* What one item needs to be read again. */
struct reading {
        struct buf leaf, payload, values;
        struct statement statement;
        struct body body;
};

static enum err read_item(struct ledger *l, const struct store_item *item, struct reading *r, struct why *why)
{
        struct leaf leaf;
        enum err e;
        buf_reset(&r->leaf);
        buf_reset(&r->payload);
        buf_reset(&r->values);
        if ((e = store_leaf(l->store, item->seq, &r->leaf)) ||
            (e = leaf_decode(buf_bytes(&r->leaf), &leaf)) ||
            (e = statement_decode(leaf.statement, &r->payload, &r->statement, why)))
                return e;
        return store_body(l->store, item->seq, item->kind, &r->values, &r->body, why);
}

static bool took_effect(const struct store_item *item)
{
        return item->verdict == VERDICT_ACCEPTED ||
               (item->verdict == VERDICT_WAITING && item->decided == DECIDED_APPROVED);
}

/* What was erased, or rests on something that was, is left out with a remark. */
static enum err take_item(struct ledger *l, const struct store_item *item, struct reading *r, struct why *why)
{
        struct why here = {0};
        enum err e;
        if (!took_effect(item))
                return OK;
        if (!(e = read_item(l, item, r, &here))) {
                const struct registry_entry entry = ledger_registration(l, &r->statement, &r->body, item);
                e = registry_take(l->registry, &entry, &here);
        }
        if (e == ERR_ABSENT || e == ERR_ERASED || e == ERR_REF || e == ERR_FIELD_VALUE ||
            e == ERR_AUTHORITY_TAKEN || e == ERR_PERSONA_TAKEN) {
                (void)fprintf(stderr, "enquiryd: entry %llu (%s) is left out of the register: %s\n",
                              (unsigned long long)item->seq, kind_name(item->kind), err_row(e)->sentence);
                e = OK;
        }
        return e ? why_set(why, e, "entry %llu: %.150s", (unsigned long long)item->seq, here.detail) : OK;
}

static enum err take_all(struct ledger *l, struct store_item *items, struct reading *r, struct why *why)
{
        struct store_filter f = {.kinds = 1u << KIND_AUTHORITY | 1u << KIND_PERSONA,
                                 .before = 0,
                                 .oldest_first = true,
                                 .limit = STORE_PAGE_MAX};
        size_t n = STORE_PAGE_MAX;
        enum err e;
        while (n == STORE_PAGE_MAX) {
                if ((e = store_items(l->store, &f, items, &n)))
                        return e;
                for (size_t i = 0; i < n; i++)
                        if ((e = take_item(l, &items[i], r, why)))
                                return e;
                if (n > 0)
                        f.before = items[n - 1].seq + 1;
        }
        return OK;
}

enum err ledger_fill_registry(struct ledger *l, struct why *why)
{
        struct store_item *items = calloc(STORE_PAGE_MAX, sizeof *items);
        struct reading *r = calloc(1, sizeof *r);
        enum err e = ERR_NO_MEMORY;
        if (items != NULL && r != NULL && l->registry != NULL) {
                buf_init(&r->leaf, LEAF_MAX + 1);
                buf_init(&r->payload, SCRATCH_MAX);
                buf_init(&r->values, SUBMISSION_MAX);
                e = take_all(l, items, r, why);
                buf_clear(&r->leaf);
                buf_clear(&r->payload);
                buf_wipe(&r->values);
        }
        free(r);
        free(items);
        return e;
}
