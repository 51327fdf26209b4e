#include "ledger/record/profile.h"

#include <strings.h>

enum { PHONE_MIN = 6, TAIL_MIN = 6, HASH_MIN = 20, STORY_MIN = 10, STORY_MAX = 12 }; /* characters */

static bool is_digit(uint8_t c)
{
        return c >= '0' && c <= '9';
}

static bool all_digits(struct bytes text)
{
        for (size_t i = 0; i < text.n; i++)
                if (!is_digit(text.at[i]))
                        return false;
        return text.n > 0;
}

static bool is_word(struct bytes text, const char *word)
{
        return strlen(word) == text.n && strncasecmp((const char *)text.at, word, text.n) == 0;
}

static bool begins_with(struct bytes text, const char *word, size_t n)
{
        return text.n >= n && strncasecmp((const char *)text.at, word, n) == 0;
}

/* Hosts. */

static bool two_letters(const char *at)
{
        return at[0] >= 'a' && at[0] <= 'z' && at[1] >= 'a' && at[1] <= 'z';
}

/* "co.uk": under it everybody may have a name, so that `m.co.uk` is no `co.uk`. */
static bool is_ending(const char *host)
{
        static const char *const general[] = {"co", "com", "org", "net", "ac", "gov", "edu", "ne", "or"};
        size_t n = strcspn(host, ".");

        if (strlen(host) != n + 3)
                return false;
        for (size_t i = 0; i < sizeof general / sizeof general[0]; i++)
                if (strlen(general[i]) == n && strncmp(host, general[i], n) == 0)
                        return true;
        return false;
}

static const char *after_label(const char *host)
{
        const char *dot = strchr(host, '.');

        return dot != NULL && strchr(dot + 1, '.') != NULL && !is_ending(dot + 1) ? dot + 1 : NULL;
}

static const struct platform *row_of_host(const char *host)
{
        for (size_t i = 0; i < platforms_count; i++)
                for (const char *const *h = platforms[i].hosts; *h != NULL; h++)
                        if (strcmp(host, *h) == 0)
                                return &platforms[i];
        return NULL;
}

/* The row that has `*.` before all of the host but its first label. */
static const struct platform *row_of_subdomain(const char *host)
{
        const char *rest = strchr(host, '.');

        if (rest == NULL || rest == host)
                return NULL;
        for (size_t i = 0; i < platforms_count; i++)
                for (const char *const *h = platforms[i].hosts; *h != NULL; h++)
                        if (**h == '*' && strcmp(rest, *h + 1) == 0)
                                return &platforms[i];
        return NULL;
}

static bool is_plain_label(struct bytes label)
{
        return bytes_is(label, "www") || bytes_is(label, "m") || bytes_is(label, "mobile");
}

static bool has_label(const char *const *list, struct bytes label)
{
        for (; *list != NULL; list++)
                if (bytes_is(label, *list))
                        return true;
        return false;
}

/* "fr", "fr-ca". */
static bool is_region(struct bytes label)
{
        const char *at = (const char *)label.at;

        if (label.n == 2)
                return two_letters(at) && !has_label(other_labels, label);
        return label.n == 5 && two_letters(at) && at[2] == '-' && two_letters(at + 3);
}

static struct bytes first_label(const char *host)
{
        return bytes_of(host, strcspn(host, "."));
}

const char *profile_plain_host(const char *host)
{
        const char *rest;

        while (is_plain_label(first_label(host)) && (rest = after_label(host)) != NULL)
                host = rest;
        return host;
}

/* Behind labels that change nothing; behind a region only for a platform that has them. */
static const struct platform *row_behind_labels(const char *host)
{
        bool region = false;

        for (;;) {
                struct bytes label = first_label(host);
                const struct platform *row;

                if (is_region(label))
                        region = true;
                else if (!has_label(plain_labels, label))
                        return NULL;
                host = after_label(host);
                if (host == NULL)
                        return NULL;
                row = row_of_host(host);
                if (row != NULL)
                        return !region || (row->marks & PLATFORM_REGIONS) ? row : NULL;
        }
}

/* Exact names first, then labels that are accounts; where labels are accounts, only the plainest change
 * nothing. */
static const struct platform *find_row(const char *host, struct bytes *out_label)
{
        const struct platform *row = NULL;
        const char *plain = profile_plain_host(host);

        *out_label = bytes_text("");
        if ((row = row_of_host(host)) != NULL || (row = row_of_host(plain)) != NULL)
                return row;
        row = row_of_subdomain(plain);
        if (row == NULL)
                return row_behind_labels(plain);
        *out_label = first_label(plain);
        return row;
}

/* Paths. */

static bool ends_with(struct bytes text, const char *end)
{
        size_t n = strlen(end);

        return text.n >= n && is_word(bytes_of(text.at + text.n - n, n), end);
}

/* `entry` is "word", "*end", or, beginning with a slash, a prefix and the account. */
static bool is_entry(const char *entry, const char *prefix, struct bytes account)
{
        size_t n = strlen(prefix);

        if (*entry == '*')
                return strcmp(prefix, "/") == 0 && ends_with(account, entry + 1);
        if (*entry != '/')
                return strcmp(prefix, "/") == 0 && is_word(account, entry);
        return strncmp(entry, prefix, n) == 0 && is_word(account, entry + n);
}

static bool is_reserved(const struct profile *p)
{
        const char *const *const lists[] = {reserved_anywhere, p->platform->reserved};

        for (size_t i = 0; i < 2; i++)
                for (const char *const *r = lists[i]; *r != NULL; r++)
                        if (is_entry(*r, p->pattern->prefix, p->account))
                                return true;
        return false;
}

/* Matches the pieces between the slashes of `prefix` (its first character is a slash); *out_at is the segment
 * after them, and *out_last what must begin it. */
static bool path_fits(const char *prefix, const struct address *a, size_t *out_at, struct bytes *out_last)
{
        size_t i = 0;

        for (prefix++;; i++) {
                size_t n = strcspn(prefix, "/?");

                if (prefix[n] != '/') {
                        *out_at = i;
                        *out_last = bytes_of(prefix, n);
                        return true;
                }
                if (i >= a->segments_n || (strncmp(prefix, "*", n) != 0 &&
                                           !(begins_with(a->segment[i], prefix, n) && a->segment[i].n == n)))
                        return false;
                prefix += n + 1;
        }
}

static bool take_path(const struct platform_pattern *pattern, const struct address *a, struct bytes *out)
{
        struct bytes last, segment;
        size_t at;

        if (!path_fits(pattern->prefix, a, &at, &last) || at >= a->segments_n)
                return false;
        segment = a->segment[at];
        if (segment.n <= last.n || !begins_with(segment, (const char *)last.at, last.n))
                return false;
        *out = bytes_of(segment.at + last.n, segment.n - last.n);
        return true;
}

static bool take_query(const struct platform_pattern *pattern, const struct address *a, struct bytes *out)
{
        const char *name = strchr(pattern->prefix, '?');
        struct bytes last;
        size_t at;

        if (name == NULL || !path_fits(pattern->prefix, a, &at, &last) || a->segments_n != at + (last.n > 0))
                return false;
        if (last.n > 0 &&
            !(a->segment[at].n == last.n && begins_with(a->segment[at], (const char *)last.at, last.n)))
                return false;
        for (size_t i = 0; i < a->parameters_n; i++) {
                if (bytes_is(a->parameter[i].name, name + 1)) {
                        *out = a->parameter[i].value;
                        return out->n > 0;
                }
        }
        return false;
}

static bool is_hex(uint8_t c)
{
        return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool all_hex(struct bytes text)
{
        for (size_t i = 0; i < text.n; i++)
                if (!is_hex(text.at[i]))
                        return false;
        return true;
}

/* "+44 (0)20 7946-0000", its spaces and perhaps the plus percent-encoded. */
static bool is_phone(struct bytes text)
{
        size_t digits = 0;

        for (size_t i = 0; i < text.n; i++) {
                if (text.n - i >= 3 &&
                    (memcmp(text.at + i, "%20", 3) == 0 || memcmp(text.at + i, "%2B", 3) == 0))
                        i += 2;
                else if (is_digit(text.at[i]))
                        digits++;
                else if (strchr("+-.()", text.at[i]) == NULL)
                        return false;
        }
        return digits >= PHONE_MIN;
}

static struct bytes head_of(struct bytes text)
{
        size_t n = 0;

        while (n < text.n && is_digit(text.at[n]))
                n++;
        return bytes_of(text.at, n);
}

static struct bytes after_last_hyphen(struct bytes text)
{
        for (size_t i = text.n; i > 0; i--)
                if (text.at[i - 1] == '-')
                        return bytes_of(text.at + i, text.n - i);
        return text;
}

static bool marks_fit(unsigned marks, struct bytes *account)
{
        struct bytes text = *account;

        if (marks & PATTERN_HEAD)
                text = head_of(text);
        if (marks & PATTERN_TAIL)
                text = after_last_hyphen(text);
        if ((marks & PATTERN_TAIL) && text.n < account->n && text.n < TAIL_MIN)
                return false;
        if ((marks & (PATTERN_DIGITS | PATTERN_HEAD | PATTERN_TAIL)) && !all_digits(text))
                return false;
        if ((marks & PATTERN_NUMBER) && !is_digit(text.at[0]) &&
            !(text.n > 1 && text.at[0] == '-' && is_digit(text.at[1])))
                return false;
        if ((marks & PATTERN_HASH) && (text.n < HASH_MIN || !all_hex(text)))
                return false;
        if ((marks & PATTERN_PHONE) && !is_phone(text))
                return false;
        *account = text;
        return true;
}

/* The number of a story, whose words may change: `/@name/some-words-1a2b3c4d5e6f`. */
static bool take_story(const struct address *a, const struct profile *p, struct bytes *out)
{
        struct bytes last;

        if (a->segments_n < (p->label.n > 0 ? 1u : 2u))
                return false;
        last = a->segment[a->segments_n - 1];
        *out = after_last_hyphen(last);
        return out->n < last.n && out->n >= STORY_MIN && out->n <= STORY_MAX && all_hex(*out);
}

static bool take_place(const struct platform_pattern *pattern, const struct address *a,
                       const struct profile *p, struct bytes *out)
{
        if (pattern->marks & PATTERN_STORY)
                return take_story(a, p, out);
        switch (pattern->place) {
        case PLACE_PATH: return p->label.n == 0 && take_path(pattern, a, out);
        case PLACE_QUERY:
        case PLACE_REDIRECT: return p->label.n == 0 && take_query(pattern, a, out);
        case PLACE_UNRESOLVED:
                return p->label.n == 0 && (strchr(pattern->prefix, '?') != NULL ? take_query(pattern, a, out)
                                                                                : take_path(pattern, a, out));
        case PLACE_SUBDOMAIN: *out = p->label; return p->label.n > 0;
        case PLACE_HOST: *out = bytes_text(p->host); return p->label.n > 0;
        }
        return false;
}

static bool pattern_fits(const struct platform_pattern *pattern, const struct address *a, struct profile *p)
{
        struct bytes account = bytes_text("");

        if (!take_place(pattern, a, p, &account))
                return false;
        if ((p->platform->marks & PLATFORM_AT) && account.n > 1 && account.at[0] == '@')
                account = bytes_of(account.at + 1, account.n - 1);
        if (!marks_fit(pattern->marks, &account) || account.at[0] == '?')
                return false; /* `?` is how what is no account begins */
        p->account = account;
        return true;
}

bool profile_is_account(const struct profile *p)
{
        return p->pattern != NULL && p->pattern->place != PLACE_UNRESOLVED &&
               p->pattern->place != PLACE_REDIRECT;
}

/* Only the part of the path that the platform's server sees, or, where pages are in fragments, only that. */
static void pick_path(struct address *a, const struct platform *platform)
{
        size_t from = a->fragment_at;

        if (!(platform->marks & (PLATFORM_FRAGMENTS | PLATFORM_ANCHORS))) {
                a->segments_n = from < a->segments_n ? from : a->segments_n;
        } else if (from < a->segments_n) {
                a->segments_n -= from;
                memmove(a->segment, a->segment + from, a->segments_n * sizeof a->segment[0]);
        } else if ((platform->marks & PLATFORM_ANCHORS) && a->fragment.n > 0) {
                a->segment[0] = a->fragment;
                a->segments_n = 1;
        }
}

bool profile_find(const struct address *whole, struct profile *out)
{
        struct profile p = {.host = profile_plain_host(whole->host)};
        struct address a = *whole;

        if (a.port != 0)
                return false;
        p.platform = find_row(whole->host, &p.label);
        if (p.platform == NULL)
                return false;
        pick_path(&a, p.platform);
        for (p.pattern = p.platform->patterns; p.pattern->prefix != NULL; p.pattern++)
                if (pattern_fits(p.pattern, &a, &p))
                        break;
        if (p.pattern->prefix == NULL || (profile_is_account(&p) && is_reserved(&p))) {
                p.pattern = NULL;
                p.account = bytes_text("");
        }
        *out = p;
        return true;
}
