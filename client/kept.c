#include "client/kept.h"

#include <stdio.h>

static enum err text_path(const struct home *h, const struct hash *policy, char out[HOME_PATH_MAX])
{
        char text[HASH_TEXT_LEN + 1], name[HASH_TEXT_LEN + 32];
        hash_text(policy, text);
        (void)snprintf(name, sizeof name, "policy-%s.yaml", text);
        return home_path(h, name, out);
}

enum err kept_hash(const struct home *h, struct hash *out)
{
        char path[HOME_PATH_MAX];
        struct buf text;
        enum err e = home_path(h, HOME_POLICY, path);
        buf_init(&text, HASH_TEXT_LEN);
        if (!e && !(e = file_read(path, HASH_TEXT_LEN, &text)))
                e = hash_of_text(buf_bytes(&text), out) ? ERR_ABSENT : OK; /* a broken note is noted again */
        buf_clear(&text);
        return e == ERR_TOO_LONG ? ERR_ABSENT : e;
}

enum err kept_note(const struct home *h, const struct hash *policy)
{
        char path[HOME_PATH_MAX], text[HASH_TEXT_LEN + 1];
        struct hash there;
        enum err e = kept_hash(h, &there);
        if (!e && hash_equal(&there, policy))
                return OK;
        if ((e && e != ERR_ABSENT) || (e = home_path(h, HOME_POLICY, path)))
                return e;
        hash_text(policy, text);
        return file_write(path, bytes_text(text));
}

static enum err check_hash(const struct hash *policy, struct bytes text, struct why *why)
{
        struct hash of_text;
        enum err e = hash_of(text, &of_text);
        if (!e && !hash_equal(&of_text, policy))
                e = why_set(why, ERR_ANNEX, "the text of the policy has another hash than the ledger names");
        return e;
}

enum err kept_keep(const struct home *h, const struct hash *policy, struct bytes text)
{
        char path[HOME_PATH_MAX];
        enum err e;
        if ((e = text_path(h, policy, path)) || (e = file_write(path, text)))
                return e;
        return kept_note(h, policy);
}

static enum err fetch(struct session *s, const struct hash *policy, const char *file, struct buf *out)
{
        char text[HASH_TEXT_LEN + 1], path[HASH_TEXT_LEN + 32];
        struct response r;
        enum err e;
        response_init(&r);
        hash_text(policy, text);
        (void)snprintf(path, sizeof path, "/v1/annex/%s", text);
        if (!(e = transport_send(s->transport, path, NULL, bytes_of(NULL, 0), &r, &s->why)) &&
            !(e = response_error(&r, &s->why)) && !(e = check_hash(policy, buf_bytes(&r.body), &s->why)) &&
            !(e = file_write(file, buf_bytes(&r.body)))) {
                buf_put(out, buf_bytes(&r.body));
                e = buf_check(out);
        }
        response_clear(&r);
        return e;
}

enum err kept_text(struct session *s, const struct hash *policy, bool ask, struct buf *out)
{
        char path[HOME_PATH_MAX];
        size_t from = out->n;
        enum err e = text_path(&s->home, policy, path);
        if (!e && !(e = file_read(path, PACK_TEXT_MAX, out)) &&
            !(e = check_hash(policy, buf_since(out, from), NULL)))
                return OK;
        out->n = from; /* a file that is not what its name says counts as absent */
        if (e != ERR_ABSENT && e != ERR_ANNEX && e != ERR_TOO_LONG)
                return e;
        return ask && s->transport != NULL ? fetch(s, policy, path, out) : ERR_ABSENT;
}

struct from_here {
        struct session *session;
        bool ask;
};

static enum err text_of_hash(void *self, const struct hash *hash, struct buf *out)
{
        struct from_here *f = self;
        return kept_text(f->session, hash, f->ask, out);
}

enum err kept_pack(struct session *s, const struct hash *policy, bool ask, struct pack **out)
{
        struct from_here from = {s, ask};
        const struct pack_source source = {text_of_hash, &from};
        struct buf text;
        enum err e;
        buf_init(&text, PACK_TEXT_MAX);
        if (!(e = kept_text(s, policy, ask, &text)))
                e = pack_parse(buf_bytes(&text), &source, out, &s->why);
        buf_clear(&text);
        return e;
}

enum err kept_in_force(struct session *s, bool ask, struct pack **out)
{
        struct hash policy;
        enum err e = kept_hash(&s->home, &policy);
        return e ? e : kept_pack(s, &policy, ask, out);
}
