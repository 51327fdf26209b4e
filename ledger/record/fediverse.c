#include "ledger/record/fediverse.h"

#include "schema/platforms.h"

bool fediverse_is_name(struct bytes name)
{
        for (size_t i = 0; i < name.n; i++) {
                uint8_t c = name.at[i];

                if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '.' || c == '-'))
                        return false;
        }
        return name.n > 0 && name.n <= FEDIVERSE_NAME_MAX;
}

bool fediverse_split(struct bytes text, struct bytes *out_name, struct bytes *out_host)
{
        const uint8_t *at = text.n > 0 ? memchr(text.at, '@', text.n) : NULL;

        if (at == NULL || at == text.at)
                return false;
        *out_name = bytes_of(text.at, (size_t)(at - text.at));
        *out_host = bytes_of(at + 1, text.n - out_name->n - 1);
        return true;
}

bool fediverse_handle(struct bytes text, struct bytes *out_name, struct bytes *out_host)
{
        struct bytes rest = text;

        if (text.n > 5 && memcmp(text.at, "acct:", 5) == 0)
                rest = bytes_of(text.at + 5, text.n - 5);
        if (rest.n > 0 && rest.at[0] == '@')
                rest = bytes_of(rest.at + 1, rest.n - 1);
        return rest.n < text.n && fediverse_split(rest, out_name, out_host);
}

static bool has_word(const char *const *list, struct bytes word)
{
        for (; *list != NULL; list++)
                if (bytes_is(word, *list))
                        return true;
        return false;
}

static bool is_number(struct bytes name)
{
        for (size_t i = 0; i < name.n; i++)
                if (name.at[i] < '0' || name.at[i] > '9')
                        return false;
        return true;
}

/* `/users/name` is the fediverse's, but so many sites use it for lists and numbers that those stay apart. */
static bool is_users_page(const struct address *a)
{
        static const char *const no_user[] = {"show", "list", "index",   "profile", "edit",
                                              "me",   "self", "new",     "all",     "view",
                                              "user", "id",   "sign_in", "sign_up", NULL};
        static const char *const pages[] = {"statuses", "followers",   "following", "outbox",
                                            "inbox",    "collections", NULL};

        return a->segments_n >= 2 && bytes_is(a->segment[0], "users") && a->parameters_n == 0 &&
               !is_number(a->segment[1]) && !has_word(no_user, a->segment[1]) &&
               !has_word(reserved_anywhere, a->segment[1]) &&
               (a->segments_n == 2 || has_word(pages, a->segment[2]));
}

struct bytes fediverse_path(const struct address *a)
{
        size_t i = a->segments_n >= 2 && bytes_is(a->segment[0], "web") ? 1 : 0;

        if (a->fragment_at != ADDRESS_NO_FRAGMENT)
                return bytes_text("");
        if (a->segments_n > i && a->segment[i].n > 1 && a->segment[i].at[0] == '@')
                return bytes_of(a->segment[i].at + 1, a->segment[i].n - 1);
        return is_users_page(a) ? a->segment[1] : bytes_text("");
}

bool fediverse_lists(const char *host)
{
        return has_word(fediverse_hosts, bytes_text(host));
}

bool fediverse_likely(const char *host)
{
        const char *end = strrchr(host, '.');

        for (const char *const *w = fediverse_words; *w != NULL; w++)
                if (strstr(host, *w) != NULL)
                        return true;
        return fediverse_lists(host) || (end != NULL && strcmp(end, ".social") == 0);
}
