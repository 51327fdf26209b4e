/* What is known of a person without a name: looks by the tag of the subject, tags that belong together,
 * digests. */
#include <stdlib.h>

#include "ledger/store/inside.h"
#include "ledger/store/item.h"

static enum err take_view(const struct ask *a, struct store_view *out)
{
        *out = (struct store_view){.seq = (uint64_t)ask_int(a, 0),
                                   .at_us = ask_int(a, 1),
                                   .member = (uint32_t)ask_int(a, 2),
                                   .look = ask_int(a, 4) != 0,
                                   .intended = ask_int(a, 5) != 0,
                                   .captured = ask_int(a, 6) != 0,
                                   .immediate = ask_int(a, 7) != 0};
        return item_take_tag(a, 3, out->operation);
}

static enum err make_room(struct store *s, size_t n)
{
        if (n < s->views_room)
                return OK;
        size_t room = s->views_room == 0 ? 64 : 2 * s->views_room;
        struct store_view *views = realloc(s->views, room * sizeof *views);
        if (views == NULL)
                return ERR_NO_MEMORY;
        s->views = views;
        s->views_room = room;
        return OK;
}

/* Newest first, so that a limit keeps the newest. */
static enum err collect(struct store *s, struct ask *a, size_t *out_n)
{
        bool there = false;
        enum err e;
        *out_n = 0;
        while (!(e = ask_row(a, &there)) && there) {
                if ((e = make_room(s, *out_n)) || (e = take_view(a, &s->views[*out_n])))
                        return e;
                ++*out_n;
        }
        return e;
}

enum err store_views(struct store *s, const uint8_t subject[STORE_TAG_LEN], int64_t since_us,
                     int64_t until_us, enum err (*each)(void *self, const struct store_view *view),
                     void *self)
{
        size_t n = 0;
        if (!s->content)
                return OK;
        struct ask a = inside_ask(s, ASK_VIEWS);
        ask_put_bytes(&a, bytes_of(subject, STORE_TAG_LEN));
        ask_put_int(&a, since_us);
        ask_put_int(&a, until_us);
        ask_put_int(&a, STORE_VIEWS_MAX);
        enum err e = collect(s, &a, &n);
        ask_close(&a);
        while (!e && n > 0)
                e = each(self, &s->views[--n]);
        return e;
}

enum err inside_put_subject(struct store *s, const struct store_entry *entry)
{
        static const uint8_t none[STORE_TAG_LEN];
        const struct store_item *i = &entry->item;
        if (memcmp(i->subject, none, STORE_TAG_LEN) == 0)
                return OK;
        struct ask a = inside_ask(s, ASK_PUT_SUBJECT);
        item_put_tag(&a, i->subject);
        ask_put_int(&a, entry->done_us);
        ask_put_u64(&a, i->seq);
        ask_put_int(&a, i->member);
        item_put_tag(&a, i->operation);
        if (i->kind == KIND_INTENT || i->kind == KIND_ACTIVITY)
                ask_put_int(&a, i->kind == KIND_ACTIVITY);
        else
                ask_put_null(&a);
        ask_put_int(&a, entry->intended);
        ask_put_int(&a, entry->captured);
        ask_put_int(&a, entry->immediate);
        enum err e = ask_run(&a);
        ask_close(&a);
        return e;
}

/* --- what belongs together --- */

static bool is_among(uint8_t tags[][STORE_TAG_LEN], size_t n, const uint8_t tag[STORE_TAG_LEN])
{
        for (size_t i = 0; i < n; i++)
                if (memcmp(tags[i], tag, STORE_TAG_LEN) == 0)
                        return true;
        return false;
}

/* Appends the neighbours of one tag that are not there yet. */
static enum err add_neighbours(struct store *s, const uint8_t tag[STORE_TAG_LEN],
                               uint8_t out[STORE_TIES_MAX][STORE_TAG_LEN], size_t *n)
{
        bool there = false;
        uint8_t other[STORE_TAG_LEN];
        enum err e = OK;
        struct ask a = inside_ask(s, ASK_TIED);
        ask_put_bytes(&a, bytes_of(tag, STORE_TAG_LEN));
        ask_put_int(&a, STORE_TIES_MAX);
        while (*n < STORE_TIES_MAX && !(e = ask_row(&a, &there)) && there) {
                if ((e = item_take_tag(&a, 0, other)))
                        break;
                if (!is_among(out, *n, other))
                        memcpy(out[(*n)++], other, STORE_TAG_LEN);
        }
        ask_close(&a);
        return e;
}

enum err store_tied(struct store *s, const uint8_t tag[STORE_TAG_LEN],
                    uint8_t out[STORE_TIES_MAX][STORE_TAG_LEN], size_t *out_n)
{
        size_t n = 1;
        bool held = false;
        enum err e = OK;
        memcpy(out[0], tag, STORE_TAG_LEN);
        if (s->content && !(e = inside_hold(s, &held))) {
                for (size_t i = 0; i < n && n < STORE_TIES_MAX && !e; i++) {
                        uint8_t from[STORE_TAG_LEN];
                        memcpy(from, out[i], sizeof from);
                        e = add_neighbours(s, from, out, &n);
                }
                inside_let(s, held);
        }
        if (!e)
                *out_n = n;
        return e;
}

enum err store_tie(struct store *s, const uint8_t a[STORE_TAG_LEN], const uint8_t b[STORE_TAG_LEN],
                   uint64_t *out_seq)
{
        bool there = false;
        if (!s->content)
                return ERR_ABSENT;
        struct ask tie = inside_ask(s, ASK_TIE);
        ask_put_bytes(&tie, bytes_of(a, STORE_TAG_LEN));
        ask_put_bytes(&tie, bytes_of(b, STORE_TAG_LEN));
        enum err e = ask_row(&tie, &there);
        if (!e && !there)
                e = ERR_ABSENT;
        if (!e)
                *out_seq = (uint64_t)ask_int(&tie, 0);
        ask_close(&tie);
        return e;
}

static enum err put_tie(struct store *s, const uint8_t a[STORE_TAG_LEN], const uint8_t b[STORE_TAG_LEN],
                        bool same, uint64_t seq)
{
        struct ask put = inside_ask(s, ASK_PUT_TIE);
        ask_put_bytes(&put, bytes_of(a, STORE_TAG_LEN));
        ask_put_bytes(&put, bytes_of(b, STORE_TAG_LEN));
        ask_put_u64(&put, seq);
        ask_put_int(&put, same);
        enum err e = ask_run(&put);
        ask_close(&put);
        return e;
}

enum err store_put_tie(struct store *s, const uint8_t a[STORE_TAG_LEN], const uint8_t b[STORE_TAG_LEN],
                       bool same, uint64_t seq)
{
        enum err e;
        if ((e = inside_check_batch(s)) || memcmp(a, b, STORE_TAG_LEN) == 0)
                return e;
        e = put_tie(s, a, b, same, seq);
        return e ? e : put_tie(s, b, a, same, seq);
}

/* --- digests --- */

enum err store_told(struct store *s, roles to, int64_t since_us, size_t limit,
                    enum err (*each)(void *self, const struct store_told *told), void *self)
{
        bool there = false;
        enum err e = OK;
        if (!s->content)
                return OK;
        struct ask a = inside_ask(s, ASK_TOLD);
        ask_put_int(&a, since_us);
        ask_put_int(&a, to);
        ask_put_upto(&a, limit);
        while (!e && !(e = ask_row(&a, &there)) && there) {
                struct store_told told = {.seq = (uint64_t)ask_int(&a, 0)};
                e = bytes_to_text(ask_bytes(&a, 1), told.rule, sizeof told.rule) ? ERR_NOT_LEDGER
                                                                                 : each(self, &told);
        }
        ask_close(&a);
        return e;
}

enum err store_put_told(struct store *s, uint64_t seq, int64_t at_us, roles to, const char *rule)
{
        enum err e;
        if ((e = inside_check_batch(s)))
                return e;
        if (strlen(rule) > STORE_RULE_MAX)
                return ERR_TOO_LONG;
        struct ask a = inside_ask(s, ASK_PUT_TOLD);
        ask_put_int(&a, at_us);
        ask_put_u64(&a, seq);
        ask_put_text(&a, rule);
        ask_put_int(&a, to);
        e = ask_run(&a);
        ask_close(&a);
        return e;
}
