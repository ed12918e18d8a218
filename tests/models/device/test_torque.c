/* SPDX-License-Identifier: Apache-2.0 */
/* Torque: what a step needs and gets, the exactness of the verdict, how long gears bind. */
#include <criterion/criterion.h>

#include <math.h>
#include <stdlib.h>

#include "device/torque.h"
#include "draw.h"
#include "tests/models/device/defaults.h"

enum { SEED = 23 };

static torque_t torque_new(void)
{
    torque_t q;
    error_t e = {0};
    wear_param_t none = {.particle_width = 0.03, .short_wander = 0.2, .short_bout_h = 3.0};
    cr_assert_eq(torque_init(&q, &default_motor, &none, 0, &e), 0, "%s", e.text);
    q.pulses_per_pass = 80;
    q.pulses_per_revolution = 240;
    draw_init(&q.stream, SEED, DRAW_TEST, 0, 0, 0);
    cr_assert_eq(torque_verify(&q, &e), 0, "%s", e.text);
    return q;
}

static double taken(const torque_t *q, const torque_load_t *load, int64_t position, int pulses)
{
    int count = 0;
    for (int i = 0; i < pulses; i++) {
        count += torque_turns(q, load, i, position, 0.0);
    }
    return (double)count / pulses;
}

/* 0.2 of friction, rollers 0.25 (1 + 0.2) at worst: half of the drive. */
Test(torque, a_sound_motor_has_twice_the_torque_that_it_needs)
{
    torque_t q = torque_new();
    torque_load_t load = torque_load(&q, 0, 0);
    cr_assert_float_eq(torque_margin(&q, &load), 1.0, 1e-12);
    cr_assert_eq(torque_verdict(&q, &load), TORQUE_ALL);
}

Test(torque, parameters_of_zero_need_nothing)
{
    torque_t q;
    error_t e = {0};
    motor_param_t no_motor = {0};
    wear_param_t no_wear = {0};
    cr_assert_eq(torque_init(&q, &no_motor, &no_wear, 0, &e), 0, "%s", e.text);
    torque_load_t load = torque_load(&q, INT64_C(1) << 50, 1 << 30);
    q.drive = 1e-9;
    cr_assert_eq(torque_verdict(&q, &load), TORQUE_ALL);
    cr_assert_eq(torque_margin(&q, &load), 1e6);
}

Test(torque, a_seized_motor_has_no_margin_whatever_it_needs)
{
    const motor_param_t none = {.friction = 0.0};
    const wear_param_t never = {.shaft_rate = 0.0};
    torque_t q;
    error_t e = {0};
    cr_assert_eq(torque_init(&q, &none, &never, 0, &e), 0, "%s", e.text);
    q.seized = true;
    torque_load_t load = torque_load(&q, 0, 0);
    cr_assert_float_eq(torque_margin(&q, &load), -1.0, 0.0);
}

Test(torque, back_pressure_costs_torque_and_suction_gives_none)
{
    torque_t q = torque_new();
    q.load_kpa = 300.0;
    torque_load_t load = torque_load(&q, 0, 0);
    cr_assert_float_eq(torque_margin(&q, &load), 1.0 / 0.65 - 1.0, 1e-12);
    q.load_kpa = -300.0;
    load = torque_load(&q, 0, 0);
    cr_assert_float_eq(torque_margin(&q, &load), 1.0, 1e-12);
}

/* At a margin of nothing the random part decides, as often for as against. */
Test(torque, half_of_the_steps_fail_without_margin)
{
    torque_t q = torque_new();
    torque_load_t load = torque_load(&q, 0, 0);
    q.drive = load.base + load.swing * cos(2.0 * acos(-1.0) * 0.5 / 80.0);
    cr_assert_eq(torque_verdict(&q, &load), TORQUE_EACH);
    cr_assert_float_eq(taken(&q, &load, 0, 20000), 0.5, 4.0 * 0.5 / sqrt(20000.0));
}

/* One standard deviation: Irwin and Hall's distribution of four at 2 + 1 / sqrt 3 is 0.8387. */
Test(torque, the_random_part_has_its_stated_spread)
{
    torque_t q = torque_new();
    torque_load_t load = torque_load(&q, 0, 0);
    double needs = load.base + load.swing * cos(2.0 * acos(-1.0) * 0.5 / 80.0);
    q.drive = needs * 1.005;
    double x = 2.0 + 1.0 / sqrt(3.0), p = 1.0;
    p -= (pow(4.0 - x, 4.0) - 4.0 * pow(3.0 - x, 4.0)) / 24.0;
    cr_assert_float_eq(taken(&q, &load, 0, 40000), p, 4.0 * sqrt(p * (1.0 - p) / 40000.0),
                       "expected %.4f", p);
}

Test(torque, the_rollers_weigh_most_where_their_pass_begins)
{
    torque_t q = torque_new();
    torque_load_t load = torque_load(&q, 0, 0);
    q.drive = load.base;
    cr_assert_eq(taken(&q, &load, 0, 500), 0.0);
    cr_assert_eq(taken(&q, &load, 40, 500), 1.0);
    cr_assert_eq(taken(&q, &load, 160, 500), 0.0);
}

Test(torque, a_particle_bites_over_its_part_of_the_revolution_also_past_its_end)
{
    torque_t q = torque_new();
    wear_impose(&q.wear, 0, &(wear_state_t){.particle = 2.0, .particle_angle = 0.98});
    torque_load_t load = torque_load(&q, 0, 0);
    for (int64_t angle = 0; angle < 480; angle++) {
        bool bitten = angle % 240 >= 235 || angle % 240 < 3; /* 8 steps of 240 */
        cr_assert_eq(torque_turns(&q, &load, 7, angle, 0.0), !bitten, "at %d", (int)angle);
    }
}

Test(torque, a_short_takes_its_share_bout_by_bout)
{
    torque_t q = torque_new();
    q.param.step_cv = 0.0;
    wear_impose(&q.wear, 0, &(wear_state_t){.shunt = 0.6});
    torque_load_t load = torque_load(&q, 0, 0);
    int stalled = 0, differ = 0;
    for (int i = 0; i < 2000; i++) {
        double t_ms = i * 3.0 * 3.6e6;
        double given = 1.0 - 0.6 * wear_bout(&q.wear, (int64_t)t_ms, &q.stream);
        double needed = load.base + load.swing * cos(2.0 * acos(-1.0) * 0.5 / 80.0);
        stalled += !torque_turns(&q, &load, i, 0, t_ms);
        differ += torque_turns(&q, &load, i, 0, t_ms) != (given > needed);
    }
    cr_assert_eq(differ, 0);
    cr_assert(stalled > 500 && stalled < 1900, "%d of 2000 bouts stall", stalled);
}

/* Random loads and drives: where the verdict is all or none, every single step agrees. */
Test(torque, the_verdict_is_exact)
{
    torque_t q = torque_new();
    draw_t d;
    int seen[3] = {0};
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 1);
    for (int i = 0; i < 3000; i++) {
        double margin = 0.2 * (draw_uniform(&d) - 0.5);
        torque_load_t load = torque_load(&q, 0, 0);
        load.shunt = draw_uniform(&d) < 0.5 ? 0.0 : draw_uniform(&d) * 0.4;
        load.swing *= draw_uniform(&d) * 0.1;
        q.drive = fmin(1.0, (load.base + load.swing) * (1.0 + margin) / (1.0 - load.shunt));
        torque_verdict_t verdict = torque_verdict(&q, &load);
        seen[verdict]++;
        for (int k = 0; k < 300 && verdict != TORQUE_EACH; k++) {
            cr_assert_eq(torque_turns(&q, &load, 1000 * i + k, k, 1e7 * k), verdict == TORQUE_ALL,
                         "case %d, pulse %d (seed %d)", i, k, SEED);
        }
    }
    cr_assert(seen[0] > 100 && seen[1] > 100 && seen[2] > 100, "%d all, %d none, %d each", seen[0],
              seen[1], seen[2]);
}

/* The rule of torque.h as it stands there, with every draw made. */
static bool turns_by_rule(const torque_t *q, const torque_load_t *load, int64_t pulse,
                          int64_t position, double t_ms)
{
    draw_t d = q->stream;
    draw_seek(&d, (uint64_t)pulse);
    double sum = draw_uniform(&d) + draw_uniform(&d);
    sum += draw_uniform(&d) + draw_uniform(&d);
    const double z = (sum - 2.0) * sqrt(3.0);
    const double k = (double)(position % 80) + 0.5;
    const double needs = load->base + load->swing * cos(2.0 * acos(-1.0) * k / 80.0);
    const double gives =
        q->drive * (1.0 - load->shunt * wear_bout(&q->wear, (int64_t)t_ms, &q->stream));
    return gives > needs * (1.0 + q->param.step_cv * z);
}

/* Loads and drives near the edge, with and without a short: steps that are sure before anything is drawn, steps that hang on
 * the bout, and steps that hang on both. */
Test(torque, what_is_sure_before_it_is_drawn_is_what_would_be_drawn)
{
    torque_t q = torque_new();
    draw_t d;
    int turned = 0, hang = 0;
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 3);
    for (int i = 0; i < 4000; i++) {
        torque_load_t load = torque_load(&q, 0, 0);
        load.shunt = draw_uniform(&d) < 0.3 ? 0.0 : draw_uniform(&d) * 0.8;
        q.drive = fmin(1.0, load.base * (0.8 + 0.5 * draw_uniform(&d)) / (1.0 - load.shunt));
        const torque_verdict_t verdict = torque_verdict(&q, &load);
        for (int k = 0; k < 80; k++) {
            const int64_t pulse = 80 * i + k;
            const double t_ms = 1e6 * (double)pulse;
            const bool turns = torque_turns(&q, &load, pulse, k, t_ms);
            cr_assert_eq(turns, turns_by_rule(&q, &load, pulse, k, t_ms),
                         "case %d, step %d (seed %d)", i, k, SEED);
            turned += turns;
            hang += verdict == TORQUE_EACH;
        }
    }
    cr_assert(turned > 40000 && turned < 280000 && hang > 100000, "%d turned, %d hang", turned,
              hang);
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Of 95 %: median 5 and 95th percentile 20 minutes; so of all 95 %, its 0.9025 quantile is 20 minutes. */
Test(torque, gears_bind_for_minutes_and_seldom_for_hours)
{
    enum { N = 40000 };
    static double ms[N];
    int hours = 0;
    for (int i = 0; i < N; i++) {
        draw_t d;
        draw_init(&d, SEED, DRAW_TEST, 0, 0, (uint64_t)i);
        ms[i] = torque_binding_ms(&default_motor, &d);
        hours += ms[i] >= 2.0 * 3.6e6;
        cr_assert(ms[i] > 0.0 && ms[i] < 24.0 * 3.6e6);
    }
    qsort(ms, N, sizeof ms[0], by_value);
    cr_assert_float_eq((double)hours / N, 0.05, 4.0 * sqrt(0.05 * 0.95 / N));
    cr_assert_float_eq(ms[(int)(0.475 * N)] / 6e4, 5.0, 0.15);
    cr_assert_float_eq(ms[(int)(0.9025 * N)] / 6e4, 20.0, 1.0);
    cr_assert_float_eq(ms[(int)(0.975 * N)] / 3.6e6, 13.0, 0.8);
}

Test(torque, senseless_parameters_are_refused)
{
    torque_t q;
    error_t e = {0};
    motor_param_t p = default_motor;
    p.step_cv = 0.5;
    cr_assert_eq(torque_init(&q, &p, &default_wear, 0, &e), ERROR_ARGUMENT);
    p = default_motor;
    p.bind_p95_min = 1.0;
    cr_assert_eq(torque_init(&q, &p, &default_wear, 0, &e), ERROR_ARGUMENT);
    p = default_motor;
    p.friction = -0.1;
    cr_assert_eq(torque_init(&q, &p, &default_wear, 0, &e), ERROR_ARGUMENT);
}

Test(torque, verify_sees_a_drive_above_its_regulator)
{
    torque_t q = torque_new();
    error_t e = {0};
    q.drive = 1.5;
    cr_assert_eq(torque_verify(&q, &e), ERROR_INVARIANT);
}
