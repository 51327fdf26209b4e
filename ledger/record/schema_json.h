/* schema_json: the published JSON Schema (draft 2020-12) of the files that people and scripts hand in, and
 * the readable page of the same table. Both are made from schema/fields, so that they cannot say anything
 * else. Pure. schema/enquiry.schema.json and schema/FIELDS.md are their output; a test compares. */
#ifndef LEDGER_RECORD_SCHEMA_JSON_H
#define LEDGER_RECORD_SCHEMA_JSON_H

#include "ledger/base/buf.h"

#define SCHEMA_JSON_MAX 1048576 /* bytes */

/* One schema, whose $defs hold each kind, each field, each vocabulary; by itself it describes an intent or an
 * activity. */
void schema_json_put(struct buf *out);
/* Markdown: each kind's slots in order, then the vocabularies and the purposes. */
void schema_json_put_page(struct buf *out);

#endif
