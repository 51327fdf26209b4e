#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/command.h"
#include "client/kept.h"
#include "client/record.h"
#include "client/text.h"

/* The first record is the one asked for; the others are about it. */
static enum err show_json(struct session *s, const char *ref, const json_t *records)
{
        struct record *r = calloc(1, sizeof *r);
        json_t *out = NULL, *decisions = json_array(), *related = json_array();
        const json_t *from;
        size_t i;
        enum err e = r == NULL ? ERR_NO_MEMORY : OK;
        json_array_foreach(records, i, from)
        {
                if (e || (e = record_read(from, r, &s->why)) ||
                    (i == 0 && (e = record_check_ref(r, ref, &s->why))))
                        break;
                json_t *one = record_json(r);
                if (i == 0)
                        out = one;
                else
                        (void)json_array_append_new(r->statement.kind == KIND_DECISION ? decisions : related,
                                                    one);
                record_clear(r);
        }
        if (!e && out != NULL) {
                (void)json_object_set(out, "decisions", decisions);
                (void)json_object_set(out, "related", related);
                command_json(out);
                out = NULL;
        } else if (!e) {
                e = ERR_ANSWER;
        }
        json_decref(out);
        json_decref(decisions);
        json_decref(related);
        if (r != NULL)
                record_clear(r);
        free(r);
        return e;
}

static enum err show_words(struct session *s, const char *ref, const json_t *records)
{
        struct record *r = calloc(1, sizeof *r);
        const json_t *from;
        size_t i;
        enum err e = r == NULL ? ERR_NO_MEMORY : OK;
        json_array_foreach(records, i, from)
        {
                if (e || (e = record_read(from, r, &s->why)) ||
                    (i == 0 && (e = record_check_ref(r, ref, &s->why))))
                        break;
                if (i > 0)
                        (void)printf("\n");
                record_print(r);
                if (i == 0) {
                        char seen[HASH_TEXT_LEN + 1];
                        hash_text(&r->seen, seen);
                        (void)printf("  seen: %s\n", seen);
                }
                record_clear(r);
        }
        if (r != NULL)
                record_clear(r);
        free(r);
        return e;
}

/* Entries that say who read, disclosed or erased what are opened only for a purpose of their own. */
static json_t *show_query(const struct session *s, const char *ref)
{
        json_t *query = json_pack("{ss}", "ref", ref);
        if (s->log_purpose != NULL)
                (void)json_object_set_new(query, "logs", json_true());
        return query;
}

int command_show(struct session *s, int argc, char **argv)
{
        const struct arg table[] = {{.name = "log-purpose", .text = &s->log_purpose}, {.name = NULL}};
        struct args args;
        json_t *answer = NULL;
        enum err e;
        if ((e = command_args(s, argc, argv, table, &args)))
                return command_fail(s, e);
        if (args.words_n != 1)
                return command_fail(s, why_set(&s->why, ERR_USE, "show REF"));
        if (!(e = session_open(s)) && !(e = consult(s, "show", show_query(s, args.words[0]), &answer))) {
                const json_t *records = json_object_get(answer, "records");
                e = s->json ? show_json(s, args.words[0], records) : show_words(s, args.words[0], records);
        }
        json_decref(answer);
        return e ? command_fail(s, e) : EXIT_DONE;
}

static void print_age(json_int_t age_s)
{
        if (age_s < 3600)
                (void)printf("%4lld min", (long long)age_s / 60);
        else if (age_s < 172800)
                (void)printf("%4lld h  ", (long long)age_s / 3600);
        else
                (void)printf("%4lld d  ", (long long)age_s / 86400);
}

/* What became of it: the decision where one was needed and made, the verdict otherwise. */
static const char *standing(const json_t *entry)
{
        const char *decided = text_of(entry, "decided");
        bool settled = strcmp(decided, "approved") == 0 || strcmp(decided, "returned") == 0 ||
                       strcmp(decided, "refused") == 0;
        return settled ? decided : text_of(entry, "verdict");
}

/* What a member entry would change, for whoever is to decide it. */
static void print_membership(const json_t *entry)
{
        const json_t *role;
        size_t i;
        if (text_of(entry, "act")[0] == '\0')
                return;
        (void)printf("           %s %s:", text_of(entry, "act"), text_of(entry, "about"));
        json_array_foreach(json_object_get(entry, "roles"), i, role)(void)
            printf(" %s", json_string_value(role));
        (void)printf("\n");
}

/* What made it wait, in words, and what the ledger counted; pack NULL: a list, which has one line an entry.
 */
static void print_reasons(const json_t *entry, const struct pack *pack)
{
        const json_t *hit;
        size_t i;
        const long long views = json_integer_value(json_object_get(entry, "views")),
                        officers = json_integer_value(json_object_get(entry, "officers")),
                        likeness = json_integer_value(json_object_get(entry, "likeness"));
        json_array_foreach(json_object_get(entry, "hits"), i, hit)
        {
                const struct rule *rule = pack_rule_of_id(pack, json_string_value(hit));
                if (rule != NULL)
                        (void)printf("           %s: %s\n", rule->id, rule->title);
        }
        if (views > 1)
                (void)printf("           %lld views of this person, by %lld officer%s\n", views, officers,
                             officers == 1 ? "" : "s");
        if (likeness > 0)
                (void)printf("           the reasons are %lld%% like an earlier text of the author\n",
                             likeness);
}

static void print_entries(const json_t *entries, const struct pack *pack)
{
        const json_t *entry, *hit;
        size_t i, k;
        json_array_foreach(entries, i, entry)
        {
                (void)printf("%-10s %-18s %-9s ", text_of(entry, "ref"),
                             record_kind_plain(text_of(entry, "kind")), standing(entry));
                print_age(json_integer_value(json_object_get(entry, "age_s")));
                (void)printf("  %-18s %s", text_of(entry, "author"), text_of(entry, "subject"));
                json_array_foreach(json_object_get(entry, "hits"), k, hit)(void)
                    printf(" [%s]", json_string_value(hit));
                (void)printf("\n");
                print_membership(entry);
                if (text_of(entry, "objective")[0] != '\0')
                        (void)printf("           %s\n", text_of(entry, "objective"));
                if (pack != NULL)
                        print_reasons(entry, pack);
        }
        if (json_array_size(entries) == 0)
                (void)printf("Nothing.\n");
}

/* Pages are asked for one after the other, each a consult of its own, until `limit` or the end. */
static enum err all_pages(struct session *s, const char *class, json_t *query, const char *cursor,
                          size_t limit, json_t **out)
{
        json_t *entries = json_array(), *answer = NULL;
        enum err e = OK;
        for (;;) {
                if ((e = consult(s, class, json_deep_copy(query), &answer)))
                        break;
                (void)json_array_extend(entries, json_object_get(answer, "entries"));
                const char *next = json_string_value(json_object_get(answer, "next"));
                if (next == NULL || json_array_size(entries) >= limit)
                        break;
                (void)json_object_set_new(query, cursor, json_integer(strtoll(next, NULL, 10)));
                json_decref(answer);
                answer = NULL;
        }
        json_decref(answer);
        json_decref(query);
        if (e)
                json_decref(entries);
        else
                *out = entries;
        return e;
}

static int print_page(struct session *s, json_t *entries, const struct pack *pack)
{
        if (s->json)
                command_json(json_pack("{so}", "entries", entries));
        else {
                print_entries(entries, pack);
                json_decref(entries);
        }
        return EXIT_DONE;
}

static enum err read_limit(struct session *s, const char *text, size_t *out)
{
        struct bytes in = bytes_text(text != NULL ? text : "1000");
        uint64_t n;
        if (bytes_take_decimal(&in, &n) || in.n != 0 || n == 0 || n > 1000000)
                return why_set(&s->why, ERR_USE, "--limit is a number");
        *out = (size_t)n;
        return OK;
}

int command_list(struct session *s, int argc, char **argv)
{
        const char *operation = NULL, *kind = NULL, *limit_text = NULL;
        bool open = false, all = false, mine = false;
        const struct arg table[] = {
            {.name = "operation", .text = &operation}, {.name = "kind", .text = &kind},
            {.name = "limit", .text = &limit_text},    {.name = "log-purpose", .text = &s->log_purpose},
            {.name = "open", .flag = &open},           {.name = "all", .flag = &all},
            {.name = "mine", .flag = &mine},           {.name = NULL}};
        struct args args;
        json_t *entries = NULL;
        size_t limit = 0;
        enum err e;
        if ((e = command_args(s, argc, argv, table, &args)) || (e = read_limit(s, limit_text, &limit)) ||
            (e = session_open(s)))
                return command_fail(s, e);
        json_t *query = json_pack("{si sb sb sb}", "limit", limit < 100 ? (int)limit : 100, "open", open,
                                  "all", all, "mine", mine);
        if (operation != NULL)
                (void)json_object_set_new(query, "operation", json_string(operation));
        if (kind != NULL)
                (void)json_object_set_new(query, "kind", json_string(kind));
        if ((e = all_pages(s, "list", query, "before", limit, &entries)))
                return command_fail(s, e);
        return print_page(s, entries, NULL);
}

int command_queue(struct session *s, int argc, char **argv)
{
        const char *limit_text = NULL;
        const struct arg table[] = {{.name = "limit", .text = &limit_text}, {.name = NULL}};
        struct args args;
        json_t *entries = NULL;
        size_t limit = 0;
        struct pack *pack = NULL;
        enum err e;
        if ((e = command_args(s, argc, argv, table, &args)) || (e = read_limit(s, limit_text, &limit)) ||
            (e = session_open(s)) ||
            (e = all_pages(s, "queue", json_pack("{si}", "limit", 100), "from", limit, &entries)))
                return command_fail(s, e);
        if (!s->json && kept_in_force(s, true, &pack)) {
                s->why = (struct why){0}; /* the ids alone, then */
                pack = NULL;
        }
        int status = print_page(s, entries, pack);
        pack_free(pack);
        return status;
}
