/* given: an entry to be judged, put together for a test. */
#ifndef TESTS_POLICY_GIVEN_H
#define TESTS_POLICY_GIVEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "policy/gate.h"

struct given {
        struct body body;
        struct facts facts;
};

static inline void given_field(struct body *b, const char *name, const char *json)
{
        const struct field *field = field_of_name(b->kind, name, strlen(name));
        assert_non_null(field);
        assert_int_equal(body_add(b, field, ORIGIN_TYPED, bytes_text(json)), OK);
}

static inline void given_init(struct given *g, enum kind kind)
{
        memset(g, 0, sizeof *g);
        body_init(&g->body, kind);
        g->facts.kind = kind;
        g->facts.body = &g->body;
}

/* The quick look that is to be accepted without a word. */
static inline void given_quick_look(struct body *b)
{
        given_field(b, "operation", "\"OP-ALDER-1\"");
        given_field(b, "purpose_code", "\"trace-suspect\"");
        given_field(b, "art8_aim", "\"disorder-or-crime\"");
        given_field(b, "objective", "\"Which town does the account holder say he lives in\"");
        given_field(b, "url", "\"https://www.facebook.com/westmidlandspolice\"");
        given_field(b, "subject_category", "\"suspect\"");
        given_field(b, "private_info_likely", "\"yes\"");
        given_field(b, "f3", "\"no\"");
        given_field(b, "f5", "\"no\"");
}

static inline void given_fact(struct facts *f, enum fact which, int64_t number)
{
        f->value[which] = (struct fact_value){.type = FACT_INT, .number = number};
}

static inline struct pack *given_pack(const char *yaml)
{
        struct why why = {OK, ""};
        struct pack *p = NULL;
        if (pack_parse(bytes_text(yaml), NULL, &p, &why) != OK)
                fail_msg("the pack does not load: %s", why.detail);
        return p;
}

/* A whole file of the checkout; the caller gives it to test_free. */
static inline char *given_file(const char *path)
{
        FILE *file = fopen(path, "rb");
        char *text = test_calloc(1, PACK_TEXT_MAX + 1);
        assert_non_null(file);
        assert_true(fread(text, 1, PACK_TEXT_MAX, file) > 0);
        assert_int_equal(fclose(file), 0);
        return text;
}

static inline int given_setup(void **state)
{
        (void)state;
        return crypto_setup() != OK;
}

#endif
