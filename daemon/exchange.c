#include "daemon/exchange.h"

#include <stdlib.h>

#include "daemon/reply.h"

struct exchange {
        struct letter letter; /* stays the first */
        struct mailbox *mailbox;
        struct connection *connection;
        struct http_head head;
        uint8_t *body;
        bool has_key;
        struct hash tls_key;
        struct reply reply;
};

struct exchange *exchange_new(struct mailbox *m, struct connection *c, const struct http_head *head,
                              const struct hash *tls_key)
{
        struct exchange *x = calloc(1, sizeof *x);
        if (x == NULL)
                return NULL;
        x->body = malloc(head->length > 0 ? (size_t)head->length : 1);
        if (x->body == NULL) {
                free(x);
                return NULL;
        }
        mailbox_hold(m);
        x->mailbox = m;
        x->connection = c;
        x->head = *head;
        if (tls_key != NULL) {
                x->has_key = true;
                x->tls_key = *tls_key;
        }
        return x;
}

void exchange_free(struct exchange *x)
{
        if (x == NULL)
                return;
        buf_clear(&x->reply.body);
        mailbox_release(x->mailbox);
        free(x->body);
        free(x);
}

uint8_t *exchange_room(struct exchange *x)
{
        return x->body;
}

struct exchange *exchange_of_letter(struct letter *letter)
{
        return (struct exchange *)letter;
}

struct connection *exchange_connection(const struct exchange *x)
{
        return x->connection;
}

void exchange_forget(struct exchange *x)
{
        x->connection = NULL;
}

struct reply *exchange_answer(struct exchange *x)
{
        return &x->reply;
}

enum http_method exchange_method(const struct exchange *x)
{
        return x->head.method;
}

const char *exchange_path(const struct exchange *x)
{
        return x->head.path;
}

const char *exchange_query(const struct exchange *x)
{
        return x->head.query;
}

/* False when the parameter is not there, or there twice. */
static bool find_parameter(const struct exchange *x, const char *name, struct bytes *out)
{
        struct bytes rest = bytes_text(x->head.query);
        size_t found = 0;
        while (rest.n > 0) {
                struct bytes pair, key;
                if (bytes_take_until(&rest, '&', &pair)) {
                        pair = rest;
                        rest.n = 0;
                }
                if (bytes_take_until(&pair, '=', &key) == OK && bytes_is(key, name)) {
                        *out = pair;
                        found++;
                }
        }
        return found == 1;
}

bool exchange_query_u64(const struct exchange *x, const char *name, uint64_t *out)
{
        struct bytes value;
        uint64_t number;
        if (!find_parameter(x, name, &value) || bytes_take_decimal(&value, &number) || value.n > 0)
                return false;
        *out = number;
        return true;
}

bool exchange_query_text(const struct exchange *x, const char *name, char *out, size_t size)
{
        struct bytes value;
        return find_parameter(x, name, &value) && bytes_to_text(value, out, size) == OK;
}

const char *exchange_media(const struct exchange *x)
{
        return x->head.media;
}

struct bytes exchange_body(const struct exchange *x)
{
        return bytes_of(x->body, (size_t)x->head.length);
}

const struct hash *exchange_tls_key(const struct exchange *x)
{
        return x->has_key ? &x->tls_key : NULL;
}

void exchange_reply(struct exchange *x, struct reply *reply)
{
        enum err failed = buf_check(&reply->body);
        if (!failed && reply->body.n > LISTENER_REPLY_MAX)
                failed = ERR_TOO_LONG;
        if (failed) {
                buf_clear(&reply->body);
                reply_of_problem(failed == ERR_NO_MEMORY ? ERR_NO_MEMORY : ERR_BUG, "the reply", "",
                                 &x->reply);
        } else {
                x->reply = *reply;
        }
        buf_init(&reply->body, reply->body.max); /* given away */
        if (!mailbox_put(x->mailbox, &x->letter))
                exchange_free(x);
}

void exchange_problem(struct exchange *x, enum err e, const char *detail, const char *members)
{
        struct reply reply;
        reply_of_problem(e, detail, members, &reply);
        exchange_reply(x, &reply);
}
