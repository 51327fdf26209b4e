/* facts: what an entry is judged by, beyond its own fields (which are the view `enquiry`, one column a field
 * of the table, lists as JSON text, plus enquiry.kind and enquiry.at). FACT_NULL stands for "not known".
 * Pure. */
#ifndef POLICY_FACTS_H
#define POLICY_FACTS_H

#include "ledger/record/body.h"

enum fact {
        /* author */
        FACT_AUTHOR_TRAINING,
        FACT_AUTHOR_UNIT,
        FACT_AUTHOR_ROLES, /* "investigator,supervisor" */
        FACT_AUTHOR_OWN,   /* decision: 1 when the target is the author's own */
        /* operation */
        FACT_OPERATION_KNOWN,
        FACT_OPERATION_OPEN,
        /* views: looks, this one counted when it is a look or an intent to look */
        FACT_VIEWS_D7,
        FACT_VIEWS_D28,
        FACT_VIEWS_D365,
        FACT_VIEWS_OFFICERS_D28,
        FACT_VIEWS_LAST_AT,
        /* authority, persona: widened with their issue */
        FACT_AUTHORITY_LIVE,
        FACT_PERSONA_KNOWN,
        /* the entry itself */
        FACT_ENTRY_LATE_S,       /* seconds between ended_at and at, activities */
        FACT_ENTRY_APPROVED,     /* activity: 1 when its intent had an approving decision */
        FACT_ENTRY_INTENT_STATE, /* activity: accepted waiting approved returned refused none */
        FACT_COUNT
};
enum fact_type { FACT_NULL, FACT_INT, FACT_TEXT };
struct fact_value {
        enum fact_type type;
        int64_t number;
        struct bytes text; /* borrowed */
};
struct facts {
        enum kind kind;
        int64_t at_us;
        const struct body *body; /* of the entry */
        const struct body
            *intent; /* an activity's intent fills the fields that the activity leaves out; may be NULL */
        struct fact_value value[FACT_COUNT];
};

const char *fact_name(enum fact f);       /* "views.d28": also its name in `because` */
enum fact_type fact_type_of(enum fact f); /* the type it has when it is known */
/* The known facts as one JSON object, names sorted. */
void facts_put(struct buf *out, const struct facts *facts);

#endif
