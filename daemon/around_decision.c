/* Decisions, and determinations that settle as a decision does. */
#include "daemon/around_parts.h"

#include <stdlib.h>

#include "daemon/sight.h"
#include "policy/words.h"

/* The digests that the deciding person was shown are those of the entry, and `seen` is made of them. */
static enum err check_seen(struct around *a, struct why *why)
{
        const struct body_field *shown = body_find(a->body, "shown");
        struct hash *digests = calloc(BODY_FIELDS_MAX, sizeof *digests), leaf, seen;
        struct bytes at, value;
        size_t n = 0;
        bool done;
        enum err e;
        if (digests == NULL)
                return ERR_NO_MEMORY;
        if (shown == NULL) {
                e = why_set(why, ERR_FIELD_MISSING, "shown: which fields of the entry were on the screen");
                goto done;
        }
        at = shown->value;
        while (!(e = json_next_element(&at, &value, &done)) && !done) {
                struct bytes text;
                bool found = false;
                if (n == BODY_FIELDS_MAX || json_whole_string(value, &text) ||
                    hash_of_text(text, &digests[n])) {
                        e = ERR_FIELD_VALUE;
                        goto done;
                }
                for (size_t i = 0; i < a->target_body.n && !found; i++)
                        found = hash_equal(&a->target_body.field[i].digest, &digests[n]);
                if (!found) {
                        e = why_set(why, ERR_SEEN, "a field was shown that the entry does not have");
                        goto done;
                }
                n++;
        }
        if (e || (e = tree_leaf_hash(buf_bytes(&a->target_leaf), &leaf)) ||
            (e = seen_hash(&leaf, n, digests, &seen)))
                goto done;
        for (size_t i = 1; i < n && !e; i++) /* sorted by now */
                if (hash_equal(&digests[i - 1], &digests[i]))
                        e = why_set(why, ERR_SEEN, "a field is listed twice");
        if (!e && !hash_equal(&seen, &a->statement->claims.seen))
                e = ERR_SEEN;
done:
        free(digests);
        return e;
}

/* --- what a supervisor alone cannot settle --- */

/* Whether the entry waits because of a rule that only an authority or a determination meets. */
static enum err waits_for_authority(struct ledger *l, uint64_t seq, bool *out)
{
        struct buf text;
        struct bytes value, hits, hit, effect, word;
        bool done = false;
        enum err e;
        *out = false;
        buf_init(&text, LEAF_MAX);
        if ((e = store_because(l->store, seq, &text)) || (e = because_value(buf_bytes(&text), &value)) ||
            (e = json_member(value, "hits", &hits)))
                goto done;
        while (!(e = json_next_element(&hits, &hit, &done)) && !done)
                if (!json_member(hit, "effect", &effect) && !json_whole_string(effect, &word))
                        *out |= bytes_is(word, effect_name(EFFECT_AUTHORISE));
done:
        buf_clear(&text);
        return e;
}

/* Asks the gate about the entry again, as things stand now. */
static enum err judge_again(struct ledger *l, const struct around *a, struct around *again, struct why *why)
{
        enum err e;
        again->statement = &a->target;
        again->body = &a->target_body;
        again->item = a->target_item;
        again->item.at_us = a->item.at_us;
        again->scene.kind = a->target_item.kind;
        again->scene.act = a->target_item.act;
        again->scene.at_us = a->item.at_us;
        again->scene.body = again->body;
        again->scene.statement = again->statement;
        again->scene.registry = l->registry;
        around_author(l, again);
        if ((e = around_tags(l, again)) || (e = around_operation(l, again)) || (e = around_views(l, again)) ||
            (e = scene_facts(&again->scene, l->pack, &again->facts, why)))
                return e;
        return gate_ask(l->gate, &again->facts, &again->judgement, why);
}

static enum err check_determined(struct ledger *l, const struct around *a, struct why *why)
{
        struct around *again = calloc(1, sizeof *again);
        enum err e;
        if (again == NULL)
                return ERR_NO_MEMORY;
        around_init(again);
        e = judge_again(l, a, again, why);
        if (!e && again->judgement.broken) /* nobody can say that it needs none */
                e = why_set(why, ERR_UNDETERMINED, "the policy in force cannot be asked");
        for (size_t i = 0; i < again->judgement.hits_n && !e; i++)
                if (again->judgement.hit[i]->effect == EFFECT_AUTHORISE)
                        e = why_set(why, ERR_UNDETERMINED, "rule %s: %.150s", again->judgement.hit[i]->id,
                                    again->judgement.hit[i]->title);
        around_clear(again);
        free(again);
        return e;
}

static bool lets_through(enum verb verb)
{
        return verb == VERB_APPROVE || verb == VERB_CONDITIONS;
}

enum err around_decision(struct ledger *l, struct around *a, struct why *why)
{
        const struct roster_member *m = roster_member_at(l->roster, a->item.member);
        struct reader reader = {.member = a->item.member, .roles = m->roles, .unit = a->item.unit};
        bool membership = a->target_item.kind == KIND_MEMBER || a->target_item.kind == KIND_POLICY;
        bool needs = false;
        enum err e;
        if (a->target_item.decided != DECIDED_WAITING)
                return ERR_DECIDED;
        if (!sight_decides(&reader, &a->target_item, sight_orphan(l->roster, a->target_item.unit)))
                return why_set(why, ERR_ROLE, "the entry belongs to another unit, or is not yours to decide");
        a->settles = membership;
        if ((e = around_target_body(l, a, why)) || (e = check_seen(a, why)))
                return e;
        if (membership || !lets_through(a->statement->claims.verb))
                return OK;
        e = waits_for_authority(l, a->target_item.seq, &needs);
        return e || !needs ? e : check_determined(l, a, why);
}

enum err around_determination(struct around *a, struct why *why)
{
        const struct body_field *text = body_find(a->body, "determination");
        struct bytes said = bytes_of(NULL, 0);
        if (text == NULL || json_whole_string(text->value, &said) || words_trim(said).n == 0)
                return why_set(why, ERR_FIELD_MISSING,
                               "determination: why this is not directed surveillance, in words");
        if (!a->has_target)
                return OK;
        if (a->target_item.kind != KIND_INTENT)
                return why_set(why, ERR_REF, "what it is about is not an enquiry");
        if (a->target_item.member == a->item.member)
                return why_set(why, ERR_OWN, "the enquiry is your own");
        return a->target_item.decided == DECIDED_WAITING ? OK : ERR_DECIDED;
}
