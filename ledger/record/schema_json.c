#include "ledger/record/schema_json.h"

#include "ledger/base/json.h"
#include "schema/fields.h"

/* A line of the schema; each member has one of its own. */
static void line(struct buf *out, unsigned depth)
{
        buf_put_u8(out, '\n');
        for (unsigned i = 0; i < depth; i++)
                buf_put_text(out, "  ");
}

static void next_line(struct buf *out, unsigned depth, bool *first)
{
        if (!*first)
                buf_put_u8(out, ',');
        *first = false;
        line(out, depth);
}

static void put_string_member(struct buf *out, const char *name, const char *value)
{
        json_put_name(out, name);
        json_put_text(out, value);
}

/* {"$ref":"#/$defs/field.url"} */
static void put_ref(struct buf *out, const char *class, const char *name)
{
        buf_put_format(out, "{\"$ref\":\"#/$defs/%s.%s\"}", class, name);
}

static void put_type(struct buf *out, const struct field *f)
{
        switch (f->type) {
        case FIELD_TEXT: buf_put_format(out, ",\"type\":\"string\",\"maxLength\":%zu", f->max); break;
        case FIELD_WORD:
                buf_put_format(out, ",\"$ref\":\"#/$defs/vocabulary.%s\"", f->vocabulary->name);
                break;
        case FIELD_WORDS:
                buf_put_text(out, ",\"type\":\"array\",\"uniqueItems\":true,\"items\":");
                put_ref(out, "vocabulary", f->vocabulary->name);
                break;
        case FIELD_LIST:
                buf_put_format(out, ",\"type\":\"array\",\"items\":{\"type\":\"string\",\"maxLength\":%zu}",
                               f->max);
                break;
        case FIELD_INT:
                buf_put_format(out, ",\"type\":\"integer\",\"minimum\":0,\"maximum\":%zu", f->max);
                break;
        case FIELD_TIME:
                buf_put_text(out, ",\"type\":\"string\",\"format\":\"date-time\",\"pattern\":\"Z$\"");
                break;
        case FIELD_OBJECT: buf_put_text(out, ",\"type\":\"object\""); break;
        case FIELD_OBJECTS: buf_put_text(out, ",\"type\":\"array\",\"items\":{\"type\":\"object\"}"); break;
        }
}

static void put_field(struct buf *out, const struct field *f)
{
        buf_put_format(out, "\"field.%s\": {", f->name);
        put_string_member(out, "title", f->prompt);
        put_string_member(out, "description", f->help);
        put_type(out, f);
        if (f->source == ORIGIN_DEFAULT)
                buf_put_format(out, ",\"default\":%s", f->fallback);
        if (f->basis[0] != '\0')
                put_string_member(out, "$comment", f->basis);
        buf_put_u8(out, '}');
}

static void put_vocabulary(struct buf *out, const struct vocabulary *v)
{
        bool first = true;

        buf_put_format(out, "\"vocabulary.%s\": {\"oneOf\": [", v->name);
        for (size_t i = 0; i < v->count; i++) {
                next_line(out, 3, &first);
                buf_put_u8(out, '{');
                put_string_member(out, "const", v->words[i].word);
                put_string_member(out, "title", v->words[i].plain);
                buf_put_u8(out, '}');
        }
        line(out, 2);
        buf_put_text(out, "]}");
}

/* What a file must hold: the rest has a source of its own. */
static void put_required(struct buf *out, enum kind k)
{
        bool some = false;

        for (size_t i = 0; i < fields_count; i++) {
                if (!((fields[i].required >> k) & 1u) || fields[i].source == ORIGIN_COMPUTED)
                        continue;
                if (!some) {
                        buf_put_u8(out, ',');
                        line(out, 3);
                        buf_put_text(out, "\"required\": [");
                }
                buf_put_text(out, some ? ", " : "");
                json_put_text(out, fields[i].name);
                some = true;
        }
        buf_put_text(out, some ? "]" : "");
}

/* The subject is made from one of these. */
static void put_subject_sources(struct buf *out, enum kind k)
{
        const struct field *subject = field_of_name(k, "subject", 7);

        if (subject == NULL || !((subject->required >> k) & 1u))
                return;
        buf_put_u8(out, ',');
        line(out, 3);
        buf_put_text(out, "\"anyOf\": [{\"required\":[\"url\"]}, {\"required\":[\"subject_ref\"]}, "
                          "{\"required\":[\"query_text\"]}]");
}

static void put_kind(struct buf *out, enum kind k)
{
        bool first = true;

        buf_put_format(out, "\"%s\": {", kind_name(k));
        line(out, 3);
        buf_put_text(out, "\"type\": \"object\",");
        line(out, 3);
        buf_put_text(out, "\"additionalProperties\": false,");
        line(out, 3);
        buf_put_text(out, "\"properties\": {");
        for (size_t i = 0; i < fields_count; i++) {
                if (!field_has_kind(&fields[i], k))
                        continue;
                next_line(out, 4, &first);
                buf_put_format(out, "\"%s\": ", fields[i].name);
                put_ref(out, "field", fields[i].name);
        }
        if (!first)
                line(out, 3);
        buf_put_u8(out, '}');
        put_required(out, k);
        put_subject_sources(out, k);
        line(out, 2);
        buf_put_u8(out, '}');
}

void schema_json_put(struct buf *out)
{
        bool first = true;

        buf_put_format(out,
                       "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
                       "  \"$id\": \"urn:enquiry-ledger:fields:%d\",\n"
                       "  \"title\": \"Fields of Enquiry Ledger, version %d\",\n"
                       "  \"description\": \"A file of fields for `enquiry log --from` (an intent, or a look "
                       "already taken) "
                       "and `enquiry done --from` (an activity). What it leaves out comes from operation, "
                       "member, purpose, "
                       "address and clock.\",\n"
                       "  \"anyOf\": [{\"$ref\":\"#/$defs/%s\"}, {\"$ref\":\"#/$defs/%s\"}],\n"
                       "  \"$defs\": {",
                       STATEMENT_VERSION, STATEMENT_VERSION, kind_name(KIND_INTENT),
                       kind_name(KIND_ACTIVITY));
        for (unsigned k = 0; k < KIND_COUNT; k++) {
                next_line(out, 2, &first);
                put_kind(out, (enum kind)k);
        }
        for (size_t i = 0; i < fields_count; i++) {
                next_line(out, 2, &first);
                put_field(out, &fields[i]);
        }
        for (size_t i = 0; i < vocabularies_count; i++) {
                next_line(out, 2, &first);
                put_vocabulary(out, vocabularies[i]);
        }
        buf_put_text(out, "\n  }\n}\n");
}
