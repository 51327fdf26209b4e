#include "tests/bench/crowd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/compose.h"

#define ACCOUNTS 50000 /* so that one account is looked at a few times, as in life */

enum err crowd_open(const char *folder, size_t n, const char *passphrase_file, const char *operation,
                    uint64_t seed, struct crowd *out, struct why *why)
{
        char home[HOME_PATH_MAX];
        struct buf text;
        enum err e = OK;
        *out = (struct crowd){.operation = operation, .chance = seed};
        buf_init(&text, 65536);
        out->at = calloc(n, sizeof *out->at);
        if (out->at == NULL)
                return ERR_NO_MEMORY;
        for (size_t i = 0; i < n && !e; i++) {
                struct person *p = &out->at[i];
                (void)snprintf(home, sizeof home, "%s/%zu", folder, i);
                p->session.home_given = home;
                p->session.passphrase_file = passphrase_file;
                p->session.home.lock_fd = -1;
                e = session_open(&p->session);
                out->n = i + 1;
                if (!e)
                        e = memory_head(p->session.memory, &p->n, &p->prev);
                if (e)
                        e = why_set(why, e, "%.100s: %.100s", home, p->session.why.detail);
                p->session.home_given = NULL;
        }
        if (!e && !(e = memory_operation(out->at[0].session.memory, operation, &out->operation_st, &text))) {
                out->operation_fields = json_loadb((const char *)text.at, text.n, 0, NULL);
                e = out->operation_fields == NULL ? ERR_DB : OK;
        }
        buf_wipe(&text);
        return e;
}

void crowd_close(struct crowd *c)
{
        for (size_t i = 0; i < c->n; i++)
                session_close(&c->at[i].session);
        free(c->at);
        json_decref(c->operation_fields);
        *c = (struct crowd){0};
}

/* splitmix64 */
static uint64_t draw(struct crowd *c)
{
        uint64_t z = c->chance += UINT64_C(0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        return z ^ (z >> 31);
}

static enum err fill(struct crowd *c, struct person *p, struct values *v, struct why *why)
{
        static const char *const said[][2] = {
            {"purpose_code", "trace-suspect"},
            {"subject_category", "suspect"},
            {"private_info_likely", "yes"},
            {"f3", "no"},
            {"f5", "no"},
        };
        static const char *const address[] = {"https://www.facebook.com/%s%u", "https://x.com/%s%u",
                                              "https://www.instagram.com/%s%u/",
                                              "https://www.tiktok.com/@%s%u"};
        static const char *const name[] = {"a.carter", "joblogs",  "m_hussain", "kwilliams",
                                           "danny",    "t.okafor", "s_evans"};
        static const char *const objective[] = {
            "Which town does the account holder say he lives in",
            "Does a photograph of this week show the red van named by the witness",
            "Is the account still in use, and under the name given at the interview",
            "Who is named as employer on the public page"};
        char url[256], text[64];
        enum err e;
        (void)snprintf(text, sizeof text, "%s", name[draw(c) % (sizeof name / sizeof name[0])]);
        const char *form = address[draw(c) % (sizeof address / sizeof address[0])];
        const char *hole = strstr(form, "%s%u");
        (void)snprintf(url, sizeof url, "%.*s%s%u%s", (int)(hole - form), form, text,
                       (unsigned)(draw(c) % ACCOUNTS), hole + 4);
        if ((e = values_set_text(v, "url", url, ORIGIN_TYPED, true, why)) ||
            (e = values_set_text(v, "operation", c->operation, ORIGIN_TYPED, true, why)) ||
            (e = values_set_text(v, "objective",
                                 objective[draw(c) % (sizeof objective / sizeof objective[0])], ORIGIN_TYPED,
                                 true, why)))
                return e;
        for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
                if ((e = values_set_text(v, said[i][0], said[i][1], ORIGIN_TYPED, true, why)))
                        return e;
        return compose_fill(v, &p->session.id, c->operation_fields, why);
}

enum err crowd_intent(struct crowd *c, size_t person, struct buf *out, struct why *why)
{
        struct person *p = &c->at[person];
        struct values *v = calloc(1, sizeof *v);
        struct body *body = calloc(1, sizeof *body);
        struct statement *s = calloc(1, sizeof *s);
        enum err e;
        if (v == NULL || body == NULL || s == NULL) {
                free(v);
                free(body);
                free(s);
                return ERR_NO_MEMORY;
        }
        int64_t now = client_now_us();
        values_init(v, KIND_INTENT);
        s->kind = KIND_INTENT;
        s->log = bytes_text(p->session.id.log);
        s->n = p->n + 1;
        s->prev = p->prev;
        s->refs_n = 1;
        s->refs[0].rel = REL_OPERATION;
        s->refs[0].st = c->operation_st;
        s->iat = now / 1000000;
        uuid_make(now, s->jti);
        if ((e = fill(c, p, v, why)) || (e = compose_body(v, body, why)) || (e = body_digests(body, s->sd)) ||
            (e = statement_sign(s, signing_key_signer(p->session.keys.signing), out)))
                goto done;
        buf_put_text(out, "~");
        if ((e = body_put(body, out)) || (e = buf_check(out)))
                goto done;
        p->n = s->n;
        p->prev = s->st;
done:
        values_clear(v);
        free(v);
        free(body);
        free(s);
        return e;
}
