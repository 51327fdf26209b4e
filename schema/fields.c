#include "schema/fields.h"

#include <pthread.h>
#include <string.h>

#include "schema/vocabularies.h"

#define K_MEMBER    (1u << KIND_MEMBER)
#define K_POLICY    (1u << KIND_POLICY)
#define K_OPERATION (1u << KIND_OPERATION)
#define K_AUTHORITY (1u << KIND_AUTHORITY)
#define K_PERSONA   (1u << KIND_PERSONA)
#define K_INTENT    (1u << KIND_INTENT)
#define K_ACTIVITY  (1u << KIND_ACTIVITY)
#define K_DECISION  (1u << KIND_DECISION)
#define K_REVIEW    (1u << KIND_REVIEW)
#define K_AMEND     (1u << KIND_AMEND)
#define K_COMBINE   (1u << KIND_COMBINE)
#define K_HOLD      (1u << KIND_HOLD)
#define K_RESTRICT  (1u << KIND_RESTRICT)
#define K_ERASE     (1u << KIND_ERASE)
#define K_DISCLOSE  (1u << KIND_DISCLOSE)
#define K_CONSULT   (1u << KIND_CONSULT)
#define K_FINDING   (1u << KIND_FINDING)
#define LOOK        (K_INTENT | K_ACTIVITY)

/* FIELD(name, kinds, type, max, source, fallback, required, asked, lane, erasure, prompt, help, basis)
 * WORD(name, kinds, type, vocabulary, then as FIELD from `source`). ROWS is the group of the file being read.
 */
#define ROW(n, k, t, m, v, s, f, r, a, l, e, p, h, b)                                                        \
        {.name = #n,                                                                                         \
         .group = ROWS,                                                                                      \
         .kinds = (k),                                                                                       \
         .type = FIELD_##t,                                                                                  \
         .max = (m),                                                                                         \
         .vocabulary = (v),                                                                                  \
         .source = ORIGIN_##s,                                                                               \
         .fallback = (f),                                                                                    \
         .required = (r),                                                                                    \
         .asked = (a),                                                                                       \
         .lane = LANE_##l,                                                                                   \
         .erasure = ERASE_##e,                                                                               \
         .prompt = (p),                                                                                      \
         .help = (h),                                                                                        \
         .basis = (b)},
#define FIELD(n, k, t, m, s, f, r, a, l, e, p, h, b) ROW(n, k, t, m, NULL, s, f, r, a, l, e, p, h, b)
#define WORD(n, k, t, v, s, f, r, a, l, e, p, h, b)                                                          \
        ROW(n, k, t, 0, &vocabulary_##v, s, f, r, a, l, e, p, h, b)

const struct field fields[] = {
#define ROWS GROUP_WHO
#include "schema/fields_who.def"
#undef ROWS
#define ROWS GROUP_WHY
#include "schema/fields_why.def"
#undef ROWS
#define ROWS GROUP_AUTHORITY
#include "schema/fields_authority.def"
#undef ROWS
#define ROWS GROUP_SUBJECT
#include "schema/fields_subject.def"
#undef ROWS
#define ROWS GROUP_INTRUSION
#include "schema/fields_intrusion.def"
#undef ROWS
#define ROWS GROUP_HOW
#include "schema/fields_how.def"
#undef ROWS
#define ROWS GROUP_RESULT
#include "schema/fields_result.def"
#undef ROWS
};
#define FIELDS_COUNT (sizeof fields / sizeof fields[0])
const size_t fields_count = FIELDS_COUNT;
_Static_assert(FIELDS_COUNT <= 255, "a field number is one byte");

const char *const lane_names[LANE_COUNT] = {"quick", "standard", "authorised"};

static const char *const kind_names[KIND_COUNT] = {
    [KIND_GENESIS] = "genesis",
    [KIND_MEMBER] = "member",
    [KIND_POLICY] = "policy",
    [KIND_OPERATION] = "operation",
    [KIND_AUTHORITY] = "authority",
    [KIND_PERSONA] = "persona",
    [KIND_INTENT] = "enquiry.intent",
    [KIND_ACTIVITY] = "enquiry.activity",
    [KIND_DECISION] = "decision",
    [KIND_REVIEW] = "review",
    [KIND_AMEND] = "amend",
    [KIND_COMBINE] = "combine",
    [KIND_HOLD] = "hold",
    [KIND_RESTRICT] = "restrict",
    [KIND_ERASE] = "erase",
    [KIND_DISCLOSE] = "disclose",
    [KIND_CONSULT] = "consult",
    [KIND_FINDING] = "finding",
};
static const char *const group_names[GROUPS_ALL] = {"who",       "why", "authority", "subject",
                                                    "intrusion", "how", "result",    "layout"};
static const struct {
        char letter;
        const char *name;
} origin_names[] = {
    {ORIGIN_ABSENT, "absent"}, {ORIGIN_TYPED, "typed"},       {ORIGIN_CONFIRMED, "confirmed"},
    {ORIGIN_FILE, "file"},     {ORIGIN_ADDRESS, "address"},   {ORIGIN_OPERATION, "operation"},
    {ORIGIN_MEMBER, "member"}, {ORIGIN_PURPOSE, "purpose"},   {ORIGIN_PACK, "pack"},
    {ORIGIN_CLOCK, "clock"},   {ORIGIN_COMPUTED, "computed"}, {ORIGIN_DEFAULT, "default"},
};
static const struct {
        const char *field, *member;
} member_names[] = {
    {"applicant_rank", "rank"},
    {"applicant_unit", "unit"},
    {"training", "courses"},
};

static bool text_is(const char *text, const char *at, size_t n)
{
        return strlen(text) == n && memcmp(text, at, n) == 0;
}

const char *origin_name(char origin)
{
        for (size_t i = 0; i < sizeof origin_names / sizeof origin_names[0]; i++)
                if (origin_names[i].letter == origin)
                        return origin_names[i].name;
        return "unknown";
}

const char *field_member_name(const struct field *f)
{
        for (size_t i = 0; i < sizeof member_names / sizeof member_names[0]; i++)
                if (strcmp(member_names[i].field, f->name) == 0)
                        return member_names[i].member;
        return f->name;
}

const char *kind_name(enum kind k)
{
        return (unsigned)k < KIND_COUNT ? kind_names[k] : "unknown";
}

const char *group_name(unsigned g)
{
        return g < GROUPS_ALL ? group_names[g] : "unknown";
}

bool kind_of_name(const char *name, size_t n, enum kind *out)
{
        for (unsigned k = 0; k < KIND_COUNT; k++) {
                if (text_is(kind_names[k], name, n)) {
                        *out = (enum kind)k;
                        return true;
                }
        }
        return false;
}

const struct field *field_of_name(enum kind k, const char *name, size_t n)
{
        for (size_t i = 0; i < FIELDS_COUNT; i++)
                if (field_has_kind(&fields[i], k) && text_is(fields[i].name, name, n))
                        return &fields[i];
        return NULL;
}

/* The only state of this layer: made whole before anybody sees it, never changed afterwards. */
static struct slots {
        uint8_t n;
        uint8_t number[SLOTS_MAX];
} slots[KIND_COUNT][GROUP_COUNT];
static pthread_once_t slots_once = PTHREAD_ONCE_INIT;

static void slots_make(void)
{
        for (unsigned k = 0; k < KIND_COUNT; k++) {
                for (size_t i = 0; i < FIELDS_COUNT; i++) {
                        struct slots *s = &slots[k][fields[i].group];

                        if (field_has_kind(&fields[i], (enum kind)k) && s->n < SLOTS_MAX)
                                s->number[s->n++] = (uint8_t)i;
                }
        }
}

size_t field_slots(enum kind k, enum group g, const uint8_t **out_numbers)
{
        if ((unsigned)k >= KIND_COUNT || (unsigned)g >= GROUP_COUNT ||
            pthread_once(&slots_once, slots_make) != 0) {
                *out_numbers = NULL;
                return 0;
        }
        *out_numbers = slots[k][g].number;
        return slots[k][g].n;
}

const struct word *vocabulary_word(const struct vocabulary *v, const char *word, size_t n)
{
        for (size_t i = 0; i < v->count; i++)
                if (text_is(v->words[i].word, word, n))
                        return &v->words[i];
        return NULL;
}

bool vocabulary_has(const struct vocabulary *v, const char *word, size_t n)
{
        return vocabulary_word(v, word, n) != NULL;
}

static char lower(char c)
{
        return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Whether one of the spellings in `list`, which are parted by spaces, is the text. */
static bool spelling_is(const char *list, const char *text, size_t n)
{
        while (*list != '\0') {
                size_t length = strcspn(list, " "), i = 0;

                while (length == n && i < n && lower(list[i]) == lower(text[i]))
                        i++;
                if (length == n && i == n)
                        return true;
                list += length + (list[length] == ' ');
        }
        return false;
}

const struct word *vocabulary_word_meant(const struct vocabulary *v, const char *text, size_t n)
{
        for (size_t i = 0; i < v->count; i++)
                if (spelling_is(v->words[i].word, text, n))
                        return &v->words[i];
        for (size_t i = 0; i < v->count; i++)
                if (spelling_is(v->words[i].also, text, n))
                        return &v->words[i];
        return NULL;
}
