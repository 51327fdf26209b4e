/* parts: what a pack is made of, for the files of this folder that make and test it. */
#ifndef POLICY_PARTS_H
#define POLICY_PARTS_H

#include "ledger/record/leaf.h"
#include "policy/document.h"

/* One of the pack's own tests, read: what is given, and what must come of it. */
struct pack_case {
        size_t rule; /* index */
        unsigned line;
        bool fires;
        enum kind kind;
        int64_t at_us;
        bool has_verdict, has_lane;
        enum verdict verdict;
        enum lane lane;
        size_t fields_n;
        struct {
                uint8_t number;
                struct bytes value; /* JSON text */
        } * fields;                 /* owned; in field number order */
        struct fact_value value[FACT_COUNT];
};

struct pack {
        struct buf text;
        struct hash hash;
        struct document_file *file; /* owns the texts of what is its own */
        const struct document *document;
        struct pack *base; /* owned; what an overlay lies over, and takes all but its parameters from */
        const char *apd_ref;
        const char *lane[LANE_COUNT];
        size_t rules_n, parameters_n, terms_n, cases_n;
        struct rule rule[PACK_RULES_MAX];
        struct parameter parameter[PACK_PARAMETERS_MAX];
        struct term term[PACK_TERMS_MAX];
        struct pack_case *cases; /* owned */
        struct buf *values;      /* owned, one a case: what its fields borrow from */
        struct buf words;        /* what parameters that are lists borrow from; it moves no more */
};

/* Whether nothing is said. */
bool part_blank(const char *text);
/* Value or words, of which there is one; its text is put into p->words. ERR_PACK; line and name are the
 * caller's, and are put before what is wrong. */
enum err part_value(struct pack *p, const struct document_parameter *d, unsigned line, struct parameter *out,
                    struct why *why);
/* Parameters, terms, lanes and rules of the document. ERR_PACK. */
enum err parts_read(struct pack *p, struct why *why);
/* Each expression as what it is to be, and all together as one statement. ERR_RULE. */
enum err parts_check(const struct pack *p, struct why *why);
/* The document changes the parameters of p->base. ERR_PACK. */
enum err overlay_read(struct pack *p, struct why *why);

/* "intent" or "enquiry.intent". */
bool kind_of_word(const char *word, enum kind *out);
/* Reads the cases of the document, with at least two that fire and two that do not for each rule. ERR_PACK.
 */
enum err cases_read(struct pack *p, struct why *why);
void cases_clear(struct pack *p);
/* Fills a body and facts from the case; *facts borrows from both. */
void case_facts(const struct pack_case *c, struct body *body, struct facts *facts);

#endif
