/* authority: one grant as its entries have it: terms, scope, renewals, reviews, end. The clocks of RIPA s.43:
 * 72 hours by the exact time where it was granted by word of mouth or by somebody who may act in urgent cases
 * only; 12 months for a source, 3 otherwise, by the day (calendar.h); a renewal, before the end, runs from
 * when it would have ended; a cancellation ends it at once (s.45). An end written on it counts where it is
 * earlier; one that names the last minute of a day stands for the end of that day. registry.h makes them.
 * Pure. */
#ifndef POLICY_AUTHORITY_H
#define POLICY_AUTHORITY_H

#include "ledger/record/claims.h"
#include "policy/calendar.h"
#include "policy/facts.h"
#include "policy/pack.h"
#include "policy/scope.h"

#define AUTHORITY_RENEWALS_MAX 64
#define AUTHORITY_DATES_MAX    32 /* dates set for review */
#define RANK_MAX               64 /* bytes of a rank in plain form, its NUL included */
#define FORCE_MAX              96 /* bytes of a force in that form */

struct renewal {
        int64_t granted_us, written_end_us; /* 0: none written */
        bool urgent;                        /* by its form */
        char rank[RANK_MAX];                /* of who renewed it, in plain form; "" when not said */
};
/* Whether the authorising officer takes part in the matter. */
enum authority_direct { AUTHORITY_DIRECT_UNSAID, AUTHORITY_DIRECT_NO, AUTHORITY_DIRECT_YES };
/* What a grant says and its renewals may say anew. */
struct authority_named {
        bool collaboration, chief_officer, jp_order, long_term;
        int64_t cumulative_days; /* -1: not said */
};
struct authority {
        uint64_t seq;
        struct hash st;
        char author[MEMBER_ID_TEXT_LEN + 1]; /* of the entry; "": not known */
        struct body *terms; /* owned: the fields of its registration, values owned too; no room for others */
        struct buf values;  /* of them */
        char *ref;          /* owned, never NULL: "" without one */
        char *operation;    /* owned: its operation's name, "" without one */
        char *rank;         /* owned, in plain form, "" without one */
        char *force;        /* owned: the authorising officer's, in the form of a rank, "" when not said */
        const struct word *type, *form, *act; /* NULL: not said */
        struct scope scope;
        struct authority_named named;
        /* An authorising officer's statement that something is not directed surveillance. */
        bool determination, has_about;
        struct hash about; /* the entry that a determination is about */
        int64_t granted_us, effective_us, written_end_us, cancelled_us; /* 0: not said */
        bool urgent_form, juvenile;
        enum authority_direct direct;
        size_t renewals_n, dates_n, reviews_n;
        struct renewal *renewal; /* owned, by time */
        /* Dates set for review that no review has met yet: the last microsecond of each. The dates that a
         * review or a renewal sets take the place of those that were still to come. */
        int64_t date[AUTHORITY_DATES_MAX], last_review_us;
};

/* What a pack says about authorities, with the Act's numbers where it says nothing. Parameters hours_urgent,
 * months_written, months_source, months_juvenile, ranks_written, ranks_urgent. */
struct authority_terms {
        int64_t hours_urgent;
        unsigned months_written, months_source, months_juvenile;
        struct bytes ranks_written, ranks_urgent; /* JSON lists; empty: not judged */
};
void authority_terms_of(const struct pack *pack, struct authority_terms *out);

enum authority_state {
        AUTHORITY_NONE,
        AUTHORITY_UNREGISTERED,
        AUTHORITY_NOT_BEGUN,
        AUTHORITY_LIVE,
        AUTHORITY_EXPIRED,
        AUTHORITY_CANCELLED,
        AUTHORITY_STATE_COUNT
};
const char *authority_state_name(enum authority_state s);

/* Granted by word of mouth, by somebody who may act in urgent cases only, or by a rank that is in
 * ranks_urgent and not in ranks_written. */
bool authority_is_urgent(const struct authority *a, const struct authority_terms *terms);
/* The first microsecond at which it is no longer in force, cancellation aside. Renewals granted after what
 * was then the end do not count (s.43(4)). */
int64_t authority_end(const struct authority *a, const struct authority_terms *terms);
enum authority_state authority_state_at(const struct authority *a, const struct authority_terms *terms,
                                        int64_t at_us);
/* A date set for its review has passed by at_us and no review was on its day or later. */
bool authority_review_overdue(const struct authority *a, int64_t at_us);
/* Fills the FACT_AUTHORITY_ values that follow from the authority, the time at_us, the author's force (may be
 * empty) and facts->body and ->intent; the caller says CLAIMED and DETERMINED. Texts borrow from a. The
 * scope's subjects are written as people write them: addresses, `platform:account`, or references; compared
 * in canonical form with the entry's `subject` and `subject_ref`; classes with its `subject_category`.
 * `method` is compared with the tactics, `platform` with the platforms (any spelling of the table),
 * engagement_level with the furthest contact. */
enum err authority_facts(const struct authority *a, const struct authority_terms *terms, int64_t at_us,
                         struct bytes force, struct facts *facts);

/* A rank as lists have it: small letters and digits, runs of everything else between them one `-`:
 * "T/Det Supt." -> "t-det-supt". What finds no room is cut. */
void rank_plain(struct bytes rank, char *out, size_t out_size);

#endif
