#include "ledger/record/profile.h"

#include <strings.h>

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

/* "com", "uk", "co.uk", "com.br": an ending under which a platform of many countries may stand. */
static bool is_ending(const char *text)
{
        static const char *const general[] = {"com", "co", "org", "net"};
        size_t n = strlen(text);

        if (n == 2)
                return two_letters(text);
        for (size_t i = 0; i < sizeof general / sizeof general[0]; i++) {
                size_t m = strlen(general[i]);

                if (strncmp(text, general[i], m) != 0)
                        continue;
                if (n == m || (n == m + 3 && text[m] == '.' && two_letters(text + m + 1)))
                        return true;
        }
        return false;
}

/* `name` has no star in front; "ebay.*" ends in one. */
static bool is_host(const char *host, const char *name)
{
        size_t n = strlen(name);

        if (n < 2 || name[n - 1] != '*')
                return strcmp(host, name) == 0;
        return strncmp(host, name, n - 1) == 0 && is_ending(host + n - 1);
}

static const char *after_label(const char *host)
{
        const char *dot = strchr(host, '.');

        return dot != NULL && strchr(dot + 1, '.') != NULL ? dot + 1 : NULL;
}

static const struct platform *row_of_host(const char *host)
{
        for (size_t i = 0; i < platforms_count; i++)
                for (const char *const *h = platforms[i].hosts; *h != NULL; h++)
                        if (**h != '*' && is_host(host, *h))
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
                        if (**h == '*' && is_host(rest + 1, *h + 2))
                                return &platforms[i];
        return NULL;
}

static bool is_plain_label(struct bytes label)
{
        return bytes_is(label, "www") || bytes_is(label, "m") || bytes_is(label, "mobile");
}

static bool is_regional_label(struct bytes label)
{
        const char *at = (const char *)label.at;

        for (const char *const *r = regional_labels; *r != NULL; r++)
                if (bytes_is(label, *r))
                        return true;
        return (label.n == 2 && two_letters(at)) ||
               (label.n == 5 && two_letters(at) && at[2] == '-' && two_letters(at + 3));
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

/* Exact names first; then without labels that change nothing; then labels that are accounts. Where labels are
 * accounts, only the plain ones change nothing. */
static const struct platform *find_row(const char *host, struct bytes *out_label)
{
        const struct platform *row = NULL;
        const char *plain = profile_plain_host(host);

        *out_label = bytes_text("");
        if ((row = row_of_host(host)) != NULL || (row = row_of_host(plain)) != NULL)
                return row;
        row = row_of_subdomain(plain);
        if (row != NULL) {
                *out_label = first_label(plain);
                return row;
        }
        for (const char *rest = plain; rest != NULL && is_regional_label(first_label(rest)) && row == NULL;) {
                rest = after_label(rest);
                row = rest != NULL ? row_of_host(rest) : NULL;
        }
        return row;
}

/* Paths. */

static bool is_reserved(const struct platform *platform, struct bytes segment)
{
        const char *const *const lists[] = {reserved_anywhere, platform->reserved};

        for (size_t i = 0; i < 2; i++) {
                for (const char *const *r = lists[i]; *r != NULL; r++) {
                        size_t n = strlen(*r);

                        if (**r != '*'
                                ? is_word(segment, *r)
                                : segment.n >= n - 1 &&
                                      is_word(bytes_of(segment.at + segment.n - (n - 1), n - 1), *r + 1))
                                return true;
                }
        }
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

        if (name == NULL || !path_fits(pattern->prefix, a, &at, &last) || a->segments_n != at + 1 ||
            a->segment[at].n != last.n || !begins_with(a->segment[at], (const char *)last.at, last.n))
                return false;
        for (size_t i = 0; i < a->parameters_n; i++) {
                if (bytes_is(a->parameter[i].name, name + 1)) {
                        *out = a->parameter[i].value;
                        return out->n > 0;
                }
        }
        return false;
}

static size_t digits_in(struct bytes text)
{
        size_t n = 0;

        for (size_t i = 0; i < text.n; i++)
                n += is_digit(text.at[i]);
        return n;
}

static bool marks_fit(unsigned marks, struct bytes *account)
{
        struct bytes text = *account;

        if (marks & PATTERN_HEAD) {
                size_t n = 0;

                while (n < text.n && is_digit(text.at[n]))
                        n++;
                text.n = n;
        }
        if (marks & PATTERN_TAIL) {
                for (size_t i = 0; i < account->n; i++)
                        if (account->at[i] == '-')
                                text = bytes_of(account->at + i + 1, account->n - i - 1);
        }
        if ((marks & (PATTERN_DIGITS | PATTERN_HEAD | PATTERN_TAIL)) && !all_digits(text))
                return false;
        if ((marks & PATTERN_NUMBER) && !is_digit(text.at[0]) &&
            !(text.n > 1 && text.at[0] == '-' && is_digit(text.at[1])))
                return false;
        if ((marks & PATTERN_PHONE) && digits_in(text) < 6)
                return false;
        *account = text;
        return true;
}

static bool pattern_fits(const struct platform_pattern *pattern, const struct address *a, struct profile *p)
{
        struct bytes account = bytes_text("");
        bool fits = false;

        switch (pattern->place) {
        case PLACE_PATH:
        case PLACE_UNRESOLVED: fits = p->label.n == 0 && take_path(pattern, a, &account); break;
        case PLACE_QUERY: fits = p->label.n == 0 && take_query(pattern, a, &account); break;
        case PLACE_SUBDOMAIN:
                account = p->label;
                fits = p->label.n > 0;
                break;
        case PLACE_HOST:
                account = bytes_text(profile_plain_host(a->host));
                fits = p->label.n > 0;
                break;
        }
        if (fits && (p->platform->marks & PLATFORM_AT) && account.n > 1 && account.at[0] == '@')
                account = bytes_of(account.at + 1, account.n - 1);
        if (!fits || !marks_fit(pattern->marks, &account))
                return false;
        p->account = account;
        return true;
}

bool profile_find(const struct address *a, struct profile *out)
{
        struct profile p = {.platform = NULL};

        if (a->port != 0)
                return false;
        p.platform = find_row(a->host, &p.label);
        if (p.platform == NULL)
                return false;
        for (const struct platform_pattern *pattern = p.platform->patterns; pattern->prefix != NULL;
             pattern++) {
                if (!pattern_fits(pattern, a, &p))
                        continue;
                if (pattern->place != PLACE_UNRESOLVED &&
                    !(strcmp(pattern->prefix, "/") == 0 && is_reserved(p.platform, p.account)))
                        p.pattern = pattern;
                break;
        }
        if (p.pattern == NULL)
                p.account = bytes_text("");
        *out = p;
        return true;
}
