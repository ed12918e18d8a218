/* SPDX-License-Identifier: Apache-2.0 */
/* The fluid column: transit, order of parcels, bounded list, mass, ten years of pushes. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/catheter.h"
#include "draw.h"
#include "tests/models/device/defaults.h"

#define SEED 23U
#define VOLUME_ML (0.14 + 90.0 * 0.0022)

static catheter_t filled(double ug_per_ml)
{
    catheter_t c;
    error_t e = {0};
    cr_assert_eq(catheter_init(&c, &default_catheter, 1, &ug_per_ml, &e), 0, "%s", e.text);
    return c;
}

static double push(catheter_t *c, double volume_ml, double ug_per_ml)
{
    double mass_ug;
    error_t e = {0};
    segment_t s = {.volume_ml = volume_ml, .duration_ms = 1000.0, .pulses = 1.0};
    catheter_push(c, &s, &ug_per_ml, &mass_ug);
    cr_assert_eq(catheter_verify(c, &e), 0, "%s", e.text);
    return mass_ug;
}

/* V = tubing + (length - trimmed) * volume per length */
Test(catheter, volume_is_tubing_and_implanted_lumen)
{
    catheter_t c = filled(500.0);
    cr_assert_float_eq(c.volume_ml, 0.338, 1e-15);
    cr_assert_float_eq(catheter_mass_ug(&c, 0), 169.0, 1e-12);
    cr_assert_eq(c.parcels, 1);
}

Test(catheter, new_fluid_reaches_the_tip_after_one_volume)
{
    catheter_t c = filled(0.0);
    double out = push(&c, VOLUME_ML - 1e-9, 500.0);
    cr_assert_float_eq(out, 0.0, 0.0);
    out = push(&c, 2e-9, 500.0);
    cr_assert_float_eq(out, 500.0 * 1e-9, 1e-13);
    cr_assert_float_eq(catheter_tip_ug_per_ml(&c, 0), 500.0, 0.0);
}

Test(catheter, parcels_leave_in_the_order_they_came)
{
    catheter_t c = filled(1.0);
    (void)push(&c, 0.1, 2.0);
    (void)push(&c, 0.1, 3.0);
    cr_assert_eq(c.parcels, 3);
    double out = push(&c, 0.138, 4.0);
    cr_assert_float_eq(out, 0.138 * 1.0, 1e-15);
    out = push(&c, 0.15, 5.0);
    cr_assert_float_eq(out, 0.1 * 2.0 + 0.05 * 3.0, 1e-15);
    cr_assert_float_eq(catheter_tip_ug_per_ml(&c, 0), 3.0, 0.0);
}

Test(catheter, a_push_of_many_volumes_passes_through)
{
    catheter_t c = filled(10.0);
    double out = push(&c, 5.0, 100.0);
    cr_assert_float_eq(out, VOLUME_ML * 10.0 + (5.0 - VOLUME_ML) * 100.0, 1e-12);
    cr_assert_eq(c.parcels, 1);
}

Test(catheter, equal_fluids_are_one_parcel)
{
    catheter_t c = filled(500.0);
    for (int i = 0; i < 1000; i++) {
        (void)push(&c, 0.25e-3, 500.0);
    }
    cr_assert_eq(c.parcels, 1);
    cr_assert_eq(c.merges, 0);
}

Test(catheter, nothing_pushed_is_nothing_out)
{
    catheter_t c = filled(500.0);
    double out = push(&c, 0.0, 100.0);
    cr_assert_float_eq(out, 0.0, 0.0);
    cr_assert_eq(c.parcels, 1);
}

Test(catheter, a_full_list_merges_counts_and_keeps_mass)
{
    catheter_t c = filled(0.0);
    double in_ug = 0.0;
    double out_ug = 0.0;
    for (int i = 1; i <= 500; i++) {
        in_ug += 1e-3 * i;
        out_ug += push(&c, 1e-3, i);
        cr_assert_leq(c.parcels, CATHETER_PARCELS_MAX);
    }
    cr_assert_gt(c.merges, 0);
    cr_assert_float_eq(out_ug + catheter_mass_ug(&c, 0), in_ug, 1e-12 * in_ug);
}

/* The plug-flow oracle: mass out is the integral of the input history one column volume ago. */
static double oracle(const double volume[], const double conc[], int n, double from, double to)
{
    double at = 0.0;
    double mass = 0.0;
    for (int i = 0; i < n; i++) {
        double low = fmax(at, from);
        double high = fmin(at + volume[i], to);
        mass += high > low ? (high - low) * conc[i] : 0.0;
        at += volume[i];
    }
    return mass;
}

Test(catheter, random_pushes_agree_with_the_delayed_integral)
{
    enum { N = 400 };
    static double volume[N];
    static double conc[N];
    draw_t d;
    double pushed = 0.0;
    catheter_t c = filled(0.0);
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 0);
    for (int i = 0; i < N; i++) {
        volume[i] = draw_exponential(&d, 0.03);
        conc[i] = i % 3 == 0 || i == 0 ? 2000.0 * draw_uniform(&d) : conc[i - 1];
        double out = push(&c, volume[i], conc[i]);
        double expected =
            oracle(volume, conc, i + 1, pushed - VOLUME_ML, pushed + volume[i] - VOLUME_ML);
        pushed += volume[i];
        cr_assert_float_eq(out, expected, 1e-10, "push %d (seed %u): %.15g, expected %.15g", i,
                           SEED, out, expected);
    }
    cr_assert_eq(c.merges, 0);
}

/* Ten years at 0.3 mL a day, 4.4 million pulses, with a border in the column: mass and border stay exact. */
Test(catheter, ten_years_of_pulses_lose_nothing)
{
    catheter_t c = filled(500.0);
    segment_t s = {.volume_ml = 0.25e-3, .duration_ms = 72000.0, .pulses = 1.0};
    long double out = 0.0L;
    double mass_ug;
    double conc = 500.0;
    for (int i = 0; i < 4380000; i++) {
        catheter_push(&c, &s, &conc, &mass_ug);
        out += (long double)mass_ug;
    }
    long double expected = 4380000.0L * (long double)s.volume_ml * 500.0L;
    cr_assert(fabsl(out - expected) < 1e-12L * expected, "off by %Lg ug", out - expected);
    cr_assert_float_eq(catheter_mass_ug(&c, 0), 169.0, 169e-12);
    double delay = 0.0;
    conc = 1000.0;
    while (catheter_tip_ug_per_ml(&c, 0) < 750.0) {
        catheter_push(&c, &s, &conc, &mass_ug);
        delay += s.volume_ml;
    }
    cr_assert_float_eq(delay, VOLUME_ML, s.volume_ml, "new fluid arrived after %.9g mL", delay);
}

Test(catheter, drugs_keep_apart)
{
    catheter_t c;
    error_t e = {0};
    double out[2];
    segment_t s = {.volume_ml = VOLUME_ML, .duration_ms = 1.0};
    cr_assert_eq(catheter_init(&c, &default_catheter, 2, (const double[]){3.0, 0.0}, &e), 0);
    catheter_push(&c, &s, (const double[]){0.0, 7.0}, out);
    cr_assert_float_eq(out[0], 3.0 * VOLUME_ML, 1e-15);
    cr_assert_float_eq(out[1], 0.0, 0.0);
    cr_assert_float_eq(catheter_mass_ug(&c, 1), 7.0 * VOLUME_ML, 1e-14);
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

Test(catheter, verify_sees_a_border_out_of_place)
{
    catheter_t c = filled(1.0);
    error_t e = {0};
    (void)push(&c, 0.1, 2.0);
    c.parcel[1].end_ml.high += 1e-9;
    cr_assert_eq(catheter_verify(&c, &e), ERROR_INVARIANT);
}
