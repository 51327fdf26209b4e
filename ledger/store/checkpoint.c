/* The log's own signed notes. */
#include "ledger/base/moment.h"
#include "ledger/store/inside.h"

#define KEPT_EVERY_US (60 * MOMENT_SECOND_US)

enum err store_checkpoints(struct store *s, enum err (*each)(void *self, uint64_t size, struct bytes note),
                           void *self)
{
        struct ask a = inside_ask(s, ASK_CHECKPOINTS);
        bool there = false;
        enum err e = OK;
        while (!e && !(e = ask_row(&a, &there)) && there)
                e = each(self, (uint64_t)ask_int(&a, 0), ask_bytes(&a, 1));
        ask_close(&a);
        return e;
}

enum err store_last_checkpoint(struct store *s, struct buf *out)
{
        struct ask a = inside_ask(s, ASK_LAST_CHECKPOINT);
        bool there = false;
        enum err e = ask_row(&a, &there);
        if (!e && !there)
                e = ERR_ABSENT;
        if (!e) {
                buf_put(out, ask_bytes(&a, 0));
                e = buf_check(out);
        }
        ask_close(&a);
        return e;
}

enum err store_put_checkpoint(struct store *s, uint64_t size, struct bytes note)
{
        enum err e;
        if ((e = inside_check_batch(s)))
                return e;
        struct ask a = inside_ask(s, ASK_PUT_CHECKPOINT);
        ask_put_u64(&a, size);
        ask_put_bytes(&a, note);
        e = ask_run(&a);
        ask_close(&a);
        return e;
}

static enum err thin(struct store *s, int64_t from_us, int64_t now_us)
{
        struct ask stamp = inside_ask(s, ASK_STAMP_CHECKPOINTS);
        ask_put_int(&stamp, now_us);
        enum err e = ask_run(&stamp);
        ask_close(&stamp);
        if (e)
                return e;
        struct ask thin = inside_ask(s, ASK_THIN_CHECKPOINTS);
        ask_put_int(&thin, from_us);
        ask_put_int(&thin, from_us + KEPT_EVERY_US);
        e = ask_run(&thin);
        ask_close(&thin);
        return e;
}

/* Only the present minute is looked at: the ones before were thinned while they were the present one. */
enum err store_thin_checkpoints(struct store *s, int64_t now_us)
{
        enum err e;
        if ((e = inside_check_batch(s)))
                return e;
        if (now_us < 0 || now_us > INT64_MAX - KEPT_EVERY_US)
                return ERR_BUG;
        s->guard.thinning = true;
        e = thin(s, now_us - now_us % KEPT_EVERY_US, now_us);
        s->guard.thinning = false;
        return e;
}
