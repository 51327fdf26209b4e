#include "policy/functions.h"

#include <strings.h>

#include "ledger/base/json.h"

static struct bytes argument(sqlite3_value *v)
{
        const unsigned char *text = sqlite3_value_text(v);
        return bytes_of(text, (size_t)sqlite3_value_bytes(v));
}

/* Whether both are texts; otherwise the result is set. */
static bool texts(sqlite3_context *context, sqlite3_value *argv[])
{
        if (sqlite3_value_type(argv[0]) == SQLITE_NULL || sqlite3_value_type(argv[1]) == SQLITE_NULL) {
                sqlite3_result_null(context);
                return false;
        }
        if (sqlite3_value_type(argv[0]) != SQLITE_TEXT || sqlite3_value_type(argv[1]) != SQLITE_TEXT) {
                sqlite3_result_error(context, "has and says_only take two texts", -1);
                return false;
        }
        return true;
}

/* The words that a list may be asked for hold nothing that JSON escapes. */
static enum err json_list_has(struct bytes list, struct bytes word, bool *out)
{
        struct bytes at = list, value, text;
        bool done = false, found = false;
        enum err e = json_check(list);
        while (!e && !(e = json_next_element(&at, &value, &done)) && !done)
                if (!json_whole_string(value, &text))
                        found |= bytes_equal(text, word);
        if (!e)
                *out = found;
        return e;
}

static bool comma_list_has(struct bytes list, struct bytes word)
{
        struct bytes item;
        while (!bytes_take_until(&list, ',', &item))
                if (bytes_equal(item, word))
                        return true;
        return bytes_equal(list, word);
}

static void has(sqlite3_context *context, int argc, sqlite3_value *argv[])
{
        struct bytes list, word;
        bool found = false;
        (void)argc;
        if (!texts(context, argv))
                return;
        list = argument(argv[0]);
        word = argument(argv[1]);
        if (list.n == 0 || list.at[0] != '[') {
                sqlite3_result_int(context, comma_list_has(list, word));
                return;
        }
        if (json_list_has(list, word, &found))
                sqlite3_result_error(context, "has: the first argument is not a list", -1);
        else
                sqlite3_result_int(context, found);
}

static enum err json_list_size(struct bytes list, int64_t *out)
{
        struct bytes at = list, value;
        bool done = false;
        int64_t n = 0;
        enum err e = list.n > 0 && list.at[0] == '[' ? json_check(list) : ERR_JSON;
        while (!e && !(e = json_next_element(&at, &value, &done)) && !done)
                n++;
        if (!e)
                *out = n;
        return e;
}

static void size(sqlite3_context *context, int argc, sqlite3_value *argv[])
{
        int64_t n = 0;
        (void)argc;
        if (sqlite3_value_type(argv[0]) != SQLITE_NULL &&
            (sqlite3_value_type(argv[0]) != SQLITE_TEXT || json_list_size(argument(argv[0]), &n)))
                sqlite3_result_error(context, "size: the argument is not a list", -1);
        else
                sqlite3_result_int64(context, n);
}

static bool is_letter(uint8_t c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
}

static bool next_word(struct bytes *in, struct bytes *out)
{
        size_t from = 0, to;
        while (from < in->n && !is_letter(in->at[from]))
                from++;
        to = from;
        while (to < in->n && is_letter(in->at[to]))
                to++;
        *out = bytes_of(in->at + from, to - from);
        *in = bytes_of(in->at + to, in->n - to);
        return out->n > 0;
}

static bool words_equal(struct bytes a, struct bytes b)
{
        return a.n == b.n && strncasecmp((const char *)a.at, (const char *)b.at, a.n) == 0;
}

static bool is_filler(struct bytes word)
{
        static const char *const fillers[] = {"a",  "an", "and", "for", "in", "of",
                                              "on", "or", "the", "to",  NULL};
        for (size_t i = 0; fillers[i]; i++)
                if (words_equal(word, bytes_text(fillers[i])))
                        return true;
        return false;
}

static bool words_have(struct bytes words, struct bytes word)
{
        struct bytes one;
        while (next_word(&words, &one))
                if (words_equal(one, word))
                        return true;
        return false;
}

static void says_only(sqlite3_context *context, int argc, sqlite3_value *argv[])
{
        struct bytes text, words, word;
        bool any = false;
        (void)argc;
        if (!texts(context, argv))
                return;
        text = argument(argv[0]);
        words = argument(argv[1]);
        while (next_word(&text, &word)) {
                if (is_filler(word))
                        continue;
                any = true;
                if (!words_have(words, word)) {
                        sqlite3_result_int(context, 0);
                        return;
                }
        }
        sqlite3_result_int(context, any);
}

static void plain(sqlite3_context *context, int argc, sqlite3_value *argv[])
{
        (void)argc;
        sqlite3_result_value(context, argv[0]);
}

enum err functions_register(sqlite3 *db)
{
        const int pure = SQLITE_UTF8 | SQLITE_INNOCUOUS, flags = pure | SQLITE_DETERMINISTIC;
        const struct {
                const char *name;
                int arguments, flags;
                void (*function)(sqlite3_context *, int, sqlite3_value *[]);
        } functions[] = {
            {"plain", 1, pure, plain}, /* not deterministic: not to be taken for a constant */
            {"has", 2, flags, has},
            {"says_only", 2, flags, says_only},
            {"size", 1, flags, size},
        };
        int result = SQLITE_OK;
        for (size_t i = 0; result == SQLITE_OK && i < sizeof functions / sizeof functions[0]; i++)
                result = sqlite3_create_function_v2(db, functions[i].name, functions[i].arguments,
                                                    functions[i].flags, NULL, functions[i].function, NULL,
                                                    NULL, NULL);
        if (result == SQLITE_NOMEM)
                return ERR_NO_MEMORY;
        return result == SQLITE_OK ? OK : ERR_DB;
}
