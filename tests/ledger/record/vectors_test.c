/* The golden vectors of schema/vectors/record/: a ledger of one entry of each kind, made of fixed keys, salts
 * and seeds. This test makes them again, byte for byte (with ENQUIRY_WRITE=1 it writes them), and reads them
 * from the files alone. The second reader is tests/second/statement.mjs. */
#include <jansson.h>

#include "ledger/record/layout.h"
#include "ledger/record/sdjwt.h"
#include "sample.h"

#define FOLDER    TEST_ROOT "/schema/vectors/record/"
#define FORMAT    TEST_ROOT "/schema/FORMAT.md"
#define MARK      "<!-- made by tests/ledger/record/vectors_test.c -->\n"
#define MARK_END  "<!-- end of what is made -->\n"
#define FILE_MAX  ((size_t)1 << 20)
#define AT_US     (SAMPLE_IAT * MOMENT_SECOND_US)
#define ENTRY_GAP INT64_C(1500321) /* microseconds from one entry to the next */

/* The ledger as it grows. */
struct chain {
        struct signing_key *log_key, *author;
        struct buf log; /* the ledger's id, after genesis */
        struct hash leaf[KIND_COUNT], st_of_kind[KIND_COUNT], last_st;
        uint64_t seq;
};

/* One entry with all that goes into its file. */
struct entry {
        struct statement s;
        struct body body;
        struct leaf leaf;
        struct hash leaf_hash;
        uint8_t raw[3 * HASH_LEN];
        struct buf values, submission, because, leaf_text, vkey, receipt;
};

static void entry_open(struct entry *e)
{
        *e = (struct entry){0};
        buf_init(&e->values, SUBMISSION_MAX);
        buf_init(&e->submission, SUBMISSION_MAX);
        buf_init(&e->because, DISCLOSURE_MAX);
        buf_init(&e->leaf_text, LEAF_MAX);
        buf_init(&e->vkey, 512);
        buf_init(&e->receipt, FILE_MAX);
}

static void entry_close(struct entry *e)
{
        buf_clear(&e->values);
        buf_clear(&e->submission);
        buf_clear(&e->because);
        buf_clear(&e->leaf_text);
        buf_clear(&e->vkey);
        buf_clear(&e->receipt);
}

/* The log's C2SP key id: SHA-256(name, LF, type, key), four bytes. */
static void key_id(struct chain *c, uint8_t typed[1 + KEY_LEN], struct hash *out)
{
        struct public_key key = signing_key_signer(c->log_key).key;
        struct bytes part[] = {bytes_text(SAMPLE_ORIGIN "\n"), bytes_of(typed, 1 + KEY_LEN)};

        typed[0] = 1;
        memcpy(typed + 1, key.b, KEY_LEN);
        assert_ok(hash_of_parts(2, part, out));
}

static void put_vkey(struct chain *c, struct buf *out)
{
        uint8_t typed[1 + KEY_LEN];
        struct hash id;

        key_id(c, typed, &id);
        buf_put_text(out, SAMPLE_ORIGIN "+");
        hex_put(out, bytes_of(id.b, 4));
        buf_put_text(out, "+");
        b64_put(out, bytes_of(typed, sizeof typed));
}

static void refer(struct statement *s, enum rel rel, const struct hash *st)
{
        s->refs[s->refs_n++] = (struct ref){.rel = rel, .st = *st};
}

/* What a statement of that kind refers to among the entries before it. */
static void refer_back(const struct chain *c, struct statement *s)
{
        static const enum kind on_intent[] = {KIND_DECISION, KIND_REVIEW, KIND_HOLD,
                                              KIND_RESTRICT, KIND_ERASE,  KIND_FINDING};
        const struct hash *st = c->st_of_kind;

        s->refs_n = 0;
        memset(s->refs, 0, sizeof s->refs);
        for (size_t i = 0; i < sizeof on_intent / sizeof on_intent[0]; i++)
                if (s->kind == on_intent[i])
                        refer(s, REL_TARGET, &st[KIND_INTENT]);
        if (s->kind == KIND_AMEND)
                refer(s, REL_AMENDS, &st[KIND_ACTIVITY]);
        if (s->kind == KIND_ACTIVITY)
                refer(s, REL_INTENT, &st[KIND_INTENT]);
        if (s->kind == KIND_INTENT || s->kind == KIND_ACTIVITY)
                refer(s, REL_OPERATION, &st[KIND_OPERATION]);
        if (s->kind == KIND_INTENT) {
                refer(s, REL_AUTHORITY, &st[KIND_AUTHORITY]);
                refer(s, REL_PERSONA, &st[KIND_PERSONA]);
        }
        if (s->kind == KIND_COMBINE) {
                refer(s, REL_WITH, &st[KIND_INTENT]);
                refer(s, REL_WITH, &st[KIND_ACTIVITY]);
        }
}

/* A small body for the worked example; the other kinds get some of each of their groups. */
static void consult_body(struct entry *e)
{
        static const struct {
                const char *name, *value;
                char origin;
        } field[] = {{"operation", "\"Heron\"", ORIGIN_OPERATION},
                     {"class", "\"search\"", ORIGIN_COMPUTED},
                     {"query", "\"subject:\\\"facebook:jane.doe.77\\\"\"", ORIGIN_TYPED}};

        sample_body(KIND_CONSULT, SAMPLE_NONE, &e->values, &e->body);
        for (size_t i = 0; i < sizeof field / sizeof field[0]; i++) {
                const struct field *f = field_of_name(KIND_CONSULT, field[i].name, strlen(field[i].name));
                assert_non_null(f);
                assert_ok(body_add(&e->body, f, field[i].origin, bytes_text(field[i].value)));
        }
        for (size_t i = 0; i < e->body.n; i++)
                sample_fill("consult", 256u + e->body.field[i].number, e->body.field[i].salt, SALT_LEN);
}

static void make_statement(struct chain *c, const struct sample_case *at, struct entry *e)
{
        bool genesis = at->kind == KIND_GENESIS;

        e->s = sample_statement(at, e->raw);
        if (genesis) {
                put_vkey(c, &e->vkey);
                e->s.claims.vkey = buf_bytes(&e->vkey);
                e->s.claims.succeeds = (struct hash){0}; /* a first ledger */
        } else {
                e->s.log = buf_bytes(&c->log);
        }
        e->s.n = genesis ? 1 : c->seq;
        e->s.iat = SAMPLE_IAT + (int64_t)c->seq;
        for (size_t i = 0; i < 6; i++)
                e->s.jti[i] = (uint8_t)(e->s.iat * 1000 >> (40 - 8 * i));
        e->s.prev = e->s.n > 1 ? c->last_st : (struct hash){0};
        refer_back(c, &e->s);
        if (at->kind == KIND_CONSULT)
                consult_body(e);
        else
                sample_body(at->kind, SAMPLE_SOME, &e->values, &e->body);
        assert_ok(body_check_fields(&e->body, NULL));
        sample_submission(&e->s, &e->body, genesis ? c->log_key : c->author, &e->submission);
}

static void make_leaf(struct chain *c, struct entry *e)
{
        static const char hit[] =
            "{\"lane\":\"quick\",\"hits\":[{\"id\":\"D06\",\"effect\":\"warn\"}],\"facts\":{\"views\":2},"
            "\"engine\":\"1\"}";
        static const char plain[] = "{\"lane\":\"\",\"hits\":[],\"facts\":{},\"engine\":\"1\"}";
        bool look = e->s.kind == KIND_INTENT || e->s.kind == KIND_ACTIVITY;
        struct disclosure d = {.name = bytes_text("because"), .value = bytes_text(look ? hit : plain)};

        sample_fill("because", e->s.kind, d.salt, SALT_LEN);
        disclosure_put(&e->because, &d);
        e->leaf = (struct leaf){.seq = c->seq,
                                .at_us = AT_US + (int64_t)c->seq * ENTRY_GAP,
                                .verdict = e->s.kind == KIND_ACTIVITY ? VERDICT_FLAGGED : VERDICT_ACCEPTED,
                                .statement = e->s.jws};
        if (c->seq > 0)
                e->leaf.prev = c->leaf[c->seq - 1];
        sample_fill("policy", 0, e->leaf.policy.b, HASH_LEN);
        assert_ok(because_digest(buf_bytes(&e->because), &e->leaf.because));
        assert_ok(leaf_put(&e->leaf_text, &e->leaf));
        struct bytes part[] = {bytes_of("\0", 1), buf_bytes(&e->leaf_text)};
        assert_ok(hash_of_parts(2, part, &e->leaf_hash));
}

/* The receipt of entry 1 when the ledger had two: the path is the hash of entry 0. */
static void make_receipt(struct chain *c, struct entry *e)
{
        static const uint8_t node = 1;
        uint8_t typed[1 + KEY_LEN];
        struct hash id, root;
        struct sig sig;
        struct buf text, signature;
        struct signer signer = signing_key_signer(c->log_key);
        struct bytes part[] = {bytes_of(&node, 1), hash_bytes(&c->leaf[0]), hash_bytes(&e->leaf_hash)};

        key_id(c, typed, &id);
        assert_ok(hash_of_parts(3, part, &root));
        buf_init(&text, 1024);
        buf_init(&signature, 1024);
        buf_put_text(&text, SAMPLE_ORIGIN "\n2\n");
        b64_put(&text, hash_bytes(&root));
        buf_put_text(&text, "\n");
        assert_ok(signer.sign(signer.self, buf_bytes(&text), &sig));
        buf_put(&signature, bytes_of(id.b, 4));
        buf_put(&signature, bytes_of(sig.b, SIG_LEN));
        buf_put_text(&e->receipt, "c2sp.org/tlog-proof@v1\nextra ");
        b64_put(&e->receipt, buf_bytes(&e->leaf_text));
        buf_put_text(&e->receipt, "\nindex 1\n");
        b64_put(&e->receipt, hash_bytes(&c->leaf[0]));
        buf_put_text(&e->receipt, "\n\n");
        buf_put(&e->receipt, buf_bytes(&text));
        buf_put_text(&e->receipt, "\n\xe2\x80\x94 " SAMPLE_ORIGIN " ");
        b64_put(&e->receipt, buf_bytes(&signature));
        buf_put_text(&e->receipt, "\n");
        buf_clear(&text);
        buf_clear(&signature);
}

static void chain_open(struct chain *c)
{
        *c = (struct chain){.log_key = sample_key("log"), .author = sample_key("author")};
        buf_init(&c->log, LOG_ID_MAX);
}

static void chain_close(struct chain *c)
{
        signing_key_free(c->log_key);
        signing_key_free(c->author);
        buf_clear(&c->log);
}

/* The next entry; genesis first. */
static void chain_add(struct chain *c, const struct sample_case *at, struct entry *e)
{
        make_statement(c, at, e);
        make_leaf(c, e);
        if (c->seq == 1)
                make_receipt(c, e);
        if (c->seq == 0)
                log_id_put(&c->log, bytes_text(SAMPLE_ORIGIN), &e->leaf_hash);
        c->leaf[c->seq++] = e->leaf_hash;
        c->st_of_kind[at->kind] = e->s.st;
        c->last_st = e->s.st;
}

/* The entries in the order of the ledger: the first case of each kind. */
static const struct sample_case *case_at(size_t index)
{
        bool seen[KIND_COUNT] = {false};

        for (size_t i = 0; i < SAMPLE_CASES; i++) {
                if (seen[sample_cases[i].kind])
                        continue;
                seen[sample_cases[i].kind] = true;
                if (index-- == 0)
                        return &sample_cases[i];
        }
        return NULL;
}

static json_t *text_of(struct bytes text)
{
        json_t *j = json_stringn(text.n > 0 ? (const char *)text.at : "", text.n);
        assert_non_null(j);
        return j;
}

static json_t *b64u_of(struct bytes raw)
{
        struct buf text;

        buf_init(&text, FILE_MAX);
        b64u_put(&text, raw);
        json_t *j = text_of(buf_bytes(&text));
        buf_clear(&text);
        return j;
}

static json_t *hash_json(const struct hash *h)
{
        return b64u_of(hash_bytes(h));
}

static json_t *hex_of(struct bytes raw)
{
        struct buf text;

        buf_init(&text, FILE_MAX);
        hex_put(&text, raw);
        json_t *j = text_of(buf_bytes(&text));
        buf_clear(&text);
        return j;
}

static void set(json_t *object, const char *name, json_t *value)
{
        assert_int_equal(json_object_set_new(object, name, value), 0);
}

static json_t *key_json(const char *label, struct signing_key *key)
{
        uint8_t seed[SEED_LEN];
        struct public_key public = signing_key_signer(key).key;
        struct hash kid;
        json_t *j = json_object();

        sample_fill(label, 0, seed, sizeof seed);
        assert_ok(key_thumbprint(&public, &kid));
        set(j, "seed", hex_of(bytes_of(seed, sizeof seed)));
        set(j, "public", b64u_of(bytes_of(public.b, KEY_LEN)));
        set(j, "kid", hash_json(&kid));
        return j;
}

static json_t *statement_json(const struct statement *s)
{
        char jti[UUID_TEXT_LEN + 1];
        json_t *j = json_object(), *refs = json_array();
        struct buf claims;

        uuid_text(s->jti, jti);
        set(j, "log", text_of(s->log));
        set(j, "kind", json_string(kind_name(s->kind)));
        set(j, "jti", json_string(jti));
        set(j, "iat", json_integer(s->iat));
        set(j, "n", json_integer((json_int_t)s->n));
        set(j, "prev", hash_json(&s->prev));
        for (size_t i = 0; i < s->refs_n; i++) {
                json_t *ref = json_object();
                set(ref, "rel", json_string(rel_name(s->refs[i].rel)));
                set(ref, "st", hash_json(&s->refs[i].st));
                assert_int_equal(json_array_append_new(refs, ref), 0);
        }
        set(j, "refs", refs);
        buf_init(&claims, JWS_MAX);
        buf_put_text(&claims, "{\"\":0");
        assert_ok(claims_put(&claims, s->kind, &s->claims));
        buf_put_text(&claims, "}");
        json_t *object = json_loadb((const char *)claims.at, claims.n, 0, NULL);
        assert_non_null(object);
        assert_int_equal(json_object_del(object, ""), 0);
        set(j, "claims", object);
        buf_clear(&claims);
        return j;
}

static json_t *field_json(const struct body_field *f)
{
        const char origin[] = {f->origin, '\0'};
        json_t *j = json_object();

        set(j, "number", json_integer(f->number));
        set(j, "name", json_string(fields[f->number].name));
        set(j, "group", json_string(group_name(fields[f->number].group)));
        set(j, "origin", json_string(origin));
        set(j, "salt", hex_of(bytes_of(f->salt, SALT_LEN)));
        set(j, "value", text_of(f->value));
        set(j, "digest", hash_json(&f->digest));
        return j;
}

static json_t *body_json(const struct body *b)
{
        json_t *j = json_object(), *groups = json_object(), *layout = json_object(), *list = json_array();
        struct buf letters;

        set(j, "seed", hex_of(bytes_of(b->seed, SALT_LEN)));
        for (unsigned g = 0; g < GROUPS_ALL; g++)
                set(groups, group_name(g), hex_of(bytes_of(b->group_salt[g], SALT_LEN)));
        for (size_t i = 0; i < LAYOUT_SLOTS; i++)
                set(layout, layout_name(i), hex_of(bytes_of(b->layout_salt[i], SALT_LEN)));
        for (size_t i = 0; i < b->n; i++)
                assert_int_equal(json_array_append_new(list, field_json(&b->field[i])), 0);
        buf_init(&letters, ORIGIN_TEXT_MAX);
        layout_origin_put(b, &letters);
        set(j, "origin", text_of(buf_bytes(&letters)));
        set(j, "group_salts", groups);
        set(j, "layout_salts", layout);
        set(j, "fields", list);
        buf_clear(&letters);
        return j;
}

static void set_rest(json_t *j, const struct body *b)
{
        struct buf out;

        buf_init(&out, FILE_MAX);
        body_put_content(b, &out);
        set(j, "content", hex_of(buf_bytes(&out)));
        buf_reset(&out);
        body_put_residue(b, &out);
        set(j, "residue", hex_of(buf_bytes(&out)));
        assert_ok(buf_check(&out));
        buf_clear(&out);
}

/* At rest after the erasure of one field in the middle. */
static json_t *erased_json(const struct body *b)
{
        static struct body less;
        json_t *j = json_object();

        less = *b;
        less.field[b->n / 2].state = FIELD_MISSING;
        set(j, "field", json_string(fields[b->field[b->n / 2].number].name));
        set_rest(j, &less);
        return j;
}

static json_t *leaf_json(const struct entry *e)
{
        char at[MOMENT_TEXT_LEN + 1];
        json_t *j = json_object();

        moment_text(e->leaf.at_us, at);
        set(j, "seq", json_integer((json_int_t)e->leaf.seq));
        set(j, "at", json_string(at));
        set(j, "prev", hash_json(&e->leaf.prev));
        set(j, "verdict", json_string(verdict_name(e->leaf.verdict)));
        set(j, "policy", hash_json(&e->leaf.policy));
        set(j, "because", text_of(buf_bytes(&e->because)));
        set(j, "text", text_of(buf_bytes(&e->leaf_text)));
        set(j, "hash", hash_json(&e->leaf_hash));
        return j;
}

static json_t *entry_json(struct chain *c, const struct entry *e)
{
        json_t *j = json_object(), *sd = json_object();
        bool genesis = e->s.kind == KIND_GENESIS;

        set(j, "key", key_json(genesis ? "log" : "author", genesis ? c->log_key : c->author));
        set(j, "statement", statement_json(&e->s));
        set(j, "body", body_json(&e->body));
        for (unsigned g = 0; g < GROUPS_ALL; g++)
                set(sd, group_name(g), hash_json(&e->s.sd[g]));
        set(j, "digests", sd);
        set(j, "st", hash_json(&e->s.st));
        set(j, "submission", text_of(buf_bytes(&e->submission)));
        set_rest(j, &e->body);
        if (e->body.n > 0)
                set(j, "erased", erased_json(&e->body));
        set(j, "leaf", leaf_json(e));
        if (e->receipt.n > 0)
                set(j, "receipt", text_of(buf_bytes(&e->receipt)));
        return j;
}

static void read_whole(const char *path, struct buf *out)
{
        FILE *f = fopen(path, "rb");
        size_t n;

        buf_init(out, FILE_MAX);
        if (f == NULL)
                fail_msg("%s is missing", path);
        uint8_t *room = buf_put_room(out, FILE_MAX - 1);
        assert_non_null(room);
        n = fread(room, 1, FILE_MAX - 1, f);
        out->n = n;
        assert_int_equal(fclose(f), 0);
}

/* The file holds just that; with ENQUIRY_WRITE=1 it does from now on. */
static void hold(const char *path, struct bytes text)
{
        const char *write = getenv("ENQUIRY_WRITE");
        struct buf there;

        if (write != NULL && strcmp(write, "1") == 0) {
                FILE *f = fopen(path, "wb");
                assert_non_null(f);
                assert_int_equal(fwrite(text.at, 1, text.n, f), text.n);
                assert_int_equal(fclose(f), 0);
        }
        read_whole(path, &there);
        if (!bytes_equal(buf_bytes(&there), text))
                fail_msg("%s is not what is made now; see ENQUIRY_WRITE in this test", path);
        buf_clear(&there);
}

static void vector_path(const struct sample_case *at, char out[256])
{
        assert_in_range(snprintf(out, 256, FOLDER "%s.json", kind_name(at->kind)), 1, 255);
}

static void made_again(void **state)
{
        struct chain c;
        size_t i = 0;

        (void)state;
        chain_open(&c);
        for (; case_at(i) != NULL; i++) {
                static struct entry e;
                char path[256];
                entry_open(&e);
                chain_add(&c, case_at(i), &e);
                json_t *j = entry_json(&c, &e);
                char *text = json_dumps(j, JSON_INDENT(1) | JSON_ENSURE_ASCII);
                assert_non_null(text);
                struct buf whole;
                buf_init(&whole, FILE_MAX);
                buf_put_text(&whole, text);
                buf_put_text(&whole, "\n");
                vector_path(case_at(i), path);
                hold(path, buf_bytes(&whole));
                buf_clear(&whole);
                free(text);
                json_decref(j);
                entry_close(&e);
        }
        assert_int_equal(i, KIND_COUNT);
        chain_close(&c);
}

static struct bytes text_at(const json_t *j, const char *name)
{
        const json_t *value = json_object_get(j, name);
        assert_non_null(value);
        return bytes_of(json_string_value(value), json_string_length(value));
}

static void hex_at(const json_t *j, const char *name, struct buf *out)
{
        struct bytes text = text_at(j, name);

        buf_init(out, FILE_MAX);
        uint8_t *room = buf_put_room(out, text.n / 2);
        if (text.n > 0)
                assert_ok(hex_decode_exact(text, room, text.n / 2));
}

/* Content and residue give the groups of the statement, whole and after an erasure. */
static void check_rest(const json_t *j, const struct statement *s, size_t missing)
{
        static struct body b;
        struct buf content, residue;

        hex_at(j, "content", &content);
        hex_at(j, "residue", &residue);
        assert_ok(body_take(s->kind, buf_bytes(&content), buf_bytes(&residue), &b, NULL));
        assert_ok(body_check(&b, s));
        assert_int_equal(body_counts(&b).missing, missing);
        buf_clear(&content);
        buf_clear(&residue);
}

static void check_leaf(const json_t *j, const struct statement *s, struct hash *prev)
{
        struct leaf leaf;
        struct hash digest, hash;
        char text[HASH_TEXT_LEN + 1];
        struct bytes part[] = {bytes_of("\0", 1), text_at(j, "text")};

        assert_ok(leaf_decode(part[1], &leaf));
        assert_true(bytes_equal(leaf.statement, s->jws));
        assert_true(hash_equal(&leaf.prev, prev));
        assert_ok(because_digest(text_at(j, "because"), &digest));
        assert_true(hash_equal(&digest, &leaf.because));
        assert_ok(hash_of_parts(2, part, &hash));
        hash_text(&hash, text);
        assert_true(bytes_is(text_at(j, "hash"), text));
        *prev = hash;
}

/* The reader of any SD-JWT takes them too. */
static void check_sdjwt(struct bytes submission, const struct public_key *key)
{
        const struct sdjwt_rules rules = {.key = key, .json = SDJWT_OURS, .typ = "enquiry+sd-jwt"};
        struct buf payload;

        buf_init(&payload, FILE_MAX);
        assert_ok(sdjwt_verify(submission, &rules, &payload, NULL));
        assert_true(payload.n > 0);
        buf_clear(&payload);
}

static void read_again(void **state)
{
        static struct statement s;
        static struct body b;
        struct hash prev = {{0}};
        struct buf scratch;

        (void)state;
        buf_init(&scratch, SUBMISSION_MAX);
        for (size_t i = 0; case_at(i) != NULL; i++) {
                char path[256], st[HASH_TEXT_LEN + 1];
                struct bytes jws, disclosures;
                struct public_key key;
                struct why why = {0};
                vector_path(case_at(i), path);
                json_t *j = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
                assert_non_null(j);
                buf_reset(&scratch);
                assert_ok(submission_split(text_at(j, "submission"), &jws, &disclosures));
                assert_ok(statement_decode(jws, &scratch, &s, &why));
                assert_ok(b64u_decode_exact(text_at(json_object_get(j, "key"), "public"), key.b, KEY_LEN));
                assert_ok(statement_check_signature(&s, &key));
                assert_ok(body_decode(&s, disclosures, &scratch, &b, &why));
                assert_ok(body_check_fields(&b, &why));
                check_sdjwt(text_at(j, "submission"), &key);
                hash_text(&s.st, st);
                assert_true(bytes_is(text_at(j, "st"), st));
                check_rest(j, &s, 0);
                if (b.n > 0)
                        check_rest(json_object_get(j, "erased"), &s, 1);
                check_leaf(json_object_get(j, "leaf"), &s, &prev);
                json_decref(j);
        }
        buf_clear(&scratch);
}

static void put_hash_line(struct buf *out, const char *before, const struct hash *h)
{
        buf_put_text(out, before);
        hash_put(out, h);
        buf_put_text(out, "\n");
}

/* Each disclosure of the submission as JSON, its digest under it. */
static void put_disclosures(struct buf *out, struct bytes disclosures)
{
        struct bytes text;
        struct hash digest;

        while (!bytes_take_until(&disclosures, '~', &text)) {
                assert_ok(hash_of(text, &digest));
                assert_ok(b64u_decode(text, out));
                put_hash_line(out, "\n    ", &digest);
        }
}

static void put_part(struct buf *out, struct bytes *jws, const char *title)
{
        struct bytes text;

        assert_ok(bytes_take_until(jws, '.', &text));
        buf_put_format(out, "\n%s:\n\n```\n", title);
        assert_ok(b64u_decode(text, out));
        buf_put_text(out, "\n```\n");
}

static void put_block(struct buf *out, const char *title, struct bytes text)
{
        buf_put_format(out, "\n%s:\n\n```\n", title);
        buf_put(out, text);
        buf_put_text(out, text.n > 0 && text.at[text.n - 1] == '\n' ? "```\n" : "\n```\n");
}

static void put_example(const struct entry *e, struct buf *out)
{
        struct bytes jws = e->s.jws, first, rest, disclosures = buf_since(&e->submission, e->s.jws.n + 1);

        put_part(out, &jws, "Header");
        put_part(out, &jws, "Payload");
        put_block(out, "JWS", e->s.jws);
        put_hash_line(out, "\n`st`: ", &e->s.st);
        rest = disclosures;
        assert_ok(bytes_take_until(&rest, '~', &first));
        put_block(out, "The first disclosure as it is sent, before its `~`", first);
        buf_put_text(out, "\nAll disclosures in order, decoded, each with its digest:\n\n```\n");
        put_disclosures(out, disclosures);
        buf_put_text(out, "```\n");
        put_block(out, "Leaf", buf_bytes(&e->leaf_text));
        put_hash_line(out, "\nLeaf hash: ", &e->leaf_hash);
        put_block(out, "The reasons behind `because`", buf_bytes(&e->because));
        put_block(out, "Receipt, when the ledger had two entries", buf_bytes(&e->receipt));
        buf_put_text(out, "\n");
}

/* FORMAT.md's worked example is the consult vector. */
static void example(void **state)
{
        static struct entry genesis, consult;
        struct chain c;
        struct buf made, there, whole;

        (void)state;
        chain_open(&c);
        entry_open(&genesis);
        entry_open(&consult);
        chain_add(&c, case_at(0), &genesis);
        chain_add(&c, case_at(1), &consult);
        buf_init(&made, FILE_MAX);
        buf_init(&whole, FILE_MAX);
        put_example(&consult, &made);
        assert_ok(buf_check(&made));
        read_whole(FORMAT, &there);
        const char *text = buf_text(&there), *from = strstr(text, MARK), *to = strstr(text, MARK_END);
        assert_non_null(from);
        assert_non_null(to);
        from += strlen(MARK);
        buf_put(&whole, bytes_of(text, (size_t)(from - text)));
        buf_put(&whole, buf_bytes(&made));
        buf_put_text(&whole, to);
        hold(FORMAT, buf_bytes(&whole));
        buf_clear(&made);
        buf_clear(&there);
        buf_clear(&whole);
        entry_close(&genesis);
        entry_close(&consult);
        chain_close(&c);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(made_again),
            cmocka_unit_test(read_again),
            cmocka_unit_test(example),
        };
        return cmocka_run_group_tests(tests, sample_setup, NULL);
}
