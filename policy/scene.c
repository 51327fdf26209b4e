#include "policy/scene.h"

#include <stdio.h>
#include <strings.h>

#define TEXTS_MAX        16384 /* bytes: the short texts of one entry, unescaped */
#define WINDOW_DAYS      28
#define LIKENESS_PERCENT 90

void scene_init(struct scene *s)
{
        memset(s, 0, sizeof *s);
        s->author.name = s->author.alias = "";
        s->intent_state = "none";
        buf_init(&s->texts, TEXTS_MAX);
}

void scene_clear(struct scene *s)
{
        if (s == NULL)
                return;
        registry_free(s->own);
        s->own = NULL;
        buf_wipe(&s->texts);
}

/* --- what a pack settles about scenes --- */

static unsigned number_of(const struct pack *pack, const char *name, unsigned otherwise)
{
        const struct parameter *p = pack_parameter_of_name(pack, name);
        return p && p->words.n == 0 && p->value > 0 && p->value <= UINT16_MAX ? (unsigned)p->value
                                                                              : otherwise;
}

unsigned scene_window_days(const struct pack *pack)
{
        return number_of(pack, "window_days", WINDOW_DAYS);
}

unsigned scene_likeness_percent(const struct pack *pack)
{
        return number_of(pack, "likeness_percent", LIKENESS_PERCENT);
}

/* --- fields --- */

/* A word or time: nothing in it is escaped, or it is none. */
static struct bytes word_of(const struct body *b, const char *name)
{
        const struct body_field *f = b ? body_find(b, name) : NULL;
        struct bytes text = bytes_of(NULL, 0);
        if (f == NULL || f->state != FIELD_PRESENT || json_whole_string(f->value, &text))
                return bytes_of(NULL, 0);
        return text;
}

static bool time_of(const struct body *b, const char *name, int64_t *out_us)
{
        struct bytes text = word_of(b, name);
        return text.n > 0 && !moment_of_rfc3339(text, out_us);
}

/* The bodies in which a field of the entry is looked for: its own, then an activity's intent. */
static const struct body *holder(const struct scene *s, const char *name)
{
        if (s->body && body_find(s->body, name))
                return s->body;
        return s->kind == KIND_ACTIVITY && s->target && body_find(s->target, name) ? s->target : NULL;
}

static enum err text_of(struct scene *s, const char *name, struct bytes *out)
{
        const struct body *b = holder(s, name);
        *out = bytes_of(NULL, 0);
        return b ? body_text(b, name, &s->texts, out) : OK;
}

int64_t scene_time(enum kind kind, const struct body *body, int64_t at_us)
{
        int64_t done;
        if (kind != KIND_ACTIVITY)
                return at_us;
        if (!time_of(body, "ended_at", &done) && !time_of(body, "started_at", &done))
                return at_us;
        return done < at_us ? done : at_us;
}

bool scene_is_look(const struct body *body)
{
        struct bytes result = word_of(body, "result");
        return !bytes_is(result, "not-looked") && !bytes_is(result, "wrong-person");
}

void scene_look(const struct scene *s, struct look *out)
{
        *out = (struct look){
            .at_us = scene_time(s->kind, s->body, s->at_us),
            .captured = bytes_is(word_of(s->body, "result"), "captured"),
            .immediate = bytes_is(word_of(holder(s, "immediate_response"), "immediate_response"), "yes")};
}

/* --- facts --- */

static void number(struct facts *out, enum fact f, int64_t n)
{
        out->value[f] = (struct fact_value){.type = FACT_INT, .number = n};
}

static void text(struct facts *out, enum fact f, struct bytes t)
{
        if (t.n > 0)
                out->value[f] = (struct fact_value){.type = FACT_TEXT, .text = t};
}

static void author_facts(struct scene *s, struct facts *out)
{
        size_t n = 0;
        text(out, FACT_AUTHOR_UNIT, s->author.unit);
        if (s->author.known) {
                for (unsigned r = 0; r < ROLE_COUNT; r++)
                        if (s->author.roles & ROLE_BIT(r))
                                n += (size_t)snprintf(s->roles_text + n, sizeof s->roles_text - n, "%s%s",
                                                      n ? "," : "", role_name((enum role)r));
                text(out, FACT_AUTHOR_ROLES, bytes_of(s->roles_text, n));
                number(out, FACT_AUTHOR_TRAINING, s->author.training);
        }
        if (s->has_target && (s->kind == KIND_DECISION || s->kind == KIND_REVIEW))
                number(out, FACT_AUTHOR_OWN, s->own_target);
        if (s->kind == KIND_INTENT) {
                number(out, FACT_AUTHOR_OPEN_LATE, s->author.open_late);
                number(out, FACT_AUTHOR_INTENTS_M10, s->author.intents_m10);
        }
}

static void operation_facts(const struct scene *s, struct facts *out)
{
        if (!s->operation.named)
                return;
        number(out, FACT_OPERATION_KNOWN, s->operation.known);
        number(out, FACT_OPERATION_OPEN, s->operation.open);
}

static void view_facts(struct scene *s, struct facts *out)
{
        const struct fold *v = s->views;
        if (v == NULL)
                return;
        number(out, FACT_VIEWS_D7, v->d7);
        number(out, FACT_VIEWS_WINDOW, v->window);
        number(out, FACT_VIEWS_D365, v->d365);
        number(out, FACT_VIEWS_OFFICERS, v->officers);
        number(out, FACT_VIEWS_OPERATION_OFFICERS, v->operation_officers);
        number(out, FACT_VIEWS_ACCOUNTS, v->accounts);
        number(out, FACT_VIEWS_SITTINGS, v->sittings);
        number(out, FACT_VIEWS_IMMEDIATE, v->immediate);
        if (v->last_at_us != 0) {
                moment_text(v->last_at_us, s->last_at);
                text(out, FACT_VIEWS_LAST_AT, bytes_of(s->last_at, MOMENT_TEXT_LEN));
        }
}

/* --- authority --- */

static void state_fact(struct facts *out, enum authority_state state)
{
        text(out, FACT_AUTHORITY_STATE, bytes_text(authority_state_name(state)));
        number(out, FACT_AUTHORITY_LIVE, state == AUTHORITY_LIVE);
}

/* A type that rests on a grant: without a reference the grant cannot be found. */
static bool type_needs_grant(struct bytes type)
{
        return type.n > 0 && !bytes_is(type, "none-needed") && !bytes_is(type, "determination");
}

/* Of several that the entry names the first that is in force, else the first that is there. */
static const struct authority *claimed(const struct scene *s, struct bytes ref,
                                       const struct authority_terms *terms, int64_t at_us)
{
        const struct authority *found = NULL;
        for (size_t i = 0; s->statement && i < s->statement->refs_n; i++) {
                const struct ref *r = &s->statement->refs[i];
                const struct authority *a =
                    r->rel == REL_AUTHORITY ? registry_authority_of_st(s->registry, &r->st) : NULL;
                if (a && authority_state_at(a, terms, at_us) == AUTHORITY_LIVE)
                        return a;
                found = found ? found : a;
        }
        const struct authority *named = ref.n > 0 ? registry_authority_of_ref(s->registry, ref) : NULL;
        if (named && (found == NULL || authority_state_at(named, terms, at_us) == AUTHORITY_LIVE))
                return named;
        return found;
}

static enum err determined_fact(struct scene *s, const struct authority_terms *terms, int64_t at_us,
                                struct facts *out)
{
        struct registry_look look = {.at_us = at_us,
                                     .author = s->author.id,
                                     .target = s->statement ? statement_ref(s->statement, REL_INTENT) : NULL};
        enum err e;
        if ((e = text_of(s, "subject", &look.subject)) ||
            (e = text_of(s, "subject_ref", &look.subject_ref)) ||
            (e = text_of(s, "operation", &look.operation)))
                return e;
        number(out, FACT_AUTHORITY_DETERMINED, registry_determination(s->registry, terms, &look) != NULL);
        return OK;
}

static enum err look_authority(struct scene *s, const struct pack *pack, struct facts *out)
{
        const int64_t at_us = scene_time(s->kind, s->body, s->at_us);
        struct authority_terms terms;
        const struct authority *a;
        struct bytes ref;
        enum err e;
        authority_terms_of(pack, &terms);
        number(out, FACT_AUTHORITY_DETERMINED, 0);
        if ((e = text_of(s, "authority_ref", &ref)) ||
            (s->registry && (e = determined_fact(s, &terms, at_us, out))))
                return e;
        bool claims = ref.n > 0 || (s->statement && statement_ref(s->statement, REL_AUTHORITY)) ||
                      type_needs_grant(word_of(holder(s, "authority_type"), "authority_type"));
        number(out, FACT_AUTHORITY_CLAIMED, claims);
        state_fact(out, claims ? AUTHORITY_UNREGISTERED : AUTHORITY_NONE);
        if (!claims || s->registry == NULL || (a = claimed(s, ref, &terms, at_us)) == NULL)
                return OK;
        return authority_facts(a, &terms, at_us, s->author.force, out);
}

/* What is being registered is judged by its own terms, as a registry would hold it. */
static enum err registered_facts(struct scene *s, const struct authority_terms *terms, struct facts *out,
                                 struct why *why)
{
        const struct registry_entry entry = {
            .at_us = s->at_us, .kind = KIND_AUTHORITY, .act = s->act, .body = s->body};
        enum err e;
        if ((s->own = registry_new()) == NULL)
                return ERR_NO_MEMORY;
        if ((e = registry_take(s->own, &entry, why)) || registry_authorities(s->own) == 0)
                return e;
        return authority_facts(registry_authority_at(s->own, 0), terms, s->at_us, s->author.force, out);
}

static enum err authority_entry(struct scene *s, const struct pack *pack, struct facts *out, struct why *why)
{
        struct authority_terms terms;
        int64_t at_us = s->at_us;
        unsigned likeness;
        enum err e;
        authority_terms_of(pack, &terms);
        if (s->act == ACT_REGISTER || s->act == ACT_DETERMINE)
                return registered_facts(s, &terms, out, why);
        if (s->about == NULL)
                return OK;
        if (s->act == ACT_RENEW)
                (void)time_of(s->body, "granted_at", &at_us);
        if (s->act == ACT_REVIEW) {
                if ((e = review_likeness(s->body, s->about->terms, &likeness)))
                        return e;
                number(out, FACT_ENTRY_LIKENESS, likeness);
        }
        return authority_facts(s->about, &terms, at_us, s->author.force, out);
}

/* --- persona --- */

static bool is_author(const struct scene *s, struct bytes who)
{
        const char *const names[] = {s->author.name, s->author.alias, s->author.id};
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
                if (who.n > 0 && strlen(names[i]) == who.n &&
                    strncasecmp(names[i], (const char *)who.at, who.n) == 0)
                        return true;
        return false;
}

/* A list may be longer than what is left of the scene's texts, and an activity is kept whatever the list. */
static enum err assigned(const struct scene *s, const struct persona *p, bool *out)
{
        struct bytes at = bytes_text(p->assigned), value, escaped;
        struct buf name;
        bool done = false;
        enum err e;
        *out = false;
        buf_init(&name, FIELD_VALUE_MAX);
        while (!(e = json_next_element(&at, &value, &done)) && !done) {
                buf_reset(&name);
                if ((e = json_whole_string(value, &escaped)) || (e = json_unescape(escaped, &name)))
                        break;
                *out |= is_author(s, buf_bytes(&name));
        }
        buf_wipe(&name);
        return e;
}

static enum err persona_state(struct scene *s, const struct persona *p, const char **out)
{
        const int64_t at_us = scene_time(s->kind, s->body, s->at_us);
        bool mine;
        enum err e = assigned(s, p, &mine);
        if ((p->lapsed_us != 0 && p->lapsed_us <= at_us) || (p->until_us != 0 && p->until_us <= at_us))
                *out = "lapsed";
        else if (!mine || at_us < p->from_us)
                *out = "unassigned";
        else
                *out = "live";
        return e;
}

static enum err persona_facts(struct scene *s, struct facts *out)
{
        const struct hash *st = s->statement ? statement_ref(s->statement, REL_PERSONA) : NULL;
        const struct persona *p = NULL;
        const char *state = "unregistered";
        struct bytes ref;
        enum err e;
        if ((e = text_of(s, "persona_ref", &ref)))
                return e;
        number(out, FACT_PERSONA_CLAIMED, st != NULL || ref.n > 0);
        if (st == NULL && ref.n == 0)
                state = "none";
        else if (s->registry) {
                p = st ? registry_persona_of_st(s->registry, st) : NULL;
                p = p ? p : registry_persona_of_ref(s->registry, ref);
        }
        if (p && (e = persona_state(s, p, &state)))
                return e;
        text(out, FACT_PERSONA_STATE, bytes_text(state));
        return OK;
}

/* --- the entry --- */

static unsigned engagement_place(const struct body *b)
{
        struct bytes word = word_of(b, "engagement_level");
        const struct field *f = field_of_name(KIND_INTENT, "engagement_level", strlen("engagement_level"));
        for (unsigned i = 0; f && i < f->vocabulary->count; i++)
                if (bytes_is(word, f->vocabulary->words[i].word))
                        return i;
        return 0;
}

static bool text_there(struct bytes object, const char *name)
{
        struct bytes value, t;
        return !json_member(object, name, &value) && !json_whole_string(value, &t) && t.n > 0;
}

/* Captures that could not be checked afterwards: what was captured, and where, is not said. */
static enum err captures_incomplete(const struct body *b, int64_t *out)
{
        const struct body_field *f = body_find(b, "captures");
        struct bytes at, value;
        bool done = false;
        enum err e = OK;
        *out = 0;
        if (f == NULL || f->state != FIELD_PRESENT)
                return OK;
        for (at = f->value; !(e = json_next_element(&at, &value, &done)) && !done;)
                *out += !text_there(value, "sha256") || !text_there(value, "url");
        return e;
}

static enum err activity_facts(struct scene *s, struct facts *out)
{
        const int64_t done_us = scene_time(s->kind, s->body, s->at_us);
        struct bytes subject = bytes_of(NULL, 0), meant = subject;
        int64_t n;
        enum err e;
        text(out, FACT_ENTRY_INTENT_STATE, bytes_text(s->intent_state));
        number(out, FACT_ENTRY_APPROVED, s->approved);
        if (time_of(s->body, "ended_at", &n))
                number(out, FACT_ENTRY_LATE_S, (s->at_us - done_us) / MOMENT_SECOND_US);
        if (time_of(holder(s, "event_at"), "event_at", &n))
                number(out, FACT_ENTRY_EVENT_S, (done_us - n) / MOMENT_SECOND_US);
        if ((e = captures_incomplete(s->body, &n)))
                return e;
        number(out, FACT_ENTRY_CAPTURES_INCOMPLETE, n);
        if (s->target == NULL)
                return OK;
        if ((e = body_text(s->body, "subject", &s->texts, &subject)) ||
            (e = body_text(s->target, "subject", &s->texts, &meant)))
                return e;
        number(out, FACT_ENTRY_OTHER_SUBJECT, subject.n > 0 && meant.n > 0 && !bytes_equal(subject, meant));
        number(out, FACT_ENTRY_MORE_ENGAGEMENT,
               body_find(s->body, "engagement_level") != NULL &&
                   engagement_place(s->body) > engagement_place(s->target));
        return OK;
}

static void target_facts(const struct scene *s, struct facts *out)
{
        if (!s->has_target)
                return;
        text(out, FACT_ENTRY_TARGET_KIND, bytes_text(kind_name(s->target_kind)));
        text(out, FACT_ENTRY_TARGET_RESULT, word_of(s->target, "result"));
        text(out, FACT_ENTRY_TARGET_CPIA, word_of(s->target, "cpia_relevant"));
        number(out, FACT_ENTRY_TARGET_HELD, s->held);
}

static void likeness_facts(const struct scene *s, const struct pack *pack, struct facts *out)
{
        if (!s->has_likeness)
                return;
        number(out, FACT_ENTRY_LIKENESS, s->likeness);
        number(out, FACT_ENTRY_ALIKE_D7, s->alike_d7 + (s->likeness >= scene_likeness_percent(pack)));
}

static enum err by_kind(struct scene *s, const struct pack *pack, struct facts *out, struct why *why)
{
        enum err e;
        switch (s->kind) {
        case KIND_INTENT:
        case KIND_ACTIVITY:
                operation_facts(s, out);
                view_facts(s, out);
                likeness_facts(s, pack, out);
                if ((e = look_authority(s, pack, out)) || (e = persona_facts(s, out)))
                        return e;
                return s->kind == KIND_ACTIVITY ? activity_facts(s, out) : OK;
        case KIND_AUTHORITY: return authority_entry(s, pack, out, why);
        case KIND_POLICY:
                number(out, FACT_PERSONA_COUNT, s->registry ? (int64_t)registry_personas(s->registry) : 0);
                return OK;
        case KIND_CONSULT: number(out, FACT_ENTRY_READS_LOGS, s->reads_logs); return OK;
        case KIND_DECISION:
        case KIND_REVIEW:
        case KIND_AMEND:
        case KIND_HOLD:
        case KIND_RESTRICT:
        case KIND_ERASE: target_facts(s, out); return OK;
        case KIND_OPERATION: operation_facts(s, out); return OK;
        case KIND_GENESIS:
        case KIND_MEMBER:
        case KIND_PERSONA:
        case KIND_COMBINE:
        case KIND_DISCLOSE:
        case KIND_FINDING:
        case KIND_COUNT: return OK;
        }
        return ERR_BUG;
}

enum err scene_facts(struct scene *s, const struct pack *pack, struct facts *out, struct why *why)
{
        memset(out, 0, sizeof *out);
        out->kind = s->kind;
        out->at_us = s->at_us;
        out->body = s->body;
        out->intent = s->kind == KIND_ACTIVITY ? s->target : NULL;
        if (s->act != ACT_NONE)
                text(out, FACT_ENTRY_ACT, bytes_text(act_name(s->act)));
        author_facts(s, out);
        return by_kind(s, pack, out, why);
}
