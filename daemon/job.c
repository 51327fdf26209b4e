#include "daemon/job.h"

#include <stdio.h>
#include <stdlib.h>

#define ANSWER_MAX (LISTENER_REPLY_MAX / 2)

struct job *job_new(struct exchange *x)
{
        struct job *j = calloc(1, sizeof *j);
        if (j == NULL)
                return NULL;
        j->exchange = x;
        buf_init(&j->payload, 2 * JWS_MAX);
        buf_init(&j->values, SUBMISSION_MAX);
        buf_init(&j->text, JOB_TEXT_MAX);
        buf_reserve(&j->text, JOB_TEXT_MAX);
        buf_init(&j->answer, ANSWER_MAX);
        buf_init(&j->because, LEAF_MAX);
        buf_init(&j->leaf, LEAF_MAX);
        return j;
}

void job_free(struct job *j)
{
        if (j == NULL)
                return;
        buf_clear(&j->payload);
        buf_wipe(&j->values);
        buf_wipe(&j->text);
        buf_wipe(&j->answer);
        buf_clear(&j->because);
        buf_clear(&j->leaf);
        free(j);
}

/* The signer's key, by its kid; the connection must be that member's, or have no certificate where an invite
 * signs. */
static enum err signer_of(struct job *j, struct ledger *l, struct public_key *out)
{
        const struct hash *tls = exchange_tls_key(j->exchange);
        const struct roster_key *key, *connection;
        bool joins = j->statement.kind == KIND_MEMBER && j->statement.claims.act == ACT_JOIN;
        enum err e = OK;
        (void)pthread_rwlock_rdlock(&l->lock);
        key = roster_key_of_kid(l->roster, &j->statement.kid);
        connection = tls == NULL ? NULL : roster_key_of_tls(l->roster, tls);
        if (key == NULL)
                e = joins ? ERR_INVITE_UNKNOWN : ERR_NOT_ENROLLED;
        else if (key->kind == KEY_LOG)
                e = ERR_ROLE;
        else if (key->kind == KEY_INVITE && !joins)
                e = why_set(&j->why, ERR_ROLE, "an invite's key signs a join and nothing else");
        else if (key->kind == KEY_MEMBER && tls == NULL)
                e = ERR_NO_CERTIFICATE;
        else if (key->kind == KEY_MEMBER && connection == NULL)
                e = ERR_REVOKED;
        else if (key->kind == KEY_MEMBER && connection->member != key->member)
                e = ERR_OTHER_KEY;
        if (!e) {
                j->key = key->number;
                *out = key->key;
        }
        (void)pthread_rwlock_unlock(&l->lock);
        return e;
}

enum err job_decode(struct job *j, struct ledger *l)
{
        struct bytes jws, disclosures;
        struct public_key key;
        enum err e;
        if ((e = submission_split(exchange_body(j->exchange), &jws, &disclosures)) ||
            (e = statement_decode(jws, &j->payload, &j->statement, &j->why)))
                return e;
        if (!bytes_is(j->statement.log, l->log_id))
                return why_set(&j->why, ERR_OTHER_LOG, "this ledger is %s", l->log_id);
        if ((e = signer_of(j, l, &key)) || (e = statement_check_signature(&j->statement, &key)) ||
            (e = body_decode(&j->statement, disclosures, &j->values, &j->body, &j->why)))
                return e;
        return body_check_fields(&j->body, &j->why);
}

void job_fail(struct job *j, enum err e)
{
        char members[160] = "", st[HASH_TEXT_LEN + 1];
        if (e == ERR_NUMBER || e == ERR_OTHER_BODY) {
                hash_text(&j->head_st, st);
                (void)snprintf(members, sizeof members, ",\"head\":{\"n\":\"%llu\",\"st\":\"%s\"}",
                               (unsigned long long)j->head_n, st);
        } else if (e == ERR_ALIAS_TAKEN) {
                (void)snprintf(members, sizeof members, ",\"free\":\"%s\"", j->free_alias);
        }
        exchange_problem(j->exchange, e, j->why.code == e ? j->why.detail : "", members);
        job_free(j);
}
