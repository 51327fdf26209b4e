#include "daemon/query.h"

#include <stdlib.h>

#include "daemon/answer.h"
#include "daemon/sight.h"
#include "ledger/base/b64.h"
#include "policy/logs.h"

#define PAGE_DEFAULT 50
#define PAGE_MAX     100
#define REGISTERED   (1u << KIND_AUTHORITY | 1u << KIND_PERSONA)
#define SHOWN_PREFIX "enquiry-shown-v1"
#define RELATED_MAX  50
#define LOOKED_MAX   20000 /* items that one page walks over, most of which its reader may not see */

struct query {
        struct worker *w;
        struct job *j;
        struct reader reader;
        char unit[UNIT_MAX + 1];
        struct bytes text; /* the query's JSON object */
        struct hash_stream *shown;
        uint64_t count;
        char orphan_unit[UNIT_MAX + 1]; /* the unit that was asked about last */
        bool orphan_asked, orphan;
};

/* --- the query's members --- */

static enum err member_text(struct query *q, const char *name, struct bytes *out)
{
        struct bytes value, escaped;
        struct buf *scratch = &q->j->text;
        size_t from = scratch->n;
        enum err e;
        *out = bytes_of(NULL, 0);
        if (json_member(q->text, name, &value))
                return OK;
        if ((e = json_whole_string(value, &escaped)) || (e = json_unescape(escaped, scratch)))
                return e;
        *out = buf_since(scratch, from);
        return OK;
}

static bool member_flag(struct query *q, const char *name)
{
        struct bytes value;
        return json_member(q->text, name, &value) == OK && bytes_is(value, "true");
}

static enum err member_number(struct query *q, const char *name, uint64_t absent, uint64_t *out)
{
        struct bytes value;
        int64_t n;
        enum err e;
        *out = absent;
        if (json_member(q->text, name, &value))
                return OK;
        if ((e = json_whole_int(value, &n)))
                return e;
        if (n < 0)
                return ERR_FIELD_VALUE;
        *out = (uint64_t)n;
        return OK;
}

/* --- what is shown is accounted for --- */

static enum err note_shown(struct query *q, uint64_t seq)
{
        struct hash hash;
        struct tree_source source = store_tree_source(q->w->store);
        enum err e = source.read(source.self, 0, seq, 1, &hash);
        if (e)
                return e;
        q->count++;
        return hash_stream_put(q->shown, hash_bytes(&hash));
}

/* Walks all members, so it is kept: a list is mostly of few units. */
static bool orphan(struct query *q, const struct store_item *item)
{
        struct ledger *l = q->w->ledger;
        if (q->orphan_asked && strcmp(q->orphan_unit, item->unit) == 0)
                return q->orphan;
        (void)pthread_rwlock_rdlock(&l->lock);
        q->orphan = sight_orphan(l->roster, item->unit);
        (void)pthread_rwlock_unlock(&l->lock);
        memcpy(q->orphan_unit, item->unit, sizeof q->orphan_unit);
        q->orphan_asked = true;
        return q->orphan;
}

static bool may_see(struct query *q, const struct store_item *item)
{
        return sight_item(&q->reader, item, orphan(q, item));
}

static bool may_list(struct query *q, const struct store_item *item)
{
        return sight_lists(&q->reader, item, orphan(q, item));
}

static enum err put_record(struct query *q, const struct store_item *item, struct buf *out, size_t *n)
{
        enum err e;
        if (*n > 0)
                buf_put_text(out, ",");
        ++*n;
        if ((e = answer_record(q->w->ledger, q->w->store, item, out)))
                return e;
        return note_shown(q, item->seq);
}

/* --- the classes --- */

/* The registration of that reference; the newest where it was given again. */
static enum err find_registered(struct query *q, struct bytes authority, struct bytes persona, uint64_t *out)
{
        struct ledger *l = q->w->ledger;
        const struct authority *a = NULL;
        const struct persona *p = NULL;
        (void)pthread_rwlock_rdlock(&l->lock);
        if (authority.n > 0)
                a = registry_authority_of_ref(l->registry, authority);
        else
                p = registry_persona_of_ref(l->registry, persona);
        if (a != NULL || p != NULL)
                *out = a != NULL ? a->seq : p->seq;
        (void)pthread_rwlock_unlock(&l->lock);
        return a != NULL || p != NULL ? OK : ERR_REFERENCE;
}

/* By reference or seq, or by the reference that an authority or a persona has of its own. */
static enum err find_shown(struct query *q, struct store_item *out)
{
        struct bytes ref, authority, persona;
        uint64_t seq;
        enum err e;
        if ((e = member_text(q, "ref", &ref)) || (e = member_text(q, "authority", &authority)) ||
            (e = member_text(q, "persona", &persona)))
                return e;
        e = authority.n > 0 || persona.n > 0 ? find_registered(q, authority, persona, &seq)
                                             : ledger_find(q->w->ledger, q->w->store, ref, &seq);
        if (!e)
                e = store_item(q->w->store, seq, out);
        return e == ERR_ABSENT ? ERR_REFERENCE : e;
}

static enum err show(struct query *q, struct buf *out)
{
        struct store_item item, *about = NULL;
        size_t n = 0, about_n = 0;
        enum err e;
        if ((e = find_shown(q, &item)))
                return e;
        if (!may_see(q, &item))
                return why_set(&q->j->why, ERR_ROLE, "the entry is not one that you may open");
        if ((LOGS_KINDS >> item.kind & 1u) != 0 && !member_flag(q, "logs"))
                return why_set(&q->j->why, ERR_FIELD_VALUE,
                               "it says who read, disclosed or erased what: name the purpose with "
                               "--log-purpose (\"logs\":true)");
        about = calloc(RELATED_MAX, sizeof *about);
        if (about == NULL)
                return ERR_NO_MEMORY;
        buf_put_text(out, "\"records\":[");
        if ((e = put_record(q, &item, out, &n)) ||
            (e = store_items_about(q->w->store, item.seq, about, RELATED_MAX, &about_n)))
                goto done;
        /* Who may open an entry may read what was decided and done about it. */
        for (size_t i = 0; i < about_n && !e; i++)
                e = put_record(q, &about[i], out, &n);
        /* An activity is read together with the enquiry it closes, a decision with what it decided. */
        if (!e && item.target != SEQ_NONE && !store_item(q->w->store, item.target, &item) &&
            may_see(q, &item))
                e = put_record(q, &item, out, &n);
        buf_put_text(out, "]");
done:
        free(about);
        return e;
}

/* Walks the items a filter gives, newest first or oldest first, showing those that may be listed until the
 * page is full. It ends early, with the place to go on from, where too many in a row are not the reader's to
 * see: a worker serves everybody. */
static enum err page(struct query *q, struct store_filter *f, size_t limit,
                     bool (*wanted)(struct query *, const struct store_item *),
                     enum err (*put)(struct query *, const struct store_item *, struct buf *, size_t *),
                     struct buf *out)
{
        struct store_item *items = calloc(STORE_PAGE_MAX, sizeof *items);
        size_t got = STORE_PAGE_MAX, n = 0, looked = 0;
        uint64_t next = SEQ_NONE;
        enum err e = items == NULL ? ERR_NO_MEMORY : OK;
        f->limit = STORE_PAGE_MAX;
        while (!e && got == STORE_PAGE_MAX && n < limit) {
                if (looked >= LOOKED_MAX) {
                        next = f->before;
                        break;
                }
                if ((e = store_items(q->w->store, f, items, &got)))
                        break;
                looked += got;
                for (size_t i = 0; i < got && n < limit && !e; i++) {
                        f->before = f->oldest_first ? items[i].seq + 1 : items[i].seq;
                        if (may_list(q, &items[i]) && (wanted == NULL || wanted(q, &items[i])))
                                e = put(q, &items[i], out, &n);
                        if (n == limit)
                                next = f->before;
                }
        }
        buf_put_text(out, "]");
        if (!e && next != SEQ_NONE)
                buf_put_format(out, ",\"next\":\"%llu\"", (unsigned long long)next);
        free(items);
        return e;
}

static enum err put_item(struct query *q, const struct store_item *item, struct buf *out, size_t *n)
{
        enum err e;
        if (*n > 0)
                buf_put_text(out, ",");
        ++*n;
        if ((e = answer_item(q->w->ledger, q->w->store, item, clock_now_us(), out)))
                return e;
        return note_shown(q, item->seq);
}

static enum err page_limit(struct query *q, size_t *out)
{
        uint64_t limit;
        enum err e = member_number(q, "limit", PAGE_DEFAULT, &limit);
        if (e)
                return e;
        *out = limit == 0 || limit > PAGE_MAX ? PAGE_MAX : (size_t)limit;
        return OK;
}

/* There is nothing to close about what was refused or returned. */
static bool still_open(struct query *q, const struct store_item *item)
{
        (void)q;
        return item->verdict != VERDICT_REFUSED && item->decided != DECIDED_REFUSED &&
               item->decided != DECIDED_RETURNED;
}

/* --- digests --- */

#define TOLD_DAYS     7
#define TOLD_DAYS_MAX 366

/* The entries that rules put into the digests of the reader's roles, newest first. */
struct telling {
        struct query *q;
        struct buf *out;
        uint64_t before, next;
        size_t limit, n;
        bool open;    /* an item stands open: more rules may follow */
        uint64_t seq; /* of the entry at hand */
};

static void close_told(struct telling *t)
{
        if (t->open)
                buf_put_text(t->out, "]}");
        t->open = false;
}

static enum err open_told(struct telling *t, uint64_t seq)
{
        struct store_item item;
        enum err e;
        t->seq = seq;
        if ((e = store_item(t->q->w->store, seq, &item)) || !may_see(t->q, &item))
                return e == ERR_ABSENT ? OK : e;
        if (t->n == t->limit) {
                t->next = t->next == SEQ_NONE ? seq + 1 : t->next;
                return OK;
        }
        if ((e = put_item(t->q, &item, t->out, &t->n)))
                return e;
        t->out->n--; /* its brace */
        buf_put_text(t->out, ",\"told\":[");
        t->open = true;
        return OK;
}

static enum err tell(void *self, const struct store_told *told)
{
        struct telling *t = self;
        enum err e = OK;
        if (told->seq >= t->before || t->next != SEQ_NONE)
                return OK;
        bool first = told->seq != t->seq;
        if (first) {
                close_told(t);
                e = open_told(t, told->seq);
        }
        if (!e && t->open) {
                buf_put_text(t->out, first ? "" : ",");
                json_put_text(t->out, told->rule);
        }
        return e;
}

static enum err told(struct query *q, struct buf *out)
{
        struct telling t = {.q = q, .out = out, .next = SEQ_NONE, .seq = SEQ_NONE};
        uint64_t days;
        enum err e;
        if ((e = member_number(q, "before", SEQ_NONE, &t.before)) || (e = page_limit(q, &t.limit)) ||
            (e = member_number(q, "days", TOLD_DAYS, &days)))
                return e;
        if (days > TOLD_DAYS_MAX)
                return why_set(&q->j->why, ERR_FIELD_VALUE, "days: at most %d", TOLD_DAYS_MAX);
        buf_put_text(out, "\"entries\":[");
        e = store_told(q->w->store, q->reader.roles, clock_now_us() - (int64_t)days * MOMENT_DAY_US,
                       LOOKED_MAX, tell, &t);
        close_told(&t);
        buf_put_text(out, "]");
        if (!e && t.next != SEQ_NONE)
                buf_put_format(out, ",\"next\":\"%llu\"", (unsigned long long)t.next);
        return e;
}

static enum err list(struct query *q, struct buf *out)
{
        struct store_filter f = {0};
        uint8_t operation[STORE_TAG_LEN], subject[STORE_TAG_LEN];
        struct bytes kind, name, address;
        enum kind k;
        size_t limit;
        enum err e;
        if (member_flag(q, "told"))
                return told(q, out);
        if ((e = member_number(q, "before", SEQ_NONE, &f.before)) || (e = page_limit(q, &limit)) ||
            (e = member_text(q, "kind", &kind)) || (e = member_text(q, "operation", &name)) ||
            (e = member_text(q, "subject", &address)))
                return e;
        if (kind.n > 0) {
                if (!kind_of_name((const char *)kind.at, kind.n, &k))
                        return why_set(&q->j->why, ERR_KIND, "%.*s", (int)(kind.n < 40 ? kind.n : 40),
                                       (const char *)kind.at);
                f.kinds = 1u << k;
        } else if (!member_flag(q, "all")) {
                f.kinds = ~(LOGS_KINDS);
        }
        if (name.n > 0) {
                if ((e = store_tag(q->w->ledger->keys, "operation", name, operation)))
                        return e;
                f.operation = operation;
        }
        if (address.n > 0) {
                if ((e = store_tag(q->w->ledger->keys, "subject", address, subject)))
                        return e;
                f.subject = subject;
        }
        f.open = member_flag(q, "open");
        f.by_member = member_flag(q, "mine");
        f.member = q->reader.member;
        if (member_flag(q, "whole")) {
                if (f.kinds == 0 || (f.kinds & ~REGISTERED) != 0)
                        return why_set(&q->j->why, ERR_FIELD_VALUE,
                                       "whole: entries of kind authority or persona");
                buf_put_text(out, "\"records\":[");
                return page(q, &f, limit, NULL, put_record, out);
        }
        buf_put_text(out, "\"entries\":[");
        return page(q, &f, limit, f.open ? still_open : NULL, put_item, out);
}

/* Those that this reader may decide: the queue shows nobody's own. */
static bool decidable(struct query *q, const struct store_item *item)
{
        return item->member != q->reader.member && sight_decides(&q->reader, item, orphan(q, item));
}

static enum err queue(struct query *q, struct buf *out)
{
        struct store_filter f = {.waiting = true, .oldest_first = true};
        size_t limit;
        enum err e;
        if ((e = member_number(q, "from", SEQ_NONE, &f.before)) || (e = page_limit(q, &limit)))
                return e;
        buf_put_text(out, "\"entries\":[");
        return page(q, &f, limit, decidable, put_item, out);
}

static bool opened(struct query *q, const struct store_item *item)
{
        (void)q;
        return item->act == ACT_OPEN;
}

/* Operations as whole records: the client takes defaults from them. */
static enum err operations(struct query *q, struct buf *out)
{
        struct store_filter f = {.kinds = 1u << KIND_OPERATION, .before = SEQ_NONE};
        uint8_t tag[STORE_TAG_LEN];
        struct bytes name;
        size_t limit;
        enum err e;
        if ((e = member_text(q, "name", &name)) || (e = page_limit(q, &limit)))
                return e;
        if (name.n > 0) {
                if ((e = store_tag(q->w->ledger->keys, "operation", name, tag)))
                        return e;
                f.operation = tag;
        }
        f.open = !member_flag(q, "all");
        buf_put_text(out, "\"records\":[");
        return page(q, &f, limit, opened, put_record, out);
}

static enum err content(struct query *q, struct buf *out)
{
        struct store_filter f = {.oldest_first = true};
        size_t limit;
        enum err e;
        if ((e = member_number(q, "from", 0, &f.before)) || (e = page_limit(q, &limit)))
                return e;
        buf_put_text(out, "\"records\":[");
        return page(q, &f, limit, NULL, put_record, out);
}

static const char *member_state(const struct roster *r, const struct roster_member *m)
{
        if (m->revoked)
                return "revoked";
        if (roster_key_of_member(r, m->number) != NULL)
                return "active";
        for (uint32_t k = 0; k < roster_keys(r); k++) {
                const struct roster_key *key = roster_key_at(r, k);
                if (key->kind == KEY_INVITE && key->member == m->number && key->until_seq == SEQ_NONE)
                        return key->waiting ? "waiting" : "invited";
        }
        return "refused";
}

static void put_member(struct ledger *l, const struct roster_member *m, struct buf *out)
{
        char id[MEMBER_ID_TEXT_LEN + 1];
        const struct roster_key *key = roster_key_of_member(l->roster, m->number);
        member_id_text(&m->id, id);
        buf_put_format(out, "{\"member\":\"%s\",\"name\":", id);
        json_put_text(out, directory_name(l->directory, m->number));
        buf_put_format(
            out, ",\"alias\":\"%s\",\"state\":\"%s\",\"unit\":\"%s\",\"training\":%u,\"since\":\"%llu\"",
            key != NULL ? directory_alias(l->directory, key->number) : "", member_state(l->roster, m),
            m->unit, m->training, (unsigned long long)m->since_seq);
        if (key != NULL) {
                buf_put_text(out, ",\"key\":\"");
                b64u_put(out, bytes_of(key->key.b, KEY_LEN));
                buf_put_text(out, "\"");
        }
        buf_put_text(out, ",");
        answer_roles(m->roles, out);
        buf_put_text(out, "}");
}

static enum err members(struct query *q, struct buf *out)
{
        struct ledger *l = q->w->ledger;
        enum err e = OK;
        buf_put_text(out, "\"members\":[");
        (void)pthread_rwlock_rdlock(&l->lock);
        uint32_t n = (uint32_t)roster_members(l->roster);
        for (uint32_t i = 0; i < n; i++) {
                if (i > 0)
                        buf_put_text(out, ",");
                put_member(l, roster_member_at(l->roster, i), out);
        }
        (void)pthread_rwlock_unlock(&l->lock);
        for (uint32_t i = 0; i < n && !e; i++) {
                (void)pthread_rwlock_rdlock(&l->lock);
                uint64_t seq = roster_member_at(l->roster, i)->since_seq;
                (void)pthread_rwlock_unlock(&l->lock);
                e = note_shown(q, seq);
        }
        buf_put_text(out, "]");
        return e;
}

static enum err (*const run_class[CLASS_COUNT])(struct query *q, struct buf *out) = {
    [CLASS_SHOW] = show,       [CLASS_LIST] = list,
    [CLASS_QUEUE] = queue,     [CLASS_OPERATIONS] = operations,
    [CLASS_MEMBERS] = members, [CLASS_CONTENT] = content,
};

enum err query_shown_nothing(struct hash *out)
{
        return hash_of(bytes_text(SHOWN_PREFIX), out);
}

enum err query_run(struct worker *w, struct job *j)
{
        struct query q = {.w = w, .j = j};
        struct ledger *l = w->ledger;
        struct bytes name;
        enum class c;
        enum err e;

        (void)pthread_rwlock_rdlock(&l->lock);
        const struct roster_member *m = roster_member_at(l->roster, roster_key_at(l->roster, j->key)->member);
        memcpy(q.unit, m->unit, sizeof q.unit);
        q.reader = (struct reader){.member = m->number, .roles = m->roles};
        (void)pthread_rwlock_unlock(&l->lock);
        q.reader.unit = q.unit;

        if ((e = body_text(&j->body, "class", &j->text, &name)))
                return e;
        if (!class_of_name(name, &c))
                return why_set(&j->why, ERR_FIELD_WORD,
                               "class: this daemon answers show, list, queue, operations, members, content");
        if (!sight_class(&q.reader, c))
                return why_set(&j->why, ERR_ROLE, "your role may not ask for `%s`", class_name(c));
        if ((e = body_text(&j->body, "query", &j->text, &q.text)))
                return e;
        if (json_check(q.text) || q.text.n == 0 || q.text.at[0] != '{')
                return why_set(&j->why, ERR_FIELD_VALUE, "query: a JSON object");
        q.shown = hash_stream_new();
        if (q.shown == NULL)
                return ERR_NO_MEMORY;
        buf_put_text(&j->answer, ",\"answer\":{");
        if (!(e = hash_stream_put(q.shown, bytes_text(SHOWN_PREFIX))) &&
            !(e = run_class[c](&q, &j->answer))) {
                buf_put_text(&j->answer, "}");
                j->class = class_name(c);
                j->shown_n = q.count;
                if (!(e = buf_check(&j->answer)))
                        e = hash_stream_done(q.shown, &j->shown);
        }
        hash_stream_free(q.shown);
        return e;
}
