/* The operation that an entry names. */
#include "daemon/around_parts.h"

#define SAME_NAME_MAX 8 /* operations of one name: the newest are looked at */

enum err around_operation(struct ledger *l, struct around *a)
{
        struct store_filter f = {.kinds = 1u << KIND_OPERATION,
                                 .before = SEQ_NONE,
                                 .operation = a->item.operation,
                                 .limit = SAME_NAME_MAX};
        struct store_item found[SAME_NAME_MAX];
        size_t n = 0;
        enum err e;
        if (around_tag_is_zero(a->item.operation))
                return OK;
        if ((e = store_items(l->store, &f, found, &n)))
                return e;
        a->scene.operation.named = true;
        a->scene.operation.known = n > 0;
        for (size_t i = 0; i < n; i++)
                a->scene.operation.open |= found[i].act == ACT_OPEN && found[i].closed_by == SEQ_NONE;
        return OK;
}

enum err around_operation_check(struct ledger *l, struct around *a, struct why *why)
{
        enum err e = around_operation(l, a);
        if (e)
                return e;
        if (a->item.kind == KIND_INTENT && !a->scene.operation.named)
                return why_set(why, ERR_OPERATION, "no operation is named");
        if (a->item.kind == KIND_INTENT && !a->scene.operation.open)
                return why_set(why, ERR_OPERATION,
                               a->scene.operation.known ? "the operation is closed"
                                                        : "no operation has that name");
        if (a->item.kind == KIND_OPERATION && a->item.act == ACT_OPEN && a->scene.operation.open)
                return ERR_OPERATION_TAKEN;
        return OK;
}

enum err around_operation_close(struct ledger *l, struct around *a, struct why *why)
{
        const struct roster_member *m = roster_member_at(l->roster, a->item.member);
        if (a->target_item.kind != KIND_OPERATION || a->target_item.closed_by != SEQ_NONE)
                return ERR_OPERATION;
        if (a->target_item.member != a->item.member && !(m->roles & ROLE_BIT(ROLE_SUPERVISOR)))
                return why_set(why, ERR_ROLE, "an operation is closed by who opened it or by a supervisor");
        memcpy(a->item.operation, a->target_item.operation, STORE_TAG_LEN);
        return OK;
}
