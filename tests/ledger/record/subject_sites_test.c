/* Real addresses of many sites, which are not part of the project: ENQUIRY_PROFILE_URLS names the file, lines
 * of site, category and two accounts' addresses. Each is written in all the ways people come by; the ways of
 * one account are one subject, and no two accounts ever are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/record/subject.h"

enum { SITES_MAX = 1000, TEXT_MAX = 2500 /* bytes */, SUBJECTS_MAX = 2 * SITES_MAX };

struct parts {
        char scheme[16], host[300], path[600], query[600], fragment[300]; /* query without `?`, so fragment */
};

static bool split(const char *address, struct parts *p)
{
        const char *rest = strstr(address, "://");
        size_t scheme, host, path, query;

        if (rest == NULL)
                return false;
        scheme = (size_t)(rest - address);
        rest += 3;
        host = strcspn(rest, "/?#");
        path = strcspn(rest + host, "?#");
        query = rest[host + path] == '?' ? strcspn(rest + host + path, "#") : 0;
        return snprintf(p->scheme, sizeof p->scheme, "%.*s", (int)scheme, address) > 0 &&
               snprintf(p->host, sizeof p->host, "%.*s", (int)host, rest) > 0 &&
               snprintf(p->path, sizeof p->path, "%.*s", (int)path, rest + host) >= 0 &&
               snprintf(p->query, sizeof p->query, "%.*s", query > 0 ? (int)query - 1 : 0,
                        rest + host + path + (query > 0)) >= 0 &&
               snprintf(p->fragment, sizeof p->fragment, "%s",
                        rest + host + path + query + (rest[host + path + query] == '#')) >= 0;
}

static void join(const struct parts *p, char out[TEXT_MAX])
{
        snprintf(out, TEXT_MAX, "%s%s%s%s%s%s%s%s", p->scheme, p->scheme[0] ? "://" : "", p->host, p->path,
                 p->query[0] ? "?" : "", p->query, p->fragment[0] ? "#" : "", p->fragment);
}

static void upper(char *text)
{
        for (; *text != '\0'; text++)
                if (*text >= 'a' && *text <= 'z')
                        *text = (char)(*text - 'a' + 'A');
}

/* A label in front, or none where `www.` was. */
static bool set_label(struct parts *p, const char *label)
{
        char host[300];
        bool www = strncmp(p->host, "www.", 4) == 0;

        if (strncmp(p->host, "m.", 2) == 0)
                return false;
        snprintf(host, sizeof host, "%s%s", label, p->host + (www ? 4 : 0));
        return strcmp(host, p->host) != 0 && snprintf(p->host, sizeof p->host, "%s", host) > 0;
}

static bool set_host_end(struct parts *p, const char *end)
{
        size_t n = strlen(p->host);

        return snprintf(p->host + n, sizeof p->host - n, "%s", end) > 0;
}

static bool toggle_slash(struct parts *p)
{
        size_t n = strlen(p->path);

        if (n > 0 && p->path[n - 1] == '/')
                p->path[n - 1] = '\0';
        else
                return snprintf(p->path + n, sizeof p->path - n, "/") > 0;
        return true;
}

/* Every slash twice. */
static bool double_slashes(struct parts *p)
{
        char path[600];
        size_t n = 0;

        for (const char *at = p->path; *at != '\0' && n + 3 < sizeof path; at++) {
                path[n++] = *at;
                if (*at == '/')
                        path[n++] = '/';
        }
        path[n] = '\0';
        return snprintf(p->path, sizeof p->path, "%s", path) > 0;
}

/* Letters and digits of the path percent-encoded: every `every`th. */
static bool encode_path(struct parts *p, size_t every, bool small)
{
        char path[600];
        size_t n = 0, letters = 0;

        for (const char *at = p->path; *at != '\0' && n + 4 < sizeof path; at++) {
                bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');

                if (at > p->path + 1 && at[-1] == '%')
                        return false;
                if (plain && letters++ % every == 0)
                        n += (size_t)snprintf(path + n, sizeof path - n, small ? "%%%02x" : "%%%02X",
                                              (unsigned)(unsigned char)*at);
                else
                        path[n++] = *at;
        }
        path[n] = '\0';
        snprintf(p->path, sizeof p->path, "%s", path);
        return letters > 0;
}

static bool add_query(struct parts *p, const char *more, bool first)
{
        char query[600];

        snprintf(query, sizeof query, "%.290s%s%.290s", first ? more : p->query, p->query[0] ? "&" : "",
                 first ? p->query : more);
        return snprintf(p->query, sizeof p->query, "%s", query) > 0;
}

static const char *const trackers[] = {
    "utm_source=share&utm_medium=web&utm_campaign=x",
    "fbclid=IwAR0abc_123",
    "gclid=Cj0KCQ",
    "msclkid=abc",
    "igsh=MzRlODBiNWFlZA==",
    "igshid=YmMyMTA2M2Y=",
    "mibextid=ZbWKwL",
    "ref_src=twsrc%5Etfw",
    "ref=share",
    "mc_cid=1&mc_eid=2",
    "_ga=2.1.3",
    "lang=en",
    "hl=en-GB",
    "locale=cy_GB",
    "trk=public_profile",
    "twclid=2-abc",
    "si=AbCdEf", /* from here on only where the table knows the site */
    "s=20&t=abc",
    "ref=page_internal",
    "feature=shared",
};
enum { TRACKERS = sizeof trackers / sizeof trackers[0], TRACKERS_ANYWHERE = 16 };

enum {
        VARIANT_WRAPS = 20 + TRACKERS, /* before it: changed parts; from it on: text around the address */
        VARIANTS = VARIANT_WRAPS + 10
};

static bool change_parts(unsigned which, bool listed, struct parts *p)
{
        switch (which) {
        case 0: return snprintf(p->scheme, sizeof p->scheme, "http") > 0;
        case 1: return snprintf(p->scheme, sizeof p->scheme, "https") > 0;
        case 2: p->scheme[0] = '\0'; return true;
        case 3: upper(p->scheme); return true;
        case 4: upper(p->host); return true;
        case 5: return set_label(p, "www.");
        case 6: return set_label(p, "");
        case 7: return set_label(p, "m.");
        case 8: return set_label(p, "mobile.");
        case 9: return set_host_end(p, ":443");
        case 10: return set_host_end(p, ":80");
        case 11: return set_host_end(p, ".");
        case 12: return toggle_slash(p);
        case 13: return double_slashes(p);
        case 14: return encode_path(p, 1, false);
        case 15: return encode_path(p, 3, true);
        case 16: return snprintf(p->fragment, sizeof p->fragment, "top") > 0;
        case 17: return snprintf(p->fragment, sizeof p->fragment, ":~:text=a,b/c") > 0;
        case 18: return set_host_end(p, ":443") && toggle_slash(p) && add_query(p, trackers[0], true);
        case 19: {
                char host[300];

                snprintf(host, sizeof host, "facebook.com@%.280s", p->host);
                return snprintf(p->host, sizeof p->host, "%s", host) > 0;
        }
        default:
                return (listed || which - 20 < TRACKERS_ANYWHERE) &&
                       add_query(p, trackers[which - 20], which % 2 == 0);
        }
}

static void put_around(unsigned which, const char *address, char out[TEXT_MAX])
{
        static const char *const around[][2] = {{"  ", " "},
                                                {"\t", "\r\n"},
                                                {"<", ">"},
                                                {"\"", "\""},
                                                {"'", "'"},
                                                {"(", ")"},
                                                {"\xe2\x80\x9c", "\xe2\x80\x9d"},
                                                {"\xef\xbb\xbf", "\xe2\x80\x8b"},
                                                {"", ","},
                                                {"", "."}};

        snprintf(out, TEXT_MAX, "%s%s%s", around[which][0], address, around[which][1]);
}

/* False where this way of writing does not exist for the address. */
static bool put_variant(unsigned which, const char *address, bool listed, char out[TEXT_MAX])
{
        struct parts p = {.scheme = ""};

        if (which >= VARIANT_WRAPS) {
                put_around(which - VARIANT_WRAPS, address, out);
                return true;
        }
        if (!split(address, &p) || !change_parts(which, listed, &p))
                return false;
        join(&p, out);
        return true;
}

struct counts {
        size_t sites, wrong_sites, variants, split, lookalikes, merged, subjects_n;
        char *subject[SUBJECTS_MAX];
};

static bool check_variants(const char *address, const struct subject *s, struct counts *c)
{
        bool right = true;

        for (unsigned which = 0; which < VARIANTS; which++) {
                char variant[TEXT_MAX];
                struct subject t = {.canonical = ""};
                enum err e;

                if (!put_variant(which, address, s->listed && s->resolved, variant))
                        continue;
                c->variants++;
                e = subject_of_address(bytes_text(variant), &t);
                if (e == OK && strcmp(t.canonical, s->canonical) == 0)
                        continue;
                print_error("%s\n  is      %s\n  must be %s\n", variant, e ? err_row(e)->name : t.canonical,
                            s->canonical);
                c->split++;
                right = false;
        }
        return right;
}

/* Addresses that only look like the account's: none of them is it. */
static bool put_lookalike(unsigned which, const char *address, bool listed, char out[TEXT_MAX])
{
        struct parts p = {.scheme = ""};
        char host[600];

        if (!split(address, &p))
                return false;
        snprintf(host, sizeof host, "%s", p.host);
        switch (which) {
        case 0: set_host_end(&p, ".evil.example"); break;
        case 1: snprintf(p.host, sizeof p.host, "not%.280s", host); break;
        case 2: set_host_end(&p, ":8443"); break;
        case 3: set_host_end(&p, "@evil.example"); break;
        case 4: set_host_end(&p, "%2f@evil.example"); break;
        case 5: snprintf(p.host, sizeof p.host, "evil.example/%.280s", host); break;
        case 6: snprintf(p.host, sizeof p.host, "evil.example?%.280s", host); break;
        case 7: snprintf(p.host, sizeof p.host, "evil.example#%.280s", host); break;
        case 8: set_host_end(&p, "\\@evil.example"); break;
        case 9:
                snprintf(p.host, sizeof p.host, "%.3s\xe2\x80\x8d%.280s", host, host + 3);
                break; /* a joiner */
        case 10:
                snprintf(p.host, sizeof p.host, "%.280s", host);
                p.host[strlen(p.host) - 1] = '\0';
                break;
        case 11:
                if (strlen(p.path) < 2)
                        return false; /* the host is the account */
                snprintf(p.path, sizeof p.path, "/search");
                p.query[0] = '\0';
                break;
        default:
                if (listed || p.query[0] != '\0' || p.path[0] == '\0' || p.path[strlen(p.path) - 1] == '/')
                        return false; /* where what follows the account is no part of it */
                p.path[strlen(p.path) - 1] ^= 1;
        }
        join(&p, out);
        return true;
}
enum { LOOKALIKES = 13 };

static bool check_lookalikes(const char *address, const struct subject *s, struct counts *c)
{
        bool right = true;

        for (unsigned which = 0; which < LOOKALIKES; which++) {
                char other[TEXT_MAX];
                struct subject t = {.canonical = ""};

                if (!put_lookalike(which, address, s->listed, other))
                        continue;
                c->lookalikes++;
                if (subject_of_address(bytes_text(other), &t) != OK || strcmp(t.canonical, s->canonical) != 0)
                        continue;
                print_error("merged: %s is %s\n", other, t.canonical);
                c->merged++;
                right = false;
        }
        return right;
}

/* One subject more; false if it was there already. */
static bool add_subject(struct counts *c, const struct subject *s)
{
        for (size_t i = 0; i < c->subjects_n; i++) {
                if (strcmp(c->subject[i], s->canonical) == 0) {
                        print_error("merged: %s\n", s->canonical);
                        c->merged++;
                        return false;
                }
        }
        assert_true(c->subjects_n < SUBJECTS_MAX);
        c->subject[c->subjects_n] = strdup(s->canonical);
        assert_non_null(c->subject[c->subjects_n++]);
        return true;
}

static void check_site(const char *a, const char *b, struct counts *c)
{
        struct subject s, t;
        bool right;

        c->sites++;
        assert_int_equal(subject_of_address(bytes_text(a), &s), OK);
        assert_int_equal(subject_of_address(bytes_text(b), &t), OK);
        right = strcmp(s.platform, t.platform) == 0;
        right = add_subject(c, &s) && right;
        right = add_subject(c, &t) && right;
        right = check_variants(a, &s, c) && right;
        right = check_variants(b, &t, c) && right;
        right = check_lookalikes(a, &s, c) && right;
        right = check_lookalikes(b, &t, c) && right;
        c->wrong_sites += !right;
}

static bool next_pair(FILE *f, char *line, size_t size, char **out_a, char **out_b)
{
        while (fgets(line, (int)size, f) != NULL) {
                char *rest = line, *field[4] = {NULL};

                line[strcspn(line, "\r\n")] = '\0';
                for (size_t i = 0; i < 4; i++)
                        field[i] = strsep(&rest, "\t");
                if (line[0] == '#' || field[3] == NULL)
                        continue;
                *out_a = field[2];
                *out_b = field[3];
                return true;
        }
        return false;
}

static FILE *open_sites(void)
{
        const char *name = getenv("ENQUIRY_PROFILE_URLS");
        FILE *f = fopen(name != NULL ? name : TEST_ROOT "/../shared/data/profile-urls.tsv", "r");

        if (f == NULL)
                print_message("skipped: no file of real addresses (ENQUIRY_PROFILE_URLS, "
                              "../shared/data/profile-urls.tsv)\n");
        return f;
}

static void real_accounts_are_told_apart(void **state)
{
        struct counts *c = calloc(1, sizeof *c);
        FILE *f = open_sites();
        char line[2000], *a, *b;

        (void)state;
        assert_non_null(c);
        while (f != NULL && next_pair(f, line, sizeof line, &a, &b))
                check_site(a, b, c);
        print_message("%zu sites, %zu wrong; %zu variants, %zu split; %zu lookalikes, %zu merged\n", c->sites,
                      c->wrong_sites, c->variants, c->split, c->lookalikes, c->merged);
        for (size_t i = 0; i < c->subjects_n; i++)
                free(c->subject[i]);
        if (f != NULL) {
                fclose(f);
                assert_int_equal(c->merged, 0);
                assert_int_equal(c->wrong_sites, 0);
                assert_true(c->sites > 0);
        }
        free(c);
        if (f == NULL)
                skip();
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(real_accounts_are_told_apart),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
