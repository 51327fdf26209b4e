#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/command.h"
#include "client/compose.h"
#include "ledger/base/b64.h"
#include "ledger/crypto/certificate.h"

#define SDJWT        "application/sd-jwt"
#define ALIAS_TRIES  8
#define INITIALS_MAX 4

struct enrolment {
        struct invite invite;
        struct signing_key *invite_key;
        struct values values;
        struct body body;
        struct statement statement;
        struct buf certificate, jws, submission, leaf_text;
        struct response response;
        struct leaf leaf;
};

/* "Jo Bloggs" -> "jb"; "x" where a name has no Latin letter to give. */
static void initials(const char *name, char out[INITIALS_MAX + 1])
{
        size_t n = 0;
        bool start = true;
        for (; *name != '\0' && n < INITIALS_MAX; name++) {
                char c = (char)(*name | 0x20);
                bool letter = c >= 'a' && c <= 'z';
                if (letter && start)
                        out[n++] = c;
                start = *name == ' ' || *name == '-' || *name == '\'';
        }
        if (n == 0)
                out[n++] = 'x';
        out[n] = '\0';
}

/* What the ledger says of the invite, before anything is signed. */
static enum err check_invite(struct session *s, struct enrolment *en)
{
        char path[128], key[B64U_LEN(KEY_LEN) + 1];
        json_t *o = NULL;
        enum err e;
        struct signer signer = signing_key_signer(en->invite_key);
        b64u_text(bytes_of(signer.key.b, KEY_LEN), key);
        (void)snprintf(path, sizeof path, "/v1/invites/%s", key);
        if ((e = transport_send(s->transport, path, NULL, bytes_of(NULL, 0), &en->response, &s->why)) ||
            (e = response_error(&en->response, &s->why)))
                return e;
        o = json_loadb((const char *)en->response.body.at, en->response.body.n, 0, NULL);
        const char *state = json_string_value(json_object_get(o, "state"));
        static const struct {
                const char *state;
                enum err e;
        } states[] = {{"active", OK},
                      {"waiting", ERR_INVITE_WAITING},
                      {"used", ERR_INVITE_USED},
                      {"expired", ERR_INVITE_LATE},
                      {"refused", ERR_INVITE_REFUSED},
                      {"unknown", ERR_INVITE_UNKNOWN}};
        e = ERR_ANSWER;
        for (size_t i = 0; state != NULL && i < sizeof states / sizeof states[0]; i++)
                if (strcmp(state, states[i].state) == 0)
                        e = states[i].e;
        json_decref(o);
        return e;
}

static enum err sign_join(struct session *s, struct enrolment *en)
{
        struct signer own = signing_key_signer(s->keys.signing), invite = signing_key_signer(en->invite_key);
        struct statement *st = &en->statement;
        struct buf message;
        enum err e;
        buf_init(&message, 1024);
        pop_message_put(&message, bytes_text(s->id.log), &invite.key);
        st->log = bytes_text(s->id.log);
        st->kind = KIND_MEMBER;
        st->n = 1;
        st->iat = client_now_us() / 1000000;
        st->claims.act = ACT_JOIN;
        st->claims.member = en->invite.member;
        st->claims.key = own.key;
        if ((e = buf_check(&message)) || (e = own.sign(own.self, buf_bytes(&message), &st->claims.pop)))
                goto done;
        if ((e = compose_body(&en->values, &en->body, &s->why)) || (e = body_digests(&en->body, st->sd)))
                goto done;
        buf_reset(&en->jws);
        if ((e = statement_sign(st, invite, &en->jws)))
                goto done;
        buf_reset(&en->submission);
        buf_put(&en->submission, st->jws);
        buf_put_text(&en->submission, "~");
        if (!(e = body_put(&en->body, &en->submission)))
                e = buf_check(&en->submission);
done:
        buf_clear(&message);
        return e;
}

static enum err post_join(struct session *s, struct enrolment *en)
{
        char path[64];
        uint64_t size;
        struct hash root;
        enum err e = session_believed(s, &size, &root);
        if (e)
                return e;
        (void)snprintf(path, sizeof path, "/v1/join?known=%llu", (unsigned long long)size);
        if ((e = transport_send(s->transport, path, SDJWT, buf_bytes(&en->submission), &en->response,
                                &s->why)))
                return e;
        return response_error(&en->response, &s->why);
}

/* Sends the join; where the alias is taken, again with the free one that the ledger names. */
static enum err send_join(struct session *s, struct enrolment *en)
{
        enum err e = OK;
        for (int i = 0; i < ALIAS_TRIES; i++) {
                char path[HOME_PATH_MAX];
                s->why = (struct why){0};
                if ((e = sign_join(s, en)) || (e = home_path(&s->home, HOME_JOIN, path)) ||
                    (e = file_write(path, buf_bytes(&en->submission))))
                        return e;
                if ((e = post_join(s, en)) != ERR_ALIAS_TAKEN)
                        return e;
                json_t *o = json_loadb((const char *)en->response.body.at, en->response.body.n, 0, NULL);
                const char *name = json_string_value(json_object_get(o, "free"));
                if (name != NULL)
                        (void)snprintf(s->id.alias, sizeof s->id.alias, "%s", name);
                enum err set = name == NULL ? ERR_ANSWER
                                            : values_set_text(&en->values, "alias", name, ORIGIN_COMPUTED,
                                                              true, &s->why);
                json_decref(o);
                if (set)
                        return set;
        }
        return e;
}

static enum err open_transport(struct session *s, bool with_certificate, struct enrolment *en)
{
        struct bytes none = bytes_of(NULL, 0);
        transport_free(s->transport);
        s->transport = NULL;
        return transport_new(s->id.address, &s->id.server,
                             with_certificate ? buf_bytes(&en->certificate) : none,
                             with_certificate ? secret_bytes(&s->keys.tls_key) : none, &s->transport);
}

/* The first entry is the one that the invite names. */
static enum err check_genesis(struct session *s, struct enrolment *en)
{
        struct receipt *r = calloc(1, sizeof *r);
        struct hash genesis;
        enum err e;
        if (r == NULL)
                return ERR_NO_MEMORY;
        receipt_init(r);
        if ((e = transport_send(s->transport, "/v1/receipts/0", NULL, bytes_of(NULL, 0), &en->response,
                                &s->why)) ||
            (e = response_error(&en->response, &s->why)) ||
            (e = receipt_parse(buf_bytes(&en->response.body), r)) || (e = receipt_check(r, &s->vkey, NULL)) ||
            (e = tree_leaf_hash(buf_bytes(&r->leaf), &genesis)))
                goto done;
        if (!hash_equal(&genesis, &s->id.genesis))
                e = ERR_GENESIS;
done:
        receipt_clear(r);
        free(r);
        return e;
}

static enum err learn_roles(struct session *s, struct enrolment *en)
{
        enum err e;
        if ((e = transport_send(s->transport, "/v1/whoami", NULL, bytes_of(NULL, 0), &en->response,
                                &s->why)) ||
            (e = response_error(&en->response, &s->why)))
                return e;
        json_t *o = json_loadb((const char *)en->response.body.at, en->response.body.n, 0, NULL);
        const json_t *role;
        size_t i, n = 0;
        json_array_foreach(json_object_get(o, "roles"), i, role) n +=
            (size_t)snprintf(s->id.roles + n, n < sizeof s->id.roles ? sizeof s->id.roles - n : 0, "%s%s",
                             i ? "," : "", json_string_value(role));
        const char *unit = json_string_value(json_object_get(o, "unit")),
                   *alias = json_string_value(json_object_get(o, "alias"));
        if (alias != NULL)
                (void)snprintf(s->id.alias, sizeof s->id.alias, "%s", alias);
        (void)snprintf(s->id.unit, sizeof s->id.unit, "%s", unit != NULL ? unit : "");
        s->id.training = (unsigned)json_integer_value(json_object_get(o, "training"));
        json_decref(o);
        return n < sizeof s->id.roles ? OK : ERR_ANSWER;
}

static enum err identity_of_invite(struct session *s, const struct invite *i)
{
        struct buf log;
        enum err e;
        buf_init(&log, LOG_ID_MAX);
        log_id_put(&log, bytes_text(i->origin), &i->genesis);
        (void)memcpy(s->id.address, i->address, sizeof s->id.address);
        (void)snprintf(s->id.origin, sizeof s->id.origin, "%s", i->origin);
        (void)snprintf(s->id.vkey, sizeof s->id.vkey, "%s", i->vkey);
        s->id.genesis = i->genesis;
        s->id.server = i->server;
        s->id.member = i->member;
        if (!(e = buf_check(&log)) && !(e = bytes_to_text(buf_bytes(&log), s->id.log, sizeof s->id.log)))
                e = vkey_parse(bytes_text(s->id.vkey), &s->vkey);
        buf_clear(&log);
        return e;
}

/* Keys are on disk before the join is sent: an enrolled key that nobody holds would be worse than none. */
static enum err make_keys(struct session *s, struct enrolment *en)
{
        struct secret passphrase = {0};
        char path[HOME_PATH_MAX];
        enum err e;
        if ((e = session_passphrase(s, true, &passphrase)) ||
            (e = keystore_make("enquiry member", client_now_us(), &s->keys, &en->certificate)) ||
            (e = certificate_key_hash(buf_bytes(&en->certificate), &en->statement.claims.tls)))
                goto done;
        s->id.key = signing_key_signer(s->keys.signing).key;
        if ((e = keystore_write(&s->home, &s->keys, secret_bytes(&passphrase))) ||
            (e = home_path(&s->home, HOME_TLS, path)))
                goto done;
        e = file_write(path, buf_bytes(&en->certificate));
done:
        secret_free(&passphrase);
        return e;
}

/* A join was sent before and its answer never came: the same one again gives the same receipt. */
static enum err resume(struct session *s, struct enrolment *en)
{
        struct secret passphrase = {0}, key = {0};
        char path[HOME_PATH_MAX];
        struct bytes in, jws;
        enum err e;
        if ((e = home_path(&s->home, HOME_JOIN, path)) ||
            (e = file_read(path, SUBMISSION_MAX, &en->submission)))
                return e == ERR_ABSENT ? ERR_INVITE_USED : e;
        in = buf_bytes(&en->submission);
        if ((e = bytes_take_until(&in, '~', &jws)) || (e = session_passphrase(s, false, &passphrase)) ||
            (e = keystore_unlock(&s->home, secret_bytes(&passphrase), &key)) ||
            (e = keystore_open(&s->home, secret_bytes(&key), &s->keys)) ||
            (e = home_path(&s->home, HOME_TLS, path)) || (e = file_read(path, 65536, &en->certificate)))
                goto done;
        en->statement.jws = jws;
        s->id.key = signing_key_signer(s->keys.signing).key;
        e = post_join(s, en);
done:
        secret_free(&passphrase);
        secret_free(&key);
        return e;
}

static enum err join_first(struct session *s, struct enrolment *en)
{
        enum err e = make_keys(s, en);
        if (e)
                return e;
        uuid_make(client_now_us(), en->statement.jti);
        return send_join(s, en);
}

static enum err enrol(struct session *s, struct enrolment *en, const char *text, json_t **out)
{
        char path[HOME_PATH_MAX], pending[HOME_PATH_MAX], ref[32];
        json_t *reply = NULL;
        enum err e;
        if ((e = invite_parse(bytes_text(text), &en->invite)) || (e = identity_of_invite(s, &en->invite)) ||
            (e = signing_key_new(secret_bytes(&en->invite.seed), &en->invite_key)) ||
            (e = home_open(s->home_given, &s->home)) || (e = home_make(&s->home, &s->why)) ||
            (e = open_transport(s, false, en)))
                return e;
        e = check_invite(s, en);
        if ((e = e == ERR_INVITE_USED ? resume(s, en) : e ? e : join_first(s, en)))
                return e;
        reply =
            json_loadb((const char *)en->response.body.at, en->response.body.n, JSON_REJECT_DUPLICATES, NULL);
        const char *seq = json_string_value(json_object_get(reply, "seq"));
        (void)snprintf(ref, sizeof ref, "%.20s", seq != NULL ? seq : "");
        if (seq == NULL || strspn(ref, "0123456789") != strlen(ref)) {
                e = ERR_ANSWER;
                goto done;
        }
        if ((e = submit_check_reply(s, reply, en->statement.jws, ref, path, &en->leaf, &en->leaf_text)) ||
            (e = open_transport(s, true, en)) || (e = check_genesis(s, en)) || (e = learn_roles(s, en)) ||
            (e = identity_write(&s->home, &s->id)) || (e = home_path(&s->home, HOME_JOIN, pending)))
                goto done;
        (void)unlink(pending);
        char member[MEMBER_ID_TEXT_LEN + 1];
        member_id_text(&s->id.member, member);
        json_t *held = json_array();
        char list[sizeof s->id.roles], *at = list, *word;
        (void)snprintf(list, sizeof list, "%s", s->id.roles);
        while ((word = strsep(&at, ",")) != NULL)
                (void)json_array_append_new(held, json_string(word));
        *out = json_pack("{ss ss so ss ss}", "member", member, "ref", ref, "roles", held, "alias",
                         s->id.alias, "receipt", path);
done:
        json_decref(reply);
        return e;
}

int command_enrol(struct session *s, int argc, char **argv)
{
        const char *name = NULL, *alias = NULL, *more[6] = {NULL};
        static const char *const kept_fields[] = {"rank", "agency", "jurisdiction", "device_class",
                                                  "account_attribution"};
        const struct arg table[] = {{.name = "name", .text = &name},
                                    {.name = "alias", .text = &alias},
                                    {.name = "rank", .text = &more[0]},
                                    {.name = "agency", .text = &more[1]},
                                    {.name = "jurisdiction", .text = &more[2]},
                                    {.name = "device-class", .text = &more[3]},
                                    {.name = "account-attribution", .text = &more[4]},
                                    {.name = NULL}};
        struct enrolment *en = calloc(1, sizeof *en);
        struct args args;
        char short_name[INITIALS_MAX + 1];
        json_t *out = NULL;
        enum err e;
        if (en == NULL)
                return command_fail(s, ERR_NO_MEMORY);
        values_init(&en->values, KIND_MEMBER);
        buf_init(&en->certificate, 65536);
        buf_init(&en->jws, 2 * JWS_MAX);
        buf_init(&en->submission, SUBMISSION_MAX);
        buf_init(&en->leaf_text, LEAF_MAX + 1);
        response_init(&en->response);
        if ((e = command_args(s, argc, argv, table, &args)))
                goto done;
        if (args.words_n != 1 || name == NULL || name[0] == '\0') {
                e = why_set(&s->why, ERR_USE, "enrol takes the invite and --name");
                goto done;
        }
        initials(name, short_name);
        (void)snprintf(s->id.name, sizeof s->id.name, "%s", name);
        (void)snprintf(s->id.alias, sizeof s->id.alias, "%s", alias != NULL ? alias : short_name);
        char *const kept[] = {s->id.rank, s->id.agency, s->id.jurisdiction, s->id.device_class,
                              s->id.account_attribution};
        if ((e = values_set_text(&en->values, "name", name, ORIGIN_TYPED, true, &s->why)) ||
            (e = values_set_text(&en->values, "alias", s->id.alias,
                                 alias != NULL ? ORIGIN_TYPED : ORIGIN_COMPUTED, true, &s->why)))
                goto done;
        for (size_t i = 0; i < 5 && !e; i++)
                if (more[i] != NULL) {
                        e = values_set_text(&en->values, kept_fields[i], more[i], ORIGIN_TYPED, true,
                                            &s->why);
                        (void)snprintf(kept[i], sizeof s->id.rank, "%s", more[i]);
                }
        if (!e)
                e = enrol(s, en, args.words[0], &out);
        if (!e && !s->json)
                (void)printf("You are enrolled as %s (%s) in %s, with the role %s.\nYour entries are called "
                             "%s-1, %s-2 and so on.\n",
                             s->id.name, s->id.alias, s->id.origin, s->id.roles, s->id.alias, s->id.alias);
        if (!e && s->json) {
                command_json(out);
                out = NULL;
        }
done:
        json_decref(out);
        invite_clear(&en->invite);
        signing_key_free(en->invite_key);
        values_clear(&en->values);
        buf_clear(&en->certificate);
        buf_clear(&en->jws);
        buf_wipe(&en->submission);
        buf_clear(&en->leaf_text);
        response_clear(&en->response);
        free(en);
        return e ? command_fail(s, e) : EXIT_DONE;
}
