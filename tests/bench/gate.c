/* bench_gate: what one entry costs the commit thread in the gate: facts and fields bound, all rules asked,
 * verdict and lane made. `bench_gate [FILE.yaml] [ASKS]`: of a generated pack of 60 rules with terms, or of
 * the file. One JSON line; microseconds an ask, each timed by itself. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "policy/gate.h"

#define ASKS   200000
#define SCENES 64 /* entries that take turns, so that no answer is learnt by heart */

/* The generated pack: as a force's own would be, each condition once with one number and once with another.
 */
static const char head[] =
    "name: bench\nversion: 1\ntitle: Sixty rules\n"
    "parameters:\n"
    "- {name: second_view, value: 2, title: t}\n- {name: third_view, value: 3, title: t}\n"
    "- {name: fourth_view, value: 4, title: t}\n- {name: ranks, title: t, words: [superintendent, chief "
    "superintendent, "
    "assistant chief constable]}\n"
    "- {name: tools, title: t, words: [api, scraper, aggregator, alert]}\n"
    "terms:\n"
    "- {name: person, title: t, when: \"coalesce(enquiry.subject_category, '') <> 'organisation' AND "
    "coalesce(enquiry.target_kind, 'account') IN ('account', 'named-person', 'unknown-person')\"}\n"
    "- {name: unmet, title: t, when: \"coalesce(authority.live, 0) = 0 AND coalesce(authority.determined, 0) "
    "= 0\"}\n"
    "- {name: covert, title: t, when: \"coalesce(enquiry.covert, 'yes') <> 'no' OR "
    "coalesce(enquiry.notice_given, 'no') "
    "<> 'yes'\"}\n"
    "- {name: factors, title: t, when: \"(enquiry.f2 IS 'yes') + (enquiry.f3 IS 'yes') + (enquiry.f4 IS "
    "'yes') + "
    "(enquiry.f5 IS 'yes') + (enquiry.f6 IS 'yes') + (views.window >= parameter.second_view)\"}\n"
    "- {name: deeper, title: t, when: \"coalesce(enquiry.f3, 'no') IN ('yes', 'unsure') OR "
    "coalesce(enquiry.f5, 'no') IN "
    "('yes', 'unsure') OR views.window >= parameter.third_view OR enquiry.planned_repeat IS 'yes'\"}\n"
    "- {name: directed, title: t, when: \"term.covert AND coalesce(enquiry.specific_investigation, 'yes') <> "
    "'no' AND "
    "enquiry.private_info_likely = 'yes' AND coalesce(enquiry.immediate_response, 'no') <> 'yes' AND "
    "term.deeper\"}\n"
    "- {name: child, title: t, when: \"enquiry.subject_age_band IN ('under-10', '10-13', '14-17')\"}\n"
    "- {name: missing, title: t, when: \"enquiry.purpose_code IS 'trace-missing' OR enquiry.subject_category "
    "IS "
    "'missing'\"}\n"
    "lanes:\n"
    "  standard: term.deeper OR has(parameter.tools, enquiry.method) OR term.factors >= 2\n"
    "  authorised: enquiry.engagement_level IN ('request-or-closed-group', 'message', "
    "'sustained-relationship')\n"
    "rules:\n";

static const char *const conditions[] = {
    "enquiry.art8_aim IS NULL",
    "enquiry.purpose_code IS NULL OR enquiry.objective IS NULL OR trim(enquiry.objective) = ''",
    "says_only(enquiry.objective, enquiry.purpose_code)",
    "enquiry.account_attribution = 'personal' OR enquiry.device_class = 'personal'",
    "term.directed AND term.unmet AND term.person",
    "term.covert AND term.deeper AND term.unmet AND enquiry.private_info_likely = 'unsure'",
    "term.factors >= 2 AND term.unmet",
    "term.factors >= 4 AND term.unmet AND term.person",
    "(enquiry.f3 = 'yes' OR enquiry.f5 = 'yes') AND term.unmet",
    "views.window >= parameter.second_view AND term.unmet AND term.person",
    "views.window >= parameter.third_view AND term.unmet AND term.person",
    "(views.window >= parameter.fourth_view OR views.d7 >= parameter.third_view) AND term.unmet AND "
    "term.person",
    "views.window >= parameter.third_view AND views.operation_officers >= 2 AND term.person",
    "views.accounts >= parameter.third_view AND term.person",
    "views.d365 >= 6 AND views.window < parameter.second_view AND term.person",
    "views.sittings >= 2 AND term.unmet",
    "has(parameter.tools, enquiry.method) AND enquiry.planned_repeat = 'yes' AND term.unmet",
    "enquiry.on_behalf_of IS NOT NULL AND term.unmet",
    "authority.claimed = 1 AND coalesce(authority.state, 'none') <> 'live'",
    "authority.claimed = 1 AND NOT has(parameter.ranks, authority.rank)",
    "authority.claimed = 1 AND authority.subject_in_scope = 0",
    "authority.claimed = 1 AND authority.hours_left < 336 AND authority.urgent = 0",
    "enquiry.engagement_level IN ('message', 'sustained-relationship') AND coalesce(authority.type, '') NOT "
    "IN ('chis', "
    "'relevant-source')",
    "persona.claimed = 1 AND coalesce(persona.state, 'none') <> 'live'",
    "term.child AND NOT term.missing",
    "term.child AND term.missing",
    "enquiry.subject_category IN ('victim', 'witness')",
    "size(enquiry.sensitive_categories) > 0 AND coalesce(enquiry.strictly_necessary, '') = ''",
    "entry.likeness >= 90 AND entry.alike_d7 >= 3",
    "enquiry.npcc_level > coalesce(author.training, 0)",
};
#define CONDITIONS (sizeof conditions / sizeof conditions[0])

static void put_pack(struct buf *out)
{
        static const char *const effects[] = {"refuse", "authorise", "approve", "warn", "note"};
        buf_put_text(out, head);
        for (size_t i = 0; i < 2 * CONDITIONS; i++)
                buf_put_format(
                    out,
                    "- {id: R%zu, title: t, when: \"(%s) AND coalesce(entry.late_s, 0) >= %zu\", effect: %s, "
                    "kind: code, because: b, advice: a}\n",
                    i, conditions[i % CONDITIONS], i / CONDITIONS, effects[i % 5]);
        buf_put_text(out, "tests:\n");
        for (size_t i = 0; i < 8 * CONDITIONS; i++)
                buf_put_format(out, "- {rule: R%zu, fires: %s}\n", i / 4, i % 2 ? "yes" : "no");
}

static enum err read_pack(const char *path, struct buf *out)
{
        char part[65536];
        size_t n;
        FILE *f = fopen(path, "rbe");
        if (f == NULL)
                return ERR_ABSENT;
        while ((n = fread(part, 1, sizeof part, f)) > 0)
                buf_put(out, bytes_of(part, n));
        (void)fclose(f);
        return buf_check(out);
}

struct scene {
        struct body body;
        struct facts facts;
        char objective[100];
};

static enum err add(struct body *b, const char *name, const char *json)
{
        const struct field *field = field_of_name(b->kind, name, strlen(name));
        return field ? body_add(b, field, ORIGIN_TYPED, bytes_text(json)) : ERR_BUG;
}

/* A look as people describe it: some twenty fields. */
static enum err fill_body(struct scene *s, unsigned i)
{
        static const char *const yes_no[] = {"\"no\"", "\"yes\""};
        static const char *const fields_given[][2] = {
            {"operation", "\"OP-ALDER-1\""},
            {"purpose_code", "\"trace-suspect\""},
            {"art8_aim", "\"disorder-or-crime\""},
            {"url", "\"https://www.facebook.com/somebody.of.hull\""},
            {"subject_category", "\"suspect\""},
            {"target_kind", "\"account\""},
            {"private_info_likely", "\"yes\""},
            {"covert", "\"yes\""},
            {"f2", "\"no\""},
            {"f4", "\"no\""},
            {"f6", "\"no\""},
            {"method", "\"manual\""},
            {"engagement_level", "\"passive-view\""},
            {"account_attribution", "\"corporate-overt\""},
            {"device_class", "\"corporate\""},
            {"subject_age_band", "\"adult\""},
            {"sensitive_categories", "[]"},
        };
        enum err e = OK;
        body_init(&s->body, KIND_INTENT);
        for (size_t k = 0; !e && k < sizeof fields_given / sizeof fields_given[0]; k++)
                e = add(&s->body, fields_given[k][0], fields_given[k][1]);
        (void)snprintf(s->objective, sizeof s->objective,
                       "\"Which town does account holder %u say he lives in\"", i);
        if (e || (e = add(&s->body, "objective", s->objective)) ||
            (e = add(&s->body, "f3", yes_no[i % 16 == 1])))
                return e;
        return add(&s->body, "f5", yes_no[i % 16 == 2]);
}

static enum err fill(struct scene *s, unsigned i)
{
        static const enum fact zero[] = {FACT_AUTHOR_OPEN_LATE,  FACT_VIEWS_SITTINGS, FACT_VIEWS_IMMEDIATE,
                                         FACT_AUTHORITY_CLAIMED, FACT_AUTHORITY_LIVE, FACT_PERSONA_CLAIMED,
                                         FACT_ENTRY_LIKENESS};
        static const enum fact one[] = {
            FACT_AUTHOR_TRAINING, FACT_AUTHOR_INTENTS_M10,       FACT_OPERATION_KNOWN, FACT_OPERATION_OPEN,
            FACT_VIEWS_OFFICERS,  FACT_VIEWS_OPERATION_OFFICERS, FACT_VIEWS_ACCOUNTS};
        static const enum fact looks[] = {FACT_VIEWS_D7, FACT_VIEWS_WINDOW, FACT_VIEWS_D365};
        struct fact_value *v = s->facts.value;
        enum err e = fill_body(s, i);
        s->facts.kind = KIND_INTENT;
        s->facts.body = &s->body;
        s->facts.at_us = INT64_C(1790000000000000) + i;
        for (size_t k = 0; k < sizeof zero / sizeof zero[0]; k++)
                v[zero[k]] = (struct fact_value){.type = FACT_INT};
        for (size_t k = 0; k < sizeof one / sizeof one[0]; k++)
                v[one[k]] = (struct fact_value){.type = FACT_INT, .number = 1};
        for (size_t k = 0; k < sizeof looks / sizeof looks[0]; k++)
                v[looks[k]] = (struct fact_value){.type = FACT_INT, .number = 1 + (i % 8 == 3)};
        v[FACT_AUTHOR_UNIT] = (struct fact_value){.type = FACT_TEXT, .text = bytes_text("CID North")};
        v[FACT_AUTHOR_ROLES] = (struct fact_value){.type = FACT_TEXT, .text = bytes_text("investigator")};
        v[FACT_AUTHORITY_STATE] = v[FACT_PERSONA_STATE] =
            (struct fact_value){.type = FACT_TEXT, .text = bytes_text("none")};
        return e;
}

static double now_us(void)
{
        struct timespec t;
        (void)clock_gettime(CLOCK_MONOTONIC, &t);
        return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
        const double x = *(const double *)a, y = *(const double *)b;
        return (x > y) - (x < y);
}

static enum err ask_all(struct gate *gate, size_t asks, double took[], size_t *out_hits)
{
        static struct scene scenes[SCENES];
        struct judgement j;
        enum err e = OK;
        for (unsigned i = 0; !e && i < SCENES; i++)
                e = fill(&scenes[i], i);
        for (size_t i = 0; !e && i < asks + asks / 10;
             i++) { /* the first tenth warms up, and is written over */
                double from = now_us();
                e = gate_ask(gate, &scenes[i % SCENES].facts, &j, NULL);
                took[i % asks] = now_us() - from;
                if (!e && j.broken)
                        e = ERR_RULE;
                *out_hits += e ? 0 : j.hits_n;
        }
        qsort(took, asks, sizeof *took, by_size);
        return e;
}

static enum err run(const char *path, size_t asks, struct why *why)
{
        struct buf yaml;
        struct pack *pack = NULL;
        struct gate *gate = NULL;
        double *took = calloc(asks, sizeof *took);
        size_t hits = 0;
        enum err e = took ? OK : ERR_NO_MEMORY;
        buf_init(&yaml, PACK_TEXT_MAX);
        if (!path)
                put_pack(&yaml);
        if (e || (path && (e = read_pack(path, &yaml))) || (e = buf_check(&yaml)) ||
            (e = pack_parse(buf_bytes(&yaml), NULL, &pack, why)) || (e = gate_new(pack, &gate, why)) ||
            (e = ask_all(gate, asks, took, &hits)))
                goto done;
        (void)printf(
            "{\"pack\":\"%s\",\"rules\":%zu,\"asks\":%zu,\"hits\":%zu,\"median_us\":%.2f,\"p99_us\":%.2f}\n",
            pack_name(pack), pack_rules(pack), asks, hits, took[asks / 2], took[asks - asks / 100 - 1]);
done:
        gate_free(gate);
        pack_free(pack);
        buf_clear(&yaml);
        free(took);
        return e;
}

int main(int argc, char *argv[])
{
        struct why why = {OK, ""};
        size_t asks = argc > 2 ? strtoul(argv[2], NULL, 10) : ASKS;
        enum err e = crypto_setup();
        if (asks == 0)
                return 2;
        if (!e)
                e = run(argc > 1 && strcmp(argv[1], "-") != 0 ? argv[1] : NULL, asks, &why);
        if (e)
                (void)fprintf(stderr, "bench_gate: %s %s\n", err_row(e)->sentence, why.detail);
        return e ? 1 : 0;
}
