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
        const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
        if (sqlite3_create_function_v2(db, "plain", 1, SQLITE_UTF8 | SQLITE_INNOCUOUS, NULL, plain, NULL,
                                       NULL, NULL) != SQLITE_OK)
                return ERR_DB;
        if (sqlite3_create_function_v2(db, "has", 2, flags, NULL, has, NULL, NULL, NULL) != SQLITE_OK ||
            sqlite3_create_function_v2(db, "says_only", 2, flags, NULL, says_only, NULL, NULL, NULL) !=
                SQLITE_OK)
                return ERR_DB;
        return OK;
}
