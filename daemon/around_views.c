/* Looks at the person whom an entry is about, over everybody and every account tied to the person. */
#include "daemon/around_parts.h"

#include "daemon/sight.h"
#include "ledger/record/subject.h"

#define TEXTS_MAX 16384 /* bytes: some texts of one entry, unescaped */

/* --- tags --- */

static enum err tag_of(struct ledger *l, const struct body *b, const char *space, const char *name,
                       uint8_t out[STORE_TAG_LEN])
{
        struct buf scratch;
        struct bytes text;
        enum err e;
        buf_init(&scratch, TEXTS_MAX);
        e = body_text(b, name, &scratch, &text);
        if (!e && text.n > 0)
                e = store_tag(l->keys, space, text, out);
        buf_wipe(&scratch);
        return e;
}

static enum err tag_of_reference(struct ledger *l, struct bytes reference, uint8_t out[STORE_TAG_LEN])
{
        struct subject subject;
        enum err e = subject_of_reference(reference, &subject);
        return e ? e : store_tag(l->keys, "subject", bytes_text(subject.canonical), out);
}

/* The person's reference; one of white space alone is none. */
static enum err reference_tag(struct ledger *l, const struct body *b, uint8_t out[STORE_TAG_LEN])
{
        struct buf scratch;
        struct bytes text;
        enum err e;
        buf_init(&scratch, TEXTS_MAX);
        e = body_text(b, "subject_ref", &scratch, &text);
        if (!e && text.n > 0)
                e = tag_of_reference(l, text, out);
        buf_wipe(&scratch);
        return e == ERR_ADDRESS ? OK : e;
}

enum err around_tags(struct ledger *l, struct around *a)
{
        enum err e;
        if ((e = tag_of(l, a->body, "operation", "operation", a->item.operation)) ||
            (e = tag_of(l, a->body, "subject", "subject", a->item.subject)) ||
            (a->item.kind != KIND_INTENT && a->item.kind != KIND_ACTIVITY))
                return e;
        if ((e = reference_tag(l, a->body, a->reference)))
                return e;
        if (a->item.kind == KIND_ACTIVITY && a->has_target) {
                if (around_tag_is_zero(a->item.operation))
                        memcpy(a->item.operation, a->target_item.operation, STORE_TAG_LEN);
                if (around_tag_is_zero(a->item.subject))
                        memcpy(a->item.subject, a->target_item.subject, STORE_TAG_LEN);
                if (around_tag_is_zero(a->reference) && a->has_target_body &&
                    (e = reference_tag(l, &a->target_body, a->reference)))
                        return e;
        }
        if (around_tag_is_zero(a->item.subject))
                memcpy(a->item.subject, a->reference, STORE_TAG_LEN);
        return OK;
}

/* --- views --- */

static void as_look(const struct store_view *view, struct look *out)
{
        *out = (struct look){.at_us = view->at_us,
                             .member = view->member,
                             .captured = view->captured,
                             .immediate = view->immediate};
        memcpy(out->operation, view->operation, sizeof out->operation);
}

static enum err feed_view(void *self, const struct store_view *view)
{
        struct look look;
        if (!view->look || !view->intended)
                return OK;
        as_look(view, &look);
        fold_look(self, &look);
        return OK;
}

static bool is_among(uint8_t tags[][STORE_TAG_LEN], size_t n, const uint8_t tag[STORE_TAG_LEN])
{
        for (size_t i = 0; i < n; i++)
                if (memcmp(tags[i], tag, STORE_TAG_LEN) == 0)
                        return true;
        return false;
}

/* All that is tied to the subject, itself first, then what is tied to the reference that the entry itself
 * gives: the two belong together from this entry on. */
static enum err tags_of_person(struct ledger *l, const struct around *a,
                               uint8_t tags[STORE_TIES_MAX][STORE_TAG_LEN], size_t *out_n)
{
        uint8_t more[STORE_TIES_MAX][STORE_TAG_LEN];
        size_t more_n = 0;
        enum err e = store_tied(l->store, a->item.subject, tags, out_n);
        if (e || around_tag_is_zero(a->reference) || is_among(tags, *out_n, a->reference))
                return e;
        if ((e = store_tied(l->store, a->reference, more, &more_n)))
                return e;
        for (size_t i = 0; i < more_n && *out_n < STORE_TIES_MAX; i++)
                if (!is_among(tags, *out_n, more[i]))
                        memcpy(tags[(*out_n)++], more[i], STORE_TAG_LEN);
        return OK;
}

static enum err feed_account(struct ledger *l, struct around *a, const uint8_t tag[STORE_TAG_LEN])
{
        const unsigned days = a->fold.window_days > 365 ? a->fold.window_days : 365;
        const int64_t now_us = a->fold.now_us;
        fold_account(&a->fold);
        return store_views(l->store, tag, now_us - (int64_t)days * MOMENT_DAY_US, now_us, feed_view,
                           &a->fold);
}

enum err around_views(struct ledger *l, struct around *a)
{
        uint8_t tags[STORE_TIES_MAX][STORE_TAG_LEN];
        struct look present;
        size_t n = 0;
        enum err e;
        scene_look(&a->scene, &present);
        present.member = a->item.member;
        memcpy(present.operation, a->item.operation, sizeof present.operation);
        a->done_us = present.at_us;
        a->captured = present.captured;
        a->immediate = present.immediate;
        a->intended = a->item.kind == KIND_INTENT || scene_is_look(a->body);
        if (around_tag_is_zero(a->item.subject))
                return OK;
        if ((e = tags_of_person(l, a, tags, &n)))
                return e;
        fold_init(&a->fold, a->done_us, scene_window_days(l->pack), a->item.operation);
        for (size_t i = 1; i < n && !e; i++)
                e = feed_account(l, a, tags[i]);
        if (e || (e = feed_account(l, a, tags[0])))
                return e;
        if (a->intended)
                fold_present(&a->fold, &present);
        a->scene.views = &a->fold;
        return OK;
}

/* --- what belongs together --- */

static enum err check_with(struct ledger *l, struct around *a, struct why *why)
{
        const struct roster_member *m = roster_member_at(l->roster, a->item.member);
        const struct reader reader = {.member = m->number, .roles = m->roles, .unit = a->item.unit};
        size_t named = 0;
        for (size_t i = 0; i < a->statement->refs_n; i++) {
                struct store_item with;
                uint64_t seq;
                enum err e;
                if (a->statement->refs[i].rel != REL_WITH)
                        continue;
                named++;
                e = store_find_statement(l->store, &a->statement->refs[i].st, &seq);
                if (e == ERR_ABSENT)
                        return why_set(why, ERR_REF, "an entry it names is not in this ledger");
                if (e || (e = store_item(l->store, seq, &with)))
                        return e;
                if (!sight_item(&reader, &with, sight_orphan(l->roster, with.unit)))
                        return why_set(why, ERR_ROLE, "an entry it names is not one that you may open");
        }
        return named > 0 ? OK : why_set(why, ERR_REF, "it names no entry");
}

static enum err read_subjects(struct ledger *l, struct around *a, struct why *why)
{
        const struct body_field *f = body_find(a->body, "subjects");
        struct bytes at = f != NULL && f->state == FIELD_PRESENT ? f->value : bytes_text("[]"), value,
                     escaped;
        struct buf scratch;
        bool done = false;
        enum err e;
        buf_init(&scratch, TEXTS_MAX);
        while (!(e = json_next_element(&at, &value, &done)) && !done) {
                if (a->subjects_n == COMBINE_SUBJECTS_MAX) {
                        e = why_set(why, ERR_FIELD_VALUE, "subjects: at most %d at once",
                                    COMBINE_SUBJECTS_MAX);
                        break;
                }
                buf_reset(&scratch);
                if ((e = json_whole_string(value, &escaped)) || (e = json_unescape(escaped, &scratch)) ||
                    (e = store_tag(l->keys, "subject", buf_bytes(&scratch), a->subject[a->subjects_n])))
                        break;
                a->subjects_n++;
        }
        buf_wipe(&scratch);
        if (e || (e = reference_tag(l, a->body, a->reference)))
                return e;
        if (!around_tag_is_zero(a->reference))
                memcpy(a->subject[a->subjects_n++], a->reference, STORE_TAG_LEN);
        return OK;
}

static enum err check_may_part(struct ledger *l, const struct around *a, size_t i, size_t k, struct why *why)
{
        struct store_item by;
        uint64_t seq;
        enum err e = store_tie(l->store, a->subject[i], a->subject[k], &seq);
        if (e)
                return e == ERR_ABSENT ? OK : e;
        if ((e = store_item(l->store, seq, &by)) || by.member == a->item.member)
                return e;
        return why_set(why, ERR_ROLE, "what somebody else tied together is parted by a supervisor");
}

/* Parting makes looks count apart again. The own tie may have been a mistake; another's is not the
 * investigator's to undo. */
static enum err check_parting(struct ledger *l, const struct around *a, struct why *why)
{
        enum err e = OK;
        if (a->same || (roster_member_at(l->roster, a->item.member)->roles & ROLE_BIT(ROLE_SUPERVISOR)) != 0)
                return OK;
        for (size_t i = 0; i < a->subjects_n && !e; i++)
                for (size_t k = i + 1; k < a->subjects_n && !e; k++)
                        e = check_may_part(l, a, i, k, why);
        return e;
}

enum err around_combine(struct ledger *l, struct around *a, struct why *why)
{
        const struct body_field *relation = body_find(a->body, "relation");
        struct bytes word = bytes_of(NULL, 0);
        enum err e;
        if ((e = check_with(l, a, why)))
                return e;
        if (relation == NULL || json_whole_string(relation->value, &word))
                return why_set(why, ERR_FIELD_MISSING, "relation");
        a->same = bytes_is(word, "same-person") || bytes_is(word, "same-account");
        a->ties = a->same || bytes_is(word, "not-same");
        if (!a->ties)
                return OK;
        if ((e = read_subjects(l, a, why)))
                return e;
        if (a->subjects_n < 2)
                return why_set(why, ERR_FIELD_MISSING,
                               "subjects: which accounts, or an account and a person's reference");
        return check_parting(l, a, why);
}

enum err around_tie(struct ledger *l, const struct around *a)
{
        enum err e = OK;
        for (size_t i = 0; i < a->subjects_n && !e; i++)
                for (size_t k = i + 1; k < a->subjects_n && !e; k++)
                        e = store_put_tie(l->store, a->subject[i], a->subject[k], a->same, a->item.seq);
        if (e || a->item.kind == KIND_COMBINE || around_tag_is_zero(a->item.subject) ||
            around_tag_is_zero(a->reference))
                return e;
        return store_put_tie(l->store, a->item.subject, a->reference, true, a->item.seq);
}
