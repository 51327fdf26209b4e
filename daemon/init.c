#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/command.h"
#include "daemon/ledger.h"
#include "ledger/base/args.h"
#include "ledger/crypto/certificate.h"
#include "ledger/crypto/seal.h"
#include "ledger/record/invite.h"

#define INVITE_DAYS      14
#define CERTIFICATE_DAYS 3650
#define PACK_FILE_MAX    ANNEX_MAX

/* What a new ledger is made of, on its way from one step to the next. */
struct founding {
        struct config config;
        const char *policy_path; /* NULL: the pack that was built in */
        int64_t now_us;
        struct secret file_key, log_seed;
        struct signing_key *log_key;
        struct vkey vkey;
        struct hash server;
        struct buf pack_text;
        struct hash pack_hash;
        struct invite invite;
        struct store_keys *keys;
        struct statement statement;
        struct body body;
        struct buf jws, leaf, because;
        struct hash leaf_hash;
};

extern const unsigned char pack_builtin[];
extern const size_t pack_builtin_n;

static enum err read_pack(struct founding *f, struct why *why)
{
        struct pack *pack = NULL;
        enum err e;
        if (f->policy_path == NULL) {
                buf_put(&f->pack_text, bytes_of(pack_builtin, pack_builtin_n));
        } else {
                FILE *file = fopen(f->policy_path, "rbe");
                char part[4096];
                size_t n;
                if (file == NULL)
                        return why_set(why, ERR_IO, "%.180s: %s", f->policy_path, strerror(errno));
                while ((n = fread(part, 1, sizeof part, file)) > 0)
                        buf_put(&f->pack_text, bytes_of(part, n));
                (void)fclose(file);
        }
        if ((e = buf_check(&f->pack_text)) || (e = pack_parse(buf_bytes(&f->pack_text), NULL, &pack, why)))
                return e;
        pack_free(pack);
        return hash_of(buf_bytes(&f->pack_text), &f->pack_hash);
}

/* Port 0 is chosen here and kept, so that invites name it. */
static enum err choose_port(struct config *c, struct why *why)
{
        struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        socklen_t n = sizeof at;
        if (c->port != 0)
                return OK;
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0 ||
            getsockname(fd, (struct sockaddr *)&at, &n) != 0) {
                if (fd >= 0)
                        (void)close(fd);
                return why_set(why, ERR_LISTEN, "no free port: %s", strerror(errno));
        }
        c->port = ntohs(at.sin_port);
        (void)close(fd);
        return OK;
}

static enum err make_folder(struct founding *f, struct why *why)
{
        char path[CONFIG_PATH_MAX];
        enum err e;
        if (mkdir(f->config.data, 0700) != 0 && errno != EEXIST)
                return why_set(why, ERR_IO, "%.180s: %s", f->config.data, strerror(errno));
        struct stat st;
        if (stat(f->config.data, &st) != 0 || !S_ISDIR(st.st_mode))
                return why_set(why, ERR_IO, "%.180s is no folder", f->config.data);
        if ((st.st_mode & 077) != 0)
                return why_set(why, ERR_LOOSE, "%.150s has mode %o; chmod go-rwx", f->config.data,
                               (unsigned)(st.st_mode & 07777));
        if ((e = config_path(&f->config, CONFIG_LEDGER, path)))
                return e;
        if (access(path, F_OK) == 0)
                return why_set(why, ERR_DATA_TAKEN, "%.180s", path);
        return OK;
}

static enum err make_keys(struct founding *f, struct why *why)
{
        char path[CONFIG_PATH_MAX];
        struct buf certificate;
        struct secret tls_key = {0};
        struct signer signer;
        bool beside;
        enum err e;
        buf_init(&certificate, 65536);
        if ((e = secret_random(SEED_LEN, &f->log_seed)) ||
            (e = signing_key_new(secret_bytes(&f->log_seed), &f->log_key)))
                goto done;
        signer = signing_key_signer(f->log_key);
        if ((e = vkey_of(f->config.origin, NOTE_ED25519, &signer.key, &f->vkey)) ||
            (e = certificate_make("enquiryd", f->now_us, CERTIFICATE_DAYS, &certificate, &tls_key)) ||
            (e = certificate_key_hash(buf_bytes(&certificate), &f->server)))
                goto done;
        if ((e = config_key_path(&f->config, path, &beside)))
                goto done;
        e = secret_read_file(path, SEAL_KEY_LEN,
                             &f->file_key); /* a key file may be there: systemd, an HSM's export */
        if (e == ERR_ABSENT && !(e = secret_random(SEAL_KEY_LEN, &f->file_key)))
                e = secret_write_file(path, secret_bytes(&f->file_key));
        if (e) {
                e = why_set(why, e, "the file key %.180s", path);
                goto done;
        }
        if ((e = store_keys_new(secret_bytes(&f->file_key), &f->keys)) ||
            (e = config_path(&f->config, CONFIG_LOG, path)) ||
            (e = secret_write_file(path, secret_bytes(&f->log_seed))) ||
            (e = config_path(&f->config, CONFIG_TLS, path)) ||
            (e = secret_write_file(path, buf_bytes(&certificate))) ||
            (e = config_path(&f->config, CONFIG_TLSKEY, path)) ||
            (e = secret_write_file(path, secret_bytes(&tls_key))))
                goto done;
done:
        secret_free(&tls_key);
        buf_clear(&certificate);
        return e;
}

static enum err make_invite(struct founding *f)
{
        struct invite *i = &f->invite;
        enum err e;
        bool v6 = strchr(f->config.host, ':') != NULL;
        (void)snprintf(i->address, sizeof i->address, "%s%.200s%s:%u", v6 ? "[" : "", f->config.host,
                       v6 ? "]" : "", (unsigned)f->config.port);
        (void)snprintf(i->origin, sizeof i->origin, "%s", f->config.origin);
        struct buf vkey;
        buf_init(&vkey, sizeof i->vkey);
        vkey_put(&vkey, &f->vkey);
        e = bytes_to_text(buf_bytes(&vkey), i->vkey, sizeof i->vkey);
        buf_clear(&vkey);
        if (e)
                return e;
        i->server = f->server;
        random_fill(i->member.b, sizeof i->member.b);
        i->expires = f->now_us / MOMENT_SECOND_US + (int64_t)INVITE_DAYS * 86400;
        return secret_random(SEED_LEN, &i->seed);
}

static enum err make_genesis(struct founding *f)
{
        struct buf log;
        struct signing_key *invite_key = NULL;
        struct statement *s = &f->statement;
        struct leaf leaf = {.at_us = f->now_us, .verdict = VERDICT_ACCEPTED, .policy = f->pack_hash};
        enum err e;
        buf_init(&log, LOG_ID_MAX);
        log_id_put(&log, bytes_text(f->config.origin), NULL);
        if ((e = buf_check(&log)) || (e = signing_key_new(secret_bytes(&f->invite.seed), &invite_key)))
                goto done;
        body_init(&f->body, KIND_GENESIS);
        s->log = buf_bytes(&log);
        s->kind = KIND_GENESIS;
        uuid_make(f->now_us, s->jti);
        s->iat = f->now_us / MOMENT_SECOND_US;
        s->n = 1;
        s->claims = (struct claims){.origin = bytes_text(f->config.origin),
                                    .vkey = bytes_text(f->invite.vkey),
                                    .server = f->server,
                                    .policy = f->pack_hash,
                                    .member = f->invite.member,
                                    .invite = signing_key_signer(invite_key).key,
                                    .expires = f->invite.expires};
        if ((e = body_digests(&f->body, s->sd)) ||
            (e = statement_sign(s, signing_key_signer(f->log_key), &f->jws)) ||
            (e = because_make(bytes_text("{\"lane\":\"\",\"hits\":[],\"facts\":{},\"engine\":\"1\"}"),
                              &f->because, &leaf.because)))
                goto done;
        leaf.statement = s->jws;
        if ((e = leaf_put(&f->leaf, &leaf)) || (e = tree_leaf_hash(buf_bytes(&f->leaf), &f->leaf_hash)))
                goto done;
        f->invite.genesis = f->leaf_hash;
done:
        signing_key_free(invite_key);
        buf_clear(&log);
        return e;
}

static enum err write_ledger(struct founding *f, struct why *why)
{
        char path[CONFIG_PATH_MAX];
        struct store *store = NULL;
        struct buf content, residue, text, note;
        enum err e;
        buf_init(&content, SUBMISSION_MAX);
        buf_init(&residue, SUBMISSION_MAX);
        buf_init(&text, NOTE_LEN_MAX);
        buf_init(&note, NOTE_LEN_MAX);
        body_put_content(&f->body, &content);
        body_put_residue(&f->body, &residue);
        checkpoint_put(&text, f->config.origin, 1, &f->leaf_hash);
        struct store_entry entry = {.leaf = buf_bytes(&f->leaf),
                                    .hash = f->leaf_hash,
                                    .st = f->statement.st,
                                    .because = buf_bytes(&f->because)};
        entry.item = (struct store_item){.kind = KIND_GENESIS,
                                         .at_us = f->now_us,
                                         .n = 1,
                                         .decided_by = SEQ_NONE,
                                         .closed_by = SEQ_NONE,
                                         .target = SEQ_NONE};
        if ((e = buf_check(&content)) || (e = buf_check(&residue)) ||
            (e = note_sign(buf_bytes(&text), f->config.origin, signing_key_signer(f->log_key), &note)))
                goto done;
        entry.content = buf_bytes(&content);
        entry.residue = buf_bytes(&residue);
        if ((e = config_path(&f->config, CONFIG_LEDGER, path)) || (e = store_create(path)) ||
            (e = store_open(path, STORE_WRITE, f->keys, &store, why)) || (e = store_begin(store)) ||
            (e = store_put_annex(store, &f->pack_hash, buf_bytes(&f->pack_text))) ||
            (e = store_put_entry(store, &entry)) || (e = store_put_checkpoint(store, 1, buf_bytes(&note))) ||
            (e = store_commit(store)) || (e = config_path(&f->config, CONFIG_NOTE, path)) ||
            (e = keeper_note_create(path, &f->leaf_hash)))
                goto done;
done:
        store_close(store);
        buf_clear(&content);
        buf_clear(&residue);
        buf_clear(&text);
        buf_clear(&note);
        return e;
}

static enum err announce(struct founding *f)
{
        struct buf out;
        char genesis[HASH_TEXT_LEN + 1];
        enum err e;
        buf_init(&out, 16384);
        hash_text(&f->leaf_hash, genesis);
        buf_put_text(&out, "{\"origin\":");
        json_put_text(&out, f->config.origin);
        buf_put_text(&out, ",\"log\":\"");
        log_id_put(&out, bytes_text(f->config.origin), &f->leaf_hash);
        buf_put_format(&out, "\",\"genesis\":\"%s\",\"vkey\":", genesis);
        json_put_text(&out, f->invite.vkey);
        buf_put_text(&out, ",\"listen\":");
        json_put_text(&out, f->invite.address);
        buf_put_text(&out, ",\"invite\":\"");
        e = invite_put(&out, &f->invite);
        buf_put_text(&out, "\"}\n");
        if (!e && !(e = buf_check(&out)))
                (void)fwrite(out.at, 1, out.n, stdout);
        buf_wipe(&out);
        return e;
}

static void founding_clear(struct founding *f)
{
        secret_free(&f->file_key);
        secret_free(&f->log_seed);
        signing_key_free(f->log_key);
        store_keys_free(f->keys);
        invite_clear(&f->invite);
        buf_clear(&f->pack_text);
        buf_clear(&f->jws);
        buf_clear(&f->leaf);
        buf_clear(&f->because);
        free(f);
}

/* The daemon may be started from another folder. */
static enum err keep_key_file(struct founding *f, const char *path, struct why *why)
{
        char here[CONFIG_PATH_MAX / 2] = "";
        if (path[0] != '/' && getcwd(here, sizeof here) == NULL)
                return why_set(why, ERR_TOO_LONG, "the path of the key file");
        int n = snprintf(f->config.key_file, sizeof f->config.key_file, "%s%s%s", here,
                         path[0] == '/' ? "" : "/", path);
        return n < 0 || (size_t)n >= sizeof f->config.key_file
                   ? why_set(why, ERR_TOO_LONG, "the path of the key file")
                   : OK;
}

int command_init(int argc, char **argv)
{
        const char *data = NULL, *origin = NULL, *listen = NULL, *key_file = NULL;
        struct founding *f = calloc(1, sizeof *f);
        struct args args;
        struct why why = {0};
        enum err e;
        if (f == NULL)
                return command_fail(ERR_NO_MEMORY, NULL);
        const struct arg table[] = {
            {.name = "data", .text = &data},         {.name = "origin", .text = &origin},
            {.name = "listen", .text = &listen},     {.name = "policy", .text = &f->policy_path},
            {.name = "key-file", .text = &key_file}, {.name = NULL}};
        buf_init(&f->pack_text, PACK_FILE_MAX);
        buf_init(&f->jws, 2 * JWS_MAX);
        buf_init(&f->leaf, LEAF_MAX);
        buf_init(&f->because, LEAF_MAX);
        f->now_us = clock_now_us();
        if ((e = args_parse(argc, argv, table, &args, &why)))
                goto done;
        if (data == NULL || origin == NULL || args.words_n > 0) {
                e = why_set(&why, ERR_USE, "init needs --data DIR and --origin NAME");
                goto done;
        }
        if (!origin_valid(bytes_text(origin)) || strlen(origin) >= sizeof f->config.origin) {
                e = why_set(
                    &why, ERR_USE,
                    "an origin is a name such as force.example/enquiries, without white space, + or #");
                goto done;
        }
        if (strlen(data) >= sizeof f->config.data ||
            (key_file != NULL && strlen(key_file) >= sizeof f->config.key_file)) {
                e = why_set(&why, ERR_TOO_LONG, "a path");
                goto done;
        }
        (void)snprintf(f->config.data, sizeof f->config.data, "%s", data);
        (void)snprintf(f->config.origin, sizeof f->config.origin, "%s", origin);
        if (key_file != NULL && (e = keep_key_file(f, key_file, &why)))
                goto done;
        if ((e = config_listen(listen != NULL ? listen : "127.0.0.1:0", &f->config, &why)) ||
            (e = choose_port(&f->config, &why)) || (e = read_pack(f, &why)) || (e = make_folder(f, &why)) ||
            (e = make_keys(f, &why)) || (e = make_invite(f)) || (e = make_genesis(f)) ||
            (e = config_write(&f->config, &why)) || (e = write_ledger(f, &why)) || (e = announce(f)))
                goto done;
done:
        founding_clear(f);
        return e ? command_fail(e, &why) : EXIT_DONE;
}
