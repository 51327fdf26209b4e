#include "client/compose.h"

#include <stdlib.h>
#include <string.h>

#include "client/whom.h"

/* Sets it if the kind has the field; unless it `settles` what is there already, only where nobody said it. */
static enum err offer(struct values *v, const char *name, const char *text, char origin, bool settles,
                      struct why *why)
{
        if (text[0] == '\0' || field_of_name(v->kind, name, strlen(name)) == NULL)
                return OK;
        return values_set_text(v, name, text, origin, settles, why);
}

static enum err wrong(struct why *why, enum err e, const char *text)
{
        return why_set(why, e, "%.150s", text);
}

/* Looks are counted by the subject: it is always what the address says. */
static enum err from_address(struct values *v, const char *url, struct why *why)
{
        struct subject *subject = calloc(1, sizeof *subject);
        enum err e = subject == NULL ? ERR_NO_MEMORY : OK;
        if (e)
                return e;
        if ((e = subject_of_address(bytes_text(url), subject)))
                e = wrong(why, e, url);
        const struct {
                const char *name, *text;
        } rows[] = {{"subject", subject->canonical},
                    {"platform", subject->platform},
                    {"handle", subject->handle},
                    {"target_kind", subject->target_kind},
                    {"openness", subject->openness}};
        for (size_t i = 0; i < sizeof rows / sizeof rows[0] && !e; i++)
                e = offer(v, rows[i].name, rows[i].text, ORIGIN_ADDRESS, i == 0, why);
        free(subject);
        return e;
}

static enum err from_account(struct values *v, const char *platform, const char *account, struct why *why)
{
        char canonical[SUBJECT_CANONICAL_MAX + 1];
        enum err e = whom_of_account(platform, account, canonical);
        if (e)
                return wrong(why, e, account);
        if (!(e = offer(v, "subject", canonical, ORIGIN_COMPUTED, true, why)))
                e = offer(v, "target_kind", "account", ORIGIN_COMPUTED, false, why);
        return e;
}

static enum err from_said(struct values *v, const char *said, struct why *why)
{
        char canonical[SUBJECT_CANONICAL_MAX + 1];
        enum err e = whom_of_text(said, canonical);
        if (e)
                return why_set(why, e, "subject: %.150s", said);
        return strcmp(said, canonical) == 0 ? OK : offer(v, "subject", canonical, ORIGIN_COMPUTED, true, why);
}

/* The person's reference, else the words that are searched for. */
static enum err from_person(struct values *v, const char *reference, const char *words, struct why *why)
{
        struct subject *subject = calloc(1, sizeof *subject);
        const bool named = reference[0] != '\0';
        enum err e = subject == NULL ? ERR_NO_MEMORY : OK;
        if (e)
                return e;
        if ((e = named ? subject_of_reference(bytes_text(reference), subject)
                       : subject_of_term(bytes_text(words), subject)))
                e = why_set(why, e, named ? "subject_ref" : "query_text");
        else if (!(e = offer(v, "subject", subject->canonical, ORIGIN_COMPUTED, false, why)))
                e = offer(v, "target_kind", subject->target_kind, ORIGIN_COMPUTED, false, why);
        free(subject);
        return e;
}

enum said { SAID_URL, SAID_PLATFORM, SAID_HANDLE, SAID_SUBJECT, SAID_PERSON, SAID_WORDS, SAID_COUNT };

static enum err from_texts(struct values *v, const char *const said[SAID_COUNT], struct why *why)
{
        const bool look = v->kind == KIND_INTENT || v->kind == KIND_ACTIVITY;
        const bool on_platform = look && said[SAID_PLATFORM][0] != '\0';
        if (on_platform && whom_is_handle(said[SAID_URL]))
                return from_account(v, said[SAID_PLATFORM], said[SAID_URL], why);
        if (said[SAID_URL][0] != '\0')
                return from_address(v, said[SAID_URL], why);
        if (look && said[SAID_SUBJECT][0] != '\0')
                return from_said(v, said[SAID_SUBJECT], why);
        if (on_platform && said[SAID_HANDLE][0] != '\0')
                return from_account(v, said[SAID_PLATFORM], said[SAID_HANDLE], why);
        return said[SAID_PERSON][0] != '\0' || said[SAID_WORDS][0] != '\0'
                   ? from_person(v, said[SAID_PERSON], said[SAID_WORDS], why)
                   : OK;
}

enum err compose_subject(struct values *v, struct why *why)
{
        static const char *const names[SAID_COUNT] = {"url",     "platform",    "handle",
                                                      "subject", "subject_ref", "query_text"};
        struct buf texts[SAID_COUNT];
        const char *said[SAID_COUNT];
        enum err e = OK;
        for (size_t i = 0; i < SAID_COUNT; i++) {
                buf_init(&texts[i], FIELD_VALUE_MAX);
                e = e ? e : values_text(v, names[i], &texts[i]);
                said[i] = buf_text(&texts[i]);
        }
        if (!e)
                e = from_texts(v, said, why);
        for (size_t i = 0; i < SAID_COUNT; i++)
                buf_wipe(&texts[i]);
        return e;
}
