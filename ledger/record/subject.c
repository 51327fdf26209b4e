#include "ledger/record/subject.h"

#include <stdio.h>

#include "ledger/crypto/hash.h"
#include "ledger/record/address.h"
#include "ledger/record/fediverse.h"
#include "ledger/record/paste.h"
#include "ledger/record/profile.h"

#define REDIRECTS_MAX 3 /* pages that lead on to another, one inside the other */

/* The beginning, as long as it is whole characters, `~`, and the hash of all of it. */
static enum err put_cut(struct bytes text, char out[SUBJECT_ACCOUNT_MAX + 1])
{
        struct hash hash;
        size_t n = SUBJECT_ACCOUNT_MAX - 1 - HASH_TEXT_LEN;
        enum err e;

        if (text.n <= SUBJECT_ACCOUNT_MAX) {
                memcpy(out, text.at, text.n);
                out[text.n] = '\0';
                return OK;
        }
        if ((e = hash_of(text, &hash)))
                return e;
        while (n > 0 && (text.at[n] & 0xc0) == 0x80)
                n--;
        memcpy(out, text.at, n);
        out[n++] = '~';
        hash_text(&hash, out + n);
        return OK;
}

static enum err finish(struct subject *s, const char *platform, struct bytes account, struct bytes handle)
{
        enum err e;
        int n;

        if ((e = bytes_to_text(bytes_text(platform), s->platform, sizeof s->platform)) ||
            (e = put_cut(account, s->account)) || (e = put_cut(handle, s->handle)))
                return e;
        n = snprintf(s->canonical, sizeof s->canonical, "%s:%s", s->platform, s->account);
        return n > 0 && (size_t)n < sizeof s->canonical ? OK : ERR_BUG;
}

static void put_segments(const struct address *a, size_t from, size_t to, struct buf *out)
{
        for (size_t i = from; i < to; i++) {
                if (i > from)
                        buf_put_u8(out, '/');
                buf_put(out, a->segment[i]);
        }
}

/* In the order of an address, so that it can be read again. */
static void put_path(const struct address *a, struct buf *out)
{
        size_t path = a->fragment_at < a->segments_n ? a->fragment_at : a->segments_n;

        put_segments(a, 0, path, out);
        for (size_t i = 0; i < a->parameters_n; i++) {
                buf_put_u8(out, i == 0 ? '?' : '&');
                buf_put(out, a->parameter[i].name);
                buf_put_u8(out, '=');
                buf_put(out, a->parameter[i].value);
        }
        if (path < a->segments_n)
                buf_put_text(out, "#/");
        put_segments(a, path, a->segments_n, out);
}

static void put_host(const struct address *a, const char *host, struct buf *out)
{
        buf_put_text(out, host);
        if (a->port != 0)
                buf_put_format(out, ":%u", a->port);
}

static char small(uint8_t c)
{
        return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* One character of an account in the form in which the platform compares it; 0: it does not count. */
static char account_character(const struct profile *p, uint8_t c)
{
        unsigned marks = p->platform->marks, pattern = p->pattern->marks;
        bool folds = (marks & PLATFORM_FOLDS) && !(pattern & PATTERN_KEEPS_CASE);

        if ((pattern & PATTERN_PHONE) && !(c >= '0' && c <= '9'))
                return 0;
        if (c == '.' && (marks & PLATFORM_IGNORES_DOTS) && p->pattern->type[0] == '\0')
                return 0;
        if (c == '_' && (marks & PLATFORM_HYPHENS))
                return '-';
        return (char)(folds ? (uint8_t)small(c) : c);
}

static void put_compared(const struct profile *p, struct bytes text, struct buf *out)
{
        for (size_t i = 0; i < text.n; i++) {
                char c;

                if ((p->pattern->marks & PATTERN_PHONE) && text.at[i] == '%') {
                        i += 2; /* what follows are no digits of the number */
                        continue;
                }
                c = account_character(p, text.at[i]);
                if (c != 0)
                        buf_put_u8(out, (uint8_t)c);
        }
}

/* Puts nothing where nothing is left of the account. */
static void put_account(const struct address *a, const struct profile *p, struct buf *out)
{
        bool begun = false;
        size_t from;

        if (p->platform->marks & PLATFORM_APART) {
                buf_put_text(out, p->host);
                buf_put_u8(out, '/');
        }
        if (p->pattern->type[0] != '\0') {
                buf_put_text(out, p->pattern->type);
                buf_put_u8(out, '/');
        }
        from = out->n;
        put_compared(p, p->account, out);
        if (out->n == from)
                buf_reset(out);
        for (size_t i = 0; (p->pattern->marks & PATTERN_REST) && i < a->segments_n; i++) {
                if (begun) {
                        buf_put_u8(out, '/');
                        put_compared(p, a->segment[i], out);
                }
                begun = begun || a->segment[i].at == p->account.at;
        }
}

/* What names no account, as a class of its own. */
static enum err put_unresolved(const struct address *a, const struct profile *p, struct buf *out)
{
        if (p->pattern == NULL && a->segments_n == 0 && a->parameters_n == 0 && p->label.n == 0)
                return ERR_ADDRESS; /* the platform's own front page */
        buf_put_u8(out, '?');
        if (p->pattern != NULL && p->pattern->type[0] != '\0') {
                buf_put_text(out, p->pattern->type);
                buf_put_u8(out, '/');
                buf_put(out, p->account);
                return OK;
        }
        if ((p->platform->marks & PLATFORM_SHORT_LINKS) || p->label.n > 0) {
                buf_put_text(out, a->host);
                buf_put_u8(out, '/');
        }
        put_path(a, out);
        return OK;
}

static enum err of_listed(const struct address *a, const struct profile *p, struct buf *scratch,
                          struct subject *s)
{
        struct bytes handle = bytes_text("");
        enum err e = OK;

        s->listed = true;
        s->resolved = profile_is_account(p);
        s->target_kind = "account";
        s->openness = p->platform->openness;
        if (p->pattern != NULL && s->resolved) {
                s->target_kind = p->pattern->target;
                handle = p->account;
                put_account(a, p, scratch);
        } else {
                e = put_unresolved(a, p, scratch);
        }
        if (e || (e = buf_check(scratch)))
                return e;
        if (scratch->n == 0)
                return ERR_ADDRESS;
        return finish(s, p->platform->name, buf_bytes(scratch), handle);
}

static enum err of_user(struct bytes name, const struct address *a, bool folds, struct buf *scratch,
                        struct subject *s)
{
        const char *host = profile_plain_host(a->host);
        enum err e;

        s->resolved = true;
        s->target_kind = "account";
        s->openness = "public-no-login";
        for (size_t i = 0; i < name.n; i++)
                buf_put_u8(scratch, folds ? (uint8_t)small(name.at[i]) : name.at[i]);
        buf_put_u8(scratch, '@');
        put_host(a, host, scratch);
        if ((e = buf_check(scratch)))
                return e;
        return finish(s, "fediverse", buf_bytes(scratch), name);
}

static enum err of_web(const struct address *a, struct buf *scratch, struct subject *s)
{
        enum err e;

        s->listed = false;
        s->resolved = true;
        s->target_kind = "account";
        s->openness = "unknown";
        put_host(a, profile_plain_host(a->host), scratch);
        if (a->segments_n > 0 || a->parameters_n > 0)
                buf_put_u8(scratch, '/');
        put_path(a, scratch);
        if ((e = buf_check(scratch)))
                return e;
        return finish(s, "web", buf_bytes(scratch), bytes_text(""));
}

/* `user@host`, said outright or in another host's path. Some hosts of the table belong to the fediverse as
 * well. */
static enum err of_handle(struct bytes name, struct bytes host, struct buf *scratch, struct subject *s)
{
        uint8_t segment[FEDIVERSE_NAME_MAX + 1] = {'@'};
        struct address a = {.fragment_at = ADDRESS_NO_FRAGMENT, .segments_n = 1};
        struct profile p;
        enum err e;

        if (!fediverse_is_name(name))
                return ERR_ADDRESS;
        if ((e = host_to_ascii(host, a.host)))
                return e;
        memcpy(segment + 1, name.at, name.n);
        a.segment[0] = bytes_of(segment, name.n + 1);
        if (profile_find(&a, &p) && profile_is_account(&p))
                return of_listed(&a, &p, scratch, s);
        s->listed = true;
        return of_user(name, &a, true, scratch, s);
}

static enum err of_unlisted(const struct address *a, struct buf *scratch, struct subject *s)
{
        struct bytes path = fediverse_path(a), name, host;
        const char *plain = profile_plain_host(a->host);
        bool folds;

        if (fediverse_split(path, &name, &host)) {
                enum err e = of_handle(name, host, scratch, s);

                if (e != ERR_ADDRESS)
                        return e;
                buf_reset(scratch);
        }
        if (!fediverse_is_name(path))
                return of_web(a, scratch, s);
        s->listed = fediverse_lists(plain);
        /* `/users/Name` is found on other sites, too, and those may tell cases apart. */
        folds = !bytes_is(a->segment[0], "users") || fediverse_likely(plain);
        return of_user(path, a, folds, scratch, s);
}

static enum err read_text(struct bytes text, unsigned redirects, struct subject *s);

/* The address that a page of the platform leads on to: whole, or a path on the same host. */
static enum err of_target(const struct address *a, struct bytes value, unsigned redirects, struct subject *s)
{
        struct buf target;
        struct bytes text;
        enum err e;

        buf_init(&target, HOST_MAX + ADDRESS_SCRATCH_MAX);
        buf_put_format(&target, "https://%s", a->host);
        address_decode(value, &target);
        text = buf_bytes(&target);
        if (!(e = buf_check(&target))) {
                size_t host = strlen("https://") + strlen(a->host);
                struct bytes rest = bytes_of(text.at + host, text.n - host);
                bool path = rest.n > 1 && rest.at[0] == '/' && rest.at[1] != '/' && rest.at[1] != '\\';

                e = read_text(path ? text : rest, redirects + 1, s);
        }
        buf_clear(&target);
        return e;
}

static enum err of_address(const struct address *a, unsigned redirects, struct buf *scratch,
                           struct subject *s)
{
        struct profile p;

        if (!profile_find(a, &p))
                return of_unlisted(a, scratch, s);
        if (p.pattern != NULL && p.pattern->place == PLACE_REDIRECT && redirects < REDIRECTS_MAX) {
                enum err e = of_target(a, p.account, redirects, s);

                if (e != ERR_ADDRESS && e != ERR_TOO_LONG)
                        return e;
        }
        return of_listed(a, &p, scratch, s);
}

static enum err read_text(struct bytes text, unsigned redirects, struct subject *out)
{
        struct subject s = {.listed = false};
        struct buf parsed, scratch;
        struct bytes name, host;
        struct address a;
        enum err e;

        buf_init(&parsed, ADDRESS_SCRATCH_MAX);
        buf_init(&scratch, 2 * ADDRESS_SCRATCH_MAX);
        text = paste_trim(text);
        if (text.n > ADDRESS_MAX)
                e = ERR_TOO_LONG;
        else if (fediverse_handle(text, &name, &host))
                e = of_handle(name, host, &scratch, &s);
        else if ((e = address_parse(text, &parsed, &a)) == OK)
                e = of_address(&a, redirects, &scratch, &s);
        if (e == OK)
                *out = s;
        buf_clear(&scratch);
        buf_clear(&parsed);
        return e;
}

enum err subject_of_address(struct bytes address, struct subject *out)
{
        return read_text(address, 0, out);
}

static enum err of_text(const char *platform, const char *target_kind, struct bytes text, struct subject *out)
{
        struct subject s = {
            .target_kind = target_kind, .openness = "unknown", .listed = true, .resolved = true};
        struct buf words;
        enum err e;

        if (!bytes_utf8_valid(text))
                return ERR_UTF8;
        if (text.n > ADDRESS_MAX)
                return ERR_TOO_LONG;
        buf_init(&words, ADDRESS_MAX);
        for (size_t i = 0; i < text.n; i++) {
                bool space = text.at[i] <= ' ';

                if (!space)
                        buf_put_u8(&words, (uint8_t)small(text.at[i]));
                else if (words.n > 0 && i + 1 < text.n && text.at[i + 1] > ' ')
                        buf_put_u8(&words, ' ');
        }
        e = buf_check(&words);
        if (e == OK)
                e = words.n == 0 ? ERR_ADDRESS : finish(&s, platform, buf_bytes(&words), bytes_text(""));
        if (e == OK)
                *out = s;
        buf_clear(&words);
        return e;
}

enum err subject_of_reference(struct bytes reference, struct subject *out)
{
        return of_text("ref", "named-person", reference, out);
}

enum err subject_of_term(struct bytes words, struct subject *out)
{
        return of_text("term", "hashtag/term", words, out);
}
