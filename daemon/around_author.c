/* The author of an entry, and what the author did of late. */
#include "daemon/around_parts.h"

#define OPEN_MAX    20 /* as the facts say */
#define INTENTS_MAX 50
#define RECENT_US   (600 * MOMENT_SECOND_US)
#define LATE_US     MOMENT_DAY_US

void around_author(struct ledger *l, struct around *a)
{
        const struct roster_member *m = roster_member_at(l->roster, a->item.member);
        struct scene *s = &a->scene;
        s->author.name = directory_name(l->directory, m->number);
        s->author.alias = directory_alias(l->directory, a->item.key);
        member_id_text(&m->id, s->author.id);
        s->author.unit = bytes_text(a->item.unit);
        s->author.force = bytes_text(directory_force(l->directory, m->number));
        s->author.roles = m->roles;
        s->author.training = m->training;
        s->author.known = true;
}

/* One sketch against those before it. */
struct comparison {
        struct sketch own;
        int64_t since_us;
        unsigned percent; /* from here on it is formulaic */
        unsigned most, alike;
};

static enum err compare(void *self, const struct store_sketch *before)
{
        struct comparison *c = self;
        struct sketch other;
        unsigned likeness;
        if (before->sketch.n != SKETCH_LEN)
                return ERR_SEALED;
        sketch_take(before->sketch.at, &other);
        likeness = sketch_likeness(&c->own, &other);
        c->most = likeness > c->most ? likeness : c->most;
        c->alike += before->at_us >= c->since_us && before->likeness >= c->percent;
        return OK;
}

/* An activity under an enquiry says again what the enquiry said: that is no habit. */
static enum err likeness(struct ledger *l, struct around *a)
{
        struct comparison c = {.since_us = a->item.at_us - 7 * MOMENT_DAY_US,
                               .percent = scene_likeness_percent(l->pack)};
        enum err e;
        if (a->item.kind == KIND_ACTIVITY && a->has_target)
                return OK;
        if ((e = sketch_of_body(a->body, &c.own)) || sketch_empty(&c.own))
                return e;
        if ((e = store_sketches(l->store, a->item.member, SKETCH_RECENT, compare, &c)))
                return e;
        sketch_put(&c.own, a->sketch);
        a->sketch_n = sizeof a->sketch;
        a->scene.has_likeness = true;
        a->scene.likeness = c.most;
        a->scene.alike_d7 = c.alike;
        return OK;
}

enum err around_habits(struct ledger *l, struct around *a)
{
        const int64_t at_us = a->item.at_us;
        size_t open = 0, recent = 0;
        enum err e;
        if (a->item.kind == KIND_INTENT) {
                if ((e = store_intents_open(l->store, a->item.member, at_us - LATE_US, OPEN_MAX, &open)) ||
                    (e = store_intents_since(l->store, a->item.member, at_us - RECENT_US, INTENTS_MAX - 1,
                                             &recent)))
                        return e;
                a->scene.author.open_late = (unsigned)open;
                a->scene.author.intents_m10 = (unsigned)recent + 1; /* this one */
        }
        return likeness(l, a);
}
