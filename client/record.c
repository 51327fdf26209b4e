#include "client/record.h"
#include "client/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/base/b64.h"

static enum err read_because(const json_t *from, struct record *r)
{
        struct buf json;
        struct hash digest;
        struct bytes value;
        enum err e;
        buf_init(&json, LEAF_MAX);
        if ((e = b64u_decode(bytes_text(text_of(from, "because")), &json)) || json.n == 0)
                goto done;
        if ((e = because_digest(buf_bytes(&json), &digest)))
                goto done;
        if (!hash_equal(&digest, &r->leaf.because)) {
                e = ERR_BECAUSE;
                goto done;
        }
        if (!(e = because_value(buf_bytes(&json), &value)))
                r->because = json_loadb((const char *)value.at, value.n, 0, NULL);
done:
        buf_clear(&json);
        return e;
}

static enum err read_fields(struct record *r)
{
        r->fields = json_object();
        for (size_t i = 0; i < r->body.n; i++) {
                const struct body_field *f = &r->body.field[i];
                if (f->state != FIELD_PRESENT)
                        continue;
                r->shown[r->shown_n++] = f->digest;
                json_t *value = json_loadb((const char *)f->value.at, f->value.n, JSON_DECODE_ANY, NULL);
                if (value == NULL)
                        return ERR_ANSWER;
                (void)json_object_set_new(
                    r->fields, fields[f->number].name,
                    json_pack("{so ss}", "value", value, "origin", origin_name(f->origin)));
        }
        struct hash sorted[BODY_FIELDS_MAX];
        memcpy(sorted, r->shown, r->shown_n * sizeof sorted[0]);
        return seen_hash(&r->leaf_hash, r->shown_n, sorted, &r->seen);
}

enum err record_read(const json_t *from, struct record *r, struct why *why)
{
        const char *leaf = text_of(from, "leaf"), *disclosures = text_of(from, "disclosures");
        enum err e;
        memset(r, 0, sizeof *r);
        buf_init(&r->leaf_text, LEAF_MAX + 1);
        buf_init(&r->payload, 2 * JWS_MAX);
        buf_init(&r->values, SUBMISSION_MAX);
        r->given = json_deep_copy(from);
        buf_put_text(&r->leaf_text, leaf);
        if ((e = buf_check(&r->leaf_text)) || (e = leaf_decode(buf_bytes(&r->leaf_text), &r->leaf)) ||
            (e = tree_leaf_hash(buf_bytes(&r->leaf_text), &r->leaf_hash)) ||
            (e = statement_decode(r->leaf.statement, &r->payload, &r->statement, why)))
                return e;
        r->st = r->statement.st;
        r->body.kind = r->statement.kind;
        if (disclosures[0] != '\0' &&
            (e = body_decode(&r->statement, bytes_text(disclosures), &r->values, &r->body, why)))
                return e;
        if ((e = read_because(from, r)))
                return e;
        return read_fields(r);
}

enum err record_check_ref(const struct record *r, const char *ref, struct why *why)
{
        struct bytes in = bytes_text(ref), alias;
        uint64_t number;
        bool is_seq = !bytes_take_decimal(&in, &number) && in.n == 0;
        if (!is_seq) {
                in = bytes_text(ref);
                if (bytes_take_until(&in, '-', &alias) || bytes_take_decimal(&in, &number) || in.n != 0)
                        return why_set(why, ERR_REFERENCE, "%.60s", ref);
        }
        if (number != (is_seq ? r->leaf.seq : r->statement.n))
                return why_set(why, ERR_ANSWER, "asked for %.60s, the daemon shows another entry", ref);
        return OK;
}

void record_clear(struct record *r)
{
        json_decref(r->given);
        json_decref(r->fields);
        json_decref(r->because);
        buf_clear(&r->leaf_text);
        buf_clear(&r->payload);
        buf_wipe(&r->values);
        memset(r, 0, sizeof *r);
}

/* What the spine itself says of a member entry. */
static json_t *claims_json(const struct statement *s)
{
        char id[MEMBER_ID_TEXT_LEN + 1];
        json_t *out = json_object(), *list;
        const struct claims *c = &s->claims;
        if (c->act != ACT_NONE)
                (void)json_object_set_new(out, "act", json_string(act_name(c->act)));
        if (c->verb != VERB_NONE)
                (void)json_object_set_new(out, "verb", json_string(verb_name(c->verb)));
        if (c->purpose != PURPOSE_NONE)
                (void)json_object_set_new(out, "purpose", json_string(purpose_name(c->purpose)));
        if (s->kind == KIND_MEMBER) {
                member_id_text(&c->member, id);
                (void)json_object_set_new(out, "member", json_string(id));
        }
        if (c->roles != 0) {
                list = json_array();
                for (unsigned i = 0; i < ROLE_COUNT; i++)
                        if (c->roles & ROLE_BIT(i))
                                (void)json_array_append_new(list, json_string(role_name((enum role)i)));
                (void)json_object_set_new(out, "roles", list);
        }
        if (c->unit.n > 0)
                (void)json_object_set_new(out, "unit", json_stringn((const char *)c->unit.at, c->unit.n));
        return out;
}

json_t *record_json(const struct record *r)
{
        char seen[HASH_TEXT_LEN + 1], at[MOMENT_TEXT_LEN + 1], st[HASH_TEXT_LEN + 1], seq[24];
        hash_text(&r->seen, seen);
        hash_text(&r->st, st);
        moment_text(r->leaf.at_us, at);
        (void)snprintf(seq, sizeof seq, "%llu", (unsigned long long)r->leaf.seq);
        return json_pack("{ss ss ss ss ss ss ss ss so sO sO* ss ss}", "seq", seq, "ref",
                         text_of(r->given, "ref"), "kind", kind_name(r->statement.kind), "verdict",
                         verdict_name(r->leaf.verdict), "author", text_of(r->given, "author"), "unit",
                         text_of(r->given, "unit"), "decided", text_of(r->given, "decided"), "at", at,
                         "claims", claims_json(&r->statement), "fields", r->fields, "because", r->because,
                         "st", st, "seen", seen);
}

/* Words are shown in plain language, never codes alone. */
static void print_value(const struct field *f, const json_t *value)
{
        const char *text = json_string_value(value);
        if (text != NULL && f != NULL && f->vocabulary != NULL) {
                const struct word *w = vocabulary_word(f->vocabulary, text, strlen(text));
                (void)printf("%s", w != NULL ? w->plain : text);
        } else if (text != NULL) {
                (void)printf("%s", text);
        } else {
                char *dump = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
                (void)printf("%s", dump != NULL ? dump : "");
                free(dump);
        }
}

const char *record_kind_plain(const char *kind)
{
        static const char *const plain[][2] = {{"enquiry.intent", "enquiry"},
                                               {"enquiry.activity", "look"},
                                               {"amend", "amendment"},
                                               {"consult", "reading of records"},
                                               {"disclose", "disclosure"}};
        for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
                if (strcmp(plain[i][0], kind) == 0)
                        return plain[i][1];
        return kind;
}

void record_print(const struct record *r)
{
        char at[MOMENT_TEXT_LEN + 1];
        const char *name;
        json_t *field, *claims = claims_json(&r->statement), *value;
        moment_text(r->leaf.at_us, at);
        (void)printf("%s, entry %llu: %s, %s\n  by %s (%s) at %s\n", text_of(r->given, "ref"),
                     (unsigned long long)r->leaf.seq, record_kind_plain(kind_name(r->statement.kind)),
                     verdict_name(r->leaf.verdict), text_of(r->given, "author"), text_of(r->given, "unit"),
                     at);
        if (strcmp(text_of(r->given, "decided"), "not-needed") != 0)
                (void)printf("  decision: %s\n", text_of(r->given, "decided"));
        json_object_foreach(claims, name, value)
        {
                (void)printf("  %-22s ", name);
                print_value(NULL, value);
                (void)printf("\n");
        }
        json_decref(claims);
        json_object_foreach(r->fields, name, field)
        {
                if (strcmp(name, "shown") == 0)
                        continue;
                const struct field *f = field_of_name(r->statement.kind, name, strlen(name));
                bool numbered =
                    name[0] == 'f' && name[1] >= '1' && name[1] <= '8'; /* a code never stands alone */
                (void)printf("  %-22s ", name);
                if (numbered && f != NULL)
                        (void)printf("%s? ", f->prompt);
                print_value(f, json_object_get(field, "value"));
                (void)printf("  [%s]\n", text_of(field, "origin"));
        }
        const json_t *hit;
        size_t i;
        json_array_foreach(json_object_get(r->because, "hits"), i, hit)(void)
            printf("  %-22s %s\n", text_of(hit, "effect"), text_of(hit, "id"));
}
