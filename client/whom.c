#include "client/whom.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/spelling.h"
#include "schema/platforms.h"

bool whom_is_handle(const char *text)
{
        return text[0] == '@' && text[1] != '\0' && strpbrk(text + 1, "@/") == NULL;
}

static enum err put(const char *canonical, char out[SUBJECT_CANONICAL_MAX + 1])
{
        return bytes_to_text(bytes_text(canonical), out, SUBJECT_CANONICAL_MAX + 1);
}

/* --- accounts --- */

/* Whether the account of this platform is what its page is of: then `out` has it. */
static bool is_page(const struct platform *p, const char *prefix, const char *account, struct subject *out)
{
        char address[SUBJECT_CANONICAL_MAX + SPELLING_MAX];
        int n = snprintf(address, sizeof address, "https://%s%s%s", p->hosts[0], prefix, account);
        return n > 0 && n < (int)sizeof address && !subject_of_address(bytes_text(address), out) &&
               out->resolved && strcmp(out->platform, p->name) == 0 &&
               strcmp(out->target_kind, "account") == 0 && strchr(out->account, '@') == NULL;
}

static bool of_row(const struct platform *p, const char *account, struct subject *out)
{
        if (p->hosts[0][0] == '*')
                return false;
        if (is_page(p, "/@", account, out) || is_page(p, "/", account, out))
                return true;
        for (const struct platform_pattern *at = p->patterns; at->prefix != NULL; at++)
                if (at->place == PLACE_PATH && at->marks == 0 && strchr(at->prefix, '*') == NULL &&
                    is_page(p, at->prefix, account, out))
                        return true;
        return false;
}

/* What a platform calls its accounts and does not say, as /in/ or an account all of digits, is found by
 * looking where its page would be. */
static bool of_page(const char *platform, const char *account, struct subject *out)
{
        for (size_t i = 0; i < platforms_count; i++)
                if (strcmp(platforms[i].name, platform) == 0 && of_row(&platforms[i], account, out))
                        return true;
        return false;
}

static enum err of_spelled(const char *text, char out[SUBJECT_CANONICAL_MAX + 1], bool *out_there)
{
        char *spelled = malloc(strlen(text) + SPELLING_MAX);
        struct subject page;
        enum err e = OK;
        if (spelled == NULL)
                return ERR_NO_MEMORY;
        *out_there = spelling_of_account(bytes_text(text), spelled);
        if (*out_there) {
                char *account = strchr(spelled, ':') + 1;
                if (account[0] == '\0' || strcmp(account, "@") == 0)
                        e = ERR_ADDRESS;
                else if (account[0] == '?')
                        e = put(text, out); /* names no account: as it was written */
                else if (strchr(account, '/') != NULL)
                        e = put(spelled, out);
                else {
                        account[-1] = '\0';
                        bool found = of_page(spelled, account, &page);
                        account[-1] = ':';
                        e = put(found ? page.canonical : spelled, out);
                }
        }
        free(spelled);
        return e;
}

enum err whom_of_account(const char *platform, const char *account, char out[SUBJECT_CANONICAL_MAX + 1])
{
        char name[SPELLING_MAX], text[SPELLING_MAX + SUBJECT_CANONICAL_MAX];
        bool there = false;
        enum err e = spelling_of_platform(&there, bytes_text(platform), name);
        if (e || !there)
                return e ? e : ERR_ADDRESS;
        int n = snprintf(text, sizeof text, "%s:%s", name, account + (account[0] == '@'));
        e = n > 0 && n < (int)sizeof text ? of_spelled(text, out, &there) : ERR_TOO_LONG;
        return e || there ? e : ERR_ADDRESS;
}

/* --- any text --- */

static enum err of_address_or_reference(struct bytes text, char out[SUBJECT_CANONICAL_MAX + 1])
{
        struct subject s;
        enum err e = ERR_ADDRESS;
        if (memchr(text.at, '.', text.n) || memchr(text.at, '/', text.n) || memchr(text.at, '@', text.n))
                e = subject_of_address(text, &s);
        if (e)
                e = subject_of_reference(text, &s);
        return e ? e : put(s.canonical, out);
}

enum err whom_of_text(const char *text, char out[SUBJECT_CANONICAL_MAX + 1])
{
        static const struct {
                const char *prefix;
                enum err (*of)(struct bytes rest, struct subject *out);
        } classes[] = {
            {"ref:", subject_of_reference}, {"term:", subject_of_term}, {"web:", subject_of_address}};
        struct subject s;
        bool there = false;
        enum err e;
        for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
                const size_t n = strlen(classes[i].prefix);
                if (strncmp(text, classes[i].prefix, n) == 0)
                        return (e = classes[i].of(bytes_text(text + n), &s)) ? e : put(s.canonical, out);
        }
        if (strchr(text, ':') != NULL && strstr(text, "://") == NULL &&
            ((e = of_spelled(text, out, &there)) || there))
                return e;
        return of_address_or_reference(bytes_text(text), out);
}
