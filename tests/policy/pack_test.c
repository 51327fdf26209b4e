#include <stdlib.h>

#include "tests/policy/given.h"

/* One rule, and what it needs. Each line can be replaced. */
static const char good[] =
    "name: small\n"
    "version: 1\n"
    "title: A small pack\n"
    "parameters:\n"
    "  - {name: most, value: 3, title: Most views}\n"
    "lanes:\n"
    "  standard: enquiry.f3 = 'yes'\n"
    "rules:\n"
    "  - id: V01\n"
    "    title: Too many views\n"
    "    when: views.window > parameter.most\n"
    "    effect: approve\n"
    "    kind: local\n"
    "    because: Local policy\n"
    "    advice: Ask your supervisor.\n"
    "tests:\n"
    "  - {rule: V01, fires: yes, given: {views.window: 4}, verdict: waiting}\n"
    "  - {rule: V01, fires: yes, given: {views.window: 5, f3: 'yes'}, lane: standard}\n"
    "  - {rule: V01, fires: no, given: {views.window: 3}}\n"
    "  - {rule: V01, fires: no}\n";

static char *replaced(const char *what, const char *by)
{
        const char *at = strstr(good, what);
        char *out = test_calloc(1, sizeof good + strlen(by) + 1);
        assert_non_null(at);
        memcpy(out, good, (size_t)(at - good));
        (void)strcat(out, by);
        (void)strcat(out, at + strlen(what));
        return out;
}

static void a_pack_says_what_it_is(void **state)
{
        struct pack *p = given_pack(good);
        const struct rule *r = pack_rule(p, 0);
        struct hash hash;
        (void)state;
        assert_string_equal(pack_name(p), "small");
        assert_string_equal(pack_version(p), "1");
        assert_string_equal(pack_title(p), "A small pack");
        assert_true(bytes_is(pack_text(p), good));
        assert_int_equal(hash_of(bytes_text(good), &hash), OK);
        assert_true(hash_equal(pack_hash(p), &hash));
        assert_int_equal(pack_rules(p), 1);
        assert_null(pack_rule(p, 1));
        assert_ptr_equal(pack_rule_of_id(p, "V01"), r);
        assert_null(pack_rule_of_id(p, "V02"));
        assert_string_equal(r->title, "Too many views");
        assert_string_equal(r->when, "views.window > parameter.most");
        assert_string_equal(r->because, "Local policy");
        assert_string_equal(r->advice, "Ask your supervisor.");
        assert_int_equal(r->effect, EFFECT_APPROVE);
        assert_int_equal(r->kind, RULE_LOCAL);
        assert_int_equal(r->kinds, 1u << KIND_INTENT | 1u << KIND_ACTIVITY);
        assert_int_equal(r->line, 9);
        assert_int_equal(pack_parameters(p), 1);
        assert_string_equal(pack_parameter(p, 0)->name, "most");
        assert_int_equal(pack_parameter(p, 0)->value, 3);
        assert_null(pack_parameter(p, 1));
        assert_string_equal(pack_lane(p, LANE_STANDARD), "enquiry.f3 = 'yes'");
        assert_null(pack_lane(p, LANE_AUTHORISED));
        assert_null(pack_lane(p, LANE_QUICK));
        pack_free(p);
}

static const struct {
        const char *what, *by;
        enum err e;
        const char *says;
} faults[] = {
    /* the file */
    {"name: small\n", "name: small\nname: again\n", ERR_PACK, "already seen"},
    {"name: small\n", "", ERR_PACK, "name, version and title"},
    {"version: 1\n", "version: ''\n", ERR_PACK, "name, version and title"},
    {"title: A small pack\n", "title: ' '\n", ERR_PACK, "name, version and title"},
    {"title: A small pack\n", "titel: A small pack\n", ERR_PACK, "line 3: Unexpected key: titel"},
    {"name: small\n", "name: [small]\n", ERR_PACK, "line 1: Expecting STRING"},
    {"name: small\n", "name: &a small\nalso: *a\n", ERR_PACK, "line"},
    {"  - {rule: V01, fires: no}\n", "  - {rule: V01, fires: no}\n---\nname: second\n", ERR_PACK,
     "documents"},
    {"name: small\n", "\tname: small\n", ERR_PACK, "line"},
    {"name: small\n", "name: sm\x80ll\n", ERR_PACK, "UTF-8"},
    {"name: small\n", "name: 'small\n", ERR_PACK, "line"},
    /* parameters */
    {"value: 3", "value: three", ERR_PACK, "line 5, parameter most: the value is a whole number"},
    {"value: 3", "value: -3", ERR_PACK, "line 5, parameter most: the value is a whole number"},
    {"value: 3", "value: 9007199254740992", ERR_PACK, "line 5, parameter most: the value is a whole number"},
    {"value: 3, ", "", ERR_PACK, "line 5, parameter most: it has either a value"},
    {", title: Most views", "", ERR_PACK, "line 5, parameter most: title is missing"},
    {"name: most", "name: Most", ERR_PACK, "line 5: a parameter has a name"},
    {"name: most, ", "", ERR_PACK, "line 5: a parameter has a name"},
    {"lanes:\n", "  - {name: most, value: 4, title: Again}\nlanes:\n", ERR_PACK,
     "line 6, parameter most: it stands there twice"},
    {"name: most", "name: least", ERR_RULE, "line 9, rule V01: there is no column parameter.most"},
    {"value: 3", "words: []", ERR_PACK, "line 5, parameter most: it has either a value"},
    {"value: 3", "value: 3, words: [a]", ERR_PACK, "line 5, parameter most: it has either a value"},
    {"value: 3", "words: [a, b, a]", ERR_PACK, "line 5, parameter most: a word stands there twice"},
    {"value: 3", "words: ['a\"b']", ERR_PACK, "line 5, parameter most: a word holds"},
    {"value: 3", "words: ['a\\b']", ERR_PACK, "line 5, parameter most: a word holds"},
    {"value: 3", "words: [a, '']", ERR_PACK, "line 5, parameter most: a word is empty"},
    {"value: 3", "words: [[a]]", ERR_PACK, "line 5, parameter most: Expecting STRING"},
    {"value: 3", "words: 3", ERR_PACK, "line 5, parameter most: Expecting SEQUENCE"},
    /* terms */
    {"lanes:\n", "terms:\n  - {name: t, title: t, when: '1'}\n  - {name: t, title: t, when: '1'}\nlanes:\n",
     ERR_PACK, "line 8, term t: it stands there twice"},
    {"lanes:\n", "terms:\n  - {name: T, title: t, when: '1'}\nlanes:\n", ERR_PACK,
     "line 7: a term has a name"},
    {"lanes:\n", "terms:\n  - {name: t, when: '1'}\nlanes:\n", ERR_PACK, "line 7, term t: title is missing"},
    {"lanes:\n", "terms:\n  - {name: t, title: t}\nlanes:\n", ERR_PACK, "line 7, term t: when is missing"},
    {"lanes:\n", "terms:\n  - {name: t, title: t, then: 1}\nlanes:\n", ERR_PACK,
     "line 7, term t: Unexpected key: then"},
    {"lanes:\n", "terms:\n  - {name: t, title: t, when: views.d29 = 1}\nlanes:\n", ERR_RULE,
     "line 7, term t: there is no column views.d29"},
    {"lanes:\n", "terms:\n  - {name: t, title: t, when: term.t OR 1}\nlanes:\n", ERR_RULE,
     "line 7, term t: no term t stands before it"},
    {"lanes:\n",
     "terms:\n  - {name: t, title: t, when: term.u}\n  - {name: u, title: u, when: '1'}\nlanes:\n", ERR_RULE,
     "line 7, term t: no term u stands before it"},
    {"lanes:\n", "terms:\n  - {name: t, title: t, when: 'has(views.d7, enquiry.f3)'}\nlanes:\n", ERR_RULE,
     "line 7, term t: has and says_only"},
    {"lanes:\n", "terms:\n  - {name: t, title: t, when: '1) OR (1'}\nlanes:\n", ERR_RULE,
     "line 7, term t: a parenthesis closes"},
    {"views.window > parameter.most", "term.t", ERR_RULE, "line 9, rule V01: no term t stands before it"},
    /* lanes */
    {"  standard:", "  quick:", ERR_PACK, "line 7: Unexpected key: quick"},
    {"enquiry.f3 = 'yes'\n", "enquiry.f3\n", ERR_RULE, "line 7, lane standard: it is not a yes-or-no"},
    /* rules */
    {"    title: Too many views\n", "    titel: Too many views\n", ERR_PACK,
     "line 10, rule V01: Unexpected key: titel"},
    {"    title: Too many views\n", "", ERR_PACK, "line 9, rule V01: title is missing"},
    {"    when: views.window > parameter.most\n", "", ERR_PACK, "line 9, rule V01: when is missing"},
    {"    effect: approve\n", "", ERR_PACK, "line 9, rule V01: effect is missing"},
    {"    kind: local\n", "", ERR_PACK, "line 9, rule V01: kind is missing"},
    {"    because: Local policy\n", "", ERR_PACK, "line 9, rule V01: because is missing"},
    {"    because: Local policy\n", "    because: ''\n", ERR_PACK, "line 9, rule V01: because is missing"},
    {"    advice: Ask your supervisor.\n", "", ERR_PACK, "line 9, rule V01: advice is missing"},
    {"  - id: V01\n    title", "  - title", ERR_PACK, "line 9: a rule has an id"},
    {"id: V01", "id: V 01", ERR_PACK, "line 9: a rule has an id"},
    {"id: V01", "id: V0000000000000000000000001", ERR_PACK, "line 9: a rule has an id"},
    {"effect: approve", "effect: deny", ERR_PACK, "line 9, rule V01: the effect is"},
    {"kind: local", "kind: custom", ERR_PACK, "line 9, rule V01: the kind is"},
    {"effect: approve", "effect: refuse", ERR_PACK, "line 9, rule V01: a local rule never refuses"},
    {"    kind: local\n", "    kind: local\n    kinds: [intent, looks]\n", ERR_PACK,
     "line 9, rule V01: there is no kind looks"},
    {"tests:\n",
     "  - {id: V01, title: t, when: '1', effect: note, kind: law, because: b, advice: a}\ntests:\n", ERR_PACK,
     "line 16, rule V01: the id stands there twice"},
    {"    kind: local\n", "    kind: local\n    tell: [supervisor, sergeant]\n", ERR_PACK,
     "line 9, rule V01: there is no role sergeant to tell"},
    {"    advice: Ask", "    tell: supervisor\n    advice: Ask", ERR_PACK,
     "line 15, rule V01: Expecting SEQ"},
    {"    title: Too many", "    title: \"Too\\0many\"\n    x: Too many", ERR_PACK,
     "line 10: there is a control character"},
    {"    title: Too many", "    title: \"Too\\emany\"\n    x: Too many", ERR_PACK,
     "line 10: there is a control character"},
    {"    when: views.window > parameter.most", "    when: \"1\\0) OR (SELECT 1\"", ERR_PACK,
     "line 11: there is a control character"},
    {"title: A small pack\n", "title: A small pack\napd_ref: ' '\n", ERR_PACK, "apd_ref is empty"},
    {"title: A small pack\n", "title: A small pack\nover: x\n", ERR_PACK,
     "line 4: an overlay has no place here"},
    /* expressions */
    {"views.window > parameter.most", "views.d29 > 1", ERR_RULE,
     "line 9, rule V01: there is no column views.d29"},
    {"views.window > parameter.most", "enquiry.f33 = 'yes'", ERR_RULE,
     "line 9, rule V01: there is no column enquiry.f33"},
    {"views.window > parameter.most", "views.window", ERR_RULE, "line 9, rule V01: it is not a yes-or-no"},
    {"views.window > parameter.most", "(views.window > 1", ERR_RULE, "line 9, rule V01: a parenthesis"},
    {"views.window > parameter.most", "views.window > > 1", ERR_RULE, "line 9, rule V01: near"},
    {"views.window > parameter.most", "views.window > 1 AND", ERR_RULE, "line 9, rule V01"},
    {"views.window > parameter.most", "1, 2", ERR_RULE, "line 9, rule V01"},
    {"views.window > parameter.most", "(1, 2) = (1, 2), 3", ERR_RULE, "line 9, rule V01"},
    {"views.window > parameter.most", "(SELECT 1)", ERR_RULE, "line 9, rule V01: `SELECT`"},
    {"views.window > parameter.most", "abs(1, 2)", ERR_RULE, "line 9, rule V01: wrong number"},
    {"views.window > parameter.most", "max(views.window) > 1", ERR_RULE,
     "line 9, rule V01: misuse of aggregate"},
    {"views.window > parameter.most", "has(views.window, 'x')", ERR_RULE,
     "line 9, rule V01: has and says_only"},
    /* cases */
    {"rule: V01, fires: yes", "rule: V02, fires: yes", ERR_PACK, "line 17, case 1: it names no rule"},
    {"rule: V01, fires: yes", "fires: yes", ERR_PACK, "line 17, case 1: it names no rule"},
    {"fires: yes", "fires: true", ERR_PACK, "line 17, rule V01, case 1: fires is yes or no"},
    {", fires: yes", "", ERR_PACK, "line 17, rule V01, case 1: fires is yes or no"},
    {"views.window: 4", "views.d29: 4", ERR_PACK, "line 17, rule V01: Unexpected key: views.d29"},
    {"views.window: 4", "enquiry.f3: 'yes'", ERR_PACK, "rule V01: Unexpected key"},
    {"views.window: 4", "parameter.most: 4", ERR_PACK, "rule V01: Unexpected key"},
    {"views.window: 4", "views.window: four", ERR_PACK,
     "line 17, rule V01, case 1: views.window is a whole number"},
    {"f3: 'yes'", "f3: perhaps", ERR_PACK, "line 18, rule V01, case 2: "},
    {"f3: 'yes'", "shown: 'yes'", ERR_PACK,
     "line 18, rule V01, case 2: shown is no field of an enquiry.intent"},
    {"verdict: waiting", "verdict: pending", ERR_PACK, "line 17, rule V01, case 1: the verdict is"},
    {"lane: standard", "lane: slow", ERR_PACK, "line 18, rule V01, case 2: the lane is"},
    {"verdict: waiting", "kind: look", ERR_PACK, "line 17, rule V01, case 1: there is no such kind"},
    {"verdict: waiting", "at: yesterday", ERR_PACK, "line 17, rule V01, case 1: at is a time"},
    {"  - {rule: V01, fires: no}\n", "", ERR_PACK,
     "line 9, rule V01: it has 2 cases that fire and 1 that do not"},
    {"fires: yes, given: {views.window: 4}", "fires: no, given: {views.window: 2}", ERR_PACK,
     "line 9, rule V01: it has 1 cases that fire and 3 that do not"},
};

static void faults_are_named_with_line_and_rule(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
                char *text = replaced(faults[i].what, faults[i].by);
                struct pack *p = NULL;
                struct why why = {OK, ""};
                enum err e = pack_parse(bytes_text(text), NULL, &p, &why);
                if (e != faults[i].e || why.code != e || strstr(why.detail, faults[i].says) == NULL)
                        fail_msg("%zu, %s: %s \"%s\"", i, faults[i].by, err_row(e)->name, why.detail);
                assert_null(p);
                test_free(text);
        }
}

/* The same, with lists, terms of all kinds and somebody to tell. */
static const char whole[] =
    "name: whole\nversion: 1\ntitle: A whole pack\napd_ref: APD 7\n"
    "parameters:\n"
    "  - {name: most, value: 3, title: Most views}\n"
    "  - {name: ranks, words: [inspector, chief superintendent, caf\xc3\xa9], title: Ranks}\n"
    "terms:\n"
    "  - {name: many, title: Many views, when: views.window > parameter.most}\n"
    "  - name: factors\n"
    "    title: How many factors hold\n"
    "    when: >-\n"
    "      (enquiry.f3 IS 'yes') + (enquiry.f5 IS 'yes')\n"
    "      + term.many\n"
    "  - {name: purpose, title: The purpose, when: \"coalesce(enquiry.purpose_code, '')\"}\n"
    "rules:\n"
    "  - {id: F, title: t, when: \"term.factors >= 2 AND term.purpose <> 'id: X'\", effect: approve, kind: "
    "code, "
    "because: b, advice: a, tell: [supervisor, auditor]}\n"
    "  -\n"
    "    id: R\n"
    "    title: t\n"
    "    when: NOT has(parameter.ranks, authority.rank)\n"
    "    effect: note\n"
    "    kind: law\n"
    "    because: b\n"
    "    advice: a\n"
    "tests:\n"
    "  - {rule: F, fires: yes, given: {f3: 'yes', f5: 'yes', views.window: 0}}\n"
    "  - {rule: F, fires: yes, given: {f3: 'yes', views.window: 4}}\n"
    "  - {rule: F, fires: no, given: {f3: 'yes', views.window: 3}}\n"
    "  - {rule: F, fires: no, given: {f3: 'yes', f5: 'yes'}}\n"
    "  - {rule: R, fires: yes, given: {authority.rank: sergeant}}\n"
    "  - {rule: R, fires: yes, given: {authority.rank: superintendent}}\n"
    "  - {rule: R, fires: no, given: {authority.rank: chief superintendent}}\n"
    "  - {rule: R, fires: no, given: {authority.rank: caf\xc3\xa9}}\n";

static void lists_terms_and_who_is_told_are_read(void **state)
{
        struct pack *p = given_pack(whole);
        size_t cases, failed;
        (void)state;
        assert_string_equal(pack_apd_ref(p), "APD 7");
        assert_null(pack_over(p));
        assert_true(bytes_is(pack_parameter_of_name(p, "ranks")->words,
                             "[\"inspector\",\"chief superintendent\",\"caf\xc3\xa9\"]"));
        assert_int_equal(pack_parameter_of_name(p, "most")->words.n, 0);
        assert_null(pack_parameter_of_name(p, "rank"));
        assert_int_equal(pack_terms(p), 3);
        assert_string_equal(pack_term(p, 1)->name, "factors");
        assert_string_equal(pack_term(p, 1)->when,
                            "(enquiry.f3 IS 'yes') + (enquiry.f5 IS 'yes') + term.many");
        assert_null(pack_term(p, 3));
        assert_int_equal(pack_rule(p, 0)->tell, ROLE_BIT(ROLE_SUPERVISOR) | ROLE_BIT(ROLE_AUDITOR));
        assert_int_equal(pack_rule(p, 1)->tell, 0);
        assert_int_equal(pack_rule(p, 0)->line, 17);
        assert_int_equal(pack_rule(p, 1)->line, 19);
        assert_int_equal(pack_test(p, &cases, &failed, NULL, NULL), OK);
        assert_int_equal(cases, 8);
        assert_int_equal(failed, 0);
        pack_free(p);
}

static void parts_can_be_missing(void **state)
{
        struct pack *p = NULL;
        struct why why = {OK, ""};
        (void)state;
        assert_int_equal(pack_parse(bytes_text(""), NULL, &p, &why), ERR_PACK);
        why = (struct why){OK, ""};
        assert_int_equal(pack_parse(bytes_text("name: a\nversion: 1\ntitle: t\n"), NULL, &p, &why), ERR_PACK);
        assert_non_null(strstr(why.detail, "no rules"));
        assert_null(p);
        assert_int_equal(pack_parse(bytes_text("# nothing\n"), NULL, &p, NULL), ERR_PACK);
        assert_int_equal(pack_parse(bytes_text("[]"), NULL, &p, NULL), ERR_PACK);
        assert_int_equal(pack_parse(bytes_of("name: a\0b", 9), NULL, &p, NULL), ERR_PACK);
        assert_int_equal(pack_parse(bytes_of(NULL, 0), NULL, &p, NULL), ERR_PACK);
        pack_free(NULL);
}

static void a_pack_has_a_greatest_size(void **state)
{
        char *text = test_calloc(1, PACK_TEXT_MAX + 2);
        struct pack *p = NULL;
        size_t n = sizeof good - 1;
        (void)state;
        memcpy(text, good, n);
        memset(text + n, '\n', PACK_TEXT_MAX + 1 - n);
        assert_int_equal(pack_parse(bytes_of(text, PACK_TEXT_MAX + 1), NULL, &p, NULL), ERR_PACK);
        assert_int_equal(pack_parse(bytes_of(text, PACK_TEXT_MAX), NULL, &p, NULL), OK);
        pack_free(p);
        test_free(text);
}

static void rules_have_a_greatest_number(void **state)
{
        struct buf text;
        struct pack *p = NULL;
        (void)state;
        for (unsigned n = PACK_RULES_MAX; n <= PACK_RULES_MAX + 1; n++) {
                buf_init(&text, PACK_TEXT_MAX);
                buf_put_text(&text, "name: a\nversion: 1\ntitle: t\nrules:\n");
                for (unsigned i = 0; i < n; i++)
                        buf_put_format(&text,
                                       "- {id: R%u, title: t, when: views.d7 = %u, effect: note, kind: law, "
                                       "because: b, advice: a}\n",
                                       i, i);
                buf_put_text(&text, "tests:\n");
                for (unsigned i = 0; i < 4 * n; i++)
                        buf_put_format(&text, "- {rule: R%u, fires: %s, given: {views.d7: %u}}\n", i / 4,
                                       i % 2 ? "yes" : "no", i / 4 + (i % 2 ? 0 : 1));
                assert_int_equal(buf_check(&text), OK);
                assert_int_equal(pack_parse(buf_bytes(&text), NULL, &p, NULL),
                                 n <= PACK_RULES_MAX ? OK : ERR_PACK);
                buf_clear(&text);
        }
        assert_int_equal(pack_rules(p), PACK_RULES_MAX);
        assert_int_equal(pack_rule(p, PACK_RULES_MAX - 1)->line, 4 + PACK_RULES_MAX);
        pack_free(p);
}

/* What terms make of a short text is bounded for each expression, and for all of them. */
static void expressions_have_a_greatest_length_together(void **state)
{
        struct buf text;
        struct pack *p = NULL;
        (void)state;
        for (unsigned n = 60; n <= 70; n += 10) {
                struct why why = {OK, ""};
                buf_init(&text, PACK_TEXT_MAX);
                buf_put_text(
                    &text,
                    "name: a\nversion: 1\ntitle: t\nterms:\n- {name: t, title: t, when: \"enquiry.f3 = '");
                for (unsigned i = 0; i < 31000; i++)
                        buf_put_text(&text, "x");
                buf_put_text(&text, "'\"}\nrules:\n");
                for (unsigned i = 0; i < n; i++)
                        buf_put_format(
                            &text,
                            "- {id: R%u, title: t, when: term.t OR term.t, effect: note, kind: law, "
                            "because: b, advice: a}\n",
                            i);
                buf_put_text(&text, "tests:\n");
                for (unsigned i = 0; i < 4 * n; i++)
                        buf_put_format(&text, "- {rule: R%u, fires: %s}\n", i / 4, i % 2 ? "yes" : "no");
                assert_int_equal(pack_parse(buf_bytes(&text), NULL, &p, &why), n == 60 ? OK : ERR_RULE);
                if (n > 60)
                        assert_non_null(strstr(why.detail, "too long together"));
                else
                        pack_free(p);
                buf_clear(&text);
        }
}

/* Whatever is read is read whole or refused with a reason; a text that is taken has its own hash. */
static void meets(const char *text, size_t n)
{
        struct pack *p = NULL;
        struct why why = {OK, ""};
        enum err e = pack_parse(bytes_of(text, n), NULL, &p, &why);
        if (e) {
                assert_true(e == ERR_PACK || e == ERR_RULE);
                assert_int_equal(why.code, e);
                assert_true(why.detail[0] != '\0');
                assert_null(p);
                return;
        }
        assert_true(bytes_equal(pack_text(p), bytes_of(text, n)));
        assert_true(pack_rules(p) > 0);
        pack_free(p);
}

static void every_prefix_is_met(void **state)
{
        struct pack *p = NULL;
        (void)state;
        for (size_t n = 0; n < sizeof good; n++)
                meets(good, n);
        /* Only the last line break can be left out. */
        for (size_t n = 0; n < sizeof good - 2; n++)
                assert_int_not_equal(pack_parse(bytes_of(good, n), NULL, &p, NULL), OK);
}

static void one_byte_more_is_met(void **state)
{
        char text[sizeof good + 1];
        (void)state;
        memcpy(text, good, sizeof good);
        for (unsigned c = 0; c < 256; c++) {
                text[sizeof good - 1] = (char)c;
                meets(text, sizeof good);
        }
}

static void every_flipped_bit_is_met(void **state)
{
        char text[sizeof good];
        (void)state;
        memcpy(text, good, sizeof good);
        for (size_t bit = 0; bit < 8 * (sizeof good - 1); bit++) {
                text[bit / 8] = (char)(text[bit / 8] ^ (1 << bit % 8));
                meets(text, sizeof good - 1);
                text[bit / 8] = (char)(text[bit / 8] ^ (1 << bit % 8));
        }
}

static void names_are_words(void **state)
{
        (void)state;
        assert_string_equal(effect_name(EFFECT_REFUSE), "refuse");
        assert_string_equal(effect_name(EFFECT_NOTE), "note");
        assert_string_equal(effect_name(EFFECT_COUNT), "");
        assert_string_equal(rule_kind_name(RULE_LAW), "law");
        assert_string_equal(rule_kind_name(RULE_LOCAL), "local");
        assert_string_equal(rule_kind_name(RULE_KIND_COUNT), "");
}

struct told {
        size_t n;
        char last[500];
};

static void tell(void *self, const char *sentence)
{
        struct told *t = self;
        t->n++;
        (void)snprintf(t->last, sizeof t->last, "%s", sentence);
}

static void cases_that_fail_are_told(void **state)
{
        static const struct {
                const char *what, *by, *says;
        } rows[] = {
            {"given: {views.window: 4}", "given: {views.window: 3}",
             "Line 17, rule V01, case 1: it did not fire, and should."},
            {"given: {views.window: 3}", "given: {views.window: 4}",
             "Line 19, rule V01, case 3: it fired, and should not."},
            {"verdict: waiting", "verdict: refused",
             "rule V01, case 1: the verdict is waiting, and should be refused."},
            {"lane: standard", "lane: authorised",
             "rule V01, case 2: the lane is standard, and should be authorised."},
            {"given: {views.window: 3}", "kind: decision, lane: quick",
             "rule V01, case 3: the lane is none, and should be quick."},
        };
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                char *text = replaced(rows[i].what, rows[i].by);
                struct pack *p = given_pack(text);
                struct told told = {0};
                size_t cases, failed;
                assert_int_equal(pack_test(p, &cases, &failed, tell, &told), OK);
                assert_int_equal(cases, 4);
                assert_int_equal(failed, 1);
                assert_int_equal(told.n, 1);
                if (strstr(told.last, rows[i].says) == NULL)
                        fail_msg("\"%s\" does not say \"%s\"", told.last, rows[i].says);
                assert_int_equal(pack_test(p, &cases, &failed, NULL, NULL), OK);
                assert_int_equal(failed, 1);
                pack_free(p);
                test_free(text);
        }
}

static void a_case_in_which_a_rule_errs_fails(void **state)
{
        char *text = replaced("views.window > parameter.most",
                              "views.window > parameter.most OR 'x' LIKE enquiry.objective");
        char *with = test_calloc(1, strlen(text) + 400), *at = strstr(text, "given: {views.window: 3}");
        struct told told = {0};
        struct pack *p;
        size_t cases, failed;
        (void)state;
        assert_non_null(at);
        memcpy(with, text, (size_t)(at - text));
        (void)strcat(with, "given: {objective: ");
        for (size_t i = 0; i < 100; i++)
                (void)strcat(with, "y");
        (void)strcat(with, "}");
        (void)strcat(with, at + strlen("given: {views.window: 3}"));
        p = given_pack(with);
        assert_int_equal(pack_test(p, &cases, &failed, tell, &told), OK);
        assert_int_equal(failed, 1);
        assert_non_null(strstr(told.last, "a rule erred (rule V01:"));
        pack_free(p);
        test_free(with);
        test_free(text);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(a_pack_says_what_it_is),
            cmocka_unit_test(faults_are_named_with_line_and_rule),
            cmocka_unit_test(lists_terms_and_who_is_told_are_read),
            cmocka_unit_test(parts_can_be_missing),
            cmocka_unit_test(a_pack_has_a_greatest_size),
            cmocka_unit_test(rules_have_a_greatest_number),
            cmocka_unit_test(expressions_have_a_greatest_length_together),
            cmocka_unit_test(every_prefix_is_met),
            cmocka_unit_test(one_byte_more_is_met),
            cmocka_unit_test(every_flipped_bit_is_met),
            cmocka_unit_test(names_are_words),
            cmocka_unit_test(cases_that_fail_are_told),
            cmocka_unit_test(a_case_in_which_a_rule_errs_fails),
        };
        return cmocka_run_group_tests(tests, given_setup, NULL);
}
