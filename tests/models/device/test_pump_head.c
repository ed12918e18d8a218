/* SPDX-License-Identifier: Apache-2.0 */
/* The pump head: mean of a pass, ripple, unit error, telescoping volumes. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/pump_head.h"
#include "draw.h"
#include "tests/models/device/defaults.h"

#define SEED 7U

static pump_head_t head_new(double unit_error)
{
    pump_head_t h;
    error_t e = {0};
    pump_head_param_t p = default_pump_head;
    p.unit_error = unit_error;
    cr_assert_eq(pump_head_init(&h, &p, &e), 0, "%s", e.text);
    cr_assert_eq(pump_head_verify(&h, &e), 0, "%s", e.text);
    return h;
}

static double volume(const pump_head_t *h, int64_t a, double fa, int64_t b, double fb)
{
    return pump_head_volume_ml(h, (motor_position_t){a, fa}, (motor_position_t){b, fb});
}

Test(pump_head, whole_passes_give_exactly_their_mean)
{
    pump_head_t h = head_new(0.0);
    cr_assert_float_eq(volume(&h, 0, 0.0, 80, 0.0), 0.020, 1e-17);
    cr_assert_float_eq(volume(&h, 0, 0.0, 240, 0.0), 0.060, 1e-17);
    cr_assert_float_eq(volume(&h, 13, 0.0, 13 + 8000, 0.0), 2.0, 1e-14);
}

Test(pump_head, unit_error_scales_every_volume)
{
    pump_head_t h = head_new(0.0);
    pump_head_t over = head_new(0.1);
    for (int k = 0; k < 100; k++) {
        double ratio = volume(&over, k, 0.3, k + 3, 0.1) / volume(&h, k, 0.3, k + 3, 0.1);
        cr_assert_float_eq(ratio, 1.1, 1e-12, "pulse %d: ratio %.17g", k, ratio);
    }
}

/* The mean of 1 + A cos(2 pi x / n) over pulse k, integrated by the midpoint rule on 2000 points. */
Test(pump_head, pulses_follow_the_cosine)
{
    pump_head_t h = head_new(0.0);
    for (int k = 0; k < 80; k++) {
        double mean = 0.0;
        for (int i = 0; i < 2000; i++) {
            mean += (1.0 + 0.2 * cos(2.0 * acos(-1.0) * (k + (i + 0.5) / 2000.0) / 80.0)) / 2000.0;
        }
        cr_assert_float_eq(volume(&h, k, 0.0, k + 1, 0.0) / (0.25e-3 * mean), 1.0, 1e-9, "pulse %d",
                           k);
    }
}

Test(pump_head, ripple_has_its_stated_amplitude)
{
    pump_head_t h = head_new(0.0);
    cr_assert_gt(volume(&h, 0, 0.0, 1, 0.0), 1.199 * 0.25e-3);
    cr_assert_lt(volume(&h, 40, 0.0, 41, 0.0), 0.801 * 0.25e-3);
}

Test(pump_head, volume_is_linear_inside_a_pulse)
{
    pump_head_t h = head_new(0.0);
    double pulse = volume(&h, 17, 0.0, 18, 0.0);
    cr_assert_float_eq(volume(&h, 17, 0.25, 17, 0.75) / pulse, 0.5, 1e-11);
    cr_assert_float_eq(volume(&h, 17, 0.5, 18, 0.0) / pulse, 0.5, 1e-11);
}

/* Random a <= b <= c up to ten years of the highest rate. */
Test(pump_head, volumes_telescope)
{
    pump_head_t h = head_new(-0.0371);
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 0);
    for (int i = 0; i < 20000; i++) {
        int64_t a = (int64_t)(draw_uniform(&d) * 3.5e8);
        int64_t b = a + (int64_t)draw_exponential(&d, 100.0);
        int64_t c = b + 1 + (int64_t)draw_exponential(&d, 100.0);
        double fa = draw_uniform(&d);
        double fb = b > a ? draw_uniform(&d) : fa + (1.0 - fa) * 0.5;
        double fc = draw_uniform(&d);
        double parts = volume(&h, a, fa, b, fb) + volume(&h, b, fb, c, fc);
        double whole = volume(&h, a, fa, c, fc);
        cr_assert(fabs(parts - whole) <= 1e-12 * whole + 1e-18,
                  "case %d (seed %u): %.17g in parts, %.17g at once", i, SEED, parts, whole);
    }
}

Test(pump_head, a_turn_never_gives_a_negative_volume)
{
    pump_head_param_t p = default_pump_head;
    pump_head_t h;
    error_t e = {0};
    p.ripple = 0.9;
    cr_assert_eq(pump_head_init(&h, &p, &e), 0);
    for (int k = 0; k < 240; k++) {
        cr_assert_gt(volume(&h, k, 0.0, k + 1, 0.0), 0.0, "pulse %d", k);
    }
}

Test(pump_head, segment_carries_interval_volume_and_pulses)
{
    pump_head_t h = head_new(0.0);
    segment_t s = pump_head_segment(&h, (motor_position_t){80, 0.5}, (motor_position_t){160, 0.5},
                                    100.0, 8000.0);
    cr_assert_float_eq(s.start_ms, 100.0, 0.0);
    cr_assert_float_eq(s.duration_ms, 8000.0, 0.0);
    cr_assert_float_eq(s.volume_ml, 0.020, 1e-16);
    cr_assert_float_eq(s.pulses, 80.0, 0.0);
}

Test(pump_head, pulses_that_do_not_divide_by_the_rollers_are_refused)
{
    pump_head_param_t p = default_pump_head;
    pump_head_t h;
    error_t e = {0};
    p.rollers = 7.0;
    cr_assert_eq(pump_head_init(&h, &p, &e), ERROR_ARGUMENT);
}

Test(pump_head, a_broken_number_of_rollers_is_refused)
{
    pump_head_param_t p = default_pump_head;
    pump_head_t h;
    error_t e = {0};
    p.rollers = 2.5;
    cr_assert_eq(pump_head_init(&h, &p, &e), ERROR_ARGUMENT);
}

/* Any number of pulses in a pass, from any beginning, to the last bit of the mean. */
Test(pump_head, ripple_has_zero_mean_over_any_pass)
{
    for (int pulses = 3; pulses <= 300; pulses += 3) {
        pump_head_param_t p = default_pump_head;
        pump_head_t h;
        error_t e = {0};
        p.pulses_per_revolution = pulses;
        cr_assert_eq(pump_head_init(&h, &p, &e), 0, "%s", e.text);
        for (int from = 0; from < pulses / 3; from++) {
            double mean = volume(&h, from, 0.0, from + pulses / 3, 0.0) / (pulses / 3);
            cr_assert_float_eq(mean / 0.25e-3, 1.0, 1e-14, "%d pulses, from %d: %.17g", pulses,
                               from, mean);
        }
    }
}

Test(pump_head, verify_sees_a_ripple_that_reverses_the_flow)
{
    pump_head_t h = head_new(0.0);
    error_t e = {0};
    h.ripple = 1.5;
    cr_assert_eq(pump_head_verify(&h, &e), ERROR_INVARIANT);
}
