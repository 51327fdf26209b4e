#include "ledger/tree/name.h"
#include "ledger/tree/note.h"

/* The white space of Unicode beyond ASCII, as UTF-8; what starts with `head` and goes on with a byte in the
 * range. */
static const struct space {
        const char *head;
        uint8_t first, last;
} spaces[] = {
    {"\xc2", 0x85, 0x85},     /* U+0085 */
    {"\xc2", 0xa0, 0xa0},     /* U+00A0 */
    {"\xe1\x9a", 0x80, 0x80}, /* U+1680 */
    {"\xe2\x80", 0x80, 0x8a}, /* U+2000 to U+200A */
    {"\xe2\x80", 0xa8, 0xa9}, /* U+2028, U+2029 */
    {"\xe2\x80", 0xaf, 0xaf}, /* U+202F */
    {"\xe2\x81", 0x9f, 0x9f}, /* U+205F */
    {"\xe3\x80", 0x80, 0x80}, /* U+3000 */
};

static bool starts_with_space(struct bytes text)
{
        if (text.at[0] <= 0x20)
                return true;
        for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
                struct bytes rest = text;
                uint8_t next;

                if (!bytes_take_text(&rest, spaces[i].head) && !bytes_take_u8(&rest, &next) &&
                    next >= spaces[i].first && next <= spaces[i].last)
                        return true;
        }
        return false;
}

bool name_valid(struct bytes name)
{
        if (name.n < 1 || name.n > NOTE_NAME_MAX || !bytes_utf8_valid(name))
                return false;
        for (size_t i = 0; i < name.n; i++)
                if (name.at[i] == '+' || starts_with_space(bytes_of(name.at + i, name.n - i)))
                        return false;
        return true;
}

bool origin_valid(struct bytes origin)
{
        if (!name_valid(origin))
                return false;
        for (size_t i = 0; i < origin.n; i++) {
                uint8_t c = origin.at[i];

                if (c == '#' || c == '"' || c == '\\' || c == 0x7f)
                        return false;
                if (c == 0xc2 && origin.at[i + 1] < 0xa0) /* the C1 controls, U+0080 to U+009F */
                        return false;
        }
        return true;
}
