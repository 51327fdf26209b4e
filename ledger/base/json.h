/* json: the strict form in which signed things are written and read: no white space outside strings, strings
 * escape only `"`, `\` and controls (\u00xx, lower case), numbers are integers within 2^53, no duplicate
 * members, depth at most JSON_DEPTH_MAX, valid UTF-8 without NUL. Anything else is ERR_JSON. Pure. FORMAT.md,
 * "Strings and numbers". (What people and scripts write is read by jansson, in the client; no name here is
 * one of its names.) */
#ifndef LEDGER_BASE_JSON_H
#define LEDGER_BASE_JSON_H

#include "ledger/base/buf.h"

#define JSON_DEPTH_MAX   8
#define JSON_INT_MAX     9007199254740991 /* 2^53 - 1 */
#define JSON_MEMBERS_MAX 256 /* members of one object, elements that are compared for duplicates */

enum json_form {
        JSON_IS_STRING,
        JSON_IS_INT,
        JSON_IS_TRUE,
        JSON_IS_FALSE,
        JSON_IS_NULL,
        JSON_IS_ARRAY,
        JSON_IS_OBJECT
};

/* Takes one whole value of any type, checked throughout; *out is its text. */
enum err json_take_value(struct bytes *in, struct bytes *out);
/* Takes a string; *out is what stands between the quotation marks, still escaped (equal to the text itself
 * when it holds no `\`). */
enum err json_take_string(struct bytes *in, struct bytes *out);
enum err json_take_int(struct bytes *in, int64_t *out);
/* The type of a value by its first byte (the value must have been checked, or be checked next). */
enum err json_form_of(struct bytes value, enum json_form *out);

/* Whole values: nothing may remain. */
enum err json_check(struct bytes value);
enum err json_whole_string(struct bytes value, struct bytes *out_escaped);
enum err json_whole_int(struct bytes value, int64_t *out);

/* Undoes the escapes and appends to `out`. */
enum err json_unescape(struct bytes escaped, struct buf *out);

/* Walks an object or array that json_check has accepted. Start with *at = the whole value; each call gives
 * the next member or element; *out_done is true when there was none left. struct bytes at = value; bool done;
 *      while (!(e = json_next_member(&at, &name, &v, &done)) && !done) ... */
enum err json_next_member(struct bytes *at, struct bytes *out_name, struct bytes *out_value, bool *out_done);
enum err json_next_element(struct bytes *at, struct bytes *out_value, bool *out_done);
/* The value of one member of a checked object, ERR_ABSENT if it has none. The name is compared as written. */
enum err json_member(struct bytes object, const char *name, struct bytes *out_value);

/* Writers. json_put_string writes the quotation marks and escapes; the text must be valid UTF-8 without NUL,
 * else the buf fails with ERR_UTF8. */
void json_put_string(struct buf *out, struct bytes text);
void json_put_text(struct buf *out, const char *text);
void json_put_int(struct buf *out, int64_t v);
/* `"name":` preceded by a comma unless the object has just been opened. */
void json_put_name(struct buf *out, const char *name);

#endif
