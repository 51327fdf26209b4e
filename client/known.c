#include "client/known.h"

#include <stdio.h>
#include <stdlib.h>

#include "client/fetch.h"
#include "client/kept.h"
#include "client/text.h"

enum err known_init(struct known *k, struct session *s)
{
        *k = (struct known){0};
        if ((k->registry = registry_new()) == NULL)
                return ERR_NO_MEMORY;
        if (kept_in_force(s, true, &k->pack)) {
                s->why = (struct why){0}; /* without it the Act's own numbers stand */
                k->pack = NULL;
        }
        authority_terms_of(k->pack, &k->terms);
        return OK;
}

void known_clear(struct known *k)
{
        registry_free(k->registry);
        pack_free(k->pack);
        for (size_t i = 0; i < k->n; i++)
                json_decref(k->entry[i].fields);
        free(k->entry);
        *k = (struct known){0};
}

static enum err note(struct known *k, const struct record *r)
{
        struct known_entry *grown = realloc(k->entry, (k->n + 1) * sizeof *grown);
        if (grown == NULL)
                return ERR_NO_MEMORY;
        k->entry = grown;
        struct known_entry *one = &k->entry[k->n++];
        *one = (struct known_entry){.seq = r->leaf.seq, .fields = json_incref(r->fields)};
        (void)snprintf(one->ref, sizeof one->ref, "%s", text_of(r->given, "ref"));
        (void)snprintf(one->author, sizeof one->author, "%s", text_of(r->given, "author"));
        return OK;
}

enum err known_take(struct known *k, const struct record *r, struct why *why)
{
        const struct statement *s = &r->statement;
        const struct hash *about = statement_ref(s, s->kind == KIND_PERSONA ? REL_PERSONA : REL_AUTHORITY);
        const bool approved = strcmp(text_of(r->given, "decided"), "approved") == 0;
        if ((s->kind != KIND_AUTHORITY && s->kind != KIND_PERSONA) || r->body.n == 0 ||
            (r->leaf.verdict != VERDICT_ACCEPTED && !approved))
                return OK;
        const struct registry_entry entry = {.seq = r->leaf.seq,
                                             .at_us = r->leaf.at_us,
                                             .st = r->st,
                                             .kind = s->kind,
                                             .act = s->claims.act,
                                             .about = about != NULL ? about : statement_ref(s, REL_TARGET),
                                             .body = &r->body};
        enum err e = registry_take(k->registry, &entry, NULL);
        if (e == ERR_NO_MEMORY)
                return why_set(why, e, "entry %llu", (unsigned long long)r->leaf.seq);
        return e ? OK : note(k, r);
}

static enum err take(void *self, const struct record *r, struct why *why)
{
        return known_take(self, r, why);
}

enum err known_all(struct session *s, enum kind kind, struct known *k)
{
        json_t *records = NULL;
        enum err e;
        if (!(e = known_init(k, s)) && !(e = fetch_whole(s, kind, &records)))
                e = fetch_each(s, records, take, k);
        json_decref(records);
        return e;
}

static bool is_reference(const char *ref)
{
        struct bytes in = bytes_text(ref), alias;
        uint64_t number;
        if (!bytes_take_decimal(&in, &number) && in.n == 0)
                return true;
        in = bytes_text(ref);
        return !bytes_take_until(&in, '-', &alias) && alias.n > 0 && !bytes_take_decimal(&in, &number) &&
               in.n == 0;
}

/* The registration is the first record of an answer; an entry about one leads to it by its own reference. */
static enum err ask(struct session *s, enum kind kind, const char *member, const char *ref, json_t **out)
{
        json_t *answer = NULL;
        enum err e = consult(s, "show", json_pack("{ss}", member, ref), &answer);
        if (e)
                return e;
        const json_t *first = json_array_get(json_object_get(answer, "records"), 0);
        if (strcmp(text_of(first, "kind"), kind_name(kind)) != 0)
                e = why_set(&s->why, ERR_REFERENCE, "%.80s is no %s", ref, kind_name(kind));
        else
                *out = json_incref(json_object_get(answer, "records"));
        json_decref(answer);
        return e;
}

enum err known_one(struct session *s, enum kind kind, const char *ref, struct known *k, uint64_t *out_seq)
{
        const char *member = kind == KIND_PERSONA ? "persona" : "authority";
        json_t *records = NULL;
        enum err e = known_init(k, s);
        if (e)
                return e;
        e = is_reference(ref) ? ask(s, kind, "ref", ref, &records) : ERR_REFERENCE;
        if (e == ERR_REFERENCE) {
                s->why = (struct why){0};
                e = ask(s, kind, member, ref, &records);
        }
        if (!e)
                e = fetch_each(s, records, take, k);
        if (!e) {
                const char *seq = text_of(json_array_get(records, 0), "seq");
                struct bytes in = bytes_text(seq);
                if (bytes_take_decimal(&in, out_seq) || in.n != 0)
                        e = ERR_ANSWER;
                else if (known_entry(k, *out_seq) == NULL)
                        e = why_set(&s->why, ERR_REFERENCE, "%.80s is no registration in force in the ledger",
                                    ref);
        }
        json_decref(records);
        return e;
}

const struct known_entry *known_entry(const struct known *k, uint64_t seq)
{
        for (size_t i = 0; i < k->n; i++)
                if (k->entry[i].seq == seq)
                        return &k->entry[i];
        return NULL;
}

const struct authority *known_authority(const struct known *k, uint64_t seq)
{
        for (size_t i = 0; i < registry_authorities(k->registry); i++)
                if (registry_authority_at(k->registry, i)->seq == seq)
                        return registry_authority_at(k->registry, i);
        return NULL;
}

const struct persona *known_persona(const struct known *k, uint64_t seq)
{
        for (size_t i = 0; i < registry_personas(k->registry); i++)
                if (registry_persona_at(k->registry, i)->seq == seq)
                        return registry_persona_at(k->registry, i);
        return NULL;
}
