#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/agent.h"
#include "client/command.h"
#include "client/receipts.h"

static bool is_receipt(const char *name)
{
        static const char suffix[] = ".tlog-proof";
        size_t n = strlen(name);
        return n > sizeof suffix - 1 && strcmp(name + n - (sizeof suffix - 1), suffix) == 0;
}

enum err receipts_each(const struct home *h,
                       enum err (*each)(void *self, const char *name, const char *path, struct bytes text),
                       void *self)
{
        char folder[HOME_PATH_MAX], path[HOME_PATH_MAX];
        struct dirent *entry;
        struct buf text;
        enum err e = home_path(h, HOME_RECEIPTS, folder);
        DIR *d = e ? NULL : opendir(folder);
        if (d == NULL)
                return e; /* none yet */
        buf_init(&text, RECEIPT_LEN_MAX);
        while (!e && (entry = readdir(d)) != NULL) {
                if (!is_receipt(entry->d_name))
                        continue;
                int n = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
                buf_reset(&text);
                if (n < 0 || (size_t)n >= sizeof path)
                        e = ERR_TOO_LONG;
                else if (!(e = file_read(path, RECEIPT_LEN_MAX, &text)))
                        e = each(self, entry->d_name, path, buf_bytes(&text));
        }
        buf_clear(&text);
        (void)closedir(d);
        return e;
}

struct listing {
        struct session *s;
        json_t *out;
        size_t bad;
};

static enum err list_one(void *self, const char *name, const char *path, struct bytes text)
{
        struct listing *l = self;
        struct receipt *r = calloc(1, sizeof *r);
        struct leaf leaf;
        char at[MOMENT_TEXT_LEN + 1] = "", seq[24] = "";
        const char *verdict = "";
        if (r == NULL)
                return ERR_NO_MEMORY;
        receipt_init(r);
        bool ok = !receipt_parse(text, r) && !receipt_check(r, &l->s->vkey, NULL) &&
                  !leaf_decode(buf_bytes(&r->leaf), &leaf);
        if (ok) {
                moment_text(leaf.at_us, at);
                verdict = verdict_name(leaf.verdict);
                (void)snprintf(seq, sizeof seq, "%llu", (unsigned long long)leaf.seq);
        }
        l->bad += !ok;
        (void)json_array_append_new(l->out, json_pack("{ss# ss ss ss ss sb}", "ref", name,
                                                      (int)(strlen(name) - 11), "seq", seq, "verdict",
                                                      verdict, "at", at, "path", path, "ok", ok));
        receipt_clear(r);
        free(r);
        return OK;
}

int command_receipts(struct session *s, int argc, char **argv)
{
        const struct arg table[] = {{.name = NULL}};
        struct args args;
        struct listing l = {.s = s, .out = json_array()};
        const json_t *one;
        size_t i;
        enum err e;
        if ((e = command_args(s, argc, argv, table, &args)) || (e = session_identify(s)) ||
            (e = receipts_each(&s->home, list_one, &l))) {
                json_decref(l.out);
                return command_fail(s, e);
        }
        if (s->json) {
                command_json(json_pack("{so}", "receipts", l.out));
        } else {
                json_array_foreach(l.out, i, one)(void)
                    printf("%-12s entry %-8s %-9s %s  %s\n", json_string_value(json_object_get(one, "ref")),
                           json_string_value(json_object_get(one, "seq")),
                           json_string_value(json_object_get(one, "verdict")),
                           json_string_value(json_object_get(one, "at")),
                           json_is_true(json_object_get(one, "ok")) ? "verified" : "NOT VALID");
                json_decref(l.out);
        }
        return l.bad > 0 ? EXIT_FAULT : EXIT_DONE;
}

int command_send(struct session *s, int argc, char **argv)
{
        const struct arg table[] = {{.name = NULL}};
        struct args args;
        uint64_t sent = 0, waiting = 0;
        enum err e, sending;
        if ((e = command_args(s, argc, argv, table, &args)) || (e = session_open(s)))
                return command_fail(s, e);
        sending = submit_flush(s, &sent);
        if ((e = memory_count_waiting(s->memory, &waiting)))
                return command_fail(s, e);
        if (s->json)
                command_json(json_pack("{sI sI}", "sent", (json_int_t)sent, "waiting", (json_int_t)waiting));
        else
                (void)printf("%llu sent, %llu waiting.\n", (unsigned long long)sent,
                             (unsigned long long)waiting);
        if (sending && waiting > 0)
                return sending == ERR_AWAY ? EXIT_QUEUED : command_fail(s, sending);
        return sending ? command_fail(s, sending) : EXIT_DONE;
}

static json_t *roles_list(const char *text)
{
        json_t *out = json_array();
        char list[200], *at = list, *word;
        (void)snprintf(list, sizeof list, "%s", text);
        while ((word = strsep(&at, ",")) != NULL)
                if (word[0] != '\0')
                        (void)json_array_append_new(out, json_string(word));
        return out;
}

/* The ledger's word where it can be had, this folder's otherwise. */
int command_whoami(struct session *s, int argc, char **argv)
{
        const struct arg table[] = {{.name = NULL}};
        struct args args;
        struct response r;
        uint64_t waiting = 0;
        bool online = false;
        char member[MEMBER_ID_TEXT_LEN + 1];
        json_t *out, *now = NULL;
        enum err e;
        response_init(&r);
        if ((e = command_args(s, argc, argv, table, &args)) || (e = session_open(s)) ||
            (e = memory_count_waiting(s->memory, &waiting)))
                return command_fail(s, e);
        e = transport_send(s->transport, "/v1/whoami", NULL, bytes_of(NULL, 0), &r, &s->why);
        if (!e && !(e = response_error(&r, &s->why))) {
                online = true;
                now = json_loadb((const char *)r.body.at, r.body.n, 0, NULL);
        }
        response_clear(&r);
        if (e && e != ERR_AWAY)
                return command_fail(s, e);
        member_id_text(&s->id.member, member);
        out = json_pack("{ss ss ss so ss si ss ss ss sb sI}", "member", member, "name", s->id.name, "alias",
                        s->id.alias, "roles", roles_list(s->id.roles), "unit", s->id.unit, "training",
                        (int)s->id.training, "origin", s->id.origin, "log", s->id.log, "vkey", s->id.vkey,
                        "online", online, "outbox", (json_int_t)waiting);
        static const char *const fresh[] = {"roles", "unit", "training", "head"};
        for (size_t i = 0; now != NULL && i < sizeof fresh / sizeof fresh[0]; i++)
                if (json_object_get(now, fresh[i]) != NULL)
                        (void)json_object_set(out, fresh[i], json_object_get(now, fresh[i]));
        json_decref(now);
        if (s->json) {
                command_json(out);
                return EXIT_DONE;
        }
        (void)printf("%s (%s), %s, unit %s\nledger %s\nverifier key %s\n%s, %llu in the outbox\n", s->id.name,
                     s->id.alias, s->id.roles, s->id.unit, s->id.log, s->id.vkey,
                     online ? "the daemon answers" : "the daemon cannot be reached",
                     (unsigned long long)waiting);
        json_decref(out);
        return EXIT_DONE;
}

static void print_agent(const struct session *s, bool running, const char *sentence)
{
        if (s->json)
                command_json(json_pack("{sb}", "running", running));
        else
                (void)puts(sentence);
}

int command_agent(struct session *s, int argc, char **argv)
{
        const char *idle = NULL;
        const struct arg table[] = {{.name = "idle", .text = &idle}, {.name = NULL}};
        struct args args;
        struct secret passphrase = {0}, key = {0};
        uint64_t idle_s = AGENT_IDLE_S_DEFAULT;
        enum err e;
        if ((e = command_args(s, argc, argv, table, &args)))
                return command_fail(s, e);
        const char *word = args.words_n == 0 ? "start" : args.words[0];
        struct bytes in = bytes_text(idle != NULL ? idle : "28800");
        if (args.words_n > 1 || bytes_take_decimal(&in, &idle_s) || in.n != 0 || idle_s == 0 ||
            idle_s > 86400)
                return command_fail(s, why_set(&s->why, ERR_USE,
                                               "agent [start|stop|status] [--idle SECONDS, at most 86400]"));
        if ((e = session_identify(s)))
                return command_fail(s, e);
        if (strcmp(word, "stop") == 0) {
                if ((e = agent_stop(&s->home)))
                        return command_fail(s, why_set(&s->why, e, "no agent runs"));
                print_agent(s, false, "The agent is stopped.");
                return EXIT_DONE;
        }
        bool running = agent_key(&s->home, &key) == OK;
        if (strcmp(word, "status") == 0) {
                secret_free(&key);
                print_agent(s, running, running ? "The agent runs." : "No agent runs.");
                return EXIT_DONE;
        }
        if (strcmp(word, "start") != 0)
                e = why_set(&s->why, ERR_USE, "agent [start|stop|status]");
        if (!e && !running && !(e = session_passphrase(s, false, &passphrase)) &&
            !(e = keystore_unlock(&s->home, secret_bytes(&passphrase), &key))) {
                secret_free(&passphrase); /* the agent's process is a copy of this one */
                e = agent_start(&s->home, &key, (unsigned)idle_s, &s->why);
        }
        secret_free(&passphrase);
        secret_free(&key);
        if (!e)
                print_agent(s, true,
                            "The agent keeps your key open while you work; `enquiry agent stop` ends it.");
        return e ? command_fail(s, e) : EXIT_DONE;
}
