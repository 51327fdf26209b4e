#include <stdio.h>
#include <stdlib.h>

#include "client/compose.h"
#include "client/flags.h"
#include "client/kept.h"
#include "client/policy.h"
#include "client/text.h"

#define OCTETS "application/octet-stream"

/* --- the one in force --- */

/* What the daemon says it is; its hash is made here. */
static enum err ask_in_force(struct session *s, struct hash *out)
{
        struct response r;
        enum err e;
        response_init(&r);
        if (!(e = transport_send(s->transport, "/v1/policy", NULL, bytes_of(NULL, 0), &r, &s->why)) &&
            !(e = response_error(&r, &s->why)) && !(e = hash_of(buf_bytes(&r.body), out)))
                e = kept_keep(&s->home, out, buf_bytes(&r.body));
        response_clear(&r);
        return e;
}

static enum err in_force(struct session *s, struct pack **out)
{
        struct hash policy;
        enum err e = ask_in_force(s, &policy);
        if (!e)
                return kept_pack(s, &policy, true, out);
        if (e != ERR_AWAY)
                return e;
        s->why = (struct why){0}; /* then the one that was seen last */
        e = kept_in_force(s, false, out);
        return e == ERR_ABSENT
                   ? why_set(&s->why, ERR_AWAY, "and this folder has not seen the policy in force before")
                   : e;
}

/* --- another one --- */

/* A pack on its way into the ledger. */
struct adoption {
        struct values values;
        struct flags flags;
        struct args args;
        struct pack *pack, *base,
            *before; /* base: of an overlay; before: in force until now, NULL where it is not known */
        struct draft draft;
        struct body body;
};

static void tell_failed(void *self, const char *sentence)
{
        struct session *s = self;
        if (s->why.code == OK)
                (void)why_set(&s->why, ERR_PACK_TESTS, "%.200s", sentence);
}

/* Here first: the ledger would refuse it too, but here the sentence is at hand at once and nothing is signed.
 */
static enum err load(struct session *s, struct adoption *a, const char *path)
{
        size_t cases = 0, failed = 0;
        enum err e;
        if ((e = policy_load(path, &a->pack, &s->why)) ||
            (e = policy_base(path, a->pack, &a->base, &s->why)) ||
            (e = pack_test(a->pack, &cases, &failed, tell_failed, s)))
                return e;
        return failed > 0 ? ERR_PACK_TESTS : OK;
}

static enum err put(struct session *s, const struct pack *pack)
{
        struct response r;
        enum err e;
        response_init(&r);
        if (!(e = transport_put(s->transport, "/v1/annex", OCTETS, pack_text(pack), &r, &s->why)))
                e = response_error(&r, &s->why);
        response_clear(&r);
        return e;
}

/* What the pack itself says, where the person did not. */
static enum err fill(struct session *s, struct adoption *a)
{
        const struct {
                const char *name, *text;
        } rows[] = {{"title", pack_title(a->pack)},
                    {"edition", pack_version(a->pack)},
                    {"apd_ref", pack_apd_ref(a->pack)}};
        enum err e = OK;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0] && !e; i++)
                if (rows[i].text != NULL && rows[i].text[0] != '\0')
                        e = values_set_text(&a->values, rows[i].name, rows[i].text, ORIGIN_PACK, false,
                                            &s->why);
        return e ? e : compose_body(&a->values, &a->body, &s->why);
}

static int print_adopted(struct session *s, struct adoption *a, const struct outcome *o)
{
        char hash[HASH_TEXT_LEN + 1];
        json_t *extra, *changes = NULL;
        if (a->before != NULL && policy_changes(a->before, a->pack, &changes) != OK)
                changes = NULL;
        hash_text(pack_hash(a->pack), hash);
        extra = json_pack("{ss ss ss so*}", "policy", hash, "name", pack_name(a->pack), "version",
                          pack_version(a->pack), "changes", json_incref(changes));
        int status = command_outcome(s, o, "The policy", extra);
        const char *verdict = text_of(o->reply, "verdict");
        if (!s->json && strcmp(verdict, "waiting") == 0)
                (void)printf("  %s %s waits for a second person: an auditor or another administrator finds "
                             "it in `enquiry queue`; "
                             "until then the policy before stays in force.\n",
                             pack_name(a->pack), pack_version(a->pack));
        else if (!s->json && strcmp(verdict, "accepted") == 0)
                (void)printf("  %s %s is in force from the next entry on.\n", pack_name(a->pack),
                             pack_version(a->pack));
        if (!s->json && changes != NULL)
                policy_print_changes(changes, a->before, a->pack);
        json_decref(changes);
        return status;
}

static enum err run(struct session *s, struct adoption *a, const char *path, int *out_status)
{
        struct outcome o = {0};
        enum err e;
        if ((e = load(s, a, path)) || (e = session_open(s)))
                return e;
        if (in_force(s, &a->before)) {
                s->why = (struct why){0};
                a->before = NULL;
        }
        if ((a->base != NULL && (e = put(s, a->base))) || (e = put(s, a->pack)) || (e = fill(s, a)))
                return e;
        a->draft.body = &a->body;
        a->draft.statement.kind = KIND_POLICY;
        a->draft.statement.claims.act = ACT_ADOPT;
        a->draft.statement.claims.policy = *pack_hash(a->pack);
        if (!(e = submit(s, &a->draft, &o)))
                *out_status = print_adopted(s, a, &o);
        outcome_clear(&o);
        return e;
}

int policy_adopt(struct session *s, int argc, char **argv)
{
        struct adoption *a = calloc(1, sizeof *a);
        int status = EXIT_INTERNAL;
        enum err e = a == NULL ? ERR_NO_MEMORY : OK;
        if (e)
                return command_fail(s, e);
        values_init(&a->values, KIND_POLICY);
        if (!(e = flags_parse(s, argc, argv, &a->values, &a->flags, &a->args))) {
                if (a->args.words_n != 1)
                        e = why_set(&s->why, ERR_USE,
                                    "policy adopt FILE [--title T] [--edition E] [--apd-ref R]");
                else
                        e = run(s, a, a->args.words[0], &status);
        }
        values_clear(&a->values);
        pack_free(a->pack);
        pack_free(a->base);
        pack_free(a->before);
        free(a);
        return e ? command_fail(s, e) : status;
}

enum err policy_in_force(struct session *s, struct pack **out)
{
        enum err e = session_open(s);
        return e ? e : in_force(s, out);
}
