/* http: the head of an HTTP/1.1 request, strictly: RFC 9112, Content-Length only. Anything ambiguous is
 * refused: two Content-Lengths, Transfer-Encoding, a space before the colon, line folding, bare CR or LF, NUL
 * and controls, an absolute or percent-encoded target, a missing or second Host. Pure. */
#ifndef DAEMON_HTTP_H
#define DAEMON_HTTP_H

#include "daemon/listener.h"

struct http_head {
        enum http_method method;
        char path[HTTP_PATH_MAX + 1];
        char query[HTTP_PATH_MAX + 1];
        char media[128];
        bool has_length;
        uint64_t length;
        bool keep_alive;
        bool expects_continue;
};
/* `in` starts a request. ERR_ABSENT: the head is not complete yet (fewer than HTTP_HEAD_MAX bytes so far).
 * OK: *out_used bytes were the head. ERR_HTTP, ERR_HEAD_TOO_LONG, ERR_LENGTH (POST or PUT without
 * Content-Length), ERR_METHOD (HEAD, CONNECT and TRACE, whose answers are framed in another way; what else is
 * not GET, POST or PUT is HTTP_OTHER). A GET with a body is ERR_HTTP. */
enum err http_head_take(struct bytes in, struct http_head *out, size_t *out_used);

#endif
