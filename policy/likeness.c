#include "policy/likeness.h"

#define WORD_MAX 32 /* bytes of a word that count */

static const char *const typed_fields[] = {"justification", "necessity",       "prop_scale",
                                           "prop_least",    "prop_reasonable", "prop_alternatives"};
static const char *const grant_fields[] = {"justification", "necessity",       "prop_scale",
                                           "prop_least",    "prop_reasonable", "prop_alternatives",
                                           "scope_text",    "determination"};
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* The finaliser of splitmix64: every bit of the sum touches every bit of the result. */
static uint64_t mix(uint64_t x)
{
        x += UINT64_C(0x9e3779b97f4a7c15);
        x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
        return x ^ (x >> 31);
}

static bool is_letter(uint8_t c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

/* The hash of the next word of letters, small ones; false at the end. */
static bool next_word(struct bytes *in, uint64_t *out)
{
        size_t from = 0, to;
        while (from < in->n && !is_letter(in->at[from]))
                from++;
        *out = 0;
        for (to = from; to < in->n && is_letter(in->at[to]); to++) {
                uint8_t c = in->at[to];
                if (to - from < WORD_MAX)
                        *out = mix(*out ^ (c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c));
        }
        *in = bytes_of(in->at + to, in->n - to);
        return to > from;
}

static void add_shingle(struct sketch *s, uint64_t shingle)
{
        for (size_t i = 0; i < SKETCH_SIZE; i++) {
                uint32_t h = (uint32_t)(mix(shingle ^ mix(i)) >> 32);
                if (h < s->minimum[i])
                        s->minimum[i] = h;
        }
}

void sketch_init(struct sketch *s)
{
        s->shingles = 0;
        for (size_t i = 0; i < SKETCH_SIZE; i++)
                s->minimum[i] = UINT32_MAX;
}

void sketch_add(struct sketch *s, struct bytes text)
{
        uint64_t word, last[SHINGLE_WORDS] = {0};
        size_t n = 0;
        while (text.n > 0 && next_word(&text, &word)) {
                memmove(last, last + 1, sizeof last - sizeof last[0]);
                last[SHINGLE_WORDS - 1] = word;
                if (++n < SHINGLE_WORDS)
                        continue;
                add_shingle(s, mix(mix(last[0] + 1) ^ last[1]) ^ mix(last[2]));
                s->shingles++;
        }
}

unsigned sketch_likeness(const struct sketch *a, const struct sketch *b)
{
        unsigned same = 0;
        if (sketch_empty(a) || sketch_empty(b))
                return 0;
        for (size_t i = 0; i < SKETCH_SIZE; i++)
                same += a->minimum[i] == b->minimum[i];
        return same * 100 / SKETCH_SIZE;
}

/* The texts of some fields of a body, one after the other. `typed`: only what its author typed. */
static enum err add_fields(struct sketch *s, const struct body *b, const char *const names[], size_t n,
                           bool typed)
{
        struct buf scratch;
        enum err e = OK;
        buf_init(&scratch, SUBMISSION_MAX);
        for (size_t i = 0; !e && i < n; i++) {
                const struct body_field *f = body_find(b, names[i]);
                struct bytes text;
                if (f == NULL || f->state != FIELD_PRESENT ||
                    (typed && f->origin != ORIGIN_TYPED && f->origin != ORIGIN_FILE))
                        continue;
                if (!(e = body_text(b, names[i], &scratch, &text)))
                        sketch_add(s, text);
        }
        buf_wipe(&scratch);
        return e;
}

enum err sketch_of_body(const struct body *b, struct sketch *out)
{
        sketch_init(out);
        if (b->kind != KIND_INTENT && b->kind != KIND_ACTIVITY)
                return OK;
        return add_fields(out, b, typed_fields, COUNT(typed_fields), true);
}

enum err review_likeness(const struct body *review, const struct body *grant, unsigned *out)
{
        static const char *const review_fields[] = {"review_text"};
        struct sketch said, before;
        unsigned most = 0;
        enum err e;
        sketch_init(&said);
        if ((e = add_fields(&said, review, review_fields, 1, false)))
                return e;
        for (size_t i = 0; i < COUNT(grant_fields); i++) {
                unsigned percent;
                sketch_init(&before);
                if ((e = add_fields(&before, grant, &grant_fields[i], 1, false)))
                        return e;
                percent = sketch_likeness(&said, &before);
                most = percent > most ? percent : most;
        }
        *out = most;
        return OK;
}

void sketch_put(const struct sketch *s, uint8_t out[SKETCH_LEN])
{
        for (size_t i = 0; i < SKETCH_SIZE; i++)
                for (size_t k = 0; k < 4; k++)
                        out[4 * i + k] = (uint8_t)(s->minimum[i] >> (24 - 8 * k));
}

void sketch_take(const uint8_t in[SKETCH_LEN], struct sketch *out)
{
        out->shingles = SKETCH_LEAST;
        for (size_t i = 0; i < SKETCH_SIZE; i++) {
                out->minimum[i] = 0;
                for (size_t k = 0; k < 4; k++)
                        out->minimum[i] = out->minimum[i] << 8 | in[4 * i + k];
        }
}
