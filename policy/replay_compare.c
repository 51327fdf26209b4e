/* What the ledger says about an entry against what the pack in force says. */
#include <stdio.h>
#include <stdlib.h>

#include "policy/replay_private.h"

#define VALUE_MAX 40      /* bytes of a value that a sentence shows */
#define ENGINE    "\"1\"" /* whose reasons can be made again here */

/* The reasons as the ledger keeps them, and as they were made again. */
struct reasons {
        struct bytes whole, lane, hits, facts, engine, broken; /* JSON texts; broken empty: none */
};

static enum err reasons_take(struct bytes value, struct reasons *out)
{
        enum err e;
        *out = (struct reasons){.whole = value};
        if ((e = json_member(value, "lane", &out->lane)) || (e = json_member(value, "hits", &out->hits)) ||
            (e = json_member(value, "facts", &out->facts)) ||
            (e = json_member(value, "engine", &out->engine)))
                return e;
        (void)json_member(value, "broken", &out->broken);
        return OK;
}

/* --- asking --- */

/* What entries about members and policy need beside the rules is a second person. */
static void second_person(struct replay *r, struct judgement *j)
{
        const struct statement *s = &r->entry->statement;
        if ((s->kind == KIND_MEMBER || s->kind == KIND_POLICY) && j->verdict != VERDICT_REFUSED &&
            roster_needs_second(r->roster, r->entry->key, s))
                j->verdict = VERDICT_WAITING;
}

/* No rule is asked about members. */
static enum err ask(struct replay *r, const struct facts *facts)
{
        struct judgement *j = r->judgement;
        enum err e = OK;
        if (r->entry->statement.kind == KIND_MEMBER)
                memset(j, 0, sizeof *j);
        else
                e = gate_ask(r->gate, facts, j, NULL);
        if (!e)
                second_person(r, j);
        return e;
}

/* --- facts --- */

static bool among(enum fact f, enum fact first, enum fact last)
{
        return f >= first && f <= last;
}

/* A look whose account, operation, time or result is gone moves a count by one at the most: a view is left
 * out, stands alone, or ends where another begins. */
static bool explained_view(const struct replay *r, enum fact f, const struct fact_value *stored,
                           const struct fact_value *remade)
{
        if (r->dark.ties || r->dark.looks == 0)
                return r->dark.ties;
        if (f == FACT_VIEWS_LAST_AT)
                return true;
        return stored->type == FACT_INT && remade->type == FACT_INT &&
               llabs(stored->number - remade->number) <= (int64_t)r->dark.looks;
}

/* Whether what was erased, in this entry or before it, may be why the fact cannot be made as it was. */
static bool explained(const struct replay *r, enum fact f, const struct fact_value *stored,
                      const struct fact_value *remade)
{
        const struct replay_entry *x = r->entry;
        if (among(f, FACT_VIEWS_D7, FACT_VIEWS_LAST_AT))
                return (x->erased && (replay_look_is_gone(&x->body) ||
                                      (x->has_target_body && replay_look_is_gone(&x->target_body)))) ||
                       explained_view(r, f, stored, remade);
        if (among(f, FACT_OPERATION_KNOWN, FACT_OPERATION_OPEN))
                return r->dark.operations || x->erased;
        if (among(f, FACT_AUTHORITY_CLAIMED, FACT_PERSONA_COUNT))
                return r->dark.registry || x->erased;
        if (f == FACT_ENTRY_LIKENESS || f == FACT_ENTRY_ALIKE_D7)
                return r->dark.texts || r->dark.registry || x->erased;
        if (among(f, FACT_ENTRY_TARGET_KIND, FACT_ENTRY_TARGET_HELD))
                return x->has_target_body && x->target_erased;
        if (f == FACT_ENTRY_APPROVED || f == FACT_ENTRY_INTENT_STATE || f == FACT_ENTRY_ACT)
                return false;
        return x->erased && !among(f, FACT_AUTHOR_TRAINING, FACT_AUTHOR_INTENTS_M10);
}

static enum err value_of(struct replay *r, struct bytes json, struct fact_value *out)
{
        struct bytes escaped;
        size_t from = r->scratch.n;
        enum err e;
        *out = (struct fact_value){.type = FACT_NULL};
        if (json.n == 0)
                return OK;
        if (!json_whole_int(json, &out->number)) {
                out->type = FACT_INT;
                return OK;
        }
        if ((e = json_whole_string(json, &escaped)) || (e = json_unescape(escaped, &r->scratch)))
                return e;
        out->type = FACT_TEXT;
        out->text = buf_since(&r->scratch, from);
        return OK;
}

static void shown(struct bytes json, const char *absent, char out[VALUE_MAX + 1])
{
        if (json.n == 0)
                (void)snprintf(out, VALUE_MAX + 1, "%s", absent);
        else
                (void)snprintf(out, VALUE_MAX + 1, "%.*s", (int)(json.n < VALUE_MAX ? json.n : VALUE_MAX),
                               (const char *)json.at);
}

struct difference {
        unsigned told, explained; /* facts that differ for no reason; that differ and may */
        enum fact first;
        struct bytes stored, remade; /* of the first that differs for no reason */
};

/* The facts of the ledger in the place of those that were made again, and what differs. */
static enum err compare_facts(struct replay *r, const struct reasons *stored, const struct reasons *remade,
                              struct facts *facts, struct difference *out)
{
        *out = (struct difference){0};
        buf_reset(&r->scratch);
        buf_reserve(&r->scratch, r->scratch.max);
        for (enum fact f = 0; f < FACT_COUNT; f++) {
                struct bytes a = bytes_of(NULL, 0), b = a;
                struct fact_value value;
                (void)json_member(stored->facts, fact_name(f), &a);
                (void)json_member(remade->facts, fact_name(f), &b);
                if (bytes_equal(a, b))
                        continue;
                if (value_of(r, a, &value))
                        value = (struct fact_value){.type = FACT_NULL};
                if (explained(r, f, &value, &facts->value[f])) {
                        out->explained++;
                } else if (out->told++ == 0) {
                        out->first = f;
                        out->stored = a;
                        out->remade = b;
                }
                facts->value[f] = value;
        }
        return buf_check(&r->scratch);
}

static void tell_facts(struct replay *r, const struct difference *d, enum verdict by_rules)
{
        char stored[VALUE_MAX + 1], remade[VALUE_MAX + 1], more[40] = "", instead[60] = "";
        shown(d->stored, "not said", stored);
        shown(d->remade, "not known", remade);
        if (d->told > 1)
                (void)snprintf(more, sizeof more, " (and %u more)", d->told - 1);
        if (by_rules != r->entry->leaf.verdict)
                (void)snprintf(instead, sizeof instead, "; it is %s, and would have been %s",
                               verdict_name(r->entry->leaf.verdict), verdict_name(by_rules));
        replay_tell(r, REPLAY_FACTS, "%s is %s in the ledger, and was %s%s%s.", fact_name(d->first), stored,
                    remade, more, instead);
}

/* --- hits --- */

struct hit {
        char id[PACK_ID_MAX + 1];
        struct bytes effect;
};

static enum err hit_take(struct bytes value, struct hit *out)
{
        struct bytes id, text;
        enum err e;
        if ((e = json_member(value, "id", &id)) || (e = json_member(value, "effect", &out->effect)) ||
            (e = json_whole_string(id, &text)) || (e = bytes_to_text(text, out->id, sizeof out->id)))
                return e;
        return json_whole_string(out->effect, &out->effect);
}

static const struct rule *said(const struct judgement *j, const char *id)
{
        for (size_t i = 0; i < j->hits_n; i++)
                if (strcmp(j->hit[i]->id, id) == 0)
                        return j->hit[i];
        return NULL;
}

/* A rule that speaks in the ledger: is it one of the pack, with that effect, asked about such entries? */
static bool check_rule(struct replay *r, const struct hit *h)
{
        const struct rule *rule = pack_rule_of_id(r->pack, h->id);
        if (rule == NULL)
                replay_tell(r, REPLAY_HITS, "%s speaks in the ledger, and is no rule of the pack in force.",
                            h->id);
        else if (!bytes_is(h->effect, effect_name(rule->effect)))
                replay_tell(r, REPLAY_HITS,
                            "%s has the effect %.*s in the ledger, and %s in the pack in force.", h->id,
                            (int)(h->effect.n < 20 ? h->effect.n : 20), (const char *)h->effect.at,
                            effect_name(rule->effect));
        else if (!(rule->kinds >> r->entry->statement.kind & 1u))
                replay_tell(r, REPLAY_HITS, "%s speaks in the ledger, and is not asked about such entries.",
                            h->id);
        else
                return true;
        return false;
}

/* The first difference is told: the others mostly follow from it. */
static bool compare_hits(struct replay *r, const struct reasons *stored)
{
        const struct judgement *j = r->judgement;
        struct bytes at = stored->hits, value;
        struct hit h;
        size_t n = 0;
        bool done = false;
        while (!json_next_element(&at, &value, &done) && !done) {
                if (hit_take(value, &h)) {
                        replay_tell(r, REPLAY_HITS, "Its list of rules has another form.");
                        return false;
                }
                if (!check_rule(r, &h))
                        return false;
                if (said(j, h.id) == NULL) {
                        replay_tell(r, REPLAY_HITS, "%s speaks in the ledger, and does not by its facts.",
                                    h.id);
                        return false;
                }
                if (n >= j->hits_n || strcmp(j->hit[n]->id, h.id) != 0)
                        break;
                n++;
        }
        if (n < j->hits_n)
                replay_tell(r, REPLAY_HITS, "%s does not speak in the ledger, and does by its facts.",
                            j->hit[n]->id);
        else if (!done)
                replay_tell(r, REPLAY_HITS, "Its rules stand in the ledger twice.");
        return n == j->hits_n && done;
}

static void compare_rest(struct replay *r, const struct reasons *stored, const struct reasons *remade)
{
        const struct judgement *j = r->judgement;
        const enum verdict verdict = r->entry->leaf.verdict;
        if (!compare_hits(r, stored))
                return;
        if (!bytes_equal(stored->broken, remade->broken))
                replay_tell(r, REPLAY_HITS, "A rule failed %s.",
                            stored->broken.n > 0 ? "in the ledger, and does not here"
                                                 : "here, and did not in the ledger");
        else if (verdict != j->verdict)
                replay_tell(r, REPLAY_VERDICT, "It is %s, and by the rules that spoke it would have been %s.",
                            verdict_name(verdict), verdict_name(j->verdict));
        else if (!bytes_equal(stored->lane, remade->lane))
                replay_tell(r, REPLAY_VERDICT, "Its lane is %.*s, and by the rules that spoke %.*s.",
                            (int)(stored->lane.n < 20 ? stored->lane.n : 20), (const char *)stored->lane.at,
                            (int)remade->lane.n, (const char *)remade->lane.at);
        else if (!bytes_equal(stored->whole, remade->whole))
                replay_tell(r, REPLAY_FACTS, "Its reasons hold what no rule of this engine was given.");
}

/* --- what is left of an entry --- */

/* The verdict from the rules that the ledger says spoke; whether a lane that the look may have asked for
 * gives what the ledger has. */
static bool follows(struct replay *r, const struct facts *facts, const struct reasons *stored)
{
        struct judgement *j = r->judgement;
        struct bytes lane;
        if (json_whole_string(stored->lane, &lane))
                return false;
        for (enum lane asked = LANE_QUICK; asked <= LANE_AUTHORISED; asked++) {
                judgement_settle(j, facts, asked);
                second_person(r, j);
                if (j->verdict == r->entry->leaf.verdict &&
                    bytes_is(lane, j->has_lane ? lane_names[j->lane] : ""))
                        return true;
        }
        return false;
}

static enum err compare_left(struct replay *r, const struct reasons *stored, const struct facts *facts)
{
        struct judgement *j = r->judgement;
        struct bytes at = stored->hits, value;
        struct hit h;
        bool done = false;
        memset(j, 0, sizeof *j);
        j->broken = stored->broken.n > 0;
        while (!json_next_element(&at, &value, &done) && !done) {
                if (hit_take(value, &h) || j->hits_n == HITS_MAX) {
                        replay_tell(r, REPLAY_HITS, "Its list of rules has another form.");
                        return OK;
                }
                if (!check_rule(r, &h))
                        return OK;
                j->hit[j->hits_n++] = pack_rule_of_id(r->pack, h.id);
        }
        if (!follows(r, facts, stored))
                replay_tell(r, REPLAY_VERDICT, "It is %s, which does not follow from the rules that spoke.",
                            verdict_name(r->entry->leaf.verdict));
        return OK;
}

/* --- one entry --- */

/* The facts of the ledger where they may be right, those made again to tell what would have been. */
static enum err compare_parts(struct replay *r, const struct facts *facts, const struct reasons *stored)
{
        struct facts given = *facts;
        struct difference d;
        struct reasons remade;
        const enum verdict by_rules = r->judgement->verdict;
        const bool left = r->entry->erased;
        enum err e;
        if ((e = reasons_take(buf_bytes(&r->remade), &remade)) ||
            (e = compare_facts(r, stored, &remade, &given, &d)))
                return e;
        if (d.told > 0)
                tell_facts(r, &d, left ? r->entry->leaf.verdict : by_rules);
        else
                r->report.partly += left || d.explained > 0;
        if (left)
                return compare_left(r, stored, &given);
        if (d.told + d.explained > 0) {
                buf_reset(&r->remade);
                if ((e = ask(r, &given)) || (e = judgement_put(&r->remade, r->judgement, &given)) ||
                    (e = reasons_take(buf_bytes(&r->remade), &remade)))
                        return e;
        }
        compare_rest(r, stored, &remade);
        return OK;
}

/* A reading's facts also say what was shown, which nobody can count again. */
static enum err without_shown(struct replay *r, struct bytes value, struct bytes *out)
{
        struct bytes facts, at, name, fact;
        bool done = false;
        enum err e = json_member(value, "facts", &facts);
        if (e)
                return e;
        buf_reset(&r->kept);
        buf_put(&r->kept, bytes_of(value.at, (size_t)(facts.at - value.at)));
        buf_put_text(&r->kept, "{");
        for (at = facts; !(e = json_next_member(&at, &name, &fact, &done)) && !done;) {
                if (bytes_is(name, "class") || bytes_is(name, "count") || bytes_is(name, "shown"))
                        continue;
                buf_put_text(&r->kept, r->kept.at[r->kept.n - 1] == '{' ? "\"" : ",\"");
                buf_put(&r->kept, name);
                buf_put_text(&r->kept, "\":");
                buf_put(&r->kept, fact);
        }
        buf_put_text(&r->kept, "}");
        buf_put(&r->kept, bytes_of(facts.at + facts.n, value.n - (size_t)(facts.at - value.at) - facts.n));
        *out = buf_bytes(&r->kept);
        return e ? e : buf_check(&r->kept);
}

static enum err load_stored(struct replay *r, struct bytes *out)
{
        enum err e;
        buf_reset(&r->because);
        if ((e = store_because(r->store, r->entry->seq, &r->because)) ||
            (e = because_value(buf_bytes(&r->because), out)))
                return e;
        return r->entry->statement.kind == KIND_CONSULT ? without_shown(r, *out, out) : OK;
}

enum err replay_compare(struct replay *r, const struct facts *facts)
{
        struct reasons stored;
        struct bytes text;
        enum err e = load_stored(r, &text);
        if (e && replay_of_machine(e))
                return e;
        if (e) { /* why they are not there the verifier says */
                r->report.untold++;
                return OK;
        }
        buf_reset(&r->remade);
        if ((e = ask(r, facts)) || (e = judgement_put(&r->remade, r->judgement, facts)))
                return e;
        if (!r->entry->erased && r->judgement->verdict == r->entry->leaf.verdict &&
            bytes_equal(text, buf_bytes(&r->remade))) {
                r->report.whole++;
                return OK;
        }
        if (reasons_take(text, &stored)) {
                replay_tell(r, REPLAY_HITS, "Its reasons have another form.");
                return OK;
        }
        if (!bytes_is(stored.engine, ENGINE)) {
                r->report.untold++;
                replay_tell(r, REPLAY_CANNOT_TELL, "Its reasons are of another engine than this one.");
                return OK;
        }
        return compare_parts(r, facts, &stored);
}
