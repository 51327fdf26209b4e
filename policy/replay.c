#include "policy/replay_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "ledger/tree/note.h"

#define PROGRESS_EVERY 512 /* entries */

/* --- findings --- */

__attribute__((format(printf, 4, 0))) static void
tell(struct replay *r, uint64_t seq, enum replay_fault fault, const char *format, va_list arguments)
{
        struct replay_finding f = {.seq = seq, .fault = fault};
        (void)vsnprintf(f.sentence, sizeof f.sentence, format, arguments);
        r->report.faults += fault != REPLAY_CANNOT_TELL;
        r->each_finding(r->self, &f);
}

__attribute__((format(printf, 3, 4))) static void cannot_tell(struct replay *r, uint64_t seq,
                                                              const char *format, ...)
{
        va_list arguments;
        va_start(arguments, format);
        tell(r, seq, REPLAY_CANNOT_TELL, format, arguments);
        va_end(arguments);
}

void replay_tell(struct replay *r, enum replay_fault fault, const char *format, ...)
{
        va_list arguments;
        if (r->damaged) {
                if (r->doubts++ == 0)
                        r->first_doubt = r->entry->seq;
                return;
        }
        va_start(arguments, format);
        tell(r, r->entry->seq, fault, format, arguments);
        va_end(arguments);
}

/* --- the pack in force --- */

static enum err annex_text(void *self, const struct hash *hash, struct buf *out)
{
        struct replay *r = self;
        return store_annex(r->store, hash, out);
}

static void drop_pack(struct replay *r)
{
        gate_free(r->gate);
        pack_free(r->pack);
        r->gate = NULL;
        r->pack = NULL;
}

/* Its text is what its hash says, or it is not there. */
static enum err read_pack(struct replay *r, const struct hash *hash, struct why *why)
{
        const struct pack_source source = {.text = annex_text, .self = r};
        struct buf text;
        struct hash is;
        enum err e;
        buf_init(&text, ANNEX_MAX + 1);
        if ((e = store_annex(r->store, hash, &text)) || (e = hash_of(buf_bytes(&text), &is)) ||
            (e = hash_equal(&is, hash) ? OK : ERR_ABSENT) ||
            (e = pack_parse(buf_bytes(&text), &source, &r->pack, why)))
                goto done;
        e = gate_new(r->pack, &r->gate, why);
done:
        buf_clear(&text);
        return e;
}

static enum err follow_pack(struct replay *r)
{
        const struct hash *now = roster_policy(r->roster);
        struct why why = {0};
        enum err e;
        if (r->has_tried && hash_equal(now, &r->pack_tried))
                return OK;
        drop_pack(r);
        r->pack_tried = *now;
        r->has_tried = true;
        e = read_pack(r, now, &why);
        if (!e || replay_of_machine(e))
                return e;
        drop_pack(r);
        if (e == ERR_ABSENT)
                replay_tell(r, REPLAY_PACK, "The text of the pack in force is not kept.");
        else
                replay_tell(r, REPLAY_PACK, "The pack in force does not load: %.140s.",
                            why.detail[0] ? why.detail : err_row(e)->sentence);
        return OK;
}

/* --- one entry --- */

static enum err judge(struct replay *r)
{
        struct facts *facts = &r->facts;
        struct scene scene;
        struct why why = {0};
        enum err e;
        r->report.entries++;
        if ((e = follow_pack(r)))
                return e;
        if (r->pack == NULL || !r->entry->intact) {
                r->report.untold++;
                return OK;
        }
        scene_init(&scene);
        if (!(e = replay_scene(r, &scene)))
                e = scene_facts(&scene, r->pack, facts, &why);
        if (!e)
                e = replay_compare(r, facts);
        else if (!replay_of_machine(e)) {
                r->report.untold++;
                cannot_tell(r, r->entry->seq, "Its facts cannot be made again: %.120s.",
                            why.detail[0] ? why.detail : err_row(e)->sentence);
                e = OK;
        }
        scene_clear(&scene);
        return e;
}

/* What cannot be read here may be the reason for differences further on. */
static void lose(struct replay *r)
{
        r->damaged = true;
}

static enum err take_body(struct replay *r)
{
        struct replay_entry *x = r->entry;
        enum err e;
        buf_reset(&x->values);
        e = store_fields(r->store, x->seq, x->statement.kind, &x->values, &x->body, NULL);
        if (e && replay_of_machine(e))
                return e;
        x->intact = !e;
        if (e) {
                body_init(&x->body, x->statement.kind);
                lose(r);
        }
        return OK;
}

static enum err found(struct replay *r)
{
        const struct replay_entry *x = r->entry;
        struct vkey log;
        enum err e;
        if (x->statement.kind != KIND_GENESIS || vkey_parse(x->statement.claims.vkey, &log))
                return OK;
        e = roster_apply_genesis(r->roster, &x->statement, &log.key);
        r->founded = !e;
        return e && replay_of_machine(e) ? e : OK;
}

static enum err take_entry(struct replay *r, const struct store_row *row)
{
        struct replay_entry *x = r->entry;
        enum err e;
        x->seq = row->seq;
        buf_reset(&x->payload);
        if (leaf_decode(row->leaf, &x->leaf) || x->leaf.seq != row->seq ||
            statement_decode(x->leaf.statement, &x->payload, &x->statement, NULL)) {
                lose(r);
                return OK;
        }
        if (row->seq == 0)
                return found(r);
        if (!r->founded)
                return OK;
        x->key = roster_key_of_kid(r->roster, &x->statement.kid);
        if (x->key == NULL || x->key->kind == KEY_LOG) {
                lose(r);
                return OK;
        }
        if ((e = take_body(r)) || (e = replay_look_around(r)) || (e = judge(r)))
                return e;
        return replay_apply(r);
}

/* --- the run --- */

static void replay_free(struct replay *r)
{
        struct replay_entry *x = r->entry;
        drop_pack(r);
        roster_free(r->roster);
        registry_free(r->registry);
        past_free(r->past);
        sightings_free(r->sightings);
        authors_free(r->authors);
        free(r->fold);
        free(r->judgement);
        buf_wipe(&r->because);
        buf_wipe(&r->kept);
        buf_wipe(&r->remade);
        buf_wipe(&r->scratch);
        if (x != NULL) {
                buf_clear(&x->payload);
                buf_wipe(&x->values);
                buf_wipe(&x->target_values);
                buf_wipe(&x->texts);
        }
        free(x);
}

static enum err replay_init(struct replay *r)
{
        r->roster = roster_new();
        r->registry = registry_new();
        r->past = past_new();
        r->sightings = sightings_new();
        r->authors = authors_new();
        r->fold = calloc(1, sizeof *r->fold);
        r->judgement = calloc(1, sizeof *r->judgement);
        r->entry = calloc(1, sizeof *r->entry);
        buf_init(&r->because, LEAF_MAX + 1);
        buf_init(&r->kept, LEAF_MAX + 1);
        buf_init(&r->remade, LEAF_MAX + 1);
        buf_init(&r->scratch, SUBMISSION_MAX);
        if (r->entry == NULL || r->roster == NULL || r->registry == NULL || r->past == NULL ||
            r->sightings == NULL || r->authors == NULL || r->fold == NULL || r->judgement == NULL)
                return ERR_NO_MEMORY;
        buf_init(&r->entry->payload, 2 * JWS_MAX);
        buf_init(&r->entry->values, SUBMISSION_MAX);
        buf_init(&r->entry->target_values, SUBMISSION_MAX);
        buf_init(&r->entry->texts, SUBMISSION_MAX);
        return OK;
}

/* Without the right keys nothing opens, and that is no damage. */
static enum err check_keys(struct replay *r)
{
        enum err e;
        if (!store_has_content(r->store))
                return ERR_SEALED;
        buf_reset(&r->because);
        e = store_because(r->store, 0, &r->because);
        return e == ERR_SEALED ? e : OK;
}

static enum err walk(struct replay *r, void (*progress)(void *self, uint64_t done, uint64_t size))
{
        struct store_scan *scan = NULL;
        struct store_row row;
        uint64_t size, next = 0;
        bool done = false;
        enum err e;
        if ((e = store_size(r->store, &size)) || (e = check_keys(r)) ||
            (e = store_scan_new(r->store, 0, INT64_MAX, &scan)))
                return e;
        while (!(e = store_scan_next(scan, &row, &done)) && !done) {
                if (row.seq != next)
                        lose(r); /* some are missing */
                next = row.seq + 1;
                if ((e = take_entry(r, &row)))
                        break;
                if (progress != NULL && next % PROGRESS_EVERY == 0)
                        progress(r->self, next, size);
        }
        if (!e && progress != NULL)
                progress(r->self, size, size);
        store_scan_free(scan);
        return e;
}

static void say_what_is_open(struct replay *r)
{
        if (!r->founded)
                cannot_tell(r, 0, "No verdict can be judged again without the first entry.");
        if (r->doubts > 0)
                cannot_tell(r, r->first_doubt,
                            "%llu verdicts from here on were not judged alike; the damaged entries may be "
                            "the reason.",
                            (unsigned long long)r->doubts);
}

enum err replay_run(struct store *s, void (*each_finding)(void *self, const struct replay_finding *f),
                    void (*progress)(void *self, uint64_t done, uint64_t size), void *self,
                    struct replay_report *out, struct why *why)
{
        struct replay *r = calloc(1, sizeof *r);
        enum err e;
        if (r == NULL)
                return ERR_NO_MEMORY;
        r->store = s;
        r->each_finding = each_finding;
        r->self = self;
        if (!(e = replay_init(r)) && !(e = walk(r, progress))) {
                say_what_is_open(r);
                *out = r->report;
        }
        replay_free(r);
        free(r);
        return why_set(why, e, "while judging the entries again");
}
