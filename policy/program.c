#include "policy/program.h"

#include <stdlib.h>

#include "policy/sandbox.h"

struct item {
        const struct rule *rule; /* NULL: a lane */
        const char *name;
        uint32_t kinds;
        size_t from, n; /* its SQL in `sql` */
};

struct program {
        struct sandbox *sandbox;
        sqlite3_stmt *joint;
        struct slots slots;
        struct buf sql; /* SELECT (r1) IS TRUE,(r2) IS TRUE... */
        size_t items_n;
        struct item item[ANSWERS_MAX];
};

static enum err add_item(struct program *p, const struct names *names, const char *when, struct item item,
                         struct why *why)
{
        enum err e;
        buf_put_text(&p->sql, p->items_n == 0 ? "SELECT " : ",");
        item.from = p->sql.n;
        buf_put_text(&p->sql, "(");
        if ((e = expression_translate(names, bytes_text(when), &p->slots, &p->sql, why)))
                return e;
        buf_put_text(&p->sql, ") IS TRUE");
        item.n = p->sql.n - item.from;
        p->item[p->items_n++] = item;
        return OK;
}

static enum err add_all(struct program *p, const struct pack *pack, struct why *why)
{
        const struct names names = column_names(pack);
        const uint32_t enquiries = 1u << KIND_INTENT | 1u << KIND_ACTIVITY;
        static const enum lane lanes[PROGRAM_LANES] = {LANE_STANDARD, LANE_AUTHORISED};
        enum err e = OK;
        for (size_t i = 0; !e && i < pack_rules(pack); i++) {
                const struct rule *r = pack_rule(pack, i);
                e = add_item(p, &names, r->when, (struct item){.rule = r, .name = r->id, .kinds = r->kinds},
                             why);
        }
        for (size_t i = 0; !e && i < PROGRAM_LANES; i++) {
                const char *when = pack_lane(pack, lanes[i]);
                e = add_item(p, &names, when ? when : "0",
                             (struct item){.name = lane_names[lanes[i]], .kinds = enquiries}, why);
        }
        return e;
}

enum err program_new(const struct pack *pack, struct program **out, struct why *why)
{
        struct program *p = calloc(1, sizeof *p);
        enum err e;
        if (p == NULL)
                return ERR_NO_MEMORY;
        buf_init(&p->sql, SANDBOX_SQL_MAX);
        if ((e = sandbox_new(&p->sandbox)) || (e = add_all(p, pack, why)) || (e = buf_check(&p->sql)) ||
            (e = sandbox_prepare(p->sandbox, buf_bytes(&p->sql), &p->joint, why)))
                goto done;
        *out = p;
        p = NULL; /* given away */
done:
        program_free(p);
        return e;
}

void program_free(struct program *p)
{
        if (p == NULL)
                return;
        sqlite3_finalize(p->joint);
        sandbox_free(p->sandbox);
        buf_clear(&p->sql);
        free(p);
}

const struct slots *program_slots(const struct program *p)
{
        return &p->slots;
}

static bool concerns(const struct item *item, enum kind kind)
{
        return (item->kinds >> kind) & 1u;
}

static enum err ask_together(struct program *p, enum kind kind, const struct fact_value value[],
                             enum answer out[])
{
        enum err e = sandbox_bind(p->joint, value);
        if (!e)
                e = sandbox_run(p->sandbox, p->joint, NULL);
        for (size_t i = 0; !e && i < p->items_n; i++)
                out[i] = concerns(&p->item[i], kind) && sqlite3_column_int(p->joint, (int)i) ? ANSWER_YES
                                                                                             : ANSWER_NO;
        sqlite3_reset(p->joint);
        return e;
}

/* Rare, so nothing is kept prepared for it. */
static enum err ask_one(struct program *p, const struct item *item, const struct fact_value value[],
                        enum answer *out, struct why *why)
{
        sqlite3_stmt *statement = NULL;
        struct buf sql;
        enum err e;
        buf_init(&sql, SANDBOX_SQL_MAX);
        buf_put_text(&sql, "SELECT ");
        buf_put(&sql, bytes_of(p->sql.at + item->from, item->n));
        if (!(e = buf_check(&sql)) && !(e = sandbox_prepare(p->sandbox, buf_bytes(&sql), &statement, why)) &&
            !(e = sandbox_bind(statement, value)) && !(e = sandbox_run(p->sandbox, statement, why)))
                *out = sqlite3_column_int(statement, 0) ? ANSWER_YES : ANSWER_NO;
        sqlite3_finalize(statement);
        buf_clear(&sql);
        return e;
}

static enum err ask_apart(struct program *p, enum kind kind, const struct fact_value value[],
                          enum answer out[], struct why *why)
{
        for (size_t i = 0; i < p->items_n; i++) {
                struct why inner = {OK, ""};
                enum err e = OK;
                out[i] = ANSWER_NO;
                if (concerns(&p->item[i], kind))
                        e = ask_one(p, &p->item[i], value, &out[i], &inner);
                if (e == ERR_RULE) {
                        out[i] = ANSWER_BROKEN;
                        e = why_set(why, ERR_RULE, "%s %s: %.180s", p->item[i].rule ? "rule" : "lane",
                                    p->item[i].name, inner.detail);
                }
                if (e && e != ERR_RULE)
                        return e;
        }
        return OK;
}

enum err program_ask(struct program *p, enum kind kind, const struct fact_value value[],
                     enum answer out[ANSWERS_MAX], struct why *why)
{
        enum err e = ask_together(p, kind, value, out);
        return e == ERR_RULE ? ask_apart(p, kind, value, out, why) : e;
}
