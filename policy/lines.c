#include "policy/lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

#include "policy/pack.h"

#define KEYS_MAX      64
#define DEPTH_LISTS   2 /* inside a list, or a mapping, at the top */
#define DEPTH_ENTRIES 3 /* inside an entry of a list */

static const struct {
        const char *key, *name, *called; /* of the list; of what names its entries; of an entry */
        size_t max;
} kinds_of_list[LINES_LISTS] = {
    [LINES_PARAMETERS] = {"parameters", "name", "parameter", PACK_PARAMETERS_MAX},
    [LINES_TERMS] = {"terms", "name", "term", PACK_TERMS_MAX},
    [LINES_RULES] = {"rules", "id", "rule", PACK_RULES_MAX},
    [LINES_TESTS] = {"tests", "rule", "rule", PACK_CASES_MAX},
};

struct entry {
        unsigned line;
        char name[PACK_ID_MAX + 1]; /* as much of it as there is room for */
};
struct key {
        unsigned line;
        char name[2 * PACK_ID_MAX + 2];
};
struct lines {
        size_t keys_n, entries_n[LINES_LISTS];
        struct key key[KEYS_MAX];
        struct entry *entry[LINES_LISTS]; /* owned */
        unsigned control;                 /* the first line with a control character in a text; 0: none */
};

struct walk {
        struct lines *lines;
        unsigned depth;                    /* collections that are open */
        bool after_key[DEPTH_ENTRIES + 1]; /* by depth: a key has been read, its value comes next */
        bool sequence[DEPTH_ENTRIES + 1];  /* by depth: it is no mapping */
        char top[PACK_ID_MAX + 1];         /* the key at the top that was read last */
        enum lines_list list;              /* which it is; LINES_LISTS: none */
        bool names;                        /* the value that comes next names the entry */
};

static void copy(char out[PACK_ID_MAX + 1], const char *text)
{
        (void)snprintf(out, PACK_ID_MAX + 1, "%s", text);
}

static void add_key(struct lines *l, const char *before, const char *name, unsigned line)
{
        struct key *k = &l->key[l->keys_n];
        if (l->keys_n == KEYS_MAX)
                return;
        (void)snprintf(k->name, sizeof k->name, "%s%s%.24s", before, before[0] ? "." : "", name);
        k->line = line;
        l->keys_n++;
}

static void read_top_key(struct walk *w, const char *text, unsigned line)
{
        add_key(w->lines, "", text, line);
        copy(w->top, text);
        w->list = (enum lines_list)0;
        while (w->list < LINES_LISTS && strcmp(text, kinds_of_list[w->list].key) != 0)
                w->list = (enum lines_list)(w->list + 1);
}

static void read_key(struct walk *w, const char *text, unsigned line)
{
        if (w->depth == 1)
                read_top_key(w, text, line);
        else if (w->depth == DEPTH_LISTS)
                add_key(w->lines, w->top, text, line);
        else if (w->list < LINES_LISTS)
                w->names = strcmp(text, kinds_of_list[w->list].name) == 0;
}

static void read_value(struct walk *w, const char *text)
{
        struct lines *l = w->lines;
        if (w->depth == DEPTH_ENTRIES && w->names && l->entries_n[w->list] > 0)
                copy(l->entry[w->list][l->entries_n[w->list] - 1].name, text);
        w->names = false;
}

static void begin_entry(struct walk *w, unsigned line)
{
        struct lines *l = w->lines;
        if (w->list < LINES_LISTS && l->entries_n[w->list] < kinds_of_list[w->list].max)
                l->entry[w->list][l->entries_n[w->list]++].line = line;
}

/* A text or a collection begins; `text` is "" for a collection. */
static void begin(struct walk *w, const char *text, unsigned line)
{
        if (w->depth == 0 || w->depth > DEPTH_ENTRIES)
                return;
        if (w->sequence[w->depth]) {
                if (w->depth == DEPTH_LISTS)
                        begin_entry(w, line);
                return;
        }
        if (w->after_key[w->depth])
                read_value(w, text);
        else
                read_key(w, text, line);
        w->after_key[w->depth] = !w->after_key[w->depth];
}

static void open_collection(struct walk *w, bool sequence, unsigned line)
{
        begin(w, "", line);
        if (++w->depth > DEPTH_ENTRIES)
                return;
        w->sequence[w->depth] = sequence;
        w->after_key[w->depth] = false;
}

static bool has_control(const yaml_char_t *text, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if ((text[i] < ' ' && text[i] != '\n' && text[i] != '\t') || text[i] == 0x7f)
                        return true;
        return false;
}

static void read_event(struct walk *w, const yaml_event_t *event)
{
        unsigned line = (unsigned)event->start_mark.line + 1;
        if (event->type == YAML_SCALAR_EVENT) {
                if (w->lines->control == 0 &&
                    has_control(event->data.scalar.value, event->data.scalar.length))
                        w->lines->control = line;
                begin(w, (const char *)event->data.scalar.value, line);
        } else if (event->type == YAML_MAPPING_START_EVENT || event->type == YAML_SEQUENCE_START_EVENT) {
                open_collection(w, event->type == YAML_SEQUENCE_START_EVENT, line);
        } else if (event->type == YAML_MAPPING_END_EVENT || event->type == YAML_SEQUENCE_END_EVENT) {
                w->depth--;
        } else if (event->type == YAML_ALIAS_EVENT) {
                begin(w, "", line);
        }
}

/* What is wrong with the YAML is for libcyaml to say. */
static enum err walk_all(struct bytes yaml, struct lines *l)
{
        struct walk w = {.lines = l, .list = LINES_LISTS};
        yaml_parser_t parser;
        yaml_event_t event;
        bool more = true, no_memory = false;
        if (!yaml_parser_initialize(&parser))
                return ERR_NO_MEMORY;
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&parser, yaml.at, yaml.n);
        while (more && yaml_parser_parse(&parser, &event)) {
                read_event(&w, &event);
                more = event.type != YAML_DOCUMENT_END_EVENT && event.type != YAML_STREAM_END_EVENT;
                yaml_event_delete(&event);
        }
        no_memory = parser.error == YAML_MEMORY_ERROR;
        yaml_parser_delete(&parser);
        return no_memory ? ERR_NO_MEMORY : OK;
}

enum err lines_new(struct bytes yaml, struct lines **out, struct why *why)
{
        struct lines *l = calloc(1, sizeof *l);
        enum err e = ERR_NO_MEMORY;
        if (l == NULL)
                return e;
        for (size_t i = 0; i < LINES_LISTS; i++)
                if ((l->entry[i] = calloc(kinds_of_list[i].max, sizeof(struct entry))) == NULL)
                        goto done;
        if ((e = walk_all(yaml, l)))
                goto done;
        if (l->control > 0) {
                e = why_set(why, ERR_PACK, "line %u: there is a control character in a text", l->control);
                goto done;
        }
        *out = l;
        l = NULL; /* given away */
done:
        lines_free(l);
        return e;
}

void lines_free(struct lines *l)
{
        if (l == NULL)
                return;
        for (size_t i = 0; i < LINES_LISTS; i++)
                free(l->entry[i]);
        free(l);
}

unsigned lines_of_key(const struct lines *l, const char *key)
{
        for (size_t i = 0; i < l->keys_n; i++)
                if (strcmp(l->key[i].name, key) == 0)
                        return l->key[i].line;
        return 0;
}

unsigned lines_of_entry(const struct lines *l, enum lines_list list, size_t i)
{
        return i < l->entries_n[list] ? l->entry[list][i].line : 0;
}

void lines_around(const struct lines *l, unsigned line, char out[LINES_AROUND_MAX])
{
        unsigned from = 0;
        out[0] = '\0';
        for (size_t list = 0; list < LINES_LISTS; list++)
                for (size_t i = 0; i < l->entries_n[list]; i++) {
                        const struct entry *entry = &l->entry[list][i];
                        if (entry->line < from || entry->line > line || entry->name[0] == '\0')
                                continue;
                        from = entry->line;
                        (void)snprintf(out, LINES_AROUND_MAX, ", %s %s", kinds_of_list[list].called,
                                       entry->name);
                }
        for (size_t i = 0; i < l->keys_n; i++)
                if (l->key[i].line > from && l->key[i].line <= line)
                        out[0] = '\0';
}
