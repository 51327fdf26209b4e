#include "client/bundle.h"

#include <stdio.h>
#include <stdlib.h>

#include "ledger/base/b64.h"
#include "ledger/crypto/seal.h"

/* Which entries the file holds, a bit each: the same one twice does not hide another that lacks. */
struct held {
        uint8_t *bits;
        uint64_t size, n; /* entries of the ledger; of them, held */
};

static enum err held_new(uint64_t size, struct held *out)
{
        *out = (struct held){.bits = calloc(size / 8 + 1, 1), .size = size};
        return out->bits == NULL ? ERR_NO_MEMORY : OK;
}

static void held_add(struct held *h, uint64_t seq)
{
        if (seq >= h->size || (h->bits[seq / 8] >> seq % 8 & 1))
                return;
        h->bits[seq / 8] |= (uint8_t)(1u << seq % 8);
        h->n++;
}

/* Entries of the ledger whose fields the file does not hold cannot be told about. */
static enum err say_what_lacks(struct verification *v, const struct held *h)
{
        char sentence[120];
        if (h->n == h->size)
                return OK;
        (void)snprintf(sentence, sizeof sentence,
                       "The fields of %llu entries were not handed over and not checked.",
                       (unsigned long long)(h->size - h->n));
        return verify_say_absent(v, CHECK_DISCLOSURE, sentence);
}

static enum err check_line(struct verification *v, struct store *store, const json_t *line, struct held *held)
{
        const char *seq_text = json_string_value(json_object_get(line, "seq"));
        const char *disclosures = json_string_value(json_object_get(line, "disclosures"));
        const char *because = json_string_value(json_object_get(line, "because"));
        struct bytes in = bytes_text(seq_text != NULL ? seq_text : "");
        struct buf reasons;
        uint64_t seq;
        enum err e;
        if (disclosures == NULL || because == NULL || bytes_take_decimal(&in, &seq) || in.n != 0)
                return ERR_FILE_FORM;
        buf_init(&reasons, LEAF_MAX);
        if (!(e = b64u_decode(bytes_text(because), &reasons)))
                e = verify_disclosures(v, store, seq, bytes_text(disclosures), buf_bytes(&reasons));
        if (!e)
                held_add(held, seq);
        buf_clear(&reasons);
        return e;
}

enum err bundle_verify(struct session *s, const char *path, struct verification *v, struct store *store)
{
        struct buf sealed, plain;
        struct held held = {0};
        struct bytes in, text;
        enum err e;
        buf_init(&sealed, BUNDLE_MAX);
        buf_init(&plain, BUNDLE_MAX);
        if ((s->keys.signing == NULL && (e = session_open(s))) ||
            (e = file_read(path, BUNDLE_MAX, &sealed))) {
                e = why_set(&s->why, e, "%.200s", path);
                goto done;
        }
        if ((e = seal_open_as_member(secret_bytes(&s->keys.seed), buf_bytes(&sealed), &plain))) {
                e = why_set(&s->why, e, "%.150s is sealed to somebody else, or damaged", path);
                goto done;
        }
        if ((e = held_new(verification_size(v), &held)))
                goto done;
        in = buf_bytes(&plain);
        while (in.n > 0 && !e) {
                if ((e = bytes_take_until(&in, '\n', &text)))
                        break;
                json_t *line = json_loadb((const char *)text.at, text.n, JSON_REJECT_DUPLICATES, NULL);
                e = line == NULL ? ERR_FILE_FORM : check_line(v, store, line, &held);
                json_decref(line);
        }
        if (!e)
                e = say_what_lacks(v, &held);
done:
        buf_clear(&sealed);
        buf_wipe(&plain);
        free(held.bits);
        return e;
}
