#include "daemon/answer.h"

#include <stdlib.h>

#include "ledger/base/b64.h"
static void put_author(struct ledger *l, const struct store_item *item, struct buf *out)
{
        char id[MEMBER_ID_TEXT_LEN + 1];
        member_id_text(&roster_member_at(l->roster, item->member)->id, id);
        buf_put_text(out, ",\"author\":");
        json_put_text(out, directory_name(l->directory, item->member));
        buf_put_format(out, ",\"member\":\"%s\",\"unit\":\"%s\"", id, item->unit);
}

void answer_roles(roles r, struct buf *out)
{
        size_t n = 0;
        buf_put_text(out, "\"roles\":[");
        for (unsigned i = 0; i < ROLE_COUNT; i++)
                if (r & ROLE_BIT(i))
                        buf_put_format(out, "%s\"%s\"", n++ ? "," : "", role_name((enum role)i));
        buf_put_text(out, "]");
}

const char *decided_name(enum decided d)
{
        static const char *const name[] = {[DECIDED_NOT_NEEDED] = "not-needed",
                                           [DECIDED_WAITING] = "waiting",
                                           [DECIDED_APPROVED] = "approved",
                                           [DECIDED_RETURNED] = "returned",
                                           [DECIDED_REFUSED] = "refused"};
        return name[d];
}

/* Takes the lock: names and references live behind it. */
static void put_head(struct ledger *l, const struct store_item *item, struct buf *out)
{
        char ref[REFERENCE_MAX], at[MOMENT_TEXT_LEN + 1];
        moment_text(item->at_us, at);
        (void)pthread_rwlock_rdlock(&l->lock);
        ledger_reference(l, item, ref);
        buf_put_format(out,
                       "{\"seq\":\"%llu\",\"ref\":\"%s\",\"kind\":\"%s\",\"verdict\":\"%s\",\"lane\":\"%s\","
                       "\"at\":\"%s\"",
                       (unsigned long long)item->seq, ref, kind_name(item->kind), verdict_name(item->verdict),
                       item->kind == KIND_INTENT || item->kind == KIND_ACTIVITY ? lane_names[item->lane] : "",
                       at);
        put_author(l, item, out);
        (void)pthread_rwlock_unlock(&l->lock);
        buf_put_format(out, ",\"decided\":\"%s\",\"urgent\":%s", decided_name(item->decided),
                       item->urgent ? "true" : "false");
        if (item->kind == KIND_INTENT || item->kind == KIND_OPERATION)
                buf_put_format(out, ",\"open\":%s", item->closed_by == SEQ_NONE ? "true" : "false");
}

static enum err put_words(const struct body *body, struct buf *scratch, const char *field, struct buf *out)
{
        struct bytes text;
        enum err e = body_text(body, field, scratch, &text);
        if (e || text.n == 0)
                return e;
        buf_put_format(out, ",\"%s\":", field);
        json_put_string(out, text);
        return OK;
}

/* What the ledger counted, for whoever decides: views of the person, by how many, and how like an earlier
 * text. */
static void put_counts(struct bytes because, struct buf *out)
{
        static const char *const rows[][2] = {
            {"views.window", "views"}, {"views.officers", "officers"}, {"entry.likeness", "likeness"}};
        struct bytes facts, value;
        int64_t n;
        if (json_member(because, "facts", &facts))
                return;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
                if (!json_member(facts, rows[i][0], &value) && !json_whole_int(value, &n))
                        buf_put_format(out, ",\"%s\":%lld", rows[i][1], (long long)n);
}

/* Which rules were hit, as ["D06","P01"]. */
static enum err put_hits(struct store *store, uint64_t seq, struct buf *out)
{
        struct buf text;
        struct bytes value, hits, hit, id;
        bool done;
        enum err e;
        buf_init(&text, LEAF_MAX);
        struct bytes counted = bytes_of(NULL, 0);
        buf_put_text(out, ",\"hits\":[");
        e = store_because(store, seq, &text);
        if (e) {
                e = e == ERR_ABSENT ? OK : e;
                goto done;
        }
        if ((e = because_value(buf_bytes(&text), &value)))
                goto done;
        counted = value;
        if (json_member(value, "hits", &hits))
                goto done;
        size_t n = 0;
        while (!(e = json_next_element(&hits, &hit, &done)) && !done)
                if (!json_member(hit, "id", &id)) {
                        if (n++ > 0)
                                buf_put_text(out, ",");
                        buf_put(out, id);
                }
done:
        buf_put_text(out, "]");
        if (counted.n > 0)
                put_counts(counted, out);
        buf_clear(&text);
        return e;
}

/* What a member entry would change: it is in the spine, and whoever decides it has to see it in the list. */
static enum err put_membership(struct store *store, const struct store_item *item, struct buf *out)
{
        struct statement *s = calloc(1, sizeof *s);
        struct buf text, scratch;
        struct leaf leaf;
        char id[MEMBER_ID_TEXT_LEN + 1];
        enum err e;
        buf_init(&text, LEAF_MAX + 1);
        buf_init(&scratch, 2 * JWS_MAX);
        if (s == NULL)
                e = ERR_NO_MEMORY;
        else if (!(e = store_leaf(store, item->seq, &text)) && !(e = leaf_decode(buf_bytes(&text), &leaf)) &&
                 !(e = statement_decode(leaf.statement, &scratch, s, NULL))) {
                member_id_text(&s->claims.member, id);
                buf_put_format(out, ",\"act\":\"%s\",\"about\":\"%s\",", act_name(s->claims.act), id);
                answer_roles(s->claims.roles, out);
        }
        buf_clear(&text);
        buf_clear(&scratch);
        free(s);
        return e;
}

enum err answer_item(struct ledger *l, struct store *store, const struct store_item *item, int64_t now_us,
                     struct buf *out)
{
        static const char *const shown[] = {
            "subject",          "operation", "objective", "purpose_code",  "subject_category",
            "subject_age_band", "result",    "urgent",    "authority_ref", "persona_ref"};
        struct body *body = calloc(1, sizeof *body);
        struct buf scratch, text;
        enum err e;
        if (body == NULL)
                return ERR_NO_MEMORY;
        buf_init(&scratch, SUBMISSION_MAX);
        buf_init(&text, SUBMISSION_MAX);
        put_head(l, item, out);
        int64_t age_s = (now_us - item->at_us) / MOMENT_SECOND_US;
        buf_put_format(out, ",\"age_s\":%lld", (long long)(age_s > 0 ? age_s : 0));
        e = store_body(store, item->seq, item->kind, &scratch, body, NULL);
        if (e == ERR_ABSENT || e == ERR_ERASED)
                e = OK;
        else
                for (size_t i = 0; i < sizeof shown / sizeof shown[0] && !e; i++)
                        if (item->kind != KIND_MEMBER && strcmp(shown[i], "urgent") != 0)
                                e = put_words(body, &text, shown[i], out);
        if (!e && item->kind == KIND_MEMBER)
                e = put_membership(store, item, out);
        if (!e)
                e = put_hits(store, item->seq, out);
        buf_put_text(out, "}");
        buf_wipe(&scratch);
        buf_wipe(&text);
        free(body);
        return e ? e : buf_check(out);
}

enum err answer_record(struct ledger *l, struct store *store, const struct store_item *item, struct buf *out)
{
        struct body *body = calloc(1, sizeof *body);
        struct buf scratch, text;
        enum err e;
        if (body == NULL)
                return ERR_NO_MEMORY;
        buf_init(&scratch, SUBMISSION_MAX);
        buf_init(&text, SUBMISSION_MAX);
        put_head(l, item, out);
        buf_put_text(out, ",\"leaf\":");
        if ((e = store_leaf(store, item->seq, &text)))
                goto done;
        json_put_string(out, buf_bytes(&text));
        buf_reset(&text);
        e = store_body(store, item->seq, item->kind, &scratch, body, NULL);
        if (!e)
                e = body_put(body, &text);
        if (e && e != ERR_ABSENT)
                goto done;
        buf_put_text(out, ",\"disclosures\":");
        json_put_string(out, buf_bytes(&text));
        buf_reset(&text);
        e = store_because(store, item->seq, &text);
        if (e && e != ERR_ABSENT)
                goto done;
        e = OK;
        buf_put_text(out, ",\"because\":\"");
        b64u_put(out, buf_bytes(&text));
        buf_put_text(out, "\"}");
done:
        buf_wipe(&scratch);
        buf_wipe(&text);
        free(body);
        return e ? e : buf_check(out);
}

/* The rules that were hit, with what the officer is told. */
static void put_rules(struct ledger *l, struct bytes value, struct buf *out)
{
        struct bytes hits, hit, id;
        bool done = false;
        size_t n = 0;
        buf_put_text(out, ",\"rules\":[");
        if (json_member(value, "hits", &hits) == OK)
                while (!json_next_element(&hits, &hit, &done) && !done) {
                        char name[64];
                        struct bytes text;
                        if (json_member(hit, "id", &id) || json_whole_string(id, &text) ||
                            bytes_to_text(text, name, sizeof name))
                                continue;
                        const struct rule *rule = pack_rule_of_id(l->pack, name);
                        if (rule == NULL)
                                continue;
                        buf_put_text(out, n++ > 0 ? ",{\"id\":" : "{\"id\":");
                        json_put_text(out, rule->id);
                        buf_put_format(out, ",\"effect\":\"%s\",\"title\":", effect_name(rule->effect));
                        json_put_text(out, rule->title);
                        buf_put_text(out, ",\"advice\":");
                        json_put_text(out, rule->advice);
                        buf_put_text(out, ",\"because\":");
                        json_put_text(out, rule->because);
                        buf_put_text(out, "}");
                }
        buf_put_text(out, "]");
}

static enum err put_receipt(struct ledger *l, struct job *j, struct buf *out)
{
        struct proof *proof = calloc(1, sizeof *proof);
        struct buf text;
        enum err e;
        if (proof == NULL)
                return ERR_NO_MEMORY;
        buf_init(&text, RECEIPT_LEN_MAX);
        if ((e = tree_prove_inclusion(l->tree, j->seq, l->size, proof)) ||
            (e = receipt_put(&text, buf_bytes(&j->leaf), j->seq, proof, buf_bytes(&l->note))) ||
            (e = buf_check(&text)))
                goto done;
        buf_put_text(out, ",\"receipt\":");
        json_put_string(out, buf_bytes(&text));
        if (j->known > 0 && j->known <= l->size) {
                if ((e = tree_prove_consistency(l->tree, j->known, l->size, proof)))
                        goto done;
                buf_put_format(out, ",\"consistency\":{\"from\":\"%llu\",\"path\":[",
                               (unsigned long long)j->known);
                for (size_t i = 0; i < proof->n; i++) {
                        buf_put_text(out, i ? ",\"" : "\"");
                        b64_put(out, hash_bytes(&proof->path[i]));
                        buf_put_text(out, "\"");
                }
                buf_put_text(out, "]}");
        }
done:
        buf_clear(&text);
        free(proof);
        return e;
}

static enum err put_reasons(struct ledger *l, struct job *j, struct buf *out)
{
        struct bytes value, lane;
        enum err e;
        if (j->repeated) {
                buf_reset(&j->because);
                if ((e = store_because(l->store, j->seq, &j->because)))
                        return e == ERR_ABSENT ? OK : e;
        }
        if ((e = because_value(buf_bytes(&j->because), &value)))
                return e;
        if (!json_member(value, "lane", &lane)) {
                buf_put_text(out, ",\"lane\":");
                buf_put(out, lane);
        }
        put_rules(l, value, out);
        buf_put_text(out, ",\"because\":\"");
        b64u_put(out, buf_bytes(&j->because));
        buf_put_text(out, "\"");
        return OK;
}

/* A refused reading is on record like any other; its answer is the problem document with the receipt in it.
 */
static bool is_refused_reading(const struct job *j)
{
        return j->statement.kind == KIND_CONSULT && j->verdict == VERDICT_REFUSED;
}

static void open_answer(const struct job *j, struct buf *out)
{
        const struct err_row *row = err_row(ERR_REFUSED);
        buf_put_text(out, "{");
        if (!is_refused_reading(j))
                return;
        buf_put_format(out, "\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"code\":\"%s\",",
                       row->sentence, row->http, row->code);
}

void answer_receipt(struct ledger *l, struct job *j)
{
        struct reply reply = {.status = j->appended ? 201 : 200, .media = "application/json"};
        struct store_item item = {.seq = j->seq, .key = j->key, .n = j->statement.n};
        char ref[REFERENCE_MAX];
        enum err e;
        buf_init(&reply.body, LISTENER_REPLY_MAX);
        ledger_reference(l, &item, ref);
        if (is_refused_reading(j)) {
                reply.status = err_row(ERR_REFUSED)->http;
                reply.media = "application/problem+json";
        }
        open_answer(j, &reply.body);
        buf_put_format(&reply.body, "\"seq\":\"%llu\",\"ref\":\"%s\",\"verdict\":\"%s\"",
                       (unsigned long long)j->seq, ref, verdict_name(j->verdict));
        if (!(e = put_reasons(l, j, &reply.body)) && !(e = put_receipt(l, j, &reply.body))) {
                /* A consult that was there already said what it showed: a second answer would be in no entry.
                 */
                if (j->appended)
                        buf_put(&reply.body, buf_bytes(&j->answer));
                buf_put_text(&reply.body, "}\n");
                e = buf_check(&reply.body);
        }
        if (e) {
                buf_clear(&reply.body);
                job_fail(j, e);
                return;
        }
        exchange_reply(j->exchange, &reply);
        job_free(j);
}
