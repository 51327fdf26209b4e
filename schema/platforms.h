/* platforms: the table that turns the address of a profile into `platform:account`. Data only; the code that
 * reads it is ledger/record/subject. A wrong merge is worse than a wrong split: a row folds, strips or
 * ignores only what the platform itself does not tell apart. */
#ifndef SCHEMA_PLATFORMS_H
#define SCHEMA_PLATFORMS_H

#include <stdbool.h>
#include <stddef.h>

enum platform_place {
        PLACE_PATH,      /* the account is what follows .prefix in the path, up to the next slash */
        PLACE_QUERY,     /* .prefix is `path?name`; the account is the value of that query parameter */
        PLACE_SUBDOMAIN, /* the account is the label that the host's `*` stands for; .prefix is "/" */
        PLACE_HOST,      /* the account is the whole host; .prefix is "/" */
        PLACE_REDIRECT,  /* .prefix is `path?name`; the value of that query parameter is the address meant */
        PLACE_UNRESOLVED /* a share link, a search, a single post: a class of its own, never an account. With
                            a .type it is `?type/segment` however its path is written. */
};

enum pattern_mark {
        PATTERN_KEEPS_CASE = 1, /* although the platform folds */
        PATTERN_DIGITS = 2,     /* only if the account is all digits */
        PATTERN_NUMBER = 4,     /* only if a digit, or `-` and a digit, follows the prefix */
        PATTERN_HEAD = 8,       /* only the digits at its beginning count: `123-name` */
        /* Only the six or more digits after its last `-` or, without one, all of it: `Name-123456` */
        PATTERN_TAIL = 16,
        PATTERN_PHONE = 32, /* a number as people write it, of which the digits count */
        PATTERN_REST = 64,  /* all the rest of the path */
        PATTERN_HASH = 128, /* only if all of it is 20 or more hex digits */
        PATTERN_STORY = 256 /* any page below the account whose path ends in `-` and 10 to 12 hex digits */
};

/* Patterns of a platform are tried in order; the first that fits decides. */
struct platform_pattern {
        /* Path before the account: "/", "/in/", "/people/" + "*" + "/" (any one segment). What follows the
         * last slash must begin the account's segment and is not part of the account: "/@". Compared in any
         * case. */
        const char *prefix;
        enum platform_place place;
        const char
            *type; /* put before the account where a platform has several name spaces ("id"); "": none */
        const char *target; /* a word of target_kind */
        unsigned marks;     /* enum pattern_mark */
};

enum platform_mark {
        PLATFORM_FOLDS = 1,        /* account names are the same in upper and lower case */
        PLATFORM_AT = 2,           /* a leading @ is decoration */
        PLATFORM_IGNORES_DOTS = 4, /* j.smith is jsmith */
        PLATFORM_SHORT_LINKS =
            8, /* a second row of the platform for its short hosts: unresolved keeps the host */
        PLATFORM_REGIONS = 16,   /* `fr.` and `fr-ca.` before its hosts change nothing */
        PLATFORM_FRAGMENTS = 32, /* a page after `#` is the one meant: `/#!/name` */
        PLATFORM_ANCHORS = 64,   /* so is anything after `#`, without a slash as well */
        PLATFORM_HYPHENS = 128,  /* a_b is a-b */
        PLATFORM_APART = 256     /* accounts of one host are not those of the next: the host goes before */
};

struct platform {
        const char *name; /* "facebook"; several rows may share it */
        /* Lower case, NULL-terminated; `www.`, `m.` and the like before it are taken as well.
         * "*.tumblr.com": one label before it is the account. Countries are listed one by one: somebody else
         * may hold the name under another ending. */
        const char *const *hosts;
        const struct platform_pattern *patterns; /* ends with prefix NULL */
        /* First segments and labels that are pages of the site, "*.php" those that end so, "/user/me" the
         * account `me` after the prefix "/user/"; NULL-terminated. */
        const char *const *reserved;
        const char *openness; /* a guess: a word of that vocabulary */
        unsigned marks;       /* enum platform_mark */
};

extern const struct platform platforms[];
extern const size_t platforms_count;
/* First segments that are pages of almost any site. NULL-terminated, as all below. */
extern const char *const reserved_anywhere[];
/* Well-known hosts of the fediverse; `https://host/@user` is taken for it on others, too. */
extern const char *const fediverse_hosts[];
/* Found in a host's name, they make it one of the fediverse. */
extern const char *const fediverse_words[];
/* Labels before a listed host that change nothing: "www". */
extern const char *const plain_labels[];
/* Two letters that are no region before a host. */
extern const char *const other_labels[];
/* Query parameters that only track: a trailing * is a prefix match. */
extern const char *const tracking_parameters[];
/* Parameters that say where a visitor came from if their value is one of the words, else anything. */
extern const char *const source_parameters[];
extern const char *const source_words[];

#endif
