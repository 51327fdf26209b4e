#include "client/bundle.h"

#include <stdio.h>
#include <stdlib.h>

#include "ledger/base/b64.h"
#include "ledger/crypto/seal.h"

/* Entries of the ledger whose fields the file does not hold cannot be told about. */
static enum err say_what_lacks(struct verification *v, uint64_t held)
{
        char sentence[120];
        if (held >= verification_size(v))
                return OK;
        (void)snprintf(sentence, sizeof sentence, "The fields of %llu entries were not handed over and not checked.",
                       (unsigned long long)(verification_size(v) - held));
        return verify_say_absent(v, CHECK_DISCLOSURE, sentence);
}

static enum err check_line(struct verification *v, struct store *store, const json_t *line)
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
        buf_clear(&reasons);
        return e;
}

enum err bundle_verify(struct session *s, const char *path, struct verification *v, struct store *store)
{
        struct buf sealed, plain;
        struct bytes in, text;
        enum err e;
        buf_init(&sealed, BUNDLE_MAX);
        buf_init(&plain, BUNDLE_MAX);
        if ((s->keys.signing == NULL && (e = session_open(s))) || (e = file_read(path, BUNDLE_MAX, &sealed))) {
                e = why_set(&s->why, e, "%.200s", path);
                goto done;
        }
        if ((e = seal_open_as_member(secret_bytes(&s->keys.seed), buf_bytes(&sealed), &plain))) {
                e = why_set(&s->why, e, "%.150s is sealed to somebody else, or damaged", path);
                goto done;
        }
        uint64_t held = 0;
        in = buf_bytes(&plain);
        while (in.n > 0 && !e) {
                if ((e = bytes_take_until(&in, '\n', &text)))
                        break;
                json_t *line = json_loadb((const char *)text.at, text.n, JSON_REJECT_DUPLICATES, NULL);
                e = line == NULL ? ERR_FILE_FORM : check_line(v, store, line);
                json_decref(line);
                held++;
        }
        if (!e)
                e = say_what_lacks(v, held);
done:
        buf_clear(&sealed);
        buf_wipe(&plain);
        return e;
}
