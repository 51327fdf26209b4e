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

static enum err ask_field(struct values *v, const struct field *f, struct why *why)
{
        char line[LINE_MAX_BYTES];
        for (;;) {
                const char *text = line;
                if (f->type == FIELD_WORD && f->vocabulary->count > 3)
                        print_words(f->vocabulary);
                if (f->type == FIELD_WORD && f->vocabulary->count <= 3) {
                        (void)printf("%s (", f->prompt);
                        for (size_t i = 0; i < f->vocabulary->count; i++)
                                (void)printf("%s%s", i ? "/" : "", f->vocabulary->words[i].word);
                        (void)printf("): ");
                } else {
                        (void)printf("%s: ", f->prompt);
                }
                if (!read_line(line))
                        return why_set(why, ERR_NO_TERMINAL, "%s", f->name);
                if (line[0] == '\0')
                        continue;
                if (f->type == FIELD_WORD && (text = word_of_answer(f->vocabulary, line)) == NULL) {
                        (void)printf("  One of the words above, please, or its key.\n");
                        continue;
                }
                struct why here = {0};
                enum err e = values_set_text(v, f->name, text, ORIGIN_TYPED, true, &here);
                if (!e)
                        return OK;
                (void)printf("  %s %s\n", err_row(e)->sentence, here.detail);
        }
}

enum err ask_values(struct values *v, enum lane lane, struct why *why)
{
        enum err e = OK;
        for (size_t i = 0; i < fields_count && !e; i++) {
                const struct field *f = &fields[i];
                bool asked = ((f->asked >> v->kind) & 1u) != 0 && f->lane <= lane &&
                             strcmp(f->name, "justification") != 0;
                if (asked && values_find(v, f->name) == NULL)
                        e = ask_field(v, f, why);
        }
        return e;
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
                e = ask_field(v, f, why);
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
