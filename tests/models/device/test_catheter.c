/* SPDX-License-Identifier: Apache-2.0 */
/* Tubing, port and catheter without faults: volume, transit, order, spread, drugs, mass, division, ten years. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/catheter.h"
#include "draw.h"
#include "tests/models/device/defaults.h"

#define SEED 23U
#define VOLUME_ML (0.14 + 90.0 * 0.0022)
#define DAY_MS 86400000.0

/* No chamber, no diffusion, and pushes of no duration: what is left is a plug. */
static catheter_t plug(double ug_per_ml)
{
    catheter_t c;
    error_t e = {0};
    catheter_param_t p = default_catheter;
    p.tubing_mixing_ml = 0.0;
    p.port_mixing_ml = 0.0;
    p.connector_mixing_ml = 0.0;
    cr_assert_eq(catheter_init(&c, &p, 1, &ug_per_ml, &e), 0, "%s", e.text);
    return c;
}

static catheter_t filled(double ug_per_ml)
{
    catheter_t c;
    error_t e = {0};
    cr_assert_eq(catheter_init(&c, &default_catheter, 1, &ug_per_ml, &e), 0, "%s", e.text);
    catheter_set_pulse(&c, 0.25e-3);
    return c;
}

static double push(catheter_t *c, double volume_ml, double ug_per_ml)
{
    catheter_out_t out;
    error_t e = {0};
    segment_t s = {.volume_ml = volume_ml, .pulses = 1.0};
    catheter_push(c, &s, &ug_per_ml, &out);
    cr_assert_eq(catheter_verify(c, &e), 0, "%s", e.text);
    cr_assert_float_eq(out.tip_ml, volume_ml, 1e-13 * volume_ml);
    return out.tip_ug[0];
}

/* V = tubing + (length - trimmed) * volume per length */
Test(catheter, volume_is_tubing_and_implanted_lumen)
{
    catheter_t c = filled(500.0);
    cr_assert_float_eq(c.volume_ml, 0.338, 1e-15);
    cr_assert_float_eq(catheter_mass_ug(&c, 0), 169.0, 1e-12);
    cr_assert_float_eq(catheter_port_ml(&c), 0.198 + default_catheter.port_mixing_ml, 1e-15);
}

Test(catheter, without_spread_new_fluid_reaches_the_tip_after_one_volume)
{
    catheter_t c = plug(0.0);
    double out = push(&c, VOLUME_ML - 1e-9, 500.0);
    cr_assert_float_eq(out, 0.0, 0.0);
    out = push(&c, 2e-9, 500.0);
    cr_assert_float_eq(out, 500.0 * 1e-9, 5e-12);
    cr_assert_float_eq(catheter_tip_ug_per_ml(&c, 0), 500.0, 0.0);
}

Test(catheter, a_push_of_many_volumes_passes_through)
{
    catheter_t c = plug(10.0);
    double out = push(&c, 5.0, 100.0);
    cr_assert_float_eq(out, VOLUME_ML * 10.0 + (5.0 - VOLUME_ML) * 100.0, 1e-10);
}

Test(catheter, nothing_pushed_is_nothing_out)
{
    catheter_t c = filled(500.0);
    double out = push(&c, 0.0, 100.0);
    cr_assert_float_eq(out, 0.0, 0.0);
    cr_assert_float_eq(catheter_mass_ug(&c, 0), 169.0, 1e-12);
}

/* The plug-flow oracle: mass out is the integral of the input history one column volume ago. */
static double oracle(const double volume[], const double conc[], int n, double to)
{
    double at = 0.0;
    double mass = 0.0;
    for (int i = 0; i < n; i++) {
        double high = fmin(at + volume[i], to);
        mass += high > at ? (high - at) * conc[i] : 0.0;
        at += volume[i];
    }
    return mass;
}

/* The lattice holds a fluid's border to a cell in each part: 2 + 1 + 1 uL. */
Test(catheter, without_spread_fluids_leave_in_the_order_they_came)
{
    enum { N = 400 };
    static double volume[N];
    static double conc[N];
    draw_t d;
    double pushed = 0.0, out = 0.0;
    catheter_t c = plug(0.0);
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 0);
    for (int i = 0; i < N; i++) {
        volume[i] = draw_exponential(&d, 0.03);
        conc[i] = i % 3 == 0 || i == 0 ? 2000.0 * draw_uniform(&d) : conc[i - 1];
        out += push(&c, volume[i], conc[i]);
        pushed += volume[i];
        double expected = oracle(volume, conc, i + 1, pushed - VOLUME_ML);
        cr_assert_float_eq(out, expected, 4.2e-3 * 2000.0,
                           "push %d (seed %u): %.15g, expected %.15g", i, SEED, out, expected);
    }
}

/* Hourly trains of 50 pulses: 0.3 mL/day. Mean and variance of a step, of 1 - F, against the sum of what
 * chambers (V^2 each) and tubes (Taylor-Aris) add. */
Test(catheter, a_step_comes_with_the_spread_of_chambers_and_tubes)
{
    catheter_t c = filled(0.0);
    double one = 1.0, mean = 0.0, second = 0.0;
    for (int hour = 0; hour < 24 * 12; hour++) {
        for (int pulse = 0; pulse < 50; pulse++) {
            catheter_out_t out;
            segment_t s = {hour * 3.6e6 + pulse * 72e3, 72e3, 0.25e-3, 1.0};
            double v = (hour * 50 + pulse + 0.5) * 0.25e-3;
            catheter_push(&c, &s, &one, &out);
            mean += 0.25e-3 - out.tip_ug[0];
            second += 2.0 * v * (0.25e-3 - out.tip_ug[0]);
        }
    }
    double flow = 0.25e-3 / 72.0, expected = 0.0;
    for (int part = 0; part < CATHETER_PARTS; part++) {
        const column_shape_t *shape = &c.column[part].shape;
        expected += shape->mixer_ml * shape->mixer_ml;
        expected += (shape->volume_ml - shape->mixer_ml) *
                    dispersion_ml2_per_ml(&shape->tube, flow, c.cm2_per_s[0]);
    }
    double variance = second - mean * mean;
    cr_log_info("sd %.4f mL, variance %+.2f %% off, mean %.6f mL", sqrt(variance),
                100.0 * (variance / expected - 1.0), mean);
    cr_expect_float_eq(mean, VOLUME_ML, 1e-6);
    cr_expect_float_eq(variance / expected, 1.0, 0.05);
}

/* Without chambers, the tubes alone. */
static void check_tubes(double ml_per_day)
{
    catheter_t c = plug(0.0);
    double one = 1.0, mean = 0.0, second = 0.0, part_ml = 0.2e-3;
    double duration_ms = part_ml / ml_per_day * DAY_MS, expected = 0.0;
    for (int i = 0; i < 5000; i++) {
        catheter_out_t out;
        segment_t s = {i * duration_ms, duration_ms, part_ml, 0.0};
        catheter_push(&c, &s, &one, &out);
        mean += part_ml - out.tip_ug[0];
        second += 2.0 * (i + 0.5) * part_ml * (part_ml - out.tip_ug[0]);
    }
    for (int part = 0; part < CATHETER_PARTS; part++) {
        const column_shape_t *shape = &c.column[part].shape;
        expected += shape->volume_ml *
                    dispersion_ml2_per_ml(&shape->tube, ml_per_day / 86400.0, c.cm2_per_s[0]);
    }
    double variance = second - mean * mean;
    cr_log_info("%g mL/day: sd %.5f mL, variance %+.2f %% off", ml_per_day, sqrt(variance),
                100.0 * (variance / expected - 1.0));
    cr_expect_float_eq(mean, VOLUME_ML, 1e-6);
    cr_expect_float_eq(variance / expected, 1.0, 0.05, "%g mL/day: %g of the variance", ml_per_day,
                       variance / expected);
}

Test(catheter, three_parts_spread_as_their_tubes_do)
{
    check_tubes(0.3);
    check_tubes(1.0);
    check_tubes(24.0);
}

/* Two drugs that diffuse differently: both arrive, the slower one, where Taylor's term rules, more spread. */
Test(catheter, each_drug_spreads_by_its_own_diffusivity)
{
    catheter_t c;
    error_t e = {0};
    const double none[2] = {0.0, 0.0}, both[2] = {1.0, 1.0};
    const double cm2_per_s[2] = {1e-5, 2e-6};
    double early[2] = {0.0, 0.0};
    cr_assert_eq(catheter_init(&c, &default_catheter, 2, none, &e), 0);
    catheter_set_diffusivity(&c, cm2_per_s);
    segment_t s = {0.0, 1000.0 * 86.4 * 0.25, 0.25e-3 * 24.0, 0.0};
    for (double v = 0.0; v < VOLUME_ML - 0.03; v += s.volume_ml) {
        catheter_out_t out;
        catheter_push(&c, &s, both, &out);
        s.start_ms += s.duration_ms;
        early[0] += out.tip_ug[0];
        early[1] += out.tip_ug[1];
    }
    cr_assert_gt(early[1], 1.02 * early[0], "%g and %g ug", early[0], early[1]);
}

/* A stop of a month: the border between two fluids widens by diffusion, 2 A^2 D t, before flow goes on. */
Test(catheter, fluid_at_rest_diffuses)
{
    catheter_t moving = plug(0.0), stopped = plug(0.0);
    double one = 1.0, drug[2] = {0.0, 0.0};
    catheter_t *both[2] = {&moving, &stopped};
    for (int k = 0; k < 2; k++) {
        for (int i = 0; i < 13; i++) {
            catheter_out_t out;
            double start_ms = i * 7.2e6 + (k == 1 && i > 7 ? 30.0 * DAY_MS : 0.0);
            segment_t s = {start_ms, 7.2e6, 0.025, 0.0};
            catheter_push(both[k], &s, &one, &out);
            drug[k] += out.tip_ug[0];
        }
    }
    cr_assert_gt(drug[1], drug[0] + 1e-4, "%g and %g ug", drug[0], drug[1]);
}

/* Ten years at 0.3 mL a day, 4.4 million pulses: mass stays exact, and a new fluid's middle comes when it should. */
Test(catheter, ten_years_of_pulses_lose_nothing)
{
    catheter_t c = filled(500.0);
    catheter_out_t out;
    segment_t s = {.volume_ml = 0.25e-3, .duration_ms = 72000.0, .pulses = 1.0};
    long double out_ug = 0.0L;
    double conc = 500.0;
    for (int i = 0; i < 4380000; i++) {
        catheter_push(&c, &s, &conc, &out);
        out_ug += (long double)out.tip_ug[0];
        s.start_ms += s.duration_ms;
    }
    long double expected = 4380000.0L * (long double)s.volume_ml * 500.0L;
    cr_assert(fabsl(out_ug - expected) < 1e-12L * expected, "off by %Lg ug", out_ug - expected);
    cr_assert_float_eq(catheter_mass_ug(&c, 0), 169.0, 169e-12);
    double delay = 0.0;
    conc = 1000.0;
    while (catheter_tip_ug_per_ml(&c, 0) < 750.0) {
        catheter_push(&c, &s, &conc, &out);
        s.start_ms += s.duration_ms;
        delay += s.volume_ml;
    }
    cr_assert_float_eq(delay, VOLUME_ML, 0.012, "new fluid's middle arrived after %.9g mL", delay);
}

Test(catheter, drugs_keep_apart)
{
    catheter_t c;
    error_t e = {0};
    catheter_out_t out;
    segment_t s = {.volume_ml = VOLUME_ML, .duration_ms = 1.0};
    cr_assert_eq(catheter_init(&c, &default_catheter, 2, (const double[]){3.0, 0.0}, &e), 0);
    catheter_push(&c, &s, (const double[]){0.0, 7.0}, &out);
    cr_assert_float_eq(out.tip_ug[0] + catheter_mass_ug(&c, 0), 3.0 * VOLUME_ML, 1e-12);
    cr_assert_float_eq(out.tip_ug[1] + catheter_mass_ug(&c, 1), 7.0 * VOLUME_ML, 1e-12);
}

/* 8 mu L / (pi a^4): 0.9 m of 0.53 mm bore at 24 mL a day need less than 0.1 kPa. */
Test(catheter, a_sound_catheter_resists_as_poiseuille_says)
{
    catheter_t c = filled(500.0);
    catheter_out_t out;
    double conc = 500.0, kpa;
    segment_t s = {0.0, 3.6e6, 1.0, 4000.0};
    double a_m = sqrt(0.22e-6 / acos(-1.0));
    double expected = 8.0 * 0.7e-3 * 0.9 / (acos(-1.0) * pow(a_m, 4.0)) * (24e-6 / 86400.0) * 1e-3;
    catheter_push(&c, &s, &conc, &out);
    cr_assert_float_eq(out.back_pressure_kpa, expected, 1e-12);
    cr_assert_float_eq(catheter_admit_ml(&c, &s, 100.0, &kpa), 1.0, 0.0);
    cr_assert_float_eq(kpa, expected, 1e-12);
}

Test(catheter, senseless_beginnings_are_refused)
{
    catheter_t c;
    error_t e = {0};
    catheter_param_t p = default_catheter;
    p.trimmed_cm = p.length_cm;
    cr_assert_eq(catheter_init(&c, &p, 1, (const double[]){1.0}, &e), ERROR_ARGUMENT);
    cr_assert_eq(catheter_init(&c, &default_catheter, 0, (const double[]){1.0}, &e),
                 ERROR_ARGUMENT);
    cr_assert_eq(catheter_init(&c, &default_catheter, 1, (const double[]){-1.0}, &e),
                 ERROR_ARGUMENT);
}

Test(catheter, verify_sees_a_part_out_of_shape)
{
    catheter_t c = filled(1.0);
    error_t e = {0};
    c.column[CATHETER_DISTAL].shape.volume_ml += 1e-9;
    cr_assert_eq(catheter_verify(&c, &e), ERROR_INVARIANT);
}
