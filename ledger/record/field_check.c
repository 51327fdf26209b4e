/* Values against the table of fields. */
#include "ledger/base/moment.h"
#include "ledger/record/body.h"

/* Unicode code points of a text that is still escaped. */
static size_t characters(struct bytes escaped)
{
        size_t n = 0;

        for (size_t i = 0; i < escaped.n; n++) {
                if (escaped.at[i] == '\\')
                        i += i + 1 < escaped.n && escaped.at[i + 1] == 'u' ? 6 : 2;
                else
                        for (i++; i < escaped.n && (escaped.at[i] & 0xc0) == 0x80;)
                                i++;
        }
        return n;
}

static enum err check_text(const struct field *field, struct bytes value, struct why *why)
{
        struct bytes text;

        if (json_whole_string(value, &text))
                return why_set(why, ERR_FIELD_VALUE, "%s is a text", field->name);
        if (characters(text) > field->max)
                return why_set(why, ERR_FIELD_VALUE, "%s has at most %zu characters", field->name,
                               field->max);
        return OK;
}

static enum err check_word(const struct field *field, struct bytes value, struct why *why)
{
        struct bytes word;

        if (json_whole_string(value, &word))
                return why_set(why, ERR_FIELD_VALUE, "%s is a word of the vocabulary %s", field->name,
                               field->vocabulary->name);
        if (!vocabulary_has(field->vocabulary, (const char *)word.at, word.n))
                return why_set(why, ERR_FIELD_WORD, "%s: \"%.*s\" is not a word of the vocabulary %s",
                               field->name, (int)(word.n < 60 ? word.n : 60), (const char *)word.at,
                               field->vocabulary->name);
        return OK;
}

static enum err check_int(const struct field *field, struct bytes value, struct why *why)
{
        int64_t v;

        if (json_whole_int(value, &v) || v < 0 || (uint64_t)v > field->max)
                return why_set(why, ERR_FIELD_VALUE, "%s is a whole number from 0 to %zu", field->name,
                               field->max);
        return OK;
}

static enum err check_time(const struct field *field, struct bytes value, struct why *why)
{
        struct bytes text;
        int64_t at_us;

        if (json_whole_string(value, &text) || text.n < sizeof "2026-11-23T10:04:00Z" - 1 ||
            text.at[10] != 'T' || text.at[text.n - 1] != 'Z' || moment_of_rfc3339(text, &at_us))
                return why_set(why, ERR_FIELD_VALUE, "%s is a time in UTC such as 2026-11-23T10:04:00Z",
                               field->name);
        return OK;
}

static enum err check_object(const struct field *field, struct bytes value, struct why *why)
{
        enum json_form form;

        if (json_check(value) || json_form_of(value, &form) || form != JSON_IS_OBJECT)
                return why_set(why, ERR_FIELD_VALUE, "%s is an object", field->name);
        return OK;
}

/* Whether the word stands among the elements before it too. */
static bool stands_before(struct bytes list, struct bytes element)
{
        struct bytes earlier;
        bool done;

        while (!json_next_element(&list, &earlier, &done) && !done && earlier.at != element.at)
                if (bytes_equal(earlier, element))
                        return true;
        return false;
}

static enum err check_list(const struct field *field, struct bytes value, struct why *why)
{
        struct bytes at = value, element;
        enum json_form form;
        bool done;
        enum err e;

        if (json_check(value) || json_form_of(value, &form) || form != JSON_IS_ARRAY)
                return why_set(why, ERR_FIELD_VALUE, "%s is a list", field->name);
        while (!(e = json_next_element(&at, &element, &done)) && !done) {
                if (field->type == FIELD_WORDS)
                        e = check_word(field, element, why);
                else if (field->type == FIELD_LIST)
                        e = check_text(field, element, why);
                else
                        e = check_object(field, element, why);
                if (e)
                        return e;
                if (field->type == FIELD_WORDS && stands_before(value, element))
                        return why_set(why, ERR_FIELD_VALUE, "%s holds a word twice", field->name);
        }
        return e;
}

enum err field_check(const struct field *field, struct bytes value, struct why *why)
{
        if (value.n > FIELD_VALUE_MAX)
                return why_set(why, ERR_FIELD_VALUE, "%s has at most %d bytes", field->name, FIELD_VALUE_MAX);
        switch (field->type) {
        case FIELD_TEXT: return check_text(field, value, why);
        case FIELD_WORD: return check_word(field, value, why);
        case FIELD_INT: return check_int(field, value, why);
        case FIELD_TIME: return check_time(field, value, why);
        case FIELD_OBJECT: return check_object(field, value, why);
        case FIELD_WORDS:
        case FIELD_LIST:
        case FIELD_OBJECTS: return check_list(field, value, why);
        }
        return ERR_BUG;
}
