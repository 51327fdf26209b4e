#include "ledger/base/b64.h"
#include "ledger/tree/name.h"
#include "ledger/tree/note.h"

#define DASH   "\xe2\x80\x94 " /* U+2014 and a space begin a signature line */
#define ID_LEN 4               /* bytes of a key id */

static bool text_valid(struct bytes text)
{
        if (text.n == 0 || text.at[text.n - 1] != '\n' || !bytes_utf8_valid(text))
                return false;
        for (size_t i = 0; i < text.n; i++)
                if (text.at[i] < 0x20 && text.at[i] != '\n')
                        return false;
        return true;
}

/* One signature line; the blob (key id and signature) replaces what `blob` held. */
static enum err take_signature(struct bytes *in, struct bytes *out_name, struct buf *blob)
{
        struct bytes name, text;
        enum err e;

        if (bytes_take_text(in, DASH) || bytes_take_until(in, ' ', &name) ||
            bytes_take_until(in, '\n', &text) || !name_valid(name))
                return ERR_NOTE;
        buf_reset(blob);
        if ((e = b64_decode(text, blob)))
                return e == ERR_NO_MEMORY ? e : ERR_NOTE;
        if (blob->n <= ID_LEN)
                return ERR_NOTE;
        *out_name = name;
        return OK;
}

static enum err check_signatures(struct bytes in)
{
        struct buf blob;
        struct bytes name;
        enum err e = OK;

        buf_init(&blob, NOTE_LEN_MAX);
        for (size_t n = 0; !e && in.n > 0; n++)
                e = n < NOTE_SIGNATURES_MAX ? take_signature(&in, &name, &blob) : ERR_NOTE;
        buf_clear(&blob);
        return e;
}

enum err note_split(struct bytes note, struct bytes *out_text, struct bytes *out_signatures)
{
        struct bytes signatures;
        size_t end;
        enum err e;

        if (note.n > NOTE_LEN_MAX || !text_valid(note))
                return ERR_NOTE;
        for (end = note.n - 1; end > 0; end--)
                if (note.at[end - 1] == '\n' && note.at[end] == '\n')
                        break;
        signatures = bytes_of(note.at + end + 1, note.n - end - 1);
        if (end == 0 || signatures.n == 0)
                return ERR_NOTE;
        if ((e = check_signatures(signatures)))
                return e;
        *out_text = bytes_of(note.at, end);
        *out_signatures = signatures;
        return OK;
}

/* What a cosignature signs (C2SP tlog-cosignature). */
static enum err put_cosigned(struct buf *out, uint64_t time, struct bytes text)
{
        buf_put_text(out, "cosignature/v1\ntime ");
        buf_put_decimal(out, time);
        buf_put_text(out, "\n");
        buf_put(out, text);
        return buf_check(out);
}

static enum err check_cosignature(struct bytes text, const struct public_key *key, uint64_t time,
                                  const struct sig *sig)
{
        struct buf message;
        enum err e;

        if (time > INT64_MAX)
                return ERR_SIGNATURE;
        buf_init(&message, NOTE_LEN_MAX + 64);
        if (!(e = put_cosigned(&message, time, text)))
                e = sign_check(key, buf_bytes(&message), sig);
        buf_clear(&message);
        return e;
}

/* The blob of a line after its id. */
static enum err check_blob(struct bytes in, struct bytes text, const struct vkey *key, uint64_t *out_time)
{
        bool cosigned = key->type == NOTE_COSIGNATURE;
        uint64_t time = 0;
        struct sig sig;
        enum err e;

        if ((cosigned && bytes_take_u64(&in, &time)) || bytes_take_copy(&in, SIG_LEN, sig.b) ||
            bytes_at_end(in))
                return ERR_NOTE_SIGNATURE;
        e = cosigned ? check_cosignature(text, &key->key, time, &sig) : sign_check(&key->key, text, &sig);
        if (e)
                return e == ERR_SIGNATURE ? ERR_NOTE_SIGNATURE : e;
        *out_time = time;
        return OK;
}

enum err note_check(struct bytes note, const struct vkey *key, uint64_t *out_time)
{
        struct bytes text, in, name;
        struct buf blob;
        uint64_t latest = 0;
        bool found = false;
        enum err e;

        buf_init(&blob, NOTE_LEN_MAX);
        if ((e = note_split(note, &text, &in)))
                goto done;
        while (in.n > 0) {
                struct bytes at;
                uint64_t time;
                uint32_t id;

                if ((e = take_signature(&in, &name, &blob)))
                        goto done;
                at = buf_bytes(&blob);
                if ((e = bytes_take_u32(&at, &id)))
                        goto done;
                if (id != key->id || !bytes_is(name, key->name))
                        continue;
                if ((e = check_blob(at, text, key, &time)))
                        goto done;
                found = true;
                latest = time > latest ? time : latest;
        }
        if (!found)
                e = ERR_NOTE_KEY;
        else if (out_time && key->type == NOTE_COSIGNATURE)
                *out_time = latest;
done:
        buf_clear(&blob);
        return e;
}

static enum err put_line(struct buf *out, const struct vkey *v, uint64_t time, const struct sig *sig)
{
        uint8_t room[ID_LEN + 8 + SIG_LEN];
        struct buf blob = {.at = room, .size = sizeof room, .max = sizeof room}; /* borrowed: never grows */

        buf_put_u32(&blob, v->id);
        if (v->type == NOTE_COSIGNATURE)
                buf_put_u64(&blob, time);
        buf_put(&blob, bytes_of(sig->b, SIG_LEN));
        buf_put_format(out, DASH "%s ", v->name);
        b64_put(out, buf_bytes(&blob));
        buf_put_text(out, "\n");
        return buf_check(out);
}

enum err note_signature_put(const char *name, const struct public_key *key, const struct sig *sig,
                            struct buf *out)
{
        struct vkey v;
        enum err e;

        if ((e = vkey_of(name, NOTE_ED25519, key, &v)))
                return e;
        return put_line(out, &v, 0, sig);
}

enum err note_sign(struct bytes text, const char *name, struct signer signer, struct buf *out)
{
        struct vkey v;
        struct sig sig;
        enum err e;

        if (!text_valid(text))
                return ERR_NOTE;
        if ((e = vkey_of(name, NOTE_ED25519, &signer.key, &v)) || (e = signer.sign(signer.self, text, &sig)))
                return e;
        buf_put(out, text);
        buf_put_text(out, "\n");
        return put_line(out, &v, 0, &sig);
}

enum err note_cosign(struct bytes text, const char *name, struct signer signer, uint64_t time,
                     struct buf *out)
{
        struct checkpoint checkpoint;
        struct buf message;
        struct vkey v;
        struct sig sig;
        enum err e;

        buf_init(&message, NOTE_LEN_MAX + 64);
        if (time < 1 || time > INT64_MAX) {
                e = ERR_TIME;
                goto done;
        }
        if ((e = checkpoint_parse(text, &checkpoint)) ||
            (e = vkey_of(name, NOTE_COSIGNATURE, &signer.key, &v)) ||
            (e = put_cosigned(&message, time, text)) ||
            (e = signer.sign(signer.self, buf_bytes(&message), &sig)))
                goto done;
        e = put_line(out, &v, time, &sig);
done:
        buf_clear(&message);
        return e;
}
