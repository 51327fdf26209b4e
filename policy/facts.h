/* facts: what an entry is judged by, beyond its own fields (which are the view `enquiry`, one column a field
 * of the table, lists as JSON text, plus enquiry.kind and enquiry.at). FACT_NULL stands for "not known".
 * scene.h makes them. Pure. */
#ifndef POLICY_FACTS_H
#define POLICY_FACTS_H

#include "ledger/record/body.h"

enum fact {
        /* author: of the entry */
        FACT_AUTHOR_TRAINING,
        FACT_AUTHOR_UNIT,
        FACT_AUTHOR_ROLES,     /* "investigator,supervisor" */
        FACT_AUTHOR_OWN,       /* decision, review: 1 when the target is the author's own */
        FACT_AUTHOR_OPEN_LATE, /* intent: own intents let through, over 24 hours old, nothing reported; 20 is
                                  20 or more */
        FACT_AUTHOR_INTENTS_M10, /* intent: own intents of the last ten minutes, this one too; 50 is 50 or
                                    more */
        /* operation: that the entry names */
        FACT_OPERATION_KNOWN,
        FACT_OPERATION_OPEN,
        /* views: looks at the person, over everybody and every account tied to the person, until the entry's
         * time; this one counted when it is a look or an intent to look. fold.h */
        FACT_VIEWS_D7,
        FACT_VIEWS_WINDOW, /* in the pack's window_days, 28 where it names none; so the next five */
        FACT_VIEWS_OFFICERS,
        FACT_VIEWS_OPERATION_OFFICERS, /* who looked within the entry's operation */
        FACT_VIEWS_ACCOUNTS,           /* accounts of the person that were looked at */
        FACT_VIEWS_SITTINGS,           /* views in which something was captured */
        FACT_VIEWS_IMMEDIATE,          /* looks said to be immediate responses */
        FACT_VIEWS_D365,
        FACT_VIEWS_LAST_AT,
        /* authority: the one that an intent or activity claims, judged at the entry's time and place; of an
         * authority entry, the one that it reviews, renews or cancels, before that. authority.h */
        FACT_AUTHORITY_CLAIMED,
        FACT_AUTHORITY_STATE,      /* none unregistered not-begun live expired cancelled */
        FACT_AUTHORITY_LIVE,       /* 1: claimed and in force. 0: not */
        FACT_AUTHORITY_DETERMINED, /* 1: a determination in force says that this is not directed surveillance
                                    */
        FACT_AUTHORITY_TYPE,
        FACT_AUTHORITY_FORM,
        FACT_AUTHORITY_ACT,
        FACT_AUTHORITY_GROUNDS, /* JSON list */
        FACT_AUTHORITY_RANK,    /* in the form of rank_plain */
        FACT_AUTHORITY_URGENT, /* 1: granted by word of mouth, or by somebody who may act in urgent cases only
                                */
        FACT_AUTHORITY_HOURS_LEFT,       /* whole hours to its end; 0 from its last hour on */
        FACT_AUTHORITY_REVIEW_OVERDUE,   /* 1: a date set for its review has passed without one */
        FACT_AUTHORITY_REVIEWS,          /* how many it had */
        FACT_AUTHORITY_SUBJECT_IN_SCOPE, /* 1, 0; not known where its scope says nothing about it; so the next
                                          * three
                                          */
        FACT_AUTHORITY_PLATFORM_IN_SCOPE,
        FACT_AUTHORITY_TACTIC_IN_SCOPE,
        FACT_AUTHORITY_ENGAGEMENT_IN_SCOPE,
        FACT_AUTHORITY_SAME_FORCE, /* not known where either force is not said */
        FACT_AUTHORITY_COLLABORATION,
        FACT_AUTHORITY_DIRECT, /* the authorising officer takes part in the matter */
        FACT_AUTHORITY_CHIEF_OFFICER,
        FACT_AUTHORITY_JP_ORDER,
        FACT_AUTHORITY_CUMULATIVE_DAYS,
        FACT_AUTHORITY_LONG_TERM, /* 1: the approval of a long deployment is named */
        /* persona: that an intent or activity names */
        FACT_PERSONA_CLAIMED,
        FACT_PERSONA_STATE, /* none unregistered unassigned live lapsed */
        FACT_PERSONA_COUNT, /* policy: how many the register holds */
        /* the entry itself */
        FACT_ENTRY_ACT,                 /* "renew" */
        FACT_ENTRY_LATE_S,              /* activity: seconds between its end and the entry */
        FACT_ENTRY_EVENT_S,             /* activity: seconds between event_at and its end */
        FACT_ENTRY_APPROVED,            /* activity: 1 when its intent had an approving decision */
        FACT_ENTRY_INTENT_STATE,        /* activity: accepted waiting approved returned refused none */
        FACT_ENTRY_OTHER_SUBJECT,       /* activity: 1 when it is not the subject that its intent named */
        FACT_ENTRY_MORE_ENGAGEMENT,     /* activity: 1 when contact went further than its intent said */
        FACT_ENTRY_CAPTURES_INCOMPLETE, /* activity: captures without sha256 or url */
        FACT_ENTRY_LIKENESS, /* percent: typed necessity and proportionality against the author's recent ones;
                                a review's text against the grant's */
        FACT_ENTRY_ALIKE_D7, /* intent: such entries of the author in 7 days whose likeness was at least the
                                pack's likeness_percent (90), this one too */
        FACT_ENTRY_TARGET_KIND, /* decision, amend, review, hold, restrict, erase: of the entry it is about;
                                   so the next three */
        FACT_ENTRY_TARGET_RESULT,
        FACT_ENTRY_TARGET_CPIA, /* its cpia_relevant */
        FACT_ENTRY_TARGET_HELD, /* 1: under a hold */
        FACT_ENTRY_READS_LOGS,  /* consult: 1 when entries about reading, disclosing or erasing are read */
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

const char *fact_name(enum fact f);       /* "views.window": also its name in `because` */
enum fact_type fact_type_of(enum fact f); /* the type it has when it is known */
/* The known facts as one JSON object, names sorted. */
void facts_put(struct buf *out, const struct facts *facts);

#endif
