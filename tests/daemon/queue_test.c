#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>

#include "daemon/queue.h"

#define PRODUCERS  3
#define CONSUMERS  3
#define ITEMS      20000 /* of each producer */
#define SMALL_WAIT 5     /* ms */
#define LONG_WAIT  60000 /* ms: never to be waited for */

static void test_order_and_bounds(void **state)
{
        int a, b, c, d;
        void *out[4];
        (void)state;
        struct queue *q = queue_new(3);
        assert_non_null(q);
        for (int round = 0; round < 5; round++) { /* the ring turns */
                assert_true(queue_put(q, &a));
                assert_true(queue_put(q, &b));
                assert_int_equal(queue_length(q), 2);
                assert_ptr_equal(queue_take(q), &a);
                assert_true(queue_put(q, &c));
                assert_true(queue_put(q, &d));
                assert_false(queue_put(q, &a));
                assert_int_equal(queue_length(q), 3);
                assert_int_equal(queue_take_many(q, 2, out), 2);
                assert_ptr_equal(out[0], &b);
                assert_ptr_equal(out[1], &c);
                assert_int_equal(queue_take_many(q, 4, out), 1);
                assert_ptr_equal(out[0], &d);
                assert_int_equal(queue_length(q), 0);
        }
        queue_free(q);
}

static void test_closed(void **state)
{
        int a, b;
        void *out[2];
        bool closed = false;
        (void)state;
        struct queue *q = queue_new(4);
        assert_non_null(q);
        assert_true(queue_put(q, &a));
        assert_true(queue_put(q, &b));
        queue_close(q);
        queue_close(q);
        assert_false(queue_put(q, &a));
        assert_ptr_equal(queue_take(q), &a);
        assert_int_equal(queue_take_within(q, LONG_WAIT, 2, out, &closed), 1);
        assert_ptr_equal(out[0], &b);
        assert_false(closed);
        assert_int_equal(queue_take_within(q, LONG_WAIT, 2, out, &closed), 0);
        assert_true(closed);
        assert_null(queue_take(q));
        assert_int_equal(queue_take_many(q, 2, out), 0);
        queue_free(q);
}

static void test_nothing_comes(void **state)
{
        void *out[1];
        bool closed = true;
        (void)state;
        assert_null(queue_new(0));
        assert_null(queue_new(SIZE_MAX));
        queue_free(NULL);
        struct queue *q = queue_new(1);
        assert_non_null(q);
        assert_int_equal(queue_take_within(q, SMALL_WAIT, 1, out, &closed), 0);
        assert_false(closed);
        assert_int_equal(queue_take_within(q, 0, 1, out, &closed), 0);
        queue_free(q);
}

static void *take_one(void *self)
{
        return queue_take(self);
}

static void test_close_wakes(void **state)
{
        pthread_t thread[3];
        void *got;
        (void)state;
        struct queue *q = queue_new(1);
        assert_non_null(q);
        for (size_t i = 0; i < 3; i++)
                assert_int_equal(pthread_create(&thread[i], NULL, take_one, q), 0);
        queue_close(q);
        for (size_t i = 0; i < 3; i++) {
                assert_int_equal(pthread_join(thread[i], &got), 0);
                assert_null(got);
        }
        queue_free(q);
}

struct crowd {
        struct queue *queue;
        atomic_uint seen[PRODUCERS * ITEMS];
        atomic_size_t taken;
        atomic_size_t producer;
};

static void *produce(void *self)
{
        struct crowd *c = self;
        size_t first = atomic_fetch_add(&c->producer, 1) * ITEMS;
        for (size_t i = first; i < first + ITEMS; i++)
                while (!queue_put(c->queue, &c->seen[i]))
                        (void)sched_yield();
        return NULL;
}

/* Three ways to take, a thread each; they must end at the close, having left nothing behind. */
static void *consume(void *self)
{
        struct crowd *c = self;
        static atomic_uint way;
        unsigned mine = atomic_fetch_add(&way, 1) % 3;
        bool closed = false;
        while (!closed) {
                void *out[7];
                size_t n = 0;
                if (mine == 0 && (out[0] = queue_take(c->queue)) != NULL)
                        n = 1;
                else if (mine == 1)
                        n = queue_take_many(c->queue, 7, out);
                else if (mine == 2)
                        n = queue_take_within(c->queue, LONG_WAIT, 3, out, &closed);
                closed = n == 0;
                for (size_t i = 0; i < n; i++)
                        atomic_fetch_add((atomic_uint *)out[i], 1);
                atomic_fetch_add(&c->taken, n);
        }
        return NULL;
}

static void test_crowd(void **state)
{
        pthread_t producer[PRODUCERS], consumer[CONSUMERS];
        (void)state;
        struct crowd *c = calloc(1, sizeof *c);
        assert_non_null(c);
        c->queue = queue_new(16);
        assert_non_null(c->queue);
        for (size_t i = 0; i < CONSUMERS; i++)
                assert_int_equal(pthread_create(&consumer[i], NULL, consume, c), 0);
        for (size_t i = 0; i < PRODUCERS; i++)
                assert_int_equal(pthread_create(&producer[i], NULL, produce, c), 0);
        for (size_t i = 0; i < PRODUCERS; i++)
                assert_int_equal(pthread_join(producer[i], NULL), 0);
        queue_close(c->queue);
        for (size_t i = 0; i < CONSUMERS; i++)
                assert_int_equal(pthread_join(consumer[i], NULL), 0);
        assert_int_equal(atomic_load(&c->taken), PRODUCERS * ITEMS);
        for (size_t i = 0; i < PRODUCERS * ITEMS; i++)
                assert_int_equal(atomic_load(&c->seen[i]), 1);
        assert_int_equal(queue_length(c->queue), 0);
        queue_free(c->queue);
        free(c);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(test_order_and_bounds),
            cmocka_unit_test(test_closed),
            cmocka_unit_test(test_nothing_comes),
            cmocka_unit_test(test_close_wakes),
            cmocka_unit_test(test_crowd),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
