/* explained: rows of what is given and what `explain` has to answer, both as JSON with ' for ". */
#ifndef TESTS_CLIENT_EXPLAINED_H
#define TESTS_CLIENT_EXPLAINED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "client/explain.h"
#include "client/policy.h"
#include "client/text.h"

/* given: {"kind","now","enquiry","operation","member","history","authorities","personas"}. The enquiry is
 * laid over the quick look, unless "bare" is true; a member that is null takes it away. want:
 * {"verdict","lane","said":[all that spoke],"erred","facts","unknown":[facts],"ignored"}; what is not there
 * is not looked at. */
struct explained {
        const char *name, *given, *want;
};
/* What is wrong, and a word of the detail. */
struct unexplained {
        const char *given;
        enum err e;
        const char *word;
};

#define NOW "2026-11-23T10:00:00Z"
static const char quick_look[] =
    "{'url':'https://www.facebook.com/westmidlandspolice','purpose_code':'trace-suspect',"
    "'operation':'OP-ALDER-1','objective':'Which town does the account holder say he lives in',"
    "'subject_category':'suspect','private_info_likely':'yes','f3':'no','f5':'no'}";

static inline json_t *explained_json(const char *text)
{
        char *copy = strdup(text);
        json_error_t error;
        assert_non_null(copy);
        for (char *at = copy; *at != '\0'; at++)
                if (*at == '\'')
                        *at = '"';
        json_t *out = json_loads(copy, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);
        if (out == NULL)
                fail_msg("%s: %s", error.text, copy);
        free(copy);
        return out;
}

static inline json_t *explained_enquiry(const json_t *given)
{
        json_t *patch = json_object_get(given, "enquiry"), *value, *out;
        const char *name;
        if (json_is_true(json_object_get(given, "bare")) || (patch != NULL && !json_is_object(patch)))
                return json_incref(patch);
        out = explained_json(quick_look);
        json_object_foreach(patch, name, value)
        {
                if (json_is_null(value))
                        (void)json_object_del(out, name);
                else
                        (void)json_object_set(out, name, value);
        }
        return out;
}

static inline enum err explained_run(const struct pack *pack, const json_t *given, json_t **out,
                                     struct why *why)
{
        const char *now = text_of(given, "now"), *kind = text_of(given, "kind");
        json_t *enquiry = explained_enquiry(given);
        struct given_parts parts = {.enquiry = enquiry,
                                    .operation = json_object_get(given, "operation"),
                                    .member = json_object_get(given, "member"),
                                    .history = json_object_get(given, "history"),
                                    .authorities = json_object_get(given, "authorities"),
                                    .personas = json_object_get(given, "personas"),
                                    .kind = KIND_INTENT};
        const char *only = json_string_value(json_object_get(given, "rule"));
        assert_true(kind[0] == '\0' || given_kind(kind, &parts.kind));
        assert_int_equal(moment_of_rfc3339(bytes_text(now[0] ? now : NOW), &parts.now_us), OK);
        enum err e = explain(pack, &parts, only, out, why);
        json_decref(enquiry);
        return e;
}

static inline json_t *explained_ids(const json_t *answer, json_type said)
{
        json_t *out = json_array();
        const json_t *rule;
        size_t i;
        json_array_foreach(json_object_get(answer, "rules"), i, rule)
        {
                if (json_typeof(json_object_get(rule, "said")) == said)
                        (void)json_array_append(out, json_object_get(rule, "id"));
        }
        return out;
}

static inline bool explained_has(const json_t *list, const char *word)
{
        const json_t *one;
        size_t i;
        json_array_foreach(list, i, one)
        {
                if (strcmp(json_string_value(one), word) == 0)
                        return true;
        }
        return false;
}

static inline void explained_same(const char *name, const char *what, const json_t *got, const json_t *want)
{
        if (want == NULL || json_equal(got, want))
                return;
        char *a = json_dumps(got, JSON_ENCODE_ANY), *b = json_dumps(want, JSON_ENCODE_ANY);
        print_error("%s: %s is %s, not %s\n", name, what, a ? a : "absent", b);
        free(a);
        free(b);
        fail();
}

static inline void explained_check(const char *name, const json_t *answer, const json_t *want)
{
        json_t *said = explained_ids(answer, JSON_TRUE), *erred = explained_ids(answer, JSON_NULL), *value;
        const json_t *facts = json_object_get(answer, "facts"), *one;
        const char *fact;
        size_t i;
        explained_same(name, "verdict", json_object_get(answer, "verdict"), json_object_get(want, "verdict"));
        explained_same(name, "lane", json_object_get(answer, "lane"), json_object_get(want, "lane"));
        explained_same(name, "said", said, json_object_get(want, "said"));
        explained_same(name, "erred", erred, json_object_get(want, "erred"));
        explained_same(name, "ignored", json_object_get(answer, "ignored"), json_object_get(want, "ignored"));
        json_array_foreach(json_object_get(want, "among"), i, one)
        {
                if (!explained_has(said, json_string_value(one)))
                        fail_msg("%s: %s did not speak", name, json_string_value(one));
        }
        json_object_foreach(json_object_get(want, "facts"), fact, value)
        {
                explained_same(name, fact, json_object_get(facts, fact), value);
        }
        json_array_foreach(json_object_get(want, "unknown"), i, one)
        {
                if (json_object_get(facts, json_string_value(one)) != NULL)
                        fail_msg("%s: %s is known", name, json_string_value(one));
        }
        json_decref(said);
        json_decref(erred);
}

static inline void explained_rows(const struct pack *pack, const struct explained rows[], size_t n)
{
        for (size_t i = 0; i < n; i++) {
                struct why why = {OK, ""};
                json_t *given = explained_json(rows[i].given), *want = explained_json(rows[i].want),
                       *answer = NULL;
                enum err e = explained_run(pack, given, &answer, &why);
                if (e)
                        fail_msg("%s: %s %s", rows[i].name, err_row(e)->code, why.detail);
                explained_check(rows[i].name, answer, want);
                json_decref(answer);
                json_decref(given);
                json_decref(want);
        }
}

static inline void unexplained_rows(const struct pack *pack, const struct unexplained rows[], size_t n)
{
        for (size_t i = 0; i < n; i++) {
                struct why why = {OK, ""};
                json_t *given = explained_json(rows[i].given), *answer = NULL;
                enum err e = explained_run(pack, given, &answer, &why);
                if (e != rows[i].e || strstr(why.detail, rows[i].word) == NULL)
                        fail_msg("%s: %s, %s", rows[i].given, e ? err_row(e)->name : "OK", why.detail);
                assert_null(answer);
                json_decref(given);
        }
}

static inline int explained_open(void **state)
{
        struct why why = {OK, ""};
        struct pack *pack = NULL;
        if (crypto_setup() || policy_load("tests/client/explain_pack.yaml", &pack, &why)) {
                print_error("%s\n", why.detail);
                return 1;
        }
        *state = pack;
        return 0;
}

static inline int explained_close(void **state)
{
        pack_free(*state);
        return 0;
}

#define ROWS(rows) rows, sizeof(rows) / sizeof(rows)[0]

#endif
