#include "ledger/base/b64.h"
#include "ledger/record/claims.h"

static const char *const role_names[ROLE_COUNT] = {"investigator", "supervisor", "authorising-officer",
                                                   "auditor",      "disclosure", "foi",
                                                   "dpo",          "records",    "administrator"};
static const char *const act_names[ACT_COUNT] = {
    "",          "invite", "join",   "role",     "move",       "rekey",        "revoke",
    "adopt",     "open",   "close",  "register", "review",     "renew",        "cancel",
    "determine", "assign", "lapse",  "place",    "release",    "lift",         "order",
    "confirm",   "link",   "unlink", "profile",  "rotate-log", "rotate-server"};
static const char *const verb_names[VERB_COUNT] = {"",         "approve", "conditions", "return",   "refuse",
                                                   "escalate", "error",   "no-error",   "continue", "cancel"};
static const char *const purpose_names[PURPOSE_COUNT] = {
    "",    "operational",    "supervision", "audit",     "cpia",
    "foi", "subject-access", "retention",   "complaint", "administration"};
static const char *const grade_names[] = {"red", "amber", "green"};

/* The index of a name, or `count`. Names of the first index may be "": that is no word. */
static size_t index_of(const char *const names[], size_t count, struct bytes name)
{
        for (size_t i = 0; name.n > 0 && i < count; i++)
                if (bytes_is(name, names[i]))
                        return i;
        return count;
}

const char *role_name(enum role r)
{
        return (unsigned)r < ROLE_COUNT ? role_names[r] : "";
}

bool role_of_name(struct bytes name, enum role *out)
{
        size_t i = index_of(role_names, ROLE_COUNT, name);
        if (i < ROLE_COUNT)
                *out = (enum role)i;
        return i < ROLE_COUNT;
}

const char *act_name(enum act a)
{
        return (unsigned)a < ACT_COUNT ? act_names[a] : "";
}

bool act_of_name(struct bytes name, enum act *out)
{
        size_t i = index_of(act_names, ACT_COUNT, name);
        if (i < ACT_COUNT)
                *out = (enum act)i;
        return i < ACT_COUNT;
}

const char *verb_name(enum verb v)
{
        return (unsigned)v < VERB_COUNT ? verb_names[v] : "";
}

bool verb_of_name(struct bytes name, enum verb *out)
{
        size_t i = index_of(verb_names, VERB_COUNT, name);
        if (i < VERB_COUNT)
                *out = (enum verb)i;
        return i < VERB_COUNT;
}

const char *purpose_name(enum purpose_word p)
{
        return (unsigned)p < PURPOSE_COUNT ? purpose_names[p] : "";
}

bool purpose_of_name(struct bytes name, enum purpose_word *out)
{
        size_t i = index_of(purpose_names, PURPOSE_COUNT, name);
        if (i < PURPOSE_COUNT)
                *out = (enum purpose_word)i;
        return i < PURPOSE_COUNT;
}

static bool among(struct bytes text, size_t max, const char *more)
{
        if (text.n == 0 || text.n > max)
                return false;
        for (size_t i = 0; i < text.n; i++) {
                uint8_t c = text.at[i];
                bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
                if (!plain && (c == 0 || !strchr(more, c)))
                        return false;
        }
        return true;
}

bool unit_valid(struct bytes unit)
{
        return among(unit, UNIT_MAX, "ABCDEFGHIJKLMNOPQRSTUVWXYZ._-");
}

bool ground_valid(struct bytes ground)
{
        return among(ground, GROUND_MAX, "-");
}

bool grade_valid(struct bytes grade)
{
        size_t count = sizeof grade_names / sizeof grade_names[0];
        return index_of(grade_names, count, grade) < count;
}

bool claim_text_valid(struct bytes text, size_t max)
{
        if (text.n == 0 || text.n > max || !bytes_utf8_valid(text))
                return false;
        for (size_t i = 0; i < text.n; i++)
                if (text.at[i] <= ' ' || text.at[i] == '"' || text.at[i] == '\\' || text.at[i] == 0x7f)
                        return false;
        return true;
}

void member_id_text(const struct member_id *id, char out[MEMBER_ID_TEXT_LEN + 1])
{
        b64u_text(bytes_of(id->b, MEMBER_ID_LEN), out);
}

enum err member_id_of_text(struct bytes text, struct member_id *out)
{
        struct member_id id;
        enum err e = b64u_decode_exact(text, id.b, MEMBER_ID_LEN);
        if (!e)
                *out = id;
        return e;
}

bool member_id_equal(const struct member_id *a, const struct member_id *b)
{
        return memcmp(a->b, b->b, MEMBER_ID_LEN) == 0;
}
