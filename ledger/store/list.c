/* Finding entries: by statement, by key and number, by filter. */
#include "ledger/store/inside.h"
#include "ledger/store/item.h"

/* ledger.sql writes these numbers into its partial indexes. */
_Static_assert(KIND_OPERATION == 3 && KIND_INTENT == 6 && KIND_ACTIVITY == 7 && KIND_CONSULT == 16,
               "ledger.sql");
_Static_assert(ACT_OPEN == 8 && DECIDED_WAITING == 1 && VERDICT_REFUSED == 2, "ledger.sql");
_Static_assert(DECIDED_NOT_NEEDED == 0 && DECIDED_APPROVED == 2, "ledger.sql");

static int64_t index_of(const struct hash *st)
{
        uint64_t v = 0;
        for (size_t i = 0; i < 8; i++)
                v = v << 8 | st->b[i];
        return (int64_t)v;
}

/* Whether the statement of that entry has that hash. */
static enum err is_statement(struct store *s, uint64_t seq, const struct hash *st, bool *out)
{
        struct leaf leaf;
        struct hash found;
        struct buf text;
        enum err e;
        buf_init(&text, LEAF_MAX);
        if ((e = store_leaf(s, seq, &text)) || (e = leaf_decode(buf_bytes(&text), &leaf)) ||
            (e = hash_of(leaf.statement, &found)))
                goto done;
        *out = hash_equal(&found, st);
done:
        buf_clear(&text);
        return e;
}

enum err store_find_statement(struct store *s, const struct hash *st, uint64_t *out_seq)
{
        bool there = false, same = false;
        uint64_t seq = 0;
        enum err e = OK;
        if (!s->content)
                return ERR_ABSENT;
        struct ask a = inside_ask(s, ASK_STATEMENT);
        ask_put_int(&a, index_of(st));
        while (!same && !(e = ask_row(&a, &there)) && there) {
                seq = (uint64_t)ask_int(&a, 0);
                if ((e = is_statement(s, seq, st, &same)))
                        break;
        }
        ask_close(&a);
        if (e)
                return e;
        if (!same)
                return ERR_ABSENT;
        *out_seq = seq;
        return OK;
}

enum err store_find_key_n(struct store *s, uint32_t key, uint64_t n, uint64_t *out_seq)
{
        bool there = false;
        if (!s->content || n > INT64_MAX)
                return ERR_ABSENT;
        struct ask a = inside_ask(s, ASK_KEY_N);
        ask_put_int(&a, key);
        ask_put_u64(&a, n);
        enum err e = ask_row(&a, &there);
        if (!e && !there)
                e = ERR_ABSENT;
        if (!e)
                *out_seq = (uint64_t)ask_int(&a, 0);
        ask_close(&a);
        return e;
}

enum err store_item(struct store *s, uint64_t seq, struct store_item *out)
{
        bool there = false;
        if (!s->content || seq > INT64_MAX)
                return ERR_ABSENT;
        struct ask a = inside_ask(s, ASK_ITEM);
        ask_put_u64(&a, seq);
        enum err e = ask_row(&a, &there);
        if (!e)
                e = there ? item_take(&a, out) : ERR_ABSENT;
        ask_close(&a);
        return e;
}

/* Takes the rows that a gives; closes it. */
static enum err take_items(struct ask *a, struct store_item *out, size_t limit, size_t *out_n)
{
        bool there = false;
        size_t n = 0;
        enum err e = OK;
        while (n < limit && !(e = ask_row(a, &there)) && there) {
                if ((e = item_take(a, &out[n])))
                        break;
                n++;
        }
        ask_close(a);
        if (!e)
                *out_n = n;
        return e;
}

/* The shape of a filter: which parts it has. One statement a shape, made when it is first asked. The way is
 * the index it walks, named in the statement so that no planner's guess can turn a list into a walk over the
 * whole ledger; the first that fits, so the most telling stand first. */
enum {
        SHAPE_WAITING = 1,
        SHAPE_OPEN = 2,
        SHAPE_MEMBER = 4,
        SHAPE_UNIT = 8,
        SHAPE_OPERATION = 16,
        SHAPE_SUBJECT = 32,
        SHAPE_OLDEST = 64,
        SHAPE_RARE = 128,  /* only kinds that are rare */
        SHAPE_NAMED = 256, /* only operations */
};
_Static_assert(INSIDE_LISTS == 2 * SHAPE_NAMED, "a slot for each shape");

static const struct {
        unsigned shape;
        const char *way;
} ways[] = {
    {SHAPE_WAITING, " INDEXED BY item_waiting"},
    {SHAPE_SUBJECT, " NOT INDEXED"},
    {SHAPE_NAMED | SHAPE_OPERATION, " INDEXED BY item_named"},
    {SHAPE_RARE, " INDEXED BY item_rare"},
    {SHAPE_OPEN, " INDEXED BY item_open"},
    {SHAPE_OPERATION, " INDEXED BY item_operation"},
    {SHAPE_MEMBER, " INDEXED BY item_member"},
    {0, " NOT INDEXED"},
};

static const struct {
        unsigned shape;
        const char *condition;
} conditions[] = {
    {SHAPE_WAITING, " AND decided = 1"},
    {SHAPE_OPEN, " AND closed_by IS NULL AND (kind = 6 OR kind = 3 AND act = 8)"},
    {SHAPE_MEMBER, " AND member = ?3"},
    {SHAPE_UNIT, " AND unit = ?4"},
    {SHAPE_OPERATION, " AND operation IS NOT NULL AND operation = ?5"},
    {SHAPE_SUBJECT, " AND seq IN (SELECT seq FROM subject_index WHERE tag = ?6)"},
    {SHAPE_RARE, " AND kind NOT IN (6, 7, 16)"},
    {SHAPE_NAMED, " AND kind = 3"},
};

static unsigned shape_of(const struct store_filter *f)
{
        const uint32_t frequent = 1u << KIND_INTENT | 1u << KIND_ACTIVITY | 1u << KIND_CONSULT;
        unsigned shape = 0;
        shape |= f->waiting ? SHAPE_WAITING : 0;
        shape |= f->open ? SHAPE_OPEN : 0;
        shape |= f->by_member ? SHAPE_MEMBER : 0;
        shape |= f->unit != NULL ? SHAPE_UNIT : 0;
        shape |= f->operation != NULL ? SHAPE_OPERATION : 0;
        shape |= f->subject != NULL ? SHAPE_SUBJECT : 0;
        shape |= f->oldest_first ? SHAPE_OLDEST : 0;
        shape |= f->kinds != 0 && !(f->kinds & frequent) ? SHAPE_RARE : 0;
        shape |= f->kinds == 1u << KIND_OPERATION ? SHAPE_NAMED : 0;
        return shape;
}

static void put_list(struct buf *sql, unsigned shape)
{
        size_t way = 0;
        while ((shape & ways[way].shape) != ways[way].shape)
                way++;
        buf_put_text(sql, "SELECT " ITEM_COLUMNS " FROM item");
        buf_put_text(sql, ways[way].way);
        buf_put_text(sql, " WHERE (?1 >> kind) & 1");
        buf_put_text(sql, shape & SHAPE_OLDEST ? " AND seq >= ?2" : " AND seq < ?2");
        for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
                if (shape & conditions[i].shape)
                        buf_put_text(sql, conditions[i].condition);
        buf_put_text(sql, shape & SHAPE_OLDEST ? " ORDER BY seq LIMIT ?7" : " ORDER BY seq DESC LIMIT ?7");
}

static struct ask open_list(struct store *s, unsigned shape)
{
        sqlite3_stmt **slot = &s->lists[shape];
        struct ask a = {.next = 1};
        struct buf sql;
        if (*slot != NULL)
                return ask_open_text(s->db, slot, "");
        buf_init(&sql, 4096);
        put_list(&sql, shape);
        const char *text = buf_text(&sql);
        a.failed = buf_check(&sql);
        if (!a.failed)
                a = ask_open_text(s->db, slot, text);
        buf_clear(&sql);
        return a;
}

static void put_filter(struct ask *a, const struct store_filter *f)
{
        ask_put_int(a, f->kinds != 0 ? f->kinds : UINT32_MAX);
        ask_put_upto(a, f->oldest_first && f->before == SEQ_NONE ? 0 : f->before);
        ask_put_int(a, f->member);
        ask_put_text(a, f->unit);
        if (f->operation != NULL)
                ask_put_bytes(a, bytes_of(f->operation, STORE_TAG_LEN));
        else
                ask_put_null(a);
        if (f->subject != NULL)
                ask_put_bytes(a, bytes_of(f->subject, STORE_TAG_LEN));
        else
                ask_put_null(a);
        ask_put_u64(a, f->limit);
}

enum err store_items(struct store *s, const struct store_filter *f, struct store_item *out, size_t *out_n)
{
        if (f->limit > STORE_PAGE_MAX)
                return ERR_TOO_LONG;
        if (!s->content) {
                *out_n = 0;
                return OK;
        }
        struct ask a = open_list(s, shape_of(f));
        put_filter(&a, f);
        return take_items(&a, out, f->limit, out_n);
}

enum err store_items_about(struct store *s, uint64_t seq, struct store_item *out, size_t limit, size_t *out_n)
{
        if (!s->content || seq > INT64_MAX) {
                *out_n = 0;
                return OK;
        }
        struct ask a = inside_ask(s, ASK_ABOUT);
        ask_put_u64(&a, seq);
        ask_put_upto(&a, limit);
        return take_items(&a, out, limit, out_n);
}

static enum err count(struct store *s, enum ask_name name, uint32_t member, int64_t at_us, size_t limit,
                      size_t *out_n)
{
        bool there = false;
        if (!s->content) {
                *out_n = 0;
                return OK;
        }
        struct ask a = inside_ask(s, name);
        ask_put_int(&a, member);
        ask_put_int(&a, at_us);
        ask_put_upto(&a, limit);
        enum err e = ask_row(&a, &there);
        if (!e)
                *out_n = (size_t)ask_int(&a, 0);
        ask_close(&a);
        return e;
}

enum err store_intents_since(struct store *s, uint32_t member, int64_t since_us, size_t limit, size_t *out_n)
{
        return count(s, ASK_INTENTS_SINCE, member, since_us, limit, out_n);
}

enum err store_intents_open(struct store *s, uint32_t member, int64_t before_us, size_t limit, size_t *out_n)
{
        return count(s, ASK_INTENTS_OPEN, member, before_us, limit, out_n);
}

enum err inside_put_found(struct store *s, const struct store_entry *entry)
{
        const struct store_item *i = &entry->item;
        enum err e;
        struct ask statement = inside_ask(s, ASK_PUT_STATEMENT);
        ask_put_int(&statement, index_of(&entry->st));
        ask_put_u64(&statement, i->seq);
        e = ask_run(&statement);
        ask_close(&statement);
        if (e)
                return e;
        struct ask key_n = inside_ask(s, ASK_PUT_KEY_N);
        ask_put_int(&key_n, i->key);
        ask_put_u64(&key_n, i->n);
        ask_put_u64(&key_n, i->seq);
        e = ask_run(&key_n);
        ask_close(&key_n);
        if (e)
                return e;
        struct ask item = inside_ask(s, ASK_PUT_ITEM);
        item_put(&item, i);
        e = ask_run(&item);
        ask_close(&item);
        return e ? e : inside_put_subject(s, entry);
}

static enum err set(struct store *s, struct ask *a)
{
        enum err e = ask_run(a);
        if (!e && sqlite3_changes(s->db) != 1)
                e = ERR_ABSENT;
        ask_close(a);
        return e;
}

enum err store_set_decided(struct store *s, uint64_t seq, enum decided decided, uint64_t by)
{
        enum err e;
        if ((e = inside_check_batch(s)))
                return e;
        struct ask a = inside_ask(s, ASK_SET_DECIDED);
        ask_put_int(&a, decided);
        ask_put_seq(&a, by);
        ask_put_seq(&a, seq);
        return set(s, &a);
}

enum err store_set_closed(struct store *s, uint64_t seq, uint64_t by)
{
        enum err e;
        if ((e = inside_check_batch(s)))
                return e;
        struct ask a = inside_ask(s, ASK_SET_CLOSED);
        ask_put_seq(&a, by);
        ask_put_seq(&a, seq);
        return set(s, &a);
}
