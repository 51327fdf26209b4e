#include "policy/program.h"

#include <stdlib.h>

#include "policy/sandbox.h"

static const enum lane lanes[PROGRAM_LANES] = {LANE_STANDARD, LANE_AUTHORISED};

/* What is asked about one kind of entry. */
struct question {
        sqlite3_stmt *statement; /* SELECT CASE WHEN (r1) THEN 1 ELSE 0 END,... */
        struct slots slots;
        struct buf sql; /* of the statement */
        size_t items_n;
        struct {
                uint8_t answer;
                size_t from, n; /* its SQL in `sql` */
        } item[ANSWERS_MAX];    /* by column */
};

struct program {
        const struct pack *pack;
        struct names names;
        struct sandbox *sandbox;
        struct question *question[KIND_COUNT]; /* NULL: nothing is asked */
};

/* The expression behind an answer; NULL when nothing is asked about that kind. */
static const char *expression_of(const struct program *p, size_t answer, enum kind kind)
{
        size_t rules = pack_rules(p->pack);
        if (answer >= rules)
                return kind == KIND_INTENT || kind == KIND_ACTIVITY
                           ? pack_lane(p->pack, lanes[answer - rules])
                           : NULL;
        return (pack_rule(p->pack, answer)->kinds >> kind) & 1u ? pack_rule(p->pack, answer)->when : NULL;
}

static size_t answers_count(const struct program *p)
{
        return pack_rules(p->pack) + PROGRAM_LANES;
}

/* In this form SQLite stops at the first of two that settles an AND or OR; with IS TRUE it computes both,
 * which takes half as long again. */
static enum err put_item(const struct program *p, struct question *q, size_t answer, const char *when,
                         struct why *why)
{
        size_t from;
        enum err e;
        buf_put_text(&q->sql, q->items_n == 0 ? "SELECT " : ",");
        from = q->sql.n;
        buf_put_text(&q->sql, "CASE WHEN (");
        e = expression_translate(&p->names, bytes_text(when), &q->slots, &q->sql, why);
        buf_put_text(&q->sql, ") THEN 1 ELSE 0 END");
        q->item[q->items_n].answer = (uint8_t)answer;
        q->item[q->items_n].from = from;
        q->item[q->items_n++].n = q->sql.n - from;
        return e;
}

static enum err prepare(struct program *p, struct question *q, enum kind kind, struct why *why)
{
        enum err e = OK;
        buf_init(&q->sql, SANDBOX_SQL_MAX);
        for (size_t i = 0; !e && i < answers_count(p); i++) {
                const char *when = expression_of(p, i, kind);
                if (when != NULL)
                        e = put_item(p, q, i, when, why);
        }
        if (e == ERR_TOO_LONG || (!e && buf_check(&q->sql) == ERR_TOO_LONG))
                return why_set(why, ERR_RULE, "line 1: the expressions of the pack are too long together");
        if (e || (e = buf_check(&q->sql)))
                return e;
        return sandbox_prepare(p->sandbox, buf_bytes(&q->sql), &q->statement, why);
}

static bool asked(const struct program *p, enum kind kind)
{
        for (size_t i = 0; i < answers_count(p); i++)
                if (expression_of(p, i, kind) != NULL)
                        return true;
        return false;
}

static enum err prepare_all(struct program *p, struct why *why)
{
        enum err e = OK;
        for (unsigned kind = 0; !e && kind < KIND_COUNT; kind++) {
                if (!asked(p, (enum kind)kind))
                        continue;
                if ((p->question[kind] = calloc(1, sizeof *p->question[kind])) == NULL)
                        return ERR_NO_MEMORY;
                e = prepare(p, p->question[kind], (enum kind)kind, why);
        }
        return e;
}

enum err program_new(const struct pack *pack, struct program **out, struct why *why)
{
        struct program *p = calloc(1, sizeof *p);
        enum err e;
        if (p == NULL)
                return ERR_NO_MEMORY;
        p->pack = pack;
        p->names = column_names(pack);
        if ((e = sandbox_new(&p->sandbox)) || (e = prepare_all(p, why)))
                goto done;
        *out = p;
        p = NULL; /* given away */
done:
        program_free(p);
        return e;
}

static void question_free(struct question *q)
{
        if (q == NULL)
                return;
        sqlite3_finalize(q->statement);
        buf_clear(&q->sql);
        free(q);
}

void program_free(struct program *p)
{
        if (p == NULL)
                return;
        for (unsigned kind = 0; kind < KIND_COUNT; kind++)
                question_free(p->question[kind]);
        sandbox_free(p->sandbox);
        free(p);
}

const struct slots *program_slots(const struct program *p, enum kind kind)
{
        return p->question[kind] ? &p->question[kind]->slots : NULL;
}

static enum err ask_together(struct program *p, const struct question *q, const struct fact_value value[],
                             enum answer out[])
{
        enum err e = sandbox_bind(q->statement, value);
        if (!e)
                e = sandbox_run(p->sandbox, q->statement, NULL);
        for (size_t i = 0; !e && i < q->items_n; i++)
                if (sqlite3_column_int(q->statement, (int)i))
                        out[q->item[i].answer] = ANSWER_YES;
        sqlite3_reset(q->statement);
        return e;
}

/* Rare, so nothing is kept prepared for it. */
static enum err ask_one(struct program *p, struct bytes expression, const struct fact_value value[],
                        enum answer *out, struct why *why)
{
        sqlite3_stmt *statement = NULL;
        struct buf sql;
        enum err e;
        buf_init(&sql, SANDBOX_SQL_MAX);
        buf_put_text(&sql, "SELECT ");
        buf_put(&sql, expression);
        if (!(e = buf_check(&sql)) && !(e = sandbox_prepare(p->sandbox, buf_bytes(&sql), &statement, why)) &&
            !(e = sandbox_bind(statement, value)) && !(e = sandbox_run(p->sandbox, statement, why)))
                *out = sqlite3_column_int(statement, 0) ? ANSWER_YES : ANSWER_NO;
        sqlite3_finalize(statement);
        buf_clear(&sql);
        return e;
}

static enum err broken(const struct program *p, size_t answer, const struct why *inner, struct why *why)
{
        size_t rules = pack_rules(p->pack);
        if (answer < rules)
                return why_set(why, ERR_RULE, "rule %s: %.180s", pack_rule(p->pack, answer)->id,
                               inner->detail);
        return why_set(why, ERR_RULE, "lane %s: %.180s", lane_names[lanes[answer - rules]], inner->detail);
}

static enum err ask_apart(struct program *p, const struct question *q, const struct fact_value value[],
                          enum answer out[], struct why *why)
{
        for (size_t i = 0; i < q->items_n; i++) {
                size_t answer = q->item[i].answer;
                struct bytes expression = bytes_of(q->sql.at + q->item[i].from, q->item[i].n);
                struct why inner = {OK, ""};
                enum err e = ask_one(p, expression, value, &out[answer], &inner);
                if (e == ERR_RULE) {
                        out[answer] = ANSWER_BROKEN;
                        e = broken(p, answer, &inner, why);
                }
                if (e && e != ERR_RULE)
                        return e;
        }
        return OK;
}

enum err program_ask(struct program *p, enum kind kind, const struct fact_value value[],
                     enum answer out[ANSWERS_MAX], struct why *why)
{
        const struct question *q = p->question[kind];
        enum err e;
        for (size_t i = 0; i < answers_count(p); i++)
                out[i] = ANSWER_NO;
        if (q == NULL)
                return OK;
        e = ask_together(p, q, value, out);
        return e == ERR_RULE ? ask_apart(p, q, value, out, why) : e;
}
