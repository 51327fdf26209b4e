#include "ledger/record/sdjwt_tree.h"

#include <stdlib.h>

#define BLOCK_SIZE 16384 /* bytes */

struct sdjwt_block {
        struct sdjwt_block *next;
        size_t used, size; /* bytes of `at` */
        _Alignas(max_align_t) uint8_t at[];
};

struct reader {
        struct sdjwt_tree *tree;
        struct bytes in;
};

void sdjwt_tree_init(struct sdjwt_tree *t)
{
        t->blocks = NULL;
}

void sdjwt_tree_clear(struct sdjwt_tree *t)
{
        while (t->blocks != NULL) {
                struct sdjwt_block *b = t->blocks;
                t->blocks = b->next;
                explicit_bzero(b->at, b->size);
                free(b);
        }
}

/* Zeroed, aligned for anything; NULL: no memory. */
static void *take_room(struct sdjwt_tree *t, size_t n)
{
        n = (n + _Alignof(max_align_t) - 1) / _Alignof(max_align_t) * _Alignof(max_align_t);
        if (t->blocks == NULL || t->blocks->size - t->blocks->used < n) {
                size_t size = n > BLOCK_SIZE ? n : BLOCK_SIZE;
                struct sdjwt_block *b = calloc(1, sizeof *b + size);
                if (b == NULL)
                        return NULL;
                b->size = size;
                b->next = t->blocks;
                t->blocks = b;
        }
        void *room = t->blocks->at + t->blocks->used;
        t->blocks->used += n;
        return room;
}

static void skip_space(struct reader *r)
{
        while (r->in.n > 0 && memchr(" \t\r\n", r->in.at[0], 4) != NULL)
                r->in = bytes_of(r->in.at + 1, r->in.n - 1);
}

static bool take_char(struct reader *r, char c)
{
        skip_space(r);
        if (r->in.n == 0 || r->in.at[0] != (uint8_t)c)
                return false;
        r->in = bytes_of(r->in.at + 1, r->in.n - 1);
        return true;
}

static int hex_value(uint8_t c)
{
        if (c >= '0' && c <= '9')
                return c - '0';
        if (c >= 'a' && c <= 'f')
                return c - 'a' + 10;
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* `\uXXXX` at the start of `in`. */
static bool unicode_escape(struct bytes in, uint32_t *out)
{
        uint32_t v = 0;
        if (in.n < 6 || in.at[0] != '\\' || in.at[1] != 'u')
                return false;
        for (size_t i = 2; i < 6; i++) {
                int digit = hex_value(in.at[i]);
                if (digit < 0)
                        return false;
                v = v << 4 | (uint32_t)digit;
        }
        *out = v;
        return true;
}

/* A lone surrogate comes out as three bytes that bytes_utf8_valid refuses. */
static size_t put_utf8(uint32_t v, uint8_t *out)
{
        if (v < 0x80) {
                out[0] = (uint8_t)v;
                return 1;
        }
        if (v < 0x800) {
                out[0] = (uint8_t)(0xc0 | v >> 6);
                out[1] = (uint8_t)(0x80 | (v & 0x3f));
                return 2;
        }
        if (v < 0x10000) {
                out[0] = (uint8_t)(0xe0 | v >> 12);
                out[1] = (uint8_t)(0x80 | (v >> 6 & 0x3f));
                out[2] = (uint8_t)(0x80 | (v & 0x3f));
                return 3;
        }
        out[0] = (uint8_t)(0xf0 | v >> 18);
        out[1] = (uint8_t)(0x80 | (v >> 12 & 0x3f));
        out[2] = (uint8_t)(0x80 | (v >> 6 & 0x3f));
        out[3] = (uint8_t)(0x80 | (v & 0x3f));
        return 4;
}

/* The escape at the start of `in`: its length, 0 if it is none; what it stands for goes to out. */
static size_t take_escape(struct bytes in, uint8_t *out, size_t *out_n)
{
        static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
        uint32_t high, low;
        if (unicode_escape(in, &high)) {
                bool pair = high >= 0xd800 && high < 0xdc00 &&
                            unicode_escape(bytes_of(in.at + 6, in.n - 6), &low) && low >= 0xdc00 &&
                            low < 0xe000;
                *out_n = put_utf8(pair ? 0x10000 + ((high - 0xd800) << 10 | (low - 0xdc00)) : high, out);
                return pair ? 12 : 6;
        }
        const char *at = in.n < 2 || in.at[1] == 0 ? NULL : strchr(from, in.at[1]);
        if (at == NULL)
                return 0;
        *out = (uint8_t)to[at - from];
        *out_n = 1;
        return 2;
}

static enum err unescape(struct bytes in, uint8_t *out, size_t *out_n)
{
        size_t n = 0;
        while (in.n > 0) {
                size_t step = 1, put = 1;
                if (in.at[0] < 0x20)
                        return ERR_JSON;
                if (in.at[0] != '\\')
                        out[n] = in.at[0];
                else if ((step = take_escape(in, out + n, &put)) == 0)
                        return ERR_JSON;
                n += put;
                in = bytes_of(in.at + step, in.n - step);
        }
        *out_n = n;
        return bytes_utf8_valid(bytes_of(out, n)) ? OK : ERR_JSON;
}

static enum err take_string(struct reader *r, struct bytes *out)
{
        size_t end = 0, n;
        if (!take_char(r, '"'))
                return ERR_JSON;
        while (end < r->in.n && r->in.at[end] != '"')
                end += r->in.at[end] == '\\' ? 2 : 1;
        if (end >= r->in.n)
                return ERR_JSON;
        /* no escape is shorter than what it stands for */
        uint8_t *room = take_room(r->tree, end + 1);
        if (room == NULL)
                return ERR_NO_MEMORY;
        enum err e = unescape(bytes_of(r->in.at, end), room, &n);
        if (e)
                return e;
        *out = bytes_of(room, n);
        r->in = bytes_of(r->in.at + end + 1, r->in.n - end - 1);
        return OK;
}

static size_t digits(struct bytes in, size_t from)
{
        size_t n = 0;
        while (from + n < in.n && in.at[from + n] >= '0' && in.at[from + n] <= '9')
                n++;
        return n;
}

/* RFC 8259 section 6; 0 if it is no number. */
static size_t number_length(struct bytes in)
{
        size_t n = in.n > 0 && in.at[0] == '-' ? 1 : 0, some = digits(in, n);
        if (some == 0 || (some > 1 && in.at[n] == '0'))
                return 0;
        n += some;
        if (n < in.n && in.at[n] == '.') {
                if ((some = digits(in, n + 1)) == 0)
                        return 0;
                n += 1 + some;
        }
        if (n < in.n && (in.at[n] == 'e' || in.at[n] == 'E')) {
                bool sign = n + 1 < in.n && (in.at[n + 1] == '+' || in.at[n + 1] == '-');
                n += sign ? 2 : 1;
                if ((some = digits(in, n)) == 0)
                        return 0;
                n += some;
        }
        return n;
}

static enum err take_number(struct reader *r, struct bytes *out)
{
        size_t n = number_length(r->in);
        if (n == 0)
                return ERR_JSON;
        uint8_t *room = take_room(r->tree, n);
        if (room == NULL)
                return ERR_NO_MEMORY;
        memcpy(room, r->in.at, n);
        *out = bytes_of(room, n);
        r->in = bytes_of(r->in.at + n, r->in.n - n);
        return OK;
}

static enum err take_value(struct reader *r, unsigned depth, struct sdjwt_node **out);

static enum err take_children(struct reader *r, unsigned depth, struct sdjwt_node *container)
{
        bool object = container->type == JSON_IS_OBJECT;
        char close = object ? '}' : ']';
        struct sdjwt_node **end = &container->child, *child;
        if (depth > JSON_DEPTH_MAX || !take_char(r, object ? '{' : '['))
                return ERR_JSON;
        if (take_char(r, close))
                return OK;
        do {
                struct bytes name = bytes_of(NULL, 0);
                enum err e;
                if (object && ((e = take_string(r, &name)) || !take_char(r, ':')))
                        return e ? e : ERR_JSON;
                if (object &&
                    (container->count == JSON_MEMBERS_MAX || sdjwt_tree_named(container, name) != NULL))
                        return ERR_JSON;
                if ((e = take_value(r, depth, &child)))
                        return e;
                child->name = name;
                *end = child;
                end = &child->next;
                container->count++;
        } while (take_char(r, ','));
        return take_char(r, close) ? OK : ERR_JSON;
}

static enum err take_value(struct reader *r, unsigned depth, struct sdjwt_node **out)
{
        struct sdjwt_node *node;
        enum err e;
        skip_space(r);
        node = take_room(r->tree, sizeof *node);
        if (node == NULL)
                return ERR_NO_MEMORY;
        if ((e = json_form_of(r->in, &node->type)))
                return e;
        switch (node->type) {
        case JSON_IS_STRING: e = take_string(r, &node->text); break;
        case JSON_IS_INT: e = take_number(r, &node->text); break;
        case JSON_IS_TRUE: e = bytes_take_text(&r->in, "true"); break;
        case JSON_IS_FALSE: e = bytes_take_text(&r->in, "false"); break;
        case JSON_IS_NULL: e = bytes_take_text(&r->in, "null"); break;
        case JSON_IS_ARRAY:
        case JSON_IS_OBJECT: e = take_children(r, depth + 1, node); break;
        }
        if (e)
                return e == ERR_FORM ? ERR_JSON : e;
        *out = node;
        return OK;
}

enum err sdjwt_tree_read(struct sdjwt_tree *t, struct bytes text, struct sdjwt_node **out)
{
        struct reader r = {.tree = t, .in = text};
        struct sdjwt_node *node;
        enum err e = take_value(&r, 0, &node);
        if (e)
                return e;
        skip_space(&r);
        if (r.in.n > 0)
                return ERR_JSON;
        *out = node;
        return OK;
}

static enum err put_value(struct buf *out, const struct sdjwt_node *node)
{
        static const char *const words[] = {
            [JSON_IS_TRUE] = "true", [JSON_IS_FALSE] = "false", [JSON_IS_NULL] = "null"};
        bool object = node->type == JSON_IS_OBJECT;
        if (node->type == JSON_IS_STRING) {
                json_put_string(out, node->text);
                return buf_check(out);
        }
        if (node->type == JSON_IS_INT)
                buf_put(out, node->text);
        else if (!object && node->type != JSON_IS_ARRAY)
                buf_put_text(out, words[node->type]);
        if (!object && node->type != JSON_IS_ARRAY)
                return buf_check(out);
        buf_put_text(out, object ? "{" : "[");
        for (const struct sdjwt_node *c = node->child; c != NULL; c = c->next) {
                if (object) {
                        json_put_string(out, c->name);
                        buf_put_text(out, ":");
                }
                enum err e = put_value(out, c);
                if (e)
                        return e;
                if (c->next != NULL)
                        buf_put_text(out, ",");
        }
        buf_put_text(out, object ? "}" : "]");
        return buf_check(out);
}

enum err sdjwt_tree_put(struct buf *out, const struct sdjwt_node *node)
{
        size_t before = out->n;
        enum err e = put_value(out, node);
        if (e)
                out->n = before;
        return e;
}

struct sdjwt_node *sdjwt_tree_named(const struct sdjwt_node *object, struct bytes name)
{
        struct sdjwt_node *c = object->child;
        while (c != NULL && !bytes_equal(c->name, name))
                c = c->next;
        return c;
}

struct sdjwt_node *sdjwt_tree_member(const struct sdjwt_node *object, const char *name)
{
        return sdjwt_tree_named(object, bytes_text(name));
}

void sdjwt_tree_append(struct sdjwt_node *container, struct sdjwt_node *child)
{
        struct sdjwt_node **end = &container->child;
        while (*end != NULL)
                end = &(*end)->next;
        *end = child;
        child->next = NULL;
        container->count++;
}

void sdjwt_tree_remove(struct sdjwt_node *container, const struct sdjwt_node *child)
{
        struct sdjwt_node **at = &container->child;
        while (*at != child)
                at = &(*at)->next;
        *at = child->next;
        container->count--;
}
