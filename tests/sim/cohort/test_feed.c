/* SPDX-License-Identifier: Apache-2.0 */
/* The feed: where steps end, that no mass is lost, and that a minute of change carries its own mass. */
#include "cohort/feed.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

typedef struct steps_t {
    int count;
    int32_t minutes[512];
    double mass_ug[512];
} steps_t;

static int collect(void *context, int32_t minutes, const double mass_ug[], error_t *e)
{
    steps_t *s = context;
    (void)e;
    if (s->count < 512) {
        s->minutes[s->count] = minutes;
        s->mass_ug[s->count] = mass_ug[0];
    }
    s->count++;
    return 0;
}

/* Feeds an even flow of `rate` ug/ms over [start, end) in segments of `piece_ms`. */
static void flow(feed_t *f, double start_ms, double end_ms, double rate, double piece_ms)
{
    for (double at = start_ms; at < end_ms; at += piece_ms) {
        double length = fmin(piece_ms, end_ms - at);
        segment_t s = {at, length, rate * length, rate * length};
        double mass_ug = rate * length;
        cr_assert_eq(feed_add(f, &s, &mass_ug, NULL), 0);
    }
}

Test(feed, trains_of_one_programme_are_one_step)
{
    steps_t steps = {0};
    feed_t f;
    feed_init(&f, 1, collect, &steps);
    flow(&f, 0.0, 86400000.0, 1e-3, 2304000.0);
    cr_assert_eq(feed_close(&f, 86400000, NULL), 0);
    cr_assert_eq(steps.count, 1, "a day of one programme made %d steps", steps.count);
    cr_assert_eq(steps.minutes[0], 1440);
    cr_assert_float_eq(steps.mass_ug[0], 86400.0, 1e-7);
}

Test(feed, a_change_inside_a_minute_is_that_minutes_mass)
{
    steps_t steps = {0};
    feed_t f;
    feed_init(&f, 1, collect, &steps);
    flow(&f, 0.0, 615000.0, 1e-3, 36000.0);
    flow(&f, 615000.0, 1200000.0, 4e-3, 9000.0);
    cr_assert_eq(feed_close(&f, 1200000, NULL), 0);
    cr_assert_eq(steps.count, 3);
    cr_assert_eq(steps.minutes[0], 10);
    cr_assert_eq(steps.minutes[1], 1);
    cr_assert_eq(steps.minutes[2], 9);
    cr_assert_float_eq(steps.mass_ug[0], 600.0, 1e-9);
    cr_assert_float_eq(steps.mass_ug[1], 15.0 + 4.0 * 45.0, 1e-9);
    cr_assert_float_eq(steps.mass_ug[2], 4.0 * 540.0, 1e-9);
}

Test(feed, two_changes_in_one_minute_share_its_step)
{
    steps_t steps = {0};
    feed_t f;
    feed_init(&f, 1, collect, &steps);
    flow(&f, 0.0, 610000.0, 1e-3, 10000.0);
    flow(&f, 610000.0, 640000.0, 9e-3, 1000.0);
    flow(&f, 640000.0, 1200000.0, 1e-3, 10000.0);
    cr_assert_eq(feed_close(&f, 1200000, NULL), 0);
    cr_assert_eq(steps.count, 3);
    cr_assert_float_eq(steps.mass_ug[1], 10.0 + 270.0 + 20.0, 1e-9);
}

Test(feed, a_pause_ends_the_step_where_the_flow_ended)
{
    steps_t steps = {0};
    feed_t f;
    feed_init(&f, 1, collect, &steps);
    flow(&f, 0.0, 630000.0, 1e-3, 10000.0);
    cr_assert_eq(feed_close(&f, 3600000, NULL), 0);
    cr_assert_eq(steps.count, 3, "flow, the minute it stops in, nothing: %d steps", steps.count);
    cr_assert_eq(steps.minutes[0], 10);
    cr_assert_eq(steps.minutes[2], 49);
    cr_assert_float_eq(steps.mass_ug[1], 30.0, 1e-9);
    cr_assert_eq(steps.mass_ug[2], 0.0);
}

Test(feed, nothing_is_lost_over_random_segments)
{
    uint64_t state = 88172645463325252u;
    steps_t steps = {0};
    feed_t f;
    double at = 0.0, given = 0.0, passed = 0.0;
    feed_init(&f, 1, collect, &steps);
    for (int i = 0; i < 60; i++) {
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        double length = 1000.0 + (double)(state % 300000u);
        double mass_ug = (double)(state % 1000u) + 1.0;
        segment_t s = {at, length, mass_ug, mass_ug};
        cr_assert_eq(feed_add(&f, &s, &mass_ug, NULL), 0);
        at += length + (double)((state >> 20) % 200000u);
        given += mass_ug;
    }
    cr_assert_lt(steps.count, 512);
    for (int i = 0; i < steps.count; i++) {
        passed += steps.mass_ug[i];
    }
    cr_assert_float_eq(passed + feed_pending_ug(&f, 0), given, 1e-9 * given);
}

Test(feed, a_step_end_off_the_lattice_is_refused)
{
    steps_t steps = {0};
    feed_t f;
    error_t e = {0};
    feed_init(&f, 1, collect, &steps);
    cr_assert_eq(feed_close(&f, 90001, &e), ERROR_ARGUMENT);
    cr_assert_neq(strstr(e.text, "90001"), NULL);
}

/* What one outlet gets, whichever the others do. */
typedef struct outlets_t {
    int steps;
    int32_t minutes[8];
    double mass_ug[FEED_OUTLETS];
} outlets_t;

static int collect_outlets(void *context, int32_t minutes, const double mass_ug[], error_t *e)
{
    outlets_t *o = context;
    (void)e;
    o->minutes[o->steps++ % 8] = minutes;
    for (int i = 0; i < FEED_OUTLETS; i++) {
        o->mass_ug[i] += mass_ug[i * SEGMENT_DRUGS_MAX];
    }
    return 0;
}

Test(feed, each_outlet_keeps_its_own_mass)
{
    outlets_t o = {0};
    feed_t f;
    feed_init(&f, 1, collect_outlets, &o);
    feed_widen(&f);
    for (int i = 0; i < 6; i++) {
        const segment_t s = {i * 600e3, 600e3, 1.0, 10.0};
        double mass_ug[FEED_OUTLETS * SEGMENT_DRUGS_MAX] = {0.0};
        for (int k = 0; k < FEED_OUTLETS; k++) {
            mass_ug[k * SEGMENT_DRUGS_MAX] = k + 1.0;
        }
        cr_assert_eq(feed_add(&f, &s, mass_ug, NULL), 0);
    }
    cr_assert_eq(feed_close(&f, 3300000, NULL), ERROR_ARGUMENT, "before what was added");
    cr_assert_eq(feed_close(&f, 3600000, NULL), 0);
    cr_expect_eq(o.steps, 1, "%d steps of one flow", o.steps);
    for (int k = 0; k < FEED_OUTLETS; k++) {
        cr_expect_float_eq(o.mass_ug[k], 6.0 * (k + 1.0), 1e-12, "outlet %d: %g", k, o.mass_ug[k]);
        cr_expect_eq(feed_pending_at_ug(&f, k, 0), 0.0);
    }
}

/* A flow that turns to another outlet is a change, though as much is pumped. */
Test(feed, a_turn_from_the_tip_to_another_outlet_ends_a_step)
{
    outlets_t o = {0};
    feed_t f;
    feed_init(&f, 1, collect_outlets, &o);
    feed_widen(&f);
    for (int i = 0; i < 2; i++) {
        const segment_t s = {i * 600e3, 600e3, 1.0, 10.0};
        double mass_ug[FEED_OUTLETS * SEGMENT_DRUGS_MAX] = {0.0};
        mass_ug[i * SEGMENT_DRUGS_MAX] = 5.0;
        cr_assert_eq(feed_add(&f, &s, mass_ug, NULL), 0);
    }
    cr_assert_eq(feed_close(&f, 1200000, NULL), 0);
    cr_expect_eq(o.steps, 2);
    cr_expect_eq(o.minutes[0], 10);
}

Test(feed, what_came_at_once_is_a_minute_of_its_own)
{
    steps_t steps = {0};
    feed_t f;
    const segment_t flow_before = {0.0, 600e3, 1.0, 10.0}, bolus = {630e3, 0.0, 1.0, 0.0};
    const double little = 1.0, much = 100.0;
    feed_init(&f, 1, collect, &steps);
    cr_assert_eq(feed_add(&f, &flow_before, &little, NULL), 0);
    cr_assert_eq(feed_close(&f, 600000, NULL), 0);
    cr_assert_eq(feed_add(&f, &bolus, &much, NULL), 0);
    feed_end_minute(&f);
    cr_assert_eq(feed_close(&f, 3600000, NULL), 0);
    cr_assert_eq(steps.count, 3);
    cr_expect_eq(steps.minutes[1], 1);
    cr_expect_float_eq(steps.mass_ug[1], 100.0, 1e-12);
    cr_expect_float_eq(steps.mass_ug[2], 0.0, 0.0);
}
