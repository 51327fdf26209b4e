#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/command.h"
#include "client/compose.h"
#include "client/text.h"
#include "ledger/base/b64.h"

#define INVITE_DAYS 14
#define ROLES_MAX   16

/* A member statement on its way: its claims, its one reason. */
struct change {
        struct draft draft;
        struct body body;
        struct values values;
        struct invite invite; /* invite, rekey */
        char unit[UNIT_MAX + 1];
};

static enum err read_roles(struct session *s, size_t n, const char *words[], roles *out)
{
        *out = 0;
        for (size_t i = 0; i < n; i++) {
                const char *at = words[i];
                while (*at != '\0') {
                        size_t len = strcspn(at, ",");
                        enum role role;
                        if (!role_of_name(bytes_of(at, len), &role))
                                return why_set(&s->why, ERR_FIELD_WORD, "%.*s is no role", (int)len, at);
                        *out |= ROLE_BIT(role);
                        at += len + (at[len] == ',');
                }
        }
        return *out == 0 ? why_set(&s->why, ERR_USE, "--role is needed") : OK;
}

static enum err read_training(struct session *s, const char *text, unsigned *out)
{
        if (text == NULL)
                return OK;
        if (text[0] < '0' || text[0] > '0' + TRAINING_MAX || text[1] != '\0')
                return why_set(&s->why, ERR_FIELD_VALUE, "--training is a level from 0 to %d", TRAINING_MAX);
        *out = (unsigned)(text[0] - '0');
        return OK;
}

/* The seed is made here and goes only into the invite's text: the ledger never sees it. */
static enum err make_invite(struct session *s, struct change *c)
{
        struct invite *i = &c->invite;
        struct signing_key *key = NULL;
        enum err e;
        (void)memcpy(i->address, s->id.address, sizeof i->address);
        (void)memcpy(i->origin, s->id.origin, sizeof i->origin);
        (void)memcpy(i->vkey, s->id.vkey, sizeof i->vkey);
        i->genesis = s->id.genesis;
        i->server = s->id.server;
        i->expires = client_now_us() / 1000000 + (int64_t)INVITE_DAYS * 86400;
        if ((e = secret_random(SEED_LEN, &i->seed)) || (e = signing_key_new(secret_bytes(&i->seed), &key)))
                return e;
        c->draft.statement.claims.invite = signing_key_signer(key).key;
        c->draft.statement.claims.expires = i->expires;
        c->draft.statement.claims.member = i->member;
        signing_key_free(key);
        return OK;
}

static json_t *invite_result(const struct change *c, const struct outcome *o)
{
        struct buf text;
        char member[MEMBER_ID_TEXT_LEN + 1];
        const char *verdict = json_string_value(json_object_get(o->reply, "verdict"));
        json_t *out = NULL;
        buf_init(&text, INVITE_MAX);
        member_id_text(&c->invite.member, member);
        if (invite_put(&text, &c->invite) == OK)
                out = json_pack("{ss ss ss}", "invite", buf_text(&text), "member", member, "state",
                                verdict != NULL && strcmp(verdict, "waiting") == 0 ? "waiting" : "active");
        buf_wipe(&text);
        return out;
}

static enum err send_change(struct session *s, struct change *c, const char *reason, struct outcome *o)
{
        enum err e;
        c->draft.statement.kind = KIND_MEMBER;
        if (reason != NULL &&
            (e = values_set_text(&c->values, "reason", reason, ORIGIN_TYPED, true, &s->why)))
                return e;
        if ((e = compose_body(&c->values, &c->body, &s->why)))
                return e;
        c->draft.body = &c->body;
        return submit(s, &c->draft, o);
}

static struct change *change_new(void)
{
        struct change *c = calloc(1, sizeof *c);
        if (c != NULL)
                values_init(&c->values, KIND_MEMBER);
        return c;
}

static void change_free(struct change *c)
{
        if (c == NULL)
                return;
        values_clear(&c->values);
        invite_clear(&c->invite);
        free(c);
}

/* Prints an invite (or that it waits) and gives the exit status. */
static int print_invite(struct session *s, const struct change *c, const struct outcome *o)
{
        const char *verdict = json_string_value(json_object_get(o->reply, "verdict"));
        if (o->queued)
                return command_outcome(s, o, "The invite", NULL);
        if (s->json)
                return command_outcome(s, o, "The invite", invite_result(c, o));
        struct buf text;
        buf_init(&text, INVITE_MAX);
        if (invite_put(&text, &c->invite) == OK) {
                if (command_exit_of(verdict) == EXIT_WAITING)
                        (void)printf(
                            "The invite waits until another administrator or an auditor approves %s.\n",
                            o->ref);
                (void)printf(
                    "Give this to the newcomer over a channel you trust; it works once, for %d days:\n%s\n",
                    INVITE_DAYS, buf_text(&text));
        }
        buf_wipe(&text);
        return command_exit_of(verdict);
}

int command_invite(struct session *s, int argc, char **argv)
{
        const char *words[ROLES_MAX], *unit = NULL, *training = NULL, *reason = NULL;
        size_t words_n = 0;
        const struct arg table[] = {
            {.name = "role", .list = words, .list_max = ROLES_MAX, .list_n = &words_n},
            {.name = "unit", .text = &unit},
            {.name = "training", .text = &training},
            {.name = "reason", .text = &reason},
            {.name = NULL}};
        struct change *c = change_new();
        struct outcome o = {0};
        struct args args;
        enum err e;
        int status = EXIT_INTERNAL;
        if (c == NULL)
                return command_fail(s, ERR_NO_MEMORY);
        struct claims *claims = &c->draft.statement.claims;
        claims->act = ACT_INVITE;
        if ((e = command_args(s, argc, argv, table, &args)) ||
            (e = read_roles(s, words_n, words, &claims->roles)) ||
            (e = read_training(s, training, &claims->training)))
                goto done;
        if (args.words_n > 0) {
                e = why_set(&s->why, ERR_USE, "invite takes --role, --unit, --training");
                goto done;
        }
        claims->unit = bytes_text(unit != NULL ? unit : "main");
        if (!unit_valid(claims->unit)) {
                e = why_set(&s->why, ERR_FIELD_VALUE, "--unit: 1 to %d of A-Z a-z 0-9 . _ -", UNIT_MAX);
                goto done;
        }
        random_fill(c->invite.member.b, MEMBER_ID_LEN);
        if ((e = session_open(s)) || (e = make_invite(s, c)) || (e = send_change(s, c, reason, &o)))
                goto done;
        status = print_invite(s, c, &o);
done:
        outcome_clear(&o);
        change_free(c);
        return e ? command_fail(s, e) : status;
}

/* The member with that id, or whose short name it is. */
static enum err find_member(struct session *s, const char *word, json_t **out_answer, const json_t **out)
{
        const json_t *m;
        size_t i;
        enum err e = consult(s, "members", json_object(), out_answer);
        if (e)
                return e;
        json_array_foreach(json_object_get(*out_answer, "members"), i, m)
        {
                const char *id = json_string_value(json_object_get(m, "member"));
                const char *alias = json_string_value(json_object_get(m, "alias"));
                if ((id != NULL && strcmp(id, word) == 0) ||
                    (alias != NULL && alias[0] != '\0' && strcmp(alias, word) == 0)) {
                        *out = m;
                        return OK;
                }
        }
        return why_set(&s->why, ERR_MEMBER, "%.60s", word);
}

int command_member(struct session *s, int argc, char **argv)
{
        static const struct {
                const char *word;
                enum act act;
        } acts[] = {{"revoke", ACT_REVOKE}, {"role", ACT_ROLE}, {"move", ACT_MOVE}, {"rekey", ACT_REKEY}};
        const char *words[ROLES_MAX], *unit = NULL, *training = NULL, *reason = NULL;
        size_t words_n = 0;
        const struct arg table[] = {
            {.name = "role", .list = words, .list_max = ROLES_MAX, .list_n = &words_n},
            {.name = "unit", .text = &unit},
            {.name = "training", .text = &training},
            {.name = "reason", .text = &reason},
            {.name = NULL}};
        struct change *c = change_new();
        struct outcome o = {0};
        struct args args;
        json_t *answer = NULL;
        const json_t *member = NULL;
        enum err e;
        int status = EXIT_INTERNAL;
        if (c == NULL)
                return command_fail(s, ERR_NO_MEMORY);
        struct claims *claims = &c->draft.statement.claims;
        if ((e = command_args(s, argc, argv, table, &args)))
                goto done;
        for (size_t i = 0; args.words_n >= 2 && i < sizeof acts / sizeof acts[0]; i++)
                if (strcmp(args.words[0], acts[i].word) == 0)
                        claims->act = acts[i].act;
        /* the role or unit may stand as a word of its own: member role MEMBER supervisor, member move MEMBER
         * UNIT */
        if (args.words_n == 3 && claims->act == ACT_ROLE && words_n == 0)
                words[words_n++] = args.words[2];
        else if (args.words_n == 3 && claims->act == ACT_MOVE && unit == NULL)
                unit = args.words[2];
        else if (args.words_n != 2)
                claims->act = ACT_NONE;
        if (claims->act == ACT_NONE) {
                e = why_set(&s->why, ERR_USE,
                            "member revoke|role|move|rekey MEMBER, with --role or --unit where it is meant");
                goto done;
        }
        if (claims->act == ACT_ROLE && (e = read_roles(s, words_n, words, &claims->roles)))
                goto done;
        claims->unit = bytes_text(unit != NULL ? unit : "");
        if (claims->act == ACT_MOVE && !unit_valid(claims->unit)) {
                e = why_set(&s->why, ERR_FIELD_VALUE, "--unit: 1 to %d of A-Z a-z 0-9 . _ -", UNIT_MAX);
                goto done;
        }
        if ((e = session_open(s)) || (e = find_member(s, args.words[1], &answer, &member)))
                goto done;
        claims->training = (unsigned)json_integer_value(json_object_get(member, "training"));
        if ((e = read_training(s, training, &claims->training)) ||
            (e = member_id_of_text(bytes_text(json_string_value(json_object_get(member, "member"))),
                                   &claims->member)))
                goto done;
        c->invite.member = claims->member;
        if ((claims->act == ACT_REKEY && (e = make_invite(s, c))) || (e = send_change(s, c, reason, &o)))
                goto done;
        status =
            claims->act == ACT_REKEY ? print_invite(s, c, &o) : command_outcome(s, &o, "The change", NULL);
done:
        json_decref(answer);
        outcome_clear(&o);
        change_free(c);
        return e ? command_fail(s, e) : status;
}

int command_members(struct session *s, int argc, char **argv)
{
        const struct arg table[] = {{.name = NULL}};
        struct args args;
        json_t *answer = NULL;
        const json_t *m;
        size_t i, k;
        enum err e;
        if ((e = command_args(s, argc, argv, table, &args)) || (e = session_open(s)) ||
            (e = consult(s, "members", json_object(), &answer)))
                return command_fail(s, e);
        if (s->json) {
                command_json(answer);
                return EXIT_DONE;
        }
        (void)printf("%-22s  %-8s  %-9s  %-12s  %-24s  %s\n", "member", "alias", "state", "unit", "name",
                     "roles");
        json_array_foreach(json_object_get(answer, "members"), i, m)
        {
                const json_t *role;
                (void)printf("%-22s  %-8s  %-9s  %-12s  %-24s ", text_of(m, "member"), text_of(m, "alias"),
                             text_of(m, "state"), text_of(m, "unit"), text_of(m, "name"));
                json_array_foreach(json_object_get(m, "roles"), k, role)(void)
                    printf(" %s", json_string_value(role));
                (void)printf("\n");
        }
        json_decref(answer);
        return EXIT_DONE;
}
