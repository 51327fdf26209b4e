#include "daemon/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "ledger/crypto/certificate.h"
#include "ledger/crypto/seal.h"

#define SCRATCH_MAX (2 * JWS_MAX)

int64_t clock_now_us(void)
{
        struct timespec now;
        if (clock_gettime(CLOCK_REALTIME, &now) != 0)
                return 0;
        return (int64_t)now.tv_sec * MOMENT_SECOND_US + now.tv_nsec / 1000;
}

static enum err lock_folder(struct ledger *l, struct why *why)
{
        char path[CONFIG_PATH_MAX];
        enum err e = config_path(&l->config, CONFIG_LOCK, path);
        if (e)
                return e;
        l->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (l->lock_fd < 0)
                return why_set(why, ERR_IO, "%.180s: %s", path, strerror(errno));
        if (flock(l->lock_fd, LOCK_EX | LOCK_NB) != 0)
                return why_set(why, ERR_LOCKED, "another enquiryd runs on %.180s", l->config.data);
        return OK;
}

static enum err open_keys(struct ledger *l, struct why *why)
{
        char path[CONFIG_PATH_MAX];
        struct secret file_key = {0}, certificate = {0};
        bool beside;
        enum err e;
        if ((e = config_key_path(&l->config, path, &beside)))
                return e;
        if ((e = secret_read_file(path, SEAL_KEY_LEN, &file_key))) {
                e = why_set(why, e, "the file key %.180s", path);
                goto done;
        }
        if ((e = store_keys_new(secret_bytes(&file_key), &l->keys)) ||
            (e = config_path(&l->config, CONFIG_TLS, path)))
                goto done;
        if ((e = secret_read_file(path, 0, &certificate)) ||
            (e = certificate_key_hash(secret_bytes(&certificate), &l->server)))
                e = why_set(why, e, "%.200s", path);
done:
        secret_free(&file_key);
        secret_free(&certificate);
        return e;
}

/* Seq 0: our origin, our log key, our id. */
static enum err open_genesis(struct ledger *l, struct why *why)
{
        struct buf text, scratch;
        struct leaf leaf;
        struct statement s;
        enum err e;
        buf_init(&text, LEAF_MAX + 1);
        buf_init(&scratch, SCRATCH_MAX);
        if ((e = store_leaf(l->store, 0, &text)) || (e = leaf_decode(buf_bytes(&text), &leaf)) ||
            (e = statement_decode(leaf.statement, &scratch, &s, why))) {
                e = why_set(why, e == ERR_ABSENT ? ERR_NOT_LEDGER : e, "the first entry");
                goto done;
        }
        if (s.kind != KIND_GENESIS || !bytes_is(s.claims.origin, l->config.origin)) {
                e = why_set(why, ERR_ORIGIN, "the ledger is %.*s, enquiryd.yaml says %.100s",
                            (int)s.claims.origin.n, (const char *)s.claims.origin.at, l->config.origin);
                goto done;
        }
        if (!hash_equal(&s.claims.server, &l->server)) {
                e = why_set(why, ERR_SERVER_KEY, "tls.pem is not the key that the first entry names");
                goto done;
        }
        if ((e = vkey_parse(s.claims.vkey, &l->vkey)) || (e = statement_check_signature(&s, &l->vkey.key)) ||
            (e = tree_leaf_hash(buf_bytes(&text), &l->genesis)) ||
            (e = roster_apply_genesis(l->roster, &s, &l->vkey.key)))
                goto done;
        buf_reset(&scratch);
        log_id_put(&scratch, bytes_text(l->config.origin), &l->genesis);
        if ((e = buf_check(&scratch)) ||
            (e = bytes_to_text(buf_bytes(&scratch), l->log_id, sizeof l->log_id)))
                goto done;
        l->head = l->genesis;
        l->head_at_us = leaf.at_us;
done:
        buf_clear(&text);
        buf_clear(&scratch);
        return e;
}

static enum err replay_row(struct ledger *l, const struct store_row *row, struct buf *scratch,
                           struct why *why)
{
        struct leaf leaf;
        struct statement s;
        const struct roster_key *key;
        enum err e;
        buf_reset(scratch);
        if ((e = leaf_decode(row->leaf, &leaf)) || (e = statement_decode(leaf.statement, scratch, &s, why)))
                return e;
        if (row->hash.n != HASH_LEN || leaf.seq != row->seq)
                return ERR_LEAF;
        key = roster_key_of_kid(l->roster, &s.kid);
        if (key == NULL)
                return ERR_NOT_ENROLLED;
        if ((e = roster_apply(l->roster, row->seq, key, &s, leaf.verdict)))
                return e;
        if (s.kind == KIND_MEMBER && s.claims.act == ACT_JOIN &&
            (e = ledger_learn_join(l, row->seq, l->store)))
                return e;
        memcpy(l->head.b, row->hash.at, HASH_LEN);
        l->head_at_us = leaf.at_us;
        return OK;
}

static enum err replay(struct ledger *l, struct why *why)
{
        struct store_scan *scan = NULL;
        struct store_row row;
        struct buf scratch;
        bool done = false;
        enum err e;
        buf_init(&scratch, SCRATCH_MAX);
        if ((e = store_scan_new(l->store, 1, l->size, &scan)))
                goto done;
        while (!(e = store_scan_next(scan, &row, &done)) && !done)
                if ((e = replay_row(l, &row, &scratch, why))) {
                        e = why_set(why, e, "entry %llu; run enquiryd check", (unsigned long long)row.seq);
                        goto done;
                }
done:
        store_scan_free(scan);
        buf_clear(&scratch);
        return e;
}

enum err ledger_learn_join(struct ledger *l, uint64_t seq, struct store *store)
{
        struct buf scratch, text;
        struct body *body = calloc(1, sizeof *body);
        struct bytes alias, name, force;
        struct store_item item;
        enum err e;
        buf_init(&scratch, SUBMISSION_MAX);
        buf_init(&text, SUBMISSION_MAX);
        buf_reserve(&text, 4096);
        if (body == NULL) {
                e = ERR_NO_MEMORY;
                goto done;
        }
        if ((e = store_item(store, seq, &item)))
                goto done;
        e = store_body(store, seq, KIND_MEMBER, &scratch, body, NULL);
        if (e == ERR_ABSENT || e == ERR_ERASED) {
                e = OK; /* erased by order: the member stays, nameless */
                goto done;
        }
        if (e || (e = body_text(body, "alias", &text, &alias)) ||
            (e = body_text(body, "name", &text, &name)) || (e = body_text(body, "force", &text, &force)))
                goto done;
        /* The key that this join brought is the newest one of its member. */
        for (uint32_t k = (uint32_t)roster_keys(l->roster); k-- > 0;) {
                const struct roster_key *key = roster_key_at(l->roster, k);
                if (key->kind == KEY_MEMBER && key->from_seq == seq) {
                        e = directory_put(l->directory, k, key->member, alias, name, force);
                        break;
                }
        }
done:
        buf_wipe(&scratch);
        buf_wipe(&text);
        free(body);
        return e;
}

enum err ledger_load_pack(struct ledger *l, struct why *why)
{
        struct annex_source annexes = {.store = l->store};
        const struct pack_source source = {.text = annex_source_text, .self = &annexes};
        struct buf text;
        struct pack *pack = NULL;
        struct gate *gate = NULL;
        enum err e;
        buf_init(&text, ANNEX_MAX + 1);
        if ((e = store_annex(l->store, roster_policy(l->roster), &text))) {
                e = why_set(why, e == ERR_ABSENT ? ERR_ANNEX : e, "the policy pack in force");
                goto done;
        }
        if ((e = pack_parse(buf_bytes(&text), &source, &pack, why)) || (e = gate_new(pack, &gate, why)))
                goto done;
        gate_free(l->gate);
        pack_free(l->pack);
        l->pack = pack;
        l->gate = gate;
        pack = NULL; /* given away */
        gate = NULL;
done:
        gate_free(gate);
        pack_free(pack);
        buf_clear(&text);
        return e;
}

/* Readers come without pause under load; the commit thread must not wait for a gap between them. */
static enum err make_lock(pthread_rwlock_t *out)
{
        pthread_rwlockattr_t kind;
        if (pthread_rwlockattr_init(&kind) != 0)
                return ERR_NO_MEMORY;
        bool made = pthread_rwlockattr_setkind_np(&kind, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP) == 0 &&
                    pthread_rwlock_init(out, &kind) == 0;
        (void)pthread_rwlockattr_destroy(&kind);
        return made ? OK : ERR_NO_MEMORY;
}

enum err ledger_open(const struct config *config, struct ledger *out, struct why *why)
{
        struct ledger *l = out;
        enum err e;
        memset(l, 0, sizeof *l);
        l->config = *config;
        l->lock_fd = -1;
        buf_init(&l->note, NOTE_LEN_MAX);
        if ((e = make_lock(&l->lock)))
                return e;
        if ((e = lock_folder(l, why)) || (e = open_keys(l, why)) ||
            (e = config_path(config, CONFIG_LEDGER, l->path)))
                goto done;
        l->roster = roster_new();
        l->directory = directory_new();
        l->registry = registry_new();
        l->annexes = annexes_new();
        if (l->roster == NULL || l->directory == NULL || l->registry == NULL || l->annexes == NULL) {
                e = ERR_NO_MEMORY;
                goto done;
        }
        if ((e = store_open(l->path, STORE_WRITE, l->keys, &l->store, why)) ||
            (e = store_size(l->store, &l->size)) || (e = open_genesis(l, why)) || (e = replay(l, why)) ||
            (e = ledger_load_pack(l, why)) || (e = ledger_fill_registry(l, why)) ||
            (e = tree_open(store_tree_source(l->store), l->size, &l->tree)))
                goto done;
done:
        if (e)
                ledger_close(l);
        return e;
}

/* The keeper's note may be behind the database (a power cut after the commit): it is extended by what was
 * committed. It may never be ahead: then the database is an old copy. */
enum err ledger_join_keeper(struct ledger *l, struct keeper *keeper, struct why *why)
{
        uint64_t size;
        struct hash root;
        struct frontier *frontier = calloc(1, sizeof *frontier);
        struct hash *hashes = calloc(TREE_TILE, sizeof *hashes);
        enum err e;
        l->keeper = keeper;
        if (frontier == NULL || hashes == NULL) {
                e = ERR_NO_MEMORY;
                goto done;
        }
        if ((e = keeper_state(keeper, &size, &root)))
                goto done;
        if (size > l->size) {
                e = why_set(why, ERR_KEEPER_AHEAD, "signed: %llu entries, in the database: %llu",
                            (unsigned long long)size, (unsigned long long)l->size);
                goto done;
        }
        if ((e = tree_frontier_at(l->tree, size, frontier)))
                goto done;
        if ((e = keeper_adopt(keeper, frontier))) {
                e = why_set(why, e, "the first %llu entries are not those that were signed",
                            (unsigned long long)size);
                goto done;
        }
        buf_reset(&l->note);
        if (size == l->size)
                e = keeper_sign_again(keeper, &l->note);
        while (size < l->size && !e) {
                size_t n = TREE_TILE - (size_t)(size % TREE_TILE);
                if (n > l->size - size)
                        n = (size_t)(l->size - size);
                struct tree_source source = store_tree_source(l->store);
                if ((e = source.read(source.self, 0, size, n, hashes)))
                        break;
                buf_reset(&l->note);
                e = keeper_extend(keeper, n, hashes, &l->note);
                size += n;
        }
        if (!e)
                e = keeper_sync(keeper);
done:
        free(frontier);
        free(hashes);
        return e;
}

void ledger_close(struct ledger *l)
{
        if (l->keeper != NULL)
                keeper_stop(l->keeper);
        gate_free(l->gate);
        pack_free(l->pack);
        registry_free(l->registry);
        annexes_free(l->annexes);
        tree_free(l->tree);
        store_close(l->store);
        directory_free(l->directory);
        roster_free(l->roster);
        store_keys_free(l->keys);
        buf_clear(&l->note);
        (void)pthread_rwlock_destroy(&l->lock);
        if (l->lock_fd >= 0)
                (void)close(l->lock_fd);
        memset(l, 0, sizeof *l);
        l->lock_fd = -1;
}

void ledger_reference(const struct ledger *l, const struct store_item *item, char out[REFERENCE_MAX])
{
        const char *alias = directory_alias(l->directory, item->key);
        if (alias[0] != '\0')
                (void)snprintf(out, REFERENCE_MAX, "%s-%llu", alias, (unsigned long long)item->n);
        else
                (void)snprintf(out, REFERENCE_MAX, "%llu", (unsigned long long)item->seq);
}

enum err ledger_find(struct ledger *l, struct store *store, struct bytes reference, uint64_t *out_seq)
{
        struct bytes in = reference, alias;
        uint64_t number;
        uint32_t key;
        enum err e;
        if (!bytes_take_decimal(&in, &number) && in.n == 0) {
                (void)pthread_rwlock_rdlock(&l->lock);
                bool there = number < l->size;
                (void)pthread_rwlock_unlock(&l->lock);
                *out_seq = number;
                return there ? OK : ERR_REFERENCE;
        }
        in = reference;
        if (bytes_take_until(&in, '-', &alias) || bytes_take_decimal(&in, &number) || in.n != 0)
                return ERR_REFERENCE;
        (void)pthread_rwlock_rdlock(&l->lock);
        bool known = directory_key_of_alias(l->directory, alias, &key);
        (void)pthread_rwlock_unlock(&l->lock);
        if (!known)
                return ERR_REFERENCE;
        e = store_find_key_n(store, key, number, out_seq);
        return e == ERR_ABSENT ? ERR_REFERENCE : e;
}
