/* scope: whom, where, by what means and how far an authority covers (RIPA s.28(4)), and whether an entry lies
 * within. Subjects are written as people write them: addresses, `platform:account`, references; each is kept
 * in the forms under which an entry may name it. Pure. */
#ifndef POLICY_SCOPE_H
#define POLICY_SCOPE_H

#include "ledger/record/body.h"
#include "ledger/record/subject.h"

#define SCOPE_FORMS_MAX (1u << 17) /* bytes: all that a list of FIELD_VALUE_MAX can become */

enum scope_part { SCOPE_SUBJECT, SCOPE_PLATFORM, SCOPE_TACTIC, SCOPE_ENGAGEMENT, SCOPE_PARTS };
enum scope_answer { SCOPE_SILENT, SCOPE_OUTSIDE, SCOPE_INSIDE }; /* silent: also where the entry is */

struct scope {
        struct buf subjects, platforms; /* texts, each with its NUL */
        bool classes_said, tactics_said;
        uint32_t classes, tactics; /* bits by place in the vocabularies */
        unsigned engagement;       /* place in the vocabulary + 1; 0: not said */
};

void scope_init(struct scope *s);
void scope_clear(struct scope *s);
/* From the scope_ fields of an authority entry. `s` is fresh. ERR_FIELD_VALUE, ERR_NO_MEMORY. */
enum err scope_read(struct scope *s, const struct body *b, struct why *why);
/* An entry's fields are those of `body` and, where it leaves them out, of `intent` (may be NULL). A person is
 * inside when the subject or its reference is named or the category belongs to a class. */
enum err scope_ask(const struct scope *s, const struct body *body, const struct body *intent,
                   enum scope_answer out[SCOPE_PARTS]);
/* Whether the subjects name the text: a canonical subject, or a reference. */
bool scope_names(const struct scope *s, struct bytes text);
/* "ref:" and the reference in the form in which scopes are searched for it. ERR_ADDRESS: it is none. */
enum err scope_reference(struct bytes subject_ref, struct subject *out);

#endif
