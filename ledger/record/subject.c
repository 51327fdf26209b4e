#include "ledger/record/subject.h"

#include <stdio.h>

#include "ledger/crypto/hash.h"
#include "ledger/record/address.h"
#include "ledger/record/profile.h"
#include "schema/platforms.h"

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

/* Puts nothing where nothing is left of the account. */
static void put_account(const struct profile *p, struct buf *out)
{
        size_t from;
        const struct platform_pattern *pattern = p->pattern;
        bool folds = (p->platform->marks & PLATFORM_FOLDS) && !(pattern->marks & PATTERN_KEEPS_CASE);
        bool dots = !(p->platform->marks & PLATFORM_IGNORES_DOTS) || pattern->type[0] != '\0';

        if (pattern->type[0] != '\0') {
                buf_put_text(out, pattern->type);
                buf_put_u8(out, '/');
        }
        from = out->n;
        for (size_t i = 0; i < p->account.n; i++) {
                uint8_t c = p->account.at[i];

                if ((pattern->marks & PATTERN_PHONE) && !(c >= '0' && c <= '9')) {
                        i += c == '%' ? 2 : 0; /* what follows are no digits of the number */
                        continue;
                }
                if (c == '.' && !dots)
                        continue;
                buf_put_u8(out, folds ? (uint8_t)small(c) : c);
        }
        if (out->n == from)
                buf_reset(out);
}

static enum err of_listed(const struct address *a, const struct profile *p, struct buf *scratch,
                          struct subject *s)
{
        struct bytes handle = bytes_text("");
        enum err e;

        s->listed = true;
        s->target_kind = "account";
        s->openness = p->platform->openness;
        if (p->pattern != NULL) {
                s->resolved = true;
                s->target_kind = p->pattern->target;
                handle = p->account;
                put_account(p, scratch);
        } else {
                if (a->segments_n == 0 && a->parameters_n == 0 && p->label.n == 0)
                        return ERR_ADDRESS; /* the platform's own front page */
                buf_put_u8(scratch, '?');
                if ((p->platform->marks & PLATFORM_SHORT_LINKS) || p->label.n > 0) {
                        buf_put_text(scratch, a->host);
                        buf_put_u8(scratch, '/');
                }
                put_path(a, scratch);
        }
        if ((e = buf_check(scratch)))
                return e;
        if (scratch->n == 0)
                return ERR_ADDRESS;
        return finish(s, p->platform->name, buf_bytes(scratch), handle);
}

static bool is_user_name(struct bytes name)
{
        for (size_t i = 0; i < name.n; i++) {
                char c = small(name.at[i]);

                if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-'))
                        return false;
        }
        return name.n > 0 && name.n <= 100;
}

static bool is_number(struct bytes name)
{
        for (size_t i = 0; i < name.n; i++)
                if (name.at[i] < '0' || name.at[i] > '9')
                        return false;
        return true;
}

static bool has_word(const char *const *list, struct bytes word)
{
        for (; *list != NULL; list++)
                if (bytes_is(word, *list))
                        return true;
        return false;
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

/* The name in `https://host/@name`, `/web/@name`, `/users/name`; empty where there is none. */
static struct bytes fediverse_name(const struct address *a)
{
        size_t i = a->segments_n >= 2 && bytes_is(a->segment[0], "web") ? 1 : 0;

        if (a->fragment_at != ADDRESS_NO_FRAGMENT)
                return bytes_text("");
        if (a->segments_n > i && a->segment[i].n > 1 && a->segment[i].at[0] == '@')
                return bytes_of(a->segment[i].at + 1, a->segment[i].n - 1);
        return is_users_page(a) ? a->segment[1] : bytes_text("");
}

static enum err of_user(struct bytes name, const struct address *a, bool certain, struct buf *scratch,
                        struct subject *s)
{
        const char *host = profile_plain_host(a->host);
        enum err e;

        s->listed = certain || has_word(fediverse_hosts, bytes_text(host));
        s->resolved = true;
        s->target_kind = "account";
        s->openness = "public-no-login";
        for (size_t i = 0; i < name.n; i++)
                buf_put_u8(scratch, (uint8_t)small(name.at[i]));
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
        uint8_t segment[101] = {'@'};
        struct address a = {.fragment_at = ADDRESS_NO_FRAGMENT, .segments_n = 1};
        struct profile p;
        enum err e;

        if (!is_user_name(name))
                return ERR_ADDRESS;
        if ((e = host_to_ascii(host, a.host)))
                return e;
        memcpy(segment + 1, name.at, name.n);
        a.segment[0] = bytes_of(segment, name.n + 1);
        if (profile_find(&a, &p) && p.pattern != NULL)
                return of_listed(&a, &p, scratch, s);
        return of_user(name, &a, true, scratch, s);
}

static bool split_handle(struct bytes text, struct bytes *out_name, struct bytes *out_host)
{
        const uint8_t *at = text.n > 0 ? memchr(text.at, '@', text.n) : NULL;

        if (at == NULL || at == text.at)
                return false;
        *out_name = bytes_of(text.at, (size_t)(at - text.at));
        *out_host = bytes_of(at + 1, text.n - out_name->n - 1);
        return true;
}

static enum err of_address(const struct address *a, struct buf *scratch, struct subject *s)
{
        struct bytes name, user, host;
        struct profile p;

        if (profile_find(a, &p))
                return of_listed(a, &p, scratch, s);
        name = fediverse_name(a);
        if (split_handle(name, &user, &host)) {
                enum err e = of_handle(user, host, scratch, s);

                if (e != ERR_ADDRESS)
                        return e;
                buf_reset(scratch);
        }
        return is_user_name(name) ? of_user(name, a, false, scratch, s) : of_web(a, scratch, s);
}

/* `@user@host` and `acct:user@host`. */
static bool is_handle(struct bytes text, struct bytes *out_name, struct bytes *out_host)
{
        struct bytes rest = text;

        if (text.n > 5 && memcmp(text.at, "acct:", 5) == 0)
                rest = bytes_of(text.at + 5, text.n - 5);
        if (rest.n > 0 && rest.at[0] == '@')
                rest = bytes_of(rest.at + 1, rest.n - 1);
        return rest.n < text.n && split_handle(rest, out_name, out_host);
}

enum err subject_of_address(struct bytes text, struct subject *out)
{
        struct subject s = {.listed = false};
        struct buf parsed, scratch;
        struct bytes name, host;
        struct address a;
        enum err e;

        buf_init(&parsed, ADDRESS_SCRATCH_MAX);
        buf_init(&scratch, 2 * ADDRESS_SCRATCH_MAX);
        text = address_trim(text);
        if (text.n > ADDRESS_MAX)
                e = ERR_TOO_LONG;
        else if (is_handle(text, &name, &host))
                e = of_handle(name, host, &scratch, &s);
        else if ((e = address_parse(text, &parsed, &a)) == OK)
                e = of_address(&a, &scratch, &s);
        if (e == OK)
                *out = s;
        buf_clear(&scratch);
        buf_clear(&parsed);
        return e;
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
