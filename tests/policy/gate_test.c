#include "tests/policy/given.h"

/* A rule for each effect, set off by a word of its own in the objective, and two that can err. */
static const char text[] =
    "name: effects\n"
    "version: 1\n"
    "title: One rule for each effect\n"
    "parameters:\n"
    "  - {name: most, value: 3, title: Most views}\n"
    "lanes:\n"
    "  standard: enquiry.f3 = 'yes'\n"
    "  authorised: enquiry.engagement_level = 'message'\n"
    "rules:\n"
    "  - {id: REF, title: t, when: \"instr(enquiry.objective, 'refuse-law') > 0\", effect: refuse, kind: "
    "law, because: b, advice: a}\n"
    "  - {id: AUT, title: t, when: \"instr(enquiry.objective, 'authorise-code') > 0\", effect: authorise, "
    "kind: code, because: b, advice: a}\n"
    "  - {id: AUT-L, title: t, when: \"instr(enquiry.objective, 'authorise-local') > 0\", effect: authorise, "
    "kind: local, because: b, advice: a}\n"
    "  - {id: APP, title: t, when: \"instr(enquiry.objective, 'approve-code') > 0\", effect: approve, kind: "
    "code, because: b, advice: a}\n"
    "  - {id: WRN, title: t, when: \"instr(enquiry.objective, 'warn') > 0\", effect: warn, kind: guidance, "
    "because: b, advice: a}\n"
    "  - {id: NOT, title: t, when: \"instr(enquiry.objective, 'note') > 0\", effect: note, kind: guidance, "
    "because: b, advice: a}\n"
    "  - {id: PAR, title: t, when: views.window > parameter.most, effect: note, kind: local, because: b, "
    "advice: a}\n"
    "  - {id: LST, title: t, when: \"has(enquiry.sensitive_categories, 'health') AND has(author.roles, "
    "'supervisor')\", effect: note, kind: law, because: b, advice: a}\n"
    "  - {id: ATT, title: t, when: \"enquiry.at >= '2026-11-23T16:56:21.000001Z' AND enquiry.kind = "
    "'enquiry.intent'\", effect: note, kind: law, because: b, advice: a}\n"
    "  - {id: ERR, title: t, when: \"'x' LIKE enquiry.necessity\", effect: note, kind: code, because: b, "
    "advice: a}\n"
    "  - {id: STP, title: t, when: \"CASE WHEN enquiry.necessity = 'slow' || 'ly' THEN views.d7 IN (@) ELSE "
    "0 END\", effect: note, kind: code, because: b, advice: a}\n"
    "  - {id: REV, title: t, kinds: [review, amend], when: \"has(enquiry.reason, 'x')\", effect: refuse, "
    "kind: law, because: b, advice: a}\n"
    "tests:\n";

static struct pack *pack;
static struct gate *gate;

static const char *const ids[] = {"REF", "AUT", "AUT-L", "APP", "WRN", "NOT",
                                  "PAR", "LST", "ATT",   "ERR", "STP", "REV"};

/* The pack's own cases are those of other tests; here only their number matters. */
static int open_pack(void **state)
{
        struct why why = {OK, ""};
        const char *list = strchr(text, '@');
        struct buf whole;
        if (given_setup(state))
                return 1;
        buf_init(&whole, PACK_TEXT_MAX);
        buf_put(&whole, bytes_of(text, (size_t)(list - text)));
        buf_put_text(&whole, "0");
        for (int i = 1; i < 5600; i++)
                buf_put_format(&whole, ",%d", i);
        buf_put_text(&whole, list + 1);
        for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
                for (unsigned k = 0; k < 4; k++)
                        buf_put_format(&whole, "  - {rule: %s, fires: %s}\n", ids[i], k % 2 ? "yes" : "no");
        if (pack_parse(buf_bytes(&whole), NULL, &pack, &why) || gate_new(pack, &gate, &why)) {
                print_error("%s\n", why.detail);
                return 1;
        }
        buf_clear(&whole);
        return 0;
}

static int close_pack(void **state)
{
        (void)state;
        gate_free(gate);
        pack_free(pack);
        return 0;
}

static void ask(const struct given *g, struct judgement *j)
{
        struct why why = {OK, ""};
        if (gate_ask(gate, &g->facts, j, &why) != OK)
                fail_msg("%s", why.detail);
        assert_int_equal(why.code, OK);
}

static const struct {
        const char *objective;
        const char *f3;
        bool urgent, approved;
        const char *hits;
        enum verdict intent, activity;
        enum lane lane;
} verdicts[] = {
    {"nothing", "no", false, false, "", VERDICT_ACCEPTED, VERDICT_ACCEPTED, LANE_QUICK},
    {"nothing", "yes", false, false, "", VERDICT_ACCEPTED, VERDICT_ACCEPTED, LANE_STANDARD},
    {"refuse-law", "no", false, false, "REF ", VERDICT_REFUSED, VERDICT_FLAGGED, LANE_QUICK},
    {"refuse-law", "no", true, false, "REF ", VERDICT_REFUSED, VERDICT_FLAGGED, LANE_QUICK},
    {"refuse-law", "no", false, true, "REF ", VERDICT_REFUSED, VERDICT_FLAGGED, LANE_QUICK},
    {"authorise-code", "no", false, false, "AUT ", VERDICT_WAITING, VERDICT_FLAGGED, LANE_AUTHORISED},
    {"authorise-code", "no", true, false, "AUT ", VERDICT_ACCEPTED, VERDICT_FLAGGED, LANE_AUTHORISED},
    {"authorise-local", "no", false, false, "AUT-L ", VERDICT_WAITING, VERDICT_FLAGGED, LANE_AUTHORISED},
    {"authorise-local", "no", true, false, "AUT-L ", VERDICT_ACCEPTED, VERDICT_FLAGGED, LANE_AUTHORISED},
    {"authorise-local", "yes", true, true, "AUT-L ", VERDICT_ACCEPTED, VERDICT_FLAGGED, LANE_AUTHORISED},
    {"approve-code", "no", true, false, "APP ", VERDICT_ACCEPTED, VERDICT_ACCEPTED, LANE_STANDARD},
    {"approve-code", "no", false, false, "APP ", VERDICT_WAITING, VERDICT_ACCEPTED, LANE_STANDARD},
    {"approve-code", "yes", false, false, "APP ", VERDICT_WAITING, VERDICT_FLAGGED, LANE_STANDARD},
    {"approve-code", "yes", false, true, "APP ", VERDICT_WAITING, VERDICT_ACCEPTED, LANE_STANDARD},
    {"approve-code", "yes", true, false, "APP ", VERDICT_ACCEPTED, VERDICT_ACCEPTED, LANE_STANDARD},
    {"warn and note", "yes", false, false, "WRN NOT ", VERDICT_ACCEPTED, VERDICT_ACCEPTED, LANE_STANDARD},
    {"refuse-law approve-code", "no", false, false, "REF APP ", VERDICT_REFUSED, VERDICT_FLAGGED,
     LANE_STANDARD},
    {"approve-code authorise-code", "no", false, false, "AUT APP ", VERDICT_WAITING, VERDICT_FLAGGED,
     LANE_AUTHORISED},
    {"refuse-law authorise-code", "no", true, false, "REF AUT ", VERDICT_REFUSED, VERDICT_FLAGGED,
     LANE_AUTHORISED},
};

static void hits_text(const struct judgement *j, char out[200])
{
        out[0] = '\0';
        for (size_t i = 0; i < j->hits_n; i++) {
                (void)strcat(out, j->hit[i]->id);
                (void)strcat(out, " ");
        }
}

static void verdicts_follow_effect_kind_lane_and_urgency(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++)
                for (unsigned activity = 0; activity < 2; activity++) {
                        struct given g;
                        struct judgement j;
                        char objective[100], f3[10], hits[200];
                        enum verdict expected = activity ? verdicts[i].activity : verdicts[i].intent;
                        (void)snprintf(objective, sizeof objective, "\"%s\"", verdicts[i].objective);
                        (void)snprintf(f3, sizeof f3, "\"%s\"", verdicts[i].f3);
                        given_init(&g, activity ? KIND_ACTIVITY : KIND_INTENT);
                        given_field(&g.body, "objective", objective);
                        given_field(&g.body, "f3", f3);
                        if (verdicts[i].urgent)
                                given_field(&g.body, "urgent", "\"life\"");
                        given_fact(&g.facts, FACT_ENTRY_APPROVED, verdicts[i].approved);
                        ask(&g, &j);
                        hits_text(&j, hits);
                        if (j.verdict != expected || j.lane != verdicts[i].lane ||
                            strcmp(hits, verdicts[i].hits) != 0)
                                fail_msg("row %zu, %s: %s %s \"%s\"", i, kind_name(g.facts.kind),
                                         verdict_name(j.verdict), lane_names[j.lane], hits);
                        assert_false(j.broken);
                        assert_null(j.broke);
                }
}

static void an_intents_fields_fill_what_an_activity_leaves_out(void **state)
{
        struct given intent, g;
        struct judgement j;
        (void)state;
        given_init(&intent, KIND_INTENT);
        given_field(&intent.body, "objective", "\"approve-code\"");
        given_field(&intent.body, "f3", "\"yes\"");
        given_init(&g, KIND_ACTIVITY);
        g.facts.intent = &intent.body;
        ask(&g, &j);
        assert_int_equal(j.verdict, VERDICT_FLAGGED);
        given_field(&intent.body, "urgent", "\"child\"");
        ask(&g, &j);
        assert_int_equal(j.verdict, VERDICT_ACCEPTED);
        assert_int_equal(j.hits_n, 1);
        given_field(&g.body, "objective", "\"nothing\"");
        ask(&g, &j);
        assert_int_equal(j.hits_n, 0);
        assert_int_equal(j.lane, LANE_STANDARD);
        given_field(&g.body, "f3", "\"no\"");
        ask(&g, &j);
        assert_int_equal(j.lane, LANE_QUICK);
        /* An intent has no intent before it. */
        given_init(&g, KIND_INTENT);
        g.facts.intent = &intent.body;
        ask(&g, &j);
        assert_int_equal(j.hits_n, 0);
}

static void a_text_that_was_erased_is_not_known(void **state)
{
        struct given g;
        struct judgement j;
        (void)state;
        given_init(&g, KIND_INTENT);
        given_field(&g.body, "objective", "\"refuse-law\"");
        ask(&g, &j);
        assert_int_equal(j.hits_n, 1);
        g.body.field[0].state = FIELD_MISSING;
        ask(&g, &j);
        assert_int_equal(j.hits_n, 0);
        assert_int_equal(j.verdict, VERDICT_ACCEPTED);
}

static void parameters_facts_lists_and_time_are_columns(void **state)
{
        struct given g;
        struct judgement j;
        char hits[200];
        (void)state;
        given_init(&g, KIND_INTENT);
        given_field(&g.body, "sensitive_categories", "[\"religion\",\"health\"]");
        given_fact(&g.facts, FACT_VIEWS_WINDOW, 4);
        g.facts.value[FACT_AUTHOR_ROLES] =
            (struct fact_value){.type = FACT_TEXT, .text = bytes_text("investigator,supervisor")};
        assert_int_equal(moment_of_text(bytes_text("2026-11-23T16:56:21.000001Z"), &g.facts.at_us), OK);
        ask(&g, &j);
        hits_text(&j, hits);
        assert_string_equal(hits, "PAR LST ATT ");
        given_fact(&g.facts, FACT_VIEWS_WINDOW, 3);
        g.facts.value[FACT_AUTHOR_ROLES].text = bytes_text("investigator");
        g.facts.at_us--;
        ask(&g, &j);
        assert_int_equal(j.hits_n, 0);
}

static void escapes_are_undone_before_a_rule_reads_a_text(void **state)
{
        struct given g;
        struct judgement j;
        char hits[200];
        (void)state;
        given_init(&g, KIND_INTENT);
        given_field(&g.body, "objective", "\"\\\"\\\\warn\\u000anote\"");
        ask(&g, &j);
        hits_text(&j, hits);
        assert_string_equal(hits, "WRN NOT ");
}

static void a_rule_that_errs_refuses_or_flags(void **state)
{
        static const struct {
                const char *necessity, *id, *says;
        } rows[] = {
            {"\"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
             "yyyyyy\"",
             "ERR", "rule ERR: LIKE or GLOB pattern too complex"},
            {"\"slowly\"", "STP", "rule STP: it takes too many steps"},
        };
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct given g;
                struct judgement j;
                struct buf out;
                char expected[200];
                given_init(&g, KIND_INTENT);
                given_field(&g.body, "necessity", rows[i].necessity);
                given_field(&g.body, "objective", "\"warn\"");
                given_fact(&g.facts, FACT_VIEWS_D7, 7777);
                given_field(&g.body, "urgent", "\"life\"");
                ask(&g, &j);
                assert_int_equal(j.verdict, VERDICT_REFUSED);
                assert_true(j.broken);
                assert_string_equal(j.broke->id, rows[i].id);
                assert_string_equal(j.broke_why.detail, rows[i].says);
                /* The others have been asked. */
                assert_int_equal(j.hits_n, 1);
                assert_string_equal(j.hit[0]->id, "WRN");
                buf_init(&out, 1000);
                assert_int_equal(judgement_put(&out, &j, &g.facts), OK);
                (void)snprintf(expected, sizeof expected,
                               "{\"lane\":\"quick\",\"hits\":[{\"id\":\"WRN\",\"effect\":\"warn\"}],"
                               "\"facts\":{\"views.d7\":7777},\"engine\":\"1\","
                               "\"broken\":\"%s\"}",
                               rows[i].id);
                assert_string_equal(buf_text(&out), expected);
                buf_clear(&out);
                given_init(&g, KIND_ACTIVITY);
                given_field(&g.body, "necessity", rows[i].necessity);
                given_fact(&g.facts, FACT_VIEWS_D7, 7777);
                ask(&g, &j);
                assert_int_equal(j.verdict, VERDICT_FLAGGED);
                assert_true(j.broken);
                /* and the gate goes on working */
                given_init(&g, KIND_INTENT);
                ask(&g, &j);
                assert_int_equal(j.verdict, VERDICT_ACCEPTED);
                assert_false(j.broken);
        }
}

static void a_rule_errs_only_for_the_kinds_it_has(void **state)
{
        static const enum kind kinds[] = {KIND_REVIEW, KIND_AMEND, KIND_FINDING};
        (void)state;
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
                struct given g;
                struct judgement j;
                given_init(&g, kinds[i]);
                given_field(&g.body, "reason", "\"[\"");
                ask(&g, &j);
                assert_int_equal(j.broken, kinds[i] != KIND_FINDING);
                assert_int_equal(j.verdict, kinds[i] != KIND_FINDING ? VERDICT_REFUSED : VERDICT_ACCEPTED);
                assert_false(j.has_lane);
        }
}

/* For what is no look only a refusal counts; the rest is told. */
static void other_kinds_are_refused_or_accepted(void **state)
{
        static const char yaml[] =
            "name: a\nversion: 1\ntitle: t\nlanes: {standard: '1'}\nrules:\n"
            "- {id: A, title: t, kinds: [authority], when: enquiry.ao_rank = 'x', effect: authorise, kind: "
            "law, "
            "because: b, advice: a}\n"
            "- {id: P, title: t, kinds: [authority], when: enquiry.ao_rank = 'x', effect: approve, kind: "
            "law, "
            "because: b, advice: a}\n"
            "- {id: W, title: t, kinds: [authority], when: enquiry.ao_rank = 'x', effect: warn, kind: law, "
            "because: b, advice: a}\n"
            "- {id: R, title: t, kinds: [authority], when: enquiry.ao_rank IS NULL, effect: refuse, kind: "
            "law, "
            "because: b, advice: a}\ntests:\n";
        static const char *const rules[] = {"A", "P", "W", "R"};
        struct pack *p;
        struct gate *other = NULL;
        struct given g;
        struct judgement j;
        struct buf whole;
        (void)state;
        buf_init(&whole, PACK_TEXT_MAX);
        buf_put_text(&whole, yaml);
        for (unsigned i = 0; i < 16; i++)
                buf_put_format(&whole, "- {rule: %s, fires: %s}\n", rules[i / 4], i % 2 ? "yes" : "no");
        p = given_pack(buf_text(&whole));
        buf_clear(&whole);
        assert_int_equal(gate_new(p, &other, NULL), OK);
        given_init(&g, KIND_AUTHORITY);
        assert_int_equal(gate_ask(other, &g.facts, &j, NULL), OK);
        assert_int_equal(j.verdict, VERDICT_REFUSED);
        given_field(&g.body, "ao_rank", "\"x\"");
        assert_int_equal(gate_ask(other, &g.facts, &j, NULL), OK);
        assert_int_equal(j.verdict, VERDICT_ACCEPTED);
        assert_int_equal(j.hits_n, 3);
        assert_false(j.has_lane);
        /* Of the kinds that no rule is about nothing is even read. */
        given_init(&g, KIND_AMEND);
        given_field(&g.body, "reason", "\"x\"");
        g.body.field[0].value = bytes_text("no JSON");
        assert_int_equal(gate_ask(other, &g.facts, &j, NULL), OK);
        assert_int_equal(j.verdict, VERDICT_ACCEPTED);
        assert_int_equal(j.hits_n, 0);
        given_init(&g, KIND_INTENT);
        assert_int_equal(gate_ask(other, &g.facts, &j, NULL), OK);
        assert_int_equal(j.lane, LANE_STANDARD);
        gate_free(other);
        pack_free(p);
}

/* A term stands in its rules as it is: where it errs, only those break that come to it. */
static void a_term_that_errs_breaks_who_uses_it(void **state)
{
        static const char yaml[] = "name: a\nversion: 1\ntitle: t\n"
                                   "terms:\n"
                                   "- {name: like, title: t, when: \"'x' LIKE enquiry.necessity\"}\n"
                                   "- {name: big, title: t, when: views.d7 * 4611686018427 * 999999}\n"
                                   "- {name: text, title: t, when: \"'<' || enquiry.objective || '>'\"}\n"
                                   "- {name: none, title: t, when: views.d365}\n"
                                   "rules:\n"
                                   "- {id: SKIP, title: t, when: enquiry.f3 = 'yes' OR term.like, effect: "
                                   "note, kind: law, because: b, advice: a}\n"
                                   "- {id: BIG, title: t, when: term.big > 9999999, effect: note, kind: law, "
                                   "because: b, advice: a}\n"
                                   "- {id: TEXT, title: t, when: term.text = '<warn>', effect: note, kind: "
                                   "law, because: b, advice: a}\n"
                                   "- {id: NONE, title: t, when: term.none IS NULL, effect: note, kind: law, "
                                   "because: b, advice: a}\ntests:\n";
        static const char *const rules[] = {"SKIP", "BIG", "TEXT", "NONE"};
        char pattern[100];
        struct pack *p;
        struct gate *other = NULL;
        struct given g;
        struct judgement j;
        struct buf whole;
        char hits[200];
        (void)state;
        buf_init(&whole, PACK_TEXT_MAX);
        buf_put_text(&whole, yaml);
        for (unsigned i = 0; i < 16; i++)
                buf_put_format(&whole, "- {rule: %s, fires: %s}\n", rules[i / 4], i % 2 ? "yes" : "no");
        p = given_pack(buf_text(&whole));
        buf_clear(&whole);
        assert_int_equal(gate_new(p, &other, NULL), OK);
        given_init(&g, KIND_INTENT);
        given_field(&g.body, "objective", "\"warn\"");
        given_fact(&g.facts, FACT_VIEWS_D7, 1);
        assert_int_equal(gate_ask(other, &g.facts, &j, NULL), OK);
        hits_text(&j, hits);
        assert_string_equal(hits, "BIG TEXT NONE ");
        given_fact(&g.facts, FACT_VIEWS_D7, 9);
        given_fact(&g.facts, FACT_VIEWS_D365, 9);
        assert_int_equal(gate_ask(other, &g.facts, &j, NULL), OK);
        hits_text(&j, hits);
        assert_string_equal(hits, "BIG TEXT ");
        memset(pattern, 'y', sizeof pattern);
        pattern[0] = pattern[98] = '"';
        pattern[99] = '\0';
        given_field(&g.body, "necessity", pattern);
        assert_int_equal(gate_ask(other, &g.facts, &j, NULL), OK);
        assert_true(j.broken);
        assert_string_equal(j.broke->id, "SKIP");
        assert_int_equal(j.hits_n, 2);
        given_field(&g.body, "f3", "\"yes\"");
        assert_int_equal(gate_ask(other, &g.facts, &j, NULL), OK);
        assert_false(j.broken);
        assert_int_equal(j.verdict, VERDICT_ACCEPTED);
        hits_text(&j, hits);
        assert_string_equal(hits, "SKIP BIG TEXT ");
        gate_free(other);
        pack_free(p);
}

static void a_lane_that_errs_is_the_strictest(void **state)
{
        static const char lanes[] =
            "name: a\nversion: 1\ntitle: t\nlanes: {standard: \"'x' LIKE enquiry.necessity\"}\n"
            "rules:\n- {id: R, title: t, when: '0', effect: note, kind: law, because: b, advice: a}\n"
            "tests:\n- {rule: R, fires: yes}\n- {rule: R, fires: yes}\n"
            "- {rule: R, fires: no}\n- {rule: R, fires: no}\n";
        struct pack *p = given_pack(lanes);
        struct gate *laned = NULL;
        struct given g;
        struct judgement j;
        struct buf out;
        (void)state;
        assert_int_equal(gate_new(p, &laned, NULL), OK);
        given_init(&g, KIND_INTENT);
        given_field(
            &g.body, "necessity",
            "\"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\"");
        assert_int_equal(gate_ask(laned, &g.facts, &j, NULL), OK);
        assert_true(j.broken);
        assert_null(j.broke);
        assert_int_equal(j.verdict, VERDICT_REFUSED);
        assert_int_not_equal(j.lane, LANE_QUICK);
        buf_init(&out, 1000);
        assert_int_equal(judgement_put(&out, &j, &g.facts), OK);
        assert_non_null(strstr(buf_text(&out), "\"broken\":\"\"}"));
        buf_clear(&out);
        gate_free(laned);
        pack_free(p);
}

static void the_same_question_has_the_same_answer(void **state)
{
        struct pack *p = NULL;
        struct gate *other = NULL;
        struct given g;
        struct judgement a, b;
        (void)state;
        assert_int_equal(pack_parse(pack_text(pack), NULL, &p, NULL), OK);
        assert_int_equal(gate_new(p, &other, NULL), OK);
        assert_true(hash_equal(pack_hash(p), pack_hash(pack)));
        given_init(&g, KIND_INTENT);
        given_field(&g.body, "objective", "\"warn note approve-code\"");
        for (unsigned i = 0; i < 3; i++) {
                ask(&g, &a);
                assert_int_equal(gate_ask(other, &g.facts, &b, NULL), OK);
                assert_int_equal(a.verdict, b.verdict);
                assert_int_equal(a.lane, b.lane);
                assert_int_equal(a.hits_n, b.hits_n);
                for (size_t k = 0; k < a.hits_n; k++)
                        assert_string_equal(a.hit[k]->id, b.hit[k]->id);
        }
        gate_free(other);
        pack_free(p);
}

static void a_judgement_is_written_with_its_facts_sorted(void **state)
{
        struct given g;
        struct judgement j;
        struct buf out;
        (void)state;
        given_init(&g, KIND_INTENT);
        given_field(&g.body, "objective", "\"approve-code warn\"");
        given_fact(&g.facts, FACT_VIEWS_D7, 2);
        given_fact(&g.facts, FACT_VIEWS_WINDOW, 4);
        given_fact(&g.facts, FACT_OPERATION_OPEN, 1);
        given_fact(&g.facts, FACT_AUTHOR_TRAINING, 0);
        g.facts.value[FACT_AUTHOR_UNIT] =
            (struct fact_value){.type = FACT_TEXT, .text = bytes_text("CID \"N\"")};
        ask(&g, &j);
        buf_init(&out, 2000);
        assert_int_equal(judgement_put(&out, &j, &g.facts), OK);
        assert_string_equal(
            buf_text(&out),
            "{\"lane\":\"standard\",\"hits\":[{\"id\":\"APP\",\"effect\":\"approve\"},"
            "{\"id\":\"WRN\",\"effect\":\"warn\"},{\"id\":\"PAR\",\"effect\":\"note\"}],"
            "\"facts\":{\"author.training\":0,\"author.unit\":\"CID \\\"N\\\"\",\"operation.open\":1,"
            "\"views.d7\":2,\"views.window\":4},\"engine\":\"1\"}");
        assert_int_equal(json_check(buf_bytes(&out)), OK);
        buf_clear(&out);
        /* Lanes do not apply to other kinds, and all facts are there in order. */
        memset(&j, 0, sizeof j);
        for (unsigned f = 0; f < FACT_COUNT; f++)
                given_fact(&g.facts, (enum fact)f, (int64_t)f);
        assert_int_equal(judgement_put(&out, &j, &g.facts), OK);
        assert_int_equal(json_check(buf_bytes(&out)), OK);
        assert_memory_equal(out.at, "{\"lane\":\"\",\"hits\":[],\"facts\":{\"author.intents_m10\":5,", 53);
        for (unsigned f = 0; f < FACT_COUNT; f++)
                assert_non_null(strstr(buf_text(&out), fact_name((enum fact)f)));
        buf_clear(&out);
        buf_init(&out, 20);
        assert_int_not_equal(judgement_put(&out, &j, &g.facts), OK);
        buf_clear(&out);
}

static void a_field_that_is_no_json_is_an_error(void **state)
{
        struct given g;
        struct judgement j;
        struct why why = {OK, ""};
        (void)state;
        given_init(&g, KIND_INTENT);
        given_field(&g.body, "objective", "\"warn\"");
        g.body.field[0].value = bytes_text("\"warn");
        assert_int_not_equal(gate_ask(gate, &g.facts, &j, &why), OK);
        assert_true(why.detail[0] != '\0');
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(verdicts_follow_effect_kind_lane_and_urgency),
            cmocka_unit_test(an_intents_fields_fill_what_an_activity_leaves_out),
            cmocka_unit_test(a_text_that_was_erased_is_not_known),
            cmocka_unit_test(parameters_facts_lists_and_time_are_columns),
            cmocka_unit_test(escapes_are_undone_before_a_rule_reads_a_text),
            cmocka_unit_test(a_rule_that_errs_refuses_or_flags),
            cmocka_unit_test(a_rule_errs_only_for_the_kinds_it_has),
            cmocka_unit_test(other_kinds_are_refused_or_accepted),
            cmocka_unit_test(a_term_that_errs_breaks_who_uses_it),
            cmocka_unit_test(a_lane_that_errs_is_the_strictest),
            cmocka_unit_test(the_same_question_has_the_same_answer),
            cmocka_unit_test(a_judgement_is_written_with_its_facts_sorted),
            cmocka_unit_test(a_field_that_is_no_json_is_an_error),
        };
        return cmocka_run_group_tests(tests, open_pack, close_pack);
}
