#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/bundle.h"
#include "client/command.h"
#include "client/compose.h"
#include "client/record.h"
#include "ledger/base/b64.h"
#include "ledger/crypto/seal.h"

/* --- reading the spine from the daemon --- */

static enum err get(struct session *s, const char *path, struct response *r)
{
        enum err e = transport_send(s->transport, path, NULL, bytes_of(NULL, 0), r, &s->why);
        return e ? e : response_error(r, &s->why);
}

struct spine {
        struct session *s;
        struct response note;
        uint64_t size;
        struct hash root;
};

/* The newest checkpoint: what follows is read up to its size and must have its root. */
static enum err spine_start(struct spine *p)
{
        struct checkpoint c;
        enum err e;
        if ((e = get(p->s, "/checkpoint", &p->note)) ||
            (e = checkpoint_open(buf_bytes(&p->note.body), &p->s->vkey, &c)))
                return e;
        p->size = c.size;
        p->root = c.root;
        return OK;
}

static enum err spine_bundle(struct spine *p, uint64_t index, unsigned width, struct response *r)
{
        struct buf path;
        enum err e;
        buf_init(&path, 256);
        buf_put_text(&path, "/");
        tile_path_put(&path, TILE_LEVEL_ENTRIES, index, width);
        e = get(p->s, buf_text(&path), r);
        buf_clear(&path);
        return e;
}

static unsigned width_at(const struct spine *p, uint64_t index)
{
        uint64_t left = p->size - index * TREE_TILE;
        return left > TREE_TILE ? TREE_TILE : (unsigned)left;
}

/* Each entry in order. */
static enum err spine_entries(struct spine *p, enum err (*each)(void *self, uint64_t seq, struct bytes leaf),
                              void *self)
{
        struct response r;
        enum err e = OK;
        response_init(&r);
        for (uint64_t index = 0; index * TREE_TILE < p->size && !e; index++) {
                unsigned width = width_at(p, index);
                if ((e = spine_bundle(p, index, width, &r)))
                        break;
                struct bytes in = buf_bytes(&r.body), leaf;
                for (unsigned i = 0; i < width && !e; i++) {
                        uint16_t n;
                        if ((e = bytes_take_u16(&in, &n)) || (e = bytes_take(&in, n, &leaf)))
                                break;
                        e = each(self, index * TREE_TILE + i, leaf);
                }
                if (!e && in.n != 0)
                        e = ERR_ANSWER;
        }
        response_clear(&r);
        return e;
}

/* --- as a database --- */

struct file_export {
        struct spine spine;
        struct store *store;
        struct tree *tree;
};

static enum err no_source(void *self, unsigned level, uint64_t index, size_t count, struct hash *out)
{
        (void)self, (void)level, (void)index, (void)count, (void)out;
        return ERR_ABSENT;
}

static enum err put_entry(void *self, uint64_t seq, struct bytes leaf)
{
        struct file_export *x = self;
        struct tile_root roots[TREE_LEVELS_MAX];
        struct hash hash;
        enum err e;
        if ((e = tree_leaf_hash(leaf, &hash)) || (e = store_put_spine_row(x->store, seq, leaf, &hash)) ||
            (e = tree_append(x->tree, &hash)))
                return e;
        size_t n = tree_completed(x->tree, roots);
        for (size_t i = 0; i < n && !e; i++)
                e = store_put_tile_root(x->store, &roots[i]);
        return e;
}

/* One page of them; *out_next is where the next begins, 0 after the last. */
static enum err put_page(struct file_export *x, uint64_t from, uint64_t *out_next)
{
        struct response r;
        char path[64];
        json_t *o = NULL;
        const json_t *one;
        size_t i;
        enum err e;
        response_init(&r);
        *out_next = 0;
        (void)snprintf(path, sizeof path, "/v1/checkpoints?from=%llu", (unsigned long long)from);
        if ((e = get(x->spine.s, path, &r)))
                goto done;
        o = json_loadb((const char *)r.body.at, r.body.n, 0, NULL);
        json_array_foreach(json_object_get(o, "checkpoints"), i, one)
        {
                const char *note = json_string_value(one);
                struct checkpoint c;
                if (note == NULL || (e = checkpoint_open(bytes_text(note), &x->spine.s->vkey, &c))) {
                        e = e ? e : ERR_ANSWER;
                        goto done;
                }
                if (c.size < x->spine.size && (e = store_put_checkpoint(x->store, c.size, bytes_text(note))))
                        goto done;
        }
        const char *next = json_string_value(json_object_get(o, "next"));
        struct bytes in = bytes_text(next != NULL ? next : "0");
        if (bytes_take_decimal(&in, out_next) || in.n > 0 || (next != NULL && *out_next <= from))
                e = ERR_ANSWER;
done:
        json_decref(o);
        response_clear(&r);
        return e;
}

static enum err put_checkpoints(struct file_export *x)
{
        uint64_t from = 0;
        enum err e;
        do {
                if ((e = put_page(x, from, &from)))
                        return e;
        } while (from != 0 && from < x->spine.size);
        return store_put_checkpoint(x->store, x->spine.size, buf_bytes(&x->spine.note.body));
}

static enum err put_annexes(struct file_export *x)
{
        struct response list, text;
        json_t *o = NULL;
        const json_t *one;
        size_t i;
        enum err e;
        response_init(&list);
        response_init(&text);
        if ((e = get(x->spine.s, "/v1/annexes", &list)))
                goto done;
        o = json_loadb((const char *)list.body.at, list.body.n, 0, NULL);
        json_array_foreach(json_object_get(o, "annexes"), i, one)
        {
                char path[80];
                struct hash named, is;
                const char *name = json_string_value(one);
                if (name == NULL || (e = hash_of_text(bytes_text(name), &named))) {
                        e = ERR_ANSWER;
                        break;
                }
                (void)snprintf(path, sizeof path, "/v1/annex/%s", name);
                if ((e = get(x->spine.s, path, &text)) || (e = hash_of(buf_bytes(&text.body), &is)))
                        break;
                if (!hash_equal(&is, &named)) {
                        e = why_set(&x->spine.s->why, ERR_ANSWER, "the text %s has another hash", name);
                        break;
                }
                if ((e = store_put_annex(x->store, &named, buf_bytes(&text.body))))
                        break;
        }
done:
        json_decref(o);
        response_clear(&list);
        response_clear(&text);
        return e;
}

static enum err export_spine(struct session *s, const char *path)
{
        struct file_export x = {.spine = {.s = s}};
        struct tree_source none = {.read = no_source};
        struct hash root;
        bool made = false;
        enum err e;
        response_init(&x.spine.note);
        if ((e = spine_start(&x.spine)) || (e = tree_new(none, &x.tree)) || (e = store_create_spine(path)))
                goto done;
        made = true;
        if ((e = store_open_export(path, &x.store)) || (e = store_begin(x.store)) ||
            (e = spine_entries(&x.spine, put_entry, &x)) || (e = tree_root(x.tree, &root)))
                goto done;
        if (!hash_equal(&root, &x.spine.root)) {
                e = why_set(&s->why, ERR_CONSISTENCY, "the entries sent are not those of the checkpoint");
                goto done;
        }
        if ((e = put_checkpoints(&x)) || (e = put_annexes(&x)) || (e = store_commit(x.store)))
                goto done;
done:
        store_close(x.store);
        tree_free(x.tree);
        response_clear(&x.spine.note);
        if (e && made)
                (void)unlink(path);
        return e == ERR_NOT_EMPTY ? why_set(&s->why, e, "%.200s", path) : e;
}

/* --- as static tiles --- */

static enum err write_under(const char *folder, const char *name, struct bytes text)
{
        char path[HOME_PATH_MAX];
        int n = snprintf(path, sizeof path, "%s/%s", folder, name);
        if (n < 0 || (size_t)n >= sizeof path)
                return ERR_TOO_LONG;
        for (char *at = path + strlen(folder) + 1; *at != '\0'; at++)
                if (*at == '/') {
                        *at = '\0';
                        if (mkdir(path, 0755) != 0 && errno != EEXIST)
                                return ERR_IO;
                        *at = '/';
                }
        FILE *f = fopen(path, "wbxe");
        if (f == NULL)
                return errno == EEXIST ? ERR_NOT_EMPTY : ERR_IO;
        bool ok = fwrite(text.at, 1, text.n, f) == text.n;
        ok &= fclose(f) == 0;
        return ok ? OK : ERR_IO;
}

static enum err copy_tile(struct spine *p, const char *folder, int level, uint64_t index, unsigned width)
{
        struct response r;
        struct buf path;
        enum err e;
        response_init(&r);
        buf_init(&path, 256);
        buf_put_text(&path, "/");
        tile_path_put(&path, level, index, width);
        if (!(e = get(p->s, buf_text(&path), &r)))
                e = write_under(folder, buf_text(&path) + 1, buf_bytes(&r.body));
        buf_clear(&path);
        response_clear(&r);
        return e;
}

static enum err export_tiles(struct session *s, const char *folder)
{
        struct spine p = {.s = s};
        enum err e;
        response_init(&p.note);
        if (mkdir(folder, 0755) != 0) {
                e = why_set(&s->why, errno == EEXIST ? ERR_NOT_EMPTY : ERR_IO, "%.200s", folder);
                goto done;
        }
        if ((e = spine_start(&p)))
                goto done;
        for (int level = TILE_LEVEL_ENTRIES; level < TREE_LEVELS_MAX && !e; level++) {
                uint64_t n = p.size;
                for (int i = 0; i < level; i++)
                        n /= TREE_TILE;
                for (uint64_t index = 0; index * TREE_TILE < n && !e; index++) {
                        uint64_t left = n - index * TREE_TILE;
                        e = copy_tile(&p, folder, level, index,
                                      left > TREE_TILE ? TREE_TILE : (unsigned)left);
                }
        }
        if (!e)
                e = write_under(folder, "checkpoint", buf_bytes(&p.note.body));
done:
        response_clear(&p.note);
        return e;
}

/* --- content for an auditor --- */

struct content_export {
        struct buf lines;
        struct hash *digests;
        size_t digests_n, digests_size;
        struct hash newest; /* leaf hash of the last entry in it */
        uint64_t entries;
};

static enum err take_digest(struct content_export *x, struct bytes disclosure)
{
        if (x->digests_n == x->digests_size) {
                size_t size = x->digests_size == 0 ? 1024 : 2 * x->digests_size;
                struct hash *at = realloc(x->digests, size * sizeof *at);
                if (at == NULL)
                        return ERR_NO_MEMORY;
                x->digests = at;
                x->digests_size = size;
        }
        return hash_of(disclosure, &x->digests[x->digests_n++]);
}

static enum err take_record(struct session *s, struct content_export *x, const json_t *from)
{
        struct record *r = calloc(1, sizeof *r);
        const char *disclosures = json_string_value(json_object_get(from, "disclosures"));
        char seq[24];
        enum err e = r == NULL ? ERR_NO_MEMORY : record_read(from, r, &s->why);
        if (e || disclosures == NULL) {
                e = e ? e : ERR_ANSWER;
                goto done;
        }
        struct bytes in = bytes_text(disclosures), one;
        while (in.n > 0 && !e)
                if (!(e = bytes_take_until(&in, '~', &one)))
                        e = take_digest(x, one);
        (void)snprintf(seq, sizeof seq, "%llu", (unsigned long long)r->leaf.seq);
        json_t *line = json_pack("{ss ss sO}", "seq", seq, "disclosures", disclosures, "because",
                                 json_object_get(from, "because"));
        char *text = line == NULL ? NULL : json_dumps(line, JSON_COMPACT);
        if (!e && text == NULL)
                e = ERR_NO_MEMORY;
        if (!e) {
                buf_put_text(&x->lines, text);
                buf_put_text(&x->lines, "\n");
                x->newest = r->leaf_hash;
                x->entries++;
                e = buf_check(&x->lines);
        }
        if (text != NULL)
                explicit_bzero(text, strlen(text));
        free(text);
        json_decref(line);
done:
        if (r != NULL)
                record_clear(r);
        free(r);
        return e;
}

static enum err fetch_content(struct session *s, struct content_export *x)
{
        json_t *answer = NULL;
        const json_t *from;
        json_int_t next = 0;
        size_t i;
        enum err e;
        for (;;) {
                if ((e = consult(s, "content", json_pack("{sI si}", "from", next, "limit", 50), &answer)))
                        return e;
                json_array_foreach(json_object_get(answer, "records"), i, from)
                {
                        if ((e = take_record(s, x, from)))
                                break;
                }
                const char *more = json_string_value(json_object_get(answer, "next"));
                next = more != NULL ? strtoll(more, NULL, 10) : -1;
                json_decref(answer);
                if (e || next < 0)
                        return e;
        }
}

static enum err find_recipient(struct session *s, const char *word, struct public_key *out, struct values *v)
{
        json_t *answer = NULL;
        const json_t *m;
        size_t i;
        enum err e = consult(s, "members", json_object(), &answer);
        if (e)
                return e;
        e = why_set(&s->why, ERR_MEMBER, "%.60s, or no key of theirs is alive", word);
        json_array_foreach(json_object_get(answer, "members"), i, m)
        {
                const char *id = json_string_value(json_object_get(m, "member")),
                           *key = json_string_value(json_object_get(m, "key"));
                const char *alias = json_string_value(json_object_get(m, "alias"));
                bool is = (id != NULL && strcmp(id, word) == 0) ||
                          (alias != NULL && alias[0] != '\0' && strcmp(alias, word) == 0);
                if (is && key != NULL && b64u_decode_exact(bytes_text(key), out->b, KEY_LEN) == OK) {
                        s->why = (struct why){0};
                        e = values_set_text(v, "recipient", id, ORIGIN_TYPED, true, &s->why);
                        break;
                }
        }
        json_decref(answer);
        return e;
}

static enum err sign_disclose(struct session *s, struct content_export *x, struct values *v,
                              struct outcome *o)
{
        struct draft *d = calloc(1, sizeof *d);
        struct body *body = calloc(1, sizeof *body);
        enum err e = d == NULL || body == NULL ? ERR_NO_MEMORY : OK;
        if (e || (e = compose_body(v, body, &s->why)))
                goto done;
        d->body = body;
        d->statement.kind = KIND_DISCLOSE;
        d->statement.claims.purpose = session_has_role(s, "auditor") ? PURPOSE_AUDIT : PURPOSE_CPIA;
        d->statement.claims.target = x->newest;
        if ((e = release_set_hash(x->digests_n, x->digests, &d->statement.claims.set)))
                goto done;
        e = submit(s, d, o);
        if (!e && o->queued)
                e = ERR_AWAY; /* nothing is handed over before the ledger knows of it */
done:
        free(body);
        free(d);
        return e;
}

/* The fields are fetched page by page (each a consult), sealed here to the recipient's key, and written only
 * once the disclosure is an entry. */
static enum err export_content(struct session *s, const char *path, const char *to, json_t **out)
{
        struct content_export x = {0};
        struct values *v = calloc(1, sizeof *v);
        struct public_key key;
        struct buf sealed;
        struct outcome o = {0};
        enum err e;
        buf_init(&x.lines, BUNDLE_MAX);
        buf_init(&sealed, BUNDLE_MAX + (BUNDLE_MAX >> 4));
        if (v == NULL) {
                e = ERR_NO_MEMORY;
                goto done;
        }
        values_init(v, KIND_DISCLOSE);
        if (access(path, F_OK) == 0) {
                e = why_set(&s->why, ERR_NOT_EMPTY, "%.200s", path);
                goto done;
        }
        if ((e = find_recipient(s, to, &key, v)) || (e = fetch_content(s, &x)) ||
            (e = sign_disclose(s, &x, v, &o)) || (e = seal_to_member(&key, buf_bytes(&x.lines), &sealed)) ||
            (e = buf_check(&sealed)) || (e = file_write(path, buf_bytes(&sealed))))
                goto done;
        *out = json_pack("{ss sI sO}", "disclosed", o.ref, "entries", (json_int_t)x.entries, "seq",
                         json_object_get(o.reply, "seq"));
done:
        outcome_clear(&o);
        if (v != NULL)
                values_clear(v);
        free(v);
        free(x.digests);
        buf_wipe(&x.lines);
        buf_clear(&sealed);
        return e;
}

int command_export(struct session *s, int argc, char **argv)
{
        const char *spine = NULL, *tiles = NULL, *content = NULL, *to = NULL;
        const struct arg table[] = {{.name = "spine", .text = &spine},
                                    {.name = "tiles", .text = &tiles},
                                    {.name = "content", .text = &content},
                                    {.name = "to", .text = &to},
                                    {.name = NULL}};
        struct args args;
        json_t *out = NULL;
        enum err e;
        if ((e = command_args(s, argc, argv, table, &args)))
                return command_fail(s, e);
        if (args.words_n > 0 || (spine != NULL) + (tiles != NULL) + (content != NULL) != 1 ||
            (content != NULL) != (to != NULL))
                return command_fail(
                    s, why_set(&s->why, ERR_USE,
                               "export --spine FILE.db | --tiles DIR | --content FILE --to MEMBER"));
        if ((e = session_open(s)))
                return command_fail(s, e);
        e = spine != NULL   ? export_spine(s, spine)
            : tiles != NULL ? export_tiles(s, tiles)
                            : export_content(s, content, to, &out);
        if (e) {
                json_decref(out);
                return command_fail(s, e);
        }
        if (s->json)
                command_json(out != NULL ? out : json_pack("{ss}", "written", spine != NULL ? spine : tiles));
        else {
                json_decref(out);
                (void)printf("Written: %s\n", spine != NULL ? spine : tiles != NULL ? tiles : content);
        }
        return EXIT_DONE;
}
