#include "client/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 4096

/* False at the end of input. The line end is cut off. */
static bool read_line(char out[LINE_MAX_BYTES])
{
        (void)fflush(stdout);
        if (fgets(out, LINE_MAX_BYTES, stdin) == NULL)
                return false;
        out[strcspn(out, "\r\n")] = '\0';
        return true;
}

static void print_words(const struct vocabulary *v)
{
        for (size_t i = 0; i < v->count; i++) {
                const struct word *w = &v->words[i];
                if (w->key != 0)
                        (void)printf("  %c) %-28s", w->key, w->plain);
                else
                        (void)printf("  %2zu) %-27s", i + 1, w->plain);
                if (i % 2 == 1 || i + 1 == v->count)
                        (void)printf("\n");
        }
}

static const char *word_of_answer(const struct vocabulary *v, const char *answer)
{
        const struct word *whole = vocabulary_word(v, answer, strlen(answer));
        if (whole != NULL)
                return whole->word;
        if (answer[1] == '\0')
                for (size_t i = 0; i < v->count; i++)
                        if (v->words[i].key == answer[0])
                                return v->words[i].word;
        char *end = NULL;
        unsigned long number = strtoul(answer, &end, 10);
        if (end != answer && *end == '\0' && number >= 1 && number <= v->count)
                return v->words[number - 1].word;
        return NULL;
}

/* What a list of words is answered with: keys, numbers or words, parted by commas; what is none of them stays
 * as it is typed, so that it can be said. */
static enum err spell_words(const struct vocabulary *v, const char *line, struct buf *out)
{
        char part[LINE_MAX_BYTES];
        while (*line != '\0') {
                size_t n = strcspn(line, ",");
                (void)snprintf(part, sizeof part, "%.*s", (int)n, line + strspn(line, " "));
                part[strcspn(part, " ,")] = '\0';
                const char *word = part[0] == '\0' ? NULL : word_of_answer(v, part);
                buf_put_text(out, out->n > 0 ? "," : "");
                buf_put_text(out, word != NULL ? word : part);
                line += n + (line[n] == ',');
        }
        return buf_check(out);
}

/* False when it has to be asked again. */
static enum err take_answer(struct values *v, const struct field *f, const char *line, bool *out_taken)
{
        struct why here = {0};
        const char *text = line;
        struct buf words;
        enum err e = OK;
        *out_taken = false;
        buf_init(&words, LINE_MAX_BYTES);
        if (f->type == FIELD_WORD && (text = word_of_answer(f->vocabulary, line)) == NULL) {
                (void)printf("  One of the words above, please, or its key.\n");
                return OK;
        }
        if (f->type == FIELD_WORDS && !(e = spell_words(f->vocabulary, line, &words)))
                text = buf_text(&words);
        if (!e)
                e = values_set_text(v, f->name, text, ORIGIN_TYPED, true, &here);
        buf_clear(&words);
        *out_taken = e == OK;
        if (e == ERR_NO_MEMORY)
                return e;
        if (e)
                (void)printf("  %s %s\n", err_row(e)->sentence, here.detail);
        return OK;
}

static void print_question(const struct field *f, const char *bracket)
{
        const bool words = f->type == FIELD_WORD || f->type == FIELD_WORDS;
        if (words && (f->type == FIELD_WORDS || f->vocabulary->count > 3))
                print_words(f->vocabulary);
        (void)printf("%s", f->prompt);
        if (f->type == FIELD_WORD && f->vocabulary->count <= 3) {
                (void)printf(" (");
                for (size_t i = 0; i < f->vocabulary->count; i++)
                        (void)printf("%s%s", i ? "/" : "", f->vocabulary->words[i].word);
                (void)printf(")");
        }
        if (bracket != NULL)
                (void)printf(" [%s]", bracket);
        (void)printf(": ");
}

/* `bracket`: what an empty answer stands for; NULL: there is none, and it is asked until it is answered. */
static enum err ask_field(struct values *v, const struct field *f, const char *bracket, bool *out_empty,
                          struct why *why)
{
        char line[LINE_MAX_BYTES];
        bool taken = false;
        enum err e = OK;
        *out_empty = false;
        while (!taken && !e) {
                print_question(f, bracket);
                if (!read_line(line))
                        return why_set(why, ERR_NO_TERMINAL, "%s", f->name);
                if (line[0] != '\0')
                        e = take_answer(v, f, line, &taken);
                else if (bracket != NULL)
                        taken = *out_empty = true;
        }
        return e;
}

static enum err ask_needed(struct values *v, const struct field *f, struct why *why)
{
        bool empty;
        return ask_field(v, f, NULL, &empty, why);
}

enum err ask_one(struct values *v, const char *name, struct why *why)
{
        return ask_needed(v, field_of_name(v->kind, name, strlen(name)), why);
}

/* An answer that may be left out, or whose default is taken by Enter and then is the person's own. */
static enum err ask_offered(struct values *v, const struct field *f, struct why *why)
{
        const struct value *there = values_find(v, f->name);
        char bracket[256] = "Enter: nothing to say";
        bool empty;
        enum err e;
        if (there != NULL)
                (void)snprintf(bracket, sizeof bracket, "%.*s", (int)strcspn(there->json + 1, "\""),
                               there->json + 1);
        else if (f->type == FIELD_WORDS)
                (void)snprintf(bracket, sizeof bracket, "Enter: none");
        if ((e = ask_field(v, f, bracket, &empty, why)) || !empty)
                return e;
        if (there != NULL)
                return values_set_text(v, f->name, bracket, ORIGIN_CONFIRMED, true, why);
        return f->type == FIELD_WORDS ? values_set_text(v, f->name, "", ORIGIN_TYPED, true, why) : OK;
}

static bool asks(const struct values *v, const struct field *f)
{
        /* a registration is no determination; files are not typed; the justification is confirmed by itself
         */
        return ((f->asked >> v->kind) & 1u) != 0 && f->type != FIELD_OBJECT && f->type != FIELD_OBJECTS &&
               strcmp(f->name, "justification") != 0 &&
               !(v->kind == KIND_AUTHORITY && strcmp(f->name, "determination") == 0);
}

enum err ask_values(struct values *v, enum lane lane, struct why *why)
{
        enum err e = OK;
        for (size_t i = 0; i < fields_count && !e; i++) {
                const struct field *f = &fields[i];
                if (!asks(v, f) || f->lane > lane || values_find(v, f->name) != NULL)
                        continue;
                const bool may_skip = f->lane > LANE_QUICK || f->type == FIELD_LIST;
                e = may_skip ? ask_offered(v, f, why) : ask_needed(v, f, why);
        }
        return e;
}

enum err ask_lane(struct values *v, enum lane above, enum lane lane, struct why *why)
{
        enum err e = OK;
        for (size_t i = 0; i < fields_count && !e; i++) {
                const struct field *f = &fields[i];
                if (!asks(v, f) || f->lane <= above || f->lane > lane)
                        continue;
                const struct value *there = values_find(v, f->name);
                if (there == NULL || (there->origin == ORIGIN_DEFAULT && f->type == FIELD_WORD))
                        e = ask_offered(v, f, why);
        }
        return e;
}

enum err ask_acknowledge(const char *warning, bool *out_yes, struct why *why)
{
        char line[LINE_MAX_BYTES];
        (void)printf("%s\n[y: read; n: not now] ", warning);
        if (!read_line(line))
                return why_set(why, ERR_NO_TERMINAL, "acknowledged");
        *out_yes = line[0] == 'y' || line[0] == 'Y';
        return OK;
}

enum err ask_confirm(struct values *v, const char *name, struct why *why)
{
        char line[LINE_MAX_BYTES];
        struct buf text;
        enum err e;
        const struct field *f = field_of_name(v->kind, name, strlen(name));
        if (f == NULL)
                return OK;
        buf_init(&text, FIELD_VALUE_MAX);
        if ((e = values_text(v, name, &text)))
                goto done;
        if (text.n == 0) {
                e = ask_needed(v, f, why);
                goto done;
        }
        (void)printf("%s\n  %s\n[Enter: yes, this is why; or type it better] ", f->prompt, buf_text(&text));
        if (!read_line(line)) {
                e = why_set(why, ERR_NO_TERMINAL, "%s", name);
                goto done;
        }
        const char *said = line[0] == '\0' ? buf_text(&text) : line;
        e = values_set_text(v, name, said, line[0] == '\0' ? ORIGIN_CONFIRMED : ORIGIN_TYPED, true, why);
done:
        buf_wipe(&text);
        return e;
}
