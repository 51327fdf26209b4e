/* reads: which columns an expression reads, and what they hold for one entry: what `explain` shows. Pure. */
#ifndef POLICY_READS_H
#define POLICY_READS_H

#include "policy/column.h"

/* The columns of a rule, its terms included, in the order of their first use. */
enum err reads_of_rule(const struct pack *pack, const struct rule *rule, uint16_t out[COLUMN_COUNT],
                       size_t *out_n);
/* Appends "enquiry.f3", "views.window", "parameter.second_view". */
void reads_name_put(struct buf *out, const struct pack *pack, unsigned column);
/* Appends the value as strict JSON text, as an expression sees it: null where it is not known. */
void reads_value_put(struct buf *out, const struct pack *pack, const struct facts *facts, unsigned column);

#endif
