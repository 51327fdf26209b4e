#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policy/likeness.h"

static const char before[] =
    "The suspect was named by two witnesses as the man who left the shop at the time of the robbery, and his "
    "public profile may show the jacket that he wore; nothing else known to us can settle whether it was him "
    "before the identification parade is held on Thursday morning.";

static unsigned likeness(const char *a, const char *b)
{
        struct sketch x, y;
        sketch_init(&x);
        sketch_init(&y);
        sketch_add(&x, bytes_text(a));
        sketch_add(&y, bytes_text(b));
        return sketch_likeness(&x, &y);
}

static void the_same_text_is_wholly_alike(void **state)
{
        (void)state;
        assert_int_equal(likeness(before, before), 100);
}

/* Case, punctuation, line ends and the numbers of the case are not what a text says. */
static void dress_does_not_count(void **state)
{
        (void)state;
        assert_int_equal(
            likeness(
                before,
                "THE SUSPECT was named by 2 two witnesses (14/2231) as the man who left the shop\nat the "
                "time of "
                "the robbery: and his public profile may show the jacket that he wore. Nothing else known to "
                "us "
                "can settle whether it was him before the identification parade is held on Thursday morning"),
            100);
}

static void a_word_changed_is_still_formulaic(void **state)
{
        (void)state;
        unsigned percent = likeness(
            before, "The suspect was named by two witnesses as the man who left the shop at the time of the "
                    "robbery, and his public profile may show the jacket that he wore; nothing else known to "
                    "us can settle whether it was him before the identification parade is held on Friday "
                    "morning.");
        assert_in_range(percent, 80, 99);
}

static void other_words_are_not_alike(void **state)
{
        (void)state;
        assert_in_range(
            likeness(
                before,
                "A girl of fourteen has not come home since school ended yesterday and her friends say she "
                "posts where she is; the profile is open, and one look may tell which town to search first "
                "while the phone company is still being asked."),
            0, 10);
}

static void short_texts_are_not_compared(void **state)
{
        (void)state;
        assert_int_equal(likeness("to find the suspect", "to find the suspect"), 0);
        assert_int_equal(likeness("one two three four five six seven", "one two three four five six seven"),
                         0);
        assert_int_equal(
            likeness("one two three four five six seven eight", "one two three four five six seven eight"),
            100);
        assert_int_equal(likeness("", ""), 0);
        assert_int_equal(likeness("1 2 3 4 5 6 7 8 9 10 11 12", "1 2 3 4 5 6 7 8 9 10 11 12"), 0);
}

static void a_sketch_comes_back_from_rest(void **state)
{
        struct sketch a, b;
        uint8_t rest[SKETCH_LEN];
        (void)state;
        sketch_init(&a);
        sketch_add(&a, bytes_text(before));
        sketch_put(&a, rest);
        sketch_take(rest, &b);
        assert_int_equal(sketch_likeness(&a, &b), 100);
        assert_memory_equal(a.minimum, b.minimum, sizeof a.minimum);
}

static void put(struct body *b, const char *name, char origin, const char *json)
{
        const struct field *f = field_of_name(b->kind, name, strlen(name));
        assert_non_null(f);
        assert_int_equal(body_add(b, f, origin, bytes_text(json)), OK);
}

#define LONG_TEXT                                                                                            \
        "\"Needed now because the \\\"parade\\\" is held on Thursday and nothing else tells which jacket "   \
        "he wore\""

static void only_what_was_typed_counts(void **state)
{
        static struct body typed, taken, decision;
        struct sketch a, b, c;
        (void)state;
        body_init(&typed, KIND_INTENT);
        body_init(&taken, KIND_INTENT);
        body_init(&decision, KIND_DECISION);
        put(&typed, "necessity", ORIGIN_TYPED, LONG_TEXT);
        put(&taken, "necessity", ORIGIN_OPERATION, LONG_TEXT);
        put(&decision, "reason", ORIGIN_TYPED, LONG_TEXT);
        assert_int_equal(sketch_of_body(&typed, &a), OK);
        assert_int_equal(sketch_of_body(&taken, &b), OK);
        assert_int_equal(sketch_of_body(&decision, &c), OK);
        assert_false(sketch_empty(&a));
        assert_true(sketch_empty(&b));
        assert_true(sketch_empty(&c));
}

/* A few words in each of several fields make no shingle, whatever their sum. */
static void fields_are_not_run_together(void **state)
{
        struct sketch s;
        (void)state;
        sketch_init(&s);
        for (int i = 0; i < 20; i++)
                sketch_add(&s, bytes_text("as before"));
        assert_true(sketch_empty(&s));
}

static void a_review_that_repeats_the_grant(void **state)
{
        static struct body grant, again, fresh;
        unsigned percent = 0;
        (void)state;
        body_init(&grant, KIND_AUTHORITY);
        body_init(&again, KIND_AUTHORITY);
        body_init(&fresh, KIND_AUTHORITY);
        put(&grant, "necessity", ORIGIN_TYPED, LONG_TEXT);
        put(&grant, "prop_least", ORIGIN_TYPED,
            "\"Looking is less than following him through the town for a week or two\"");
        put(&again, "review_text", ORIGIN_TYPED, LONG_TEXT);
        put(&fresh, "review_text", ORIGIN_TYPED,
            "\"Two looks were taken; both showed nothing of the jacket, and a third is to be the last\"");
        assert_int_equal(review_likeness(&again, &grant, &percent), OK);
        assert_int_equal(percent, 100);
        assert_int_equal(review_likeness(&fresh, &grant, &percent), OK);
        assert_in_range(percent, 0, 10);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(the_same_text_is_wholly_alike),
            cmocka_unit_test(dress_does_not_count),
            cmocka_unit_test(a_word_changed_is_still_formulaic),
            cmocka_unit_test(other_words_are_not_alike),
            cmocka_unit_test(short_texts_are_not_compared),
            cmocka_unit_test(a_sketch_comes_back_from_rest),
            cmocka_unit_test(only_what_was_typed_counts),
            cmocka_unit_test(fields_are_not_run_together),
            cmocka_unit_test(a_review_that_repeats_the_grant),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
