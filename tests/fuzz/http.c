/* The head of a request: whatever follows it, and however it is cut, the answer is the same. */
#include "daemon/http.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        struct http_head head, again;
        size_t used = 0, same = 0;
        if (http_head_take(bytes_of(data, n), &head, &used))
                return 0;
        must(used > 0 && used <= n && used <= HTTP_HEAD_MAX, "a head is within its limit");
        must(head.path[0] == '/', "a path begins with a slash");
        must(head.method != HTTP_POST || head.has_length, "a POST has a length");
        must(http_head_take(bytes_of(data, used), &again, &same) == OK && same == used,
             "what follows does not matter");
        for (size_t cut = used > 64 ? used - 64 : 0; cut < used; cut++)
                must(http_head_take(bytes_of(data, cut), &again, &same) != OK,
                     "a head that is cut is no head");
        return 0;
}
