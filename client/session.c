#include "client/session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "client/agent.h"

#define PASSPHRASE_MAX  1024 /* bytes */
#define CERTIFICATE_MAX 65536

int64_t client_now_us(void)
{
        struct timespec now;
        if (clock_gettime(CLOCK_REALTIME, &now) != 0)
                return 0;
        return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

enum err session_identify(struct session *s)
{
        enum err e;
        if ((e = home_open(s->home_given, &s->home)) || (e = identity_read(&s->home, &s->id, &s->why)) ||
            (e = home_check_private(&s->home, &s->why)))
                return e;
        return vkey_parse(bytes_text(s->id.vkey), &s->vkey);
}

/* A line of the terminal without echo, into secret memory. */
static enum err type_passphrase(const char *prompt, struct secret *out)
{
        struct termios old, quiet;
        struct secret line = {0};
        size_t n = 0;
        char c;
        enum err e;
        int tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
        if (tty < 0)
                return ERR_PASSPHRASE_NEEDED;
        if ((e = secret_new(PASSPHRASE_MAX, &line)))
                goto done;
        if (tcgetattr(tty, &old) != 0) {
                e = ERR_PASSPHRASE_NEEDED;
                goto done;
        }
        quiet = old;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        (void)tcsetattr(tty, TCSAFLUSH, &quiet);
        (void)dprintf(tty, "%s", prompt);
        ssize_t got;
        while ((got = read(tty, &c, 1)) == 1 && c != '\n')
                if (n < PASSPHRASE_MAX)
                        line.at[n++] = (uint8_t)c;
        (void)tcsetattr(tty, TCSAFLUSH, &old);
        (void)dprintf(tty, "\n");
        e = got < 0 ? ERR_IO : secret_of(bytes_of(line.at, n), out);
done:
        secret_free(&line);
        (void)close(tty);
        return e;
}

static enum err read_passphrase_file(struct session *s, struct secret *out)
{
        struct buf text;
        enum err e;
        buf_init(&text, PASSPHRASE_MAX);
        buf_reserve(&text, PASSPHRASE_MAX);
        if ((e = file_read(s->passphrase_file, PASSPHRASE_MAX, &text))) {
                e = why_set(&s->why, e, "the passphrase file %.180s", s->passphrase_file);
        } else {
                size_t n = text.n;
                while (n > 0 && (text.at[n - 1] == '\n' || text.at[n - 1] == '\r'))
                        n--;
                e = n == 0 ? why_set(&s->why, ERR_PASSPHRASE_NEEDED, "the passphrase file is empty")
                           : secret_of(bytes_of(text.at, n), out);
        }
        buf_wipe(&text);
        return e;
}

enum err session_passphrase(struct session *s, bool fresh, struct secret *out)
{
        struct secret again = {0};
        enum err e;
        if (s->passphrase_file != NULL)
                return read_passphrase_file(s, out);
        if ((e = type_passphrase(fresh ? "New passphrase: " : "Passphrase: ", out)) || !fresh)
                return e;
        if (out->n < 8) {
                secret_free(out);
                return why_set(&s->why, ERR_PASSPHRASE, "at least eight characters, please");
        }
        if (!(e = type_passphrase("The same again: ", &again)) &&
            !secret_equal(secret_bytes(out), secret_bytes(&again)))
                e = why_set(&s->why, ERR_PASSPHRASE, "the two were not the same");
        secret_free(&again);
        if (e)
                secret_free(out);
        return e;
}

static enum err unlock(struct session *s)
{
        struct secret key = {0}, passphrase = {0};
        enum err e = s->passphrase_file != NULL ? ERR_ABSENT : agent_key(&s->home, &key);
        if (e == ERR_ABSENT) {
                e = session_passphrase(s, false, &passphrase);
                if (!e)
                        e = keystore_unlock(&s->home, secret_bytes(&passphrase), &key);
        }
        if (!e)
                e = keystore_open(&s->home, secret_bytes(&key), &s->keys);
        secret_free(&passphrase);
        secret_free(&key);
        return e;
}

enum err session_open(struct session *s)
{
        char path[HOME_PATH_MAX];
        struct buf certificate;
        enum err e;
        buf_init(&certificate, CERTIFICATE_MAX);
        if ((e = session_identify(s)) || (e = unlock(s)) || (e = home_path(&s->home, HOME_TLS, path)) ||
            (e = file_read(path, CERTIFICATE_MAX, &certificate)) ||
            (e = memory_open(&s->home, secret_bytes(&s->keys.store_key), &s->memory, &s->why)))
                goto done;
        e = transport_new(s->id.address, &s->id.server, buf_bytes(&certificate),
                          secret_bytes(&s->keys.tls_key), &s->transport);
done:
        buf_clear(&certificate);
        return e;
}

void session_close(struct session *s)
{
        transport_free(s->transport);
        memory_close(s->memory);
        keystore_clear(&s->keys);
        home_unlock(&s->home);
        s->transport = NULL;
        s->memory = NULL;
}

bool session_has_role(const struct session *s, const char *role)
{
        size_t n = strlen(role);
        for (const char *at = s->id.roles; (at = strstr(at, role)) != NULL; at += n)
                if ((at == s->id.roles || at[-1] == ',') && (at[n] == '\0' || at[n] == ','))
                        return true;
        return false;
}

enum err session_believed(struct session *s, uint64_t *out_size, struct hash *out_root)
{
        char path[HOME_PATH_MAX];
        struct buf note;
        struct checkpoint c;
        enum err e;
        buf_init(&note, NOTE_LEN_MAX);
        *out_size = 0;
        if ((e = home_path(&s->home, HOME_CHECKPOINT, path)))
                goto done;
        e = file_read(path, NOTE_LEN_MAX, &note);
        if (e == ERR_ABSENT) {
                e = OK;
                goto done;
        }
        if (e || (e = checkpoint_open(buf_bytes(&note), &s->vkey, &c)))
                goto done;
        *out_size = c.size;
        *out_root = c.root;
done:
        buf_clear(&note);
        return e;
}

/* Both checkpoints in one file: it convicts whoever signed them. */
static enum err keep_evidence(struct session *s, struct bytes note)
{
        char path[HOME_PATH_MAX], name[64];
        struct buf both;
        enum err e;
        buf_init(&both, 2 * NOTE_LEN_MAX + 16);
        (void)snprintf(name, sizeof name, "fork-%lld.txt", (long long)client_now_us());
        if (!(e = home_path(&s->home, HOME_CHECKPOINT, path)) &&
            !(e = file_read(path, NOTE_LEN_MAX, &both))) {
                buf_put_text(&both, "\n\n");
                buf_put(&both, note);
                if (!(e = buf_check(&both)) && !(e = home_path(&s->home, name, path)))
                        e = file_write(path, buf_bytes(&both));
        }
        buf_clear(&both);
        return e ? e : why_set(&s->why, ERR_CONSISTENCY, "both checkpoints are kept in %.150s", path);
}

enum err session_believe(struct session *s, struct bytes note, const struct proof *proof, uint64_t proof_from)
{
        char path[HOME_PATH_MAX];
        struct checkpoint c;
        struct hash root;
        uint64_t size;
        enum err e;
        if ((e = checkpoint_open(note, &s->vkey, &c)) || (e = session_believed(s, &size, &root)))
                return e;
        if (size > 0) {
                bool shrank = c.size < size;
                bool other = c.size == size && !hash_equal(&c.root, &root);
                if (c.size > size && proof_from != size)
                        return why_set(&s->why, ERR_ANSWER,
                                       "no proof that the ledger continues what was seen before");
                if (shrank || other ||
                    (c.size > size && proof_check_consistency(proof, size, &root, c.size, &c.root) != OK))
                        return keep_evidence(s, note);
        }
        if ((e = home_path(&s->home, HOME_CHECKPOINT, path)))
                return e;
        return file_write(path, note);
}
