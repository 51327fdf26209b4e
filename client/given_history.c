#include "client/given_events.h"

#include <stdlib.h>
#include <string.h>

#define OPEN_AFTER_US MOMENT_DAY_US
#define BURST_US      (10 * 60 * MOMENT_SECOND_US)

/* --- views --- */

static void feed_account(struct given *g, const struct history *h, size_t account)
{
        fold_account(&g->fold);
        for (size_t i = 0; i < h->n; i++)
                if (h->at[i].counts && h->at[i].account == account && h->at[i].time_us <= g->time_us)
                        fold_look(&g->fold, &h->at[i].look);
}

/* Who looks now. Somebody whom nobody named is not one officer more. */
static uint32_t present_member(const struct given *g, const struct history *h)
{
        return g->author_n > 0 || h->n == 0 ? OWN : h->at[h->n - 1].member;
}

static enum err count_views(struct given *g, struct history *h, const char *subject)
{
        const bool looks = g->parts.kind == KIND_INTENT || scene_is_look(&g->body);
        struct look present;
        const char *operation;
        size_t own;
        enum err e;
        scene_look(&g->scene, &present);
        present.member = present_member(g, h);
        if ((e = given_field_text(g, TEXT_OPERATION, "operation", &operation)) ||
            (e = given_operation_tag(operation, present.operation)) ||
            (e = ties_name(h->ties, subject, &own)))
                return e;
        fold_init(&g->fold, g->time_us, scene_window_days(g->pack), present.operation);
        ties_find(h->ties, own);
        for (size_t account = 0; account < ties_count(h->ties); account++)
                if (account != own && ties_found(h->ties, account))
                        feed_account(g, h, account);
        feed_account(g, h, own);
        if (looks)
                fold_present(&g->fold, &present);
        g->scene.views = &g->fold;
        return OK;
}

static enum err views(struct given *g, struct history *h)
{
        char subject[SUBJECT_CANONICAL_MAX + 1], person[SUBJECT_CANONICAL_MAX + 1];
        const char *said, *ref;
        enum err e;
        if (!given_is_enquiry(g->parts.kind) || (e = given_field_text(g, TEXT_SUBJECT, "subject", &said)))
                return given_is_enquiry(g->parts.kind) ? e : OK;
        if (said[0] == '\0')
                return OK;
        if ((e = whom_of_text(said, subject)) ||
            (e = given_field_text(g, TEXT_SUBJECT_REF, "subject_ref", &ref)))
                return e;
        if (ref[0] != '\0' &&
            ((e = given_reference(ref, person)) || (e = ties_put(h->ties, subject, person, true))))
                return e;
        return count_views(g, h, subject);
}

/* --- the author's own --- */

/* What the author typed unasked: a report under an enquiry says again what the enquiry said. */
static bool is_typed(const struct event *v)
{
        return v->member == OWN && given_is_enquiry(v->kind) && !sketch_empty(&v->sketch) &&
               (v->kind == KIND_INTENT || text_of(v->o, "intent")[0] == '\0');
}

/* The largest likeness with those before it, of the newest SKETCH_RECENT. */
static unsigned likeness_before(const struct history *h, size_t end, const struct sketch *s)
{
        unsigned most = 0, seen = 0;
        for (size_t i = end; i-- > 0 && seen < SKETCH_RECENT;) {
                const struct event *v = &h->at[i];
                if (!is_typed(v))
                        continue;
                unsigned now = sketch_likeness(s, &v->sketch);
                most = now > most ? now : most;
                seen++;
        }
        return most;
}

/* How many of the newest SKETCH_RECENT, in seven days, were like one before them. */
static unsigned alike_before(const struct given *g, const struct history *h, size_t end)
{
        const unsigned percent = scene_likeness_percent(g->pack);
        unsigned alike = 0, seen = 0;
        for (size_t i = end; i-- > 0 && seen < SKETCH_RECENT;) {
                const struct event *v = &h->at[i];
                if (!is_typed(v))
                        continue;
                seen++;
                alike += g->parts.now_us - v->at_us <= 7 * MOMENT_DAY_US &&
                         likeness_before(h, i, &v->sketch) >= percent;
        }
        return alike;
}

static enum err likeness(struct given *g, const struct history *h)
{
        struct sketch own;
        size_t end = 0;
        enum err e = OK;
        if (g->parts.history == NULL || g->scene.has_target || (e = sketch_of_body(&g->body, &own)) ||
            sketch_empty(&own))
                return e;
        while (end < h->n && h->at[end].at_us <= g->parts.now_us)
                end++;
        g->scene.has_likeness = true;
        g->scene.likeness = likeness_before(h, end, &own);
        g->scene.alike_d7 = alike_before(g, h, end);
        return OK;
}

/* A report closes the intent that it names, else the author's oldest open one at the same subject. */
static void answer(struct history *h, const struct event *report)
{
        const char *named = text_of(report->o, "intent");
        for (size_t i = 0; i < h->n; i++) {
                struct event *v = &h->at[i];
                if (v->kind != KIND_INTENT || v->answered || v->member != report->member)
                        continue;
                bool same =
                    named[0] != '\0'
                        ? strcmp(named, text_of(v->o, "ref")) == 0 || strcmp(named, text_of(v->o, "id")) == 0
                        : v->at_us <= report->at_us && strcmp(v->subject, report->subject) == 0;
                if (same) {
                        v->answered = true;
                        return;
                }
        }
}

static void count_intents(struct given *g, struct history *h)
{
        const int64_t now_us = g->parts.now_us;
        for (size_t i = 0; i < h->n; i++)
                if (h->at[i].kind == KIND_ACTIVITY && h->at[i].at_us <= now_us)
                        answer(h, &h->at[i]);
        g->scene.author.intents_m10 = 1;
        for (size_t i = 0; i < h->n; i++) {
                const struct event *v = &h->at[i];
                if (v->kind != KIND_INTENT || v->member != OWN || v->at_us > now_us)
                        continue;
                g->scene.author.intents_m10 += now_us - v->at_us <= BURST_US;
                g->scene.author.open_late +=
                    v->let_through && !v->answered && now_us - v->at_us > OPEN_AFTER_US;
        }
        if (g->scene.author.open_late > 20)
                g->scene.author.open_late = 20;
        if (g->scene.author.intents_m10 > 50)
                g->scene.author.intents_m10 = 50;
}

enum err given_history(struct given *g, struct why *why)
{
        struct history *h = calloc(1, sizeof *h);
        enum err e = ERR_NO_MEMORY;
        if (h == NULL)
                return ERR_NO_MEMORY;
        h->at = calloc(json_array_size(g->parts.history) + 1, sizeof *h->at);
        h->members = json_object();
        h->ties = ties_new();
        if (h->at == NULL || h->members == NULL || h->ties == NULL || (e = given_events(g, h, why)) ||
            (e = views(g, h)) || (e = likeness(g, h)))
                goto done;
        count_intents(g, h);
done:
        for (size_t i = 0; h->at != NULL && i < h->n; i++) {
                free(h->at[i].subject);
                free(h->at[i].person);
        }
        free(h->at);
        json_decref(h->members);
        ties_free(h->ties);
        free(h);
        return e;
}
