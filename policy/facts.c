#include "policy/facts.h"

static const struct {
        const char *name;
        enum fact_type type;
} rows[FACT_COUNT] = {
    [FACT_AUTHOR_TRAINING] = {"author.training", FACT_INT},
    [FACT_AUTHOR_UNIT] = {"author.unit", FACT_TEXT},
    [FACT_AUTHOR_ROLES] = {"author.roles", FACT_TEXT},
    [FACT_AUTHOR_OWN] = {"author.own", FACT_INT},
    [FACT_OPERATION_KNOWN] = {"operation.known", FACT_INT},
    [FACT_OPERATION_OPEN] = {"operation.open", FACT_INT},
    [FACT_VIEWS_D7] = {"views.d7", FACT_INT},
    [FACT_VIEWS_D28] = {"views.d28", FACT_INT},
    [FACT_VIEWS_D365] = {"views.d365", FACT_INT},
    [FACT_VIEWS_OFFICERS_D28] = {"views.officers_d28", FACT_INT},
    [FACT_VIEWS_LAST_AT] = {"views.last_at", FACT_TEXT},
    [FACT_AUTHORITY_LIVE] = {"authority.live", FACT_INT},
    [FACT_PERSONA_KNOWN] = {"persona.known", FACT_INT},
    [FACT_ENTRY_LATE_S] = {"entry.late_s", FACT_INT},
    [FACT_ENTRY_APPROVED] = {"entry.approved", FACT_INT},
    [FACT_ENTRY_INTENT_STATE] = {"entry.intent_state", FACT_TEXT},
};

const char *fact_name(enum fact f)
{
        return f < FACT_COUNT ? rows[f].name : "";
}

enum fact_type fact_type_of(enum fact f)
{
        return f < FACT_COUNT ? rows[f].type : FACT_NULL;
}

/* The next name after `last` in the order of strcmp, FACT_COUNT when there is none: few facts, so no sorted
 * copy is kept. */
static enum fact next_by_name(const char *last)
{
        enum fact best = FACT_COUNT;
        for (unsigned f = 0; f < FACT_COUNT; f++)
                if (strcmp(rows[f].name, last) > 0 &&
                    (best == FACT_COUNT || strcmp(rows[f].name, rows[best].name) < 0))
                        best = (enum fact)f;
        return best;
}

void facts_put(struct buf *out, const struct facts *facts)
{
        buf_put_text(out, "{");
        for (enum fact f = next_by_name(""); f < FACT_COUNT; f = next_by_name(rows[f].name)) {
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
