#include "policy/spelling.h"

#include <stdio.h>
#include <strings.h>

#include "ledger/record/profile.h"

static bool is_text(struct bytes text, const char *word, size_t n)
{
        return text.n == n && strncasecmp((const char *)text.at, word, n) == 0;
}

/* --- platforms --- */

/* Names that stand in no row: sites without one, and how people call the fediverse. */
static const struct {
        const char *spelling, *name;
} beside_the_table[] = {{"web", "web"}, {"fediverse", "fediverse"}, {"mastodon", "fediverse"}};

static const char *by_name(struct bytes text)
{
        for (size_t i = 0; i < sizeof beside_the_table / sizeof beside_the_table[0]; i++)
                if (is_text(text, beside_the_table[i].spelling, strlen(beside_the_table[i].spelling)))
                        return beside_the_table[i].name;
        for (size_t i = 0; i < platforms_count; i++)
                if (is_text(text, platforms[i].name, strlen(platforms[i].name)))
                        return platforms[i].name;
        return NULL;
}

/* "twitter" for twitter.com: the label before a host's first point, where only one platform has it. */
static const char *by_label(struct bytes text)
{
        const char *found = NULL;
        for (size_t i = 0; i < platforms_count; i++)
                for (const char *const *h = platforms[i].hosts; *h != NULL; h++) {
                        if (!is_text(text, *h, strcspn(*h, ".")))
                                continue;
                        if (found != NULL && strcmp(found, platforms[i].name) != 0)
                                return NULL;
                        found = platforms[i].name;
                }
        return found;
}

static const char *by_word(struct bytes text)
{
        const char *name = by_name(text);
        return name ? name : by_label(text);
}

static enum err by_host(bool *out_listed, struct bytes text, char out[SPELLING_MAX])
{
        struct buf scratch;
        struct address a;
        struct profile p;
        enum err e;
        int n;
        buf_init(&scratch, ADDRESS_SCRATCH_MAX);
        if ((e = address_parse(text, &scratch, &a)))
                goto done;
        *out_listed = profile_find(&a, &p);
        if (*out_listed)
                n = snprintf(out, SPELLING_MAX, "%s", p.platform->name);
        else if (a.port != 0)
                n = snprintf(out, SPELLING_MAX, "%s:%u", profile_plain_host(a.host), a.port);
        else
                n = snprintf(out, SPELLING_MAX, "%s", profile_plain_host(a.host));
        e = n > 0 && n < SPELLING_MAX ? OK : ERR_BUG;
done:
        buf_clear(&scratch);
        return e;
}

enum err spelling_of_platform(bool *out_listed, struct bytes text, char out[SPELLING_MAX])
{
        const char *name = by_word(text);
        if (name == NULL)
                return memchr(text.at, '.', text.n) ? by_host(out_listed, text, out) : ERR_ADDRESS;
        *out_listed = true;
        return bytes_to_text(bytes_text(name), out, SPELLING_MAX);
}

/* --- accounts --- */

/* Whether the accounts of a name space ("channel"; "" for the platform's own) are the same in upper and lower
 * case. One that the table does not have keeps them apart. */
static bool folds(const char *platform, struct bytes space, unsigned *out_marks)
{
        bool there = false;
        *out_marks = 0;
        if (strcmp(platform, "fediverse") == 0)
                return true;
        for (size_t i = 0; i < platforms_count; i++) {
                const struct platform *row = &platforms[i];
                if (strcmp(row->name, platform) != 0 || (row->marks & PLATFORM_SHORT_LINKS))
                        continue;
                for (const struct platform_pattern *p = row->patterns; p->prefix != NULL; p++) {
                        if (!bytes_is(space, p->type))
                                continue;
                        if (!(row->marks & PLATFORM_FOLDS) || (p->marks & PATTERN_KEEPS_CASE))
                                return false;
                        there = true;
                        *out_marks = row->marks;
                }
        }
        return there;
}

bool spelling_of_account(struct bytes text, char *out)
{
        const uint8_t *colon = text.n > 0 ? memchr(text.at, ':', text.n) : NULL;
        const char *platform = colon ? by_word(bytes_of(text.at, (size_t)(colon - text.at))) : NULL;
        if (platform == NULL)
                return false;
        struct bytes account = bytes_of(colon + 1, text.n - (size_t)(colon + 1 - text.at));
        const uint8_t *slash = account.n > 0 ? memchr(account.at, '/', account.n) : NULL;
        const size_t space = slash ? (size_t)(slash - account.at) : 0;
        unsigned marks;
        const bool small = folds(platform, bytes_of(account.at, space), &marks);
        if (account.n > 0 && account.at[0] == '@' && (marks & PLATFORM_AT))
                account = bytes_of(account.at + 1, account.n - 1);
        out += snprintf(out, SPELLING_MAX, "%s:", platform);
        for (size_t i = 0; i < account.n; i++) {
                const uint8_t c = account.at[i];
                if (c == '.' && space == 0 && (marks & PLATFORM_IGNORES_DOTS))
                        continue;
                if (c == '_' && (marks & PLATFORM_HYPHENS))
                        *out++ = '-';
                else
                        *out++ = (char)(small && c >= 'A' && c <= 'Z' ? c | 0x20 : c);
        }
        *out = '\0';
        return true;
}

/* --- words --- */

/* The text is `word` or, where that may be, its plural. */
static bool is_word_or_plural(struct bytes text, const char *word)
{
        static const char *const plural[] = {"", "s", "es"};
        const size_t n = strlen(word);
        for (size_t i = 0; i < sizeof plural / sizeof plural[0]; i++) {
                const size_t more = strlen(plural[i]);
                if (text.n == n + more && is_text(bytes_of(text.at, n), word, n) &&
                    is_text(bytes_of(text.at + n, more), plural[i], more))
                        return true;
        }
        return false;
}

const struct word *spelling_of_word(const struct vocabulary *v, struct bytes text)
{
        static const struct {
                const char *plural, *word;
        } irregular[] = {{"members of the public", "public"},
                         {"children at risk", "child-at-risk"},
                         {"missing people", "missing"},
                         {"missing persons", "missing"}};
        const struct word *meant = vocabulary_word_meant(v, (const char *)text.at, text.n);
        for (size_t i = 0; meant == NULL && i < v->count; i++)
                if (is_word_or_plural(text, v->words[i].word) || is_word_or_plural(text, v->words[i].plain))
                        meant = &v->words[i];
        for (size_t i = 0; meant == NULL && i < sizeof irregular / sizeof irregular[0]; i++)
                if (is_text(text, irregular[i].plural, strlen(irregular[i].plural)))
                        meant = vocabulary_word(v, irregular[i].word, strlen(irregular[i].word));
        return meant;
}
