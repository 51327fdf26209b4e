#include "tests/policy/watched.h"

#include "policy/replay_verify.h"

#define FOUND_MAX 40

struct found {
        struct replay_finding at[FOUND_MAX];
        size_t n;
        struct replay_report report;
};

static void keep(void *self, const struct replay_finding *f)
{
        struct found *found = self;
        assert_true(found->n < FOUND_MAX);
        found->at[found->n++] = *f;
}

static void replay(struct founding *f, struct found *out)
{
        struct store *s = NULL;
        struct why why = {OK, ""};
        memset(out, 0, sizeof *out);
        assert_ok(store_open(f->path, STORE_COPY, f->keys, &s, &why));
        if (replay_run(s, keep, NULL, out, &out->report, &why))
                fail_msg("%s", why.detail);
        store_close(s);
}

static void show(const struct found *found)
{
        for (size_t i = 0; i < found->n; i++)
                print_error("entry %u: %d %s\n", (unsigned)found->at[i].seq, (int)found->at[i].fault,
                            found->at[i].sentence);
}

/* --- nobody lies --- */

static void an_honest_ledger_has_no_finding(void **state)
{
        struct watched *w = watched_new(NULL);
        struct found found;
        (void)state;
        replay(w->f, &found);
        show(&found);
        assert_int_equal(w->f->n, WATCHED_SIZE);
        assert_int_equal(found.n, 0);
        assert_int_equal(found.report.entries, WATCHED_SIZE - 1);
        assert_int_equal(found.report.whole, WATCHED_SIZE - 1);
        assert_int_equal(found.report.partly + found.report.untold + found.report.faults, 0);
        watched_free(w);
}

/* --- somebody lies about one entry --- */

static void number(struct facts *facts, enum fact f, int64_t n)
{
        facts->value[f] = (struct fact_value){.type = FACT_INT, .number = n};
}
static void one_view(struct facts *f)
{
        number(f, FACT_VIEWS_WINDOW, 1);
}
static void nine_views(struct facts *f)
{
        number(f, FACT_VIEWS_WINDOW, 9);
}
static void no_window(struct facts *f)
{
        number(f, FACT_VIEWS_WINDOW, 0);
}
static void one_officer(struct facts *f)
{
        number(f, FACT_VIEWS_OFFICERS, 1);
        number(f, FACT_VIEWS_IMMEDIATE, 0);
}
static void no_likeness(struct facts *f)
{
        f->value[FACT_ENTRY_LIKENESS] = (struct fact_value){.type = FACT_NULL};
}
static void not_late(struct facts *f)
{
        number(f, FACT_AUTHOR_OPEN_LATE, 0);
}
static void not_approved(struct facts *f)
{
        number(f, FACT_ENTRY_APPROVED, 0);
}
static void other_state(struct facts *f)
{
        f->value[FACT_ENTRY_INTENT_STATE] =
            (struct fact_value){.type = FACT_TEXT, .text = bytes_text("waiting")};
}
static void expired(struct facts *f)
{
        f->value[FACT_AUTHORITY_STATE] =
            (struct fact_value){.type = FACT_TEXT, .text = bytes_text("expired")};
        number(f, FACT_AUTHORITY_LIVE, 0);
}
static void persona_live(struct facts *f)
{
        f->value[FACT_PERSONA_STATE] = (struct fact_value){.type = FACT_TEXT, .text = bytes_text("live")};
}
static void other_roles(struct facts *f)
{
        f->value[FACT_AUTHOR_ROLES] =
            (struct fact_value){.type = FACT_TEXT, .text = bytes_text("supervisor")};
}
static void no_logs(struct facts *f)
{
        number(f, FACT_ENTRY_READS_LOGS, 0);
}
static void own(struct facts *f)
{
        number(f, FACT_AUTHOR_OWN, 1);
}
static void operation_shut(struct facts *f)
{
        number(f, FACT_OPERATION_OPEN, 0);
}

static void drop_last(struct watched *w, struct judgement *j)
{
        (void)w;
        assert_true(j->hits_n > 0);
        j->hits_n--;
        judgement_settle(j, &w->facts, LANE_QUICK);
}
static void drop_all(struct watched *w, struct judgement *j)
{
        j->hits_n = 0;
        judgement_settle(j, &w->facts, LANE_QUICK);
}
static void add_first(struct watched *w, struct judgement *j)
{
        j->hit[j->hits_n++] = pack_rule(w->pack[0], 0);
}
static void add_of_other_pack(struct watched *w, struct judgement *j)
{
        j->hit[j->hits_n++] = pack_rule_of_id(w->pack[1], "N1");
}
static void by_the_old_pack(struct watched *w, struct judgement *j)
{
        assert_ok(gate_ask(w->gate[0], &w->facts, j, NULL));
}
static void twice(struct watched *w, struct judgement *j)
{
        (void)w;
        j->hit[j->hits_n] = j->hit[j->hits_n - 1];
        j->hits_n++;
}
static void accepted(struct watched *w, struct judgement *j)
{
        (void)w;
        j->verdict = VERDICT_ACCEPTED;
}
static void refused(struct watched *w, struct judgement *j)
{
        (void)w;
        j->verdict = VERDICT_REFUSED;
}
static void flagged(struct watched *w, struct judgement *j)
{
        (void)w;
        j->verdict = VERDICT_FLAGGED;
}
static void broken(struct watched *w, struct judgement *j)
{
        (void)w;
        j->broken = true;
        j->verdict = VERDICT_REFUSED;
}
static void higher_lane(struct watched *w, struct judgement *j)
{
        (void)w;
        j->lane = LANE_AUTHORISED;
}

static const struct {
        struct lie lie;
        enum replay_fault fault;
        const char *words; /* of the sentence */
} lies[] = {
    {{AT_THIRD, .facts = one_view, .last = true},
     REPLAY_FACTS,
     "views.window is 1 in the ledger, and was 3; it is accepted, and would have been waiting."},
    {{AT_CAPTURED, .facts = one_view}, REPLAY_FACTS, "views.window is 1 in the ledger, and was 3."},
    {{AT_SECOND_OFFICER, .facts = one_officer},
     REPLAY_FACTS,
     "views.officers is 1 in the ledger, and was 2 (and 1 more)."},
    {{AT_TYPED_AGAIN, .facts = no_likeness},
     REPLAY_FACTS,
     "entry.likeness is not said in the ledger, and was 100."},
    {{AT_LATE, .facts = not_late}, REPLAY_FACTS, "author.open_late is 0 in the ledger, and was 4."},
    {{AT_CAPTURED, .facts = not_approved}, REPLAY_FACTS, "entry.approved is 0 in the ledger, and was 1."},
    {{AT_CAPTURED, .facts = other_state},
     REPLAY_FACTS,
     "entry.intent_state is \"waiting\" in the ledger, and was \"approved\"."},
    {{AT_CLAIMED, .facts = expired},
     REPLAY_FACTS,
     "authority.state is \"expired\" in the ledger, and was \"live\" (and 1 more)."},
    {{AT_UNREGISTERED, .facts = persona_live, .last = true},
     REPLAY_FACTS,
     "persona.state is \"live\" in the ledger, and was \"unregistered\"; it is accepted, and would have been "
     "refused."},
    {{AT_COMBINE, .facts = other_roles},
     REPLAY_FACTS,
     "author.roles is \"supervisor\" in the ledger, and was"},
    {{AT_CONSULT, .facts = no_logs}, REPLAY_FACTS, "entry.reads_logs is 0 in the ledger, and was 1."},
    {{AT_APPROVAL, .facts = own}, REPLAY_FACTS, "author.own is 1 in the ledger, and was 0."},
    {{AT_INTENT, .facts = operation_shut}, REPLAY_FACTS, "operation.open is 0 in the ledger, and was 1."},
    {{3, .facts = other_roles}, REPLAY_FACTS, "author.roles is \"supervisor\" in the ledger, and was"},
    {{AT_COMBINE, .from = "\"facts\":{", .to = "\"facts\":{\"a\":1,"},
     REPLAY_FACTS,
     "Its reasons hold what no rule of this engine was given."},
    {{AT_SECOND_OFFICER, .judgement = drop_last},
     REPLAY_HITS,
     "V2 does not speak in the ledger, and does by its facts."},
    {{AT_THIRD, .judgement = drop_last, .last = true},
     REPLAY_HITS,
     "V3 does not speak in the ledger, and does by its facts."},
    {{AT_CAPTURED, .judgement = drop_all},
     REPLAY_HITS,
     "V2 does not speak in the ledger, and does by its facts."},
    {{AT_AUTHORITY, .judgement = drop_all},
     REPLAY_HITS,
     "A1 does not speak in the ledger, and does by its facts."},
    {{AT_CONSULT, .judgement = drop_all},
     REPLAY_HITS,
     "C1 does not speak in the ledger, and does by its facts."},
    {{AT_INTENT, .judgement = add_first}, REPLAY_HITS, "V2 speaks in the ledger, and does not by its facts."},
    {{AT_COMBINE, .judgement = add_first},
     REPLAY_HITS,
     "V2 speaks in the ledger, and is not asked about such entries."},
    {{AT_INTENT, .judgement = add_of_other_pack},
     REPLAY_HITS,
     "N1 speaks in the ledger, and is no rule of the pack in force."},
    {{AT_LATE, .judgement = by_the_old_pack},
     REPLAY_HITS,
     "O1 has the effect note in the ledger, and warn in the pack in force."},
    {{AT_NEW_PACK, .judgement = by_the_old_pack},
     REPLAY_HITS,
     "N1 does not speak in the ledger, and does by its facts."},
    {{AT_SECOND_OFFICER, .judgement = twice}, REPLAY_HITS, "Its rules stand in the ledger twice."},
    {{AT_INTENT, .judgement = broken, .last = true},
     REPLAY_HITS,
     "A rule failed in the ledger, and does not here."},
    {{AT_THIRD, .judgement = accepted, .last = true},
     REPLAY_VERDICT,
     "It is accepted, and by the rules that spoke it would have been waiting."},
    {{AT_UNREGISTERED, .judgement = accepted, .last = true},
     REPLAY_VERDICT,
     "It is accepted, and by the rules that spoke it would have been refused."},
    {{AT_INTENT, .judgement = refused, .last = true},
     REPLAY_VERDICT,
     "It is refused, and by the rules that spoke it would have been accepted."},
    {{AT_ACTIVITY, .judgement = flagged},
     REPLAY_VERDICT,
     "It is flagged, and by the rules that spoke it would have been accepted."},
    {{AT_ADOPT, .judgement = accepted, .last = true},
     REPLAY_VERDICT,
     "It is accepted, and by the rules that spoke it would have been waiting."},
    {{AT_INTENT, .judgement = higher_lane},
     REPLAY_VERDICT,
     "Its lane is \"authorised\", and by the rules that spoke \"quick\"."},
};

static void each_lie_is_found_and_nothing_else_accused(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
                struct watched *w = watched_new(&lies[i].lie);
                struct found found;
                replay(w->f, &found);
                if (found.n != 1 || found.at[0].seq != lies[i].lie.seq ||
                    found.at[0].fault != lies[i].fault ||
                    strstr(found.at[0].sentence, lies[i].words) == NULL) {
                        show(&found);
                        fail_msg("lie %zu: %s", i, lies[i].words);
                }
                assert_int_equal(found.report.faults, 1);
                assert_int_equal(found.report.whole, found.report.entries - 1);
                watched_free(w);
        }
}

/* --- what is erased --- */

static void lose_field(struct body *b, const char *name)
{
        const struct field *field = field_of_name(b->kind, name, strlen(name));
        for (size_t i = 0; i < b->n; i++)
                if (b->field[i].number == field_number(field))
                        b->field[i].state = FIELD_MISSING;
}
static void lose_subject(struct body *b)
{
        lose_field(b, "subject");
}
static void lose_result(struct body *b)
{
        lose_field(b, "result");
}
static void lose_operation(struct body *b)
{
        lose_field(b, "operation");
}
static void lose_text(struct body *b)
{
        lose_field(b, "necessity");
}
static void lose_reference(struct body *b)
{
        lose_field(b, "authority_ref");
}
static void lose_subjects(struct body *b)
{
        lose_field(b, "subjects");
}

static const struct {
        struct lie lie;
        size_t partly; /* itself, and those that were judged by what it said */
} erased[] = {
    {{AT_SECOND_OFFICER, .kept = lose_subject}, 4}, /* AT_THIRD, AT_CAPTURED, AT_CLAIMED counted it */
    {{AT_INTENT, .kept = lose_subject}, 7},         /* AT_ACTIVITY and whatever counted that */
    {{AT_COMBINE, .kept = lose_subjects}, 4},
    {{AT_SECOND_OFFICER, .kept = lose_result}, 1},
    {{AT_SECOND_OFFICER, .kept = lose_operation}, 1}, /* it counts alone, as it did */
    {{AT_TYPED, .kept = lose_text}, 2},
    {{AT_AUTHORITY, .kept = lose_reference}, 2},
    {{AT_UNREGISTERED, .kept = lose_subject}, 1},
};

static void what_is_erased_is_told_in_part_and_nobody_accused(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof erased / sizeof erased[0]; i++) {
                struct watched *w = watched_new(&erased[i].lie);
                struct found found;
                replay(w->f, &found);
                show(&found);
                if (found.n > 0 || found.report.partly != erased[i].partly)
                        fail_msg("row %zu: %u only in part", i, (unsigned)found.report.partly);
                assert_int_equal(found.report.whole, found.report.entries - erased[i].partly);
                watched_free(w);
        }
}

static const struct {
        struct lie lie;
        enum replay_fault fault;
        const char *words;
} erased_lies[] = {
    {{AT_SECOND_OFFICER, .kept = lose_subject, .judgement = flagged},
     REPLAY_VERDICT,
     "It is flagged, which does not follow from the rules that spoke."},
    {{AT_UNREGISTERED, .kept = lose_subject, .judgement = accepted, .last = true},
     REPLAY_VERDICT,
     "It is accepted, which does not follow"},
    {{AT_UNREGISTERED, .kept = lose_subject, .judgement = add_of_other_pack},
     REPLAY_HITS,
     "N1 speaks in the ledger, and is no rule of the pack in force."},
    {{AT_UNREGISTERED, .kept = lose_subject, .facts = other_roles}, REPLAY_FACTS, "author.roles is"},
    /* one look is lost, by which a count may be wrong by one and not by more */
    {{AT_CAPTURED, .lost = AT_SECOND_OFFICER, .kept = lose_subject, .facts = nine_views},
     REPLAY_FACTS,
     "views.window is 9 in the ledger, and was 2"},
    {{AT_CAPTURED, .lost = AT_SECOND_OFFICER, .kept = lose_subject, .facts = no_window},
     REPLAY_FACTS,
     "views.window is 0 in the ledger, and was 2"},
    {{AT_AGAIN, .kept = lose_subject, .from = "quick", .to = "lofty"},
     REPLAY_VERDICT,
     "It is accepted, which does not follow"},
};

static void a_lie_about_what_is_erased_is_found(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof erased_lies / sizeof erased_lies[0]; i++) {
                struct watched *w = watched_new(&erased_lies[i].lie);
                struct found found;
                replay(w->f, &found);
                if (found.n != 1 || found.at[0].seq != erased_lies[i].lie.seq ||
                    found.at[0].fault != erased_lies[i].fault ||
                    strstr(found.at[0].sentence, erased_lies[i].words) == NULL) {
                        show(&found);
                        fail_msg("%s", erased_lies[i].words);
                }
                watched_free(w);
        }
}

/* --- packs, damage, keys --- */

static void a_pack_that_is_gone_is_told_once(void **state)
{
        struct watched *w = watched_new(NULL);
        struct found found;
        (void)state;
        founding_change(w->f, "DELETE FROM annex WHERE hash = ?1", hash_bytes(pack_hash(w->pack[1])),
                        bytes_of(NULL, 0));
        replay(w->f, &found);
        show(&found);
        assert_int_equal(found.n, 1);
        assert_int_equal(found.at[0].fault, REPLAY_PACK);
        assert_int_equal(found.at[0].seq, AT_NEW_PACK);
        assert_int_equal(found.report.untold, WATCHED_SIZE - AT_NEW_PACK);
        watched_free(w);
}

static void a_pack_whose_text_was_changed_is_no_pack(void **state)
{
        struct watched *w = watched_new(NULL);
        struct found found;
        (void)state;
        founding_change(w->f, "UPDATE annex SET bytes = ?2 WHERE hash = ?1",
                        hash_bytes(pack_hash(w->pack[0])), bytes_text(watched_second));
        replay(w->f, &found);
        assert_int_equal(found.n, 1);
        assert_int_equal(found.at[0].fault, REPLAY_PACK);
        assert_int_equal(found.at[0].seq, 1);
        watched_free(w);
}

static void damage_accuses_no_later_entry(void **state)
{
        static const char *const damage[] = {
            "DELETE FROM entry WHERE seq = 10",
            "DELETE FROM residue WHERE seq = 10",
            "UPDATE entry SET leaf = x'00' WHERE seq = 14",
            "UPDATE content SET sealed = zeroblob(60) WHERE seq = 13",
            "DELETE FROM entry WHERE seq = 0",
        };
        (void)state;
        for (size_t i = 0; i < sizeof damage / sizeof damage[0]; i++) {
                struct watched *w = watched_new(NULL);
                struct found found;
                founding_sql(w->f, damage[i]);
                replay(w->f, &found);
                show(&found);
                assert_int_equal(found.report.faults, 0);
                assert_true(found.n <= 1);
                assert_true(found.n == 0 || found.at[0].fault == REPLAY_CANNOT_TELL);
                watched_free(w);
        }
}

static void reasons_of_another_engine_cannot_be_told(void **state)
{
        const struct lie lie = {AT_INTENT, .from = "\"engine\":\"1\"", .to = "\"engine\":\"2\""};
        struct watched *w = watched_new(&lie);
        struct found found;
        (void)state;
        replay(w->f, &found);
        assert_int_equal(found.n, 1);
        assert_int_equal(found.at[0].fault, REPLAY_CANNOT_TELL);
        assert_int_equal(found.at[0].seq, AT_INTENT);
        assert_int_equal(found.report.faults, 0);
        assert_int_equal(found.report.untold, 1);
        watched_free(w);
}

static void reasons_that_are_gone_are_not_told(void **state)
{
        struct watched *w = watched_new(NULL);
        struct found found;
        (void)state;
        founding_sql(w->f, "DELETE FROM because WHERE seq = 15");
        replay(w->f, &found);
        assert_int_equal(found.n, 0);
        assert_int_equal(found.report.untold, 1);
        assert_int_equal(found.report.whole, WATCHED_SIZE - 2);
        watched_free(w);
}

static void other_keys_open_nothing(void **state)
{
        struct watched *w = watched_new(NULL);
        uint8_t key[SEAL_KEY_LEN] = {9};
        struct store_keys *keys = NULL;
        struct store *s = NULL;
        struct found found = {.n = 0};
        (void)state;
        assert_ok(store_open(w->f->path, STORE_COPY, NULL, &s, NULL));
        assert_err(replay_run(s, keep, NULL, &found, &found.report, NULL), ERR_SEALED);
        store_close(s);
        assert_ok(store_keys_new(bytes_of(key, sizeof key), &keys));
        founding_sql(w->f, "INSERT INTO because SELECT 0, sealed FROM because WHERE seq = 1 AND NOT EXISTS "
                           "(SELECT 1 FROM because WHERE seq = 0) UNION ALL SELECT 99, x'00'");
        assert_ok(store_open(w->f->path, STORE_COPY, keys, &s, NULL));
        assert_err(replay_run(s, keep, NULL, &found, &found.report, NULL), ERR_SEALED);
        assert_int_equal(found.n, 0);
        store_close(s);
        store_keys_free(keys);
        watched_free(w);
}

/* --- among the verifier's findings --- */

static void verify(struct founding *f, struct verification **out, char sentence[REPLAY_SENTENCE_MAX])
{
        struct verify_options options = {.log = &f->log, .threads = 1, .content = true};
        struct replay_report report;
        struct store *s = NULL;
        assert_ok(store_open(f->path, STORE_COPY, f->keys, &s, NULL));
        assert_ok(verify_run(s, &options, out, NULL));
        assert_ok(replay_verify(*out, s, NULL, &report, NULL));
        replay_sentence(&report, sentence);
        store_close(s);
}

static void findings_stand_among_the_verifiers_own(void **state)
{
        static const struct {
                struct lie lie;
                enum check check;
                const char *code, *sentence;
        } rows[] = {
            {{AT_CAPTURED, .facts = one_view}, CHECK_FACTS, "VER-27", "verdicts: 29 judged again, 1 fault"},
            {{AT_INTENT, .judgement = add_first},
             CHECK_RULES,
             "VER-28",
             "verdicts: 29 judged again, 1 fault"},
            {{AT_ACTIVITY, .judgement = flagged},
             CHECK_JUDGEMENT,
             "VER-29",
             "verdicts: 29 judged again, 1 fault"},
        };
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                struct watched *w = watched_new(&rows[i].lie);
                struct verification *v = NULL;
                char sentence[REPLAY_SENTENCE_MAX];
                size_t seen = 0;
                verify(w->f, &v, sentence);
                for (size_t k = 0; k < verification_findings(v); k++)
                        seen += verification_finding(v, k)->check == rows[i].check &&
                                verification_finding(v, k)->seq == rows[i].lie.seq;
                assert_int_equal(seen, 1);
                assert_string_equal(check_row(rows[i].check)->code, rows[i].code);
                assert_string_equal(sentence, rows[i].sentence);
                verification_free(v);
                watched_free(w);
        }
}

static void a_report_is_one_sentence(void **state)
{
        static const struct {
                struct replay_report report;
                const char *sentence;
        } rows[] = {
            {{.entries = 1237, .whole = 1234, .partly = 3},
             "verdicts: 1,237 judged again, all follow; 3 only in part (erased)"},
            {{.entries = 12, .whole = 12}, "verdicts: 12 judged again, all follow"},
            {{.entries = 1000000, .whole = 999000, .untold = 998, .faults = 2},
             "verdicts: 999,002 judged again, 2 faults; 998 not at all"},
        };
        char sentence[REPLAY_SENTENCE_MAX];
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                replay_sentence(&rows[i].report, sentence);
                assert_string_equal(sentence, rows[i].sentence);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(an_honest_ledger_has_no_finding),
            cmocka_unit_test(each_lie_is_found_and_nothing_else_accused),
            cmocka_unit_test(what_is_erased_is_told_in_part_and_nobody_accused),
            cmocka_unit_test(a_lie_about_what_is_erased_is_found),
            cmocka_unit_test(a_pack_that_is_gone_is_told_once),
            cmocka_unit_test(a_pack_whose_text_was_changed_is_no_pack),
            cmocka_unit_test(damage_accuses_no_later_entry),
            cmocka_unit_test(reasons_of_another_engine_cannot_be_told),
            cmocka_unit_test(reasons_that_are_gone_are_not_told),
            cmocka_unit_test(other_keys_open_nothing),
            cmocka_unit_test(findings_stand_among_the_verifiers_own),
            cmocka_unit_test(a_report_is_one_sentence),
        };
        return cmocka_run_group_tests(tests, sample_setup, NULL);
}
