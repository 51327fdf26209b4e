#include "client/fetch.h"

#include <stdlib.h>

#define PAGE 100

enum err fetch_entry(struct session *s, const char *ref, struct record *out)
{
        json_t *answer = NULL;
        enum err e = consult(s, "show", json_pack("{ss}", "ref", ref), &answer);
        if (!e) {
                const json_t *first = json_array_get(json_object_get(answer, "records"), 0);
                e = first == NULL ? ERR_ANSWER : record_read(first, out, &s->why);
                if (!e)
                        e = record_check_ref(out, ref, &s->why);
        }
        json_decref(answer);
        return e;
}

static int by_seq(const void *a, const void *b)
{
        const struct record *const *one = a, *const *other = b;
        return ((*one)->leaf.seq > (*other)->leaf.seq) - ((*one)->leaf.seq < (*other)->leaf.seq);
}

enum err fetch_each(struct session *s, const json_t *records,
                    enum err (*each)(void *self, const struct record *r, struct why *why), void *self)
{
        const size_t n = json_array_size(records);
        struct record **list = calloc(n + 1, sizeof(struct record *));
        enum err e = list == NULL ? ERR_NO_MEMORY : OK;
        for (size_t i = 0; i < n && !e; i++)
                if ((list[i] = calloc(1, sizeof *list[i])) == NULL)
                        e = ERR_NO_MEMORY;
                else
                        e = record_read(json_array_get(records, i), list[i], &s->why);
        if (!e)
                qsort(list, n, sizeof(struct record *), by_seq);
        for (size_t i = 0; i < n && !e; i++)
                e = each(self, list[i], &s->why);
        for (size_t i = 0; list != NULL && i < n; i++) {
                if (list[i] != NULL)
                        record_clear(list[i]);
                free(list[i]);
        }
        free(list);
        return e;
}

enum err fetch_whole(struct session *s, enum kind kind, json_t **out_records)
{
        json_t *records = json_array(),
               *query = json_pack("{ss sb si}", "kind", kind_name(kind), "whole", 1, "limit", PAGE);
        enum err e = OK;
        for (bool more = true; more && !e;) {
                json_t *answer = NULL;
                if ((e = consult(s, "list", json_deep_copy(query), &answer)))
                        break;
                const char *next = json_string_value(json_object_get(answer, "next"));
                (void)json_array_extend(records, json_object_get(answer, "records"));
                if ((more = next != NULL))
                        (void)json_object_set_new(query, "before", json_integer(strtoll(next, NULL, 10)));
                json_decref(answer);
        }
        json_decref(query);
        if (e)
                json_decref(records);
        else
                *out_records = records;
        return e;
}
