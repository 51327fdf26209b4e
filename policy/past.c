#include "policy/past.h"

#include <stdlib.h>

struct past {
        struct marks statements, names;
        struct past_entry *entry;         /* owned; by number of the statement's mark */
        struct past_operation *operation; /* owned; by number of the name's mark */
        uint32_t entry_size, operation_size;
};

struct past *past_new(void)
{
        return calloc(1, sizeof(struct past));
}

void past_free(struct past *p)
{
        if (p == NULL)
                return;
        marks_clear(&p->statements);
        marks_clear(&p->names);
        free(p->entry);
        free(p->operation);
        free(p);
}

struct past_entry *past_at(struct past *p, uint32_t number)
{
        return &p->entry[number];
}

/* A statement that stands in a damaged file twice keeps its first entry. */
enum err past_put(struct past *p, const struct hash *st, const struct past_entry *one, uint32_t *out_number)
{
        const struct mark mark = mark_of_hash(st);
        uint32_t n = p->statements.n;
        void *at = p->entry;
        enum err e = marks_grow(&at, n, &p->entry_size, sizeof *p->entry);
        p->entry = at;
        if (e || (e = marks_put(&p->statements, &mark, out_number)))
                return e;
        if (*out_number == n)
                p->entry[n] = *one;
        return OK;
}

struct past_entry *past_of_st(struct past *p, const struct hash *st, uint32_t *out_number)
{
        const struct mark mark = mark_of_hash(st);
        *out_number = marks_find(&p->statements, &mark);
        return *out_number == MARK_NONE ? NULL : &p->entry[*out_number];
}

enum err past_operation(struct past *p, struct bytes name, uint32_t *out_number)
{
        struct mark mark;
        uint32_t n = p->names.n;
        void *at = p->operation;
        enum err e = marks_grow(&at, n, &p->operation_size, sizeof *p->operation);
        p->operation = at;
        if (e || (e = mark_of_text(name, &mark)) || (e = marks_put(&p->names, &mark, out_number)))
                return e;
        if (*out_number == n)
                p->operation[n] = (struct past_operation){0};
        return OK;
}

struct past_operation *past_operation_at(struct past *p, uint32_t number)
{
        return &p->operation[number];
}
