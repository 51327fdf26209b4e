#include "body_forge.h"

struct bench {
        struct signing_key *key;
        struct public_key public;
        struct buf values, text, scratch;
        uint8_t raw[3 * HASH_LEN];
        struct statement made, s;
        struct body body, back;
        struct why why;
};

static void bench_open(struct bench *t)
{
        *t = (struct bench){.key = sample_key("author")};
        t->public = signing_key_signer(t->key).key;
        buf_init(&t->values, SUBMISSION_MAX);
        buf_init(&t->text, SUBMISSION_MAX);
        buf_init(&t->scratch, SUBMISSION_MAX);
}

static void bench_close(struct bench *t)
{
        signing_key_free(t->key);
        buf_clear(&t->values);
        buf_clear(&t->text);
        buf_clear(&t->scratch);
}

/* A signed submission of the case in t->text. */
static void bench_make(struct bench *t, const struct sample_case *at, enum sample_extent extent)
{
        buf_reset(&t->values);
        buf_reset(&t->text);
        sample_body(at->kind, extent, &t->values, &t->body);
        t->made = sample_statement(at, t->raw);
        sample_submission(&t->made, &t->body, t->key, &t->text);
}

/* All of what the daemon does with a submission before the gate. */
static enum err bench_take(struct bench *t, struct bytes submission)
{
        struct bytes jws, disclosures;
        enum err e;

        t->why = (struct why){0};
        buf_reset(&t->scratch);
        if ((e = submission_split(submission, &jws, &disclosures)) ||
            (e = statement_decode(jws, &t->scratch, &t->s, &t->why)) ||
            (e = statement_check_signature(&t->s, &t->public)))
                return e;
        return body_decode(&t->s, disclosures, &t->scratch, &t->back, &t->why);
}

static void same_body(const struct body *a, const struct body *b)
{
        assert_int_equal(a->kind, b->kind);
        assert_memory_equal(a->seed, b->seed, sizeof a->seed);
        assert_memory_equal(a->group_salt, b->group_salt, sizeof a->group_salt);
        assert_memory_equal(a->layout_salt, b->layout_salt, sizeof a->layout_salt);
        assert_int_equal(a->n, b->n);
        for (size_t i = 0; i < a->n; i++) {
                assert_int_equal(a->field[i].number, b->field[i].number);
                assert_int_equal(a->field[i].origin, b->field[i].origin);
                assert_int_equal(a->field[i].state, b->field[i].state);
                assert_true(hash_equal(&a->field[i].digest, &b->field[i].digest));
                if (a->field[i].state == FIELD_MISSING)
                        continue;
                assert_memory_equal(a->field[i].salt, b->field[i].salt, SALT_LEN);
                assert_true(bytes_equal(a->field[i].value, b->field[i].value));
        }
}

static void round_trip(void **state)
{
        static struct bench t;

        (void)state;
        bench_open(&t);
        for (size_t i = 0; i < SAMPLE_CASES; i++) {
                for (unsigned extent = SAMPLE_NONE; extent <= SAMPLE_ALL; extent++) {
                        struct buf again;
                        struct hash sd[GROUPS_ALL];
                        bench_make(&t, &sample_cases[i], (enum sample_extent)extent);
                        enum err e = bench_take(&t, buf_bytes(&t.text));
                        if (e)
                                fail_msg("case %zu, extent %u: %s: %s", i, extent, err_row(e)->name,
                                         t.why.detail);
                        same_body(&t.body, &t.back);
                        assert_ok(body_check_fields(&t.back, &t.why) == ERR_FIELD_MISSING &&
                                          extent == SAMPLE_NONE
                                      ? OK
                                      : body_check_fields(&t.back, NULL));
                        assert_ok(body_digests(&t.back, sd));
                        assert_memory_equal(sd, t.made.sd, sizeof sd);
                        buf_init(&again, SUBMISSION_MAX);
                        assert_ok(body_put(&t.back, &again));
                        assert_true(bytes_equal(buf_bytes(&again), buf_since(&t.text, t.made.jws.n + 1)));
                        assert_ok(body_check(&t.back, &t.s));
                        buf_clear(&again);
                }
        }
        bench_close(&t);
}

static const struct sample_case consult = {KIND_CONSULT, ACT_NONE, VERB_NONE};
static const struct sample_case intent = {KIND_INTENT, ACT_NONE, VERB_NONE};

/* Of a whole submission: every prefix, every bit turned, one byte more. */
static void strict(void **state)
{
        static struct bench t;

        (void)state;
        bench_open(&t);
        bench_make(&t, &consult, SAMPLE_SOME);
        assert_ok(bench_take(&t, buf_bytes(&t.text)));
        for (size_t n = 0; n < t.text.n; n++)
                if (bench_take(&t, bytes_of(t.text.at, n)) == OK)
                        fail_msg("a prefix of %zu bytes was taken", n);
        for (size_t bit = 0; bit < t.text.n * 8; bit++) {
                bool in_jws = bit / 8 < t.made.jws.n;
                t.text.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
                enum err e = bench_take(&t, buf_bytes(&t.text));
                if (e == OK)
                        fail_msg("bit %zu turned was taken", bit);
                if (!in_jws && e != ERR_DISCLOSURE && e != ERR_DISCLOSURE_MISSING &&
                    e != ERR_DISCLOSURE_EXTRA && e != ERR_JWS)
                        fail_msg("bit %zu: %s", bit, err_row(e)->name);
                t.text.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        buf_put_u8(&t.text, '~');
        assert_err(bench_take(&t, buf_bytes(&t.text)), ERR_DISCLOSURE_EXTRA);
        t.text.at[t.text.n - 1] = 'A';
        assert_err(bench_take(&t, buf_bytes(&t.text)), ERR_JWS);
        bench_close(&t);
}

struct list {
        struct bytes at[BODY_FIELDS_MAX + 20]; /* each with its `~` */
        size_t n;
};

static void list_of(struct bytes disclosures, struct list *out)
{
        struct bytes text;

        out->n = 0;
        while (!bytes_take_until(&disclosures, '~', &text))
                out->at[out->n++] = bytes_of(text.at, text.n + 1);
}

/* Decodes the list against t->s, which is decoded already. */
static enum err take_list(struct bench *t, const struct list *l)
{
        struct buf text;
        size_t from = t->scratch.n;
        enum err e;

        buf_init(&text, 2 * SUBMISSION_MAX);
        for (size_t i = 0; i < l->n; i++)
                buf_put(&text, l->at[i]);
        t->why = (struct why){0};
        e = body_decode(&t->s, buf_bytes(&text), &t->scratch, &t->back, &t->why);
        t->scratch.n = from;
        buf_clear(&text);
        return e;
}

static void lists(void **state)
{
        static struct bench t;
        static struct list all, l;
        static const char stranger[] = "WyJBQUVDQXdRRkJnY0lDUW9MREEwT0R3IiwibmFtZSIsMV0~";

        (void)state;
        bench_open(&t);
        bench_make(&t, &intent, SAMPLE_SOME);
        assert_ok(bench_take(&t, buf_bytes(&t.text)));
        list_of(buf_since(&t.text, t.made.jws.n + 1), &all);
        assert_int_equal(all.n, 1 + LAYOUT_SLOTS + GROUP_COUNT + t.body.n);
        assert_ok(take_list(&t, &all));
        for (size_t i = 0; i < all.n; i++) {
                l = all; /* one missing */
                memmove(&l.at[i], &l.at[i + 1], (--l.n - i) * sizeof l.at[0]);
                assert_err(take_list(&t, &l), ERR_DISCLOSURE_MISSING);
                assert_true(t.why.detail[0] != '\0');

                l = all; /* one twice: beside itself, and at the end */
                memmove(&l.at[i + 1], &l.at[i], (l.n++ - i) * sizeof l.at[0]);
                assert_err(take_list(&t, &l), ERR_DISCLOSURE_EXTRA);
                l = all;
                l.at[l.n++] = l.at[i];
                assert_err(take_list(&t, &l), ERR_DISCLOSURE_EXTRA);

                l = all; /* one too many */
                memmove(&l.at[i + 1], &l.at[i], (l.n++ - i) * sizeof l.at[0]);
                l.at[i] = bytes_text(stranger);
                assert_err(take_list(&t, &l), ERR_DISCLOSURE_EXTRA);

                if (i + 1 == all.n)
                        continue;
                l = all; /* two the wrong way round */
                l.at[i] = all.at[i + 1];
                l.at[i + 1] = all.at[i];
                enum err e = take_list(&t, &l);
                if (e != ERR_DISCLOSURE_EXTRA && e != ERR_DISCLOSURE_MISSING)
                        fail_msg("%zu and the next exchanged: %s", i, err_row(e)->name);
        }
        l.n = 0;
        assert_err(take_list(&t, &l), ERR_DISCLOSURE_MISSING);
        assert_string_equal(t.why.detail, "layout");
        bench_close(&t);
}

static enum err forged(struct bench *t, enum forge_fault fault)
{
        buf_reset(&t->text);
        buf_reserve(&t->text, t->text.max);
        forge_body(&t->body, fault, t->made.sd, &t->text);
        struct buf all;
        buf_init(&all, SUBMISSION_MAX);
        assert_ok(statement_sign(&t->made, signing_key_signer(t->key), &all));
        buf_put_u8(&all, '~');
        buf_put(&all, buf_bytes(&t->text));
        assert_ok(buf_check(&all));
        enum err e = bench_take(t, buf_bytes(&all));
        buf_clear(&all);
        return e;
}

static void faults(void **state)
{
        static const enum err wanted[FORGE_COUNT] = {
            [FORGE_NONE] = OK,
            [FORGE_DECOY] = ERR_LAYOUT,
            [FORGE_DECOY_FIELD] = ERR_LAYOUT,
            [FORGE_SLOT_MORE] = ERR_LAYOUT,
            [FORGE_SLOT_LESS] = ERR_LAYOUT,
            [FORGE_SLOT_TWICE] = ERR_LAYOUT,
            [FORGE_SD_MEMBER] = ERR_LAYOUT,
            [FORGE_GROUP_NAME] = ERR_DISCLOSURE_MISSING,
            [FORGE_LAYOUT_NAME] = ERR_LAYOUT,
            [FORGE_SEED_SHORT] = ERR_LAYOUT,
            [FORGE_SEED_OTHER] = ERR_LAYOUT,
            [FORGE_LETTER_ABSENT] = ERR_LAYOUT,
            [FORGE_LETTER_PRESENT] = ERR_LAYOUT,
            [FORGE_LETTER_UNKNOWN] = ERR_LAYOUT,
            [FORGE_LETTERS_SHORT] = ERR_LAYOUT,
            [FORGE_LETTERS_LONG] = ERR_LAYOUT,
            [FORGE_TOTAL] = ERR_LAYOUT,
            [FORGE_N_WHO] = ERR_LAYOUT,
            [FORGE_N_RESULT] = ERR_LAYOUT,
            [FORGE_N_TEXT] = ERR_LAYOUT,
            [FORGE_FIELD_KIND] = ERR_FIELD_UNKNOWN,
            [FORGE_FIELD_SD] = ERR_DISCLOSURE_NAME,
            [FORGE_FIELD_DOTS] = ERR_DISCLOSURE_NAME,
            [FORGE_VALUE_SPACE] = ERR_DISCLOSURE,
            [FORGE_VALUE_TWICE] = ERR_DISCLOSURE,
            [FORGE_VALUE_SD] = ERR_DISCLOSURE_NAME,
            [FORGE_VALUE_LONG] = ERR_FIELD_VALUE,
            [FORGE_FOUR_ELEMENTS] = ERR_DISCLOSURE,
            [FORGE_SALT_SHORT] = ERR_DISCLOSURE,
        };
        static struct bench t;

        (void)state;
        bench_open(&t);
        bench_make(&t, &intent, SAMPLE_SOME);
        struct buf first;
        buf_init(&first, SUBMISSION_MAX);
        buf_put(&first, buf_since(&t.text, t.made.jws.n + 1));
        for (unsigned fault = FORGE_NONE; fault < FORGE_COUNT; fault++) {
                enum err e = forged(&t, (enum forge_fault)fault);
                if (e != wanted[fault])
                        fail_msg("fault %u: %s %s", fault, err_row(e)->name, t.why.detail);
                if (fault == FORGE_NONE) /* both encoders write the same */
                        assert_true(bytes_equal(buf_bytes(&first), buf_bytes(&t.text)));
        }
        buf_clear(&first);
        bench_close(&t);
}

static void adding(void **state)
{
        static struct body b;
        static char longer[FIELD_VALUE_MAX + 2];
        const struct field *operation = field_of_name(KIND_INTENT, "operation", 9);
        const struct field *objective = field_of_name(KIND_INTENT, "objective", 9);
        const struct field *query = field_of_name(KIND_CONSULT, "query", 5);
        struct buf scratch;
        struct bytes text;

        (void)state;
        assert_non_null(operation);
        assert_non_null(objective);
        assert_non_null(query);
        memset(longer, 'a', sizeof longer);
        longer[0] = longer[FIELD_VALUE_MAX] = '"';
        body_init(&b, KIND_INTENT);
        assert_err(body_add(&b, query, ORIGIN_TYPED, bytes_text("1")), ERR_FIELD_UNKNOWN);
        assert_err(body_add(&b, operation, ORIGIN_ABSENT, bytes_text("1")), ERR_BUG);
        assert_err(body_add(&b, operation, 'z', bytes_text("1")), ERR_BUG);
        assert_err(body_add(&b, operation, '\0', bytes_text("1")), ERR_BUG);
        assert_err(body_add(&b, operation, ORIGIN_TYPED, bytes_of(longer, FIELD_VALUE_MAX + 1)),
                   ERR_FIELD_VALUE);
        assert_err(body_add(&b, operation, ORIGIN_TYPED, bytes_text("{\"a\": 1}")), ERR_FIELD_VALUE);
        assert_err(body_add(&b, operation, ORIGIN_TYPED, bytes_text("[{\"...\":1}]")), ERR_FIELD_VALUE);
        assert_err(body_add(&b, operation, ORIGIN_TYPED, bytes_text("")), ERR_FIELD_VALUE);
        assert_int_equal(b.n, 0);
        assert_ok(body_add(&b, objective, ORIGIN_TYPED, bytes_text("\"a \\\"b\\\"\"")));
        assert_ok(body_add(&b, operation, ORIGIN_OPERATION, bytes_text("\"Heron\"")));
        assert_err(body_add(&b, operation, ORIGIN_TYPED, bytes_text("\"Heron\"")), ERR_BUG);
        assert_int_equal(b.n, 2);
        assert_true(b.field[0].number < b.field[1].number);
        assert_int_equal(body_find(&b, "operation")->origin, ORIGIN_OPERATION);
        assert_null(body_find(&b, "query"));
        buf_init(&scratch, 4096);
        assert_ok(body_text(&b, "objective", &scratch, &text));
        struct bytes kept = text;
        assert_true(bytes_is(text, "a \"b\""));
        for (size_t i = 0; i < 100; i++)
                assert_ok(body_text(&b, "operation", &scratch, &text));
        assert_true(bytes_is(kept, "a \"b\"")); /* later texts do not move it */
        assert_ok(body_text(&b, "query", &scratch, &text));
        assert_true(bytes_is(text, ""));
        buf_clear(&scratch);
        buf_init(&scratch, 4);
        assert_err(body_text(&b, "objective", &scratch, &text), ERR_TOO_LONG);
        buf_clear(&scratch);
}

static void missing_fields(void **state)
{
        static struct bench t;
        struct buf content, residue;
        struct hash sd[GROUPS_ALL];
        static struct body back;
        size_t slots = 0;

        (void)state;
        bench_open(&t);
        buf_init(&content, SUBMISSION_MAX);
        buf_init(&residue, SUBMISSION_MAX);
        bench_make(&t, &intent, SAMPLE_SOME);
        assert_ok(bench_take(&t, buf_bytes(&t.text)));
        for (unsigned g = 0; g < GROUP_COUNT; g++) {
                const uint8_t *numbers;
                size_t n = field_slots(KIND_INTENT, (enum group)g, &numbers);
                slots += n > 0 ? n : 1;
        }
        /* one field after the other is erased, until none is left; the groups can always be made again */
        for (size_t erased = 0;; erased++) {
                buf_reset(&content);
                buf_reset(&residue);
                body_put_content(&t.body, &content);
                body_put_residue(&t.body, &residue);
                assert_ok(buf_check(&content));
                assert_ok(buf_check(&residue));
                assert_ok(body_take(KIND_INTENT, buf_bytes(&content), buf_bytes(&residue), &back, NULL));
                assert_ok(body_check(&back, &t.s)); /* computes the digests */
                same_body(&t.body, &back);
                assert_ok(body_digests(&back, sd));
                assert_memory_equal(sd, t.made.sd, sizeof sd);
                struct body_count c = body_counts(&back);
                assert_int_equal(c.missing, erased);
                assert_int_equal(c.present, t.body.n - erased);
                assert_int_equal(c.decoys, slots - t.body.n);
                if (erased == t.body.n)
                        break;
                t.body.field[(erased * 7) % t.body.n].state = FIELD_MISSING;
                for (size_t i = 0; body_counts(&t.body).missing == erased; i++)
                        t.body.field[i].state = FIELD_MISSING;
        }
        assert_int_equal(content.n, 0);
        /* what a submission would be has only the rest */
        buf_reset(&t.text);
        assert_ok(body_put(&back, &t.text));
        static struct list l;
        list_of(buf_bytes(&t.text), &l);
        assert_int_equal(l.n, 1 + LAYOUT_SLOTS + GROUP_COUNT);
        back.seed[3] ^= 1;
        assert_err(body_check(&back, &t.s), ERR_LAYOUT);
        buf_clear(&content);
        buf_clear(&residue);
        bench_close(&t);
}

static void at_rest_strict(void **state)
{
        static struct bench t;
        static struct body back;
        struct buf content, residue;
        struct why why = {0};

        (void)state;
        bench_open(&t);
        buf_init(&content, SUBMISSION_MAX);
        buf_init(&residue, SUBMISSION_MAX);
        bench_make(&t, &consult, SAMPLE_SOME);
        assert_ok(bench_take(&t, buf_bytes(&t.text)));
        assert_in_range(t.body.n, 3, 20);
        t.body.field[1].state = FIELD_MISSING;
        body_put_content(&t.body, &content);
        body_put_residue(&t.body, &residue);
        struct bytes c = buf_bytes(&content), r = buf_bytes(&residue);
        assert_ok(body_take(KIND_CONSULT, c, r, &back, NULL));
        for (size_t n = 0; n < c.n; n++)
                assert_true(body_take(KIND_CONSULT, bytes_of(c.at, n), r, &back, NULL) != OK);
        for (size_t n = 0; n < r.n; n++)
                assert_true(body_take(KIND_CONSULT, c, bytes_of(r.at, n), &back, NULL) != OK);
        /* a bit turned is refused here, or the groups are no longer those of the statement */
        for (size_t bit = 0; bit < (c.n + r.n) * 8; bit++) {
                uint8_t *at = bit / 8 < c.n ? &content.at[bit / 8] : &residue.at[bit / 8 - c.n];
                *at ^= (uint8_t)(1u << bit % 8);
                if (!body_take(KIND_CONSULT, c, r, &back, NULL) && !body_check(&back, &t.s))
                        fail_msg("bit %zu turned was taken", bit);
                *at ^= (uint8_t)(1u << bit % 8);
        }
        buf_put_u8(&residue, 0);
        assert_err(body_take(KIND_CONSULT, c, buf_bytes(&residue), &back, NULL), ERR_FORM);
        residue.n--;
        buf_put_u8(&content, 0);
        assert_err(body_take(KIND_CONSULT, buf_bytes(&content), r, &back, NULL), ERR_FORM);
        /* everything gone, and no order for it */
        assert_err(body_take(KIND_CONSULT, bytes_of(NULL, 0), r, &back, &why), ERR_UNEXPLAINED);
        assert_string_equal(why.detail, fields[t.body.field[0].number].name);
        buf_clear(&content);
        buf_clear(&residue);
        bench_close(&t);
}

static int salt_order(const void *a, const void *b)
{
        return memcmp(a, b, SALT_LEN);
}

/* Salts and seeds of 100,000 bodies with one field: no two are the same. */
static void salts_unique(void **state)
{
        enum { BODIES = 100000, EACH = 1 + GROUPS_ALL + LAYOUT_SLOTS + 1 };
        static struct body b;
        const struct field *query = field_of_name(KIND_CONSULT, "query", 5);
        uint8_t(*all)[SALT_LEN] = malloc((size_t)BODIES * EACH * SALT_LEN);

        (void)state;
        assert_non_null(all);
        for (size_t i = 0, n = 0; i < BODIES; i++) {
                body_init(&b, KIND_CONSULT);
                assert_ok(body_add(&b, query, ORIGIN_TYPED, bytes_text("\"q\"")));
                memcpy(all[n++], b.seed, SALT_LEN);
                memcpy(all[n], b.group_salt, sizeof b.group_salt);
                n += GROUPS_ALL;
                memcpy(all[n], b.layout_salt, sizeof b.layout_salt);
                n += LAYOUT_SLOTS;
                memcpy(all[n++], b.field[0].salt, SALT_LEN);
        }
        qsort(all, (size_t)BODIES * EACH, SALT_LEN, salt_order);
        for (size_t i = 1; i < (size_t)BODIES * EACH; i++)
                if (memcmp(all[i - 1], all[i], SALT_LEN) == 0)
                        fail_msg("a salt came twice");
        free(all);
}

/* Whether fields are there or not, the groups look alike: same length, same letters, every digest another. */
static void decoys_look_like_digests(void **state)
{
        static struct bench t;
        static struct list none, all;
        size_t at_all = 1 + LAYOUT_SLOTS;
        size_t ones = 0, bits = 0;

        (void)state;
        bench_open(&t);
        bench_make(&t, &intent, SAMPLE_NONE);
        struct buf first;
        buf_init(&first, SUBMISSION_MAX);
        buf_put(&first, buf_since(&t.text, t.made.jws.n + 1));
        list_of(buf_bytes(&first), &none);
        bench_make(&t, &intent, SAMPLE_ALL);
        list_of(buf_since(&t.text, t.made.jws.n + 1), &all);
        for (unsigned g = 0; g < GROUP_COUNT; g++) {
                const uint8_t *numbers;
                size_t n = field_slots(KIND_INTENT, (enum group)g, &numbers);
                struct buf json;
                struct bytes in, text;
                struct hash h;
                assert_int_equal(none.at[1 + LAYOUT_SLOTS + g].n, all.at[at_all].n);
                at_all += 1 + n;
                buf_init(&json, DISCLOSURE_MAX);
                assert_ok(b64u_decode(
                    bytes_of(none.at[1 + LAYOUT_SLOTS + g].at, none.at[1 + LAYOUT_SLOTS + g].n - 1), &json));
                in = buf_bytes(&json);
                assert_ok(bytes_take_until(&in, '{', &text));
                assert_ok(bytes_take_text(&in, "\"_sd\":["));
                for (size_t slot = 0; slot < n; slot++) {
                        assert_ok(bytes_take_text(&in, slot > 0 ? ",\"" : "\""));
                        assert_ok(bytes_take(&in, HASH_TEXT_LEN, &text));
                        assert_ok(hash_of_text(text, &h));
                        assert_ok(bytes_take_text(&in, "\""));
                        for (size_t bit = 0; bit < 8 * HASH_LEN; bit++)
                                ones += h.b[bit / 8] >> bit % 8 & 1u;
                        bits += (size_t)8 * HASH_LEN;
                }
                buf_clear(&json);
        }
        assert_in_range(ones, bits / 2 - bits / 40, bits / 2 + bits / 40); /* over five standard deviations */
        buf_clear(&first);
        bench_close(&t);
}

static void scratch_too_small(void **state)
{
        static struct bench t;
        struct buf small;
        enum err e = ERR_TOO_LONG;
        size_t max;

        (void)state;
        bench_open(&t);
        bench_make(&t, &consult, SAMPLE_SOME);
        assert_ok(bench_take(&t, buf_bytes(&t.text)));
        struct bytes disclosures = buf_since(&t.text, t.made.jws.n + 1);
        memset(&t.back, 0x5a, sizeof t.back);
        for (max = 1; e; max += 16) {
                buf_init(&small, max);
                e = body_decode(&t.s, disclosures, &small, &t.back, NULL);
                if (e) {
                        assert_err(e, ERR_TOO_LONG);
                        assert_int_equal(t.back.n, (size_t)0x5a5a5a5a5a5a5a5a);
                }
                buf_clear(&small);
        }
        assert_true(max < disclosures.n);
        bench_close(&t);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(round_trip),
            cmocka_unit_test(strict),
            cmocka_unit_test(lists),
            cmocka_unit_test(faults),
            cmocka_unit_test(adding),
            cmocka_unit_test(missing_fields),
            cmocka_unit_test(at_rest_strict),
            cmocka_unit_test(salts_unique),
            cmocka_unit_test(decoys_look_like_digests),
            cmocka_unit_test(scratch_too_small),
        };
        return cmocka_run_group_tests(tests, sample_setup, NULL);
}
