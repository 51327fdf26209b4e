#include "daemon/reply.h"

#include "ledger/base/json.h"

#define PROBLEM_MAX   65536 /* bytes of a problem document */
#define RETRY_AFTER_S 2     /* where the answer is: try again */

/* RFC 9110 section 15: what the table of errors and the routes use. */
static const char *phrase_of(int status)
{
        static const struct {
                int status;
                const char *phrase;
        } table[] = {
            {200, "OK"},
            {201, "Created"},
            {202, "Accepted"},
            {204, "No Content"},
            {400, "Bad Request"},
            {401, "Unauthorized"},
            {403, "Forbidden"},
            {404, "Not Found"},
            {405, "Method Not Allowed"},
            {408, "Request Timeout"},
            {409, "Conflict"},
            {410, "Gone"},
            {411, "Length Required"},
            {413, "Content Too Large"},
            {415, "Unsupported Media Type"},
            {422, "Unprocessable Content"},
            {429, "Too Many Requests"},
            {431, "Request Header Fields Too Large"},
            {500, "Internal Server Error"},
            {502, "Bad Gateway"},
            {503, "Service Unavailable"},
            {507, "Insufficient Storage"},
        };
        for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
                if (table[i].status == status)
                        return table[i].phrase;
        return "";
}

void reply_head_put(struct buf *out, const struct reply *reply, bool closing)
{
        buf_put_format(out, "HTTP/1.1 %d %s\r\nContent-Length: %zu\r\n", reply->status,
                       phrase_of(reply->status), reply->body.n);
        if (reply->media != NULL)
                buf_put_format(out, "Content-Type: %s\r\n", reply->media);
        buf_put_format(out, "Cache-Control: %s\r\n",
                       reply->immutable ? "public, max-age=31536000, immutable" : "no-store");
        if (reply->retry_after_s > 0)
                buf_put_format(out, "Retry-After: %u\r\n", reply->retry_after_s);
        if (closing)
                buf_put_text(out, "Connection: close\r\n");
        buf_put_text(out, "\r\n");
}

void problem_put(struct buf *out, enum err e, const char *detail, const char *members)
{
        const struct err_row *row = err_row(e);
        buf_put_text(out, "{\"type\":\"about:blank\"");
        json_put_name(out, "title");
        json_put_text(out, row->sentence);
        json_put_name(out, "status");
        json_put_int(out, row->http);
        json_put_name(out, "code");
        json_put_text(out, row->code);
        /* A detail that was cut in the middle of a character would spoil the whole document. */
        if (detail != NULL && detail[0] != '\0' && bytes_utf8_valid(bytes_text(detail))) {
                json_put_name(out, "detail");
                json_put_text(out, detail);
        }
        buf_put_text(out, members == NULL ? "" : members);
        buf_put_text(out, "}");
}

void reply_of_problem(enum err e, const char *detail, const char *members, struct reply *out)
{
        int status = err_row(e)->http;
        *out = (struct reply){.status = status, .media = "application/problem+json"};
        if (status == 429 || status == 503)
                out->retry_after_s = RETRY_AFTER_S;
        buf_init(&out->body, PROBLEM_MAX);
        problem_put(&out->body, e, detail, members);
        if (buf_check(&out->body))
                buf_clear(&out->body);
}
