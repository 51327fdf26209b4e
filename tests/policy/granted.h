/* granted: authorities put together for a test, through the registry, as entries make them. */
#ifndef TESTS_POLICY_GRANTED_H
#define TESTS_POLICY_GRANTED_H

#include "policy/registry.h"
#include "tests/policy/given.h"

/* The Act's numbers, and ranks as a pack might have them. */
__attribute__((unused)) static const struct authority_terms granted_terms = {
    .hours_urgent = 72, .months_written = 3, .months_source = 12, .months_juvenile = 4};

static inline int64_t at(const char *text)
{
        int64_t us = 0;
        if (moment_of_rfc3339(bytes_text(text), &us))
                fail_msg("%s is no time", text);
        return us;
}

static inline void is_at(int64_t us, const char *text)
{
        char have[MOMENT_TEXT_LEN + 1], want[MOMENT_TEXT_LEN + 1];
        moment_text(us, have);
        moment_text(at(text), want);
        assert_string_equal(have, want);
}

/* Fields as {name, JSON}, ended by a NULL name. */
struct granted_field {
        const char *name, *json;
};
#define FIELDS(...) ((const struct granted_field[]){__VA_ARGS__, {NULL, NULL}})

static inline void granted_body(struct body *b, enum kind kind, const struct granted_field f[])
{
        body_init(b, kind);
        for (; f->name; f++)
                given_field(b, f->name, f->json);
}

/* An st that stands for a number. */
static inline struct hash granted_st(uint32_t n)
{
        struct hash st = {{0}};
        for (size_t i = 0; i < 4; i++)
                st.b[i] = (uint8_t)(n >> 8 * i);
        return st;
}

struct granted_entry {
        uint32_t st, about; /* 0: none */
        enum kind kind;
        enum act act;
        const char *at;
        const struct granted_field *fields;
};

static inline enum err granted_try(struct registry *r, const struct granted_entry *g, bool check_only,
                                   struct why *why)
{
        const struct hash about = granted_st(g->about);
        struct body b;
        granted_body(&b, g->kind, g->fields);
        const struct registry_entry e = {.seq = g->st,
                                         .at_us = at(g->at),
                                         .st = granted_st(g->st),
                                         .kind = g->kind,
                                         .act = g->act,
                                         .about = g->about ? &about : NULL,
                                         .body = &b};
        return check_only ? registry_check(r, &e, why) : registry_take(r, &e, why);
}

static inline void granted_take(struct registry *r, const struct granted_entry *g)
{
        struct why why = {OK, ""};
        assert_int_equal(granted_try(r, g, true, &why), OK);
        if (granted_try(r, g, false, &why) != OK)
                fail_msg("not taken: %s", why.detail);
}

static inline enum err granted_fault(struct registry *r, const struct granted_entry *g)
{
        struct why why = {OK, ""}, again = {OK, ""};
        const size_t n = registry_authorities(r), personas = registry_personas(r);
        const enum err e = granted_try(r, g, true, &why);
        assert_int_equal(granted_try(r, g, false, &again), e);
        if (e != OK) {
                assert_int_equal(registry_authorities(r), n);
                assert_int_equal(registry_personas(r), personas);
                assert_true(why.detail[0] != '\0');
                assert_string_equal(why.detail, again.detail);
        }
        return e;
}

/* A registry with one authority, registered at `when` with the fields. */
static inline struct registry *granted(const char *when, const struct granted_field with[])
{
        struct registry *r = registry_new();
        assert_non_null(r);
        granted_take(r, &(struct granted_entry){1, 0, KIND_AUTHORITY, ACT_REGISTER, when, with});
        return r;
}

static inline void granted_change(struct registry *r, enum act act, const char *when,
                                  const struct granted_field with[])
{
        granted_take(r, &(struct granted_entry){(uint32_t)(100 + registry_authorities(r)), 1, KIND_AUTHORITY,
                                                act, when, with});
}

#endif
