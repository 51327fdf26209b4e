#include "ledger/base/b64.h"
#include "ledger/tree/name.h"
#include "ledger/tree/note.h"

static enum err vkey_id(const struct vkey *v, uint32_t *out)
{
        const uint8_t middle[] = {'\n', v->type};
        struct bytes part[] = {bytes_text(v->name), bytes_of(middle, sizeof middle),
                               bytes_of(v->key.b, KEY_LEN)};
        struct hash h;
        struct bytes at;
        enum err e;

        if ((e = hash_of_parts(3, part, &h)))
                return e;
        at = hash_bytes(&h);
        return bytes_take_u32(&at, out);
}

static enum err make(struct bytes name, uint8_t type, const struct public_key *key, struct vkey *out)
{
        struct vkey v = {.type = type, .key = *key};
        enum err e;

        if ((type != NOTE_ED25519 && type != NOTE_COSIGNATURE) || !name_valid(name))
                return ERR_VKEY;
        if ((e = bytes_to_text(name, v.name, sizeof v.name)) || (e = vkey_id(&v, &v.id)))
                return e;
        *out = v;
        return OK;
}

enum err vkey_of(const char *name, uint8_t type, const struct public_key *key, struct vkey *out)
{
        return make(bytes_text(name), type, key, out);
}

enum err vkey_parse(struct bytes text, struct vkey *out)
{
        uint8_t id_bytes[4], typed_key[1 + KEY_LEN];
        struct bytes name, hex, id = bytes_of(id_bytes, sizeof id_bytes);
        struct public_key key;
        struct vkey v;
        uint32_t claimed;
        enum err e;

        if (bytes_take_until(&text, '+', &name) || bytes_take_until(&text, '+', &hex) ||
            hex_decode_exact(hex, id_bytes, sizeof id_bytes) || bytes_take_u32(&id, &claimed) ||
            b64_decode_exact(text, typed_key, sizeof typed_key))
                return ERR_VKEY;
        memcpy(key.b, typed_key + 1, KEY_LEN);
        if ((e = make(name, typed_key[0], &key, &v)))
                return e;
        if (v.id != claimed)
                return ERR_VKEY;
        *out = v;
        return OK;
}

void vkey_put(struct buf *out, const struct vkey *v)
{
        uint8_t typed_key[1 + KEY_LEN];

        typed_key[0] = v->type;
        memcpy(typed_key + 1, v->key.b, KEY_LEN);
        buf_put_format(out, "%s+%08x+", v->name, (unsigned)v->id);
        b64_put(out, bytes_of(typed_key, sizeof typed_key));
}
