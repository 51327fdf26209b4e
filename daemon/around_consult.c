/* A consult as the gate judges it, and its reasons. */
#include "daemon/around_parts.h"
#include "daemon/query.h"
#include "policy/logs.h"

#define FACT_NAME_MAX 64 /* bytes */

enum err around_consult_load(struct job *j, struct around *a)
{
        struct bytes query;
        enum err e;
        if (j->class == NULL)
                return why_set(&j->why, ERR_KIND, "a consult is sent to /v1/consult");
        if ((e = body_text(a->body, "query", &j->text, &query)))
                return e;
        a->scene.reads_logs = scene_reads_logs(bytes_text(j->class), query);
        return OK;
}

/* What the reader was shown stands among the facts, in the order of the names. */
static void put_shown(const struct job *j, struct bytes before, size_t *next, struct buf *out)
{
        static const char *const names[] = {"class", "count", "shown"};
        for (; *next < 3 && (before.n == 0 || bytes_order(bytes_text(names[*next]), before) < 0); ++*next) {
                json_put_name(out, names[*next]);
                if (*next == 0)
                        json_put_text(out, j->class);
                else if (*next == 1)
                        json_put_int(out, (int64_t)j->shown_n);
                else {
                        buf_put_text(out, "\"");
                        hash_put(out, &j->shown);
                        buf_put_text(out, "\"");
                }
        }
}

static enum err put_facts(const struct job *j, struct bytes facts, struct buf *out)
{
        struct bytes at = facts, name, value;
        bool done = false;
        size_t next = 0;
        enum err e;
        buf_put_text(out, "{");
        while (!(e = json_next_member(&at, &name, &value, &done)) && !done) {
                char text[FACT_NAME_MAX];
                if ((e = bytes_to_text(name, text, sizeof text)))
                        return e;
                put_shown(j, name, &next, out);
                json_put_name(out, text);
                buf_put(out, value);
        }
        put_shown(j, bytes_of(NULL, 0), &next, out);
        buf_put_text(out, "}");
        return e;
}

enum err around_consult_reasons(struct job *j, const struct around *a)
{
        struct buf text;
        struct bytes whole, facts;
        enum err e;
        if (j->verdict == VERDICT_REFUSED) { /* nothing is shown */
                buf_wipe(&j->answer);
                j->shown_n = 0;
                if ((e = query_shown_nothing(&j->shown)))
                        return e;
        }
        buf_init(&text, LEAF_MAX);
        if ((e = judgement_put(&text, &a->judgement, &a->facts)))
                goto done;
        whole = buf_bytes(&text);
        if ((e = json_member(whole, "facts", &facts)))
                goto done;
        buf_put(&j->because, bytes_of(whole.at, (size_t)(facts.at - whole.at)));
        if ((e = put_facts(j, facts, &j->because)))
                goto done;
        buf_put(&j->because, bytes_of(facts.at + facts.n, whole.n - (size_t)(facts.at - whole.at) - facts.n));
        e = buf_check(&j->because);
done:
        buf_clear(&text);
        return e;
}
