/* fields: the one table of kinds, groups, fields and vocabularies. Validation, prompts, `enquiry fields`, the
 * JSON Schema and the slots of every statement are made from it. Data only; depends on nothing. The slots of
 * a (kind, group) are the rows that name the kind and the group, in table order; version 1 is frozen: a row
 * may not be moved, removed, or added for an existing kind without a new statement version. */
#ifndef SCHEMA_FIELDS_H
#define SCHEMA_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STATEMENT_VERSION 1

enum kind {
        KIND_GENESIS,
        KIND_MEMBER,
        KIND_POLICY,
        KIND_OPERATION,
        KIND_AUTHORITY,
        KIND_PERSONA,
        KIND_INTENT,
        KIND_ACTIVITY,
        KIND_DECISION,
        KIND_REVIEW,
        KIND_AMEND,
        KIND_COMBINE,
        KIND_HOLD,
        KIND_RESTRICT,
        KIND_ERASE,
        KIND_DISCLOSE,
        KIND_CONSULT,
        KIND_FINDING,
        KIND_COUNT
};

enum group {
        GROUP_WHO,
        GROUP_WHY,
        GROUP_AUTHORITY,
        GROUP_SUBJECT,
        GROUP_INTRUSION,
        GROUP_HOW,
        GROUP_RESULT,
        GROUP_COUNT,               /* the seven groups that hold fields */
        GROUP_LAYOUT = GROUP_COUNT /* the eighth; its slots are fixed, see FORMAT.md */
};
#define GROUPS_ALL (GROUP_COUNT + 1)

enum field_type {
        FIELD_TEXT,   /* JSON string, at most .max characters (Unicode code points) */
        FIELD_WORD,   /* JSON string, one word of .vocabulary; .max is 0 */
        FIELD_WORDS,  /* JSON array of different words of .vocabulary; empty: none; .max is 0 */
        FIELD_LIST,   /* JSON array of strings, each at most .max characters */
        FIELD_INT,    /* JSON integer from 0 to .max */
        FIELD_TIME,   /* JSON string, RFC 3339 in UTC with Z */
        FIELD_OBJECT, /* JSON object; .max is 0 */
        FIELD_OBJECTS /* JSON array of objects; .max is 0 */
};

/* Where a value comes from if nobody says it; also the letters of the layout's origin. FORMAT.md lists them.
 * ORIGIN_ABSENT as a field's source: nothing is put in its place. ORIGIN_COMPUTED: left out where it cannot
 * be computed. */
enum origin {
        ORIGIN_ABSENT = '-',
        ORIGIN_TYPED = 't',
        ORIGIN_CONFIRMED = 'c',
        ORIGIN_FILE = 'f',
        ORIGIN_ADDRESS = 'a',
        ORIGIN_OPERATION = 'o',
        ORIGIN_MEMBER = 'm',
        ORIGIN_PURPOSE = 'p',
        ORIGIN_PACK = 'k',
        ORIGIN_CLOCK = 'l',
        ORIGIN_COMPUTED = 'x',
        ORIGIN_DEFAULT = 'd'
};
/* "typed", "operation", ...; "unknown" for another letter. */
const char *origin_name(char origin);

enum lane { LANE_QUICK, LANE_STANDARD, LANE_AUTHORISED, LANE_COUNT };
extern const char *const lane_names[LANE_COUNT];

/* Who may lose it: erasure classes of the field. */
enum erasure { ERASE_KEEP, ERASE_SUBJECT, ERASE_STAFF };

struct word {
        const char *word;  /* as in files: "trace-suspect" */
        const char *plain; /* as people see it: "Trace a suspect" */
        char key;          /* single key at the prompt, unique in the vocabulary */
        /* Other spellings that people's input may use, parted by spaces: "A8.DC DC"; may be "". */
        const char *also;
};
struct vocabulary {
        const char *name;
        size_t count;
        const struct word *words;
};

struct field {
        const char *name; /* as in files */
        enum group group;
        uint32_t kinds; /* bit 1u << enum kind */
        enum field_type type;
        size_t max;                          /* see enum field_type */
        const struct vocabulary *vocabulary; /* NULL unless word(s) */
        /* enum origin: where it comes from when the person says nothing. ORIGIN_TYPED: it must be asked. In
         * an operation ORIGIN_OPERATION, in a member entry ORIGIN_MEMBER, and in an activity under an intent
         * all of them put nothing in its place. */
        char source;
        /* JSON text of the value with ORIGIN_DEFAULT; also what stands in, with the origin `default`, where
         * the operation or the member lacks the value; else NULL. */
        const char *fallback;
        uint32_t required; /* kinds that are refused for form without it */
        /* Kinds whose terminal prompt asks it, from .lane up; kinds without lanes ask it always. For an
         * activity: what is asked at its end; one that had no intent is asked what an intent is as well. */
        uint32_t asked;
        enum lane lane; /* the lane from which it is asked */
        enum erasure erasure;
        const char *prompt; /* the question, without a question mark's trailing space */
        const char *help;   /* one sentence of what it means */
        const char *basis;  /* source: "HRA 1998 Sch 1 Art 8(2)"; "" where it has none */
};

extern const struct field fields[];
extern const size_t fields_count; /* at most 255: the field number is one byte in content rows */
extern const struct vocabulary *const vocabularies[];
extern const size_t vocabularies_count;

/* The name under which the author's member entry holds what a field with ORIGIN_MEMBER takes: "rank" for
 * applicant_rank. `unit` is a visible claim there. */
const char *field_member_name(const struct field *f);

const char *kind_name(enum kind k); /* "enquiry.intent" */
const char *group_name(unsigned g); /* "who" ... "layout" */
/* False if there is no such kind. */
bool kind_of_name(const char *name, size_t n, enum kind *out);
/* The field of that name for that kind, or NULL. */
const struct field *field_of_name(enum kind k, const char *name, size_t n);
static inline bool field_has_kind(const struct field *f, enum kind k)
{
        return (f->kinds >> k) & 1u;
}
static inline unsigned field_number(const struct field *f)
{
        return (unsigned)(f - fields);
}
/* The slots of a group for a kind: field numbers in order; the count is returned (0: the group has one slot,
 * always a decoy). At most SLOTS_MAX. The array is made once, at the first call of any thread, and lives for
 * ever. */
#define SLOTS_MAX 32
size_t field_slots(enum kind k, enum group g, const uint8_t **out_numbers);
const struct word *vocabulary_word(const struct vocabulary *v, const char *word,
                                   size_t n); /* NULL: not there */
bool vocabulary_has(const struct vocabulary *v, const char *word, size_t n);
/* What a person or a script meant: the word or one of its other spellings, in upper or lower case. For input
 * only; signed records hold the word itself. NULL: none. */
const struct word *vocabulary_word_meant(const struct vocabulary *v, const char *text, size_t n);

/* purpose_code -> what it stands for. `other` has no row: it settles nothing, the operation or the author
 * must. */
struct purpose {
        const char *purpose_code;
        const char *le_purpose;
        const char *art8_aim;
};
extern const struct purpose purposes[];
extern const size_t purposes_count;
const struct purpose *purpose_of(const char *purpose_code, size_t n); /* NULL: no row */

#endif
