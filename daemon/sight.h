/* sight: who may open what: the roles table of the field, as data. Pure. One place for the daemon; tested
 * role by role. */
#ifndef DAEMON_SIGHT_H
#define DAEMON_SIGHT_H

#include "ledger/store/store.h"

enum class {
        CLASS_SHOW,
        CLASS_LIST,
        CLASS_QUEUE,
        CLASS_OPERATIONS,
        CLASS_MEMBERS,
        CLASS_CONTENT,
        CLASS_COUNT
};
const char *class_name(enum class c);
bool class_of_name(struct bytes name, enum class *out);

struct reader {
        uint32_t member;
        roles roles;
        const char *unit;
};
/* Whether the role may ask a query of that class at all. */
bool sight_class(const struct reader *r, enum class c);
/* Whether the reader may open this entry. `orphan_unit` says that the entry's unit has no living supervisor
 * of its own, so that every supervisor sees it. An administrator sees members and policy, never an enquiry.
 */
bool sight_item(const struct reader *r, const struct store_item *item, bool orphan_unit);
/* Whether it also stands in lists. Authorities name people who are under surveillance, personas officers
 * under cover: one is opened by who knows what to ask for, the register of another unit is read through by
 * supervisors, authorising officers and who may see everything. */
bool sight_lists(const struct reader *r, const struct store_item *item, bool orphan_unit);
/* Whether the reader may decide it, its own included or not (own ones the gate refuses). */
bool sight_decides(const struct reader *r, const struct store_item *item, bool orphan_unit);
/* Whether no living supervisor belongs to the unit. */
bool sight_orphan(const struct roster *r, const char *unit);
/* Whether the role may read the spine as a whole. */
bool sight_spine(roles r);

#endif
