/* scene: everything around an entry that the gate looks at, and the one place where facts are made of it. The
 * daemon fills a scene from its file, the verifier's replay from the entries before, `explain` from what a
 * person gives; so that all three judge alike. Pure. */
#ifndef POLICY_SCENE_H
#define POLICY_SCENE_H

#include "ledger/record/leaf.h"
#include "policy/fold.h"
#include "policy/likeness.h"
#include "policy/registry.h"

#define SCENE_ROLES_MAX 200 /* bytes */

struct scene {
        enum kind kind;
        enum act act;
        enum verb verb;
        int64_t at_us; /* of the entry */
        const struct body *body;
        const struct statement *statement; /* for its references; NULL: none are known */

        struct {
                const char *name, *alias; /* "" when not known */
                char id[MEMBER_ID_TEXT_LEN + 1];
                struct bytes unit, force; /* empty: not known */
                roles roles;
                unsigned training;
                bool known;                      /* else roles and training are left out */
                unsigned open_late, intents_m10; /* intents */
        } author;
        struct {
                bool named, known, open;
        } operation;
        const struct registry *registry; /* NULL: empty */
        const struct authority *about; /* the one that an authority entry reviews, renews or cancels; NULL */
        const struct fold *views;      /* NULL: nothing is counted */

        /* an activity's intent; a decision's, amend's, erasure's target; NULL: none */
        const struct body *target;
        enum kind target_kind;
        const char *intent_state; /* activity; "none" without an intent */
        bool has_target, own_target, approved, held;

        bool has_likeness;
        unsigned likeness, alike_d7; /* alike_d7: without this one */
        bool reads_logs;

        /* what facts borrow from */
        char roles_text[SCENE_ROLES_MAX], last_at[MOMENT_TEXT_LEN + 1];
        struct buf texts;
        struct registry *own; /* of an authority that is being registered */
};

void scene_init(struct scene *s);
void scene_clear(struct scene *s);
/* When an entry counts: an activity when it was done (ended_at, else started_at, never after at_us), anything
 * else at at_us. What the windows, the fold and the clocks of authorities go by. */
int64_t scene_time(enum kind kind, const struct body *body, int64_t at_us);
/* Whether an activity is a look at its subject: its result is neither not-looked nor wrong-person. */
bool scene_is_look(const struct body *body);
/* The look that an intent or activity itself is, for fold_present; member and operation are the caller's. */
void scene_look(const struct scene *s, struct look *out);
/* The window that a pack counts views in. */
unsigned scene_window_days(const struct pack *pack);
unsigned scene_likeness_percent(const struct pack *pack);
/* out borrows from s, its bodies, the registry and the pack. */
enum err scene_facts(struct scene *s, const struct pack *pack, struct facts *out, struct why *why);

#endif
