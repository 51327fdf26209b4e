#include "daemon/route.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/adopt.h"
#include "daemon/answer.h"
#include "daemon/query.h"
#include "daemon/sight.h"
#include "daemon/spine.h"
#include "ledger/base/b64.h"

#define SDJWT "application/sd-jwt"

static void fail(struct exchange *x, enum err e)
{
        exchange_problem(x, e, "", "");
}

static void submit(struct worker *w, struct exchange *x, const char *rest)
{
        struct job *j = job_new(x);
        enum err e;
        (void)rest;
        if (j == NULL) {
                fail(x, ERR_NO_MEMORY);
                return;
        }
        (void)exchange_query_u64(x, "known", &j->known);
        if ((e = job_decode(j, w->ledger)) || (e = adopt_examine(w, j))) {
                job_fail(j, e);
                return;
        }
        worker_commit(w, j);
}

static void consult(struct worker *w, struct exchange *x, const char *rest)
{
        struct job *j = job_new(x);
        enum err e;
        (void)rest;
        if (j == NULL) {
                fail(x, ERR_NO_MEMORY);
                return;
        }
        (void)exchange_query_u64(x, "known", &j->known);
        e = job_decode(j, w->ledger);
        if (!e && j->statement.kind != KIND_CONSULT)
                e = why_set(&j->why, ERR_KIND, "only a consult is sent here");
        if (!e)
                e = query_run(w, j);
        if (e) {
                job_fail(j, e);
                return;
        }
        worker_commit(w, j);
}

static void join(struct worker *w, struct exchange *x, const char *rest)
{
        submit(w, x, rest);
}

static void answer_text(struct exchange *x, struct buf *text, const char *media)
{
        struct reply reply = {.status = 200, .media = media, .body = *text};
        if (buf_check(text)) {
                enum err e = buf_check(text);
                buf_clear(text);
                fail(x, e);
                return;
        }
        exchange_reply(x, &reply);
}

/* Whether an invite can be used now: what `enrol` asks before it signs anything. */
static void invite_state(struct worker *w, struct exchange *x, const char *rest)
{
        struct ledger *l = w->ledger;
        struct public_key key;
        struct buf out;
        const char *state = "unknown";
        if (b64u_decode_exact(bytes_text(rest), key.b, sizeof key.b)) {
                fail(x, ERR_FORM);
                return;
        }
        (void)pthread_rwlock_rdlock(&l->lock);
        const struct roster_key *k = roster_invite_of_key(l->roster, &key);
        if (k != NULL)
                state = k->used                                          ? "used"
                        : k->until_seq != SEQ_NONE                       ? "refused"
                        : k->expires < clock_now_us() / MOMENT_SECOND_US ? "expired"
                        : k->waiting                                     ? "waiting"
                                                                         : "active";
        (void)pthread_rwlock_unlock(&l->lock);
        buf_init(&out, 256);
        buf_put_format(&out, "{\"state\":\"%s\"}\n", state);
        answer_text(x, &out, "application/json");
}

static const struct roster_key *caller(struct ledger *l, struct exchange *x)
{
        const struct hash *tls = exchange_tls_key(x);
        return tls == NULL ? NULL : roster_key_of_tls(l->roster, tls);
}

/* The caller's own state and the head of the caller's key: for whoami and for repairing a key chain. */
static void whoami(struct worker *w, struct exchange *x, const char *rest)
{
        struct ledger *l = w->ledger;
        struct buf out;
        char id[MEMBER_ID_TEXT_LEN + 1], st[HASH_TEXT_LEN + 1], policy[HASH_TEXT_LEN + 1];
        (void)rest;
        buf_init(&out, 4096);
        (void)pthread_rwlock_rdlock(&l->lock);
        const struct roster_key *k = caller(l, x);
        if (k != NULL) {
                const struct roster_member *m = roster_member_at(l->roster, k->member);
                member_id_text(&m->id, id);
                hash_text(&k->st, st);
                buf_put_format(&out, "{\"member\":\"%s\",\"name\":", id);
                json_put_text(&out, directory_name(l->directory, k->member));
                buf_put_format(&out, ",\"alias\":\"%s\",\"unit\":\"%s\",\"training\":%u",
                               directory_alias(l->directory, k->number), m->unit, m->training);
                buf_put_text(&out, ",");
                answer_roles(m->roles, &out);
                hash_text(roster_policy(l->roster), policy);
                buf_put_format(&out, ",\"policy\":\"%s\",\"head\":{\"n\":\"%llu\",\"st\":\"%s\"}}\n", policy,
                               (unsigned long long)k->n, st);
        }
        (void)pthread_rwlock_unlock(&l->lock);
        if (out.n == 0) {
                buf_clear(&out);
                fail(x, ERR_REVOKED);
                return;
        }
        answer_text(x, &out, "application/json");
}

/* How an entry of the caller's own stands; shows no record. */
static void own(struct worker *w, struct exchange *x, const char *rest)
{
        struct ledger *l = w->ledger;
        struct store_item item;
        struct buf out;
        uint64_t seq;
        bool mine;
        enum err e;
        if ((e = ledger_find(l, w->store, bytes_text(rest), &seq)) ||
            (e = store_item(w->store, seq, &item))) {
                fail(x, e == ERR_ABSENT ? ERR_REFERENCE : e);
                return;
        }
        (void)pthread_rwlock_rdlock(&l->lock);
        const struct roster_key *k = caller(l, x);
        mine = k != NULL && k->member == item.member;
        (void)pthread_rwlock_unlock(&l->lock);
        if (!mine) {
                fail(x, ERR_ROLE);
                return;
        }
        buf_init(&out, 1024);
        buf_put_format(
            &out, "{\"seq\":\"%llu\",\"kind\":\"%s\",\"verdict\":\"%s\",\"decided\":\"%s\",\"open\":%s}\n",
            (unsigned long long)seq, kind_name(item.kind), verdict_name(item.verdict),
            decided_name(item.decided), item.closed_by == SEQ_NONE ? "true" : "false");
        answer_text(x, &out, "application/json");
}

static void policy(struct worker *w, struct exchange *x, const char *rest)
{
        struct ledger *l = w->ledger;
        struct buf out;
        (void)rest;
        buf_init(&out, ANNEX_MAX + 1);
        (void)pthread_rwlock_rdlock(&l->lock);
        buf_put(&out, pack_text(l->pack));
        (void)pthread_rwlock_unlock(&l->lock);
        answer_text(x, &out, "application/yaml");
}

/* A text that an entry is going to name. */
static void keep_annex(struct worker *w, struct exchange *x, const char *rest)
{
        struct ledger *l = w->ledger;
        struct hash hash;
        struct buf out;
        struct annex_sender from = {0};
        enum err e;
        (void)rest;
        (void)pthread_rwlock_rdlock(&l->lock);
        const struct roster_key *k = caller(l, x);
        e = k == NULL ? ERR_REVOKED : OK;
        if (!e)
                from = (struct annex_sender){.member = k->member,
                                             .adopts = (roster_member_at(l->roster, k->member)->roles &
                                                        roster_roles_for(KIND_POLICY, ACT_ADOPT)) != 0};
        (void)pthread_rwlock_unlock(&l->lock);
        if (e || (e = annexes_put(l->annexes, from, exchange_body(x), clock_now_us(), &hash))) {
                fail(x, e);
                return;
        }
        buf_init(&out, 256);
        buf_put_text(&out, "{\"hash\":\"");
        hash_put(&out, &hash);
        buf_put_text(&out, "\"}\n");
        answer_text(x, &out, "application/json");
}

const struct route routes[] = {
    {HTTP_POST, "/v1/statements", SDJWT, false, false, submit},
    {HTTP_POST, "/v1/consult", SDJWT, false, false, consult},
    {HTTP_POST, "/v1/join", SDJWT, true, false, join},
    {HTTP_GET, "/v1/invites/{key}", NULL, true, false, invite_state},
    {HTTP_GET, "/v1/whoami", NULL, false, false, whoami},
    {HTTP_GET, "/v1/own/{ref}", NULL, false, false, own},
    {HTTP_GET, "/v1/policy", NULL, false, false, policy},
    {HTTP_GET, "/v1/consistency", NULL, false, false, spine_consistency},
    {HTTP_GET, "/v1/receipts/{seq}", NULL, false, false, spine_receipt},
    {HTTP_GET, "/v1/checkpoints", NULL, false, true, spine_checkpoints},
    {HTTP_PUT, "/v1/annex", "application/octet-stream", false, false, keep_annex},
    {HTTP_GET, "/v1/annexes", NULL, false, true, spine_annexes},
    {HTTP_GET, "/v1/annex/{hash}", NULL, false, false, spine_annex},
    {HTTP_GET, "/checkpoint", NULL, false, false, spine_checkpoint},
    {HTTP_GET, "/tile/{path}", NULL, false, true, spine_tile},
};
const size_t routes_count = sizeof routes / sizeof routes[0];

/* NULL, or what stands in the place of the braces ("" for a route without). */
static const char *match(const char *pattern, const char *path)
{
        size_t stem = strcspn(pattern, "{");
        if (pattern[stem] == '\0')
                return strcmp(pattern, path) == 0 ? "" : NULL;
        return strncmp(pattern, path, stem) == 0 && path[stem] != '\0' ? path + stem : NULL;
}

/* The caller as the ledger knows them at this moment: a revoked key is out on open connections too. */
static enum err check_caller(struct worker *w, struct exchange *x, const struct route *r)
{
        struct ledger *l = w->ledger;
        enum err e = OK;
        if (r->anonymous)
                return OK;
        if (exchange_tls_key(x) == NULL)
                return ERR_NO_CERTIFICATE;
        (void)pthread_rwlock_rdlock(&l->lock);
        const struct roster_key *k = caller(l, x);
        if (k == NULL)
                e = ERR_REVOKED;
        else if (r->spine && !sight_spine(roster_member_at(l->roster, k->member)->roles))
                e = ERR_ROLE;
        (void)pthread_rwlock_unlock(&l->lock);
        return e;
}

void route_handle(struct worker *w, struct exchange *x)
{
        enum err e = ERR_ROUTE;
        for (size_t i = 0; i < routes_count; i++) {
                const struct route *r = &routes[i];
                const char *rest = match(r->path, exchange_path(x));
                if (rest == NULL)
                        continue;
                if (exchange_method(x) != r->method) {
                        e = ERR_METHOD;
                        continue;
                }
                if (r->media != NULL && strcmp(exchange_media(x), r->media) != 0)
                        e = ERR_MEDIA;
                else if (!(e = check_caller(w, x, r))) {
                        r->handle(w, x, rest);
                        return;
                }
                break;
        }
        fail(x, e);
}
