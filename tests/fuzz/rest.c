/* Content and residue as a file holds them, which is nobody's word. Input: kind (1), length of the content
 * (2), content, residue. */
#include "ledger/record/body.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        static struct body body;
        struct bytes in = bytes_of(data, n), content;
        struct why why = {0};
        struct hash sd[GROUPS_ALL];
        struct buf again_content, again_residue;
        uint8_t kind;
        uint16_t length;
        if (bytes_take_u8(&in, &kind) || bytes_take_u16(&in, &length) || bytes_take(&in, length, &content) ||
            body_take((enum kind)(kind % KIND_COUNT), content, in, &body, &why))
                return 0;
        buf_init(&again_content, SUBMISSION_MAX);
        buf_init(&again_residue, SUBMISSION_MAX);
        must(body_digests(&body, sd) == OK, "what was taken has digests");
        body_put_content(&body, &again_content);
        body_put_residue(&body, &again_residue);
        must(bytes_equal(buf_bytes(&again_content), content), "one form of content");
        must(bytes_equal(buf_bytes(&again_residue), in), "one form of residue");
        buf_clear(&again_content);
        buf_clear(&again_residue);
        return 0;
}
