/* parts: what a pack is made of, for the files of this folder that make and test it. */
#ifndef POLICY_PARTS_H
#define POLICY_PARTS_H

#include "ledger/record/leaf.h"
#include "policy/document.h"

/* One of the pack's own tests, read: what is given, and what must come of it. */
struct pack_case {
        size_t rule; /* index */
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
        struct document_file *file; /* owns every text below */
        const struct document *document;
        size_t rules_n, parameters_n, cases_n;
        struct rule rule[PACK_RULES_MAX];
        struct parameter parameter[PACK_PARAMETERS_MAX];
        struct pack_case *cases; /* owned */
        struct buf *values;      /* owned, one a case: what its fields borrow from */
};

static inline struct parameters pack_names(const struct pack *p)
{
        return (struct parameters){.at = p->parameter, .n = p->parameters_n};
}

/* "intent" or "enquiry.intent". */
bool kind_of_word(const char *word, enum kind *out);
/* Reads the cases of the document, with at least two that fire and two that do not for each rule. ERR_PACK.
 */
enum err cases_read(struct pack *p, struct why *why);
void cases_clear(struct pack *p);
/* Fills a body and facts from the case; *facts borrows from both. */
void case_facts(const struct pack_case *c, struct body *body, struct facts *facts);

#endif
