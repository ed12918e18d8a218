/* SPDX-License-Identifier: Apache-2.0 */
/* Calls folded into sums: whatever differs is seen, and the stretch in which it does. */
#include "regress/trace.h"

#include "draw.h"

#include <criterion/criterion.h>
#include <string.h>

static recorder_call_t call_at(int64_t number)
{
    static const recorder_call_id_t id[] = {RECORDER_CLOCK, RECORDER_TRAIN_START, RECORDER_TONE,
                                            RECORDER_STORE_WRITE, RECORDER_TRANSMIT};
    return (recorder_call_t){.id = id[number % 5],
                             .clock_ms = (uint64_t)number * 10u,
                             .in = {(uint64_t)number, 7u},
                             .out = {3u, 0u}};
}

/* `calls` calls, of which number `other` is changed by `change`; -1: none. */
static trace_t traced(int64_t calls, int64_t other, void (*change)(recorder_call_t *))
{
    trace_t t;
    error_t e = {0};
    trace_init(&t);
    for (int64_t i = 0; i < calls; i++) {
        recorder_call_t call = call_at(i);
        if (i == other) {
            change(&call);
        }
        trace_fold(&t, &call);
    }
    cr_assert_eq(trace_end(&t, &e), 0);
    return t;
}

static const uint8_t some[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
static const uint8_t others[] = {1, 2, 3, 4, 5, 6, 7, 8, 10};

static void change_result(recorder_call_t *c)
{
    c->result = -1;
}
static void change_clock(recorder_call_t *c)
{
    c->clock_ms++;
}
static void change_argument(recorder_call_t *c)
{
    c->in[1]++;
}
static void change_output(recorder_call_t *c)
{
    c->out[1]++;
}
static void add_bytes(recorder_call_t *c)
{
    c->bytes = some;
    c->length = sizeof some;
}
static void add_others(recorder_call_t *c)
{
    c->bytes = others;
    c->length = sizeof others;
}
static void change_id(recorder_call_t *c)
{
    c->id = RECORDER_WATCHDOG;
}

Test(trace, any_member_of_any_call_that_differs_is_seen_in_its_stretch)
{
    static void (*const change[])(recorder_call_t *) = {
        change_result, change_clock, change_argument, change_output, add_bytes, change_id};
    const int64_t calls = 3 * TRACE_MARK_CALLS + 17;
    draw_t draw;
    draw_init(&draw, 20261127u, 0, 1u, 0u, 0u);
    trace_t plain = traced(calls, -1, NULL);
    for (int round = 0; round < 60; round++) {
        const int64_t at = (int64_t)(draw_uniform(&draw) * (double)calls);
        trace_t t = traced(calls, at, change[round % 6]);
        cr_assert_eq(trace_differ(&plain, &t), at / TRACE_MARK_CALLS * TRACE_MARK_CALLS,
                     "round %d, call %lld", round, (long long)at);
        trace_free(&t);
    }
    trace_free(&plain);
}

Test(trace, equal_calls_are_equal_and_bytes_count_to_the_last)
{
    trace_t a = traced(100, 40, add_bytes), b = traced(100, 40, add_bytes),
            c = traced(100, 40, add_others);
    cr_expect_eq(trace_differ(&a, &b), -1);
    cr_expect_eq(trace_differ(&a, &c), 0);
    trace_free(&a);
    trace_free(&b);
    trace_free(&c);
}

Test(trace, one_that_goes_on_differs_from_one_that_ends)
{
    trace_t a = traced(TRACE_MARK_CALLS, -1, NULL), b = traced(TRACE_MARK_CALLS + 1, -1, NULL),
            none = traced(0, -1, NULL);
    cr_expect_eq(trace_differ(&a, &b), TRACE_MARK_CALLS);
    cr_expect_eq(trace_differ(&none, &b), 0);
    trace_free(&a);
    trace_free(&b);
    trace_free(&none);
}

Test(trace, a_difference_is_named_by_its_family_and_leaves_the_others)
{
    trace_t a = traced(1000, -1, NULL), b = traced(1000, 502, change_argument); /* a tone */
    for (int f = 0; f < TRACE_FAMILIES; f++) {
        cr_expect_eq(a.family[f].calls, 200, "%s", trace_family_name((trace_family_t)f));
        cr_expect_eq(a.family[f].sum != b.family[f].sum, f == TRACE_SOUND, "%s",
                     trace_family_name((trace_family_t)f));
    }
    trace_free(&a);
    trace_free(&b);
}

Test(trace, every_call_that_the_recorder_knows_has_a_family)
{
    int of_motor = 0, of_reading = 0;
    for (int id = RECORDER_CLOCK; id <= RECORDER_LAST; id++) {
        const trace_family_t f = trace_family_of((recorder_call_id_t)id);
        of_motor += f == TRACE_MOTOR;
        of_reading += f == TRACE_READING;
    }
    cr_expect_eq(of_motor, 3);
    cr_expect_eq(of_reading, 16);
}
