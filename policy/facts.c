#include "policy/facts.h"

static const struct {
        const char *name;
        enum fact_type type;
} rows[FACT_COUNT] = {
    [FACT_AUTHOR_TRAINING] = {"author.training", FACT_INT},
    [FACT_AUTHOR_UNIT] = {"author.unit", FACT_TEXT},
    [FACT_AUTHOR_ROLES] = {"author.roles", FACT_TEXT},
    [FACT_AUTHOR_OWN] = {"author.own", FACT_INT},
    [FACT_AUTHOR_OPEN_LATE] = {"author.open_late", FACT_INT},
    [FACT_AUTHOR_INTENTS_M10] = {"author.intents_m10", FACT_INT},
    [FACT_OPERATION_KNOWN] = {"operation.known", FACT_INT},
    [FACT_OPERATION_OPEN] = {"operation.open", FACT_INT},
    [FACT_VIEWS_D7] = {"views.d7", FACT_INT},
    [FACT_VIEWS_WINDOW] = {"views.window", FACT_INT},
    [FACT_VIEWS_OFFICERS] = {"views.officers", FACT_INT},
    [FACT_VIEWS_OPERATION_OFFICERS] = {"views.operation_officers", FACT_INT},
    [FACT_VIEWS_ACCOUNTS] = {"views.accounts", FACT_INT},
    [FACT_VIEWS_SITTINGS] = {"views.sittings", FACT_INT},
    [FACT_VIEWS_IMMEDIATE] = {"views.immediate", FACT_INT},
    [FACT_VIEWS_D365] = {"views.d365", FACT_INT},
    [FACT_VIEWS_LAST_AT] = {"views.last_at", FACT_TEXT},
    [FACT_AUTHORITY_CLAIMED] = {"authority.claimed", FACT_INT},
    [FACT_AUTHORITY_STATE] = {"authority.state", FACT_TEXT},
    [FACT_AUTHORITY_LIVE] = {"authority.live", FACT_INT},
    [FACT_AUTHORITY_DETERMINED] = {"authority.determined", FACT_INT},
    [FACT_AUTHORITY_TYPE] = {"authority.type", FACT_TEXT},
    [FACT_AUTHORITY_FORM] = {"authority.form", FACT_TEXT},
    [FACT_AUTHORITY_ACT] = {"authority.act", FACT_TEXT},
    [FACT_AUTHORITY_GROUNDS] = {"authority.grounds", FACT_TEXT},
    [FACT_AUTHORITY_RANK] = {"authority.rank", FACT_TEXT},
    [FACT_AUTHORITY_URGENT] = {"authority.urgent", FACT_INT},
    [FACT_AUTHORITY_HOURS_LEFT] = {"authority.hours_left", FACT_INT},
    [FACT_AUTHORITY_REVIEW_OVERDUE] = {"authority.review_overdue", FACT_INT},
    [FACT_AUTHORITY_REVIEWS] = {"authority.reviews", FACT_INT},
    [FACT_AUTHORITY_SUBJECT_IN_SCOPE] = {"authority.subject_in_scope", FACT_INT},
    [FACT_AUTHORITY_PLATFORM_IN_SCOPE] = {"authority.platform_in_scope", FACT_INT},
    [FACT_AUTHORITY_TACTIC_IN_SCOPE] = {"authority.tactic_in_scope", FACT_INT},
    [FACT_AUTHORITY_ENGAGEMENT_IN_SCOPE] = {"authority.engagement_in_scope", FACT_INT},
    [FACT_AUTHORITY_SAME_FORCE] = {"authority.same_force", FACT_INT},
    [FACT_AUTHORITY_COLLABORATION] = {"authority.collaboration", FACT_INT},
    [FACT_AUTHORITY_DIRECT] = {"authority.direct", FACT_INT},
    [FACT_AUTHORITY_CHIEF_OFFICER] = {"authority.chief_officer", FACT_INT},
    [FACT_AUTHORITY_JP_ORDER] = {"authority.jp_order", FACT_INT},
    [FACT_AUTHORITY_CUMULATIVE_DAYS] = {"authority.cumulative_days", FACT_INT},
    [FACT_AUTHORITY_LONG_TERM] = {"authority.long_term", FACT_INT},
    [FACT_PERSONA_CLAIMED] = {"persona.claimed", FACT_INT},
    [FACT_PERSONA_STATE] = {"persona.state", FACT_TEXT},
    [FACT_PERSONA_COUNT] = {"persona.count", FACT_INT},
    [FACT_ENTRY_ACT] = {"entry.act", FACT_TEXT},
    [FACT_ENTRY_LATE_S] = {"entry.late_s", FACT_INT},
    [FACT_ENTRY_EVENT_S] = {"entry.event_s", FACT_INT},
    [FACT_ENTRY_APPROVED] = {"entry.approved", FACT_INT},
    [FACT_ENTRY_INTENT_STATE] = {"entry.intent_state", FACT_TEXT},
    [FACT_ENTRY_OTHER_SUBJECT] = {"entry.other_subject", FACT_INT},
    [FACT_ENTRY_MORE_ENGAGEMENT] = {"entry.more_engagement", FACT_INT},
    [FACT_ENTRY_CAPTURES_INCOMPLETE] = {"entry.captures_incomplete", FACT_INT},
    [FACT_ENTRY_LIKENESS] = {"entry.likeness", FACT_INT},
    [FACT_ENTRY_ALIKE_D7] = {"entry.alike_d7", FACT_INT},
    [FACT_ENTRY_TARGET_KIND] = {"entry.target_kind", FACT_TEXT},
    [FACT_ENTRY_TARGET_RESULT] = {"entry.target_result", FACT_TEXT},
    [FACT_ENTRY_TARGET_CPIA] = {"entry.target_cpia", FACT_TEXT},
    [FACT_ENTRY_TARGET_HELD] = {"entry.target_held", FACT_INT},
    [FACT_ENTRY_READS_LOGS] = {"entry.reads_logs", FACT_INT},
};

const char *fact_name(enum fact f)
{
        return f < FACT_COUNT ? rows[f].name : "";
}

enum fact_type fact_type_of(enum fact f)
{
        return f < FACT_COUNT ? rows[f].type : FACT_NULL;
}

/* The names in the order of strcmp; facts_test.c holds it to that. */
static const uint8_t sorted[FACT_COUNT] = {
    FACT_AUTHOR_INTENTS_M10,
    FACT_AUTHOR_OPEN_LATE,
    FACT_AUTHOR_OWN,
    FACT_AUTHOR_ROLES,
    FACT_AUTHOR_TRAINING,
    FACT_AUTHOR_UNIT,
    FACT_AUTHORITY_ACT,
    FACT_AUTHORITY_CHIEF_OFFICER,
    FACT_AUTHORITY_CLAIMED,
    FACT_AUTHORITY_COLLABORATION,
    FACT_AUTHORITY_CUMULATIVE_DAYS,
    FACT_AUTHORITY_DETERMINED,
    FACT_AUTHORITY_DIRECT,
    FACT_AUTHORITY_ENGAGEMENT_IN_SCOPE,
    FACT_AUTHORITY_FORM,
    FACT_AUTHORITY_GROUNDS,
    FACT_AUTHORITY_HOURS_LEFT,
    FACT_AUTHORITY_JP_ORDER,
    FACT_AUTHORITY_LIVE,
    FACT_AUTHORITY_LONG_TERM,
    FACT_AUTHORITY_PLATFORM_IN_SCOPE,
    FACT_AUTHORITY_RANK,
    FACT_AUTHORITY_REVIEW_OVERDUE,
    FACT_AUTHORITY_REVIEWS,
    FACT_AUTHORITY_SAME_FORCE,
    FACT_AUTHORITY_STATE,
    FACT_AUTHORITY_SUBJECT_IN_SCOPE,
    FACT_AUTHORITY_TACTIC_IN_SCOPE,
    FACT_AUTHORITY_TYPE,
    FACT_AUTHORITY_URGENT,
    FACT_ENTRY_ACT,
    FACT_ENTRY_ALIKE_D7,
    FACT_ENTRY_APPROVED,
    FACT_ENTRY_CAPTURES_INCOMPLETE,
    FACT_ENTRY_EVENT_S,
    FACT_ENTRY_INTENT_STATE,
    FACT_ENTRY_LATE_S,
    FACT_ENTRY_LIKENESS,
    FACT_ENTRY_MORE_ENGAGEMENT,
    FACT_ENTRY_OTHER_SUBJECT,
    FACT_ENTRY_READS_LOGS,
    FACT_ENTRY_TARGET_CPIA,
    FACT_ENTRY_TARGET_HELD,
    FACT_ENTRY_TARGET_KIND,
    FACT_ENTRY_TARGET_RESULT,
    FACT_OPERATION_KNOWN,
    FACT_OPERATION_OPEN,
    FACT_PERSONA_CLAIMED,
    FACT_PERSONA_COUNT,
    FACT_PERSONA_STATE,
    FACT_VIEWS_ACCOUNTS,
    FACT_VIEWS_D365,
    FACT_VIEWS_D7,
    FACT_VIEWS_IMMEDIATE,
    FACT_VIEWS_LAST_AT,
    FACT_VIEWS_OFFICERS,
    FACT_VIEWS_OPERATION_OFFICERS,
    FACT_VIEWS_SITTINGS,
    FACT_VIEWS_WINDOW,
};

void facts_put(struct buf *out, const struct facts *facts)
{
        buf_put_text(out, "{");
        for (unsigned i = 0; i < FACT_COUNT; i++) {
                const unsigned f = sorted[i];
                const struct fact_value *v = &facts->value[f];
                if (v->type == FACT_NULL)
                        continue;
                json_put_name(out, rows[f].name);
                if (v->type == FACT_INT)
                        json_put_int(out, v->number);
                else
                        json_put_string(out, v->text);
        }
        buf_put_text(out, "}");
}
